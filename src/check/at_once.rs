//! No more happens at one moment than a case can do at once: else it would refuse what led there, and the person would
//! stay where they are.

use super::{Evidence, Flaw, Subject};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Pathway, PlaceId, PlaceKind, Target};
use crate::workflow::{Edge, Node, Why};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

/// What a case can do at once, in places: a case does four times as much before it refuses. One moment may hold an event,
/// what happens because of it as well, and what happens instead.
const MOST: u64 = 5_000;

/// Where somebody may be led on for too long in one moment.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let moments = subject.program.workflow.graph.filter_map(
        |_, node| match node {
            Node::Place(place) if takes_no_time(pathway, *place) => Some(*place),
            _ => None,
        },
        |_, edge| Some(*edge),
    );
    // Circles before whatever leads to them.
    let circles = kosaraju_scc(&moments);
    let mut of: Vec<usize> = vec![0; moments.node_count()];
    circles.iter().enumerate().for_each(|(number, all)| all.iter().for_each(|it| of[it.index()] = number));
    let mut most: Vec<u64> = Vec::new();
    for (number, all) in circles.iter().enumerate() {
        let own = gone_through(pathway, &moments, all, &of, &most);
        let edges = all.iter().flat_map(|node| moments.edges(*node));
        let on = edges.filter(|edge| of[edge.target().index()] != number && edge.weight().why != Why::Branch);
        let behind = on.map(|edge| most[of[edge.target().index()]]).max().unwrap_or(0);
        if own.saturating_add(behind) > MOST {
            // What is behind is less, else it had been said before.
            return vec![too_much(pathway, &moments, all, own.saturating_add(behind))];
        }
        most.push(own.saturating_add(behind));
    }
    Vec::new()
}

/// Whether one may leave a place in the moment one comes to it: decisions; blocks whose branches may be over as they open;
/// and what is counted after something else, which may be so too.
fn takes_no_time(pathway: &Pathway, place: PlaceId) -> bool {
    match &pathway.place(place).kind {
        PlaceKind::Decide(_) => true,
        PlaceKind::Together(block) => block.branches.iter().any(|branch| pathway.begins_a_branch(*branch)),
        kind => kind.within().is_some_and(|within| within.after().is_some()),
    }
}

/// How often places that are joined by circles can be gone through in one moment. A count belongs to the case and is never
/// given back (10.13), and without what is counted nobody comes round: so they are gone through once, and once more for
/// each time that something counted is taken. A block opens all its branches at once.
fn gone_through(
    pathway: &Pathway,
    moments: &DiGraph<PlaceId, Edge>,
    all: &[NodeIndex],
    of: &[usize],
    most: &[u64],
) -> u64 {
    let here = all.first().map_or(0, |node| of[node.index()]);
    let (mut places, mut rounds, mut counted) = (0_u64, 1_u64, BTreeSet::new());
    for node in all {
        places = places.saturating_add(match &pathway.place(moments[*node]).kind {
            PlaceKind::Together(block) => 4 + 4 * block.branches.len() as u64,
            PlaceKind::Decide(_) => 1,
            _ => 4,
        });
        for edge in moments.edges(*node) {
            let to = of[edge.target().index()];
            if edge.weight().why == Why::Branch && to != here {
                places = places.saturating_add(most[to]);
            } else if to == here {
                counted.extend(edge.weight().route.filter(|_| edge.weight().counted));
            }
        }
    }
    for route in counted {
        if let Some((counter, _)) = pathway.route(route).counted {
            rounds = rounds.saturating_add(u64::from(pathway.counters[counter.index()].limit));
        }
    }
    places.saturating_mul(rounds)
}

fn too_much(pathway: &Pathway, moments: &DiGraph<PlaceId, Edge>, all: &[NodeIndex], many: u64) -> Flaw {
    let mut places: Vec<PlaceId> = all.iter().map(|node| moments[*node]).collect();
    places.sort_unstable();
    let named = places.iter().find(|place| !pathway.risks.iter().any(|risk| risk.made.contains(place)));
    let place = pathway.place(*named.or(places.first()).unwrap_or(&pathway.start));
    let round = places.len() > 1 || all.iter().any(|node| moments.contains_edge(*node, *node));
    let (what, help) = match round {
        true => (
            "one goes round",
            "lower the counts of the ways that go round, or let somebody do something on the way: what is done takes time",
        ),
        false => ("one goes on", "let fewer decisions follow each other, or let somebody do something in between"),
    };
    let message = format!(
        "{what} by `{}` so often in one moment that a case cannot do it at once: {many} places, of {MOST} at the most",
        place.name
    );
    let mut finding = Finding::new(Kind::TooOften, place.at, message).help(help);
    let routes = all.iter().flat_map(|node| moments.edges(*node)).filter_map(|edge| edge.weight().route);
    for route in routes.filter(|route| pathway.route(*route).counted.is_some()).take(3) {
        let at = pathway.route(route);
        if matches!(at.target, Target::Place(to) if places.contains(&to)) {
            finding = finding.and(at.at, "may be taken so often");
        }
    }
    Flaw::new(finding, Evidence::Static)
}
