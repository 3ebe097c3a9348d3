//! Computed facts against a reading of their own, written again here from semantics 10.48: over every person there can be
//! in small ranges, known in part, and read from the words of the language.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;
mod worlds;

use onward::check::Person;
use onward::check::people::{Demand, People, Search, Truths};
use onward::diagnostic::Kind;
use onward::model::{FactId, NOT_APPLICABLE};
use onward::workflow::{Truth, truth};
use proptest::prelude::*;
use small::{compile, rows};
use std::fmt::Write as _;
use worlds::{Dice, for_all};

/// A number that somebody finds: from where to where, in which steps, in tenths; and whether it applies to nobody who says
/// no to the first question.
#[derive(Clone, Copy, Debug)]
struct Found {
    from: i64,
    to: i64,
    step: i64,
    need_not_apply: bool,
}

/// A computed number, as it is written here: everything in tenths, what is divided by and rounded at the end.
#[derive(Clone, Debug)]
struct Reckoned {
    of: Of,
    divided_by: By,
    rounding: Rounding,
    step: i64,
    no_less: Option<i64>,
    no_more: Option<i64>,
}

#[derive(Clone, Debug)]
enum Of {
    /// So many times each, and something fixed.
    Sum(Vec<(i64, Name)>, i64),
    /// Up to here this, from there on that.
    Table(Name, i64, i64, i64),
}

/// What a number is divided by.
#[derive(Clone, Copy, Debug)]
enum By {
    Written(i64),
    Number(Name),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Found(usize),
    Reckoned(usize),
}

#[derive(Clone, Copy, Debug)]
enum Rounding {
    Up,
    Down,
    Nearest,
}

/// What is known of somebody: what they say to the first question, and each number in tenths.
#[derive(Clone, Debug)]
struct Known {
    alone: Option<bool>,
    found: Vec<Option<i64>>,
}

/// What is asked of somebody.
#[derive(Clone, Debug)]
enum Ask {
    Alone,
    Between(Name, i64, i64),
    Not(Box<Ask>),
    All(Vec<Ask>),
    Any(Vec<Ask>),
}

struct Small {
    found: Vec<Found>,
    reckoned: Vec<Reckoned>,
    asks: Vec<Ask>,
}

fn tenths(value: i64) -> String {
    format!("{}{}.{}", if value < 0 { "-" } else { "" }, value.abs() / 10, value.abs() % 10)
}

fn name(it: Name) -> String {
    match it {
        Name::Found(at) => format!("found_{at}"),
        Name::Reckoned(at) => format!("reckoned_{at}"),
    }
}

impl Small {
    fn random(dice: &mut Dice) -> Small {
        let found: Vec<Found> = (0..2 + dice.below(2))
            .map(|_| {
                let step = *dice.one(&[10, 10, 5]);
                let from = *dice.one(&[0, 0, -20, 30, 5]);
                Found { from, to: from + step * (1 + dice.below(5) as i64), step, need_not_apply: dice.once_in(4) }
            })
            .collect();
        let mut reckoned: Vec<Reckoned> = Vec::new();
        for number in 0..1 + dice.below(3) {
            let any = |dice: &mut Dice| match number > 0 && dice.once_in(3) {
                true => Name::Reckoned(dice.below(number)),
                false => Name::Found(dice.below(found.len())),
            };
            let step = *dice.one(&[10, 10, 5, 20, 1]);
            let of = if dice.once_in(4) {
                let name = any(dice);
                let cut = match name {
                    Name::Found(at) => found[at].from,
                    Name::Reckoned(at) => (dice.below(6) as i64 - 1) * reckoned[at].step,
                };
                Of::Table(name, cut, dice.below(5) as i64 * step, dice.below(5) as i64 * step)
            } else {
                let terms = (0..1 + dice.below(3)).map(|_| (*dice.one(&[1, 1, 1, -1, 2, -3]), any(dice))).collect();
                Of::Sum(terms, *dice.one(&[0, 0, 10, -25]))
            };
            // What can be nothing, or less, divides nothing.
            let above: Vec<Name> = (0..found.len())
                .filter(|at| found[*at].from > 0 && !found[*at].need_not_apply)
                .map(Name::Found)
                .chain((0..number).filter(|at| reckoned[*at].no_less > Some(0)).map(Name::Reckoned))
                .collect();
            let divided_by = match above.is_empty() || dice.once_in(3) {
                true => By::Written(*dice.one(&[10, 10, 20, 30, 25])),
                false => By::Number(*dice.one(&above)),
            };
            reckoned.push(Reckoned {
                of,
                divided_by,
                rounding: *dice.one(&[Rounding::Up, Rounding::Down, Rounding::Nearest]),
                step,
                // In tenths the two ends may be next to one another: nothing lies between 3.9 and 4.
                no_less: dice.once_in(3).then_some(*dice.one(&[0, 20, if step == 1 { 39 } else { 20 }])),
                no_more: dice.once_in(4).then_some(40),
            });
        }
        let mut small = Small { found, reckoned, asks: Vec::new() };
        for _ in 0..1 + dice.below(3) {
            let ask = small.ask(dice, 2);
            small.asks.push(ask);
        }
        small
    }

    fn ask(&self, dice: &mut Dice, depth: usize) -> Ask {
        let parts = |dice: &mut Dice| (0..2).map(|_| self.ask(dice, depth - 1)).collect();
        match dice.below(if depth > 0 { 7 } else { 4 }) {
            4 => Ask::Not(Box::new(self.ask(dice, depth - 1))),
            5 => Ask::All(parts(dice)),
            6 => Ask::Any(parts(dice)),
            3 if dice.once_in(2) => Ask::Alone,
            3 => {
                let at = dice.below(self.found.len());
                let it = &self.found[at];
                let from = it.from + it.step * dice.below(((it.to - it.from) / it.step) as usize + 1) as i64;
                Ask::Between(Name::Found(at), from, if dice.once_in(2) { from } else { it.to })
            }
            _ => {
                let at = dice.below(self.reckoned.len());
                let step = self.reckoned[at].step;
                let from = (dice.below(24) as i64 - 8) * step;
                let to = *dice.one(&[from, from + step, from + 3 * step, FAR, FAR]);
                Ask::Between(Name::Reckoned(at), if dice.once_in(5) { -FAR } else { from }, to)
            }
        }
    }

    fn facts(&self) -> String {
        let mut text = String::from("  alone  yes or no\n");
        for (at, it) in self.found.iter().enumerate() {
            let range = format!("{} to {} in steps of {}", tenths(it.from), tenths(it.to), tenths(it.step));
            let applies = if it.need_not_apply { " applies when alone" } else { "" };
            let _ = writeln!(text, "  found_{at}  {range}{applies}");
        }
        for (at, it) in self.reckoned.iter().enumerate() {
            let range = format!("{} to {} in steps of {}", tenths(-FAR), tenths(FAR), tenths(it.step));
            let of = match &it.of {
                Of::Sum(terms, fixed) => {
                    let term = |(times, of): &(i64, Name)| {
                        format!("{} {} times {}", if *times < 0 { "-" } else { "+" }, times.abs(), name(*of))
                    };
                    let terms: Vec<String> = terms.iter().map(term).collect();
                    format!("{} {}", tenths(*fixed), terms.join(" "))
                }
                Of::Table(of, cut, one, other) => {
                    let need_not_apply = matches!(of, Name::Found(at) if self.found[*at].need_not_apply);
                    let none = if need_not_apply { ", not applicable gives 0.0" } else { "" };
                    let (cut, one, other) = (tenths(*cut), tenths(*one), tenths(*other));
                    format!("from {} at most {cut} gives {one}, more than {cut} gives {other}{none}", name(*of))
                }
            };
            let rounding = match it.rounding {
                Rounding::Up => "up",
                Rounding::Down => "down",
                Rounding::Nearest => "to the nearest",
            };
            let less = it.no_less.map_or(String::new(), |least| format!(", no less than {}", tenths(least)));
            let more = it.no_more.map_or(String::new(), |most| format!(", no more than {}", tenths(most)));
            let by = match it.divided_by {
                By::Written(by) => tenths(by),
                By::Number(by) => name(by),
            };
            let _ = writeln!(text, "  reckoned_{at}  {range} is {of}, divided by {by}, rounded {rounding}{less}{more}");
        }
        text
    }

    fn text(&self) -> String {
        let rows: String = self.asks.iter().map(|ask| format!("  when {} -> there\n", words(ask))).collect();
        format!("onward 1\nfacts\n{}\n{REST}decide which\n{rows}  if none of these -> there\n{NOT_KNOWN}", self.facts())
    }

    /// From where to where a number can still go (2.3); and whether it is not applicable.
    fn range(&self, of: Name, known: &Known) -> Option<(i64, i64)> {
        let at = match of {
            Name::Found(at) => {
                let it = &self.found[at];
                let applies = if it.need_not_apply { known.alone } else { Some(true) };
                return match (applies, known.found[at]) {
                    (Some(false), _) => None,
                    (Some(true), Some(value)) => Some((value, value)),
                    _ if it.need_not_apply => Some((it.from.min(0), it.to.max(0))),
                    _ => Some((it.from, it.to)),
                };
            }
            Name::Reckoned(at) => at,
        };
        let it = &self.reckoned[at];
        let (least, most) = match &it.of {
            Of::Sum(terms, fixed) => terms.iter().fold((*fixed, *fixed), |(least, most), (times, of)| {
                let (from, to) = self.range(*of, known).unwrap_or((0, 0));
                (least + (from * times).min(to * times), most + (from * times).max(to * times))
            }),
            Of::Table(of, cut, one, other) => match self.range(*of, known) {
                None => (0, 0),
                Some(_) if self.is_unknown(*of, known) => {
                    let none = matches!(of, Name::Found(at) if self.found[*at].need_not_apply);
                    let of_all = match of {
                        Name::Found(at) if self.found[*at].to <= *cut => (*one, *one),
                        _ => ((*one).min(*other), (*one).max(*other)),
                    };
                    if none { (of_all.0.min(0), of_all.1.max(0)) } else { of_all }
                }
                Some((from, to)) => match (from <= *cut, to > *cut) {
                    (true, true) => ((*one).min(*other), (*one).max(*other)),
                    (true, false) => (*one, *one),
                    _ => (*other, *other),
                },
            },
        };
        let (low, high) = match it.divided_by {
            By::Written(by) => (by, by),
            By::Number(by) => self.range(by, known).unwrap_or((0, 0)),
        };
        let corners = [(least, low), (least, high), (most, low), (most, high)].map(|(sum, by)| it.of(sum, by));
        Some((corners.into_iter().min()?, corners.into_iter().max()?))
    }

    fn is_unknown(&self, of: Name, known: &Known) -> bool {
        match of {
            Name::Found(at) if self.found[at].need_not_apply && known.alone.is_none() => true,
            Name::Found(at) => known.found[at].is_none(),
            Name::Reckoned(_) => false,
        }
    }

    fn says(&self, ask: &Ask, known: &Known) -> Truth {
        let sure = |yes: bool| if yes { Truth::Yes } else { Truth::No };
        match ask {
            Ask::Alone => known.alone.map_or(Truth::Unknown, sure),
            Ask::Not(part) => !self.says(part, known),
            Ask::All(parts) => parts.iter().map(|part| self.says(part, known)).min().unwrap_or(Truth::Yes),
            Ask::Any(parts) => parts.iter().map(|part| self.says(part, known)).max().unwrap_or(Truth::No),
            Ask::Between(of, from, to) => match self.range(*of, known) {
                None => Truth::No,
                // A fact that is not known is not known, whatever its range.
                Some(_) if self.is_unknown(*of, known) => Truth::Unknown,
                Some((least, most)) if *from <= least && most <= *to => Truth::Yes,
                Some((least, most)) if least <= *to && *from <= most => Truth::Unknown,
                Some(_) => Truth::No,
            },
        }
    }

    /// Everybody there is.
    fn everybody(&self) -> Vec<Known> {
        let mut all: Vec<Known> =
            [None, Some(true), Some(false)].map(|alone| Known { alone, found: Vec::new() }).into();
        for it in &self.found {
            let values = |known: &Known| -> Vec<Option<i64>> {
                let applies = if it.need_not_apply { known.alone } else { Some(true) };
                let all = (0..=(it.to - it.from) / it.step).map(|step| Some(it.from + step * it.step));
                if applies == Some(true) { all.chain([None]).collect() } else { vec![None] }
            };
            all = all
                .into_iter()
                .flat_map(|known| {
                    values(&known).into_iter().map(move |value| {
                        let mut known = known.clone();
                        known.found.push(value);
                        known
                    })
                })
                .collect();
        }
        all
    }

    /// The same person as the library keeps them: in tenths, or in whole numbers where all digits are 0 (they never are).
    fn person(&self, known: &Known) -> Person {
        let mut person = Person::from([(FactId(0), known.alone.map(i64::from))]);
        for (at, (it, value)) in self.found.iter().zip(&known.found).enumerate() {
            let not_applicable = it.need_not_apply && known.alone == Some(false);
            let unknown = it.need_not_apply && known.alone.is_none();
            let value = if not_applicable { Some(NOT_APPLICABLE) } else { value.filter(|_| !unknown) };
            person.insert(FactId(at as u32 + 1), value);
        }
        person
    }
}

impl Reckoned {
    /// What comes of a sum and what it is divided by, in tenths.
    fn of(&self, sum: i64, by: i64) -> i64 {
        // So many steps are the sum, divided by both.
        let (over, under) = (sum * 10, by * self.step);
        let below = over.div_euclid(under);
        let rest = over.rem_euclid(under);
        let steps = match self.rounding {
            Rounding::Down => below,
            Rounding::Up => below + i64::from(rest > 0),
            Rounding::Nearest => below + i64::from(2 * rest >= under),
        };
        let value = steps * self.step;
        let value = self.no_less.map_or(value, |least| value.max(least));
        self.no_more.map_or(value, |most| value.min(most))
    }
}

/// Further than anything here comes to, in tenths.
const FAR: i64 = 400_000;
const NEAR: i64 = -FAR;

const REST: &str = "\
pathway small
  version 1
  starts at which

by default
  if late -> there
  if it cannot be done -> there
  if the person declines -> there
  if nobody can -> there
  if died -> there
  if withdrew -> there
  if cannot be reached -> there
  if moved away -> there
  if opened in error -> there

role nurse

step look
  led by nurse
  finds what is missing
  within 1 day
  then back to the decision

ending there
  held by person

";
const NOT_KNOWN: &str = "  if we do not know yet -> look, at most once, then nurse decides within 1 day\n";

fn words(ask: &Ask) -> String {
    let all = |parts: &[Ask], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| format!("({})", words(part))).collect();
        parts.join(word)
    };
    match ask {
        Ask::Alone => "alone".to_string(),
        Ask::Not(part) => format!("not ({})", words(part)),
        Ask::All(parts) => all(parts, " and "),
        Ask::Any(parts) => all(parts, " or "),
        Ask::Between(of, from, to) if from == to => format!("{} is {}", name(*of), tenths(*from)),
        Ask::Between(of, NEAR, to) => format!("{} at most {}", name(*of), tenths(*to)),
        Ask::Between(of, from, FAR) => format!("{} at least {}", name(*of), tenths(*from)),
        Ask::Between(of, from, to) => format!("{} is {} to {}", name(*of), tenths(*from), tenths(*to)),
    }
}

#[test]
fn computed_facts_say_what_they_are_written_to_say() {
    for_all(512, 120, |dice| {
        let small = Small::random(dice);
        let text = small.text();
        let library = compile(&text);
        let tests = rows(&library, "which");
        let scores = &library.shared().scores;
        let everybody = small.everybody();
        for known in everybody.iter().step_by(1 + everybody.len() / 600) {
            let person = small.person(known);
            for (ask, test) in small.asks.iter().zip(&tests) {
                let (says, is) = (small.says(ask, known), truth(test, &person, scores));
                prop_assert_eq!(says, is, "{:?} of {:?}\n{}", ask, known, text);
            }
        }
        Ok(())
    });
}

#[test]
fn whoever_is_found_by_computed_facts_is_there_and_nobody_is_overlooked() {
    let seen = std::cell::RefCell::new([0usize; 2]);
    for_all(1024, 120, |dice| {
        let small = Small::random(dice);
        let library = compile(&small.text());
        let tests = rows(&library, "which");
        let people = People::new(library.shared());
        let everybody = small.everybody();
        for _ in 0..3 {
            let asked: Vec<(usize, Truths)> = (0..small.asks.len())
                .map(|at| (at, *dice.one(&[Truths::NO, Truths::YES, Truths::UNKNOWN, Truths::NOT_YES, Truths::NOT_NO])))
                .collect();
            let unknown = dice.once_in(2);
            let meets =
                |known: &Known| asked.iter().all(|(at, may_be)| may_be.contains(small.says(&small.asks[*at], known)));
            let is_known = |known: &Known| {
                known.alone.is_some()
                    && small
                        .found
                        .iter()
                        .zip(&known.found)
                        .all(|(it, value)| value.is_some() || (it.need_not_apply && known.alone == Some(false)))
            };
            let there = everybody.iter().find(|known| (unknown || is_known(known)) && meets(known));
            let demands: Vec<Demand<'_>> = asked.iter().map(|(at, may_be)| Demand::new(&tests[*at], *may_be)).collect();
            match people.find(&demands, &|_| unknown) {
                Search::Found(person) => {
                    let met =
                        demands.iter().all(|it| it.may_be.contains(truth(it.test, &person, &library.shared().scores)));
                    prop_assert!(met && there.is_some(), "{:?}\n{}", person, small.text());
                    seen.borrow_mut()[0] += 1;
                }
                Search::Nobody => {
                    prop_assert!(there.is_none(), "{:?} was overlooked: {:?}\n{}", there, asked, small.text());
                    seen.borrow_mut()[1] += 1;
                }
                Search::OutOfBudget => prop_assert!(false, "this is small: {:?}\n{}", asked, small.text()),
            }
        }
        Ok(())
    });
    let seen = seen.into_inner();
    assert!(seen.iter().all(|it| *it > 200), "{seen:?}");
}

/// Twice a number and one, never less than 2 nor more than 3: between the two ends it follows from nothing.
#[test]
fn between_two_ends_next_to_one_another_there_is_nobody_to_overlook() {
    for (share, at_least) in [("wish + twice", 1), ("wish + 5, divided by twice, rounded up", 1), ("wish + twice", 3)] {
        let library = compile(&format!(
            "onward 1\nfacts\n  away yes or no\n  wish 0 to 3\n  \
             twice 0 to 8 is 2 times wish + 1, no less than 2, no more than 3\n  share 0 to 12 is {share}\n\n\
             {REST}decide which\n  when not away and share at least {at_least} -> there\n  \
             when wish at least 1 -> there\n  if none of these -> there\n{NOT_KNOWN}"
        ));
        let tests = rows(&library, "which");
        let none = [0, 1].map(|row| Demand::new(&tests[row], Truths::NO));
        let found = People::new(library.shared()).find(&none, &|_| false);
        let Search::Found(person) = found else { panic!("{share} at least {at_least}: {found:?}") };
        let [away, wish] = ["away", "wish"].map(|name| person[&library.shared().fact(name).expect("a fact")]);
        assert_eq!((away, wish), (Some(i64::from(at_least == 1)), Some(0)), "{share} at least {at_least}");
    }
}

/// What is found of wide ranges: the pounds of the means test, and what no two people could tell apart by trying.
#[test]
fn wide_ranges_are_exact() {
    let library = compile(&format!(
        "onward 1\nfacts\n  savings 0 to 1000000\n  property 0 to 5000000\n  debts 0 to 1000000\n  \
         capital -1000000 to 6000000 is savings + property - debts\n  \
         without_home -1000000 to 1000000 is savings - debts\n  \
         other_way -1000000 to 1000000 is debts - savings\n  \
         tariff 0 to 24000 is capital - 14250, divided by 250, rounded up, no less than 0\n\n{REST}decide which\n  \
         when without_home at least 1 -> there\n  when other_way at least 0 -> there\n  \
         when tariff is 0 -> there\n  when capital at most 14250 -> there\n  \
         when tariff at least 36 -> there\n  when capital at most 23000 -> there\n  \
         when capital at most 23001 -> there\n  when property is 0 and without_home at least 23002 -> there\n  \
         if none of these -> there\n{NOT_KNOWN}"
    ));
    let tests = rows(&library, "which");
    let people = People::new(library.shared());
    let find = |asked: &[(usize, Truths)]| {
        let demands: Vec<Demand<'_>> = asked.iter().map(|(row, may_be)| Demand::new(&tests[*row], *may_be)).collect();
        people.find(&demands, &|_| false)
    };
    let (yes, no) = (Truths::YES, Truths::NO);
    assert_eq!(find(&[(0, no), (1, no)]), Search::Nobody, "more, or not");
    assert_eq!(find(&[(0, yes), (1, yes)]), Search::Nobody);
    assert_eq!(find(&[(2, yes), (3, no)]), Search::Nobody, "nothing up to the lower limit, and something above it");
    assert_eq!(find(&[(2, no), (3, yes)]), Search::Nobody);
    assert_eq!(find(&[(4, yes), (5, yes)]), Search::Nobody, "35 up to 23,000");
    assert!(matches!(find(&[(4, yes), (6, yes)]), Search::Found(_)), "36 from 23,001 on");
    assert_eq!(find(&[(7, yes), (6, yes)]), Search::Nobody, "with the home, it is no less");
    assert!(matches!(find(&[(7, yes), (6, no)]), Search::Found(_)));
}

#[test]
fn a_number_beyond_its_range_is_found_with_somebody_it_happens_to() {
    let kinds = |range: &str, more: &str| -> Vec<String> {
        let library = compile(&format!(
            "onward 1\nfacts\n  savings 0 to 1000000\n  debts 0 to 500000\n  left_over {range} is savings - debts{more}\n\n\
             {REST}decide which\n  when left_over at least 3 -> there\n  if none of these -> there\n{NOT_KNOWN}"
        ));
        let findings = library.report().findings.iter();
        findings.filter(|it| it.kind == Kind::BeyondRange).map(|it| it.message.clone()).collect()
    };
    let said = kinds("0 to 1000000", "");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("whose `savings` is") && said[0].contains("whose `debts` is"), "{said:?}");
    assert_eq!(kinds("0 to 1000000", ", no less than 0"), [""; 0]);
    assert_eq!(kinds("-500000 to 1000000", ""), [""; 0]);
    assert_eq!(kinds("-500000 to 999999", "").len(), 1);
    assert_eq!(kinds("-499999 to 1000000", "").len(), 1);
}
