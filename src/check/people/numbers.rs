//! Whether the numbers behind sums can be chosen: in classes that are chosen already, whole numbers that add up to what
//! the totals say; and if there are none, which classes it is that rule each other out.
//!
//! The search by classes knows of a sum over wide classes only from where to where it goes. What it finds is looked at
//! here once more, exactly ([`whole`](super::whole)); where no numbers fit, nobody lies in those classes, and that is one
//! more box. What is divided by a number that is chosen, too, is a product of two numbers ([`products`](super::products)).

use super::pose::{Lies, Problem};
use super::products::Product;
use super::space::{Cells, Of, set};
use super::whole::{AtMost, Solved, solve};
use crate::model::{Computed, FactId, NOT_APPLICABLE, Rounding};
use std::collections::{BTreeMap, BTreeSet};

/// The sums of a problem that are looked at once more, and what they add up.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    sums: Vec<Adding>,
    /// By column: what its number is between, in each class.
    lies: BTreeMap<usize, Lies>,
    /// The facts whose numbers are looked for, by column.
    facts: BTreeMap<usize, (FactId, i64)>,
    /// How many classes each column has.
    classes: Vec<usize>,
}

/// What columns add to a sum, by their classes.
pub(super) type Terms = Vec<(usize, Vec<Gives>)>;

/// A sum over wide classes, or one whose total is added up further on.
#[derive(Clone, Debug)]
pub(super) struct Adding {
    pub terms: Terms,
    pub total: usize,
    pub states: Vec<[(i64, i64); 2]>,
    /// What is added whoever the person is: to the least, and to the most.
    pub base: (i64, i64),
    /// Whether the least and the most are always the same.
    pub known: bool,
    /// What becomes of the total, where that is added up further on.
    pub computed: Option<Computed>,
    /// What it is divided by, where that is no written number. The states are of the quotient then.
    pub by: Option<Divisor>,
}

/// What a sum is divided by: by class of a column, or always the same.
#[derive(Clone, Debug)]
pub(super) struct Divisor {
    pub column: Option<usize>,
    pub gives: Vec<Gives>,
    /// From where to where the quotient goes.
    pub quotient: (i64, i64),
}

impl Adding {
    /// The columns it looks at, and what they give.
    pub fn reads(&self) -> impl Iterator<Item = (usize, &Vec<Gives>)> {
        let by = self.by.iter().filter_map(|by| Some((by.column?, &by.gives)));
        self.terms.iter().map(|(column, gives)| (*column, gives)).chain(by)
    }
}

/// What a term of a sum gives in a class: a least and a most, and so many times a number that lies in the class, added and
/// taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gives {
    pub least: i64,
    pub most: i64,
    pub up: i64,
    pub down: i64,
}

impl Gives {
    /// This, and no more.
    pub fn just((least, most): (i64, i64)) -> Gives {
        Gives { least, most, up: 0, down: 0 }
    }

    /// So many times a number.
    pub fn times(times: i64) -> Gives {
        Gives { up: times.max(0), down: (-times).max(0), ..Gives::default() }
    }

    pub fn and(self, other: Gives) -> Gives {
        Gives {
            least: self.least + other.least,
            most: self.most + other.most,
            up: self.up + other.up,
            down: self.down + other.down,
        }
    }

    /// So many times this, where that can be reckoned.
    pub fn scaled(self, times: i64) -> Option<Gives> {
        let of = |it: i64| it.checked_mul(times.checked_abs()?);
        let (least, most, up, down) = (of(self.least)?, of(self.most)?, of(self.up)?, of(self.down)?);
        Some(match times < 0 {
            true => Gives { least: -most, most: -least, up: down, down: up },
            false => Gives { least, most, up, down },
        })
    }

    pub fn is_wide(self) -> bool {
        self.up != 0 || self.down != 0
    }
}

/// What came of looking for numbers.
pub(super) enum Chosen {
    /// The values of the facts that are added up.
    Values(BTreeMap<FactId, i64>),
    /// Nobody lies in these classes.
    Nobody(Cells),
    GaveUp,
}

/// What one solution costs of a budget, whatever its size.
const EACH: u64 = 4_096;

/// Linear bounds while they are put together.
#[derive(Default)]
struct System {
    between: Vec<(i128, i128)>,
    wanted: Vec<i128>,
    /// By column: its number, in the least and in the most, as a start and a step for each count.
    numbers: BTreeMap<usize, [(usize, i128, i128); 2]>,
    bounds: Vec<AtMost>,
    products: Vec<Product>,
}

/// A sum of numbers and something fixed.
#[derive(Clone, Debug, Default)]
pub(super) struct Linear {
    pub fixed: i128,
    pub times: BTreeMap<usize, i128>,
}

impl Linear {
    pub fn add(&mut self, times: i128, (number, start, step): (usize, i128, i128)) {
        self.fixed += times * start;
        *self.times.entry(number).or_insert(0) += times * step;
    }

    pub fn scaled(&self, by: i128) -> Linear {
        Linear {
            fixed: self.fixed * by,
            times: self.times.iter().map(|(number, times)| (*number, times * by)).collect(),
        }
    }

    /// That it is at most a bound, as one of so many numbers.
    pub fn at_most(&self, bound: i128, numbers: usize) -> AtMost {
        let times = (0..numbers).map(|number| self.times.get(&number).copied().unwrap_or(0)).collect();
        AtMost { times, bound: bound - self.fixed }
    }
}

impl System {
    fn number(&mut self, count: i128, wanted: i128) -> usize {
        self.between.push((0, count));
        self.wanted.push(wanted);
        self.between.len() - 1
    }

    /// That something is at most a bound, and no less than another.
    fn bound(&mut self, it: &Linear, (from, to): (i128, i128)) {
        self.at_most(it, to);
        self.at_least(it, from);
    }

    fn at_most(&mut self, it: &Linear, bound: i128) {
        self.bounds.push(it.at_most(bound, self.between.len()));
    }

    fn at_least(&mut self, it: &Linear, bound: i128) {
        self.bounds.push(it.scaled(-1).at_most(-bound, self.between.len()));
    }
}

impl Numbers {
    /// What has to be looked at once more of a problem.
    pub fn new(problem: &Problem, step: impl Fn(FactId) -> i64) -> Numbers {
        let sums: Vec<Adding> = problem.adding.clone();
        let columns = sums.iter().flat_map(|sum| sum.reads().map(|(column, _)| column).chain([sum.total]));
        let columns: BTreeSet<usize> = columns.collect();
        let mut facts = BTreeMap::new();
        let mut lies = problem.lies.clone();
        for column in &columns {
            if let Of::Fact(fact, classes) = &problem.columns[*column].of {
                facts.insert(*column, (*fact, step(*fact)));
                let classes = classes.iter().map(|range| [*range, *range]).collect();
                lies.insert(*column, Lies { classes, known: true });
            }
        }
        Numbers { sums, lies, facts, classes: problem.columns.iter().map(|column| column.classes).collect() }
    }

    /// Whether there is nothing to be looked at.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// Numbers for somebody in these classes. `fixed`: what the value of a fact has to be; `wanted`: what it had best be.
    pub fn choose(
        &self,
        class: &dyn Fn(usize) -> usize,
        fixed: &dyn Fn(FactId) -> Option<i64>,
        wanted: &dyn Fn(FactId) -> i64,
        budget: &mut u64,
    ) -> Chosen {
        let everything: BTreeSet<usize> = (0..self.sums.len()).collect();
        let wide = BTreeSet::new();
        let mut solved = |these: &BTreeSet<usize>, wide: &BTreeSet<usize>| {
            *budget = budget.saturating_sub(EACH);
            let system = self.system(these, wide, class, fixed, wanted);
            let solved = solve(&system.between, &system.bounds, &system.products, &system.wanted, budget);
            (solved, system)
        };
        match solved(&everything, &wide) {
            (Solved::At(values), system) => {
                let value = |(column, (fact, _)): (&usize, &(FactId, i64))| {
                    let (number, start, step) = system.numbers.get(column)?[0];
                    Some((*fact, i64::try_from(start + step * values.get(number)?).ok()?))
                };
                return Chosen::Values(self.facts.iter().filter_map(value).collect());
            }
            (Solved::GaveUp, _) => return Chosen::GaveUp,
            (Solved::Nowhere, _) => {}
        }
        // As few sums as rule each other out, and of each fact as much as they rule out.
        let mut these = everything;
        for sum in 0..self.sums.len() {
            these.remove(&sum);
            if solved(&these, &wide).0 != Solved::Nowhere {
                these.insert(sum);
            }
        }
        let mut wide = wide;
        let columns: BTreeSet<usize> =
            these.iter().flat_map(|sum| self.sums[*sum].reads().map(|(column, _)| column)).collect();
        for column in columns.iter().filter(|column| self.facts.contains_key(column)) {
            if self.alike(*column, class(*column), &these).len() > 1 {
                wide.insert(*column);
                if solved(&these, &wide).0 != Solved::Nowhere {
                    wide.remove(column);
                }
            }
        }
        let totals = these.iter().map(|sum| self.sums[*sum].total);
        let cells = columns.iter().copied().chain(totals).map(|column| {
            let alike = match wide.contains(&column) {
                true => self.alike(column, class(column), &these),
                false => BTreeSet::from([class(column)]),
            };
            (column, set(self.classes[column], |class| alike.contains(&class)))
        });
        Chosen::Nobody(cells.collect())
    }

    /// The classes of a fact in which it adds to these sums as in this one.
    fn alike(&self, column: usize, class: usize, these: &BTreeSet<usize>) -> BTreeSet<usize> {
        let terms: Vec<&Vec<Gives>> = these
            .iter()
            .flat_map(|sum| self.sums[*sum].reads().filter(|(it, _)| *it == column).map(|(_, gives)| gives))
            .collect();
        let is_value = |class: usize| self.range(column, class).is_some();
        let same = |other: usize| is_value(other) && terms.iter().all(|gives| gives.get(other) == gives.get(class));
        match is_value(class) {
            true => (0..self.classes[column]).filter(|other| same(*other)).collect(),
            false => BTreeSet::from([class]),
        }
    }

    /// From where to where the number of a column lies in a class, in the least and in the most.
    fn range(&self, column: usize, class: usize) -> Option<[(i64, i64); 2]> {
        let range = self.lies.get(&column)?.classes.get(class).copied()?;
        (range[0].0 != NOT_APPLICABLE).then_some(range)
    }

    fn system(
        &self,
        these: &BTreeSet<usize>,
        wide: &BTreeSet<usize>,
        class: &dyn Fn(usize) -> usize,
        fixed: &dyn Fn(FactId) -> Option<i64>,
        wanted: &dyn Fn(FactId) -> i64,
    ) -> System {
        let mut system = System::default();
        let reads = || these.iter().flat_map(|sum| self.sums[*sum].reads());
        let used: BTreeSet<usize> =
            reads().filter(|(column, gives)| gives[class(*column)].is_wide()).map(|(column, _)| column).collect();
        for column in used {
            let Some(mut range) = self.range(column, class(column)) else { continue };
            if let Some((fact, step)) = self.facts.get(&column) {
                if wide.contains(&column) {
                    let all: Vec<(i64, i64)> = self
                        .alike(column, class(column), these)
                        .into_iter()
                        .filter_map(|class| Some(self.range(column, class)?[0]))
                        .collect();
                    let from = all.iter().map(|range| range.0).min().unwrap_or(range[0].0);
                    let to = all.iter().map(|range| range.1).max().unwrap_or(range[0].1);
                    range = [(from, to); 2];
                }
                if let Some(value) = fixed(*fact) {
                    range = [(value, value); 2];
                }
                let (start, step) = (i128::from(range[0].0), i128::from((*step).max(1)));
                let count = (i128::from(range[0].1) - start).div_euclid(step);
                let number = system.number(count, (i128::from(wanted(*fact)) - start).div_euclid(step));
                system.numbers.insert(column, [(number, start, step); 2]);
                continue;
            }
            // The total of another sum, in its own steps.
            let step = self.sums.iter().find(|sum| sum.total == column).and_then(|sum| sum.computed.as_ref());
            let step = step.map_or(1, |computed| i128::from(computed.step.max(1)));
            let mut one = |(from, to): (i64, i64)| {
                let start = i128::from(from).div_euclid(step) * step;
                let number = system.number((i128::from(to) - start).div_euclid(step), 0);
                (number, start, step)
            };
            let least = one(range[0]);
            let most = if self.lies.get(&column).is_some_and(|it| it.known) { least } else { one(range[1]) };
            system.numbers.insert(column, [least, most]);
        }
        for sum in these.iter().map(|sum| &self.sums[*sum]) {
            self.add_up(sum, class, &mut system);
        }
        system
    }

    /// That a sum comes to what the class of its total says, and the number that is computed from it is as it is.
    fn add_up(&self, sum: &Adding, class: &dyn Fn(usize) -> usize, system: &mut System) {
        let Some(state) = sum.states.get(class(sum.total)) else { return };
        for which in 0..if sum.known { 1 } else { 2 } {
            let mut added = Linear::default();
            for (column, gives) in &sum.terms {
                let gives = gives[class(*column)];
                added.fixed += i128::from(if which == 0 { gives.least } else { gives.most });
                if let Some(numbers) = system.numbers.get(column) {
                    added.add(i128::from(gives.up), numbers[which]);
                    added.add(-i128::from(gives.down), numbers[1 - which]);
                }
            }
            let (from, to) = state[which];
            if let Some(by) = &sum.by {
                added.fixed += i128::from(if which == 0 { sum.base.0 } else { sum.base.1 });
                self.divide(sum, by, &added, which, class, system);
                continue;
            }
            system.bound(&added, (i128::from(from), i128::from(to)));
            let (Some(computed), Some(numbers)) = (&sum.computed, system.numbers.get(&sum.total)) else { continue };
            // Where it is the same in the whole class, the class says it, and it may be where it is no less or no more.
            if self.range(sum.total, class(sum.total)).is_none_or(|range| range[which].0 == range[which].1) {
                continue;
            }
            // So many steps are the sum times this, divided by that, and rounded.
            let (number, start, step) = numbers[which];
            added.fixed += i128::from(if which == 0 { sum.base.0 } else { sum.base.1 });
            let divisor = i128::from(computed.divisor.max(1));
            let mut rest = added.scaled(i128::from(computed.times));
            rest.add(-divisor, (number, start.div_euclid(step), 1));
            match computed.rounding {
                Rounding::Down => system.bound(&rest, (0, divisor - 1)),
                Rounding::Up => system.bound(&rest, (1 - divisor, 0)),
                Rounding::Nearest => system.bound(&rest.scaled(2), (-divisor, divisor - 1)),
            }
        }
    }

    /// That a sum, divided by a number, comes to what the class of the quotient says, and the quotient is as it is.
    fn divide(
        &self,
        sum: &Adding,
        by: &Divisor,
        added: &Linear,
        which: usize,
        class: &dyn Fn(usize) -> usize,
        system: &mut System,
    ) {
        let (Some(computed), Some(state)) = (&sum.computed, sum.states.get(class(sum.total))) else { return };
        let gives = by.column.map_or(0, class);
        let Some(gives) = by.gives.get(gives).copied() else { return };
        let numbers = by.column.and_then(|column| system.numbers.get(&column).copied());
        let number = |which: usize| numbers.filter(|_| gives.is_wide()).map(|numbers| numbers[which]);
        let fixed = |which: usize| i128::from(if which == 0 { gives.least } else { gives.most });
        let end = |which: usize| {
            let mut end = Linear { fixed: fixed(which), times: BTreeMap::new() };
            number(which).into_iter().for_each(|number| end.add(i128::from(gives.up), number));
            end
        };
        // How far more is divided by takes it is a sum, at its worst end.
        let reached = |steps: i64| {
            let reaches = computed.reaches(steps);
            let end = end(if (reaches.by < 0) == (which == 0) { 0 } else { 1 });
            let mut so_much = added.scaled(reaches.sum);
            let taken = end.scaled(-reaches.by);
            so_much.fixed += taken.fixed;
            taken.times.iter().for_each(|(number, times)| *so_much.times.entry(*number).or_insert(0) += times);
            (so_much, reaches.least)
        };
        let (from, to) = state[which];
        if from > by.quotient.0 {
            let (so_much, least) = reached(computed.steps_to(from));
            system.at_least(&so_much, least);
        }
        if to < by.quotient.1 {
            let (so_much, least) = reached(computed.steps_to(to + 1));
            system.at_most(&so_much, least - 1);
        }
        let Some(quotient) = system.numbers.get(&sum.total).map(|numbers| numbers[which]) else { return };
        let Some(range) = self.range(sum.total, class(sum.total)).map(|range| range[which]) else { return };
        if range.0 == range.1 {
            return;
        }
        // The least is what it is divided by the most, above nothing; and by the least below it: its classes are of one sign.
        let which = if (range.0 > 0) == (which == 0) { 1 } else { 0 };
        let steps = (quotient.0, quotient.1.div_euclid(quotient.2));
        system.products.push(Product::new(computed, added.clone(), (fixed(which), number(which)), steps));
    }
}
