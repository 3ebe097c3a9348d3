//! A library: pathways, directories and scenarios that were compiled together, ready to be embedded.

use crate::calendar::Moment;
use crate::diagnostic::{Finding, Kind, Report, Severity, Source};
use crate::engine::{Answer, Case, CaseRecord, LoadError, Opening, Refusal, Shared};
use crate::model::{self, Directory, DirectoryId, Model, PathwayId, Scenario};
use crate::syntax::{self, tree::File};
use crate::workflow::{Program, Workflow, check_flow, directory_lacks};
use crate::{fingerprint, model::Name};
use std::sync::Arc;

/// Pathways, directories and scenarios that were compiled together.
#[derive(Clone, Debug)]
pub struct Library {
    programs: Vec<Arc<Program>>,
    directories: Vec<(Arc<Directory>, String)>,
    scenarios: Vec<Scenario>,
    shared: Arc<Shared>,
    report: Report,
}

impl Library {
    /// Compiles sources. Every file a source names with `use` or `tested with` must be among them.
    ///
    /// # Errors
    /// The [`Report`] of everything that was found, when anything in it is an error. Warnings alone do not keep a
    /// library from being made; they are in [`Library::report`].
    pub fn compile(sources: Vec<Source>) -> Result<Library, Report> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut files: Vec<File> = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            let (file, mut found) = syntax::parse(number as u32, &source.text);
            files.push(file);
            findings.append(&mut found);
        }
        let (model, mut found) = model::build(&sources, &files);
        findings.append(&mut found);
        let Model { facts, scores, roles, pathways, directories, scenarios } = model;
        let mut programs = Vec::new();
        for pathway in pathways {
            let workflow = Workflow::new(&pathway);
            // Without an ending every road is endless; and what is not reached is said only when nothing else is wrong,
            // since a route that could not be read may lead there.
            let has_ending = pathway.places.iter().any(|place| matches!(place.kind, model::PlaceKind::Ending(_)));
            if has_ending {
                findings.extend(check_flow(&pathway, &workflow));
            }
            if let Some(directory) = pathway.tested_with.and_then(|id| directories.get(id.index())) {
                findings.extend(directory_lacks(&pathway, directory, &roles));
            }
            let hash = fingerprint::pathway(&pathway, &files, &facts, &scores);
            programs.push(Arc::new(Program::new(pathway, workflow, hash, &facts, &scores)));
        }
        if findings.iter().any(|finding| finding.kind.severity() == Severity::Error) {
            findings.retain(|finding| finding.kind != Kind::NeverReached);
        }
        let report = Report::new(sources, findings);
        if report.has_errors() {
            return Err(report);
        }
        let directories = directories.into_iter().map(|directory| {
            let hash = fingerprint::directory(&directory, &roles);
            (Arc::new(directory), hash)
        });
        Ok(Library {
            programs,
            directories: directories.collect(),
            scenarios,
            shared: Arc::new(Shared::new(facts, scores, roles)),
            report,
        })
    }

    /// What was found when it was compiled: warnings only.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The facts, scores and roles its pathways share.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Its pathways, in the order of the sources.
    pub fn pathways(&self) -> impl Iterator<Item = (PathwayId, &Program)> {
        self.programs.iter().enumerate().map(|(number, program)| (PathwayId(number as u32), program.as_ref()))
    }

    /// Its directories, in the order of the sources.
    pub fn directories(&self) -> impl Iterator<Item = (DirectoryId, &Directory)> {
        let all = self.directories.iter().enumerate();
        all.map(|(number, (directory, _))| (DirectoryId(number as u32), directory.as_ref()))
    }

    /// Its scenarios, in the order of the sources.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// The pathway of that name.
    pub fn pathway(&self, name: &str) -> Option<Pathway<'_>> {
        let at = self.programs.iter().position(|program| program.pathway.name == name)?;
        Some(Pathway { library: self, id: PathwayId(at as u32) })
    }

    /// A pathway by its number.
    pub fn pathway_by(&self, id: PathwayId) -> &model::Pathway {
        &self.programs[id.index()].pathway
    }

    /// A program by its number.
    pub fn program(&self, id: PathwayId) -> &Program {
        &self.programs[id.index()]
    }

    /// A directory by its number.
    pub fn directory(&self, id: DirectoryId) -> &Directory {
        &self.directories[id.index()].0
    }

    /// The directory of that name.
    pub fn directory_named(&self, name: &str) -> Option<DirectoryId> {
        self.directories().find(|(_, directory)| directory.name == name).map(|(id, _)| id)
    }

    /// Opens a case as a draft run: nothing is proved, and every answer says so.
    ///
    /// # Errors
    /// When a fact does not fit, or the directory has ended or does not fill what the pathway needs.
    pub fn open_draft(
        &self,
        pathway: PathwayId,
        directory: DirectoryId,
        opening: Opening,
        now: Moment,
    ) -> Result<(Case, Answer), Refusal> {
        let (of, hash) = &self.directories[directory.index()];
        let program = Arc::clone(&self.programs[pathway.index()]);
        Case::open_draft(program, (Arc::clone(of), hash), Arc::clone(&self.shared), opening, now)
    }

    /// Goes on with a saved case.
    ///
    /// # Errors
    /// When the library does not have the pathway, in the version the case began with, or the directory.
    pub fn load(&self, record: CaseRecord) -> Result<Case, LoadError> {
        let program = self.programs.iter().find(|program| program.pathway.name == record.pathway.name);
        let program = program.ok_or_else(|| LoadError::NoPathway(record.pathway.name.clone()))?;
        let directory = self.directory_named(&record.directory.name);
        let other = || LoadError::OtherDirectory { directory: record.directory.name.clone() };
        let (directory, hash) = &self.directories[directory.ok_or_else(other)?.index()];
        Case::load(Arc::clone(program), (Arc::clone(directory), hash), Arc::clone(&self.shared), record)
    }
}

/// A pathway of a library.
#[derive(Clone, Copy, Debug)]
pub struct Pathway<'l> {
    library: &'l Library,
    /// Its number.
    pub id: PathwayId,
}

impl<'l> Pathway<'l> {
    /// Its name.
    pub fn name(&self) -> &'l Name {
        &self.program().pathway.name
    }

    /// Its program: places, routes, graph.
    pub fn program(&self) -> &'l Program {
        self.library.program(self.id)
    }

    /// The directory a case runs with where the host names none.
    pub fn directory(&self) -> Option<DirectoryId> {
        self.program().pathway.tested_with
    }

    /// Opens a case. Until pathways are proved, this is always refused; see [`Pathway::open_draft`].
    ///
    /// # Errors
    /// Always [`Refusal::NotProved`] in this release.
    pub fn open(&self, _opening: Opening, _now: Moment) -> Result<(Case, Answer), Refusal> {
        Err(Refusal::NotProved { pathway: self.name().clone() })
    }

    /// Opens a case as a draft run, with the directory the pathway is tested with. Every answer says that it is one.
    ///
    /// # Errors
    /// When no directory can be told, when a fact does not fit, or when the directory has ended.
    pub fn open_draft(&self, opening: Opening, now: Moment) -> Result<(Case, Answer), Refusal> {
        let lacks = || Refusal::DirectoryLacks { directory: "".into(), lacks: vec!["a directory".into()] };
        let directory = self.directory().ok_or_else(lacks)?;
        self.library.open_draft(self.id, directory, opening, now)
    }
}
