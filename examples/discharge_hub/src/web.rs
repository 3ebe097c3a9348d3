//! What the hub answers to a browser and to other systems: one request in, one reply out, with the time given.
//!
//! There is no sign-in here: it listens on this machine only, and a real hub stands behind its own. A refusal is explained
//! to whoever sent the event; what is logged is a code.

use crate::{Arrival, Error, Hub, page};
use onward::calendar::Moment;
use onward::engine::Event;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// What somebody asks.
pub struct Request<'r> {
    /// `GET` or `POST`.
    pub method: &'r str,
    /// The address, with what stands behind a `?`.
    pub address: &'r str,
    /// What kind of text is sent.
    pub kind: &'r str,
    /// The text; nothing where it is none, or too long.
    pub body: Option<&'r str>,
}

/// What is answered.
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// Whether it is a page; JSON otherwise.
    pub is_page: bool,
    /// The text.
    pub body: String,
    /// What to log: a code, and nothing about a person.
    pub code: String,
}

fn shown(body: String) -> Reply {
    Reply { status: 200, is_page: true, body, code: "shown".to_string() }
}

fn told(what: &impl Serialize) -> Result<Reply, Error> {
    let body = serde_json::to_string_pretty(what).map_err(|_| Error::Kept("the answer".to_string()))?;
    Ok(Reply { status: 200, is_page: false, body, code: "told".to_string() })
}

/// Answers.
pub fn respond(hub: &mut Hub, request: &Request<'_>, now: Moment) -> Reply {
    let (path, query) = request.address.split_once('?').unwrap_or((request.address, ""));
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let for_people = parts.first() != Some(&"api");
    let answered = match (request.method, parts.as_slice()) {
        ("GET", ["api", rest @ ..]) => ask(hub, rest, now),
        ("GET", asked) => look(hub, asked, query, now),
        // Another page that somebody has open in a browser cannot send this kind of text without asking first.
        ("POST", _) if !request.kind.starts_with("application/json") => Err(Error::NotJson),
        ("POST", ["api", rest @ ..]) => match request.body {
            Some(body) => send(hub, rest, body, now),
            None => Err(Error::NotText),
        },
        (_, asked) => Err(no_address(asked)),
    };
    answered.unwrap_or_else(|error| trouble(&error, for_people))
}

fn look(hub: &mut Hub, parts: &[&str], query: &str, now: Moment) -> Result<Reply, Error> {
    let every = query.strip_prefix("every=").and_then(|text| text.parse().ok()).map(|it: u32| it.clamp(10, 3600));
    Ok(shown(match parts {
        [] => page::teams(&hub.board(None, now)?, now),
        ["team", team] => page::team(&hub.team(team)?, &hub.board(Some(team), now)?, now, every),
        ["case", id] => page::case(&hub.called(id)?, &hub.look(id)?, now),
        ["case", id, "why", step] => {
            let case = hub.look(id)?;
            let why = case.why(step).ok_or_else(|| not_reached(step))?;
            page::why(&hub.called(id)?, &case, &why)
        }
        _ => return Err(no_address(parts)),
    }))
}

fn no_address(parts: &[&str]) -> Error {
    Error::NotHere(format!("such address: `/{}`", parts.join("/")))
}

/// Nobody says why somebody came to where they never were.
pub fn not_reached(step: &str) -> Error {
    Error::NotHere(format!("step `{step}` that the person came to"))
}

fn ask(hub: &mut Hub, parts: &[&str], now: Moment) -> Result<Reply, Error> {
    match parts {
        ["cases", id] => {
            let case = hub.look(id)?;
            told(&json!({ "revision": case.record().revision, "due": case.due(), "standing": case.standing() }))
        }
        ["cases", id, "why", step] => told(&hub.why(id, step)?.ok_or_else(|| not_reached(step))?),
        ["cases", id, "why-not", step] => {
            let no_step = || Error::NotHere(format!("step `{step}` in the pathway"));
            told(&hub.why_not(id, step)?.ok_or_else(no_step)?)
        }
        ["teams", team] => {
            hub.team(team)?;
            told(&hub.board(Some(team), now)?)
        }
        ["teams"] => told(&hub.board(None, now)?),
        _ => Err(no_address(parts)),
    }
}

fn send(hub: &mut Hub, parts: &[&str], body: &str, now: Moment) -> Result<Reply, Error> {
    match parts {
        ["cases"] => told(&hub.open(&read::<Arrival>("an arrival", body)?, now)?),
        ["cases", id, "events"] => told(&hub.take(id, read::<Event>("an event", body)?, now)?),
        _ => Err(no_address(parts)),
    }
}

/// What was sent, as JSON.
///
/// # Errors
/// When it is not; where, but not what stands there.
pub fn read<T: DeserializeOwned>(wanted: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::unreadable(wanted, &error))
}

fn trouble(error: &Error, for_people: bool) -> Reply {
    let status = match error {
        Error::NoSuchCase(_) | Error::NotHere(_) | Error::NoPathway(_) => 404,
        Error::Unreadable { .. } | Error::OwnId(_) | Error::Lacks(_) | Error::NotText => 400,
        Error::NotJson => 415,
        Error::OtherArrival(_) | Error::CannotGoOn { .. } => 409,
        Error::Refused(refusal) => {
            if refusal.retry() {
                409
            } else {
                422
            }
        }
        Error::Pathways(_) | Error::Store(_) | Error::Kept(_) | Error::File(_) => 500,
    };
    let code = error.code().to_string();
    if for_people {
        return Reply { status, is_page: true, body: page::trouble(status != 404, &error.to_string()), code };
    }
    // To whoever sent it, and to nobody else: what is wrong, and what would fit.
    let (message, fits) = match error {
        Error::Refused(refusal) => (refusal.in_full(), refusal.fits()),
        error => (error.to_string(), Vec::new()),
    };
    let body = json!({ "code": code, "message": message, "fits": fits, "retry": error.retry() });
    Reply { status, is_page: false, body: body.to_string(), code }
}

/// A part of an address as it was before it was written for one.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
