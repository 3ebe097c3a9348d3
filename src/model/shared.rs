//! Facts, scores and roles by number and by name: what checking and running a pathway need beside it.

use super::{Anticipation, Fact, FactId, Name, Pathway, Role, RoleId, Score, Setting, SettingId};
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
    /// What is started before a crisis.
    pub anticipations: Vec<Anticipation>,
    /// Where a person may live, by number: from the nearest to home to the furthest from it.
    pub settings: Vec<Setting>,
    by_name: BTreeMap<Name, FactId>,
}

impl Shared {
    /// What these facts, scores and roles are to the interpreter.
    pub fn new(facts: Vec<Fact>, scores: Vec<Score>, roles: Vec<Role>) -> Shared {
        let by_name = facts.iter().enumerate().map(|(at, fact)| (fact.name.clone(), FactId(at as u32))).collect();
        Shared { facts, scores, roles, settings: Vec::new(), anticipations: Vec::new(), by_name }
    }

    /// The same, with what is started before a crisis.
    #[must_use]
    pub fn with_anticipations(self, anticipations: Vec<Anticipation>) -> Shared {
        Shared { anticipations, ..self }
    }

    /// The same, with where a person may live.
    #[must_use]
    pub fn with_settings(self, settings: Vec<Setting>) -> Shared {
        Shared { settings, ..self }
    }

    /// Where a person may live, by its number.
    pub fn setting(&self, id: SettingId) -> Option<&Setting> {
        self.settings.get(id.index())
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// What is declared of the fact of that name.
    pub fn fact_named(&self, name: &str) -> Option<&Fact> {
        self.fact(name).and_then(|id| self.facts.get(id.index()))
    }

    /// The number of the role of that name.
    pub fn role_named(&self, name: &str) -> Option<RoleId> {
        self.roles.iter().position(|role| role.name == *name).map(|at| RoleId(at as u32))
    }

    /// Whether a fact is kept from a role.
    pub fn kept_from(&self, fact: &str, role: RoleId) -> bool {
        self.fact_named(fact).is_some_and(|fact| fact.kept_from.contains(&role))
    }

    /// Whether somebody in a role may see a fact: it is not kept from them; where there is no such role, from nobody.
    pub fn shows_to(&self, fact: &str, role: &str) -> bool {
        match self.role_named(role) {
            Some(role) => !self.kept_from(fact, role),
            None => self.fact_named(fact).is_none_or(|fact| fact.kept_from.is_empty()),
        }
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
