//! Information: what a decision looks at, somebody finds; what was told once is not asked again.

use super::branches::may_find;
use super::flow::is_reached;
use super::spread::{Bits, Few, TOGETHER};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Shows, Subject, alongside, listed, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Decide, Exit, FactId, Place, PlaceId, PlaceKind, Repeat, RoleId, Step, Target};
use crate::workflow::{Node, Why};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Facts = BTreeSet<FactId>;

/// What nobody asks for, and what is asked twice.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let mut flaws = never_asked(subject);
    flaws.extend(asked_twice(subject).into_iter().map(only_warns));
    flaws
}

/// Being asked twice is what one is warned of, and so is that it could not be decided; only where it is promised not to
/// happen is that `undecided`.
fn only_warns(flaw: Flaw) -> Flaw {
    match flaw.finding.kind {
        Kind::Undecided => Flaw { finding: Finding { kind: Kind::AskedTwice, ..flaw.finding }, ..flaw },
        _ => flaw,
    }
}

/// The facts a decision reads.
pub(super) fn reads(subject: &Subject<'_>, decision: PlaceId) -> Facts {
    subject.program.decision(decision).map_or(Facts::new(), |it| it.reads().iter().copied().collect())
}

/// The facts that a decision looks at, or a role that chooses there, and that are known only if somebody finds them.
pub(super) fn needs(subject: &Subject<'_>, decision: PlaceId) -> Facts {
    let mut needs = reads(subject, decision);
    if let PlaceKind::Decide(decide) = &subject.program.pathway.place(decision).kind {
        let reasons = decide.advice.iter().flat_map(|advice| advice.reasons.iter().map(|reason| &reason.when));
        for condition in decide.only_when.iter().map(|it| &it.condition).chain(reasons) {
            condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
                needs.insert(fact);
            });
        }
    }
    needs.retain(|fact| subject.shared.facts[fact.index()].presumed.is_none());
    needs
}

/// What a place finds when it is done: for one that finds what is missing, whatever those who send there may miss.
pub fn finds(subject: &Subject<'_>, place: PlaceId) -> Facts {
    finds_for(subject, place, &senders(subject, place))
}

/// Who may have sent somebody to a place because they did not know, where it finds what these miss.
pub(super) fn senders(subject: &Subject<'_>, place: PlaceId) -> Vec<PlaceId> {
    match &subject.program.pathway.place(place).kind {
        PlaceKind::Step(Step { finds_missing: true, .. }) | PlaceKind::Together(_) => {
            subject.program.workflow.senders(place)
        }
        _ => Vec::new(),
    }
}

/// What a place finds when it is done, where these decisions may have sent the person there.
pub(super) fn finds_for(subject: &Subject<'_>, place: PlaceId, senders: &[PlaceId]) -> Facts {
    let it = &subject.program.pathway.place(place).kind;
    let mut found: Facts = it.finds().iter().copied().collect();
    if let PlaceKind::Step(Step { finds_missing: true, .. }) = it {
        found.extend(senders.iter().flat_map(|decision| reads(subject, *decision)));
    }
    if let PlaceKind::Together(block) = it {
        found.extend(block.branches.iter().flat_map(|branch| finds_for(subject, *branch, senders)));
    }
    if subject.program.pathway.begins_a_branch(place) {
        found.extend(may_find(subject, place));
    }
    found
}

/// Whether somebody on a ladder is asked when what is repeated was repeated as often as it may be.
pub(super) fn asks_after_the_last(subject: &Subject<'_>, repeat: &Repeat) -> bool {
    let mut legs = subject.program.pathway.route_chain(repeat.after);
    legs.any(|(_, leg)| matches!(leg.target, Target::Escalate(_)))
}

pub(super) fn names(subject: &Subject<'_>, facts: impl IntoIterator<Item = FactId>) -> String {
    listed(facts.into_iter().map(|fact| format!("`{}`", subject.shared.facts[fact.index()].name)))
}

/// The people of a place: who leads it and who takes part.
pub(super) fn people(place: &Place) -> Vec<RoleId> {
    match &place.kind {
        PlaceKind::Step(step) => step.with.iter().copied().chain([step.led_by]).collect(),
        PlaceKind::Repeat(repeat) => repeat.with.iter().copied().chain([repeat.led_by]).collect(),
        _ => Vec::new(),
    }
}

/// Whether the people of a place may find a fact. What is asked of somebody, anybody may ask.
pub(super) fn somebody_may_find(subject: &Subject<'_>, place: PlaceId, fact: FactId) -> bool {
    let fact = &subject.shared.facts[fact.index()];
    let there = people(subject.program.pathway.place(place));
    let anybody = fact.found_by.is_empty() || !fact.asked_of.is_empty();
    anybody || fact.found_by.iter().any(|together| together.iter().all(|role| there.contains(role)))
}

fn never_asked(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    // To what nothing leads nobody comes, to be asked or to decide.
    let is_reached = is_reached(subject.program);
    let is_reached = |at| is_reached(Node::Place(at));
    let finders: Vec<(PlaceId, Facts)> = pathway
        .all_places()
        .filter(|(id, place)| {
            matches!(place.kind, PlaceKind::Step(_) | PlaceKind::Repeat(_)) && is_reached(pathway.opens_with(*id))
        })
        .map(|(id, _)| (id, finds(subject, id)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let mut flaws = Vec::new();
    for (id, read) in not_found(subject, &finders).into_iter().filter(|(id, _)| is_reached(*id)) {
        let place = pathway.place(id);
        let PlaceKind::Decide(decide) = &place.kind else { continue };
        let before = subject.ways.before(id);
        let mut nobody = Facts::new();
        for fact in read {
            let opens_before = |at: PlaceId| places_opened_by(subject, at, id).any(|place| before.contains(&place));
            let there = |(at, found): &&(PlaceId, Facts)| found.contains(&fact) && opens_before(*at);
            let looking: Vec<PlaceId> = finders.iter().filter(there).map(|(at, _)| *at).collect();
            if looking.is_empty() {
                nobody.insert(fact);
            } else {
                flaws.push(nobody_may(subject, id, fact, &looking));
            }
        }
        if !nobody.is_empty() {
            flaws.push(nobody_asks(subject, place, decide, nobody));
        }
    }
    flaws
}

/// What opens a place, as somebody sees it who stands at another: itself, its block, or the block that has it in a branch
/// in which the other is not.
fn places_opened_by(subject: &Subject<'_>, place: PlaceId, from: PlaceId) -> impl Iterator<Item = PlaceId> {
    let pathway = &subject.program.pathway;
    let here: Vec<PlaceId> = pathway.branches_around(from).collect();
    let apart = pathway.branches_around(place).filter(move |branch| !here.contains(branch));
    [pathway.opens_with(place)].into_iter().chain(apart.filter_map(|branch| pathway.block_of(branch)))
}

/// The facts that decisions read and nobody before them finds who may, by decision.
fn not_found(subject: &Subject<'_>, finders: &[(PlaceId, Facts)]) -> BTreeMap<PlaceId, Facts> {
    let pathway = &subject.program.pathway;
    let read: Facts = pathway.all_places().flat_map(|(id, _)| needs(subject, id)).collect();
    let read: Vec<FactId> = read.into_iter().collect();
    let mut lacking: BTreeMap<PlaceId, Facts> = BTreeMap::new();
    for few in read.chunks(TOGETHER).map(Few) {
        // By place, and what is found in a branch by that, too: once its block goes on, and meanwhile in other branches.
        let mut finds: Vec<Bits> = vec![0; pathway.places.len()];
        let mut in_branches: BTreeMap<PlaceId, Vec<(PlaceId, Bits)>> = BTreeMap::new();
        for (at, found) in finders {
            let may = few.bits(found.iter().filter(|fact| somebody_may_find(subject, *at, **fact)));
            finds[pathway.opens_with(*at).index()] |= may;
            for branch in pathway.branches_around(*at) {
                let Some(block) = pathway.block_of(branch) else { continue };
                in_branches.entry(block).or_default().push((branch, may));
            }
        }
        let of_branches = |way: &Way| {
            let of = in_branches.get(&way.from).into_iter().flatten();
            of.filter(|(branch, _)| *branch != way.to).fold(0, |found, (_, may)| found | may)
        };
        let found = subject.ways.spread(0, &|_, way, found| found | finds[way.from.index()] | of_branches(way));
        for (id, _) in pathway.all_places().filter(|(id, _)| subject.ways.is_decision(*id)) {
            let missing = few.bits(&needs(subject, id)) & !found[id.index()];
            if missing != 0 {
                lacking.entry(id).or_default().extend(few.facts(missing));
            }
        }
    }
    lacking
}

/// Every fact that some decision reads, in order.
pub(super) fn all_read(subject: &Subject<'_>) -> Vec<FactId> {
    let places = subject.program.pathway.all_places();
    let all: Facts = places.flat_map(|(id, _)| reads(subject, id)).collect();
    all.into_iter().collect()
}

fn nobody_asks(subject: &Subject<'_>, place: &Place, decide: &Decide, facts: Facts) -> Flaw {
    let pathway = &subject.program.pathway;
    let message =
        format!("`{}` looks at {}, and nobody finds that out before", place.name, names(subject, facts.clone()));
    let mut finding = Finding::new(Kind::NeverAsked, place.at, message).help(
        "let a step before it find it (`finds …`), or lead `if we do not know yet` to a step that `finds what is \
         missing`, and from there `back to the decision`",
    );
    for fact in facts {
        let at = subject.shared.facts[fact.index()].at;
        finding = finding.and(at, "no step before the decision finds this");
    }
    if let Some(route) = decide.not_known {
        finding = finding.and(pathway.route(route).at, "and nobody on this way finds it and comes back");
    }
    Flaw::new(finding, Evidence::Static)
}

fn nobody_may(subject: &Subject<'_>, place_of: PlaceId, fact: FactId, looking: &[PlaceId]) -> Flaw {
    let pathway = &subject.program.pathway;
    let place = pathway.place(place_of);
    let it = &subject.shared.facts[fact.index()];
    let role = |role: &RoleId| format!("`{}`", subject.shared.roles[role.index()].name);
    let alternatives = it.found_by.iter().map(|together| together.iter().map(role).collect::<Vec<_>>().join(" with "));
    let who = alternatives.collect::<Vec<_>>().join(" or ");
    let steps = listed(looking.iter().map(|at| format!("`{}`", pathway.place(*at).name)));
    let message =
        format!("`{}` looks at `{}`, which only {who} may find; those who do {steps} may not", place.name, it.name);
    // Whoever is fewest short of being allowed to.
    let lacking = looking.iter().flat_map(|at| {
        let there = people(pathway.place(*at));
        let lack = move |together: &Vec<RoleId>| -> Vec<RoleId> {
            together.iter().filter(|role| !there.contains(role)).copied().collect()
        };
        it.found_by.iter().map(lack).map(move |lack| (*at, lack))
    });
    let (at, lack) = lacking.min_by_key(|(_, lack)| lack.len()).unwrap_or((place_of, Vec::new()));
    let lack = listed(lack.iter().map(role));
    let mut finding =
        Finding::new(Kind::NeverAsked, place.at, message).and(it.at, "who may find it stands here").help(format!(
            "write {lack} behind `with` in `{}`, or behind `found by` who else may find it",
            pathway.place(at).name
        ));
    for at in looking.iter().take(3) {
        finding = finding.and(pathway.place(*at).at, "looks for it");
    }
    Flaw::new(finding, Evidence::Static)
}

/// What was just found, while no time has passed; and the decision that has just sent the person on, not knowing.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Just {
    found: Facts,
    sender: Option<PlaceId>,
}

/// Whether what a place finds was found just when a way out of it is taken.
fn finds_just(subject: &Subject<'_>, way: &Way) -> bool {
    match (&subject.program.pathway.place(way.from).kind, way.why) {
        // Something may interrupt at the very moment at which it is done.
        (PlaceKind::Step(_) | PlaceKind::Repeat(_) | PlaceKind::Together(_), Why::AtAnyTime(_)) => true,
        (PlaceKind::Step(_), why) => why == Why::Done,
        (PlaceKind::Repeat(_), Why::Until | Why::AfterLast) => true,
        // The round after which somebody was asked was done once more, and `until` still did not hold.
        (PlaceKind::Repeat(repeat), Why::Exit(Exit::NobodyCan)) => asks_after_the_last(subject, repeat),
        // Each branch may be the last to be done.
        (PlaceKind::Together(_), Why::Done) => !way.escalated,
        (PlaceKind::Together(block), Why::NotAllDone) => block.needed() > 1,
        _ => false,
    }
}

/// Whether a place may be over at the very moment at which it opens, because the time that it waits for has passed before:
/// it is counted after something else.
fn may_be_over_at_once(subject: &Subject<'_>, way: &Way) -> bool {
    let it = &subject.program.pathway.place(way.from).kind;
    let counted = it.within().is_some_and(|within| within.after().is_some());
    counted && (it.waits() || way.why == Why::Exit(Exit::Late))
}

/// What was just found after a way.
fn just_found(subject: &Subject<'_>, just: &Just, way: &Way) -> Just {
    let sender = (way.why == Why::NotKnown).then_some(way.from);
    let found = match &subject.program.pathway.place(way.from).kind {
        PlaceKind::Decide(_) => just.found.clone(),
        // A branch opens with its block.
        _ if way.why == Why::Branch || may_be_over_at_once(subject, way) => just.found.clone(),
        PlaceKind::Step(_) if finds_just(subject, way) => finds_for(subject, way.from, just.sender.as_slice()),
        _ if finds_just(subject, way) => finds(subject, way.from),
        _ => Facts::new(),
    };
    Just { found, sender }
}

/// What a place asks for even though it is good: what it finds afresh, it or its branches.
fn afresh(subject: &Subject<'_>, place: PlaceId) -> Facts {
    let pathway = &subject.program.pathway;
    let of = |place: PlaceId| match &pathway.place(place).kind {
        PlaceKind::Step(step) if step.afresh => step.finds.as_slice(),
        _ => &[],
    };
    let mut afresh: Facts = match &pathway.place(place).kind {
        PlaceKind::Step(step) if step.branch_of.is_none() => of(place).iter().copied().collect(),
        PlaceKind::Together(block) => block.branches.iter().flat_map(|branch| of(*branch)).copied().collect(),
        _ => Facts::new(),
    };
    // What is settled nobody asks for again.
    afresh.retain(|fact| !subject.shared.facts[fact.index()].settled);
    afresh
}

/// What may be asked again just when it was found, by place: at all others nothing is.
fn may_be_asked_again(subject: &Subject<'_>) -> BTreeMap<PlaceId, Facts> {
    let places = || subject.program.pathway.all_places().map(|(id, _)| id);
    let asked: BTreeMap<PlaceId, Facts> =
        places().map(|id| (id, afresh(subject, id))).filter(|(_, facts)| !facts.is_empty()).collect();
    let facts: Vec<FactId> = asked.values().flatten().copied().collect::<Facts>().into_iter().collect();
    let found: Vec<Facts> = places().map(|id| finds(subject, id)).collect();
    let mut again: BTreeMap<PlaceId, Facts> = BTreeMap::new();
    for few in facts.chunks(TOGETHER).map(Few) {
        let finds: Vec<Bits> = found.iter().map(|facts| few.bits(facts)).collect();
        let just = subject.ways.spread(0, &|_, way, just| match () {
            () if subject.ways.is_decision(way.from) || way.why == Why::Branch => just,
            () if may_be_over_at_once(subject, way) => just,
            () if finds_just(subject, way) => finds[way.from.index()],
            () => 0,
        });
        for (id, facts) in &asked {
            let both = few.bits(facts) & just[id.index()];
            if both != 0 {
                again.entry(*id).or_default().extend(few.facts(both));
            }
        }
    }
    again
}

/// Steps that ask at once for what was just found, and branches that ask for the same.
pub fn asked_twice(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let mut flaws = alongside::asked_on_two_roads(subject);
    let may_be_again = may_be_asked_again(subject);
    for (id, place) in pathway.all_places() {
        if let PlaceKind::Together(block) = &place.kind {
            flaws.extend(side_by_side(subject, id, place, &block.branches));
        }
        let Some(again) = may_be_again.get(&id) else { continue };
        let quest = Quest {
            start: Just::default(),
            step: &|just: &Just, way: &Way| {
                let mut just = just_found(subject, just, way);
                just.found.retain(|fact| again.contains(fact));
                Some(just)
            },
            goal: &|just: &Just, at| at == id && !just.found.is_empty(),
            possible: &|moment| subject.possible(moment, &Person::new()),
        };
        match subject.ways.find(&quest) {
            Path::Found(path) => {
                let moments = path.iter().rev().map(|way| &subject.ways.all[*way]);
                // A branch opens with its block, which found nothing by then.
                let passes = |way: &&Way| subject.ways.is_decision(way.from) || way.why == Why::Branch;
                let found_in = |way: &&Way| !passes(way) && !may_be_over_at_once(subject, way);
                let Some(found) = moments.into_iter().find(found_in) else { continue };
                let ways = path.iter().map(|way| &subject.ways.all[*way]);
                let just = ways.fold(Just::default(), |just, way| just_found(subject, &just, way));
                let facts: Vec<FactId> = again.intersection(&just.found).copied().collect();
                let first = found_by(subject, found.from, &facts);
                let by =
                    first.iter().map(|it| format!("`{}`", pathway.place(*it).name)).collect::<Vec<_>>().join(" or ");
                let message = format!(
                    "`{}` asks again, at once, for what {by} has just found: {}",
                    place.name,
                    names(subject, facts.iter().copied())
                );
                let mut finding = Finding::new(Kind::AskedTwice, place.at, message).help(format!(
                    "what {by} found is still good: take out `afresh` and leave `finds`, and the person is asked only \
                     what nobody knows; or, if a second look is meant, let some time pass before `{}`",
                    place.name
                ));
                for it in first {
                    finding = finding.and(pathway.place(it).at, "found here, a moment before");
                }
                let shows = Shows::AskedAgain { place: id, facts: facts.clone() };
                flaws.push(Flaw::new(finding, Evidence::run(path, facts, shows)));
            }
            Path::None => {}
            Path::OutOfBudget => flaws.push(undecided(subject, place.at, "whether anything is asked twice", id)),
        }
    }
    flaws
}

/// Which places find facts, where a place has found them: itself, or those of its branches that do.
fn found_by(subject: &Subject<'_>, place: PlaceId, facts: &[FactId]) -> Vec<PlaceId> {
    let pathway = &subject.program.pathway;
    let PlaceKind::Together(block) = &pathway.place(place).kind else { return vec![place] };
    let inside = |id: PlaceId| block.branches.iter().any(|branch| *branch == id || pathway.is_in_branch(id, *branch));
    let asks = |it: &Place| matches!(it.kind, PlaceKind::Step(_) | PlaceKind::Repeat(_));
    let all = pathway.all_places().filter(|(id, it)| asks(it) && inside(*id)).map(|(id, _)| id);
    let found: Vec<PlaceId> = all.filter(|id| finds(subject, *id).iter().any(|fact| facts.contains(fact))).collect();
    if found.is_empty() { vec![place] } else { found }
}

/// Branches open at one moment: what two of them find is asked twice.
fn side_by_side(subject: &Subject<'_>, block: PlaceId, at: &Place, branches: &[PlaceId]) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let mut asked: BTreeMap<FactId, PlaceId> = BTreeMap::new();
    let mut flaws = Vec::new();
    for branch in branches {
        let mut again: BTreeMap<PlaceId, Vec<FactId>> = BTreeMap::new();
        for fact in finds(subject, *branch) {
            match asked.get(&fact) {
                Some(first) => again.entry(*first).or_default().push(fact),
                None => {
                    asked.insert(fact, *branch);
                }
            }
        }
        for (first, facts) in again {
            let (first, second) = (pathway.place(first), pathway.place(*branch));
            let message = format!(
                "`{}` and `{}` are open at the same time, and both ask for {}",
                first.name,
                second.name,
                names(subject, facts.iter().copied())
            );
            let finding = Finding::new(Kind::AskedTwice, second.at, message)
                .and(first.at, "asks for it too")
                .help(format!(
                    "let one of them ask, and take it out of what the other finds; or do `{}` after `{}`, when it is known \
                     already",
                    second.name, first.name
                ));
            let shows = Shows::AskedSideBySide { block, facts: facts.clone() };
            let evidence = match subject.way_to(block) {
                Path::Found(path) => Evidence::run(path, Vec::new(), shows),
                Path::None => continue,
                Path::OutOfBudget => {
                    flaws.push(undecided(subject, at.at, "whether anything is asked twice", block));
                    continue;
                }
            };
            flaws.push(Flaw::new(finding, evidence));
        }
    }
    flaws
}
