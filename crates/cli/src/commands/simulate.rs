//! `onward simulate`: one person through a pathway, step by step, with reasons. A pathway that is not proved runs as a
//! draft, and every page says so.

use super::ask;
use crate::findings::How;
use crate::outline::{self, Mark};
use crate::page::{Page, Style};
use crate::pick::{self, FileAndName, Picked};
use crate::said::{self, Exit, Format, Said, Stop};
use crate::story::{self, Chapter, Teller};
use crate::words::{Words, stop};
use crate::{commands::fmt, files};
use onward::Library;
use onward::calendar::Moment;
use onward::engine::{Answer, Case, CaseRecord, LoadError, Opening, Refusal, Standing};
use onward::model::{DirectoryId, Happening, PathwayId, What};
use onward::play::Driver;
use onward::simulate::read_person;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Whom to take through what.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A pathway: FILE, or FILE:NAME where the file has more than one
    #[arg(value_name = "PATHWAY")]
    pathway: String,
    /// A person file, in JSON: when it starts, what is known, what happens
    #[arg(long, value_name = "FILE", conflicts_with = "ask")]
    person: Option<PathBuf>,
    /// Ask at the terminal what happens
    #[arg(long)]
    ask: bool,
    /// When it starts, in local time: "2026-03-02 09:00" (with --ask)
    #[arg(long, value_name = "TIME", requires = "ask")]
    starts: Option<String>,
    /// The directory of contacts to run with, instead of the one the pathway is tested with: FILE, or FILE:NAME
    #[arg(long, value_name = "PATH")]
    directory: Option<String>,
    /// Where to save the case, as JSON
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Go through it in the sandbox: the engine as a component, as `cargo xtask component` writes it
    #[cfg(feature = "sandbox")]
    #[arg(long, value_name = "COMPONENT", conflicts_with = "ask")]
    sandbox: Option<PathBuf>,
}

/// The most bytes a person file may have.
const MAX_PERSON: u64 = 1 << 20;

/// Takes one person through a pathway.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    if args.person.is_none() && !args.ask {
        return Err(Stop::trouble(
            "say who goes through it: `--person FILE` with a person file, or `--ask` to be asked",
        ));
    }
    let directory = args.directory.as_deref().map(FileAndName::read);
    let beside: Vec<PathBuf> = directory.iter().map(|it| it.file.clone()).collect();
    let Picked { library, pathway } = pick::pathway(&args.pathway, &beside, How::Read, format)?;
    let directory = pick::directory(&library, pathway, directory.as_ref())?;
    let Some(path) = &args.person else {
        let asked = ask::Asked { library: &library, pathway, directory, save: args.save.as_deref() };
        return ask::run(&asked, args.starts.as_deref(), format);
    };
    let text = files::plain_text(path, "person file", MAX_PERSON)?;
    files::is_one_object(&text, path, "a person file", "`starts`, `facts` and `events`")?;
    let person = read_person(&text, &library, pathway, directory)
        .map_err(|error| Stop::trouble(format!("`{}`: {error}", path.display())))?;
    let facts = person.knowing.iter().map(|it| (it.fact.clone(), it.answer.clone())).collect();
    let opening = Opening { id: case_id(path), facts, ..Opening::default() };
    let opened = open(&library, pathway, directory, opening, person.starts);
    let (case, _) = match opened {
        Ok(opened) => opened,
        Err(refusal) => return not_opened(&library, directory, &refusal, format),
    };
    let mut driver = Driver::new(case, person.starts);
    let mut refused: Option<(usize, &Happening, Refusal)> = None;
    for (number, event) in person.events.iter().enumerate() {
        if let Err(refusal) = driver.happen(event) {
            refused = Some((number + 1, event, refusal));
            break;
        }
    }
    #[cfg(feature = "sandbox")]
    if let Some(component) = &args.sandbox {
        driver.case = super::sandbox::goes_the_same(component, &library, &driver.case)?;
    }
    if let Some(save) = &args.save {
        save_case(save, driver.case.record())?;
    }
    let exit = if refused.is_some() { Exit::Findings } else { Exit::Fine };
    if format == Format::Json {
        let refused = refused.as_ref().map(|(number, _, refusal)| json!({ "event": number, "refusal": refusal }));
        return Said::json(&told_as_json(&library, &driver.case, refused)?, exit);
    }
    let mut page = said::page();
    introduce(&mut page, &driver.case);
    tell(&mut page, &library, driver.case.record()).map_err(does_not_hang_together)?;
    if let Some((number, event, refusal)) = &refused {
        let words = Words::of(&driver.case);
        let at = words.time(driver.now);
        page.tagged(
            0,
            Style::Bad,
            "REFUSED:",
            &format!(" event {number} of `{}`, {}, on {at}.", path.display(), attempted(&event.what)),
        );
        page.line(2, &format!("Why: {}", stop(&refused_words(words, refusal))));
        page.line(2, "Nothing of the case has changed by it, and the run stops here.");
        page.gap();
    }
    ending(&mut page, &driver);
    if let Some(save) = &args.save {
        page.line(0, &format!("The case is saved in `{}`.", save.display()));
    }
    Ok(Said::page(page, exit))
}

/// Opens a case: on a proof where there is one that says something about that moment, and otherwise as a draft.
pub fn open(
    library: &Library,
    pathway: PathwayId,
    directory: DirectoryId,
    opening: Opening,
    starts: Moment,
) -> Result<(Case, Answer), Refusal> {
    let proof = library.prove(pathway, Some(directory), None, None);
    match library.open(&proof, opening.clone(), starts) {
        Err(Refusal::NotProved { .. } | Refusal::BeforeProof { .. }) => {
            library.open_draft(pathway, directory, opening, starts)
        }
        opened => opened,
    }
}

/// The id of a simulated case: the name of the person file.
fn case_id(path: &Path) -> String {
    path.file_stem().map_or_else(|| "simulated".to_string(), |stem| stem.to_string_lossy().into_owned())
}

fn not_opened(library: &Library, directory: DirectoryId, refusal: &Refusal, format: Format) -> Result<Said, Stop> {
    if format == Format::Json {
        return Said::json(&json!({ "draft": true, "refused": { "event": 0, "refusal": refusal } }), Exit::Findings);
    }
    let mut page = said::page();
    let words = match refusal {
        Refusal::PastHorizon { ends, .. } => {
            let it = library.directory(directory);
            let ends = it.calendar.zone.display(*ends);
            format!("the directory \"{}\" says nothing from {ends} on, so no case opens after that", it.title)
        }
        other => other.in_full(),
    };
    page.tagged(0, Style::Bad, "REFUSED:", &format!(" the case does not open: {}", stop(&words)));
    Ok(Said::page(page, Exit::Findings))
}

/// A refusal, with local times in it.
pub fn refused_words(words: Words<'_>, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Closed { ending } => format!("the case is closed, with {}", words.quoted(ending)),
        Refusal::WentBack { recorded, last } => {
            let (recorded, last) = (words.time(*recorded), words.time(*last));
            format!("this was recorded on {recorded}, before what was recorded last, on {last}")
        }
        other => other.in_full(),
    }
}

/// What somebody wanted to happen, with the names they wrote.
fn attempted(what: &What) -> String {
    match what {
        What::Nothing => "nothing happens".to_string(),
        What::Record => "facts are recorded".to_string(),
        What::Model(model) => format!("the model `{model}` answers"),
        What::Done(step) => format!("`{step}` is done"),
        What::PersonDeclines(step) => format!("the person declines `{step}`"),
        What::Cannot(step) => format!("`{step}` cannot be done"),
        What::Accepted(step) => format!("`{step}` is accepted"),
        What::Declined(step) => format!("`{step}` is declined by its receiver"),
        What::Agrees { role, option, .. } => format!("`{role}` agrees to `{option}`"),
        What::Disagrees { role, .. } => format!("`{role}` disagrees"),
        What::Decides { option, .. } => format!("`{option}` is decided"),
        What::Reassigned { step, to, .. } => format!("`{step}` is given to `{to}`"),
        What::Withdrawn(what) => format!("`{what}` is withdrawn"),
        What::Settled(fact) => format!("`{fact}` is settled"),
        What::Raised(what) => format!("`{what}` is raised"),
        What::Life(exit) => format!("the life event `{}`", exit.in_words()),
    }
}

/// Says what this is, and of what.
pub fn introduce(page: &mut Page, case: &Case) {
    let words = Words::of(case);
    let pathway = words.pathway;
    if case.record().draft {
        let words = " this pathway is not proved. What follows is what its rules say for one person, and no promise for anybody.";
        page.tagged(0, Style::Warning, "DRAFT RUN:", words);
    } else {
        let words =
            " nobody who is on this pathway is left without a next step. What follows is what it says for one person.";
        page.tagged(0, Style::Good, "PROVED:", words);
    }
    page.gap();
    page.line(0, &stop(&format!("Pathway: {}, version {}", pathway.title, pathway.version)));
    page.line(0, &stop(&format!("Directory: {}", words.directory.title)));
    page.line(0, &format!("All times are local, {}.", words.directory.calendar.zone));
    page.gap();
}

/// Tells a whole story.
pub fn tell(page: &mut Page, library: &Library, record: &CaseRecord) -> Result<Case, LoadError> {
    let mut teller = Teller::default();
    story::replay(library, record, None, &mut |chapter, case| teller.tell(page, chapter, case))
}

/// Says where it stands at the end.
pub fn ending(page: &mut Page, driver: &Driver) {
    let case = &driver.case;
    match case.standing() {
        Standing::Closed(_) => {
            let took = case.record().closed.as_ref().map(|closed| closed.at.since(case.record().opened));
            let took = took.map_or_else(String::new, |took| format!(" It took {took}."));
            page.line(0, &format!("The case is closed, and this is the end of the run.{took}"));
        }
        Standing::Next(_) | Standing::Stranded(_) => {
            let words = Words::of(case);
            page.heading(&format!("Where it stands at the end of the run, {}", words.time(driver.now)));
            outline::standing(page, case, driver.now, Mark::Names);
        }
    }
    page.line(0, last_word(case));
}

/// How a run ends: whether it was a draft.
pub fn last_word(case: &Case) -> &'static str {
    if case.record().draft { "A draft run: not proved." } else { "The pathway is proved." }
}

/// What cannot be, in words.
pub fn does_not_hang_together(error: LoadError) -> Stop {
    Stop::trouble(error.to_string())
}

/// Saves a case.
pub fn save_case(path: &Path, record: &CaseRecord) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(record)
        .map_err(|error| Stop::trouble(format!("the case cannot be written as JSON: {error}")))?;
    fmt::put_beside(path, &format!("{text}\n"))
        .map_err(|error| Stop::trouble(format!("the case cannot be saved: {error}")))
}

/// A story as programs read it.
pub fn told_as_json(library: &Library, case: &Case, refused: Option<Value>) -> Result<Value, Stop> {
    let record = case.record();
    let mut chapters: Vec<Value> = Vec::new();
    let mut see = |chapter: Chapter, case: &Case| chapters.push(chapter_as_json(chapter, case));
    story::replay(library, record, None, &mut see).map_err(does_not_hang_together)?;
    Ok(json!({
        "draft": record.draft,
        "pathway": record.pathway,
        "directory": record.directory,
        "happened": chapters,
        "refused": refused,
        "standing": case.standing(),
        "case": record,
    }))
}

fn chapter_as_json(chapter: Chapter, case: &Case) -> Value {
    let entries = &case.record().journal[chapter.from..chapter.to];
    let decisions = entries.iter().filter_map(|entry| match &entry.what {
        onward::engine::EntryKind::Decided(decided) => Some(case.looked(decided, entry.at)),
        _ => None,
    });
    json!({
        "at": chapter.at,
        "local": Words::of(case).time(chapter.at),
        "entries": entries,
        "decisions": decisions.collect::<Vec<_>>(),
        "standing": chapter.waits.then(|| case.standing()),
    })
}
