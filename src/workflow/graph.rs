//! The workflow of a pathway as a petgraph graph.

use crate::model::{Exit, LadderId, MAIN, Pathway, PlaceId, PlaceKind, RouteId, Target};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// A node: something a designer named, or its escalation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A place of the pathway.
    Place(PlaceId),
    /// A place while somebody on a ladder is asked for it.
    Escalation(PlaceId, LadderId),
}

impl Node {
    /// The place it is, or escalates.
    pub fn place(self) -> PlaceId {
        match self {
            Node::Place(place) | Node::Escalation(place, _) => place,
        }
    }
}

/// An edge: why one goes there, and along which route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Why one goes there.
    pub why: Why,
    /// The route, where one is written.
    pub route: Option<RouteId>,
    /// Whether something counts how often it is taken.
    pub counted: bool,
    /// Whether it is taken because a counted route is used up.
    pub used_up: bool,
}

/// Why one goes somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// What came before is done, or accepted.
    Done,
    /// The row of a decision, counted from 0.
    Row(u32),
    /// A decision could not be taken yet.
    NotKnown,
    /// A role decided.
    Chosen,
    /// Somebody who must agree with what a role decides disagreed.
    Disagreed,
    /// What came before ended otherwise.
    Exit(Exit),
    /// A handover was declined by its receiver.
    Declined,
    /// A handover was accepted on a condition.
    OnCondition,
    /// Too few branches were done.
    NotAllDone,
    /// What is repeated until something holds: it holds.
    Until,
    /// What is repeated was repeated as often as it may be.
    AfterLast,
    /// A block opens its branch.
    Branch,
    /// Somebody on a ladder gave the step to another.
    Reassigned,
    /// Something happened that interrupts, by its number.
    AtAnyTime(u32),
}

/// A pathway as a graph.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// The graph.
    pub graph: DiGraph<Node, Edge>,
    nodes: BTreeMap<Node, NodeIndex>,
}

impl Workflow {
    /// The graph of a pathway.
    pub fn new(pathway: &Pathway) -> Workflow {
        let mut workflow = Workflow { graph: DiGraph::new(), nodes: BTreeMap::new() };
        for (id, _) in pathway.all_places() {
            workflow.node(Node::Place(id));
        }
        let (mut backs, mut advised) = (Vec::new(), Vec::new());
        for (id, place) in pathway.all_places() {
            let mut lead = |why, route| workflow.lead(pathway, id, why, route, &mut backs);
            match &place.kind {
                PlaceKind::Step(step) => step.then.into_iter().for_each(|route| lead(Why::Done, route)),
                PlaceKind::Decide(decide) => {
                    for (number, row) in decide.rows.iter().enumerate() {
                        let why = Why::Row(number as u32);
                        match &decide.advice {
                            None => lead(why, row.route),
                            // It does not act: whatever it advises, a role decides.
                            Some(advice) => advised.push((why, id, advice.by)),
                        }
                    }
                    decide.not_known.into_iter().for_each(|route| lead(Why::NotKnown, route));
                }
                PlaceKind::Choose(choose) => {
                    if let PlaceKind::Decide(decide) = &pathway.place(choose.decision).kind {
                        decide.rows.iter().for_each(|row| lead(Why::Chosen, row.route));
                        if let Some(agreed) = decide.agreed().filter(|_| choose.advised) {
                            lead(Why::Disagreed, agreed.disagree);
                        }
                    }
                }
                PlaceKind::Together(together) => {
                    lead(Why::Done, together.then);
                    lead(Why::NotAllDone, together.otherwise);
                    for branch in &together.branches {
                        let edge = Edge { why: Why::Branch, route: None, counted: false, used_up: false };
                        workflow.connect(Node::Place(id), Node::Place(*branch), edge);
                    }
                }
                PlaceKind::Repeat(repeat) => {
                    repeat.until.iter().for_each(|(_, route)| lead(Why::Until, *route));
                    lead(Why::AfterLast, repeat.after);
                }
                PlaceKind::HandOver(hand_over) => {
                    lead(Why::Done, hand_over.then);
                    lead(Why::Declined, hand_over.declined);
                    hand_over.on_condition.into_iter().for_each(|route| lead(Why::OnCondition, route));
                }
                PlaceKind::Ending(_) => {}
            }
            if !matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) {
                // What happens in the person's life leads from the main road: what is done alongside, or in a branch, is
                // stood down.
                let leads = |exit: &Exit| pathway.road(id) == MAIN || !Exit::LIFE.contains(exit);
                for exit in Exit::ALL.into_iter().filter(|exit| *exit != Exit::NobodyCan).filter(leads) {
                    if let Some(route) = place.exits[exit as usize] {
                        workflow.lead(pathway, id, Why::Exit(exit), route, &mut backs);
                    }
                }
            }
        }
        for (why, decision, by) in advised {
            let edge = Edge { why, route: None, counted: false, used_up: false };
            workflow.connect(Node::Place(decision), Node::Place(by), edge);
        }
        for (id, place) in pathway.all_places() {
            if pathway.is_branch(id) || matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) {
                continue;
            }
            for (number, it) in pathway.interrupts.iter().enumerate().filter(|(_, it)| pathway.in_force(it, id)) {
                let routes = [(it.route.0, false)].into_iter().chain(it.then.map(|(route, _)| (route, true)));
                for (route, used_up) in routes {
                    if let Target::Place(to) = pathway.route(route).target {
                        let why = Why::AtAnyTime(number as u32);
                        let edge = Edge { why, route: Some(route), counted: true, used_up };
                        workflow.connect(Node::Place(id), Node::Place(to), edge);
                    }
                }
            }
        }
        // What goes `back to the decision` goes to every decision that sends the person there.
        for (from, edge) in backs {
            for decision in workflow.senders(from.place()) {
                workflow.connect(from, Node::Place(decision), edge);
            }
        }
        workflow
    }

    fn node(&mut self, node: Node) -> NodeIndex {
        let graph = &mut self.graph;
        *self.nodes.entry(node).or_insert_with(|| graph.add_node(node))
    }

    /// The node's index in the graph.
    pub fn index(&self, node: Node) -> Option<NodeIndex> {
        self.nodes.get(&node).copied()
    }

    fn connect(&mut self, from: Node, to: Node, edge: Edge) {
        let (from, to) = (self.node(from), self.node(to));
        self.graph.add_edge(from, to, edge);
    }

    /// Adds the edges of a route and of the ones behind it.
    fn lead(&mut self, pathway: &Pathway, from: PlaceId, why: Why, route: RouteId, backs: &mut Vec<(Node, Edge)>) {
        let chain: Vec<RouteId> = pathway.route_chain(route).map(|(id, _)| id).collect();
        for (number, id) in chain.into_iter().enumerate() {
            let it = pathway.route(id);
            // A person dies once, so no circle goes round by way of a death.
            let counted = it.counted.is_some() || why == Why::Exit(Exit::Died);
            let edge = Edge { why, route: Some(id), counted, used_up: number > 0 };
            match it.target {
                Target::Place(to) => self.connect(Node::Place(from), Node::Place(to), edge),
                Target::Back => backs.push((Node::Place(from), edge)),
                Target::NotDone => {}
                Target::Escalate(ladder) => self.escalation(pathway, from, ladder, edge, backs),
            }
        }
    }

    /// The node of a place while it is escalated, and where its answers lead.
    fn escalation(
        &mut self,
        pathway: &Pathway,
        place: PlaceId,
        ladder: LadderId,
        edge: Edge,
        backs: &mut Vec<(Node, Edge)>,
    ) {
        let node = Node::Escalation(place, ladder);
        let known = self.nodes.contains_key(&node);
        self.connect(Node::Place(place), node, edge);
        if known {
            return;
        }
        let reassigned = Edge { why: Why::Reassigned, route: None, counted: true, used_up: false };
        self.connect(node, Node::Place(place), reassigned);
        let it = pathway.place(place);
        let mut answers: Vec<(Why, RouteId)> = Vec::new();
        match &it.kind {
            PlaceKind::Step(step) => answers.extend(step.then.map(|route| (Why::Done, route))),
            PlaceKind::Together(together) => answers.push((Why::Done, together.then)),
            PlaceKind::Repeat(repeat) => answers.extend(repeat.until.as_ref().map(|(_, route)| (Why::Until, *route))),
            PlaceKind::HandOver(hand_over) => {
                answers.push((Why::Done, hand_over.then));
                answers.extend(hand_over.on_condition.map(|route| (Why::OnCondition, route)));
            }
            PlaceKind::Choose(choose) => {
                if let PlaceKind::Decide(decide) = &pathway.place(choose.decision).kind {
                    answers.extend(decide.rows.iter().map(|row| (Why::Chosen, row.route)));
                    let agreed = decide.agreed().filter(|_| choose.advised);
                    answers.extend(agreed.map(|agreed| (Why::Disagreed, agreed.disagree)));
                }
            }
            PlaceKind::Decide(_) | PlaceKind::Ending(_) => {}
        }
        answers.extend(it.exits[Exit::NobodyCan as usize].map(|route| (Why::Exit(Exit::NobodyCan), route)));
        for (why, route) in answers {
            let chain: Vec<RouteId> = pathway.route_chain(route).map(|(id, _)| id).collect();
            for (number, id) in chain.into_iter().enumerate() {
                let it = pathway.route(id);
                let edge = Edge { why, route: Some(id), counted: it.counted.is_some(), used_up: number > 0 };
                match it.target {
                    Target::Place(to) => self.connect(node, Node::Place(to), edge),
                    Target::Back => backs.push((node, edge)),
                    Target::NotDone | Target::Escalate(_) => {}
                }
            }
        }
    }

    /// The decisions that send the person to a place while they do not know.
    pub fn senders(&self, place: PlaceId) -> Vec<PlaceId> {
        let Some(index) = self.index(Node::Place(place)) else { return Vec::new() };
        let incoming = self.graph.edges_directed(index, petgraph::Direction::Incoming);
        let mut senders: Vec<PlaceId> = incoming
            .filter(|edge| edge.weight().why == Why::NotKnown)
            .map(|edge| self.graph[petgraph::visit::EdgeRef::source(&edge)].place())
            .collect();
        senders.sort_unstable();
        senders.dedup();
        senders
    }
}
