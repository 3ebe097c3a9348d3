//! Nobody goes past what is to happen at any time because nothing is open yet.

use super::people::Truths;
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Subject};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Interrupt, PlaceId, PlaceKind, Target};

/// What somebody goes past.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let interrupts = subject.program.pathway.interrupts.iter().enumerate();
    interrupts.filter_map(|(number, it)| passed_by(subject, number, it)).collect()
}

/// Whether somebody to whom it is to happen when the pathway begins, or the call or branch it comes with, goes straight
/// through to where it is in force no more: it happens where something is open (10.24). Whoever comes to where it leads has
/// gone as it asks, whichever way.
fn passed_by(subject: &Subject<'_>, number: usize, it: &Interrupt) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let leads_to = pathway.route(it.route.0).target;
    let asked = |at: PlaceId| leads_to == Target::Place(at);
    let over = |at: PlaceId| {
        let inside = it.with_call == Some(at) || pathway.in_force(it, at);
        !inside || matches!(pathway.place(at).kind, PlaceKind::Ending(_))
    };
    // At one moment the first happens; of what begins with it, the others are looked at for those to whom none before it
    // does.
    let first = |before: &&Interrupt| !it.as_well && !before.as_well && before.with_call == it.with_call;
    let before = pathway.interrupts.iter().take(number).filter(first);
    let mut wanted: Vec<_> = before.map(|before| (before.condition.test.clone(), Truths::NOT_YES)).collect();
    wanted.push((it.condition.test.clone(), Truths::YES));
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| {
            let on = subject.ways.is_decision(way.from) && !over(way.from) && !asked(way.from);
            on.then_some(())
        },
        goal: &|(): &(), at| over(at) && !asked(at),
        possible: &|moment| subject.possible_wanting(moment, &Person::new(), &[], &wanted),
    };
    let begins = it.with_call.unwrap_or(pathway.start);
    let (path, question) = match subject.ways.find_from(begins, &quest) {
        Path::None => return None,
        Path::Found(path) => (path, ""),
        Path::OutOfBudget => (Vec::new(), "it could not be decided whether "),
    };
    let last = path.last().map(|way| subject.ways.all[*way]);
    let name = |at: PlaceId| format!("`{}`", pathway.place(at).name);
    let first = name(pathway.begins_at(begins));
    let to = last.map_or_else(|| "where all of it is over".to_string(), |way| name(way.to));
    let message = format!(
        "{question}`{}` does not happen to somebody whom {first} leads straight to {to}: it happens only while something is \
         open",
        it.name
    );
    let kind = if question.is_empty() { Kind::PassedBy } else { Kind::Undecided };
    // A decision that comes with a call leads to places of that call only, and says nothing of what its caller waits for.
    let ways = path.iter().map(|way| subject.ways.all[*way].from);
    let mut decisions = [begins, pathway.begins_at(begins)].into_iter().chain(ways);
    let own =
        decisions.find(|at| pathway.place(*at).with_call == it.with_call && pathway.place(*at).kind.passes().is_none());
    let help = match (it.as_well, own) {
        (true, _) => format!(
            "begin with a step, or let a step come before {to}, so that something is open while what this leads to is done \
             alongside"
        ),
        (false, Some(own)) => {
            format!("let a row of {} ask the same, above the others, and lead where this leads", name(own))
        }
        (false, None) => format!(
            "begin with a decision before {}, of which a row asks the same and leads where this leads; or with a step",
            name(begins)
        ),
    };
    let finding = Finding::new(kind, it.at, message).help(help);
    let route = last.and_then(|way| way.route).map(|route| pathway.route(route).at);
    let finding = route.map_or(finding.clone(), |at| finding.and(at, "this way goes past it"));
    Some(Flaw::new(finding, Evidence::Static))
}
