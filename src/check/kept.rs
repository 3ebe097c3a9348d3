//! What is kept from somebody: no handover takes it to them, no step lets them find it, and nobody asks them for it (1.6).

use super::information::{names, people};
use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Anticipation, FactId, LadderId, PlaceId, PlaceKind, RoleId, WhileUnknown};
use crate::workflow::Node;
use std::collections::BTreeMap;

/// Who is shown what is kept from them.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    if subject.shared.facts.iter().all(|fact| fact.kept_from.is_empty()) {
        return Vec::new();
    }
    let mut ladders: BTreeMap<PlaceId, Vec<LadderId>> = BTreeMap::new();
    for node in subject.program.workflow.graph.node_weights() {
        if let Node::Escalation(of, ladder) = node {
            ladders.entry(*of).or_default().push(*ladder);
        }
    }
    let places = subject.program.pathway.all_places();
    let here = places.flat_map(|(id, place)| match shown(subject, place) {
        none if none.is_empty() => {
            ladders.get(&id).and_then(|asked| by_a_ladder(subject, id, asked)).into_iter().collect()
        }
        shown => shown,
    });
    let all = subject.shared.anticipations.iter();
    let starts = all.filter(|it| it.pathway == subject.program.pathway.name);
    here.chain(starts.filter_map(|it| asked(subject, it))).collect()
}

/// Who is asked for what is kept from them while something is anticipated.
fn asked(subject: &Subject<'_>, it: &Anticipation) -> Option<Flaw> {
    let Some(WhileUnknown::Ask { role, .. }) = it.unknown else { return None };
    let mut kept: Vec<FactId> = Vec::new();
    it.when.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
        if subject.shared.facts[fact.index()].kept_from.contains(&role) && !kept.contains(&fact) {
            kept.push(fact);
        }
    });
    let first = kept.first()?;
    let who = &subject.shared.roles[role.index()].name;
    let asked_for = names(subject, kept.iter().copied());
    let message = format!("`{}` asks `{who}` for {asked_for}, and that is kept from them", it.name);
    let finding = Finding::new(Kind::NotKept, it.at, message)
        .and(subject.shared.facts[first.index()].at, "is kept from them here")
        .help("ask somebody else; or say behind the fact that it need not be kept from them");
    Some(Flaw::new(finding, Evidence::Static))
}

/// Somebody on a ladder who may come to do a step, and fills nothing but roles from which it is kept what that finds.
fn by_a_ladder(subject: &Subject<'_>, at: PlaceId, ladders: &[LadderId]) -> Option<Flaw> {
    let (pathway, directory) = (&subject.program.pathway, subject.directory?);
    let place = pathway.place(at);
    let kept = |fact: &FactId| !subject.shared.facts[fact.index()].kept_from.is_empty();
    let found: Vec<FactId> = place.kind.finds().iter().copied().filter(kept).collect();
    if found.is_empty() {
        return None;
    }
    let asked = ladders.iter().filter_map(|ladder| directory.ladder(&pathway.ladder(*ladder).name));
    let contacts =
        asked.flat_map(|ladder| ladder.rungs.iter()).flat_map(|rung| rung.contacts.iter().map(move |it| (rung, it)));
    let mut who = contacts.filter_map(|(rung, number)| Some((rung, directory.contacts.get(*number)?)));
    let (rung, contact, fact) = who.find_map(|(rung, contact)| {
        let from = |fact: &FactId| &subject.shared.facts[fact.index()].kept_from;
        let only = |fact: &FactId| contact.fills.iter().all(|role| from(fact).contains(role));
        let fact = found.iter().copied().find(|fact| !contact.fills.is_empty() && only(fact))?;
        Some((rung, contact, fact))
    })?;
    let message = format!(
        "`{}` may come to do `{}`, which finds {}, and that is kept from every role they fill",
        contact.name,
        place.name,
        names(subject, [fact])
    );
    let finding = Finding::new(Kind::NotKept, place.at, message)
        .and(subject.shared.facts[fact.index()].at, "is kept from them here")
        .and(rung.at, "they are asked when it is escalated")
        .help("escalate it to others; or let them fill a role from which that is not kept");
    Some(Flaw::new(finding, Evidence::Static))
}

/// What a place shows to somebody from whom it is kept, person by person.
fn shown(subject: &Subject<'_>, place: &crate::model::Place) -> Vec<Flaw> {
    let (facts, people, how): (&[FactId], Vec<RoleId>, &str) = match &place.kind {
        PlaceKind::HandOver(hand_over) => (&hand_over.carrying, vec![hand_over.to], "takes"),
        PlaceKind::Step(_) | PlaceKind::Repeat(_) => {
            let needed = place.kind.not_without().iter().map(|it| it.role);
            let mut people: Vec<RoleId> = people(place);
            people.extend(needed);
            people.sort_unstable();
            people.dedup();
            (place.kind.finds(), people, "finds")
        }
        _ => return Vec::new(),
    };
    let declared = |fact: FactId| &subject.shared.facts[fact.index()];
    let mut flaws = Vec::new();
    for role in people {
        let kept: Vec<FactId> = facts.iter().copied().filter(|it| declared(*it).kept_from.contains(&role)).collect();
        let Some(first) = kept.first() else { continue };
        let names = listed(kept.iter().map(|it| format!("`{}`", declared(*it).name)));
        let who = &subject.shared.roles[role.index()].name;
        let message = match how {
            "takes" => format!("`{}` takes {names} to `{who}`, from whom that is kept", place.name),
            _ => format!("`{who}` takes part in `{}`, which finds {names}, and that is kept from them", place.name),
        };
        let help = match how {
            "takes" => "take it out of `carrying`, or say behind the fact that it need not be kept from them",
            _ => "let others find it, without them; or say behind the fact that it need not be kept from them",
        };
        let finding = Finding::new(Kind::NotKept, place.at, message).and(declared(*first).at, "is kept from them here");
        flaws.push(Flaw::new(finding.help(help), Evidence::Static));
    }
    flaws
}
