//! A trust's own risk model, run in the same kind of sandbox as the engine: what it goes by in, a number out, or why not.
//!
//! *Invariants*: nothing is linked to a model, so it can reach nothing; every run has an instance of its own, so that nothing
//! of one person is there when the next is scored; whatever a model does, an event comes of it that the engine takes.

use crate::bindings::risk_model::exports::onward::risk_model::scoring::{Input, Kind};
use crate::bindings::risk_model::{RiskModel, RiskModelPre};
use crate::cache;
use crate::fault::Fault;
use crate::sandbox::{Clock, Limits, State, engine, fault, refill};
use onward::engine::{Effect, EffectKind, Event, EventKind, ModelInput, Shared};
use onward::model::{Answer, Domain, Fact};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

/// The longest number that is read, and the longest reason that is kept, in bytes.
const LONGEST: (usize, usize) = (64, 500);

/// What a model says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name: the one that facts give.
    pub name: String,
    /// Its version, which is recorded with everything it finds.
    pub version: String,
    /// What it goes by: names, and what values they have, in words.
    pub inputs: Vec<(String, &'static str)>,
    /// The least it gives.
    pub least: String,
    /// The most it gives.
    pub most: String,
    /// From one value to the next.
    pub step: String,
}

/// A model that is ready to be run. It can be shared by threads, and cloned for nothing.
#[derive(Clone)]
pub struct Model {
    engine: Engine,
    pre: RiskModelPre<State>,
    limits: Limits,
    sha256: String,
    says: Description,
    _clock: Arc<Clock>,
}

impl Model {
    /// Limits that are wide for a score: a second or two, and 64 MiB.
    pub fn limits() -> Limits {
        Limits { fuel: 2_000_000_000, milliseconds: 5_000, memory: 64 * 1024 * 1024, ..Limits::default() }
    }

    /// Compiles a component of `wit/risk-model`, and asks what it is.
    ///
    /// # Errors
    /// [`Fault::NotTheComponent`], [`Fault::Imports`], and what stops it when it is asked.
    pub fn new(component: &[u8], limits: Limits) -> Result<Model, Fault> {
        let engine = engine()?;
        let compiled: Component = cache::compile(&engine, component)?;
        let wants = compiled.component_type();
        let wants: Vec<String> = wants.imports(&engine).map(|(name, _)| format!("`{name}`")).collect();
        if !wants.is_empty() {
            return Err(Fault::Imports(wants.join(", ")));
        }
        let other = |error: wasmtime::Error| Fault::NotTheComponent(format!("{error:#}"));
        let pre = RiskModelPre::new(Linker::new(&engine).instantiate_pre(&compiled).map_err(other)?).map_err(other)?;
        let clock = Arc::new(Clock::start(&engine));
        let sha256 = Sha256::digest(component).iter().map(|byte| format!("{byte:02x}")).collect();
        let nothing = String::new;
        let says = Description {
            name: nothing(),
            version: nothing(),
            inputs: Vec::new(),
            least: nothing(),
            most: nothing(),
            step: nothing(),
        };
        let model = Model { engine, pre, limits, sha256, says, _clock: clock };
        let it = model.enter(|model, store| model.onward_risk_model_scoring().call_describe(store))?;
        let inputs = it.inputs.into_iter().map(|input| (input.name, in_words(input.kind))).collect();
        let (name, version, least, most, step) = (it.name, it.version, it.least, it.most, it.step);
        if name.trim().is_empty() || version.trim().is_empty() {
            return Err(Fault::Odd("the model does not say its name and its version".to_string()));
        }
        Ok(Model { says: Description { name, version, inputs, least, most, step }, ..model })
    }

    /// What it says of itself.
    pub fn describes(&self) -> &Description {
        &self.says
    }

    /// The SHA-256 of its component, which is recorded with everything it finds.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What does not fit between the model and a fact that it is to find, each in one sentence; nothing when all does. For a
    /// host that attaches it, so that it learns at its start what it would else learn of somebody.
    pub fn unfit(&self, fact: &Fact, shared: &Shared) -> Vec<String> {
        let says = &self.says;
        let Some(found) = fact.model.as_ref().filter(|it| *it.model == *says.name) else {
            return vec![format!("`{}` is not found by the model `{}`", fact.name, says.name)];
        };
        let mut unfit = Vec::new();
        let (min, max) = fact.domain.bounds();
        // A step has no place in the range, so it is written like the least, as a number.
        let step = match &fact.domain {
            Domain::Number { step, decimals, .. } => onward::model::decimal(*step, *decimals),
            _ => String::new(),
        };
        let own = [("least", fact.domain.show(min)), ("most", fact.domain.show(max)), ("step", step)];
        for ((what, own), theirs) in own.into_iter().zip([&says.least, &says.most, &says.step]) {
            if own != *theirs {
                unfit.push(format!("the {what} of `{}` is {own}, and that of the model {theirs}", fact.name));
            }
        }
        let own = found.from.iter().filter_map(|id| shared.facts.get(id.index()));
        let own: Vec<(&str, &'static str)> = own.map(|fact| (fact.name.as_str(), kind_of(&fact.domain))).collect();
        for (name, kind) in &says.inputs {
            match own.iter().find(|(it, _)| it == name) {
                None => unfit.push(format!("the model goes by `{name}`, which `{}` does not give it", fact.name)),
                Some((_, is)) if is != kind => {
                    unfit.push(format!("`{name}` is {is}, and the model takes {kind}"));
                }
                Some(_) => {}
            }
        }
        let extra = own.iter().filter(|(name, _)| says.inputs.iter().all(|(it, _)| it != name));
        unfit.extend(extra.map(|(name, _)| format!("the model does not go by `{name}`")));
        unfit
    }

    /// Runs it for an effect of a case, and gives the event that answers it; nothing where no model, or another, is asked.
    /// What stops the model is told to the case: it could not, and why.
    pub fn run(&self, effect: &Effect) -> Option<Event> {
        let EffectKind::RunModel { fact, model, from } = &effect.what else { return None };
        if **model != *self.says.name {
            return None;
        }
        let what = EventKind::ModelAnswered {
            fact: fact.clone(),
            model: model.clone(),
            version: self.says.version.clone(),
            sha256: self.sha256.clone(),
            asked: Some(effect.id.clone()),
            answer: self.score(from),
        };
        Some(Event::new(format!("model/{}", effect.id), what))
    }

    /// What it gives, going by this.
    fn score(&self, from: &[ModelInput]) -> Answer {
        let inputs = from.iter().map(|it| Input { name: it.fact.to_string(), value: it.value.clone() });
        let inputs: Vec<Input> = inputs.collect();
        match self.enter(|model, store| model.onward_risk_model_scoring().call_score(store, &inputs)) {
            Ok(Ok(value)) if value.len() <= LONGEST.0 => Answer::Value(value),
            Ok(Ok(value)) => {
                Answer::CouldNot(format!("what the model gave is {} bytes long, and no number", value.len()))
            }
            Ok(Err(reason)) if reason.trim().is_empty() => Answer::CouldNot("the model did not say why".to_string()),
            Ok(Err(reason)) => Answer::CouldNot(shortened(&reason)),
            Err(fault) => Answer::CouldNot(format!("the model was stopped: {fault}")),
        }
    }

    /// Enters a new instance, once.
    fn enter<T>(&self, call: impl FnOnce(&RiskModel, &mut Store<State>) -> wasmtime::Result<T>) -> Result<T, Fault> {
        let mut store = Store::new(&self.engine, State::within(self.limits));
        store.limiter(|state| state);
        refill(&mut store, &self.limits)?;
        let called = self.pre.instantiate(&mut store).and_then(|model| call(&model, &mut store));
        called.map_err(|error| fault(&store, &error))
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Model").field("says", &self.says).field("sha256", &self.sha256).finish_non_exhaustive()
    }
}

/// A reason, no longer than one is kept.
fn shortened(reason: &str) -> String {
    let end = (0..=LONGEST.1.min(reason.len())).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
    reason.get(..end).unwrap_or("").to_string()
}

fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "a number",
        Kind::YesOrNo => "yes or no",
        Kind::OneOf => "one of some options",
        Kind::SeveralOf => "several of some options",
        Kind::Date => "a date",
        Kind::Length => "a length of time",
    }
}

fn kind_of(domain: &Domain) -> &'static str {
    match domain {
        Domain::Number { .. } => in_words(Kind::Number),
        Domain::YesOrNo => in_words(Kind::YesOrNo),
        Domain::OneOf(_) => in_words(Kind::OneOf),
        Domain::SeveralOf(_) => in_words(Kind::SeveralOf),
        Domain::Date { .. } | Domain::DateTime { .. } => in_words(Kind::Date),
        Domain::Length { .. } => in_words(Kind::Length),
        Domain::Text => "a text",
        Domain::Document => "a document",
    }
}
