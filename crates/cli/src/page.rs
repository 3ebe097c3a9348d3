//! What people read: plain lines of words, wrapped, with colour only where it adds nothing but ease.
//!
//! *Invariant*: whatever stands in a file, no control character of it reaches the terminal.

use std::fmt::Write as _;

/// How wide a line of words may be.
const WIDTH: usize = 100;

/// How a few words stand out. The words themselves always say the same without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A heading.
    Bold,
    /// An error, a failure.
    Bad,
    /// A warning.
    Warning,
    /// Something that went well.
    Good,
    /// What to do about it.
    Help,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Bad => "1;31",
            Style::Warning => "1;33",
            Style::Good => "1;32",
            Style::Help => "1;36",
        }
    }
}

/// A page of human output.
#[derive(Clone, Debug, Default)]
pub struct Page {
    text: String,
    colour: bool,
}

impl Page {
    /// An empty page, in colour or not.
    pub fn new(colour: bool) -> Page {
        Page { text: String::new(), colour }
    }

    /// What was written.
    pub fn text(self) -> String {
        self.text
    }

    /// An empty line, unless there is one already.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A line of words, wrapped.
    pub fn line(&mut self, indent: usize, words: &str) {
        self.item(indent, "", words);
    }

    /// A line that starts with a mark, such as `1. `; the words are wrapped beside it.
    pub fn item(&mut self, indent: usize, mark: &str, words: &str) {
        let hanging = indent + mark.chars().count();
        let mut first = true;
        for part in clean(words).split('\n') {
            for line in wrapped(part, WIDTH.saturating_sub(hanging).max(20)) {
                let spaces = if first { indent } else { hanging };
                let start = if first { mark } else { "" };
                let line = format!("{:spaces$}{start}{line}", "");
                self.text.push_str(line.trim_end());
                self.text.push('\n');
                first = false;
            }
        }
    }

    /// A heading.
    pub fn heading(&mut self, words: &str) {
        for line in wrapped(&clean(words), WIDTH) {
            self.styled(Style::Bold, &line);
            self.text.push('\n');
        }
    }

    /// A line that starts with a word that stands out.
    pub fn tagged(&mut self, indent: usize, style: Style, tag: &str, words: &str) {
        let at = self.text.len() + indent;
        self.item(indent, "", &format!("{tag}{words}"));
        if self.colour && self.text[at..].starts_with(tag) {
            self.text.insert_str(at + tag.len(), "\u{1b}[0m");
            self.text.insert_str(at, &format!("\u{1b}[{}m", style.code()));
        }
    }

    /// A line as it stands in a file, not wrapped.
    pub fn verbatim(&mut self, indent: usize, line: &str) {
        let line = format!("{:indent$}{}", "", clean(line));
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn styled(&mut self, style: Style, words: &str) {
        if self.colour {
            // Writing to a string does not fail.
            let _ = write!(self.text, "\u{1b}[{}m{words}\u{1b}[0m", style.code());
        } else {
            self.text.push_str(words);
        }
    }
}

/// Words without anything that would move the cursor, change colours or turn the direction of writing.
pub fn clean(words: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let plain = |c: char| match c {
        '\t' => ' ',
        '\n' => '\n',
        c if c.is_control() || unseen(c) => '\u{FFFD}',
        c => c,
    };
    words.chars().map(plain).collect()
}

/// How many columns a character takes on most terminals.
pub fn columns(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F => 2,
        0xFF00..=0xFF60 | 0x1F300..=0x1F64F | 0x1F900..=0x1F9FF | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in words.split(' ') {
        let wide: usize = word.chars().map(columns).sum();
        let last = lines.len() - 1;
        if used > 0 && used + 1 + wide > width {
            lines.push(word.to_string());
            used = wide;
        } else {
            if used > 0 || lines[last].ends_with(' ') {
                lines[last].push(' ');
                used += 1;
            }
            lines[last].push_str(word);
            used += wide;
        }
    }
    lines
}
