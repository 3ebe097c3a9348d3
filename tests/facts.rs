//! What a fact can say of itself (1.2, 10.20, 10.21): presumed until found otherwise, and not applicable.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{By, Case, CaseRecord, Cause, Event, EventKind, Looked, Refusal};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, only, open_in, send, steps, text};

/// A decision that reads what is presumed, behind a step and a handover.
const ABLE: &str = "facts
  able yes or no presumed yes until found otherwise source \"The law\" good for 6 hours

step first
  led by nurse
  finds ready
  within 2 days
  then over_to_them

hand over over_to_them
  from nurse
  to team
  accepted within 2 days
  if declined, saying why -> over
  then where

decide where
  when able -> home
  if none of these -> over
  if we do not know yet -> ask

step ask
  led by team
  finds what is missing
  within 1 day
  then back to the decision";

fn record(facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Record { facts: facts.collect() }
}

fn accepted() -> EventKind {
    EventKind::Accept { step: "over_to_them".into(), condition: None }
}

/// A case of [`ABLE`] in which these were recorded, one after the other, before it was handed over.
fn handed_over(recorded: &[(&str, &str)], accepted_at: &str) -> Case {
    let mut case = open_in(&compile(&text(ABLE)));
    for (value, now) in recorded {
        send(&mut case, record(&[("able", value)]), now);
    }
    send(&mut case, done("first", &[("ready", "yes")]), "01T12:00");
    send(&mut case, accepted(), accepted_at);
    case
}

/// Why it came to a place: the decision that led there.
fn decided(case: &Case, place: &str) -> Looked {
    match case.why(place).map(|why| why.cause) {
        Some(Cause::Decided(looked)) => looked,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_presumed_holds_and_says_so() {
    let case = handed_over(&[], "01T13:00");
    assert_eq!(ending(&case), Some("home"));
    let looked = decided(&case, "home");
    let able = &looked.rows[0].facts[0];
    assert_eq!((able.value.as_deref(), able.presumed, able.by.is_none()), (Some("yes"), true, true));
}

#[test]
fn what_was_recorded_as_presumed_is_presumed_still_when_it_is_stale_or_left_behind() {
    assert_eq!(ending(&handed_over(&[("yes", "01T10:00")], "01T13:00")), Some("home"));
    assert_eq!(ending(&handed_over(&[("yes", "01T10:00")], "02T13:00")), Some("home"));
    // Found otherwise, and then as presumed again.
    assert_eq!(ending(&handed_over(&[("no", "01T10:00"), ("yes", "01T11:00")], "02T13:00")), Some("home"));
}

#[test]
fn what_was_found_otherwise_is_not_presumed_any_more() {
    let mut case = handed_over(&[("no", "01T10:00")], "01T13:00");
    let ask = only(&case);
    assert_eq!((ask.step.as_str(), ask.finds), ("ask", vec![Name::from("able")]));
    // Nor when it was saved and loaded meanwhile.
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it can be read");
    assert_eq!(record.otherwise.len(), 1);
    let library = compile(&text(ABLE));
    let mut loaded = library.load(record).expect("it loads");
    loaded.verify().expect("it is what its journal makes it");
    for case in [&mut case, &mut loaded] {
        send(case, done("ask", &[("able", "yes")]), "01T14:00");
        assert_eq!(ending(case), Some("home"));
        assert!(case.record().otherwise.is_empty());
    }
}

#[test]
fn what_is_no_longer_good_is_unknown_once_it_was_otherwise() {
    let steps = "facts
  able yes or no presumed yes until found otherwise good for 6 hours

step first
  led by nurse
  within 2 days
  then where

decide where
  when able -> home
  if none of these -> over
  if we do not know yet -> ask

step ask
  led by team
  finds what is missing
  within 1 day
  then back to the decision";
    let after = |now: &str| {
        let mut case = open_in(&compile(&text(steps)));
        send(&mut case, record(&[("able", "no")]), "01T10:00");
        send(&mut case, done("first", &[]), now);
        case
    };
    assert_eq!(ending(&after("01T16:00")), Some("over"));
    let mut stale = after("01T16:01");
    assert_eq!(only(&stale).step.as_str(), "ask");
    // A record of what was before the one that stands changes nothing.
    let late = Event { happened: Some(at("01T09:30")), ..Event::new("late", record(&[("able", "yes")])) };
    stale.apply(late, at("01T16:05")).expect("it is taken");
    assert!(!stale.record().otherwise.is_empty());
}

#[test]
fn a_step_finds_what_is_only_presumed() {
    let mut case = open_in(&compile(&text(
        "facts
  able yes or no presumed yes until found otherwise

step first
  led by nurse
  finds able
  within 2 days
  then over",
    )));
    assert_eq!(only(&case).finds, vec![Name::from("able")]);
    let refused = case.apply(Event::new("e", done("first", &[])), at("01T10:00"));
    assert!(matches!(refused, Err(Refusal::MissingFacts { .. })), "{refused:?}");
    send(&mut case, record(&[("able", "yes")]), "01T11:00");
    assert_eq!(only(&case).finds, Vec::<Name>::new());
}

/// A decision about somebody's carer.
const CARER: &str = "facts
  has_carer yes or no good for 6 hours
  coping one of well, strained applies when has_carer

step first
  led by nurse
  finds has_carer, coping
  within 2 days
  then how

decide how
  when coping is well -> home
  when coping is not applicable -> over
  if none of these -> talk
  if we do not know yet -> ask

step ask
  led by team
  finds what is missing
  within 1 day
  then back to the decision

step talk
  led by team
  within 1 day
  then over";

#[test]
fn what_does_not_apply_is_not_asked_for_and_is_known() {
    let mut case = open_in(&compile(&text(CARER)));
    assert_eq!(only(&case).finds.len(), 2);
    send(&mut case, done("first", &[("has_carer", "no")]), "01T10:00");
    assert_eq!(ending(&case), Some("over"));
    let looked = decided(&case, "over");
    let told: Vec<(&str, Option<&str>)> =
        looked.rows[1].facts.iter().map(|fact| (fact.name.as_str(), fact.value.as_deref())).collect();
    assert_eq!(told, [("has_carer", Some("no")), ("coping", Some("not applicable"))]);
}

#[test]
fn what_applies_has_to_be_found_or_asked_for_in_vain() {
    let mut case = open_in(&compile(&text(CARER)));
    let refused = case.apply(Event::new("e", done("first", &[("has_carer", "yes")])), at("01T10:00"));
    let Err(Refusal::MissingFacts { facts, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(facts, [Name::from("coping")]);
    assert!(case.record().facts.is_empty(), "nothing of what is refused is kept");
    send(&mut case, done("first", &[("has_carer", "yes"), ("coping", "strained")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "talk");
}

#[test]
fn while_nobody_knows_whether_it_applies_both_are_missing() {
    let mut case = open_in(&compile(&text(CARER)));
    send(&mut case, record(&[("has_carer", "yes"), ("coping", "well")]), "01T10:00");
    // A day later nobody knows any more whether there is a carer.
    let could_not = Answer::CouldNot("nobody was there".to_string());
    let facts = [(Name::from("has_carer"), could_not)].into();
    send(&mut case, EventKind::Done { step: "first".into(), facts }, "02T10:00");
    let looked = decided(&case, "ask");
    assert_eq!(looked.missing, [Name::from("has_carer"), Name::from("coping")]);
    // How the carer copes was recorded, and is good: nobody is asked for it again.
    assert_eq!(steps(&case)[0].finds, [Name::from("has_carer")]);
    send(&mut case, done("ask", &[("has_carer", "yes")]), "02T11:00");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn a_value_that_does_not_apply_is_kept_and_not_seen() {
    let mut case = open_in(&compile(&text(CARER)));
    send(&mut case, done("first", &[("has_carer", "no"), ("coping", "well")]), "01T10:00");
    assert_eq!(ending(&case), Some("over"));
    assert!(case.record().facts.contains_key("coping"));
}

#[test]
fn what_was_asked_for_in_vain_says_who_said_so() {
    let mut case = open_in(&compile(&text(CARER)));
    let declined = Answer::Declined("would rather not say".to_string());
    let facts = [(Name::from("has_carer"), declined.clone()), (Name::from("coping"), declined.clone())].into();
    let done = EventKind::Done { step: "first".into(), facts };
    let event = Event { by: By { who: Some("Ann".into()), ..By::role("nurse") }, ..Event::new("e", done) };
    case.apply(event, at("01T10:00")).expect("it is taken");
    let looked = decided(&case, "ask");
    let carer = &looked.rows[0].facts[0];
    assert_eq!((carer.value.as_ref(), carer.asked.as_ref()), (None, Some(&declined)));
    let by = carer.by.as_ref().expect("somebody said so");
    assert_eq!((by.role.as_deref(), by.who.as_deref()), (Some("nurse"), Some("Ann")));
    assert_eq!(carer.happened, Some(at("01T10:00")));
}

/// What is settled, of whom it is kept, and a document.
const SETTLED: &str = "facts
  born date from 1900-01-01 to 2030-12-31 settled
  plan document
  afraid yes or no kept from team

step first
  led by nurse
  finds born
  within 2 days
  then over_to_them

hand over over_to_them
  from nurse
  to team
  accepted within 2 days
  if declined, saying why -> over
  then again

step again
  led by team
  finds afresh born
  within 1 day
  then where

decide where
  when born earlier than 1950-01-01 and plan is there -> home
  if none of these -> over
  if we do not know yet -> over";

#[test]
fn what_is_settled_does_not_become_otherwise() {
    let text = text(SETTLED);
    let mut case = open_in(&compile(&text));
    send(&mut case, done("first", &[("born", "1940-05-06")]), "01T10:00");
    let before = case.record().clone();
    let refused = case.apply(Event::new("e", record(&[("plan", "file 12"), ("born", "1940-06-05")])), at("01T11:00"));
    let Err(refusal @ Refusal::Settled { .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.code(), "settled");
    assert!(refusal.in_full().contains("`born` is `1940-05-06`, and settled: it does not become `1940-06-05`"));
    assert_eq!(case.record(), &before, "all or none");
    // The same again is fine; a handover does not leave it behind, and nobody asks for it again.
    send(&mut case, record(&[("born", "1940-05-06"), ("plan", "file 12")]), "01T11:00");
    send(&mut case, accepted(), "01T12:00");
    assert_eq!(only(&case).finds, Vec::<Name>::new());
    assert!(!case.record().facts.contains_key("plan"));
    send(&mut case, record(&[("plan", "none")]), "01T12:30");
    let mut with_plan = case.clone();
    send(&mut case, done("again", &[]), "01T13:00");
    assert_eq!(ending(&case), Some("over"));
    send(&mut with_plan, record(&[("plan", "file 12")]), "01T12:40");
    assert_eq!(with_plan.record().facts["plan"].value, "file 12");
    send(&mut with_plan, done("again", &[]), "01T13:00");
    assert_eq!(ending(&with_plan), Some("home"));
    let saved = with_plan.record().to_json();
    let loaded = compile(&text).load(CaseRecord::from_json(&saved).expect("it can be read")).expect("it loads");
    loaded.verify().expect("it is what its journal makes it");
}

#[test]
fn a_role_sees_nothing_that_is_kept_from_it() {
    let mut case = open_in(&compile(&text(SETTLED)));
    send(&mut case, record(&[("afraid", "yes"), ("born", "1940-05-06")]), "01T10:00");
    let seen = |role: &str| case.seen_by(role).into_keys().map(Name::as_str).collect::<Vec<_>>();
    assert_eq!(seen("team"), ["born"]);
    assert_eq!(seen("nurse"), ["afraid", "born"]);
    assert_eq!(seen("Nurse"), ["born"], "who is nobody the library knows sees nothing that is kept from anybody");
}
