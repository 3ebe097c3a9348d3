//! Calls (4.6): what they mean, what is said when they are written wrongly, and that they are a pathway's own steps to
//! everything that looks at it.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::diagnostic::Report;
use onward::engine::{Case, CaseRecord, Cause, EntryKind, EventKind, LifeEvent};
use onward::{Library, Source};
use small::{at, done, ending, only, send, steps};

/// What `small` calls: somebody looks, and it is fine, or somebody stays with the person for a while.
const LOOK: &str = "
pathway look_after
  version 1
  starts at look

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> left_alone
  if nobody can -> left_alone
  if died -> gone
  if withdrew -> left_alone
  if cannot be reached -> left_alone
  if moved away -> left_alone
  if opened in error -> left_alone

step look
  led by nurse
  finds ready
  within 4 hours
  then how_is_it

decide how_is_it
  when ready -> fine
  if none of these -> stay, at most once, then fine
  if we do not know yet -> find_out, at most once, then nurse decides within 4 hours

step find_out
  led by nurse
  finds what is missing
  within 4 hours
  then back to the decision

step stay
  led by nurse
  within 1 day
  then look

ending fine \"They are fine\"
  held by person
  tell person \"We have looked, and all is well.\"

ending left_alone
  held by person

ending gone
  held by person
";

const CALL: &str = "call see_them \"Somebody looks in\"
  follows look_after
  if it ends in fine -> last_step
  if it ends in left_alone -> over
  if it ends in gone -> over
";

const AROUND: &str = "step first
  led by team
  within 1 day
  then see_them

step last_step
  led by team
  within 2 days
  then see_them, at most once, then over
";

fn text(call: &str) -> String {
    let whole = small::text(&format!("{AROUND}\n{call}"));
    let (pathway, directory) = whole.split_once("\ndirectory").expect("there is one");
    // `home`, which the team would hold, is no part of this.
    let pathway = pathway.replace("\nending home\n  held by team\n", "");
    format!("{pathway}\n{LOOK}\ndirectory{directory}")
}

fn compiled() -> Library {
    small::compile(&text(CALL))
}

fn refused(text: &str) -> Report {
    Library::compile(vec![Source::new("small.pathway", text)]).expect_err("it is refused")
}

fn open() -> Case {
    small::open_in(&compiled())
}

#[test]
fn a_call_goes_through_what_it_follows_and_on_from_its_ending() {
    let mut case = open();
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(only(&case).id, "see_them/look#1");
    assert_eq!(only(&case).due, at("01T14:00"));
    let answer = send(&mut case, done("see_them/look", &[("ready", "yes")]), "01T11:00");
    assert_eq!(only(&case).id, "last_step#1");
    // Whom the ending tells is told when the call ends.
    assert!(format!("{answer:?}").contains("all is well"), "{answer:?}");
    let why = case.why("last_step").expect("it was reached");
    let Cause::CallEnded { call, ending, .. } = why.cause else { panic!("{why:?}") };
    assert_eq!((call.as_str(), ending.as_str()), ("see_them", "They are fine"));
    let why = case.why("see_them/look").expect("it was reached");
    assert!(matches!(why.cause, Cause::Called { .. }), "{why:?}");
    assert!(case.why("see_them").is_some());
    send(&mut case, done("last_step", &[]), "01T12:00");
    // The second time through is the same call, entered once more.
    assert_eq!(only(&case).id, "see_them/look#2");
    case.verify().expect("its journal makes it");
}

#[test]
fn a_role_decides_in_a_call_by_the_name_of_the_decision() {
    let mut case = open();
    send(&mut case, done("first", &[]), "01T10:00");
    let cannot = |case: &mut Case, step: &str, now: &str| {
        let facts = [("ready".into(), onward::model::Answer::CouldNot("asleep".into()))].into();
        send(case, EventKind::Done { step: step.into(), facts }, now);
    };
    cannot(&mut case, "see_them/look", "01T10:10");
    assert_eq!(only(&case).step.as_str(), "see_them/find_out");
    cannot(&mut case, "see_them/find_out", "01T10:20");
    assert_eq!(only(&case).step.as_str(), "see_them/how_is_it/nurse");
    let choose = |step: Option<&str>, option: &str| EventKind::Decide {
        step: step.map(Into::into),
        option: option.into(),
        advice: None,
        otherwise: None,
        reason: None,
    };
    send(&mut case, choose(Some("see_them/how_is_it"), "see_them/fine"), "01T10:30");
    assert_eq!(only(&case).step.as_str(), "last_step");
    assert!(case.why("see_them/how_is_it").is_some());
}

#[test]
fn what_happens_in_life_follows_what_is_called_and_then_the_caller() {
    let mut case = open();
    send(&mut case, done("first", &[]), "01T10:00");
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T10:30");
    assert_eq!(ending(&case), Some("over"));
    let passed = |entry: &onward::engine::Entry| matches!(&entry.what, EntryKind::Passed { place, .. } if place.as_str() == "see_them/gone");
    assert!(case.record().journal.iter().any(passed));
}

#[test]
fn a_case_in_a_call_is_saved_and_goes_on() {
    let library = compiled();
    let mut case = small::open_in(&library);
    send(&mut case, done("first", &[]), "01T10:00");
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).expect("it is read");
    let mut again = library.load(record).expect("it loads");
    assert_eq!(steps(&again), steps(&case));
    send(&mut again, done("see_them/look#1", &[("ready", "no")]), "01T11:00");
    assert_eq!(only(&again).step.as_str(), "see_them/stay");
}

#[test]
fn a_call_is_proved_with_its_caller() {
    let library = compiled();
    for name in ["small", "look_after"] {
        let pathway = library.pathway(name).expect("there");
        let proof = pathway.proof().expect("it was proved");
        assert!(proof.holds(), "{name}: {}", library.report());
    }
    let of = |name: &str| library.pathway(name).and_then(|it| it.proof()?.longest.clone()).expect("a bound").at_most;
    assert!(of("small") > of("look_after").plus(of("look_after")), "both times through it count");
    assert!(of("small") >= of("look_after").plus(Length::days(3)));
}

#[test]
fn what_is_wrong_with_what_is_called_is_said_once_and_keeps_the_caller_from_being_proved() {
    let circle = text(CALL).replace("stay, at most once, then fine", "stay");
    let library = small::compile(&circle);
    let findings = &library.report().findings;
    let endless: Vec<_> = findings.iter().filter(|it| it.kind.name() == "endless").collect();
    assert_eq!(endless.len(), 1, "{}", library.report());
    assert!(!endless[0].message.contains('/'), "{}", endless[0].message);
    for name in ["small", "look_after"] {
        assert!(!library.pathway(name).and_then(|it| it.proof()).expect("looked at").holds());
    }
}

#[test]
fn the_hash_of_what_is_called_is_part_of_the_callers() {
    let hash = |text: &str| small::compile(text).pathway("small").expect("there").program().hash.clone();
    let plain = hash(&text(CALL));
    assert_ne!(
        plain,
        hash(&text(CALL).replace("within 4 hours\n  then how_is_it", "within 5 hours\n  then how_is_it"))
    );
    assert_eq!(plain, hash(&text(CALL).replace("step stay\n", "# They are not alone.\nstep stay\n")));
    assert_eq!(
        plain,
        hash(&text(&CALL.replace(
            "  if it ends in left_alone -> over\n  if it ends in gone -> over\n",
            "  if it ends in gone -> over\n  if it ends in left_alone -> over\n",
        )))
    );
}

#[test]
fn calls_in_calls_are_named_by_the_whole_road() {
    let middle = "
pathway middle
  version 1
  starts at within_it

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> out
  if nobody can -> out
  if died -> out
  if withdrew -> out
  if cannot be reached -> out
  if moved away -> out
  if opened in error -> out

call within_it
  follows look_after
  if it ends in fine -> out
  if it ends in left_alone -> out
  if it ends in gone -> out

ending out
  held by person
";
    let call = "call see_them\n  follows middle\n  if it ends in out -> over\n";
    let text = text(call).replace("\ndirectory", &format!("{middle}\ndirectory"));
    let library = small::compile(&text);
    let mut case = small::open_in(&library);
    send(&mut case, done("first", &[]), "01T10:00");
    assert_eq!(only(&case).step.as_str(), "see_them/within_it/look");
    send(&mut case, done("see_them/within_it/look", &[("ready", "yes")]), "01T11:00");
    assert_eq!(ending(&case), Some("over"));
    assert!(library.pathway("small").and_then(|it| it.proof()).expect("looked at").holds(), "{}", library.report());
}

#[test]
fn a_call_that_is_written_wrongly_is_answered() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("  if it ends in gone -> over\n", "", "no-route", "does not say where to go if it ends in `gone`"),
        ("ends in gone", "ends in gon", "unknown-name", "`look_after` does not end in `gon`"),
        ("  if it ends in gone", "  if it ends in fine", "said-twice", "`if it ends in fine` is said twice"),
        ("follows look_after", "follows look_aftr", "unknown-name", "there is no `look_aftr`"),
        ("follows look_after", "", "missing-clause", "does not say which pathway it follows"),
        ("follows look_after", "follows first", "wrong-kind", "`first` is a step"),
        ("follows look_after", "follows small", "calls-itself", "`small` calls itself: `small` to `small`"),
        ("gone -> over", "gone -> see_them/look", "jumps-out", "nothing leads straight into it"),
        ("gone -> over", "gone -> escalate to help", "out-of-place", "here no step is open"),
        ("gone -> over", "gone -> back to the decision", "leads-nowhere", "has none to go back to"),
        (
            "call see_them",
            "step too/many\n  led by team\n  within 1 day\n  then over\n\ncall see_them",
            "out-of-place",
            "`too/many` reads like the name of something in a call",
        ),
    ];
    for (from, to, kind, message) in cases {
        let call = CALL.replacen(from, to, 1);
        assert_ne!(call, CALL, "{from}");
        let report = refused(&text(&call));
        let found = report.findings.iter().find(|it| it.kind.name() == *kind && it.message.contains(message));
        assert!(found.is_some(), "{kind}: {message}\n{report}");
    }
}

#[test]
fn pathways_that_call_each_other_are_refused_with_the_circle() {
    let other =
        LOOK.replace("ending gone", "call further\n  follows small\n  if it ends in over -> fine\n\nending gone");
    let report = refused(&text(CALL).replace(LOOK, &other));
    let message = report.findings.iter().find(|it| it.kind.name() == "calls-itself").map(|it| it.message.clone());
    assert_eq!(message.as_deref(), Some("`small` calls itself: `small` to `look_after` to `small`"), "{report}");
}

#[test]
fn calls_that_come_to_too_much_are_refused() {
    // Each pathway calls the next one twice: twice as many places every time.
    let level = |number: usize, last: bool| {
        let body = if last {
            "step here\n  led by nurse\n  within 1 day\n  then out\n".to_string()
        } else {
            let call = |name: &str, on: &str| {
                format!("call {name}\n  follows level{}\n  if it ends in out -> {on}\n\n", number + 1)
            };
            format!("{}{}", call("here", "there"), call("there", "out"))
        };
        let default = small::DEFAULTS.split("\nfacts").next().unwrap_or("").replace("-> over", "-> out");
        format!(
            "pathway level{number}\n  version 1\n  starts at here\n\n{default}\n{body}\nending out\n  held by person\n\n"
        )
    };
    let levels = |many: usize| (0..many).map(|number| level(number, number + 1 == many)).collect::<String>();
    let deep = text(CALL).replace("\ndirectory", &format!("\n{}\ndirectory", levels(12)));
    let report = refused(&deep);
    assert!(report.findings.iter().any(|it| it.kind.name() == "too-deep"), "{report}");
    let fine = text(CALL).replace("\ndirectory", &format!("\n{}\ndirectory", levels(5)));
    assert!(Library::read(vec![Source::new("small.pathway", fine)]).is_ok());
}

#[test]
fn what_comes_from_another_file_must_be_in_use() {
    let shared = "onward 1\n".to_string() + LOOK;
    let caller = text(CALL).replace(LOOK, "");
    let sources = |caller: String| {
        vec![
            Source::new("small.pathway", caller),
            Source::new("look.pathway", shared.replace("\npathway", "\nuse \"small.pathway\"\n\npathway")),
        ]
    };
    let report = Library::compile(sources(caller.clone())).expect_err("it is not in use");
    assert!(report.findings.iter().any(|it| it.kind.name() == "not-in-use"), "{report}");
    let caller = caller.replace("\npathway small", "\nuse \"look.pathway\"\n\npathway small");
    let library = Library::compile(sources(caller)).unwrap_or_else(|report| panic!("{report}"));
    assert!(library.pathway("small").and_then(|it| it.proof()).expect("looked at").holds(), "{}", library.report());
}

#[test]
fn a_call_is_laid_out_and_read_again() {
    let text = text(CALL);
    let once = onward::syntax::format(0, &text).expect("it is laid out");
    assert!(once.contains("  follows             look_after\n  if it ends in fine       -> last_step\n"), "{once}");
    assert_eq!(onward::syntax::format(0, &once).expect("again"), once);
}
