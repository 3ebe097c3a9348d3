//! A new directory for a running case (5.1, 7.1): who is turned to from now on. Deadlines stay; whoever is asked and is not
//! there any more is not asked any more.

use super::Shared;
use super::answer::Answer;
use super::case::Case;
use super::record::*;
use super::refusal::Refusal;
use super::walk::Said;
use crate::calendar::Moment;
use crate::model::{Directory, Exit, Name, PlaceId, RoleId, Served, Target};
use crate::workflow::Program;
use serde::Serialize;
use std::sync::Arc;

/// What a case runs with: it is played again with what it ran with then.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub program: Arc<Program>,
    pub directory: Arc<Directory>,
    pub directory_hash: Name,
    pub shared: Arc<Shared>,
}

/// Somebody whom a directory would leave with nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Strands {
    /// The step that is open.
    pub step: Name,
    /// Why nobody would do it.
    pub because: String,
}

impl Case {
    /// The world it runs with now.
    pub(super) fn world(&self) -> World {
        World {
            program: Arc::clone(&self.program),
            directory: Arc::clone(&self.directory),
            directory_hash: self.record.directory.hash.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// The steps that are open and that nobody would do with another directory.
    pub(crate) fn would_strand(&self, with: &World, now: Moment) -> Vec<Strands> {
        let mut strands = Vec::new();
        let served = self.served_with(with, now);
        for open in &self.record.open {
            let mut say = |because: String| strands.push(Strands { step: open.step.clone(), because });
            let owner = open.owner.iter().filter_map(|role| self.shared.role_named(role));
            let mut people: Vec<_> = self.must_be_there(open.place, now).chain(owner).collect();
            people.sort_unstable();
            people.dedup();
            for role in people {
                let name = self.role_name(role);
                // Roles are known by their names: another directory may stand in another library.
                let Some(role) = with.shared.role_named(&name) else {
                    say(format!("nobody is `{name}`"));
                    continue;
                };
                let escalates = self.late_ladder(open.place).is_some();
                let in_time = open.due <= now
                    || with.directory.on_duty_for(&served, role, now, open.due, crate::model::A_MOMENT)
                    || open.escalated.is_some();
                if !with.directory.fills(role) {
                    say(format!("nobody fills `{name}`"));
                } else if role != RoleId::PERSON && with.directory.filling_for(&served, role).next().is_none() {
                    say(format!("nobody who fills `{name}` serves the person"));
                } else if !in_time && !escalates {
                    say(format!("nobody who fills `{name}` is on duty before it is due"));
                }
            }
            let meeting = self.place(open.place).kind.within().and_then(crate::model::Deadline::meeting);
            let meeting = meeting.map(|id| self.program.pathway.meeting(id));
            if let Some(name) = meeting.filter(|name| with.directory.meetings.iter().all(|it| it.name != **name)) {
                say(format!("there is no meeting `{name}`"));
            }
            if let Some(asked) = &open.escalated
                && with.directory.ladder(&asked.ladder).is_none()
            {
                say(format!("there is no escalation `{}`", asked.ladder));
            }
        }
        strands
    }

    /// Which contacts of another directory serve the person, by what is known of them now.
    fn served_with(&self, with: &World, now: Moment) -> Served {
        let mut there = self.clone();
        (there.program, there.directory, there.shared) =
            (Arc::clone(&with.program), Arc::clone(&with.directory), Arc::clone(&with.shared));
        there.holding = super::known::Holding::new(there.shared.facts.len(), &there.directory.calendar.zone);
        // What cannot be worked out there is refused when the case is to go on there.
        there.work_out().map_or_else(|_| Served::default(), |()| there.served(now))
    }

    /// The ladder that something open is escalated to when it is late now.
    pub(super) fn late_ladder(&self, place: PlaceId) -> Option<Name> {
        match self.target_now(self.place(place).exits[Exit::Late as usize]?)? {
            Target::Escalate(ladder) => Some(self.program.pathway.ladder(ladder).name.clone()),
            Target::Place(_) | Target::Back | Target::NotDone => None,
        }
    }

    /// Goes on with another directory. What falls due up to now falls due with the one before.
    pub(crate) fn follow_directory(&self, with: World, now: Moment) -> Result<(Case, Answer), Refusal> {
        let mut case = self.clone();
        let from = case.record.journal.len();
        case.advance(now)?;
        if let Some(closed) = &case.record.closed {
            return Err(Refusal::Closed { ending: closed.ending.clone() });
        }
        if now >= with.directory.valid_until {
            return Err(Refusal::PastHorizon {
                directory: with.directory.name.clone(),
                ends: with.directory.valid_until,
            });
        }
        let strands = case.would_strand(&with, now);
        if !strands.is_empty() {
            return Err(Refusal::WouldStrand { directory: with.directory.name.clone(), strands });
        }
        // Nor is anybody to be stranded later.
        let lacks = super::case::lacks_to_go_on(&with.program, &with.directory, &with.shared);
        if !lacks.is_empty() {
            return Err(Refusal::DirectoryLacks { directory: with.directory.name.clone(), lacks });
        }
        let unsealed = case.record.journal.len();
        case.goes_on_with(with, now)?;
        case.seal(unsealed);
        let answer = case.answer(from);
        Ok((case, answer))
    }

    /// Journals another directory, and goes on with it.
    pub(super) fn goes_on_with(&mut self, with: World, now: Moment) -> Result<(), Refusal> {
        let before = self.record.directory.clone();
        let directory = DirectoryRef { name: with.directory.name.clone(), hash: with.directory_hash.clone() };
        self.before.push(self.world());
        (self.program, self.directory, self.shared) = (with.program, with.directory, with.shared);
        self.record.directory = directory.clone();
        self.holding = super::known::Holding::new(self.shared.facts.len(), &self.directory.calendar.zone);
        self.work_out().map_err(|_| Refusal::NotProved { pathway: self.program.pathway.name.clone() })?;
        self.spent = 0;
        self.write(now, EntryKind::Followed { from: before, directory });
        for place in self.record.open.iter().map(|open| open.place).collect::<Vec<_>>() {
            self.no_dead_number(place, now)?;
        }
        for number in 0..self.record.beside.len() {
            self.no_dead_number_beside(number, now);
        }
        self.nothing_to_put_back();
        self.record.revision = self.record.revision.saturating_add(1);
        self.record.now = now;
        Ok(())
    }

    /// Where on its ladder somebody who is asked stands now; nothing when they are not there any more, or may not be shown
    /// what they are asked about.
    fn still_asked(&self, asked: &Escalated, shows: Option<&Name>) -> Option<u32> {
        let ladder = self.directory.ladder(&asked.ladder)?;
        let is_on = |rung: &&crate::model::Rung| {
            let may = |number: &&usize| shows.is_none_or(|fact| self.may_see(**number, fact));
            let contacts = rung.contacts.iter().filter(may);
            let mut contacts = contacts.filter_map(|number| self.directory.contacts.get(*number));
            contacts.any(|contact| contact.name == asked.contact)
        };
        let at = ladder.rungs.iter().enumerate().find(|(_, rung)| is_on(rung))?;
        Some(at.0 as u32)
    }

    /// Whom to ask on a ladder in place of somebody who is not there any more: from the same rung on.
    fn instead_of(&self, asked: &Escalated, shows: Option<&Name>) -> usize {
        let rungs = self.rungs(&asked.ladder, shows);
        (asked.rung as usize).min(rungs.saturating_sub(1))
    }

    /// Somebody who is asked about something open and is not there any more is not asked any more; and what nobody who is
    /// there can do in time is escalated.
    fn no_dead_number(&mut self, place: PlaceId, now: Moment) -> Result<(), Refusal> {
        let Some(open) = self.open_at(place).cloned() else { return Ok(()) };
        let Some(asked) = open.escalated else {
            let takes = self.place(place).kind.takes();
            let served = self.served(now);
            let on_duty = |role| self.directory.on_duty_for(&served, role, now, open.due, takes);
            let there = self.must_be_there(place, now).all(on_duty);
            let late = self.place(place).exits[Exit::Late as usize];
            if !there && open.due > now && self.late_ladder(place).is_some() {
                return self.leave(place, late, Outcome::Late, Because::NobodyOnDuty, Said::default(), now);
            }
            return Ok(());
        };
        match self.still_asked(&asked, None) {
            Some(rung) => {
                if let Some(to) = self.record.open.iter_mut().find(|open| open.place == place) {
                    to.escalated = Some(Escalated { rung, ..asked });
                }
                Ok(())
            }
            None => {
                self.stand_down(place, now);
                let from = self.instead_of(&asked, None);
                self.climb(place, &asked.ladder, from, asked.because, 0, now)
            }
        }
    }

    fn no_dead_number_beside(&mut self, number: usize, now: Moment) {
        let Some(question) = self.record.beside.get(number).cloned() else { return };
        let Some(asked) = question.escalated else { return };
        let shows = question.about.shows();
        let to = match self.still_asked(&asked, shows) {
            Some(rung) => Some(Escalated { rung, ..asked }),
            None => {
                let (step, entry) = (question.step.clone(), question.entry);
                self.write(now, EntryKind::StoodDown { step: step.clone(), entry, contact: asked.contact.clone() });
                let from = self.instead_of(&asked, shows);
                let asked = self.ask_rung(((step, entry), shows), &asked.ladder, from, asked.because, 0, now);
                if asked.is_none() {
                    // Nobody is left on the ladder who may be asked: the role is, as where there is none.
                    self.ask_again(number, now);
                    return;
                }
                asked
            }
        };
        if let Some(kept) = self.record.beside.get_mut(number) {
            kept.escalated = to;
        }
    }
}
