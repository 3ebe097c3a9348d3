//! Scenarios and person files: people on the pathways of a library.
//!
//! *May use*: everything below it, `library` included. *Invariant*: a person file that is read, written and read again is the
//! same.

mod coverage;
mod person;
mod scenario;
mod write;

pub use coverage::{Coverage, Item, ItemKind, coverage};
#[cfg(feature = "schema")]
pub(crate) use person::person_schema;
pub use person::{PersonError, read_person};
pub use scenario::{Ran, run_scenario};
pub use write::write_person;
