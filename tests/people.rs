//! The search for a person against looking at everybody: whoever is found is there, and nobody is overlooked.

mod worlds;

use onward::check::Person;
use onward::check::people::{Demand, People, Regions, Search, Truths, Values};
use onward::diagnostic::{Place as At, Span};
use onward::model::{
    Condition, Domain, Fact, FactId, HowMany, Name, Part, Points, Ranges, Score, ScoreId, Shared, Test,
};
use onward::workflow::{Truth, truth};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use worlds::{Dice, for_all};

const HERE: At = At { source: 0, span: Span { start: 0, end: 0 } };

fn fact(name: &str, domain: Domain) -> Fact {
    Fact {
        name: Name::from(name),
        title: name.to_string(),
        domain,
        unit: None,
        asked_of: Vec::new(),
        found_by: Vec::new(),
        good_for: None,
        sources: Vec::new(),
        at: HERE,
    }
}

fn names(all: &[&str]) -> Vec<Name> {
    all.iter().map(|name| Name::from(*name)).collect()
}

/// One to three facts with small domains.
fn facts(dice: &mut Dice) -> Vec<Fact> {
    (0..1 + dice.below(3))
        .map(|number| {
            let domain = match dice.below(5) {
                0 => Domain::YesOrNo,
                1 => Domain::OneOf(names(&["home", "away", "unsure"][..1 + dice.below(3)])),
                2 => Domain::SeveralOf(names(&["family", "garden", "music"][..1 + dice.below(3)])),
                3 => Domain::Number { min: -2, max: 1 + dice.below(4) as i64, step: 1, decimals: 0 },
                _ => Domain::Number { min: 350, max: 380, step: 5, decimals: 1 },
            };
            fact(["alone", "wish", "falls"][number], domain)
        })
        .collect()
}

fn ranges(dice: &mut Dice, (min, max): (i64, i64)) -> Ranges {
    let some = |dice: &mut Dice| {
        let from = min + dice.below((max - min + 1) as usize) as i64;
        (from, (from + dice.below(4) as i64).min(max))
    };
    match dice.below(6) {
        0 => Ranges::new([some(dice), some(dice)]),
        1 => Ranges::new([(min, some(dice).1)]),
        2 => Ranges::new([(some(dice).0, max)]),
        3 => Ranges::new([some(dice)]).without(min, max),
        _ => Ranges::new([some(dice)]),
    }
}

fn test(dice: &mut Dice, facts: &[Fact], scores: &[Score], depth: usize) -> Test {
    let parts = |dice: &mut Dice| (0..dice.below(4)).map(|_| test(dice, facts, scores, depth - 1)).collect();
    if depth > 0 && dice.below(2) == 1 {
        return match dice.below(3) {
            0 => Test::All(parts(dice)),
            1 => Test::Any(parts(dice)),
            _ => Test::Not(Box::new(test(dice, facts, scores, depth - 1))),
        };
    }
    if !scores.is_empty() && dice.once_in(3) {
        let score = dice.below(scores.len());
        let (min, max) = scores[score].bounds();
        let ranges = ranges(dice, (min, max));
        return if dice.once_in(3) {
            Test::AnyPart(ScoreId(score as u32), ranges)
        } else {
            Test::Score(ScoreId(score as u32), ranges)
        };
    }
    let flags: Vec<FactId> =
        (0..facts.len()).filter(|at| facts[*at].domain == Domain::YesOrNo).map(|at| FactId(at as u32)).collect();
    if !flags.is_empty() && dice.once_in(3) {
        let how = *dice.one(&[HowMany::AtLeast, HowMany::AtMost, HowMany::Exactly]);
        // The same fact may be counted twice.
        let counted: Vec<FactId> = (0..1 + dice.below(3)).map(|_| *dice.one(&flags)).collect();
        return Test::Counting(how, dice.below(counted.len() + 1) as u32, counted);
    }
    let at = dice.below(facts.len());
    match &facts[at].domain {
        Domain::SeveralOf(options) if !dice.once_in(4) => {
            Test::Includes(FactId(at as u32), dice.below(options.len()) as u32)
        }
        domain => Test::Fact(FactId(at as u32), ranges(dice, domain.bounds())),
    }
}

fn scores(dice: &mut Dice, facts: &[Fact]) -> Vec<Score> {
    (0..dice.below(3))
        .map(|_| {
            let parts = (0..1 + dice.below(3)).map(|_| {
                let points = if dice.once_in(2) {
                    let rows = (0..dice.below(3)).map(|_| {
                        let test = test(dice, facts, &[], 1);
                        (Condition { test, words: String::new(), at: HERE }, dice.below(4) as i64)
                    });
                    Points::Rows(rows.collect(), 0)
                } else {
                    let at = dice.below(facts.len());
                    let (min, max) = facts[at].domain.bounds();
                    let inside = ranges(dice, (min, max));
                    let rest = inside.without(min, max);
                    Points::Bands(
                        FactId(at as u32),
                        vec![(inside, dice.below(4) as i64), (rest, dice.below(4) as i64 - 1)],
                    )
                };
                Part { name: Name::from("part"), title: String::new(), points }
            });
            let parts = parts.collect();
            Score { name: Name::from("total"), title: String::new(), parts, decimals: 0, sources: Vec::new(), at: HERE }
        })
        .collect()
}

/// Everybody there is, facts that may be unknown included.
fn everybody(facts: &[Fact], may_be_unknown: &dyn Fn(FactId) -> bool) -> Vec<Person> {
    let mut people = vec![Person::new()];
    for (at, fact) in facts.iter().enumerate() {
        let id = FactId(at as u32);
        let (min, max) = fact.domain.bounds();
        let mut values: Vec<Option<i64>> = (min..=max).step_by(fact.domain.step() as usize).map(Some).collect();
        values.extend(may_be_unknown(id).then_some(None));
        people = people
            .into_iter()
            .flat_map(|person| {
                values.iter().map(move |value| {
                    let mut person = person.clone();
                    person.insert(id, *value);
                    person
                })
            })
            .collect();
    }
    people
}

fn meets(demands: &[Demand<'_>], person: &Person, scores: &[Score]) -> bool {
    demands.iter().all(|demand| demand.may_be.contains(truth(demand.test, person, scores)))
}

const ASKED: [Truths; 7] =
    [Truths::NO, Truths::YES, Truths::UNKNOWN, Truths::NOT_YES, Truths::NOT_NO, Truths::KNOWN, Truths::ANY];

#[test]
fn whoever_is_found_is_there_and_nobody_is_overlooked() {
    for_all(4096, 200, |dice| {
        let facts = facts(dice);
        let scores = scores(dice, &facts);
        let shared = Shared::new(facts, scores, Vec::new());
        let tests: Vec<Test> = (0..1 + dice.below(4)).map(|_| test(dice, &shared.facts, &shared.scores, 2)).collect();
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, *dice.one(&ASKED))).collect();
        let unknown = dice.below(8);
        let may_be_unknown = |fact: FactId| unknown >> fact.index() & 1 == 1;
        let there: Vec<Person> = everybody(&shared.facts, &may_be_unknown)
            .into_iter()
            .filter(|person| meets(&demands, person, &shared.scores))
            .collect();
        let people = People::new(&shared);
        let found = people.find(&demands, &may_be_unknown);
        prop_assert_eq!(&found, &people.find(&demands, &may_be_unknown), "the same question has the same answer");
        match &found {
            Search::Found(person) => {
                prop_assert!(meets(&demands, person, &shared.scores));
                let mut read = BTreeSet::new();
                tests.iter().for_each(|test| {
                    test.facts(&shared.scores, &mut |fact| {
                        read.insert(fact);
                    })
                });
                prop_assert_eq!(person.keys().copied().collect::<BTreeSet<_>>(), read, "exactly what the demands read");
                let is_there = there.iter().any(|it| person.iter().all(|(fact, value)| it[fact] == *value));
                prop_assert!(is_there, "{:?}", person);
            }
            Search::Nobody => prop_assert!(there.is_empty(), "{:?} was overlooked", there.first()),
            Search::OutOfBudget => prop_assert!(false, "this is small"),
        }
        // With some facts fixed.
        let mut fixed = Person::new();
        for (fact, value) in dice.one(&everybody(&shared.facts, &|_| true)) {
            if dice.once_in(2) {
                fixed.insert(*fact, *value);
            }
        }
        let may_be = |fact: FactId| may_be_unknown(fact) || fixed.get(&fact) == Some(&None);
        let fits = everybody(&shared.facts, &may_be).into_iter().any(|person| {
            fixed.iter().all(|(fact, value)| person[fact] == *value) && meets(&demands, &person, &shared.scores)
        });
        match people.find_with(&demands, &may_be_unknown, &fixed) {
            Search::Found(person) => {
                prop_assert!(fits);
                prop_assert!(person.iter().all(|(fact, value)| fixed.get(fact).is_none_or(|it| it == value)));
                prop_assert!(meets(&demands, &person, &shared.scores));
            }
            other => prop_assert!(other == Search::Nobody && !fits, "{:?}", fixed),
        }
        Ok(())
    });
}

/// Whether a region holds a person.
fn holds(regions: &Regions, person: &Person) -> bool {
    regions.regions.iter().any(|region| {
        region.iter().all(|(fact, values)| match (values, person[fact]) {
            (Values::In(ranges), Some(value)) => ranges.contains(value),
            (Values::Including { with, without }, Some(value)) => value & with == *with && value & without == 0,
            (_, None) => false,
        })
    })
}

#[test]
fn regions_hold_everybody_and_nobody_else() {
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    let seen = std::cell::RefCell::new(&mut seen);
    for_all(2048, 200, |dice| {
        let facts = facts(dice);
        let scores = scores(dice, &facts);
        let shared = Shared::new(facts, scores, Vec::new());
        let tests: Vec<Test> = (0..1 + dice.below(4)).map(|_| test(dice, &shared.facts, &shared.scores, 2)).collect();
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, *dice.one(&ASKED))).collect();
        let limit = 1 + dice.below(40);
        let regions = People::new(&shared).regions(&demands, limit);
        *seen.borrow_mut().entry(regions.regions.len()).or_default() += 1;
        prop_assert!(regions.all || regions.regions.len() == limit);
        for person in everybody(&shared.facts, &|_| false) {
            let there = meets(&demands, &person, &shared.scores);
            let held = holds(&regions, &person);
            prop_assert!(!held || there, "{:?} is in a region", person);
            prop_assert!(held || !there || !regions.all, "{:?} is in no region", person);
        }
        Ok(())
    });
    assert!(seen.borrow().len() > 4, "there were one, two, three regions and more");
}

/// Nobody else who meets the demands is more ordinary in one fact without being less so in one before it.
#[test]
fn who_is_found_is_the_most_ordinary() {
    for_all(1024, 200, |dice| {
        let facts = facts(dice);
        let scores = scores(dice, &facts);
        let shared = Shared::new(facts, scores, Vec::new());
        let tests: Vec<Test> = (0..1 + dice.below(3)).map(|_| test(dice, &shared.facts, &shared.scores, 2)).collect();
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, *dice.one(&ASKED))).collect();
        let everybody = everybody(&shared.facts, &|_| false);
        let typical: BTreeMap<FactId, i64> =
            dice.one(&everybody).iter().map(|(fact, value)| (*fact, value.expect("it is known"))).collect();
        let people = People::new(&shared).with_typical(&typical);
        if let Search::Found(person) = people.find(&demands, &|_| false) {
            let several = |fact: &FactId| matches!(shared.facts[fact.index()].domain, Domain::SeveralOf(_));
            let ordinary = |it: &Person| -> Vec<bool> {
                person.keys().filter(|fact| !several(fact)).map(|fact| it[fact] == Some(typical[fact])).collect()
            };
            let better = everybody
                .iter()
                .filter(|it| {
                    it.keys()
                        .filter(|fact| several(fact))
                        .all(|fact| person.get(fact).is_none_or(|value| it[fact] == *value))
                })
                .filter(|it| meets(&demands, it, &shared.scores))
                .map(ordinary)
                .max();
            if !person.keys().any(|fact| several(fact)) {
                prop_assert_eq!(Some(ordinary(&person)), better);
            }
            // Somebody as ordinary as can be is found whenever there is such a person.
            let typical: Person = typical.iter().map(|(fact, value)| (*fact, Some(*value))).collect();
            if meets(&demands, &typical, &shared.scores) {
                prop_assert!(person.iter().all(|(fact, value)| typical[fact] == *value), "{:?}", person);
            }
        }
        Ok(())
    });
}

#[test]
fn a_score_of_many_parts_is_exact_and_quick() {
    let flags: Vec<Fact> = (0..40).map(|number| fact(&format!("sign_{number}"), Domain::YesOrNo)).collect();
    let part = |at: usize| Part {
        name: Name::from("part"),
        title: String::new(),
        points: Points::Bands(
            FactId(at as u32),
            vec![(Ranges::new([(0, 0)]), 0), (Ranges::new([(1, 1)]), 1 + at as i64 % 3)],
        ),
    };
    let score = Score {
        name: Name::from("total"),
        title: String::new(),
        parts: (0..40).map(part).collect(),
        decimals: 0,
        sources: Vec::new(),
        at: HERE,
    };
    let shared = Shared::new(flags, vec![score], Vec::new());
    let people = People::new(&shared);
    let total = |from: i64, to: i64| Test::Score(ScoreId(0), Ranges::new([(from, to)]));
    let (low, middle, high) = (total(0, 19), total(20, 41), total(42, 79));
    let no = |test| Demand::new(test, Truths::NO);
    assert_eq!(people.find(&[no(&low), no(&middle), no(&high)], &|_| false), Search::Nobody);
    let Search::Found(person) = people.find(&[no(&low), no(&high)], &|_| false) else { panic!("20 to 41 is left") };
    let low_is = |known: &Person| truth(&low, known, &shared.scores);
    assert_eq!(low_is(&person), Truth::No);
    assert!(person.values().filter(|value| **value == Some(1)).count() <= 20, "no more signs than it takes");
    // And one that cannot be settled, because too much is unknown.
    let open = [Demand::new(&middle, Truths::UNKNOWN), Demand::new(&high, Truths::NO)];
    let Search::Found(person) = people.find(&open, &|_| true) else { panic!("there are such people") };
    assert!(meets(&open, &person, &shared.scores));
}
