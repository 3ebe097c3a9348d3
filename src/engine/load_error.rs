//! Why what was saved cannot be gone on with: the library, the directory or the text is not what the case needs.

use crate::model::Name;
use thiserror::Error;

/// Why a saved case cannot go on here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It was saved in a format this release does not read.
    #[error("the case was saved in format {format}; this release reads format {reads}")]
    OtherFormat {
        /// The format it was saved in.
        format: u32,
        /// The format this release reads.
        reads: u32,
    },
    /// It ran as proved, and nothing is proved here.
    #[error("the case runs on a proof, and `{pathway}` is not proved here")]
    NotProved {
        /// The pathway.
        pathway: Name,
    },
    /// The library has no such pathway.
    #[error("the library has no pathway `{0}`")]
    NoPathway(Name),
    /// The library has another version of the pathway.
    #[error(
        "the case began with version {version} of `{pathway}`, and the library has {has}{}; a case stays on the version it began with",
        if version == has { " with other content" } else { "" }
    )]
    OtherVersion {
        /// The pathway.
        pathway: Name,
        /// The version the case began with.
        version: String,
        /// The version the library has.
        has: String,
    },
    /// The directory is not the one the case runs with.
    #[error("the case runs with the directory `{directory}`, and what was given is another, or another version of it")]
    OtherDirectory {
        /// The directory the case runs with.
        directory: Name,
    },
    /// An entry of the journal is not as it was written.
    #[error("the saved case was changed: entry {entry} of its journal is not as it was written")]
    Tampered {
        /// The first such entry.
        entry: usize,
    },
    /// What was erased cannot be played again.
    #[error("part of the case was erased, so it cannot be played again")]
    Erased,
    /// What was saved does not hang together.
    #[error("the saved case does not hang together: {0}")]
    Broken(String),
}

impl LoadError {
    /// A short name for programs, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            LoadError::OtherFormat { .. } => "other-format",
            LoadError::NotProved { .. } => "not-proved",
            LoadError::NoPathway(_) => "no-pathway",
            LoadError::OtherVersion { .. } => "other-version",
            LoadError::OtherDirectory { .. } => "other-directory",
            LoadError::Tampered { .. } => "tampered",
            LoadError::Erased => "erased",
            LoadError::Broken(_) => "broken",
        }
    }

    /// What it is about: the pathway, the directory or the entry that does not fit.
    pub fn about(&self) -> Option<String> {
        match self {
            LoadError::NotProved { pathway: name }
            | LoadError::NoPathway(name)
            | LoadError::OtherVersion { pathway: name, .. }
            | LoadError::OtherDirectory { directory: name } => Some(name.to_string()),
            LoadError::Tampered { entry } => Some(entry.to_string()),
            LoadError::OtherFormat { .. } | LoadError::Erased | LoadError::Broken(_) => None,
        }
    }
}
