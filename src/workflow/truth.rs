//! Yes, no and unknown: how conditions and scores are judged. One function a rule of semantics.md, section 2.

use crate::model::{Fact, FactId, HowMany, NOT_APPLICABLE, Number, Points, Score, Test, risk};

/// The answer to a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// Definitely not.
    No,
    /// It cannot be said yet.
    Unknown,
    /// Definitely.
    Yes,
}

impl Truth {
    /// Yes when both are, no when one is not, else unknown.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// Yes when one is, no when neither is, else unknown.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;
    /// Yes for no, no for yes; unknown stays unknown.
    fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
            Truth::Yes => Truth::No,
        }
    }
}

/// Anything that knows some facts.
pub trait Known {
    /// The fact's value, while it is known and good.
    fn value(&self, fact: FactId) -> Option<i64>;
}

impl Known for [Option<i64>] {
    fn value(&self, fact: FactId) -> Option<i64> {
        self.get(fact.index()).copied().flatten()
    }
}

/// What is seen of a fact by what was recorded or is presumed of it: where it does not apply, that; and nothing while
/// it is not known whether it applies (1.2).
pub fn seen(fact: &Fact, known: &impl Known, scores: &[Score], recorded: impl FnOnce() -> Option<i64>) -> Option<i64> {
    match fact.applies.as_ref().map(|applies| truth(&applies.test, known, scores)) {
        Some(Truth::No) => Some(NOT_APPLICABLE),
        Some(Truth::Unknown) => None,
        Some(Truth::Yes) | None => match fact.rests_on {
            // What came of a positive risk lapses with what it rests on (3.4).
            Some(able) => recorded().map(|it| if risk::stands(it, known.value(able)) { it } else { risk::OPEN }),
            None => recorded(),
        },
    }
}

/// Judges a condition, part by part (2.1).
pub fn truth(test: &Test, known: &(impl Known + ?Sized), scores: &[Score]) -> Truth {
    match test {
        Test::All(parts) => {
            let mut all = Truth::Yes;
            for part in parts {
                all = all.and(truth(part, known, scores));
                if all == Truth::No {
                    break;
                }
            }
            all
        }
        Test::Any(parts) => {
            let mut any = Truth::No;
            for part in parts {
                any = any.or(truth(part, known, scores));
                if any == Truth::Yes {
                    break;
                }
            }
            any
        }
        Test::Not(part) => !truth(part, known, scores),
        Test::Fact(fact, ranges) => known.value(*fact).map_or(Truth::Unknown, |value| sure(ranges.contains(value))),
        Test::Includes(fact, option) => {
            known.value(*fact).map_or(Truth::Unknown, |value| sure(value >> option & 1 == 1))
        }
        Test::Score(score, ranges) => {
            let Some(score) = scores.get(score.index()) else { return Truth::Unknown };
            let (min, max) = score_range(score, known, scores);
            if ranges.covers(min, max) {
                Truth::Yes
            } else if ranges.touches(min, max) {
                Truth::Unknown
            } else {
                Truth::No
            }
        }
        Test::AnyPart(score, ranges) => {
            let Some(score) = scores.get(score.index()) else { return Truth::Unknown };
            score.parts.iter().fold(Truth::No, |any, part| {
                let mut all_in = true;
                let mut some_in = false;
                possible(&part.points, known, scores, &mut |points| {
                    all_in &= ranges.contains(points);
                    some_in |= ranges.contains(points);
                });
                any.or(match (some_in, all_in) {
                    (false, _) => Truth::No,
                    (true, true) => Truth::Yes,
                    (true, false) => Truth::Unknown,
                })
            })
        }
        Test::Counting(how, wanted, facts) => counting(*how, *wanted, facts, known),
    }
}

fn sure(yes: bool) -> Truth {
    if yes { Truth::Yes } else { Truth::No }
}

/// Definite as soon as the count is settled either way (2.2).
fn counting(how: HowMany, wanted: u32, facts: &[FactId], known: &(impl Known + ?Sized)) -> Truth {
    let (mut least, mut most) = (0u32, 0u32);
    for fact in facts {
        match known.value(*fact) {
            Some(0 | NOT_APPLICABLE) => {}
            Some(_) => {
                least += 1;
                most += 1;
            }
            None => most += 1,
        }
    }
    let (always, ever) = match how {
        HowMany::AtLeast => (least >= wanted, most >= wanted),
        HowMany::AtMost => (most <= wanted, least <= wanted),
        HowMany::Exactly => (least == wanted && most == wanted, (least..=most).contains(&wanted)),
    };
    match (always, ever) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::No,
    }
}

/// The least and the most a score, or a computed fact, can still be (2.3).
pub fn score_range(score: &Score, known: &(impl Known + ?Sized), scores: &[Score]) -> (i64, i64) {
    let sum = score.parts.iter().fold((0, 0), |(min, max), part| {
        let (least, most) = part_range(&part.points, known, scores);
        (min + least, max + most)
    });
    let Some(computed) = &score.computed else { return sum };
    computed.between(sum, computed.by.map_or((1, 1), |number| number_range(number, known, scores)))
}

/// The least and the most a number can still be that a computed fact follows from.
fn number_range(number: Number, known: &(impl Known + ?Sized), scores: &[Score]) -> (i64, i64) {
    match number {
        Number::Fact(fact, bounds) => match known.value(fact) {
            Some(NOT_APPLICABLE) => (0, 0),
            Some(value) => (value, value),
            None => bounds,
        },
        Number::Computed(score) => scores.get(score.index()).map_or((0, 0), |score| score_range(score, known, scores)),
    }
}

/// The least and the most points a part can still give.
pub fn part_range(points: &Points, known: &(impl Known + ?Sized), scores: &[Score]) -> (i64, i64) {
    let mut range: Option<(i64, i64)> = None;
    possible(points, known, scores, &mut |points| {
        range = Some(range.map_or((points, points), |(min, max)| (min.min(points), max.max(points))));
    });
    range.unwrap_or((0, 0))
}

/// Calls `see` with all points a part can still give.
fn possible(points: &Points, known: &(impl Known + ?Sized), scores: &[Score], see: &mut impl FnMut(i64)) {
    match points {
        Points::Bands(fact, bands) => {
            let value = known.value(*fact);
            for (ranges, points) in bands {
                if value.is_none_or(|value| ranges.contains(value)) {
                    see(*points);
                }
            }
        }
        Points::Rows(rows, otherwise) => {
            for (row, points) in rows {
                match truth(&row.test, known, scores) {
                    Truth::No => {}
                    Truth::Unknown => see(*points),
                    Truth::Yes => return see(*points),
                }
            }
            see(*otherwise);
        }
        Points::Table(score, bands) => {
            let Some(score) = scores.get(score.index()) else { return };
            let (least, most) = score_range(score, known, scores);
            bands.iter().filter(|(ranges, _)| ranges.touches(least, most)).for_each(|(_, points)| see(*points));
        }
        Points::Times(number, times) => {
            let (least, most) = number_range(*number, known, scores);
            see(least.saturating_mul(*times));
            see(most.saturating_mul(*times));
        }
    }
}
