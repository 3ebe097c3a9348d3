//! What is to be started before a crisis is watched for: while it is not known whether somebody is meant, somebody is asked,
//! or its authors say why nobody is; and those who start and are asked are there.

use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Anticipation, FactId, RoleId, WhileUnknown};

/// What is wrong with what starts this pathway.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let starts = |it: &&Anticipation| it.pathway == subject.program.pathway.name;
    let all = subject.shared.anticipations.iter().filter(starts);
    all.flat_map(|it| unwatched(subject, it).into_iter().chain(not_there(subject, it))).collect()
}

/// Outside a case nobody keeps anything known: what is not known is asked for, or it is said why not.
fn unwatched(subject: &Subject<'_>, it: &Anticipation) -> Option<Flaw> {
    if it.unknown.is_some() {
        return None;
    }
    let mut facts: Vec<FactId> = Vec::new();
    it.when.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
        let of = &subject.shared.facts[fact.index()];
        let known_anyway = of.presumed.is_some() && of.good_for.is_none() && of.arbiter.is_none();
        if !known_anyway && !facts.contains(&fact) {
            facts.push(fact);
        }
    });
    let first = facts.first()?;
    let names = listed(facts.iter().map(|fact| format!("`{}`", subject.shared.facts[fact.index()].name)));
    let message = format!("`{}` waits for {names}, and nobody is asked while that is not known", it.name);
    let help = "write `if we do not know yet -> ask ROLE within 30 days`, or `-> nothing, because \"…\"`";
    let finding = Finding::new(Kind::Unwatched, it.at, message).help(help);
    Some(Flaw::new(finding.and(subject.shared.facts[first.index()].at, "it waits for this"), Evidence::Static))
}

/// Whom the directory does not have.
fn not_there(subject: &Subject<'_>, it: &Anticipation) -> Vec<Flaw> {
    let Some(directory) = subject.directory else { return Vec::new() };
    let asked = if let Some(WhileUnknown::Ask { role, .. }) = &it.unknown { Some(*role) } else { None };
    let mut roles: Vec<RoleId> = [it.led_by].into_iter().chain(it.within.role()).chain(asked).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut flaws: Vec<Flaw> = Vec::new();
    for role in roles.into_iter().filter(|role| !directory.fills(*role)) {
        let name = &subject.shared.roles[role.index()].name;
        let message = format!("nobody in `{}` fills `{name}`, who is needed in `{}`", directory.name, it.name);
        let help = format!("give a contact of that directory `fills {name}`");
        flaws.push(Flaw::new(Finding::new(Kind::NobodyAnswers, it.at, message).help(help), Evidence::Static));
    }
    if it.within.meeting().is_some_and(|id| directory.meeting(id).is_none()) {
        let message = format!("`{}` holds no such meeting as `{}` is to be started at", directory.name, it.name);
        flaws.push(Flaw::new(Finding::new(Kind::MeetingNotHeld, it.at, message), Evidence::Static));
    }
    flaws
}
