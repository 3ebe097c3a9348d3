//! The rules themselves: decisions, work, endings, facts, scores.

use super::{Of, nothing, table};
use crate::words::capital;
use maud::{Markup, html};
use onward::model::{Exit, Number, Part, Pass, Place, PlaceKind, Points, RouteId, WhileUnknown, in_words};
use std::collections::BTreeMap;

/// The name that a link to a place leads to.
fn anchor(place: &Place) -> Option<String> {
    Some(format!("at-{}", place.name))
}

pub fn decisions(of: &Of<'_>) -> Markup {
    let mut all = of.pathway.all_places().filter_map(|(_, place)| match &place.kind {
        PlaceKind::Decide(decide) if place.with_call.is_none() && decide.passes.is_none() && decide.asks.is_none() => {
            Some((place, decide))
        }
        _ => None,
    });
    let mut out = Vec::new();
    for (place, decide) in all.by_ref() {
        let mut rows: Vec<(Option<String>, Vec<Markup>)> = Vec::new();
        for (number, row) in decide.rows.iter().enumerate() {
            let cells = vec![html! { (number + 1) }, html! { (row.condition.words) }, of.leads(row.route)];
            rows.push((None, cells));
        }
        if let Some(route) = decide.not_known {
            rows.push((None, vec![html! { "?" }, html! { "if we do not know yet" }, of.leads(route)]));
        }
        out.push(html! {
            h3 id=[anchor(place)] { (place.title) }
            (super::grounds::behind(of, place))
            @let taken = if decide.advice.is_some() { "The first row that holds is advised" } else { "The first row that holds is taken" };
            (table(taken, &["Row", "When", "Then"], &rows))
            (choice(of, decide))
        });
    }
    out.extend(of.pathway.risks.iter().filter(|risk| risk.with_call.is_none()).map(|risk| positive_risk(of, risk)));
    if out.is_empty() {
        nothing("It takes no decision.")
    } else {
        html! { @for it in &out { (it) } }
    }
}

/// What a positive risk is weighed against, who decides, who agrees the plan, and what is in place.
fn positive_risk(of: &Of<'_>, risk: &onward::model::PositiveRisk) -> Markup {
    let fact = |fact: onward::model::FactId| of.facts(&[fact]);
    let titles = |places: &mut dyn Iterator<Item = onward::model::PlaceId>| {
        let titles: Vec<&str> = places.map(|place| of.pathway.place(place).title.as_str()).collect();
        titles.join("; ")
    };
    let asked = |question: onward::model::PlaceId| match &of.pathway.place(question).kind {
        PlaceKind::Decide(decide) => decide.advice.as_ref().map(|advice| advice.by),
        _ => None,
    };
    let mut rows: Vec<(Option<String>, Vec<Markup>)> = Vec::new();
    // What leads to a question is linked from elsewhere on the page.
    for (question, what) in risk.asked.iter().zip(["Who decides", "While the person is not able to"]) {
        if let Some(role) = asked(*question).and_then(|by| of.pathway.place(by).kind.owner()) {
            let row = vec![html! { (what) }, html! { (of.role(role)) }];
            rows.push((Some(format!("at-{}", of.pathway.place(*question).name)), row));
        }
    }
    let mut say = |what: &str, is: Markup| rows.push((None, vec![html! { (what) }, is]));
    risk.matters.into_iter().for_each(|it| say("What matters", html! { (fact(it)) }));
    risk.could_happen.iter().for_each(|text| say("What could happen", html! { (text) }));
    risk.strengths.into_iter().for_each(|it| say("What the person has to set against it", html! { (fact(it)) }));
    if !risk.agreed_by.is_empty() {
        say("Who agrees the plan", html! { (of.roles(&risk.agreed_by)) });
    }
    risk.safe.into_iter().for_each(|place| say("While they disagree", html! { (of.pathway.place(place).title) }));
    if let Some(before) = risk.before {
        let nets = titles(&mut risk.nets.iter().map(|net| net.place));
        say("Safety nets", html! { (nets) " before: " (of.pathway.place(before).title) });
    }
    if let Some(it) = &risk.responder {
        say("If it happens", html! { (of.role(it.role)) " answers within " (it.within.to_string()) });
    }
    risk.review.into_iter().for_each(|place| say("Looked at again", html! { (of.pathway.place(place).title) }));
    html! {
        h3 { (risk.title) }
        (table("Positive risk", &["What", "How it is"], &rows))
    }
}

/// What a role that decides there is told, and when it may choose what.
fn choice(of: &Of<'_>, decide: &onward::model::Decide) -> Markup {
    let title = |place: onward::model::PlaceId| of.pathway.place(place).title.as_str();
    let only_when = decide.only_when.iter();
    let only_when = only_when.map(|it| (None, vec![html! { (title(it.option)) }, html! { (it.condition.words) }]));
    let only_when: Vec<_> = only_when.collect();
    html! {
        @if let Some(advice) = &decide.advice {
            @if let PlaceKind::Choose(choose) = &of.pathway.place(advice.by).kind {
                p {
                    (of.role(choose.role)) " decides within " (choose.within.to_string())
                    @if !choose.with.is_empty() { ", with " (of.roles(&choose.with)) }
                    @if let Some(agreed) = &advice.agreed {
                        ", and only what is agreed by " (of.roles(&agreed.by)) "; if they disagree: " (of.leads(agreed.disagree))
                    }
                    ". Why not as advised: " (advice.otherwise.iter().map(|code| in_words(code)).collect::<Vec<_>>().join(", ")) "."
                }
            }
            @if !advice.reasons.is_empty() {
                (table("What is said for and against", &["Option", "", "When", "What is said", "By whom"], &advice.reasons.iter().map(|it| (None, vec![
                    html! { (title(it.option)) }, html! { @if it.against { "against" } @else { "for" } },
                    html! { (it.when.words) }, html! { (it.text) }, html! { (of.role(it.from)) },
                ])).collect::<Vec<_>>()))
            }
        }
        @if !only_when.is_empty() { (table("What may be chosen only when", &["Option", "Only when"], &only_when)) }
    }
}

/// The pathways that are called, and where each ending of them leads. What is done there stands in their own reports.
pub fn calls(of: &Of<'_>) -> Markup {
    let mut out = Vec::new();
    for (id, place) in of.pathway.all_places().filter(|(_, place)| place.with_call.is_none()) {
        let Some(Pass::Begins { title, .. }) = place.kind.passes() else { continue };
        let ends = of.pathway.places.iter().filter(|it| it.with_call == Some(id));
        let rows = ends.filter_map(|it| match &it.kind {
            PlaceKind::Decide(decide) if matches!(decide.passes, Some(Pass::Ends { .. })) => {
                let route = decide.rows.first()?.route;
                Some((anchor(it), vec![html! { (it.title) }, of.leads(route)]))
            }
            _ => None,
        });
        out.push(html! {
            h3 id=[anchor(place)] { (place.title) }
            (super::grounds::behind(of, place))
            (table(&format!("It follows the pathway \"{title}\""), &["If it ends in", "Then"], &rows.collect::<Vec<_>>()))
        });
    }
    if out.is_empty() {
        nothing("It calls no other pathway.")
    } else {
        html! { @for it in &out { (it) } }
    }
}

/// What interrupts, whatever is open.
pub fn at_any_time(of: &Of<'_>) -> Markup {
    let own = of.pathway.interrupts.iter().filter(|it| it.with_call.is_none());
    let rows = own.map(|it| {
        let limit = |counter: onward::model::CounterId| super::times(of.pathway.counters[counter.index()].limit);
        let leads = html! {
            (of.leads(it.route.0)) @if it.as_well { ", as well" } @else { ", instead" } " (at most " (limit(it.route.1)) ")"
            @if let Some((route, _)) = it.then { ", then " (of.leads(route)) }
        };
        let unknown = match &it.nothing_yet {
            Some(why) => html! { "nothing, because " q { (why) } },
            None => html! { "kept known by " (named(of, &it.kept_by)) },
        };
        (None, vec![html! { (it.title) }, html! { (it.condition.words) }, leads, unknown])
    });
    let rows = rows.collect::<Vec<_>>();
    let open = match rows.is_empty() {
        true => nothing("Nothing is to happen whatever is open."),
        false => table(
            "Whatever is open: instead of it, or as well",
            &["What", "If", "Then", "While that is not known"],
            &rows,
        ),
    };
    html! { (open) (anticipated(of)) }
}

/// What starts the pathway before there is a crisis.
fn anticipated(of: &Of<'_>) -> Markup {
    let all = of.library.shared().anticipations.iter().filter(|it| it.pathway == of.pathway.name);
    let rows: Vec<_> = all
        .map(|it| {
            let within = it.within.in_words(|role| of.role(role).to_string(), |_| String::new(), |it| of.meeting(it));
            let unknown = match &it.unknown {
                Some(WhileUnknown::Ask { role, within }) => {
                    html! { "asked of " (of.role(*role)) ", within " (within.to_string()) }
                }
                Some(WhileUnknown::Nothing(why)) => html! { "nothing, because " q { (why) } },
                None => html! {},
            };
            let starts =
                html! { (of.role(it.led_by)) ", " (within) " (at most once every " (it.once_every.to_string()) ")" };
            (None, vec![html! { (it.title) }, html! { (it.when.words) }, starts, unknown])
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    table(
        "Before a crisis: what starts this pathway",
        &["What", "When", "Who starts it", "While that is not known"],
        &rows,
    )
}

fn named(of: &Of<'_>, places: &[onward::model::PlaceId]) -> String {
    places.iter().map(|place| of.pathway.place(*place).title.as_str()).collect::<Vec<_>>().join(", ")
}

pub fn work(of: &Of<'_>) -> Markup {
    let is_work = |kind: &PlaceKind| !matches!(kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
    let own = |place: &Place| place.with_call.is_none() && is_work(&place.kind);
    let rows = of.pathway.all_places().filter(|(_, place)| own(place)).map(|(_, place)| {
        let cells = vec![
            html! { (place.title) (super::grounds::behind(of, place)) },
            who(of, &place.kind),
            when(of, &place.kind),
            what(of, place),
            after(of, place),
        ];
        (anchor(place), cells)
    });
    let headings = ["What", "Who", "By when", "What it finds out, and who is told", "What comes then"];
    html! {
        (table("Steps, work side by side, what is repeated, handovers", &headings, &rows.collect::<Vec<_>>()))
        (life(of))
    }
}

/// What may happen in a life while something is open: mostly the same everywhere, so said once.
fn life(of: &Of<'_>) -> Markup {
    let rows = Exit::LIFE.into_iter().map(|exit| {
        let mut ways: BTreeMap<RouteId, Vec<&str>> = BTreeMap::new();
        for place in of.pathway.places.iter().filter(|place| place.with_call.is_none()) {
            if let Some(route) = place.exits[exit as usize] {
                ways.entry(route).or_default().push(&place.title);
            }
        }
        let mut ways: Vec<(RouteId, Vec<&str>)> = ways.into_iter().collect();
        ways.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
        let then = html! {
            @for (number, (route, places)) in ways.iter().enumerate() {
                @if number > 0 { "while open: " (places.join("; ")) ": " }
                (of.leads(*route)) br;
            }
        };
        (None, vec![html! { (capital(exit.in_words())) }, then])
    });
    table(
        "What may happen to the person, whatever is open",
        &["What happens", "What comes then"],
        &rows.collect::<Vec<_>>(),
    )
}

fn who(of: &Of<'_>, kind: &PlaceKind) -> Markup {
    let with = match kind {
        PlaceKind::Step(step) => &step.with,
        PlaceKind::Repeat(repeat) => &repeat.with,
        PlaceKind::Choose(choose) => &choose.with,
        _ => const { &Vec::new() },
    };
    html! {
        @match kind {
            PlaceKind::HandOver(it) => { (of.role(it.from)) " to " (of.role(it.to)) }
            PlaceKind::Together(it) => { (it.branches.len()) " things at the same time" }
            _ => @if let Some(owner) = kind.owner() { (of.role(owner)) }
        }
        @if !with.is_empty() { br; span class="small" { "with " (of.roles(with)) } }
        @for needed in kind.not_without() {
            br;
            span class="small" {
                "not without " (of.role(needed.role)) @if let Some(when) = &needed.when { ", unless it is known that not: " (when.words) }
            }
        }
    }
}

fn when(of: &Of<'_>, kind: &PlaceKind) -> Markup {
    html! {
        @match kind {
            PlaceKind::Repeat(it) => { "every " (it.every.to_string()) ", at most " (super::times(it.times)) }
            PlaceKind::Together(it) => {
                @if let Some(first) = it.first { "the first " (first) " " } @else { "all " } "within " (it.within.to_string())
            }
            _ => @if let Some(within) = kind.within() { (within.in_words(|role| of.role(role).to_string(), |it| of.pathway.place(it).title.clone(), |it| of.meeting(it))) }
        }
    }
}

fn what(of: &Of<'_>, place: &Place) -> Markup {
    let finds_missing = matches!(&place.kind, PlaceKind::Step(step) if step.finds_missing);
    html! {
        @if finds_missing { "what the decision was missing" br; }
        @if !place.kind.finds().is_empty() { (of.facts(place.kind.finds())) br; }
        @if let PlaceKind::HandOver(it) = &place.kind { "carries: " (of.facts(&it.carrying)) br; }
        @if let Some(charge) = place.charge {
            "the person may have to pay for it"
            @if let Some(told_in) = charge.told_in { ", and is told so in " (of.pathway.place(told_in).title) }
            br;
        }
        (where_then(of, place))
        @for message in place.kind.tell() {
            span class="small" {
                (of.role(message.to)) " is told" @if message.agreed.is_some() { ", if the person agrees" } ": " q { (message.text) } br;
            }
        }
    }
}

/// Where the person is from then on, where a place says so.
fn where_then(of: &Of<'_>, place: &Place) -> Markup {
    let setting = place.lives.and_then(|lives| Some((lives, of.library.shared().setting(lives.setting)?)));
    html! {
        @if let Some((lives, setting)) = setting {
            "where the person is from then on: " (setting.title)
            @if let Some(told_in) = lives.told_in { ", and they are told so in " (of.pathway.place(told_in).title) }
            br;
        }
    }
}

/// The ways on, but not those by default: these stand once, below.
fn after(of: &Of<'_>, place: &Place) -> Markup {
    let mut ways: Vec<(String, RouteId)> = Vec::new();
    let mut add = |words: &str, route: RouteId| ways.push((words.to_string(), route));
    match &place.kind {
        PlaceKind::Step(it) => it.then.into_iter().for_each(|route| add("done", route)),
        PlaceKind::Together(it) => {
            add("done", it.then);
            add("not all done", it.otherwise);
        }
        PlaceKind::Repeat(it) => {
            if let Some((until, route)) = &it.until {
                add(&format!("until {}", until.words), *route);
            }
            add("after the last time", it.after);
        }
        PlaceKind::HandOver(it) => {
            add("accepted", it.then);
            add("declined", it.declined);
            it.on_condition.into_iter().for_each(|route| add("accepted on a condition", route));
        }
        PlaceKind::Choose(_) => ways.push(("decided".to_string(), RouteId(u32::MAX))),
        PlaceKind::Decide(_) | PlaceKind::Ending(_) => {}
    }
    for exit in Exit::ALL.into_iter().filter(|exit| !Exit::LIFE.contains(exit)) {
        ways.extend(place.exits[exit as usize].map(|route| (exit.in_words().to_string(), route)));
    }
    html! {
        @for (words, route) in &ways {
            (words) ": "
            @if *route == RouteId(u32::MAX) { "one of what the decision leads to" } @else { (of.leads(*route)) }
            br;
        }
    }
}

pub fn endings(of: &Of<'_>) -> Markup {
    let rows = of.pathway.all_places().filter_map(|(_, place)| {
        let PlaceKind::Ending(ending) = &place.kind else { return None };
        if ending.nothing_more {
            return None;
        }
        let owed: Vec<&str> = ending.owed.iter().map(|it| of.pathway.place(*it).title.as_str()).collect();
        let told = html! { @for message in &ending.tell {
            (of.role(message.to)) @if message.agreed.is_some() { ", if the person agrees" } ": " q { (message.text) } br;
        } };
        let cells = vec![
            html! { (place.title) (super::grounds::behind(of, place)) },
            html! { (of.role(ending.held_by)) br; (where_then(of, place)) },
            html! { (owed.join("; ")) },
            told,
        ];
        Some((anchor(place), cells))
    });
    let headings = ["Ending", "Who holds the person then", "What was done before, on every path", "Who is told"];
    table("Every case ends in one of these", &headings, &rows.collect::<Vec<_>>())
}

pub fn facts(of: &Of<'_>) -> Markup {
    let shared = of.library.shared();
    let rows = of.pathway.facts.iter().filter_map(|id| shared.facts.get(id.index())).map(|fact| {
        let found: Vec<String> = fact.found_by.iter().map(|together| of.roles(together)).collect();
        let who = html! {
            @if !fact.asked_of.is_empty() { "asked of " (of.roles(&fact.asked_of)) br; }
            @if !found.is_empty() { "found by " (found.join(", or ")) @if fact.model.is_some() { br; } }
            @if let Some(model) = &fact.model {
                @let from: Vec<&str> = model.from.iter().filter_map(|it| shared.facts.get(it.index())).map(|it| it.title.as_str()).collect();
                "found by the model " (model.model) ", from: " (from.join("; "))
            }
        };
        let unit = fact.unit.as_ref().map_or(String::new(), |unit| format!(", {unit}"));
        let presumed = fact.presumed.map(|value| format!("presumed {} until found otherwise", fact.show(value)));
        let applies = fact.applies.as_ref().map(|applies| format!("applies when {}", applies.words));
        let kept_from = (!fact.kept_from.is_empty()).then(|| format!("kept from {}", of.roles(&fact.kept_from)));
        let lets = (!fact.lets_be_told.is_empty()).then(|| format!("lets {} be told", of.roles(&fact.lets_be_told)));
        let since = fact.elapsed.as_ref().map(|it| {
            let date = shared.facts.get(it.since.index()).map_or("", |date| date.title.as_str());
            format!("{} since: {date}", if it.in_years { "years" } else { "days" })
        });
        let codes = fact.codes.iter().map(|it| format!("{} {}", it.system, it.code)).collect::<Vec<_>>().join(", ");
        let codes = (!codes.is_empty()).then_some(codes);
        let more: String = [presumed, applies, kept_from, lets, since, codes]
            .into_iter()
            .flatten()
            .map(|it| format!("; {it}"))
            .collect();
        let good = match fact.good_for {
            Some(length) => length.to_string(),
            None if fact.settled => "for ever: it does not change".to_string(),
            None => "no end is set".to_string(),
        };
        let cells =
            vec![html! { (fact.title) }, html! { (fact.domain.in_words()) (unit) (more) }, who, html! { (good) }];
        (Some(format!("fact-{}", fact.name)), cells)
    });
    let headings = ["What", "Its values", "Who knows it", "How long it is good"];
    table(
        "Every one of these may be unknown, and is unknown again when no longer good",
        &headings,
        &rows.collect::<Vec<_>>(),
    )
}

pub fn scores(of: &Of<'_>) -> Markup {
    let shared = of.library.shared();
    if shared.scores.is_empty() {
        return nothing("It uses no score.");
    }
    html! {
        @for score in &shared.scores {
            h3 { (score.title) }
            @for source in &score.sources { p class="small" { (super::grounds::source(source)) } }
            (table("Points of each part", &["Part", "Points"], &score.parts.iter().map(|part| (None, vec![html! { (part.title) }, points(of, part, score.decimals)])).collect::<Vec<_>>()))
            @if let Some(by) = score.divided_by() { p class="small" { "Divided by: " (title_of(of, by)) } }
        }
    }
}

/// The title of a number that something is divided by.
fn title_of(of: &Of<'_>, number: Number) -> String {
    let shared = of.library.shared();
    match number {
        Number::Fact(fact, _) => shared.facts.get(fact.index()).map_or_else(String::new, |fact| fact.title.clone()),
        Number::Computed(score) => {
            shared.scores.get(score.index()).map_or_else(String::new, |score| score.title.clone())
        }
    }
}

fn points(of: &Of<'_>, part: &Part, decimals: u32) -> Markup {
    let shown = |points: i64| onward::model::decimal(points, decimals);
    match &part.points {
        Points::Bands(fact, bands) => {
            let fact = of.library.shared().facts.get(fact.index());
            html! {
                @for (ranges, points) in bands {
                    @let values = ranges.iter().map(|(from, to)| fact.map_or_else(String::new, |fact| {
                        if from == to { fact.domain.show(from) } else { format!("{} to {}", fact.domain.show(from), fact.domain.show(to)) }
                    }));
                    (values.collect::<Vec<_>>().join(", ")) ": " (shown(*points)) br;
                }
            }
        }
        Points::Table(score, bands) => {
            let score = of.library.shared().scores.get(score.index());
            html! {
                @for (ranges, points) in bands {
                    @let show = |value: i64| score.map_or_else(String::new, |score| score.show(value));
                    @let values = ranges.iter().map(|(from, to)| if from == to { show(from) } else { format!("{} to {}", show(from), show(to)) });
                    (values.collect::<Vec<_>>().join(", ")) ": " (shown(*points)) br;
                }
            }
        }
        Points::Times(_, times) => html! { (times) " ×" },
        Points::Rows(rows, otherwise) => html! {
            @for (row, points) in rows { (row.words) ": " (shown(*points)) br; }
            (in_words("otherwise")) ": " (shown(*otherwise))
        },
    }
}
