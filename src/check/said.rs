//! Conditions, people and regions of people in words, for findings.

use super::Person;
use super::people::{Region, Values};
use crate::model::{Domain, Fact, FactId, HowMany, NOT_APPLICABLE, Ranges, Score, Shared, Test};

/// A list with a word before the last.
pub fn list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// The values in some ranges, as one would write them behind `is`.
fn values(fact: &Fact, ranges: &Ranges) -> String {
    let (min, max) = fact.domain.bounds();
    let ordered = !matches!(
        fact.domain,
        Domain::YesOrNo | Domain::OneOf(_) | Domain::SeveralOf(_) | Domain::Text | Domain::Document
    );
    let step = fact.domain.step().max(1);
    let mut said = Vec::new();
    for (from, to) in ranges.within(min, max).iter() {
        let (from, to) = (from + (step - (from - min) % step) % step, to - (to - min) % step);
        let show = |value: i64| fact.show(value);
        match (from == to, ordered) {
            (true, _) => said.push(show(from)),
            (false, false) => said.extend((from..=to).map(show)),
            (false, true) if from == min && to == max => {
                said.push(format!("{} to {}", fact.domain.show(from), show(to)))
            }
            (false, true) if from == min => said.push(format!("at most {}", show(to))),
            (false, true) if to == max => said.push(format!("at least {}", show(from))),
            (false, true) => said.push(format!("{} to {}", fact.domain.show(from), show(to))),
        }
    }
    if ranges.contains(NOT_APPLICABLE) {
        said.push(fact.show(NOT_APPLICABLE));
    }
    list(&said, "or")
}

/// A condition, as its authors could have written it.
pub fn condition(test: &Test, shared: &Shared) -> String {
    let fact = |id: &FactId| shared.facts.get(id.index());
    let score = |id: &crate::model::ScoreId| shared.scores.get(id.index());
    match test {
        Test::All(parts) => joined(parts, "and", shared),
        Test::Any(parts) => joined(parts, "or", shared),
        Test::Not(part) => format!("not {}", inner(part, shared)),
        Test::Fact(id, ranges) => fact(id).map_or(String::new(), |fact| {
            let is = |value: i64| ranges.contains(value);
            let need_not_apply = fact.applies.is_some();
            let yes = (fact.domain == Domain::YesOrNo).then(|| (is(1), is(0), is(NOT_APPLICABLE)));
            match yes {
                Some((true, false, false)) => fact.name.to_string(),
                Some((false, true, not_applicable)) if not_applicable == need_not_apply => format!("not {}", fact.name),
                _ => worded(fact.name.as_str(), &values(fact, ranges)),
            }
        }),
        Test::Includes(id, option) => {
            fact(id).map_or(String::new(), |fact| format!("{} includes {}", fact.name, fact.domain.show(1 << option)))
        }
        Test::Score(id, ranges) => {
            score(id).map_or(String::new(), |score| worded(score.name.as_str(), &points(score, ranges)))
        }
        Test::AnyPart(id, ranges) => score(id)
            .map_or(String::new(), |score| format!("any part of {} scores {}", score.name, points(score, ranges))),
        Test::Counting(how, count, facts) => {
            let how = match how {
                HowMany::AtLeast => "at least",
                HowMany::AtMost => "at most",
                HowMany::Exactly => "exactly",
            };
            let names: Vec<&str> = facts.iter().filter_map(fact).map(|fact| fact.name.as_str()).collect();
            format!("{how} {count} of {} are yes", names.join(", "))
        }
    }
}

/// A name and what it is; bounds say so themselves.
fn worded(name: &str, values: &str) -> String {
    let bound = values.starts_with("at ") && !values.contains(" or ");
    match values {
        "" => format!("{name} is none of its values"),
        values if bound => format!("{name} {values}"),
        values => format!("{name} is {values}"),
    }
}

fn points(score: &Score, ranges: &Ranges) -> String {
    let (min, max) = score.bounds();
    let show = |value: i64| score.show(value);
    let said: Vec<String> = ranges
        .iter()
        .map(|(from, to)| match (from == to, from <= min, to >= max) {
            (true, ..) => show(from),
            (_, true, _) => format!("at most {}", show(to)),
            (_, _, true) => format!("at least {}", show(from)),
            _ => format!("{} to {}", show(from), show(to)),
        })
        .collect();
    list(&said, "or")
}

fn inner(test: &Test, shared: &Shared) -> String {
    let said = condition(test, shared);
    if matches!(test, Test::All(parts) | Test::Any(parts) if parts.len() > 1) { format!("({said})") } else { said }
}

fn joined(parts: &[Test], word: &str, shared: &Shared) -> String {
    let parts: Vec<String> = parts.iter().map(|part| inner(part, shared)).collect();
    parts.join(&format!(" {word} "))
}

/// What is known of a person, of the facts that matter: `whose` …; nothing where none does.
pub fn person(person: &Person, matters: impl Fn(FactId) -> bool, shared: &Shared) -> String {
    let facts = person.iter().filter(|(fact, _)| matters(**fact)).filter_map(|(fact, value)| {
        let fact = shared.facts.get(fact.index())?;
        Some(match value {
            Some(value) => format!("whose `{}` is {}", fact.name, fact.show(*value)),
            None => format!("whose `{}` is not known", fact.name),
        })
    });
    list(&facts.collect::<Vec<_>>(), "and")
}

/// A region: `when` …
pub fn region(region: &Region, shared: &Shared) -> String {
    let mut said: Vec<String> = Vec::new();
    for (id, allowed) in region {
        let Some(fact) = shared.facts.get(id.index()) else { continue };
        match allowed {
            Values::In(ranges) => said.push(format!("`{}` is {}", fact.name, values(fact, ranges))),
            Values::Including { applies: Some(false), .. } => said.push(format!("`{}` is not applicable", fact.name)),
            Values::Including { with, without, applies } => {
                if *with == 0 && *applies == Some(true) {
                    said.push(format!("`{}` applies", fact.name));
                }
                if *with != 0 {
                    said.push(format!("`{}` includes {}", fact.name, fact.domain.show(*with)));
                }
                if *without != 0 {
                    let options = fact.domain.show(*without).replace(" and ", " or ");
                    said.push(format!("`{}` does not include {options}", fact.name));
                }
            }
        }
    }
    list(&said, "and")
}
