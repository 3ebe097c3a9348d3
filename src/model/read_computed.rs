//! Computed facts, from words to parts of a sum and what stands behind it: names looked up, units made the same,
//! rounding asked for where it is needed.

use super::build::Builder;
use super::computed::{Computed, Rounding};
use super::facts::{Fact, Number, Part, Points, Score};
use super::read_facts::{Gives, title};
use super::symbols::{What, place};
use super::value::{Domain, Ranges, decimals_of, scaled};
use super::{FactId, Name, ScoreId};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, ClauseKind, ComputedFrom, File, Literal, LiteralKind, Word};

/// How many computed facts may follow from one another, one after the other.
const MAX_DEPTH: usize = 32;

/// How many computed facts there may be.
const MAX_COMPUTED: usize = 1_000;

/// How many numbers one computed fact may come to look at, those behind other computed facts counted each time.
const MAX_NUMBERS: usize = 1_000;

/// The largest number that is reckoned with.
const LARGEST: i128 = 1 << 53;

/// What is known of a computed fact that has been read: the least and the most it can come to, whatever was declared, and
/// how many numbers it looks at.
#[derive(Clone, Copy, Debug)]
struct Known {
    range: (i128, i128),
    numbers: usize,
}

/// A number in a sum: where it comes from, how many digits stand behind its point, and what it can be.
struct Source {
    number: Number,
    decimals: u32,
    known: Known,
    /// The numbers it is a whole many times of, all of them: its least, and from one value to the next.
    grain: [i128; 2],
}

/// The parts of a sum, before what stands behind it is known.
struct Summed {
    parts: Vec<Part>,
    decimals: u32,
    known: Known,
    grains: Vec<i128>,
}

/// The computed facts of some files, with the number of the file each stands in.
pub(super) fn all_of(files: &[File]) -> impl Iterator<Item = (usize, &tree::Fact, &tree::Computed)> {
    let blocks = files.iter().enumerate().flat_map(|(number, file)| file.blocks.iter().map(move |it| (number, it)));
    let clauses = blocks.flat_map(|(number, block)| block.clauses.iter().map(move |clause| (number, clause)));
    clauses.filter_map(|(file, clause)| match &clause.kind {
        ClauseKind::Fact(fact) => fact.computed.as_ref().map(|computed| (file, &**fact, computed)),
        _ => None,
    })
}

/// What is said of a fact that says nothing of one that nobody finds.
pub(super) fn said_of_what_is_found(it: &tree::Fact) -> impl Iterator<Item = &'static str> {
    let said = [
        ("asked of", !it.asked_of.is_empty()),
        ("found by", !it.found_by.is_empty()),
        ("found by model", it.model.is_some()),
        ("good for", it.good_for.is_some()),
        ("presumed", !it.presumed.is_empty()),
        ("applies when", it.applies.is_some()),
        ("settled", it.settled.is_some()),
        ("kept from", !it.kept_from.is_empty()),
        ("lets be told", !it.lets_be_told.is_empty()),
        ("if disputed", it.disputed.is_some()),
    ];
    said.into_iter().filter(|(_, said)| *said).map(|(word, _)| word)
}

impl Builder<'_> {
    /// Reads all computed facts. They are the first of the scores, in the order of the files.
    pub(super) fn read_computed(&mut self, files: &[File]) {
        let all: Vec<(usize, &tree::Fact, &tree::Computed)> = all_of(files).collect();
        for (file, fact, _) in &all {
            let declared = self.declared(*file, fact);
            self.scores.push(declared);
        }
        if let Some((file, fact, _)) = all.get(MAX_COMPUTED) {
            let message = format!("{} numbers are computed; {MAX_COMPUTED} can be", all.len());
            self.findings.push(Finding::new(Kind::TooLarge, place(*file, fact.name.at), message));
            return;
        }
        let mut known: Vec<Option<Known>> = vec![None; all.len()];
        for _ in 0..MAX_DEPTH {
            for (number, (file, fact, computed)) in all.iter().enumerate() {
                let behind = self.behind(computed);
                if known[number].is_none() && behind.iter().all(|it| known.get(*it).is_some_and(Option::is_some)) {
                    known[number] = Some(self.one_computed(*file, number, fact, computed, &known));
                }
            }
        }
        for (number, (file, fact, _)) in all.iter().enumerate().filter(|(number, _)| known[*number].is_none()) {
            let (name, at) = (&fact.name.text, place(*file, fact.name.at));
            let finding = if self.follows_from_itself(number, &all) {
                Finding::new(Kind::ComputedInCircle, at, format!("`{name}` follows from `{name}` itself"))
                    .help("let it follow from numbers that one can find without it")
            } else {
                let message = format!("`{name}` follows from more than {MAX_DEPTH} numbers, one after the other");
                Finding::new(Kind::TooDeep, at, message)
            };
            self.findings.push(finding);
        }
    }

    /// The computed facts that one names.
    fn behind(&self, it: &tree::Computed) -> Vec<usize> {
        let find = |name: &Word| self.symbols.find(What::Computed, &name.text).map(|id| id as usize);
        match &it.from {
            ComputedFrom::Sum(terms) => terms.iter().filter_map(|term| find(term.name.as_ref()?)).collect(),
            ComputedFrom::Table(name, _) => find(name).into_iter().collect(),
        }
    }

    fn follows_from_itself(&self, number: usize, all: &[(usize, &tree::Fact, &tree::Computed)]) -> bool {
        let mut seen = vec![false; all.len()];
        let mut next = self.behind(all[number].2);
        while let Some(it) = next.pop() {
            if it == number {
                return true;
            }
            if let Some(seen) = seen.get_mut(it).filter(|seen| !**seen) {
                *seen = true;
                next.extend(self.behind(all[it].2));
            }
        }
        false
    }

    /// A computed fact as it is declared, without what it follows from.
    fn declared(&mut self, file: usize, it: &tree::Fact) -> Score {
        for word in said_of_what_is_found(it) {
            let message = format!("`{}` follows from other numbers, so `{word}` says nothing of it", it.name.text);
            self.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, it.name.at), message)
                    .help("say it of the numbers that it follows from"),
            );
        }
        let (min, max, step, decimals) = match self.domain(file, it) {
            Domain::Number { min, max, step, decimals } => (min, max, step, decimals),
            other => {
                let message = format!("`{}` is computed, and {} cannot be", it.name.text, other.in_words());
                self.findings.push(
                    Finding::new(Kind::WrongType, place(file, it.name.at), message)
                        .help("give it a range of numbers, such as `0 to 1000`"),
                );
                (0, 0, 1, 0)
            }
        };
        if min % step != 0 {
            let message =
                format!("the steps of `{}` do not lead through 0, so nothing can be rounded to them", it.name.text);
            self.findings.push(Finding::new(Kind::OffStep, place(file, it.name.at), message));
        }
        let unit = it.unit.as_ref().map(|unit| unit.text.clone());
        let (times, divisor, rounding) = (1, 1, Rounding::Down);
        Score {
            name: Name::from(&it.name.text),
            title: title(it.title.as_ref(), &it.name),
            parts: Vec::new(),
            decimals,
            computed: Some(Computed { min, max, step, unit, times, divisor, rounding, no_less: None, no_more: None }),
            sources: self.sources_of(file, it.source.as_deref().map_or(&[], std::slice::from_ref)),
            in_force: None,
            at: place(file, it.name.at),
        }
    }

    /// Reads what one computed fact follows from.
    fn one_computed(
        &mut self,
        file: usize,
        number: usize,
        it: &tree::Fact,
        written: &tree::Computed,
        known: &[Option<Known>],
    ) -> Known {
        let nothing = Known { range: (0, 0), numbers: 0 };
        let Some((decimals, Some(mut computed))) = self.scores.get(number).map(|it| (it.decimals, it.computed.clone()))
        else {
            return nothing;
        };
        let before = self.findings.len();
        let domain = Domain::Number { min: computed.min, max: computed.max, step: computed.step, decimals };
        let summed = match &written.from {
            ComputedFrom::Sum(terms) => self.summed(file, terms, known),
            ComputedFrom::Table(name, bands) => self.table_of(file, it, name, bands, &domain, known),
        };
        let Some(summed) = summed else { return nothing };
        let divided_by = written.divided_by.as_ref().map_or(Some((1, 0)), |by| self.divisor(file, &it.name, by));
        let Some((by, digits)) = divided_by else { return nothing };
        let times = 10i128.pow(digits + decimals);
        let divisor = 10i128.pow(summed.decimals).saturating_mul(by).saturating_mul(i128::from(computed.step));
        let common = greatest_common_divisor(times, divisor);
        let (times, divisor) = (times / common, divisor / common);
        let whole = summed.grains.iter().all(|grain| grain.saturating_mul(times) % divisor == 0);
        if written.rounding.is_none() && !whole && self.findings.len() == before {
            let message = format!("`{}` does not say how it is rounded", it.name.text);
            let steps =
                format!("it goes in steps of {}, and what it follows from does not", domain.show(computed.step));
            self.findings.push(
                Finding::new(Kind::NotRounded, place(file, written.at), message)
                    .label(steps)
                    .help("add `rounded up`, `rounded down` or `rounded to the nearest`"),
            );
        }
        computed.rounding = written.rounding.unwrap_or(Rounding::Down);
        let named = it.name.text.clone();
        let mut bound = |it: &Option<Literal>| it.as_ref().and_then(|it| self.value(file, &named, &domain, it));
        (computed.no_less, computed.no_more) = (bound(&written.no_less), bound(&written.no_more));
        if let (Some(least), Some(most)) = (computed.no_less, computed.no_more)
            && most < least
        {
            let message = format!(
                "`{}` is to be no less than {} and no more than {}",
                it.name.text,
                domain.show(least),
                domain.show(most)
            );
            self.findings.push(Finding::new(Kind::EmptyRange, place(file, written.at), message));
        }
        let largest = [summed.known.range.0, summed.known.range.1, times, divisor].map(i128::saturating_abs);
        if largest.iter().any(|it| *it > LARGEST) || summed.known.numbers > MAX_NUMBERS {
            let message = if summed.known.numbers > MAX_NUMBERS {
                format!("`{}` comes to look at more than {MAX_NUMBERS} numbers", it.name.text)
            } else {
                format!("`{}` can come to more than can be kept exactly", it.name.text)
            };
            self.findings.push(Finding::new(Kind::TooLarge, place(file, written.at), message));
            return nothing;
        }
        (computed.times, computed.divisor) = (times as i64, divisor as i64);
        let of = |sum: i128| i128::from(computed.of(sum as i64));
        let range = (of(summed.known.range.0), of(summed.known.range.1));
        if let Some(score) = self.scores.get_mut(number) {
            score.parts = summed.parts;
            score.computed = Some(computed);
        }
        Known { range, numbers: summed.known.numbers }
    }

    /// What a sum is divided by, and with how many digits behind the point.
    fn divisor(&mut self, file: usize, name: &Word, by: &Literal) -> Option<(i128, u32)> {
        if by.kind == LiteralKind::Name {
            let message = format!("`{}` is divided by what somebody finds, which is not run yet", name.text);
            self.findings.push(
                Finding::new(Kind::NotYet, place(file, by.at), message).help("divide by a number that is written down"),
            );
            return None;
        }
        let digits = decimals_of(&by.text);
        let value = scaled(&by.text, digits.min(6)).unwrap_or(0);
        let (kind, message) = match value {
            0 => (Kind::DividedByNothing, format!("`{}` is divided by {}", name.text, by.text)),
            ..0 => (Kind::OutOfRange, format!("`{}` is divided by less than nothing", name.text)),
            value => return Some((i128::from(value), digits)),
        };
        self.findings.push(
            Finding::new(kind, place(file, by.at), message)
                .help("divide by a number above 0; what is taken away stands behind a minus"),
        );
        None
    }

    fn summed(&mut self, file: usize, terms: &[tree::Term], known: &[Option<Known>]) -> Option<Summed> {
        let mut read: Vec<(Option<Source>, i128, u32, String)> = Vec::new();
        for term in terms {
            let (number, digits) = match &term.number {
                Some(it) => {
                    let digits = decimals_of(&it.text);
                    let number = scaled(&it.text, digits).filter(|_| digits <= 6);
                    if number.is_none() {
                        let message = format!("`{}` is more than can be kept exactly", it.text);
                        self.findings.push(Finding::new(Kind::TooLarge, place(file, it.at), message));
                    }
                    (i128::from(number?), digits)
                }
                None => (1, 0),
            };
            let number = if term.minus { -number } else { number };
            match &term.name {
                Some(name) => {
                    let source = self.source(file, name, known)?;
                    read.push((Some(source), number, digits, name.text.clone()));
                }
                None => read.push((None, number, digits, "number".to_string())),
            }
        }
        let decimals = |(source, _, digits, _): &(Option<Source>, i128, u32, String)| {
            digits + source.as_ref().map_or(0, |source| source.decimals)
        };
        let most = read.iter().map(decimals).max().unwrap_or(0);
        let mut summed = Summed {
            parts: Vec::new(),
            decimals: most,
            known: Known { range: (0, 0), numbers: 0 },
            grains: Vec::new(),
        };
        for term in read {
            let times = term.1 * 10i128.pow(most - decimals(&term));
            let (source, .., name) = term;
            let (range, points) = match &source {
                Some(source) => {
                    let (low, high) =
                        (source.known.range.0.saturating_mul(times), source.known.range.1.saturating_mul(times));
                    summed.grains.extend(source.grain.map(|grain| grain.saturating_mul(times)));
                    (
                        (low.min(high), low.max(high)),
                        Points::Times(source.number, times.clamp(-LARGEST, LARGEST) as i64),
                    )
                }
                None => {
                    summed.grains.push(times);
                    ((times, times), Points::Rows(Vec::new(), times.clamp(-LARGEST, LARGEST) as i64))
                }
            };
            summed.known.range =
                (summed.known.range.0.saturating_add(range.0), summed.known.range.1.saturating_add(range.1));
            summed.known.numbers += source.map_or(1, |source| source.known.numbers);
            summed.parts.push(Part { name: Name::from(&name), title: super::in_words(&name), points });
        }
        Some(summed)
    }

    /// A number that a sum names.
    fn source(&mut self, file: usize, name: &Word, known: &[Option<Known>]) -> Option<Source> {
        let (what, id) = self.symbols.look_up(&[What::Fact, What::Computed], file, name, &mut self.findings)?;
        if what == What::Computed {
            let (known, score) = (known.get(id as usize).copied().flatten()?, self.scores.get(id as usize)?);
            let step = score.computed.as_ref().map_or(1, |it| i128::from(it.step));
            let number = Number::Computed(ScoreId(id));
            // What it is never less or more than need not lie on a multiple of its steps; its steps lead there.
            let bounds = score.computed.iter().flat_map(|it| [it.no_less, it.no_more]).flatten().map(i128::from);
            let grain = bounds.fold(step, greatest_common_divisor);
            return Some(Source { number, decimals: score.decimals, known, grain: [grain, grain] });
        }
        let fact: &Fact = self.facts.get(id as usize)?;
        let Domain::Number { min, max, step, decimals } = fact.domain else {
            let message = format!("`{}` is {}, and only numbers can be added", name.text, fact.domain.in_words());
            self.findings.push(Finding::new(Kind::WrongType, place(file, name.at), message));
            return None;
        };
        let range = if fact.applies.is_some() { (min.min(0), max.max(0)) } else { (min, max) };
        let known = Known { range: (i128::from(range.0), i128::from(range.1)), numbers: 1 };
        let grain = [i128::from(min), i128::from(step)];
        Some(Source { number: Number::Fact(FactId(id), range), decimals, known, grain })
    }

    /// A table from the values of a number to values of the computed fact.
    fn table_of(
        &mut self,
        file: usize,
        it: &tree::Fact,
        name: &Word,
        bands: &[(Vec<tree::ValueRange>, Literal)],
        domain: &Domain,
        known: &[Option<Known>],
    ) -> Option<Summed> {
        let (what, id) = self.symbols.look_up(&[What::Fact, What::Computed], file, name, &mut self.findings)?;
        let (of, numbers) = if what == What::Computed {
            (
                super::read_condition::score_domain(self.scores.get(id as usize)?),
                known.get(id as usize)?.as_ref()?.numbers,
            )
        } else {
            (self.facts.get(id as usize)?.domain.clone(), 1)
        };
        let before = self.findings.len();
        let mut read: Vec<(Ranges, i64)> = Vec::new();
        for (values, gives) in bands {
            let ranges = self.ranges(file, &name.text, &of, values);
            let value = self.value(file, &it.name.text, domain, gives);
            read.extend(value.map(|value| (ranges, value)));
        }
        if self.findings.len() > before {
            return None;
        }
        self.bands_cover(file, name, Gives::Value, &of, &read);
        let values = read.iter().map(|(_, value)| i128::from(*value));
        let range = (values.clone().min().unwrap_or(0), values.max().unwrap_or(0));
        let Domain::Number { step, decimals, .. } = domain else { return None };
        let points = match what {
            What::Computed => Points::Table(ScoreId(id), read),
            _ => Points::Bands(FactId(id), read),
        };
        let parts = vec![Part { name: Name::from(&name.text), title: super::in_words(&name.text), points }];
        Some(Summed { parts, decimals: *decimals, known: Known { range, numbers }, grains: vec![i128::from(*step)] })
    }
}

fn greatest_common_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}
