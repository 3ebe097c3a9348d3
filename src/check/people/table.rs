//! All boxes that nobody may lie in, as bit sets: for each class of each column the boxes that hold it.
//!
//! So one AND over the columns gives the boxes that still touch where one looks, whatever their number.

use super::space::{Cells, Column, members};

/// Some boxes over some columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Where the words of each column begin in a set of classes of all columns; the last is how many there are.
    pub begin: Vec<usize>,
    /// The number of the first class of each column.
    first: Vec<usize>,
    classes: usize,
    /// Every class of every column.
    pub all: Vec<u64>,
    /// The boxes one after the other, each as a set of classes of all columns.
    cells: Vec<u64>,
    /// How many boxes there are.
    pub len: usize,
    /// How many words a set of boxes has.
    pub words: usize,
    /// For each class the boxes that hold it.
    holds: Vec<u64>,
}

impl Table {
    /// A table without boxes.
    pub fn new(columns: &[Column], room: usize) -> Table {
        let (mut begin, mut first, mut all) = (vec![0], Vec::new(), Vec::new());
        let mut classes = 0;
        for column in columns {
            first.push(classes);
            classes += column.classes;
            all.extend(super::space::set(column.classes, |_| true));
            begin.push(all.len());
        }
        let words = room.div_ceil(64).max(1);
        Table { begin, first, classes, all, cells: Vec::new(), len: 0, words, holds: vec![0; classes * words] }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.first.len()
    }

    /// How many words all boxes take, as bit sets.
    pub fn size(&self) -> usize {
        self.classes * self.words
    }

    /// The words of a column.
    pub fn span(&self, column: usize) -> std::ops::Range<usize> {
        self.begin[column]..self.begin[column + 1]
    }

    /// A box, as a set of classes of all columns.
    pub fn of(&self, number: usize) -> &[u64] {
        let width = self.all.len();
        &self.cells[number * width..(number + 1) * width]
    }

    /// The boxes that hold a class.
    pub fn holding(&self, column: usize, class: usize) -> &[u64] {
        let at = (self.first[column] + class) * self.words;
        &self.holds[at..at + self.words]
    }

    /// Cells as a set of classes of all columns.
    pub fn dense(&self, cells: &Cells) -> Vec<u64> {
        let mut dense = self.all.clone();
        for (column, classes) in cells {
            dense[self.span(*column)].copy_from_slice(classes);
        }
        dense
    }

    /// Adds a box; whether it had to make room.
    pub fn add(&mut self, cells: &[u64]) -> bool {
        let grows = self.len == self.words * 64;
        if grows {
            let (before, words) = (self.words, self.words * 2);
            let mut holds = vec![0; self.classes * words];
            for (new, old) in holds.chunks_exact_mut(words).zip(self.holds.chunks_exact(before)) {
                new[..before].copy_from_slice(old);
            }
            (self.holds, self.words) = (holds, words);
        }
        self.cells.extend_from_slice(cells);
        self.mark(self.len, true);
        self.len += 1;
        grows
    }

    /// Puts a box in the place of another.
    pub fn replace(&mut self, number: usize, cells: &[u64]) {
        self.mark(number, false);
        let width = self.all.len();
        self.cells[number * width..(number + 1) * width].copy_from_slice(cells);
        self.mark(number, true);
    }

    fn mark(&mut self, number: usize, held: bool) {
        let (word, bit) = (number / 64, 1u64 << (number % 64));
        for column in 0..self.columns() {
            let span = self.span(column);
            let at = number * self.all.len();
            for class in members(&self.cells[at + span.start..at + span.end]) {
                let holds = &mut self.holds[(self.first[column] + class) * self.words + word];
                *holds = if held { *holds | bit } else { *holds & !bit };
            }
        }
    }
}
