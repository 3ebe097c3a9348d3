//! Meetings, from words to when they are held.

use super::build::{Builder, pick};
use super::meeting::{Meeting, MeetingHolidays, Which};
use super::read_facts::title;
use super::symbols::place;
use super::{Directory, MeetingId, Name};
use crate::calendar::{Date, clock, weekday_name};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{Block, ClauseKind, Literal, Meets};

impl Builder<'_> {
    /// The number of a meeting of that name, in whatever directory.
    pub(super) fn meeting_id(&mut self, name: &str) -> MeetingId {
        let known = self.meetings.iter().position(|it| *it == *name);
        let at = known.unwrap_or_else(|| {
            self.meetings.push(Name::from(name));
            self.meetings.len() - 1
        });
        MeetingId(at as u32)
    }

    pub(super) fn read_meeting(&mut self, file: usize, block: &Block, directory: &Directory) -> Meeting {
        let meets = self.one(file, block, "meets", pick!(Meets));
        let help = "write `meets tuesdays 10:00 to 12:00`, or `meets first monday of the month 14:00 to 15:00`";
        let never =
            Meets { which: Which::EveryWeek, days: Vec::new(), begins: 0, ends: None, from: None, at: block.name.at };
        let meets = self.needed(file, block, Kind::BadHours, "when it meets", help, meets).unwrap_or(&never);
        let from = self.first_one(file, meets);
        let papers = self.one(file, block, "papers by", |kind| match kind {
            ClauseKind::PapersBy { day, time, at } => Some((*day, *time, *at)),
            _ => None,
        });
        let with = self.one(file, block, "with", pick!(With)).map_or(&[][..], Vec::as_slice);
        let with = with.iter().filter_map(|name| Some((name, self.role(file, name)?))).collect::<Vec<_>>();
        for (name, _) in with.iter().filter(|(_, role)| !directory.fills(*role)) {
            let message = format!("no contact of this directory fills `{}`", name.text);
            let finding = Finding::new(Kind::NotInDirectory, place(file, name.at), message);
            self.findings.push(finding.help(format!("give a contact `fills {}`", name.text)));
        }
        let rule = self.one(file, block, "on bank holidays", pick!(MeetingHolidays));
        let help = "write `on bank holidays not held`, `on bank holidays as usual`, or `on bank holidays on the next working day`";
        let rule = self.needed(file, block, Kind::BadHours, "what holds on bank holidays", help, rule.copied());
        let mut not_held = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::NotHeld(first, last) = &clause.kind else { continue };
            not_held.extend(self.stretch_of_days(file, clause.at, first, last.as_ref()));
        }
        let ends = meets.ends.unwrap_or(1440);
        let bad = meets.begins >= 1440 || ends > 1440 || papers.is_some_and(|(_, time, _)| time >= 1440);
        if bad || ends <= meets.begins {
            let message = match bad {
                true => "these are not times of a day".to_string(),
                false => format!("`{}` would be over before it begins", block.name.text),
            };
            let finding = Finding::new(Kind::BadHours, place(file, meets.at), message);
            self.findings
                .push(finding.help("write when it begins and when it is over, as in `meets tuesdays 10:00 to 12:00`"));
        }
        if let Some((day, time, at)) = papers
            && meets.days.contains(&day)
            && time > meets.begins
        {
            let name = weekday_name(usize::from(day)).unwrap_or_default();
            let message = format!("papers by {name} {} would come after the meeting has begun", clock(time));
            let help = format!("write a time up to {}, when it begins, or the day before", clock(meets.begins));
            let finding = Finding::new(Kind::PapersAfterMeeting, place(file, at), message);
            self.findings.push(finding.and(place(file, meets.at), "it begins then").help(help));
        }
        Meeting {
            id: self.meeting_id(&block.name.text),
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            words: crate::syntax::meeting_words(&block.clauses),
            which: meets.which,
            days: meets.days.clone(),
            begins: meets.begins,
            ends: meets.ends,
            from,
            papers: papers.map(|(day, time, _)| (day, time)),
            with: with.into_iter().map(|(_, role)| role).collect(),
            on_bank_holidays: rule.unwrap_or(MeetingHolidays::AsUsual),
            not_held,
            at: place(file, block.head()),
        }
    }

    /// The first day there is a meeting; every second week is counted from it.
    fn first_one(&mut self, file: usize, meets: &Meets) -> Option<Date> {
        let every_second = meets.which == Which::EverySecondWeek;
        let Some(from) = &meets.from else {
            if every_second {
                let message = "which of the two weeks is meant is not said";
                let finding = Finding::new(Kind::MissingClause, place(file, meets.at), message);
                let help = "write the first one, as in `meets every second tuesday 10:00 to 12:00, from 2026-01-06`";
                self.findings.push(finding.help(help));
            }
            return None;
        };
        let day = self.date(file, from)?;
        let weekday = day.weekday().to_monday_zero_offset().unsigned_abs();
        if every_second && !meets.days.contains(&weekday) {
            let named = |day: u8| weekday_name(usize::from(day)).unwrap_or_default();
            let message = format!("`{}` is a {}", from.text, named(weekday));
            let meant = meets.days.first().map_or("", |day| named(*day));
            let finding = Finding::new(Kind::OutOfRange, place(file, from.at), message);
            self.findings.push(finding.help(format!("the first meeting is on a {meant}: write its date")));
        }
        Some(day)
    }

    /// The first and last of some days; a last before the first is a finding.
    pub(super) fn stretch_of_days(
        &mut self,
        file: usize,
        at: crate::syntax::tree::At,
        first: &Literal,
        last: Option<&Literal>,
    ) -> Option<(Date, Date)> {
        let first = self.date(file, first);
        let last = last.map_or(first, |last| self.date(file, last));
        let (first, last) = (first?, last?);
        if last < first {
            let message = format!("`{last}` is before `{first}`");
            self.findings.push(Finding::new(Kind::EmptyRange, place(file, at), message));
        }
        Some((first, last))
    }
}
