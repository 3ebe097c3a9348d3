//! All boxes that nobody may lie in, as bit sets: for each class of each column the boxes that hold it.
//!
//! So one AND over the columns gives the boxes that still touch where one looks, whatever their number.

use super::space::{Cells, Column, Set, members, set};

/// Some boxes over some columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Where the words of each column begin in a set of classes of all columns; the last is how many there are.
    pub begin: Vec<usize>,
    /// How many classes each column has, and the number of the first of them.
    pub classes: Vec<usize>,
    first: Vec<usize>,
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
        let classes: Vec<usize> = columns.iter().map(|column| column.classes).collect();
        let mut before = 0;
        for count in &classes {
            first.push(before);
            before += count;
            all.extend(set(*count, |_| true));
            begin.push(all.len());
        }
        let words = room.div_ceil(64).max(1);
        Table { begin, classes, first, all, cells: Vec::new(), len: 0, words, holds: vec![0; before * words] }
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.first.len()
    }

    /// How many words all boxes take, as bit sets.
    pub fn size(&self) -> usize {
        self.holds.len()
    }

    /// The classes of a column that are asked for.
    pub fn some(&self, column: usize, wanted: impl Fn(usize) -> bool) -> Set {
        set(self.classes[column], wanted)
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
            let wider = |old: &[u64]| [old, &vec![0; words - before]].concat();
            self.holds = self.holds.chunks_exact(before).flat_map(wider).collect();
            self.words = words;
        }
        self.cells.extend_from_slice(cells);
        self.turn(self.len);
        self.len += 1;
        grows
    }

    /// Puts a box in the place of another.
    pub fn replace(&mut self, number: usize, cells: &[u64]) {
        self.turn(number);
        let width = self.all.len();
        self.cells[number * width..(number + 1) * width].copy_from_slice(cells);
        self.turn(number);
    }

    /// Makes the classes of a box hold it, or those that hold it hold it no longer.
    fn turn(&mut self, number: usize) {
        for column in 0..self.columns() {
            let span = self.span(column);
            let at = number * self.all.len();
            for class in members(&self.cells[at + span.start..at + span.end]) {
                self.holds[(self.first[column] + class) * self.words + number / 64] ^= 1 << (number % 64);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::space::Of;
    use super::*;

    /// What the table says of every box is what was put in last, however often it made room or put one in the place of
    /// another.
    #[test]
    fn a_table_holds_what_was_put_into_it() {
        let columns: Vec<Column> = [3, 70, 1].map(|classes| Column { classes, of: Of::Derived }).into();
        let mut table = Table::new(&columns, 130);
        assert_eq!((table.columns(), table.words, table.size()), (3, 3, 74 * 3));
        // The box with a number holds every class that its seed divides, and the first.
        let cells = |seed: usize| -> Cells {
            [(0, 3), (1, 70)].map(|(column, count)| (column, set(count, |class| class % (seed % 7 + 1) == 0))).into()
        };
        let mut seeds: Vec<usize> = Vec::new();
        for seed in 0..300 {
            if seed % 3 == 2 {
                let number = seed * 5 % seeds.len();
                table.replace(number, &table.dense(&cells(seed)));
                seeds[number] = seed;
            } else {
                let made_room = table.add(&table.dense(&cells(seed)));
                assert_eq!(made_room, seeds.len() == 192, "{seed}");
                seeds.push(seed);
            }
            assert_eq!(table.len, seeds.len());
        }
        assert_eq!((table.len, table.words, table.size()), (200, 6, 74 * 6));
        for (number, seed) in seeds.iter().enumerate() {
            assert_eq!(table.of(number), table.dense(&cells(*seed)), "{number}");
        }
        for (column, count) in [(0, 3), (1, 70), (2, 1)] {
            for class in 0..count {
                let holding: Vec<usize> = members(table.holding(column, class)).collect();
                let held = |seed: &usize| column == 2 || class % (seed % 7 + 1) == 0;
                let expected: Vec<usize> = (0..seeds.len()).filter(|number| held(&seeds[*number])).collect();
                assert_eq!(holding, expected, "{column}, {class}");
            }
        }
    }
}
