//! What is to happen at any time does: its facts are kept known, or its authors say why nothing is done while they are
//! not; and nobody goes past it because nothing is open yet.

use super::people::Truths;
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, Interrupt, PlaceId, PlaceKind};

/// What nothing watches, and what somebody goes past.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let interrupts = subject.program.pathway.interrupts.iter();
    // Whether what comes with a call is kept known is looked at where it is written.
    let own = interrupts.clone().filter(|it| it.with_call.is_none());
    let unwatched = own.filter_map(|it| unwatched(subject, it));
    unwatched.chain(interrupts.filter_map(|it| passed_by(subject, it))).collect()
}

/// Whether somebody to whom it is to happen when the pathway, or the call it comes with, begins goes straight through to
/// where it is in force no more: it happens where something is open (10.24).
fn passed_by(subject: &Subject<'_>, it: &Interrupt) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    // What would jump out of a branch is said elsewhere.
    if it.in_branch.is_some() {
        return None;
    }
    let over = |at: PlaceId| {
        let inside = it.with_call == Some(at) || pathway.in_force(it, at);
        !inside || matches!(pathway.place(at).kind, PlaceKind::Ending(_))
    };
    let wanted = vec![(it.condition.test.clone(), Truths::YES)];
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| (subject.ways.is_decision(way.from) && !over(way.from)).then_some(()),
        goal: &|(): &(), at| over(at),
        possible: &|moment| subject.possible_wanting(moment, &Person::new(), &[], &wanted),
    };
    let begins = it.with_call.unwrap_or(pathway.start);
    let (last, question) = match subject.ways.find_from(begins, &quest) {
        Path::None => return None,
        Path::Found(path) => (path.last().map(|way| subject.ways.all[*way]), ""),
        Path::OutOfBudget => (None, "it could not be decided whether "),
    };
    let name = |at: PlaceId| format!("`{}`", pathway.place(at).name);
    let first = name(pathway.begins_at(begins));
    let to = last.map_or_else(|| "where all of it is over".to_string(), |way| name(way.to));
    let message = format!(
        "{question}`{}` does not happen to somebody whom {first} leads straight to {to}: it happens only while something is \
         open",
        it.name
    );
    let kind = if question.is_empty() { Kind::PassedBy } else { Kind::Undecided };
    let help = format!("let a row of {first} ask the same, above the others, and lead where this leads");
    let finding = Finding::new(kind, it.at, message).help(help);
    let route = last.and_then(|way| way.route).map(|route| pathway.route(route).at);
    let finding = route.map_or(finding.clone(), |at| finding.and(at, "this way goes past it"));
    Some(Flaw::new(finding, Evidence::Static))
}

fn unwatched(subject: &Subject<'_>, it: &Interrupt) -> Option<Flaw> {
    if it.nothing_yet.is_some() {
        return None;
    }
    let mut facts: Vec<FactId> = Vec::new();
    it.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    });
    // What is presumed is known without anybody finding it; but what was found otherwise may be good no longer.
    let known_anyway = |fact: &FactId| {
        let it = &subject.shared.facts[fact.index()];
        it.presumed.is_some() && it.good_for.is_none() && it.arbiter.is_none()
    };
    facts.retain(|fact| !known_anyway(fact));
    facts.retain(|fact| !it.kept_by.iter().any(|place| keeps(subject, *place, *fact)));
    let name = |fact: &FactId| format!("`{}`", subject.shared.facts[fact.index()].name);
    let names = listed(facts.iter().map(name));
    let first = facts.first()?;
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
        finding = finding.and(at, "this does not find all of it, or not as often as it stays good");
    }
    Some(Flaw::new(finding, Evidence::Static))
}

/// Whether a place finds a fact no less often than it stays good.
fn keeps(subject: &Subject<'_>, place: PlaceId, fact: FactId) -> bool {
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
