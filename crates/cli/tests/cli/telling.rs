//! `who` and `case`.

use super::{Folder, LATE, TEA, onward};

#[test]
fn who_answers_now_and_who_is_next() {
    let night = onward(&["who", "somebody_answers", "--at", "2026-03-02 20:00", TEA]);
    assert_eq!(night.code, 0, "{}", night.err);
    let words = night.words();
    assert!(words.contains("1. The volunteers (no telephone number given): passed over"), "{words}");
    assert!(words.contains("open next on Tue 3 Mar 2026 10:00"), "{words}");
    assert!(words.contains("2. The office (telephone 01632 960 100): answers now."), "{words}");
    let day = onward(&["who", "somebody_answers", "--at", "2026-03-02 12:00", TEA]).words();
    assert!(day.contains("The volunteers (no telephone number given): answers now"), "{day}");
    assert!(day.contains("The office (telephone 01632 960 100): is next"), "{day}");
    let contact = onward(&["who", "volunteers", "--at", "2026-03-02 12:00", TEA]).words();
    assert!(contact.contains("open now, until Mon 2 Mar 2026 18:00"), "{contact}");
    let role = onward(&["who", "volunteer", "--at", "2026-03-02 20:00", TEA]).words();
    assert!(role.contains("Nobody answers now."), "{role}");
    let json = onward(&["who", "office", "--at", "2026-03-02T20:00Z", TEA, "--format", "json"]).json();
    assert_eq!(json[0]["contact"]["always"], true);
    assert_eq!(json[0]["at"], "2026-03-02T20:00:00Z");
}

#[test]
fn times_are_local_and_must_exist() {
    for (time, says) in [
        ("2026-03-29 01:30", "does not exist in Europe/London"),
        ("2026-10-25 01:30", "happens twice in Europe/London"),
        ("yesterday", "is not a date and time"),
    ] {
        let ran = onward(&["who", "office", "--at", time, TEA]);
        assert_eq!(ran.code, 2, "{time}");
        assert!(ran.complaint().contains(says), "{}", ran.err);
    }
    let twice = onward(&["who", "office", "--at", "2026-10-25 01:30+00:00", TEA]);
    assert!(twice.out.contains("Sun 25 Oct 2026 01:30 (+00:00)"), "{}", twice.out);
    let past = onward(&["who", "office", "--at", "2035-01-01 12:00", TEA]);
    assert!(past.words().contains("says nothing from Wed 1 Jan 2031 00:00 on"), "{}", past.out);
}

#[test]
fn an_unknown_name_is_not_left_alone() {
    let ran = onward(&["who", "ofice", "--at", "2026-03-02 12:00", TEA]);
    assert_eq!(ran.code, 2);
    assert!(ran.complaint().contains("did you mean `office`?"), "{}", ran.err);
    let json = onward(&["who", "ofice", "--at", "2026-03-02 12:00", TEA, "--format", "json"]);
    assert_eq!((json.code, json.json()["verdict"].as_str()), (2, Some("could-not-run")));
}

#[test]
fn a_mistake_elsewhere_does_not_keep_one_from_the_number() {
    let folder = Folder::with_tea("elsewhere");
    folder.put("broken.pathway", "onward 1\n\nnonsense\n");
    let ran = folder.onward(&["who", "office", "--at", "2026-03-02 12:00"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("01632 960 100") && ran.out.contains("were left out"), "{}", ran.out);
    let unknown = folder.onward(&["who", "nobody_at_all", "--at", "2026-03-02 12:00"]);
    assert_eq!(unknown.code, 1, "what was left out may have it: {}", unknown.out);
    assert!(unknown.out.contains("unreadable-block"), "{}", unknown.out);
}

fn saved(name: &str) -> Folder {
    let folder = Folder::with_tea(name);
    folder.put("late.json", LATE);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "late.json", "--save", "case.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

#[test]
fn a_saved_case_is_told() {
    let folder = saved("case");
    let ran = folder.onward(&["case", "case.json", "--pathway", "tea.pathway"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let words = ran.words();
    for part in [
        "Case late",
        "The case is closed: \"Not alone\".",
        "Feels lonely: yes (Mon 9 Mar 2026 10:00).",
        "What happened",
    ] {
        assert!(words.contains(part), "{part}: {}", ran.out);
    }
    let json = folder
        .onward(&["case", "case.json", "--pathway", "tea.pathway", "--why", "introduce", "--format", "json"])
        .json();
    assert_eq!(json["standing"]["closed"]["held_by"], "person");
    assert_eq!(json["why"]["cause"]["decided"]["row"], 1);
}

#[test]
fn a_saved_case_is_asked_why_and_why_not() {
    let folder = saved("why");
    let why = folder.onward(&["case", "case.json", "--pathway", "tea.pathway", "--why", "introduce"]);
    assert!(why.words().contains("Because of its row 1, `when lonely`"), "{}", why.out);
    let not = folder.onward(&["case", "case.json", "--pathway", "tea.pathway", "--why-not", "left_in_peace"]).words();
    assert!(not.contains("the person did not come to it."), "{not}");
    assert!(not.contains("It can follow \"Visit over a cup of tea\", if"), "{not}");
    assert!(not.contains("It was done."), "{not}");
    let unknown = folder.onward(&["case", "case.json", "--pathway", "tea.pathway", "--why", "visitt"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.complaint().contains("did you mean `visit`?"), "{}", unknown.err);
}

#[test]
fn a_saved_case_is_looked_at_at_another_time() {
    let folder = saved("at");
    let case = |at: &str| folder.onward(&["case", "case.json", "--pathway", "tea.pathway", "--at", at]);
    let before = case("2026-03-05 12:00").words();
    assert!(
        before.contains("Where it stands, Thu 5 Mar 2026 12:00 The next step: - \"Visit over a cup of tea\" (visit)"),
        "{before}"
    );
    let opened = case("2026-03-01 12:00");
    assert_eq!(opened.code, 2);
    assert!(opened.complaint().contains("the case was opened on Mon 2 Mar 2026 09:00"), "{}", opened.err);

    folder.put("start.json", r#"{"starts": "2026-03-02T09:00"}"#);
    folder.onward(&["simulate", "tea.pathway", "--person", "start.json", "--save", "open.json"]);
    let later = folder.onward(&["case", "open.json", "--pathway", "tea.pathway", "--at", "2026-03-09 10:30"]).words();
    assert!(later.contains("What would happen if nobody did anything until Mon 9 Mar 2026 10:30"), "{later}");
    assert!(later.contains("Asked now: The office (telephone 01632 960 100)"), "{later}");
}

#[test]
fn a_case_that_does_not_hang_together_is_refused() {
    let folder = saved("broken");
    let whole = folder.text("case.json");
    for (from, to, says) in [
        ("\"revision\": 3", "\"revision\": 9", "does not hang together"),
        ("\"name\": \"tea_and_talk\"", "\"name\": \"other\"", "has no pathway `other`"),
        ("\"lonely\": {", "\"lonly\": {", "there is no fact `lonly`"),
        ("\"format\": 2", "\"format\": 7", "format 7"),
        ("\"draft\": false", "\"draught\": false", "there is no field `draught`"),
    ] {
        assert!(whole.contains(from), "{from}");
        folder.put("case.json", whole.replacen(from, to, 1));
        let ran = folder.onward(&["case", "case.json", "--pathway", "tea.pathway"]);
        assert_eq!(ran.code, 2, "{from}: {}", ran.out);
        assert!(ran.complaint().contains(says), "{from}: {}", ran.err);
        ran.is_plain();
    }
    folder
        .put("case.json", &whole)
        .put("tea.pathway", super::tea().replace("within              7 days", "within              6 days"));
    let ran = folder.onward(&["case", "case.json", "--pathway", "tea.pathway"]);
    assert_eq!(ran.code, 2);
    assert!(ran.complaint().contains("a case stays on the version it began with"), "{}", ran.err);
}

#[test]
fn which_meeting_one_is_in_time_for() {
    let who = |at: &str| onward(&["who", "funding_panel", "--at", at, "pathways/nottinghamshire"]).words();
    let in_time = who("2026-03-06 12:00");
    assert!(in_time.contains("in time for Tue 10 Mar 2026 10:00, with papers by Fri 6 Mar 2026 12:00"), "{in_time}");
    assert!(who("2026-03-06 12:01").contains("in time for Tue 17 Mar 2026 10:00"), "a minute later");
    let json =
        onward(&["who", "funding_panel", "--at", "2026-03-06 12:00", "pathways/nottinghamshire", "--format", "json"]);
    assert_eq!(json.json()[0]["meeting"]["next"]["ends"], "2026-03-10T13:00:00Z");
}

#[test]
fn what_is_to_be_started_for_somebody_before_a_crisis() {
    let watch = |on: &str, more: &[&str]| {
        let all =
            ["watch", "pathways/anticipatory_care.pathway", "--person", "examples/records/case_2.json", "--on", on];
        onward(&[&all[..], more].concat())
    };
    let ran = watch("2026-01-12 12:00", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let words = ran.is_plain().words();
    assert!(
        words.contains(
            "The one who cares is at their limit: start \"Anticipatory care: a virtual ward, before the crisis\" by"
        ),
        "{words}"
    );
    assert!(words.contains("Frail, and falling: not known yet. The person's GP practice is to be asked"), "{words}");
    assert!(words.contains("Look again on"), "{words}");
    let json = watch("2026-01-12", &["--format", "json"]).json();
    assert_eq!(json["watched"]["starts"][0]["anticipation"], "falls_short", "on the day before anybody came");
    for (on, complaint) in [("sometime", "`--on`"), ("2031-01-01", "says nothing from")] {
        let ran = watch(on, &[]);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.complaint().contains(complaint), "{}", ran.err);
    }
    let none = onward(&["watch", TEA, "--person", "examples/records/case_2.json", "--on", "2026-01-12"]);
    assert!(none.complaint().contains("nothing is anticipated in these files"), "{}", none.err);
    let record = onward(&["watch", TEA, "--person", "examples/people/case_1.json", "--on", "2026-01-12"]);
    assert!(record.complaint().contains("is not a person record"), "{}", record.err);
}
