//! Routes: where one goes next, by default and otherwise, and whether every way of ending has one.

use super::build::Builder;
use super::pathway::*;
use super::place_kind::*;
use super::places::Draft;
use super::symbols::{What, place};
use super::{Name, RoleId};
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::syntax::tree::{self, Block, BlockWord, ClauseKind, Outcome, Word};

/// The name of the place where what is done alongside ends: no name that anybody can give.
pub(super) const NOTHING_MORE: &str = "nothing more";

/// The routes of what only life can end: time passes there, and nobody does anything, declines it or is late.
pub(super) fn only_life(mut exits: [Option<RouteId>; Exit::COUNT]) -> [Option<RouteId>; Exit::COUNT] {
    for exit in Exit::ALL.into_iter().filter(|exit| !Exit::LIFE.contains(exit)) {
        exits[exit as usize] = None;
    }
    exits
}

/// The exit of an outcome; handovers and joins have outcomes of their own.
pub(super) fn exit_of(outcome: Outcome) -> Option<Exit> {
    Some(match outcome {
        Outcome::Late => Exit::Late,
        Outcome::Cannot => Exit::Cannot,
        Outcome::PersonDeclines => Exit::PersonDeclines,
        Outcome::NobodyCan => Exit::NobodyCan,
        Outcome::Died => Exit::Died,
        Outcome::Withdrew => Exit::Withdrew,
        Outcome::Unreachable => Exit::CannotBeReached,
        Outcome::MovedAway => Exit::MovedAway,
        Outcome::OpenedInError => Exit::OpenedInError,
        Outcome::Declined | Outcome::OnCondition | Outcome::NotAllDone | Outcome::FewerThan(_) => return None,
    })
}

impl Draft {
    /// Reads a block `by default`.
    pub(super) fn read_defaults(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) {
        self.reading = "by default".to_string();
        self.defaults_broken |= block.broken;
        for clause in &block.clauses {
            let ClauseKind::Outcome { outcome, route } = &clause.kind else { continue };
            let slot = match (exit_of(*outcome), outcome) {
                (Some(exit), _) => self.defaults[exit as usize],
                (None, Outcome::Declined) => self.default_declined,
                (None, Outcome::OnCondition) => self.default_on_condition,
                _ => {
                    let message = "only work side by side can be partly done, so this does not stand by default";
                    on.findings.push(
                        Finding::new(Kind::OutOfPlace, place(file, clause.at), message)
                            .help("write it in the `together` block it belongs to"),
                    );
                    continue;
                }
            };
            if slot.is_some() {
                let message = "this is said twice by default";
                on.findings.push(
                    Finding::new(Kind::SaidTwice, place(file, clause.at), message).help("keep the one that is meant"),
                );
                continue;
            }
            let read = self.route(on, file, route, None);
            match (exit_of(*outcome), outcome) {
                (Some(exit), _) => {
                    self.defaults[exit as usize] = read;
                    self.misnamed[exit as usize] |= read.is_none();
                }
                (None, Outcome::Declined) => self.default_declined = read,
                _ => self.default_on_condition = read,
            }
        }
    }

    /// The routes a block writes itself, and the ones by default for the rest.
    pub(super) fn own_exits(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
    ) -> [Option<RouteId>; Exit::COUNT] {
        let mut exits = self.defaults;
        let mut own = [false; Exit::COUNT];
        for clause in &block.clauses {
            let ClauseKind::Outcome { outcome, route } = &clause.kind else { continue };
            let Some(exit) = exit_of(*outcome) else {
                let fits = match outcome {
                    Outcome::Declined | Outcome::OnCondition => BlockWord::HandOver,
                    _ => BlockWord::Together,
                };
                if block.word != fits {
                    let word = crate::syntax::block_word(fits);
                    let message = format!("this can happen to a `{word}` only");
                    on.findings.push(Finding::new(Kind::OutOfPlace, place(file, clause.at), message));
                }
                continue;
            };
            if std::mem::replace(&mut own[exit as usize], true) {
                let message = format!("`if {}` is said twice", exit.in_words());
                on.findings.push(
                    Finding::new(Kind::SaidTwice, place(file, clause.at), message).help("keep the one that is meant"),
                );
                continue;
            }
            let read = self.route(on, file, route, None);
            exits[exit as usize] = read.or(exits[exit as usize]);
            self.misnamed[exit as usize] |= exits[exit as usize].is_none();
        }
        exits
    }

    /// The exits of a branch: it may escalate as its block or the default does; everything else ends it not done.
    pub(super) fn branch_exits(
        &mut self,
        block: [Option<RouteId>; Exit::COUNT],
        at: At,
    ) -> [Option<RouteId>; Exit::COUNT] {
        let mut exits = block;
        let not_done = self.add(Route { target: Target::NotDone, why: None, counted: None, at });
        for exit in [Exit::Late, Exit::Cannot, Exit::PersonDeclines, Exit::NobodyCan] {
            let default = self.defaults[exit as usize];
            let stays = default.filter(|id| {
                let route = &self.routes[id.index()];
                matches!(route.target, Target::Escalate(_)) && route.counted.is_none()
            });
            exits[exit as usize] = match exit {
                Exit::Late | Exit::Cannot => Some(stays.unwrap_or(not_done)),
                _ => Some(not_done),
            };
        }
        exits
    }

    pub(super) fn add(&mut self, route: Route) -> RouteId {
        self.routes.push(route);
        RouteId(self.routes.len() as u32 - 1)
    }

    /// Reads a route. `decision` is the decision whose `if we do not know yet` it stands behind.
    pub(super) fn route(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        it: &tree::Route,
        decision: Option<(PlaceId, &Block)>,
    ) -> Option<RouteId> {
        let target = match &it.target {
            tree::Target::Name(name) => self.place_target(on, file, name),
            tree::Target::Escalate(name) => Some(Target::Escalate(self.ladder(file, name))),
            tree::Target::Back => Some(Target::Back),
            tree::Target::NothingMore => Some(Target::Place(self.nothing_more(place(file, it.at)))),
            tree::Target::Decides(role, within) => {
                let id = on.role(file, role);
                match decision {
                    Some((decision, block)) => id.map(|role| {
                        let within = super::read_work::some_time(on, file, within);
                        let choose = Choose { decision, role, with: Vec::new(), within, advised: false };
                        Target::Place(self.choice(on, block, choose, place(file, it.at)))
                    }),
                    None => {
                        let message = format!("`{} decides` has nothing to choose from here", role.text);
                        on.findings.push(
                            Finding::new(Kind::OutOfPlace, place(file, it.at), message)
                                .help("a role decides behind `if we do not know yet`, among the options of that decision; elsewhere, lead to a step"),
                        );
                        None
                    }
                }
            }
        };
        let counted = match &it.counted {
            Some((count, after)) => {
                if count.value == 0 {
                    let message = "a route that may be taken 0 times is never taken";
                    on.findings.push(Finding::new(Kind::OutOfRange, place(file, count.at), message));
                }
                let after = self.route(on, file, after, decision);
                let to = match &it.target {
                    tree::Target::Name(name) | tree::Target::Decides(name, _) => name.text.as_str(),
                    tree::Target::Escalate(ladder) => ladder.text.as_str(),
                    tree::Target::Back => "the decision",
                    tree::Target::NothingMore => NOTHING_MORE,
                };
                let first = format!("{} -> {to}", self.reading);
                let same = self.counters.iter().filter(|counter| counter.name.starts_with(&first)).count();
                let name = if same == 0 { first } else { format!("{first} ({})", same + 1) };
                self.counters.push(Counter {
                    name: Name::from(&name),
                    limit: count.value,
                    with_call: false,
                    at: place(file, it.at),
                });
                let counter = CounterId(self.counters.len() as u32 - 1);
                Some((counter, after?))
            }
            None => None,
        };
        let why = it.why.as_ref().map(|why| why.text.clone());
        Some(self.add(Route { target: target?, why, counted, at: place(file, it.at) }))
    }

    pub(super) fn place_target(&mut self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<Target> {
        let (_, id) = on.symbols.look_up(&[What::Place(self.id.0)], file, name, &mut on.findings)?;
        if self.comes_with_a_call(PlaceId(id)) {
            on.findings.push(self.leads_into_a_call(place(file, name.at), &name.text));
            return None;
        }
        Some(Target::Place(PlaceId(id)))
    }

    /// Says that one cannot go straight into what comes with a call, or with a branch that follows another pathway.
    pub(super) fn leads_into_a_call(&self, at: At, name: &str) -> Finding {
        let within = name.split('/').next().unwrap_or(name);
        if self.branches.values().any(|branch| *branch == within) {
            return jumps_in(at, name);
        }
        let message = format!("`{name}` is part of what `{within}` calls, and nothing leads straight into it");
        let help = format!("lead to `{within}`: a call begins where the pathway it follows begins");
        Finding::new(Kind::JumpsOut, at, message).help(help)
    }

    /// Says that one cannot go straight into a branch.
    pub(super) fn refuse_branch(&mut self, on: &mut Builder<'_>, file: usize, name: &Word) {
        on.findings.push(jumps_in(place(file, name.at), &name.text));
    }

    fn ladder(&mut self, file: usize, name: &Word) -> LadderId {
        self.ladder_named(&name.text, place(file, name.at))
    }

    /// The number of a ladder here.
    pub(super) fn ladder_named(&mut self, name: &str, at: At) -> LadderId {
        let known = self.ladders.iter().position(|ladder| ladder.name == *name);
        let index = known.unwrap_or_else(|| {
            self.ladders.push(Ladder { name: Name::from(name), at });
            self.ladders.len() - 1
        });
        LadderId(index as u32)
    }

    /// The place where a role decides: in place of a decision, or advised by it.
    pub(super) fn choice(&mut self, on: &Builder<'_>, block: &Block, choose: Choose, at: At) -> PlaceId {
        let (decision, role) = (choose.decision, choose.role);
        let key = (decision, role, choose.within.seconds(), choose.advised);
        if let Some(known) = self.choices.get(&key) {
            return *known;
        }
        let role_named = &on.roles[role.index()];
        let title = super::read_facts::title(block.title.as_ref(), &block.name);
        let mut exits = self.defaults;
        exits[Exit::PersonDeclines as usize] = None;
        let name = format!("{}/{}", block.name.text, role_named.name);
        let same = self.choices.keys().filter(|(it, other, ..)| (*it, *other) == (decision, role)).count();
        let name = if same == 0 { name } else { format!("{name}/{}", same + 1) };
        // Who is advised decides what the decision is about; who decides in its place does what it could not.
        let title = if choose.advised { title } else { format!("{title}: {} decides", role_named.title) };
        let id = self.made(Place::new(Name::from(&name), title, at, PlaceKind::Choose(choose), exits));
        self.choices.insert(key, id);
        id
    }

    /// Where what is done alongside ends: an ending of its own, that closes nothing.
    fn nothing_more(&mut self, at: At) -> PlaceId {
        if let Some(known) = self.nothing_more {
            return known;
        }
        let ending =
            Ending { held_by: RoleId::PERSON, owed: Vec::new(), tell: Vec::new(), nothing_more: true, of_branch: None };
        let title = "Nothing more is done alongside".to_string();
        let (name, exits) = (Name::from(NOTHING_MORE), [None; Exit::COUNT]);
        let id = self.made(Place::new(name, title, at, PlaceKind::Ending(ending), exits));
        self.nothing_more = Some(id);
        id
    }

    /// A place that nobody wrote as a block of its own.
    pub(super) fn made(&mut self, place: Place) -> PlaceId {
        self.places.push(Some(place));
        PlaceId(self.places.len() as u32 - 1)
    }

    /// Whether every way of ending has a route, and no route leads into a branch. One finding for each way that is
    /// missing, however many places miss it.
    pub(super) fn check_routes(&mut self, on: &mut Builder<'_>, file: usize, header: &Block) {
        for route in &self.routes {
            if let Target::Place(id) = route.target
                && let Some(branch) = self.branches.get(&id)
            {
                on.findings.push(jumps_in(route.at, branch));
            }
        }
        let climbs_from = |route: RouteId| {
            let chain = std::iter::successors(Some(route), |id| self.routes[id.index()].counted.map(|it| it.1));
            chain.into_iter().any(|id| matches!(self.routes[id.index()].target, Target::Escalate(_)))
        };
        let escalates =
            |exits: &[Option<RouteId>; Exit::COUNT], exit: Exit| exits[exit as usize].is_some_and(climbs_from);
        let mut missing: Vec<(Exit, Vec<&Place>)> = Vec::new();
        let mut climbs: Vec<(RouteId, &Place)> = Vec::new();
        // What comes with a call was looked at where it is written.
        for place in self.places.iter().flatten().filter(|place| place.with_call.is_none()) {
            let mut needed: Vec<Exit> = match &place.kind {
                PlaceKind::Ending(_) => continue,
                PlaceKind::Decide(_) => Vec::new(),
                kind if kind.waits() => Vec::new(),
                PlaceKind::Together(_) => vec![Exit::Late],
                PlaceKind::Choose(_) => vec![Exit::Late, Exit::Cannot],
                _ => vec![Exit::Late, Exit::Cannot, Exit::PersonDeclines],
            };
            let more = |kind: &PlaceKind| match kind {
                PlaceKind::Together(together) => vec![together.otherwise],
                PlaceKind::Repeat(repeat) => vec![repeat.after],
                PlaceKind::HandOver(hand_over) => {
                    [Some(hand_over.declined), hand_over.on_condition].into_iter().flatten().collect()
                }
                _ => Vec::new(),
            };
            if needed.iter().chain(&Exit::LIFE).any(|exit| escalates(&place.exits, *exit))
                || more(&place.kind).into_iter().any(&climbs_from)
            {
                needed.push(Exit::NobodyCan);
            }
            if let Some(id) = place.exits[Exit::NobodyCan as usize]
                && escalates(&place.exits, Exit::NobodyCan)
            {
                climbs.push((id, place));
            }
            needed.extend(Exit::LIFE);
            // A route that is written, and leads to no name there is, is said already.
            let lacks = |exit: &Exit| place.exits[*exit as usize].is_none() && !self.misnamed[*exit as usize];
            for exit in needed.into_iter().filter(lacks) {
                match missing.iter_mut().find(|(it, _)| *it == exit) {
                    Some((_, places)) => places.push(place),
                    None => missing.push((exit, vec![place])),
                }
            }
        }
        let mut life: Vec<&str> = Vec::new();
        for (exit, places) in &missing {
            if self.defaults_broken {
                // What could not be read there may be just what seems to be missing.
                break;
            }
            if Exit::LIFE.contains(exit) {
                life.push(exit.in_words());
                continue;
            }
            let names: Vec<String> = places.iter().take(4).map(|place| format!("`{}`", place.name)).collect();
            let more = if places.len() > 4 { format!(" and {} more", places.len() - 4) } else { String::new() };
            let message = format!("nothing says where to go if {} in {}{more}", in_sentence(*exit), names.join(", "));
            let target = if matches!(exit, Exit::Late | Exit::Cannot) { "escalate to LADDER" } else { "STEP" };
            on.findings.push(Finding::new(Kind::NoRoute, places[0].at, message).help(format!(
                "write `if {} -> {target}` there, or under `by default` for all steps",
                exit.in_words()
            )));
        }
        if !life.is_empty() && !header.broken {
            let list = life.iter().map(|it| format!("`if {it}`")).collect::<Vec<_>>().join(", ");
            let message =
                format!("`{}` does not say where to go in every event of the person's life: {list}", header.name.text);
            on.findings.push(
                Finding::new(Kind::NoRoute, place(file, header.head()), message)
                    .help("write them under `by default`; each leads to a step or an ending"),
            );
        }
        climbs.dedup_by_key(|(id, _)| *id);
        for (id, _) in climbs {
            let message = "`if nobody can` is what is left when a ladder has been climbed, so it cannot escalate again";
            on.findings.push(
                Finding::new(Kind::NoRoute, self.routes[id.index()].at, message).help("lead to a step or an ending"),
            );
        }
    }
}

fn in_sentence(exit: Exit) -> &'static str {
    match exit {
        Exit::Late => "it is late",
        Exit::NobodyCan => "it was escalated and nobody can do it",
        other => other.in_words(),
    }
}

fn jumps_in(at: At, name: &str) -> Finding {
    let is = if name.contains('/') { "part of a branch" } else { "a branch" };
    let message = format!("`{name}` is {is} of work side by side, and nothing leads straight into it");
    Finding::new(Kind::JumpsOut, at, message).help("lead to the `together` block it stands in")
}
