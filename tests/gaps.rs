//! What goes wrong between hospital, council, GP and home, and the finding that catches it: one small pathway a row.
//!
//! Each file in `tests/gaps` begins with the row it is for, and says beside the line what is found there. The table in
//! `tests/gaps/README.md` says which files are for which row; it is looked at here, so that it stays true.

mod common;

use common::{Sample, judge, samples_in};
use std::collections::BTreeSet;

const TABLE: &str = include_str!("gaps/README.md");

/// What stands in a row that no file is for.
const LATER: &str = "comes with the whole language";

/// The rows of the table, by their cells: what goes wrong, its seed, what Onward does, the file, and what is found.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| line.starts_with("| ")).skip(1);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
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
fn every_file_is_for_a_row_and_says_so() {
    let rows = rows();
    let samples = samples_in("tests/gaps");
    for (name, sample) in &samples {
        let row = rows.iter().find(|row| row[3].trim_matches('`') == name).unwrap_or_else(|| panic!("{name}: no row"));
        let head = format!("# | {} | {} | {} |", row[0], row[1], row[2]);
        let first = sample.sources[0].text.lines().next();
        assert_eq!(first, Some(head.as_str()), "{name} begins with its row");
        let told: BTreeSet<&str> = row[4].split(", ").map(|kind| kind.trim_matches('`')).collect();
        assert_eq!(kinds(sample), told, "{name}: what is found, and what the table says");
    }
    for row in &rows {
        let file = row[3].trim_matches('`');
        let there = samples.iter().any(|(name, _)| name == file);
        assert!(there || (file.is_empty() && row[4] == LATER), "{row:?} has its file, or {LATER}");
    }
    assert_eq!(rows.iter().map(|row| row[0]).collect::<BTreeSet<_>>().len(), 26, "no row is left out");
}
