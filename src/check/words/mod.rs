//! Words that divide the people who work together, or speak ill of the person: found wherever a file speaks to people.
//!
//! Looked at file by file, over what was written, since a title belongs to no path. The words are data, in `table`;
//! what a group has agreed on under `words` comes before it.

mod table;

use crate::diagnostic::{Finding, Kind, Place, Span};
use crate::model::{WordRule, Wording};
use crate::syntax::tree::{At, File};
use crate::syntax::{Said, said};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use table::DIVIDING;

/// Warns of words that divide, in every file.
pub fn check(files: &[File], rules: &[WordRule]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let terms = Terms::of(number as u32, rules);
        for said in said(file) {
            match said {
                Said::Text(text) => {
                    // The first letter stands behind the quotation mark.
                    let start = text.at.0.start as usize + 1;
                    for found in terms.find(&text.text) {
                        findings.push(found.in_a_text(number as u32, start, &text.text));
                    }
                }
                Said::Name(name) => {
                    let found = terms.find(&name.text);
                    findings.extend(found.first().map(|found| found.in_a_name(number as u32, name.at, &name.text)));
                }
            }
        }
    }
    findings
}

/// What is known of a word, or of a few in a row.
enum Term<'r> {
    /// It may be said.
    Kept,
    /// It divides, for a reason that everybody can read.
    Divides { better: &'static str, why: &'static str },
    /// A group has agreed to say something else; nothing, where its form is not known.
    Agreed { better: Option<String>, rule: &'r WordRule, say: &'r str },
}

/// The words that matter in one file, by how they read in small letters with single spaces.
struct Terms<'r> {
    terms: BTreeMap<String, Term<'r>>,
    /// Of how many words they are, the most first.
    lengths: Vec<usize>,
}

/// A word that was found.
struct Found<'t> {
    term: &'t Term<'t>,
    /// Where it stands in its text.
    span: std::ops::Range<usize>,
}

impl<'r> Terms<'r> {
    fn of(file: u32, rules: &'r [WordRule]) -> Terms<'r> {
        let mut terms: BTreeMap<String, Term<'r>> = BTreeMap::new();
        let here = || rules.iter().filter(|rule| rule.files.contains(&file));
        for rule in here() {
            // Whoever agrees on saying a word may say it.
            let (Wording::Keep(kept) | Wording::Say { say: kept, .. }) = &rule.wording;
            let kept = plain(kept);
            terms.insert(format!("{kept}s"), Term::Kept);
            terms.insert(kept, Term::Kept);
        }
        for rule in here() {
            let Wording::Say { say, not } = &rule.wording else { continue };
            let not = plain(not);
            let many = Term::Agreed { better: of_many(say), rule, say };
            terms.entry(format!("{not}s")).or_insert(many);
            terms.entry(not).or_insert(Term::Agreed { better: Some(say.clone()), rule, say });
        }
        for dividing in DIVIDING {
            for (word, better) in dividing.says {
                terms.entry((*word).to_string()).or_insert(Term::Divides { better, why: dividing.why });
            }
        }
        let lengths: BTreeSet<usize> = terms.keys().map(|key| key.split(' ').count()).collect();
        Terms { terms, lengths: lengths.into_iter().rev().collect() }
    }

    /// The words in a text that are not to be said, in order; of two that begin at one place the longer.
    fn find(&self, text: &str) -> Vec<Found<'_>> {
        let words = words(text);
        let mut found = Vec::new();
        let mut at = 0;
        while words.get(at).is_some() {
            let longest = self.lengths.iter().find_map(|length| {
                let run = words.get(at..at + length).filter(|run| in_one_breath(text, run))?;
                let key: Vec<String> = run.iter().map(|word| text[word.clone()].to_lowercase()).collect();
                let term = self.terms.get(&key.join(" "))?;
                Some((term, run.first()?.start..run.last()?.end, *length))
            });
            match longest {
                Some((term, span, length)) => {
                    if !matches!(term, Term::Kept) {
                        found.push(Found { term, span });
                    }
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

impl Found<'_> {
    fn better(&self) -> Option<&str> {
        match self.term {
            Term::Kept => None,
            Term::Divides { better, .. } => Some(*better).filter(|better| !better.is_empty()),
            Term::Agreed { better, .. } => better.as_deref(),
        }
    }

    fn in_a_text(&self, source: u32, start: usize, text: &str) -> Finding {
        let said = &text[self.span.clone()];
        let place = Place { source, span: Span::new(start + self.span.start, start + self.span.end) };
        // `the patients' wishes` needs more than another word.
        let owns = said.ends_with(['s', 'S']) && text[self.span.end..].starts_with(['\'', '\u{2019}']);
        let better = self.better().map(|better| in_capitals_of(said, better));
        let finding = self.finding(place, better.as_deref(), format!("`{said}`"));
        match better.filter(|_| !owns) {
            Some(better) => finding.suggest(place, better),
            None => finding,
        }
    }

    fn in_a_name(&self, source: u32, at: At, name: &str) -> Finding {
        let said = &name[self.span.clone()];
        let better = self.better().map(|better| better.replace(' ', "_"));
        let spoken = match said == name {
            true => format!("the name `{name}`"),
            false => format!("`{said}`, as in the name `{name}`,"),
        };
        let finding = self.finding(Place { source, span: at.0 }, None, spoken);
        let Some(better) = better else { return finding };
        let renamed = format!("{}{better}{}", &name[..self.span.start], &name[self.span.end..]);
        let help = finding.help.clone().unwrap_or_default();
        finding.help(format!("another name would be `{renamed}`, wherever it is written; {help}"))
    }

    fn finding(&self, place: Place, better: Option<&str>, said: String) -> Finding {
        let keep = "where it is meant, write `words` and below it `keep` with that word";
        match self.term {
            Term::Agreed { rule, say, .. } => {
                let message = format!("{said} is not what was agreed on: say `{}`", better.unwrap_or(say));
                Finding::new(Kind::DividingWord, place, message)
                    .and(rule.at, "agreed on here")
                    .help("say what you agreed on, or agree on something else")
            }
            Term::Divides { why, .. } => {
                let message = match better {
                    Some(better) => format!("{said} divides those who read it; `{better}` does not"),
                    None => format!("{said} divides those who read it"),
                };
                Finding::new(Kind::DividingWord, place, message).help(format!("{why}; {keep}"))
            }
            Term::Kept => Finding::new(Kind::DividingWord, place, said),
        }
    }
}

/// Where the words of a text stand: letters and digits in a row.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
        let end = at + letter.len_utf8();
        match words.last_mut().filter(|word| word.end == at) {
            Some(word) => word.end = end,
            None => words.push(at..end),
        }
    }
    words
}

/// Whether only spaces, hyphens and `_` stand between words.
fn in_one_breath(text: &str, words: &[std::ops::Range<usize>]) -> bool {
    words.windows(2).all(|pair| match pair {
        [one, other] => text[one.end..other.start]
            .chars()
            .all(|between| matches!(between, ' ' | '-' | '_' | '\u{2010}' | '\u{2011}')),
        _ => true,
    })
}

/// A word or a few as they are looked up: small letters, single spaces.
fn plain(text: &str) -> String {
    words(text).into_iter().map(|word| text[word].to_lowercase()).collect::<Vec<_>>().join(" ")
}

/// The form for several, where it is known.
fn of_many(word: &str) -> Option<String> {
    let rest = word.strip_prefix("person")?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| format!("people{rest}"))
}

/// What is better, with the capitals of what was said.
fn in_capitals_of<'b>(said: &str, better: &'b str) -> Cow<'b, str> {
    let letters = || said.chars().filter(|letter| letter.is_alphabetic());
    let mut rest = better.chars();
    match rest.next() {
        _ if letters().count() > 1 && letters().all(char::is_uppercase) => better.to_uppercase().into(),
        Some(first) if letters().next().is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(rest).collect::<String>().into()
        }
        _ => better.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_better_is_said_with_the_capitals_of_what_was_said() {
        let better = |said: &str| in_capitals_of(said, "older people").into_owned();
        assert_eq!(
            ["elderly", "Elderly", "ELDERLY", "E. L."].map(better),
            ["older people", "Older people", "OLDER PEOPLE", "OLDER PEOPLE"]
        );
        // One capital is the beginning of a sentence, not a shout.
        assert_eq!(better("I"), "Older people");
    }
}
