//! Models of a trust's own that find a number: whether they have anything to go by (11.5).

use super::machine::{Machine, Move, View};
use super::state::{At, Node, State};
use super::world::{PlaceKind, World};
use std::collections::BTreeSet;

impl World {
    /// What has to be known for the model of a fact to be asked, one of it at least, as bits; nothing where the fact has no
    /// model, or some of it is presumed.
    fn model_goes_by(&self, fact: usize) -> Option<u8> {
        let from = self.with_what_applies(self.facts[fact].model?);
        let presumed = |at: usize| from >> at & 1 == 1 && self.facts[at].presumed.is_some();
        (!(0..self.facts.len()).any(presumed)).then_some(from)
    }

    /// A fact that a model finds, and of what that goes by nobody is asked for anything before the fact, or with it.
    pub(super) fn nothing_to_go_by(&self) -> Option<String> {
        let models: Vec<(usize, u8)> =
            (0..self.facts.len()).filter_map(|fact| Some((fact, self.model_goes_by(fact)?))).collect();
        if models.is_empty() {
            return None;
        }
        let machine = Machine::new(self, View::Graph);
        let stands = stands(&machine);
        let lacking = |(fact, from): &&(usize, u8)| {
            let asks = |place: u8| machine.asks_for(place) >> fact & 1 == 1;
            let mut asking = stands.iter().filter(|(place, _)| asks(*place)).peekable();
            // Whoever is on the other road may find it meanwhile.
            let meanwhile = |place: u8| {
                let others = stands.iter().filter(|(other, _)| self.is_beside(*other) != self.is_beside(place));
                others.fold(0, |all, (other, _)| all | machine.asks_for(*other))
            };
            asking.peek().is_some() && asking.all(|(place, asked)| (asked | meanwhile(*place)) & from == 0)
        };
        models.iter().find(lacking).map(|(fact, _)| format!("fact {fact}"))
    }
}

/// Every place that one can stand at, each with what somebody may have been asked for by then and what was not left behind,
/// as bits: every way there that there is.
fn stands(machine: &Machine<'_>) -> BTreeSet<(u8, u8)> {
    let place_of = |state: &State| match &state.at {
        At::Open(open) => match open.node {
            Node::Place(place) => Some(place),
            _ => None,
        },
        _ => None,
    };
    let arrive = |asked: u8, to: State| {
        let asks = place_of(&to).map_or(0, |place| machine.asks_for(place));
        (to, asked | asks)
    };
    let mut all: BTreeSet<(State, u8)> = BTreeSet::new();
    let mut next: Vec<(State, u8)> = machine.starts().into_iter().map(|it| arrive(0, it.to)).collect();
    while let Some((state, asked)) = next.pop() {
        if all.len() > super::explore::MOST_STATES || !all.insert((state.clone(), asked)) {
            continue;
        }
        for Move { label, to, .. } in machine.next(&state) {
            let carried = match place_of(&state).map(|place| &machine.place(place).kind) {
                Some(PlaceKind::HandOver(over)) if label.what.starts_with("is accepted") => {
                    over.carrying | machine.settled
                }
                _ => u8::MAX,
            };
            next.push(arrive(asked & carried, to));
        }
    }
    all.iter().filter_map(|(state, asked)| Some((place_of(state)?, *asked))).collect()
}
