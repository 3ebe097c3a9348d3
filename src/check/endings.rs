//! A closed case names who holds the person, and that holder has accepted; and what is owed was done before.

use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Shows, Subject, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Place, PlaceId, PlaceKind, RoleId};
use crate::workflow::Why;

/// Endings nobody accepted, and endings that come too soon.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (id, place) in subject.program.pathway.all_places() {
        if let PlaceKind::Ending(ending) = &place.kind {
            flaws.extend(unheld(subject, id, place, ending.held_by));
            for owed in &ending.owed {
                flaws.extend(still_owed(subject, id, place, *owed));
            }
        }
    }
    flaws
}

/// Who accepted the person last.
type Holder = Option<RoleId>;

/// Who holds the person after a way.
pub fn held(subject: &Subject<'_>, holder: Holder, way: &Way) -> Holder {
    match (&subject.program.pathway.place(way.from).kind, way.why) {
        (PlaceKind::HandOver(hand_over), Why::Done | Why::OnCondition) => Some(hand_over.to),
        _ => holder,
    }
}

fn unheld(subject: &Subject<'_>, id: PlaceId, place: &Place, held_by: RoleId) -> Option<Flaw> {
    if held_by == RoleId::PERSON {
        return None;
    }
    let quest = Quest {
        start: None,
        step: &|holder: &Holder, way: &Way| Some(held(subject, *holder, way)),
        goal: &|holder: &Holder, at| at == id && *holder != Some(held_by),
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    let path = match subject.ways.find(&quest) {
        Path::None => return None,
        Path::OutOfBudget => {
            return Some(undecided(subject, place.at, "whether whoever holds the person has accepted", id));
        }
        Path::Found(path) => path,
    };
    let role = |role: RoleId| &subject.shared.roles[role.index()].name;
    let last = path.iter().fold(None, |holder, way| held(subject, holder, &subject.ways.all[*way]));
    let when = last.map_or("before they have accepted".to_string(), |last| {
        format!("when `{}` was the last to accept", role(last))
    });
    let message =
        format!("`{}` says that `{}` holds the person, and one can come here {when}", place.name, role(held_by));
    let mut finding = Finding::new(Kind::UnheldEnding, place.at, message).help(format!(
        "ask `{}` to take the person on: before this ending, on every way to it, `hand over … to {}`, and when they \
             decline, lead to another ending; write `held by person` only where from then on nobody else has to do \
             anything",
        role(held_by),
        role(held_by)
    ));
    if let Some(way) = path.last().map(|way| &subject.ways.all[*way]) {
        let at =
            way.route.map_or(subject.program.pathway.place(way.from).at, |it| subject.program.pathway.route(it).at);
        finding = finding.and(at, "this way leads to it, for one");
    }
    Some(Flaw::new(finding, Evidence::run(path, Vec::new(), Shows::Unheld { ending: id })))
}

/// Whether a way is taken because a place was done.
pub fn does(subject: &Subject<'_>, place: PlaceId, way: &Way) -> bool {
    let pathway = &subject.program.pathway;
    if way.from == place {
        return match &pathway.place(place).kind {
            PlaceKind::HandOver(_) => matches!(way.why, Why::Done | Why::OnCondition),
            PlaceKind::Choose(_) => way.why == Why::Chosen,
            _ => matches!(way.why, Why::Done | Why::Until | Why::AfterLast),
        };
    }
    // A branch is done when its block is, where all of them must be.
    matches!(&pathway.place(way.from).kind, PlaceKind::Together(block)
        if way.why == Why::Done && !way.escalated && block.needed() as usize >= block.branches.len()
            && block.branches.contains(&place))
}

fn still_owed(subject: &Subject<'_>, id: PlaceId, place: &Place, owed: PlaceId) -> Option<Flaw> {
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| (!does(subject, owed, way)).then_some(()),
        goal: &|(): &(), at| at == id,
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    let owed_place = subject.program.pathway.place(owed);
    match subject.ways.find(&quest) {
        Path::None => None,
        Path::OutOfBudget => Some(undecided(subject, place.at, "whether what is owed is done before", id)),
        Path::Found(path) => {
            let message =
                format!("`{}` owes `{}`, and one can come here before it was done", place.name, owed_place.name);
            let mut finding =
                Finding::new(Kind::StillOwed, place.at, message).and(owed_place.at, "this is owed").help(format!(
                    "lead every way to `{}` through `{}`, or to an ending that does not owe it",
                    place.name, owed_place.name
                ));
            if let Some(route) = path.last().and_then(|way| subject.ways.all[*way].route) {
                finding = finding.and(subject.program.pathway.route(route).at, "this way goes past it, for one");
            }
            let shows = Shows::NotDone { reached: id, first: owed };
            Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
        }
    }
}
