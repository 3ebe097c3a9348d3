//! How far somebody is with a positive risk, along a path, and by what may be done beside it at the same time.
//!
//! What came of a risk is a fact of the person, whichever road it was accepted on; and another part of the pathway, or the
//! same one called again, may go on by it. So on a path one may become somebody who has accepted it while nothing happens
//! on that path at all: in another branch of the same block, or alongside. Whoever goes, goes on a road of their own, and
//! there a path follows them.

use crate::check::endings::{does, lasts};
use crate::check::flow::is_reached;
use crate::check::handed_over::looked_at;
use crate::check::information::{Facts, finds};
use crate::check::longest::Times;
use crate::check::people::Truths;
use crate::check::ways::Way;
use crate::check::{Person, Subject};
use crate::model::{Exit, PlaceId, PlaceKind, PositiveRisk, risk};
use crate::workflow::{Node, Why};

/// What has become of a positive risk along a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It is not accepted.
    Not,
    /// It is accepted, and the person has not gone yet.
    Accepted,
    /// The person has gone, and somebody is to look again now.
    Looking,
    /// The person has gone.
    Gone,
}

/// What has become of one positive risk, way by way.
pub(super) struct Stages<'s> {
    subject: &'s Subject<'s>,
    risk: &'s PositiveRisk,
    /// Where it is written down that it was accepted, wherever it is asked.
    accepted_at: Vec<PlaceId>,
    /// The branches that are over before their blocks can be late.
    in_time: Vec<PlaceId>,
}

impl<'s> Stages<'s> {
    pub fn of(subject: &'s Subject<'s>, risk: &'s PositiveRisk) -> Stages<'s> {
        let is_reached = is_reached(subject.program);
        let accepts = |place: &PlaceId| {
            let came = subject.ways.comes_of_a_risk(*place);
            came.is_some_and(|(fact, value)| fact == risk.fact && risk::is_accepted(value))
                && is_reached(Node::Place(*place))
        };
        let accepted_at = subject.program.pathway.all_places().map(|(id, _)| id).filter(accepts).collect();
        // Nothing is known of how long anything takes without a directory.
        let branches = subject.program.pathway.called_branches();
        let times = subject.directory.filter(|_| !branches.is_empty()).map(|it| Times::new(subject.ways, it));
        let in_time = |branch: &PlaceId| times.as_ref().is_some_and(|times| times.is_over_in_time(*branch));
        Stages { subject, risk, accepted_at, in_time: branches.into_iter().filter(in_time).collect() }
    }

    /// Whether a block cannot be left that way while somebody is at a place of one of its branches: it is late, or somebody on a
    /// ladder is asked about it, only when the branch is over; but a ladder is also where nobody can be there meanwhile.
    pub fn is_over_before(&self, at: PlaceId, way: &Way) -> bool {
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Together(block) = &pathway.place(way.from).kind else { return false };
        let waits = way.why == Why::Exit(Exit::Late) && !way.escalated || way.escalated && block.meanwhile == 0;
        let mut in_time = pathway.branches_around(at).filter(|branch| self.in_time.contains(branch));
        waits && in_time.any(|branch| block.branches.contains(&branch))
    }

    /// How far anybody is when the case opens.
    pub fn first(&self) -> Stage {
        if self.meanwhile(self.subject.program.pathway.start) { Stage::Accepted } else { Stage::Not }
    }

    /// Whether it is written down at a place that it was accepted.
    pub fn is_accepted_at(&self, place: PlaceId) -> bool {
        self.accepted_at.contains(&place)
    }

    /// How far somebody is after a way.
    pub fn after(&self, before: Stage, way: &Way) -> Stage {
        // Whoever was looked at again may go once more.
        let before = if before == Stage::Looking { Stage::Accepted } else { before };
        match self.along(before, way) {
            Stage::Not if self.meanwhile(way.to) || self.in_a_branch_of(way) => Stage::Accepted,
            so_far => so_far,
        }
    }

    /// What a way makes of it by itself.
    fn along(&self, before: Stage, way: &Way) -> Stage {
        let Stages { subject, risk, .. } = *self;
        if let Some((fact, value)) = subject.ways.comes_of_a_risk(way.from)
            && fact == risk.fact
        {
            // Who is asked again while away is away all the same.
            return match before {
                Stage::Gone => Stage::Gone,
                _ if !risk::is_accepted(value) => Stage::Not,
                _ => self.just_accepted(way.to),
            };
        }
        let goes = risk.before.is_some_and(|place| may_do(subject, place, way))
            || self.goes_by_coming(way.to)
            || self.interrupts_as_one_goes(way.from, way);
        match before {
            Stage::Not if self.interrupts_as_one_accepts(way.from, way) => self.just_accepted(way.to),
            Stage::Accepted if goes => Stage::Gone,
            before => before,
        }
    }

    /// How far somebody is who accepts it and comes to a place by that.
    fn just_accepted(&self, comes_to: PlaceId) -> Stage {
        let goes = self.risk.before.is_none() || self.goes_by_coming(comes_to);
        if goes { Stage::Gone } else { Stage::Accepted }
    }

    /// How far somebody is who was at a place of a branch when its block is left: as they were, but where that place was
    /// done, and what it found is why the block is left; and nobody looks again where that is stood down.
    pub fn inside(&self, before: Stage, at: PlaceId, way: &Way) -> Stage {
        match before {
            Stage::Not if self.interrupts_as_one_accepts(at, way) => self.just_accepted(way.to),
            Stage::Accepted if self.interrupts_as_one_goes(at, way) => Stage::Gone,
            Stage::Looking => Stage::Gone,
            before => before,
        }
    }

    /// Whether the person may have gone when something interrupts: it looks at what one finds as they go.
    fn interrupts_as_one_goes(&self, at: PlaceId, way: &Way) -> bool {
        self.risk.before == Some(at) && self.interrupts_by(&finds(self.subject, at), way)
    }

    /// Whether it may have been accepted when something interrupts where one is asked: it looks at what comes of it.
    fn interrupts_as_one_accepts(&self, at: PlaceId, way: &Way) -> bool {
        let mut out = self.subject.ways.out_of(at);
        out.any(|(_, it)| it.why == Why::Chosen && self.is_accepted_at(it.to))
            && self.interrupts_by(&Facts::from([self.risk.fact]), way)
    }

    /// Whether something interrupts that looks at some of these facts, and may happen to somebody who has accepted it: who
    /// has taken it back does not take it.
    fn interrupts_by(&self, found: &Facts, way: &Way) -> bool {
        let (subject, Why::AtAnyTime(number)) = (self.subject, way.why) else { return false };
        let Some(it) = subject.program.pathway.interrupts.get(number as usize) else { return false };
        let happens = |value: i64| {
            let accepted = Person::from([(self.risk.fact, Some(value))]);
            subject.possible_wanting(&[], &accepted, &[], &vec![(it.condition.test.clone(), Truths::YES)])
        };
        !it.as_well
            && !looked_at(subject, it).is_disjoint(found)
            && [risk::ACCEPTED, risk::ACCEPTED_IN_BEST_INTERESTS].into_iter().any(happens)
    }

    /// Whether whoever comes to a place has gone: it is what they go to, and takes no time.
    fn goes_by_coming(&self, place: PlaceId) -> bool {
        let kind = &self.subject.program.pathway.place(place).kind;
        matches!(kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) && self.risk.before == Some(place)
    }

    /// Whether it may be accepted elsewhere by the time one is at a place: on another road alongside, or in another branch of
    /// a block around.
    fn meanwhile(&self, at: PlaceId) -> bool {
        let pathway = &self.subject.program.pathway;
        let here: Vec<PlaceId> = pathway.branches_around(at).collect();
        self.accepted_at.iter().any(|accepted| {
            let branches_of = |block: PlaceId| match &pathway.place(block).kind {
                PlaceKind::Together(block) => block.branches.as_slice(),
                _ => &[],
            };
            let mut blocks = pathway
                .branches_around(*accepted)
                .filter(|branch| !here.contains(branch))
                .filter_map(|branch| pathway.block_of(branch));
            pathway.place(at).alongside != pathway.place(*accepted).alongside
                || blocks.any(|block| here.iter().any(|branch| branches_of(block).contains(branch)))
        })
    }

    /// Whether it may have been accepted in a branch of a block by the time that is left.
    fn in_a_branch_of(&self, way: &Way) -> bool {
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Together(block) = &pathway.place(way.from).kind else { return false };
        let inside = |branch: &PlaceId| self.accepted_at.iter().any(|at| pathway.is_in_branch(*at, *branch));
        way.why != Why::Branch && block.branches.iter().any(inside)
    }
}

/// Whether a place may have been done when a way is taken: a step that is a branch may have been, however its block ended. A
/// path goes into a branch that is a pathway of its own, and out of it again.
fn may_do(subject: &Subject<'_>, place: PlaceId, way: &Way) -> bool {
    match &subject.program.pathway.place(way.from).kind {
        PlaceKind::Together(block) if block.branches.contains(&place) => {
            // What lasts as long as its block was come to in any case.
            way.why != Why::Branch && (lasts(subject, place) || way.why != Why::NotAllDone || block.needed() > 1)
        }
        _ => does(subject, place, way),
    }
}
