//! What a number follows from, from what pest matched to the tree, and from the tree back to words.

use super::Rule;
use super::print_clauses::{literal, values};
use super::read::{P, Reader, parts, says};
use super::tree::*;

impl Reader {
    /// What a computed fact follows from.
    pub(super) fn computed(&mut self, pair: P<'_>) -> Option<Computed> {
        let at = self.at(&pair);
        let (mut from, mut rounding) = (None, None);
        let (mut divided_by, mut no_less, mut no_more) = (None, None, None);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::sum => from = Some(ComputedFrom::Sum(self.sum(part))),
                Rule::looked_up => from = Some(self.looked_up(part)?),
                Rule::rounded => {
                    rounding = Some(match () {
                        () if says(&part, Rule::UP) => Rounding::Up,
                        () if says(&part, Rule::DOWN) => Rounding::Down,
                        () => Rounding::Nearest,
                    });
                }
                Rule::divided_by => divided_by = self.first(part, Reader::literal),
                Rule::no_less => no_less = self.first(part, Reader::literal),
                Rule::no_more => no_more = self.first(part, Reader::literal),
                _ => {}
            }
        }
        Some(Computed { from: from?, divided_by, rounding, no_less, no_more, at })
    }

    /// Since what a number is counted.
    pub(super) fn elapsed(&mut self, pair: P<'_>) -> Option<Elapsed> {
        let (mut since, mut no_less, mut no_more, mut in_years) = (None, None, None, false);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::YEARS => in_years = true,
                Rule::name => since = Some(self.word(part)),
                Rule::no_less => no_less = self.first(part, Reader::literal),
                Rule::no_more => no_more = self.first(part, Reader::literal),
                _ => {}
            }
        }
        Some(Elapsed { in_years, since: since?, no_less, no_more })
    }

    fn sum(&mut self, pair: P<'_>) -> Vec<Term> {
        let (mut terms, mut minus) = (Vec::new(), false);
        for part in parts(pair) {
            if part.as_rule() == Rule::sign {
                minus = part.as_str() == "-";
                continue;
            }
            let mut term = Term { minus, name: None, number: None };
            for piece in parts(part) {
                match piece.as_rule() {
                    Rule::name => term.name = Some(self.word(piece)),
                    Rule::number => term.number = Some(self.literal(piece)),
                    _ => {}
                }
            }
            terms.push(term);
        }
        terms
    }

    fn looked_up(&mut self, pair: P<'_>) -> Option<ComputedFrom> {
        let name = self.only_word(pair.clone());
        let mut bands = Vec::new();
        for part in parts(pair).filter(|part| part.as_rule() == Rule::gives) {
            let mut pieces = parts(part);
            bands.push((self.values(pieces.next()?), self.literal(pieces.next()?)));
        }
        Some(ComputedFrom::Table(name, bands))
    }
}

/// The words of since what a number is counted.
pub(super) fn elapsed(it: &Elapsed) -> String {
    let mut words = format!("is {} since {}", if it.in_years { "years" } else { "days" }, it.since.text);
    let with = |words: &str, it: &Option<Literal>| it.as_ref().map(|it| format!(", {words} {}", it.text));
    words.extend(with("no less than", &it.no_less));
    words.extend(with("no more than", &it.no_more));
    words
}

/// The words of what a number follows from.
pub(super) fn computed(it: &Computed) -> String {
    let from = match &it.from {
        ComputedFrom::Sum(terms) => {
            let mut text = String::new();
            for (number, it) in terms.iter().enumerate() {
                if number > 0 {
                    text.push_str(if it.minus { " - " } else { " + " });
                }
                match (&it.number, &it.name) {
                    (Some(times), Some(name)) => text.push_str(&format!("{} times {}", times.text, name.text)),
                    (Some(number), None) => text.push_str(&number.text),
                    (None, name) => text.push_str(name.as_ref().map_or("", |name| &name.text)),
                }
            }
            text
        }
        ComputedFrom::Table(name, bands) => {
            let bands = bands.iter().map(|(of, gives)| format!("{} gives {}", values(of), literal(gives)));
            format!("from {} {}", name.text, bands.collect::<Vec<_>>().join(", "))
        }
    };
    let rounding = it.rounding.map(|rounding| match rounding {
        Rounding::Up => "rounded up",
        Rounding::Down => "rounded down",
        Rounding::Nearest => "rounded to the nearest",
    });
    let mut words = format!("is {from}");
    let with = |words: &str, it: &Option<Literal>| it.as_ref().map(|it| format!(", {words} {}", it.text));
    words.extend(with("divided by", &it.divided_by));
    words.extend(rounding.map(|rounding| format!(", {rounding}")));
    words.extend(with("no less than", &it.no_less));
    words.extend(with("no more than", &it.no_more));
    words
}
