//! The model of `examples/risk_model`, as a trust would bring it: what comes out of the sandbox is what its own function says,
//! and a case goes by it.
#![allow(clippy::panic)]

use onward::engine::{Case, Effect, EffectKind, Event, EventKind, Opening};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use onward_host::Model;
use std::collections::BTreeMap;

const PATHWAY: &str = include_str!("../../../examples/risk_model/coming_home.pathway");

fn model() -> Model {
    let place = onward_componentise::model_place();
    let bytes =
        std::fs::read(place).unwrap_or_else(|_| panic!("`cargo xtask component` writes the model this test reads"));
    Model::new(&bytes, Model::limits()).unwrap_or_else(|fault| panic!("{fault}"))
}

fn library() -> Library {
    Library::compile(vec![Source::new("coming_home.pathway", PATHWAY)]).unwrap_or_else(|report| panic!("{report}"))
}

/// Somebody of whom this is known, and the effect that asks the model.
fn asked(library: &Library, known: &[(&str, String)]) -> (Case, Effect) {
    let facts = known.iter().map(|(name, value)| (Name::from(*name), Answer::Value(value.clone()))).collect();
    let opening = Opening { id: "case-1".into(), facts, ..Opening::default() };
    let pathway = library.pathway("coming_home").expect("it is there");
    let (case, answer) = pathway.open(opening, "2026-06-01T09:00:00Z".parse().expect("a time")).expect("it is proved");
    let effect = answer.effects.into_iter().find(|it| matches!(it.what, EffectKind::RunModel { .. }));
    (case, effect.expect("a model is asked"))
}

#[test]
fn it_fits_the_fact_that_names_it() {
    let (model, library) = (model(), library());
    let fact = library.shared().fact_named("readmission").expect("it is a fact");
    assert_eq!(model.unfit(fact, library.shared()), Vec::<String>::new());
}

#[test]
fn what_comes_out_of_the_sandbox_is_what_the_function_says_and_the_next_step_follows() {
    let (model, library) = (model(), library());
    let mut visited = [0, 0];
    for admissions in [None, Some(0), Some(1), Some(3)] {
        for alone in [None, Some("no"), Some("yes")] {
            for age in [None, Some(79), Some(80)] {
                let known: Vec<(&str, String)> = [
                    admissions.map(|it| ("admissions", it.to_string())),
                    alone.map(|it| ("alone", it.to_string())),
                    age.map(|it| ("age", it.to_string())),
                ]
                .into_iter()
                .flatten()
                .collect();
                if known.is_empty() {
                    continue;
                }
                let find = |name: &str| known.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
                let expected = readmission_model::score(&find);
                let (mut case, effect) = asked(&library, &known);
                let event = model.run(&effect).expect("it is the model that is asked");
                case.apply(event, "2026-06-01T09:01:00Z".parse().expect("a time")).expect("it is taken");
                // What nobody knows yet the step asks for, and the nurse could not find it out.
                let lacking = ["admissions", "alone", "age"].into_iter().filter(|name| find(name).is_none());
                let mut facts: BTreeMap<Name, Answer> =
                    lacking.map(|name| (name.into(), Answer::CouldNot("they were asleep".into()))).collect();
                if expected.is_err() {
                    facts.insert("readmission".into(), Answer::Value("10".into()));
                }
                let done = Event::new("done", EventKind::Done { step: "look".into(), facts });
                case.apply(done, "2026-06-01T10:00:00Z".parse().expect("a time")).expect("it is taken");
                let visits = case.next().is_some_and(|next| next.first().step == "visit");
                let score = expected.ok().map(|it| it.parse::<u32>().expect("a whole number"));
                assert_eq!(visits, score.is_some_and(|it| it >= 40), "{known:?}");
                visited[usize::from(visits)] += 1;
            }
        }
    }
    assert!(visited.iter().all(|times| *times > 3), "{visited:?}");
}

#[test]
fn its_interface_is_that_of_the_engine() {
    let own = include_str!("../../../examples/risk_model/wit/risk-model.wit");
    assert_eq!(own, include_str!("../../../wit/risk-model/risk-model.wit"));
}
