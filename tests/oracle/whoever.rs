//! The promise that whoever has something reaches a step within a time (11.7).

use super::explore::{Explored, is_open};
use super::machine::{Machine, Move, View};
use super::state::{At, Branch, FOR_GOOD, Label, State};
use super::world::{Thing, World};

impl Thing {
    /// What it opens with: a branch opens with its block.
    pub fn opens_with(self) -> Thing {
        match self {
            Thing::Branch(place, _) => Thing::Place(place),
            _ => self,
        }
    }
}

/// How it is broken: from some moment of an open case at which the fact is recorded yes.
pub fn broken(world: &World, runs: &Explored, fact: u8, place: Thing, within: u8) -> Option<String> {
    let machine = Machine::new(world, View::Runs).of_those_who(fact, place);
    let label = Label { what: "the fact is recorded yes", thing: None };
    let open = runs.states.iter().filter(|state| matches!(state.at, At::Open(_)));
    // What is settled otherwise does not become so.
    let may_become = open.filter(|state| {
        let disputed = world.facts[usize::from(fact)].disputed.is_some();
        disputed || state.settled[usize::from(fact)] != 0
    });
    let recorded = may_become.map(|state| {
        let mut to = state.clone();
        to.known |= 1 << fact;
        if world.facts[usize::from(fact)].settled {
            to.settled[usize::from(fact)] = 1;
        }
        if world.facts[usize::from(fact)].presumed == Some(1) {
            to.sure[usize::from(fact)] = FOR_GOOD;
        }
        Move { label, to, seen: Vec::new(), slots: 0 }
    });
    let opened = Machine::new(world, View::Runs).of_those_who(fact, place).straight_through(fact);
    late(&machine, opened.into_iter().chain(recorded).collect(), place, within)
}

impl Machine<'_> {
    /// Those who have the fact as the case opens, and come straight to an ending: what is open afterwards is looked at for
    /// whoever has it then. Not known it is only where another case found what is no longer good, or not known to apply.
    fn straight_through(mut self, fact: u8) -> Vec<Move> {
        let it = self.world.facts[usize::from(fact)];
        let may_be_unknown = it.good_for.is_some() || it.applies.is_some();
        self.every_values.retain(|values| values[usize::from(fact)] == 1 || may_be_unknown);
        let mut starts = self.starts();
        starts.retain(|it| !matches!(it.to.at, At::Open(_)));
        starts
    }
}

/// How it is broken that whoever comes to a place reaches another: from some moment at which that place is open. (From
/// when it opens it takes no less than from any moment later.)
pub fn leads_elsewhere(world: &World, runs: &Explored, from: Thing, place: Thing, within: u8) -> Option<String> {
    let machine = Machine::new(world, View::Runs).going_as_far_as(place);
    let label = Label { what: "one is there", thing: None };
    // What opens with it is reached at once; and where the other is in its block, only what has just opened counts, since it
    // may be over later on.
    if place.opens_with() == from.opens_with() {
        return None;
    }
    let same_block = place.place() == from.place() && !matches!(from, Thing::Further(..));
    let just_opened = |state: &State| match &state.at {
        At::Open(open) => open.branches.iter().all(|it| matches!(it, Branch::None | Branch::Open(_))),
        _ => false,
    };
    let there = runs.states.iter().filter(|state| is_open(state, from) && (!same_block || just_opened(state)));
    let there = there.map(|state| Move { label, to: state.clone(), seen: Vec::new(), slots: 0 });
    late(&machine, there.collect(), place, within)
}

fn late(machine: &Machine<'_>, starts: Vec<Move>, place: Thing, within: u8) -> Option<String> {
    let after = Explored::starting(machine, starts);
    let missed = after.states.iter().position(|state| !is_open(state, place) && !matches!(state.at, At::Open(_)));
    if missed.is_some() {
        return Some(after.way_to(missed));
    }
    match after.longest() {
        Err(round) => Some(after.way_to(Some(round))),
        Ok(longest) => {
            let late = longest.iter().position(|slots| *slots > u32::from(within));
            late.map(|state| format!("{}; and then {} slots", after.way_to(Some(state)), longest[state]))
        }
    }
}
