//! The checker and the oracle agree: two who read docs/semantics.md, and nothing of each other.
//!
//! `ONWARD_CASES` says over how many random worlds, `ONWARD_SAY=1` prints what occurred how often, and the text and the
//! traces of a world they disagree about are in the failure.
#![allow(clippy::panic)]

mod oracle;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::diagnostic::Kind;
use onward::{Library, Source};
use oracle::{Choices, Dialect, Promised, SLOT_HOURS, Verdict, World, judge};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

/// What the checker must find exactly when the oracle does. A kind that the registry does not have yet is compared from
/// the day it does; [`AWAITED`] says which those are.
const COMPARED: &[(&str, Compare)] = &[
    ("gap", Compare::BothWays),
    ("endless", Compare::BothWays),
    // A warning: the checker's graph leads `back to the decision` to every decision that leads to the step, whether or not
    // one came from there, so it can take a decision for reached that is not.
    ("never-reached", Compare::MayBeMissed),
    ("nobody-answers", Compare::BothWays),
    ("too-late", Compare::BothWays),
    ("not-handed-over", Compare::BothWays),
    ("asked-twice", Compare::BothWays),
    ("unheld-ending", Compare::BothWays),
    ("still-owed", Compare::BothWays),
];

/// How far the two must agree.
#[derive(Clone, Copy, PartialEq)]
enum Compare {
    /// The checker finds it exactly when the oracle does.
    BothWays,
    /// Whatever the checker finds, the oracle finds.
    MayBeMissed,
}

/// Kinds of which the registry may not know yet. Take out what has landed: what is not here must be there.
const AWAITED: &[&str] =
    &["gap", "nobody-answers", "too-late", "not-handed-over", "asked-twice", "unheld-ending", "still-owed"];

/// Which parts of the language the worlds use. Switch on what has landed.
/// (`sleepers` wait for `nobody-answers`: as long as a ladder whose last rung sleeps is a `broken-ladder`, an error, there
/// is nothing to prove.)
const DIALECT: Dialect = Dialect { takes: false, owed: false, promises: false, sleepers: false };

/// The whole language.
const EVERYTHING: Dialect = Dialect { takes: true, owed: true, promises: true, sleepers: true };

impl Choices for Dice {
    fn below(&mut self, n: usize) -> usize {
        Dice::below(self, n)
    }
}

/// The kinds the checker found in a world.
fn found(text: &str) -> Result<Vec<&'static str>, TestCaseError> {
    let report = match Library::compile(vec![Source::new("small.pathway", text.to_string())]) {
        Ok(library) => library.report().clone(),
        Err(report) => return Err(TestCaseError::fail(format!("a small world compiles:\n{report}\n{text}"))),
    };
    Ok(report.findings.iter().map(|finding| finding.kind.name()).collect())
}

fn disagreement(kind: &str, world: &World, oracle: &Verdict) -> TestCaseError {
    TestCaseError::fail(format!("they disagree about `{kind}`\n{}\n{oracle:#?}", world.text()))
}

#[test]
fn the_checker_finds_what_the_oracle_finds() {
    let counts: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let count = |what: &str| *counts.borrow_mut().entry(what.to_string()).or_default() += 1;
    for_all(256, 200, |dice| {
        let world = World::random(dice, DIALECT);
        let oracle = judge(&world);
        count("worlds");
        world.constructs().iter().for_each(|construct| count(construct));
        if oracle.gave_up {
            count("given up by the oracle");
            return Ok(());
        }
        if oracle.is_sound() {
            count("sound");
        }
        let found = found(&world.text())?;
        if found.contains(&"undecided") {
            count("undecided by the checker");
        }
        for (kind, compare) in COMPARED.iter().filter(|(kind, _)| Kind::named(kind).is_some()) {
            let (ours, theirs) = (oracle.has(kind), found.contains(kind));
            if ours {
                count(&format!("finding {kind}"));
            }
            if theirs && !ours || ours && !theirs && *compare == Compare::BothWays {
                return Err(disagreement(kind, &world, &oracle));
            }
            if ours != theirs {
                count(&format!("missed {kind}"));
            }
        }
        // SWITCH ON when `Proof::longest` lands: the bound is never below the longest there is.
        //     if let (Some(bound), Some(longest)) = (&proof.longest, oracle.longest) {
        //         prop_assert!(bound.at_most >= Length::hours(i64::from(longest * SLOT_HOURS)));
        //     }
        for promised in &oracle.promises {
            let (broken, undecided) = (found.contains(&"promise-broken"), found.contains(&"undecided"));
            let fits = match promised {
                Promised::Kept => !broken,
                Promised::BrokenOnPaper(_) => undecided && !broken,
                Promised::Broken(_) => undecided || broken,
            };
            count(&format!("a promise {}", if *promised == Promised::Kept { "kept" } else { "broken" }));
            if !fits {
                return Err(disagreement("promise-broken", &world, &oracle));
            }
        }
        Ok(())
    });
    let counts = counts.into_inner();
    let rate = |what: &str| counts.get(what).copied().unwrap_or(0) * 100 / counts["worlds"];
    say(&counts);
    println!("undecided: {} %, given up: {} %", rate("undecided by the checker"), rate("given up by the oracle"));
    assert!(rate("sound") >= 30, "at least three of ten worlds are sound: {counts:#?}");
    assert!(rate("given up by the oracle") <= 2, "hardly a world is too large: {counts:#?}");
}

/// Whatever goes wrong in a run is a finding by the letter of section 11; and the worlds show every kind, in a run too.
#[test]
fn what_a_run_shows_is_a_finding() {
    let counts: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let count = |what: String| *counts.borrow_mut().entry(what).or_default() += 1;
    for_all(256, 200, |dice| {
        let world = World::random(dice, EVERYTHING);
        let oracle = judge(&world);
        count("worlds".to_string());
        let most = oracle.states.1 / 1000;
        count(format!(
            "with {} states",
            if most == 0 {
                "up to 1,000"
            } else if most < 10 {
                "up to 10,000"
            } else {
                "more"
            }
        ));
        for (kind, run) in &oracle.shown {
            count(format!("run {}", kind.name()));
            prop_assert!(
                oracle.defined.contains_key(kind),
                "{kind:?} in a run and not on paper: {run}\n{}",
                world.text()
            );
        }
        for kind in oracle.defined.keys() {
            count(format!("finding {}", kind.name()));
        }
        for promised in &oracle.promises {
            count(format!("a promise {}", if *promised == Promised::Kept { "kept" } else { "broken" }));
        }
        if oracle.is_sound() {
            count("sound".to_string());
        }
        Ok(())
    });
    let counts = counts.into_inner();
    say(&counts);
    let all = COMPARED.iter().map(|(kind, _)| format!("finding {kind}"));
    let runs = COMPARED.iter().filter(|(kind, _)| *kind != "never-reached").map(|(kind, _)| format!("run {kind}"));
    let promises = ["a promise kept", "a promise broken"].map(str::to_string);
    for what in all.chain(runs).chain(promises) {
        assert!(counts["worlds"] < 256 || counts.contains_key(&what), "no world has `{what}`: {counts:#?}");
    }
    assert!(counts["sound"] * 100 >= 30 * counts["worlds"], "at least three of ten worlds are sound: {counts:#?}");
}

fn say(counts: &BTreeMap<String, u32>) {
    if std::env::var("ONWARD_SAY").is_ok() {
        counts.iter().for_each(|(what, times)| println!("{times:6} {what}"));
    }
}

/// The hours in the text are the slots of the world: else the two would look at different weeks.
#[test]
fn hours_in_the_text_are_the_slots_of_the_world() {
    let monday: Moment = "2026-03-02T00:00:00Z".parse().expect("a time");
    for_all(64, 200, |dice| {
        let world = World::random(dice, DIALECT);
        let library = Library::compile(vec![Source::new("small.pathway", world.text())]).expect("it compiles");
        let (_, directory) = library.directories().next().expect("it has one");
        for (contact, of_text) in world.contacts.iter().zip(&directory.contacts) {
            for number in 0..64 {
                let from = monday.plus(Length::hours(i64::from(SLOT_HOURS) * number));
                let many = 1 + number / 16;
                let length = Length::hours(i64::from(SLOT_HOURS) * many);
                let open = contact.throughout((number % 8) as u8, many as u8);
                prop_assert_eq!(directory.is_open(of_text, from, length), open, "slot {} of {}", number, world.text());
            }
        }
        Ok(())
    });
}

/// Every kind that is compared is one the checker has, or one that is awaited.
#[test]
fn every_kind_that_is_compared_is_there_or_awaited() {
    for (kind, _) in COMPARED {
        assert!(Kind::named(kind).is_some() || AWAITED.contains(kind), "`{kind}` is no kind of finding");
    }
}
