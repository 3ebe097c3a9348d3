//! Every way in which an event, an opening, a saved case or a person file is not taken: the error says what is wrong
//! in plain words, and nothing changes.
#![allow(clippy::panic)]

use onward::calendar::{Length, Moment};
use onward::engine::{By, Case, CaseRecord, Closed, Event, EventKind, LifeEvent, LoadError, Opening, Refusal};
use onward::model::{Answer, Name};
use onward::simulate::read_person;
use onward::{Library, Source};
use std::collections::BTreeMap;

const TEXT: &str = include_str!("../examples/first/tea_and_talk.pathway");

fn library_of(text: &str) -> Library {
    Library::compile(vec![Source::new("tea_and_talk.pathway", text)]).unwrap_or_else(|report| panic!("{report}"))
}

fn at(text: &str) -> Moment {
    text.parse().expect("a time")
}

const START: &str = "2026-03-02T09:00:00Z";

fn open(library: &Library) -> Case {
    let opening = Opening { id: "case".into(), ..Opening::default() };
    library.pathway("tea_and_talk").expect("there").open_draft(opening, at(START)).expect("opens").0
}

fn value(text: &str) -> Answer {
    Answer::Value(text.to_string())
}

fn done(step: &str, facts: &[(&str, Answer)]) -> EventKind {
    let facts: BTreeMap<Name, Answer> = facts.iter().map(|(name, answer)| ((*name).into(), answer.clone())).collect();
    EventKind::Done { step: step.into(), facts }
}

/// Applies an event that must be refused, and checks that nothing changed.
fn refused(case: &mut Case, event: Event, now: &str) -> Refusal {
    let before = case.record().to_json();
    let refusal = case.apply(event, at(now)).expect_err("it is refused");
    assert_eq!(case.record().to_json(), before);
    assert!(refusal.to_string().chars().next().is_some_and(|c| !c.is_uppercase()), "{refusal}");
    refusal
}

fn says(refusal: &Refusal, code: &str, words: &str) {
    assert_eq!(refusal.code(), code, "{refusal}");
    assert!(refusal.in_full().contains(words), "{refusal}");
}

#[test]
fn an_event_that_does_not_fit_says_what_would() {
    let library = library_of(TEXT);
    let mut case = open(&library);
    let now = "2026-03-02T10:00:00Z";
    let mut of = |what: EventKind| refused(&mut case, Event::new("e", what), now);
    says(&of(done("introduce", &[])), "not-open", "`introduce` is not open; `visit` is");
    says(&of(done("vist", &[])), "no-such-step", "did you mean `visit`?");
    says(&of(done("visit", &[])), "missing-facts", "`lonely` is still to be found");
    says(&of(done("visit", &[("lonley", value("yes"))])), "unknown-fact", "did you mean `lonely`?");
    says(&of(done("visit", &[("lonely", value("perhaps"))])), "bad-value", "`perhaps` is not yes or no");
    let unknown = EventKind::Record { facts: [("lonley".into(), value("yes"))].into() };
    says(&of(unknown), "unknown-fact", "did you mean `lonely`?");
    let accept = EventKind::Accept { step: "visit".into(), condition: None };
    says(&of(accept), "wrong-answer", "is not a handover, so it is not accepted; what fits is: done, declined, cannot");
    says(&of(EventKind::Cannot { step: "visit".into(), reason: "  ".into() }), "reason-needed", "a reason");
    let (to, within) = ("coordinator".into(), Length::hours(1));
    let reassign = EventKind::Reassign { step: "visit".into(), to, within, reason: None };
    says(&of(reassign), "wrong-answer", "was not escalated");
    let decide =
        EventKind::Decide { step: None, option: "introduce".into(), advice: None, otherwise: None, reason: None };
    says(&of(decide), "not-open", "`visit` is");
}

#[test]
fn what_was_given_is_repeated_as_far_as_somebody_reads_it() {
    let library = library_of(TEXT);
    let mut case = open(&library);
    let long = "x".repeat(300_000);
    let name = || Name::from(&long);
    let (option, step) = (name(), Some(name()));
    let decide = EventKind::Decide { step, option, advice: Some(long.clone()), otherwise: None, reason: None };
    let withdraw = EventKind::Withdraw {
        what: onward::engine::Withdrawn::Risk { risk: name() },
        reason: Some("they think again".into()),
    };
    for what in [
        done(&long, &[]),
        done(&format!("visit#{long}"), &[]),
        done("visit", &[(&long, value("yes"))]),
        done("visit", &[("lonely", value(&long))]),
        EventKind::Cannot { step: name(), reason: "no".into() },
        EventKind::Settle { fact: name(), value: "yes".into(), reason: None },
        EventKind::Reviewed { step: name(), reason: "it stands".into() },
        EventKind::Raise { what: name(), reason: "somebody worries".into() },
        EventKind::Agree { step: None, role: name(), option: name(), advice: None },
        decide,
        withdraw,
    ] {
        let refusal = refused(&mut case, Event::new("e", what), "2026-03-02T10:00:00Z");
        let about = refusal.about().unwrap_or_default();
        for said in [refusal.to_string(), refusal.in_full(), format!("{refusal:?}"), about] {
            assert!(said.chars().count() < 600, "{} characters: {}", said.len(), refusal.code());
        }
    }
    let by = Event { by: By::role(name()), ..Event::new("e", done("visit", &[])) };
    says(&refused(&mut case, by, "2026-03-02T10:00:00Z"), "unknown-role", "xxx…`");
    let person = format!("{{\"starts\": \"{START}\", \"facts\": {{\"{long}\": true}}}}");
    let directory = library.directory_named("village").or_else(|| library.directories().next().map(|it| it.0));
    let pathway = library.pathway("tea_and_talk").expect("there").id;
    let error = read_person(&person, &library, pathway, directory.expect("there")).expect_err("there is no such fact");
    assert!(error.to_string().chars().count() < 600, "{error}");
    let report = Library::compile(vec![Source::new(
        "long.pathway",
        TEXT.replace("finds               lonely", &format!("finds {long}")),
    )])
    .expect_err("there is no such fact");
    assert!(report.findings.iter().all(|it| it.message.chars().count() < 600), "{report}");
    assert!(report.findings.iter().any(|it| it.message.contains("xxx…`")), "{report}");
}

#[test]
fn none_of_them_stands_alone() {
    let text = TEXT.replace("facts\n", "facts\n  brings several of tea, cake\n");
    let library = library_of(&text);
    let mut case = open(&library);
    let record = |text: &str| EventKind::Record { facts: [("brings".into(), value(text))].into() };
    for both in ["none_of_them and tea", "tea and none_of_them", "cake, none", "none_of_them, tea and cake"] {
        let refusal = refused(&mut case, Event::new("e", record(both)), "2026-03-02T10:00:00Z");
        says(&refusal, "bad-value", &format!("`{both}` says none of them and some of them"));
        assert!(!refusal.to_string().contains("tea and"), "nothing that was given is for a log: {refusal}");
    }
    for (number, fine) in ["none_of_them", "none", "tea and cake", "cake"].into_iter().enumerate() {
        case.apply(Event::new(format!("{number}"), record(fine)), at("2026-03-02T10:00:00Z")).expect("it fits");
    }
    assert_eq!(case.record().facts["brings"].value, "cake");
    // Nor in what is written in a pathway, in a scenario or in a person file.
    for (odd, words) in [
        (text.replace("tea, cake", "tea, cake presumed none_of_them and tea until found otherwise"), "none_of_them"),
        (
            text.replace(
                "directory village",
                "at any time now\n  if brings includes none_of_them -> introduce, instead, at most once\n\ndirectory village",
            ),
            "and `none_of_them` is none",
        ),
        (
            format!("{text}\nscenario \"both\"\n  on tea_and_talk\n  starts 2026-03-02 09:00\n  knowing brings none_of_them and tea\n  expect visit\n"),
            "says none of them and some of them",
        ),
    ] {
        let report = Library::compile(vec![Source::new("tea_and_talk.pathway", &odd)]).expect_err("it does not fit");
        assert!(report.to_string().contains(words), "{report}\n{odd}");
    }
    let person = format!("{{\"starts\": \"{START}\", \"facts\": {{\"brings\": [\"none_of_them\", \"tea\"]}}}}");
    let (directory, _) = library.directories().next().expect("there");
    let pathway = library.pathway("tea_and_talk").expect("there").id;
    let error = read_person(&person, &library, pathway, directory).expect_err("it does not fit");
    assert!(error.to_string().contains("none of them and some of them"), "{error}");
}

#[test]
fn who_when_and_in_what_order_are_checked() {
    let library = library_of(TEXT);
    let mut case = open(&library);
    let visit = || done("visit", &[("lonely", value("yes"))]);
    let stranger = Event { by: By::role("volonteer"), ..Event::new("e", visit()) };
    says(&refused(&mut case, stranger, "2026-03-02T10:00:00Z"), "unknown-role", "did you mean `volunteer`?");
    let refusal = refused(&mut case, Event::new("e", visit()), "2026-03-02T08:59:59Z");
    says(&refusal, "went-back", "before what was recorded last");
    assert!(refusal.retry());
    let ahead = Event { happened: Some(at("2026-03-02T11:00:00Z")), ..Event::new("e", visit()) };
    says(&refused(&mut case, ahead, "2026-03-02T10:00:00Z"), "not-yet-happened", "after it was recorded");
    let stale = Event { expects: Some(4), ..Event::new("e", visit()) };
    let refusal = refused(&mut case, stale, "2026-03-02T10:00:00Z");
    says(&refusal, "old-revision", "it is at revision 0, and the event was meant for 4");
    assert!(refusal.retry());

    let event = Event::new("one", visit());
    let first = case.apply(event.clone(), at("2026-03-02T10:00:00Z")).expect("it fits");
    let again = case.apply(event, at("2026-03-02T12:00:00Z")).expect("it is the same");
    assert_eq!(first, again);
    let refusal = refused(&mut case, Event::new("one", done("introduce", &[])), "2026-03-02T12:00:00Z");
    says(&refusal, "same-id-other-content", "was used before");
    case.apply(Event::new("two", done("introduce", &[])), at("2026-03-02T12:00:00Z")).expect("it fits");
    let refusal = refused(&mut case, Event::new("three", visit()), "2026-03-02T13:00:00Z");
    says(&refusal, "closed", "closed, with `content`");
}

#[test]
fn a_case_opens_only_where_somebody_can_answer_for_it() {
    let library = library_of(TEXT);
    let pathway = library.pathway("tea_and_talk").expect("there");
    let opening = |facts: &[(&str, Answer)]| Opening {
        id: "case".into(),
        facts: facts.iter().map(|(name, answer)| ((*name).into(), answer.clone())).collect(),
        ..Opening::default()
    };
    let (case, answer) = pathway.open(opening(&[]), at(START)).expect("it is proved");
    assert!(!answer.draft && !case.record().draft);
    let refusal = pathway.open(opening(&[]), at("1990-01-01T00:00:00Z")).expect_err("before the proof begins");
    says(&refusal, "before-proof", "no case opens before that");
    let only_read = Library::read(vec![Source::new("tea_and_talk.pathway", TEXT)]).expect("it reads");
    let unproved = only_read.pathway("tea_and_talk").expect("there");
    let refusal = unproved.open(opening(&[]), at(START)).expect_err("nothing was proved");
    says(&refusal, "not-proved", "ask for a draft run");
    let refusal = pathway.open_draft(opening(&[]), at("2031-01-01T00:00:00Z")).expect_err("after the directory ends");
    says(&refusal, "past-horizon", "no case opens after that");
    let refusal = pathway.open_draft(opening(&[("lonely", value("7"))]), at(START)).expect_err("a bad fact");
    says(&refusal, "bad-value", "`7` is not yes or no");
    // Another directory, in which nobody coordinates and there is no ladder.
    let other = "onward 1\n\nuse \"tea_and_talk.pathway\"\n\ndirectory town\n  time zone \"Europe/London\"\n  valid until 2030-12-31\n\n\
                 contact friends\n  fills volunteer\n  open always\n";
    let sources = vec![Source::new("tea_and_talk.pathway", TEXT), Source::new("town.pathway", other)];
    let library = Library::compile(sources).unwrap_or_else(|report| panic!("{report}"));
    let (pathway, town) =
        (library.pathway("tea_and_talk").expect("there").id, library.directory_named("town").expect("there"));
    let refusal = library.open_draft(pathway, town, opening(&[]), at(START)).expect_err("nobody is there");
    says(&refusal, "directory-lacks", "`somebody_answers`, `coordinator`");
}

#[test]
fn nothing_happens_to_somebody_who_has_died_but_an_error() {
    let text =
        TEXT.replace("  if died                -> left_in_peace, standing everything down", "  if died -> farewell");
    let text = text.replace(
        "ending content \"Not alone\"",
        "step farewell\n  led by coordinator\n  within 7 days\n  tell person \"never said\"\n  then left_in_peace\n\nending content \"Not alone\"",
    );
    let library = library_of(&text);
    let mut case = open(&library);
    let life = |what| EventKind::Life { what };
    let answer = case.apply(Event::new("a", life(LifeEvent::Died)), at("2026-03-03T09:00:00Z")).expect("it fits");
    assert!(!format!("{answer:?}").contains("never said"));
    let refusal = refused(&mut case, Event::new("b", life(LifeEvent::MovedAway)), "2026-03-03T10:00:00Z");
    says(&refusal, "after-death", "the person has died");
    case.apply(Event::new("c", life(LifeEvent::OpenedInError)), at("2026-03-03T10:00:00Z")).expect("that can be");
}

#[test]
fn a_saved_case_goes_on_only_where_it_belongs() {
    let library = library_of(TEXT);
    let record = open(&library).record().clone();
    let other_version = library_of(&TEXT.replace("version             2026.1", "version             2026.2"));
    assert_eq!(
        other_version.load(record.clone()).expect_err("another version").to_string(),
        "the case began with version 2026.1 of `tea_and_talk`, and the library has 2026.2; a case stays on the version it began with"
    );
    let other_content = library_of(&TEXT.replace("within              7 days", "within              6 days"));
    let error = other_content.load(record.clone()).expect_err("other content").to_string();
    assert!(error.contains("the library has 2026.1 with other content"), "{error}");
    let other_hours = library_of(&TEXT.replace("10:00 to 18:00", "10:00 to 19:00"));
    assert!(matches!(other_hours.load(record.clone()), Err(LoadError::OtherDirectory { .. })));
    // Layout, comments and the place of a block are no other version.
    let same = library_of(
        &TEXT
            .replace("onward 1\n", "onward 1 # the same\n\n\n")
            .replace("  led by              volunteer", "  led by volunteer"),
    );
    assert!(same.load(record.clone()).is_ok());
    let mut newer = record.clone();
    newer.format = 9;
    assert!(matches!(library.load(newer), Err(LoadError::OtherFormat { format: 9, reads: 2 })));
    let mut elsewhere = record.clone();
    elsewhere.pathway.name = "coffee".into();
    assert_eq!(library.load(elsewhere).expect_err("no such pathway"), LoadError::NoPathway("coffee".into()));
    let broken = |change: &dyn Fn(&mut CaseRecord), words: &str| {
        let mut changed = record.clone();
        change(&mut changed);
        match library.load(changed) {
            Err(LoadError::Broken(why)) => assert!(why.contains(words), "{why}"),
            other => panic!("{words}: {other:?}"),
        }
    };
    broken(&|it| it.open.clear(), "neither open nor closed");
    broken(&|it| it.revision = u64::MAX, "more inputs than its journal holds");
    broken(&|it| it.open[0].step = "what_now".into(), "is never open");
    broken(&|it| it.open[0].owner = Some("ghost".into()), "nobody has the role");
    broken(&|it| it.open[0].due = at("1990-01-01T00:00:00Z"), "due before it opened");
    broken(&|it| it.open.push(it.open[0].clone()), "open twice");
    broken(&|it| *it.entered.get_mut("visit").expect("there") = u32::MAX, "counts more than happened");
    broken(
        &|it| it.closed = Some(Closed { ending: "content".into(), held_by: "person".into(), at: at(START) }),
        "more than one of them",
    );
    // What only the journal can tell, `verify` tells.
    let mut changed = record.clone();
    changed.open[0].due = at("2026-03-12T09:00:00Z");
    let case = library.load(changed).expect("it could be");
    assert!(case.verify().is_err());
    assert_eq!(library.load(record).expect("as it was").verify(), Ok(()));
}

#[test]
fn a_person_file_that_does_not_fit_says_where_and_why() {
    let text = TEXT.replace("  lonely              yes or no", "  born date from 1900-01-01 to 2100-01-01\n  temperature 30.0 to 43.0 in steps of 0.1\n  lonely              yes or no");
    let library = library_of(&text);
    let pathway = library.pathway("tea_and_talk").expect("there");
    let directory = pathway.directory().expect("there");
    let error = |file: &str| read_person(file, &library, pathway.id, directory).expect_err(file).to_string();
    let facts = |facts: &str| error(&format!("{{\"starts\": \"2026-03-02T09:00\", \"facts\": {{{facts}}}}}"));
    assert_eq!(
        facts("\"lonley\": true"),
        "`facts`: the pathway does not know the fact `lonley`; did you mean `lonely`?"
    );
    assert_eq!(facts("\"lonely\": 1"), "`facts`: `lonely`: `1` is not yes or no; write true or false");
    assert_eq!(facts("\"lonely\": \"yes\""), "`facts`: `lonely`: `\"yes\"` is not yes or no; write true or false");
    assert_eq!(facts("\"lonely\": [true]"), "`facts`: `lonely`: `[true]` is not yes or no; write true or false");
    assert_eq!(facts("\"lonely\": null"), "`facts`: `lonely`: `null` is not yes or no; write true or false");
    assert_eq!(facts("\"temperature\": 37.9000001"), "`facts`: `temperature`: `37.9000001` is off the steps of 0.1");
    assert_eq!(facts("\"temperature\": 43.1"), "`facts`: `temperature`: `43.1` is outside 30.0 to 43.0");
    assert_eq!(
        facts("\"temperature\": 3e1"),
        "`facts`: `temperature`: `3e1` is not a number from 30.0 to 43.0 in steps of 0.1"
    );
    assert!(facts("\"born\": \"2026-02-30\"").contains("2026-02-30"));
    assert!(
        read_person(
            "{\"starts\": \"2026-03-02T09:00\", \"facts\": {\"temperature\": 37.90}}",
            &library,
            pathway.id,
            directory
        )
        .is_ok()
    );
    let starts = |time: &str| error(&format!("{{\"starts\": \"{time}\"}}"));
    assert!(starts("2026-03-29T01:30").contains("does not exist in Europe/London"));
    assert!(starts("2026-10-25 01:30").contains("happens twice in Europe/London"));
    assert!(starts("tomorrow").starts_with("`starts`: "));
    assert!(error("{\"starts\": \"2026-03-02T09:00\", \"fact\": {}}").contains("there is no field `fact`"));
    assert!(error("{\"facts\": {}}").contains("missing field `starts`"));
    assert!(error("[").contains("this is not JSON"));
    let event = |event: &str| {
        error(
            &format!("{{\"starts\": \"2026-03-02T09:00\", \"events\": [{{}}, {event}]}}")
                .replace("{}, ", "{\"nothing\": true}, "),
        )
    };
    assert_eq!(event("{\"done\": \"vist\"}"), "event 2: the pathway has no `vist`; did you mean `visit`?");
    assert!(event("{\"after\": \"5 hours\"}").starts_with("event 2: it does not say what happens: one of `done`"));
    assert_eq!(
        event("{\"done\": \"visit\", \"cannot\": \"visit\"}"),
        "event 2: it says `done` and `cannot` at once; one event is one thing"
    );
    assert!(event("{\"after\": \"soon\", \"done\": \"visit\"}").contains("`soon` is not a length of time"));
    assert!(
        event("{\"done\": \"visit\", \"facts\": {\"lonley\": true}}").starts_with("event 2: the pathway does not know")
    );
    assert!(event("{\"declined\": \"visit\", \"facts\": {\"lonely\": true}}").contains("facts come with"));
}

#[test]
fn events_are_read_from_json_with_plain_values() {
    let read = |facts: &str| {
        serde_json::from_str::<Event>(&format!(
            "{{\"id\": \"e\", \"what\": {{\"record\": {{\"facts\": {{\"it\": {facts}}}}}}}}}"
        ))
    };
    let answer = |facts: &str| read(facts).expect(facts).what.facts().expect("facts")["it"].clone();
    assert_eq!(answer("true"), value("yes"));
    assert_eq!(answer("7"), value("7"));
    assert_eq!(answer("\"home\""), value("home"));
    assert_eq!(answer("[\"a\", \"b\"]"), value("a and b"));
    assert_eq!(answer("{\"value\": \"37.9\"}"), value("37.9"));
    assert_eq!(answer("{\"could_not\": \"asleep\"}"), Answer::CouldNot("asleep".into()));
    for wrong in ["37.9", "null", "{\"value\": 7}", "{\"perhaps\": \"x\"}", "{\"value\": \"a\", \"declined\": \"b\"}"] {
        let error = read(wrong).expect_err(wrong).to_string();
        assert!(error.contains("write decimals between quotation marks"), "{error}");
    }
}
