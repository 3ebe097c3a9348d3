//! What is kept of a case: where it stands, what is known, and a journal of everything that happened.
//!
//! This is also what is saved, in readable JSON with names rather than numbers. Numbers that speed things up are worked
//! out again when a case is loaded, and never saved.

use super::event::{By, Event, LifeEvent};
use crate::calendar::Moment;
use crate::model::{Answer, Name, PlaceId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The format cases are saved in.
pub const FORMAT: u32 = 1;

/// A case as it is kept and saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What is open, in the order it was opened.
    pub open: Vec<Open>,
    /// How often each place was entered.
    pub entered: BTreeMap<Name, u32>,
    /// How often each counted route was taken.
    pub taken: BTreeMap<Name, u32>,
    /// How the case ended, once it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// Where a draft found no way on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stranded: Option<Stranded>,
    /// Whether the person has died.
    #[serde(default)]
    pub died: bool,
    /// What has interrupted, and will again only after its condition was a no.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub interrupted: BTreeSet<Name>,
    /// Everything that happened, in order.
    pub journal: Vec<Entry>,
}

/// Which pathway a case is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct DirectoryRef {
    /// Its name.
    pub name: Name,
    /// The hash of what it says.
    pub hash: Name,
}

/// A fact that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Why something ended, or one turned to a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it took effect.
    pub at: Moment,
    /// What it is.
    #[serde(flatten)]
    pub what: EntryKind,
}

/// What an entry of the journal says. The first three are what came from outside; everything else follows from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The case was opened, with these facts.
    CaseOpened {
        /// The facts.
        facts: BTreeMap<Name, Answer>,
        /// Who opened it.
        by: By,
    },
    /// An event was taken.
    Event(Event),
    /// Time went on, and something fell due.
    Advanced,
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
    },
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
    /// A role that was advised decided.
    Chose(Chose),
    /// A call began, or ended: one passed on.
    Passed {
        /// The call, or the ending of what it follows.
        place: Name,
        /// The entry of the journal that is the reason.
        because: u32,
    },
    /// What is to happen at any time did: everything that was open is stood down.
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
    StoodDown,
    Died,
    Withdrew,
    CannotBeReached,
    MovedAway,
    OpenedInError,
}

impl Outcome {
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
