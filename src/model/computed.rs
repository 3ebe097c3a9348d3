//! Computed facts: numbers that follow from others by adding, dividing with a written rounding, and tables.
//!
//! A computed fact is a score whose parts are so many times a number, and behind whose sum one more thing stands: a
//! function that never falls when the sum rises. So a range of sums gives a range of values, a range of values comes
//! from a range of sums, and everything that holds of scores holds of it (semantics 2.3, 10.48). What it is divided by
//! may be a number that somebody finds, too: that a quotient is no less than a value is then a sum again, of both.

use super::facts::Number;
use serde::Serialize;

pub use crate::syntax::tree::Rounding;

/// How a computed fact follows from the sum of its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// The least that its authors declared.
    pub min: i64,
    /// The most.
    pub max: i64,
    /// From one value to the next.
    pub step: i64,
    /// What it is measured in.
    pub unit: Option<String>,
    /// So many steps are the sum times this…
    pub times: i64,
    /// … divided by this…
    pub divisor: i64,
    /// … and by this number, where it is divided by what somebody finds. It is above 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Number>,
    /// How that becomes whole.
    #[serde(serialize_with = "in_a_word")]
    pub rounding: Rounding,
    /// What it is never less than.
    pub no_less: Option<i64>,
    /// What it is never more than.
    pub no_more: Option<i64>,
}

fn in_a_word<S: serde::Serializer>(rounding: &Rounding, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(match rounding {
        Rounding::Up => "up",
        Rounding::Down => "down",
        Rounding::Nearest => "nearest",
    })
}

impl Computed {
    /// What it is when its parts give so much together, and the number that it is divided by is `by`: 1 where there is
    /// none. It never falls when the sum rises.
    pub fn of(&self, sum: i64, by: i64) -> i64 {
        let scaled = i128::from(sum) * i128::from(self.times);
        let divisor = i128::from(self.divisor.max(1)) * i128::from(by.max(1));
        let steps = match self.rounding {
            Rounding::Down => scaled.div_euclid(divisor),
            Rounding::Up => -(-scaled).div_euclid(divisor),
            Rounding::Nearest => (2 * scaled + divisor).div_euclid(2 * divisor),
        };
        let value =
            i64::try_from(steps * i128::from(self.step)).unwrap_or(if steps < 0 { i64::MIN + 1 } else { i64::MAX });
        let value = self.no_less.map_or(value, |least| value.max(least));
        self.no_more.map_or(value, |most| value.min(most))
    }

    /// The least and the most it is while its parts, and what it is divided by, lie between two numbers each. What is
    /// divided by more comes nearer to nothing, from either side.
    pub fn between(&self, (least, most): (i64, i64), (low, high): (i64, i64)) -> (i64, i64) {
        (self.of(least, low).min(self.of(least, high)), self.of(most, low).max(self.of(most, high)))
    }

    /// What it takes of the sum and of the number that it is divided by that so many steps, or more, come out before
    /// anything else stands behind it: so many times the sum, and so many times the number taken away, is at least
    /// something.
    pub fn reaches(&self, steps: i64) -> Reaches {
        let (times, divisor) = (i128::from(self.times), i128::from(self.divisor.max(1)));
        let of = i128::from(steps) * divisor;
        match self.rounding {
            Rounding::Down => Reaches { sum: times, by: of, least: 0 },
            Rounding::Up => Reaches { sum: times, by: of - divisor, least: 1 },
            Rounding::Nearest => Reaches { sum: 2 * times, by: 2 * of - divisor, least: 0 },
        }
    }

    /// How many steps it takes to a value, or beyond it.
    pub fn steps_to(&self, value: i64) -> i64 {
        let step = self.step.max(1);
        value.div_euclid(step) + i64::from(value.rem_euclid(step) > 0)
    }

    /// The first values on the other side of where it bends: it follows from its sum no further where it can be no less or
    /// no more, and on the two sides of nothing a quotient follows from different ends of what it is divided by. Between
    /// two of them it is always the same, or always what its sum comes to.
    pub fn bends(&self) -> impl Iterator<Item = i64> {
        let less = self.no_less.map(|least| least.saturating_add(1));
        less.into_iter().chain(self.no_more).chain(self.by.map(|_| [0, 1]).into_iter().flatten())
    }

    /// The least sum from `least` to `most` that gives a value or more, where nothing is found that it is divided by; the
    /// one after `most` where none does.
    pub fn first_sum(&self, value: i64, (least, most): (i64, i64)) -> i64 {
        let (mut from, mut to) = (least, most.saturating_add(1));
        while from < to {
            let middle = from + (to - from) / 2;
            if self.of(middle, 1) >= value { to = middle } else { from = middle + 1 }
        }
        from
    }
}

/// That so many times a sum, less so many times what it is divided by, is at least something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reaches {
    /// How many times the sum.
    pub sum: i128,
    /// How many times the number is taken away that it is divided by.
    pub by: i128,
    /// What that is at least.
    pub least: i128,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(rounding: Rounding) -> Computed {
        let (no_less, no_more) = (Some(-2), Some(40));
        Computed { min: 0, max: 40, step: 1, unit: None, times: 1, divisor: 250, by: None, rounding, no_less, no_more }
    }

    #[test]
    fn a_quotient_is_rounded_as_it_is_written() {
        let [up, down, nearest] = [Rounding::Up, Rounding::Down, Rounding::Nearest].map(rounded);
        assert_eq!([0, 1, 250, 251, 9_000].map(|sum| up.of(sum, 1)), [0, 1, 1, 2, 36]);
        assert_eq!([0, 249, 250, 499, 500].map(|sum| down.of(sum, 1)), [0, 0, 1, 1, 2]);
        assert_eq!([124, 125, 374, 375].map(|sum| nearest.of(sum, 1)), [0, 1, 1, 2]);
        assert_eq!([-1, -250, -125, -126, -9_000].map(|sum| down.of(sum, 1)), [-1, -1, -1, -1, -2]);
        assert_eq!([-1, -250, -251, -501].map(|sum| up.of(sum, 1)), [0, -1, -1, -2]);
        assert_eq!([-125, -126].map(|sum| nearest.of(sum, 1)), [0, -1], "a half goes up");
        assert_eq!([10_000, 10_001, i64::MAX].map(|sum| up.of(sum, 1)), [40, 40, 40]);
    }

    #[test]
    fn the_first_sum_that_gives_a_value_is_found_again() {
        for it in [Rounding::Up, Rounding::Down, Rounding::Nearest].map(rounded) {
            for value in -3..=41 {
                let range = (-1_000, 11_000);
                let first = (range.0..=range.1).find(|sum| it.of(*sum, 1) >= value).unwrap_or(range.1 + 1);
                assert_eq!(it.first_sum(value, range), first, "{value}");
            }
        }
    }

    #[test]
    fn how_far_a_quotient_reaches_is_a_sum() {
        for rounding in [Rounding::Up, Rounding::Down, Rounding::Nearest] {
            let plain = Computed { no_less: None, no_more: None, step: 5, times: 3, divisor: 2, ..rounded(rounding) };
            for (sum, by, value) in
                (-20..=20).flat_map(|sum| (1..=9).flat_map(move |by| (-40..=40).map(move |value| (sum, by, value))))
            {
                let it = plain.reaches(plain.steps_to(value));
                let so_much = it.sum * i128::from(sum) - it.by * i128::from(by);
                assert_eq!(so_much >= it.least, plain.of(sum, by) >= value, "{sum} by {by}: {value}, {rounding:?}");
            }
        }
    }

    #[test]
    fn what_is_divided_by_more_comes_nearer_to_nothing() {
        for it in [Rounding::Up, Rounding::Down, Rounding::Nearest].map(rounded) {
            for (least, most, low, high) in [(-900, 900, 1, 4), (300, 900, 2, 3), (-900, -300, 1, 1), (-70, 70, 1, 9)] {
                let pairs = (least..=most).flat_map(|sum| (low..=high).map(move |by| (sum, by)));
                let all: Vec<i64> = pairs.map(|(sum, by)| it.of(sum, by)).collect();
                let ends = (*all.iter().min().unwrap_or(&0), *all.iter().max().unwrap_or(&0));
                assert_eq!(it.between((least, most), (low, high)), ends, "{least} to {most} by {low} to {high}");
            }
        }
    }
}
