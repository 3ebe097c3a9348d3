//! What people are told: before the person pays for anything, and those whom the person lets be told (1.6).

use super::promises::past;
use super::ways::Path;
use super::{Evidence, Flaw, Shows, Subject, going_past, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Charge, FactId, Message, Place, PlaceId, PlaceKind, RoleId};
use std::collections::BTreeSet;

/// Who is not told what they should be told.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let charged = pathway.all_places().filter_map(|(id, place)| person_not_told(subject, id, place, place.charge?));
    charged.chain(never_told(subject)).collect()
}

/// Whether one comes to something that the person may have to pay for, and was not told so before.
fn person_not_told(subject: &Subject<'_>, id: PlaceId, place: &Place, charge: Charge) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let finding = |at, why: String| {
        let message = format!("the person may have to pay for `{}`, and {why}", place.name);
        Finding::new(Kind::PersonNotTold, at, message)
    };
    let Some(told_in) = charge.told_in else {
        let help = "write `chargeable told in STEP`, and let that step come before and `tell person \"…\"`";
        return Some(Flaw::new(
            finding(charge.at, "nothing says where they are told so".into()).help(help),
            Evidence::Static,
        ));
    };
    let told = pathway.place(told_in);
    let to_the_person = |message: &Message| message.to == RoleId::PERSON && message.agreed.is_none();
    if !told.kind.tell().iter().any(to_the_person) {
        let why = format!("`{}` tells the person nothing", told.name);
        let help = format!("write `tell person \"…\"` in `{}`, with what it may cost them", told.name);
        let finding = finding(charge.at, why).and(told.at, "they should be told here").help(help);
        return Some(Flaw::new(finding, Evidence::Static));
    }
    let path = match past(subject, id, told_in) {
        Path::None => return None,
        Path::OutOfBudget => {
            return Some(undecided(subject, charge.at, "whether the person is told before they pay", id));
        }
        Path::Found(path) => path,
    };
    let why = format!("one can come to it before `{}` was done", told.name);
    let help = format!("lead every way to `{}` through `{}`", place.name, told.name);
    let finding = finding(charge.at, why).and(told.at, "here the person is told").help(help);
    let finding = going_past(subject, finding, &path);
    let shows = Shows::NotDone { reached: id, first: told_in };
    Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
}

/// Who is never told, because nobody asks the person whether they agree.
fn never_told<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = Flaw> + 's {
    let pathway = &subject.program.pathway;
    let asked: BTreeSet<FactId> = pathway.places.iter().flat_map(|place| place.kind.finds().iter().copied()).collect();
    let missing = |place: &Place| matches!(&place.kind, PlaceKind::Step(step) if step.finds_missing);
    let read_by_decisions = pathway.places.iter().any(missing);
    // What comes with a call is looked at where it is written.
    let own = pathway.places.iter().filter(|place| place.with_call.is_none());
    own.flat_map(|place| place.kind.tell().iter().map(move |message| (place, message))).filter_map(
        move |(place, message)| {
            let fact = message.agreed.filter(|fact| !asked.contains(fact))?;
            let declared = &subject.shared.facts[fact.index()];
            if declared.presumed.is_some() || (read_by_decisions && reads(subject, fact)) {
                return None;
            }
            let who = &subject.shared.roles[message.to.index()].name;
            let message = format!(
                "nobody asks for `{}` on this pathway, so `{who}` is told only if it was known before",
                declared.name
            );
            let help = format!("let a step before find it: `finds {}`", declared.name);
            let finding =
                Finding::new(Kind::NeverTold, place.at, message).and(declared.at, "the person agrees to it here");
            Some(Flaw::new(finding.help(help), Evidence::Static))
        },
    )
}

/// Whether a decision reads a fact, so that a step that finds what is missing may find it.
fn reads(subject: &Subject<'_>, fact: FactId) -> bool {
    subject.program.pathway.places.iter().any(|place| {
        let PlaceKind::Decide(decide) = &place.kind else { return false };
        let mut found = false;
        for row in &decide.rows {
            row.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |it| found |= it == fact);
        }
        found
    })
}
