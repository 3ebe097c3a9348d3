//! The small interpreter: a case, what happens to it, and what comes next.
//!
//! Everything is a value: a [`Case`] takes an [`Event`] and a moment and gives an [`Answer`] or a [`Refusal`]. Nothing
//! here reads a clock, a file or a random number, and nothing is remembered outside the case.
//!
//! *May use*: `workflow`, `model`, `calendar`. *Invariants*: a refused event leaves the case byte for byte as it was;
//! the same history gives the same bytes; what a running case answers is never an empty list of next steps.

mod advise;
mod answer;
mod apply;
mod case;
mod choose;
mod event;
mod interrupt;
mod known;
mod record;
mod refusal;
mod risk;
mod walk;
mod why;

pub use answer::{Advised, Agreement, Answer, Effect, EffectKind, NextStep, NextSteps, NotNow, Speaks, Standing, Work};
pub use case::{Case, Opening};
pub use event::{By, Event, EventKind, LifeEvent};
pub use known::{Holding, View};
pub use record::{
    Advice, Because, CaseRecord, Chose, Closed, Decided, DirectoryRef, Entry, EntryKind, Escalated, KnownFact, Open,
    Outcome, PathwayRef, Reading, Stranded,
};
pub use refusal::{LoadError, Refusal};
pub use why::{Cause, Choice, FactReason, Looked, RowReason, Why, WhyNot};

pub use crate::model::Shared;
