//! Where a route leads: a place opens, somebody on a ladder is asked, the case ends; and what is noticed as it does.

use super::Promise;
use super::cover::Window;
use super::machine::{From, Machine, PLAINLY, View, Walk};
use super::state::{ANYBODY, At, Branch, Clock, FOR_GOOD, Kind, Node, Open, Seen};
use super::world::{PERSON, PlaceKind, RouteId, Target, Thing, Way};

impl Machine<'_> {
    /// Follows one way of a route.
    pub(super) fn go(&self, mut walk: Walk, target: Target, from: From) -> Vec<Walk> {
        match target {
            Target::Place(place) => self.enter(walk, place, from),
            Target::Ending(ending) => {
                self.promised(&mut walk, Thing::Ending(ending));
                self.is_there(&mut walk, Thing::Ending(ending));
                self.ends(&mut walk);
                let it = &self.world.endings[usize::from(ending)];
                if it.holder != PERSON && walk.state.holder != Some(it.holder) {
                    walk.seen.push(Seen::Found(Kind::UnheldEnding));
                }
                if it.owed.iter().any(|owed| walk.state.done & Thing::Place(*owed).bit() == 0) {
                    walk.seen.push(Seen::Found(Kind::StillOwed));
                }
                walk.state.at = At::Ended(ending);
                (walk.state.just, walk.state.who) = (0, ANYBODY);
                vec![walk]
            }
            Target::Asks(place, best) => self.open(walk, Node::Asked(place, best), None),
            Target::Over => {
                walk.state.at = At::Over;
                (walk.state.just, walk.state.who) = (0, ANYBODY);
                vec![walk]
            }
            Target::Ladder(ladder) => self.escalate(walk, from.branch, ladder),
            Target::Decides(..) => match from.decision {
                Some(decision) => self.open(walk, Node::Decides(decision), None),
                None => Vec::new(),
            },
            Target::Back => {
                let by = match &walk.state.at {
                    At::Open(open) => open.by,
                    _ => None,
                };
                by.map_or(Vec::new(), |decision| self.enter(walk, decision, PLAINLY))
            }
        }
    }

    pub(super) fn enter(&self, mut walk: Walk, place: u8, from: From) -> Vec<Walk> {
        let Some(decide) = self.world.decide(place) else {
            return self.open(walk, Node::Place(place), from.decision);
        };
        self.promised(&mut walk, Thing::Place(place));
        self.comes_to(&mut walk, Thing::Place(place));
        walk.seen.push(Seen::Enters(place, from.source));
        if self.reads(place) & walk.state.lost != 0 {
            walk.seen.push(Seen::Found(Kind::NotHandedOver));
        }
        if self.view == View::Runs {
            return self.decide(walk, place, decide);
        }
        walk.state.at = At::Open(Open::at(Node::Place(place)));
        vec![walk]
    }

    /// The time something has, and the time it takes.
    pub(super) fn time_of(&self, node: Node) -> Window {
        let window = |slots, takes| Window { slots, urgent: slots == 0, takes, ..Window::default() };
        match node {
            Node::Decides(decision) => window(self.world.chooses(decision, false).1, None),
            Node::Advised(decision) => window(self.world.chooses(decision, true).1, None),
            Node::Asked(place, best) => window(self.time_to_answer(place, best), None),
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Step(step) => {
                    Window { hours_of: step.hours_of, meeting: step.meeting, ..window(step.within, step.takes) }
                }
                PlaceKind::HandOver(over) => window(over.within, None),
                PlaceKind::Together(block) => window(block.within, None),
                PlaceKind::Repeat(repeat) => window(repeat.every, repeat.takes),
                PlaceKind::Decide(_) => Window::default(),
            },
        }
    }

    /// Opens something that takes time.
    pub(super) fn open(&self, mut walk: Walk, node: Node, by: Option<u8>) -> Vec<Walk> {
        let mut window = self.time_of(node);
        let after = match node {
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Step(step) => step.after,
                _ => None,
            },
            Node::Decides(_) | Node::Advised(_) | Node::Asked(..) => None,
        };
        if let Some(after) = after {
            if walk.state.done & Thing::Place(after).bit() == 0 {
                walk.seen.push(Seen::Found(Kind::StillOwed));
            }
            // Along paths it may always be over already.
            let ago = if self.view == View::Runs { walk.state.ago } else { FOR_GOOD - 1 };
            window.slots = if ago == FOR_GOOD { window.slots } else { window.slots.saturating_sub(ago) };
        }
        let within = self.world.slots_in(window, walk.state.slot);
        let ticking = |slots: u8| Clock { left: if self.view == View::Runs { slots } else { 0 }, asked: None };
        let mut open = Open { clock: ticking(within), ..Open::at(node) };
        let mut asks_again = 0;
        match node {
            Node::Decides(_) | Node::Advised(_) | Node::Asked(..) => {}
            Node::Place(place) => {
                self.promised(&mut walk, Thing::Place(place));
                self.comes_to(&mut walk, Thing::Place(place));
                match &self.place(place).kind {
                    PlaceKind::Step(step) => {
                        let back = matches!(self.world.routes[step.then].first, Target::Back);
                        open.by = by.filter(|_| back || step.missing);
                        asks_again = if step.afresh { step.finds & walk.state.just & !self.settled } else { 0 };
                    }
                    PlaceKind::Repeat(_) => {
                        // A round has until it is due: nobody is asked again at once.
                        open.due = open.clock.left;
                    }
                    PlaceKind::Together(block) => {
                        // What is surely good is asked of nobody.
                        // Nor is what somebody who decided just now knows not to apply.
                        let applies = if walk.read != 0 { !walk.not_applicable() } else { 0xFF };
                        // What was just read, and is not only presumed, is known.
                        let read = walk.read & walk.known() & !self.as_presumed(&walk.values);
                        let known = walk.state.known | read;
                        let unknown = if self.view == View::Runs { !known & applies } else { 0xFF };
                        let mut asked = 0;
                        for (number, branch) in block.branches.iter().enumerate() {
                            open.branches[number] = Branch::Open(ticking(branch.within));
                            self.promised(&mut walk, Thing::Branch(place, number as u8));
                            self.comes_to(&mut walk, Thing::Branch(place, number as u8));
                            // Along paths, what a branch asks for later it may ask for now.
                            let asks = if self.view == View::Runs { branch.finds } else { branch.may_find() };
                            asks_again |= asked & asks & unknown;
                            asked |= asks;
                        }
                    }
                    _ => {}
                }
            }
        }
        // In a run, what was not found is not known, and may be asked for again.
        if self.view == View::Runs && !matches!(node, Node::Place(place) if self.is_block(place)) {
            asks_again &= walk.known();
        }
        if asks_again != 0 {
            walk.seen.push(Seen::Found(Kind::AskedTwice));
        }
        (walk.state.just, walk.state.who) = (0, ANYBODY);
        walk.state.at = At::Open(open);
        self.who_is_there(walk, node, window)
    }

    fn is_block(&self, place: u8) -> bool {
        matches!(self.place(place).kind, PlaceKind::Together(_))
    }

    /// Looks for somebody on duty for everything that just opened (10.16).
    fn who_is_there(&self, walk: Walk, node: Node, window: Window) -> Vec<Walk> {
        let late = self.way(node, Way::Late);
        let one = |walk: Walk, role: u8| self.look_for_duty(walk, None, role, window, late);
        match node {
            Node::Decides(decision) => one(walk, self.world.chooses(decision, false).0),
            Node::Advised(decision) => one(walk, self.world.chooses(decision, true).0),
            Node::Asked(_, false) => one(walk, PERSON),
            Node::Asked(place, true) => one(walk, self.world.risk(place).map_or(PERSON, |risk| risk.leader)),
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Step(step) => {
                    // Along paths whoever may be needed is needed of everybody.
                    let needed = step.needed.filter(|it| self.view != View::Runs || it.is_needed(&walk.values));
                    let mut walk = walk;
                    let role = needed.map(|it| it.role).filter(|role| self.is_missing(&mut walk, *role, window));
                    one(walk, role.unwrap_or(step.role))
                }
                PlaceKind::Repeat(repeat) => one(walk, repeat.role),
                PlaceKind::HandOver(over) => {
                    // Where one of the two is not there, that is enough.
                    let mut walk = walk;
                    let missing = self.is_missing(&mut walk, over.from, window);
                    one(walk, if missing { over.from } else { over.to })
                }
                PlaceKind::Together(block) => {
                    let late = self.world.defaults[Way::Late as usize];
                    let mut walks = vec![walk];
                    for (number, branch) in block.branches.iter().enumerate() {
                        let window = Window {
                            slots: branch.within,
                            takes: branch.takes,
                            urgent: branch.within == 0,
                            ..Window::default()
                        };
                        let look = |walk| self.look_for_duty(walk, Some(number), branch.role, window, late);
                        walks = walks.into_iter().flat_map(look).collect();
                    }
                    walks
                }
                PlaceKind::Decide(_) => vec![walk],
            },
        }
    }

    /// Whether nobody of a role is on duty for something that just opened: for the person, of whom something is known; along
    /// paths for somebody, who can come at any minute.
    fn is_missing(&self, walk: &mut Walk, role: u8, window: Window) -> bool {
        match self.view {
            View::Graph | View::Paths => self.world.off_duty(role, window, &self.servings).is_some(),
            View::Runs => {
                let serving = self.serving(walk);
                !self.world.on_duty(role, walk.state.slot, window, serving)
            }
        }
    }

    /// Where nobody is on duty for something that just opened: escalates it, or says that it comes too late.
    pub(super) fn look_for_duty(
        &self,
        mut walk: Walk,
        branch: Option<usize>,
        role: u8,
        window: Window,
        late: RouteId,
    ) -> Vec<Walk> {
        if !self.is_missing(&mut walk, role, window) {
            return vec![walk];
        }
        let legs = self.legs(&walk.state, late);
        if self.view == View::Runs && self.world.leaves_out(role, self.world.serving(&walk.values)) {
            walk.seen.push(Seen::Found(Kind::NotServed));
        } else if legs.iter().any(|(_, target)| !matches!(target, Target::Ladder(_))) {
            walk.seen.push(Seen::Found(Kind::TooLate));
        }
        if self.view != View::Runs || !matches!(legs[0].1, Target::Ladder(_)) {
            return vec![walk];
        }
        self.take(walk, late, From { branch, ..PLAINLY })
    }

    // --------------------------------------------------------------------------------------------------------- ladders

    fn clock(walk: &mut Walk, branch: Option<usize>) -> Option<&mut Clock> {
        let At::Open(open) = &mut walk.state.at else { return None };
        match branch {
            None => Some(&mut open.clock),
            Some(number) => open.branches[number].clock_mut(),
        }
    }

    pub(super) fn is_last(&self, (ladder, rung): (u8, u8)) -> bool {
        usize::from(rung) + 1 == self.world.ladders[usize::from(ladder)].rungs.len()
    }

    /// Escalates; where somebody is asked already, the next rung of that ladder (10.5). Nothing where nothing changes.
    fn escalate(&self, mut walk: Walk, branch: Option<usize>, ladder: u8) -> Vec<Walk> {
        walk.seen.push(Seen::Asks(ladder));
        let view = self.view;
        let Some(clock) = Self::clock(&mut walk, branch) else { return Vec::new() };
        match (view, clock.asked) {
            (View::Graph | View::Paths, Some(_)) => Vec::new(),
            (View::Graph | View::Paths, None) => {
                clock.asked = Some((ladder, 0));
                vec![walk]
            }
            (View::Runs, Some(asked)) if self.is_last(asked) => Vec::new(),
            (View::Runs, Some(_)) => self.next_rung(walk, branch),
            (View::Runs, None) => self.ask(walk, branch, ladder, 0),
        }
    }

    /// Asks the first rung, from one on, that is open for the whole of its time; the last in any case.
    fn ask(&self, mut walk: Walk, branch: Option<usize>, ladder: u8, from: u8) -> Vec<Walk> {
        let slot = walk.state.slot;
        let rungs = &self.world.ladders[usize::from(ladder)].rungs;
        let last = rungs.len() - 1;
        let serving = self.serving(&mut walk);
        let answers = |rung: usize| self.world.answers(rungs[rung].0, slot, rungs[rung].1, serving);
        let rung = (usize::from(from)..last).find(|&rung| answers(rung)).unwrap_or(last);
        if self.world.who_are_asked(rungs[rung].0) & serving == 0 {
            // All on the last rung are asked all the same (10.40).
            walk.seen.push(Seen::Found(Kind::NotServed));
        } else if !answers(rung) {
            walk.seen.push(Seen::Found(Kind::NobodyAnswers));
        }
        if let Some(clock) = Self::clock(&mut walk, branch) {
            *clock = Clock { left: rungs[rung].1, asked: Some((ladder, rung as u8)) };
        }
        vec![walk]
    }

    pub(super) fn next_rung(&self, mut walk: Walk, branch: Option<usize>) -> Vec<Walk> {
        match Self::clock(&mut walk, branch).and_then(|clock| clock.asked) {
            Some((ladder, rung)) => self.ask(walk, branch, ladder, rung + 1),
            None => Vec::new(),
        }
    }

    /// Who is asked says that it cannot be done.
    pub(super) fn rung_cannot(&self, mut walk: Walk, branch: Option<usize>) -> Vec<Walk> {
        let asked = Self::clock(&mut walk, branch).and_then(|clock| clock.asked);
        if self.view == View::Runs && asked.is_some_and(|asked| !self.is_last(asked)) {
            return self.next_rung(walk, branch);
        }
        if let Some(number) = branch {
            return self.branch_ends(walk, number, Branch::NotDone);
        }
        let At::Open(open) = &walk.state.at else { return Vec::new() };
        let route = self.way(open.node, Way::Nobody);
        self.take(walk, route, PLAINLY)
    }

    // -------------------------------------------------------------------------------------------------------- promises

    /// Looks whether opening this breaks a promise.
    pub(super) fn promised(&self, walk: &mut Walk, opened: Thing) {
        for (number, promise) in self.world.promises.iter().enumerate() {
            match promise {
                Promise::Without(reached, first) if *reached == opened && walk.state.done & first.bit() == 0 => {
                    walk.seen.push(Seen::Breaks(number));
                }
                _ => {}
            }
        }
    }
}
