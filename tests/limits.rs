//! Files as large and as odd as they may be: findings, never a panic, and no work that grows with the square of them.
//! (Nothing is timed here; were something quadratic, these would not come to an end.)
#![allow(clippy::panic)]

use onward::{Library, Report, Source};

fn compile(text: String) -> Result<usize, Report> {
    let text: String = text.chars().take(1 << 20).collect();
    Library::compile(vec![Source::new("large.pathway", text)]).map(|library| library.report().findings.len())
}

fn findings(text: String) -> Vec<String> {
    let report = compile(text).expect_err("something is wrong with it");
    // Every finding has a line and a column.
    assert_eq!(report.to_string().lines().count(), report.findings.len());
    report.findings.iter().map(|finding| finding.kind.name().to_string()).collect()
}

fn has(found: &[String], kind: &str) -> bool {
    found.iter().any(|name| name == kind)
}

const HEAD: &str = "onward 1\nfacts\n a 0 to 9\nrole r\n\
    directory h\n time zone \"Europe/London\"\n valid until 2030-12-31\ncontact c\n fills r\n open always\n\
    pathway p\n version 1\n starts at d\nby default\n if died -> e\n \
    if withdrew -> e\n if cannot be reached -> e\n if moved away -> e\n if opened in error -> e\n if late -> e\n \
    if it cannot be done -> e\n if the person declines -> e\nending e held by person\n";

fn filled(head: &str, line: impl Fn(usize) -> String, bytes: usize) -> String {
    let mut text = head.to_string();
    for number in 0.. {
        if text.len() > bytes {
            break;
        }
        text.push_str(&line(number));
    }
    text
}

#[test]
fn a_megabyte_of_anything_is_read_to_its_end() {
    let said_twice = findings(filled("onward 1\npathway p\n", |_| " starts at x\n".into(), 300_000));
    assert!(has(&said_twice, "two-starts"));
    assert!(has(&findings(filled("onward 1\n", |_| "xyz abc def\n".into(), 1_000_000)), "unreadable-block"));
    assert!(has(&findings(filled("onward 1\nstep s\n", |_| "x ".into(), 1_000_000)), "unreadable-clause"));
    assert!(has(&findings(filled("", |_| "\"".into(), 1_000_000)), "unreadable-block"));
    assert!(has(&findings(filled("", |_| "#\n".into(), 1_000_000)), "empty-file"));
    assert!(has(&findings(filled("onward 1\n decide d\n", |_| "| a ".into(), 1_000_000)), "homeless"));
    let steps = |n: usize| format!("step s{n}\n led by nobody\n within 1 day\n then s{}\n", n + 1);
    assert!(has(&findings(filled(HEAD, steps, 500_000)), "unknown-name"));
}

#[test]
fn what_is_counted_has_a_limit_with_a_finding_of_its_own() {
    assert!(has(&findings(filled("onward 1\nfacts\n", |n| format!(" f{n} one of a, b\n"), 1_000_000)), "too-large"));
    let options = filled("onward 1\nfacts\n a one of ", |n| format!("o{n}, "), 500_000) + "z\n";
    assert!(has(&findings(options), "too-large"));
    let rows = filled(&format!("{HEAD}decide d\n"), |_| " when a is 3 -> e\n".into(), 500_000);
    assert!(has(&findings(rows), "too-large"));
    assert!(has(
        &findings(format!("{HEAD}decide d\n when a is 3 -> e, at most 99999999999 times, then e\n")),
        "too-large"
    ));
    let chain =
        filled(&format!("{HEAD}decide d\n when a is 3 -> "), |_| "e, at most 3 times, then ".into(), 900_000) + "e\n";
    assert!(has(&findings(chain), "too-deep"));
    assert!(has(&findings(format!("onward 1\n{}", "x".repeat(2 << 20)).repeat(2)), "unreadable-block"));
}

#[test]
fn what_is_within_the_limits_works() {
    let unknown = " if we do not know yet -> e\n";
    let rows = filled(&format!("{HEAD}decide d\n"), |n| format!(" when a is {} -> e\n", n % 10), 150_000) + unknown;
    // Ten rows take everybody, so nobody ever comes to the rest of them; and nobody is asked for `a`.
    let idle = rows.matches(" when ").count() - 10;
    assert_eq!(compile(rows).map_err(|report| report.to_string()), Ok(idle + 1));
    let long =
        filled(&format!("{HEAD}decide d\n when "), |_| "a is 3 and ".into(), 900_000) + "a is 3 -> e\n" + unknown;
    // There is a gap, for everybody else; and nobody is asked for `a`.
    assert_eq!(compile(long).map_err(|report| report.to_string()), Ok(2));
    let steps = |n: usize| format!("step s{n}\n led by r\n within 1 day\n then s{}\n", n + 1);
    let steps = filled(HEAD, steps, 600_000);
    let last = steps.matches("step s").count();
    let steps =
        format!("{steps}step s{last}\n led by r\n within 1 day\n then e\n").replace("starts at d", "starts at s0");
    assert_eq!(compile(steps).map_err(|report| report.to_string()), Ok(0));
}

/// Decisions in layers, each of two that send people on to both of the next layer; and one behind them all.
fn layers(count: usize, last: &str) -> String {
    let facts: String = (0..count).map(|n| format!(" f{n} yes or no\n")).collect();
    let mut text = HEAD.replace("facts\n", &format!("facts\n{facts}")).replace("starts at d", "starts at s");
    let found: Vec<String> = (0..count).map(|n| format!("f{n}")).chain(["a".to_string()]).collect();
    text.push_str(&format!("step s\n led by r\n finds {}\n within 1 day\n then l0\n", found.join(", ")));
    for layer in 0..count {
        let sides: &[&str] = if layer == 0 { &["l"] } else { &["l", "r"] };
        let (left, right) = match layer + 1 < count {
            true => (format!("l{}", layer + 1), format!("r{}", layer + 1)),
            false => ("d".to_string(), "d".to_string()),
        };
        for side in sides {
            text.push_str(&format!(
                "decide {side}{layer}\n when f{layer} -> {left}\n if none of these -> {right}\n if we do not know yet -> e\n"
            ));
        }
    }
    format!("{text}decide d\n{last} if we do not know yet -> e\n")
}

/// The kinds of everything that is found, whether it keeps anything from being compiled or not.
fn kinds(text: String) -> Vec<&'static str> {
    let sources = vec![Source::new("large.pathway", text)];
    let report = Library::compile(sources).map_or_else(|report| report, |library| library.report().clone());
    report.findings.iter().map(|finding| finding.kind.name()).collect()
}

#[test]
fn a_decision_that_very_many_ways_lead_to_chooses_or_it_is_said_that_this_is_not_settled() {
    let gap = " when a at least 3 -> e\n";
    // Two hundred and fifty-six ways are looked at one by one.
    assert_eq!(kinds(layers(9, gap)), ["gap"]);
    // Twelve layers are two thousand ways, which are not.
    assert_eq!(kinds(layers(12, gap)), ["undecided"]);
    // Where the decision chooses for everybody, it does not matter who comes to it, nor in how many ways.
    let whole = " when a at least 3 -> e\n when a at most 2 -> e\n";
    assert_eq!(kinds(layers(12, whole)), Vec::<&str>::new());
    // Nor does it when they come one after the other, over many decisions.
    let long = |links: usize, last: &str| {
        let row = |n: usize| {
            let next = if n + 1 == links { "d".to_string() } else { format!("c{}", n + 1) };
            format!("decide c{n}\n when f{n} -> {next}\n if none of these -> e\n if we do not know yet -> e\n")
        };
        let rows: String = (0..links).map(row).collect();
        let facts: String = (0..links).map(|n| format!(" f{n} yes or no\n")).collect();
        let head = HEAD.replace("facts\n", &format!("facts\n{facts}")).replace("starts at d", "starts at s");
        let found: Vec<String> = (0..links).map(|n| format!("f{n}")).collect();
        let found = found.join(", ");
        format!(
            "{head}step s\n led by r\n finds {found}, a\n within 1 day\n then c0\n{rows}decide d\n{last} if we do not know yet -> e\n"
        )
    };
    assert_eq!(kinds(long(32, gap)), ["gap"]);
    assert_eq!(kinds(long(33, gap)), ["undecided"]);
    assert_eq!(kinds(long(41, gap)), ["undecided"]);
    assert_eq!(kinds(long(41, whole)), Vec::<&str>::new());
}

#[test]
fn of_very_many_rows_above_one_it_is_not_said_which_take_its_people() {
    let rows = |count: usize| {
        let rows: String = (0..count).map(|n| format!(" when a is {n} -> e\n")).collect();
        let last = count - 1;
        let text = format!(
            "{HEAD}decide d\n{rows} when a at most {last} -> e\n if none of these -> e\n if we do not know yet -> e\n"
        );
        let text = text.replace("a 0 to 9", "a 0 to 99").replace("starts at d", "starts at s")
            + "step s\n led by r\n finds a\n within 1 day\n then d\n";
        let library =
            Library::compile(vec![Source::new("large.pathway", text)]).unwrap_or_else(|report| panic!("{report}"));
        let found = library.report().findings.clone();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.ends_with("the rows above it together take them all"), "{}", found[0].message);
        assert_eq!(found[0].help.as_deref(), Some("put it before the rows that take them, or take it out"));
        found[0].others.len()
    };
    assert_eq!((rows(64), rows(65), rows(80)), (4, 0, 0));
}
