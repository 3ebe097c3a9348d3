//! Branches that are pathways of their own (10.71): of one step, or of more than one.
//!
//! Of one step it changes nothing but the text. Where more comes after its first step, one decides in it perhaps whether
//! that is to be, and then somebody does something, or time passes; until that is over the branch is open.

use super::cover::Window;
use super::machine::{Machine, Move, View, Walk};
use super::state::{ANYBODY, At, Branch as Stands, Clock, Kind, Node, Open, Seen, State};
use super::text::{BRANCHES, OUTCOMES, facts, role, slots};
use super::world::{Branch, Cond, PlaceKind, Target, Thing, Values, Way, World};
use std::fmt::Write as _;

/// What comes after the first step of a branch.
#[derive(Clone, Debug)]
pub struct More {
    /// Only when this is so; where it is not, the branch is done, and where it is not known, it ends not done, or somebody
    /// decides.
    pub when: Option<Cond>,
    pub decides: Deciding,
    pub role: u8,
    pub finds: u8,
    pub within: u8,
    pub takes: Option<u8>,
    /// Time passes, and nothing is done.
    pub waits: bool,
}

/// Who decides in a branch whether there is more to do.
#[derive(Clone, Debug, Default)]
pub struct Deciding {
    /// Where it is not known, and in what time.
    pub unknown: Option<(u8, u8)>,
    /// Where it is known, as they are advised, and in what time.
    pub advised: Option<(u8, u8)>,
    /// Another role must agree with who is advised; where they do not, the branch ends not done.
    pub agrees: bool,
    /// When they may choose that there is more to do, or that there is not; where nothing is said, always.
    pub only_when: [Option<Cond>; 2],
}

impl Deciding {
    /// Everybody who decides, and whoever must agree.
    fn roles(&self) -> impl Iterator<Item = u8> + '_ {
        let who = [self.unknown, self.advised].into_iter().flatten().map(|(role, _)| role);
        who.chain(self.who_agrees())
    }

    /// Whether anybody does.
    fn somebody(&self) -> bool {
        self.unknown.or(self.advised).is_some()
    }

    /// Who must agree with who is advised.
    fn who_agrees(&self) -> Option<u8> {
        self.advised.filter(|_| self.agrees).map(|(who, _)| (who + 1) % 2)
    }
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
            Stands::None | Stands::Decides(_) | Stands::Advised(_) | Stands::Done | Stands::NotDone => 0,
        }
    }

    /// Who does something in it.
    pub fn roles(&self) -> impl Iterator<Item = u8> + '_ {
        let more = self.more.iter().flat_map(|more| [more.role].into_iter().chain(more.decides.roles()));
        [self.role].into_iter().chain(more)
    }
}

impl World {
    /// Whether a branch is written as a pathway of its own: where what `by default` says of a step can be said there, too.
    pub(super) fn is_a_pathway(&self, place: u8, branch: u8) -> bool {
        let PlaceKind::Together(block) = &self.places[usize::from(place)].kind else { return false };
        block.branches.get(usize::from(branch)).is_some_and(|it| it.follows) && self.may_follow_others()
    }

    /// Whether the branches of blocks can be pathways of their own.
    pub(super) fn may_follow_others(&self) -> bool {
        let counted = Way::ALL.iter().any(|way| self.routes[self.defaults[*way as usize]].count.is_some());
        self.called == 0 && !counted
    }

    /// Whether several branches of one block are more than one step each.
    pub fn has_long_branches_side_by_side(&self) -> bool {
        let long = |place: usize| (0..3).filter(|branch| self.more(place, *branch).is_some()).count();
        (0..self.places.len()).any(|place| long(place) > 1)
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

    /// The branches that are to be done, and the places in them.
    pub(super) fn in_blocks(&self) -> Vec<Thing> {
        let mut all = Vec::new();
        for (place, it) in self.places.iter().enumerate() {
            let PlaceKind::Together(block) = &it.kind else { continue };
            for (number, branch) in block.branches.iter().enumerate().filter(|(_, branch)| !branch.meanwhile) {
                all.push(Thing::Branch(place as u8, number as u8));
                all.extend(branch.more.as_ref().map(|_| Thing::Further(place as u8, number as u8)));
            }
        }
        all
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
                let _ = write!(out, "\ndecide whether\n  when {when} -> further\n  if none of these -> well\n");
                self.deciding_text(&branch.more.as_ref().map(|more| more.decides.clone()).unwrap_or_default(), out);
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

    /// Who decides in a branch, and when they may choose what.
    fn deciding_text(&self, decides: &Deciding, out: &mut String) {
        let unknown = decides.unknown.map(|(who, within)| format!("{} decides within {}", role(who), slots(within)));
        let _ = writeln!(out, "  if we do not know yet -> {}", unknown.unwrap_or("not_well".to_string()));
        if let Some((who, within)) = decides.advised {
            let _ = writeln!(out, "  advise {} to decide within {}", role(who), slots(within));
            out.push_str("  otherwise because one of her_wish, too_much_risk\n");
        }
        if let Some(other) = decides.who_agrees() {
            let _ = write!(out, "  agreed by {}\n  if they disagree -> not_well\n", role(other));
        }
        for (option, condition) in ["further", "well"].into_iter().zip(&decides.only_when) {
            if let Some(condition) = condition.as_ref().filter(|_| decides.somebody()) {
                let _ = writeln!(out, "  option {option} only when {}", self.condition(condition));
            }
        }
    }

    /// A decision in a branch at which a role has nothing to choose for somebody (11.8).
    pub(super) fn no_option_in_a_branch(&self, everybody: &[Values]) -> Option<String> {
        let closed = |it: &Option<Cond>, values: &Values| it.as_ref().is_some_and(|it| it.holds(values) != Some(true));
        let decides = self.all_more().map(|more| &more.decides).filter(|decides| decides.somebody());
        let none = |it: &Deciding| everybody.iter().find(|values| it.only_when.iter().all(|when| closed(when, values)));
        decides.into_iter().find_map(|it| none(it).map(|values| format!("a branch: nothing to choose for {values:?}")))
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
        let Some(more) = self.more_of(open, number) else { return self.branch_ends(walk, number, Stands::Done) };
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
            walks.extend(match (outcome, &more.decides) {
                (Some(_), Deciding { advised: Some((who, within)), .. }) => {
                    self.somebody_decides(walk, number, (*who, *within), Stands::Advised)
                }
                (Some(true), _) => self.further(walk, open, number, more),
                (Some(false), _) => self.branch_ends(walk, number, Stands::Done),
                (None, Deciding { unknown: Some((who, within)), .. }) => {
                    self.somebody_decides(walk, number, (*who, *within), Stands::Decides)
                }
                (None, _) => self.branch_ends(walk, number, Stands::NotDone),
            });
        }
        walks
    }

    /// A role decides in a branch.
    fn somebody_decides(
        &self,
        mut walk: Walk,
        number: usize,
        (who, within): (u8, u8),
        stands: fn(Clock) -> Stands,
    ) -> Vec<Walk> {
        let left = if self.view == View::Runs { within } else { 0 };
        if let At::Open(at) = &mut walk.state.at {
            at.branches[number] = stands(Clock { left, asked: None });
        }
        (walk.state.just, walk.state.who) = (0, ANYBODY);
        let window = Window { slots: within, ..Window::default() };
        self.look_for_duty(walk, Some(number), who, window, self.world.defaults[Way::Late as usize])
    }

    /// What a role may decide in a branch: whether there is more to do, as far as that is an option for this person.
    pub(super) fn decided_in_a_branch(&self, state: &State, open: &Open, number: usize, out: &mut Vec<Move>) {
        let (Node::Place(place), Some(more)) = (open.node, self.more_of(open, number)) else { return };
        let thing = Some(Thing::Branch(place, number as u8));
        for (go_on, only_when) in [true, false].into_iter().zip(&more.decides.only_when) {
            let what = if go_on { "is decided: there is more to do" } else { "is decided: that is all" };
            self.play(state, what, thing, out, |mut walk| {
                if let Some(condition) = only_when {
                    walk.read |= self.world.with_what_applies(condition.facts());
                    let may_be = match self.view {
                        View::Runs => condition.holds(&walk.values) == Some(true),
                        _ => self.every_values.iter().any(|values| condition.holds(values) == Some(true)),
                    };
                    if !may_be {
                        return Vec::new();
                    }
                }
                match go_on {
                    true => self.further(walk, open, number, more),
                    false => self.branch_ends(walk, number, Stands::Done),
                }
            });
        }
        if more.decides.who_agrees().is_some() && matches!(open.branches[number], Stands::Advised(_)) {
            self.play(state, "is not agreed", thing, out, |walk| self.branch_ends(walk, number, Stands::NotDone));
        }
    }

    /// Somebody comes to the second step of a branch, with its first done: along paths, that is so in it alone.
    fn comes_further(&self, walk: &mut Walk, place: u8, branch: u8) {
        let before = walk.state.done;
        walk.state.done |= Thing::Branch(place, branch).bit() & self.watched;
        self.promised(walk, Thing::Further(place, branch));
        self.comes_to(walk, Thing::Further(place, branch));
        if self.view != View::Runs {
            walk.state.done = before;
        }
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
        if let Node::Place(place) = open.node {
            self.comes_further(&mut walk, place, number as u8);
        }
        if more.waits {
            return vec![walk];
        }
        let window = Window { slots: more.within, takes: more.takes, ..Window::default() };
        self.look_for_duty(walk, Some(number), more.role, window, self.world.defaults[Way::Late as usize])
    }
}
