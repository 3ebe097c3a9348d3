//! How long ago, how old (1.1, 6.3, 10.57): it changes at midnight by itself, and what waits for it happens then.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{Case, CaseRecord, Event, EventKind};
use onward::model::{Answer, Name};
use onward::workflow::Known;
use small::{at, compile, done, only, open_in, open_text, send, text};

const FACTS: &str = "facts
  born date from 1900-01-01 to 2030-12-31
  left_on date from 2025-01-01 to 2030-12-31 good for 20 days
  age 0 to 131 measured in \"years\" is years since born
  ago 0 to 30 measured in \"days\" is days since left_on, no more than 30

";

/// A pathway whose only step waits long, and something that happens at any time.
fn waiting(fires: &str) -> String {
    let steps = format!(
        "step first\n  led by team\n  finds born, left_on\n  within 20 days\n  then home\n\nat any time grown\n  if {fires} -> second, instead, at most once\n  if we do not know yet -> nothing, because \"it is asked\"\n\nstep second\n  led by team\n  within 1 day\n  then home\n"
    );
    text(&steps).replacen("facts\n", FACTS, 1)
}

fn record(case: &mut Case, fact: &str, value: &str, time: &str) {
    let facts = [(Name::from(fact), Answer::Value(value.into()))].into();
    send(case, EventKind::Record { facts }, time);
}

fn value(case: &Case, fact: &str, time: &str) -> Option<i64> {
    case.known(at(time)).value(case.shared().fact(fact).expect("it is a fact"))
}

#[test]
fn it_changes_at_midnight_where_the_person_is() {
    let mut case = open_text(&waiting("age at least 131"));
    record(&mut case, "born", "1941-06-03", "01T10:00");
    // In London it is an hour later in June.
    assert_eq!((value(&case, "age", "02T22:59"), value(&case, "age", "02T23:00")), (Some(84), Some(85)));
    record(&mut case, "left_on", "2026-05-31", "01T11:00");
    assert_eq!((value(&case, "ago", "01T12:00"), value(&case, "ago", "01T23:00")), (Some(1), Some(2)));
    assert_eq!(value(&case, "ago", "21T11:00"), Some(21));
    assert_eq!(value(&case, "ago", "21T11:01"), None, "when the date is no longer good, so is what follows from it");
}

#[test]
fn what_waits_for_it_happens_on_the_birthday_and_is_due_then() {
    let mut case = open_text(&waiting("age at least 18"));
    record(&mut case, "born", "2008-06-04", "01T10:00");
    assert_eq!(only(&case).step, "first");
    assert_eq!(case.due(), Some(at("03T23:00")), "midnight in London");
    let mut late = case.clone();
    case.advance(at("03T22:59")).expect("time goes on");
    assert_eq!(only(&case).step, "first");
    case.advance(at("03T23:00")).expect("time goes on");
    assert_eq!(only(&case).step, "second");
    assert!(case.due() > Some(at("03T23:00")));
    // A host that comes late finds the same: it happened on the birthday, and what follows was due from then on.
    late.advance(at("04T12:00")).expect("time goes on");
    assert_eq!((only(&late).step.as_str(), only(&late).since), ("second", at("03T23:00")));
    assert_eq!(only(&late).due, only(&case).due);
    late.verify().expect("it is what its journal makes it");
    let saved = late.record().to_json();
    let loaded = CaseRecord::from_json(&saved).expect("it is read");
    let loaded = compile(&waiting("age at least 18")).load(loaded).expect("it is loaded");
    assert_eq!(loaded.record(), late.record());
}

#[test]
fn an_event_after_the_birthday_finds_what_happened_on_it() {
    let mut case = open_text(&waiting("age at least 18"));
    record(&mut case, "born", "2008-06-04", "01T10:00");
    let event = Event::new("e9", done("first", &[("left_on", "2026-05-31")]));
    let refused = case.apply(event, at("05T10:00")).expect_err("it is not open any more");
    assert_eq!(refused.code(), "not-open");
    assert_eq!(only(&case).step, "first", "what is refused changes nothing");
}

#[test]
fn nothing_is_due_where_nothing_waits_for_it() {
    let mut case = open_text(&waiting("born is 2001-01-01 and age at least 131"));
    record(&mut case, "left_on", "2026-05-31", "01T10:00");
    assert_eq!(case.due(), Some(only(&case).due), "nobody waits for the days");
    record(&mut case, "born", "1941-06-03", "01T11:00");
    assert_eq!(case.due(), Some(only(&case).due), "an age that nothing tells apart is no reason to call");
}

#[test]
fn it_is_told_apart_day_by_day_where_days_are_added_up() {
    let fires = "twice at least 12";
    let text = waiting(fires).replacen("  ago 0", "  twice 0 to 60 is 2 times ago\n  ago 0", 1);
    let mut case = open_text(&text);
    record(&mut case, "left_on", "2026-05-31", "01T10:00");
    for (time, next) in [("01T23:00", "first"), ("02T23:00", "first"), ("03T23:00", "first"), ("04T23:00", "first")] {
        assert_eq!(case.due(), Some(at(time)));
        case.advance(at(time)).expect("time goes on");
        assert_eq!(only(&case).step, next);
    }
    case.advance(at("05T23:00")).expect("time goes on");
    assert_eq!(only(&case).step, "second", "six days, twice");
}

#[test]
fn a_date_still_to_come_and_a_number_of_years_are_refused() {
    let library = compile(&waiting("age at least 18"));
    let mut case = open_in(&library);
    for (fact, value, says) in [
        ("born", "2026-06-03", "`born`: `2026-06-03` is still to come, and is counted from"),
        ("age", "84", "`age`: nobody says what follows from `born`; say what `born` is"),
    ] {
        let facts = [(Name::from(fact), Answer::Value(value.into()))].into();
        let before = case.record().clone();
        let refused = case.apply(Event::new("e", EventKind::Record { facts }), at("02T12:00"));
        let refused = refused.expect_err("it is refused");
        assert_eq!((refused.code(), refused.to_string().as_str()), ("bad-value", says));
        assert_eq!(*case.record(), before);
    }
    record(&mut case, "born", "2026-06-02", "02T12:00");
    assert_eq!(value(&case, "age", "02T12:00"), Some(0));
}

#[test]
fn why_says_how_old_somebody_was_then() {
    let steps = "step first\n  led by team\n  finds born\n  within 20 days\n  then old\n\ndecide old\n  when age at least 85 -> second\n  if none of these -> third\n  if we do not know yet -> first, at most once, then third\n\nstep second\n  led by team\n  within 1 day\n  then home\n\nstep third\n  led by team\n  within 20 days\n  then home\n";
    let mut case = open_text(&text(steps).replacen("facts\n", FACTS, 1));
    send(&mut case, done("first", &[("born", "1941-06-03")]), "02T10:00");
    assert_eq!(only(&case).step, "third");
    let told = |case: &Case| {
        let looked = case.decisions().remove(0);
        let facts = looked.rows[0].facts.iter();
        facts.map(|it| (it.name.to_string(), it.value.clone().unwrap_or_default())).collect::<Vec<_>>()
    };
    let then = [("born", "1941-06-03"), ("age", "84 years")].map(|(name, value)| (name.to_string(), value.to_string()));
    assert_eq!(told(&case), then);
    case.advance(at("10T10:00")).expect("time goes on");
    assert_eq!(told(&case), then, "and not how old they are now");
}

#[test]
fn advice_is_given_anew_when_it_may_be_another_and_not_every_day() {
    let steps = "step first\n  led by team\n  finds left_on\n  within 20 days\n  then soon\n\ndecide soon\n  when ago at least 3 -> second\n  if none of these -> third\n  if we do not know yet -> first, at most once, then third\n  advise nurse to decide within 10 days\n  otherwise because one of own_view\n\nstep second\n  led by team\n  within 1 day\n  then home\n\nstep third\n  led by team\n  within 20 days\n  then home\n";
    let mut case = open_text(&text(steps).replacen("facts\n", FACTS, 1));
    send(&mut case, done("first", &[("left_on", "2026-06-01")]), "01T10:00");
    let advised = |case: &Case| {
        let advice = case.record().open[0].advice.clone().expect("somebody is advised");
        (advice.number, advice.advises.map(|it| it.to_string()).unwrap_or_default())
    };
    assert_eq!(advised(&case), (1, "third".to_string()));
    record(&mut case, "ready", "yes", "02T10:00");
    assert_eq!(advised(&case), (1, "third".to_string()), "a day more is not another advice");
    assert_eq!(case.due(), Some(at("03T23:00")));
    case.advance(at("03T23:00")).expect("time goes on");
    assert_eq!(advised(&case), (2, "second".to_string()));
}

#[test]
fn a_date_that_was_wrong_is_put_right() {
    let mut case = open_text(&waiting("age at least 18"));
    record(&mut case, "born", "2008-06-04", "01T10:00");
    let entry = case.record().facts["born"].entry;
    let answer = Answer::Value("1999-06-04".into());
    send(&mut case, EventKind::Correct { entry, answer, reason: "a slip of the pen".into() }, "02T10:00");
    assert_eq!(only(&case).step, "second", "they are grown up, and it is known at once");
}
