//! What stands of a fact by the journal (1.3, 10.4, 10.41, 10.42), up to an entry of it: gone through from the beginning, each
//! thing that was said being said in its place as it is put right by now.
//!
//! *Invariant*: where nothing was put right or erased, this is what the case holds as well, which keeps it from event to event.

use super::case::Case;
use super::event::By;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::{Answer, FactId, Name, PlaceKind};
use std::collections::BTreeMap;

/// What stands of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stood {
    /// What was found: nothing, what is known, or all that is disputed.
    pub found: Vec<Found>,
    /// Whether two found different things, and that is not settled.
    pub disputed: bool,
    /// Whether it was found to be otherwise than presumed, and not as presumed since.
    pub otherwise: bool,
    /// The entries that were disputed, where nobody settled that and nothing was said since.
    pub given_up: Vec<u32>,
}

/// What was put right of what an entry recorded.
#[derive(Clone, Copy)]
enum Put {
    /// It should have said what that entry says.
    Right(u32),
    /// It was taken back, or erased.
    Away,
}

impl Case {
    /// What an entry supersedes, where it puts something right, also when it was erased since.
    pub(super) fn supersedes(&self, entry: u32) -> Option<u32> {
        match &self.record.journal.get(entry as usize)?.what {
            EntryKind::Corrected { supersedes, .. } | EntryKind::Withdrawn { supersedes, .. } => Some(*supersedes),
            EntryKind::Erased { supersedes, .. } => *supersedes,
            _ => None,
        }
    }

    /// The entries that were superseded, each by the one that puts it right.
    pub(super) fn superseded(&self) -> BTreeMap<u32, u32> {
        let numbers = 0..self.record.journal.len() as u32;
        numbers.filter_map(|number| Some((self.supersedes(number)?, number))).collect()
    }

    /// Who found what an entry of the journal says: who puts right what somebody found has not found it.
    pub(super) fn finder(&self, entry: u32) -> Option<&By> {
        let mut first = entry;
        // Each supersedes an earlier one.
        while let Some(earlier) = self.supersedes(first).filter(|earlier| *earlier < first) {
            first = earlier;
        }
        let said = |entry: u32| match &self.record.journal.get(entry as usize)?.what {
            EntryKind::Recorded { by, .. } | EntryKind::Corrected { by, .. } => Some(by),
            _ => None,
        };
        said(first).or_else(|| said(entry))
    }

    /// Whether anything that was recorded of a fact was put right, or erased.
    pub(super) fn was_put_right(&self, name: &Name) -> bool {
        self.record.journal.iter().any(|entry| match &entry.what {
            EntryKind::Corrected { fact, .. } | EntryKind::Withdrawn { fact, .. } => fact == name,
            EntryKind::Erased { fact, .. } => fact.as_ref() == Some(name),
            _ => false,
        })
    }

    /// What was put right of what each entry recorded first.
    fn put_right(&self) -> BTreeMap<u32, Put> {
        let superseded = self.superseded();
        let first = superseded.keys().filter(|entry| self.supersedes(**entry).is_none());
        let last = first.map(|entry| {
            let mut last = *entry;
            while let Some(next) = superseded.get(&last) {
                last = *next;
            }
            let what = self.record.journal.get(last as usize).map(|entry| &entry.what);
            let says = matches!(what, Some(EntryKind::Corrected { .. }));
            (*entry, if says { Put::Right(last) } else { Put::Away })
        });
        last.collect()
    }

    /// What stood of a fact at a moment, by the entries of the journal before one.
    pub(super) fn stood(&self, fact: FactId, before: u32, at: Moment) -> Result<Stood, Refusal> {
        let (put_right, name) = (self.put_right(), self.fact_name(fact));
        let mut stood = Stood::default();
        for (number, entry) in (0..before).zip(&self.record.journal) {
            match &entry.what {
                EntryKind::Recorded { fact: of, .. } | EntryKind::Erased { fact: Some(of), .. } if *of == name => {
                    let last = match put_right.get(&number) {
                        Some(Put::Away) => None,
                        Some(Put::Right(last)) => Some(*last),
                        None => Some(number),
                    };
                    if let Some(said) = last.and_then(|last| self.said(last)) {
                        let settles = matches!(&entry.what, EntryKind::Recorded { settles, .. } if !settles.is_empty());
                        self.take_said(&mut stood, fact, said, settles, entry.at)?;
                    }
                }
                EntryKind::NotSettled { fact: of, .. } if *of == name && stood.disputed => stood.give_up(),
                EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. }
                | EntryKind::Erased { accepted: Some(step), .. }
                    if self.is_left_behind(fact, step) =>
                {
                    stood.give_up();
                }
                _ => {}
            }
        }
        self.grows_old(&mut stood, &name, at);
        Ok(stood)
    }

    /// The value that an entry says.
    fn said(&self, entry: u32) -> Option<Found> {
        match &self.record.journal.get(entry as usize)?.what {
            EntryKind::Recorded { answer: Answer::Value(value), happened, .. }
            | EntryKind::Corrected { answer: Answer::Value(value), happened, .. } => {
                let by = self.finder(entry).cloned().unwrap_or_default();
                Some(Found { value: value.clone(), happened: *happened, entry, by })
            }
            _ => None,
        }
    }

    /// Something is said of a fact.
    fn take_said(
        &self,
        stood: &mut Stood,
        fact: FactId,
        said: Found,
        settles: bool,
        at: Moment,
    ) -> Result<(), Refusal> {
        let of = &self.shared.facts[fact.index()];
        let value = self.read_value(fact, &said.value)?;
        self.grows_old(stood, &of.name, at);
        if stood.disputed && !settles && self.is_arbiter(fact, &said.by) != Some(true) {
            stood.found.push(said);
            return Ok(());
        }
        if let ([known], false, false) = (&stood.found[..], stood.disputed, settles) {
            if self.is_doubted(fact, known, &said, value, at) {
                stood.found.push(said);
                (stood.disputed, stood.otherwise) = (true, of.presumed.is_some());
                return Ok(());
            }
            if known.happened > said.happened {
                return Ok(());
            }
        }
        let otherwise = of.presumed.is_some_and(|presumed| presumed != value);
        *stood = Stood { found: vec![said], otherwise, ..Stood::default() };
        Ok(())
    }

    /// What is disputed is so no more once nothing of it is good.
    fn grows_old(&self, stood: &mut Stood, name: &Name, at: Moment) {
        if stood.disputed && self.no_longer_good(name, &stood.found).is_some_and(|until| until <= at) {
            stood.give_up();
        }
    }

    /// Whether a handover leaves a fact behind.
    fn is_left_behind(&self, fact: FactId, step: &Name) -> bool {
        let place = self.program.pathway.place_named(step).map(|id| &self.place(id).kind);
        let Some(PlaceKind::HandOver(it)) = place else { return false };
        self.program.pathway.facts.contains(&fact) && it.leaves_behind(&self.shared).any(|left| left == fact)
    }

    /// Whether what somebody says of a fact makes it disputed: another value stands and is good, what is said is good too, and
    /// it was found by two who may both find it.
    pub(super) fn is_doubted(&self, fact: FactId, stands: &Found, said: &Found, value: i64, at: Moment) -> bool {
        let of = &self.shared.facts[fact.index()];
        if self.is_arbiter(fact, &said.by) != Some(false) {
            return false;
        }
        let (one, other) = (&stands.by, &said.by);
        let same = (&one.role, &one.organisation, &one.who) == (&other.role, &other.organisation, &other.who);
        let differs = self.read_value(fact, &stands.value).is_ok_and(|known| known != value);
        let good = |found: &Found| of.good_for.is_none_or(|length| found.happened.plus(length) >= at);
        differs && !same && good(stands) && good(said) && self.may_find(fact, one) && self.may_find(fact, other)
    }

    /// What stands of a fact from now on, whatever did before: after something was put right, or erased.
    pub(super) fn becomes(&mut self, fact: FactId, mut stood: Stood, now: Moment) -> Result<(), Refusal> {
        let name = self.fact_name(fact);
        // Nobody is asked any more when the case is over.
        if stood.disputed && self.record.closed.is_some() {
            stood.give_up();
        }
        if self.record.facts.get(&name).map(|known| known.entry) != stood.known().map(|it| it.entry) {
            self.knows_no_more(fact, &name);
        }
        let presumed = self.shared.facts[fact.index()].presumed.is_some();
        if stood.disputed {
            if self.record.disputed.get(&name) != Some(&stood.found) {
                self.record.disputed.insert(name.clone(), stood.found);
                self.write_dispute(&name, now);
            }
            self.ask_to_settle(fact, now);
        } else {
            if self.record.disputed.contains_key(&name) {
                self.no_dispute(&name, Outcome::StoodDown, By::default(), None, now);
            }
            if !stood.given_up.is_empty() {
                let entries = stood.given_up;
                self.write(now, EntryKind::NotSettled { fact: name.clone(), entries });
            }
            if let Some(it) = stood.found.first() {
                let value = self.read_value(fact, &it.value)?;
                let known = KnownFact { value: it.value.clone(), happened: it.happened, entry: it.entry };
                self.stands(fact, known, value);
            }
        }
        if presumed {
            self.holding.found_otherwise(fact, stood.otherwise);
            match stood.otherwise {
                true => self.record.otherwise.insert(name),
                false => self.record.otherwise.remove(&name),
            };
        }
        Ok(())
    }
}

impl Stood {
    /// Nothing of it is gone by any more.
    fn give_up(&mut self) {
        let disputed = std::mem::take(&mut self.found);
        if self.disputed {
            self.given_up = disputed.iter().map(|it| it.entry).collect();
        }
        self.disputed = false;
    }

    /// What is known, where it is not disputed.
    pub fn known(&self) -> Option<&Found> {
        self.found.first().filter(|_| !self.disputed)
    }
}
