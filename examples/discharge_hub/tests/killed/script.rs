//! The script: who arrives, what happens and when, from a number. Whoever has the same number has the same script.

use discharge_hub::{Arrival, Error, Hub};
use onward::calendar::{Length, Moment};
use onward::engine::{By, Case, EntryKind, Event, EventKind, LifeEvent, NextStep, Standing, Work};
use onward::model::{Answer, Domain, Name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// How many lines a script has.
const LINES: usize = 240;

/// How many people there are, and how many cases of theirs.
const PEOPLE: usize = 12;
const CASES: usize = 24;

/// One line of the script.
#[derive(Serialize, Deserialize)]
pub struct Line {
    now: Moment,
    act: Act,
}

/// What is done.
#[derive(Serialize, Deserialize)]
enum Act {
    Open(Arrival),
    Event(String, Event),
    Tick,
}

/// Numbers that follow from a number.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed >> 33) as usize % n
    }
}

/// Does a line. What the engine refuses is refused each time.
pub fn perform(hub: &mut Hub, line: &Line) {
    let came = match &line.act {
        Act::Open(arrival) => hub.open(arrival, line.now).map(|_| ()),
        Act::Event(case, event) => hub.take(case, event.clone(), line.now).map(|_| ()),
        Act::Tick => hub.tick(line.now, &mut |case, code| assert_eq!(case, code, "a case was left")).map(|_| ()),
    };
    match came {
        Ok(()) | Err(Error::Refused(_)) => {}
        Err(error) => assert_eq!(error.to_string(), "", "it went wrong"),
    }
}

/// Writes a script by working through it.
pub fn write(hub: &mut Hub, dice: &mut Dice) -> Vec<Line> {
    let mut now: Moment = "2026-03-02T09:00:00Z".parse().expect("a moment");
    let mut cases: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for number in 0..LINES {
        now = now.plus(Length::minutes(1 + dice.below(90) as i64));
        let act = if cases.is_empty() || (cases.len() < CASES && dice.below(5) == 0) {
            let id = format!("case-{}", cases.len());
            cases.push(id.clone());
            Act::Open(arrival(id, dice.below(PEOPLE)))
        } else if dice.below(6) == 0 {
            Act::Tick
        } else {
            let id = &cases[dice.below(cases.len())];
            let case = hub.look(id).expect("the case is there");
            Act::Event(id.clone(), event(format!("event-{number}"), &case, dice))
        };
        let line = Line { now, act };
        perform(hub, &line);
        lines.push(line);
    }
    lines
}

fn arrival(id: String, person: usize) -> Arrival {
    Arrival {
        id,
        person: format!("person-{person}"),
        called: format!("Bed {person}"),
        pathway: "going_home".to_string(),
        facts: BTreeMap::new(),
        by: By::role("ward_nurse"),
    }
}

fn event(id: String, case: &Case, dice: &mut Dice) -> Event {
    let steps: Vec<NextStep> = case.next().map(Vec::from).unwrap_or_default();
    let what = match (steps.len(), dice.below(40)) {
        (0, _) | (_, 0) => EventKind::Life { what: LifeEvent::Died },
        (many, chance) => {
            let step = &steps[dice.below(many)];
            let name = Name::from(&step.id);
            match (&step.work, chance) {
                (_, 1) => EventKind::Cannot { step: name, reason: "nobody is there".to_string() },
                (_, 2) => EventKind::Declined { step: name, reason: None },
                (Work::Accept { .. }, 3) => EventKind::Refuse { step: name, reason: "no bed".to_string() },
                (Work::Accept { .. }, _) => EventKind::Accept { step: name, condition: None },
                (Work::Decide { options, .. }, _) if !options.is_empty() => {
                    let option = options[dice.below(options.len())].clone();
                    let reason = Some("so it is".to_string());
                    EventKind::Decide { step: Some(name), option, advice: None, otherwise: None, reason }
                }
                _ => EventKind::Done { step: name, facts: found(case, step, dice) },
            }
        }
    };
    let revision = case.record().revision;
    // Now and then somebody has not looked for a while, and is told so.
    let expects = if dice.below(15) == 0 { revision.saturating_sub(1) } else { revision };
    Event { expects: Some(expects), ..Event::new(id, what) }
}

fn found(case: &Case, step: &NextStep, dice: &mut Dice) -> BTreeMap<Name, Answer> {
    let mut value = |name: &Name| {
        let domain = &case.shared().fact_named(name)?.domain;
        Some(match domain {
            Domain::YesOrNo => ["yes", "no"][dice.below(2)].to_string(),
            Domain::OneOf(options) => options[dice.below(options.len())].to_string(),
            _ => format!("what was said, {}", dice.below(1000)),
        })
    };
    step.finds.iter().filter_map(|name| Some((name.clone(), Answer::Value(value(name)?)))).collect()
}

/// Every open case has a next step, which stands on a board; and every case is what its journal makes it.
pub fn everybody_has_a_next_step(hub: &mut Hub) {
    let board = hub.board(None, Moment::MIN).expect("the board");
    for number in 0..CASES {
        let id = format!("case-{number}");
        let Ok(case) = hub.look(&id) else { continue };
        case.verify().expect("the case is what its journal makes it");
        let mut shown: Vec<&str> = board.iter().filter(|it| it.case == id).map(|it| it.step.as_str()).collect();
        shown.dedup();
        let steps: Vec<NextStep> = case.next().map(Vec::from).unwrap_or_default();
        let mut steps: Vec<&str> = steps.iter().map(|step| step.id.as_str()).collect();
        steps.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, steps, "{id}: what stands on the boards is not what comes next");
        assert_eq!(case.due().is_some(), !steps.is_empty(), "{id} is open, and nobody has a next step");
    }
}

/// What was found in one case of a person stands in the journal of each other that was open then: as it was found, by whom,
/// and when. It is looked for in the journals, whatever the hub says of it.
pub fn what_one_case_knows_they_all_know(hub: &mut Hub, people: &[Vec<String>]) {
    for cases in people {
        let all: Vec<Case> = cases.iter().map(|id| hub.look(id).expect("the case is there")).collect();
        for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
            let closed = match other.standing() {
                Standing::Closed(closed) => closed.at,
                _ => Moment::MAX,
            };
            let there: Vec<_> = other.record().journal.iter().filter_map(|it| found_in(&it.what)).collect();
            for entry in one.record().journal.iter().filter(|it| it.at < closed) {
                let Some(found) = found_in(&entry.what) else { continue };
                assert!(there.contains(&found), "{} does not know what {} does", other.record().id, one.record().id);
            }
        }
    }
}

fn found_in(what: &EntryKind) -> Option<(&Name, &Answer, Moment, &By)> {
    match what {
        EntryKind::Recorded { fact, answer, happened, by, .. } => Some((fact, answer, *happened, by)),
        _ => None,
    }
}

pub fn save(path: &Path, lines: &[Line]) {
    std::fs::write(path, serde_json::to_string(lines).expect("JSON")).expect("it can be written");
}

pub fn read(path: &Path) -> Vec<Line> {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the script is there")).expect("a script")
}
