//! Tables, cell by cell.

use super::super::Rule;
use super::super::read::{P, Reader, parts};
use super::super::tree::*;
use crate::diagnostic::{Finding, Kind, Place, Span};

impl Reader {
    pub(super) fn table(&mut self, pair: P<'_>) -> Table {
        let mut table = Table { columns: Vec::new(), rows: Vec::new() };
        let mut seen_head = false;
        for row in parts(pair) {
            let at = self.at(&row);
            let mut cells: Vec<(&str, usize)> = Vec::new();
            let mut broken = false;
            for part in parts(row) {
                let start = part.as_span().start();
                match part.as_rule() {
                    Rule::cell => cells.push((part.as_str(), start)),
                    _ => broken = true,
                }
            }
            if broken {
                let message = "this row of the table does not end with `|`";
                self.findings.push(
                    Finding::new(Kind::MissingCell, self.place(at), message)
                        .help("every cell stands between two `|`, and a row ends where its line ends"),
                );
            } else if !seen_head {
                seen_head = true;
                table.columns = cells.into_iter().map(|cell| self.heading(cell)).collect();
            } else {
                table.rows.extend(self.table_row(&table.columns, cells, at));
            }
        }
        if table.columns.last().is_some_and(|last| last.text != "choose") {
            let at = table.columns.last().map_or(At::default(), |last| last.at);
            self.findings.push(
                Finding::new(Kind::MissingCell, self.place(at), "the last column of this table is not called `choose`")
                    .help("the last column says where to go; its heading is `choose`"),
            );
        }
        table
    }

    /// The place of the words in a cell, without the space around them.
    fn cell_at(&self, (text, start): (&str, usize)) -> At {
        let lead = text.len() - text.trim_start().len();
        At(Span::new(start + lead, start + lead + text.trim().len()))
    }

    fn heading(&mut self, cell: (&str, usize)) -> Word {
        let at = self.cell_at(cell);
        let read = self.piece(Rule::whole_name, cell.0, cell.1, |reader, pair| {
            Some(match parts(pair).next() {
                Some(name) => reader.word(name),
                None => Word { text: "choose".to_string(), at },
            })
        });
        read.unwrap_or_else(|| {
            let message = format!("`{}` is not the name of a fact or a score", cell.0.trim());
            self.findings.push(
                Finding::new(Kind::UnreadableClause, self.place(at), message)
                    .help("a column is headed by the name of a fact or a score; the last one by `choose`"),
            );
            Word { text: String::new(), at }
        })
    }

    fn table_row(&mut self, columns: &[Word], mut cells: Vec<(&str, usize)>, at: At) -> Option<TableRow> {
        if cells.len() != columns.len() {
            let few = if cells.len() < columns.len() { "too few" } else { "too many" };
            let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
            let (has, needs) = (plural(cells.len(), "cell"), plural(columns.len(), "column"));
            let message = format!("this row has {has} and the table has {needs}: {few}");
            let named = columns.get(cells.len()).map(|column| format!("nothing is said about `{}`; ", column.text));
            self.findings.push(
                Finding::new(Kind::MissingCell, self.place(at), message)
                    .help(format!("{}write `any` where a column does not matter", named.unwrap_or_default())),
            );
            return None;
        }
        let last = cells.pop()?;
        let mut whole = true;
        let mut read = Vec::new();
        for cell in cells {
            let at = self.cell_at(cell);
            let values = self.piece(Rule::whole_cell, cell.0, cell.1, |reader, pair| {
                Some(parts(pair).next().map(|values| reader.values(values)))
            });
            match values {
                Some(values) => read.push((values, at)),
                None => {
                    whole = false;
                    self.findings.push(bad_cell(self.place(at), cell.0));
                }
            }
        }
        let route = self.piece(Rule::whole_route, last.0, last.1, Reader::only_route);
        if route.is_none() {
            let at = self.cell_at(last);
            let message = format!("`{}` does not say where to go", last.0.trim());
            self.findings.push(
                Finding::new(Kind::UnreadableClause, self.place(at), message)
                    .help("the last cell names what comes next, such as a step, or says `escalate to` a ladder"),
            );
        }
        match (whole, route) {
            (true, Some(route)) => Some(TableRow { cells: read, route, at }),
            _ => None,
        }
    }
}

fn bad_cell(place: Place, text: &str) -> Finding {
    let text = text.trim();
    if text.is_empty() {
        return Finding::new(Kind::MissingCell, place, "this cell is empty")
            .help("write the values, or `any` where they do not matter");
    }
    Finding::new(Kind::UnreadableClause, place, format!("`{text}` cannot be read as the values of a fact"))
        .help("write values like `5 to 6`, `at least 7`, `strained, not_at_all`, `yes`, or `any`")
}
