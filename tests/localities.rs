//! The pathways that Onward ships, and the places they are for: each pathway is proved with each directory, and none of
//! them says anything that is true in one place only.
//!
//! A pathway is `tested with` one directory, so `onward check` proves it with that one. Whoever brings a directory of
//! their own proves the same pathways with it; here that is done with all that are shipped.
#![allow(clippy::panic)]

mod common;

use common::failures;
use onward::{Library, Source};
use std::path::{Path, PathBuf};

/// Every file below `pathways/`, by its path from there, in order.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways");
    let mut folders = vec![root.clone()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|it| it == "pathway") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    let named = |path: &PathBuf| path.strip_prefix(&root).expect("it is below the folder").display().to_string();
    found.iter().map(|path| (named(path), std::fs::read_to_string(path).expect("it is text"))).collect()
}

fn library(files: &[(String, String)]) -> Library {
    let sources = files.iter().map(|(name, text)| Source::new(name.clone(), text.clone())).collect();
    Library::read(sources).unwrap_or_else(|report| panic!("{report}"))
}

/// The folders with a directory in them: the localities.
fn localities(files: &[(String, String)]) -> Vec<&str> {
    files.iter().filter_map(|(name, _)| name.strip_suffix("/directory.pathway")).collect()
}

#[test]
fn every_pathway_is_proved_with_every_directory() {
    let files = files();
    let library = library(&files);
    assert!(library.directories().count() >= 2, "there are two localities at least");
    assert!(library.pathways().count() >= 13, "the pathways are there");
    let mut wrong = Vec::new();
    for (pathway, program) in library.pathways() {
        for (directory, place) in library.directories() {
            let proof = library.prove(pathway, Some(directory), None, None);
            if !proof.holds() {
                let first = proof.flaws.first().map(|flaw| flaw.finding.message.clone()).unwrap_or_default();
                wrong.push(format!("`{}` with `{}`: {first}", program.pathway.name, place.name));
            }
        }
    }
    assert!(wrong.is_empty(), "not proved:\n{}", wrong.join("\n"));
}

/// Whoever copies a pathway writes their own directory behind `tested with`, and nothing else: the scenarios speak of
/// roles, so that they can be read with any directory, and the words of a pathway are nobody's in particular.
#[test]
fn nothing_in_a_pathway_is_local() {
    let files = files();
    let localities = localities(&files);
    assert!(localities.len() >= 2, "there are two localities at least");
    for other in &localities {
        let moved: Vec<(String, String)> = files
            .iter()
            .map(|(name, text)| {
                let here = |text: String, place: &&str| {
                    text.replace(&format!("{place}/directory.pathway\""), &format!("{other}/directory.pathway\""))
                };
                (name.clone(), localities.iter().fold(text.clone(), here))
            })
            .collect();
        library(&moved);
    }
    let is_pathway = |text: &str| text.lines().any(|line| line.starts_with("pathway "));
    for (name, text) in files.iter().filter(|(_, text)| is_pathway(text)) {
        let without_tested: String = text.lines().filter(|line| !line.contains("tested with")).collect();
        for place in &localities {
            assert!(!without_tested.to_lowercase().contains(*place), "`{name}` speaks of `{place}`");
        }
    }
}

/// What `pathways/README.md` says that a scenario shows, a scenario of that name shows, in that pathway.
#[test]
fn the_scenarios_that_the_page_names_are_there() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways/README.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let library = library(&files());
    let mut named = 0;
    for row in page.lines().filter(|line| line.ends_with("\" |")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, pathway, scenario] = cells.as_slice() else { panic!("`{row}` has three cells") };
        let title = scenario.trim_matches('"');
        let there = library.scenarios().iter().find(|it| it.title == title);
        let there = there.unwrap_or_else(|| panic!("no scenario `{title}`"));
        assert_eq!(library.pathway_by(there.pathway).name, **pathway, "`{title}`");
        named += 1;
    }
    assert!(named >= 6, "the table is read");
}

/// The scenarios that a pathway was shown with stand in its own file and pass.
#[test]
fn every_scenario_passes() {
    let library = library(&files());
    assert_eq!(failures(&library), Vec::<String>::new());
}
