//! When facts apply: read when all facts are there, since one may depend on another; and never on itself.

use super::FactId;
use super::build::Builder;
use super::elapsed::{declared, found_as};
use super::read_condition::Speaks;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, File};

/// How many facts may depend on one another, one after the other.
const MAX_DEPTH: usize = 32;

impl Builder<'_> {
    /// Reads when each fact applies.
    pub(super) fn read_applies(&mut self, files: &[File]) {
        for (number, (file, it)) in declared(files).enumerate() {
            if let Some(fact) = it {
                self.read_when_it_applies(file, number, fact);
            }
        }
        self.no_circles();
    }

    fn read_when_it_applies(&mut self, file: usize, number: usize, it: &tree::Fact) {
        let Some(applies) = &it.applies else { return };
        let condition = self.condition(file, applies, Speaks::WhatApplies);
        if let Some(fact) = self.facts.get_mut(number) {
            fact.applies = Some(condition);
        }
    }

    /// Says which facts depend on themselves, or on too many one after the other; these are taken to apply.
    fn no_circles(&mut self) {
        // By fact: on how many others it depends, one after the other, as far as that is known.
        let mut depth: Vec<Option<usize>> = self.facts.iter().map(|fact| fact.applies.is_none().then_some(0)).collect();
        for _ in 0..MAX_DEPTH {
            for fact in 0..self.facts.len() {
                if depth[fact].is_none() {
                    let behind: Option<Vec<usize>> =
                        self.looked_at(fact).into_iter().map(|it| depth.get(it.index()).copied().flatten()).collect();
                    depth[fact] = behind.map(|behind| 1 + behind.into_iter().max().unwrap_or(0));
                }
            }
        }
        let endless: Vec<usize> = (0..depth.len()).filter(|fact| depth[*fact].is_none()).collect();
        for fact in &endless {
            let circle = self.comes_back(*fact);
            let it = &self.facts[*fact];
            let (name, at) = (it.name.clone(), it.applies.as_ref().map_or(it.at, |applies| applies.at));
            if circle {
                let message = format!("whether `{name}` applies depends on `{name}` itself");
                self.findings.push(
                    Finding::new(Kind::AppliesInCircle, at, message)
                        .help("say when it applies by facts that one can find without it"),
                );
            } else {
                let message = format!("`{name}` depends on more than {MAX_DEPTH} facts, one after the other");
                self.findings.push(Finding::new(Kind::TooDeep, at, message));
            }
        }
        for fact in endless {
            self.facts[fact].applies = None;
        }
    }

    /// The facts that are looked at to see whether a fact applies.
    fn looked_at(&self, fact: usize) -> Vec<FactId> {
        let mut looked_at = Vec::new();
        if let Some(applies) = self.facts.get(fact).and_then(|fact| fact.applies.as_ref()) {
            applies.test.facts(&[], &mut |it| looked_at.push(found_as(it, &self.facts)));
        }
        looked_at
    }

    /// Whether one comes back to a fact, from one to the next that it depends on.
    fn comes_back(&self, fact: usize) -> bool {
        let mut seen = vec![false; self.facts.len()];
        let mut next = self.looked_at(fact);
        while let Some(it) = next.pop() {
            if it.index() == fact {
                return true;
            }
            if let Some(seen) = seen.get_mut(it.index()).filter(|seen| !**seen) {
                *seen = true;
                next.extend(self.looked_at(it.index()));
            }
        }
        false
    }
}
