//! `onward case`: reads a saved case, and says where it stands, what happened, and why.

use crate::files;
use crate::findings;
use crate::outline::{self, Mark};
use crate::page::{Page, Style};
use crate::reasons;
use crate::review;
use crate::said::{self, Exit, Format, Said, Stop};
use crate::story::{self, Chapter, Teller};
use crate::words::Words;
use onward::Library;
use onward::calendar::Moment;
use onward::diagnostic::nearest;
use onward::engine::{Case, CaseRecord, EntryKind};
use serde_json::json;
use std::path::PathBuf;

/// Which case, and what to say about it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A saved case, in JSON
    #[arg(value_name = "FILE")]
    case: PathBuf,
    /// The pathway it is on and the directory it runs with: files, or folders with `.pathway` files in them
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
    pathway: Vec<PathBuf>,
    /// Where it stands, or stood, at a time, if nothing else happens until then; in local time
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Why the person came to a step, a decision or an ending, by its name
    #[arg(long, value_name = "STEP")]
    why: Option<String>,
    /// Why the person did not come to it
    #[arg(long, value_name = "STEP")]
    why_not: Option<String>,
    /// Another directory to go on with: files, or folders, in which the pathway stands with it
    #[arg(long, value_name = "PATH", num_args = 1..)]
    follow: Vec<PathBuf>,
    /// Where to save the case that goes on with another directory, as JSON
    #[arg(long, value_name = "FILE", requires = "follow")]
    save: Option<PathBuf>,
}

/// The most bytes a saved case may have.
const MAX_CASE: u64 = 64 << 20;

/// Reads a case and tells about it.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let shown = args.case.display();
    let text = files::plain_text(&args.case, "saved case", MAX_CASE)?;
    files::is_one_object(&text, &args.case, "a saved case", "`id`, `pathway` and `journal`")?;
    let record: CaseRecord = serde_json::from_str(&text)
        .map_err(|error| Stop::trouble(format!("`{shown}` is not a saved case: {}", plainly(&error))))?;
    let library = findings::one_library(files::gather(&args.pathway)?, findings::How::Read, format)?;
    let loaded = library.load(record.clone()).map_err(|error| Stop::trouble(format!("`{shown}`: {error}")))?;
    let at = args.at.as_deref().map(|text| loaded.directory().calendar.zone.read(text)).transpose();
    let at = at.map_err(|error| Stop::trouble(format!("`--at`: {error}")))?;
    if let Some(at) = at.filter(|at| *at < record.opened) {
        let words = Words::of(&loaded);
        let (at, opened) = (words.time(at), words.time(record.opened));
        return Err(Stop::trouble(format!("`--at`: the case was opened on {opened}, after {at}")));
    }
    if !args.follow.is_empty() {
        return follow(args, &loaded, at.unwrap_or(record.now), format);
    }
    let seen = see(&library, &record, at).map_err(|error| Stop::trouble(format!("`{shown}`: {error}")))?;
    if at.is_none() && !same(seen.case.record(), &record) {
        return Err(Stop::trouble(format!(
            "`{shown}`: the saved case does not hang together: its journal leads to another standing than the one that \
             was saved"
        )));
    }
    match format {
        Format::Json => as_json(args, &seen),
        Format::Human => as_words(args, &seen),
    }
}

/// Goes on with the case and another directory, or says why not.
fn follow(args: &Args, case: &Case, now: Moment, format: Format) -> Result<Said, Stop> {
    let library = findings::one_library(files::gather(&args.follow)?, findings::How::Read, format)?;
    let pathway = library.pathway(&case.record().pathway.name);
    let directory = pathway.and_then(|it| it.directory()).ok_or_else(|| {
        Stop::trouble("`--follow`: those files do not say with which directory the pathway runs".to_string())
    })?;
    let followed = library.follow(case, directory, now);
    let (case, answer) = match followed {
        Ok(followed) => followed,
        Err(refusal) if format == Format::Json => return Said::json(&json!({ "refused": refusal }), Exit::Findings),
        Err(refusal) => {
            let mut page = said::page();
            page.tagged(0, Style::Bad, "REFUSED:", &format!(" {}.", refusal.in_full()));
            page.line(2, "The case is left as it is.");
            return Ok(Said::page(page, Exit::Findings));
        }
    };
    if let Some(save) = &args.save {
        super::simulate::save_case(save, case.record())?;
    }
    if format == Format::Json {
        return Said::json(&answer, Exit::Fine);
    }
    let words = Words::of(&case);
    let mut page = said::page();
    page.line(0, &format!("From {} on the case goes on with \"{}\".", words.time(now), words.directory.title));
    page.gap();
    page.heading("Where it stands");
    outline::standing(&mut page, &case, now, Mark::Names);
    if let Some(save) = &args.save {
        page.gap();
        page.line(0, &format!("The case is saved in `{}`.", save.display()));
    }
    Ok(Said::page(page, Exit::Fine))
}

/// What serde says, without its own vocabulary.
fn plainly(error: &serde_json::Error) -> String {
    error.to_string().replace("unknown field", "there is no field").replace("invalid type: ", "this does not fit: ")
}

/// A case at a moment, and the chapters up to it.
struct Seen {
    case: Case,
    now: Moment,
    /// The chapters, and whether each was worked out for `--at` and has not happened.
    chapters: Vec<(Chapter, bool)>,
}

/// Plays the case again, up to a moment, and lets time go on to it.
fn see(library: &Library, record: &CaseRecord, at: Option<Moment>) -> Result<Seen, String> {
    let mut chapters: Vec<(Chapter, bool)> = Vec::new();
    // What was erased, and what ran with a directory that is not there any more, is told as it was written.
    let followed = record.journal.iter().any(|entry| matches!(entry.what, EntryKind::Followed { .. }));
    if at.is_none() && (record.is_erased() || followed) {
        let case = library.load(record.clone()).map_err(|error| error.to_string())?;
        chapters.extend(story::chapters(&case, 0).into_iter().map(|chapter| (chapter, false)));
        return Ok(Seen { now: record.now, case, chapters });
    }
    let played = story::replay(library, record, at, &mut |chapter, _| chapters.push((chapter, false)));
    let mut case = played.map_err(|error| error.to_string())?;
    let now = at.unwrap_or(case.record().now);
    if at.is_some() {
        let from = case.record().journal.len();
        case.advance(now).map_err(|refusal| refusal.in_full())?;
        chapters.extend(story::chapters(&case, from).into_iter().map(|chapter| (chapter, true)));
    }
    Ok(Seen { case, now, chapters })
}

/// Whether two records say the same, apart from numbers that are not saved.
fn same(one: &CaseRecord, other: &CaseRecord) -> bool {
    let (mut one, mut other) = (one.without_chain(), other.without_chain());
    // What was saved by an earlier release is read as it is written now.
    (one.format, other.format) = (0, 0);
    match (serde_json::to_value(&one), serde_json::to_value(&other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn no_such_place(case: &Case, name: &str) -> Stop {
    let places = case.program().pathway.places.iter();
    let near = nearest(name, places.map(|place| place.name.as_str()));
    let meant = near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Stop::trouble(format!("the pathway has no `{name}`{meant}"))
}

fn as_json(args: &Args, seen: &Seen) -> Result<Said, Stop> {
    let (case, record) = (&seen.case, seen.case.record());
    let until = args.why.as_ref().and_then(|name| case.why(name)).map(|why| why.at);
    let why = args.why.as_ref().map(|name| {
        case.program().pathway.place_named(name).ok_or_else(|| no_such_place(case, name))?;
        Ok(case.why(name))
    });
    let why_not = args.why_not.as_ref().map(|name| case.why_not(name).ok_or_else(|| no_such_place(case, name)));
    let mut value = json!({
        "draft": record.draft,
        "pathway": record.pathway,
        "directory": record.directory,
        "at": seen.now,
        "local": Words::of(case).time(seen.now),
        "standing": case.standing(),
        "due": case.due(),
        "facts": record.facts,
        "decisions": case.decisions(),
        "journal": record.journal,
    });
    if let Some(object) = value.as_object_mut() {
        if let Some(why) = why {
            object.insert("why".to_string(), json!(why?));
            object.extend(until.map(|until| ("review".to_string(), review::as_json(case, until))));
        }
        if let Some(why_not) = why_not {
            object.insert("why_not".to_string(), json!(why_not?));
        }
    }
    Said::json(&value, Exit::Fine)
}

fn as_words(args: &Args, seen: &Seen) -> Result<Said, Stop> {
    let case = &seen.case;
    let words = Words::of(case);
    let mut page = said::page();
    if args.why.is_some() || args.why_not.is_some() {
        if let Some(name) = &args.why {
            case.program().pathway.place_named(name).ok_or_else(|| no_such_place(case, name))?;
            match case.why(name) {
                Some(why) => {
                    reasons::why(&mut page, words, &why);
                    review::tell(&mut page, case, why.at);
                }
                None => page.line(
                    0,
                    &format!("The person did not come to {}; `--why-not {name}` says why.", words.quoted(name)),
                ),
            }
        }
        if let Some(name) = &args.why_not {
            let why = case.why_not(name).ok_or_else(|| no_such_place(case, name))?;
            page.gap();
            reasons::why_not(&mut page, case, &why);
        }
        return Ok(Said::page(page, Exit::Fine));
    }
    whole(&mut page, seen);
    Ok(Said::page(page, Exit::Fine))
}

fn whole(page: &mut Page, seen: &Seen) {
    let (case, record) = (&seen.case, seen.case.record());
    let words = Words::of(case);
    page.heading(&format!("Case {}", record.id));
    if record.draft {
        page.tagged(0, Style::Warning, "DRAFT RUN:", " its pathway is not proved.");
    }
    page.line(0, &format!("Pathway: {}, version {}.", words.pathway.title, record.pathway.version));
    page.line(0, &format!("Directory: {}.", words.directory.title));
    page.line(0, &format!("All times are local, {}.", words.directory.calendar.zone));
    page.gap();
    page.heading(&format!("Where it stands, {}", words.time(seen.now)));
    outline::standing(page, case, seen.now, Mark::Names);
    page.gap();
    if !record.facts.is_empty() {
        page.heading("What is known about the person");
        outline::known(page, case, 0);
        page.gap();
    }
    let overrides = case.overrides();
    if !overrides.is_empty() {
        page.heading("Decided otherwise than advised");
        for (at, choice) in &overrides {
            let (chose, title) = (&choice.chose, words.quoted(&choice.chose.step));
            let said = reasons::chose(words, chose);
            page.item(0, "- ", &format!("{}, {title}: {}. {said}", words.time(*at), words.quoted(&chose.option)));
        }
        page.gap();
    }
    page.heading("What happened");
    page.gap();
    let mut teller = Teller::quiet();
    let mut supposed = false;
    for (chapter, worked_out) in &seen.chapters {
        if *worked_out && !supposed {
            page.heading(&format!("What would happen if nobody did anything until {}", words.time(seen.now)));
            page.gap();
            supposed = true;
        }
        teller.tell(page, *chapter, case);
    }
}
