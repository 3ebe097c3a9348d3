//! Opening hours, as a notice board gives them.
//!
//! Hours belong to the civil day they start on. A shift `22:00 to 06:00` on a Friday is Friday's, to its end on
//! Saturday morning: Friday's closure closes all of it, and a closure on Saturday leaves it alone.

use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// Minutes in a civil day, when the clocks do not change.
const DAY: u16 = 1440;
/// The full day, 00:00 to 24:00.
const ALL_DAY: Minutes = Minutes { from: 0, to: DAY };

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Which day of the week a name means, Monday being 0: `monday`, `mondays` or `mon`, in any mix of capitals.
pub fn weekday_index(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    WEEKDAYS.iter().position(|day| {
        let plural = name.strip_suffix('s').is_some_and(|one| one == *day);
        name == *day || plural || day.get(..3) == Some(name.as_str())
    })
}

/// The name of a day of the week, Monday being 0; nothing from 7 on.
pub fn weekday_name(index: usize) -> Option<&'static str> {
    WEEKDAYS.get(index).copied()
}

/// A stretch of opening, in minutes since 00:00 of the day it starts on.
///
/// `from` is before 1440, and `to` is after `from` and at most 2880: over 1440 it runs past midnight into the next day,
/// so `22:00 to 06:00` is 1320 to 1800. A stretch that breaks these limits counts as no opening; [`Minutes::new`]
/// refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Minutes {
    /// The minute it opens, 0 to 1439.
    pub from: u16,
    /// The minute it closes, not itself open; `from` + 1 to 2880.
    pub to: u16,
}

/// Opening times that are no stretch of a day and the night after it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("opening hours must start before 24:00 and end after they start, by 24:00 of the next day at the latest")]
pub struct UnusableHours;

impl Minutes {
    /// A stretch from one minute of the day to another (see the fields for the limits).
    ///
    /// # Errors
    /// [`UnusableHours`] when the limits are broken.
    pub fn new(from: u16, to: u16) -> Result<Minutes, UnusableHours> {
        let minutes = Minutes { from, to };
        if minutes.is_usable() { Ok(minutes) } else { Err(UnusableHours) }
    }

    pub(super) fn is_usable(self) -> bool {
        self.from < DAY && self.from < self.to && self.to <= 2 * DAY
    }
}

/// A time of day, in minutes past midnight, as a clock shows it: `09:00`.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// As a notice board has it: `09:00 to 17:00`, `00:00 to 24:00`, `22:00 to 06:00`; a stretch of a whole day or more
/// that ends past midnight adds `the next day`.
impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (to, next) = match self.to.checked_sub(DAY) {
            None | Some(0) => (self.to, ""),
            Some(to) if to < self.from => (to, ""),
            Some(to) => (to, " the next day"),
        };
        write!(f, "{} to {}{next}", clock(self.from), clock(to))
    }
}

/// The hours of each day of the week.
///
/// The order in which hours are added, and whether they are added in one piece or in pieces that touch, makes no
/// difference to the value or to how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Weekly {
    days: [Vec<Minutes>; 7],
    /// Whether they leave no minute of the week: asked of whoever is to do something, whenever it opens.
    #[serde(skip)]
    always: bool,
}

impl Weekly {
    /// Open from 00:00 to 24:00 every day.
    pub fn always() -> Weekly {
        Weekly { days: std::array::from_fn(|_| vec![ALL_DAY]), always: true }
    }

    /// Closed every day.
    pub fn never() -> Weekly {
        Weekly { days: Default::default(), always: false }
    }

    /// Adds hours to a day of the week, Monday being 0; days from 7 on are counted round the week. Hours that overlap
    /// or touch what is there are joined to it, and unusable ones (see [`Minutes`]) add nothing.
    pub fn add(&mut self, weekday_index: usize, hours: Minutes) {
        if !hours.is_usable() {
            return;
        }
        let day = &mut self.days[weekday_index % 7];
        day.push(hours);
        *day = joined(day);
        self.always = self.leaves_nothing();
    }

    /// The hours that start on a day of the week, Monday being 0, earliest first; days from 7 on are counted round the
    /// week.
    pub fn day(&self, weekday_index: usize) -> &[Minutes] {
        &self.days[weekday_index % 7]
    }

    /// Whether the week has no closed minute, counting hours that run past midnight into the next day.
    pub fn is_always(&self) -> bool {
        self.always
    }

    fn leaves_nothing(&self) -> bool {
        let week = 7 * u32::from(DAY);
        let mut open: Vec<(u32, u32)> = Vec::new();
        for (midnight, hours) in (0..).step_by(usize::from(DAY)).zip(&self.days) {
            for stretch in hours {
                let (from, to) = (midnight + u32::from(stretch.from), midnight + u32::from(stretch.to));
                open.push((from, to));
                // The end of the week runs on into its beginning.
                if to > week {
                    open.push((0, to - week));
                }
            }
        }
        open.sort_unstable();
        let mut covered = 0;
        for (from, to) in open {
            if from > covered {
                return false;
            }
            covered = covered.max(to);
        }
        covered >= week
    }
}

/// What happens to the weekly hours of a day that is a bank holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum HolidayRule {
    /// The hours of that day of the week.
    AsUsual,
    /// No hours start on it.
    Closed,
    /// These hours instead.
    #[serde(serialize_with = "in_order")]
    Open(Vec<Minutes>),
}

/// When a contact can be reached: weekly hours, what bank holidays do to them, and the days it is shut altogether.
///
/// A closure goes before a bank holiday, which goes before the week. All three look at the day on which hours start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// The hours of an ordinary week.
    pub weekly: Weekly,
    /// What a bank holiday does to them.
    pub on_bank_holidays: HolidayRule,
    /// The first and last day of each closure, both shut. A closure whose last day is before its first shuts nothing.
    #[serde(serialize_with = "closures")]
    pub closed: Vec<(Date, Date)>,
}

impl Opening {
    /// These weekly hours, bank holidays or not, with no closures.
    pub fn every_week(weekly: Weekly) -> Opening {
        Opening { weekly, on_bank_holidays: HolidayRule::AsUsual, closed: Vec::new() }
    }

    /// Whether there is no closed instant at all: the whole week is open, bank holidays change nothing and there are no
    /// closures.
    pub fn is_always(&self) -> bool {
        self.on_bank_holidays == HolidayRule::AsUsual && self.closed.is_empty() && self.weekly.is_always()
    }

    /// Whether no hours can start on any day, whatever the calendar.
    pub(super) fn is_never(&self) -> bool {
        let none_on_holidays = !matches!(&self.on_bank_holidays, HolidayRule::Open(hours) if !hours.is_empty());
        none_on_holidays && self.weekly == Weekly::never()
    }
}

/// The usable hours in order, with those that overlap or touch made one.
fn joined(hours: &[Minutes]) -> Vec<Minutes> {
    let mut ordered: Vec<Minutes> = hours.iter().copied().filter(|hours| hours.is_usable()).collect();
    ordered.sort_unstable();
    let mut joined: Vec<Minutes> = Vec::with_capacity(ordered.len());
    for next in ordered {
        match joined.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => joined.push(next),
        }
    }
    joined
}

/// Written by meaning, so that the order of lines in a directory does not change its hash.
fn in_order<S: Serializer>(hours: &[Minutes], serializer: S) -> Result<S::Ok, S::Error> {
    joined(hours).serialize(serializer)
}

/// Earliest first, each date written as `2026-03-02`.
fn closures<S: Serializer>(closed: &[(Date, Date)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut closed = closed.to_vec();
    closed.sort_unstable();
    serializer.collect_seq(closed.iter().map(|(first, last)| (first.to_string(), last.to_string())))
}
