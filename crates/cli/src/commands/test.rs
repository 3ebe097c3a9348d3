//! `onward test`: runs the scenarios in the files, as drafts.

use crate::files;
use crate::findings::{self, counted};
use crate::page::{Page, Style};
use crate::said::{self, Exit, Format, Said, Stop};
use onward::Library;
use onward::simulate::run_scenario;
use serde::Serialize;
use std::path::PathBuf;

/// What to test.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// How a scenario went.
#[derive(Debug, Serialize)]
struct Tested {
    file: String,
    line: usize,
    scenario: String,
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

/// What was otherwise than expected.
#[derive(Debug, Serialize)]
struct Failure {
    line: usize,
    column: usize,
    /// The line of the file.
    expected: String,
    message: String,
}

/// Runs every scenario of the files that were given; not those of the files they use.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let libraries = findings::libraries(files::gather(&args.paths)?, format)?;
    let tested: Vec<Tested> = libraries.iter().flat_map(|(library, given)| tested(library, given)).collect();
    let failed = tested.iter().filter(|it| !it.passed).count();
    let exit = if failed == 0 { Exit::Fine } else { Exit::Findings };
    if format == Format::Json {
        let value = serde_json::json!({
            "draft": true, "passed": tested.len() - failed, "failed": failed, "scenarios": tested,
        });
        return Said::json(&value, exit);
    }
    let mut page = said::page();
    let mut file = "";
    for it in &tested {
        if it.file != file {
            file = &it.file;
            page.gap();
            page.verbatim(0, file);
        }
        shown(&mut page, it);
    }
    page.gap();
    match (tested.len(), failed) {
        (0, _) => page.line(0, "There are no scenarios in these files."),
        (all, 0) => page.line(0, &format!("{}, and all of them passed.", counted(all, "scenario"))),
        (all, _) => page.line(0, &format!("{}: {} passed, {failed} failed.", counted(all, "scenario"), all - failed)),
    }
    if !tested.is_empty() {
        page.line(0, "Draft runs: a scenario shows what the rules do for one person, and proves nothing for others.");
    }
    Ok(Said::page(page, exit))
}

fn shown(page: &mut Page, it: &Tested) {
    match &it.failure {
        None => page.tagged(2, Style::Good, "passed:", &format!(" {}", it.scenario)),
        Some(failure) => {
            page.tagged(2, Style::Bad, "FAILED:", &format!(" {}", it.scenario));
            page.verbatim(6, &format!("at {}:{}:{}", it.file, failure.line, failure.column));
            page.verbatim(6, &format!("{} | {}", failure.line, failure.expected));
            page.line(6, &format!("What was otherwise: {}", failure.message));
        }
    }
}

fn tested(library: &Library, given: &[bool]) -> Vec<Tested> {
    let sources = &library.report().sources;
    let mut tested = Vec::new();
    for scenario in library.scenarios() {
        let number = scenario.at.source as usize;
        let Some(source) = sources.get(number).filter(|_| given.get(number) == Some(&true)) else { continue };
        let failure = run_scenario(library, scenario).failure.map(|(at, message)| {
            let source = sources.get(at.source as usize).unwrap_or(source);
            let (line, column) = source.line_and_column(at.span.start);
            let expected = source.text.lines().nth(line - 1).unwrap_or("").trim_end().to_string();
            Failure { line, column, expected, message }
        });
        tested.push(Tested {
            file: source.name.clone(),
            line: source.line_and_column(scenario.at.span.start).0,
            scenario: scenario.title.clone(),
            passed: failure.is_none(),
            failure,
        });
    }
    tested
}
