//! Decisions, conditions and scores against an independent reading of semantics.md, section 2 and 3.1.

mod worlds;

use onward::model::{FactId, HowMany, NOT_APPLICABLE, Number, PlaceKind, Points, Rounding, Score, Test};
use onward::workflow::{Chosen, Truth, part_range, score_range, truth};
use proptest::prelude::*;
use worlds::{Dice, for_all, library, pathway};

type Known = Vec<Option<i64>>;

/// The same question asked of every completion: what a condition comes to when everything is known, in two values.
fn holds(test: &Test, values: &[i64], scores: &[Score]) -> bool {
    match test {
        Test::All(parts) => parts.iter().all(|part| holds(part, values, scores)),
        Test::Any(parts) => parts.iter().any(|part| holds(part, values, scores)),
        Test::Not(part) => !holds(part, values, scores),
        Test::Fact(fact, ranges) => {
            ranges.iter().any(|(from, to)| from <= values[fact.index()] && values[fact.index()] <= to)
        }
        Test::Includes(fact, option) => {
            values[fact.index()] != NOT_APPLICABLE && values[fact.index()] & (1 << option) != 0
        }
        Test::Score(score, ranges) => {
            let total = total(&scores[score.index()], values, scores);
            ranges.iter().any(|(from, to)| from <= total && total <= to)
        }
        Test::AnyPart(score, ranges) => scores[score.index()].parts.iter().any(|part| {
            let points = points(&part.points, values, scores);
            ranges.iter().any(|(from, to)| from <= points && points <= to)
        }),
        Test::Counting(how, wanted, facts) => {
            let count = facts.iter().filter(|fact| values[fact.index()] == 1).count() as u32;
            match how {
                HowMany::AtLeast => count >= *wanted,
                HowMany::AtMost => count <= *wanted,
                HowMany::Exactly => count == *wanted,
            }
        }
    }
}

/// What a score comes to, or a computed fact: rounded by hand, in tenths of a step.
fn total(score: &Score, values: &[i64], scores: &[Score]) -> i64 {
    let sum: i64 = score.parts.iter().map(|part| points(&part.points, values, scores)).sum();
    let Some(it) = &score.computed else { return sum };
    let by = it.by.map_or(1, |by| number(by, values, scores));
    let (scaled, divisor, mut steps) = (sum * it.times, it.divisor * by, 0);
    // Step by step up and down until the quotient lies between two of them.
    while steps * divisor > scaled {
        steps -= 1;
    }
    while (steps + 1) * divisor <= scaled {
        steps += 1;
    }
    let rest = scaled - steps * divisor;
    let up = match it.rounding {
        Rounding::Up => rest > 0,
        Rounding::Down => false,
        Rounding::Nearest => 2 * rest >= divisor,
    };
    let value = (steps + i64::from(up)) * it.step;
    let value = if it.no_less.is_some_and(|least| value < least) { it.no_less.unwrap_or(value) } else { value };
    if it.no_more.is_some_and(|most| value > most) { it.no_more.unwrap_or(value) } else { value }
}

fn number(of: Number, values: &[i64], scores: &[Score]) -> i64 {
    match of {
        Number::Fact(fact, _) if values[fact.index()] == NOT_APPLICABLE => 0,
        Number::Fact(fact, _) => values[fact.index()],
        Number::Computed(score) => total(&scores[score.index()], values, scores),
    }
}

fn points(of: &Points, values: &[i64], scores: &[Score]) -> i64 {
    match of {
        Points::Bands(fact, bands) => {
            let value = values[fact.index()];
            let band = bands.iter().find(|(ranges, _)| ranges.iter().any(|(from, to)| from <= value && value <= to));
            band.map(|(_, points)| *points).expect("bands cover the domain")
        }
        Points::Table(score, bands) => {
            let value = total(&scores[score.index()], values, scores);
            let band = bands.iter().find(|(ranges, _)| ranges.iter().any(|(from, to)| from <= value && value <= to));
            band.map(|(_, points)| *points).expect("bands cover the range")
        }
        Points::Times(of, times) => number(*of, values, scores) * times,
        Points::Rows(rows, otherwise) => {
            rows.iter().find(|(row, _)| holds(&row.test, values, scores)).map_or(*otherwise, |(_, points)| *points)
        }
    }
}

/// A library, facts of which some are known, and some random completions of them.
fn partly_known(dice: &mut Dice) -> (onward::Library, Known, Vec<Vec<i64>>) {
    let text = pathway(dice);
    let library = library(&text);
    let facts = library.shared().facts.clone();
    let random = |dice: &mut Dice| -> Vec<i64> {
        let value = |fact: &onward::model::Fact| {
            let (domain, (min, max)) = (&fact.domain, fact.domain.bounds());
            if fact.applies.is_some() && dice.once_in(3) {
                return NOT_APPLICABLE;
            }
            min + dice.below(((max - min) / domain.step()) as usize + 1) as i64 * domain.step()
        };
        facts.iter().map(value).collect()
    };
    let base = random(dice);
    let mut known: Known = base.iter().map(|value| (!dice.once_in(3)).then_some(*value)).collect();
    // How long ago something was is known where its date is.
    for (number, fact) in facts.iter().enumerate() {
        if let Some(elapsed) = &fact.elapsed {
            known[number] = known[elapsed.since.index()].map(|_| base[number]);
        }
    }
    let completions = (0..12)
        .map(|_| random(dice).into_iter().zip(&known).map(|(any, known)| known.unwrap_or(any)).collect())
        .collect();
    (library, known, completions)
}

/// Every test of the library's decisions.
fn rows(library: &onward::Library) -> Vec<(onward::model::PlaceId, Vec<onward::model::Row>)> {
    let program = library.pathway("random").expect("it is there").program();
    let decides = program.pathway.all_places().filter_map(|(id, place)| match &place.kind {
        PlaceKind::Decide(decide) => Some((id, decide.rows.clone())),
        _ => None,
    });
    decides.collect()
}

#[test]
fn a_definite_answer_holds_for_every_completion() {
    for_all(512, 500, |dice| {
        let (library, known, completions) = partly_known(dice);
        let scores = &library.shared().scores;
        for (_, rows) in rows(&library) {
            for row in &rows {
                let verdict = truth(&row.condition.test, known.as_slice(), scores);
                for values in &completions {
                    let really = holds(&row.condition.test, values, scores);
                    prop_assert!(verdict != Truth::Yes || really, "{} was yes", row.condition.words);
                    prop_assert!(verdict != Truth::No || !really, "{} was no", row.condition.words);
                    let all: Known = values.iter().copied().map(Some).collect();
                    let full = truth(&row.condition.test, all.as_slice(), scores);
                    prop_assert_eq!(full, if really { Truth::Yes } else { Truth::No }, "{}", &row.condition.words);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn an_unknown_above_decides_nothing_below() {
    for_all(512, 500, |dice| {
        let (library, known, completions) = partly_known(dice);
        let shared = library.shared();
        let program = library.pathway("random").expect("it is there").program();
        for (id, rows) in rows(&library) {
            // One by one: the first row that is not a definite no, and whether it is a yes (3.1).
            let verdicts = rows.iter().map(|row| truth(&row.condition.test, known.as_slice(), &shared.scores));
            let expected = match verdicts.enumerate().find(|(_, verdict)| *verdict != Truth::No) {
                None => Chosen::Nothing,
                Some((row, Truth::Yes)) => Chosen::Row(row as u32),
                Some((row, _)) => Chosen::NotKnown(row as u32),
            };
            let decision = program.decision(id).expect("it is a decision");
            let chosen = decision.take(known.as_slice(), &shared.scores);
            prop_assert_eq!(chosen, expected, "the index says the same as the rows one by one");
            for values in &completions {
                let first = rows.iter().position(|row| holds(&row.condition.test, values, &shared.scores));
                if let Chosen::Row(row) = chosen {
                    prop_assert_eq!(first, Some(row as usize), "what is chosen early is chosen whatever turns out");
                }
                let all: Known = values.iter().copied().map(Some).collect();
                let full = decision.take(all.as_slice(), &shared.scores);
                prop_assert_eq!(full, first.map_or(Chosen::Nothing, |row| Chosen::Row(row as u32)));
            }
            // What is missing is unknown, and once it is all known the decision is no longer waiting for it.
            let missing = decision.missing(&rows, known.as_slice(), &shared.facts, &shared.scores);
            prop_assert!(missing.iter().all(|fact: &FactId| known[fact.index()].is_none()));
            prop_assert_eq!(missing.is_empty(), !matches!(chosen, Chosen::NotKnown(_)));
            let mut told = known.clone();
            missing.iter().for_each(|fact| told[fact.index()] = Some(completions[0][fact.index()]));
            let after = decision.missing(&rows, told.as_slice(), &shared.facts, &shared.scores);
            prop_assert!(after.iter().all(|fact| !missing.contains(fact)));
        }
        Ok(())
    });
}

#[test]
fn the_range_of_a_partly_known_score_holds_every_completion() {
    for_all(512, 500, |dice| {
        let (library, known, completions) = partly_known(dice);
        let scores = &library.shared().scores;
        for score in scores {
            let (min, max) = score_range(score, known.as_slice(), scores);
            let (least, most) = score.bounds();
            let declared = score.computed.is_some();
            prop_assert!(min <= max && (declared || (least <= min && max <= most)));
            for values in &completions {
                let total = total(score, values, scores);
                prop_assert!(min <= total && total <= max, "{total} is outside {min} to {max}");
            }
            for part in &score.parts {
                let (min, max) = part_range(&part.points, known.as_slice(), scores);
                // A part by bands is known exactly as soon as its fact is.
                if let Points::Bands(fact, _) = &part.points {
                    prop_assert_eq!(known[fact.index()].is_some() && min != max, false);
                }
            }
        }
        Ok(())
    });
}
