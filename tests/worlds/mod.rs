//! Random worlds: a pathway with everything the language runs, a directory, a person, and a history.
//!
//! All choices are read from a list of bytes. When the bytes run out every choice is the first, so that a shorter list
//! makes a simpler world, and proptest shrinks a failure to a small one.
#![allow(dead_code, clippy::panic)]

mod events;
mod facts;
mod risks;

#[allow(unused_imports, reason = "some who use these worlds let nothing happen there")]
pub use events::*;
use facts::{Fact, FactKind, cell, condition, facts, scores};
use onward::calendar::{Length, Moment};
use onward::diagnostic::Report;
use onward::engine::{
    Advised, By, Case, EntryKind, Event, EventKind, LifeEvent, Opening, Secret, Standing, Withdrawn, Work,
};
use onward::model::{Answer, Domain, Name, PlaceKind};
use onward::play::could_be_needed;
use onward::{Library, Source};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
pub use risks::positive_risk;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many cases a property runs: `ONWARD_CASES`, or else a number that CI has time for.
pub fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("ONWARD_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    let seed = std::env::var("ONWARD_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x0a11);
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..ProptestConfig::default() }
}

/// Runs a property over random choices.
pub fn for_all(cases: u32, choices: usize, property: impl Fn(&mut Dice) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(config(cases));
    let bytes = prop::collection::vec(any::<u8>(), 0..choices);
    let outcome = runner.run(&bytes, |bytes| property(&mut Dice { bytes, at: 0 }));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Choices, read from bytes.
#[derive(Clone, Debug)]
pub struct Dice {
    bytes: Vec<u8>,
    at: usize,
}

impl Dice {
    /// So many choices that follow from a number, always the same.
    pub fn of(seed: u64, choices: usize) -> Dice {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            ((mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 56) as u8
        };
        Dice { bytes: (0..choices).map(|_| next()).collect(), at: 0 }
    }

    /// A number below `n`; 0 when there are no choices left.
    pub fn below(&mut self, n: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        if n == 0 { 0 } else { usize::from(byte) % n }
    }

    /// Yes, once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of these words.
    pub fn word(&mut self, options: &[&'static str]) -> &'static str {
        options[self.below(options.len())]
    }

    /// One of these.
    pub fn one<'o, T>(&mut self, options: &'o [T]) -> &'o T {
        &options[self.below(options.len())]
    }
}

/// What is told if the person agrees, and nothing else is said like this.
pub const IF_AGREED: &str = "  tell carer \"Somebody comes.\" if the person agrees\n";

/// Whether the person may have to pay for a step, and where they are told so.
fn charge(dice: &mut Dice, before: &[Shape]) -> String {
    match (dice.below(8), before.iter().position(|shape| *shape == Shape::Step)) {
        (6, _) => "  chargeable\n".to_string(),
        (7, Some(step)) => format!("  chargeable told in p{step}\n"),
        _ => String::new(),
    }
}

/// What a place of a random world is.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Step,
    Decide,
    Table,
    HandOver,
    Repeat,
    Together,
    Call,
    Risk,
}

/// A random pathway with its directory, as text. It is well formed: it compiles without an error.
pub fn pathway(dice: &mut Dice) -> String {
    let facts = facts(dice);
    let score = dice.once_in(2);
    let shapes: Vec<Shape> = (0..1 + dice.below(7))
        .map(|_| match dice.below(9) {
            0 | 1 => Shape::Step,
            8 => Shape::Risk,
            2 => Shape::Decide,
            3 => Shape::Table,
            4 => Shape::HandOver,
            5 => Shape::Repeat,
            6 => Shape::Call,
            _ => Shape::Together,
        })
        .collect();
    let mut out = String::from(
        "onward 1\n\n# A random world.\npathway random \"A random pathway\"\n  version 1\n  starts at p0\n",
    );
    if dice.once_in(5) {
        let _ = writeln!(out, "  not for {} -> end0", condition(dice, &facts, false));
        out.push_str("  if we do not know yet -> nothing, because \"it is asked every time\"\n");
    }
    out.push('\n');
    let count = shapes.len();
    let forward = |dice: &mut Dice, from: usize| -> String {
        let next = from + 1 + dice.below(3);
        if next >= count { format!("end{}", dice.below(2)) } else { format!("p{next}") }
    };
    // Back, counted, and forward when that is used up; or simply forward.
    let route = |dice: &mut Dice, from: usize| -> String {
        let on = forward(dice, from);
        match dice.below(5) {
            4 => format!("p{}, at most {} times, then {on}", dice.below(from + 1), 1 + dice.below(2)),
            3 => format!("{on}, saying why \"that is how it is\""),
            _ => on,
        }
    };
    let late = if dice.once_in(3) { "end1" } else { "escalate to help" };
    let _ = write!(
        out,
        "by default\n  if late -> {late}\n  if it cannot be done -> escalate to help\n  if the person declines -> {}\n  if nobody can -> end1\n  if died -> {}, standing everything down\n  if withdrew -> end1\n  if cannot be reached -> {}\n  if moved away -> end0\n  if opened in error -> end1\n\n",
        dice.word(&["end0", "p0, at most once, then end0"]),
        dice.word(&["end1", "farewell"]),
        dice.word(&["end1", "p0, at most twice, then end1"]),
    );
    promises(dice, &facts, &shapes, &mut out);
    grounds(dice, &shapes, &mut out);
    out.push_str("facts\n");
    for fact in &facts {
        let _ = writeln!(out, "  {} {}", fact.name, fact.declared);
    }
    out.push_str(&facts::computed(dice, &facts));
    out.push_str("  carer_may_know yes or no asked of person lets carer be told\n");
    out.push_str("\nrole nurse \"Nurse\"\n  profession nursing\nrole carer\nrole team \"Community team\"\n  profession social_work\nrole duty \"On duty\"\n\n");
    out.push_str(
        dice.word(&["", "words\n  say \"nurse\" not \"matron\", \"ward sister\"\n  keep \"team\", \"patient\"\n\n"]),
    );
    if score {
        scores(dice, &facts, &mut out);
    }
    let mut needs_find_out = false;
    for (number, shape) in shapes.iter().enumerate() {
        let finds = facts.iter().filter(|_| dice.once_in(2)).map(|fact| fact.name).collect::<Vec<_>>().join(", ");
        let finds = if finds.is_empty() { String::new() } else { format!("  finds {finds}\n") };
        let hours = 1 + dice.below(48);
        match shape {
            Shape::Step => {
                let takes = takes(dice);
                let own = match dice.below(4) {
                    3 => format!("  if late -> {}\n", forward(dice, number)),
                    2 => format!("  if the person declines -> {}\n", route(dice, number)),
                    _ => String::new(),
                };
                let doable = |shape: &Shape| !matches!(shape, Shape::Decide | Shape::Table | Shape::Call);
                let before: Vec<usize> = (0..number).filter(|it| doable(&shapes[*it])).collect();
                let within = match before.last() {
                    Some(before) if dice.once_in(8) => format!("within {hours} hours after p{before}"),
                    _ => by_when(dice, hours),
                };
                let tell = dice.word(&["", "  tell person \"We are on our way.\"\n", IF_AGREED]);
                let needed = match dice.below(5) {
                    3 => "  not without team\n".to_string(),
                    4 => format!("  not without team when {}\n", condition(dice, &facts, score)),
                    _ => String::new(),
                };
                let charge = charge(dice, &shapes[..number]);
                let then = route(dice, number);
                let _ = write!(
                    out,
                    "step p{number} \"Step {number}\"\n  led by nurse\n  with carer\n{finds}  {within}\n{takes}{needed}{tell}{charge}{own}  then {then}\n\n"
                );
            }
            Shape::Decide => {
                let _ = writeln!(out, "decide p{number}");
                out.push_str(dice.word(&["", "", "", "  rows do not overlap\n"]));
                let mut option = String::new();
                for _ in 0..1 + dice.below(3) {
                    option = forward(dice, number);
                    let _ = writeln!(out, "  when {} -> {option}", condition(dice, &facts, score));
                }
                let _ = writeln!(out, "  if none of these -> {}", forward(dice, number));
                if dice.once_in(3) {
                    let _ = writeln!(out, "  option {option} only when {}", condition(dice, &facts, score));
                }
                if dice.once_in(3) {
                    let reason = condition(dice, &facts, score);
                    let side = dice.word(&["for", "against"]);
                    let _ = write!(
                        out,
                        "  advise carer to decide with nurse, person, within 3 hours\n  reason {side} {option} from team when {reason} \"That speaks for itself.\"\n  otherwise because one of her_wish, too_much_risk\n"
                    );
                    if dice.once_in(2) {
                        let _ = write!(out, "  agreed by team, nurse\n  if they disagree -> {}\n", route(dice, number));
                    }
                }
                needs_find_out = true;
                let times = 1 + dice.below(2);
                let _ = write!(
                    out,
                    "  if we do not know yet -> find_out, at most {times} times, then nurse decides within 4 hours\n\n"
                );
            }
            Shape::Table => {
                let columns: Vec<&Fact> = facts.iter().filter(|fact| !matches!(fact.kind, FactKind::Several)).collect();
                let _ = writeln!(out, "decide p{number} \"A table\"");
                if columns.is_empty() {
                    let _ = writeln!(out, "  when {} -> {}", condition(dice, &facts, score), forward(dice, number));
                } else {
                    let heads: Vec<String> = columns.iter().map(|fact| fact.looked_at()).collect();
                    let _ = writeln!(out, "  | {} | choose |", heads.join(" | "));
                    for _ in 0..1 + dice.below(3) {
                        let cells: Vec<String> = columns.iter().map(|fact| cell(dice, fact)).collect();
                        let _ = writeln!(out, "  | {} | {} |", cells.join(" | "), forward(dice, number));
                    }
                }
                let _ = writeln!(out, "  if none of these -> {}", forward(dice, number));
                needs_find_out = true;
                out.push_str("  if we do not know yet -> find_out, at most once, then team decides within 1 day\n\n");
            }
            Shape::HandOver => {
                let condition = match dice.below(2) {
                    1 => format!("  if accepted on a condition -> {}\n", forward(dice, number)),
                    _ => String::new(),
                };
                let escalate = dice.once_in(4);
                let (declined, then) = (route(dice, number), forward(dice, number));
                let declined = if escalate { "escalate to help".to_string() } else { declined };
                let _ = write!(
                    out,
                    "hand over p{number} \"Hand over\"\n  from nurse\n  to team\n  carrying {}\n  accepted within {hours} hours\n  if declined, saying why -> {declined}\n{condition}  then {then}\n\n",
                    facts[0].name
                );
            }
            Shape::Repeat => {
                let until = condition(dice, &facts, score);
                let (out_of_it, after) = (forward(dice, number), dice.one(&["end1", "escalate to help"]));
                let (times, takes) = (1 + dice.below(3), takes(dice));
                let _ = write!(
                    out,
                    "repeat p{number} \"Again and again\"\n  every {hours} hours\n  led by nurse\n{finds}{takes}  until {until} -> {out_of_it}\n  at most {times} times, then {after}\n\n"
                );
            }
            Shape::Risk => {
                needs_find_out = true;
                let ways = [forward(dice, number), forward(dice, number), forward(dice, number)];
                out.push_str(&positive_risk(
                    dice,
                    number,
                    ways,
                    "find_out, at most once, then team decides within 1 day",
                    true,
                ));
            }
            Shape::Call => {
                let (fine, not_fine, gone) = (forward(dice, number), route(dice, number), forward(dice, number));
                let _ = write!(
                    out,
                    "call p{number} \"Somebody looks in\"\n  follows inner\n  if it ends in fine -> {fine}\n  if it ends in not_fine -> {not_fine}\n  if it ends in gone -> {gone}\n\n"
                );
            }
            Shape::Together => {
                let join =
                    dice.one(&["all done within 2 days", "first 1 done within 30 hours", "first 2 done within 1 day"]);
                let otherwise = if join.starts_with("all") {
                    "if not all done".to_string()
                } else {
                    format!("if fewer than {} are done", &join[6..7])
                };
                let takes = takes(dice);
                let escalate = dice.once_in(3);
                let (bad, then) = (forward(dice, number), forward(dice, number));
                let bad = if escalate { "escalate to help".to_string() } else { bad };
                // Where another pathway is called anyway, it is now and then a branch, too.
                let other = if number % 2 == 1 && shapes.contains(&Shape::Call) {
                    "follows inner, done if it ends in fine".to_string()
                } else {
                    format!("led by team within 6 hours {}", finds.trim())
                };
                let _ = write!(
                    out,
                    "together p{number} \"Side by side\"\n  a{number} led by nurse within {hours} hours\n{takes}  b{number} \"The other\" {other}\n  {join}\n  {otherwise} -> {bad}\n  then {then}\n\n"
                );
            }
        }
    }
    if needs_find_out && dice.once_in(3) {
        let until = condition(dice, &facts, score);
        let _ = write!(
            out,
            "repeat find_out \"Look again and again\"\n  every 8 hours\n  led by nurse\n  finds {}\n  \
             until {until} -> back to the decision\n  at most twice, then end1\n\n",
            facts[0].name
        );
    } else if needs_find_out {
        out.push_str(
            "step find_out \"Find out\"\n  led by nurse\n  finds what is missing\n  within 8 hours\n  \
             then back to the decision\n\n",
        );
    }
    for number in 0..dice.below(6) / 4 {
        let condition = condition(dice, &facts, score);
        let from = dice.below(count);
        let to = forward(dice, from);
        let then = dice.word(&["", ", then end1"]);
        let _ = write!(
            out,
            "at any time now{number}\n  if {condition} -> {to}, instead, at most twice{then}\n  if we do not know yet -> nothing, because \"it is asked every time\"\n  anyone may raise it\n\n"
        );
    }
    if dice.once_in(4) {
        let (when, finds) = (condition(dice, &facts, score), dice.one(&facts).name);
        let decides = dice.once_in(2);
        let then = if decides { "still_so" } else { "nothing more" };
        let _ = write!(
            out,
            "at any time also \"Somebody looks in as well\"\n  if {when} -> look_in, as well, at most twice\n  if we do not know yet -> nothing, because \"it is asked every time\"\n  anyone may raise it\n\nstep look_in\n  led by team\n  finds {finds}\n  within {} hours\n  if late -> escalate to help\n  if it cannot be done -> {}\n  if the person declines -> nothing more\n  if nobody can -> nothing more\n  then {then}\n\n",
            1 + dice.below(30),
            dice.word(&["escalate to help", "nothing more"]),
        );
        if decides {
            let again = condition(dice, &facts, score);
            let _ = write!(
                out,
                "decide still_so\n  when {again} -> look_in, at most once, then nothing more\n  if none of these -> nothing more\n  if we do not know yet -> nothing more\n\n"
            );
        }
    }
    out.push_str("step farewell \"Tell everybody\"\n  led by team\n  within 1 day\n  tell person \"This is told to nobody.\"\n  tell carer \"We are sorry.\"\n  then end1\n\n");
    let owed: Vec<String> = shapes
        .iter()
        .enumerate()
        .filter(|(_, shape)| !matches!(shape, Shape::Decide | Shape::Table | Shape::Call) && dice.once_in(6))
        .map(|(number, _)| format!("p{number}"))
        .collect();
    let owed = if owed.is_empty() { String::new() } else { format!("  owed {}\n", owed.join(", ")) };
    let _ = write!(
        out,
        "ending end0 \"At home\"\n  held by person\n{owed}\nending end1 \"With the team\"\n  held by team\n\n"
    );
    if shapes.contains(&Shape::Call) {
        part(dice, &facts, score, &mut out);
    }
    let first = dice.one(&[
        "open always",
        "open monday to friday 09:00 to 17:00\n  on bank holidays closed",
        "open every day 22:00 to 06:00\n  on bank holidays as usual",
    ]);
    let valid_from = dice.word(&["", "", "  valid from 2026-01-01\n"]);
    let reassign = dice.one(&["", "  may reassign at most twice\n"]);
    let reached = dice.word(&[
        "  phone \"01632 960 001\"\n",
        "  phone \"01632 960 001\"\n  fax \"01632 960 002\"\n",
        "  secure email \"office@example.nhs.uk\", acknowledged within 30 minutes\n  bleep \"2211\"\n",
        "",
        "  post \"The office, 1 High Street\"\n  secure email \"office@example.nhs.uk\", acknowledged within 1 hour\n",
    ]);
    let meetings = meetings(dice);
    let _ = write!(
        out,
        "directory here \"Here\"\n  time zone \"Europe/London\"\n  valid until 2030-12-31\n{valid_from}\n{meetings}contact ward \"The ward\"\n  fills nurse, carer\n  {first}\n\ncontact office \"The office\"\n  fills team, duty\n{reached}  open always\n\nescalation help \"Help\"\n  ask ward, to answer within 1 hour\n  then nurse, to answer within 30 minutes\n  last office, to answer within 2 hours\n{reassign}",
    );
    if dice.once_in(3) {
        homes(dice, &mut out);
    }
    if dice.once_in(3) {
        let when = condition(dice, &facts, score);
        out += &anticipation(dice, &when);
    }
    out
}

/// What starts the pathway before there is a case: no part of what it means.
pub fn anticipation(dice: &mut Dice, when: &str) -> String {
    let within =
        dice.word(&["within 5 working days of team", "by 16:00\n  led by nurse", "at the next board\n  led by team"]);
    let unknown = dice.word(&["ask nurse within 3 days", "nothing, because \"they ring us\""]);
    format!(
        "\nanticipate early \"Before there is a crisis\"\n  when {when}\n  start random {within}\n  at most once every 30 days\n  \
         if we do not know yet -> {unknown}\n"
    )
}

/// Some steps say where the person is; mostly they tell them so.
fn homes(dice: &mut Dice, out: &mut String) {
    let steps: Vec<usize> = out.match_indices("\nstep p").map(|(at, _)| at + 1).collect();
    for step in steps.into_iter().rev() {
        let told = dice.word(&["\n  tell person \"That is where you are now.\"", "", ", told in p0"]);
        let place = dice.word(&["at_home", "short_term_bed", "care_home"]);
        let told = if told.starts_with(',') && !out.contains("\nstep p0") { "" } else { told };
        let line = out[step..].find('\n').map_or(out.len(), |end| step + end);
        if dice.once_in(2) {
            out.insert_str(line, &format!("\n  place {place}{told}"));
        }
    }
    out.push_str("\ndistance from home\n  at_home \"In their own home\"\n  short_term_bed\n  care_home\n");
}

/// The pathway that calls follow.
fn part(dice: &mut Dice, facts: &[Fact], score: bool, out: &mut String) {
    let again = dice.word(&["fine", "look, at most once, then not_fine", "not_fine"]);
    let condition = condition(dice, facts, score);
    let _ = write!(
        out,
        "pathway inner \"A part of it\"\n  version 1\n  starts at look\n\nby default\n  if late -> escalate to help\n  if it cannot be done -> escalate to help\n  if the person declines -> not_fine\n  if nobody can -> not_fine\n  if died -> gone\n  if withdrew -> gone\n  if cannot be reached -> {again}\n  if moved away -> gone\n  if opened in error -> gone\n\nstep look \"Look in\"\n  led by nurse\n  finds {}\n  within 4 hours\n  then judge\n\ndecide judge\n  when {condition} -> fine\n  if none of these -> {again}\n  if we do not know yet -> look_again, at most once, then nurse decides within 2 hours\n\nstep look_again\n  led by nurse\n  finds what is missing\n  within 3 hours\n  then back to the decision\n\nending fine \"All is well\"\n  held by person\n  tell carer \"We have looked.\"\n\nending not_fine\n  held by person\n\nending gone\n  held by person\n\n",
        facts[0].name
    );
}

/// What the pathway promises, now and then; it need not be true.
fn promises(dice: &mut Dice, facts: &[Fact], shapes: &[Shape], out: &mut String) {
    let mut reached: Vec<String> = vec!["farewell".to_string(), "end0".to_string()];
    let mut done: Vec<String> = vec!["farewell".to_string()];
    for (number, shape) in shapes.iter().enumerate() {
        reached.push(format!("p{number}"));
        if matches!(shape, Shape::Call) {
            reached.push(format!("p{number}/judge"));
            done.push(format!("p{number}/look"));
        } else if !matches!(shape, Shape::Decide | Shape::Table) {
            done.push(format!("p{number}"));
        }
    }
    let mut lines: Vec<String> = Vec::new();
    while lines.len() < 4 && dice.once_in(3) {
        let (one, other) = (dice.one(&done).clone(), dice.one(&done).clone());
        let flag = facts.iter().find(|fact| matches!(fact.kind, FactKind::Flag));
        let line = match (dice.below(6), flag) {
            (0, _) => format!("everyone reaches an ending within {} days", 1 + dice.below(90)),
            (1, _) => "nobody is asked twice".to_string(),
            (2, Some(fact)) => {
                let reaches = if dice.once_in(3) { "team" } else { dice.one(&reached) };
                format!("whoever has {} reaches {reaches} within {} hours", fact.name, 1 + dice.below(90))
            }
            (4, _) if one != other => {
                let reaches = if dice.once_in(3) { "team" } else { other.as_str() };
                format!("whoever reaches {one} reaches {reaches} within {} hours", 1 + dice.below(90))
            }
            (3, _) if one != other => format!("never {one} and {other} at one time"),
            _ => match dice.one(&reached) {
                reached if *reached != one => format!("nobody reaches {reached} without {one} first"),
                _ => continue,
            },
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        let _ = write!(out, "promises\n  {}\n\n", lines.join("\n  "));
    }
}

/// What may go wrong, now and then, and what keeps it from happening.
fn grounds(dice: &mut Dice, shapes: &[Shape], out: &mut String) {
    for number in 0..dice.below(3) {
        let severity = dice.one(&["minor", "significant", "considerable", "major", "catastrophic"]);
        let likelihood = dice.one(&["very_low", "low", "medium", "high", "very_high"]);
        let _ = write!(out, "hazard h{number} \"What may go wrong\" severity {severity}, likelihood {likelihood}");
        let owner = if dice.once_in(2) { ", owner nurse\n" } else { "\n" };
        let control = dice.below(shapes.len());
        let _ = write!(out, "{owner}  controlled by p{control}, end0\n  source \"The log\", unverified\n\n");
    }
}

/// Meetings at which something may be due.
pub fn meetings(dice: &mut Dice) -> String {
    let papers = dice.word(&["", ", papers by friday 12:00", ", papers by tuesday 01:30"]);
    let board = dice.word(&["tuesdays 10:00 to 12:00", "mondays, thursdays 15:30", "sundays 01:00 to 02:00"]);
    let table =
        dice.word(&["last friday of the month 09:00 to 09:30", "every second tuesday 16:00 to 17:00, from 2026-01-06"]);
    let holiday = dice.word(&["as usual", "not held", "on the next working day"]);
    let with = dice.word(&["", "  with team\n", "  with nurse, team\n"]);
    format!(
        "meeting board\n  meets {board}{papers}\n{with}  on bank holidays {holiday}\n\nmeeting round_table\n  meets {table}\n  on bank holidays {holiday}\n\n"
    )
}

/// By when something has to be done: mostly within so many hours.
pub fn by_when(dice: &mut Dice, hours: impl std::fmt::Display) -> String {
    let whose = dice.word(&["nurse", "team"]);
    match dice.below(13) {
        12 => format!("at the next {}", dice.word(&["board", "round_table"])),
        11 => format!("within {} working hours of {whose}", 1 + dice.below(12)),
        10 => format!("within {} working days of {whose}", 1 + dice.below(3)),
        9 => format!("within {} calendar days", 1 + dice.below(4)),
        8 => format!("by {:02}:{:02}", dice.below(24), dice.below(60)),
        _ => format!("within {hours} hours"),
    }
}

/// How long some work takes, now and then.
fn takes(dice: &mut Dice) -> String {
    if dice.once_in(3) { format!("  takes {} minutes\n", 1 + dice.below(60)) } else { String::new() }
}

/// The library of a random pathway, in which it runs as a draft: nothing of it is looked at.
pub fn library(text: &str) -> Library {
    well_formed(Library::read(sources(text)), text)
}

/// The same, with its proof, or what stands against it.
pub fn checked(text: &str) -> Library {
    well_formed(Library::compile(sources(text)), text)
}

fn sources(text: &str) -> Vec<Source> {
    vec![Source::new("random.pathway", text)]
}

fn well_formed(read: Result<Library, Report>, text: &str) -> Library {
    read.unwrap_or_else(|report| panic!("a random pathway is well formed:\n{report}\n{text}"))
}

/// When random cases start: a Friday afternoon before the clocks change.
pub fn start() -> Moment {
    "2026-03-27T15:00:00Z".parse().expect("a time")
}

/// Opens a case with some facts known.
pub fn open(dice: &mut Dice, library: &Library) -> Case {
    let facts = some_facts(dice, library, 2);
    let secret = dice.once_in(3).then(|| Secret::new([7; 32]));
    let opening = Opening { id: "case".into(), facts, by: By::role("nurse"), secret, ..Opening::default() };
    let pathway = library.pathway("random").expect("it is called random");
    pathway.open_draft(opening, start()).expect("it opens").0
}

/// What kinds of place a pathway has, for counting what was covered.
pub fn kinds(library: &Library) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for (_, program) in library.pathways() {
        for place in &program.pathway.places {
            kinds.push(match &place.kind {
                PlaceKind::Step(_) => "step",
                PlaceKind::Decide(_) => "decide",
                PlaceKind::Choose(_) => "choose",
                PlaceKind::Together(_) => "together",
                PlaceKind::Repeat(_) => "repeat",
                PlaceKind::HandOver(_) => "hand over",
                PlaceKind::Ending(_) => "ending",
            });
        }
    }
    kinds
}
