//! Everybody who meets some demands, as regions: boxes in ranges, as wide as they can be.

use super::pose::Posing;
use super::search::{Outcome, Searcher};
use super::space::{Cells, Column, Of, Set, members, set};
use super::{Demand, Inquiry, People, Search};
use crate::model::{Domain, FactId, Ranges, Test};
use crate::workflow::Truth;
use std::collections::BTreeMap;

/// Some regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The regions; they may overlap, and none lies wholly in another that comes before it.
    pub regions: Vec<Region>,
    /// Whether nobody lies outside them.
    pub all: bool,
}

/// Everybody whose facts are as it says. What it does not name may be anything.
pub type Region = BTreeMap<FactId, Values>;

/// Which values of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Those in these ranges.
    In(Ranges),
    /// Of a fact of several: with all of these options and none of those, as bits. One that does not apply has none.
    Including {
        /// With all of these.
        with: i64,
        /// With none of these.
        without: i64,
        /// Whether it applies, where that matters.
        applies: Option<bool>,
    },
}

/// Finds at most `limit` regions.
pub(super) fn regions(people: &People<'_>, demands: &[Demand<'_>], limit: usize) -> Regions {
    let mut inquiry = Inquiry::new(people, demands, &[], &|_| false);
    (0..demands.len()).for_each(|demand| inquiry.insist(demand));
    // Where numbers are added up, not everybody in a class is alike: nothing is said of all of them.
    if inquiry.adds_up() {
        return Regions { regions: Vec::new(), all: false };
    }
    let derived = inquiry.columns().iter().any(|column| matches!(column.of, Of::Derived));
    let mut outside = derived.then(|| Outside::new(people, demands));
    let mut regions = Vec::new();
    let mut all = false;
    while !all && regions.len() < limit {
        let person = match inquiry.find(&[]) {
            Search::Found(person) => person,
            Search::Nobody => {
                all = true;
                continue;
            }
            Search::OutOfBudget => break,
        };
        let spot = inquiry.classes_of(&person);
        let mut cells: Vec<Set> =
            spot.iter().zip(inquiry.columns()).map(|(class, column)| set(column.classes, |it| it == *class)).collect();
        let columns: Vec<Column> = inquiry.columns()[..cells.len()].to_vec();
        for (number, column) in columns.iter().enumerate() {
            let mut fits = |classes: Set, cells: &mut Vec<Set>| {
                let before = std::mem::replace(&mut cells[number], classes);
                let fits = match &mut outside {
                    Some(outside) => outside.nobody_in(cells),
                    None => !inquiry.searcher().touches(&cells.concat()),
                };
                if !fits {
                    cells[number] = before;
                }
                fits
            };
            if fits(set(column.classes, |_| true), &mut cells) {
                continue;
            }
            let ordered =
                matches!(&column.of, Of::Fact(fact, _) if is_ordered(&people.shared.facts[fact.index()].domain));
            let class = spot[number];
            let mut wider = |class: usize, cells: &mut Vec<Set>| {
                let mut classes = cells[number].clone();
                classes[class / 64] |= 1 << (class % 64);
                // That an option is included, or its fact does not apply, nobody would say.
                let said = !matches!(column.of, Of::Option(..)) || classes[0] != 0b110;
                said && fits(classes, cells)
            };
            let up = (class + 1..column.classes).map_while(|it| (wider(it, &mut cells) || !ordered).then_some(()));
            up.for_each(drop);
            let down = (0..class).rev().map_while(|it| (wider(it, &mut cells) || !ordered).then_some(()));
            down.for_each(drop);
        }
        let ruled_out: Cells = cells.iter().cloned().enumerate().collect();
        inquiry.searcher().add(&ruled_out);
        regions.push(region(&columns, &cells, people));
    }
    Regions { regions, all }
}

fn is_ordered(domain: &Domain) -> bool {
    !matches!(domain, Domain::YesOrNo | Domain::OneOf(_) | Domain::SeveralOf(_) | Domain::Text | Domain::Document)
}

/// What a region says of each fact that it limits.
fn region(columns: &[Column], cells: &[Set], people: &People<'_>) -> Region {
    let mut region = Region::new();
    for (column, cell) in columns.iter().zip(cells) {
        if *cell == set(column.classes, |_| true) {
            continue;
        }
        match &column.of {
            Of::Fact(fact, classes) => {
                // Between two classes next to one another there is nothing, whatever the steps.
                let step = people.shared.facts[fact.index()].domain.step().max(1);
                let mut ranges: Vec<(i64, i64)> = Vec::new();
                for (from, to) in members(cell).map(|class| classes[class]) {
                    match ranges.last_mut() {
                        Some(last) if last.1.saturating_add(step) >= from => last.1 = to,
                        _ => ranges.push((from, to)),
                    }
                }
                region.insert(*fact, Values::In(Ranges::new(ranges)));
            }
            Of::Option(fact, option) => {
                let nothing = Values::Including { with: 0, without: 0, applies: None };
                let entry = region.entry(*fact).or_insert(nothing);
                let need_not_apply = people.shared.facts[fact.index()].applies.is_some();
                if let Values::Including { with, without, applies } = entry {
                    match cell[0] {
                        0b010 => *with |= 1 << option,
                        0b001 | 0b101 => *without |= 1 << option,
                        _ => {}
                    }
                    if need_not_apply && cell[0] & 0b100 == 0 {
                        *applies = Some(true);
                    } else if cell[0] == 0b100 {
                        *applies = Some(false);
                    }
                }
            }
            Of::Derived => {}
        }
    }
    region
}

/// Everybody who does not meet the demands.
struct Outside(Searcher);

impl Outside {
    fn new(people: &People<'_>, demands: &[Demand<'_>]) -> Outside {
        let mut posing = Posing::new(people.shared, &|_| false, demands.iter().map(|demand| demand.test));
        // Somebody for whom one of the demands is not met: not all of them are.
        let met = |demand: &Demand<'_>| match (demand.may_be.contains(Truth::Yes), demand.may_be.contains(Truth::No)) {
            (true, true) => Test::ALWAYS,
            (true, false) => demand.test.clone(),
            (false, _) => Test::Not(Box::new(demand.test.clone())),
        };
        let all = Test::All(demands.iter().map(met).collect());
        let boxes = posing.demand(&Demand::new(&all, super::Truths::NO));
        posing.problem.boxes.extend(boxes);
        Outside(Searcher::new(&posing.problem, 0, people.budget / 64))
    }

    /// Whether it is sure that none of them lies in these cells.
    fn nobody_in(&mut self, cells: &[Set]) -> bool {
        let outcome = self.0.look(cells.iter().cloned().enumerate());
        self.0.leave();
        outcome == Outcome::Nobody
    }
}
