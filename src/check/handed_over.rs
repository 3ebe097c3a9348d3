//! What a receiver needs travels with the person.

mod fate;

use super::alongside::Beside;
use super::branches::Branches;
use super::information::{Facts, all_read, finds, finds_for, names, needs, reads, senders};
use super::spread::{Bits, Few, TOGETHER};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Shows, Subject, listed, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, HandOver, Interrupt, PlaceId, PlaceKind};
use crate::workflow::Why;
use fate::{Fate, FateOf, Fates};
use std::collections::{BTreeMap, BTreeSet};

/// What handovers leave behind that is looked at afterwards.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    // By handover: what it should carry, and the decision and the path that show it. Each is looked at by itself: one that
    // comes later lacks the fact too, though an earlier one has lost it already.
    let mut lacking: BTreeMap<PlaceId, BTreeMap<FactId, (PlaceId, Vec<usize>)>> = BTreeMap::new();
    let mut flaws = Vec::new();
    let beside = Beside::of(subject);
    let may_be = if beside.nothing { may_be_left_behind(subject) } else { beside.may_be_left_behind(subject) };
    let fates = Fates::of(subject, &beside);
    for (by, facts) in may_be {
        for fact in facts {
            for reader in fates.readers_without(fact, by) {
                let quest = Quest {
                    start: (Fate::Open, false),
                    step: &|fate: &FateOf, way: &Way| Some(fates.after(fact, by, *fate, way)),
                    goal: &|(fate, _): &FateOf, at| *fate == Fate::LeftBehind && at == reader,
                    possible: &|moment| subject.possible(moment, &Person::new()),
                };
                match subject.ways.find(&quest) {
                    Path::Found(path) => {
                        lacking.entry(by).or_default().entry(fact).or_insert((reader, path));
                    }
                    Path::None => {}
                    Path::OutOfBudget => {
                        let at = pathway.place(reader).at;
                        flaws.push(undecided(subject, at, "whether what it looks at was handed over", reader));
                    }
                }
            }
        }
    }
    for (by, facts) in lacking {
        let PlaceKind::HandOver(hand_over) = &pathway.place(by).kind else { continue };
        flaws.push(left_behind(subject, by, hand_over, &facts));
    }
    flaws
}

/// What handovers may leave behind that is looked at later, by handover. A fact is left behind where it may be known
/// before, and may be looked at afterwards by somebody who comes there without its being found: so one look from the
/// start and one from the decisions does for all handovers.
fn may_be_left_behind(subject: &Subject<'_>) -> BTreeMap<PlaceId, Facts> {
    let (pathway, ways) = (&subject.program.pathway, subject.ways);
    let mut left: BTreeMap<PlaceId, Facts> = BTreeMap::new();
    let hand_overs = || pathway.all_places().filter(|(_, place)| matches!(place.kind, PlaceKind::HandOver(_)));
    if hand_overs().next().is_none() {
        return left;
    }
    let of_each = |facts: fn(&Subject<'_>, PlaceId) -> Facts| -> Vec<Facts> {
        pathway.all_places().map(|(id, _)| facts(subject, id)).collect()
    };
    let (read, may_find, must_find) = (of_each(reads), of_each(finds), of_each(surely_finds));
    let chosen_by = of_each(needs);
    for few in all_read(subject).chunks(TOGETHER).map(Few) {
        let bits = |facts: &[Facts]| -> Vec<Bits> { facts.iter().map(|facts| few.bits(facts)).collect() };
        let (read, may_find, must_find) = (bits(&read), bits(&may_find), bits(&must_find));
        let chosen_by = bits(&chosen_by);
        let known = ways.spread(0, &|_, way, known| {
            let known = known | chosen_by[way.from.index()] | few.bits(&looked_at_by(subject, way));
            if may_have_found(subject, way) { known | may_find[way.from.index()] } else { known }
        });
        let looked_at = ways.spread_back(read, &|_, way, later| {
            if surely_found(subject, way) { later & !must_find[way.from.index()] } else { later }
        });
        for (by, place) in hand_overs() {
            let PlaceKind::HandOver(hand_over) = &place.kind else { continue };
            let accepted = ways.out_of(by).filter(|(_, way)| ways.hands_over(way));
            let later = accepted.fold(0, |later, (_, way)| later | looked_at[way.to.index()]);
            let behind: Facts = hand_over.leaves_behind(subject.shared).collect();
            let lacking = known[by.index()] & later & few.bits(&behind);
            if lacking != 0 {
                left.entry(by).or_default().extend(few.facts(lacking));
            }
        }
    }
    left
}

/// What was looked at where something interrupts on a way.
pub(super) fn looked_at_by(subject: &Subject<'_>, way: &Way) -> Facts {
    let Why::AtAnyTime(number) = way.why else { return Facts::new() };
    let it = subject.program.pathway.interrupts.get(number as usize);
    it.map_or_else(Facts::new, |it| looked_at(subject, it))
}

/// What is looked at for something that interrupts.
pub(super) fn looked_at(subject: &Subject<'_>, it: &Interrupt) -> Facts {
    let mut facts = Facts::new();
    it.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
        facts.insert(fact);
    });
    facts
}

/// What is found whenever a place was done, whoever sent the person there.
pub(super) fn surely_finds(subject: &Subject<'_>, place: PlaceId) -> Facts {
    surely_finds_knowing(subject, place, subject.branches())
}

/// The same, where it is known what branches find that are pathways of their own.
pub(super) fn surely_finds_knowing(subject: &Subject<'_>, place: PlaceId, known: &Branches) -> Facts {
    match &subject.program.pathway.place(place).kind {
        PlaceKind::Together(block) => {
            let mut without: BTreeMap<FactId, usize> = BTreeMap::new();
            let branches = block.branches.iter().map(|branch| surely_finds_in(subject, *branch, known));
            branches.flatten().for_each(|fact| *without.entry(fact).or_insert(block.branches.len()) -= 1);
            let enough = |(fact, without): (FactId, usize)| (without < block.needed() as usize).then_some(fact);
            without.into_iter().filter_map(enough).collect()
        }
        _ => match senders(subject, place).as_slice() {
            [] => finds_for(subject, place, &[]),
            [first, rest @ ..] => rest.iter().fold(finds_for(subject, place, &[*first]), |found, sender| {
                found.intersection(&finds_for(subject, place, &[*sender])).copied().collect()
            }),
        },
    }
}

/// What is found whenever a branch was done.
fn surely_finds_in(subject: &Subject<'_>, branch: PlaceId, known: &Branches) -> Facts {
    known.get(&branch).map_or_else(|| finds(subject, branch), |it| it.finds.clone())
}

/// Whether what a place surely finds was found when a way out of it is taken.
pub(super) fn surely_found(subject: &Subject<'_>, way: &Way) -> bool {
    match &subject.program.pathway.place(way.from).kind {
        PlaceKind::Step(_) => way.why == Why::Done,
        PlaceKind::Repeat(_) => matches!(way.why, Why::Until | Why::AfterLast),
        PlaceKind::Together(_) => way.why == Why::Done && !way.escalated,
        _ => false,
    }
}

/// Whether some of what a place finds may have been found when a way out of it is taken: rounds and branches may have
/// been done before.
pub(super) fn may_have_found(subject: &Subject<'_>, way: &Way) -> bool {
    match &subject.program.pathway.place(way.from).kind {
        PlaceKind::Step(_) => matches!(way.why, Why::Done | Why::AtAnyTime(_)),
        PlaceKind::Repeat(_) | PlaceKind::Together(_) => true,
        _ => false,
    }
}

fn left_behind(
    subject: &Subject<'_>,
    by: PlaceId,
    hand_over: &HandOver,
    facts: &BTreeMap<FactId, (PlaceId, Vec<usize>)>,
) -> Flaw {
    let pathway = &subject.program.pathway;
    let readers: BTreeSet<PlaceId> = facts.values().map(|(reader, _)| *reader).collect();
    let message = format!(
        "`{}` does not carry {}, which {} {} at afterwards",
        pathway.place(by).name,
        names(subject, facts.keys().copied()),
        listed(readers.iter().map(|reader| format!("`{}`", pathway.place(*reader).name))),
        if readers.len() == 1 { "looks" } else { "look" }
    );
    let list: Vec<&str> = facts.keys().map(|fact| subject.shared.facts[fact.index()].name.as_str()).collect();
    let mut finding = Finding::new(Kind::NotHandedOver, pathway.place(by).at, message).help(
        "put it in the list behind `carrying`, so that the person need not tell it again; or let a step after the \
             handover find it",
    );
    for reader in &readers {
        finding = finding.and(pathway.place(*reader).at, "looks at what was left behind");
    }
    // What is kept from the receiver somebody has to find anew.
    let kept = facts.keys().any(|fact| subject.shared.facts[fact.index()].kept_from.contains(&hand_over.to));
    if let Some(at) = hand_over.carrying_at.filter(|_| !kept) {
        let end = crate::diagnostic::Span { start: at.span.end, end: at.span.end };
        finding = finding.suggest(crate::diagnostic::Place { span: end, ..at }, format!(", {}", list.join(", ")));
    }
    let Some((fact, (reader, path))) = facts.iter().next() else { return Flaw::new(finding, Evidence::Static) };
    let shows = Shows::LeftBehind { fact: *fact, by, decision: *reader };
    Flaw::new(finding, Evidence::run(path.clone(), vec![*fact], shows))
}
