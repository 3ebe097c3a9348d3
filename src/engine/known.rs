//! What is known about the person at a moment: typed slots, and beside them until when each is good.

use super::Shared;
use crate::calendar::{Moment, Zone};
use crate::model::FactId;
use crate::workflow::{Known, seen};
use std::sync::Arc;

/// The facts of a case by slot. Schedule out from the record; never saved.
#[derive(Clone, PartialEq, Eq)]
pub struct Holding {
    values: Vec<i64>,
    /// The last instant at which the value is good; `i64::MIN` while nothing is known.
    good_until: Vec<i64>,
    /// The entry of the journal that recorded it.
    entries: Vec<u32>,
    /// Whether it was found to be otherwise than presumed.
    otherwise: Vec<bool>,
    /// Where it is today what day.
    zone: Arc<Zone>,
}

impl Holding {
    /// Nothing known yet, about so many facts.
    pub(super) fn new(facts: usize, zone: &Zone) -> Holding {
        Holding {
            zone: Arc::new(zone.clone()),
            values: vec![0; facts],
            good_until: vec![i64::MIN; facts],
            entries: vec![0; facts],
            otherwise: vec![false; facts],
        }
    }

    /// Keeps a value that was so at a moment.
    pub(super) fn keep(&mut self, shared: &Shared, fact: FactId, value: i64, happened: Moment, entry: u32) {
        let good_for = shared.facts.get(fact.index()).and_then(|fact| fact.good_for);
        let until = good_for.map_or(i64::MAX, |length| happened.plus(length).unix());
        let at = fact.index();
        if let (Some(kept), Some(good), Some(by)) =
            (self.values.get_mut(at), self.good_until.get_mut(at), self.entries.get_mut(at))
        {
            (*kept, *good, *by) = (value, until, entry);
        }
    }

    /// Knows nothing of a fact any more.
    pub(super) fn forget(&mut self, fact: FactId) {
        if let Some(good) = self.good_until.get_mut(fact.index()) {
            *good = i64::MIN;
        }
    }

    /// Keeps whether a fact was found to be otherwise than presumed.
    pub(super) fn found_otherwise(&mut self, fact: FactId, otherwise: bool) {
        if let Some(kept) = self.otherwise.get_mut(fact.index()) {
            *kept = otherwise;
        }
    }

    /// What is known and good at a moment.
    pub fn at<'h>(&'h self, shared: &'h Shared, now: Moment) -> View<'h> {
        View { holding: self, shared, now: now.unix() }
    }

    /// The value that is presumed, as long as nobody has found otherwise.
    pub(super) fn presumed(&self, shared: &Shared, fact: FactId) -> Option<i64> {
        let presumed = shared.facts.get(fact.index())?.presumed?;
        (self.otherwise.get(fact.index()) == Some(&false)).then_some(presumed)
    }

    /// The first instant after `now` at which something known is no longer good.
    pub(super) fn next_stale(&self, now: Moment) -> Option<Moment> {
        let ends = self.good_until.iter().filter(|until| **until >= now.unix() && **until < i64::MAX);
        ends.min().map(|until| Moment::from_unix(until + 1))
    }

    /// The entry that recorded a fact, while it is good.
    pub(super) fn entry(&self, fact: FactId, now: Moment) -> Option<u32> {
        let good = self.good_until.get(fact.index()).is_some_and(|until| *until >= now.unix());
        if good { self.entries.get(fact.index()).copied() } else { None }
    }
}

/// What is known and good at one moment.
#[derive(Clone, Copy)]
pub struct View<'h> {
    holding: &'h Holding,
    shared: &'h Shared,
    now: i64,
}

impl View<'_> {
    /// What was recorded of a fact, while it is good, whether it applies or not: what is presumed was not.
    pub fn recorded(&self, fact: FactId) -> Option<i64> {
        let at = fact.index();
        match self.holding.good_until.get(at) {
            Some(until) if *until >= self.now => self.holding.values.get(at).copied(),
            _ => None,
        }
    }
}

impl Known for View<'_> {
    fn value(&self, fact: FactId) -> Option<i64> {
        let recorded = || self.recorded(fact).or_else(|| self.holding.presumed(self.shared, fact));
        match self.shared.facts.get(fact.index()) {
            Some(it) if let Some(elapsed) = &it.elapsed => {
                let passed = || it.passed(self.value(elapsed.since), Moment::from_unix(self.now), &self.holding.zone);
                seen(it, self, &self.shared.scores, passed)
            }
            Some(it) if it.applies.is_some() || it.rests_on.is_some() => seen(it, self, &self.shared.scores, recorded),
            _ => recorded(),
        }
    }
}
