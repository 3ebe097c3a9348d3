//! Time that has to pass (10.70): nobody goes on before it is over, and nothing else ends it but life.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::engine::{Event, EventKind, LifeEvent, Outcome, Refusal, Work};
use small::{at, compile, done, ending, only, open, send, steps, text};

const WAIT: &str = "step first\n  led by nurse\n  within 2 hours\n  then wait_a_day\n
wait wait_a_day\n  for 1 day\n  tell person \"Tomorrow.\"\n  then second\n
step second\n  led by nurse\n  within 2 hours\n  then home";

#[test]
fn nobody_goes_on_before_its_time_is_over() {
    let mut case = open(WAIT);
    send(&mut case, done("first", &[]), "01T10:00");
    let step = only(&case);
    assert_eq!((step.step.as_str(), step.owner.as_str(), &step.work), ("wait_a_day", "person", &Work::Wait));
    assert_eq!(step.due, at("02T10:00"));
    let before = case.record().clone();
    let refused = [
        done("wait_a_day", &[]),
        EventKind::Declined { step: "wait_a_day".into(), reason: None },
        EventKind::Cannot { step: "wait_a_day".into(), reason: "too long".into() },
    ];
    for (number, what) in refused.into_iter().enumerate() {
        let refusal = case.apply(Event::new(format!("r{number}"), what), at("01T11:00")).expect_err("it waits");
        assert!(matches!(refusal, Refusal::WrongAnswer { .. }), "{refusal}");
        assert!(refusal.to_string().contains("nothing, before its time is over"), "{refusal}");
    }
    assert_eq!(*case.record(), before, "a refused event changes nothing");
    // At its very instant it is over, before whatever else happens then.
    send(&mut case, done("second", &[]), "02T10:00");
    assert_eq!(ending(&case), Some("home"));
    let how = case.record().journal.iter().filter(|entry| {
        matches!(&entry.what, onward::engine::EntryKind::Ended { step, how: Outcome::Waited, .. } if step == "wait_a_day")
    });
    assert_eq!(how.count(), 1);
}

#[test]
fn life_ends_it() {
    let mut case = open(WAIT);
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T12:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn what_is_counted_after_something_that_is_long_over_does_not_wait() {
    let counted = WAIT.replace("for 1 day\n", "for 3 hours after first\n");
    let mut case = open(&counted);
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(only(&case).due, at("01T13:00"));
    let back = counted.replace("then home", "then wait_a_day, at most once, then home");
    let mut case = open(&back);
    send(&mut case, done("first", &[]), "01T10:00");
    case.advance(at("01T13:00")).expect("time goes on");
    send(&mut case, done("second", &[]), "01T14:00");
    case.advance(at("01T14:00")).expect("time goes on");
    assert_eq!(
        steps(&case).iter().map(|step| step.id.as_str()).collect::<Vec<_>>(),
        ["second#2"],
        "it is over at once"
    );
}

#[test]
fn what_was_waited_for_is_done_and_its_time_counts() {
    let promised = text(WAIT)
        .replace("held by team", "held by person")
        .replace("\nby default", "\npromises\n  nobody reaches second without wait_a_day first\n\nby default");
    let library = compile(&promised);
    let proof = library.pathways().next().and_then(|(id, _)| library.proof(id)).expect("it is proved");
    assert!(proof.holds(), "{}", library.report());
    let longest = proof.longest.as_ref().expect("it has a longest time");
    let without = compile(&promised.replace("for 1 day", "for 1 minute"));
    let shorter = without.pathways().next().and_then(|(id, _)| without.proof(id)).and_then(|it| it.longest.clone());
    let shorter = shorter.expect("it has a longest time").at_most;
    assert_eq!(longest.at_most.seconds() - shorter.seconds(), 24 * 60 * 60 - 60);
    assert!(longest.played.is_some_and(|played| played > Length::days(1)), "somebody who waited was played");
}
