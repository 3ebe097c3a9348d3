//! No more happens at one moment than a case can do at once: else it would refuse what led there, and the person would
//! stay where they are.
//!
//! Whatever happens at one moment begins with something that was open before it and is left, each once; with one event,
//! whatever that is about; or with what happens at any time. Each of these leads on by what takes no time: decisions, and
//! what may be over as it opens. Without what is counted nobody comes round there, and a count belongs to the case and is
//! never given back (10.13): so, however many go round, all of them together go round once more for each time that
//! something counted may be taken. All that is added up, for all roads and branches at their worst.

use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::model::{CounterId, FactId, Interrupt, Pathway, PlaceId, PlaceKind, Road, Target};
use crate::workflow::{Edge, MOST_AT_ONCE, Node, Why};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, BTreeSet};

/// What a case counts, at most, when something open is left: that it fell due, that it is left, that somebody is asked or
/// that its block goes on.
const LEFT: u64 = 4;

/// Where more may happen at one moment than a case can do at once.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let moment = Moment::of(subject);
    let many = moment.most(subject);
    if many <= u64::from(MOST_AT_ONCE) { Vec::new() } else { vec![moment.too_much(many)] }
}

/// The ways on that take no time, and how much happens along them.
struct Moment<'p> {
    pathway: &'p Pathway,
    /// Every place, and, between them, what follows in the same moment.
    graph: DiGraph<PlaceId, Edge>,
    /// Places that lead to each other, before whatever leads to them.
    circles: Vec<Circle>,
    /// The circle each place is part of, by its number.
    circle: Vec<usize>,
}

/// Places that lead to each other in one moment, or a single one.
struct Circle {
    nodes: Vec<NodeIndex>,
    /// What happens when all of them are gone through once.
    once: u64,
    /// How often more one may come round.
    rounds: u64,
    /// What happens when one comes here, and goes on from here, never coming round.
    on: u64,
}

impl Moment<'_> {
    fn of<'p>(subject: &Subject<'p>) -> Moment<'p> {
        let pathway = &subject.program.pathway;
        let graph = subject.program.workflow.graph.filter_map(
            |_, node| if let Node::Place(place) = node { Some(*place) } else { None },
            |_, edge| (!matches!(edge.why, Why::AtAnyTime(_))).then_some(*edge),
        );
        // A place that takes time is come to, and left at another moment; a block opens its branches all the same.
        let graph = graph.filter_map(
            |_, place| Some(*place),
            |edge, it| {
                let from = graph.edge_endpoints(edge).map(|(from, _)| graph[from])?;
                (it.why == Why::Branch || takes_no_time(pathway, from)).then_some(*it)
            },
        );
        let mut circle: Vec<usize> = vec![0; pathway.places.len()];
        let all = kosaraju_scc(&graph);
        for (number, nodes) in all.iter().enumerate() {
            nodes.iter().for_each(|node| circle[graph[*node].index()] = number);
        }
        let mut moment = Moment { pathway, graph, circles: Vec::new(), circle };
        // What is led to comes before what leads there.
        for nodes in all {
            let next = moment.circle_of(nodes);
            moment.circles.push(next);
        }
        moment
    }

    fn circle_of(&self, nodes: Vec<NodeIndex>) -> Circle {
        let (mut once, mut behind) = (0_u64, 0);
        let (mut counters, mut deaths) = (BTreeSet::new(), 0);
        let here = nodes.first().map_or(0, |node| self.circle[self.graph[*node].index()]);
        for node in &nodes {
            once = once.saturating_add(counts(self.pathway, self.graph[*node]));
            for edge in self.graph.edges(*node) {
                let to = self.circle[self.graph[edge.target()].index()];
                let on = self.circles.get(to).map_or(0, |circle| circle.on);
                match edge.weight() {
                    Edge { why: Why::Branch, .. } => once = once.saturating_add(on),
                    _ if to != here => behind = behind.max(on),
                    // A person dies once (10.11).
                    Edge { why: Why::Exit(_), counted: true, route: Some(route), .. }
                        if self.pathway.route(*route).counted.is_none() =>
                    {
                        deaths = 1;
                    }
                    edge => {
                        let counted = edge.route.and_then(|route| self.pathway.route(route).counted);
                        counters.extend(counted.map(|(counter, _)| counter));
                    }
                }
            }
        }
        let limit = |counter: &CounterId| u64::from(self.pathway.counters[counter.index()].limit);
        let rounds = counters.iter().map(limit).fold(deaths, u64::saturating_add);
        Circle { nodes, once, rounds, on: once.saturating_add(behind) }
    }

    /// What happens in one moment when one comes to a place, and never comes round.
    fn from(&self, place: PlaceId) -> u64 {
        self.circle.get(place.index()).and_then(|number| self.circles.get(*number)).map_or(0, |circle| circle.on)
    }

    /// The most that can happen at one moment.
    fn most(&self, subject: &Subject<'_>) -> u64 {
        let on = self.on_from_each(subject);
        let mut left: BTreeMap<Road, u64> = BTreeMap::new();
        let mut by_an_event = self.from(self.pathway.start);
        for (id, place) in self.pathway.all_places() {
            if matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) {
                continue;
            }
            let this = self.left(id, on.get(id.index()).copied().unwrap_or(0));
            by_an_event = by_an_event.max(this);
            // Branches that are steps are left beside their block.
            if !self.pathway.is_branch(id) {
                let most = left.entry(self.pathway.road(id)).or_insert(0);
                *most = (*most).max(this);
            }
        }
        let happens = self.pathway.interrupts.iter().map(|it| self.at_any_time(subject, it));
        let rounds = self.circles.iter().map(|circle| circle.once.saturating_mul(circle.rounds));
        left.into_values().chain(happens).chain(rounds).fold(by_an_event, u64::saturating_add)
    }

    /// By place: the most that happens in one moment behind a way out of it, or of its escalation.
    fn on_from_each(&self, subject: &Subject<'_>) -> Vec<u64> {
        let graph = &subject.program.workflow.graph;
        let mut on = vec![0; self.pathway.places.len()];
        for edge in graph.edge_references() {
            let from = graph[edge.source()].place().index();
            if let (Node::Place(to), Some(most)) = (graph[edge.target()], on.get_mut(from))
                && !matches!(edge.weight().why, Why::Branch | Why::AtAnyTime(_))
            {
                *most = self.from(to).max(*most);
            }
        }
        on
    }

    /// What happens when something that is open is left, and, where that is a block, what is open of its branches. What is
    /// repeated is come to again.
    fn left(&self, place: PlaceId, on: u64) -> u64 {
        let branches = match &self.pathway.place(place).kind {
            PlaceKind::Together(block) => LEFT * block.branches.len() as u64,
            _ => 0,
        };
        on.max(counts(self.pathway, place)).saturating_add(LEFT + branches)
    }

    /// What happens at any time, as often as it may at one moment. What it waits for is otherwise no more than once then,
    /// by the event, and anyone may raise it besides; unless decisions lead into its call again, something comes of a
    /// positive risk, or nobody is asked any more about what is disputed.
    fn at_any_time(&self, subject: &Subject<'_>, it: &Interrupt) -> u64 {
        let (mut times, mut most) = (0_u64, 0);
        for (route, counter) in [Some(it.route), it.then].into_iter().flatten() {
            times = times.saturating_add(u64::from(self.pathway.counters[counter.index()].limit));
            for (_, leg) in self.pathway.route_chain(route) {
                most = if let Target::Place(to) = leg.target { self.from(to).max(most) } else { most };
            }
        }
        let mut disputed = false;
        let facts = &subject.shared.facts;
        let can_be = |fact: FactId| facts.get(fact.index()).is_some_and(|fact| fact.arbiter.is_some());
        it.condition.test.reads(facts, &subject.shared.scores, &mut |fact| disputed |= can_be(fact));
        let often = it.with_call.is_some() || !self.pathway.risks.is_empty() || disputed;
        most.saturating_mul(if often { times } else { times.min(2) })
    }

    fn too_much(&self, many: u64) -> Flaw {
        let round = |circle: &&Circle| circle.once.saturating_mul(circle.rounds);
        let mut circles: Vec<&Circle> = self.circles.iter().filter(|circle| circle.rounds > 0).collect();
        circles.sort_by_key(|circle| (std::cmp::Reverse(round(circle)), self.named(circle)));
        let longest = self.circles.iter().max_by_key(|circle| circle.on);
        let goes_round = circles.first().filter(|circle| round(circle) >= longest.map_or(0, |circle| circle.on));
        let (what, help) = match goes_round {
            Some(_) => (
                "one goes round",
                "lower the counts of the ways that go round, or let somebody do something on the way: what is done takes time",
            ),
            None => ("one goes on", "let fewer decisions follow each other, or let somebody do something in between"),
        };
        let first = goes_round.copied().or(longest);
        let place = self.pathway.place(first.map_or(self.pathway.start, |circle| self.named(circle)));
        let message = format!(
            "{what} by `{}` so often in one moment that a case cannot do it at once: {many} things, of {MOST_AT_ONCE} at \
             the most",
            place.name
        );
        let mut finding = Finding::new(Kind::TooOften, place.at, message).help(help);
        let edges = first.into_iter().flat_map(|circle| circle.nodes.iter().flat_map(|node| self.graph.edges(*node)));
        let routes = edges.filter_map(|edge| edge.weight().route).map(|route| self.pathway.route(route));
        let counted = routes.filter(|route| route.counted.is_some());
        let here = |target: Target| match target {
            Target::Place(to) => first.is_some_and(|circle| circle.nodes.iter().any(|node| self.graph[*node] == to)),
            _ => false,
        };
        for route in counted.filter(|route| here(route.target)).take(3) {
            finding = finding.and(route.at, "may be taken so often");
        }
        if goes_round.is_some() {
            // What is written once may be there for several branches.
            let mut others: BTreeMap<At, Vec<String>> = BTreeMap::new();
            for circle in circles.iter().skip(1).filter(|circle| round(circle).saturating_mul(20) >= many) {
                let other = self.pathway.place(self.named(circle));
                others.entry(other.at).or_default().push(format!("`{}`", other.name));
            }
            for (at, names) in others.into_iter().take(3) {
                finding = finding.and(at, format!("one may go round by {} in the same moment", listed(names)));
            }
        }
        Flaw::new(finding, Evidence::Static)
    }

    /// The place by which something is named: the first that somebody wrote.
    fn named(&self, circle: &Circle) -> PlaceId {
        let mut places: Vec<PlaceId> = circle.nodes.iter().map(|node| self.graph[*node]).collect();
        places.sort_unstable();
        let named = places.iter().find(|place| !self.pathway.risks.iter().any(|risk| risk.made.contains(place)));
        *named.or(places.first()).unwrap_or(&self.pathway.start)
    }
}

/// Whether one may leave a place in the moment one comes to it: decisions; what is counted after something else, which may
/// be over as it opens; and blocks of which a branch is either that, or a pathway of its own.
fn takes_no_time(pathway: &Pathway, place: PlaceId) -> bool {
    let may_be_over = |kind: &PlaceKind| kind.within().is_some_and(|within| within.after().is_some());
    let kind = &pathway.place(place).kind;
    let branch = |branch: &PlaceId| pathway.begins_a_branch(*branch) || may_be_over(&pathway.place(*branch).kind);
    match kind {
        PlaceKind::Decide(_) => true,
        PlaceKind::Together(block) => may_be_over(kind) || block.branches.iter().any(branch),
        kind => may_be_over(kind),
    }
}

/// What a case counts, at most, when one comes to a place, and leaves it in the same moment where that can be.
fn counts(pathway: &Pathway, place: PlaceId) -> u64 {
    match &pathway.place(place).kind {
        PlaceKind::Decide(_) => 1,
        // It is come to, and its block goes on.
        PlaceKind::Ending(_) => 2,
        PlaceKind::Together(block) => 3 + LEFT + block.branches.len() as u64,
        // It is come to, and somebody is asked at once.
        _ => 3 + LEFT,
    }
}
