//! Positive risk, rule by rule (3.4, 10.31 to 10.34): who is asked, who agrees what, what lapses, and the hard moments.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::engine::{By, Case, Cause, Event, EventKind, LifeEvent, Outcome, Refusal, Withdrawn, Work};
use onward::model::{Answer, Name};
use small::{at, ending, only, open_text, send, steps};

/// A person who may go home alone; the nurse and the team agree the plan.
fn text() -> String {
    let steps = "step first
  led by nurse
  finds what_matters
  within 1 day
  then alone

positive risk alone \"Home alone\"
  matters what_matters
  could happen \"A fall at night\"
  safety nets pendant before going
  decided by person, or best when not able
  plan agreed by nurse, team
  if they disagree -> talk, meanwhile kept_safe
  review look
  if it happens team answers within 2 hours
  within 1 day
  if we do not know yet -> assess, at most once, then team decides within 4 hours
  if it cannot be done -> alone, at most once, then escalate to help
  accepted -> pendant
  not accepted -> over

best interests best \"What is best\"
  for able
  led by team
  with nurse
  within 2 days
  instruct speaker within 5 days when nobody_near
  if we do not know yet -> over

step assess
  led by team
  finds what is missing
  within 1 day
  then back to the decision

together talk
  meet led by team within 1 day
  meanwhile kept_safe led by nurse within 2 days
  all done within 1 day
  if not all done -> over
  then over

step pendant
  led by nurse
  within 1 day
  then going

step going
  led by nurse
  within 1 day
  then look

step look
  led by team
  within 3 days
  then over

facts
  what_matters text
  able yes or no presumed yes until found otherwise good for 7 days
  nobody_near yes or no

role speaker";
    let text = small::text(steps);
    let text = text.replace("role nurse\n", "role nurse\n  profession nursing\n");
    text.replace("role team\n", "role team\n  profession social_work\n")
        .replace("  fills team", "  fills team, speaker")
}

fn record(facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Record { facts: facts.collect() }
}

/// A case in which the person is asked.
fn asked() -> Case {
    asked_knowing(&[])
}

fn asked_knowing(facts: &[(&str, &str)]) -> Case {
    let mut case = open_text(&text());
    if !facts.is_empty() {
        send(&mut case, record(facts), "01T09:30");
    }
    send(&mut case, small::done("first", &[("what_matters", "my cat")]), "01T10:00");
    case
}

fn advice(case: &Case) -> Option<String> {
    steps(case).into_iter().find_map(|step| match step.work {
        Work::Decide { advice, .. } => advice.map(|advice| advice.id),
        _ => None,
    })
}

fn decides(case: &Case, option: &str) -> EventKind {
    let (step, advice) = (Some("alone".into()), advice(case));
    EventKind::Decide { step, option: option.into(), advice, otherwise: None, reason: None }
}

fn agrees(case: &Case, role: &str) -> EventKind {
    let (step, advice) = (Some("alone".into()), advice(case));
    EventKind::Agree { step, role: role.into(), option: "alone".into(), advice }
}

fn disagrees(case: &Case, role: &str) -> EventKind {
    let (step, advice) = (Some("alone".into()), advice(case));
    EventKind::Disagree { step, role: role.into(), reason: "the stairs".into(), advice }
}

fn withdraw() -> EventKind {
    EventKind::Withdraw { what: Withdrawn::Risk { risk: "alone".into() }, reason: Some("the nights are long".into()) }
}

fn refused(case: &mut Case, what: EventKind, now: &str) -> Refusal {
    let before = case.record().to_json();
    let refusal = case.apply(Event::new("refused", what), at(now)).expect_err("it does not fit");
    assert_eq!(case.record().to_json(), before, "{refusal}");
    refusal
}

/// What came of it, as conditions see it at a moment.
fn came(case: &Case, now: &str) -> String {
    let id = case.shared().fact("alone").expect("it is a fact of its own");
    let value = onward::workflow::Known::value(&case.known(at(now)), id).expect("it is always known");
    case.shared().facts[id.index()].show(value)
}

/// A case in which it was accepted, at noon.
fn accepted() -> Case {
    let mut case = asked();
    for role in ["nurse", "team"] {
        let agrees = agrees(&case, role);
        send(&mut case, agrees, "01T11:00");
    }
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T12:00");
    case
}

#[test]
fn the_person_is_asked_and_advised_nothing() {
    let step = only(&asked());
    assert_eq!((step.step.as_str(), step.owner.as_str(), step.due), ("alone/person", "person", at("02T10:00")));
    let Work::Decide { options, advice: Some(advice), .. } = step.work else { panic!("somebody decides") };
    assert_eq!(options, ["alone/accepted", "alone/not_accepted"].map(Name::from));
    assert_eq!((advice.advises, advice.agreed.len()), (None, 2));
}

#[test]
fn in_whichever_order_they_say_so_it_is_accepted_when_all_have() {
    let said = |case: &Case, who: usize| match who {
        0 => decides(case, "accepted"),
        1 => agrees(case, "nurse"),
        _ => agrees(case, "team"),
    };
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut case = asked();
        for (number, who) in order.into_iter().enumerate() {
            assert_eq!(came(&case, "01T11:00"), "open", "{order:?}, {number}");
            let what = said(&case, who);
            send(&mut case, what, "01T11:00");
        }
        assert_eq!((only(&case).step.as_str(), came(&case, "01T11:00").as_str()), ("pendant", "accepted"), "{order:?}");
    }
}

#[test]
fn nobody_has_to_agree_to_a_no() {
    let mut case = asked();
    let no = decides(&case, "not_accepted");
    send(&mut case, no, "01T11:00");
    assert_eq!((ending(&case), came(&case, "01T11:00").as_str()), (Some("over"), "not_accepted"));
    // And nobody agrees to one.
    let mut case = asked();
    let (step, advice) = (Some("alone".into()), advice(&case));
    let agree = EventKind::Agree { step, role: "nurse".into(), option: "not_accepted".into(), advice };
    assert_eq!(refused(&mut case, agree, "01T11:00").code(), "not-an-option");
}

#[test]
fn who_disagrees_ends_it_and_somebody_is_there_until_they_have_met() {
    let mut case = asked();
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T11:00");
    let no = disagrees(&case, "team");
    send(&mut case, no, "01T11:30");
    assert_eq!(came(&case, "01T11:30"), "not_agreed");
    let open: Vec<String> = steps(&case).iter().map(|step| step.step.to_string()).collect();
    assert_eq!(open, ["meet", "kept_safe"]);
    assert!(steps(&case).iter().any(|step| step.work == Work::BeThere));
    // Nothing is done there; and it is over with the meeting, not before.
    assert_eq!(refused(&mut case, small::done("kept_safe", &[]), "01T12:00").code(), "wrong-answer");
    send(&mut case, small::done("meet", &[]), "01T13:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn who_cannot_be_kept_safe_meanwhile_is_not_left_waiting() {
    let mut case = asked();
    let no = disagrees(&case, "team");
    send(&mut case, no, "01T11:30");
    send(&mut case, EventKind::Declined { step: "kept_safe".into(), reason: None }, "01T12:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn nobody_at_the_meeting_leaves_somebody_who_is_asked_and_somebody_who_is_there() {
    let mut case = asked();
    let no = disagrees(&case, "nurse");
    send(&mut case, no, "01T11:00");
    case.advance(at("02T11:00")).expect("time goes on");
    let open = steps(&case);
    assert!(open.iter().any(|step| step.step == *"kept_safe"), "{open:?}");
    assert!(open.iter().any(|step| step.escalated_to.is_some()), "{open:?}");
}

#[test]
fn accepted_and_disagreed_at_one_instant_is_what_was_said_first() {
    let mut case = accepted();
    // All had agreed and the person has accepted: there is nothing left to disagree about.
    let late = disagrees(&case, "nurse");
    assert_eq!(refused(&mut case, late, "01T12:00").code(), "not-open");
    assert_eq!(came(&case, "01T12:00"), "accepted");
    let mut case = asked();
    let no = disagrees(&case, "nurse");
    send(&mut case, no, "01T12:00");
    let yes = decides(&case, "accepted");
    assert_eq!(refused(&mut case, yes, "01T12:00").code(), "not-open");
    assert_eq!(came(&case, "01T12:00"), "not_agreed");
}

#[test]
fn what_is_accepted_and_not_agreed_in_time_is_not_agreed() {
    let mut case = asked();
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T11:00");
    let nurse = agrees(&case, "nurse");
    send(&mut case, nurse, "01T11:00");
    case.advance(at("02T10:00")).expect("time goes on");
    assert_eq!(came(&case, "02T10:00"), "not_agreed");
    let disagreed = case
        .record()
        .journal
        .iter()
        .any(|entry| matches!(&entry.what, onward::engine::EntryKind::Ended { how: Outcome::Disagreed, .. }));
    assert!(disagreed && steps(&case).len() == 2);
    // Where the person has said nothing, they are asked by somebody else.
    let mut case = asked();
    case.advance(at("02T10:00")).expect("time goes on");
    assert_eq!((only(&case).step.as_str(), only(&case).escalated_to.is_some()), ("alone/person", true));
}

#[test]
fn what_was_accepted_can_be_taken_back_also_when_it_was_acted_on() {
    let mut case = accepted();
    send(&mut case, small::done("pendant", &[]), "02T09:00");
    send(&mut case, small::done("going", &[]), "02T12:00");
    send(&mut case, withdraw(), "02T20:00");
    // Where the case stands does not change by itself.
    assert_eq!((only(&case).step.as_str(), came(&case, "02T20:00").as_str()), ("look", "open"));
    let refusal = refused(&mut case, withdraw(), "02T21:00");
    assert_eq!(refusal.code(), "nothing-to-withdraw");
    assert_eq!(refusal.to_string(), "`alone` is open; what is accepted is: nothing");
    let nothing = EventKind::Withdraw { what: Withdrawn::Risk { risk: "pendant".into() }, reason: Some("no".into()) };
    assert!(refused(&mut case, nothing, "02T21:00").to_string().starts_with("`pendant` is no positive risk"));
    let silent = EventKind::Withdraw { what: Withdrawn::Risk { risk: "alone".into() }, reason: None };
    assert_eq!(refused(&mut accepted(), silent, "01T13:00").code(), "reason-needed");
}

#[test]
fn what_was_taken_back_before_it_was_written_down_is_taken_back() {
    let mut case = accepted();
    let said_earlier = Event { happened: Some(at("01T10:30")), ..Event::new("late", withdraw()) };
    case.apply(said_earlier, at("02T20:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(came(&case, "02T20:00"), "open");
    case.verify().expect("its journal makes it");
}

#[test]
fn what_the_person_decided_lapses_when_they_are_not_able_to_decide_it_any_more() {
    let mut case = accepted();
    send(&mut case, record(&[("able", "no")]), "01T13:00");
    assert_eq!(came(&case, "01T13:00"), "open");
    // It does not come back by itself.
    send(&mut case, record(&[("able", "yes")]), "01T14:00");
    assert_eq!(came(&case, "01T14:00"), "open");
    // A saved case knows it as well.
    let saved = case.record().to_json();
    assert!(saved.contains("\"alone\""), "{saved}");
}

#[test]
fn who_is_not_able_is_not_asked() {
    let mut case = asked_knowing(&[("able", "no"), ("nobody_near", "no")]);
    let step = only(&case);
    assert_eq!((step.step.as_str(), step.owner.as_str()), ("alone/best/team", "team"));
    // The team decides, and so agrees already.
    let nurse = agrees(&case, "nurse");
    send(&mut case, nurse, "01T11:00");
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T12:00");
    assert_eq!(came(&case, "01T12:00"), "accepted_in_best_interests");
    let why = case.why("pendant").expect("it came there");
    let Cause::Came { what, .. } = why.cause else { panic!("{:?}", why.cause) };
    assert_eq!(what, "accepted_in_best_interests");
    // It stands while they are not able to, and is theirs as soon as they are.
    let mut again = case.clone();
    again.advance(at("08T09:00")).expect("time goes on");
    assert_eq!(came(&case, "08T09:30"), "accepted_in_best_interests");
    assert_eq!(came(&case, "08T09:31"), "open");
    send(&mut case, record(&[("able", "yes")]), "01T13:00");
    assert_eq!(came(&case, "01T13:00"), "open");
}

#[test]
fn nobody_decides_before_whoever_speaks_for_the_person_has_reported() {
    let mut case = asked_knowing(&[("able", "no"), ("nobody_near", "yes")]);
    assert_eq!(only(&case).step.as_str(), "alone/best/speaker");
    let yes = decides(&case, "accepted");
    assert_eq!(refused(&mut case, yes, "01T11:00").code(), "not-open");
    // No report: it is asked for, by somebody who is there, and nobody is dropped.
    case.advance(at("07T10:00")).expect("time goes on");
    let step = only(&case);
    assert_eq!((step.step.as_str(), step.escalated_to.is_some()), ("alone/best/speaker", true));
    send(&mut case, small::done("alone/best/speaker", &[]), "07T11:00");
    assert_eq!(only(&case).step.as_str(), "alone/best/team");
}

#[test]
fn who_becomes_unable_while_asked_may_say_no_and_cannot_accept() {
    let mut case = asked();
    send(&mut case, record(&[("able", "no"), ("nobody_near", "no")]), "01T11:00");
    let yes = decides(&case, "accepted");
    assert_eq!(refused(&mut case, yes, "01T12:00").code(), "option-not-open");
    // That it cannot be decided by them leads to their best interests.
    let cannot = EventKind::Cannot { step: "alone".into(), reason: "not able to decide it today".into() };
    send(&mut case, cannot, "01T12:00");
    assert_eq!(only(&case).step.as_str(), "alone/best/team");
    // A no of somebody who could not say it does not stand.
    let mut case = asked();
    send(&mut case, record(&[("able", "no")]), "01T11:00");
    let no = decides(&case, "not_accepted");
    send(&mut case, no, "01T12:00");
    assert_eq!((ending(&case), came(&case, "01T12:00").as_str()), (Some("over"), "open"));
}

/// Something is done by somebody in a role.
fn by(role: &str, what: EventKind) -> Event {
    Event { by: By::role(role), ..Event::new(format!("by-{role}"), what) }
}

#[test]
fn nobody_decides_for_the_person_what_is_theirs_to_decide() {
    let mut case = asked();
    let no = decides(&case, "not_accepted");
    let refusal = case.apply(by("team", no.clone()), at("01T11:00")).expect_err("it is the person's");
    assert_eq!((refusal.code(), refusal.about().as_deref()), ("for-the-person", Some("alone/person")));
    // They do not answer in time, and somebody on the ladder is asked: who cannot decide it either, or give it to another.
    case.advance(at("02T10:30")).expect("time goes on");
    assert!(only(&case).escalated_to.is_some(), "somebody is asked");
    let no = decides(&case, "not_accepted");
    assert_eq!(case.apply(by("team", no.clone()), at("20T11:01")).expect_err("as before").code(), "for-the-person");
    let give = EventKind::Reassign { step: "alone".into(), to: "nurse".into(), within: Length::hours(1), reason: None };
    assert_eq!(refused(&mut case, give, "02T10:31").code(), "for-the-person");
    case.apply(by("person", no), at("02T10:32")).expect("they say so themselves");
    assert_eq!(came(&case, "02T10:32"), "not_accepted");
}

#[test]
fn what_was_accepted_and_not_agreed_ends_though_somebody_on_the_ladder_was_asked_before() {
    let mut case = asked();
    case.advance(at("02T10:30")).expect("time goes on");
    assert!(only(&case).escalated_to.is_some(), "the person was late, and somebody is asked");
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "02T10:31");
    case.advance(at("02T12:00")).expect("time goes on");
    let open = |case: &Case| case.record().open.iter().map(|open| open.step.to_string()).collect::<Vec<_>>();
    assert!(open(&case).iter().all(|step| !step.starts_with("alone")), "{:?}", open(&case));
    assert_eq!(came(&case, "02T12:00"), "not_agreed");
}

#[test]
fn what_was_agreed_before_is_asked_anew_when_it_changes_who_can_decide() {
    let mut case = asked();
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T11:00");
    send(&mut case, record(&[("able", "no")]), "01T11:30");
    send(&mut case, record(&[("able", "yes")]), "01T11:45");
    for role in ["nurse", "team"] {
        let agrees = agrees(&case, role);
        send(&mut case, agrees, "01T12:00");
    }
    // What the person said before is not taken for said now.
    assert_eq!(only(&case).step.as_str(), "alone/person");
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T13:00");
    assert_eq!(only(&case).step.as_str(), "pendant");
}

#[test]
fn whether_somebody_is_able_may_have_to_be_found_out() {
    let mut case = open_text(&text());
    send(&mut case, record(&[("able", "no")]), "01T09:30");
    case.advance(at("09T09:00")).expect("time goes on");
    send(&mut case, small::done("first", &[("what_matters", "my cat")]), "09T10:00");
    let step = only(&case);
    assert_eq!((step.step.as_str(), step.finds.as_slice()), ("assess", ["able".into()].as_slice()));
    send(&mut case, small::done("assess", &[("able", "yes")]), "09T11:00");
    assert_eq!(only(&case).step.as_str(), "alone/person");
}

#[test]
fn a_death_meanwhile_ends_all_of_it() {
    for mut case in [asked(), accepted()] {
        send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T13:00");
        assert_eq!(ending(&case), Some("over"));
    }
    let mut case = asked();
    let no = disagrees(&case, "team");
    send(&mut case, no, "01T11:30");
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T12:00");
    assert_eq!((ending(&case), steps(&case).len()), (Some("over"), 0));
}

#[test]
fn a_saved_case_goes_on_as_it_was() {
    let mut case = asked();
    let yes = decides(&case, "accepted");
    send(&mut case, yes, "01T11:00");
    let library = small::compile(&text());
    let mut again = library.load(case.record().clone()).unwrap_or_else(|error| panic!("{error}"));
    for role in ["nurse", "team"] {
        let agrees = agrees(&again, role);
        send(&mut again, agrees.clone(), "01T12:00");
        send(&mut case, agrees, "01T12:00");
    }
    assert_eq!((again.record(), only(&again).step.as_str()), (case.record(), "pendant"));
}
