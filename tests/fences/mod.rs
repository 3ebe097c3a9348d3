//! The fences of the documents: what stands between lines of backticks, and the files they build up.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The documents, and whether they must be there.
pub const DOCS: &[(&str, bool)] = &[
    ("README.md", false),
    ("docs/language.md", true),
    ("docs/first-pathway.md", true),
    ("docs/a-broken-pathway.md", true),
    ("docs/person-file.md", true),
];

/// A piece of a document between two lines of backticks.
#[derive(Clone, Debug)]
pub struct Fence {
    pub at: String,
    what: Vec<String>,
    names: Vec<String>,
    pub text: String,
}

impl Fence {
    pub fn is(&self, word: &str) -> bool {
        self.what.iter().any(|it| it == word)
    }

    pub fn has_file(&self) -> bool {
        self.is("file") || self.is("add") || self.is("whole")
    }

    /// The name it is saved under.
    pub fn file(&self) -> &str {
        if self.has_file() { self.names.first().map_or("", String::as_str) } else { "example.pathway" }
    }

    /// The kinds that are to be found in it.
    pub fn kinds(&self) -> &[String] {
        self.names.get(usize::from(self.has_file())..).unwrap_or_default()
    }
}

/// The files of a document, by name, as they are at some place in it.
pub type Files = BTreeMap<String, String>;

/// What a fence makes of its file.
pub fn saved(files: &mut Files, fence: &Fence) {
    if fence.is("file") {
        files.insert(fence.file().to_string(), fence.text.clone());
    } else if fence.is("add") {
        let file = files.entry(fence.file().to_string()).or_default();
        let mut all = blocks(file);
        for (head, text) in blocks(&fence.text) {
            match all.iter_mut().find(|(there, _)| *there == head) {
                Some((_, there)) => *there = text,
                None => all.push((head, text)),
            }
        }
        *file = all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n\n") + "\n";
    }
}

/// The blocks of a file: what each starts with, up to its title, and its text. Only a scenario is known by its title.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let head = if line.starts_with("scenario") { line } else { line.split(" \"").next().unwrap_or(line) };
            all.push((head.to_string(), String::new()));
        }
        if let Some((_, block)) = all.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
    }
    all.into_iter().map(|(head, text)| (head, text.trim_end().to_string())).collect()
}

/// The folder of the project, whichever package is tested.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("grammar").is_dir()).unwrap_or(here).to_path_buf()
}

/// Where a file of the project is.
pub fn path(name: &str) -> PathBuf {
    root().join(name)
}

/// What stands in a file of the project, if it is there.
pub fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(path(name)).ok()
}

/// The fences of a document, or what is wrong with how they are written.
pub fn fences(name: &str, text: &str) -> Result<Vec<Fence>, String> {
    let mut all = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.trim_end().strip_prefix("```"), &mut open) {
            (Some(""), Some(_)) => all.extend(open.take()),
            (Some(info), None) => {
                let mut words = info.split_whitespace().map(str::to_string);
                let what = words.next().unwrap_or_default().split(',').map(str::to_string).collect();
                open = Some(Fence {
                    at: format!("{name}:{}", number + 1),
                    what,
                    names: words.collect(),
                    text: String::new(),
                });
            }
            (Some(_), Some(fence)) => return Err(format!("{}: this fence is not closed", fence.at)),
            (None, Some(fence)) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    open.map_or(Ok(all), |fence| Err(format!("{}: this fence is not closed", fence.at)))
}
