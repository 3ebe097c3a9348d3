//! From text to a tree, and from a tree to text in one layout.
//!
//! [`parse`] reads a file by `grammar/onward.pest` and reports every independent mistake in one run; [`format()`] lays a
//! file out, comments kept. Nothing here knows what a name refers to.
//!
//! *May use*: `diagnostic`. *Invariants*: no text makes [`parse`] panic or recurse without bound; printing a tree and
//! reading it again gives the same tree; no rule of the grammar is named in a finding.

mod clauses;
mod clauses_computed;
mod clauses_meeting;
mod clauses_scenario;
mod comments;
mod guard;
mod print;
mod print_clauses;
mod print_facts;
mod print_scenario;
mod read;
mod recover;
mod said;
pub mod tree;

use crate::diagnostic::{Finding, Kind, Place, Span, nearest};
use pest::Parser as _;

pub(crate) use clauses_meeting::meeting_words;
pub use guard::{MAX_BYTES, MAX_NESTING, text_of};
pub use print::print;
pub(crate) use print_clauses::{condition as condition_words, outcome_words, promise_words};
pub(crate) use recover::written as block_word;
pub(crate) use said::{Said, said};

/// What pest makes of `grammar/onward.pest`. The rules stay inside this room.
mod grammar {
    #![allow(missing_docs)]
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/onward.pest"]
    pub struct Grammar;
}
use grammar::{Grammar, Rule};

/// The version of the language this release reads, as in `onward 1`.
pub const LANGUAGE_VERSION: u32 = 1;

/// The most findings about what cannot be read that are listed for one file.
const MAX_FINDINGS: usize = 1_000;

/// Reads a file. `source` is its number among the sources compiled together. The tree holds everything that could be
/// read; the findings name everything that could not.
pub fn parse(source: u32, text: &str) -> (tree::File, Vec<Finding>) {
    if let Err(finding) = guard::check(source, text) {
        return (tree::File { unread: true, ..tree::File::default() }, vec![*finding]);
    }
    let mut reader = read::Reader::new(source, 0);
    let mut file = match Grammar::parse(Rule::file, text) {
        Ok(pairs) => reader.file(pairs),
        Err(error) => {
            // The grammar catches whatever it cannot read, so this is a text no rule foresaw. It is still the
            // author's file: say where, plainly.
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            let place = Place { source, span: Span::new(at, at) };
            reader.findings.push(Finding::new(Kind::UnreadableBlock, place, "this cannot be read from here on"));
            tree::File { unread: true, ..tree::File::default() }
        }
    };
    file.comments = comments::collect(text);
    let tried = text.trim_start_matches('\u{FEFF}').split_whitespace().next().unwrap_or("");
    match &file.language {
        // Said already, where it stands.
        None if tried.trim_end_matches(':').eq_ignore_ascii_case("onward") => {}
        None => reader.findings.push(
            Finding::new(
                Kind::NoLanguageVersion,
                Place { source, span: Span::new(0, text.lines().next().unwrap_or("").len()) },
                "this file does not say which version of the language it is written in",
            )
            .help("write `onward 1` on the first line")
            .suggest(Place { source, span: version_line(text) }, "onward 1\n\n"),
        ),
        Some(version) if version.value != LANGUAGE_VERSION => reader.findings.push(
            Finding::new(
                Kind::NoLanguageVersion,
                Place { source, span: version.at.0 },
                format!(
                    "this file is written in version `{}` of the language, which this Onward does not read",
                    version.value
                ),
            )
            .help(format!("this Onward reads version {LANGUAGE_VERSION}: use a newer Onward, or write `onward 1`")),
        ),
        Some(_) => {}
    }
    if reader.findings.len() > MAX_FINDINGS {
        let message = format!(
            "{} things in this file cannot be read; the first {MAX_FINDINGS} are listed",
            reader.findings.len()
        );
        reader.findings.truncate(MAX_FINDINGS);
        reader.findings.push(Finding::new(Kind::TooLarge, Place { source, span: Span::new(0, 0) }, message));
    }
    (file, reader.findings)
}

/// The line that was meant to say the version and is written otherwise, with the empty lines behind it; where there is
/// none, nothing, at the very beginning.
fn version_line(text: &str) -> Span {
    let line = text.lines().next().unwrap_or("");
    let mut words = line.split_whitespace();
    let meant = words.next().is_some_and(|word| !nearest(word, ["onward"]).is_empty());
    if !meant || words.next() != Some("1") || words.next().is_some() {
        return Span::new(0, 0);
    }
    let behind = text.get(line.len()..).unwrap_or("");
    let empty = behind.len() - behind.trim_start_matches(['\r', '\n']).len();
    Span::new(0, line.len() + empty)
}

/// Lays a file out: the same words in one layout, comments kept. A file that cannot be read is returned as findings,
/// and so is one whose laid-out text would not read the same again (which would be a mistake of ours; nothing is lost).
pub fn format(source: u32, text: &str) -> Result<String, Vec<Finding>> {
    let (file, findings) = parse(source, text);
    if !findings.is_empty() {
        return Err(findings);
    }
    let printed = print(&file);
    if let Err(finding) = guard::check(source, &printed) {
        return Err(vec![
            finding.help("laid out, the file would be too large; split it and join the parts with `use`"),
        ]);
    }
    let (again, findings) = parse(source, &printed);
    let same = again.language == file.language
        && again.blocks == file.blocks
        && again.comments.iter().map(|c| &c.text).eq(file.comments.iter().map(|c| &c.text));
    if same && findings.is_empty() {
        return Ok(printed);
    }
    let place = Place { source, span: Span::new(0, 0) };
    Err(vec![Finding::new(
        Kind::UnreadableBlock,
        place,
        "laying this file out would have changed what it says, so it was left as it is; please report this",
    )])
}
