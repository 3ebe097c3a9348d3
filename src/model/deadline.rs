//! By when something has to be done.

use super::{Directory, MeetingId, PlaceId, RoleId};
use crate::calendar::{Length, Moment, Working, clock, days_between, days_from, next_time};
use serde::Serialize;
use std::cell::OnceCell;

/// By when something that opens has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// So long after it opens.
    Within(Length),
    /// So long after something else was done last in this case; at once, where that is over when it opens.
    After(Length, PlaceId),
    /// When somebody who fills a role has been open for so long.
    WorkingHours(Length, RoleId),
    /// At the end of so many days, after the one it opens on, on which somebody who fills a role is open.
    WorkingDays(u32, RoleId),
    /// At the end of so many days after the one it opens on.
    CalendarDays(u32),
    /// When the next meeting is over for which papers are in time when it opens.
    Meeting(MeetingId),
    /// The next time it is so many minutes past midnight.
    By(u16),
}

impl Deadline {
    /// How long there is, where that is the same whenever it opens.
    pub fn length(self) -> Option<Length> {
        if let Deadline::Within(length) = self { Some(length) } else { None }
    }

    /// Whose hours it goes by.
    pub fn role(self) -> Option<RoleId> {
        match self {
            Deadline::WorkingHours(_, role) | Deadline::WorkingDays(_, role) => Some(role),
            Deadline::Within(_)
            | Deadline::After(..)
            | Deadline::CalendarDays(_)
            | Deadline::Meeting(_)
            | Deadline::By(_) => None,
        }
    }

    /// After what it is counted, where that is something else than its opening.
    pub fn after(self) -> Option<PlaceId> {
        if let Deadline::After(_, place) = self { Some(place) } else { None }
    }

    /// The same with other numbers for places.
    pub(super) fn renumbered(self, place: impl Fn(PlaceId) -> PlaceId) -> Deadline {
        match self {
            Deadline::After(length, after) => Deadline::After(length, place(after)),
            other => other,
        }
    }

    /// The most there ever is, where that does not go by a calendar: what is counted after something else is due no later
    /// than if that were done just now.
    fn at_most(self) -> Option<Length> {
        match self {
            Deadline::Within(length) | Deadline::After(length, _) => Some(length),
            _ => None,
        }
    }

    /// As it is written behind the word that says what is due, that word included: `within 2 working days of nurse`.
    pub fn in_words(
        self,
        role: impl Fn(RoleId) -> String,
        place: impl Fn(PlaceId) -> String,
        meeting: impl Fn(MeetingId) -> String,
    ) -> String {
        let plural = |number: u32| if number == 1 { "" } else { "s" };
        match self {
            Deadline::Within(length) => format!("within {length}"),
            Deadline::After(length, after) => format!("within {length} after {}", place(after)),
            Deadline::WorkingHours(length, whose) => {
                let hours = (length.seconds() / 3600) as u32;
                format!("within {hours} working hour{} of {}", plural(hours), role(whose))
            }
            Deadline::WorkingDays(days, whose) => {
                format!("within {days} working day{} of {}", plural(days), role(whose))
            }
            Deadline::CalendarDays(days) => format!("within {days} calendar day{}", plural(days)),
            Deadline::Meeting(id) => format!("at the next {}", meeting(id)),
            Deadline::By(minutes) => format!("by {}", clock(minutes)),
        }
    }
}

/// How far one looks for working hours, at first and then.
const LOOKS: [Length; 2] = [Length::days(14), Length::days(90)];

impl Directory {
    /// When something is due that opens at a moment, and what it is counted after was done just then. Nothing is due after
    /// the directory ends.
    pub fn due(&self, deadline: Deadline, from: Moment) -> Moment {
        if let Some(length) = deadline.at_most() {
            return from.plus(length);
        }
        // Hours are laid out only as far as they are likely to be needed.
        let looks: &[Length] = if deadline.role().is_some() || deadline.meeting().is_some() { &LOOKS } else { &[] };
        for end in looks.iter().map(|look| from.plus(*look)).filter(|end| *end < self.valid_until) {
            // The last day that was looked at may go on behind where one looked.
            let sure = |due: &Moment| due.plus(Length::days(2)) < end;
            if let Some(due) = Schedule::new(self, deadline, from, end).due(from).filter(sure) {
                return due;
            }
        }
        Schedule::new(self, deadline, from, self.valid_until).due(from).unwrap_or(self.valid_until).max(from)
    }

    /// When somebody who fills a role is open, between two moments.
    pub(crate) fn working(&self, role: RoleId, from: Moment, to: Moment) -> Working {
        if role == RoleId::PERSON {
            return Working::new([(from, to)]);
        }
        Working::new(self.filling(role).flat_map(|contact| self.open_spans(contact, from, to)))
    }
}

/// A deadline laid over the days between two moments, so that it can be asked about again and again.
pub(crate) struct Schedule<'d> {
    directory: &'d Directory,
    deadline: Deadline,
    from: Moment,
    to: Moment,
    working: Working,
    /// Until when papers are in time for a meeting, and when what came in time is due.
    meetings: Vec<(Moment, Moment)>,
    /// Where everything is due at the same time from one moment to the next: these moments, and when.
    steps: OnceCell<Vec<(Moment, Moment)>>,
}

impl<'d> Schedule<'d> {
    pub fn new(directory: &'d Directory, deadline: Deadline, from: Moment, to: Moment) -> Schedule<'d> {
        let working = deadline.role().map_or_else(Working::default, |role| directory.working(role, from, to));
        let meeting = deadline.meeting().and_then(|id| directory.meeting(id));
        let meetings = meeting.map_or_else(Vec::new, |it| it.due(&directory.calendar, from, to));
        Schedule { directory, deadline, from, to, working, meetings, steps: OnceCell::new() }
    }

    /// When something is due that opens at a moment; nothing when that is behind where one looks.
    pub fn due(&self, from: Moment) -> Option<Moment> {
        let zone = &self.directory.calendar.zone;
        let due = match self.deadline {
            Deadline::Within(length) | Deadline::After(length, _) => Some(from.plus(length)),
            Deadline::WorkingHours(length, _) => self.working.hours_from(from, length),
            Deadline::WorkingDays(days, _) => self.working.days_from(zone, from, days),
            Deadline::CalendarDays(days) => days_from(zone, from, days),
            Deadline::Meeting(_) => {
                let next = self.meetings.partition_point(|(papers, _)| *papers < from);
                self.meetings.get(next).map(|(_, due)| *due)
            }
            Deadline::By(minutes) => next_time(zone, from, minutes),
        };
        due.filter(|due| *due <= self.to)
    }

    /// Moments of which one has the longest time there is: at each something changes.
    fn beginnings(&self) -> Vec<Moment> {
        let zone = &self.directory.calendar.zone;
        let mut all = match self.deadline {
            Deadline::Within(_) | Deadline::After(..) => Vec::new(),
            Deadline::WorkingHours(length, _) => self.working.slow_beginnings(length).collect(),
            Deadline::WorkingDays(..) | Deadline::CalendarDays(_) => days_between(zone, self.from, self.to),
            // Just after papers were in time for the last time.
            Deadline::Meeting(_) => self.meetings.iter().map(|(papers, _)| papers.plus(Length::SECOND)).collect(),
            Deadline::By(minutes) => {
                std::iter::successors(next_time(zone, self.from, minutes), |at| next_time(zone, *at, minutes))
                    .take_while(|at| *at < self.to)
                    .collect()
            }
        };
        all.push(self.from);
        all.sort_unstable();
        all.dedup();
        all.retain(|at| self.from <= *at && *at < self.to);
        all
    }

    /// From when on things are due when, as long as that is before the end of what is looked at.
    fn steps(&self) -> &[(Moment, Moment)] {
        self.steps.get_or_init(|| self.beginnings().into_iter().map_while(|at| Some((at, self.due(at)?))).collect())
    }

    /// The longest time there ever is.
    pub fn longest(&self) -> Length {
        if let Some(length) = self.deadline.at_most() {
            return length;
        }
        let there_is = |at: Moment| self.due(at).unwrap_or(self.to).since(at);
        self.beginnings().into_iter().map(there_is).max().unwrap_or(Length::ZERO)
    }

    /// The last moment from which the time is over before the end of what is looked at; nothing where there is none.
    pub fn last_beginning(&self) -> Option<Moment> {
        if let Some(length) = self.deadline.at_most() {
            return Some(self.to.minus(length));
        }
        self.first_that(self.from, self.to, |at| self.due(at).is_none())
            .map_or(Some(self.to), |too_late| (too_late > self.from).then(|| too_late.minus(Length::SECOND)))
    }

    /// The moments from which somebody who is open from `start` to `end` can do what `takes` so long, in one piece, before
    /// the time is over: told as first and last of stretches.
    pub fn in_time(&self, start: Moment, end: Moment, takes: Length, tell: &mut impl FnMut(Moment, Moment)) {
        let done = start.plus(takes);
        let last = end.minus(takes);
        match self.deadline {
            // What takes longer than there is time is never in time.
            Deadline::Within(length) if takes > length => {}
            Deadline::WorkingHours(length, _) if takes > length => {}
            // It may be over as soon as it opens, so at no moment is anybody surely in time.
            Deadline::After(..) => {}
            Deadline::Within(length) => tell(done.minus(length), last),
            Deadline::WorkingHours(..) => {
                // Beginning later is never over earlier.
                let in_time = |at| self.due(at).is_none_or(|due| due >= done);
                if let Some(first) = self.first_that(self.from, last.plus(Length::SECOND), in_time) {
                    tell(first, last);
                }
            }
            // From one of these moments to the next everything is due at the same time.
            Deadline::WorkingDays(..) | Deadline::CalendarDays(_) | Deadline::Meeting(_) | Deadline::By(_) => {
                let all = self.steps();
                let from = all.partition_point(|(_, due)| *due < done);
                for (number, (first, due)) in all.iter().enumerate().skip(from).take_while(|(_, (at, _))| *at <= last) {
                    let next = all.get(number + 1).map_or(self.to, |(next, _)| *next);
                    let last = last.min(due.minus(takes)).min(next.minus(Length::SECOND));
                    if *first <= last {
                        tell(*first, last);
                    }
                }
            }
        }
    }

    /// The first moment of a stretch, without its end, of which something is so, and of every one behind it.
    fn first_that(&self, from: Moment, to: Moment, so: impl Fn(Moment) -> bool) -> Option<Moment> {
        let (mut low, mut high) = (from.unix(), to.unix());
        while low < high {
            let middle = low + (high - low) / 2;
            if so(Moment::from_unix(middle)) { high = middle } else { low = middle + 1 }
        }
        (low < to.unix()).then(|| Moment::from_unix(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DirectoryId;
    use crate::{Library, Source};

    /// One every week, one on holidays too and without papers, one that is put off, one that is hardly ever held.
    const MEETINGS: &str = "meeting panel\n  meets tuesdays 10:00 to 12:00, papers by friday 12:00\n  on bank holidays not held\n\n\
        meeting round\n  meets mondays, fridays 01:30\n  on bank holidays as usual\n\nmeeting board\n  meets mondays, tuesdays 09:00 to \
        09:30, papers by monday 08:00\n  on bank holidays on the next working day\n\nmeeting rare\n  meets last friday of the month 16:00 \
        to 17:00, papers by sunday 01:30\n  on bank holidays not held\n";

    fn here(hours: &str) -> Library {
        let text = format!(
            "onward 1\n\nrole nurse\n\nholidays days_off\n  known until 2028-12-31\n  on 2026-04-03, 2026-04-06\n\ndirectory \
             here\n  time zone \"Europe/London\"\n  valid from 2026-03-20\n  valid until 2026-04-10\n  bank holidays \
             days_off\n\ncontact office\n  fills nurse\n  {hours}\n\n{MEETINGS}"
        );
        Library::read(vec![Source::new("here.pathway", text.as_str())]).expect("it can be read")
    }

    /// Every deadline there is, with every kind of hours; the first whole seconds of every minute stand for all.
    fn each(look: impl Fn(&Directory, Deadline, &Schedule<'_>, &[Moment])) {
        let nurse = RoleId(1);
        let deadlines = [
            Deadline::Within(Length::hours(5)),
            Deadline::WorkingHours(Length::hours(1), nurse),
            Deadline::WorkingHours(Length::hours(8), nurse),
            Deadline::WorkingHours(Length::hours(11), nurse),
            Deadline::WorkingDays(1, nurse),
            Deadline::WorkingDays(3, nurse),
            Deadline::CalendarDays(2),
            Deadline::By(16 * 60),
            Deadline::By(90),
            Deadline::Meeting(MeetingId(0)),
            Deadline::Meeting(MeetingId(1)),
            Deadline::Meeting(MeetingId(2)),
            Deadline::Meeting(MeetingId(3)),
        ];
        for hours in [
            "open monday to friday 09:00 to 17:00\n  on bank holidays closed",
            "open every day 22:00 to 06:00\n  on bank holidays as usual",
            "open tuesday, saturday 00:30 to 01:30 and 13:00 to 23:00\n  on bank holidays open 10:00 to 12:00",
            "open always",
        ] {
            let library = here(hours);
            let directory = library.directory(DirectoryId(0));
            let from = directory.valid_from.expect("it says so");
            let minutes = directory.valid_until.since(from).seconds() / 60;
            let seconds = |minute: i64| [0, 1].map(|second| from.plus(Length::from_seconds(60 * minute + second)));
            let all: Vec<Moment> = (0..minutes).flat_map(seconds).collect();
            for deadline in deadlines {
                let worked = Schedule::new(directory, deadline, from, directory.valid_until);
                look(directory, deadline, &worked, &all);
            }
        }
    }

    #[test]
    fn the_longest_is_as_long_as_it_ever_is() {
        each(|directory, deadline, worked, all| {
            let there_is = |at: &Moment| directory.due(deadline, *at).min(directory.valid_until).since(*at);
            let longest = all.iter().map(there_is).max().unwrap_or_default();
            match deadline {
                Deadline::Within(length) => assert_eq!(worked.longest(), length),
                _ => assert_eq!(worked.longest(), longest, "{deadline:?}"),
            }
        });
    }

    #[test]
    fn what_begins_later_is_never_due_earlier() {
        each(|directory, deadline, worked, all| {
            let due: Vec<Moment> = all.iter().map(|at| directory.due(deadline, *at)).collect();
            assert!(due.is_sorted(), "{deadline:?}");
            let last = all.iter().rev().find(|at| worked.due(**at).is_some());
            let beginning = worked.last_beginning().expect("there is one");
            assert!(last.is_some_and(|last| *last <= beginning), "{deadline:?}");
            assert!(worked.due(beginning.plus(Length::SECOND)).is_none(), "{deadline:?}");
        });
    }

    #[test]
    fn who_is_there_in_time_is_who_has_a_piece_long_enough() {
        let nurse = RoleId(1);
        each(|directory, deadline, worked, all| {
            let until = worked.last_beginning().expect("there is one");
            let working = directory.working(nurse, all[0], directory.valid_until);
            for takes in [Length::SECOND, Length::minutes(1), Length::minutes(50), Length::hours(7)] {
                let mut stretches: Vec<(Moment, Moment)> = Vec::new();
                for (start, end) in working.stretches().iter().filter(|(start, end)| end.since(*start) >= takes) {
                    worked.in_time(*start, *end, takes, &mut |first, last| stretches.push((first, last)));
                }
                for at in all.iter().step_by(7).filter(|at| **at <= until) {
                    let said = stretches.iter().any(|(first, last)| first <= at && at <= last);
                    let due = directory.due(deadline, *at);
                    assert_eq!(said, directory.on_duty(nurse, *at, due, takes), "{deadline:?} {takes} from {at}");
                }
            }
        });
    }
}
