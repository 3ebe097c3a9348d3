//! What can happen to a case: a closed list.

use super::person_record::KnownBefore;
use crate::calendar::{Length, Moment};
use crate::model::{Answer as FactAnswer, Exit, Name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who did or said something.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct By {
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Name>,
    /// For which organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Who: a reference that means something to the host only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Where it comes from, such as a record or a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl By {
    /// Somebody in that role.
    pub fn role(role: impl Into<Name>) -> By {
        By { role: Some(role.into()), ..By::default() }
    }

    /// Whether it says more than a role: somebody may be known by it.
    pub(super) fn names_somebody(&self) -> bool {
        self.organisation.is_some() || self.who.is_some() || self.source.is_some()
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The host's own id for it. The same id with the same content is answered the same and changes nothing.
    pub id: String,
    /// The revision of the case the sender saw. When the case has moved on since, the event is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expects: Option<u64>,
    /// When it happened, where that is not when it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<Moment>,
    /// Who did it.
    #[serde(default)]
    pub by: By,
    /// Who was there too: roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Name>,
    /// What it is.
    pub what: EventKind,
}

impl Event {
    /// An event of that id and kind; everything else is left open.
    pub fn new(id: impl Into<String>, what: EventKind) -> Event {
        Event { id: id.into(), expects: None, happened: None, by: By::default(), with: Vec::new(), what }
    }
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EventKind {
    /// Facts were learnt.
    Record {
        /// The facts.
        facts: BTreeMap<Name, FactAnswer>,
    },
    /// A step is done.
    Done {
        /// The step, by its name or its id.
        step: Name,
        /// What it found.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        facts: BTreeMap<Name, FactAnswer>,
    },
    /// The person declines a step.
    Declined {
        /// The step.
        step: Name,
        /// Why, in the person's words, if they wish to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A step cannot be done.
    Cannot {
        /// The step.
        step: Name,
        /// Why.
        reason: String,
    },
    /// A model that was asked says what a fact is, or that it could not.
    ModelAnswered {
        /// The fact.
        fact: Name,
        /// The model.
        model: Name,
        /// Its version, as it says itself.
        version: String,
        /// The SHA-256 of what was run: 64 digits, from `0` to `f`.
        sha256: String,
        /// The id of the effect that is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<String>,
        /// What it is: a value, or that it could not, and why.
        answer: FactAnswer,
    },
    /// The receiver accepts a handover.
    Accept {
        /// The handover.
        step: Name,
        /// On what condition, if on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<String>,
    },
    /// The receiver declines a handover.
    Refuse {
        /// The handover.
        step: Name,
        /// Why.
        reason: String,
    },
    /// A role decides what the pathway could not.
    Decide {
        /// The step, where more than one is waiting for a decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Name>,
        /// Which of the options.
        option: Name,
        /// The id of the advice that is answered, where one was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<String>,
        /// Why not what is advised: one of the codes that the decision lists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<Name>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody who must agree with what a role decides agrees to an option.
    Agree {
        /// The step, where more than one is waiting for a decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Name>,
        /// The role that agrees.
        role: Name,
        /// To which of the options.
        option: Name,
        /// The id of the advice that is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<String>,
    },
    /// Somebody who must agree disagrees: there is nothing here to which this role agrees.
    Disagree {
        /// The step, where more than one is waiting for a decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Name>,
        /// The role that disagrees.
        role: Name,
        /// Why.
        reason: String,
        /// The id of the advice that is answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        advice: Option<String>,
    },
    /// Something became known about the person elsewhere: in another case of theirs, or before.
    Learn {
        /// The fact.
        fact: Name,
        /// What is known of it, as it was found there.
        known: KnownBefore,
    },
    /// Whoever is asked about a disputed fact says what it is.
    Settle {
        /// The fact.
        fact: Name,
        /// What it is, as it is written in a pathway.
        value: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody has looked again at a decision that was taken by what was corrected since.
    Reviewed {
        /// The review, by its name or its id.
        step: Name,
        /// What was found, and what is done about it.
        reason: String,
    },
    /// What was recorded was wrong: an entry of the journal is superseded.
    Correct {
        /// The entry that recorded it, by its number in the journal.
        entry: u32,
        /// What it should have said.
        answer: FactAnswer,
        /// What was wrong.
        reason: String,
    },
    /// Somebody takes back what they said.
    Withdraw {
        /// What.
        what: Withdrawn,
        /// Why, if they wish to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody on a ladder gives a step to a role, with a new deadline.
    Reassign {
        /// The step.
        step: Name,
        /// To whom.
        to: Name,
        /// How long there is.
        within: Length,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody raises what the pathway lets anyone raise.
    Raise {
        /// What, by its name.
        what: Name,
        /// Why.
        reason: String,
    },
    /// Something happened in the person's life.
    Life {
        /// What: `died`, `withdrew`, `cannot_be_reached`, `moved_away`, `opened_in_error`.
        what: LifeEvent,
    },
}

/// What somebody takes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Withdrawn {
    /// A fact they recorded: the entry of the journal, by its number.
    Fact {
        /// The entry.
        entry: u32,
    },
    /// What was accepted of a positive risk.
    Risk {
        /// The positive risk.
        risk: Name,
    },
    /// That they agree to an option, before it is decided.
    Agreement {
        /// The step, where more than one is waiting for a decision.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Name>,
        /// The role that had agreed.
        role: Name,
    },
}

/// What can happen in the person's life that ends or turns every pathway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum LifeEvent {
    Died,
    Withdrew,
    CannotBeReached,
    MovedAway,
    OpenedInError,
}

impl LifeEvent {
    /// The exit of a place it takes.
    pub fn exit(self) -> Exit {
        match self {
            LifeEvent::Died => Exit::Died,
            LifeEvent::Withdrew => Exit::Withdrew,
            LifeEvent::CannotBeReached => Exit::CannotBeReached,
            LifeEvent::MovedAway => Exit::MovedAway,
            LifeEvent::OpenedInError => Exit::OpenedInError,
        }
    }

    /// The life event an exit stands for.
    pub fn of(exit: Exit) -> Option<LifeEvent> {
        Some(match exit {
            Exit::Died => LifeEvent::Died,
            Exit::Withdrew => LifeEvent::Withdrew,
            Exit::CannotBeReached => LifeEvent::CannotBeReached,
            Exit::MovedAway => LifeEvent::MovedAway,
            Exit::OpenedInError => LifeEvent::OpenedInError,
            Exit::Late | Exit::Cannot | Exit::PersonDeclines | Exit::NobodyCan => return None,
        })
    }
}

impl EventKind {
    /// The facts it brings.
    pub fn facts(&self) -> Option<&BTreeMap<Name, FactAnswer>> {
        match self {
            EventKind::Record { facts } | EventKind::Done { facts, .. } => Some(facts),
            _ => None,
        }
    }
}
