//! Meetings: from what pest matched to clauses, and back to words.

use super::Rule;
use super::clauses::minutes;
use super::read::{P, Reader, parts, says};
use super::tree::*;
use crate::calendar::clock;

impl Reader {
    /// A clause of a meeting.
    pub(super) fn of_a_meeting(&mut self, pair: P<'_>) -> Option<ClauseKind> {
        use ClauseKind as C;
        Some(match pair.as_rule() {
            Rule::meets => C::Meets(self.meets(pair)),
            Rule::papers_by => {
                let at = self.at(&pair);
                let day = parts(pair.clone()).find(|part| part.as_rule() == Rule::meeting_day).map(meeting_day)?;
                let time = parts(pair).find(|part| part.as_rule() == Rule::time).map(|part| minutes(part.as_str()))?;
                C::PapersBy { day, time, at }
            }
            Rule::meeting_holidays => C::MeetingHolidays(if says(&pair, Rule::as_usual) {
                MeetingHolidays::AsUsual
            } else if says(&pair, Rule::not_held_then) {
                MeetingHolidays::NotHeld
            } else {
                MeetingHolidays::NextWorkingDay
            }),
            _ => {
                let mut dates = parts(pair).map(|part| self.literal(part)).collect::<Vec<_>>().into_iter();
                C::NotHeld(dates.next()?, dates.next())
            }
        })
    }

    /// When a meeting meets.
    fn meets(&mut self, pair: P<'_>) -> Meets {
        let at = self.at(&pair);
        let mut meets =
            Meets { which: Which::EveryWeek, days: Vec::new(), begins: u16::MAX, ends: None, from: None, at };
        let mut times = Vec::new();
        for part in parts(pair) {
            match part.as_rule() {
                Rule::time => times.push(minutes(part.as_str())),
                Rule::date => meets.from = Some(self.literal(part)),
                rule => {
                    meets.which = match rule {
                        Rule::every_second => Which::EverySecondWeek,
                        Rule::of_the_month if says(&part, Rule::FIRST) => Which::OfTheMonth(Some(1)),
                        Rule::of_the_month if says(&part, Rule::SECOND) => Which::OfTheMonth(Some(2)),
                        Rule::of_the_month if says(&part, Rule::THIRD) => Which::OfTheMonth(Some(3)),
                        Rule::of_the_month if says(&part, Rule::FOURTH) => Which::OfTheMonth(Some(4)),
                        Rule::of_the_month => Which::OfTheMonth(None),
                        _ => Which::EveryWeek,
                    };
                    meets.days = parts(part).map(meeting_day).collect();
                }
            }
        }
        let mut times = times.into_iter();
        meets.begins = times.next().unwrap_or(u16::MAX);
        meets.ends = times.next();
        meets
    }
}

/// A day of the week, as in `tuesdays`.
fn meeting_day(pair: P<'_>) -> u8 {
    crate::calendar::weekday_index(pair.as_str().trim_end()).map_or(0, |day| day as u8)
}

/// When a meeting meets: `tuesdays 10:00 to 12:00`, `first monday of the month 14:00`.
fn meets_words(it: &Meets) -> String {
    let first = it.days.first().map_or("", |day| day_name(*day));
    let days = match it.which {
        Which::EveryWeek => it.days.iter().map(|day| format!("{}s", day_name(*day))).collect::<Vec<_>>().join(", "),
        Which::EverySecondWeek => format!("every second {first}"),
        Which::OfTheMonth(which) => {
            let word = which.and_then(|which| ["first", "second", "third", "fourth"].get(usize::from(which) - 1));
            format!("{} {first} of the month", word.unwrap_or(&"last"))
        }
    };
    let ends = it.ends.map_or(String::new(), |ends| format!(" to {}", clock(ends)));
    let from = it.from.as_ref().map_or(String::new(), |from| format!(", from {}", from.text));
    format!("{days} {}{ends}{from}", clock(it.begins))
}

/// The name of a day of the week, Monday being 0.
pub(super) fn day_name(day: u8) -> &'static str {
    crate::calendar::weekday_name(usize::from(day)).unwrap_or("")
}

/// When a meeting meets, in the words of the language, on one line.
pub(crate) fn meeting_words(clauses: &[Clause]) -> String {
    let said = clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Meets(it) => Some(meets_words(it)),
        ClauseKind::PapersBy { .. } => {
            let (word, rest) = written(&clause.kind);
            Some(format!("{word} {rest}"))
        }
        _ => None,
    });
    said.collect::<Vec<_>>().join(", ")
}

/// What a clause of a meeting says: the words it starts with, and the rest.
pub(super) fn written(kind: &ClauseKind) -> (&'static str, String) {
    match kind {
        ClauseKind::Meets(it) => ("meets", meets_words(it)),
        ClauseKind::PapersBy { day, time: at, .. } => ("papers by", format!("{} {}", day_name(*day), clock(*at))),
        ClauseKind::MeetingHolidays(rule) => ("on bank holidays", rule.in_words().to_string()),
        ClauseKind::NotHeld(from, None) => ("not held", from.text.clone()),
        ClauseKind::NotHeld(from, Some(to)) => ("not held", format!("{} to {}", from.text, to.text)),
        _ => ("", String::new()),
    }
}
