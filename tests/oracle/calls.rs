//! A part of a small world written as a call (4.6). A call means what it would mean if the places it leads to stood where
//! it stands, so nothing changes in how a world is looked at: only its text is another.

use super::random::Choices;
use super::world::{PlaceKind, RouteId, Target, Way, World};

impl World {
    /// Whether a place is written in the pathway that is called.
    pub fn is_called(&self, place: u8) -> bool {
        self.called >> place & 1 == 1
    }

    /// Every route that is written at a place.
    fn own_routes(&self, place: u8) -> Vec<RouteId> {
        let it = &self.places[usize::from(place)];
        let mut routes: Vec<RouteId> = it.own.iter().map(|(_, route)| *route).collect();
        match &it.kind {
            PlaceKind::Step(step) => routes.push(step.then),
            PlaceKind::Decide(decide) => {
                routes.extend(decide.row_routes().chain([decide.unknown]).chain(decide.disagree));
                routes.extend(decide.risk.iter().flat_map(|risk| [risk.accepted, risk.declined]));
            }
            PlaceKind::HandOver(over) => routes.extend([over.declined, over.then].into_iter().chain(over.condition)),
            PlaceKind::Together(block) => routes.extend([block.short, block.then]),
            PlaceKind::Repeat(repeat) => routes.extend([repeat.until.1, repeat.after]),
        }
        routes
    }

    /// Leads every route inside the call that leads to one place to another; no where that is no change, or cannot be.
    pub fn reroute(&mut self, from: Target, to: Target) -> bool {
        let places = (0..self.places.len() as u8).filter(|place| self.is_called(*place));
        let routes: Vec<RouteId> = places.flat_map(|place| self.own_routes(place)).collect();
        let mut changed = false;
        for route in routes {
            let it = &mut self.routes[route];
            if it.first == from {
                (it.first, changed) = (to, true);
            }
            if let Some((_, then)) = it.count.as_mut().filter(|(_, then)| *then == from) {
                (*then, changed) = (to, true);
            }
        }
        changed && from != to
    }

    /// Where routes that are written at places inside the call, or outside it, can lead; those by default among them.
    fn led_to(&self, inside: bool) -> Vec<Target> {
        let places = (0..self.places.len() as u8).filter(|place| self.is_called(*place) == inside);
        // What is called alongside has defaults that are its decisions' own.
        let defaults = if inside && self.beside != 0 { &[][..] } else { &self.defaults };
        let routes = places.flat_map(|place| self.own_routes(place)).chain(defaults.iter().copied());
        let mut targets: Vec<Target> = Vec::new();
        // What interrupts is written outside.
        let interrupts = self.interrupts.iter().filter(|_| !inside).flat_map(|it| [Some(it.target), it.then]).flatten();
        let meetings = (0..self.places.len() as u8).filter(|place| self.is_called(*place) == inside);
        let meetings = meetings.filter_map(|place| self.risk(place)?.disagree).map(Target::Place);
        for target in routes.flat_map(|route| self.routes[route].targets()).chain(interrupts).chain(meetings) {
            if matches!(target, Target::Asks(..)) {
                continue;
            }
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }

    /// Where anything that is written leads.
    pub(super) fn all_targets(&self) -> Vec<Target> {
        self.led_to(false).into_iter().chain(self.led_to(true)).collect()
    }

    /// Where the call leads to when it ends.
    pub fn out_of_the_call(&self) -> Vec<Target> {
        let out = |target: &Target| match target {
            Target::Place(place) => !self.is_called(*place),
            Target::Ending(_) | Target::Over => true,
            _ => false,
        };
        self.led_to(true).into_iter().filter(out).collect()
    }

    /// The place inside that the call leads to: the only one that anything outside leads to.
    pub fn entry(&self) -> Option<u8> {
        let start = self.is_called(0).then_some(0);
        let inside = |target: Target| match target {
            Target::Place(place) => self.is_called(place).then_some(place),
            _ => None,
        };
        let mut entries: Vec<u8> = self.led_to(false).into_iter().filter_map(inside).chain(start).collect();
        entries.sort_unstable();
        entries.dedup();
        if let [entry] = entries.as_slice() { Some(*entry) } else { None }
    }

    /// Whether the part that is to be called can be: it has one entry, what is counted by default is not counted on both
    /// sides, and who goes back to a decision has been sent from the same side.
    pub fn call_fits(&self) -> bool {
        if self.called == 0 {
            return true;
        }
        let counted =
            self.beside == 0 && Way::ALL.iter().any(|way| self.routes[self.defaults[*way as usize]].count.is_some());
        let senders = |place: u8| {
            let sends = move |decision: &u8| {
                let unknown = self.decide(*decision).map(|decide| self.routes[decide.unknown]);
                unknown.is_some_and(|route| route.targets().any(|target| target == Target::Place(place)))
            };
            (0..self.places.len() as u8).filter(sends)
        };
        let goes_back = |place: u8| {
            let back = |route: RouteId| self.routes[route].targets().any(|target| target == Target::Back);
            let missing = matches!(&self.places[usize::from(place)].kind, PlaceKind::Step(step) if step.missing);
            missing || self.own_routes(place).into_iter().any(back)
        };
        let one_side = |place: u8| senders(place).all(|decision| self.is_called(decision) == self.is_called(place));
        let places = 0..self.places.len() as u8;
        let risk = |place: u8| {
            let side = self.is_called(place);
            self.risk(place).is_none_or(|risk| risk.names().all(|named| self.is_called(named) == side))
        };
        !counted
            && (0..self.places.len() as u8).all(risk)
            && self.entry().is_some()
            && places.filter(|place| goes_back(*place)).all(one_side)
    }

    /// Chooses a part to be called, if one can be.
    pub fn call_something(&mut self, dice: &mut impl Choices) {
        let all = self.places.len();
        let chosen = (0..all).filter(|_| dice.once_in(2)).fold(0, |bits, place| bits | 1_u8 << place);
        let one = 1_u8 << dice.below(all);
        let every = ((1_u16 << all) - 1) as u8;
        for called in [chosen | one, one, every & !one, every] {
            self.called = called;
            if called != 0 && self.call_fits() {
                return;
            }
        }
        self.called = 0;
    }
}
