//! The search itself: halves the space where it helps most, and learns from every half in which nobody is.
//!
//! A box that nobody may lie in rules out the rest of a column as soon as it covers all other columns (unit
//! propagation); so does a sum that can no longer come out. Where a box covers everything that is left, the boxes that
//! led there are resolved into one that covers more: it is kept, and rules out the same elsewhere. The answer is exact;
//! the search gives up only when its budget is spent.

use super::pose::{Problem, Sum};
use super::space::{Cells, Set, members, set};
use super::table::Table;

/// What came of looking for a place in the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The domain that is left holds only such people.
    Found,
    Nobody,
    OutOfBudget,
}

/// A limit that was put on a column.
#[derive(Clone, Copy, Debug)]
struct Limit {
    column: usize,
    /// It follows from a box; else it was chosen or given.
    follows: bool,
    /// It was given, and cannot be undone.
    given: bool,
}

/// Somebody who looks.
#[derive(Clone, Debug)]
pub(super) struct Searcher {
    table: Table,
    sums: Vec<Sum>,
    /// The boxes that belong to the question; behind them stand those that were learnt.
    asked: Vec<u64>,
    /// The numbers of the learnt boxes, and which of them is forgotten next.
    learnt: Vec<usize>,
    oldest: usize,
    /// What is left of every column.
    pub domain: Vec<u64>,
    trail: Vec<Limit>,
    /// For each limit the column before, and the box it follows from.
    saved: Vec<u64>,
    /// For each column the boxes that touch what is left of it, and those that cover it.
    touch: Vec<u64>,
    cover: Vec<u64>,
    stale: Vec<bool>,
    /// The boxes that touch what is left, and those that one more column would decide.
    alive: Vec<u64>,
    one: Vec<u64>,
    two: Vec<u64>,
    /// There is more than can be looked at.
    too_large: bool,
    /// How much work may still be done, in words looked at.
    pub budget: u64,
}

/// How many boxes are kept in mind beside those that were asked.
const LEARNT: usize = 192;

/// The largest table that is looked at, in words.
const MAX_SIZE: usize = 1 << 24;

impl Searcher {
    /// For a problem. `more`: how many boxes will be added.
    pub fn new(problem: &Problem, more: usize, budget: u64) -> Searcher {
        let table = Table::new(&problem.columns, problem.boxes.len() + more + LEARNT);
        let columns = table.columns();
        let mut searcher = Searcher {
            domain: table.all.clone(),
            sums: problem.sums.clone(),
            asked: Vec::new(),
            learnt: Vec::new(),
            oldest: 0,
            trail: Vec::new(),
            saved: Vec::new(),
            touch: Vec::new(),
            cover: Vec::new(),
            stale: vec![true; columns],
            alive: Vec::new(),
            one: Vec::new(),
            two: Vec::new(),
            too_large: problem.too_large || table.size() > MAX_SIZE,
            budget,
            table,
        };
        searcher.make_room();
        problem.boxes.iter().for_each(|cells| searcher.add(cells));
        searcher
    }

    fn make_room(&mut self) {
        let (columns, words) = (self.table.columns(), self.table.words);
        self.asked.resize(words, 0);
        self.touch = vec![0; columns * words];
        self.cover = vec![0; columns * words];
        self.alive = vec![0; words];
        self.one = vec![0; words];
        self.two = vec![0; words];
        self.stale.fill(true);
    }

    /// Adds a box that nobody may lie in.
    pub fn add(&mut self, cells: &Cells) {
        if self.too_large {
            return;
        }
        let dense = self.table.dense(cells);
        let number = self.put(&dense);
        self.asked[number / 64] |= 1 << (number % 64);
    }

    fn put(&mut self, dense: &[u64]) -> usize {
        if self.table.add(dense) {
            self.make_room();
        }
        self.enter(self.table.len - 1);
        self.table.len - 1
    }

    /// Sees whether a new box touches and covers what is left of each column.
    fn enter(&mut self, number: usize) {
        let (at, bit) = (number / 64, 1u64 << (number % 64));
        for column in 0..self.table.columns() {
            let cell = &self.table.of(number)[self.table.span(column)];
            let left = self.left(column);
            let touches = left.iter().zip(cell).any(|(left, cell)| left & cell != 0);
            let covers = left.iter().zip(cell).all(|(left, cell)| left & !cell == 0);
            let word = column * self.table.words + at;
            self.touch[word] = if touches { self.touch[word] | bit } else { self.touch[word] & !bit };
            self.cover[word] = if covers { self.cover[word] | bit } else { self.cover[word] & !bit };
        }
        self.budget = self.budget.saturating_sub(self.table.all.len() as u64 * 8);
    }

    fn learn(&mut self, dense: &[u64]) {
        if self.learnt.len() < LEARNT {
            let number = self.put(dense);
            self.learnt.push(number);
        } else {
            let number = self.learnt[self.oldest];
            self.table.replace(number, dense);
            self.oldest = (self.oldest + 1) % LEARNT;
            self.enter(number);
        }
    }

    /// Looks for a place within these limits. What is left of the columns stays as it was found until [`Self::leave`].
    pub fn look(&mut self, given: impl IntoIterator<Item = (usize, Set)>) -> Outcome {
        for (column, classes) in given {
            if !self.limit(column, &classes, None, true) {
                return Outcome::Nobody;
            }
        }
        // Where nothing is looked at, every box holds everybody.
        if self.table.columns() == 0 {
            return if self.table.len == 0 { Outcome::Found } else { Outcome::Nobody };
        }
        loop {
            if self.too_large || self.budget == 0 {
                return Outcome::OutOfBudget;
            }
            match self.follow() {
                Err(covering) => {
                    if !self.resolve(covering) {
                        return Outcome::Nobody;
                    }
                }
                Ok(()) => match self.choose() {
                    None => return Outcome::Found,
                    Some((column, classes)) => drop(self.limit(column, &classes, None, false)),
                },
            }
        }
    }

    /// Forgets where one looked; what was learnt stays.
    pub fn leave(&mut self) {
        self.trail.clear();
        self.saved.clear();
        self.domain.copy_from_slice(&self.table.all);
        self.stale.fill(true);
    }

    /// Limits a column to some classes; whether any are left. `covering`: the box it follows from.
    fn limit(&mut self, column: usize, classes: &[u64], covering: Option<&[u64]>, given: bool) -> bool {
        let span = self.table.span(column);
        self.saved.extend_from_slice(&self.domain[span.clone()]);
        self.saved.extend_from_slice(covering.unwrap_or(&[]));
        self.trail.push(Limit { column, follows: covering.is_some(), given });
        self.stale[column] = true;
        let left = &mut self.domain[span];
        left.iter_mut().zip(classes).for_each(|(left, classes)| *left &= classes);
        left.iter().any(|word| *word != 0)
    }

    /// What is left of a column.
    pub fn left(&self, column: usize) -> &[u64] {
        &self.domain[self.table.span(column)]
    }

    /// Everything that follows from where one looks now; or a box that covers it all.
    fn follow(&mut self) -> Result<(), Vec<u64>> {
        loop {
            self.refresh();
            let (words, columns) = (self.table.words, self.table.columns());
            self.alive.fill(u64::MAX);
            self.one.fill(0);
            self.two.fill(0);
            for touch in self.touch.chunks_exact(words) {
                self.alive.iter_mut().zip(touch).for_each(|(alive, touch)| *alive &= touch);
            }
            for cover in self.cover.chunks_exact(words) {
                for (word, cover) in cover.iter().enumerate() {
                    let open = self.alive[word] & !cover;
                    self.two[word] |= self.one[word] & open;
                    self.one[word] |= open;
                }
            }
            self.budget = self.budget.saturating_sub((columns * words / 8 + 8) as u64);
            for word in 0..words {
                let covering = self.alive[word] & !self.one[word];
                if covering != 0 {
                    return Err(self.table.of(word * 64 + covering.trailing_zeros() as usize).to_vec());
                }
            }
            if self.follow_boxes()? {
                continue;
            }
            if !self.follow_sums()? {
                return Ok(());
            }
        }
    }

    fn refresh(&mut self) {
        let words = self.table.words;
        for column in 0..self.table.columns() {
            if !std::mem::take(&mut self.stale[column]) {
                continue;
            }
            let (touch, cover) = (
                &mut self.touch[column * words..(column + 1) * words],
                &mut self.cover[column * words..(column + 1) * words],
            );
            touch.fill(0);
            cover.fill(u64::MAX);
            self.budget = self.budget.saturating_sub(words as u64);
            for class in members(&self.domain[self.table.span(column)]) {
                for ((touch, cover), holding) in
                    touch.iter_mut().zip(&mut *cover).zip(self.table.holding(column, class))
                {
                    *touch |= holding;
                    *cover &= holding;
                }
            }
        }
    }

    /// Follows every box that covers all columns but one; whether there was any.
    fn follow_boxes(&mut self) -> Result<bool, Vec<u64>> {
        let mut any = false;
        for word in 0..self.table.words {
            let mut units = self.one[word] & !self.two[word];
            while units != 0 {
                let number = word * 64 + units.trailing_zeros() as usize;
                units &= units - 1;
                let covers = |column: &usize| self.cover[column * self.table.words + word] >> (number % 64) & 1 == 1;
                let Some(column) = (0..self.table.columns()).find(|column| !covers(column)) else { continue };
                let covering = self.table.of(number).to_vec();
                let cell = &covering[self.table.span(column)];
                let left = self.left(column);
                if !left.iter().zip(cell).any(|(left, cell)| left & cell != 0) {
                    continue;
                }
                let rest: Set = left.iter().zip(cell).map(|(left, cell)| left & !cell).collect();
                if rest.iter().all(|word| *word == 0) {
                    return Err(covering);
                }
                any = true;
                self.limit(column, &rest, Some(&covering), false);
            }
        }
        Ok(any)
    }

    /// Follows what sums leave possible; whether there was anything.
    fn follow_sums(&mut self) -> Result<bool, Vec<u64>> {
        let mut any = false;
        for number in 0..self.sums.len() {
            // The least and the most of the sum; each cannot be too large, and cannot be too small.
            for (which, sign) in [(0, 1), (0, -1), (1, 1), (1, -1)] {
                // A term takes far longer to look at than a word.
                self.budget = self.budget.saturating_sub(64 * self.sums[number].terms.len() as u64);
                any |= self.follow_bound(number, which, sign)?;
            }
        }
        Ok(any)
    }

    fn follow_bound(&mut self, number: usize, which: usize, sign: i64) -> Result<bool, Vec<u64>> {
        let bound = Bound { sum: &self.sums[number], which, sign };
        let least: Vec<i64> =
            (0..bound.sum.terms.len()).map(|term| bound.least(term, self.left(bound.column(term)))).collect();
        let total: i64 = least.iter().sum();
        let left = self.left(bound.sum.total);
        let limit = members(left).map(|state| bound.limit(state)).max().unwrap_or(i64::MIN);
        // States that cannot be reached any more.
        let gone: Set = left.iter().zip(bound.below(total)).map(|(left, below)| left & below).collect();
        if gone.iter().any(|word| *word != 0) {
            let highest = members(&gone).map(|state| bound.limit(state)).max().unwrap_or(i64::MIN);
            let covering = self.explain(&bound, least.clone(), None, total - 1 - highest);
            let rest: Set = left.iter().zip(&gone).map(|(left, gone)| left & !gone).collect();
            if rest.iter().all(|word| *word == 0) {
                return Err(covering);
            }
            let column = bound.sum.total;
            self.limit(column, &rest, Some(&covering), false);
            return Ok(true);
        }
        // Classes of a term that would be too much.
        for term in 0..least.len() {
            let column = bound.column(term);
            let too_much = |class: usize| total - least[term] + bound.gives(term, class) > limit;
            let worst =
                members(self.left(column)).filter(|class| too_much(*class)).map(|class| bound.gives(term, class));
            let Some(from) = worst.min() else { continue };
            let mut thresholds = least.clone();
            thresholds[term] = from;
            let covering = self.explain(&bound, thresholds, Some(term), total - least[term] + from - 1 - limit);
            let cell = &covering[self.table.span(column)];
            let rest: Set = self.left(column).iter().zip(cell).map(|(left, cell)| left & !cell).collect();
            self.limit(column, &rest, Some(&covering), false);
            return Ok(true);
        }
        Ok(false)
    }

    /// The box in which terms give at least their thresholds together, and the total lies below. What is to spare
    /// makes it wider.
    fn explain(&self, bound: &Bound<'_>, mut thresholds: Vec<i64>, keep: Option<usize>, mut spare: i64) -> Vec<u64> {
        let mut covering = self.table.all.clone();
        for term in (0..thresholds.len()).filter(|term| Some(*term) != keep) {
            let wanted = thresholds[term];
            let wider = bound.all(term).filter(|gives| *gives >= wanted.saturating_sub(spare)).min().unwrap_or(wanted);
            spare -= wanted - wider;
            thresholds[term] = wider;
        }
        for (term, threshold) in thresholds.iter().enumerate() {
            let column = bound.column(term);
            let cell = set(bound.sum.terms[term].gives[0].len(), |class| bound.gives(term, class) >= *threshold);
            covering[self.table.span(column)].copy_from_slice(&cell);
        }
        let total: i64 = thresholds.iter().sum();
        covering[self.table.span(bound.sum.total)].copy_from_slice(&bound.below(total));
        covering
    }

    /// Goes back to where a box that covers everything that is left rules out only a part; whether there is such a
    /// place. On the way it is resolved with the boxes that limits follow from, and kept.
    fn resolve(&mut self, mut covering: Vec<u64>) -> bool {
        let width = self.table.all.len();
        let mut resolved = false;
        while let Some(limit) = self.trail.pop() {
            let span = self.table.span(limit.column);
            let reason_at = self.saved.len() - if limit.follows { width } else { 0 };
            let before_at = reason_at - span.len();
            let before = &self.saved[before_at..reason_at];
            self.stale[limit.column] = true;
            self.domain[span.clone()].copy_from_slice(before);
            let cell = &covering[span.clone()];
            let still = before.iter().zip(cell).all(|(before, cell)| before & !cell == 0);
            self.budget = self.budget.saturating_sub((width / 4 + 1) as u64);
            if still {
                self.saved.truncate(before_at);
                continue;
            }
            if limit.follows {
                let reason = &self.saved[reason_at..];
                for (at, (covering, reason)) in covering.iter_mut().zip(reason).enumerate() {
                    *covering = if span.contains(&at) { *covering | reason } else { *covering & reason };
                }
                resolved = true;
                self.saved.truncate(before_at);
                continue;
            }
            if limit.given {
                return false;
            }
            let rest: Set = before.iter().zip(cell).map(|(before, cell)| before & !cell).collect();
            self.saved.truncate(before_at);
            if resolved {
                self.learn(&covering);
            }
            self.limit(limit.column, &rest, Some(&covering), false);
            return true;
        }
        false
    }

    /// Where to look first: half of what is left of a column. Nothing when every place that is left will do.
    fn choose(&mut self) -> Option<(usize, Set)> {
        // What was learnt follows from what was asked, so it need not be looked at here.
        if self.alive.iter().zip(&self.asked).any(|(alive, asked)| alive & asked != 0) {
            return self.choose_cut();
        }
        self.choose_term()
    }

    /// Whether a box that was asked touches these cells.
    pub fn touches(&self, cells: &[u64]) -> bool {
        let asked = members(&self.asked);
        asked.into_iter().any(|number| {
            let held = self.table.of(number);
            (0..self.table.columns()).all(|column| self.table.span(column).any(|at| held[at] & cells[at] != 0))
        })
    }

    /// The cut that leaves the fewest boxes on both sides.
    fn choose_cut(&mut self) -> Option<(usize, Set)> {
        let words = self.table.words;
        let alive: Vec<u64> = self.alive.iter().zip(&self.asked).map(|(alive, asked)| alive & asked).collect();
        let used: Vec<usize> = (0..words).filter(|word| alive[*word] != 0).collect();
        let mut best: Option<(u64, usize, usize, bool)> = None;
        let mut counts: Vec<u64> = Vec::new();
        let mut seen = vec![0u64; used.len()];
        for column in 0..self.table.columns() {
            let cover = &self.cover[column * words..(column + 1) * words];
            if used.iter().all(|word| alive[*word] & !cover[*word] == 0) {
                continue;
            }
            let classes: Vec<usize> = members(self.left(column)).collect();
            // How many boxes touch the classes up to each.
            counts.clear();
            seen.fill(0);
            let count = |class: usize, seen: &mut [u64]| {
                let holding = self.table.holding(column, class);
                let mut count = 0;
                for (seen, word) in seen.iter_mut().zip(&used) {
                    *seen |= holding[*word] & alive[*word];
                    count += u64::from(seen.count_ones());
                }
                count
            };
            counts.extend(classes.iter().map(|class| count(*class, &mut seen)));
            seen.fill(0);
            for at in (1..classes.len()).rev() {
                let (below, above) = (counts[at - 1], count(classes[at], &mut seen));
                let cost = below * below + above * above;
                if best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, column, classes[at], below <= above));
                }
            }
            self.budget = self.budget.saturating_sub((classes.len() * used.len() / 4) as u64);
        }
        let (_, column, cut, below) = best?;
        Some((column, self.table.some(column, |class| (class < cut) == below)))
    }

    /// A term of a sum that may still come out as it may not.
    fn choose_term(&self) -> Option<(usize, Set)> {
        let open = self.sums.iter().find(|sum| if sum.wide { !self.pinned(sum) } else { !self.settled(sum) })?;
        let column =
            open.terms.iter().map(|term| term.column).find(|column| members(self.left(*column)).nth(1).is_some());
        let column = column.unwrap_or(open.total);
        let first = members(self.left(column)).next()?;
        Some((column, self.table.some(column, |class| class == first)))
    }

    /// Whether there is one class left of each column of a sum.
    fn pinned(&self, sum: &Sum) -> bool {
        let columns = sum.terms.iter().map(|term| term.column).chain([sum.total]);
        columns.into_iter().all(|column| members(self.left(column)).nth(1).is_none())
    }

    /// Whether a sum comes out as it may wherever one looks.
    fn settled(&self, sum: &Sum) -> bool {
        let range = |which: usize| {
            sum.terms.iter().fold((0, 0), |(least, most), term| {
                let gives = members(self.left(term.column)).map(|class| term.gives[which][class]);
                let (low, high) = gives.fold((i64::MAX, i64::MIN), |(low, high), it| (low.min(it.0), high.max(it.1)));
                (least + low, most + high)
            })
        };
        let (least, most) = (range(0), range(1));
        let left = self.left(sum.total);
        sum.states.iter().enumerate().all(|(state, [low, high])| {
            let possible = low.0 <= least.1 && least.0 <= low.1 && high.0 <= most.1 && most.0 <= high.1;
            !possible || left[state / 64] >> (state % 64) & 1 == 1
        })
    }
}

/// One way in which a sum is bound: its least or its most (`which`) from below, or with `sign` -1 from above.
struct Bound<'s> {
    sum: &'s Sum,
    which: usize,
    sign: i64,
}

impl Bound<'_> {
    fn column(&self, term: usize) -> usize {
        self.sum.terms[term].column
    }

    fn gives(&self, term: usize, class: usize) -> i64 {
        self.end(self.sum.terms[term].gives[self.which][class])
    }

    fn all(&self, term: usize) -> impl Iterator<Item = i64> + '_ {
        self.sum.terms[term].gives[self.which].iter().map(|gives| self.end(*gives))
    }

    /// The end of what a class gives that counts: from below the least, from above the most.
    fn end(&self, (from, to): (i64, i64)) -> i64 {
        if self.sign > 0 { from } else { -to }
    }

    fn least(&self, term: usize, left: &[u64]) -> i64 {
        members(left).map(|class| self.gives(term, class)).min().unwrap_or(0)
    }

    /// The most that a state leaves.
    fn limit(&self, state: usize) -> i64 {
        let (from, to) = self.sum.states[state][self.which];
        if self.sign > 0 { to } else { -from }
    }

    /// The states that leave less than a total.
    fn below(&self, total: i64) -> Set {
        set(self.sum.states.len(), |state| self.limit(state) < total)
    }
}

#[cfg(test)]
mod tests;
