//! A model has something to go by: before it is asked, or while it is, somebody asks for one at least of the facts it
//! goes by. Else it is asked only of those of whom one was known when their case opened.

use super::flow::is_reached;
use super::information::{Facts, finds, names};
use super::spread::{Bits, Few, TOGETHER};
use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, FoundByModel, Place, PlaceId, PlaceKind, found_as};
use crate::workflow::Node;

/// Models of which nobody on any path finds anything that they go by.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let facts = &subject.shared.facts;
    let models: Vec<(FactId, &FoundByModel)> = facts
        .iter()
        .enumerate()
        .filter_map(|(number, fact)| Some((FactId(number as u32), fact.model.as_ref()?)))
        .collect();
    if models.is_empty() {
        return Vec::new();
    }
    let is_reached = is_reached(subject.program);
    let pathway = &subject.program.pathway;
    let reached = |at: PlaceId| is_reached(Node::Place(pathway.opens_with(at)));
    let found: Vec<Facts> =
        pathway.all_places().map(|(id, _)| if reached(id) { finds(subject, id) } else { Facts::new() }).collect();
    let mut flaws = Vec::new();
    for (fact, model) in models {
        let does = |(id, place): &(PlaceId, &Place)| asks(place) && found[id.index()].contains(&fact);
        let asking: Vec<PlaceId> = pathway.all_places().filter(does).map(|(id, _)| id).collect();
        let Some(first) = asking.first() else { continue };
        let Some(told) = what_tells(subject, model) else { continue };
        if asking.iter().any(|at| may_be_known(subject, &found, &told, *at)) {
            continue;
        }
        let it = &facts[fact.index()];
        let places = listed(asking.iter().map(|at| format!("`{}`", pathway.place(*at).name)));
        let message = format!(
            "`{}` is found by the model `{}`, and nobody finds {} before, or in, {places}",
            it.name,
            model.model,
            names(subject, model.from.iter().copied())
        );
        let help = "let the step that finds it, or one before it, find what the model goes by too; what is known already is \
                    asked of nobody";
        let finding = Finding::new(Kind::NothingToGoBy, it.at, message)
            .and(pathway.place(*first).at, "here the model is asked, with nothing to go by")
            .help(help);
        flaws.push(Flaw::new(finding, Evidence::Static));
    }
    flaws
}

/// Whether somebody asks for facts at a place by itself: what the branches of a block find is theirs.
fn asks(place: &Place) -> bool {
    matches!(place.kind, PlaceKind::Step(_) | PlaceKind::Repeat(_))
}

/// What somebody has to find for a model to have something to go by, one of them at least: also that something does not
/// apply is known by what that depends on. Nothing where it has something anyway.
fn what_tells(subject: &Subject<'_>, model: &FoundByModel) -> Option<Vec<FactId>> {
    let facts = &subject.shared.facts;
    let mut tells = Facts::new();
    for input in &model.from {
        let input = found_as(*input, facts);
        tells.insert(input);
        if let Some(applies) = &facts[input.index()].applies {
            applies.test.reads(facts, &subject.shared.scores, &mut |fact| {
                tells.insert(fact);
            });
        }
    }
    let anyway = tells.iter().any(|fact| facts[fact.index()].presumed.is_some());
    (!anyway).then(|| tells.into_iter().collect())
}

/// Whether one of some facts may be known while a place is open, because somebody was asked for it on the way there and
/// it was not left behind, or is asked for it there, beside it in its block, or on the other road.
fn may_be_known(subject: &Subject<'_>, found: &[Facts], told: &[FactId], at: PlaceId) -> bool {
    let pathway = &subject.program.pathway;
    let here = [at, pathway.opens_with(at)];
    let beside = pathway.place(at).alongside.is_some();
    let roads = pathway.all_places().filter(|(_, place)| place.alongside.is_some() != beside);
    let meanwhile: Vec<PlaceId> = roads.map(|(id, _)| id).chain(here).collect();
    told.chunks(TOGETHER).map(Few).any(|few| {
        let finds: Vec<Bits> = found.iter().map(|facts| few.bits(facts)).collect();
        let known = subject.ways.spread(0, &|_, way, known| {
            let known = known | finds[way.from.index()];
            match &pathway.place(way.from).kind {
                PlaceKind::HandOver(over) if subject.ways.hands_over(way) => {
                    let behind: Vec<FactId> = over.leaves_behind(subject.shared).collect();
                    known & !few.bits(&behind)
                }
                _ => known,
            }
        });
        here.iter().any(|at| known[at.index()] != 0) || meanwhile.iter().any(|at| finds[at.index()] != 0)
    })
}
