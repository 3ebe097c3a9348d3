//! What comes for many cases goes in one call, and each case is answered for itself, as natively.
#![allow(clippy::panic)]

mod boxed;
#[path = "../../../tests/worlds/mod.rs"]
mod worlds;

use boxed::{fine, sandbox};
use onward::Source;
use onward::calendar::Moment;
use onward::engine::{self, By, Event, EventKind, LifeEvent, Opening};
use onward::model::Answer as FactAnswer;
use onward_host::{Case, Error, Fault, Limits, Sandbox};
use proptest::prelude::*;
use worlds::{for_all, pathway, some_facts, start};

fn refused(it: engine::Refusal) -> String {
    format!("{} {}", it.code(), it.in_full())
}

fn refused_there(it: Error) -> String {
    match it {
        Error::Refused(it) => format!("{} {}", it.code, it.message),
        other => panic!("{other}"),
    }
}

#[test]
fn each_is_answered_as_it_is_by_itself() {
    let taken = std::cell::Cell::new([0, 0]);
    for_all(16, 800, |dice| {
        let text = pathway(dice);
        let sources = || vec![Source::new("random.pathway", text.as_str())];
        let library = worlds::checked(&text);
        // Two sandboxes, as where pathways of two versions run side by side.
        let held = [fine(sandbox().compile(sources())), fine(sandbox().compile(sources()))];
        let (mut alone, mut here, mut there) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..5 {
            let facts = some_facts(dice, &library, 2);
            let id = format!("case-{number}");
            let opening = Opening { id: id.as_str().into(), facts, by: By::role("nurse"), ..Opening::default() };
            let random = library.pathway("random").expect("it is called random");
            let Ok((case, _)) = random.open_draft(opening, start()) else { return Ok(()) };
            there.push(fine(held[dice.below(2)].load(case.record())));
            for cases in [&mut alone, &mut here] {
                cases.push(library.load(case.record().clone()).unwrap_or_else(|error| panic!("{error}")));
            }
        }
        for number in 0..6 {
            let turns: Vec<(Option<Event>, Moment)> = (alone.iter())
                .map(|case| {
                    let (event, now) = worlds::event(dice, &library, case, number);
                    ((!dice.once_in(4)).then_some(event), now)
                })
                .collect();
            let with = |(event, now): &(Option<Event>, Moment)| (event.clone(), *now);
            let by_itself: Vec<_> = (alone.iter_mut().zip(&turns))
                .map(|(case, turn)| match with(turn) {
                    (Some(event), now) => case.apply(event, now),
                    (None, now) => case.advance(now),
                })
                .map(|it| it.map_err(refused))
                .collect();
            let natively = engine::apply_each(here.iter_mut().zip(&turns).map(|(case, turn)| {
                let (event, now) = with(turn);
                (case, event, now)
            }));
            let boxed = onward_host::apply_each(there.iter_mut().zip(&turns).map(|(case, turn)| {
                let (event, now) = with(turn);
                (case, event, now)
            }));
            let [mut ok, mut not] = taken.get();
            by_itself.iter().for_each(|it| if it.is_ok() { ok += 1 } else { not += 1 });
            taken.set([ok, not]);
            let natively: Vec<_> = natively.into_iter().map(|it| it.map_err(refused)).collect();
            let boxed: Vec<_> = boxed.into_iter().map(|it| it.map_err(refused_there)).collect();
            prop_assert_eq!(&by_itself, &natively);
            prop_assert_eq!(&by_itself, &boxed);
        }
        for (case, other) in alone.iter().zip(&there) {
            prop_assert_eq!(case.record().to_json(), fine(other.saved()));
        }
        Ok(())
    });
    let [ok, not] = taken.get();
    assert!(ok > 50 && not > 20, "{ok} were taken, and {not} refused");
}

/// A case in a sandbox of this size.
fn case_of(sandbox: &Sandbox) -> (onward_host::Library, Case) {
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let library = fine(sandbox.compile(vec![Source::new("tea_and_talk.pathway", text)]));
    let opening = Opening { id: "case-1".into(), ..Opening::default() };
    let (case, _) = fine(library.pathway("tea_and_talk").expect("it is there").open(opening, start()));
    (library, case)
}

#[test]
fn what_stops_one_sandbox_is_the_answer_of_its_own_cases_alone() {
    let limits = Limits { memory: 48 * 1024 * 1024, ..Limits::default() };
    let ((_one, mut stopped), (_other, mut goes_on)) = (case_of(&sandbox().within(limits)), case_of(sandbox()));
    let saved = fine(stopped.saved());
    let long = FactAnswer::Value("x".repeat(limits.memory));
    let bomb = Event::new("event-1", EventKind::Record { facts: [("lonely".into(), long)].into() });
    let died = Event::new("event-1", EventKind::Life { what: LifeEvent::Died });
    let turns = [(&mut stopped, Some(bomb), start()), (&mut goes_on, Some(died), start())];
    let [one, other] = onward_host::apply_each(turns).try_into().unwrap_or_else(|_| panic!("one for each"));
    let Err(Error::Fault(Fault::TooMuchMemory(most))) = one else { panic!("{one:?}") };
    assert_eq!(most, limits.memory);
    assert!(matches!(fine(other).standing, engine::Standing::Closed(_)));
    // It is not entered again, and goes on elsewhere with what was saved.
    let [gone] = onward_host::apply_each([(&mut stopped, None, start())]).try_into().unwrap_or_else(|_| panic!("one"));
    assert!(matches!(gone, Err(Error::Fault(Fault::Gone))), "{gone:?}");
    let (library, _) = case_of(sandbox());
    assert_eq!(fine(fine(library.load_saved(&saved)).saved()), saved);
    assert!(onward_host::apply_each([]).is_empty());
}

#[test]
fn a_library_follows_only_with_a_case_of_its_own_and_goes_on_when_it_does_not() {
    let ((library, case), (_other, stranger)) = (case_of(sandbox()), case_of(sandbox()));
    let followed = library.follow(&stranger, "anywhere", start());
    assert!(matches!(followed, Err(Error::Fault(Fault::OfAnotherLibrary))), "{followed:?}");
    assert!(matches!(library.follow(&case, "anywhere", start()), Err(Error::Refused(_))));
    assert!(fine(case.due()).is_some());
}
