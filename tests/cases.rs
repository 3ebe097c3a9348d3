//! What must hold of any case on any pathway, whatever happens and in whatever order.

mod worlds;

use onward::calendar::{Length, Moment};
use onward::engine::{Case, CaseRecord, EntryKind, Event, EventKind, LifeEvent, NextStep, Standing, Work};
use onward::model::{Answer, DirectoryId};
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

/// What happened, from an entry of the journal on, but for that the host called; without the numbers of entries, which are
/// others for whoever calls oftener.
fn happened(case: &Case, from: usize) -> Vec<serde_json::Value> {
    fn without_numbers(it: &mut serde_json::Value) {
        match it {
            serde_json::Value::Object(fields) => {
                fields.remove("seal");
                for (name, value) in fields.iter_mut() {
                    let number = ["because", "entry", "entries", "supersedes", "decided"].contains(&name.as_str());
                    if number && (value.is_number() || value.is_array()) {
                        *value = serde_json::Value::Null;
                    }
                    without_numbers(value);
                }
            }
            serde_json::Value::Array(all) => all.iter_mut().for_each(without_numbers),
            _ => {}
        }
    }
    let journal = case.record().journal.get(from..).unwrap_or_default();
    let all = journal.iter().filter(|entry| !matches!(entry.what, EntryKind::Advanced));
    let written = all.map(|entry| {
        let mut it = serde_json::to_value(entry).expect("an entry can be written");
        without_numbers(&mut it);
        it
    });
    written.collect()
}

#[test]
fn it_does_not_matter_when_and_how_often_the_host_calls() {
    let (advised, asked) = (Cell::new(0), Cell::new(0));
    for_all(1024, 400, |dice| {
        play(dice, |library, case, dice, number| {
            let (event, now) = event(&mut dice.clone(), library, case, number);
            // Long enough that facts go stale meanwhile.
            let now = now.plus(Length::hours(dice.below(100) as i64));
            let from = case.record().journal.len();
            let mut hosts = [case.clone(), case.clone(), case.clone()];
            let [_, punctual, often] = &mut hosts;
            // Whenever something is due.
            while let Some(due) = punctual.due().filter(|due| *due < now) {
                punctual.advance(due).expect("time goes on");
            }
            // And when nothing is: that changes nothing.
            for _ in 0..8 {
                let left = now.since(often.record().now).seconds() as usize;
                if left == 0 {
                    break;
                }
                let soon = often.record().now.plus(Length::from_seconds(dice.below(left) as i64));
                let (before, due) = (bytes(often), often.due());
                often.advance(soon).expect("time goes on");
                if due.is_none_or(|due| soon < due) {
                    prop_assert_eq!(bytes(often), before, "nothing was due before {:?}", due);
                }
            }
            let ends_with_an_event = dice.once_in(2);
            let took = hosts.each_mut().map(|case| match ends_with_an_event {
                true => case.apply(event.clone(), now).is_ok(),
                false => case.advance(now).is_ok(),
            });
            prop_assert_eq!([took[0]; 3], took);
            if !took[0] {
                return Ok(());
            }
            let late = &hosts[0];
            for other in &hosts[1..] {
                prop_assert_eq!(happened(late, from), happened(other, from));
                prop_assert_eq!(standing(late), standing(other));
                prop_assert_eq!(late.due(), other.due());
            }
            for entry in late.record().journal[from..].iter().filter(|entry| entry.at < now) {
                match &entry.what {
                    EntryKind::Advised { advice, .. } if advice.number > 1 => advised.set(advised.get() + 1),
                    EntryKind::ModelAsked { .. } => asked.set(asked.get() + 1),
                    _ => {}
                }
            }
            Ok(())
        })
        .map(|_| ())
    });
    let seen = [advised.get(), asked.get()];
    assert!(seen.iter().all(|times| *times >= 5), "advised anew, and asked a model, as time went on: {seen:?}");
}

#[test]
fn an_event_of_long_ago_gets_the_same_answer_again_and_its_id_is_not_used_twice() {
    let seen = Cell::new(0);
    for_all(128, 400, |dice| {
        let library = library(&pathway(dice));
        let mut case = open(dice, &library);
        let mut taken = Vec::new();
        for number in 0..4 + dice.below(20) {
            let (event, now) = event(dice, &library, &case, number);
            if let Ok(answer) = case.apply(event.clone(), now) {
                taken.push((event, answer));
            }
            if dice.once_in(3) {
                let later = case.record().now.plus(Length::hours(dice.below(80) as i64));
                let _ = case.advance(later);
            }
        }
        let loaded = library.load(CaseRecord::from_json(&bytes(&case)).expect("it can be read")).expect("it loads");
        let mut cases = vec![case.clone(), loaded];
        if let Ok((followed, _)) = library.follow(&case, DirectoryId(0), case.record().now) {
            let record = CaseRecord::from_json(&bytes(&followed)).expect("it can be read");
            let loaded = library.load(record).expect("it loads");
            prop_assert!(loaded.verify().is_ok(), "{:?}", loaded.verify());
            cases.push(loaded);
        }
        for (number, (event, answer)) in taken.iter().enumerate() {
            for case in &cases {
                let (mut again, now) = (case.clone(), case.record().now.plus(Length::hours(1)));
                prop_assert_eq!(again.apply(event.clone(), now), Ok(answer.clone()));
                // What another event says is not taken under its id, whatever it is.
                let (other, _) = &taken[dice.below(taken.len())];
                let other = Event { id: event.id.clone(), ..other.clone() };
                if other != *event {
                    seen.set(seen.get() + 1);
                    let refusal = again.apply(other.clone(), now).expect_err("its id was used");
                    prop_assert_eq!(refusal.code(), "same-id-other-content", "{} {:?}", number, other);
                }
                let other = Event { by: onward::engine::By::role("nobody_at_all"), ..event.clone() };
                let refusal = again.apply(other, now).expect_err("its id was used");
                prop_assert_eq!(refusal.code(), "same-id-other-content");
                prop_assert_eq!(bytes(&again), bytes(case));
            }
        }
        Ok(())
    });
    assert!(seen.get() > 100, "{}", seen.get());
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
