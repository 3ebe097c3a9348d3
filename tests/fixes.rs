//! What is suggested, done as `onward check --fix` does it, helps: in pathways whose author made a slip of the pen, and in
//! those that leave something behind, every finding that suggests something goes away, and no error comes that the
//! pathway did not have before the slip.
//!
//! `ONWARD_CASES` makes it look at more of them, `ONWARD_SAY=1` says how often each kind occurred.
#![allow(clippy::panic)]

mod careful;
mod common;
mod worlds;

use onward::Source;
use onward::diagnostic::{Finding, Report, Suggestion, mended};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

/// How often it is looked again, as the command does.
const ROUNDS: usize = 10;

fn report(text: &str) -> Report {
    common::compile(vec![Source::new("small.pathway", text)]).1
}

/// What stands against a pathway, by kind and line.
fn errors(report: &Report) -> BTreeMap<(String, usize), usize> {
    let mut errors = BTreeMap::new();
    for finding in report.findings.iter().filter(|it| it.kind.severity().is_error()) {
        let (_, line) = common::place_of(report, finding);
        *errors.entry((finding.kind.to_string(), line)).or_default() += 1;
    }
    errors
}

fn suggesting(report: &Report) -> impl Iterator<Item = (&Finding, &Suggestion)> {
    report.findings.iter().filter_map(|it| Some((it, it.suggestion.as_ref()?)))
}

/// The text when nothing more is suggested in it.
fn fixed(text: &str, tally: &RefCell<BTreeMap<String, usize>>) -> String {
    let mut text = text.to_string();
    for _ in 0..ROUNDS {
        let report = report(&text);
        let suggestions: Vec<&Suggestion> = suggesting(&report).map(|(_, suggestion)| suggestion).collect();
        for (finding, _) in suggesting(&report) {
            *tally.borrow_mut().entry(finding.kind.to_string()).or_default() += 1;
        }
        if suggestions.is_empty() {
            break;
        }
        text = mended(&text, suggestions).0;
    }
    text
}

/// The same text with two letters of one of its longer words changed about: a slip of the pen.
fn slip(text: &str, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    let mut quoted = false;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        quoted ^= letter == '"' && start.is_none();
        match (start, letter.is_ascii_lowercase() || letter == '_') {
            (None, true) if !quoted => start = Some(at),
            (Some(from), false) => {
                words.extend((at - from >= 6).then_some((from, at)));
                start = None;
                quoted ^= letter == '"';
            }
            _ => {}
        }
    }
    let which = dice.below(256) * 256 + dice.below(256);
    let (from, to) = *words.get(which % words.len().max(1))?;
    let at = from + 1 + dice.below(to - from - 3);
    let mut letters = text.as_bytes().to_vec();
    letters.swap(at, at + 1);
    String::from_utf8(letters).ok().filter(|other| other != text)
}

#[test]
fn what_is_suggested_helps_and_does_no_harm() {
    let tally = RefCell::new(BTreeMap::new());
    for_all(192, 600, |dice| {
        let text = if dice.below(3) == 2 { worlds::pathway(dice) } else { careful::pathway(dice) };
        // What was suggested before the slip is done first, and must help as well.
        let before = errors(&report(&text));
        let good = fixed(&text, &tally);
        let after = report(&good);
        prop_assert_eq!(suggesting(&after).count(), 0, "it goes on suggesting\n{}", good);
        let worse = |from: &BTreeMap<(String, usize), usize>, to: &BTreeMap<(String, usize), usize>| {
            to.iter().find(|(what, times)| from.get(*what).is_none_or(|before| before < *times)).map(|it| it.0.clone())
        };
        let errors_after = errors(&after);
        prop_assert_eq!(worse(&before, &errors_after), None, "{}\n{}", good, after);
        let Some(slipped) = slip(&good, dice) else { return Ok(()) };
        if suggesting(&report(&slipped)).next().is_none() {
            return Ok(());
        }
        let mended = fixed(&slipped, &tally);
        let last = report(&mended);
        prop_assert_eq!(suggesting(&last).count(), 0, "it goes on suggesting\n{}\n{}", mended, last);
        prop_assert_eq!(worse(&errors_after, &errors(&last)), None, "{}\n{}\n{}", slipped, mended, last);
        *tally.borrow_mut().entry("slips that were mended".to_string()).or_default() += 1;
        Ok(())
    });
    let tally = tally.into_inner();
    if std::env::var_os("ONWARD_SAY").is_some() {
        tally.iter().for_each(|(what, times)| println!("{times:>6}  {what}"));
    }
    for what in ["not-handed-over", "slips that were mended", "unknown-name"] {
        assert!(tally.contains_key(what), "no {what}: {tally:?}");
    }
}
