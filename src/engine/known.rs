//! What is known about the person at a moment: typed slots, and beside them until when each is good.

use super::Shared;
use crate::calendar::{Moment, Zone};
use crate::model::FactId;
use crate::workflow::{Known, seen};

/// What is kept of one fact.
#[derive(Clone, Copy)]
struct Slot {
    value: i64,
    /// The last instant at which the value is good; `i64::MIN` while nothing is known.
    good_until: i64,
    /// The entry of the journal that recorded it.
    entry: u32,
    /// Whether it was found to be otherwise than presumed.
    otherwise: bool,
}

/// The facts of a case by slot. Worked out from the record; never saved.
#[derive(Clone)]
pub struct Holding {
    slots: Vec<Slot>,
    /// The slots that were put otherwise since a change began, as they were.
    were: Vec<(FactId, Slot)>,
    /// Where it is today what day.
    zone: Zone,
}

impl Holding {
    /// Nothing known yet, about so many facts.
    pub(super) fn new(facts: usize, zone: &Zone) -> Holding {
        let nothing = Slot { value: 0, good_until: i64::MIN, entry: 0, otherwise: false };
        Holding { slots: vec![nothing; facts], were: Vec::new(), zone: zone.clone() }
    }

    fn put(&mut self, fact: FactId, make: impl FnOnce(&mut Slot)) {
        if let Some(slot) = self.slots.get_mut(fact.index()) {
            self.were.push((fact, *slot));
            make(slot);
        }
    }

    /// What is put otherwise from now on can be put back.
    pub(super) fn nothing_to_put_back(&mut self) {
        self.were.clear();
    }

    /// Puts back what was put otherwise.
    pub(super) fn put_back(&mut self) {
        for (fact, was) in self.were.drain(..).rev() {
            self.slots[fact.index()] = was;
        }
    }

    /// Keeps a value that was so at a moment.
    pub(super) fn keep(&mut self, shared: &Shared, fact: FactId, value: i64, happened: Moment, entry: u32) {
        let good_for = shared.facts.get(fact.index()).and_then(|fact| fact.good_for);
        let good_until = good_for.map_or(i64::MAX, |length| happened.plus(length).unix());
        self.put(fact, |slot| *slot = Slot { value, good_until, entry, ..*slot });
    }

    /// Knows nothing of a fact any more.
    pub(super) fn forget(&mut self, fact: FactId) {
        self.put(fact, |slot| slot.good_until = i64::MIN);
    }

    /// Keeps whether a fact was found to be otherwise than presumed.
    pub(super) fn found_otherwise(&mut self, fact: FactId, otherwise: bool) {
        self.put(fact, |slot| slot.otherwise = otherwise);
    }

    /// What is known and good at a moment.
    pub fn at<'h>(&'h self, shared: &'h Shared, now: Moment) -> View<'h> {
        View { holding: self, shared, now: now.unix() }
    }

    /// The value that is presumed, as long as nobody has found otherwise.
    pub(super) fn presumed(&self, shared: &Shared, fact: FactId) -> Option<i64> {
        let presumed = shared.facts.get(fact.index())?.presumed?;
        self.slots.get(fact.index()).is_some_and(|slot| !slot.otherwise).then_some(presumed)
    }

    /// The first instant after `now` at which something known is no longer good.
    pub(super) fn next_stale(&self, now: Moment) -> Option<Moment> {
        let ends = self.slots.iter().map(|slot| slot.good_until);
        let ends = ends.filter(|until| *until >= now.unix() && *until < i64::MAX);
        ends.min().map(|until| Moment::from_unix(until + 1))
    }

    /// What is kept of a fact, while that is good.
    fn good(&self, fact: FactId, now: i64) -> Option<&Slot> {
        self.slots.get(fact.index()).filter(|slot| slot.good_until >= now)
    }

    /// The entry that recorded a fact, while it is good.
    pub(super) fn entry(&self, fact: FactId, now: Moment) -> Option<u32> {
        self.good(fact, now.unix()).map(|slot| slot.entry)
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
        self.holding.good(fact, self.now).map(|slot| slot.value)
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
