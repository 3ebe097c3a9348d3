//! Whether a story, played, shows what it is said to show.

use super::{ROUNDS, Stage};
use crate::calendar::Moment;
use crate::check::{Evidence, Shows};
use crate::engine::{Case, Entry, EntryKind, EventKind, Outcome, Refusal};
use crate::model::risk;
use crate::model::{FactId, HandOver, Name, Pass, PlaceId, PlaceKind, Reached, Since, Story, Test};
use crate::play::Driver;
use crate::workflow::{Node, Truth, truth};

/// Plays a story and looks for what the evidence says.
pub(super) fn shows(stage: &Stage, story: &Story, evidence: &Evidence) -> bool {
    let mut driver = match stage.open(story) {
        Ok(driver) => driver,
        Err(refusal) => {
            let too_much = matches!(refusal, Refusal::TooMuchAtOnce { .. });
            return too_much && matches!(evidence, Evidence::Circle(_));
        }
    };
    for event in &story.events {
        if let Err(refusal) = driver.happen_unheard(event) {
            return seen(stage, &driver, Some(&refusal), evidence);
        }
        if is_of_a_moment(evidence) && seen(stage, &driver, None, evidence) {
            return true;
        }
    }
    seen(stage, &driver, None, evidence)
}

/// Whether it is seen while it is so, rather than when the story is over.
fn is_of_a_moment(evidence: &Evidence) -> bool {
    let Evidence::Run(run) = evidence else { return false };
    matches!(run.shows, Shows::AskedAgain { .. } | Shows::AskedSideBySide { .. } | Shows::OpenTogether(..))
}

/// Whether one sees what the evidence says, where a story has come to; `refused`: what happened last was refused.
pub(super) fn seen(stage: &Stage, driver: &Driver, refused: Option<&Refusal>, evidence: &Evidence) -> bool {
    let case = &driver.case;
    match evidence {
        Evidence::Static => false,
        Evidence::Circle(circle) => goes_round(stage, case, circle, refused),
        _ if refused.is_some() => false,
        Evidence::Person { decision, rows, .. } => comes_to(stage, case, *decision, rows),
        Evidence::Minute { place, at, rung, .. } => {
            nobody_there(stage, case, *place, *at, rung.as_ref().map(|(_, rung)| *rung))
        }
        // A promise is broken where everybody who is last on a ladder answers.
        Evidence::Run(run) if run.must_show && !ladders_answer(case) => false,
        Evidence::Run(run) => match &run.shows {
            Shows::Unheld { ending } => unheld(stage, case, *ending),
            Shows::NotDone { reached, first } => not_done(stage, case, *reached, *first),
            Shows::NoNet { risk, reached, net } => no_net(stage, case, *risk, *reached, *net),
            Shows::SentFurther { decision, row, rules_out } => sent_further(stage, case, *decision, *row, rules_out),
            Shows::NotReviewed { risk, before, ending, review } => {
                not_reviewed(stage, case, *risk, *before, (*ending, *review))
            }
            Shows::LeftBehind { fact, by, decision } => left_behind(stage, case, *fact, *by, *decision),
            Shows::TakesLonger { .. } | Shows::NotReached { within: Some(_), .. } if !ladders_answer(case) => false,
            Shows::TakesLonger { than } => {
                let until = case.record().closed.as_ref().map_or(driver.now, |closed| closed.at);
                until.since(case.record().opened) > *than
            }
            Shows::NotReached { since, what, within, .. } => not_reached(stage, driver, *since, *what, *within),
            now => seen_now(stage, driver, now),
        },
    }
}

/// Whether whoever was last on a ladder always answered in time, as every proof assumes (4.2).
pub(super) fn ladders_answer(case: &Case) -> bool {
    !case
        .record()
        .journal
        .iter()
        .any(|entry| matches!(&entry.what, EntryKind::Escalated { to, .. } if to.asked_again > 0))
}

fn name(stage: &Stage, place: PlaceId) -> &Name {
    &stage.program.pathway.place(place).name
}

fn is_open(stage: &Stage, case: &Case, place: PlaceId) -> bool {
    case.record().open.iter().any(|open| open.step == *name(stage, place))
}

/// What can be seen at one moment of a story.
fn seen_now(stage: &Stage, driver: &Driver, shows: &Shows) -> bool {
    let case = &driver.case;
    let asks = |facts: &[FactId]| -> usize {
        let steps = case.next();
        let named = |fact: &FactId| &stage.shared.facts[fact.index()].name;
        let times = |fact: &FactId| {
            steps.iter().flat_map(|steps| steps.iter()).filter(|step| step.finds.contains(named(fact))).count()
        };
        facts.iter().map(times).max().unwrap_or(0)
    };
    match shows {
        Shows::AskedAgain { place, facts } => {
            let here = |open: &crate::model::Name| {
                *open == *name(stage, *place)
                    || matches!(&stage.program.pathway.place(*place).kind, PlaceKind::Together(block)
                        if block.branches.iter().any(|branch| name(stage, *branch) == open))
            };
            let known = |fact: &&FactId| {
                let entry = case.record().facts.get(&stage.shared.facts[fact.index()].name);
                case.known(driver.now).recorded(**fact).is_some() && entry.is_some_and(|it| it.happened == driver.now)
            };
            let good: Vec<FactId> = facts.iter().filter(known).copied().collect();
            case.record().open.iter().any(|open| here(&open.step) && open.opened == driver.now) && asks(&good) > 0
        }
        Shows::AskedSideBySide { block, facts } => is_open(stage, case, *block) && asks(facts) > 1,
        Shows::OpenTogether(one, other) => is_open(stage, case, *one) && is_open(stage, case, *other),
        _ => false,
    }
}

/// Somebody came to a decision, and all of these rows held; or, for no rows, none did.
fn comes_to(stage: &Stage, case: &Case, decision: PlaceId, rows: &[u32]) -> bool {
    let PlaceKind::Decide(decide) = &stage.program.pathway.place(decision).kind else { return false };
    if rows.is_empty() {
        let stranded = case.record().stranded.as_ref();
        return stranded.is_some_and(|it| it.decision == *name(stage, decision) && it.missing.is_empty());
    }
    let at = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Decided(decided) if decided.decision == *name(stage, decision) => Some(entry.at),
        _ => None,
    });
    let Some(at) = at else { return false };
    let view = case.known(at);
    let holds = |test: &Test| truth(test, &view, &stage.shared.scores) == Truth::Yes;
    rows.iter().all(|row| decide.rows.get(*row as usize).is_some_and(|row| holds(&row.condition.test)))
}

/// One went round so often, and nothing counted it; or more would have happened at once than can.
fn goes_round(stage: &Stage, case: &Case, circle: &[Node], refused: Option<&Refusal>) -> bool {
    if refused.is_some() {
        return matches!(refused, Some(Refusal::TooMuchAtOnce { .. }));
    }
    let often = |place: PlaceId| {
        let opened = case.record().entered.get(name(stage, place)).copied().unwrap_or(0);
        let decided = case.record().journal.iter().filter(|entry| match &entry.what {
            EntryKind::Decided(decided) => decided.decision == *name(stage, place),
            EntryKind::Passed { place: it, .. } => it == name(stage, place),
            _ => false,
        });
        (opened as usize).max(decided.count()) >= ROUNDS
    };
    case.record().closed.is_none() && circle.iter().all(|node| often(node.place()))
}

/// At that minute nobody was there.
fn nobody_there(stage: &Stage, case: &Case, place: PlaceId, at: Moment, rung: Option<u32>) -> bool {
    let it = stage.program.pathway.place(place);
    let journal = &case.record().journal;
    match rung {
        Some(_) => journal.iter().any(|entry| {
            entry.at == at && matches!(&entry.what, EntryKind::PassedOver { step, rung, .. } if *step == it.name
                && stage.directory.ladders.iter().any(|ladder| ladder.rungs.last().is_some_and(|last| last.name == *rung)))
        }),
        None => {
            let due = journal.iter().find_map(|entry| match &entry.what {
                EntryKind::Opened { step, due, .. } if *step == it.name && entry.at == at => Some(*due),
                _ => None,
            });
            // A branch may be stood down before, because its block was late.
            let late = |due: Moment| {
                journal.iter().any(|entry| match &entry.what {
                    EntryKind::Ended { step, how: Outcome::Late, .. } => *step == it.name && entry.at == due,
                    EntryKind::Ended { step, how: Outcome::StoodDown, .. } => *step == it.name && entry.at <= due,
                    _ => false,
                })
            };
            let takes = it.kind.takes();
            let needed = it.kind.not_without().iter().map(|it| it.role);
            due.is_some_and(|due| {
                late(due) && !it.kind.people().chain(needed).all(|role| stage.directory.on_duty(role, at, due, takes))
            })
        }
    }
}

fn unheld(stage: &Stage, case: &Case, ending: PlaceId) -> bool {
    let Some(closed) = case.record().closed.as_ref().or(case.record().ended.as_ref()) else { return false };
    let accepted = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. } => receiver(stage, step),
        _ => None,
    });
    closed.ending == *name(stage, ending) && accepted.as_ref() != Some(&closed.held_by)
}

fn hand_over<'s>(stage: &'s Stage, step: &str) -> Option<&'s HandOver> {
    let place = stage.program.pathway.place_named(step)?;
    match &stage.program.pathway.place(place).kind {
        PlaceKind::HandOver(hand_over) => Some(hand_over),
        _ => None,
    }
}

pub(super) fn receiver(stage: &Stage, step: &str) -> Option<Name> {
    Some(stage.shared.roles[hand_over(stage, step)?.to.index()].name.clone())
}

/// When a place was first reached: opened, decided, or closed with.
fn reached_at(stage: &Stage, journal: &[Entry], place: PlaceId) -> Option<usize> {
    let it = name(stage, place);
    journal.iter().position(|entry| match &entry.what {
        EntryKind::Opened { step, .. } => step == it,
        EntryKind::Closed { closed: ended, .. } | EntryKind::RoadEnded { ended, .. } => ended.ending == *it,
        EntryKind::Decided(decided) => decided.decision == *it,
        EntryKind::Passed { place, .. } => place == it,
        _ => false,
    })
}

/// Whether an entry says that a place was done.
pub(super) fn done(stage: &Stage, entry: &Entry, place: PlaceId) -> bool {
    let EntryKind::Ended { step, how, .. } = &entry.what else { return false };
    let as_it_should = matches!(
        how,
        Outcome::Done
            | Outcome::Accepted
            | Outcome::AcceptedOnCondition
            | Outcome::UntilHolds
            | Outcome::AfterLastRound
            | Outcome::Waited
            | Outcome::Decided
    );
    step == name(stage, place) && as_it_should
}

fn not_done(stage: &Stage, case: &Case, reached: PlaceId, first: PlaceId) -> bool {
    let journal = &case.record().journal;
    let Some(at) = reached_at(stage, journal, reached) else { return false };
    !journal[..at].iter().any(|entry| done(stage, entry, first))
}

/// The same, and a positive risk had been accepted in this case, and was neither refused nor not agreed since.
fn no_net(stage: &Stage, case: &Case, risk: FactId, reached: PlaceId, net: PlaceId) -> bool {
    let journal = &case.record().journal;
    let comes = |at: usize| reached_at(stage, &journal[at..=at], reached).is_some();
    (0..journal.len()).filter(|at| comes(*at)).any(|at| {
        let before = &journal[..at];
        accepted_by(stage, before, risk) && !before.iter().any(|entry| done(stage, entry, net))
    })
}

/// How far somebody is with a positive risk: as the proof follows it, but in what has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Risked {
    /// Not accepted, or not any more.
    Not,
    /// Accepted, and not gone yet.
    Accepted,
    /// Gone, and somebody is to look again now.
    Looking,
    /// Gone, and nobody has looked again since.
    Gone,
}

/// How far somebody is with a positive risk, who goes by `before`, and for whom one looks again by the review.
pub(super) fn risked(stage: &Stage, case: &Case, risk: FactId, before: Option<PlaceId>, review: PlaceId) -> Risked {
    let comes = |entry: &Entry, place: PlaceId| reached_at(stage, std::slice::from_ref(entry), place).is_some();
    let goes = |entry: &Entry, place: PlaceId| {
        let moment = matches!(stage.program.pathway.place(place).kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
        if moment { comes(entry, place) } else { done(stage, entry, place) }
    };
    // What is stood down with the block around it was not looked at.
    let in_branch = stage.program.pathway.place(review).in_branch.is_some();
    let ends = |entry: &Entry| match &entry.what {
        EntryKind::Ended { step, how, .. } if step == name(stage, review) => {
            Some(in_branch && *how == Outcome::StoodDown)
        }
        _ => None,
    };
    case.record().journal.iter().fold(Risked::Not, |so_far, entry| match (so_far, accepts(stage, entry, risk)) {
        (Risked::Looking, _) if ends(entry) == Some(true) => Risked::Gone,
        (Risked::Gone, _) => {
            if comes(entry, review) {
                Risked::Looking
            } else {
                Risked::Gone
            }
        }
        (_, Some(true)) => before.map_or(Risked::Gone, |_| Risked::Accepted),
        (_, Some(false)) => Risked::Not,
        // Whoever was looked at again may go once more.
        (Risked::Accepted | Risked::Looking, None) if before.is_some_and(|place| goes(entry, place)) => Risked::Gone,
        (Risked::Looking, None) if ends(entry).is_some() => Risked::Accepted,
        (so_far, None) => so_far,
    })
}

/// Whether a positive risk is accepted in a case, and was neither refused nor not agreed since.
pub(super) fn is_accepted(stage: &Stage, case: &Case, risk: FactId) -> bool {
    accepted_by(stage, &case.record().journal, risk)
}

fn accepted_by(stage: &Stage, journal: &[Entry], risk: FactId) -> bool {
    journal.iter().rev().find_map(|entry| accepts(stage, entry, risk)) == Some(true)
}

/// Whether it was accepted at an entry, or not, or not agreed; nothing where that is not asked, or where somebody only wrote
/// down what came of it elsewhere.
fn accepts(stage: &Stage, entry: &Entry, risk: FactId) -> Option<bool> {
    let EntryKind::Passed { place, .. } = &entry.what else { return None };
    let pathway = &stage.program.pathway;
    match pathway.place(pathway.place_named(place)?).kind.passes() {
        Some(Pass::Came { risk: fact, value }) if *fact == risk => Some(risk::is_accepted(*value)),
        _ => None,
    }
}

/// Whether something has happened in the person's life.
pub(super) fn has_lived(case: &Case) -> bool {
    let life =
        |entry: &Entry| matches!(&entry.what, EntryKind::Event(event) if matches!(event.what, EventKind::Life { .. }));
    case.record().journal.iter().any(life)
}

/// A positive risk was accepted, the person went, and then the case ended so, and nobody had come to the review; of
/// whoever died or withdrew that is not asked (11.9).
fn not_reviewed(
    stage: &Stage,
    case: &Case,
    risk: FactId,
    before: Option<PlaceId>,
    (ending, review): (Option<PlaceId>, PlaceId),
) -> bool {
    let there = |closed: &Name| ending.is_none_or(|ending| closed == name(stage, ending));
    case.record().closed.as_ref().is_some_and(|closed| there(&closed.ending))
        && risked(stage, case, risk, before, review) == Risked::Gone
        && !has_lived(case)
}

/// A decision took a row, and nothing before it ruled out what its rows lead nearer to.
fn sent_further(stage: &Stage, case: &Case, decision: PlaceId, row: u32, rules_out: &[(PlaceId, u32)]) -> bool {
    let took = |entry: &Entry, decision: PlaceId, what: &dyn Fn(u32) -> bool| match &entry.what {
        EntryKind::Decided(it) => it.decision == *name(stage, decision) && it.row.is_some_and(|row| what(row - 1)),
        _ => false,
    };
    let journal = &case.record().journal;
    let Some(sent) = journal.iter().position(|entry| took(entry, decision, &|it| it == row)) else { return false };
    let ruled_out = |entry: &Entry| rules_out.iter().any(|(by, first)| took(entry, *by, &|row| row > *first));
    // What came of a positive risk, or what the person chose, is theirs to say.
    let chose = |entry: &Entry| {
        let place =
            |step: &Name| stage.program.pathway.place_named(step).map(|id| &stage.program.pathway.place(id).kind);
        match &entry.what {
            EntryKind::Ended { step, how: Outcome::Decided, .. } => {
                place(step).is_some_and(PlaceKind::is_the_persons_choice)
            }
            EntryKind::Passed { place: it, .. } => {
                place(it).is_some_and(|kind| matches!(kind.passes(), Some(Pass::Came { .. })))
            }
            _ => false,
        }
    };
    !journal[..sent].iter().any(|entry| ruled_out(entry) || chose(entry))
}

/// A decision did not know what was known before a handover, and was not recorded since.
fn left_behind(stage: &Stage, case: &Case, fact: FactId, by: PlaceId, decision: PlaceId) -> bool {
    let journal = &case.record().journal;
    let name_of = &stage.shared.facts[fact.index()].name;
    let recorded = |entry: &Entry| match &entry.what {
        EntryKind::Recorded { fact: it, answer: crate::model::Answer::Value(_), .. } => it == name_of,
        _ => false,
    };
    let handed = journal.iter().rposition(|entry| done(stage, entry, by));
    let looked = journal.iter().rposition(|entry| {
        matches!(&entry.what, EntryKind::Decided(decided) if decided.decision == *name(stage, decision)
            && decided.read.iter().any(|it| it.fact == *name_of) && case.knew(decided, fact, entry.at).is_none())
    });
    match (handed, looked) {
        (Some(handed), Some(looked)) => {
            handed < looked && journal[..handed].iter().any(recorded) && !journal[handed..looked].iter().any(recorded)
        }
        _ => false,
    }
}

/// Whether a place was open after these entries.
fn stands_open(stage: &Stage, journal: &[Entry], place: PlaceId) -> bool {
    let it = name(stage, place);
    let last = journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Opened { step, .. } if step == it => Some(true),
        EntryKind::Ended { step, .. } if step == it => Some(false),
        _ => None,
    });
    last == Some(true)
}

fn not_reached(
    stage: &Stage,
    driver: &Driver,
    since: Since,
    what: Reached,
    within: Option<crate::calendar::Length>,
) -> bool {
    let case = &driver.case;
    let journal = &case.record().journal;
    let since = journal.iter().rposition(|entry| match (&entry.what, since) {
        (EntryKind::Recorded { fact: it, answer: crate::model::Answer::Value(text), .. }, Since::Fact(fact)) => {
            *it == stage.shared.facts[fact.index()].name && text == "yes"
        }
        (EntryKind::Opened { step, .. }, Since::Place(from)) => step == name(stage, from),
        _ => false,
    });
    let Some(since) = since else { return false };
    // The promise is to those who are not there already, and stay on the way.
    let there_already = match what {
        Reached::Place(place) => stands_open(stage, &journal[..since], place),
        Reached::Role(_) => false,
    };
    let life =
        |entry: &Entry| matches!(&entry.what, EntryKind::Event(event) if matches!(event.what, EventKind::Life { .. }));
    // Once the main road has ended, nobody on it is promised anything any more.
    let over = |entry: &Entry| matches!(entry.what, EntryKind::RoadEnded { .. });
    if there_already || journal[..since].iter().any(over) || journal[since..].iter().any(life) {
        return false;
    }
    let reaches = |entry: &Entry| match what {
        Reached::Place(place) => {
            matches!(&entry.what, EntryKind::Opened { step, .. } if step == name(stage, place))
                || matches!(&entry.what, EntryKind::Closed { closed: ended, .. } | EntryKind::RoadEnded { ended, .. }
                    if ended.ending == *name(stage, place))
        }
        Reached::Role(role) => stage.program.pathway.all_places().any(|(id, place)| {
            let theirs = match &place.kind {
                PlaceKind::HandOver(hand_over) => hand_over.to == role,
                kind => kind.owner() == Some(role),
            };
            theirs && done(stage, entry, id)
        }),
    };
    let reached = journal[since..].iter().find(|entry| reaches(entry)).map(|entry| entry.at);
    match within {
        None => reached.is_none() && case.record().closed.is_some(),
        Some(within) => {
            let until = reached.unwrap_or(driver.now);
            until.since(journal[since].at) > within
        }
    }
}
