//! The checker and the oracle agree: two who read docs/semantics.md, and nothing of each other.
//!
//! `ONWARD_CASES` says over how many random worlds, `ONWARD_SAY=1` prints what occurred how often, and the text and the
//! traces of a world they disagree about are in the failure.
#![allow(clippy::panic)]

mod oracle;
mod worlds;

use onward::diagnostic::Kind;
use onward::{Library, Source};
use oracle::{Choices, Dialect, Verdict, World, judge};
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
        // SWITCH ON when promises land: what is kept, kept; what is broken, `promise-broken`; `undecided` is counted.
        Ok(())
    });
    let counts = counts.into_inner();
    let rate = |what: &str| counts.get(what).copied().unwrap_or(0) * 100 / counts["worlds"];
    if std::env::var("ONWARD_SAY").is_ok() {
        counts.iter().for_each(|(what, times)| println!("{times:6} {what}"));
    }
    println!("undecided: {} %, given up: {} %", rate("undecided by the checker"), rate("given up by the oracle"));
    assert!(rate("sound") >= 30, "at least three of ten worlds are sound: {counts:#?}");
    assert!(rate("given up by the oracle") <= 2, "hardly a world is too large: {counts:#?}");
}

/// Whatever goes wrong in a run is a finding by the letter of section 11.
#[test]
fn what_a_run_shows_is_a_finding() {
    for_all(256, 200, |dice| {
        let world = World::random(dice, EVERYTHING);
        let oracle = judge(&world);
        for (kind, run) in &oracle.shown {
            prop_assert!(
                oracle.defined.contains_key(kind),
                "{kind:?} in a run and not on paper: {run}\n{}",
                world.text()
            );
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
