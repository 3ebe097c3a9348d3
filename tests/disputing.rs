//! What becomes of a dispute, as the oracle says it (10.41): random histories of a small case, event by event.
#![allow(clippy::panic)]

#[path = "oracle/disputing.rs"]
mod oracle;
mod small;
mod worlds;

use onward::calendar::Length;
use onward::engine::{By, Event, EventKind};
use onward::model::{Answer, Name};
use oracle::{Disputing, Stands, Who};
use proptest::prelude::*;
use small::{at, compile, open_in, text};
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

fn pathway(it: &Disputing) -> String {
    let good = it.good_for.map_or(String::new(), |minutes| format!(" good for {minutes} minutes"));
    let late = if it.escalates { "" } else { "  if late -> over\n" };
    text(&format!(
        "facts\n  frailty 1 to 9 found by nurse or therapist{good} if disputed ask consultant within {} minutes\n\n\
         role consultant\nrole therapist\n\nstep first\n  led by nurse\n  within 300 days\n{late}  then over",
        it.within
    )) + "\ncontact clinic\n  fills consultant, therapist\n  open every day 09:00 to 17:00\n  on bank holidays as usual\n"
}

fn by(who: Who) -> By {
    By::role(match who {
        Who::Nurse => "nurse",
        Who::Therapist => "therapist",
        Who::Consultant => "consultant",
        Who::Team => "team",
    })
}

/// What happened how often.
type Tally = RefCell<BTreeMap<&'static str, u32>>;

fn history(dice: &mut Dice, tally: &Tally) -> Result<(), TestCaseError> {
    let count = |what: &'static str| *tally.borrow_mut().entry(what).or_default() += 1;
    let disputing = Disputing {
        // 1 June, 09:00 UTC, is ten in London.
        opens: 10 * 60,
        within: [30, 120, 1440, 4320][dice.below(4)],
        good_for: [None, Some(90), Some(4000)][dice.below(3)],
        escalates: dice.once_in(2),
    };
    let text = pathway(&disputing);
    let mut case = open_in(&compile(&text));
    let mut stands = Stands::default();
    let mut told = format!("{disputing:?}");
    for number in 0..6 + dice.below(20) {
        let minutes = [0, 1, 30, 60, 700, 1440, 3000][dice.below(7)];
        let to = match stands.question.filter(|_| dice.once_in(4)) {
            Some(question) => question.due,
            None => stands.now + minutes,
        };
        let before = stands.question.map(|question| question.rung);
        disputing.advance(&mut stands, to);
        if before.is_some() && stands.question.is_none() {
            count("not good any more");
        }
        let now = at("01T09:00").plus(Length::minutes(i64::from(stands.now)));
        case.advance(now).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?;
        same(&case, &stands, &told, &text)?;
        let who = [Who::Nurse, Who::Therapist, Who::Nurse, Who::Therapist, Who::Consultant, Who::Team][dice.below(6)];
        let value = 1 + dice.below(4) as u8;
        let answer = Answer::Value(value.to_string());
        let was = stands.disputed.is_some();
        let (what, happened, expected) = match dice.below(8) {
            5 => (
                EventKind::Settle { fact: "frailty".into(), value: value.to_string(), reason: None },
                None,
                disputing.settle(&mut stands, who, value),
            ),
            6 if stands.question.is_some() => {
                disputing.cannot(&mut stands);
                (EventKind::Cannot { step: "settle/frailty".into(), reason: "never saw them".into() }, None, Ok(()))
            }
            other => {
                let back = if other == 4 { stands.now.min(45) } else { 0 };
                let then = stands.now - back;
                disputing.record(&mut stands, who, value, then);
                let happened = now.minus(Length::minutes(i64::from(back)));
                (EventKind::Record { facts: [(Name::from("frailty"), answer)].into() }, Some(happened), Ok(()))
            }
        };
        told = format!("{told}\n  {} {who:?} {what:?} {happened:?}: {expected:?}", stands.now);
        // Whoever is asked says that they cannot: the consultant, or somebody on the ladder.
        let who = if matches!(what, EventKind::Cannot { .. }) { Who::Consultant } else { who };
        let event = Event { by: by(who), happened, ..Event::new(format!("e{number}"), what) };
        let answered = case.apply(event, now).map(drop).map_err(|refusal| refusal.code());
        prop_assert_eq!(answered, expected, "{}\n{}", told, text);
        match (was, stands.disputed.is_some()) {
            (false, true) if stands.question.is_none() => count("disputed, and nobody is asked any more"),
            (false, true) if stands.question.is_some_and(|it| it.rung.is_some()) => count("nobody there to settle it"),
            (false, true) => count("disputed"),
            (true, false) if stands.value.is_some() => count("settled"),
            (true, false) => count("nobody can say"),
            _ => {}
        }
        same(&case, &stands, &told, &text)?;
    }
    Ok(())
}

/// What is known, what is disputed, and who is asked by when, is the same.
fn same(case: &onward::engine::Case, stands: &Stands, told: &str, text: &str) -> Result<(), TestCaseError> {
    let record = case.record();
    let known = record.facts.get("frailty").map(|known| known.value.clone());
    prop_assert_eq!(known, stands.value.map(|(value, ..)| value.to_string()), "what stands\n{}\n{}", told, text);
    let found = record.disputed.get("frailty").map(Vec::len);
    prop_assert_eq!(found, stands.disputed.as_ref().map(Vec::len), "what is disputed\n{}\n{}", told, text);
    let minutes = |due: onward::calendar::Moment| (due.since(at("01T09:00")).seconds() / 60) as u32;
    let asked =
        record.beside.first().map(|it| (minutes(it.next_due()), it.escalated.as_ref().map(|it| it.rung as usize)));
    prop_assert_eq!(asked, stands.question.map(|it| (it.due, it.rung)), "who is asked\n{}\n{}", told, text);
    Ok(())
}

#[test]
fn a_dispute_becomes_what_the_oracle_says() {
    let tally = Tally::default();
    for_all(400, 120, |dice| history(dice, &tally));
    let tally = tally.into_inner();
    for what in [
        "disputed",
        "nobody there to settle it",
        "disputed, and nobody is asked any more",
        "settled",
        "nobody can say",
        "not good any more",
    ] {
        assert!(tally.get(what).copied().unwrap_or(0) > 0, "no history in which it is {what}: {tally:?}");
    }
}
