//! What goes wrong between hospital, council, GP and home, and the finding that catches it: one small pathway a row.
//!
//! Each file in `tests/gaps` begins with the row it is for, and says beside the line what is found there; its twin in
//! `tests/gaps/mended` is the same put right. The table in `docs/gaps.md` says which files are for which row; it is looked
//! at here, so that it stays true.

mod common;

use common::{Sample, failures, judge, samples_in};
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../docs/gaps.md");

/// What stands in a row where nothing goes wrong: a scenario shows what is there instead.
const SHOWN: &str = "shown by its scenario";

/// The rows of the table, by their cells: what goes wrong, its seed, what Onward does, the file, and what is found.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| line.starts_with("| ")).skip(1);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Samples by the names of their files.
type Named = Vec<(String, Sample)>;

/// The files in which something goes wrong, or is shown; and their twins, by the same names.
fn wrong_and_mended() -> (Named, Named) {
    let (mended, wrong) = samples_in("tests/gaps").into_iter().partition(|(name, _)| name.starts_with("mended/"));
    (wrong, mended)
}

fn kinds(sample: &Sample) -> BTreeSet<&str> {
    sample.expected.iter().map(|it| it.kind.as_str()).collect()
}

#[test]
fn what_goes_wrong_is_found_beside_the_line_that_does_it() {
    let wrong = judge(&samples_in("tests/gaps"));
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_twin_is_mended_and_proved() {
    let (wrong, mended) = wrong_and_mended();
    let mut not_mended = Vec::new();
    for (name, sample) in &mended {
        let (library, report) = sample.compile();
        let proved = library.is_some_and(|it| {
            it.pathways().count() > 0 && it.pathways().all(|(id, _)| it.proof(id).is_some_and(|it| it.holds()))
        });
        if !proved || !report.findings.is_empty() || !sample.expected.is_empty() {
            not_mended.push(format!("{name}: proved: {proved}\n{report}"));
        }
    }
    assert!(not_mended.is_empty(), "{}", not_mended.join("\n"));
    let twins: BTreeSet<&str> = mended.iter().filter_map(|(name, _)| name.strip_prefix("mended/")).collect();
    let needed = wrong.iter().filter(|(_, sample)| !sample.expected.is_empty()).map(|(name, _)| name.as_str());
    assert_eq!(twins, needed.collect::<BTreeSet<_>>(), "each file in which something goes wrong has its twin");
}

#[test]
fn every_file_is_for_a_row_and_says_so() {
    let rows = rows();
    let (samples, mended) = wrong_and_mended();
    for (name, sample) in &samples {
        let row = rows.iter().find(|row| row[3].trim_matches('`') == name).unwrap_or_else(|| panic!("{name}: no row"));
        let head = format!("# | {} | {} | {} |", row[0], row[1], row[2]);
        let begins = |sample: &Sample| sample.sources[0].text.lines().next().map(str::to_string);
        assert_eq!(begins(sample).as_deref(), Some(head.as_str()), "{name} begins with its row");
        if let Some((_, twin)) = mended.iter().find(|(twin, _)| twin.strip_prefix("mended/") == Some(name)) {
            assert_eq!(begins(twin), begins(sample), "the twin of {name} begins with its row");
        }
        if row[4] == SHOWN {
            let (library, _) = sample.compile();
            let library = library.unwrap_or_else(|| panic!("{name} can be read"));
            assert!(!library.scenarios().is_empty() && failures(&library).is_empty(), "{name}: its scenario shows it");
            continue;
        }
        let told: BTreeSet<&str> = row[4].split(", ").map(|kind| kind.trim_matches('`')).collect();
        assert_eq!(kinds(sample), told, "{name}: what is found, and what the table says");
    }
    for row in &rows {
        let file = row[3].trim_matches('`');
        let there = samples.iter().any(|(name, _)| name == file);
        assert!(there, "{row:?} has its file");
    }
    assert_eq!(rows.iter().map(|row| row[0]).collect::<BTreeSet<_>>().len(), 26, "no row is left out");
}
