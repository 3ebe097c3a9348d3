//! The way of every line: down through the rows, along the gaps between rows and between lanes, never through a box.
//!
//! A *channel* is the gap above a row (and the one below the last); a *gutter* is the gap left of a lane (and the one
//! right of the last). Lines to the same box share a track in each.

use super::picture::{Picture, Why};
use std::collections::{BTreeMap, BTreeSet};

/// Lines that share tracks: those to the same box that go on, or those that go back.
pub type Bus = (usize, bool);

/// How a line leaves its box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// From the middle of the lower edge, or beside it, to the left or right.
    Below(i64),
    /// From the side, where its words stand; on the right or not.
    Side(bool),
}

/// A stretch of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// Across, in the channel above that row.
    Channel(usize),
    /// Up or down, in the gutter left of that lane.
    Gutter(usize),
    /// Up or down, through the middle of that lane, where it is empty.
    Middle(usize),
}

/// How a line goes.
#[derive(Clone, Debug)]
pub struct Way {
    /// How it leaves.
    pub leaves: Leaves,
    /// The stretches, in order.
    pub along: Vec<Along>,
    /// `None`: it comes in from above. Otherwise from the side; on the right or not.
    pub enters_right: Option<bool>,
    /// With what it shares tracks.
    pub bus: Bus,
}

/// All lines, with the tracks they use.
#[derive(Clone, Debug)]
pub struct Tracks {
    /// How each line goes.
    pub ways: Vec<Way>,
    /// The track of a bus in a channel.
    pub channel: BTreeMap<(usize, Bus), usize>,
    /// The track of a bus in a gutter.
    pub gutter: BTreeMap<(usize, Bus), usize>,
    /// How many tracks each channel has.
    pub channel_size: Vec<usize>,
    /// How many tracks each gutter has.
    pub gutter_size: Vec<usize>,
}

/// Leads every line.
pub fn lead(picture: &Picture<'_>) -> Tracks {
    let layers = &picture.layers;
    let taken: BTreeSet<(usize, usize)> = layers.column.iter().copied().zip(layers.row.iter().copied()).collect();
    let mut load = vec![0usize; layers.lanes.len() + 1];
    // A way out with several lines leaves its box once for each side.
    let ways: Vec<Way> = (0..picture.lines.len()).map(|line| way(picture, line, &taken, &mut load)).collect();
    let mut channels: BTreeMap<(usize, Bus), (usize, usize)> = BTreeMap::new();
    let mut gutters: BTreeMap<(usize, Bus), (usize, usize)> = BTreeMap::new();
    for (line, way) in picture.lines.iter().zip(&ways) {
        // Twice the row plus one is inside a row, twice the row the channel above it; lanes alike.
        let (mut x, mut y) = (2 * layers.column[line.from] + 1, 2 * layers.row[line.from] + 1);
        let mut channel: Option<(usize, usize)> = None;
        let mut gutter: Option<(usize, usize)> = None;
        for along in &way.along {
            match *along {
                Along::Channel(at) => {
                    y = 2 * at;
                    if let Some((gutter, from)) = gutter.take() {
                        claim(&mut gutters, (gutter, way.bus), from, y);
                    }
                    channel = Some((at, x));
                }
                Along::Gutter(at) | Along::Middle(at) => {
                    let in_gutter = matches!(along, Along::Gutter(_));
                    x = 2 * at + usize::from(!in_gutter);
                    if let Some((channel, from)) = channel.take() {
                        claim(&mut channels, (channel, way.bus), from, x);
                    }
                    gutter = in_gutter.then_some((at, y));
                }
            }
        }
        if let Some((gutter, from)) = gutter {
            claim(&mut gutters, (gutter, way.bus), from, 2 * layers.row[line.to] + 1);
        }
    }
    let (channel, channel_size) = pack(channels, layers.rows + 1);
    let (gutter, gutter_size) = pack(gutters, layers.lanes.len() + 1);
    Tracks { ways, channel, gutter, channel_size, gutter_size }
}

/// How one line goes.
fn way(picture: &Picture<'_>, number: usize, taken: &BTreeSet<(usize, usize)>, load: &mut [usize]) -> Way {
    let layers = &picture.layers;
    let line = picture.lines[number];
    let (column, row) = (layers.column[line.from], layers.row[line.from]);
    let (to_column, to_row) = (layers.column[line.to], layers.row[line.to]);
    let back = layers.back[number] || to_row <= row;
    let bus = (line.to, back);
    // The gutter on the side of `to`; beside its own lane the emptier one.
    let mut beside = |at: usize, to: usize| {
        let gutter = match to.cmp(&at) {
            std::cmp::Ordering::Less => at,
            std::cmp::Ordering::Greater => at + 1,
            std::cmp::Ordering::Equal if load[at] < load[at + 1] => at,
            std::cmp::Ordering::Equal => at + 1,
        };
        load[gutter] += 1;
        gutter
    };
    if back {
        let out = beside(column, to_column);
        let into = if column == to_column { out } else { beside(to_column, column) };
        let mut along = vec![Along::Gutter(out)];
        if out != into {
            along.extend([Along::Channel(row), Along::Gutter(into)]);
        }
        return Way { leaves: Leaves::Side(out > column), along, enters_right: Some(into > to_column), bus };
    }
    let free = (row + 1..to_row).all(|row| !taken.contains(&(to_column, row)));
    if leaves_below(picture, number) {
        let aside = if to_column == column {
            if free { 0 } else { 1 }
        } else if to_column > column {
            1
        } else {
            -1
        };
        let along = match (free, to_column == column) {
            (true, true) => Vec::new(),
            (true, false) => vec![Along::Channel(row + 1), Along::Middle(to_column)],
            (false, _) => {
                let gutter = beside(to_column, column);
                vec![Along::Channel(row + 1), Along::Gutter(gutter), Along::Channel(to_row), Along::Middle(to_column)]
            }
        };
        let aside = match along.get(1) {
            Some(Along::Gutter(gutter)) if to_column == column => {
                if *gutter > column {
                    1
                } else {
                    -1
                }
            }
            _ => aside,
        };
        return Way { leaves: Leaves::Below(aside), along, enters_right: None, bus };
    }
    let out = beside(column, to_column);
    let channel = if free { row + 1 } else { to_row };
    let along = vec![Along::Gutter(out), Along::Channel(channel), Along::Middle(to_column)];
    Way { leaves: Leaves::Side(out > column), along, enters_right: None, bus }
}

/// Whether a line leaves its box below, because it is what simply comes next.
pub fn leaves_below(picture: &Picture<'_>, number: usize) -> bool {
    let line = picture.lines[number];
    let way = &picture.items[line.from].ways[line.way];
    way.why == Why::Done && way.lines.len() == 1 && !line.counted && !picture.layers.back[number]
}

fn claim(claims: &mut BTreeMap<(usize, Bus), (usize, usize)>, key: (usize, Bus), from: usize, to: usize) {
    let (low, high) = (from.min(to), from.max(to));
    let claim = claims.entry(key).or_insert((low, high));
    *claim = (claim.0.min(low), claim.1.max(high));
}

/// The left-edge algorithm: by where they begin, each bus takes the first track that is free by then.
fn pack(claims: BTreeMap<(usize, Bus), (usize, usize)>, gaps: usize) -> (BTreeMap<(usize, Bus), usize>, Vec<usize>) {
    let mut sorted: Vec<(usize, (usize, usize), Bus)> =
        claims.into_iter().map(|((gap, bus), span)| (gap, span, bus)).collect();
    sorted.sort_unstable();
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); gaps];
    let mut tracks = BTreeMap::new();
    for (gap, (low, high), bus) in sorted {
        let Some(ends) = ends.get_mut(gap) else { continue };
        let track = ends.iter().position(|end| *end < low).unwrap_or(ends.len());
        if track == ends.len() {
            ends.push(high);
        } else {
            ends[track] = high;
        }
        tracks.insert((gap, bus), track);
    }
    (tracks, ends.iter().map(Vec::len).collect())
}
