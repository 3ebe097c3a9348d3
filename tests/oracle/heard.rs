//! What is urgent, and whether one would know in time that it was heard (10.36, 11.4).

use super::explore::{Explored, is_open};
use super::served::Serving;
use super::state::Seen;
use super::world::{Contact, PERSON, PlaceKind, Thing, World};

/// What is urgent has so many hours: less than a slot, and nothing that a slot can tell from none.
pub const URGENT_HOURS: u8 = 3;

impl Contact {
    /// Whether one knows in the time of something urgent that they have heard: where nothing is said, nothing is claimed.
    fn is_heard(&self) -> bool {
        self.reached.is_empty() || self.reached.iter().flatten().any(|hours| *hours <= URGENT_HOURS)
    }
}

impl World {
    /// Whether anything is urgent.
    pub fn has_something_urgent(&self) -> bool {
        let rungs = self.ladders.iter().flat_map(|ladder| &ladder.rungs);
        (0..self.places.len()).any(|place| !self.who_is_hurried(place).is_empty())
            || rungs.into_iter().any(|(_, within)| *within == 0)
    }

    /// The roles that have only an hour or two for something at a place.
    fn who_is_hurried(&self, place: usize) -> Vec<u8> {
        match &self.places[place].kind {
            PlaceKind::Step(step) if step.within == 0 => {
                [step.role].into_iter().chain(step.needed.as_ref().map(|needed| needed.role)).collect()
            }
            PlaceKind::HandOver(over) if over.within == 0 => vec![over.from, over.to],
            PlaceKind::Together(block) => {
                block.branches.iter().filter(|branch| branch.within == 0).map(|branch| branch.role).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Somebody who is asked for something urgent, and of whom nobody would know in time whether they heard.
    pub fn unheard(&self, graph: &Explored) -> Option<String> {
        let deaf = |asked: Serving| {
            let all = self.contacts.iter().enumerate();
            all.filter(|(number, _)| asked >> number & 1 == 1).find(|(_, it)| !it.is_heard()).map(|(number, _)| number)
        };
        let reached = |place: &usize| graph.states.iter().any(|state| is_open(state, Thing::Place(*place as u8)));
        let hurried = (0..self.places.len()).filter(reached).flat_map(|place| self.who_is_hurried(place));
        let at_a_place = hurried.filter(|role| *role != PERSON).find_map(|role| deaf(self.who_fill(role)));
        let asked = graph.seen.keys().filter_map(|seen| match seen {
            Seen::Asks(ladder) => Some(&self.ladders[usize::from(*ladder)]),
            _ => None,
        });
        let rungs = asked.flat_map(|ladder| &ladder.rungs).filter(|(_, within)| *within == 0);
        let contact = at_a_place.or_else(|| rungs.into_iter().find_map(|(rung, _)| deaf(self.who_are_asked(*rung))));
        contact.map(|contact| format!("c{contact}"))
    }
}
