//! The search for a person: is there anybody for whom these conditions have these answers, and who is it?
//!
//! `space` cuts what is known of people into columns of classes that no condition can tell apart; `pose` turns what
//! is demanded into boxes of classes in which nobody may lie; `search` looks for a place outside all of them, in the
//! `table` of boxes, and learns from where nobody is; `inquiry` asks one question after the other and makes who is
//! found as ordinary as can be; `regions` says who else there is. Where numbers are added up, `numbers` chooses them, by `whole`.
//!
//! *May use*: `model`, `workflow`. *Invariants*: whoever is found was looked at with `truth` and meets every demand;
//! *nobody* is exact, in yes, no and unknown; the answer depends on nothing but the question; past its budget the search
//! says so.

mod applies;
mod inquiry;
mod numbers;
mod pose;
mod products;
mod regions;
mod search;
mod space;
mod table;
mod told;
mod whole;

use super::Person;
use crate::model::{FactId, Shared, Test};
use crate::workflow::Truth;
use std::collections::BTreeMap;

pub use inquiry::Inquiry;
pub use regions::{Region, Regions, Values};

/// Which answers a condition may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truths(u8);

impl Truths {
    /// No.
    pub const NO: Truths = Truths(0b001);
    /// Unknown.
    pub const UNKNOWN: Truths = Truths(0b010);
    /// Yes.
    pub const YES: Truths = Truths(0b100);
    /// No or unknown.
    pub const NOT_YES: Truths = Truths(0b011);
    /// Unknown or yes.
    pub const NOT_NO: Truths = Truths(0b110);
    /// Yes or no.
    pub const KNOWN: Truths = Truths(0b101);
    /// Whatever it is.
    pub const ANY: Truths = Truths(0b111);

    /// Just this answer.
    pub fn of(truth: Truth) -> Truths {
        match truth {
            Truth::No => Truths::NO,
            Truth::Unknown => Truths::UNKNOWN,
            Truth::Yes => Truths::YES,
        }
    }

    /// Whether this is one of them.
    pub fn contains(self, truth: Truth) -> bool {
        self.0 & Truths::of(truth).0 != 0
    }

    /// What `not` makes of them: no and yes change places.
    #[must_use]
    pub fn negated(self) -> Truths {
        Truths(self.0.reverse_bits() >> 5)
    }
}

/// What is asked of a person: that a condition has one of these answers for them.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'d> {
    /// The condition.
    pub test: &'d Test,
    /// The answers it may have.
    pub may_be: Truths,
}

impl<'d> Demand<'d> {
    /// That a condition has one of these answers.
    pub fn new(test: &'d Test, may_be: Truths) -> Demand<'d> {
        Demand { test, may_be }
    }
}

/// Whether there is somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Somebody: exactly the facts that the demands read, `None` where they are unknown.
    Found(Person),
    /// Nobody at all.
    Nobody,
    /// The search went on for too long, so it is not known.
    OutOfBudget,
}

/// Everybody there could be.
#[derive(Clone, Debug)]
pub struct People<'p> {
    shared: &'p Shared,
    /// The most ordinary value of each fact.
    typical: Vec<i64>,
    budget: u64,
}

/// How much work one question may take, in words looked at: less than a second.
const BUDGET: u64 = 1 << 28;

impl<'p> People<'p> {
    /// Everybody these facts allow for. The most ordinary person has the middle of every range, says no, is at the
    /// first option of every list and at none of several.
    pub fn new(shared: &'p Shared) -> People<'p> {
        let typical = shared.facts.iter().map(|fact| space::ordinary(&fact.domain)).collect();
        People { shared, typical, budget: BUDGET }
    }

    /// The same, where somebody else is the most ordinary person as far as these facts go.
    #[must_use]
    pub fn with_typical(mut self, values: &BTreeMap<FactId, i64>) -> People<'p> {
        for (fact, value) in values {
            if let Some(typical) = self.typical.get_mut(fact.index()) {
                *typical = *value;
            }
        }
        self
    }

    /// The same, with another budget for each question.
    #[must_use]
    pub fn with_budget(mut self, budget: u64) -> People<'p> {
        self.budget = budget;
        self
    }

    /// The most ordinary person who meets the demands. `may_be_unknown`: which facts may be unknown; where one need
    /// not be known, that is the most ordinary. Whatever need be known need be so only where it applies.
    pub fn find(&self, demands: &[Demand<'_>], may_be_unknown: &dyn Fn(FactId) -> bool) -> Search {
        self.find_with(demands, may_be_unknown, &Person::new())
    }

    /// The same, of those whose facts have these values, or are unknown.
    pub fn find_with(&self, demands: &[Demand<'_>], may_be_unknown: &dyn Fn(FactId) -> bool, fixed: &Person) -> Search {
        let mut inquiry = Inquiry::with(self, demands, &[], may_be_unknown, fixed);
        (0..demands.len()).for_each(|demand| inquiry.insist(demand));
        inquiry.find(&[])
    }

    /// The most ordinary value of a fact.
    pub fn ordinary(&self, fact: FactId) -> i64 {
        self.typical.get(fact.index()).copied().unwrap_or(0)
    }

    /// Everybody who meets the demands, with every fact known, in at most `limit` regions.
    pub fn regions(&self, demands: &[Demand<'_>], limit: usize) -> Regions {
        regions::regions(self, demands, limit)
    }
}
