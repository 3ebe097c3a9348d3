//! Computed facts, from words to parts of a sum and what stands behind it: names looked up, units made the same,
//! rounding asked for where it is needed.

use super::build::Builder;
use super::computed::{Computed, Rounding};
use super::facts::{Fact, Number, Part, Points, Score};
use super::read_facts::{Gives, title};
use super::symbols::{What, place};
use super::value::{Domain, Ranges, decimal, decimals_of, scaled};
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

/// What a sum is divided by: a number that is written, or one that somebody finds.
struct Divisor {
    written: i128,
    decimals: u32,
    found: Option<Source>,
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
        let mut behind: Vec<usize> = match &it.from {
            ComputedFrom::Sum(terms) => terms.iter().filter_map(|term| find(term.name.as_ref()?)).collect(),
            ComputedFrom::Table(name, _) => find(name).into_iter().collect(),
        };
        behind.extend(it.divided_by.as_ref().and_then(named).and_then(|name| find(&name)));
        behind
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
        let (times, divisor, by, rounding) = (1, 1, None, Rounding::Down);
        Score {
            name: Name::from(&it.name.text),
            title: title(it.title.as_ref(), &it.name),
            parts: Vec::new(),
            decimals,
            computed: Some(Computed {
                min,
                max,
                step,
                unit,
                times,
                divisor,
                by,
                rounding,
                no_less: None,
                no_more: None,
            }),
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
        let divided_by = match &written.divided_by {
            Some(by) => self.divisor(file, &it.name, by, known),
            None => Some(Divisor { written: 1, decimals: 0, found: None }),
        };
        let Some(by) = divided_by else { return nothing };
        let times = 10i128.pow(by.decimals + decimals);
        let divisor = 10i128.pow(summed.decimals).saturating_mul(by.written).saturating_mul(i128::from(computed.step));
        let common = common_divisor(times, divisor);
        let (times, divisor) = (times / common, divisor / common);
        let grain = summed.grains.iter().fold(0, |one, other| common_divisor(one, *other));
        let whole = grain == 0 || by.each().all(|by| grain.saturating_mul(times) % divisor.saturating_mul(by) == 0);
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
        let (low, high) = by.range();
        let [least, most] = [summed.known.range.0, summed.known.range.1].map(i128::saturating_abs);
        let mut largest = vec![least, most, times, divisor];
        if by.found.is_some() {
            // Both sides are compared, each as a whole.
            largest.extend([least.max(most).saturating_mul(times), divisor.saturating_mul(high)]);
        }
        let numbers = summed.known.numbers + by.found.as_ref().map_or(0, |it| it.known.numbers);
        if largest.iter().any(|it| *it > LARGEST) || numbers > MAX_NUMBERS {
            let message = if numbers > MAX_NUMBERS {
                format!("`{}` comes to look at more than {MAX_NUMBERS} numbers", it.name.text)
            } else {
                format!("`{}` can come to more than can be kept exactly", it.name.text)
            };
            self.findings.push(Finding::new(Kind::TooLarge, place(file, written.at), message));
            return nothing;
        }
        (computed.times, computed.divisor) = (times as i64, divisor as i64);
        computed.by = by.found.map(|it| it.number);
        let (least, most) = summed.known.range;
        let (least, most) = computed.between((least as i64, most as i64), (low as i64, high as i64));
        let range = (i128::from(least), i128::from(most));
        if let Some(score) = self.scores.get_mut(number) {
            score.parts = summed.parts;
            score.computed = Some(computed);
        }
        Known { range, numbers }
    }

    /// What a sum is divided by: always above 0.
    fn divisor(&mut self, file: usize, name: &Word, by: &Literal, known: &[Option<Known>]) -> Option<Divisor> {
        if let Some(by) = named(by) {
            return self.found_divisor(file, name, &by, known);
        }
        let digits = decimals_of(&by.text);
        let value = scaled(&by.text, digits.min(6)).unwrap_or(0);
        let (kind, message) = match value {
            0 => (Kind::DividedByNothing, format!("`{}` is divided by {}", name.text, by.text)),
            ..0 => (Kind::OutOfRange, format!("`{}` is divided by less than nothing", name.text)),
            value => return Some(Divisor { written: i128::from(value), decimals: digits, found: None }),
        };
        self.findings.push(
            Finding::new(kind, place(file, by.at), message)
                .help("divide by a number above 0; what is taken away stands behind a minus"),
        );
        None
    }

    /// A number that somebody finds, or that is computed, and that a sum is divided by.
    fn found_divisor(&mut self, file: usize, name: &Word, by: &Word, known: &[Option<Known>]) -> Option<Divisor> {
        let it = self.source(file, by, known, "and one divides by a number")?;
        let (declared, steps) = match it.number {
            Number::Fact(id, _) => {
                let fact = self.facts.get(id.index())?;
                if fact.applies.is_some() {
                    let message = format!("`{}` is divided by nothing where `{}` does not apply", name.text, by.text);
                    let finding = Finding::new(Kind::DividedByNothing, place(file, by.at), message);
                    let help = format!(
                        "let `{0}` apply to everybody; or add it to 0 in a number of its own, say `no less than` of that, \
                         and divide by it",
                        by.text
                    );
                    self.findings.push(finding.and(fact.at, "it says here when it applies").help(help));
                    return None;
                }
                (fact.at, i128::from(fact.domain.step().max(1)))
            }
            Number::Computed(id) => (self.scores.get(id.index())?.at, it.grain[1].max(1)),
        };
        let (low, high) = it.known.range;
        if low > 0 {
            return Some(Divisor { written: 1, decimals: it.decimals, found: Some(it) });
        }
        let show = |value: i128| decimal(value.clamp(-LARGEST, LARGEST) as i64, it.decimals);
        let range = format!("{} to {}", show(low), show(high));
        let (kind, message) = if high >= 0 && low.rem_euclid(steps) == 0 {
            let message = format!("`{}` is divided by nothing where `{}` is {}", name.text, by.text, show(0));
            (Kind::DividedByNothing, message)
        } else {
            let message =
                format!("`{}` is divided by less than nothing where `{}` is {}", name.text, by.text, show(low));
            (Kind::OutOfRange, message)
        };
        let first =
            low + (1 - low).div_euclid(steps) * steps + if (1 - low).rem_euclid(steps) == 0 { 0 } else { steps };
        let (label, help) = match it.number {
            Number::Fact(..) if first <= high => (
                format!("its range is {range}"),
                format!("give `{}` a range that begins above 0, such as `{} to {}`", by.text, show(first), show(high)),
            ),
            Number::Fact(..) => {
                (format!("its range is {range}"), format!("give `{}` a range that begins above 0", by.text))
            }
            Number::Computed(_) => (
                format!("it comes to {range}, each number that it follows from by itself"),
                format!("say of `{}` what it is `no less than`, and let that be above 0", by.text),
            ),
        };
        self.findings.push(Finding::new(kind, place(file, by.at), message).and(declared, label).help(help));
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
                    let source = self.source(file, name, known, "and only numbers can be added")?;
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

    /// A number that a sum names, or that it is divided by. `only`: what is said of a fact that is none.
    fn source(&mut self, file: usize, name: &Word, known: &[Option<Known>], only: &str) -> Option<Source> {
        let (what, id) = self.symbols.look_up(&[What::Fact, What::Computed], file, name, &mut self.findings)?;
        if what == What::Computed {
            let (known, score) = (known.get(id as usize).copied().flatten()?, self.scores.get(id as usize)?);
            let step = score.computed.as_ref().map_or(1, |it| i128::from(it.step));
            let number = Number::Computed(ScoreId(id));
            // What it is never less or more than need not lie on a multiple of its steps; its steps lead there.
            let bounds = score.computed.iter().flat_map(|it| [it.no_less, it.no_more]).flatten().map(i128::from);
            let grain = bounds.fold(step, common_divisor);
            return Some(Source { number, decimals: score.decimals, known, grain: [grain, grain] });
        }
        let fact: &Fact = self.facts.get(id as usize)?;
        let Domain::Number { min, max, step, decimals } = fact.domain else {
            let message = format!("`{}` is {}, {only}", name.text, fact.domain.in_words());
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

impl Divisor {
    /// The least and the most it can be.
    fn range(&self) -> (i128, i128) {
        self.found.as_ref().map_or((1, 1), |it| it.known.range)
    }

    /// Each number that it can be.
    fn each(&self) -> impl Iterator<Item = i128> {
        let (low, high) = self.range();
        let step = self.found.as_ref().map_or(1, |it| it.grain[1].max(1));
        std::iter::successors(Some(low), move |it| Some(it + step)).take_while(move |it| *it <= high)
    }
}

/// The name of the number that a sum is divided by, where it is not written down.
fn named(by: &Literal) -> Option<Word> {
    (by.kind == LiteralKind::Name).then(|| Word { text: by.text.clone(), at: by.at })
}

/// The greatest number that divides both; 0 where both are 0.
fn common_divisor(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
