//! `onward graph`: a pathway as a picture.

use crate::commands::fmt;
use crate::findings::How;
use crate::pick::{self, Picked};
use crate::said::{Exit, Format, Said, Stop};
use std::path::PathBuf;

/// What to draw, and how.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A pathway: FILE, or FILE:NAME where the file has more than one
    #[arg(value_name = "PATHWAY")]
    pathway: String,
    /// The form of the picture
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "svg")]
    form: Form,
    /// Draw what is called, too, and not one box for each call
    #[arg(long)]
    unfolded: bool,
    /// Where to write it, instead of to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A picture for a browser or a document
    Svg,
    /// Mermaid text, as wikis draw it
    Mermaid,
    /// Graphviz text
    Dot,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Form::Svg => "svg",
            Form::Mermaid => "mermaid",
            Form::Dot => "dot",
        }
    }
}

/// Draws a pathway.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let Picked { library, pathway } = pick::pathway(&args.pathway, &[], How::Read, format)?;
    let (program, shared) = (library.program(pathway), library.shared());
    let folded = !args.unfolded;
    let drawn = match args.form {
        Form::Svg => crate::graph::svg(program, shared, folded),
        Form::Mermaid => crate::graph::mermaid(program, shared, folded),
        Form::Dot => crate::graph::dot(program, shared, folded),
    };
    let name = &program.pathway.name;
    if let Some(path) = &args.output {
        fmt::put_beside(path, &drawn).map_err(Stop::trouble)?;
        if format == Format::Json {
            let value =
                serde_json::json!({ "pathway": name, "as": args.form.name(), "output": path.display().to_string() });
            return Said::json(&value, Exit::Fine);
        }
        let text = format!("The picture of \"{}\" is in `{}`.\n", program.pathway.title, path.display());
        return Ok(Said { text, exit: Exit::Fine });
    }
    if format == Format::Json {
        let value = serde_json::json!({ "pathway": name, "as": args.form.name(), "drawn": drawn });
        return Said::json(&value, Exit::Fine);
    }
    let end = if drawn.ends_with('\n') { "" } else { "\n" };
    Ok(Said { text: format!("{drawn}{end}"), exit: Exit::Fine })
}
