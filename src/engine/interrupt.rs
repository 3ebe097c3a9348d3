//! What happens at any time (4.7): looked at after everything that happens, and followed instead of whatever is open.

use super::case::Case;
use super::record::*;
use super::refusal::Refusal;
use super::walk::{Said, Sent};
use crate::calendar::Moment;
use crate::model::{CounterId, Interrupt, Name, PlaceId, PlaceKind, Target};
use crate::workflow::{Truth, truth};
use std::sync::Arc;

impl Case {
    /// The main road: what is open and no branch; its block takes the branches with it.
    pub(super) fn main_road(&self) -> Option<PlaceId> {
        let is_branch = |place| matches!(&self.place(place).kind, PlaceKind::Step(step) if step.branch_of.is_some());
        self.record.open.iter().map(|open| open.place).find(|place| !is_branch(*place))
    }

    /// Looks what has lapsed, and whether anything interrupts now, and follows that.
    pub(super) fn look(&mut self, at: Moment) -> Result<(), Refusal> {
        self.let_lapse(at);
        match self.interrupts(at) {
            Some(number) => {
                let because = self.record.journal.len().saturating_sub(1) as u32;
                self.interrupt(number, because, at)
            }
            None => Ok(()),
        }
    }

    /// What interrupts now: the first whose condition is a definite yes, and was not when it did the last time. What is a
    /// definite no may interrupt again.
    pub(super) fn interrupts(&mut self, at: Moment) -> Option<usize> {
        let program = Arc::clone(&self.program);
        if program.pathway.interrupts.is_empty() || self.record.closed.is_some() {
            return None;
        }
        let shared = Arc::clone(&self.shared);
        let main = self.main_road();
        let mut first = None;
        for (number, it) in program.pathway.interrupts.iter().enumerate() {
            match truth(&it.condition.test, &self.holding.at(&shared, at), &shared.scores) {
                Truth::No => drop(self.record.interrupted.remove(&it.name)),
                Truth::Yes if first.is_none() => {
                    let here = main.is_some_and(|main| program.pathway.in_force(it, main));
                    let again = self.record.interrupted.contains(&it.name);
                    first = (here && !again && self.is_left(it)).then_some(number);
                }
                Truth::Yes | Truth::Unknown => {}
            }
        }
        first.filter(|_| !self.interrupted_now && !self.record.died)
    }

    /// What anyone may raise now: it is in force here, and did not happen as often as it may.
    pub fn may_raise(&self) -> Vec<Name> {
        let interrupts = self.program.pathway.interrupts.iter();
        interrupts.filter(|it| self.why_not_raise(it).is_none()).map(|it| it.name.clone()).collect()
    }

    fn why_not_raise(&self, it: &Interrupt) -> Option<&'static str> {
        if !it.anyone_may_raise {
            return Some("is not for anyone to raise");
        }
        if !self.main_road().is_some_and(|main| self.program.pathway.in_force(it, main)) {
            return Some("is not in force here");
        }
        (!self.is_left(it)).then_some("has happened as often as it may")
    }

    /// Follows what anyone may raise, as if its condition had become a yes.
    pub(super) fn raise(&mut self, what: &Name, now: Moment) -> Result<(), Refusal> {
        if self.record.died {
            return Err(Refusal::AfterDeath);
        }
        let found = self.program.pathway.interrupts.iter().position(|it| it.name == *what);
        let why_not = match found.and_then(|number| self.program.pathway.interrupts.get(number)) {
            Some(it) => self.why_not_raise(it),
            None => Some("is nothing that happens at any time"),
        };
        match (found, why_not) {
            (Some(number), None) => {
                let because = self.record.journal.len().saturating_sub(1) as u32;
                self.interrupt(number, because, now)
            }
            (_, because) => Err(Refusal::NotToRaise {
                what: what.clone(),
                because: because.unwrap_or_default().to_string(),
                may: self.may_raise(),
            }),
        }
    }

    /// Whether it may still happen.
    fn is_left(&self, it: &Interrupt) -> bool {
        self.may_still(it.route.1) || it.then.is_some_and(|(_, counter)| self.may_still(counter))
    }

    fn may_still(&self, counter: CounterId) -> bool {
        let counter = &self.program.pathway.counters[counter.index()];
        self.record.taken.get(&counter.name).copied().unwrap_or(0) < counter.limit
    }

    /// Stands everything down that is open, and goes where it leads.
    pub(super) fn interrupt(&mut self, number: usize, because: u32, at: Moment) -> Result<(), Refusal> {
        let program = Arc::clone(&self.program);
        let Some(it) = program.pathway.interrupts.get(number) else { return Ok(()) };
        let first = self.may_still(it.route.1);
        let Some((route, counter)) = (if first { Some(it.route) } else { it.then }) else { return Ok(()) };
        self.interrupted_now = true;
        self.record.interrupted.insert(it.name.clone());
        let mut read = Vec::new();
        it.condition.test.reads(&self.shared.facts, &self.shared.scores, &mut |fact| {
            let entry = self.holding.entry(fact, at);
            let presumed = entry.is_none() && self.holding.presumed(&self.shared, fact).is_some();
            read.push(Reading { fact: self.fact_name(fact), entry, presumed });
        });
        let entry = EntryKind::Interrupted(Interrupted { name: it.name.clone(), because, read });
        let entry = self.write(at, entry);
        let counter = &program.pathway.counters[counter.index()];
        let taken = self.record.taken.entry(counter.name.clone()).or_insert(0);
        *taken += 1;
        let (taken, limit) = (*taken, counter.limit);
        self.write(at, EntryKind::Counted { route: counter.name.clone(), taken, limit, used_up: false });
        if let Some(main) = self.main_road() {
            self.end(main, Outcome::StoodDown, Said::default(), at);
        }
        match self.resolve(route, at) {
            Target::Place(next) => self.enter(next, at, entry, Sent::default()),
            // What else it can lead to is refused when the pathway is compiled.
            Target::Escalate(_) | Target::Back | Target::NotDone => Ok(()),
        }
    }
}
