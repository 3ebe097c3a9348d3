//! Whom a pathway is for, and where the others go (8.5).
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{Case, EventKind};
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
