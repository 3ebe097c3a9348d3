//! What a finding says to do about it, of those findings whose help was read by people who never programmed.

#![allow(clippy::panic)]

mod common;

use common::{REST, compile};
use onward::Source;
use onward::diagnostic::{Finding, Kind};

/// The finding of that kind in the example on its page, or in a text.
fn found(kind: Kind, text: &str) -> Finding {
    let (_, report) = compile(vec![Source::new("helps.pathway", text)]);
    report.findings.iter().find(|it| it.kind == kind).cloned().unwrap_or_else(|| panic!("{kind}: {report}"))
}

/// The example on the page of a kind, with the rest of the file.
fn example(kind: Kind) -> String {
    let (_, fence) = kind.page().split_once("```pathway,with-rest\n").expect("there is an example");
    let (text, _) = fence.split_once("```").expect("it ends");
    format!("{text}\n{REST}")
}

fn help(kind: Kind, text: &str) -> String {
    found(kind, text).help.expect("it says what to do")
}

#[test]
fn who_asks_again_is_told_to_ask_only_what_nobody_knows() {
    assert_eq!(
        help(Kind::AskedTwice, &example(Kind::AskedTwice)),
        "what `visit` found is still good: take out `afresh` and leave `finds`, and the person is asked only what nobody \
         knows; or, if a second look is meant, let some time pass before `plan`"
    );
}

#[test]
fn two_who_ask_at_once_are_told_which_of_them_may() {
    let text = format!(
        "onward 1\n\nfacts\n  managing yes or no\n\npathway test\n  version 1\n  starts at both\n\ntogether both\n  \
         one led by nurse finds managing within 1 day\n  two led by manager finds managing within 1 day\n  all done \
         within 1 day\n  if not all done -> as_they_wish\n  then as_they_wish\n\n{REST}"
    );
    assert_eq!(
        help(Kind::AskedTwice, &text),
        "let one of them ask, and take it out of what the other finds; or do `two` after `one`, when it is known \
         already"
    );
}

#[test]
fn an_ending_nobody_accepted_says_how_somebody_is_asked() {
    assert_eq!(
        help(Kind::UnheldEnding, &example(Kind::UnheldEnding)),
        "ask `social_worker` to take the person on: before this ending, on every way to it, `hand over … to \
         social_worker`, and when they decline, lead to another ending; where they are only to know, let the person hold \
         the ending and write `tell social_worker \"…\"`"
    );
}

#[test]
fn what_takes_too_long_points_at_the_rounds_that_take_it() {
    let text = include_str!("language/promises/too_long.pathway").replace("# … and the rest", REST);
    let finding = found(Kind::PromiseBroken, &text);
    let others: Vec<&str> = finding.others.iter().map(|other| other.text.as_str()).collect();
    assert_eq!(others, ["5 times round from here back to here may take 21 days 1 hour of it"]);
}
