//! Who is open when: opening hours laid over real days.
//!
//! # Clock changes
//! Opening hours are clock times, and an open stretch runs from the instant of one to the instant of the other: a night
//! shift `22:00 to 06:00` lasts 7 hours when the clocks go forward and 9 when they go back.
//!
//! - A time the clocks skip is taken as the first instant after the gap, whether it opens or closes.
//! - A time the clocks show twice is taken as the first of the two instants, whether it opens or closes: cover that the
//!   notice board only may promise is not counted on. In London on the last Sunday of October `20:00 to 01:00` runs to
//!   the first 01:00.
//!
//! It follows that hours which leave no minute of the week uncovered leave no instant uncovered either.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, ToSpan};
use serde::{Serialize, Serializer};

use super::hours::{HolidayRule, Minutes, Opening};
use super::length::Length;
use super::moment::Moment;
use super::zone::{Clock, Zone};

/// How far ahead [`Calendar::open_until`] looks, and how much [`Calendar::next_opening`] works out at a time.
const FORTNIGHT: Length = Length::days(14);

/// The local calendar that opening hours are read against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// The zone whose clocks the hours are written in.
    pub zone: Zone,
    /// The bank holidays known of. A date past the last of them is an ordinary day here; how far the list can be relied
    /// on is for whoever holds it to say.
    #[serde(serialize_with = "dates")]
    pub bank_holidays: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar of this zone with no bank holidays.
    pub fn new(zone: Zone) -> Calendar {
        Calendar { zone, bank_holidays: BTreeSet::new() }
    }

    /// Whether this date is a bank holiday.
    pub fn is_bank_holiday(&self, date: Date) -> bool {
        self.bank_holidays.contains(&date)
    }

    /// The open stretches between two moments, in order: each holds its start and not its end, none touch, and the
    /// first and last are cut to `from` and `to`. Empty when `to` is not after `from`.
    pub fn open_spans(&self, opening: &Opening, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        if from >= to {
            Vec::new()
        } else if opening.is_always() {
            vec![(from, to)]
        } else {
            self.spans_by_day(opening, from, to)
        }
    }

    /// Whether the contact is open for so long, in one piece, between two moments.
    pub fn is_open_for_so_long(&self, opening: &Opening, from: Moment, to: Moment, length: Length) -> bool {
        if opening.is_always() {
            return from < to && to.since(from) >= length;
        }
        self.open_spans(opening, from, to).iter().any(|(start, end)| end.since(*start) >= length)
    }

    /// Whether the contact is open at every instant from `from` until `for_` later (that last instant not included).
    ///
    /// A length of nothing or less asks only about `from` itself. Past [`Moment::MAX`] nothing is open.
    pub fn is_open_throughout(&self, opening: &Opening, from: Moment, for_: Length) -> bool {
        let for_ = for_.max(Length::from_seconds(1));
        let to = from.plus(for_);
        to.since(from) == for_ && self.open_spans(opening, from, to) == [(from, to)]
    }

    /// Whether the contact is open at this instant. It is open at the instant its hours start and not at the instant
    /// they end.
    pub fn is_open_at(&self, opening: &Opening, at: Moment) -> bool {
        self.is_open_throughout(opening, at, Length::ZERO)
    }

    /// The first instant from `at` on, and before `horizon`, at which the contact is open; `at` itself if it is open
    /// then.
    pub fn next_opening(&self, opening: &Opening, at: Moment, horizon: Moment) -> Option<Moment> {
        if opening.is_never() {
            return None;
        }
        let mut from = at;
        while from < horizon {
            let to = from.plus(FORTNIGHT).min(horizon);
            if let Some((start, _)) = self.open_spans(opening, from, to).first() {
                return Some(*start);
            }
            from = to;
        }
        None
    }

    /// When the open stretch around `at` ends, looking at most 14 days ahead (then the answer is `at` and 14 days);
    /// nothing if the contact is closed at `at`.
    pub fn open_until(&self, opening: &Opening, at: Moment) -> Option<Moment> {
        let spans = self.open_spans(opening, at, at.plus(FORTNIGHT));
        spans.first().filter(|(start, _)| *start == at).map(|(_, end)| *end)
    }

    /// [`Calendar::open_spans`] worked out day by day, whatever the hours.
    pub(super) fn spans_by_day(&self, opening: &Opening, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        // Hours run on into the next day at most; the days beyond are for clocks that change around midnight.
        let mut date = self.zone.local(from).date().saturating_sub(3.days());
        let last = self.zone.local(to).date().saturating_add(1.day());
        let mut clock = Clock::new(&self.zone);
        let mut spans = Vec::new();
        while date <= last {
            for hours in self.hours_starting(opening, date).iter().filter(|hours| hours.is_usable()) {
                let start = clock.first_shown(clock_time(date, hours.from)).max(from);
                let end = clock.first_shown(clock_time(date, hours.to)).min(to);
                if start < end {
                    spans.push((start, end));
                }
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        joined(spans)
    }

    /// The hours that start on this date.
    fn hours_starting<'a>(&self, opening: &'a Opening, date: Date) -> &'a [Minutes] {
        if opening.closed.iter().any(|(first, last)| *first <= date && date <= *last) {
            return &[];
        }
        match &opening.on_bank_holidays {
            HolidayRule::Closed if self.is_bank_holiday(date) => &[],
            HolidayRule::Open(hours) if self.is_bank_holiday(date) => hours,
            _ => opening.weekly.day(usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())),
        }
    }
}

/// What the clock shows this many minutes into a date, passing midnight into the next.
fn clock_time(date: Date, minutes: u16) -> DateTime {
    date.to_datetime(Time::midnight()).saturating_add(SignedDuration::from_mins(i64::from(minutes)))
}

/// The same stretches in order, with those that overlap or touch made one.
fn joined(mut spans: Vec<(Moment, Moment)>) -> Vec<(Moment, Moment)> {
    spans.sort_unstable();
    let mut joined: Vec<(Moment, Moment)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// Dates are written as `2026-03-02`.
fn dates<S: Serializer>(dates: &BTreeSet<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(dates.iter().map(Date::to_string))
}
