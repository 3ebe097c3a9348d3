//! The search for a person and z3 give the same answers: tables, counts, `and`, `or` and `not`, and scores.
//!
//! Asked for with `ONWARD_Z3=1 cargo test --test z3`, where z3 is installed; else it says that it was skipped.

mod worlds;

use onward::check::people::{Demand, People, Search, Truths};
use onward::diagnostic::{Place, Span};
use onward::model::{
    Computed, Condition, Domain, Fact, FactId, HowMany, NOT_APPLICABLE, Name, Number, Part, Points, Ranges, Rounding,
    Score, ScoreId, Shared, Test,
};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use worlds::{Dice, for_all};

const HERE: Place = Place { source: 0, span: Span { start: 0, end: 0 } };

/// Some yes-or-no facts, then numbers.
fn shared(dice: &mut Dice) -> Shared {
    let flags = 3 + dice.below(4);
    let facts: Vec<Fact> = (0..flags + 2 + dice.below(4))
        .map(|number| {
            let domain = match number < flags {
                true => Domain::YesOrNo,
                false => {
                    let max = *dice.one(&[5, 9, 60, 99, 1_000_000]) + dice.below(9) as i64;
                    Domain::Number { min: *dice.one(&[0, 0, 1]), max, step: 1, decimals: 0 }
                }
            };
            Fact::plain(&format!("x{number}"), domain)
        })
        .collect();
    let mut facts = facts;
    for number in 1..facts.len() {
        // Some need not apply, depending on those before them.
        if dice.once_in(4) {
            let test = test(dice, &facts[..number], &[], 1);
            facts[number].applies = Some(Condition { test, words: String::new(), at: HERE });
        }
    }
    let scores = (0..2)
        .map(|_| {
            let parts = (0..2 + dice.below(5)).map(|_| {
                let points = if dice.once_in(3) {
                    let rows = (0..1 + dice.below(2)).map(|_| {
                        let test = test(dice, &facts, &[], 1);
                        (Condition { test, words: String::new(), at: HERE }, dice.below(5) as i64)
                    });
                    Points::Rows(rows.collect(), dice.below(3) as i64)
                } else {
                    let fact = dice.below(facts.len());
                    let low = some_of(dice, &facts[fact]);
                    let rest = facts[fact].others(&low);
                    Points::Bands(FactId(fact as u32), vec![(low, dice.below(6) as i64), (rest, dice.below(6) as i64)])
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
        .collect();
    let mut scores: Vec<Score> = scores;
    // Numbers that follow from others, and from one another, over ranges of any width.
    let numbers: Vec<usize> =
        (0..facts.len()).filter(|at| matches!(facts[*at].domain, Domain::Number { .. })).collect();
    for number in 0..if numbers.is_empty() { 0 } else { dice.below(3) } {
        let mut parts = vec![Points::Rows(Vec::new(), dice.below(40) as i64 - 20)];
        for _ in 0..1 + dice.below(3) {
            let times = *dice.one(&[1, 1, 2, -1, -3]);
            let of = *dice.one(&numbers);
            let (min, max) = facts[of].domain.bounds();
            let bounds = if facts[of].applies.is_some() { (min.min(0), max.max(0)) } else { (min, max) };
            parts.push(Points::Times(Number::Fact(FactId(of as u32), bounds), times));
        }
        if number > 0 && dice.once_in(2) {
            parts.push(Points::Times(Number::Computed(ScoreId(scores.len() as u32 - 1)), *dice.one(&[1, -1, 2])));
        }
        let parts = parts.into_iter().map(|points| Part { name: Name::from("part"), title: String::new(), points });
        let parts = parts.collect();
        let (no_less, no_more) = (dice.once_in(4).then_some(0), dice.once_in(4).then_some(500));
        let rounding = *dice.one(&[Rounding::Up, Rounding::Down, Rounding::Nearest]);
        let (times, divisor) = (*dice.one(&[1, 1, 3]), *dice.one(&[1, 1, 2, 7, 250]));
        // What is above 0, and of which each value can be tried.
        let small = |at: &&usize| facts[**at].applies.is_none() && (1..=120).contains(&facts[**at].domain.bounds().0);
        let small = numbers.iter().filter(small).filter(|at| facts[**at].domain.bounds().1 <= 120);
        let small: Vec<usize> = small.copied().collect();
        let by = (!small.is_empty() && dice.once_in(2)).then(|| {
            let of = *dice.one(&small);
            Number::Fact(FactId(of as u32), facts[of].domain.bounds())
        });
        let computed =
            Computed { min: -20, max: 2_000, step: 1, unit: None, times, divisor, by, rounding, no_less, no_more };
        scores.push(Score {
            name: Name::from("computed"),
            title: String::new(),
            parts,
            decimals: 0,
            computed: Some(computed),
            sources: Vec::new(),
            in_force: None,
            at: HERE,
        });
    }
    Shared::new(facts, scores, Vec::new())
}

fn ranges(dice: &mut Dice, (min, max): (i64, i64)) -> Ranges {
    let from = min + dice.below((max - min + 1) as usize) as i64;
    let to = from + dice.below((max - from + 1) as usize) as i64;
    let some = Ranges::new([(from, to)]);
    if dice.once_in(4) { some.without(min, max) } else { some }
}

/// Some values of a fact; now and then also that it does not apply, where that can be.
fn some_of(dice: &mut Dice, fact: &Fact) -> Ranges {
    let some = ranges(dice, fact.domain.bounds());
    match fact.applies.is_some() && dice.once_in(3) {
        true => Ranges::new(some.iter().chain([(NOT_APPLICABLE, NOT_APPLICABLE)])),
        false => some,
    }
}

fn test(dice: &mut Dice, facts: &[Fact], scores: &[Score], depth: usize) -> Test {
    let flags = facts.iter().filter(|fact| fact.domain == Domain::YesOrNo).count();
    if depth > 0 && dice.below(3) > 0 {
        let parts = |dice: &mut Dice| (0..2 + dice.below(3)).map(|_| test(dice, facts, scores, depth - 1)).collect();
        return match dice.below(4) {
            0 | 1 => Test::All(parts(dice)),
            2 => Test::Any(parts(dice)),
            _ => Test::Not(Box::new(test(dice, facts, scores, depth - 1))),
        };
    }
    match dice.below(4) {
        0 if !scores.is_empty() => {
            let score = dice.below(scores.len());
            Test::Score(ScoreId(score as u32), ranges(dice, scores[score].bounds()))
        }
        1 => {
            let how = *dice.one(&[HowMany::AtLeast, HowMany::AtMost, HowMany::Exactly]);
            let counted: Vec<FactId> = (0..flags as u32).filter(|_| !dice.once_in(3)).map(FactId).collect();
            Test::Counting(how, dice.below(counted.len() + 1) as u32, counted)
        }
        _ => {
            let fact = dice.below(facts.len());
            Test::Fact(FactId(fact as u32), some_of(dice, &facts[fact]))
        }
    }
}

/// A table of rows that ask for ranges, as people write them: nearly complete.
fn table(dice: &mut Dice, shared: &Shared) -> Vec<Test> {
    let mut rows: Vec<Vec<(i64, i64)>> = vec![shared.facts.iter().map(|fact| fact.domain.bounds()).collect()];
    for _ in 0..dice.below(25) {
        let (row, column) = (dice.below(rows.len()), dice.below(shared.facts.len()));
        let (from, to) = rows[row][column];
        if from < to {
            let cut = from + dice.below((to - from) as usize) as i64;
            let mut other = rows[row].clone();
            (rows[row][column].1, other[column].0) = (cut, cut + 1);
            rows.push(other);
        }
    }
    if dice.once_in(2) {
        let gone = dice.below(rows.len());
        rows.remove(gone);
    }
    let cell = |(column, range): (usize, &(i64, i64))| Test::Fact(FactId(column as u32), Ranges::new([*range]));
    rows.iter().map(|row| Test::All(row.iter().enumerate().map(cell).collect())).collect()
}

/// What stands for *not applicable* in a question: below every value.
const NONE: &str = "(- 1)";

fn within(term: &str, ranges: &Ranges) -> String {
    let none = if ranges.contains(NOT_APPLICABLE) { format!(" (= {term} {NONE})") } else { String::new() };
    // Nothing but what does not apply lies below all of this.
    let said: String = ranges
        .within(-1_000, i64::MAX)
        .iter()
        .map(|(from, to)| format!(" (and (<= {} {term}) (<= {term} {}))", signed(from), signed(to)))
        .collect();
    format!("(or false{none}{said})")
}

fn formula(test: &Test, scores: &[Score]) -> String {
    let all = |parts: &[Test]| parts.iter().map(|part| format!(" {}", formula(part, scores))).collect::<String>();
    match test {
        Test::All(parts) => format!("(and true{})", all(parts)),
        Test::Any(parts) => format!("(or false{})", all(parts)),
        Test::Not(part) => format!("(not {})", formula(part, scores)),
        Test::Fact(fact, ranges) => within(&format!("x{}", fact.0), ranges),
        Test::Score(score, ranges) => {
            format!("(let ((total {})) {})", total(&scores[score.index()], scores), within("total", ranges))
        }
        Test::Counting(how, wanted, facts) => {
            let word = match how {
                HowMany::AtLeast => ">=",
                HowMany::AtMost => "<=",
                HowMany::Exactly => "=",
            };
            let facts: String = facts.iter().map(|fact| format!(" (ite (= x{} 1) 1 0)", fact.0)).collect();
            format!("({word} (+ 0 0{facts}) {wanted})")
        }
        Test::Includes(..) | Test::AnyPart(..) => unreachable!("these are not asked here"),
    }
}

/// What a score comes to, or a computed fact.
fn total(score: &Score, scores: &[Score]) -> String {
    let parts: String = score.parts.iter().map(|part| format!(" {}", points(&part.points, scores))).collect();
    let sum = format!("(+ 0{parts})");
    let Some(it) = &score.computed else { return sum };
    let scaled = format!("(* {} {sum})", it.times);
    // For z3 too what is left over when something is divided by a number above 0 is never less than 0.
    let steps = |divisor: i64| match it.rounding {
        Rounding::Down => format!("(div {scaled} {divisor})"),
        Rounding::Up => format!("(- (div (- {scaled}) {divisor}))"),
        Rounding::Nearest => format!("(div (+ (* 2 {scaled}) {divisor}) {})", 2 * divisor),
    };
    // By what somebody finds: each value tried by itself, so that nothing but numbers is multiplied.
    let steps = match it.by {
        Some(Number::Fact(fact, (min, max))) => (min..max).rev().fold(steps(it.divisor * max), |rest, by| {
            format!("(ite (= x{} {by}) {} {rest})", fact.0, steps(it.divisor * by))
        }),
        _ => steps(it.divisor),
    };
    let mut value = format!("(* {} {steps})", it.step);
    if let Some(least) = it.no_less {
        value = format!("(let ((v {value})) (ite (< v {0}) {0} v))", signed(least));
    }
    if let Some(most) = it.no_more {
        value = format!("(let ((v {value})) (ite (> v {0}) {0} v))", signed(most));
    }
    value
}

fn signed(value: i64) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

fn points(points: &Points, scores: &[Score]) -> String {
    match points {
        Points::Table(score, bands) => bands.iter().rev().fold("0".to_string(), |rest, (ranges, points)| {
            format!(
                "(let ((of {})) (ite {} {points} {rest}))",
                total(&scores[score.index()], scores),
                within("of", ranges)
            )
        }),
        Points::Times(Number::Fact(fact, _), times) => {
            format!("(ite (= x{0} {NONE}) 0 (* {1} x{0}))", fact.0, signed(*times))
        }
        Points::Times(Number::Computed(score), times) => {
            format!("(* {} {})", signed(*times), total(&scores[score.index()], scores))
        }
        Points::Bands(fact, bands) => bands.iter().rev().fold("0".to_string(), |rest, (ranges, points)| {
            format!("(ite {} {points} {rest})", within(&format!("x{}", fact.0), ranges))
        }),
        Points::Rows(rows, otherwise) => rows.iter().rev().fold(otherwise.to_string(), |rest, (row, points)| {
            format!("(ite {} {points} {rest})", formula(&row.test, scores))
        }),
    }
}

/// One question in SMT-LIB 2, between a push and a pop.
fn question(shared: &Shared, demands: &[Demand<'_>]) -> String {
    let mut text = String::from("(push)\n");
    for (number, fact) in shared.facts.iter().enumerate() {
        let (min, max) = fact.domain.bounds();
        let value = format!("(and (<= {min} x{number}) (<= x{number} {max}))");
        let is = match &fact.applies {
            Some(applies) => format!("(ite {} {value} (= x{number} {NONE}))", formula(&applies.test, &[])),
            None => value,
        };
        let _ = writeln!(text, "(declare-const x{number} Int)\n(assert {is})");
    }
    for demand in demands {
        let it = formula(demand.test, &shared.scores);
        let it = if demand.may_be == Truths::YES { it } else { format!("(not {it})") };
        let _ = writeln!(text, "(assert {it})");
    }
    text.push_str("(check-sat)\n(pop)\n");
    text
}

#[test]
fn z3_agrees() {
    if std::env::var_os("ONWARD_Z3").is_none() {
        println!("skipped: set ONWARD_Z3=1 to compare with z3");
        return;
    }
    let z3 = Command::new("z3").arg("-in").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut z3) = z3 else {
        println!("skipped: z3 is not installed");
        return;
    };
    let asked = std::cell::RefCell::new((String::from("(set-logic QF_LIA)\n"), Vec::new()));
    for_all(600, 600, |dice| {
        let shared = shared(dice);
        let no = dice.once_in(2);
        let tests = match no {
            true => table(dice, &shared),
            false => (0..1 + dice.below(6)).map(|_| test(dice, &shared.facts, &shared.scores, 2)).collect(),
        };
        let may_be = |dice: &mut Dice| if no || dice.once_in(2) { Truths::NO } else { Truths::YES };
        let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, may_be(dice))).collect();
        let found = People::new(&shared).find(&demands, &|_| false);
        prop_assert!(found != Search::OutOfBudget, "this is small");
        let (text, answers) = &mut *asked.borrow_mut();
        let question = question(&shared, &demands);
        text.push_str(&question);
        answers.push((if found == Search::Nobody { "unsat" } else { "sat" }, question));
        Ok(())
    });
    let (text, answers) = asked.into_inner();
    let mut input = z3.stdin.take().expect("it is piped");
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = z3.wait_with_output().expect("z3 ends");
    writing.join().expect("it is written").expect("z3 reads it all");
    let said = String::from_utf8_lossy(&output.stdout);
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said.len(), answers.len(), "{said:?}");
    for (z3, (onward, question)) in said.iter().zip(&answers) {
        assert_eq!(z3, onward, "{question}");
    }
    let nobody = answers.iter().filter(|(answer, _)| *answer == "unsat").count();
    println!("{} questions, to {nobody} of which the answer is nobody", answers.len());
    assert!(nobody > answers.len() / 8 && nobody < answers.len() * 7 / 8, "both answers were given: {nobody}");
}
