//! Rows and columns: which lines go back, how far down a box stands, and in which order the lanes stand.

use super::picture::Line;
use onward::model::RoleId;
use std::collections::{BTreeMap, VecDeque};

/// More lanes than this do not fit a page: those with the fewest boxes share the last one.
const MOST_LANES: usize = 8;

/// A lane.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Whose it is: one role, or those that share the last lane.
    pub roles: Vec<RoleId>,
}

/// Where every box stands.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The lanes, from the left.
    pub lanes: Vec<Lane>,
    /// The column of every box: its lane.
    pub column: Vec<usize>,
    /// The row of every box. No two boxes stand in the same row and column.
    pub row: Vec<usize>,
    /// How many rows there are.
    pub rows: usize,
    /// The first row of the boxes that no line from the start leads to.
    pub aside_from: usize,
    /// Which lines go back.
    pub back: Vec<bool>,
}

/// Arranges the boxes. `owners` is whose lane each stands in.
pub fn arrange(owners: &[RoleId], lines: &[Line], aside: &[bool], start: usize) -> Layers {
    let (lanes, column) = order_lanes(owners, lines, start);
    let order = Order::new(owners.len(), lines, start);
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); owners.len()];
    for (line, back) in lines.iter().zip(&order.back) {
        if !back {
            into[line.to].push(line.from);
        }
    }
    let mut by_place: Vec<usize> = (0..owners.len()).collect();
    by_place.sort_by_key(|item| order.at[*item]);
    let mut rank = vec![0usize; owners.len()];
    for item in &by_place {
        rank[*item] = into[*item].iter().map(|from| rank[*from] + 1).max().unwrap_or(0);
    }
    by_place.sort_by_key(|item| (aside[*item], rank[*item], order.at[*item]));
    let mut row = vec![0usize; owners.len()];
    let mut taken: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
    let mut rows = 0;
    let mut aside_from = None;
    for item in by_place {
        if aside[item] && aside_from.is_none() {
            aside_from = Some(rows);
        }
        let first = into[item].iter().map(|from| row[*from] + 1).max().unwrap_or(0).max(aside_from.unwrap_or(0));
        let taken = taken.entry(column[item]).or_default();
        let mut at = first;
        while taken.get(at).copied().unwrap_or(false) {
            at += 1;
        }
        taken.resize(taken.len().max(at + 1), false);
        taken[at] = true;
        row[item] = at;
        rows = rows.max(at + 1);
    }
    Layers { lanes, column, row, rows, aside_from: aside_from.unwrap_or(rows), back: order.back }
}

/// An order of the boxes in which every line that does not go back goes on.
struct Order {
    at: Vec<usize>,
    back: Vec<bool>,
}

impl Order {
    /// Lines are added one after the other, those first that lie on a way from the start with the fewest counted
    /// lines; a line that would close a loop goes back.
    fn new(items: usize, lines: &[Line], start: usize) -> Order {
        let mut onward: Vec<Vec<usize>> = vec![Vec::new(); items];
        lines.iter().enumerate().for_each(|(number, line)| onward[line.from].push(number));
        let mut cost = vec![usize::MAX; items];
        let mut at = vec![usize::MAX; items];
        let mut found = 0;
        for root in std::iter::once(start).chain(0..items).filter(|root| *root < items) {
            if cost[root] != usize::MAX {
                continue;
            }
            cost[root] = 0;
            let mut queue = VecDeque::from([root]);
            while let Some(item) = queue.pop_front() {
                if at[item] == usize::MAX {
                    at[item] = found;
                    found += 1;
                }
                for line in onward[item].iter().map(|line| lines[*line]) {
                    let through = cost[item] + usize::from(line.counted);
                    if through < cost[line.to] {
                        cost[line.to] = through;
                        if line.counted { queue.push_back(line.to) } else { queue.push_front(line.to) }
                    }
                }
            }
        }
        let mut first: Vec<usize> = (0..lines.len()).collect();
        first.sort_by_key(|number| {
            let line = lines[*number];
            (cost[line.from] + usize::from(line.counted) - cost[line.to], *number)
        });
        let mut grown = Grown { at, on: vec![Vec::new(); items], before: vec![Vec::new(); items] };
        let mut back = vec![false; lines.len()];
        for number in first {
            back[number] = !grown.add(lines[number].from, lines[number].to);
        }
        Order { at: grown.at, back }
    }
}

/// A graph without loops, and an order of it, growing line by line (Pearce and Kelly 2006).
struct Grown {
    at: Vec<usize>,
    on: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
}

impl Grown {
    /// Adds a line, unless it closes a loop.
    fn add(&mut self, from: usize, to: usize) -> bool {
        if from == to {
            return false;
        }
        if self.on[from].contains(&to) {
            return true;
        }
        let (low, high) = (self.at[to], self.at[from]);
        if low < high {
            let mut after = spread(&self.on, to, |item| self.at[item] <= high);
            if after.contains(&from) {
                return false;
            }
            let mut ahead = spread(&self.before, from, |item| self.at[item] >= low);
            ahead.sort_by_key(|item| self.at[*item]);
            after.sort_by_key(|item| self.at[*item]);
            ahead.append(&mut after);
            let mut places: Vec<usize> = ahead.iter().map(|item| self.at[*item]).collect();
            places.sort_unstable();
            for (item, place) in ahead.into_iter().zip(places) {
                self.at[item] = place;
            }
        }
        self.on[from].push(to);
        self.before[to].push(from);
        true
    }
}

/// Everything that can be come to from `root`, within what `within` allows.
fn spread(next: &[Vec<usize>], root: usize, within: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut seen = std::collections::BTreeSet::from([root]);
    let mut all = vec![root];
    let mut open = vec![root];
    while let Some(item) = open.pop() {
        for to in &next[item] {
            if within(*to) && seen.insert(*to) {
                all.push(*to);
                open.push(*to);
            }
        }
    }
    all
}

/// The lanes, and the lane of every box. The start stands in the first lane; the others are ordered so that the lines
/// between lanes are shortest in all. There are few enough lanes to try every order.
fn order_lanes(owners: &[RoleId], lines: &[Line], start: usize) -> (Vec<Lane>, Vec<usize>) {
    let mut count: BTreeMap<RoleId, (usize, usize)> = BTreeMap::new();
    for (item, owner) in owners.iter().enumerate() {
        let first = if item == start { 0 } else { item + 1 };
        let entry = count.entry(*owner).or_insert((0, first));
        *entry = (entry.0 + 1, entry.1.min(first));
    }
    let mut roles: Vec<(RoleId, usize, usize)> =
        count.into_iter().map(|(role, (boxes, first))| (role, boxes, first)).collect();
    let starts = |first: usize| usize::from(first != 0);
    roles.sort_by_key(|(role, boxes, first)| (starts(*first), std::cmp::Reverse(*boxes), *role));
    let shared = if roles.len() > MOST_LANES { roles.split_off(MOST_LANES - 1) } else { Vec::new() };
    roles.sort_by_key(|(role, _, first)| (*first, *role));
    let mut lanes: Vec<Lane> = roles.into_iter().map(|(role, ..)| Lane { roles: vec![role] }).collect();
    let last = lanes.len();
    if !shared.is_empty() {
        lanes.push(Lane { roles: shared.into_iter().map(|(role, ..)| role).collect() });
    }
    let mut lane_of: BTreeMap<RoleId, usize> = BTreeMap::new();
    for (number, lane) in lanes.iter().enumerate() {
        lane_of.extend(lane.roles.iter().map(|role| (*role, number)));
    }
    let column = |item: usize| lane_of.get(&owners[item]).copied().unwrap_or(0);
    let mut between = vec![vec![0usize; lanes.len()]; lanes.len()];
    for line in lines {
        between[column(line.from)][column(line.to)] += 1;
        between[column(line.to)][column(line.from)] += 1;
    }
    let mut best: (usize, Vec<usize>) = (usize::MAX, Vec::new());
    try_orders(&between, last, &mut vec![0], &mut best, 0);
    let mut order = best.1;
    order.extend(order.len()..lanes.len());
    let mut place = vec![0; lanes.len()];
    order.iter().enumerate().for_each(|(at, lane)| place[*lane] = at);
    let columns = (0..owners.len()).map(|item| place[column(item)]).collect();
    (order.into_iter().filter_map(|lane| lanes.get(lane).cloned()).collect(), columns)
}

/// Tries every order of the first `free` lanes that begins with `tried`; `cost` is the length of the lines so far,
/// counting each gap between lanes once for every line that crosses it.
fn try_orders(
    between: &[Vec<usize>],
    free: usize,
    tried: &mut Vec<usize>,
    best: &mut (usize, Vec<usize>),
    cost: usize,
) {
    if tried.len() >= free {
        if cost < best.0 {
            *best = (cost, tried.clone());
        }
        return;
    }
    let crossing: usize = tried
        .iter()
        .map(|lane| (0..between.len()).filter(|to| !tried.contains(to)).map(|to| between[*lane][to]).sum::<usize>())
        .sum();
    if cost + crossing >= best.0 {
        return;
    }
    for lane in 1..free {
        if !tried.contains(&lane) {
            tried.push(lane);
            try_orders(between, free, tried, best, cost + crossing);
            tried.pop();
        }
    }
}
