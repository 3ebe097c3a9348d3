//! From demands to boxes: which people are ruled out, as sets of classes in a few columns each.
//!
//! Every part of a condition that looks at one column is a set of its classes. What a count, a score, or a part that
//! `and` and `or` nest tells becomes a column of its own, tied to the columns it follows from: by boxes where it is a
//! matter of yes, no and unknown, by a [`Sum`] where it is a matter of adding. All of it is exact in three values.

mod quotients;
mod sums;

use super::numbers::{Adding, Gives};
use super::space::{Cells, Column, Cuts, Of, Set, classes, set};
use super::told::{Told, by_column};
use super::{Demand, Truths};
use crate::model::{Computed, Domain, FactId, HowMany, NOT_APPLICABLE, Number, Points, Ranges, ScoreId, Shared, Test};
use crate::workflow::Truth;
use std::collections::BTreeMap;
use sums::just;

/// What is asked, as columns, boxes that nobody may lie in, and sums.
#[derive(Clone, Debug, Default)]
pub(super) struct Problem {
    pub columns: Vec<Column>,
    pub boxes: Vec<Cells>,
    pub sums: Vec<Sum>,
    /// The sums that have to be looked at once more, number by number.
    pub adding: Vec<Adding>,
    /// From where to where the totals go that are added up further on.
    pub lies: BTreeMap<usize, Lies>,
    /// It has more columns or classes than are looked at.
    pub too_large: bool,
}

/// A column that tells in which classes the least and the most of a sum lie.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub terms: Vec<Term>,
    pub total: usize,
    /// By class of the total: where the least lies, and where the most.
    pub states: Vec<[(i64, i64); 2]>,
    /// Whether one has to come down to one class of each column, because there are numbers to be chosen in them.
    pub wide: bool,
}

/// A term of a sum: by class of its column from where to where the least and the most go that it gives.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub column: usize,
    pub gives: [Vec<(i64, i64)>; 2],
}

/// By class of a column: from where to where its number goes, in the least and in the most.
#[derive(Clone, Debug)]
pub(super) struct Lies {
    pub classes: Vec<[(i64, i64); 2]>,
    /// Whether the least and the most are always the same.
    pub known: bool,
}

/// The most classes of a derived column: beyond it nothing is decided.
const MAX_CLASSES: usize = 4_096;

/// Makes a problem of demands.
pub(super) struct Posing<'p> {
    pub(super) shared: &'p Shared,
    pub(super) may_be_unknown: &'p dyn Fn(FactId) -> bool,
    pub(super) cuts: Cuts,
    pub(super) facts: BTreeMap<FactId, usize>,
    pub(super) options: BTreeMap<(FactId, u32), usize>,
    values: BTreeMap<FactId, Told<(i64, i64)>>,
    scores: BTreeMap<ScoreId, Told<(i64, i64)>>,
    counts: BTreeMap<Vec<FactId>, Told<(i64, i64)>>,
    /// The columns of what sums come to, where numbers are chosen in them.
    totals: BTreeMap<ScoreId, usize>,
    pub problem: Problem,
}

impl<'p> Posing<'p> {
    /// The columns of everything that some tests read.
    pub fn new<'t>(
        shared: &'p Shared,
        may_be_unknown: &'p dyn Fn(FactId) -> bool,
        tests: impl IntoIterator<Item = &'t Test>,
    ) -> Posing<'p> {
        let mut cuts = Cuts::default();
        tests.into_iter().for_each(|test| cuts.see(test, &shared.scores));
        cuts.see_what_applies(shared);
        let mut posing = Posing {
            shared,
            may_be_unknown,
            cuts,
            facts: BTreeMap::new(),
            options: BTreeMap::new(),
            values: BTreeMap::new(),
            scores: BTreeMap::new(),
            counts: BTreeMap::new(),
            totals: BTreeMap::new(),
            problem: Problem::default(),
        };
        posing.lay_out();
        posing.tie_to_what_applies();
        posing.tie_to_what_stands();
        posing
    }

    fn lay_out(&mut self) {
        let read: Vec<(FactId, u64)> = {
            let compared = self.cuts.facts.keys().map(|fact| (*fact, u64::MAX));
            let mut read: BTreeMap<FactId, u64> = self.cuts.options.clone();
            read.extend(compared);
            read.into_iter().collect()
        };
        for (id, wanted) in read {
            let Some(fact) = self.shared.facts.get(id.index()) else { continue };
            let unknown = usize::from(self.can_be_unknown(id));
            let not_applicable = usize::from(fact.applies.is_some());
            if let Domain::SeveralOf(options) = &fact.domain {
                let options: Vec<u32> =
                    (0..options.len().min(62) as u32).filter(|option| wanted >> option & 1 == 1).collect();
                let columns: Vec<usize> = options
                    .iter()
                    .map(|option| {
                        let column = self.column(2 + not_applicable + unknown, Of::Option(id, *option));
                        self.options.insert((id, *option), column);
                        column
                    })
                    .collect();
                // A fact of several is known, and applies, as a whole: when one option is unknown, the next one is.
                let count = 2 + not_applicable + unknown;
                for as_a_whole in 2..count {
                    for (at, column) in columns.iter().enumerate().filter(|_| columns.len() > 1) {
                        let next = columns[(at + 1) % columns.len()];
                        let (is, is_not) = (set(count, |it| it == as_a_whole), set(count, |it| it != as_a_whole));
                        self.problem.boxes.push([(*column, is), (next, is_not)].into());
                    }
                }
            } else {
                let values = classes(fact, self.cuts.facts.get(&id).map_or(&[], Vec::as_slice));
                let classes: Vec<(i64, i64)> =
                    fact.applies.iter().map(|_| (NOT_APPLICABLE, NOT_APPLICABLE)).chain(values).collect();
                let column = self.column(classes.len() + unknown, Of::Fact(id, classes));
                self.facts.insert(id, column);
            }
        }
    }

    fn column(&mut self, classes: usize, of: Of) -> usize {
        self.problem.too_large |= classes > MAX_CLASSES;
        self.problem.columns.push(Column { classes, of });
        self.problem.columns.len() - 1
    }

    pub(super) fn classes(&self, column: usize) -> usize {
        self.problem.columns[column].classes
    }

    /// The boxes in which a demand is not met.
    pub fn demand(&mut self, demand: &Demand<'_>) -> Vec<Cells> {
        let mut boxes = Vec::new();
        self.ask(demand.test, demand.may_be, &mut boxes);
        boxes
    }

    /// A demand as limits of single columns, whatever it takes: for what is asked only once.
    pub fn limits(&mut self, demand: &Demand<'_>) -> Vec<Cells> {
        let boxes = self.demand(demand);
        if boxes.iter().all(|it| it.len() <= 1) {
            return boxes;
        }
        let (mut cells, mut always) = (Cells::new(), false);
        let told = self.told(demand.test);
        self.add_told(&told, demand.may_be, &mut cells, &mut always);
        Vec::from_iter((!always).then_some(cells))
    }

    /// Asks that a test has one of these answers. What is asked of every part is asked one by one.
    fn ask(&mut self, test: &Test, may_be: Truths, boxes: &mut Vec<Cells>) {
        match (test, may_be) {
            (Test::Not(part), _) => self.ask(part, may_be.negated(), boxes),
            (Test::All(parts), Truths::YES | Truths::NOT_NO) | (Test::Any(parts), Truths::NO | Truths::NOT_YES) => {
                parts.iter().for_each(|part| self.ask(part, may_be, boxes));
            }
            (Test::All(parts) | Test::Any(parts), Truths::UNKNOWN) => {
                let each = if matches!(test, Test::All(_)) { Truths::NOT_NO } else { Truths::NOT_YES };
                parts.iter().for_each(|part| self.ask(part, each, boxes));
                let one = self.one_of(parts.iter().map(|part| (part, Truths::UNKNOWN)));
                boxes.extend(one);
            }
            _ => {
                let one = self.one_of([(test, may_be)].into_iter());
                boxes.extend(one);
            }
        }
    }

    /// The box in which none of these holds; nothing where one always does.
    fn one_of<'t>(&mut self, alternatives: impl Iterator<Item = (&'t Test, Truths)>) -> Option<Cells> {
        let mut cells = Cells::new();
        let mut always = false;
        for (test, may_be) in alternatives {
            self.add_alternative(test, may_be, &mut cells, &mut always);
        }
        (!always).then_some(cells)
    }

    fn add_alternative(&mut self, test: &Test, may_be: Truths, cells: &mut Cells, always: &mut bool) {
        match (test, may_be) {
            (Test::Not(part), _) => self.add_alternative(part, may_be.negated(), cells, always),
            (Test::All(parts), Truths::NO | Truths::NOT_YES) | (Test::Any(parts), Truths::YES | Truths::NOT_NO) => {
                parts.iter().for_each(|part| self.add_alternative(part, may_be, cells, always));
            }
            (Test::Fact(fact, ranges), _) if self.facts.contains_key(fact) => {
                let column = self.facts[fact];
                self.limit(column, &self.outside(column, ranges, may_be), cells, always);
            }
            _ => {
                let told = self.told(test);
                self.add_told(&told, may_be, cells, always);
            }
        }
    }

    /// One more way for a box to be left: by what a column tells.
    fn add_told(&self, told: &Told<Truth>, may_be: Truths, cells: &mut Cells, always: &mut bool) {
        match told {
            Told::Always(truth) => *always |= may_be.contains(*truth),
            Told::By(column, truths) => {
                let bad = set(truths.len(), |class| !may_be.contains(truths[class]));
                self.limit(*column, &bad, cells, always);
            }
        }
    }

    /// One more way for a box to be left: by being outside `bad` in a column.
    fn limit(&self, column: usize, bad: &[u64], cells: &mut Cells, always: &mut bool) {
        let full = set(self.classes(column), |_| true);
        let cell = cells.entry(column).or_insert_with(|| full.clone());
        cell.iter_mut().zip(bad).for_each(|(cell, bad)| *cell &= bad);
        *always |= cell.iter().all(|word| *word == 0);
        if *cell == full {
            cells.remove(&column);
        }
    }

    /// The classes of a fact for which its being in some ranges has none of these answers.
    fn outside(&self, column: usize, ranges: &Ranges, may_be: Truths) -> Set {
        let Column { classes: count, of: Of::Fact(_, classes) } = &self.problem.columns[column] else {
            return Set::new();
        };
        let (inside_bad, outside_bad) = (!may_be.contains(Truth::Yes), !may_be.contains(Truth::No));
        let mut bad =
            set(*count, |class| if class < classes.len() { outside_bad } else { !may_be.contains(Truth::Unknown) });
        if inside_bad != outside_bad {
            for (from, to) in ranges.iter() {
                let first = classes.partition_point(|(start, _)| *start < from);
                let last = classes.partition_point(|(start, _)| *start <= to);
                (first..last).for_each(|class| bad[class / 64] ^= 1 << (class % 64));
            }
        }
        bad
    }

    /// What a test comes to, by the class of one column.
    pub(super) fn told(&mut self, test: &Test) -> Told<Truth> {
        match test {
            Test::All(parts) => {
                let parts = parts.iter().map(|part| self.told(part)).collect();
                self.all(parts)
            }
            Test::Any(parts) => {
                let parts = parts.iter().map(|part| self.told(part).map(|truth| !truth)).collect();
                self.all(parts).map(|truth| !truth)
            }
            Test::Not(part) => self.told(part).map(|truth| !truth),
            Test::Fact(fact, ranges) => self.fact(*fact, |value| sure(ranges.contains(value)), Truth::Unknown),
            Test::Includes(fact, option) => match self.options.get(&(*fact, *option)) {
                Some(column) => {
                    let truths = self.of_option(*column, *fact, [Truth::No, Truth::Yes, Truth::No, Truth::Unknown]);
                    Told::by(*column, truths)
                }
                None => Told::Always(Truth::Unknown),
            },
            Test::Score(score, ranges) => self.score(*score).map(|range| within(ranges, range)),
            Test::AnyPart(score, ranges) => {
                let shared = self.shared;
                let parts = shared.scores.get(score.index()).into_iter().flat_map(|score| &score.parts);
                // What is told of a part is whether its points are in the ranges: unknown when some are and some not.
                let mix = |one: Truth, other: Truth| if one == other { one } else { Truth::Unknown };
                let parts = parts
                    .map(|part| self.points(&part.points, |points| sure(ranges.contains(points)), mix))
                    .map(|told| told.map(|truth| !truth))
                    .collect();
                self.all(parts).map(|truth| !truth)
            }
            Test::Counting(how, wanted, facts) => {
                let wanted = i64::from(*wanted);
                let ranges = match how {
                    HowMany::AtLeast => Ranges::new([(wanted, i64::MAX)]),
                    HowMany::AtMost => Ranges::new([(0, wanted)]),
                    HowMany::Exactly => Ranges::new([(wanted, wanted)]),
                };
                self.count(facts).map(|range| within(&ranges, range))
            }
        }
    }

    /// What a fact tells, by its value; `unknown` while it is unknown.
    fn fact<T: Copy + Ord>(&mut self, fact: FactId, value: impl Fn(i64) -> T, unknown: T) -> Told<T> {
        if let Some(column) = self.facts.get(&fact) {
            let Column { classes: count, of: Of::Fact(_, classes) } = &self.problem.columns[*column] else {
                return Told::Always(unknown);
            };
            let known = classes.iter().map(|(start, _)| value(*start));
            let all: Vec<T> = known.chain([unknown]).take(*count).collect();
            return Told::by(*column, all);
        }
        // A fact of several, as one number.
        let Some(declared) = self.shared.facts.get(fact.index()) else { return Told::Always(unknown) };
        let cuts = self.cuts.facts.get(&fact).map_or(&[][..], Vec::as_slice);
        let classes = classes(declared, cuts);
        let Some(column) = self.options.get(&(fact, 0)).copied() else { return Told::Always(unknown) };
        if let [(only, _)] = classes.as_slice() {
            let only = value(*only);
            return Told::by(column, self.of_option(column, fact, [only, only, value(NOT_APPLICABLE), unknown]));
        }
        let known = |(from, to): (i64, i64)| classes.iter().find(|(start, end)| *start <= from && to <= *end);
        let told = self.several(fact).map(|range| known(range).map_or(unknown, |(start, _)| value(*start)));
        if declared.applies.is_none() {
            return told;
        }
        let applies_not = self.of_option(column, fact, [Truth::No, Truth::No, Truth::Yes, Truth::No]);
        self.first(Told::by(column, applies_not), value(NOT_APPLICABLE), told, |_, other| other)
    }

    /// A fact of several as a number: its least and its most.
    fn several(&mut self, fact: FactId) -> Told<(i64, i64)> {
        if let Some(known) = self.values.get(&fact) {
            return known.clone();
        }
        let bits = self.options.range((fact, 0)..=(fact, u32::MAX));
        let terms: Vec<Told<(i64, i64)>> = bits
            .map(|((_, option), column)| {
                let bit = 1i64 << option;
                Told::by(*column, self.of_option(*column, fact, [(0, 0), (bit, bit), (0, 0), (0, bit)]))
            })
            .collect();
        let cuts = self.cuts.facts.get(&fact).cloned().unwrap_or_default();
        let total = self.total(just(terms), &cuts, None);
        self.values.insert(fact, total.clone());
        total
    }

    /// How many of some facts are yes: the least and the most.
    fn count(&mut self, facts: &[FactId]) -> Told<(i64, i64)> {
        if let Some(known) = self.counts.get(facts) {
            return known.clone();
        }
        let one = |value: i64| if matches!(value, 0 | NOT_APPLICABLE) { (0, 0) } else { (1, 1) };
        let terms = facts.iter().map(|fact| self.fact(*fact, one, (0, 1))).collect();
        let cuts = self.cuts.counts.get(facts).cloned().unwrap_or_default();
        let total = self.total(just(terms), &cuts, None);
        self.counts.insert(facts.to_vec(), total.clone());
        total
    }

    /// What the points of a part tell: of one number of points, and mixed where several are possible.
    fn points<T: Copy + Ord>(&mut self, points: &Points, one: impl Fn(i64) -> T, mix: impl Fn(T, T) -> T) -> Told<T> {
        match points {
            Points::Bands(fact, bands) => {
                let unknown = bands.iter().map(|(_, points)| one(*points)).reduce(&mix);
                let Some(unknown) = unknown else { return Told::Always(one(0)) };
                let of = |value: i64| bands.iter().find(|(ranges, _)| ranges.contains(value));
                self.fact(*fact, |value| of(value).map_or_else(|| one(0), |(_, points)| one(*points)), unknown)
            }
            Points::Table(score, bands) => self.score(*score).map(|(least, most)| {
                let touched = bands.iter().filter(|(ranges, _)| ranges.touches(least, most));
                touched.map(|(_, points)| one(*points)).reduce(&mix).unwrap_or_else(|| one(0))
            }),
            // What is added up is a term of its own.
            Points::Times(..) => Told::Always(one(0)),
            Points::Rows(rows, otherwise) => {
                let mut told = Told::Always(one(*otherwise));
                for (row, points) in rows.iter().rev() {
                    let holds = self.told(&row.test);
                    told = self.first(holds, one(*points), told, &mix);
                }
                told
            }
        }
    }

    /// `here` where a row holds, what comes after where it does not, and both mixed while it is not known.
    fn first<T: Copy + Ord>(
        &mut self,
        holds: Told<Truth>,
        here: T,
        after: Told<T>,
        mix: impl Fn(T, T) -> T,
    ) -> Told<T> {
        let choose = |truth: Truth, after: T| match truth {
            Truth::Yes => here,
            Truth::No => after,
            Truth::Unknown => mix(here, after),
        };
        match (holds, after) {
            (Told::Always(truth), after) => after.map(|after| choose(truth, after)),
            (holds, Told::Always(after)) => holds.map(|truth| choose(truth, after)),
            (Told::By(column, truths), Told::By(other, afters)) if column == other => {
                Told::by(column, truths.into_iter().zip(afters).map(|(truth, after)| choose(truth, after)).collect())
            }
            (holds, after) => {
                let mut results: Vec<T> = Vec::new();
                for truth in holds.values() {
                    results.extend(after.values().into_iter().map(|after| choose(truth, after)));
                }
                results.sort_unstable();
                results.dedup();
                let column = self.column(results.len(), Of::Derived);
                for truth in holds.values() {
                    for value in after.values() {
                        let other = set(results.len(), |class| results[class] != choose(truth, value));
                        let mut ruled_out = Cells::from([(column, other)]);
                        ruled_out.extend(cell(&holds, truth));
                        ruled_out.extend(cell(&after, value));
                        self.problem.boxes.push(ruled_out);
                    }
                }
                Told::by(column, results)
            }
        }
    }

    /// All of these together.
    fn all(&mut self, parts: Vec<Told<Truth>>) -> Told<Truth> {
        let (always, parts) = by_column(parts, Truth::Yes, Truth::and);
        if always == Truth::No {
            return Told::Always(Truth::No);
        }
        if parts.len() < 2 {
            return parts.first().map_or(Told::Always(always), |part| part.map(|truth| truth.and(always)));
        }
        let column = self.column(3, Of::Derived);
        let truths = [Truth::No, Truth::Unknown, Truth::Yes];
        let is = |wanted: &[Truth]| (column, set(3, |class| wanted.contains(&truths[class])));
        // It is no more than the least of its parts…
        for part in &parts {
            for (value, above) in [(Truth::No, &[Truth::Unknown, Truth::Yes][..]), (Truth::Unknown, &[Truth::Yes][..])]
            {
                if part.values().contains(&value) {
                    let mut ruled_out = Cells::from([is(above)]);
                    ruled_out.extend(cell(part, value));
                    self.problem.boxes.push(ruled_out);
                }
            }
        }
        // … and no less.
        for (least, below) in [(Truth::Unknown, &[Truth::No][..]), (Truth::Yes, &[Truth::No, Truth::Unknown][..])] {
            let mut ruled_out = Cells::from([is(below)]);
            let mut possible = true;
            for part in &parts {
                let Told::By(of, truths) = part else { continue };
                possible &= truths.iter().any(|truth| *truth >= least);
                ruled_out.insert(*of, set(truths.len(), |class| truths[class] >= least));
            }
            if possible {
                self.problem.boxes.push(ruled_out);
            }
        }
        Told::by(column, truths.iter().map(|truth| truth.and(always)).collect())
    }
}

/// The classes of a column in which it tells this.
pub(super) fn cell<T: Copy + Ord>(told: &Told<T>, value: T) -> Option<(usize, Set)> {
    match told {
        Told::Always(_) => None,
        Told::By(column, classes) => Some((*column, set(classes.len(), |class| classes[class] == value))),
    }
}

fn sure(yes: bool) -> Truth {
    if yes { Truth::Yes } else { Truth::No }
}

/// Whether a number that lies somewhere in a range is in some ranges.
fn within(ranges: &Ranges, (from, to): (i64, i64)) -> Truth {
    if ranges.covers(from, to) {
        Truth::Yes
    } else if ranges.touches(from, to) {
        Truth::Unknown
    } else {
        Truth::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;

    /// What can be asked part by part needs no column that says what the parts come to together.
    #[test]
    fn what_is_asked_of_every_part_is_asked_part_by_part() {
        let flag = |name: &str| Fact::plain(name, Domain::YesOrNo);
        let shared = Shared::new(["a", "b", "c", "d"].map(flag).into(), Vec::new(), Vec::new());
        let is = |fact: u32| Test::Fact(FactId(fact), Ranges::new([(1, 1)]));
        let not = |test: Test| Test::Not(Box::new(test));
        let all = || Test::All(vec![is(0), Test::Any(vec![is(1), is(2)]), not(is(3))]);
        let any = || Test::Any(vec![is(0), Test::All(vec![is(1), is(2)]), not(is(3))]);
        for (test, may_be) in [
            (all(), Truths::YES),
            (not(any()), Truths::YES),
            (any(), Truths::NO),
            (not(all()), Truths::NO),
            (Test::All(vec![is(0), is(1)]), Truths::UNKNOWN),
            (Test::Any(vec![is(0), is(1)]), Truths::UNKNOWN),
        ] {
            let mut posing = Posing::new(&shared, &|_| true, [&test]);
            posing.demand(&Demand::new(&test, may_be));
            let derived = posing.problem.columns.iter().filter(|column| matches!(column.of, Of::Derived));
            assert_eq!(derived.count(), 0, "{test:?} {may_be:?}");
        }
    }
}
