//! Onward: an embeddable rules engine for care-pathway and risk decisions.
//!
//! People from hospitals, councils, GP practices and care providers write their local pathways in a language they can
//! read. A [`Library`] compiles what they wrote; a [`engine::Case`] takes one person through it, one event at a time, and
//! always says what comes next, for whom and by when. [`Pathway::open`] runs only what is proved: that nobody is left
//! without a next step. What is not proved runs as a draft that says so ([`Pathway::open_draft`]).
//!
//! ```
//! use onward::{Library, Source, engine::{Event, EventKind, Opening, Standing}};
//!
//! let text = include_str!("../examples/first/tea_and_talk.pathway");
//! let library = Library::compile(vec![Source::new("tea_and_talk.pathway", text)])?;
//! let pathway = library.pathway("tea_and_talk").expect("it stands in the file");
//! let opening = Opening { id: "case-1".into(), ..Opening::default() };
//! let (mut case, answer) = pathway.open(opening, "2026-03-02T09:00:00Z".parse()?)?;
//! let Standing::Next(steps) = answer.standing else { panic!("there is always a next step") };
//! assert_eq!(steps.first().step, "visit");
//!
//! let done = EventKind::Done { step: "visit".into(), facts: [("lonely".into(), onward::model::Answer::Value("no".into()))].into() };
//! let answer = case.apply(Event::new("event-1", done), "2026-03-02T15:00:00Z".parse()?)?;
//! assert!(matches!(answer.standing, Standing::Closed(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing here reads a clock, a file, the network or a random number: time is an input, and the same history gives the
//! same bytes. docs/architecture.md describes the rooms.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod check;
pub mod diagnostic;
pub mod engine;
mod fingerprint;
mod library;
pub mod model;
pub mod play;
mod proof;
#[cfg(feature = "schema")]
pub mod schema;
pub mod simulate;
pub mod syntax;
pub mod witness;
pub mod workflow;

pub use diagnostic::{Report, Source};
pub use library::{Library, Pathway};
pub use proof::{Assumption, LongestCase, Proof};
