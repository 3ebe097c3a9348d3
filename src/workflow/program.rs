//! The flat program of a pathway: what the interpreter runs.

use super::decision::Decision;
use super::graph::Workflow;
use crate::model::{Pathway, PlaceId, PlaceKind};
use std::collections::BTreeSet;

/// A pathway, ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The pathway it was made from: places, routes and counters by number.
    pub pathway: Pathway,
    /// Its graph.
    pub workflow: Workflow,
    /// What the pathway means, as a hash: not its comments, its layout or the order of its blocks.
    pub hash: String,
    decisions: Vec<Option<Decision>>,
    counted_after: BTreeSet<PlaceId>,
}

impl Program {
    /// Makes the program of a pathway.
    pub fn new(
        pathway: Pathway,
        workflow: Workflow,
        hash: String,
        facts: &[crate::model::Fact],
        scores: &[crate::model::Score],
    ) -> Program {
        let decisions = pathway
            .places
            .iter()
            .map(|place| match &place.kind {
                PlaceKind::Decide(decide) => Some(Decision::new(&decide.rows, facts, scores)),
                _ => None,
            })
            .collect();
        let counted_after = pathway.places.iter().filter_map(|place| place.kind.within()?.after()).collect();
        Program { pathway, workflow, hash, decisions, counted_after }
    }

    /// Whether the time of something else is counted after a place is done.
    pub fn is_counted_after(&self, place: PlaceId) -> bool {
        self.counted_after.contains(&place)
    }

    /// The decision at a place, if there is one.
    pub fn decision(&self, place: PlaceId) -> Option<&Decision> {
        self.decisions.get(place.index()).and_then(Option::as_ref)
    }
}
