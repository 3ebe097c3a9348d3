//! The small interpreter: a case, what happens to it, and what comes next.
//!
//! Everything is a value: a [`Case`] takes an [`Event`] and a moment and gives an [`Answer`] or a [`Refusal`]. Nothing
//! here reads a clock, a file or a random number, and nothing is remembered outside the case.
//!
//! *May use*: `workflow`, `model`, `calendar`. *Invariants*: a refused event leaves the case byte for byte as it was;
//! the same history gives the same bytes; what a running case answers is never an empty list of next steps.

mod advise;
mod amend;
mod answer;
mod apply;
mod beside;
mod case;
mod change;
mod choose;
mod discreet;
mod event;
mod fits;
mod follow;
mod found;
mod ids;
mod interrupt;
mod journal;
mod known;
mod load_error;
mod models;
mod person_record;
mod reassign;
mod record;
mod refusal;
mod reply;
mod risk;
mod saved;
mod seal;
mod standing;
mod stood;
mod told;
mod walk;
mod watch;
mod why;

pub use answer::{
    Advised, Agreement, Answer, Applied, Effect, EffectKind, Erasure, NextStep, NextSteps, NotNow, Speaks, Standing,
    Work,
};
pub use case::{Case, Opening};
pub use event::{By, Event, EventKind, LifeEvent, Withdrawn};
pub use follow::Strands;
pub(crate) use follow::World;
pub use known::{Holding, View};
pub use load_error::LoadError;
pub use person_record::{Asked, KnownBefore, News, NewsKind, PersonRecord, Remembered};
pub use record::{
    About, Advice, AskedModel, Because, CaseRecord, Chose, Closed, Decided, DirectoryRef, Entry, EntryKind, Escalated,
    Found, KnownFact, ModelInput, Open, Outcome, PathwayRef, Question, Reading, Stranded,
};
pub use refusal::Refusal;
pub use reply::apply_each;
pub use saved::Unreadable;
pub use seal::{Seal, Secret};
pub use watch::{ToAsk, ToStart, Watched, watch};
pub use why::{Cause, Choice, FactReason, Looked, RowReason, Why, WhyNot};

pub use crate::model::Shared;
