//! What the oracle says of a world: each finding by the letter of section 11, and whether a run shows it.

use super::Promise;
use super::explore::{Explored, is_open};
use super::gaps;
use super::machine::{Machine, View};
use super::served::Serving;
use super::settling::settling;
use super::state::{At, Kind, Node, Seen};
use super::world::{PlaceKind, Thing, World};
use std::collections::{BTreeMap, BTreeSet};

/// What the oracle says of a world.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is so by the letter of section 11, each with where.
    pub defined: BTreeMap<Kind, String>,
    /// What a run shows, each with the run.
    pub shown: BTreeMap<Kind, String>,
    /// What becomes of each promise, in the order of the world's.
    pub promises: Vec<Promised>,
    /// The most slots a case can take to close; nothing where one can go round.
    pub longest: Option<u32>,
    /// What became of what was asked to settle what is disputed, in runs.
    pub settling: BTreeSet<&'static str>,
    /// There were too many states.
    pub gave_up: bool,
    /// How many states there were, along paths and in runs.
    pub states: (usize, usize),
}

/// What becomes of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promised {
    Kept,
    /// Broken by the letter of 11.7, and there is no run that shows it.
    BrokenOnPaper(String),
    /// Broken, and a run shows it.
    Broken(String),
}

impl Verdict {
    /// Whether nothing keeps the pathway from being proved.
    pub fn is_sound(&self) -> bool {
        !self.gave_up
            && self.defined.keys().all(|kind| kind.is_warning())
            && self.promises.iter().all(|promised| *promised == Promised::Kept)
    }

    /// Whether something is so by the letter of section 11.
    pub fn has(&self, kind: &str) -> bool {
        self.defined.keys().any(|found| found.name() == kind)
    }
}

/// Looks at a world from both sides.
pub fn judge(world: &World) -> Verdict {
    // What is reached, and when somebody is there, is spoken of for the graph from the start; circles and gaps for all of
    // it (11).
    let machine = Machine::new(world, View::Graph);
    let graph = Explored::new(&machine);
    let reached = |place: u8| graph.states.iter().any(|state| is_open(state, Thing::Place(place)));
    let paths = Explored::new(&Machine::new(world, View::Paths).minding(reached));
    let anywhere = Explored::starting(&machine, machine.anywhere());
    let runs = Explored::new(&Machine::new(world, View::Runs));
    let mut verdict = Verdict {
        gave_up: paths.gave_up || graph.gave_up || anywhere.gave_up || runs.gave_up,
        states: (paths.states.len(), runs.states.len()),
        ..Verdict::default()
    };
    if verdict.gave_up {
        return verdict;
    }
    for kind in Kind::ALL {
        let on_paper = if kind == Kind::TooLate { &graph } else { &paths };
        if let Some(trace) = on_paper.trace(Seen::Found(kind)) {
            verdict.defined.insert(kind, trace);
        }
        if let Some(trace) = runs.trace(Seen::Found(kind)) {
            verdict.shown.insert(kind, trace);
        }
    }
    let settled = settling(&Machine::new(world, View::Runs), &runs);
    verdict.settling = settled.happened;
    for (kind, run) in settled.found {
        verdict.shown.entry(kind).or_insert(run);
    }
    if let Some(gap) = gaps::gap(world, &anywhere, &machine.every_values) {
        verdict.defined.insert(Kind::Gap, gap);
    }
    let in_a_branch = || world.no_option_in_a_branch(&machine.every_values);
    if let Some(none) = no_option(world, &machine.every_values).or_else(in_a_branch) {
        verdict.defined.insert(Kind::NoOption, none);
    }
    for kind in Kind::ALL {
        if let Some(lacks) = world.lacks(kind, &graph, &paths, &machine.servings) {
            verdict.defined.insert(kind, lacks);
        }
    }
    if let Err(round) = anywhere.longest() {
        verdict.defined.insert(Kind::Endless, anywhere.way_to(Some(round)));
    }
    if let Some(never) = never_reached(world, &graph) {
        verdict.defined.insert(Kind::NeverReached, never);
    }
    let found = [
        (Kind::NotServed, world.not_served(&machine.every_values)),
        (Kind::ServedTwice, world.served_twice(&machine.every_values)),
        (Kind::Unacknowledged, world.unheard(&graph)),
        (Kind::NothingToGoBy, world.nothing_to_go_by()),
    ];
    for (kind, found) in found {
        verdict.defined.extend(found.map(|found| (kind, found)));
    }
    if let Some(asleep) = asleep(world, &graph, &machine.servings) {
        verdict.defined.insert(Kind::NobodyAnswers, asleep);
    }
    if let Some(unwatched) = super::watched::unwatched(world, &reached) {
        verdict.defined.insert(Kind::Unwatched, unwatched);
    }
    if let Some(both) = asked_on_two_roads(world, &machine, &reached) {
        verdict.defined.insert(Kind::AskedTwice, both);
    }
    let longest = runs.longest();
    match &longest {
        Ok(longest) if !verdict.shown.contains_key(&Kind::Endless) => {
            verdict.longest = Some(runs.longest_case(longest));
        }
        Ok(_) => {}
        Err(round) => {
            verdict.shown.insert(Kind::Endless, runs.way_to(Some(*round)));
        }
    }
    let all = world.promises.iter().enumerate();
    verdict.promises =
        all.map(|(number, promise)| promised(world, number, promise, &verdict, (&paths, &runs))).collect();
    verdict
}

/// Somebody alongside, and somebody on the main road, who may ask for the same at one moment (11.5).
fn asked_on_two_roads(world: &World, machine: &Machine<'_>, reached: &impl Fn(u8) -> bool) -> Option<String> {
    let places = || (0..world.places.len() as u8).filter(|place| reached(*place));
    let repeats = |place: u8| matches!(world.places[usize::from(place)].kind, PlaceKind::Repeat(_));
    let beside = places().filter(|place| world.is_beside(*place));
    beside.flat_map(|one| places().map(move |other| (one, other))).find_map(|(one, other)| {
        let both = !world.is_beside(other) && machine.asks_for(one) & machine.asks_for(other) != 0;
        (both && !(repeats(one) && repeats(other))).then(|| format!("p{one} and p{other}"))
    })
}

/// A place nothing leads to. A decision is come to when it is entered; a branch when its block is.
fn never_reached(world: &World, paths: &Explored) -> Option<String> {
    let reached = |place: u8| {
        paths.states.iter().any(|state| matches!(&state.at, At::Open(open) if open.node == Node::Place(place)))
    };
    let ended = |ending: u8| paths.states.iter().any(|state| state.at == At::Ended(ending));
    let place = (0..world.places.len() as u8).find(|place| !reached(*place)).map(|place| format!("p{place}"));
    place.or_else(|| (0..world.endings.len() as u8).find(|ending| !ended(*ending)).map(|ending| format!("end{ending}")))
}

/// A ladder that is escalated to and whose last rung is not there at some minute (11.4).
fn asleep(world: &World, graph: &Explored, servings: &[Serving]) -> Option<String> {
    graph.seen.keys().find_map(|seen| {
        let Seen::Asks(ladder) = seen else { return None };
        let (rung, within) = world.ladders[usize::from(*ladder)].rungs.last()?;
        world.sleeps(*rung, *within, servings).map(|slot| format!("ladder {ladder}, asked in slot {slot}"))
    })
}

/// A decision at which a role has nothing to choose for somebody (11.8).
fn no_option(world: &World, everybody: &[super::world::Values]) -> Option<String> {
    (0..world.places.len() as u8).find_map(|place| {
        let decide = world.decide(place).filter(|_| world.somebody_chooses(place))?;
        let none =
            |values: &&super::world::Values| decide.row_routes().all(|row| world.may_be_closed(decide, row, values));
        everybody.iter().find(none).map(|values| format!("p{place}: nothing to choose for {values:?}"))
    })
}

fn promised(
    world: &World,
    number: usize,
    promise: &Promise,
    verdict: &Verdict,
    (paths, runs): (&Explored, &Explored),
) -> Promised {
    let (on_paper, shown) = match *promise {
        Promise::Within(most) => {
            let late = verdict.longest.is_none_or(|longest| longest > u32::from(most));
            let why = late.then(|| format!("the longest is {:?}", verdict.longest));
            (why.clone(), why)
        }
        Promise::Without(..) => (paths.trace(Seen::Breaks(number)), runs.trace(Seen::Breaks(number))),
        Promise::Never(a, b) => (
            paths.both_open(a, b).map(|state| paths.way_to(Some(state))),
            runs.both_open(a, b).map(|state| runs.way_to(Some(state))),
        ),
        Promise::AskedTwice => {
            (verdict.defined.get(&Kind::AskedTwice).cloned(), verdict.shown.get(&Kind::AskedTwice).cloned())
        }
        Promise::Whoever(fact, place, within) => {
            let late = super::whoever::broken(world, runs, fact, place, within);
            (late.clone(), late)
        }
        Promise::Leads(from, place, within) => {
            let late = super::whoever::leads_elsewhere(world, runs, from, place, within);
            (late.clone(), late)
        }
    };
    match (shown, on_paper) {
        (Some(run), _) => Promised::Broken(run),
        (None, Some(path)) => Promised::BrokenOnPaper(path),
        (None, None) => Promised::Kept,
    }
}
