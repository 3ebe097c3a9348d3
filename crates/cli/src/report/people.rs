//! People: who decides and finds out, who is told, who is there when.

use super::{Of, nothing, table};
use maud::{Markup, html};
use onward::calendar::{Weekly, weekday_name};
use onward::model::{PlaceKind, RoleId, in_words};
use std::collections::BTreeMap;

/// What a profession does on the pathway.
#[derive(Default)]
struct Does {
    leads: usize,
    takes_part: usize,
    decides: usize,
    agrees: usize,
    finds: usize,
    receives: usize,
    told: usize,
}

/// Side by side, so that one sees who is added on and who is equal.
pub fn parity(of: &Of<'_>) -> Markup {
    let roles = &of.library.shared().roles;
    let who = |id: RoleId| {
        let role = roles.get(id.index());
        let profession = role.and_then(|role| role.profession.as_ref().or(role.of.as_ref()));
        match profession {
            Some(profession) => in_words(profession),
            None => role.map_or_else(String::new, |role| role.title.clone()),
        }
    };
    let mut all: BTreeMap<String, Does> = BTreeMap::new();
    for (_, place) in of.pathway.all_places() {
        let mut count = |id: RoleId, add: fn(&mut Does)| add(all.entry(who(id)).or_default());
        match &place.kind {
            PlaceKind::Choose(choose) => count(choose.role, |it| it.decides += 1),
            PlaceKind::Decide(decide) => {
                let agreed = decide.agreed().into_iter().flat_map(|agreed| &agreed.by);
                agreed.for_each(|role| count(*role, |it| it.agrees += 1));
            }
            PlaceKind::HandOver(hand_over) => {
                count(hand_over.from, |it| it.leads += 1);
                count(hand_over.to, |it| it.receives += 1);
            }
            kind => kind.owner().into_iter().for_each(|owner| count(owner, |it| it.leads += 1)),
        }
        let with = match &place.kind {
            PlaceKind::Step(step) => &step.with[..],
            PlaceKind::Repeat(repeat) => &repeat.with[..],
            PlaceKind::Choose(choose) => &choose.with[..],
            _ => &[],
        };
        with.iter().for_each(|role| count(*role, |it| it.takes_part += 1));
        place.kind.tell().iter().for_each(|message| count(message.to, |it| it.told += 1));
    }
    let shared = of.library.shared();
    for fact in of.pathway.facts.iter().filter_map(|id| shared.facts.get(id.index())) {
        for role in fact.found_by.iter().flatten().chain(&fact.asked_of) {
            all.entry(who(*role)).or_default().finds += 1;
        }
    }
    let rows: Vec<_> = all
        .iter()
        .map(|(name, it)| {
            let counts = [it.leads, it.takes_part, it.decides, it.agrees, it.finds, it.receives, it.told];
            let cells = std::iter::once(html! { (name) }).chain(counts.iter().map(|count| html! { (count) }));
            (None, cells.collect())
        })
        .collect();
    let headings = [
        "Who",
        "Leads",
        "Takes part in",
        "Decides",
        "Must agree",
        "Can say or find out (facts)",
        "Receives the person",
        "Is told",
    ];
    table("By profession, or by kind of organisation, or by role where neither is said", &headings, &rows)
}

pub fn contacts(of: &Of<'_>) -> Markup {
    let Some(directory) = of.directory else { return nothing("No directory is meant.") };
    let needed: Vec<RoleId> = of.pathway.needs().map(|(_, role)| role).collect();
    let on_ladders: Vec<usize> =
        directory.ladders.iter().flat_map(|it| &it.rungs).flat_map(|it| it.contacts.clone()).collect();
    let concerned = directory.contacts.iter().enumerate().filter(|(number, contact)| {
        on_ladders.contains(number) || contact.fills.iter().any(|role| needed.contains(role))
    });
    let rows = concerned.map(|(_, contact)| {
        let cells = vec![
            html! { (contact.title) },
            html! { (crate::words::reached_by(contact).unwrap_or_default()) },
            hours(&contact.opening.weekly, contact.opening.is_always()),
            html! {
                (of.roles(&contact.fills))
                @if let Some(serves) = &contact.serves {
                    br; span class="small" {
                        "for those of whom " (serves.condition.words) @if serves.until_known { ", and for anybody until that is known" }
                    }
                }
            },
        ];
        (None, cells)
    });
    table(
        &directory.title,
        &["Contact", "How it is reached", "Open in an ordinary week", "Fills"],
        &rows.collect::<Vec<_>>(),
    )
}

fn hours(weekly: &Weekly, always: bool) -> Markup {
    if always {
        return html! { "always" };
    }
    let days: Vec<(usize, String)> = (0..7)
        .map(|day| (day, weekly.day(day).iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")))
        .collect();
    let runs =
        days.chunk_by(|(_, a), (_, b)| a == b).filter(|run| run.first().is_some_and(|(_, hours)| !hours.is_empty()));
    html! {
        @for run in runs {
            @if let (Some((from, hours)), Some((to, _))) = (run.first(), run.last()) {
                (weekday_name(*from).unwrap_or("")) @if to > from { " to " (weekday_name(*to).unwrap_or("")) } " " (hours) br;
            }
        }
    }
}

pub fn ladders(of: &Of<'_>) -> Markup {
    let Some(directory) = of.directory else { return nothing("No directory is meant.") };
    let used: Vec<_> = of.pathway.ladders.iter().filter_map(|it| directory.ladder(&it.name)).collect();
    if used.is_empty() {
        return nothing("It turns to nobody.");
    }
    html! {
        @for ladder in used {
            h3 id={ "ladder-" (ladder.name) } { (ladder.title) }
            ol {
                @for rung in &ladder.rungs {
                    @let names = rung.contacts.iter().filter_map(|number| directory.contacts.get(*number)).map(|it| it.title.as_str());
                    li { (names.collect::<Vec<_>>().join(", or ")) ", to answer within " (rung.within.to_string()) }
                }
            }
        }
    }
}
