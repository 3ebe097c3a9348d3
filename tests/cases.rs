//! What must hold of any case on any pathway, whatever happens and in whatever order.

mod worlds;

use onward::calendar::{Length, Moment};
use onward::engine::{Case, CaseRecord, EntryKind, Event, EventKind, LifeEvent, NextStep, Standing, Work};
use onward::model::Answer;
use proptest::prelude::*;
use std::cell::Cell;
use worlds::{Dice, event, for_all, library, open, pathway};

fn bytes(case: &Case) -> String {
    case.record().to_json()
}

/// Plays a random history and hands over the case before and after each event.
fn play(
    dice: &mut Dice,
    mut see: impl FnMut(&onward::Library, &Case, &mut Dice, usize) -> Result<(), TestCaseError>,
) -> Result<Case, TestCaseError> {
    let text = pathway(dice);
    let library = library(&text);
    let mut case = open(dice, &library);
    for number in 0..4 + dice.below(20) {
        see(&library, &case, dice, number)?;
        let (event, now) = event(dice, &library, &case, number);
        let _ = case.apply(event, now);
        if case.record().closed.is_some() {
            break;
        }
    }
    Ok(case)
}

#[test]
fn a_case_saved_and_loaded_at_any_moment_goes_on_the_same() {
    for_all(256, 400, |dice| {
        play(dice, |library, case, dice, number| {
            let saved = CaseRecord::from_json(&bytes(case)).expect("what was written can be read");
            let mut loaded = library.load(saved).expect("it loads");
            prop_assert_eq!(loaded.record(), case.record());
            let mut kept = case.clone();
            let (event, now) = event(&mut dice.clone(), library, case, number);
            prop_assert_eq!(loaded.due(), kept.due());
            prop_assert_eq!(loaded.standing(), kept.standing());
            prop_assert_eq!(loaded.apply(event.clone(), now), kept.apply(event, now));
            prop_assert_eq!(bytes(&loaded), bytes(&kept));
            Ok(())
        })
        .map(|_| ())
    });
}

#[test]
fn a_refused_event_changes_no_byte() {
    for_all(256, 400, |dice| {
        play(dice, |library, case, dice, number| {
            let (before, due) = (bytes(case), case.due());
            let mut after = case.clone();
            let (event, now) = event(&mut dice.clone(), library, case, number);
            if let Err(refusal) = after.apply(event.clone(), now) {
                prop_assert_eq!(&bytes(&after), &before, "refused: {}", refusal);
                prop_assert_eq!(after.due(), due);
                // And it is refused in the same way again.
                prop_assert_eq!(after.apply(event, now), Err(refusal));
            }
            let earlier = case.record().now.minus(Length::minutes(1));
            prop_assert!(after.advance(earlier).is_err());
            Ok(())
        })
        .map(|_| ())
    });
}

#[test]
fn the_same_history_gives_the_same_bytes_and_replaying_the_journal_gives_the_case() {
    for_all(256, 400, |dice| {
        let again = &mut dice.clone();
        let once = play(dice, |_, _, _, _| Ok(()))?;
        let twice = play(again, |_, _, _, _| Ok(()))?;
        prop_assert_eq!(bytes(&once), bytes(&twice));
        let replayed = once.replay().expect("a journal can be replayed");
        // What is played again has no chain: its salts are gone for good.
        let once = once.record().without_chain().to_json();
        prop_assert_eq!(once, bytes(&replayed));
        Ok(())
    });
}

#[test]
fn the_same_event_again_gets_the_same_answer_and_changes_nothing() {
    for_all(256, 400, |dice| {
        play(dice, |library, case, dice, number| {
            let mut case = case.clone();
            let (event, now) = event(&mut dice.clone(), library, &case, number);
            let Ok(answer) = case.apply(event.clone(), now) else { return Ok(()) };
            let before = bytes(&case);
            prop_assert_eq!(case.apply(event.clone(), now), Ok(answer));
            prop_assert_eq!(&bytes(&case), &before);
            let other = Event { happened: Some(now.minus(Length::hours(9))), ..event };
            prop_assert!(case.apply(other, now).is_err());
            prop_assert_eq!(&bytes(&case), &before);
            Ok(())
        })
        .map(|_| ())
    });
}

#[test]
fn several_events_at_once_come_to_the_same_as_one_after_the_other() {
    let (longest, refused) = (Cell::new(0), Cell::new(0));
    for_all(256, 400, |dice| {
        let text = pathway(dice);
        let library = library(&text);
        let mut one = open(dice, &library);
        let mut all = one.clone();
        let mut bundle: Vec<(Event, Moment)> = Vec::new();
        let (mut effects, mut news, mut stopped) = (Vec::new(), Vec::new(), None);
        for number in 0..2 + dice.below(14) {
            let (event, now) = match bundle.len() {
                // Now and then what was sent before is sent again.
                sent if sent > 0 && dice.once_in(6) => bundle[dice.below(sent)].clone(),
                _ => event(dice, &library, &one, number),
            };
            match one.apply(event.clone(), now) {
                Ok(answer) => {
                    bundle.push((event, now));
                    effects.extend(answer.effects);
                    news.extend(answer.news);
                }
                // Most of what is refused was never sent, so that the bundles become long.
                Err(_) if !dice.once_in(4) => {}
                Err(refusal) => {
                    bundle.push((event, now));
                    stopped = Some(refusal);
                    break;
                }
            }
        }
        let taken = bundle.len() - usize::from(stopped.is_some());
        if stopped.is_some() {
            // What stands behind it is not looked at, whatever it is.
            bundle.push(event(dice, &library, &one, 100));
        }
        let applied = all.apply_all(bundle);
        longest.set(longest.get().max(taken));
        refused.set(refused.get() + usize::from(stopped.is_some()));
        prop_assert_eq!((applied.taken, applied.refused), (taken, stopped));
        prop_assert_eq!((applied.answer.effects, applied.answer.news), (effects, news));
        prop_assert_eq!((applied.answer.standing, applied.answer.revision), (one.standing(), one.record().revision));
        prop_assert_eq!(bytes(&all), bytes(&one));
        Ok(())
    });
    assert!(longest.get() > 5 && refused.get() > 5, "{} at once, {} refused", longest.get(), refused.get());
}

#[test]
fn whenever_it_is_open_somebody_has_a_next_step_with_a_deadline_ahead() {
    for_all(256, 400, |dice| {
        let case = play(dice, |_, case, _, _| {
            match case.standing() {
                Standing::Next(steps) => {
                    for step in steps.iter() {
                        prop_assert!(!step.owner.is_empty() && !step.if_late.is_empty());
                        prop_assert!(step.due >= case.record().now, "{} was due at {}", step.id, step.due);
                    }
                    prop_assert!(case.due().is_some_and(|due| due >= case.record().now));
                }
                Standing::Closed(closed) => prop_assert!(!closed.held_by.is_empty()),
                Standing::Stranded(stranded) => {
                    prop_assert!(false, "every decision here says what to do: {}", stranded.decision);
                }
            }
            Ok(())
        })?;
        // Every way has an end: with nobody doing anything, deadlines lead on; here a year is more than enough for
        // what does not wait on a ladder.
        let mut case = case;
        for _ in 0..5_000 {
            let Some(due) = case.due() else { break };
            let before = case.record().now;
            case.advance(due).expect("time goes on");
            prop_assert!(case.record().now >= before);
        }
        Ok(())
    });
}

/// Where a case stands, without the numbers of what is in its journal: whoever calls oftener has more in it.
fn standing(case: &Case) -> (Vec<NextStep>, Option<Standing>) {
    match case.standing() {
        Standing::Next(steps) => {
            let mut steps: Vec<NextStep> = steps.into();
            for step in &mut steps {
                if let Work::Settle { found, .. } = &mut step.work {
                    found.iter_mut().for_each(|it| it.entry = 0);
                }
            }
            (steps, None)
        }
        other => (Vec::new(), Some(other)),
    }
}

#[test]
fn it_does_not_matter_whether_the_host_calls_at_every_deadline() {
    for_all(256, 400, |dice| {
        play(dice, |library, case, dice, number| {
            let (event, now) = event(&mut dice.clone(), library, case, number);
            let mut late = case.clone();
            let mut punctual = case.clone();
            // A fact that goes stale changes nothing, so only deadlines count here.
            let next = |case: &Case| case.next().and_then(|steps| steps.iter().map(|step| step.due).min());
            while let Some(due) = next(&punctual).filter(|due| *due < now) {
                punctual.advance(due).expect("time goes on");
            }
            let (a, b) = (late.apply(event.clone(), now).is_ok(), punctual.apply(event, now).is_ok());
            prop_assert_eq!(a, b);
            if a {
                prop_assert_eq!(standing(&late), standing(&punctual));
                prop_assert_eq!(
                    &late.record().facts.keys().collect::<Vec<_>>(),
                    &punctual.record().facts.keys().collect::<Vec<_>>()
                );
            }
            Ok(())
        })
        .map(|_| ())
    });
}

#[test]
fn nothing_is_told_to_somebody_who_has_died() {
    for_all(256, 400, |dice| {
        let case = play(dice, |_, _, _, _| Ok(()))?;
        let mut died = false;
        for entry in &case.record().journal {
            match &entry.what {
                EntryKind::Event(event) => died |= event.what == EventKind::Life { what: LifeEvent::Died },
                EntryKind::Told { who, text, .. } if died => prop_assert!(*who != "person", "told: {}", text),
                _ => {}
            }
        }
        Ok(())
    });
}

#[test]
fn nobody_is_told_what_the_person_has_not_agreed_to() {
    for_all(256, 400, |dice| {
        let case = play(dice, |_, _, _, _| Ok(()))?;
        let mut agreed = false;
        for entry in &case.record().journal {
            match &entry.what {
                EntryKind::Recorded { fact, answer: Answer::Value(value), .. } if *fact == "carer_may_know" => {
                    agreed = value == "yes";
                }
                EntryKind::Told { text, .. } if text == "Somebody comes." => prop_assert!(agreed),
                _ => {}
            }
        }
        Ok(())
    });
}

/// A property over random worlds says something only if the worlds hold everything there is.
#[test]
fn random_worlds_reach_every_kind_of_place_event_and_entry() {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    let seen: RefCell<BTreeMap<String, u32>> = RefCell::default();
    let count = |what: &str| *seen.borrow_mut().entry(what.to_string()).or_insert(0) += 1;
    for_all(512, 400, |dice| {
        let case = play(dice, |library, case, dice, number| {
            if number == 0 {
                worlds::kinds(library).into_iter().for_each(&count);
            }
            let (event, now) = event(&mut dice.clone(), library, case, number);
            match case.clone().apply(event, now) {
                Ok(_) => count("taken"),
                Err(refusal) => {
                    count("refused");
                    count(refusal.code());
                }
            }
            Ok(())
        })?;
        for entry in &case.record().journal {
            if matches!(&entry.what, EntryKind::Event(event) if matches!(event.what, EventKind::ModelAnswered { .. })) {
                count("model_answered");
            }
            let entry = serde_json::to_value(entry).expect("an entry can be written");
            for key in entry.as_object().expect("an object").keys() {
                count(key);
            }
        }
        if case.record().closed.is_some() {
            count("closed in the end");
        }
        Ok(())
    });
    let seen = seen.into_inner();
    println!("{seen:#?}");
    for what in [
        "step",
        "decide",
        "choose",
        "together",
        "repeat",
        "hand over",
        "ending",
        "case_opened",
        "event",
        "recorded",
        "opened",
        "decided",
        "ended",
        "counted",
        "escalated",
        "passed_over",
        "reassigned",
        "told",
        "not_told",
        "stood_down",
        "closed",
        "model_asked",
        "model_answered",
        "model-not-asked",
        "not-open",
        "no-such-step",
        "wrong-answer",
        "unknown-fact",
        "unknown-role",
        "after-death",
        "not-reassignable",
    ] {
        assert!(seen.get(what).copied().unwrap_or(0) >= 5, "`{what}` is hardly ever there: {seen:?}");
    }
    assert!(seen["taken"] > seen["refused"], "most events fit: {seen:?}");
    assert!(seen["closed in the end"] * 4 > 512, "many cases end: {seen:?}");
}
