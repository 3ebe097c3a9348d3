//! Cases and person records as the text they are saved as.
//!
//! It stands here, and not in every host, so that what does not fit is said in one way: where, and never what stands
//! there, since that may be about a person.

use super::{CaseRecord, LoadError, PersonRecord};
use serde::{Serialize, de::DeserializeOwned};

/// A text is not what was saved: the first place at which it does not fit. Lines and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what stands in line {line} at {column} does not fit")]
pub struct Unreadable {
    /// The line.
    pub line: usize,
    /// The column, in bytes.
    pub column: usize,
}

impl From<Unreadable> for LoadError {
    fn from(it: Unreadable) -> LoadError {
        LoadError::Broken(it.to_string())
    }
}

impl CaseRecord {
    /// The case as it is saved: one line of JSON, as docs/case.schema.json describes it.
    pub fn to_json(&self) -> String {
        written(self)
    }

    /// What was saved, to be loaded.
    ///
    /// # Errors
    /// Where the text is no saved case.
    pub fn from_json(text: &str) -> Result<CaseRecord, Unreadable> {
        read(text)
    }
}

impl PersonRecord {
    /// The record as it is kept: one line of JSON, as docs/person-record.schema.json describes it.
    pub fn to_json(&self) -> String {
        written(self)
    }

    /// What was kept.
    ///
    /// # Errors
    /// Where the text is no person record.
    pub fn from_json(text: &str) -> Result<PersonRecord, Unreadable> {
        read(text)
    }
}

fn written(it: &impl Serialize) -> String {
    // Writing to memory does not fail, and every key of ours is a text.
    serde_json::to_string(it).unwrap_or_default()
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable { line: error.line(), column: error.column() })
}
