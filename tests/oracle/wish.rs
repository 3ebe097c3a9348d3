//! Nobody goes against what they wish (10.39, 11.11): what gives grounds for it that the person comes to live somewhere.

use super::machine::{Machine, View, Walk};
use super::risk::Risk;
use super::state::{Kind, Node, Seen};
use super::world::{Decide, NOT_APPLICABLE, PERSON, Target, Thing, UNKNOWN, Values, World};

/// Grounds for every place there is.
const ALL: u8 = u8::MAX;

impl World {
    /// Whether it is known of somebody that they do not wish to live elsewhere than here. Only the first two values of the
    /// wish are places.
    fn wishes_nothing_else(&self, wish: u8, values: &Values, setting: u8) -> bool {
        match values[usize::from(wish)] {
            UNKNOWN => false,
            NOT_APPLICABLE => true,
            value => value == setting || value > 1,
        }
    }
}

impl Machine<'_> {
    fn wish(&self) -> Option<(u8, u8)> {
        self.world.wish.filter(|_| self.view != View::Graph)
    }

    /// The places for which there are grounds when everybody of whom something is so wishes nothing else.
    fn grounds(&self, wish: u8, who: impl Fn(&Values) -> bool) -> u8 {
        let all = |setting: &u8| {
            let mut them = self.every_values.iter().filter(|values| who(values));
            them.all(|values| self.world.wishes_nothing_else(wish, values, *setting))
        };
        (0..super::home::SETTINGS).filter(all).fold(0, |bits, setting| bits | 1 << setting)
    }

    /// A row is taken that somebody wrote.
    pub(super) fn row_gives_grounds(&self, walk: &mut Walk, decide: &Decide, row: u8) {
        if let Some((wish, _)) = self.wish().filter(|_| decide.risk.is_none()) {
            walk.state.grounds |= self.grounds(wish, |values| decide.takes(values) == Some(row));
        }
    }

    /// A role chooses an option: by what must be so of whoever it is chosen for.
    pub(super) fn choice_gives_grounds(&self, walk: &mut Walk, decide: &Decide, node: Node, option: Target) {
        let (Node::Decides(decision) | Node::Advised(decision)) = node else { return };
        let (Some((wish, able)), Some(only_when)) = (self.wish(), decide.only_when(option)) else { return };
        let met = |values: &Values| only_when.holds(values) == Some(true);
        walk.state.grounds |= self.grounds(wish, met);
        let able = self.every_values.iter().filter(|values| met(values)).all(|it| it[usize::from(able)] == 1);
        if able && self.world.chooses(decision, matches!(node, Node::Advised(_))).0 == PERSON {
            walk.state.grounds = ALL;
        }
    }

    /// The person, being able to, or somebody in their best interests, has decided about a positive risk.
    pub(super) fn decided_gives_grounds(&self, walk: &mut Walk, risk: &Risk) {
        if self.wish().is_some_and(|(_, able)| able == risk.able) {
            walk.state.grounds = ALL;
        }
    }

    /// Something is come to that says where the person is from then on.
    pub(super) fn comes_to_live(&self, walk: &mut Walk, thing: Thing) {
        let (Some(_), Some(lives)) = (self.wish(), self.world.lives(thing)) else { return };
        if walk.state.there == Some(lives) {
            return;
        }
        if walk.state.grounds >> lives & 1 == 0 && !walk.state.died {
            walk.seen.push(Seen::Found(Kind::AgainstWish));
        }
        (walk.state.there, walk.state.grounds) = (Some(lives), 0);
    }
}
