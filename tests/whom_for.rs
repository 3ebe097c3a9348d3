//! Whom a pathway is for, and where the others go (8.5).
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::diagnostic::Kind;
use onward::engine::{Case, EventKind, Opening};
use onward::model::{Answer, Name};
use small::{at, compile, ending, only, open_in, send, text};

const ASKED: &str = "step first
  led by nurse
  finds ready, pain
  within 2 days
  then second

step second
  led by nurse
  within 2 days
  then home

step elsewhere
  led by team
  within 2 days
  then home";

/// A case of a pathway that says of itself whom it is for, in these clauses.
fn case(clauses: &str) -> Case {
    let text = text(ASKED).replacen("  starts at first\n", &format!("  starts at first\n{clauses}\n"), 1);
    open_in(&compile(&text))
}

fn record(case: &mut Case, fact: &str, value: &str, time: &str) {
    let facts = [(Name::from(fact), Answer::Value(value.into()))].into();
    send(case, EventKind::Record { facts }, time);
}

const WHY: &str = "  if we do not know yet -> nothing, because \"it is asked at the first visit\"";

#[test]
fn whoever_it_is_not_for_goes_where_it_says_as_soon_as_that_is_known() {
    let mut it = case(&format!("  not for ready -> elsewhere\n{WHY}"));
    assert_eq!(only(&it).step, "first", "while it is not known, one stays");
    record(&mut it, "ready", "yes", "01T10:00");
    assert_eq!(only(&it).step, "elsewhere");
    record(&mut it, "ready", "no", "01T11:00");
    record(&mut it, "ready", "yes", "01T12:00");
    assert_eq!(only(&it).step, "elsewhere", "once is enough");
    it.verify().expect("it is what its journal makes it");
}

#[test]
fn whoever_it_is_for_stays() {
    let clauses = format!("  for ready, otherwise -> elsewhere\n  not for pain at least 8 -> home\n{WHY}");
    let mut it = case(&clauses);
    record(&mut it, "ready", "yes", "01T10:00");
    record(&mut it, "pain", "7", "01T10:30");
    assert_eq!(only(&it).step, "first");
    let mut not_ready = it.clone();
    record(&mut not_ready, "ready", "no", "01T11:00");
    assert_eq!(only(&not_ready).step, "elsewhere");
    record(&mut it, "pain", "8", "01T11:00");
    assert_eq!(ending(&it), Some("home"));
    assert!(it.record().closed.as_ref().is_some_and(|closed| closed.at == at("01T11:00")));
}

/// Whether a condition of two facts is a definite yes.
type Holds = fn(Option<bool>, Option<bool>) -> bool;

/// Conditions of two facts, and for whom they are a definite yes: by the first and the second, no, yes or not known.
const OF_TWO: [(&str, Holds); 4] = [
    ("ready", |ready, _| ready == Some(true)),
    ("not alone", |_, alone| alone == Some(false)),
    ("ready and alone", |ready, alone| ready == Some(true) && alone == Some(true)),
    ("ready or alone", |ready, alone| ready == Some(true) || alone == Some(true)),
];

#[test]
fn whoever_goes_past_where_the_pathway_is_not_for_them_is_found_and_nobody_else() {
    let (mut found, mut not) = (0, 0);
    for ((whom, is_so), asks) in OF_TWO.into_iter().flat_map(|of| ["elsewhere", "home"].map(|asks| (of, asks))) {
        for (row, _) in OF_TWO {
            for targets in 0..8 {
                let to = |number: i32| if targets >> number & 1 == 1 { "home" } else { "first" };
                let steps = format!(
                    "facts\n  alone yes or no\n\ndecide whether\n  when {row} -> {}\n  if none of these -> {}\n  \
                     if we do not know yet -> {}\n\nstep first\n  led by nurse\n  finds ready, alone\n  within 2 days\n  \
                     then home\n\nstep elsewhere\n  led by team\n  within 2 days\n  then home",
                    to(0),
                    to(1),
                    to(2)
                );
                let text = text(&steps).replacen(
                    "  starts at first\n",
                    &format!("  not for {whom} -> {asks}\n{WHY}\n  starts at whether\n"),
                    1,
                );
                let library = compile(&text);
                let said = library.report().findings.iter().any(|it| it.kind == Kind::PassedBy);
                let pathway = library.pathway("small").expect("there");
                let known = [None, Some(false), Some(true)];
                let goes_past =
                    known.iter().flat_map(|ready| known.map(|alone| (*ready, alone))).any(|(ready, alone)| {
                        let facts = [("ready", ready), ("alone", alone)].into_iter();
                        let answer = |yes: bool| Answer::Value(if yes { "yes" } else { "no" }.into());
                        let facts = facts.filter_map(|(name, is)| Some((Name::from(name), answer(is?)))).collect();
                        let opening = Opening { id: "c".into(), facts, ..Default::default() };
                        let (case, _) = pathway.open_draft(opening, at("01T09:00")).expect("opens");
                        let there = ending(&case) == Some(asks) || case.record().open.iter().any(|it| it.step == asks);
                        let past = is_so(ready, alone) && !there;
                        assert!(!past || case.record().closed.is_some(), "only an ending is too soon:\n{text}");
                        past
                    });
                assert_eq!(said, goes_past, "{text}");
                *(if said { &mut found } else { &mut not }) += 1;
            }
        }
    }
    assert!(found > 30 && not > 30, "both are shown: {found} and {not}");
}
