//! A library: pathways, directories and scenarios that were compiled together, ready to be embedded.

use crate::calendar::{Date, Moment, Zone};
use crate::check;
use crate::diagnostic::{Finding, Kind, Place, Report, Severity, Source};
use crate::engine::{
    self, Answer, Applied, Case, CaseRecord, Event, LoadError, Opening, PersonRecord, Refusal, Watched, World,
};
use crate::model::{self, Directory, DirectoryId, Model, PathwayId, Scenario, Shared};
use crate::syntax::{self, tree::File};
use crate::witness::Stage;
use crate::workflow::{Program, Workflow, check_flow, directory_lacks};
use crate::{Proof, fingerprint, model::Name};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Pathways, directories and scenarios that were compiled together.
#[derive(Clone, Debug)]
pub struct Library {
    programs: Vec<Arc<Program>>,
    directories: Vec<(Arc<Directory>, String)>,
    scenarios: Vec<Scenario>,
    shared: Arc<Shared>,
    report: Report,
    proofs: Vec<Proof>,
}

impl Library {
    /// Compiles sources, and proves every pathway with the directory it is `tested with`, or else with the only one
    /// there is. Every file a source names with `use` or `tested with` must be among them.
    ///
    /// # Errors
    /// The [`Report`] of everything that was found, when the sources cannot be read so far that a draft could run. What
    /// keeps a pathway from being proved, and warnings, are in [`Library::report`]; see also [`Library::proof`].
    pub fn compile(sources: Vec<Source>) -> Result<Library, Report> {
        Library::compile_on(sources, None)
    }

    /// As [`Library::compile`], on a certain day: that somebody answers is proved from that day on, and dates of review,
    /// directories and contacts are looked at as on that day.
    ///
    /// # Errors
    /// As [`Library::compile`].
    pub fn compile_on(sources: Vec<Source>, day: Option<Date>) -> Result<Library, Report> {
        let mut library = Library::read(sources)?;
        let prove = |(id, _)| {
            let directory = library.directory_for(id);
            let zone = directory.map_or_else(Zone::utc, |id| library.directory(id).calendar.zone.clone());
            let on = day.map(|day| zone.start_of(day));
            library.prove(id, directory, on, on)
        };
        library.proofs = library.pathways().map(prove).collect();
        let all = library.found_once().into_iter().chain(std::mem::take(&mut library.report.findings)).collect();
        let report = Report::new(std::mem::take(&mut library.report.sources), all);
        let allowances = library.programs.iter().flat_map(|program| &program.pathway.allowances);
        // Who lets it be used before all have agreed does so for what stands there now.
        let about = |finding: &Finding| {
            let needs = |program: &&Arc<Program>| {
                program.pathway.needs_agreement.iter().any(|needed| needed.at == finding.at.place)
            };
            let of = library.programs.iter().find(needs).filter(|_| finding.kind == Kind::NotAgreed);
            of.map(|program| program.hash_but_allowed.as_str())
        };
        let mark = |sources: &[Source], found: &[Finding]| fingerprint::findings(sources, found, about);
        library.report = check::allowed::set_apart(report, allowances, day, mark);
        Ok(library)
    }

    /// Reads sources and proves nothing: everything in the library runs as a draft only. For tools that lay out, draw
    /// or try what is still being written.
    ///
    /// # Errors
    /// As [`Library::compile`].
    pub fn read(sources: Vec<Source>) -> Result<Library, Report> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut files: Vec<File> = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            let (file, mut found) = syntax::parse(number as u32, &source.text);
            files.push(file);
            findings.append(&mut found);
        }
        let (model, mut found) = model::build(&sources, &files);
        findings.append(&mut found);
        // What is repeated, and nobody says how often, cannot be built; and `endless` says why.
        let is_said = findings.iter().any(|finding| finding.kind.severity().is_error());
        let Model { facts, scores, roles, settings, pathways, directories, scenarios, words, anticipations } = model;
        let mut programs = Vec::new();
        let shared = Shared::new(facts, scores, roles).with_settings(settings).with_anticipations(anticipations);
        let hashes = fingerprint::pathways(&shared, &pathways, &files);
        for (pathway, hash) in pathways.into_iter().zip(hashes) {
            let workflow = Workflow::new(&pathway);
            findings.extend(check_flow(&pathway, &workflow));
            if let Some(directory) = pathway.tested_with.and_then(|id| directories.get(id.index())) {
                findings.extend(directory_lacks(&pathway, directory, &shared.facts, &shared.roles));
            }
            programs.push(Arc::new(Program::new(pathway, workflow, hash, &shared.facts, &shared.scores)));
        }
        let is_error = |finding: &Finding| finding.kind.severity() == Severity::Error;
        if !is_said && !findings.iter().any(is_error) {
            let built: Vec<Place> = programs.iter().map(|it| it.pathway.at).collect();
            findings.extend(model::left_out(&files, &built));
        }
        if findings.iter().any(is_error) {
            // One mistake does not hide the next: circles can be seen in what could be read.
            for program in &programs {
                findings.extend(check::circles(program));
            }
            return Err(Report::new(sources, findings));
        }
        findings.extend(check::words::check(&files, &words));
        let report = Report::new(sources, findings);
        let directories = directories.into_iter().map(|directory| {
            let hash = fingerprint::directory(&directory, &shared.roles);
            (Arc::new(directory), hash)
        });
        Ok(Library {
            programs,
            directories: directories.collect(),
            scenarios,
            shared: Arc::new(shared),
            report,
            proofs: Vec::new(),
        })
    }

    /// What was found when its pathways were proved. What is found of a pathway that others call is said once, and not
    /// again for each of them.
    fn found_once(&self) -> Vec<Finding> {
        let mut said: BTreeSet<(Kind, Place)> = BTreeSet::new();
        let mut all = Vec::new();
        // Those that call nothing first, so that what is called has the word before who calls it.
        let mut proofs: Vec<&Proof> = self.proofs.iter().collect();
        proofs.sort_by_key(|proof| self.pathway_by(proof.pathway).depth_of_calls());
        for proof in proofs {
            let before = said.clone();
            let pathway = self.pathway_by(proof.pathway);
            let calls = pathway.called().next().is_some();
            for flaw in &proof.flaws {
                let key = (flaw.finding.kind, flaw.finding.at.place);
                if !calls || !before.contains(&key) {
                    said.insert(key);
                    all.push(flaw.finding.clone());
                }
            }
        }
        all
    }

    /// Proves a pathway with a directory: that somebody answers from `from` on; or, where nothing is said, from when the
    /// directory is valid; or else for five years up to its end. With `on`, dates of review are looked at as on that day.
    pub fn prove(
        &self,
        pathway: PathwayId,
        directory: Option<DirectoryId>,
        from: Option<Moment>,
        on: Option<Moment>,
    ) -> Proof {
        let directory = directory.map(|id| &self.directories[id.index()]);
        let directory = directory.map(|(directory, hash)| (directory, hash.as_str()));
        Proof::new(pathway, &self.programs[pathway.index()], directory, &self.shared, from, on)
    }

    /// What was proved of a pathway when the library was compiled; nothing when it was only [read](Library::read).
    pub fn proof(&self, pathway: PathwayId) -> Option<&Proof> {
        self.proofs.get(pathway.index())
    }

    /// Where the stories of a proof are played: a pathway with a directory, as a draft.
    pub fn stage(&self, pathway: PathwayId, directory: DirectoryId) -> Stage {
        Stage {
            program: Arc::clone(&self.programs[pathway.index()]),
            directory: Arc::clone(&self.directories[directory.index()].0),
            shared: Arc::clone(&self.shared),
        }
    }

    /// The directory a pathway is proved and runs with where the host names none: the one it is `tested with`, or else
    /// the only one there is.
    pub fn directory_for(&self, pathway: PathwayId) -> Option<DirectoryId> {
        let only = (self.directories.len() == 1).then_some(DirectoryId(0));
        self.program(pathway).pathway.tested_with.or(only)
    }

    /// Opens a case on a pathway, with the directory, that a proof is about.
    ///
    /// # Errors
    /// When the proof does not hold, is about something else, or says nothing about this moment; and as
    /// [`Library::open_draft`].
    pub fn open(&self, proof: &Proof, opening: Opening, now: Moment) -> Result<(Case, Answer), Refusal> {
        let program = &self.programs[proof.pathway.index()];
        let directory = self.directories.iter().find(|(_, hash)| Some(hash) == proof.directory_hash.as_ref());
        let about_this = program.hash == proof.pathway_hash;
        let Some((directory, hash)) = directory.filter(|_| about_this && proof.holds()) else {
            return Err(Refusal::NotProved { pathway: program.pathway.name.clone() });
        };
        if now < proof.from {
            return Err(Refusal::BeforeProof { begins: proof.from });
        }
        let with = (Arc::clone(directory), hash.as_str());
        Case::open(Arc::clone(program), with, Arc::clone(&self.shared), opening, now, false)
    }

    /// What is to be started for a person now, before a crisis; whom to ask where that is not known; and when to look
    /// again. It looks at what stands in their record, and changes nothing: whoever does what it says tells the record
    /// so ([`PersonRecord::took_up`]). A directory says by when; nothing is said of what comes after it has ended.
    pub fn watch(&self, record: &PersonRecord, directory: DirectoryId, now: Moment) -> Watched {
        engine::watch(&self.shared, record, self.directory(directory), now)
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
        Case::open(program, (Arc::clone(of), hash), Arc::clone(&self.shared), opening, now, true)
    }

    /// Goes on with a running case and another directory: from now on that says who is there. What the case runs as proved,
    /// it goes on as proved: only where the pathway is proved with that directory too. Deadlines stay. Whoever is asked and is
    /// not there any more is not asked any more. The case that is given is left as it is.
    ///
    /// # Errors
    /// [`Refusal::WouldStrand`] says what is open and would be nobody's; [`Refusal::NotProved`] when the pathway is not proved
    /// with that directory; and when the library has another version of the pathway, or the case is closed.
    pub fn follow(&self, case: &Case, directory: DirectoryId, now: Moment) -> Result<(Case, Answer), Refusal> {
        let of = &case.record().pathway;
        let at = self.programs.iter().position(|program| program.hash == of.hash.as_str());
        let at = at.ok_or_else(|| Refusal::OtherPathway { pathway: of.name.clone() })?;
        let (to, hash) = &self.directories[directory.index()];
        let program = Arc::clone(&self.programs[at]);
        let world = World {
            program,
            directory: Arc::clone(to),
            directory_hash: Name::from(hash),
            shared: Arc::clone(&self.shared),
        };
        let (follows, answer) = case.follow_directory(world, now)?;
        if !case.record().draft {
            let proof = self.prove(PathwayId(at as u32), Some(directory), None, None);
            if !proof.holds() {
                return Err(Refusal::NotProved { pathway: of.name.clone() });
            }
            if now < proof.from {
                return Err(Refusal::BeforeProof { begins: proof.from });
            }
        }
        Ok((follows, answer))
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
        let about = |it: &Proof| it.pathway_hash == program.hash && it.directory_hash.as_ref() == Some(hash);
        let proved = || {
            self.proofs.iter().any(|it| about(it) && it.holds()) || {
                let pathway =
                    self.programs.iter().position(|it| Arc::ptr_eq(it, program)).map(|at| PathwayId(at as u32));
                let directory = self.directory_named(&record.directory.name);
                !self.proofs.iter().any(about)
                    && pathway.is_some_and(|pathway| self.prove(pathway, directory, None, None).holds())
            }
        };
        if !record.draft && !proved() {
            return Err(LoadError::NotProved { pathway: record.pathway.name });
        }
        // It is played again with what it ran with before it went on with another directory, as far as that is here.
        let world = |of: &Name| {
            let (directory, hash) = self.directories.iter().find(|(_, hash)| *of == **hash)?;
            let (program, shared) = (Arc::clone(program), Arc::clone(&self.shared));
            Some(World { program, directory: Arc::clone(directory), directory_hash: Name::from(hash), shared })
        };
        let before: Vec<World> = record.followed().map_while(|it| world(&it.hash)).collect();
        Case::load(Arc::clone(program), (Arc::clone(directory), hash), Arc::clone(&self.shared), record, before)
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
        self.library.directory_for(self.id)
    }

    /// What was proved of it when the library was compiled.
    pub fn proof(&self) -> Option<&'l Proof> {
        self.library.proof(self.id)
    }

    /// Opens a case, with the directory the pathway was proved with.
    ///
    /// # Errors
    /// [`Refusal::NotProved`] when it is not proved; [`Library::report`] says why. And as [`Pathway::open_draft`].
    pub fn open(&self, opening: Opening, now: Moment) -> Result<(Case, Answer), Refusal> {
        match self.proof() {
            Some(proof) => self.library.open(proof, opening, now),
            None => Err(Refusal::NotProved { pathway: self.name().clone() }),
        }
    }

    /// Opens a case with what has happened to the person since: as [`Pathway::open`] and then [`Case::apply_all`], answered
    /// once with the effects and news of both. For a history that is brought in.
    ///
    /// # Errors
    /// As [`Pathway::open`]. That an event is refused stands in [`Applied::refused`].
    pub fn open_with(
        &self,
        opening: Opening,
        now: Moment,
        events: impl IntoIterator<Item = (Event, Moment)>,
    ) -> Result<(Case, Applied), Refusal> {
        let (mut case, opened) = self.open(opening, now)?;
        let applied = case.apply_all(events).after(opened);
        Ok((case, applied))
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
