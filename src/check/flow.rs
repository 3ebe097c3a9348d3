//! Every path ends: every circle is counted. And everything is reached.

use super::{Evidence, Flaw, Subject};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Pathway, PlaceId, PlaceKind, Target};
use crate::workflow::{Edge, Node, Program, Workflow};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What keeps a path from ending, and what no path reaches.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let (pathway, workflow) = (&subject.program.pathway, &subject.program.workflow);
    let mut flaws = endless(pathway, workflow);
    never_reached(pathway, workflow, &mut flaws);
    flaws
}

/// What nothing counts.
fn uncounted(workflow: &Workflow) -> DiGraph<Node, Edge> {
    workflow.graph.filter_map(|_, node| Some(*node), |_, edge| (!edge.counted).then_some(*edge))
}

/// The places that circles join, each list in order. This way of looking for them does not recurse: a long pathway is
/// no deep stack.
fn components(graph: &DiGraph<Node, Edge>) -> Vec<Vec<NodeIndex>> {
    let mut components = kosaraju_scc(graph);
    components.iter_mut().for_each(|component| component.sort_unstable());
    components
}

/// Every circle holds a counted edge: without them the graph has no circle.
pub(super) fn endless(pathway: &Pathway, workflow: &Workflow) -> Vec<Flaw> {
    let uncounted = uncounted(workflow);
    let components = components(&uncounted);
    let circles = components.iter().filter_map(|component| {
        let start = *component.first()?;
        circle_in(&uncounted, component, start)
    });
    circles.map(|circle| endless_round(pathway, &uncounted, &circle)).collect()
}

/// The places that circles nothing counts join with one of them.
pub(crate) fn joined(workflow: &Workflow, circle: &[Node]) -> BTreeSet<PlaceId> {
    let uncounted = uncounted(workflow);
    let on_it = |component: &&Vec<NodeIndex>| component.iter().any(|node| circle.first() == Some(&uncounted[*node]));
    let components = components(&uncounted);
    components.iter().find(on_it).into_iter().flatten().map(|node| uncounted[*node].place()).collect()
}

/// What is said where somebody goes round by these places.
pub(crate) fn goes_round(pathway: &Pathway, workflow: &Workflow, places: &[PlaceId]) -> Flaw {
    let circle: Vec<NodeIndex> = places.iter().filter_map(|place| workflow.index(Node::Place(*place))).collect();
    endless_round(pathway, &uncounted(workflow), &circle)
}

fn endless_round(pathway: &Pathway, uncounted: &DiGraph<Node, Edge>, circle: &[NodeIndex]) -> Flaw {
    let mut names: Vec<String> = Vec::new();
    for node in circle {
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
    let circle = circle.iter().map(|node| uncounted[*node]).collect();
    Flaw::new(finding, Evidence::Circle(circle))
}

/// The shortest circle within a strongly connected component from a node back to itself; nothing when the component is a
/// single node without a loop. The nodes of the component are in order.
fn circle_in(graph: &DiGraph<Node, Edge>, component: &[NodeIndex], start: NodeIndex) -> Option<Vec<NodeIndex>> {
    if component.len() == 1 {
        return graph.find_edge(start, start).map(|_| vec![start]);
    }
    let mut before: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut nexts: Vec<NodeIndex> =
            graph.neighbors(node).filter(|next| component.binary_search(next).is_ok()).collect();
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

/// Whether the graph leads to a node.
pub(super) fn is_reached(program: &Program) -> impl Fn(Node) -> bool {
    let reached = reached(&program.pathway, &program.workflow);
    move |node| program.workflow.index(node).is_some_and(|index| reached[index.index()])
}

/// Which nodes the graph leads to from the start, by index. What goes `back to the decision` goes where one was before.
fn reached(pathway: &Pathway, workflow: &Workflow) -> Vec<bool> {
    let mut reached = vec![false; workflow.graph.node_count()];
    let Some(start) = workflow.index(Node::Place(pathway.start)) else { return reached };
    let back = |edge: &Edge| edge.route.is_some_and(|route| pathway.route(route).target == Target::Back);
    let onward = EdgeFiltered::from_fn(&workflow.graph, |edge| !back(edge.weight()));
    let mut walk = Dfs::new(&onward, start);
    while let Some(node) = walk.next(&onward) {
        reached[node.index()] = true;
    }
    reached
}

fn never_reached(pathway: &Pathway, workflow: &Workflow, flaws: &mut Vec<Flaw>) {
    let reached = reached(pathway, workflow);
    for (id, place) in pathway.all_places() {
        let Some(index) = workflow.index(Node::Place(id)) else { continue };
        // A branch is reached with its block, and a choice with its decision: one finding says it for both.
        let follows = pathway.is_branch(id) || matches!(place.kind, PlaceKind::Choose(_));
        // A branch that cannot end so is no worse for that, and nobody wrote the place.
        let follows = follows || matches!(&place.kind, PlaceKind::Ending(ending) if ending.of_branch.is_some());
        // What comes with a call is said once, where it is written.
        let follows = follows || place.with_call.is_some() || pathway.risks.iter().any(|it| it.made.contains(&id));
        if !reached[index.index()] && !follows {
            let finding = Finding::new(Kind::NeverReached, place.at, format!("nothing leads to `{}`", place.name))
                .help("lead to it from somewhere, or take it out");
            flaws.push(Flaw::new(finding, Evidence::Static));
        }
    }
}
