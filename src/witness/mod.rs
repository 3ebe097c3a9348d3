//! Witnesses: a finding that can be seen happening is shown happening (8.4).
//!
//! The proof says along which way, or at which minute, something goes wrong. Here that becomes a [`Story`]: one person,
//! what happens to them and when. It is played in the interpreter, as a draft, before anybody is told of it; what cannot be
//! played is no witness.
//!
//! *May use*: `check`, `play`, `engine` and what they use. *Invariant*: every story given out shows what it is said to show.

mod distance;
mod moves;
mod play;
mod roads;
mod search;
mod shows;
mod side_by_side;
mod slow;
mod somebody;

use crate::LongestCase;
use crate::calendar::{Length, Moment};
use crate::check::longest::Longest;
use crate::check::ways::{Path, Quest, Way, WayId};
use crate::check::{Evidence, Flaw, Person, Run, Shows, Subject, flow};
use crate::diagnostic::{Finding, Kind};
use crate::engine::{Case, EntryKind, Opening, Refusal};
use crate::model::{Directory, LadderId, NOT_APPLICABLE, Name, PlaceId, Shared, Story};
use crate::play::{Driver, given};
use crate::workflow::{Node, Program, Why};
use std::sync::Arc;

/// Where stories are played: a pathway and a directory, as a draft.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The pathway.
    pub program: Arc<Program>,
    /// The directory.
    pub directory: Arc<Directory>,
    /// The facts, scores and roles.
    pub shared: Arc<Shared>,
}

impl Stage {
    /// Opens a case at the beginning of a story.
    fn open(&self, story: &Story) -> Result<Driver, Refusal> {
        let opening = Opening { id: "witness".into(), facts: given(&story.knowing), ..Opening::default() };
        let directory = (Arc::clone(&self.directory), "");
        let (program, shared) = (Arc::clone(&self.program), Arc::clone(&self.shared));
        let (case, _) = Case::open(program, directory, shared, opening, story.starts, true)?;
        Ok(Driver::new(case, story.starts))
    }

    /// Plays a story to its end.
    ///
    /// # Errors
    /// When something of it is refused.
    pub fn play(&self, story: &Story) -> Result<Driver, Refusal> {
        let mut driver = self.open(story)?;
        for event in &story.events {
            driver.happen_unheard(event)?;
        }
        Ok(driver)
    }

    /// Whether a story, played again, shows what a flaw says.
    pub fn shows(&self, story: &Story, evidence: &Evidence) -> bool {
        shows::shows(self, story, evidence)
    }
}

/// How often one goes round a circle to show that nothing counts it.
pub const ROUNDS: usize = 12;

/// How many ways to a decision are tried.
const TRIES: usize = 12;

/// Gives every flaw that can be seen happening its story. What was to be shown, and cannot be, is undecided.
pub fn find_stories(
    stage: &Stage,
    subject: &Subject<'_>,
    flaws: &mut [Flaw],
    longest: Option<(&Longest, &LongestCase)>,
) {
    for flaw in flaws {
        flaw.story = show(stage, subject, &flaw.evidence);
        if let Evidence::Run(Run { shows: Shows::TakesLonger { than }, .. }) = flaw.evidence {
            takes_longer(stage, subject, flaw, than, longest);
        }
        if flaw.story.is_none() {
            shown_otherwise(stage, subject, flaw);
        }
        let must_show = matches!(&flaw.evidence, Evidence::Run(Run { must_show: true, .. }));
        if flaw.story.is_none() && must_show {
            let message = format!("could not be decided, since no run shows it: {}", flaw.finding.message);
            flaw.finding = Finding { kind: Kind::Undecided, message, ..flaw.finding.clone() };
        }
    }
}

/// Whatever takes longer than was promised shows it; how long it took, or how long the slowest run did that was found, is
/// said where it stands.
fn takes_longer(
    stage: &Stage,
    subject: &Subject<'_>,
    flaw: &mut Flaw,
    than: Length,
    longest: Option<(&Longest, &LongestCase)>,
) {
    if flaw.story.is_none() {
        let slow = longest.and_then(|(_, slowest)| slowest.story.clone());
        let slow = slow.filter(|story| stage.shows(story, &flaw.evidence));
        // Some take longer when they begin on another day, and some go round for ever.
        let bound = longest.map(|(bound, _)| bound);
        let slower = || slow::slowest(stage, subject, bound, &all_week(stage, subject), Some(than));
        flaw.story = slow.or_else(slower).filter(|story| stage.shows(story, &flaw.evidence));
    }
    let played = match &flaw.story {
        Some(story) => stage.play(story).ok().map(|driver| {
            let closed = driver.case.record().closed.as_ref().map(|closed| closed.at);
            let took = closed.unwrap_or(driver.now).since(story.starts);
            if closed.is_some() {
                format!("somebody was played who takes {took}")
            } else {
                format!("somebody was played who is still under way after {took}")
            }
        }),
        None => longest
            .and_then(|(_, slowest)| slowest.played)
            .map(|took| format!("the slowest that was played took {took}")),
    };
    if let Some(played) = played {
        flaw.finding.at.text = played;
    }
}

/// A story that shows a flaw: along the way that was found on paper, or else by whatever the interpreter does.
fn show(stage: &Stage, subject: &Subject<'_>, evidence: &Evidence) -> Option<Story> {
    story(stage, subject, evidence).or_else(|| {
        let found = search::seek(stage, subject, evidence, morning(stage, subject));
        found.filter(|story| stage.shows(story, evidence))
    })
}

/// Shows the same flaw in another place, where it can be seen there only.
fn shown_otherwise(stage: &Stage, subject: &Subject<'_>, flaw: &mut Flaw) {
    let (pathway, workflow) = (&subject.program.pathway, &subject.program.workflow);
    match &flaw.evidence {
        // Somebody may go round by other ways than those that are shortest on paper.
        Evidence::Circle(circle) => {
            let joined = flow::joined(workflow, circle);
            let found = search::seek_round(stage, subject, &flaw.evidence, &joined, morning(stage, subject));
            let Some((story, places)) = found else { return };
            let other = places.map_or(flaw.clone(), |places| flow::goes_round(pathway, workflow, &places));
            if stage.shows(&story, &other.evidence) {
                *flaw = Flaw { story: Some(story), ..other };
            }
        }
        // Whoever waits for the last rung, and whenever, nobody answers.
        Evidence::Minute { place, at, later, rung } => {
            let ladder = rung.as_ref().and_then(|(name, _)| pathway.ladders.iter().position(|it| it.name == *name));
            let escalated = |it: PlaceId| Some(Node::Escalation(it, LadderId(ladder? as u32)));
            let waits =
                |it: &PlaceId| *it != *place && escalated(*it).is_some_and(|node| workflow.index(node).is_some());
            let others: Vec<PlaceId> = pathway.all_places().map(|(id, _)| id).filter(waits).take(TRIES).collect();
            for at in [Some(*at), *later].into_iter().flatten() {
                for place in [*place].iter().chain(&others) {
                    let evidence = Evidence::Minute { place: *place, at, later: None, rung: rung.clone() };
                    if let Some(story) = show(stage, subject, &evidence) {
                        (flaw.evidence, flaw.story) = (evidence, Some(story));
                        return;
                    }
                }
            }
        }
        _ => {}
    }
}

/// Plays the slowest way, and says how long it really took; where it cannot be gone, the slowest run that is found.
pub fn longest(stage: &Stage, subject: &Subject<'_>, longest: &Longest) -> LongestCase {
    let starts = morning(stage, subject);
    let play = play::Play { slowly: true, ..play::Play::new(stage, subject) };
    let along = play.along(&longest.path, starts, play::After::Nothing);
    let mut played = along.and_then(|story| Some((took(stage, &story)?, story)));
    if played.as_ref().is_none_or(|(took, _)| *took < longest.at_most) {
        let found = slow::slowest(stage, subject, Some(longest), &[starts], None);
        let found = found.and_then(|story| Some((took(stage, &story)?, story)));
        let slower = |found: &(Length, Story)| played.as_ref().is_none_or(|(took, _)| *took < found.0);
        played = found.filter(slower).or(played);
    }
    let (played, story) = played.unzip();
    let path = story.as_ref().map_or(Vec::new(), |story| places(stage, story));
    LongestCase { at_most: longest.at_most, played, path, story }
}

/// How long a story takes to its ending, if it comes to one as every proof assumes.
fn took(stage: &Stage, story: &Story) -> Option<Length> {
    let driver = stage.play(story).ok()?;
    let closed = driver.case.record().closed.as_ref().filter(|_| shows::ladders_answer(&driver.case))?;
    Some(closed.at.since(story.starts))
}

/// The places somebody comes to in a story, and when.
fn places(stage: &Stage, story: &Story) -> Vec<(Name, Length)> {
    let Ok(driver) = stage.play(story) else { return Vec::new() };
    let record = driver.case.record();
    let came = record.journal.iter().filter_map(|entry| match &entry.what {
        EntryKind::Opened { step, .. } => Some((step.clone(), entry.at.since(record.opened))),
        EntryKind::Closed { closed, .. } => Some((closed.ending.clone(), entry.at.since(record.opened))),
        _ => None,
    });
    came.collect()
}

/// When people come to pathways in stories: on the first monday of the time proved, in the morning.
fn morning(stage: &Stage, subject: &Subject<'_>) -> Moment {
    let zone = &stage.directory.calendar.zone;
    let monday = zone.next_weekday(subject.from, 0);
    monday.plus(Length::hours(9)).min(stage.directory.valid_until)
}

/// Moments of one week, at all times of day: what is slow may be so only where hours fall together.
fn all_week(stage: &Stage, subject: &Subject<'_>) -> Vec<Moment> {
    let monday = morning(stage, subject).minus(Length::hours(9));
    let moments = (0..8).map(|number| monday.plus(Length::hours(21 * number)));
    moments.filter(|at| *at < stage.directory.valid_until).collect()
}

/// A story that shows a flaw; nothing where there is nothing to see, or none was found.
fn story(stage: &Stage, subject: &Subject<'_>, evidence: &Evidence) -> Option<Story> {
    let shown = |story: Story| stage.shows(&story, evidence).then_some(story);
    match evidence {
        Evidence::Static => None,
        Evidence::Run(run) => {
            let applying = moves::spoken_of(evidence);
            let play =
                play::Play { slowly: run.slowly, known: &run.known, applying, ..play::Play::new(stage, subject) };
            play.along(&run.path, morning(stage, subject), play::After::from(&run.shows)).and_then(shown)
        }
        Evidence::Person { decision, facts, .. } => ways_to(subject, *decision).into_iter().find_map(|path| {
            let play = play::Play::new(stage, subject);
            play.along(&path, morning(stage, subject), play::After::Decision(facts.clone())).and_then(shown)
        }),
        Evidence::Circle(circle) => {
            let round = around(subject, circle)?;
            // One may come to the circle anywhere on it, and by different ways.
            (0..round.len()).find_map(|first| {
                let round = [&round[first..], &round[..first]].concat();
                let start = subject.ways.all[round[0]].from;
                ways_to(subject, start).into_iter().find_map(|path| {
                    let path: Vec<WayId> = path.into_iter().chain(round.repeat(ROUNDS)).collect();
                    play::Play::new(stage, subject)
                        .along(&path, morning(stage, subject), play::After::Nothing)
                        .and_then(shown)
                })
            })
        }
        Evidence::Minute { place, at, rung, .. } => {
            let path = match subject.way_to(subject.program.pathway.opens_with(*place)) {
                Path::Found(path) => path,
                _ => return None,
            };
            let minute = (*place, *at, rung.as_ref().map(|(ladder, rung)| (ladder.clone(), *rung)));
            play::Play::new(stage, subject).at_the_minute(&path, &minute).and_then(shown)
        }
    }
}

/// A few ways to a place, each by another last way, the shortest of each.
fn ways_to(subject: &Subject<'_>, goal: PlaceId) -> Vec<Vec<WayId>> {
    let mut paths: Vec<Vec<WayId>> = Vec::new();
    if subject.program.pathway.start == goal {
        paths.push(Vec::new());
    }
    let last: Vec<Way> = subject.ways.all.iter().filter(|way| way.to == goal).copied().collect();
    for last in last.into_iter().take(TRIES) {
        let quest = Quest {
            start: false,
            step: &|_: &bool, way: &Way| Some(*way == last),
            goal: &|came: &bool, at| *came && at == goal,
            possible: &|moment| subject.possible(moment, &Person::new()),
        };
        if let Path::Found(path) = subject.ways.find(&quest) {
            paths.push(path);
        }
    }
    paths.sort_by_key(Vec::len);
    paths
}

/// The ways round a circle.
fn around(subject: &Subject<'_>, circle: &[Node]) -> Option<Vec<WayId>> {
    let mut places: Vec<(PlaceId, bool)> = Vec::new();
    for node in circle {
        let escalated = matches!(node, Node::Escalation(..));
        match places.last_mut() {
            Some(last) if last.0 == node.place() => last.1 |= escalated,
            _ => places.push((node.place(), escalated)),
        }
    }
    (0..places.len())
        .map(|at| {
            let (from, escalated) = places[at];
            let to = places[(at + 1) % places.len()].0;
            let fits = |way: &Way| way.to == to && way.count.is_none() && (!escalated || way.escalated);
            let quick = subject.ways.out_of(from).filter(|(_, way)| fits(way));
            quick.min_by_key(|(number, way)| (way.why == Why::NotKnown, way.escalated != escalated, *number))
        })
        .map(|way| way.map(|(number, _)| number))
        .collect()
}

/// A minute at a place: when it opens, or when a rung of a ladder is asked for it.
pub(crate) type Minute = (PlaceId, Moment, Option<(crate::model::Name, u32)>);

/// Facts as they are given in a story.
fn in_words(shared: &Shared, facts: &Person) -> Vec<crate::model::Given> {
    // That something does not apply follows from what else is given.
    let known = facts.iter().filter_map(|(fact, value)| Some((fact, (*value)?)));
    let known = known.filter(|(fact, value)| {
        // What follows from a date is said by the date.
        *value != NOT_APPLICABLE && crate::model::found_as(**fact, &shared.facts) == **fact
    });
    known
        .map(|(fact, value)| {
            let it = &shared.facts[fact.index()];
            crate::model::Given { fact: it.name.clone(), answer: crate::model::Answer::Value(it.domain.show(value)) }
        })
        .collect()
}
