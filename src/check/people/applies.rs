//! Facts that need not apply: each is tied to what it depends on, so that nobody is found to whom it applies and does not.

use super::pose::{Posing, cell};
use super::space::{Cells, Of, set};
use crate::model::{FactId, Ranges, Test, risk};
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
        if self.shared.facts.get(fact.index()).is_some_and(|it| it.rests_on.is_some()) {
            // What came of a positive risk is always known: it is open until something has.
            return false;
        }
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

    /// What came of a positive risk stands only while the person is able to decide, or is not (3.4): nobody is found of
    /// whom it is otherwise.
    pub(super) fn tie_to_what_stands(&mut self) {
        let facts: Vec<FactId> = self.cuts.facts.keys().copied().collect();
        for id in facts {
            let Some(able) = self.shared.facts.get(id.index()).and_then(|fact| fact.rests_on) else { continue };
            let (Some(of), Some(is)) = (self.facts.get(&id).copied(), self.facts.get(&able).copied()) else { continue };
            let (Of::Fact(_, values), Of::Fact(_, ables)) =
                (&self.problem.columns[of].of, &self.problem.columns[is].of)
            else {
                continue;
            };
            let mut ruled_out = Vec::new();
            for value in risk::OPEN..=risk::NOT_AGREED {
                let holds = |class: usize| {
                    ables.get(class).is_some_and(|(from, to)| (*from..=*to).any(|able| risk::stands(value, Some(able))))
                };
                // A class with more values than this one may be another of them.
                let only = |class: usize| values.get(class).is_some_and(|(from, to)| (*from, *to) == (value, value));
                let column = set(self.classes(of), only);
                let against = set(self.classes(is), |class| !(holds(class) || risk::stands(value, None)));
                ruled_out.push(Cells::from([(of, column), (is, against)]));
            }
            self.problem.boxes.extend(ruled_out);
        }
    }

    /// What is so by the class of an option's column: for no, yes, not applicable and unknown, as far as it has them.
    pub(super) fn of_option<T: Copy>(&self, column: usize, fact: FactId, of: [T; 4]) -> Vec<T> {
        let applies = self.shared.facts.get(fact.index()).is_none_or(|fact| fact.applies.is_none());
        let all = of.into_iter().enumerate().filter(|(class, _)| !(applies && *class == 2)).map(|(_, it)| it);
        all.take(self.classes(column)).collect()
    }
}
