//! What a number follows from: the tree of `is savings + property - debts, divided by 250, rounded up`.

use super::{At, Literal, ValueRange, Word};

/// What a computed fact follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// A sum, or a table.
    pub from: ComputedFrom,
    /// What the sum is divided by.
    pub divided_by: Option<Literal>,
    /// How the result is rounded to its steps.
    pub rounding: Option<Rounding>,
    /// What it is never less than.
    pub no_less: Option<Literal>,
    /// What it is never more than.
    pub no_more: Option<Literal>,
    /// Where it stands.
    pub at: At,
}

/// A number that follows from a date, and from now: `is years since born`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elapsed {
    /// Whether years are counted; days otherwise.
    pub in_years: bool,
    /// The name of the date.
    pub since: Word,
    /// What it is never less than.
    pub no_less: Option<Literal>,
    /// What it is never more than.
    pub no_more: Option<Literal>,
}

/// A sum, or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComputedFrom {
    /// `savings + 2 times property - 250`.
    Sum(Vec<Term>),
    /// `from capital at most 14250 gives 0, more than 14250 gives 1`.
    Table(Word, Vec<(Vec<ValueRange>, Literal)>),
}

/// A term of a sum: a number, a name, or so many times a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether it is taken away.
    pub minus: bool,
    /// The name of a number that is known, or computed.
    pub name: Option<Word>,
    /// The number, or how many times.
    pub number: Option<Literal>,
}

/// How a number is rounded to the steps of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// `rounded up`.
    Up,
    /// `rounded down`.
    Down,
    /// `rounded to the nearest`: a half goes up.
    Nearest,
}
