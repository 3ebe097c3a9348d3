//! Which road each place is on: the main one, or work alongside (4.7). No place is on two: so what is open alongside is
//! told from what is open on the main road by where it is, and each place is open once at the most.
//!
//! What happens `as well` opens a road of its own, that goes on until it leads to `nothing more`. It neither ends the
//! case nor hands the person over: who holds the person is up to the main road.

use super::pathway::*;
use super::place_kind::*;
use crate::diagnostic::{Finding, Kind};
use std::collections::BTreeSet;

/// Finds out which road each place is on, and says what is on more than one, or where it cannot be.
pub(super) fn lay(pathway: &mut Pathway) -> Vec<Finding> {
    let mut findings = lay_branches(pathway);
    let uses = |it: &Place| matches!(&it.kind, PlaceKind::Ending(ending) if ending.nothing_more);
    if !pathway.interrupts.iter().any(|it| it.as_well) && !pathway.places.iter().any(uses) {
        return findings;
    }
    let mut road: Vec<Option<Option<u32>>> = vec![None; pathway.places.len()];
    let mut said: BTreeSet<(PlaceId, &'static str)> = BTreeSet::new();
    let main: Vec<PlaceId> = main_starts(pathway);
    walk(pathway, None, main, &mut road, &mut said, &mut findings);
    for number in 0..pathway.interrupts.len() {
        let it = &pathway.interrupts[number];
        if it.as_well {
            let starts = leads(pathway, it).collect();
            walk(pathway, Some(number as u32), starts, &mut road, &mut said, &mut findings);
        }
    }
    for (place, road) in pathway.places.iter_mut().zip(&road) {
        place.alongside = road.flatten();
    }
    for number in 0..pathway.interrupts.len() {
        let call = pathway.interrupts[number].with_call;
        pathway.interrupts[number].road = call.and_then(|call| pathway.place(call).alongside);
    }
    findings
}

/// Finds out what is part of which branch, where another pathway is one, and says what cannot be done there: the person
/// is held, and lives, where the block is.
fn lay_branches(pathway: &mut Pathway) -> Vec<Finding> {
    let blocks = pathway.places.iter().filter_map(|it| match &it.kind {
        PlaceKind::Together(block) => Some(&block.branches),
        _ => None,
    });
    let branches: BTreeSet<PlaceId> =
        blocks.flatten().filter(|branch| pathway.place(**branch).kind.passes().is_some()).copied().collect();
    let mut findings = Vec::new();
    if branches.is_empty() {
        return findings;
    }
    let within = |id: PlaceId| [id].into_iter().chain(pathway.calls_around(id)).find(|it| branches.contains(it));
    let laid: Vec<Option<PlaceId>> = pathway.all_places().map(|(id, _)| within(id)).collect();
    let mut said: BTreeSet<PlaceId> = BTreeSet::new();
    for (number, branch) in laid.iter().enumerate() {
        let (Some(branch), place) = (branch, &pathway.places[number]) else { continue };
        let (does, help) = match &place.kind {
            PlaceKind::HandOver(_) => ("hands the person over", "hand over before the block, or after it"),
            _ if place.lives.is_some() => ("says where the person is", "say that before the block, or after it"),
            _ => continue,
        };
        if pathway.place(*branch).with_call.is_none() && said.insert(*branch) {
            let at = pathway.place(*branch);
            let message = format!("`{}` is done side by side with others, and `{}` {does}", at.name, place.name);
            let finding = Finding::new(Kind::OutOfPlace, at.at, message).and(place.at, "this is where");
            findings
                .push(finding.help(format!("{help}: side by side, nobody would know which of them holds the person")));
        }
    }
    for (place, branch) in pathway.places.iter_mut().zip(&laid) {
        place.in_branch = *branch;
    }
    for it in &mut pathway.interrupts {
        it.in_branch = it.with_call.and_then(|call| laid.get(call.index()).copied().flatten());
    }
    findings
}

/// Where the main road begins: where the pathway starts, and where its own interrupts lead.
fn main_starts(pathway: &Pathway) -> Vec<PlaceId> {
    let own = pathway.interrupts.iter().filter(|it| it.with_call.is_none() && !it.as_well);
    [pathway.start].into_iter().chain(own.flat_map(|it| leads(pathway, it))).collect()
}

/// Where what happens at any time leads.
fn leads<'p>(pathway: &'p Pathway, it: &Interrupt) -> impl Iterator<Item = PlaceId> + 'p {
    let routes: Vec<RouteId> = [Some(it.route), it.then].into_iter().flatten().map(|(route, _)| route).collect();
    routes.into_iter().filter_map(|route| match pathway.route(route).target {
        Target::Place(to) => Some(to),
        _ => None,
    })
}

/// Goes along a road from where it begins. What happens in the person's life leads from the main road only.
fn walk(
    pathway: &Pathway,
    number: Option<u32>,
    starts: Vec<PlaceId>,
    road: &mut [Option<Option<u32>>],
    said: &mut BTreeSet<(PlaceId, &'static str)>,
    findings: &mut Vec<Finding>,
) {
    let for_what = |number: Option<u32>| number.and_then(|number| pathway.interrupts.get(number as usize));
    // Work alongside that comes with a call is all in it, and what is wrong with it is said where it is written.
    let written_elsewhere = for_what(number).is_some_and(|it| it.with_call.is_some());
    let mut next: Vec<(PlaceId, Option<PlaceId>)> = starts.into_iter().map(|to| (to, None)).collect();
    while let Some((id, from)) = next.pop() {
        let place = pathway.place(id);
        let seen_from = from.map_or(place.at, |from| pathway.place(from).at);
        let name = |id: PlaceId| pathway.place(id).name.clone();
        match (&place.kind, number) {
            (PlaceKind::Ending(ending), _) if ending.of_branch.is_some() => continue,
            (PlaceKind::Ending(ending), Some(_)) => {
                let at = from.unwrap_or(id);
                if !ending.nothing_more && said.insert((at, "ends")) {
                    let what = for_what(number).map_or(String::new(), |it| it.name.to_string());
                    let message = format!(
                        "`{}` is done alongside, for `{what}`, and leads to `{}`, which ends the case",
                        name(at),
                        place.name
                    );
                    let help = "write `-> nothing more`, also for what leads there by default, such as \
                                `if the person declines -> nothing more`: the case goes on with its main road";
                    findings.push(
                        Finding::new(Kind::JumpsOut, seen_from, message).and(place.at, "ends the case").help(help),
                    );
                }
                continue;
            }
            (PlaceKind::Ending(ending), None) if ending.nothing_more => {
                let at = from.unwrap_or(id);
                // What comes with a call is on the main road where it is written, too, and that is said there.
                if place.with_call.is_none() && said.insert((at, "nothing more")) {
                    let message = format!(
                        "`{}` leads to `nothing more`, which ends what is done alongside, and it is on the main road",
                        name(at)
                    );
                    let help = "lead to a step or to an ending: on the main road somebody always comes next";
                    findings.push(Finding::new(Kind::JumpsOut, seen_from, message).help(help));
                }
                continue;
            }
            (PlaceKind::HandOver(_), Some(_)) if !written_elsewhere && said.insert((id, "hands over")) => {
                let what = for_what(number).map_or(String::new(), |it| it.name.to_string());
                let message = format!("`{}` is done alongside, for `{what}`, and hands the person over", place.name);
                let help = "hand over on the main road, or lead a step by whoever is to help: alongside, nobody \
                            else comes to hold the person";
                findings.push(Finding::new(Kind::OutOfPlace, place.at, message).help(help));
            }
            (_, Some(_)) if place.lives.is_some() && !written_elsewhere && said.insert((id, "moves")) => {
                let what = for_what(number).map_or(String::new(), |it| it.name.to_string());
                let message = format!("`{}` is done alongside, for `{what}`, and moves the person", place.name);
                let help = "say on the main road where the person is: alongside, that would change behind its back";
                findings.push(Finding::new(Kind::OutOfPlace, place.at, message).help(help));
            }
            _ => {}
        }
        match road[id.index()] {
            Some(known) if known == number => continue,
            Some(known) => {
                // Into a call leads one road only: two that meet in it are two where it is written, which is said there.
                if place.with_call.is_none() && said.insert((id, "two roads")) {
                    let alongside = for_what(number.or(known)).map_or(String::new(), |it| it.name.to_string());
                    let other = match (number, known) {
                        (Some(_), Some(known)) => {
                            format!("what is done alongside for `{}`", pathway.interrupts[known as usize].name)
                        }
                        _ => "the main road".to_string(),
                    };
                    let message =
                        format!("`{}` is done alongside, for `{alongside}`, and {other} leads to it too", place.name);
                    let help = "give the work alongside steps of its own, up to `nothing more`; what both need goes \
                                into a pathway that each calls";
                    let mut finding = Finding::new(Kind::JumpsOut, place.at, message).help(help);
                    if let Some(from) = from {
                        finding = finding.and(pathway.place(from).at, "one of the two ways leads from here");
                    }
                    findings.push(finding);
                }
                continue;
            }
            None => road[id.index()] = Some(number),
        }
        let within = pathway.interrupts.iter().filter(|it| it.with_call == Some(id) && !it.as_well);
        next.extend(within.flat_map(|it| leads(pathway, it)).map(|to| (to, Some(id))));
        next.extend(on_from(pathway, place, number.is_none()).into_iter().map(|to| (to, Some(id))));
    }
}

/// The places that a place leads to, its branches among them.
fn on_from(pathway: &Pathway, place: &Place, life_too: bool) -> Vec<PlaceId> {
    let mut routes: Vec<RouteId> = Vec::new();
    let mut places: Vec<PlaceId> = Vec::new();
    match &place.kind {
        PlaceKind::Step(step) => routes.extend(step.then),
        PlaceKind::Decide(decide) => {
            routes.extend(decide.rows.iter().map(|row| row.route).chain(decide.not_known));
            routes.extend(decide.agreed().map(|agreed| agreed.disagree));
            places.extend(decide.advice.as_ref().map(|advice| advice.by));
        }
        // What it chooses among leads on from its decision.
        PlaceKind::Choose(_) => {}
        PlaceKind::Together(block) => {
            places.extend(&block.branches);
            routes.extend([block.then, block.otherwise]);
        }
        PlaceKind::Repeat(repeat) => {
            routes.extend(repeat.until.iter().map(|(_, route)| *route).chain([repeat.after]));
        }
        PlaceKind::HandOver(hand_over) => {
            routes.extend([hand_over.then, hand_over.declined].into_iter().chain(hand_over.on_condition));
        }
        PlaceKind::Ending(_) => return places,
    }
    if !matches!(place.kind, PlaceKind::Decide(_)) {
        // A block is not the person's to decline (10.8).
        let declined = |exit: &Exit| matches!(place.kind, PlaceKind::Together(_)) && *exit == Exit::PersonDeclines;
        let exits = Exit::ALL.into_iter().filter(|exit| (life_too || !Exit::LIFE.contains(exit)) && !declined(exit));
        routes.extend(exits.filter_map(|exit| place.exits[exit as usize]));
    }
    let legs = routes.into_iter().flat_map(|route| pathway.route_chain(route));
    places.extend(legs.filter_map(|(_, leg)| if let Target::Place(to) = leg.target { Some(to) } else { None }));
    places
}
