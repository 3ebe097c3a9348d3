//! A change is made whole, or not at all: what is refused leaves a case byte for byte as it was.
//!
//! What a case grows by as it goes on is not copied for that. The journal is cut back; what is known, and how often
//! something was entered, is changed here only, where it is written down as it was before.

use super::case::Case;
use super::record::{CaseRecord, KnownFact};
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::{FactId, Name};
use std::mem;

/// Something as it was before a change.
#[derive(Clone)]
pub(super) enum Was {
    /// How often a place was entered.
    Entered(Name, Option<u32>),
    /// What was known of a fact.
    Known(Name, Option<KnownFact>),
}

impl Case {
    /// Makes a change, or none at all.
    pub(super) fn change<T>(
        &mut self,
        now: Moment,
        make: impl FnOnce(&mut Case, usize) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if now < self.record.now {
            return Err(Refusal::WentBack { recorded: now, last: self.record.now });
        }
        let from = self.record.journal.len();
        let before = self.before_a_change();
        self.interrupted_now = false;
        self.alongside_now.clear();
        let made = make(self, from);
        match &made {
            Ok(_) => self.seal(from),
            Err(_) => self.put_back(before, from),
        }
        self.nothing_to_put_back();
        made.map_err(Refusal::in_short)
    }

    /// The record as it is, without its id and without what is not copied.
    fn before_a_change(&mut self) -> CaseRecord {
        self.nothing_to_put_back();
        let of = &mut self.record;
        let left =
            (mem::take(&mut of.id), mem::take(&mut of.facts), mem::take(&mut of.entered), mem::take(&mut of.journal));
        let before = of.clone();
        (of.id, of.facts, of.entered, of.journal) = left;
        before
    }

    fn put_back(&mut self, before: CaseRecord, from: usize) {
        let CaseRecord { id, mut facts, mut entered, mut journal, .. } = mem::replace(&mut self.record, before);
        journal.truncate(from);
        for was in self.was.drain(..).rev() {
            match was {
                Was::Entered(place, Some(times)) => drop(entered.insert(place, times)),
                Was::Entered(place, None) => drop(entered.remove(&place)),
                Was::Known(fact, Some(known)) => drop(facts.insert(fact, known)),
                Was::Known(fact, None) => drop(facts.remove(&fact)),
            }
        }
        let of = &mut self.record;
        (of.id, of.facts, of.entered, of.journal) = (id, facts, entered, journal);
        self.holding.put_back();
    }

    /// What is so now stays.
    pub(super) fn nothing_to_put_back(&mut self) {
        self.was.clear();
        self.holding.nothing_to_put_back();
        self.spent = 0;
    }

    /// A place is entered, or something is asked: how many times that is.
    pub(super) fn enters(&mut self, place: &Name) -> u32 {
        let before = self.record.entered.get(place).copied();
        let times = before.unwrap_or(0).saturating_add(1);
        self.record.entered.insert(place.clone(), times);
        self.was.push(Was::Entered(place.clone(), before));
        times
    }

    /// That is known of a fact from now on.
    pub(super) fn knows(&mut self, fact: FactId, name: Name, known: KnownFact, value: i64) {
        self.holding.keep(&self.shared, fact, value, known.happened, known.entry);
        let before = self.record.facts.insert(name.clone(), known);
        self.was.push(Was::Known(name, before));
    }

    /// Nothing is known of a fact any more.
    pub(super) fn knows_no_more(&mut self, fact: FactId, name: &Name) {
        self.holding.forget(fact);
        if let Some((name, known)) = self.record.facts.remove_entry(name) {
            self.was.push(Was::Known(name, Some(known)));
        }
    }
}
