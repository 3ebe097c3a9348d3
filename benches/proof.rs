//! How long a proof takes: for each step of a pathway, for each branch of a block, and beside reading what is proved.
//!
//! `cargo bench --bench proof` prints three tables. Pathways are made by a generator with a fixed seed, so everybody
//! measures the same ones. A proof is everything `onward check` does for a pathway once it is read: every property, the
//! stories, the longest case played. Times are medians, and compared on one machine only: what is kept are the ratios.

#![allow(clippy::panic, clippy::disallowed_types, reason = "a bench looks at the clock, and stops where it is wrong")]

use onward::check::ways::Ways;
use onward::check::{Flaw, Moments, Subject, check, longest};
use onward::diagnostic::Source;
use onward::model::{self, Directory, Model, Shared};
use onward::syntax::{MAX_BYTES, parse, tree::File};
use onward::witness::{self, Stage};
use onward::workflow::{Program, Workflow};
use onward::{Library, Proof};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many steps the chains have, and how often each is proved.
const CHAINS: [(usize, usize); 4] = [(100, 41), (1_000, 21), (10_000, 7), (100_000, 5)];
/// How many branches the blocks have.
const BRANCHES: [usize; 4] = [2, 5, 10, 20];
/// How many blocks stand one after the other, so that there is something to measure.
const BLOCKS: usize = 40;
const RUNS: usize = 21;

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
 if nobody can -> left
 if the person declines -> left
 if died -> left, standing everything down
 if withdrew -> left
 if cannot be reached -> left
 if moved away -> gone
 if opened in error -> gone
ending left held by person
ending gone held by person
ending home held by team
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
 ask ward, to answer within 1 hour
 last desk, to answer within 30 minutes
 may reassign at most twice
";

/// A chain of steps, each leading on to the next: among plain steps some that find facts, decisions with a step that
/// finds what is missing, ways back that are counted, work side by side, rounds and handovers.
fn chain(steps: usize) -> Vec<String> {
    let mut dice = Dice(7);
    let mut texts = vec![format!(
        "onward 1\n{HEAD}promises\n nobody reaches home without s{steps} first\n nobody is asked twice\n"
    )];
    let line = " led by nurse within 4 hours";
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
                    "step s{n}{line} if the person declines -> s{back}, at most twice, then left then s{next}"
                )
            }
            13..=16 => {
                let (fact, value) = (2 + dice.below(2), dice.below(98));
                writeln!(
                    text,
                    "decide s{n} when f{fact} at most {value} -> s{next} when f{} -> s{beyond} if none of these -> s{next}\n \
                     if we do not know yet -> q{n}, at most twice, then nurse decides within 2 hours\n\
                     step q{n}{line} finds what is missing then back to the decision",
                    dice.below(2)
                )
            }
            17 => writeln!(
                text,
                "together s{n} a{n}{line} b{n}{line} all done within 6 hours if not all done -> s{next} then s{next}"
            ),
            18 => writeln!(text, "repeat s{n} every 12 hours led by nurse at most 3 times, then s{next}"),
            _ => writeln!(
                text,
                "hand over s{n} from nurse to team carrying f0, f1, f2, f3, again accepted within 4 hours\n \
                 if declined, saying why -> s{next} then s{next}"
            ),
        };
    }
    let text = texts.last_mut().expect("there is one");
    let _ = writeln!(
        text,
        "hand over s{steps} from nurse to team carrying f0, f1, f2, f3, again accepted within 4 hours\n \
         if declined, saying why -> left then home\n{FOOT}"
    );
    texts
}

/// Blocks one after the other, with so many branches each; with none, a step in the place of each.
fn blocks(branches: usize) -> String {
    let mut text = format!("onward 1\n{HEAD}");
    for n in 0..BLOCKS {
        let next = n + 1;
        if branches == 0 {
            let _ = writeln!(text, "step s{n} led by nurse within 4 hours then s{next}");
            continue;
        }
        let _ = writeln!(text, "together s{n}");
        for branch in 0..branches {
            let _ = writeln!(text, " b{n}_{branch} led by nurse within 4 hours");
        }
        let _ = writeln!(text, " all done within 6 hours if not all done -> s{next} then s{next}");
    }
    let _ = writeln!(
        text,
        "hand over s{BLOCKS} from nurse to team accepted within 4 hours if declined, saying why -> left then home\n{FOOT}"
    );
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
        let program = Arc::new(Program::new(pathway, workflow, String::new(), &facts, &scores));
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
        let bound = longest::longest(&subject, &ways);
        let longest = bound.as_ref().map(|it| witness::longest(&self.stage, &subject, it));
        witness::find_stories(&self.stage, &subject, &mut flaws, bound.as_ref().zip(longest.as_ref()));
        assert!(longest.is_some(), "there is a longest time");
        flaws
    }
}

/// How long something takes, the middle of several runs.
fn timed<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let result = run();
            let time = start.elapsed();
            drop(result);
            time
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A chain, with four lengths.
fn chains() {
    println!("A chain of steps: the time of a proof for each step\n");
    println!("| steps | places | ways | time per step | against 1,000 steps | reading, per step |");
    println!("|---:|---:|---:|---:|---:|---:|");
    let mut base = None;
    for (steps, runs) in CHAINS {
        let texts = chain(steps);
        let start = Instant::now();
        let ready = Ready::read(&texts);
        let reading = microseconds(start.elapsed()) / steps as f64;
        let flaws = ready.prove();
        let said: Vec<&str> = flaws.iter().map(|flaw| flaw.finding.message.as_str()).take(3).collect();
        assert!(flaws.is_empty(), "{} findings: {said:?}", flaws.len());
        let each = microseconds(timed(runs, || ready.prove())) / steps as f64;
        if steps == 1_000 {
            base = Some(each);
        }
        let places = ready.stage.program.pathway.places.len();
        let ways = Ways::new(&ready.stage.program).all.len();
        let ratio = base.map_or("".to_string(), |base| format!("{:.2}", each / base));
        println!("| {steps} | {places} | {ways} | {each:.1} µs | {ratio} | {reading:.1} µs |");
        let ratio = base.map_or(0.0, |base| each / base);
        assert!(ratio < 2.0, "a step takes {ratio:.1} times as long in a long chain as in one of 1,000");
    }
    println!();
}

/// Work side by side, with more and more of it.
fn side_by_side() {
    println!("{BLOCKS} blocks of work side by side: the time of a proof, less that of {BLOCKS} steps\n");
    println!("| branches | time, less that of steps | against 2 branches |");
    println!("|---:|---:|---:|");
    let measured = |branches| {
        let ready = Ready::read(&[blocks(branches)]);
        let flaws = ready.prove();
        assert!(flaws.is_empty(), "{:?}", flaws.first().map(|flaw| &flaw.finding.message));
        microseconds(timed(RUNS, || ready.prove()))
    };
    let plain = measured(0);
    let mut base = None;
    for branches in BRANCHES {
        let more = measured(branches) - plain;
        let base = *base.get_or_insert(more);
        println!("| {branches} | {more:.0} µs | {:.1} |", more / base);
    }
    println!();
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
