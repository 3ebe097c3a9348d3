//! From paths to sources: folders walked, files read with care, and everything they use read with them.

use crate::said::Stop;
use onward::Source;
use onward::diagnostic::{Finding, Kind, Place, Span};
use onward::model::resolve_use;
use onward::syntax::tree::{BlockWord, ClauseKind, File};
use onward::syntax::{self, MAX_BYTES};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The files that were read.
#[derive(Debug, Default)]
pub struct Files {
    /// The sources: first those that were given, then what they use.
    pub sources: Vec<Source>,
    /// How many were given.
    pub given: usize,
    /// Why a file could not be read as a pathway file.
    pub unreadable: Vec<Finding>,
    /// For each source the sources it uses or is tested with.
    uses: Vec<Vec<usize>>,
}

/// Sources that belong together: none of them uses, or is used by, a source of another group.
#[derive(Debug, Default)]
pub struct Group {
    /// The sources, in the order of the files.
    pub sources: Vec<Source>,
    /// For each source whether it was given.
    pub given: Vec<bool>,
    /// Why some of them could not be read.
    pub unreadable: Vec<Finding>,
}

/// The ending of the names of pathway files.
const ENDING: &str = "pathway";

/// The files that paths stand for, with the names they go by: each once, in the order of the paths.
pub fn list(paths: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, Stop> {
    let rooted = paths.iter().any(|path| path.is_absolute()) && paths.iter().any(|path| !path.is_absolute());
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    for path in paths {
        // Where some paths are absolute, all are made so: one file has one name.
        let path = if rooted { std::path::absolute(path).unwrap_or_else(|_| path.clone()) } else { path.clone() };
        for file in found_at(&path)? {
            let name = name_of(&file)?;
            if known.insert(name.clone()) {
                all.push((name, file));
            }
        }
    }
    Ok(all)
}

/// Reads files, folders (every file in them whose name ends in `.pathway`), and everything those files use.
pub fn gather(paths: &[PathBuf]) -> Result<Files, Stop> {
    let files = gather_named(paths)?;
    let outside = files.sources.iter().filter(|source| source.name.starts_with("../")).count();
    if outside == 0 || outside == files.sources.len() {
        return Ok(files);
    }
    // Some files stand outside the folder one is in: by way of `..` one file could have two names, so all go by
    // their whole paths.
    let whole: Vec<PathBuf> = paths
        .iter()
        .map(|path| std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.clone()))
        .collect();
    gather_named(&whole)
}

fn gather_named(paths: &[PathBuf]) -> Result<Files, Stop> {
    let mut files = Files::default();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (name, path) in list(paths)? {
        known.insert(name.clone(), files.sources.len());
        files.read(name, &path).map_err(|error| unreadable(&path, &error))?;
    }
    files.given = files.sources.len();
    files.follow(&mut known);
    Ok(files)
}

impl Files {
    fn read(&mut self, name: String, path: &Path) -> std::io::Result<()> {
        let number = self.sources.len() as u32;
        let text = match text_at(number, path)? {
            Ok(text) => text,
            Err((finding, text)) => {
                self.unreadable.push(*finding);
                text
            }
        };
        self.sources.push(Source::new(name, text));
        self.uses.push(Vec::new());
        Ok(())
    }

    /// Reads what the files use, and what those use. A file that cannot be read at all is left to the library, which
    /// says where it is asked for.
    fn follow(&mut self, known: &mut BTreeMap<String, usize>) {
        let mut next = 0;
        while let Some(source) = self.sources.get(next) {
            let from = source.name.clone();
            for used in used_by(&syntax::parse(next as u32, &source.text).0) {
                let name = if used.is_empty() { continue } else { resolve_use(&from, &used) };
                let number = match known.get(&name) {
                    Some(number) => *number,
                    None => {
                        let number = self.sources.len();
                        if self.read(name.clone(), Path::new(&name)).is_err() {
                            continue;
                        }
                        known.insert(name, number);
                        number
                    }
                };
                self.uses[next].push(number);
            }
            next += 1;
        }
    }

    /// Everything as one group.
    pub fn together(self) -> Group {
        let given = (0..self.sources.len()).map(|number| number < self.given).collect();
        Group { sources: self.sources, given, unreadable: self.unreadable }
    }

    /// The groups of sources that belong together, in the order of their first source. Files that have nothing to do
    /// with each other may use the same names.
    pub fn groups(self) -> Vec<Group> {
        let mut group_of: Vec<usize> = (0..self.sources.len()).collect();
        fn root(group_of: &[usize], mut at: usize) -> usize {
            while group_of[at] != at {
                at = group_of[at];
            }
            at
        }
        for (number, uses) in self.uses.iter().enumerate() {
            for used in uses {
                let (one, other) = (root(&group_of, number), root(&group_of, *used));
                group_of[one.max(other)] = one.min(other);
            }
        }
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        let mut moved: Vec<(usize, u32)> = Vec::new();
        for (number, source) in self.sources.into_iter().enumerate() {
            let root = root(&group_of, number);
            let group = groups.entry(root).or_default();
            moved.push((root, group.sources.len() as u32));
            group.sources.push(source);
            group.given.push(number < self.given);
        }
        for mut finding in self.unreadable {
            let Some((root, number)) = moved.get(finding.at.place.source as usize).copied() else { continue };
            finding.at.place.source = number;
            groups.entry(root).or_default().unreadable.push(finding);
        }
        groups.into_values().collect()
    }
}

/// The files a path stands for.
fn found_at(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    let kind = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let inside = std::fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
        for entry in inside {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(|error| unreadable(&folder, &error))?);
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // A link to a folder is not followed, so that a walk always ends.
            if kind.is_dir() && !hidden {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == ENDING) && path.is_file() {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        return Err(Stop::trouble(format!("there is no file in `{}` whose name ends in `.pathway`", path.display())));
    }
    found.sort();
    Ok(found)
}

/// The name of a source: its path with forward slashes, `.` and `..` taken out.
pub fn name_of(path: &Path) -> Result<String, Stop> {
    let Some(text) = path.to_str() else {
        return Err(Stop::trouble(format!("the name of the file `{}` is not plain text", path.display())));
    };
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.to_string() };
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Ok(format!("{}{}", if text.starts_with('/') { "/" } else { "" }, parts.join("/")))
}

/// What a file names in `use` and `tested with`.
fn used_by(file: &File) -> Vec<String> {
    let uses = file.blocks.iter().filter(|block| block.word == BlockWord::Use);
    let uses = uses.filter_map(|block| block.title.as_ref().map(|title| title.text.clone()));
    let tested = file.blocks.iter().flat_map(|block| &block.clauses).filter_map(|clause| match &clause.kind {
        ClauseKind::TestedWith(text) => Some(text.text.clone()),
        _ => None,
    });
    uses.chain(tested).collect()
}

type Text = Result<String, (Box<Finding>, String)>;

/// The text of a pathway file; or why it is none, and what of it can be shown.
pub fn text_at(source: u32, path: &Path) -> std::io::Result<Text> {
    let about = std::fs::metadata(path)?;
    let too_large = |bytes: u64| {
        let place = Place { source, span: Span::new(0, 0) };
        let message = format!("this file has {bytes} bytes; a pathway file may have {MAX_BYTES} at the most");
        let help = "split it into several files and join them with `use`";
        Ok(Err((Box::new(Finding::new(Kind::TooLarge, place, message).help(help)), String::new())))
    };
    if about.len() > MAX_BYTES as u64 {
        return too_large(about.len());
    }
    let bytes = bytes_at(path, &about, MAX_BYTES as u64 + 1)?;
    if bytes.len() > MAX_BYTES {
        return too_large(bytes.len() as u64);
    }
    // What stands before the first byte that is no text can be shown.
    let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let start = String::from_utf8_lossy(&bytes[..whole]).into_owned();
    Ok(syntax::text_of(source, bytes).map_err(|finding| (finding, start)))
}

/// Reads at most `limit` bytes of something that is a file, not a folder, a pipe or a device.
fn bytes_at(path: &Path, about: &std::fs::Metadata, limit: u64) -> std::io::Result<Vec<u8>> {
    if !about.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file that is not a pathway file, such as a person file or a saved case.
pub fn plain_text(path: &Path, what: &str, limit: u64) -> Result<String, Stop> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let bytes = bytes_at(path, &about, limit + 1).map_err(|error| unreadable(path, &error))?;
    let shown = path.display();
    if bytes.len() as u64 > limit {
        return Err(Stop::trouble(format!(
            "`{shown}` is larger than any {what}: it may have {limit} bytes at the most"
        )));
    }
    String::from_utf8(bytes).map_err(|_| Stop::trouble(format!("`{shown}` is not plain text (UTF-8)")))
}

/// Whether a text is meant as one JSON object; a list of values without names is not taken for one.
pub fn is_one_object(text: &str, path: &Path, what: &str, fields: &str) -> Result<(), Stop> {
    if text.trim_start().starts_with('{') {
        return Ok(());
    }
    let shown = path.display();
    Err(Stop::trouble(format!("`{shown}` is not {what}: that is JSON between braces, with fields such as {fields}")))
}

/// Why a file cannot be read, in plain words.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Stop {
    use std::io::ErrorKind;
    let shown = path.display();
    Stop::trouble(match error.kind() {
        ErrorKind::NotFound => format!("there is no file or folder `{shown}`"),
        ErrorKind::PermissionDenied => format!("`{shown}` may not be read"),
        ErrorKind::IsADirectory => format!("`{shown}` is a folder"),
        _ => format!("`{shown}` cannot be read: {error}"),
    })
}
