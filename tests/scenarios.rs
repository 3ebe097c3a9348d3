//! What a scenario is held to: who does something may do it as things stand then, and what is due is due when it says.

mod common;

use common::{Sample, failures};

/// A visit, a handover behind it and a decision behind that, with somebody on a ladder.
const TEST: &str = "onward 1

facts
  steady yes or no

pathway test
  version 1
  starts at visit

step visit
  led by nurse
  with social_worker
  finds steady
  within 2 days
  then over

hand over over
  from nurse
  to social_worker
  carrying steady
  accepted within 1 day
  if declined -> settled
  then choice

decide choice
  when steady -> settled
  if none of these -> settled
  if we do not know yet -> social_worker decides within 1 day

ending settled
  held by person

scenario \"It is so\"
  on test
  starts 2026-03-02 09:00
LINES
";

/// What is otherwise in a scenario of those lines.
fn otherwise(lines: &str) -> Vec<String> {
    let lines: String = lines.lines().map(|line| format!("  {}\n", line.trim())).collect();
    let (library, report) = Sample::new("test.pathway", &TEST.replace("LINES\n", &lines), true).compile();
    assert_eq!(report.to_string(), "", "{lines}");
    failures(&library.expect("it can be read"))
}

/// Each line of what happens, by whom it may be and by whom not.
#[test]
fn what_is_said_to_be_done_is_done_by_somebody_whose_it_is() {
    let visited = "after 1 hour visit is done by nurse, without steady\n";
    let over = format!("{visited}after 1 hour over is accepted by social_worker\n");
    // The social workers were asked for four hours; since then it is the manager.
    let late = "after 2 days 4 hours 30 minutes nothing happens\n";
    for (before, line, may, may_not) in [
        ("", "visit is done, without steady", &["nurse", "social_worker"][..], &["manager", "person"][..]),
        ("", "visit cannot be done", &["nurse", "social_worker"], &["manager"]),
        ("", "the person declines visit", &["nurse", "person", "manager"], &[]),
        ("", "we learn steady", &["manager", "person"], &[]),
        ("", "the person died", &["manager"], &[]),
        (visited, "over is accepted", &["social_worker"], &["nurse", "manager"]),
        (visited, "over is declined, because \"full\"", &["social_worker"], &["nurse"]),
        (visited, "over cannot be done", &["social_worker", "nurse"], &["manager"]),
        // Whoever is asked may say so, and so may the one it was with before.
        (late, "visit is done, without steady", &["manager", "nurse"], &["person"]),
    ] {
        for (by, theirs) in may.iter().map(|by| (by, true)).chain(may_not.iter().map(|by| (by, false))) {
            let (said, rest) =
                line.split_once(", ").map_or((line, String::new()), |(said, rest)| (said, format!(", {rest}")));
            let found = otherwise(&format!("{before}after 1 hour {said} by {by}{rest}"));
            match theirs {
                true => assert_eq!(found, Vec::<String>::new(), "{line} by {by}"),
                false => assert!(
                    found.len() == 1 && found[0].contains(&format!("`{by}` has no part in")),
                    "{line} by {by}: {found:?}"
                ),
            }
        }
    }
    assert_eq!(
        otherwise(&format!("{over}and then social_worker decides settled\nexpect an ending settled")),
        Vec::<String>::new()
    );
    let found = otherwise(&format!("{over}and then nurse decides settled"));
    assert!(found.len() == 1 && found[0].contains("`nurse` has no part in `choice/social_worker`"), "{found:?}");
    assert!(found[0].ends_with("that is for `social_worker`"), "{found:?}");
}

/// What does not say who it was is taken as it is, and what is not open is refused as ever.
#[test]
fn nobody_needs_to_be_named() {
    assert_eq!(otherwise("after 1 hour visit is done, without steady"), Vec::<String>::new());
    let found = otherwise("after 1 hour over is accepted by manager");
    assert!(found.len() == 1 && !found[0].contains("has no part"), "{found:?}");
}

/// By when something is due, to the second; and once somebody is asked about it, by when they answer.
#[test]
fn what_is_expected_to_be_due_is_due_then_and_at_no_other_time() {
    for (lines, is) in [
        ("expect visit is due at 2026-03-04 09:00", None),
        ("expect visit is due at 2026-03-04 09:00Z", None),
        ("expect visit is due at 2026-03-04 09:00:01", Some("`visit` is due at Wed 4 Mar 2026 09:00, not at")),
        ("expect visit is due at 2026-03-03 09:00", Some("`visit` is due at Wed 4 Mar 2026 09:00, not at")),
        ("expect over is due at 2026-03-03 09:00", Some("`over` is not open; what is open: `visit`")),
        ("after 2 days nothing happens\nexpect visit is due at 2026-03-04 13:00", None),
        (
            "after 2 days nothing happens\nexpect visit is due at 2026-03-04 09:00",
            Some("who is asked about `visit`, answers by Wed 4 Mar 2026 13:00, not by Wed 4 Mar 2026 09:00"),
        ),
    ] {
        let found = otherwise(lines);
        match is {
            None => assert_eq!(found, Vec::<String>::new(), "{lines}"),
            Some(is) => assert!(found.len() == 1 && found[0].contains(is), "{lines}: {found:?}"),
        }
    }
    // Of a decision it is the time of whoever takes it.
    let over = "after 1 hour visit is done, without steady\nafter 1 hour over is accepted\n";
    assert_eq!(otherwise(&format!("{over}expect choice is due at 2026-03-03 11:00")), Vec::<String>::new());
}
