//! The space of all people, cut into columns: one for a fact, one for each option of a fact of several, and some that
//! follow from others. A column has classes: values that no test can tell apart, and perhaps `unknown`, which is last.

use crate::model::{
    Computed, Domain, Fact, FactId, NOT_APPLICABLE, Number, Points, Score, ScoreId, Shared, Test, risk,
};
use std::collections::{BTreeMap, BTreeSet};

/// A set of classes, one bit each.
pub(super) type Set = Vec<u64>;

/// A set of classes of several columns; a column that is not named is not limited.
pub(super) type Cells = BTreeMap<usize, Set>;

/// The set of all classes below `count` that are asked for.
pub(super) fn set(count: usize, wanted: impl Fn(usize) -> bool) -> Set {
    let mut set = vec![0; count.div_ceil(64)];
    for class in (0..count).filter(|class| wanted(*class)) {
        set[class / 64] |= 1 << (class % 64);
    }
    set
}

/// The classes in a set, in order.
pub(super) fn members(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(word, bits)| {
        std::iter::successors((*bits != 0).then_some(*bits), |bits| {
            let rest = bits & (bits - 1);
            (rest != 0).then_some(rest)
        })
        .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// A column of the space.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// How many classes it has.
    pub classes: usize,
    /// What it is a column of.
    pub of: Of,
}

/// What a column is a column of.
#[derive(Clone, Debug)]
pub(super) enum Of {
    /// A fact: its classes are these ranges of values, in order; the first is that it does not apply, where that can be.
    Fact(FactId, Vec<(i64, i64)>),
    /// An option of a fact of several: its classes are no and yes, and that the fact does not apply, where that can be.
    Option(FactId, u32),
    /// Something that follows from other columns.
    Derived,
}

/// Where the values of facts and of sums are cut, because a test tells both sides apart.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// By fact: where a range starts, or the value after its end. A fact of several is cut only where it is compared.
    pub facts: BTreeMap<FactId, Vec<i64>>,
    /// The options of facts of several that are asked for.
    pub options: BTreeMap<FactId, u64>,
    /// By score.
    pub scores: BTreeMap<ScoreId, Vec<i64>>,
    /// By the facts that are counted.
    pub counts: BTreeMap<Vec<FactId>, Vec<i64>>,
}

fn cut<'r>(at: &mut Vec<i64>, ranges: impl Iterator<Item = (i64, i64)> + 'r) {
    for (from, to) in ranges {
        at.extend([from, to.saturating_add(1)]);
    }
}

impl Cuts {
    /// Adds whether the facts apply that are looked at, and what they depend on.
    pub fn see_what_applies(&mut self, shared: &Shared) {
        let mut seen: BTreeSet<FactId> = BTreeSet::new();
        loop {
            let facts = self.facts.keys().chain(self.options.keys()).copied();
            let Some(next) = facts.into_iter().find(|fact| !seen.contains(fact)) else { return };
            seen.insert(next);
            let Some(fact) = shared.facts.get(next.index()) else { continue };
            if let Some(applies) = &fact.applies {
                self.see(&applies.test, &shared.scores);
            }
            if fact.rests_on.is_some() {
                // What came of a positive risk is told apart value by value.
                let values = (risk::OPEN..=risk::NOT_AGREED).map(|value| (value, value));
                cut(self.facts.entry(next).or_default(), values);
            }
        }
    }

    /// Adds what a test tells apart.
    pub fn see(&mut self, test: &Test, scores: &[Score]) {
        match test {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| self.see(part, scores)),
            Test::Not(part) => self.see(part, scores),
            Test::Fact(fact, ranges) => cut(self.facts.entry(*fact).or_default(), ranges.iter()),
            Test::Includes(fact, option) => *self.options.entry(*fact).or_default() |= 1 << option,
            Test::Score(score, ranges) => {
                cut(self.total(*score, scores), ranges.iter());
            }
            Test::AnyPart(score, _) => self.see_score(*score, scores),
            Test::Counting(_, wanted, facts) => {
                facts.iter().for_each(|fact| cut(self.facts.entry(*fact).or_default(), [(1, 1)].into_iter()));
                let wanted = i64::from(*wanted);
                cut(self.counts.entry(facts.clone()).or_default(), [(wanted, wanted)].into_iter());
            }
        }
    }

    /// Where a score is cut. What it looks at is added with it.
    fn total(&mut self, score: ScoreId, scores: &[Score]) -> &mut Vec<i64> {
        let first = !self.scores.contains_key(&score);
        self.scores.entry(score).or_default();
        if first {
            self.see_score(score, scores);
        }
        self.scores.entry(score).or_default()
    }

    fn see_score(&mut self, score: ScoreId, scores: &[Score]) {
        let score = scores.get(score.index());
        if let Some(number) = score.and_then(Score::divided_by) {
            self.see_number(number, scores);
        }
        for part in score.iter().flat_map(|score| &score.parts) {
            match &part.points {
                Points::Bands(fact, bands) => {
                    let at = self.facts.entry(*fact).or_default();
                    bands.iter().for_each(|(ranges, _)| cut(at, ranges.iter()));
                }
                Points::Rows(rows, _) => rows.iter().for_each(|(row, _)| self.see(&row.test, scores)),
                Points::Table(behind, bands) => {
                    let at = self.total(*behind, scores);
                    bands.iter().for_each(|(ranges, _)| cut(at, ranges.iter()));
                }
                Points::Times(number, _) => self.see_number(*number, scores),
            }
        }
    }

    /// Adds what is added up, or divided by.
    fn see_number(&mut self, number: Number, scores: &[Score]) {
        match number {
            Number::Fact(fact, _) => drop(self.facts.entry(fact).or_default()),
            Number::Computed(behind) => {
                let bends = scores.get(behind.index()).and_then(|score| score.computed.as_ref()).map(Computed::bends);
                self.total(behind, scores).extend(bends.into_iter().flatten());
            }
        }
    }
}

/// The classes of a fact: its values between two cuts, those that lie on its steps.
pub(super) fn classes(fact: &Fact, cuts: &[i64]) -> Vec<(i64, i64)> {
    let ((min, max), step) = (fact.domain.bounds(), fact.domain.step().max(1));
    let mut starts: Vec<i64> = cuts.iter().copied().filter(|at| (min..=max).contains(at)).chain([min]).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([max]);
    let on_steps = |(from, to): (i64, i64)| {
        let up = from + (step - (from - min) % step) % step;
        (up, to - (to - min) % step)
    };
    starts.iter().copied().zip(ends).map(on_steps).filter(|(from, to)| from <= to).collect()
}

/// The class of a column of an option that a fact of several has with a value.
pub(super) fn option_class(fact: &Fact, option: u32, value: Option<i64>) -> usize {
    match value {
        Some(NOT_APPLICABLE) => 2,
        Some(bits) => (bits >> option & 1) as usize,
        None => 2 + usize::from(fact.applies.is_some()),
    }
}

/// The most ordinary value of a fact, where nobody said otherwise: the middle of a range, no, the first option, none.
pub(super) fn ordinary(domain: &Domain) -> i64 {
    let (min, max) = domain.bounds();
    match domain {
        Domain::YesOrNo | Domain::OneOf(_) | Domain::SeveralOf(_) | Domain::Text | Domain::Document => min,
        _ => min + (max - min) / domain.step().max(1) / 2 * domain.step().max(1),
    }
}

/// The value of a class that is nearest to the most ordinary one.
pub(super) fn nearest((from, to): (i64, i64), typical: i64, fact: &Fact) -> i64 {
    let step = fact.domain.step().max(1);
    let inside = typical.clamp(from, to);
    inside - (inside - from) % step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_cut_into_classes_of_values_on_its_steps() {
        let temperature = |min, max, step| Fact::plain("temperature", Domain::Number { min, max, step, decimals: 1 });
        let fives = temperature(350, 380, 5);
        // Cuts at its ends and beyond them cut nothing; between two steps there is nobody.
        assert_eq!(classes(&fives, &[]), [(350, 380)]);
        assert_eq!(classes(&fives, &[-7, 350, 381, 900]), [(350, 380)]);
        assert_eq!(classes(&fives, &[371, 366, 380, 366]), [(350, 365), (370, 370), (375, 375), (380, 380)]);
        assert_eq!(classes(&fives, &[357, 359]), [(350, 355), (360, 380)]);
        // The nearest value is on a step too, and no higher than the most ordinary one where that is in the class.
        let at = |typical| nearest((355, 370), typical, &fives);
        assert_eq!([350, 355, 358, 364, 370, 380].map(at), [355, 355, 355, 360, 370, 370]);
    }

    #[test]
    fn a_set_gives_back_its_members_in_order() {
        for count in [1, 63, 64, 65, 200] {
            let wanted: Vec<usize> = (0..count).filter(|class| class % 3 == 1).collect();
            assert_eq!(members(&set(count, |class| class % 3 == 1)).collect::<Vec<_>>(), wanted);
        }
    }
}
