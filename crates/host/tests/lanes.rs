//! What a case is asked goes three ways over the border: as types, as JSON, and packed. All say the same, natively too.
#![allow(clippy::panic, clippy::disallowed_types)]

#[path = "../../../tests/worlds/mod.rs"]
mod worlds;

#[allow(unsafe_code, missing_docs, dead_code, clippy::all)]
mod bindings {
    wasmtime::component::bindgen!({ path: "../../wit", world: "engine", additional_derives: [PartialEq] });
}

#[path = "../../component/src/json.rs"]
mod json;
#[path = "../../component/src/mirror.rs"]
mod mirror;
#[path = "../../component/src/packed.rs"]
mod packed;
#[path = "../../component/src/text.rs"]
mod text;

use bindings::exports::onward::engine::pathways as wit;
use mirror::{Applied, Mirror};
use onward::calendar::Moment;
use onward::engine::{self, Answer, By, Event, EventKind, LifeEvent, Opening, Secret};
use onward::model::Answer as FactAnswer;
use packed::{packed, shape, unpacked};
use proptest::prelude::*;
use std::cell::RefCell;
use std::sync::OnceLock;
use wasmtime::component::{Component, Linker, ResourceAny};
use wasmtime::{Engine, ResourceLimiter, Store};
use worlds::{for_all, pathway, some_facts, start};

/// How large the memory of an instance is.
struct Grown(usize);

impl ResourceLimiter for Grown {
    fn memory_growing(&mut self, _: usize, to: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.0 = to;
        Ok(true)
    }
    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// The component in an instance, as any host would load it.
struct Held {
    store: RefCell<Store<Grown>>,
    engine: bindings::Engine,
}

fn held() -> Held {
    static COMPILED: OnceLock<(Engine, Component)> = OnceLock::new();
    let (engine, component) = COMPILED.get_or_init(|| {
        let engine = Engine::default();
        let bytes = std::fs::read(onward_componentise::place()).expect("`cargo xtask component` writes it");
        let component = Component::new(&engine, bytes).expect("it is the component");
        (engine, component)
    });
    let mut store = Store::new(engine, Grown(0));
    store.limiter(|grown| grown);
    let linker = Linker::new(engine);
    let engine = bindings::Engine::instantiate(&mut store, component, &linker).expect("it imports nothing");
    Held { store: RefCell::new(store), engine }
}

impl Held {
    fn ask<T>(&self, ask: impl FnOnce(&wit::Guest, &mut Store<Grown>) -> wasmtime::Result<T>) -> T {
        let store = &mut *self.store.borrow_mut();
        ask(self.engine.onward_engine_pathways(), store).unwrap_or_else(|error| panic!("{error:#}"))
    }

    fn library(&self, text: &str) -> ResourceAny {
        let sources = [wit::Source { name: "random.pathway".into(), text: text.into() }];
        let compiled = self.ask(|guest, store| guest.library().call_compile(store, &sources, None));
        compiled.unwrap_or_else(|_| panic!("it can be read"))
    }

    /// Opens the same case in each lane, and what all answered.
    fn open(&self, library: ResourceAny, name: &str, opening: &Opening, now: Moment) -> Result<Answer, String> {
        let (typed, at): (wit::Opening, String) = (opening.clone().out(), now.out());
        let json = text::written(opening);
        let bytes = packed(&(opening.clone(), now));
        let typed = self.ask(|guest, store| guest.library().call_open(store, library, name, &typed, &at));
        let json = self.ask(|guest, store| guest.library().call_open_text(store, library, name, json.as_bytes(), &at));
        let bytes = self.ask(|guest, store| guest.library().call_open_packed(store, library, name, &bytes));
        let cases =
            [typed.as_ref().ok().map(|it| it.0), json.as_ref().ok().map(|it| it.0), bytes.as_ref().ok().map(|it| it.0)];
        let saved = cases.into_iter().flatten().map(|case| {
            let saved = self.ask(|guest, store| guest.case().call_save(store, case));
            self.ask(|_, store| case.resource_drop(store));
            saved
        });
        let saved: Vec<String> = saved.collect();
        assert!(saved.windows(2).all(|two| two[0] == two[1]), "{saved:?}");
        one(typed.map(|it| it.1), json.map(|it| it.1), bytes.map(|it| it.1))
    }
}

fn said(error: &wit::Error) -> String {
    format!("{} {} {:?} {:?} {}", error.code, error.message, error.about, error.fits, error.retry)
}

/// What three lanes say, which is the same.
fn one(
    typed: Result<wit::Answer, wit::Error>,
    json: Result<String, wit::Error>,
    bytes: Result<Vec<u8>, wit::Error>,
) -> Result<Answer, String> {
    match (typed, json, bytes) {
        (Ok(typed), Ok(json), Ok(bytes)) => {
            let typed: Answer = Mirror::back(typed).expect("it is an answer");
            assert_eq!(json, text::written(&typed));
            assert_eq!(text::read::<Answer>(json.as_bytes()).expect("it can be read"), typed);
            assert_eq!(bytes, packed(&typed));
            assert_eq!(unpacked::<Answer>(&bytes).expect("it can be read"), typed);
            Ok(typed)
        }
        (Err(typed), Err(json), Err(bytes)) => {
            assert_eq!((said(&typed), said(&typed)), (said(&json), said(&bytes)));
            Err(said(&typed))
        }
        (typed, json, bytes) => panic!("{typed:?}\n{json:?}\n{bytes:?}"),
    }
}

fn native(it: Result<Answer, engine::Refusal>) -> Result<Answer, String> {
    it.map_err(|it| format!("{} {} {:?} {:?} {}", it.code(), it.in_full(), it.about(), it.fits(), it.retry()))
}

#[test]
fn every_lane_says_what_is_said_natively() {
    let (held, taken) = (held(), std::cell::Cell::new(0));
    assert_eq!(held.ask(|guest, store| guest.call_packed_shape(store)), shape::<mirror::All>());
    for_all(24, 1200, |dice| {
        let text = pathway(dice);
        let library = worlds::checked(&text);
        let there = held.library(&text);
        let facts = some_facts(dice, &library, 2);
        let secret = dice.once_in(3).then(|| Secret::new([7; 32]));
        let opening = Opening { id: "case".into(), facts, by: By::role("nurse"), secret, ..Opening::default() };
        let random = library.pathway("random").expect("it is called random");
        let proved = random.open(opening.clone(), start()).map(|it| it.1);
        prop_assert_eq!(native(proved), held.open(there, "random", &opening, start()));
        // Most are not proved; a draft that was begun here goes on there, once in each lane.
        let Ok((mut here, _)) = random.open_draft(opening, start()) else { return Ok(()) };
        let saved = here.record().to_json();
        let load = || held.ask(|guest, store| guest.library().call_load(store, there, &saved)).expect("it was saved");
        let cases = [load(), load(), load()];
        let [typed, json, bytes] = cases;
        for number in 0..10 {
            let (event, now) = worlds::event(dice, &library, &here, number);
            let (at, advance) = (now.to_string(), dice.once_in(5));
            let same = if advance {
                one(
                    held.ask(|guest, store| guest.case().call_advance(store, typed, &at)),
                    held.ask(|guest, store| guest.case().call_advance_text(store, json, &at)),
                    held.ask(|guest, store| guest.case().call_advance_packed(store, bytes, &packed(&now))),
                )
            } else {
                let written = text::written(&event);
                one(
                    held.ask(|guest, store| guest.case().call_apply(store, typed, &event.clone().out(), &at)),
                    held.ask(|guest, store| guest.case().call_apply_text(store, json, written.as_bytes(), &at)),
                    held.ask(|guest, store| {
                        guest.case().call_apply_packed(store, bytes, &packed(&(event.clone(), now)))
                    }),
                )
            };
            let answer = native(if advance { here.advance(now) } else { here.apply(event, now) });
            taken.set(taken.get() + usize::from(answer.is_ok()));
            prop_assert_eq!(answer, same);
        }
        let bundle: Vec<(Event, Moment)> =
            (10..14).map(|number| worlds::event(dice, &library, &here, number)).collect();
        let events: Vec<(wit::Event, String)> =
            bundle.iter().map(|(event, now)| (event.clone().out(), now.out())).collect();
        let fine = "they can be read";
        let typed_all = held.ask(|guest, store| guest.case().call_apply_all(store, typed, &events)).expect(fine);
        let written = text::written(&bundle);
        let json_all =
            held.ask(|guest, store| guest.case().call_apply_all_text(store, json, written.as_bytes())).expect(fine);
        let given = packed(&bundle);
        let packed_all = held.ask(|guest, store| guest.case().call_apply_all_packed(store, bytes, &given)).expect(fine);
        let native_all = here.apply_all(bundle);
        prop_assert_eq!(native_all.taken, typed_all.taken as usize);
        prop_assert_eq!(&native_all.answer.clone().out(), &typed_all.answer);
        let refused = typed_all.refused.as_ref().map(said);
        prop_assert_eq!(native_all.refused.map(|it| native(Err(it)).expect_err("it was refused")), refused);
        let typed_all = Applied { taken: typed_all.taken, answer: native_all.answer, refused: typed_all.refused };
        prop_assert_eq!(json_all, text::written(&typed_all));
        prop_assert_eq!(packed_all, packed(&typed_all));
        // Each twice: with an event, and with time alone.
        let (event, now) = worlds::event(dice, &library, &here, 14);
        let turns = vec![(Some(event), now), (None, now)];
        let typed_turns: Vec<wit::Turn> = turns
            .iter()
            .map(|(event, now)| wit::Turn { of: typed, event: event.clone().out(), now: now.out() })
            .collect();
        let answers = held.ask(|guest, store| guest.call_apply_each(store, &typed_turns));
        let (written, given) = (text::written(&turns), packed(&turns));
        let in_json =
            held.ask(|guest, store| guest.call_apply_each_text(store, &[json; 2], written.as_bytes())).expect(fine);
        let in_bytes = held.ask(|guest, store| guest.call_apply_each_packed(store, &[bytes; 2], &given)).expect(fine);
        let answers: mirror::Each =
            answers.into_iter().map(|it| it.map(|it| Mirror::back(it).expect("it is an answer"))).collect();
        prop_assert_eq!(&in_json, &text::written(&answers));
        prop_assert_eq!(&in_bytes, &packed(&answers));
        prop_assert_eq!(
            text::written(&text::read::<mirror::Each>(in_json.as_bytes()).expect("it can be read")),
            in_json
        );
        prop_assert_eq!(packed(&unpacked::<mirror::Each>(&in_bytes).expect("it can be read")), in_bytes);
        let natively = turns.into_iter().map(|(event, now)| native(here.apply_or_advance(event, now)));
        let answers = answers.into_iter().map(|it| it.map_err(|error| said(&error)));
        prop_assert_eq!(natively.collect::<Vec<_>>(), answers.collect::<Vec<_>>());
        for case in cases {
            let saved = held.ask(|guest, store| guest.case().call_save(store, case));
            prop_assert_eq!(saved, here.record().to_json());
            held.ask(|_, store| case.resource_drop(store));
        }
        held.ask(|_, store| there.resource_drop(store));
        Ok(())
    });
    assert!(taken.get() > 20, "{} events were taken", taken.get());
}

/// One event of every kind, and much in it.
fn every_kind() -> Vec<Event> {
    let facts = |all: &[(&str, FactAnswer)]| all.iter().map(|(name, it)| ((*name).into(), it.clone())).collect();
    let known = engine::KnownBefore {
        answer: FactAnswer::Declined("\"so\" \\ \u{1}ü".into()),
        happened: start(),
        recorded: start(),
        by: By { who: Some("x".into()), ..By::role("nurse") },
        id: Some("other/7".into()),
    };
    let answer = FactAnswer::CouldNot("late".into());
    let all = [
        EventKind::Record { facts: facts(&[("a", FactAnswer::Value("1".into())), ("b", answer.clone())]) },
        EventKind::Done { step: "s".into(), facts: facts(&[("a", FactAnswer::NotApplicable(String::new()))]) },
        EventKind::Declined { step: "s".into(), reason: None },
        EventKind::Cannot { step: "s".into(), reason: "r".into() },
        EventKind::ModelAnswered {
            fact: "f".into(),
            model: "m".into(),
            version: "1".into(),
            sha256: "0".into(),
            asked: Some("case/1".into()),
            answer: answer.clone(),
        },
        EventKind::Accept { step: "s".into(), condition: Some("c".into()) },
        EventKind::Refuse { step: "s".into(), reason: "r".into() },
        EventKind::Decide { step: None, option: "o".into(), advice: None, otherwise: Some("w".into()), reason: None },
        EventKind::Agree { step: Some("s".into()), role: "r".into(), option: "o".into(), advice: Some("a".into()) },
        EventKind::Disagree { step: None, role: "r".into(), reason: "x".into(), advice: None },
        EventKind::Learn { fact: "f".into(), known },
        EventKind::Settle { fact: "f".into(), value: "yes".into(), reason: None },
        EventKind::Reviewed { step: "s".into(), reason: "r".into() },
        EventKind::Correct { entry: 4_000_000_000, answer, reason: "r".into() },
        EventKind::Withdraw { what: engine::Withdrawn::Agreement { step: None, role: "r".into() }, reason: None },
        EventKind::Withdraw { what: engine::Withdrawn::Fact { entry: 3 }, reason: Some("r".into()) },
        EventKind::Reassign {
            step: "s".into(),
            to: "r".into(),
            within: "1 day 4 hours".parse().expect("a length"),
            reason: None,
        },
        EventKind::Raise { what: "w".into(), reason: "r".into() },
        EventKind::Life { what: LifeEvent::CannotBeReached },
    ];
    let event = |what| Event {
        expects: Some(u64::MAX),
        happened: Some(Moment::MIN),
        with: vec!["nurse".into()],
        ..Event::new("event", what)
    };
    all.into_iter().map(event).collect()
}

#[test]
fn every_kind_of_event_comes_back_as_it_was_in_every_lane() {
    for event in every_kind() {
        let typed: wit::Event = event.clone().out();
        assert_eq!(Ok(&event), Event::back(typed).as_ref());
        let json = text::written(&event);
        assert_eq!(text::read::<Event>(json.as_bytes()).expect("it can be read"), event);
        assert_eq!(unpacked::<Event>(&packed(&event)).as_ref(), Ok(&event));
        // What is cut off, or has more behind it, is not taken for something else.
        let bytes = packed(&event);
        (0..bytes.len()).for_each(|at| assert!(unpacked::<Event>(&bytes[..at]).is_err(), "{at}"));
        assert!(unpacked::<Event>(&[&bytes[..], &[0]].concat()).is_err());
        (0..json.len()).for_each(|at| assert!(text::read::<Event>(&json.as_bytes()[..at]).is_err(), "{at}"));
    }
}

#[test]
fn json_has_the_names_and_the_shape_that_the_types_have_in_javascript() {
    let read = |json: &str| text::read::<Event>(json.as_bytes()).map_err(|error| error.to_string());
    let plain = r#"{"id":"1","by":{"role":"nurse"},"with":[],"what":{"tag":"done","val":{"step":"visit","facts":[["lonely",{"tag":"could-not","val":"asleep"}]]}}}"#;
    let facts = [("lonely".into(), FactAnswer::CouldNot("asleep".into()))].into_iter().collect();
    let event = Event { by: By::role("nurse"), ..Event::new("1", EventKind::Done { step: "visit".into(), facts }) };
    assert_eq!(read(plain), Ok(event.clone()));
    assert_eq!(text::written(&event), plain);
    // In any order, with nothing for what is not there, and with words written in another way.
    let other = r#"{"with":[],"what":{"val":{"facts":[["lonely",{"val":"a\u0073leep","tag":"could-not"}]],"step":"visit"},"tag":"done"},
        "by":{"role":"nurse","who":null},"id":"1","expects":null}"#;
    assert_eq!(read(other), Ok(event));
    let life = r#"{"id":"1","by":{},"with":[],"what":{"tag":"life","val":"cannot-be-reached"}}"#;
    assert_eq!(read(life), Ok(Event::new("1", EventKind::Life { what: LifeEvent::CannotBeReached })));
    for (odd, because) in [
        (r#"{"id":"1","by":{},"with":[],"whom":1}"#, "`whom` does not belong there"),
        (r#"{"id":"1","id":"2","by":{},"with":[]}"#, "duplicate field `id`"),
        (r#"{"id":"1","by":{},"with":[]}"#, "missing field `what`"),
        (r#"{"id":"1","by":{},"with":[],"what":{"tag":"undone"}}"#, "`undone` does not belong there"),
        (r#"{"id":"1","by":{},"with":[],"what":{"tag":"life"}}"#, "missing field `val`"),
        (
            r#"{"id":"1","by":{},"with":[],"what":{"tag":"life","val":"died","val":"died"}}"#,
            "`val` does not belong there",
        ),
        (r#"{"id":"1","by":{},"with":[],"happened":"soon","what":{"tag":"life","val":"died"}}"#, "soon"),
        (
            r#"{"id":"1","by":{},"with":[],"what":{"tag":"record","val":[["a",{"tag":"value","val":"1"}],["a",{"tag":"value","val":"1"}]]}}"#,
            "`a` is said twice",
        ),
    ] {
        let said = read(odd).expect_err("it is no event");
        assert!(said.contains(because), "{odd}: {said}");
    }
}

proptest! {
    #![proptest_config(worlds::config(2000))]

    #[test]
    fn bytes_of_any_kind_are_unpacked_or_say_that_they_cannot_be(mut which in 0usize..19, at: usize, byte: u8, any: Vec<u8>) {
        let _ = unpacked::<Event>(&any);
        let _ = unpacked::<Answer>(&any);
        let all = every_kind();
        which %= all.len();
        let mut bytes = packed(&all[which]);
        let at = at % bytes.len();
        bytes[at] = byte;
        // What is still an event is packed as one, and comes back.
        if let Ok(event) = unpacked::<Event>(&bytes) {
            prop_assert_eq!(unpacked::<Event>(&packed(&event)), Ok(event));
        }
    }
}

#[test]
fn a_case_is_opened_the_same_in_every_lane() {
    let held = held();
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let (here, there) = (worlds::checked(text), held.library(text));
    let tea = here.pathway("tea_and_talk").expect("it is there");
    let facts = |value: &str| [("lonely".into(), FactAnswer::Value(value.into()))].into_iter().collect();
    let plain = Opening { id: "case-1".into(), ..Opening::default() };
    let known = Opening { facts: facts("yes"), by: By::role("coordinator"), ..plain.clone() };
    let mut person = engine::PersonRecord::default();
    tea.open(known.clone(), start()).expect("it is proved").1.news.iter().for_each(|news| person.learn(news));
    let opened = [
        Opening { secret: Some(Secret::new([255; 32])), ..plain.clone() },
        Opening { person, ..plain.clone() },
        known,
        plain.clone(),
    ];
    for opening in opened {
        let answer = native(tea.open(opening.clone(), start()).map(|it| it.1));
        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(answer, held.open(there, "tea_and_talk", &opening, start()));
    }
    for opening in [Opening { facts: facts("perhaps"), ..plain }, Opening::default()] {
        let answer = native(tea.open(opening.clone(), start()).map(|it| it.1));
        assert!(answer.is_err());
        assert_eq!(answer, held.open(there, "tea_and_talk", &opening, start()));
    }
}

#[test]
fn a_case_with_a_history_is_opened_the_same_in_every_lane_and_as_one_after_the_other() {
    let held = held();
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let (here, there) = (worlds::checked(text), held.library(text));
    let tea = here.pathway("tea_and_talk").expect("it is there");
    let opening = Opening { id: "case-1".into(), ..Opening::default() };
    let event = |id: &str, what| Event { by: By::role("volunteer"), ..Event::new(id, what) };
    let lonely = |value: &str| [("lonely".into(), FactAnswer::Value(value.into()))].into_iter().collect();
    let visited = |id, value| (event(id, EventKind::Done { step: "visit".into(), facts: lonely(value) }), start());
    let raised = |id| (event(id, EventKind::Life { what: LifeEvent::Withdrew }), start());
    for (given, taken) in [
        (vec![], 0),
        (vec![visited("1", "yes")], 1),
        (vec![visited("1", "no"), raised("2")], 1),
        (vec![visited("1", "perhaps"), raised("2")], 0),
        (vec![visited("1", "yes"), raised("2"), visited("3", "yes")], 2),
    ] {
        let (case, native) = tea.open_with(opening.clone(), start(), given.clone()).expect("it is proved");
        let (mut other, opened) = tea.open(opening.clone(), start()).expect("it is proved");
        let after = other.apply_all(given.clone());
        assert_eq!((native.taken, case.record()), (taken, other.record()));
        assert_eq!(native.answer.effects, [opened.effects, after.answer.effects].concat());
        assert_eq!(native.answer.news, [opened.news, after.answer.news].concat());
        assert_eq!(native.answer.standing, after.answer.standing);
        let (typed, at): (wit::Opening, String) = (opening.clone().out(), start().out());
        let events: Vec<(wit::Event, String)> = given.iter().map(|(it, now)| (it.clone().out(), now.out())).collect();
        let history = ((opening.clone(), start()), given);
        let (json, bytes, name) = (text::written(&history), packed(&history), "tea_and_talk");
        let typed = held.ask(|guest, store| guest.library().call_open_with(store, there, name, &typed, &at, &events));
        let json = held.ask(|guest, store| guest.library().call_open_with_text(store, there, name, json.as_bytes()));
        let bytes = held.ask(|guest, store| guest.library().call_open_with_packed(store, there, name, &bytes));
        let fine = "it is opened";
        let (typed, json, bytes) = (typed.expect(fine), json.expect(fine), bytes.expect(fine));
        assert_eq!(
            native.refused.map(|it| self::native(Err(it)).expect_err("it was refused")),
            typed.1.refused.as_ref().map(said)
        );
        let same = Applied { taken: taken as u32, answer: native.answer, refused: typed.1.refused.clone() };
        assert_eq!(same.answer.clone().out(), typed.1.answer);
        assert_eq!((text::written(&same), packed(&same)), (json.1, bytes.1));
        for opened in [typed.0, json.0, bytes.0] {
            assert_eq!(held.ask(|guest, store| guest.case().call_save(store, opened)), case.record().to_json());
        }
    }
    // Where it is not opened, nothing is taken.
    let refused = tea.open_with(Opening::default(), start(), [raised("1")]).map(|_| ());
    let history = ((Opening::default(), start()), vec![raised("1")]);
    let (json, bytes, name) = (text::written(&history), packed(&history), "tea_and_talk");
    let json = held.ask(|guest, store| guest.library().call_open_with_text(store, there, name, json.as_bytes()));
    let bytes = held.ask(|guest, store| guest.library().call_open_with_packed(store, there, name, &bytes));
    let code = |it: Result<(), wit::Error>| it.expect_err("there is no id").code;
    assert_eq!(refused.map_err(|it| it.code().to_string()), Err(code(json.map(|_| ()))));
    assert_eq!(code(bytes.map(|_| ())), "no-id");
}

#[test]
fn an_instance_grows_no_larger_as_a_hundred_thousand_events_come_and_their_cases_go() {
    let held = held();
    let library = held.library(include_str!("../../../examples/first/tea_and_talk.pathway"));
    let (now, fine) = (start().to_string(), "it is taken");
    let event = |id: &str, what| Event { by: By::role("volunteer"), ..Event::new(id, what) };
    let facts = [("lonely".into(), FactAnswer::Value("yes".into()))].into_iter().collect();
    let visited = event("1", EventKind::Done { step: "visit".into(), facts });
    let introduced = event("2", EventKind::Done { step: "introduce".into(), facts: [].into_iter().collect() });
    let opening = Opening { id: "case".into(), ..Opening::default() };
    let (json, bytes) = (text::written(&opening), packed(&(opening.clone(), start())));
    let one_in_each_lane = || {
        let typed = held.ask(|guest, store| {
            guest.library().call_open(store, library, "tea_and_talk", &opening.clone().out(), &now)
        });
        let json = held
            .ask(|guest, store| guest.library().call_open_text(store, library, "tea_and_talk", json.as_bytes(), &now));
        let bytes = held.ask(|guest, store| guest.library().call_open_packed(store, library, "tea_and_talk", &bytes));
        let (typed, json, bytes) = (typed.expect(fine).0, json.expect(fine).0, bytes.expect(fine).0);
        for event in [&visited, &introduced] {
            held.ask(|guest, store| guest.case().call_apply(store, typed, &event.clone().out(), &now)).expect(fine);
            let written = text::written(event);
            held.ask(|guest, store| guest.case().call_apply_text(store, json, written.as_bytes(), &now)).expect(fine);
            let given = packed(&(event.clone(), start()));
            held.ask(|guest, store| guest.case().call_apply_packed(store, bytes, &given)).expect(fine);
            // What is refused leaves nothing behind either.
            let again = held.ask(|guest, store| guest.case().call_apply_packed(store, bytes, &[1, 2, 3]));
            assert!(again.is_err());
        }
        [typed, json, bytes].into_iter().for_each(|case| held.ask(|_, store| case.resource_drop(store)));
    };
    (0..100).for_each(|_| one_in_each_lane());
    let before = held.store.borrow().data().0;
    (0..100_000 / 6).for_each(|_| one_in_each_lane());
    assert_eq!(held.store.borrow().data().0, before);
}

#[test]
fn what_cannot_be_read_is_an_error_with_a_code_and_changes_nothing() {
    let held = held();
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let library = held.library(text);
    let now = start().to_string();
    let code = |it: Result<(), wit::Error>| it.expect_err("it is not taken").code;
    let opened = held.ask(|guest, store| guest.library().call_open_text(store, library, "tea_and_talk", b"{}", &now));
    assert_eq!(code(opened.map(|_| ())), "bad-text");
    let opened = held.ask(|guest, store| guest.library().call_open_packed(store, library, "tea_and_talk", &[9; 99]));
    assert_eq!(code(opened.map(|_| ())), "bad-bytes");
    let opening = br#"{"id":"case-1","facts":[],"by":{}}"#;
    let opened = held.ask(|guest, store| guest.library().call_open_text(store, library, "tea_and_talk", opening, &now));
    let (case, _) = opened.expect("it is an opening");
    let saved = held.ask(|guest, store| guest.case().call_save(store, case));
    fn asked<T>(it: Result<T, wit::Error>) -> String {
        it.map(|_| ()).expect_err("it is not taken").code
    }
    assert_eq!(asked(held.ask(|guest, store| guest.case().call_apply_text(store, case, b"[]", &now))), "bad-text");
    assert_eq!(asked(held.ask(|guest, store| guest.case().call_apply_all_text(store, case, b"[1]"))), "bad-text");
    assert_eq!(
        asked(held.ask(|guest, store| guest.case().call_advance_text(store, case, &"soon".to_string()))),
        "bad-time"
    );
    assert_eq!(asked(held.ask(|guest, store| guest.case().call_apply_packed(store, case, &[]))), "bad-bytes");
    assert_eq!(asked(held.ask(|guest, store| guest.case().call_apply_all_packed(store, case, &[1]))), "bad-bytes");
    assert_eq!(asked(held.ask(|guest, store| guest.case().call_advance_packed(store, case, &[127; 8]))), "bad-bytes");
    assert_eq!(asked(held.ask(|guest, store| guest.call_apply_each_text(store, &[case], b"[[]]"))), "bad-text");
    assert_eq!(asked(held.ask(|guest, store| guest.call_apply_each_text(store, &[case], b"[]"))), "not-as-many");
    assert_eq!(asked(held.ask(|guest, store| guest.call_apply_each_packed(store, &[case], &[1, 2]))), "bad-bytes");
    assert_eq!(asked(held.ask(|guest, store| guest.call_apply_each_packed(store, &[case], &[0]))), "not-as-many");
    // Of many it is said which one, and what is odd is quoted in short.
    let odd = format!(r#"[[null,"{now}"],[{{"id":"1","{}":1}},"{now}"]]"#, "x".repeat(1_000_000));
    let error = held.ask(|guest, store| guest.call_apply_each_text(store, &[case; 2], odd.as_bytes()));
    let message = error.expect_err("it is no event").message;
    assert!(message.ends_with("in number 2 of a list") && message.len() < 500, "{}", message.len());
    let turn = |now: &str| wit::Turn { of: case, event: None, now: now.to_string() };
    let turns = [turn("soon"), turn(&now)];
    let [odd, fine] = held.ask(|guest, store| guest.call_apply_each(store, &turns)).try_into().expect("one for each");
    assert_eq!(code(odd.map(|_| ())), "bad-time");
    assert!(fine.is_ok());
    assert_eq!(held.ask(|guest, store| guest.case().call_save(store, case)), saved);
}

#[test]
fn whatever_is_said_is_json_as_everybody_writes_it() {
    fn is_json<T: text::Text + serde::Serialize + PartialEq + std::fmt::Debug>(it: &T) {
        let written = text::written(it);
        assert_eq!(written, serde_json::to_string(it).expect("it can be written"));
        assert_eq!(text::read::<T>(written.as_bytes()).as_ref(), Ok(it));
        // Laid out in another way it says the same.
        let other = serde_json::to_string_pretty(it).expect("it can be written");
        assert_eq!(text::read::<T>(other.as_bytes()).as_ref(), Ok(it));
    }
    let said = ["", "\"", "\\", "\u{0}\u{1f} \u{7f}\n\t", "é — 老人 \u{2028}\u{10ffff}", "a, b: [c] {d}"];
    said.map(str::to_string).iter().for_each(is_json);
    for_all(256, 20_000, |dice| {
        let any = |dice: &mut worlds::Dice| char::from_u32(dice.below(0x300) as u32).unwrap_or(' ');
        let text: String = (0..dice.below(20)).map(|_| any(dice)).collect();
        is_json(&text);
        is_json(&vec![text.clone(); dice.below(3)]);
        is_json(&((text.clone(), true), (dice.below(1_000_000) as u32, dice.once_in(2).then_some(text))));
        Ok(())
    });
}

/// JSON in which a byte or two are other than they were.
fn nearly_json(dice: &mut worlds::Dice) -> Vec<u8> {
    const OTHER: &[u8] = b"\"\\{}[],: 0truenull-.\xc3\xbc\n";
    let all = every_kind();
    let mut bytes = text::written(&all[dice.below(all.len())]).into_bytes();
    for _ in 0..dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes[at] = OTHER[dice.below(OTHER.len())],
            1 => bytes.truncate(at + 1),
            2 => drop(bytes.splice(at..at, "\\ü".bytes())),
            _ => bytes.insert(at, OTHER[dice.below(OTHER.len())]),
        }
    }
    bytes
}

#[test]
fn what_is_taken_for_an_event_is_json_and_what_is_not_says_where() {
    let taken = std::cell::Cell::new([0, 0]);
    for_all(2000, 200_000, |dice| {
        let bytes = nearly_json(dice);
        let [mut ok, mut not] = taken.get();
        match text::read::<Event>(&bytes) {
            Ok(event) => {
                ok += 1;
                let json = serde_json::from_slice::<serde_json::Value>(&bytes);
                prop_assert!(json.is_ok(), "{:?}", String::from_utf8_lossy(&bytes));
                prop_assert_eq!(text::read::<Event>(text::written(&event).as_bytes()), Ok(event));
            }
            Err(misfit) => {
                not += 1;
                let said = misfit.to_string();
                let place = said.rsplit(" column ").next().and_then(|it| it.split(',').next());
                let column = place.and_then(|it| it.parse::<usize>().ok());
                prop_assert!(column.is_some_and(|column| column <= bytes.len()), "{}", said);
            }
        }
        taken.set([ok, not]);
        Ok(())
    });
    let [ok, not] = taken.get();
    assert!(ok > 100 && not > 100, "{ok} were taken, and {not} were not");
}
