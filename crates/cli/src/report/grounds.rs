//! What stands behind the rules: sources, hazards, and what is allowed.

use super::{Of, nothing, table};
use maud::{Markup, html};
use onward::model::{Control, HowBad, HowLikely, Place, SourceRef, in_words};

/// A source, in a line.
pub fn source(it: &SourceRef) -> Markup {
    html! {
        (it.source) @if let Some(section) = &it.section { ", " (section) }
        @if let Some(checked) = &it.checked { " (checked " (checked.date.to_string()) ")" }
        @if it.unverified { " " strong class="bad" { "(nobody has looked at it yet)" } }
    }
}

/// Where a place comes from, and when it is in force.
pub fn behind(_: &Of<'_>, place: &Place) -> Markup {
    html! {
        @for it in &place.sources { div class="small" { "Source: " (source(it)) } }
        @if let Some(force) = place.in_force {
            div class="small" {
                "In force from " (force.from.date.to_string())
                @if let Some(until) = force.until { " until " (until.date.to_string()) }
            }
        }
    }
}

pub fn hazards(of: &Of<'_>) -> Markup {
    if of.pathway.hazards.is_empty() {
        return nothing("No hazard is written down in the pathway.");
    }
    let rows = of.pathway.hazards.iter().map(|hazard| {
        let bad = HowBad::ALL.iter().find(|(_, it)| *it == hazard.severity).map_or("", |(name, _)| name);
        let likely = HowLikely::ALL.iter().find(|(_, it)| *it == hazard.likelihood).map_or("", |(name, _)| name);
        let controls = html! {
            @if hazard.controls.is_empty() { strong class="bad" { "nothing" } }
            ul {
                @for control in &hazard.controls {
                    li {
                        @match control {
                            Control::Place(id) => {
                                @let place = of.pathway.place(*id);
                                a href={ "#at-" (place.name) } { (place.title) }
                            }
                            Control::AtAnyTime(number) => {
                                @if let Some(it) = of.pathway.interrupts.get(*number as usize) { "at any time: " (it.title) }
                            }
                            Control::Anticipation(name) => {
                                @let all = &of.library.shared().anticipations;
                                @let title = all.iter().find(|it| it.name == *name).map(|it| it.title.as_str());
                                "seen coming: " (title.unwrap_or_default())
                            }
                            Control::Promise(number) => {
                                @if let Some(promise) = of.pathway.promises.get(*number as usize) {
                                    "the promise: " (promise.words) " (" (super::proof::status(of, promise)) ")"
                                }
                            }
                            Control::Scenario(title) => { "tried in: " (title) " (" (super::tried::result(of, title)) ")" }
                        }
                    }
                }
            }
        };
        let owner = hazard.owner.map_or("", |owner| of.role(owner));
        let cells = vec![
            html! { (hazard.name) ": " (hazard.title) },
            html! { (in_words(bad)) },
            html! { (in_words(likely)) },
            html! { (hazard.risk()) " of 5" },
            controls,
            html! { (owner) },
        ];
        (Some(format!("hazard-{}", hazard.name)), cells)
    });
    let headings = [
        "Hazard",
        "How bad",
        "How likely, with its controls",
        "Risk",
        "What keeps it from happening",
        "Who answers for it",
    ];
    table("Graded in the words of DCB0129; risk by its example matrix", &headings, &rows.collect::<Vec<_>>())
}

pub fn sources(of: &Of<'_>) -> Markup {
    let mut all: Vec<(&SourceRef, String)> =
        of.pathway.sources.iter().map(|it| (it, "the whole pathway".to_string())).collect();
    for place in &of.pathway.places {
        all.extend(place.sources.iter().map(|it| (it, place.title.clone())));
    }
    for hazard in &of.pathway.hazards {
        all.extend(hazard.sources.iter().map(|it| (it, hazard.title.clone())));
    }
    let shared = of.library.shared();
    for fact in of.pathway.facts.iter().filter_map(|id| shared.facts.get(id.index())) {
        all.extend(fact.sources.iter().map(|it| (it, fact.title.clone())));
    }
    for score in &shared.scores {
        all.extend(score.sources.iter().map(|it| (it, score.title.clone())));
    }
    if all.is_empty() {
        return nothing("No source is named.");
    }
    all.sort_by(|(a, _), (b, _)| (&a.source, &a.section).cmp(&(&b.source, &b.section)));
    let rows: Vec<_> = all.iter().map(|(it, what)| (None, vec![source(it), html! { (what) }])).collect();
    table("Sources, and what rests on them", &["Source", "What rests on it"], &rows)
}

pub fn allowed(of: &Of<'_>) -> Markup {
    let all = &of.library.report().allowed;
    if all.is_empty() {
        return nothing("Nothing is allowed: every warning is shown above.");
    }
    let rows = all.iter().map(|it| {
        let cells = vec![
            html! { (it.finding.message) " (" (of.place(it.finding.at.place)) ")" },
            html! { (it.because) },
            html! { (it.by) },
            html! { (it.until) },
        ];
        (None, cells)
    });
    table(
        "Warnings that stay, each for a time",
        &["What was found", "Why it may stay", "Who answers for it", "Until"],
        &rows.collect::<Vec<_>>(),
    )
}
