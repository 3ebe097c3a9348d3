//! The flat program of a pathway: what the interpreter runs.

use super::decision::Decision;
use super::graph::Workflow;
use super::turning::Turning;
use crate::model::{FactId, Pathway, PlaceId, PlaceKind};
use std::collections::BTreeSet;

/// How many things may happen at one moment: a case refuses an input because of which more would, and what is proved never
/// comes to so many (11.2).
pub const MOST_AT_ONCE: u32 = 20_000;

/// A pathway, ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The pathway it was made from: places, routes and counters by number.
    pub pathway: Pathway,
    /// Its graph.
    pub workflow: Workflow,
    /// What the pathway means, as a hash: not its comments, its layout or the order of its blocks.
    pub hash: String,
    /// The same, of all but what is allowed in it.
    pub hash_but_allowed: String,
    decisions: Vec<Option<Decision>>,
    /// The facts it can speak of that say what came of a positive risk.
    lapsing: Vec<FactId>,
    /// The facts it can speak of that a model finds.
    by_models: Vec<FactId>,
    counted_after: BTreeSet<PlaceId>,
    turning: Turning,
}

impl Program {
    /// Makes the program of a pathway.
    pub fn new(
        pathway: Pathway,
        workflow: Workflow,
        (hash, hash_but_allowed): (String, String),
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
        let rests = |fact: &FactId| facts.get(fact.index()).is_some_and(|fact| fact.rests_on.is_some());
        let lapsing = pathway.facts.iter().copied().filter(rests).collect();
        let by_model = |fact: &FactId| facts.get(fact.index()).is_some_and(|fact| fact.model.is_some());
        let by_models = pathway.facts.iter().copied().filter(by_model).collect();
        let counted_after = pathway.places.iter().filter_map(|place| place.kind.within()?.after()).collect();
        let turning = Turning::new(&pathway, facts, scores);
        Program { pathway, workflow, hash, hash_but_allowed, decisions, lapsing, by_models, counted_after, turning }
    }

    /// The facts that say what came of a positive risk, and lapse.
    pub fn lapsing(&self) -> &[FactId] {
        &self.lapsing
    }

    /// The facts that a model finds.
    pub fn by_models(&self) -> &[FactId] {
        &self.by_models
    }

    /// The numbers of days and years that it waits for.
    pub(crate) fn turning(&self) -> &Turning {
        &self.turning
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
