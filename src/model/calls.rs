//! Calls: another pathway on the way. What a pathway calls is copied into it when it is built, so that whatever looks at
//! a pathway (the interpreter, the proof, a picture) sees one pathway, with places that have come with a call.
//!
//! A place that comes with a call is named with it: `look_after_her/enquiry`. The call itself, and each ending of what it
//! follows, become decisions that pass on: of one row that always holds, and so of no duration.

use super::build::{Builder, Located, pick};
use super::pathway::*;
use super::place_kind::*;
use super::places::Draft;
use super::symbols::{What, place};
use super::{Condition, Name, PathwayId, Test};
use crate::diagnostic::{Finding, Kind, nearest};
use crate::syntax::tree::{Block, BlockWord, Clause, ClauseKind, Word};
use std::collections::BTreeMap;

/// The most places that come with calls, in all pathways together.
const MAX_COPIES: usize = 100_000;

/// How many calls may stand in each other: as far as anybody can follow.
const MAX_DEPTH: usize = 8;

/// Which pathway is followed, by what is said of a call.
pub(super) fn followed(clauses: &[Clause]) -> Option<&Word> {
    clauses.iter().find_map(|clause| if let ClauseKind::Follows(it) = &clause.kind { Some(it) } else { None })
}

/// The pathways that a block follows: as a call, or in its branches.
fn all_followed(block: &Block) -> impl Iterator<Item = &Word> {
    let own = (block.word == BlockWord::Call).then(|| followed(&block.clauses)).flatten();
    let branches = block.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Branch { clauses, .. } => followed(clauses),
        _ => None,
    });
    own.into_iter().chain(branches)
}

/// The pathways in an order in which each comes after those it calls. Those that call themselves, one by way of the
/// other, and those that call them, are left out; that they do is a finding.
pub(super) fn in_order(on: &mut Builder<'_>, pathways: &[Vec<Located<'_>>]) -> Vec<usize> {
    let mut calls: Vec<BTreeMap<usize, (usize, &Word)>> = Vec::new();
    for blocks in pathways {
        let named = blocks.iter().flat_map(|(file, block)| all_followed(block).map(|word| (*file, word)));
        let found = named.filter_map(|(file, word)| {
            let id = on.symbols.find(What::Pathway, &word.text)?;
            Some((id as usize, (file, word)))
        });
        calls.push(found.collect());
    }
    let mut waits_for: Vec<usize> = calls.iter().map(BTreeMap::len).collect();
    let mut called_by: Vec<Vec<usize>> = vec![Vec::new(); pathways.len()];
    for (caller, called) in calls.iter().enumerate() {
        called.keys().for_each(|called| called_by[*called].push(caller));
    }
    let mut order: Vec<usize> = (0..pathways.len()).filter(|number| waits_for[*number] == 0).collect();
    let mut at = 0;
    while let Some(number) = order.get(at).copied() {
        for caller in &called_by[number] {
            waits_for[*caller] -= 1;
            if waits_for[*caller] == 0 {
                order.push(*caller);
            }
        }
        at += 1;
    }
    circles(on, pathways, &calls, &waits_for);
    order
}

/// Says which pathways call themselves: from each that waits one follows the first call that waits too.
fn circles(
    on: &mut Builder<'_>,
    pathways: &[Vec<Located<'_>>],
    calls: &[BTreeMap<usize, (usize, &Word)>],
    waits_for: &[usize],
) {
    let next = |number: usize| calls[number].iter().find(|(called, _)| waits_for[**called] > 0);
    let name = |number: usize| format!("`{}`", pathways[number][0].1.name.text);
    let mut seen: Vec<Option<usize>> = vec![None; pathways.len()];
    for start in (0..pathways.len()).filter(|number| waits_for[*number] > 0) {
        let (mut road, mut at) = (Vec::new(), start);
        while seen[at].is_none() {
            seen[at] = Some(start);
            road.push(at);
            let Some((called, _)) = next(at) else { break };
            at = *called;
        }
        let Some(first) = road.iter().position(|it| *it == at).filter(|_| seen[at] == Some(start)) else { continue };
        let circle = &road[first..];
        let Some((_, (file, word))) = next(at) else { continue };
        let names: Vec<String> = circle.iter().chain([&at]).map(|number| name(*number)).collect();
        let message = format!("{} calls itself: {}", name(at), names.join(" to "));
        let mut finding = Finding::new(Kind::CallsItself, place(*file, word.at), message).help(
            "lead back to a step of the same pathway, and count how often; or put what both need into a pathway of its own",
        );
        for number in circle.iter().skip(1) {
            if let Some((_, (file, word))) = next(*number) {
                finding = finding.and(place(*file, word.at), "and this call leads on");
            }
        }
        on.findings.push(finding);
    }
}

/// A call, and where what comes with it stands among the places.
#[derive(Clone, Copy)]
pub(super) struct Called {
    /// The pathway that is called.
    pub pathway: PathwayId,
    /// The number of its first place here.
    pub first: u32,
}

impl Draft {
    /// Makes room for what comes with the calls of a pathway, and declares the names it has here.
    pub(super) fn declare_calls(&mut self, on: &mut Builder<'_>, blocks: &[Located<'_>]) {
        self.own = self.places.len();
        let mut number = 0;
        for (file, block) in blocks {
            if !super::places::is_place(block) {
                continue;
            }
            let id = PlaceId(number);
            number += 1;
            if block.word == BlockWord::Call {
                let follows = on.one(*file, block, "follows", pick!(Follows));
                let help = "write `follows` and the name of the pathway that is called";
                let follows = on.needed(*file, block, Kind::MissingClause, "which pathway it follows", help, follows);
                let called = follows.and_then(|follows| self.call(on, *file, &block.name, follows));
                self.comes_of_a_call(on, id, &block.name, called);
            }
            for clause in &block.clauses {
                let ClauseKind::Branch { name, clauses, .. } = &clause.kind else { continue };
                let id = PlaceId(number);
                number += 1;
                let Some(follows) = followed(clauses) else { continue };
                let called = self.call(on, *file, name, follows);
                self.comes_of_a_call(on, id, name, called);
            }
        }
    }

    fn comes_of_a_call(&mut self, on: &mut Builder<'_>, id: PlaceId, name: &Word, called: Option<Called>) {
        match called {
            Some(called) => drop(self.calls.insert(id, called)),
            None => on.symbols.nothing_comes_with(self.id.0, name),
        }
    }

    fn call(&mut self, on: &mut Builder<'_>, file: usize, name: &Word, follows: &Word) -> Option<Called> {
        let (_, id) = on.symbols.look_up(&[What::Pathway], file, follows, &mut on.findings)?;
        // One that could not be built has findings of its own.
        let called = on.pathways.get(id as usize)?.as_ref()?;
        let here = place(file, follows.at);
        let (first, many) = (self.places.len() as u32, called.places.len());
        on.copies += many;
        if on.copies > MAX_COPIES {
            let message = format!(
                "with this call, {} places come into pathways by way of calls; {MAX_COPIES} can be kept",
                on.copies
            );
            on.findings.push(
                Finding::new(Kind::TooLarge, here, message)
                    .help("call fewer pathways, or lead back to the same call and count how often"),
            );
            return None;
        }
        if called.depth_of_calls() + 1 > MAX_DEPTH {
            let message =
                format!("more than {MAX_DEPTH} calls stand in each other here, and nobody can follow that any more");
            on.findings.push(Finding::new(Kind::TooDeep, here, message).help("call what is needed from further out"));
            return None;
        }
        for it in &called.places {
            let text = format!("{}/{}", name.text, it.name);
            let kind = match &it.kind {
                PlaceKind::Decide(_) | PlaceKind::Ending(_) => BlockWord::Decide,
                _ => BlockWord::Step,
            };
            // What has no name of its own nobody can name here either.
            let named = match &it.kind {
                PlaceKind::Choose(_) => false,
                PlaceKind::Ending(ending) => !ending.nothing_more,
                _ => true,
            };
            if named {
                let word = Word { text, at: name.at };
                let what = What::Place(self.id.0);
                on.symbols.declare_called(what, self.places.len() as u32, file, &word, &mut on.findings);
            }
            self.places.push(None);
            self.words.push(kind);
        }
        Some(Called { pathway: PathwayId(id), first })
    }

    /// Whether a place comes with a call: nothing leads straight to it.
    pub(super) fn comes_with_a_call(&self, id: PlaceId) -> bool {
        let many = self.words.len();
        (self.own..many).contains(&id.index())
    }

    /// Reads a call: copies what it follows, and leads from each ending of that to where the call says.
    pub(super) fn read_call(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        id: PlaceId,
    ) -> Option<PlaceKind> {
        let mut routes: Vec<(&Word, Option<RouteId>)> = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::EndsIn { ending, route } = &clause.kind else { continue };
            if let Some((first, _)) = routes.iter().find(|(it, _)| it.text == ending.text) {
                let message = format!("`if it ends in {}` is said twice", ending.text);
                let finding = Finding::new(Kind::SaidTwice, place(file, clause.at), message);
                on.findings
                    .push(finding.and(place(file, first.at), "first said here").help("keep the one that is meant"));
                continue;
            }
            routes.push((ending, self.route(on, file, route, None)));
        }
        let called = self.called_by(on, id)?;
        let said: Vec<&Word> = routes.iter().map(|(word, _)| *word).collect();
        unknown_endings(on, file, &called, &said);
        if !block.broken {
            endings_left_out(on, place(file, block.head()), &block.name, &called, &said);
        }
        let leads = |ending: &str| routes.iter().find(|(word, _)| word.text == ending).and_then(|(_, route)| *route);
        self.copy_called(id, place(file, block.head()), &block.name, &called, &leads)
    }

    /// What comes with a call, where that could be built.
    fn called_by(&self, on: &Builder<'_>, id: PlaceId) -> Option<Pathway> {
        on.pathways.get(self.calls.get(&id)?.pathway.index())?.clone()
    }

    /// Reads another pathway as a branch of a block: the branch is done when that ends as it says, and else it is not.
    pub(super) fn read_called_branch(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        (name, own): (&Word, &[Clause]),
        (block, id): (PlaceId, PlaceId),
    ) -> Option<PlaceKind> {
        let called = self.called_by(on, id)?;
        let here = place(file, name.at);
        let done =
            own.iter().find_map(|clause| if let ClauseKind::DoneIf(it) = &clause.kind { Some(it) } else { None });
        let Some(done) = done else {
            let message = format!("`{}` does not say when it is done", name.text);
            let some = endings(&called).next().map_or("ENDING", |it| it.name.as_str());
            on.findings.push(
                Finding::new(Kind::MissingClause, here, message)
                    .help(format!("write behind it `done if it ends in {some}`: in any other ending it is not done")),
            );
            return None;
        };
        let words: Vec<&Word> = done.iter().collect();
        unknown_endings(on, file, &called, &words);
        for (number, word) in words.iter().enumerate() {
            if words[..number].iter().any(|it| it.text == word.text) {
                on.findings.push(super::read_work::stands_twice(file, word));
            }
        }
        let ends = |draft: &mut Draft, done: bool| {
            let says = if done { "done" } else { "not done" };
            let ending = Ending {
                held_by: super::RoleId::PERSON,
                owed: Vec::new(),
                tell: Vec::new(),
                nothing_more: true,
                of_branch: Some(OfBranch { block, branch: id, done }),
            };
            let (name, title) = (Name::from(&format!("{}: {says}", name.text)), format!("It is {says}"));
            let id = draft.made(Place::new(name, title, here, PlaceKind::Ending(ending), [None; Exit::COUNT]));
            draft.add(Route { target: Target::Place(id), why: None, counted: None, at: here })
        };
        let (is_done, is_not) = (ends(self, true), ends(self, false));
        let leads = |ending: &str| Some(if done.iter().any(|it| it.text == ending) { is_done } else { is_not });
        self.copy_called(id, here, name, &called, &leads)
    }

    /// Copies what a call follows, and leads from each ending of that to where `leads` says.
    fn copy_called(
        &mut self,
        id: PlaceId,
        here: crate::diagnostic::Place,
        named: &Word,
        called: &Pathway,
        leads: &dyn Fn(&str) -> Option<RouteId>,
    ) -> Option<PlaceKind> {
        let first = self.calls.get(&id)?.first;
        let (route_at, counter_at) = (self.routes.len() as u32, self.counters.len() as u32);
        let place_id = |it: PlaceId| PlaceId(it.0 + first);
        let route_id = |it: RouteId| RouteId(it.0 + route_at);
        let ladders: Vec<LadderId> = called.ladders.iter().map(|it| self.ladder_named(&it.name, it.at)).collect();
        for it in &called.meetings {
            self.at_meeting(it.clone());
        }
        self.counters.extend(called.counters.iter().map(|it| Counter {
            name: Name::from(&format!("{}/{}", named.text, it.name)),
            limit: it.limit,
            with_call: true,
            at: it.at,
        }));
        self.routes.extend(called.routes.iter().map(|it| Route {
            target: match it.target {
                Target::Place(to) => Target::Place(place_id(to)),
                Target::Escalate(ladder) => Target::Escalate(ladders[ladder.index()]),
                other => other,
            },
            counted: it.counted.map(|(counter, then)| (CounterId(counter.0 + counter_at), route_id(then))),
            ..it.clone()
        }));
        for (number, it) in called.all_places() {
            let mut copy = it.clone();
            copy.name = Name::from(&format!("{}/{}", named.text, it.name));
            copy.with_call = Some(it.with_call.map_or(id, place_id));
            copy.lives = it.lives.map(|lives| lives.renumbered(place_id));
            copy.charge = it.charge.map(|charge| Charge { told_in: charge.told_in.map(place_id), ..charge });
            copy.exits = it.exits.map(|exit| exit.map(route_id));
            copy.kind = match copy.kind {
                PlaceKind::Ending(ending) if !ending.nothing_more => {
                    let Some(route) = leads(it.name.as_str()) else { continue };
                    let pass = Pass::Ends { ending: it.name.clone(), tell: ending.tell };
                    PlaceKind::Decide(passes(route, it.at, pass))
                }
                mut kind => {
                    kind.renumber(place_id, route_id);
                    if let PlaceKind::Decide(Decide { asks: Some(asks), .. }) = &mut kind {
                        asks.risk = Name::from(&format!("{}/{}", named.text, asks.risk));
                    }
                    kind
                }
            };
            self.places[place_id(number).index()] = Some(copy);
        }
        self.called_interrupts.extend(called.interrupts.iter().map(|it| {
            let along = |(route, counter): (RouteId, CounterId)| (route_id(route), CounterId(counter.0 + counter_at));
            Interrupt {
                name: Name::from(&format!("{}/{}", named.text, it.name)),
                with_call: Some(it.with_call.map_or(id, place_id)),
                route: along(it.route),
                then: it.then.map(along),
                kept_by: it.kept_by.iter().map(|place| place_id(*place)).collect(),
                ..it.clone()
            }
        }));
        self.called_risks.extend(called.risks.iter().map(|it| {
            let name = Name::from(&format!("{}/{}", named.text, it.name));
            it.renumbered(name, Some(it.with_call.map_or(id, place_id)), place_id)
        }));
        let start = Route { target: Target::Place(place_id(called.start)), why: None, counted: None, at: here };
        let start = self.add(start);
        let pass = Pass::Begins { pathway: called.name.clone(), title: called.title.clone() };
        Some(PlaceKind::Decide(passes(start, here, pass)))
    }
}

/// The endings of a pathway that is called, in order.
fn endings(called: &Pathway) -> impl Iterator<Item = &Place> {
    called.places.iter().filter(|it| matches!(&it.kind, PlaceKind::Ending(ending) if !ending.nothing_more))
}

/// Says which of these endings are none of what is called.
fn unknown_endings(on: &mut Builder<'_>, file: usize, called: &Pathway, said: &[&Word]) {
    for word in said.iter().filter(|word| endings(called).all(|it| it.name != word.text.as_str())) {
        let message = format!("`{}` does not end in `{}`", called.name, word.text);
        let finding = Finding::new(Kind::UnknownName, place(file, word.at), message);
        // What is said already was not meant here.
        let unsaid = endings(called).map(|it| it.name.as_str()).filter(|it| said.iter().all(|word| word.text != *it));
        let near = nearest(&word.text, unsaid);
        on.findings.push(match near.first() {
            Some(near) => {
                let finding = finding.help(format!("did you mean `{near}`?"));
                finding.suggest(place(file, word.at), near.to_string())
            }
            None => {
                let all: Vec<String> = endings(called).map(|it| format!("`{}`", it.name)).collect();
                finding.help(format!("it ends in {}", all.join(", ")))
            }
        });
    }
}

/// Says which endings of what is called lead nowhere.
fn endings_left_out(
    on: &mut Builder<'_>,
    here: crate::diagnostic::Place,
    name: &Word,
    called: &Pathway,
    said: &[&Word],
) {
    let missing: Vec<&Place> =
        endings(called).filter(|it| said.iter().all(|word| it.name != word.text.as_str())).collect();
    let Some(first) = missing.first() else { return };
    let names: Vec<String> = missing.iter().map(|it| format!("`{}`", it.name)).collect();
    let message = format!("`{}` does not say where to go if it ends in {}", name.text, names.join(", "));
    let mut finding = Finding::new(Kind::NoRoute, here, message)
        .help(format!("write `if it ends in {} -> STEP` for each of them", first.name));
    for it in missing.iter().take(3) {
        finding = finding.and(it.at, format!("one way in which `{}` ends", called.name));
    }
    on.findings.push(finding);
}

/// A decision that only passes on.
pub(super) fn passes(route: RouteId, at: crate::diagnostic::Place, pass: Pass) -> Decide {
    let condition = Condition { test: Test::ALWAYS, words: String::new(), at };
    Decide { has_none_of_these: true, passes: Some(pass), ..Decide::of(vec![Row { condition, route }]) }
}

impl PlaceKind {
    /// The same with other numbers for its places and routes.
    fn renumber(&mut self, place: impl Fn(PlaceId) -> PlaceId, route: impl Fn(RouteId) -> RouteId) {
        match self {
            PlaceKind::Step(step) => {
                step.then = step.then.map(&route);
                step.branch_of = step.branch_of.map(&place);
                step.within = step.within.renumbered(&place);
            }
            PlaceKind::Decide(decide) => {
                decide.rows.iter_mut().for_each(|row| row.route = route(row.route));
                decide.not_known = decide.not_known.map(&route);
                decide.only_when.iter_mut().for_each(|it| it.option = place(it.option));
                if let Some(asks) = &mut decide.asks {
                    (asks.accepted, asks.not_accepted) = (place(asks.accepted), place(asks.not_accepted));
                }
                if let Some(advice) = &mut decide.advice {
                    advice.by = place(advice.by);
                    advice.reasons.iter_mut().for_each(|it| it.option = place(it.option));
                    advice.agreed.iter_mut().for_each(|it| it.disagree = route(it.disagree));
                }
            }
            PlaceKind::Choose(choose) => choose.decision = place(choose.decision),
            PlaceKind::Together(block) => {
                block.branches.iter_mut().for_each(|branch| *branch = place(*branch));
                (block.otherwise, block.then) = (route(block.otherwise), route(block.then));
            }
            PlaceKind::Repeat(repeat) => {
                repeat.until.iter_mut().for_each(|(_, it)| *it = route(*it));
                repeat.after = route(repeat.after);
            }
            PlaceKind::HandOver(hand_over) => {
                (hand_over.declined, hand_over.then) = (route(hand_over.declined), route(hand_over.then));
                hand_over.on_condition = hand_over.on_condition.map(&route);
                hand_over.within = hand_over.within.renumbered(&place);
            }
            PlaceKind::Ending(ending) => {
                ending.owed.iter_mut().for_each(|owed| *owed = place(*owed));
                if let Some(of) = &mut ending.of_branch {
                    (of.block, of.branch) = (place(of.block), place(of.branch));
                }
            }
        }
    }
}

impl Pathway {
    /// The calls around a place, the innermost first.
    pub fn calls_around(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> {
        std::iter::successors(self.place(place).with_call, |call| self.place(*call).with_call)
    }

    /// How many calls stand in each other.
    pub fn depth_of_calls(&self) -> usize {
        let begins = self.all_places().filter(|(_, it)| matches!(it.kind.passes(), Some(Pass::Begins { .. })));
        begins.map(|(id, _)| 1 + self.calls_around(id).count()).max().unwrap_or(0)
    }

    /// The pathways it calls itself, not by way of others, by name.
    pub fn called(&self) -> impl Iterator<Item = &Name> {
        self.places.iter().filter(|it| it.with_call.is_none()).filter_map(|it| match it.kind.passes() {
            Some(Pass::Begins { pathway, .. }) => Some(pathway),
            _ => None,
        })
    }
}

impl PlaceKind {
    /// What it passes on, where it is a decision that only does that.
    pub fn passes(&self) -> Option<&Pass> {
        if let PlaceKind::Decide(decide) = self { decide.passes.as_ref() } else { None }
    }
}
