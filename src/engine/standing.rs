//! Where a case stands: its next steps, by whom and by when, and when something is next due.

use super::answer::{NextStep, NextSteps, Standing, Work};
use super::case::{Case, next_due, step_id};
use super::record::*;
use crate::calendar::Moment;
use crate::model::{self, Contact, Exit, Name, PlaceId, PlaceKind, RouteId, Served, Target};
use crate::workflow::served;

impl Case {
    /// When something is next due: a deadline, an answer of a ladder, a fact that goes stale, or a
    /// number of days or years that changes and is waited for. The host calls
    /// [`Case::advance`] then. Nothing once the case is closed.
    pub fn due(&self) -> Option<Moment> {
        if self.record.closed.is_some() {
            return None;
        }
        let deadlines = self.record.open.iter().map(next_due);
        deadlines.chain(self.next_beside()).chain(self.next_turn(self.record.now)).min()
    }

    /// The first moment after another at which something is otherwise by itself: a fact is no longer good, or a number of
    /// days or years that is waited for comes to another value.
    pub(super) fn next_turn(&self, now: Moment) -> Option<Moment> {
        self.holding.next_stale(now).into_iter().chain(self.next_birthday(now)).min()
    }

    fn next_birthday(&self, now: Moment) -> Option<Moment> {
        let zone = &self.directory.calendar.zone;
        self.program.turning().next(&self.known(now), &self.shared.facts, now, zone)
    }

    /// Where the case stands.
    pub fn standing(&self) -> Standing {
        if let Some(closed) = &self.record.closed {
            return Standing::Closed(closed.clone());
        }
        if let Some(stranded) = &self.record.stranded {
            return Standing::Stranded(stranded.clone());
        }
        let steps = self.record.open.iter().filter(|open| self.is_work(open));
        let stranded = || {
            Standing::Stranded(Stranded {
                decision: self.program.pathway.name.clone(),
                since: self.record.now,
                missing: Vec::new(),
                place: PlaceId::default(),
            })
        };
        let steps = steps.map(|open| self.next_step(open));
        let beside = self.record.beside.iter().map(|question| self.next_question(question));
        // What is asked beside the pathway is no way on.
        let beside = beside.filter(|_| !self.record.open.is_empty());
        NextSteps::new(steps.chain(beside)).map_or_else(stranded, Standing::Next)
    }

    /// Which contacts of the directory serve the person, by what is known of them at a moment.
    pub fn served(&self, at: Moment) -> Served {
        served(&self.directory, &self.holding.at(&self.shared, at), &self.shared.scores)
    }

    /// The contacts that fill a role for the person at a moment, in the directory's order.
    pub fn filling(&self, role: &str, at: Moment) -> Vec<&Contact> {
        let role = self.shared.role_named(role);
        role.map_or(Vec::new(), |role| self.directory.filling_for(&self.served(at), role).collect())
    }

    /// Where the person is, as far as the pathway has said so: a place of `distance from home`.
    pub fn lives_at(&self) -> Option<&Name> {
        self.record.journal.iter().rev().find_map(|entry| match &entry.what {
            EntryKind::IsAt { at, .. } => Some(at),
            _ => None,
        })
    }

    /// The next steps; nothing once the case is closed, or where a draft found no way on.
    pub fn next(&self) -> Option<NextSteps> {
        match self.standing() {
            Standing::Next(steps) => Some(steps),
            Standing::Closed(_) | Standing::Stranded(_) => None,
        }
    }

    /// The next step of that name, where it is one.
    pub fn next_named(&self, step: &str) -> Option<NextStep> {
        if self.record.closed.is_some() || self.record.stranded.is_some() {
            return None;
        }
        let open = self.record.open.iter().find(|open| open.step == *step && self.is_work(open))?;
        Some(self.next_step(open))
    }

    fn next_step(&self, open: &Open) -> NextStep {
        let place = self.place(open.place);
        let finds = self.still_to_find(open, self.record.now).into_iter().map(|fact| self.fact_name(fact)).collect();
        let work = match &place.kind {
            PlaceKind::HandOver(hand_over) => Work::Accept { by: self.role_name(hand_over.to) },
            PlaceKind::Choose(choose) => {
                let now = self.record.now;
                let (options, not_now) = (self.options(choose.decision, now), self.not_now(choose.decision, now));
                let advised = open.advice.as_ref().map_or(&open.missing, |advice| &advice.missing);
                Work::Decide { options, missing: advised.clone(), not_now, advice: self.advised(open).map(Box::new) }
            }
            PlaceKind::Step(step) if step.meanwhile => Work::BeThere,
            kind if kind.waits() => Work::Wait,
            _ => Work::Do,
        };
        let owner = match &open.escalated {
            Some(escalated) => escalated.contact.clone(),
            None => open.owner.clone().unwrap_or_else(|| "person".into()),
        };
        let branch = place.in_branch.and_then(|branch| self.program.pathway.block_of(branch));
        let part_of = place.kind.branch_of().or(branch).map(|block| self.place(block).name.clone());
        NextStep {
            id: step_id(open),
            step: open.step.clone(),
            title: place.title.clone(),
            work,
            owner,
            escalated_to: open.escalated.as_ref().map(|it| it.contact.clone()),
            escalated_because: open.escalated.as_ref().map(|it| it.because),
            since: open.opened,
            due: next_due(open),
            if_late: self.if_late(open, place),
            not_without: self.needed(open.place, self.record.now),
            finds,
            part_of,
        }
    }

    fn next_question(&self, question: &Question) -> NextStep {
        let work = match &question.about {
            About::Disputed { fact } => {
                let found = self.record.disputed.get(fact).cloned().unwrap_or_default();
                Work::Settle { fact: fact.clone(), found }
            }
            About::Review { decision, was, would, .. } => {
                Work::Review { decision: decision.clone(), was: *was, would: *would }
            }
        };
        let asked = question.escalated.as_ref();
        NextStep {
            id: question.id(),
            step: question.step.clone(),
            title: self.question_title(question),
            work,
            owner: asked.map_or(&question.owner, |asked| &asked.contact).clone(),
            escalated_to: asked.map(|asked| asked.contact.clone()),
            escalated_because: asked.map(|asked| asked.because),
            since: question.opened,
            due: question.next_due(),
            if_late: self.if_unanswered(question),
            not_without: Vec::new(),
            finds: Vec::new(),
            part_of: None,
        }
    }

    fn if_late(&self, open: &Open, place: &model::Place) -> String {
        if let Some(escalated) = &open.escalated {
            return self.if_not_answered(escalated, None);
        }
        place.exits[Exit::Late as usize].map_or(String::new(), |route| self.target_words(route))
    }

    /// Who is asked when whoever is asked on a ladder does not answer, in words.
    pub(super) fn if_not_answered(&self, escalated: &Escalated, shows: Option<&Name>) -> String {
        let ladder = self.directory.ladder(&escalated.ladder);
        let rungs = ladder.and_then(|ladder| ladder.rungs.get(escalated.rung as usize + 1..));
        let may = |rung: &&model::Rung| {
            shows.is_none_or(|fact| rung.contacts.iter().any(|number| self.may_see(*number, fact)))
        };
        match rungs.unwrap_or_default().iter().find(may) {
            Some(rung) => format!("ask {}", rung.name),
            None => format!("ask {} again", escalated.contact),
        }
    }

    /// Where a route leads now, in words: the way behind a count that is used up is not shown before it is.
    fn target_words(&self, route: RouteId) -> String {
        let pathway = &self.program.pathway;
        match self.target_now(route) {
            Some(Target::Place(place)) => self.place(place).name.to_string(),
            Some(Target::Escalate(ladder)) => ["escalate to ", &pathway.ladder(ladder).name].concat(),
            Some(Target::Back) => "back to the decision".to_string(),
            Some(Target::NotDone) | None => "counts as not done".to_string(),
        }
    }
}
