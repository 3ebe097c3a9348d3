//! `simulate` and `test`.

use super::{Folder, LATE, TEA, onward, onward_in, root};

#[test]
fn one_person_is_taken_through() {
    let folder = Folder::with_tea("simulate");
    folder.put("late.json", LATE);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "late.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let words = ran.words();
    for part in [
        "PROVED: nobody who is on this pathway is left without a next step.",
        "Passed over, because not open for the whole time it has to answer: The volunteers.",
        "Asked: The office (telephone 01632 960 100), to answer by Mon 9 Mar 2026 11:00.",
        "Chosen: \"Introduce to the lunch club\". Because of its row 1, `when lonely`: \"Feels lonely\" is yes (Volunteer, Mon 9 Mar 2026 10:00).",
        "Who holds the person now: the person, in their own hands.",
    ] {
        assert!(words.contains(part), "{part}\n{}", ran.out);
    }
    ran.is_plain();
    let json = folder.onward(&["simulate", "tea.pathway:tea_and_talk", "--person", "late.json", "--format", "json"]);
    assert_eq!(json.code, 0);
    let json = json.json();
    assert_eq!(json["draft"], false);
    assert_eq!(json["standing"]["closed"]["ending"], "content");
    assert_eq!(json["refused"], serde_json::Value::Null);
    let chapters = json["happened"].as_array().expect("a list");
    assert_eq!(chapters.len(), 4);
    assert_eq!(chapters[2]["decisions"][0]["row"], 1);
    assert_eq!(json["case"]["id"], "late");
}

#[test]
fn a_refused_event_says_which_and_why_and_what_would_fit() {
    let folder = Folder::with_tea("refused");
    folder.put("early.json", r#"{"starts": "2026-03-02T09:00", "events": [{"after": "1 hour", "done": "introduce"}]}"#);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "early.json"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let words = ran.words();
    assert!(
        words.contains("REFUSED: event 1 of `early.json`, `introduce` is done, on Mon 2 Mar 2026 10:00."),
        "{words}"
    );
    assert!(words.contains("Why: `introduce` is not open; `visit` is."), "{words}");
    let json = folder.onward(&["simulate", "tea.pathway", "--person", "early.json", "--format", "json"]);
    assert_eq!(json.code, 1);
    assert_eq!(json.json()["refused"]["event"], 1);
    assert_eq!(json.json()["refused"]["refusal"]["code"], "not-open");
}

#[test]
fn a_case_does_not_open_where_the_directory_says_nothing() {
    let folder = Folder::with_tea("horizon");
    folder.put("p.json", r#"{"starts": "2031-03-02T09:00"}"#);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.words().contains("says nothing from Wed 1 Jan 2031 00:00 on"), "{}", ran.out);
    assert_eq!(
        folder.onward(&["simulate", "tea.pathway", "--person", "p.json", "--format", "json"]).json()["refused"]["refusal"]
            ["code"],
        "past-horizon"
    );
}

#[test]
fn another_directory_can_be_given() {
    let folder = Folder::with_tea("directory");
    let other = "onward 1\n\nuse \"tea.pathway\"\n\ndirectory town \"The town\"\n  time zone           \"Europe/Paris\"\n  valid until         \
                 2030-12-31\n\ncontact hall \"The town hall\"\n  fills               volunteer, coordinator\n  open                always\n\n\
                 escalation somebody_answers \"Nobody came\"\n  last                hall, to answer within 1 hour\n";
    folder.put("town.pathway", other).put("late.json", LATE);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "late.json", "--directory", "town.pathway"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.words().contains("Asked: The town hall, to answer by Mon 9 Mar 2026 10:00."), "{}", ran.out);
    assert!(ran.out.contains("All times are local, Europe/Paris."));
    let none =
        folder.onward(&["simulate", "tea.pathway", "--person", "late.json", "--directory", "town.pathway:village"]);
    assert_eq!(none.code, 2, "{}", none.out);
    assert!(none.complaint().contains("there is no directory `village` in `town.pathway`"), "{}", none.err);
}

#[test]
fn people_of_the_real_pathway_reach_an_ending() {
    for person in ["case_1", "home_as_before", "asked_late_at_night"] {
        let file = format!("examples/people/{person}.json");
        let ran = onward(&["simulate", "pathways/home_first.pathway", "--person", &file]);
        assert_eq!(ran.code, 0, "{person}: {}{}", ran.out, ran.err);
        ran.is_plain();
        assert!(ran.out.contains("Who holds the person now:"), "{}", ran.out);
        // What stands between backticks are the authors' own words.
        let words = ran.words();
        let named = words.split('`').step_by(2).find(|part| part.contains('_'));
        assert_eq!(named, None, "names are for files, titles are for people");
    }
}

#[test]
fn scenarios_pass() {
    let ran = onward(&["test", TEA]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(
        ran.out.contains("2 scenarios, and all of them passed.") && ran.out.contains("A scenario shows"),
        "{}",
        ran.out
    );
    let json = onward(&["test", TEA, "--format", "json"]).json();
    assert_eq!((&json["passed"], &json["failed"], &json["draft"]), (&2.into(), &0.into(), &true.into()));
}

#[test]
fn a_scenario_that_fails_says_where_and_what_was_otherwise() {
    let folder = Folder::new("fails");
    let text = super::tea().replace("visit is with office", "visit is with volunteers");
    folder.put("tea.pathway", &text).put("none.pathway", "onward 1\n\nrole cook \"A cook\"\n");
    let ran = folder.onward(&["test", "tea.pathway"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let line = text.lines().position(|line| line.contains("visit is with volunteers")).expect("it is there") + 1;
    assert!(ran.out.contains("FAILED: Nobody comes"), "{}", ran.out);
    assert!(ran.out.contains(&format!("at tea.pathway:{line}:")), "{}", ran.out);
    assert!(ran.words().contains("What was otherwise: `visit` is with `office`"), "{}", ran.out);
    assert!(ran.out.contains("2 scenarios: 1 passed, 1 failed."), "{}", ran.out);
    let json = folder.onward(&["test", ".", "--format", "json"]);
    assert_eq!((json.code, &json.json()["failed"]), (1, &1.into()));
    let none = folder.onward(&["test", "none.pathway"]);
    assert_eq!(none.code, 0);
    assert!(none.out.contains("There are no scenarios"), "{}", none.out);
    folder.put("none.pathway", "onward 1\n\nnonsense\n");
    assert_eq!(folder.onward(&["test", "none.pathway"]).code, 1, "findings are a failure");
}

#[test]
fn only_the_scenarios_of_what_is_given_are_run() {
    let folder = Folder::with_tea("given");
    folder.put("more.pathway", "onward 1\n\nuse \"tea.pathway\"\n\nscenario \"Content\"\n  on                  tea_and_talk\n  starts              2026-03-02 09:00\n  after 1 day         visit is done, finding lonely no\n  expect              an ending content\n");
    let ran = folder.onward(&["test", "more.pathway"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("1 scenario, and all of them passed."), "{}", ran.out);
}

#[test]
fn the_same_run_is_told_in_the_same_words() {
    let arguments = ["simulate", "pathways/home_first.pathway", "--person", "examples/people/case_1.json"];
    assert_eq!(onward_in(&root(), &arguments, "").out, onward(&arguments).out);
}

/// A scenario takes one way; what the others are, and how much of it all that is, is said.
#[test]
fn what_no_scenario_reached_is_named() {
    let folder = Folder::new("coverage");
    let two = "onward 1\n\nfacts\n  steady yes or no asked of person\n\npathway small\n  version 1\n  starts at ask\n\nstep ask\n  \
               led by nurse\n  finds steady\n  within 1 day\n  then which\n\ndecide which\n  when steady -> settled\n  \
               if none of these -> worried\n  if we do not know yet -> worried\n\nending settled held by person\n\n\
               ending worried held by person\n\nscenario \"Steady\"\n  on small\n  starts 2026-03-02 09:00\n  \
               after 1 hour ask is done, finding steady yes\n  expect the ending settled\n\n";
    let rest = include_str!("../../../../tests/common/rest.pathway");
    folder.put("small.pathway", format!("{two}{rest}"));
    let plain = folder.onward(&["test", "small.pathway"]);
    assert_eq!(plain.code, 0, "{}", plain.err);
    assert!(!plain.out.contains("reached"), "nothing is said of it unasked");

    let ran = folder.onward(&["test", "small.pathway", "--coverage"]);
    assert_eq!(ran.is_plain().code, 0, "{}", ran.err);
    for words in [
        "1 of 3 endings",
        "never: `worried` (small.pathway:",
        "1 of 2 rows of decisions",
        "never: `which`: none of these (small.pathway:",
        "0 of 1 ways while it is not known",
        "1 of 10 ways in which something ends",
        "never: by default: late (small.pathway:",
        "0 of 2 rungs of ladders",
        "never: `somebody_answers`, rung 2 (small.pathway:",
    ] {
        assert!(ran.words().contains(words), "{words}\n{}", ran.out);
    }
    let read = folder.onward(&["--format", "json", "test", "small.pathway", "--coverage"]).json();
    let of = &read["coverage"][0];
    assert_eq!((&of["pathway"], &of["kinds"]["row"]["reached"]), (&"small".into(), &1.into()));
    assert_eq!(of["percent"], 3 * 100 / 18, "3 of 18, rounded down");

    let wanted = folder.onward(&["test", "small.pathway", "--coverage", "--min", "95"]);
    assert_eq!(wanted.code, 1);
    assert!(wanted.words().contains("too little: every ending and 95 % of everything are wanted."), "{}", wanted.out);
    let too_much = folder.onward(&["test", "small.pathway", "--coverage", "--min", "101"]);
    assert_eq!(too_much.code, 2);
    let alone = folder.onward(&["test", "small.pathway", "--min", "5"]);
    assert_eq!(alone.code, 2, "a least is wanted of what is counted");
}

/// What a scenario does on the way is counted as what it is: declined, late and escalated, decided by a role.
#[test]
fn what_happens_is_counted_as_what_it_is() {
    let read = onward(&["--format", "json", "test", TEA, "--coverage"]).json();
    let of = &read["coverage"][0];
    let never: Vec<&str> =
        of["never"].as_array().expect("a list").iter().filter_map(|it| it["what"].as_str()).collect();
    for reached in ["`first_visit`: done", "by default: late"] {
        assert!(!never.contains(&reached), "{reached} is reached: {never:?}");
    }
}
