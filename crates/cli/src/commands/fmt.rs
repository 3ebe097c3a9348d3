//! `onward fmt`: one layout, comments kept. A file that cannot be read is left as it is.

use crate::files;
use crate::findings::{self, counted};
use crate::said::{self, Exit, Format, Said, Stop};
use onward::diagnostic::Report;
use onward::{Source, syntax};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What to lay out.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// Lays out the files that were given; not those they use.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let mut changed: Vec<String> = Vec::new();
    let mut left: Vec<Report> = Vec::new();
    let mut all = 0;
    for (name, path) in files::list(&args.paths)? {
        all += 1;
        let text = match files::text_at(0, &path).map_err(|error| files::unreadable(&path, &error))? {
            Ok(text) => text,
            Err((finding, text)) => {
                left.push(findings::report_on(Source::new(name, text), vec![*finding]));
                continue;
            }
        };
        match syntax::format(0, &text) {
            Ok(laid_out) if laid_out == text => {}
            Ok(laid_out) => {
                if !args.check {
                    put(&path, &laid_out)
                        .map_err(|error| Stop::trouble(format!("`{}` cannot be written: {error}", path.display())))?;
                }
                changed.push(name);
            }
            Err(found) => left.push(findings::report_on(Source::new(name, text), found)),
        }
    }
    let as_it_should_be = left.is_empty() && (!args.check || changed.is_empty());
    let exit = if as_it_should_be { Exit::Fine } else { Exit::Findings };
    if format == Format::Json {
        let found: Vec<_> = left.iter().flat_map(findings::written_only).collect();
        let key = if args.check { "would_change" } else { "changed" };
        return Said::json(&serde_json::json!({ "files": all, key: changed, "findings": found }), exit);
    }
    let mut page = said::page();
    for report in &left {
        findings::draw(&mut page, report, &std::collections::BTreeMap::new());
        let name = report.sources.first().map_or("", |source| source.name.as_str());
        page.line(0, &format!("`{name}` was left as it is."));
        page.gap();
    }
    let did = if args.check { "would change" } else { "laid out" };
    changed.iter().for_each(|name| page.verbatim(0, &format!("{did}: {name}")));
    let other = all - changed.len() - left.len();
    let mut words = match (changed.len(), args.check) {
        (0, _) => format!("{} as they should be", counted(other, "file")),
        (some, true) => format!("{} would change, {other} as they should be", counted(some, "file")),
        (some, false) => format!("{} laid out, {other} as they should be already", counted(some, "file")),
    };
    if other == 1 {
        words = words.replace("as they should be", "as it should be");
    }
    if !left.is_empty() {
        words.push_str(&format!(", {} left as found", left.len()));
    }
    page.line(0, &format!("{words}."));
    Ok(Said::page(page, exit))
}

/// Writes what a command made to a file of its own; never over a pathway file, which people wrote.
pub fn put_beside(path: &Path, text: &str) -> Result<(), String> {
    let shown = path.display();
    if path.extension().is_some_and(|it| it == "pathway") {
        return Err(format!("`{shown}` is the name of a pathway file, and is not written over; give it another name"));
    }
    put(path, text).map_err(|error| format!("`{shown}` cannot be written: {error}"))
}

/// Writes a file whole or not at all: beside it first, then in its place. Where the path is a link, what it leads to is
/// written.
pub fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.onward", std::process::id()));
    let written = write_beside(&beside, &path, text);
    if written.is_err() {
        // What went wrong with the file itself is what matters; the piece beside it may not even be there.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

fn write_beside(beside: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(beside)?;
    file.write_all(text.as_bytes())?;
    if let Ok(about) = std::fs::metadata(path) {
        file.set_permissions(about.permissions())?;
    }
    file.sync_all()?;
    std::fs::rename(beside, path)
}
