//! Positive risks (3.4): the person decides, the others agree the plan, and what came of it is a fact that lapses.

use super::case::Case;
use super::choose::Choice;
use super::event::By;
use super::record::{Because, EntryKind, Open, Outcome};
use super::refusal::Refusal;
use super::walk::{Said, Walked};
use crate::calendar::Moment;
use crate::model::{self, Asks, FactId, Name, PlaceId, PlaceKind, PositiveRisk, RouteId, risk};
use crate::workflow::Known;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Case {
    /// What is asked at a place, where it is the question of a positive risk.
    pub(super) fn asks_at(&self, place: PlaceId) -> Option<&Asks> {
        self.program.pathway.asks(place)
    }

    /// The option that is meant: of a positive risk `accepted`, or its name, and `not_accepted` are enough.
    pub(super) fn meant(&self, place: PlaceId, option: &Name) -> Name {
        let asks = self.asks_at(place);
        let is = |asks: &&Asks, word: &str| *option == *word || (word == "accepted" && *option == asks.risk);
        let meant = match asks {
            Some(asks) if is(&asks, "accepted") => Some(asks.accepted),
            Some(asks) if is(&asks, "not_accepted") => Some(asks.not_accepted),
            _ => None,
        };
        meant.map_or_else(|| option.clone(), |place| self.place(place).name.clone())
    }

    /// Whether something is accepted there by choosing that option.
    fn accepts(&self, place: PlaceId, option: &Name) -> bool {
        self.asks_at(place).is_some_and(|asks| self.place(asks.accepted).name == *option)
    }

    /// The roles that must agree to an option: nobody to that a positive risk is not accepted.
    pub(super) fn must_agree_to(&self, place: PlaceId, option: &Name) -> Vec<Name> {
        match self.asks_at(place) {
            Some(_) if !self.accepts(place, option) => Vec::new(),
            _ => self.must_agree(place),
        }
    }

    /// Whether nobody has to agree to an option of something open, so that a player need ask nobody.
    pub(crate) fn needs_no_agreement(&self, step: &Name, option: &Name) -> bool {
        let open = self.record.open.iter().find(|open| open.step == *step);
        open.is_some_and(|open| self.must_agree_to(open.place, &self.meant(open.place, option)).is_empty())
    }

    /// What others agree to is the plan of what is accepted, and nothing else.
    pub(super) fn agrees_to_the_plan(&self, place: PlaceId, option: &Name) -> Result<(), Refusal> {
        let Some(asks) = self.asks_at(place).filter(|_| !self.accepts(place, option)) else { return Ok(()) };
        let options = vec![self.place(asks.accepted).name.clone()];
        Err(Refusal::NotAnOption { option: option.clone(), options })
    }

    /// Who decides about a positive risk, and has accepted it already.
    pub(super) fn waits_already(&self, open: &Open) -> Option<Name> {
        let PlaceKind::Choose(choose) = &self.place(open.place).kind else { return None };
        let role = self.role_name(choose.role);
        (self.asks_at(open.place).is_some() && open.agreed.contains_key(&role)).then_some(role)
    }

    /// Who has not agreed yet to the plan of what is accepted there.
    fn lacking(&self, place: PlaceId, option: &Name) -> Vec<Name> {
        let Some(open) = self.open_at(place) else { return Vec::new() };
        let roles = self.must_agree_to(place, option);
        roles.into_iter().filter(|role| open.agreed.get(role) != Some(option)).collect()
    }

    /// Whoever decides accepts before all have agreed the plan: that is kept, and waits for them. Whether it does.
    pub(super) fn waits_for_the_plan(&mut self, place: PlaceId, option: &Name, said: &Said, now: Moment) -> bool {
        let waits = self.accepts(place, option) && !self.lacking(place, option).is_empty();
        let PlaceKind::Choose(choose) = &self.place(place).kind else { return false };
        let role = self.role_name(choose.role);
        let open = self.record.open.iter_mut().find(|open| open.place == place);
        let Some(open) = open.filter(|_| waits) else { return false };
        open.agreed.insert(role.clone(), option.clone());
        let (step, entry) = (open.step.clone(), open.entry);
        self.write(now, EntryKind::Agreed { step, entry, role, option: option.clone(), by: said.by.clone() });
        true
    }

    /// Goes on where whoever decides has accepted already, and the last of the others has just agreed.
    pub(super) fn goes_on_when_agreed(
        &mut self,
        place: PlaceId,
        choice: &Choice<'_>,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let accepted = self.open_at(place).and_then(|open| self.waits_already(open)).is_some();
        if !accepted || !self.lacking(place, choice.option).is_empty() {
            return Ok(());
        }
        let said = Said { reason: None, by: by.clone() };
        let decision = self.advising(place).unwrap_or(place);
        let route = self.option_now(decision, choice.option, now)?;
        self.chose(place, choice, &said, now)?;
        self.leave(place, Some(route), Outcome::Decided, Because::Late, said, now)
    }

    /// Where one goes when the time passes of what was accepted, and is not agreed: as if somebody had disagreed.
    pub(super) fn never_agreed(&self, place: PlaceId) -> Option<RouteId> {
        self.open_at(place).and_then(|open| self.waits_already(open))?;
        let decide = self.decide_at(self.advising(place)?)?;
        decide.agreed().map(|agreed| agreed.disagree)
    }

    /// Writes down what came of a positive risk.
    pub(super) fn write_what_came(&mut self, fact: FactId, value: i64, at: Moment) {
        let text = self.shared.facts[fact.index()].show(value);
        let facts = BTreeMap::from([(self.fact_name(fact), model::Answer::Value(text))]);
        // The fact and its values are the pathway's own, so there is nothing to refuse.
        let _: Result<(), Refusal> = self.record_facts(&facts, at, &By::default(), at);
    }

    /// Writes down what does not stand any more: what was decided for good is open again, until it is decided anew.
    pub(super) fn let_lapse(&mut self, at: Moment) {
        if self.record.closed.is_some() {
            return;
        }
        let program = Arc::clone(&self.program);
        for fact in program.lapsing() {
            let view = self.holding.at(&self.shared, at);
            if view.recorded(*fact).is_some_and(|value| view.value(*fact) != Some(value)) {
                self.write_what_came(*fact, risk::OPEN, at);
            }
        }
    }

    /// The positive risks that are accepted at a moment, by the person or in their best interests.
    pub fn accepted_risks(&self, at: Moment) -> Vec<Name> {
        let view = self.holding.at(&self.shared, at);
        let accepted = |risk: &&PositiveRisk| view.value(risk.fact).is_some_and(risk::is_accepted);
        self.program.pathway.risks.iter().filter(accepted).map(|risk| risk.name.clone()).collect()
    }

    /// What was accepted is taken back: it is open again, wherever the case stands by now.
    pub(super) fn withdraw_risk(&mut self, what: &Name, by: &By, now: Moment) -> Walked {
        let view = self.holding.at(&self.shared, now);
        let risks = &self.program.pathway.risks;
        let found = risks.iter().find(|risk| risk.name == *what || self.fact_name(risk.fact) == *what);
        let accepted = self.accepted_risks(now);
        let Some(found) = found.filter(|risk| accepted.contains(&risk.name)) else {
            let value = found.and_then(|risk| Some(self.shared.facts[risk.fact.index()].show(view.value(risk.fact)?)));
            return Err(Refusal::NothingToWithdraw { what: what.clone(), is: value, accepted });
        };
        let text = self.shared.facts[found.fact.index()].show(risk::OPEN);
        let facts = BTreeMap::from([(self.fact_name(found.fact), model::Answer::Value(text))]);
        // As what came of it is written down when that is known, so is that it is taken back, whenever that was said.
        self.record_facts(&facts, now, by, now)
    }
}
