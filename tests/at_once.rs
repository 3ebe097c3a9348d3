//! What is proved is never refused because too much would happen at once (11.2), however much begins at one moment and on
//! how many roads; and what a case would refuse is not proved. The engine is what the check is held against.
#![allow(clippy::panic)]

mod small;
mod worlds;

use onward::Library;
use onward::calendar::Moment;
use onward::engine::{Case, Event, EventKind, LifeEvent, Refusal};
use proptest::prelude::*;
use small::{at, compile, done, open_in, text};
use std::cell::Cell;
use std::fmt::Write as _;
use worlds::{Dice, for_all};

/// How often one goes round in one moment: on the main road, in each branch once its wait is over, in each of what is done
/// as well, and in what interrupts.
#[derive(Debug, Default)]
struct Rounds {
    main: u32,
    branches: Vec<u32>,
    /// Whether each branch is a block of two such branches.
    nested: bool,
    beside: Vec<u32>,
    instead: u32,
}

/// A decision that leads to itself so often.
fn circle(name: &str, times: u32, then: &str) -> String {
    match times {
        0 => format!("decide {name}\n  if none of these -> {then}\n\n"),
        _ => format!("decide {name}\n  if none of these -> {name}, at most {times} times, then {then}\n\n"),
    }
}

/// Another pathway, with somewhere to go whatever happens.
fn followed(name: &str, starts: &str, places: &str) -> String {
    let mut text = format!("pathway {name}\n  version 1\n  starts at {starts}\n\n{places}by default\n");
    for exit in ["late", "it cannot be done"] {
        let _ = writeln!(text, "  if {exit} -> escalate to help");
    }
    let others = ["the person declines", "nobody can", "died", "withdrew", "cannot be reached", "moved away"];
    for exit in others.iter().chain(&["opened in error"]) {
        let _ = writeln!(text, "  if {exit} -> bad");
    }
    text + "\nending fine\n  held by person\n\nending bad\n  held by person\n\n"
}

impl Rounds {
    /// All that is open waits for one moment: a day after the block was opened.
    fn text(&self) -> String {
        let next = if self.branches.is_empty() { "second" } else { "both" };
        let mut main =
            "step first\n  led by nurse\n  finds ready, pain\n  within 2 hours\n  then before\n\n".to_string();
        main += &circle("before", self.main, next);
        main += "step second\n  led by nurse\n  within 2 hours\n  then home\n\n";
        main += "at any time it_hurts\n  if pain at least 8 -> eased, instead, at most 2 times\n  \
                 if we do not know yet -> nothing, because \"they say so\"\n\n";
        main += &circle("eased", self.instead, "second");
        if !self.branches.is_empty() {
            main += "together both\n  all done within 5 days\n  if late -> home\n  if not all done -> home\n  then home\n  \
                     lasting led by nurse within 4 days\n";
            for number in 0..self.branches.len() {
                let _ = writeln!(main, "  b{number} follows long{number}, done if it ends in fine");
            }
            main.push('\n');
        }
        for (number, times) in self.beside.iter().enumerate() {
            let _ = write!(
                main,
                "at any time a{number}\n  if ready -> e{number}, as well, at most once\n  \
                 if we do not know yet -> nothing, because \"asked\"\n\n{}\
                 step w{number}\n  led by nurse\n  within 1 day\n  if the person declines -> nothing more\n  \
                 if nobody can -> nothing more\n  then nothing more\n\n",
                circle(&format!("e{number}"), *times, &format!("w{number}"))
            );
        }
        let mut all = text(&main);
        for (number, times) in self.branches.iter().enumerate() {
            let waits = |name: &str, times: u32| {
                let places = format!("wait x\n  for 1 day\n  then e\n\n{}", circle("e", times, "w"));
                followed(name, "x", &(places + "step w\n  led by nurse\n  within 1 day\n  then fine\n\n"))
            };
            if self.nested {
                let block = "together two\n  all done within 4 days\n  if late -> bad\n  if not all done -> bad\n  then fine\n  ";
                let (one, other) = (format!("one{number}"), format!("other{number}"));
                let block = format!(
                    "{block}u follows {one}, done if it ends in fine\n  v follows {other}, done if it ends in fine\n\n"
                );
                all += &followed(&format!("long{number}"), "two", &block);
                all += &(waits(&one, times / 2) + &waits(&other, times - times / 2));
            } else {
                all += &waits(&format!("long{number}"), *times);
            }
        }
        all
    }
}

fn is_too_often(library: &Library) -> bool {
    let findings = &library.report().findings;
    findings.iter().any(|finding| finding.kind.name() == "too-often" && finding.message.contains("in one moment"))
}

fn event(what: EventKind) -> Event {
    Event::new(format!("{what:?}"), what)
}

/// Plays what happens to them, and says whether anything was refused because it would be too much.
fn refuses(case: &Case, happens: &[(Option<EventKind>, Moment)]) -> bool {
    let mut case = case.clone();
    for (what, now) in happens {
        let refused = match what.clone() {
            Some(what) => case.apply(event(what), *now).err(),
            None => case.advance(*now).err(),
        };
        match refused {
            Some(Refusal::TooMuchAtOnce { .. }) => return true,
            Some(Refusal::Closed { .. }) | None => {}
            Some(other) => panic!("{other}"),
        }
    }
    false
}

/// The ways in which most happens at one moment: what was found opens everything, the waits are over, and just then
/// somebody dies, or it hurts.
fn is_refused(library: &Library) -> bool {
    let case = open_in(library);
    let first = |pain: &str| (Some(done("first", &[("ready", "yes"), ("pain", pain)])), at("01T10:00"));
    let noon = at("02T10:00");
    let died = Some(EventKind::Life { what: LifeEvent::Died });
    let hurts = {
        let EventKind::Done { facts, .. } = done("", &[("pain", "9")]) else { panic!("it is done") };
        Some(EventKind::Record { facts })
    };
    let ways = [vec![first("1"), (died, noon)], vec![first("1"), (hurts, noon)], vec![first("9"), (None, noon)]];
    ways.iter().any(|way| refuses(&case, way))
}

#[test]
fn what_is_proved_is_never_refused_because_too_much_happens_at_once() {
    let (proved, refused) = (Cell::new(0), Cell::new(0));
    for_all(20, 64, |dice: &mut Dice| {
        let most = [20, 60, 76][dice.below(3)];
        let times = |dice: &mut Dice| if dice.once_in(4) { 0 } else { most * dice.below(250) as u32 };
        let many = |dice: &mut Dice, most: usize| (0..dice.below(most + 1)).map(|_| times(dice)).collect::<Vec<u32>>();
        let (main, instead) = (times(dice), times(dice));
        let rounds =
            Rounds { main, branches: many(dice, 4), nested: dice.below(2) == 0, beside: many(dice, 3), instead };
        let library = compile(&rounds.text());
        let (too_often, is_refused) = (is_too_often(&library), is_refused(&library));
        prop_assert!(too_often || !is_refused, "it is proved, and refused: {rounds:?}");
        proved.set(proved.get() + u32::from(!too_often));
        refused.set(refused.get() + u32::from(is_refused));
        Ok(())
    });
    let (proved, refused) = (proved.get(), refused.get());
    assert!(proved > 2 && refused > 2, "{proved} proved, {refused} refused");
}

#[test]
fn what_begins_at_one_moment_on_several_roads_is_added_up() {
    let both = |rounds: &Rounds| {
        let library = compile(&rounds.text());
        (is_too_often(&library), is_refused(&library))
    };
    // Each alone is far from too much.
    let times = 6_000;
    let (three, four) = (vec![times; 3], vec![times; 4]);
    let on = |rounds: Rounds, too_often: bool| assert_eq!(both(&rounds), (too_often, too_often), "{rounds:?}");
    on(Rounds { branches: three.clone(), ..Rounds::default() }, false);
    on(Rounds { branches: four.clone(), ..Rounds::default() }, true);
    on(Rounds { branches: four, nested: true, ..Rounds::default() }, true);
    on(Rounds { main: times, beside: three.clone(), ..Rounds::default() }, true);
    on(Rounds { branches: three, instead: times, ..Rounds::default() }, true);
}

#[test]
fn what_fell_due_before_is_counted_by_itself() {
    // So many rounds of a branch, and as many of what a death leads to: too much for one moment, and not for two.
    let rounds = Rounds { branches: vec![12_000], ..Rounds::default() };
    let dies = circle("dies", 12_000, "over");
    let text =
        rounds.text().replace("if died -> over", "if died -> dies").replacen("step second", &(dies + "step second"), 1);
    let library = compile(&text);
    assert!(is_too_often(&library), "{}", library.report());
    let case = open_in(&library);
    let first = (Some(done("first", &[("ready", "yes"), ("pain", "1")])), at("01T10:00"));
    let died = Some(EventKind::Life { what: LifeEvent::Died });
    assert!(refuses(&case, &[first.clone(), (died.clone(), at("02T10:00"))]));
    assert!(!refuses(&case, &[first.clone(), (None, at("02T10:00")), (died.clone(), at("02T10:00"))]));
    assert!(!refuses(&case, &[first, (died, at("02T10:01"))]));
}
