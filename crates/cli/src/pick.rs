//! Which pathway and which directory are meant: `FILE` or `FILE:NAME`, and `--directory`.

use crate::files;
use crate::findings::{self, How};
use crate::said::{Format, Stop};
use onward::Library;
use onward::diagnostic::nearest;
use onward::model::{DirectoryId, PathwayId};
use std::path::{Path, PathBuf};

/// A library, and what of it is meant.
#[derive(Debug)]
pub struct Picked {
    /// Everything that was read.
    pub library: Library,
    /// The pathway.
    pub pathway: PathwayId,
}

/// A file, and perhaps a name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAndName {
    /// The file.
    pub file: PathBuf,
    /// The name behind the colon.
    pub name: Option<String>,
}

impl FileAndName {
    /// Takes `FILE` or `FILE:NAME` apart. A file whose own name has a colon is found first.
    pub fn read(text: &str) -> FileAndName {
        let whole = FileAndName { file: PathBuf::from(text), name: None };
        if whole.file.exists() {
            return whole;
        }
        match text.rsplit_once(':') {
            Some((file, name)) if !file.is_empty() && !name.is_empty() && !name.contains(['/', '\\']) => {
                FileAndName { file: PathBuf::from(file), name: Some(name.to_string()) }
            }
            _ => whole,
        }
    }
}

/// Reads the file of a pathway, what it uses, and other files beside it; finds the pathway that is meant.
pub fn pathway(text: &str, beside: &[PathBuf], how: How, format: Format) -> Result<Picked, Stop> {
    let FileAndName { file, name } = FileAndName::read(text);
    if file.is_dir() {
        return Err(Stop::trouble(format!("`{}` is a folder; name the file of one pathway", file.display())));
    }
    let paths: Vec<PathBuf> = std::iter::once(file.clone()).chain(beside.iter().cloned()).collect();
    let library = findings::one_library(files::gather(&paths)?, how, format)?;
    let pathway = which(&library, &file, name.as_deref())?;
    Ok(Picked { library, pathway })
}

fn which(library: &Library, file: &Path, name: Option<&str>) -> Result<PathwayId, Stop> {
    let shown = file.display();
    let names = || library.pathways().map(|(_, program)| program.pathway.name.as_str());
    if let Some(name) = name {
        return match library.pathway(name) {
            Some(found) => Ok(found.id),
            None => Err(Stop::trouble(match (nearest(name, names()).first(), names().count()) {
                (Some(near), _) => format!("`{shown}` has no pathway `{name}`; did you mean `{near}`?"),
                (None, 0) => format!("there is no pathway in `{shown}`, and none in what it uses"),
                (None, _) => {
                    let all: Vec<String> = names().map(|it| format!("`{it}`")).collect();
                    format!("`{shown}` has no pathway `{name}`; it has {}", all.join(", "))
                }
            })),
        };
    }
    // The first source is the file that was named.
    let inside: Vec<(PathwayId, &str)> = library
        .pathways()
        .filter(|(_, program)| program.pathway.at.source == 0)
        .map(|(id, program)| (id, program.pathway.name.as_str()))
        .collect();
    match inside.as_slice() {
        [(only, _)] => Ok(*only),
        [] => {
            let elsewhere: Vec<String> = names().map(|it| format!("`{shown}:{it}`")).collect();
            Err(Stop::trouble(match elsewhere.as_slice() {
                [] => format!("there is no pathway in `{shown}`"),
                some => format!("there is no pathway in `{shown}`; among what it uses there is {}", some.join(", ")),
            }))
        }
        many => {
            let all: Vec<String> = many.iter().map(|(_, name)| format!("`{shown}:{name}`")).collect();
            Err(Stop::trouble(format!("there is more than one pathway in `{shown}`; say which: {}", all.join(" or "))))
        }
    }
}

/// The directory to run with: the one in the file that was named, or the one the pathway is tested with.
pub fn directory(library: &Library, pathway: PathwayId, named: Option<&FileAndName>) -> Result<DirectoryId, Stop> {
    let Some(FileAndName { file, name }) = named else {
        return library.pathway_by(pathway).tested_with.ok_or_else(|| {
            Stop::trouble(format!(
                "nothing says which directory of contacts `{}` runs with; say which with `--directory FILE`",
                library.pathway_by(pathway).name
            ))
        });
    };
    let shown = file.display();
    let wanted = files::name_of(file)?;
    let sources = &library.report().sources;
    let inside: Vec<(DirectoryId, &str)> = library
        .directories()
        .filter(|(_, it)| sources.get(it.at.source as usize).is_some_and(|source| source.name == wanted))
        .map(|(id, it)| (id, it.name.as_str()))
        .filter(|(_, it)| name.as_ref().is_none_or(|name| name == it))
        .collect();
    match inside.as_slice() {
        [(only, _)] => Ok(*only),
        [] => Err(Stop::trouble(match name {
            Some(name) => format!("there is no directory `{name}` in `{shown}`"),
            None => format!("there is no directory in `{shown}`"),
        })),
        many => {
            let all: Vec<String> = many.iter().map(|(_, name)| format!("`{shown}:{name}`")).collect();
            Err(Stop::trouble(format!(
                "there is more than one directory in `{shown}`; say which: {}",
                all.join(" or ")
            )))
        }
    }
}
