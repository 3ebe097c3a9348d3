//! Finding the comments of a file, so that the printer can put them back where they belong.

use super::tree::{At, Comment};
use crate::diagnostic::Span;

/// Every comment of the text, in order.
pub(super) fn collect(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut start_of_line = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = comment_in(line) {
            let words = line[at..].trim_end();
            let blank_before = text[..start_of_line].trim_end_matches([' ', '\t', '\r']);
            found.push(Comment {
                at: At(Span::new(start_of_line + at, start_of_line + at + words.len())),
                text: words.to_string(),
                own_line: line[..at].trim_matches(['\u{FEFF}', ' ', '\t']).is_empty(),
                after_gap: blank_before.ends_with("\n\n") || blank_before.ends_with("\n\r\n"),
                before_gap: text[start_of_line + line.len()..]
                    .lines()
                    .next()
                    .is_some_and(|next| next.trim().is_empty()),
            });
        }
        start_of_line += line.len();
    }
    found
}

/// Where a comment starts in a line: the first `#` outside quotation marks. A text never runs over the end of a line.
pub(super) fn comment_in(line: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => {
                // A mark with no partner on its line opens nothing.
                quoted = if quoted { false } else { line[at + 1..].contains('"') };
            }
            '#' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}
