//! An instant, the same everywhere on earth.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::length::Length;
use super::reading::{self, ReadTimeError};
use crate::diagnostic::in_short;

/// An instant, in whole seconds since 1970-01-01T00:00:00Z.
///
/// Always between [`Moment::MIN`] and [`Moment::MAX`], so that every moment can be shown in every time zone. Written
/// and read as RFC 3339 in UTC, such as `2026-03-02T09:00:00Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The earliest moment: 0001-01-01T00:00:00Z.
    pub const MIN: Moment = Moment(-62_135_596_800);
    /// The latest moment: 9999-12-30T00:00:00Z, early enough to have a local time in every zone.
    pub const MAX: Moment = Moment(253_402_128_000);

    /// The moment this many seconds after 1970-01-01T00:00:00Z; outside the range, the nearest end of it.
    pub const fn from_unix(seconds: i64) -> Moment {
        if seconds < Moment::MIN.0 {
            Moment::MIN
        } else if seconds > Moment::MAX.0 {
            Moment::MAX
        } else {
            Moment(seconds)
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z; negative before it.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// The moment `length` later, stopping at the ends of the range.
    pub const fn plus(self, length: Length) -> Moment {
        Moment::from_unix(self.0.saturating_add(length.seconds()))
    }

    /// The moment `length` earlier, stopping at the ends of the range.
    pub const fn minus(self, length: Length) -> Moment {
        Moment::from_unix(self.0.saturating_sub(length.seconds()))
    }

    /// The time elapsed from `earlier` to this moment; negative when `earlier` is in fact later.
    pub const fn since(self, earlier: Moment) -> Length {
        Length::from_seconds(self.0 - earlier.0)
    }

    /// The moment this many seconds after 1970, or nothing outside the range.
    pub(super) fn within_range(seconds: i64) -> Option<Moment> {
        let moment = Moment::from_unix(seconds);
        (moment.0 == seconds).then_some(moment)
    }

    pub(super) fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.0).expect("a moment lies between the years 1 and 9999, which timestamps cover")
    }
}

/// A moment as it is written, `2026-03-02T09:00:00Z`: always so many letters, which need no room of their own. Written here
/// and not by a library, since every answer has a dozen of them: what is written is what `jiff` writes, which is tested.
#[derive(Clone, Copy)]
pub struct Written([u8; 20]);

impl AsRef<str> for Written {
    fn as_ref(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Moment {
    /// As it is written, which is how it is shown too.
    pub fn written(self) -> Written {
        let (year, month, day) = civil(self.0.div_euclid(86_400));
        let second = self.0.rem_euclid(86_400);
        let mut text = *b"0000-00-00T00:00:00Z";
        for (at, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, month),
            (8, day),
            (11, second / 3600),
            (14, second / 60 % 60),
            (17, second % 60),
        ] {
            text[at] += (number / 10) as u8;
            text[at + 1] += (number % 10) as u8;
        }
        Written(text)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written().as_ref())
    }
}

/// The year, the month and the day of so many days since 1970, in the calendar that holds everywhere. Years are counted from
/// March, so that the day that is there only sometimes is the last of one, and by 400, after which all comes again.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads RFC 3339 with `Z` or an offset: `2026-03-02T09:00:00Z`, `2026-07-02T10:00:00+01:00`.
///
/// A space may stand for the `T` and the seconds may be left out. Refused, in words: a time with no offset, a part of
/// a second, and anything before [`Moment::MIN`] or after [`Moment::MAX`].
impl FromStr for Moment {
    type Err = ReadTimeError;

    fn from_str(text: &str) -> Result<Moment, ReadTimeError> {
        let reading = reading::date_and_time(text).map_err(|error| match error {
            ReadTimeError::NotATime { text } => ReadTimeError::NotAnInstant { text },
            other => other,
        })?;
        match reading.offset {
            Some(offset) => reading::instant(text, reading.local, offset),
            None => Err(ReadTimeError::NoOffset { text: in_short(text) }),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written().as_ref())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_day_there_is_is_written_as_the_library_for_it_writes_it() {
        for day in (Moment::MIN.0 / 86_400)..=(Moment::MAX.0 / 86_400) {
            let moment = Moment(day * 86_400);
            assert_eq!(moment.to_string(), moment.timestamp().to_string());
        }
    }

    proptest! {
        #[test]
        fn so_is_every_second_and_it_is_read_again(seconds in Moment::MIN.0..=Moment::MAX.0) {
            let moment = Moment(seconds);
            prop_assert_eq!(moment.to_string(), moment.timestamp().to_string());
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }
}
