//! Findings drawn for people: the sentence, the place, the line it is about, what to do, and what to write instead.
//! Everything the drawing shows is also said in words.

use super::lines::Lines;
use crate::page::{Page, Style, columns};
use onward::diagnostic::{Allowed, Finding, Place, Report, Severity, Suggestion};
use std::collections::BTreeMap;

/// How many findings are drawn in one run. Who has more mends these first.
const MOST: usize = 100;
/// How much of a very long line is shown.
const LONGEST: usize = 110;

/// Draws the findings of a report.
pub fn draw(page: &mut Page, report: &Report, seen: &BTreeMap<usize, String>) {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(Lines::of).collect();
    for (number, finding) in report.findings.iter().enumerate().take(MOST) {
        one(page, report, &lines, finding);
        if let Some(id) = seen.get(&number) {
            page.tagged(2, Style::Help, "see it happen:", &format!(" the same command with `--replay {id}`"));
        }
        page.gap();
    }
    let more = report.findings.len().saturating_sub(MOST);
    if more > 0 {
        page.line(0, &format!("And {more} more, which are not shown here; they may go away when these are mended."));
        page.gap();
    }
    for it in &report.allowed {
        allowed(page, report, it);
    }
}

/// What somebody answers for: always said, in two lines.
fn allowed(page: &mut Page, report: &Report, it: &Allowed) {
    let Allowed { finding, because, by, until } = it;
    page.tagged(0, Style::Bold, "allowed:", &format!(" {} ({})", finding.message, finding.kind.name()));
    if let Some(source) = report.source(finding.at.place) {
        let (line, column) = source.line_and_column(finding.at.place.span.start);
        page.verbatim(2, &format!("at {}:{line}:{column}", source.name));
    }
    page.line(2, &format!("`{by}` answers for it until {until}: {because}"));
    page.gap();
}

fn one(page: &mut Page, report: &Report, lines: &[Lines<'_>], finding: &Finding) {
    let (style, tag) = match finding.kind.severity() {
        Severity::Error | Severity::Unproved => (Style::Bad, "error:"),
        Severity::Warning => (Style::Warning, "warning:"),
    };
    page.tagged(0, style, tag, &format!(" {} ({})", finding.message, finding.kind.name()));
    place(page, report, lines, finding.at.place, "at", &finding.at.text);
    for other in &finding.others {
        place(page, report, lines, other.place, "and at", &other.text);
    }
    if let Some(help) = &finding.help {
        page.tagged(2, Style::Help, "help:", &format!(" {help}"));
    }
    if let Some(suggestion) = &finding.suggestion {
        instead(page, report, lines, suggestion);
    }
}

/// Names a place, shows its line, and underlines what is meant.
fn place(page: &mut Page, report: &Report, lines: &[Lines<'_>], at: Place, lead: &str, label: &str) {
    let (Some(source), Some(lines)) = (report.source(at), lines.get(at.source as usize)) else { return };
    let (start, end) = (lines.position(at.span.start), lines.position(at.span.end.max(at.span.start)));
    let words = if label.is_empty() { String::new() } else { format!(": {label}") };
    page.verbatim(2, &format!("{lead} {}:{}:{}{words}", source.name, start.line, start.column));
    let (from, line) = lines.line(start.line);
    if line.trim().is_empty() {
        return;
    }
    let first = lines.inside(at.span.start).saturating_sub(from);
    let last =
        if end.line > start.line { line.len() } else { lines.inside(at.span.end).saturating_sub(from).max(first) };
    let shown = Shown::new(line, first.min(line.len()), last.min(line.len()));
    let number = start.line.to_string();
    page.verbatim(4, &format!("{number} | {}", shown.line));
    page.verbatim(4, &format!("{:width$} | {}", "", shown.marks, width = number.len()));
    if end.line > start.line {
        page.verbatim(4, &format!("{:width$} | up to line {}", "", end.line, width = number.len()));
    }
}

/// A line, or the piece of a very long one, and the marks below it.
struct Shown {
    line: String,
    marks: String,
}

impl Shown {
    /// `first` and `last` are bytes of the line at which characters start, or its end.
    fn new(line: &str, first: usize, last: usize) -> Shown {
        let before: Vec<char> = line.get(..first).unwrap_or("").chars().collect();
        let marked: Vec<char> = line.get(first..last).unwrap_or("").chars().collect();
        let after = line.get(last..).unwrap_or("").chars();
        let room = LONGEST.saturating_sub(marked.len().min(LONGEST)).max(20);
        let cut =
            if before.len() > room && before.len() + marked.len() > LONGEST { before.len() - room / 2 } else { 0 };
        let (mut shown, mut marks) = (String::new(), String::new());
        if cut > 0 {
            shown.push_str("... ");
            marks.push_str("    ");
        }
        let put = |c: char, mark: char, shown: &mut String, marks: &mut String| {
            let wide = if c == '\t' { 4 } else { columns(c) };
            (0..wide).for_each(|_| marks.push(mark));
            if c == '\t' { shown.push_str("    ") } else { shown.push(c) }
        };
        before.iter().skip(cut).for_each(|c| put(*c, ' ', &mut shown, &mut marks));
        marked.iter().take(LONGEST).for_each(|c| put(*c, '^', &mut shown, &mut marks));
        let mut after = after.peekable();
        while marked.len() <= LONGEST && shown.chars().count() < LONGEST {
            let Some(c) = after.next() else { break };
            put(c, ' ', &mut shown, &mut marks);
        }
        if after.peek().is_some() || marked.len() > LONGEST {
            shown.push_str(" ...");
        }
        let mut marks = marks.trim_end().to_string();
        if marked.is_empty() {
            let wide = before.iter().skip(cut).map(|c| if *c == '\t' { 4 } else { columns(*c) }).sum::<usize>();
            marks = format!("{:wide$}^", "", wide = wide + if cut > 0 { 4 } else { 0 });
        }
        Shown { line: shown, marks }
    }
}

/// Shows what to write instead.
fn instead(page: &mut Page, report: &Report, lines: &[Lines<'_>], change: &Suggestion) {
    let (Some(source), Some(lines)) = (report.source(change.place), lines.get(change.place.source as usize)) else {
        return;
    };
    let (start, end) = (lines.inside(change.place.span.start), lines.inside(change.place.span.end));
    let end = end.max(start);
    let (first, last) = (lines.position(start as u32), lines.position(end as u32));
    let (from, _) = lines.line(first.line);
    let (to, line) = lines.line(last.line);
    let after = line.get(end.saturating_sub(to)..).unwrap_or("");
    let written = format!("{}{}{after}", lines.between(from, start), change.text);
    let whole = start == end && change.text.ends_with('\n');
    let (lead, written) = match whole {
        true => ("write before it", change.text.as_str()),
        false => ("write instead", written.as_str()),
    };
    if written.trim().is_empty() {
        page.tagged(2, Style::Help, "help:", " take it out");
        return;
    }
    if report.sources.len() > 1 {
        page.tagged(2, Style::Help, &format!("{lead}:"), &format!(" {}, line {}", source.name, first.line));
    } else {
        page.tagged(2, Style::Help, &format!("{lead}:"), "");
    }
    for (number, line) in written.trim_end().lines().take(12).enumerate() {
        let shown: String = line.chars().take(LONGEST * 2).collect();
        let more = if line.chars().nth(LONGEST * 2).is_some() { " ..." } else { "" };
        page.verbatim(4, &format!("{} | {shown}{more}", first.line + number));
    }
}
