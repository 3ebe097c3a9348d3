//! What is divided by a number that somebody finds.
//!
//! That a quotient is no less than a value is a sum again ([`Computed::reaches`]): so many times what is divided, less so
//! many times what it is divided by. So its classes are bound as those of sums are, by one sum for each place where it is
//! cut, and the numbers behind it are chosen as those behind sums are.

use super::super::numbers::Divisor;
use super::sums::{between_cuts, pairs, together};
use super::*;

/// More than any sum comes to that is looked at by its classes.
const FAR: i64 = 1 << 60;

impl Posing<'_> {
    /// The quotient of a sum and a number, cut where it is told apart: the range its least and its most lie in.
    pub(super) fn quotient(
        &mut self,
        terms: Vec<Told<Gives>>,
        by: Told<Gives>,
        cuts: &[i64],
        computed: &Computed,
    ) -> Told<(i64, i64)> {
        let (base, terms) = together(terms);
        let wide = |gives: &[Gives]| gives.iter().any(|it| it.is_wide());
        let by = match by {
            Told::Always(it) => Divisor { column: None, gives: vec![it], quotient: (0, 0) },
            Told::By(column, gives) => Divisor { column: Some(column), gives, quotient: (0, 0) },
        };
        if !wide(&by.gives)
            && let Some(told) = without_choice(base, &terms, &by, computed)
        {
            return told;
        }
        let added: Vec<Term> = terms.iter().map(|(column, gives)| self.goes(*column, gives)).collect();
        let end = |which: usize, base: i64| {
            let ends = added.iter().map(|it| {
                let all = it.gives[which].iter();
                if which == 0 { all.map(|it| it.0).min() } else { all.map(|it| it.1).max() }
            });
            base + ends.flatten().sum::<i64>()
        };
        let sum = (end(0, base.0), end(1, base.1));
        let range = computed.between(sum, self.divisor_range(&by));
        let known = base.0 == base.1
            && terms.iter().all(|(column, gives)| self.known(*column, gives))
            && by.column.is_none_or(|column| self.known(column, &by.gives))
            && by.gives.iter().all(|it| it.least == it.most);
        let ranges = between_cuts(cuts.iter().copied(), range);
        let states: Vec<[(i64, i64); 2]> = pairs(&ranges, known).map(|(low, high)| [low, high]).collect();
        let total = self.column(states.len(), Of::Derived);
        let lies = states.iter().map(|ends| ends.map(|it| on_steps(it, computed))).collect();
        self.problem.lies.insert(total, Lies { classes: lies, known });
        let told = states.iter().map(|[low, high]| (low.0, high.1)).collect();
        let by = Some(Divisor { quotient: range, ..by });
        let it = Adding { terms, total, states, base, known, computed: Some(computed.clone()), by };
        self.problem.sums.push(pinning(&it));
        let bounds: Vec<Sum> = ranges.iter().skip(1).filter_map(|(cut, _)| self.bound_at(*cut, &it)).collect();
        self.problem.sums.extend(bounds);
        self.problem.adding.push(it);
        Told::by(total, told)
    }

    /// The least and the most it is divided by.
    fn divisor_range(&self, by: &Divisor) -> (i64, i64) {
        let Some(column) = by.column else { return (by.gives[0].least, by.gives[0].most) };
        let [low, high] = self.goes(column, &by.gives).gives;
        (low.iter().map(|it| it.0).min().unwrap_or(1), high.iter().map(|it| it.1).max().unwrap_or(1))
    }

    /// What it takes of the sum and the divisor, each class of them by itself, that the quotient is at least `cut`; nothing
    /// where that is too much to be reckoned here: then it is only looked at with the numbers themselves.
    fn bound_at(&self, cut: i64, it: &Adding) -> Option<Sum> {
        let (computed, by) = (it.computed.as_ref()?, it.by.as_ref()?);
        let reaches = computed.reaches(computed.steps_to(cut));
        let (times, taken) = (i64::try_from(reaches.sum).ok()?, i64::try_from(-reaches.by).ok()?);
        let all = |gives: &[Gives], times: i64| gives.iter().map(|it| it.scaled(times)).collect::<Option<Vec<_>>>();
        let mut scaled = vec![Told::Always(Gives::just(it.base).scaled(times)?)];
        for (column, gives) in &it.terms {
            scaled.push(Told::By(*column, all(gives, times)?));
        }
        let divided = all(&by.gives, taken)?;
        scaled.push(match by.column {
            Some(column) => Told::By(column, divided),
            None => Told::Always(*divided.first()?),
        });
        let (base, scaled) = together(scaled);
        let fits = |it: i128| (-i128::from(FAR)..=i128::from(FAR)).contains(&it);
        let mut widest = i128::from(base.0).abs().max(i128::from(base.1).abs());
        for (column, gives) in &scaled {
            widest += gives.iter().enumerate().map(|(class, it)| self.furthest(*column, class, *it)).max().unwrap_or(0);
        }
        if !fits(widest) {
            return None;
        }
        let least = i64::try_from(reaches.least).ok()?;
        let state = |at: i64, base: i64| if at >= cut { (least - base, FAR) } else { (-FAR, least - 1 - base) };
        let states = it.states.iter().map(|[low, high]| [state(low.0, base.0), state(high.0, base.1)]).collect();
        let terms = scaled.iter().map(|(column, gives)| self.goes(*column, gives)).collect();
        Some(Sum { terms, total: it.total, states, wide: true })
    }

    /// How far from nothing a term goes in a class, at most.
    fn furthest(&self, column: usize, class: usize, it: Gives) -> i128 {
        let range = match &self.problem.columns[column].of {
            Of::Fact(_, classes) => classes.get(class).map(|range| [*range; 2]),
            _ => self.problem.lies.get(&column).and_then(|lies| lies.classes.get(class).copied()),
        };
        let ends = range.filter(|_| it.is_wide()).into_iter().flatten().flat_map(|(from, to)| [from, to]);
        let number = ends.map(|it| i128::from(it).abs()).max().unwrap_or(0);
        let fixed = i128::from(it.least).abs().max(i128::from(it.most).abs());
        fixed + (i128::from(it.up) + i128::from(it.down)) * number
    }
}

/// The quotient where no number has to be chosen, and it follows from one column.
fn without_choice(
    base: (i64, i64),
    terms: &[(usize, Vec<Gives>)],
    by: &Divisor,
    computed: &Computed,
) -> Option<Told<(i64, i64)>> {
    let ends = |it: Gives| (it.least, it.most);
    let sum = |it: Gives| (base.0 + it.least, base.1 + it.most);
    match (terms, by.column) {
        ([], None) => Some(Told::Always(computed.between(base, ends(by.gives[0])))),
        ([], Some(column)) => {
            Some(Told::by(column, by.gives.iter().map(|by| computed.between(base, ends(*by))).collect()))
        }
        ([(column, gives)], it) if it.is_none_or(|it| it == *column) && !gives.iter().any(|it| it.is_wide()) => {
            let by = |class: usize| by.gives.get(class).or(by.gives.first()).copied().unwrap_or_default();
            let each = gives.iter().enumerate().map(|(class, it)| computed.between(sum(*it), ends(by(class))));
            Some(Told::by(*column, each.collect()))
        }
        _ => None,
    }
}

/// A sum that rules out nothing, but that one class of each of its columns has to be chosen.
fn pinning(it: &Adding) -> Sum {
    let all: BTreeMap<usize, usize> = it.reads().map(|(column, gives)| (column, gives.len())).collect();
    let nothing = |classes: usize| vec![(0, 0); classes];
    let terms = all.into_iter().map(|(column, classes)| Term { column, gives: [nothing(classes), nothing(classes)] });
    Sum { terms: terms.collect(), total: it.total, states: vec![[(0, 0); 2]; it.states.len()], wide: true }
}

/// The values that a quotient has between two, where it has any.
fn on_steps((from, to): (i64, i64), computed: &Computed) -> (i64, i64) {
    let ends = [computed.no_less, computed.no_more];
    let step = computed.step.max(1);
    let (first, last) = (computed.steps_to(from).saturating_mul(step), to.div_euclid(step).saturating_mul(step));
    match first <= last && !ends.into_iter().flatten().any(|end| (from..=to).contains(&end)) {
        true => (first, last),
        false => (from, to),
    }
}
