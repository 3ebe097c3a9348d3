//! How far from home (4.10, 10.38): whether a decision may send the person further than another of its options leads, and
//! nothing has ruled that out.

use super::Promise;
use super::explore::{Explored, is_open};
use super::machine::{Machine, View, Walk};
use super::state::{Kind, Node, Seen, State};
use super::world::{Decide, PERSON, PlaceKind, Target, Thing, World};

/// How many places there are, from home to the furthest.
pub const SETTINGS: u8 = 3;

impl World {
    /// Where the person is when a thing opens, where it says so.
    pub fn lives(&self, thing: Thing) -> Option<u8> {
        match thing {
            Thing::Place(place) => self.homes.get(usize::from(place)).copied().flatten(),
            Thing::Ending(ending) => self.endings[usize::from(ending)].lives,
            Thing::Branch(..) | Thing::Further(..) => None,
        }
    }

    pub fn says_where(&self) -> bool {
        self.homes.iter().any(Option::is_some) || self.endings.iter().any(|ending| ending.lives.is_some())
    }

    /// Where an option sends the person, as things get done, before anything else is decided.
    pub(super) fn sends(&self, option: Target) -> Option<u8> {
        let mut at = option;
        for _ in 0..=self.places.len() {
            let place = match at {
                Target::Place(place) => place,
                Target::Ending(ending) => return self.lives(Thing::Ending(ending)),
                _ => return None,
            };
            if let Some(lives) = self.lives(Thing::Place(place)) {
                return Some(lives);
            }
            let on = match &self.places[usize::from(place)].kind {
                PlaceKind::Step(step) => step.then,
                PlaceKind::HandOver(over) => over.then,
                PlaceKind::Together(block) => block.then,
                PlaceKind::Repeat(repeat) => repeat.until.1,
                // Where all rows lead to the same place nothing is decided.
                PlaceKind::Decide(decide) if decide.risk.is_none() && !matches!(decide.advises, Some((PERSON, _))) => {
                    let mut rows = decide.row_routes();
                    let first = rows.next()?;
                    if rows.any(|row| self.routes[row].first != self.routes[first].first) {
                        return None;
                    }
                    first
                }
                PlaceKind::Decide(_) => return None,
            };
            at = self.routes[on].first;
        }
        None
    }

    /// The first row of a decision that leads to a setting.
    fn first_row_to(&self, decide: &Decide, setting: u8) -> Option<usize> {
        decide.row_routes().position(|row| self.routes[row].targets().any(|it| self.sends(it) == Some(setting)))
    }
}

impl Machine<'_> {
    fn minds_home(&self, decide: &Decide) -> bool {
        self.view != View::Graph && decide.risk.is_none() && self.world.says_where()
    }

    /// A row is taken: perhaps it leads further than need be; and what stands above it is ruled out.
    pub(super) fn sent_by_a_row(&self, walk: &mut Walk, decide: &Decide, row: usize) {
        if !self.minds_home(decide) {
            return;
        }
        let Some(route) = decide.row_routes().nth(row) else { return };
        let now: Vec<Target> = match decide.advises {
            Some((PERSON, _)) => Vec::new(),
            Some(_) => self.world.routes[route].targets().collect(),
            None => self.legs(&walk.state, route).into_iter().map(|(_, target)| target).collect(),
        };
        for nearer in 0..SETTINGS {
            let further = now.iter().any(|it| self.world.sends(*it).is_some_and(|to| to > nearer));
            match self.world.first_row_to(decide, nearer) {
                Some(above) if above < row => walk.state.ruled_out |= 1 << nearer,
                Some(_) if further && walk.state.ruled_out >> nearer & 1 == 0 => {
                    walk.seen.push(Seen::Found(Kind::FurtherFromHome));
                }
                _ => {}
            }
        }
    }

    /// It is not known, and nothing is ruled out by that: perhaps it leads further than need be.
    pub(super) fn sent_not_knowing(&self, walk: &mut Walk, decide: &Decide) {
        if !self.minds_home(decide) {
            return;
        }
        let to = self.legs(&walk.state, decide.unknown).into_iter().filter_map(|(_, it)| self.world.sends(it)).max();
        let open =
            |nearer: &u8| walk.state.ruled_out >> nearer & 1 == 0 && self.world.first_row_to(decide, *nearer).is_some();
        if to.is_some_and(|to| (0..to).any(|nearer| open(&nearer))) {
            walk.seen.push(Seen::Found(Kind::FurtherFromHome));
        }
    }

    /// A role chooses an option: perhaps one that is further than need be.
    pub(super) fn sent_by_a_role(&self, walk: &mut Walk, decide: &Decide, node: Node, option: Target) {
        self.choice_gives_grounds(walk, decide, node, option);
        let (Node::Decides(decision) | Node::Advised(decision)) = node else { return };
        if !self.minds_home(decide) {
            return;
        }
        let advised = matches!(node, Node::Advised(_));
        if self.world.chooses(decision, advised).0 == PERSON {
            walk.state.ruled_out = u8::MAX;
            return;
        }
        let Some(to) = self.world.sends(option).filter(|_| !advised) else { return };
        for nearer in (0..to).filter(|nearer| walk.state.ruled_out >> nearer & 1 == 0) {
            let rows = decide
                .rows
                .iter()
                .filter(|(_, row)| self.world.routes[*row].targets().any(|it| self.world.sends(it) == Some(nearer)));
            let rows: Vec<_> = rows.collect();
            let only_when = decide.only_when(option);
            let somebody = |row: &super::world::Cond| {
                let all = match self.view {
                    View::Runs => std::slice::from_ref(&walk.values),
                    View::Graph | View::Paths => self.every_values.as_slice(),
                };
                all.iter().any(|values| {
                    row.holds(values) != Some(false) && only_when.is_none_or(|it| it.holds(values) == Some(true))
                })
            };
            let leads = self.world.first_row_to(decide, nearer).is_some();
            if leads && rows.iter().all(|(row, _)| somebody(row)) {
                walk.seen.push(Seen::Found(Kind::FurtherFromHome));
            }
        }
    }

    /// The person, or somebody in their best interests, has decided.
    pub(super) fn decided_for_themselves(&self, walk: &mut Walk) {
        if self.view != View::Graph && self.world.says_where() {
            walk.state.ruled_out = u8::MAX;
        }
    }

    /// Something is come to: where the person is, is not ruled out any more.
    pub(super) fn is_there(&self, walk: &mut Walk, thing: Thing) {
        self.comes_to_live(walk, thing);
        if let Some(lives) = self.world.lives(thing) {
            walk.state.ruled_out &= !(1 << lives);
        }
    }
}

/// Whether along some path, without a death, one comes from one place to another, and what tells the person so was not done.
/// Nothing where there are too many paths.
pub fn moves_untold(world: &mut World, from: u8, to: u8, told: u8) -> Option<bool> {
    // What a promise speaks of is what the machine remembers as done.
    world.promises.push(Promise::Without(Thing::Place(to), Thing::Place(told)));
    let machine = Machine::new(world, View::Graph);
    let graph = Explored::new(&machine);
    let reached = |place: u8| graph.states.iter().any(|state| is_open(state, Thing::Place(place)));
    let paths = Explored::new(&Machine::new(world, View::Paths).minding(reached));
    let untold = |state: &State| !state.died && state.done & Thing::Place(told).bit() == 0;
    let at = |state: &State, place: u8| untold(state) && is_open(state, Thing::Place(place));
    (!graph.gave_up && !paths.gave_up).then(|| paths.leads(&|state| at(state, from), &|state| at(state, to)))
}
