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

use onward::engine::{self, By, Driver, Opening, PersonFile};
use onward::{Library, Report, Source, syntax};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The documents, and whether they must be there.
const DOCS: &[(&str, bool)] =
    &[("README.md", false), ("docs/language.md", true), ("docs/first-pathway.md", true), ("docs/person-file.md", true)];

/// A piece of a document between two lines of backticks.
#[derive(Clone, Debug)]
struct Fence {
    at: String,
    what: Vec<String>,
    names: Vec<String>,
    text: String,
}

impl Fence {
    fn is(&self, word: &str) -> bool {
        self.what.iter().any(|it| it == word)
    }

    fn has_file(&self) -> bool {
        self.is("file") || self.is("add") || self.is("whole")
    }

    /// The name it is saved under.
    fn file(&self) -> &str {
        if self.has_file() { self.names.first().map_or("", String::as_str) } else { "example.pathway" }
    }

    /// The kinds that are to be found in it.
    fn kinds(&self) -> &[String] {
        self.names.get(usize::from(self.has_file())..).unwrap_or_default()
    }
}

/// The files of a document, by name, as they are at some place in it.
type Files = BTreeMap<String, String>;

/// What a fence makes of its file.
fn saved(files: &mut Files, fence: &Fence) {
    if fence.is("file") {
        files.insert(fence.file().to_string(), fence.text.clone());
    } else if fence.is("add") {
        let file = files.entry(fence.file().to_string()).or_default();
        let mut all = blocks(file);
        for (head, text) in blocks(&fence.text) {
            match all.iter_mut().find(|(there, _)| *there == head) {
                Some((_, there)) => *there = text,
                None => all.push((head, text)),
            }
        }
        *file = all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n\n") + "\n";
    }
}

/// The blocks of a file: what each starts with, up to its title, and its text. Only a scenario is known by its title.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let head = if line.starts_with("scenario") { line } else { line.split(" \"").next().unwrap_or(line) };
            all.push((head.to_string(), String::new()));
        }
        if let Some((_, block)) = all.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
    }
    all.into_iter().map(|(head, text)| (head, text.trim_end().to_string())).collect()
}

fn read(name: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(ROOT).join(name)).ok()
}

/// The fences of a document, or what is wrong with how they are written.
fn fences(name: &str, text: &str) -> Result<Vec<Fence>, String> {
    let mut all = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.trim_end().strip_prefix("```"), &mut open) {
            (Some(""), Some(_)) => all.extend(open.take()),
            (Some(info), None) => {
                let mut words = info.split_whitespace().map(str::to_string);
                let what = words.next().unwrap_or_default().split(',').map(str::to_string).collect();
                open = Some(Fence {
                    at: format!("{name}:{}", number + 1),
                    what,
                    names: words.collect(),
                    text: String::new(),
                });
            }
            (Some(_), Some(fence)) => return Err(format!("{}: this fence is not closed", fence.at)),
            (None, Some(fence)) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    open.map_or(Ok(all), |fence| Err(format!("{}: this fence is not closed", fence.at)))
}

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
            match (engine::run_scenario(&library, scenario).failure, fence.is("fails") && number == last) {
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
        let read = PersonFile::read(&fence.text, library, pathway, directory);
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
        let opening = Opening { id: "docs".to_string(), facts, by: By::default() };
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
    let later: BTreeSet<String> = ["later_block_start", "later_clause_start", "later_fact_clause_start"]
        .into_iter()
        .flat_map(|rule| words_of(&grammar, rule))
        .collect();
    assert_eq!(
        first_column(&language, "## What is not run yet"),
        later,
        "docs/language.md and the rules `later_…` list other words"
    );
}

/// What a command prints, run in a folder: its output, and then what it says on the side.
fn run(command: &Path, arguments: &str, folder: &Path) -> String {
    let ran = std::process::Command::new(command).args(arguments.split_whitespace()).current_dir(folder).output();
    match ran {
        Ok(ran) => [ran.stdout, ran.stderr].iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect(),
        Err(error) => error.to_string(),
    }
}

/// Without spaces at the ends of lines, which a document does not keep.
fn trimmed(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The consoles of the docs, with the command itself. It is built by another package, so this runs only when asked:
/// `ONWARD_BIN=target/debug/onward cargo test --test docs -- --ignored`. With `UPDATE_DOCS=1` it writes them anew.
#[test]
#[ignore = "needs the command: ONWARD_BIN=target/debug/onward cargo test --test docs -- --ignored"]
fn what_the_commands_print_is_so() {
    let command = std::env::var("ONWARD_BIN").expect("ONWARD_BIN names the command");
    let command = Path::new(ROOT).join(command);
    let updating = std::env::var_os("UPDATE_DOCS").is_some();
    let mut problems = Vec::new();
    for (name, _) in DOCS {
        let Some(text) = read(name) else { continue };
        let mut updated = text.clone();
        let folder =
            std::env::temp_dir().join(format!("onward-docs-{}-{}", std::process::id(), name.replace('/', "-")));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be made");
        let mut files = Files::new();
        for fence in fences(name, &text).unwrap_or_default() {
            saved(&mut files, &fence);
            if let Some(text) = files.get(fence.file()) {
                let path = folder.join(fence.file());
                std::fs::create_dir_all(path.parent().unwrap_or(&folder)).expect("its folder can be made");
                std::fs::write(path, text).expect("the file can be written");
            }
            if !fence.is("console") {
                continue;
            }
            let typed = fence.text.lines().filter_map(|line| line.strip_prefix("$ onward "));
            let printed = typed.map(|typed| format!("$ onward {typed}\n{}\n", trimmed(&run(&command, typed, &folder))));
            let printed = printed.collect::<Vec<_>>().join("\n");
            if printed != fence.text {
                updated =
                    updated.replacen(&format!("```console\n{}", fence.text), &format!("```console\n{printed}"), 1);
                problems.push(format!("{}: the command prints\n{printed}", fence.at));
            }
        }
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        if updating && updated != text {
            std::fs::write(Path::new(ROOT).join(name), updated).expect("the document can be written");
        }
    }
    assert!(updating || problems.is_empty(), "\n\n{}\n", problems.join("\n\n"));
}
