//! The slowest run: everything taken as late as it may be, and of all that can happen what leaves most time to go.
//!
//! The bound says, for wherever somebody stands and whatever was counted so far, how long it can take from there at most.
//! So of many runs that go on side by side a few are kept: those that can still take longest.

use super::moves::Bound;
use super::play::Play;
use super::search::{Seek, Spot, Was, on_the_road, opened_with};
use super::shows::ladders_answer;
use super::{Stage, in_words};
use crate::calendar::{Length, Moment};
use crate::check::longest::{Longest, limit};
use crate::check::ways::Count;
use crate::check::{Evidence, Person, Subject};
use crate::model::{Given, PlaceKind, Story};
use crate::play::Driver;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many runs go on side by side.
const SIDE_BY_SIDE: usize = 4;

/// How many things happen in a run at most.
const MOST_EVENTS: usize = 500;

/// How many things are tried, for each moment to begin at.
const MOST_TRIED: usize = 20_000;

/// The slowest run that is found to an ending; or, where it is `enough` to take longer than something, any that does,
/// whether it comes to an ending or not. `longest`: the bound, where there is one.
pub(super) fn slowest(
    stage: &Stage,
    subject: &Subject<'_>,
    longest: Option<&Longest>,
    starts: &[Moment],
    enough: Option<Length>,
) -> Option<Story> {
    let play = Play { slowly: true, ..Play::new(stage, subject) };
    let seek = Seek::new(play, &Evidence::Static, Vec::new());
    let mut best: Option<(Length, Story)> = None;
    for starts in starts {
        let found = from(&seek, longest, *starts, enough, best.as_ref().map(|(length, _)| *length));
        best = found.or(best);
        if best.as_ref().is_some_and(|(length, _)| enough.is_some_and(|enough| *length > enough)) {
            break;
        }
    }
    best.map(|(_, story)| story)
}

/// The same, of those who begin at that moment, and take longer than `best`.
fn from(
    seek: &Seek<'_>,
    longest: Option<&Longest>,
    starts: Moment,
    enough: Option<Length>,
    best: Option<Length>,
) -> Option<(Length, Story)> {
    let (stage, subject) = (seek.play.stage, seek.play.subject);
    let bound = Bound { wanted: Vec::new(), fixed: Person::new() };
    let mut spots: Vec<Spot> = Vec::new();
    for person in seek.play.beginnings(&Evidence::Static, &bound) {
        let story = Story { starts, knowing: in_words(&stage.shared, &person), events: Vec::new() };
        spots.extend(stage.open(&story).ok().map(Spot::first));
    }
    let knowing: Vec<Vec<Given>> = spots.iter().map(|spot| opened_with(&spot.driver)).collect();
    // Who takes longest, and is at an ending.
    let mut slowest: (Option<Length>, Option<usize>) = (best.max(enough), None);
    let mut row: Vec<usize> = (0..spots.len()).collect();
    let mut tried = 0;
    for _ in 0..MOST_EVENTS {
        // Of those who stand alike, whoever has been there longest.
        let mut next: BTreeMap<Was, (i64, Spot)> = BTreeMap::new();
        for at in row.drain(..) {
            for mut it in seek.play.moves(&spots[at].driver, &Evidence::Static, &bound) {
                tried += 1;
                let driver = &it.driver;
                if it.refused.is_some() || driver.case.record().stranded.is_some() || !ladders_answer(&driver.case) {
                    continue;
                }
                let Some(takes) = can_take(subject, longest, driver) else { continue };
                let took = driver.now.since(starts);
                if enough.is_some_and(|enough| took > enough) {
                    let last = spots[at].and(at, it);
                    spots.push(last);
                    return Some((took, seek.story(&spots, spots.len() - 1, starts, &knowing)));
                }
                let was = seek.was(driver);
                it.driver.case.forget_history();
                if next.get(&was).is_none_or(|(other, _)| *other < takes) {
                    next.insert(was, (takes, spots[at].and(at, it)));
                }
            }
        }
        let mut next: Vec<(i64, Spot)> = next.into_values().collect();
        next.sort_by_key(|(takes, spot)| (Reverse(*takes), spot.depth));
        for (takes, spot) in next {
            let closed = spot.driver.case.record().closed.is_some();
            let length = Length::from_seconds(takes);
            // Without a bound everybody can still take longer.
            let longer = slowest.0.is_none_or(|best| best < length) || (longest.is_none() && !closed);
            if !longer || (!closed && row.len() >= SIDE_BY_SIDE) {
                continue;
            }
            if closed {
                slowest = (Some(length), Some(spots.len()));
            } else {
                row.push(spots.len());
            }
            spots.push(spot);
        }
        if row.is_empty() || tried > MOST_TRIED {
            break;
        }
    }
    let (length, at) = slowest;
    Some((length?, seek.story(&spots, at?, starts, &knowing)))
}

/// How long a case can still take in all, in seconds; how long it took, once it is closed.
fn can_take(subject: &Subject<'_>, longest: Option<&Longest>, driver: &Driver) -> Option<i64> {
    let record = driver.case.record();
    if let Some(closed) = &record.closed {
        return Some(closed.at.since(record.opened).seconds());
    }
    let pathway = &subject.program.pathway;
    let open = on_the_road(subject, driver)?;
    let Some(longest) = longest else { return Some(driver.now.since(record.opened).seconds()) };
    let mut takes = open.opened.since(record.opened).seconds() + longest.prices.get(open.place.index())?;
    // Rounds that are over take no more time.
    if let PlaceKind::Repeat(repeat) = &pathway.place(open.place).kind {
        takes -= repeat.every.seconds() * i64::from(open.round.saturating_sub(1));
    }
    for (count, gain) in &longest.gains {
        let taken = match count {
            Count::Death => u32::from(record.died),
            Count::Route(counter) => record.taken.get(&pathway.counters[counter.index()].name).copied().unwrap_or(0),
        };
        takes += gain * i64::from(limit(pathway, *count).saturating_sub(taken));
    }
    let given_away = longest.given_away.values().map(|(times, each)| i64::from(*times) * each.seconds());
    takes += given_away.sum::<i64>();
    Some(takes)
}
