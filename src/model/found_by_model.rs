//! Facts that a model finds: a score that a trust brings, and that is worked out beside the engine.
//!
//! Such a fact is a number like any other to conditions, scores and proofs: it is in its range, or it is not known. What it
//! goes by are other facts. That a model finds it takes nothing from those who may find it, so nothing that is proved
//! hangs on the model.

use super::build::Builder;
use super::elapsed::declared;
use super::symbols::{What, place};
use super::value::Domain;
use super::{FactId, Name};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, File, Text};
use serde::Serialize;

/// The most facts a model goes by: more than any score that people use.
const MAX_INPUTS: usize = 100;

/// A model that finds a fact, and what it goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundByModel {
    /// The model, as the trust calls it.
    pub model: Name,
    /// What it goes by, in the order of the file.
    pub from: Vec<FactId>,
}

impl Builder<'_> {
    /// Reads what models go by, when all facts are there. A model that goes by what it finds itself is none.
    pub(super) fn read_models(&mut self, files: &[File]) {
        let mut written = Vec::new();
        for (number, (file, it)) in declared(files).enumerate() {
            let Some((it, model)) = it.and_then(|it| Some((it, it.model.as_deref()?))) else { continue };
            // Of what follows from a date that says nothing, and was said already.
            let found = if it.elapsed.is_some() { None } else { self.one_model(file, it, model) };
            if let Some(fact) = self.facts.get_mut(number).filter(|_| found.is_some()) {
                fact.model = found;
                written.push((number, file, it));
            }
        }
        let circles = written.into_iter().filter(|(number, ..)| self.goes_by_itself(*number));
        let circles: Vec<(usize, usize, &tree::Fact)> = circles.collect();
        for (number, file, it) in circles {
            let name = &it.name.text;
            let message = format!("`{name}` is found by a model that goes by `{name}` itself");
            self.findings.push(
                Finding::new(Kind::ComputedInCircle, place(file, it.name.at), message)
                    .help("let it go by what somebody can find without it"),
            );
            if let Some(fact) = self.facts.get_mut(number) {
                fact.model = None;
            }
        }
    }

    fn one_model(&mut self, file: usize, it: &tree::Fact, model: &(Text, Vec<tree::Word>)) -> Option<FoundByModel> {
        let (name, (called, words)) = (&it.name.text, model);
        let mut wrong = |kind: Kind, at, message: String, help: &str| {
            self.findings.push(Finding::new(kind, place(file, at), message).help(help));
        };
        if !matches!(it.kind, tree::FactType::Number(..)) {
            let message = format!("`{name}` is no number, and a model finds a number");
            let help = "give it a range of numbers, such as `0 to 100`; let a table make of that what it means";
            wrong(Kind::WrongType, it.name.at, message, help);
            return None;
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if called.text.is_empty() || !called.text.chars().all(fits) {
            let message = format!("`{}` is no name for a model", called.text);
            wrong(Kind::WrongType, called.at, message, "a name is of letters, digits, `_`, `-` and `.`");
            return None;
        }
        if words.len() > MAX_INPUTS {
            let message = format!("the model goes by {} facts; {MAX_INPUTS} can be", words.len());
            wrong(Kind::TooLarge, called.at, message, "leave out what it does not need");
            return None;
        }
        let mut from: Vec<FactId> = Vec::new();
        for word in words {
            let (_, id) = self.symbols.look_up(&[What::Fact], file, word, &mut self.findings)?;
            let input = self.facts.get(id as usize)?;
            let finding = match &input.domain {
                Domain::Text => Some((Kind::WrongType, "is the person's own words, which no model goes by")),
                Domain::Document => Some((Kind::WrongType, "is a document, which no model goes by")),
                _ if from.contains(&FactId(id)) => Some((Kind::SaidTwice, "is said twice")),
                _ => None,
            };
            if let Some((kind, why)) = finding {
                let message = format!("`{}` {why}", word.text);
                self.findings.push(Finding::new(kind, place(file, word.at), message));
                return None;
            }
            from.push(FactId(id));
        }
        Some(FoundByModel { model: Name::from(&called.text), from })
    }

    /// Whether one comes back to a fact, from one to the next that its model goes by.
    fn goes_by_itself(&self, fact: usize) -> bool {
        let behind = |fact: usize| {
            let of = self.facts.get(fact).and_then(|fact| fact.model.as_ref());
            of.into_iter().flat_map(|model| model.from.iter().map(|it| it.index()))
        };
        let mut seen = vec![false; self.facts.len()];
        let mut next: Vec<usize> = behind(fact).collect();
        while let Some(it) = next.pop() {
            if it == fact {
                return true;
            }
            if seen.get(it) == Some(&false) {
                seen[it] = true;
                next.extend(behind(it));
            }
        }
        false
    }
}
