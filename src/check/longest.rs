//! The longest time a case can take, as a number that is never too small.
//!
//! Give every place a price `L`: a time still to come from there, nothing at an ending, such that for every way from `p`
//! to `q` that is not counted
//!
//! ```text
//! gain(p, q) = time(p) + L(q) − L(p)  is at most 0
//! ```
//!
//! Added up along any path the prices cancel: the path takes `L` of the start, and the gains of its counted ways, each at
//! most as often as its count. So whatever the prices are, as long as they keep that rule (which is checked here), the sum
//! of both is a bound. The longest time without counted ways gives such prices, in time linear in the graph; `slowest`
//! looks for the best there are. What a ladder may reassign comes on top.

use super::slowest::slowest;
use super::ways::{Count, Taken, Way, WayId, Ways};
use super::{Subject, begins};
use crate::calendar::Length;
use crate::model::{
    CounterId, Deadline, Directory, Exit, LadderId, Pathway, PlaceId, PlaceKind, RouteId, Schedule, Target,
};
use crate::workflow::Why;
use std::collections::BTreeMap;

/// The longest time to an ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Longest {
    /// No case takes longer than this.
    pub at_most: Length,
    /// A path that may take as long: ways, from the start.
    pub path: Vec<WayId>,
    /// What is still worth having from each place, in seconds, by the best prices.
    pub prices: Vec<i64>,
    /// What each count can add to that, in seconds, every time.
    pub gains: BTreeMap<Count, i64>,
    /// How often each ladder may reassign, and what that can add every time.
    pub given_away: BTreeMap<LadderId, (u32, Length)>,
}

/// How long each place can take.
pub struct Times<'s> {
    pathway: &'s Pathway,
    directory: &'s Directory,
    /// By place: the longest there ever is until its deadline.
    within: Vec<Length>,
    /// How long it takes through each branch that is a pathway of its own, where nothing is counted there; of others it is
    /// only known that they end with their block.
    branches: BTreeMap<PlaceId, Length>,
    /// By place: whether anything leads there.
    reached: Vec<bool>,
}

impl<'s> Times<'s> {
    /// The times of a pathway with a directory.
    pub fn new(ways: &Ways<'s>, directory: &'s Directory) -> Times<'s> {
        let pathway = ways.pathway;
        let mut known: BTreeMap<Deadline, Length> = BTreeMap::new();
        let from = begins(directory);
        let mut longest = |deadline: Deadline| {
            let worked = || Schedule::new(directory, deadline, from, directory.valid_until).longest();
            *known.entry(deadline).or_insert_with(worked)
        };
        let within = pathway.places.iter().map(|it| it.kind.within().map_or(Length::ZERO, &mut longest)).collect();
        let reached = pathway.all_places().map(|(id, _)| ways.leads_to(id)).collect();
        let mut times = Times { pathway, directory, within, branches: BTreeMap::new(), reached };
        for branch in pathway.called_branches() {
            let through = times.through(ways, branch);
            times.branches.extend(through.map(|length| (branch, length)));
        }
        times
    }

    /// How long it takes through a branch that is a pathway of its own, where nothing is counted, nor given to another.
    fn through(&self, ways: &Ways<'_>, branch: PlaceId) -> Option<Length> {
        let within = |place: PlaceId| self.pathway.is_in_branch(place, branch);
        let places = self.pathway.all_places().map(|(id, _)| id).filter(|id| within(*id));
        let counted = |way: &Way| within(way.from) && way.count.is_some_and(|count| count != Count::Death);
        if ways.all.iter().any(counted) || places.into_iter().any(|place| self.may_be_given_away(place)) {
            return None;
        }
        let open = |_: WayId, way: &Way| way.why != Why::Branch && within(way.from);
        let to_go = to_go(ways, &|place| self.of(place), &open)?;
        to_go.get(branch.index()).copied()
    }

    /// Whether a branch that is a pathway of its own is always over before the time of its block is, whenever that opens.
    pub fn is_over_in_time(&self, branch: PlaceId) -> bool {
        let block = self.pathway.block_of(branch).map(|block| &self.pathway.place(block).kind);
        let within = block.and_then(|block| block.within()).and_then(Deadline::length);
        self.branches.get(&branch).zip(within).is_some_and(|(through, within)| *through < within)
    }

    /// The longest there ever is until the deadline of a place.
    fn within(&self, place: PlaceId) -> Length {
        self.within.get(place.index()).copied().unwrap_or(Length::ZERO)
    }

    /// From when a ladder is first asked until its last rung has answered.
    fn climb(&self, ladder: LadderId) -> Length {
        let ladder = self.directory.ladder(&self.pathway.ladder(ladder).name);
        let rungs = ladder.map_or(&[][..], |ladder| ladder.rungs.as_slice());
        rungs.iter().fold(Length::ZERO, |sum, rung| sum.plus(rung.within))
    }

    /// The ladders that a route can turn to.
    fn ladders_on(&self, route: RouteId) -> impl Iterator<Item = LadderId> {
        self.pathway.route_chain(route).filter_map(|(_, it)| match it.target {
            Target::Escalate(ladder) => Some(ladder),
            _ => None,
        })
    }

    /// The ladders that a place can turn to, whatever becomes of it. Nobody does a block, or says that it cannot be done,
    /// before somebody was asked about it.
    fn ladders(&self, place: PlaceId) -> Vec<LadderId> {
        let asked = self.asks_first(place).into_iter().flat_map(|route| self.ladders_on(route)).next().is_some();
        if matches!(self.pathway.place(place).kind, PlaceKind::Together(_)) && !asked {
            return Vec::new();
        }
        let mut all: Vec<LadderId> = self.routes(place).into_iter().flat_map(|route| self.ladders_on(route)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The routes along which somebody is first asked about a block: too few were done, or it is late.
    fn asks_first(&self, block: PlaceId) -> Vec<RouteId> {
        let it = self.pathway.place(block);
        let PlaceKind::Together(of) = &it.kind else { return Vec::new() };
        [Some(of.otherwise), it.exits[Exit::Late as usize]].into_iter().flatten().collect()
    }

    /// The routes along which a place can turn to a ladder.
    fn routes(&self, place: PlaceId) -> Vec<RouteId> {
        let it = self.pathway.place(place);
        let own = match &it.kind {
            PlaceKind::Together(block) => vec![block.otherwise],
            PlaceKind::Repeat(repeat) => vec![repeat.after],
            PlaceKind::HandOver(hand_over) => [hand_over.declined].into_iter().chain(hand_over.on_condition).collect(),
            _ => Vec::new(),
        };
        own.into_iter().chain(it.exits.iter().flatten().copied()).collect()
    }

    /// The longest of the ladders that routes can turn to.
    fn climbs(&self, routes: impl IntoIterator<Item = RouteId>) -> Length {
        let ladders = routes.into_iter().flat_map(|route| self.ladders_on(route));
        ladders.map(|ladder| self.climb(ladder)).max().unwrap_or(Length::ZERO)
    }

    /// The longest that a place stays open, reassigning apart (11.3).
    pub fn of(&self, place: PlaceId) -> Length {
        let it = self.pathway.place(place);
        let within = self.within(place);
        let whatever = self.ladders(place).into_iter().map(|ladder| self.climb(ladder)).max().unwrap_or(Length::ZERO);
        match &it.kind {
            PlaceKind::Decide(_) | PlaceKind::Ending(_) => Length::ZERO,
            PlaceKind::Step(_) | PlaceKind::Choose(_) | PlaceKind::HandOver(_) => within.plus(whatever),
            PlaceKind::Repeat(repeat) => {
                let round = within.plus(self.climbs(it.exits.iter().flatten().copied()));
                round.times(repeat.times).plus(self.climbs([repeat.after]))
            }
            PlaceKind::Together(block) => {
                // What is open as long as the block is does not keep it open.
                let lasts = |branch: PlaceId| matches!(&self.pathway.place(branch).kind, PlaceKind::Step(step) if step.meanwhile);
                let to_do = block.branches.iter().filter(|branch| !lasts(**branch));
                let takes = |branch: &PlaceId| match self.pathway.place(*branch).kind.passes() {
                    Some(_) => self.branches.get(branch).copied().unwrap_or(within),
                    None => self.of(*branch),
                };
                let branches = to_do.map(takes).max().unwrap_or(Length::ZERO);
                let given_away = block.branches.iter().any(|branch| self.may_be_given_away(*branch));
                let branches_ended = if given_away { within } else { within.min(branches) };
                let too_few = branches_ended.plus(self.climbs([block.otherwise]));
                if branches_ended < within {
                    return too_few;
                }
                let late = [Exit::Late, Exit::NobodyCan].into_iter().filter_map(|exit| it.exits[exit as usize]);
                too_few.max(within.plus(self.climbs(late)))
            }
        }
    }

    /// The longest that each place stays open, in seconds.
    pub fn seconds(&self) -> Vec<i64> {
        self.pathway.all_places().map(|(place, _)| self.of(place).seconds()).collect()
    }

    fn reassigning(&self, place: PlaceId) -> impl Iterator<Item = (LadderId, u32, Length)> {
        let within = self.within(place);
        self.ladders(place).into_iter().filter_map(move |id| {
            let ladder = self.directory.ladder(&self.pathway.ladder(id).name)?;
            (ladder.may_reassign > 0).then(|| (id, ladder.may_reassign, ladder.reassign_within.unwrap_or(within)))
        })
    }

    fn may_be_given_away(&self, place: PlaceId) -> bool {
        self.reassigning(place).next().is_some()
    }

    /// What reassigning can add to a path through some places: for each ladder how often, and how long each time, wherever
    /// that is longest. Whoever has a branch, it is over when its block is, which has a time of its own.
    fn given_away_by(&self, through: &dyn Fn(PlaceId) -> bool) -> BTreeMap<LadderId, (u32, Length)> {
        let mut longest: BTreeMap<LadderId, (u32, Length)> = BTreeMap::new();
        // Only what is open for some time can be given to another.
        let reached = |place: PlaceId| self.reached.get(place.index()).is_some_and(|reached| *reached);
        let in_block = |place: PlaceId| self.pathway.is_branch(place) || self.pathway.place(place).in_branch.is_some();
        let open = |place: PlaceId| reached(place) && through(place) && !in_block(place);
        for (place, _) in self.pathway.all_places().filter(|(id, it)| open(*id) && it.kind.within().is_some()) {
            for (ladder, times, within) in self.reassigning(place) {
                // A round that is late asks a ladder; when it was the last, what comes after it may ask one again.
                let again = match &self.pathway.place(place).kind {
                    PlaceKind::Repeat(repeat) => {
                        let exits = self.pathway.place(place).exits.iter().flatten().copied();
                        within.plus(self.climbs(exits)).plus(self.climbs([repeat.after]))
                    }
                    _ => within.plus(self.climbs(self.routes(place))),
                };
                let most = longest.entry(ladder).or_insert((times, Length::ZERO));
                most.1 = most.1.max(again);
            }
        }
        longest
    }

    /// What reassigning can add in all, on the way through some places.
    pub fn given_away(&self, through: &dyn Fn(PlaceId) -> bool) -> Length {
        self.given_away_by(through).values().fold(Length::ZERO, |sum, (times, each)| sum.plus(each.times(*times)))
    }
}

/// The longest time from the start to an ending; nothing where a circle is not counted, or the directory is not known.
pub fn longest(subject: &Subject<'_>) -> Option<Longest> {
    subject.moments.longest.get_or_init(|| work_out(subject, subject.ways)).clone()
}

fn work_out(subject: &Subject<'_>, ways: &Ways<'_>) -> Option<Longest> {
    let times = Times::new(ways, subject.directory?);
    let of = times.seconds();
    let time = |place: PlaceId| Length::from_seconds(of[place.index()]);
    let all = |_: WayId, way: &Way| ways.outside_of_branches(way);
    let plain: Vec<i64> = to_go(ways, &time, &all)?.iter().map(|length| length.seconds()).collect();
    let start = ways.pathway.start;
    let total = |prices: &[i64]| {
        bound(ways, &of, prices, &all).map(|gains| gains.plus(Length::from_seconds(prices[start.index()])))
    };
    let slow = |prices: &[i64]| ways.slow_path(start, &of, prices, &all, &|_| false);
    let mut at_most = total(&plain)?;
    let mut path = slow(&plain);
    let mut prices = plain;
    if ways.all.len() <= MAX_WAYS
        && let Some(slowest) = slowest(ways, &of, &|count| limit(ways.pathway, count))
    {
        let better = total(&slowest.prices).filter(|better| *better < at_most);
        let takes = |path: &[WayId]| path.iter().map(|way| of[ways.all[*way].from.index()]).sum::<i64>();
        for other in [slowest.path(ways), slow(&slowest.prices)] {
            if takes(&other) > takes(&path) && ways.is_path(&other) {
                path = other;
            }
        }
        if let Some(better) = better {
            (at_most, prices) = (better, slowest.prices);
        }
    }
    let gains = gains(ways, &of, &prices, &all)?;
    let given_away = times.given_away_by(&|_| true);
    Some(Longest { at_most: at_most.plus(times.given_away(&|_| true)), path, prices, gains, given_away })
}

/// The most ways for which better prices are looked for.
const MAX_WAYS: usize = 5_000;

/// The longest time from each place to an ending along ways that nothing counts, of those that `open` lets through;
/// nothing when they go round.
pub fn to_go(
    ways: &Ways<'_>,
    time: &dyn Fn(PlaceId) -> Length,
    open: &dyn Fn(WayId, &Way) -> bool,
) -> Option<Vec<Length>> {
    let count = ways.pathway.places.len();
    let mut longest: Vec<Option<Length>> = vec![None; count];
    let mut entered = vec![false; count];
    for root in 0..count as u32 {
        let mut stack = vec![(PlaceId(root), false)];
        while let Some((place, left)) = stack.pop() {
            let at = place.index();
            if longest[at].is_some() {
                continue;
            }
            let on =
                || ways.out_of(place).filter(|(it, way)| way.count.is_none() && open(*it, way)).map(|(_, way)| way.to);
            if left {
                let after = on().filter_map(|next| longest[next.index()]).max().unwrap_or(Length::ZERO);
                longest[at] = Some(time(place).plus(after));
            } else if entered[at] {
                return None;
            } else {
                entered[at] = true;
                stack.push((place, true));
                stack.extend(on().filter(|next| longest[next.index()].is_none()).map(|next| (next, false)));
            }
        }
    }
    longest.into_iter().collect()
}

/// What a way adds to the time that was thought to remain, in seconds.
fn gain(way: &Way, times: &[i64], prices: &[i64]) -> i64 {
    let (from, to) = (way.from.index(), way.to.index());
    times[from].saturating_add(prices[to]).saturating_sub(prices[from])
}

/// What each count can add to a path by these prices, every time; nothing when the prices do not keep the rule. Only ways
/// that `open` lets through count.
fn gains(
    ways: &Ways<'_>,
    times: &[i64],
    prices: &[i64],
    open: &dyn Fn(WayId, &Way) -> bool,
) -> Option<BTreeMap<Count, i64>> {
    let mut gains: BTreeMap<Count, i64> = BTreeMap::new();
    for (_, way) in ways.all.iter().enumerate().filter(|(number, way)| open(*number, way)) {
        let gain = gain(way, times, prices);
        match way.count {
            Some(count) => {
                let most = gains.entry(count).or_insert(0);
                *most = (*most).max(gain);
            }
            None if gain > 0 => return None,
            None => {}
        }
    }
    Some(gains)
}

/// What counted ways can add to a path by these prices; nothing when the prices do not keep the rule. Only ways that
/// `open` lets through count.
pub fn bound(ways: &Ways<'_>, times: &[i64], prices: &[i64], open: &dyn Fn(WayId, &Way) -> bool) -> Option<Length> {
    let gains = gains(ways, times, prices, open)?;
    let ending = |place: &crate::model::Place| matches!(place.kind, PlaceKind::Ending(_));
    let fair = ways.pathway.all_places().all(|(id, place)| !ending(place) || prices[id.index()] >= 0);
    let each = |(count, gain): (Count, i64)| Length::from_seconds(gain).times(limit(ways.pathway, count));
    fair.then(|| gains.into_iter().map(each).fold(Length::ZERO, Length::plus))
}

/// How often a count lets somebody through.
pub fn limit(pathway: &Pathway, count: Count) -> u32 {
    match count {
        Count::Route(CounterId(counter)) => pathway.counters.get(counter as usize).map_or(0, |counter| counter.limit),
        Count::Death => 1,
    }
}

impl Ways<'_> {
    /// A path from a place that takes its time: the counted way that gains most while it may be taken, and otherwise the
    /// way with the longest time to go; until a way `ends` it, or there is none.
    pub fn slow_path(
        &self,
        from: PlaceId,
        times: &[i64],
        prices: &[i64],
        open: &dyn Fn(WayId, &Way) -> bool,
        ends: &dyn Fn(&Way) -> bool,
    ) -> Vec<WayId> {
        let mut path: Vec<WayId> = Vec::new();
        let (mut place, mut sender, mut taken) = (from, None, Taken::default());
        for _ in 0..MAX_PATH {
            let fits = |number: WayId, way: &Way| {
                open(number, way)
                    // A death is left alone: what follows it is short, and the counts of the living stay unused.
                    && way.why != Why::Exit(Exit::Died)
                    && self.may_take(way, &taken)
            };
            let worth = |(number, way): &(WayId, &Way)| {
                (gain(way, times, prices), way.count.is_some(), std::cmp::Reverse(*number))
            };
            let out = self.out_of_after(place, sender);
            let out = out.iter().map(|number| (*number, &self.all[*number]));
            let best = out.filter(|(number, way)| fits(*number, way)).max_by_key(worth);
            let Some((number, way)) = best else { break };
            sender = (way.why == Why::NotKnown).then_some(way.from);
            path.push(number);
            taken.count(way);
            if ends(way) {
                break;
            }
            place = way.to;
        }
        path
    }
}

/// The longest path that is written down.
const MAX_PATH: usize = 500;
