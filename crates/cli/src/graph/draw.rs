//! The SVG: sizes, lanes, lines, boxes, and a description for those who cannot see it.

use super::below;
use super::boxes::{self, Measured, WIDTH, text};
use super::picture::{Picture, Why};
use super::tracks::{self, Along, Leaves, Tracks};
use super::words::{Naming, roles, wrap, xml};
use onward::model::{Exit, PlaceKind};
use std::collections::BTreeSet;
use std::fmt::Write;

const MARGIN: i64 = 28;
const TRACK: i64 = 10;
/// No image is narrower.
const NARROWEST: i64 = 560;
/// How high the band is over the boxes that are called when needed.
const BAND: i64 = 38;
/// The air between a lane's edge and its boxes.
const AIR: i64 = 10;

const STYLE: &str = "text{font-family:'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif;fill:#1b1f24;font-size:12px}\
.h1{font-size:20px;font-weight:bold}.heading{font-size:14px;font-weight:bold}.lane{font-size:14px;font-weight:bold}\
.band{font-size:14px;font-weight:bold;fill:#fff}.then{font-weight:normal}.title{font-size:13px;font-weight:bold}.small{font-size:12px}.row{font-weight:bold;fill:#2b3138}.meta{fill:#30363d}\
.kind{font-size:11px;fill:#4a5159}.number{font-size:12px;font-weight:bold;fill:#fff;text-anchor:middle}.badge{fill:#24292f}\
.step{fill:#fff;stroke:#24292f;stroke-width:1.5}.decide{fill:#fff3c4;stroke:#24292f;stroke-width:2}\
.rows{fill:#fffbea;stroke:#24292f;stroke-width:1.5}.block{fill:#e8eef7;stroke:#24292f;stroke-width:1.5}\
.bars{stroke:#24292f;stroke-width:4;fill:none}.repeat{fill:#f1e9f8;stroke:#24292f;stroke-width:1.5}\
.under{fill:#fff;stroke:#24292f;stroke-width:1.5}.hand{fill:#dff3e4;stroke:#24292f;stroke-width:1.5}\
.ending{fill:#e3e7eb;stroke:#24292f;stroke-width:3}.inner{fill:none;stroke:#24292f;stroke-width:1}\
.rule{stroke:#6b737c;stroke-width:1;fill:none}.back{stroke:#24292f;stroke-width:2;fill:none;stroke-dasharray:7 4}\
.line path{fill:none;stroke-width:1.8}.line .halo{stroke:#fff;stroke-width:5}.line:hover path{stroke-width:4}.goes-back .own{stroke-dasharray:7 4}";

/// Dark enough on white for anybody; which line is which is said by the numbers, not by these.
const INKS: [&str; 6] = ["#1d3557", "#8a1c3b", "#14532d", "#5c3b00", "#4a2a86", "#0b5563"];

/// Where the rows and lanes stand on the page.
struct Page {
    lane: Vec<i64>,
    gutter: Vec<i64>,
    row: Vec<i64>,
    channel: Vec<i64>,
    width: i64,
    bottom: i64,
}

impl Page {
    fn new(picture: &Picture<'_>, tracks: &Tracks, measured: &[Measured], top: i64, head: i64) -> Page {
        let layers = &picture.layers;
        let (mut lane, mut gutter, mut x) = (Vec::new(), Vec::new(), MARGIN);
        for (number, size) in tracks.gutter_size.iter().enumerate() {
            gutter.push(x + 9);
            x += if *size == 0 { 14 } else { 8 + TRACK * *size as i64 } + AIR;
            if number < layers.lanes.len() {
                lane.push(x);
                x += WIDTH + AIR;
            }
        }
        let mut height = vec![0; layers.rows];
        for (row, measured) in layers.row.iter().zip(measured) {
            height[*row] = measured.height.max(height[*row]);
        }
        let (mut row, mut channel, mut y) = (Vec::new(), Vec::new(), top);
        for (number, size) in tracks.channel_size.iter().enumerate() {
            if number == layers.aside_from && number < layers.rows {
                y += 34 + BAND + head;
            }
            channel.push(y + 14);
            y += 30 + TRACK * *size as i64;
            if let Some(height) = height.get(number) {
                row.push(y);
                y += height;
            }
        }
        Page { lane, gutter, row, channel, width: x + MARGIN, bottom: y }
    }
}

/// The whole image.
pub fn svg(picture: &Picture<'_>) -> String {
    let layers = &picture.layers;
    let measured: Vec<Measured> = (0..picture.items.len()).map(|item| boxes::measure(picture, item)).collect();
    let tracks = tracks::lead(picture);
    let heads: Vec<Vec<String>> = layers.lanes.iter().map(|lane| lane_head(picture, lane.roles.as_slice())).collect();
    let head = 18 * heads.iter().map(Vec::len).max().unwrap_or(0) as i64 + 14;
    let narrow = Page::new(picture, &tracks, &measured, 0, head).width.max(NARROWEST);
    let (mut body, lanes_top) = opening(picture, narrow - 2 * MARGIN);
    let page = Page::new(picture, &tracks, &measured, lanes_top + head, head);
    let width = page.width.max(NARROWEST);

    for (x, number) in page.lane.iter().zip(0i64..) {
        let fill = if number % 2 == 0 { "#f1f4f7" } else { "#f8f9fb" };
        let _ = writeln!(
            body,
            r##"<rect x="{}" y="{lanes_top}" width="{}" height="{}" fill="{fill}"/>"##,
            x - AIR,
            WIDTH + 2 * AIR,
            page.bottom - lanes_top
        );
    }
    lane_heads(&mut body, &page, &heads, lanes_top, head);
    if layers.aside_from < layers.rows {
        let at = page.channel[layers.aside_from] - 20 - head - BAND;
        let _ = writeln!(body, r##"<rect x="0" y="{at}" width="{width}" height="{BAND}" fill="#24292f"/>"##);
        let words = "Called when needed: no line leads here; boxes and the words at the end send here by number";
        let _ = writeln!(body, r##"<text x="{MARGIN}" y="{}" class="band">{words}</text>"##, at + 24);
        lane_heads(&mut body, &page, &heads, at + BAND, head);
    }
    lines(&mut body, picture, &tracks, &page, &measured);
    start(&mut body, picture, &page);
    for (item, measured) in measured.iter().enumerate() {
        boxes::draw(&mut body, picture, item, measured, page.lane[layers.column[item]], page.row[layers.row[item]]);
    }
    ends(&mut body, picture, &tracks, &page, &measured);
    let bottom = below::draw(&mut body, picture, MARGIN, page.bottom + 24, width - 2 * MARGIN) + 12;

    let name = picture.pathway.name.as_str();
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" width="{width}" height="{bottom}" role="img" aria-labelledby="{name}-title {name}-desc">"##
    );
    let _ = writeln!(out, "\n<title id=\"{name}-title\">{}</title>", xml(&picture.pathway.title));
    let _ = writeln!(out, "<desc id=\"{name}-desc\">{}</desc>", xml(&described(picture)));
    let _ = writeln!(out, "<style>{STYLE}</style>");
    let _ = writeln!(out, r##"<rect width="{width}" height="{bottom}" fill="#ffffff"/>"##);
    out.push_str(&body);
    out.push_str("</svg>\n");
    out
}

/// The title and how to read the drawing; and how far down the lanes begin.
fn opening(picture: &Picture<'_>, room: i64) -> (String, i64) {
    let mut out = String::new();
    let mut y = 20;
    for line in wrap(&picture.pathway.title, room, 20, true, 4) {
        y += 26;
        let _ = writeln!(out, r##"<text x="{MARGIN}" y="{y}" class="h1">{}</text>"##, xml(&line));
    }
    y += 6;
    let about =
        format!("Version {}. Read from top to bottom; the numbers say where a way leads.", picture.pathway.version);
    text(&mut out, MARGIN, &mut y, &wrap(&about, room, 12, false, 3), "meta");
    (out, y + 30)
}

/// Who owns the lanes, from `top`.
fn lane_heads(out: &mut String, page: &Page, heads: &[Vec<String>], top: i64, height: i64) {
    for (x, lines) in page.lane.iter().zip(heads) {
        let _ = writeln!(
            out,
            r##"<rect x="{}" y="{top}" width="{}" height="{height}" fill="#dde3e9"/>"##,
            x - AIR,
            WIDTH + 2 * AIR
        );
        let mut at = top + 4;
        for line in lines {
            at += 18;
            let _ = writeln!(out, r##"<text x="{x}" y="{at}" class="lane">{}</text>"##, xml(line));
        }
    }
}

fn lane_head(picture: &Picture<'_>, of: &[onward::model::RoleId]) -> Vec<String> {
    match of {
        [one] => wrap(picture.role(*one), WIDTH, 14, true, 4),
        more => wrap(&format!("Others: {}", roles(picture, more)), WIDTH, 14, true, 6),
    }
}

/// The points of a line.
fn points(
    picture: &Picture<'_>,
    tracks: &Tracks,
    page: &Page,
    measured: &[Measured],
    number: usize,
) -> Vec<(i64, i64)> {
    let (line, way) = (picture.lines[number], &tracks.ways[number]);
    let layers = &picture.layers;
    let (x, y) = (page.lane[layers.column[line.from]], page.row[layers.row[line.from]]);
    let mut at = match way.leaves {
        Leaves::Below(aside) => (x + WIDTH / 2 + 34 * aside, y + measured[line.from].height),
        Leaves::Side(right) => {
            let port = measured[line.from].port(line.way).unwrap_or(0);
            // A little apart, so that lines of boxes side by side never lie on each other.
            if right { (x + WIDTH, y + port - 3) } else { (x, y + port + 3) }
        }
    };
    let mut points = vec![at];
    for along in &way.along {
        match *along {
            Along::Channel(gap) => {
                at.1 = page.channel[gap] + TRACK * tracks.channel.get(&(gap, way.bus)).map_or(0, |track| *track as i64)
            }
            Along::Gutter(gap) => {
                at.0 = page.gutter[gap] + TRACK * tracks.gutter.get(&(gap, way.bus)).map_or(0, |track| *track as i64)
            }
            Along::Middle(lane) => at.0 = page.lane[lane] + WIDTH / 2,
        }
        points.push(at);
    }
    points.extend(entry(picture, page, measured, number, way.enters_right).into_iter().filter_map(|(to, side)| {
        let corner = if side { (at.0, to.1) } else { (to.0, at.1) };
        (corner != at).then_some(corner)
    }));
    points.extend(entry(picture, page, measured, number, way.enters_right).map(|(to, _)| to));
    points.dedup();
    points
}

/// Where a line comes in, and whether that is at the side.
fn entry(
    picture: &Picture<'_>,
    page: &Page,
    measured: &[Measured],
    number: usize,
    right: Option<bool>,
) -> Option<((i64, i64), bool)> {
    let to = picture.lines[number].to;
    let (x, y) = (page.lane[picture.layers.column[to]], page.row[picture.layers.row[to]]);
    // The sides of a decision's head slant.
    let slant = |down: i64| match picture.pathway.place(picture.items[to].place).kind {
        PlaceKind::Decide(_) => (14 - 28 * down / measured[to].head.max(1)).max(0),
        _ => 0,
    };
    Some(match right {
        None => ((x + WIDTH / 2, y), false),
        Some(true) => ((x + WIDTH - slant(14), y + 14), true),
        Some(false) => ((x + slant(20), y + 20), true),
    })
}

/// A line with round corners, from its end to its beginning, so that the dashes of lines that join lie on each other.
fn smooth(points: &[(i64, i64)]) -> String {
    let mut path = String::new();
    for (number, point) in points.iter().enumerate().rev() {
        let (before, after) = (points.get(number + 1), number.checked_sub(1).and_then(|number| points.get(number)));
        let _ = match (before, after) {
            (None, _) => write!(path, "M{} {}", point.0, point.1),
            (_, None) => write!(path, "L{} {}", point.0, point.1),
            (Some(before), Some(after)) => {
                let (a, b) = (near(*point, *before), near(*point, *after));
                write!(path, "L{} {}Q{} {} {} {}", a.0, a.1, point.0, point.1, b.0, b.1)
            }
        };
    }
    path
}

/// A point on the way from a corner to another point, at most six away.
fn near(corner: (i64, i64), to: (i64, i64)) -> (i64, i64) {
    let step = |from: i64, to: i64| from + (to - from).signum() * ((to - from).abs() / 2).min(6);
    (step(corner.0, to.0), step(corner.1, to.1))
}

fn lines(out: &mut String, picture: &Picture<'_>, tracks: &Tracks, page: &Page, measured: &[Measured]) {
    let mut order: Vec<usize> = (0..picture.lines.len()).collect();
    order.sort_by_key(|number| (tracks.ways[*number].bus, *number));
    for bus in order.chunk_by(|a, b| tracks.ways[*a].bus == tracks.ways[*b].bus) {
        let drawn: Vec<(usize, String)> =
            bus.iter().map(|number| (*number, smooth(&points(picture, tracks, page, measured, *number)))).collect();
        for (_, path) in &drawn {
            let _ = writeln!(out, r##"<g class="line"><path d="{path}" class="halo"/></g>"##);
        }
        for (number, path) in drawn {
            let line = picture.lines[number];
            let (from, to) = (picture.items[line.from].place, picture.items[line.to].place);
            let (_, _, full) = boxes::way_out(picture, line.from, line.way);
            let title = format!("From {} {}: {full}", picture.number(from), picture.pathway.place(from).title);
            let class = if tracks.ways[number].bus.1 { "line goes-back" } else { "line" };
            let _ = writeln!(
                out,
                r##"<g class="{class}"><title>{}</title><path d="{path}" class="own" stroke="{}"/></g>"##,
                xml(&title),
                ink(picture, to)
            );
        }
    }
}

fn ink(picture: &Picture<'_>, to: onward::model::PlaceId) -> &'static str {
    let number: usize = picture.number(to).parse().unwrap_or(0);
    INKS[number % INKS.len()]
}

/// Arrowheads where lines come in, and dots where they leave.
fn ends(out: &mut String, picture: &Picture<'_>, tracks: &Tracks, page: &Page, measured: &[Measured]) {
    let mut pointed = BTreeSet::new();
    for (number, way) in tracks.ways.iter().enumerate() {
        let line = picture.lines[number];
        let ink = ink(picture, picture.items[line.to].place);
        if let (Leaves::Side(_), Some((x, y))) = (way.leaves, points(picture, tracks, page, measured, number).first()) {
            let _ = writeln!(out, r##"<circle cx="{x}" cy="{y}" r="3.5" fill="{ink}"/>"##);
        }
        if !pointed.insert((way.bus, way.enters_right)) {
            continue;
        }
        if let Some(((x, y), _)) = entry(picture, page, measured, number, way.enters_right) {
            let shape = match way.enters_right {
                None => "l-5 -10h10Z",
                Some(true) => "l10 -5v10Z",
                Some(false) => "l-10 -5v10Z",
            };
            let _ = writeln!(out, r##"<path d="M{x} {y}{shape}" fill="{ink}"/>"##);
        }
    }
}

/// The sign over the box where the pathway starts.
fn start(out: &mut String, picture: &Picture<'_>, page: &Page) {
    let Some(item) = picture.item_of.get(picture.pathway.start.index()) else { return };
    let (Some(column), Some(row)) = (picture.layers.column.get(*item), picture.layers.row.get(*item)) else { return };
    let (x, y) = (page.lane[*column] + WIDTH / 2, page.row[*row]);
    let _ = writeln!(
        out,
        r##"<path d="M{x} {y}v-14" stroke="#24292f" stroke-width="2"/><path d="M{x} {y}l-5 -10h10Z" fill="#24292f"/>"##
    );
    let _ = writeln!(out, r##"<circle cx="{x}" cy="{}" r="6" fill="#24292f"/>"##, y - 18);
    let mut at = y - 30;
    text(out, x + 12, &mut at, &["Start".to_string()], "title");
}

/// The pathway in sentences, in the order of the numbers.
fn described(picture: &Picture<'_>) -> String {
    let layers = &picture.layers;
    let mut order: Vec<usize> = (0..picture.items.len()).collect();
    order.sort_by_key(|item| (layers.row[*item], layers.column[*item]));
    let mut words = format!(
        "A care pathway of {} places. It starts at {}.",
        picture.items.len(),
        picture.number(picture.pathway.start)
    );
    for item in order {
        let it = &picture.items[item];
        let place = picture.pathway.place(it.place);
        let _ = write!(
            words,
            "\n{}. {} ({}",
            picture.number(it.place),
            place.title,
            boxes::kind(&place.kind).to_lowercase()
        );
        for line in boxes::meta(picture, it.place) {
            let _ = write!(words, ", {line}");
        }
        words.push_str(").");
        for part in &it.inside {
            let _ = write!(
                words,
                " {} {}: {}.",
                picture.number(*part),
                picture.pathway.place(*part).title,
                boxes::meta(picture, *part).join(", ")
            );
        }
        for (way, it) in it.ways.iter().enumerate() {
            let (why, _, _) = boxes::way_out(picture, item, way);
            let why = if it.why == Why::Done { "then".to_string() } else { why };
            let _ =
                write!(words, " {why}: {}.", super::words::leads(picture, it.route, Naming::Number, Naming::Number));
        }
    }
    for (why, to) in below::by_default(picture, &Exit::ALL, Naming::Number) {
        let _ = write!(words, "\n{why} {to}.");
    }
    words
}
