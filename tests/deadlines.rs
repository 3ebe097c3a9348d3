//! By when (6.1): working hours and days, calendar days, a time of day; each against somebody who looks at a clock minute by
//! minute, and the longest there ever is against every beginning there is.
#![allow(clippy::panic)]

mod common;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::model::{Deadline, Directory, RoleId};
use onward::{Library, Source};
use proptest::prelude::*;
use worlds::{Dice, for_all};

const MINUTE: Length = Length::minutes(1);

/// A directory whose clocks change, with offices that keep hours of their own.
fn here(hours: &[String], until: &str) -> Library {
    let mut text = format!(
        "onward 1\n\nrole nurse\nrole team\n\nholidays days_off\n  known until 2028-12-31\n  on 2026-04-03, 2026-04-06, 2026-12-25, \
         2026-12-28\n\ndirectory here\n  time zone \"Europe/London\"\n  valid from 2026-03-01\n  valid until {until}\n  bank \
         holidays days_off\n\ncontact team_office\n  fills team\n  open always\n\n"
    );
    for (number, hours) in hours.iter().enumerate() {
        text += &format!("contact office{number}\n  fills nurse\n  {hours}\n\n");
    }
    Library::read(vec![Source::new("here.pathway", text.as_str())]).expect("it can be read")
}

fn directory(library: &Library) -> &Directory {
    library.directory(onward::model::DirectoryId(0))
}

fn role(library: &Library, name: &str) -> RoleId {
    let number = library.shared().roles.iter().position(|role| role.name == name).expect("it is there");
    RoleId(number as u32)
}

fn at(library: &Library, text: &str) -> Moment {
    directory(library).calendar.zone.read(text).expect("it is a time")
}

#[test]
fn a_ward_knows_when_something_is_due() {
    let hours = ["open monday to friday 09:00 to 17:00\n  on bank holidays closed".to_string()];
    let library = here(&hours, "2027-12-31");
    let nurse = role(&library, "nurse");
    let due = |deadline, from: &str| {
        directory(&library).calendar.zone.display(directory(&library).due(deadline, at(&library, from)))
    };
    let hours = |hours| Deadline::WorkingHours(Length::hours(hours), nurse);
    let days = |days| Deadline::WorkingDays(days, nurse);
    // Friday at four, and two hours of work: one today, one on Monday.
    assert_eq!(due(hours(2), "2026-03-06 16:00"), "Mon 9 Mar 2026 10:00");
    assert_eq!(due(hours(8), "2026-03-06 08:00"), "Fri 6 Mar 2026 17:00");
    // Before Easter: Good Friday and Easter Monday do not count.
    assert_eq!(due(hours(1), "2026-04-02 17:00"), "Tue 7 Apr 2026 10:00");
    assert_eq!(due(days(1), "2026-04-02 09:30"), "Tue 7 Apr 2026 17:00");
    assert_eq!(due(days(2), "2026-04-02 23:59"), "Wed 8 Apr 2026 17:00");
    assert_eq!(due(Deadline::CalendarDays(1), "2026-04-02 09:30"), "Sat 4 Apr 2026 00:00");
    // The time of day comes again tomorrow, whatever the clocks do meanwhile.
    assert_eq!(due(Deadline::By(16 * 60), "2026-03-28 15:59"), "Sat 28 Mar 2026 16:00");
    assert_eq!(due(Deadline::By(16 * 60), "2026-03-28 16:00"), "Sun 29 Mar 2026 16:00");
    // 01:30 is skipped that night: it is the first moment after.
    assert_eq!(due(Deadline::By(90), "2026-03-28 16:00"), "Sun 29 Mar 2026 02:00");
    // Whoever is always there has working days that end at midnight, and hours that all count.
    let team = role(&library, "team");
    assert_eq!(due(Deadline::WorkingDays(1, team), "2026-03-07 09:00"), "Mon 9 Mar 2026 00:00");
    assert_eq!(due(Deadline::WorkingHours(Length::hours(30), team), "2026-03-07 09:00"), "Sun 8 Mar 2026 15:00");
    // Nothing is due after the directory ends.
    assert_eq!(due(days(3), "2027-12-30 12:00"), "Sat 1 Jan 2028 00:00");
}

/// Hours of an office, at random.
fn hours(dice: &mut Dice) -> String {
    let days = dice.word(&["monday to friday", "every day", "tuesday, saturday", "sunday", "monday to thursday"]);
    let times = dice.word(&["09:00 to 17:00", "22:00 to 06:00", "00:30 to 01:30 and 13:00 to 23:00", "08:00 to 12:00"]);
    let holidays = dice.word(&["closed", "as usual", "open 10:00 to 12:00"]);
    format!("open {days} {times}\n  on bank holidays {holidays}")
}

fn deadline(dice: &mut Dice, whose: RoleId) -> Deadline {
    match dice.below(4) {
        0 => Deadline::WorkingHours(Length::hours(1 + dice.below(20) as i64), whose),
        1 => Deadline::WorkingDays(1 + dice.below(4) as u32, whose),
        2 => Deadline::CalendarDays(1 + dice.below(4) as u32),
        _ => Deadline::By(dice.below(1440) as u16),
    }
}

/// The same, by looking at a clock every minute; nothing when that is after the directory ends.
fn watched(directory: &Directory, deadline: Deadline, from: Moment) -> Option<Moment> {
    let zone = &directory.calendar.zone;
    let day = |at: Moment| zone.local(at).date();
    let open = |role: RoleId, at: Moment| directory.filling(role).any(|contact| directory.is_open(contact, at, MINUTE));
    let (mut worked, mut days) = (Length::ZERO, 0);
    let mut worked_today = None;
    let mut now = from;
    while now < directory.valid_until {
        let next = now.plus(MINUTE);
        match deadline {
            Deadline::Within(length) | Deadline::After(length, _) => {
                if now.since(from) >= length {
                    return Some(now);
                }
            }
            Deadline::WorkingHours(length, role) => {
                if open(role, now) {
                    worked = worked.plus(MINUTE);
                    if worked >= length {
                        return Some(next);
                    }
                }
            }
            Deadline::WorkingDays(wanted, role) => {
                if day(now) != day(from) && open(role, now) {
                    worked_today = Some(next);
                }
                if day(next) != day(now) {
                    days += u32::from(worked_today.is_some());
                    if days == wanted {
                        return worked_today;
                    }
                    worked_today = None;
                }
            }
            Deadline::CalendarDays(wanted) => {
                if day(next) != day(now) {
                    if days == wanted {
                        return Some(next);
                    }
                    days += 1;
                }
            }
            Deadline::Meeting(_) => unreachable!("tests/meetings.rs looks at meetings"),
            Deadline::By(minutes) => {
                let local = zone.local(next);
                let shown = local.hour() as u16 * 60 + local.minute() as u16;
                let before = zone.local(now);
                let jumped = before.hour() as u16 * 60 + (before.minute() as u16) < minutes && minutes < shown;
                if shown == minutes || (jumped && day(now) == day(next)) {
                    return Some(next);
                }
            }
        }
        now = next;
    }
    None
}

#[test]
fn what_is_due_is_what_a_clock_shows() {
    for_all(64, 60, |dice| {
        let offices: Vec<String> = (0..1 + dice.below(2)).map(|_| hours(dice)).collect();
        let library = here(&offices, "2026-06-30");
        let directory = directory(&library);
        let deadline = deadline(dice, role(&library, "nurse"));
        let starts = at(&library, "2026-03-01 00:00");
        let mut froms: Vec<Moment> =
            (0..4).map(|_| starts.plus(Length::minutes(dice.below(100 * 1440) as i64))).collect();
        // The nights in which clocks change, and the days before Easter.
        froms.push(at(&library, "2026-03-28 00:00").plus(Length::minutes(dice.below(2880) as i64)));
        froms.push(at(&library, "2026-04-02 00:00").plus(Length::minutes(dice.below(2880) as i64)));
        for from in froms {
            let due = directory.due(deadline, from);
            let watched = watched(directory, deadline, from);
            prop_assert!(
                watched.map_or(due == directory.valid_until, |it| it == due),
                "{:?} from {}: {}, and by the clock {:?}\n{:?}",
                deadline,
                from,
                due,
                watched,
                offices
            );
        }
        Ok(())
    });
}
