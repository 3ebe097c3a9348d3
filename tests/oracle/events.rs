//! What can happen to something that is open: it is done, declined, late, given to somebody else, interrupted, chosen
//! among; and what each of these leads to.

use super::cover::Window;
use super::machine::{From, Machine, Move, PLAINLY, View, Walk};
use super::state::{ANYBODY, At, Branch, Clock, FOR_GOOD, Kind, Label, Node, Open, Seen, Source, State};
use super::world::{NOT_APPLICABLE, Place, PlaceKind, Route, RouteId, Target, Thing, UNKNOWN, Values, Way, World};

impl Machine<'_> {
    pub(super) fn single_events(&self, state: &State, open: &Open, node: Node, out: &mut Vec<Move>) {
        let at = match node {
            Node::Place(place) | Node::Decides(place) | Node::Advised(place) | Node::Asked(place, _) => place,
        };
        let thing = Some(Thing::Place(at));
        match node {
            Node::Asked(place, best) => self.answers(state, place, best, out),
            Node::Decides(decision) | Node::Advised(decision) => {
                let decide = self.world.decide(decision).expect("a role decides only for a decision");
                for route in decide.row_routes() {
                    self.play(state, "is decided", thing, out, |walk| self.chosen(walk, decide, node, route));
                }
                if let Some(disagree) = decide.disagree.filter(|_| matches!(node, Node::Advised(_))) {
                    self.play(state, "is not agreed", thing, out, |walk| self.take(walk, disagree, PLAINLY));
                }
            }
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Step(step) if step.waits => {
                    // Nobody does anything there, and it is never late: one goes on when its time is over.
                    if self.view != View::Runs || open.clock.left == 0 {
                        self.play(state, "is over", thing, out, |mut walk| {
                            self.done(&mut walk, Thing::Place(place));
                            self.take(walk, step.then, PLAINLY)
                        });
                    }
                    return;
                }
                PlaceKind::Step(step) => self.play(state, "is done", thing, out, |mut walk| {
                    let finds = match open.by.filter(|_| step.missing) {
                        Some(decision) => self.reads(decision),
                        None => step.finds,
                    };
                    walk.finds(finds);
                    self.done(&mut walk, Thing::Place(place));
                    self.take(walk, step.then, PLAINLY)
                }),
                PlaceKind::HandOver(over) => {
                    let accepted = |route: RouteId| {
                        move |mut walk: Walk| {
                            walk.state.holder = Some(over.to);
                            let carried = over.carrying | self.settled;
                            walk.carries(carried, self.as_presumed(&walk.values));
                            self.see_what_applies(&mut walk.values);
                            walk.state.who = self.knowing_only(carried);
                            self.done(&mut walk, Thing::Place(place));
                            self.take(walk, route, PLAINLY)
                        }
                    };
                    self.play(state, "is accepted", thing, out, accepted(over.then));
                    if let Some(route) = over.condition {
                        self.play(state, "is accepted on a condition", thing, out, accepted(route));
                    }
                    self.play(state, "is refused", thing, out, |walk| self.take(walk, over.declined, PLAINLY));
                }
                PlaceKind::Repeat(repeat) => {
                    self.play(state, "round is done", thing, out, |mut walk| {
                        walk.finds(repeat.finds);
                        self.round_done(walk, open, place)
                    });
                }
                PlaceKind::Together(_) | PlaceKind::Decide(_) => {}
            },
        }
        // A decision is not the person's to decline (10.10).
        if let Node::Place(_) = node {
            self.play(state, "is declined by the person", thing, out, |walk| {
                self.take(walk, self.way(node, Way::Declines), PLAINLY)
            });
        }
        self.play(state, "cannot be done", thing, out, |walk| match open.clock.asked {
            Some(_) => self.rung_cannot(walk, None),
            None => self.take(walk, self.way(node, Way::Cannot), PLAINLY),
        });
        self.due(state, open.clock, None, thing, out, self.way(node, Way::Late));
        self.reassign(state, open, node, thing, out);
    }

    /// A role chooses what a row leads to now: only what is an option for this person (10.26).
    pub(super) fn chosen(
        &self,
        mut walk: Walk,
        decide: &super::world::Decide,
        node: Node,
        route: RouteId,
    ) -> Vec<Walk> {
        let options = self.legs(&walk.state, route);
        let only_when = |target: Target| decide.only_when(target);
        if self.view == View::Runs {
            let read = options.iter().filter_map(|(_, it)| only_when(*it)).fold(0, |all, it| all | it.facts());
            walk.read |= self.world.with_what_applies(read);
            let values = walk.values;
            let open = |it: Target| only_when(it).is_none_or(|condition| condition.holds(&values) == Some(true));
            for (_, option) in options.into_iter().filter(|(_, it)| open(*it)) {
                self.sent_by_a_role(&mut walk, decide, node, option);
            }
            return self.take_if(walk, route, PLAINLY, open);
        }
        let mut walks = Vec::new();
        for (_, option) in options {
            let mut walk = walk.clone();
            if let (View::Paths, Some(condition)) = (self.view, only_when(option)) {
                // Whoever decides in the same moment is somebody for whom this may be chosen.
                let met = |values: &Values| condition.holds(values) == Some(true);
                let all = self.every_values.iter().enumerate();
                walk.state.who = all.map(|(number, values)| u128::from(met(values)) << number).sum();
                if walk.state.who == 0 {
                    continue;
                }
            }
            self.sent_by_a_role(&mut walk, decide, node, option);
            walks.extend(self.take_if(walk, route, PLAINLY, |target| target == option));
        }
        walks
    }

    /// What follows a round (10.9).
    pub(super) fn round_done(&self, mut walk: Walk, open: &Open, place: u8) -> Vec<Walk> {
        let PlaceKind::Repeat(repeat) = &self.place(place).kind else { return Vec::new() };
        let (until, out_of_it) = &repeat.until;
        // The ladder was asked after the last round: done looks at `until` once more.
        let used_up = open.round == repeat.times;
        let after = if used_up { self.world.way(place, Way::Nobody) } else { repeat.after };
        if self.view != View::Runs {
            let mut left = walk.clone();
            self.done(&mut left, Thing::Place(place));
            let mut walks = self.take(left, *out_of_it, PLAINLY);
            let mut used = walk.clone();
            if let At::Open(at) = &mut used.state.at {
                at.round = repeat.times;
                at.clock.asked = at.clock.asked.filter(|_| used_up);
            }
            walks.extend(self.after_the_last(used, place, after, used_up));
            // One round more shows what a round that is done leaves behind.
            if open.round == 0 && repeat.times > 1 {
                if let At::Open(at) = &mut walk.state.at {
                    (at.round, at.clock.asked) = (1, None);
                }
                walk.state.just = 0;
                walks.push(walk);
            }
            return walks;
        }
        walk.read |= self.world.with_what_applies(until.facts());
        if until.holds(&walk.values) == Some(true) {
            self.done(&mut walk, Thing::Place(place));
            return self.take(walk, *out_of_it, PLAINLY);
        }
        let rounds = open.round + 1;
        if used_up || rounds == repeat.times {
            if let At::Open(at) = &mut walk.state.at {
                at.round = repeat.times;
                at.clock.asked = at.clock.asked.filter(|_| used_up);
            }
            return self.after_the_last(walk, place, after, used_up);
        }
        let left = open.due + repeat.every;
        let again = Open { clock: Clock { left, asked: None }, due: left, round: rounds, ..open.clone() };
        walk.state.at = At::Open(again);
        let window = Window { slots: left, takes: repeat.takes, ..Window::default() };
        self.look_for_duty(walk, None, repeat.role, window, self.world.way(place, Way::Late))
    }

    /// The last round is done: so is the repeat, unless somebody on a ladder is asked (11).
    pub(super) fn after_the_last(&self, walk: Walk, place: u8, after: RouteId, nobody_can: bool) -> Vec<Walk> {
        let ladder = |target: Target| matches!(target, Target::Ladder(_));
        let mut done = walk.clone();
        if !nobody_can {
            self.done(&mut done, Thing::Place(place));
        }
        let mut walks = self.take_if(done, after, PLAINLY, |target| !ladder(target));
        walks.extend(self.take_if(walk, after, PLAINLY, ladder));
        walks
    }

    /// Something is due: late, or the time of a rung is over.
    pub(super) fn due(
        &self,
        state: &State,
        clock: Clock,
        branch: Option<usize>,
        thing: Option<Thing>,
        out: &mut Vec<Move>,
        late: RouteId,
    ) {
        let from = From { branch, ..PLAINLY };
        match (self.view, clock.asked) {
            (View::Runs, _) if clock.left > 0 => {}
            (_, None) => self.play(state, "is late", thing, out, |walk| self.take_late(walk, late, from)),
            (View::Graph | View::Paths, Some(_)) => {}
            // The last rung answers in its time: that is assumed (4.2).
            (View::Runs, Some(asked)) if self.is_last(asked) => {}
            (View::Runs, Some(_)) => {
                self.play(state, "is not answered", thing, out, |walk| self.next_rung(walk, branch));
            }
        }
    }

    pub(super) fn take_late(&self, walk: Walk, late: RouteId, from: From) -> Vec<Walk> {
        match from.branch {
            Some(_) => self.branch_route(walk, late, from),
            None => self.take(walk, late, from),
        }
    }

    pub(super) fn reassign(&self, state: &State, open: &Open, node: Node, thing: Option<Thing>, out: &mut Vec<Move>) {
        // Along paths a reassigned step is as it was before it was escalated.
        let Some((ladder, _)) = open.clock.asked.filter(|_| self.view == View::Runs) else { return };
        let window = self.time_of(node);
        let within = self.world.slots_in(window, state.slot);
        let used = state.reassigned[usize::from(ladder)];
        let repeat = match node {
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Repeat(repeat) => Some(repeat),
                _ => None,
            },
            Node::Decides(_) | Node::Advised(_) | Node::Asked(..) => None,
        };
        let used_up = repeat.is_some_and(|repeat| repeat.times == open.round);
        if used < self.world.ladders[usize::from(ladder)].reassign && !used_up {
            self.play(state, "is reassigned", thing, out, |mut walk| {
                let serving = self.serving(&mut walk);
                if !(0..self.world.roles).any(|role| self.world.on_duty(role, state.slot, window, serving)) {
                    return Vec::new();
                }
                walk.state.reassigned[usize::from(ladder)] += 1;
                if let At::Open(open) = &mut walk.state.at {
                    open.clock = Clock { left: within, asked: None };
                    open.due = if repeat.is_some() { within } else { 0 };
                }
                vec![walk]
            });
        }
    }

    /// What happens at any time, instead of what is open (4.7, 10.24): whatever was known before, its condition may have
    /// become a no and then a yes just now. What is open may have been done at that very moment, and found what it finds.
    pub(super) fn interrupts(&self, state: &State, open: &Open, out: &mut Vec<Move>) {
        if state.died && self.view != View::Graph {
            return;
        }
        for (number, it) in self.world.interrupts.iter().enumerate() {
            // Alongside, in a run, what is open stays so, and the same is not done twice at a time.
            let beside = it.as_well && self.view == View::Runs;
            if beside && state.beside.is_some() {
                continue;
            }
            let used = state.interrupted[number];
            let mut targets = Vec::new();
            if used < it.times {
                targets.push((it.target, 1));
            }
            let after = if self.view == View::Graph { used <= it.times } else { used == it.times };
            if after {
                targets.extend(it.then.map(|then| (then, it.times + 1 - used)));
            }
            for (target, more) in targets {
                for finds in self.may_just_have_found(open) {
                    self.play(state, "interrupts", None, out, |mut walk| {
                        walk.read |= it.condition.facts();
                        if self.view == View::Runs && it.condition.holds(&walk.values) != Some(true) {
                            return Vec::new();
                        }
                        if finds != 0 {
                            walk.finds(finds);
                        }
                        // What one finds as they go may be why.
                        if finds & it.condition.facts() != 0 && !it.as_well {
                            self.may_have_gone(&mut walk, open, finds);
                        }
                        walk.state.held |= it.condition.facts() & !walk.state.lost;
                        walk.state.interrupted[number] += more;
                        if beside {
                            walk.state.turned = Some(Box::new(walk.state.at.clone()));
                        }
                        let mut walks = self.go(walk, target, PLAINLY);
                        walks.iter_mut().for_each(|walk| walk.state = walk.state.clone().turned_back());
                        walks
                    });
                }
            }
        }
    }

    /// What may have been found at the moment at which something interrupts: nothing, or what is open finds when it is
    /// done.
    pub(super) fn may_just_have_found(&self, open: &Open) -> Vec<u8> {
        let Node::Place(place) = open.node else { return vec![0] };
        let mut finds = vec![0];
        match &self.place(place).kind {
            PlaceKind::Step(step) => finds.push(match open.by.filter(|_| step.missing) {
                Some(decision) => self.world.decide(decision).map_or(0, |decide| decide.facts()),
                None => step.finds,
            }),
            PlaceKind::Repeat(repeat) => finds.push(repeat.finds),
            PlaceKind::Together(block) => {
                finds.extend(block.branches.iter().map(|branch| branch.finds));
                finds.extend(block.branches.iter().filter_map(|branch| branch.more.as_ref()).map(|more| more.finds));
            }
            _ => {}
        }
        finds.dedup();
        finds
    }
}
