//! A pathway on one page of HTML, for those who agree to it, check it, and answer for it.
//!
//! The page needs nothing else to be shown, runs no script, prints, and is the same bytes for the same files on the same
//! day. It is written for people who cannot see colours, or anything: headings in order, tables with headings, a link
//! past the picture, words for everything.
//!
//! *May use*: the public face of the library, `graph` for the picture. *Invariant*: what stands in a file is text here,
//! and never a tag.

mod grounds;
mod people;
mod proof;
mod rules;
mod tried;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use onward::calendar::Date;
use onward::model::{Directory, Pathway, PathwayId, RouteId, Target};
use onward::{Library, Proof};

/// What the sections look at.
#[derive(Clone, Copy)]
struct Of<'l> {
    library: &'l Library,
    id: PathwayId,
    pathway: &'l Pathway,
    directory: Option<&'l Directory>,
    proof: Option<&'l Proof>,
}

/// A section: the name a link leads to, its heading, and what stands in it.
type Section = (&'static str, &'static str, fn(&Of<'_>) -> Markup);

const SECTIONS: &[Section] = &[
    ("proved", "What is proved, and what it rests on", proof::section),
    ("promises", "What the pathway promises", proof::promises),
    ("picture", "The pathway as a picture", picture),
    ("decisions", "Decisions", rules::decisions),
    ("calls", "Calls", rules::calls),
    ("at-any-time", "At any time", rules::at_any_time),
    ("work", "What is done, by whom, by when", rules::work),
    ("endings", "Endings", rules::endings),
    ("parity", "Who decides, finds out, and is told", people::parity),
    ("facts", "What is known about the person", rules::facts),
    ("scores", "Scores", rules::scores),
    ("hazards", "What may go wrong, and what keeps it from happening", grounds::hazards),
    ("sources", "Where the rules come from", grounds::sources),
    ("allowed", "What is allowed, and who answers for it", grounds::allowed),
    ("contacts", "Who is there, and when", people::contacts),
    ("ladders", "Whom one turns to when nobody answers", people::ladders),
    ("scenarios", "People we have thought about", tried::scenarios),
    ("coverage", "What they have met, and what not yet", tried::coverage),
    ("identity", "Exactly which pathway this is", identity),
];

/// The page.
pub fn html(library: &Library, id: PathwayId, on: Option<Date>) -> String {
    let pathway = library.pathway_by(id);
    let directory = library.directory_for(id).map(|id| library.directory(id));
    let of = Of { library, id, pathway, directory, proof: library.proof(id) };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (pathway.title) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                header {
                    h1 { (pathway.title) }
                    (proof::verdict(&of))
                    p { "Version " (pathway.version) @if let Some(on) = on { ", looked at on " (on) } "." }
                    @if let Some(force) = pathway.in_force {
                        p {
                            "In force from " (force.from.date.to_string())
                            @if let Some(until) = force.until { " until " (until.date.to_string()) } "."
                        }
                    }
                    @if let Some(review) = pathway.review_by { p { "To be looked at again by " (review.date.to_string()) "." } }
                    (agreed(&of))
                }
                nav aria-label="On this page" {
                    ol { @for (name, heading, _) in SECTIONS { li { a href={ "#" (name) } { (heading) } } } }
                }
                main {
                    @for (name, heading, write) in SECTIONS {
                        section id=(name) { h2 { (heading) } (write(&of)) }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// Who agrees to what stands here, of those whose agreement is needed.
fn agreed(of: &Of<'_>) -> Markup {
    let mark = onward::model::mark(&of.library.program(of.id).hash);
    let on = |who: &str| of.pathway.agreements.iter().rfind(|it| it.by == *who && it.mark == mark).map(|it| it.on.date);
    html! {
        @if !of.pathway.needs_agreement.is_empty() {
            p { "Who agrees to what stands here, which has the mark " code { (mark) } ":" }
            ul {
                @for needed in &of.pathway.needs_agreement {
                    li {
                        (onward::model::in_words(&needed.who)) ": "
                        @match on(&needed.who) {
                            Some(date) => { "agreed on " (date.to_string()) }
                            None => { strong { "has not agreed to it yet" } }
                        }
                    }
                }
            }
        }
    }
}

fn picture(of: &Of<'_>) -> Markup {
    let drawn = crate::graph::svg(of.library.program(of.id), of.library.shared(), true);
    let large = too_large_for_paper(&drawn);
    html! {
        p { a href="#decisions" { "Go past the picture: everything in it also stands below, in words." } }
        @if large {
            p class="on-paper" { "The picture is too large for paper, and so is left out. Everything in it stands below, in words." }
        }
        div class=(if large { "picture large" } else { "picture" }) tabindex="0" role="region" aria-label="The picture, which scrolls" { (PreEscaped(drawn)) }
    }
}

/// The most that a picture is wide or high, in its own units, to be read when it is printed on one page.
const PAPER: u64 = 2_600;

/// Whether a picture could not be read on one page.
fn too_large_for_paper(drawn: &str) -> bool {
    let side = |name: &str| {
        let behind = drawn.split_once(&format!(" {name}=\""))?.1;
        behind.split('"').next()?.parse::<u64>().ok()
    };
    ["width", "height"].iter().filter_map(|name| side(name)).any(|side| side > PAPER)
}

fn identity(of: &Of<'_>) -> Markup {
    let hashes = of.proof.map(|proof| (proof.pathway_hash.as_str(), proof.directory_hash.as_deref()));
    html! {
        p { "Two pathways with the same hash mean the same, whatever their comments and their layout." }
        dl {
            dt { "Pathway" } dd { code { (of.pathway.name) } ", version " (of.pathway.version) }
            @if let Some((pathway, directory)) = hashes {
                dt { "Hash of the pathway" } dd { code { (pathway) } }
                @if let (Some(hash), Some(directory)) = (directory, of.directory) {
                    dt { "Directory" } dd { (directory.title) }
                    dt { "Hash of the directory" } dd { code { (hash) } }
                }
            }
            dt { "Files" }
            dd { ul { @for source in &of.library.report().sources { li { code { (source.name) } } } } }
            dt { "Written by" } dd { "onward " (env!("CARGO_PKG_VERSION")) }
        }
    }
}

impl Of<'_> {
    /// The title of a role.
    fn role(&self, role: onward::model::RoleId) -> &str {
        self.library.shared().roles.get(role.index()).map_or("", |role| role.title.as_str())
    }

    /// The title of a meeting, as the directory has it.
    fn meeting(&self, id: onward::model::MeetingId) -> String {
        let held = self.directory.and_then(|it| it.meeting(id));
        held.map_or_else(|| self.pathway.meeting(id).to_string(), |it| it.title.clone())
    }

    fn roles(&self, roles: &[onward::model::RoleId]) -> String {
        roles.iter().map(|role| self.role(*role)).collect::<Vec<_>>().join("; ")
    }

    /// The title of a fact.
    fn fact(&self, fact: onward::model::FactId) -> &str {
        self.library.shared().facts.get(fact.index()).map_or("", |fact| fact.title.as_str())
    }

    fn facts(&self, facts: &[onward::model::FactId]) -> String {
        facts.iter().map(|fact| self.fact(*fact)).collect::<Vec<_>>().join("; ")
    }

    /// A moment, as a clock and a calendar where the directory is show it.
    fn time(&self, at: onward::calendar::Moment) -> String {
        self.directory.map_or_else(|| at.to_string(), |directory| directory.calendar.zone.display(at))
    }

    /// Where a route leads: a link to each place, how often, and what comes then.
    fn leads(&self, route: RouteId) -> Markup {
        let legs: Vec<_> = self.pathway.route_chain(route).map(|(_, route)| route).collect();
        html! {
            @for (number, leg) in legs.iter().enumerate() {
                @if number > 0 { ", then " }
                @match leg.target {
                    Target::Place(place) => {
                        @let place = self.pathway.place(place);
                        a href={ "#at-" (place.name) } { (place.title) }
                    }
                    Target::Escalate(ladder) => {
                        "turn to " a href={ "#ladder-" (self.pathway.ladder(ladder).name) } { (self.ladder(ladder)) }
                    }
                    Target::Back => "back to the decision",
                    Target::NotDone => "goes on without it",
                }
                @if let Some(why) = &leg.why { ", because " q { (why) } }
                @if let Some((counter, _)) = leg.counted {
                    " (at most " (times(self.pathway.counters[counter.index()].limit)) ")"
                }
            }
        }
    }

    fn ladder(&self, ladder: onward::model::LadderId) -> String {
        let name = &self.pathway.ladder(ladder).name;
        let found = self.directory.and_then(|directory| directory.ladder(name));
        found.map_or_else(|| onward::model::in_words(name), |ladder| ladder.title.clone())
    }
}

/// `once`, `twice`, `3 times`.
fn times(count: u32) -> String {
    match count {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        more => format!("{more} times"),
    }
}

/// What stands where there is nothing to say.
fn nothing(words: &str) -> Markup {
    html! { p class="nothing" { (words) } }
}

/// A table: its headings, and its rows, each with the name a link leads to and its cells; the first cell heads its row.
fn table(caption: &str, headings: &[&str], rows: &[(Option<String>, Vec<Markup>)]) -> Markup {
    html! {
        div class="wide" {
            table {
                caption { (caption) }
                thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
                tbody {
                    @for (id, cells) in rows {
                        tr id=[id.as_ref()] {
                            @for (number, cell) in cells.iter().enumerate() {
                                @if number == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
