//! `onward check`: what is wrong in the files. Exit 0 when everything is proved, 1 with errors, 3 when it is well
//! formed and not proved.

use crate::files;
use crate::findings::{self, counted};
use crate::page::Style;
use crate::said::{self, Exit, Format, Said, Stop};
use std::path::PathBuf;

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Checks the files, and everything they use.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let compiled = findings::compile_all(files::gather(&args.paths)?);
    let well_formed = compiled.iter().all(|group| group.library.is_some());
    let exit = if well_formed { Exit::NotProved } else { Exit::Findings };
    if format == Format::Json {
        let all: Vec<_> = compiled.iter().flat_map(|group| findings::written(&group.report)).collect();
        let verdict = if well_formed { "well-formed-not-proved" } else { "findings" };
        return Said::json(&serde_json::json!({ "verdict": verdict, "findings": all }), exit);
    }
    let mut page = said::page();
    findings::draw_all(&mut page, &compiled);
    if well_formed {
        page.gap();
        let read: usize = compiled.iter().map(|group| group.report.sources.len()).sum();
        page.tagged(0, Style::Bold, "well formed; not proved", &format!(" ({} read)", counted(read, "file")));
        page.line(
            0,
            "The files can be read, every name in them stands for something, and every step has an owner, a deadline \
             and a way on. This version does not prove yet that nobody is left without a next step.",
        );
    }
    Ok(Said::page(page, exit))
}
