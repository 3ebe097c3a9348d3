//! What is added up: scores, and what their terms come to together.

use super::*;
use crate::check::people::numbers::Terms;

impl Posing<'_> {
    /// A score: its least and its most, as far as it is told apart.
    pub(super) fn score(&mut self, id: ScoreId) -> Told<(i64, i64)> {
        if let Some(known) = self.scores.get(&id) {
            return known.clone();
        }
        let shared = self.shared;
        let Some(score) = shared.scores.get(id.index()) else { return Told::Always((0, 0)) };
        let terms = score.parts.iter().map(|part| self.term(&part.points)).collect();
        let by = score.divided_by().map(|number| self.term(&Points::Times(number, 1)));
        let cuts = self.cuts.scores.get(&id).cloned().unwrap_or_default();
        let before = self.problem.adding.len();
        let total = match (&score.computed, by) {
            (None, _) => self.total(terms, &cuts, None),
            (Some(computed), Some(by)) => self.quotient(terms, by, &cuts, computed),
            (Some(computed), None) => {
                let total = self.total(terms, &cuts, Some(computed));
                total.map(|(least, most)| (computed.of(least, 1), computed.of(most, 1)))
            }
        };
        if let Some(adding) = self.problem.adding.get(before) {
            self.totals.insert(id, adding.total);
        }
        self.scores.insert(id, total.clone());
        total
    }

    /// What a part adds to a sum.
    pub(super) fn term(&mut self, points: &Points) -> Told<Gives> {
        match points {
            Points::Times(Number::Fact(fact, (min, max)), times) => {
                let (one, other) = (min.saturating_mul(*times), max.saturating_mul(*times));
                let unknown = Gives::just((one.min(other), one.max(other)));
                let value = |value: i64| match value {
                    NOT_APPLICABLE => Gives::default(),
                    _ => Gives::times(*times),
                };
                match (self.fact(*fact, value, unknown), self.facts.get(fact)) {
                    // So many times the same number is not the same in every class.
                    (Told::Always(same), Some(column)) => Told::By(*column, vec![same; self.classes(*column)]),
                    (told, _) => told,
                }
            }
            Points::Times(Number::Computed(score), times) => self.added(*score, *times),
            points => {
                let join = |one: (i64, i64), other: (i64, i64)| (one.0.min(other.0), one.1.max(other.1));
                self.points(points, |points| (points, points), join).map(Gives::just)
            }
        }
    }

    /// So many times a computed fact, to be added up.
    pub(super) fn added(&mut self, id: ScoreId, times: i64) -> Told<Gives> {
        let told = self.score(id);
        let just = |(least, most): (i64, i64)| {
            let (one, other) = (least.saturating_mul(times), most.saturating_mul(times));
            Gives::just((one.min(other), one.max(other)))
        };
        let lies = self.totals.get(&id).and_then(|column| Some((*column, self.problem.lies.get(column)?)));
        let Some((column, lies)) = lies else { return told.map(just) };
        // Where it is the same wherever its sum lies, it is fixed.
        let gives = lies.classes.iter().map(|[low, high]| match low.0 == low.1 && high.0 == high.1 {
            true => just((low.0, high.0)),
            false => Gives::times(times),
        });
        Told::By(column, gives.collect())
    }

    /// A sum of what columns tell, cut where it is told apart: the range its least and its most lie in. `cuts` are of what
    /// is computed from it.
    pub(super) fn total(
        &mut self,
        terms: Vec<Told<Gives>>,
        cuts: &[i64],
        computed: Option<&Computed>,
    ) -> Told<(i64, i64)> {
        let (base, terms) = together(terms);
        let wide = terms.iter().any(|(_, gives)| gives.iter().any(|it| it.is_wide()));
        match terms.as_slice() {
            [] => return Told::Always(base),
            [(column, gives)] if !wide => {
                let of = |it: &Gives| (it.least + base.0, it.most + base.1);
                return Told::by(*column, gives.iter().map(of).collect());
            }
            _ => {}
        }
        let known = base.0 == base.1 && terms.iter().all(|(column, gives)| self.known(*column, gives));
        let added: Vec<Term> = terms.iter().map(|(column, gives)| self.goes(*column, gives)).collect();
        let least: i64 = base.0 + added.iter().filter_map(|it| it.gives[0].iter().map(|it| it.0).min()).sum::<i64>();
        let most: i64 = base.1 + added.iter().filter_map(|it| it.gives[1].iter().map(|it| it.1).max()).sum::<i64>();
        let of = |cut: i64| computed.map_or(cut, |it| it.first_sum(cut, (least, most)));
        let ranges = between_cuts(cuts.iter().map(|cut| of(*cut)), (least, most));
        let (mut states, mut told, mut lies) = (Vec::new(), Vec::new(), Vec::new());
        let value = |(from, to): (i64, i64)| computed.map_or((from, to), |it| (it.of(from, 1), it.of(to, 1)));
        for (low, high) in pairs(&ranges, known) {
            states.push([(low.0 - base.0, low.1 - base.0), (high.0 - base.1, high.1 - base.1)]);
            told.push((low.0, high.1));
            lies.push([value(low), value(high)]);
        }
        let total = self.column(states.len(), Of::Derived);
        if wide || computed.is_some() {
            self.problem.lies.insert(total, Lies { classes: lies, known });
            let (states, computed) = (states.clone(), computed.cloned());
            self.problem.adding.push(Adding { terms, total, states, base, known, computed, by: None });
        }
        self.problem.sums.push(Sum { terms: added, total, states, wide: wide || computed.is_some() });
        Told::by(total, told)
    }

    /// Whether the least and the most that a term gives are always the same.
    pub(super) fn known(&self, column: usize, gives: &[Gives]) -> bool {
        let number_known = self.problem.lies.get(&column).is_none_or(|lies| lies.known);
        gives.iter().all(|it| it.least == it.most && (number_known || !it.is_wide()))
    }

    /// From where to where a term goes in each class of its column.
    pub(super) fn goes(&self, column: usize, gives: &[Gives]) -> Term {
        let lies = |class: usize| match &self.problem.columns[column].of {
            Of::Fact(_, classes) => classes.get(class).map(|range| [*range, *range]),
            _ => self.problem.lies.get(&column).and_then(|lies| lies.classes.get(class).copied()),
        };
        let same = matches!(self.problem.columns[column].of, Of::Fact(..));
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for (class, it) in gives.iter().enumerate() {
            let range = lies(class).filter(|_| it.is_wide()).unwrap_or([(0, 0); 2]);
            // A fact is one number; what is added and what is taken away of it is one term.
            let (up, down) =
                if same { (it.up - it.down.min(it.up), it.down - it.down.min(it.up)) } else { (it.up, it.down) };
            let ends = |which: usize, fixed: i64| {
                let (add, take) = (range[which], range[1 - which]);
                (fixed + up * add.0 - down * take.1, fixed + up * add.1 - down * take.0)
            };
            low.push(ends(0, it.least));
            high.push(ends(1, it.most));
        }
        Term { column, gives: [low, high] }
    }
}

/// What is always added, its least and its most; and what each column adds, those that are the same in every class left
/// out: they are the same for everybody, where no number has to be chosen.
pub(super) fn together(terms: Vec<Told<Gives>>) -> ((i64, i64), Terms) {
    let mut base = Gives::default();
    let mut by_column: BTreeMap<usize, Vec<Gives>> = BTreeMap::new();
    for term in terms {
        match term {
            Told::Always(it) => base = base.and(it),
            Told::By(column, gives) => match by_column.get_mut(&column) {
                Some(known) => known.iter_mut().zip(gives).for_each(|(known, it)| *known = known.and(it)),
                None => drop(by_column.insert(column, gives)),
            },
        }
    }
    by_column.retain(|_, gives| {
        let same = gives.first().copied().filter(|first| !first.is_wide() && gives.iter().all(|it| it == first));
        base = same.map_or(base, |same| base.and(same));
        same.is_none()
    });
    ((base.least, base.most), by_column.into_iter().collect())
}

/// The ranges between cuts, from the least to the most.
pub(super) fn between_cuts(cuts: impl Iterator<Item = i64>, (least, most): (i64, i64)) -> Vec<(i64, i64)> {
    let mut starts: Vec<i64> = cuts.filter(|at| least < *at && *at <= most).chain([least]).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([most]);
    starts.iter().copied().zip(ends).collect()
}

/// Where the least can lie, and where the most: in the same range, where they are always the same. One more than are
/// looked at, at most.
pub(super) fn pairs(ranges: &[(i64, i64)], known: bool) -> impl Iterator<Item = ((i64, i64), (i64, i64))> {
    let highs = move |at: usize| if known { &ranges[at..=at] } else { &ranges[at..] };
    let all = ranges.iter().enumerate().flat_map(move |(at, low)| highs(at).iter().map(move |high| (*low, *high)));
    all.take(MAX_CLASSES + 1)
}

/// What is fixed in every class, as terms of a sum.
pub(super) fn just(terms: Vec<Told<(i64, i64)>>) -> Vec<Told<Gives>> {
    terms.into_iter().map(|term| term.map(Gives::just)).collect()
}
