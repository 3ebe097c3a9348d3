//! What a pathway promises to everybody who is on it.

use super::{FactId, PlaceId, RoleId};
use crate::calendar::Length;
use crate::diagnostic::Place as At;
use serde::Serialize;

/// Something a pathway promises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// What is promised.
    pub kind: PromiseKind,
    /// As its authors wrote it, laid out on one line.
    pub words: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

/// What is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// Everyone reaches an ending within so long.
    EndsWithin(Length),
    /// Nobody reaches a place before something else was done.
    NotWithoutFirst {
        /// The place.
        reached: PlaceId,
        /// What is done before: no decision and no ending.
        first: PlaceId,
    },
    /// Whoever has a fact, which is yes or no, reaches something within so long of its being recorded.
    WhoeverHas {
        /// The fact.
        fact: FactId,
        /// What is reached.
        reaches: Reached,
        /// Within how long.
        within: Length,
    },
    /// Whoever comes to a place reaches something within so long of its being opened.
    WhoeverReaches {
        /// The place, which can be done.
        from: PlaceId,
        /// What is reached: something else.
        reaches: Reached,
        /// Within how long.
        within: Length,
    },
    /// Two different places, neither a decision nor an ending, are never open at one time.
    NeverTogether(PlaceId, PlaceId),
    /// Nobody comes to live elsewhere than they wish, unless they decide that themselves, or it is decided in their best
    /// interests.
    NotAgainst {
        /// Where they wish to live: one of a list.
        wish: FactId,
        /// Whether they are able to decide it: yes or no.
        able: FactId,
    },
    /// Nobody is asked for what they have said, while it is good.
    NotAskedTwice,
}

/// From when on something is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From when a fact is recorded yes.
    Fact(FactId),
    /// From when a place is opened.
    Place(PlaceId),
}

/// What somebody reaches: a place when it opens, a role when it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// A place of the pathway.
    Place(PlaceId),
    /// A role.
    Role(RoleId),
}
