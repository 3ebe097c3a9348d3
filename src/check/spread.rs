//! What spreads along the ways: up to 64 things at once that can be so at a place, as one bit each.
//!
//! Most properties hold, and that can be seen without looking for a path: mind neither counts nor who can go where, let
//! what may be so spread along every way until nothing changes, and see that what must not be is nowhere. That takes in
//! more than the paths there are, so what is nowhere here is on no path; only what is left has to be searched for. A way
//! is gone along again only when something new has come to the place it leads from, so it is linear in the ways.

use super::ways::{Way, WayId, Ways};
use crate::model::{FactId, PlaceId};
use std::collections::VecDeque;

/// Things that are so, one bit each.
pub type Bits = u64;

/// How many things are looked at together.
pub const TOGETHER: usize = Bits::BITS as usize;

/// Every one of so many things.
pub fn every(many: usize) -> Bits {
    if many >= TOGETHER { Bits::MAX } else { (1 << many) - 1 }
}

/// The numbers of the things that are so.
pub fn numbers(bits: Bits) -> impl Iterator<Item = usize> {
    (0..TOGETHER).filter(move |number| bits >> number & 1 == 1)
}

/// Some facts that are looked at together, in order.
#[derive(Clone, Copy, Debug)]
pub struct Few<'f>(pub &'f [FactId]);

impl Few<'_> {
    /// Those among them, as bits.
    pub fn bits<'i>(&self, facts: impl IntoIterator<Item = &'i FactId>) -> Bits {
        let numbers = facts.into_iter().filter_map(|fact| self.0.binary_search(fact).ok());
        numbers.fold(0, |bits, number| bits | 1 << number)
    }

    /// The facts that are so.
    pub fn facts(&self, bits: Bits) -> impl Iterator<Item = FactId> {
        numbers(bits).filter_map(|number| self.0.get(number).copied())
    }
}

impl Ways<'_> {
    /// What may be so at each place, where at the start that is so: `along` says what of it, and what else, is so after a
    /// way. Whatever more is so before a way, no less is so after it.
    pub fn spread(&self, at_start: Bits, along: &dyn Fn(WayId, &Way, Bits) -> Bits) -> Vec<Bits> {
        let mut so = vec![0; self.pathway.places.len()];
        if let Some(start) = so.get_mut(self.pathway.start.index()) {
            *start = at_start;
        }
        self.until_nothing_changes(so, false, along)
    }

    /// What may be so further on from each place, where that is so at the places themselves: `along` says what is so
    /// before a way, if that is so after it.
    pub fn spread_back(&self, at: Vec<Bits>, along: &dyn Fn(WayId, &Way, Bits) -> Bits) -> Vec<Bits> {
        self.until_nothing_changes(at, true, along)
    }

    fn until_nothing_changes(
        &self,
        mut so: Vec<Bits>,
        back: bool,
        along: &dyn Fn(WayId, &Way, Bits) -> Bits,
    ) -> Vec<Bits> {
        let mut waiting = vec![true; so.len()];
        let all = 0..so.len() as u32;
        let mut next: VecDeque<PlaceId> =
            if back { all.rev().map(PlaceId).collect() } else { all.map(PlaceId).collect() };
        while let Some(place) = next.pop_front() {
            waiting[place.index()] = false;
            let here = so[place.index()];
            let ways = if back { self.ways_into(place) } else { self.ways_out_of(place) };
            for number in ways.iter().copied() {
                let way = &self.all[number];
                let there = if back { way.from } else { way.to }.index();
                let more = so[there] | along(number, way, here);
                if more != so[there] {
                    so[there] = more;
                    if !std::mem::replace(&mut waiting[there], true) {
                        next.push_back(PlaceId(there as u32));
                    }
                }
            }
        }
        so
    }
}
