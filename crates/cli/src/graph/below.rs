//! The words below the drawing: what holds for every step, and what the shapes mean.

use super::boxes::{self, Sample, text};
use super::picture::Picture;
use super::words::{Naming, leads, otherwise, wrap, xml};
use onward::model::{Exit, PlaceId, Promise, PromiseKind, Reached};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What the shapes mean.
const KEY: [(Sample, &str); 7] = [
    (Sample::Step, "Step: somebody does something, by a deadline"),
    (Sample::Decision, "Decision: the first row that holds is taken"),
    (Sample::Together, "Side by side: all of its parts are open at once"),
    (Sample::Repeat, "Repeated: again and again, until something holds"),
    (Sample::HandOver, "Handover: the sender stays responsible until it is accepted"),
    (Sample::Ending, "Ending: the pathway ends, and somebody holds the person"),
    (Sample::Back, "A dashed line goes back to something earlier"),
];

/// What holds wherever a step does not say otherwise: why, and where that leads.
pub fn by_default(picture: &Picture<'_>, exits: &[Exit], naming: Naming) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for exit in exits {
        if let Some(route) = picture.defaults[*exit as usize] {
            let why = match exit {
                Exit::NobodyCan => "escalated, and nobody can",
                exit => otherwise(*exit),
            };
            lines.push((format!("If {why}"), format!("→ {}", leads(picture, route, naming, naming))));
        }
    }
    lines
}

/// What happens whatever is open: when, where that leads, and whether instead or as well.
pub fn at_any_time(picture: &Picture<'_>, naming: Naming) -> Vec<(String, String)> {
    let limit = |counter: onward::model::CounterId| {
        super::words::at_most(picture.pathway.counters.get(counter.index()).map_or(0, |counter| counter.limit))
    };
    let line = |it: &onward::model::Interrupt| {
        let inside = it.with_call.map_or(String::new(), |call| format!(", in {}", boxes::named(picture, call)));
        let then =
            it.then.map_or(String::new(), |(route, _)| format!(", then {}", leads(picture, route, naming, naming)));
        let to = leads(picture, it.route.0, naming, naming);
        let how = if it.as_well { "as well" } else { "instead" };
        (
            format!("{}: if {}{inside}", it.title, it.condition.words),
            format!("→ {to}, {how}, {}{then}", limit(it.route.1)),
        )
    };
    picture.pathway.interrupts.iter().map(line).collect()
}

/// What the pathway promises to everybody, a line each.
pub fn promised(picture: &Picture<'_>) -> Vec<String> {
    let place = |it: PlaceId| boxes::named(picture, it);
    let goal = |goal: Reached| match goal {
        Reached::Place(goal) => place(goal),
        Reached::Role(role) => picture.role(role).to_string(),
    };
    let title =
        |fact: onward::model::FactId| picture.shared.facts.get(fact.index()).map_or("?", |fact| fact.title.as_str());
    let say = |promise: &Promise| match promise.kind {
        PromiseKind::EndsWithin(within) => format!("Everyone reaches an ending within {within}"),
        PromiseKind::NotWithoutFirst { reached, first } => {
            format!("Nobody reaches {} without this first: {}", place(reached), place(first))
        }
        PromiseKind::WhoeverHas { fact, reaches, within } => {
            let fact = title(fact);
            format!("Whoever has this, {fact}, reaches within {within}: {}", goal(reaches))
        }
        PromiseKind::WhoeverReaches { from, reaches, within } => {
            format!("Whoever comes here, {}, reaches within {within}: {}", place(from), goal(reaches))
        }
        PromiseKind::NeverTogether(one, other) => format!("Never at one time: {} and {}", place(one), place(other)),
        PromiseKind::NotAgainst { wish, able } => format!(
            "Nobody goes against \"{}\" without their own decision (\"{}\") or one in their best interests",
            title(wish),
            title(able)
        ),
        PromiseKind::NotAskedTwice => "Nobody is asked twice".to_string(),
    };
    picture.pathway.promises.iter().map(say).collect()
}

/// What happens when a part of side-by-side work ends otherwise.
fn parts(picture: &Picture<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for exit in Exit::ALL.into_iter().filter(|exit| !Exit::LIFE.contains(exit)) {
        let mut ways: BTreeSet<String> = BTreeSet::new();
        for place in &picture.pathway.places {
            if let (Some(_), Some(route)) = (place.kind.branch_of(), place.exits[exit as usize]) {
                ways.insert(leads(picture, route, Naming::Full, Naming::Full));
            }
        }
        if !ways.is_empty() {
            lines.push((
                format!("If {}", otherwise(exit)),
                format!("→ {}", ways.into_iter().collect::<Vec<_>>().join("; or ")),
            ));
        }
    }
    lines
}

/// Draws the words from `top`, in columns side by side as far as `width` allows. Gives how far down they come.
pub fn draw(out: &mut String, picture: &Picture<'_>, left: i64, top: i64, width: i64) -> i64 {
    let events: Vec<Exit> = Exit::ALL.into_iter().filter(|exit| !Exit::LIFE.contains(exit)).collect();
    let blocks = [
        ("What everybody is promised", promised(picture).into_iter().map(|it| (it, String::new())).collect()),
        ("At every step, unless its box says otherwise", by_default(picture, &events, Naming::Full)),
        ("At any time, instead of what is open or as well", at_any_time(picture, Naming::Full)),
        ("At any time, in the person's life", by_default(picture, &Exit::LIFE, Naming::Full)),
        ("For a part of work that goes on side by side", parts(picture)),
    ];
    let full: Vec<_> = blocks.into_iter().filter(|(_, lines)| !lines.is_empty()).collect();
    let all = full.len() as i64 + 1;
    let columns = (width / 290).clamp(1, all);
    let room = ((width - 24 * (columns - 1)) / columns).min(460);
    let mut bottoms = vec![top; columns as usize];
    for (number, (heading, lines)) in full.into_iter().enumerate() {
        let column = number % columns as usize;
        let x = left + column as i64 * (room + 24);
        let mut at = bottoms[column] + 4;
        text(out, x, &mut at, &wrap(heading, room, 14, true, 3), "heading");
        at += 4;
        for (why, to) in lines {
            at += 3;
            text(out, x, &mut at, &wrap(&why, room, 12, true, 5), "row");
            text(out, x + 14, &mut at, &wrap(&to, room - 14, 12, false, 12), "meta");
        }
        bottoms[column] = at + 20;
    }
    let column = (all as usize - 1) % columns as usize;
    let x = left + column as i64 * (room + 24);
    let mut at = bottoms[column] + 4;
    text(out, x, &mut at, &["What the shapes mean".to_string()], "heading");
    at += 12;
    for (sample, words) in KEY {
        boxes::sample(out, &sample, x, at);
        let lines = wrap(words, room - 54, 12, false, 3);
        let mut line = at - if lines.len() > 1 { 5 } else { -1 };
        for words in &lines {
            line += 15;
            let _ = writeln!(out, r##"<text x="{}" y="{line}" class="meta">{}</text>"##, x + 54, xml(words));
        }
        at += 34.max(15 * lines.len() as i64 + 8);
    }
    bottoms[column] = at + 8;
    bottoms.into_iter().max().unwrap_or(top)
}
