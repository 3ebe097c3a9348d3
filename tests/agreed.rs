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

#[test]
fn what_is_allowed_to_be_agreed_to_later_is_what_stands_there_now() {
    let said = |text: &str| {
        let library = Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|it| panic!("{it}"));
        let findings =
            library.report().findings.iter().filter(|it| ["not-agreed", "allows-others"].contains(&it.kind.name()));
        let said: Vec<(String, String)> =
            findings.map(|it| (it.kind.name().to_string(), it.help.clone().unwrap_or_default())).collect();
        said
    };
    let allow = |mark: &str| {
        format!(
            "  needs agreement of health\n  allow not-agreed of \"{mark}\" because \"they meet in May\" by team until 2030-01-01"
        )
    };
    let first = said(&with_header(&allow("000000000000")));
    let others = first.iter().find(|(kind, _)| kind == "allows-others").unwrap_or_else(|| panic!("{first:?}"));
    let mark = others.1.split('"').nth(1).unwrap_or_else(|| panic!("{others:?}")).to_string();
    // What is allowed is no part of what is to be agreed to: the mark stays when it is written down.
    let whole = with_header(&allow(&mark));
    assert_eq!(said(&whole), []);
    // Another deadline is another content, and nobody has answered for that.
    let other = said(&whole.replace("within 2 days", "within 3 days"));
    let kinds: Vec<&str> = other.iter().map(|(kind, _)| kind.as_str()).collect();
    assert!(kinds.contains(&"allows-others") && kinds.contains(&"not-agreed"), "{kinds:?}");
}

/// Whether one could take alone what is to be agreed is told by the professions of those who agree: they are agreed to.
#[test]
fn what_those_are_who_agree_is_part_of_what_is_agreed_to() {
    let decision = "decide first\n  advise team to decide within 1 day\n  when ready -> over\n  if none of these -> over\n  agreed by nurse\n  if they disagree -> over\n  otherwise because one of her_wish\n  if we do not know yet -> over";
    let text = text(decision);
    let mark = |text: &str| looked_at(text).0;
    let says = |role: &str, profession: &str| {
        let head = format!("role {role}\n");
        assert!(text.contains(&head), "{text}");
        text.replacen(&head, &format!("{head}  profession {profession}\n"), 1)
    };
    assert_ne!(mark(&says("nurse", "nursing")), mark(&says("nurse", "medicine")));
    assert_ne!(mark(&says("team", "nursing")), mark(&says("team", "medicine")), "whoever decides is one of them");
    // Where nobody agrees, it makes no difference.
    let alone = |text: &str| text.replace("  agreed by nurse\n  if they disagree -> over\n", "");
    assert_eq!(mark(&alone(&says("nurse", "nursing"))), mark(&alone(&says("nurse", "medicine"))));
}
