//! The rules of semantics.md, sections 4 to 7 and 10, one by one, on small pathways.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::engine::{Because, By, Case, EffectKind, EntryKind, Event, EventKind, LifeEvent, Outcome, Standing, Work};
use onward::model::{Answer, Name};
use small::{at, done, ending, only, open, send, steps};

const ONE_STEP: &str = "step first\n  led by nurse\n  within 2 hours\n  then home";

#[test]
fn an_event_at_the_very_instant_of_the_deadline_is_in_time() {
    let mut case = open(ONE_STEP);
    send(&mut case, done("first", &[]), "01T11:00");
    assert_eq!(ending(&case), Some("home"));
    assert!(!case.record().journal.iter().any(|entry| matches!(entry.what, EntryKind::Escalated { .. })));

    let mut case = open(ONE_STEP);
    case.advance(at("01T11:00")).expect("time goes on");
    assert_eq!(only(&case).escalated_to, Some("ward".into()));
}

#[test]
fn what_falls_due_comes_before_an_event_and_late_recording_undoes_no_history() {
    let mut case = open(ONE_STEP);
    let late = Event { happened: Some(at("01T10:30")), ..Event::new("e", done("first", &[])) };
    let answer = case.apply(late, at("01T11:20")).expect("it is still open");
    // It went to the ladder at 11:00, and the contact is told to stand down.
    let kinds: Vec<&EffectKind> = answer.effects.iter().map(|effect| &effect.what).collect();
    assert!(
        matches!(kinds[0], EffectKind::Escalated { contact, answer_by, .. } if *contact == "ward" && *answer_by == at("01T12:00"))
    );
    assert!(matches!(kinds[1], EffectKind::StoodDown { contact: Some(contact), .. } if *contact == "ward"));
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn a_ladder_passes_over_who_is_closed_and_climbs_when_nobody_answers() {
    // Due at 20:30 in London, when the ward is closed.
    let mut case = open(&ONE_STEP.replace("2 hours", "10 hours 30 minutes"));
    let answer = case.advance(at("01T19:30")).expect("time goes on");
    assert!(matches!(&answer.effects[0].what, EffectKind::PassedOver { rung, .. } if *rung == "ward"));
    assert_eq!(only(&case).owner, "office");

    let mut case = open(ONE_STEP);
    case.advance(at("01T11:00")).expect("time goes on");
    let step = only(&case);
    assert_eq!((step.owner.as_str(), step.due, step.if_late.as_str()), ("ward", at("01T12:00"), "ask office"));
    case.advance(at("01T12:00")).expect("time goes on");
    let step = only(&case);
    assert_eq!((step.owner.as_str(), step.due), ("office", at("01T12:15")));
    assert_eq!(step.escalated_because, Some(Because::Late));
    // A last rung that does not answer is asked again, after longer each time; the person is never dropped.
    for (now, next) in [("01T12:15", "01T12:45"), ("01T12:45", "01T13:45"), ("01T13:45", "01T15:45")] {
        case.advance(at(now)).expect("time goes on");
        assert_eq!((only(&case).owner.as_str(), only(&case).due), ("office", at(next)));
    }
}

#[test]
fn a_rung_is_open_only_if_it_is_for_the_whole_of_its_time_to_answer() {
    // Due at 19:30 in London: the ward closes at 20:00, and has an hour to answer.
    let mut case = open(&ONE_STEP.replace("2 hours", "9 hours 30 minutes"));
    case.advance(at("01T18:30")).expect("time goes on");
    assert_eq!(only(&case).owner, "office");
}

#[test]
fn an_escalation_is_answered_done_reassigned_or_cannot() {
    let escalated = || {
        let mut case = open(ONE_STEP);
        case.advance(at("01T11:00")).expect("time goes on");
        case
    };
    let mut case = escalated();
    send(&mut case, done("first", &[]), "01T11:10");
    assert_eq!(ending(&case), Some("home"));

    let mut case = escalated();
    let within = |hours| EventKind::Reassign {
        step: "first".into(),
        to: "team".into(),
        within: Length::hours(hours),
        reason: None,
    };
    let refusal = case.apply(Event::new("long", within(3)), at("01T11:10")).expect_err("the step has 2 hours");
    assert_eq!(refusal.to_string(), "`first` can be given to another for 2 hours at the most, and not for 3 hours");
    send(&mut case, within(2), "01T11:10");
    let step = only(&case);
    assert_eq!((step.owner.as_str(), step.due, step.escalated_to), ("team", at("01T13:10"), None));
    case.advance(at("01T13:10")).expect("time goes on");
    let refusal = case.apply(Event::new("again", within(2)), at("01T13:20")).expect_err("once is once");
    assert_eq!(refusal.to_string(), "`first` cannot be given to another: the ladder `help` allows it once");

    let mut case = escalated();
    let cannot = || EventKind::Cannot { step: "first".into(), reason: "no staff".into() };
    send(&mut case, cannot(), "01T11:10");
    assert_eq!(only(&case).owner, "office", "the next rung");
    send(&mut case, cannot(), "01T11:12");
    assert_eq!(ending(&case), Some("over"), "if nobody can");
}

const HANDOVER: &str = "hand over first\n  from nurse\n  to team\n  carrying pain\n  accepted within 4 hours
  if declined, saying why -> put_right, at most once, then over\n  then home\n
step put_right\n  led by nurse\n  within 1 hour\n  then first";

#[test]
fn the_sender_owns_a_handover_until_it_is_accepted() {
    let mut case = open(HANDOVER);
    let step = only(&case);
    assert_eq!((step.owner.as_str(), &step.work), ("nurse", &Work::Accept { by: "team".into() }));
    let conditional = EventKind::Accept { step: "first".into(), condition: Some("a key safe".into()) };
    let refusal = case.apply(Event::new("x", conditional), at("01T10:00")).expect_err("not offered");
    assert!(refusal.to_string().contains("is not offered on a condition; what fits is: accept, refuse"), "{refusal}");
    let refusal = case.apply(Event::new("y", done("first", &[])), at("01T10:00")).expect_err("a handover is not done");
    assert!(refusal.to_string().contains("it is accepted, not done"), "{refusal}");
    let refuse = || EventKind::Refuse { step: "first".into(), reason: "no letter".into() };
    send(&mut case, refuse(), "01T10:00");
    send(&mut case, done("put_right", &[]), "01T10:30");
    assert_eq!(only(&case).id, "first#2");
    let mut again = case.clone();
    send(&mut again, refuse(), "01T11:00");
    assert_eq!(ending(&again), Some("over"), "it may be put right once");
    send(&mut case, EventKind::Accept { step: "first#2".into(), condition: None }, "01T11:00");
    assert_eq!(ending(&case), Some("home"));
    assert_eq!(case.record().closed.as_ref().map(|closed| closed.held_by.as_str()), Some("team"));
}

const TOGETHER: &str = "together first\n  one led by nurse within 4 hours\n  two led by team within 6 hours\n  three led by team within 8 hours
  JOIN within 12 hours\n  OTHERWISE -> over\n  then home";

#[test]
fn a_join_counts_what_is_done_and_what_is_not() {
    let all = TOGETHER.replace("JOIN", "all done").replace("OTHERWISE", "if not all done");
    let mut case = open(&all);
    assert_eq!(steps(&case).iter().map(|step| step.step.as_str()).collect::<Vec<_>>(), ["one", "two", "three"]);
    assert!(steps(&case).iter().all(|step| step.part_of == Some("first".into())));
    for branch in ["one", "three"] {
        send(&mut case, done(branch, &[]), "01T10:00");
    }
    let mut other = case.clone();
    send(&mut case, done("two", &[]), "01T10:00");
    assert_eq!(ending(&case), Some("home"));
    send(&mut other, EventKind::Declined { step: "two".into(), reason: None }, "01T10:00");
    assert_eq!(ending(&other), Some("over"));

    let first = TOGETHER.replace("JOIN", "first 1 done").replace("OTHERWISE", "if fewer than 1 are done");
    let mut case = open(&first);
    send(&mut case, EventKind::Declined { step: "two".into(), reason: None }, "01T10:00");
    let answer = send(&mut case, done("one", &[]), "01T10:00");
    let down = answer
        .effects
        .iter()
        .filter(|effect| matches!(&effect.what, EffectKind::StoodDown { step, .. } if step == "three#1"));
    assert_eq!(down.count(), 1, "the rest is told to stand down: {answer:?}");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn too_few_of_the_first_so_many_are_counted_when_all_have_ended() {
    let text = TOGETHER.replace("JOIN", "first 2 done").replace("OTHERWISE", "if fewer than 2 are done");
    let mut case = open(&text);
    send(&mut case, EventKind::Declined { step: "two".into(), reason: None }, "01T10:00");
    assert_eq!(ending(&case), None, "two of three can still be done");
    let mut enough = case.clone();
    for branch in ["one", "three"] {
        send(&mut enough, done(branch, &[]), "01T11:00");
    }
    assert_eq!(ending(&enough), Some("home"));
    send(&mut case, EventKind::Cannot { step: "one".into(), reason: "nobody has the key".into() }, "01T11:00");
    assert_eq!(
        steps(&case).iter().map(|step| step.step.as_str()).collect::<Vec<_>>(),
        ["one", "three"],
        "on its ladder"
    );
    send(&mut case, EventKind::Cannot { step: "one".into(), reason: "nobody has it here either".into() }, "01T11:05");
    send(&mut case, EventKind::Cannot { step: "one".into(), reason: "nor here".into() }, "01T11:10");
    assert_eq!(only(&case).step, "three", "what is still worth doing is done, though two cannot be any more");
    send(&mut case, done("three", &[]), "01T12:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn a_death_in_the_middle_of_three_branches_stands_all_of_them_down() {
    let mut case = open(&TOGETHER.replace("JOIN", "all done").replace("OTHERWISE", "if not all done"));
    send(&mut case, done("one", &[]), "01T10:00");
    let answer = send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T11:00");
    let mut down: Vec<&str> = Vec::new();
    for effect in &answer.effects {
        match &effect.what {
            EffectKind::StoodDown { step, .. } => down.push(step),
            EffectKind::Tell { who, .. } => assert_ne!(*who, "person", "{answer:?}"),
            _ => {}
        }
    }
    assert_eq!(down, ["two#1", "three#1"], "{answer:?}");
    assert_eq!(ending(&case), Some("over"));
}

const REPEAT: &str =
    "repeat first\n  every 12 hours\n  led by nurse\n  finds ready\n  until ready -> home\n  at most twice, then over";

#[test]
fn rounds_are_due_on_their_own_grid_and_counted() {
    let mut case = open(REPEAT);
    assert_eq!(only(&case).due, at("01T21:00"));
    send(&mut case, done("first", &[("ready", "no")]), "01T10:00");
    assert_eq!((only(&case).id.as_str(), only(&case).due), ("first#2", at("02T09:00")));
    assert_eq!(only(&case).finds, [Name::from("ready")], "each round finds it afresh");
    let mut ready = case.clone();
    send(&mut ready, done("first", &[("ready", "yes")]), "01T20:00");
    assert_eq!(ending(&ready), Some("home"));
    send(&mut case, done("first", &[("ready", "no")]), "01T20:00");
    assert_eq!(ending(&case), Some("over"));

    // Unknown is not yet.
    let mut case = open(REPEAT);
    let facts = [(Name::from("ready"), Answer::CouldNot("asleep".into()))].into();
    send(&mut case, EventKind::Done { step: "first".into(), facts }, "01T10:00");
    assert_eq!(only(&case).id, "first#2");
}

const ASKING: &str = "decide first\n  when pain at least 7 -> home\n  if none of these -> over
  if we do not know yet -> find_out, at most once, then team decides within 4 hours\n
step find_out\n  led by nurse\n  finds what is missing\n  within 1 hour\n  then back to the decision";

#[test]
fn a_decision_that_is_not_known_asks_and_then_somebody_decides() {
    let mut case = open(ASKING);
    let step = only(&case);
    assert_eq!((step.step.as_str(), step.finds.as_slice()), ("find_out", &[Name::from("pain")][..]));
    let mut known = case.clone();
    send(&mut known, done("find_out", &[("pain", "8")]), "01T09:30");
    assert_eq!(ending(&known), Some("home"));
    let facts = [(Name::from("pain"), Answer::Declined("would not say".into()))].into();
    send(&mut case, EventKind::Done { step: "find_out".into(), facts }, "01T09:30");
    let step = only(&case);
    let options = vec![Name::from("home"), Name::from("over")];
    assert_eq!(step.work, Work::Decide { options, missing: vec!["pain".into()], not_now: vec![], advice: None });
    assert_eq!((step.owner.as_str(), step.due), ("team", at("01T13:30")));
    let wrong =
        EventKind::Decide { step: None, option: "find_out".into(), advice: None, otherwise: None, reason: None };
    let refusal = case.apply(Event::new("x", wrong), at("01T10:00")).expect_err("no option");
    assert_eq!(refusal.to_string(), "`find_out` is not an option here; the options are `home`, `over`");
    send(
        &mut case,
        EventKind::Decide {
            step: Some("first".into()),
            option: "home".into(),
            advice: None,
            otherwise: None,
            reason: None,
        },
        "01T10:00",
    );
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn a_fact_is_good_up_to_and_including_its_last_instant_and_due_names_the_next() {
    let steps = ASKING.replace("decide first", "step first\n  led by nurse\n  finds pain\n  within 3 days\n  then second\n\nstep second\n  led by nurse\n  within 3 days\n  then third\n\ndecide third");
    for (when, expected) in [("01T15:00", Some("home")), ("01T15:01", None)] {
        let mut case = open(&steps);
        send(&mut case, done("first", &[("pain", "9")]), "01T09:00");
        assert_eq!(
            case.due(),
            Some(at("01T15:00").plus(Length::from_seconds(1))),
            "the fact goes stale before the deadline"
        );
        send(&mut case, done("second", &[]), when);
        assert_eq!(ending(&case), expected, "{when}");
    }
}

#[test]
fn what_happened_later_stands_whatever_is_recorded_last() {
    let mut case = open(ONE_STEP);
    let pain = |text: &str| EventKind::Record { facts: [(Name::from("pain"), Answer::Value(text.into()))].into() };
    send(&mut case, pain("4"), "01T10:00");
    let before = Event { happened: Some(at("01T09:30")), ..Event::new("late", pain("9")) };
    case.apply(before, at("01T10:10")).expect("it is recorded");
    assert_eq!(case.record().facts["pain"].value, "4");
    send(&mut case, pain("5"), "01T10:10");
    assert_eq!(case.record().facts["pain"].value, "5");
    let recorded = case.record().journal.iter().filter(|entry| matches!(entry.what, EntryKind::Recorded { .. }));
    assert_eq!(recorded.count(), 3, "nothing is overwritten");
}

#[test]
fn a_draft_that_finds_no_way_on_says_so_and_looks_again() {
    // Nobody thought of a pain of 5 and 6.
    let gap = ASKING.replace("  if none of these -> over\n", "  when pain at most 4 -> over\n");
    let mut case = open(&gap);
    let answer = send(&mut case, done("find_out", &[("pain", "5")]), "01T09:30");
    assert!(answer.draft);
    let Standing::Stranded(stranded) = answer.standing else { panic!("it is stranded") };
    assert_eq!((stranded.decision.as_str(), stranded.missing), ("first", Vec::new()));
    assert!(case.next().is_none());
    let facts = |text: &str| EventKind::Record { facts: [(Name::from("pain"), Answer::Value(text.into()))].into() };
    let answer = send(&mut case, facts("6"), "01T10:00");
    assert!(matches!(answer.standing, Standing::Stranded(_)));
    let mut life = case.clone();
    send(&mut life, EventKind::Life { what: LifeEvent::Withdrew }, "01T10:30");
    assert_eq!(ending(&life), Some("over"));
    send(&mut case, facts("7"), "01T10:30");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn reasons_name_the_row_the_facts_and_who_found_them() {
    let mut case = open(ASKING);
    let by = By { who: Some("staff-17".into()), ..By::role("nurse") };
    let event = Event { by, ..Event::new("e", done("find_out", &[("pain", "3")])) };
    case.apply(event, at("01T09:30")).expect("it fits");
    let why = case.why("over").expect("it came there");
    let onward::engine::Cause::Decided(looked) = why.cause else { panic!("a decision led there") };
    assert_eq!((looked.decision.as_str(), looked.row), ("first", Some(2)));
    let first = &looked.rows[0];
    assert_eq!((first.words.as_str(), first.verdict, first.leads_to.as_str()), ("pain at least 7", "no", "home"));
    let fact = &first.facts[0];
    assert_eq!((fact.name.as_str(), fact.value.as_deref(), fact.happened), ("pain", Some("3"), Some(at("01T09:30"))));
    assert_eq!(fact.by.as_ref().and_then(|by| by.who.as_deref()), Some("staff-17"));
    let why_not = case.why_not("home").expect("there is such a place");
    assert!(!why_not.was_reached && why_not.leads_there.contains(&"first".into()));
    assert_eq!(why_not.decisions[0].rows[0].verdict, "no");
    // The first look was not known, and said what was missing.
    let looks = case.decisions();
    assert_eq!((looks[0].row, looks[0].missing.as_slice()), (None, &[Name::from("pain")][..]));
    assert_eq!(looks[0].rows[0].verdict, "unknown");
    let ended =
        case.record().journal.iter().any(|entry| matches!(entry.what, EntryKind::Ended { how: Outcome::Done, .. }));
    assert!(ended);
}

#[test]
fn after_advancing_to_what_is_due_the_next_is_later() {
    let steps = "step first\n  led by nurse\n  finds pain\n  within 3 days\n  then second\n
step second\n  led by nurse\n  within 3 days\n  then home";
    let mut case = open(steps);
    send(&mut case, done("first", &[("pain", "9")]), "01T10:00");
    let mut last = at("01T10:00");
    for _ in 0..12 {
        let due = case.due().expect("something is due while it is open");
        assert!(due > last, "{due} after {last}");
        let revision = case.record().revision;
        case.advance(due).expect("time goes on");
        assert!(case.record().revision > revision);
        last = due;
    }
    assert_eq!(case.replay().expect("it can be replayed").record(), case.record());
}

#[test]
fn many_decisions_in_a_row_are_no_deeper_than_one() {
    let mut steps = String::new();
    for number in 0..3_000 {
        let name = if number == 0 { "first".to_string() } else { format!("d{number}") };
        let next = if number == 2_999 { "home".to_string() } else { format!("d{}", number + 1) };
        steps.push_str(&format!(
            "decide {name}\n  when ready -> over\n  if none of these -> {next}\n  if we do not know yet -> {next}\n\n"
        ));
    }
    assert_eq!(ending(&open(&steps)), Some("home"));
    let circle = "decide first\n  when ready -> over\n  if none of these -> over\n  if we do not know yet -> second, at most 5000 times, then home\n
decide second\n  when ready -> over\n  if none of these -> over\n  if we do not know yet -> first";
    assert_eq!(ending(&open(circle)), Some("home"));
}

#[test]
fn a_block_that_is_given_to_somebody_when_its_branches_are_over_is_theirs() {
    let block =
        TOGETHER.replace("JOIN", "all done").replace("OTHERWISE -> over", "if not all done -> escalate to help");
    let mut case = open(&block);
    for branch in ["one", "two", "three"] {
        send(&mut case, EventKind::Declined { step: branch.into(), reason: None }, "01T10:00");
    }
    assert_eq!(only(&case).step, "first");
    let give = |to: &str, within| EventKind::Reassign { step: "first".into(), to: to.into(), within, reason: None };
    let mut refused = |what, code: &str| {
        let before = case.record().clone();
        let refusal = case.apply(Event::new("x", what), at("01T10:10")).expect_err("it does not fit");
        assert_eq!((refusal.code(), case.record()), (code, &before), "{refusal}");
    };
    refused(give("team", Length::ZERO), "no-time");
    refused(give("team", Length::hours(-3)), "no-time");
    refused(give("nobody", Length::hours(3)), "unknown-role");
    let answer = send(&mut case, give("team", Length::hours(3)), "01T10:10");
    assert!(answer.effects.iter().any(
        |it| matches!(&it.what, EffectKind::Reassigned { to, due, .. } if *to == "team" && *due == at("01T13:10"))
    ));
    assert!(
        answer
            .effects
            .iter()
            .any(|it| matches!(&it.what, EffectKind::StoodDown { contact: Some(contact), .. } if *contact == "ward"))
    );
    assert_eq!((only(&case).step.as_str(), only(&case).owner.as_str()), ("first", "team"));
    send(&mut case, done("first", &[]), "01T12:00");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn what_is_repeated_can_go_back_to_the_decision_from_any_round() {
    let mut case = open(
        "decide first\n  when pain at least 7 -> home\n  if none of these -> over\n  if we do not know yet -> look, at most 3 times, then over\n
repeat look\n  every 4 hours\n  led by nurse\n  until ready -> back to the decision\n  at most 5 times, then over",
    );
    send(&mut case, done("look", &[]), "01T10:00");
    send(&mut case, done("look", &[("ready", "yes")]), "01T11:00");
    assert_eq!(only(&case).id, "look#3", "the pain is still not known, so it is looked for again");
    send(&mut case, done("look", &[("pain", "8")]), "01T12:00");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn a_role_chooses_among_what_can_still_be_reached() {
    let mut case = open(
        "decide first\n  when pain at least 7 -> again, at most once, then home\n  if none of these -> over\n  if we do not know yet -> team decides within 4 hours\n
step again\n  led by nurse\n  within 1 hour\n  then first",
    );
    let options = |case: &Case| match only(case).work {
        Work::Decide { options, .. } => options,
        other => panic!("{other:?}"),
    };
    let choose = |option: &str| EventKind::Decide {
        step: None,
        option: option.into(),
        advice: None,
        otherwise: None,
        reason: None,
    };
    assert_eq!(options(&case), [Name::from("again"), Name::from("over")]);
    send(&mut case, choose("again"), "01T10:00");
    send(&mut case, done("again", &[]), "01T10:30");
    assert_eq!(options(&case), [Name::from("home"), Name::from("over")]);
    assert!(case.apply(Event::new("x", choose("again")), at("01T11:00")).is_err());
    send(&mut case, choose("home"), "01T11:00");
    assert_eq!(ending(&case), Some("home"));
}

#[test]
fn a_handover_declined_again_while_somebody_is_asked_goes_up_the_ladder() {
    let again = HANDOVER.replace("put_right, at most once, then over", "escalate to help");
    let mut case = open(&again);
    let refuse = || EventKind::Refuse { step: "first".into(), reason: "no letter".into() };
    send(&mut case, refuse(), "01T10:00");
    assert_eq!(only(&case).owner, "ward");
    send(&mut case, refuse(), "01T10:10");
    assert_eq!(only(&case).owner, "office");
}

#[test]
fn an_event_that_names_no_step_is_for_none() {
    let mut case = open(ONE_STEP);
    let before = case.record().clone();
    assert!(case.apply(Event::new("x", done("", &[])), at("01T10:00")).is_err());
    assert_eq!(case.apply(Event::new("", done("first", &[])), at("01T10:00")).expect_err("no id").code(), "no-id");
    assert_eq!(case.record(), &before);
}

#[test]
fn after_a_crash_a_host_can_ask_for_the_effects_again() {
    let mut case = open(ONE_STEP);
    let sent = case.record().journal.len();
    let answer = case.advance(at("01T11:00")).expect("time goes on");
    assert!(!answer.effects.is_empty());
    assert_eq!(case.effects_since(sent), answer.effects);
    assert!(answer.effects.iter().all(|effect| effect.at == at("01T11:00")));
}
