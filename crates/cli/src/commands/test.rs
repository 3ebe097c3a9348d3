//! `onward test`: runs the scenarios in the files, as drafts; and says what none of them reached.

use crate::files;
use crate::findings::{self, counted};
use crate::page::{Page, Style};
use crate::said::{self, Exit, Format, Said, Stop};
use onward::Library;
use onward::engine::Case;
use onward::model::{PathwayId, Scenario};
use onward::simulate::{Coverage, Item, ItemKind, Ran, coverage, run_scenario};
use serde::Serialize;
use std::path::PathBuf;

/// What to test.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say which rows, ways, rungs and endings no scenario reached
    #[arg(long)]
    coverage: bool,
    /// Fail where less than so many per cent of a pathway were reached, or not every ending
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = clap::value_parser!(u8).range(0..=100))]
    min: Option<u8>,
    /// Run them in the sandbox: the engine as a component, as `cargo xtask component` writes it
    #[cfg(feature = "sandbox")]
    #[arg(long, value_name = "COMPONENT")]
    sandbox: Option<PathBuf>,
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
    let (mut tested, mut covered): (Vec<Tested>, Vec<Covered<'_>>) = (Vec::new(), Vec::new());
    let run = runner(args)?;
    for (library, given) in &libraries {
        let (of_these, cases) = run_all(library, given, &run)?;
        tested.extend(of_these);
        if args.coverage {
            covered.extend(cover(library, given, &cases));
        }
    }
    let failed = tested.iter().filter(|it| !it.passed).count();
    let enough = covered.iter().all(|it| it.is_enough(args.min));
    let exit = if failed == 0 && enough { Exit::Fine } else { Exit::Findings };
    if format == Format::Json {
        let mut value = serde_json::json!({
            "draft": true, "passed": tested.len() - failed, "failed": failed, "scenarios": tested,
        });
        if args.coverage {
            value["coverage"] = covered.iter().map(Covered::as_json).collect();
        }
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
        page.line(0, "A scenario shows what the rules do for one person; what holds for everybody is for `onward check` to prove.");
    }
    for it in &covered {
        it.shown(&mut page, args.min);
    }
    Ok(Said::page(page, exit))
}

/// What the scenarios reached of a pathway.
struct Covered<'l> {
    library: &'l Library,
    coverage: Coverage,
}

fn cover<'l>(library: &'l Library, given: &[bool], cases: &[(PathwayId, Case)]) -> Vec<Covered<'l>> {
    let here = |id: &PathwayId| given.get(library.pathway_by(*id).at.source as usize) == Some(&true);
    let pathways = library.pathways().map(|(id, _)| id).filter(here);
    let of = |id| {
        let on_it = cases.iter().filter(|(pathway, _)| *pathway == id).map(|(_, case)| case);
        Covered { library, coverage: coverage(library, id, library.directory_for(id), on_it) }
    };
    pathways.map(of).collect()
}

impl Covered<'_> {
    /// Whether so much was reached, and every ending.
    fn is_enough(&self, min: Option<u8>) -> bool {
        let Some(min) = min else { return true };
        let (all, reached) = self.coverage.count(ItemKind::Ending);
        all == reached && self.coverage.percent() >= usize::from(min)
    }

    fn name(&self) -> &str {
        self.library.pathway_by(self.coverage.pathway).name.as_str()
    }

    fn place(&self, item: &Item) -> (String, usize) {
        let source = self.library.report().source(item.at);
        source.map_or_else(Default::default, |it| (it.name.clone(), it.line_and_column(item.at.span.start).0))
    }

    fn shown(&self, page: &mut Page, min: Option<u8>) {
        page.gap();
        page.heading(&format!("{}: {} % reached", self.name(), self.coverage.percent()));
        for kind in ItemKind::ALL {
            let (all, reached) = self.coverage.count(kind);
            if all == 0 {
                continue;
            }
            page.line(2, &format!("{reached} of {all} {}", kind.in_words()));
            for item in self.coverage.items.iter().filter(|item| item.kind == kind && !item.reached) {
                let (file, line) = self.place(item);
                page.item(4, "- ", &format!("never: {} ({file}:{line})", item.words));
            }
        }
        if let Some(min) = min.filter(|_| !self.is_enough(min)) {
            page.tagged(2, Style::Bad, "too little:", &format!(" every ending and {min} % of everything are wanted."));
        }
    }

    fn as_json(&self) -> serde_json::Value {
        let kinds: serde_json::Map<String, serde_json::Value> = ItemKind::ALL
            .into_iter()
            .map(|kind| {
                let (all, reached) = self.coverage.count(kind);
                let name = serde_json::to_value(kind).ok().and_then(|it| it.as_str().map(String::from));
                (name.unwrap_or_default(), serde_json::json!({ "all": all, "reached": reached }))
            })
            .collect();
        let never = self.coverage.items.iter().filter(|item| !item.reached).map(|item| {
            let (file, line) = self.place(item);
            serde_json::json!({ "kind": item.kind, "what": item.words, "file": file, "line": line })
        });
        serde_json::json!({
            "pathway": self.name(),
            "percent": self.coverage.percent(),
            "kinds": kinds,
            "never": never.collect::<Vec<_>>(),
        })
    }
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

/// What runs those scenarios of a library that are wanted, in their order.
pub type Runner = Box<dyn Fn(&Library, &[&Scenario]) -> Result<Vec<Ran>, Stop>>;

/// What runs scenarios: the engine in this program, or the one in the sandbox.
#[cfg_attr(not(feature = "sandbox"), allow(unused_variables, clippy::unnecessary_wraps))]
fn runner(args: &Args) -> Result<Runner, Stop> {
    #[cfg(feature = "sandbox")]
    if let Some(component) = &args.sandbox {
        return super::sandbox::runner(component);
    }
    Ok(Box::new(|library, wanted| Ok(wanted.iter().map(|it| run_scenario(library, it)).collect())))
}

/// How scenarios went, and the cases they made, by pathway.
type AllRan = (Vec<Tested>, Vec<(PathwayId, Case)>);

/// Runs the scenarios of the files that were given.
fn run_all(library: &Library, given: &[bool], run: &Runner) -> Result<AllRan, Stop> {
    let sources = &library.report().sources;
    let (mut tested, mut cases) = (Vec::new(), Vec::new());
    let is_given = |it: &&Scenario| given.get(it.at.source as usize) == Some(&true);
    let wanted: Vec<&Scenario> = library.scenarios().iter().filter(is_given).collect();
    for (scenario, Ran { case, failure }) in wanted.iter().zip(run(library, &wanted)?) {
        let Some(source) = sources.get(scenario.at.source as usize) else { continue };
        cases.extend(case.map(|case| (scenario.pathway, case)));
        let failure = failure.map(|(at, message)| {
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
    Ok((tested, cases))
}
