//! What is said about a finding, word for word: the message, what stands beside the line, which other lines belong to
//! it, and what may help.

mod common;

use common::{place_of, samples_in};
use onward::check::Evidence;
use onward::diagnostic::Report;
use std::fmt::Write as _;

/// A report as a designer reads it, without the lines of the file.
fn read(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let line = |at| report.source(at).map_or(0, |source| source.line_and_column(at.span.start).0);
        let _ = writeln!(out, "line {}: {}: {}", place_of(report, finding).1, finding.kind, finding.message);
        if !finding.at.text.is_empty() {
            let _ = writeln!(out, "  here: {}", finding.at.text);
        }
        for other in &finding.others {
            let _ = writeln!(out, "  line {}: {}", line(other.place), other.text);
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "  help: {help}");
        }
        if let Some(suggestion) = &finding.suggestion {
            let _ = writeln!(out, "  instead: {}", suggestion.text);
        }
    }
    out
}

#[test]
fn everything_is_said_in_the_words_that_were_agreed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("said");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let samples = samples_in("tests/said");
        assert_eq!(samples.len(), 6);
        for (name, sample) in samples {
            insta::assert_snapshot!(name.trim_end_matches(".pathway"), read(&sample.compile().1));
        }
    });
}

/// Samples in which something is found on a path that no run was made of. (What is said of paths can be so although no
/// run shows it.)
const NOT_SHOWN: [&str; 2] = ["handover/found_again_perhaps.pathway", "handover/missing_and_found.pathway"];

#[test]
fn what_is_found_on_a_path_is_shown_in_a_run() {
    let mut without = Vec::new();
    for (name, sample) in
        samples_in("tests/language").into_iter().filter(|(name, _)| !NOT_SHOWN.contains(&name.as_str()))
    {
        let (Some(library), _) = sample.compile() else { continue };
        for (id, _) in library.pathways() {
            for flaw in library.prove(id, library.directory_for(id), None, None).flaws {
                if matches!(flaw.evidence, Evidence::Run(_)) && flaw.story.is_none() {
                    without.push(format!("{name}: {}", flaw.finding.message));
                }
            }
        }
    }
    assert_eq!(without, Vec::<String>::new());
}
