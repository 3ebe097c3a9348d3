//! What a pathway promises to everybody, each pattern by its own method (8.3).

use super::endings::{Undone, does, lasts, may_be_undone};
use super::longest::{Times, bound, longest, to_go};
use super::people::Truths;
use super::spread::Bits;
use super::ways::{Path, Quest, Way, WayId};
use super::{
    Evidence, Flaw, Person, Run, Shows, Subject, alongside, costs, going_past, information, undecided, wishes,
};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind};
use crate::model::{
    Condition, Exit, FactId, Interrupt, Pathway, PlaceId, PlaceKind, Promise, PromiseKind, Reached, RoleId, Since,
    Target,
};
use crate::workflow::Why;
use std::collections::BTreeSet;

/// Promises that are broken, or may be.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let promises = &subject.program.pathway.promises;
    let firsts: Vec<Undone> = promises.iter().filter_map(|promise| undone(subject, promise)).collect();
    let may_be = may_be_undone(subject, &firsts);
    // Of one thing before another it is mostly seen at once that it is kept.
    let look_at = |promise: &&Promise| undone(subject, promise).is_none_or(|it| may_be.contains(&it));
    promises
        .iter()
        .filter(look_at)
        .flat_map(|promise| match &promise.kind {
            PromiseKind::EndsWithin(within) => ends_within(subject, promise, *within).into_iter().collect(),
            PromiseKind::NotWithoutFirst { reached, first } => {
                not_without(subject, promise, *reached, *first).into_iter().collect()
            }
            PromiseKind::WhoeverHas { fact, reaches, within } => {
                whoever(subject, promise, Since::Fact(*fact), *reaches, *within).into_iter().collect()
            }
            PromiseKind::WhoeverReaches { from, reaches, within } => {
                whoever(subject, promise, Since::Place(*from), *reaches, *within).into_iter().collect()
            }
            PromiseKind::NeverTogether(one, other) => {
                never_together(subject, promise, *one, *other).into_iter().collect()
            }
            PromiseKind::NotAgainst { wish, able } => wishes::against(subject, promise, *wish, *able),
            PromiseKind::NotAskedTwice => not_asked_twice(subject, promise),
        })
        .collect::<Vec<Flaw>>()
}

fn name(subject: &Subject<'_>, place: PlaceId) -> String {
    subject.program.pathway.place(place).name.to_string()
}

pub(super) fn broken(promise: &Promise, why: String) -> Finding {
    Finding::new(Kind::PromiseBroken, promise.at, format!("`{}` is not kept: {why}", promise.words))
}

pub(super) fn not_decided(promise: &Promise, why: &str) -> Flaw {
    let finding = Finding::new(
        Kind::Undecided,
        promise.at,
        format!("whether `{}` is kept could not be decided: {why}", promise.words),
    );
    Flaw::new(finding, Evidence::Static)
}

fn ends_within(subject: &Subject<'_>, promise: &Promise, within: Length) -> Option<Flaw> {
    let Some(directory) = subject.directory else {
        return Some(not_decided(promise, "no directory says who answers in what time"));
    };
    let Some(longest) = longest(subject) else {
        let finding =
            broken(promise, "nothing counts how often one goes round, so there is no longest time".to_string())
                .help("write on one of the ways that go round how often it may be taken");
        return Some(takes_longer(finding, Vec::new(), within));
    };
    if longest.at_most <= within {
        return None;
    }
    let times = Times::new(subject.ways, directory);
    let most = costs::longest_waits(subject, &times, &longest.path, times.given_away(&|_| true));
    let finding = broken(promise, format!("a case may take {}{most}", longest.at_most))
        .help("shorten these times, lower the counts of the ways that go round, or promise what can be kept");
    let finding = costs::with_rounds(finding, subject, &times, &longest.path);
    Some(takes_longer(finding, longest.path, within))
}

fn takes_longer(finding: Finding, path: Vec<WayId>, than: Length) -> Flaw {
    let shows = Shows::TakesLonger { than };
    Flaw::new(finding, Evidence::Run(Run { path, known: Vec::new(), slowly: true, must_show: true, shows }))
}

/// What a promise that nobody reaches one place without another first says.
fn undone(subject: &Subject<'_>, promise: &Promise) -> Option<Undone> {
    match promise.kind {
        PromiseKind::NotWithoutFirst { reached, first } => {
            Some(Undone { reached: subject.program.pathway.opens_with(reached), first })
        }
        _ => None,
    }
}

/// A way to a place on which another was not done before.
pub(super) fn past(subject: &Subject<'_>, reached: PlaceId, first: PlaceId) -> Path {
    let opens = subject.program.pathway.opens_with(reached);
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| (!does(subject, first, way)).then_some(()),
        goal: &|(): &(), at| at == opens,
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    subject.ways.find(&quest)
}

fn not_without(subject: &Subject<'_>, promise: &Promise, reached: PlaceId, first: PlaceId) -> Option<Flaw> {
    let path = match past(subject, reached, first) {
        Path::None => return None,
        Path::OutOfBudget => {
            let opens = subject.program.pathway.opens_with(reached);
            return Some(undecided(subject, promise.at, "whether a promise is kept", opens));
        }
        Path::Found(path) => path,
    };
    let (reached_name, first_name) = (name(subject, reached), name(subject, first));
    let finding = broken(promise, format!("one can come to `{reached_name}` before `{first_name}` was done"))
        .help(format!("lead every way to `{reached_name}` through `{first_name}`, or take the promise back"));
    let finding = going_past(subject, finding, &path);
    let shows = Shows::NotDone { reached, first };
    let run = Run { path, known: Vec::new(), slowly: false, must_show: true, shows };
    Some(Flaw::new(finding, Evidence::Run(run)))
}

/// Whether somebody who goes along a way has reached it, having left the place it leads from.
fn reaches(subject: &Subject<'_>, what: Reached, way: &Way) -> bool {
    match what {
        Reached::Place(place) => opens(subject, way.to, place),
        Reached::Role(role) => answers(subject, role, way),
    }
}

/// Whether entering one place opens another: itself, or a branch of it, or where one begins that is a pathway of its own.
pub(super) fn opens(subject: &Subject<'_>, entered: PlaceId, place: PlaceId) -> bool {
    let pathway = &subject.program.pathway;
    let begins = |branch: &PlaceId| pathway.begins_at(*branch) == place;
    entered == place
        || matches!(&pathway.place(entered).kind, PlaceKind::Together(block) if block.branches.iter().any(begins))
}

/// Whether a role has answered when a way is taken: a step it leads was done, or it accepted a handover.
fn answers(subject: &Subject<'_>, role: RoleId, way: &Way) -> bool {
    let place = &subject.program.pathway.place(way.from).kind;
    let done = does(subject, way.from, way) && !way.escalated;
    match place {
        PlaceKind::HandOver(hand_over) => done && hand_over.to == role,
        _ => done && place.owner() == Some(role),
    }
}

/// The values of a fact that somebody has at a decision to whom something is promised: yes, or not known (any more), for
/// what a decision does not know it does not act against. What is presumed yes is never not known, unless it was recorded
/// not to be so. Of those who come to a place nothing is asked.
fn with_it(subject: &Subject<'_>, since: Since, moment: &[WayId]) -> bool {
    match since {
        Since::Place(_) => subject.possible(moment, &Person::new()),
        Since::Fact(fact) => {
            // But what is disputed is not known, whatever is presumed; nor is it known while it is not known to apply.
            let it = &subject.shared.facts[fact.index()];
            let presumed = it.presumed == Some(1) && it.arbiter.is_none() && it.applies.is_none();
            let values = if presumed { &[Some(1)][..] } else { &[Some(1), None] };
            values.iter().any(|value| subject.possible(moment, &Person::from([(fact, *value)])))
        }
    }
}

/// What is repeated until something is so that is so of nobody who has the fact: whoever goes on by that has it no more.
fn no_more(subject: &Subject<'_>, since: Since) -> BTreeSet<PlaceId> {
    let Since::Fact(fact) = since else { return BTreeSet::new() };
    let so_of_somebody = |until: &Condition| {
        let so = vec![(until.test.clone(), Truths::YES)];
        let has = |value: Option<i64>| subject.possible_wanting(&[], &Person::from([(fact, value)]), &[], &so);
        has(Some(1)) || has(None)
    };
    let repeated = subject.program.pathway.all_places().filter_map(|(id, place)| match &place.kind {
        PlaceKind::Repeat(repeat) => Some((id, &repeat.until.as_ref()?.0)),
        _ => None,
    });
    repeated.filter(|(_, until)| !so_of_somebody(until)).map(|(id, _)| id).collect()
}

/// Whether somebody who has a fact as the case opens is led by decisions only to an ending: nothing is open meanwhile from
/// which they could reach anything.
fn from_the_opening(subject: &Subject<'_>, promise: &Promise, fact: FactId, what: Reached) -> Option<Flaw> {
    let (pathway, ways) = (&subject.program.pathway, subject.ways);
    let it = &subject.shared.facts[fact.index()];
    // Another case may have found it, so that it is no longer good, or not known to apply.
    let may_be_unknown = it.presumed != Some(1) && it.good_for.is_some() || it.applies.is_some();
    let values = if may_be_unknown { &[Some(1), None][..] } else { &[Some(1)] };
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| (ways.is_decision(way.from) && !reaches(subject, what, way)).then_some(()),
        goal: &|(): &(), at| matches!(pathway.place(at).kind, PlaceKind::Ending(_)),
        possible: &|moment| values.iter().any(|value| subject.possible(moment, &Person::from([(fact, *value)]))),
    };
    let path = match ways.find(&quest) {
        Path::None => return None,
        Path::OutOfBudget => return Some(not_decided(promise, "there are too many ways to look at")),
        Path::Found(path) => path,
    };
    let goal_name = match what {
        Reached::Place(place) => name(subject, place),
        Reached::Role(role) => subject.shared.roles[role.index()].name.to_string(),
    };
    let who = format!("somebody whose `{}` is yes as the case opens", it.name);
    let first = pathway.place(pathway.opens_at());
    // What is not presumed a decision may look at once somebody has found it.
    let help = match it.presumed {
        Some(_) => format!("let `{}` look at `{}` as well, and lead to `{goal_name}`", first.name, it.name),
        None => format!(
            "let a step before `{}` find `{}`, and let that look at it as well and lead to `{goal_name}`",
            first.name, it.name
        ),
    };
    let finding = broken(promise, format!("{who} comes straight to an ending, and never reaches `{goal_name}`"))
        .and(first.at, "decides as the case opens")
        .help(format!("{help}; or take the promise back"));
    let finding = not_counted_on(subject, finding, Since::Fact(fact), what);
    let shows = Shows::NotReached { since: Since::Fact(fact), after: 0, what, within: None };
    let run = Run { path, known: vec![fact], slowly: false, must_show: true, shows };
    Some(Flaw::new(finding, Evidence::Run(run)))
}

fn whoever(subject: &Subject<'_>, promise: &Promise, since: Since, what: Reached, within: Length) -> Option<Flaw> {
    let (pathway, ways) = (&subject.program.pathway, subject.ways);
    if let Since::Fact(fact) = since
        && let Some(flaw) = from_the_opening(subject, promise, fact, what)
    {
        return Some(flaw);
    }
    // What happens in somebody's life takes them off the way: the promise is to those who stay on it.
    let life = |way: &Way| matches!(way.why, Why::Exit(exit) if Exit::LIFE.contains(&exit));
    let with_it = |moment: &[WayId]| with_it(subject, since, moment);
    // Where it is reached on the main road, what is done alongside makes no difference to that (11.7).
    let beside = |place: PlaceId| pathway.place(place).alongside.is_some();
    let on_the_main_road = !matches!(what, Reached::Place(place) if beside(place))
        && !matches!(since, Since::Place(from) if beside(pathway.stands_with(from)));
    // Nor does what is in a branch: the path through its block is theirs who are in it, too.
    let gone = no_more(subject, since);
    let leaves = |way: &Way| life(way) || way.why == Why::Until && gone.contains(&way.from);
    let forks = |way: &Way| way.why == Why::Branch || on_the_main_road && !beside(way.from) && beside(way.to);
    let starts_at = match since {
        Since::Place(from) => Some(pathway.stands_with(from)),
        Since::Fact(_) => None,
    };
    let goes = |way: WayId| {
        !forks(&ways.all[way]) && !leaves(&ways.all[way]) && (!ways.is_decision(ways.all[way].from) || with_it(&[way]))
    };
    let possible: Vec<bool> = (0..ways.all.len()).map(goes).collect();
    let goal_name = match what {
        Reached::Place(place) => name(subject, place),
        Reached::Role(role) => subject.shared.roles[role.index()].name.to_string(),
    };
    let mut worst: Option<PlaceId> = None;
    let Some(directory) = subject.directory else {
        return Some(not_decided(promise, "no directory says who answers in what time"));
    };
    let times = Times::new(ways, directory);
    let stops = |place: PlaceId| match what {
        Reached::Place(goal) => opens(subject, place, goal),
        Reached::Role(_) => false,
    };
    // A branch opens with its block: whoever is in the block when the promise begins may have left it behind them. Anybody
    // may record the fact at any moment.
    let may_be_over = |place: PlaceId| match (&pathway.place(place).kind, what) {
        (PlaceKind::Together(block), Reached::Place(goal)) if goal != place => {
            block.to_do() > 1 && !lasts(subject, goal)
        }
        _ => false,
    };
    let behind = |place: PlaceId| match since {
        // While X itself is open, it is reached (11.7).
        Since::Fact(_) => stops(place) && may_be_over(place),
        Since::Place(from) => {
            stops(place) && pathway.place(from).in_branch.is_some_and(|branch| pathway.begins_at(branch) != from)
        }
    };
    let mut of = times.seconds();
    pathway.all_places().filter(|(place, _)| stops(*place)).for_each(|(place, _)| of[place.index()] = 0);
    let time = |place: PlaceId| Length::from_seconds(of[place.index()]);
    let on = |number: WayId, way: &Way| possible[number] && !stops(way.from);
    let near = near(subject, starts_at, &|number, way| on(number, way) && !reaches(subject, what, way));
    let open = |number: WayId, way: &Way| on(number, way) && near[way.from.index()] && !reaches(subject, what, way);
    let ends = pathway.places.iter().map(|it| Bits::from(matches!(it.kind, PlaceKind::Ending(_)))).collect();
    let goes_past = |number: WayId, way: &Way| possible[number] && !reaches(subject, what, way);
    let past = ways.spread_back(ends, &|number, way, past| if goes_past(number, way) { past } else { 0 });
    for (place, it) in pathway.all_places() {
        let instant = matches!(it.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
        let elsewhere = starts_at.is_some_and(|from| from != place);
        let in_block = pathway.is_branch(place) || it.in_branch.is_some();
        if instant || elsewhere || in_block || (on_the_main_road && beside(place)) {
            continue;
        }
        if behind(place) && !matches!(subject.way_to(place), Path::None) {
            let why = format!("`{goal_name}` opens with `{}`, and may be over while one is still there", it.name);
            return Some(not_decided(promise, &why));
        }
        if stops(place) {
            continue;
        }
        // From most places nobody comes past it, and that is seen at once; it is enough to know that one comes to one of
        // them at all.
        if past[place.index()] == 0 && worst.is_some() {
            continue;
        }
        let before = match subject.way_to(place) {
            Path::Found(before) => before,
            Path::None => continue,
            Path::OutOfBudget => return Some(not_decided(promise, "there are too many ways to look at")),
        };
        if past[place.index()] == 0 {
            worst = Some(place);
            continue;
        }
        let quest = Quest {
            start: (),
            step: &|(): &(), way: &Way| (!forks(way) && !leaves(way) && !reaches(subject, what, way)).then_some(()),
            goal: &|(): &(), at| matches!(pathway.place(at).kind, PlaceKind::Ending(_)),
            possible: &with_it,
        };
        match ways.find_from(place, &quest) {
            Path::Found(after) => {
                let who = match since {
                    Since::Place(_) => format!("somebody who comes to `{}`", it.name),
                    Since::Fact(fact) => {
                        format!(
                            "somebody whose `{}` becomes yes in `{}`",
                            subject.shared.facts[fact.index()].name,
                            it.name
                        )
                    }
                };
                let finding = broken(promise, format!("{who} can come to an ending and never reach `{goal_name}`"))
                    .and(it.at, "where they are then")
                    .help(format!("lead every way from here to `{goal_name}`, or take the promise back"));
                let finding = not_counted_on(subject, finding, since, what);
                let at = before.len();
                let path: Vec<WayId> = before.into_iter().chain(after).collect();
                let shows = Shows::NotReached { since, after: at, what, within: None };
                let run = Run { path, known: Vec::new(), slowly: false, must_show: true, shows };
                return Some(Flaw::new(finding, Evidence::Run(run)));
            }
            Path::OutOfBudget => return Some(not_decided(promise, "there are too many ways to look at")),
            Path::None => worst = worst.or(Some(place)),
        }
    }
    let first = worst?;
    let Some(to_go) = to_go(ways, &time, &open) else {
        return Some(not_decided(promise, "nothing counts how often one goes round before"));
    };
    let prices: Vec<i64> = to_go.iter().map(|length| length.seconds()).collect();
    let open_ways =
        |number: WayId, way: &Way| near[way.from.index()] && (open(number, way) || reaches(subject, what, way));
    let Some(gains) = bound(ways, &of, &prices, &open_ways) else {
        return Some(not_decided(promise, "nothing counts how often one goes round before"));
    };
    let places = pathway.all_places().map(|(place, _)| place);
    let in_block = |place: PlaceId| pathway.is_branch(place) || pathway.place(place).in_branch.is_some();
    let standing = places.filter(|place| !ways.is_decision(*place) && !in_block(*place) && ways.leads_to(*place));
    let standing = standing.filter(|place| starts_at.is_none_or(|from| from == *place));
    let standing = standing.filter(|place| !(on_the_main_road && beside(*place)));
    let slowest = standing.max_by_key(|place| (prices[place.index()], std::cmp::Reverse(*place))).unwrap_or(first);
    // What is given to another elsewhere makes no difference to them.
    let given_away = times.given_away(&|place| near[place.index()] && !stops(place));
    let at_most = gains.plus(Length::from_seconds(prices[slowest.index()])).plus(given_away);
    if at_most <= within {
        return None;
    }
    let after = ways.slow_path(slowest, &of, &prices, &open_ways, &|way| reaches(subject, what, way));
    let most = costs::longest_waits(subject, &times, &after, given_away);
    let message = format!("from `{}` it may take {at_most} to reach `{goal_name}`{most}", name(subject, slowest));
    let finding = broken(promise, message).help("shorten the times on the way, or promise what can be kept");
    let finding = costs::with_rounds(finding, subject, &times, &after);
    let finding = not_counted_on(subject, finding, since, what);
    let Path::Found(before) = subject.way_to(slowest) else { return Some(not_decided(promise, "no way leads there")) };
    let at = before.len();
    let path = before.into_iter().chain(after).collect();
    let shows = Shows::NotReached { since, after: at, what, within: Some(within) };
    let run = Run { path, known: Vec::new(), slowly: true, must_show: true, shows };
    Some(Flaw::new(finding, Evidence::Run(run)))
}

/// Says of what happens at any time, of whoever has a fact, and leads straight to where they are promised to come, why
/// that keeps no promise: there are moments at which it does not happen (10.24), and people who have the fact then.
fn not_counted_on(subject: &Subject<'_>, finding: Finding, since: Since, what: Reached) -> Finding {
    let (Since::Fact(fact), pathway) = (since, &subject.program.pathway) else { return finding };
    let fact_name = &subject.shared.facts[fact.index()].name;
    let goes_there = |it: &&Interrupt| match pathway.route(it.route.0).target {
        Target::Place(to) => match what {
            Reached::Place(goal) => opens(subject, to, goal),
            Reached::Role(role) => pathway.place(to).kind.owner() == Some(role),
        },
        _ => false,
    };
    let mut own = pathway.interrupts.iter().filter(|it| it.with_call.is_none() && !it.as_well).filter(goes_there);
    let of_it = own.find(|it| {
        let mut looks_at = false;
        it.condition.test.facts(&subject.shared.scores, &mut |read| looks_at |= read == fact);
        looks_at
    });
    let Some(it) = of_it else { return finding };
    let why = format!(
        "this leads there when `{fact_name}` becomes yes, but no promise rests on it: it happens no more once it has happened \
         as often as it may, nor before `{fact_name}` was a no in between, nor when something else happens at that moment"
    );
    let help = format!("let the decisions on the way look at `{fact_name}` as well, and lead there");
    let help = finding.help.as_ref().map_or(help.clone(), |known| format!("{help}; or {known}"));
    finding.and(it.at, why).help(help)
}

fn never_together(subject: &Subject<'_>, promise: &Promise, one: PlaceId, other: PlaceId) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let block = match together(pathway, one, other) {
        Together::InBlock(block) => block,
        Together::OneAtATime => return None,
        Together::OnTwoRoads(first, second) => {
            let beside = pathway.place(first).alongside.is_some();
            let (main, stands, alongside) = if beside { (other, second, one) } else { (one, first, other) };
            return alongside::both_open(subject, promise, (main, stands), alongside);
        }
    };
    let (why, opens) = open_in(subject, block, one, other);
    let finding = broken(promise, why)
        .and(pathway.place(block).at, opens)
        .help("do the one after the other, or take the promise back");
    let apart = [one, other].into_iter().find(|place| pathway.place(*place).in_branch.is_some());
    match subject.way_to(apart.map_or(block, |place| pathway.opens_with(place))) {
        Path::Found(path) => {
            let shows = Shows::OpenTogether(one, other);
            let run = Run { path, known: Vec::new(), slowly: false, must_show: true, shows };
            Some(Flaw::new(finding, Evidence::Run(run)))
        }
        Path::None => None,
        Path::OutOfBudget => Some(undecided(subject, promise.at, "whether a promise is kept", block)),
    }
}

/// How two places come to be open at one time, because of a block, and what that opens.
fn open_in(subject: &Subject<'_>, block: PlaceId, one: PlaceId, other: PlaceId) -> (String, &'static str) {
    let [of, first, second] = [block, one, other].map(|place| name(subject, place));
    if [one, other].iter().all(|place| opens_in_turn(subject, block, *place)) {
        (format!("both are open as soon as `{of}` is"), "opens both")
    } else if one == block || other == block {
        let part = if one == block { second } else { first };
        (format!("`{part}` is part of `{of}`, which is still open then"), "opens the branch it is in")
    } else {
        (format!("they are in two branches of `{of}`, and may be open at one time"), "opens both branches")
    }
}

/// The same as [`opens`], and what that opens in its turn.
fn opens_in_turn(subject: &Subject<'_>, entered: PlaceId, place: PlaceId) -> bool {
    let pathway = &subject.program.pathway;
    let inner = |branch: &PlaceId| opens_in_turn(subject, pathway.begins_at(*branch), place);
    opens(subject, entered, place)
        || matches!(&pathway.place(entered).kind, PlaceKind::Together(block) if block.branches.iter().any(inner))
}

/// Where one can be on the way from where a promise begins, along ways that are open; anywhere, where that is no one place.
fn near(subject: &Subject<'_>, from: Option<PlaceId>, open: &dyn Fn(WayId, &Way) -> bool) -> Vec<bool> {
    let mut near = vec![from.is_none(); subject.program.pathway.places.len()];
    let mut next: Vec<PlaceId> = from.into_iter().collect();
    while let Some(at) = next.pop() {
        if !std::mem::replace(&mut near[at.index()], true) {
            next.extend(subject.ways.out_of(at).filter(|(number, way)| open(*number, way)).map(|(_, way)| way.to));
        }
    }
    near
}

/// The blocks around a place with the branch it is in, the outermost first.
fn blocks_around(pathway: &Pathway, place: PlaceId) -> Vec<(PlaceId, PlaceId)> {
    let branches = pathway.branches_around(place);
    let mut around: Vec<(PlaceId, PlaceId)> =
        branches.filter_map(|branch| Some((pathway.block_of(branch)?, branch))).collect();
    around.reverse();
    around.extend(pathway.place(place).kind.branch_of().map(|block| (block, place)));
    around
}

/// How two places may be open at one time.
enum Together {
    /// In one block: in two branches of it, or one of them is the block.
    InBlock(PlaceId),
    /// On one road, or as parts of what stands there one after the other.
    OneAtATime,
    /// On two roads, and what stands on them then: themselves, or the blocks they are part of.
    OnTwoRoads(PlaceId, PlaceId),
}

/// Where the ways of two places part: in a block; or, outside of all branches or in one branch, by what stands there, which
/// is one thing on each road.
fn together(pathway: &Pathway, one: PlaceId, other: PlaceId) -> Together {
    let (first, second) = (blocks_around(pathway, one), blocks_around(pathway, other));
    let same = first.iter().zip(&second).take_while(|(a, b)| a == b).count();
    let stands = |around: &[(PlaceId, PlaceId)], place| around.get(same).map_or(place, |(block, _)| *block);
    let (a, b) = (stands(&first, one), stands(&second, other));
    if a == b {
        Together::InBlock(a)
    } else if pathway.place(a).alongside == pathway.place(b).alongside {
        Together::OneAtATime
    } else {
        Together::OnTwoRoads(a, b)
    }
}

fn not_asked_twice(subject: &Subject<'_>, promise: &Promise) -> Vec<Flaw> {
    let twice = information::asked_twice(subject).into_iter();
    twice
        .map(|flaw| {
            if flaw.finding.kind == Kind::Undecided {
                return flaw;
            }
            // What is done side by side on two roads may ask at one moment; that nobody was seen doing so settles nothing.
            if flaw.evidence == Evidence::Static {
                let finding = not_decided(promise, &flaw.finding.message).finding;
                return Flaw::new(finding.and(flaw.finding.at.place, "asked for here"), Evidence::Static);
            }
            let finding = broken(promise, flaw.finding.message).and(flaw.finding.at.place, "asked for here");
            let evidence = match flaw.evidence {
                Evidence::Run(run) => Evidence::Run(Run { must_show: true, ..run }),
                other => other,
            };
            Flaw::new(Finding { help: flaw.finding.help, ..finding }, evidence)
        })
        .collect()
}
