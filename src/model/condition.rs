//! Conditions, typed: every comparison is a question about ranges of whole numbers.

use super::elapsed::found_as;
use super::value::Ranges;
use super::{FactId, ScoreId};
use crate::diagnostic::Place as At;
use serde::Serialize;

/// A condition and the words it was written in.
#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    /// What it asks.
    pub test: Test,
    /// As its authors wrote it, in the formatter's layout.
    pub words: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

impl Condition {
    /// One that asks nothing.
    pub(super) fn always(at: At) -> Condition {
        Condition { test: Test::ALWAYS, words: String::new(), at }
    }
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// All of these hold. Of nothing at all: yes.
    All(Vec<Test>),
    /// One of these holds. Of nothing at all: no.
    Any(Vec<Test>),
    /// This does not hold.
    Not(Box<Test>),
    /// The fact's value is in these ranges.
    Fact(FactId, Ranges),
    /// The fact of several includes the option of that number.
    Includes(FactId, u32),
    /// The score is in these ranges.
    Score(ScoreId, Ranges),
    /// Some part of the score gives points in these ranges.
    AnyPart(ScoreId, Ranges),
    /// So many of these yes-or-no facts are yes.
    Counting(HowMany, u32, Vec<FactId>),
}

/// How a count is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HowMany {
    AtLeast,
    AtMost,
    Exactly,
}

/// Calls `see` with every fact on which it depends whether a fact applies, or whether what came of a positive risk still
/// stands.
fn facts_behind(fact: FactId, facts: &[super::Fact], scores: &[super::Score], see: &mut dyn FnMut(FactId)) {
    let Some(it) = facts.get(fact.index()) else { return };
    if let Some(able) = it.rests_on.filter(|able| *able != fact) {
        facts_behind(able, facts, scores, see);
        see(able);
    }
    if let Some(applies) = &it.applies {
        applies.test.facts(scores, &mut |behind| {
            let behind = found_as(behind, facts);
            facts_behind(behind, facts, scores, see);
            see(behind);
        });
    }
}

impl Test {
    /// The condition that always holds.
    pub const ALWAYS: Test = Test::All(Vec::new());

    /// Calls `see` with every fact the test reads, those behind scores included, in the order they are read.
    pub fn facts(&self, scores: &[super::Score], see: &mut impl FnMut(FactId)) {
        match self {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| part.facts(scores, see)),
            Test::Not(part) => part.facts(scores, see),
            Test::Fact(fact, _) | Test::Includes(fact, _) => see(*fact),
            Test::Score(score, _) | Test::AnyPart(score, _) => {
                if let Some(score) = scores.get(score.index()) {
                    score.facts(scores, see);
                }
            }
            Test::Counting(_, _, facts) => facts.iter().copied().for_each(see),
        }
    }

    /// Calls `see` with every fact one has to know for the test: those it reads, each behind those on which it depends
    /// whether that one applies; and the date, for what is counted since it.
    pub fn reads(&self, facts: &[super::Fact], scores: &[super::Score], see: &mut impl FnMut(FactId)) {
        self.facts(scores, &mut |fact| {
            let fact = found_as(fact, facts);
            facts_behind(fact, facts, scores, &mut |it| see(it));
            see(fact);
        });
    }

    /// Calls `see` with every score and computed fact the test names.
    pub fn scores(&self, see: &mut dyn FnMut(ScoreId)) {
        match self {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| part.scores(see)),
            Test::Not(part) => part.scores(see),
            Test::Score(score, _) | Test::AnyPart(score, _) => see(*score),
            Test::Fact(..) | Test::Includes(..) | Test::Counting(..) => {}
        }
    }

    /// Every score and computed fact the test reads, those behind others included, in the order of their numbers.
    pub fn all_scores(&self, scores: &[super::Score]) -> std::collections::BTreeSet<ScoreId> {
        let (mut all, mut next) = (std::collections::BTreeSet::new(), Vec::new());
        self.scores(&mut |score| next.push(score));
        while let Some(id) = next.pop() {
            if all.insert(id) {
                let score = scores.get(id.index());
                score.iter().for_each(|score| score.scores(&mut |score| next.push(score)));
            }
        }
        all
    }
}
