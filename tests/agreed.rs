//! Who agrees to a pathway, and to what (10.58).
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::model::{PathwayId, mark};
use onward::{Library, Source};
use small::text;

const STEP: &str = "step first\n  led by team\n  within 2 days\n  then over";

fn with_header(lines: &str) -> String {
    text(STEP).replacen("  starts at first\n", &format!("  starts at first\n{lines}\n"), 1)
}

/// The mark of a text, and what is found of agreement in it.
fn looked_at(text: &str) -> (String, Vec<String>) {
    let library =
        Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}"));
    let findings = library.report().findings.iter().filter(|it| it.kind.name() == "not-agreed");
    (mark(&library.program(PathwayId(0)).hash).to_string(), findings.map(|it| it.message.clone()).collect())
}

#[test]
fn what_was_agreed_to_is_what_stands_there_and_nothing_else() {
    let needs = "  needs agreement of health, social_care";
    let (first, found) = looked_at(&with_header(needs));
    assert_eq!(found.len(), 2, "{found:?}");
    let agreed = |by: &str, mark: &str| format!("  agreed by {by} on 2026-03-02 of \"{mark}\"");
    let lines = [needs.to_string(), agreed("health", &first), agreed("social_care", &first)].join("\n");
    // That they have agreed is no other content, nor are a comment and the layout.
    let whole = with_header(&lines);
    assert_eq!(looked_at(&whole), (first.clone(), Vec::new()));
    assert_eq!(
        looked_at(&whole.replace("  within 2 days", "  # soon\n  within   2 days")),
        (first.clone(), Vec::new())
    );
    // Another deadline is, and so is another value of a fact that it uses; nobody has agreed to that.
    let other = whole.replace("within 2 days", "within 3 days");
    let (second, found) = looked_at(&other);
    assert_ne!(first, second);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|it| it.contains("something has changed since")), "{found:?}");
    // One agrees anew, and what they had agreed to before stays as a record.
    let again =
        other.replacen(&agreed("health", &first), &[agreed("health", &first), agreed("health", &second)].join("\n"), 1);
    let (mark, found) = looked_at(&again);
    assert_eq!((mark, found.len()), (second, 1));
    assert!(found[0].starts_with("`social_care` has agreed to another content of `small`"), "{found:?}");
}

#[test]
fn who_else_is_to_agree_is_another_content() {
    let (one, _) = looked_at(&with_header("  needs agreement of health"));
    let (two, _) = looked_at(&with_header("  needs agreement of health, social_care"));
    assert_ne!(one, two);
}
