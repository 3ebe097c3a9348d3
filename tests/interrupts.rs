//! What happens at any time (4.7), instead of what is open: when it does, how often, and what is said where it is written
//! wrongly.
#![allow(clippy::panic)]

mod small;

use onward::engine::{Case, CaseRecord, Cause, EntryKind, EventKind, LifeEvent};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use small::{done, ending, only, send};

const STEPS: &str = "step first
  led by team
  finds ready
  within 1 day
  then second

step second
  led by team
  within 1 day
  then over

step help_now
  led by team
  within 2 hours
  then second

step doctor
  led by team
  within 2 hours
  then over

at any time in_pain \"They are in pain\"
  if pain at least 7 -> help_now, instead, at most twice, then doctor
  if we do not know yet -> nothing, because \"it is asked every time\"
";

fn text(steps: &str) -> String {
    small::text(steps).replace("\nending home\n  held by team\n", "")
}

fn learn(facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Record { facts: facts.collect() }
}

fn open() -> Case {
    small::open_text(&text(STEPS))
}

#[test]
fn what_is_open_is_stood_down_and_the_route_is_followed() {
    let mut case = open();
    let answer = send(&mut case, learn(&[("pain", "8")]), "01T10:00");
    assert_eq!(only(&case).id, "help_now#1");
    assert!(format!("{answer:?}").contains("StoodDown { step: \"first#1\""), "{answer:?}");
    let why = case.why("help_now").expect("it was reached");
    let Cause::Interrupted { title, words, facts, .. } = why.cause else { panic!("{why:?}") };
    assert_eq!((title.as_str(), words.as_str()), ("They are in pain", "pain at least 7"));
    assert_eq!(facts[0].value.as_deref(), Some("8"));
    // It is still so, and does not happen again until it was not.
    send(&mut case, learn(&[("pain", "9")]), "01T10:10");
    assert_eq!(only(&case).id, "help_now#1");
    case.verify().expect("its journal makes it");
}

#[test]
fn it_goes_back_and_forth_and_is_counted() {
    let mut case = open();
    let times = [
        ("01T10:00", "01T10:30", "help_now#1"),
        ("01T11:00", "01T11:20", "help_now#2"),
        ("01T11:30", "01T11:40", "doctor#1"),
    ];
    for (worse, better, place) in times {
        send(&mut case, learn(&[("pain", "8")]), worse);
        assert_eq!(only(&case).id, place);
        send(&mut case, learn(&[("pain", "2")]), better);
    }
    // It was twice, and then once what comes after that: now nothing more happens.
    send(&mut case, learn(&[("pain", "10")]), "01T11:50");
    assert_eq!(only(&case).id, "doctor#1");
    case.verify().expect("its journal makes it");
}

#[test]
fn it_happens_when_the_case_opens() {
    let library = small::compile(&text(STEPS));
    let opening = onward::engine::Opening {
        id: "c".into(),
        facts: [("pain".into(), Answer::Value("7".into()))].into(),
        ..Default::default()
    };
    let (case, _) = library.pathway("small").expect("there").open_draft(opening, small::at("01T09:00")).expect("opens");
    assert_eq!(only(&case).step.as_str(), "help_now");
    case.verify().expect("its journal makes it");
}

#[test]
fn what_a_step_finds_interrupts_before_one_goes_on() {
    let last = STEPS
        .replace("  finds ready\n", "  finds pain\n")
        .replace("then second\n\nstep second", "then over\n\nstep second");
    let mut case = small::open_text(&text(&last));
    send(&mut case, done("first", &[("pain", "9")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "help_now", "nobody goes home in pain");
    let ended = |entry: &onward::engine::Entry| matches!(&entry.what, EntryKind::Ended { step, how: onward::engine::Outcome::Done, .. } if step.as_str() == "first");
    assert!(case.record().journal.iter().any(ended), "and what was done is done");
}

#[test]
fn one_interrupts_while_another_is_followed_and_the_first_of_two_goes_first() {
    let two = format!(
        "{STEPS}\nat any time not_ready\n  if not ready -> doctor, instead, at most once\n  if we do not know yet -> nothing, because \"it is asked\"\n"
    );
    let mut case = small::open_text(&text(&two));
    send(&mut case, learn(&[("pain", "8")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "help_now");
    send(&mut case, learn(&[("ready", "no")]), "01T10:10");
    assert_eq!(only(&case).step.as_str(), "doctor", "the second interrupts the first");
    // At one moment only one happens, the first in the file; the other is looked at again with whatever comes next.
    let mut case = small::open_text(&text(&two));
    send(&mut case, learn(&[("pain", "8"), ("ready", "no")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "help_now");
    send(&mut case, learn(&[("pain", "9")]), "01T10:10");
    assert_eq!(only(&case).step.as_str(), "doctor");
    case.verify().expect("its journal makes it");
}

#[test]
fn nobody_is_interrupted_after_their_death() {
    let alive =
        STEPS.replace("step doctor", "step farewell\n  led by team\n  within 1 day\n  then over\n\nstep doctor");
    let text = text(&alive).replace("if died -> over", "if died -> farewell");
    let mut case = small::open_text(&text);
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T10:00");
    send(&mut case, learn(&[("pain", "9")]), "01T10:10");
    assert_eq!(only(&case).step.as_str(), "farewell");
}

#[test]
fn branches_are_stood_down_with_their_block() {
    let block = STEPS.replace(
        "step first\n  led by team\n  finds ready\n  within 1 day\n  then second\n",
        "together first\n  one led by team finds pain within 1 day\n  two led by team within 1 day\n  all done within 2 days\n  if not all done -> over\n  then second\n",
    );
    let mut case = small::open_text(&text(&block));
    send(&mut case, done("one", &[("pain", "8")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "help_now");
    let stood = |name: &str| {
        case.record().journal.iter().any(|entry| {
            matches!(&entry.what, EntryKind::Ended { step, how: onward::engine::Outcome::StoodDown, .. } if step.as_str() == name)
        })
    };
    assert!(stood("two") && stood("first") && !stood("one"));
    case.verify().expect("its journal makes it");
}

const PART: &str = "
pathway part_of_it
  version 1
  starts at look

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> fine
  if nobody can -> fine
  if died -> fine
  if withdrew -> fine
  if cannot be reached -> fine
  if moved away -> fine
  if opened in error -> fine

step look
  led by team
  within 4 hours
  then fine

step hold_on
  led by team
  within 4 hours
  then fine

at any time wobbly
  if not ready -> hold_on, instead, at most once
  if we do not know yet -> nothing, because \"it is asked\"

ending fine
  held by person
";

fn with_a_call() -> String {
    let steps = STEPS.replace(
        "  then second\n\nstep second",
        "  then look_in\n\ncall look_in\n  follows part_of_it\n  if it ends in fine -> second\n\nstep second",
    );
    text(&steps).replace("\ndirectory", &format!("{PART}\ndirectory"))
}

#[test]
fn what_interrupts_a_caller_interrupts_what_it_calls_and_what_a_callee_declares_stays_inside() {
    let library = small::compile(&with_a_call());
    let mut case = small::open_in(&library);
    // Outside the call its own interrupt is not in force.
    send(&mut case, learn(&[("ready", "no")]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "first");
    send(&mut case, done("first", &[]), "01T10:10");
    // It is looked at when the call begins.
    assert_eq!(only(&case).step.as_str(), "look_in/hold_on");
    send(&mut case, learn(&[("pain", "9")]), "01T10:20");
    assert_eq!(only(&case).step.as_str(), "help_now", "a callee is interrupted from its caller");
    send(&mut case, learn(&[("ready", "yes")]), "01T10:30");
    send(&mut case, learn(&[("ready", "no")]), "01T10:40");
    assert_eq!(only(&case).step.as_str(), "help_now", "and is over then");
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it is read");
    let again = library.load(record).expect("it loads");
    again.verify().expect("its journal makes it");
    for name in ["small", "part_of_it"] {
        let proof = library.pathway(name).and_then(|it| it.proof()).expect("looked at");
        assert!(proof.holds(), "{name}: {}", library.report());
    }
}

#[test]
fn it_is_proved_with_every_place_it_may_interrupt() {
    let held = |text: &str| {
        let library = small::compile(text);
        library.pathway("small").and_then(|it| it.proof()).expect("looked at").holds()
    };
    assert!(held(&text(STEPS)), "{}", small::compile(&text(STEPS)).report());
    // Whatever is open may be interrupted, so no step is sure to be done before.
    let promised = text(STEPS).replace("facts\n", "promises\n  nobody reaches over without first first\n\nfacts\n");
    assert!(!held(&promised));
    let longest = |text: &str| {
        let library = small::compile(text);
        library.pathway("small").and_then(|it| it.proof()?.longest.clone()).expect("a bound").at_most
    };
    let twice = longest(&text(STEPS));
    assert!(longest(&text(&STEPS.replace("at most twice", "at most 3 times"))) > twice);
}

/// Who writes that whoever has something goes somewhere at any time expects that to keep a promise; that it does not, and
/// why, is said where it is written.
#[test]
fn no_promise_rests_on_what_happens_at_any_time_and_that_is_said() {
    let promised = |promise: &str, condition: &str| {
        let steps = text(STEPS).replace("facts\n", &format!("promises\n  {promise}\n\nfacts\n"));
        let library = small::compile(&steps.replace("if pain at least 7", &format!("if {condition}")));
        let kept = ["undecided", "promise-broken"];
        let found = library.report().findings.iter().find(|it| kept.contains(&it.kind.name()));
        found.unwrap_or_else(|| panic!("{promise}: it is not kept")).clone()
    };
    let says = |finding: &onward::diagnostic::Finding| {
        finding.others.iter().any(|it| it.text.contains("no promise rests on it"))
    };
    for promise in
        ["whoever has ready reaches help_now within 4 hours", "whoever has ready reaches help_now within 1 minute"]
    {
        for condition in ["ready", "ready or pain at least 7", "ready and pain at least 7"] {
            let found = promised(promise, condition);
            assert!(says(&found), "{promise}, {condition}: {found:?}");
            let help = found.help.unwrap_or_default();
            assert!(help.contains("let the decisions on the way look at `ready`"), "{help}");
        }
        assert!(!says(&promised(promise, "pain at least 7")), "it is about something else");
    }
    assert!(!says(&promised("whoever has ready reaches doctor within 4 hours", "ready")), "it leads elsewhere first");
    assert!(
        !says(&promised("whoever reaches first reaches help_now within 4 hours", "ready")),
        "it is of whoever comes there"
    );
}

#[test]
fn what_nothing_keeps_known_is_unwatched() {
    let found = |steps: &str| {
        let library = small::compile(&text(steps));
        library.report().findings.iter().any(|it| it.kind.name() == "unwatched")
    };
    let nothing = "  if we do not know yet -> nothing, because \"it is asked every time\"\n";
    assert!(!found(STEPS));
    assert!(found(&STEPS.replace(nothing, "")));
    let round = |hours: u32| {
        let again = format!(
            "repeat again\n  every {hours} hours\n  led by team\n  finds pain\n  until pain at most 1 -> second\n  at most 9 times, then second\n\nstep second"
        );
        STEPS.replace(nothing, "  kept known by again\n").replacen(
            "then second\n\nstep second",
            &format!("then again\n\n{again}"),
            1,
        )
    };
    assert!(!found(&round(6)), "pain is good for 6 hours");
    assert!(found(&round(7)));
    assert!(found(&round(6).replace("finds pain", "finds ready")));
}

#[test]
fn what_is_written_wrongly_is_answered() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("-> help_now, instead", "-> escalate to help, instead", "out-of-place", "cannot escalate"),
        ("-> help_now, instead", "-> back to the decision, instead", "out-of-place", "cannot go back to a decision"),
        ("at most twice", "at most 0 times", "out-of-range", "happens at most 0 times"),
        (
            ", instead, at most twice, then doctor",
            ", as well, at most twice",
            "jumps-out",
            "the main road leads to it too",
        ),
        ("at any time in_pain", "at any time first", "duplicate-name", "`first` is declared twice"),
        ("because \"it is asked every time\"", "because \" \"", "missing-clause", "nobody says why"),
        (
            "  if pain at least 7 -> help_now, instead, at most twice, then doctor\n",
            "",
            "missing-clause",
            "when it happens",
        ),
        ("pain at least 7", "pian at least 7", "unknown-name", "there is no `pian`"),
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
fn the_order_of_what_interrupts_is_part_of_what_a_pathway_means() {
    let one = "at any time one\n  if ready -> doctor, instead, at most once\n  if we do not know yet -> nothing, because \"a\"\n";
    let other = one.replace("time one", "time other").replace("if ready", "if not ready");
    let hash = |text: &str| small::compile(text).pathway("small").expect("there").program().hash.clone();
    let first = hash(&text(&format!("{STEPS}\n{one}\n{other}")));
    assert_ne!(first, hash(&text(&format!("{STEPS}\n{other}\n{one}"))));
}

#[test]
fn it_is_laid_out_and_read_again() {
    let once = onward::syntax::format(0, &text(STEPS)).expect("it is laid out");
    assert!(once.contains("at any time in_pain \"They are in pain\"\n  if pain at least 7    -> help_now, instead, at most twice, then doctor\n"), "{once}");
    assert_eq!(onward::syntax::format(0, &once).expect("again"), once);
    let mut case = open();
    send(&mut case, done("first", &[("ready", "yes")]), "01T10:00");
    send(&mut case, done("second", &[]), "01T10:10");
    assert_eq!(ending(&case), Some("over"));
}

fn raise(what: &str, reason: &str) -> EventKind {
    EventKind::Raise { what: what.into(), reason: reason.into() }
}

#[test]
fn anyone_raises_what_anyone_may_raise() {
    let library = small::compile(&text(&format!("{STEPS}  anyone may raise it\n")));
    let mut case = small::open_in(&library);
    assert_eq!(case.may_raise(), [Name::from("in_pain")]);
    let by = onward::engine::By { who: Some("a neighbour".into()), ..onward::engine::By::role("nurse") };
    let event = onward::engine::Event { by, ..onward::engine::Event::new("e", raise("in_pain", "she groans")) };
    case.apply(event, small::at("01T10:00")).expect("it is taken");
    assert_eq!(only(&case).step.as_str(), "help_now");
    let why = case.why("help_now").expect("it was reached");
    let Cause::Interrupted { raised: Some((reason, by)), .. } = why.cause else { panic!("{why:?}") };
    assert_eq!((reason.as_str(), by.who.as_deref()), ("she groans", Some("a neighbour")));
    // Whoever then finds that it is so does not begin again; whoever raises it again does, as often as it may be.
    send(&mut case, learn(&[("pain", "9")]), "01T10:10");
    assert_eq!(only(&case).id, "help_now#1");
    send(&mut case, raise("in_pain", "she still groans"), "01T10:20");
    assert_eq!(only(&case).id, "help_now#2");
    send(&mut case, raise("in_pain", "and still"), "01T10:30");
    assert_eq!(only(&case).step.as_str(), "doctor");
    case.verify().expect("its journal makes it");
    let mut refused = |what: EventKind| {
        let before = case.record().to_json();
        let refusal = case.apply(onward::engine::Event::new("x", what), small::at("01T11:00")).expect_err("refused");
        assert_eq!(case.record().to_json(), before);
        (refusal.code(), refusal.to_string())
    };
    let (code, said) = refused(raise("in_pain", "again"));
    assert_eq!(
        (code, said.as_str()),
        ("not-to-raise", "`in_pain` has happened as often as it may; nothing can be raised now")
    );
    assert_eq!(refused(raise("in_pain", " ")).0, "reason-needed");
    assert!(refused(raise("first", "why")).1.contains("`first` is nothing that happens at any time"));
    let mut silent = open();
    let refusal = silent.apply(onward::engine::Event::new("x", raise("in_pain", "why")), small::at("01T10:00"));
    assert!(refusal.expect_err("refused").to_string().contains("is not for anyone to raise"));
    let mut dead = small::open_text(
        &text(&format!("{STEPS}  anyone may raise it\n")).replace("if died -> over", "if died -> second"),
    );
    send(&mut dead, EventKind::Life { what: LifeEvent::Died }, "01T10:00");
    let refusal = dead.apply(onward::engine::Event::new("x", raise("in_pain", "why")), small::at("01T10:10"));
    assert_eq!(refusal.expect_err("refused").code(), "after-death");
}

#[test]
fn a_scenario_and_a_person_file_raise_it_too() {
    let scenario = "\nscenario \"Somebody worries\"\n  on small\n  starts 2026-06-01 10:00\n  after 1 hour in_pain is raised, because \"she groans\" by nurse\n  expect next help_now\n";
    let whole = format!("{}{scenario}", text(&format!("{STEPS}  anyone may raise it\n")));
    let library = small::compile(&whole);
    let ran = onward::simulate::run_scenario(&library, &library.scenarios()[0]);
    assert!(ran.failure.is_none(), "{:?}", ran.failure);
    assert_eq!(onward::syntax::format(0, &whole).expect("laid out").matches("in_pain is raised").count(), 1);
    let pathway = library.pathway("small").expect("there").id;
    let file = r#"{"starts": "2026-06-01T10:00", "events": [{"after": "1 hour", "raised": "in_pain", "because": "she groans"}]}"#;
    let story =
        onward::simulate::read_person(file, &library, pathway, onward::model::DirectoryId(0)).expect("it is read");
    let written = onward::simulate::write_person(&story, None, library.shared());
    assert!(written.contains("\"raised\": \"in_pain\""), "{written}");
    let wrong = file.replace("in_pain", "in_pian");
    let error =
        onward::simulate::read_person(&wrong, &library, pathway, onward::model::DirectoryId(0)).expect_err("not");
    assert!(error.to_string().contains("did you mean `in_pain`?"), "{error}");
    let bad = whole.replace("  anyone may raise it\n", "");
    let report = Library::compile(vec![Source::new("small.pathway", bad)]).expect_err("refused");
    assert!(report.findings.iter().any(|it| it.message.contains("does not say `anyone may raise it`")), "{report}");
}
