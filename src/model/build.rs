//! The order in which a model is built: names first, then what they mean, pathways and scenarios last.

use super::anticipate::Anticipation;
use super::calls;
use super::directory::{Directory, Holidays};
use super::facts::{Fact, Role, Score};
use super::pathway::Pathway;
use super::places::Draft;
use super::read_facts::title;
use super::scenario::Scenario;
use super::settings::Setting;
use super::symbols::{Symbols, What, place};
use super::words::WordRule;
use super::{DirectoryId, Name, PathwayId};
use crate::diagnostic::{Finding, Kind, Source};
use crate::syntax::tree::{At, Block, BlockWord, Clause, ClauseKind, File, Word};
use std::collections::BTreeSet;

/// What a clause says, where it is of that kind: for [`Builder::one`] and its like.
macro_rules! pick {
    ($variant:ident) => {
        |kind| if let $crate::syntax::tree::ClauseKind::$variant(it) = kind { Some(it) } else { None }
    };
}
pub(super) use pick;

/// What a set of files means together.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The facts; a [`super::FactId`] is an index here.
    pub facts: Vec<Fact>,
    /// The scores.
    pub scores: Vec<Score>,
    /// The roles; the first is the person.
    pub roles: Vec<Role>,
    /// Where a person may live, from the nearest to home to the furthest from it.
    pub settings: Vec<Setting>,
    /// The pathways.
    pub pathways: Vec<Pathway>,
    /// The directories.
    pub directories: Vec<Directory>,
    /// The scenarios.
    pub scenarios: Vec<Scenario>,
    /// The words that are agreed on.
    pub words: Vec<WordRule>,
    /// What is started before a crisis.
    pub anticipations: Vec<Anticipation>,
}

/// The most facts, and the most places of a pathway, that are taken: far more than any real library has.
const MAX_FACTS: usize = 10_000;

/// A block of a file, with the number of the file.
pub(super) type Located<'f> = (usize, &'f Block);

/// What a block belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Nothing,
    Pathway(usize),
    Directory(usize),
}

/// Everything that is known while a model is built.
pub(super) struct Builder<'f> {
    pub sources: &'f [Source],
    pub symbols: Symbols,
    pub facts: Vec<Fact>,
    pub scores: Vec<Score>,
    pub roles: Vec<Role>,
    pub settings: Vec<Setting>,
    pub holidays: Vec<Holidays>,
    pub words: Vec<WordRule>,
    /// The names of all meetings.
    pub meetings: Vec<Name>,
    /// The titles of all scenarios.
    pub scenario_titles: BTreeSet<String>,
    /// The pathways that could be built, by number.
    pub pathways: Vec<Option<Pathway>>,
    /// How many places have come into pathways by way of calls.
    pub copies: usize,
    pub directories: Vec<Directory>,
    /// The file each directory's header stands in.
    pub directory_files: Vec<usize>,
    pub findings: Vec<Finding>,
}

/// Builds the model of some files. It is complete only when no finding is an error; a pathway that could not be built
/// is left out of it.
pub fn build(sources: &[Source], files: &[File]) -> (Model, Vec<Finding>) {
    let mut findings = Vec::new();
    let symbols = Symbols::new(sources, files, &mut findings);
    let mut builder = Builder {
        sources,
        symbols,
        facts: Vec::new(),
        scores: Vec::new(),
        roles: Vec::new(),
        settings: Vec::new(),
        holidays: Vec::new(),
        words: Vec::new(),
        meetings: Vec::new(),
        scenario_titles: BTreeSet::new(),
        pathways: Vec::new(),
        copies: 0,
        directories: Vec::new(),
        directory_files: Vec::new(),
        findings,
    };
    let sorted = builder.sort(files);
    builder.shared(files, &sorted);
    for (number, blocks) in sorted.directories.iter().enumerate() {
        let directory = builder.directory(number as u32, blocks);
        builder.directory_files.push(blocks[0].0);
        builder.directories.push(directory);
    }
    builder.pathways = sorted.pathways.iter().map(|_| None).collect();
    for number in calls::in_order(&mut builder, &sorted.pathways) {
        let pathway = Draft::new(PathwayId(number as u32)).build(&mut builder, &sorted.pathways[number]);
        builder.pathways[number] = pathway;
    }
    let mut scenarios = Vec::new();
    for (file, block) in &sorted.scenarios {
        scenarios.extend(builder.scenario(*file, block));
    }
    let anticipations = builder.anticipations(&sorted.anticipations, &sorted.pathways);
    let Builder { facts, scores, roles, settings, words, pathways, directories, findings, .. } = builder;
    let pathways = pathways.into_iter().flatten().collect();
    (Model { facts, scores, roles, settings, pathways, directories, scenarios, words, anticipations }, findings)
}

/// A pathway that could not be built, where that is not an error already: whoever wrote it must not take it for proved.
/// `built` is where those stand that could be.
pub fn left_out(files: &[File], built: &[crate::diagnostic::Place]) -> Option<Finding> {
    let blocks = files.iter().enumerate().flat_map(|(file, it)| it.blocks.iter().map(move |block| (file, block)));
    let mut headers = blocks.filter(|(_, block)| block.word == BlockWord::Pathway);
    let (file, header) = headers.find(|(file, header)| !built.contains(&place(*file, header.head())))?;
    let message = format!("`{}` cannot be run, and nothing else here says why", header.name.text);
    let finding = Finding::new(Kind::UnreadableBlock, place(file, header.head()), message);
    Some(finding.help("this is a fault of Onward: please send this file to whoever looks after it"))
}

/// All blocks, by what they belong to. The first block of a pathway or a directory is its header.
struct Sorted<'f> {
    pathways: Vec<Vec<Located<'f>>>,
    directories: Vec<Vec<Located<'f>>>,
    scores: Vec<Located<'f>>,
    holidays: Vec<Located<'f>>,
    scenarios: Vec<Located<'f>>,
    /// Each with the number of the pathway it belongs to.
    anticipations: Vec<(Option<usize>, Located<'f>)>,
}

impl<'f> Builder<'f> {
    /// Sorts all blocks and declares all names.
    fn sort(&mut self, files: &'f [File]) -> Sorted<'f> {
        use BlockWord as B;
        let mut sorted = Sorted {
            pathways: Vec::new(),
            directories: Vec::new(),
            scores: Vec::new(),
            holidays: Vec::new(),
            scenarios: Vec::new(),
            anticipations: Vec::new(),
        };
        let person = Word { text: "person".to_string(), at: At::default() };
        self.roles.push(Role {
            name: "person".into(),
            title: "The person".into(),
            of: None,
            profession: None,
            at: None,
        });
        // Computed facts are the first of the scores.
        let computed = super::read_computed::all_of(files).count();
        let (mut facts, mut computed_so_far) = (0, 0);
        for (number, file) in files.iter().enumerate() {
            let mut scope = Scope::Nothing;
            for block in &file.blocks {
                match block.word {
                    B::Use | B::Facts | B::Role => {}
                    B::Words => self.read_words(number, block),
                    B::DistanceFromHome => self.read_settings(number, block),
                    B::Pathway => {
                        scope = Scope::Pathway(sorted.pathways.len());
                        self.declare(What::Pathway, sorted.pathways.len(), number, &block.name);
                        sorted.pathways.push(vec![(number, block)]);
                    }
                    B::Directory => {
                        scope = Scope::Directory(sorted.directories.len());
                        self.declare(What::Directory, sorted.directories.len(), number, &block.name);
                        sorted.directories.push(vec![(number, block)]);
                    }
                    B::Score => {
                        self.declare(What::Score, computed + sorted.scores.len(), number, &block.name);
                        sorted.scores.push((number, block));
                    }
                    B::Holidays => {
                        self.declare(What::Holidays, sorted.holidays.len(), number, &block.name);
                        sorted.holidays.push((number, block));
                    }
                    B::Scenario => {
                        self.scenario_titles.extend(block.title.as_ref().map(|title| title.text.clone()));
                        sorted.scenarios.push((number, block));
                    }
                    B::Anticipate => {
                        let of = if let Scope::Pathway(of) = scope { Some(of) } else { None };
                        self.declare(What::Anticipation, sorted.anticipations.len(), number, &block.name);
                        sorted.anticipations.push((of, (number, block)));
                    }
                    B::Contact | B::Meeting | B::Escalation => match scope {
                        Scope::Directory(at) => sorted.directories[at].push((number, block)),
                        _ => self.homeless(number, block, "directory"),
                    },
                    B::ByDefault
                    | B::Promises
                    | B::Step
                    | B::Wait
                    | B::Decide
                    | B::Together
                    | B::Repeat
                    | B::HandOver
                    | B::Call
                    | B::PositiveRisk
                    | B::BestInterests
                    | B::AtAnyTime
                    | B::Ending
                    | B::Hazard => match scope {
                        Scope::Pathway(at) => sorted.pathways[at].push((number, block)),
                        _ => self.homeless(number, block, "pathway"),
                    },
                }
                for clause in &block.clauses {
                    if let ClauseKind::Fact(fact) = &clause.kind {
                        if fact.computed.is_some() {
                            self.declare(What::Computed, computed_so_far, number, &fact.name);
                            computed_so_far += 1;
                            continue;
                        }
                        self.declare(What::Fact, facts, number, &fact.name);
                        facts += 1;
                    }
                }
                if block.word == B::PositiveRisk && !block.name.text.is_empty() {
                    // What came of it is a fact of its own name.
                    self.declare(What::Fact, facts, number, &block.name);
                    facts += 1;
                }
                if block.word == B::Role {
                    let id = self.roles.len();
                    if block.name.text == "person" {
                        let message = "`person` is a role that every pathway has; it is not declared";
                        self.findings.push(Finding::new(Kind::DuplicateName, place(number, block.name.at), message));
                    }
                    self.declare(What::Role, id, number, &block.name);
                    let role = self.read_role(number, block);
                    self.roles.push(role);
                }
            }
        }
        // The person is everywhere: declared last, in no file, so that nothing is said twice about it.
        if self.symbols.find(What::Role, "person").is_none() {
            self.symbols.declare_everywhere(What::Role, 0, &person);
        }
        if facts > MAX_FACTS {
            let message = format!("there are {facts} facts; {MAX_FACTS} can be kept");
            self.findings.push(Finding::new(Kind::TooLarge, place(0, At::default()), message));
        }
        sorted
    }

    fn declare(&mut self, what: What, id: usize, file: usize, word: &Word) {
        self.symbols.declare(what, id as u32, file, word, &mut self.findings);
    }

    fn homeless(&mut self, file: usize, block: &Block, header: &str) {
        let word = crate::syntax::block_word(block.word);
        let named = if block.name.text.is_empty() { String::new() } else { format!(" {}", block.name.text) };
        self.findings.push(
            Finding::new(Kind::Homeless, place(file, block.head()), format!("`{word}{named}` belongs to no {header}"))
                .help(format!("put it below the `{header}` it belongs to, in the same file")),
        );
    }

    fn read_role(&mut self, file: usize, block: &Block) -> Role {
        let of = self.one(file, block, "of", |kind| if let ClauseKind::OfKind(it) = kind { Some(it) } else { None });
        let profession = self
            .one(file, block, "profession", |kind| if let ClauseKind::Profession(it) = kind { Some(it) } else { None });
        Role {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            of: of.map(|it| Name::from(&it.text)),
            profession: profession.map(|it| Name::from(&it.text)),
            at: Some(place(file, block.name.at)),
        }
    }

    /// What all pathways share: facts, scores, holidays.
    fn shared(&mut self, files: &'f [File], sorted: &Sorted<'f>) {
        for (number, file) in files.iter().enumerate() {
            for block in &file.blocks {
                for clause in &block.clauses {
                    if let ClauseKind::Fact(fact) = &clause.kind
                        && fact.computed.is_none()
                    {
                        let fact = self.fact(number, fact);
                        self.facts.push(fact);
                    }
                }
                if block.word == BlockWord::PositiveRisk && !block.name.text.is_empty() {
                    let fact = self.what_comes_of(number, block);
                    self.facts.push(fact);
                }
            }
        }
        self.read_elapsed(files);
        self.read_models(files);
        self.read_applies(files);
        self.elapsed_applies();
        self.read_what_risks_rest_on(files);
        self.read_computed(files);
        for (file, block) in &sorted.scores {
            let score = self.score(*file, block);
            self.scores.push(score);
        }
        for (file, block) in &sorted.holidays {
            let holidays = self.read_holidays(*file, block);
            self.holidays.push(holidays);
        }
    }

    /// The clause of a block that may stand once. A second one is a finding.
    pub(super) fn one<'b, T>(
        &mut self,
        file: usize,
        block: &'b Block,
        word: &str,
        pick: impl Fn(&'b ClauseKind) -> Option<T>,
    ) -> Option<T> {
        self.one_of(file, &block.clauses, Kind::SaidTwice, word, pick)
    }

    /// The clause of a list that may stand once; a second one is a finding of that kind.
    pub(super) fn one_of<'b, T>(
        &mut self,
        file: usize,
        clauses: &'b [Clause],
        kind: Kind,
        word: &str,
        pick: impl Fn(&'b ClauseKind) -> Option<T>,
    ) -> Option<T> {
        let mut found: Option<(T, At)> = None;
        for clause in clauses {
            let Some(value) = pick(&clause.kind) else { continue };
            match &found {
                None => found = Some((value, clause.at)),
                Some((_, first)) => self.findings.push(
                    Finding::new(kind, place(file, clause.at), format!("`{word}` is said twice"))
                        .label("said again here")
                        .and(place(file, *first), "first said here")
                        .help("keep the one that is meant"),
                ),
            }
        }
        found.map(|(value, _)| value)
    }

    /// A clause that a block must have. In a block that could not be read whole, nothing is said to be missing.
    pub(super) fn needed<T>(
        &mut self,
        file: usize,
        block: &Block,
        kind: Kind,
        what: &str,
        help: &str,
        it: Option<T>,
    ) -> Option<T> {
        if it.is_none() && !block.broken {
            let title = block.title.as_ref().map(|title| title.text.as_str());
            let unnamed = title.unwrap_or_else(|| crate::syntax::block_word(block.word));
            let named = if block.name.text.is_empty() { unnamed } else { &block.name.text };
            let message = format!("`{named}` does not say {what}");
            self.findings.push(Finding::new(kind, place(file, block.head()), message).help(help));
        }
        it
    }

    /// The directory that is tested with: the one named, or else the only one in reach of a file.
    pub(super) fn directory_for(&self, file: usize, named: Option<usize>) -> Option<DirectoryId> {
        let mut found = self.directory_files.iter().enumerate().filter(|(_, at)| match named {
            Some(named) => **at == named,
            None => self.symbols.reach(file).contains(at),
        });
        match (found.next(), found.next()) {
            (Some((only, _)), None) => Some(DirectoryId(only as u32)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_built_is_never_passed_over_in_silence() {
        let (file, _) = crate::syntax::parse(0, "onward 1\n\npathway lost\n  version 1\n\nrole nurse\n");
        let lost = place(0, file.blocks[0].head());
        let said = left_out(std::slice::from_ref(&file), &[]).expect("nothing else says so");
        assert!(said.message.contains("`lost`"), "{}", said.message);
        assert_eq!((said.kind.severity(), said.at.place), (crate::diagnostic::Severity::Error, lost));
        assert_eq!(left_out(&[file], &[lost]), None);
    }
}
