//! To whom something that is escalated is given (7.2, 10.6): to nobody who could not have had it by the pathway.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::calendar::Length;
use onward::engine::{Case, Event, EventKind};
use small::{at, done, open, send, steps};

fn give(to: &str) -> EventKind {
    EventKind::Reassign { step: "first".into(), to: to.into(), within: Length::minutes(30), reason: None }
}

/// What is said to whoever gives what is escalated to somebody who may not have it; and that it is then as it was.
fn refused(case: &mut Case, to: &str, now: &str) -> String {
    let before = case.record().clone();
    let refusal = case.apply(Event::new("give", give(to)), at(now)).expect_err("it is not given to them");
    assert_eq!((refusal.code(), case.record() == &before), ("wrong-answer", true));
    refusal.to_string()
}

#[test]
fn what_is_kept_from_a_role_is_not_asked_by_them_either() {
    let mut case = open(
        "facts\n  afraid text kept from team\n\nrole carer\n\nstep first\n  led by nurse\n  finds afraid\n  within 2 hours\n  then home",
    );
    case.advance(at("01T11:00")).expect("it is late");
    assert!(steps(&case)[0].escalated_to.is_some());
    let said = refused(&mut case, "team", "01T11:10");
    assert!(said.contains("finds what is kept from that role"), "{said}");
    send(&mut case, give("nurse"), "01T11:20");
    assert_eq!(steps(&case)[0].owner, "nurse");
}

#[test]
fn a_handover_is_given_to_nobody_but_the_two_between_whom_it_is() {
    let handover = "role visitor\n\nhand over first\n  from nurse\n  to team\n  carrying pain\n  accepted within 2 hours\n  if declined, saying why -> over\n  then home";
    let text = small::text(handover).replace("fills team", "fills team, visitor");
    let mut case = small::open_text(&text);
    case.advance(at("01T11:00")).expect("it is late");
    let said = refused(&mut case, "visitor", "01T11:10");
    assert!(said.contains("between those who hand over and who receive"), "{said}");
    send(&mut case, give("team"), "01T11:20");
    assert_eq!(steps(&case)[0].owner, "team");
}

#[test]
fn whoever_must_agree_does_not_decide_alone() {
    let advised = "step first0\n  led by nurse\n  finds pain\n  within 2 hours\n  then first\n\ndecide first\n  advise nurse to decide within 1 hour\n  agreed by team\n  if they disagree -> over\n  otherwise because one of wish\n  when pain at least 7 -> home\n  if none of these -> over\n  if we do not know yet -> over";
    let text = small::text(advised).replace("starts at first\n", "starts at first0\n");
    let mut case = small::open_text(&text);
    send(&mut case, done("first0", &[("pain", "8")]), "01T10:00");
    case.advance(at("01T11:00")).expect("it is late");
    let said = refused(&mut case, "team", "01T11:10");
    assert!(said.contains("with the agreement of that role"), "{said}");
    send(&mut case, give("nurse"), "01T11:20");
}
