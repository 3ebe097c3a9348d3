//! The proof: no path leaves a person without a next step, whoever they are and whatever happens in whatever order.
//!
//! One file a property. Each looks at a [`Subject`], a pathway with the directory it would run with, and gives the
//! [`Flaw`]s it finds: a finding for the designer, and the evidence from which a witness is made. Nothing found means
//! proved; what could not be decided is a finding too (`undecided`), never silence.
//!
//! *May use*: `workflow`, `model`, `calendar`, `diagnostic`. *Invariants*: a property that gives up says so; the order of
//! findings depends on nothing but the sources.

pub mod chains;
mod decisions;
mod flow;
pub mod people;
mod said;

use crate::calendar::Moment;
use crate::diagnostic::Finding;
use crate::model::{Directory, FactId, Name, PlaceId, Shared};
use crate::workflow::{Known, Node, Program};
use std::collections::BTreeMap;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The pathway.
    pub program: &'s Program,
    /// The directory it would run with; without one nothing is proved about who answers.
    pub directory: Option<&'s Directory>,
    /// The facts, scores and roles.
    pub shared: &'s Shared,
    /// From when on somebody has to answer.
    pub from: Moment,
    /// The day on which dates are looked at; `None`: they are not.
    pub on: Option<Moment>,
}

/// The facts of a person, by slot; `None`: unknown. Facts that are not in it do not matter.
pub type Person = BTreeMap<FactId, Option<i64>>;

impl Known for Person {
    fn value(&self, fact: FactId) -> Option<i64> {
        self.get(&fact).copied().flatten()
    }
}

/// Something that is not as it should be: for the designer, and for whoever wants to see it happen.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// What is said.
    pub finding: Finding,
    /// What it rests on.
    pub evidence: Evidence,
}

impl Flaw {
    /// A flaw that rests on that.
    pub fn new(finding: Finding, evidence: Evidence) -> Flaw {
        Flaw { finding, evidence }
    }
}

/// What a flaw rests on (8.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Places in the file: there is nothing to replay.
    Static,
    /// Somebody who comes to a decision with these facts. All of these rows hold for them, counted from 0; none at
    /// all when the list is empty.
    Person {
        /// The decision.
        decision: PlaceId,
        /// What is known about them.
        facts: Person,
        /// The rows.
        rows: Vec<u32>,
    },
    /// Places one goes round without anything that counts.
    Circle(Vec<Node>),
    /// A minute at which nobody is there for a place: nobody to do it before its deadline, or nobody on a rung.
    Minute {
        /// The place.
        place: PlaceId,
        /// When it opens, or when the rung is asked.
        at: Moment,
        /// The ladder and the rung, where it is one.
        rung: Option<(Name, u32)>,
    },
}

/// A property: what it is called, and how it is looked at.
struct Property {
    name: &'static str,
    check: fn(&Subject<'_>) -> Vec<Flaw>,
}

/// Everything that is proved, in the order in which it is looked at.
const PROPERTIES: &[Property] = &[
    Property { name: "every path ends", check: flow::check },
    Property { name: "every decision chooses", check: decisions::check },
];

/// Looks at every property.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    PROPERTIES.iter().flat_map(|property| (property.check)(subject)).collect()
}

/// The names of the properties, as they are said to people.
pub fn properties() -> impl Iterator<Item = &'static str> {
    PROPERTIES.iter().map(|property| property.name)
}
