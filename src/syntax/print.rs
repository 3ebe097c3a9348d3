//! One layout for every file: blocks a line apart, clauses indented, their words in one column, comments kept.
//!
//! A tree becomes *lines*, each remembering where in the source it came from; comments are then woven in by place.
//! A comment behind a clause stays behind it; one on a line of its own stays before what follows; one in the middle
//! of a clause moves before that clause.

use super::print_clauses::clause_lines;
use super::recover::written;
use super::tree::*;
use crate::diagnostic::Span;

/// The widest a line gets before a list goes on in the next.
pub(super) const WIDTH: usize = 110;

/// One printed line: a piece of the tree, which may wrap over several lines of text.
pub(super) struct Line {
    /// Where it came from.
    pub at: Span,
    /// What is printed, without a line end.
    pub text: String,
    /// Whether an empty line stands before it.
    pub gap: bool,
    /// How far it is indented.
    pub indent: usize,
}

/// Prints a file. Reading the result again gives the same tree and the same comments.
pub fn print(file: &File) -> String {
    weave(lines_of(file), &file.comments)
}

fn lines_of(file: &File) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(language) = &file.language {
        let at = Span { start: 0, end: language.at.0.end };
        lines.push(Line { at, text: format!("onward {}", language.value), gap: false, indent: 0 });
    }
    let mut before = None;
    for block in &file.blocks {
        let gap = !lines.is_empty() && (block.word != BlockWord::Use || before != Some(BlockWord::Use));
        before = Some(block.word);
        lines.push(Line { at: block.head().0, text: head(block), gap, indent: 0 });
        lines.extend(clause_lines(&block.clauses));
    }
    lines
}

fn head(block: &Block) -> String {
    let mut head = written(block.word).to_string();
    if !block.name.text.is_empty() {
        head = format!("{head} {}", block.name.text);
    }
    if let Some(title) = &block.title {
        head = format!("{head} \"{}\"", title.text);
    }
    head
}

impl Block {
    /// Where its word, its name and its title stand.
    pub(crate) fn head(&self) -> At {
        let start = self.at.0.start;
        let word = Span { start, end: start + written(self.word).len() as u32 };
        let named = if self.name.text.is_empty() { word } else { word.to(self.name.at.0) };
        At(self.title.as_ref().map_or(named, |title| named.to(title.at.0)))
    }
}

/// Puts the comments between and behind the lines.
fn weave(lines: Vec<Line>, comments: &[Comment]) -> String {
    let mut out = String::new();
    let mut comments = comments.iter().peekable();
    let count = lines.len();
    let starts: Vec<u32> = lines.iter().map(|line| line.at.start).collect();
    for (number, line) in lines.into_iter().enumerate() {
        let next = if number + 1 < count { starts[number + 1] } else { u32::MAX };
        let mut before: Vec<&Comment> = Vec::new();
        let mut behind: Option<&Comment> = None;
        while let Some(comment) = comments.next_if(|comment| {
            let at = comment.at.0.start;
            // Before the line, inside it, or behind it on the same line of the source.
            at < line.at.end || (!comment.own_line && at < next)
        }) {
            before.extend(behind.take());
            if comment.own_line { before.push(comment) } else { behind = Some(comment) }
        }
        let mut gap = line.gap;
        let mut gap_after = false;
        for (n, comment) in before.iter().enumerate() {
            if (n == 0 && gap) || (comment.after_gap && !out.is_empty()) || gap_after {
                out.push('\n');
            }
            gap = false;
            out.push_str(&format!("{}{}\n", " ".repeat(line.indent), comment.text));
            gap_after = comment.own_line && comment.before_gap;
        }
        if gap || gap_after {
            out.push('\n');
        }
        out.push_str(&line.text);
        if let Some(comment) = behind {
            let width = line.text.rsplit('\n').next().unwrap_or("").chars().count();
            out.push_str(&format!("{}{}", " ".repeat(if width < 48 { 48 - width } else { 2 }), comment.text));
        }
        out.push('\n');
    }
    for comment in comments {
        if comment.after_gap && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", comment.text));
    }
    out
}
