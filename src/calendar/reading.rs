//! Reading and showing dates and times as text.
//!
//! One strict reader serves both [`Moment`] and [`Zone::read`](super::Zone::read), so that a time is accepted or
//! refused for the same reasons wherever it is written.

use jiff::civil::{Date, DateTime, Time};

use super::moment::Moment;
use super::zone::LocalTimeError;
use crate::diagnostic::in_short;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Why some text could not be read as a date or a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadTimeError {
    /// Not a date and time at all.
    #[error("`{text}` is not a date and time; write the year, month, day and time, such as `2026-03-02 09:00`")]
    NotATime {
        /// What was read.
        text: String,
    },
    /// Not an instant at all, where only one will do.
    #[error(
        "`{text}` is not a date and time with its offset; write it such as `2026-03-02T09:00:00Z`, or with +01:00 for Z"
    )]
    NotAnInstant {
        /// What was read.
        text: String,
    },
    /// Not a date at all.
    #[error("`{text}` is not a date; write the year, month and day, such as `2026-03-02`")]
    NotADate {
        /// What was read.
        text: String,
    },
    /// A day the calendar does not have, such as 30 February.
    #[error("there is no such day as `{day}`; write the year, month and day, such as `2026-03-02`")]
    NoSuchDay {
        /// The date that was read.
        day: String,
    },
    /// A time the clock does not have, such as 25:00 (or 24:00, which is the next day's 00:00).
    #[error("there is no such time as `{time}`; a day runs from 00:00 to 23:59, and midnight is 00:00 of the next day")]
    NoSuchTime {
        /// The time that was read.
        time: String,
    },
    /// A part of a second.
    #[error("`{text}` has a part of a second; leave that out, and write whole seconds, such as `09:00:30`")]
    PartOfASecond {
        /// What was read.
        text: String,
    },
    /// A time alone, where only an instant will do.
    #[error("`{text}` does not say how far it is from UTC; add Z for UTC, or an offset such as +01:00")]
    NoOffset {
        /// What was read.
        text: String,
    },
    /// Before the year 1, or on the last two days of the year 9999.
    #[error("`{text}` is out of reach: the first time is 0001-01-01T00:00:00Z, and the last is 9999-12-30T00:00:00Z")]
    OutOfRange {
        /// What was read.
        text: String,
    },
    /// A local time the clock change skips or repeats.
    #[error(transparent)]
    Local(#[from] LocalTimeError),
}

/// A date and time as written: the local reading, and the offset in seconds east of UTC if one was written.
pub(super) struct Reading {
    pub(super) local: DateTime,
    pub(super) offset: Option<i64>,
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Exactly `count` digits, with their value.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    /// Exactly two digits, with their value.
    fn two(&mut self) -> Option<i8> {
        self.digits(2).and_then(|n| i8::try_from(n).ok())
    }

    /// One of these characters.
    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let found = self.0.chars().next().filter(|c| wanted.contains(c))?;
        self.0 = &self.0[found.len_utf8()..];
        Some(found)
    }

    /// What has been read of `whole` since `rest` was left.
    fn read_since(&self, rest: &'a str) -> &'a str {
        &rest[..rest.len() - self.0.len()]
    }
}

/// Reads a date such as `2026-03-02`.
///
/// # Errors
/// [`ReadTimeError::NotADate`] when it is not written as a date, [`ReadTimeError::NoSuchDay`] when the calendar has no
/// such day.
pub fn read_date(text: &str) -> Result<Date, ReadTimeError> {
    let trimmed = text.trim();
    let mut rest = Rest(trimmed);
    match (date(&mut rest), rest.0.is_empty()) {
        (Some(date), true) => date,
        _ => Err(ReadTimeError::NotADate { text: in_short(trimmed) }),
    }
}

/// A date in words, such as `Mon 2 Mar 2026`.
pub fn date_in_words(date: Date) -> String {
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).ok().and_then(|i| DAYS.get(i));
    let month = usize::try_from(date.month() - 1).ok().and_then(|i| MONTHS.get(i));
    let weekday = weekday.expect("a weekday counted from Monday is 0 to 6");
    let month = month.expect("a month counted from January is 0 to 11");
    format!("{weekday} {} {month} {}", date.day(), date.year())
}

/// A time of day as a clock shows it: `09:00`, with the seconds when they are not zero.
pub(super) fn clock(time: Time) -> String {
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        second => format!("{:02}:{:02}:{second:02}", time.hour(), time.minute()),
    }
}

/// A date and time as a person would write it: `2026-03-02 09:00`.
pub(super) fn written(local: DateTime) -> String {
    format!("{} {}", local.date(), clock(local.time()))
}

/// An offset in seconds east of UTC, as a person would write it: `+01:00`.
pub(super) fn offset_written(offset: i64) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match seconds {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

/// Seconds from 1970-01-01 00:00 to this reading on one and the same clock; parts of a second are dropped.
pub(super) fn clock_seconds(local: DateTime) -> i64 {
    let since = local.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    if since.subsec_nanos() < 0 { since.as_secs() - 1 } else { since.as_secs() }
}

/// The instant at which a clock `offset` seconds east of UTC shows `local`.
pub(super) fn instant(text: &str, local: DateTime, offset: i64) -> Result<Moment, ReadTimeError> {
    Moment::within_range(clock_seconds(local) - offset)
        .ok_or_else(|| ReadTimeError::OutOfRange { text: in_short(text) })
}

/// Reads a date and a time, with optional seconds and an optional offset or `Z`.
pub(super) fn date_and_time(text: &str) -> Result<Reading, ReadTimeError> {
    let trimmed = text.trim();
    parts(trimmed).unwrap_or_else(|| Err(ReadTimeError::NotATime { text: in_short(trimmed) }))
}

/// Nothing when the text has not the shape of a date and time; otherwise what it says, or why it cannot be so.
fn parts(text: &str) -> Option<Result<Reading, ReadTimeError>> {
    let mut rest = Rest(text);
    let date = date(&mut rest)?;
    rest.one_of(&['T', 't', ' '])?;

    let at_time = rest.0;
    let hour = rest.two()?;
    rest.one_of(&[':'])?;
    let minute = rest.two()?;
    let second = match rest.one_of(&[':']) {
        Some(_) => rest.two()?,
        None => 0,
    };
    let time_text = rest.read_since(at_time);
    let mut part_of_a_second = false;
    if rest.one_of(&['.', ',']).is_some() {
        let mut digit = rest.digits(1)?;
        loop {
            part_of_a_second |= digit != 0;
            match rest.digits(1) {
                Some(next) => digit = next,
                None => break,
            }
        }
    }

    let offset = match rest.one_of(&['Z', 'z', '+', '-']) {
        None => None,
        Some('Z' | 'z') => Some(0),
        Some(sign) => Some(offset(&mut rest, sign)?),
    };
    if !rest.0.is_empty() {
        return None;
    }
    let date = match date {
        Ok(date) => date,
        Err(error) => return Some(Err(error)),
    };
    if part_of_a_second {
        return Some(Err(ReadTimeError::PartOfASecond { text: in_short(text) }));
    }
    let time = Time::new(hour, minute, second, 0);
    Some(match time {
        Ok(time) => Ok(Reading { local: date.to_datetime(time), offset }),
        Err(_) => Err(ReadTimeError::NoSuchTime { time: time_text.to_owned() }),
    })
}

/// `2026-03-02`: nothing when it has not that shape.
fn date(rest: &mut Rest<'_>) -> Option<Result<Date, ReadTimeError>> {
    let start = rest.0;
    let year = rest.digits(4)?;
    rest.one_of(&['-'])?;
    let month = rest.two()?;
    rest.one_of(&['-'])?;
    let day = rest.two()?;
    let written = rest.read_since(start);
    let date = Date::new(year, month, day).ok().filter(|_| year >= 1);
    Some(date.ok_or_else(|| ReadTimeError::NoSuchDay { day: written.to_owned() }))
}

/// `01:00`, or `01:00:15` for the local times of long ago, after its sign; in seconds east of UTC.
fn offset(rest: &mut Rest<'_>, sign: char) -> Option<i64> {
    let hours = rest.two().filter(|n| *n < 24)?;
    rest.one_of(&[':'])?;
    let minutes = rest.two().filter(|n| *n < 60)?;
    let seconds = match rest.one_of(&[':']) {
        Some(_) => rest.two().filter(|n| *n < 60)?,
        None => 0,
    };
    let offset = i64::from(hours) * 3600 + i64::from(minutes) * 60 + i64::from(seconds);
    Some(if sign == '-' { -offset } else { offset })
}
