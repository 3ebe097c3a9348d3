//! Writing person files: what [`read_person`](super::read_person) reads.

use crate::engine::LifeEvent;
use crate::model::{Answer, Domain, Given, Shared, Story, What};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Person<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'s str>,
    starts: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: Facts<'s>,
    events: Vec<Event<'s>>,
}

type Facts<'s> = BTreeMap<&'s str, Box<RawValue>>;

#[derive(Serialize)]
struct Event<'s> {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    #[serde(flatten)]
    what: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'s str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<&'s str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: Facts<'s>,
}

/// A story as a person file. `about` is for whoever reads it.
pub fn write_person(story: &Story, about: Option<&str>, shared: &Shared) -> String {
    let events = story.events.iter().map(|event| Event {
        after: (event.after.seconds() > 0).then(|| event.after.to_string()),
        what: what(&event.what),
        because: event.because.as_deref(),
        condition: event.condition.as_deref(),
        by: event.by.as_ref().map(|by| by.as_str()),
        with: event.with.iter().map(|role| role.as_str()).collect(),
        facts: facts(&event.facts, shared),
    });
    let person = Person {
        about,
        starts: story.starts.to_string(),
        facts: facts(&story.knowing, shared),
        events: events.collect(),
    };
    serde_json::to_string_pretty(&person).map_or(String::new(), |text| text + "\n")
}

fn what(what: &What) -> BTreeMap<&'static str, Value> {
    let step = |word, step: &crate::model::Name| BTreeMap::from([(word, json!(step.as_str()))]);
    match what {
        What::Nothing => BTreeMap::from([("nothing", json!(true))]),
        What::Record => BTreeMap::from([("record", json!(true))]),
        What::Model(it) => step("model", it),
        What::Done(it) => step("done", it),
        What::PersonDeclines(it) => step("declined", it),
        What::Cannot(it) => step("cannot", it),
        What::Accepted(it) => step("accepted", it),
        What::Declined(it) => step("refused", it),
        What::Withdrawn(what) => step("withdrawn", what),
        What::Raised(what) => step("raised", what),
        What::Decides { step, option, otherwise } => {
            let decides = [("decides", json!(option.as_str()))].into_iter();
            let decides = decides.chain(step.as_ref().map(|step| ("step", json!(step.as_str()))));
            decides.chain(otherwise.as_ref().map(|code| ("otherwise", json!(code.as_str())))).collect()
        }
        What::Agrees { step, role, option } => {
            let agrees = [("agrees", json!(option.as_str())), ("role", json!(role.as_str()))].into_iter();
            agrees.chain(step.as_ref().map(|step| ("step", json!(step.as_str())))).collect()
        }
        What::Disagrees { step, role } => {
            let disagrees = [("disagrees", json!(role.as_str()))].into_iter();
            disagrees.chain(step.as_ref().map(|step| ("step", json!(step.as_str())))).collect()
        }
        What::Reassigned { step, to, within } => BTreeMap::from([
            ("reassigned", json!(step.as_str())),
            ("to", json!(to.as_str())),
            ("within", json!(within.to_string())),
        ]),
        What::Settled(fact) => step("settled", fact),
        What::Life(exit) => BTreeMap::from([("life", LifeEvent::of(*exit).map_or(Value::Null, |life| json!(life)))]),
    }
}

fn facts<'s>(given: &'s [Given], shared: &Shared) -> Facts<'s> {
    let written = given.iter().filter_map(|it| {
        let domain = &shared.fact_named(&it.fact)?.domain;
        let text = in_json(&it.answer, domain);
        RawValue::from_string(text).ok().map(|raw| (it.fact.as_str(), raw))
    });
    written.collect()
}

fn in_json(answer: &Answer, domain: &Domain) -> String {
    match answer {
        Answer::Value(text) => match domain {
            Domain::YesOrNo => (text == "yes").to_string(),
            // Exactly the digits: no number is ever made of them on the way.
            Domain::Number { .. } => text.clone(),
            Domain::SeveralOf(_) => {
                let none = text == "none_of_them";
                let options: Vec<&str> = if none { Vec::new() } else { text.split(" and ").collect() };
                json!(options).to_string()
            }
            _ => json!(text).to_string(),
        },
        Answer::Declined(why) => json!({ "declined": why }).to_string(),
        Answer::CouldNot(why) => json!({ "could not": why }).to_string(),
        Answer::NotApplicable(why) => json!({ "not applicable": why }).to_string(),
    }
}
