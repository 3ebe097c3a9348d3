//! The slowest run: everything taken as late as it may be, and of all that can happen what leaves most time to go.
//!
//! The bound says, for wherever somebody stands and whatever was counted so far, how long it can take from there at most.
//! So of many runs that go on side by side a few are kept: those that can still take longest.

use super::moves::Bound;
use super::play::{After, Play, Telling};
use super::search::{Seek, Spot, Was, led_to, on_the_road};
use super::shows::ladders_answer;
use super::{Stage, in_words};
use crate::calendar::{Length, Moment};
use crate::check::longest::{Longest, limit};
use crate::check::ways::{Count, WayId};
use crate::check::{Evidence, Person, Subject};
use crate::model::{Happening, PlaceKind, Story};
use crate::play::Driver;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many things happen in a run at most.
const MOST_EVENTS: usize = 500;

/// How hard one looks.
#[derive(Clone, Copy)]
struct Effort {
    /// How many runs go on side by side.
    side_by_side: usize,
    /// How many things are tried, for each moment to begin at.
    tried: usize,
}

/// To say how long a run took, beside the bound that says how long none does.
const QUICK: Effort = Effort { side_by_side: 3, tried: 600 };

/// To show that a promise is broken.
const THOROUGH: Effort = Effort { side_by_side: 8, tried: 2_000 };

/// How many things are tried on all ways round about, along a way that cannot be gone.
const MOST_ROUND_ABOUT_IN_ALL: usize = 4_000;

/// What is near enough, so many ways further on.
const NEAR: usize = 6;

/// How many things are tried on one way round about.
const MOST_ROUND_ABOUT: usize = 400;

/// How many ways a way may have that is gone step by step, looking round: each step remembers all before it.
const MOST_GONE: usize = 2_000;

/// The slowest run that is found to an ending; or, where it is `enough` to take longer than something, any that does,
/// whether it comes to an ending or not. `longest`: the bound, where there is one.
pub(super) fn slowest(
    stage: &Stage,
    subject: &Subject<'_>,
    longest: Option<&Longest>,
    starts: &[Moment],
    enough: Option<Length>,
) -> Option<Story> {
    let seek = Seek::new(Play { slowly: true, ..Play::new(stage, subject) }, &Evidence::Static, Vec::new());
    let mut best: Option<(Length, Story)> = None;
    for starts in starts {
        let bound = anybody();
        let persons = seek.play.beginnings(&bound, *starts).into_iter();
        let knowing = persons.map(|person| in_words(&stage.shared, &person));
        let opened = knowing.filter_map(|knowing| {
            let story = Story { starts: *starts, knowing, events: Vec::new() };
            Some((stage.open(&story).ok()?, story))
        });
        let mut beginnings = vec![opened.collect::<Vec<_>>()];
        beginnings.extend(longest.and_then(|longest| along(&seek, &longest.path, *starts)).map(|it| vec![it]));
        for opened in beginnings {
            best = on(&seek, longest, opened, enough, best.as_ref().map(|(length, _)| *length)).or(best);
            if best.as_ref().is_some_and(|(length, _)| enough.is_some_and(|enough| *length > enough)) {
                return best.map(|(_, story)| story);
            }
        }
    }
    best.map(|(_, story)| story)
}

/// Whoever there is.
fn anybody() -> Bound<'static> {
    Bound { evidence: &Evidence::Static, wanted: Vec::new(), fixed: Person::new() }
}

/// Goes along a way, slowly, as far as that can be gone, and round about where it cannot.
fn along(seek: &Seek<'_>, path: &[WayId], starts: Moment) -> Option<(Driver, Story)> {
    if path.len() > MOST_GONE {
        return None;
    }
    let (play, ways) = (&seek.play, seek.play.subject.ways);
    let decisions = |from: usize| path[from..].iter().take_while(|way| ways.is_decision(ways.all[**way].from)).count();
    let story = play.beginning(path, starts, &After::Nothing)?;
    let mut telling = Telling::new(play.stage.open(&story).ok()?, story);
    let mut at = decisions(0);
    let mut left = MOST_ROUND_ABOUT_IN_ALL;
    while let Some(number) = path.get(at) {
        let next = at + 1 + decisions(at + 1);
        let mut further = telling.clone();
        let gone = play.leave(&mut further, &ways.all[*number], &path[at + 1..next], None);
        let there = path.get(next).is_none_or(|way| {
            on_the_road(play.subject, &further.driver).is_some_and(|open| open.place == ways.all[*way].from)
        });
        if gone.is_some() && there && ladders_answer(&further.driver.case) {
            (telling, at) = (further, next);
            telling.driver.case.forget_history();
            continue;
        }
        match detour(seek, &telling.driver, path, at, &mut left) {
            Some((driver, events, further)) => {
                telling.comes_to(driver, events);
                telling.driver.case.forget_history();
                at = further;
            }
            None => break,
        }
    }
    Some((telling.driver, telling.story))
}

/// What leads from here to a place further on along a way, as near as can be.
fn detour(
    seek: &Seek<'_>,
    from: &Driver,
    path: &[WayId],
    at: usize,
    left: &mut usize,
) -> Option<(Driver, Vec<Happening>, usize)> {
    let (subject, bound) = (seek.play.subject, anybody());
    let mut best: Option<(usize, usize)> = None;
    let mut spots = vec![Spot::first(from.clone())];
    let mut seen: BTreeSet<Was> = BTreeSet::new();
    let mut next = 0;
    let least = left.saturating_sub(MOST_ROUND_ABOUT);
    while next < spots.len() && *left > least {
        for it in seek.play.moves(&spots[next].driver, &bound) {
            *left = left.saturating_sub(1);
            if it.refused.is_some() || !ladders_answer(&it.driver.case) || !seen.insert(seek.was(&it.driver)) {
                continue;
            }
            let Some(place) = on_the_road(subject, &it.driver).map(|open| open.place) else { continue };
            let further = (at + 1..path.len()).find(|at| subject.ways.all[path[*at]].from == place);
            if let Some(further) = further.filter(|further| best.is_none_or(|(best, _)| *further < best)) {
                best = Some((further, spots.len()));
            }
            let spot = spots[next].and(next, it);
            spots.push(spot);
        }
        if best.is_some_and(|(further, _)| further <= at + NEAR) {
            break;
        }
        next += 1;
    }
    let (further, spot) = best?;
    let (_, events) = led_to(&spots, spot);
    Some((spots.swap_remove(spot).driver, events, further))
}

/// Goes on from where somebody has come to: the slowest run from there to an ending that takes longer than `best`.
fn on(
    seek: &Seek<'_>,
    longest: Option<&Longest>,
    begun: Vec<(Driver, Story)>,
    enough: Option<Length>,
    best: Option<Length>,
) -> Option<(Length, Story)> {
    let effort = if enough.is_some() { THOROUGH } else { QUICK };
    let subject = seek.play.subject;
    let bound = anybody();
    let (drivers, stories): (Vec<Driver>, Vec<Story>) = begun.into_iter().unzip();
    let mut spots: Vec<Spot> = drivers.into_iter().map(Spot::first).collect();
    let told = |spots: &[Spot], at: usize| {
        let (first, events) = led_to(spots, at);
        let mut story = stories.get(first)?.clone();
        story.events.extend(events);
        Some(story)
    };
    // One may have come to an ending, or taken long enough, already.
    for (at, spot) in spots.iter().enumerate() {
        let record = spot.driver.case.record();
        let took = spot.driver.now.since(record.opened);
        let over = record.closed.is_some() && best.is_none_or(|best| best < took);
        if over || enough.is_some_and(|enough| enough < took) {
            return Some((took, told(&spots, at)?));
        }
    }
    // Who takes longest, and is at an ending.
    let mut slowest: (Option<Length>, Option<usize>) = (best.max(enough), None);
    let mut row: Vec<usize> = (0..spots.len()).collect();
    let mut tried = 0;
    for _ in 0..MOST_EVENTS {
        // Of those who stand alike, whoever has been there longest.
        let mut next: BTreeMap<Was, (i64, Spot)> = BTreeMap::new();
        for at in row.drain(..) {
            for mut it in seek.play.moves(&spots[at].driver, &bound) {
                tried += 1;
                let driver = &it.driver;
                if it.refused.is_some() || driver.case.record().stranded.is_some() || !ladders_answer(&driver.case) {
                    continue;
                }
                let Some(takes) = can_take(subject, longest, driver) else { continue };
                let took = driver.now.since(driver.case.record().opened);
                if enough.is_some_and(|enough| took > enough) {
                    let last = spots[at].and(at, it);
                    spots.push(last);
                    return Some((took, told(&spots, spots.len() - 1)?));
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
            if !longer || (!closed && row.len() >= effort.side_by_side) {
                continue;
            }
            if closed {
                slowest = (Some(length), Some(spots.len()));
            } else {
                row.push(spots.len());
            }
            spots.push(spot);
        }
        if row.is_empty() || tried > effort.tried {
            break;
        }
    }
    let (length, at) = slowest;
    Some((length?, told(&spots, at?)?))
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
