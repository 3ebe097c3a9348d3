//! Putting right what was recorded (7.4): correcting it, and taking it back. Nothing is undone by that; whoever decided by
//! it is asked to look again.

use super::case::Case;
use super::event::{By, Withdrawn};
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::{Answer, FactId, Name, ValueError};
use crate::workflow::{Chosen, Truth, truth};

/// Something that was decided, with the row it took and the one it would take now.
#[derive(PartialEq, Eq)]
struct Touched {
    decided: u32,
    decision: Name,
    was: Option<u32>,
    would: Option<u32>,
}

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
        if let Answer::Value(text) = answer {
            self.read_new(it.fact, text, now)?;
        }
        let corrected = EntryKind::Corrected {
            supersedes: entry,
            fact,
            answer: answer.clone(),
            happened: it.happened,
            by: by.clone(),
            reason: reason.to_string(),
        };
        self.put_right_by(it.fact, corrected, now)
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
                self.put_right_by(it.fact, EntryKind::Withdrawn { supersedes: *entry, fact, by, reason }, now)
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
            true => bad(ValueError::StillToCome { given: crate::diagnostic::in_short(text) }),
            false => Ok(value),
        }
    }

    pub(super) fn read_value(&self, fact: FactId, text: &str) -> Result<i64, Refusal> {
        let of = &self.shared.facts[fact.index()];
        let read = of.domain.read(text, Some(&self.directory.calendar.zone));
        read.map_err(|error| Refusal::BadValue { fact: of.name.clone(), error })
    }

    /// Writes what puts right what was recorded of a fact: that stands of it from now on, and whoever decided by it is asked
    /// to look again.
    fn put_right_by(&mut self, fact: FactId, what: EntryKind, now: Moment) -> Result<(), Refusal> {
        let before = self.would_differ(fact)?;
        let number = self.write(now, what);
        let stood = self.stood(fact, number, now)?;
        self.becomes(fact, stood, now)?;
        self.look_again(fact, &before, now)
    }

    /// Whoever decided by what is otherwise now is asked to look again, where it would be decided otherwise: once for each
    /// time it was decided, and not again for what changes nothing of it.
    fn look_again(&mut self, fact: FactId, before: &[Touched], now: Moment) -> Result<(), Refusal> {
        for it in self.would_differ(fact)? {
            let about = |of: &Question| matches!(&of.about, About::Review { decided, .. } if *decided == it.decided);
            let open = self.record.beside.iter().position(about);
            match (open, it.was == it.would) {
                (Some(number), true) => self.answered(number, Outcome::StoodDown, By::default(), None, now),
                (Some(number), false) => {
                    if let Some(Question { about: About::Review { would, .. }, .. }) =
                        self.record.beside.get_mut(number)
                    {
                        *would = it.would;
                    }
                }
                (None, false) if !self.record.died && !before.contains(&it) => {
                    let Touched { decided, decision, was, would } = it;
                    self.ask_for_review(About::Review { decision, decided, was, would }, decided, now);
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// Every decision that read a fact, with the row it took and the one it would take, had what was put right since been
    /// said so.
    fn would_differ(&self, fact: FactId) -> Result<Vec<Touched>, Refusal> {
        let name = self.fact_name(fact);
        let mut all = Vec::new();
        for (number, entry) in (0_u32..).zip(&self.record.journal) {
            let read = match &entry.what {
                EntryKind::Decided(it) => &it.read,
                EntryKind::Interrupted(it) => &it.read,
                _ => continue,
            };
            // What was erased cannot be judged again.
            let erased = |it: &Reading| it.entry.is_some_and(|entry| self.was_erased(entry));
            if !read.iter().any(|it| it.fact == name) || read.iter().any(erased) {
                continue;
            }
            let now: Result<Vec<Reading>, Refusal> =
                read.iter().map(|it| self.read_now(it, number, entry.at)).collect();
            let now = now?;
            let then = self.then(&now, entry.at);
            match &entry.what {
                EntryKind::Decided(it) => {
                    let place = self.program.pathway.place_named(&it.decision);
                    let Some(decision) = place.and_then(|id| self.program.decision(id)) else { continue };
                    let would = match decision.take(&then, &self.shared.scores) {
                        Chosen::Row(row) => Some(row + 1),
                        Chosen::NotKnown(_) | Chosen::Nothing => None,
                    };
                    all.push(Touched { decided: number, decision: it.decision.clone(), was: it.row, would });
                }
                EntryKind::Interrupted(it) => {
                    let of = self.program.pathway.interrupts.iter().find(|of| of.name == it.name);
                    let Some(of) = of else { continue };
                    let holds = |known| truth(&of.condition.test, known, &self.shared.scores) == Truth::Yes;
                    // What somebody raised did not happen because of what was known.
                    let before = self.then(read, entry.at);
                    if holds(&before) {
                        let would = holds(&then).then_some(1);
                        all.push(Touched { decided: number, decision: it.name.clone(), was: Some(1), would });
                    }
                }
                _ => {}
            }
        }
        Ok(all)
    }

    fn was_erased(&self, entry: u32) -> bool {
        matches!(self.record.journal.get(entry as usize), Some(Entry { what: EntryKind::Erased { .. }, .. }))
    }

    /// What a decision that read a fact would have read of it, as what was recorded then is put right by now.
    fn read_now(&self, it: &Reading, decided: u32, at: Moment) -> Result<Reading, Refusal> {
        let Some(fact) = self.shared.fact(&it.fact).filter(|_| self.was_put_right(&it.fact)) else {
            return Ok(it.clone());
        };
        let stood = self.stood(fact, decided, at)?;
        let of = &self.shared.facts[fact.index()];
        let good = |found: &&Found| of.good_for.is_none_or(|length| found.happened.plus(length) >= at);
        let entry = stood.known().filter(good).map(|found| found.entry);
        let presumed = entry.is_none() && !stood.otherwise && of.presumed.is_some();
        Ok(Reading { fact: it.fact.clone(), entry, presumed })
    }
}
