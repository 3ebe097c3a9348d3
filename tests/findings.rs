//! Every page on a finding is run: its example earns that finding and no other error, and the mended version none.

mod common;

use common::{REST, Sample, is_error, not_for_readers, suggestions_help};
use onward::Source;
use onward::diagnostic::{Kind, Report};
use onward::syntax::{MAX_BYTES, format, text_of};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEADINGS: [&str; 5] = ["## What it means", "## Why it matters", "## Example", "## Mended", "## How to mend it"];

/// A kind, and something that earns it.
type Built = (Kind, fn() -> Report);

/// The kinds whose example is no text, and is built here instead.
const NOT_SHOWN: &[Built] = &[(Kind::NotText, a_picture)];

/// The kinds that can be earned in a second way, which cannot be shown as text.
const SHOWN_AND_BUILT: &[Built] =
    &[(Kind::TooLarge, a_very_large_file), (Kind::Undecided, totals_that_are_too_many_to_go_through)];

fn a_picture() -> Report {
    let bytes = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
    let finding = text_of(0, bytes).expect_err("these bytes are not text");
    Report::new(vec![Source::new("photograph.pathway", "")], vec![*finding])
}

/// Sums of many numbers that have to come out exactly, which takes more work than is ever done.
fn totals_that_are_too_many_to_go_through() -> Report {
    let mut text = String::from("onward 1\n\npathway next\n  version 1\n  starts at next\n\nfacts\n");
    for number in 0..36 {
        let _ = writeln!(text, "  sign_{number} yes or no");
    }
    for score in 0..3u64 {
        let _ = writeln!(text, "\nscore total_{score}");
        for number in 0..36u64 {
            let points = 1001 + (number + 1) * (number + 7) * (37 + 91 * score) % 7919 * 2;
            let _ = writeln!(text, "  sign_{number} yes scores {points}, no scores 0");
        }
    }
    text.push_str(
        "\ndecide next\n  when total_0 is not 100201 -> as_they_wish\n  when total_1 is not 100403 -> as_they_wish\n  \
         when total_2 is not 100607 -> as_they_wish\n  if we do not know yet -> ask, at most once, then \
         as_they_wish\n\nstep ask\n  led by nurse\n  finds what is missing\n  within 1 day\n  then back to the \
         decision\n\n",
    );
    common::compile(vec![Source::new("undecided.pathway", format!("{text}{REST}"))]).1
}

fn a_very_large_file() -> Report {
    let line = "# A line that says nothing.\n";
    let text = format!("onward 1\n{}", line.repeat(MAX_BYTES / line.len() + 1));
    let finding = text_of(0, text.clone().into_bytes()).expect_err("this is more than is read");
    let (library, report) = common::compile(vec![Source::new("large.pathway", text)]);
    assert!(library.is_none());
    assert_eq!(report.findings, [*finding], "the file says the same, whether it is read as bytes or as text");
    report
}

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/pages")
}

/// Writing is asked for with `UPDATE_DOCS=1 cargo test --test findings`.
fn updating() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

/// The text of a section of a page.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let start = page.find(&format!("\n{heading}\n")).map_or(page.len(), |at| at + heading.len() + 2);
    let rest = &page[start..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// The sample in a section, where one is shown.
fn sample(kind: Kind, section: &str) -> Option<Sample> {
    let (_, fence) = section.split_once("```pathway")?;
    let (how, fence) = fence.split_once('\n').expect("a fence begins a line");
    let (text, after) = fence.split_once("```").expect("a fence is closed");
    assert!(!after.contains("```"), "{kind}: one fence a section");
    assert!(["", ",with-rest"].contains(&how), "{kind}: what is `{how}`?");
    let with_rest = how == ",with-rest";
    let told = section.contains("(the rest of the file is as in docs/findings.md)");
    assert_eq!(told, with_rest, "{kind}: a page says when the rest of a file is left out, and only then");
    Some(Sample::new(&format!("{}.pathway", kind.name()), text, with_rest))
}

/// An example and its mended version.
fn samples(kind: Kind) -> Option<(Sample, Sample)> {
    let example = sample(kind, section(kind.page(), "## Example"));
    let mended = sample(kind, section(kind.page(), "## Mended"));
    assert_eq!(example.is_some(), mended.is_some(), "{kind}: an example and its mended version are shown together");
    example.zip(mended)
}

fn told(report: &Report) -> String {
    report.to_string()
}

#[test]
fn every_kind_has_a_page_in_plain_words() {
    for kind in Kind::ALL {
        let page = kind.page();
        let mut lines = page.lines();
        assert_eq!(lines.next(), Some(format!("# {kind}").as_str()));
        assert_eq!(lines.next(), Some(""), "{kind}");
        assert_eq!(lines.next(), Some(kind.summary()), "{kind}: the page begins with the summary of the registry");
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{kind}");
        for heading in HEADINGS {
            assert!(!section(page, heading).trim().is_empty(), "{kind}: nothing stands under `{heading}`");
        }
        let lower = page.to_lowercase();
        for word in ["user", "patient", "client", "node", "parse", "syntax", "token"] {
            let words = lower.split(|c: char| !c.is_alphanumeric());
            assert!(!words.clone().any(|it| it.trim_end_matches('s') == word), "{kind}: we do not say `{word}`");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 120), "{kind}: a line is at most 120 characters");
        let fences = page.matches("```").count();
        assert!(fences == 0 || fences == 4, "{kind}: an example and its mended version, each in a fence");
    }
}

#[test]
fn every_page_belongs_to_a_kind() {
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(pages()).expect("the pages are there") {
        names.push(entry.expect("a page can be read").file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut wanted: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind}.md")).collect();
    wanted.sort();
    assert_eq!(names, wanted);
}

#[test]
fn every_example_earns_its_finding_and_no_other_error() {
    let mut wrong = String::new();
    for kind in Kind::ALL.iter().copied() {
        let Some((example, _)) = samples(kind) else { continue };
        let (_, report) = example.compile();
        let earned = report.findings.iter().any(|it| it.kind == kind);
        let other = report.findings.iter().any(|it| it.kind != kind && is_error(it));
        let different = example.differences(&report);
        if !earned || other || !different.is_empty() {
            let _ = writeln!(wrong, "{kind}:\n  {}\n{}", different.join("\n  "), told(&report));
        }
        for line in not_for_readers(&report) {
            let _ = writeln!(wrong, "{kind}: {line}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_mended_example_has_no_finding() {
    let mut wrong = String::new();
    for kind in Kind::ALL.iter().copied() {
        let Some((_, mended)) = samples(kind) else { continue };
        let (library, report) = mended.compile();
        if !report.findings.is_empty() {
            let _ = writeln!(wrong, "{kind}:\n{}", told(&report));
        }
        for scenario in library.iter().flat_map(|library| library.scenarios()) {
            let ran = onward::simulate::run_scenario(library.as_ref().expect("it is there"), scenario);
            if let Some((_, failure)) = ran.failure {
                let _ = writeln!(wrong, "{kind}: {}: {failure}", scenario.title);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_suggestion_mends_what_it_is_for_and_nothing_else() {
    let mut wrong = String::new();
    for kind in Kind::ALL.iter().copied() {
        let Some((example, _)) = samples(kind) else { continue };
        for line in suggestions_help(&example.compile().1) {
            let _ = writeln!(wrong, "{kind}: {line}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_no_page_can_show_is_built_here() {
    for (kind, build) in NOT_SHOWN.iter().chain(SHOWN_AND_BUILT) {
        let report = build();
        let kinds: Vec<Kind> = report.findings.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [*kind]);
        assert!(report.findings[0].help.is_some(), "{kind} says what to do");
        assert_eq!(not_for_readers(&report), Vec::<String>::new());
    }
    for kind in Kind::ALL {
        let built = NOT_SHOWN.iter().any(|(it, _)| it == kind);
        assert_ne!(samples(*kind).is_some(), built, "{kind} is shown in its page or built here");
    }
}

/// The examples of the pages are laid out as every pathway is.
#[test]
fn every_example_is_laid_out() {
    let mut wrong = String::new();
    for kind in Kind::ALL.iter().copied() {
        let mut page = kind.page().to_string();
        for heading in ["## Example", "## Mended"] {
            let Some(sample) = sample(kind, section(kind.page(), heading)) else { continue };
            for source in sample.sources {
                let text = source.text.strip_suffix(REST).unwrap_or(&source.text).trim();
                // What cannot be read cannot be laid out.
                let Ok(laid) = format(0, text) else { continue };
                if laid.trim() != text {
                    let _ = writeln!(wrong, "{kind}, {heading}, {}: laid out it is\n{laid}", source.name);
                    page = page.replace(text, laid.trim());
                }
            }
        }
        if updating() && page != kind.page() {
            std::fs::write(pages().join(format!("{kind}.md")), page).expect("a page can be written");
        }
    }
    assert!(wrong.is_empty() || updating(), "{wrong}");
}

/// `docs/findings.md`, from the registry.
fn list_of_findings() -> String {
    let mut text = String::from(
        "# What Onward can find\n\
         \n\
         <!-- Written by `UPDATE_DOCS=1 cargo test --test findings`; change src/diagnostic/registry.rs, not this. -->\n\
         \n\
         Each finding has a name, and a page with an example and the same example mended. `onward explain NAME` shows\n\
         the page. An *error* keeps a pathway from being used, or from being proved; a *warning* asks that somebody look.\n\
         \n\
         | finding | | what it is |\n\
         |---|---|---|\n",
    );
    for kind in Kind::ALL {
        let (name, severity, summary) = (kind.name(), kind.severity(), kind.summary());
        let _ = writeln!(text, "| [{name}](../src/diagnostic/pages/{name}.md) | {severity} | {summary} |");
    }
    text.push_str(
        "\n## The rest of the file\n\
         \n\
         Many examples show only what they are about. Where a page says that the rest of the file is as in\n\
         docs/findings.md, this stands below the example:\n\
         \n\
         ```pathway\n",
    );
    text.push_str(REST.trim_end());
    text.push_str("\n```\n");
    text
}

#[test]
fn the_list_of_findings_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let wanted = list_of_findings();
    if updating() {
        std::fs::write(&path, &wanted).expect("the list can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, wanted, "write it anew with `UPDATE_DOCS=1 cargo test --test findings`");
}
