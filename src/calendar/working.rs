//! Time that is counted by the clock on the wall: so long while somebody works, so many working days, so many days of
//! the calendar, the next time it is four o'clock.
//!
//! All of it is one kind of question: something begins at a moment, so when is the time over? Beginning later is never
//! over earlier.

use super::length::Length;
use super::moment::Moment;
use super::zone::Zone;
use jiff::civil::{Date, DateTime, Time};

/// Stretches in which somebody works, in order, each holding its start and not its end; none touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Working {
    stretches: Vec<(Moment, Moment)>,
    /// The seconds worked before each of them.
    before: Vec<i64>,
}

impl Working {
    /// All of these stretches together, in whatever order they come.
    pub fn new(spans: impl IntoIterator<Item = (Moment, Moment)>) -> Working {
        let mut spans: Vec<(Moment, Moment)> = spans.into_iter().filter(|(start, end)| start < end).collect();
        spans.sort_unstable();
        let mut stretches: Vec<(Moment, Moment)> = Vec::with_capacity(spans.len());
        for (start, end) in spans {
            match stretches.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                _ => stretches.push((start, end)),
            }
        }
        let mut worked = 0;
        let mut before = Vec::with_capacity(stretches.len());
        for (start, end) in &stretches {
            before.push(worked);
            worked += end.since(*start).seconds();
        }
        Working { stretches, before }
    }

    /// The stretches.
    pub fn stretches(&self) -> &[(Moment, Moment)] {
        &self.stretches
    }

    /// How many seconds of work lie before a moment.
    fn worked(&self, at: Moment) -> i64 {
        let next = self.stretches.partition_point(|(start, _)| *start < at);
        next.checked_sub(1).map_or(0, |number| {
            let (start, end) = self.stretches[number];
            self.before[number] + at.min(end).since(start).seconds()
        })
    }

    /// The first moment before which so many seconds of work lie; nothing when there are fewer.
    fn when_worked(&self, seconds: i64) -> Option<Moment> {
        let number = self.before.partition_point(|before| *before < seconds).checked_sub(1)?;
        let (start, end) = self.stretches[number];
        let at = start.plus(Length::from_seconds(seconds - self.before[number]));
        (at <= end).then_some(at)
    }

    /// When so much work has been done by whoever begins at a moment; nothing when that is not within the stretches.
    pub fn hours_from(&self, from: Moment, hours: Length) -> Option<Moment> {
        if hours <= Length::ZERO {
            return Some(from);
        }
        self.when_worked(self.worked(from) + hours.seconds())
    }

    /// The last moment of work of a day, or midnight at its end; nothing where nobody works on it.
    fn end_of_work(&self, zone: &Zone, date: Date) -> Option<Moment> {
        let (from, to) = (zone.start_of(date), zone.start_of(date.tomorrow().ok()?));
        let next = self.stretches.partition_point(|(start, _)| *start < to);
        let (_, end) = self.stretches.get(next.checked_sub(1)?)?;
        (*end > from).then(|| (*end).min(to))
    }

    /// The end of work on the last of so many working days after the day of a moment; nothing when that is not within
    /// the stretches.
    pub fn days_from(&self, zone: &Zone, from: Moment, days: u32) -> Option<Moment> {
        let (_, last) = self.stretches.last()?;
        let mut date = zone.local(from).date();
        let mut left = days;
        let mut end = from;
        while left > 0 {
            date = date.tomorrow().ok()?;
            if zone.start_of(date) >= *last {
                return None;
            }
            if let Some(over) = self.end_of_work(zone, date) {
                (left, end) = (left - 1, over);
            }
        }
        Some(end)
    }

    /// Moments at which whoever begins has longest to wait for so much work: when it stops, and when a little more would
    /// have been done before it stops.
    pub fn slow_beginnings(&self, hours: Length) -> impl Iterator<Item = Moment> + '_ {
        let just_missed = self.before.iter().filter_map(move |before| self.when_worked(before + 1 - hours.seconds()));
        self.stretches.iter().map(|(_, end)| *end).chain(just_missed)
    }
}

/// The end of so many days after the day of a moment.
pub fn days_from(zone: &Zone, from: Moment, days: u32) -> Option<Moment> {
    let last = zone.local(from).date().checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok()?;
    Some(zone.start_of(last.tomorrow().ok()?))
}

/// The next moment, after this one, at which it is so many minutes past midnight. A time that the clocks skip is the
/// first after the gap, one that they show twice the first of the two.
pub fn next_time(zone: &Zone, from: Moment, minutes: u16) -> Option<Moment> {
    let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?;
    let mut date = zone.local(from).date().yesterday().ok()?;
    // Today's, or tomorrow's; a day more where the clocks change.
    for _ in 0..4 {
        let at = zone.first_shown(DateTime::from_parts(date, time));
        if at > from {
            return Some(at);
        }
        date = date.tomorrow().ok()?;
    }
    None
}

/// The beginning of every day between two moments, and the first of the two.
pub fn days_between(zone: &Zone, from: Moment, to: Moment) -> Vec<Moment> {
    let mut starts = vec![from];
    let mut date = zone.local(from).date();
    while let Ok(next) = date.tomorrow() {
        let start = zone.start_of(next);
        if start >= to {
            break;
        }
        starts.push(start);
        date = next;
    }
    starts
}
