//! What a role may choose: an option is one for somebody, nobody is left without any, and what others must agree to is
//! not taken by one alone.

use super::people::{Demand, People, Search, Truths};
use super::{Evidence, Flaw, Person, Subject, decisions, said};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Contact, Decide, Directory, OnlyWhen, Place, PlaceId, PlaceKind, RoleId, Row, Target, Test};
use std::collections::BTreeSet;

/// Options that nobody may be given, and people for whom there is none.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let people = People::new(subject.shared);
    let mut flaws = Vec::new();
    let places = subject.program.pathway.places.iter();
    let chosen_at: BTreeSet<PlaceId> = places
        .filter_map(|it| match &it.kind {
            PlaceKind::Choose(choose) => Some(choose.decision),
            _ => None,
        })
        .collect();
    for (id, place) in subject.program.pathway.all_places() {
        let PlaceKind::Decide(decide) = &place.kind else { continue };
        for reason in decide.advice.iter().flat_map(|advice| &advice.reasons) {
            decisions::condition(&reason.when, &people, subject.shared, &mut flaws);
        }
        if decide.asks.is_some() {
            // It may always be not accepted.
            flaws.extend(taken_alone(subject, place, decide));
            continue;
        }
        for only_when in &decide.only_when {
            never(subject, &people, place, only_when, &mut flaws);
        }
        flaws.extend(taken_alone(subject, place, decide));
        if chosen_at.contains(&id) {
            nothing_to_choose(subject, &people, place, decide, &mut flaws);
        }
    }
    flaws
}

/// An option whose condition nobody meets; and conditions that say the same of everybody.
fn never(subject: &Subject<'_>, people: &People<'_>, place: &Place, it: &OnlyWhen, flaws: &mut Vec<Flaw>) {
    let before = flaws.len();
    if decisions::condition(&it.condition, people, subject.shared, flaws) == Some(false) {
        flaws.truncate(before);
        let option = &subject.program.pathway.place(it.option).name;
        let message =
            format!("`{option}` may never be chosen at `{}`: nobody has `{}`", place.name, it.condition.words);
        let finding = Finding::new(Kind::NeverAnOption, it.condition.at, message)
            .help("say what was meant, or take the rows out that lead there");
        flaws.push(Flaw::new(finding, Evidence::Static));
    }
}

/// A decision that others must agree to, where these are all of one profession with who decides, or one contact fills
/// all of their roles. Of the person nobody says a profession, so where the person agrees nobody decides alone.
fn taken_alone(subject: &Subject<'_>, place: &Place, decide: &Decide) -> Option<Flaw> {
    let (advice, agreed) = (decide.advice.as_ref()?, decide.agreed()?);
    let decides = subject.program.pathway.place(advice.by).kind.owner()?;
    if agreed.by.contains(&RoleId::PERSON) || decides == RoleId::PERSON {
        return None;
    }
    let all: Vec<RoleId> = agreed.by.iter().copied().chain([decides]).collect();
    let profession = |role: &RoleId| subject.shared.roles.get(role.index())?.profession.clone();
    let first = profession(&decides);
    let one = first.filter(|first| all.iter().all(|role| profession(role).as_ref() == Some(first)));
    let contact = |directory: &Directory| {
        let fills = |it: &&Contact| all.iter().all(|role| it.fills.contains(role));
        directory.contacts.iter().find(fills).map(|it| it.name.clone())
    };
    let who = match (one, subject.directory.and_then(contact)) {
        (Some(profession), _) => format!("everybody who decides or agrees is of one profession, `{profession}`"),
        (None, Some(contact)) => format!("`{contact}` fills the roles of everybody who decides or agrees"),
        (None, None) => return None,
    };
    let message = format!("`{}` is to be agreed, and can be taken alone: {who}", place.name);
    let finding = Finding::new(Kind::TakenAlone, agreed.at, message)
        .help("name a role of another profession behind `agreed by`, filled by somebody else, or the person");
    Some(Flaw::new(finding, Evidence::Static))
}

/// Somebody for whom nothing may be chosen, however often each counted way was taken.
fn nothing_to_choose(
    subject: &Subject<'_>,
    people: &People<'_>,
    place: &Place,
    decide: &Decide,
    flaws: &mut Vec<Flaw>,
) {
    let pathway = &subject.program.pathway;
    // A row leads to one of these, by its count: it is open whatever the count just where all of them are.
    let all_open = |row: &Row| {
        let targets = pathway.route_chain(row.route).filter_map(|(_, route)| match route.target {
            Target::Place(option) => decide.only_when(option),
            _ => None,
        });
        Test::All(targets.map(|only_when| only_when.test.clone()).collect())
    };
    let rows: Vec<Test> = decide.rows.iter().map(all_open).collect();
    if rows.contains(&Test::ALWAYS) {
        return;
    }
    let demands: Vec<Demand<'_>> = rows.iter().map(|row| Demand::new(row, Truths::NOT_YES)).collect();
    let finding = match people.find(&demands, &|_| true) {
        Search::Nobody => return,
        Search::Found(person) => {
            let message = format!("nothing may be chosen at `{}` for {}", place.name, whom(&person, subject));
            let mut finding = Finding::new(Kind::NoOption, place.at, message).help(
                "let one option be free of `only when`: what is always possible, and safe while more is found out",
            );
            for it in decide.only_when.iter().take(4) {
                finding = finding.and(it.condition.at, "not a definite yes for them");
            }
            finding
        }
        Search::OutOfBudget => {
            let message =
                format!("it could not be settled whether something may be chosen at `{}` for everybody", place.name);
            Finding::new(Kind::Undecided, place.at, message).help("let one option be free of `only when`")
        }
    };
    flaws.push(Flaw::new(finding, Evidence::Static));
}

fn whom(person: &Person, subject: &Subject<'_>) -> String {
    let known = said::person(person, |fact| person.get(&fact).copied().flatten().is_some(), subject.shared);
    let not_known = said::person(person, |fact| person.get(&fact) == Some(&None), subject.shared);
    match (known.as_str(), not_known.as_str()) {
        ("", "") => "anybody".to_string(),
        ("", not_known) => format!("a person {not_known}"),
        (known, "") => format!("a person {known}"),
        (known, not_known) => format!("a person {known}, and {not_known}"),
    }
}
