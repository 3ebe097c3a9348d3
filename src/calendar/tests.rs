//! The calendar by example: round trips, words, and the clock changes of 2026.

use jiff::civil::{Date, DateTime};

use super::*;

pub(super) fn london() -> Zone {
    zone("Europe/London")
}

pub(super) fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn utc(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(super) fn date(text: &str) -> Date {
    read_date(text).unwrap()
}

fn local(text: &str) -> DateTime {
    Zone::utc().local(Zone::utc().read(text).unwrap())
}

fn hours(from: u16, to: u16) -> Minutes {
    Minutes::new(from * 60, to * 60).unwrap()
}

/// The same hours every day, bank holidays or not.
fn daily(from: u16, to: u16) -> Opening {
    let mut weekly = Weekly::never();
    (0..7).for_each(|day| weekly.add(day, hours(from, to)));
    Opening::every_week(weekly)
}

/// Monday to Friday, 09:00 to 17:00.
pub(super) fn office() -> Opening {
    let mut weekly = Weekly::never();
    (0..5).for_each(|day| weekly.add(day, hours(9, 17)));
    Opening::every_week(weekly)
}

/// London with its bank holidays of spring 2026.
fn calendar() -> Calendar {
    let bank_holidays = ["2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25"].map(date).into();
    Calendar { zone: london(), bank_holidays }
}

/// The open stretches between two London times, as London clocks show them.
fn spans(opening: &Opening, from: &str, to: &str) -> Vec<String> {
    let calendar = calendar();
    let read = |text| calendar.zone.read(text).unwrap();
    let show = |at| calendar.zone.display(at);
    let spans = calendar.open_spans(opening, read(from), read(to));
    spans.into_iter().map(|(start, end)| format!("{} - {}", show(start), show(end))).collect()
}

// Moments

#[test]
fn a_moment_is_written_as_utc_and_read_back() {
    let nine = Moment::from_unix(1_772_442_000);
    assert_eq!(nine.to_string(), "2026-03-02T09:00:00Z");
    for same in [
        "2026-03-02T09:00:00Z",
        "2026-03-02t09:00:00.000z",
        "2026-03-02 10:00+01:00",
        "2026-03-02T04:00:00-05:00",
        "2026-03-02T08:58:45-00:01:15",
    ] {
        assert_eq!(utc(same), nine, "{same}");
    }
    assert_eq!(serde_json::to_string(&nine).unwrap(), "\"2026-03-02T09:00:00Z\"");
    assert_eq!(serde_json::from_str::<Moment>("\"2026-03-02T10:00:00+01:00\"").unwrap(), nine);
}

#[test]
fn a_moment_that_cannot_be_read_says_why() {
    for (text, expected) in [
        ("2026-03-02T09:00:00", "does not say how far it is from UTC; add Z for UTC, or an offset such as +01:00"),
        ("2026-03-02T09:00:00.5Z", "has a part of a second; leave that out, and write whole seconds"),
        ("2026-02-30T09:00:00Z", "there is no such day as `2026-02-30`"),
        ("2026-03-02T24:00:00Z", "midnight is 00:00 of the next day"),
        ("2026-03-02T09:00:60Z", "there is no such time as `09:00:60`"),
        (
            "9999-12-31T23:59:59Z",
            "is out of reach: the first time is 0001-01-01T00:00:00Z, and the last is 9999-12-30T00:00:00Z",
        ),
        ("0001-01-01T00:00:00+01:00", "is out of reach"),
        ("0000-01-01T00:00:00Z", "there is no such day as `0000-01-01`"),
        (
            "tomorrow",
            "`tomorrow` is not a date and time with its offset; write it such as `2026-03-02T09:00:00Z`, or with +01:00 for Z",
        ),
        ("2026-03-02T09:00:00Zoo", "is not a date and time"),
        ("2026-03-02T09:00:00+1", "is not a date and time"),
        ("2026-03-02T9:00Z", "is not a date and time"),
        ("2026-03-02T09:0é:00Z", "is not a date and time"),
        ("", "is not a date and time"),
    ] {
        let error = text.parse::<Moment>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let error = serde_json::from_str::<Moment>("\"noon\"").unwrap_err().to_string();
    assert!(error.contains("`noon` is not a date and time"), "{error}");
}

#[test]
fn what_a_refused_time_is_told_to_write_can_be_read() {
    for text in ["tomorrow", "", "2026-03-02T9:00Z"] {
        let error = text.parse::<Moment>().unwrap_err().to_string();
        let example = error.rsplit('`').nth(1).unwrap_or_else(|| panic!("it says what to write: {error}"));
        assert!(example.parse::<Moment>().is_ok(), "{error}");
    }
    let long = "x".repeat(300_000).parse::<Moment>().unwrap_err().to_string();
    assert!(long.chars().count() < 300 && long.contains("xxx…`"), "{long}");
}

#[test]
fn moments_stop_at_the_ends_of_their_range() {
    assert_eq!(Moment::MIN.to_string(), "0001-01-01T00:00:00Z");
    assert_eq!(Moment::MAX.to_string(), "9999-12-30T00:00:00Z");
    assert_eq!(Moment::from_unix(i64::MAX), Moment::MAX);
    assert_eq!(Moment::MAX.plus(Length::days(i64::MAX)), Moment::MAX);
    assert_eq!(Moment::MIN.minus(Length::from_seconds(i64::MAX)), Moment::MIN);
    assert_eq!(Moment::MAX.minus(Length::from_seconds(i64::MIN)), Moment::MAX);
    for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"] {
        for moment in [Moment::MIN, Moment::MAX] {
            let zone = zone(name);
            assert_eq!(zone.moment(zone.local(moment)), Ok(moment));
        }
    }
}

// Lengths

#[test]
fn a_length_is_said_in_words() {
    for (seconds, words) in [
        (0, "0 minutes"),
        (1, "1 second"),
        (90, "1 minute 30 seconds"),
        (72 * 3600, "3 days"),
        (28 * 3600, "1 day 4 hours"),
        (14 * 86_400, "14 days"),
        (86_401, "1 day 1 second"),
        (-1800, "minus 30 minutes"),
    ] {
        assert_eq!(Length::from_seconds(seconds).to_string(), words);
        assert_eq!(words.parse(), Ok(Length::from_seconds(seconds)));
    }
    assert_eq!(Length::from_seconds(i64::MIN).to_string(), "minus 106751991167300 days 15 hours 30 minutes 8 seconds");
}

#[test]
fn a_length_is_read_as_people_write_it() {
    for (text, length) in [
        ("5 hours", Length::hours(5)),
        ("1 day and 4 hours", Length::hours(28)),
        ("2 weeks", Length::days(14)),
        (" 1  Week ", Length::days(7)),
        ("100 hours 90 minutes", Length::minutes(6090)),
        ("36525 days", Length::days(36_525)),
    ] {
        assert_eq!(text.parse(), Ok(length), "{text}");
    }
    assert_eq!(serde_json::to_string(&Length::hours(28)).unwrap(), "\"1 day 4 hours\"");
    assert_eq!(serde_json::from_str::<Length>("\"2 weeks\"").unwrap(), Length::days(14));
}

#[test]
fn a_length_that_cannot_be_read_says_why() {
    for (text, expected) in [
        (
            "soon",
            "`soon` is not a length of time; write a whole number and a unit, such as `5 hours` or `1 day 4 hours`",
        ),
        ("", "is not a length of time"),
        ("5", "is not a length of time"),
        ("1.5 hours", "is not a length of time"),
        ("-1 hours", "is not a length of time"),
        ("1 day and", "is not a length of time"),
        ("5 ours", "`ours` in `5 ours` is not a unit of time"),
        ("3 months", "`3 months` has no fixed length, because one month is not as long as the next"),
        ("4 hours 1 day", "should name each unit once, the largest first"),
        ("1 day 2 days", "should name each unit once, the largest first"),
        ("36526 days", "is longer than 100 years"),
        ("36525 days 1 second", "is longer than 100 years"),
        ("99999999999999999999 days", "is longer than 100 years"),
        ("9223372036854775807 weeks", "is longer than 100 years"),
    ] {
        let error = text.parse::<Length>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

// Zones

#[test]
fn zones_go_by_their_names() {
    assert_eq!(zone("europe/london"), london());
    assert_eq!(london().name(), "Europe/London");
    assert_eq!(zone("UTC"), Zone::utc());
    assert_ne!(london(), Zone::utc());
    for (name, expected) in [
        ("Europe/Londn", "there is no time zone called `Europe/Londn`; did you mean `Europe/London`?"),
        ("London", "did you mean `Europe/London`?"),
        ("new york", "did you mean `America/New_York`?"),
        ("the ward", "there is no time zone called `the ward`; write a region and a city, such as `Europe/London`"),
        ("Etc/Unknown", "there is no time zone called `Etc/Unknown`"),
        ("", "write a region and a city"),
    ] {
        let error = Zone::named(name).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn local_times_are_read_in_their_zone() {
    let zone = london();
    for (text, expected) in [
        ("2026-03-02 09:00", "2026-03-02T09:00:00Z"),
        ("2026-07-02T09:00", "2026-07-02T08:00:00Z"),
        ("2026-07-02 09:00:30", "2026-07-02T08:00:30Z"),
        ("2026-07-02T09:00Z", "2026-07-02T09:00:00Z"),
        ("2026-07-02 09:00+05:30", "2026-07-02T03:30:00Z"),
    ] {
        assert_eq!(zone.read(text), Ok(utc(expected)), "{text}");
    }
    assert_eq!(zone.display(utc("2026-03-02T09:00:00Z")), "Mon 2 Mar 2026 09:00");
    assert_eq!(zone.display(utc("2026-07-02T09:00:05Z")), "Thu 2 Jul 2026 10:00:05");
}

#[test]
fn a_time_the_clocks_skip_is_refused() {
    let zone = london();
    assert_eq!(
        zone.read("2026-03-29 01:30").unwrap_err().to_string(),
        "the clocks go forward that night, so 2026-03-29 01:30 does not exist in Europe/London; write a time before \
         01:00 or from 02:00, or add an offset such as +01:00"
    );
    assert_eq!(zone.read("2026-03-29 00:59:59"), Ok(utc("2026-03-29T00:59:59Z")));
    assert_eq!(zone.read("2026-03-29 02:00"), Ok(utc("2026-03-29T01:00:00Z")));
    assert_eq!(zone.read("2026-03-29 01:30+01:00"), Ok(utc("2026-03-29T00:30:00Z")));
    assert!(matches!(
        zone.moment(local("2026-03-29 01:00")),
        Err(LocalTimeError::Missing { change, .. }) if change == utc("2026-03-29T01:00:00Z")
    ));
    // A whole day that Samoa never had.
    let error = self::zone("Pacific/Apia").read("2011-12-30 12:00").unwrap_err().to_string();
    assert!(error.contains("before 2011-12-30 00:00 or from 2011-12-31 00:00"), "{error}");
}

#[test]
fn a_time_the_clocks_repeat_is_refused() {
    let zone = london();
    let (first, second) = (utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z"));
    let error = zone.read("2026-10-25 01:30").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the clocks go back that night, so 2026-10-25 01:30 happens twice in Europe/London; add an offset: \
         `2026-10-25 01:30+01:00` or `2026-10-25 01:30+00:00`"
    );
    assert!(matches!(
        error,
        ReadTimeError::Local(LocalTimeError::Ambiguous { first: a, second: b, .. }) if (a, b) == (first, second)
    ));
    assert_eq!(zone.read("2026-10-25 01:30+01:00"), Ok(first));
    assert_eq!(zone.read("2026-10-25 01:30+00:00"), Ok(second));
    assert_eq!(zone.display(first), "Sun 25 Oct 2026 01:30 (+01:00)");
    assert_eq!(zone.display(second), "Sun 25 Oct 2026 01:30 (+00:00)");
    assert_eq!(zone.display(utc("2026-10-25T02:00:00Z")), "Sun 25 Oct 2026 02:00");
}

#[test]
fn a_day_starts_at_its_first_instant() {
    assert_eq!(london().start_of(date("2026-07-02")), utc("2026-07-01T23:00:00Z"));
    // Cairo goes forward at midnight: the day starts at 01:00. Havana goes back to midnight: it starts the first time.
    assert_eq!(zone("Africa/Cairo").start_of(date("2026-04-24")), utc("2026-04-23T22:00:00Z"));
    assert_eq!(zone("America/Havana").start_of(date("2026-11-01")), utc("2026-11-01T04:00:00Z"));
    assert!(matches!(read_date("2026-02-29"), Err(ReadTimeError::NoSuchDay { .. })));
    assert!(matches!(read_date("2 March"), Err(ReadTimeError::NotADate { .. })));
}

// Hours

#[test]
fn days_and_hours_have_words() {
    assert_eq!(["monday", "Tuesdays", "SUN", "sund", ""].map(weekday_index), [Some(0), Some(1), Some(6), None, None]);
    assert_eq!((weekday_name(6), weekday_name(7)), (Some("sunday"), None));
    for (from, to, words) in [
        (9, 17, "09:00 to 17:00"),
        (0, 24, "00:00 to 24:00"),
        (22, 30, "22:00 to 06:00"),
        (7, 31, "07:00 to 07:00 the next day"),
    ] {
        assert_eq!(hours(from, to).to_string(), words);
    }
    for (from, to) in [(540, 540), (600, 540), (1440, 1500), (0, 2881)] {
        assert_eq!(Minutes::new(from, to), Err(UnusableHours));
    }
}

#[test]
fn a_week_is_always_open_when_no_minute_is_left_out() {
    assert!(Weekly::always().is_always());
    assert!(!Weekly::never().is_always());
    assert!(daily(7, 31).weekly.is_always());
    assert!(daily(0, 24).is_always());
    assert!(!daily(0, 23).is_always());
    let mut nights_and_days = daily(8, 20).weekly;
    (0..7).for_each(|day| nights_and_days.add(day, hours(20, 32)));
    assert!(nights_and_days.is_always());
    let closed = vec![(date("2026-12-25"), date("2026-12-25"))];
    assert!(!Opening { closed, ..daily(0, 24) }.is_always());
    assert!(!Opening { on_bank_holidays: HolidayRule::Closed, ..daily(0, 24) }.is_always());
}

#[test]
fn the_same_hours_are_written_alike() {
    let mut pieces = Weekly::never();
    let mut whole = Weekly::never();
    [(13, 17), (9, 12), (12, 13)].into_iter().for_each(|(from, to)| pieces.add(0, hours(from, to)));
    whole.add(0, hours(9, 17));
    assert_eq!(pieces, whole);
    let opening = Opening {
        weekly: whole,
        on_bank_holidays: HolidayRule::Open(vec![hours(14, 16), hours(9, 11)]),
        closed: vec![(date("2026-12-25"), date("2026-12-26")), (date("2026-01-01"), date("2026-01-01"))],
    };
    assert_eq!(
        serde_json::to_string(&opening).unwrap(),
        "{\"weekly\":[[{\"from\":540,\"to\":1020}],[],[],[],[],[],[]],\
         \"on_bank_holidays\":{\"Open\":[{\"from\":540,\"to\":660},{\"from\":840,\"to\":960}]},\
         \"closed\":[[\"2026-01-01\",\"2026-01-01\"],[\"2026-12-25\",\"2026-12-26\"]]}"
    );
    assert_eq!(
        serde_json::to_string(&Calendar { zone: london(), bank_holidays: [date("2026-05-04")].into() }).unwrap(),
        "{\"zone\":\"Europe/London\",\"bank_holidays\":[\"2026-05-04\"]}"
    );
}

// Cover

#[test]
fn office_hours_over_easter() {
    let week = ("2026-04-02 12:00", "2026-04-07 12:00");
    let mut opening = office();
    assert_eq!(
        spans(&opening, week.0, week.1),
        [
            "Thu 2 Apr 2026 12:00 - Thu 2 Apr 2026 17:00",
            "Fri 3 Apr 2026 09:00 - Fri 3 Apr 2026 17:00",
            "Mon 6 Apr 2026 09:00 - Mon 6 Apr 2026 17:00",
            "Tue 7 Apr 2026 09:00 - Tue 7 Apr 2026 12:00",
        ]
    );
    opening.on_bank_holidays = HolidayRule::Open(vec![hours(10, 12)]);
    opening.closed = vec![(date("2026-04-05"), date("2026-04-06"))];
    assert_eq!(
        spans(&opening, week.0, week.1),
        [
            "Thu 2 Apr 2026 12:00 - Thu 2 Apr 2026 17:00",
            "Fri 3 Apr 2026 10:00 - Fri 3 Apr 2026 12:00",
            "Tue 7 Apr 2026 09:00 - Tue 7 Apr 2026 12:00",
        ]
    );
    opening.on_bank_holidays = HolidayRule::Closed;
    assert_eq!(spans(&opening, "2026-04-02 18:00", "2026-04-07 09:00"), [""; 0]);
}

#[test]
fn a_night_belongs_to_the_day_it_starts_on() {
    let mut opening = daily(22, 30);
    opening.on_bank_holidays = HolidayRule::Closed;
    opening.closed = vec![(date("2026-05-06"), date("2026-05-06"))];
    assert_eq!(
        // Monday 4 May is a bank holiday, and Wednesday 6 May is closed.
        spans(&opening, "2026-05-04 00:00", "2026-05-08 00:00"),
        [
            "Mon 4 May 2026 00:00 - Mon 4 May 2026 06:00",
            "Tue 5 May 2026 22:00 - Wed 6 May 2026 06:00",
            "Thu 7 May 2026 22:00 - Fri 8 May 2026 00:00",
        ]
    );
}

#[test]
fn hours_to_24_00_join_the_next_day() {
    assert_eq!(
        spans(&daily(18, 24), "2026-05-01 00:00", "2026-05-02 06:00"),
        ["Fri 1 May 2026 18:00 - Sat 2 May 2026 00:00"]
    );
    let mut round = daily(18, 24);
    (0..7).for_each(|day| round.weekly.add(day, hours(0, 2)));
    assert_eq!(spans(&round, "2026-05-01 12:00", "2026-05-02 12:00"), ["Fri 1 May 2026 18:00 - Sat 2 May 2026 02:00"]);
}

#[test]
fn a_night_shift_is_shorter_in_march_and_longer_in_october() {
    let calendar = calendar();
    for (from, to, elapsed) in [
        ("2026-03-28 22:00", "2026-03-29 06:00", 7),
        ("2026-10-24 22:00", "2026-10-25 06:00", 9),
        ("2026-10-25 22:00", "2026-10-26 06:00", 8),
    ] {
        let (from, to) = (calendar.zone.read(from).unwrap(), calendar.zone.read(to).unwrap());
        assert_eq!(to.since(from), Length::hours(elapsed));
        assert_eq!(calendar.open_until(&daily(22, 30), from), Some(to));
        assert!(calendar.is_open_throughout(&daily(22, 30), from, Length::hours(elapsed)));
        assert!(!calendar.is_open_throughout(&daily(22, 30), from, Length::hours(elapsed).plus(Length::minutes(1))));
    }
}

#[test]
fn opening_times_in_a_clock_change() {
    let sundays = |from: u16, to: u16| {
        let mut weekly = Weekly::never();
        weekly.add(6, Minutes::new(from, to).unwrap());
        Opening::every_week(weekly)
    };
    let calendar = calendar();
    let day = |opening: &Opening, day: &str| {
        let start = calendar.zone.start_of(date(day));
        calendar.open_spans(opening, start, start.plus(Length::days(1)))
    };
    // Spring: 01:30 is skipped, so both ends move to 02:00.
    let change = utc("2026-03-29T01:00:00Z");
    assert_eq!(day(&sundays(90, 180), "2026-03-29"), [(change, utc("2026-03-29T02:00:00Z"))]);
    assert_eq!(day(&sundays(0, 90), "2026-03-29"), [(utc("2026-03-29T00:00:00Z"), change)]);
    assert_eq!(day(&sundays(75, 105), "2026-03-29"), []);
    // Autumn: 01:30 comes twice, and the first counts, whether it opens or closes.
    let first = utc("2026-10-25T00:30:00Z");
    assert_eq!(day(&sundays(90, 180), "2026-10-25"), [(first, utc("2026-10-25T03:00:00Z"))]);
    assert_eq!(day(&sundays(0, 90), "2026-10-25"), [(utc("2026-10-24T23:00:00Z"), first)]);
    assert_eq!(day(&sundays(0, 60), "2026-10-25"), [(utc("2026-10-24T23:00:00Z"), utc("2026-10-25T00:00:00Z"))]);
}

#[test]
fn always_open_is_open_at_every_instant() {
    let calendar = calendar();
    let opening = Opening::every_week(Weekly::always());
    for start in ["2026-03-25T00:00:00Z", "2026-10-20T00:00:00Z"].map(utc) {
        let end = start.plus(Length::days(14));
        assert_eq!(calendar.open_spans(&opening, start, end), [(start, end)]);
        assert_eq!(calendar.open_until(&opening, start), Some(end));
        assert!(calendar.is_open_throughout(&opening, start, Length::days(3650)));
    }
    assert_eq!(calendar.open_spans(&opening, Moment::MAX, Moment::MIN), []);
    assert!(!calendar.is_open_at(&opening, Moment::MAX));
}

#[test]
fn next_opening_and_the_ends_of_a_stretch() {
    let calendar = calendar();
    let opening = Opening { on_bank_holidays: HolidayRule::Closed, ..office() };
    let read = |text| calendar.zone.read(text).unwrap();
    let horizon = read("2026-12-31 00:00");
    let (thursday, tuesday) = (read("2026-04-02 17:00"), read("2026-04-07 09:00"));
    assert!(!calendar.is_open_at(&opening, thursday));
    assert!(calendar.is_open_at(&opening, thursday.minus(Length::from_seconds(1))));
    assert!(calendar.is_open_at(&opening, tuesday));
    assert_eq!(calendar.open_until(&opening, thursday), None);
    assert_eq!(calendar.next_opening(&opening, thursday, horizon), Some(tuesday));
    assert_eq!(calendar.next_opening(&opening, tuesday, horizon), Some(tuesday));
    assert_eq!(calendar.next_opening(&opening, thursday, tuesday), None);
    let never = Opening::every_week(Weekly::never());
    assert_eq!(calendar.next_opening(&never, Moment::MIN, Moment::MAX), None);
    // Only on bank holidays, the next of which is months away.
    let holidays = Opening { on_bank_holidays: HolidayRule::Open(vec![hours(10, 12)]), ..never };
    assert_eq!(calendar.next_opening(&holidays, read("2026-01-01 00:00"), horizon), Some(read("2026-04-03 10:00")));
    let shut = Opening { closed: vec![(date("2026-04-01"), date("2026-06-30"))], ..office() };
    assert_eq!(calendar.next_opening(&shut, thursday, horizon), Some(read("2026-07-01 09:00")));
}
