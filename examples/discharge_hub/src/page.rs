//! The pages: who is waiting, for what, since when, who is late, and whom to ring. Written on the server, with no script.
//!
//! *Invariant*: every text that somebody wrote is escaped (`maud` does it). What is late says so in words, and stands
//! first; colour only helps. Contrast is 4.5 to 1 or more, by day and by night.

use crate::board::{self, Team, Waiting};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use onward::calendar::{Length, Moment, Zone};
use onward::engine::{Case, Cause, FactReason, Looked, Standing, Why};
use onward::model::in_words;
use std::collections::BTreeMap;

const STYLE: &str = include_str!("style.css");

fn page(title: &str, every: Option<u32>, body: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = every { meta http-equiv="refresh" content=(seconds); }
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { p { a href="/" { "Discharge hub: all teams" } } }
                main { (body) }
            }
        }
    };
    whole.into_string()
}

/// A name as a part of an address.
pub fn as_part(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A length of time as one would say it: its two largest units.
fn roughly(length: Length) -> String {
    let words = length.to_string();
    let mut parts = words.split(' ');
    let two: Vec<&str> = parts.by_ref().take(4).collect();
    if length.seconds() < 60 { "less than a minute".to_string() } else { two.join(" ") }
}

/// How many people wait, and how many of them too long.
fn counted(waiting: &[Waiting], now: Moment) -> String {
    let people = |all: &mut dyn Iterator<Item = &Waiting>| {
        all.map(|it| it.case.as_str()).collect::<std::collections::BTreeSet<_>>().len()
    };
    let late = people(&mut waiting.iter().filter(|it| it.late_since(now).is_some()));
    let wait = match people(&mut waiting.iter()) {
        0 => return "Nobody is waiting.".to_string(),
        1 => "1 person is waiting".to_string(),
        many => format!("{many} people are waiting"),
    };
    match late {
        0 => format!("{wait}; nothing is late."),
        late if people(&mut waiting.iter()) == late => format!("{wait}, too long."),
        late => format!("{wait}, {late} of them too long."),
    }
}

/// All teams, with how many people wait for each.
pub fn teams(waiting: &[Waiting], now: Moment) -> String {
    let mut teams: BTreeMap<&Team, Vec<Waiting>> = BTreeMap::new();
    for it in waiting {
        teams.entry(&it.team).or_default().push(it.clone());
    }
    let late = |theirs: &[Waiting]| theirs.iter().any(|it| it.late_since(now).is_some());
    let mut teams: Vec<(&Team, Vec<Waiting>)> = teams.into_iter().collect();
    teams.sort_by_key(|(team, theirs)| (!late(theirs), team.title.clone()));
    let body = html! {
        h1 { "Who is waiting" }
        p.sum { (counted(waiting, now)) }
        @if !teams.is_empty() {
            h2 { "By team" }
            ul.teams {
                @for (team, theirs) in &teams {
                    li.late[late(theirs)] {
                        a href=(format!("/team/{}", as_part(&team.name))) { (team.title) }
                        span { (counted(theirs, now)) }
                        (ring(team))
                    }
                }
            }
        }
        (asked_at(waiting, now))
    };
    page("Who is waiting", None, &body)
}

/// What one team has to do.
pub fn team(team: &Team, waiting: &[Waiting], now: Moment, every: Option<u32>) -> String {
    let title = &team.title;
    let here = format!("/team/{}", as_part(&team.name));
    let body = html! {
        h1 { (title) }
        p.sum { (counted(waiting, now)) }
        @if !waiting.is_empty() {
            ol.board { @for it in waiting { (card(it, now)) } }
        }
        (asked_at(waiting, now))
        p.again {
            a href=(here) { "Look again" }
            @if every.is_none() {
                " · " a href=(format!("{here}?every=60")) { "Look again every minute, for a screen on the wall" }
            } @else {
                " · This page looks again by itself. Choosing \u{201c}Look again\u{201d} stops that."
            }
        }
    };
    page(&format!("{title}: who is waiting"), every, &body)
}

fn card(it: &Waiting, now: Moment) -> Markup {
    let late = it.late_since(now);
    html! {
        li.late[late.is_some()].asked[it.asked.is_some()] {
            div.who {
                h2 { a href=(format!("/case/{}", as_part(&it.case))) { (it.called) } }
                @if let Some(since) = late { p.mark { "Late by " (roughly(now.since(since))) } }
                @else if it.asked.is_some() { p.mark { "Somebody was asked" } }
            }
            div.what {
                p { strong { (it.title) } }
                p { (it.wanted) ": " (it.role) }
            }
            (times(it, now))
            div.ring {
                @for other in &it.others { (ring(other)) }
                @if it.others.is_empty() { (ring(&it.team)) }
                p { a href=(format!("/case/{}/why/{}", as_part(&it.case), as_part(place(&it.step)))) {
                    "Why?" span.unseen { " (" (it.called) ": " (it.title) ")" }
                } }
            }
        }
    }
}

/// Since when it is waited for, by when it was to be done, and who was asked.
fn times(it: &Waiting, now: Moment) -> Markup {
    html! {
        dl {
            dt { "Waiting since" } dd { (it.clock(it.since)) " (" (roughly(now.since(it.since))) ")" }
            dt { @if it.late_since(now).is_some() { "Was to be done by" } @else { "By" } } dd { (it.clock(it.due)) }
            @if let Some(asked) = &it.asked {
                dt { "Asked, because " (asked.because) }
                dd { (asked.team.title) ", to answer by " (it.clock(asked.by)) }
            }
        }
    }
}

/// The place of a next step's id.
fn place(step: &str) -> &str {
    step.split('#').next().unwrap_or(step)
}

fn ring(team: &Team) -> Markup {
    html! {
        @if let Some(phone) = &team.phone {
            p.phone { "Ring " (team.title) ": " a href=(format!("tel:{}", phone.replace(' ', ""))) { (phone) } }
        } @else {
            p.phone { "No telephone: " (team.title) }
        }
    }
}

fn asked_at(waiting: &[Waiting], now: Moment) -> Markup {
    let utc = || format!("{} (UTC)", Zone::utc().display(now));
    let clock = waiting.first().map_or_else(utc, |it| it.clock(now));
    html! { p.small { "As it was on " (clock) "." } }
}

/// Where one case stands.
pub fn case(called: &str, case: &Case, now: Moment) -> String {
    let clock = |at: Moment| case.directory().calendar.zone.display(at);
    let pathway = &case.program().pathway;
    let id = &case.record().id;
    let waiting = board::waiting(case, called);
    let body = html! {
        h1 { (called) }
        p { (pathway.title) ", since " (clock(case.record().opened)) "." }
        @match case.standing() {
            Standing::Next(_) => {
                h2 { "What comes next" }
                ul.board { @for step in waiting.chunk_by(|one, other| one.step == other.step) { (next(step, now)) } }
            }
            Standing::Closed(closed) => {
                h2 { "How it ended" }
                p { (title(case, &closed.ending)) ", on " (clock(closed.at)) ". "
                    a href=(format!("/case/{}/why/{}", as_part(id), as_part(&closed.ending))) { "Why?" } }
            }
            Standing::Stranded(_) => p { "There is no way on. This cannot be: the pathway is proved." },
        }
        p.small { "As it was on " (clock(now)) "." }
    };
    page(&format!("{called}: what comes next"), None, &body)
}

/// A next step: as it stands on the boards of the teams that it concerns, and all of them to ring.
fn next(on_boards: &[Waiting], now: Moment) -> Markup {
    let Some(it) = on_boards.first() else { return html! {} };
    let late = it.late_since(now);
    html! {
        li.late[late.is_some()] {
            div.what {
                h3 { (it.title) }
                p { (it.wanted) ": " (it.role) }
                @if let Some(since) = late { p.mark { "Late by " (roughly(now.since(since))) } }
                @else if it.asked.is_some() { p.mark { "Somebody was asked" } }
            }
            (times(it, now))
            div.ring {
                @for one in on_boards { (ring(&one.team)) }
                p { a href=(format!("/case/{}/why/{}", as_part(&it.case), as_part(place(&it.step)))) {
                    "Why?" span.unseen { " (" (it.title) ")" }
                } }
            }
        }
    }
}

fn title(case: &Case, name: &str) -> String {
    let pathway = &case.program().pathway;
    pathway.place_named(name).map_or_else(|| in_words(name), |id| pathway.place(id).title.clone())
}

/// Why the person came to a step. It shows facts about them: it is for whoever asks, and may know.
pub fn why(called: &str, case: &Case, why: &Why) -> String {
    let clock = |at: Moment| case.directory().calendar.zone.display(at);
    let body = html! {
        h1 { (called) ": why \u{201c}" (why.title) "\u{201d}?" }
        p { "It opened on " (clock(why.at)) "." }
        (cause(case, &why.cause))
        p { a href=(format!("/case/{}", as_part(&case.record().id))) { "What comes next for " (called) } }
    };
    page(&format!("{called}: why"), None, &body)
}

fn cause(case: &Case, cause: &Cause) -> Markup {
    html! {
        @match cause {
            Cause::Start => p { "The pathway starts there." },
            Cause::Ended { title, reason, by, .. } => {
                p { "It follows from: " strong { (title) } "."
                    @if let Some(role) = &by.role { " " (role_title(case, role)) " said so." } }
                @if let Some(reason) = reason { blockquote { (reason) } }
            }
            Cause::Block { title, .. } => p { "It is part of: " strong { (title) } "." },
            Cause::Decided(looked) => (decided(case, looked)),
            Cause::Interrupted { title, words, facts, .. } => {
                p { "This cannot wait: " strong { (title) } ", when " q { (words) } "." }
                (facts_of(case, facts))
            }
            Cause::Asked { title, .. } => p { "A risk is put to the person: " strong { (title) } "." },
            Cause::Came { title, what, .. } => p { strong { (title) } ": " (in_words(what)) "." },
            Cause::Called { title, pathway, .. } => p { strong { (title) } " follows " (pathway) "." },
            Cause::CallEnded { title, ending, .. } => p { strong { (title) } " ended: " (ending) "." },
        }
    }
}

fn role_title(case: &Case, role: &str) -> String {
    case.shared().role(role).map_or_else(|| in_words(role), |it| it.title.clone())
}

fn decided(case: &Case, looked: &Looked) -> Markup {
    html! {
        p { "It was decided: " strong { (looked.title) } "." }
        @if let Some(saying) = &looked.saying { blockquote { (saying) } }
        ol.rows {
            @for row in &looked.rows {
                li { q { @if row.words == "none of these" { "if " } @else { "when " } (row.words) } ": "
                    strong { @if row.verdict == "unknown" { "not known yet" } @else { (row.verdict) } }
                    (facts_of(case, &row.facts)) }
            }
        }
    }
}

fn facts_of(case: &Case, facts: &[FactReason]) -> Markup {
    let clock = |at: Moment| case.directory().calendar.zone.display(at);
    html! {
        @if !facts.is_empty() {
            ul { @for fact in facts {
                li { (fact.title) ": "
                    @match &fact.value {
                        Some(value) => strong { (value.replace('_', " ")) },
                        None => "not known",
                    }
                    @if fact.presumed { ", presumed" }
                    @if let Some(role) = fact.by.as_ref().and_then(|by| by.role.as_ref()) { ", found by: " (role_title(case, role)) }
                    @if let Some(at) = fact.happened { ", on " (clock(at)) }
                }
            } }
        }
    }
}

/// What could not be shown, and why, in a sentence without its full stop.
pub fn trouble(is_there: bool, why: &str) -> String {
    let title = if is_there { "This cannot be shown now" } else { "This is not here" };
    let mut letters = why.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    page(title, None, &html! { h1 { (title) } p { (first) (letters.as_str()) "." } })
}
