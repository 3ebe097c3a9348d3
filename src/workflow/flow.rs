//! Whether the workflow hangs together so far that it can run: nothing goes back to nowhere, and only what is open is
//! escalated. Whether every road ends is for the proof.

use super::graph::{Node, Why, Workflow};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Decide, Directory, Fact, Pathway, PlaceKind, Role, RouteId, Target};
use petgraph::visit::EdgeRef;

/// What is wrong with the flow of a pathway.
pub fn check(pathway: &Pathway, workflow: &Workflow) -> Vec<Finding> {
    let mut findings = Vec::new();
    back_to_nowhere(pathway, workflow, &mut findings);
    escalated_when_over(pathway, &mut findings);
    findings
}

/// What goes back to the decision, or finds what is missing, is reached only from decisions.
fn back_to_nowhere(pathway: &Pathway, workflow: &Workflow, findings: &mut Vec<Finding>) {
    for (id, place) in pathway.all_places() {
        let finds_missing = matches!(&place.kind, PlaceKind::Step(step) if step.finds_missing);
        let back = routes_of(place).into_iter().any(|route| goes_back(pathway, route));
        if back && matches!(place.kind, PlaceKind::Decide(_)) {
            let message = format!("`{}` is a decision itself, and has none to go back to", place.name);
            findings.push(Finding::new(Kind::LeadsNowhere, place.at, message));
            continue;
        }
        if !back && !finds_missing {
            continue;
        }
        let says = if back { "goes back to the decision" } else { "finds what is missing" };
        let Some(index) = workflow.index(Node::Place(id)) else { continue };
        let incoming = workflow.graph.edges_directed(index, petgraph::Direction::Incoming);
        let stray = incoming
            .filter(|edge| !matches!(edge.weight().why, Why::NotKnown | Why::Reassigned))
            .find(|edge| workflow.graph[edge.source()].place() != id || edge.weight().route.is_some());
        if let Some(edge) = stray {
            let from = pathway.place(workflow.graph[edge.source()].place());
            let stray = match (edge.weight().why, &from.kind) {
                (Why::AtAnyTime(number), _) => match pathway.interrupts.get(number as usize) {
                    Some(it) => format!("`{}`, which happens at any time,", it.name),
                    None => "what happens at any time".to_string(),
                },
                (_, PlaceKind::Decide(_)) => format!("a row of `{}`", from.name),
                _ => format!("`{}`, which is no decision,", from.name),
            };
            let message = format!("`{}` {says}, and {stray} leads to it too", place.name);
            let mut finding = Finding::new(Kind::LeadsNowhere, place.at, message)
                .help("lead to it only behind `if we do not know yet`, and give others a step of their own");
            if let Some(route) = edge.weight().route {
                finding = finding.and(pathway.route(route).at, "leads here");
            }
            findings.push(finding);
        } else if pathway.start == id {
            let message = format!("`{}` {says}, and the pathway starts with it", place.name);
            findings.push(Finding::new(Kind::LeadsNowhere, place.at, message));
        }
    }
}

/// All routes a place can take, its ways of ending included.
fn routes_of(place: &crate::model::Place) -> Vec<RouteId> {
    let mut routes: Vec<RouteId> = match &place.kind {
        PlaceKind::Step(step) => step.then.into_iter().collect(),
        PlaceKind::Decide(decide) => return ways_of(decide).collect(),
        PlaceKind::Together(together) => vec![together.then, together.otherwise],
        PlaceKind::Repeat(repeat) => repeat.until.iter().map(|(_, route)| *route).chain([repeat.after]).collect(),
        PlaceKind::HandOver(hand_over) => {
            [Some(hand_over.then), Some(hand_over.declined), hand_over.on_condition].into_iter().flatten().collect()
        }
        PlaceKind::Choose(_) => Vec::new(),
        PlaceKind::Ending(_) => return Vec::new(),
    };
    routes.extend(place.exits.iter().flatten());
    routes
}

/// The routes of a decision: by its rows, while it does not know, and when those who must agree do not.
fn ways_of(decide: &Decide) -> impl Iterator<Item = RouteId> + '_ {
    let disagree = decide.agreed().map(|agreed| agreed.disagree);
    decide.rows.iter().map(|row| row.route).chain(decide.not_known).chain(disagree)
}

fn goes_back(pathway: &Pathway, route: RouteId) -> bool {
    pathway.route_chain(route).any(|(_, it)| it.target == Target::Back)
}

/// One escalates what is open; what is done, or was never open, cannot be.
fn escalated_when_over(pathway: &Pathway, findings: &mut Vec<Finding>) {
    for (_, place) in pathway.all_places() {
        let over: Vec<RouteId> = match &place.kind {
            PlaceKind::Step(step) => step.then.into_iter().collect(),
            PlaceKind::Decide(decide) => ways_of(decide).collect(),
            PlaceKind::Together(together) => vec![together.then],
            PlaceKind::Repeat(repeat) => repeat.until.iter().map(|(_, route)| *route).collect(),
            PlaceKind::HandOver(hand_over) => vec![hand_over.then],
            PlaceKind::Choose(_) | PlaceKind::Ending(_) => Vec::new(),
        };
        // What happens in the person's life ends everything that is open, so there is nothing left to escalate.
        let life = crate::model::Exit::LIFE.into_iter().filter_map(|exit| place.exits[exit as usize]);
        let over: Vec<RouteId> = over.into_iter().chain(life).collect();
        for (_, route) in over.into_iter().flat_map(|route| pathway.route_chain(route)) {
            if let Target::Escalate(ladder) = route.target {
                let message = format!(
                    "`escalate to {}` finds somebody for a step that is stuck, and here no step is open",
                    pathway.ladder(ladder).name
                );
                findings.push(
                    Finding::new(Kind::OutOfPlace, route.at, message)
                        .help("write a step for what is to be done, led by whoever does it, and lead there"),
                );
            }
        }
    }
}

/// Whether a directory fills what a pathway needs: its ladders, and every role that owns a step.
pub fn directory_lacks(pathway: &Pathway, directory: &Directory, facts: &[Fact], roles: &[Role]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ladder in &pathway.ladders {
        if directory.ladder(&ladder.name).is_none() {
            let message = format!("`{}` has no escalation called `{}`", directory.name, ladder.name);
            let near = crate::diagnostic::nearest(&ladder.name, directory.ladders.iter().map(|it| it.name.as_str()));
            let help = match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write `escalation {}` below the header of that directory", ladder.name),
            };
            findings.push(Finding::new(Kind::NotInDirectory, ladder.at, message).help(help));
        }
    }
    for meeting in pathway.meetings.iter().filter(|it| directory.meeting(it.id).is_none()) {
        let message = format!("`{}` holds no meeting called `{}`", directory.name, meeting.name);
        let near = crate::diagnostic::nearest(&meeting.name, directory.meetings.iter().map(|it| it.name.as_str()));
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `meeting {}` below the header of that directory", meeting.name),
        };
        findings.push(Finding::new(Kind::NotInDirectory, meeting.at, message).help(help));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (place, role) in pathway.needs() {
        if !directory.fills(role) && seen.insert(role) {
            let name = &roles[role.index()].name;
            let message = format!("nobody in `{}` fills `{name}`, who is needed in `{}`", directory.name, place.name);
            findings.push(
                Finding::new(Kind::NotInDirectory, place.at, message)
                    .help(format!("give a contact of that directory `fills {name}`")),
            );
        }
    }
    for fact in pathway.facts.iter().filter_map(|id| facts.get(id.index())) {
        let Some(role) = fact.arbiter.map(|arbiter| arbiter.role) else { continue };
        if !directory.fills(role) && seen.insert(role) {
            let name = &roles[role.index()].name;
            let message =
                format!("nobody in `{}` fills `{name}`, who is asked if `{}` is disputed", directory.name, fact.name);
            findings.push(
                Finding::new(Kind::NotInDirectory, fact.at, message)
                    .help(format!("give a contact of that directory `fills {name}`")),
            );
        }
    }
    findings
}
