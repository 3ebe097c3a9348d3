//! What the sandbox costs: one pathway (`node/w2.pathway`) natively, through the component in wasmtime, and in Node, where
//! XState runs the same.
//!
//! `cargo bench -p onward-host` prints a table. What counts are ratios within one run, by the clock; of many short
//! rounds, in turns, the quickest is taken, which other work on the machine has disturbed least. What came out, and what not to conclude,
//! is in `docs/performance.md`.

#![allow(clippy::panic, clippy::disallowed_types, reason = "a bench looks at the clock, and stops where it is wrong")]

use onward::calendar::Moment;
use onward::engine::{By, Event, EventKind, Opening, Standing};
use onward::model::Answer as FactAnswer;
use onward::{Library, Source};
use onward_host::{Cache, Key, Limits, Sandbox};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const TEXT: &str = include_str!("node/w2.pathway");

/// How many cases are timed together, how many rounds there are, and how many instances are made in one.
const CASES: usize = 100;
const ROUNDS: usize = 40;
const INSTANCES: usize = 20;

/// What is held to: a decision at most three times as long as natively, an instance in 200 microseconds.
const AT_MOST: f64 = 3.0;
const INSTANCE: Duration = Duration::from_micros(200);

fn at(text: &str) -> Moment {
    text.parse().expect("it is an instant")
}

fn opening() -> (Opening, Moment) {
    (Opening { id: "case-1".into(), ..Opening::default() }, at("2026-03-02T09:00:00Z"))
}

/// What happens to the person, and when.
fn events() -> Vec<(Event, Moment)> {
    let done = |step: &str, facts: &[(&str, &str)]| EventKind::Done {
        step: step.into(),
        facts: facts.iter().map(|(fact, value)| ((*fact).into(), FactAnswer::Value((*value).to_string()))).collect(),
    };
    let assessed = [("age", "88"), ("falls", "1"), ("frailty", "5"), ("lives_alone", "yes")];
    let all = [
        ("nurse", "2026-03-02T10:00:00Z", done("assess", &assessed)),
        ("therapist", "2026-03-02T11:00:00Z", done("see_today", &[("steady", "no")])),
        ("therapist", "2026-03-02T12:00:00Z", done("equipment", &[])),
        ("nurse", "2026-03-02T13:00:00Z", done("visits", &[])),
        ("nurse", "2026-03-03T13:00:00Z", done("review", &[("support_enough", "yes")])),
        ("practice", "2026-03-03T14:00:00Z", EventKind::Accept { step: "to_the_practice".into(), condition: None }),
    ];
    let numbered = all.into_iter().enumerate();
    numbered
        .map(|(number, (role, now, what))| {
            let event = Event { by: By::role(role), ..Event::new(format!("event-{}", number + 1), what) };
            (event, at(now))
        })
        .collect()
}

fn ended(standing: &Standing) {
    assert!(matches!(standing, Standing::Closed(_)), "the case is not over");
}

/// The quickest of many rounds of each, in turns; how long one took.
fn quickest(each: usize, mut ways: [&mut dyn FnMut(); 2]) -> [Duration; 2] {
    let mut best = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (way, best) in ways.iter_mut().zip(&mut best) {
            let start = Instant::now();
            for _ in 0..each {
                way();
            }
            *best = (*best).min(start.elapsed() / each as u32);
        }
    }
    best
}

/// How long a decision took in each of the cases, until the answers were gone.
fn timed(decide: impl FnOnce() -> bool) -> Duration {
    let start = Instant::now();
    assert!(decide(), "every case is open");
    start.elapsed() / CASES as u32
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn main() {
    // `cargo test --benches` runs this too; there is nothing to test in it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let place = onward_componentise::place();
    let component = std::fs::read(&place).expect("`cargo xtask component` writes the component that is measured");
    let kept = std::env::temp_dir().join(format!("onward-bench-{}", std::process::id()));
    let cache = Cache::new(&kept, Key::new([7; 32]));
    let cached = || Sandbox::cached(&component, Limits::default(), &cache).expect("it is the component");
    drop(cached());
    let start = Instant::now();
    let sandbox = cached();
    println!("the sandbox is there {} after it is asked for, with what was compiled before", micros(start.elapsed()));
    let _ = std::fs::remove_dir_all(&kept);

    let sources = || vec![Source::new("w2.pathway", TEXT)];
    let library = Library::compile(sources()).expect("it can be read");
    let held = sandbox.compile(sources()).expect("it can be read");
    let (here, there) = (library.pathway("w2").expect("it is there"), held.pathway("w2").expect("it is there"));
    let events = events();

    let mut met = true;
    println!("| what | natively | in the sandbox | |\n|---|---:|---:|---:|");
    let mut row = |what: &str, [native, boxed]: [Duration; 2], bound: Option<f64>| {
        let ratio = boxed.as_secs_f64() / native.as_secs_f64();
        met &= bound.is_none_or(|bound| ratio <= bound);
        println!("| {what} | {} | {} | {ratio:.2} |", micros(native), micros(boxed));
    };
    let decision = || events[0].clone();
    let opened = || {
        let (opening, now) = opening();
        let ours = (0..CASES).map(|_| here.open(opening.clone(), now).expect("it is proved").0);
        let theirs = (0..CASES).map(|_| there.open(opening.clone(), now).expect("it is proved").0);
        (ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>())
    };
    let in_one_call = || {
        let (mut ours, mut theirs) = opened();
        let ours = ours.iter_mut().map(|case| (case, decision()));
        let ours = ours.map(|(case, (event, now))| (case, Some(event), now));
        let theirs = theirs.iter_mut().map(|case| (case, decision()));
        let theirs = theirs.map(|(case, (event, now))| (case, Some(event), now));
        [
            timed(|| onward::engine::apply_each(ours).iter().all(Result::is_ok)),
            timed(|| onward_host::apply_each(theirs).iter().all(Result::is_ok)),
        ]
    };
    let one_by_one = || {
        let (mut ours, mut theirs) = opened();
        let decisions = || std::iter::repeat_with(decision);
        [
            timed(|| ours.iter_mut().zip(decisions()).all(|(case, (event, now))| case.apply(event, now).is_ok())),
            timed(|| theirs.iter_mut().zip(decisions()).all(|(case, (event, now))| case.apply(event, now).is_ok())),
        ]
    };
    let best = |decided: &dyn Fn() -> [Duration; 2]| {
        let rounds: Vec<[Duration; 2]> = (0..ROUNDS).map(|_| decided()).collect();
        [0, 1].map(|which| rounds.iter().map(|round| round[which]).min().unwrap_or_default())
    };
    row("a decision in each of 100 cases, in one call", best(&in_one_call), Some(AT_MOST));
    row("a decision in each of 100 cases, one call for each", best(&one_by_one), None);

    let whole = quickest(
        CASES,
        [
            &mut || {
                let (opening, now) = opening();
                let (mut case, _) = here.open(opening, now).expect("it is proved");
                for (event, now) in &events {
                    case.apply(event.clone(), *now).expect("it is as it should be");
                }
                ended(&case.standing());
            },
            &mut || {
                let (opening, now) = opening();
                let (mut case, mut answer) = there.open(opening, now).expect("it is proved");
                for (event, now) in &events {
                    answer = case.apply(event.clone(), *now).expect("it is as it should be");
                }
                ended(&answer.standing);
            },
        ],
    );
    row("a whole case: opened, and six events one after the other", whole, None);

    let at_once = quickest(
        CASES,
        [
            &mut || {
                let (opening, now) = opening();
                let opened = here.open_with(opening, now, events.iter().cloned());
                ended(&opened.expect("it is proved").1.answer.standing);
            },
            &mut || {
                let (opening, now) = opening();
                let opened = there.open_with(opening, now, events.iter().cloned());
                ended(&opened.expect("it is proved").1.answer.standing);
            },
        ],
    );
    row("a whole case in one call: opened, with its six events", at_once, None);

    let instance = quickest(INSTANCES, [&mut || drop(sandbox.version()), &mut || drop(sandbox.version())]);
    println!("\nan instance, and asked for its version: {}", micros(instance[0].min(instance[1])));
    met &= instance[0].min(instance[1]) <= INSTANCE;

    met &= in_node(&place, [whole, at_once]);
    assert!(met, "something that is held to is not kept: see above");
}

/// The same whole case in Node, beside XState there; whether all that is held to it is faster than XState. `ours` are
/// natively and in the sandbox, one event after the other and all at once.
fn in_node(component: &Path, ours: [[Duration; 2]; 2]) -> bool {
    let target = place_of_what_is_built(component);
    let folder = target.join("embeddings").join("bench");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join("node");
    std::fs::create_dir_all(&folder).expect("there is room for a folder");
    for name in [".npmrc", "package.json", "package-lock.json", "w2.mjs", "w2.pathway"] {
        std::fs::copy(sources.join(name), folder.join(name)).expect("it is there");
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let installed = Command::new(npm).arg("ci").arg("--silent").current_dir(&folder).status();
    if !installed.is_ok_and(|status| status.success()) {
        println!("\nNode is not installed, so what is run in it is not measured");
        return true;
    }
    let output = Command::new("node").arg("w2.mjs").arg(component).arg("engine").current_dir(&folder).output();
    let output = output.expect("npm was there, so is node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let of = |name: &str| Duration::from_secs_f64(said[name].as_f64().expect("it is a number") / 1e6);
    let xstate = of("xstate");
    println!("\n| a whole case | | against XState |\n|---|---:|---:|");
    let mut faster = true;
    for (what, time, held_to) in [
        ("XState in Node", xstate, false),
        ("Onward, natively", ours[0][0], true),
        ("Onward, in the sandbox", ours[0][1], false),
        ("Onward, in the sandbox, in one call", ours[1][1], true),
        ("Onward in Node", of("onward"), false),
        ("Onward in Node, as JSON", of("onwardText"), false),
        ("Onward in Node, in one call", of("onwardAtOnce"), false),
        ("Onward in Node, in one call, as JSON", of("onwardTextAtOnce"), true),
        ("XState in Node, saved and restored at each event", of("xstateSaved"), false),
        ("Onward in Node, saved and loaded at each event", of("onwardSaved"), false),
    ] {
        println!("| {what} | {} | {:.2} |", micros(time), time.as_secs_f64() / xstate.as_secs_f64());
        faster &= !held_to || time < xstate;
    }
    faster
}

fn place_of_what_is_built(component: &Path) -> PathBuf {
    component.parent().unwrap_or(component).to_path_buf()
}
