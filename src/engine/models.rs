//! Facts that a model finds: when it is asked, when it is asked again, and what becomes of its answer.
//!
//! A model is asked beside those who should find the fact, and is never anybody's next step: whoever leads the step still
//! does it, in its time. *Invariant*: whatever a model answers, or never does, only what is known changes; what its answer
//! records is in the range of the fact, and says which model found it, in which version.

use super::case::{Case, step_id};
use super::event::By;
use super::record::{AskedModel, EntryKind, ModelInput, Open, Reading};
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::{Answer, FactId, NOT_APPLICABLE, Name, found_as};
use crate::workflow::Known;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was run, and what for.
pub(super) struct Ran<'e> {
    pub model: &'e Name,
    pub version: &'e str,
    pub sha256: &'e str,
    pub asked: Option<&'e str>,
}

/// Whether anything is known of what a model goes by.
fn goes_by_something(from: &[ModelInput]) -> bool {
    from.iter().any(|input| input.value.is_some())
}

impl Case {
    /// Asks each model of which something open wants to know, unless it was asked by what is still known.
    pub(super) fn ask_models(&mut self, at: Moment) {
        let program = Arc::clone(&self.program);
        if program.by_models().is_empty() {
            return;
        }
        let open: Vec<String> = self.record.open.iter().map(step_id).collect();
        self.record.models.retain(|_, asked| asked.steps.iter().any(|step| open.contains(step)));
        for fact in program.by_models() {
            self.ask_model(*fact, at);
        }
    }

    fn ask_model(&mut self, fact: FactId, at: Moment) {
        let shared = Arc::clone(&self.shared);
        let Some(model) = shared.facts.get(fact.index()).and_then(|it| it.model.as_ref()) else { return };
        let name = self.fact_name(fact);
        let (steps, anew) = self.wants_model(fact, &name, at);
        if steps.is_empty() || self.record.died {
            return;
        }
        let view = self.holding.at(&shared, at);
        let from: Vec<ModelInput> = model
            .from
            .iter()
            .map(|input| {
                let declared = &shared.facts[input.index()];
                let written = |value| match value {
                    NOT_APPLICABLE => declared.show(value),
                    value => declared.domain.show(value),
                };
                ModelInput { fact: declared.name.clone(), value: view.value(*input).map(written) }
            })
            .collect();
        // There is nothing to go by yet, or any more: then nobody has to answer, and it is asked again as soon as there is.
        if !goes_by_something(&from) {
            if let Some(asked) = self.record.models.get_mut(&name) {
                (asked.from, asked.steps) = (from, steps);
            }
            return;
        }
        if let Some(asked) = self.record.models.get_mut(&name).filter(|asked| !anew && asked.from == from) {
            asked.steps = steps;
            return;
        }
        let read: Vec<Reading> = model.from.iter().map(|it| self.reading(found_as(*it, &shared.facts), at)).collect();
        let model = model.model.clone();
        let entry = self.write(at, EntryKind::ModelAsked { fact: name.clone(), model, from: from.clone(), read });
        self.record.models.insert(name, AskedModel { entry, at, steps, from, answered: None });
    }

    /// The models that were asked and have not answered, by the fact that each should find, with what it goes by. None of
    /// them is waited for: somebody who is asked for the fact may find it all the same.
    pub fn waiting_models(&self) -> impl Iterator<Item = (&Name, &AskedModel)> {
        self.record.models.iter().filter(|(fact, it)| self.is_waiting(fact, it))
    }

    fn is_waiting(&self, fact: &Name, asked: &AskedModel) -> bool {
        asked.answered.is_none() && goes_by_something(&asked.from) && !self.somebody_said(fact, asked)
    }

    /// The next steps for which a model is asked, or is to be; and whether it is to be asked though nothing that it goes
    /// by has changed.
    fn wants_model(&self, fact: FactId, name: &Name, at: Moment) -> (Vec<String>, bool) {
        let asked = self.record.models.get(name);
        let (mut steps, mut anew) = (Vec::new(), asked.is_none());
        for open in &self.record.open {
            let id = step_id(open);
            if let Some(asked) = asked.filter(|asked| asked.steps.contains(&id)) {
                // Somebody knows better, and is not asked again by asking the model.
                if !self.somebody_said(name, asked) {
                    steps.push(id);
                }
            } else if self.still_to_find(open, at).contains(&fact) && !self.said_while_open(name, open) {
                steps.push(id);
                anew |= asked.is_some_and(|asked| asked.answered.is_some());
            }
        }
        (steps, anew)
    }

    /// Whether somebody has said what a fact is since something opened that asks for it afresh.
    fn said_while_open(&self, fact: &Name, open: &Open) -> bool {
        let Some(known) = self.record.facts.get(fact) else { return false };
        let since = self.record.journal.get(known.entry as usize..).unwrap_or_default();
        let opens = |it: &EntryKind| matches!(it, EntryKind::Opened { step, .. } if *step == open.step);
        !since.iter().any(|entry| opens(&entry.what))
    }

    /// Whether somebody has said what a fact is since a model was asked for it.
    fn somebody_said(&self, fact: &Name, asked: &AskedModel) -> bool {
        let known = self.record.facts.get(fact);
        known.is_some_and(|known| known.entry > asked.entry && Some(known.entry) != asked.answered)
    }

    /// A model answers. What does not fit the fact is no error: then the model could not, and the journal says why.
    pub(super) fn model_answered(
        &mut self,
        name: &Name,
        ran: &Ran<'_>,
        answer: &Answer,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let fact = self.shared.fact(name).filter(|fact| self.speaks_of(*fact));
        let declared =
            fact.and_then(|fact| Some((fact, self.shared.facts[fact.index()].model.as_ref()?.model.clone())));
        let asked = self.record.models.get(name).filter(|it| self.is_waiting(name, it)).cloned();
        let (Some((fact, is)), Some(asked)) = (declared, asked) else {
            let asked = self.waiting_models().map(|(it, _)| it.clone()).collect();
            return Err(Refusal::ModelNotAsked { fact: name.clone(), asked });
        };
        if is != *ran.model {
            return Err(Refusal::OtherModel { fact: name.clone(), is, given: ran.model.clone() });
        }
        let id = self.effect_id(asked.entry);
        if ran.asked != Some(id.as_str()) {
            return Err(Refusal::OldAsking { fact: name.clone(), given: ran.asked.map(str::to_string), is: id });
        }
        self.says_what_ran(ran)?;
        let answer = match answer {
            Answer::Value(text) => match self.read_new(fact, text, now) {
                Ok(_) => answer.clone(),
                Err(Refusal::BadValue { error, .. }) => {
                    Answer::CouldNot(format!("what the model gave does not fit: {error}"))
                }
                Err(refusal) => return Err(refusal),
            },
            Answer::CouldNot(reason) => {
                self.needs_reason(name, reason)?;
                answer.clone()
            }
            Answer::Declined(_) | Answer::NotApplicable(_) => {
                let fits = vec!["value".to_string(), "could_not".to_string()];
                let given = "is asked of a model, which gives a value or could not".to_string();
                return Err(Refusal::WrongAnswer { step: name.clone(), given, fits });
            }
        };
        // Nobody found it in a role: what a model says nobody disputes, and whoever says otherwise later is right.
        let found_by = format!("model {} {} (sha256 {})", ran.model, ran.version, ran.sha256);
        let by = By { role: None, source: Some(found_by), ..by.clone() };
        let entry = self.record.journal.len() as u32;
        // It was so when it was asked: what it went by was so then.
        self.record_facts(&BTreeMap::from([(name.clone(), answer)]), asked.at, &by, now)?;
        if let Some(asked) = self.record.models.get_mut(name) {
            asked.answered = Some(entry);
        }
        Ok(())
    }

    /// Refuses what nobody could find again: a model without a version, or without the hash of what was run.
    fn says_what_ran(&self, ran: &Ran<'_>) -> Result<(), Refusal> {
        let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let lacks = if ran.version.trim().is_empty() {
            "does not say its version"
        } else if ran.sha256.len() != 64 || !ran.sha256.chars().all(hex) {
            "does not give the SHA-256 of what was run, 64 digits from `0` to `f`"
        } else {
            return Ok(());
        };
        Err(Refusal::ModelUnnamed { model: ran.model.clone(), lacks: lacks.to_string() })
    }

    /// What was erased is no longer shown by what asks a model either.
    pub(super) fn forget_input(&mut self, fact: FactId, erased: &[u32]) {
        for asked in self.record.models.values_mut().filter(|asked| erased.contains(&asked.entry)) {
            for input in &mut asked.from {
                let of = self.shared.fact(&input.fact).map(|it| found_as(it, &self.shared.facts));
                if of == Some(fact) {
                    input.value = None;
                }
            }
        }
    }
}
