//! A length of elapsed time.

use crate::diagnostic::in_short;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The units a length may be written in, largest first, and the seconds in each.
const UNITS: [(&str, i64); 5] = [("week", 7 * DAY), ("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1)];

/// The units a length is shown in. Weeks are read but not shown: `14 days` says the same with one unit fewer.
const SHOWN: [(&str, i64); 4] = [("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1)];

/// Units people write that are no fixed number of seconds.
const NOT_FIXED: [&str; 3] = ["month", "quarter", "year"];

/// A hundred years, the longest length that is read from text.
const LONGEST: i64 = 36_525 * DAY;

/// A length of elapsed time in whole seconds; 1 day is 24 hours, whatever the clocks do. May be negative.
///
/// Shown in words, `1 day 4 hours`, and read back from the same words. Text of more than 100 years is refused; lengths
/// that long can only be worked out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(i64);

impl Length {
    /// No time at all.
    pub const ZERO: Length = Length(0);

    /// The shortest length there is.
    pub const SECOND: Length = Length(1);

    /// A length of this many seconds.
    pub const fn from_seconds(seconds: i64) -> Length {
        Length(seconds)
    }

    /// The length in whole seconds.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// A length of `n` minutes (the longest there is, if that is too many to count).
    pub const fn minutes(n: i64) -> Length {
        Length(n.saturating_mul(MINUTE))
    }

    /// A length of `n` hours (the longest there is, if that is too many to count).
    pub const fn hours(n: i64) -> Length {
        Length(n.saturating_mul(HOUR))
    }

    /// A length of `n` days of 24 hours (the longest there is, if that is too many to count).
    pub const fn days(n: i64) -> Length {
        Length(n.saturating_mul(DAY))
    }

    /// Both lengths together (the longest there is, if that is too long to count).
    pub const fn plus(self, other: Length) -> Length {
        Length(self.0.saturating_add(other.0))
    }

    /// This length `n` times over (the longest there is, if that is too long to count).
    pub const fn times(self, n: u32) -> Length {
        Length(self.0.saturating_mul(n as i64))
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0 minutes");
        }
        if self.0 < 0 {
            f.write_str("minus ")?;
        }
        let mut rest = self.0.unsigned_abs();
        let mut gap = "";
        for (unit, seconds) in SHOWN {
            let seconds = seconds.unsigned_abs();
            let count = rest / seconds;
            rest %= seconds;
            if count > 0 {
                write!(f, "{gap}{count} {unit}{}", if count == 1 { "" } else { "s" })?;
                gap = " ";
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why some text could not be read as a length of time. Each message names what was read and gives an example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadLengthError {
    /// Not numbers and units at all.
    #[error("`{text}` is not a length of time; write a whole number and a unit, such as `5 hours` or `1 day 4 hours`")]
    NotALength {
        /// What was read.
        text: String,
    },
    /// A word that is not a unit of time.
    #[error(
        "`{unit}` in `{text}` is not a unit of time; the units are weeks, days, hours, minutes and seconds, such as \
         `5 hours`"
    )]
    UnknownUnit {
        /// What was read.
        text: String,
        /// The word where a unit should be.
        unit: String,
    },
    /// Months and years differ in length.
    #[error(
        "`{text}` has no fixed length, because one {unit} is not as long as the next; write days, such as `90 days`"
    )]
    NotFixed {
        /// What was read.
        text: String,
        /// `month`, `quarter` or `year`.
        unit: String,
    },
    /// A unit written twice, or a smaller unit before a larger one.
    #[error("`{text}` should name each unit once, the largest first, such as `1 day 4 hours`")]
    OutOfOrder {
        /// What was read.
        text: String,
    },
    /// More than a hundred years.
    #[error("`{text}` is longer than 100 years; write a shorter time, such as `90 days`")]
    TooLong {
        /// What was read.
        text: String,
    },
}

/// Reads `5 hours`, `1 day 4 hours`, `1 day and 4 hours`, `2 weeks`; `minus` may stand in front.
impl FromStr for Length {
    type Err = ReadLengthError;

    fn from_str(text: &str) -> Result<Length, ReadLengthError> {
        let lower = text.to_ascii_lowercase();
        let not_a_length = || ReadLengthError::NotALength { text: in_short(text) };
        let too_long = || ReadLengthError::TooLong { text: in_short(text) };
        let mut words = lower.split_whitespace().peekable();
        let negative = words.next_if_eq(&"minus").is_some();
        let mut total: i64 = 0;
        let mut previous = i64::MAX;
        loop {
            let number = words.next().ok_or_else(not_a_length)?;
            if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
                return Err(not_a_length());
            }
            let word = words.next().ok_or_else(not_a_length)?;
            let unit = word.strip_suffix('s').unwrap_or(word);
            if NOT_FIXED.contains(&unit) {
                return Err(ReadLengthError::NotFixed { text: in_short(text), unit: in_short(unit) });
            }
            let Some(&(_, seconds)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                return Err(ReadLengthError::UnknownUnit { text: in_short(text), unit: in_short(word) });
            };
            if seconds >= previous {
                return Err(ReadLengthError::OutOfOrder { text: in_short(text) });
            }
            previous = seconds;
            // All digits, so the only way to fail is to be too large.
            let count: i64 = number.parse().map_err(|_| too_long())?;
            total = count
                .checked_mul(seconds)
                .and_then(|part| total.checked_add(part))
                .filter(|total| *total <= LONGEST)
                .ok_or_else(too_long)?;
            if words.peek().is_none() {
                return Ok(Length(if negative { -total } else { total }));
            }
            words.next_if_eq(&"and");
        }
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
