//! The words that a group has agreed on: what to say, what not to, and what may stay.

use super::build::Builder;
use super::symbols::place;
use crate::diagnostic::{Finding, Kind, Place};
use crate::syntax::tree::{Block, ClauseKind, Text};

/// The most words in a row that are agreed on, and the most rules: far more than anyone keeps in mind.
const MAX_WORDS: usize = 10;
const MAX_RULES: usize = 1_000;

/// A word that is agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordRule {
    /// What is agreed.
    pub wording: Wording,
    /// Where it stands.
    pub at: Place,
    /// The files it counts for, in order: its own, and every file that reaches it by `use`.
    pub files: Vec<u32>,
}

/// What is agreed on a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// One says the one, and not the other.
    Say {
        /// What one says.
        say: String,
        /// What one does not.
        not: String,
    },
    /// It may be said.
    Keep(String),
}

impl Builder<'_> {
    /// Reads a block `words`.
    pub(super) fn read_words(&mut self, file: usize, block: &Block) {
        let reaches = |from: usize| self.symbols.reach(from).contains(&file);
        let files: Vec<u32> = (0..self.sources.len()).filter(|from| reaches(*from)).map(|from| from as u32).collect();
        for clause in &block.clauses {
            let (say, others) = match &clause.kind {
                ClauseKind::Say { say, not } if self.has_a_word(file, say) => (Some(&say.text), not),
                ClauseKind::Keep(texts) => (None, texts),
                _ => continue,
            };
            for text in others {
                if !self.has_a_word(file, text) {
                    continue;
                }
                let wording = match say {
                    Some(say) => Wording::Say { say: say.clone(), not: text.text.clone() },
                    None => Wording::Keep(text.text.clone()),
                };
                self.agree(WordRule { wording, at: place(file, text.at), files: files.clone() });
            }
        }
    }

    /// Whether a text is a word, or a few.
    fn has_a_word(&mut self, file: usize, text: &Text) -> bool {
        let has = text.text.chars().any(char::is_alphanumeric);
        let count = text.text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        if count > MAX_WORDS {
            let message = format!("{count} words stand between these marks; up to {MAX_WORDS} are looked for");
            self.findings.push(Finding::new(Kind::TooLarge, place(file, text.at), message));
            return false;
        }
        if !has {
            let finding = Finding::new(Kind::MissingClause, place(file, text.at), "no word stands between these marks");
            self.findings
                .push(finding.help("it reads like this: `say \"person\" not \"patient\"`, or `keep \"client\"`"));
        }
        has
    }

    /// Keeps what is agreed, unless something else is agreed on the same word for the same file.
    fn agree(&mut self, rule: WordRule) {
        let about = |wording: &Wording| match wording {
            Wording::Say { not, .. } => not.to_lowercase(),
            Wording::Keep(text) => text.to_lowercase(),
        };
        let word = about(&rule.wording);
        let message = match &rule.wording {
            Wording::Say { say, .. } if say.to_lowercase() == word => {
                Some((format!("`{word}` cannot be said instead of itself"), None))
            }
            _ => {
                let first = self.words.iter().find(|first| {
                    about(&first.wording) == word && first.files.iter().any(|file| rule.files.contains(file))
                });
                first.map(|first| (format!("two things are agreed on `{word}`"), Some(first.at)))
            }
        };
        if self.words.len() > MAX_RULES {
            return;
        }
        if self.words.len() == MAX_RULES {
            let message = format!("more than {MAX_RULES} words are agreed on");
            self.findings.push(Finding::new(Kind::TooLarge, rule.at, message));
        }
        let Some((message, first)) = message else { return self.words.push(rule) };
        let finding = Finding::new(Kind::SaidTwice, rule.at, message).help("keep the one that is meant");
        self.findings.push(match first {
            Some(first) => finding.and(first, "agreed first here"),
            None => finding,
        });
    }
}
