//! What can happen next: every event that fits what is open, and what it leads to.
//!
//! An event is *played*: it ends something, takes that thing's route, walks through decisions, and opens the next place.
//! One state and one event can lead to several: along paths because every row is possible, in runs because anything may
//! have been recorded just before.

use super::cover::Window;
use super::served::{Serving, servings};
use super::state::{ANYBODY, At, Branch, Clock, FOR_GOOD, Kind, Label, Node, Open, Seen, Source, State};
use super::world::{NOT_APPLICABLE, Place, PlaceKind, Route, RouteId, Target, Thing, UNKNOWN, Values, Way, World};

/// How a world is looked at; see the module's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The graph: every route that is written, whatever was taken before.
    Graph,
    /// Along paths: every way out of every place, whatever the facts, with counts, deaths and who can be there minded.
    Paths,
    /// As it can happen: with what is known, hour by hour.
    Runs,
}

/// More decisions in a row than any world has: they go round.
const TOO_DEEP: u8 = 40;

/// A world, looked at one way.
pub struct Machine<'w> {
    pub world: &'w World,
    pub view: View,
    /// Where each route's count is kept.
    pub(super) counters: Vec<Option<usize>>,
    /// Whether the hour matters: somebody is not always there.
    pub(super) hours_matter: bool,
    /// What has to be remembered when it is done.
    pub(super) watched: u64,
    /// Facts that stay good for ever.
    pub(super) lasting: u8,
    /// Facts that do not become otherwise.
    pub settled: u8,
    /// Every choice of values, with *not known* among them.
    pub every_values: Vec<Values>,
    /// Every choice of contacts that serve one person together.
    pub servings: Vec<Serving>,
    /// A place where one stops looking.
    pub(super) stops_at: Option<Thing>,
    /// What handovers may leave behind while something is open alongside, as bits; and what may be found, or decided by,
    /// alongside.
    pub(super) left_meanwhile: u8,
    pub found_beside: u8,
}

/// What can happen, and where it leads.
pub struct Move {
    pub label: Label,
    pub to: State,
    pub seen: Vec<Seen>,
    /// Slots that pass.
    pub slots: u8,
}

/// An event on its way through decisions.
#[derive(Clone)]
pub(super) struct Walk {
    pub state: State,
    /// What is known, in a run.
    pub values: Values,
    /// Facts that were looked at.
    pub read: u8,
    pub seen: Vec<Seen>,
    pub depth: u8,
}

/// What takes a route: what is escalated if the route says so, and from where a decision is entered.
#[derive(Clone, Copy)]
pub(super) struct From {
    pub branch: Option<usize>,
    pub source: Source,
    pub decision: Option<u8>,
}

pub(super) const PLAINLY: From = From { branch: None, source: Source::Anywhere, decision: None };

impl<'w> Machine<'w> {
    pub fn new(world: &'w World, view: View) -> Machine<'w> {
        let mut next = 0..;
        let counters = world.routes.iter().map(|route| route.count.and_then(|_| next.next())).collect();
        let owed = world.endings.iter().flat_map(|ending| &ending.owed).fold(0_u64, |all, place| all | 1 << place);
        let nets = world.only_risk().map_or(0, |(_, risk)| risk.nets.iter().fold(0, |all, net| all | net.bit()));
        let watched = world.promises.iter().fold(owed | nets, |all, promise| match promise {
            super::Promise::Without(_, first) => all | first.bit(),
            _ => all,
        });
        let watched = world.counted_after().map_or(watched, |place| watched | 1 << place);
        let lasting = (0..world.facts.len()).filter(|&fact| world.facts[fact].good_for.is_none());
        let mut every_values = vec![[UNKNOWN; 3]];
        for (number, fact) in world.facts.iter().enumerate() {
            let with = |value: u8| {
                move |mut values: Values| {
                    values[number] = value;
                    values
                }
            };
            let values = (0..fact.values()).chain(fact.applies.map(|_| NOT_APPLICABLE));
            let known: Vec<Values> =
                values.flat_map(|value| every_values.iter().copied().map(with(value)).collect::<Vec<_>>()).collect();
            every_values = known.into_iter().chain(every_values.iter().copied()).collect();
        }
        // What does not apply is neither known nor unknown, and nothing else is; what may not apply is unknown.
        every_values.retain(|values| {
            (0..world.facts.len()).all(|fact| match world.applies(fact, values) {
                Some(true) => values[fact] != NOT_APPLICABLE,
                Some(false) => values[fact] == NOT_APPLICABLE,
                None => values[fact] == UNKNOWN,
            })
        });
        Machine {
            world,
            view,
            counters,
            hours_matter: view == View::Runs && world.contacts.iter().any(|contact| contact.open != 0xFF),
            watched,
            settled: (0..world.facts.len())
                .filter(|&fact| world.facts[fact].settled)
                .fold(0, |all, fact| all | 1 << fact),
            lasting: lasting.fold(0, |all, fact| all | 1 << fact),
            servings: servings(world, &every_values),
            every_values,
            stops_at: None,
            left_meanwhile: 0,
            found_beside: 0,
        }
        .with_what_is_beside()
    }

    /// Works out what may be found alongside.
    pub(super) fn with_what_is_beside(mut self) -> Machine<'w> {
        for place in (0..self.world.places.len() as u8).filter(|place| self.world.is_beside(*place)) {
            self.found_beside |= match &self.place(place).kind {
                PlaceKind::Decide(_) => self.reads(place) & self.found_only(),
                _ => self.asks_for(place),
            };
        }
        for it in self.world.interrupts.iter().filter(|it| it.as_well) {
            self.found_beside |= self.world.with_what_applies(it.condition.facts());
        }
        self
    }

    /// Minds what handovers leave behind while something is open alongside: those to which this leads.
    pub fn minding(mut self, handovers: impl Fn(u8) -> bool) -> Machine<'w> {
        let all = (1_u8 << self.world.facts.len()) - 1;
        for place in (0..self.world.places.len() as u8).filter(|place| handovers(*place)) {
            if let PlaceKind::HandOver(over) = &self.place(place).kind {
                self.left_meanwhile |= all & !over.carrying & !self.settled;
            }
        }
        self
    }

    /// What a place may ask for, as bits.
    pub fn asks_for(&self, place: u8) -> u8 {
        match &self.place(place).kind {
            PlaceKind::Step(step) if step.missing => {
                let sends = |decision: &u8| {
                    let unknown = self.world.decide(*decision).map(|decide| self.world.routes[decide.unknown]);
                    unknown.is_some_and(|route| route.targets().any(|target| target == Target::Place(place)))
                };
                (0..self.world.places.len() as u8).filter(sends).fold(0, |all, decision| all | self.reads(decision))
            }
            PlaceKind::Step(step) => step.finds,
            PlaceKind::Repeat(repeat) => repeat.finds,
            PlaceKind::Together(block) => block.branches.iter().fold(0, |all, branch| all | branch.may_find()),
            PlaceKind::Decide(_) | PlaceKind::HandOver(_) => 0,
        }
    }

    /// The runs of those of whom a fact is yes, wherever it is known, as far as a place, and of nobody in whose life
    /// something happens.
    pub fn of_those_who(mut self, fact: u8, place: Thing) -> Machine<'w> {
        // What is presumed yes is never not known, unless it was found otherwise.
        let it = self.world.facts[usize::from(fact)];
        let presumed = it.presumed == Some(1) && it.applies.is_none() && it.disputed.is_none();
        let has_it = |values: &Values| match values[usize::from(fact)] {
            UNKNOWN => !presumed,
            value => value == 1,
        };
        self.every_values.retain(has_it);
        self.stops_at = Some(place);
        self
    }

    /// The runs as far as a place, of nobody in whose life something happens.
    pub fn going_as_far_as(mut self, place: Thing) -> Machine<'w> {
        self.stops_at = Some(place);
        self
    }

    /// Whether there are more counted routes than a state can count.
    pub fn too_many_counts(&self) -> bool {
        self.counters.iter().flatten().count() > 8
    }

    /// Every state a case can open in, with what was noticed on the way there.
    pub fn starts(&self) -> Vec<Move> {
        let slots = if self.hours_matter { super::world::WEEK } else { 1 };
        let mut out = Vec::new();
        for slot in 0..slots {
            let opening = State { who: self.at_opening(), ..self.fresh(slot) };
            self.play(&opening, "the case opens", None, &mut out, |walk| self.enter(walk, 0, PLAINLY));
        }
        out
    }

    /// The same, and every place as if it were just come to: for what section 11 says of the whole graph, whether or not
    /// a path leads there. A decision is not thereby entered by anybody.
    pub fn anywhere(&self) -> Vec<Move> {
        let mut out = self.starts();
        for place in 1..self.world.places.len() as u8 {
            let what = "let the case stand here";
            match self.world.decide(place) {
                None => self.play(&State::new(0), what, None, &mut out, |walk| self.enter(walk, place, PLAINLY)),
                Some(_) => {
                    let to = State { at: At::Open(Open::at(Node::Place(place))), ..State::new(0) };
                    out.push(Move { label: Label { what, thing: None }, to, seen: Vec::new(), slots: 0 });
                }
            }
        }
        out
    }

    /// Everything that can happen next.
    pub fn next(&self, state: &State) -> Vec<Move> {
        let mut out = Vec::new();
        let stops = |thing: Thing| !matches!(&state.at, At::Open(open) if !open.is(thing));
        if self.stops_at.is_some_and(stops) {
            return out;
        }
        if let Some(beside) = &state.beside {
            self.beside_events(state, beside, &mut out);
        }
        let At::Open(open) = &state.at else { return out };
        let mut state = state.clone();
        if let Node::Place(place) = open.node
            && let Some(decide) = self.world.decide(place)
        {
            self.every_option(&state, place, decide, &mut out);
            return out;
        }
        state.just = 0;
        let (Node::Place(place) | Node::Decides(place) | Node::Advised(place) | Node::Asked(place, _)) = open.node;
        let beside = self.world.is_beside(place);
        if self.view == View::Paths && self.world.beside != 0 {
            // What the other road may do meanwhile: leave behind what it does not carry, or find something.
            if beside {
                state.lost |= self.left_meanwhile;
                state.held &= !self.left_meanwhile;
            } else {
                state.held |= self.found_beside & !state.lost;
            }
        }
        self.work_events(&state, open, &mut out);
        if !beside {
            self.life_events(&state, &mut out);
            self.interrupts(&state, open, &mut out);
        }
        if self.view == View::Runs {
            self.tick(&state, &mut out);
            for it in &mut out {
                if let (At::Open(main), Some(beside)) = (&it.to.at, &it.to.beside)
                    && self.is_asking(&it.to, main) & self.is_asking(&it.to, beside) != 0
                {
                    it.seen.push(Seen::Found(Kind::AskedTwice));
                }
            }
        }
        out
    }

    /// The facts that something open may be asking for, as bits: what is surely known is asked of nobody but in rounds.
    pub(super) fn is_asking(&self, state: &State, open: &Open) -> u8 {
        let Node::Place(place) = open.node else { return 0 };
        let known = state.known;
        match &self.place(place).kind {
            PlaceKind::Step(step) if step.missing => open.by.map_or(0, |decision| self.reads(decision)) & !known,
            PlaceKind::Step(step) if step.afresh => step.finds & !(known & self.settled),
            PlaceKind::Step(step) => step.finds & !known,
            PlaceKind::Repeat(repeat) => repeat.finds & !(known & self.settled),
            PlaceKind::Together(block) => {
                let branches = block.branches.iter().zip(&open.branches);
                branches.fold(0, |all, (branch, stands)| all | branch.asks(*stands)) & !known
            }
            PlaceKind::Decide(_) | PlaceKind::HandOver(_) => 0,
        }
    }

    pub(super) fn work_events(&self, state: &State, open: &Open, out: &mut Vec<Move>) {
        match open.node {
            Node::Place(place) if matches!(self.place(place).kind, PlaceKind::Together(_)) => {
                self.block_events(state, open, place, out);
            }
            node => self.single_events(state, open, node, out),
        }
    }

    /// What can happen to what is open alongside, in a run: as if it were all there is. Where the main road has ended, life
    /// goes on here, and so does time.
    pub(super) fn beside_events(&self, state: &State, open: &Open, out: &mut Vec<Move>) {
        let at = At::Open(open.clone());
        let turned = State { at, beside: None, turned: Some(Box::new(state.at.clone())), just: 0, ..state.clone() };
        let mut moves = Vec::new();
        self.work_events(&turned, open, &mut moves);
        out.extend(moves.into_iter().map(|it| Move { to: it.to.turned_back(), ..it }));
        if !matches!(state.at, At::Open(_)) {
            let over = State { beside: None, ..state.clone() };
            let label = Label { what: "something happens in the person's life", thing: None };
            out.push(Move { label, to: over, seen: Vec::new(), slots: 0 });
            self.tick(state, out);
        }
    }

    pub(super) fn place(&self, place: u8) -> &'w Place {
        &self.world.places[usize::from(place)]
    }

    /// The route of what is open, for a way of ending.
    pub(super) fn way(&self, node: Node, way: Way) -> RouteId {
        match node {
            Node::Place(place) => self.world.way(place, way),
            // A decision has routes by default; alongside, by that of the pathway in which it is written.
            Node::Decides(place) | Node::Advised(place) if self.world.is_beside(place) => self.world.way(place, way),
            Node::Asked(place, false) => self.world.way(place, way),
            Node::Decides(_) | Node::Advised(_) | Node::Asked(_, true) => self.world.defaults[way as usize],
        }
    }

    /// Plays an event: in a run, for all that may be known at this instant.
    pub(super) fn play(
        &self,
        state: &State,
        what: &'static str,
        thing: Option<Thing>,
        out: &mut Vec<Move>,
        event: impl Fn(Walk) -> Vec<Walk>,
    ) {
        let label = Label { what, thing };
        let first = out.len();
        for values in &self.every_values {
            if self.view == View::Runs && !self.can_be(state, values) {
                continue;
            }
            let walk = Walk { state: state.clone(), values: *values, read: 0, seen: Vec::new(), depth: 0 };
            let walks = event(walk);
            // Where it cannot happen to somebody, it may to somebody else.
            let looked = walks.is_empty() || walks.iter().any(|walk| walk.read != 0);
            for mut walk in walks {
                if self.view == View::Runs {
                    walk.state.known |= walk.known() & walk.read & !self.as_presumed(&walk.values);
                    let found = walk.read & walk.known() & self.settled & !self.as_presumed(&walk.values);
                    for (number, fact) in self.world.facts.iter().enumerate() {
                        if found >> number & 1 == 1 {
                            walk.state.settled[number] = walk.values[number];
                        }
                        if (walk.read & self.as_presumed(&walk.values)) >> number & 1 == 1 {
                            walk.state.sure[number] = fact.surely_presumed();
                        }
                    }
                    walk.state.just = 0;
                }
                let to = walk.state;
                if !out[first..].iter().any(|other| other.to == to && other.seen == walk.seen) {
                    out.push(Move { label, to, seen: walk.seen, slots: 0 });
                }
            }
            if self.view != View::Runs || !looked {
                break;
            }
        }
    }

    /// Whether this may be what is known of the person, in a run. Whatever was known may be disputed, and what is settled may
    /// be settled otherwise; but not when the case opens: nobody knew of it yet.
    pub(super) fn can_be(&self, state: &State, values: &Values) -> bool {
        let opens = matches!(state.at, At::Stranded(_));
        let may_be_disputed =
            |fact: usize| !opens && self.world.facts.get(fact).is_some_and(|it| it.disputed.is_some());
        let surely = |fact: usize| {
            let known = state.known >> fact & 1 == 1 || state.sure[fact] > 0;
            known && values[fact] == UNKNOWN && !may_be_disputed(fact) && self.world.applies(fact, values) == Some(true)
        };
        let otherwise = |fact: usize| {
            let settled = state.settled[fact];
            let otherwise = settled != UNKNOWN && values[fact] < NOT_APPLICABLE && values[fact] != settled;
            otherwise && !may_be_disputed(fact)
        };
        !(0..3).any(|fact| surely(fact) || otherwise(fact))
    }

    // ------------------------------------------------------------------------------------------------ steps and the like

    pub(super) fn life_events(&self, state: &State, out: &mut Vec<Move>) {
        if self.stops_at.is_some() {
            return;
        }
        for way in Way::LIFE {
            let what = match way {
                Way::Died if state.died => continue,
                // After a death only the mistake is still taken (10.11). In the graph, a death happens once.
                Way::Withdrew | Way::Unreachable | Way::Moved if state.died && self.view != View::Graph => continue,
                Way::Died => "the person died",
                Way::Withdrew => "the person withdrew",
                Way::Unreachable => "the person cannot be reached",
                Way::Moved => "the person moved away",
                _ => "it was opened in error",
            };
            self.play(state, what, None, out, |mut walk| {
                walk.state.died |= way == Way::Died;
                // Nobody has to look again after that.
                walk.state.let_go = true;
                walk.state.beside = None;
                self.take(walk, self.world.defaults[way as usize], PLAINLY)
            });
        }
    }

    /// A slot passes, where nothing is due.
    pub(super) fn tick(&self, state: &State, out: &mut Vec<Move>) {
        let mut to = state.clone();
        let main = if let At::Open(open) = &mut to.at { Some(open) } else { None };
        for open in main.into_iter().chain(&mut to.beside) {
            let branches = open.branches.iter().filter_map(|branch| branch.clock()).map(|clock| clock.left);
            if branches.chain([open.clock.left]).min() == Some(0) {
                return;
            }
            open.clock.left -= 1;
            open.due = open.due.saturating_sub(1);
            open.branches.iter_mut().filter_map(Branch::clock_mut).for_each(|clock| clock.left -= 1);
        }
        to.known &= self.lasting;
        // No step has more than six slots, so longer ago makes no difference.
        if to.ago != super::state::FOR_GOOD {
            to.ago = (to.ago + 1).min(6);
        }
        for sure in to.sure.iter_mut().filter(|sure| **sure != FOR_GOOD) {
            *sure = sure.saturating_sub(1);
        }
        to.slot = if self.hours_matter { (to.slot + 1) % super::world::WEEK } else { 0 };
        out.push(Move { label: Label { what: "a slot passes", thing: None }, to, seen: Vec::new(), slots: 1 });
    }

    // ------------------------------------------------------------------------------------------------ decisions and routes

    /// Along paths, every option of a decision.
    pub(super) fn every_option(&self, state: &State, place: u8, decide: &super::world::Decide, out: &mut Vec<Move>) {
        let thing = Some(Thing::Place(place));
        // Along paths, only those go on whom the decisions of this moment all send the same way (11).
        let sent = |goes: &dyn Fn(&Values) -> bool| {
            let goes = |(number, values): (usize, &Values)| u128::from(goes(values)) << number;
            state.who & self.every_values.iter().enumerate().map(goes).sum::<u128>()
        };
        let minds = self.view == View::Paths;
        for (number, route) in decide.row_routes().enumerate() {
            let who = sent(&|values| decide.takes(values) == Some(number as u8));
            if minds && who == 0 {
                continue;
            }
            let looked_at = self.world.with_what_applies(decide.facts_up_to(number));
            let from = From { branch: None, source: Source::Row(place, number as u8), decision: Some(place) };
            self.play(state, "chooses", thing, out, |mut walk| {
                walk.state.held |= looked_at & self.found_only() & !walk.state.lost;
                walk.state.who = if minds { who } else { ANYBODY };
                self.row(walk, place, decide, route, from)
            });
        }
        let who = sent(&|values| decide.does_not_know(values));
        if minds && who == 0 {
            return;
        }
        let from = From { branch: None, source: Source::Unknown(place), decision: Some(place) };
        self.play(state, "does not know", thing, out, |mut walk| {
            walk.state.who = if minds { who } else { ANYBODY };
            self.sent_not_knowing(&mut walk, decide);
            self.take(walk, decide.unknown, from)
        });
    }

    /// In a run, the row that holds.
    pub(super) fn decide(&self, mut walk: Walk, place: u8, decide: &super::world::Decide) -> Vec<Walk> {
        walk.depth += 1;
        if walk.depth > TOO_DEEP {
            walk.seen.push(Seen::Found(Kind::Endless));
            walk.state.at = At::Stranded(place);
            return vec![walk];
        }
        walk.read |= self.world.with_what_applies(decide.facts());
        let mut chosen = None;
        for (number, (condition, route)) in decide.rows.iter().enumerate() {
            match condition.holds(&walk.values) {
                Some(false) => continue,
                Some(true) => chosen = Some((Source::Row(place, number as u8), *route)),
                None => chosen = Some((Source::Unknown(place), decide.unknown)),
            }
            break;
        }
        let otherwise = decide.otherwise.map(|route| (Source::Row(place, decide.rows.len() as u8), route));
        let Some((source, route)) = chosen.or(otherwise) else {
            walk.seen.push(Seen::Found(Kind::Gap));
            walk.state.at = At::Stranded(place);
            return vec![walk];
        };
        if let Source::Row(_, row) = source {
            let looked_at = self.world.with_what_applies(decide.facts_up_to(usize::from(row)));
            walk.state.held |= looked_at & self.found_only() & !walk.state.lost;
            return self.row(walk, place, decide, route, From { branch: None, source, decision: Some(place) });
        }
        self.sent_not_knowing(&mut walk, decide);
        self.take(walk, route, From { branch: None, source, decision: Some(place) })
    }

    /// A row holds: it is done, or it is only what somebody is advised (10.27).
    pub(super) fn row(
        &self,
        mut walk: Walk,
        place: u8,
        decide: &super::world::Decide,
        route: RouteId,
        from: From,
    ) -> Vec<Walk> {
        if let Source::Row(_, row) = from.source {
            self.sent_by_a_row(&mut walk, decide, usize::from(row));
            self.row_gives_grounds(&mut walk, decide, row);
        }
        match decide.advises {
            Some(_) => self.open(walk, Node::Advised(place), None),
            None => self.take(walk, route, from),
        }
    }

    /// The ways a route can lead now, each with whether it counts. In the graph, the way behind a count is always
    /// possible; along paths, it is where one of the two asks somebody on a ladder, since what led to the ladder is not
    /// counted then.
    pub(super) fn legs(&self, state: &State, route: RouteId) -> Vec<(bool, Target)> {
        let Route { first, count } = self.world.routes[route];
        let Some((times, then)) = count else { return vec![(false, first)] };
        let used = self.counters[route].map_or(0, |at| state.used[at]);
        match self.view {
            View::Runs if used < times => vec![(true, first)],
            View::Runs => vec![(false, then)],
            View::Graph if used < times => vec![(true, first), (false, then)],
            View::Paths if used < times => {
                let ladder = |target: Target| matches!(target, Target::Ladder(_));
                let behind = (ladder(first) || ladder(then)).then_some((false, then));
                [(true, first)].into_iter().chain(behind).collect()
            }
            View::Graph | View::Paths => vec![(false, then)],
        }
    }

    /// Takes a route.
    pub(super) fn take(&self, walk: Walk, route: RouteId, from: From) -> Vec<Walk> {
        self.take_if(walk, route, from, |_| true)
    }

    pub(super) fn take_if(&self, walk: Walk, route: RouteId, from: From, wanted: impl Fn(Target) -> bool) -> Vec<Walk> {
        let mut walks = Vec::new();
        for (counts, target) in self.legs(&walk.state, route) {
            if !wanted(target) {
                continue;
            }
            let mut walk = walk.clone();
            if let Some(at) = self.counters[route].filter(|_| counts) {
                walk.state.used[at] += 1;
            }
            walks.extend(self.go(walk, target, from));
        }
        walks
    }

    /// A step of a branch is done. Along paths what is done in a block is done when that is (11.7), but the person may have
    /// gone by it.
    pub(super) fn done_in_a_branch(&self, walk: &mut Walk, thing: Thing) {
        match self.view {
            View::Runs => self.done(walk, thing),
            View::Graph | View::Paths => self.has_gone(walk, thing),
        }
    }

    pub(super) fn done(&self, walk: &mut Walk, thing: Thing) {
        self.has_gone(walk, thing);
        if self.view == View::Runs && self.world.counted_after().is_some_and(|place| thing == Thing::Place(place)) {
            walk.state.ago = 0;
        }
        walk.state.done |= thing.bit() & self.watched;
    }
}
