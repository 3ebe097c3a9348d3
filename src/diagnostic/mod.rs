//! What Onward says when something is not right: findings, each of a named kind, each at a place in a file.
//!
//! A finding speaks to the people who wrote the pathway. Its message is one plain sentence that starts in lower case
//! and quotes their own words in backticks. Nothing of Rust and nothing of the grammar shows through.
//!
//! *May use*: nothing else of Onward. *Invariant*: every finding has a [`Kind`], and every kind has a
//! page that explains it, with an example that is run as a test.

mod registry;

use serde::Serialize;
use std::fmt;

pub use registry::{Kind, Severity};

/// A piece of a source text, in bytes: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The piece from `start` up to `end`, both in bytes. Sources are limited to far less than 4 GiB.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
    }

    /// The smallest piece that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The words at this place of `text`; empty when the place is not in it.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// One file as it was given: its name (a path with forward slashes, or any name the host chose) and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name findings are reported under, and that `use "…"` refers to.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// Where each line starts.
    lines: Vec<u32>,
}

impl Source {
    /// A source of that name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| Span::new(at + 1, at + 1).start)).collect();
        Source { name: name.into(), text, lines }
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub fn line_and_column(&self, byte: u32) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let mut end = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text.get(start as usize..end).unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// A place in one of the sources that were compiled together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Which source, counted from 0 in the order they were given.
    pub source: u32,
    /// Where in it.
    pub span: Span,
}

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// A few words, may be empty.
    pub text: String,
}

/// A change to a source that, when made, makes the finding go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to replace. An empty piece means: insert here.
    pub place: Place,
    /// What to write there.
    pub text: String,
}

/// One thing that is not right, where it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding it is.
    pub kind: Kind,
    /// One plain sentence, in lower case, in the author's own words.
    pub message: String,
    /// Where it is.
    pub at: Label,
    /// Other places it mentions.
    pub others: Vec<Label>,
    /// What to do, in plain words.
    pub help: Option<String>,
    /// What to write instead.
    pub suggestion: Option<Suggestion>,
}

impl Finding {
    /// A finding of that kind at that place.
    pub fn new(kind: Kind, place: Place, message: impl Into<String>) -> Finding {
        let at = Label { place, text: String::new() };
        Finding {
            kind,
            message: quoting_in_short(message.into()),
            at,
            others: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    /// Adds a few words at the place itself.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Finding {
        self.at.text = quoting_in_short(text.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.others.push(Label { place, text: quoting_in_short(text.into()) });
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Finding {
        self.help = Some(quoting_in_short(text.into()));
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn suggest(mut self, place: Place, text: impl Into<String>) -> Finding {
        self.suggestion = Some(Suggestion { place, text: text.into() });
        self
    }
}

/// Something that was found, and that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// What was found.
    pub finding: Finding,
    /// Why it may stay so.
    pub because: String,
    /// Who answers for it: a role.
    pub by: String,
    /// The last day on which it is allowed.
    pub until: String,
}

/// Everything that was found in a set of sources, in the order of the places.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The sources as they were given.
    pub sources: Vec<Source>,
    /// The findings, by source and place.
    pub findings: Vec<Finding>,
    /// What was found too, and is allowed by the authors; never an error.
    pub allowed: Vec<Allowed>,
}

impl Report {
    /// A report on those sources; findings are put in the order of their places, and the same said twice is said once.
    pub fn new(sources: Vec<Source>, mut findings: Vec<Finding>) -> Report {
        findings.sort_by(|a, b| (a.at.place, a.kind, &a.message).cmp(&(b.at.place, b.kind, &b.message)));
        findings.dedup();
        Report { sources, findings, allowed: Vec::new() }
    }

    /// Whether anything found keeps the sources from being read.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.severity() == Severity::Error)
    }

    /// The source a place is in.
    pub fn source(&self, place: Place) -> Option<&Source> {
        self.sources.get(place.source as usize)
    }
}

impl fmt::Display for Report {
    /// One line a finding: file, line, column, kind and message. The command line draws them more fully.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let (name, line, column) = match self.source(finding.at.place) {
                Some(source) => {
                    let (line, column) = source.line_and_column(finding.at.place.span.start);
                    (source.name.as_str(), line, column)
                }
                None => ("", 1, 1),
            };
            let Finding { kind, message, .. } = finding;
            writeln!(out, "{name}:{line}:{column}: {}[{}]: {message}", kind.severity(), kind.name())?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// Names longer than this are not guessed at.
const LONGEST_GUESS: usize = 80;

/// The names nearest to a mistyped one, best first, at most three: for "did you mean".
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    by_distance(word, known).into_iter().take(3).map(|(_, name)| name).collect()
}

/// The most characters that are shown of something that was given: enough to know it again.
const SHOWN: usize = 120;

/// What was given, as far as it is shown when it is repeated: nobody reads on where it goes on and on.
pub fn in_short(given: &str) -> String {
    match given.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", given.get(..end).unwrap_or_default()),
        None => given.to_string(),
    }
}

/// A sentence in which whatever stands in backticks is shown as [`in_short`] does.
fn quoting_in_short(sentence: String) -> String {
    if sentence.len() <= SHOWN {
        return sentence;
    }
    let parts = sentence.split('`').enumerate();
    let short = parts.map(|(number, part)| if number % 2 == 1 { in_short(part) } else { part.to_string() });
    short.collect::<Vec<_>>().join("`")
}

/// The name that was surely meant by a mistyped one: the nearest, where no other is as near.
pub fn surely_meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    match by_distance(word, known).as_slice() {
        [(nearest, _), (next, _), ..] if nearest == next => None,
        near => near.first().map(|(_, name)| *name),
    }
}

/// The names that are near to a mistyped one, and how far each is, the nearest first.
fn by_distance<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    // Any other letter is as near to a single one.
    if word.len() > LONGEST_GUESS || word.chars().count() < 2 {
        return Vec::new();
    }
    let allowed = (word.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= allowed + 1 && *name != word)
        .map(|name| (strsim::osa_distance(word, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    // Of two as near, the longer: a letter is more often left out than put in.
    near.sort_unstable_by_key(|(distance, name)| (*distance, std::cmp::Reverse(name.len()), *name));
    near.dedup();
    near
}

/// A text with the changes made that are suggested in it, and how many were; of changes that overlap, the first.
pub fn mended(text: &str, mut suggestions: Vec<&Suggestion>) -> (String, usize) {
    suggestions.sort_by_key(|it| (it.place.span.start, it.place.span.end));
    suggestions.dedup();
    let mut kept: Vec<&Suggestion> = Vec::new();
    for suggestion in suggestions {
        if kept.last().is_none_or(|last| last.place.span.end < suggestion.place.span.start) {
            kept.push(suggestion);
        }
    }
    let mut text = text.to_string();
    let mut made = 0;
    for suggestion in kept.into_iter().rev() {
        let (start, end) = (suggestion.place.span.start as usize, suggestion.place.span.end as usize);
        if text.get(start..end).is_some() {
            text.replace_range(start..end, &suggestion.text);
            made += 1;
        }
    }
    (text, made)
}
