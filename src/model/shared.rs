//! Facts, scores and roles by number and by name: what checking and running a pathway need beside it.

use super::{Fact, FactId, Name, Pathway, Role, Score};
use std::collections::BTreeMap;

/// What all pathways of a library share, by number and by name.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The facts, by number.
    pub facts: Vec<Fact>,
    /// The scores, by number.
    pub scores: Vec<Score>,
    /// The roles, by number; the first is the person.
    pub roles: Vec<Role>,
    by_name: BTreeMap<Name, FactId>,
}

impl Shared {
    /// What these facts, scores and roles are to the interpreter.
    pub fn new(facts: Vec<Fact>, scores: Vec<Score>, roles: Vec<Role>) -> Shared {
        let by_name = facts.iter().enumerate().map(|(at, fact)| (fact.name.clone(), FactId(at as u32))).collect();
        Shared { facts, scores, roles, by_name }
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// The facts in reach of a pathway.
    pub fn facts_of<'s>(&'s self, pathway: &'s Pathway) -> impl Iterator<Item = &'s Fact> {
        pathway.facts.iter().filter_map(|id| self.facts.get(id.index()))
    }

    /// The role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }
}
