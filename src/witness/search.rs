//! Looking for a story in the interpreter itself, where a way that was found on paper cannot be gone as it stands:
//! everything that can happen is tried, what leads nearer to the place first.
//!
//! The search is small and bounded. It finds nothing that could not happen, since nothing else does.

use super::distance::{asking, distances};
use super::moves::{Bound, Tried, attempt, spoken_of};
use super::play::Play;
use super::shows::{Risked, done, has_lived, is_accepted, receiver, risked, seen};
use super::side_by_side::SideBySide;
use super::{ROUNDS, Stage, in_words};
use crate::calendar::Moment;
use crate::check::endings::does;
use crate::check::ways::Way;
use crate::check::{Evidence, Person, Run, Shows, Subject};
use crate::engine::{Entry, EntryKind, EventKind, Open, Outcome, Refusal};
use crate::model::{Answer, FactId, Given, Happening, Name, PlaceId, PlaceKind, Reached, Since, Story};
use crate::play::Driver;
use crate::workflow::Known;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// How many things are tried for one story.
const MOST_TRIED: usize = 6_000;

/// How many times the search for a way round is begun anew, from another place on it or another person.
const ARRIVALS: usize = 24;

/// How many things are tried for one way round.
const MOST_TRIED_ROUND: usize = 600;

/// Somebody, where things have come to.
pub(super) struct Spot {
    pub driver: Driver,
    /// From which spot, and by what.
    came: Option<(usize, Vec<Happening>)>,
    /// How many things have happened.
    pub depth: u32,
}

impl Spot {
    /// Where somebody begins.
    pub fn first(driver: Driver) -> Spot {
        Spot { driver, came: None, depth: 0 }
    }

    /// Where one comes to from here, the spot of that number, when this happens.
    pub fn and(&self, number: usize, it: Tried) -> Spot {
        Spot { driver: it.driver, came: Some((number, it.events)), depth: self.depth + 1 }
    }
}

/// What matters for what can still happen.
pub(super) type Was = (Vec<OpenKey>, BTreeSet<FactId>, BTreeMap<Name, u32>, (bool, Option<PlaceId>), Memory);
/// Something open: the place, how long it has, its round, who is asked, its branches, who asked for it.
type OpenKey = (PlaceId, i64, u32, Option<(Name, u32, u32)>, BTreeMap<Name, bool>, Option<Name>);
/// What is remembered for what is to be shown.
type Memory = (Option<Name>, Vec<bool>);

pub(super) struct Seek<'s> {
    pub play: Play<'s>,
    stage: &'s Stage,
    subject: &'s Subject<'s>,
    evidence: &'s Evidence,
    wanted: Vec<FactId>,
    /// How far it is from each place to where one goes, and before that to the handover to be passed.
    legs: Vec<Vec<Option<u32>>>,
    side_by_side: Option<SideBySide<'s>>,
}

/// Looks for a story that begins at a moment.
pub(super) fn seek(stage: &Stage, subject: &Subject<'_>, evidence: &Evidence, starts: Moment) -> Option<Story> {
    let legs = match evidence {
        Evidence::Static | Evidence::Circle(_) => return None,
        Evidence::Person { decision, .. } => vec![distances(subject, &[*decision], &|_| true)],
        Evidence::Minute { place, .. } => {
            vec![distances(subject, &[subject.program.pathway.opens_with(*place)], &|_| true)]
        }
        Evidence::Run(run) => match &run.shows {
            Shows::Unheld { ending } => vec![distances(subject, &[*ending], &|_| true)],
            Shows::NotDone { reached, first } => {
                vec![distances(subject, &[subject.program.pathway.opens_with(*reached)], &|way| {
                    !does(subject, *first, way)
                })]
            }
            // First it has to be accepted.
            Shows::NoNet { risk, reached, net } => {
                let past = |way: &Way| !does(subject, *net, way);
                let away = distances(subject, &[subject.program.pathway.opens_with(*reached)], &past);
                vec![away, distances(subject, &asked(subject, *risk), &past)]
            }
            Shows::SentFurther { decision, .. } => vec![distances(subject, &[*decision], &|_| true)],
            // First it has to be accepted, then the person goes; and only from then on one may not look again.
            Shows::NotReviewed { risk, before, ending, review } => {
                let endings: Vec<PlaceId> = ending.map_or_else(|| all_endings(subject).collect(), |it| vec![it]);
                let past = asking(subject, &endings, &|way| way.to != *review);
                let to_be_asked = asking(subject, &asked(subject, *risk), &|_| true);
                let before = before.map(|place| subject.program.pathway.opens_with(place));
                let away = before.map(|place| asking(subject, &[place], &|_| true));
                [past, to_be_asked].into_iter().chain(away).flatten().collect()
            }
            Shows::LeftBehind { by, decision, .. } => {
                vec![distances(subject, &[*decision], &|_| true), distances(subject, &[*by], &|_| true)]
            }
            Shows::AskedAgain { place, .. } => {
                vec![distances(subject, &[subject.program.pathway.opens_with(*place)], &|_| true)]
            }
            Shows::AskedSideBySide { block, .. } => vec![distances(subject, &[*block], &|_| true)],
            Shows::OpenTogether(one, _) => {
                vec![distances(subject, &[subject.program.pathway.opens_with(*one)], &|_| true)]
            }
            Shows::NotReached { within: None, .. } => {
                vec![distances(subject, &all_endings(subject).collect::<Vec<_>>(), &|_| true)]
            }
            Shows::TakesLonger { .. } | Shows::NotReached { .. } => return None,
        },
    };
    let wanted = spoken_of(evidence);
    let play = Play { applying: wanted.clone(), ..Play::new(stage, subject) };
    let side_by_side = SideBySide::of(subject, evidence);
    let seek = Seek { wanted, side_by_side, ..Seek::new(play, evidence, legs) };
    let plainly = || {
        let (spots, found) = seek.search(seek.openings(starts), MOST_TRIED, &|_, _| false, &|_| true);
        Some(seek.story(&spots, found?, starts))
    };
    match evidence {
        Evidence::Minute { place, at, rung, .. } => seek.minute(*place, *at, rung.as_ref()),
        // Whoever was found to have accepted, or gone, need not be who comes to the end so.
        Evidence::Run(Run { shows: Shows::NotReviewed { .. } | Shows::NoNet { .. }, .. }) => {
            seek.by_and_by(starts).or_else(plainly)
        }
        _ => plainly(),
    }
}

/// Every ending.
fn all_endings(subject: &Subject<'_>) -> impl Iterator<Item = PlaceId> {
    let endings = subject.program.pathway.all_places();
    endings.filter(|(_, place)| matches!(place.kind, PlaceKind::Ending(_))).map(|(id, _)| id)
}

/// Where somebody answers whether a positive risk is accepted.
fn asked(subject: &Subject<'_>, risk: FactId) -> Vec<PlaceId> {
    let pathway = &subject.program.pathway;
    let questions = pathway.risks.iter().filter(|it| it.fact == risk).flat_map(|it| it.asked);
    let answered = questions.filter_map(|question| match &pathway.place(question).kind {
        PlaceKind::Decide(decide) => decide.advice.as_ref().map(|advice| advice.by),
        _ => None,
    });
    answered.collect()
}

impl<'s> Seek<'s> {
    pub(super) fn new(play: Play<'s>, evidence: &'s Evidence, legs: Vec<Vec<Option<u32>>>) -> Seek<'s> {
        let (stage, subject) = (play.stage, play.subject);
        Seek { play, stage, subject, evidence, wanted: Vec::new(), legs, side_by_side: None }
    }

    /// Whoever there is when the pathway begins.
    fn openings(&self, starts: Moment) -> Vec<Spot> {
        let bound = Bound { evidence: self.evidence, wanted: self.wanted.clone(), fixed: self.becomes() };
        let mut spots = Vec::new();
        for person in self.play.beginnings(&bound, starts) {
            let story = Story { starts, knowing: in_words(&self.stage.shared, &person), events: Vec::new() };
            if let Ok(driver) = self.stage.open(&story) {
                spots.push(Spot::first(driver));
            }
        }
        spots
    }

    /// The story that leads to a spot.
    pub(super) fn story(&self, spots: &[Spot], at: usize, starts: Moment) -> Story {
        let (first, events) = led_to(spots, at);
        let knowing = spots.get(first).map(|spot| opened_with(&spot.driver)).unwrap_or_default();
        Story { starts, knowing, events }
    }

    /// Tries what can happen until it is seen, or `arrives`; only where one `may_be`.
    fn search(
        &self,
        openings: Vec<Spot>,
        budget: usize,
        arrives: &dyn Fn(&Driver, Option<&Refusal>) -> bool,
        may_be: &dyn Fn(&Driver) -> bool,
    ) -> (Vec<Spot>, Option<usize>) {
        let mut spots: Vec<Spot> = Vec::new();
        let mut keys: BTreeSet<Was> = BTreeSet::new();
        let mut next: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        let mut tried = 0;
        let mut fresh: Vec<(Spot, Option<Refusal>)> = openings.into_iter().map(|spot| (spot, None)).collect();
        loop {
            for (spot, refused) in fresh.drain(..) {
                tried += 1;
                let driver = &spot.driver;
                if arrives(driver, refused.as_ref()) || seen(self.stage, driver, refused.as_ref(), self.evidence) {
                    spots.push(spot);
                    let found = spots.len() - 1;
                    return (spots, Some(found));
                }
                if refused.is_some() || driver.case.record().closed.is_some() || !may_be(driver) {
                    continue;
                }
                let Some(far) = self.far(driver) else { continue };
                if keys.insert(self.was(driver)) {
                    next.push(Reverse((spot.depth + far, spots.len())));
                    spots.push(spot);
                }
            }
            let Some(Reverse((_, at))) = next.pop().filter(|_| tried < budget) else { return (spots, None) };
            let (driver, depth) = (&spots[at].driver, spots[at].depth);
            fresh = self
                .moves(driver)
                .into_iter()
                .map(|it| (Spot { driver: it.driver, came: Some((at, it.events)), depth: depth + 1 }, it.refused))
                .collect();
        }
    }

    /// What becomes so, and stays so wherever it is known.
    fn becomes(&self) -> Person {
        match self.evidence {
            Evidence::Run(Run { shows: Shows::NotReached { since: Since::Fact(fact), .. }, .. }) => {
                Person::from([(*fact, Some(1))])
            }
            _ => Person::new(),
        }
    }

    /// Everything that can happen next and may still lead there.
    fn moves(&self, driver: &Driver) -> Vec<Tried> {
        let mut fixed = self.becomes();
        if let Evidence::Run(Run { shows: Shows::LeftBehind { fact, .. }, .. }) = self.evidence
            && self.passed(driver)
        {
            fixed.insert(*fact, None);
        }
        let wanted = if fixed.values().any(Option::is_none) { Vec::new() } else { self.wanted.clone() };
        self.play.moves(driver, &Bound { evidence: self.evidence, wanted, fixed })
    }

    /// Whether a fact that was known has been left behind by the handover.
    fn passed(&self, driver: &Driver) -> bool {
        let Evidence::Run(run) = self.evidence else { return false };
        let Shows::LeftBehind { fact, by, .. } = &run.shows else { return false };
        let name = &self.stage.shared.facts[fact.index()].name;
        let journal = &driver.case.record().journal;
        let Some(handed) = journal.iter().rposition(|entry| done(self.stage, entry, *by)) else { return false };
        let recorded = |what: &EntryKind| matches!(what, EntryKind::Recorded { fact, answer: crate::model::Answer::Value(_), .. } if fact == name);
        journal[..handed].iter().any(|entry| recorded(&entry.what))
            && driver.case.known(driver.now).value(*fact).is_none()
    }

    /// How far it still is; nothing when it leads there no more.
    fn far(&self, driver: &Driver) -> Option<u32> {
        let record = driver.case.record();
        if let Evidence::Run(run) = self.evidence {
            match &run.shows {
                Shows::NotDone { first, .. } | Shows::NoNet { net: first, .. }
                    if record.journal.iter().any(|it| done(self.stage, it, *first)) =>
                {
                    return None;
                }
                Shows::NotReached { since: Since::Fact(fact), what: Reached::Place(place), .. }
                    if driver.case.known(driver.now).value(*fact) == Some(1)
                        && record.open.iter().any(|open| open.place == *place) =>
                {
                    return None;
                }
                Shows::NotReached { since: Since::Fact(fact), .. }
                    if life_since(self.stage, &record.journal, *fact) =>
                {
                    return None;
                }
                _ => {}
            }
        }
        let at = match (&record.stranded, on_the_road(self.subject, driver)) {
            (Some(stranded), _) => stranded.place,
            (None, Some(open)) => open.place,
            (None, None) => self.subject.program.pathway.start,
        };
        match (self.legs.get(1), &self.evidence) {
            (Some(before), Evidence::Run(Run { shows: Shows::LeftBehind { by, .. }, .. })) if !self.passed(driver) => {
                Some(before[at.index()]? + self.legs[0][by.index()].unwrap_or(0))
            }
            (_, Evidence::Run(Run { shows: Shows::NotReviewed { .. }, .. })) => self.until_gone(driver, at),
            (Some(asking), Evidence::Run(Run { shows: Shows::NoNet { risk, .. }, .. }))
                if !is_accepted(self.stage, &driver.case, *risk) =>
            {
                let then = asked(self.subject, *risk).into_iter().filter_map(|place| self.legs[0][place.index()]);
                Some(asking[at.index()]? + then.min().unwrap_or(0))
            }
            _ => {
                let inside = self.side_by_side.as_ref().map_or(0, |it| it.to_go(driver));
                Some(self.legs[0][at.index()]? + inside)
            }
        }
    }

    /// How far it is to the ending, past the review, for whoever has gone; and before that, to where it is accepted and to
    /// where one goes.
    fn until_gone(&self, driver: &Driver, at: PlaceId) -> Option<u32> {
        let (risk, before) = match self.evidence {
            Evidence::Run(Run { shows: Shows::NotReviewed { risk, before, .. }, .. }) => (*risk, *before),
            _ => return None,
        };
        if has_lived(&driver.case) {
            return None;
        }
        let is_asked = on_the_road(self.subject, driver).is_some_and(|open| open.escalated.is_some());
        let far = |leg: usize, from: PlaceId, is_asked: bool| {
            self.legs.get(2 * leg + usize::from(is_asked)).and_then(|leg| leg[from.index()])
        };
        let away = |from: PlaceId, is_asked: bool| match before {
            Some(before) => Some(far(2, from, is_asked)? + far(0, before, false).unwrap_or(0)),
            None => far(0, from, is_asked),
        };
        match self.risked(driver)? {
            Risked::Gone => far(0, at, is_asked),
            Risked::Accepted | Risked::Looking => away(at, is_asked),
            Risked::Not => {
                let then = asked(self.subject, risk).into_iter().filter_map(|place| away(place, false)).min();
                Some(far(1, at, is_asked)? + then.unwrap_or(0))
            }
        }
    }

    /// A story of whoever accepted a positive risk, then went, and for whom nobody looked again, or who came there without a
    /// safety net: each looked for by itself, from where the one before was found, and so with all that may be tried.
    fn by_and_by(&self, starts: Moment) -> Option<Story> {
        let accepted = |it: &Driver| match self.evidence {
            Evidence::Run(Run { shows: Shows::NoNet { risk, .. }, .. }) => is_accepted(self.stage, &it.case, *risk),
            _ => !matches!(self.risked(it), None | Some(Risked::Not)),
        };
        let gone = |it: &Driver| self.risked(it) == Some(Risked::Gone);
        let shown = |_: &Driver| false;
        let (spots, found) = self.search(self.openings(starts), MOST_TRIED, &|it, _| accepted(it), &|_| true);
        let mut story = self.story(&spots, found?, starts);
        let mut driver = spots.get(found?)?.driver.clone();
        let then: &[&dyn Fn(&Driver) -> bool] = match self.evidence {
            Evidence::Run(Run { shows: Shows::NoNet { .. }, .. }) => &[&shown],
            _ => &[&gone, &shown],
        };
        for arrives in then {
            let from = vec![Spot::first(driver)];
            let (spots, found) = self.search(from, MOST_TRIED, &|it, _| arrives(it), &|_| true);
            story.events.extend(led_to(&spots, found?).1);
            driver = spots.get(found?)?.driver.clone();
        }
        Some(story)
    }

    /// How far somebody is with the positive risk that is spoken of.
    fn risked(&self, driver: &Driver) -> Option<Risked> {
        match self.evidence {
            Evidence::Run(Run { shows: Shows::NotReviewed { risk, before, review, .. }, .. }) => {
                Some(risked(self.stage, &driver.case, *risk, *before, *review))
            }
            _ => None,
        }
    }

    pub(super) fn was(&self, driver: &Driver) -> Was {
        let record = driver.case.record();
        let now = driver.now;
        let open = record.open.iter().map(|open| {
            let asked = open.escalated.as_ref();
            let left = asked.map_or(open.due, |it| it.answer_by).unix() - now.unix();
            let asked = asked.map(|it| (it.ladder.clone(), it.rung, it.asked_again));
            (open.place, left, open.round, asked, open.branches.clone(), open.asked_by.clone())
        });
        let view = driver.case.known(now);
        let facts = (0..self.stage.shared.facts.len() as u32).map(FactId);
        let known = facts.filter(|fact| view.value(*fact).is_some()).collect();
        let just = |fact: &FactId| {
            let it = record.facts.get(&self.stage.shared.facts[fact.index()].name);
            it.is_some_and(|it| it.happened == now)
        };
        let holder = match self.evidence {
            Evidence::Run(Run { shows: Shows::Unheld { .. }, .. }) => {
                record.journal.iter().rev().find_map(|entry| match &entry.what {
                    EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. } => {
                        receiver(self.stage, step)
                    }
                    _ => None,
                })
            }
            _ => None,
        };
        let mut flags: Vec<bool> = self.wanted.iter().map(just).collect();
        flags.extend(self.wanted.iter().map(|fact| view.value(*fact) == Some(1)));
        flags.push(self.passed(driver));
        let risked = self.risked(driver);
        flags.extend(risked.map(|it| [it == Risked::Accepted, it == Risked::Gone]).into_iter().flatten());
        let interrupts = self.subject.program.pathway.interrupts.iter();
        flags.extend(interrupts.map(|it| record.interrupted.contains(&it.name)));
        // What was found otherwise may become unknown, and what is presumed may not.
        let presumed = self.stage.shared.facts.iter().filter(|fact| fact.presumed.is_some());
        flags.extend(presumed.map(|fact| record.otherwise.contains(&fact.name)));
        flags.push(record.ended.is_some());
        let mut taken = record.taken.clone();
        // How long ago it was, of what something else is due after.
        let ago =
            |(name, at): (&Name, &Moment)| (name.clone(), u32::try_from(now.since(*at).seconds()).unwrap_or(u32::MAX));
        taken.extend(record.done.iter().map(ago));
        // What came of a positive risk, and not only that something did.
        let facts = (0u32..).map(FactId).zip(&self.stage.shared.facts).filter(|(_, fact)| fact.rests_on.is_some());
        let came = facts.filter_map(|(id, fact)| Some((fact.name.clone(), u32::try_from(view.value(id)?).ok()?)));
        taken.extend(came);
        (open.collect(), known, taken, (record.died, record.stranded.as_ref().map(|it| it.place)), (holder, flags))
    }
}

/// Where one began who came to a spot, and what led there.
pub(super) fn led_to(spots: &[Spot], mut at: usize) -> (usize, Vec<Happening>) {
    let mut parts: Vec<&[Happening]> = Vec::new();
    while let Some((from, events)) = spots.get(at).and_then(|spot| spot.came.as_ref()) {
        parts.push(events);
        at = *from;
    }
    (at, parts.into_iter().rev().flatten().cloned().collect())
}

/// Whether something has happened in somebody's life since a fact was recorded.
fn life_since(stage: &Stage, journal: &[Entry], fact: FactId) -> bool {
    let name = &stage.shared.facts[fact.index()].name;
    let last = journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Recorded { fact, .. } if fact == name => Some(false),
        EntryKind::Event(event) if matches!(event.what, EventKind::Life { .. }) => Some(true),
        _ => None,
    });
    last == Some(true)
        && journal.iter().any(|entry| matches!(&entry.what, EntryKind::Recorded { fact, .. } if fact == name))
}

/// What a case was opened with.
fn opened_with(driver: &Driver) -> Vec<Given> {
    let facts = driver.case.record().journal.iter().find_map(|entry| match &entry.what {
        EntryKind::CaseOpened { facts, .. } => Some(facts),
        _ => None,
    });
    let given = |(fact, answer): (&Name, &Answer)| Given { fact: fact.clone(), answer: answer.clone() };
    facts.into_iter().flatten().map(given).collect()
}

/// What is open on the road.
pub(super) fn on_the_road<'d>(subject: &Subject<'_>, driver: &'d Driver) -> Option<&'d Open> {
    driver.case.record().open.iter().find(|open| !subject.program.pathway.is_branch(open.place))
}

/// Looks for somebody who goes round among places that uncounted circles join, and says by which of them. `circle`: one of
/// these circles; where more happens at once than can, it is that one.
pub(super) fn seek_round(
    stage: &Stage,
    subject: &Subject<'_>,
    circle: &Evidence,
    joined: &BTreeSet<PlaceId>,
    starts: Moment,
) -> Option<(Story, Option<Vec<PlaceId>>)> {
    let goals: Vec<PlaceId> = joined.iter().copied().collect();
    let seek = Seek::new(Play::new(stage, subject), circle, vec![distances(subject, &goals, &|_| true)]);
    // What is presumed has to be found otherwise, and then to become unknown: that takes longer.
    let tries = if seek.play.presumed().is_empty() { MOST_TRIED / 4 } else { MOST_TRIED };
    let (spots, found) = seek.search(seek.openings(starts), tries, &|_, _| false, &|_| true);
    if let Some(found) = found {
        return Some((seek.story(&spots, found, starts), None));
    }
    let on_it = |spot: &Spot| on_the_road(subject, &spot.driver).is_some_and(|open| joined.contains(&open.place));
    let mut arrivals: Vec<usize> = (0..spots.len()).filter(|at| on_it(&spots[*at])).collect();
    // At each place first, and from each decision; then again, with something else known.
    let mut before: BTreeMap<Option<(PlaceId, Option<Name>)>, usize> = BTreeMap::new();
    arrivals.sort_by_cached_key(|at| {
        let open = on_the_road(subject, &spots[*at].driver).map(|open| (open.place, open.asked_by.clone()));
        let times = before.entry(open).or_default();
        *times += 1;
        *times
    });
    // Some go round from the first on, some when whatever counted is used up.
    let counted = |at: &usize| spots[*at].driver.case.record().taken.values().sum::<u32>();
    let mut used_up = arrivals.clone();
    used_up.sort_by_key(|at| Reverse(counted(at)));
    let tried = used_up.into_iter().take(ARRIVALS / 2).chain(arrivals.into_iter().take(ARRIVALS / 2));
    tried.into_iter().find_map(|at| {
        let mut story = seek.story(&spots, at, starts);
        let (events, places) = seek.rounds(joined, &spots[at].driver)?;
        story.events.extend(events);
        Some((story, Some(places)))
    })
}

/// Going round.
impl Seek<'_> {
    /// What happens to somebody who goes round from here, over and over, and by which places.
    fn rounds(&self, joined: &BTreeSet<PlaceId>, from: &Driver) -> Option<(Vec<Happening>, Vec<PlaceId>)> {
        let mut driver = from.clone();
        let (mut all, mut last): (Vec<Happening>, Vec<Happening>) = (Vec::new(), Vec::new());
        let mut places = None;
        for _ in 0..ROUNDS {
            let here = on_the_road(self.subject, &driver)?.clone();
            let since = driver.case.record().journal.len();
            let (taken, died) = (driver.case.record().taken.clone(), driver.case.record().died);
            let stays = |it: &Driver| {
                let record = it.case.record();
                let there = on_the_road(self.subject, it).is_some_and(|open| joined.contains(&open.place));
                there && record.died == died && record.taken == taken
            };
            let round = |it: &Driver, refused: Option<&Refusal>| {
                let back =
                    |open: &Open| open.place == here.place && open.entry > here.entry && open.round == here.round;
                refused.is_none() && stays(it) && on_the_road(self.subject, it).is_some_and(back)
            };
            // The same again; or, since somebody may have been told something meanwhile, otherwise.
            let again = attempt(&driver, last.clone()).filter(|it| round(&it.driver, it.refused.as_ref()));
            driver = match again {
                Some(again) => again.driver,
                None => {
                    let first = vec![Spot::first(driver.clone())];
                    let (mut spots, found) = self.search(first, MOST_TRIED_ROUND, &round, &stays);
                    let found = found?;
                    last = led_to(&spots, found).1;
                    places = None;
                    spots.swap_remove(found).driver
                }
            };
            all.extend(last.iter().cloned());
            places = places.or_else(|| Some(self.came_to(&driver, since)));
        }
        Some((all, places?))
    }

    /// The places one has come to since an entry of the journal, in order.
    fn came_to(&self, driver: &Driver, since: usize) -> Vec<PlaceId> {
        let came = driver.case.record().journal.iter().skip(since).filter_map(|entry| match &entry.what {
            EntryKind::Opened { step, .. } => Some(step),
            EntryKind::Decided(decided) => Some(&decided.decision),
            EntryKind::Passed { place, .. } => Some(place),
            _ => None,
        });
        let came = came.filter_map(|name| self.subject.program.pathway.place_named(name));
        let mut places: Vec<PlaceId> = came.filter(|place| !self.subject.program.pathway.is_branch(*place)).collect();
        places.dedup();
        places
    }
}

/// A minute.
impl Seek<'_> {
    /// A story in which somebody comes to a place just then.
    fn minute(&self, place: PlaceId, minute: Moment, rung: Option<&(Name, u32)>) -> Option<Story> {
        let mut starts = minute;
        for _ in 0..4 {
            let is_asked = |open: &Open| {
                rung.is_none_or(|(ladder, rung)| {
                    open.escalated.as_ref().is_some_and(|it| it.ladder == *ladder && it.rung == *rung)
                })
            };
            let there = |driver: &Driver, _: Option<&Refusal>| {
                driver.case.record().open.iter().any(|open| open.place == place && is_asked(open))
            };
            // Seen at once, where all can happen in that minute.
            let (spots, found) = self.search(self.openings(starts), MOST_TRIED / 4, &|_, _| false, &|_| true);
            if let Some(found) = found {
                return Some(self.story(&spots, found, starts));
            }
            let (spots, found) = self.search(self.openings(starts), MOST_TRIED / 4, &there, &|_| true);
            let came = spots[found?].driver.now;
            if came == minute {
                return None;
            }
            starts = Moment::from_unix(starts.unix() + minute.unix() - came.unix());
        }
        None
    }
}
