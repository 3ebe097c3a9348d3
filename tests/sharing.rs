//! What the cases of one person share (1.5, 10.47): what is put right in one is right in the person's record and for the next,
//! in whatever order the news come.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{
    Answer as Reply, By, Case, Event, EventKind, KnownBefore, News, NewsKind, Opening, PersonRecord, Withdrawn,
};
use onward::model::{Answer, Name};
use small::{at, compile, text};

const ASKED: &str = "facts
  frailty 1 to 9 found by nurse or team if disputed ask nurse_manager within 1 day

role nurse_manager

step first
  led by nurse
  finds frailty, pain
  within 9 days
  then over";

fn open_for(person: &PersonRecord, id: &str, now: &str) -> Case {
    let contact = "\ncontact managers\n  fills nurse_manager\n  open always\n  on bank holidays as usual\n";
    let opening = Opening { id: id.into(), person: person.clone(), ..Opening::default() };
    compile(&(text(ASKED) + contact)).pathway("small").expect("there").open_draft(opening, at(now)).expect("opens").0
}

fn tell(case: &mut Case, person: &mut PersonRecord, role: &str, what: EventKind, now: &str) -> Reply {
    let id = format!("t{}", case.record().journal.len());
    let answer = case.apply(Event { by: By::role(role), ..Event::new(id, what) }, at(now));
    let answer = answer.unwrap_or_else(|refusal| panic!("{refusal}"));
    answer.news.iter().for_each(|news| person.learn(news));
    answer
}

fn frailty(value: &str) -> EventKind {
    EventKind::Record { facts: [(Name::from("frailty"), Answer::Value(value.into()))].into() }
}

fn entry(case: &Case) -> u32 {
    case.record().facts["frailty"].entry
}

fn correct(case: &Case, value: &str) -> EventKind {
    EventKind::Correct { entry: entry(case), answer: Answer::Value(value.into()), reason: "the wrong line".into() }
}

fn stands(person: &PersonRecord) -> Option<&str> {
    match &person.stands("frailty")?.answer {
        Answer::Value(value) => Some(value),
        _ => None,
    }
}

#[test]
fn what_one_case_learnt_from_another_and_puts_right_is_right_in_the_record() {
    let mut person = PersonRecord::default();
    let mut first = open_for(&person, "first", "01T09:00");
    tell(&mut first, &mut person, "nurse", frailty("5"), "01T10:00");
    let mut second = open_for(&person, "second", "01T11:00");
    let what = correct(&second, "7");
    let answer = tell(&mut second, &mut person, "team", what, "01T12:00");
    let [News { what: NewsKind::Corrected { supersedes, instead }, .. }] = &answer.news[..] else {
        panic!("{answer:?}")
    };
    // It is news of what the first case found, and the nurse has found it still.
    assert!(supersedes.starts_with("first/"), "{supersedes}");
    assert_eq!(instead.by.role.as_deref(), Some("nurse"));
    assert_eq!(stands(&person), Some("7"));
    let mut third = open_for(&person, "third", "01T13:00");
    assert_eq!(third.record().facts["frailty"].value, "7");
    let back = EventKind::Withdraw { what: Withdrawn::Fact { entry: entry(&third) }, reason: None };
    tell(&mut third, &mut person, "nurse", back, "01T13:30");
    assert_eq!(stands(&person), None, "what was taken back anywhere does not come back");
}

#[test]
fn the_same_news_again_and_a_correction_that_comes_first_bring_nothing_back() {
    let mut kept = PersonRecord::default();
    let mut case = open_for(&kept, "first", "01T09:00");
    let recorded = tell(&mut case, &mut kept, "nurse", frailty("5"), "01T10:00").news;
    let what = correct(&case, "7");
    let corrected = tell(&mut case, &mut kept, "nurse", what, "01T11:00").news;
    let mut other = PersonRecord::default();
    for news in corrected.iter().chain(&recorded).chain(&corrected) {
        other.learn(news);
    }
    assert_eq!((stands(&other), &other), (Some("7"), &kept));
}

#[test]
fn of_two_that_were_so_and_recorded_at_one_moment_the_later_entry_stands() {
    let mut person = PersonRecord::default();
    let mut case = open_for(&person, "first", "01T09:00");
    let mut last = String::new();
    for number in 0..12 {
        last = (1 + number % 9).to_string();
        tell(&mut case, &mut person, "nurse", frailty(&last), "01T10:00");
    }
    assert_eq!((stands(&person), case.record().facts["frailty"].value.as_str()), (Some(last.as_str()), last.as_str()));
}

/// The nurse and the team found different things, in the first case.
fn disputed(person: &mut PersonRecord) -> Case {
    let mut case = open_for(person, "first", "01T09:00");
    tell(&mut case, person, "nurse", frailty("5"), "01T10:00");
    tell(&mut case, person, "team", frailty("7"), "01T11:00");
    assert_eq!((stands(person), person.disputed().count()), (None, 1));
    case
}

#[test]
fn what_is_found_elsewhere_ends_no_dispute_and_what_is_settled_stands_however_old_it_is() {
    let mut person = PersonRecord::default();
    let mut first = disputed(&mut person);
    let mut second = open_for(&person, "second", "01T11:30");
    tell(&mut second, &mut person, "team", frailty("4"), "01T12:00");
    assert_eq!((stands(&person), person.disputed().count()), (None, 1));
    // Settled as of when it was so, which is before what was rejected.
    let settle = EventKind::Settle { fact: "frailty".into(), value: "5".into(), reason: None };
    let event = Event { by: By::role("nurse_manager"), happened: Some(at("01T09:30")), ..Event::new("s", settle) };
    let answer = first.apply(event, at("01T12:30")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let mut only = PersonRecord::default();
    first.news_since(0).iter().for_each(|news| only.learn(news));
    assert_eq!(stands(&only), Some("5"));
    assert_eq!(open_for(&only, "next", "01T13:00").record().facts["frailty"].value, "5");
    answer.news.iter().for_each(|news| person.learn(news));
    assert_eq!((stands(&person), person.disputed().count()), (Some("4"), 0), "the second was so later");
    // Taken back, it is disputed again, here and in the record; and somebody is asked again.
    let back = EventKind::Withdraw { what: Withdrawn::Fact { entry: entry(&first) }, reason: None };
    tell(&mut first, &mut person, "nurse_manager", back, "01T14:00");
    assert_eq!((stands(&person), first.record().beside.len(), first.record().disputed.len()), (None, 1, 1));
    first.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_settled_it_is_erased_after_the_case_is_over_and_nobody_is_asked() {
    let mut person = PersonRecord::default();
    let mut case = disputed(&mut person);
    let settle = EventKind::Settle { fact: "frailty".into(), value: "6".into(), reason: None };
    tell(&mut case, &mut person, "nurse_manager", settle, "01T12:00");
    let settled = entry(&case);
    let done =
        EventKind::Done { step: "first".into(), facts: [(Name::from("pain"), Answer::Value("3".into()))].into() };
    tell(&mut case, &mut person, "nurse", done, "01T12:30");
    assert_eq!((case.record().closed.is_some(), stands(&person)), (true, Some("6")));
    let erased = case.erase(settled, By::default(), "the law", at("01T13:00")).expect("it is there");
    let record = case.record();
    assert_eq!((record.beside.len(), record.disputed.len(), record.facts.contains_key("frailty")), (0, 0, false));
    erased.answer.news.iter().for_each(|news| person.learn(news));
    assert_eq!((stands(&person), person.disputed().count()), (None, 0));
}

#[test]
fn what_nobody_settled_is_known_again_only_as_it_was_found_later() {
    let mut person = PersonRecord::default();
    let mut second = open_for(&person, "second", "01T09:00");
    tell(&mut second, &mut person, "team", frailty("4"), "01T09:30");
    let mut only = PersonRecord::default();
    let mut first = disputed(&mut only);
    first.news_since(0).iter().for_each(|news| person.learn(news));
    let done =
        EventKind::Done { step: "first".into(), facts: [(Name::from("pain"), Answer::Value("3".into()))].into() };
    let refused = first.apply(Event::new("d", done.clone()), at("01T12:00"));
    assert!(refused.is_ok(), "{refused:?}");
    assert!(first.record().closed.is_some());
    first.news_since(0).iter().for_each(|news| person.learn(news));
    assert_eq!((stands(&person), person.disputed().count()), (None, 0), "what was so before is doubted still");
    tell(&mut second, &mut person, "team", frailty("6"), "01T13:00");
    assert_eq!(stands(&person), Some("6"));
}

#[test]
fn what_was_erased_is_erased_from_the_record_and_comes_back_with_no_news() {
    let mut person = PersonRecord::default();
    let mut case = open_for(&person, "first", "01T09:00");
    let recorded = tell(&mut case, &mut person, "nurse", frailty("5"), "01T10:00").news;
    let erased = case.erase(entry(&case), By::default(), "the law", at("01T11:00")).expect("it is there");
    let [News { what: NewsKind::Erased { supersedes }, fact, .. }] = &erased.answer.news[..] else {
        panic!("{erased:?}")
    };
    assert_eq!((supersedes.as_str(), fact.as_str()), (recorded[0].id.as_str(), "frailty"));
    erased.answer.news.iter().chain(&recorded).for_each(|news| person.learn(news));
    assert_eq!(stands(&person), None);
    assert!(!person.to_json().contains("\"5\""), "{}", person.to_json());
}

#[test]
fn what_does_not_fit_any_more_keeps_no_case_from_opening() {
    let known = |value: &str, recorded: &str| KnownBefore {
        answer: Answer::Value(value.into()),
        happened: at("01T08:00"),
        recorded: at(recorded),
        by: By::role("nurse"),
        id: None,
    };
    let learnt =
        |fact: &str, id: &str, it: KnownBefore| News { id: id.into(), fact: fact.into(), what: NewsKind::Recorded(it) };
    let mut person = PersonRecord::default();
    // A scale that had more on it then, and what a clock elsewhere says was recorded later than now.
    person.learn(&learnt("frailty", "old/1", known("12", "01T08:00")));
    person.learn(&learnt("pain", "old/2", known("3", "01T09:30")));
    let case = open_for(&person, "first", "01T09:00");
    assert!(case.record().facts.is_empty(), "{:?}", case.record().facts);
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(stands(&person), Some("12"), "and nothing is lost");
    assert_eq!(open_for(&person, "later", "01T09:40").record().facts.len(), 1);
}
