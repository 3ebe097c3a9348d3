//! Work side by side: what happens to a block and to its branches (10.8).

use super::machine::{From, Machine, Move, PLAINLY, View, Walk};
use super::state::{At, Branch, Node, Open, State};
use super::world::{PlaceKind, RouteId, Target, Thing, Together, Way};

impl Machine<'_> {
    pub(super) fn block_events(&self, state: &State, open: &Open, place: u8, out: &mut Vec<Move>) {
        let PlaceKind::Together(block) = &self.place(place).kind else { return };
        let thing = Some(Thing::Place(place));
        // What was opened first falls due first: the block, and then its branches.
        self.due(state, open.clock, None, thing, out, self.world.way(place, Way::Late));
        let block_is_due = self.view == View::Runs && open.clock.left == 0;
        let asked = open.clock.asked.is_some();
        if asked {
            self.play(state, "is done", thing, out, |walk| self.block_done(walk, place, false));
            self.play(state, "cannot be done", thing, out, |walk| self.rung_cannot(walk, None));
        }
        // A block is not the person's to decline. What cannot be done while nobody is asked is a branch; but whoever a
        // block was given to may say so of the block.
        if self.view == View::Graph {
            self.play(state, "is declined by the person", thing, out, |walk| {
                self.take(walk, self.world.way(place, Way::Declines), PLAINLY)
            });
        }
        if !asked && self.view == View::Graph || asked && self.view == View::Paths {
            self.play(state, "cannot be done", thing, out, |walk| {
                self.take(walk, self.world.way(place, Way::Cannot), PLAINLY)
            });
        }
        for (number, branch) in open.branches.iter().enumerate() {
            let Some(clock) = branch.clock() else { continue };
            let thing = Some(Thing::Branch(place, number as u8));
            let from = From { branch: Some(number), ..PLAINLY };
            if self.waits_in(open, number) {
                // The block was opened first, and falls due first.
                if self.view != View::Runs || clock.left == 0 && !block_is_due {
                    self.play(state, "is over", thing, out, |mut walk| {
                        self.done_in_a_branch(&mut walk, Thing::Further(place, number as u8));
                        self.branch_ends(walk, number, Branch::Done)
                    });
                }
                continue;
            }
            // Where somebody is there as long as the block is open, nothing is done.
            let lasts = block.branches[number].meanwhile;
            if matches!(branch, Branch::Decides(_) | Branch::Advised(_)) {
                self.decided_in_a_branch(state, open, number, out);
            } else {
                self.play(state, "is done", thing, out, |mut walk| {
                    if lasts {
                        return Vec::new();
                    }
                    walk.finds(block.branches[number].asks(*branch));
                    match branch {
                        Branch::Open(_) => {
                            self.done_in_a_branch(&mut walk, Thing::Branch(place, number as u8));
                            self.branch_goes_on(walk, open, number)
                        }
                        _ => {
                            self.done_in_a_branch(&mut walk, Thing::Further(place, number as u8));
                            self.branch_ends(walk, number, Branch::Done)
                        }
                    }
                });
                self.play(state, "is declined by the person", thing, out, |walk| {
                    self.branch_ends(walk, number, Branch::NotDone)
                });
            }
            self.play(state, "cannot be done", thing, out, |walk| match clock.asked {
                Some(_) => self.rung_cannot(walk, Some(number)),
                None => self.branch_route(walk, self.world.defaults[Way::Cannot as usize], from),
            });
            if !block_is_due {
                self.due(state, clock, Some(number), thing, out, self.world.defaults[Way::Late as usize]);
            }
        }
    }

    /// The block that is open.
    pub(super) fn block_of(&self, open: &Open) -> Option<&Together> {
        match open.node {
            Node::Place(place) => match &self.place(place).kind {
                PlaceKind::Together(block) => Some(block),
                _ => None,
            },
            _ => None,
        }
    }

    /// The late or impossible route of a branch: where it would jump out, the branch ends not done (10.8).
    pub(super) fn branch_route(&self, walk: Walk, route: RouteId, from: From) -> Vec<Walk> {
        let number = from.branch.expect("only branches come here");
        let legs = self.legs(&walk.state, route);
        let escalates = |(_, target): &(bool, Target)| matches!(target, Target::Ladder(_));
        let mut walks = Vec::new();
        if legs.iter().any(escalates) {
            walks.extend(self.take_if(walk.clone(), route, from, |target| matches!(target, Target::Ladder(_))));
        }
        if legs.iter().any(|leg| !escalates(leg)) {
            walks.extend(self.branch_ends(walk, number, Branch::NotDone));
        }
        walks
    }

    /// A branch ended: goes on where enough are done, or none is left (10.8).
    pub(super) fn branch_ends(&self, mut walk: Walk, number: usize, how: Branch) -> Vec<Walk> {
        let At::Open(open) = &mut walk.state.at else { return Vec::new() };
        open.branches[number] = how;
        let Node::Place(place) = open.node else { return Vec::new() };
        let PlaceKind::Together(block) = &self.place(place).kind else { return Vec::new() };
        let lasts = |number: usize| block.branches.get(number).is_some_and(|branch| branch.meanwhile);
        if lasts(number) {
            return self.take(walk, block.short, PLAINLY);
        }
        let many = |what: Branch| {
            let to_do = open.branches.iter().enumerate().filter(|(number, _)| !lasts(*number));
            to_do.filter(|(_, branch)| **branch == what).count()
        };
        let (all, done) = (block.branches.iter().filter(|branch| !branch.meanwhile).count(), many(Branch::Done));
        let waiting = all - done - many(Branch::NotDone);
        let enough = block.first.map_or(all, usize::from);
        if done >= enough {
            self.block_done(walk, place, true)
        } else if waiting == 0 {
            self.take(walk, block.short, PLAINLY)
        } else {
            vec![walk]
        }
    }

    /// A block is done: by its branches, or because somebody on a ladder says so.
    fn block_done(&self, mut walk: Walk, place: u8, by_branches: bool) -> Vec<Walk> {
        let PlaceKind::Together(block) = &self.place(place).kind else { return Vec::new() };
        // Where all of them must be, each of them is, and whatever in it is always done.
        let to_do = block.branches.iter().enumerate().filter(|(_, branch)| !branch.meanwhile);
        let to_do: Vec<_> = to_do.collect();
        let all = block.first.is_none_or(|first| usize::from(first) >= to_do.len());
        if self.view != View::Runs && all && by_branches {
            for (number, branch) in to_do {
                walk.state.done |= Thing::Branch(place, number as u8).bit() & self.watched;
                if branch.more.as_ref().is_some_and(|more| more.when.is_none()) {
                    walk.state.done |= Thing::Further(place, number as u8).bit() & self.watched;
                }
            }
        }
        self.done(&mut walk, Thing::Place(place));
        self.take(walk, block.then, PLAINLY)
    }
}
