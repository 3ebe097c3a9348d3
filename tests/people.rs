//! The search for a person against looking at everybody: whoever is found is there, and nobody is overlooked.

#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod everybody;
mod worlds;

use everybody::everybody;
use onward::check::Person;
use onward::check::people::{Demand, People, Regions, Search, Truths, Values};
use onward::diagnostic::{Place as At, Span};
use onward::model::{
    Condition, Domain, Fact, FactId, HowMany, NOT_APPLICABLE, Name, Part, Points, Ranges, Score, ScoreId, Shared, Test,
};
use onward::workflow::{Truth, truth};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use worlds::{Dice, for_all};

const HERE: At = At { source: 0, span: Span { start: 0, end: 0 } };

fn names(all: &[&str]) -> Vec<Name> {
    all.iter().map(|name| Name::from(*name)).collect()
}

/// One to three facts with small domains.
fn facts(dice: &mut Dice) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for number in 0..1 + dice.below(3) {
        let domain = {
            match dice.below(5) {
                0 => Domain::YesOrNo,
                1 => Domain::OneOf(names(&["home", "away", "unsure"][..1 + dice.below(3)])),
                2 => Domain::SeveralOf(names(&["family", "garden", "music"][..1 + dice.below(3)])),
                3 => Domain::Number { min: -2, max: 1 + dice.below(4) as i64, step: 1, decimals: 0 },
                _ => Domain::Number { min: 350, max: 380, step: 5, decimals: 1 },
            }
        };
        let mut it = Fact::plain(["alone", "wish", "falls"][number], domain);
        if number > 0 && dice.once_in(3) {
            let test = test(dice, &facts, &[], 1);
            it.applies = Some(Condition { test, words: String::new(), at: HERE });
        }
        facts.push(it);
    }
    facts
}

/// Some values of a fact; now and then also that it does not apply, where that can be.
fn some_of(dice: &mut Dice, fact: &Fact) -> Ranges {
    let some = ranges(dice, fact.domain.bounds());
    match fact.applies.is_some() && dice.once_in(3) {
        true => Ranges::new(some.iter().chain([(NOT_APPLICABLE, NOT_APPLICABLE)])),
        false => some,
    }
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
        _ => Test::Fact(FactId(at as u32), some_of(dice, &facts[at])),
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
                    let inside = some_of(dice, &facts[at]);
                    let rest = facts[at].others(&inside);
                    Points::Bands(
                        FactId(at as u32),
                        vec![(inside, dice.below(4) as i64), (rest, dice.below(4) as i64 - 1)],
                    )
                };
                Part { name: Name::from("part"), title: String::new(), points }
            });
            let parts = parts.collect();
            Score {
                name: Name::from("total"),
                title: String::new(),
                parts,
                decimals: 0,
                computed: None,
                sources: Vec::new(),
                in_force: None,
                at: HERE,
            }
        })
        .collect()
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
                    test.reads(&shared.facts, &shared.scores, &mut |fact| {
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
            (Values::Including { with, applies, .. }, Some(NOT_APPLICABLE)) => *with == 0 && *applies != Some(true),
            (Values::Including { with, without, applies }, Some(value)) => {
                value & with == *with && value & without == 0 && *applies != Some(false)
            }
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
            // Options are looked at one by one, so facts of several have an order of their own.
            let several = |fact: &FactId| matches!(shared.facts[fact.index()].domain, Domain::SeveralOf(_));
            if !person.keys().any(several) {
                let ordinary =
                    |it: &Person| person.keys().map(|fact| it[fact] == Some(typical[fact])).collect::<Vec<bool>>();
                let others = || everybody.iter().filter(|it| meets(&demands, it, &shared.scores));
                prop_assert_eq!(Some(ordinary(&person)), others().map(ordinary).max());
                // Of those who are ordinary in the same facts, nobody is nearer to it in one of the others without being
                // farther from it in one before.
                let far = |it: &Person| -> Vec<u64> {
                    person.keys().map(|fact| it[fact].expect("it is known").abs_diff(typical[fact])).collect()
                };
                let alike = others().filter(|it| ordinary(it) == ordinary(&person));
                prop_assert_eq!(Some(far(&person)), alike.map(far).min());
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
    let flags: Vec<Fact> = (0..40).map(|number| Fact::plain(&format!("sign_{number}"), Domain::YesOrNo)).collect();
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
        computed: None,
        sources: Vec::new(),
        in_force: None,
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

/// What need not be known is not known; what must be is as near to ordinary as it can be.
#[test]
fn who_is_shown_is_as_ordinary_as_can_be() {
    let options = || names(&["family", "garden", "music"]);
    let facts = vec![
        Fact::plain("alone", Domain::YesOrNo),
        Fact::plain("falls", Domain::Number { min: 0, max: 9, step: 1, decimals: 0 }),
        Fact::plain("helpers", Domain::SeveralOf(options())),
    ];
    let shared = Shared::new(facts, Vec::new(), Vec::new());
    let people = People::new(&shared);
    let (alone, falls, helpers) = (FactId(0), FactId(1), FactId(2));
    let shown =
        |test: &Test, may_be: Truths, unknown: bool| match people.find(&[Demand::new(test, may_be)], &|_| unknown) {
            Search::Found(person) => person,
            other => panic!("{other:?}"),
        };
    let in_ranges = |ranges: &[(i64, i64)]| Test::Fact(falls, Ranges::new(ranges.iter().copied()));
    // The middle of the range is 4.
    for (ranges, nearest) in [
        (&[(0, 2), (7, 9)][..], 2),
        (&[(0, 1), (6, 9)], 6),
        (&[(0, 0), (3, 5), (8, 9)], 4),
        (&[(0, 0), (9, 9)], 0),
        (&[(1, 1), (8, 8)], 1),
        (&[(0, 0), (2, 2), (7, 7)], 2),
    ] {
        assert_eq!(shown(&in_ranges(ranges), Truths::YES, true)[&falls], Some(nearest), "{ranges:?}");
    }
    let tests = [
        (Test::Fact(alone, Ranges::new([(1, 1)])), alone, Some(0)),
        (in_ranges(&[(7, 9)]), falls, Some(4)),
        (Test::Includes(helpers, 1), helpers, Some(0)),
    ];
    for (test, fact, ordinary) in &tests {
        assert_eq!(shown(test, Truths::NOT_YES, true)[fact], None, "{test:?}");
        assert_eq!(shown(test, Truths::NOT_YES, false)[fact], *ordinary, "{test:?}");
        assert_ne!(shown(test, Truths::NOT_NO, false)[fact], *ordinary, "{test:?}");
    }
    // Each fact by itself, in order: the first is ordinary where it can be.
    let either = Test::Any(vec![tests[0].0.clone(), in_ranges(&[(7, 9)])]);
    let person = shown(&either, Truths::YES, false);
    assert_eq!((person[&alone], person[&falls]), (Some(0), Some(7)));
    // Also where the one behind it could then be unknown, but the first may not.
    let both = [Demand::new(&tests[0].0, Truths::KNOWN), Demand::new(&either, Truths::YES)];
    let Search::Found(person) = people.find(&both, &|_| true) else { panic!("there are such people") };
    assert_eq!((person[&alone], person[&falls]), (Some(0), Some(7)));
}

/// The search comes to somebody far from ordinary first, because nothing else is asked of them; they are not shown.
#[test]
fn whoever_cannot_be_ordinary_is_as_near_to_it_as_can_be() {
    let flags = ["alone", "cold", "hungry"].map(|name| Fact::plain(name, Domain::YesOrNo));
    let falls = Fact::plain("falls", Domain::Number { min: 0, max: 9, step: 1, decimals: 0 });
    let shared = Shared::new([vec![falls], flags.into()].concat(), Vec::new(), Vec::new());
    let falls = |times: &[i64]| Test::Fact(FactId(0), Ranges::new(times.iter().map(|times| (*times, *times))));
    let unlike = |flag: u32| Test::All(vec![falls(&[6]), Test::Fact(FactId(flag), Ranges::new([(1, 1)]))]);
    let often = falls(&[6, 9]);
    let others = [1, 2, 3].map(unlike);
    let demands = others.iter().map(|test| Demand::new(test, Truths::NO)).chain([Demand::new(&often, Truths::YES)]);
    let found = People::new(&shared).find(&demands.collect::<Vec<_>>(), &|_| false);
    let person = [(0, 6), (1, 0), (2, 0), (3, 0)].map(|(fact, value)| (FactId(fact), Some(value)));
    assert_eq!(found, Search::Found(person.into()));
}

/// More classes than are looked at: it is said that this is not known. One less, and it is.
#[test]
fn what_has_too_many_classes_is_not_decided() {
    for (classes, decided) in [(4_095, true), (4_096, true), (4_097, false), (4_098, false)] {
        let steps = Fact::plain("steps", Domain::Number { min: 0, max: classes - 1, step: 1, decimals: 0 });
        let shared = Shared::new(vec![steps], Vec::new(), Vec::new());
        let even = Ranges::new((0..classes).step_by(2).map(|value| (value, value)));
        let found = People::new(&shared).find(&[Demand::new(&Test::Fact(FactId(0), even), Truths::NO)], &|_| false);
        assert_eq!(matches!(found, Search::Found(_)), decided, "{classes}: {found:?}");
        assert_eq!(found == Search::OutOfBudget, !decided, "{classes}");
    }
}

#[test]
fn what_is_ordinary_is_in_the_middle_unless_somebody_says_otherwise() {
    let steps = Fact::plain("steps", Domain::Number { min: 0, max: 9_999, step: 1, decimals: 0 });
    let shared = Shared::new(vec![steps, Fact::plain("alone", Domain::YesOrNo)], Vec::new(), Vec::new());
    let ordinary = |people: &People<'_>| [0, 1, 9].map(|fact| people.ordinary(FactId(fact)));
    assert_eq!(ordinary(&People::new(&shared)), [4_999, 0, 0]);
    let other = BTreeMap::from([(FactId(0), 7), (FactId(1), 1)]);
    assert_eq!(ordinary(&People::new(&shared).with_typical(&other)), [7, 1, 0]);
}

/// Sums that have to come out just so take a long search, in which more is learnt than is kept in mind.
#[test]
fn sums_that_must_come_out_exactly_are_found_just_when_they_can() {
    const SIGNS: usize = 17;
    let facts: Vec<Fact> = (0..SIGNS).map(|number| Fact::plain(&format!("sign_{number}"), Domain::YesOrNo)).collect();
    let points = |score: i64, sign: i64| 101 + (sign + 1) * (sign + 7) * (37 + 91 * score) % 791 * 2;
    let scores: Vec<Score> = (0..2)
        .map(|score| {
            let part = |sign: usize| {
                let bands = vec![(Ranges::new([(1, 1)]), points(score, sign as i64)), (Ranges::new([(0, 0)]), 0)];
                let points = Points::Bands(FactId(sign as u32), bands);
                Part { name: Name::from("part"), title: String::new(), points }
            };
            let parts = (0..SIGNS).map(part).collect();
            Score {
                name: Name::from("total"),
                title: String::new(),
                parts,
                decimals: 0,
                computed: None,
                sources: Vec::new(),
                in_force: None,
                at: HERE,
            }
        })
        .collect();
    let totals = |person: usize| {
        let of =
            |score: i64| (0..SIGNS).filter(|sign| person >> sign & 1 == 1).map(|sign| points(score, sign as i64)).sum();
        let both: (i64, i64) = (of(0), of(1));
        both
    };
    let all: BTreeSet<(i64, i64)> = (0..1usize << SIGNS).map(totals).collect();
    let shared = Shared::new(facts, scores, Vec::new());
    let people = People::new(&shared);
    let mut there = 0;
    for number in 0..18usize {
        // Every third total is somebody's; the others are a little beside it. Some may be a little less or more.
        let (first, second) = totals(number * 6_007 + 211);
        let second = second + [0, 2, -2][number % 3];
        let wide = [0, 0, 3][number / 3 % 3];
        let tests = [
            Test::Score(ScoreId(0), Ranges::new([(first, first)])),
            Test::Score(ScoreId(1), Ranges::new([(second - wide, second + wide)])),
        ];
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, Truths::YES)).collect();
        let found = people.find(&demands, &|_| false);
        let is_there = all.range((first, second - wide)..=(first, second + wide)).next().is_some();
        there += usize::from(is_there);
        match found {
            Search::Found(person) => assert!(is_there && meets(&demands, &person, &shared.scores), "{number}"),
            Search::Nobody => assert!(!is_there, "{number}"),
            Search::OutOfBudget => panic!("there are only {} people", 1 << SIGNS),
        }
    }
    assert!((6..18).contains(&there), "{there}");
}

/// Very many conditions at once, each about three facts: somebody is found where somebody was thought of.
#[test]
fn of_hundreds_of_conditions_all_are_met_by_whoever_is_found() {
    const FLAGS: usize = 12;
    let facts: Vec<Fact> = (0..FLAGS).map(|number| Fact::plain(&format!("flag_{number}"), Domain::YesOrNo)).collect();
    let shared = Shared::new(facts, Vec::new(), Vec::new());
    let people = People::new(&shared);
    let found = std::cell::Cell::new((0, 0));
    for_all(64, 1_600, |dice| {
        let thought_of = dice.below(256) | dice.below(1 << (FLAGS - 8)) << 8;
        let somebody_is = dice.below(2) == 0;
        let mut conditions: Vec<[(usize, bool); 3]> = Vec::new();
        while conditions.len() < [90, 150, 240][dice.below(3)] {
            let mut one = || (dice.below(FLAGS), dice.below(2) == 1);
            let condition = [one(), one(), one()];
            let met = condition.iter().any(|(flag, yes)| (thought_of >> flag & 1 == 1) == *yes);
            conditions.push(if met || !somebody_is { condition } else { condition.map(|(flag, yes)| (flag, !yes)) });
        }
        let is = |(flag, yes): &(usize, bool)| {
            Test::Fact(FactId(*flag as u32), Ranges::new([(i64::from(*yes), i64::from(*yes))]))
        };
        let tests: Vec<Test> = conditions.iter().map(|parts| Test::Any(parts.iter().map(is).collect())).collect();
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, Truths::YES)).collect();
        let meets_all = |person: usize| {
            conditions.iter().all(|parts| parts.iter().any(|(flag, yes)| (person >> flag & 1 == 1) == *yes))
        };
        let is_there = (0..1usize << FLAGS).any(meets_all);
        prop_assert!(is_there || !somebody_is);
        match people.find(&demands, &|_| false) {
            Search::Found(person) => prop_assert!(meets(&demands, &person, &[])),
            other => prop_assert!(!is_there && other == Search::Nobody, "{:?}", other),
        }
        let (yes, no) = found.get();
        found.set((yes + usize::from(is_there), no + usize::from(!is_there)));
        Ok(())
    });
    let (yes, no) = found.get();
    assert!(yes > 10 && no > 5, "{yes}, {no}");
}
