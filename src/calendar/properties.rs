//! What must hold for any opening hours, any of the odder clock changes, and any text.

use jiff::civil::{Date, DateTime};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::tests::{date, london, office, zone};
use super::*;

fn settled(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(0x0a11), failure_persistence: None, ..ProptestConfig::default() }
}

/// Zones that change at 01:00, at 02:00, by half an hour, at midnight, back to midnight, and once by a whole day; each
/// with days just before a change.
const CHANGES: [(&str, &str); 11] = [
    ("Europe/London", "2026-03-22"),
    ("Europe/London", "2026-10-18"),
    ("America/New_York", "2026-03-01"),
    ("Australia/Lord_Howe", "2026-03-29"),
    ("Australia/Lord_Howe", "2026-09-27"),
    ("Africa/Cairo", "2026-04-18"),
    ("Africa/Cairo", "2026-10-24"),
    ("America/Havana", "2026-10-25"),
    ("America/St_Johns", "2010-10-31"),
    ("Pacific/Apia", "2011-12-24"),
    ("UTC", "2026-03-22"),
];

prop_compose! {
    /// Hours that favour the small hours, where clocks change, and the hour and half hour, where notice boards do.
    fn some_hours()(
        from in prop_oneof![0u16..200, 1300u16..1440, 0u16..1440, (0u16..6).prop_map(|n| n * 30)],
        for_ in prop_oneof![1u16..90, 1u16..200, 1u16..1440, (1u16..6).prop_map(|n| n * 30)],
    ) -> Minutes {
        Minutes::new(from, from + for_).unwrap()
    }
}

prop_compose! {
    fn some_opening(start: Date)(
        week in prop::collection::vec(prop::collection::vec(some_hours(), 0..4), 7),
        rule in prop_oneof![
            Just(HolidayRule::AsUsual),
            Just(HolidayRule::Closed),
            prop::collection::vec(some_hours(), 0..3).prop_map(HolidayRule::Open),
        ],
        closed in prop::collection::vec((0i64..16, 0i64..3), 0..2),
    ) -> Opening {
        let mut weekly = Weekly::never();
        week.iter().enumerate().for_each(|(day, all)| all.iter().for_each(|hours| weekly.add(day, *hours)));
        let closed = closed.iter().map(|(first, days)| (after(start, *first), after(start, first + days))).collect();
        Opening { weekly, on_bank_holidays: rule, closed }
    }
}

fn after(date: Date, days: i64) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap()
}

/// A calendar, an opening, and a stretch of up to a fortnight around a clock change.
fn some_fortnight() -> impl Strategy<Value = (Calendar, Opening, Moment, Moment)> {
    (prop::sample::select(&CHANGES[..]), prop::collection::btree_set(0i64..16, 0..4)).prop_flat_map(
        |((name, start), off)| {
            let start = date(start);
            let calendar =
                Calendar { zone: zone(name), bank_holidays: off.into_iter().map(|days| after(start, days)).collect() };
            let begin = calendar.zone.start_of(start);
            let stretch = (0i64..10_000, 1_440i64..20_160).prop_map(move |(wait, minutes)| {
                let from = begin.plus(Length::minutes(wait));
                (from, from.plus(Length::minutes(minutes)))
            });
            (Just(calendar), some_opening(start), stretch)
                .prop_map(|(calendar, opening, (from, to))| (calendar, opening, from, to))
        },
    )
}

/// Which minutes from `from` to `to` are open, found by watching the clock on the wall minute by minute: hours open
/// when it first shows their start or later, and close when it first shows their end or later.
fn open_minutes(calendar: &Calendar, opening: &Opening, from: Moment, to: Moment) -> Vec<Moment> {
    let first = from.minus(Length::days(5));
    let wall: Vec<(Moment, DateTime)> = (0..)
        .map(|n| first.plus(Length::minutes(n)))
        .take_while(|at| *at < to.plus(Length::days(5)))
        .map(|at| (at, calendar.zone.local(at)))
        .collect();
    let mut open = vec![false; wall.len()];
    let mut day = wall[0].1.date();
    while day <= wall[wall.len() - 1].1.date() {
        let shut = opening.closed.iter().any(|(first, last)| (*first..=*last).contains(&day));
        let weekday = day.weekday().to_monday_zero_offset() as usize;
        let hours = match &opening.on_bank_holidays {
            _ if shut => &[],
            HolidayRule::Closed if calendar.is_bank_holiday(day) => &[],
            HolidayRule::Open(hours) if calendar.is_bank_holiday(day) => &hours[..],
            _ => opening.weekly.day(weekday),
        };
        for stretch in hours {
            let shows = |minutes: u16| day.at(0, 0, 0, 0) + jiff::Span::new().minutes(i64::from(minutes));
            let (opens, closes) = (shows(stretch.from), shows(stretch.to));
            let start = wall.iter().position(|(_, shown)| *shown >= opens).unwrap_or(wall.len());
            let end = wall.iter().position(|(_, shown)| *shown >= closes).unwrap_or(wall.len());
            (start..end).for_each(|minute| open[minute] = true);
        }
        day = day.tomorrow().unwrap();
    }
    wall.iter().zip(open).filter(|((at, _), open)| *open && from <= *at && *at < to).map(|((at, _), _)| *at).collect()
}

proptest! {
    #![proptest_config(settled(512))]

    #[test]
    fn open_spans_agree_with_watching_every_minute((calendar, opening, from, to) in some_fortnight()) {
        let spans = calendar.open_spans(&opening, from, to);
        prop_assert!(spans.iter().all(|(start, end)| from <= *start && start < end && *end <= to));
        prop_assert!(spans.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let minutes: Vec<Moment> = spans
            .iter()
            .flat_map(|(start, end)| (0..).map(|n| start.plus(Length::minutes(n))).take_while(|at| at < end))
            .collect();
        prop_assert_eq!(minutes, open_minutes(&calendar, &opening, from, to));
        prop_assert_eq!(calendar.next_opening(&opening, from, to), spans.first().map(|(start, _)| *start));
        for (start, end) in &spans {
            prop_assert!(calendar.is_open_throughout(&opening, *start, end.since(*start)));
            prop_assert!(calendar.is_open_at(&opening, *start));
            prop_assert_eq!(calendar.open_until(&opening, *start).map(|until| until.min(to)), Some(*end));
        }
        for pair in spans.windows(2) {
            prop_assert!(!calendar.is_open_at(&opening, pair[0].1));
            prop_assert!(!calendar.is_open_throughout(&opening, pair[0].0, pair[1].1.since(pair[0].0)));
        }
    }

    /// However a day is cut into pieces, a week with no minute left out has no closed instant, clock change or not.
    #[test]
    fn a_full_week_leaves_no_instant_out(
        (calendar, _, from, to) in some_fortnight(),
        cuts in prop::collection::btree_set(prop_oneof![0u16..180, 0u16..1440], 1..6),
    ) {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        let ends = cuts[1..].iter().copied().chain([cuts[0] + 1440]);
        let pieces: Vec<Minutes> = cuts.iter().zip(ends).map(|(from, to)| Minutes::new(*from, to).unwrap()).collect();
        let opening = Opening { on_bank_holidays: HolidayRule::Open(pieces.clone()), ..office() };
        let mut weekly = Weekly::never();
        (0..7).for_each(|day| pieces.iter().for_each(|piece| weekly.add(day, *piece)));
        prop_assert!(weekly.is_always());
        let opening = Opening { weekly, ..opening };
        prop_assert_eq!(calendar.spans_by_day(&opening, from, to), [(from, to)]);
    }

    #[test]
    fn moments_and_lengths_come_back_from_their_text(
        unix in Moment::MIN.unix()..=Moment::MAX.unix(),
        seconds in -3_155_760_000i64..=3_155_760_000,
    ) {
        let (moment, length) = (Moment::from_unix(unix), Length::from_seconds(seconds));
        prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        prop_assert_eq!(length.to_string().parse(), Ok(length));
        prop_assert_eq!(moment.plus(length).since(moment) == length, moment.plus(length).minus(length) == moment);
        for (name, _) in CHANGES {
            let zone = zone(name);
            let local = zone.local(moment);
            match zone.moment(local) {
                Ok(found) => prop_assert_eq!(found, moment),
                Err(LocalTimeError::Ambiguous { first, second, .. }) => {
                    prop_assert!(first == moment || second == moment);
                }
                Err(missing) => prop_assert!(false, "{}", missing),
            }
        }
    }

    #[test]
    fn no_text_is_too_odd_to_refuse(
        text in "\\PC{0,24}|[0-9TZ:+. -]{0,24}|[0-9]{1,20} (day|hours|and|minus| ){0,4}",
    ) {
        let _ = (text.parse::<Moment>(), text.parse::<Length>(), Zone::named(&text));
        let _ = (london().read(&text), read_date(&text));
    }
}
