//! `within 72 hours after STEP` (6.1, 10.37): due so long after something else was done last, exactly; and what is proved
//! of it.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::diagnostic::Kind;
use onward::engine::{CaseRecord, EventKind};
use onward::{Library, Source};
use small::{at, done, only, open, send, text};

const STEPS: &str = "step first
  led by team
  within 1 day
  then second

step second
  led by team
  within 1 day
  then third

step third
  led by team
  within 72 hours after first
  then over";

#[test]
fn it_is_due_so_long_after_that_was_done() {
    let mut case = open(STEPS);
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, done("second", &[]), "02T08:00");
    assert_eq!((only(&case).step.as_str(), only(&case).due), ("third", at("04T10:00")));
    case.verify().expect("its journal makes it");
    // It can be saved and gone on with.
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it can be read");
    let again = small::compile(&text(STEPS)).load(record).expect("it can be gone on with");
    assert_eq!(again.due(), Some(at("04T10:00")));
    case.advance(at("04T10:00")).expect("time goes on");
    assert!(only(&case).escalated_to.is_some(), "now it is late");
}

#[test]
fn what_is_over_when_it_opens_is_due_at_once() {
    // 24 hours after the first: the second took longer than that.
    let mut case = open(&STEPS.replace("72 hours", "2 hours"));
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, done("second", &[]), "01T15:00");
    let step = only(&case);
    assert_eq!(step.since, at("01T15:00"));
    assert!(step.escalated_to.is_some(), "nobody can do it any more in time, so somebody is asked at once");
    case.verify().expect("its journal makes it");
}

#[test]
fn the_last_time_counts() {
    let again = STEPS.replace("then third\n\nstep", "then first, at most once, then third\n\nstep");
    let mut case = open(&again);
    for when in ["01T10:00", "01T12:00"] {
        send(&mut case, done("first", &[]), when);
        send(&mut case, done("second", &[]), "01T12:00");
    }
    assert_eq!((only(&case).step.as_str(), only(&case).due), ("third", at("04T12:00")));
}

#[test]
fn a_handover_is_counted_from_being_accepted_and_a_repeat_from_its_end() {
    let over = STEPS
        .replace("step second\n  led by team\n  within 1 day\n  then third", "hand over second\n  from team\n  to nurse\n  accepted within 2 days after first\n  if declined, saying why -> over\n  then third")
        .replace("72 hours after first", "5 hours after second");
    let mut case = open(&over);
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(only(&case).due, at("03T10:00"));
    send(&mut case, EventKind::Accept { step: "second".into(), condition: None }, "02T10:00");
    assert_eq!(only(&case).due, at("02T15:00"));
    let rounds = STEPS
        .replace("step second\n  led by team\n  within 1 day\n  then third", "repeat second\n  every 6 hours\n  led by team\n  finds ready\n  until ready -> third\n  at most 3 times, then over")
        .replace("72 hours after first", "5 hours after second");
    let mut case = open(&rounds);
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, done("second", &[("ready", "no")]), "01T11:00");
    assert!(case.record().done.is_empty(), "a round is not all of it");
    send(&mut case, done("second", &[("ready", "yes")]), "01T13:00");
    assert_eq!(only(&case).due, at("01T18:00"));
}

fn flaws(steps: &str) -> Vec<(Kind, String)> {
    let library = small::compile(&text(steps));
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    proof.flaws.iter().map(|flaw| (flaw.finding.kind, flaw.finding.message.clone())).collect()
}

#[test]
fn it_is_proved_with_a_bound_that_is_never_too_small() {
    let found: Vec<_> = flaws(STEPS).into_iter().filter(|(kind, _)| !matches!(kind, Kind::NeverReached)).collect();
    assert!(found.is_empty(), "{found:?}");
    let library = small::compile(&text(STEPS));
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    let longest = proof.longest.as_ref().expect("it ends").at_most;
    // Two days, three days, and each time the ladder; and what it gives to another, once.
    let (ladder, day) = (Length::minutes(75), Length::days(1));
    let most = day.times(5).plus(ladder.times(3)).plus(day.times(3)).plus(ladder);
    assert_eq!(longest, most);
}

#[test]
fn what_it_is_counted_after_is_done_on_every_path() {
    let past = STEPS.replace("step first\n", "step first\n  if the person declines -> second\n");
    let message = "`third` is due some time after `first`, and one can come here before it was done";
    assert!(flaws(&past).iter().any(|(kind, said)| *kind == Kind::StillOwed && said == message), "{:?}", flaws(&past));
}

#[test]
fn where_being_late_asks_nobody_it_may_open_too_late() {
    let late = STEPS.replace("after first\n", "after first\n  if late -> over\n");
    let found = flaws(&late);
    let message =
        "the time of `third`, within 3 days after first, may be over when it opens, and then goes on to `over`";
    assert!(found.iter().any(|(kind, said)| *kind == Kind::TooLate && said == message), "{found:?}");
}

#[test]
fn what_is_written_wrongly_is_answered() {
    for (from, to, kind, message) in [
        ("72 hours after first", "72 hours after over", "wrong-kind", "`over` is an ending"),
        ("72 hours after first", "72 hours after frist", "unknown-name", "there is no `frist`"),
        ("72 hours after first", "0 hours after first", "out-of-range", "nobody can do anything within"),
    ] {
        let steps = STEPS.replacen(from, to, 1);
        let report = Library::compile(vec![Source::new("small.pathway", text(&steps))]).expect_err("it is refused");
        let found = report.findings.iter().find(|it| it.kind.name() == kind && it.message.contains(message));
        assert!(found.is_some(), "{kind}: {message}\n{report}");
    }
}
