//! Scenarios: people the authors have thought about. A person file says the same in JSON, and both become this.

use super::condition::Condition;
use super::{DirectoryId, Exit, Name, PathwayId};
use crate::calendar::{Length, Moment};
use crate::diagnostic::Place as At;

/// A scenario: a person, what happens, and what is expected.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub at: At,
    /// The pathway.
    pub pathway: PathwayId,
    /// The directory.
    pub directory: DirectoryId,
    /// When it starts.
    pub starts: Moment,
    /// What is known then.
    pub knowing: Vec<Given>,
    /// What happens and is expected, in order.
    pub lines: Vec<(Line, At)>,
}

/// What happens to one person, from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// When the case starts.
    pub starts: Moment,
    /// What is known then.
    pub knowing: Vec<Given>,
    /// What happens, in order.
    pub events: Vec<Happening>,
}

/// One line of a scenario.
#[derive(Clone, Debug)]
pub enum Line {
    /// Something happens.
    Happens(Happening),
    /// Everything that is open, or opens, is done at its deadline, until the case closes.
    TheRest,
    /// Something is expected.
    Expect(Expectation),
}

/// A fact that is given, as its authors wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The fact.
    pub fact: Name,
    /// What was answered.
    pub answer: Answer,
}

/// What came of asking for a fact. In JSON it is `{"value": "home"}`, `{"could_not": "asleep"}` and so on; a plain
/// text, a whole number, true or false, or a list of options is read as a value too.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", from = "answer::Read")]
pub enum Answer {
    /// A value, as it is written in a pathway.
    Value(String),
    /// The person declined to say, and perhaps why.
    Declined(String),
    /// It could not be found, and why.
    CouldNot(String),
    /// It does not apply, and perhaps why.
    NotApplicable(String),
}

/// What kind of answer it is, and never what was answered: that is about a person.
impl std::fmt::Debug for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Answer::Value(_) => "Value(..)",
            Answer::Declined(_) => "Declined(..)",
            Answer::CouldNot(_) => "CouldNot(..)",
            Answer::NotApplicable(_) => "NotApplicable(..)",
        })
    }
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// How long after what happened before.
    pub after: Length,
    /// What.
    pub what: What,
    /// What is found.
    pub facts: Vec<Given>,
    /// By whom.
    pub by: Option<Name>,
    /// Who was there too.
    pub with: Vec<Name>,
    /// Why.
    pub because: Option<String>,
    /// On what condition something is accepted.
    pub condition: Option<String>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Time passes.
    Nothing,
    /// Facts are recorded.
    Record,
    /// A model answers, or says that it cannot.
    Model(Name),
    /// A step is done.
    Done(Name),
    /// The person declines a step.
    PersonDeclines(Name),
    /// A step cannot be done.
    Cannot(Name),
    /// A handover is accepted.
    Accepted(Name),
    /// A handover is declined by its receiver.
    Declined(Name),
    /// What was accepted of a positive risk is taken back.
    Withdrawn(Name),
    /// Somebody raises what anyone may raise.
    Raised(Name),
    /// A role decides.
    Decides {
        /// What is decided, where more than one decision is open.
        step: Option<Name>,
        /// The option.
        option: Name,
        /// The code that says why, where it is not what is advised.
        otherwise: Option<Name>,
    },
    /// A role that must agree agrees to an option.
    Agrees {
        /// What is decided, where more than one decision is open.
        step: Option<Name>,
        /// The role.
        role: Name,
        /// The option.
        option: Name,
    },
    /// A role that must agree disagrees.
    Disagrees {
        /// What is decided, where more than one decision is open.
        step: Option<Name>,
        /// The role.
        role: Name,
    },
    /// A step gets another owner and deadline.
    Reassigned {
        /// The step.
        step: Name,
        /// The role.
        to: Name,
        /// How long there is.
        within: Length,
    },
    /// Whoever is asked about a disputed fact says what it is, as what is found.
    Settled(Name),
    /// Something happens in the person's life.
    Life(Exit),
}

/// What is expected.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// These are among the next steps.
    Next(Vec<Name>),
    /// The case is closed with this ending, within so long of its start.
    Ending(Name, Option<Length>),
    /// A decision, the last time it was taken, chose this.
    Chose(Name, Name),
    /// A decision, the last time it advised, advised this.
    Advises(Name, Name),
    /// A decision, the last time it was looked at, was missing exactly these facts.
    Needs(Name, Vec<Name>),
    /// A step is with this contact or role now.
    With(Name, Name),
    /// A step is due at this moment; where one turned to somebody about it, they answer by then.
    Due(Name, Moment),
    /// By what is known now, something anticipated is to start a pathway.
    Starts(Name, Name),
    /// By what is known now, somebody is to be asked for exactly these facts, for something anticipated.
    Asks(Name, Vec<Name>),
    /// A condition is a definite yes now.
    Yes(Condition),
}

/// Reading answers from JSON.
mod answer {
    use super::Answer;
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum Tagged {
        Value(String),
        Declined(String),
        CouldNot(String),
        NotApplicable(String),
    }

    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "a text, a whole number, true or false, a list of options, or one of `value`, `declined`, \
                     `could_not`, `not_applicable` with a text; write decimals between quotation marks"
    )]
    pub(super) enum Read {
        Flag(bool),
        Whole(i64),
        Text(String),
        Several(Vec<String>),
        Tagged(Tagged),
    }

    impl From<Read> for Answer {
        fn from(read: Read) -> Answer {
            match read {
                Read::Flag(yes) => Answer::Value(if yes { "yes" } else { "no" }.to_string()),
                Read::Whole(number) => Answer::Value(number.to_string()),
                Read::Text(text) | Read::Tagged(Tagged::Value(text)) => Answer::Value(text),
                Read::Several(options) if options.is_empty() => Answer::Value("none_of_them".to_string()),
                Read::Several(options) => Answer::Value(options.join(" and ")),
                Read::Tagged(Tagged::Declined(why)) => Answer::Declined(why),
                Read::Tagged(Tagged::CouldNot(why)) => Answer::CouldNot(why),
                Read::Tagged(Tagged::NotApplicable(why)) => Answer::NotApplicable(why),
            }
        }
    }
}
