//! Mutants: a good small world in which one thing is broken. The oracle says whether that breaks the guarantee; the
//! checker catches every one that does, and accepts what is as good as before.
//!
//! `ONWARD_CASES` says how many worlds are made, `ONWARD_SAY=1` prints which mutants were caught how often.
#![allow(clippy::panic)]

mod broken;
mod oracle;
mod worlds;

use broken::{MUTATIONS, Mutation, OF_PEOPLE, asks_what_is_wished};
use onward::{Library, Source};
use oracle::{Choices, Dialect, World, judge};
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

impl Choices for Dice {
    fn below(&mut self, n: usize) -> usize {
        Dice::below(self, n)
    }
}

/// Whether a world is proved; or what stands against it, and whether it is only undecided.
fn proved(world: &World) -> Result<(), (String, bool)> {
    let source = Source::new("small.pathway", world.text());
    let library = Library::compile(vec![source]).map_err(|report| (report.to_string(), false))?;
    let errors = library.report().findings.iter().filter(|finding| finding.kind.severity().is_error());
    // That nobody asks is not a matter of the oracle.
    let of_it = errors.filter(|finding| finding.kind.name() != "never-asked");
    let undecided = of_it.clone().all(|finding| finding.kind.name() == "undecided");
    match of_it.count() {
        0 => Ok(()),
        _ => Err((library.report().to_string(), undecided)),
    }
}

/// What came of the mutants, by name, and what was wrong with those that were taken for what they are not.
#[derive(Default)]
struct Tally {
    counts: RefCell<BTreeMap<String, u32>>,
    wrong: RefCell<BTreeMap<String, String>>,
}

impl Tally {
    fn count(&self, what: impl Into<String>) {
        *self.counts.borrow_mut().entry(what.into()).or_default() += 1;
    }

    fn of(&self, what: &str) -> u32 {
        self.counts.borrow().get(what).copied().unwrap_or(0)
    }

    /// Breaks a good world in every way there is; no where it is not good.
    fn break_it(&self, world: &World, mutations: &[Mutation]) -> bool {
        if !judge(world).is_sound() || proved(world).is_err() {
            return false;
        }
        self.count("good worlds");
        for mutation in mutations {
            for at in 0..world.places.len().max(world.routes.len()) {
                let mut mutant = world.clone();
                if (mutation.at)(&mut mutant, at) {
                    self.look_at(mutant, mutation.name);
                }
            }
        }
        true
    }

    fn look_at(&self, mut mutant: World, name: &str) {
        if !mutant.call_fits() {
            // What is broken goes through the call and by it: it is written without one.
            mutant.called = 0;
        }
        let oracle = judge(&mutant);
        if oracle.gave_up {
            return self.count("given up");
        }
        let said = proved(&mutant);
        // No way leads from one road to another: such a mutant cannot be written.
        let across = |report: &str| mutant.beside != 0 && report.contains("error[jumps-out]");
        if said.as_ref().is_err_and(|(report, _)| across(report)) {
            return self.count("across two roads");
        }
        let what = match (&said, oracle.is_sound()) {
            (Err(_), false) => "broken and caught",
            (Ok(()), true) => "as good and accepted",
            (Err((_, true)), true) => "as good and undecided",
            (Ok(()), false) => "BROKEN AND ACCEPTED",
            (Err((_, false)), true) => "AS GOOD AND REFUSED",
        };
        self.count(format!("{what}: {name}"));
        self.count(what);
        if what == what.to_uppercase() {
            let text = mutant.text();
            let report = said.map_or_else(|(report, _)| report, |()| String::new());
            let shown = format!("{text}\n{oracle:#?}\n{report}");
            self.wrong.borrow_mut().insert(format!("{what}: {name}"), shown);
        }
    }

    /// Fails where one was taken for what it is not.
    fn settle(&self) {
        if std::env::var("ONWARD_SAY").is_ok() {
            self.counts.borrow().iter().for_each(|(what, times)| println!("{times:6} {what}"));
        }
        let wrong = self.wrong.borrow();
        wrong.values().for_each(|text| println!("{text}\n"));
        assert!(wrong.is_empty(), "{:?}", wrong.keys());
        for what in ["broken and caught", "as good and accepted"] {
            assert!(self.of(what) > 0, "no mutant is {what}");
        }
    }
}

#[test]
fn every_mutant_that_breaks_the_guarantee_is_caught() {
    let tally = Tally::default();
    for_all(96, 200, |dice| {
        tally.break_it(&World::random(dice, Dialect::EVERYTHING), MUTATIONS);
        Ok(())
    });
    tally.settle();
}

/// Few worlds say any of this, and fewer are good: these are looked for.
#[test]
fn every_mutant_of_whom_one_turns_to_and_where_one_lives_is_caught() {
    let tally = Tally::default();
    let speaks: [fn(&World) -> bool; 3] = [
        |world| world.contacts.iter().any(|contact| contact.serves.is_some()),
        asks_what_is_wished,
        |world| world.has_something_urgent() && world.contacts.iter().any(|contact| !contact.reached.is_empty()),
    ];
    for speaks in speaks {
        let worlds = (0..MOST_TRIED).map(|seed| World::random(&mut Dice::of(seed, 300), Dialect::EVERYTHING));
        let good = worlds.filter(speaks).filter(|world| world.places.len() < 5 && tally.break_it(world, OF_PEOPLE));
        let good = good.take(GOOD_WORLDS).count();
        assert!(good >= GOOD_WORLDS, "{good} worlds are good");
    }
    tally.settle();
    for mutation in OF_PEOPLE {
        let seen =
            ["broken and caught", "as good and accepted"].map(|what| tally.of(&format!("{what}: {}", mutation.name)));
        assert!(seen != [0, 0], "nothing shows what becomes of it when {}", mutation.name);
    }
    for what in ["a catchment is narrowed", "a row asks for what others wish", "nobody says that they have heard"] {
        assert!(tally.of(&format!("broken and caught: {what}")) > 0, "no mutant in which {what} breaks anything");
    }
}

/// How many worlds one looks through at the most, and how many good ones of each kind one wants.
const MOST_TRIED: u64 = 5_000;
const GOOD_WORLDS: usize = 12;
