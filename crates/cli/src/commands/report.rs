//! `onward report`: everything about a pathway on one page, for those who answer for it.

use crate::commands::fmt;
use crate::findings::How;
use crate::pick::{self, Picked};
use crate::report;
use crate::said::{Exit, Format, Said, Stop};
use onward::calendar::Date;
use std::path::PathBuf;

/// What to report on, and where to write it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A pathway: FILE, or FILE:NAME where the file has more than one
    #[arg(value_name = "PATHWAY")]
    pathway: String,
    /// The day on which one looks: who answers is proved from that day, and dates are looked at
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Where to write the page, instead of to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the page.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let Picked { library, pathway } = pick::pathway(&args.pathway, &[], How::Prove(args.on), format)?;
    let html = report::html(&library, pathway, args.on);
    let (name, title) = (&library.pathway_by(pathway).name, &library.pathway_by(pathway).title);
    let Some(path) = &args.output else {
        return match format {
            Format::Json => Said::json(&serde_json::json!({ "pathway": name, "html": html }), Exit::Fine),
            Format::Human => Ok(Said { text: html, exit: Exit::Fine }),
        };
    };
    fmt::put_beside(path, &html).map_err(Stop::trouble)?;
    match format {
        Format::Json => {
            let value = serde_json::json!({ "pathway": name, "output": path.display().to_string() });
            Said::json(&value, Exit::Fine)
        }
        Format::Human => {
            let text = format!("The report on \"{title}\" is in `{}`.\n", path.display());
            Ok(Said { text, exit: Exit::Fine })
        }
    }
}
