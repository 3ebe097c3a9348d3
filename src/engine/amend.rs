//! Putting right what was recorded (7.4): correcting it, and taking it back. Nothing is undone by that; whoever decided by
//! it is asked to look again.

use super::case::Case;
use super::event::{By, Withdrawn};
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::{Answer, FactId, Name, PlaceKind, ValueError};
use crate::workflow::{Chosen, Truth, truth};
use std::collections::{BTreeMap, BTreeSet};

/// What an entry of the journal recorded of a fact.
struct Recording {
    fact: FactId,
    happened: Moment,
    by: By,
}

impl Case {
    /// An entry of the journal that recorded something of a fact, and still stands.
    fn recording(&self, entry: u32) -> Result<Recording, Refusal> {
        let not = |because: &str| Refusal::NotARecord { entry, because: because.to_string() };
        let journal = &self.record.journal;
        let of = journal.get(entry as usize).ok_or_else(|| not("is not there"))?;
        let (EntryKind::Recorded { fact, happened, by, .. } | EntryKind::Corrected { fact, happened, by, .. }) =
            &of.what
        else {
            return Err(not("records nothing that was found about the person"));
        };
        if self.superseded().contains_key(&entry) {
            return Err(not("was corrected or taken back already"));
        }
        let id = self.shared.fact(fact).ok_or_else(|| not("is about something that is not there"))?;
        Ok(Recording { fact: id, happened: *happened, by: by.clone() })
    }

    /// The entries of the journal that were superseded: each by the entry that says what it should have said, or by one
    /// that takes it back.
    pub(super) fn superseded(&self) -> BTreeMap<u32, u32> {
        let journal = self.record.journal.iter().enumerate();
        let by = journal.filter_map(|(number, entry)| match &entry.what {
            EntryKind::Corrected { supersedes, .. } | EntryKind::Withdrawn { supersedes, .. } => {
                Some((*supersedes, number as u32))
            }
            _ => None,
        });
        by.collect()
    }

    /// Supersedes an entry of the journal by what it should have said.
    pub(super) fn correct(
        &mut self,
        entry: u32,
        answer: &Answer,
        reason: &str,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let it = self.recording(entry)?;
        let fact = self.fact_name(it.fact);
        self.needs_reason(&fact, reason)?;
        let value = match answer {
            Answer::Value(text) => Some(self.read_new(it.fact, text, now)?),
            Answer::Declined(_) | Answer::CouldNot(_) | Answer::NotApplicable(_) => None,
        };
        let corrected = EntryKind::Corrected {
            supersedes: entry,
            fact,
            answer: answer.clone(),
            happened: it.happened,
            by: by.clone(),
            reason: reason.to_string(),
        };
        let number = self.write(now, corrected);
        let instead = match (answer, value) {
            (Answer::Value(text), Some(value)) => {
                Some((Found { value: text.clone(), happened: it.happened, entry: number, by: by.clone() }, value))
            }
            _ => None,
        };
        self.supersede(it.fact, entry, instead, now)
    }

    /// Somebody takes back what they said.
    pub(super) fn withdraw(
        &mut self,
        what: &Withdrawn,
        reason: Option<&String>,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        match what {
            Withdrawn::Fact { entry } => {
                let it = self.recording(*entry)?;
                let theirs = it.by.role == by.role && (it.by.who.is_none() || it.by.who == by.who);
                if !theirs {
                    return Err(Refusal::NotTheirs { entry: *entry });
                }
                let fact = self.fact_name(it.fact);
                let (by, reason) = (by.clone(), reason.cloned());
                self.write(now, EntryKind::Withdrawn { supersedes: *entry, fact, by, reason });
                self.supersede(it.fact, *entry, None, now)
            }
            Withdrawn::Risk { risk } => {
                self.needs_reason(risk, reason.map_or("", String::as_str))?;
                self.withdraw_risk(risk, by, now)
            }
            Withdrawn::Agreement { step, role } => self.no_longer_agrees(step.as_ref(), role, by, now),
        }
    }

    /// A value that is recorded now: nobody records what follows from a date, nor, where something is counted since it, a
    /// date that is still to come.
    pub(super) fn read_new(&self, fact: FactId, text: &str, now: Moment) -> Result<i64, Refusal> {
        let of = &self.shared.facts[fact.index()];
        let bad = |error: ValueError| Err(Refusal::BadValue { fact: of.name.clone(), error });
        if let Some(elapsed) = &of.elapsed {
            return bad(ValueError::Follows { from: self.fact_name(elapsed.since) });
        }
        let value = self.read_value(fact, text)?;
        let counted = self.shared.facts.iter().any(|it| it.elapsed.as_ref().is_some_and(|it| it.since == fact));
        match counted && value > self.directory.calendar.zone.day(now) {
            true => bad(ValueError::StillToCome { given: crate::diagnostic::in_short(text).into_owned() }),
            false => Ok(value),
        }
    }

    pub(super) fn read_value(&self, fact: FactId, text: &str) -> Result<i64, Refusal> {
        let of = &self.shared.facts[fact.index()];
        let read = of.domain.read(text, Some(&self.directory.calendar.zone));
        read.map_err(|error| Refusal::BadValue { fact: of.name.clone(), error })
    }

    /// An entry does not stand any more; something else does instead, or nothing.
    fn supersede(
        &mut self,
        fact: FactId,
        entry: u32,
        instead: Option<(Found, i64)>,
        now: Moment,
    ) -> Result<(), Refusal> {
        let name = self.fact_name(fact);
        if let Some(found) = self.record.disputed.get_mut(&name) {
            let Some(at) = found.iter().position(|it| it.entry == entry) else { return Ok(()) };
            match instead {
                Some((it, _)) => found[at] = it,
                None => drop(found.remove(at)),
            }
            self.dispute_amended(fact, &name, now)?;
        } else if self.record.facts.get(&name).is_some_and(|known| known.entry == entry) {
            match instead {
                Some((it, value)) => {
                    self.stands(fact, KnownFact { value: it.value, happened: it.happened, entry: it.entry }, value);
                }
                None => self.stands_what_did_before(fact, &name)?,
            }
        }
        self.look_again(now)
    }

    /// What was disputed was put right: when all that is left says the same, that stands.
    fn dispute_amended(&mut self, fact: FactId, name: &Name, now: Moment) -> Result<(), Refusal> {
        let found = self.record.disputed.get(name).cloned().unwrap_or_default();
        let values: Result<BTreeSet<i64>, Refusal> = found.iter().map(|it| self.read_value(fact, &it.value)).collect();
        let values = values?;
        if values.len() > 1 {
            // What is left of it may be too old to be disputed.
            if self.no_longer_good(name, &found).is_some_and(|until| until <= now) {
                self.no_dispute(name, Outcome::StoodDown, By::default(), None, now);
            }
            return Ok(());
        }
        self.no_dispute(name, Outcome::StoodDown, By::default(), None, now);
        let last = found.into_iter().max_by_key(|it| (it.happened, it.entry));
        match last.zip(values.first()) {
            Some((it, value)) => {
                self.stands(fact, KnownFact { value: it.value, happened: it.happened, entry: it.entry }, *value);
                Ok(())
            }
            None => self.stands_what_did_before(fact, name),
        }
    }

    /// What was recorded before the entry that was taken back stands again; or nothing was recorded.
    fn stands_what_did_before(&mut self, fact: FactId, name: &Name) -> Result<(), Refusal> {
        self.record.facts.remove(name);
        self.record.otherwise.remove(name);
        self.holding.forget(fact);
        self.holding.found_otherwise(fact, false);
        let Some(known) = self.recorded_before(fact, name) else { return Ok(()) };
        let value = self.read_value(fact, &known.value)?;
        self.stands(fact, known, value);
        Ok(())
    }

    /// What stands of a fact by the journal: of what was recorded since a handover left it behind, and not superseded,
    /// what was so last.
    fn recorded_before(&self, fact: FactId, name: &Name) -> Option<KnownFact> {
        let superseded = self.superseded();
        let mut last: Option<KnownFact> = None;
        for (number, entry) in self.record.journal.iter().enumerate() {
            match &entry.what {
                EntryKind::Recorded { fact: of, answer: Answer::Value(value), happened, .. }
                | EntryKind::Corrected { fact: of, answer: Answer::Value(value), happened, .. }
                    if of == name
                        && !superseded.contains_key(&(number as u32))
                        && last.as_ref().is_none_or(|last| last.happened <= *happened) =>
                {
                    let (value, happened, entry) = (value.clone(), *happened, number as u32);
                    last = Some(KnownFact { value, happened, entry });
                }
                EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. } => {
                    let place = self.program.pathway.place_named(step).map(|id| &self.place(id).kind);
                    if let Some(PlaceKind::HandOver(it)) = place
                        && self.program.pathway.facts.contains(&fact)
                        && it.leaves_behind(&self.shared).any(|left| left == fact)
                    {
                        last = None;
                    }
                }
                _ => {}
            }
        }
        last
    }

    /// Whoever decided by what is superseded is asked to look again, where it would be decided otherwise now: once for
    /// each time it was decided.
    fn look_again(&mut self, now: Moment) -> Result<(), Refusal> {
        let superseded = self.superseded();
        let touched: Vec<(u32, Name, Option<u32>, Option<u32>)> = self.would_differ(&superseded);
        for (decided, decision, was, would) in touched {
            let about = |it: &Question| matches!(&it.about, About::Review { decided: of, .. } if *of == decided);
            let open = self.record.beside.iter().position(about);
            match (open, was == would) {
                (Some(number), true) => self.answered(number, Outcome::StoodDown, By::default(), None, now),
                (Some(number), false) => {
                    if let Some(Question { about: About::Review { would: of, .. }, .. }) =
                        self.record.beside.get_mut(number)
                    {
                        *of = would;
                    }
                }
                (None, false) if !self.record.died => {
                    self.ask_for_review(About::Review { decision, decided, was, would }, decided, now)?;
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// Every decision that read what was superseded, with the row it took and the one it would take now.
    fn would_differ(&self, superseded: &BTreeMap<u32, u32>) -> Vec<(u32, Name, Option<u32>, Option<u32>)> {
        let journal = self.record.journal.iter().enumerate();
        let mut all = Vec::new();
        for (number, entry) in journal {
            let read = match &entry.what {
                EntryKind::Decided(it) => &it.read,
                EntryKind::Interrupted(it) => &it.read,
                _ => continue,
            };
            if !read.iter().any(|it| it.entry.is_some_and(|entry| superseded.contains_key(&entry))) {
                continue;
            }
            let now: Vec<Reading> = read.iter().map(|it| self.read_now(it, superseded)).collect();
            let then = self.then(&now, entry.at);
            match &entry.what {
                EntryKind::Decided(it) => {
                    let place = self.program.pathway.place_named(&it.decision);
                    let Some(decision) = place.and_then(|id| self.program.decision(id)) else { continue };
                    let would = match decision.take(&then, &self.shared.scores) {
                        Chosen::Row(row) => Some(row + 1),
                        Chosen::NotKnown(_) | Chosen::Nothing => None,
                    };
                    all.push((number as u32, it.decision.clone(), it.row, would));
                }
                EntryKind::Interrupted(it) => {
                    let of = self.program.pathway.interrupts.iter().find(|of| of.name == it.name);
                    let Some(of) = of else { continue };
                    let holds = |known| truth(&of.condition.test, known, &self.shared.scores) == Truth::Yes;
                    // What somebody raised did not happen because of what was known.
                    let before = self.then(read, entry.at);
                    if holds(&before) {
                        all.push((number as u32, it.name.clone(), Some(1), holds(&then).then_some(1)));
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// What a decision that read an entry would read now, of what was recorded then.
    fn read_now(&self, it: &Reading, superseded: &BTreeMap<u32, u32>) -> Reading {
        let mut entry = it.entry;
        // Each is superseded by a later one.
        while let Some(next) = entry.and_then(|entry| superseded.get(&entry)) {
            entry = match self.record.journal.get(*next as usize).map(|entry| &entry.what) {
                Some(EntryKind::Corrected { answer: Answer::Value(_), .. }) => Some(*next),
                _ => None,
            };
        }
        let presumed = it.presumed || (entry.is_none() && it.entry.is_some() && self.is_presumed(&it.fact));
        Reading { fact: it.fact.clone(), entry, presumed }
    }

    fn is_presumed(&self, fact: &Name) -> bool {
        self.shared.fact_named(fact).is_some_and(|fact| fact.presumed.is_some())
    }
}
