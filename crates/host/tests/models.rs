//! Risk models in the sandbox: one that scores, and those that mean harm or are broken. Each is a real component; whatever
//! it does, the case goes on.
#![allow(clippy::panic)]

use onward::engine::{Case, Effect, EffectKind, EntryKind, EventKind, Opening};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use onward_host::{Fault, Limits, Model};
use std::fmt::Write as _;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WIT: &str = include_str!("../../../wit/risk-model/risk-model.wit");

const PATHWAY: &str = include_str!("models/readmission.pathway");

/// Where the texts of a guest stand, and what it answers with.
const TEXTS: usize = 1024;
const SCORE: usize = 640;

/// The memory of a guest: texts, and records that point at them.
#[derive(Default)]
struct Memory {
    texts: Vec<u8>,
    data: String,
}

impl Memory {
    /// Puts a text down, and gives the eight bytes that point at it.
    fn text(&mut self, text: &str) -> [u8; 8] {
        let at = (TEXTS + self.texts.len()) as u32;
        self.texts.extend(text.bytes());
        pair(at, text.len() as u32)
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        let text: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let _ = writeln!(self.data, "(data (i32.const {at}) \"{text}\")");
    }
}

fn pair(at: u32, length: u32) -> [u8; 8] {
    let mut both = [0; 8];
    both[..4].copy_from_slice(&at.to_le_bytes());
    both[4..].copy_from_slice(&length.to_le_bytes());
    both
}

/// A model of an interface that says what it is, does this when it scores, and has an answer ready at [`SCORE`]: a number,
/// or why not.
fn guest(wit: &str, score: &str, answer: Result<&str, &str>) -> Vec<u8> {
    let mut memory = Memory::default();
    let mut inputs = Vec::new();
    for name in ["admissions", "alone"] {
        inputs.extend(memory.text(name));
        inputs.extend([u8::from(name == "alone"), 0, 0, 0]);
    }
    memory.put(256, &inputs);
    let mut says = [memory.text("readmission"), memory.text("2.1")].concat();
    says.extend(pair(256, 2));
    for text in ["0", "100", "1"] {
        says.extend(memory.text(text));
    }
    memory.put(512, &says);
    let text = memory.text(answer.unwrap_or_else(|reason| reason));
    memory.put(SCORE, &[&[u8::from(answer.is_err()), 0, 0, 0], text.as_slice()].concat());
    let texts = std::mem::take(&mut memory.texts);
    memory.put(TEXTS, &texts);
    let imports = wit.contains("import look");
    let look = if imports { "(import \"$root\" \"look\" (func $look (result i64)))" } else { "" };
    let text = format!(
        "(module {look} (memory (export \"memory\") 2) (global $next (mut i32) (i32.const 65536)) {}
        (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)
          (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
          global.get $next
          (global.set $next (i32.add (global.get $next) (local.get 3))))
        (func (export \"onward:risk-model/scoring@0.1.0#describe\") (result i32) i32.const 512)
        (func $score (export \"onward:risk-model/scoring@0.1.0#score\") (param i32 i32) (result i32) {score}))",
        memory.data
    );
    let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut resolve = Resolve::default();
    let package = resolve.push_source("risk-model.wit", wit).expect("it is WIT");
    let world = resolve.select_world(&[package], None).expect("it has one world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("it fits");
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    encoder.and_then(|mut encoder| encoder.encode()).expect("it is a component")
}

/// One that scores so.
fn model(score: &str, answer: Result<&str, &str>) -> Model {
    let limits = Limits { fuel: 5_000_000, milliseconds: 10_000, memory: 1024 * 1024, ..Model::limits() };
    Model::new(&guest(WIT, score, answer), limits).unwrap_or_else(|fault| panic!("{fault}"))
}

/// One that answers with what it has ready.
fn ready(answer: Result<&str, &str>) -> Model {
    model(&format!("i32.const {SCORE}"), answer)
}

fn library() -> Library {
    Library::compile(vec![Source::new("readmission.pathway", PATHWAY)]).unwrap_or_else(|report| panic!("{report}"))
}

/// A case in which the model is asked, and the effect that asks it.
fn asked() -> (Case, Effect) {
    let facts = [(Name::from("admissions"), Answer::Value("3".into()))].into();
    let opening = Opening { id: "case-1".into(), facts, ..Opening::default() };
    let library = library();
    let pathway = library.pathway("coming_home").expect("it is there");
    let (case, answer) = pathway.open(opening, "2026-06-01T09:00:00Z".parse().expect("a time")).expect("it is proved");
    let effect = answer.effects.into_iter().find(|it| matches!(it.what, EffectKind::RunModel { .. }));
    (case, effect.expect("a model is asked"))
}

/// What is recorded of somebody whom this model scores; the case goes on in every case.
fn scored(model: &Model) -> Answer {
    let (mut case, effect) = asked();
    let event = model.run(&effect).expect("it is the model that is asked");
    assert_eq!(model.run(&effect), Some(event.clone()), "the same again, in another instance");
    case.apply(event, "2026-06-01T09:01:00Z".parse().expect("a time")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let recorded = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Recorded { answer, by, .. } => Some((answer.clone(), by.source.clone())),
        _ => None,
    });
    let (answer, source) = recorded.expect("it is recorded");
    assert_eq!(source, Some(format!("model readmission 2.1 (sha256 {})", model.sha256())));
    assert_eq!(case.next().map(|next| next.first().step.to_string()).as_deref(), Some("look"), "the nurse still looks");
    answer
}

/// Why there is no number.
fn why_not(model: &Model) -> String {
    match scored(model) {
        Answer::CouldNot(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_model_scores_and_the_next_step_follows_from_it() {
    let model = ready(Ok("45"));
    assert_eq!(scored(&model), Answer::Value("45".into()));
    let (mut case, effect) = asked();
    let at = |text: &str| text.parse().expect("a time");
    case.apply(model.run(&effect).expect("asked"), at("2026-06-01T09:01:00Z")).expect("taken");
    let done = EventKind::Done { step: "look".into(), facts: [].into() };
    case.apply(onward::engine::Event::new("done", done), at("2026-06-01T11:00:00Z")).expect("taken");
    assert_eq!(case.next().map(|next| next.first().step.to_string()).as_deref(), Some("visit"));
}

#[test]
fn what_it_says_of_itself_is_compared_with_the_fact() {
    let model = ready(Ok("45"));
    let fits = |library: &Library| {
        let shared = library.shared();
        model.unfit(shared.fact_named("readmission").expect("it is a fact"), shared)
    };
    assert!(fits(&library()).is_empty(), "{:?}", fits(&library()));
    let wrong = PATHWAY.replace("0 to 100", "0 to 90").replace("alone       yes or no", "alone       0 to 3");
    let wrong = wrong.replace("from admissions, alone", "from alone, age");
    let wrong = Library::compile(vec![Source::new("readmission.pathway", wrong)]).unwrap_or_else(|it| panic!("{it}"));
    let said = fits(&wrong);
    let expected = [
        "the most of `readmission` is 90, and that of the model 100",
        "the model goes by `admissions`, which `readmission` does not give it",
        "`alone` is a number, and the model takes yes or no",
        "the model does not go by `age`",
    ];
    assert_eq!(said, expected);
    let age = wrong.shared().fact_named("age").expect("it is a fact");
    assert_eq!(model.unfit(age, wrong.shared()), ["`age` is not found by the model `readmission`"]);
}

#[test]
fn whatever_a_model_does_the_case_says_why_there_is_no_number() {
    let said = |score: &str, answer: Result<&str, &str>| why_not(&model(score, answer));
    let give = format!("i32.const {SCORE}");
    assert_eq!(said(&give, Err("it needs an age")), "it needs an age");
    assert_eq!(said(&give, Err(" ")), "the model did not say why");
    assert!(said(&give, Ok("140")).starts_with("what the model gave does not fit: "));
    assert!(said(&give, Ok("4.5")).starts_with("what the model gave does not fit: "));
    assert!(said(&give, Ok("high")).starts_with("what the model gave does not fit: "));
    assert_eq!(said(&give, Ok(&"9".repeat(40_000))), "what the model gave is 40000 bytes long, and no number");
    assert_eq!(said(&give, Err(&"é".repeat(400))).len(), 500);
    assert_eq!(said("(loop br 0) unreachable", Ok("1")), "the model was stopped: the call used up its fuel of 5000000");
    assert!(said("unreachable", Ok("1")).starts_with("the model was stopped: the component stopped"));
    assert!(said("local.get 0 local.get 1 call $score", Ok("1")).contains("stack"));
    let bomb = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 4)) (i32.const -1)))) unreachable";
    assert!(said(bomb, Ok("1")).contains("needed more memory"));
    let huge = format!(
        "(i32.store (i32.const {}) (i32.const 1024)) (i32.store (i32.const {}) (i32.const -16)) i32.const {SCORE}",
        SCORE + 4,
        SCORE + 8
    );
    assert!(said(&huge, Ok("1")).starts_with("the model was stopped: "));
}

#[test]
fn what_is_no_model_or_wants_something_is_not_run() {
    let limits = Model::limits();
    let fault = Model::new(b"nothing of the kind", limits).expect_err("it is no component");
    assert!(matches!(fault, Fault::NotTheComponent(_)), "{fault}");
    let importing = WIT.replace("    export scoring;", "    import look: func() -> u64;\n    export scoring;");
    let fault = Model::new(&guest(&importing, "call $look drop unreachable", Ok("1")), limits).expect_err("it imports");
    assert_eq!(fault, Fault::Imports("`look`".to_string()));
    let (_, effect) = asked();
    let another = match effect.what.clone() {
        EffectKind::RunModel { fact, from, .. } => EffectKind::RunModel { fact, model: "another".into(), from },
        other => other,
    };
    assert_eq!(ready(Ok("1")).run(&Effect { what: another, ..effect }), None);
}
