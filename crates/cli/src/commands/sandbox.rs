//! `--sandbox`: the engine as a component that can reach nothing, beside the one in this program. What the component says is what is
//! shown; where the two are not of one mind, the command says so, and nothing else.

use super::test::Runner;
use crate::files;
use crate::findings::Compiled;
use crate::said::Stop;
use onward::calendar::Date;
use onward::engine::{Case, CaseRecord, EntryKind, Opening};
use onward::simulate::Ran;
use onward::{Library, Report, diagnostic::Place};
use onward_host::{Error, Limits, Sandbox};
use std::fmt::Display;
use std::path::Path;

fn trouble(error: &dyn Display) -> Stop {
    Stop::trouble(format!("`--sandbox`: {error}"))
}

/// What the engine in the sandbox refused: the sentence is for whoever sits before the command.
fn refused(error: &Error) -> Stop {
    match error {
        Error::Refused(refused) => trouble(&refused.message),
        other => trouble(other),
    }
}

/// The sandbox with the component of that file.
fn open(component: &Path) -> Result<Sandbox, Stop> {
    let bytes = std::fs::read(component).map_err(|error| files::unreadable(component, &error))?;
    Sandbox::new(&bytes, Limits::default()).map_err(|fault| trouble(&fault))
}

/// What runs scenarios in the component of that file.
pub fn runner(component: &Path) -> Result<Runner, Stop> {
    let sandbox = open(component)?;
    Ok(Box::new(move |library, wanted| {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let held = sandbox.read(library.report().sources.clone()).map_err(|error| refused(&error))?;
        let ran = held.test().map_err(|error| refused(&error))?;
        // Both have the scenarios of the same sources, in their order.
        let is_wanted = |at: &Place| wanted.iter().any(|it| it.at == *at);
        let load = |saved: String| {
            let record = CaseRecord::from_json(&saved).map_err(|error| trouble(&error))?;
            library.load(record).map_err(|error| trouble(&error))
        };
        let ran = ran.into_iter().filter(|it| is_wanted(&it.at)).map(|it| {
            let case = it.saved.map(load).transpose()?;
            Ok(Ran { case, failure: it.failure })
        });
        ran.collect()
    }))
}

/// Checks the same files in the sandbox: it finds the same, or the two are not of one release.
pub fn checks_the_same(component: &Path, compiled: &[Compiled], day: Option<Date>) -> Result<(), Stop> {
    let sandbox = open(component)?;
    for group in compiled.iter().filter(|group| !group.names_not_looked_up) {
        let sources = group.report.sources.clone();
        let (there, proofs) = match sandbox.compile_on(sources.clone(), day) {
            Ok(held) => {
                let proved = held.pathways().filter_map(|name| held.pathway(name)).map(|it| it.is_proved()).collect();
                (held.report().clone(), proved)
            }
            Err(Error::Report(report)) => (report, Vec::new()),
            Err(error) => return Err(refused(&error)),
        };
        // What stands in other files is pointed out by the command; the engine does not know of it.
        let again = group.library.is_none().then(|| Library::compile_on(sources, day).err()).flatten();
        let (here, library) = (again.as_ref(), group.library.as_ref());
        let here: Option<&Report> = here.or(library.map(Library::report));
        let own = |library: &Library| {
            library.pathways().map(|(id, _)| library.proof(id).is_some_and(|it| it.holds())).collect::<Vec<bool>>()
        };
        let same = here.is_some_and(|here| here.findings == there.findings);
        if !same || library.map_or(Vec::new(), own) != proofs {
            return Err(trouble(&"the component finds other things than this program: they are not of one release"));
        }
    }
    Ok(())
}

/// Takes somebody through a pathway in the sandbox: everything that a case took, in its order. Gives the case that comes of it.
pub fn goes_the_same(component: &Path, library: &Library, case: &Case) -> Result<Case, Stop> {
    let sandbox = open(component)?;
    let record = case.record();
    let odd = || trouble(&"the case does not begin with its opening");
    let opened = record.journal.first().ok_or_else(odd)?;
    let EntryKind::CaseOpened { facts, by, .. } = &opened.what else { return Err(odd()) };
    let opening = Opening { id: record.id.clone(), facts: facts.clone(), by: by.clone(), ..Opening::default() };
    let sources = library.report().sources.clone();
    let held = if record.draft { sandbox.read(sources) } else { sandbox.compile(sources) };
    let held = held.map_err(|error| refused(&error))?;
    let name = &record.pathway.name;
    let begun = match held.pathway(name).filter(|_| !record.draft) {
        Some(pathway) => pathway.open(opening, opened.at),
        None => held.open_draft(name, Some(&record.directory.name), opening, opened.at),
    };
    let (mut there, _) = begun.map_err(|error| refused(&error))?;
    for entry in &record.journal {
        match &entry.what {
            EntryKind::Event(event) => there.apply(event.as_ref().clone(), entry.at).map(drop),
            EntryKind::Advanced => there.advance(entry.at).map(drop),
            _ => Ok(()),
        }
        .map_err(|error| refused(&error))?;
    }
    let there = there.record().map_err(|error| refused(&error))?;
    if there != *record {
        return Err(trouble(
            &"the component comes to another case than this program: they are not of one release, or \
                            the directory is not the one that the pathway is proved with",
        ));
    }
    library.load(there).map_err(|error| trouble(&error))
}
