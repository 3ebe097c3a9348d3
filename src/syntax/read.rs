//! From what pest matched to the tree: the file, its blocks, conditions, routes and values. Clauses are next door.
//!
//! The grammar decides what may stand where; this file only copies. Where the grammar promises a part, a missing one
//! becomes an empty name rather than a panic.

use super::tree::*;
use super::{Grammar, Rule, recover};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind, Place, Span};
use pest::Parser as _;
use pest::iterators::{Pair, Pairs};

/// The most counts that a route goes on after: more than anyone can follow.
const MAX_LEGS: usize = 20;

pub(super) type P<'t> = Pair<'t, Rule>;

/// Reads one source. `base` is where the text it reads begins in the file (cells of tables are read on their own).
pub(super) struct Reader {
    pub source: u32,
    base: usize,
    pub findings: Vec<Finding>,
    /// Names that may have been declared where something could not be read.
    lost: Vec<String>,
}

/// The parts of a match, without the words of the language, which only hold the parts together.
pub(super) fn parts(pair: P<'_>) -> impl Iterator<Item = P<'_>> {
    pair.into_inner().filter(|part| part.as_rule() < Rule::A && part.as_rule() != Rule::EOI)
}

/// Whether a word of the language stands directly in a match.
pub(super) fn says(pair: &P<'_>, word: Rule) -> bool {
    pair.clone().into_inner().any(|part| part.as_rule() == word)
}

/// Where the words of a match end: a match may take in space and comments behind them, its place does not.
fn end_of(pair: &P<'_>) -> usize {
    let whole = matches!(pair.as_rule(), Rule::string | Rule::table | Rule::table_row | Rule::date_time);
    let last = if whole { None } else { pair.clone().into_inner().last() };
    last.map_or_else(|| pair.as_span().start() + pair.as_str().trim_end().len(), |last| end_of(&last))
}

impl Reader {
    pub(super) fn new(source: u32, base: usize) -> Reader {
        Reader { source, base, findings: Vec::new(), lost: Vec::new() }
    }

    pub(super) fn at(&self, pair: &P<'_>) -> At {
        At(Span::new(self.base + pair.as_span().start(), self.base + end_of(pair)))
    }

    pub(super) fn place(&self, at: At) -> Place {
        Place { source: self.source, span: at.0 }
    }

    pub(super) fn file(&mut self, pairs: Pairs<'_, Rule>) -> File {
        let mut file = File::default();
        for pair in pairs.flat_map(parts) {
            match pair.as_rule() {
                Rule::language => file.language = parts(pair).next().map(|count| self.count(count)),
                Rule::unreadable_block => {
                    let at = self.at(&pair);
                    self.findings.push(recover::block(self.place(at), pair.as_str()));
                    file.lost.extend(recover::lost_names(pair.as_str()));
                }
                _ => file.blocks.extend(self.block(pair)),
            }
        }
        file.lost.append(&mut self.lost);
        file
    }

    fn block(&mut self, pair: P<'_>) -> Option<Block> {
        let end = pair.as_span().end();
        let word = block_word(pair.as_rule())?;
        let at = self.at(&pair);
        let start = At(Span { start: at.0.start, end: at.0.start });
        let mut block = Block {
            word,
            name: Word { text: String::new(), at: start },
            title: None,
            clauses: Vec::new(),
            at,
            broken: false,
        };
        for part in parts(pair) {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::name => block.name = self.word(part),
                Rule::title => block.title = self.first(part, Reader::text),
                Rule::string => block.title = Some(self.text(part)),
                Rule::unreadable_clause | Rule::unreadable_fact => {
                    block.broken = true;
                    if part.as_rule() == Rule::unreadable_fact {
                        self.lost.extend(recover::first_name(part.as_str()));
                    }
                    if word == BlockWord::Together {
                        // A branch, perhaps; behind `meanwhile` its name is the second word.
                        self.lost.extend(part.as_str().split_whitespace().take(2).filter_map(recover::first_name));
                    }
                    let input = part.as_span().get_input();
                    let before = input.get(..part.as_span().start()).unwrap_or("");
                    let before = before.rsplit('\n').next().unwrap_or("");
                    if before.is_empty() && recover::is_misspelt_block(part.as_str()) {
                        // What comes behind it is meant for another block, which is lost.
                        self.findings.push(recover::block(self.place(at), part.as_str()));
                        let lost = input.get(part.as_span().start()..end).unwrap_or_default();
                        self.lost.extend(recover::lost_names(lost));
                        break;
                    }
                    self.findings.push(recover::clause(self.place(at), part.as_str(), word, before));
                }
                _ => {
                    let before = self.findings.len();
                    if let Some(kind) = self.clause(part) {
                        block.clauses.push(Clause { kind, at });
                    }
                    block.broken |= self.findings.len() > before;
                }
            }
        }
        Some(block)
    }

    /// Reads the first part of a match.
    pub(super) fn first<T>(&mut self, pair: P<'_>, read: impl Fn(&mut Reader, P<'_>) -> T) -> Option<T> {
        parts(pair).next().map(|part| read(self, part))
    }

    pub(super) fn word(&mut self, pair: P<'_>) -> Word {
        Word { at: self.at(&pair), text: pair.as_str().trim_end().to_string() }
    }

    /// The only name in a match.
    pub(super) fn only_word(&mut self, pair: P<'_>) -> Word {
        let at = self.at(&pair);
        let name = parts(pair).find(|part| part.as_rule() == Rule::name);
        name.map_or(Word { text: String::new(), at }, |name| self.word(name))
    }

    /// The names in a match, whether listed one by one or under `names`.
    pub(super) fn words(&mut self, pair: P<'_>) -> Vec<Word> {
        let mut words = Vec::new();
        for part in parts(pair) {
            match part.as_rule() {
                Rule::name => words.push(self.word(part)),
                Rule::names => words.extend(self.words(part)),
                _ => {}
            }
        }
        words
    }

    pub(super) fn text(&mut self, pair: P<'_>) -> Text {
        let at = self.at(&pair);
        let text = parts(pair).next().map_or("", |quoted| quoted.as_str()).to_string();
        Text { text, at }
    }

    /// The only text in a match.
    pub(super) fn only_text(&mut self, pair: P<'_>) -> Text {
        let at = self.at(&pair);
        let text = parts(pair).find(|part| part.as_rule() == Rule::string);
        text.map_or(Text { text: String::new(), at }, |text| self.text(text))
    }

    pub(super) fn count(&mut self, pair: P<'_>) -> Count {
        let at = self.at(&pair);
        let value = pair.as_str().trim_end().parse::<u32>().ok().filter(|n| *n <= 1_000_000);
        if value.is_none() {
            let message = format!("`{}` is more than can be counted here", pair.as_str().trim_end());
            self.findings
                .push(Finding::new(Kind::TooLarge, self.place(at), message).help("a count may be 1000000 at the most"));
        }
        Count { value: value.unwrap_or(u32::MAX), at }
    }

    /// The only count in a match.
    pub(super) fn only_count(&mut self, pair: P<'_>) -> Count {
        let at = self.at(&pair);
        let count = parts(pair).find(|part| matches!(part.as_rule(), Rule::whole | Rule::once | Rule::twice));
        count.map_or(Count { value: 0, at }, |count| match count.as_rule() {
            Rule::once => Count { value: 1, at: self.at(&count) },
            Rule::twice => Count { value: 2, at: self.at(&count) },
            _ => self.count(count),
        })
    }

    pub(super) fn length(&mut self, pair: P<'_>) -> LengthText {
        let at = self.at(&pair);
        let text = parts(pair).map(|part| part.as_str().trim_end().to_string()).collect::<Vec<_>>().join(" ");
        match text.parse::<Length>() {
            Ok(length) => LengthText { text, seconds: length.seconds(), at },
            Err(error) => {
                self.findings.push(Finding::new(Kind::TooLarge, self.place(at), error.to_string()));
                LengthText { text, seconds: 0, at }
            }
        }
    }

    /// The only length in a match.
    pub(super) fn only_length(&mut self, pair: P<'_>) -> LengthText {
        let at = self.at(&pair);
        let length = parts(pair).find(|part| part.as_rule() == Rule::length);
        length.map_or(LengthText { text: String::new(), seconds: 0, at }, |length| self.length(length))
    }

    /// A value: the match is either `value` or directly what it looks like.
    pub(super) fn literal(&mut self, pair: P<'_>) -> Literal {
        if pair.as_rule() == Rule::value {
            let at = self.at(&pair);
            let inner = pair.into_inner().next();
            return inner
                .map_or(Literal { kind: LiteralKind::Name, text: String::new(), at }, |inner| self.literal(inner));
        }
        let at = self.at(&pair);
        let (kind, text) = match pair.as_rule() {
            Rule::number | Rule::whole => (LiteralKind::Number, pair.as_str().trim_end().to_string()),
            Rule::YES => (LiteralKind::Yes, "yes".to_string()),
            Rule::NO => (LiteralKind::No, "no".to_string()),
            Rule::date => (LiteralKind::Date, pair.as_str().trim_end().to_string()),
            Rule::date_time => {
                let pieces: Vec<&str> = parts(pair).map(|part| part.as_str()).collect();
                let (day, time) = (pieces.first().copied().unwrap_or(""), pieces.get(1).copied().unwrap_or(""));
                (LiteralKind::DateTime, format!("{day} {time}{}", pieces.get(2).copied().unwrap_or("")))
            }
            Rule::there => (LiteralKind::There, "there".to_string()),
            Rule::not_there => (LiteralKind::NotThere, "not there".to_string()),
            Rule::not_applicable => (LiteralKind::NotApplicable, "not applicable".to_string()),
            Rule::length => (LiteralKind::Length, self.length(pair).text),
            Rule::string => (LiteralKind::Text, self.text(pair).text),
            _ => (LiteralKind::Name, pair.as_str().trim_end().to_string()),
        };
        Literal { kind, text, at }
    }

    pub(super) fn values(&mut self, pair: P<'_>) -> Vec<ValueRange> {
        parts(pair).map(|part| self.value_range(part)).collect()
    }

    fn value_range(&mut self, pair: P<'_>) -> ValueRange {
        let at = self.at(&pair);
        let mut bound = None;
        let mut values = Vec::new();
        for part in parts(pair) {
            match bound_word(part.as_rule()) {
                Some(word) => bound = Some(word),
                None => values.push(self.literal(part)),
            }
        }
        let mut values = values.into_iter();
        let first = values.next().unwrap_or(Literal { kind: LiteralKind::Name, text: String::new(), at });
        match (bound, values.next()) {
            (Some(bound), _) => ValueRange::Bound(bound, first),
            (None, Some(second)) => ValueRange::Between(first, second),
            (None, None) => ValueRange::Single(first),
        }
    }

    pub(super) fn condition(&mut self, pair: P<'_>) -> Condition {
        let at = self.at(&pair);
        let mut alternatives: Vec<Condition> = parts(pair).map(|part| self.all_of(part)).collect();
        match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Condition { kind: ConditionKind::Any(alternatives), at },
        }
    }

    fn all_of(&mut self, pair: P<'_>) -> Condition {
        let at = self.at(&pair);
        let mut parts_of: Vec<Condition> = parts(pair).map(|part| self.negation(part)).collect();
        match parts_of.len() {
            1 => parts_of.remove(0),
            _ => Condition { kind: ConditionKind::All(parts_of), at },
        }
    }

    fn negation(&mut self, pair: P<'_>) -> Condition {
        let at = self.at(&pair);
        let nots = pair.clone().into_inner().filter(|part| part.as_rule() == Rule::NOT).count();
        let inner = parts(pair).next();
        let mut condition = inner.map_or_else(
            || Condition { kind: ConditionKind::All(Vec::new()), at },
            |inner| if inner.as_rule() == Rule::group { self.group(inner) } else { self.test(inner) },
        );
        for _ in 0..nots {
            condition = Condition { kind: ConditionKind::Not(Box::new(condition)), at };
        }
        condition
    }

    fn group(&mut self, pair: P<'_>) -> Condition {
        let at = self.at(&pair);
        let inner = parts(pair).next();
        inner.map_or_else(|| Condition { kind: ConditionKind::All(Vec::new()), at }, |inner| self.condition(inner))
    }

    fn test(&mut self, pair: P<'_>) -> Condition {
        let at = self.at(&pair);
        let kind = match pair.as_rule() {
            Rule::counting => {
                let how = parts(pair.clone()).find_map(|part| how_many(part.as_rule())).unwrap_or(HowMany::AtLeast);
                let count = self.only_count(pair.clone());
                ConditionKind::Counting { how, count, names: self.words(pair) }
            }
            Rule::any_part => {
                let name = self.only_word(pair.clone());
                let values = parts(pair).find(|part| part.as_rule() == Rule::values);
                ConditionKind::AnyPart(name, values.map_or_else(Vec::new, |values| self.values(values)))
            }
            Rule::accepted_risk => ConditionKind::Accepted(self.only_word(pair)),
            _ => self.comparison(pair),
        };
        Condition { kind, at }
    }

    fn comparison(&mut self, pair: P<'_>) -> ConditionKind {
        let name = self.only_word(pair.clone());
        let Some(tail) = parts(pair).find(|part| part.as_rule() != Rule::name) else {
            return ConditionKind::Flag(name);
        };
        match tail.as_rule() {
            Rule::includes => ConditionKind::Includes(name, self.only_word(tail)),
            Rule::bounds => {
                let values = vec![self.value_range(tail)];
                ConditionKind::Is { name, negated: false, worded: false, values }
            }
            rule => {
                let values = parts(tail).find(|part| part.as_rule() == Rule::values);
                let values = values.map_or_else(Vec::new, |values| self.values(values));
                ConditionKind::Is { name, negated: rule == Rule::is_not, worded: true, values }
            }
        }
    }

    /// A route: legs, each but the last with how often it may be taken.
    pub(super) fn route(&mut self, pair: P<'_>) -> Route {
        let at = self.at(&pair);
        let mut legs: Vec<(Route, Option<Count>)> = Vec::new();
        for part in parts(pair) {
            match (part.as_rule(), legs.last_mut()) {
                (Rule::counted, Some((_, count))) => *count = Some(self.only_count(part)),
                _ => legs.push((self.leg(part), None)),
            }
        }
        if legs.len() > MAX_LEGS {
            let message = format!("this route goes on after more than {MAX_LEGS} counts");
            self.findings.push(
                Finding::new(Kind::TooDeep, self.place(at), message).help("lead to a decision or a step of its own"),
            );
            legs.truncate(MAX_LEGS);
        }
        let mut route: Option<Route> = None;
        for (leg, count) in legs.into_iter().rev() {
            let counted = count.zip(route.take().map(Box::new));
            route = Some(Route { counted, at: At(Span { start: leg.at.0.start, end: at.0.end }), ..leg });
        }
        route.unwrap_or(Route { target: Target::Back, why: None, standing_down: false, counted: None, at })
    }

    pub(super) fn leg(&mut self, pair: P<'_>) -> Route {
        let at = self.at(&pair);
        let mut route = Route { target: Target::Back, why: None, standing_down: false, counted: None, at };
        let mut seen: Vec<Rule> = Vec::new();
        for part in parts(pair) {
            match part.as_rule() {
                Rule::name => route.target = Target::Name(self.word(part)),
                Rule::escalate => route.target = Target::Escalate(self.only_word(part)),
                Rule::nothing_more => route.target = Target::NothingMore,
                Rule::role_decides => {
                    let within = self.only_length(part.clone());
                    route.target = Target::Decides(self.only_word(part), within);
                }
                Rule::saying_why | Rule::standing_down if seen.contains(&part.as_rule()) => {
                    let at = self.at(&part);
                    let message = format!("`{}` is said twice on this route", part.as_str().trim_end());
                    self.findings.push(Finding::new(Kind::SaidTwice, self.place(at), message));
                }
                Rule::saying_why => {
                    seen.push(Rule::saying_why);
                    route.why = Some(self.only_text(part));
                }
                Rule::standing_down => {
                    seen.push(Rule::standing_down);
                    route.standing_down = true;
                }
                _ => {}
            }
        }
        route
    }

    /// The only route in a match.
    pub(super) fn only_route(&mut self, pair: P<'_>) -> Option<Route> {
        let route = parts(pair).find(|part| part.as_rule() == Rule::route);
        route.map(|route| self.route(route))
    }

    pub(super) fn only_condition(&mut self, pair: P<'_>) -> Option<Condition> {
        let condition = parts(pair).find(|part| part.as_rule() == Rule::condition);
        condition.map(|condition| self.condition(condition))
    }

    /// Reads a piece of text that stands in the file at `start`, such as a cell of a table, by one rule.
    pub(super) fn piece<T>(
        &mut self,
        rule: Rule,
        text: &str,
        start: usize,
        read: impl Fn(&mut Reader, P<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut pairs = Grammar::parse(rule, text).ok()?;
        let mut reader = Reader::new(self.source, start);
        let value = pairs.next().and_then(|pair| read(&mut reader, pair));
        self.findings.append(&mut reader.findings);
        value
    }
}

fn block_word(rule: Rule) -> Option<BlockWord> {
    Some(match rule {
        Rule::use_file => BlockWord::Use,
        Rule::pathway => BlockWord::Pathway,
        Rule::by_default => BlockWord::ByDefault,
        Rule::promises => BlockWord::Promises,
        Rule::facts => BlockWord::Facts,
        Rule::distance_from_home => BlockWord::DistanceFromHome,
        Rule::score => BlockWord::Score,
        Rule::step => BlockWord::Step,
        Rule::wait => BlockWord::Wait,
        Rule::decide => BlockWord::Decide,
        Rule::together => BlockWord::Together,
        Rule::repeat => BlockWord::Repeat,
        Rule::hand_over => BlockWord::HandOver,
        Rule::call => BlockWord::Call,
        Rule::positive_risk => BlockWord::PositiveRisk,
        Rule::best_interests => BlockWord::BestInterests,
        Rule::at_any_time => BlockWord::AtAnyTime,
        Rule::anticipate => BlockWord::Anticipate,
        Rule::ending => BlockWord::Ending,
        Rule::hazard => BlockWord::Hazard,
        Rule::role => BlockWord::Role,
        Rule::directory => BlockWord::Directory,
        Rule::holidays => BlockWord::Holidays,
        Rule::contact => BlockWord::Contact,
        Rule::meeting => BlockWord::Meeting,
        Rule::escalation => BlockWord::Escalation,
        Rule::words => BlockWord::Words,
        Rule::scenario => BlockWord::Scenario,
        _ => return None,
    })
}

fn bound_word(rule: Rule) -> Option<Bound> {
    Some(match rule {
        Rule::at_least => Bound::AtLeast,
        Rule::at_most => Bound::AtMost,
        Rule::more_than => Bound::MoreThan,
        Rule::less_than => Bound::LessThan,
        Rule::earlier_than => Bound::EarlierThan,
        Rule::later_than => Bound::LaterThan,
        _ => return None,
    })
}

fn how_many(rule: Rule) -> Option<HowMany> {
    Some(match rule {
        Rule::at_least => HowMany::AtLeast,
        Rule::at_most => HowMany::AtMost,
        Rule::exactly => HowMany::Exactly,
        _ => return None,
    })
}
