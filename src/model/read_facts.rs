//! Facts, roles and scores, from words to types.

use super::build::Builder;
use super::condition::Condition;
use super::facts::{Arbiter, Fact, Part, Points, Score};
use super::read_condition::Speaks;
use super::symbols::{What, place};
use super::value::{Domain, MAX_SEVERAL, NOT_APPLICABLE, Ranges, days, decimals_of, scaled};
use super::{FactId, Name, RoleId, ScoreId, in_words};
use crate::calendar::read_date;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Block, ClauseKind, FactType, Joiner, Literal, Word};

/// What bands give: points of a score, or a value of a computed fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Points,
    Value,
}

impl Gives {
    fn word(self) -> &'static str {
        match self {
            Gives::Points => "scores",
            Gives::Value => "gives",
        }
    }

    fn nothing(self, name: &str, when: &str) -> String {
        match self {
            Gives::Points => format!("`{name}` has no points when it is {when}"),
            Gives::Value => format!("`{name}` gives nothing when it is {when}"),
        }
    }
}

/// The most options a list has: far more than anyone reads.
const MAX_OPTIONS: usize = 1_000;

impl Builder<'_> {
    /// Who may find a fact: any of these, each of whom are one or several together.
    fn found_by(&mut self, file: usize, it: &tree::Fact) -> Vec<Vec<RoleId>> {
        let mut found_by: Vec<Vec<RoleId>> = Vec::new();
        for (joiner, name) in &it.found_by {
            let Some(role) = self.role(file, name) else { continue };
            match (joiner, found_by.last_mut()) {
                (Joiner::With, Some(together)) if together.contains(&role) => {
                    let message = format!("`{}` is to find `{}` together with itself", name.text, it.name.text);
                    let help = "behind `with` stands another role: whoever else has to be there";
                    self.findings.push(Finding::new(Kind::SaidTwice, place(file, name.at), message).help(help));
                }
                (Joiner::With, Some(together)) => together.push(role),
                _ => found_by.push(vec![role]),
            }
        }
        found_by
    }

    pub(super) fn fact(&mut self, file: usize, it: &tree::Fact) -> Fact {
        let found_by = self.found_by(file, it);
        let domain = self.domain(file, it);
        Fact {
            name: Name::from(&it.name.text),
            title: title(it.title.as_ref(), &it.name),
            presumed: self.presumed(file, it, &domain),
            settled: self.settled(file, it),
            kept_from: it.kept_from.iter().filter_map(|name| self.role(file, name)).collect(),
            arbiter: self.arbiter(file, it, &domain),
            lets_be_told: self.lets_be_told(file, it),
            // What it says is read when all facts are there.
            applies: it.applies.as_ref().map(|_| Condition::always(place(file, it.name.at))),
            domain,
            unit: it.unit.as_ref().map(|unit| unit.text.clone()),
            asked_of: it.asked_of.iter().filter_map(|name| self.role(file, name)).collect(),
            found_by,
            // What it goes by is read when all facts are there.
            model: None,
            good_for: it.good_for.as_ref().map(|length| super::read_work::some_time(self, file, length)),
            // Since what it is counted is read when all facts are there.
            elapsed: None,
            rests_on: None,
            codes: self.codes(file, it),
            sources: self.sources_of(file, it.source.as_deref().map_or(&[], std::slice::from_ref)),
            at: place(file, it.name.at),
        }
    }

    /// Whether a fact does not change once it is known; then nothing is said of how long it is good.
    fn settled(&mut self, file: usize, it: &tree::Fact) -> bool {
        if let (Some(_), Some(good_for)) = (it.settled, &it.good_for) {
            let message = format!("`{}` is settled, so it is good for ever", it.name.text);
            self.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, good_for.at), message)
                    .help("take out `good for`; or, if it can become otherwise, take out `settled`"),
            );
        }
        it.settled.is_some()
    }

    /// Who is asked when two found it to be different things. What somebody said in their own words nobody disputes.
    fn arbiter(&mut self, file: usize, it: &tree::Fact, domain: &Domain) -> Option<Arbiter> {
        let (who, within) = it.disputed.as_deref()?;
        if *domain == Domain::Text {
            let message = format!("`{}` is the person's own words, which nobody disputes", it.name.text);
            self.findings.push(Finding::new(Kind::WrongType, place(file, who.at), message));
            return None;
        }
        if it.kept_from.iter().any(|kept| kept.text == who.text) {
            let message = format!("`{}` is kept from `{}`, who cannot say what it is", it.name.text, who.text);
            self.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, who.at), message)
                    .help("ask somebody who may see it, or let them see it"),
            );
        }
        let within = super::read_work::some_time(self, file, within);
        Some(Arbiter { role: self.role(file, who)?, within })
    }

    /// Who may be told things when a fact is yes, which the person has to say.
    fn lets_be_told(&mut self, file: usize, it: &tree::Fact) -> Vec<RoleId> {
        let [first, ..] = it.lets_be_told.as_slice() else { return Vec::new() };
        if it.kind != FactType::YesOrNo {
            let message = format!("`{}` is no question of yes or no, so nobody can agree by it", it.name.text);
            let finding = Finding::new(Kind::WrongType, place(file, first.at), message);
            self.findings.push(finding.help("declare a fact of its own, `yes or no`, and ask the person"));
            return Vec::new();
        }
        it.lets_be_told.iter().filter_map(|name| self.role(file, name)).collect()
    }

    /// The value that a fact is presumed to have.
    fn presumed(&mut self, file: usize, it: &tree::Fact, domain: &Domain) -> Option<i64> {
        let [first, rest @ ..] = it.presumed.as_slice() else { return None };
        if matches!(domain, Domain::Text | Domain::Document) {
            let is = if *domain == Domain::Text { "the person's own words" } else { "a document" };
            let message = format!("`{}` is {is}, which nobody can presume", it.name.text);
            self.findings.push(Finding::new(Kind::WrongType, place(file, first.at), message));
            return None;
        }
        let text = rest.iter().fold(first.text.clone(), |all, next| format!("{all} and {}", next.text));
        self.value(file, &it.name.text, domain, &Literal { text, ..first.clone() })
    }

    pub(super) fn domain(&mut self, file: usize, it: &tree::Fact) -> Domain {
        let domain = match &it.kind {
            FactType::YesOrNo => Domain::YesOrNo,
            FactType::OneOf(options) => Domain::OneOf(self.options(file, options)),
            FactType::SeveralOf(options) => {
                if options.len() > MAX_SEVERAL {
                    let message = format!("`{}` has more than {MAX_SEVERAL} options", it.name.text);
                    self.findings.push(Finding::new(Kind::TooLarge, place(file, it.name.at), message));
                }
                Domain::SeveralOf(self.options(file, options))
            }
            FactType::Number(from, to, step) => {
                let written = [Some(from), Some(to), step.as_ref()];
                let decimals = written.into_iter().flatten().map(|it| decimals_of(&it.text)).max().unwrap_or(0);
                let mut read = |it: &Literal| {
                    scaled(&it.text, decimals).unwrap_or_else(|| {
                        let message = format!("`{}` is more than can be kept exactly", it.text);
                        self.findings.push(Finding::new(Kind::TooLarge, place(file, it.at), message));
                        0
                    })
                };
                let (min, max) = (read(from), read(to));
                let step_value = step.as_ref().map_or(1, &mut read);
                let fits = step_value > 0 && (max - min) % step_value == 0;
                let whole = step.is_some() || decimals == 0;
                if !fits || !whole {
                    let at = step.as_ref().map_or(from.at, |step| step.at);
                    let message = if whole {
                        format!("the steps of `{}` do not lead from {} to {}", it.name.text, from.text, to.text)
                    } else {
                        format!("`{}` is a decimal and does not say in which steps it goes", it.name.text)
                    };
                    self.findings.push(
                        Finding::new(Kind::OffStep, place(file, at), message)
                            .help(format!("write `{} to {} in steps of 0.1`, for example", from.text, to.text)),
                    );
                }
                Domain::Number { min, max, step: step_value.max(1), decimals }
            }
            FactType::Date(from, to) => Domain::Date { min: self.day(file, from), max: self.day(file, to) },
            FactType::DateTime(from, to) => {
                let (min, max) = (self.day(file, from) * 86_400, (self.day(file, to) + 1) * 86_400 - 1);
                Domain::DateTime { min, max }
            }
            FactType::Length(from, to) => Domain::Length { min: from.seconds, max: to.seconds },
            FactType::Text => Domain::Text,
            FactType::Document => Domain::Document,
        };
        let (min, max) = domain.bounds();
        if max < min {
            let message = format!("the range of `{}` ends before it starts", it.name.text);
            self.findings.push(Finding::new(Kind::EmptyRange, place(file, it.name.at), message));
        }
        domain
    }

    fn options(&mut self, file: usize, words: &[Word]) -> Vec<Name> {
        if let Some(extra) = words.get(MAX_OPTIONS) {
            let message = format!("this list has {} options; {MAX_OPTIONS} can be kept", words.len());
            self.findings.push(Finding::new(Kind::TooLarge, place(file, extra.at), message));
            return Vec::new();
        }
        let mut options: Vec<Name> = Vec::new();
        for word in words {
            if options.iter().any(|option| *option == word.text.as_str()) {
                let message = format!("`{}` stands twice in this list", word.text);
                self.findings.push(Finding::new(Kind::DuplicateName, place(file, word.at), message));
            } else {
                options.push(Name::from(&word.text));
            }
        }
        options
    }

    /// A date in days since 1970-01-01; one that does not exist becomes a finding.
    pub(super) fn day(&mut self, file: usize, it: &Literal) -> i64 {
        self.date(file, it).map_or(0, days)
    }

    /// A date; one that does not exist becomes a finding.
    pub(super) fn date(&mut self, file: usize, it: &Literal) -> Option<jiff::civil::Date> {
        match read_date(&it.text) {
            Ok(date) => Some(date),
            Err(error) => {
                self.findings.push(Finding::new(Kind::NoSuchTime, place(file, it.at), error.to_string()));
                None
            }
        }
    }

    pub(super) fn role(&mut self, file: usize, name: &Word) -> Option<RoleId> {
        self.symbols.look_up(&[What::Role], file, name, &mut self.findings).map(|(_, id)| RoleId(id))
    }

    /// A score. Its points are whole numbers, or decimals with the same number of digits.
    pub(super) fn score(&mut self, file: usize, block: &Block) -> Score {
        let parts_of: Vec<&tree::Part> = block
            .clauses
            .iter()
            .filter_map(|clause| if let ClauseKind::Part(part) = &clause.kind { Some(part) } else { None })
            .collect();
        let none_written = parts_of.is_empty();
        let written = parts_of.iter().flat_map(|part| match &part.points {
            tree::Points::Bands(bands) => bands.iter().map(|(_, points)| points).collect::<Vec<_>>(),
            tree::Points::Rows(rows, otherwise) => rows.iter().map(|(_, points)| points).chain(otherwise).collect(),
        });
        let decimals = written.map(|points| decimals_of(&points.text)).max().unwrap_or(0).min(6);
        let mut parts: Vec<Part> = Vec::new();
        for it in parts_of {
            let name = Name::from(&it.name.text);
            if parts.iter().any(|part| part.name == name) {
                let message = format!("`{name}` is scored twice");
                self.findings.push(Finding::new(Kind::DuplicateName, place(file, it.name.at), message));
            }
            if let Some((points, default)) = self.points(file, it, decimals) {
                let title = it.title.as_ref().map_or(default, |title| title.text.clone());
                parts.push(Part { name, title, points });
            }
        }
        if none_written && !block.broken {
            let message = format!("`{}` has no parts", block.name.text);
            self.findings.push(
                Finding::new(Kind::MissingClause, place(file, block.head()), message)
                    .help("a part reads like this: `frailty 1 to 4 scores 0, 5 to 9 scores 2`"),
            );
        }
        Score {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            parts,
            decimals,
            computed: None,
            sources: self.sources_of(file, &block.clauses),
            in_force: self.in_force(file, block),
            at: place(file, block.name.at),
        }
    }

    fn points_value(&mut self, file: usize, it: &Literal, decimals: u32) -> i64 {
        scaled(&it.text, decimals).filter(|value| value.abs() <= 1_000_000_000).unwrap_or_else(|| {
            let message = format!("`{}` is more points than a part can have", it.text);
            self.findings.push(Finding::new(Kind::TooLarge, place(file, it.at), message));
            0
        })
    }

    /// The points of a part, and the title it has by default.
    fn points(&mut self, file: usize, it: &tree::Part, decimals: u32) -> Option<(Points, String)> {
        match &it.points {
            tree::Points::Rows(rows, otherwise) => {
                let rows = rows
                    .iter()
                    .map(|(condition, points)| {
                        (self.condition(file, condition, Speaks::Facts), self.points_value(file, points, decimals))
                    })
                    .collect();
                let Some(otherwise) = otherwise else {
                    let message = format!("the part `{}` does not say what it scores otherwise", it.name.text);
                    self.findings.push(
                        Finding::new(Kind::ScoreGap, place(file, it.name.at), message)
                            .help("add `otherwise scores 0`, or what fits"),
                    );
                    return None;
                };
                Some((Points::Rows(rows, self.points_value(file, otherwise, decimals)), in_words(&it.name.text)))
            }
            tree::Points::Bands(bands) => {
                let fits = [What::Fact, What::Computed];
                let (what, id) = self.symbols.look_up(&fits, file, &it.name, &mut self.findings)?;
                let (domain, fact_title) = if what == What::Computed {
                    let score = self.scores.get(id as usize)?;
                    (super::read_condition::score_domain(score), score.title.clone())
                } else {
                    let fact = self.facts.get(id as usize)?;
                    (fact.domain.clone(), fact.title.clone())
                };
                let before = self.findings.len();
                let bands: Vec<(Ranges, i64)> = bands
                    .iter()
                    .map(|(values, points)| {
                        let ranges = self.ranges(file, &it.name.text, &domain, values);
                        (ranges, self.points_value(file, points, decimals))
                    })
                    .collect();
                if self.findings.len() == before {
                    self.bands_cover(file, &it.name, Gives::Points, &domain, &bands);
                }
                let points = match what {
                    What::Computed => Points::Table(ScoreId(id), bands),
                    _ => Points::Bands(FactId(id), bands),
                };
                Some((points, fact_title))
            }
        }
    }

    /// A fact that need not apply scores something where it does not, and that once.
    fn bands_apply(&mut self, file: usize, name: &Word, gives: Gives, bands: &[(Ranges, i64)]) {
        let fact = self.symbols.find(What::Fact, &name.text).and_then(|id| self.facts.get(id as usize));
        let need_not_apply = fact.is_some_and(|fact| fact.applies.is_some());
        let times = bands.iter().filter(|(ranges, _)| ranges.contains(NOT_APPLICABLE)).count();
        if need_not_apply && times == 0 {
            let message = gives.nothing(&name.text, "not applicable");
            self.findings.push(
                Finding::new(Kind::ScoreGap, place(file, name.at), message)
                    .help(format!("add `not applicable {} 0`, or what fits", gives.word())),
            );
        } else if times > 1 {
            let message = format!("`{}` {} twice when it is not applicable", name.text, gives.word());
            self.findings.push(Finding::new(Kind::ScoreOverlap, place(file, name.at), message));
        }
    }

    /// Sees that bands give every value of a number something, and that once.
    pub(super) fn bands_cover(
        &mut self,
        file: usize,
        name: &Word,
        gives: Gives,
        domain: &Domain,
        bands: &[(Ranges, i64)],
    ) {
        let (min, max) = domain.bounds();
        let step = domain.step();
        self.bands_apply(file, name, gives, bands);
        // The first value of the fact in a range, where there is one between its steps.
        let first = |(from, to): (i64, i64)| {
            let up = from + (step - (from - min).rem_euclid(step)) % step;
            (up <= to).then_some(up)
        };
        let mut seen = Ranges::default();
        for (ranges, _) in bands {
            let again = ranges
                .within(min, max)
                .iter()
                .find_map(|(from, to)| seen.iter().find_map(|(start, end)| first((from.max(start), to.min(end)))));
            if let Some(again) = again {
                let message = format!("`{}` {} twice when it is {}", name.text, gives.word(), domain.show(again));
                self.findings.push(Finding::new(Kind::ScoreOverlap, place(file, name.at), message));
            }
            seen = Ranges::new(seen.iter().chain(ranges.within(min, max).iter()));
        }
        let gaps: Vec<String> = seen
            .without(min, max)
            .iter()
            .filter_map(|(from, to)| {
                let from = first((from, to))?;
                let to = to - (to - min).rem_euclid(step);
                Some(if from == to {
                    domain.show(from)
                } else if matches!(domain, Domain::OneOf(_) | Domain::YesOrNo) {
                    (from..=to).map(|value| domain.show(value)).collect::<Vec<_>>().join(", ")
                } else {
                    format!("{} to {}", domain.show(from), domain.show(to))
                })
            })
            .collect();
        if !gaps.is_empty() {
            let message = gives.nothing(&name.text, &gaps.join(", "));
            self.findings.push(Finding::new(Kind::ScoreGap, place(file, name.at), message).help(match gives {
                Gives::Points => "give every value points, even if they are 0",
                Gives::Value => "say for every value what it gives, even if that is 0",
            }));
        }
    }
}

/// The title of something: what its authors wrote, or else its name in words.
pub(super) fn title(written: Option<&tree::Text>, name: &Word) -> String {
    written.map_or_else(|| in_words(&name.text), |title| title.text.clone())
}
