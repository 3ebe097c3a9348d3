//! The engine in a sandbox: an API of the same shape as the native one, over the component and wasmtime.
//!
//! A host that embeds `onward` natively writes `Library::compile(sources)?`. In a sandbox it writes `sandbox.compile(sources)?`
//! instead; what comes after reads the same, with the same events, answers, next steps and reasons. What is other: every
//! call may fail with a [`Fault`], because the sandbox has limits.
//!
//! ```no_run
//! use onward_host::{Limits, Sandbox};
//! use onward::{Source, engine::Opening};
//!
//! let component = std::fs::read("target/onward.component.wasm")?;
//! let sandbox = Sandbox::new(&component, Limits::default())?;
//! let library = sandbox.compile(vec![Source::new("mine.pathway", "onward 1 …")])?;
//! let pathway = library.pathway("mine").ok_or("no such pathway")?;
//! let opening = Opening { id: "case-1".into(), ..Opening::default() };
//! let (case, answer) = pathway.open(opening, "2026-03-02T09:00:00Z".parse()?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! *Invariants*: nothing is linked to the component, so it can reach nothing; every limit is set, none is left to a default
//! of wasmtime's; an instance is never entered again after a trap.

mod bindings;
mod cache;
mod code;
mod fault;
mod library;
#[path = "../../component/src/mirror.rs"]
mod mirror;
mod model;
#[path = "../../component/src/packed.rs"]
mod packed;
mod sandbox;
/// JSON is for hosts in other languages: of what `mirror.rs` writes for every lane, that one is left out here.
mod text {
    macro_rules! nothing {
        ($($any:tt)*) => {};
    }
    pub(crate) use {nothing as text_record, nothing as text_variant};
}

use bindings::exports::onward::engine::pathways as wit;

pub use cache::{Cache, Key};
pub use fault::{Error, Fault, Refused};
pub use library::{Applied, Case, Library, Pathway, Ran, apply_each};
pub use model::{Description, Model};
pub use sandbox::{Limits, Sandbox};
