//! Facts, scores and roles: what the whole library shares.

use super::code::Code;
use super::computed::Computed;
use super::condition::Condition;
use super::elapsed::Elapsed;
use super::found_by_model::FoundByModel;
use super::value::{Domain, NOT_APPLICABLE, Ranges, decimal};
use super::{FactId, InForce, Name, RoleId, ScoreId, SourceRef};
use crate::calendar::Length;
use crate::diagnostic::{Place as At, Span};
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
    /// The model that finds it, where one does: whoever may find it may all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<FoundByModel>,
    /// How long it stays good after it happened; for ever where nothing is said.
    pub good_for: Option<Length>,
    /// What it is presumed to be until found otherwise.
    pub presumed: Option<i64>,
    /// Whether it does not change once it is known.
    pub settled: bool,
    /// Who is not to be shown it.
    pub kept_from: Vec<RoleId>,
    /// Who says what it is when two found it to be different things; nobody where nothing is said, and then what was so
    /// last stands.
    pub arbiter: Option<Arbiter>,
    /// Who may be told things when it is yes: the person agrees to that.
    pub lets_be_told: Vec<RoleId>,
    /// When it applies; to everybody where nothing is said.
    pub applies: Option<Condition>,
    /// For a number of days or years that have passed: since what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<Elapsed>,
    /// For what came of a positive risk: whether the person is able to decide, on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<FactId>,
    /// What coding systems call it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

/// Who settles what is disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Arbiter {
    /// The role that is asked.
    pub role: RoleId,
    /// In what time it has to answer.
    pub within: Length,
}

impl Fact {
    /// Whether somebody in a role may find it: anybody may where nothing is said.
    pub fn found_by_role(&self, role: RoleId) -> bool {
        let all = || self.found_by.iter().flatten().chain(self.arbiter.as_ref().map(|it| &it.role));
        self.found_by.is_empty() || all().any(|it| *it == role)
    }

    /// A fact of which nothing more is said.
    pub fn plain(name: &str, domain: Domain) -> Fact {
        Fact {
            name: Name::from(name),
            title: name.to_string(),
            domain,
            unit: None,
            asked_of: Vec::new(),
            found_by: Vec::new(),
            model: None,
            good_for: None,
            presumed: None,
            settled: false,
            kept_from: Vec::new(),
            lets_be_told: Vec::new(),
            arbiter: None,
            applies: None,
            elapsed: None,
            rests_on: None,
            codes: Vec::new(),
            sources: Vec::new(),
            at: At { source: 0, span: Span::default() },
        }
    }

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
    /// For a computed fact: how it follows from the sum of its parts.
    pub computed: Option<Computed>,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// From when until when it is in force, where that is said.
    pub in_force: Option<InForce>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

impl Score {
    /// The number that somebody finds, or that is computed, by which it is divided.
    pub fn divided_by(&self) -> Option<Number> {
        self.computed.as_ref()?.by
    }

    /// Calls `see` with every fact it reads, those behind other scores included.
    pub fn facts(&self, scores: &[Score], see: &mut dyn FnMut(FactId)) {
        self.parts.iter().for_each(|part| part.points.facts(scores, see));
        if let Some(number) = self.divided_by() {
            number.facts(scores, see);
        }
    }

    /// Calls `see` with every score and computed fact it names.
    pub fn scores(&self, see: &mut dyn FnMut(ScoreId)) {
        self.parts.iter().for_each(|part| part.points.scores(see));
        if let Some(Number::Computed(behind)) = self.divided_by() {
            see(behind);
        }
    }

    /// A value of it, for people, with its unit.
    pub fn show(&self, value: i64) -> String {
        let shown = decimal(value, self.decimals);
        match self.computed.as_ref().and_then(|it| it.unit.as_ref()) {
            Some(unit) => format!("{shown} {unit}"),
            None => shown,
        }
    }

    /// The least and the most it can be.
    ///
    /// Of a computed fact: the range that its authors declared, in which it is proved to stay.
    pub fn bounds(&self) -> (i64, i64) {
        if let Some(computed) = &self.computed {
            return (computed.min, computed.max);
        }
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
    /// By what a computed fact comes to. The bands cover its declared range and do not overlap.
    Table(ScoreId, Vec<(Ranges, i64)>),
    /// So many times a number. What does not apply counts as nothing.
    Times(Number, i64),
}

/// A number that a computed fact follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// A fact, with the least and the most it can count for.
    Fact(FactId, (i64, i64)),
    /// Another computed fact.
    Computed(ScoreId),
}

impl Number {
    /// Calls `see` with every fact it reads.
    pub fn facts(&self, scores: &[Score], see: &mut dyn FnMut(FactId)) {
        match self {
            Number::Fact(fact, _) => see(*fact),
            Number::Computed(behind) => scores.get(behind.index()).iter().for_each(|score| score.facts(scores, see)),
        }
    }
}

impl Points {
    /// The least and the most points.
    pub fn bounds(&self) -> (i64, i64) {
        let all: Vec<i64> = match self {
            Points::Bands(_, bands) => bands.iter().map(|(_, points)| *points).collect(),
            Points::Rows(rows, otherwise) => rows.iter().map(|(_, points)| *points).chain([*otherwise]).collect(),
            Points::Table(_, bands) => bands.iter().map(|(_, points)| *points).collect(),
            Points::Times(Number::Fact(_, (min, max)), times) => vec![min * times, max * times],
            // It has bounds of its own: a computed fact looks at it, and says its own range.
            Points::Times(Number::Computed(_), _) => Vec::new(),
        };
        (all.iter().min().copied().unwrap_or(0), all.iter().max().copied().unwrap_or(0))
    }

    /// Calls `see` with every score and computed fact it names.
    pub fn scores(&self, see: &mut dyn FnMut(ScoreId)) {
        match self {
            Points::Bands(..) | Points::Times(Number::Fact(..), _) => {}
            Points::Rows(rows, _) => rows.iter().for_each(|(row, _)| row.test.scores(see)),
            Points::Table(score, _) | Points::Times(Number::Computed(score), _) => see(*score),
        }
    }

    /// Calls `see` with every fact it reads.
    pub fn facts(&self, scores: &[Score], see: &mut dyn FnMut(FactId)) {
        match self {
            Points::Bands(fact, _) => see(*fact),
            Points::Rows(rows, _) => rows.iter().for_each(|(row, _)| row.test.facts(scores, &mut |fact| see(fact))),
            Points::Times(number, _) => number.facts(scores, see),
            Points::Table(behind, _) => scores.get(behind.index()).iter().for_each(|score| score.facts(scores, see)),
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
