//! What values a fact can have, and how they are read, kept and shown.
//!
//! Every value is kept as a whole number: yes is 1, an option is its place in the list, a decimal is counted in its
//! smallest digit, a date in days, a time in seconds, several options as one bit each. So every comparison anywhere in
//! a pathway is a question about ranges of whole numbers, exact on every machine.

use super::Name;
use crate::calendar::{Length, Moment, Zone, read_date};
use crate::diagnostic::{in_short, surely_meant};
use serde::Serialize;
use std::fmt;

/// What values a fact can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Domain {
    /// Yes or no.
    YesOrNo,
    /// One of a list of options.
    OneOf(Vec<Name>),
    /// Any number of a list of at most 62 options.
    SeveralOf(Vec<Name>),
    /// A whole number or a decimal, counted in units of its last digit: 37.5 with one decimal is 375.
    Number {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
        /// From one value to the next.
        step: i64,
        /// How many digits stand behind the point.
        decimals: u32,
    },
    /// A date, in days since 1970-01-01.
    Date {
        /// The earliest.
        min: i64,
        /// The latest.
        max: i64,
    },
    /// An instant, in seconds since 1970-01-01 00:00 UTC.
    DateTime {
        /// The earliest.
        min: i64,
        /// The latest.
        max: i64,
    },
    /// A length of time in seconds.
    Length {
        /// The shortest.
        min: i64,
        /// The longest.
        max: i64,
    },
    /// A document that is kept elsewhere: whether it is there. What refers to it is kept beside the slots.
    Document,
    /// Words; never in a condition. Kept beside the slots; in its slot a 1 says that it is there.
    Text,
}

/// Why a text is not a value of a fact. Each says what would fit, in plain words.
#[derive(Clone, PartialEq, Eq)]
pub enum ValueError {
    /// It is of another type.
    WrongType {
        /// What was given.
        given: String,
        /// What is wanted, in words.
        wanted: String,
        /// An option that was probably meant.
        meant: Option<String>,
    },
    /// It lies outside the range.
    OutOfRange {
        /// What was given.
        given: String,
        /// The least that fits.
        min: String,
        /// The greatest that fits.
        max: String,
    },
    /// It lies between two steps.
    OffStep {
        /// What was given.
        given: String,
        /// The step.
        step: String,
    },
    /// It says that it is none of the options, and names some.
    NoneAndSome {
        /// What was given.
        given: String,
    },
    /// It is a time that does not exist, or exists twice.
    NoSuchTime(String),
    /// It follows from something else, and that is what somebody finds.
    Follows {
        /// The fact it follows from.
        from: Name,
    },
    /// Something is counted since this date, and it is still to come.
    StillToCome {
        /// What was given.
        given: String,
    },
}

impl fmt::Display for ValueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::WrongType { given, wanted, meant: None } => write!(out, "`{given}` is not {wanted}"),
            ValueError::WrongType { given, wanted, meant: Some(meant) } => {
                write!(out, "`{given}` is not {wanted}; did you mean `{meant}`?")
            }
            ValueError::OutOfRange { given, min, max } => write!(out, "`{given}` is outside {min} to {max}"),
            ValueError::OffStep { given, step } => write!(out, "`{given}` is off the steps of {step}"),
            ValueError::NoneAndSome { given } => {
                write!(out, "`{given}` says none of them and some of them; write `none_of_them` alone, or only those")
            }
            ValueError::NoSuchTime(why) => out.write_str(why),
            ValueError::Follows { from } => write!(out, "nobody says what follows from `{from}`; say what `{from}` is"),
            ValueError::StillToCome { given } => write!(out, "`{given}` is still to come, and is counted from"),
        }
    }
}

impl std::error::Error for ValueError {}

/// Why it does not fit, and not what was given: that may be about a person.
impl fmt::Debug for ValueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ValueError({})", self.in_brief())
    }
}

impl ValueError {
    /// Why it does not fit, without what was given: for a log.
    pub fn in_brief(&self) -> String {
        match self {
            ValueError::WrongType { wanted, .. } => format!("what was given is not {wanted}"),
            ValueError::OutOfRange { min, max, .. } => format!("what was given is outside {min} to {max}"),
            ValueError::OffStep { step, .. } => format!("what was given is off the steps of {step}"),
            ValueError::NoneAndSome { .. } => "what was given says none of the options, and names some".to_string(),
            ValueError::NoSuchTime(_) => "what was given is no time that there is once".to_string(),
            ValueError::Follows { .. } => self.to_string(),
            ValueError::StillToCome { .. } => "what was given is still to come, and is counted from".to_string(),
        }
    }
}

/// The value of a fact that does not apply: less than any other, and none of its domain.
pub const NOT_APPLICABLE: i64 = i64::MIN;

/// The most options a fact of several can have: one bit each, in a number that is never negative.
pub const MAX_SEVERAL: usize = 62;

impl Domain {
    /// The least and the greatest number a value of this domain is kept as.
    pub fn bounds(&self) -> (i64, i64) {
        match self {
            Domain::YesOrNo | Domain::Document => (0, 1),
            Domain::OneOf(options) => (0, options.len() as i64 - 1),
            Domain::SeveralOf(options) => (0, (1 << options.len().min(MAX_SEVERAL)) - 1),
            Domain::Number { min, max, .. }
            | Domain::Date { min, max }
            | Domain::DateTime { min, max }
            | Domain::Length { min, max } => (*min, *max),
            Domain::Text => (1, 1),
        }
    }

    /// From one value to the next.
    pub fn step(&self) -> i64 {
        if let Domain::Number { step, .. } = self { *step } else { 1 }
    }

    /// What a value of this domain looks like, in words.
    pub fn in_words(&self) -> String {
        let list = |options: &[Name]| options.iter().map(|it| it.to_string()).collect::<Vec<_>>().join(", ");
        let (min, max) = self.bounds();
        match self {
            Domain::YesOrNo => "yes or no".into(),
            Domain::OneOf(options) => format!("one of {}", list(options)),
            Domain::SeveralOf(options) => format!("any of {}", list(options)),
            Domain::Number { step, decimals, .. } if *step != 1 || *decimals > 0 => {
                format!(
                    "a number from {} to {} in steps of {}",
                    self.show(min),
                    self.show(max),
                    decimal(*step, *decimals)
                )
            }
            Domain::Number { .. } => format!("a whole number from {min} to {max}"),
            Domain::Date { .. } => format!("a date from {} to {}, such as 2026-03-02", self.show(min), self.show(max)),
            Domain::DateTime { .. } => "a date and time, such as 2026-03-02 09:00".into(),
            Domain::Length { .. } => format!("a length of time from {} to {}", self.show(min), self.show(max)),
            Domain::Text => "a text".into(),
            Domain::Document => "a document: what refers to it, or `none`".into(),
        }
    }

    fn wrong(&self, given: &str) -> ValueError {
        let meant = match self {
            Domain::OneOf(options) | Domain::SeveralOf(options) => {
                surely_meant(given, options.iter().map(Name::as_str)).map(str::to_string)
            }
            _ => None,
        };
        ValueError::WrongType { given: in_short(given), wanted: self.in_words(), meant }
    }

    /// Reads a value as it is written in a pathway, a person file or an event: `yes`, `home`, `37.5`, `2026-03-02`,
    /// `3 days`, several options with `and` or commas between them. A date and time without an offset is local to
    /// `zone`; where there is none, it is refused.
    ///
    /// # Errors
    /// [`ValueError`] says why it is not a value of this domain. A text fits as it is, whatever it says.
    pub fn read(&self, text: &str, zone: Option<&Zone>) -> Result<i64, ValueError> {
        let value = match self {
            Domain::YesOrNo => match text {
                "yes" => 1,
                "no" => 0,
                _ => return Err(self.wrong(text)),
            },
            Domain::OneOf(options) => position(options, text).ok_or_else(|| self.wrong(text))? as i64,
            Domain::SeveralOf(options) => {
                let (mut bits, mut none) = (0i64, false);
                for option in text.split(',').flat_map(|part| part.split(" and ")).map(str::trim) {
                    match position(options, option) {
                        Some(at) => bits |= 1 << at,
                        None if matches!(option, "none_of_them" | "none") => none = true,
                        None => return Err(self.wrong(option)),
                    }
                }
                if none && bits != 0 {
                    return Err(ValueError::NoneAndSome { given: in_short(text) });
                }
                bits
            }
            Domain::Number { decimals, step, min, .. } => {
                let Some(value) = read_decimal(text, *decimals).ok_or_else(|| self.wrong(text))? else {
                    return Err(ValueError::OffStep { given: in_short(text), step: decimal(*step, *decimals) });
                };
                self.in_range(text, value)?;
                if value.wrapping_sub(*min) % step != 0 {
                    return Err(ValueError::OffStep { given: in_short(text), step: decimal(*step, *decimals) });
                }
                value
            }
            Domain::Date { .. } => {
                let date = read_date(text).map_err(|error| self.time_error(text, &error.to_string()))?;
                days(date)
            }
            Domain::DateTime { .. } => {
                let read = match zone {
                    Some(zone) => zone.read(text),
                    None => text.parse::<Moment>(),
                };
                read.map_err(|error| self.time_error(text, &error.to_string()))?.unix()
            }
            Domain::Length { .. } => text.parse::<Length>().map_err(|_| self.wrong(text))?.seconds(),
            Domain::Document => i64::from(!matches!(text, "none" | "not there")),
            Domain::Text => 1,
        };
        self.in_range(text, value)?;
        Ok(value)
    }

    fn time_error(&self, given: &str, why: &str) -> ValueError {
        if given.starts_with(|c: char| c.is_ascii_digit()) && given.contains('-') {
            ValueError::NoSuchTime(why.to_string())
        } else {
            self.wrong(given)
        }
    }

    fn in_range(&self, given: &str, value: i64) -> Result<(), ValueError> {
        let (min, max) = self.bounds();
        if (min..=max).contains(&value) {
            return Ok(());
        }
        Err(ValueError::OutOfRange { given: in_short(given), min: self.show(min), max: self.show(max) })
    }

    /// A value as the authors would write it. Reading it again gives the same value.
    pub fn show(&self, value: i64) -> String {
        match self {
            Domain::YesOrNo => if value == 0 { "no" } else { "yes" }.to_string(),
            Domain::OneOf(options) => options.get(value as usize).map_or(String::new(), |name| name.to_string()),
            Domain::SeveralOf(options) => {
                let chosen = options.iter().enumerate().filter(|(bit, _)| value >> bit & 1 == 1);
                let chosen: Vec<&str> = chosen.map(|(_, name)| name.as_str()).collect();
                if chosen.is_empty() { "none_of_them".to_string() } else { chosen.join(" and ") }
            }
            Domain::Number { decimals, .. } => decimal(value, *decimals),
            Domain::Date { .. } => date_of(value),
            Domain::DateTime { .. } => Moment::from_unix(value).to_string(),
            Domain::Length { .. } => Length::from_seconds(value).to_string(),
            Domain::Document => if value == 0 { "not there" } else { "there" }.to_string(),
            Domain::Text => String::new(),
        }
    }
}

fn position(options: &[Name], text: &str) -> Option<usize> {
    options.iter().position(|option| *option == text)
}

pub use crate::calendar::days_since_1970 as days;

fn date_of(days: i64) -> String {
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().days(days)).map_or(String::new(), |date| date.to_string())
}

/// Reads a decimal exactly. `None`: not a number. `Some(None)`: a number, with more digits than there are `decimals`.
fn read_decimal(text: &str, decimals: u32) -> Option<Option<i64>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals as usize {
        return Some(None);
    }
    // A number too long to keep lies outside every range; the largest number does too.
    let padded = format!("{whole}{fraction:0<width$}", width = decimals as usize);
    let value = padded.parse::<i64>().unwrap_or(i64::MAX);
    Some(Some(if text.starts_with('-') { -value } else { value }))
}

/// How many digits stand behind the point of a number as written.
pub(super) fn decimals_of(text: &str) -> u32 {
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len() as u32)
}

/// The whole number a decimal is kept as; `None` when it is too long to keep.
pub(super) fn scaled(text: &str, decimals: u32) -> Option<i64> {
    read_decimal(text, decimals).flatten().filter(|value| value.unsigned_abs() <= 1 << 53)
}

/// A kept number as a decimal.
pub fn decimal(value: i64, decimals: u32) -> String {
    if decimals == 0 {
        return value.to_string();
    }
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    format!("{sign}{whole}.{fraction}")
}

/// A set of whole numbers: ranges, both ends included, in order and apart.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    /// The set of everything in any of the ranges; a range that ends before it starts holds nothing.
    pub fn new(ranges: impl IntoIterator<Item = (i64, i64)>) -> Ranges {
        let mut all: Vec<(i64, i64)> = ranges.into_iter().filter(|(from, to)| from <= to).collect();
        all.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::new();
        for (from, to) in all {
            match merged.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Ranges(merged)
    }

    /// The ranges, in order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a number is in it.
    pub fn contains(&self, value: i64) -> bool {
        let at = self.0.partition_point(|(_, to)| *to < value);
        self.0.get(at).is_some_and(|(from, _)| *from <= value)
    }

    /// Whether all of `from` to `to` is in it.
    pub fn covers(&self, from: i64, to: i64) -> bool {
        self.0.iter().any(|(start, end)| *start <= from && to <= *end)
    }

    /// Whether any of `from` to `to` is in it.
    pub fn touches(&self, from: i64, to: i64) -> bool {
        self.0.iter().any(|(start, end)| *start <= to && from <= *end)
    }

    /// Everything in it from `min` to `max`.
    #[must_use]
    pub fn within(&self, min: i64, max: i64) -> Ranges {
        Ranges::new(self.iter().map(|(from, to)| (from.max(min), to.min(max))))
    }

    /// Everything from `min` to `max` that is not in it.
    pub fn without(&self, min: i64, max: i64) -> Ranges {
        let mut rest = Vec::new();
        let mut next = min;
        for (from, to) in self.iter() {
            if from > next {
                rest.push((next, (from - 1).min(max)));
            }
            next = next.max(to.saturating_add(1));
        }
        if next <= max {
            rest.push((next, max));
        }
        Ranges::new(rest)
    }
}
