//! What is anticipated: for whom a pathway is started before a crisis, outside any case.

use super::{Condition, Deadline, Name, RoleId};
use crate::calendar::Length;
use crate::diagnostic::Place as At;

/// Something that is started for a person when something is known of them.
#[derive(Clone, Debug)]
pub struct Anticipation {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// The pathway it belongs to, where it stands below the header of one.
    pub of: Option<Name>,
    /// Of whom it is.
    pub when: Condition,
    /// The pathway that is started for them.
    pub pathway: Name,
    /// By whom.
    pub led_by: RoleId,
    /// By when, counted from when it is known.
    pub within: Deadline,
    /// How long there is between one start and the next, at the least.
    pub once_every: Length,
    /// What is done while it is not known; `None`: nobody says.
    pub unknown: Option<WhileUnknown>,
    /// Where it stands.
    pub at: At,
}

/// What is done while it is not known whether somebody is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhileUnknown {
    /// A role is asked for what is missing.
    Ask {
        /// Who.
        role: RoleId,
        /// How long they have.
        within: Length,
    },
    /// Nothing is done, and this is why.
    Nothing(String),
}
