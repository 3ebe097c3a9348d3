//! An inquiry: demands that stay, questions that are asked one after the other, and who is found made ordinary.

use super::numbers::{Chosen, Numbers};
use super::pose::Posing;
use super::search::{Outcome, Searcher};
use super::space::{Cells, Column, Of, Set, members, nearest, option_class, set};
use super::{Demand, People, Person, Search};
use crate::model::{FactId, NOT_APPLICABLE, Ranges, Shared, Test};
use crate::workflow::truth;
use std::collections::BTreeMap;

/// Demands that are insisted on one after the other, and others that are made in passing. What is learnt on the way
/// helps with the next question.
#[derive(Clone, Debug)]
pub struct Inquiry<'d> {
    shared: &'d Shared,
    typical: &'d [i64],
    columns: Vec<Column>,
    searcher: Searcher,
    insisting: Vec<(Demand<'d>, Vec<Cells>)>,
    passing: Vec<(Demand<'d>, Vec<Cells>)>,
    /// Of the first list, those insisted on.
    insisted: Vec<usize>,
    fixed: Person,
    /// The sums in which numbers have to be chosen.
    numbers: Numbers,
    /// For each question.
    budget: u64,
}

/// A class of each column that is not derived, and the numbers that were chosen in them.
#[derive(Clone, Debug)]
struct Spot {
    classes: Vec<usize>,
    numbers: BTreeMap<FactId, i64>,
}

/// How often one looks whether a person could be a little more ordinary, for each column.
const TRIES: usize = 8;

impl<'d> Inquiry<'d> {
    /// An inquiry with demands that can be insisted on, and demands that can be made in passing.
    pub fn new(
        people: &'d People<'d>,
        insisting: &[Demand<'d>],
        passing: &[Demand<'d>],
        may_be_unknown: &dyn Fn(FactId) -> bool,
    ) -> Inquiry<'d> {
        Inquiry::with(people, insisting, passing, may_be_unknown, &Person::new())
    }

    /// The same, of those whose facts have these values, or are unknown.
    pub fn with(
        people: &'d People<'d>,
        insisting: &[Demand<'d>],
        passing: &[Demand<'d>],
        may_be_unknown: &dyn Fn(FactId) -> bool,
        fixed: &Person,
    ) -> Inquiry<'d> {
        let may_be_unknown = |fact: FactId| match fixed.get(&fact) {
            Some(value) => value.is_none(),
            None => may_be_unknown(fact),
        };
        // Whether what is fixed applies matters, even where nobody looks at it.
        let needs_not_apply = |fact: &&FactId| {
            people.shared.facts.get(fact.index()).is_some_and(|it| it.applies.is_some() || it.rests_on.is_some())
        };
        let fixed_ones = fixed.keys().filter(needs_not_apply);
        let fixed_ones: Vec<Test> = fixed_ones.map(|fact| Test::Fact(*fact, Ranges::default())).collect();
        let tests = insisting.iter().chain(passing).map(|demand| demand.test).chain(&fixed_ones);
        let mut posing = Posing::new(people.shared, &may_be_unknown, tests);
        let insisting: Vec<_> = insisting.iter().map(|demand| (*demand, posing.demand(demand))).collect();
        let passing: Vec<_> = passing.iter().map(|demand| (*demand, posing.limits(demand))).collect();
        let mut problem = posing.problem;
        problem.boxes.extend(fixed_boxes(&problem.columns, fixed, people.shared));
        let step = |fact: FactId| people.shared.facts.get(fact.index()).map_or(1, |fact| fact.domain.step());
        let numbers = Numbers::new(&problem, step);
        let more = insisting.iter().map(|(_, boxes)| boxes.len()).sum();
        Inquiry {
            shared: people.shared,
            typical: &people.typical,
            searcher: Searcher::new(&problem, more, people.budget),
            columns: problem.columns,
            insisting,
            passing,
            insisted: Vec::new(),
            fixed: fixed.clone(),
            numbers,
            budget: people.budget,
        }
    }

    /// From now on everybody must meet this demand of the first list.
    pub fn insist(&mut self, demand: usize) {
        self.insisting[demand].1.iter().for_each(|cells| self.searcher.add(cells));
        self.insisted.push(demand);
    }

    /// The most ordinary person who meets everything insisted on, and these demands of the second list.
    pub fn find(&mut self, passing: &[usize]) -> Search {
        let Some(given) = self.given(passing) else { return Search::Nobody };
        let search = match self.look(&given) {
            Ok(spot) => {
                let person = self.most_ordinary(spot, &given);
                self.found(person, passing)
            }
            Err(Outcome::OutOfBudget) => Search::OutOfBudget,
            Err(_) => Search::Nobody,
        };
        self.searcher.budget = self.budget;
        search
    }

    /// Whether anybody meets everything insisted on, and these demands of the second list; nothing where that is not
    /// known. Quicker than saying who.
    pub fn is_anybody(&mut self, passing: &[usize]) -> Option<bool> {
        let Some(given) = self.given(passing) else { return Some(false) };
        let looked = self.look(&given);
        self.searcher.budget = self.budget;
        match looked {
            Ok(_) => Some(true),
            Err(Outcome::Nobody) => Some(false),
            Err(_) => None,
        }
    }

    /// The limits that demands made in passing put on columns; nothing where nobody can meet them.
    fn given(&self, passing: &[usize]) -> Option<Vec<(usize, Set)>> {
        let cells = passing.iter().flat_map(|demand| &self.passing[*demand].1);
        let limits = cells.map(|cells| {
            // In passing every box is a limit of one column, or holds everybody.
            let (column, classes) = cells.first_key_value()?;
            let all = set(self.columns[*column].classes, |_| true);
            Some((*column, all.iter().zip(classes).map(|(all, classes)| all & !classes).collect()))
        });
        limits.collect()
    }

    /// Looks at the person once more, with the words of the language itself.
    fn found(&self, person: Person, passing: &[usize]) -> Search {
        let insisted = self.insisted.iter().map(|demand| &self.insisting[*demand].0);
        let mut demands = insisted.chain(passing.iter().map(|demand| &self.passing[*demand].0));
        let met = demands.all(|it| it.may_be.contains(truth(it.test, &person, &self.shared.scores)));
        debug_assert!(met, "{person:?} does not meet what was demanded");
        if met { Search::Found(person) } else { Search::OutOfBudget }
    }

    fn look(&mut self, given: &[(usize, Set)]) -> Result<Spot, Outcome> {
        loop {
            let outcome = self.searcher.look(given.iter().cloned());
            if outcome != Outcome::Found {
                self.searcher.leave();
                return Err(outcome);
            }
            let classes = self.spot();
            let chosen = self.choose();
            self.searcher.leave();
            match chosen {
                Chosen::Values(numbers) => return Ok(Spot { classes, numbers }),
                Chosen::GaveUp => return Err(Outcome::OutOfBudget),
                // Nobody lies there, whoever is asked for.
                Chosen::Nobody(cells) => self.searcher.add(&cells),
            }
        }
    }

    /// Numbers for the sums, in the classes that are left.
    fn choose(&mut self) -> Chosen {
        if self.numbers.is_empty() {
            return Chosen::Values(BTreeMap::new());
        }
        let mut budget = self.searcher.budget;
        let class = |column: usize| members(self.searcher.left(column)).next().unwrap_or(0);
        let fixed = |fact: FactId| self.fixed.get(&fact).copied().flatten();
        let wanted = |fact: FactId| self.typical.get(fact.index()).copied().unwrap_or(0);
        let chosen = self.numbers.choose(&class, &fixed, &wanted, &mut budget);
        self.searcher.budget = budget;
        chosen
    }

    /// The most ordinary class of what is left of each column.
    fn spot(&self) -> Vec<usize> {
        let columns = (0..self.columns.len()).filter(|column| !matches!(self.columns[*column].of, Of::Derived));
        let best = |column: usize| {
            let left = self.searcher.left(column);
            members(left).min_by_key(|class| self.distance(column, *class)).unwrap_or(0)
        };
        columns.map(best).collect()
    }

    /// How far from ordinary a class of a column is. What is not known is nearer than anything known.
    fn distance(&self, column: usize, class: usize) -> u64 {
        match &self.columns[column].of {
            Of::Fact(fact, classes) => match classes.get(class) {
                Some(range) => {
                    let typical = self.typical[fact.index()];
                    1 + nearest(*range, typical, &self.shared.facts[fact.index()]).abs_diff(typical)
                }
                None => 0,
            },
            Of::Option(fact, option) if class < 2 => {
                1 + u64::from((self.typical[fact.index()] >> option & 1) as usize != class)
            }
            Of::Option(..) | Of::Derived => 0,
        }
    }

    /// Makes somebody who was found as ordinary as can be: first every column in order as ordinary as can be or not at
    /// all, then those that cannot as near to it as a few tries give.
    fn most_ordinary(&mut self, mut spot: Spot, given: &[(usize, Set)]) -> Person {
        let mut given = given.to_vec();
        let whole = self.searcher.budget;
        let mut left = Vec::new();
        for column in 0..spot.classes.len() {
            let mut classes: Vec<usize> = (0..self.columns[column].classes).collect();
            classes.sort_by_key(|class| (self.distance(column, *class), *class));
            let ideal = classes.iter().take_while(|class| self.distance(column, **class) <= 1).count().max(1);
            if !self.settle(column, &classes[..ideal], &mut spot, &mut given, whole) {
                left.push((column, classes.split_off(ideal)));
            }
        }
        for (column, classes) in left {
            self.settle(column, &classes[..classes.len().min(TRIES)], &mut spot, &mut given, whole);
        }
        self.person(&spot)
    }

    /// Takes the first of some classes that a person can be found in; whether there is one.
    fn settle(
        &mut self,
        column: usize,
        classes: &[usize],
        spot: &mut Spot,
        given: &mut Vec<(usize, Set)>,
        whole: u64,
    ) -> bool {
        for class in classes {
            given.push((column, set(self.columns[column].classes, |it| it == *class)));
            if spot.classes[column] == *class {
                return true;
            }
            // Being ordinary is worth a part of what it takes to find somebody at all.
            self.searcher.budget = whole / 64;
            if let Ok(better) = self.look(given) {
                *spot = better;
                return true;
            }
            given.pop();
        }
        false
    }

    /// The person at a spot.
    fn person(&self, spot: &Spot) -> Person {
        let mut person = Person::new();
        for (column, class) in self.columns.iter().zip(&spot.classes) {
            match &column.of {
                Of::Fact(fact, classes) => {
                    let range = classes.get(*class);
                    let ordinary = range
                        .map(|range| nearest(*range, self.typical[fact.index()], &self.shared.facts[fact.index()]));
                    // What is added up was chosen; what does not apply, or is not known, was not.
                    let chosen = spot.numbers.get(fact).copied().filter(|_| range.is_some()).or(ordinary);
                    person.insert(*fact, self.fixed.get(fact).copied().unwrap_or(chosen));
                }
                Of::Option(fact, option) => {
                    let known = person.entry(*fact).or_insert(Some(self.fixed_or_typical(*fact)));
                    *known = match (*class, *known) {
                        (0, Some(bits)) => Some(bits & !(1 << option)),
                        (1, Some(bits)) => Some(bits | 1 << option),
                        (2, _) if self.shared.facts[fact.index()].applies.is_some() => Some(NOT_APPLICABLE),
                        _ => None,
                    };
                }
                Of::Derived => {}
            }
        }
        person
    }

    fn fixed_or_typical(&self, fact: FactId) -> i64 {
        self.fixed.get(&fact).copied().flatten().unwrap_or(self.typical[fact.index()])
    }

    /// Whether numbers have to be chosen in classes, so that not everybody in a class is alike.
    pub(super) fn adds_up(&self) -> bool {
        !self.numbers.is_empty()
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn searcher(&mut self) -> &mut Searcher {
        &mut self.searcher
    }

    /// The classes of somebody who was found.
    pub(super) fn classes_of(&self, person: &Person) -> Vec<usize> {
        let class = |column: &Column| match &column.of {
            Of::Fact(fact, classes) => {
                let value = person.get(fact).copied().flatten();
                value.map_or(classes.len(), |value| classes.partition_point(|(_, end)| *end < value))
            }
            Of::Option(fact, option) => {
                option_class(&self.shared.facts[fact.index()], *option, person.get(fact).copied().flatten())
            }
            Of::Derived => 0,
        };
        self.columns.iter().filter(|column| !matches!(column.of, Of::Derived)).map(class).collect()
    }
}

/// The boxes that rule out everybody whose facts are not as given.
fn fixed_boxes(columns: &[Column], fixed: &Person, shared: &Shared) -> Vec<Cells> {
    let mut boxes = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        let class = match &column.of {
            Of::Fact(fact, classes) => fixed.get(fact).map(|value| match value {
                Some(value) => classes.iter().position(|(from, to)| (from..=to).contains(&value)),
                None => Some(classes.len()),
            }),
            Of::Option(fact, option) => {
                fixed.get(fact).map(|value| Some(option_class(&shared.facts[fact.index()], *option, *value)))
            }
            Of::Derived => None,
        };
        if let Some(class) = class {
            boxes.push(Cells::from([(number, set(column.classes, |it| Some(it) != class))]));
        }
    }
    boxes
}
