//! How facts, the parts of scores, and tables are printed.

use super::print::Line;
use super::print_clauses::*;
use super::tree::*;
use crate::diagnostic::Span;

pub(super) fn fact(fact: &Fact, name_width: usize) -> String {
    let mut kind = match &fact.kind {
        FactType::YesOrNo => "yes or no".to_string(),
        FactType::OneOf(options) => format!("one of {}", listed(options).join(", ")),
        FactType::SeveralOf(options) => format!("several of {}", listed(options).join(", ")),
        FactType::Number(from, to, None) => format!("{} to {}", from.text, to.text),
        FactType::Number(from, to, Some(step)) => format!("{} to {} in steps of {}", from.text, to.text, step.text),
        FactType::Date(from, to) => format!("date from {} to {}", from.text, to.text),
        FactType::DateTime(from, to) => format!("date and time from {} to {}", from.text, to.text),
        FactType::Length(from, to) => format!("length from {} to {}", from.text, to.text),
        FactType::Text => "text".to_string(),
        FactType::Document => "document".to_string(),
    };
    if let Some(title) = &fact.title {
        kind = format!("{kind}  {}", quoted(title));
    }
    let mut pieces = vec![kind];
    pieces.extend(fact.unit.as_ref().map(|unit| format!("measured in {}", quoted(unit))));
    pieces.extend(fact.computed.as_ref().map(super::clauses_computed::computed));
    pieces.extend(fact.elapsed.as_ref().map(super::clauses_computed::elapsed));
    if !fact.asked_of.is_empty() {
        pieces.push(format!("asked of {}", listed(&fact.asked_of).join(" or ")));
    }
    if !fact.found_by.is_empty() {
        let mut text = "found by".to_string();
        for (number, (joiner, name)) in fact.found_by.iter().enumerate() {
            let joiner = match joiner {
                _ if number == 0 => "",
                Joiner::Or => " or",
                Joiner::With => " with",
            };
            text = format!("{text}{joiner} {}", name.text);
        }
        pieces.push(text);
    }
    if let Some((model, from)) = fact.model.as_deref() {
        pieces.push(format!("found by model {} from {}", quoted(model), listed(from).join(", ")));
    }
    pieces.extend(fact.good_for.as_ref().map(|length| format!("good for {}", length.text)));
    if !fact.presumed.is_empty() {
        let all: Vec<String> = fact.presumed.iter().map(literal).collect();
        pieces.push(format!("presumed {} until found otherwise", all.join(" and ")));
    }
    pieces.extend(fact.settled.map(|_| "settled".to_string()));
    pieces.extend(fact.applies.as_ref().map(|it| format!("applies when {}", condition(it))));
    if !fact.kept_from.is_empty() {
        pieces.push(format!("kept from {}", listed(&fact.kept_from).join(", ")));
    }
    let arbiter = fact.disputed.as_deref();
    pieces.extend(arbiter.map(|(who, within)| format!("if disputed ask {} within {}", who.text, within.text)));
    if !fact.lets_be_told.is_empty() {
        pieces.push(format!("lets {} be told", listed(&fact.lets_be_told).join(", ")));
    }
    pieces.extend(fact.codes.iter().map(|(system, code)| format!("code {} {}", system.text, literal(code))));
    pieces.extend(fact.source.as_ref().map(|clause| format!("source {}", source(&clause.kind))));
    let mut text = format!("{:name_width$}  ", fact.name.text);
    wrap(&mut text, name_width + 2, &pieces, "  ");
    text
}

pub(super) fn part(at: Span, part: &Part, name_width: usize) -> Vec<Line> {
    let title = part.title.as_ref().map(|title| format!(" {}", quoted(title))).unwrap_or_default();
    match &part.points {
        Points::Bands(bands) => {
            let pieces: Vec<String> =
                bands.iter().map(|(band, points)| format!("{} scores {}", values(band), points.text)).collect();
            let mut text = format!("{:name_width$}  ", part.name.text);
            wrap(&mut text, name_width + 2, &pieces, ", ");
            vec![line(at, text)]
        }
        Points::Rows(rows, otherwise) => {
            let head = Span { start: at.start, end: part.name.at.0.end };
            let head = part.title.as_ref().map_or(head, |title| head.to(title.at.0));
            let mut lines = vec![line(head, format!("part {}{title}", part.name.text))];
            for (row, points) in rows {
                let text = format!("  when {} scores {}", condition(row), points.text);
                lines.push(line(row.at.0.to(points.at.0), text));
            }
            if let Some(points) = otherwise {
                lines.push(line(points.at.0, format!("  otherwise scores {}", points.text)));
            }
            lines
        }
    }
}

pub(super) fn table(at: Span, table: &Table) -> Vec<Line> {
    let head: Vec<String> = table.columns.iter().map(|column| column.text.clone()).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let cells = row.cells.iter().map(|(cell, _)| cell.as_ref().map_or("any".to_string(), |all| values(all)));
            cells.chain([route(&row.route)]).collect()
        })
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let draw = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:width$} "));
        format!("|{}|", cells.collect::<Vec<_>>().join("|"))
    };
    let first = table.columns.first().map_or(at, |column| Span { start: at.start, end: column.at.0.end });
    let first = table.columns.last().map_or(first, |column| first.to(column.at.0));
    let mut lines = vec![line(first, draw(&head))];
    lines.extend(rows.iter().zip(&table.rows).map(|(cells, row)| line(row.at.0, draw(cells))));
    lines
}
