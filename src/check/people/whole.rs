//! Whole numbers that keep within linear bounds: some there are, or the proof that there are none.
//!
//! Numbers are taken out one after the other, by adding up the bounds from below and from above on each (Fourier and
//! Motzkin), each sum of bounds made as tight as whole numbers allow. What contradicts itself then has no solution. Else
//! one goes back and gives each number a value between its bounds; where no whole one lies there, the space is halved at
//! that place. It is exact, and gives up past its budget. Products of two numbers are bound by straight lines, and what lies
//! between the lines and them is halved away, too.

use super::products::Product;
use std::collections::BTreeMap;

/// That a sum of so many times each number is at most a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AtMost {
    pub times: Vec<i128>,
    pub bound: i128,
}

/// What came of looking for numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Solved {
    /// These.
    At(Vec<i128>),
    /// There are none.
    Nowhere,
    /// It is not known.
    GaveUp,
}

/// How often the space is halved, and how many bounds are kept at once.
const MAX_HALVES: usize = 256;
const MAX_BOUNDS: usize = 1_500;

/// Numbers from `from` to `to` each, both included, that keep all bounds; as near to the wanted ones as the order in
/// which they are chosen allows. Every bound that is worked with is paid from the budget.
pub(super) fn solve(
    between: &[(i128, i128)],
    bounds: &[AtMost],
    products: &[Product],
    wanted: &[i128],
    budget: &mut u64,
) -> Solved {
    let mut todo = vec![between.to_vec()];
    let mut gave_up = false;
    for _ in 0..MAX_HALVES {
        let Some(between) = todo.pop() else { break };
        if between.iter().any(|(from, to)| from > to) {
            continue;
        }
        let bounds: Vec<AtMost> =
            bounds.iter().cloned().chain(products.iter().flat_map(|it| it.lines(&between))).collect();
        let looked = match look(&between, &bounds, wanted, budget) {
            Looked::At(values) => match products.iter().find(|it| !it.holds(&values)) {
                None => return Solved::At(values),
                Some(product) => match product.to_halve(&between) {
                    Some(number) => Looked::Halve(number, (between[number].0 + between[number].1).div_euclid(2)),
                    None => Looked::GaveUp,
                },
            },
            looked => looked,
        };
        match looked {
            Looked::At(values) => return Solved::At(values),
            Looked::Nowhere => {}
            Looked::GaveUp => gave_up = true,
            Looked::Halve(number, at) => {
                let (from, to) = between[number];
                if at < from || at >= to {
                    gave_up = true;
                    continue;
                }
                let (mut below, mut above) = (between.clone(), between);
                below[number].1 = at;
                above[number].0 = at + 1;
                todo.extend([above, below]);
            }
        }
    }
    if gave_up || !todo.is_empty() { Solved::GaveUp } else { Solved::Nowhere }
}

enum Looked {
    At(Vec<i128>),
    Nowhere,
    GaveUp,
    /// Between this and the next whole number there is no value for that number.
    Halve(usize, i128),
}

fn look(between: &[(i128, i128)], bounds: &[AtMost], wanted: &[i128], budget: &mut u64) -> Looked {
    let count = between.len();
    let mut kept = Kept::default();
    for (number, (from, to)) in between.iter().enumerate() {
        let only = |times: i128| (0..count).map(|at| if at == number { times } else { 0 }).collect();
        kept.add(AtMost { times: only(1), bound: *to });
        kept.add(AtMost { times: only(-1), bound: -from });
    }
    bounds.iter().for_each(|it| kept.add(it.clone()));
    let mut levels: Vec<(usize, Vec<AtMost>)> = Vec::new();
    let mut left: Vec<usize> = (0..count).collect();
    while !left.is_empty() && !kept.contradiction {
        let cost = |number: usize| {
            let sides = |sign: i128| kept.all.keys().filter(|times| times[number].signum() == sign).count();
            sides(1) * sides(-1)
        };
        let Some(at) = (0..left.len()).min_by_key(|at| (cost(left[*at]), *at)) else { break };
        let number = left.swap_remove(at);
        let all = std::mem::take(&mut kept.all).into_iter().map(|(times, bound)| AtMost { times, bound });
        let (here, others): (Vec<AtMost>, Vec<AtMost>) = all.partition(|it| it.times[number] != 0);
        others.into_iter().for_each(|it| kept.add(it));
        for above in here.iter().filter(|it| it.times[number] > 0) {
            for below in here.iter().filter(|it| it.times[number] < 0) {
                match together(above, below, number) {
                    Some(sum) => kept.add(sum),
                    None => return Looked::GaveUp,
                }
            }
        }
        let spent = ((here.len() + kept.all.len()) * count) as u64;
        *budget = budget.saturating_sub(spent);
        if kept.all.len() > MAX_BOUNDS || *budget == 0 {
            return Looked::GaveUp;
        }
        levels.push((number, here));
    }
    if kept.contradiction {
        return Looked::Nowhere;
    }
    let mut values = vec![0i128; count];
    for (number, here) in levels.iter().rev() {
        let (mut from, mut to) = between[*number];
        for it in here {
            let others = it.times.iter().zip(&values).enumerate().filter(|(at, _)| at != number);
            let Some(rest) = others
                .map(|(_, (times, value))| times.checked_mul(*value))
                .try_fold(it.bound, |rest, term| rest.checked_sub(term?))
            else {
                return Looked::GaveUp;
            };
            let times = it.times[*number];
            if times > 0 {
                to = to.min(rest.div_euclid(times));
            } else {
                // -n x <= rest: x is no less than -rest / n, rounded up.
                from = from.max(-rest.div_euclid(-times));
            }
        }
        if from > to {
            return Looked::Halve(*number, to);
        }
        values[*number] = wanted.get(*number).copied().unwrap_or(from).clamp(from, to);
    }
    Looked::At(values)
}

/// Some bounds, each once and as tight as it is.
#[derive(Default)]
struct Kept {
    all: BTreeMap<Vec<i128>, i128>,
    contradiction: bool,
}

impl Kept {
    fn add(&mut self, it: AtMost) {
        let common = it.times.iter().fold(0i128, |common, times| greatest(common, times.abs()));
        if common == 0 {
            self.contradiction |= it.bound < 0;
            return;
        }
        let times: Vec<i128> = it.times.iter().map(|times| times / common).collect();
        let bound = it.bound.div_euclid(common);
        let kept = self.all.entry(times).or_insert(bound);
        *kept = bound.min(*kept);
    }
}

fn greatest(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// The sum of a bound from above and a bound from below in which a number no longer occurs.
fn together(above: &AtMost, below: &AtMost, number: usize) -> Option<AtMost> {
    let common = greatest(above.times[number], -below.times[number]);
    let (up, down) = (-below.times[number] / common, above.times[number] / common);
    let sum = |one: i128, other: i128| one.checked_mul(up)?.checked_add(other.checked_mul(down)?);
    let times = above.times.iter().zip(&below.times).map(|(one, other)| sum(*one, *other)).collect::<Option<_>>()?;
    Some(AtMost { times, bound: sum(above.bound, below.bound)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most<const N: usize>(times: [i128; N], bound: i128) -> AtMost {
        AtMost { times: times.to_vec(), bound }
    }

    fn solved<const N: usize>(between: [(i128, i128); N], bounds: &[AtMost]) -> Solved {
        solve(&between, bounds, &[], &[0; N], &mut 1_000_000)
    }

    #[test]
    fn what_contradicts_itself_has_no_solution_however_wide_the_ranges() {
        let wide = (0, 1_000_000_000);
        // a - b is at least 1, and b - a is at least 0.
        assert_eq!(solved([wide, wide], &[at_most([-1, 1], -1), at_most([1, -1], 0)]), Solved::Nowhere);
        // Twice a and twice b are an odd number apart.
        assert_eq!(solved([wide, wide], &[at_most([2, -2], 1), at_most([-2, 2], -1)]), Solved::Nowhere);
        // More without the third than with it.
        let bounds = [at_most([-1, -1, 0], -23_251), at_most([1, 1, 1], 23_250)];
        assert_eq!(solved([wide, wide, wide], &bounds), Solved::Nowhere);
        assert!(matches!(solved([wide, wide, wide], &[bounds[0].clone(), at_most([1, 1, 1], 23_251)]), Solved::At(_)));
    }

    #[test]
    fn it_says_the_same_as_trying_all() {
        let mut seed = 7u64;
        let mut die = |sides: i128| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from(seed >> 33) % sides
        };
        let mut found = [0, 0];
        for _ in 0..4_000 {
            let between = [0; 3].map(|_| {
                let from = die(7) - 3;
                (from, from + die(6))
            });
            let bounds: Vec<AtMost> =
                (0..1 + die(4)).map(|_| at_most([0; 3].map(|_| die(11) - 5), die(21) - 12)).collect();
            let keeps = |values: &[i128]| {
                let sum = |it: &AtMost| it.times.iter().zip(values).map(|(one, other)| one * other).sum::<i128>();
                bounds.iter().all(|it| sum(it) <= it.bound)
            };
            let all = (between[0].0..=between[0].1).flat_map(|a| {
                (between[1].0..=between[1].1).flat_map(move |b| (between[2].0..=between[2].1).map(move |c| [a, b, c]))
            });
            let any = all.into_iter().any(|values| keeps(&values));
            match solved(between, &bounds) {
                Solved::At(values) => {
                    assert!(
                        keeps(&values) && values.iter().zip(between).all(|(it, (from, to))| (from..=to).contains(it))
                    );
                    found[0] += 1;
                }
                Solved::Nowhere => {
                    assert!(!any, "{between:?} {bounds:?}");
                    found[1] += 1;
                }
                Solved::GaveUp => panic!("this is small: {between:?} {bounds:?}"),
            }
        }
        assert!(found[0] > 500 && found[1] > 500, "{found:?}");
    }
}
