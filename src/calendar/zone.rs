//! Local time: from what a clock on the wall shows to an instant, and back.

use std::fmt;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use serde::{Serialize, Serializer};

use super::length::Length;
use super::moment::Moment;
use super::reading::{self, ReadTimeError};
use crate::diagnostic::in_short;

/// A time zone of the IANA list, such as `Europe/London`, as it stands in the data built into this program.
#[derive(Clone, Debug)]
pub struct Zone {
    name: Arc<str>,
    rules: TimeZone,
}

/// Two zones are equal when they have the same name.
impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A zone is written as its name.
impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

/// There is no time zone of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no time zone called `{name}`; {}",
    .suggestion.as_ref().map_or_else(
        || "write a region and a city, such as `Europe/London`".to_owned(),
        |suggestion| format!("did you mean `{suggestion}`?"),
    )
)]
pub struct UnknownZone {
    /// The name that was asked for.
    pub name: String,
    /// A name of the list that is close to it, if there is one.
    pub suggestion: Option<String>,
}

/// A local time that is not exactly one instant, because the clocks change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalTimeError {
    /// The clocks go forward over this time, so no clock ever shows it.
    Missing {
        /// The name of the zone.
        zone: String,
        /// The time that was written.
        local: DateTime,
        /// The first of the missing times: every time before this one exists.
        before: DateTime,
        /// What the clocks show straight after the change: every time from this one exists.
        from: DateTime,
        /// The instant of the change.
        change: Moment,
    },
    /// The clocks go back over this time, so they show it twice.
    Ambiguous {
        /// The name of the zone.
        zone: String,
        /// The time that was written.
        local: DateTime,
        /// The first instant at which clocks show it.
        first: Moment,
        /// The second instant at which clocks show it.
        second: Moment,
    },
}

impl fmt::Display for LocalTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LocalTimeError::Missing { zone, local, before, from, change } => {
                let same_day = before.date() == from.date() && before.time() != Time::midnight();
                let show = |at: DateTime| if same_day { reading::clock(at.time()) } else { reading::written(at) };
                write!(
                    f,
                    "the clocks go forward that night, so {} does not exist in {zone}; write a time before {} or from \
                     {}, or add an offset such as {}",
                    reading::written(*local),
                    show(*before),
                    show(*from),
                    reading::offset_written(reading::clock_seconds(*from) - change.unix()),
                )
            }
            LocalTimeError::Ambiguous { zone, local, first, second } => {
                let written = reading::written(*local);
                let offset = |at: &Moment| reading::offset_written(reading::clock_seconds(*local) - at.unix());
                write!(
                    f,
                    "the clocks go back that night, so {written} happens twice in {zone}; add an offset: \
                     `{written}{}` or `{written}{}`",
                    offset(first),
                    offset(second),
                )
            }
        }
    }
}

impl std::error::Error for LocalTimeError {}

/// How often clocks show a local time, and when.
enum Shown {
    Once(Moment),
    Never { change: Moment, before: DateTime, from: DateTime },
    Twice(Moment, Moment),
}

impl Shown {
    /// The first instant at which they show it; when they skip it, the first instant after the gap.
    fn first(&self) -> Moment {
        match self {
            Shown::Once(moment) | Shown::Twice(moment, _) | Shown::Never { change: moment, .. } => *moment,
        }
    }
}

impl Zone {
    /// The zone of this IANA name, such as `Europe/London`, in any mix of capitals.
    ///
    /// # Errors
    /// [`UnknownZone`] when the list has no such name.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        match TimeZoneDatabase::bundled().get(name) {
            Ok(rules) if !rules.is_unknown() => Ok(Zone { name: rules.iana_name().unwrap_or(name).into(), rules }),
            _ => Err(UnknownZone { name: name.to_owned(), suggestion: nearest_name(name) }),
        }
    }

    /// Coordinated universal time, whose clocks never change.
    pub fn utc() -> Zone {
        Zone { name: "UTC".into(), rules: TimeZone::UTC }
    }

    /// The IANA name, such as `Europe/London`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The instant at which clocks in this zone show `local`. Parts of a second are dropped.
    ///
    /// # Errors
    /// [`LocalTimeError`] when the clocks never show it, or show it twice.
    pub fn moment(&self, local: DateTime) -> Result<Moment, LocalTimeError> {
        let zone = || self.name.to_string();
        match self.shown(local) {
            Shown::Once(moment) => Ok(moment),
            Shown::Never { change, before, from } => {
                Err(LocalTimeError::Missing { zone: zone(), local, before, from, change })
            }
            Shown::Twice(first, second) => Err(LocalTimeError::Ambiguous { zone: zone(), local, first, second }),
        }
    }

    /// What clocks in this zone show at this instant.
    pub fn local(&self, moment: Moment) -> DateTime {
        self.rules.to_datetime(moment.timestamp())
    }

    /// The start of the first day from a moment on that is this day of the week, Monday being 0.
    pub fn next_weekday(&self, from: Moment, weekday: i8) -> Moment {
        let date = self.local(from).date();
        let ahead = (weekday - date.weekday().to_monday_zero_offset()).rem_euclid(7);
        let day = date.checked_add(jiff::Span::new().days(ahead)).unwrap_or(date);
        let start = self.start_of(day);
        if start >= from { start } else { start.plus(Length::days(7)) }
    }

    /// The first instant of this date: 00:00, or where the clocks go forward over midnight, the change itself.
    pub fn start_of(&self, date: Date) -> Moment {
        self.first_shown(date.to_datetime(Time::midnight()))
    }

    /// The day it is here at a moment, in days since 1970-01-01.
    pub fn day(&self, moment: Moment) -> i64 {
        super::days_since_1970(self.local(moment).date())
    }

    /// The first instant of a day that is given in days since 1970-01-01.
    pub fn start_of_day(&self, day: i64) -> Moment {
        self.start_of(super::anniversary::date_of(day))
    }

    /// Reads `2026-03-02 09:00` or `2026-03-02T09:00`, with optional seconds.
    ///
    /// Local to this zone, unless an offset or `Z` is written, as in `2026-10-25 01:30+01:00`: then it is that instant.
    ///
    /// # Errors
    /// [`ReadTimeError`] when it is not a date and time, has a part of a second, is outside the years 1 to 9999, or is
    /// skipped or repeated by a clock change and has no offset.
    pub fn read(&self, text: &str) -> Result<Moment, ReadTimeError> {
        let reading = reading::date_and_time(text)?;
        match reading.offset {
            Some(offset) => reading::instant(text, reading.local, offset),
            None => {
                let moment = self.moment(reading.local)?;
                // A moment at the very ends of the range may have been held back to it.
                if self.local(moment) == reading.local {
                    Ok(moment)
                } else {
                    Err(ReadTimeError::OutOfRange { text: in_short(text) })
                }
            }
        }
    }

    /// A moment as a person here would say it: `Mon 2 Mar 2026 09:00`, with seconds when they are not zero.
    ///
    /// Where clocks show that time twice the offset follows, so that no two moments are shown alike:
    /// `Sun 25 Oct 2026 01:30 (+01:00)`.
    pub fn display(&self, moment: Moment) -> String {
        let local = self.local(moment);
        let shown = format!("{} {}", reading::date_in_words(local.date()), reading::clock(local.time()));
        match self.shown(local) {
            Shown::Twice(..) => {
                let offset = reading::clock_seconds(local) - moment.unix();
                format!("{shown} ({})", reading::offset_written(offset))
            }
            _ => shown,
        }
    }

    /// The first instant at which clocks show `local`; when they skip it, the first instant after the gap.
    pub(super) fn first_shown(&self, local: DateTime) -> Moment {
        self.shown(local).first()
    }

    /// When clocks show so many minutes past midnight of a date; 1440 is its end. A time that they skip is the first
    /// after the gap, one that they show twice the first of the two.
    pub fn clock(&self, date: Date, minutes: u16) -> Moment {
        let after = jiff::SignedDuration::from_mins(i64::from(minutes));
        self.first_shown(date.to_datetime(Time::midnight()).saturating_add(after))
    }

    fn shown(&self, local: DateTime) -> Shown {
        let seconds = reading::clock_seconds(local);
        let with = |offset: Offset| Moment::from_unix(seconds - i64::from(offset.seconds()));
        match self.rules.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Shown::Once(with(offset)),
            AmbiguousOffset::Fold { before, after } => Shown::Twice(with(before), with(after)),
            AmbiguousOffset::Gap { before, after } => {
                // Read with the later offset, a skipped time is an instant before the change: the change is next.
                let change = self
                    .rules
                    .following(with(after).timestamp())
                    .find(|next| next.offset() == after)
                    .map_or_else(|| with(before), |next| Moment::from_unix(next.timestamp().as_second()));
                let (before, after) = (before.to_datetime(change.timestamp()), after.to_datetime(change.timestamp()));
                Shown::Never { change, before, from: after }
            }
        }
    }
}

/// Turns one local time after another into instants. Between two clock changes that is a subtraction.
pub(super) struct Clock<'z> {
    zone: &'z Zone,
    /// From which clock reading to which no clock changes, and how far east of UTC it is then; all in seconds.
    steady: Option<(i64, i64, i64)>,
}

impl<'z> Clock<'z> {
    pub(super) fn new(zone: &'z Zone) -> Clock<'z> {
        Clock { zone, steady: None }
    }

    /// As [`Zone::first_shown`].
    pub(super) fn first_shown(&mut self, local: DateTime) -> Moment {
        let seconds = reading::clock_seconds(local);
        if let Some((_, _, offset)) = self.steady.filter(|(from, to, _)| (*from..*to).contains(&seconds)) {
            return Moment::from_unix(seconds - offset);
        }
        let shown = self.zone.shown(local);
        // At the very ends of the range a moment may have been held back to it.
        if let Shown::Once(moment) = shown
            && Moment::MIN < moment
            && moment < Moment::MAX
        {
            // Clocks change by less than two days, so no reading that long before the next change is in doubt; nor is
            // one after a reading that is shown once, up to the next change.
            let next = self.zone.rules.following(moment.timestamp()).next();
            let next = next.map_or(Moment::MAX, |next| Moment::from_unix(next.timestamp().as_second()));
            let offset = seconds - moment.unix();
            self.steady = Some((seconds, next.minus(Length::days(2)).unix() + offset, offset));
        }
        shown.first()
    }
}

/// The name of the list nearest to what was written, comparing the whole name and the city alone.
fn nearest_name(written: &str) -> Option<String> {
    let wanted = written.trim().to_ascii_lowercase().replace(' ', "_");
    let allowed = wanted.chars().count() / 4;
    TimeZoneDatabase::bundled()
        .available()
        .filter_map(|name| {
            let lower = name.as_str().to_ascii_lowercase();
            let city = lower.rsplit('/').next().unwrap_or(&lower);
            let distance = strsim::osa_distance(&wanted, &lower).min(strsim::osa_distance(&wanted, city));
            (distance <= allowed).then(|| (distance, name.as_str().to_owned()))
        })
        .min()
        .map(|(_, name)| name)
}
