//! A trust's model is asked, and somebody says in its name what it gives, or that it could not.

use super::{Came, Dialogue, answered};
use crate::commands::answers::Answered;
use crate::said::Stop;
use crate::words::{Words, list, lower_the};
use onward::engine::{AskedModel, EventKind};
use onward::model::{Answer, Name};

impl Dialogue<'_> {
    /// The models that are asked, by what they should find: which model, and what it goes by, in words.
    fn models(&self) -> Vec<(Name, Name, String)> {
        let case = &self.driver.case;
        let words = Words::of(case);
        let from = |asked: &AskedModel| {
            let inputs = asked.from.iter().map(|input| {
                let value = input.value.as_deref();
                let value = value.map_or("not known".to_string(), |value| words.value(&input.fact, value));
                format!("{}: {value}", words.fact_title(&input.fact))
            });
            inputs.collect::<Vec<_>>().join("; ")
        };
        let waiting = case.waiting_models().filter_map(|(fact, asked)| {
            let model = case.shared().fact_named(fact)?.model.as_ref()?.model.clone();
            Some((fact.clone(), model, from(asked)))
        });
        waiting.collect()
    }

    /// Says which models wait for an answer, where any does.
    pub(super) fn say_what_models_wait(&mut self) {
        let names: Vec<String> = self.models().into_iter().map(|(_, model, _)| format!("\"{model}\"")).collect();
        if !names.is_empty() {
            let are = if names.len() == 1 { "A model is asked" } else { "Models are asked" };
            self.terminal.say(&format!("{are}: {}. Answer \"model\", to say what it gives.", list(&names, "and")));
        }
    }

    /// A model answers what it was asked last.
    pub(super) fn model(&mut self) -> Result<Came, Stop> {
        let all = self.models();
        let words = Words::of(&self.driver.case);
        let titles: Vec<String> = all
            .iter()
            .map(|(fact, model, _)| format!("{model}, asked for {}", lower_the(&words.fact_title(fact))))
            .collect();
        let chosen = match all.as_slice() {
            [] => {
                self.terminal.say("No model is asked for anything now.");
                return Ok(Came::Same);
            }
            [_] => 0,
            _ => answered!(self.terminal.choose("Which of these?", &titles)),
        };
        let Some((fact, model, from)) = all.into_iter().nth(chosen) else { return Ok(Came::Same) };
        let words = Words::of(&self.driver.case);
        let wanted = self.driver.case.shared().fact_named(&fact).map_or(String::new(), |it| words.wanted(it));
        let question = format!(
            "The model \"{model}\" is given {from}. {}: {wanted}? What it gives, or blank if it could not.",
            words.fact_title(&fact)
        );
        let answer = match answered!(self.terminal.perhaps(&question)) {
            Some(value) => Answer::Value(value),
            None => {
                let why = "Why could it not? In a few words; blank to go back.";
                Answer::CouldNot(answered!(self.terminal.needed(why)))
            }
        };
        answered!(self.when()?);
        let (version, sha256) = ("as typed".to_string(), "0".repeat(64));
        self.send(EventKind::ModelAnswered { fact, model, version, sha256, asked: None, answer }, None)
    }
}
