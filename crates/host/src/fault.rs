//! What can go wrong: the engine refuses, the sources cannot be read, or the sandbox stopped what ran in it.

use crate::mirror::Odd;
use crate::wit;
use onward::Report;
use thiserror::Error as Derive;

/// Why a call gave nothing.
#[derive(Debug, Derive)]
#[non_exhaustive]
pub enum Error {
    /// The engine does not take it. Nothing has changed.
    #[error("{0}")]
    Refused(Refused),
    /// The sources cannot be read so far that a draft could run.
    #[error("{0}")]
    Report(Report),
    /// The sandbox stopped it, or did not let it begin.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What the engine says when it does not take something: the same as natively, as it comes over the border.
///
/// What is displayed of it, and what `Debug` prints, is the code, so that it can be logged.
#[derive(Clone, PartialEq, Eq, Derive)]
#[error("refused: {code}")]
pub struct Refused {
    /// A short name for programs, in kebab-case.
    pub code: String,
    /// One plain sentence, with what was given in it: for whoever sent it, and never for a log.
    pub message: String,
    /// What it is about.
    pub about: Option<String>,
    /// What would fit instead.
    pub fits: Vec<String>,
    /// Whether the same event, looked at again and sent with the case as it is now, may be taken.
    pub retry: bool,
}

impl std::fmt::Debug for Refused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Refused({})", self.code)
    }
}

/// What stopped something in a sandbox, or did not let it begin. Nothing about a person is ever in it.
#[derive(Clone, Debug, PartialEq, Eq, Derive)]
#[non_exhaustive]
pub enum Fault {
    /// It is not a component that this host can run.
    #[error("this is not the component that this host runs: {0}")]
    NotTheComponent(String),
    /// It wants something from outside; nothing is given to it.
    #[error("the component imports something, and nothing is given to it: {0}")]
    Imports(String),
    /// The call used more fuel than it was given: the same call with the same fuel always does.
    #[error("the call used up its fuel of {0}")]
    OutOfFuel(u64),
    /// The call took longer than a call may.
    #[error("the call took longer than {0} milliseconds, which is as long as one may take")]
    TookTooLong(u64),
    /// It needed more memory than it may have.
    #[error("the call needed more memory than the {0} bytes that the sandbox may have")]
    TooMuchMemory(usize),
    /// It trapped: a mistake of ours, or of whoever made the component.
    #[error("the component stopped, which is a mistake in it: {0}")]
    Trapped(String),
    /// It had stopped before, and is not entered again. What was saved goes on in a new library.
    #[error("the sandbox had stopped before, and is not entered again; go on in a new one with what was saved")]
    Gone,
    /// The case was opened or loaded by another library, and a sandbox sees only its own. Nothing has changed; load what was
    /// saved of it.
    #[error("the case is one of another library; load what was saved of it in this one")]
    OfAnotherLibrary,
    /// It answered with something that cannot be.
    #[error("the component answered with something that cannot be: {0}")]
    Odd(String),
}

impl From<wit::Error> for Error {
    fn from(it: wit::Error) -> Error {
        let wit::Error { code, message, about, fits, retry } = it;
        Error::Refused(Refused { code, message, about, fits, retry })
    }
}

impl From<Odd> for Error {
    fn from(odd: Odd) -> Error {
        Error::Fault(Fault::Odd(odd.message))
    }
}
