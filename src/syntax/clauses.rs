//! From what pest matched to clauses: one arm a clause of the language.

mod table;

use super::Rule;
use super::read::{P, Reader, parts, says};
use super::tree::*;
use crate::diagnostic::{Finding, Kind};

impl Reader {
    /// A clause, or nothing where the grammar had only its beginning.
    pub(super) fn clause(&mut self, pair: P<'_>) -> Option<ClauseKind> {
        use ClauseKind as C;
        Some(match pair.as_rule() {
            Rule::version => {
                let at = self.at(&pair);
                let text = parts(pair).next().map_or(String::new(), |part| part.as_str().trim_end().to_string());
                C::Version(Word { text, at })
            }
            Rule::starts_at => C::StartsAt(self.only_word(pair)),
            Rule::tested_with => C::TestedWith(self.only_text(pair)),
            Rule::review_by => C::ReviewBy(self.first(pair, Reader::literal)?),
            Rule::needs_agreement => C::NeedsAgreement(self.words(pair)),
            Rule::agreed_to => C::AgreedTo {
                by: self.only_word(pair.clone()),
                mark: self.only_text(pair.clone()),
                on: parts(pair).find(|it| it.as_rule() == Rule::date).map(|it| self.literal(it))?,
            },
            Rule::source => self.source_clause(pair),
            Rule::in_force => {
                let mut dates = parts(pair).map(|part| self.literal(part)).collect::<Vec<_>>().into_iter();
                C::InForce { from: dates.next()?, until: dates.next() }
            }
            Rule::allow => C::Allow {
                finding: parts(pair.clone()).find(|it| it.as_rule() == Rule::finding_name).map(|it| self.word(it))?,
                mark: parts(pair.clone()).find(|it| it.as_rule() == Rule::allowed_mark).map(|it| self.only_text(it)),
                because: self.only_text(pair.clone()),
                by: self.only_word(pair.clone()),
                until: parts(pair).find(|it| it.as_rule() == Rule::date).map(|it| self.literal(it))?,
            },
            Rule::outcome_route => {
                let outcome = parts(pair.clone()).find_map(|part| self.outcome(part))?;
                C::Outcome { outcome, route: self.only_route(pair)? }
            }
            Rule::everyone_ends
            | Rule::nobody_asked_twice
            | Rule::nobody_against
            | Rule::nobody_without
            | Rule::whoever_has
            | Rule::whoever_reaches
            | Rule::never_together => C::Promise(self.promise(pair)?),
            Rule::fact => C::Fact(Box::new(self.fact(pair)?)),
            Rule::score_part => C::Part(self.score_part(pair)),
            Rule::led_by => C::LedBy(self.only_word(pair)),
            Rule::with => C::With(self.words(pair)),
            Rule::finds => C::Finds {
                afresh: says(&pair, Rule::AFRESH),
                missing: says(&pair, Rule::what_is_missing),
                names: self.words(pair),
            },
            Rule::within => C::Within(self.allowed(pair)),
            Rule::for_so_long => C::ForSoLong(self.allowed(pair)),
            Rule::takes => C::Takes(self.only_length(pair)),
            Rule::not_without => C::NotWithout { role: self.only_word(pair.clone()), when: self.only_condition(pair) },
            Rule::tell => {
                let agreed = parts(pair.clone()).find(|part| part.as_rule() == Rule::if_agreed);
                let agreed = agreed.map(|part| self.at(&part));
                C::Tell { who: self.only_word(pair.clone()), text: self.only_text(pair), agreed }
            }
            Rule::chargeable => C::Chargeable { told_in: self.words(pair).pop() },
            Rule::at_place => {
                let mut names = self.words(pair).into_iter();
                C::AtPlace { setting: names.next()?, told_in: names.next() }
            }
            Rule::setting => {
                let title = parts(pair.clone()).find(|part| part.as_rule() == Rule::title);
                let title = title.and_then(|title| self.first(title, Reader::text));
                C::Setting { name: self.only_word(pair), title }
            }
            Rule::then => C::Then(self.only_route(pair)?),
            Rule::row => C::Row { condition: self.only_condition(pair.clone())?, route: self.only_route(pair)? },
            Rule::none_of_these => C::NoneOfThese(self.only_route(pair)?),
            Rule::not_known => C::NotKnown(self.only_route(pair)?),
            Rule::no_overlap => C::NoOverlap,
            Rule::advise => {
                let mut names = Vec::new();
                for part in parts(pair.clone()).filter(|part| part.as_rule() == Rule::names) {
                    names.extend(self.words(part));
                }
                C::Advise { role: self.only_word(pair.clone()), with: names, within: self.only_length(pair) }
            }
            Rule::reason => {
                let against = says(&pair, Rule::AGAINST);
                let (when, text) = (self.only_condition(pair.clone())?, self.only_text(pair.clone()));
                let mut names = self.words(pair).into_iter();
                C::Reason { against, option: names.next()?, from: names.next()?, when, text }
            }
            Rule::agreed_by => C::AgreedBy(self.words(pair)),
            Rule::if_they_disagree => C::IfTheyDisagree(self.only_route(pair)?),
            Rule::matters => C::Matters(self.only_word(pair)),
            Rule::could_happen => C::CouldHappen(self.only_text(pair)),
            Rule::strengths => C::Strengths(self.only_word(pair)),
            Rule::safety_nets => {
                let before = self.only_word(pair.clone());
                let nets = parts(pair).find(|part| part.as_rule() == Rule::names);
                C::SafetyNets { nets: nets.map_or_else(Vec::new, |names| self.words(names)), before }
            }
            Rule::decided_by => {
                let mut names = self.words(pair).into_iter();
                C::DecidedBy { who: names.next()?, or: names.next()?, able: names.next()? }
            }
            Rule::plan_agreed_by => C::PlanAgreedBy(self.words(pair)),
            Rule::disagree_meanwhile => {
                let safe = parts(pair.clone()).find(|part| part.as_rule() == Rule::name).map(|name| self.word(name));
                C::DisagreeMeanwhile { route: self.only_route(pair)?, safe }
            }
            Rule::review_after => C::ReviewAfter(self.only_word(pair)),
            Rule::if_it_happens => C::IfItHappens { who: self.only_word(pair.clone()), within: self.only_length(pair) },
            Rule::person_accepts => C::Accepts(self.only_route(pair)?),
            Rule::person_does_not => C::DoesNotAccept(self.only_route(pair)?),
            Rule::about => C::About(self.only_word(pair)),
            Rule::instruct => C::Instruct {
                who: self.only_word(pair.clone()),
                within: self.only_length(pair.clone()),
                when: self.only_condition(pair)?,
            },
            Rule::otherwise_because => C::OtherwiseBecause(self.words(pair)),
            Rule::option => C::Option { name: self.only_word(pair.clone()), only_when: self.only_condition(pair)? },
            Rule::table => C::Table(self.table(pair)),
            Rule::join_within => {
                let within = self.only_length(pair.clone());
                let first = says(&pair, Rule::FIRST).then(|| self.only_count(pair));
                C::Join { first, within }
            }
            Rule::branch | Rule::called_branch => self.branch(pair, false),
            Rule::meanwhile_branch => self.branch(pair, true),
            Rule::every => C::Every(self.only_length(pair)),
            Rule::until => C::Until { condition: self.only_condition(pair.clone())?, route: self.only_route(pair)? },
            Rule::at_most_times => {
                C::AtMostTimes { count: self.only_count(pair.clone()), route: self.only_route(pair)? }
            }
            Rule::from => C::From(self.only_word(pair)),
            Rule::to => C::To(self.only_word(pair)),
            Rule::carrying => C::Carrying(self.words(pair)),
            Rule::accepted_within => C::AcceptedWithin(self.allowed(pair)),
            Rule::follows => C::Follows(self.only_word(pair)),
            Rule::done_if => C::DoneIf(self.words(pair)),
            Rule::ends_in => C::EndsIn { ending: self.only_word(pair.clone()), route: self.only_route(pair)? },
            Rule::fires => {
                let mut legs = parts(pair.clone()).filter(|part| part.as_rule() == Rule::leg);
                let (first, last) = (legs.next()?, legs.next());
                C::Fires {
                    condition: self.only_condition(pair.clone())?,
                    route: self.leg(first),
                    as_well: says(&pair, Rule::as_well),
                    count: self.only_count(pair),
                    then: last.map(|last| self.leg(last)),
                }
            }
            Rule::is_for | Rule::is_not_for => {
                let leg = parts(pair.clone()).find(|part| part.as_rule() == Rule::leg)?;
                let not = pair.as_rule() == Rule::is_not_for;
                C::IsFor { not, condition: self.only_condition(pair)?, route: self.leg(leg) }
            }
            Rule::nothing_yet => C::NothingYet(self.only_text(pair)),
            Rule::may_raise => C::AnyoneMayRaise,
            Rule::kept_known => C::KeptKnownBy(self.words(pair)),
            Rule::anticipated => C::Anticipated(self.only_condition(pair)?),
            Rule::start_pathway => {
                let pathway = self.only_word(pair.clone());
                C::StartPathway { pathway, within: self.allowed(pair) }
            }
            Rule::once_every => C::OnceEvery(self.only_length(pair)),
            Rule::ask_whom => C::AskWhom { who: self.only_word(pair.clone()), within: self.only_length(pair) },
            Rule::held_by => C::HeldBy(self.only_word(pair)),
            Rule::owed => C::Owed(self.words(pair)),
            Rule::severity => C::Severity(self.only_word(pair)),
            Rule::likelihood => C::Likelihood(self.only_word(pair)),
            Rule::owner => C::Owner(self.only_word(pair)),
            Rule::controlled_by => C::ControlledBy(parts(pair).map(|part| self.control(part)).collect()),
            Rule::of_kind => C::OfKind(self.only_word(pair)),
            Rule::profession => C::Profession(self.only_word(pair)),
            Rule::time_zone => C::TimeZone(self.only_text(pair)),
            Rule::valid_from => C::ValidFrom(self.first(pair, Reader::literal)?),
            Rule::valid_until => C::ValidUntil(self.first(pair, Reader::literal)?),
            Rule::bank_holidays => C::BankHolidays(self.only_word(pair)),
            Rule::known_until => C::KnownUntil(self.first(pair, Reader::literal)?),
            Rule::on_dates => C::OnDates(parts(pair).map(|part| self.literal(part)).collect()),
            Rule::fills => C::Fills(self.words(pair)),
            Rule::serves => C::Serves(self.only_condition(pair)?),
            Rule::until_known => C::UntilKnownAnybody,
            Rule::phone => C::Phone(self.only_text(pair)),
            Rule::channel => {
                let kinds = [
                    (Rule::bleep, ChannelKind::Bleep),
                    (Rule::secure_email, ChannelKind::SecureEmail),
                    (Rule::fax, ChannelKind::Fax),
                    (Rule::post, ChannelKind::Post),
                ];
                let (_, kind) = kinds.into_iter().find(|(rule, _)| says(&pair, *rule))?;
                let timed = parts(pair.clone()).any(|part| part.as_rule() == Rule::length);
                let acknowledged = timed.then(|| self.only_length(pair.clone()));
                C::Channel { kind, to: self.only_text(pair), acknowledged }
            }
            Rule::open => self.open(pair),
            Rule::holiday_rule => C::OnBankHolidays(self.holiday_rule(pair)),
            Rule::closed => {
                let mut dates = parts(pair).map(|part| self.literal(part)).collect::<Vec<_>>().into_iter();
                C::Closed(dates.next()?, dates.next())
            }
            Rule::meets | Rule::papers_by | Rule::meeting_holidays | Rule::not_held => self.of_a_meeting(pair)?,
            Rule::rung => {
                let word = if says(&pair, Rule::last_rung) {
                    RungWord::Last
                } else if says(&pair, Rule::THEN) {
                    RungWord::Then
                } else {
                    RungWord::Ask
                };
                C::Rung { word, who: self.only_word(pair.clone()), within: self.only_length(pair) }
            }
            Rule::may_reassign => {
                let timed = parts(pair.clone()).any(|part| part.as_rule() == Rule::length);
                let within = timed.then(|| self.only_length(pair.clone()));
                C::MayReassign { count: self.only_count(pair), within }
            }
            Rule::say => {
                let mut texts = parts(pair).map(|part| self.text(part)).collect::<Vec<_>>().into_iter();
                C::Say { say: texts.next()?, not: texts.collect() }
            }
            Rule::keep => C::Keep(parts(pair).map(|part| self.text(part)).collect()),
            Rule::on => C::On(self.only_word(pair)),
            Rule::starts => C::Starts(self.first(pair, Reader::literal)?),
            Rule::knowing => C::Knowing(self.assignments_in(pair)),
            Rule::happening => C::Happening(self.happening(pair)),
            Rule::the_rest => C::TheRest,
            Rule::expect => C::Expect(self.expectation(parts(pair).next()?)?),
            _ => return None,
        })
    }

    fn source_clause(&mut self, pair: P<'_>) -> ClauseKind {
        let at = self.at(&pair);
        let (mut source, mut is_name, mut section, mut checked) = (None, false, None, None);
        let unverified = says(&pair, Rule::UNVERIFIED);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::name => {
                    let Word { text, at } = self.word(part);
                    (source, is_name) = (Some(Text { text, at }), true);
                }
                Rule::string if source.is_none() => source = Some(self.text(part)),
                Rule::string => section = Some(self.text(part)),
                _ => checked = Some(self.literal(part)),
            }
        }
        let source = source.unwrap_or(Text { text: String::new(), at });
        ClauseKind::Source { source, is_name, section, checked, unverified }
    }

    fn control(&mut self, pair: P<'_>) -> Control {
        if says(&pair, Rule::SCENARIO) {
            Control::Scenario(self.only_text(pair))
        } else if says(&pair, Rule::PROMISE) {
            Control::Promise(self.only_text(pair))
        } else {
            Control::Place(self.only_word(pair))
        }
    }

    /// By when something has to be done.
    fn allowed(&mut self, pair: P<'_>) -> Allowed {
        let at = self.at(&pair);
        let read = parts(pair.clone()).find_map(|part| match part.as_rule() {
            Rule::working => Some(Allowed::Working {
                count: self.only_count(part.clone()),
                days: says(&part, Rule::DAYS),
                of: self.only_word(part),
            }),
            Rule::after_step => Some(Allowed::After(self.only_length(part.clone()), self.only_word(part))),
            Rule::at_meeting => Some(Allowed::AtTheNext(self.only_word(part))),
            Rule::calendar_days => Some(Allowed::CalendarDays(self.only_count(part))),
            Rule::time => Some(Allowed::By(minutes(part.as_str()), self.at(&part))),
            Rule::length => Some(Allowed::Length(self.length(part))),
            _ => None,
        });
        read.unwrap_or(Allowed::By(u16::MAX, at))
    }

    pub(super) fn outcome(&mut self, pair: P<'_>) -> Option<Outcome> {
        Some(match pair.as_rule() {
            Rule::late => Outcome::Late,
            Rule::cannot => Outcome::Cannot,
            Rule::person_declines => Outcome::PersonDeclines,
            Rule::nobody_can => Outcome::NobodyCan,
            Rule::declined => Outcome::Declined,
            Rule::on_condition => Outcome::OnCondition,
            Rule::not_all_done => Outcome::NotAllDone,
            Rule::fewer_than => Outcome::FewerThan(self.only_count(pair).value),
            Rule::died => Outcome::Died,
            Rule::withdrew => Outcome::Withdrew,
            Rule::unreachable => Outcome::Unreachable,
            Rule::moved_away => Outcome::MovedAway,
            Rule::opened_in_error => Outcome::OpenedInError,
            _ => return None,
        })
    }

    fn promise(&mut self, pair: P<'_>) -> Option<Promise> {
        let rule = pair.as_rule();
        let within = self.only_length(pair.clone());
        let mut words = self.words(pair).into_iter();
        Some(match rule {
            Rule::everyone_ends => Promise::Ends(within),
            Rule::nobody_against => Promise::NotAgainst { wish: words.next()?, able: words.next()? },
            Rule::nobody_without => Promise::NotWithout { reached: words.next()?, first: words.next()? },
            Rule::whoever_has => Promise::WhoeverHas { fact: words.next()?, reaches: words.next()?, within },
            Rule::whoever_reaches => Promise::WhoeverReaches { from: words.next()?, reaches: words.next()?, within },
            Rule::never_together => Promise::NeverTogether(words.next()?, words.next()?),
            _ => Promise::NotAskedTwice,
        })
    }

    fn fact(&mut self, pair: P<'_>) -> Option<Fact> {
        let at = self.at(&pair);
        let name = self.only_word(pair.clone());
        let mut fact = Fact {
            name,
            kind: FactType::Text,
            title: None,
            unit: None,
            computed: None,
            elapsed: None,
            asked_of: Vec::new(),
            found_by: Vec::new(),
            model: None,
            good_for: None,
            presumed: Vec::new(),
            applies: None,
            settled: None,
            kept_from: Vec::new(),
            disputed: None,
            lets_be_told: Vec::new(),
            codes: Vec::new(),
            source: None,
            at,
        };
        let mut said: Vec<Rule> = Vec::new();
        for part in parts(pair) {
            let at = self.at(&part);
            // Of the same, one would hide the other. Codes are told apart by their systems.
            if said.contains(&part.as_rule()) && part.as_rule() != Rule::code {
                let message =
                    format!("`{}` comes behind another one, for `{}`", part.as_str().trim_end(), fact.name.text);
                let help = match part.as_rule() {
                    Rule::found_by => "write all who may find it in one: `found by therapist or nurse`",
                    Rule::asked_of => "write all whom one asks in one: `asked of person or carer`",
                    _ => "keep the one that is meant",
                };
                self.findings.push(Finding::new(Kind::SaidTwice, self.place(at), message).help(help));
                continue;
            }
            said.push(part.as_rule());
            match part.as_rule() {
                Rule::title => fact.title = self.first(part, Reader::text),
                Rule::measured_in => fact.unit = Some(self.only_text(part)),
                Rule::elapsed => fact.elapsed = self.elapsed(part),
                Rule::computed => fact.computed = self.computed(part),
                Rule::asked_of => fact.asked_of = self.words(part),
                Rule::found_by => {
                    let mut joiner = Joiner::Or;
                    for piece in part.into_inner() {
                        match piece.as_rule() {
                            Rule::WITH => joiner = Joiner::With,
                            Rule::OR => joiner = Joiner::Or,
                            Rule::name => fact.found_by.push((joiner, self.word(piece))),
                            _ => {}
                        }
                    }
                }
                Rule::found_by_model => {
                    fact.model = Some(Box::new((self.only_text(part.clone()), self.words(part))));
                }
                Rule::good_for => fact.good_for = Some(self.only_length(part)),
                Rule::presumed => fact.presumed = parts(part).map(|piece| self.literal(piece)).collect(),
                Rule::applies_when => fact.applies = self.only_condition(part),
                Rule::settled => fact.settled = Some(at),
                Rule::kept_from => fact.kept_from = self.words(part),
                Rule::if_disputed => {
                    fact.disputed = Some(Box::new((self.only_word(part.clone()), self.only_length(part))))
                }
                Rule::lets_be_told => fact.lets_be_told = self.words(part),
                Rule::source => fact.source = Some(Box::new(Clause { kind: self.source_clause(part), at })),
                Rule::code => {
                    let written = parts(part.clone()).find(|it| matches!(it.as_rule(), Rule::number | Rule::string));
                    let code = written.map(|it| self.literal(it))?;
                    fact.codes.push((self.only_word(part), code));
                }
                Rule::name => {}
                _ => fact.kind = self.fact_type(part)?,
            }
        }
        Some(fact)
    }

    fn fact_type(&mut self, pair: P<'_>) -> Option<FactType> {
        Some(match pair.as_rule() {
            Rule::yes_or_no => FactType::YesOrNo,
            Rule::one_of => FactType::OneOf(self.words(pair)),
            Rule::several_of => FactType::SeveralOf(self.words(pair)),
            Rule::length_range => {
                let mut ends = parts(pair).map(|part| self.length(part)).collect::<Vec<_>>().into_iter();
                FactType::Length(ends.next()?, ends.next()?)
            }
            Rule::free_text => FactType::Text,
            Rule::document => FactType::Document,
            rule => {
                let mut ends = parts(pair).map(|part| self.literal(part)).collect::<Vec<_>>().into_iter();
                let (from, to) = (ends.next()?, ends.next()?);
                match rule {
                    Rule::number_range => FactType::Number(from, to, ends.next()),
                    Rule::date_range => FactType::Date(from, to),
                    Rule::date_time_range => FactType::DateTime(from, to),
                    _ => return None,
                }
            }
        })
    }

    fn score_part(&mut self, pair: P<'_>) -> Part {
        let name = self.only_word(pair.clone());
        let (mut title, mut bands, mut rows, mut otherwise) = (None, Vec::new(), Vec::new(), None);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::title => title = self.first(part, Reader::text),
                Rule::band => {
                    let mut pieces = parts(part);
                    if let (Some(values), Some(points)) = (pieces.next(), pieces.next()) {
                        bands.push((self.values(values), self.literal(points)));
                    }
                }
                Rule::part_row => {
                    let mut pieces = parts(part);
                    if let (Some(condition), Some(points)) = (pieces.next(), pieces.next()) {
                        rows.push((self.condition(condition), self.literal(points)));
                    }
                }
                Rule::number => otherwise = Some(self.literal(part)),
                _ => {}
            }
        }
        let points = if rows.is_empty() { Points::Bands(bands) } else { Points::Rows(rows, otherwise) };
        Part { name, title, points }
    }

    fn branch(&mut self, pair: P<'_>, meanwhile: bool) -> ClauseKind {
        let (mut name, mut title, mut clauses) = (None, None, Vec::new());
        for part in parts(pair.clone()) {
            let at = self.at(&part);
            match part.as_rule() {
                Rule::name => name = Some(self.word(part)),
                Rule::title => title = self.first(part, Reader::text),
                _ => clauses.extend(self.clause(part).map(|kind| Clause { kind, at })),
            }
        }
        let at = self.at(&pair);
        ClauseKind::Branch { name: name.unwrap_or(Word { text: String::new(), at }), title, clauses, meanwhile }
    }

    fn open(&mut self, pair: P<'_>) -> ClauseKind {
        if says(&pair, Rule::always) {
            return ClauseKind::Open(None);
        }
        let hours = parts(pair)
            .map(|hours| {
                let at = self.at(&hours);
                let (mut days, mut spans) = (Days::EveryDay, Vec::new());
                for part in parts(hours) {
                    match part.as_rule() {
                        Rule::days => days = days_of(part),
                        _ => spans.push(time_span(part)),
                    }
                }
                Hours { days, spans, at }
            })
            .collect();
        ClauseKind::Open(Some(hours))
    }

    fn holiday_rule(&mut self, pair: P<'_>) -> HolidayHours {
        if says(&pair, Rule::closed_then) {
            HolidayHours::Closed
        } else if says(&pair, Rule::as_usual) {
            HolidayHours::AsUsual
        } else {
            HolidayHours::Open(parts(pair).map(time_span).collect())
        }
    }
}

fn days_of(pair: P<'_>) -> Days {
    let number = |text: &str| crate::calendar::weekday_index(text.trim_end()).unwrap_or(0) as u8;
    let is_range = says(&pair, Rule::TO);
    let listed: Vec<u8> = parts(pair).map(|day| number(day.as_str())).collect();
    match listed.as_slice() {
        [] => Days::EveryDay,
        [from, to] if is_range => Days::Between(*from, *to),
        _ => Days::List(listed),
    }
}

/// From and to in minutes of the day; a time that no clock shows becomes `u16::MAX`, for the model to report.
fn time_span(pair: P<'_>) -> (u16, u16) {
    let mut ends = parts(pair).map(|time| minutes(time.as_str()));
    (ends.next().unwrap_or(u16::MAX), ends.next().unwrap_or(u16::MAX))
}

/// A time of day in minutes past midnight; one that no clock shows becomes `u16::MAX`.
pub(super) fn minutes(text: &str) -> u16 {
    let read = || -> Option<u16> {
        let (hour, minute) = text.trim_end().split_once(':')?;
        let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
        (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
    };
    read().unwrap_or(u16::MAX)
}
