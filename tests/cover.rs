//! Somebody answers (semantics.md 11.4): what is proved of opening hours agrees with watching every half minute.
#![allow(clippy::panic)]

mod worlds;

use jiff::civil::Date;
use onward::calendar::{Length, Moment, Zone};
use onward::check::{Evidence, Flaw};
use onward::diagnostic::Kind;
use onward::model::Directory;
use onward::{Library, Proof, Report, Source};
use proptest::prelude::*;
use std::cell::Cell;
use std::fmt::Write as _;
use worlds::{Dice, for_all};

const DEFAULTS: &str = "by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> over
  if nobody can -> over
  if died -> over
  if withdrew -> over
  if cannot be reached -> over
  if moved away -> over
  if opened in error -> over

role nurse
role team

ending over
  held by person
";

/// A pathway that starts with these steps, with this directory.
fn compile(steps: &str, directory: &str) -> Result<Library, Report> {
    let text =
        format!("onward 1\n\npathway small\n  version 1\n  starts at first\n\n{steps}\n\n{DEFAULTS}\n{directory}");
    Library::compile(vec![Source::new("small.pathway", text)])
}

/// What is found about who answers, from a moment on.
fn prove(library: &Library, from: Option<Moment>) -> Proof {
    let pathway = library.pathway("small").expect("there");
    library.prove(pathway.id, pathway.directory(), from, None)
}

fn of(proof: &Proof, kind: Kind) -> Vec<&Flaw> {
    proof.flaws.iter().filter(|flaw| flaw.finding.kind == kind).collect()
}

/// The moment a flaw rests on.
fn minute(flaw: &Flaw) -> Moment {
    let Evidence::Minute { at, .. } = &flaw.evidence else { panic!("{flaw:?}") };
    *at
}

fn london() -> Zone {
    Zone::named("Europe/London").expect("a zone")
}

/// A local time in London.
fn at(text: &str) -> Moment {
    london().read(text).expect("a time")
}

/// A directory in London with these contacts, and a ladder `help` whose last rung is `nurse`.
fn directory(contacts: &str, until: &str, answer: &str) -> String {
    format!(
        "holidays bank\n  known until 2030-12-31\n  on 2026-12-25, 2026-12-28\n\n\
         directory here\n  time zone \"Europe/London\"\n  valid until {until}\n  bank holidays bank\n\n{contacts}\n\n\
         escalation help\n  last nurse, to answer within {answer}\n"
    )
}

const VISIT: &str = "step first\n  led by person\n  within 2 hours\n  then over";

/// What is said about a ladder whose last rung has these contacts: nothing when it answers at every minute.
fn ladder(contacts: &str, until: &str, answer: &str, from: &str) -> Option<(Moment, String)> {
    let library = compile(VISIT, &directory(contacts, until, answer)).unwrap_or_else(|report| panic!("{report}"));
    let proof = prove(&library, Some(at(from)));
    assert_eq!(proof.holds(), proof.flaws.is_empty(), "nothing else is found here");
    let flaws = of(&proof, Kind::NobodyAnswers);
    let flaw = flaws.first()?;
    assert_eq!(flaws.len(), 1);
    let Evidence::Minute { rung, .. } = &flaw.evidence else { panic!("{flaw:?}") };
    assert_eq!(rung, &Some(("help".into(), 0)));
    let directory = library.directory(proof_directory(&library));
    let (ladder, at) = (directory.ladder("help").expect("there"), minute(flaw));
    assert!(directory.open_on(&ladder.rungs[0], at).is_none(), "nobody is open for the whole of its time");
    Some((at, format!("{}; {}", flaw.finding.message, flaw.finding.at.text)))
}

fn proof_directory(library: &Library) -> onward::model::DirectoryId {
    library.pathway("small").expect("there").directory().expect("the only one")
}

#[test]
fn a_last_rung_that_is_closed_at_christmas() {
    let contact = "contact c\n  fills nurse\n  open every day 00:00 to 24:00\n  on bank holidays closed";
    let (first, said) = ladder(contact, "2027-06-30", "15 minutes", "2026-06-01 00:00").expect("it is closed");
    assert_eq!(first, at("2026-12-24 23:46"));
    assert!(said.starts_with("nobody answers from Thu 24 Dec 2026 23:45 to Sat 26 Dec 2026 00:00: `nurse`"), "{said}");
    assert!(said.ends_with("2 times until Wed 30 Jun 2027 23:45"), "{said}");
    assert_eq!(ladder(contact, "2027-06-30", "15 minutes", "2026-12-29 00:00"), None);

    let closed = "contact c\n  fills nurse\n  open always\n  closed 2026-12-31";
    let (first, said) = ladder(closed, "2027-06-30", "1 minute", "2026-06-01 00:00").expect("it is closed");
    assert_eq!(first, at("2026-12-31 00:00"), "23:59 is the last minute of the day before, and the last to ask in");
    assert!(said.contains("from Wed 30 Dec 2026 23:59 to Fri 1 Jan 2027 00:00"), "{said}");
    assert!(said.ends_with("once until Wed 30 Jun 2027 23:59"), "{said}");
}

/// Two who take turns, the one by day until `until`.
fn turns(until: &str, second: &str) -> String {
    format!(
        "contact day\n  fills nurse\n  open every day 08:00 to {until}\n  on bank holidays as usual\n\n\
         contact night\n  fills nurse\n  open every day {second}\n  on bank holidays as usual"
    )
}

#[test]
fn a_change_of_shift_needs_as_much_overlap_as_there_is_time_to_answer() {
    let at_once = turns("20:00", "20:00 to 08:10");
    let (first, said) = ladder(&at_once, "2027-06-30", "10 minutes", "2026-06-01 00:00").expect("nobody stays");
    assert_eq!(first, at("2026-06-01 19:51"));
    assert!(said.contains("from Mon 1 Jun 2026 19:50 to Mon 1 Jun 2026 20:00"), "{said}");
    assert!(said.contains("395 times"), "every evening of thirteen months: {said}");
    assert_eq!(ladder(&turns("20:10", "20:00 to 08:10"), "2027-06-30", "10 minutes", "2026-06-01 00:00"), None);
    // A minute less leaves out what is asked within the minute before eight, and no whole minute.
    let (first, _) = ladder(&turns("20:09", "20:00 to 08:10"), "2027-06-30", "10 minutes", "2026-06-01 00:00")
        .expect("a minute is missing");
    assert_eq!(first, at("2026-06-01 19:59:01"));
}

#[test]
fn a_contact_that_ends_before_the_directory() {
    let contact = "contact c\n  fills nurse\n  open always\n  valid until 2026-12-31";
    let (first, said) = ladder(contact, "2027-03-31", "2 hours", "2026-06-01 00:00").expect("it is no longer there");
    assert_eq!(first, at("2026-12-31 22:01"));
    assert!(said.contains("from Thu 31 Dec 2026 22:00 to Wed 31 Mar 2027 22:00"), "{said}");
    assert_eq!(ladder(contact, "2026-12-31", "2 hours", "2026-06-01 00:00"), None, "nor is the directory");
    let next = format!("{contact}\n\ncontact d\n  fills nurse\n  open always\n  closed 2026-01-01 to 2026-12-30");
    assert_eq!(ladder(&next, "2027-03-31", "2 hours", "2026-06-01 00:00"), None, "another has come in time");
}

#[test]
fn a_night_when_the_clocks_change() {
    // In March 01:00 is skipped, in October 01:00 to 02:00 is shown twice: who stays until 01:30 goes at the first.
    let march = turns("01:30", "01:00 to 08:30");
    assert_eq!(ladder(&march, "2026-03-28", "30 minutes", "2026-03-20 00:00"), None);
    let (first, _) = ladder(&march, "2026-04-30", "30 minutes", "2026-03-20 00:00").expect("half an hour is skipped");
    assert_eq!(first, at("2026-03-29 00:31"));
    assert_eq!(ladder(&march, "2026-10-30", "30 minutes", "2026-04-01 00:00"), None);
    // Until 01:40 and from 01:20: in October both are the first time, and twenty minutes are twenty minutes.
    assert_eq!(ladder(&turns("01:40", "01:20 to 08:20"), "2026-10-30", "20 minutes", "2026-04-01 00:00"), None);
    // One night is one piece, an hour longer or shorter.
    let night = turns("22:30", "22:00 to 08:30");
    assert_eq!(ladder(&night, "2026-12-31", "30 minutes", "2026-03-01 00:00"), None);
}

#[test]
fn what_runs_past_the_end_of_the_directory_does_not_count() {
    let office = "contact c\n  fills nurse\n  open every day 00:00 to 23:00\n  on bank holidays as usual";
    let (first, said) = ladder(office, "2026-06-01", "1 hour", "2026-06-01 00:00").expect("the last hour but one");
    assert_eq!(first, at("2026-06-01 22:01"));
    assert!(said.contains("from Mon 1 Jun 2026 22:00 to Mon 1 Jun 2026 23:00"), "{said}");
    let early = "contact c\n  fills nurse\n  open every day 00:00 to 24:00\n  on bank holidays as usual";
    assert_eq!(ladder(early, "2026-06-01", "1 hour", "2026-06-01 00:00"), None);
    assert_eq!(ladder(office, "2026-06-01", "1 hour", "2026-06-01 23:30"), None, "no minute is left to ask about");
}

const OFFICE: &str = "contact office\n  fills team\n  open monday to friday 09:00 to 17:00\n  on bank holidays closed\n\n\
                      contact desk\n  fills nurse\n  open always";

/// What is said about these steps where the team keeps office hours.
fn office(steps: &str) -> Vec<(Moment, String)> {
    let library =
        compile(steps, &directory(OFFICE, "2027-06-30", "1 hour")).unwrap_or_else(|report| panic!("{report}"));
    let proof = prove(&library, Some(at("2026-06-01 09:00")));
    assert!(of(&proof, Kind::NobodyAnswers).is_empty());
    let late = of(&proof, Kind::TooLate);
    assert_eq!(proof.holds(), late.is_empty());
    late.into_iter().map(|flaw| (minute(flaw), flaw.finding.message.clone())).collect()
}

#[test]
fn a_step_on_a_friday_evening() {
    let step = |within: &str, late: &str| {
        format!(
            "step first\n  led by team\n  within {within}\n{late}  then over\n\nstep second\n  led by nurse\n  within 1 hour\n  then over"
        )
    };
    let late = office(&step("1 day", "  if late -> second\n"));
    assert_eq!(late.len(), 1);
    // On weekdays somebody is there within a day; from Friday 16:59 on nobody is for a minute before Monday.
    assert_eq!(late[0].0, at("2026-06-05 17:00"));
    assert_eq!(
        late[0].1,
        "whoever comes to `first` from Fri 5 Jun 2026 16:59 to Sun 7 Jun 2026 09:01 finds no `team` on duty within 1 day, \
         and then goes on to `second`"
    );
    assert_eq!(office(&step("1 day", "")), [], "it is escalated at once");
    assert_eq!(office(&step("1 day", "  if late -> escalate to help\n")), []);
    assert_eq!(office(&step("6 days", "  if late -> second\n")), [], "over Christmas too");
    // What escalates once need not escalate the next time, and the other way round.
    let once = office(&step("1 day", "  if late -> escalate to help, at most once, then second\n"));
    assert!(once.len() == 1 && once[0].1.ends_with("and then goes on to `second`"), "{once:?}");
    let first = office(&step("1 day", "  if late -> second, at most once, then escalate to help\n"));
    assert_eq!(first.len(), 1, "{first:?}");
}

#[test]
fn each_of_the_people_is_looked_at() {
    let hand_over = "hand over first\n  from nurse\n  to team\n  accepted within 1 day\n  if late -> over\n  \
                     if declined, saying why -> over\n  then over";
    let late = office(hand_over);
    assert!(late.len() == 1 && late[0].1.contains("no `team` on duty"), "{late:?}");
    let repeat = "repeat first\n  every 12 hours\n  led by team\n  if late -> over\n  at most 3 times, then over";
    assert_eq!(office(repeat).first().map(|it| it.0), Some(at("2026-06-01 17:00")), "a round may open at any minute");
    let block = "together first\n  call led by team within 1 day\n  look led by nurse within 1 day\n  \
                 all done within 2 days\n  if not all done -> over\n  then over";
    assert_eq!(office(block), [], "a branch takes the default, which escalates");
    assert_eq!(office("step first\n  led by person\n  within 1 minute\n  if late -> over\n  then over"), []);
    // Nobody comes to a step that nothing leads to.
    assert_eq!(
        office(
            "step first\n  led by nurse\n  within 1 hour\n  then over\n\n\
                step other\n  led by team\n  within 1 hour\n  if late -> over\n  then over"
        ),
        []
    );
}

#[test]
fn a_branch_that_would_jump_out_when_it_is_late_asks_nobody() {
    let block = "together first\n  call led by team within 1 day\n  look led by nurse within 1 day\n  \
                 all done within 2 days\n  if not all done -> over\n  then over";
    let defaults = DEFAULTS.replace("if late -> escalate to help", "if late -> over");
    let text = format!(
        "onward 1\n\npathway small\n  version 1\n  starts at first\n\n{block}\n\n{defaults}\n{}",
        directory(OFFICE, "2027-06-30", "1 hour")
    );
    let library =
        Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}"));
    let proof = prove(&library, Some(at("2026-06-01 09:00")));
    let late = of(&proof, Kind::TooLate);
    assert_eq!(late.len(), 1);
    assert!(late[0].finding.message.ends_with("within 1 day, and it ends not done"), "{}", late[0].finding.message);
}

#[test]
fn a_directory_that_has_nobody_and_no_directory() {
    let steps = "step first\n  led by team\n  within 2 hours\n  then over";
    let library = compile(steps, "").unwrap_or_else(|report| panic!("{report}"));
    let proof = prove(&library, None);
    assert_eq!(of(&proof, Kind::Undecided).len(), 1);
    assert!(!proof.holds());
    let small = directory(OFFICE, "2027-06-30", "1 hour");
    let small = format!("onward 1\n\npathway small\n  version 1\n  starts at first\n\n{steps}\n\n{DEFAULTS}\n{small}");
    let other = "onward 1\n\ndirectory elsewhere\n  time zone \"Europe/London\"\n  valid until 2027-06-30\n";
    let sources = vec![Source::new("small.pathway", small), Source::new("elsewhere.pathway", other)];
    let library = Library::compile(sources).unwrap_or_else(|report| panic!("{report}"));
    let pathway = library.pathway("small").expect("there").id;
    assert!(library.proof(pathway).expect("it is proved").holds());
    let proof = library.prove(pathway, library.directory_named("elsewhere"), None, None);
    let said: Vec<&str> = of(&proof, Kind::NobodyAnswers).iter().map(|flaw| flaw.finding.message.as_str()).collect();
    assert_eq!(
        said,
        ["`elsewhere` has no escalation called `help`", "nobody in `elsewhere` fills `team`, who is needed in `first`"]
    );
}

/// A contact of a random directory, as it is written and as it is meant.
#[derive(Debug)]
struct Contact {
    week: Vec<(u16, u16)>,
    /// Which days of the week it keeps those hours, Monday first.
    days: [bool; 7],
    /// On bank holidays: as usual, or these hours, or none.
    holidays: Option<Vec<(u16, u16)>>,
    closed: Vec<(i64, i64)>,
    /// Its last day, counted from the first.
    until: Option<i64>,
    nurse: bool,
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// How long a random directory is valid.
const DAYS_VALID: i64 = 17;

fn day(start: Date, number: i64) -> Date {
    start.checked_add(jiff::Span::new().days(number)).expect("near the start")
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Hours as a notice board has them, in minutes of the day; the end may lie in the next day.
fn hours(dice: &mut Dice) -> (u16, u16) {
    let odd = [0, 30, 60, 61, 75, 90, 100, 120, 150];
    let starts = [0, 60, 480, 540, 1200, 1320, 1380];
    let from = *dice.one(&starts) + if dice.once_in(3) { *dice.one(&odd) } else { 0 };
    let from = from % 1440;
    let lasts = [720, 1440, 600, 840, 60, 8 * 60 + 5];
    let lasts = (*dice.one(&lasts) + if dice.once_in(3) { *dice.one(&odd) } else { 0 }).min(1440);
    (from, from + lasts)
}

fn contacts(dice: &mut Dice) -> Vec<Contact> {
    let count = 1 + dice.below(3);
    let mut all: Vec<Contact> = (0..count)
        .map(|_| Contact {
            week: (0..1 + dice.below(2)).map(|_| hours(dice)).collect(),
            // On Mondays at least.
            days: if dice.once_in(3) { std::array::from_fn(|day| day == 0 || !dice.once_in(4)) } else { [true; 7] },
            holidays: match dice.below(5) {
                3 => Some(Vec::new()),
                4 => Some(vec![hours(dice)]),
                _ => None,
            },
            closed: if dice.once_in(5) {
                vec![{
                    let from = dice.below(16) as i64;
                    (from, from + dice.below(3) as i64)
                }]
            } else {
                Vec::new()
            },
            until: dice.once_in(6).then(|| dice.below(17) as i64),
            nurse: !dice.once_in(5),
        })
        .collect();
    // Two who take turns, more often than chance would have it.
    if dice.once_in(2) {
        let overlap = *dice.one(&[0, 10, 9, 30, 60]);
        let change = *dice.one(&[480, 60, 90, 1200]);
        let simple =
            |week| Contact { week, days: [true; 7], holidays: None, closed: Vec::new(), until: None, nurse: true };
        all.truncate(1);
        all.push(simple(vec![(change, change + 720 + overlap)]));
        all.push(simple(vec![((change + 720) % 1440, (change + 720) % 1440 + 720 + overlap)]));
    }
    if all.iter().all(|contact| !contact.nurse) {
        all[0].nurse = true;
    }
    all
}

impl Contact {
    fn written(&self, number: usize, start: Date) -> String {
        let spans = |spans: &[(u16, u16)]| {
            let all: Vec<String> =
                spans.iter().map(|(from, to)| format!("{} to {}", clock(*from), clock(*to))).collect();
            all.join(" and ")
        };
        let mut out = format!("contact c{number}\n  fills {}\n", if self.nurse { "nurse" } else { "team" });
        let days: Vec<&str> = (0..7).filter(|day| self.days[*day]).map(|day| DAYS[day]).collect();
        let days = if days.len() == 7 { "every day".to_string() } else { days.join(", ") };
        let _ = writeln!(out, "  open {days} {}", spans(&self.week));
        match &self.holidays {
            None => out.push_str("  on bank holidays as usual\n"),
            Some(none) if none.is_empty() => out.push_str("  on bank holidays closed\n"),
            Some(hours) => {
                let _ = writeln!(out, "  on bank holidays open {}", spans(hours));
            }
        }
        for (first, last) in &self.closed {
            let _ = writeln!(out, "  closed {} to {}", day(start, *first), day(start, *last));
        }
        if let Some(until) = self.until {
            let _ = writeln!(out, "  valid until {}", day(start, until));
        }
        out
    }

    /// The hours that start on a day.
    fn hours_on(&self, start: Date, date: Date, holidays: &[i64]) -> &[(u16, u16)] {
        let is = |number: &i64| day(start, *number) == date;
        if self.closed.iter().any(|(first, last)| (*first..=*last).any(|number| is(&number))) {
            return &[];
        }
        match &self.holidays {
            Some(hours) if holidays.iter().any(is) => hours,
            _ if self.days[date.weekday().to_monday_zero_offset() as usize] => &self.week,
            _ => &[],
        }
    }
}

/// Which half minutes of a stretch a contact is open in, found by watching the clock on the wall: it opens when that
/// first shows the beginning of its hours or later, and closes when that first shows their end or later.
fn watched(contact: &Contact, zone: &Zone, start: Date, holidays: &[i64], from: Moment, to: Moment) -> Vec<bool> {
    let first = from.minus(Length::days(3));
    let half_minutes = (to.since(first).seconds() / 30) as usize;
    let shown: Vec<_> =
        (0..half_minutes).map(|n| zone.local(first.plus(Length::from_seconds(30 * n as i64)))).collect();
    // What the wall has shown so far only ever grows, though the wall itself goes back.
    let mut latest = shown.clone();
    (1..latest.len()).for_each(|n| latest[n] = latest[n].max(latest[n - 1]));
    let mut open = vec![false; half_minutes];
    let mut date = shown[0].date();
    while date <= shown[half_minutes - 1].date() {
        for (opens, closes) in contact.hours_on(start, date, holidays) {
            let shows = |minutes: u16| date.at(0, 0, 0, 0) + jiff::Span::new().minutes(i64::from(minutes));
            let begin = latest.partition_point(|shown| *shown < shows(*opens));
            let end = latest.partition_point(|shown| *shown < shows(*closes));
            open[begin..end].iter_mut().for_each(|it| *it = true);
        }
        date = date.tomorrow().expect("not the last day there is");
    }
    if let Some(until) = contact.until {
        let end = latest.partition_point(|shown| shown.date() <= day(start, until));
        open[end..].iter_mut().for_each(|it| *it = false);
    }
    open.split_off((from.since(first).seconds() / 30) as usize)
}

/// From which half minutes none of them is open in one piece for `takes` of the `within` that follows, both in half
/// minutes. Half minutes are enough: hours begin and end on the minute, so all seconds within one are alike.
fn left_out(open: &[&Vec<bool>], within: usize, takes: usize) -> Vec<bool> {
    let slots = open.first().map_or(0, |it| it.len());
    let Some(last) = slots.checked_sub(within) else { return Vec::new() };
    let mut left = vec![true; last + 1];
    for contact in open {
        let mut lasts = 0;
        // The next half minute from which it is open for long enough.
        let mut next = usize::MAX;
        for slot in (0..slots).rev() {
            lasts = if contact[slot] { lasts + 1 } else { 0 };
            if lasts >= takes {
                next = slot;
            }
            if slot <= last && next.saturating_add(takes) <= slot + within {
                left[slot] = false;
            }
        }
    }
    left
}

/// The first stretch that is left out: the moment it rests on, and its ends as they are said; and how many there are.
fn stretches(left: &[bool], from: Moment) -> Option<(Moment, Moment, Moment, usize)> {
    let first = left.iter().position(|it| *it)?;
    let ends = left[first..].iter().position(|it| !*it).map_or(left.len(), |length| first + length);
    let moment = |slot: usize| from.plus(Length::from_seconds(30 * slot as i64));
    let whole = (first..ends).find(|slot| moment(*slot).unix() % 60 == 0);
    let at = whole.map_or_else(|| moment(first - 1).plus(Length::from_seconds(1)), moment);
    let began = if first == 0 { moment(0) } else { moment(first - 1) };
    let ended = if ends == left.len() { moment(left.len() - 1) } else { moment(ends) };
    let times = left.iter().enumerate().filter(|(slot, it)| **it && (*slot == 0 || !left[*slot - 1])).count();
    Some((at, began, ended, times))
}

fn agrees(
    flaws: &[&Flaw],
    left: &[bool],
    from: Moment,
    directory: &Directory,
    world: &str,
) -> Result<bool, TestCaseError> {
    let expected = stretches(left, from);
    prop_assert_eq!(flaws.first().map(|flaw| minute(flaw)), expected.map(|it| it.0), "{}", world);
    let (Some(flaw), Some((_, began, ended, times))) = (flaws.first(), expected) else { return Ok(false) };
    let zone = &directory.calendar.zone;
    let words = format!("from {} to {}", zone.display(began), zone.display(ended));
    prop_assert!(flaw.finding.message.contains(&words), "{}\n{}\n{}", words, flaw.finding.message, world);
    let often = if times == 1 { "once until ".to_string() } else { format!("{times} times until ") };
    prop_assert!(flaw.finding.at.text.starts_with(&often), "{}\n{}\n{}", often, flaw.finding.at.text, world);
    Ok(true)
}

/// Zones whose clocks change at 01:00, at 02:00, by half an hour, and at midnight, each with a day before a change.
const CHANGES: [(&str, &str); 7] = [
    ("Europe/London", "2026-03-20"),
    ("Europe/London", "2026-10-16"),
    ("America/New_York", "2026-02-28"),
    ("America/New_York", "2026-10-24"),
    ("Australia/Lord_Howe", "2026-03-28"),
    ("Africa/Cairo", "2026-04-17"),
    ("Europe/London", "2026-12-14"),
];

#[test]
fn the_first_minute_and_how_many_there_are_agree_with_watching_every_half_minute() {
    let seen: [Cell<u32>; 4] = Default::default();
    for_all(400, 120, |dice| {
        let (zone, start) = *dice.one(&CHANGES);
        let start: Date = start.parse().expect("a date");
        let holidays: Vec<i64> = (0..dice.below(3)).map(|_| dice.below(16) as i64).collect();
        let contacts = contacts(dice);
        let (answer, within) =
            (*dice.one(&[10, 1, 15, 30, 60, 240, 719, 720, 1440]), *dice.one(&[60, 1, 2, 240, 480, 720, 1000, 2000]));
        let mut text = String::from("holidays bank\n  known until 2030-12-31\n  on 2026-01-01");
        for number in &holidays {
            let _ = write!(text, ", {}", day(start, *number));
        }
        let last = day(start, DAYS_VALID - 1);
        let _ =
            write!(text, "\n\ndirectory here\n  time zone \"{zone}\"\n  valid until {last}\n  bank holidays bank\n\n");
        for (number, contact) in contacts.iter().enumerate() {
            let _ = writeln!(text, "{}", contact.written(number, start));
        }
        let _ = write!(text, "escalation help\n  last nurse, to answer within {answer} minutes\n");
        let steps = format!("step first\n  led by nurse\n  within {within} minutes\n  if late -> over\n  then over");
        let library = compile(&steps, &text).map_err(|report| TestCaseError::fail(format!("{report}\n{text}")))?;
        let zone = Zone::named(zone).expect("a zone");
        let from = zone.start_of(start).plus(Length::minutes(dice.below(200) as i64 * 7));
        let to = zone.start_of(day(start, DAYS_VALID));
        let proof = prove(&library, Some(from));
        let directory = library.directory(proof_directory(&library));
        prop_assert_eq!(directory.valid_until, to);
        let open: Vec<Vec<bool>> = contacts
            .iter()
            .filter(|contact| contact.nurse)
            .map(|contact| watched(contact, &zone, start, &holidays, from, to))
            .collect();
        let open: Vec<&Vec<bool>> = open.iter().collect();
        let world = format!("from {from}\n{text}\n{steps}");
        let nobody = left_out(&open, answer * 2, answer * 2);
        let answers = agrees(&of(&proof, Kind::NobodyAnswers), &nobody, from, directory, &world)?;
        let late = left_out(&open, within * 2, 2);
        let comes_late = agrees(&of(&proof, Kind::TooLate), &late, from, directory, &world)?;
        let count = |number: usize, it: bool| seen[number].set(seen[number].get() + u32::from(it));
        [answers, !answers, comes_late, !comes_late].into_iter().enumerate().for_each(|(number, it)| count(number, it));
        Ok(())
    });
    assert!(seen.iter().all(|seen| seen.get() > 20), "each verdict comes up often enough: {seen:?}");
}

#[test]
fn a_directory_speaks_of_its_first_moment_and_no_more_of_its_end() {
    let text = "directory here\n  time zone \"Europe/London\"\n  valid from 2026-06-01\n  valid until 2026-06-30\n
contact ward\n  fills nurse\n  open always\n\ncontact office\n  fills team\n  open always\n
escalation help\n  last office, to answer within 15 minutes\n";
    let step = "step first\n  led by nurse\n  within 2 hours\n  then over";
    let library = compile(step, text).unwrap_or_else(|report| panic!("{report}"));
    let pathway = library.pathway("small").expect("there");
    let ended = |on: &str| {
        let proof = library.prove(pathway.id, pathway.directory(), None, Some(at(on)));
        of(&proof, Kind::DirectoryEnded).len()
    };
    for (on, expected) in
        [("2026-05-31 23:59", 1), ("2026-06-01 00:00", 0), ("2026-06-30 23:59", 0), ("2026-07-01 00:00", 1)]
    {
        assert_eq!(ended(on), expected, "{on}");
    }
}
