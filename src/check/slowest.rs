//! The slowest traffic through a pathway: better prices for the bound of `longest`.
//!
//! A path is one person going from the start to an ending, and each count lets so many through. Taken together that is a
//! flow, and the flow that takes longest is found by sending it, round by round, along any circle that makes it longer.
//! When no circle does, the prices of the places (how much time is still worth having from there) prove it. Whoever uses
//! the prices checks them for themselves, so nothing rests on this search but how good the bound is.

use super::ways::{Count, WayId, Ways};
use crate::model::{PlaceId, PlaceKind};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What became of the search.
pub struct Slowest {
    /// What is still worth having from each place, in seconds.
    pub prices: Vec<i64>,
    /// How often each way is taken.
    pub taken: BTreeMap<WayId, u32>,
}

/// How often each arc is looked at, taken together, before the search gives up.
const BUDGET: u64 = 1_000;

/// More than anything counts up to.
const NO_LIMIT: i64 = i64::MAX / 4;

struct Arc {
    from: usize,
    to: usize,
    worth: i64,
    room: i64,
    way: Option<WayId>,
}

/// Arcs in pairs: the one with an even number goes on, the next takes back what went along it.
struct Network {
    arcs: Vec<Arc>,
    /// The arcs that lead to each node.
    into: Vec<Vec<usize>>,
    /// What is worth having from each node, as far as it is known.
    price: Vec<i64>,
}

impl Network {
    fn new(nodes: usize) -> Network {
        Network { arcs: Vec::new(), into: vec![Vec::new(); nodes], price: vec![0; nodes] }
    }

    /// One more node.
    fn node(&mut self) -> usize {
        self.into.push(Vec::new());
        self.price.push(0);
        self.price.len() - 1
    }

    fn add(&mut self, from: usize, to: usize, worth: i64, room: i64, way: Option<WayId>) {
        self.into[to].push(self.arcs.len());
        self.arcs.push(Arc { from, to, worth, room, way });
        self.into[from].push(self.arcs.len());
        self.arcs.push(Arc { from: to, to: from, worth: -worth, room: 0, way: None });
    }

    fn push(&mut self, arc: usize, amount: i64) {
        self.arcs[arc].room -= amount;
        self.arcs[arc ^ 1].room += amount;
    }

    /// Raises the prices until no arc with room is worth more than they say, looking first at what leads to these nodes;
    /// or gives a circle that makes the traffic slower.
    fn raise(&mut self, from: Vec<usize>, budget: &mut u64) -> Option<Result<(), Vec<usize>>> {
        let nodes = self.into.len();
        let mut next: Vec<Option<usize>> = vec![None; nodes];
        let mut waiting = vec![false; nodes];
        from.iter().for_each(|node| waiting[*node] = true);
        let mut queue = VecDeque::from(from);
        let mut raised = 0;
        while let Some(node) = queue.pop_front() {
            waiting[node] = false;
            *budget = budget.checked_sub(self.into[node].len() as u64)?;
            for number in &self.into[node] {
                let arc = &self.arcs[*number];
                let worth = self.price[node].saturating_add(arc.worth);
                if arc.room <= 0 || worth <= self.price[arc.from] {
                    continue;
                }
                (self.price[arc.from], next[arc.from]) = (worth, Some(*number));
                raised += 1;
                // Looking for a circle takes a look at every node, so it is done that seldom.
                if raised % nodes == 0
                    && let Some(circle) = self.circle(arc.from, &next)
                {
                    return Some(Err(circle));
                }
                if !std::mem::replace(&mut waiting[arc.from], true) {
                    queue.push_back(arc.from);
                }
            }
        }
        Some(Ok(()))
    }

    /// The circle that following the best arcs from a node leads into, if it does.
    fn circle(&self, from: usize, next: &[Option<usize>]) -> Option<Vec<usize>> {
        let mut seen = vec![false; next.len()];
        let mut node = from;
        while !seen[node] {
            seen[node] = true;
            node = self.arcs[next[node]?].to;
        }
        let mut circle = Vec::new();
        let first = node;
        loop {
            let arc = next[node]?;
            circle.push(arc);
            node = self.arcs[arc].to;
            if node == first {
                return Some(circle);
            }
        }
    }
}

/// Looks for the slowest traffic, where a place takes so many seconds and every circle is counted; nothing when looking
/// takes too long.
pub fn slowest(ways: &Ways<'_>, times: &[i64], limit: &dyn Fn(Count) -> u32) -> Option<Slowest> {
    let places = ways.pathway.places.len();
    let mut network = Network::new(places);
    let sink = network.node();
    // Every count is a gate, from one node to another, through which there is room for so many.
    let mut gates: BTreeMap<Count, (usize, usize)> = BTreeMap::new();
    for count in ways.all.iter().filter_map(|way| way.count) {
        gates.entry(count).or_insert_with(|| {
            let (gate, behind) = (network.node(), network.node());
            network.add(gate, behind, 0, i64::from(limit(count)), None);
            (gate, behind)
        });
    }
    // The same way, from the same place and counted alike, is needed once.
    let mut known: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (number, way) in ways.all.iter().enumerate().filter(|(_, way)| ways.outside_of_branches(way)) {
        let (from, to) = (way.from.index(), way.to.index());
        let gate = way.count.and_then(|count| gates.get(&count)).copied();
        let first = gate.map_or(to, |(gate, _)| gate);
        if known.insert((from, first)) {
            network.add(from, first, times[from], NO_LIMIT, Some(number));
        }
        if let Some((_, behind)) = gate
            && known.insert((behind, to))
        {
            network.add(behind, to, 0, NO_LIMIT, None);
        }
    }
    for (place, it) in ways.pathway.all_places() {
        if matches!(it.kind, PlaceKind::Ending(_)) {
            network.add(place.index(), sink, 0, NO_LIMIT, None);
        }
    }
    network.add(sink, ways.pathway.start.index(), 0, 1, None);
    let (nodes, mut budget) = (network.price.len(), BUDGET.saturating_mul(network.arcs.len() as u64));
    // Once the prices were right for all arcs but those that have got room since, only these have to be looked at.
    let mut unsure: Vec<usize> = (0..nodes).rev().collect();
    loop {
        match network.raise(unsure, &mut budget)? {
            Ok(()) => {
                let price = &network.price;
                let prices = price[..places].iter().map(|it| it - price[sink]).collect();
                let taken = network.arcs.chunks(2).filter_map(|pair| {
                    let flow = u32::try_from(pair[1].room).ok()?;
                    Some((pair[0].way?, flow))
                });
                return Some(Slowest { prices, taken: taken.collect() });
            }
            Err(circle) => {
                let room = circle.iter().map(|arc| network.arcs[*arc].room).min()?;
                circle.iter().for_each(|arc| network.push(*arc, room));
                unsure = (0..nodes).rev().collect();
            }
        }
    }
}

impl Slowest {
    /// The traffic as one path from the start, where it hangs together: circles are gone round where they are met, the
    /// counted ways before those that come after them.
    pub fn path(&self, ways: &Ways<'_>) -> Vec<WayId> {
        let mut left = self.taken.clone();
        let mut walked: Vec<(PlaceId, Option<WayId>)> = vec![(ways.pathway.start, None)];
        let mut path = Vec::new();
        while let Some((place, by)) = walked.last().copied() {
            let on = ways.out_of(place).filter(|(number, _)| left.get(number).is_some_and(|times| *times > 0));
            // What is taken up last is gone first, since the path is put together from its end.
            match on.max_by_key(|(number, way)| (way.after.is_some(), way.count.is_none(), *number)) {
                Some((number, way)) => {
                    left.entry(number).and_modify(|times| *times -= 1);
                    walked.push((way.to, Some(number)));
                }
                None => {
                    path.extend(by);
                    walked.pop();
                }
            }
        }
        path.reverse();
        path
    }
}
