//! Facts that a model finds (10.72 to 10.74): when it is asked, what becomes of its answer, and that nobody waits for it.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{By, Case, CaseRecord, EffectKind, EntryKind, Event, EventKind, Opening, Refusal};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, send, steps, text};

const RISK: &str = "facts
  age 18 to 110
  admissions 0 to 50 in steps of 1
  readmission 0 to 100 in steps of 5 found by nurse good for 7 days
    found by model \"readmission\" from age, admissions

step first
  led by nurse
  finds readmission
  within 1 day
  then which

decide which
  when readmission at least 40 -> second
  if none of these -> over
  if we do not know yet -> second

step second
  led by team
  finds ready
  within 1 day
  then over";

const HASH: &str = "00000000000000000000000000000000000000000000000000000000000000ab";

fn opened(facts: &[(&str, &str)]) -> (Case, onward::engine::Answer) {
    let facts = facts.iter().map(|(name, value)| (Name::from(*name), Answer::Value(value.to_string()))).collect();
    let opening = Opening { id: "c".into(), facts, ..Opening::default() };
    compile(&text(RISK)).pathway("small").expect("there").open(opening, at("01T09:00")).expect("it is proved")
}

/// A case in which the model was asked.
fn asked() -> Case {
    opened(&[("age", "84")]).0
}

/// What models are asked by an answer: the id, and what it goes by.
fn asks(answer: &onward::engine::Answer) -> Vec<(String, Vec<String>)> {
    let asks = answer.effects.iter().filter_map(|effect| match &effect.what {
        EffectKind::RunModel { fact, model, from } => {
            assert_eq!((fact.as_str(), model.as_str()), ("readmission", "readmission"));
            Some((effect.id.clone(), from.iter().map(|it| it.value.clone().unwrap_or("?".into())).collect()))
        }
        _ => None,
    });
    asks.collect()
}

fn says(asked: &str, answer: Answer) -> EventKind {
    let (fact, model) = (Name::from("readmission"), Name::from("readmission"));
    let (version, sha256) = ("2.1".to_string(), HASH.to_string());
    EventKind::ModelAnswered { fact, model, version, sha256, asked: Some(asked.to_string()), answer }
}

fn value(asked: &str, value: &str) -> EventKind {
    says(asked, Answer::Value(value.to_string()))
}

fn refused(case: &mut Case, what: EventKind) -> Refusal {
    let before = serde_json::to_string(case.record()).expect("saved");
    let event = Event::new(format!("x{}", case.record().journal.len()), what);
    let refusal = case.apply(event, at("01T10:00")).expect_err("it is refused");
    assert_eq!(serde_json::to_string(case.record()).expect("saved"), before, "nothing has changed");
    refusal
}

fn known(case: &Case) -> Option<&str> {
    case.record().facts.get("readmission").map(|known| known.value.as_str())
}

/// What was recorded last of the fact, and by whom.
fn last(case: &Case) -> (Answer, By) {
    let recorded = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Recorded { answer, by, .. } => Some((answer.clone(), by.clone())),
        _ => None,
    });
    recorded.expect("something was recorded")
}

/// The id of what the model is asked now.
fn asking(case: &Case) -> String {
    format!("c/{}", case.record().models["readmission"].entry)
}

/// What is saved and loaded again goes on as it was, and its journal makes it what it is.
fn hangs_together(case: &Case) {
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    let text_of = serde_json::to_string(case.record()).expect("a case can be saved");
    let record: CaseRecord = serde_json::from_str(&text_of).expect("what was saved can be read");
    let library = compile(&text(RISK));
    let loaded = library.load(record).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.record(), case.record());
    assert_eq!(case.replay().expect("it can be played again").record(), case.record());
}

#[test]
fn a_model_is_asked_beside_the_step_that_finds_the_fact_and_never_instead() {
    let (case, answer) = opened(&[("age", "84")]);
    assert_eq!(asks(&answer), [("c/3".to_string(), vec!["84".to_string(), "?".to_string()])]);
    // The step is whoever's it was, with its time, and finds the fact.
    let step = &steps(&case)[0];
    assert_eq!((step.owner.as_str(), step.due), ("nurse", at("02T09:00")));
    assert_eq!(step.finds, ["readmission"]);
    assert_eq!(asks(&onward::engine::Answer { effects: case.effects_since(0), ..answer.clone() }), asks(&answer));
    hangs_together(&case);
    // Of nobody anything is known: there is nothing to go by.
    let (case, answer) = opened(&[]);
    assert!(asks(&answer).is_empty(), "{answer:?}");
    assert!(case.record().models.is_empty());
}

#[test]
fn what_it_answers_is_found_by_it_in_its_version_and_the_role_says_that_it_is_done() {
    let mut case = asked();
    let id = asking(&case);
    send(&mut case, value(&id, "45"), "01T09:01");
    assert_eq!(known(&case), Some("45"));
    let (_, by) = last(&case);
    assert_eq!(by.source.as_deref(), Some(format!("model readmission 2.1 (sha256 {HASH})").as_str()));
    assert_eq!(steps(&case)[0].step, "first", "no step is done by a model");
    assert!(steps(&case)[0].finds.is_empty(), "and nobody is asked what is known");
    hangs_together(&case);
    send(&mut case, done("first", &[]), "01T11:00");
    assert_eq!(steps(&case)[0].step, "second");
    let why = case.why("second").expect("it is open");
    let why = serde_json::to_string(&why).expect("writes");
    assert!(why.contains("model readmission 2.1"), "{why}");
    hangs_together(&case);
}

#[test]
fn out_of_range_off_its_step_or_in_vain_it_could_not_and_the_journal_says_why() {
    for (given, why) in [("140", "140"), ("42", "42"), ("much", "much")] {
        let mut case = asked();
        let id = asking(&case);
        send(&mut case, value(&id, given), "01T09:01");
        assert_eq!(known(&case), None);
        let (Answer::CouldNot(said), _) = last(&case) else { panic!("{:?}", last(&case)) };
        assert!(said.starts_with("what the model gave does not fit: ") && said.contains(why), "{said}");
        assert_eq!(steps(&case)[0].finds, ["readmission"], "whoever leads the step still finds it");
        hangs_together(&case);
        send(&mut case, done("first", &[("readmission", "20")]), "01T10:00");
        assert_eq!(ending(&case), Some("over"));
    }
    let mut case = asked();
    let id = asking(&case);
    assert!(matches!(refused(&mut case, says(&id, Answer::CouldNot(" ".into()))), Refusal::ReasonNeeded { .. }));
    assert!(matches!(refused(&mut case, says(&id, Answer::Declined("no".into()))), Refusal::WrongAnswer { .. }));
    send(&mut case, says(&id, Answer::CouldNot("it used up its fuel".into())), "01T09:01");
    assert_eq!(last(&case).0, Answer::CouldNot("it used up its fuel".into()));
}

#[test]
fn an_answer_is_to_what_was_asked_last() {
    let mut case = asked();
    let first = asking(&case);
    let facts = [(Name::from("admissions"), Answer::Value("3".into()))].into();
    let again = send(&mut case, EventKind::Record { facts }, "01T09:30");
    let second = asking(&case);
    assert_eq!(asks(&again), [(second.clone(), vec!["84".to_string(), "3".to_string()])]);
    let refusal = refused(&mut case, value(&first, "45"));
    assert!(matches!(&refusal, Refusal::OldAsking { is, .. } if *is == second), "{refusal}");
    assert_eq!((refusal.code(), refusal.retry(), refusal.fits()), ("old-asking", true, vec![second.clone()]));
    let mut unnamed = value(&first, "45");
    if let EventKind::ModelAnswered { asked, .. } = &mut unnamed {
        *asked = None;
    }
    assert!(matches!(refused(&mut case, unnamed), Refusal::OldAsking { given: None, .. }));
    send(&mut case, value(&second, "45"), "01T09:31");
    // Twice; and then something it goes by is corrected, so that it is asked again.
    assert!(matches!(refused(&mut case, value(&second, "50")), Refusal::ModelNotAsked { .. }));
    let entry = case.record().facts["admissions"].entry;
    let answer = Answer::Value("0".into());
    let corrected = send(&mut case, EventKind::Correct { entry, answer, reason: "a slip".into() }, "01T10:00");
    assert_eq!(asks(&corrected).len(), 1);
    let third = asking(&case);
    send(&mut case, value(&third, "10"), "01T10:00");
    assert_eq!(known(&case), Some("10"));
    hangs_together(&case);
}

#[test]
fn whoever_leads_the_step_may_say_otherwise_and_is_not_overruled() {
    // Before it answers: what somebody found stands, and the answer comes too late.
    let mut case = asked();
    let id = asking(&case);
    let facts = [(Name::from("readmission"), Answer::Value("20".into()))].into();
    let event = Event { by: By::role("nurse"), ..Event::new("n", EventKind::Record { facts }) };
    case.apply(event.clone(), at("01T09:30")).expect("taken");
    assert!(matches!(refused(&mut case, value(&id, "45")), Refusal::ModelNotAsked { .. }));
    // After it: the nurse knows better, and changes what it goes by too; it is not asked again.
    let mut case = asked();
    let id = asking(&case);
    send(&mut case, value(&id, "45"), "01T09:01");
    case.apply(event, at("01T09:30")).expect("taken");
    assert_eq!(known(&case), Some("20"));
    let facts = [(Name::from("admissions"), Answer::Value("3".into()))].into();
    assert!(asks(&send(&mut case, EventKind::Record { facts }, "01T09:40")).is_empty());
    // Once the step is done nobody is asked any more.
    send(&mut case, done("first", &[]), "01T11:00");
    assert!(case.record().models.is_empty() && ending(&case) == Some("over"));
    let refusal = case.apply(Event::new("late", value(&id, "45")), at("01T12:00")).expect_err("it is over");
    assert!(matches!(refusal, Refusal::Closed { .. }), "{refusal}");
}

#[test]
fn what_cannot_be_what_was_asked_is_refused() {
    let mut case = asked();
    let id = asking(&case);
    let mut change = |with: &dyn Fn(&mut EventKind)| {
        let mut what = value(&id, "45");
        with(&mut what);
        refused(&mut case, what).code()
    };
    let code = change(&|it| {
        if let EventKind::ModelAnswered { model, .. } = it {
            *model = "another".into()
        }
    });
    assert_eq!(code, "other-model");
    let code = change(&|it| {
        if let EventKind::ModelAnswered { fact, .. } = it {
            *fact = "age".into()
        }
    });
    assert_eq!(code, "model-not-asked");
    let code = change(&|it| {
        if let EventKind::ModelAnswered { version, .. } = it {
            version.clear()
        }
    });
    assert_eq!(code, "model-unnamed");
    let code = change(&|it| {
        if let EventKind::ModelAnswered { sha256, .. } = it {
            sha256.push('0')
        }
    });
    assert_eq!(code, "model-unnamed");
    // The same event twice is answered the same, and changes nothing.
    let event = Event::new("m", value(&id, "45"));
    let first = case.apply(event.clone(), at("01T10:00")).expect("taken");
    assert_eq!(case.apply(event, at("01T10:00")).expect("the same"), first);
}

#[test]
fn what_is_erased_is_not_shown_by_what_asked_a_model() {
    let mut case = asked();
    case.erase(0, By::default(), "by law", at("01T09:30")).expect("it is erased");
    let text = serde_json::to_string(case.record()).expect("saved");
    assert!(!text.contains("\"84\""), "{text}");
}

#[test]
fn a_model_is_part_of_what_the_pathway_means() {
    let hash = |text: &str| small::open_in(&compile(text)).record().pathway.hash.to_string();
    let whole = text(RISK);
    let all =
        [&whole, &whole.replace("from age, admissions", "from age"), &whole.replace("\"readmission\"", "\"other\"")];
    let mut hashes: Vec<String> = all.into_iter().map(|text| hash(text)).collect();
    let changed = hash(&whole.replace("admissions 0 to 50 in steps of 1", "admissions 0 to 60 in steps of 1"));
    hashes.push(changed);
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 4);
}
