//! The journal of a case: everything that came from outside, and everything that followed from it.

use super::event::{By, Event, LifeEvent};
use super::person_record::KnownBefore;
use super::record::{Advice, Closed, DirectoryRef, Escalated, ModelInput, Question, Stranded};
use super::seal::Seal;
use crate::calendar::Moment;
use crate::model::{Answer, Name, PlaceKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// When it took effect.
    pub at: Moment,
    /// Its link in the chain, where the journal has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// What it is.
    #[serde(flatten)]
    pub what: EntryKind,
}

/// What an entry of the journal says. The first three are what came from outside; everything else follows from them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The case was opened, with these facts.
    CaseOpened {
        /// The facts.
        facts: BTreeMap<Name, Answer>,
        /// Who opened it.
        by: By,
        /// What was known about the person before.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        known: BTreeMap<Name, KnownBefore>,
    },
    /// An event was taken.
    Event(Arc<Event>),
    /// Time went on, and something fell due.
    Advanced,
    /// The case goes on with another directory.
    Followed {
        /// The one it had.
        from: DirectoryRef,
        /// The one it has now.
        directory: DirectoryRef,
    },
    /// What entries said was erased.
    Erasing {
        /// The entries.
        entries: Vec<u32>,
        /// Who erased it.
        by: By,
        /// Why.
        reason: String,
    },
    /// What this entry said was erased.
    Erased {
        /// The id of the event, where it was one: it is not taken again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
        /// The fact, where something was recorded of one, put right or taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<Name>,
        /// The entry that it superseded: what that says was wrong all the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supersedes: Option<u32>,
        /// The handover that was accepted by it: what that left behind stays so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accepted: Option<Name>,
    },
    /// A fact was recorded, or asked for in vain.
    Recorded {
        /// The fact.
        fact: Name,
        /// What was answered.
        answer: Answer,
        /// When it was so.
        happened: Moment,
        /// Who found it.
        by: By,
        /// The entries it settles, where two had found different things.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settles: Vec<u32>,
    },
    /// What was recorded of a fact is superseded: it was wrong.
    Corrected {
        /// The entry that is superseded.
        supersedes: u32,
        /// The fact.
        fact: Name,
        /// What it should have said.
        answer: Answer,
        /// When it was so.
        happened: Moment,
        /// Who corrected it.
        by: By,
        /// What was wrong.
        reason: String,
    },
    /// What was recorded of a fact was taken back by whoever had said it.
    Withdrawn {
        /// The entry that is superseded.
        supersedes: u32,
        /// The fact.
        fact: Name,
        /// Who took it back.
        by: By,
        /// Why, where somebody said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Two found a fact to be different things: it is unknown until that is settled.
    Disputed {
        /// The fact.
        fact: Name,
        /// The entries that recorded it.
        entries: Vec<u32>,
    },
    /// A fact is not disputed any more: it was settled, or what was wrong was put right.
    Undisputed {
        /// The fact.
        fact: Name,
    },
    /// Nobody settles any more what a fact is that was disputed: what was found of it is nothing to go by.
    NotSettled {
        /// The fact.
        fact: Name,
        /// The entries that recorded it.
        entries: Vec<u32>,
    },
    /// A model is asked for a fact, or asked again.
    ModelAsked {
        /// The fact.
        fact: Name,
        /// The model.
        model: Name,
        /// What it goes by, as it is known now.
        from: Vec<ModelInput>,
        /// The same: for each that was known, the entry of the journal that recorded it.
        read: Vec<Reading>,
    },
    /// Something is asked beside the pathway, or asked again.
    Asked(Question),
    /// Something was opened: a place, or the next round of what is repeated.
    Opened {
        /// The place.
        step: Name,
        /// How many times it was entered.
        entry: u32,
        /// By when it must be done.
        due: Moment,
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// A decision was looked at.
    Decided(Decided),
    /// A role was advised, or advised anew because a fact that the decision looks at has changed.
    Advised {
        /// The place where it decides.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// What is advised.
        #[serde(flatten)]
        advice: Advice,
        /// The facts it looks at: for each that was known, the entry of the journal that recorded it.
        read: Vec<Reading>,
    },
    /// Somebody who must agree agreed to an option.
    Agreed {
        /// The place where it is decided.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// The role that agreed.
        role: Name,
        /// To what.
        option: Name,
        /// By whom it was said.
        #[serde(default)]
        by: By,
    },
    /// A role that had agreed does not agree any more.
    NotAgreedAnyMore {
        /// The place where it is decided.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// The role.
        role: Name,
        /// By whom it was said.
        #[serde(default)]
        by: By,
    },
    /// A role that was advised decided.
    Chose(Chose),
    /// A call began, or ended: one passed on.
    Passed {
        /// The call, or the ending of what it follows.
        place: Name,
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// What is to happen at any time did: instead of what was open, which is stood down, or alongside.
    Interrupted(Interrupted),
    /// Something that was open ended.
    Ended {
        /// The place.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// How.
        how: Outcome,
        /// Why, where somebody said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// By whom.
        #[serde(default)]
        by: By,
    },
    /// A counted route was taken, or could not be taken any more.
    Counted {
        /// The route.
        route: Name,
        /// How often it was taken so far.
        taken: u32,
        /// How often it may be.
        limit: u32,
        /// Whether it was used up, and the way behind it was taken.
        used_up: bool,
    },
    /// Somebody on a ladder was asked.
    Escalated {
        /// The place.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// Whom, by when, and why.
        to: Escalated,
    },
    /// A rung of a ladder was closed and passed over.
    PassedOver {
        /// The place.
        step: Name,
        /// The ladder.
        ladder: Name,
        /// The rung, as the directory names it.
        rung: Name,
    },
    /// A step was given to another role.
    Reassigned {
        /// The place.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// To whom.
        to: Name,
        /// By when it must be done.
        due: Moment,
    },
    /// Somebody is to be told something.
    Told {
        /// Who.
        who: Name,
        /// What.
        text: String,
        /// On what occasion: the place.
        step: Name,
    },
    /// The person is somewhere else from now on.
    IsAt {
        /// Where: a place of `distance from home`.
        at: Name,
        /// What says so: the place of the pathway.
        step: Name,
    },
    /// Somebody was not told something, because the person has not agreed to that.
    NotTold {
        /// Who.
        who: Name,
        /// What says whether the person agrees: it was no, or not known.
        unless: Name,
        /// On what occasion: the place.
        step: Name,
    },
    /// No way on was found.
    Stranded(Stranded),
    /// Somebody on a ladder need not answer any more.
    StoodDown {
        /// The place.
        step: Name,
        /// How many times it had been entered.
        entry: u32,
        /// The contact that had been asked.
        contact: Name,
    },
    /// The main road came to an ending, while something is still done alongside.
    RoadEnded {
        /// How.
        ended: Closed,
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// A branch that is another pathway ended.
    BranchEnded {
        /// The branch.
        branch: Name,
        /// Whether it is done.
        done: bool,
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// What was done alongside is over.
    NothingMore {
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// The case ended.
    Closed {
        /// How.
        closed: Closed,
        /// The entry of the journal that is the reason.
        because: u32,
    },
}

/// What a role that was advised decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Chose {
    /// The place where it decided.
    pub step: Name,
    /// How many times it had been entered.
    pub entry: u32,
    /// The id of the advice that was answered.
    pub advice: String,
    /// What was advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advised: Option<Name>,
    /// What was chosen.
    pub option: Name,
    /// The code that says why it was not what was advised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Name>,
    /// The roles that agreed to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Name>,
}

impl Chose {
    /// Whether something else was chosen than what was advised.
    pub fn is_override(&self) -> bool {
        self.advised.as_ref().is_some_and(|advised| *advised != self.option)
    }
}

/// A decision as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decided {
    /// The decision.
    pub decision: Name,
    /// The entry of the journal that led here.
    pub because: u32,
    /// The row that was chosen, from 1; nothing while it is not known, or when none holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The facts that were missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Name>,
    /// The facts it could read: for each that was known, the entry of the journal that recorded it.
    pub read: Vec<Reading>,
}

/// What is to happen at any time, as it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interrupted {
    /// Its name.
    pub name: Name,
    /// The entry of the journal that is the reason.
    pub because: u32,
    /// The facts it waits for: for each that was known, the entry of the journal that recorded it.
    pub read: Vec<Reading>,
}

/// A fact that a decision read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reading {
    /// The fact.
    pub fact: Name,
    /// The entry that recorded it; nothing when it was unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u32>,
    /// Whether it was as presumed, and nothing that was recorded of it was good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub presumed: bool,
}

/// How something that was open ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Outcome {
    Done,
    Accepted,
    AcceptedOnCondition,
    Refused,
    PersonDeclined,
    Cannot,
    Late,
    NobodyCan,
    NotAllDone,
    Decided,
    Disagreed,
    UntilHolds,
    AfterLastRound,
    /// The time was over that had to pass.
    Waited,
    StoodDown,
    Died,
    Withdrew,
    CannotBeReached,
    MovedAway,
    OpenedInError,
}

impl Outcome {
    /// Whether something of a kind is done that ended so; of what is repeated, not a round but all of it.
    pub(super) fn is_done(self, kind: &PlaceKind) -> bool {
        match self {
            Outcome::Done => !matches!(kind, PlaceKind::Repeat(_)),
            Outcome::Accepted
            | Outcome::AcceptedOnCondition
            | Outcome::Decided
            | Outcome::UntilHolds
            | Outcome::AfterLastRound
            | Outcome::Waited => true,
            _ => false,
        }
    }

    /// The outcome that a life event gives.
    pub(super) fn of(what: LifeEvent) -> Outcome {
        match what {
            LifeEvent::Died => Outcome::Died,
            LifeEvent::Withdrew => Outcome::Withdrew,
            LifeEvent::CannotBeReached => Outcome::CannotBeReached,
            LifeEvent::MovedAway => Outcome::MovedAway,
            LifeEvent::OpenedInError => Outcome::OpenedInError,
        }
    }
}
