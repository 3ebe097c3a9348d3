//! Person files: one person, and what happens to them, in JSON. Decimals are exact; what is not understood is an error
//! that names it.

use crate::calendar::{Length, ReadTimeError};
use crate::diagnostic::{in_short, nearest};
use crate::engine::LifeEvent;
use crate::library::Library;
use crate::model::{Answer, DirectoryId, Given, Happening, Name, Pathway, PathwayId, Story, ValueError, What};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a person file cannot be used. Events are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PersonError {
    /// It is not JSON, or not of this shape.
    #[error("{0}")]
    Shape(String),
    /// It does not say a time that can be read.
    #[error("`starts`: {0}")]
    Starts(Box<ReadTimeError>),
    /// A fact the pathway does not know.
    #[error("{whence}: the pathway does not know the fact `{fact}`{}", meant.as_ref().map(|it| format!("; did you mean `{it}`?")).unwrap_or_default())]
    UnknownFact {
        /// Where it stands.
        whence: String,
        /// The fact.
        fact: String,
        /// What was probably meant.
        meant: Option<String>,
    },
    /// A value that does not fit its fact.
    #[error("{whence}: `{fact}`: {error}")]
    BadValue {
        /// Where it stands.
        whence: String,
        /// The fact.
        fact: String,
        /// Why it does not fit.
        error: Box<ValueError>,
    },
    /// An event that cannot be read.
    #[error("event {event}: {why}")]
    BadEvent {
        /// Which event.
        event: usize,
        /// Why.
        why: String,
    },
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RawPerson {
    starts: String,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, crate::schema::FactInFile>"))]
    facts: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<RawEvent>"))]
    events: Vec<Box<RawValue>>,
    /// Words for whoever reads the file.
    #[serde(default, rename = "about")]
    _about: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RawEvent {
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    done: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    declined: Option<String>,
    #[serde(default)]
    cannot: Option<String>,
    #[serde(default)]
    accepted: Option<String>,
    #[serde(default)]
    refused: Option<String>,
    #[serde(default)]
    decides: Option<String>,
    #[serde(default)]
    otherwise: Option<String>,
    #[serde(default)]
    agrees: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    disagrees: Option<String>,
    #[serde(default)]
    step: Option<String>,
    #[serde(default)]
    reassigned: Option<String>,
    #[serde(default)]
    withdrawn: Option<String>,
    #[serde(default)]
    settled: Option<String>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    raised: Option<String>,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    within: Option<String>,
    #[serde(default)]
    life: Option<LifeEvent>,
    #[serde(default)]
    record: Option<bool>,
    #[serde(default)]
    nothing: Option<bool>,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    because: Option<String>,
    #[serde(default)]
    condition: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, crate::schema::FactInFile>"))]
    facts: BTreeMap<String, Box<RawValue>>,
    /// Words for whoever reads the file.
    #[serde(default, rename = "about")]
    _about: Option<String>,
}

/// The shape of a person file.
#[cfg(feature = "schema")]
pub(crate) fn person_schema() -> schemars::Schema {
    schemars::schema_for!(RawPerson)
}

/// Reads a person file for a pathway. Local times are local to the directory.
///
/// # Errors
/// [`PersonError`] says what is wrong and where.
pub fn read_person(
    text: &str,
    library: &Library,
    pathway: PathwayId,
    directory: DirectoryId,
) -> Result<Story, PersonError> {
    let raw: RawPerson = object(text).map_err(|(place, what)| PersonError::Shape(format!("{place}: {what}")))?;
    let zone = &library.directory(directory).calendar.zone;
    let starts = zone.read(&raw.starts).map_err(|error| PersonError::Starts(Box::new(error)))?;
    let read = |facts: BTreeMap<String, Box<RawValue>>, whence: String| -> Result<Vec<Given>, PersonError> {
        facts.into_iter().map(|(name, raw)| read_fact(library, pathway, directory, &name, &raw, &whence)).collect()
    };
    let knowing = read(raw.facts, "`facts`".to_string())?;
    let mut events = Vec::new();
    for (index, event) in raw.events.into_iter().enumerate() {
        let bad = |why| PersonError::BadEvent { event: index + 1, why };
        let mut event: RawEvent = object(event.get()).map_err(|(_, what)| bad(what))?;
        let facts = read(std::mem::take(&mut event.facts), format!("event {}", index + 1))?;
        let happening = read_event(event, facts, library.pathway_by(pathway));
        events.push(happening.map_err(bad)?);
    }
    Ok(Story { starts, knowing, events })
}

/// Reads what stands between curly brackets; serde would take a list in its place.
/// An error says at which line and column, and what.
fn object<T: for<'t> Deserialize<'t>>(text: &str) -> Result<T, (String, String)> {
    let read = serde_json::from_str(text).map_err(|error| plain(&error));
    match text.trim_start().as_bytes().first() {
        Some(b'{') => read,
        _ if serde_json::from_str::<&RawValue>(text).is_ok() => {
            let what = "this does not fit: it is written between curly brackets, `{` and `}`";
            Err(("line 1, column 1".to_string(), what.to_string()))
        }
        _ => read,
    }
}

/// What serde says, without its own vocabulary.
fn plain(error: &serde_json::Error) -> (String, String) {
    let text = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let what = text.strip_suffix(&at).unwrap_or(&text);
    let what = match error.classify() {
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
            format!("this is not JSON: {what}")
        }
        _ => unknown_field(what).unwrap_or_else(|| what.replace("invalid type: ", "this does not fit: ")),
    };
    (format!("line {}, column {}", error.line(), error.column()), what)
}

/// An unknown field, with what was probably meant, taken out of serde's list of all that there are.
fn unknown_field(what: &str) -> Option<String> {
    let mut quoted = what.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let field = quoted.next()?;
    let known: Vec<&str> = quoted.collect();
    let shown = in_short(field);
    Some(match nearest(field, known.iter().copied()).first() {
        Some(near) => format!("there is no field `{shown}`; did you mean `{near}`?"),
        None => format!("there is no field `{shown}`; docs/person-file.md lists the fields"),
    })
}

/// What a value looks like in JSON, where that is not how it is written in a pathway.
fn in_json(domain: &crate::model::Domain) -> String {
    use crate::model::Domain;
    let words = domain.in_words();
    match domain {
        Domain::YesOrNo => format!("{words}; write true or false"),
        Domain::Number { .. } => format!("{words}, without quotation marks"),
        Domain::SeveralOf(_) => format!("{words}; write a list, such as [\"…\", \"…\"]"),
        _ => format!("{words}, in quotation marks"),
    }
}

fn read_fact(
    library: &Library,
    pathway: PathwayId,
    directory: DirectoryId,
    name: &str,
    raw: &RawValue,
    whence: &str,
) -> Result<Given, PersonError> {
    let shared = library.shared();
    let reach = &library.pathway_by(pathway).facts;
    let known = shared.fact(name).filter(|fact| reach.contains(fact));
    let Some(fact) = known else {
        let names = reach.iter().map(|fact| shared.facts[fact.index()].name.as_str());
        let meant = nearest(name, names).first().map(|near| (*near).to_string());
        return Err(PersonError::UnknownFact { whence: whence.to_string(), fact: in_short(name), meant });
    };
    let domain = &shared.facts[fact.index()].domain;
    let bad =
        |error| PersonError::BadValue { whence: whence.to_string(), fact: name.to_string(), error: Box::new(error) };
    let wrong = || bad(ValueError::WrongType { given: in_short(raw.get()), wanted: in_json(domain), meant: None });
    let answer = read_answer(raw, domain).ok_or_else(wrong)?;
    if let Answer::Value(text) = &answer {
        domain.read(text, Some(&library.directory(directory).calendar.zone)).map_err(bad)?;
    }
    Ok(Given { fact: Name::from(name), answer })
}

/// The answer a JSON value stands for, as it is written in a pathway. Numbers are taken as their digits stand.
fn read_answer(raw: &RawValue, domain: &crate::model::Domain) -> Option<Answer> {
    use crate::model::Domain;
    let text = raw.get();
    match text.as_bytes().first()? {
        b't' | b'f' if *domain == Domain::YesOrNo => {
            Some(Answer::Value(if text == "true" { "yes" } else { "no" }.to_string()))
        }
        b'"' if *domain != Domain::YesOrNo && !matches!(domain, Domain::Number { .. }) => {
            Some(Answer::Value(serde_json::from_str(text).ok()?))
        }
        b'-' | b'0'..=b'9' if matches!(domain, Domain::Number { .. }) => Some(Answer::Value(text.to_string())),
        b'[' if matches!(domain, Domain::SeveralOf(_)) => {
            let options: Vec<String> = serde_json::from_str(text).ok()?;
            let none = options.is_empty();
            Some(Answer::Value(if none { "none_of_them".to_string() } else { options.join(" and ") }))
        }
        b'{' => {
            let said: BTreeMap<String, String> = serde_json::from_str(text).ok()?;
            let mut said = said.into_iter();
            match (said.next(), said.next()) {
                (Some((how, why)), None) => Some(match how.as_str() {
                    "could not" => Answer::CouldNot(why),
                    "declined" => Answer::Declined(why),
                    "not applicable" => Answer::NotApplicable(why),
                    _ => return None,
                }),
                _ => None,
            }
        }
        _ => None,
    }
}

fn read_event(event: RawEvent, facts: Vec<Given>, pathway: &Pathway) -> Result<Happening, String> {
    let place = |name: &String| -> Result<Name, String> {
        let plain = name.split('#').next().unwrap_or(name);
        if pathway.place_named(plain).is_some() {
            return Ok(Name::from(name));
        }
        let names = pathway.places.iter().map(|place| place.name.as_str());
        let meant = nearest(name, names).first().map(|near| format!("; did you mean `{near}`?"));
        Err(format!("the pathway has no `{name}`{}", meant.unwrap_or_default()))
    };
    // Of a positive risk: by whoever is asked then, the person or who decides in their best interests.
    let is_risk = |name: &String| pathway.risks.iter().any(|risk| risk.name == name.as_str());
    let risk_decided = |risk: &String, option: &str| What::Decides {
        step: Some(Name::from(risk)),
        option: Name::from(option),
        otherwise: event.otherwise.as_ref().map(Name::from),
    };
    let option_of = |name: &String| match name.as_str() {
        "accepted" | "not_accepted" if !pathway.risks.is_empty() => Ok(Name::from(name)),
        _ => place(name),
    };
    let length = |text: &String| match text.parse::<Length>() {
        Ok(length) if length < Length::ZERO => Err(format!("`{text}` goes back in time")),
        Ok(length) => Ok(length),
        Err(error) => Err(error.to_string()),
    };
    let mut said: Vec<(&str, What)> = Vec::new();
    if let Some(step) = &event.done {
        said.push(("done", What::Done(place(step)?)));
    }
    if let Some(step) = &event.declined {
        said.push(("declined", What::PersonDeclines(place(step)?)));
    }
    if let Some(step) = &event.cannot {
        said.push(("cannot", What::Cannot(place(step)?)));
    }
    if let Some(step) = &event.accepted {
        let is_risk = is_risk(step);
        said.push(("accepted", if is_risk { risk_decided(step, "accepted") } else { What::Accepted(place(step)?) }));
    }
    if let Some(step) = &event.refused {
        let is_risk = is_risk(step);
        said.push(("refused", if is_risk { risk_decided(step, "not_accepted") } else { What::Declined(place(step)?) }));
    }
    if let Some(option) = &event.decides {
        let step = event.step.as_ref().map(place).transpose()?;
        said.push((
            "decides",
            What::Decides { step, option: option_of(option)?, otherwise: event.otherwise.as_ref().map(Name::from) },
        ));
    }
    if let Some(option) = &event.agrees {
        let Some(role) = &event.role else { return Err("`agrees` needs `role`: who agrees".to_string()) };
        let what = if is_risk(option) {
            What::Agrees { step: Some(Name::from(option)), role: Name::from(role), option: Name::from("accepted") }
        } else {
            let step = event.step.as_ref().map(place).transpose()?;
            What::Agrees { step, role: Name::from(role), option: option_of(option)? }
        };
        said.push(("agrees", what));
    }
    if let Some(role) = &event.disagrees {
        let step = event.step.as_ref().map(place).transpose()?;
        said.push(("disagrees", What::Disagrees { step, role: Name::from(role) }));
    }
    if let Some(step) = &event.reassigned {
        let (Some(to), Some(within)) = (&event.to, &event.within) else {
            return Err("`reassigned` needs `to` and `within`".to_string());
        };
        let what = What::Reassigned { step: place(step)?, to: Name::from(to), within: length(within)? };
        said.push(("reassigned", what));
    }
    if let Some(what) = &event.withdrawn {
        if !pathway.risks.iter().any(|risk| risk.name == what.as_str()) {
            let risks = pathway.risks.iter().map(|risk| risk.name.as_str());
            let meant = nearest(what, risks).first().map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("`{what}` is no positive risk here{}", meant.unwrap_or_default()));
        }
        said.push(("withdrawn", What::Withdrawn(Name::from(what))));
    }
    if let Some(fact) = &event.settled {
        if facts.iter().map(|it| it.fact.as_str()).collect::<Vec<_>>() != [fact.as_str()] {
            return Err("`settled` needs `facts` with that one fact: what it is".to_string());
        }
        said.push(("settled", What::Settled(Name::from(fact))));
    }
    if let Some(model) = &event.model {
        if facts.len() != 1 {
            return Err("`model` needs `facts` with the one fact that it finds".to_string());
        }
        said.push(("model", What::Model(Name::from(model))));
    }
    if let Some(what) = &event.raised {
        let may = || pathway.interrupts.iter().filter(|it| it.anyone_may_raise).map(|it| it.name.as_str());
        if !may().any(|name| name == what) {
            let meant = nearest(what, may()).first().map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("nobody may raise `{what}` here{}", meant.unwrap_or_default()));
        }
        said.push(("raised", What::Raised(Name::from(what))));
    }
    if let Some(life) = event.life {
        said.push(("life", What::Life(life.exit())));
    }
    if event.record == Some(true) {
        said.push(("record", What::Record));
    }
    if event.nothing == Some(true) {
        said.push(("nothing", What::Nothing));
    }
    const KINDS: &str = "`done`, `declined`, `cannot`, `accepted`, `refused`, `decides`, `agrees`, `disagrees`, \
         `reassigned`, `settled`, `model`, `withdrawn`, `raised`, `life`, `record` or `nothing`";
    let what = match said.len() {
        0 => return Err(format!("it does not say what happens: one of {KINDS}")),
        1 => said.remove(0).1,
        _ => {
            let both: Vec<String> = said.iter().map(|(word, _)| format!("`{word}`")).collect();
            return Err(format!("it says {} at once; one event is one thing", both.join(" and ")));
        }
    };
    let brings_facts = matches!(what, What::Done(_) | What::Record | What::Settled(_) | What::Model(_));
    if !facts.is_empty() && !brings_facts {
        return Err(
            "facts come with `done`, `settled`, `model` or `record` only; write an event `\"record\": true` for them"
                .to_string(),
        );
    }
    let with: Vec<Name> = event.with.iter().map(Name::from).collect();
    if !with.is_empty() && !matches!(what, What::Done(_)) {
        return Err("`with` says who was there when something was done; it comes with `done` only".to_string());
    }
    Ok(Happening {
        after: event.after.as_ref().map(length).transpose()?.unwrap_or(Length::ZERO),
        what,
        facts,
        by: event.by.as_ref().map(Name::from),
        with,
        because: event.because,
        condition: event.condition,
    })
}
