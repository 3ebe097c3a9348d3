//! What a case answers: what is to be done outside, and what comes next.

use super::person_record::News;
use super::record::{Because, Closed, Found, ModelInput, Stranded};
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::Name;
use serde::Serialize;

/// The answer to an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The revision of the case now.
    pub revision: u64,
    /// Whether this is a draft run: the pathway is not proved.
    pub draft: bool,
    /// What the host is to do, each to be sent at least once.
    pub effects: Vec<Effect>,
    /// What was learnt about the person, to be kept in their record and passed on to their other cases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<News>,
    /// Where the case stands.
    #[serde(flatten)]
    pub standing: Standing,
}

/// What came of several events that were given at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// How many were taken: all, or those before the one that was refused.
    pub taken: usize,
    /// What followed from those that were taken, in their order, and where the case stands after them. Where the case was opened with
    /// them, what followed from that stands first.
    pub answer: Answer,
    /// Why the next one was not taken. It changed nothing, and those behind it were not looked at.
    pub refused: Option<Refusal>,
}

impl Applied {
    /// What came before it goes before it.
    pub(crate) fn after(mut self, before: Answer) -> Applied {
        self.answer.effects.splice(0..0, before.effects);
        self.answer.news.splice(0..0, before.news);
        self
    }
}

/// What came of erasing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// The entries of the journal of which nothing is left but that they were there.
    pub entries: Vec<u32>,
    /// What followed from it, and from what fell due before; its news say what to erase elsewhere.
    pub answer: Answer,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// There is something to do; never nothing.
    Next(NextSteps),
    /// The case is closed, and somebody holds the person.
    Closed(Closed),
    /// A draft found no way on. A proved pathway never answers this.
    Stranded(Stranded),
}

/// The next steps: always at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Vec<NextStep>")]
pub struct NextSteps {
    first: Box<NextStep>,
    rest: Vec<NextStep>,
}

impl NextSteps {
    /// The steps, when there is at least one.
    pub fn new(steps: impl IntoIterator<Item = NextStep>) -> Option<NextSteps> {
        let mut steps = steps.into_iter();
        let first = Box::new(steps.next()?);
        Some(NextSteps { first, rest: steps.collect() })
    }

    /// The first, in the order they were opened.
    pub fn first(&self) -> &NextStep {
        &self.first
    }

    /// All of them, in the order they were opened.
    pub fn iter(&self) -> impl Iterator<Item = &NextStep> {
        std::iter::once(&*self.first).chain(&self.rest)
    }
}

impl From<NextSteps> for Vec<NextStep> {
    fn from(steps: NextSteps) -> Vec<NextStep> {
        std::iter::once(*steps.first).chain(steps.rest).collect()
    }
}

/// Something somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// Its id: the step and how many times it was entered, `plan_together#1`.
    pub id: String,
    /// The step.
    pub step: Name,
    /// Its title, for people.
    pub title: String,
    /// What is to be done.
    pub work: Work,
    /// Who is accountable: a role; while it is escalated, the contact that was asked.
    pub owner: Name,
    /// The contact that was asked, while it is escalated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated_to: Option<Name>,
    /// Why it was escalated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated_because: Option<Because>,
    /// Since when it is open.
    pub since: Moment,
    /// By when it must be done, or answered.
    pub due: Moment,
    /// Where it goes when that passes, in words.
    pub if_late: String,
    /// Those without whom it is not done: roles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_without: Vec<Name>,
    /// The facts that are to be found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finds: Vec<Name>,
    /// The branch of which block it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Name>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Do it, and say that it is done.
    Do,
    /// Be there for the person as long as the block is open that it is part of.
    BeThere,
    /// Nothing: time passes, until it is due.
    Wait,
    /// Accept a handover, or decline it.
    Accept {
        /// Who receives.
        by: Name,
    },
    /// Choose one of these.
    Decide {
        /// The options that may be chosen now.
        options: Vec<Name>,
        /// The facts that are missing.
        missing: Vec<Name>,
        /// The options that may not be chosen now, and why not.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        not_now: Vec<NotNow>,
        /// What is advised, where a decision advises.
        #[serde(skip_serializing_if = "Option::is_none")]
        advice: Option<Box<Advised>>,
    },
    /// Say what a fact is that two found to be different things. Asked beside the pathway.
    Settle {
        /// The fact.
        fact: Name,
        /// What was found, and by whom.
        found: Vec<Found>,
    },
    /// Look again at a decision that was taken by what was corrected since. Asked beside the pathway.
    Review {
        /// The decision.
        decision: Name,
        /// The row it took, from 1.
        was: Option<u32>,
        /// The row it would take now.
        would: Option<u32>,
    },
}

impl Work {
    /// Whether it is asked beside the pathway, so that nobody waits for it to go on.
    pub fn is_beside(&self) -> bool {
        matches!(self, Work::Settle { .. } | Work::Review { .. })
    }
}

/// What a decision advises a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advised {
    /// Its id, which the answer names: the next step's id and how often it was advised, `where_next/nurse#1.2`.
    pub id: String,
    /// The option; nothing while the decision does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advises: Option<Name>,
    /// What speaks for and against the options now, in the order of the file.
    pub reasons: Vec<Speaks>,
    /// The codes of which one says why something else is chosen.
    pub otherwise: Vec<Name>,
    /// Who must agree before it is decided, and to what they have agreed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Agreement>,
}

/// Whether somebody who must agree has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// The role.
    pub role: Name,
    /// The option it has agreed to, once it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Name>,
}

/// Something that speaks for or against an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Speaks {
    /// The option.
    pub option: Name,
    /// Whether it speaks against it.
    pub against: bool,
    /// The role it speaks for.
    pub from: Name,
    /// In words.
    pub text: String,
}

/// An option that may not be chosen now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotNow {
    /// The option.
    pub option: Name,
    /// When it may be chosen, as its authors wrote it.
    pub only_when: String,
    /// What is said of that: `no`, or `not known yet`.
    pub answer: &'static str,
}

/// Something for the host to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Its id: the same whenever the same history is played.
    pub id: String,
    /// When it took effect: what fell due while nobody called has its own instant.
    pub at: Moment,
    /// What it is.
    #[serde(flatten)]
    pub what: EffectKind,
}

/// What the host is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum EffectKind {
    /// Something is open for somebody.
    Opened {
        /// The next step's id.
        step: String,
        /// By when it must be done.
        due: Moment,
    },
    /// Something that was open is over; its owner need do nothing more.
    StoodDown {
        /// The next step's id.
        step: String,
        /// The contact that had been asked for it, where that is who need do nothing more.
        #[serde(skip_serializing_if = "Option::is_none")]
        contact: Option<Name>,
    },
    /// Somebody is to be told something.
    Tell {
        /// Who.
        who: Name,
        /// What.
        text: String,
    },
    /// Somebody on a ladder is to be asked.
    Escalated {
        /// The next step's id.
        step: String,
        /// Whom.
        contact: Name,
        /// By when an answer is needed.
        answer_by: Moment,
    },
    /// Somebody who decides is advised, or advised anew.
    Advised {
        /// The next step's id.
        step: String,
        /// The id of the advice, which the answer names.
        advice: String,
        /// The option that is advised; nothing while the decision does not know.
        #[serde(skip_serializing_if = "Option::is_none")]
        advises: Option<Name>,
    },
    /// A model is to be run, and its answer sent with the id of this effect. Nobody waits for it.
    RunModel {
        /// The fact that it finds.
        fact: Name,
        /// The model.
        model: Name,
        /// What it goes by.
        from: Vec<ModelInput>,
    },
    /// Something that is open has another owner and another deadline.
    Reassigned {
        /// The next step's id.
        step: String,
        /// To whom.
        to: Name,
        /// By when it must be done.
        due: Moment,
    },
    /// Somebody on a ladder would have been asked, and was closed.
    PassedOver {
        /// The place.
        step: Name,
        /// The rung, as the directory names it.
        rung: Name,
    },
    /// The case is closed.
    Closed {
        /// The ending.
        ending: Name,
        /// Who holds the person now.
        held_by: Name,
    },
}
