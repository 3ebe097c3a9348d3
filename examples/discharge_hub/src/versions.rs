//! Which version of the pathways a case runs on.
//!
//! A case stays with the pathway that it began with, whatever is published later. So the hub keeps the text of every
//! version that it ever ran, and compiles an older one when a case of that version is looked at.

use crate::{Error, store};
use onward::{Library, Source};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

/// The versions that are compiled, by their number.
pub(crate) struct Versions {
    compiled: BTreeMap<i64, Library>,
    /// The one that new cases begin with.
    pub newest: i64,
}

/// Compiles sources. What is not proved is not used: the hub runs no drafts.
fn compile(sources: Vec<Source>) -> Result<Library, Error> {
    let library = Library::compile(sources).map_err(|report| Error::Pathways(report.to_string()))?;
    let proved = library.pathways().all(|(id, _)| library.proof(id).is_some_and(|proof| proof.holds()));
    if proved { Ok(library) } else { Err(Error::Pathways(library.report().to_string())) }
}

impl Versions {
    /// Compiles what is published now, and keeps it beside what was published before.
    pub(crate) fn publish(db: &Connection, sources: Vec<Source>) -> Result<Versions, Error> {
        let text = sources.iter().map(|it| (it.name.as_str(), it.text.as_str()));
        let text = store::write(&text.collect::<Vec<_>>(), "the pathways")?;
        let library = compile(sources)?;
        db.execute("INSERT INTO libraries (sources) VALUES (?1) ON CONFLICT DO NOTHING", [&text])?;
        let newest = db.query_row("SELECT id FROM libraries WHERE sources = ?1", [&text], |row| row.get(0))?;
        Ok(Versions { compiled: [(newest, library)].into(), newest })
    }

    /// The version of that number.
    pub(crate) fn get(&mut self, db: &Connection, number: i64) -> Result<&Library, Error> {
        match self.compiled.entry(number) {
            Entry::Occupied(it) => Ok(it.into_mut()),
            Entry::Vacant(room) => {
                let kept = db.query_row("SELECT sources FROM libraries WHERE id = ?1", [number], |row| row.get(0));
                let text: String = kept.optional()?.ok_or_else(|| Error::Kept(format!("the pathways {number}")))?;
                let sources: Vec<(String, String)> = store::read(&text, "the pathways")?;
                Ok(room.insert(compile(sources.into_iter().map(|(name, text)| Source::new(name, text)).collect())?))
            }
        }
    }
}

/// Every `.pathway` file of a folder and the folders in it, in the order of their names.
///
/// # Errors
/// When the folder or a file cannot be read, or there is no such file.
pub fn sources(folder: &Path) -> Result<Vec<Source>, Error> {
    let mut found = Vec::new();
    gather(folder, folder, &mut found)?;
    found.sort_by(|one: &Source, other: &Source| one.name.cmp(&other.name));
    if found.is_empty() {
        return Err(Error::File(format!("there is no `.pathway` file in {}", folder.display())));
    }
    Ok(found)
}

fn gather(top: &Path, folder: &Path, found: &mut Vec<Source>) -> Result<(), Error> {
    let trouble = |path: &Path, error: std::io::Error| Error::File(format!("{}: {error}", path.display()));
    for entry in std::fs::read_dir(folder).map_err(|error| trouble(folder, error))? {
        let path = entry.map_err(|error| trouble(folder, error))?.path();
        if path.is_dir() {
            gather(top, &path, found)?;
        } else if path.extension().is_some_and(|it| it == "pathway") {
            let text = std::fs::read_to_string(&path).map_err(|error| trouble(&path, error))?;
            let parts = path.strip_prefix(top).unwrap_or(&path).components();
            let name = parts.map(|it| it.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/");
            found.push(Source::new(name, text));
        }
    }
    Ok(())
}
