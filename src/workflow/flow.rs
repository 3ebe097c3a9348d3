//! Whether the workflow hangs together: every circle is counted, everything is reached, nothing goes back to nowhere.

use super::graph::{Edge, Node, Why, Workflow};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Directory, Pathway, PlaceKind, Role, RouteId, Target};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeRef};
use std::collections::BTreeMap;

/// What is wrong with the flow of a pathway.
pub fn check(pathway: &Pathway, workflow: &Workflow) -> Vec<Finding> {
    let mut findings = Vec::new();
    endless(pathway, workflow, &mut findings);
    never_reached(pathway, workflow, &mut findings);
    back_to_nowhere(pathway, workflow, &mut findings);
    escalated_when_over(pathway, &mut findings);
    findings
}

/// Every circle holds a counted edge: without them the graph has no circle.
fn endless(pathway: &Pathway, workflow: &Workflow, findings: &mut Vec<Finding>) {
    let uncounted: DiGraph<Node, Edge> =
        workflow.graph.filter_map(|_, node| Some(*node), |_, edge| (!edge.counted).then_some(*edge));
    for component in tarjan_scc(&uncounted) {
        let Some(circle) = circle_in(&uncounted, &component) else { continue };
        let mut names: Vec<String> = Vec::new();
        for node in &circle {
            let name = match uncounted[*node] {
                Node::Place(place) => format!("`{}`", pathway.place(place).name),
                Node::Escalation(_, ladder) => format!("the escalation to `{}`", pathway.ladder(ladder).name),
            };
            if names.last() != Some(&name) {
                names.push(name);
            }
        }
        names.extend(names.first().cloned());
        let first = pathway.place(uncounted[circle[0]].place());
        let mut finding = Finding::new(
            Kind::Endless,
            first.at,
            format!("nothing counts how often the person goes round here: {}", names.join(" to ")),
        )
        .help("write on one of these routes how often it may be taken: `-> STEP, at most 3 times, then …`");
        for (number, node) in circle.iter().enumerate() {
            let next = circle[(number + 1) % circle.len()];
            let route = uncounted.find_edge(*node, next).and_then(|edge| uncounted[edge].route);
            if let Some(route) = route {
                finding = finding.and(pathway.route(route).at, "this route is not counted");
            }
        }
        findings.push(finding);
    }
}

/// A circle within a strongly connected component; nothing when the component is a single node without a loop.
fn circle_in(graph: &DiGraph<Node, Edge>, component: &[NodeIndex]) -> Option<Vec<NodeIndex>> {
    let start = *component.iter().min()?;
    if component.len() == 1 {
        return graph.find_edge(start, start).map(|_| vec![start]);
    }
    // The shortest way from the start back to itself.
    let mut before: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut nexts: Vec<NodeIndex> = graph.neighbors(node).filter(|next| component.contains(next)).collect();
        nexts.sort_unstable();
        for next in nexts {
            if next == start {
                let mut circle = vec![node];
                while let Some(previous) =
                    circle.last().filter(|last| **last != start).and_then(|last| before.get(last))
                {
                    circle.push(*previous);
                }
                circle.reverse();
                return Some(circle);
            }
            before.entry(next).or_insert_with(|| {
                queue.push_back(next);
                node
            });
        }
    }
    None
}

fn never_reached(pathway: &Pathway, workflow: &Workflow, findings: &mut Vec<Finding>) {
    let Some(start) = workflow.index(Node::Place(pathway.start)) else { return };
    let mut reached = vec![false; workflow.graph.node_count()];
    let mut walk = Dfs::new(&workflow.graph, start);
    while let Some(node) = walk.next(&workflow.graph) {
        reached[node.index()] = true;
    }
    for (id, place) in pathway.all_places() {
        let Some(index) = workflow.index(Node::Place(id)) else { continue };
        // A branch is reached with its block, and a choice with its decision: one finding says it for both.
        let follows = match &place.kind {
            PlaceKind::Step(step) => step.branch_of.is_some(),
            PlaceKind::Choose(_) => true,
            _ => false,
        };
        if !reached[index.index()] && !follows {
            findings.push(
                Finding::new(Kind::NeverReached, place.at, format!("nothing leads to `{}`", place.name))
                    .help("lead to it from somewhere, or take it out"),
            );
        }
    }
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
            let from = &pathway.place(workflow.graph[edge.source()].place()).name;
            let message = format!("`{}` {says}, and `{from}`, which is no decision, leads to it too", place.name);
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
        PlaceKind::Decide(decide) => return decide.rows.iter().map(|row| row.route).chain(decide.not_known).collect(),
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

fn goes_back(pathway: &Pathway, route: RouteId) -> bool {
    pathway.route_chain(route).any(|(_, it)| it.target == Target::Back)
}

/// One escalates what is open; what is done, or was never open, cannot be.
fn escalated_when_over(pathway: &Pathway, findings: &mut Vec<Finding>) {
    for (_, place) in pathway.all_places() {
        let over: Vec<RouteId> = match &place.kind {
            PlaceKind::Step(step) => step.then.into_iter().collect(),
            PlaceKind::Decide(decide) => decide.rows.iter().map(|row| row.route).chain(decide.not_known).collect(),
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
pub fn directory_lacks(pathway: &Pathway, directory: &Directory, roles: &[Role]) -> Vec<Finding> {
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
    let mut seen = std::collections::BTreeSet::new();
    for (_, place) in pathway.all_places() {
        let receiver = if let PlaceKind::HandOver(hand_over) = &place.kind { Some(hand_over.to) } else { None };
        for role in place.kind.owner().into_iter().chain(receiver) {
            let filled = role == crate::model::RoleId::PERSON || directory.filling(role).next().is_some();
            if !filled && seen.insert(role) {
                let name = &roles[role.index()].name;
                let message =
                    format!("nobody in `{}` fills `{name}`, who is needed in `{}`", directory.name, place.name);
                findings.push(
                    Finding::new(Kind::NotInDirectory, place.at, message)
                        .help(format!("give a contact of that directory `fills {name}`")),
                );
            }
        }
    }
    findings
}
