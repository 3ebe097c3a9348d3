//! Why an event, an opening or a saved case is not taken. Typed, in plain words, with what would fit.

use super::follow::Strands;
use crate::calendar::{Length, Moment};
use crate::model::{Name, ValueError};
use serde::Serialize;
use thiserror::Error;

/// Why something was refused. Nothing of the case has changed.
///
/// What it displays, and what `Debug` prints, says nothing that anybody found or said about a person, so that it can be
/// logged. [`Refusal::in_full`], and what it is written as, also says what was given: that is for whoever sent it.
#[derive(Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The pathway is not proved, and the host did not ask for a draft.
    #[error("`{pathway}` is not proved; ask for a draft run in so many words")]
    NotProved {
        /// The pathway.
        pathway: Name,
    },
    /// The directory claims nothing any more.
    #[error("the directory `{directory}` ends at {ends}; no case opens after that")]
    PastHorizon {
        /// The directory.
        directory: Name,
        /// When it ends.
        ends: Moment,
    },
    /// What is proved of who answers begins later.
    #[error("the proof of who answers begins at {begins}; no case opens before that")]
    BeforeProof {
        /// When it begins.
        begins: Moment,
    },
    /// With the directory some of what is open would be nobody's.
    #[error("with the directory `{directory}` nobody would do {}", stranded_words(.strands))]
    WouldStrand {
        /// The directory.
        directory: Name,
        /// What would be left with nobody.
        strands: Vec<Strands>,
    },
    /// The library does not have the version of the pathway that the case is on.
    #[error("the case is on another version of `{pathway}` than the library has, and stays on it")]
    OtherPathway {
        /// The pathway.
        pathway: Name,
    },
    /// The directory does not fill what the pathway needs.
    #[error("the directory `{directory}` does not have what the pathway needs: {}", list(.lacks))]
    DirectoryLacks {
        /// The directory.
        directory: Name,
        /// The roles and ladders it does not fill.
        lacks: Vec<Name>,
    },
    /// The step is not open.
    #[error("`{step}` is not open; {}", open_words(.open))]
    NotOpen {
        /// The step.
        step: Name,
        /// What is open.
        open: Vec<Name>,
    },
    /// The pathway has no such step.
    #[error("the pathway has no `{step}`{}", did_you_mean(.meant))]
    NoSuchStep {
        /// The name given.
        step: Name,
        /// What was probably meant.
        meant: Option<Name>,
    },
    /// The step is open, and is not answered in this way.
    #[error("`{step}` {given}; what fits is: {}", .fits.join(", "))]
    WrongAnswer {
        /// The step.
        step: Name,
        /// What is wrong with the answer.
        given: String,
        /// The kinds of event that fit.
        fits: Vec<String>,
    },
    /// The library has no such fact, or the pathway does not reach it.
    #[error("the pathway does not know the fact `{fact}`{}", did_you_mean(.meant))]
    UnknownFact {
        /// The name given.
        fact: Name,
        /// What was probably meant.
        meant: Option<Name>,
    },
    /// The library has no such role.
    #[error("there is no role `{role}`{}", did_you_mean(.meant))]
    UnknownRole {
        /// The name given.
        role: Name,
        /// What was probably meant.
        meant: Option<Name>,
    },
    /// A value does not fit its fact.
    #[error("`{fact}`: {}", .error.in_brief())]
    BadValue {
        /// The fact.
        fact: Name,
        /// Why it does not fit.
        error: ValueError,
    },
    /// A fact that is settled would become otherwise.
    #[error("`{fact}` is settled, and does not become otherwise. What would fit is the same value, or a correction")]
    Settled {
        /// The fact.
        fact: Name,
        /// What it is.
        is: String,
        /// What was given.
        given: String,
    },
    /// The fact is not disputed, so that nobody settles it.
    #[error("`{fact}` is not disputed; {}", what_is_disputed(.disputed))]
    NotDisputed {
        /// The fact.
        fact: Name,
        /// What is disputed.
        disputed: Vec<Name>,
    },
    /// The entry of the journal records nothing of a fact, or was superseded already.
    #[error("entry {entry} of the journal {because}")]
    NotARecord {
        /// The entry.
        entry: u32,
        /// Why it cannot be corrected or taken back.
        because: String,
    },
    /// Only whoever said something takes it back.
    #[error(
        "entry {entry} of the journal was recorded by somebody else: only whoever said something takes it back; others correct it"
    )]
    NotTheirs {
        /// The entry.
        entry: u32,
    },
    /// Somebody takes back what a role agreed to, and it was not they who did.
    #[error("it was not they who agreed to `{step}` as `{role}`: only whoever agreed takes that back")]
    NotTheirAgreement {
        /// Where it is decided.
        step: Name,
        /// The role that had agreed.
        role: Name,
    },
    /// A step is said to be done without facts it should find.
    #[error("`{step}` is not done yet: {} {} still to be found, or the reason why not", list(.facts), is_are(.facts))]
    MissingFacts {
        /// The step.
        step: Name,
        /// The facts.
        facts: Vec<Name>,
    },
    /// A step is said to be done without those without whom it is not.
    #[error("`{step}` is not done without {}: say who was there, or that it cannot be done", list(.roles))]
    NotWithout {
        /// The step.
        step: Name,
        /// The roles.
        roles: Vec<Name>,
    },
    /// A reason is needed and was not given.
    #[error("`{step}`: a reason is needed")]
    ReasonNeeded {
        /// The step.
        step: Name,
    },
    /// The option is not among those of the decision.
    #[error("`{option}` is not an option here; the options are {}", list(.options))]
    NotAnOption {
        /// The option given.
        option: Name,
        /// The options.
        options: Vec<Name>,
    },
    /// The option may be chosen only when something holds, and that is not a definite yes.
    #[error("`{option}` may be chosen only when `{only_when}`, and that is not a definite yes; {}", open_options(.options))]
    OptionNotOpen {
        /// The option given.
        option: Name,
        /// When it may be chosen, as its authors wrote it.
        only_when: String,
        /// What is said of that: `no`, or `not known yet`.
        answer: String,
        /// The facts that would have to be known to say more.
        missing: Vec<Name>,
        /// The options that may be chosen now.
        options: Vec<Name>,
    },
    /// The answer names no advice, or one that is outdated.
    #[error("{}; the advice now is `{is}`: {}", which_advice(.given), what_advised(.advises))]
    OldAdvice {
        /// The step.
        step: Name,
        /// The advice that was named.
        given: Option<String>,
        /// The id of the advice that stands now.
        is: String,
        /// What it advises, if anything.
        advises: Option<Name>,
    },
    /// No model is asked for the fact now: it was not, it has answered, or somebody has said since what it is.
    #[error("no model is asked for `{fact}` now{}", asked_for(.asked))]
    ModelNotAsked {
        /// The fact.
        fact: Name,
        /// What models are asked for.
        asked: Vec<Name>,
    },
    /// Another model was run than the one that is asked.
    #[error("`{fact}` is found by the model `{is}`, and `{given}` is another")]
    OtherModel {
        /// The fact.
        fact: Name,
        /// The model that is asked.
        is: Name,
        /// The one that answers.
        given: Name,
    },
    /// The answer does not name what it answers, or something it goes by has changed since.
    #[error("{}; what is asked now is `{is}`", which_asking(.given))]
    OldAsking {
        /// The fact.
        fact: Name,
        /// What was named.
        given: Option<String>,
        /// The id of the effect by which the model is asked now.
        is: String,
    },
    /// Nobody could say later what was run.
    #[error("the answer of `{model}` {lacks}, so that nobody could say later what was run")]
    ModelUnnamed {
        /// The model.
        model: Name,
        /// What is wrong with how it is named.
        lacks: String,
    },
    /// The answer names an advice where nothing is advised.
    #[error("`{step}` is not advised, so its answer names no advice and no code")]
    NoAdvice {
        /// The step.
        step: Name,
    },
    /// Something else is chosen than what is advised, without one of the codes or without saying more.
    #[error("{} is advised; to choose `{option}` needs one of these, and a few words why: {}", quoted(.advised), list(.codes))]
    OtherwiseWhy {
        /// What is advised, if anything.
        advised: Option<Name>,
        /// The option given.
        option: Name,
        /// The codes of which one is needed.
        codes: Vec<Name>,
    },
    /// Not everybody who must agree with what is decided has agreed to it.
    #[error("`{option}` is decided only when {} {} agreed to it", list(.lacking), have(.lacking))]
    NotAgreed {
        /// The option given.
        option: Name,
        /// The roles that have not agreed to it.
        lacking: Vec<Name>,
    },
    /// A role that is not asked to agree agrees or disagrees.
    #[error("`{role}` is not asked to agree here; {}", who_agrees(.asked))]
    NotAsked {
        /// The role given.
        role: Name,
        /// The roles that are asked.
        asked: Vec<Name>,
    },
    /// The person decides this themselves: nobody does so for them.
    #[error("`{step}` is the person's to decide: `{role}` does not decide it for them")]
    ForThePerson {
        /// The step.
        step: Name,
        /// Who was to decide it.
        role: Name,
    },
    /// The ladder allows no more reassigning.
    #[error("`{step}` cannot be given to another: the ladder `{ladder}` {}", allows(*.limit))]
    NotReassignable {
        /// The step.
        step: Name,
        /// The ladder.
        ladder: Name,
        /// How often it allows it.
        limit: u32,
    },
    /// Time went back.
    #[error("this was recorded at {recorded}, before what was recorded last, at {last}")]
    WentBack {
        /// When this was recorded.
        recorded: Moment,
        /// When the last entry was recorded.
        last: Moment,
    },
    /// Something is said to have happened after it was recorded.
    #[error("this is said to have happened at {happened}, after it was recorded at {recorded}")]
    NotYetHappened {
        /// When it is said to have happened.
        happened: Moment,
        /// When it was recorded.
        recorded: Moment,
    },
    /// The same event id was used for something else.
    #[error("the event id `{id}` was used before, for something else")]
    SameIdOtherContent {
        /// The id.
        id: String,
    },
    /// The case has moved on since the sender looked.
    #[error("the case has moved on: it is at revision {is}, and the event was meant for {expected}")]
    OldRevision {
        /// The revision the sender saw.
        expected: u64,
        /// The revision of the case.
        is: u64,
    },
    /// The case is closed.
    #[error("the case is closed, with `{ending}`")]
    Closed {
        /// The ending.
        ending: Name,
    },
    /// The person has died; nothing else happens to them but that the case was opened in error.
    #[error("the person has died; only `opened_in_error` can follow")]
    AfterDeath,
    /// The event, or the case, has no id.
    #[error("an event and a case need an id, so that nothing is done twice")]
    NoId,
    /// A step is given to another with no time to do it in.
    #[error("`{step}` cannot be done within {within}")]
    NoTime {
        /// The step.
        step: Name,
        /// The time given.
        within: Length,
    },
    /// A step is given to another with more time than its ladder allows, or, where that says nothing, than it has.
    #[error("`{step}` can be given to another for {longest} at the most, and not for {within}")]
    TooMuchTime {
        /// The step.
        step: Name,
        /// The time given.
        within: Length,
        /// The longest time allowed.
        longest: Length,
    },
    /// A step is given to a role of which nobody is there in time.
    #[error("nobody who fills `{role}` is on duty before {until} to do `{step}`")]
    NobodyOnDuty {
        /// The step.
        step: Name,
        /// The role.
        role: Name,
        /// The deadline given.
        until: Moment,
    },
    /// There is nothing to withdraw: it is no positive risk, or it is not accepted.
    #[error("`{what}` {}; what is accepted is: {}", not_accepted(.is), list_or_nothing(.accepted))]
    NothingToWithdraw {
        /// What was to be withdrawn.
        what: Name,
        /// What came of it, where it is a positive risk.
        is: Option<String>,
        /// The positive risks that are accepted now.
        accepted: Vec<Name>,
    },
    /// Nobody may raise that, or not here and now.
    #[error("`{what}` {because}; {}", may_raise(.may))]
    NotToRaise {
        /// What was raised.
        what: Name,
        /// Why it is not.
        because: String,
        /// What anyone may raise now.
        may: Vec<Name>,
    },
    /// The event would make more happen at once than is allowed.
    #[error(
        "this would make more than {limit} things happen at once; let time go on in smaller parts, from one `due` to the next"
    )]
    TooMuchAtOnce {
        /// The limit.
        limit: u32,
    },
}

impl Refusal {
    /// A short name for programs, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotProved { .. } => "not-proved",
            Refusal::PastHorizon { .. } => "past-horizon",
            Refusal::WouldStrand { .. } => "would-strand",
            Refusal::OtherPathway { .. } => "other-pathway",
            Refusal::DirectoryLacks { .. } => "directory-lacks",
            Refusal::NotOpen { .. } => "not-open",
            Refusal::NoSuchStep { .. } => "no-such-step",
            Refusal::WrongAnswer { .. } => "wrong-answer",
            Refusal::UnknownFact { .. } => "unknown-fact",
            Refusal::UnknownRole { .. } => "unknown-role",
            Refusal::BadValue { .. } => "bad-value",
            Refusal::Settled { .. } => "settled",
            Refusal::NotDisputed { .. } => "not-disputed",
            Refusal::NotARecord { .. } => "not-a-record",
            Refusal::NotTheirs { .. } | Refusal::NotTheirAgreement { .. } => "not-theirs",
            Refusal::MissingFacts { .. } => "missing-facts",
            Refusal::NotWithout { .. } => "not-without",
            Refusal::ReasonNeeded { .. } => "reason-needed",
            Refusal::NotAnOption { .. } => "not-an-option",
            Refusal::OptionNotOpen { .. } => "option-not-open",
            Refusal::OldAdvice { .. } => "old-advice",
            Refusal::ModelNotAsked { .. } => "model-not-asked",
            Refusal::OtherModel { .. } => "other-model",
            Refusal::OldAsking { .. } => "old-asking",
            Refusal::ModelUnnamed { .. } => "model-unnamed",
            Refusal::NoAdvice { .. } => "no-advice",
            Refusal::OtherwiseWhy { .. } => "otherwise-why",
            Refusal::NotAgreed { .. } => "not-agreed",
            Refusal::NotAsked { .. } => "not-asked",
            Refusal::ForThePerson { .. } => "for-the-person",
            Refusal::NotReassignable { .. } => "not-reassignable",
            Refusal::WentBack { .. } => "went-back",
            Refusal::NotYetHappened { .. } => "not-yet-happened",
            Refusal::SameIdOtherContent { .. } => "same-id-other-content",
            Refusal::OldRevision { .. } => "old-revision",
            Refusal::Closed { .. } => "closed",
            Refusal::AfterDeath => "after-death",
            Refusal::NoId => "no-id",
            Refusal::NoTime { .. } => "no-time",
            Refusal::TooMuchTime { .. } => "too-much-time",
            Refusal::NobodyOnDuty { .. } => "nobody-on-duty",
            Refusal::BeforeProof { .. } => "before-proof",
            Refusal::NothingToWithdraw { .. } => "nothing-to-withdraw",
            Refusal::NotToRaise { .. } => "not-to-raise",
            Refusal::TooMuchAtOnce { .. } => "too-much-at-once",
        }
    }

    /// The sentence with what was given in it, and what is known: for whoever sent it, and never for a log.
    pub fn in_full(&self) -> String {
        match self {
            Refusal::BadValue { fact, error } => format!("`{fact}`: {error}"),
            Refusal::Settled { fact, is, given } => format!(
                "`{fact}` is `{is}`, and settled: it does not become `{given}`. What would fit is the same value, or a \
                 correction"
            ),
            Refusal::OptionNotOpen { option, only_when, answer, options, .. } => format!(
                "`{option}` may be chosen only when `{only_when}`, and that is {answer}; {}",
                open_options(options)
            ),
            other => other.to_string(),
        }
    }

    /// Whether the same event, looked at again and sent with the case as it is now, may be taken.
    pub fn retry(&self) -> bool {
        matches!(
            self,
            Refusal::OldRevision { .. }
                | Refusal::WentBack { .. }
                | Refusal::OldAdvice { .. }
                | Refusal::OldAsking { .. }
        )
    }
}

impl Serialize for Refusal {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut it = to.serialize_struct("Refusal", 3)?;
        it.serialize_field("code", self.code())?;
        it.serialize_field("message", &self.in_full())?;
        it.serialize_field("retry", &self.retry())?;
        it.end()
    }
}

fn list(names: &[Name]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn stranded_words(strands: &[Strands]) -> String {
    strands.iter().map(|it| format!("`{}`: {}", it.step, it.because)).collect::<Vec<_>>().join("; ")
}

fn allows(limit: u32) -> String {
    match limit {
        0 => "does not allow it".to_string(),
        1 => "allows it once".to_string(),
        2 => "allows it twice".to_string(),
        limit => format!("allows it {limit} times"),
    }
}

fn is_are(names: &[Name]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

fn open_words(open: &[Name]) -> String {
    match open {
        [] => "nothing is".to_string(),
        [one] => format!("`{one}` is"),
        many => format!("what is open: {}", list(many)),
    }
}

fn have(names: &[Name]) -> &'static str {
    if names.len() == 1 { "has" } else { "have" }
}

fn who_agrees(asked: &[Name]) -> String {
    if asked.is_empty() { "nobody is".to_string() } else { format!("who is asked: {}", list(asked)) }
}

fn which_advice(given: &Option<String>) -> String {
    match given {
        None => "the answer does not say which advice it answers".to_string(),
        Some(given) => format!("the advice `{given}` is outdated"),
    }
}

fn which_asking(given: &Option<String>) -> String {
    match given {
        None => "the model's answer does not say which asking it answers".to_string(),
        Some(given) => format!("the model was asked again since `{given}`, as something it goes by has changed"),
    }
}

fn asked_for(asked: &[Name]) -> String {
    if asked.is_empty() { String::new() } else { format!("; what one is asked for: {}", list(asked)) }
}

fn quoted(advised: &Option<Name>) -> String {
    advised.as_ref().map_or("nothing".to_string(), |it| format!("`{it}`"))
}

fn what_advised(advises: &Option<Name>) -> String {
    advises.as_ref().map_or("nothing is advised while something is missing".to_string(), |it| format!("`{it}`"))
}

fn open_options(options: &[Name]) -> String {
    match options {
        [] => "nothing may be chosen now".to_string(),
        [one] => format!("what may be chosen now is `{one}`"),
        many => format!("what may be chosen now: {}", list(many)),
    }
}

fn what_is_disputed(disputed: &[Name]) -> String {
    if disputed.is_empty() { "nothing is".to_string() } else { format!("what is: {}", list(disputed)) }
}

fn may_raise(may: &[Name]) -> String {
    if may.is_empty() {
        "nothing can be raised now".to_string()
    } else {
        format!("what can be raised now: {}", list(may))
    }
}

fn did_you_mean(meant: &Option<Name>) -> String {
    meant.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

fn not_accepted(is: &Option<String>) -> String {
    match is {
        Some(is) => format!("is {}", is.replace('_', " ")),
        None => "is no positive risk of this pathway".to_string(),
    }
}

fn list_or_nothing(names: &[Name]) -> String {
    if names.is_empty() { "nothing".to_string() } else { list(names) }
}
