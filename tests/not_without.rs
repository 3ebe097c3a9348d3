//! Those without whom something is not done.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{By, Case, EntryKind, Event, EventKind, Refusal};
use onward::model::{DirectoryId, Name, PathwayId};
use onward::play::Driver;
use onward::simulate::read_person;
use small::{at, compile, done, ending, only, open_in, text};

const INTERPRETED: &str = "facts
  speaks_english yes or no

role interpreter

step first
  led by nurse
  not without interpreter when not speaks_english
  finds ready, speaks_english
  within 2 days
  then home

contact interpreters
  fills interpreter
  open monday to friday 09:00 to 17:00
  on bank holidays closed";

fn case() -> Case {
    let contact = INTERPRETED.find("contact").expect("it is there");
    open_in(&compile(&(text(&INTERPRETED[..contact]) + "\n" + &INTERPRETED[contact..])))
}

fn first(facts: &[(&str, &str)], with: &[&str]) -> Event {
    let with = with.iter().map(|role| Name::from(*role)).collect();
    Event { with, ..Event::new("e", done("first", facts)) }
}

#[test]
fn it_is_not_done_without_somebody_who_is_needed() {
    let mut case = case();
    let names = |names: &[&str]| names.iter().map(|name| Name::from(*name)).collect::<Vec<_>>();
    assert_eq!(only(&case).not_without, names(&["interpreter"]), "while it is not known whether they are needed");
    let before = case.record().clone();
    let facts = [("ready", "yes"), ("speaks_english", "no")];
    let Err(refusal @ Refusal::NotWithout { .. }) = case.apply(first(&facts, &[]), at("01T10:00")) else {
        panic!("it is refused")
    };
    assert_eq!(refusal.code(), "not-without");
    assert_eq!(
        refusal.to_string(),
        "`first` is not done without `interpreter`: say who was there, or that it cannot be done"
    );
    assert_eq!(case.record(), &before, "nothing is changed by it, the facts neither");
    let stranger = case.apply(first(&facts, &["interpeter"]), at("01T10:00"));
    assert!(matches!(stranger, Err(Refusal::UnknownRole { meant: Some(meant), .. }) if meant == "interpreter"));
    case.apply(first(&facts, &["interpreter"]), at("01T10:00")).expect("they were there");
    assert_eq!(ending(&case), Some("home"));
    case.verify().expect("it is what its journal makes it");
}

#[test]
fn who_was_there_is_one_who_did_it_too() {
    let mut case = case();
    let by = By::role("interpreter");
    let event = Event { by, ..first(&[("ready", "yes"), ("speaks_english", "no")], &[]) };
    case.apply(event, at("01T10:00")).expect("it was done by them");
}

#[test]
fn nobody_is_needed_who_is_found_not_to_be() {
    let mut case = case();
    case.apply(first(&[("ready", "yes"), ("speaks_english", "yes")], &[]), at("01T10:00")).expect("no interpreter");
    assert_eq!(ending(&case), Some("home"));
}

/// Whoever is needed has to be on duty before the time is over, or somebody is asked at once.
#[test]
fn whoever_is_needed_and_not_on_duty_is_looked_for_at_once() {
    let text = text(&INTERPRETED[..INTERPRETED.find("contact").expect("it is there")]);
    let text = text.replace("within 2 days", "within 2 hours")
        + "\n"
        + &INTERPRETED[INTERPRETED.find("contact").unwrap_or(0)..];
    let library = compile(&text);
    let open = |knows: &[(&str, &str)], time: &str| {
        let facts =
            knows.iter().map(|(fact, value)| (Name::from(*fact), onward::model::Answer::Value((*value).to_string())));
        let opening = onward::engine::Opening { id: "c".into(), facts: facts.collect(), ..Default::default() };
        library.pathway("small").expect("there").open_draft(opening, at(time)).expect("opens").0
    };
    let escalated = |case: &Case| case.record().journal.iter().any(|it| matches!(it.what, EntryKind::Escalated { .. }));
    // 17:30 in London: the nurse is there, and no interpreter before it is over.
    assert!(escalated(&open(&[], "01T16:30")));
    assert!(!escalated(&open(&[("speaks_english", "yes")], "01T16:30")));
    assert!(!escalated(&open(&[], "01T09:00")));
}

/// The text of the small pathway, with its directory changed.
fn with_directory(change: impl Fn(&str) -> String) -> String {
    let contact = INTERPRETED.find("contact").expect("it is there");
    let whole = text(&INTERPRETED[..contact]) + "\n" + &INTERPRETED[contact..];
    let at = whole.find("directory here").expect("it has one");
    format!("{}{}", &whole[..at], change(&whole[at..]))
}

/// Another directory is asked for whoever is needed, as for whoever leads it.
#[test]
fn no_case_goes_on_with_a_directory_that_has_nobody_of_those_who_are_needed() {
    let without = |it: &str| it.replace("directory here", "directory there").replace("fills interpreter", "fills team");
    let library = compile(&with_directory(|it| format!("{it}\n\n{}", without(it))));
    let there = library.directory_named("there").expect("it is there");
    let mut case = case();
    let refusal = library.follow(&case, there, at("01T10:00")).map(drop).expect_err("there is no interpreter");
    assert_eq!(refusal.code(), "would-strand");
    assert!(refusal.to_string().contains("`first`: nobody fills `interpreter`"), "{refusal}");
    // Who speaks English needs none.
    let facts = [(Name::from("speaks_english"), onward::model::Answer::Value("yes".into()))].into();
    case.apply(Event::new("e", EventKind::Record { facts }), at("01T10:00")).expect("it is learnt");
    library.follow(&case, there, at("01T10:30")).map(drop).expect("nobody is missing");
}

#[test]
fn where_those_who_are_needed_come_too_late_in_another_directory_somebody_is_asked_at_once() {
    let late = compile(&with_directory(|it| it.replace("open monday to friday 09:00", "open saturday 09:00")));
    let directory = late.pathway("small").and_then(|it| it.directory()).expect("there is one");
    let (follows, _) = late.follow(&case(), directory, at("01T10:00")).expect("being late escalates");
    assert!(only(&follows).escalated_to.is_some(), "{:?}", only(&follows));
}

#[test]
fn why_it_is_done_says_who_was_there() {
    let mut case = case();
    case.apply(first(&[("ready", "yes"), ("speaks_english", "no")], &["interpreter"]), at("01T10:00")).expect("done");
    let with = case.record().journal.iter().find_map(|entry| match &entry.what {
        EntryKind::Event(event) if matches!(event.what, EventKind::Done { .. }) => Some(event.with.clone()),
        _ => None,
    });
    assert_eq!(with, Some(vec![Name::from("interpreter")]));
}

#[test]
fn a_person_file_says_who_was_there() {
    let contact = INTERPRETED.find("contact").expect("it is there");
    let library = compile(&(text(&INTERPRETED[..contact]) + "\n" + &INTERPRETED[contact..]));
    let done = |with: &str| {
        format!(
            r#"{{"starts": "2026-06-01T10:00", "events": [{{"done": "first", {with} "facts": {{"ready": true, "speaks_english": false}}}}]}}"#
        )
    };
    let played = |file: &str| {
        let (pathway, directory) = (PathwayId(0), DirectoryId(0));
        let story = read_person(file, &library, pathway, directory).expect("it can be read");
        let opening = onward::engine::Opening { id: "c".into(), ..Default::default() };
        let (case, _) = library.open_draft(pathway, directory, opening, story.starts).expect("it opens");
        let mut driver = Driver::new(case, story.starts);
        story.events.iter().try_for_each(|event| driver.happen(event).map(|_| ()))
    };
    assert_eq!(played(&done(r#""with": ["interpreter"],"#)), Ok(()));
    assert!(matches!(played(&done("")), Err(Refusal::NotWithout { .. })));
}
