//! How long a proof takes: for each step of a pathway, for each branch of a block, and beside reading what is proved.
//!
//! `cargo bench --bench proof` prints three tables; with `-- --pictures` it draws them too. Pathways are made by a
//! generator with a fixed seed, so everybody measures the same ones. A proof is everything `onward check` does for a
//! pathway once it is read: every property, the stories, the longest case played. Times are processor time, and compared
//! within one run only: what is kept are the ratios. What they are, and what not to conclude, is in `docs/performance.md`.

#![allow(clippy::panic, clippy::disallowed_types, reason = "a bench looks at the clock, and stops where it is wrong")]

mod picture;

use onward::check::ways::Ways;
use onward::check::{Flaw, Moments, Subject, check, longest};
use onward::diagnostic::Source;
use onward::model::{self, Directory, Model, Shared};
use onward::syntax::{MAX_BYTES, parse, tree::File};
use onward::witness::{self, Stage};
use onward::workflow::{Program, Workflow};
use onward::{Library, Proof};
use picture::{Line, Picture};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How many steps the chains have, and how often each is proved.
const CHAINS: [(usize, usize); 7] =
    [(100, 41), (300, 31), (1_000, 21), (3_000, 11), (10_000, 7), (30_000, 5), (100_000, 5)];
/// The chain that the others are measured against, and how much longer a step may take in a longer one.
const MEASURE: usize = 1_000;
const SLOWER: f64 = 1.5;
/// How many times as long as one branch twenty may take.
const TWENTY: f64 = 20.0;
/// How many branches the blocks have.
const BRANCHES: [usize; 5] = [1, 2, 5, 10, 20];
/// How many blocks stand one after the other, so that there is something to measure.
const BLOCKS: usize = 40;
const RUNS: usize = 101;

/// A sequence of numbers that is the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % n as u64) as usize
    }
}

/// What stands above the steps: every one of them escalates when it is late, and has a way out for whatever happens.
const HEAD: &str = "\
facts
 f0 yes or no asked of person
 f1 yes or no asked of person
 f2 0 to 99 asked of person
 f3 0 to 99 asked of person
 again yes or no asked of person
role nurse
role team
pathway chain
 version 1
 starts at s0
by default
 if late -> escalate to help
 if it cannot be done -> escalate to help
 if nobody can -> last
 if the person declines -> last
 if died -> left, standing everything down
 if withdrew -> left
 if cannot be reached -> left
 if moved away -> gone
 if opened in error -> gone
ending left held by person
ending gone held by person
ending home held by team
 owed last
hand over last from nurse to team carrying f0, f1, f2, f3, again accepted within 20 minutes
 if declined, saying why -> left
 if nobody can -> left
 if the person declines -> left
 then home
";

/// What stands below them: a directory in which somebody always answers.
const FOOT: &str = "\
directory here
 time zone \"Europe/London\"
 valid from 2026-01-01
 valid until 2027-12-31
contact ward
 fills nurse
 open every day 07:00 to 21:00
 on bank holidays as usual
contact home_team
 fills team
 open every day 08:00 to 20:00
 on bank holidays as usual
contact desk
 open always
escalation help
 ask ward, to answer within 10 minutes
 last desk, to answer within 10 minutes
 may reassign at most twice
";

/// A chain of steps, each leading on to the next: among plain steps some that find facts, decisions with a step that
/// finds what is missing, ways back that are counted, work side by side, rounds, and handovers that leave something
/// behind, which the next step finds. Every kind of promise is made.
fn chain(steps: usize) -> Vec<String> {
    let mut dice = Dice(7);
    let mut texts = vec![format!(
        "onward 1\n{HEAD}promises\n everyone reaches an ending within 36500 days\n \
         nobody reaches top without s{steps} first\n whoever has f0 reaches last within 36500 days\n \
         never s0 and s1 at one time\n nobody is asked twice\n"
    )];
    let line = " led by nurse within 20 minutes";
    for n in 0..steps {
        if texts.last().is_some_and(|text| text.len() > MAX_BYTES - 1_000) {
            texts.push("onward 1\n".to_string());
        }
        let text = texts.last_mut().expect("there is one");
        let (next, beyond) = (n + 1, (n + 2).min(steps));
        let _ = match dice.below(20) {
            0..=6 => writeln!(text, "step s{n}{line} then s{next}"),
            7..=9 => writeln!(text, "step s{n}{line} finds f{} then s{next}", dice.below(4)),
            10 => writeln!(text, "step s{n}{line} finds afresh again then t{n}\nstep t{n}{line} then s{next}"),
            11 | 12 => {
                let back = n.saturating_sub(1 + dice.below(8));
                writeln!(
                    text,
                    "step s{n}{line} if the person declines -> s{back}, at most twice, then last then s{next}"
                )
            }
            13..=16 => {
                let (fact, value) = (2 + dice.below(2), dice.below(98));
                writeln!(
                    text,
                    "decide s{n} when f{fact} at most {value} -> s{next} when f{} -> s{beyond} if none of these -> s{next}\n \
                     if we do not know yet -> q{n}, at most twice, then nurse decides within 10 minutes\n\
                     step q{n}{line} finds what is missing then back to the decision",
                    dice.below(2)
                )
            }
            17 => writeln!(
                text,
                "together s{n} a{n}{line} b{n}{line} all done within 30 minutes if not all done -> s{next} then s{next}"
            ),
            18 => writeln!(text, "repeat s{n} every 1 hour led by nurse at most 3 times, then s{next}"),
            _ => {
                let left = dice.below(4);
                let carried: Vec<String> = (0..4).filter(|it| *it != left).map(|it| format!("f{it}, ")).collect();
                let carried = carried.concat();
                writeln!(
                    text,
                    "hand over s{n} from nurse to team carrying {carried}again accepted within 20 minutes\n \
                     if declined, saying why -> s{next} then u{n}\nstep u{n}{line} finds f{left} then s{next}"
                )
            }
        };
    }
    let text = texts.last_mut().expect("there is one");
    let _ = writeln!(text, "step s{steps}{line} then top\nstep top{line} then last\n{FOOT}");
    texts
}

/// Blocks one after the other, with so many branches each; a block has two or more, so one is a step in its place.
fn blocks(branches: usize) -> String {
    let mut text = format!("onward 1\n{HEAD}");
    for n in 0..BLOCKS {
        let next = n + 1;
        if branches == 1 {
            let _ = writeln!(text, "step s{n} led by nurse within 20 minutes then s{next}");
            continue;
        }
        let _ = writeln!(text, "together s{n}");
        for branch in 0..branches {
            let _ = writeln!(text, " b{n}_{branch} led by nurse within 20 minutes");
        }
        let _ = writeln!(text, " all done within 30 minutes if not all done -> s{next} then s{next}");
    }
    let _ = writeln!(text, "step s{BLOCKS} led by nurse within 20 minutes then last\n{FOOT}");
    text
}

/// A pathway with its directory, ready to be proved.
struct Ready {
    stage: Stage,
    from: onward::calendar::Moment,
}

impl Ready {
    /// Reads a pathway in parts. A file has a limit that stands in the way of a pathway of this size, so its blocks are
    /// put together behind it.
    fn read(texts: &[String]) -> Ready {
        let mut whole = File::default();
        for text in texts {
            let (file, findings) = parse(0, text);
            assert!(findings.is_empty(), "{findings:?}");
            whole.language = file.language;
            whole.blocks.extend(file.blocks);
        }
        let (model, findings) = model::build(&[Source::new("chain.pathway", "")], &[whole]);
        assert!(findings.is_empty(), "{:?}", findings.first());
        let Model { facts, scores, roles, mut pathways, mut directories, .. } = model;
        let pathway = pathways.pop().expect("it is there");
        let workflow = Workflow::new(&pathway);
        let program = Arc::new(Program::new(pathway, workflow, Default::default(), &facts, &scores));
        let directory: Arc<Directory> = Arc::new(directories.pop().expect("it is there"));
        let from = directory.valid_from.expect("it says so");
        Ready { stage: Stage { program, directory, shared: Arc::new(Shared::new(facts, scores, roles)) }, from }
    }

    /// All that a proof does.
    fn prove(&self) -> Vec<Flaw> {
        let Stage { program, directory, shared } = &self.stage;
        let (ways, moments) = (Ways::new(program), Moments::default());
        let directory = Some(directory.as_ref());
        let subject = Subject { program, directory, shared, from: self.from, on: None, ways: &ways, moments: &moments };
        let mut flaws = check(&subject);
        let bound = longest::longest(&subject).expect("there is a longest time");
        let longest = witness::longest(&self.stage, &subject, &bound);
        witness::find_stories(&self.stage, &subject, &mut flaws, Some((&bound, &longest)));
        flaws
    }
}

/// The time the processor has spent on this program, where the system says so: on a machine that does other things too,
/// the time on the clock says more about them. Elsewhere the time on the clock, since some moment.
fn spent() -> Duration {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let says = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = says.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGIN.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// How long something takes, on average over several runs. They are timed together, since the system counts the time
/// spent in steps of some milliseconds.
fn timed<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let start = spent();
    (0..runs).for_each(|_| drop(run()));
    (spent() - start) / runs as u32
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Chains, longer and longer.
fn chains() {
    println!("A chain of steps: the time of a proof for each step\n");
    println!("| steps | places | ways | time per step | against {MEASURE} steps | reading, per step |");
    println!("|---:|---:|---:|---:|---:|---:|");
    // All of them are there before anything is measured, so that one memory is like the other.
    let mut all: Vec<(usize, usize, f64, Ready)> = Vec::new();
    for (steps, runs) in CHAINS {
        let texts = chain(steps);
        let start = spent();
        let ready = Ready::read(&texts);
        let reading = microseconds(spent() - start) / steps as f64;
        let flaws = ready.prove();
        let said: Vec<&str> = flaws.iter().map(|flaw| flaw.finding.message.as_str()).take(3).collect();
        assert!(flaws.is_empty(), "{} findings: {said:?}", flaws.len());
        all.push((steps, runs, reading, ready));
    }
    let each = |(steps, runs, _, ready): &(usize, usize, f64, Ready)| {
        microseconds(timed(*runs, || ready.prove())) / *steps as f64
    };
    let times: Vec<f64> = all.iter().map(each).collect();
    let base = all.iter().zip(&times).find(|(it, _)| it.0 == MEASURE).map_or(1.0, |(_, time)| *time);
    for ((steps, _, reading, ready), time) in all.iter().zip(&times) {
        let places = ready.stage.program.pathway.places.len();
        let ways = Ways::new(&ready.stage.program).all.len();
        println!("| {steps} | {places} | {ways} | {time:.1} µs | {:.2} | {reading:.1} µs |", time / base);
    }
    println!();
    let steps = |it: &(usize, usize, f64, Ready)| it.0 as f64;
    let whole = |time: f64, steps: f64| time * steps / (base * MEASURE as f64);
    let points = all.iter().zip(&times).map(|(it, time)| (steps(it), whole(*time, steps(it)))).collect();
    let linear = all.iter().map(|it| (steps(it), steps(it) / MEASURE as f64)).collect();
    let picture = Picture {
        title: "Proving a chain of steps: as many times the steps, as many times the time",
        across: "steps in the chain",
        up: "time of a proof, against a chain of 1,000 steps (times as long)",
        lines: vec![
            Line { name: "a proof".into(), points, thin: false },
            Line { name: "linear".into(), points: linear, thin: true },
        ],
    };
    picture.keep("performance-chain.svg");
    for ((steps, ..), time) in all.iter().zip(&times).filter(|((steps, ..), _)| *steps > MEASURE) {
        let ratio = time / base;
        assert!(ratio <= SLOWER, "a step takes {ratio:.2} times as long in a chain of {steps} as in one of {MEASURE}");
    }
}

/// Work side by side, with more and more of it.
fn side_by_side() {
    println!("{BLOCKS} blocks of work side by side: the time of a proof\n");
    println!("| branches | time | against one step | time for each branch |");
    println!("|---:|---:|---:|---:|");
    let measured: Vec<(f64, f64)> = BRANCHES
        .into_iter()
        .map(|branches| {
            let ready = Ready::read(&[blocks(branches)]);
            let flaws = ready.prove();
            assert!(flaws.is_empty(), "{:?}", flaws.first().map(|flaw| &flaw.finding.message));
            (branches as f64, microseconds(timed(RUNS, || ready.prove())))
        })
        .collect();
    let one = measured.first().map_or(1.0, |(_, time)| *time);
    for (branches, time) in &measured {
        println!("| {branches} | {time:.0} µs | {:.1} | {:.0} µs |", time / one, time / branches);
    }
    println!();
    let picture = Picture {
        title: "Proving work side by side: twenty branches cost no more than twenty times one",
        across: "branches in each of 40 blocks (1: a step in its place)",
        up: "time of a proof, against one step in the place of each (times as long)",
        lines: vec![
            Line {
                name: "a proof".into(),
                points: measured.iter().map(|(branches, time)| (*branches, time / one)).collect(),
                thin: false,
            },
            Line {
                name: "as many times as there are branches".into(),
                points: measured.iter().map(|(branches, _)| (*branches, *branches)).collect(),
                thin: true,
            },
        ],
    };
    picture.keep("performance-branches.svg");
    let most = measured.last().map_or(0.0, |(_, time)| time / one);
    assert!(most <= TWENTY, "twenty branches take {most:.1} times as long as one");
}

/// Everything below `pathways/`, read and proved.
fn pathways() {
    println!("All of pathways/: reading, and proving\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways");
    let mut names = Vec::new();
    collect(&root, &mut names);
    names.sort();
    let source = |name: &String| {
        let text = std::fs::read_to_string(root.join(name)).expect("it can be read");
        Source::new(name.as_str(), text)
    };
    let sources: Vec<Source> = names.iter().map(source).collect();
    let library = Library::read(sources.clone()).expect("it can be read");
    let prove = |library: &Library| -> Vec<Proof> {
        let ids: Vec<_> = library.pathways().map(|(id, _)| id).collect();
        ids.into_iter().map(|id| library.prove(id, library.directory_for(id), None, None)).collect()
    };
    let reading = microseconds(timed(RUNS, || Library::read(sources.clone())));
    println!("| pathway | proving, against reading all of them |");
    println!("|---|---:|");
    for (id, program) in library.pathways() {
        let proving = microseconds(timed(RUNS, || library.prove(id, library.directory_for(id), None, None)));
        println!("| {} | {:.2} |", program.pathway.name, proving / reading);
    }
    let proving = microseconds(timed(RUNS, || prove(&library)));
    let ratio = proving / reading;
    println!("| all | {ratio:.2} |");
    println!("\n(reading: {:.1} ms)", reading / 1000.0);
    assert!(ratio <= 10.0, "proving takes {ratio:.1} times as long as reading");
}

fn collect(folder: &Path, names: &mut Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways");
    for entry in std::fs::read_dir(folder).expect("it is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, names);
        } else if path.extension().is_some_and(|it| it == "pathway") {
            let name = path.strip_prefix(&root).expect("it is below it");
            names.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn main() {
    // `cargo test --benches` runs this too; there is nothing to test in it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("chains") {
        chains();
    }
    if wanted("side_by_side") {
        side_by_side();
    }
    if wanted("pathways") {
        pathways();
    }
}
