//! What can go wrong. Nothing here says anything about a person: it can be logged as it is.

use onward::engine::{LoadError, Refusal};
use std::fmt;

/// Why the hub did not do something. What is printed of it are codes and ids, never what was given.
#[derive(thiserror::Error)]
pub enum Error {
    /// There is no such case.
    #[error("there is no case `{0}`")]
    NoSuchCase(String),
    /// The case id was used for something else.
    #[error("the case `{0}` was opened with something else")]
    OtherArrival(String),
    /// The id of an event begins as the hub's own do.
    #[error("the event `{0}`: ids that begin with `news/` are the hub's own")]
    OwnId(String),
    /// There is nothing of that kind: no such team, no step that the person came to, no such address.
    #[error("there is no {0}")]
    NotHere(String),
    /// An arrival does not say who it is, or what they are called.
    #[error("an arrival needs `{0}`")]
    Lacks(&'static str),
    /// Something was sent as another kind of text than JSON.
    #[error("what is sent is JSON, and says so: `content-type: application/json`")]
    NotJson,
    /// What was sent is not text, or too much of it.
    #[error("what is sent is text, and no more than a megabyte")]
    NotText,
    /// There is no such pathway.
    #[error("there is no pathway `{0}`")]
    NoPathway(String),
    /// What came in is not JSON of the kind that is wanted. Where it goes wrong is said, and not what stands there.
    #[error("line {line}, column {column}: this is not {wanted}")]
    Unreadable {
        /// What is wanted.
        wanted: &'static str,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The engine does not take it. [`Refusal`] has the details, which are for the sender and for no log.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// A case cannot go on.
    #[error("the case `{case}` cannot go on: {}", .why.code())]
    CannotGoOn {
        /// The case.
        case: String,
        /// Why not.
        why: LoadError,
    },
    /// The pathways cannot be read, or one of them is not proved: for those who write them.
    #[error("the pathways cannot be used:\n{0}")]
    Pathways(String),
    /// The database. SQLite names tables and columns, and no values.
    #[error("the database: {0}")]
    Store(#[from] rusqlite::Error),
    /// What is kept cannot be read.
    #[error("what is kept of `{0}` cannot be read")]
    Kept(String),
    /// A file.
    #[error("{0}")]
    File(String),
}

/// The same as what is displayed: a hub that panics, or logs with `{:?}`, says nothing about a person either.
impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Error({self})")
    }
}

impl Error {
    /// The code, for programs. It is the engine's own where the engine said no.
    pub fn code(&self) -> &str {
        match self {
            Error::NoSuchCase(_) => "no-such-case",
            Error::OtherArrival(_) => "same-id-other-content",
            Error::OwnId(_) => "own-id",
            Error::NotHere(_) => "not-here",
            Error::Lacks(_) => "lacks",
            Error::NotJson => "not-json",
            Error::NotText => "not-text",
            Error::NoPathway(_) => "no-pathway",
            Error::Unreadable { .. } => "unreadable",
            Error::Refused(refusal) => refusal.code(),
            Error::CannotGoOn { why, .. } => why.code(),
            Error::Pathways(_) => "pathways",
            Error::Store(_) | Error::Kept(_) => "store",
            Error::File(_) => "file",
        }
    }

    /// Whether it is worth looking again and trying again.
    pub fn retry(&self) -> bool {
        matches!(self, Error::Refused(refusal) if refusal.retry())
    }

    /// Text that is not JSON of the kind that is wanted.
    pub fn unreadable(wanted: &'static str, error: &serde_json::Error) -> Error {
        Error::Unreadable { wanted, line: error.line(), column: error.column() }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}
