//! Putting right what was recorded: corrections, what somebody takes back, and who is asked to look again (7.4, 10.42,
//! 10.43); and what is recorded late (6.2, 10.44).
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{
    About, By, Case, Cause, EffectKind, EntryKind, Event, EventKind, NextStep, Outcome, Refusal, Withdrawn, Work,
};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, open, open_in, send, steps, text};

/// A decision by how much pain there is, and what is done then.
const ROUND: &str = "step first
  led by nurse
  finds pain
  within 2 days
  then where

decide where
  when pain at least 7 -> treat
  if none of these -> rest
  if we do not know yet -> rest

step treat
  led by team
  within 2 days
  then home

step rest
  led by team
  within 2 days
  then over";

fn entry_of(case: &Case, fact: &str) -> u32 {
    case.record().facts.get(fact).unwrap_or_else(|| panic!("`{fact}` is known")).entry
}

fn correct(case: &mut Case, entry: u32, answer: Answer, now: &str) -> Result<onward::engine::Answer, Refusal> {
    let what = EventKind::Correct { entry, answer, reason: "the wrong line of the chart".into() };
    let id = format!("c{}", case.record().journal.len());
    case.apply(Event { by: By::role("nurse"), ..Event::new(id, what) }, at(now))
}

fn value(text: &str) -> Answer {
    Answer::Value(text.to_string())
}

fn reviews(case: &Case) -> Vec<NextStep> {
    steps(case).into_iter().filter(|it| matches!(it.work, Work::Review { .. })).collect()
}

/// Treated for pain that was there by the chart.
fn treated() -> Case {
    let mut case = open(ROUND);
    send(&mut case, done("first", &[("pain", "8")]), "01T10:00");
    assert_eq!(steps(&case)[0].step, "treat");
    case
}

#[test]
fn a_correction_that_undoes_the_reason_for_what_is_acted_on_already_is_looked_at_again() {
    let mut case = treated();
    let entry = entry_of(&case, "pain");
    let answer = correct(&mut case, entry, value("2"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    // What was decided stands, and is being done; whoever led it is asked to look again.
    assert_eq!(steps(&case)[0].step, "treat");
    let [review] = &reviews(&case)[..] else { panic!("{:?}", steps(&case)) };
    assert_eq!((review.id.as_str(), review.owner.as_str(), review.due), ("review/where#1", "nurse", at("02T11:00")));
    let Work::Review { decision, was, would } = &review.work else { panic!("{review:?}") };
    assert_eq!((decision.as_str(), *was, *would), ("where", Some(1), Some(2)));
    let opened =
        |it: &onward::engine::Effect| matches!(&it.what, EffectKind::Opened { step, .. } if step == "review/where#1");
    assert!(answer.effects.iter().any(opened), "{answer:?}");
    // What is known now is as corrected, and was so when it was.
    let known = &case.record().facts["pain"];
    assert_eq!((known.value.as_str(), known.happened), ("2", at("01T10:00")));
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    // They say what they found.
    let what = EventKind::Reviewed { step: "review/where".into(), reason: "rang the person: no pain, stop".into() };
    send(&mut case, what, "01T12:00");
    assert_eq!((reviews(&case).len(), steps(&case).len()), (0, 1));
    let reason = case.record().journal.iter().any(|entry| {
        matches!(&entry.what, EntryKind::Ended { step, how: Outcome::Done, reason: Some(why), .. } if *step == "review/where" && why.contains("stop"))
    });
    assert!(reason);
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn nobody_looks_again_where_it_would_be_decided_the_same() {
    let mut case = treated();
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("9"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((reviews(&case).len(), case.record().facts["pain"].value.as_str()), (0, "9"));
}

#[test]
fn a_decision_is_looked_at_once_however_often_it_is_corrected_and_not_when_it_was_right() {
    let mut case = treated();
    for (value_now, asked) in [("2", 1), ("3", 1), ("8", 0), ("1", 1)] {
        let entry = entry_of(&case, "pain");
        correct(&mut case, entry, value(value_now), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(reviews(&case).len(), asked, "{value_now}");
    }
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_never_was_so_is_not_known_and_what_was_recorded_before_stands_again() {
    let mut case = open(ROUND);
    let pain = |value_now: &str| EventKind::Record { facts: [(Name::from("pain"), value(value_now))].into() };
    send(&mut case, pain("3"), "01T09:30");
    send(&mut case, pain("8"), "01T09:40");
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, Answer::CouldNot("another person".into()), "01T09:50").expect("it is a record");
    assert_eq!(case.record().facts["pain"].value, "3");
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, Answer::CouldNot("nobody asked".into()), "01T09:55").expect("it is a record");
    assert!(!case.record().facts.contains_key("pain"));
    assert_eq!(steps(&case)[0].finds, ["pain"]);
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn only_what_was_recorded_and_still_stands_is_corrected() {
    let mut case = treated();
    let entry = entry_of(&case, "pain");
    let code = |refused: Result<onward::engine::Answer, Refusal>| refused.expect_err("refused").code();
    assert_eq!(code(correct(&mut case, 0, value("2"), "01T11:00")), "not-a-record");
    assert_eq!(code(correct(&mut case, 9_999, value("2"), "01T11:00")), "not-a-record");
    assert_eq!(code(correct(&mut case, entry, value("12"), "01T11:00")), "bad-value");
    correct(&mut case, entry, value("2"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(code(correct(&mut case, entry, value("3"), "01T11:00")), "not-a-record");
    let no_reason = EventKind::Correct { entry: entry_of(&case, "pain"), answer: value("4"), reason: " ".into() };
    assert_eq!(case.apply(Event::new("x", no_reason), at("01T12:00")).expect_err("why").code(), "reason-needed");
}

#[test]
fn what_is_settled_can_be_corrected_and_why_tells_what_is_so_now() {
    let settled = format!(
        "facts\n  born date from 1900-01-01 to 2030-01-01 settled\n\n{}",
        ROUND.replace("finds pain", "finds pain, born")
    );
    let mut case = open(&settled);
    send(&mut case, done("first", &[("pain", "8"), ("born", "1940-01-02")]), "01T10:00");
    let born = |text: &str| EventKind::Record { facts: [(Name::from("born"), value(text))].into() };
    let refusal = case.apply(Event::new("x", born("1941-01-02")), at("01T10:10")).expect_err("it is settled");
    assert!(refusal.to_string().contains("a correction"), "{refusal}");
    let entry = entry_of(&case, "born");
    correct(&mut case, entry, value("1941-01-02"), "01T10:20").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(case.record().facts["born"].value, "1941-01-02");
}

#[test]
fn why_says_of_a_decision_what_it_read_then() {
    let mut case = treated();
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("2"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    let Some(Cause::Decided(looked)) = case.why("treat").map(|why| why.cause) else { panic!("it was decided") };
    let value = looked.rows.iter().flat_map(|row| &row.facts).find_map(|fact| fact.value.clone());
    assert_eq!(value.as_deref(), Some("8"));
}

#[test]
fn what_was_asked_in_vain_and_was_known_after_all_is_looked_at_again() {
    let mut case = open(ROUND);
    let facts = [(Name::from("pain"), Answer::CouldNot("asleep".into()))].into();
    send(&mut case, EventKind::Done { step: "first".into(), facts }, "01T10:00");
    assert_eq!(steps(&case)[0].step, "rest");
    let journal = &case.record().journal;
    let asked = journal.iter().position(|entry| matches!(entry.what, EntryKind::Recorded { .. })).expect("recorded");
    correct(&mut case, asked as u32, value("8"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(case.record().facts["pain"].value, "8");
    let Work::Review { was, would, .. } = &reviews(&case)[0].work else { panic!("{:?}", reviews(&case)) };
    assert_eq!((*was, *would), (None, Some(1)));
    // And a correction of the correction is followed.
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, Answer::CouldNot("asleep all the same".into()), "01T11:10").expect("it is a record");
    assert_eq!((reviews(&case).len(), case.record().facts.contains_key("pain")), (0, false));
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_was_reviewed_is_not_asked_again_by_a_correction_that_changes_nothing_of_it() {
    let mut case = open(&ROUND.replace("finds pain", "finds pain, ready"));
    send(&mut case, done("first", &[("pain", "8"), ("ready", "yes")]), "01T10:00");
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("2"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    send(&mut case, EventKind::Reviewed { step: "review/where".into(), reason: "it stays".into() }, "01T12:00");
    for (fact, other) in [("ready", "no"), ("pain", "3")] {
        let entry = entry_of(&case, fact);
        correct(&mut case, entry, value(other), "01T12:10").unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(reviews(&case).len(), 0, "{fact}");
    }
    // It would have been known to be right after all, and then wrong again.
    for (other, asked) in [("9", 0), ("1", 1)] {
        let entry = entry_of(&case, "pain");
        correct(&mut case, entry, value(other), "01T12:20").unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(reviews(&case).len(), asked, "{other}");
    }
}

#[test]
fn what_is_corrected_while_it_is_disputed_is_looked_at_again_too() {
    let facts = "facts\n  frailty 1 to 9 found by nurse or team if disputed ask chair within 1 day\n\nrole chair\n\n";
    let round = ROUND.replace("finds pain", "finds frailty").replace("when pain at least 7", "when frailty at least 7");
    let contact = "\ncontact office2\n  fills chair\n  open always\n  on bank holidays as usual\n";
    let mut case = open_in(&compile(&(text(&format!("{facts}{round}")) + contact)));
    let said = |role: &str, value_now: &str, id: &str| Event {
        by: By::role(role),
        ..Event::new(id, done("first", &[("frailty", value_now)]))
    };
    case.apply(said("nurse", "8", "n"), at("01T10:00")).expect("it is done");
    let entry = entry_of(&case, "frailty");
    let other = EventKind::Record { facts: [(Name::from("frailty"), value("5"))].into() };
    let by = By::role("team");
    case.apply(Event { by, ..Event::new("t", other) }, at("01T10:30")).expect("it is another's");
    assert_eq!((case.record().disputed.len(), reviews(&case).len()), (1, 0));
    correct(&mut case, entry, value("6"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((case.record().disputed.len(), reviews(&case).len()), (1, 1));
    // What the nurse found is still what the nurse found, whoever put it right: so they dispute nothing by saying it again.
    let finders = case.record().disputed["frailty"].iter().map(|it| it.by.role.clone()).collect::<Vec<_>>();
    assert_eq!(finders, [Some(Name::from("nurse")), Some(Name::from("team"))]);
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn whoever_said_it_takes_it_back_and_nobody_else() {
    let mut case = open(ROUND);
    let facts = [(Name::from("pain"), value("8"))].into();
    let by = By { who: Some("N. 12".into()), ..By::role("nurse") };
    let event = Event { by: by.clone(), ..Event::new("first", EventKind::Done { step: "first".into(), facts }) };
    case.apply(event, at("01T10:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let entry = entry_of(&case, "pain");
    let what = || EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: Some("the wrong bed".into()) };
    for other in [By::role("team"), By::role("nurse"), By { who: Some("N. 13".into()), ..By::role("nurse") }] {
        let refusal =
            case.apply(Event { by: other, ..Event::new("other", what()) }, at("01T11:00")).expect_err("not theirs");
        assert_eq!(refusal.code(), "not-theirs");
    }
    case.apply(Event { by, ..Event::new("theirs", what()) }, at("01T11:00"))
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(!case.record().facts.contains_key("pain"));
    // It was decided by that: knowing nothing of it, it would not have been.
    let about = &case.record().beside[0].about;
    assert!(matches!(about, About::Review { was: Some(1), would: None, .. }), "{about:?}");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

const AGREED: &str = "step first
  led by nurse
  finds pain
  within 2 days
  then where

decide where
  advise nurse to decide within 4 hours
  agreed by team
  if they disagree -> over
  otherwise because one of wish
  when pain at least 7 -> home
  if none of these -> over
  if we do not know yet -> over";

#[test]
fn an_agreement_is_taken_back_before_it_is_decided() {
    let mut case = open(AGREED);
    send(&mut case, done("first", &[("pain", "8")]), "01T10:00");
    let advice = case.record().open[0].advice.as_ref().map(|it| format!("where/nurse#1.{}", it.number));
    let agree = EventKind::Agree { step: None, role: "team".into(), option: "home".into(), advice: advice.clone() };
    send(&mut case, agree, "01T10:10");
    let back = || EventKind::Withdraw { what: Withdrawn::Agreement { step: None, role: "team".into() }, reason: None };
    send(&mut case, back(), "01T10:20");
    assert_eq!(case.apply(Event::new("again", back()), at("01T10:25")).expect_err("it is back").code(), "not-asked");
    let decide = EventKind::Decide { step: None, option: "home".into(), advice, otherwise: None, reason: None };
    let refusal = case.apply(Event::new("decide", decide), at("01T10:30")).expect_err("nobody agrees any more");
    assert_eq!(refusal.code(), "not-agreed");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn an_agreement_is_taken_back_only_by_whoever_agreed() {
    let named = |role: &str, who: &str| By { who: Some(who.into()), ..By::role(role) };
    let other = || named("team", "Dr 2");
    // As whom it was said, as whom it is taken back, and whether it is theirs to take back.
    for (said, back, theirs) in [
        (named("team", "Dr 1"), named("team", "Dr 1"), true),
        (named("team", "Dr 1"), other(), false),
        (named("team", "Dr 1"), By::role("team"), false),
        (named("team", "Dr 1"), By::role("nurse"), false),
        (named("team", "Dr 1"), By::default(), false),
        (By::role("team"), other(), true),
        (By::role("team"), By::role("nurse"), false),
        (By::role("team"), By::role("person"), false),
        (By::role("team"), By::default(), false),
        (By::default(), By::default(), true),
        (By::default(), By::role("team"), true),
        (By::default(), By::role("nurse"), false),
        // Somebody wrote it down for them.
        (named("nurse", "N. 1"), named("nurse", "N. 1"), true),
        (named("nurse", "N. 1"), named("nurse", "N. 2"), false),
        (named("nurse", "N. 1"), other(), true),
    ] {
        let mut case = open(AGREED);
        send(&mut case, done("first", &[("pain", "8")]), "01T10:00");
        let advice = case.record().open[0].advice.as_ref().map(|it| format!("where/nurse#1.{}", it.number));
        let agree = EventKind::Agree { step: None, role: "team".into(), option: "home".into(), advice };
        let agree = Event { by: said.clone(), ..Event::new("agree", agree) };
        case.apply(agree, at("01T10:10")).unwrap_or_else(|refusal| panic!("{refusal}"));
        let before = case.record().clone();
        let what = Withdrawn::Agreement { step: None, role: "team".into() };
        let event = Event { by: back.clone(), ..Event::new("back", EventKind::Withdraw { what, reason: None }) };
        let taken = case.apply(event, at("01T10:20"));
        assert_eq!(taken.is_ok(), theirs, "{said:?}, then {back:?}: {taken:?}");
        if let Err(refusal) = taken {
            assert_eq!((refusal.code(), refusal.about().as_deref()), ("not-theirs", Some("team")));
            assert_eq!(case.record(), &before);
        } else {
            assert!(case.record().open[0].agreed.is_empty());
        }
        case.verify().unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_person_takes_back_what_they_agreed_to_whoever_writes_it_down() {
    let mut case = open(&AGREED.replace("agreed by team", "agreed by person"));
    send(&mut case, done("first", &[("pain", "8")]), "01T10:00");
    let advice = case.record().open[0].advice.as_ref().map(|it| format!("where/nurse#1.{}", it.number));
    let wrote = |who: &str| By { who: Some(who.into()), ..By::role("person") };
    let agree = EventKind::Agree { step: None, role: "person".into(), option: "home".into(), advice };
    case.apply(Event { by: wrote("N. 1"), ..Event::new("agree", agree) }, at("01T10:10")).expect("they agree");
    let what =
        || EventKind::Withdraw { what: Withdrawn::Agreement { step: None, role: "person".into() }, reason: None };
    let nurse = Event { by: By::role("nurse"), ..Event::new("nurse", what()) };
    assert_eq!(case.apply(nurse, at("01T10:20")).expect_err("it is the person's").code(), "not-theirs");
    case.apply(Event { by: wrote("N. 2"), ..Event::new("back", what()) }, at("01T10:30")).expect("they think again");
    assert!(case.record().open[0].agreed.is_empty());
}

#[test]
fn what_interrupted_by_what_was_wrong_is_looked_at_again() {
    let steps_of = format!(
        "{}\n\nat any time now0\n  if pain at least 7 -> rest, instead, at most twice\n  if we do not know yet -> nothing, because \"asked\"",
        ROUND
            .replace("then where", "then treat")
            .replace("decide where", "decide never")
            .replace("-> treat", "-> home")
    );
    let library = compile(&text(&steps_of));
    let mut case = open_in(&library);
    send(&mut case, EventKind::Record { facts: [(Name::from("pain"), value("8"))].into() }, "01T10:00");
    assert_eq!(steps(&case)[0].step, "rest");
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("2"), "01T10:10").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(reviews(&case)[0].id, "review/now0#1");
    // And a correction can make it happen.
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("9"), "01T10:20").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((reviews(&case).len(), case.record().taken.values().sum::<u32>()), (0, 2));
}

#[test]
fn a_case_that_ends_leaves_the_review_to_the_holder() {
    let mut case = treated();
    let entry = entry_of(&case, "pain");
    correct(&mut case, entry, value("2"), "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    let answer = send(&mut case, done("treat", &[]), "01T12:00");
    assert_eq!(ending(&case), Some("home"));
    let told = |it: &onward::engine::Effect| matches!(&it.what, EffectKind::Tell { who, .. } if *who == "team");
    assert!(answer.effects.iter().any(told), "{answer:?}");
}

// ------------------------------------------------------------------------------------------------------ recorded late

const LATE: &str = "step first\n  led by nurse\n  finds pain\n  within 2 hours\n  then home";

fn late(case: &mut Case, happened: &str, now: &str) -> Result<onward::engine::Answer, Refusal> {
    let event = Event { happened: Some(at(happened)), ..Event::new("late", done("first", &[("pain", "3")])) };
    case.apply(event, at(now))
}

fn stood_down(answer: &onward::engine::Answer) -> Vec<&str> {
    let contacts = answer.effects.iter().filter_map(|it| match &it.what {
        EffectKind::StoodDown { contact: Some(contact), .. } => Some(contact.as_str()),
        _ => None,
    });
    contacts.collect()
}

fn escalations(case: &Case) -> usize {
    case.record().journal.iter().filter(|entry| matches!(entry.what, EntryKind::Escalated { .. })).count()
}

#[test]
fn what_happened_in_time_and_was_recorded_late_undoes_nothing_and_the_ladder_stands_down() {
    // Before the deadline, at the very instant of it, and after it: it was recorded after it each time.
    for happened in ["01T10:30", "01T11:00", "01T11:10"] {
        // Whether the host called when it was due, or only now, is the same.
        for called in [true, false] {
            let mut case = open(LATE);
            if called {
                case.advance(at("01T11:00")).expect("time goes on");
                assert_eq!(steps(&case)[0].escalated_to.as_deref(), Some("ward"));
            }
            let answer = late(&mut case, happened, "01T11:20").unwrap_or_else(|refusal| panic!("{refusal}"));
            assert_eq!((stood_down(&answer), ending(&case)), (vec!["ward"], Some("home")));
            assert_eq!(escalations(&case), 1, "that it was escalated is not undone");
            assert_eq!(case.record().facts["pain"].happened, at(happened));
            case.verify().unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn what_is_recorded_at_the_very_instant_of_the_deadline_is_in_time() {
    let mut case = open(LATE);
    let answer = late(&mut case, "01T11:00", "01T11:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((stood_down(&answer), escalations(&case), ending(&case)), (Vec::new(), 0, Some("home")));
}

#[test]
fn where_it_went_on_already_what_was_found_is_recorded_and_the_step_is_not_open_any_more() {
    let mut case = open(&LATE.replace(
        "then home",
        "if late -> second\n  then home\n\nstep second\n  led by team\n  finds pain\n  within 2 hours\n  then over",
    ));
    let refusal = late(&mut case, "01T10:30", "01T11:20").expect_err("it went on");
    assert_eq!(refusal.code(), "not-open");
    let facts = [(Name::from("pain"), value("3"))].into();
    let event = Event { happened: Some(at("01T10:30")), ..Event::new("learn", EventKind::Record { facts }) };
    case.apply(event, at("01T11:20")).unwrap_or_else(|refusal| panic!("{refusal}"));
    // Nobody asks for it again.
    let second = &steps(&case)[0];
    assert_eq!((second.step.as_str(), second.finds.len()), ("second", 0));
}
