//! The language, by small samples: one for each construct, one for each finding, and input of the worst kind.
//!
//! A sample in `tests/language` says beside each line what is found there (`#! kind: words`). One that says nothing is
//! right: nothing is found in it, its scenarios pass, and laying it out twice is laying it out once. A last line
//! `# … and the rest` stands for `tests/common/rest.pathway`.

mod common;

use common::{Sample, compile, failures, judge, not_for_readers, rules_of_the_grammar, samples_in};
use onward::Source;
use onward::diagnostic::{Kind, Report};
use onward::syntax::{MAX_BYTES, MAX_NESTING, format, parse};
use std::fmt::Write as _;

/// All samples, by their path below `tests/language`.
fn samples() -> Vec<(String, Sample)> {
    samples_in("tests/language")
}

#[test]
fn one_finds_what_stands_beside_the_line_and_nothing_else() {
    let wrong = judge(&samples());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_sample_without_a_word_beside_it_is_right_and_stays_so_when_it_is_laid_out() {
    let mut scenarios = 0;
    for (name, sample) in samples().iter().filter(|(_, sample)| sample.expected.is_empty()) {
        let (library, report) = sample.compile();
        assert_eq!(report.to_string(), "", "{name}");
        scenarios += library.map_or(0, |library| library.scenarios().len());
        let laid_out: Vec<Source> = sample
            .sources
            .iter()
            .map(|source| {
                let once = format(0, &source.text).unwrap_or_else(|found| panic!("{name}: {found:?}"));
                let twice = format(0, &once).unwrap_or_else(|found| panic!("{name}, laid out: {found:?}"));
                assert_eq!(once, twice, "{name}");
                Source::new(source.name.clone(), once)
            })
            .collect();
        let (library, report) = compile(laid_out);
        assert_eq!(report.to_string(), "", "{name}, laid out");
        assert_eq!(library.iter().flat_map(failures).collect::<Vec<_>>(), Vec::<String>::new(), "{name}, laid out");
    }
    assert!(scenarios > 80, "the samples hold {scenarios} scenarios");
}

#[test]
fn every_kind_of_finding_has_a_sample() {
    let samples = samples();
    // A picture is no text; and that rows do not overlap cannot be written yet.
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::NotText) {
        let name = format!("findings/{kind}.pathway");
        let (_, sample) = samples.iter().find(|(it, _)| *it == name).unwrap_or_else(|| panic!("there is no {name}"));
        assert!(sample.expected.iter().any(|it| it.kind == kind.name()), "{name} expects a {kind}");
    }
    for (name, _) in samples {
        let Some(kind) = name.strip_prefix("findings/") else { continue };
        assert!(Kind::named(kind.trim_end_matches(".pathway")).is_some(), "{name} is of no kind");
    }
}

#[test]
fn the_rules_of_the_grammar_are_known_here() {
    let rules = rules_of_the_grammar();
    for rule in ["value_range", "negation", "unreadable_clause", "called_branch"] {
        assert!(rules.contains(&rule), "{rule}");
    }
}

const GOOD: &str = include_str!("../examples/first/tea_and_talk.pathway");

/// The lines that a mistake can be made in: all that hold more than a comment.
fn lines_to_break() -> Vec<usize> {
    let line = |(number, line): (usize, &str)| {
        let words = line.trim();
        (!words.is_empty() && !words.starts_with('#')).then_some(number)
    };
    GOOD.lines().enumerate().filter_map(line).collect()
}

/// The file with these lines spoilt: each begins with something that nothing begins with.
fn broken(lines: &[usize]) -> String {
    let mut text = String::new();
    for (number, line) in GOOD.lines().enumerate() {
        let spoilt =
            if lines.contains(&number) { line.replacen(line.trim_start(), "=?= ", 1) } else { line.to_string() };
        let _ = writeln!(text, "{spoilt}");
    }
    text
}

fn found_on(text: &str) -> Vec<usize> {
    let source = Source::new("it.pathway", text);
    let (_, findings) = parse(0, text);
    findings.iter().map(|it| source.line_and_column(it.at.place.span.start).0 - 1).collect()
}

#[test]
fn wherever_a_line_is_spoilt_it_is_found() {
    for line in lines_to_break() {
        assert!(
            found_on(&broken(&[line])).contains(&line),
            "line {}: {}",
            line + 1,
            GOOD.lines().nth(line).unwrap_or("")
        );
    }
}

/// Two spoilt lines next to each other may be one finding; with a good line between them they are two.
#[test]
fn one_mistake_never_hides_the_next() {
    let lines = lines_to_break();
    let text_of = |line: usize| GOOD.lines().nth(line).unwrap_or("");
    for (place, first) in lines.iter().enumerate() {
        for second in lines.iter().skip(place + 2) {
            let between: Vec<&str> =
                lines[place + 1..].iter().take_while(|it| *it < second).map(|it| text_of(*it)).collect();
            // What stands below a head that cannot be read is not read either, up to the next good head.
            let is_head = |line: &str| line.trim() == line;
            let hidden = is_head(text_of(*first)) && !between.iter().any(|line| is_head(line));
            if hidden || between.is_empty() {
                continue;
            }
            let found = found_on(&broken(&[*first, *second]));
            assert!(
                found.contains(first) && found.contains(second),
                "lines {} and {}: {found:?}",
                first + 1,
                second + 1
            );
        }
    }
}

/// Compiles and lays out a text that nobody would write. What is found is found in words.
fn bad(text: impl Into<String>) -> Report {
    let text = text.into();
    let laid_out = format(0, &text);
    let (library, report) = compile(vec![Source::new("bad.pathway", text)]);
    assert_eq!(library.is_none(), report.has_errors());
    assert!(laid_out.is_ok() || report.has_errors());
    assert_eq!(not_for_readers(&report), Vec::<String>::new());
    report
}

fn kinds(report: &Report) -> Vec<Kind> {
    report.findings.iter().map(|it| it.kind).collect()
}

fn in_a_decision(condition: &str) -> String {
    format!(
        "onward 1\n\nfacts\n  a yes or no\n\npathway p\n  version 1\n  starts at d\n\ndecide d\n  when {condition} -> e\n"
    )
}

#[test]
fn files_with_nothing_in_them() {
    for text in ["", "\n", "   \n\t\n", "# a comment\n", "# one\n\n# two", "\u{FEFF}", "\u{FEFF}\r\n", "#"] {
        assert_eq!(kinds(&bad(text)), [Kind::EmptyFile], "{text:?}");
    }
    assert_eq!(kinds(&bad("onward 1")), []);
    assert_eq!(kinds(&bad("(")), [Kind::NoLanguageVersion, Kind::UnreadableBlock]);
}

#[test]
fn files_that_are_too_large() {
    let line = "# Somebody wrote this line, and then again.\n";
    let text = format!("onward 1\n{}", line.repeat(2 * MAX_BYTES / line.len()));
    assert_eq!(kinds(&bad(text)), [Kind::TooLarge]);
    let text = format!("onward 1\n{}", line.repeat((MAX_BYTES - 9) / line.len()));
    assert_eq!(kinds(&bad(text)), []);
}

#[test]
fn nested_deeper_than_anyone_can_read() {
    for deep in [MAX_NESTING + 1, 10_000] {
        let brackets = in_a_decision(&format!("{}a{}", "(".repeat(deep), ")".repeat(deep)));
        assert_eq!(kinds(&bad(brackets)), [Kind::TooDeep]);
        assert_eq!(kinds(&bad(in_a_decision(&format!("{}a", "(".repeat(deep))))), [Kind::TooDeep]);
        assert_eq!(kinds(&bad(in_a_decision(&format!("{}a", "not ".repeat(deep))))), [Kind::TooDeep]);
        assert_eq!(kinds(&bad(in_a_decision(&format!("{}a", "not # no\n".repeat(deep))))), [Kind::TooDeep]);
        assert_eq!(
            kinds(&bad(in_a_decision(&format!("{}a{}", "not (".repeat(deep), ")".repeat(deep))))),
            [Kind::TooDeep]
        );
    }
    // What closes too often, or stands in a text or a comment, nests nothing.
    assert!(!kinds(&bad(in_a_decision(&")".repeat(10_000)))).contains(&Kind::TooDeep));
    assert!(
        !kinds(&bad(format!("onward 1\nrole r \"{}\" # {}", "(".repeat(99), "(".repeat(99)))).contains(&Kind::TooDeep)
    );
    let (least, most) = ("(".repeat(MAX_NESTING), ")".repeat(MAX_NESTING));
    assert!(!kinds(&bad(in_a_decision(&format!("{least}a{most}")))).contains(&Kind::UnreadableClause));
}

#[test]
fn routes_that_go_on_and_on() {
    let text = in_a_decision("a").replace("-> e", &format!("-> e{}", ", at most 1 times, then e".repeat(1_000)));
    assert!(kinds(&bad(text)).contains(&Kind::TooDeep));
}

#[test]
fn marks_at_the_beginning_and_ends_of_lines_of_other_systems() {
    for text in
        [format!("\u{FEFF}{GOOD}"), GOOD.replace('\n', "\r\n"), format!("\u{FEFF}{}", GOOD.replace('\n', "\r\n"))]
    {
        let (library, report) = compile(vec![Source::new("it.pathway", text.clone())]);
        assert_eq!(report.to_string(), "");
        let library = library.expect("nothing was found");
        assert_eq!(failures(&library), Vec::<String>::new());
        let laid_out = format(0, &text).expect("it can be read");
        assert_eq!(format(0, &laid_out).expect("it can be read again"), laid_out);
        assert!(!laid_out.contains('\r'));
    }
    // A finding is on the same line, however lines end.
    let text = GOOD.replace("led by              volunteer", "led volunteer");
    assert_eq!(found_on(&text), found_on(&text.replace('\n', "\r\n")));
    // A carriage return alone is no end of a line; nothing is lost by it.
    bad(GOOD.replace('\n', "\r"));
}

#[test]
fn marks_that_are_never_closed() {
    let report = bad(GOOD.replace("\"Over a cup", "Over a cup").replace("\"A visit", "A visit"));
    assert!(
        kinds(&report).iter().all(|kind| [
            Kind::UnreadableBlock,
            Kind::UnreadableClause,
            Kind::UnknownName,
            Kind::Homeless
        ]
        .contains(kind))
    );
    for text in ["onward 1\nrole r \"open", "onward 1\nuse \"", "onward 1\n\"", "onward 1\nscenario \"", "\""] {
        assert!(bad(text).has_errors(), "{text:?}");
    }
}

#[test]
fn letters_of_every_kind() {
    // In a text they are welcome.
    let text = GOOD.replace("Visit over a cup of tea", "Über eine Tasse Tee — ¿té? 👩🏽‍⚕️🫖 茶 \u{202E}");
    assert_eq!(kinds(&bad(text.clone())), []);
    assert!(format(0, &text).expect("it can be read").contains("👩🏽‍⚕️🫖 茶"));
    assert_eq!(kinds(&bad("onward 1\n# 🫖 \u{0}\nrole r \"\u{0}\"")), []);
    // As names and clauses they are not.
    for word in
        ["🫖", "thé", "наблюдение", "\u{0}", "\u{200B}", "\u{7F}", "“x”", "‘", "−1", "a\u{0}b", "\u{85}", "\u{2028}"]
    {
        for text in [
            format!("onward 1\nrole {word}\n"),
            format!("onward 1\n{word}\n"),
            format!("onward 1\nfacts\n  {word} yes or no\n"),
            word.to_string(),
        ] {
            assert!(bad(text.clone()).has_errors(), "{text:?}");
        }
    }
    // The column counts letters, not bytes.
    let (_, report) = compile(vec![Source::new("it.pathway", "onward 1\nrole r \"🫖\" whoever\n")]);
    let at = report.findings[0].at.place;
    assert_eq!(report.source(at).expect("it is there").line_and_column(at.span.start), (2, 12));
}

#[test]
fn lines_that_go_on_and_on() {
    for text in [
        format!("onward 1\nrole r \"{}\"", "word ".repeat(200_000)),
        format!("onward 1\nrole {}", "r".repeat(1_000_000)),
        format!("onward 1\n{}", "word ".repeat(200_000)),
        format!("onward 1\nrole r {}", "word ".repeat(200_000)),
        format!("onward 1 # {}", "#".repeat(1_000_000)),
        format!("onward 1\n{}", "\"".repeat(1_000_000)),
        format!("onward 1\ndecide d\n{}", "|".repeat(10_000)),
        format!("onward 1\nfacts\n  a 0 to {}", "9".repeat(1_000_000)),
        format!("onward 1\nholidays h\n  on 2026-01-01{}", ", 2026-01-01".repeat(80_000)),
        "\u{0}".repeat(1_000_000),
    ] {
        let report = bad(text);
        for finding in &report.findings {
            assert!(finding.message.chars().count() < 1_100_000);
        }
    }
}

/// One case of each way in which every line could be a finding.
#[test]
fn mistakes_on_every_line() {
    for line in
        ["  led nurse\n", "  =?=\n", "step\n", "\"\n", "|\n", "| a |\n", "  within\n", "role role\n", "on\n", "#\n"]
    {
        bad(format!("onward 1\nstep s\n{}", line.repeat(1_000)));
        bad(format!("onward 1\ndecide s\n{}", line.repeat(1_000)));
        bad(line.repeat(1_000));
    }
}

/// Every beginning of a good file is read, and so is the file with any one letter left out.
#[test]
fn files_that_break_off_and_files_with_a_letter_too_few() {
    for (at, letter) in GOOD.char_indices() {
        let (_, findings) = parse(0, &GOOD[..at]);
        assert!(findings.len() < 20, "up to {at}: {findings:?}");
        let without = format!("{}{}", &GOOD[..at], &GOOD[at + letter.len_utf8()..]);
        let (_, findings) = parse(0, &without);
        assert!(findings.len() < 20, "without the letter at {at}: {findings:?}");
    }
}
