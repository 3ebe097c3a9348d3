//! The same picture as text that other tools draw: Mermaid and DOT.

use super::below::{at_any_time, by_default, promised};
use super::boxes::{kind, ladder_name, meta};
use super::picture::{Picture, Why};
use super::words::{Naming, at_most, called};
use onward::model::{Decide, Exit, PlaceId, PlaceKind, RoleId, RouteId, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A line of these forms.
struct Edge {
    from: String,
    to: String,
    words: String,
    dotted: bool,
}

/// The places of each lane, in the order of the lanes; branches stand with their owner.
fn lanes(picture: &Picture<'_>) -> Vec<(String, Vec<PlaceId>)> {
    let mut lanes: BTreeMap<RoleId, Vec<PlaceId>> = BTreeMap::new();
    let own = picture.pathway.all_places().filter(|(_, place)| place.with_call.is_none());
    for (id, place) in own.filter(|(id, _)| picture.drawn_as(*id) == *id) {
        let beside = picture.item_of.get(id.index()).and_then(|item| picture.layers.column.get(*item));
        let lane = beside.and_then(|column| picture.layers.lanes.get(*column)).and_then(|lane| lane.roles.first());
        let holder = match &place.kind {
            PlaceKind::Ending(ending) => Some(ending.held_by),
            kind => kind.owner(),
        };
        lanes.entry(holder.or(lane.copied()).unwrap_or_default()).or_default().push(id);
    }
    let mut order: Vec<RoleId> = picture.layers.lanes.iter().flat_map(|lane| lane.roles.iter().copied()).collect();
    order.extend(lanes.keys().copied().collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    order.retain(|role| seen.insert(*role));
    order
        .into_iter()
        .filter_map(|role| lanes.remove(&role).map(|places| (picture.role(role).to_string(), places)))
        .collect()
}

/// What comes with each call, and not by way of another call in it; nothing where it is folded into the call's box.
fn calls(picture: &Picture<'_>) -> BTreeMap<PlaceId, Vec<PlaceId>> {
    let mut calls: BTreeMap<PlaceId, Vec<PlaceId>> = BTreeMap::new();
    for (id, place) in picture.pathway.all_places() {
        if let Some(call) = place.with_call.filter(|_| picture.drawn_as(id) == id) {
            calls.entry(call).or_default().push(id);
        }
    }
    calls
}

/// What stands in a node, one thing a line.
fn label(picture: &Picture<'_>, place: PlaceId) -> Vec<String> {
    let it = picture.pathway.place(place);
    let mut lines = vec![format!("{} {}", picture.number(place), it.title)];
    if let PlaceKind::Choose(choose) = &it.kind {
        lines.push(format!("within {}", choose.within));
        return lines;
    }
    if !matches!(it.kind, PlaceKind::Step(_) | PlaceKind::Decide(_)) || it.kind.waits() {
        lines.insert(0, kind(&it.kind).to_string());
    }
    lines.extend(meta(picture, place));
    lines
}

fn node(place: PlaceId) -> String {
    format!("p{}", place.0)
}

/// The node a line to a place leads to.
fn node_of(picture: &Picture<'_>, place: PlaceId) -> String {
    node(picture.drawn_as(place))
}

/// All lines: those of the workflow, and dotted ones for what ends otherwise, where a place says so itself.
fn edges(picture: &Picture<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (number, item) in picture.items.iter().enumerate() {
        let from = item.place;
        if let PlaceKind::Together(_) = picture.pathway.place(from).kind {
            for part in &item.inside {
                edges.push(Edge { from: node(from), to: node(*part), words: "side by side".into(), dotted: false });
            }
        } else {
            for choose in &item.inside {
                let PlaceKind::Decide(decide) = &picture.pathway.place(from).kind else { continue };
                for (row, it) in decide.rows.iter().enumerate() {
                    let words = format!("chosen: {}", called(picture, number, Why::Row(row)));
                    route(picture, &mut edges, *choose, it.route, &words, false);
                }
            }
        }
        for way in &item.ways {
            let exit = matches!(way.why, Why::Exit(_));
            if let (PlaceKind::Decide(Decide { advice: Some(advice), .. }), Why::Row(_)) =
                (&picture.pathway.place(from).kind, way.why)
            {
                let words = format!("advised: {}", called(picture, number, way.why));
                edges.push(Edge { from: node(from), to: node(advice.by), words, dotted: false });
                continue;
            }
            if let (PlaceKind::Decide(Decide { advice: Some(advice), .. }), Why::Disagreed) =
                (&picture.pathway.place(from).kind, way.why)
            {
                route(picture, &mut edges, advice.by, way.route, &called(picture, number, way.why), false);
                continue;
            }
            let prefix = if exit { "if " } else { "" };
            let why = if way.why == Why::Done {
                String::new()
            } else {
                format!("{prefix}{}", called(picture, number, way.why))
            };
            route(picture, &mut edges, from, way.route, &why, exit);
        }
    }
    edges
}

/// The lines of a route, and of the ones behind it.
fn route(picture: &Picture<'_>, edges: &mut Vec<Edge>, from: PlaceId, first: RouteId, why: &str, exit: bool) {
    for (number, (_, it)) in picture.pathway.route_chain(first).enumerate() {
        let mut words: Vec<String> = Vec::new();
        if !why.is_empty() {
            words.push(why.to_string());
        }
        if number > 0 {
            words.push("used up".into());
        }
        if let Some((counter, _)) = it.counted {
            let limit = picture.pathway.counters.get(counter.index()).map_or(0, |counter| counter.limit);
            words.push(at_most(limit));
        }
        let dotted = exit || number > 0;
        let edge = |to| Edge { from: node(from), to, words: words.join(", "), dotted };
        match it.target {
            Target::Place(to) => edges.push(edge(node_of(picture, to))),
            Target::Escalate(ladder) => edges.push(edge(format!("l{}", ladder.0))),
            Target::Back => {
                let mut senders: BTreeSet<PlaceId> = BTreeSet::new();
                for item in &picture.items {
                    for way in item.ways.iter().filter(|way| way.why == Why::NotKnown) {
                        if picture
                            .pathway
                            .route_chain(way.route)
                            .any(|(_, route)| matches!(route.target, Target::Place(to) if to == from))
                        {
                            senders.insert(item.place);
                        }
                    }
                }
                edges.extend(senders.into_iter().map(|to| edge(node(to))));
            }
            Target::NotDone => {}
        }
    }
}

/// Where something that interrupts leads.
fn interrupts_to(picture: &Picture<'_>, number: usize) -> Option<Target> {
    picture.pathway.interrupts.get(number).map(|it| picture.pathway.route(it.route.0).target)
}

/// What holds by default: the words, and where they lead.
fn defaults(picture: &Picture<'_>) -> (Vec<String>, Vec<(String, String)>) {
    let words =
        by_default(picture, &Exit::ALL, Naming::Full).into_iter().map(|(why, to)| format!("{why} {to}")).collect();
    let mut targets: Vec<(String, String)> = Vec::new();
    for exit in Exit::ALL {
        let Some(route) = picture.defaults[exit as usize] else { continue };
        for (_, route) in picture.pathway.route_chain(route) {
            let to = match route.target {
                Target::Place(to) => node_of(picture, to),
                Target::Escalate(ladder) => format!("l{}", ladder.0),
                Target::Back | Target::NotDone => continue,
            };
            let words = format!("if {}", super::words::otherwise(exit));
            match targets.iter_mut().find(|(other, _)| *other == to) {
                Some((_, all)) if all.contains(&words) => {}
                Some((_, all)) => *all += &format!("; {words}"),
                None => targets.push((to, words)),
            }
        }
    }
    (words, targets)
}

/// A place in Mermaid.
fn mermaid_node(picture: &Picture<'_>, place: PlaceId) -> String {
    let (open, close) = match &picture.pathway.place(place).kind {
        PlaceKind::Step(_) => ("(", ")"),
        PlaceKind::Decide(_) => ("{", "}"),
        PlaceKind::Choose(_) => ("[\\", "/]"),
        PlaceKind::Together(_) => ("{{", "}}"),
        PlaceKind::Repeat(_) => ("[[", "]]"),
        PlaceKind::HandOver(_) => ("[/", "/]"),
        PlaceKind::Ending(_) => ("([", "])"),
    };
    let lines: Vec<String> = label(picture, place).iter().map(|line| escaped(line)).collect();
    format!("    {}{open}\"{}\"{close}\n", node(place), lines.join("<br/>"))
}

/// The pathway as a Mermaid flowchart.
pub fn mermaid(picture: &Picture<'_>) -> String {
    let mut out = format!("---\ntitle: \"{}\"\n---\nflowchart TD\n", yaml(&picture.pathway.title));
    let _ = writeln!(out, "  start((\"Start\")) --> {}", node(picture.pathway.start));
    for (number, (role, places)) in lanes(picture).into_iter().enumerate() {
        let _ = writeln!(out, "  subgraph lane{number}[\"{}\"]", escaped(&role));
        places.into_iter().for_each(|place| out.push_str(&mermaid_node(picture, place)));
        out.push_str("  end\n");
    }
    for (call, places) in calls(picture) {
        let _ = writeln!(out, "  subgraph call{}[\"{}\"]", call.0, escaped(&super::boxes::named(picture, call)));
        places.into_iter().for_each(|place| out.push_str(&mermaid_node(picture, place)));
        out.push_str("  end\n");
    }
    for number in 0..picture.pathway.ladders.len() {
        let name = ladder_name(picture, onward::model::LadderId(number as u32));
        let _ = writeln!(out, "  l{number}>\"Escalate to {}\"]", escaped(&name));
    }
    for edge in edges(picture) {
        let words = if edge.words.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&edge.words)) };
        let _ = writeln!(out, "  {} {}{words} {}", edge.from, if edge.dotted { "-.->" } else { "-->" }, edge.to);
    }
    for (number, (when, to)) in at_any_time(picture, Naming::Full).into_iter().enumerate() {
        let _ = writeln!(out, "  at{number}>\"At any time<br/>{}<br/>{}\"]", escaped(&when), escaped(&to));
        if let Some(Target::Place(place)) = interrupts_to(picture, number) {
            let _ = writeln!(out, "  at{number} -.-> {}", node_of(picture, place));
        }
    }
    let promises: Vec<String> = promised(picture).iter().map(|line| escaped(line)).collect();
    if !promises.is_empty() {
        let _ = writeln!(out, "  promised[\"What everybody is promised:<br/>{}\"]", promises.join("<br/>"));
    }
    let (words, targets) = defaults(picture);
    if !words.is_empty() {
        let lines: Vec<String> = words.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(out, "  otherwise[\"At every step, unless it says otherwise:<br/>{}\"]", lines.join("<br/>"));
        for (to, words) in targets {
            let _ = writeln!(out, "  otherwise -.->|\"{}\"| {to}", escaped(&words));
        }
    }
    out
}

/// A place in DOT.
fn dot_node(picture: &Picture<'_>, place: PlaceId) -> String {
    let shape = match &picture.pathway.place(place).kind {
        PlaceKind::Step(_) => "shape=box, style=rounded",
        PlaceKind::Decide(_) => "shape=diamond",
        PlaceKind::Choose(_) => "shape=trapezium",
        PlaceKind::Together(_) => "shape=hexagon",
        PlaceKind::Repeat(_) => "shape=box, peripheries=2",
        PlaceKind::HandOver(_) => "shape=cds",
        PlaceKind::Ending(_) => "shape=oval, style=bold",
    };
    let lines: Vec<String> = label(picture, place).iter().map(|line| quoted(line)).collect();
    format!("    {} [label=\"{}\", {shape}];\n", node(place), lines.join("\\n"))
}

/// The pathway in DOT.
pub fn dot(picture: &Picture<'_>) -> String {
    let mut out = format!("digraph \"{}\" {{\n", quoted(&picture.pathway.name));
    let _ = writeln!(
        out,
        "  graph [label=\"{}\", labelloc=t, rankdir=TB, fontname=\"Helvetica\"];",
        quoted(&picture.pathway.title)
    );
    out.push_str("  node [fontname=\"Helvetica\", shape=box];\n  edge [fontname=\"Helvetica\", fontsize=10];\n");
    let _ = writeln!(out, "  start [label=\"Start\", shape=circle];\n  start -> {};", node(picture.pathway.start));
    for (number, (role, places)) in lanes(picture).into_iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{number} {{\n    label=\"{}\";", quoted(&role));
        places.into_iter().for_each(|place| out.push_str(&dot_node(picture, place)));
        out.push_str("  }\n");
    }
    for (call, places) in calls(picture) {
        let title = super::boxes::named(picture, call);
        let _ = writeln!(out, "  subgraph cluster_call_{} {{\n    label=\"{}\";", call.0, quoted(&title));
        places.into_iter().for_each(|place| out.push_str(&dot_node(picture, place)));
        out.push_str("  }\n");
    }
    for number in 0..picture.pathway.ladders.len() {
        let name = ladder_name(picture, onward::model::LadderId(number as u32));
        let _ = writeln!(out, "  l{number} [label=\"Escalate to {}\", shape=note];", quoted(&name));
    }
    for edge in edges(picture) {
        let style = if edge.dotted { ", style=dotted" } else { "" };
        let _ = writeln!(out, "  {} -> {} [label=\"{}\"{style}];", edge.from, edge.to, quoted(&edge.words));
    }
    for (number, (when, to)) in at_any_time(picture, Naming::Full).into_iter().enumerate() {
        let (when, to) = (quoted(&when), quoted(&to));
        let _ = writeln!(out, "  at{number} [label=\"At any time\\n{when}\\n{to}\", shape=note];");
        if let Some(Target::Place(place)) = interrupts_to(picture, number) {
            let _ = writeln!(out, "  at{number} -> {} [style=dotted, constraint=false];", node_of(picture, place));
        }
    }
    let promises: Vec<String> = promised(picture).iter().map(|line| quoted(line)).collect();
    if !promises.is_empty() {
        let lines = promises.join("\\l");
        let _ = writeln!(out, "  promised [label=\"What everybody is promised:\\l{lines}\\l\", shape=note];");
    }
    let (words, targets) = defaults(picture);
    if !words.is_empty() {
        let lines: Vec<String> = words.iter().map(|line| quoted(line)).collect();
        let _ = writeln!(
            out,
            "  otherwise [label=\"At every step, unless it says otherwise:\\l{}\\l\", shape=note];",
            lines.join("\\l")
        );
        for (to, words) in targets {
            let _ =
                writeln!(out, "  otherwise -> {to} [label=\"{}\", style=dotted, constraint=false];", quoted(&words));
        }
    }
    out.push_str("}\n");
    out
}

/// Text in a Mermaid label: everything that could end it, or be read as markup, by its number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' | '|' | '{' | '}' | '[' | ']' => {
                let _ = write!(out, "#{};", letter as u32);
            }
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// Text in quotes in Mermaid's front matter.
fn yaml(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() || letter == '\\' || letter == '"' { '\'' } else { letter })
        .collect()
}

/// Text in quotes in DOT.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
