//! Whom a contact serves (5.1, 10.40): for each person, by what is known of them, other contacts are there.

use super::machine::{Machine, Walk};
use super::world::{Cond, PERSON, PlaceKind, Rung, Target, Values, World};

/// Whom a contact serves, and whether it serves anybody while that is not known.
#[derive(Clone, Debug)]
pub struct Serves {
    pub condition: Cond,
    pub until_known: bool,
}

/// The contacts that serve somebody, as bits.
pub type Serving = u16;
/// All of them.
pub const ALL: Serving = Serving::MAX;

impl World {
    /// The contacts that serve somebody of whom this is known.
    pub fn serving(&self, values: &Values) -> Serving {
        let serves = |serves: &Serves| serves.condition.holds(values).unwrap_or(serves.until_known);
        let all = self.contacts.iter().enumerate();
        all.filter(|(_, it)| it.serves.as_ref().is_none_or(serves)).fold(0, |bits, (number, _)| bits | 1 << number)
    }

    /// What is looked at to tell who serves somebody, as bits.
    fn asked_of_whom(&self) -> u8 {
        let conditions = self.contacts.iter().filter_map(|contact| Some(contact.serves.as_ref()?.condition.facts()));
        self.with_what_applies(conditions.fold(0, |all, facts| all | facts))
    }

    /// The contacts that fill a role, as bits.
    pub(super) fn who_fill(&self, role: u8) -> Serving {
        let all = self.contacts.iter().enumerate();
        all.filter(|(_, it)| it.fills.contains(&role)).fold(0, |bits, (number, _)| bits | 1 << number)
    }

    /// The contacts that are asked on a rung, as bits.
    pub fn who_are_asked(&self, rung: Rung) -> Serving {
        match rung {
            Rung::Contact(contact) => 1 << contact,
            Rung::Role(role) => self.who_fill(role),
        }
    }

    /// Whether nobody of a role serves somebody whom these serve.
    pub fn leaves_out(&self, role: u8, serving: Serving) -> bool {
        role != PERSON && self.who_fill(role) & serving == 0
    }

    /// The roles the pathway needs.
    pub fn roles_needed(&self) -> Vec<u8> {
        let mut roles: Vec<u8> = Vec::new();
        for place in 0..self.places.len() as u8 {
            match &self.places[usize::from(place)].kind {
                PlaceKind::Step(step) if step.waits => roles.extend(step.hours_of),
                PlaceKind::Step(step) => {
                    roles.extend([step.role].into_iter().chain(step.hours_of).chain(step.needed.map(|it| it.role)));
                }
                PlaceKind::HandOver(over) => roles.extend([over.from, over.to]),
                PlaceKind::Together(block) => roles.extend(block.branches.iter().flat_map(|branch| branch.roles())),
                PlaceKind::Repeat(repeat) => roles.push(repeat.role),
                PlaceKind::Decide(decide) => {
                    roles.extend(self.decides(place).map(|(role, _)| role));
                    roles.extend(decide.advises.map(|(role, _)| role));
                    roles.extend(self.agrees(place));
                    if let Some(risk) = &decide.risk {
                        roles.push(risk.leader);
                        roles.extend((0..3).filter(|it| risk.disagree.is_some() && risk.agreed >> it & 1 == 1));
                        roles.extend(risk.responder.map(|(role, _)| role));
                    }
                }
            }
        }
        // Whoever settles what is disputed.
        roles.extend(self.facts.iter().filter_map(|fact| fact.disputed).map(|(who, _)| who));
        roles.retain(|role| *role != PERSON);
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// A role that nobody fills for somebody, or a ladder at whose end nobody is there for them (11.4).
    pub fn not_served(&self, everybody: &[Values]) -> Option<String> {
        let left_out = |contacts: Serving| everybody.iter().find(|values| self.serving(values) & contacts == 0);
        let role = |role: u8| Some(format!("role {role} for {:?}", left_out(self.who_fill(role))?));
        let ladder = |target: Target| {
            let Target::Ladder(ladder) = target else { return None };
            let (rung, _) = self.ladders[usize::from(ladder)].rungs.last()?;
            Some(format!("ladder {ladder} for {:?}", left_out(self.who_are_asked(*rung))?))
        };
        self.roles_needed().into_iter().find_map(role).or_else(|| self.all_targets().into_iter().find_map(ladder))
    }

    /// Two who fill one role, each only for some, who both serve somebody at one time.
    pub fn served_twice(&self, everybody: &[Values]) -> Option<String> {
        let pairs = (0..self.contacts.len()).flat_map(|one| (one + 1..self.contacts.len()).map(move |two| (one, two)));
        let both = |(one, two): &(usize, usize)| {
            let (a, b) = (&self.contacts[*one], &self.contacts[*two]);
            let (Some(by), Some(too)) = (&a.serves, &b.serves) else { return false };
            let one_role =
                self.roles_needed().into_iter().any(|role| a.fills.contains(&role) && b.fills.contains(&role));
            let yes = |values: &Values| [by, too].iter().all(|it| it.condition.holds(values) == Some(true));
            let same = self.condition(&by.condition) == self.condition(&too.condition);
            one_role && !same && a.open & b.open != 0 && everybody.iter().any(yes)
        };
        pairs.into_iter().find(both).map(|(one, two)| format!("c{one} and c{two}"))
    }
}

impl Machine<'_> {
    /// The contacts that serve the person, by what is known of them at this instant.
    pub(super) fn serving(&self, walk: &mut Walk) -> Serving {
        walk.read |= self.world.asked_of_whom();
        self.world.serving(&walk.values)
    }
}

/// Every choice of contacts that serve one person together.
pub fn servings(world: &World, everybody: &[Values]) -> Vec<Serving> {
    let mut all: Vec<Serving> = everybody.iter().map(|values| world.serving(values)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
