//! What is to happen at any time does: its facts are kept known, or its authors say why nothing is done while they are not.

use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, Interrupt, PlaceId, PlaceKind};

/// What nothing watches.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    // What comes with a call is looked at where it is written.
    let own = subject.program.pathway.interrupts.iter().filter(|it| it.with_call.is_none());
    own.filter_map(|it| unwatched(subject, it)).collect()
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
