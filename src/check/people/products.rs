//! Quotients whose steps are counted further on: the number of steps times what it is divided by is a product of two
//! numbers that are both to be chosen.
//!
//! While one of them is not chosen, a product lies between four straight lines (McCormick 1976): what is ruled out by them
//! is ruled out. Where they leave too much, the range of one number is halved; of one value the lines say it exactly.

use super::numbers::Linear;
use super::whole::AtMost;
use crate::model::Computed;

/// A number: its place among all, where it starts, and from one value to the next.
type Number = (usize, i128, i128);

/// That a sum, divided by a number and rounded, is so many steps.
#[derive(Clone, Debug)]
pub(super) struct Product {
    sum: Linear,
    by: (i128, Option<Number>),
    /// The number that counts the steps, and how many there are when it is 0.
    steps: (usize, i128),
    computed: Computed,
}

impl Product {
    /// That a sum, divided by something fixed and a number, is so many steps.
    pub fn new(computed: &Computed, sum: Linear, by: (i128, Option<Number>), steps: (usize, i128)) -> Product {
        Product { sum, by, steps, computed: computed.clone() }
    }

    /// How many steps more the sum reaches, as times the sum, times the product, times what it is divided by, and at least
    /// what: for as many steps as there are, and for one more.
    fn reaches(&self, more: i64) -> [i128; 4] {
        // It is linear in the steps.
        let (none, one) = (self.computed.reaches(more), self.computed.reaches(more + 1));
        [none.sum, one.by - none.by, none.by, none.least]
    }

    /// Whether it is so for some numbers.
    pub fn holds(&self, values: &[i128]) -> bool {
        let value =
            |it: &Linear| it.times.iter().map(|(number, times)| times * values[*number]).sum::<i128>() + it.fixed;
        let (sum, by) = (value(&self.sum), self.by(values));
        let steps = self.steps.1 + values[self.steps.0];
        [0, 1].into_iter().all(|more| {
            let [sums, products, divisors, least] = self.reaches(more);
            (sums * sum - products * by * steps - divisors * by >= least) == (more == 0)
        })
    }

    fn by(&self, values: &[i128]) -> i128 {
        self.by.0 + self.by.1.map_or(0, |(number, start, step)| start + step * values[number])
    }

    /// The number whose range is to be halved next: the narrower one, that is not one value yet.
    pub fn to_halve(&self, between: &[(i128, i128)]) -> Option<usize> {
        let all = [Some(self.steps.0), self.by.1.map(|(number, ..)| number)];
        let width = |number: usize| between[number].1 - between[number].0;
        all.into_iter().flatten().filter(|it| width(*it) > 0).min_by_key(|it| width(*it))
    }

    /// The lines between which it lies while the numbers lie between these.
    pub fn lines(&self, between: &[(i128, i128)]) -> Vec<AtMost> {
        let steps = between[self.steps.0];
        let (s0, s1) = (self.steps.1 + steps.0, self.steps.1 + steps.1);
        let end = |at: fn(&(i128, i128)) -> i128| {
            self.by.0 + self.by.1.map_or(0, |(number, start, step)| start + step * at(&between[number]))
        };
        let (d0, d1) = (end(|it| it.0), end(|it| it.1));
        // The product is no less than two of them, and no more than two others: so many times each, and something fixed.
        let (below, above) = ([(d0, s0), (d1, s1)], [(d1, s0), (d0, s1)]);
        let mut lines = Vec::new();
        for (more, corners) in [(0, below), (1, above)] {
            let [sums, products, divisors, least] = self.reaches(more);
            for (d, s) in corners {
                // d times the steps, and s times what it is divided by, less both multiplied.
                let mut it = self.sum.scaled(sums);
                it.add(-products * d, (self.steps.0, self.steps.1, 1));
                it.fixed += products * d * s;
                let times = -products * s - divisors;
                it.fixed += times * self.by.0;
                self.by.1.into_iter().for_each(|number| it.add(times, number));
                lines.push(match more {
                    0 => it.scaled(-1).at_most(-least, between.len()),
                    _ => it.at_most(least - 1, between.len()),
                });
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::whole::{Solved, solve};
    use super::*;
    use crate::model::Rounding;
    use std::collections::BTreeMap;

    /// A sum of two numbers less something, divided by a third, and a fourth that counts the steps.
    #[test]
    fn a_quotient_is_found_just_where_there_is_one() {
        let mut seed = 11u64;
        let mut die = |sides: i128| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from(seed >> 33) % sides
        };
        let mut found = [0, 0];
        for _ in 0..3_000 {
            let rounding = [Rounding::Up, Rounding::Down, Rounding::Nearest][die(3) as usize];
            let (times, divisor) = ([1, 1, 3][die(3) as usize], [1, 2, 7][die(3) as usize]);
            let (no_less, no_more, unit, by) = (None, None, None, None);
            let computed = Computed { min: 0, max: 0, step: 1, unit, times, divisor, by, rounding, no_less, no_more };
            let between = [(0, die(9)), (0, die(9)), (0, die(6)), (0, die(5))];
            let (start, first, fixed) = (1 + die(4), die(9) - 4, die(13) - 6);
            let sum = Linear { fixed, times: BTreeMap::from([(0, 1 + die(3)), (1, die(5) - 2)]) };
            let product = Product::new(&computed, sum.clone(), (0, Some((2, start, 1))), (3, first));
            // So that not everything goes: the two numbers together are so much.
            let both = die(14);
            let bounds =
                [AtMost { times: vec![1, 1, 0, 0], bound: both }, AtMost { times: vec![-1, -1, 0, 0], bound: -both }];
            let fits = |it: &[i128]| {
                let value = fixed + sum.times[&0] * it[0] + sum.times[&1] * it[1];
                it[0] + it[1] == both && i128::from(computed.of(value as i64, (start + it[2]) as i64)) == first + it[3]
            };
            let mut any = false;
            for number in 0..between.iter().map(|(_, to)| to + 1).product::<i128>() {
                let mut rest = number;
                let it = between.map(|(_, to)| {
                    let digit = rest % (to + 1);
                    rest /= to + 1;
                    digit
                });
                any |= fits(&it);
            }
            match solve(&between, &bounds, &[product], &[0; 4], &mut 10_000_000) {
                Solved::At(values) => {
                    assert!(fits(&values), "{values:?} of {computed:?}");
                    found[0] += 1;
                }
                Solved::Nowhere => {
                    assert!(!any, "{computed:?} {sum:?} {between:?}");
                    found[1] += 1;
                }
                Solved::GaveUp => panic!("this is small: {computed:?} {sum:?} {between:?}"),
            }
        }
        assert!(found[0] > 300 && found[1] > 300, "{found:?}");
    }
}
