//! Facts that need not apply: each is tied to what it depends on, so that nobody is found to whom it applies and does not.

use super::pose::{Posing, cell};
use super::space::{Cells, Of, set};
use crate::model::{FactId, Ranges, Test};
use crate::workflow::Truth;
use std::collections::BTreeSet;

impl Posing<'_> {
    /// The column of a fact, or the first of those of its options; and by class whether it does not apply, or is known.
    fn column_of(&self, fact: FactId) -> Option<(usize, Vec<Truth>)> {
        let options = || self.options.range((fact, 0)..=(fact, u32::MAX)).next().map(|(_, column)| *column);
        let column = self.facts.get(&fact).copied().or_else(options)?;
        let not_applicable = match &self.problem.columns[column].of {
            Of::Option(..) => 2,
            _ => 0,
        };
        let known = match &self.problem.columns[column].of {
            Of::Fact(_, classes) => classes.len(),
            _ => 3,
        };
        let is = |class: usize| match class {
            _ if class >= known => Truth::Unknown,
            _ if class == not_applicable => Truth::No,
            _ => Truth::Yes,
        };
        Some((column, (0..self.classes(column)).map(is).collect()))
    }

    /// Whether a fact can be unknown at all: as one that may, or one of which it may not be known whether it applies.
    pub(super) fn can_be_unknown(&self, fact: FactId) -> bool {
        let mut can = false;
        let behind = Test::Fact(fact, Ranges::default());
        behind.reads(&self.shared.facts, &self.shared.scores, &mut |it| can |= (self.may_be_unknown)(it));
        can
    }

    /// A fact does not apply just when what it depends on is a definite no, and is unknown while that is (1.2). One that need be
    /// known need be known where it applies.
    pub(super) fn tie_to_what_applies(&mut self) {
        let facts: BTreeSet<FactId> = self.cuts.facts.keys().chain(self.cuts.options.keys()).copied().collect();
        let shared = self.shared;
        for id in facts {
            let Some(applies) = shared.facts.get(id.index()).and_then(|fact| fact.applies.as_ref()) else { continue };
            let told = self.told(&applies.test);
            let Some((column, is)) = self.column_of(id) else { continue };
            for truth in told.values() {
                let fits = |is: Truth| match truth {
                    Truth::Yes if is == Truth::Unknown => (self.may_be_unknown)(id),
                    Truth::Yes => is == Truth::Yes,
                    other => is == other,
                };
                let mut ruled_out = Cells::from([(column, set(is.len(), |class| !fits(is[class])))]);
                ruled_out.extend(cell(&told, truth));
                self.problem.boxes.push(ruled_out);
            }
        }
    }

    /// What is so by the class of an option's column: for no, yes, not applicable and unknown, as far as it has them.
    pub(super) fn of_option<T: Copy>(&self, column: usize, fact: FactId, of: [T; 4]) -> Vec<T> {
        let applies = self.shared.facts.get(fact.index()).is_none_or(|fact| fact.applies.is_none());
        let all = of.into_iter().enumerate().filter(|(class, _)| !(applies && *class == 2)).map(|(_, it)| it);
        all.take(self.classes(column)).collect()
    }
}
