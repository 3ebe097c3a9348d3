//! A random positive risk.

use super::super::risk::Risk;
use super::super::world::{Cond, Decide, Place, PlaceKind, Target, Thing, Way};
use super::{Choices, Maker, Shape};

impl<C: Choices> Maker<'_, C> {
    /// A positive risk; mostly with all that it needs.
    pub(super) fn risk(&mut self, number: usize) -> Place {
        let able = 0_u8;
        let here = number as u8;
        let best = self.world.route(Target::Asks(here, true));
        let person = self.world.route(Target::Asks(here, false));
        self.asks = true;
        let on = self.forward(number);
        let unknown = self.counted_or_careless(on);
        let (accepted, declined) = (self.onward(number), self.onward(number));
        let later: Vec<u8> = (0..self.shapes.len() as u8).filter(|it| *it != here).collect();
        let work: Vec<u8> = later
            .iter()
            .copied()
            .filter(|it| !matches!(self.shapes[usize::from(*it)], Shape::Decide | Shape::Risk))
            .collect();
        let some = |this: &mut Self, from: &[u8]| (!from.is_empty()).then(|| from[this.dice.below(from.len())]);
        let before = some(self, &later).unwrap_or(here);
        // What the person goes to is neither in place before itself nor where one looks again.
        let work: Vec<u8> = work.into_iter().filter(|it| *it != before).collect();
        let (net, review) = (some(self, &work), some(self, &work));
        let nets = if self.slip(6) || before == here { Vec::new() } else { net.into_iter().collect() };
        let both = if self.world.roles > 2 { 0b111 } else { 0b11 };
        let agreed = if self.slip(4) { self.some_roles() } else { both };
        let meetings = self.lasting.clone();
        let disagree = some(self, &meetings);
        let matters = (!self.slip(6)).then(|| self.dice.below(self.world.facts.len()) as u8);
        let responder = (!self.slip(6)).then(|| (self.role(), self.dice.up_to(3)));
        let risk = Risk {
            able,
            within: self.dice.up_to(2),
            best_within: self.dice.up_to(2),
            leader: self.role(),
            agreed: if disagree.is_some() { agreed } else { 0 },
            accepted,
            declined,
            disagree: disagree.filter(|_| agreed != 0),
            matters,
            nets: nets.into_iter().map(Thing::Place).collect(),
            before: Thing::Place(before),
            review: review.filter(|_| !self.slip(6)).map(Thing::Place),
            responder,
        };
        let decide = Decide {
            rows: vec![(Cond::Is(able, 1), best)],
            otherwise: Some(person),
            unknown,
            risk: Some(risk),
            ..Decide::default()
        };
        let own = self.own(number).into_iter().filter(|(way, _)| *way != Way::Declines).collect();
        Place { kind: PlaceKind::Decide(decide), own }
    }

    /// Some roles, as bits.
    fn some_roles(&mut self) -> u8 {
        1 << self.role()
    }
}
