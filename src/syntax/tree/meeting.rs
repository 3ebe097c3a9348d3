//! What is written about meetings.

use super::{At, Literal};

/// When a meeting meets: `tuesdays 10:00 to 12:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meets {
    /// In which weeks.
    pub which: Which,
    /// On which days of the week, Monday being 0; one, unless it is every week.
    pub days: Vec<u8>,
    /// When it begins, in minutes past midnight; a time that no clock shows is `u16::MAX`, for the model to report.
    pub begins: u16,
    /// When it is over, where that is said.
    pub ends: Option<u16>,
    /// The first day there is a meeting, where that is said.
    pub from: Option<Literal>,
    /// Where it stands.
    pub at: At,
}

/// In which weeks a meeting meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// `tuesdays`.
    EveryWeek,
    /// `every second tuesday`.
    EverySecondWeek,
    /// `third tuesday of the month`; where no number stands, the last.
    OfTheMonth(Option<u8>),
}

/// What becomes of a meeting on a bank holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingHolidays {
    /// It is held `as usual`.
    AsUsual,
    /// It is `not held`.
    NotHeld,
    /// It is held `on the next working day`, at the same time.
    NextWorkingDay,
}

impl MeetingHolidays {
    /// As it is written.
    pub fn in_words(self) -> &'static str {
        match self {
            MeetingHolidays::AsUsual => "as usual",
            MeetingHolidays::NotHeld => "not held",
            MeetingHolidays::NextWorkingDay => "on the next working day",
        }
    }
}
