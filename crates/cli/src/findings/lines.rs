//! Lines and columns, looked up quickly: a file with a mistake on every line is still one pass.

use onward::Source;

/// Where the lines of a source start.
#[derive(Debug)]
pub struct Lines<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

/// A position as people count it: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl<'s> Lines<'s> {
    /// The lines of a source.
    pub fn of(source: &'s Source) -> Lines<'s> {
        let text = source.text.as_str();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Lines { text, starts }
    }

    /// A byte, moved back to the start of its character and into the text.
    pub fn inside(&self, byte: u32) -> usize {
        let mut at = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// The position of a byte.
    pub fn position(&self, byte: u32) -> Position {
        let at = self.inside(byte);
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or(0);
        Position { line: line.max(1), column: self.text[start..at].chars().count() + 1 }
    }

    /// A line, counted from 1, without its end; and the byte at which it starts.
    pub fn line(&self, number: usize) -> (usize, &'s str) {
        let start = number.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or(self.text.len());
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(start..end).unwrap_or("");
        (start, line.strip_suffix('\r').unwrap_or(line))
    }

    /// The words between two bytes.
    pub fn between(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or("")
    }
}
