//! The small interpreter: a case, what happens to it, and what comes next.
//!
//! Everything is a value: a [`Case`] takes an [`Event`] and a moment and gives an [`Answer`] or a [`Refusal`]. Nothing
//! here reads a clock, a file or a random number, and nothing is remembered outside the case.
//!
//! *May use*: `workflow`, `model`, `calendar`. *Invariants*: a refused event leaves the case byte for byte as it was;
//! the same history gives the same bytes; what a running case answers is never an empty list of next steps.

mod answer;
mod apply;
mod case;
mod drive;
mod event;
mod known;
mod person;
mod record;
mod refusal;
mod walk;
mod why;

pub use answer::{Answer, Effect, EffectKind, NextStep, NextSteps, Standing, Work};
pub use case::{Case, Opening};
pub use drive::{Driver, Ran, run_scenario};
pub use event::{By, Event, EventKind, LifeEvent};
pub use known::{Holding, View};
pub use person::{PersonError, PersonFile};
pub use record::{
    Because, CaseRecord, Closed, Decided, DirectoryRef, Entry, EntryKind, Escalated, KnownFact, Open, Outcome,
    PathwayRef, Reading, Stranded,
};
pub use refusal::{LoadError, Refusal};
pub use why::{Cause, FactReason, Looked, RowReason, Why, WhyNot};

use crate::model::{Fact, FactId, Name, Role, Score};
use std::collections::BTreeMap;

/// What all pathways of a library share, as the interpreter needs it.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The facts, by number.
    pub facts: Vec<Fact>,
    /// The scores, by number.
    pub scores: Vec<Score>,
    /// The roles, by number; the first is the person.
    pub roles: Vec<Role>,
    by_name: BTreeMap<Name, FactId>,
}

impl Shared {
    /// What these facts, scores and roles are to the interpreter.
    pub fn new(facts: Vec<Fact>, scores: Vec<Score>, roles: Vec<Role>) -> Shared {
        let by_name = facts.iter().enumerate().map(|(at, fact)| (fact.name.clone(), FactId(at as u32))).collect();
        Shared { facts, scores, roles, by_name }
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// The role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}
