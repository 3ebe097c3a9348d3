//! What happens at any time, as well (4.7, 10.35): opened alongside the main road, up to `nothing more`; the hard moments,
//! and what is said where it is written wrongly.
#![allow(clippy::panic)]

mod small;

use onward::diagnostic::Kind;
use onward::engine::{Case, CaseRecord, Cause, EntryKind, EventKind, LifeEvent, Standing};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use small::{at, done, ending, only, send, steps};

const STEPS: &str = "step first
  led by team
  within 1 day
  then second

step second
  led by team
  within 1 day
  then over

step enquire
  led by team
  within 4 hours
  if the person declines -> nothing more
  if nobody can -> nothing more
  then look_back

step look_back
  led by team
  finds pain
  within 2 days
  if the person declines -> nothing more
  if nobody can -> nothing more
  then nothing more

at any time not_safe \"They are not safe\"
  if not ready -> enquire, as well, at most twice
  if we do not know yet -> nothing, because \"it is asked every time\"
  anyone may raise it
";

const INSTEAD: &str = "
step doctor
  led by team
  within 2 hours
  then over

at any time in_pain
  if pain at least 7 -> doctor, instead, at most twice
  if we do not know yet -> nothing, because \"it is asked every time\"
";

fn text(steps: &str) -> String {
    small::text(steps).replace("\nending home\n  held by team\n", "")
}

fn open_with(steps: &str) -> Case {
    small::open_text(&text(steps))
}

fn learn(facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Record { facts: facts.collect() }
}

fn ids(case: &Case) -> Vec<String> {
    steps(case).into_iter().map(|step| step.id).collect()
}

/// What it says is what its journal makes of it, and it can be saved and gone on with.
fn hangs_together(case: &Case, text: &str) {
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it can be read");
    let library = small::compile(text);
    let again = library.load(record).expect("it can be gone on with");
    assert_eq!(again.record(), case.record());
}

#[test]
fn it_is_opened_alongside_and_the_main_road_goes_on() {
    let mut case = open_with(STEPS);
    let answer = send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    assert_eq!(ids(&case), ["first#1", "enquire#1"]);
    assert!(!format!("{answer:?}").contains("StoodDown"), "{answer:?}");
    let why = case.why("enquire").expect("it was reached");
    let Cause::Interrupted { title, as_well, .. } = why.cause else { panic!("{why:?}") };
    assert!(as_well && title == "They are not safe");
    send(&mut case, done("enquire", &[]), "01T10:30");
    assert_eq!(ids(&case), ["first#1", "look_back#1"]);
    send(&mut case, done("first", &[]), "01T11:00");
    assert_eq!(ids(&case), ["look_back#1", "second#1"]);
    send(&mut case, done("look_back", &[("pain", "1")]), "01T12:00");
    assert_eq!(ids(&case), ["second#1"], "nothing more is done alongside");
    hangs_together(&case, &text(STEPS));
    send(&mut case, done("second", &[]), "01T13:00");
    assert_eq!(ending(&case), Some("over"));
}

#[test]
fn the_case_stays_open_for_what_is_done_alongside_when_the_main_road_ends() {
    let mut case = open_with(STEPS);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    send(&mut case, done("first", &[]), "01T10:10");
    let answer = send(&mut case, done("second", &[]), "01T10:20");
    assert!(!format!("{answer:?}").contains("Closed"), "{answer:?}");
    assert_eq!(only(&case).id, "enquire#1");
    let ended = case.record().ended.as_ref().expect("the main road has ended");
    assert_eq!((ended.ending.as_str(), ended.held_by.as_str(), ended.at), ("over", "person", at("01T10:20")));
    assert!(matches!(case.standing(), Standing::Next(_)));
    hangs_together(&case, &text(STEPS));
    // Nothing more begins alongside once the main road has ended.
    send(&mut case, learn(&[("ready", "yes")]), "01T10:30");
    send(&mut case, done("enquire", &[]), "01T10:40");
    send(&mut case, done("look_back", &[("pain", "1")]), "01T10:50");
    let closed = case.record().closed.as_ref().expect("now it is over");
    assert_eq!((closed.ending.as_str(), closed.at), ("over", at("01T10:50")));
    assert!(case.record().ended.is_none() && case.due().is_none());
    let Cause::Ended { place, .. } = case.why("over").expect("it was reached").cause else { panic!("no step") };
    assert_eq!(place.as_str(), "second", "why it ended so is asked of the main road");
    hangs_together(&case, &text(STEPS));
}

#[test]
fn it_happens_when_the_case_opens() {
    let library = small::compile(&text(STEPS));
    let opening = onward::engine::Opening {
        id: "c".into(),
        facts: [("ready".into(), Answer::Value("no".into()))].into(),
        ..Default::default()
    };
    let (case, _) = library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens");
    assert_eq!(ids(&case), ["first#1", "enquire#1"]);
    hangs_together(&case, &text(STEPS));
}

#[test]
fn what_the_last_step_finds_is_opened_before_the_case_is_over() {
    let last = STEPS.replace("step second\n  led by team\n", "step second\n  led by team\n  finds ready\n");
    let mut case = open_with(&last);
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, done("second", &[("ready", "no")]), "01T10:10");
    assert_eq!((ending(&case), only(&case).step.as_str()), (None, "enquire"), "nobody passes by");
    hangs_together(&case, &text(&last));
}

#[test]
fn it_oscillates_and_is_done_once_at_a_time() {
    let mut case = open_with(STEPS);
    for (ready, when) in [("no", "01T10:00"), ("yes", "01T10:10"), ("no", "01T10:20"), ("no", "01T10:30")] {
        send(&mut case, learn(&[("ready", ready)]), when);
        assert_eq!(ids(&case), ["first#1", "enquire#1"], "it is done already");
    }
    // It was a definite no in between: so once the first is over, it is done again.
    send(&mut case, done("enquire", &[]), "01T11:00");
    send(&mut case, done("look_back", &[("pain", "1")]), "01T11:10");
    assert_eq!(ids(&case), ["first#1", "enquire#2"]);
    send(&mut case, EventKind::Declined { step: "enquire".into(), reason: None }, "01T11:20");
    assert_eq!(ids(&case), ["first#1"], "and it was not a no since");
    // It was done as often as it may be.
    send(&mut case, learn(&[("ready", "yes")]), "01T11:30");
    send(&mut case, learn(&[("ready", "no")]), "01T11:40");
    assert_eq!(ids(&case), ["first#1"]);
    hangs_together(&case, &text(STEPS));
}

#[test]
fn instead_and_as_well_at_one_instant_both_happen() {
    let both = format!("{STEPS}{INSTEAD}");
    let mut case = open_with(&both);
    send(&mut case, learn(&[("ready", "no"), ("pain", "9")]), "01T10:00");
    assert_eq!(ids(&case), ["enquire#1", "doctor#1"]);
    hangs_together(&case, &text(&both));
    // Also where what interrupts leads straight to an ending, and where the one is followed while the other is.
    let ends = both.replace("-> doctor, instead", "-> over, instead");
    let mut case = open_with(&ends);
    send(&mut case, learn(&[("ready", "no"), ("pain", "9")]), "01T10:00");
    assert_eq!((ids(&case), ending(&case)), (vec!["enquire#1".to_string()], None));
    let mut case = open_with(&both);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    send(&mut case, learn(&[("pain", "9")]), "01T10:10");
    assert_eq!(ids(&case), ["enquire#1", "doctor#1"], "what interrupts stands down the main road only");
    // What is found alongside interrupts the main road; it goes on all the same.
    let mut case = open_with(&both);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    send(&mut case, done("enquire", &[]), "01T10:10");
    send(&mut case, done("look_back", &[("pain", "9")]), "01T10:20");
    assert_eq!(ids(&case), ["doctor#1"]);
    hangs_together(&case, &text(&both));
}

#[test]
fn a_life_event_stands_down_what_is_done_alongside_too() {
    let farewell = STEPS.to_string() + "\nstep farewell\n  led by team\n  within 1 day\n  then over\n";
    let text = text(&farewell).replace("if died -> over", "if died -> farewell");
    let mut case = small::open_text(&text);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    let answer = send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T10:10");
    assert_eq!(ids(&case), ["farewell#1"]);
    assert!(format!("{answer:?}").contains("StoodDown { step: \"enquire#1\""), "{answer:?}");
    send(&mut case, learn(&[("ready", "yes")]), "01T10:20");
    send(&mut case, learn(&[("ready", "no")]), "01T10:30");
    assert_eq!(ids(&case), ["farewell#1"], "nothing begins after a death");
    hangs_together(&case, &text);
    // Where the main road has ended, the case closes as it had.
    let mut case = small::open_text(&text);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    send(&mut case, done("first", &[]), "01T10:10");
    send(&mut case, done("second", &[]), "01T10:20");
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T10:30");
    assert_eq!(ending(&case), Some("over"));
    hangs_together(&case, &text);
}

#[test]
fn a_handover_on_the_main_road_leaves_what_is_done_alongside_where_it_is() {
    let over = STEPS.replace(
        "step second\n  led by team\n  within 1 day\n  then over",
        "hand over second\n  from nurse\n  to team\n  carrying ready\n  accepted within 1 day\n  if declined, saying why -> over\n  then over",
    );
    let mut case = open_with(&over);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    send(&mut case, done("first", &[]), "01T10:10");
    send(&mut case, EventKind::Accept { step: "second".into(), condition: None }, "01T10:20");
    assert_eq!(only(&case).id, "enquire#1");
    hangs_together(&case, &text(&over));
}

#[test]
fn anyone_may_raise_it_while_it_is_not_done() {
    let mut case = open_with(STEPS);
    let raise = || EventKind::Raise { what: "not_safe".into(), reason: "she told me".into() };
    assert_eq!(case.may_raise(), [Name::from("not_safe")]);
    send(&mut case, raise(), "01T10:00");
    assert_eq!(ids(&case), ["first#1", "enquire#1"]);
    assert!(case.may_raise().is_empty());
    let again = case.apply(onward::engine::Event::new("again".to_string(), raise()), at("01T10:10"));
    assert!(again.expect_err("it is refused").to_string().contains("is done already"));
    hangs_together(&case, &text(STEPS));
}

#[test]
fn it_is_late_and_escalated_like_anything_else() {
    let mut case = open_with(STEPS);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    assert_eq!(case.due(), Some(at("01T14:00")));
    case.advance(at("01T14:00")).expect("time goes on");
    let late = steps(&case).into_iter().find(|step| step.step.as_str() == "enquire").expect("it stays open");
    assert_eq!(late.escalated_to.as_deref(), Some("ward"));
    hangs_together(&case, &text(STEPS));
}

/// The kinds of finding of the proof.
fn proved(steps: &str) -> Vec<(&'static str, String)> {
    let library = small::compile(&text(steps));
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    proof.flaws.iter().map(|flaw| (flaw.finding.kind.name(), flaw.finding.message.clone())).collect()
}

#[test]
fn it_is_proved_and_its_time_counts() {
    let found = proved(STEPS);
    assert!(found.is_empty(), "{found:?}");
    let library = small::compile(&text(STEPS));
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    // Two days and two ladders on the main road; what is opened alongside is opened just before it ends; and one that the
    // ladder gives to another.
    let (day, ladder) = (24 * 60, 75);
    let minutes = 2 * (day + ladder) + (4 * 60 + ladder) + (2 * day + ladder) + (2 * day + ladder);
    let longest = proof.longest.as_ref().expect("it ends").at_most;
    assert_eq!(longest.seconds(), 60 * minutes, "{longest}");
}

#[test]
fn what_the_main_road_leaves_behind_is_not_known_alongside() {
    let decides = STEPS.replace("then look_back", "then how").replace(
        "step second\n  led by team\n  within 1 day\n  then over",
        "hand over second\n  from nurse\n  to team\n  carrying ready\n  accepted within 1 day\n  if declined, saying why -> over\n  then over",
    ) + "
decide how
  when pain at least 5 -> look_back
  if none of these -> nothing more
  if we do not know yet -> look_back
";
    let found = proved(&decides.replace("step first\n  led by team\n", "step first\n  led by team\n  finds pain\n"));
    let message = "`second` does not carry `pain`, which `how` looks at afterwards";
    assert!(found.iter().any(|(kind, said)| *kind == "not-handed-over" && said == message), "{found:?}");
    // Found in the very moment, it is known; carried, it is as well.
    let at_once = decides.replace("step enquire\n  led by team\n", "step enquire\n  led by team\n  finds pain\n");
    assert!(!proved(&at_once).iter().any(|(kind, _)| *kind == "not-handed-over"), "{:?}", proved(&at_once));
    let carried = decides.replace("carrying ready", "carrying ready, pain");
    assert!(!proved(&carried).iter().any(|(kind, _)| *kind == "not-handed-over"));
}

#[test]
fn what_is_found_alongside_may_be_left_behind_on_the_main_road() {
    let over = STEPS.replace(
        "step second\n  led by team\n  within 1 day\n  then over",
        "hand over second\n  from nurse\n  to team\n  carrying ready\n  accepted within 1 day\n  if declined, saying why -> over\n  then how

decide how
  when pain at least 5 -> third
  if none of these -> over
  if we do not know yet -> third

step third
  led by team
  within 1 day
  then over",
    );
    let found = proved(&over);
    assert!(found.iter().any(|(kind, _)| *kind == "not-handed-over"), "look_back finds pain: {found:?}");
}

#[test]
fn two_roads_do_not_ask_for_the_same() {
    let asks = STEPS.replace("step second\n  led by team\n", "step second\n  led by team\n  finds pain\n");
    let found = proved(&asks);
    let message = "`look_back` is done alongside, and may ask for `pain` while `second` does";
    assert_eq!(found, [("asked-twice", message.to_string())]);
    let promised = text(&asks).replacen("by default", "promises\n  nobody is asked twice\n\nby default", 1);
    let library = small::compile(&promised);
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    assert!(proof.flaws.iter().any(|flaw| flaw.finding.kind == Kind::PromiseBroken && flaw.story.is_some()));
}

#[test]
fn never_at_one_time_is_broken_by_what_is_opened_alongside() {
    let promised = text(STEPS).replacen(
        "by default",
        "promises\n  never second and look_back at one time\n  never first and second at one time\n\nby default",
        1,
    );
    let library = small::compile(&promised);
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    let broken: Vec<_> = proof.flaws.iter().filter(|flaw| flaw.finding.kind == Kind::PromiseBroken).collect();
    assert_eq!(broken.len(), 1, "{:?}", proof.flaws);
    assert!(broken[0].story.is_some(), "it can be seen");
}

#[test]
fn what_is_written_wrongly_is_answered() {
    let ends = "`enquire` is done alongside, for `not_safe`, and leads to `over`, which ends the case";
    let cases: &[(&str, &str, &str, &str)] = &[
        ("  if the person declines -> nothing more\n", "", "jumps-out", ends),
        ("then over", "then nothing more", "jumps-out", "`second` leads to `nothing more`"),
        ("then nothing more", "then second", "jumps-out", "and the main road leads to it too"),
        ("-> enquire, as well", "-> nothing more, as well", "out-of-place", "cannot lead to nothing"),
        (
            "step look_back\n  led by team\n  finds pain\n  within 2 days\n  if the person declines -> nothing more\n  if nobody can -> nothing more\n",
            "hand over look_back\n  from nurse\n  to team\n  accepted within 2 days\n  if declined, saying why -> nothing more\n  if the person declines -> nothing more\n  if nobody can -> nothing more\n",
            "out-of-place",
            "`look_back` is done alongside, for `not_safe`, and hands the person over",
        ),
    ];
    for (from, to, kind, message) in cases {
        let steps = STEPS.replacen(from, to, 1);
        assert_ne!(steps, STEPS, "{from}");
        let report = Library::compile(vec![Source::new("small.pathway", text(&steps))]).expect_err("it is refused");
        let found = report.findings.iter().find(|it| it.kind.name() == *kind && it.message.contains(message));
        assert!(found.is_some(), "{kind}: {message}\n{report}");
    }
}

#[test]
fn a_call_may_be_done_alongside_and_bring_its_own() {
    let call = STEPS.replace(
        "step enquire\n  led by team\n  within 4 hours\n  if the person declines -> nothing more\n  if nobody can -> nothing more\n  then look_back",
        "call enquire\n  follows asking\n  if it ends in over -> look_back",
    );
    let part = "pathway asking\n  version 1\n  starts at ask\n\nstep ask\n  led by team\n  within 1 day\n  then over\n\nstep hurry\n  led by team\n  within 1 hour\n  then over\n\nat any time worse\n  if pain at least 7 -> hurry, instead, at most once\n  if we do not know yet -> nothing, because \"it is asked\"\n\n";
    let whole = text(&call);
    let defaults = small::DEFAULTS.split("facts\n").next().unwrap_or_default();
    let whole = format!("{whole}\n{part}{defaults}ending over\n  held by person\n");
    let mut case = small::open_text(&whole);
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    assert_eq!(ids(&case), ["first#1", "enquire/ask#1"]);
    send(&mut case, learn(&[("pain", "8")]), "01T10:10");
    assert_eq!(ids(&case), ["first#1", "enquire/hurry#1"], "it interrupts the road it belongs to");
    send(&mut case, done("enquire/hurry", &[]), "01T10:20");
    assert_eq!(ids(&case), ["first#1", "look_back#1"]);
    hangs_together(&case, &whole);
    assert!(case.record().journal.iter().any(|entry| matches!(entry.what, EntryKind::Interrupted(_))));
}
