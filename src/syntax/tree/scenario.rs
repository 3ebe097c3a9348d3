//! What a scenario says: who somebody is, what happens to them, and what is expected then.

use super::*;

/// A fact and the value it is given in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The fact.
    pub name: Word,
    /// Its values; one, or several for a fact of several; `yes` or `no` for a bare or a negated name.
    pub values: Vec<Literal>,
    /// Whether it is written as a bare name (yes) or as `not` and a name (no).
    pub bare: Option<bool>,
}

/// Something that happens in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// How long after what came before; `None` for `and then`.
    pub after: Option<LengthText>,
    /// What happens.
    pub what: What,
    /// Facts that are found.
    pub finding: Vec<Assignment>,
    /// Facts that could not be found.
    pub without: Vec<Word>,
    /// Who was there too.
    pub with: Vec<Word>,
    /// Why: by a code, where something is decided otherwise than advised.
    pub code: Option<Word>,
    /// Why.
    pub because: Option<Text>,
    /// The condition on which something is accepted.
    pub condition: Option<Text>,
    /// By whom.
    pub by: Option<Word>,
}

/// What happens in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum What {
    Nothing,
    Learn(Vec<Assignment>),
    ModelAnswers(Text, Assignment),
    ModelCannot(Text, Word),
    Decides(Word, Word),
    Agrees(Word, Word),
    Disagrees(Word),
    Done(Word),
    PersonDeclines(Word),
    Cannot(Word),
    Accepted(Word),
    Declined(Word),
    Withdrawn(Word),
    Raised(Word),
    Reassigned(Word, Word, LengthText),
    Settled(Assignment),
    Life(Outcome),
}

/// What a scenario expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// These are among the next steps.
    Next(Vec<Word>),
    /// The case is closed with this ending, within so long of its start; and whether it says `the`, not `an`.
    Ending(Word, Option<LengthText>, bool),
    /// A decision chose this.
    Chose(Word, Word),
    /// A decision advises this.
    Advises(Word, Word),
    /// A decision needs these facts and has them not.
    Needs(Word, Vec<Word>),
    /// A step is with this contact or role.
    With(Word, Word),
    /// A step is due at this moment.
    Due(Word, Literal),
    /// By what is known, something anticipated starts a pathway.
    Starts(Word, Word),
    /// Somebody is asked for these facts, so that it is known whether something anticipated is so.
    Asks(Word, Vec<Word>),
    /// A condition is definitely yes.
    Yes(Condition),
}
