//! Boxes: what stands in them, how high that makes them, and how they are drawn.

use super::picture::{Item, Picture, Why};
use super::tracks::leaves_below;
use super::words::{Naming, called, leads, roles, spaced, width, wrap, xml};
use onward::model::{A_MOMENT, Deadline, Pass, PlaceId, PlaceKind, RoleId, Target};
use std::fmt::Write;

/// How wide every box is.
pub const WIDTH: i64 = 272;
const PAD: i64 = 11;
const TITLE: i64 = 13;
const SMALL: i64 = 12;
const LINE: i64 = 16;

/// Words in a row or a part, and where they stand in their box.
#[derive(Clone, Debug)]
pub struct Words {
    /// From the upper edge of the box.
    pub y: i64,
    /// How high.
    pub height: i64,
    /// The words, wrapped: on each line those in bold, then the others.
    lines: Vec<(String, String)>,
    /// All of the words.
    full: String,
    /// The way out it is about.
    pub way: Option<usize>,
}

/// A box, measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// How high it is.
    pub height: i64,
    /// How high its head is, above the rows.
    pub head: i64,
    kind: String,
    title: Vec<String>,
    meta: Vec<String>,
    parts: Vec<Words>,
    /// The ways out that are named in the box.
    pub rows: Vec<Words>,
}

impl Measured {
    /// How far down a way out leaves at the side; `None` when it leaves below.
    pub fn port(&self, way: usize) -> Option<i64> {
        self.rows.iter().find(|row| row.way == Some(way)).map(|row| row.y + row.height / 2)
    }
}

/// What kind of place it is, in words.
pub fn kind(kind: &PlaceKind) -> &'static str {
    match kind {
        kind if kind.waits() => "Wait",
        PlaceKind::Step(_) => "Step",
        PlaceKind::Decide(decide) if decide.asks.is_some() => "Positive risk",
        PlaceKind::Decide(decide) => match decide.passes {
            Some(Pass::Came { .. }) => "What came of it",
            None => "Decision",
            Some(Pass::Begins { .. }) => "Call",
            Some(Pass::Ends { .. }) => "A call ends",
        },
        PlaceKind::Choose(_) => "A role decides",
        PlaceKind::Together(_) => "Side by side",
        PlaceKind::Repeat(_) => "Repeated",
        PlaceKind::HandOver(_) => "Handover",
        PlaceKind::Ending(_) => "Ending",
    }
}

/// Who is accountable and by when, in words: one line each.
pub fn meta(picture: &Picture<'_>, place: PlaceId) -> Vec<String> {
    meta_of(picture, place, |role| picture.role_short(role))
}

fn meta_of<'p>(picture: &Picture<'p>, place: PlaceId, role: impl Fn(RoleId) -> &'p str) -> Vec<String> {
    let mut lines = meta_of_kind(picture, place, role);
    // What comes with a call says with which.
    let call = picture.pathway.place(place).with_call.map(|call| named(picture, call));
    lines.extend(call.map(|call| format!("part of {call}")));
    lines
}

fn meta_of_kind<'p>(picture: &Picture<'p>, place: PlaceId, role: impl Fn(RoleId) -> &'p str) -> Vec<String> {
    let it = &picture.pathway.place(place).kind;
    // Work of a moment is not worth a word.
    let takes = if it.takes() > A_MOMENT { format!(", takes {}", it.takes()) } else { String::new() };
    let meeting = |id| picture.pathway.meeting(id).replace('_', " ");
    let in_words = |it: Deadline| it.in_words(|it| role(it).to_string(), |it| named(picture, it), meeting);
    match it {
        PlaceKind::Step(step) => {
            let within = in_words(step.within);
            if step.waits {
                return vec![within.replacen("within", "for", 1)];
            }
            vec![role(step.led_by).into(), format!("{within}{takes}")]
        }
        PlaceKind::Choose(choose) => vec![role(choose.role).into(), format!("within {}", choose.within)],
        PlaceKind::Together(together) => vec![match together.first {
            Some(first) => format!("the first {first} done within {}", together.within),
            None => format!("all done within {}", together.within),
        }],
        PlaceKind::Repeat(repeat) => {
            vec![role(repeat.led_by).into(), format!("every {}, at most {} times{takes}", repeat.every, repeat.times)]
        }
        PlaceKind::HandOver(hand_over) => vec![
            format!("from {}", role(hand_over.from)),
            format!("to {}", role(hand_over.to)),
            format!("accepted {}", in_words(hand_over.within)),
        ],
        PlaceKind::Ending(ending) if ending.nothing_more => Vec::new(),
        PlaceKind::Ending(ending) => {
            let owed = ending.owed.iter().map(|owed| format!("done before: {}", named(picture, *owed)));
            std::iter::once(format!("held by: {}", role(ending.held_by))).chain(owed).collect()
        }
        PlaceKind::Decide(decide) => match &decide.passes {
            Some(Pass::Begins { title, .. }) => vec![format!("follows {title}")],
            _ => Vec::new(),
        },
    }
}

/// A place by its number and its title.
pub fn named(picture: &Picture<'_>, place: PlaceId) -> String {
    format!("{} {}", picture.number(place), picture.pathway.place(place).title)
}

/// All that is known of a place, one thing a line.
pub fn tip(picture: &Picture<'_>, place: PlaceId) -> String {
    let it = picture.pathway.place(place);
    let mut lines = vec![format!("{} {}", picture.number(place), it.title), format!("{}: {}", kind(&it.kind), it.name)];
    lines.extend(meta_of(picture, place, |role| picture.role(role)));
    let with = match &it.kind {
        PlaceKind::Step(step) => step.with.as_slice(),
        PlaceKind::Repeat(repeat) => repeat.with.as_slice(),
        _ => &[],
    };
    if !with.is_empty() {
        lines.push(format!("with {}", roles(picture, with)));
    }
    for needed in it.kind.not_without() {
        let when = needed.when.as_ref().map_or(String::new(), |when| format!(" when {}", when.words));
        lines.push(format!("not without {}{when}", picture.role(needed.role)));
    }
    let fact =
        |fact: &onward::model::FactId| picture.shared.facts.get(fact.index()).map_or("?", |fact| fact.title.as_str());
    let finds: Vec<&str> = it.kind.finds().iter().map(fact).collect();
    if !finds.is_empty() {
        lines.push(format!("finds out: {}", finds.join("; ")));
    }
    if let PlaceKind::HandOver(hand_over) = &it.kind {
        let carrying: Vec<&str> = hand_over.carrying.iter().map(fact).collect();
        if !carrying.is_empty() {
            lines.push(format!("carrying: {}", carrying.join("; ")));
        }
    }
    if it.charge.is_some() {
        lines.push("the person may have to pay for it".to_string());
    }
    if let Some(setting) = it.lives.and_then(|lives| picture.shared.setting(lives.setting)) {
        lines.push(format!("where the person is from then on: {}", setting.title));
    }
    for message in it.kind.tell() {
        let agreed = message.agreed.map_or("", |_| ", if the person agrees");
        lines.push(format!("tells {}{agreed}: {}", picture.role(message.to), message.text));
    }
    for source in &it.sources {
        let section = source.section.as_ref().map_or(String::new(), |section| format!(", {section}"));
        lines.push(format!("source: {}{section}", source.source));
    }
    lines.join("\n")
}

/// A way out in words: in the box, and in full.
pub fn way_out(picture: &Picture<'_>, item: usize, way: usize) -> (String, String, String) {
    let it = &picture.items[item].ways[way];
    let why = called(picture, item, it.why);
    let first = if it.lines.is_empty() { Naming::Short } else { Naming::Number };
    let prefix = if matches!(it.why, Why::Exit(_)) { "if " } else { "" };
    let brief = if picture.pathway.route(it.route).target == Target::Back && !it.lines.is_empty() {
        let to = it.lines.iter().map(|line| picture.number(picture.items[picture.lines[*line].to].place));
        format!("back to {}", to.collect::<Vec<_>>().join(" or "))
    } else {
        leads(picture, it.route, first, Naming::Short)
    };
    let full = format!("{prefix}{why} → {}", leads(picture, it.route, Naming::Full, Naming::Full));
    (format!("{prefix}{why}"), format!("→ {brief}"), full)
}

/// Wraps the words of a box and measures it.
pub fn measure(picture: &Picture<'_>, number: usize) -> Measured {
    let item: &Item = &picture.items[number];
    let place = picture.pathway.place(item.place);
    let room = WIDTH - 2 * PAD - if matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) { 18 } else { 0 };
    let title = wrap(&place.title, room, TITLE, true, 6);
    let meta: Vec<String> =
        meta(picture, item.place).iter().flat_map(|line| wrap(line, room, SMALL, false, 3)).collect();
    let mut y = 26 + LINE * (title.len() + meta.len()) as i64 + 10;
    let head = y;
    let mut parts = Vec::new();
    let decides = matches!(place.kind, PlaceKind::Decide(_));
    let part = |place: PlaceId, y: &mut i64| {
        let it = picture.pathway.place(place);
        let (bold, plain) = match &it.kind {
            PlaceKind::Choose(choose) => (
                format!("{} decides", picture.role_short(choose.role)),
                match choose.advised {
                    true => format!("within {}, as advised or otherwise", choose.within),
                    false => format!("within {}, if it is still not known", choose.within),
                },
            ),
            _ => (it.title.clone(), self::meta(picture, place).join(", ")),
        };
        let words =
            words(*y, &format!("{} {bold}", picture.number(place)), &plain, tip(picture, place), WIDTH - 46, false);
        *y += words.height + 7;
        words
    };
    if !decides {
        for place in &item.inside {
            parts.push(part(*place, &mut y));
        }
        if !parts.is_empty() {
            y += 4;
        }
    }
    let mut rows = Vec::new();
    for way in (0..item.ways.len()).filter(|way| item.ways[*way].why != Why::NotKnown) {
        if item.ways[way].lines.first().is_some_and(|line| leaves_below(picture, *line)) {
            continue;
        }
        let (why, to, full) = way_out(picture, number, way);
        let mut row = words(y, &why, &to, full, WIDTH - 2 * PAD, true);
        row.way = Some(way);
        y += row.height;
        rows.push(row);
    }
    for way in (0..item.ways.len()).filter(|way| item.ways[*way].why == Why::NotKnown) {
        let (why, to, full) = way_out(picture, number, way);
        let mut row = words(y, &why, &to, full, WIDTH - 2 * PAD, true);
        row.way = Some(way);
        y += row.height;
        rows.push(row);
    }
    if decides && !item.inside.is_empty() {
        y += 7;
        for place in &item.inside {
            parts.push(part(*place, &mut y));
        }
    }
    Measured { height: y, head, kind: kind(&place.kind).into(), title, meta, parts, rows }
}

/// Wraps words; the plain ones go on where the bold ones end if they all fit there and `go_on`.
fn words(y: i64, bold: &str, plain: &str, full: String, room: i64, go_on: bool) -> Words {
    let mut lines: Vec<(String, String)> =
        wrap(bold, room, SMALL, true, 5).into_iter().map(|line| (line, String::new())).collect();
    match lines.last_mut() {
        Some((last, rest)) if go_on && width(last, SMALL, true) + width(plain, SMALL, false) + 5 <= room => {
            *rest = plain.to_string();
        }
        _ => lines.extend(wrap(plain, room, SMALL, false, 5).into_iter().map(|line| (String::new(), line))),
    }
    Words { y, height: LINE * lines.len() as i64 + 9, lines, full, way: None }
}

/// Draws a box with its upper left corner at `x`, `y`.
pub fn draw(out: &mut String, picture: &Picture<'_>, number: usize, measured: &Measured, x: i64, y: i64) {
    let item = &picture.items[number];
    let place = picture.pathway.place(item.place);
    let (w, h, head) = (WIDTH, measured.height, measured.head);
    let _ = writeln!(out, "<g><title>{}</title>", xml(&tip(picture, item.place)));
    let _ = match &place.kind {
        PlaceKind::Step(_) | PlaceKind::Choose(_) => {
            writeln!(out, r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="12" class="step"/>"##)
        }
        PlaceKind::Decide(_) => {
            let (l, r, b) = (x + 14, x + w - 14, y + h);
            let (m, d) = (y + head / 2, y + head);
            let _ = writeln!(out, r##"<rect x="{l}" y="{d}" width="{}" height="{}" class="rows"/>"##, w - 28, h - head);
            let _ = writeln!(out, r##"<path d="M{x} {d}V{b}H{}V{d}Z" class="rows"/>"##, x + w);
            writeln!(out, r##"<path d="M{l} {y}H{r}L{} {m}L{r} {d}H{l}L{x} {m}Z" class="decide"/>"##, x + w)
        }
        PlaceKind::Together(_) => {
            let _ = writeln!(out, r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" class="block"/>"##);
            writeln!(out, r##"<path d="M{} {y}V{}M{} {y}V{}" class="bars"/>"##, x + 4, y + h, x + w - 4, y + h)
        }
        PlaceKind::Repeat(_) => {
            let _ = writeln!(
                out,
                r##"<rect x="{}" y="{}" width="{w}" height="{h}" rx="12" class="under"/>"##,
                x + 5,
                y + 5
            );
            writeln!(out, r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="12" class="repeat"/>"##)
        }
        PlaceKind::HandOver(_) => {
            let (r, m, b) = (x + w, y + head / 2, y + h);
            let (up, down) = (m - 10, m + 10);
            writeln!(out, r##"<path d="M{x} {y}H{r}V{up}L{} {m}L{r} {down}V{b}H{x}Z" class="hand"/>"##, r + 9)
        }
        PlaceKind::Ending(_) => {
            let _ = writeln!(out, r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="26" class="ending"/>"##);
            writeln!(
                out,
                r##"<rect x="{}" y="{}" width="{}" height="{}" rx="22" class="inner"/>"##,
                x + 4,
                y + 4,
                w - 8,
                h - 8
            )
        }
    };
    let inset = PAD + if matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_)) { 9 } else { 0 };
    let mut at = y + 20;
    let badge = 14 + 8 * picture.number(item.place).len() as i64;
    let _ = writeln!(
        out,
        r##"<rect x="{}" y="{}" width="{badge}" height="18" rx="9" class="badge"/>"##,
        x + inset,
        at - 14
    );
    let _ = writeln!(
        out,
        r##"<text x="{}" y="{}" class="number">{}</text>"##,
        x + inset + badge / 2,
        at - 1,
        xml(picture.number(item.place))
    );
    let _ = writeln!(
        out,
        r##"<text x="{}" y="{}" class="kind">{}</text>"##,
        x + inset + badge + 6,
        at - 1,
        xml(&measured.kind)
    );
    text(out, x + inset, &mut at, &measured.title, "title");
    text(out, x + inset, &mut at, &measured.meta, "meta");
    for part in &measured.parts {
        let _ = writeln!(out, "<g><title>{}</title>", xml(&part.full));
        let _ = writeln!(
            out,
            r##"<rect x="{}" y="{}" width="{}" height="{}" rx="9" class="step"/>"##,
            x + 13,
            y + part.y,
            w - 26,
            part.height
        );
        mixed(out, x + 23, y + part.y, &part.lines);
        out.push_str("</g>\n");
    }
    for row in &measured.rows {
        let _ = writeln!(out, "<g><title>{}</title>", xml(&row.full));
        let _ = writeln!(out, r##"<path d="M{x} {}h{w}" class="rule"/>"##, y + row.y);
        mixed(out, x + PAD, y + row.y, &row.lines);
        out.push_str("</g>\n");
    }
    out.push_str("</g>\n");
}

/// Writes lines of text below `at`, and moves `at` to the last of them.
pub fn text(out: &mut String, x: i64, at: &mut i64, lines: &[String], class: &str) {
    for line in lines {
        *at += LINE;
        let _ = writeln!(out, r##"<text x="{x}" y="{at}" class="{class}">{}</text>"##, xml(line));
    }
}

/// Writes lines of bold words and others.
fn mixed(out: &mut String, x: i64, mut y: i64, lines: &[(String, String)]) {
    for (bold, plain) in lines {
        y += LINE;
        let _ = match (bold.is_empty(), plain.is_empty()) {
            (true, _) => writeln!(out, r##"<text x="{x}" y="{y}" class="meta">{}</text>"##, xml(plain)),
            (_, true) => writeln!(out, r##"<text x="{x}" y="{y}" class="row">{}</text>"##, xml(bold)),
            _ => writeln!(
                out,
                r##"<text x="{x}" y="{y}" class="row">{} <tspan class="then">{}</tspan></text>"##,
                xml(bold),
                xml(plain)
            ),
        };
    }
}

/// A small sample of a shape, for the key.
pub fn sample(out: &mut String, which: &Sample, x: i64, y: i64) {
    let _ = match which {
        Sample::Step => writeln!(out, r##"<rect x="{x}" y="{y}" width="40" height="22" rx="7" class="step"/>"##),
        Sample::Decision => {
            writeln!(out, r##"<path d="M{} {y}h28l6 11l-6 11h-28l-6 -11Z" class="decide"/>"##, x + 6)
        }
        Sample::Together => {
            writeln!(
                out,
                r##"<rect x="{x}" y="{y}" width="40" height="22" class="block"/><path d="M{} {y}v22M{} {y}v22" class="bars"/>"##,
                x + 4,
                x + 36
            )
        }
        Sample::Repeat => {
            writeln!(
                out,
                r##"<rect x="{}" y="{}" width="38" height="20" rx="6" class="under"/><rect x="{x}" y="{y}" width="38" height="20" rx="6" class="repeat"/>"##,
                x + 4,
                y + 4
            )
        }
        Sample::HandOver => writeln!(out, r##"<path d="M{x} {y}h33v6l7 5l-7 5v6h-33Z" class="hand"/>"##),
        Sample::Ending => {
            writeln!(
                out,
                r##"<rect x="{x}" y="{y}" width="40" height="22" rx="11" class="ending"/><rect x="{}" y="{}" width="34" height="16" rx="8" class="inner"/>"##,
                x + 3,
                y + 3
            )
        }
        Sample::Back => writeln!(out, r##"<path d="M{x} {}h40" class="back"/>"##, y + 11),
    };
}

/// What the key explains.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    Step,
    Decision,
    Together,
    Repeat,
    HandOver,
    Ending,
    Back,
}

/// A ladder's name for people.
pub fn ladder_name(picture: &Picture<'_>, ladder: onward::model::LadderId) -> String {
    spaced(&picture.pathway.ladder(ladder).name)
}
