//! Decisions as look-ups: for every fact an index from its values to the set of rows that are still possible.
//!
//! A row is a conjunction. What each row asks of a single fact becomes a cell of the index; what is left (scores,
//! counts, `or` over several facts) is kept beside it and looked at only for rows the index has not ruled out. Deciding
//! is then one look-up a fact, an AND of bit sets, and the first bit.

use super::truth::{Known, Truth, truth};
use crate::model::{Fact, FactId, NOT_APPLICABLE, Ranges, Row, Score, Test};

/// What a decision came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// This row, counted from 0.
    Row(u32),
    /// It is not known yet: this is the first row that is not a definite no.
    NotKnown(u32),
    /// No row holds.
    Nothing,
}

/// A decision, ready to be taken.
#[derive(Clone, Debug)]
pub struct Decision {
    columns: Vec<Column>,
    /// What a row asks beyond the columns; empty for most.
    rest: Vec<Option<Test>>,
    /// Every fact it can read, in the order the rows read them.
    reads: Vec<FactId>,
    words: usize,
}

/// One fact's column.
#[derive(Clone, Debug)]
struct Column {
    fact: FactId,
    /// The least value there is.
    least: i64,
    /// Where each interval of values starts; the first at the least value, or where the fact does not apply.
    starts: Vec<i64>,
    /// For small domains: the interval of each value, from the least on.
    direct: Vec<u16>,
    /// For each interval the rows that are possible, then the rows that do not look at the fact.
    rows: Vec<u64>,
}

impl Column {
    fn interval(&self, value: i64) -> usize {
        let from_least = value.wrapping_sub(self.least);
        match usize::try_from(from_least).ok().and_then(|at| self.direct.get(at)) {
            Some(interval) => usize::from(*interval),
            None => self.starts.partition_point(|start| *start <= value).saturating_sub(1),
        }
    }
}

/// What a row asks, taken apart: cells of single facts, and the rest.
#[derive(Default)]
struct Parts {
    cells: Vec<(FactId, Ranges)>,
    rest: Vec<Test>,
}

impl Decision {
    /// Prepares the rows of a decision.
    pub fn new(rows: &[Row], facts: &[Fact], scores: &[Score]) -> Decision {
        let mut reads = Vec::new();
        let mut all: Vec<Parts> = Vec::new();
        for row in rows {
            row.condition.test.reads(facts, scores, &mut |fact| {
                if !reads.contains(&fact) {
                    reads.push(fact);
                }
            });
            let mut parts = Parts::default();
            take_apart(&row.condition.test, facts, &mut parts);
            all.push(parts);
        }
        let words = rows.len().div_ceil(64).max(1);
        // What is counted since a date is looked at, and the date is read.
        let mut looked_at: Vec<FactId> = Vec::new();
        for (fact, _) in all.iter().flat_map(|row| &row.cells) {
            if !looked_at.contains(fact) {
                looked_at.push(*fact);
            }
        }
        let columns = looked_at.iter().map(|fact| column(*fact, &facts[fact.index()], &all, words)).collect();
        let rest = all
            .into_iter()
            .map(|mut row| match row.rest.len() {
                0 => None,
                1 => row.rest.pop(),
                _ => Some(Test::All(row.rest)),
            })
            .collect();
        Decision { columns, rest, reads, words }
    }

    /// Every fact it can read, in the order the rows read them.
    pub fn reads(&self) -> &[FactId] {
        &self.reads
    }

    /// Takes the decision: first match, strict (3.1). Same answer as looking at the rows one by one.
    pub fn take(&self, known: &(impl Known + ?Sized), scores: &[Score]) -> Chosen {
        for word in 0..self.words {
            let rows = self.rest.len() - word * 64;
            let mut possible = if rows >= 64 { u64::MAX } else { (1u64 << rows) - 1 };
            let mut sure = possible;
            for column in &self.columns {
                let free = column.rows[column.starts.len() * self.words + word];
                match known.value(column.fact) {
                    Some(value) => {
                        let bits = column.rows[column.interval(value) * self.words + word];
                        possible &= bits;
                        sure &= bits;
                    }
                    None => sure &= free,
                }
                if possible == 0 {
                    break;
                }
            }
            while possible != 0 {
                let bit = possible.trailing_zeros();
                let row = word * 64 + bit as usize;
                let rest = self.rest[row].as_ref().map_or(Truth::Yes, |rest| truth(rest, known, scores));
                let cells = if sure >> bit & 1 == 1 { Truth::Yes } else { Truth::Unknown };
                match cells.and(rest) {
                    Truth::Yes => return Chosen::Row(row as u32),
                    Truth::Unknown => return Chosen::NotKnown(row as u32),
                    Truth::No => possible &= possible - 1,
                }
            }
        }
        Chosen::Nothing
    }

    /// The facts that are missing: the unknown ones read by the unknown rows above the first that is a yes (3.1).
    pub fn missing(
        &self,
        rows: &[Row],
        known: &(impl Known + ?Sized),
        facts: &[Fact],
        scores: &[Score],
    ) -> Vec<FactId> {
        let mut missing = Vec::new();
        for row in rows {
            match truth(&row.condition.test, known, scores) {
                Truth::Yes => break,
                Truth::No => {}
                Truth::Unknown => row.condition.test.reads(facts, scores, &mut |fact| {
                    if known.value(fact).is_none() && !missing.contains(&fact) {
                        missing.push(fact);
                    }
                }),
            }
        }
        missing
    }
}

fn take_apart(test: &Test, facts: &[Fact], parts: &mut Parts) {
    match test {
        Test::All(all) => all.iter().for_each(|part| take_apart(part, facts, parts)),
        test => match single(test, facts) {
            Some((fact, ranges)) => match parts.cells.iter_mut().find(|(it, _)| *it == fact) {
                Some((_, cell)) => *cell = both(cell, &ranges),
                None => parts.cells.push((fact, ranges)),
            },
            None => parts.rest.push(test.clone()),
        },
    }
}

/// A test that looks at one fact only, as ranges of its values; part by part it is unknown exactly when the fact is.
fn single(test: &Test, facts: &[Fact]) -> Option<(FactId, Ranges)> {
    match test {
        Test::Fact(fact, ranges) => Some((*fact, ranges.clone())),
        Test::Not(inner) => {
            let (fact, ranges) = single(inner, facts)?;
            Some((fact, facts[fact.index()].others(&ranges)))
        }
        Test::Any(any) => {
            let mut singles = any.iter().map(|part| single(part, facts));
            let (fact, mut ranges) = singles.next()??;
            for next in singles {
                let (other, more) = next?;
                if other != fact {
                    return None;
                }
                ranges = Ranges::new(ranges.iter().chain(more.iter()));
            }
            Some((fact, ranges))
        }
        _ => None,
    }
}

fn both(a: &Ranges, b: &Ranges) -> Ranges {
    Ranges::new(a.iter().flat_map(|(from, to)| b.iter().map(move |(start, end)| (from.max(start), to.min(end)))))
}

/// The largest domain whose values are looked up directly.
const DIRECT: i64 = 512;

fn column(fact: FactId, declared: &Fact, rows: &[Parts], words: usize) -> Column {
    let (min, max) = declared.domain.bounds();
    let cells: Vec<Option<&Ranges>> =
        rows.iter().map(|row| row.cells.iter().find(|(it, _)| *it == fact).map(|(_, ranges)| ranges)).collect();
    // What does not apply comes before every value.
    let not_applicable = declared.applies.as_ref().map(|_| NOT_APPLICABLE);
    let mut starts: Vec<i64> = not_applicable.into_iter().chain([min]).collect();
    for (from, to) in cells.iter().flatten().flat_map(|ranges| ranges.iter()) {
        starts.extend([from, to.saturating_add(1)].into_iter().filter(|start| *start > min && *start <= max));
    }
    starts.sort_unstable();
    starts.dedup();
    // The rows that do not look at the fact are possible whatever its value.
    let mut free = vec![0u64; words];
    for (row, _) in cells.iter().enumerate().filter(|(_, cell)| cell.is_none()) {
        free[row / 64] |= 1 << (row % 64);
    }
    let mut bits = free.repeat(starts.len() + 1);
    for (row, cell) in cells.iter().enumerate() {
        for (from, to) in cell.iter().flat_map(|ranges| ranges.iter()) {
            let first = starts.partition_point(|start| *start < from);
            let last = starts.partition_point(|start| *start <= to);
            for interval in first..last {
                bits[interval * words + row / 64] |= 1 << (row % 64);
            }
        }
    }
    let mut column = Column { fact, least: min, starts, direct: Vec::new(), rows: bits };
    if max.saturating_sub(min) < DIRECT {
        column.direct = (min..=max).map(|value| column.interval(value) as u16).collect();
    }
    column
}
