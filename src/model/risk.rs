//! Positive risks: what a person may choose although something could happen, and everything that makes it safe to.
//!
//! A positive risk stands in the pathway as places like any others: a decision looks whether the person is able to
//! decide, the person is asked (or somebody decides in their best interests), and what comes of it is written down, as a
//! *fact* of the risk's own name, before one goes on. Here is what holds these places together.

use super::{FactId, Name, PlaceId, RoleId, SourceRef};
use crate::calendar::Length;
use crate::diagnostic::Place as At;
use serde::Serialize;

/// What the fact of a positive risk can say, each by its place in the list.
pub const OPTIONS: [&str; 6] =
    ["open", "accepted", "accepted_in_best_interests", "not_accepted", "not_accepted_in_best_interests", "not_agreed"];
/// Nobody has decided, or what was decided does not stand any more.
pub const OPEN: i64 = 0;
/// The person accepts it, and the plan is agreed.
pub const ACCEPTED: i64 = 1;
/// It is accepted in the best interests of a person who is not able to decide.
pub const ACCEPTED_IN_BEST_INTERESTS: i64 = 2;
/// The person does not accept it.
pub const NOT_ACCEPTED: i64 = 3;
/// It is not in the best interests of a person who is not able to decide.
pub const NOT_ACCEPTED_IN_BEST_INTERESTS: i64 = 4;

/// Whether that is a yes, the person's own or in their best interests.
pub fn is_accepted(value: i64) -> bool {
    matches!(value, ACCEPTED | ACCEPTED_IN_BEST_INTERESTS)
}
/// The plan was not agreed.
pub const NOT_AGREED: i64 = 5;

/// Whether what came of a positive risk stands, for somebody who is able to decide (1), who is not (0), or of whom that
/// is not known: what the person decided stands while they are able to decide, and what was decided in their best
/// interests while they are not (3.4).
pub fn stands(value: i64, able: Option<i64>) -> bool {
    match value {
        ACCEPTED | NOT_ACCEPTED => able == Some(1),
        ACCEPTED_IN_BEST_INTERESTS | NOT_ACCEPTED_IN_BEST_INTERESTS => able == Some(0),
        _ => true,
    }
}

/// A positive risk.
#[derive(Clone, Debug, Serialize)]
pub struct PositiveRisk {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// The call it comes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_call: Option<PlaceId>,
    /// The fact that says what came of it.
    pub fact: FactId,
    /// Whether the person is able to decide.
    pub able: FactId,
    /// What matters to the person, in their own words.
    pub matters: Option<FactId>,
    /// What could happen.
    pub could_happen: Vec<String>,
    /// What the person has to set against it.
    pub strengths: Option<FactId>,
    /// What must be in place, each with where that is written.
    pub nets: Vec<Net>,
    /// Before what.
    pub before: Option<PlaceId>,
    /// Who agrees the plan.
    pub agreed_by: Vec<RoleId>,
    /// Where it is said who agrees, and otherwise where the block stands.
    #[serde(skip)]
    pub agreed_at: At,
    /// The branch in which the person is safe while the others meet, where they may disagree.
    pub safe: Option<PlaceId>,
    /// The step in which one looks at it again.
    pub review: Option<PlaceId>,
    /// Who answers if it happens, and how soon.
    pub responder: Option<Responder>,
    /// Where one looks who may decide: what leads to the risk leads here.
    pub starts: PlaceId,
    /// The questions: of the person, and of who decides in their best interests.
    pub asked: [PlaceId; 2],
    /// All places that it is made of, apart from where it starts.
    #[serde(skip)]
    pub made: Vec<PlaceId>,
    /// Where it is written down that it was accepted: by the person, and in their best interests.
    pub accepted: [PlaceId; 2],
}

/// A safety net.
#[derive(Clone, Debug, Serialize)]
pub struct Net {
    /// Where it is put in place.
    pub place: PlaceId,
    /// Where it is named.
    #[serde(skip)]
    pub at: At,
}

/// Who answers if it happens.
#[derive(Clone, Debug, Serialize)]
pub struct Responder {
    /// The role.
    pub role: RoleId,
    /// How soon.
    pub within: Length,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

impl PositiveRisk {
    /// The same with another name, as part of a call, and with other numbers for its places.
    pub(super) fn renumbered(
        &self,
        name: Name,
        with_call: Option<PlaceId>,
        place: impl Fn(PlaceId) -> PlaceId,
    ) -> PositiveRisk {
        PositiveRisk {
            name,
            with_call,
            nets: self.nets.iter().map(|net| Net { place: place(net.place), at: net.at }).collect(),
            before: self.before.map(&place),
            safe: self.safe.map(&place),
            review: self.review.map(&place),
            starts: place(self.starts),
            asked: self.asked.map(&place),
            accepted: self.accepted.map(&place),
            made: self.made.iter().map(|made| place(*made)).collect(),
            ..self.clone()
        }
    }
}
