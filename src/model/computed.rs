//! Computed facts: numbers that follow from others by adding, dividing with a written rounding, and tables.
//!
//! A computed fact is a score whose parts are so many times a number, and behind whose sum one more thing stands: a
//! function that never falls when the sum rises. So a range of sums gives a range of values, a range of values comes
//! from a range of sums, and everything that holds of scores holds of it (semantics 2.3, 10.48).

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
    /// … divided by this.
    pub divisor: i64,
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
    /// What it is when its parts give so much together. It never falls when that rises.
    pub fn of(&self, sum: i64) -> i64 {
        let (scaled, divisor) = (i128::from(sum) * i128::from(self.times), i128::from(self.divisor.max(1)));
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

    /// The least sum from `least` to `most` that gives a value or more; the one after `most` where none does.
    pub fn first_sum(&self, value: i64, (least, most): (i64, i64)) -> i64 {
        let (mut from, mut to) = (least, most.saturating_add(1));
        while from < to {
            let middle = from + (to - from) / 2;
            if self.of(middle) >= value { to = middle } else { from = middle + 1 }
        }
        from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(rounding: Rounding) -> Computed {
        let (no_less, no_more) = (Some(-2), Some(40));
        Computed { min: 0, max: 40, step: 1, unit: None, times: 1, divisor: 250, rounding, no_less, no_more }
    }

    #[test]
    fn a_quotient_is_rounded_as_it_is_written() {
        let [up, down, nearest] = [Rounding::Up, Rounding::Down, Rounding::Nearest].map(rounded);
        assert_eq!([0, 1, 250, 251, 9_000].map(|sum| up.of(sum)), [0, 1, 1, 2, 36]);
        assert_eq!([0, 249, 250, 499, 500].map(|sum| down.of(sum)), [0, 0, 1, 1, 2]);
        assert_eq!([124, 125, 374, 375].map(|sum| nearest.of(sum)), [0, 1, 1, 2]);
        assert_eq!([-1, -250, -125, -126, -9_000].map(|sum| down.of(sum)), [-1, -1, -1, -1, -2]);
        assert_eq!([-1, -250, -251, -501].map(|sum| up.of(sum)), [0, -1, -1, -2]);
        assert_eq!([-125, -126].map(|sum| nearest.of(sum)), [0, -1], "a half goes up");
        assert_eq!([10_000, 10_001, i64::MAX].map(|sum| up.of(sum)), [40, 40, 40]);
    }

    #[test]
    fn the_first_sum_that_gives_a_value_is_found_again() {
        for it in [Rounding::Up, Rounding::Down, Rounding::Nearest].map(rounded) {
            for value in -3..=41 {
                let range = (-1_000, 11_000);
                let first = (range.0..=range.1).find(|sum| it.of(*sum) >= value).unwrap_or(range.1 + 1);
                assert_eq!(it.first_sum(value, range), first, "{value}");
            }
        }
    }
}
