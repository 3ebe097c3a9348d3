//! A decision that advises: what it advises now, when it advises anew, and how its advice is answered.

use super::answer::{Advised, Agreement, Speaks};
use super::case::{Case, step_id};
use super::choose::Choice;
use super::event::By;
use super::ids::numbered;
use super::record::{Advice, Because, Chose, EntryKind, Open, Outcome, Reading};
use super::refusal::Refusal;
use super::walk::Said;
use crate::calendar::Moment;
use crate::model::{Decide, FactId, Name, PlaceId, PlaceKind, RoleId, Target};
use crate::workflow::{Chosen, Known, Truth, truth};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Case {
    /// The decision that advises at a place, where one does.
    pub(super) fn advising(&self, place: PlaceId) -> Option<PlaceId> {
        match &self.place(place).kind {
            PlaceKind::Choose(choose) if choose.advised => Some(choose.decision),
            _ => None,
        }
    }

    /// Every fact that a decision looks at when it advises: for its rows, its reasons, and its options.
    fn looked_at(&self, decision: PlaceId, decide: &Decide) -> Vec<FactId> {
        let mut facts: Vec<FactId> = self.program.decision(decision).map_or(Vec::new(), |it| it.reads().to_vec());
        let rows = decide.rows.iter().map(|row| &row.condition);
        let reasons = decide.advice.iter().flat_map(|advice| advice.reasons.iter().map(|reason| &reason.when));
        for condition in rows.chain(reasons).chain(decide.only_when.iter().map(|it| &it.condition)) {
            let (shared, mut see) = (&self.shared, |fact: FactId| {
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            });
            condition.test.reads(&shared.facts, &shared.scores, &mut see);
            condition.test.facts(&shared.scores, &mut see);
        }
        facts
    }

    /// A value that somebody was advised by. Of days and years that pass it is said between which values nothing is told
    /// apart, so that a day more is not another advice.
    fn advised_by(&self, fact: FactId, value: i64) -> String {
        let declared = &self.shared.facts[fact.index()];
        match self.program.turning().alike(fact, declared, value) {
            Some((from, to)) if from < to => format!("{} to {}", declared.domain.show(from), declared.show(to)),
            _ => declared.show(value),
        }
    }

    /// What a decision advises at a moment, as the advice of that number.
    fn advice_at(&self, decision: PlaceId, number: u32, at: Moment) -> Option<(Advice, Vec<Reading>)> {
        let (decide, prepared) = (self.decide_at(decision)?, self.program.decision(decision)?);
        let view = self.holding.at(&self.shared, at);
        let (mut row, mut missing) = (None, Vec::new());
        // A question is put to somebody without any advice.
        let taken = if decide.asks.is_some() { Chosen::Nothing } else { prepared.take(&view, &self.shared.scores) };
        match taken {
            Chosen::Row(chosen) => row = Some(chosen),
            Chosen::NotKnown(_) => {
                let facts = prepared.missing(&decide.rows, &view, &self.shared.facts, &self.shared.scores);
                missing = facts.into_iter().map(|fact| self.fact_name(fact)).collect();
            }
            Chosen::Nothing => {}
        }
        let target = row.and_then(|row| self.target_now(decide.rows.get(row as usize)?.route));
        let advises = match target {
            Some(Target::Place(place)) => Some(self.place(place).name.clone()),
            _ => None,
        };
        let (mut knew, mut read) = (BTreeMap::new(), Vec::new());
        for fact in self.looked_at(decision, decide) {
            if let Some(value) = view.value(fact) {
                knew.insert(self.fact_name(fact), self.advised_by(fact, value));
            }
            read.push(self.reading(fact, at));
        }
        Some((Advice { number, advises, row: row.map(|row| row + 1), missing, knew }, read))
    }

    /// Advises whoever decides at a place that has just opened.
    pub(super) fn advise(&mut self, place: PlaceId, at: Moment) {
        let advice = self.advising(place).and_then(|decision| self.advice_at(decision, 1, at));
        if let Some((advice, read)) = advice {
            self.write_advice(place, advice, read, at);
        }
    }

    fn write_advice(&mut self, place: PlaceId, advice: Advice, read: Vec<Reading>, at: Moment) {
        let Some(open) = self.record.open.iter_mut().find(|open| open.place == place) else { return };
        open.advice = Some(advice.clone());
        // What was agreed was agreed to another advice.
        open.agreed.clear();
        let (step, entry) = (open.step.clone(), open.entry);
        self.write(at, EntryKind::Advised { step, entry, advice, read });
    }

    /// Advises anew wherever something that a decision looks at has changed (3.3). The next step stays.
    pub(super) fn advise_anew(&mut self, at: Moment) {
        let advised = self.record.open.iter().filter_map(|open| Some((open.place, open.advice.as_ref()?.number)));
        for (place, number) in advised.collect::<Vec<_>>() {
            let Some(decision) = self.advising(place) else { continue };
            let Some((now, read)) = self.advice_at(decision, number, at) else { continue };
            let stands = self.open_at(place).and_then(|open| open.advice.as_ref());
            if stands != Some(&now) {
                let advice = Advice { number: number.saturating_add(1), ..now };
                self.write_advice(place, advice, read, at);
            }
        }
    }

    /// The advice of something open, for whoever decides.
    pub(super) fn advised(&self, open: &Open) -> Option<Advised> {
        let advice = open.advice.as_ref()?;
        let of = self.decide_at(self.advising(open.place)?)?.advice.as_ref()?;
        let view = self.holding.at(&self.shared, self.record.now);
        let holds = |it: &&crate::model::Reason| truth(&it.when.test, &view, &self.shared.scores) == Truth::Yes;
        // Nobody is told by a reason what is kept from them.
        let shown = |it: &&crate::model::Reason| !self.tells_what_is_kept(open, &it.when);
        let reasons = of.reasons.iter().filter(holds).filter(shown).map(|reason| self.speaks(reason));
        Some(Advised {
            id: advice_id(open, advice),
            advises: advice.advises.clone(),
            reasons: reasons.collect(),
            otherwise: of.otherwise.clone(),
            agreed: self
                .must_agree(open.place)
                .into_iter()
                .chain(self.waits_already(open))
                .map(|role| {
                    let to = open.agreed.get(&role).cloned();
                    Agreement { role, to }
                })
                .collect(),
        })
    }

    /// The roles that must agree with what is decided at a place.
    pub(super) fn must_agree(&self, place: PlaceId) -> Vec<Name> {
        let decide = self.advising(place).and_then(|decision| self.decide_at(decision));
        let by = decide.and_then(Decide::agreed).map_or(&[][..], |agreed| &agreed.by);
        by.iter().map(|role| self.role_name(*role)).collect()
    }

    /// The place somebody agrees or disagrees at, where that role is asked to.
    fn asked_to_agree(&self, step: Option<&Name>, role: &Name, choice: &Choice<'_>) -> Result<PlaceId, Refusal> {
        let place = self.waiting_choice(step, choice)?;
        self.check_role(role)?;
        let asked = self.must_agree(place);
        if !asked.contains(role) {
            return Err(Refusal::NotAsked { role: role.clone(), asked });
        }
        self.answers_the_advice(place, choice)?;
        Ok(place)
    }

    /// Somebody who must agree agrees to an option that may be chosen now.
    pub(super) fn agree(
        &mut self,
        step: Option<&Name>,
        role: &Name,
        choice: &Choice<'_>,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let place = self.asked_to_agree(step, role, choice)?;
        let option = self.meant(place, choice.option);
        let choice = &Choice { option: &option, ..*choice };
        let decision = self.advising(place).unwrap_or(place);
        self.option_now(decision, choice.option, now)?;
        self.agrees_to_the_plan(place, &option)?;
        let Some(open) = self.record.open.iter_mut().find(|open| open.place == place) else { return Ok(()) };
        open.agreed.insert(role.clone(), choice.option.clone());
        let (step, entry, option) = (open.step.clone(), open.entry, choice.option.clone());
        self.write(now, EntryKind::Agreed { step, entry, role: role.clone(), option, by: by.clone() });
        self.goes_on_when_agreed(place, choice, by, now)
    }

    /// Somebody who had agreed does not any more: nobody else takes that back (10.43).
    pub(super) fn no_longer_agrees(
        &mut self,
        step: Option<&Name>,
        role: &Name,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let choice = Choice { option: role, advice: None, otherwise: None };
        let place = self.waiting_choice(step, &choice)?;
        self.check_role(role)?;
        let Some(open) = self.open_at(place) else { return Ok(()) };
        if !open.agreed.contains_key(role) {
            let asked = open.agreed.keys().cloned().collect();
            return Err(Refusal::NotAsked { role: role.clone(), asked });
        }
        let (step, entry) = (open.step.clone(), open.entry);
        if !self.is_their_agreement((&step, entry), role, by) {
            return Err(Refusal::NotTheirAgreement { step, role: role.clone() });
        }
        if let Some(open) = self.record.open.iter_mut().find(|open| open.place == place) {
            open.agreed.remove(role);
        }
        self.write(now, EntryKind::NotAgreedAnyMore { step, entry, role: role.clone(), by: by.clone() });
        Ok(())
    }

    /// Whether it was they who agreed for a role: whoever said so, in the same role and, where it was said, the same person;
    /// and that role itself, where another said it for them. There is one person, whoever writes down what they say.
    fn is_their_agreement(&self, (step, entry): (&Name, u32), role: &Name, by: &By) -> bool {
        let said = self.record.journal.iter().rev().find_map(|it| match &it.what {
            EntryKind::Agreed { step: at, entry: times, role: of, by, .. }
                if at == step && *times == entry && of == role =>
            {
                Some(by)
            }
            _ => None,
        });
        let itself = by.role.as_ref() == Some(role);
        let person = *role == self.role_name(RoleId::PERSON);
        match said {
            Some(said) if said.role.as_ref().is_some_and(|it| it != role) => {
                itself || (said.role == by.role && (said.who.is_none() || said.who == by.who))
            }
            Some(said) => {
                (itself || said.role == by.role) && (person && itself || said.who.is_none() || said.who == by.who)
            }
            // Who said it was erased: it was said for this role.
            None => itself,
        }
    }

    /// Somebody who must agree disagrees: it is not decided here.
    pub(super) fn disagree(
        &mut self,
        step: Option<&Name>,
        role: &Name,
        choice: &Choice<'_>,
        said: Said,
        now: Moment,
    ) -> Result<(), Refusal> {
        let place = self.asked_to_agree(step, role, choice)?;
        let named = self.place(place).name.clone();
        self.needs_reason(&named, said.reason.as_deref().unwrap_or(""))?;
        let decide = self.advising(place).and_then(|decision| self.decide_at(decision));
        let route = decide.and_then(Decide::agreed).map(|agreed| agreed.disagree);
        self.leave(place, route, Outcome::Disagreed, Because::Refused, said, now)
    }

    /// A reason, by names.
    pub(super) fn speaks(&self, reason: &crate::model::Reason) -> Speaks {
        Speaks {
            option: self.place(reason.option).name.clone(),
            against: reason.against,
            from: self.role_name(reason.from),
            text: reason.text.clone(),
        }
    }

    /// Refuses an answer that names no advice, or an outdated one.
    pub(super) fn answers_the_advice(&self, place: PlaceId, choice: &Choice<'_>) -> Result<(), Refusal> {
        let Some(open) = self.open_at(place) else { return Ok(()) };
        let Some(advice) = &open.advice else {
            let nothing = choice.advice.is_none() && choice.otherwise.is_none();
            return if nothing { Ok(()) } else { Err(Refusal::NoAdvice { step: open.step.clone() }) };
        };
        let is = advice_id(open, advice);
        if choice.advice == Some(is.as_str()) {
            return Ok(());
        }
        let (step, given, advises) = (open.step.clone(), choice.advice.map(str::to_string), advice.advises.clone());
        Err(Refusal::OldAdvice { step, given, is, advises })
    }

    /// Records what was chosen, where it was advised; what is chosen otherwise needs one of the codes and a few words
    /// (3.3). The row that was followed, where one was.
    pub(super) fn chose(
        &mut self,
        place: PlaceId,
        choice: &Choice<'_>,
        said: &Said,
        now: Moment,
    ) -> Result<Option<u32>, Refusal> {
        let program = Arc::clone(&self.program);
        let decision = self.advising(place).map(|decision| &program.pathway.place(decision).kind);
        let (Some(PlaceKind::Decide(Decide { advice: Some(of), .. })), Some(open)) = (decision, self.open_at(place))
        else {
            return Ok(None);
        };
        let Some(advice) = &open.advice else { return Ok(None) };
        let (advised, row) = (advice.advises.clone(), advice.row);
        let chose = Chose {
            step: open.step.clone(),
            entry: open.entry,
            advice: advice_id(open, advice),
            advised: advised.clone(),
            option: choice.option.clone(),
            otherwise: None,
            agreed: self.must_agree_to(place, choice.option),
        };
        let lacks = |role: &&Name| open.agreed.get(*role) != Some(choice.option);
        let lacking: Vec<Name> = chose.agreed.iter().filter(lacks).cloned().collect();
        if !lacking.is_empty() {
            return Err(Refusal::NotAgreed { option: choice.option.clone(), lacking });
        }
        let otherwise = choice.otherwise.filter(|_| chose.is_override()).cloned();
        let chose = Chose { otherwise, ..chose };
        let listed = choice.otherwise.is_none_or(|code| of.otherwise.contains(code));
        let words = said.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        let why = choice.otherwise.is_some() && words;
        if !listed || (chose.is_override() && !why) {
            let (option, codes) = (choice.option.clone(), of.otherwise.clone());
            return Err(Refusal::OtherwiseWhy { advised, option, codes });
        }
        let follows = chose.advised.as_ref() == Some(choice.option);
        self.write(now, EntryKind::Chose(chose));
        Ok(row.filter(|_| follows))
    }
}

/// The id of an advice: the next step's, and how often it was advised.
fn advice_id(open: &Open, advice: &Advice) -> String {
    numbered(&step_id(open), '.', advice.number)
}
