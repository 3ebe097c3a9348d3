//! Findings as programs read them.

use super::lines::Lines;
use onward::diagnostic::{Allowed, Finding, Place, Report, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// A finding.
#[derive(Debug, Serialize)]
pub struct Written<'r> {
    name: &'static str,
    severity: Severity,
    message: &'r str,
    #[serde(flatten)]
    at: Where<'r>,
    labels: Vec<Label<'r>>,
    help: Option<&'r str>,
    suggestion: Option<Change<'r>>,
    /// What `onward check --replay` is asked for to see it happen, where it can be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<&'r str>,
}

/// Where something stands: lines and columns count from 1, columns in characters; the end is not part of it.
#[derive(Debug, Serialize)]
struct Where<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
struct Label<'r> {
    #[serde(flatten)]
    at: Where<'r>,
    text: &'r str,
}

/// What to write in place of what stands there.
#[derive(Debug, Serialize)]
struct Change<'r> {
    #[serde(flatten)]
    at: Where<'r>,
    text: &'r str,
}

/// A finding that somebody answers for.
#[derive(Debug, Serialize)]
pub struct WrittenAllowed<'r> {
    #[serde(flatten)]
    finding: Written<'r>,
    because: &'r str,
    by: &'r str,
    until: &'r str,
}

/// What is allowed in a report.
pub fn allowed(report: &Report) -> Vec<WrittenAllowed<'_>> {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(Lines::of).collect();
    let all = report.allowed.iter().map(|Allowed { finding, because, by, until }| WrittenAllowed {
        finding: one(report, &lines, finding),
        because,
        by,
        until,
    });
    all.collect()
}

/// The findings of a report.
pub fn written<'r>(report: &'r Report, seen: &'r BTreeMap<usize, String>) -> Vec<Written<'r>> {
    let lines: Vec<Lines<'_>> = report.sources.iter().map(Lines::of).collect();
    let all = report.findings.iter().enumerate();
    all.map(|(number, finding)| Written {
        replay: seen.get(&number).map(String::as_str),
        ..one(report, &lines, finding)
    })
    .collect()
}

fn one<'r>(report: &'r Report, lines: &[Lines<'r>], finding: &'r Finding) -> Written<'r> {
    let at = |place: Place| position(report, lines, place);
    let own = (!finding.at.text.is_empty()).then_some(&finding.at);
    Written {
        name: finding.kind.name(),
        severity: finding.kind.severity(),
        message: &finding.message,
        at: at(finding.at.place),
        labels: own.into_iter().chain(&finding.others).map(|it| Label { at: at(it.place), text: &it.text }).collect(),
        help: finding.help.as_deref(),
        suggestion: finding.suggestion.as_ref().map(|it| Change { at: at(it.place), text: &it.text }),
        replay: None,
    }
}

fn position<'r>(report: &'r Report, lines: &[Lines<'r>], place: Place) -> Where<'r> {
    let file = report.source(place).map_or("", |source| source.name.as_str());
    let Some(lines) = lines.get(place.source as usize) else {
        return Where { file, line: 1, column: 1, end_line: 1, end_column: 1 };
    };
    let (start, end) = (lines.position(place.span.start), lines.position(place.span.end.max(place.span.start)));
    Where { file, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}
