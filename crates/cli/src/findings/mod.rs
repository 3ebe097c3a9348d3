//! What was found in the files, drawn for people and written for programs.

mod draw;
mod elsewhere;
mod json;
mod lines;

use crate::files::{Files, Group};
use crate::page::Page;
use crate::said::{self, Exit, Format, Said, Stop};
use onward::calendar::Date;
use onward::check::Flaw;
use onward::diagnostic::{Finding, Report, Severity};
use onward::model::PathwayId;
use onward::{Library, Source, syntax};
use std::collections::BTreeMap;

pub use draw::draw;
pub use json::Written;

/// Sources that were compiled together.
#[derive(Debug)]
pub struct Compiled {
    /// The library, when nothing found is an error.
    pub library: Option<Library>,
    /// What was found.
    pub report: Report,
    /// For each source whether it was given.
    pub given: Vec<bool>,
    /// Whether a file could not be read, so that names were not looked up.
    pub names_not_looked_up: bool,
    /// For each finding that can be seen happening, by its place in the report, what one asks for to see it.
    pub seen: BTreeMap<usize, String>,
}

/// What is done with files.
#[derive(Clone, Copy, Debug)]
pub enum How {
    /// They are read: for commands that show or try what is being written.
    Read,
    /// They are read, and every pathway in them is proved; on a certain day, or whenever.
    Prove(Option<Date>),
}

/// Compiles a group. When one of its files cannot be read as a pathway file, the others are read on their own, and names
/// are not looked up: everything that file declares would be missing.
pub fn compile(group: Group, how: How) -> Compiled {
    let Group { sources, given, unreadable } = group;
    if !unreadable.is_empty() {
        let bad = |number: usize| unreadable.iter().any(|finding| finding.at.place.source as usize == number);
        let mut findings: Vec<Finding> = unreadable.clone();
        for (number, source) in sources.iter().enumerate().filter(|(number, _)| !bad(*number)) {
            findings.extend(syntax::parse(number as u32, &source.text).1);
        }
        let report = Report::new(sources, findings);
        return Compiled { library: None, report, given, names_not_looked_up: true, seen: BTreeMap::new() };
    }
    let library = match how {
        How::Read => Library::read(sources),
        How::Prove(day) => Library::compile_on(sources, day),
    };
    let (library, report) = match library {
        Ok(library) => {
            let report = library.report().clone();
            (Some(library), report)
        }
        Err(report) => (None, report),
    };
    Compiled { library, report, given, names_not_looked_up: false, seen: BTreeMap::new() }
}

/// A finding that can be seen happening: the group, the pathway, and the flaw.
pub type Seen<'c> = (&'c Compiled, PathwayId, &'c Flaw);

/// The finding that goes by this name and number, such as `gap:2`; the first of a name where there is no number.
pub fn seen<'c>(compiled: &'c [Compiled], wanted: &str) -> Option<Seen<'c>> {
    let wanted = if wanted.contains(':') { wanted.to_string() } else { format!("{wanted}:1") };
    compiled.iter().find_map(|group| {
        let (number, _) = group.seen.iter().find(|(_, id)| **id == wanted)?;
        let finding = group.report.findings.get(*number)?;
        let library = group.library.as_ref()?;
        let mut flaws = library
            .pathways()
            .filter_map(|(id, _)| library.proof(id))
            .flat_map(|proof| proof.flaws.iter().map(move |flaw| (proof.pathway, flaw)));
        let (pathway, flaw) = flaws.find(|(_, flaw)| flaw.finding == *finding && flaw.story.is_some())?;
        Some((group, pathway, flaw))
    })
}

/// Gives every finding that can be seen happening a name and a number.
fn number(compiled: &mut [Compiled]) {
    let mut counted: BTreeMap<&'static str, usize> = BTreeMap::new();
    for group in compiled {
        let Some(library) = &group.library else { continue };
        let flaws = library.pathways().filter_map(|(id, _)| library.proof(id)).flat_map(|proof| &proof.flaws);
        let with_story: Vec<&Finding> = flaws.filter(|flaw| flaw.story.is_some()).map(|flaw| &flaw.finding).collect();
        for (number, finding) in group.report.findings.iter().enumerate() {
            if with_story.contains(&finding) {
                let count = counted.entry(finding.kind.name()).or_default();
                *count += 1;
                group.seen.insert(number, format!("{}:{count}", finding.kind.name()));
            }
        }
    }
}

/// Compiles files that belong together, each group on its own.
pub fn compile_all(files: Files, how: How) -> Vec<Compiled> {
    let groups = files.groups();
    let declared = elsewhere::declared(&groups);
    let mut compiled: Vec<Compiled> = groups.into_iter().map(|group| compile(group, how)).collect();
    elsewhere::point_out(&mut compiled, &declared);
    number(&mut compiled);
    compiled
}

/// Compiles all files as one library, or stops and says what was found.
pub fn one_library(files: Files, how: How, format: Format) -> Result<Library, Stop> {
    let compiled = compile(files.together(), how);
    match compiled.library {
        Some(library) => Ok(library),
        None => Err(Stop::Said(all(&[compiled], format)?)),
    }
}

/// Compiles files that belong together, each group on its own, or stops and says what was found.
pub fn libraries(files: Files, format: Format) -> Result<Vec<(Library, Vec<bool>)>, Stop> {
    let compiled = compile_all(files, How::Read);
    if compiled.iter().any(|group| group.library.is_none()) {
        return Err(Stop::Said(all(&compiled, format)?));
    }
    Ok(compiled.into_iter().filter_map(|group| Some((group.library?, group.given))).collect())
}

/// Everything that was found, as the answer of a command that needs files without errors.
pub fn all(compiled: &[Compiled], format: Format) -> Result<Said, Stop> {
    if format == Format::Json {
        let findings: Vec<Written<'_>> =
            compiled.iter().flat_map(|group| json::written(&group.report, &group.seen)).collect();
        return Said::json(&serde_json::json!({ "verdict": "findings", "findings": findings }), Exit::Findings);
    }
    let mut page = said::page();
    draw_all(&mut page, compiled);
    Ok(Said::page(page, Exit::Findings))
}

/// Draws every finding, and says how many there are.
pub fn draw_all(page: &mut Page, compiled: &[Compiled]) {
    for group in compiled {
        draw(page, &group.report, &group.seen);
        if group.names_not_looked_up {
            page.line(0, "A file could not be read, so the names in the files that belong to it were not looked up.");
            page.gap();
        }
    }
    let count = |severity| {
        let all = compiled.iter().flat_map(|group| &group.report.findings);
        all.filter(|finding| finding.kind.severity() == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error) + count(Severity::Unproved), count(Severity::Warning));
    if errors + warnings == 0 {
        return;
    }
    let files: usize = compiled
        .iter()
        .map(|group| {
            let found = |number: usize| group.report.findings.iter().any(|it| it.at.place.source as usize == number);
            (0..group.report.sources.len()).filter(|number| found(*number)).count()
        })
        .sum();
    let read: usize = compiled.iter().map(|group| group.report.sources.len()).sum();
    let mut words = format!("{} in {}", counted(errors + warnings, "finding"), counted(files, "file"));
    if errors > 0 && warnings > 0 {
        words.push_str(&format!(" ({} and {})", counted(errors, "error"), counted(warnings, "warning")));
    } else if errors == 0 {
        words.push_str(if warnings == 1 { " (a warning)" } else { " (all of them warnings)" });
    }
    page.line(0, &format!("{words}; {} read. `onward explain NAME` says more about each.", counted(read, "file")));
}

/// `1 finding`, `2 findings`.
pub fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Findings in a single source.
pub fn report_on(source: Source, findings: Vec<Finding>) -> Report {
    Report::new(vec![source], findings)
}

/// The findings of a group as programs read them.
pub fn written(group: &Compiled) -> Vec<Written<'_>> {
    json::written(&group.report, &group.seen)
}

/// What is allowed in a group, as programs read it.
pub fn allowed(group: &Compiled) -> Vec<json::WrittenAllowed<'_>> {
    json::allowed(&group.report)
}

/// The findings of a report in which nothing can be seen happening.
pub fn written_only(report: &Report) -> Vec<Written<'_>> {
    const NOTHING: &BTreeMap<usize, String> = &BTreeMap::new();
    json::written(report, NOTHING)
}
