//! Facts, scores and roles: what the whole library shares.

use super::condition::Condition;
use super::value::{Domain, NOT_APPLICABLE, Ranges};
use super::{FactId, InForce, Name, RoleId, SourceRef};
use crate::calendar::Length;
use crate::diagnostic::Place as At;
use serde::Serialize;

/// A fact about the person.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// What values it can have.
    pub domain: Domain,
    /// What it is measured in.
    pub unit: Option<String>,
    /// Who may be asked.
    pub asked_of: Vec<RoleId>,
    /// Who may find it: alternatives, each of roles that find it together.
    pub found_by: Vec<Vec<RoleId>>,
    /// How long it stays good after it happened; for ever where nothing is said.
    pub good_for: Option<Length>,
    /// What it is presumed to be until found otherwise.
    pub presumed: Option<i64>,
    /// Whether it does not change once it is known.
    pub settled: bool,
    /// Who is not to be shown it.
    pub kept_from: Vec<RoleId>,
    /// When it applies; to everybody where nothing is said.
    pub applies: Option<Condition>,
    /// For what came of a positive risk: whether the person is able to decide, on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<FactId>,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

impl Fact {
    /// The fact's value with its unit, for people.
    pub fn show(&self, value: i64) -> String {
        match &self.unit {
            _ if value == NOT_APPLICABLE => "not applicable".to_string(),
            Some(unit) => format!("{} {unit}", self.domain.show(value)),
            None => self.domain.show(value),
        }
    }

    /// The values it can have though nothing that was recorded of it is known (any more).
    pub fn unrecorded(&self) -> Ranges {
        let not_applicable = self.applies.as_ref().map(|_| NOT_APPLICABLE);
        Ranges::new(self.presumed.into_iter().chain(not_applicable).map(|value| (value, value)))
    }

    /// Everything it can be but what is in these ranges.
    pub fn others(&self, ranges: &Ranges) -> Ranges {
        let (min, max) = self.domain.bounds();
        let others = ranges.without(min, max);
        let not_applicable = self.applies.is_some() && !ranges.contains(NOT_APPLICABLE);
        Ranges::new(others.iter().chain(not_applicable.then_some((NOT_APPLICABLE, NOT_APPLICABLE))))
    }
}

/// A score: the sum of its parts.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// How many digits stand behind the point of its points.
    pub decimals: u32,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// From when until when it is in force, where that is said.
    pub in_force: Option<InForce>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

impl Score {
    /// The least and the most it can be.
    pub fn bounds(&self) -> (i64, i64) {
        self.parts.iter().fold((0, 0), |(min, max), part| {
            let (least, most) = part.points.bounds();
            (min + least, max + most)
        })
    }
}

/// A part of a score.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its name: of the fact it looks at, or its own.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// How it gives its points.
    pub points: Points,
}

/// How a part of a score gives its points.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Points {
    /// By the value of one fact. The bands cover its domain and do not overlap.
    Bands(FactId, Vec<(Ranges, i64)>),
    /// By the first row that holds, and otherwise these points.
    Rows(Vec<(Condition, i64)>, i64),
}

impl Points {
    /// The least and the most points.
    pub fn bounds(&self) -> (i64, i64) {
        let all: Vec<i64> = match self {
            Points::Bands(_, bands) => bands.iter().map(|(_, points)| *points).collect(),
            Points::Rows(rows, otherwise) => rows.iter().map(|(_, points)| *points).chain([*otherwise]).collect(),
        };
        (all.iter().min().copied().unwrap_or(0), all.iter().max().copied().unwrap_or(0))
    }

    /// Calls `see` with every fact it reads.
    pub fn facts(&self, scores: &[Score], see: &mut impl FnMut(FactId)) {
        match self {
            Points::Bands(fact, _) => see(*fact),
            Points::Rows(rows, _) => rows.iter().for_each(|(row, _)| row.test.facts(scores, see)),
        }
    }
}

/// A role that people take.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// The kind of organisation it belongs to.
    pub of: Option<Name>,
    /// Its profession.
    pub profession: Option<Name>,
    /// Where it is declared; the person is declared by nobody.
    #[serde(skip)]
    pub at: Option<At>,
}
