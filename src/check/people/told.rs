//! What a column tells: for each of its classes the answer to a condition, or the points of a part of a score.

use std::collections::BTreeMap;

/// Something that is always the same, or follows from one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told<T> {
    /// Always this.
    Always(T),
    /// By the class of a column.
    By(usize, Vec<T>),
}

impl<T: Copy + Ord> Told<T> {
    /// By the class of a column; always the same where every class says so.
    pub fn by(column: usize, classes: Vec<T>) -> Told<T> {
        match classes.first() {
            Some(first) if classes.iter().all(|it| it == first) => Told::Always(*first),
            _ => Told::By(column, classes),
        }
    }

    /// The same with every value changed.
    pub fn map<U: Copy + Ord>(&self, change: impl Fn(T) -> U) -> Told<U> {
        match self {
            Told::Always(it) => Told::Always(change(*it)),
            Told::By(column, classes) => Told::by(*column, classes.iter().map(|it| change(*it)).collect()),
        }
    }

    /// Everything it can be.
    pub fn values(&self) -> Vec<T> {
        let mut values = match self {
            Told::Always(it) => vec![*it],
            Told::By(_, classes) => classes.clone(),
        };
        values.sort_unstable();
        values.dedup();
        values
    }
}

/// Puts together what is told by the same column, so that every column tells one thing; and what is always so.
pub(super) fn by_column<T: Copy + Ord>(
    told: impl IntoIterator<Item = Told<T>>,
    nothing: T,
    with: impl Fn(T, T) -> T,
) -> (T, Vec<Told<T>>) {
    let mut always = nothing;
    let mut columns: BTreeMap<usize, Vec<T>> = BTreeMap::new();
    for it in told {
        match it {
            Told::Always(it) => always = with(always, it),
            Told::By(column, classes) => match columns.get_mut(&column) {
                Some(known) => known.iter_mut().zip(classes).for_each(|(known, it)| *known = with(*known, it)),
                None => drop(columns.insert(column, classes)),
            },
        }
    }
    let mut left = Vec::new();
    for (column, classes) in columns {
        match Told::by(column, classes) {
            Told::Always(it) => always = with(always, it),
            by => left.push(by),
        }
    }
    (always, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_class_says_is_always_so() {
        assert_eq!(Told::by(2, vec![5, 5, 5]), Told::Always(5));
        assert_eq!(Told::by(2, vec![5, 5, 6]), Told::By(2, vec![5, 5, 6]));
        assert_eq!(Told::By(2, vec![1, 2]).map(|it| it > 0), Told::Always(true));
        let told = [Told::By(1, vec![1, 2]), Told::Always(10), Told::By(1, vec![2, 1]), Told::By(0, vec![0, 1])];
        assert_eq!(by_column(told, 0, |one, other| one + other), (13, vec![Told::By(0, vec![0, 1])]));
    }
}
