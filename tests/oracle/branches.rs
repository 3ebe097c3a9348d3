//! Branches that are pathways of their own (10.71): of one step, or of more than one.
//!
//! Of one step it changes nothing but the text. Where more comes after its first step, one decides in it perhaps whether
//! that is to be, and then somebody does something, or time passes; until that is over the branch is open.

use super::cover::Window;
use super::machine::{Machine, View, Walk};
use super::state::{ANYBODY, At, Branch as Stands, Clock, Kind, Node, Open, Seen};
use super::text::{BRANCHES, OUTCOMES, facts, role, slots};
use super::world::{Branch, Cond, PlaceKind, Target, Values, Way, World};
use std::fmt::Write as _;

/// What comes after the first step of a branch.
#[derive(Clone, Debug)]
pub struct More {
    /// Only when this is so; where it is not, the branch is done, and where it is not known, it ends not done.
    pub when: Option<Cond>,
    pub role: u8,
    pub finds: u8,
    pub within: u8,
    pub takes: Option<u8>,
    /// Time passes, and nothing is done.
    pub waits: bool,
}

impl Branch {
    /// The facts that may be found in it, as bits.
    pub fn may_find(&self) -> u8 {
        self.finds | self.more.as_ref().map_or(0, |more| more.finds)
    }

    /// The facts that it asks for where it stands, as bits.
    pub(super) fn asks(&self, stands: Stands) -> u8 {
        match stands {
            Stands::Open(_) => self.finds,
            Stands::Further(_) => self.more.as_ref().map_or(0, |more| more.finds),
            Stands::None | Stands::Done | Stands::NotDone => 0,
        }
    }

    /// Who does something in it.
    pub fn roles(&self) -> impl Iterator<Item = u8> + '_ {
        [self.role].into_iter().chain(self.more.as_ref().map(|more| more.role))
    }
}

impl World {
    /// Whether a branch is written as a pathway of its own. The last one is that is to be done, in every other place, where
    /// what `by default` says of a step can be said there, too.
    pub(super) fn is_a_pathway(&self, place: u8, branch: u8) -> bool {
        let PlaceKind::Together(block) = &self.places[usize::from(place)].kind else { return false };
        let last = block.branches.iter().rposition(|it| !it.meanwhile);
        let counted = Way::ALL.iter().any(|way| self.routes[self.defaults[*way as usize]].count.is_some());
        last == Some(usize::from(branch)) && place.is_multiple_of(2) && self.called == 0 && !counted
    }

    /// The branches that are written as pathways of their own: the place and the number of each.
    pub(super) fn pathways_in_blocks(&self) -> Vec<(usize, usize)> {
        let all = (0..self.places.len()).flat_map(|place| (0..3).map(move |branch| (place, branch)));
        all.filter(|(place, branch)| self.is_a_pathway(*place as u8, *branch as u8)).collect()
    }

    /// Whether some branch is written as a pathway of its own.
    pub fn has_a_pathway_as_a_branch(&self) -> bool {
        !self.pathways_in_blocks().is_empty()
    }

    /// What comes after the first step of a branch.
    pub(super) fn more(&self, place: usize, branch: usize) -> Option<&More> {
        match &self.places[place].kind {
            PlaceKind::Together(block) => block.branches.get(branch)?.more.as_ref(),
            _ => None,
        }
    }

    /// What comes after the first steps of all branches.
    pub fn all_more(&self) -> impl Iterator<Item = &More> {
        let all = (0..self.places.len()).flat_map(|place| (0..3).map(move |branch| (place, branch)));
        all.filter_map(|(place, branch)| self.more(place, branch))
    }

    /// The pathways that are branches.
    pub(super) fn branches_text(&self, out: &mut String) {
        for (number, at) in self.pathways_in_blocks() {
            let PlaceKind::Together(block) = &self.places[number].kind else { continue };
            let (branch, name) = (&block.branches[at], BRANCHES[at]);
            let _ = write!(out, "\npathway inner_p{number}{name}\n  version 1\n  starts at do\n\nby default\n");
            for way in Way::ALL {
                let default = self.routes[self.defaults[way as usize]].first;
                let leads = match default {
                    Target::Ladder(_) if matches!(way, Way::Late | Way::Cannot) => self.target_text(default, true),
                    _ => "not_well".to_string(),
                };
                let _ = writeln!(out, "  if {} -> {leads}", OUTCOMES[way as usize]);
            }
            let step = |name: &str, (who, finds): (u8, u8), takes: Option<u8>, within: u8, then: &str| {
                let finds = if finds == 0 { String::new() } else { format!("  finds {}\n", facts(finds)) };
                let takes = takes.map_or(String::new(), |long| format!("  takes {}\n", slots(long)));
                let (who, within) = (role(who), slots(within));
                format!("\nstep {name}\n  led by {who}\n{finds}{takes}  within {within}\n  then {then}\n")
            };
            let then = match &branch.more {
                None => "well",
                Some(More { when: Some(_), .. }) => "whether",
                Some(_) => "further",
            };
            out.push_str(&step("do", (branch.role, branch.finds), branch.takes, branch.within, then));
            if let Some(when) = branch.more.as_ref().and_then(|more| more.when.as_ref()) {
                let when = self.condition(when);
                let _ = write!(
                    out,
                    "\ndecide whether\n  when {when} -> further\n  if none of these -> well\n  if we do not know yet -> not_well\n"
                );
            }
            match &branch.more {
                None => {}
                Some(more) if more.waits => {
                    let _ = write!(out, "\nwait further\n  for {}\n  then well\n", slots(more.within));
                }
                Some(it) => out.push_str(&step("further", (it.role, it.finds), it.takes, it.within, "well")),
            }
            out.push_str("\nending well\n  held by person\n\nending not_well\n  held by person\n");
        }
    }
}

impl Machine<'_> {
    /// What comes after the first step of a branch of what is open.
    pub(super) fn more_of(&self, open: &Open, number: usize) -> Option<&More> {
        match open.node {
            Node::Place(place) => self.world.more(usize::from(place), number),
            _ => None,
        }
    }

    /// Whether time passes in a branch, and nothing is done.
    pub(super) fn waits_in(&self, open: &Open, number: usize) -> bool {
        let waits = self.more_of(open, number).is_some_and(|more| more.waits);
        waits && matches!(open.branches[number], Stands::Further(_))
    }

    /// The first step of a branch is done: further on in it, or it is done.
    pub(super) fn branch_goes_on(&self, mut walk: Walk, open: &Open, number: usize) -> Vec<Walk> {
        let Some(more) = self.more_of(open, number) else { return self.branch_is_done(walk, open, number) };
        let Some(when) = &more.when else { return self.further(walk, open, number, more) };
        let reads = self.world.with_what_applies(when.facts());
        if reads & walk.state.lost != 0 {
            walk.seen.push(Seen::Found(Kind::NotHandedOver));
        }
        walk.read |= reads;
        let outcomes = match self.view {
            View::Runs => vec![when.holds(&walk.values)],
            // The road goes on through the block: who decides there need not be who was decided by here.
            _ => {
                let some =
                    |truth: &Option<bool>| self.every_values.iter().any(|values: &Values| when.holds(values) == *truth);
                [Some(true), Some(false), None].into_iter().filter(some).collect()
            }
        };
        let mut walks = Vec::new();
        for outcome in outcomes {
            let mut walk = walk.clone();
            if outcome.is_some() {
                walk.state.held |= reads & self.found_only() & !walk.state.lost;
            }
            walks.extend(match outcome {
                Some(true) => self.further(walk, open, number, more),
                Some(false) => self.branch_is_done(walk, open, number),
                None => self.branch_ends(walk, number, Stands::NotDone),
            });
        }
        walks
    }

    /// The second step of a branch opens.
    fn further(&self, mut walk: Walk, open: &Open, number: usize, more: &More) -> Vec<Walk> {
        let runs = self.view == View::Runs;
        if let (true, Some(block)) = (runs, self.block_of(open)) {
            let others = block.branches.iter().zip(&open.branches).enumerate().filter(|(at, _)| *at != number);
            let asked = others.fold(0, |all, (_, (branch, stands))| all | branch.asks(*stands));
            let known = walk.state.known | walk.read & walk.known() & !self.as_presumed(&walk.values);
            let applies = if walk.read != 0 { !walk.not_applicable() } else { 0xFF };
            if asked & more.finds & !known & applies != 0 {
                walk.seen.push(Seen::Found(Kind::AskedTwice));
            }
        }
        let left = if runs { more.within } else { 0 };
        if let At::Open(at) = &mut walk.state.at {
            at.branches[number] = Stands::Further(Clock { left, asked: None });
        }
        (walk.state.just, walk.state.who) = (0, ANYBODY);
        if more.waits {
            return vec![walk];
        }
        let window = Window { slots: more.within, takes: more.takes, ..Window::default() };
        self.look_for_duty(walk, Some(number), more.role, window, self.world.defaults[Way::Late as usize])
    }
}
