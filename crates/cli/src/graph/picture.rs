//! What is drawn: boxes, ways out of them, and the lines between them.

use super::layers::{self, Layers};
use onward::engine::Shared;
use onward::model::{Decide, Ending, Exit, Pass, Pathway, PlaceId, PlaceKind, RoleId, RouteId, Target};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A step that more decisions than this send to while they do not know is named in words, not joined by lines.
const MANY_SENDERS: usize = 3;

/// Why one leaves a box this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// What came before is done.
    Done,
    /// A row of the decision.
    Row(usize),
    /// The decision could not be taken yet.
    NotKnown,
    /// Those who must agree do not.
    Disagreed,
    /// Too few branches were done.
    NotAllDone,
    /// What is repeated until something holds: it holds.
    Until,
    /// The last round is over.
    AfterLast,
    /// The receiver declined.
    Declined,
    /// The receiver accepted on a condition.
    OnCondition,
    /// A branch that is another pathway begins.
    Begins,
    /// What is called came to this end.
    Ends(PlaceId),
    /// It ended otherwise, and the place says itself where that leads.
    Exit(Exit),
}

/// A way out of a box.
#[derive(Clone, Debug)]
pub struct Way {
    /// Why one leaves this way.
    pub why: Why,
    /// Where it is written.
    pub route: RouteId,
    /// The lines drawn for it, by number; none where it is only said in words.
    pub lines: Vec<usize>,
}

/// A box: a place that is neither a branch nor a role deciding, for these stand inside another box.
#[derive(Clone, Debug)]
pub struct Item {
    /// The place.
    pub place: PlaceId,
    /// The branches, or the roles that decide in its stead.
    pub inside: Vec<PlaceId>,
    /// The ways out.
    pub ways: Vec<Way>,
}

/// A line between two boxes.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The box it leaves.
    pub from: usize,
    /// The box it leads to.
    pub to: usize,
    /// The way out it belongs to.
    pub way: usize,
    /// Whether it may be taken only so often.
    pub counted: bool,
}

/// What is drawn of a pathway.
#[derive(Clone, Debug)]
pub struct Picture<'p> {
    /// The pathway.
    pub pathway: &'p Pathway,
    /// The roles and facts.
    pub shared: &'p Shared,
    /// The boxes, in the authors' order.
    pub items: Vec<Item>,
    /// The lines.
    pub lines: Vec<Line>,
    /// The box each place stands in.
    pub item_of: Vec<usize>,
    /// The routes that hold wherever a step does not say otherwise, by [`Exit`].
    pub defaults: [Option<RouteId>; Exit::COUNT],
    /// Where everything stands.
    pub layers: Layers,
    /// The number each place is called by, such as `7`, or `7.2` inside a box.
    pub numbers: Vec<String>,
}

impl<'p> Picture<'p> {
    /// Reads a pathway; folded, what comes with a call is in the box of the call.
    pub fn new(pathway: &'p Pathway, shared: &'p Shared, folded: bool) -> Picture<'p> {
        let defaults = defaults(pathway);
        let (mut items, item_of) = items(pathway, &defaults, folded);
        let mut lines = lines(pathway, &mut items, &item_of);
        let start = item_of.get(pathway.start.index()).copied().unwrap_or(0);
        let aside = aside(items.len(), &lines, start);
        // A line from one part of the drawing to the other would cross all of it: those are words.
        let keep: Vec<bool> = lines.iter().map(|line| aside[line.from] == aside[line.to]).collect();
        let mut renumbered = vec![None; lines.len()];
        let mut next = 0;
        for (slot, keep) in renumbered.iter_mut().zip(&keep) {
            if *keep {
                *slot = Some(next);
                next += 1;
            }
        }
        for way in items.iter_mut().flat_map(|item| &mut item.ways) {
            way.lines = way.lines.iter().filter_map(|line| renumbered[*line]).collect();
        }
        let mut keep = keep.into_iter();
        lines.retain(|_| keep.next().unwrap_or(false));
        let roles = lanes(pathway, shared, &items, &lines, start);
        let layers = layers::arrange(&roles, &lines, &aside, start);
        let numbers = numbers(pathway, &items, &item_of, &layers);
        Picture { pathway, shared, items, lines, item_of, defaults, layers, numbers }
    }

    /// A role's title.
    pub fn role(&self, role: RoleId) -> &'p str {
        self.shared.roles.get(role.index()).map_or("?", |role| role.title.as_str())
    }

    /// A role's title as far as the first colon: what stands behind it explains it, and stands over the lane.
    pub fn role_short(&self, role: RoleId) -> &'p str {
        let title = self.role(role);
        title.split_once(':').map_or(title, |(name, _)| name.trim()).trim()
    }

    /// The place whose box or part of a box shows a place: itself, or the call it is folded into.
    pub fn drawn_as(&self, place: PlaceId) -> PlaceId {
        let item = self.item_of.get(place.index()).and_then(|item| self.items.get(*item));
        item.map_or(place, |item| if item.inside.contains(&place) { place } else { item.place })
    }

    /// A place's number.
    pub fn number(&self, place: PlaceId) -> &str {
        self.numbers.get(place.index()).map_or("?", String::as_str)
    }
}

/// The routes most places share. A route a place writes itself belongs to that place alone.
fn defaults(pathway: &Pathway) -> [Option<RouteId>; Exit::COUNT] {
    let mut found = [None; Exit::COUNT];
    for (slot, exit) in found.iter_mut().zip(Exit::ALL) {
        let mut count: BTreeMap<RouteId, usize> = BTreeMap::new();
        let mut open = 0;
        for (id, place) in pathway.all_places().filter(|(_, place)| place.with_call.is_none()) {
            if let (Some(route), false) = (place.exits[exit as usize], pathway.is_branch(id) || is_moment(&place.kind))
            {
                *count.entry(route).or_default() += 1;
                open += 1;
            }
        }
        let most = count.iter().max_by_key(|(route, count)| (**count, std::cmp::Reverse(route.0)));
        *slot = most.filter(|(_, count)| **count > 1 || open == 1).map(|(route, _)| *route);
    }
    found
}

fn is_moment(kind: &PlaceKind) -> bool {
    matches!(kind, PlaceKind::Decide(_) | PlaceKind::Ending(_))
}

fn items(pathway: &Pathway, defaults: &[Option<RouteId>; Exit::COUNT], folded: bool) -> (Vec<Item>, Vec<usize>) {
    let mut items: Vec<Item> = Vec::new();
    let mut item_of = vec![0; pathway.places.len()];
    let mut inside: Vec<(PlaceId, PlaceId)> = Vec::new();
    let mut in_calls: Vec<(PlaceId, PlaceId)> = Vec::new();
    let mut over: Vec<(PlaceId, PlaceId)> = Vec::new();
    for (id, place) in pathway.all_places() {
        if let Some(call) = pathway.calls_around(id).last().filter(|_| folded) {
            in_calls.push((id, call));
            continue;
        }
        // A branch that is another pathway stands inside its block, and where it ends it is the block that goes on.
        if let Some(block) = place.in_branch.filter(|branch| *branch == id).and_then(|branch| pathway.block_of(branch))
        {
            inside.push((id, block));
            continue;
        }
        if let PlaceKind::Ending(Ending { of_branch: Some(of), .. }) = &place.kind {
            over.push((id, of.block));
            continue;
        }
        let mut ways = Vec::new();
        let mut way = |why, route| ways.push(Way { why, route, lines: Vec::new() });
        match &place.kind {
            PlaceKind::Step(step) => match step.branch_of {
                Some(block) => {
                    inside.push((id, block));
                    continue;
                }
                None => step.then.into_iter().for_each(|route| way(Why::Done, route)),
            },
            PlaceKind::Choose(choose) => {
                inside.push((id, choose.decision));
                continue;
            }
            // What comes of it is said below, by its endings.
            PlaceKind::Decide(Decide { passes: Some(Pass::Begins { .. }), .. }) if folded => {}
            PlaceKind::Decide(decide) => {
                decide.rows.iter().enumerate().for_each(|(number, row)| way(Why::Row(number), row.route));
                decide.agreed().into_iter().for_each(|agreed| way(Why::Disagreed, agreed.disagree));
                decide.not_known.into_iter().for_each(|route| way(Why::NotKnown, route));
            }
            PlaceKind::Together(together) => {
                way(Why::Done, together.then);
                way(Why::NotAllDone, together.otherwise);
                let begins = together.branches.iter().filter_map(|branch| match &pathway.place(*branch).kind {
                    PlaceKind::Decide(decide) if !folded => decide.rows.first(),
                    _ => None,
                });
                begins.for_each(|row| way(Why::Begins, row.route));
            }
            PlaceKind::Repeat(repeat) => {
                repeat.until.iter().for_each(|(_, route)| way(Why::Until, *route));
                way(Why::AfterLast, repeat.after);
            }
            PlaceKind::HandOver(hand_over) => {
                way(Why::Done, hand_over.then);
                way(Why::Declined, hand_over.declined);
                hand_over.on_condition.into_iter().for_each(|route| way(Why::OnCondition, route));
            }
            PlaceKind::Ending(_) => {}
        }
        if !is_moment(&place.kind) {
            for exit in Exit::ALL {
                if let Some(route) = place.exits[exit as usize].filter(|route| defaults[exit as usize] != Some(*route))
                {
                    way(Why::Exit(exit), route);
                }
            }
        }
        item_of[id.index()] = items.len();
        items.push(Item { place: id, inside: Vec::new(), ways });
    }
    for (part, whole) in inside {
        let item = item_of[whole.index()];
        item_of[part.index()] = item;
        if let Some(item) = items.get_mut(item) {
            item.inside.push(part);
        }
    }
    for (part, block) in over {
        item_of[part.index()] = item_of[block.index()];
    }
    for (part, call) in in_calls {
        let item = item_of[call.index()];
        item_of[part.index()] = item;
        let place = pathway.place(part);
        let ends = |decide: &Decide| matches!(decide.passes, Some(Pass::Ends { .. })) && place.with_call == Some(call);
        if let (PlaceKind::Decide(decide), Some(item)) = (&place.kind, items.get_mut(item))
            && ends(decide)
            && pathway.place(call).in_branch.is_none()
        {
            item.ways.extend(decide.rows.iter().map(|row| Way {
                why: Why::Ends(part),
                route: row.route,
                lines: Vec::new(),
            }));
        }
    }
    (items, item_of)
}

fn lines(pathway: &Pathway, items: &mut [Item], item_of: &[usize]) -> Vec<Line> {
    // The decisions that send to a box while they do not know.
    let mut senders: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (from, item) in items.iter().enumerate() {
        for way in item.ways.iter().filter(|way| way.why == Why::NotKnown) {
            for (_, route) in pathway.route_chain(way.route) {
                if let Target::Place(to) = route.target {
                    senders.entry(item_of[to.index()]).or_default().insert(from);
                }
            }
        }
    }
    let many = |item: usize| senders.get(&item).is_some_and(|senders| senders.len() > MANY_SENDERS);
    let mut lines: Vec<Line> = Vec::new();
    for (from, item) in items.iter_mut().enumerate() {
        for (number, way) in item.ways.iter_mut().enumerate() {
            if matches!(way.why, Why::Exit(_)) {
                continue;
            }
            let route = pathway.route(way.route);
            let to: Vec<usize> = match route.target {
                Target::Place(to) if matches!(pathway.place(to).kind, PlaceKind::Choose(_)) => continue,
                Target::Place(to) => vec![item_of[to.index()]],
                Target::Back if !many(from) => senders.get(&from).into_iter().flatten().copied().collect(),
                _ => continue,
            };
            if way.why == Why::NotKnown && to.iter().any(|to| many(*to)) {
                continue;
            }
            for to in to {
                way.lines.push(lines.len());
                lines.push(Line { from, to, way: number, counted: route.counted.is_some() });
            }
        }
    }
    lines
}

/// Which boxes no line from the start leads to.
fn aside(items: usize, lines: &[Line], start: usize) -> Vec<bool> {
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); items];
    lines.iter().for_each(|line| onward[line.from].push(line.to));
    let mut aside = vec![true; items];
    let mut queue: Vec<usize> = vec![start];
    while let Some(item) = queue.pop() {
        if aside.get(item).copied().unwrap_or(false) {
            aside[item] = false;
            queue.extend(&onward[item]);
        }
    }
    aside
}

/// Whose lane every box stands in: its owner's, the holder's for an ending, and otherwise of what leads to it.
fn lanes(pathway: &Pathway, shared: &Shared, items: &[Item], lines: &[Line], start: usize) -> Vec<RoleId> {
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut sure: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for line in lines {
        onward[line.from].push(line.to);
        if !line.counted {
            sure[line.from].push(line.to);
        }
    }
    let own = |item: usize| match &pathway.place(items[item].place).kind {
        PlaceKind::Ending(ending) => Some(ending.held_by),
        kind => kind.owner(),
    };
    let mut lanes: Vec<Option<RoleId>> = (0..items.len()).map(own).collect();
    let inside = |item: usize| items[item].inside.first().and_then(|part| pathway.place(*part).kind.owner());
    // First along what simply comes next, and only then along what is counted.
    let mut seen = vec![(false, false); items.len()];
    let roots = std::iter::once(start).chain(0..items.len()).filter(|root| *root < items.len());
    for (root, counted) in std::iter::once((start, false)).chain(roots.map(|root| (root, true))) {
        let mut queue = VecDeque::from([root]);
        while let Some(item) = queue.pop_front() {
            let Some(seen) = seen.get_mut(item) else { continue };
            if std::mem::replace(if counted { &mut seen.1 } else { &mut seen.0 }, true) {
                continue;
            }
            let lane = lanes[item]
                .or_else(|| inside(item))
                .unwrap_or(onward[item].iter().find_map(|to| lanes[*to]).unwrap_or_default());
            lanes[item] = Some(lane);
            let after = match &pathway.place(items[item].place).kind {
                PlaceKind::HandOver(hand_over) => hand_over.to,
                _ => lane,
            };
            for to in if counted { &onward[item] } else { &sure[item] } {
                lanes[*to].get_or_insert(after);
                queue.push_back(*to);
            }
        }
    }
    let known = shared.roles.len();
    lanes.into_iter().map(|lane| lane.filter(|role| role.index() < known).unwrap_or_default()).collect()
}

/// Numbers in the order one reads: row by row, from the left.
fn numbers(pathway: &Pathway, items: &[Item], item_of: &[usize], layers: &Layers) -> Vec<String> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|item| (layers.row[*item], layers.column[*item]));
    let mut numbers = vec![String::new(); pathway.places.len()];
    for (number, at) in order.into_iter().enumerate() {
        let item = &items[at];
        numbers[item.place.index()] = format!("{}", number + 1);
        // What is folded away goes by the number of its call.
        let folded = item_of.iter().zip(&mut numbers).filter(|(of, _)| **of == at);
        folded.for_each(|(_, it)| *it = format!("{}", number + 1));
        for (part, place) in item.inside.iter().enumerate() {
            numbers[place.index()] = format!("{}.{}", number + 1, part + 1);
        }
    }
    numbers
}
