//! The people of a random world, and where they live: contacts and their hours, ladders, places further from home.

use super::super::heard::URGENT_HOURS;
use super::super::served::Serves;
use super::super::world::{
    Cond, Contact, Decide, Ending, Fact, FactKind, Ladder, PERSON, Place, PlaceKind, Promise, Rung, Target,
};
use super::{Choices, Maker, Shape};

impl<C: Choices> Maker<'_, C> {
    pub(super) fn people(&mut self) {
        self.world.roles = 2 + u8::from(self.dice.once_in(4));
        let always = self.dice.below(2) > 0;
        for role in 0..self.world.roles {
            let there = role == 1 && !(self.slip(6) && self.dialect.sleepers);
            let open = if always || there { 0xFF } else { self.hours() };
            self.world.contacts.push(Contact { fills: vec![role], open, ..Contact::default() });
        }
        if self.dice.once_in(4) {
            // Two who fill one role, one after the other.
            let open = !self.world.contacts[0].open;
            let open = if open == 0 { self.hours() } else { open };
            self.world.contacts.push(Contact { fills: vec![0], open, ..Contact::default() });
        }
        for _ in 0..1 + usize::from(self.dice.once_in(4)) {
            let within = self.dice.up_to(2);
            // The second contact is the one who is nearly always there.
            let last = match self.dialect.sleepers && self.slip(8) {
                true => Rung::Contact(self.dice.below(self.world.contacts.len())),
                false if self.dice.once_in(3) => Rung::Role(1),
                false => Rung::Contact(1),
            };
            let mut rungs = vec![(last, within)];
            if self.dice.once_in(2) {
                let rung = if self.dice.once_in(2) { Rung::Role(0) } else { Rung::Contact(0) };
                rungs.insert(0, (rung, self.dice.up_to(2)));
            }
            let side_by_side = self.shapes.contains(&Shape::Together);
            let reassign = if self.dice.once_in(4) && !side_by_side { self.dice.up_to(2) } else { 0 };
            self.world.ladders.push(Ladder { rungs, reassign });
        }
    }

    /// Some places say where the person is: what is open on the main road, and endings.
    pub(super) fn homes(&mut self) {
        let far = usize::from(super::super::home::SETTINGS);
        self.world.homes = vec![None; self.world.places.len()];
        for place in 0..self.world.places.len() {
            let opens = match &self.world.places[place].kind {
                PlaceKind::Decide(_) | PlaceKind::Together(_) => false,
                PlaceKind::Step(step) => !step.waits,
                PlaceKind::HandOver(_) | PlaceKind::Repeat(_) => true,
            };
            if opens && !self.world.is_beside(place as u8) && self.dice.once_in(3) {
                self.world.homes[place] = Some(self.dice.below(far) as u8);
            }
        }
        for ending in 0..self.world.endings.len() {
            self.world.endings[ending].lives = self.dice.once_in(2).then(|| self.dice.below(far) as u8);
        }
    }

    pub(super) fn hours(&mut self) -> u8 {
        let choice = self.dice.below(255) as u8;
        match self.dice.below(3) {
            0 => 0b0101_0101,
            1 => 0b0000_1111,
            _ => choice.max(1),
        }
    }

    /// Nobody goes against what the person wishes: mostly they are sent by what is known of it.
    pub(super) fn wishes(&mut self) {
        if !self.dice.once_in(2) {
            return;
        }
        let (Some(able), Some(wish)) = (self.fact_of(FactKind::Flag), self.fact_of(FactKind::OneOf(3))) else { return };
        // Now and then what a positive risk asks for is something else.
        let other = self.world.facts.iter().rposition(|it| it.kind == FactKind::Flag).filter(|_| self.slip(4));
        let able = other.map_or(able, |other| other as u8);
        // What nobody has said is nobody's wish.
        self.world.facts[usize::from(wish)].presumed = None;
        self.world.wish = Some((wish, able));
        if !self.careless {
            self.only_by_decisions();
        }
        if !self.careless || self.dice.once_in(2) {
            self.sent_as_they_wish(wish);
        }
        for place in 0..self.world.places.len() {
            let PlaceKind::Decide(decide) = &self.world.places[place].kind else { continue };
            if decide.risk.is_none() {
                let decide = self.asking_what_is_wished(place, decide.clone(), wish, able);
                self.world.places[place].kind = PlaceKind::Decide(decide);
            }
        }
    }

    /// Nothing says where the person is but what a row leads to, and not where everything else ends.
    fn only_by_decisions(&mut self) {
        let decides = |place: &Place| match &place.kind {
            PlaceKind::Decide(decide) if decide.risk.is_none() => decide.rows.iter().map(|(_, route)| *route).collect(),
            _ => Vec::new(),
        };
        let rows: Vec<usize> = self.world.places.iter().flat_map(decides).collect();
        let led: Vec<Target> = rows.into_iter().flat_map(|row| self.world.routes[row].targets()).collect();
        for (place, lives) in self.world.homes.iter_mut().enumerate() {
            *lives = lives.filter(|_| led.contains(&Target::Place(place as u8)));
        }
        self.world.endings[0].lives = None;
    }

    /// The first row of a decision sends whoever wishes it to an ending of their own.
    fn sent_as_they_wish(&mut self, wish: u8) {
        let places = (0..self.world.places.len()).filter(|place| !self.world.is_beside(*place as u8));
        let decides = |place: &usize| self.world.decide(*place as u8).is_some_and(|decide| decide.risk.is_none());
        let decisions: Vec<usize> = places.filter(decides).collect();
        if decisions.is_empty() {
            return;
        }
        let place = decisions[self.dice.below(decisions.len())];
        let lives = self.dice.below(2) as u8;
        let row = self.world.route(Target::Ending(self.world.endings.len() as u8));
        self.world.endings.push(Ending { holder: PERSON, owed: Vec::new(), lives: Some(lives) });
        if let PlaceKind::Decide(decide) = &mut self.world.places[place].kind {
            decide.rows.insert(0, (Cond::Is(wish, 1 << lives), row));
        }
    }

    /// A decision that asks what the person wishes where it sends them somewhere; now and then they are who is advised.
    fn asking_what_is_wished(&mut self, place: usize, mut decide: Decide, wish: u8, able: u8) -> Decide {
        let person_decides = decide.advises.is_some() && self.dice.once_in(3);
        if let Some((role, _)) = decide.advises.as_mut().filter(|_| person_decides) {
            *role = PERSON;
        }
        for (condition, route) in &mut decide.rows {
            let to = self.world.routes[*route].targets().find_map(|target| self.world.sends(target));
            if let Some(to) = to.filter(|to| *to < 2 && !self.slip(4)) {
                *condition = Cond::Is(wish, 1 << to);
            }
        }
        let chosen = self.world.somebody_chooses(place as u8);
        let options: Vec<Target> = decide.row_routes().flat_map(|row| self.world.routes[row].targets()).collect();
        for option in options.into_iter().filter(|_| chosen) {
            let free = decide.only_when(option).is_none() && !self.dice.once_in(4);
            match self.world.sends(option).filter(|_| free) {
                Some(_) if person_decides => decide.only_when.push((option, Cond::Is(able, 2))),
                Some(to) if to < 2 => decide.only_when.push((option, Cond::Is(wish, 1 << to))),
                _ => {}
            }
        }
        decide
    }

    /// A fact of a kind: one that is there, or one more, which travels with the others.
    fn fact_of(&mut self, kind: FactKind) -> Option<u8> {
        let same = |fact: &Fact| match (kind, fact.kind) {
            (FactKind::OneOf(_), FactKind::OneOf(_)) => true,
            (one, other) => one == other,
        };
        if let Some(there) = self.world.facts.iter().position(same) {
            return Some(there as u8);
        }
        let fact = self.world.facts.len();
        if fact > 2 {
            return None;
        }
        self.world.facts.push(Fact { kind, ..Fact::default() });
        for place in &mut self.world.places {
            if let PlaceKind::HandOver(over) = &mut place.kind {
                over.carrying |= 1 << fact;
            }
        }
        Some(fact as u8)
    }

    /// Contacts of one role each serve some people only: mostly everybody has one of them.
    pub(super) fn catchments(&mut self) {
        if !self.dialect.catchments || !self.dice.once_in(4) {
            return;
        }
        let settles = self.who_only_settles();
        let role = settles.unwrap_or_else(|| self.role());
        let Some(first) = self.world.contacts.iter().position(|contact| contact.fills.contains(&role)) else { return };
        let (fact, these) = self.some_values();
        let here = Cond::Is(fact, these);
        let others = Cond::Not(Box::new(here.clone()));
        let some = |this: &mut Self| {
            let (fact, these) = this.some_values();
            Cond::Is(fact, these)
        };
        let here = if self.slip(4) { Cond::And(Box::new(here), Box::new(some(self))) } else { here };
        let others = if self.dice.once_in(4) { Cond::Or(Box::new(others), Box::new(some(self))) } else { others };
        let until_known = !self.slip(5);
        let open = if self.slip(3) { self.hours() } else { self.world.contacts[first].open };
        self.world.contacts[first].serves = Some(Serves { condition: here, until_known });
        if !self.slip(6) {
            let serves = Some(Serves { condition: others, until_known: self.dice.once_in(3) });
            self.world.contacts.push(Contact { fills: vec![role], open, serves, ..Contact::default() });
        }
        // Whoever asks one of them mostly asks the role.
        if !self.slip(5) {
            let rungs = self.world.ladders.iter_mut().flat_map(|ladder| &mut ladder.rungs);
            rungs.filter(|(rung, _)| matches!(rung, Rung::Contact(it) if *it == first)).for_each(|(rung, _)| {
                *rung = Rung::Role(role);
            });
        }
    }

    /// A role of their own, where something may be disputed, mostly: whoever settles it, and does nothing else.
    fn who_only_settles(&mut self) -> Option<u8> {
        let settle = self.world.facts.iter().position(|fact| fact.disputed.is_some())?;
        if self.world.roles != 2 || self.dice.once_in(3) {
            return None;
        }
        let role = self.world.roles;
        self.world.roles += 1;
        self.world.contacts.push(Contact { fills: vec![role], open: 0xFF, ..Contact::default() });
        let it = self.world.facts[settle].disputed.as_mut()?;
        it.0 = role;
        Some(role)
    }

    /// How contacts are reached, where that is said; and now and then something is urgent.
    pub(super) fn channels(&mut self) {
        if !self.dialect.channels || !self.dice.once_in(4) {
            return;
        }
        for contact in 0..self.world.contacts.len() {
            for _ in 0..self.dice.below(3) {
                let heard = match self.dice.below(4) {
                    0 => None,
                    1 if !self.slip(2) => Some(URGENT_HOURS),
                    1 => Some(URGENT_HOURS + 1),
                    _ => Some(0),
                };
                let reached = &mut self.world.contacts[contact].reached;
                if !reached.contains(&heard) {
                    reached.push(heard);
                }
            }
        }
        // How long an hour is in slots nobody can say.
        let timed = |it: &Promise| matches!(it, Promise::Within(_) | Promise::Whoever(..) | Promise::Leads(..));
        if self.world.promises.iter().any(timed) {
            return;
        }
        for place in &mut self.world.places {
            let urgent = self.dice.once_in(3);
            match &mut place.kind {
                PlaceKind::Step(step) if urgent && step.can_be_urgent() => step.within = 0,
                PlaceKind::HandOver(over) if urgent => over.within = 0,
                PlaceKind::Together(block) => {
                    let short = block.branches.iter_mut().filter(|it| urgent && it.takes.is_none() && !it.meanwhile);
                    short.for_each(|branch| branch.within = 0);
                }
                _ => {}
            }
        }
        for ladder in &mut self.world.ladders {
            for (_, within) in &mut ladder.rungs {
                *within = if self.dice.once_in(2) { 0 } else { *within };
            }
        }
    }
}
