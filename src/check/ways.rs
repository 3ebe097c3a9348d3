//! The ways through a pathway: every way out of every place, what counts it, and the search for a path along them.
//!
//! A *way* leads from a place to the next, escalations folded into the place that is escalated. Branches of a block are
//! not on the road: one goes from the block on, and a path that goes into one ends with it, unless one looks for what
//! becomes of whoever is in it when the block is left. A path takes no counted way more often than its count, and dies once.

use super::flow::is_reached;
use crate::model::{Condition, CounterId, Exit, FactId, Pass, Pathway, PlaceId, PlaceKind, Route, RouteId, Target};
use crate::workflow::{Node, Program, Why};
use petgraph::visit::EdgeRef;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A way, by its number.
pub type WayId = usize;

/// What counts how often a way is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// A counted route.
    Route(CounterId),
    /// A person dies once.
    Death,
}

/// From one place to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The place one leaves.
    pub from: PlaceId,
    /// The place one comes to.
    pub to: PlaceId,
    /// Why.
    pub why: Why,
    /// The route, where one is written.
    pub route: Option<RouteId>,
    /// What counts it.
    pub count: Option<Count>,
    /// The counted route that must be used up before this one is taken.
    pub after: Option<CounterId>,
    /// Whether somebody on a ladder is asked first.
    pub escalated: bool,
    /// Whether it leads back to the decision that sent the person here, whichever that was.
    pub back: bool,
}

/// All ways of a pathway.
#[derive(Clone, Debug)]
pub struct Ways<'p> {
    /// The pathway.
    pub pathway: &'p Pathway,
    /// The ways, by number.
    pub all: Vec<Way>,
    out_of: Vec<Vec<WayId>>,
    into: Vec<Vec<WayId>>,
    /// Of those out of a place the ones that do not lead back to a decision; and those back to one, from where to which.
    onward: Vec<Vec<WayId>>,
    back: BTreeMap<(PlaceId, PlaceId), Vec<WayId>>,
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// These ways, from the start.
    Found(Vec<WayId>),
    /// There is none.
    None,
    /// The search was given up.
    OutOfBudget,
}

/// What a search looks for, and what it remembers on the way.
pub struct Quest<'q, S> {
    /// What is remembered at the start.
    pub start: S,
    /// What is remembered after a way; `None`: this way is not to be taken.
    pub step: &'q dyn Fn(&S, &Way) -> Option<S>,
    /// Whether it is found: at this place, remembering that.
    pub goal: &'q dyn Fn(&S, PlaceId) -> bool,
    /// Whether somebody can take these ways in one moment: they lead through decisions only, after a handover perhaps.
    pub possible: &'q dyn Fn(&[WayId]) -> bool,
}

/// How often each counted way was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken(BTreeMap<Count, u32>);

impl Taken {
    /// Counts a way.
    pub fn count(&mut self, way: &Way) {
        if let Some(count) = way.count {
            *self.0.entry(count).or_insert(0) += 1;
        }
        if way.why == Why::Exit(Exit::Died) {
            self.0.insert(Count::Death, 1);
        }
    }

    fn of(&self, count: Count) -> u32 {
        self.0.get(&count).copied().unwrap_or(0)
    }
}

/// Where a search stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot<S> {
    place: PlaceId,
    remembered: S,
    taken: Taken,
    /// The decisions taken in this very moment, and the handover accepted in it, in order of the ways: the same person
    /// takes them all.
    moment: Vec<WayId>,
    /// The decision that sent the person here because it did not know.
    sender: Option<PlaceId>,
}

impl<S> Spot<S> {
    /// Where a search starts.
    fn at(place: PlaceId, remembered: S) -> Spot<S> {
        Spot { place, remembered, taken: Taken::default(), moment: Vec::new(), sender: None }
    }
}

/// Stands among the ways of a moment for the opening of the case: in that moment nothing has become unknown yet.
pub const OPENING: WayId = WayId::MAX;

/// Something reached: from which before it, and by which way.
type Came<S> = (Spot<S>, Option<(usize, WayId)>);

/// The ways that led to something reached.
fn way_back<S>(reached: &[Came<S>], mut at: usize) -> Vec<WayId> {
    let mut path = Vec::new();
    while let Some((before, way)) = reached.get(at).and_then(|(_, from)| *from) {
        path.push(way);
        at = before;
    }
    path.reverse();
    path
}

/// What a search minds about counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mind {
    /// Nothing at all.
    Nothing,
    /// It takes no way that waits for a count to be used up.
    NothingUsedUp,
    /// Every count.
    Counts,
}

/// Whether a path that goes into a branch may go on from its block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Roads {
    /// It ends with the branch.
    Apart,
    /// It goes on with whoever leaves the block while they are in the branch.
    Joined,
}

/// How many decisions in one moment are looked at together.
const MAX_MOMENT: usize = 12;

/// The most rounds that are put into a path.
const MAX_ROUNDS: usize = 1_000;

/// How many places with what is remembered are looked at before a search gives up: so many, and for each place of the
/// pathway so many more.
const BUDGET: usize = 20_000;
const BUDGET_FOR_EACH: usize = 16;

impl<'p> Ways<'p> {
    /// The ways of a pathway.
    pub fn new(program: &'p Program) -> Ways<'p> {
        let pathway = &program.pathway;
        let graph = &program.workflow.graph;
        let mut all: Vec<Way> = Vec::new();
        let mut out_of: Vec<Vec<WayId>> = vec![Vec::new(); pathway.places.len()];
        let mut into = out_of.clone();
        // How often somebody on a ladder was asked is not minded: what is behind that count may always be taken.
        let counted = pathway.routes.iter().filter(|it| !matches!(it.target, Target::Escalate(_)));
        let behind: BTreeMap<RouteId, CounterId> =
            counted.filter_map(|it| it.counted.map(|(counter, then)| (then, counter))).collect();
        // Where nothing leads to, nobody goes on from.
        let is_reached = is_reached(program);
        for edge in graph.edge_references() {
            let (from, Node::Place(to)) = (graph[edge.source()], graph[edge.target()]) else { continue };
            if !is_reached(from) {
                continue;
            }
            let it = edge.weight();
            // A branch that is a step goes nowhere; one that is a pathway of its own is gone into.
            let of_a_step = it.why == Why::Branch && pathway.is_branch(to);
            let never = of_a_step || it.why == Why::Reassigned || pathway.is_branch(from.place());
            if never || !can_end_so(pathway, from, it.why) {
                continue;
            }
            let interrupts = match it.why {
                Why::AtAnyTime(number) => pathway.interrupts.get(number as usize),
                _ => None,
            };
            let count = match (it.why, it.route.and_then(|route| pathway.route(route).counted)) {
                (_, Some((counter, _))) => Some(Count::Route(counter)),
                (Why::Exit(Exit::Died), None) => Some(Count::Death),
                _ => None,
            };
            let along = interrupts.and_then(|of| if it.used_up { of.then } else { Some(of.route) });
            let count = along.map(|(_, counter)| Count::Route(counter)).or(count);
            let first = interrupts.filter(|_| it.used_up).map(|of| of.route.1);
            let after = first.or_else(|| it.route.filter(|_| it.used_up).and_then(|route| behind.get(&route).copied()));
            let escalated = matches!(from, Node::Escalation(..));
            let back = it.route.is_some_and(|route| pathway.route(route).target == Target::Back);
            let way = Way { from: from.place(), to, why: it.why, route: it.route, count, after, escalated, back };
            // Whichever ladder is asked, the answers lead to the same places.
            let known = |numbers: &[WayId]| numbers.iter().any(|number| all[*number] == way);
            if !escalated || !known(&out_of[way.from.index()]) {
                out_of[way.from.index()].push(all.len());
                into[way.to.index()].push(all.len());
                all.push(way);
            }
        }
        // What happens as it should comes first, so that paths are ordinary ones.
        for ways in &mut out_of {
            ways.sort_by_key(|number| (unusual(&all[*number]), *number));
        }
        let (mut onward, mut back) = (vec![Vec::new(); pathway.places.len()], BTreeMap::new());
        for number in out_of.iter().flatten().copied() {
            let way: &Way = &all[number];
            let list: &mut Vec<WayId> =
                if way.back { back.entry((way.from, way.to)).or_default() } else { &mut onward[way.from.index()] };
            list.push(number);
        }
        Ways { pathway, all, out_of, into, onward, back }
    }

    /// The ways out of a place for somebody whom that decision has sent there, if one has; the ordinary ones first. Many
    /// decisions may send people to one place, and each goes back to their own.
    pub fn out_of_after(&self, place: PlaceId, sender: Option<PlaceId>) -> Cow<'_, [WayId]> {
        let onward = self.onward[place.index()].as_slice();
        match sender.and_then(|sender| self.back.get(&(place, sender))) {
            None => Cow::Borrowed(onward),
            Some(back) => {
                let mut both = [onward, back].concat();
                both.sort_by_key(|number| (unusual(&self.all[*number]), *number));
                Cow::Owned(both)
            }
        }
    }

    /// The ways out of a place, the ordinary ones first.
    pub fn out_of(&self, place: PlaceId) -> impl Iterator<Item = (WayId, &Way)> {
        self.ways_out_of(place).iter().map(|number| (*number, &self.all[*number]))
    }

    /// The numbers of the ways out of a place, the ordinary ones first.
    pub fn ways_out_of(&self, place: PlaceId) -> &[WayId] {
        &self.out_of[place.index()]
    }

    /// The numbers of the ways that lead to a place.
    pub fn ways_into(&self, place: PlaceId) -> &[WayId] {
        &self.into[place.index()]
    }

    /// The places from which one can come to a place, itself among them when one can come back to it.
    pub fn before(&self, place: PlaceId) -> BTreeSet<PlaceId> {
        let mut before = BTreeSet::new();
        let mut next = vec![place];
        while let Some(place) = next.pop() {
            let from = self.ways_into(place).iter().map(|number| self.all[*number].from);
            next.extend(from.filter(|from| before.insert(*from)));
        }
        before
    }

    /// Whether a way is one of what is open outside of all branches: those of a pathway that is a branch of a block end with
    /// the block, which says how long it is open.
    pub fn outside_of_branches(&self, way: &Way) -> bool {
        self.pathway.place(way.from).in_branch.is_none() && way.why != Why::Branch
    }

    /// Whether a way leads off the road one is on, which goes on without: into a branch, or to what is done alongside.
    pub fn turns_off(&self, way: &Way) -> bool {
        match way.why {
            Why::Branch => true,
            Why::AtAnyTime(number) => self.pathway.interrupts.get(number as usize).is_some_and(|it| it.as_well),
            _ => false,
        }
    }

    /// Whether anything leads to a place, or to the block it opens with.
    pub fn leads_to(&self, place: PlaceId) -> bool {
        let opens = self.pathway.opens_with(place);
        opens == self.pathway.start || !self.ways_into(opens).is_empty()
    }

    /// Whether a place takes no time: a decision.
    pub fn is_decision(&self, place: PlaceId) -> bool {
        matches!(self.pathway.place(place).kind, PlaceKind::Decide(_))
    }

    /// Whether a place opens branches that are pathways of their own, and in that moment goes into them.
    fn opens_branches(&self, place: PlaceId) -> bool {
        self.ways_out_of(place).iter().any(|number| self.all[*number].why == Why::Branch)
    }

    /// Whether one only passes on at a place: everybody goes the same way.
    fn passes(&self, place: PlaceId) -> bool {
        self.pathway.place(place).kind.passes().is_some()
    }

    /// What came of a positive risk, where that is written down at a place.
    pub fn comes_of_a_risk(&self, place: PlaceId) -> Option<(FactId, i64)> {
        match self.pathway.place(place).kind.passes() {
            Some(Pass::Came { risk, value }) => Some((*risk, *value)),
            _ => None,
        }
    }

    /// Whether a way is taken because a handover was accepted.
    pub fn hands_over(&self, way: &Way) -> bool {
        let hand_over = matches!(self.pathway.place(way.from).kind, PlaceKind::HandOver(_));
        hand_over && matches!(way.why, Why::Done | Why::OnCondition)
    }

    /// What must be so of somebody for whom a role chooses this way, where anything must.
    pub fn only_when(&self, way: &Way) -> Option<&'p Condition> {
        let PlaceKind::Choose(choose) = &self.pathway.place(way.from).kind else { return None };
        match &self.pathway.place(choose.decision).kind {
            PlaceKind::Decide(decide) if way.why == Why::Chosen => decide.only_when(way.to),
            _ => None,
        }
    }

    /// A shortest path from the start to what is looked for.
    pub fn find<S: Clone + Ord>(&self, quest: &Quest<'_, S>) -> Path {
        self.find_from(self.pathway.start, quest)
    }

    /// A shortest path from a place to what is looked for.
    pub fn find_from<S: Clone + Ord>(&self, from: PlaceId, quest: &Quest<'_, S>) -> Path {
        self.find_along(from, quest, Roads::Apart)
    }

    /// A shortest path from the start to what is looked for, which may leave a block out of the midst of a branch: what was
    /// done in that was done, and the person is where the block leads.
    pub fn find_leaving_branches<S: Clone + Ord>(&self, quest: &Quest<'_, S>) -> Path {
        self.find_along(self.pathway.start, quest, Roads::Joined)
    }

    fn find_along<S: Clone + Ord>(&self, from: PlaceId, quest: &Quest<'_, S>, roads: Roads) -> Path {
        // Most paths are found without minding counts, and without waiting until anything is used up.
        let seldom = |mind| self.search(from, quest, mind, roads);
        match seldom(Mind::NothingUsedUp) {
            Path::Found(path) if self.counts_hold(&path) => return Path::Found(path),
            _ => {}
        }
        match seldom(Mind::Nothing) {
            Path::Found(path) => match self.with_rounds(from, &path, quest, roads) {
                Some(path) => Path::Found(path),
                None => seldom(Mind::Counts),
            },
            nothing => nothing,
        }
    }

    /// The same path with rounds put in before whatever is only taken when a count is used up.
    fn with_rounds<S: Clone + Ord>(
        &self,
        from: PlaceId,
        path: &[WayId],
        quest: &Quest<'_, S>,
        roads: Roads,
    ) -> Option<Vec<WayId>> {
        let mut whole: Vec<WayId> = Vec::new();
        let mut remembered = quest.start.clone();
        let mut taken = Taken::default();
        let mut rounds = 0..MAX_ROUNDS;
        for number in path {
            let way = &self.all[*number];
            while !self.may_take(way, &taken) {
                rounds.next()?;
                let counter = way.after?;
                let counted = |it: &Way| it.count == Some(Count::Route(counter)) && it.why == way.why && !it.back;
                let (round, first) = self.out_of(way.from).find(|(_, it)| counted(it))?;
                if !self.may_take(first, &taken) {
                    return None;
                }
                let then = (quest.step)(&remembered, first)?;
                let back = Quest {
                    start: then,
                    step: quest.step,
                    goal: &|it: &S, at| at == way.from && *it == remembered,
                    possible: quest.possible,
                };
                let Path::Found(back) = self.search(first.to, &back, Mind::NothingUsedUp, roads) else { return None };
                for number in [round].into_iter().chain(back) {
                    taken.count(&self.all[number]);
                    whole.push(number);
                }
            }
            remembered = (quest.step)(&remembered, way)?;
            taken.count(way);
            whole.push(*number);
        }
        // Put together, the moments may ask for more than one person can do.
        let mut spot = self.first(from, quest.start.clone());
        for number in &whole {
            spot = self.go(&spot, *number, &self.all[*number], quest, Mind::Counts)?;
        }
        Some(whole)
    }

    fn search<S: Clone + Ord>(&self, from: PlaceId, quest: &Quest<'_, S>, mind: Mind, roads: Roads) -> Path {
        let start = self.first(from, quest.start.clone());
        let mut seen = BTreeSet::from([start.clone()]);
        let mut reached: Vec<Came<S>> = vec![(start, None)];
        let budget = BUDGET.saturating_add(BUDGET_FOR_EACH.saturating_mul(self.pathway.places.len()));
        let mut at = 0;
        while let Some((spot, _)) = reached.get(at) {
            if (quest.goal)(&spot.remembered, spot.place) {
                return Path::Found(way_back(&reached, at));
            }
            let spot = spot.clone();
            let leaving = if roads == Roads::Joined { self.leaving(spot.place) } else { Vec::new() };
            for number in self.out_of_after(spot.place, spot.sender).iter().copied().chain(leaving) {
                let Some(next) = self.go(&spot, number, &self.all[number], quest, mind) else { continue };
                if seen.insert(next.clone()) {
                    if reached.len() >= budget {
                        return Path::OutOfBudget;
                    }
                    reached.push((next, Some((at, number))));
                }
            }
            at += 1;
        }
        Path::None
    }

    /// The ways by which the blocks around a place may be left while somebody is there, in a branch of theirs, or where that
    /// ends. A block waits for every branch (10.8), but where enough are done, or who was to be there as long as it lasts is
    /// not; whatever else leads from it may happen at any time.
    fn leaving(&self, place: PlaceId) -> Vec<WayId> {
        let pathway = self.pathway;
        let mut ways = Vec::new();
        let ends = match &pathway.place(place).kind {
            PlaceKind::Ending(ending) => ending.of_branch.map(|of| of.branch),
            _ => None,
        };
        // Nothing else happens while one decides.
        let around = pathway.branches_around(ends.unwrap_or(place)).filter(|_| !self.is_decision(place));
        for (branch, block) in around.filter_map(|branch| Some((branch, pathway.block_of(branch)?))) {
            let PlaceKind::Together(it) = &pathway.place(block).kind else { continue };
            let over = |done: bool| pathway.end_of_branch(branch, done) == Some(place);
            let may_be = |way: &Way| match way.why {
                _ if self.turns_off(way) => false,
                Why::Done => way.escalated || over(true) || it.needed() < it.to_do(),
                Why::NotAllDone => way.escalated || over(true) || over(false) || it.meanwhile > 0,
                _ => true,
            };
            ways.extend(self.ways_out_of(block).iter().copied().filter(|number| may_be(&self.all[*number])));
        }
        ways
    }

    /// Where a search begins; in the moment in which the case opens, where that is a decision.
    fn first<S>(&self, from: PlaceId, remembered: S) -> Spot<S> {
        let opens = from == self.pathway.start && (self.is_decision(from) || self.opens_branches(from));
        Spot { moment: opens.then_some(OPENING).into_iter().collect(), ..Spot::at(from, remembered) }
    }

    /// Where one stands after a way; nowhere when it cannot be taken.
    fn go<S: Clone>(
        &self,
        spot: &Spot<S>,
        number: WayId,
        way: &Way,
        quest: &Quest<'_, S>,
        mind: Mind,
    ) -> Option<Spot<S>> {
        if mind == Mind::NothingUsedUp && way.after.is_some() {
            return None;
        }
        if way.back && spot.sender != Some(way.to) {
            return None;
        }
        if mind == Mind::Counts && !self.may_take(way, &spot.taken) {
            return None;
        }
        let remembered = (quest.step)(&spot.remembered, way)?;
        let mut moment = Vec::new();
        if way.why == Why::Branch {
            // A branch opens with its block, in the moment that led there.
            moment.extend(spot.moment.iter().copied());
        } else if self.passes(way.from) {
            moment.extend(spot.moment.iter().copied());
            if self.comes_of_a_risk(way.from).is_some() {
                // What is decided from here on is decided knowing that.
                moment.push(number);
            }
        } else if self.is_decision(way.from) {
            moment.extend(spot.moment.iter().copied());
            // Nothing changes in a moment: whoever comes to a decision again goes as they went before.
            match moment.iter().filter_map(|it| self.all.get(*it)).find(|it| it.from == way.from) {
                Some(before) if before.why != way.why => return None,
                Some(_) => {}
                // Very many decisions in one moment are not looked at together; that is never too strict.
                None if moment.len() >= MAX_MOMENT => {}
                None => {
                    moment.push(number);
                    moment.sort_unstable();
                    if !(quest.possible)(&moment) {
                        return None;
                    }
                }
            }
        }
        if self.only_when(way).is_some() {
            moment.push(number);
            if !(quest.possible)(&moment) {
                return None;
            }
        }
        if !self.is_decision(way.to) && !self.opens_branches(way.to) {
            moment.clear();
        } else if self.hands_over(way) {
            // What it does not carry is not known to whoever decides now.
            moment.push(number);
        }
        let mut taken = spot.taken.clone();
        if mind == Mind::Counts {
            taken.count(way);
        }
        let sender = (way.why == Why::NotKnown).then_some(way.from);
        Some(Spot { place: way.to, remembered, taken, moment, sender })
    }

    /// Whether a way may be taken: not any more, or not yet, when others were taken that often.
    pub fn may_take(&self, way: &Way, taken: &Taken) -> bool {
        let dead = taken.of(Count::Death) > 0;
        let life = matches!(way.why, Why::Exit(exit) if Exit::LIFE.contains(&exit) && exit != Exit::OpenedInError);
        let limit = |counter: CounterId| self.pathway.counters[counter.index()].limit;
        let used_up = |counter: CounterId| taken.of(Count::Route(counter)) >= limit(counter);
        let too_often = matches!(way.count, Some(Count::Route(counter)) if used_up(counter));
        // Whoever has died is not interrupted any more.
        let too_late = dead && (life || matches!(way.why, Why::AtAnyTime(_)));
        !too_often && !too_late && way.after.is_none_or(used_up)
    }

    /// Whether ways lead from the start, one from where the other leads, with counts that hold.
    pub fn is_path(&self, path: &[WayId]) -> bool {
        let mut place = self.pathway.start;
        let mut sender = None;
        let joined = path.iter().all(|number| {
            let way = &self.all[*number];
            let fits = way.from == place && (!way.back || sender == Some(way.to));
            (place, sender) = (way.to, (way.why == Why::NotKnown).then_some(way.from));
            fits
        });
        joined && self.counts_hold(path)
    }

    /// Whether a path takes nothing more often, or sooner, than it may.
    pub fn counts_hold(&self, path: &[WayId]) -> bool {
        let mut taken = Taken::default();
        path.iter().map(|number| &self.all[*number]).all(|way| {
            let may = self.may_take(way, &taken);
            taken.count(way);
            may
        })
    }
}

/// Whether what is open can end in that way. A block is not the person's to decline, and nobody says that it cannot be
/// done while it is its branches that are open: somebody on a ladder must have been asked about it before.
fn can_end_so(pathway: &Pathway, from: Node, why: Why) -> bool {
    let place = pathway.place(from.place());
    let PlaceKind::Together(block) = &place.kind else { return true };
    let escalates = |(_, route): (RouteId, &Route)| matches!(route.target, Target::Escalate(_));
    let routes = [Some(block.otherwise), place.exits[Exit::Late as usize]];
    let asked = || routes.into_iter().flatten().any(|route| pathway.route_chain(route).any(escalates));
    match (from, why) {
        (_, Why::Exit(Exit::PersonDeclines)) => false,
        (Node::Escalation(..), _) | (_, Why::Exit(Exit::Cannot)) => asked(),
        _ => true,
    }
}

/// How far from ordinary a way is.
fn unusual(way: &Way) -> u32 {
    let why = match way.why {
        Why::Done | Why::Row(_) | Why::Until => 0,
        Why::NotKnown | Why::Chosen | Why::AfterLast => 1,
        Why::Declined | Why::OnCondition | Why::NotAllDone | Why::Disagreed => 2,
        Why::Exit(exit) if Exit::LIFE.contains(&exit) => 5,
        Why::Exit(_) | Why::Branch | Why::Reassigned => 3,
        Why::AtAnyTime(_) => 4,
    };
    why + 4 * u32::from(way.escalated) + u32::from(way.count.is_some()) + 6 * u32::from(way.after.is_some())
}
