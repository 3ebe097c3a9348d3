//! What scenarios went through, and what none of them reached: the rows, the ways things can end, the rungs, the endings.

use crate::diagnostic::Place as At;
use crate::engine::{Because, Case, Entry, EntryKind, EventKind, Outcome};
use crate::library::Library;
use crate::model::{
    CounterId, DirectoryId, Exit, Name, Pass, Pathway, PathwayId, PlaceId, PlaceKind, Route, RouteId, Target,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What there is to reach on a pathway, and how much of it was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The pathway.
    pub pathway: PathwayId,
    /// Everything there is to reach, in the order of the file.
    pub items: Vec<Item>,
}

/// Something that a scenario can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// In words, for people.
    pub words: String,
    /// Where it stands.
    pub at: At,
    /// Whether some scenario reached it.
    pub reached: bool,
}

/// What a scenario can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// An ending.
    Ending,
    /// A row of a decision.
    Row,
    /// The way a decision goes while it is not known.
    NotKnown,
    /// Something a role can decide, where the pathway cannot.
    Option,
    /// A way in which something open ends: done, late, declined and so on, its own or by default.
    Route,
    /// What comes when a counted way is used up.
    UsedUp,
    /// Somebody on a ladder.
    Rung,
}

impl ItemKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [ItemKind; 7] = [
        ItemKind::Ending,
        ItemKind::Row,
        ItemKind::NotKnown,
        ItemKind::Option,
        ItemKind::Route,
        ItemKind::UsedUp,
        ItemKind::Rung,
    ];

    /// Several of them, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            ItemKind::Ending => "endings",
            ItemKind::Row => "rows of decisions",
            ItemKind::NotKnown => "ways while it is not known",
            ItemKind::Option => "options of a role that decides",
            ItemKind::Route => "ways in which something ends",
            ItemKind::UsedUp => "counts that are used up",
            ItemKind::Rung => "rungs of ladders",
        }
    }
}

impl Coverage {
    /// How many there are of a kind, and how many of them were reached.
    pub fn count(&self, kind: ItemKind) -> (usize, usize) {
        let all = self.items.iter().filter(|item| item.kind == kind);
        (all.clone().count(), all.filter(|item| item.reached).count())
    }

    /// How many per cent of everything were reached, rounded down; 100 where there is nothing to reach.
    pub fn percent(&self) -> usize {
        let reached = self.items.iter().filter(|item| item.reached).count();
        (reached * 100).checked_div(self.items.len()).unwrap_or(100)
    }
}

/// What some cases on a pathway, which ran with a directory, reached of it.
pub fn coverage<'c>(
    library: &Library,
    pathway: PathwayId,
    directory: Option<DirectoryId>,
    cases: impl IntoIterator<Item = &'c Case>,
) -> Coverage {
    let of = library.pathway_by(pathway);
    let mut seen = Seen::default();
    for case in cases {
        seen.look_through(of, &case.record().journal);
    }
    let mut items = Vec::new();
    for (id, place) in of.all_places() {
        let mut add = |kind, words: String, at, reached| items.push(Item { kind, words, at, reached });
        if let (Some(Pass::Ends { ending, .. }), Some(call)) = (place.kind.passes(), place.with_call) {
            // What comes with a call is for those who wrote it; where each ending of it leads is for the caller.
            if of.place(call).with_call.is_none() {
                let words = format!("`{}`: it ends in `{ending}`", of.place(call).name);
                add(ItemKind::Row, words, of.place(call).at, seen.passed.contains(&place.name));
            }
            continue;
        }
        if place.with_call.is_some() || place.kind.passes().is_some() {
            continue;
        }
        match &place.kind {
            PlaceKind::Ending(ending) if ending.nothing_more => {}
            PlaceKind::Ending(_) => {
                add(ItemKind::Ending, format!("`{}`", place.name), place.at, seen.endings.contains(&place.name));
            }
            // A question has options, and no rows.
            PlaceKind::Decide(decide) if decide.asks.is_some() => {}
            PlaceKind::Decide(decide) => {
                for (number, row) in decide.rows.iter().enumerate() {
                    let words = format!("`{}`: {}", place.name, row.condition.words);
                    add(ItemKind::Row, words, row.condition.at, seen.rows.contains(&(id, number as u32)));
                }
                if let Some(route) = decide.not_known {
                    let words = format!("`{}`: not known yet", place.name);
                    add(ItemKind::NotKnown, words, of.route(route).at, seen.not_known.contains(&id));
                }
            }
            PlaceKind::Choose(choose) => {
                for option in options(of, choose.decision) {
                    let words = format!("`{}` decides {}", place.name, said(of, option));
                    add(ItemKind::Option, words, option.at, seen.chosen.contains(&(id, shown(of, option))));
                }
            }
            _ => {}
        }
    }
    for it in of.interrupts.iter().filter(|it| it.with_call.is_none()) {
        let words = format!("`{}`: {}", it.name, it.condition.words);
        let reached = seen.passed.contains(&it.name);
        items.push(Item { kind: ItemKind::Row, words, at: it.at, reached });
    }
    items.extend(routes(of, &seen));
    items.extend(used_up(of, &seen));
    for (ladder, rung, at) in rungs(library, of, directory) {
        let words = format!("`{ladder}`, rung {}", rung + 1);
        let reached = seen.rungs.contains(&(ladder, rung));
        items.push(Item { kind: ItemKind::Rung, words, at, reached });
    }
    items.sort_by_key(|item| (item.kind, item.at));
    Coverage { pathway, items }
}

/// The ways in which what is open ends. What is written once, by default, is one way, whoever takes it.
fn routes(of: &Pathway, seen: &Seen) -> Vec<Item> {
    let heads: BTreeSet<At> = of.places.iter().map(|place| place.at).collect();
    // Written in the block of the place itself: no other place begins between them.
    let is_own = |place: At, route: At| heads.range(..=route).next_back() == Some(&place);
    let mut found: BTreeMap<RouteId, (String, bool)> = BTreeMap::new();
    for (id, place) in of.all_places().filter(|(_, place)| place.with_call.is_none()) {
        for (way, route) in ways(&place.kind, &place.exits) {
            let who =
                if is_own(place.at, of.route(route).at) { format!("`{}`", place.name) } else { "by default".into() };
            let (_, reached) = found.entry(route).or_insert_with(|| (format!("{who}: {}", way.in_words()), false));
            *reached |= seen.ended.contains(&(id, way));
        }
        if let PlaceKind::Choose(choose) = &place.kind
            && let PlaceKind::Decide(decide) = &of.place(choose.decision).kind
            && let Some(agreed) = decide.agreed().filter(|_| choose.advised)
        {
            let words = format!("`{}`: {}", of.place(choose.decision).name, Way::Disagreed.in_words());
            let (_, reached) = found.entry(agreed.disagree).or_insert((words, false));
            *reached |= seen.ended.contains(&(id, Way::Disagreed));
        }
    }
    let item = |(route, (words, reached)): (RouteId, _)| Item {
        kind: ItemKind::Route,
        words,
        at: of.route(route).at,
        reached,
    };
    found.into_iter().map(item).collect()
}

fn used_up<'s>(of: &'s Pathway, seen: &'s Seen) -> impl Iterator<Item = Item> + 's {
    // What interrupts and may no more leads nowhere else, and so there is nothing to come to.
    let interrupts = of.interrupts.iter().flat_map(|it| [Some(it.route), it.then]).flatten();
    let interrupts: BTreeSet<CounterId> = interrupts.map(|(_, counter)| counter).collect();
    let all = of.counters.iter().enumerate().filter(move |(at, _)| !interrupts.contains(&CounterId(*at as u32)));
    all.map(|(_, counter)| counter).filter(|counter| !counter.with_call).map(|counter| Item {
        kind: ItemKind::UsedUp,
        words: format!("{}: {} times", counter.name, counter.limit),
        at: counter.at,
        reached: seen.used_up.contains(&counter.name),
    })
}

/// The rungs of the ladders that a pathway escalates to, as a directory has them.
fn rungs(library: &Library, of: &Pathway, directory: Option<DirectoryId>) -> Vec<(Name, u32, At)> {
    let Some(directory) = directory.map(|id| library.directory(id)) else { return Vec::new() };
    let ladders = of.ladders.iter().filter_map(|ladder| directory.ladder(&ladder.name));
    let rungs = ladders.flat_map(|ladder| {
        ladder.rungs.iter().enumerate().map(|(number, rung)| (ladder.name.clone(), number as u32, rung.at))
    });
    rungs.collect()
}

/// What a role may decide: what the rows of the decision lead to, each once.
fn options(of: &Pathway, decision: PlaceId) -> Vec<&Route> {
    let PlaceKind::Decide(decide) = &of.place(decision).kind else { return Vec::new() };
    let mut options: Vec<&Route> = Vec::new();
    for row in &decide.rows {
        let route = of.route(row.route);
        if !options.iter().any(|other| other.target == route.target) {
            options.push(route);
        }
    }
    options
}

fn shown(of: &Pathway, route: &Route) -> Name {
    match route.target {
        Target::Place(place) => of.place(place).name.clone(),
        Target::Escalate(ladder) => of.ladder(ladder).name.clone(),
        Target::Back | Target::NotDone => Name::from(""),
    }
}

fn said(of: &Pathway, route: &Route) -> String {
    format!("`{}`", shown(of, route))
}

/// A way in which something open ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Done,
    Exit(Exit),
    Refused,
    OnCondition,
    NotAllDone,
    Until,
    AfterLast,
    Disagreed,
}

impl Way {
    fn in_words(self) -> &'static str {
        match self {
            Way::Done => "done",
            Way::Exit(exit) => exit.in_words(),
            Way::Refused => "declined",
            Way::OnCondition => "accepted on a condition",
            Way::NotAllDone => "not all done",
            Way::Until => "until it holds",
            Way::AfterLast => "after the last time",
            Way::Disagreed => "they disagree",
        }
    }

    fn of(how: Outcome) -> Option<Way> {
        Some(match how {
            Outcome::Done | Outcome::Accepted | Outcome::Waited => Way::Done,
            Outcome::AcceptedOnCondition => Way::OnCondition,
            Outcome::Refused => Way::Refused,
            Outcome::NotAllDone => Way::NotAllDone,
            Outcome::Disagreed => Way::Disagreed,
            Outcome::UntilHolds => Way::Until,
            Outcome::AfterLastRound => Way::AfterLast,
            Outcome::PersonDeclined => Way::Exit(Exit::PersonDeclines),
            Outcome::Cannot => Way::Exit(Exit::Cannot),
            Outcome::Late => Way::Exit(Exit::Late),
            Outcome::NobodyCan => Way::Exit(Exit::NobodyCan),
            Outcome::Died => Way::Exit(Exit::Died),
            Outcome::Withdrew => Way::Exit(Exit::Withdrew),
            Outcome::CannotBeReached => Way::Exit(Exit::CannotBeReached),
            Outcome::MovedAway => Way::Exit(Exit::MovedAway),
            Outcome::OpenedInError => Way::Exit(Exit::OpenedInError),
            Outcome::Decided | Outcome::StoodDown => return None,
        })
    }

    /// The way that turned to a ladder.
    fn because(because: Because) -> Way {
        match because {
            Because::Late | Because::NobodyOnDuty => Way::Exit(Exit::Late),
            Because::Cannot => Way::Exit(Exit::Cannot),
            Because::PersonDeclined => Way::Exit(Exit::PersonDeclines),
            Because::NobodyCan => Way::Exit(Exit::NobodyCan),
            Because::Refused => Way::Refused,
            Because::OnCondition => Way::OnCondition,
            Because::NotAllDone => Way::NotAllDone,
            Because::AfterLastRound => Way::AfterLast,
        }
    }
}

/// The ways in which a place can end, and where each leads.
fn ways(kind: &PlaceKind, exits: &[Option<RouteId>; Exit::COUNT]) -> Vec<(Way, RouteId)> {
    let mut ways = Vec::new();
    match kind {
        PlaceKind::Step(step) => ways.extend(step.then.map(|route| (Way::Done, route))),
        PlaceKind::Together(it) => ways.extend([(Way::Done, it.then), (Way::NotAllDone, it.otherwise)]),
        PlaceKind::Repeat(it) => {
            ways.extend(it.until.as_ref().map(|(_, route)| (Way::Until, *route)));
            ways.push((Way::AfterLast, it.after));
        }
        PlaceKind::HandOver(it) => {
            ways.extend([(Way::Done, it.then), (Way::Refused, it.declined)]);
            ways.extend(it.on_condition.map(|route| (Way::OnCondition, route)));
        }
        PlaceKind::Choose(_) => {}
        PlaceKind::Decide(_) | PlaceKind::Ending(_) => return ways,
    }
    let exits = Exit::ALL.into_iter().filter_map(|exit| Some((Way::Exit(exit), exits[exit as usize]?)));
    ways.extend(exits);
    ways
}

/// What was gone through.
#[derive(Default)]
struct Seen {
    endings: BTreeSet<Name>,
    rows: BTreeSet<(PlaceId, u32)>,
    not_known: BTreeSet<PlaceId>,
    chosen: BTreeSet<(PlaceId, Name)>,
    ended: BTreeSet<(PlaceId, Way)>,
    used_up: BTreeSet<Name>,
    rungs: BTreeSet<(Name, u32)>,
    passed: BTreeSet<Name>,
}

impl Seen {
    fn look_through(&mut self, of: &Pathway, journal: &[Entry]) {
        let mut option: Option<&Name> = None;
        for entry in journal {
            match &entry.what {
                EntryKind::Event(event) => {
                    option = if let EventKind::Decide { option, .. } = &event.what { Some(option) } else { None };
                }
                EntryKind::Chose(chose) => option = Some(&chose.option),
                EntryKind::Closed { closed: ended, .. } | EntryKind::RoadEnded { ended, .. } => {
                    self.endings.insert(ended.ending.clone());
                }
                EntryKind::Decided(decided) => {
                    let Some(id) = of.place_named(&decided.decision) else { continue };
                    match decided.row {
                        Some(row) => drop(self.rows.insert((id, row.saturating_sub(1)))),
                        None => drop(self.not_known.insert(id)),
                    }
                }
                EntryKind::Ended { step, how, .. } => {
                    let Some(id) = of.place_named(step) else { continue };
                    self.ended.extend(Way::of(*how).map(|way| (id, way)));
                    if let (Outcome::Decided, Some(option)) = (how, option) {
                        self.chosen.insert((id, option.clone()));
                    }
                }
                EntryKind::Escalated { step, to, .. } => {
                    self.rungs.insert((to.ladder.clone(), to.rung));
                    self.ended.extend(of.place_named(step).map(|id| (id, Way::because(to.because))));
                }
                EntryKind::Interrupted(it) => {
                    self.passed.insert(it.name.clone());
                }
                EntryKind::Passed { place, .. } => {
                    self.passed.insert(place.clone());
                }
                EntryKind::Counted { route, used_up: true, .. } => {
                    self.used_up.insert(route.clone());
                }
                _ => {}
            }
        }
    }
}
