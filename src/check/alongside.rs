//! Work alongside (4.7): what it and the main road may do to each other, beyond what is so of each road by itself.
//!
//! What is open on a road came there along a path: the main road, and where it was opened alongside, on from there. So
//! almost everything is proved of paths, and of each road alone. What is looked at here is what the *other* road may do
//! meanwhile: it may find something, it may hand over and leave something behind, it may ask for the same, and it is open
//! at the same time.

use super::flow::is_reached;
use super::handed_over::looked_at_by;
use super::information::{Facts, all_read, finds, names};
use super::promises::{broken, not_decided};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Run, Shows, Subject};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, PlaceId, PlaceKind, Promise};
use crate::workflow::{Node, Why};
use std::collections::BTreeMap;

/// Where something that takes time is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// On the main road.
    Main,
    /// Alongside.
    Beside,
}

/// What may be known by what is done alongside.
pub struct Beside {
    /// Whether nothing is ever done alongside.
    pub nothing: bool,
    /// What may be found, or decided by, alongside.
    pub found: Facts,
}

impl Beside {
    /// What may be known by what this pathway does alongside.
    pub fn of(subject: &Subject<'_>) -> Beside {
        let pathway = &subject.program.pathway;
        let nothing = pathway.places.iter().all(|place| place.alongside.is_none());
        let mut found = Facts::new();
        for (id, place) in pathway.all_places().filter(|(_, place)| place.alongside.is_some()) {
            found.extend(finds(subject, id));
            if let PlaceKind::Decide(decide) = &place.kind {
                for row in &decide.rows {
                    let presumed = |fact: FactId| subject.shared.facts[fact.index()].presumed.is_some();
                    row.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
                        if !presumed(fact) {
                            found.insert(fact);
                        }
                    });
                }
            }
        }
        for way in subject.ways.all.iter().filter(|way| opens(subject, way)) {
            found.extend(looked_at_by(subject, way));
        }
        Beside { nothing, found }
    }

    /// On which road something is open at a place; nothing where one passes in a moment, or nothing is done alongside.
    pub fn roads(&self, subject: &Subject<'_>, place: PlaceId) -> Option<Road> {
        let it = subject.program.pathway.place(place);
        let instant = matches!(it.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
        match it.alongside {
            _ if instant || self.nothing => None,
            None => Some(Road::Main),
            Some(_) => Some(Road::Beside),
        }
    }

    /// What handovers may leave behind that a decision looks at: each to which the graph leads, and all it does not carry.
    pub fn may_be_left_behind(&self, subject: &Subject<'_>) -> BTreeMap<PlaceId, Facts> {
        let read = all_read(subject);
        let is_reached = is_reached(subject.program);
        let places = subject.program.pathway.all_places().filter(|(id, _)| is_reached(Node::Place(*id)));
        let behind = places.filter_map(|(id, place)| match &place.kind {
            PlaceKind::HandOver(hand_over) => {
                Some((id, hand_over.leaves_behind(subject.shared).filter(|fact| read.contains(fact)).collect()))
            }
            _ => None,
        });
        behind.collect()
    }
}

/// Whether a way opens something alongside.
fn opens(subject: &Subject<'_>, way: &Way) -> bool {
    match way.why {
        Why::AtAnyTime(number) => subject.program.pathway.interrupts.get(number as usize).is_some_and(|it| it.as_well),
        _ => false,
    }
}

/// Steps on two roads that ask for the same: both may be open at one time.
pub fn asked_on_two_roads(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    if pathway.places.iter().all(|place| place.alongside.is_none()) {
        return Vec::new();
    }
    let is_reached = is_reached(subject.program);
    let asks = |id: PlaceId| match pathway.place(id).kind {
        // What its branches find is theirs.
        PlaceKind::Together(_) => Facts::new(),
        _ if pathway.begins_a_branch(id) => Facts::new(),
        _ => finds(subject, id),
    };
    let all: Vec<(PlaceId, Facts)> = pathway
        .all_places()
        .filter(|(id, _)| is_reached(Node::Place(*id)))
        .map(|(id, _)| (id, asks(id)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let repeats = |id: PlaceId| matches!(pathway.place(id).kind, PlaceKind::Repeat(_));
    let mut flaws = Vec::new();
    for (number, (one, first)) in all.iter().enumerate() {
        for (other, second) in &all[number + 1..] {
            let both: Vec<FactId> = first.intersection(second).copied().collect();
            // What is repeated has until a round is due, so it asks nobody at once.
            let apart = pathway.place(*one).alongside == pathway.place(*other).alongside;
            if apart || both.is_empty() || (repeats(*one) && repeats(*other)) {
                continue;
            }
            let (main, beside) = if pathway.place(*one).alongside.is_none() { (*one, *other) } else { (*other, *one) };
            let (a, b) = (pathway.place(main), pathway.place(beside));
            let message = format!(
                "`{}` is done alongside, and may ask for {} while `{}` does",
                b.name,
                names(subject, both.iter().copied()),
                a.name
            );
            let help = format!(
                "let one of them find it, and take it out of what the other finds: `{}` or `{}`",
                a.name, b.name
            );
            let finding = Finding::new(Kind::AskedTwice, b.at, message).and(a.at, "asks for it too").help(help);
            let evidence = match while_it_stands(subject, pathway.stands_with(main), beside) {
                Path::Found(path) => {
                    let shows = Shows::AskedSideBySide { block: pathway.opens_with(beside), facts: both };
                    Evidence::run(path, Vec::new(), shows)
                }
                // They may still, where each is come to by itself.
                Path::None | Path::OutOfBudget => Evidence::Static,
            };
            flaws.push(Flaw::new(finding, evidence));
        }
    }
    flaws
}

/// A path to what is done alongside, opened while something else stands.
fn while_it_stands(subject: &Subject<'_>, stands: PlaceId, beside: PlaceId) -> Path {
    let comes_to = subject.program.pathway.opens_with(beside);
    subject.ways.find(&Quest {
        start: false,
        step: &|opened: &bool, way: &Way| match (opened, opens(subject, way)) {
            (false, true) if way.from == stands => Some(true),
            (_, true) => None,
            (opened, false) => Some(*opened),
        },
        goal: &|opened: &bool, at| *opened && at == comes_to,
        possible: &|moment| subject.possible(moment, &Person::new()),
    })
}

/// Whether a promise that two places are never open at one time is broken because they are on two roads: one of them is
/// opened alongside while the other stands, by itself or with its block, or nobody can come to one of them at all.
pub fn both_open(
    subject: &Subject<'_>,
    promise: &Promise,
    (main, stands): (PlaceId, PlaceId),
    beside: PlaceId,
) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let is_reached = is_reached(subject.program);
    if [main, beside].iter().any(|place| !is_reached(Node::Place(*place))) {
        return None;
    }
    let said = format!(
        "`{}` is done alongside, and `{}` may be open then",
        pathway.place(beside).name,
        pathway.place(main).name
    );
    match while_it_stands(subject, stands, beside) {
        Path::Found(path) => {
            let finding = broken(promise, said)
                .and(pathway.place(beside).at, "is opened alongside")
                .help("do both on the main road, one after the other, or take the promise back");
            let shows = Shows::OpenTogether(main, beside);
            let run = Run { path, known: Vec::new(), slowly: false, must_show: true, shows };
            Some(Flaw::new(finding, Evidence::Run(run)))
        }
        // They may still be, where each is come to by itself.
        Path::None | Path::OutOfBudget => Some(not_decided(promise, &said)),
    }
}
