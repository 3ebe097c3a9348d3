//! Everybody there is, of a few facts with few values: what searches are held against.
#![allow(dead_code)]

use onward::check::Person;
use onward::model::{Condition, Fact, FactId, NOT_APPLICABLE};
use onward::workflow::{Truth, truth};

/// Everybody there is, facts that may be unknown included.
pub fn everybody(facts: &[Fact], may_be_unknown: &dyn Fn(FactId) -> bool) -> Vec<Person> {
    everybody_told_apart(facts, may_be_unknown, &|_| true)
}

/// The same, told apart by these facts only: the others are unknown.
pub fn everybody_told_apart(
    facts: &[Fact],
    may_be_unknown: &dyn Fn(FactId) -> bool,
    by: &dyn Fn(FactId) -> bool,
) -> Vec<Person> {
    let mut people = vec![Person::new()];
    for (at, fact) in facts.iter().enumerate() {
        let id = FactId(at as u32);
        let (min, max) = fact.domain.bounds();
        let mut values: Vec<Option<i64>> = (min..=max).step_by(fact.domain.step() as usize).map(Some).collect();
        let applies = applies(facts, fact);
        values.extend((may_be_unknown(id) || applies.is_some()).then_some(None));
        values.extend(applies.map(|_| Some(NOT_APPLICABLE)));
        if !by(id) {
            values = vec![None];
        }
        people = people
            .into_iter()
            .flat_map(|person| {
                values.iter().map(move |value| {
                    let mut person = person.clone();
                    person.insert(id, *value);
                    person
                })
            })
            .collect();
    }
    let tied = |person: &Person, (at, fact): (usize, &Fact)| {
        let id = FactId(at as u32);
        !by(id) || is_tied(applies(facts, fact), person[&id], person, may_be_unknown(id))
    };
    people.retain(|person| facts.iter().enumerate().all(|it| tied(person, it)));
    people
}

/// Whether a fact does not apply just when it depends on something that is not so, and is unknown while that is; where it
/// applies, it is known unless it may be unknown.
fn is_tied(applies: Option<&Condition>, value: Option<i64>, person: &Person, may_be_unknown: bool) -> bool {
    let Some(applies) = applies else { return true };
    match truth(&applies.test, person, &[]) {
        Truth::No => value == Some(NOT_APPLICABLE),
        Truth::Unknown => value.is_none(),
        Truth::Yes => value != Some(NOT_APPLICABLE) && (value.is_some() || may_be_unknown),
    }
}

/// When a fact applies: what is counted since a date, when that does.
fn applies<'f>(facts: &'f [Fact], fact: &'f Fact) -> Option<&'f Condition> {
    let since = fact.elapsed.as_ref().map_or(fact, |elapsed| &facts[elapsed.since.index()]);
    since.applies.as_ref()
}
