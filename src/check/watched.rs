//! What is to happen at any time waits for facts that are kept known, or its authors say why nothing is done while they are
//! not.

use super::flow::is_reached;
use super::handed_over::{looked_at_by, may_have_found, surely_finds, surely_found};
use super::information::{finds, names, somebody_may_find};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Subject, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Exit, FactId, Interrupt, PlaceId, PlaceKind, Step};
use crate::workflow::{Node, Why};

/// What nothing watches: what comes with a call, too.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let mut waiting = subject.program.pathway.interrupts.iter().filter(|it| it.nothing_yet.is_none()).peekable();
    if waiting.peek().is_none() {
        return Vec::new();
    }
    let is_reached = is_reached(subject.program);
    // A branch is come to with its block.
    let is_come_to = |place: PlaceId| is_reached(Node::Place(subject.program.pathway.opens_with(place)));
    let looking = Looking { subject, is_come_to: &is_come_to };
    waiting.flat_map(|it| unwatched(&looking, it)).collect()
}

/// What is looked at, and whether the graph leads to a place.
struct Looking<'l> {
    subject: &'l Subject<'l>,
    is_come_to: &'l dyn Fn(PlaceId) -> bool,
}

/// What its condition reads, each fact once.
fn reads(subject: &Subject<'_>, it: &Interrupt) -> Vec<FactId> {
    let mut facts: Vec<FactId> = Vec::new();
    it.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    });
    facts
}

fn unwatched(looking: &Looking<'_>, it: &Interrupt) -> Vec<Flaw> {
    let facts = reads(looking.subject, it);
    let kept =
        |fact: &FactId| known_anyway(looking.subject, *fact) || it.kept_by.iter().any(|at| keeps(looking, *at, *fact));
    let (kept, lacking): (Vec<FactId>, Vec<FactId>) = facts.into_iter().partition(kept);
    let never = not_kept(looking, it, &lacking);
    never.into_iter().chain(kept.into_iter().filter_map(|fact| left_behind(looking, it, fact))).collect()
}

/// What is presumed is known without anybody finding it; but what was found otherwise may be good no longer.
fn known_anyway(subject: &Subject<'_>, fact: FactId) -> bool {
    let it = &subject.shared.facts[fact.index()];
    it.presumed.is_some() && it.good_for.is_none() && it.arbiter.is_none()
}

/// Says what nothing keeps known.
fn not_kept(looking: &Looking<'_>, it: &Interrupt, facts: &[FactId]) -> Option<Flaw> {
    let subject = looking.subject;
    let first = facts.first()?;
    let names = names(subject, facts.iter().copied());
    let (message, help) = match it.whom_for {
        true => (
            format!("whether the pathway is for this person hangs on {names}, and nothing on it keeps that known"),
            "let a step find it, and a `repeat` what is good only for a while; or say `if we do not know yet -> nothing, \
             because \"…\"`",
        ),
        false => (
            format!("`{}` waits for {names}, and nothing keeps that known", it.name),
            "write `kept known by` and a step that finds it as often as it needs to be found again; or say `if we do not \
             know yet -> nothing, because \"…\"`",
        ),
    };
    let mut finding = Finding::new(Kind::Unwatched, it.at, message).help(help);
    finding = finding.and(subject.shared.facts[first.index()].at, "it waits for this");
    for place in &it.kept_by {
        let at = subject.program.pathway.place(*place).at;
        let lacks = facts.iter().find(|fact| finds_often_enough(subject, *place, **fact));
        let why = match lacks {
            Some(_) if !(looking.is_come_to)(*place) => "nothing leads here",
            Some(_) => "whoever does this may not find it",
            None => "this does not find all of it, or not as often as it stays good",
        };
        finding = finding.and(at, why);
    }
    Some(Flaw::new(finding, Evidence::Static))
}

/// Whether somebody comes to a place who may find a fact there, no less often than it stays good.
fn keeps(looking: &Looking<'_>, place: PlaceId, fact: FactId) -> bool {
    let subject = looking.subject;
    finds_often_enough(subject, place, fact) && somebody_may_find(subject, place, fact) && (looking.is_come_to)(place)
}

/// Whether a place finds a fact no less often than it stays good.
fn finds_often_enough(subject: &Subject<'_>, place: PlaceId, fact: FactId) -> bool {
    let it = &subject.program.pathway.place(place).kind;
    // What two can find to be different things is not known while they do, however often it is found.
    if subject.shared.facts[fact.index()].arbiter.is_some() {
        return false;
    }
    let good_for = subject.shared.facts[fact.index()].good_for;
    let often = match it {
        PlaceKind::Repeat(repeat) => good_for.is_none_or(|good_for| repeat.every <= good_for),
        _ => good_for.is_none(),
    };
    often && it.finds().contains(&fact)
}

/// What became of a fact on a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// Nobody found it yet.
    Open,
    /// Somebody may have found it.
    Found,
    /// A handover has left it behind, and nobody has found it since.
    LeftBehind,
}

/// Whether a handover leaves behind what was found, and something that does not find it again is open then while it is in
/// force.
fn left_behind(looking: &Looking<'_>, it: &Interrupt, fact: FactId) -> Option<Flaw> {
    let Looking { subject, is_come_to } = *looking;
    let pathway = &subject.program.pathway;
    let leaves = |at: PlaceId| match &pathway.place(at).kind {
        PlaceKind::HandOver(hand_over) => hand_over.leaves_behind(subject.shared).any(|behind| behind == fact),
        _ => false,
    };
    let places = || pathway.all_places().map(|(id, _)| id);
    let handovers: Vec<PlaceId> = places().filter(|at| leaves(*at) && is_come_to(*at)).collect();
    let first = *handovers.first()?;
    let stays = |at: PlaceId| {
        let instant = matches!(pathway.place(at).kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
        !instant && pathway.in_force(it, at) && !finds_again(looking, it, at, fact)
    };
    let found_at = |at: PlaceId| is_come_to(at) && finds(subject, at).contains(&fact);
    if it.road.is_some() {
        // Alongside, every handover may be accepted at any moment.
        let somewhere = places().find(|at| stays(*at) && is_come_to(*at))?;
        return places().any(found_at).then(|| says_left(subject, it, fact, first, somewhere));
    }
    // What is found alongside may be found before anything else is.
    let beside = places().any(|at| pathway.place(at).alongside.is_some() && found_at(at));
    let number = pathway.interrupts.iter().position(|other| other.name == it.name);
    let happens_no_more = |way: &Way| {
        let once = it.then.is_none() && pathway.counters[it.route.1.index()].limit <= 1;
        let itself = matches!(way.why, Why::AtAnyTime(other) if Some(other as usize) == number);
        // Nothing interrupts after a death.
        way.why == Why::Exit(Exit::Died) || itself && once
    };
    let quest = Quest {
        start: (if beside { Fate::Found } else { Fate::Open }, None),
        step: &|(fate, by): &(Fate, Option<PlaceId>), way: &Way| {
            let goes = !happens_no_more(way);
            goes.then(|| match fate {
                Fate::Found if leaves(way.from) && subject.ways.hands_over(way) => (Fate::LeftBehind, Some(way.from)),
                _ if again_on(looking, it, way, fact) => (Fate::Found, None),
                Fate::Open if may_have_found(subject, way) && finds(subject, way.from).contains(&fact) => {
                    (Fate::Found, None)
                }
                // What it waited for somebody has said.
                Fate::Open if looked_at_by(subject, way).contains(&fact) => (Fate::Found, None),
                _ => (*fate, *by),
            })
        },
        goal: &|(fate, _): &(Fate, Option<PlaceId>), at| *fate == Fate::LeftBehind && stays(at),
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    match subject.ways.find(&quest) {
        Path::None => None,
        Path::OutOfBudget => Some(undecided(subject, it.at, "whether what it waits for is kept known", first)),
        Path::Found(path) => {
            let mut ways = path.iter().rev().map(|way| &subject.ways.all[*way]);
            let by = ways.find(|way| leaves(way.from) && subject.ways.hands_over(way)).map_or(first, |way| way.from);
            let at = path.last().map_or(by, |way| subject.ways.all[*way].to);
            Some(says_left(subject, it, fact, by, at))
        }
    }
}

fn says_left(subject: &Subject<'_>, it: &Interrupt, fact: FactId, by: PlaceId, at: PlaceId) -> Flaw {
    let pathway = &subject.program.pathway;
    let names = names(subject, [fact]);
    let over = &pathway.place(by).name;
    let waits = match it.whom_for {
        true => format!("whether the pathway is for this person hangs on {names}"),
        false => format!("`{}` waits for {names}", it.name),
    };
    let open = &pathway.place(at).name;
    let message = format!("{waits}, and `{over}` does not carry that: it is not kept known while `{open}` is open");
    let finding = Finding::new(Kind::Unwatched, it.at, message).and(pathway.place(by).at, "leaves it behind").help(
        "put it in the list behind `carrying`; or let whatever comes right after the handover find it again; or say \
             `if we do not know yet -> nothing, because \"…\"`",
    );
    Flaw::new(finding, Evidence::Static)
}

/// Whether a place, or a branch of it, finds a fact again, for good or as often as it stays good.
fn finds_again(looking: &Looking<'_>, it: &Interrupt, at: PlaceId, fact: FactId) -> bool {
    let subject = looking.subject;
    match &subject.program.pathway.place(at).kind {
        PlaceKind::Together(block) => block.branches.iter().any(|branch| finds_again(looking, it, *branch, fact)),
        _ if subject.shared.facts[fact.index()].good_for.is_some() => {
            it.kept_by.contains(&at) && keeps(looking, at, fact)
        }
        _ => finds(subject, at).contains(&fact) && all_may_find(subject, at, fact),
    }
}

/// Whether a fact was surely found again when a way is taken.
fn again_on(looking: &Looking<'_>, it: &Interrupt, way: &Way, fact: FactId) -> bool {
    let subject = looking.subject;
    let sure = surely_found(subject, way) && surely_finds(subject, way.from).contains(&fact);
    sure && finds_again(looking, it, way.from, fact) && all_may_find(subject, way.from, fact)
}

/// Whether whoever finds a fact at a place, and in its branches, may find it.
fn all_may_find(subject: &Subject<'_>, at: PlaceId, fact: FactId) -> bool {
    let pathway = &subject.program.pathway;
    match &pathway.place(at).kind {
        PlaceKind::Together(block) => {
            let mut finding = block.branches.iter().filter(|branch| finds(subject, **branch).contains(&fact));
            finding.all(|branch| all_may_find(subject, *branch, fact))
        }
        _ if pathway.begins_a_branch(at) => {
            let inside = pathway.all_places().filter(|(id, place)| {
                let work = matches!(place.kind, PlaceKind::Step(Step { .. }) | PlaceKind::Repeat(_));
                work && pathway.is_in_branch(*id, at) && finds(subject, *id).contains(&fact)
            });
            inside.into_iter().all(|(id, _)| somebody_may_find(subject, id, fact))
        }
        _ => somebody_may_find(subject, at, fact),
    }
}
