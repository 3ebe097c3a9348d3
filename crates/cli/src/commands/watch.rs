//! `onward watch`: what is to be started for a person before a crisis, whom to ask, and when to look again.

use crate::files;
use crate::findings;
use crate::page::Page;
use crate::said::{self, Exit, Format, Said, Stop};
use crate::words::{list, stop};
use onward::Library;
use onward::calendar::{Moment, read_date};
use onward::engine::{PersonRecord, ToAsk, ToStart, Watched};
use onward::model::{Directory, DirectoryId};
use serde_json::json;
use std::path::PathBuf;

/// For whom, and when.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them: what is anticipated, and the directory
    #[arg(value_name = "PATH", required = true, num_args = 1..)]
    paths: Vec<PathBuf>,
    /// What is known about the person, in JSON (`onward schema record` says how it looks)
    #[arg(long, value_name = "FILE")]
    person: PathBuf,
    /// On which day (from its beginning on), or at what time, in the local time of the directory
    #[arg(long, value_name = "TIME")]
    on: String,
    /// The directory, by its name, where there is more than one
    #[arg(long, value_name = "NAME")]
    directory: Option<String>,
}

/// The most bytes a person record may have.
const MAX_RECORD: u64 = 16 << 20;

/// Looks, and says what comes of it.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let shown = args.person.display();
    let text = files::plain_text(&args.person, "person record", MAX_RECORD)?;
    files::is_one_object(&text, &args.person, "a person record", "`facts` and `anticipated`")?;
    let record: PersonRecord = serde_json::from_str(&text)
        .map_err(|error| Stop::trouble(format!("`{shown}` is not a person record: {error}")))?;
    let library = findings::one_library(files::gather(&args.paths)?, findings::How::Read, format)?;
    if library.shared().anticipations.is_empty() {
        return Err(Stop::trouble("nothing is anticipated in these files: there is no block `anticipate`"));
    }
    let directory = directory(&library, args.directory.as_deref())?;
    let of = library.directory(directory);
    let now = time(of, &args.on)?;
    if now >= of.valid_until {
        let until = of.calendar.zone.display(of.valid_until);
        return Err(Stop::trouble(format!("the directory \"{}\" says nothing from {until} on", of.title)));
    }
    let watched = library.watch(&record, directory, now);
    match format {
        Format::Json => Said::json(&json!({ "at": now, "directory": of.name, "watched": watched }), Exit::Fine),
        Format::Human => Ok(Said::page(told(&library, of, now, &watched), Exit::Fine)),
    }
}

fn directory(library: &Library, named: Option<&str>) -> Result<DirectoryId, Stop> {
    let all: Vec<(DirectoryId, &str)> = library.directories().map(|(id, it)| (id, it.name.as_str())).collect();
    let fits: Vec<DirectoryId> =
        all.iter().filter(|(_, name)| named.is_none_or(|named| named == *name)).map(|(id, _)| *id).collect();
    match (fits.as_slice(), named) {
        ([only], _) => Ok(*only),
        ([], Some(named)) => Err(Stop::trouble(format!("there is no directory `{named}` in these files"))),
        ([], None) => Err(Stop::trouble("there is no directory of contacts in these files")),
        _ => {
            let names: Vec<String> = all.iter().map(|(_, name)| format!("`--directory {name}`")).collect();
            Err(Stop::trouble(format!("there is more than one directory; say which: {}", list(&names, "or"))))
        }
    }
}

/// A time, or the beginning of a day.
fn time(directory: &Directory, text: &str) -> Result<Moment, Stop> {
    let zone = &directory.calendar.zone;
    if let Ok(date) = read_date(text) {
        return Ok(zone.start_of(date));
    }
    zone.read(text).map_err(|error| Stop::trouble(format!("`--on`: {error}")))
}

fn told(library: &Library, directory: &Directory, now: Moment, watched: &Watched) -> Page {
    let shown = |at: Moment| directory.calendar.zone.display(at);
    let role = |name: &str| library.shared().role(name).map_or_else(|| name.to_string(), |it| it.title.clone());
    let fact = |name: &str| library.shared().fact_named(name).map_or_else(|| name.to_string(), |it| it.title.clone());
    let mut page = said::page();
    page.heading(&format!("{}, {}:", directory.title, shown(now)));
    for ToStart { title, pathway, led_by, due, because, .. } in &watched.starts {
        let name = library.pathway(pathway).map(|it| library.pathway_by(it.id).title.clone());
        let name = name.unwrap_or_else(|| pathway.to_string());
        page.item(2, "- ", &stop(&format!("{title}: start \"{name}\" by {}", shown(*due))));
        page.line(4, &stop(&format!("Who starts it: {}", role(led_by))));
        let because: Vec<String> =
            because.iter().map(|(name, value)| format!("{} is {}", fact(name), crate::words::said(value))).collect();
        if !because.is_empty() {
            page.line(4, &stop(&format!("Because: {}", list(&because, "and"))));
        }
    }
    for ToAsk { title, facts, role: whom, due, asked_before, .. } in &watched.asks {
        let facts: Vec<String> = facts.iter().map(|name| format!("\"{}\"", fact(name))).collect();
        let asked = if *asked_before { "was asked, and has time until" } else { "is to be asked, to answer by" };
        let words = format!("{title}: not known yet. {} {asked} {}: {}", role(whom), shown(*due), list(&facts, "and"));
        page.item(2, "- ", &stop(&words));
    }
    if watched.starts.is_empty() && watched.asks.is_empty() {
        page.line(2, "Nothing is to be started, and nobody is to be asked.");
    }
    page.line(
        2,
        &match watched.look_again {
            Some(at) => format!("Look again on {}, or when something else is known.", shown(at)),
            None => "Look again when something else is known.".to_string(),
        },
    );
    page
}
