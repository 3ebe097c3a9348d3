//! How one comes to a decision straight from other decisions, and for whom that can be (11.1).
//!
//! No time passes between decisions, so whoever comes to a decision from another one is still as they were there. A
//! decision that the pathway starts with, or that is led to from anything that is open, is entered freely: by anybody.

use super::people::{Demand, Truths};
use crate::model::{Decide, Pathway, PlaceId, PlaceKind};
use crate::workflow::{Node, Program, Why};
use petgraph::Direction;
use petgraph::visit::EdgeRef;

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// This row was chosen, counted from 0.
    Row(u32),
    /// It was not known yet.
    NotKnown,
    /// No row held.
    Nothing,
}

/// A decision, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// The most chains that are looked at, and the most decisions one after the other.
const MAX_CHAINS: usize = 64;
const MAX_LINKS: usize = 16;
/// The most ways in which a chain can come about.
const MAX_WAYS: usize = 256;

/// Whether anybody can come to a decision: it is the start, or something that is open leads to it.
pub fn is_free(program: &Program, decision: PlaceId) -> bool {
    program.pathway.start == decision || senders(program, decision).iter().any(Option::is_none)
}

/// What leads to a decision: another decision and what came of it, or nothing for what is open.
fn senders(program: &Program, decision: PlaceId) -> Vec<Option<Link>> {
    let workflow = &program.workflow;
    let Some(index) = workflow.index(Node::Place(decision)) else { return Vec::new() };
    let mut senders: Vec<Option<Link>> = workflow
        .graph
        .edges_directed(index, Direction::Incoming)
        .map(|edge| {
            let outcome = match edge.weight().why {
                Why::Row(row) => Outcome::Row(row),
                Why::NotKnown => Outcome::NotKnown,
                _ => return None,
            };
            Some(Link { decision: workflow.graph[edge.source()].place(), outcome })
        })
        .collect();
    senders.sort_unstable();
    senders.dedup();
    senders
}

/// The ways to come to a decision, each from one that is entered freely. Going round in a circle says no more of a
/// person than not going round, so no chain comes to a decision twice.
pub fn chains(program: &Program, decision: PlaceId) -> Chains {
    if is_free(program, decision) {
        return Chains { chains: vec![Chain::new()], all: true };
    }
    let mut found = Chains { chains: Vec::new(), all: true };
    // Chains that are still led back, the last link first.
    let mut open: Vec<(PlaceId, Chain)> = vec![(decision, Chain::new())];
    let mut looked_at = 0;
    while let Some((at, backwards)) = open.pop() {
        looked_at += 1;
        if looked_at > 16 * MAX_CHAINS || found.chains.len() >= MAX_CHAINS || backwards.len() > MAX_LINKS {
            found.all = false;
            break;
        }
        if is_free(program, at) {
            found.chains.push(backwards.into_iter().rev().collect());
            continue;
        }
        for link in senders(program, at).into_iter().rev().flatten() {
            let met = link.decision == decision || backwards.iter().any(|it| it.decision == link.decision);
            if !met {
                let chain = backwards.iter().copied().chain([link]).collect();
                open.push((link.decision, chain));
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

/// What an outcome of a decision demands of a person: one of these lists.
pub fn outcome(decide: &Decide, outcome: Outcome) -> Vec<Vec<Demand<'_>>> {
    let no = |rows: usize| {
        decide.rows[..rows.min(decide.rows.len())].iter().map(|row| Demand::new(&row.condition.test, Truths::NO))
    };
    let up_to = |row: usize, may_be: Truths| -> Option<Vec<Demand<'_>>> {
        let it = decide.rows.get(row)?;
        Some(no(row).chain([Demand::new(&it.condition.test, may_be)]).collect())
    };
    match outcome {
        Outcome::Row(row) => up_to(row as usize, Truths::YES).into_iter().collect(),
        Outcome::NotKnown => {
            let can_be = |row: &usize| decide.rows[*row].condition.test != crate::model::Test::ALWAYS;
            (0..decide.rows.len()).filter(can_be).filter_map(|row| up_to(row, Truths::UNKNOWN)).collect()
        }
        Outcome::Nothing => vec![no(decide.rows.len()).collect()],
    }
}

/// What a chain demands of a person: one of these lists. Nothing where there are too many to look at.
pub fn demands<'p>(pathway: &'p Pathway, chain: &[Link]) -> Option<Vec<Vec<Demand<'p>>>> {
    let mut ways: Vec<Vec<Demand<'p>>> = vec![Vec::new()];
    for link in chain {
        let outcomes = outcome(decide(pathway, link.decision)?, link.outcome);
        if ways.len() * outcomes.len() > MAX_WAYS {
            return None;
        }
        ways = ways
            .iter()
            .flat_map(|way| outcomes.iter().map(move |outcome| way.iter().chain(outcome).copied().collect()))
            .collect();
    }
    Some(ways)
}

/// Whether somebody can come this way of whom something is not known. Where no decision on the way had to wait for
/// anything, whatever is not known makes no difference, so everything may be taken as known.
pub fn with_unknown(chain: &[Link]) -> bool {
    chain.iter().any(|link| link.outcome == Outcome::NotKnown)
}
