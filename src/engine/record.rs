//! What is kept of a case: where it stands, what is known, and a journal of everything that happened.
//!
//! This is also what is saved, in readable JSON with names rather than numbers. Numbers that speed things up are worked
//! out again when a case is loaded, and never saved.

use super::event::By;
pub use super::journal::*;
use crate::calendar::Moment;
use crate::model::{Name, PlaceId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format cases are saved in.
pub const FORMAT: u32 = 2;

/// The oldest format that is still read: what it lacks is as if nothing were said of it.
pub const OLDEST_FORMAT: u32 = 1;

/// A case as it is kept and saved.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// The format it is saved in.
    pub format: u32,
    /// The host's id for it.
    pub id: String,
    /// How many inputs it has taken.
    pub revision: u64,
    /// Whether it is a draft run: the pathway is not proved.
    pub draft: bool,
    /// The pathway it began with and stays on.
    pub pathway: PathwayRef,
    /// The directory it runs with.
    pub directory: DirectoryRef,
    /// When it was opened.
    pub opened: Moment,
    /// When the last input was recorded.
    pub now: Moment,
    /// What is known about the person, by fact.
    pub facts: BTreeMap<Name, KnownFact>,
    /// The facts that were found to be otherwise than presumed, and not as presumed since.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub otherwise: BTreeSet<Name>,
    /// The facts that two found to be different things, and what each found: unknown until that is settled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub disputed: BTreeMap<Name, Vec<Found>>,
    /// What is open, in the order it was opened.
    pub open: Vec<Open>,
    /// What is asked beside the pathway, in the order it was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Question>,
    /// The models that are asked for a fact, by the fact.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub models: BTreeMap<Name, AskedModel>,
    /// How often each place was entered.
    pub entered: BTreeMap<Name, u32>,
    /// How often each counted route was taken.
    pub taken: BTreeMap<Name, u32>,
    /// When what something else is due after was done last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done: BTreeMap<Name, Moment>,
    /// How the case ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// How the main road ended, while something is still done alongside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Closed>,
    /// Where a draft found no way on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stranded: Option<Stranded>,
    /// Whether the person has died.
    #[serde(default)]
    pub died: bool,
    /// What has interrupted, and will again only after its condition was a no.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub interrupted: BTreeSet<Name>,
    /// What the next entry of the journal is salted with; nothing where the host gave no secret. No salt that was used can
    /// be worked out from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Everything that happened, in order.
    pub journal: Vec<Entry>,
}

impl CaseRecord {
    /// The directories it ran with before it went on with another, in turn.
    pub(crate) fn followed(&self) -> impl Iterator<Item = &DirectoryRef> {
        self.journal.iter().filter_map(|entry| match &entry.what {
            EntryKind::Followed { from, .. } => Some(from),
            _ => None,
        })
    }
}

/// Which pathway a case is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PathwayRef {
    /// Its name.
    pub name: Name,
    /// The version its authors gave it.
    pub version: String,
    /// The hash of what it means.
    pub hash: Name,
}

/// Which directory a case runs with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DirectoryRef {
    /// Its name.
    pub name: Name,
    /// The hash of what it says.
    pub hash: Name,
}

/// A fact that was recorded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownFact {
    /// The value, as it is written in a pathway.
    pub value: String,
    /// When it was so.
    pub happened: Moment,
    /// The entry of the journal that recorded it.
    pub entry: u32,
}

/// Something that is open: somebody has to do something by some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Open {
    /// The place, by name.
    pub step: Name,
    /// How many times it was entered so far, this time included.
    pub entry: u32,
    /// When it opened.
    pub opened: Moment,
    /// By when it must be done.
    pub due: Moment,
    /// The role that is accountable; nobody for a block, whose branches have owners of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Name>,
    /// For what is repeated: the round, from 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
    /// The facts the decision that led here was missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Name>,
    /// The decision that led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<Name>,
    /// For a role that is advised: what is advised now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
    /// For a role that is advised: who has agreed to which option since it was advised last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agreed: BTreeMap<Name, Name>,
    /// For a block: which of its branches ended, and whether they were done.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub branches: BTreeMap<Name, bool>,
    /// Whom one turned to because it was late or could not be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<Escalated>,
    /// The place, by number.
    #[serde(skip)]
    pub place: PlaceId,
}

fn is_zero(round: &u32) -> bool {
    *round == 0
}

/// What a decision advises.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// How often it was advised since this opened, this time included.
    pub number: u32,
    /// The option; nothing while the decision does not know, or has no row for this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advises: Option<Name>,
    /// The row it comes from, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The facts that are missing for an advice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Name>,
    /// What is known of the facts that it looks at: the rows, the reasons, and when each option may be chosen.
    pub knew: BTreeMap<Name, String>,
}

/// An escalation that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Escalated {
    /// The ladder.
    pub ladder: Name,
    /// The rung that is asked, from 0.
    pub rung: u32,
    /// The contact that is asked.
    pub contact: Name,
    /// By when it must answer.
    pub answer_by: Moment,
    /// Why: `late`, `cannot` and so on.
    pub because: Because,
    /// How often the last rung was asked again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub asked_again: u32,
}

/// What somebody found a fact to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// The value, as it is written in a pathway.
    pub value: String,
    /// When it was so.
    pub happened: Moment,
    /// The entry of the journal that recorded it.
    pub entry: u32,
    /// Who found it.
    pub by: By,
}

/// Something that is asked beside the pathway: nobody waits for the answer to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Question {
    /// Its name: `settle/frailty`, `review/where_next`.
    pub step: Name,
    /// How many times that was asked so far, this time included.
    pub entry: u32,
    /// What is asked.
    pub about: About,
    /// The role that is asked.
    pub owner: Name,
    /// Since when.
    pub opened: Moment,
    /// By when an answer is needed.
    pub due: Moment,
    /// How often it was asked again, where no ladder can be turned to.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub asked_again: u32,
    /// Whom one turned to because there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<Escalated>,
}

/// What is asked beside the pathway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// What a fact is that two found to be different things.
    Disputed {
        /// The fact.
        fact: Name,
    },
    /// Whether a decision stands that was taken by what was corrected or taken back since.
    Review {
        /// The decision, or what interrupts.
        decision: Name,
        /// The entry of the journal in which it was taken.
        decided: u32,
        /// The row it took, from 1; nothing where it did not know, and for what interrupts.
        was: Option<u32>,
        /// The row it would take, knowing what is known of that now.
        would: Option<u32>,
    },
}

/// A model that is asked for a fact, as it was asked last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedModel {
    /// The entry of the journal that asks it.
    pub entry: u32,
    /// When it was asked.
    pub at: Moment,
    /// For what: the ids of the next steps that should find the fact.
    pub steps: Vec<String>,
    /// What it goes by, as it was known then.
    pub from: Vec<ModelInput>,
    /// The entry of the journal that recorded its answer, once it has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<u32>,
}

/// Something that a model goes by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelInput {
    /// The fact.
    pub fact: Name,
    /// Its value, as it is written in a pathway; `not applicable`; or nothing while it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Escalated {
    /// The rung that is asked next of so many, and how often that was asked again: from the last, it is asked again.
    pub(super) fn after(&self, rungs: usize) -> (usize, u32) {
        let next = self.rung as usize + 1;
        if next < rungs { (next, 0) } else { (rungs.saturating_sub(1), self.asked_again.saturating_add(1)) }
    }
}

/// Why something ended, or one turned to a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Because {
    Late,
    Cannot,
    PersonDeclined,
    NobodyCan,
    Refused,
    OnCondition,
    NotAllDone,
    AfterLastRound,
    /// It opened while nobody who could do it is on duty before its deadline.
    NobodyOnDuty,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Closed {
    /// The ending.
    pub ending: Name,
    /// Who holds the person now.
    pub held_by: Name,
    /// When.
    pub at: Moment,
}

/// Where a draft found no way on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stranded {
    /// The decision that neither chose nor said what to do.
    pub decision: Name,
    /// Since when.
    pub since: Moment,
    /// The facts it is missing; none when no row holds at all.
    pub missing: Vec<Name>,
    /// The place, by number.
    #[serde(skip)]
    pub place: PlaceId,
}
