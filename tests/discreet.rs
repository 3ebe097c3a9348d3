//! What is printed of a person's case says nothing about them: no error, no `Debug`, unless somebody asks in so many words.
#![allow(clippy::panic)]

mod worlds;

use onward::calendar::Moment;
use onward::engine::{By, Case, CaseRecord, Event, EventKind, KnownBefore, Opening, PersonRecord, Refusal};
use onward::model::{Answer, Domain, Name};
use onward::{Library, Source};
use proptest::prelude::*;
use std::fmt::Debug;
use worlds::{Dice, for_all};

/// Words that stand in no pathway, and numbers and a day that nothing else comes to.
const MARKERS: [&str; 4] = ["Quillfeather", "73921", "1937-04-19", "38.7"];

/// What is marked in an event: everything that somebody found or said.
fn marked(event: Event, library: &Library) -> Event {
    let said = || MARKERS[0].to_string();
    let of = |facts: std::collections::BTreeMap<Name, Answer>| {
        let mark = |(name, answer): (Name, Answer)| {
            let domain = library.shared().fact_named(&name).map(|fact| &fact.domain);
            let answer = match (answer, domain) {
                (Answer::Value(_), Some(Domain::Text | Domain::Document)) => Answer::Value(said()),
                (Answer::Value(value), _) => Answer::Value(value),
                (Answer::Declined(_), _) => Answer::Declined(said()),
                (Answer::CouldNot(_), _) => Answer::CouldNot(said()),
                (Answer::NotApplicable(_), _) => Answer::NotApplicable(said()),
            };
            (name, answer)
        };
        facts.into_iter().map(mark).collect()
    };
    let what = match event.what {
        EventKind::Record { facts } => EventKind::Record { facts: of(facts) },
        EventKind::Done { step, facts } => EventKind::Done { step, facts: of(facts) },
        EventKind::Declined { step, .. } => EventKind::Declined { step, reason: Some(said()) },
        EventKind::Cannot { step, .. } => EventKind::Cannot { step, reason: said() },
        EventKind::Accept { step, condition } => EventKind::Accept { step, condition: condition.map(|_| said()) },
        EventKind::Refuse { step, .. } => EventKind::Refuse { step, reason: said() },
        EventKind::Decide { step, option, advice, otherwise, reason } => {
            EventKind::Decide { step, option, advice, otherwise, reason: reason.map(|_| said()) }
        }
        EventKind::Disagree { step, role, advice, .. } => EventKind::Disagree { step, role, reason: said(), advice },
        EventKind::Raise { what, .. } => EventKind::Raise { what, reason: said() },
        EventKind::Correct { entry, answer, .. } => EventKind::Correct { entry, answer, reason: said() },
        other => other,
    };
    Event { what, ..event }
}

/// The markers that are printed of something.
fn printed(of: &impl Debug) -> Option<String> {
    let text = format!("{of:?}\n{of:#?}");
    MARKERS.iter().any(|marker| text.contains(marker)).then_some(text)
}

fn quiet(of: &impl Debug) -> Result<(), TestCaseError> {
    let said = printed(of);
    prop_assert!(said.is_none(), "{}", said.unwrap_or_default());
    Ok(())
}

fn quiet_refusal(refusal: &Refusal) -> Result<(), TestCaseError> {
    quiet(refusal)?;
    quiet(&refusal.to_string())?;
    quiet(&refusal.code())
}

/// Everything there is of a case, printed.
fn quiet_case(case: &Case, library: &Library) -> Result<(), TestCaseError> {
    let record = case.record();
    quiet(case)?;
    quiet(record)?;
    for entry in &record.journal {
        quiet(entry)?;
    }
    quiet(&(&record.facts, &record.disputed, &record.open, &record.beside))?;
    quiet(&(case.standing(), case.effects_since(0), case.known(record.now)))?;
    let news = case.news_since(0);
    quiet(&news)?;
    let mut person = PersonRecord::default();
    news.iter().for_each(|it| person.learn(it));
    quiet(&person)?;
    for place in &case.program().pathway.places {
        quiet(&(case.why(&place.name), case.why_not(&place.name)))?;
    }
    // A saved case that was changed by hand: every value is one that does not fit.
    let mut broken: CaseRecord = record.clone();
    broken.facts.values_mut().for_each(|fact| fact.value = MARKERS[0].to_string());
    if let Err(error) = library.load(broken) {
        quiet(&error)?;
        quiet(&error.to_string())?;
    }
    Ok(())
}

#[test]
fn nothing_that_is_printed_says_what_was_found_or_said() {
    for_all(60, 500, |dice: &mut Dice| {
        let text = worlds::pathway(dice);
        let library = worlds::library(&text);
        let mut case = worlds::open(dice, &library);
        let mut now = case.record().now;
        for number in 0..12 {
            let (event, at) = worlds::event(dice, &library, &case, number);
            let event = marked(event, &library);
            now = at;
            quiet(&event)?;
            match case.apply(event, now) {
                Ok(answer) => quiet(&answer)?,
                Err(refusal) => quiet_refusal(&refusal)?,
            }
        }
        // What does not fit is not said again either.
        for fact in &case.program().pathway.facts.clone() {
            let name = library.shared().facts[fact.index()].name.clone();
            let facts = [(name, Answer::Value(MARKERS[0].to_string()))].into();
            if let Err(refusal) = case.apply(Event::new("wrong", EventKind::Record { facts }), now) {
                quiet_refusal(&refusal)?;
            }
        }
        quiet_case(&case, &library)
    });
}

const NUMBERS: &str = include_str!("small/discreet.pathway");

/// Numbers, days and decimals, each of which is one that nothing else comes to.
#[test]
fn nothing_that_is_printed_says_a_number_or_a_day() {
    let source = Source::new("discreet.pathway", NUMBERS);
    let library = Library::compile(vec![source]).unwrap_or_else(|report| panic!("{report}"));
    let now: Moment = "2026-03-02T09:00:00Z".parse().expect("a time");
    let value = |text: &str| Answer::Value(text.to_string());
    let mut person = PersonRecord::default();
    let known = KnownBefore { answer: value("38.7"), happened: now, recorded: now, by: By::default(), id: None };
    let news = onward::engine::News {
        id: "other/1".into(),
        fact: "warmth".into(),
        what: onward::engine::NewsKind::Recorded(known),
    };
    person.learn(&news);
    let facts = [("born".into(), value(MARKERS[2]))].into();
    let opening = Opening { id: "case".into(), facts, person, ..Opening::default() };
    assert_eq!(printed(&opening), None);
    let pathway = library.pathway("discreet").expect("it stands there");
    let (mut case, answer) = pathway.open_draft(opening, now).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(printed(&answer), None);
    let done = |id: &str, facts: &[(&str, &str)]| {
        let facts = facts.iter().map(|(name, text)| (Name::from(*name), value(text))).collect();
        Event::new(id, EventKind::Done { step: "look".into(), facts })
    };
    let settled = case.apply(done("1", &[("born", "1938-01-01")]), now).expect_err("it is settled");
    let beyond = case.apply(done("2", &[("owns", "7392199")]), now).expect_err("it is too much");
    for refusal in [settled, beyond] {
        quiet_refusal(&refusal).unwrap_or_else(|said| panic!("{said}"));
        assert!(MARKERS.iter().any(|marker| refusal.in_full().contains(marker)), "asked for, it says so: {refusal}");
    }
    case.apply(done("3", &[("owns", MARKERS[1]), ("warmth", "38.7")]), now)
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    quiet_case(&case, &library).unwrap_or_else(|said| panic!("{said}"));
    // Whoever asks is told.
    let why = serde_json::to_string(&case.why("much")).expect("JSON");
    assert!(why.contains(MARKERS[1]), "{why}");
}
