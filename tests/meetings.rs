//! Meetings (5.3, 10.50, 10.51): what is due at the next one is due when the first is over for which papers are in time,
//! whatever clocks, bank holidays and months do; a running case keeps what it was given; and what is said of meetings that
//! are never held, or at which nobody can be.
#![allow(clippy::panic)]

mod small;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::diagnostic::Kind;
use onward::engine::CaseRecord;
use onward::model::{Deadline, Directory, DirectoryId, MeetingId};
use onward::{Library, Source};
use proptest::prelude::*;
use small::{at, done, only, open_text, send, text};
use worlds::{Dice, for_all};

const STEPS: &str = "step first
  led by team
  within 1 hour
  then second

step second
  led by team
  at the next panel
  then over";

const PANEL: &str = "meeting panel \"The panel\"
  meets tuesdays 10:00 to 12:00
  papers by friday 12:00
  with team
  on bank holidays as usual";

/// The small pathway with a meeting in its directory.
fn with(meeting: &str) -> String {
    format!("{}\n{meeting}\n", text(STEPS))
}

fn compile(text: &str) -> Library {
    Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}"))
}

/// When the second step is due of somebody whose first step is done at a moment.
fn due_of(meeting: &str, now: &str) -> Moment {
    let mut case = open_text(&with(meeting));
    case.advance(at(now)).expect("time goes on");
    send(&mut case, done("first", &[]), now);
    let step = only(&case);
    assert_eq!(step.step, "second");
    step.due
}

#[test]
fn a_panel_on_tuesdays_with_papers_by_friday_noon() {
    // The first of June is a Monday; London is an hour ahead.
    assert_eq!(due_of(PANEL, "01T09:30"), at("09T11:00"), "for the second the papers were due three days ago");
    assert_eq!(due_of(PANEL, "05T11:00"), at("09T11:00"), "at the very minute they are in time");
    assert_eq!(due_of(PANEL, "05T11:01"), at("16T11:00"), "a minute later they are not");
    let without = PANEL.replace("  papers by friday 12:00\n", "");
    assert_eq!(due_of(&without, "02T09:00"), at("02T11:00"), "whoever comes when it begins is there");
    assert_eq!(due_of(&without, "02T09:01"), at("09T11:00"));
    let open_ended = PANEL.replace("10:00 to 12:00", "10:00");
    assert_eq!(due_of(&open_ended, "01T09:30"), at("09T23:00"), "nobody says when it is over: when the day is");
}

#[test]
fn every_second_week_and_once_a_month() {
    let panel = |meets: &str| PANEL.replace("tuesdays 10:00 to 12:00", meets).replace("  papers by friday 12:00\n", "");
    let second = panel("every second tuesday 10:00 to 12:00, from 2026-05-26");
    assert_eq!(due_of(&second, "01T09:30"), at("09T11:00"));
    assert_eq!(due_of(&second, "09T11:30"), at("23T11:00"));
    assert_eq!(
        due_of(&panel("first tuesday of the month 10:00 to 12:00"), "02T09:30"),
        "2026-07-07T11:00:00Z".parse().expect("a time")
    );
    assert_eq!(due_of(&panel("third monday of the month 10:00 to 12:00"), "02T09:30"), at("15T11:00"));
    assert_eq!(due_of(&panel("last tuesday of the month 10:00 to 12:00"), "02T09:30"), at("30T11:00"));
    assert_eq!(due_of(&panel("fridays, mondays 10:00 to 12:00"), "02T09:30"), at("05T11:00"));
    assert_eq!(due_of(&panel("tuesdays 10:00 to 12:00, from 2026-06-12"), "02T08:30"), at("16T11:00"), "from then on");
}

#[test]
fn on_a_bank_holiday_it_is_held_or_not_or_put_off() {
    let day_off = "holidays days_off\n  known until 2030-12-31\n  on 2026-06-09\n";
    let put = |rule: &str| {
        let text = with(&PANEL.replace("as usual", rule)).replace("role nurse\n", &format!("{day_off}\nrole nurse\n"));
        text.replace("valid until 2030-12-31\n\ncontact", "valid until 2030-12-31\n  bank holidays days_off\n\ncontact")
    };
    let due = |rule: &str| {
        let mut case = open_text(&put(rule));
        send(&mut case, done("first", &[]), "01T09:30");
        only(&case).due
    };
    assert_eq!(due("as usual"), at("09T11:00"));
    assert_eq!(due("not held"), at("16T11:00"));
    assert_eq!(due("on the next working day"), at("10T11:00"));
    let away = |when: &str| due_of(&format!("{PANEL}\n  not held {when}"), "01T09:30");
    assert_eq!(away("2026-06-09"), at("16T11:00"));
    assert_eq!(away("2026-06-08 to 2026-06-22"), at("23T11:00"));
}

#[test]
fn clocks_that_change_do_not_put_it_off() {
    // At one on the 25th of October clocks go back: papers by then are in time until the first of the two.
    let night = "meeting panel\n  meets sundays 03:00 to 04:00, papers by sunday 01:30\n  on bank holidays as usual";
    let library = small::compile(&with(night));
    let (_, directory) = library.directories().next().expect("there is one");
    let due = |from: &str| {
        let from = from.parse().expect("a time");
        directory.calendar.zone.display(directory.due(Deadline::Meeting(MeetingId(0)), from))
    };
    assert_eq!(due("2026-10-25T00:30:00Z"), "Sun 25 Oct 2026 04:00");
    assert_eq!(due("2026-10-25T00:30:01Z"), "Sun 1 Nov 2026 04:00");
    // At one on the 29th of March they go forward: there is no half past one, and two comes instead.
    assert_eq!(due("2026-03-29T01:00:00Z"), "Sun 29 Mar 2026 04:00");
    assert_eq!(due("2026-03-29T01:00:01Z"), "Sun 5 Apr 2026 04:00");
}

#[test]
fn a_running_case_keeps_its_time_and_is_not_led_to_a_meeting_that_is_gone() {
    let mut case = open_text(&with(PANEL));
    send(&mut case, done("first", &[]), "01T09:30");
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it can be read");
    let again = small::compile(&with(PANEL)).load(record).expect("it can be gone on with");
    assert_eq!(again.due(), Some(at("09T11:00")));
    // Another day from now on: what is open was promised the old one.
    let moved = small::compile(&with(&PANEL.replace("tuesdays", "wednesdays")));
    let (mut follows, _) =
        moved.follow(&case, DirectoryId(0), at("01T10:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(follows.due(), Some(at("09T11:00")));
    follows.verify().expect("its journal makes it");
    follows.advance(at("09T11:00")).expect("time goes on");
    assert!(only(&follows).escalated_to.is_some(), "when it is over it is late");
    // A directory that has no such meeting any more takes nobody on who waits for it.
    let gone = PANEL.replace("meeting panel", "meeting board");
    let both = format!(
        "{}\ndirectory there\n  time zone \"Europe/London\"\n  valid until 2030-12-31\n\ncontact there_too\n  fills nurse, team\n  open always\n\nescalation help\n  last there_too, to answer within 1 hour\n\n{gone}\n",
        with(PANEL)
    );
    let library = small::compile(&both);
    let refusal = library.follow(&case, DirectoryId(1), at("01T10:00")).map(drop).expect_err("it is not held there");
    assert_eq!(refusal.code(), "would-strand");
    assert!(refusal.to_string().contains("there is no meeting `panel`"), "{refusal}");
    // Nor does a case open with it, draft or not.
    let pathway = library.pathway("small").expect("there");
    let opening = onward::engine::Opening { id: "c".into(), ..Default::default() };
    let refusal =
        library.open_draft(pathway.id, DirectoryId(1), opening, at("01T09:00")).map(drop).expect_err("as above");
    assert_eq!(refusal.code(), "directory-lacks");
}

#[test]
fn what_nobody_brings_to_the_panel_is_escalated_when_it_is_over() {
    let mut case = open_text(&with(PANEL));
    send(&mut case, done("first", &[]), "01T09:30");
    case.advance(at("09T10:59")).expect("time goes on");
    assert!(only(&case).escalated_to.is_none(), "while it lasts it is in time");
    case.advance(at("09T11:00")).expect("time goes on");
    assert_eq!(only(&case).escalated_to.as_deref(), Some("ward"));
}

/// What is found of the small pathway with a meeting.
fn found(meeting: &str) -> Vec<(Kind, String)> {
    found_in(&with(meeting))
}

fn found_in(text: &str) -> Vec<(Kind, String)> {
    let report = match Library::compile(vec![Source::new("small.pathway", text)]) {
        Ok(library) => library.report().clone(),
        Err(report) => report,
    };
    report
        .findings
        .iter()
        .map(|it| (it.kind, format!("{}; {}", it.message, it.help.clone().unwrap_or_default())))
        .collect()
}

#[test]
fn what_is_said_of_meetings() {
    let base = found(PANEL);
    let said = |meeting: &str| found(meeting).into_iter().filter(|it| !base.contains(it)).collect::<Vec<_>>();
    let one = |meeting: &str, kind: Kind, words: &str| {
        let said = said(meeting);
        assert!(
            matches!(said.as_slice(), [(found, message)] if *found == kind && message.contains(words)),
            "{kind}: {words}\n{said:?}"
        );
    };
    let panel = |from: &str, to: &str| PANEL.replace(from, to);
    one(&panel("meeting panel", "meeting panels"), Kind::NotInDirectory, "did you mean `panels`?");
    one(&panel("  meets tuesdays 10:00 to 12:00\n", ""), Kind::BadHours, "`panel` does not say when it meets");
    one(&panel("  on bank holidays as usual", ""), Kind::BadHours, "`panel` does not say what holds on bank holidays");
    one(&panel("10:00 to 12:00", "12:00 to 10:00"), Kind::BadHours, "would be over before it begins");
    one(&panel("10:00 to 12:00", "10:00 to 25:00"), Kind::BadHours, "these are not times of a day");
    one(
        &panel("friday 12:00", "tuesday 10:01"),
        Kind::PapersAfterMeeting,
        "papers by tuesday 10:01 would come after the meeting has begun",
    );
    one(&panel("tuesdays", "every second tuesday"), Kind::MissingClause, "which of the two weeks is meant is not said");
    let wrong_day = panel("tuesdays 10:00 to 12:00", "every second tuesday 10:00 to 12:00, from 2026-06-01");
    one(&wrong_day, Kind::OutOfRange, "`2026-06-01` is a monday");
    one(
        &format!("{PANEL}\n  not held 2026-06-09 to 2026-06-08"),
        Kind::EmptyRange,
        "`2026-06-08` is before `2026-06-09`",
    );
    one(&panel("with team", "with stranger"), Kind::UnknownName, "there is no `stranger`");
    one(
        &format!("{PANEL}\n  not held 2020-01-01 to 2031-01-01"),
        Kind::MeetingNotHeld,
        "`panel` is not held once from",
    );
    one(
        &format!("{PANEL}\n  not held 2026-12-22 to 2027-01-02"),
        Kind::MeetingFallsOut,
        "`panel` falls out 2 times in a row",
    );
    assert_eq!(said(&format!("{PANEL}\n  not held 2026-12-22 to 2026-12-28")), [], "once is nothing to speak of");
    // The ward is there from eight to eight, the office always.
    let late = panel("10:00 to 12:00", "19:30 to 20:30").replace("with team", "with nurse, team");
    one(&late, Kind::NeverFreeTogether, "`nurse` is never there while `panel` lasts");
    assert_eq!(said(&late.replace("20:30", "20:00")), []);
    let apart = with(&panel("with team", "with nurse, team"))
        .replace("open always", "open every day 12:00 to 11:00\n  on bank holidays as usual");
    let apart = apart.replace("open every day 08:00 to 20:00", "open every day 08:00 to 11:30");
    let message = "those who sit in `panel` are never all there while it lasts";
    assert!(
        found_in(&apart).iter().any(|(kind, it)| *kind == Kind::NeverFreeTogether && it.contains("is never there")),
        "{:?}",
        found_in(&apart)
    );
    let apart = apart.replace("tuesdays 10:00 to 12:00", "tuesdays, wednesdays 10:00 to 11:00");
    let days = apart
        .replace("every day 08:00 to 11:30", "tuesday 08:00 to 11:30")
        .replace("every day 12:00 to 11:00", "wednesday 08:00 to 12:00");
    assert!(
        found_in(&days).iter().any(|(kind, it)| *kind == Kind::NeverFreeTogether && it.contains(message)),
        "{:?}",
        found_in(&days)
    );
}

#[test]
fn the_longest_time_counts_the_longest_wait_for_a_meeting() {
    let longest = |meeting: &str| {
        let library = compile(&with(meeting).replace("  may reassign at most once\n", ""));
        let proof = library.pathway("small").expect("there").proof().expect("it was looked at").clone();
        assert!(proof.holds(), "{}", library.report());
        proof.longest.expect("it is finite").at_most
    };
    // Papers by Friday noon, the panel over on Tuesday noon: a second too late and it is eleven days, less that second; and
    // an hour more in the night in which clocks go back.
    let rest = Length::hours(1).plus(Length::minutes(75)).plus(Length::minutes(75));
    let a_week = longest(PANEL);
    assert_eq!(a_week, Length::from_seconds(11 * 86_400 + 3_600 - 1).plus(rest));
    // One that falls out in December, when no clock goes back.
    let skipped = longest(&format!("{PANEL}\n  not held 2026-12-22"));
    assert_eq!(skipped, Length::from_seconds(18 * 86_400 - 1).plus(rest));
}

/// A meeting at random, in words.
fn meeting(dice: &mut Dice) -> String {
    let times = dice.word(&["10:00 to 12:00", "01:30 to 02:30", "00:00 to 01:00", "23:00 to 24:00", "15:45"]);
    let when = match dice.below(4) {
        0 => format!(
            "{} {times}",
            dice.word(&["tuesdays", "sundays", "mondays, tuesdays", "fridays, saturdays, sundays"])
        ),
        1 => format!("every second {} {times}, from 2026-03-0{}", "sunday", dice.word(&["1", "8"])),
        _ => {
            let which = dice.word(&["first", "second", "third", "fourth", "last"]);
            format!("{which} {} of the month {times}", dice.word(&["monday", "friday", "sunday"]))
        }
    };
    let papers =
        dice.word(&["", "  papers by friday 12:00\n", "  papers by thursday 01:30\n", "  papers by wednesday 00:00\n"]);
    let papers = if papers.contains("friday") && when.contains("friday") { "" } else { papers };
    let rule = dice.word(&["as usual", "not held", "on the next working day"]);
    let away = dice.word(&["", "\n  not held 2026-04-20 to 2026-05-10", "\n  not held 2026-04-07"]);
    format!("meeting panel\n  meets {when}\n{papers}  on bank holidays {rule}{away}")
}

/// The days on which a meeting of these words is held, looked up on a wall calendar of 2026: the day of the month, the
/// day of the week (from Monday) and which one in its month it is, day by day.
fn watched(directory: &Directory, words: &str, from: Moment) -> Option<Moment> {
    const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let zone = &directory.calendar.zone;
    let days_in = |month: usize| [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
    let line = |word: &str| words.lines().find_map(|line| line.trim().strip_prefix(word)).map(str::to_string);
    let meets = line("meets ").expect("it says when");
    let time = |text: &str| -> i64 {
        let (hour, minute) = text.split_once(':').expect("a time");
        60 * hour.parse::<i64>().expect("hours") + minute.parse::<i64>().expect("minutes")
    };
    let times: Vec<i64> = meets.split([' ', ',']).filter(|it| it.contains(':')).map(time).collect();
    // The first moment from midnight of a day on at which clocks show so much.
    let shows = |day: &str, minute: i64| {
        let mut now = zone.read(&format!("{day} 00:00")).expect("midnight");
        let midnight = zone.local(now).date();
        loop {
            let local = zone.local(now);
            let shown = i64::from(local.hour()) * 60 + i64::from(local.minute());
            if shown >= minute || local.date() > midnight {
                return now;
            }
            now = now.plus(Length::minutes(1));
        }
    };
    // Every day of the year: its date, its day of the week, its month and its number there.
    let mut days: Vec<(String, usize, usize, usize)> = Vec::new();
    for month in 1..=12 {
        for day in 1..=days_in(month) {
            // The first of January 2026 is a Thursday.
            days.push((format!("2026-{month:02}-{day:02}"), (days.len() + 3) % 7, month, day));
        }
    }
    let days_off = ["2026-04-03", "2026-04-06", "2026-05-04"];
    let (mut best, mut sundays) = (None::<Moment>, 0);
    for (number, (day, weekday, month, in_month)) in days.iter().enumerate() {
        let named = meets.contains(WEEK[*weekday]);
        let first = meets.split("from ").nth(1).unwrap_or("2026-01-01");
        sundays += usize::from(named && day.as_str() >= first);
        let on_it = if meets.starts_with("every second") {
            named && day.as_str() >= first && sundays % 2 == 1
        } else if meets.contains("of the month") {
            let which = ["first", "second", "third", "fourth"].iter().position(|it| meets.starts_with(it));
            named && which.map_or(in_month + 7 > days_in(*month), |which| (in_month - 1) / 7 == which)
        } else {
            named
        };
        let away = |day: &str| {
            line("not held 2").is_some_and(|it| {
                let (first, last) = it.split_once(" to ").unwrap_or((&it, &it));
                let last = last.trim_start_matches('2');
                day.trim_start_matches('2') >= first && day.trim_start_matches('2') <= last
            })
        };
        if number < 30 || !on_it || away(day) {
            continue;
        }
        let rule = line("on bank holidays ").expect("it says so");
        let mut held = number;
        if days_off.contains(&day.as_str()) && rule != "as usual" {
            if rule == "not held" {
                continue;
            }
            while days[held].1 >= 5 || days_off.contains(&days[held].0.as_str()) {
                held += 1;
            }
        }
        if away(&days[held].0) {
            continue;
        }
        let begins = shows(&days[held].0, times[0]);
        let papers = line("papers by ").map_or(begins, |it| {
            let (name, minute) = it.split_once(' ').expect("a day and a time");
            let back = (0..7).find(|back| WEEK[(weekday + 7 - back) % 7] == name).expect("it is a day");
            shows(&days[number - back].0, time(minute))
        });
        let ends = shows(&days[held].0, times.get(1).copied().unwrap_or(1440)).max(begins);
        if papers.min(begins) >= from {
            best = Some(best.map_or(ends, |best| best.min(ends)));
        }
    }
    best.filter(|it| *it <= directory.valid_until)
}

#[test]
fn it_is_due_when_a_wall_calendar_says_so() {
    for_all(96, 60, |dice| {
        let words = meeting(dice);
        let days_off = "holidays days_off\n  known until 2026-12-31\n  on 2026-04-03, 2026-04-06, 2026-05-04\n";
        let text = format!(
            "onward 1\n\n{days_off}\ndirectory here\n  time zone \"Europe/London\"\n  valid from 2026-03-01\n  valid until 2026-08-31\n  \
             bank holidays days_off\n\n{words}\n"
        );
        let library = Library::read(vec![Source::new("here.pathway", text.as_str())]).expect("it can be read");
        let directory = library.directory(DirectoryId(0));
        let starts = directory.valid_from.expect("it says so");
        let meeting = directory.meeting(MeetingId(0)).expect("there is one");
        let mut froms: Vec<Moment> = (0..6)
            .map(|_| starts.plus(Length::minutes(dice.below(180) as i64 * 1440 + dice.below(1440) as i64)))
            .collect();
        // Just when papers are due, and a second later.
        let papers =
            meeting.dates(&directory.calendar, starts, directory.valid_until).into_iter().flatten().map(|it| it.papers);
        froms.extend(papers.filter(|it| *it >= starts).take(8).flat_map(|it| [it, it.plus(Length::SECOND)]));
        for from in froms {
            let due = directory.due(Deadline::Meeting(MeetingId(0)), from);
            let watched = watched(directory, &words, from);
            prop_assert!(
                watched.map_or(due == directory.valid_until, |it| it == due),
                "{} from {}: {}, and by the calendar {:?}",
                words,
                from,
                due,
                watched
            );
        }
        Ok(())
    });
}
