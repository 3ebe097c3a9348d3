//! Natively and in the sandbox the same: findings, answers, refusals, reasons and saved cases, byte for byte.
#![allow(clippy::panic)]

mod boxed;
#[path = "../../../tests/worlds/mod.rs"]
mod worlds;

use boxed::{fine, sandbox};
use onward::calendar::Moment;
use onward::engine::{self, By, Event, EventKind, LifeEvent, Opening, PersonRecord, Secret};
use onward::model::DirectoryId;
use onward::{Library, Report, Source};
use onward_host::{Case, Error, Fault, Limits};
use proptest::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use worlds::{for_all, pathway, some_facts, start};

fn json(it: &impl Serialize) -> String {
    serde_json::to_string(it).expect("it can be written")
}

/// What came of something, as bytes: what is answered, or the refusal.
fn native<T: Serialize>(it: Result<T, engine::Refusal>) -> String {
    match it {
        Ok(it) => json(&it),
        Err(it) => json(&(it.code(), it.in_full(), it.about(), it.fits(), it.retry())),
    }
}

fn boxed<T: Serialize>(it: Result<T, Error>) -> String {
    match it {
        Ok(it) => json(&it),
        Err(Error::Refused(it)) => json(&(it.code, it.message, it.about, it.fits, it.retry)),
        Err(other) => panic!("{other}"),
    }
}

/// Whether two reports say the same.
fn same_report(one: &Report, other: &Report) -> Result<(), TestCaseError> {
    prop_assert_eq!(&one.findings, &other.findings);
    prop_assert_eq!(&one.allowed, &other.allowed);
    Ok(())
}

/// Whether everything that can be asked of a case is answered the same.
fn same_case(one: &engine::Case, other: &Case) -> Result<(), TestCaseError> {
    prop_assert_eq!(json(one.record()), fine(other.saved()));
    prop_assert_eq!(json(&one.standing()), json(&fine(other.standing())));
    prop_assert_eq!(one.due(), fine(other.due()));
    Ok(())
}

/// The same, with reasons.
fn same_reasons(one: &engine::Case, other: &Case) -> Result<(), TestCaseError> {
    for place in one.program().pathway.places.iter().map(|it| it.name.as_str()).chain(["nowhere"]) {
        prop_assert_eq!(json(&one.why(place)), json(&fine(other.why(place))), "why {}", place);
        prop_assert_eq!(json(&one.why_not(place)), json(&fine(other.why_not(place))), "why not {}", place);
    }
    prop_assert_eq!(json(&one.decisions()), json(&fine(other.decisions())));
    prop_assert_eq!(json(&one.effects_since(0)), json(&fine(other.effects_since(0))));
    prop_assert_eq!(json(&one.seen_by("team")), json(&fine(other.seen_by("team"))));
    prop_assert_eq!(json(&one.watch(one.record().now)), json(&fine(other.watch(one.record().now))));
    prop_assert_eq!(one.verify().is_ok(), other.verify().is_ok());
    Ok(())
}

#[test]
fn random_worlds_and_histories_are_the_same_to_the_byte() {
    let taken = std::cell::Cell::new(0);
    for_all(24, 1200, |dice| {
        let text = pathway(dice);
        let sources = || vec![Source::new("random.pathway", text.as_str())];
        let library = worlds::checked(&text);
        let held = fine(sandbox().compile(sources()));
        same_report(library.report(), held.report())?;
        let (one, other) = (library.pathway("random"), held.pathway("random"));
        let (Some(one), Some(other)) = (one, other) else { panic!("it is called random") };
        prop_assert_eq!(one.program().hash.as_str(), other.hash());
        prop_assert_eq!(one.proof().is_some_and(onward::Proof::holds), other.is_proved());
        let found: Vec<_> =
            one.proof().into_iter().flat_map(|proof| &proof.flaws).map(|flaw| flaw.finding.clone()).collect();
        prop_assert_eq!(Some(found), fine(held.found_of("random")));
        let facts = some_facts(dice, &library, 2);
        let secret = dice.once_in(3).then(|| Secret::new([7; 32]));
        let opening = Opening { id: "case".into(), facts, by: By::role("nurse"), secret, ..Opening::default() };
        let (one, other) = (one.open_draft(opening.clone(), start()), other.open_draft(opening, start()));
        let ((mut one, first), (mut other, again)) = match (one, other) {
            (Ok(one), Ok(other)) => (one, other),
            (one, other) => {
                prop_assert_eq!(native(one.map(|it| it.1)), boxed(other.map(|it| it.1)));
                return Ok(());
            }
        };
        prop_assert_eq!(json(&first), json(&again));
        let mut person = PersonRecord::default();
        for number in 0..10 {
            let (event, now) = worlds::event(dice, &library, &one, number);
            let (answer, same) = if dice.once_in(5) {
                (one.advance(now), other.advance(now))
            } else {
                (one.apply(event.clone(), now), other.apply(event, now))
            };
            taken.set(taken.get() + usize::from(answer.is_ok()));
            if let Ok(answer) = &answer {
                answer.news.iter().for_each(|news| person.learn(news));
            }
            prop_assert_eq!(native(answer), boxed(same));
            same_case(&one, &other)?;
            if dice.once_in(6) {
                // Saved here, loaded there.
                other = fine(held.load(one.record()));
            }
        }
        let bundle: Vec<(Event, Moment)> = (10..14).map(|number| worlds::event(dice, &library, &one, number)).collect();
        let (all, same) = (one.apply_all(bundle.clone()), fine(other.apply_all(bundle)));
        prop_assert_eq!((all.taken, json(&all.answer)), (same.taken, json(&same.answer)));
        let [refused, boxed_too] =
            [all.refused.map(|it| native::<()>(Err(it))), same.refused.map(|it| boxed::<()>(Err(it)))];
        prop_assert_eq!(refused, boxed_too);
        same_case(&one, &other)?;
        same_reasons(&one, &other)?;
        let directory = library.directory(DirectoryId(0)).name.clone();
        let now = one.record().now;
        let watched = library.watch(&person, DirectoryId(0), now);
        prop_assert_eq!(json(&watched), json(&fine(held.watch(&person, &directory, now))));
        let (followed, same) = (library.follow(&one, DirectoryId(0), now), held.follow(&other, &directory, now));
        if let (Ok((one, _)), Ok((other, _))) = (&followed, &same) {
            same_case(one, other)?;
            // It ran with both, and is played again with both where it is loaded.
            let loaded = library.load(one.record().clone()).unwrap_or_else(|error| panic!("{error}"));
            let verified = [loaded.verify().is_ok(), fine(held.load(one.record())).verify().is_ok()];
            prop_assert_eq!(verified, [true; 2]);
        }
        prop_assert_eq!(native(followed.map(|it| it.1)), boxed(same.map(|it| it.1)));
        let (by, last) = (By::role("nurse"), one.record().journal.len() as u32 - 1);
        prop_assert_eq!(native(one.erase(last, by.clone(), "asked", now)), boxed(other.erase(last, by, "asked", now)));
        same_case(&one, &other)
    });
    assert!(taken.get() > 20, "{} events were taken", taken.get());
}

#[test]
fn what_cannot_be_read_is_answered_with_the_same_findings_and_the_same_layout() {
    for_all(48, 400, |dice| {
        let mut text = pathway(dice);
        let at = (dice.below(256) * 256 + dice.below(256)) % (text.len() + 1);
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        match dice.below(3) {
            0 => text.insert_str(at, dice.word(&["(", "\"", "|", "\n step ", "é", "#", "when ", "->", "\u{0}"])),
            1 => text.truncate(at.max(20)),
            _ => {}
        }
        let sources = || vec![Source::new("a.pathway", text.as_str())];
        match (Library::read(sources()), sandbox().read(sources())) {
            (Ok(one), Ok(other)) => same_report(one.report(), other.report())?,
            (Err(one), Err(Error::Report(other))) => same_report(&one, &other)?,
            (one, other) => panic!("{:?}\n{:?}", one.is_ok(), other.map(|_| ())),
        }
        match (onward::syntax::format(0, &text), sandbox().format(&text)) {
            (Ok(one), Ok(other)) => prop_assert_eq!(one, other),
            (Err(one), Err(Error::Report(other))) => {
                prop_assert_eq!(Report::new(Vec::new(), one).findings, other.findings);
            }
            (one, other) => panic!("{one:?}\n{other:?}"),
        }
        Ok(())
    });
}

/// The files of a folder, with the names they go by from the workspace.
fn files(folder: &Path, root: &Path, all: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, root, all);
        } else if path.extension().is_some_and(|it| it == "pathway") {
            let name = path.strip_prefix(root).expect("it is in it").to_string_lossy().replace('\\', "/");
            all.insert(name, std::fs::read_to_string(&path).expect("it is text"));
        }
    }
}

/// Sources that use each other, or are tested with each other, together.
fn groups(all: &BTreeMap<String, String>) -> Vec<Vec<Source>> {
    let mut group_of: BTreeMap<&str, &str> = all.keys().map(|name| (name.as_str(), name.as_str())).collect();
    for (name, text) in all {
        for line in text.lines().map(str::trim).filter(|it| it.starts_with("use \"") || it.starts_with("tested with")) {
            let used = line.split('"').nth(1).map(|used| onward::model::resolve_use(name, used));
            let Some((used, _)) = used.as_ref().and_then(|used| all.get_key_value(used)) else { continue };
            let (one, other) = (group_of[name.as_str()], group_of[used.as_str()]);
            group_of.values_mut().filter(|it| **it == other).for_each(|it| *it = one);
        }
    }
    let mut groups: BTreeMap<&str, Vec<Source>> = BTreeMap::new();
    for (name, text) in all {
        groups.entry(group_of[name.as_str()]).or_default().push(Source::new(name, text.as_str()));
    }
    groups.into_values().collect()
}

#[test]
fn every_scenario_of_the_pathways_passes_in_the_sandbox_as_it_does_natively() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut all = BTreeMap::new();
    files(&root.join("pathways"), &root, &mut all);
    let mut scenarios = 0;
    for sources in groups(&all) {
        let library = Library::read(sources.clone()).unwrap_or_else(|report| panic!("{report}"));
        if library.scenarios().is_empty() {
            continue;
        }
        let held = fine(sandbox().read(sources));
        let ran = fine(held.test());
        assert_eq!(ran.len(), library.scenarios().len());
        for (scenario, ran) in library.scenarios().iter().zip(ran) {
            let native = onward::simulate::run_scenario(&library, scenario);
            assert_eq!(ran.failure, None, "{}", ran.title);
            assert_eq!(native.failure, None, "{}", scenario.title);
            assert_eq!(ran.saved, native.case.map(|case| json(case.record())), "{}", ran.title);
            scenarios += 1;
        }
    }
    assert!(scenarios > 50, "{scenarios} scenarios");
}

#[test]
fn what_is_nested_as_deeply_as_it_may_be_or_deeper_is_read_the_same() {
    let rest = include_str!("../../../tests/common/rest.pathway");
    for depth in [10, onward::syntax::MAX_NESTING - 8, onward::syntax::MAX_NESTING + 1, 50_000] {
        let condition = format!("{}lonely{}", "(".repeat(depth), ")".repeat(depth));
        let decide = format!("decide what_now\n  when {condition} -> content\n  if none of these -> content\n");
        let text = format!("onward 1\n\nfacts\n  lonely yes or no\n\n{decide}\n{rest}");
        let sources = || vec![Source::new("a.pathway", text.as_str())];
        match (Library::read(sources()), sandbox().read(sources())) {
            (Ok(one), Ok(other)) => assert_eq!(one.report().findings, other.report().findings),
            (Err(one), Err(Error::Report(other))) => assert_eq!(one.findings, other.findings),
            (one, other) => panic!("{depth}: {:?}\n{:?}", one.err(), other.map(|_| ())),
        }
    }
}

#[test]
fn the_defaults_leave_a_margin_of_ten_for_everything_in_the_pathways() {
    let all = Limits::default();
    let tight = Limits { memory: all.memory / 10, table_elements: all.table_elements / 2, ..all };
    let tight = sandbox().within(tight);
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut files_of = BTreeMap::new();
    files(&root.join("pathways"), &root, &mut files_of);
    let mut most = 0;
    for sources in groups(&files_of) {
        let (name, count) = (sources[0].name.clone(), sources.len());
        let library = tight.compile(sources).unwrap_or_else(|error| panic!("{name}: {error}"));
        most = most.max(library.fuel_used());
        println!("{name} and {count} more: {} of fuel", library.fuel_used());
    }
    assert!(most * 10 <= all.fuel, "{most} of {}", all.fuel);
}

#[test]
fn what_has_stopped_is_not_entered_again_and_what_was_saved_goes_on_elsewhere() {
    let limits = Limits { memory: 48 * 1024 * 1024, ..Limits::default() };
    let small = sandbox().within(limits);
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let library = || fine(small.compile(vec![Source::new("tea_and_talk.pathway", text)]));
    let held = library();
    let opening = Opening { id: "case-1".into(), ..Opening::default() };
    let (mut case, _) = fine(held.pathway("tea_and_talk").expect("it is there").open(opening, start()));
    let saved = fine(case.saved());
    let fault = |it: Result<(), Error>| match it {
        Err(Error::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let bomb = " ".repeat(limits.memory);
    assert_eq!(fault(held.load_saved(&bomb).map(|_| ())), Fault::TooMuchMemory(limits.memory));
    assert_eq!(fault(case.advance(start()).map(|_| ())), Fault::Gone);
    assert_eq!(fault(held.load_saved(&saved).map(|_| ())), Fault::Gone);
    drop((case, held));
    let again = fine(library().load_saved(&saved));
    assert_eq!(fine(again.saved()), saved);
}

#[test]
fn the_readme_runs_with_one_line_changed() {
    let text = include_str!("../../../examples/first/tea_and_talk.pathway");
    let sources = vec![Source::new("tea_and_talk.pathway", text)];
    let library = fine(sandbox().compile(sources));
    let pathway = library.pathway("tea_and_talk").expect("it stands in the file");
    let opening = Opening { id: "case-1".into(), ..Opening::default() };
    let at = |text: &str| text.parse().expect("a time");
    let (mut case, answer) = fine(pathway.open(opening, at("2026-03-02T09:00:00Z")));
    let engine::Standing::Next(steps) = answer.standing else { panic!("there is always a next step") };
    assert_eq!(steps.first().step, "visit");
    let died = Event::new("event-1", EventKind::Life { what: LifeEvent::Died });
    let answer = fine(case.apply(died, at("2026-03-02T15:00:00Z")));
    assert!(matches!(answer.standing, engine::Standing::Closed(_)));
    let refused =
        case.apply(Event::new("event-2", EventKind::Record { facts: BTreeMap::new() }), at("2026-03-02T16:00:00Z"));
    let Err(Error::Refused(refused)) = refused else { panic!("the case is closed") };
    assert_eq!((refused.code.as_str(), refused.retry), ("closed", false));
}
