//! Positive risks (3.4, 10.31): who is asked, what comes of it, and what must be in place for somebody who takes one.

use super::cover::Window;
use super::explore::Explored;
use super::machine::{Machine, Move, PLAINLY, View, Walk};
use super::served::Serving;
use super::state::{At, Branch, Kind, Node, Open, Seen, State};
use super::world::{Cond, PlaceKind, RouteId, Target, Thing, Values, World};

/// A positive risk, beside the rows that say who is asked.
#[derive(Clone, Debug)]
pub struct Risk {
    /// Whether the person is able to decide: a flag.
    pub able: u8,
    /// How long the person has, and whoever decides in their best interests.
    pub within: u8,
    pub best_within: u8,
    /// Who decides in their best interests.
    pub leader: u8,
    /// Who agrees the plan, as bits.
    pub agreed: u8,
    pub accepted: RouteId,
    pub declined: RouteId,
    /// A block with a branch that lasts as long as it does, where the others may disagree.
    pub disagree: Option<u8>,
    /// The fact that says what matters.
    pub matters: Option<u8>,
    /// What must be done before what.
    pub nets: Vec<Thing>,
    pub before: Thing,
    pub review: Option<Thing>,
    /// Who answers if it happens, and how soon.
    pub responder: Option<(u8, u8)>,
}

impl Risk {
    /// The places it names.
    pub fn names(&self) -> impl Iterator<Item = u8> + '_ {
        let before = (!self.nets.is_empty()).then_some(self.before);
        self.nets.iter().copied().chain(before).chain(self.review).filter_map(Thing::place).chain(self.disagree)
    }
}

/// How far somebody is with a positive risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    #[default]
    Not,
    Accepted,
    Gone,
}

impl World {
    /// The positive risk of a place.
    pub fn risk(&self, place: u8) -> Option<&Risk> {
        self.decide(place)?.risk.as_ref()
    }

    /// The only positive risk there is.
    pub fn only_risk(&self) -> Option<(u8, &Risk)> {
        (0..self.places.len() as u8).find_map(|place| Some((place, self.risk(place)?)))
    }

    /// The role of that number is of health care; else it is of social care.
    pub fn is_of_health(role: u8) -> bool {
        role != 1
    }

    /// What is so of a positive risk by its text alone (11.9).
    pub fn lacks(&self, kind: Kind, graph: &Explored, paths: &Explored, servings: &[Serving]) -> Option<String> {
        let (place, risk) = self.only_risk()?;
        let agrees =
            |health: bool| (0..3).any(|role| risk.agreed >> role & 1 == 1 && World::is_of_health(role) == health);
        let lacks = match kind {
            Kind::NoMatters => match risk.matters {
                None => true,
                Some(fact) => self.is_come_to(place, graph) && !self.is_asked_before(place, fact, paths),
            },
            Kind::NoSafetyNet => risk.nets.is_empty(),
            Kind::PlanNotShared => !(agrees(true) && agrees(false)),
            Kind::NoReview => risk.review.is_none(),
            Kind::NoResponder => match risk.responder {
                None => true,
                Some((role, slots)) => {
                    let window = Window { slots, ..Window::default() };
                    self.off_duty(role, window, servings).is_some()
                }
            },
            _ => false,
        };
        lacks.then(|| format!("p{place}"))
    }

    fn is_come_to(&self, place: u8, graph: &Explored) -> bool {
        let here = |state: &State| matches!(&state.at, At::Open(open) if open.node == Node::Place(place));
        graph.states.iter().any(here)
    }

    /// Whether on some path something that finds a fact comes before a place.
    fn is_asked_before(&self, place: u8, fact: u8, paths: &Explored) -> bool {
        let missing = |step: u8| {
            let sends = |decision: u8| {
                let decide = self.decide(decision)?;
                let leads = self.routes[decide.unknown].targets().any(|target| target == Target::Place(step));
                Some(leads && self.with_what_applies(decide.facts()) >> fact & 1 == 1)
            };
            (0..self.places.len() as u8).any(|decision| sends(decision) == Some(true))
        };
        let finds = |at: u8| match &self.places[usize::from(at)].kind {
            PlaceKind::Step(step) => step.finds >> fact & 1 == 1 || step.missing && missing(at),
            PlaceKind::Repeat(repeat) => repeat.finds >> fact & 1 == 1,
            PlaceKind::Together(block) => block.branches.iter().any(|branch| branch.may_find() >> fact & 1 == 1),
            PlaceKind::Decide(_) | PlaceKind::HandOver(_) => false,
        };
        let is_at = |state: &State, wanted: &dyn Fn(u8) -> bool| match &state.at {
            At::Open(open) => matches!(open.node, Node::Place(at) if wanted(at)),
            _ => false,
        };
        paths.leads(&|state| is_at(state, &finds), &|state| is_at(state, &|at| at == place))
    }
}

impl Machine<'_> {
    /// The time a question has.
    pub(super) fn time_to_answer(&self, place: u8, best: bool) -> u8 {
        self.world.risk(place).map_or(1, |risk| if best { risk.best_within } else { risk.within })
    }

    /// What can come of a question.
    pub(super) fn answers(&self, state: &State, place: u8, best: bool, out: &mut Vec<Move>) {
        let Some(risk) = self.world.risk(place) else { return };
        let thing = Some(Thing::Place(place));
        // The person accepts who is able to; others only for who is not. A no is always taken.
        let may = Cond::Is(risk.able, if best { 1 } else { 2 });
        for (what, route, accepts) in [("is accepted", risk.accepted, true), ("is not accepted", risk.declined, false)]
        {
            self.play(state, what, thing, out, |mut walk| {
                if accepts {
                    walk.read |= may.facts();
                }
                match self.view {
                    _ if !accepts => {}
                    View::Runs if may.holds(&walk.values) != Some(true) => return Vec::new(),
                    View::Runs | View::Graph => {}
                    View::Paths => {
                        let met = |values: &Values| may.holds(values) == Some(true);
                        let all = self.every_values.iter().enumerate();
                        walk.state.who = all.map(|(number, values)| u128::from(met(values)) << number).sum();
                    }
                }
                self.comes_of_it(&mut walk, risk, accepts);
                self.decided_for_themselves(&mut walk);
                if accepts {
                    self.decided_gives_grounds(&mut walk, risk);
                }
                self.take(walk, route, PLAINLY)
            });
        }
        // Who decides agrees already.
        let asked = risk.agreed & if best && risk.leader < 8 { !(1 << risk.leader) } else { 0xFF };
        if let Some(block) = risk.disagree.filter(|_| asked != 0) {
            self.play(state, "is not agreed", thing, out, |mut walk| {
                self.comes_of_it(&mut walk, risk, false);
                self.go(walk, Target::Place(block), PLAINLY)
            });
        }
    }

    fn comes_of_it(&self, walk: &mut Walk, risk: &Risk, accepts: bool) {
        walk.state.stage = match walk.state.stage {
            Stage::Gone => Stage::Gone,
            _ if !accepts => Stage::Not,
            _ if risk.nets.is_empty() => Stage::Gone,
            _ => Stage::Accepted,
        };
    }

    /// Something is come to: perhaps before it is safe to.
    pub(super) fn comes_to(&self, walk: &mut Walk, thing: Thing) {
        self.is_there(walk, thing);
        let Some((_, risk)) = self.world.only_risk() else { return };
        let goes = !risk.nets.is_empty() && risk.before == thing;
        if goes && walk.state.stage != Stage::Not {
            if risk.nets.iter().any(|net| walk.state.done & net.bit() == 0) {
                walk.seen.push(Seen::Found(Kind::NoSafetyNet));
            }
            if matches!(thing, Thing::Place(place) if self.world.decide(place).is_some()) {
                walk.state.stage = Stage::Gone;
            }
        }
        // Whoever was looked at again may go once more.
        if risk.review == Some(thing) && walk.state.stage == Stage::Gone {
            walk.state.stage = Stage::Accepted;
        }
    }

    /// Something is done: perhaps the person has gone by that.
    pub(super) fn has_gone(&self, walk: &mut Walk, thing: Thing) {
        let Some((_, risk)) = self.world.only_risk() else { return };
        let goes = !risk.nets.is_empty() && thing == risk.before;
        if goes && walk.state.stage == Stage::Accepted {
            walk.state.stage = Stage::Gone;
        }
    }

    /// Something open was done, or something in it, which finds this.
    pub(super) fn may_have_gone(&self, walk: &mut Walk, open: &Open, finds: u8) {
        let Node::Place(place) = open.node else { return };
        match &self.place(place).kind {
            PlaceKind::Together(block) => {
                for (number, (branch, stands)) in block.branches.iter().zip(&open.branches).enumerate() {
                    let number = number as u8;
                    match stands {
                        Branch::Open(_) if branch.finds == finds => self.has_gone(walk, Thing::Branch(place, number)),
                        Branch::Further(_) if branch.more.as_ref().is_some_and(|more| more.finds == finds) => {
                            self.has_gone(walk, Thing::Further(place, number));
                        }
                        _ => {}
                    }
                }
            }
            _ => self.has_gone(walk, Thing::Place(place)),
        }
    }

    /// The case ends: perhaps without anybody having looked again.
    pub(super) fn ends(&self, walk: &mut Walk) {
        if self.world.only_risk().is_some() && walk.state.stage == Stage::Gone && !walk.state.let_go {
            walk.seen.push(Seen::Found(Kind::NoReview));
        }
    }
}
