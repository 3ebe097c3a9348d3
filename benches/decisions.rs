//! How long the search for a gap takes in large tables, beside z3 and cvc5 on the same question.
//!
//! `cargo bench --bench decisions` prints a table; with `-- --pictures` it draws it too. A table of a decision is made by splitting all people into boxes,
//! widening some so that they overlap, and shuffling; a gapped one lacks a box that nothing else covers. The seed is
//! fixed, so everybody measures the same tables. z3 and cvc5 are timed as processes from start to end, as a program
//! would use them, on the question in SMT-LIB 2 from a file; Onward from the rows to the answer.

#![allow(clippy::panic, clippy::disallowed_types, reason = "a bench looks at the clock, and stops where it is wrong")]

mod picture;

use onward::check::people::{Demand, People, Search, Truths};
use onward::model::{Domain, Fact, FactId, Ranges, Shared, Test};
use picture::{Line, Picture};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Columns and rows.
const SIZES: [(usize, usize); 3] = [(8, 100), (10, 500), (12, 1000)];
/// The greatest value of every column; the least is 0.
const GREATEST: i64 = 99;
/// How many tables of each size, and how often each is measured.
const TABLES: u64 = 3;
const RUNS: usize = 5;

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

/// The range of each column.
type Row = Vec<(i64, i64)>;

fn holds(row: &Row, person: &[i64]) -> bool {
    row.iter().zip(person).all(|((from, to), value)| from <= value && value <= to)
}

/// A table in which nobody falls through, or with a hole.
fn table(columns: usize, rows: usize, gapped: bool, seed: u64) -> Vec<Row> {
    let mut dice = Dice(seed);
    let mut table: Vec<Row> = vec![vec![(0, GREATEST); columns]];
    while table.len() < rows {
        let (row, column) = (dice.below(table.len()), dice.below(columns));
        let (from, to) = table[row][column];
        if from < to {
            let cut = from + dice.below((to - from) as usize) as i64;
            let mut other = table[row].clone();
            table[row][column].1 = cut;
            other[column].0 = cut + 1;
            table.push(other);
        }
    }
    let plain = table.clone();
    for row in &mut table {
        if dice.below(3) == 0 {
            let column = dice.below(columns);
            let (from, to) = row[column];
            row[column] = ((from - dice.below(20) as i64).max(0), (to + dice.below(20) as i64).min(GREATEST));
        }
    }
    if gapped {
        // Somebody whom one row alone holds: without it they fall through.
        let alone = (0..1_000_000).find_map(|_| {
            let row = dice.below(rows);
            let person: Vec<i64> =
                plain[row].iter().map(|(from, to)| from + dice.below((to - from + 1) as usize) as i64).collect();
            let only = table.iter().enumerate().all(|(at, it)| at == row || !holds(it, &person));
            only.then_some(row)
        });
        table.remove(alone.expect("some row is not covered by the others"));
    }
    for at in (1..table.len()).rev() {
        let other = dice.below(at + 1);
        table.swap(at, other);
    }
    table
}

fn shared(columns: usize) -> Shared {
    let fact = |number: usize| {
        Fact::plain(&format!("x{number}"), Domain::Number { min: 0, max: GREATEST, step: 1, decimals: 0 })
    };
    Shared::new((0..columns).map(fact).collect(), Vec::new(), Vec::new())
}

fn tests(table: &[Row]) -> Vec<Test> {
    let cell = |(column, range): (usize, &(i64, i64))| {
        (*range != (0, GREATEST)).then(|| Test::Fact(FactId(column as u32), Ranges::new([*range])))
    };
    table.iter().map(|row| Test::All(row.iter().enumerate().filter_map(cell).collect())).collect()
}

fn smt(columns: usize, table: &[Row]) -> String {
    let mut text = String::from("(set-logic QF_LIA)\n");
    for column in 0..columns {
        let _ =
            writeln!(text, "(declare-const x{column} Int)\n(assert (and (<= 0 x{column}) (<= x{column} {GREATEST})))");
    }
    for row in table {
        text.push_str("(assert (not (and true");
        for (column, (from, to)) in row.iter().enumerate().filter(|(_, range)| **range != (0, GREATEST)) {
            let _ = write!(text, " (<= {from} x{column}) (<= x{column} {to})");
        }
        text.push_str(")))\n");
    }
    text.push_str("(check-sat)\n");
    text
}

/// How long something takes, the middle of several runs.
fn timed(runs: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn installed(solver: &str) -> bool {
    let version = Command::new(solver).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// How long a solver takes to say `answer`.
fn solver(name: &str, file: &Path, answer: &str) -> Duration {
    timed(RUNS, || {
        let output = Command::new(name).arg(file).output().expect("the solver is installed");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), answer, "{name}");
    })
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1000.0)
}

/// Draws how the solvers compare: of several tables the middle one.
fn draw(ratios: &BTreeMap<String, BTreeMap<usize, Vec<f64>>>) {
    let middle = |(rows, all): (&usize, &Vec<f64>)| {
        let mut all = all.clone();
        all.sort_by(f64::total_cmp);
        (*rows as f64, all[all.len() / 2])
    };
    let line = |(name, by_rows): (&String, &BTreeMap<usize, Vec<f64>>)| Line {
        name: name.clone(),
        points: by_rows.iter().map(middle).collect(),
        thin: false,
    };
    let mut lines: Vec<Line> = ratios.iter().map(line).collect();
    if lines.is_empty() {
        return;
    }
    let points = SIZES.iter().map(|(_, rows)| (*rows as f64, 1.0)).collect();
    lines.push(Line { name: "Onward".into(), points, thin: true });
    let picture = Picture {
        title: "Finding a gap in a table, or proving that there is none",
        across: "rows of the table (of 8, 10 and 12 columns)",
        up: "time, against Onward on the same table (times as long)",
        lines,
    };
    picture.keep("performance-gaps.svg");
}

fn main() {
    // `cargo test --benches` runs this too; there is nothing to test in it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let solvers: Vec<&str> = ["z3", "cvc5"].into_iter().filter(|solver| installed(solver)).collect();
    for missing in ["z3", "cvc5"].into_iter().filter(|solver| !solvers.contains(solver)) {
        println!("{missing} is not installed, so it is not measured");
    }
    let directory = std::env::temp_dir().join(format!("onward-decisions-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("there is room for a file");
    println!("| table | | onward | {} | against the faster |", solvers.join(" | "));
    println!("|---|---|---|{}---|", "---|".repeat(solvers.len()));
    let mut lost = false;
    // How many times as long as Onward each solver takes, by solver and kind of table, and by rows.
    let mut ratios: BTreeMap<String, BTreeMap<usize, Vec<f64>>> = BTreeMap::new();
    for (columns, rows) in SIZES {
        let shared = shared(columns);
        for gapped in [false, true] {
            for seed in 0..TABLES {
                let table = table(columns, rows, gapped, seed);
                let tests = tests(&table);
                let answer = if gapped { "sat" } else { "unsat" };
                let onward = timed(RUNS * 3, || {
                    let demands: Vec<Demand<'_>> = tests.iter().map(|test| Demand::new(test, Truths::NO)).collect();
                    match People::new(&shared).find(&demands, &|_| false) {
                        Search::Found(_) => assert!(gapped, "nobody falls through"),
                        Search::Nobody => assert!(!gapped, "somebody falls through"),
                        Search::OutOfBudget => panic!("it took too long"),
                    }
                });
                let file = directory.join("table.smt2");
                std::fs::write(&file, smt(columns, &table)).expect("the file can be written");
                let others: Vec<Duration> = solvers.iter().map(|name| solver(name, &file, answer)).collect();
                for (name, time) in solvers.iter().zip(&others) {
                    let line = format!("{name}, {}", if gapped { "a gap" } else { "complete" });
                    let ratio = time.as_secs_f64() / onward.as_secs_f64();
                    ratios.entry(line).or_default().entry(rows).or_default().push(ratio);
                }
                let faster = others.iter().min().map(|faster| faster.as_secs_f64() / onward.as_secs_f64());
                let wanted = if rows == 100 { 10.0 } else { 1.0 };
                lost |= faster.is_some_and(|faster| faster < wanted);
                let others: Vec<String> = others.into_iter().map(milliseconds).collect();
                println!(
                    "| {columns} x {rows} | {}, seed {seed} | {} | {} | {} |",
                    if gapped { "a gap" } else { "complete" },
                    milliseconds(onward),
                    others.join(" | "),
                    faster.map_or("nothing to compare".to_string(), |faster| format!("{faster:.1} times as fast")),
                );
            }
        }
    }
    let _ = std::fs::remove_dir_all(&directory);
    draw(&ratios);
    assert!(!lost, "slower than it should be: at least 10 times as fast at 8 x 100, and never slower");
}
