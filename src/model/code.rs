//! What a coding system calls a fact: kept beside it, so that systems that exchange it mean the same.
//!
//! Of SNOMED CT the number is looked at: a concept has 6 to 18 digits, of which the last guards against slips of the pen
//! (Verhoeff), and the two before it say that it is the number of a concept.

use super::Name;
use super::build::Builder;
use super::symbols::place;
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::syntax::tree;
use serde::Serialize;

/// A code of a coding system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The system: `snomed`, or any other.
    pub system: Name,
    /// What it calls the fact.
    pub code: String,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// How SNOMED CT is called here.
const SNOMED: &str = "snomed";

/// The table by which two digits are put together: the group of the symmetries of a pentagon.
const TOGETHER: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// What a digit counts for, by its place from the right.
const COUNTS: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/// Whether the last digit of a number is the one that the others ask for.
fn is_guarded(digits: &[u8]) -> bool {
    let places = digits.iter().rev().zip((0..8).cycle());
    places.fold(0, |sum, (digit, at)| TOGETHER[usize::from(sum)][usize::from(COUNTS[at][usize::from(*digit)])]) == 0
}

/// Whether a text is the number of a concept of SNOMED CT.
pub fn is_concept(text: &str) -> bool {
    let digits: Option<Vec<u8>> = text.chars().map(|it| it.to_digit(10).map(|digit| digit as u8)).collect();
    digits.is_some_and(|digits| {
        let of_a_concept = matches!(digits.as_slice(), [first, .., 0 | 1, 0, _] if *first != 0);
        (6..=18).contains(&digits.len()) && of_a_concept && is_guarded(&digits)
    })
}

impl Builder<'_> {
    /// What coding systems call a fact: each system once.
    pub(super) fn codes(&mut self, file: usize, it: &tree::Fact) -> Vec<Code> {
        let mut codes: Vec<Code> = Vec::new();
        for (system, code) in &it.codes {
            let at = place(file, code.at);
            if codes.iter().any(|other| other.system == system.text.as_str()) {
                let message = format!("`{}` has two codes of `{}`", it.name.text, system.text);
                let finding = Finding::new(Kind::SaidTwice, at, message);
                self.findings.push(finding.help("keep the one that is meant"));
                continue;
            }
            if system.text == SNOMED && !is_concept(&code.text) {
                let message = format!("`{}` is not the number of a concept of SNOMED CT", code.text);
                let help = "look for a slip of the pen: it has 6 to 18 digits, and the last follows from the others";
                self.findings.push(Finding::new(Kind::BadCode, at, message).help(help));
            }
            codes.push(Code { system: Name::from(&system.text), code: code.text.clone(), at });
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_concepts_are_known_and_slips_of_the_pen_are_seen() {
        // Clinical finding, diabetes mellitus, hypertensive disorder, fall; and one with the number of a country in it.
        for right in ["404684003", "73211009", "38341003", "1912002", "999000011000000103"] {
            assert!(is_concept(right), "{right}");
            // One digit wrong, or two that are neighbours the wrong way round.
            for at in 0..right.len() {
                for digit in '0'..='9' {
                    let mut other: Vec<char> = right.chars().collect();
                    other[at] = digit;
                    let other: String = other.into_iter().collect();
                    assert_eq!(is_concept(&other), other == right, "{other}");
                }
                if at + 1 < right.len() {
                    let mut other: Vec<char> = right.chars().collect();
                    other.swap(at, at + 1);
                    let other: String = other.into_iter().collect();
                    assert_eq!(is_concept(&other), other == right, "{other}");
                }
            }
        }
        for wrong in ["", "0", "12345", "0000000", "4046840030", "404684003x", "-404684003", "4.5"] {
            assert!(!is_concept(wrong), "{wrong}");
        }
    }
}
