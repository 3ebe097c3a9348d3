//! How one comes to a decision straight from other decisions, and for whom that can be (11.1).
//!
//! No time passes between decisions, so whoever comes to a decision from another one is still as they were there. A
//! decision that the pathway starts with, or that is led to from anything that is open, is entered freely: by anybody.

use super::people::{Demand, Truths};
use crate::model::{Decide, Pathway, PlaceId, PlaceKind, Row, Test};
use crate::workflow::{Node, Program, Why};
use petgraph::Direction;
use petgraph::visit::EdgeRef;

/// What came of a decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// One of these rows was chosen, counted from 0 and in order.
    Rows(Vec<u32>),
    /// It was not known yet.
    NotKnown,
    /// No row held.
    Nothing,
}

/// A decision, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The decision.
    pub decision: PlaceId,
    /// What came of it.
    pub outcome: Outcome,
}

/// Decisions that were taken one straight after the other; none at all where one is entered freely.
pub type Chain = Vec<Link>;

/// All ways to come to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chains {
    /// The ways; none where nothing leads here.
    pub chains: Vec<Chain>,
    /// Whether these are all of them.
    pub all: bool,
}

/// The most chains that are looked at, whole ones and those that are still led back; and the most decisions one after the
/// other.
const MAX_CHAINS: usize = 512;
const MAX_LOOKS: usize = 8_192;
const MAX_LINKS: usize = 32;
/// Up to so many rows of a decision are taken together when they lead to the same place.
const TOGETHER: usize = 40;

/// Whether anybody can come to a decision: it is the start, or something that is open leads to it.
pub fn is_free(program: &Program, decision: PlaceId) -> bool {
    let open = |it: &(PlaceId, Why)| !matches!(it.1, Why::Row(_) | Why::NotKnown);
    program.pathway.start == decision || leading(program, decision).iter().any(open)
}

/// What leads to a decision, and why.
fn leading(program: &Program, decision: PlaceId) -> Vec<(PlaceId, Why)> {
    let workflow = &program.workflow;
    let Some(index) = workflow.index(Node::Place(decision)) else { return Vec::new() };
    let edges = workflow.graph.edges_directed(index, Direction::Incoming);
    let mut leading: Vec<(PlaceId, Why)> =
        edges.map(|edge| (workflow.graph[edge.source()].place(), edge.weight().why)).collect();
    leading.sort_unstable();
    leading.dedup();
    leading
}

/// The decisions that lead straight to a decision. Rows of one that lead here are taken together.
fn senders(program: &Program, decision: PlaceId) -> Vec<Link> {
    let mut senders: Vec<Link> = Vec::new();
    for (from, why) in leading(program, decision) {
        let many = decide(&program.pathway, from).is_some_and(|decide| decide.rows.len() > TOGETHER);
        match (why, senders.last_mut()) {
            (Why::Row(row), Some(Link { decision, outcome: Outcome::Rows(rows) })) if *decision == from && !many => {
                rows.push(row);
            }
            (Why::Row(row), _) => senders.push(Link { decision: from, outcome: Outcome::Rows(vec![row]) }),
            (Why::NotKnown, _) => senders.push(Link { decision: from, outcome: Outcome::NotKnown }),
            _ => {}
        }
    }
    senders
}

/// The ways to come to a decision, each from one that is entered freely. Going round in a circle says no more of a
/// person than not going round, so no chain comes to a decision twice.
pub fn chains(program: &Program, decision: PlaceId) -> Chains {
    let mut found = Chains { chains: Vec::new(), all: false };
    // Chains that are still led back, the last link first.
    let mut open: Vec<(PlaceId, Chain)> = vec![(decision, Chain::new())];
    for _ in 0..MAX_LOOKS {
        let Some((at, backwards)) = open.pop() else {
            found.all = true;
            break;
        };
        if found.chains.len() >= MAX_CHAINS || backwards.len() > MAX_LINKS {
            break;
        }
        if is_free(program, at) {
            found.chains.push(backwards.into_iter().rev().collect());
            continue;
        }
        for link in senders(program, at).into_iter().rev() {
            let met = link.decision == decision || backwards.iter().any(|it| it.decision == link.decision);
            if !met {
                let from = link.decision;
                open.push((from, backwards.iter().cloned().chain([link]).collect()));
            }
        }
    }
    found
}

/// The decision at a place.
pub fn decide(pathway: &Pathway, place: PlaceId) -> Option<&Decide> {
    match &pathway.place(place).kind {
        PlaceKind::Decide(decide) => Some(decide),
        _ => None,
    }
}

/// Conditions, and which answers each must have.
pub type Wanted = Vec<(Test, Truths)>;

/// The demands that are wanted.
pub fn demands(wanted: &Wanted) -> Vec<Demand<'_>> {
    wanted.iter().map(|(test, may_be)| Demand::new(test, *may_be)).collect()
}

/// What an outcome of a decision wants of a person; exact in yes, no and unknown.
pub fn outcome(decide: &Decide, outcome: &Outcome) -> Wanted {
    let rows = decide.rows.as_slice();
    let all_no = |rows: &[Row]| -> Wanted { rows.iter().map(|row| (row.condition.test.clone(), Truths::NO)).collect() };
    match outcome {
        Outcome::Nothing => all_no(rows),
        Outcome::NotKnown => vec![(first(rows), Truths::UNKNOWN)],
        Outcome::Rows(chosen) => match chosen.as_slice() {
            [only] => {
                let at = (*only as usize).min(rows.len());
                let mut wanted = all_no(&rows[..at]);
                wanted.extend(rows.get(at).map(|row| (row.condition.test.clone(), Truths::YES)));
                wanted
            }
            _ => vec![(first_is(rows, 0, chosen), Truths::YES)],
        },
    }
}

/// The condition that answers what the first row that is not a definite no answers. (Of two halves: the first, or not
/// the first and the second. While the first is unknown, so is the whole.)
fn first(rows: &[Row]) -> Test {
    match rows {
        [] => Test::Any(Vec::new()),
        [row] => row.condition.test.clone(),
        _ => {
            let (above, below) = rows.split_at(rows.len() / 2);
            let above = first(above);
            let not_above = Test::Not(Box::new(above.clone()));
            Test::Any(vec![above, Test::All(vec![not_above, first(below)])])
        }
    }
}

/// The condition that is a definite yes just when the first row that is not a definite no is one, and is among these.
/// `from`: the number of the first of the rows.
fn first_is(rows: &[Row], from: u32, chosen: &[u32]) -> Test {
    match rows {
        [] => Test::Any(Vec::new()),
        [row] if chosen.contains(&from) => row.condition.test.clone(),
        [_] => Test::Any(Vec::new()),
        _ => {
            let (above, below) = rows.split_at(rows.len() / 2);
            let not_above = Test::Not(Box::new(first(above)));
            let below = first_is(below, from + above.len() as u32, chosen);
            Test::Any(vec![first_is(above, from, chosen), Test::All(vec![not_above, below])])
        }
    }
}

/// What a chain wants of a person.
pub fn wanted(pathway: &Pathway, chain: &[Link]) -> Wanted {
    let links = chain.iter().filter_map(|link| Some(outcome(decide(pathway, link.decision)?, &link.outcome)));
    links.flatten().collect()
}

/// Whether somebody can come this way of whom something is not known. Where no decision on the way had to wait for
/// anything, whatever is not known makes no difference, so everything may be taken as known.
pub fn with_unknown(chain: &[Link]) -> bool {
    chain.iter().any(|link| link.outcome == Outcome::NotKnown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Place, Span};
    use crate::model::{Condition, FactId, Ranges, RouteId};
    use crate::workflow::{Truth, truth};

    /// A decision with a row for each of some yes-or-no facts.
    fn of_flags(count: u32) -> Decide {
        let at = Place { source: 0, span: Span::default() };
        let row = |fact: u32| Row {
            condition: Condition { test: Test::Fact(FactId(fact), Ranges::new([(1, 1)])), words: String::new(), at },
            route: RouteId(0),
        };
        Decide::of((0..count).map(row).collect())
    }

    #[test]
    fn an_outcome_wants_just_whom_the_decision_sends_there() {
        for count in 0..=5u32 {
            let decide = of_flags(count);
            for person in 0..3usize.pow(count) {
                let known: Vec<Option<i64>> =
                    (0..count).map(|fact| [None, Some(0), Some(1)][person / 3usize.pow(fact) % 3]).collect();
                let first = known.iter().position(|value| *value != Some(0));
                let meets = |it: &Outcome| {
                    let met = |(test, may_be): &(Test, Truths)| may_be.contains(truth(test, known.as_slice(), &[]));
                    outcome(&decide, it).iter().all(met)
                };
                assert_eq!(meets(&Outcome::Nothing), first.is_none());
                // What one row wants is wanted row by row, so that no two of them have to be taken together.
                let by_rows = |row: u32| outcome(&decide, &Outcome::Rows(vec![row])).len();
                assert!((0..count).all(|row| by_rows(row) == row as usize + 1));
                assert_eq!(meets(&Outcome::NotKnown), first.is_some_and(|row| known[row].is_none()));
                for chosen in 1..1u32 << count {
                    let rows: Vec<u32> = (0..count).filter(|row| chosen >> row & 1 == 1).collect();
                    let is = first.is_some_and(|row| known[row] == Some(1) && rows.contains(&(row as u32)));
                    assert_eq!(meets(&Outcome::Rows(rows)), is, "{known:?}");
                }
            }
            // Of no rows none is the first, and none is chosen.
            let none = if count == 0 { Truth::No } else { Truth::Unknown };
            assert_eq!(truth(&first(&decide.rows), [].as_slice(), &[]), none);
            assert_eq!(truth(&first_is(&decide.rows[..0], 0, &[0, 1]), [].as_slice(), &[]), Truth::No);
        }
    }
}
