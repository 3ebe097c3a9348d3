//! Nobody goes against the person's wish (3.4): small pathways, and everybody who can go through them, one by one.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod worlds;

use onward::{Library, Source};
use proptest::prelude::*;
use std::cell::Cell;
use worlds::{Dice, for_all};

const WISHES: [&str; 4] = ["home", "bed", "care_home", "not_sure"];
/// Where the endings are: the first three by name.
const ENDINGS: [Option<usize>; 4] = [Some(0), Some(1), Some(2), None];

/// A condition: that the wish is one of these, and that the person is able to decide, or is not, where that is asked.
#[derive(Clone, Debug)]
struct Row {
    wish: Vec<usize>,
    able: Option<bool>,
    to: To,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum To {
    Ending(usize),
    /// To the step before the second decision.
    Second,
}

/// What is known of a person: the wish, and whether they are able.
type Person = (Option<usize>, Option<bool>);

impl Row {
    fn holds(&self, (wish, able): &Person) -> Option<bool> {
        let wish = wish.map(|wish| self.wish.contains(&wish));
        let able = self.able.map_or(Some(true), |wanted| able.map(|able| able == wanted));
        match (wish, able) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    fn text(&self) -> String {
        let wish: Vec<&str> = self.wish.iter().map(|wish| WISHES[*wish]).collect();
        let able = match self.able {
            None => "",
            Some(true) => " and able",
            Some(false) => " and not able",
        };
        format!("  when wish is {}{able} -> {}\n", wish.join(", "), to_text(self.to))
    }
}

fn to_text(to: To) -> String {
    match to {
        To::Ending(ending) => format!("end{ending}"),
        To::Second => "talk".to_string(),
    }
}

/// A decision: its rows, where everybody else goes, and where one goes while it is not known.
#[derive(Clone, Debug)]
struct Decision {
    rows: Vec<Row>,
    rest: To,
    unknown: To,
}

impl Decision {
    fn random(dice: &mut Dice, second: bool) -> Decision {
        let to = |dice: &mut Dice| if second && dice.once_in(3) { To::Second } else { To::Ending(dice.below(4)) };
        let mut rows = Vec::new();
        for _ in 0..1 + dice.below(3) {
            let wish: Vec<usize> = (0..4).filter(|_| dice.once_in(3)).collect();
            let wish = if wish.is_empty() { vec![dice.below(4)] } else { wish };
            // Mostly where they wish to be.
            let place = wish[0] < 3 && !dice.once_in(3);
            let able = [None, None, Some(true), Some(false)][dice.below(4)];
            let to = if place { To::Ending(wish[0]) } else { to(dice) };
            rows.push(Row { wish, able, to });
        }
        Decision { rows, rest: if dice.once_in(3) { to(dice) } else { To::Ending(3) }, unknown: To::Ending(3) }
    }

    fn text(&self, name: &str) -> String {
        let rows: String = self.rows.iter().map(Row::text).collect();
        let (rest, unknown) = (to_text(self.rest), to_text(self.unknown));
        format!("decide {name}\n{rows}  if none of these -> {rest}\n  if we do not know yet -> {unknown}\n\n")
    }

    /// The ways out of it, each with those who take it.
    fn ways(&self) -> Vec<(To, Vec<Person>)> {
        let mut ways: Vec<(To, Vec<Person>)> = self.rows.iter().map(|row| (row.to, Vec::new())).collect();
        ways.extend([(self.rest, Vec::new()), (self.unknown, Vec::new())]);
        let last = ways.len() - 2;
        for wish in (0..4).map(Some).chain([None]) {
            for able in [None, Some(true), Some(false)] {
                let person = (wish, able);
                let first = self.rows.iter().position(|row| row.holds(&person) != Some(false));
                let taken = match first {
                    None => last,
                    Some(row) if self.rows[row].holds(&person) == Some(true) => row,
                    Some(_) => last + 1,
                };
                ways[taken].1.push(person);
            }
        }
        // What is not known says nothing of anybody.
        ways
    }
}

/// Whether everybody who takes a way is known to wish nothing but this.
fn says(people: &[Person], setting: usize) -> bool {
    people.iter().all(|(wish, _)| wish.is_some_and(|wish| wish == setting || wish == 3))
}

/// Whether somebody can come to an ending against what they wish.
fn against(first: &Decision, second: &Decision) -> bool {
    let bad = |to: To, said: &[bool; 3]| match to {
        To::Ending(ending) => ENDINGS[ending].is_some_and(|setting| !said[setting]),
        To::Second => false,
    };
    let rows = |it: &Decision| {
        let many = it.rows.len() + 1;
        let ways = it.ways().into_iter().enumerate().filter(|(_, (_, people))| !people.is_empty());
        let said = |number: usize, people: &[Person]| [0, 1, 2].map(|setting| number < many && says(people, setting));
        ways.map(|(number, (to, people))| (to, said(number, &people))).collect::<Vec<_>>()
    };
    rows(first).into_iter().any(|(to, said)| match to {
        To::Ending(_) => bad(to, &said),
        To::Second => rows(second)
            .into_iter()
            .any(|(to, again)| bad(to, &[0, 1, 2].map(|setting| said[setting] || again[setting]))),
    })
}

fn text(first: &Decision, second: &Decision) -> String {
    let endings: Vec<String> = ENDINGS
        .iter()
        .enumerate()
        .map(|(number, lives)| {
            let place = lives.map_or(String::new(), |it| format!("  place {}\n  tell person \"There.\"\n", WISHES[it]));
            format!("ending end{number}\n  held by person\n{place}\n")
        })
        .collect();
    format!(
        "onward 1\n\ndistance from home\n  home, bed, care_home\n\npathway small\n  version 1\n  starts at ask\n\npromises
  nobody goes against wish without able or best interests\n\nby default
  if late -> escalate to help\n  if it cannot be done -> escalate to help\n  if the person declines -> end3
  if nobody can -> end3\n  if died -> end3\n  if withdrew -> end3\n  if cannot be reached -> end3
  if moved away -> end3\n  if opened in error -> end3\n\nfacts\n  wish one of {}\n  able yes or no\n\nrole nurse\n
step ask\n  led by nurse\n  finds wish, able\n  within 2 days\n  then first\n\n{}step talk\n  led by nurse
  finds afresh wish, able\n  within 2 days\n  then second\n\n{}{}directory here\n  time zone \"UTC\"
  valid until 2026-12-31\n\ncontact ward\n  fills nurse\n  open always\n\nescalation help\n  last ward, to answer within 1 hour\n",
        WISHES.join(", "),
        first.text("first"),
        second.text("second"),
        endings.concat()
    )
}

fn found(text: &str) -> Vec<&'static str> {
    let library = Library::compile(vec![Source::new("small.pathway", text)]);
    let library = library.unwrap_or_else(|report| panic!("{report}\n{text}"));
    let proof = library.pathway("small").and_then(|it| it.proof()).expect("it is proved with a directory");
    proof.flaws.iter().map(|flaw| flaw.finding.kind.name()).collect()
}

#[test]
fn nobody_goes_against_their_wish_exactly_where_nobody_can() {
    let (kept, broken) = (Cell::new(0), Cell::new(0));
    for_all(200, 60, |dice| {
        let (first, second) = (Decision::random(dice, true), Decision::random(dice, false));
        let text = text(&first, &second);
        let wanted = against(&first, &second);
        let count = if wanted { &broken } else { &kept };
        count.set(count.get() + 1);
        prop_assert_eq!(found(&text).contains(&"against-wish"), wanted, "{}", text);
        Ok(())
    });
    assert!(kept.get() >= 20 && broken.get() >= 20, "both are seen: {} and {}", kept.get(), broken.get());
}
