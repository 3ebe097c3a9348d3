//! What leaves the main road of a random world: what interrupts, and what is done alongside.

use super::super::branches::More;
use super::super::world::{Decide, Interrupt, PERSON, Place, PlaceKind, Promise, Step, Target, Thing, Way};
use super::{Choices, Maker};

impl<C: Choices> Maker<'_, C> {
    pub(super) fn interrupts(&mut self) {
        if !self.dialect.interrupts || !self.dice.once_in(4) {
            return;
        }
        for _ in 0..1 + usize::from(self.dice.once_in(5)) {
            let place = self.dice.below(self.shapes.len() + 1);
            let target = if place < self.shapes.len() { Target::Place(place as u8) } else { Target::Ending(0) };
            let then = self.dice.once_in(3).then_some(Target::Ending(self.dice.below(2) as u8));
            let (condition, times) = (self.condition(), self.dice.up_to(2));
            let watched = !self.slip(8);
            self.world.interrupts.push(Interrupt { condition, target, as_well: false, times, then, watched });
        }
    }

    /// Something that is done as well: a step, and mostly a decision before or after it.
    pub(super) fn alongside(&mut self) {
        let first = self.world.places.len() as u8;
        if !self.dialect.interrupts || first > 6 || self.world.interrupts.len() > 1 || !self.dice.once_in(4) {
            return;
        }
        let (decides_first, decides_then) = match self.dice.below(3) {
            0 => (false, false),
            1 => (true, false),
            _ => (false, true),
        };
        // A role decides by routes of its own in a pathway of its own, which is called alongside.
        let somebody = self.dialect.calls && (decides_first || decides_then) && !self.dice.once_in(3);
        if decides_first {
            let place = self.decide_beside(first + 1, somebody);
            self.world.places.push(place);
        }
        let step = self.world.places.len() as u8;
        let (role, finds, within) = (self.leader(), self.some(2), self.dice.up_to(3));
        let takes = self.takes(within);
        let then = if decides_then { Target::Place(step + 1) } else { Target::Over };
        let then = self.world.route(then);
        let own = Way::ALL.into_iter().filter(|way| !Way::LIFE.contains(way)).map(|way| {
            let escalates = matches!(way, Way::Late | Way::Cannot) && !self.slip(4);
            (way, self.world.route(if escalates { Target::Ladder(0) } else { Target::Over }))
        });
        let own = own.collect();
        let kind = Step { role, finds, within, takes, then, ..Step::default() };
        self.world.places.push(Place { kind: PlaceKind::Step(kind), own });
        if decides_then {
            let place = self.decide_beside(step, somebody);
            self.world.places.push(place);
        }
        self.world.beside = (first..self.world.places.len() as u8).fold(0, |bits, place| bits | 1 << place);
        self.world.called = if somebody { self.world.beside } else { 0 };
        let (condition, times) = (self.condition(), self.dice.up_to(2));
        let target = Target::Place(first);
        let then = self.dice.once_in(3).then_some(target);
        let watched = !self.slip(8);
        self.world.interrupts.push(Interrupt { condition, target, as_well: true, times, then, watched });
        if self.dialect.promises && self.world.promises.is_empty() && self.dice.once_in(3) {
            let (beside, main) = (Thing::Place(step), Thing::Place(self.dice.below(self.shapes.len()) as u8));
            let takes_time = |thing: Thing| matches!(thing, Thing::Place(place) if self.world.decide(place).is_none());
            match self.dice.below(2) {
                0 if takes_time(main) => self.world.promises.push(Promise::Never(main, beside)),
                _ if takes_time(main) => self.world.promises.push(Promise::Without(beside, main)),
                _ => {}
            }
        }
    }

    /// A decision alongside, about whether a step is to be done; where somebody decides, where it does not know or as it
    /// advises, what becomes of it is written for that road.
    fn decide_beside(&mut self, step: u8, somebody: bool) -> Place {
        let condition = self.condition();
        let row = self.world.counted(Target::Place(step), 1, Target::Over);
        let otherwise = (!self.slip(6)).then(|| self.world.route(Target::Over));
        let rows = vec![(condition, row)];
        let mut decide = Decide { rows, otherwise, ..Decide::default() };
        if !somebody {
            decide.unknown = self.world.route(Target::Over);
            return Place { kind: PlaceKind::Decide(decide), own: Vec::new() };
        }
        let asked = Target::Decides(self.role(), self.dice.up_to(2));
        decide.unknown = self.world.route(asked);
        if self.dice.once_in(3) {
            decide.advises = Some((self.role(), self.dice.up_to(2)));
            decide.disagree = self.dice.once_in(2).then(|| self.world.route(Target::Over));
        }
        self.only_when(&mut decide);
        let asks = |this: &mut Self| {
            let ladder = Target::Ladder(this.dice.below(this.world.ladders.len()) as u8);
            let target = if this.dice.once_in(2) { Target::Over } else { ladder };
            this.world.route(target)
        };
        let (late, cannot) = (asks(self), asks(self));
        let nobody = match self.dice.below(3) {
            0 => self.world.counted(Target::Place(step), 1, Target::Over),
            _ => self.world.route(Target::Over),
        };
        let own = vec![(Way::Late, late), (Way::Cannot, cannot), (Way::Nobody, nobody)];
        Place { kind: PlaceKind::Decide(decide), own }
    }

    /// Some branches are more than one step.
    pub(super) fn in_branches(&mut self) {
        for (place, branch) in self.world.pathways_in_blocks() {
            let more = self.more((place + self.world.facts.len()).is_multiple_of(3));
            if let PlaceKind::Together(block) = &mut self.world.places[place].kind {
                // There is time for it.
                block.within += if more.is_some() { 2 } else { 0 };
                block.branches[branch].more = more;
            }
        }
    }

    /// What comes after the first step of a branch, mostly.
    fn more(&mut self, waits: bool) -> Option<More> {
        if self.dice.once_in(3) {
            return None;
        }
        let when = (self.dice.below(2) == 0).then(|| self.condition());
        let within = self.dice.up_to(2);
        if waits {
            return Some(More { when, role: PERSON, finds: 0, within, takes: None, waits: true });
        }
        let (role, finds, takes) = (self.leader(), self.some(3), self.takes(within));
        Some(More { when, role, finds, within, takes, waits: false })
    }
}
