//! Samples of the language: small files in which every expected finding stands beside the line that earns it.
//!
//! `#! unknown-name: there is no `wihs`` at the end of a line says: on this line one finds an `unknown-name`, and its
//! message holds those words. Several stand one after the other. A line `# file: name.pathway` begins another file, and
//! a line `# on: 2027-05-01` says on which day the dates are looked at.
#![allow(dead_code, reason = "each test uses the part of this it needs")]

use onward::calendar::Date;
use onward::diagnostic::{Finding, Kind, Report};
use onward::simulate::run_scenario;
use onward::{Library, Source};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

/// What every small pathway needs and no example wants to repeat.
pub const REST: &str = include_str!("rest.pathway");

/// A finding that is expected.
#[derive(Debug)]
pub struct Expected {
    pub file: String,
    pub line: usize,
    pub kind: String,
    pub words: String,
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}: {}", self.file, self.line, self.kind, self.words)
    }
}

/// Some files that are compiled together, and what is to be found in them.
#[derive(Debug)]
pub struct Sample {
    pub sources: Vec<Source>,
    pub expected: Vec<Expected>,
    /// The day on which dates are looked at.
    pub on: Option<Date>,
}

impl Sample {
    /// Reads a sample. `name` is the name of its first file; `with_rest` adds [`REST`] to the end of it.
    pub fn new(name: &str, text: &str, with_rest: bool) -> Sample {
        let mut files: Vec<(&str, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match (line.strip_prefix("# file: "), files.last_mut()) {
                (Some(file), _) => files.push((file.trim(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => files.push((name, line.to_string())),
            }
        }
        if let Some((_, first)) = files.first_mut().filter(|_| with_rest) {
            *first = format!("{}\n\n{REST}", first.trim_end());
        }
        let sources: Vec<Source> = files.into_iter().map(|(name, text)| Source::new(name, text)).collect();
        let expected = sources.iter().flat_map(annotations).collect();
        let on = text.lines().find_map(|line| line.strip_prefix("# on: "));
        let on = on.map(|day| day.trim().parse().expect("it is a day"));
        Sample { sources, expected, on }
    }

    /// Everything that is found in it, whether it is an error or not.
    pub fn compile(&self) -> (Option<Library>, Report) {
        compile_on(self.sources.clone(), self.on)
    }

    /// What is found but not expected, and expected but not found; empty when all is as expected.
    pub fn differences(&self, report: &Report) -> Vec<String> {
        let mut left: Vec<&Expected> = self.expected.iter().collect();
        let mut different = Vec::new();
        for finding in &report.findings {
            let (file, line) = place_of(report, finding);
            let fits = |it: &&Expected| {
                it.file == file
                    && it.line == line
                    && it.kind == finding.kind.name()
                    && finding.message.contains(&it.words)
            };
            match left.iter().position(fits) {
                Some(at) => drop(left.remove(at)),
                None => different.push(format!("found    {file}:{line}: {}: {}", finding.kind, finding.message)),
            }
        }
        different.extend(left.into_iter().map(|it| format!("expected {it}")));
        different
    }
}

/// Compiles some files and gives the report in either case.
pub fn compile(sources: Vec<Source>) -> (Option<Library>, Report) {
    compile_on(sources, None)
}

/// Compiles some files on a day and gives the report in either case.
pub fn compile_on(sources: Vec<Source>, day: Option<Date>) -> (Option<Library>, Report) {
    match Library::compile_on(sources, day) {
        Ok(library) => {
            let report = library.report().clone();
            (Some(library), report)
        }
        Err(report) => (None, report),
    }
}

/// The file and the line a finding stands on.
pub fn place_of(report: &Report, finding: &Finding) -> (String, usize) {
    let source = report.source(finding.at.place).expect("a finding is in one of the files");
    (source.name.clone(), source.line_and_column(finding.at.place.span.start).0)
}

fn annotations(source: &Source) -> Vec<Expected> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for note in line.split("#!").skip(1) {
            let (kind, words) = note.split_once(':').unwrap_or((note, ""));
            let (kind, words) = (kind.trim().to_string(), words.trim().to_string());
            assert!(Kind::named(&kind).is_some(), "{}:{}: there is no finding `{kind}`", source.name, number + 1);
            found.push(Expected { file: source.name.clone(), line: number + 1, kind, words });
        }
    }
    found
}

/// Makes every change that is suggested, one at a time, each on its own: the finding goes away and no other comes.
pub fn suggestions_help(report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for finding in &report.findings {
        let Some(suggestion) = &finding.suggestion else { continue };
        let mut sources = report.sources.clone();
        let span = suggestion.place.span;
        let source = &mut sources[suggestion.place.source as usize];
        let mut text = source.text.clone();
        text.replace_range(span.start as usize..span.end as usize, &suggestion.text);
        *source = Source::new(source.name.clone(), text);
        let (_, after) = compile(sources);
        let said = |it: &Finding| (it.kind, it.message.clone());
        let mut before: Vec<_> = report.findings.iter().map(said).collect();
        let at = before.iter().position(|it| *it == said(finding)).expect("it is one of them");
        before.remove(at);
        for found in after.findings.iter().map(said) {
            match before.iter().position(|it| *it == found) {
                Some(at) => drop(before.remove(at)),
                None => wrong.push(format!(
                    "`{}` was suggested against `{}`; then one finds {}: {}",
                    suggestion.text, finding.message, found.0, found.1
                )),
            }
        }
    }
    wrong
}

/// The names of the rules of the grammar that no author should ever read: those of more than one word.
pub fn rules_of_the_grammar() -> Vec<&'static str> {
    let grammar = include_str!("../../grammar/onward.pest");
    let mut names: Vec<&str> = grammar
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.trim())
        .filter(|name| name.contains('_') && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()))
        .collect();
    names.extend(["negation", "SOI", "EOI", "Rule", "pest"]);
    names
}

/// What in the words of a finding is not for its readers.
pub fn not_for_readers(report: &Report) -> Vec<String> {
    let rules = rules_of_the_grammar();
    let mut wrong = Vec::new();
    for finding in &report.findings {
        let words = [Some(&finding.message), finding.help.as_ref(), Some(&finding.at.text)];
        let words: Vec<&str> =
            words.into_iter().flatten().chain(finding.others.iter().map(|it| &it.text)).map(|it| it.as_str()).collect();
        for text in words {
            let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let written = |part: &str| report.sources.iter().any(|source| source.text.contains(part));
            for part in parts.filter(|part| rules.contains(part) && !written(part)) {
                wrong.push(format!("`{part}` is a rule of the grammar, and stands in: {text}"));
            }
            for technical in ["Some(", "None", "Ok(", "Err(", "::", "{", "}"] {
                if text.contains(technical) && !written(technical) {
                    wrong.push(format!("`{technical}` stands in: {text}"));
                }
            }
        }
        let starts_low = finding.message.chars().next().is_some_and(|first| !first.is_uppercase());
        if !starts_low || finding.message.ends_with('.') {
            wrong.push(format!("a message is one sentence in lower case without a full stop: {}", finding.message));
        }
    }
    wrong
}

/// Whether a kind of finding is an error.
pub fn is_error(finding: &Finding) -> bool {
    finding.kind.severity().is_error()
}

fn samples_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the samples are there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            samples_below(&path, found);
        } else if path.extension().is_some_and(|it| it == "pathway") {
            found.push(path);
        }
    }
}

/// All samples below a folder of the repository, by their path in it.
pub fn samples_in(folder: &str) -> Vec<(String, Sample)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths = Vec::new();
    samples_below(&root, &mut paths);
    let mut samples = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&root).expect("it is below").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).expect("a sample is text");
        let with_rest = text.trim_end().ends_with("# … and the rest");
        samples.push((name, Sample::new("sample.pathway", &text, with_rest)));
    }
    assert!(!samples.is_empty());
    samples
}

/// What is not as a sample says.
pub fn judge(samples: &[(String, Sample)]) -> String {
    let mut wrong = String::new();
    for (name, sample) in samples {
        let (library, report) = sample.compile();
        for line in sample.differences(&report).iter().chain(&not_for_readers(&report)) {
            let _ = writeln!(wrong, "{name}: {line}");
        }
        for line in suggestions_help(&report) {
            let _ = writeln!(wrong, "{name}: {line}");
        }
        for line in library.iter().flat_map(failures) {
            let _ = writeln!(wrong, "{name}: {line}");
        }
    }
    wrong
}

/// The scenarios that do not pass.
pub fn failures(library: &Library) -> Vec<String> {
    let failed = library.scenarios().iter().filter_map(|scenario| {
        let (at, failure) = run_scenario(library, scenario).failure?;
        let (line, _) = library.report().source(at)?.line_and_column(at.span.start);
        Some(format!("{}, line {line}: {failure}", scenario.title))
    });
    failed.collect()
}
