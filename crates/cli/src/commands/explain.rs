//! `onward explain`: what a finding means.

use crate::said::{self, Exit, Format, Said, Stop};
use onward::diagnostic::{Kind, nearest};

/// What to explain.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of a finding, such as `no-deadline`; without one, all of them are listed
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Prints the page of a finding, or the list of all.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    match &args.name {
        Some(name) => one(name, format),
        None => all(format),
    }
}

fn one(name: &str, format: Format) -> Result<Said, Stop> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    let Some(kind) = Kind::named(&wanted) else {
        let near = nearest(&wanted, Kind::ALL.iter().map(|kind| kind.name()));
        let near: Vec<String> = near.into_iter().map(|name| format!("`{name}`")).collect();
        return Err(Stop::trouble(match near.as_slice() {
            [] => format!("there is no finding called `{name}`; `onward explain` lists all of them"),
            some => format!("there is no finding called `{name}`; did you mean {}?", some.join(" or ")),
        }));
    };
    if format == Format::Json {
        return Said::json(&described(kind, true), Exit::Fine);
    }
    let mut page = said::page();
    page.heading(&format!("{} ({})", kind.name(), kind.severity()));
    page.line(0, kind.summary());
    // The page starts with the name and the summary, which have just been said.
    let mut lines = kind.page().lines().skip_while(|line| line.starts_with("# ") || line.trim().is_empty()).peekable();
    if lines.peek().is_some_and(|line| *line == kind.summary()) {
        lines.next();
    }
    page.gap();
    let mut sample = false;
    for line in lines {
        if line.starts_with("```") {
            sample = !sample;
        } else if line.is_empty() {
            page.gap();
        } else if sample {
            page.verbatim(4, line.split("  #! ").next().unwrap_or(line).trim_end());
        } else {
            page.verbatim(0, line);
        }
    }
    let text = page.text();
    Ok(Said { text: format!("{}\n", text.trim_end()), exit: Exit::Fine })
}

fn all(format: Format) -> Result<Said, Stop> {
    if format == Format::Json {
        let all: Vec<_> = Kind::ALL.iter().map(|kind| described(*kind, false)).collect();
        return Said::json(&all, Exit::Fine);
    }
    let mut page = said::page();
    page.heading("What Onward can find");
    page.line(0, "`onward explain NAME` says more about one of them.");
    page.gap();
    for kind in Kind::ALL {
        page.item(0, &format!("{} ({}): ", kind.name(), kind.severity()), kind.summary());
    }
    Ok(Said::page(page, Exit::Fine))
}

fn described(kind: Kind, page: bool) -> serde_json::Value {
    let mut value = serde_json::json!({
        "name": kind.name(),
        "severity": kind.severity(),
        "summary": kind.summary(),
    });
    if page && let Some(object) = value.as_object_mut() {
        object.insert("page".to_string(), kind.page().into());
    }
    value
}
