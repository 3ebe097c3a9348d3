//! A closed case names who holds the person, and that holder has accepted; and what is owed was done before.

use super::branches::Branches;
use super::spread::{Bits, TOGETHER, every, numbers};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Shows, Subject, going_past, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Ending, Place, PlaceId, PlaceKind, RoleId};
use crate::workflow::Why;
use std::collections::BTreeSet;

/// Endings nobody accepted, and endings that come too soon.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let places = || subject.program.pathway.all_places();
    let endings = || places().filter_map(|(id, place)| Some((id, place, ending(place)?)));
    let held: Vec<(PlaceId, RoleId)> = endings().map(|(id, _, it)| (id, it.held_by)).collect();
    let owed: Vec<Undone> = endings()
        .flat_map(|(reached, _, it)| it.owed.iter().map(move |first| Undone { reached, first: *first }))
        .collect();
    let owed: Vec<Undone> = owed.into_iter().chain(counted_after(subject).map(|(_, it)| it)).collect();
    let unheld_endings = may_be_unheld(subject, &held);
    let too_soon = may_be_undone(subject, &owed);
    for (id, place, it) in endings() {
        if unheld_endings.contains(&id) {
            flaws.extend(unheld(subject, id, place, it.held_by));
        }
        for owed in it.owed.iter().filter(|first| too_soon.contains(&Undone { reached: id, first: **first })) {
            flaws.extend(still_owed(subject, id, place, *owed));
        }
    }
    for (place, Undone { reached, first }) in counted_after(subject).filter(|(_, it)| too_soon.contains(it)) {
        flaws.extend(still_owed(subject, reached, place, first));
    }
    flaws
}

/// What is due so long after something else, and that: it must be done before.
fn counted_after<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = (&'s Place, Undone)> + 's {
    let pathway = &subject.program.pathway;
    pathway.all_places().filter_map(move |(id, place)| {
        let first = place.kind.within()?.after()?;
        Some((place, Undone { reached: pathway.opens_with(id), first }))
    })
}

fn ending(place: &Place) -> Option<&Ending> {
    match &place.kind {
        PlaceKind::Ending(ending) => Some(ending),
        _ => None,
    }
}

/// The endings to which one may come while somebody else holds the person: all others are held.
fn may_be_unheld(subject: &Subject<'_>, endings: &[(PlaceId, RoleId)]) -> BTreeSet<PlaceId> {
    let claimed: Vec<(PlaceId, RoleId)> =
        endings.iter().copied().filter(|(_, held_by)| *held_by != RoleId::PERSON).collect();
    let mut unheld = BTreeSet::new();
    // One bit more says that one comes there at all.
    const REACHED: Bits = 1 << (TOGETHER - 1);
    for few in claimed.chunks(TOGETHER - 1) {
        let not_with = |holder: RoleId| -> Bits {
            let others = few.iter().enumerate().filter(|(_, (_, held_by))| *held_by != holder);
            others.fold(REACHED, |bits, (number, _)| bits | 1 << number)
        };
        let so = subject.ways.spread(every(few.len()) | REACHED, &|_, way, before| match held(subject, None, way) {
            Some(holder) if before != 0 => not_with(holder),
            _ => before,
        });
        unheld.extend(numbered(few, |(id, _)| so[id.index()]).map(|(id, _)| id));
    }
    unheld
}

/// A place that is reached, and another that should be done first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undone {
    /// The place that is reached.
    pub reached: PlaceId,
    /// The place that is not done before.
    pub first: PlaceId,
}

/// Those of them that may be: where the one is reached, the other was always done.
pub fn may_be_undone(subject: &Subject<'_>, all: &[Undone]) -> BTreeSet<Undone> {
    let mut undone = BTreeSet::new();
    for few in all.chunks(TOGETHER) {
        let so = subject.ways.spread(every(few.len()), &|_, way, before| {
            let done = numbers(before).filter(|number| few.get(*number).is_some_and(|it| does(subject, it.first, way)));
            done.fold(before, |left, number| left & !(1 << number))
        });
        undone.extend(numbered(few, |it| so[it.reached.index()]));
    }
    undone
}

/// Those of a few things whose own bit is set.
fn numbered<T: Copy>(few: &[T], so: impl Fn(&T) -> Bits) -> impl Iterator<Item = T> {
    few.iter().enumerate().filter(move |(number, it)| so(it) >> number & 1 == 1).map(|(_, it)| *it)
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
             decline, lead to another ending; where they are only to know, let the person hold the ending and write \
             `tell {} \"…\"`",
        role(held_by),
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

/// Whether a place is a branch that is open as long as its block is, and never done.
pub(super) fn lasts(subject: &Subject<'_>, place: PlaceId) -> bool {
    matches!(&subject.program.pathway.place(place).kind, PlaceKind::Step(step) if step.meanwhile)
}

/// Whether a way is taken because a place was done.
pub fn does(subject: &Subject<'_>, place: PlaceId, way: &Way) -> bool {
    // What branches do that are pathways of their own is asked only where a place is in one.
    match subject.program.pathway.place(place).in_branch {
        Some(_) => does_knowing(subject, subject.branches(), place, way),
        None => does_knowing(subject, &Branches::new(), place, way),
    }
}

/// The same, where it is known what branches do that are pathways of their own.
pub(super) fn does_knowing(subject: &Subject<'_>, known: &Branches, place: PlaceId, way: &Way) -> bool {
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
    if way.why == Why::Done && !way.escalated && block.needed() >= block.to_do()
        && block.branches.iter().any(|branch| match known.get(branch) {
            Some(of) => *branch == place || of.does.contains(&place),
            None => *branch == place && !lasts(subject, place),
        }))
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
            let ends = matches!(place.kind, PlaceKind::Ending(_));
            let (owes, then, label) = match ends {
                true => ("owes", "to an ending that does not owe it", "this is owed"),
                false => {
                    ("is due some time after", "write `within` alone, which is counted from its opening", "after this")
                }
            };
            let message =
                format!("`{}` {owes} `{}`, and one can come here before it was done", place.name, owed_place.name);
            let finding = Finding::new(Kind::StillOwed, place.at, message)
                .and(owed_place.at, label)
                .help(format!("lead every way to `{}` through `{}`, or {then}", place.name, owed_place.name));
            let finding = going_past(subject, finding, &path);
            let shows = Shows::NotDone { reached: id, first: owed };
            Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
        }
    }
}
