//! Playing people through pathways: scenarios, and person files.
//!
//! A [`Driver`] is a host that has nothing else to do: it lets time go on, sends what a scenario or a person file says
//! happens, and looks at what came of it.
//!
//! *May use*: everything below it, `library` included. *Invariant*: it uses the engine as any host would, and sees nothing
//! that a host could not see.

mod drive;
mod person;

pub use drive::{Driver, Ran, run_scenario};
pub use person::{PersonError, PersonFile};
