//! What happens at any time (4.7): looked at after everything that happens, and followed instead of whatever is open, or
//! as well, alongside it.

use super::case::Case;
use super::record::*;
use super::refusal::Refusal;
use super::walk::{Said, Sent};
use crate::calendar::Moment;
use crate::model::{CounterId, Interrupt, MAIN, Name, PlaceId, Road, RouteId, Target};
use crate::workflow::{Truth, truth};
use std::sync::Arc;

impl Case {
    /// Where a road stands, the main one or what is done alongside for something: what is open there and no branch; its
    /// block takes the branches with it.
    pub(super) fn front(&self, road: Road) -> Option<PlaceId> {
        let pathway = &self.program.pathway;
        let on_it = |place: &PlaceId| pathway.road(*place) == road && !pathway.is_branch(*place);
        self.record.open.iter().map(|open| open.place).chain(self.passing).find(on_it)
    }

    /// Looks what has lapsed, and whether anything happens now. What is done as well comes first, so that it is never lost
    /// because something else leads straight to an ending; and again, as that may lead into a call that knows more of it.
    /// What a branch that is a pathway of its own ends with is looked at before its block goes on.
    pub(super) fn look(&mut self, at: Moment) -> Result<(), Refusal> {
        self.look_once(at)?;
        while self.join(at)? {
            self.look_once(at)?;
        }
        Ok(())
    }

    fn look_once(&mut self, at: Moment) -> Result<(), Refusal> {
        self.let_lapse(at);
        let first = self.interrupts(at);
        self.look_alongside(at)?;
        if let Some(number) = first {
            let because = self.record.journal.len().saturating_sub(1) as u32;
            self.interrupt(number, because, at)?;
            self.look_alongside(at)?;
        }
        Ok(())
    }

    /// Looks, before one goes on from where what came of a positive risk was written down, whether that makes anything
    /// happen; whether it leads elsewhere.
    pub(super) fn look_on_the_way(&mut self, place: PlaceId, at: Moment) -> Result<bool, Refusal> {
        let before = self.passing.replace(place);
        let first = self.interrupts(at);
        let looked = self.look_alongside(at);
        self.passing = before;
        looked?;
        if let Some(number) = first {
            let because = self.record.journal.len().saturating_sub(1) as u32;
            self.interrupt(number, because, at)?;
        }
        Ok(first.is_some())
    }

    /// What interrupts now: the first whose condition is a definite yes, and was not when it did the last time. What is a
    /// definite no may happen again.
    pub(super) fn interrupts(&mut self, at: Moment) -> Option<usize> {
        let program = Arc::clone(&self.program);
        if program.pathway.interrupts.is_empty() || self.record.closed.is_some() {
            return None;
        }
        let shared = Arc::clone(&self.shared);
        let mut first = None;
        for (number, it) in program.pathway.interrupts.iter().enumerate() {
            match truth(&it.condition.test, &self.holding.at(&shared, at), &shared.scores) {
                Truth::No => drop(self.record.interrupted.remove(&it.name)),
                Truth::Yes if first.is_none() && !it.as_well => first = self.may_happen(it).then_some(number),
                Truth::Yes | Truth::Unknown => {}
            }
        }
        first.filter(|_| !self.interrupted_now && !self.record.died)
    }

    /// Opens alongside whatever is to be done as well now, in the order of the file: each once at one moment, and not
    /// while it is still done.
    pub(super) fn look_alongside(&mut self, at: Moment) -> Result<(), Refusal> {
        let program = Arc::clone(&self.program);
        let shared = Arc::clone(&self.shared);
        for (number, it) in program.pathway.interrupts.iter().enumerate().filter(|(_, it)| it.as_well) {
            if self.record.closed.is_some() || self.record.died {
                return Ok(());
            }
            let holds = truth(&it.condition.test, &self.holding.at(&shared, at), &shared.scores) == Truth::Yes;
            if holds && self.may_happen(it) && !self.alongside_now.contains(&number) && !self.is_alongside(number) {
                let because = self.record.journal.len().saturating_sub(1) as u32;
                self.open_alongside(number, because, at)?;
            }
        }
        Ok(())
    }

    /// Whether it is in force where its road stands, may happen again, and has not happened as often as it may.
    fn may_happen(&self, it: &Interrupt) -> bool {
        let here = self.front(it.on_road()).is_some_and(|front| self.program.pathway.in_force(it, front));
        here && !self.record.interrupted.contains(&it.name) && self.is_left(it)
    }

    /// Whether something is done alongside for what happens at any time.
    fn is_alongside(&self, number: usize) -> bool {
        let stranded = self.record.stranded.as_ref().map(|it| it.place);
        let places = self.record.open.iter().map(|open| open.place).chain(stranded);
        places.into_iter().any(|place| self.place(place).alongside == Some(number as u32))
    }

    /// Whether anything is done alongside.
    fn anything_alongside(&self) -> bool {
        let stranded = self.record.stranded.as_ref().map(|it| it.place);
        let mut places = self.record.open.iter().map(|open| open.place).chain(stranded);
        places.any(|place| self.place(place).alongside.is_some())
    }

    /// The main road has come to an ending: the case closes, once nothing is done alongside any more.
    pub(super) fn end_of_the_road(&mut self, ended: Closed, because: u32) {
        if self.anything_alongside() {
            self.record.ended = Some(ended.clone());
            self.write(ended.at, EntryKind::RoadEnded { ended, because });
        } else {
            self.close(ended, because);
        }
    }

    pub(super) fn close(&mut self, closed: Closed, because: u32) {
        self.leave_to_the_holder(&closed, closed.at);
        self.record.closed = Some(closed.clone());
        self.write(closed.at, EntryKind::Closed { closed, because });
    }

    /// What was done alongside is over: where the main road has ended and nothing else is done, so is the case.
    pub(super) fn nothing_more(&mut self, at: Moment, because: u32) {
        let number = self.write(at, EntryKind::NothingMore { because });
        if !self.anything_alongside()
            && let Some(ended) = self.record.ended.take()
        {
            self.close(Closed { at, ..ended }, number);
        }
    }

    /// Stands down whatever is done alongside.
    pub(super) fn stand_down_alongside(&mut self, at: Moment) {
        while let Some(place) =
            self.record.open.iter().map(|open| open.place).find(|place| self.place(*place).alongside.is_some())
        {
            self.end(self.program.pathway.opens_with(place), Outcome::StoodDown, Said::default(), at);
        }
        let beside = |it: &Stranded| self.place(it.place).alongside.is_some();
        if self.record.stranded.as_ref().is_some_and(beside) {
            self.record.stranded = None;
        }
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
        if !self.front(it.on_road()).is_some_and(|front| self.program.pathway.in_force(it, front)) {
            return Some("is not in force here");
        }
        let number = self.program.pathway.interrupts.iter().position(|other| other.name == it.name);
        if it.as_well && number.is_some_and(|number| self.is_alongside(number)) {
            return Some("is done already");
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
                match self.program.pathway.interrupts.get(number).is_some_and(|it| it.as_well) {
                    true => self.open_alongside(number, because, now),
                    false => self.interrupt(number, because, now),
                }
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

    /// Stands down what is open on its road, and goes where it leads.
    pub(super) fn interrupt(&mut self, number: usize, because: u32, at: Moment) -> Result<(), Refusal> {
        let Some((route, entry)) = self.happens(number, because, at) else { return Ok(()) };
        self.interrupted_now = true;
        let road = self.program.pathway.interrupts.get(number).map_or(MAIN, Interrupt::on_road);
        if let Some(front) = self.front(road) {
            self.end(front, Outcome::StoodDown, Said::default(), at);
        }
        self.lead_on(route, entry, at)
    }

    /// Goes where it leads, alongside what is open.
    fn open_alongside(&mut self, number: usize, because: u32, at: Moment) -> Result<(), Refusal> {
        let Some((route, entry)) = self.happens(number, because, at) else { return Ok(()) };
        self.alongside_now.push(number);
        self.lead_on(route, entry, at)
    }

    fn lead_on(&mut self, route: RouteId, entry: u32, at: Moment) -> Result<(), Refusal> {
        match self.resolve(route, at) {
            Target::Place(next) => self.enter(next, at, entry, Sent::default()),
            // What else it can lead to is refused when the pathway is compiled.
            Target::Escalate(_) | Target::Back | Target::NotDone => Ok(()),
        }
    }

    /// Writes down that it happens, and what was known; counts it, and gives the route.
    fn happens(&mut self, number: usize, because: u32, at: Moment) -> Option<(RouteId, u32)> {
        let program = Arc::clone(&self.program);
        let it = program.pathway.interrupts.get(number)?;
        let (route, counter) = if self.may_still(it.route.1) { it.route } else { it.then? };
        self.record.interrupted.insert(it.name.clone());
        let mut read = Vec::new();
        it.condition.test.reads(&self.shared.facts, &self.shared.scores, &mut |fact| {
            read.push(self.reading(fact, at));
        });
        let entry = EntryKind::Interrupted(Interrupted { name: it.name.clone(), because, read });
        let entry = self.write(at, entry);
        let counter = &program.pathway.counters[counter.index()];
        let taken = self.record.taken.entry(counter.name.clone()).or_insert(0);
        *taken += 1;
        let (taken, limit) = (*taken, counter.limit);
        self.write(at, EntryKind::Counted { route: counter.name.clone(), taken, limit, used_up: false });
        Some((route, entry))
    }
}
