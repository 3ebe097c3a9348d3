//! Conditions and values, from words to ranges.

use super::build::Builder;
use super::condition::{Condition, HowMany, Test};
use super::symbols::{What, place};
use super::value::{Domain, NOT_APPLICABLE, Ranges, ValueError};
use super::{FactId, Score, ScoreId};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Bound, ConditionKind, Literal, LiteralKind, ValueRange, Word};

/// What a condition may speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Facts and scores.
    All,
    /// Facts only: inside a score, which may not look at scores.
    Facts,
    /// Facts only: where it is said when a fact applies.
    WhatApplies,
}

impl Builder<'_> {
    /// Types a condition. What is wrong becomes findings; what is left then is only good for finding more.
    pub(super) fn condition(&mut self, file: usize, it: &tree::Condition, speaks: Speaks) -> Condition {
        let test = self.test(file, it, speaks);
        Condition { test, words: crate::syntax::condition_words(it), at: place(file, it.at) }
    }

    fn test(&mut self, file: usize, it: &tree::Condition, speaks: Speaks) -> Test {
        match &it.kind {
            ConditionKind::All(parts) => Test::All(parts.iter().map(|part| self.test(file, part, speaks)).collect()),
            ConditionKind::Any(parts) => Test::Any(parts.iter().map(|part| self.test(file, part, speaks)).collect()),
            ConditionKind::Not(part) => Test::Not(Box::new(self.test(file, part, speaks))),
            ConditionKind::Flag(name) => match self.fact_or_score(file, name, speaks) {
                Some((fact, _)) => self.flag(file, name, fact),
                None => Test::ALWAYS,
            },
            ConditionKind::Is { name, negated, values, .. } => self.is(file, name, *negated, values, speaks),
            ConditionKind::Accepted(name) => self.accepted(file, name, speaks),
            ConditionKind::Includes(name, option) => self.includes(file, name, option),
            ConditionKind::Counting { how, count, names } => {
                let how = match how {
                    tree::HowMany::AtLeast => HowMany::AtLeast,
                    tree::HowMany::AtMost => HowMany::AtMost,
                    tree::HowMany::Exactly => HowMany::Exactly,
                };
                let facts: Vec<FactId> = names.iter().filter_map(|name| self.yes_or_no(file, name)).collect();
                if count.value as usize > names.len() {
                    let message = format!("this counts {} facts, so `{}` of them cannot be", names.len(), count.value);
                    self.findings.push(Finding::new(Kind::OutOfRange, place(file, count.at), message));
                }
                Test::Counting(how, count.value, facts)
            }
            ConditionKind::AnyPart(name, values) => {
                let found = self.symbols.look_up(&[What::Score], file, name, &mut self.findings);
                let Some((_, id)) = found else { return Test::ALWAYS };
                if speaks != Speaks::All {
                    self.findings.push(score_in_score(file, name, speaks));
                    return Test::ALWAYS;
                }
                let score = &self.scores[id as usize];
                let bounds = score.parts.iter().map(|part| part.points.bounds());
                let (min, max) = bounds.fold((0, 0), |(min, max), (least, most)| (min.min(least), max.max(most)));
                let domain = Domain::Number { min, max, step: 1, decimals: score.decimals };
                Test::AnyPart(ScoreId(id), self.ranges(file, &name.text, &domain, values))
            }
        }
    }

    fn fact_or_score(&mut self, file: usize, name: &Word, speaks: Speaks) -> Option<(What, u32)> {
        let fits = [What::Fact, What::Computed, What::Score];
        let found = self.symbols.look_up(&fits, file, name, &mut self.findings)?;
        match found {
            (What::Score, _) if speaks != Speaks::All => {}
            (What::Computed, _) if speaks == Speaks::WhatApplies => {}
            (What::Computed, id) => return Some((What::Score, id)),
            found if speaks == Speaks::WhatApplies && self.is_of_a_risk(found) => {
                let message = format!("`{}` is what came of a positive risk, and no fact depends on that", name.text);
                let help = "ask for it where it is decided: in the row of a decision, or behind `only when`";
                self.findings.push(Finding::new(Kind::WrongKind, place(file, name.at), message).help(help));
                return None;
            }
            found => return Some(found),
        }
        self.findings.push(score_in_score(file, name, speaks));
        None
    }

    fn flag(&mut self, file: usize, name: &Word, what: What) -> Test {
        let id = if what == What::Fact { self.symbols.find(What::Fact, &name.text) } else { None };
        let domain = id.map(|id| self.facts[id as usize].domain.clone());
        match (id, domain) {
            (Some(id), Some(Domain::YesOrNo)) => Test::Fact(FactId(id), Ranges::new([(1, 1)])),
            (_, domain) => {
                let computed = self.symbols.find(What::Computed, &name.text).is_some();
                let is = if computed { "a computed fact" } else { "a score" };
                let is = domain.map_or(is.to_string(), |domain| domain.in_words());
                self.findings.push(
                    Finding::new(
                        Kind::WrongType,
                        place(file, name.at),
                        format!("`{}` is {is}, so it does not say yes or no by itself", name.text),
                    )
                    .help(format!("compare it: `{} is …`, `{} at least …`", name.text, name.text)),
                );
                Test::ALWAYS
            }
        }
    }

    fn yes_or_no(&mut self, file: usize, name: &Word) -> Option<FactId> {
        let (_, id) = self.symbols.look_up(&[What::Fact], file, name, &mut self.findings)?;
        let domain = self.facts[id as usize].domain.clone();
        if domain != Domain::YesOrNo {
            let message = format!("`{}` is {}, and only yes or no can be counted", name.text, domain.in_words());
            self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message));
            return None;
        }
        Some(FactId(id))
    }

    fn is(&mut self, file: usize, name: &Word, negated: bool, values: &[ValueRange], speaks: Speaks) -> Test {
        let Some((what, id)) = self.fact_or_score(file, name, speaks) else { return Test::ALWAYS };
        let domain = if what == What::Fact {
            self.facts[id as usize].domain.clone()
        } else {
            score_domain(&self.scores[id as usize])
        };
        let asks_whether_it_applies =
            |range: &ValueRange| matches!(range, ValueRange::Single(it) if it.kind == LiteralKind::NotApplicable);
        let asks_whether_it_is_there = |range: &ValueRange| {
            let single = |it: &Literal| {
                matches!(it.kind, LiteralKind::There | LiteralKind::NotThere | LiteralKind::NotApplicable)
            };
            matches!(range, ValueRange::Single(it) if single(it))
        };
        match domain {
            _ if what == What::Fact && values.iter().all(asks_whether_it_applies) => {}
            Domain::Text => {
                let message = format!("`{}` is the person's own words, which no condition may look at", name.text);
                let help = "record what matters for the decision as a fact of its own";
                self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message).help(help));
                return Test::ALWAYS;
            }
            Domain::Document if !values.iter().all(asks_whether_it_is_there) => {
                let message = format!("`{}` is a document: one may ask only whether it is there", name.text);
                let help = format!("write `{} is there` or `{} is not there`", name.text, name.text);
                self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message).help(help));
                return Test::ALWAYS;
            }
            Domain::SeveralOf(_) => {
                let message = format!("`{}` can be several options at once", name.text);
                let help = format!("ask for one of them: `{} includes …`", name.text);
                self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message).help(help));
                return Test::ALWAYS;
            }
            _ => {}
        }
        let mut ranges = self.ranges(file, &name.text, &domain, values);
        if negated && what == What::Fact {
            ranges = self.facts[id as usize].others(&ranges);
        } else if negated {
            let (min, max) = domain.bounds();
            ranges = ranges.without(min, max);
        }
        if what == What::Fact { Test::Fact(FactId(id), ranges) } else { Test::Score(ScoreId(id), ranges) }
    }

    fn includes(&mut self, file: usize, name: &Word, option: &Word) -> Test {
        let found = self.symbols.look_up(&[What::Fact], file, name, &mut self.findings);
        let Some((_, id)) = found else { return Test::ALWAYS };
        let domain = self.facts[id as usize].domain.clone();
        let Domain::SeveralOf(_) = domain else {
            let message =
                format!("`{}` is {}, and `includes` asks for one of several options", name.text, domain.in_words());
            let help = format!("write `{} is …`", name.text);
            self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message).help(help));
            return Test::ALWAYS;
        };
        let literal = Literal { kind: LiteralKind::Name, text: option.text.clone(), at: option.at };
        let bits = self.value(file, &name.text, &domain, &literal);
        if bits == Some(0) {
            let message =
                format!("`includes` asks for one of the options of `{}`, and `{}` is none", name.text, option.text);
            let help = format!("for nobody who has any of them, write `not ({} includes …)` of each", name.text);
            self.findings.push(Finding::new(Kind::WrongType, place(file, option.at), message).help(help));
            return Test::ALWAYS;
        }
        bits.map_or(Test::ALWAYS, |bits| Test::Includes(FactId(id), bits.trailing_zeros()))
    }

    /// The ranges of some values of a domain.
    pub(super) fn ranges(&mut self, file: usize, name: &str, domain: &Domain, values: &[ValueRange]) -> Ranges {
        let (min, max) = domain.bounds();
        let ordered = !matches!(
            domain,
            Domain::YesOrNo | Domain::OneOf(_) | Domain::SeveralOf(_) | Domain::Text | Domain::Document
        );
        let mut ranges = Vec::new();
        for range in values {
            let first = match range {
                ValueRange::Single(value) | ValueRange::Between(value, _) | ValueRange::Bound(_, value) => value,
            };
            if first.kind == LiteralKind::NotApplicable {
                ranges.extend(self.not_applicable(file, name, first));
                continue;
            }
            if !ordered && !matches!(range, ValueRange::Single(_)) {
                let message = format!("`{name}` is {}, which has no more and no less", domain.in_words());
                let help = "name the options one by one, with commas";
                self.findings.push(Finding::new(Kind::WrongType, place(file, first.at), message).help(help));
                continue;
            }
            let Some(value) = self.value(file, name, domain, first) else { continue };
            ranges.push(match range {
                ValueRange::Single(_) => (value, value),
                ValueRange::Between(_, last) => {
                    let Some(end) = self.value(file, name, domain, last) else { continue };
                    if end < value {
                        let message = format!("`{} to {}` ends before it starts", first.text, last.text);
                        self.findings.push(
                            Finding::new(Kind::EmptyRange, place(file, first.at), message)
                                .help(format!("write `{} to {}`", last.text, first.text)),
                        );
                    }
                    (value, end)
                }
                ValueRange::Bound(Bound::AtLeast, _) => (value, max),
                ValueRange::Bound(Bound::AtMost, _) => (min, value),
                ValueRange::Bound(Bound::MoreThan | Bound::LaterThan, _) => (value + 1, max),
                ValueRange::Bound(Bound::LessThan | Bound::EarlierThan, _) => (min, value - 1),
            });
        }
        Ranges::new(ranges)
    }

    /// That a fact does not apply, as a range; of one that always does nobody can ask that.
    fn not_applicable(&mut self, file: usize, name: &str, it: &Literal) -> Option<(i64, i64)> {
        let fact = self.symbols.find(What::Fact, name).and_then(|id| self.facts.get(id as usize));
        // How long ago something was applies where its date does, which may stand behind it.
        let date = fact.and_then(|fact| fact.elapsed.as_ref()).and_then(|it| self.facts.get(it.since.index()));
        if [fact, date].into_iter().flatten().any(|fact| fact.applies.is_some()) {
            return Some((NOT_APPLICABLE, NOT_APPLICABLE));
        }
        let message = format!("`{name}` always applies");
        let help = "take this out, or say behind the fact when it applies: `applies when …`";
        self.findings.push(Finding::new(Kind::WrongType, place(file, it.at), message).help(help));
        None
    }

    /// A value of a domain; what does not fit becomes a finding.
    pub(super) fn value(&mut self, file: usize, name: &str, domain: &Domain, it: &Literal) -> Option<i64> {
        let read = match (it.kind, domain) {
            (LiteralKind::Text, Domain::Text) => Ok(1),
            (LiteralKind::Text, _) => {
                Err(ValueError::WrongType { given: it.text.clone(), wanted: domain.in_words(), meant: None })
            }
            _ => domain.read(&it.text, None),
        };
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.findings.push(value_finding(file, name, it, &error));
                None
            }
        }
    }
}

fn score_in_score(file: usize, name: &Word, speaks: Speaks) -> Finding {
    let here = match speaks {
        Speaks::WhatApplies => "follows from others, and when a fact applies depends on what one can ask",
        _ => "is a score, and a score may look at facts only",
    };
    let message = format!("`{}` {here}", name.text);
    Finding::new(Kind::WrongKind, place(file, name.at), message)
}

/// The finding for a value that does not fit its fact.
pub(super) fn value_finding(file: usize, name: &str, it: &Literal, error: &ValueError) -> Finding {
    let here = place(file, it.at);
    match error {
        ValueError::WrongType { given, wanted, meant } => {
            let message = format!("`{given}` is not a value of `{name}`, which is {wanted}");
            let finding = Finding::new(Kind::WrongType, here, message);
            match meant {
                Some(meant) => finding.help(format!("did you mean `{meant}`?")).suggest(here, meant.clone()),
                None => finding,
            }
        }
        ValueError::OutOfRange { given, min, max } => Finding::new(
            Kind::OutOfRange,
            here,
            format!("`{given}` is outside the range of `{name}`, which goes from {min} to {max}"),
        ),
        ValueError::OffStep { given, step } => Finding::new(
            Kind::OffStep,
            here,
            format!("`{given}` is between two steps of `{name}`, which goes in steps of {step}"),
        ),
        ValueError::NoneAndSome { .. } => Finding::new(Kind::WrongType, here, format!("`{name}`: {error}")),
        ValueError::NoSuchTime(why) => Finding::new(Kind::NoSuchTime, here, why.clone()),
        ValueError::Follows { .. } | ValueError::StillToCome { .. } => {
            Finding::new(Kind::OutOfPlace, here, format!("`{name}`: {error}"))
        }
    }
}

/// The values a score can have.
pub(super) fn score_domain(score: &Score) -> Domain {
    let (min, max) = score.bounds();
    let step = score.computed.as_ref().map_or(1, |computed| computed.step);
    Domain::Number { min, max, step, decimals: score.decimals }
}
