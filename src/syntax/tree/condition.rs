//! What somebody is like: values as written, and the conditions that compare them.

use super::{At, Count, Word};

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// What it looks like.
    pub kind: LiteralKind,
    /// Its text: numbers as written, texts without their marks.
    pub text: String,
    /// Where it stands.
    pub at: At,
}

/// What a value looks like before one knows what it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// `12`, `37.5`, `-3`.
    Number,
    /// A name, such as an option of a list.
    Name,
    /// `yes`.
    Yes,
    /// `no`.
    No,
    /// `2026-03-02`.
    Date,
    /// `2026-03-02 09:00`, with or without an offset.
    DateTime,
    /// `3 days`.
    Length,
    /// `"her own words"`.
    Text,
    /// `not applicable`.
    NotApplicable,
    /// `there`, of a document.
    There,
    /// `not there`, of a document.
    NotThere,
}

/// One of the values a fact may have: a single one, a range, or everything on one side of a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueRange {
    /// Just this value.
    Single(Literal),
    /// From the one to the other, both included.
    Between(Literal, Literal),
    /// On one side of a value.
    Bound(Bound, Literal),
}

/// Which side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `at least`.
    AtLeast,
    /// `at most`.
    AtMost,
    /// `more than`.
    MoreThan,
    /// `less than`.
    LessThan,
    /// `earlier than`.
    EarlierThan,
    /// `later than`.
    LaterThan,
}

/// How a count is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowMany {
    /// `at least`.
    AtLeast,
    /// `at most`.
    AtMost,
    /// `exactly`.
    Exactly,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// Where it stands.
    pub at: At,
}

/// What a condition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// All of them hold; at least two.
    All(Vec<Condition>),
    /// One of them holds; at least two.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// `lives_alone`.
    Flag(Word),
    /// `frailty is 5 to 6`, `wish is not one of home, not_sure`, `frailty at least 5`.
    Is {
        /// The fact or score.
        name: Word,
        /// Whether it says `is not`.
        negated: bool,
        /// Whether it says `is`, rather than a bare bound.
        worded: bool,
        /// The values.
        values: Vec<ValueRange>,
    },
    /// `strengths includes walks_alone`.
    Includes(Word, Word),
    /// `at least 2 of a, b, c are yes`.
    Counting {
        /// How the count is compared.
        how: HowMany,
        /// With what.
        count: Count,
        /// What is counted.
        names: Vec<Word>,
    },
    /// `accepted living_with_the_risk`.
    Accepted(Word),
    /// `any part of news2 scores 3`.
    AnyPart(Word, Vec<ValueRange>),
}
