//! Civil time: instants, lengths of time, time zones and opening hours.
//!
//! Everything the engine stores is a [`Moment`] (an instant in whole seconds) or a [`Length`] (elapsed seconds). Local
//! dates and times appear only at the edges: when a person writes `2026-03-02 09:00`, when a notice board says
//! `monday 09:00 to 17:00`, and when an answer is shown. [`Zone`] is the only way between the two, and [`Calendar`] is
//! the only place that works out who is open.
//!
//! No clock is read here, and the time zone data is the one built into the program, never the machine's own.

mod anniversary;
pub mod cover;
pub mod hours;
pub mod length;
pub mod moment;
mod reading;
pub mod working;
pub mod zone;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use jiff::civil::Date;

pub(crate) use anniversary::{anniversary, years_before, years_between};
pub use cover::Calendar;
pub use hours::{HolidayRule, Minutes, Opening, UnusableHours, Weekly, clock, weekday_index, weekday_name};
pub use length::{Length, ReadLengthError};
pub use moment::Moment;
pub use reading::{ReadTimeError, date_in_words, read_date};
pub(crate) use working::{Working, days_between, days_from, next_time};
pub use zone::{LocalTimeError, UnknownZone, Zone};

/// Days since 1970-01-01.
pub fn days_since_1970(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    i64::from(epoch.until(date).map_or(0, |span| span.get_days()))
}
