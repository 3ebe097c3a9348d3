//! What is to happen at any time and waits for what is not kept known (11.5).

use super::explore::Explored;
use super::machine::{Machine, View};
use super::state::{At, Node, State};
use super::world::{Interrupt, PlaceKind, World};

/// What keeps nothing known, and does not say why: every condition looks at something. What is presumed, and good for ever,
/// is known anyway, until it was found, or said, and a handover has left that behind.
pub(super) fn unwatched(world: &World, reached: &impl Fn(u8) -> bool) -> Option<String> {
    let known_anyway = |fact: u8| {
        let it = world.facts[usize::from(fact)];
        it.presumed.is_some() && it.good_for.is_none() && it.disputed.is_none()
    };
    let looks_at = |it: &Interrupt| world.with_what_applies(it.condition.facts());
    let all = || world.interrupts.iter().enumerate().filter(|(_, it)| !it.watched);
    let unknown = |it: &Interrupt| {
        let facts = looks_at(it);
        (0..world.facts.len() as u8).any(|fact| facts >> fact & 1 == 1 && !known_anyway(fact))
    };
    if let Some((number, _)) = all().find(|(_, it)| unknown(it)) {
        return Some(format!("interrupt {number}"));
    }
    let hands_over = world.places.iter().any(|place| matches!(place.kind, PlaceKind::HandOver(_)));
    if !hands_over || all().next().is_none() {
        return None;
    }
    let mut machine = Machine::new(world, View::Paths).minding(reached);
    let beside = (0..world.places.len() as u8).filter(|place| world.is_beside(*place));
    machine.found_beside = beside.fold(0, |all, place| all | machine.asks_for(place));
    let paths = Explored::new(&machine);
    let lost = |state: &State, number: usize, it: &Interrupt| {
        let At::Open(open) = &state.at else { return false };
        let happened = it.times == 1 && it.then.is_none() && state.interrupted[number] > 0;
        let asks = match open.node {
            Node::Place(place) if world.decide(place).is_some() || world.is_beside(place) => return false,
            Node::Place(place) => machine.asks_for(place),
            Node::Decides(place) | Node::Advised(place) | Node::Asked(place, _) if world.is_beside(place) => {
                return false;
            }
            Node::Decides(_) | Node::Advised(_) | Node::Asked(..) => 0,
        };
        !happened && !state.died && looks_at(it) & state.lost & !asks != 0
    };
    all().find_map(|(number, it)| {
        let at = paths.states.iter().position(|state| lost(state, number, it))?;
        Some(format!("interrupt {number}, left behind: {}", paths.way_to(Some(at))))
    })
}
