//! A saved case for those who look into an incident, with another directory, and with something erased.

use super::{Folder, LATE, tea};

const CASE: &[&str] = &["case", "case.json", "--pathway", "tea.pathway"];

fn case(folder: &Folder, more: &[&str]) -> super::Ran {
    folder.onward(&[CASE, more].concat())
}

fn saved(name: &str, person: &str) -> Folder {
    let folder = Folder::with_tea(name);
    folder.put("person.json", person);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "person.json", "--save", "case.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

#[test]
fn an_incident_review_tells_what_was_known_decided_escalated_and_said_up_to_then() {
    let folder = saved("review", LATE);
    let introduced = case(&folder, &["--why", "introduce"]).words();
    for part in [
        "What was known about the person, when, and from whom - Mon 9 Mar 2026 10:00: Feels lonely: yes (Volunteer).",
        "What was decided Mon 9 Mar 2026 10:00, row 1.",
        "Who was asked when something was late or could not be done - Mon 9 Mar 2026 09:00: \"Visit over a cup of tea\"",
        "What people were told - Mon 2 Mar 2026 09:00: The person: \"Somebody will come by this week",
    ] {
        assert!(introduced.contains(part), "{part}: {introduced}");
    }
    // Nothing that was only known later.
    let visited = case(&folder, &["--why", "visit"]).words();
    assert!(!visited.contains("Feels lonely") && visited.contains("What people were told"), "{visited}");
    let json = case(&folder, &["--why", "introduce", "--format", "json"]).json();
    assert_eq!(json["review"]["facts"][0]["entry"]["recorded"]["fact"], "lonely");
    assert_eq!(json["review"]["decisions"][0]["entry"]["decided"]["row"], 1);
    assert_eq!(json["review"]["until"], "2026-03-09T10:00:00Z");
}

#[test]
fn a_saved_case_goes_on_with_another_directory_or_is_told_why_not() {
    let folder = saved("follow", r#"{"starts": "2026-03-02T09:00", "events": [{"after": "7 days", "nothing": true}]}"#);
    folder.put("other/tea.pathway", tea().replace("volunteers", "visitors"));
    let ran = case(&folder, &["--follow", "other/tea.pathway", "--save", "followed.json"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert!(ran.words().contains("the case goes on with \"Our village\""), "{}", ran.out);
    let told = folder.onward(&["case", "followed.json", "--pathway", "other/tea.pathway"]);
    assert!(told.words().contains("From now on another directory says who is there"), "{}\n{}", told.out, told.err);
    let asleep = tea().replace(
        "  open                always",
        "  open                every day 09:00 to 17:00\n  on bank holidays    as usual",
    );
    folder.put("none/tea.pathway", asleep);
    let ran = case(&folder, &["--follow", "none/tea.pathway"]);
    assert_eq!(ran.code, 1, "{}\n{}", ran.out, ran.err);
    assert!(ran.words().contains("REFUSED: `tea_and_talk` is not proved"), "{}", ran.out);
    let json = case(&folder, &["--follow", "none/tea.pathway", "--format", "json"]);
    assert_eq!((json.code, json.json()["refused"]["code"].as_str()), (1, Some("not-proved")));
    ran.is_plain();
}

#[test]
fn a_dispute_is_told_as_it_was() {
    let folder = Folder::with_tea("dispute");
    let disputed = tea().replace(
        "good for 30 days",
        "good for 30 days\n                      if disputed ask coordinator within 1 day",
    );
    folder.put("tea.pathway", disputed.replace("asked of person", ""));
    let person = r#"{"starts": "2026-03-02T09:00", "events": [
        {"after": "1 hour", "record": true, "by": "volunteer", "facts": {"lonely": true}},
        {"after": "1 hour", "record": true, "by": "person", "facts": {"lonely": false}},
        {"after": "1 hour", "settled": "lonely", "by": "coordinator", "facts": {"lonely": true}}]}"#;
    folder.put("person.json", person);
    let ran = folder.onward(&["simulate", "tea.pathway", "--person", "person.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let words = ran.words();
    for part in [
        "Two found different things, so it is not known: Feels lonely.",
        "Say what it is, as two found different things: Feels lonely",
        "yes, found by Volunteer",
        "Feels lonely is settled: yes",
    ] {
        assert!(words.contains(part), "{part}: {}", ran.out);
    }
    ran.is_plain();
}
