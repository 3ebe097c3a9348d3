//! What leaves the main road of a random world: what interrupts, and what is done alongside.

use super::super::branches::{Deciding, More};
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
        if !self.world.may_follow_others() {
            return;
        }
        for place in 0..self.world.places.len() {
            let PlaceKind::Together(block) = self.world.places[place].kind.clone() else { continue };
            // Mostly one is, and now and then several are.
            let several = self.dice.once_in(3);
            let to_do = (0..block.branches.len()).rev().filter(|branch| !block.branches[*branch].meanwhile);
            let those = to_do.take(if several { 3 } else { 1 }).filter(|_| several || place.is_multiple_of(2));
            let (follow, within): (Vec<usize>, u8) = (those.collect(), block.within);
            for branch in follow {
                let more = self.more((place + branch + self.world.facts.len()).is_multiple_of(3));
                if let PlaceKind::Together(block) = &mut self.world.places[place].kind {
                    // There is time for it.
                    block.within = within + if more.is_some() || block.within > within { 2 } else { 0 };
                    block.branches[branch].more = more;
                    block.branches[branch].follows = true;
                }
            }
        }
    }

    /// Some of what is promised, and of what a positive risk names, is a branch, or a place of one.
    pub(super) fn about_branches(&mut self) {
        let all = self.world.in_blocks();
        if all.is_empty() {
            return;
        }
        if let Some((place, risk)) = self.world.only_risk().map(|(place, risk)| (place, risk.clone())) {
            let side = |it: &Thing| it.place().map(|at| self.world.is_called(at)) == Some(self.world.is_called(place));
            let here: Vec<Thing> = all.iter().copied().filter(side).collect();
            let mut risk = risk;
            for net in &mut risk.nets {
                *net = self.or_a_branch(4, &here, *net);
            }
            if !risk.nets.is_empty() {
                risk.before = self.or_a_branch(2, &here, risk.before);
            }
            risk.review = risk.review.map(|review| self.or_a_branch(3, &here, review));
            let apart = !risk.nets.contains(&risk.before) && risk.review != Some(risk.before);
            if let (PlaceKind::Decide(decide), true) = (&mut self.world.places[usize::from(place)].kind, apart) {
                decide.risk = Some(risk);
            }
        }
        for number in 0..self.world.promises.len() {
            let promise = match self.world.promises[number] {
                Promise::Without(reached, first) => {
                    Promise::Without(self.or_a_branch(2, &all, reached), self.or_a_branch(2, &all, first))
                }
                Promise::Whoever(fact, reached, within) => {
                    Promise::Whoever(fact, self.or_a_branch(2, &all, reached), within)
                }
                Promise::Leads(from, reached, within) => {
                    Promise::Leads(self.or_a_branch(2, &all, from), self.or_a_branch(2, &all, reached), within)
                }
                Promise::Never(one, other) => {
                    Promise::Never(self.or_a_branch(4, &all, one), self.or_a_branch(4, &all, other))
                }
                Promise::Within(_) | Promise::AskedTwice => continue,
            };
            let same = match promise {
                Promise::Without(one, other) | Promise::Leads(one, other, _) | Promise::Never(one, other) => {
                    one == other
                }
                _ => false,
            };
            if !same {
                self.world.promises[number] = promise;
            }
        }
    }

    /// A thing, or once in so many times some branch.
    fn or_a_branch(&mut self, once_in: usize, branches: &[Thing], thing: Thing) -> Thing {
        match self.dice.once_in(once_in) && !branches.is_empty() {
            true => branches[self.dice.below(branches.len())],
            false => thing,
        }
    }

    /// What comes after the first step of a branch, mostly.
    fn more(&mut self, waits: bool) -> Option<More> {
        if self.dice.once_in(3) {
            return None;
        }
        let when = (self.dice.below(2) == 0).then(|| self.condition());
        let within = self.dice.up_to(2);
        let decides = if when.is_some() { self.deciding() } else { Deciding::default() };
        if waits {
            return Some(More { when, decides, role: PERSON, finds: 0, within, takes: None, waits: true });
        }
        let (role, finds, takes) = (self.leader(), self.some(3), self.takes(within));
        Some(More { when, decides, role, finds, within, takes, waits: false })
    }

    /// Who decides in a branch, in most where one decides: where it is not known, as they are advised, or both.
    fn deciding(&mut self) -> Deciding {
        let who = |this: &mut Self| this.dice.once_in(2).then(|| (this.leader(), this.dice.up_to(2)));
        let (unknown, advised) = (who(self), who(self));
        let agrees = advised.is_some() && self.dice.once_in(3);
        let free = self.dice.below(2);
        let careless = self.slip(5);
        let only_when =
            [0, 1].map(|option| ((careless || option != free) && self.dice.once_in(2)).then(|| self.condition()));
        Deciding { unknown, advised, agrees, only_when }
    }
}
