//! What a case answers, and what it can be asked: everything the host is to do, reasons, what would fit, and how far
//! one input can reach. On small pathways, rule by rule.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::engine::{
    By, Case, CaseRecord, Cause, EffectKind, EntryKind, Event, EventKind, Opening, Outcome, Standing, Work,
};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, only, open, open_in, open_text, send, text};

const ONE_STEP: &str = "step first\n  led by nurse\n  within 2 hours\n  then home";

const TWO_STEPS: &str = "step first\n  led by nurse\n  within 2 hours\n  then second\n
step second\n  led by team\n  within 3 hours\n  tell person \"we will call\"\n  then home";

const HANDOVER: &str = "hand over first\n  from nurse\n  to team\n  carrying pain\n  accepted within 4 hours
  if declined, saying why -> escalate to help\n  then look\n
step look\n  led by team\n  finds pain, ready\n  within 2 hours\n  then home";

const TOGETHER: &str = "together first\n  one led by nurse within 4 hours\n  two led by team within 6 hours
  all done within 12 hours\n  if not all done -> escalate to help\n  then home";

const REPEAT: &str = "repeat first\n  every 12 hours\n  led by nurse\n  finds ready\n  until ready -> home\n  at most twice, then escalate to help";

const ASKING: &str =
    "decide first\n  when pain at least 7 -> home\n  if none of these -> over, saying why \"it passes\"
  if we do not know yet -> find_out, at most once, then team decides within 4 hours\n
step find_out\n  led by nurse\n  finds what is missing\n  within 1 hour\n  then back to the decision";

fn record(fact: &str, value: &str) -> EventKind {
    EventKind::Record { facts: [(Name::from(fact), Answer::Value(value.into()))].into() }
}

fn declined(step: &str) -> EventKind {
    EventKind::Declined { step: step.into(), reason: None }
}

fn refused(case: &mut Case, what: EventKind, now: &str, code: &str) -> String {
    let before = case.record().clone();
    let refusal = case.apply(Event::new("refused", what), at(now)).expect_err("it does not fit");
    assert_eq!((refusal.code(), case.record()), (code, &before), "{refusal}");
    refusal.to_string()
}

#[test]
fn an_answer_says_everything_that_a_host_is_to_do() {
    let mut case = open(TWO_STEPS);
    let effects = |answer: onward::engine::Answer| -> Vec<(String, EffectKind)> {
        answer.effects.into_iter().map(|effect| (effect.id, effect.what)).collect()
    };
    let told = effects(send(&mut case, done("first", &[]), "01T10:00"));
    let opened = EffectKind::Opened { step: "second#1".into(), due: at("01T13:00") };
    let tell = EffectKind::Tell { who: "person".into(), text: "we will call".into() };
    assert_eq!(told.iter().map(|(_, what)| what).collect::<Vec<_>>(), [&opened, &tell]);
    let over = effects(send(&mut case, done("second", &[]), "01T11:00"));
    let closed = EffectKind::Closed { ending: "home".into(), held_by: "team".into() };
    assert_eq!(over.iter().map(|(_, what)| what).collect::<Vec<_>>(), [&closed]);
    // Their ids are their own, so that what is sent twice is seen to be the same.
    let ids: std::collections::BTreeSet<&String> = told.iter().chain(&over).map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn what_happened_at_this_very_moment_has_happened() {
    let mut case = open(ONE_STEP);
    let event = Event { happened: Some(at("01T10:00")), ..Event::new("e", done("first", &[])) };
    case.apply(event, at("01T10:00")).expect("it is not ahead of its time");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn time_that_goes_on_and_changes_nothing_is_not_written_down() {
    let mut case = open(ONE_STEP);
    let before = case.record().clone();
    let answer = case.advance(at("01T10:00")).expect("time goes on");
    assert_eq!((case.record(), answer.effects.len()), (&before, 0));
    // One that is over is left alone, whatever was known of it.
    let mut over = open(ONE_STEP);
    send(&mut over, record("pain", "3"), "01T09:30");
    send(&mut over, done("first", &[]), "01T10:00");
    let before = over.record().clone();
    over.advance(at("09T10:00")).expect("time goes on");
    assert_eq!(over.record(), &before);
}

#[test]
fn a_block_and_a_decision_are_not_the_persons_to_decline() {
    let mut case = open(TOGETHER);
    let said = refused(&mut case, declined("first"), "01T10:00", "wrong-answer");
    assert!(said.contains("what fits is: an event for one of its branches"), "{said}");
    for branch in ["one", "two"] {
        send(&mut case, declined(branch), "01T10:00");
    }
    // Now it is somebody's own next step.
    let said = refused(&mut case, declined("first"), "01T10:10", "wrong-answer");
    assert!(said.contains("is not the person's to decline; what fits is: done, cannot, reassign"), "{said}");
    let mut case = open(ASKING);
    let facts = [(Name::from("pain"), Answer::Declined("would not say".into()))].into();
    send(&mut case, EventKind::Done { step: "find_out".into(), facts }, "01T09:30");
    let said = refused(&mut case, declined("first"), "01T10:00", "wrong-answer");
    assert!(said.contains("is not the person's to decline; what fits is: decide, cannot"), "{said}");
    let said = refused(&mut case, done("first", &[]), "01T10:00", "wrong-answer");
    assert!(said.contains("an option is chosen"), "{said}");
}

#[test]
fn a_round_that_was_late_is_a_round_and_only_the_last_has_none_after_it() {
    let round = |ready: &str| done("first", &[("ready", ready)]);
    let mut case = open(REPEAT);
    case.advance(at("01T21:00")).expect("time goes on");
    assert!(only(&case).escalated_to.is_some());
    send(&mut case, round("no"), "01T21:10");
    assert_eq!((only(&case).id.as_str(), only(&case).due), ("first#2", at("02T09:10")));
    // The last round leads to the ladder; what is done there looks once more, and then nobody can.
    send(&mut case, round("no"), "02T08:00");
    assert!(only(&case).escalated_to.is_some());
    let mut ready = case.clone();
    send(&mut ready, round("yes"), "02T08:30");
    assert_eq!(ending(&ready), Some("home"));
    send(&mut case, round("no"), "02T08:30");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn the_receiver_knows_what_was_carried_and_finds_the_rest_again() {
    let mut case = open(HANDOVER);
    send(&mut case, record("pain", "3"), "01T09:10");
    send(&mut case, record("ready", "yes"), "01T09:10");
    send(&mut case, EventKind::Accept { step: "first".into(), condition: None }, "01T09:30");
    assert_eq!(only(&case).finds, [Name::from("ready")]);
    assert_eq!(case.record().facts.keys().map(|fact| fact.as_str()).collect::<Vec<_>>(), ["pain"]);
    // The journal keeps it.
    let recorded = case.record().journal.iter().filter(|it| matches!(it.what, EntryKind::Recorded { .. }));
    assert_eq!(recorded.count(), 2);
}

#[test]
fn of_two_records_that_happened_at_one_instant_the_later_stands() {
    let mut case = open(ONE_STEP);
    for value in ["4", "9"] {
        let what = record("pain", value);
        let event = Event { happened: Some(at("01T09:10")), ..Event::new(value, what) };
        case.apply(event, at("01T10:00")).expect("it is recorded");
    }
    assert_eq!(case.record().facts["pain"].value, "9");
}

#[test]
fn a_step_is_given_only_to_somebody_whom_the_directory_has() {
    let with_volunteers = text(ONE_STEP).replace("role team\n", "role volunteer\n\nrole team\n");
    let mut case = open_text(&with_volunteers);
    case.advance(at("01T11:00")).expect("time goes on");
    let give =
        |to: &str| EventKind::Reassign { step: "first".into(), to: to.into(), within: Length::hours(1), reason: None };
    let said = refused(&mut case, give("volunteer"), "01T11:10", "directory-lacks");
    assert!(said.contains("`volunteer`"), "{said}");
    send(&mut case, give("team"), "01T11:10");
    let counted = case.record().journal.iter().find_map(|entry| match &entry.what {
        EntryKind::Counted { taken, limit, used_up, .. } => Some((*taken, *limit, *used_up)),
        _ => None,
    });
    assert_eq!(counted, Some((1, 1, false)));
}

#[test]
fn asking_again_never_puts_an_answer_off() {
    let mut case = open(HANDOVER);
    let refuse = || EventKind::Refuse { step: "first".into(), reason: "no letter".into() };
    send(&mut case, refuse(), "01T10:00");
    send(&mut case, refuse(), "01T10:10");
    let asked = only(&case);
    assert_eq!((asked.owner.as_str(), asked.due), ("office", at("01T10:25")));
    // Whoever is last on the ladder keeps the time they were given.
    let answer = send(&mut case, refuse(), "01T10:20");
    assert_eq!((answer.effects, only(&case).due), (Vec::new(), at("01T10:25")));
}

#[test]
fn when_the_last_rung_is_closed_somebody_who_is_still_there_is_asked() {
    // Two surgeries fill the last rung; one of them closes for good at the end of the first of June.
    let moved = text(ONE_STEP)
        .replace("last office", "last surgery")
        .replace("role team\n", "role team\nrole surgery\n")
        .replace(
            "escalation help",
            "contact old_surgery\n  fills surgery\n  valid until 2026-06-01\n  open every day 08:00 to 09:00\n  on bank holidays as usual\n
contact new_surgery\n  fills surgery\n  open every day 08:00 to 09:00\n  on bank holidays as usual\n\nescalation help",
        );
    for (within, asked) in
        [("13 hours 59 minutes", "old_surgery"), ("14 hours", "new_surgery"), ("20 hours", "new_surgery")]
    {
        // The day ends at 23:00 UTC. The ward is closed by then.
        let mut case = open_text(&moved.replace("within 2 hours", &format!("within {within}")));
        case.advance(only(&case).due).expect("time goes on");
        assert_eq!(only(&case).owner, asked, "{within}");
    }
}

/// A circle of decisions that may be gone round so often, behind one step.
fn circle(times: u32) -> String {
    text(&format!(
        "step first\n  led by nurse\n  within 2 hours\n  then before\n
decide before\n  when ready -> over\n  if none of these -> ask\n  if we do not know yet -> ask\n
decide ask\n  when ready -> over\n  if none of these -> over\n  if we do not know yet -> again, at most {times} times, then home\n
decide again\n  when ready -> over\n  if none of these -> over\n  if we do not know yet -> ask"
    ))
}

#[test]
fn one_input_reaches_only_so_far() {
    // To leave the step, to decide and to ask, two decisions each time round, and to close: that is 20 000 in all.
    let mut case = open_text(&circle(9_998));
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(ending(&case), Some("home"));
    let mut case = open_text(&circle(9_999));
    refused(&mut case, done("first", &[]), "01T10:00", "too-much-at-once");
    // What was refused has not used anything up.
    send(&mut case, record("ready", "yes"), "01T10:00");
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn what_may_go_round_too_often_in_one_moment_is_found_before_a_case_refuses_it() {
    let too_often = |times: u32| {
        let library = compile(&circle(times));
        library.report().findings.iter().any(|finding| finding.kind.name() == "too-often")
    };
    // Two places each time round, and once more; and a little for what is left by then: a few rounds before it is refused.
    assert_eq!([9_989, 9_990].map(too_often), [false, true]);
}

#[test]
fn why_is_answered_for_every_place_the_person_came_to() {
    let mut case = open(ASKING);
    assert_eq!(case.why("first").map(|why| (why.cause, why.at)), Some((Cause::Start, at("01T09:00"))));
    let by = By { who: Some("staff-17".into()), ..By::role("nurse") };
    let facts = [(Name::from("pain"), Answer::Declined("would not say".into()))].into();
    let event = Event { by: by.clone(), ..Event::new("e", EventKind::Done { step: "find_out".into(), facts }) };
    case.apply(event, at("01T09:30")).expect("it fits");
    // The choice that now waits is asked for by the name of its decision.
    let Work::Decide { .. } = only(&case).work else { panic!("somebody decides") };
    let Some(Cause::Decided(looked)) = case.why("first").map(|why| why.cause) else { panic!("it was not known") };
    assert_eq!((looked.row, looked.missing.as_slice()), (None, &[Name::from("pain")][..]));
    let option = EventKind::Decide {
        step: None,
        option: "over".into(),
        advice: None,
        otherwise: None,
        reason: Some("her wish".into()),
    };
    case.apply(Event { by: by.clone(), ..Event::new("f", option) }, at("01T10:00")).expect("it fits");
    let Some(Cause::Ended { place, how, reason, by: who, .. }) = case.why("over").map(|why| why.cause) else {
        panic!("the choice led there")
    };
    assert_eq!((place.as_str(), how, reason.as_deref(), who), ("first/team", Outcome::Decided, Some("her wish"), by));
    assert!(case.why("home").is_none(), "nobody came there");

    let case = open(TOGETHER);
    let Some(Cause::Block { place, .. }) = case.why("two").map(|why| why.cause) else { panic!("its block opened it") };
    assert_eq!(place, "first");
}

#[test]
fn why_not_names_what_leads_there_once_and_how_it_was_decided() {
    let steps = "decide first\n  when pain at least 7 -> home\n  if none of these -> second, saying why \"not so bad\"
  if we do not know yet -> over\n
decide second\n  when ready -> home\n  when pain at least 5 -> home\n  if none of these -> look\n  if we do not know yet -> look\n
repeat look\n  every 4 hours\n  led by nurse\n  finds ready\n  until ready -> home\n  at most twice, then look_again\n
step look_again\n  led by team\n  within 2 hours\n  then over";
    let library = compile(&text(steps));
    let facts = [(Name::from("pain"), Answer::Value("2".into()))].into();
    let opening = Opening { id: "c".into(), facts, ..Opening::default() };
    let (case, _) = library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens");
    let not = case.why_not("home").expect("there is such a place");
    assert!(!not.was_reached);
    assert_eq!(not.leads_there.iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["first", "second", "look"]);
    let looked: Vec<(&str, Option<u32>)> = not.decisions.iter().map(|it| (it.decision.as_str(), it.row)).collect();
    assert_eq!(looked, [("first", Some(2)), ("second", None)]);
    // A decision tells its rows down to the one that was chosen, and the words its author chose for it.
    assert_eq!((not.decisions[0].rows.len(), not.decisions[0].saying.as_deref()), (2, Some("not so bad")));
    assert_eq!(case.why_not("look").map(|it| (it.was_reached, it.leads_there)), Some((true, vec!["second".into()])));
}

#[test]
fn a_score_is_said_as_one_number_once_it_is_known_and_as_a_range_before() {
    let scored = "score need\n  pain 0 to 4 scores 0, 5 to 10 scores 3\n  ready yes scores 0, no scores 1\n
decide first\n  when need at least 4 -> home\n  if none of these -> over\n  if we do not know yet -> find_out, at most once, then over\n
step find_out\n  led by nurse\n  finds what is missing\n  within 1 hour\n  then back to the decision";
    let mut case = open(scored);
    let value = |case: &Case| {
        case.decisions().last().and_then(|looked| looked.rows[0].facts[0].value.clone()).expect("a score has a value")
    };
    assert_eq!(value(&case), "0 to 4");
    send(&mut case, done("find_out", &[("pain", "5"), ("ready", "yes")]), "01T09:30");
    assert_eq!((value(&case).as_str(), ending(&case)), ("3", Some("over")));
}

#[test]
fn a_saved_case_leaves_out_what_is_not_there_and_keeps_the_rest() {
    let written = |case: &Case| case.record().to_json();
    let mut case = open(ONE_STEP);
    case.advance(at("01T11:00")).expect("time goes on");
    let text = written(&case);
    assert!(!text.contains("\"round\"") && !text.contains("\"asked_again\""), "{text}");
    for now in ["01T12:00", "01T12:15"] {
        case.advance(at(now)).expect("time goes on");
    }
    assert!(written(&case).contains("\"asked_again\":1"));
    assert!(written(&open(REPEAT)).contains("\"round\":1"));
}

#[test]
fn a_saved_block_is_loaded_with_its_branches_and_never_a_branch_alone() {
    let library = compile(&text(TOGETHER));
    let mut case = open_in(&library);
    case.advance(at("01T13:00")).expect("time goes on");
    let saved = case.record().clone();
    assert!(library.load(saved.clone()).is_ok_and(|loaded| loaded.verify() == Ok(())));
    let broken = |change: &dyn Fn(&mut CaseRecord), words: &str| {
        let mut changed = saved.clone();
        change(&mut changed);
        let error = library.load(changed).expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    };
    broken(&|it| it.open.retain(|open| open.step != "first"), "the block of `one` is not open");
    let escalated = |it: &mut CaseRecord, change: &dyn Fn(&mut onward::engine::Escalated)| {
        it.open.iter_mut().filter_map(|open| open.escalated.as_mut()).for_each(change);
    };
    broken(&|it| escalated(it, &|to| to.rung = 2), "a rung that is not there");
    broken(&|it| escalated(it, &|to| to.asked_again = u32::MAX), "a rung that is not there");
    broken(
        &|it| {
            it.journal.clear();
            it.entered.clear();
            it.revision = 0;
        },
        "neither open nor closed",
    );
    let fact =
        onward::engine::KnownFact { value: "yes".into(), happened: at("01T09:00"), entry: saved.journal.len() as u32 };
    broken(&|it| drop(it.facts.insert("ready".into(), fact.clone())), "a fact comes from nowhere");
}

#[test]
fn a_refusal_says_whether_trying_again_may_help() {
    let mut case = open(ONE_STEP);
    let refusal = case.apply(Event::new("x", done("second", &[])), at("01T10:00")).expect_err("no such step");
    assert!(!refusal.retry(), "nobody need try that again");
    let stale = Event { expects: Some(7), ..Event::new("x", done("first", &[])) };
    assert!(case.apply(stale, at("01T10:00")).expect_err("it has moved on").retry());
    assert!(matches!(case.standing(), Standing::Next(_)));
}
