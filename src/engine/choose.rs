//! A role decides: what it may choose now, and what its choice does.

use super::answer::NotNow;
use super::case::Case;
use super::record::{Because, Escalated, Open, Outcome};
use super::refusal::Refusal;
use super::walk::Said;
use crate::calendar::Moment;
use crate::model::{Condition, Decide, FactId, Name, PlaceId, PlaceKind, RoleId, RouteId, Target};
use crate::workflow::{Known, Truth, truth};
use std::sync::Arc;

/// What a role chooses.
pub(super) struct Choice<'c> {
    pub option: &'c Name,
    /// The id of the advice it answers.
    pub advice: Option<&'c str>,
    /// The code that says why it is not what is advised.
    pub otherwise: Option<&'c Name>,
}

impl Case {
    /// The decision of that place.
    pub(super) fn decide_at(&self, decision: PlaceId) -> Option<&Decide> {
        match &self.place(decision).kind {
            PlaceKind::Decide(decide) => Some(decide),
            _ => None,
        }
    }

    /// What the rows of a decision lead to now, each place once, and by which route.
    fn listed(&self, decision: PlaceId) -> Vec<(PlaceId, RouteId)> {
        let mut listed: Vec<(PlaceId, RouteId)> = Vec::new();
        for row in self.decide_at(decision).iter().flat_map(|decide| &decide.rows) {
            if let Some(Target::Place(place)) = self.target_now(row.route)
                && !listed.iter().any(|(it, _)| *it == place)
            {
                listed.push((place, row.route));
            }
        }
        listed
    }

    /// Whether an option may be chosen, and when it may, where that is said.
    fn open_now(&self, decision: PlaceId, option: PlaceId, at: Moment) -> (Truth, Option<&Condition>) {
        let only_when = self.decide_at(decision).and_then(|decide| decide.only_when(option));
        let truth = |it: &Condition| truth(&it.test, &self.holding.at(&self.shared, at), &self.shared.scores);
        (only_when.map_or(Truth::Yes, truth), only_when)
    }

    /// The options of a decision that may be chosen at a moment.
    pub(super) fn options(&self, decision: PlaceId, at: Moment) -> Vec<Name> {
        let may = |(option, _): &(PlaceId, RouteId)| self.open_now(decision, *option, at).0 == Truth::Yes;
        self.listed(decision).into_iter().filter(may).map(|(option, _)| self.place(option).name.clone()).collect()
    }

    /// The options that may not be chosen at a moment, and why not.
    pub(super) fn not_now(&self, decision: PlaceId, at: Moment) -> Vec<NotNow> {
        let closed = self.listed(decision).into_iter().filter_map(|(option, _)| {
            let (verdict, only_when) = self.open_now(decision, option, at);
            let only_when = only_when.filter(|_| verdict != Truth::Yes)?;
            if self.decided_at(decision).any(|open| self.tells_what_is_kept(open, only_when)) {
                return None;
            }
            let only_when = only_when.words.clone();
            Some(NotNow { option: self.place(option).name.clone(), only_when, answer: answer(verdict) })
        });
        closed.collect()
    }

    /// What is open where somebody takes a decision.
    fn decided_at(&self, decision: PlaceId) -> impl Iterator<Item = &Open> {
        let decides = move |open: &&Open| match &self.place(open.place).kind {
            PlaceKind::Choose(choose) => choose.decision == decision,
            _ => false,
        };
        self.record.open.iter().filter(decides)
    }

    /// Whether those who decide something, or must agree with it, would be told what is kept from one of them, if they heard
    /// what a condition comes to (10.23).
    pub(super) fn tells_what_is_kept(&self, open: &Open, condition: &Condition) -> bool {
        let mut roles: Vec<RoleId> = self.place(open.place).kind.people().collect();
        if let PlaceKind::Choose(choose) = &self.place(open.place).kind {
            roles.extend(&choose.with);
        }
        let named = open.owner.iter().cloned().chain(self.must_agree(open.place));
        roles.extend(named.filter_map(|role| self.shared.role_named(&role)));
        let contacts = &self.directory.contacts;
        let by_name = |it: &Escalated| contacts.iter().position(|contact| contact.name == it.contact);
        let asked = open.escalated.as_ref().and_then(by_name);
        let mut told = false;
        let mut see = |fact: FactId| {
            let kept = &self.shared.facts[fact.index()];
            told |= roles.iter().any(|role| kept.kept_from.contains(role));
            told |= asked.is_some_and(|contact| !self.may_see(contact, &kept.name));
        };
        condition.test.reads(&self.shared.facts, &self.shared.scores, &mut see);
        condition.test.facts(&self.shared.scores, &mut see);
        told
    }

    /// A role chooses an option. `step`: what it decides, where more than one thing waits for that.
    pub(super) fn choose(
        &mut self,
        step: Option<&Name>,
        choice: &Choice<'_>,
        said: Said,
        now: Moment,
    ) -> Result<(), Refusal> {
        let place = self.waiting_choice(step, choice)?;
        let option = self.meant(place, choice.option);
        let choice = &Choice { option: &option, ..*choice };
        let program = Arc::clone(&self.program);
        let PlaceKind::Choose(choose) = &program.pathway.place(place).kind else {
            return Err(self.wrong_answer(place, "is not a decision"));
        };
        if let Some(role) = &said.by.role {
            self.is_theirs_to_decide(place, role)?;
        }
        self.answers_the_advice(place, choice)?;
        let mut route = self.option_now(choose.decision, choice.option, now)?;
        if self.waits_for_the_plan(place, &option, &said, now) {
            return Ok(());
        }
        if let Some(row) = self.chose(place, choice, &said, now)? {
            // What is advised is done as the row says.
            let rows = self.decide_at(choose.decision).map_or(&[][..], |decide| &decide.rows);
            let row = (row as usize).checked_sub(1).and_then(|row| rows.get(row));
            route = row.map_or(route, |row| row.route);
        }
        self.leave(place, Some(route), Outcome::Decided, Because::Late, said, now)
    }

    /// Refuses that a role decides what is the person's to decide: nobody does so for them, on a ladder or given it (3.4).
    pub(super) fn is_theirs_to_decide(&self, place: PlaceId, role: &Name) -> Result<(), Refusal> {
        let theirs = self.place(place).kind.is_the_persons_choice();
        if theirs && *role != self.role_name(RoleId::PERSON) {
            return Err(Refusal::ForThePerson { step: self.place(place).name.clone(), role: role.clone() });
        }
        Ok(())
    }

    /// What an answer is about: the step it names, or its advice does; or else what first waits for a decision.
    pub(super) fn waiting_choice(&self, step: Option<&Name>, choice: &Choice<'_>) -> Result<PlaceId, Refusal> {
        // An advice says itself what it is about.
        let of_advice = choice.advice.and_then(|id| id.rsplit_once('.')).map(|(step, _)| Name::from(step));
        if let Some(step) = step.or(of_advice.as_ref()) {
            return self.find_open(step);
        }
        let mut waiting = self.record.open.iter().filter(|open| self.is_choice(open.place));
        let open = || self.record.open.iter().map(|open| open.step.clone()).collect();
        let first = waiting.next().map(|open| open.place);
        first.ok_or_else(|| Refusal::NotOpen { step: "a decision".into(), open: open() })
    }

    /// The route of an option that may be chosen now.
    pub(super) fn option_now(&self, decision: PlaceId, option: &Name, now: Moment) -> Result<RouteId, Refusal> {
        let listed = self.listed(decision);
        let Some((chosen, route)) = listed.iter().find(|(it, _)| self.place(*it).name == *option) else {
            let options = listed.iter().map(|(it, _)| self.place(*it).name.clone()).collect();
            return Err(Refusal::NotAnOption { option: option.clone(), options });
        };
        self.may_choose(decision, *chosen, now)?;
        Ok(*route)
    }

    /// Refuses an option that may not be chosen now (10.26).
    fn may_choose(&self, decision: PlaceId, option: PlaceId, now: Moment) -> Result<(), Refusal> {
        let (verdict, only_when) = self.open_now(decision, option, now);
        let Some(only_when) = only_when.filter(|_| verdict != Truth::Yes) else { return Ok(()) };
        if self.decided_at(decision).any(|open| self.tells_what_is_kept(open, only_when)) {
            let (option, options) = (self.place(option).name.clone(), self.options(decision, now));
            return Err(Refusal::NotAnOption { option, options });
        }
        let view = self.holding.at(&self.shared, now);
        let mut missing: Vec<Name> = Vec::new();
        only_when.test.reads(&self.shared.facts, &self.shared.scores, &mut |fact| {
            let name = self.fact_name(fact);
            if view.value(fact).is_none() && !missing.contains(&name) {
                missing.push(name);
            }
        });
        Err(Refusal::OptionNotOpen {
            option: self.place(option).name.clone(),
            only_when: only_when.words.clone(),
            answer: answer(verdict).to_string(),
            missing: if verdict == Truth::Unknown { missing } else { Vec::new() },
            options: self.options(decision, now),
        })
    }

    fn is_choice(&self, place: PlaceId) -> bool {
        matches!(self.place(place).kind, PlaceKind::Choose(_))
    }
}

/// A condition that is not a definite yes, in words.
fn answer(verdict: Truth) -> &'static str {
    if verdict == Truth::No { "no" } else { "not known yet" }
}
