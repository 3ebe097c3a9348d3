//! When a trust's model is asked, and what becomes of its answer, as the oracle says it (10.72, 10.73): every history of a
//! small case, event by event.
#![allow(clippy::panic)]

mod oracle;
mod small;
mod worlds;

use onward::calendar::Length;
use onward::engine::{By, Case, Effect, EffectKind, Event, EventKind, Opening};
use onward::model::{Answer, Name};
use oracle::asking::{Asking, Fault, Finds, Inputs, Says};
use proptest::prelude::*;
use small::{at, compile, text};
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

/// What the two facts are called: a number that goes stale, and a question.
const FACTS: [&str; 2] = ["falls", "alone"];

fn pathway(asking: &Asking) -> String {
    let from: Vec<&str> = (0..2).filter(|fact| asking.from >> fact & 1 == 1).map(|fact| FACTS[fact]).collect();
    let good = asking.good_for.map_or(String::new(), |minutes| format!(" good for {minutes} minutes"));
    let finds = |step: usize| match asking.steps[step] {
        Finds::Nothing => "",
        Finds::Number => "  finds risk\n",
        Finds::Afresh => "  finds afresh risk\n",
    };
    text(&format!(
        "facts\n  falls 0 to 3{good}\n  alone yes or no\n  risk 0 to 100 in steps of 5 found by nurse\n    \
         found by model \"score\" from {}\n\nstep first\n  led by nurse\n{}  within 300 days\n  then second\n\n\
         step second\n  led by team\n{}  within 300 days\n  then over",
        from.join(", "),
        finds(0),
        finds(1)
    ))
}

/// A value of one of the two facts, as it is written.
fn written(fact: usize, value: u8) -> String {
    if fact == 0 { value.to_string() } else { ["no", "yes"][usize::from(value)].to_string() }
}

fn number(value: u8) -> Answer {
    Answer::Value((5 * u32::from(value)).to_string())
}

/// What models are asked by some effects: each id, and what it goes by.
fn asks(asking: &Asking, effects: &[Effect]) -> Vec<(String, Inputs)> {
    let asks = effects.iter().filter_map(|effect| {
        let EffectKind::RunModel { from, .. } = &effect.what else { return None };
        let mut inputs = [None, None];
        for input in from {
            let fact = FACTS.iter().position(|name| input.fact == *name).expect("it goes by these");
            assert_eq!(asking.from >> fact & 1, 1, "it goes by nothing else");
            let value = |text: &String| (0..4).find(|it| fact == 1 && *it > 1 || written(fact, *it) == *text);
            inputs[fact] = input.value.as_ref().and_then(value);
        }
        Some((effect.id.clone(), inputs))
    });
    asks.collect()
}

/// What a model says, and with what wrong.
fn answered(case: &Case, ids: &[String], fault: Fault, says: Says) -> EventKind {
    let last = ids.last().cloned().unwrap_or_else(|| format!("{}/1", case.record().id));
    let asked = if fault == Fault::Old { format!("{last}0") } else { last };
    EventKind::ModelAnswered {
        fact: "risk".into(),
        model: if fault == Fault::OtherModel { "another".into() } else { "score".into() },
        version: if fault == Fault::NoVersion { " ".into() } else { "2".into() },
        sha256: if fault == Fault::BadHash { "A".repeat(64) } else { "a".repeat(64) },
        asked: Some(asked),
        answer: match says {
            Says::Value(value) => number(value),
            Says::OutOfRange => Answer::Value("105".into()),
            Says::OffStep => Answer::Value("42".into()),
            Says::CouldNot => Answer::CouldNot("it used up its fuel".into()),
            Says::CouldNotWithoutSayingWhy => Answer::CouldNot("  ".into()),
            Says::Declined => Answer::Declined("no".into()),
        },
    }
}

/// What happened how often.
type Tally = RefCell<BTreeMap<&'static str, u32>>;

fn history(dice: &mut Dice, tally: &Tally) -> Result<(), TestCaseError> {
    let count = |what: &'static str| *tally.borrow_mut().entry(what).or_default() += 1;
    let finds = [Finds::Number, Finds::Afresh, Finds::Nothing];
    let asking = Asking {
        from: 1 + dice.below(3) as u8,
        good_for: [None, Some(5), Some(90)][dice.below(3)],
        steps: [finds[dice.below(3)], finds[dice.below(3)]],
    };
    let text = pathway(&asking);
    let library = compile(&text);
    let mut known = [None, None];
    for (fact, known) in known.iter_mut().enumerate() {
        *known = dice.once_in(2).then(|| dice.below(if fact == 0 { 4 } else { 2 }) as u8);
    }
    let risk = dice.once_in(4).then(|| dice.below(21) as u8);
    let value = |fact: usize, it: Option<u8>| it.map(|it| (Name::from(FACTS[fact]), Answer::Value(written(fact, it))));
    let facts = (0..2).filter_map(|fact| value(fact, known[fact]));
    let facts = facts.chain(risk.map(|it| (Name::from("risk"), number(it)))).collect();
    let opening = Opening { id: "c".into(), facts, ..Opening::default() };
    let opened = library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens");
    let (mut case, answer) = opened;
    let (mut stands, mut expected) = asking.open(known, risk);
    let mut ids: Vec<String> = Vec::new();
    let mut effects = answer.effects;
    let mut told = format!("{asking:?}: opens knowing {known:?}, {risk:?}");
    for event in 0..4 + dice.below(16) {
        let asked = asks(&asking, &effects);
        let by: Vec<Inputs> = asked.iter().map(|(_, by)| *by).collect();
        prop_assert_eq!(&by, &expected, "{}\n{}", told, text);
        by.iter().for_each(|_| count("asked"));
        ids.extend(asked.into_iter().map(|(id, _)| id));
        ids.sort_by_key(|id| id.rsplit('/').next().and_then(|it| it.parse::<u32>().ok()));
        ids.dedup();
        let known = case.record().facts.get("risk").map(|known| known.value.clone());
        let is = stands.number.map(|number| (5 * u32::from(number)).to_string());
        prop_assert_eq!(known, is, "what is known\n{}\n{}", told, text);
        prop_assert!(
            case.replay().is_ok_and(|it| it.record().models == case.record().models),
            "played again\n{}",
            told
        );
        if stands.step == 2 {
            break;
        }
        let minutes = [0, 1, 4, 6, 60, 100][dice.below(6)];
        expected = asking.wait(&mut stands, minutes);
        let now = at("01T09:00").plus(Length::minutes(i64::from(stands.now)));
        // Whoever answers has seen what was asked meanwhile.
        let mut meanwhile = case.advance(now).map_err(|refusal| TestCaseError::fail(refusal.to_string()))?.effects;
        ids.extend(asks(&asking, &meanwhile).into_iter().map(|(id, _)| id));
        let fact = dice.below(2);
        let value = dice.below(if fact == 0 { 4 } else { 2 }) as u8;
        let risk = dice.below(21) as u8;
        let (what, more): (EventKind, Result<Vec<Inputs>, &'static str>) = match dice.below(10) {
            0..=2 => {
                let facts = [(FACTS[fact].into(), Answer::Value(written(fact, value)))].into();
                (EventKind::Record { facts }, Ok(asking.record(&mut stands, fact, value)))
            }
            3 => {
                let facts = [("risk".into(), number(risk))].into();
                count("somebody says what it is");
                (EventKind::Record { facts }, Ok(asking.say(&mut stands, risk)))
            }
            4 if asking.knows(&stands, fact) => {
                let entry = case.record().facts[FACTS[fact]].entry;
                let (answer, reason) = (Answer::Value(written(fact, value)), "a slip".to_string());
                (EventKind::Correct { entry, answer, reason }, Ok(asking.correct(&mut stands, fact, value)))
            }
            5 => {
                let step = ["first", "second"][stands.step];
                let needs = match asking.steps[stands.step] {
                    Finds::Nothing => false,
                    Finds::Number => stands.number.is_none(),
                    Finds::Afresh => true,
                };
                let facts = if needs { [("risk".into(), number(risk))].into() } else { BTreeMap::new() };
                let what = EventKind::Done { step: step.into(), facts };
                (what, Ok(asking.done(&mut stands, needs.then_some(risk))))
            }
            _ => {
                use Fault::{BadHash, NoVersion, None, Old, OtherModel};
                let fault = [None, None, None, None, OtherModel, Old, NoVersion, BadHash][dice.below(8)];
                let says = match dice.below(9) {
                    0 => Says::OutOfRange,
                    1 => Says::OffStep,
                    2 => Says::CouldNot,
                    3 => Says::CouldNotWithoutSayingWhy,
                    4 => Says::Declined,
                    _ => Says::Value(risk),
                };
                let what = answered(&case, &ids, fault, says);
                let came = asking.answer(&mut stands, fault, says);
                count(came.err().unwrap_or("taken"));
                (what, came.map(|()| Vec::new()))
            }
        };
        told = format!("{told}\n{}: {what:?}: {more:?}", stands.now);
        let event = Event { by: By::role("nurse"), ..Event::new(format!("e{event}"), what) };
        let came = case.apply(event, now);
        match (came, more) {
            (Ok(answer), Ok(more)) => {
                expected.extend(more);
                meanwhile.extend(answer.effects);
            }
            (Err(refusal), Err(code)) => {
                prop_assert_eq!(refusal.code(), code, "{}\n{}", told, text);
            }
            (came, more) => {
                return Err(TestCaseError::fail(format!("{:?}, expected {more:?}\n{told}\n{text}", came.err())));
            }
        }
        effects = meanwhile;
    }
    Ok(())
}

#[test]
fn a_model_is_asked_and_answers_as_the_oracle_says() {
    let tally = Tally::default();
    for_all(1_500, 200, |dice| history(dice, &tally));
    let tally = tally.into_inner();
    if std::env::var_os("ONWARD_SAY").is_some() {
        println!("{tally:#?}");
    }
    for what in [
        "asked",
        "taken",
        "somebody says what it is",
        "model-not-asked",
        "other-model",
        "old-asking",
        "model-unnamed",
        "reason-needed",
        "wrong-answer",
    ] {
        assert!(tally.get(what).copied().unwrap_or(0) >= 20, "`{what}` is hardly ever there: {tally:?}");
    }
}
