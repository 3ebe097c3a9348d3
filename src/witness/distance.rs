//! How far it is to where something is to be seen: a search goes first where that is near.

use crate::check::Subject;
use crate::check::ways::Way;
use crate::model::PlaceId;
use std::collections::{BTreeMap, BTreeSet};

/// How many places that take time lie between each place and the nearest of some, along ways that are open.
pub(super) fn distances(subject: &Subject<'_>, goals: &[PlaceId], open: &dyn Fn(&Way) -> bool) -> Vec<Option<u32>> {
    let ways = subject.ways;
    let mut far: Vec<Option<u32>> = vec![None; subject.program.pathway.places.len()];
    let mut ring: BTreeSet<(u32, PlaceId)> = goals.iter().map(|goal| (0, *goal)).collect();
    let mut into: BTreeMap<PlaceId, Vec<PlaceId>> = BTreeMap::new();
    for way in ways.all.iter().filter(|way| open(way)) {
        into.entry(way.to).or_default().push(way.from);
    }
    while let Some((distance, place)) = ring.pop_first() {
        if far[place.index()].is_some() {
            continue;
        }
        far[place.index()] = Some(distance);
        for from in into.get(&place).into_iter().flatten() {
            ring.insert((distance + u32::from(!ways.is_decision(*from)), *from));
        }
    }
    far
}

/// The same, for whoever is there while nobody is asked, and while somebody on a ladder is: to be asked takes one thing more.
pub(super) fn asking(subject: &Subject<'_>, goals: &[PlaceId], open: &dyn Fn(&Way) -> bool) -> [Vec<Option<u32>>; 2] {
    let ways = subject.ways;
    let nowhere = || vec![None; subject.program.pathway.places.len()];
    let mut far: [Vec<Option<u32>>; 2] = [nowhere(), nowhere()];
    let mut ring: BTreeSet<(u32, PlaceId, bool)> =
        goals.iter().flat_map(|goal| [(0, *goal, false), (0, *goal, true)]).collect();
    let mut into: BTreeMap<PlaceId, Vec<(PlaceId, bool)>> = BTreeMap::new();
    for way in ways.all.iter().filter(|way| open(way)) {
        into.entry(way.to).or_default().push((way.from, way.escalated));
    }
    while let Some((distance, place, asked)) = ring.pop_first() {
        let known = &mut far[usize::from(asked)][place.index()];
        if known.is_some() {
            continue;
        }
        *known = Some(distance);
        if asked {
            ring.insert((distance + 1, place, false));
            continue;
        }
        for (from, asked) in into.get(&place).into_iter().flatten() {
            ring.insert((distance + u32::from(!ways.is_decision(*from)), *from, *asked));
        }
    }
    far
}
