//! Two who find different things (1.3, 10.41): what is then known, who is asked, and what keeps nobody waiting.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{By, Case, CaseRecord, EntryKind, Event, EventKind, Outcome, Standing, Withdrawn, Work};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, open_in, send, steps, text};

/// A decision by what may be disputed, whose arbiter is there on weekdays only by the ladder.
const FRAIL: &str = "facts
  frailty 1 to 9 found by nurse or therapist good for 14 days if disputed ask consultant within 1 day

role consultant
role therapist

step first
  led by nurse
  finds frailty
  within 3 days
  then second

step second
  led by team
  finds ready
  within 3 days
  then where

decide where
  when frailty at least 6 -> home
  if none of these -> over
  if we do not know yet -> ask, at most once, then team decides within 4 hours

step ask
  led by team
  finds what is missing
  within 1 day
  then back to the decision";

/// Who settles it.
const CLINIC: &str = "
contact clinic
  fills consultant, therapist
  open every day 09:00 to 17:00
  on bank holidays as usual
";

fn whole(steps: &str) -> String {
    text(steps) + CLINIC
}

fn case() -> Case {
    open_in(&compile(&whole(FRAIL)))
}

fn record(case: &mut Case, role: &str, value: &str, now: &str) {
    try_record(case, role, value, now, None).unwrap_or_else(|refusal| panic!("{refusal}"));
}

fn try_record(
    case: &mut Case,
    role: &str,
    value: &str,
    now: &str,
    happened: Option<&str>,
) -> Result<onward::engine::Answer, onward::engine::Refusal> {
    let facts = [(Name::from("frailty"), Answer::Value(value.to_string()))].into();
    let id = format!("r{}", case.record().journal.len());
    let happened = happened.map(at);
    let event = Event { by: By::role(role), happened, ..Event::new(id, EventKind::Record { facts }) };
    case.apply(event, at(now))
}

fn settle(case: &mut Case, role: &str, value: &str, now: &str) -> Result<(), onward::engine::Refusal> {
    let what = EventKind::Settle { fact: "frailty".into(), value: value.to_string(), reason: None };
    let id = format!("s{}", case.record().journal.len());
    case.apply(Event { by: By::role(role), ..Event::new(id, what) }, at(now)).map(drop)
}

fn frailty(case: &Case) -> Option<&str> {
    case.record().facts.get("frailty").map(|known| known.value.as_str())
}

fn disputed() -> Case {
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    record(&mut case, "therapist", "7", "01T11:00");
    case
}

/// What is saved and loaded again goes on as it was, and its journal makes it what it is.
fn hangs_together(case: &Case) {
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    let text = case.record().to_json();
    let record = CaseRecord::from_json(&text).expect("what was saved can be read");
    let library = compile(&whole(FRAIL));
    let loaded = library.load(record).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.record(), case.record());
}

#[test]
fn two_who_find_different_things_are_both_kept_and_it_is_not_known() {
    let mut case = disputed();
    assert_eq!(frailty(&case), None);
    let all = steps(&case);
    assert_eq!(all[0].step, "first");
    let asked = &all[1];
    assert_eq!(
        (asked.id.as_str(), asked.owner.as_str(), asked.due),
        ("settle/frailty#1", "consultant", at("02T11:00"))
    );
    let Work::Settle { fact, found } = &asked.work else { panic!("{asked:?}") };
    let said: Vec<(&str, Option<&str>)> = found.iter().map(|it| (it.value.as_str(), it.by.role.as_deref())).collect();
    assert_eq!((fact.as_str(), said), ("frailty", vec![("5", Some("nurse")), ("7", Some("therapist"))]));
    // Nobody else is asked for it again, and nobody waits for it.
    assert!(all[0].finds.is_empty(), "{all:?}");
    send(&mut case, done("first", &[]), "01T12:00");
    assert_eq!(steps(&case)[0].step, "second");
    hangs_together(&case);
}

#[test]
fn whoever_is_asked_settles_it() {
    let mut case = disputed();
    settle(&mut case, "consultant", "6", "01T15:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((frailty(&case), steps(&case).len()), (Some("6"), 1));
    let stands = case.record().facts.get("frailty").map(|it| it.happened);
    assert_eq!(stands, Some(at("01T15:00")));
    hangs_together(&case);
    // And what they record of it does too.
    let mut case = disputed();
    record(&mut case, "consultant", "7", "01T15:00");
    assert_eq!((frailty(&case), steps(&case).len()), (Some("7"), 1));
}

#[test]
fn nobody_else_settles_it_and_nothing_that_is_not_disputed() {
    let mut case = disputed();
    let refusal = settle(&mut case, "nurse", "6", "01T15:00").expect_err("a nurse is not asked");
    assert_eq!(refusal.code(), "not-asked");
    let refusal = settle(&mut case, "consultant", "12", "01T15:00").expect_err("no frailty is that much");
    assert_eq!(refusal.code(), "bad-value");
    settle(&mut case, "consultant", "6", "01T15:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    let refusal = settle(&mut case, "consultant", "5", "01T16:00").expect_err("it is settled");
    assert_eq!(refusal.code(), "not-disputed");
}

#[test]
fn only_two_who_may_find_it_dispute_it() {
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    // The same nurse has looked again.
    record(&mut case, "nurse", "6", "01T11:00");
    assert_eq!(frailty(&case), Some("6"));
    // Who says the same does not dispute it, nor who may not find it, and what stood then stands as ever (10.4).
    record(&mut case, "therapist", "6", "01T12:00");
    record(&mut case, "team", "4", "01T13:00");
    assert_eq!((frailty(&case), steps(&case).len()), (Some("4"), 1));
}

#[test]
fn what_is_no_longer_good_disputes_nothing() {
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    try_record(&mut case, "therapist", "7", "15T10:01", None).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(frailty(&case), Some("7"));
    // At the very last instant it is good, it does.
    let mut case = disputed_at("15T10:00");
    assert_eq!(frailty(&case), None);
    hangs_together(&case);
    // Nor what is learnt late and was so too long ago.
    try_record(&mut case, "consultant", "6", "15T10:00", None).unwrap_or_else(|refusal| panic!("{refusal}"));
    try_record(&mut case, "nurse", "9", "15T10:00", Some("01T09:59")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(frailty(&case), Some("6"));
}

fn disputed_at(now: &str) -> Case {
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    record(&mut case, "therapist", "7", now);
    case
}

#[test]
fn an_arbiter_who_is_silent_is_escalated_and_the_last_is_asked_until_there_is_an_answer() {
    let mut case = disputed();
    assert_eq!(case.due(), Some(at("02T11:00")));
    case.advance(at("02T11:00")).expect("time goes on");
    let asked = |case: &Case| {
        let all = steps(case);
        let it = all.iter().find(|it| it.work.is_beside()).unwrap_or_else(|| panic!("{all:?}"));
        (it.owner.to_string(), it.due)
    };
    assert_eq!(asked(&case), ("ward".to_string(), at("02T12:00")));
    case.advance(at("02T12:00")).expect("time goes on");
    assert_eq!(asked(&case), ("office".to_string(), at("02T12:15")));
    case.advance(at("02T12:15")).expect("time goes on");
    assert_eq!(asked(&case), ("office".to_string(), at("02T12:45")));
    // Whoever is on the ladder may answer, in whatever role; and what was open is open still.
    settle(&mut case, "team", "7", "02T12:20").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((frailty(&case), steps(&case).len()), (Some("7"), 1));
    let stood_down = |entry: &onward::engine::Entry| matches!(&entry.what, EntryKind::StoodDown { step, contact, .. } if *step == "settle/frailty" && *contact == "office");
    assert!(case.record().journal.iter().any(stood_down));
    hangs_together(&case);
}

#[test]
fn an_arbiter_who_is_silent_where_nothing_is_escalated_is_asked_again_every_day() {
    let nobody_else = FRAIL.replacen("within 3 days", "within 30 days\n  if late -> over", 1);
    let mut case = open_in(&compile(&whole(&nobody_else)));
    record(&mut case, "nurse", "5", "01T10:00");
    record(&mut case, "therapist", "7", "01T11:00");
    for day in 2..9 {
        let due = at(&format!("{day:02}T11:00"));
        assert_eq!(case.due(), Some(due));
        case.advance(due).expect("time goes on");
    }
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

/// Disputed by two on the ward's clinic, where the fact is kept from those roles.
fn kept_from(roles: &str) -> (onward::Library, Case) {
    let kept = FRAIL
        .replace(
            "found by nurse or therapist good for 14 days",
            &format!("found by carer or therapist kept from {roles} good for 14 days"),
        )
        .replace("role therapist", "role therapist\nrole carer");
    let library = compile(&(text(&kept) + &CLINIC.replace("consultant, therapist", "consultant, therapist, carer")));
    let mut case = open_in(&library);
    record(&mut case, "carer", "5", "01T10:00");
    record(&mut case, "therapist", "7", "01T11:00");
    (library, case)
}

/// Who is asked what it is, by when, and whom one turns to next.
fn asked(case: &Case) -> Option<(String, onward::calendar::Moment, String)> {
    let it = steps(case).into_iter().find(|it| it.work.is_beside())?;
    Some((it.owner.to_string(), it.due, it.if_late))
}

fn who(who: &str, by: &str, then: &str) -> Option<(String, onward::calendar::Moment, String)> {
    Some((who.to_string(), at(by), then.to_string()))
}

#[test]
fn nobody_on_the_ladder_is_asked_who_may_not_see_it() {
    // The first rung: passed over, and the next is asked at once.
    let (_, mut case) = kept_from("nurse");
    assert_eq!(asked(&case), who("consultant", "02T11:00", "escalate to help"));
    let answer = case.advance(at("02T11:00")).expect("time goes on");
    assert_eq!(asked(&case), who("office", "02T11:15", "ask office again"));
    let to_ward = |it: &onward::engine::Effect| matches!(&it.what, onward::engine::EffectKind::Escalated { contact, .. } if *contact == "ward");
    assert!(!answer.effects.iter().any(to_ward), "{answer:?}");
    // The last: who is last of the others is asked again, as the last rung is.
    let (_, mut case) = kept_from("team");
    case.advance(at("02T11:00")).expect("time goes on");
    assert_eq!(asked(&case), who("ward", "02T12:00", "ask ward again"));
    case.advance(at("02T12:00")).expect("time goes on");
    assert_eq!(asked(&case), who("ward", "02T14:00", "ask ward again"));
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    let what = EventKind::Cannot { step: "settle/frailty".into(), reason: "never saw them".into() };
    send(&mut case, what, "02T12:30");
    assert_eq!((asked(&case), case.record().disputed.len()), (None, 0), "nobody is left who could say");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn where_nobody_on_the_ladder_may_see_it_its_arbiter_is_asked_again() {
    let (library, mut case) = kept_from("nurse, team");
    assert_eq!(asked(&case), who("consultant", "02T11:00", "ask consultant again"));
    for due in ["03T11:00", "04T11:00"] {
        let now = case.due().expect("it is due");
        case.advance(now).expect("time goes on");
        assert_eq!(asked(&case), who("consultant", due, "ask consultant again"));
    }
    let saved = CaseRecord::from_json(&case.record().to_json()).expect("it can be read");
    let loaded = library.load(saved).unwrap_or_else(|error| panic!("{error}"));
    loaded.verify().unwrap_or_else(|error| panic!("{error}"));
    let what = EventKind::Cannot { step: "settle/frailty".into(), reason: "never saw them".into() };
    send(&mut case, what, "03T11:30");
    assert_eq!(asked(&case), None);
}

#[test]
fn who_may_not_see_it_any_more_is_not_asked_any_more() {
    let (_, mut case) = kept_from("nurse");
    case.advance(at("02T11:00")).expect("time goes on");
    assert_eq!(asked(&case), who("office", "02T11:15", "ask office again"));
    // In another directory nobody on the ladder fills anything but roles from which it is kept.
    let (library, _) = kept_from("nurse, team");
    let there = library.pathway("small").and_then(|it| it.directory()).expect("there is one");
    // The pathway is another then: what is kept is part of what it means.
    assert_eq!(library.follow(&case, there, at("02T11:05")).expect_err("another").code(), "other-pathway");
    let (library, case) = {
        let text = text(&FRAIL.replace(" good for 14 days", " kept from team good for 14 days")) + CLINIC;
        let moved = text[text.find("directory here").expect("there")..]
            .replace("directory here", "directory there")
            .replace("fills nurse", "fills team")
            .replace("fills consultant", "fills nurse, consultant")
            .replace("fills team\n  open always", "fills nurse, team\n  open always");
        let library = compile(&format!("{text}\n{moved}"));
        let here = library.directory_named("here").expect("there");
        let opening = onward::engine::Opening { id: "c".into(), ..Default::default() };
        let pathway = library.pathway("small").expect("there").id;
        let (mut case, _) = library.open_draft(pathway, here, opening, at("01T09:00")).expect("it opens");
        record(&mut case, "nurse", "5", "01T10:00");
        record(&mut case, "therapist", "7", "01T11:00");
        case.advance(at("02T11:00")).expect("time goes on");
        (library, case)
    };
    assert_eq!(asked(&case), who("ward", "02T12:00", "ask ward again"));
    let there = library.directory_named("there").expect("there");
    let (follows, _) = library.follow(&case, there, at("02T11:05")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(asked(&follows), who("office", "02T11:20", "ask office again"));
    follows.verify().unwrap_or_else(|error| panic!("{error}"));
}

fn correct(case: &mut Case, role: &str, value: &str, now: &str) {
    let entry = case.record().facts.get("frailty").expect("it is known").entry;
    let what = EventKind::Correct { entry, answer: Answer::Value(value.to_string()), reason: "the wrong line".into() };
    let id = format!("c{}", case.record().journal.len());
    case.apply(Event { by: By::role(role), ..Event::new(id, what) }, at(now)).unwrap_or_else(|it| panic!("{it}"));
}

#[test]
fn what_was_corrected_is_still_as_found_by_whoever_found_it() {
    let finders = |case: &Case| -> Vec<(String, String)> {
        let found = &case.record().disputed["frailty"];
        let by = |it: &onward::engine::Found| it.by.role.as_deref().unwrap_or("").to_string();
        found.iter().map(|it| (by(it), it.value.clone())).collect()
    };
    let named = |role: &str, value: &str| (role.to_string(), value.to_string());
    let mut one = case();
    record(&mut one, "nurse", "5", "01T10:00");
    correct(&mut one, "therapist", "6", "01T11:00");
    // Who found it finds something else later: that is no dispute with themselves.
    let mut other = one.clone();
    record(&mut other, "nurse", "7", "01T12:00");
    assert_eq!((frailty(&other), other.record().disputed.len()), (Some("7"), 0));
    hangs_together(&other);
    // Who put it right finds something else themselves.
    record(&mut one, "therapist", "7", "01T12:00");
    assert_eq!(finders(&one), [named("nurse", "6"), named("therapist", "7")]);
    hangs_together(&one);
    // So is one of two that are disputed: nobody disputes with themselves.
    let mut two = disputed();
    let entry = two.record().disputed["frailty"][0].entry;
    let what = EventKind::Correct { entry, answer: Answer::Value("4".into()), reason: "the wrong line".into() };
    two.apply(Event { by: By::role("therapist"), ..Event::new("c", what) }, at("01T12:00")).expect("it is corrected");
    assert_eq!(finders(&two).iter().map(|(role, _)| role.as_str()).collect::<Vec<_>>(), ["nurse", "therapist"]);
    hangs_together(&two);
}

#[test]
fn where_nobody_can_say_it_is_unknown_and_asked_for_again() {
    let mut case = disputed();
    let cannot = |case: &mut Case, now: &str| {
        let what = EventKind::Cannot { step: "settle/frailty".into(), reason: "never saw them".into() };
        send(case, what, now)
    };
    cannot(&mut case, "01T12:00");
    assert_eq!(steps(&case)[1].escalated_to.as_deref(), Some("ward"));
    cannot(&mut case, "01T12:10");
    assert_eq!(steps(&case)[1].escalated_to.as_deref(), Some("office"));
    cannot(&mut case, "01T12:20");
    assert_eq!((steps(&case).len(), frailty(&case)), (1, None));
    assert_eq!(steps(&case)[0].finds, ["frailty"]);
    hangs_together(&case);
}

#[test]
fn an_arbiter_who_is_away_is_escalated_at_once() {
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    let within = FRAIL.replace("within 1 day\n\nrole consultant", "within 2 hours\n\nrole consultant");
    let mut short = open_in(&compile(&whole(&within)));
    record(&mut short, "nurse", "5", "01T10:00");
    record(&mut short, "therapist", "7", "01T20:00");
    let asked = steps(&short).remove(1);
    assert_eq!(asked.escalated_to.as_deref(), Some("office"), "the ward closes before its hour is over: {asked:?}");
}

#[test]
fn the_arbiter_may_be_one_of_the_two() {
    // Theirs is the word that stands when they say it last.
    let mut case = case();
    record(&mut case, "nurse", "5", "01T10:00");
    record(&mut case, "consultant", "7", "01T11:00");
    assert_eq!((frailty(&case), steps(&case).len()), (Some("7"), 1));
    // What somebody found after that is a dispute, and they are asked, with both before them.
    record(&mut case, "therapist", "4", "02T11:00");
    assert_eq!((frailty(&case), steps(&case)[1].owner.as_str()), (None, "consultant"));
    settle(&mut case, "consultant", "4", "02T12:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(frailty(&case), Some("4"));
    hangs_together(&case);
}

#[test]
fn a_third_value_is_kept_too() {
    let mut case = disputed();
    record(&mut case, "nurse", "6", "01T12:00");
    let Work::Settle { found, .. } = &steps(&case)[1].work else { panic!("it is asked") };
    assert_eq!(found.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["5", "7", "6"]);
    assert_eq!((steps(&case).len(), steps(&case)[1].id.as_str()), (2, "settle/frailty#1"));
    hangs_together(&case);
}

#[test]
fn a_decision_does_not_know_what_is_disputed_and_one_that_was_taken_stands() {
    let mut case = disputed();
    send(&mut case, done("first", &[]), "01T12:00");
    send(&mut case, done("second", &[("ready", "yes")]), "01T13:00");
    // It is asked for by nobody but the arbiter, so the step that finds what is missing has nothing to ask.
    assert_eq!((steps(&case)[0].step.as_str(), steps(&case)[0].finds.len()), ("ask", 0));
    send(&mut case, done("ask", &[]), "01T14:00");
    assert_eq!(steps(&case)[0].owner, "team");
    assert!(matches!(steps(&case)[0].work, Work::Decide { .. }));
    hangs_together(&case);
    // The decision was taken, and then it is disputed: nothing is undone.
    let mut case = case_of_two_decisions();
    record(&mut case, "nurse", "7", "01T10:00");
    send(&mut case, done("first", &[]), "01T11:00");
    assert_eq!(steps(&case)[0].step, "stay");
    record(&mut case, "therapist", "2", "01T12:00");
    assert_eq!(steps(&case).iter().map(|it| it.step.as_str()).collect::<Vec<_>>(), ["stay", "settle/frailty"]);
}

fn case_of_two_decisions() -> Case {
    let steps = FRAIL.replace("then second", "then look").replace(
        "decide where",
        "decide look\n  when frailty at least 6 -> stay\n  if none of these -> second\n  if we do not know yet -> second\n\n\
         step stay\n  led by team\n  within 3 days\n  then home\n\ndecide where",
    );
    open_in(&compile(&whole(&steps)))
}

#[test]
fn when_all_of_it_is_too_old_nobody_is_asked_any_more() {
    let mut case = disputed_at("03T10:00");
    assert_eq!(case.due(), Some(at("04T09:00")), "`first` is late then");
    while case.due().is_some_and(|due| due < at("17T10:00")) {
        let due = case.due().unwrap_or_else(|| panic!("it is due"));
        case.advance(due).expect("time goes on");
        assert_eq!(frailty(&case), None, "a doubt does not pass by itself");
    }
    let asked = |case: &Case| steps(case).iter().any(|it| it.work.is_beside());
    assert!(asked(&case));
    case.advance(at("17T10:00")).expect("time goes on");
    assert!(asked(&case), "the later of the two is good up to that instant");
    case.advance(at("17T10:01")).expect("time goes on");
    assert!(!asked(&case) && case.record().disputed.is_empty());
    hangs_together(&case);
}

#[test]
fn it_is_asked_three_times_in_a_case_and_then_stays_unknown() {
    let mut case = case();
    for day in 1..=4 {
        record(&mut case, "nurse", "5", &format!("0{day}T10:00"));
        record(&mut case, "therapist", "7", &format!("0{day}T11:00"));
        let asked = steps(&case).iter().any(|it| it.work.is_beside());
        assert_eq!((asked, frailty(&case)), (day <= 3, None));
        if asked {
            settle(&mut case, "consultant", "5", &format!("0{day}T12:00"))
                .unwrap_or_else(|refusal| panic!("{refusal}"));
        }
    }
    // Whoever may settle it may still say.
    settle(&mut case, "consultant", "5", "04T12:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(frailty(&case), Some("5"));
}

#[test]
fn a_case_that_ends_tells_the_holder_what_is_still_asked() {
    let mut case = disputed();
    send(&mut case, done("first", &[]), "01T12:00");
    send(&mut case, done("second", &[("ready", "yes")]), "01T13:00");
    send(&mut case, done("ask", &[]), "01T14:00");
    let what = EventKind::Decide { step: None, option: "home".into(), advice: None, otherwise: None, reason: None };
    let answer = send(&mut case, what, "01T15:00");
    assert_eq!(ending(&case), Some("home"));
    let told = answer.effects.iter().any(|it| {
        matches!(&it.what, onward::engine::EffectKind::Tell { who, text } if *who == "team" && text.contains("Frailty"))
    });
    assert!(told, "{answer:?}");
    assert!(case.record().beside.is_empty() && matches!(answer.standing, Standing::Closed(_)));
    hangs_together(&case);
}

#[test]
fn a_death_asks_nobody_any_more() {
    let mut case = disputed();
    send(&mut case, EventKind::Life { what: onward::engine::LifeEvent::Died }, "01T12:00");
    let stood_down = |entry: &onward::engine::Entry| matches!(&entry.what, EntryKind::Ended { step, how: Outcome::StoodDown, .. } if *step == "settle/frailty");
    assert!(case.record().journal.iter().any(stood_down));
}

#[test]
fn a_value_that_is_taken_back_ends_the_dispute() {
    let mut case = disputed();
    let entry = case.record().disputed["frailty"][1].entry;
    let what = EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: Some("another patient".into()) };
    case.apply(Event { by: By::role("therapist"), ..Event::new("w", what) }, at("01T12:00")).expect("it is theirs");
    assert_eq!((frailty(&case), steps(&case).len()), (Some("5"), 1));
    hangs_together(&case);
}

#[test]
fn what_is_settled_for_ever_can_be_disputed_and_is_presumed_no_more() {
    let settled = FRAIL.replace(" good for 14 days", " presumed 3 until found otherwise settled");
    let mut case = open_in(&compile(&whole(&settled)));
    record(&mut case, "nurse", "3", "01T10:00");
    let same = try_record(&mut case, "nurse", "4", "01T10:30", None).expect_err("what one said is settled");
    assert_eq!(same.code(), "settled");
    record(&mut case, "therapist", "4", "01T11:00");
    assert_eq!(frailty(&case), None);
    let view = case.known(at("01T11:00"));
    let fact = case.shared().fact("frailty").expect("there");
    assert_eq!(onward::workflow::Known::value(&view, fact), None, "nor is it as presumed");
    settle(&mut case, "consultant", "3", "01T12:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(frailty(&case), Some("3"));
}

#[test]
fn a_case_opens_only_where_somebody_can_be_asked() {
    let sources = vec![onward::Source::new("small.pathway", text(FRAIL))];
    let report = onward::Library::compile(sources).expect_err("nobody is a consultant");
    assert!(report.to_string().contains("nobody in `here` fills `consultant`, who is asked if `frailty`"), "{report}");
}
