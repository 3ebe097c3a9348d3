//! The documentation is tested: what it shows as a pathway compiles, what it shows as wrong is found, what it shows as
//! a scenario passes, and its lists of words are the grammar's.
//!
//! A fence says what it is in its first word, in parts joined by commas, and then with names:
//!
//! | fence | what is in it |
//! |---|---|
//! | `pathway` | a whole file, and nothing is found in it |
//! | `pathway,frame` | the same; the parts below it in the document are put at its end |
//! | `pathway,part` | blocks; put at the end of the frame they compile, and only `never-reached` may be found |
//! | `pathway,file NAME` | a whole file that others name in quotation marks, or that a console works on |
//! | `pathway,add NAME` | blocks for that file: in place of the block of that name, or else at its end |
//! | `pathway,whole NAME` | that file, as it has become |
//! | `…,wrong KIND…` | exactly these kinds are found, in the order of the file |
//! | `…,fails` | its last scenario fails |
//! | `json,person` | a person file for the last whole pathway above it; everything in it can happen |
//! | `json,person,wrong` | a person file that is refused; the next fence, `text`, says with which words |
//! | `console` | commands, and what they print, word for word |

mod fences;

use fences::{DOCS, Fence, Files, fences, read, saved};
use onward::engine::Opening;
use onward::play::Driver;
use onward::simulate::{self, read_person};
use onward::{Library, Report, Source, syntax};
use std::collections::BTreeSet;

/// What stands above a fence in its document.
#[derive(Default)]
struct Above {
    frame: Option<String>,
    files: Files,
    /// The last whole pathway in which nothing was found.
    library: Option<Library>,
    /// What a person file was refused with, until the words for it come.
    refused: Option<(String, String)>,
    problems: Vec<String>,
    checked: usize,
}

impl Above {
    fn problem(&mut self, fence: &Fence, what: impl std::fmt::Display) {
        self.problems.push(format!("{}: {what}", fence.at));
    }

    fn see(&mut self, fence: &Fence) {
        saved(&mut self.files, fence);
        if let Some((at, message)) = self.refused.take()
            && !fence.text.split_whitespace().eq(message.split_whitespace())
        {
            self.problems.push(format!("{at}: it is refused with these words, which are to follow it:\n{message}"));
        }
        self.checked += 1;
        if fence.is("pathway") {
            self.pathway(fence);
        } else if fence.is("person") {
            self.person(fence);
        } else {
            self.checked -= 1;
        }
    }

    fn pathway(&mut self, fence: &Fence) {
        let part = fence.is("part");
        let text = match (&self.frame, part) {
            (Some(frame), true) => format!("{frame}\n{}", fence.text),
            (None, true) => return self.problem(fence, "there is no frame above this part"),
            (_, false) if fence.has_file() => self.files.get(fence.file()).cloned().unwrap_or_default(),
            (_, false) => fence.text.clone(),
        };
        if fence.is("whole") && text != fence.text {
            return self.problem(fence, format!("the file has become\n{text}"));
        }
        let mut sources = vec![Source::new(fence.file(), &text)];
        let mut next = 0;
        while let Some(source) = sources.get(next) {
            let named: Vec<Source> = self
                .files
                .iter()
                .filter(|(name, _)| source.text.contains(&format!("\"{name}\"")))
                .filter(|(name, _)| !sources.iter().any(|it| it.name == **name))
                .map(|(name, text)| Source::new(name, text))
                .collect();
            sources.extend(named);
            next += 1;
        }
        if fence.is("frame") {
            self.frame = Some(text.clone());
        }
        let compiled = Library::compile(sources);
        let report = match &compiled {
            Ok(library) => library.report(),
            Err(report) => report,
        };
        if fence.is("wrong") {
            return self.wrong(fence, report);
        }
        let never_reached = onward::diagnostic::Kind::NeverReached;
        if report.findings.iter().any(|finding| !(part && finding.kind == never_reached)) {
            return self.problem(fence, format!("something is found here\n{report}"));
        }
        match syntax::format(0, &text) {
            Ok(laid_out) if laid_out == text => {}
            Ok(laid_out) => self.problem(fence, format!("`onward fmt` lays this out otherwise:\n{laid_out}")),
            Err(findings) => self.problem(fence, format!("`onward fmt` does not take this: {findings:?}")),
        }
        let Ok(library) = compiled else { return };
        let last = library.scenarios().len().wrapping_sub(1);
        for (number, scenario) in library.scenarios().iter().enumerate() {
            match (simulate::run_scenario(&library, scenario).failure, fence.is("fails") && number == last) {
                (Some((_, why)), false) => {
                    self.problem(fence, format!("the scenario \"{}\" fails: {why}", scenario.title));
                }
                (None, true) => self.problem(fence, format!("the scenario \"{}\" does not fail", scenario.title)),
                _ => {}
            }
        }
        if !part {
            self.library = Some(library);
        }
    }

    fn wrong(&mut self, fence: &Fence, report: &Report) {
        let unreached = |name: &&str| *name == "never-reached" && fence.is("part");
        let found = report.findings.iter().map(|finding| finding.kind.name());
        let found: Vec<&str> = found.filter(|name| !unreached(name)).collect();
        if fence.kinds().is_empty() {
            self.problem(fence, "it is said to be wrong, and not which kinds are found");
        } else if found != fence.kinds() {
            self.problem(fence, format!("what is found is {}\n{report}", found.join(" ")));
        }
    }

    fn person(&mut self, fence: &Fence) {
        let Some(library) = &self.library else { return self.problem(fence, "there is no pathway above it") };
        let Some((pathway, directory)) = library.pathways().find_map(|(id, it)| Some((id, it.pathway.tested_with?)))
        else {
            return self.problem(fence, "no pathway above it is tested with a directory");
        };
        let read = read_person(&fence.text, library, pathway, directory);
        let person = match (read, fence.is("wrong")) {
            (Err(error), true) => {
                self.refused = Some((fence.at.clone(), error.to_string()));
                return;
            }
            (Err(error), false) => return self.problem(fence, error),
            (Ok(_), true) => return self.problem(fence, "it is said to be wrong, and is not refused"),
            (Ok(person), false) => person,
        };
        let facts = person.knowing.iter().map(|it| (it.fact.clone(), it.answer.clone())).collect();
        let opening = Opening { id: "docs".to_string(), facts, ..Opening::default() };
        let mut driver = match library.open_draft(pathway, directory, opening, person.starts) {
            Ok((case, _)) => Driver::new(case, person.starts),
            Err(refusal) => return self.problem(fence, refusal),
        };
        for (number, event) in person.events.iter().enumerate() {
            if let Err(refusal) = driver.happen(event) {
                return self.problem(fence, format!("event {}: {refusal}", number + 1));
            }
        }
    }
}

#[test]
fn what_the_docs_show_is_so() {
    let mut problems = Vec::new();
    for (name, must_be_there) in DOCS {
        let Some(text) = read(name) else {
            if *must_be_there {
                problems.push(format!("{name} is not there"));
            }
            continue;
        };
        let mut above = Above::default();
        match fences(name, &text) {
            Ok(all) => all.iter().for_each(|fence| above.see(fence)),
            Err(problem) => problems.push(problem),
        }
        if let Some((at, message)) = above.refused.take() {
            problems.push(format!("{at}: it is refused with these words, which are to follow it:\n{message}"));
        }
        if *must_be_there && above.checked == 0 {
            problems.push(format!("{name} has no fence that is tested"));
        }
        problems.append(&mut above.problems);
    }
    assert!(problems.is_empty(), "\n\n{}\n", problems.join("\n\n"));
}

/// What stands between backticks in the first column of the table below a heading.
fn first_column(text: &str, heading: &str) -> BTreeSet<String> {
    let below = text.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "));
    let cells = below.filter_map(|line| line.strip_prefix('|')?.split('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_string).collect::<Vec<_>>()).collect()
}

/// The words a rule of the grammar lists, with a space for every gap in them.
fn words_of(grammar: &str, rule: &str) -> BTreeSet<String> {
    let start = format!("\n{rule} = @{{");
    let body = grammar.split_once(&start).and_then(|(_, rest)| rest.split_once("\n}")).map_or("", |(body, _)| body);
    let words = body.split('|').map(|one| one.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" "));
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn the_lists_of_words_are_the_grammars() {
    let (language, grammar) = (read("docs/language.md"), read("grammar/onward.pest"));
    let (Some(language), Some(grammar)) = (language, grammar) else { panic!("both files are there") };
    assert_eq!(
        first_column(&language, "## Words that cannot be names"),
        words_of(&grammar, "reserved"),
        "docs/language.md and the rule `reserved` list other words"
    );
}

/// The numbers that the paragraphs of semantics.md begin with.
fn paragraphs(text: &str) -> Vec<&str> {
    let number = |line: &str| line.split_once(' ').map_or("", |(number, _)| number).len();
    let is_number = |it: &str| {
        it.split_once('.')
            .is_some_and(|(a, b)| [a, b].iter().all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit())))
    };
    text.lines().map(|line| &line[..number(line)]).filter(|it| is_number(it)).collect()
}

#[test]
fn every_rule_says_what_shows_it_and_all_of_that_is_there() {
    let (semantics, shown) = (read("docs/semantics.md"), read("docs/shown_by.md"));
    let (Some(semantics), Some(shown)) = (semantics, shown) else { panic!("both files are there") };
    let rows = shown.lines().filter_map(|line| line.strip_prefix("| ")).filter_map(|row| row.split_once(" | "));
    let rows: Vec<(&str, &str)> = rows.filter(|row| !matches!(row.0, "paragraph" | "moment")).collect();
    let is_numbered = |row: &&(&str, &str)| row.0.starts_with(|letter: char| letter.is_ascii_digit());
    let (mut listed, mut rules) =
        (rows.iter().filter(is_numbered).map(|row| row.0).collect::<Vec<_>>(), paragraphs(&semantics));
    listed.sort_unstable();
    rules.sort_unstable();
    assert_eq!(listed, rules, "each paragraph of docs/semantics.md has one row in docs/shown_by.md");
    for (rule, by) in rows {
        let named: Vec<&str> = by.split('`').skip(1).step_by(2).filter(|it| it.contains('/')).collect();
        assert!(!named.is_empty(), "nothing shows {rule}");
        for it in named {
            let (path, test) = it.split_once(": ").map_or((it, None), |(path, test)| (path, Some(test)));
            let there = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            assert!(there.exists(), "{rule}: there is no {path}");
            if let Some(test) = test {
                let text = read(path).unwrap_or_default();
                assert!(text.contains(&format!("fn {test}()")), "{rule}: there is no test {test} in {path}");
            }
        }
    }
}
