//! Small pathways, for tests of the rules one by one.
#![allow(dead_code, clippy::panic)]

use onward::calendar::Moment;
use onward::engine::{Case, Event, EventKind, NextStep, Opening};
use onward::model::{Answer, Name, PlaceKind, Test};
use onward::{Library, Source};

/// What every small pathway ends with: its default routes, its people, and when they can be reached.
pub const DEFAULTS: &str = "by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> over
  if nobody can -> over
  if died -> over
  if withdrew -> over
  if cannot be reached -> over
  if moved away -> over
  if opened in error -> over

facts
  ready yes or no
  pain 0 to 10 good for 6 hours

role nurse
role team

ending over
  held by person

ending home
  held by team

directory here
  time zone \"Europe/London\"
  valid until 2030-12-31

contact ward
  fills nurse
  open every day 08:00 to 20:00
  on bank holidays as usual

contact office
  fills team
  open always

escalation help
  ask ward, to answer within 1 hour
  last office, to answer within 15 minutes
  may reassign at most once
";

/// The text of a pathway that starts with `first`, among these steps.
pub fn text(steps: &str) -> String {
    format!("onward 1\n\npathway small\n  version 1\n  starts at first\n\n{steps}\n\n{DEFAULTS}")
}

/// A day and a time in June 2026: `01T09:00`.
pub fn at(text: &str) -> Moment {
    format!("2026-06-{text}:00Z").parse().expect("a time")
}

/// A case opened on 1 June at 09:00 UTC, which is 10:00 in London.
pub fn open(steps: &str) -> Case {
    open_text(&text(steps))
}

/// The same, of a whole text.
pub fn open_text(text: &str) -> Case {
    open_in(&compile(text))
}

/// The same, of what was compiled.
pub fn open_in(library: &Library) -> Case {
    let opening = Opening { id: "c".into(), ..Opening::default() };
    library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens").0
}

/// A text, compiled.
pub fn compile(text: &str) -> Library {
    Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}"))
}

/// The conditions of the rows of a decision, in the only pathway there is.
pub fn rows(library: &Library, decision: &str) -> Vec<Test> {
    let (_, program) = library.pathways().next().expect("there is one pathway");
    let decide = program.pathway.places.iter().find_map(|place| match &place.kind {
        PlaceKind::Decide(decide) if place.name == *decision => Some(decide),
        _ => None,
    });
    decide.expect("it is there").rows.iter().map(|row| row.condition.test.clone()).collect()
}

/// Something is done, with these facts.
pub fn done(step: &str, facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Done { step: step.into(), facts: facts.collect() }
}

/// Something happens, and is taken.
pub fn send(case: &mut Case, what: EventKind, now: &str) -> onward::engine::Answer {
    let id = format!("e{}", case.record().journal.len());
    case.apply(Event::new(id, what), at(now)).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// What comes next.
pub fn steps(case: &Case) -> Vec<NextStep> {
    case.next().map_or(Vec::new(), |steps| steps.iter().cloned().collect())
}

/// The only thing that comes next.
pub fn only(case: &Case) -> NextStep {
    let mut steps = steps(case);
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0)
}

/// The ending it came to.
pub fn ending(case: &Case) -> Option<&str> {
    case.record().closed.as_ref().map(|closed| closed.ending.as_str())
}
