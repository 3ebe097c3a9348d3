//! What is looked at before a file is read: is it text, is it there, is it of a size and depth a person could write.

use crate::diagnostic::{Finding, Kind, Place, Span};

/// The largest file that is read: one mebibyte. The largest real pathway is a twentieth of that.
pub const MAX_BYTES: usize = 1 << 20;

/// The deepest nesting of brackets, and the longest run of `not`, that is read.
pub const MAX_NESTING: usize = 40;

/// The text of a file's bytes, or the finding that says why it is not text. The place is the first bad byte.
///
/// # Errors
/// `too-large` when there are more than [`MAX_BYTES`]; `not-text` when the bytes are not UTF-8.
pub fn text_of(source: u32, bytes: Vec<u8>) -> Result<String, Box<Finding>> {
    if bytes.len() > MAX_BYTES {
        return Err(Box::new(too_large(source, bytes.len())));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let place = Place { source, span: Span::new(at, at) };
        Box::new(
            Finding::new(Kind::NotText, place, "this file is not plain text")
                .help("save it as plain text (UTF-8); a word processor's own format cannot be read"),
        )
    })
}

fn too_large(source: u32, bytes: usize) -> Finding {
    let place = Place { source, span: Span::new(0, 0) };
    Finding::new(
        Kind::TooLarge,
        place,
        format!("this file has {bytes} bytes; a pathway file may have {MAX_BYTES} at the most"),
    )
    .help("split it into several files and join them with `use`")
}

pub(super) fn check(source: u32, text: &str) -> Result<(), Box<Finding>> {
    if text.len() > MAX_BYTES {
        return Err(Box::new(too_large(source, text.len())));
    }
    let mut anything = false;
    let (mut depth, mut nots) = (0usize, 0usize);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '#' => while rest.next_if(|(_, c)| *c != '\n').is_some() {},
            '"' => {
                anything = true;
                while rest.next_if(|(_, c)| *c != '"' && *c != '\n').is_some() {}
                rest.next_if(|(_, c)| *c == '"');
            }
            c if c.is_whitespace() || c == '\u{FEFF}' => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c => {
                let mut end = at + c.len_utf8();
                while let Some((at, c)) = rest.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                    end = at + c.len_utf8();
                }
                nots = if &text[at..end] == "not" { nots + 1 } else { 0 };
            }
        }
        anything |= !c.is_whitespace() && c != '#' && c != '\u{FEFF}';
        if depth > MAX_NESTING || nots > MAX_NESTING {
            let what = if nots > MAX_NESTING { "`not`s stand in a row" } else { "brackets are open at once" };
            let place = Place { source, span: Span::new(at, at + 1) };
            return Err(Box::new(
                Finding::new(Kind::TooDeep, place, format!("more than {MAX_NESTING} {what} here"))
                    .help("give the inner part a decision of its own"),
            ));
        }
    }
    if !anything {
        let place = Place { source, span: Span::new(0, 0) };
        return Err(Box::new(
            Finding::new(Kind::EmptyFile, place, "there is nothing in this file")
                .help("a pathway file starts with `onward 1`; docs/first-pathway.md shows the rest"),
        ));
    }
    Ok(())
}
