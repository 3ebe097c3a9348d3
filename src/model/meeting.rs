//! Meetings: where several sit together at a fixed time, and by when one has to have sent what they are to look at.

use super::{Deadline, Directory, MeetingId, Name, RoleId};
use crate::calendar::{Calendar, Date, Length, Moment};
use crate::diagnostic::Place as At;
pub use crate::syntax::tree::{MeetingHolidays, Which};
use serde::{Serialize, Serializer};

/// A meeting, as a directory has it.
#[derive(Clone, Debug, Serialize)]
pub struct Meeting {
    /// Its number: the meetings of that name in all directories have the same.
    #[serde(skip)]
    pub id: MeetingId,
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// When it meets, as it is written: `tuesdays 10:00 to 12:00, papers by friday 12:00`.
    #[serde(skip)]
    pub words: String,
    /// In which weeks it meets.
    #[serde(serialize_with = "weeks")]
    pub which: Which,
    /// On which days of the week, Monday being 0.
    pub days: Vec<u8>,
    /// When it begins, in minutes past midnight.
    pub begins: u16,
    /// When it is over, in minutes past midnight; where nothing is said, when the day is.
    pub ends: Option<u16>,
    /// The first day there is one, where that is said.
    #[serde(serialize_with = "date")]
    pub from: Option<Date>,
    /// By when papers have to be there: the last such day and minute before it; where nothing is said, when it begins.
    pub papers: Option<(u8, u16)>,
    /// Who sits in it.
    #[serde(skip)]
    pub with: Vec<RoleId>,
    /// What becomes of it on a bank holiday.
    pub on_bank_holidays: MeetingHolidays,
    /// The first and last day of each time in which it is not held.
    #[serde(serialize_with = "stretches")]
    pub not_held: Vec<(Date, Date)>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

/// A meeting that a pathway speaks of, held by the directory.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingOf {
    /// Its number.
    #[serde(skip)]
    pub id: MeetingId,
    /// Its name.
    pub name: Name,
    /// Where it is first named.
    #[serde(skip)]
    pub at: At,
}

/// One time that a meeting is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The last moment at which papers are in time.
    pub papers: Moment,
    /// When it begins.
    pub begins: Moment,
    /// When it is over.
    pub ends: Moment,
}

/// Most days a meeting is put off by: behind so many bank holidays in a row it is not held.
const PUT_OFF: usize = 14;

/// How far one looks back for a meeting that was put off.
const LOOKS_BACK: Length = Length::days(PUT_OFF as i64 + 1);

impl Meeting {
    /// Whether it meets on a date, bank holidays and times in which it is not held apart.
    fn meets_on(&self, date: Date) -> bool {
        let weekday = date.weekday().to_monday_zero_offset().unsigned_abs();
        let since = self.from.map_or(0, |from| days_from(from, date));
        let week = match self.which {
            Which::EveryWeek => true,
            // Counted from the first: that is on this day of the week.
            Which::EverySecondWeek => since % 14 == 0,
            Which::OfTheMonth(Some(which)) => (date.day() - 1) / 7 + 1 == which as i8,
            Which::OfTheMonth(None) => date.day() + 7 > date.days_in_month(),
        };
        week && since >= 0 && self.days.contains(&weekday)
    }

    /// The day on which the meeting of a date is held; nothing where it falls out.
    fn held_on(&self, date: Date, calendar: &Calendar) -> Option<Date> {
        let left_out = |day: Date| self.not_held.iter().any(|(first, last)| *first <= day && day <= *last);
        let held = match self.on_bank_holidays {
            _ if left_out(date) => None,
            _ if !calendar.is_bank_holiday(date) => Some(date),
            MeetingHolidays::AsUsual => Some(date),
            MeetingHolidays::NotHeld => None,
            MeetingHolidays::NextWorkingDay => {
                let works = |day: &Date| day.weekday().to_monday_zero_offset() < 5 && !calendar.is_bank_holiday(*day);
                let next = |day: &Date| day.tomorrow().ok();
                std::iter::successors(next(&date), next).take(PUT_OFF).find(works)
            }
        };
        held.filter(|day| !left_out(*day))
    }

    /// When the meeting of a date is held. Papers are due as ever, also where it is put off.
    fn held(&self, date: Date, calendar: &Calendar) -> Option<Held> {
        let day = self.held_on(date, calendar)?;
        let zone = &calendar.zone;
        let begins = zone.clock(day, self.begins);
        let papers = match self.papers {
            None => begins,
            Some((weekday, minute)) => {
                let own = date.weekday().to_monday_zero_offset();
                let before = (own - weekday as i8).rem_euclid(7);
                zone.clock(date.checked_sub(jiff::Span::new().days(before)).ok()?, minute)
            }
        };
        Some(Held { papers: papers.min(begins), begins, ends: zone.clock(day, self.ends.unwrap_or(1440)).max(begins) })
    }

    /// Every date from one moment to another on which it would meet, and when it is held; nothing where it falls out.
    pub fn dates(&self, calendar: &Calendar, from: Moment, to: Moment) -> Vec<Option<Held>> {
        let (mut date, last) = (calendar.zone.local(from).date(), calendar.zone.local(to).date());
        let mut dates = Vec::new();
        while date <= last {
            if self.meets_on(date) {
                dates.push(self.held(date, calendar));
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        dates
    }

    /// Of all meetings from a moment on: until when papers are in time, and when what came in time is due.
    pub(crate) fn due(&self, calendar: &Calendar, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        let held = self.dates(calendar, from.minus(LOOKS_BACK), to).into_iter().flatten();
        let mut due: Vec<(Moment, Moment)> = held.map(|it| (it.papers, it.ends)).collect();
        due.sort_unstable();
        // One that is put off may come after the next: what is in time for both is due at the first of them.
        let mut first = Moment::MAX;
        for (_, ends) in due.iter_mut().rev() {
            first = first.min(*ends);
            *ends = first;
        }
        due
    }
}

impl Directory {
    /// The meeting of that number.
    pub fn meeting(&self, id: MeetingId) -> Option<&Meeting> {
        self.meetings.iter().find(|it| it.id == id)
    }

    /// The meeting that somebody who opens something at a moment is in time for: the first of those whose papers are.
    pub fn next_meeting(&self, meeting: &Meeting, from: Moment) -> Option<Held> {
        let in_time = |it: &Held| it.papers >= from && it.ends <= self.valid_until;
        let held = meeting.dates(&self.calendar, from.minus(LOOKS_BACK), self.valid_until).into_iter().flatten();
        held.filter(in_time).min_by_key(|it| it.ends)
    }
}

impl Deadline {
    /// The meeting at which it is due.
    pub fn meeting(self) -> Option<MeetingId> {
        if let Deadline::Meeting(id) = self { Some(id) } else { None }
    }
}

/// How many days one date is after another.
fn days_from(from: Date, date: Date) -> i32 {
    from.until(date).map_or(-1, |span| span.get_days())
}

fn weeks<S: Serializer>(which: &Which, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{which:?}"))
}

fn date<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(date.iter().map(Date::to_string))
}

/// Earliest first, each date written as `2026-03-02`.
fn stretches<S: Serializer>(all: &[(Date, Date)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut all = all.to_vec();
    all.sort_unstable();
    serializer.collect_seq(all.iter().map(|(first, last)| (first.to_string(), last.to_string())))
}
