//! What is known of the person, on paths and in runs: presumed, settled, carried along, not applicable.

use super::machine::{Machine, View, Walk};
use super::state::{ANYBODY, State};
use super::world::{NOT_APPLICABLE, Thing, UNKNOWN, Values};

impl Machine<'_> {
    /// A case of which nothing was recorded: what is presumed is so, until it was otherwise for as long as it is good.
    pub(super) fn fresh(&self, slot: u8) -> State {
        let mut state = State::new(slot);
        state.there = self.world.wish.and(self.world.lives(Thing::Place(0)));
        for (number, fact) in self.world.facts.iter().enumerate() {
            state.sure[number] = fact.presumed.map_or(0, |_| fact.surely_presumed());
        }
        state
    }

    /// On a path, everybody of whom a case can open: what is presumed is not unknown yet, unless what another case found
    /// of it may be no longer good.
    pub(super) fn at_opening(&self) -> u128 {
        if self.view != View::Paths {
            return ANYBODY;
        }
        let known = |values: &Values| {
            let unknown = |fact: usize| values[fact] == UNKNOWN && self.world.applies(fact, values) == Some(true);
            let never_unknown = |fact: &usize| {
                let of = &self.world.facts[*fact];
                of.presumed.is_some() && of.good_for.is_none()
            };
            (0..self.world.facts.len()).filter(never_unknown).all(|fact| !unknown(fact))
        };
        self.every_values.iter().enumerate().map(|(number, values)| u128::from(known(values)) << number).sum()
    }

    /// On a path, everybody of whom nothing is known but these facts, as bits: what a handover left behind is not known
    /// to whoever decides in the same moment.
    pub(super) fn knowing_only(&self, facts: u8) -> u128 {
        if self.view != View::Paths {
            return ANYBODY;
        }
        let others = |values: &Values| {
            let unknown = |fact: usize| {
                matches!(values[fact], UNKNOWN | NOT_APPLICABLE) || self.as_presumed(values) >> fact & 1 == 1
            };
            (0..3).all(|fact| facts >> fact & 1 == 1 || unknown(fact))
        };
        self.every_values.iter().enumerate().map(|(number, values)| u128::from(others(values)) << number).sum()
    }

    /// Whether what is known applies may not be known any more, or has become known.
    pub(super) fn see_what_applies(&self, values: &mut Values) {
        for fact in 0..self.world.facts.len() {
            match self.world.applies(fact, values) {
                Some(false) => values[fact] = NOT_APPLICABLE,
                Some(true) if values[fact] != NOT_APPLICABLE => {}
                _ => values[fact] = UNKNOWN,
            }
        }
    }

    /// The facts that are as presumed, as bits.
    pub(super) fn as_presumed(&self, values: &Values) -> u8 {
        let facts = self.world.facts.iter().zip(values).enumerate();
        facts.filter(|(_, (fact, value))| fact.presumed == Some(**value)).fold(0, |all, (number, _)| all | 1 << number)
    }

    /// The facts that a decision looks at, as bits.
    pub(super) fn reads(&self, decision: u8) -> u8 {
        self.world.decide(decision).map_or(0, |decide| self.world.with_what_applies(decide.facts()))
    }

    /// The facts that somebody has to find before they are known, as bits.
    pub(super) fn found_only(&self) -> u8 {
        let facts = self.world.facts.iter().enumerate();
        facts.filter(|(_, fact)| fact.presumed.is_none()).fold(0, |all, (number, _)| all | 1 << number)
    }
}

impl Walk {
    /// The facts that are known, as bits.
    pub(super) fn known(&self) -> u8 {
        (0..3).filter(|&fact| self.values[fact] < NOT_APPLICABLE).fold(0, |all, fact| all | 1 << fact)
    }

    /// The facts that do not apply, as bits.
    pub(super) fn not_applicable(&self) -> u8 {
        (0..3).filter(|&fact| self.values[fact] == NOT_APPLICABLE).fold(0, |all, fact| all | 1 << fact)
    }

    /// A step that finds these facts was done.
    pub(super) fn finds(&mut self, facts: u8) {
        self.state.held |= facts;
        self.state.lost &= !facts;
        self.state.just = facts;
    }

    /// A handover was accepted that carries these facts and no others (10.17). What is as presumed is so still, if it was
    /// not found otherwise just before.
    pub(super) fn carries(&mut self, facts: u8, presumed: u8) {
        self.state.lost |= self.state.held & !facts;
        self.state.held &= facts;
        self.state.known &= facts;
        for fact in 0..3 {
            if facts >> fact & 1 == 0 {
                self.state.sure[fact] = 0;
                if presumed >> fact & 1 == 0 {
                    self.values[fact] = UNKNOWN;
                }
            }
        }
    }
}
