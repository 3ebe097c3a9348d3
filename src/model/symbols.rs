//! Which names there are, where they may be used, and what to say when one is not there.

use super::Name;
use crate::diagnostic::{Finding, Kind, Place, Source, nearest, surely_meant};
use crate::syntax::tree::{At, BlockWord, File, Word};
use std::collections::{BTreeMap, BTreeSet};

/// What kind of thing a name belongs to, and, for what belongs to one pathway or directory, to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Fact,
    Computed,
    Score,
    Role,
    Setting,
    Holidays,
    Pathway,
    Directory,
    Anticipation,
    Place(u32),
    BestInterests(u32),
    Contact(u32),
    Ladder(u32),
    Meeting(u32),
}

impl What {
    fn in_words(self) -> &'static str {
        match self {
            What::Fact => "a fact",
            What::Computed => "a computed fact",
            What::Score => "a score",
            What::Role => "a role",
            What::Setting => "a place of `distance from home`",
            What::Holidays => "a list of bank holidays",
            What::Pathway => "a pathway",
            What::Directory => "a directory",
            What::Anticipation => "something that is anticipated",
            What::Place(_) => "a step, a decision or an ending of this pathway",
            What::BestInterests(_) => "a block `best interests` of this pathway",
            What::Contact(_) => "a contact of this directory",
            What::Ladder(_) => "an escalation of this directory",
            What::Meeting(_) => "a meeting of this directory",
        }
    }

    /// What it is, wherever it belongs.
    fn loosely(self) -> &'static str {
        match self {
            What::Place(_) => "a step, a decision or an ending",
            What::BestInterests(_) => "a block `best interests`",
            What::Contact(_) => "a contact",
            What::Ladder(_) => "an escalation",
            What::Meeting(_) => "a meeting",
            other => other.in_words(),
        }
    }

    /// Names of the same group may not be the same.
    fn group(self) -> What {
        if matches!(self, What::Score | What::Computed) { What::Fact } else { self }
    }
}

#[derive(Clone, Copy, Debug)]
struct Symbol {
    what: What,
    id: u32,
    file: usize,
    at: At,
}

/// All names of the library, and who may use which.
#[derive(Default)]
pub(super) struct Symbols {
    by_name: BTreeMap<Name, Vec<Symbol>>,
    /// The files each file may use names of.
    reach: Vec<BTreeSet<usize>>,
    /// Names that may have been declared where something could not be read.
    lost: BTreeSet<String>,
    /// The files that reach something of which nothing is known: any name may be declared there.
    blind: BTreeSet<usize>,
    /// The calls that nothing came with, by pathway: what is called could not be read, and that is said there.
    empty: BTreeSet<(u32, String)>,
}

/// After how many findings one no longer guesses what was meant.
const MAX_GUESSES: usize = 500;

/// The file of a name that belongs to no file.
const EVERYWHERE: usize = usize::MAX;

/// The place of something in a file.
pub(super) fn place(file: usize, at: At) -> Place {
    Place { source: file as u32, span: at.0 }
}

impl Symbols {
    /// Works out which file reaches which. A file that is used and was not given is a finding.
    pub(super) fn new(sources: &[Source], files: &[File], findings: &mut Vec<Finding>) -> Symbols {
        let by_name: BTreeMap<&str, usize> =
            sources.iter().enumerate().map(|(number, source)| (source.name.as_str(), number)).collect();
        let mut direct: Vec<Vec<usize>> = Vec::new();
        let mut unknown: BTreeSet<usize> =
            files.iter().enumerate().filter(|(_, file)| file.unread).map(|(number, _)| number).collect();
        for (number, file) in files.iter().enumerate() {
            let mut used = Vec::new();
            for block in file.blocks.iter().filter(|block| block.word == BlockWord::Use) {
                let Some(title) = &block.title else { continue };
                let wanted = resolve_use(&sources[number].name, &title.text);
                match by_name.get(wanted.as_str()) {
                    Some(found) => used.push(*found),
                    None => {
                        unknown.insert(number);
                        findings.push(missing_file(place(number, title.at), &title.text, &wanted));
                    }
                }
            }
            direct.push(used);
        }
        let reach: Vec<BTreeSet<usize>> = (0..files.len())
            .map(|start| {
                let mut seen = BTreeSet::from([start]);
                let mut todo = vec![start];
                while let Some(file) = todo.pop() {
                    todo.extend(direct[file].iter().filter(|used| seen.insert(**used)));
                }
                seen
            })
            .collect();
        let sees_unknown = |reach: &BTreeSet<usize>| reach.iter().any(|file| unknown.contains(file));
        let blind = (0..files.len()).filter(|file| sees_unknown(&reach[*file])).collect();
        let lost = files.iter().flat_map(|file| file.lost.iter().cloned()).collect();
        Symbols { by_name: BTreeMap::new(), reach, lost, blind, empty: BTreeSet::new() }
    }

    /// The files a file may use names of, itself included.
    pub(super) fn reach(&self, file: usize) -> &BTreeSet<usize> {
        &self.reach[file]
    }

    /// Declares a name. A second one of the same group is a finding.
    pub(super) fn declare(&mut self, what: What, id: u32, file: usize, word: &Word, findings: &mut Vec<Finding>) {
        if word.text.is_empty() {
            return;
        }
        if word.text.contains('/') {
            let message = format!("`{}` reads like the name of something in a call", word.text);
            findings.push(
                Finding::new(Kind::OutOfPlace, place(file, word.at), message)
                    .help("`/` stands only between a call and what comes with it; write `_` here"),
            );
            return;
        }
        self.declare_called(what, id, file, word, findings);
    }

    /// Declares a name, which may be that of something that comes with a call.
    pub(super) fn declare_called(
        &mut self,
        what: What,
        id: u32,
        file: usize,
        word: &Word,
        findings: &mut Vec<Finding>,
    ) {
        let symbols = self.by_name.entry(Name::from(&word.text)).or_default();
        match symbols.iter().find(|symbol| symbol.what.group() == what.group()) {
            Some(first) => findings.push(
                Finding::new(
                    Kind::DuplicateName,
                    place(file, word.at),
                    format!("`{}` is declared twice: it is already the name of {}", word.text, first.what.loosely()),
                )
                .label("declared again here")
                .and(place(first.file, first.at), "first declared here")
                .help("give one of them another name, or take it out"),
            ),
            None => symbols.push(Symbol { what, id, file, at: word.at }),
        }
    }

    /// Declares a name that belongs to no file and may be used in all.
    pub(super) fn declare_everywhere(&mut self, what: What, id: u32, word: &Word) {
        let symbol = Symbol { what, id, file: EVERYWHERE, at: word.at };
        self.by_name.entry(Name::from(&word.text)).or_default().push(symbol);
    }

    /// Looks a name up without a word if it is not there.
    pub(super) fn find(&self, what: What, name: &str) -> Option<u32> {
        let symbols = self.by_name.get(name)?;
        symbols.iter().find(|symbol| symbol.what == what).map(|symbol| symbol.id)
    }

    /// All names of one kind.
    pub(super) fn names(&self, what: What) -> impl Iterator<Item = &str> {
        self.by_name.iter().filter(move |(_, all)| all.iter().any(|it| it.what == what)).map(|(name, _)| name.as_str())
    }

    /// Remembers a call of a pathway that nothing comes with, because what it follows could not be read.
    pub(super) fn nothing_comes_with(&mut self, pathway: u32, call: &Word) {
        self.empty.insert((pathway, call.text.clone()));
    }

    /// Whether a name such as `CALL/STEP` is of a call that nothing came with: that is said there, and not for every name of it.
    fn came_to_nothing(&self, fits: &[What], name: &str) -> bool {
        let Some((call, _)) = name.split_once('/') else { return false };
        let is_empty = |what: &What| matches!(what, What::Place(id) if self.empty.contains(&(*id, call.to_string())));
        fits.iter().any(is_empty)
    }

    /// Looks a name up, as one of the kinds that fit. What is not there, is something else, or is in a file that is
    /// not in use, becomes a finding.
    pub(super) fn look_up(
        &self,
        fits: &[What],
        file: usize,
        word: &Word,
        findings: &mut Vec<Finding>,
    ) -> Option<(What, u32)> {
        if word.text.is_empty() {
            return None;
        }
        let here = place(file, word.at);
        let all = self.by_name.get(word.text.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(symbol) = all.iter().find(|symbol| fits.contains(&symbol.what)) {
            let local = matches!(
                symbol.what,
                What::Place(_)
                    | What::BestInterests(_)
                    | What::Contact(_)
                    | What::Ladder(_)
                    | What::Meeting(_)
                    | What::Directory
            );
            if !local && symbol.file != EVERYWHERE && !self.reach[file].contains(&symbol.file) {
                findings.push(
                    Finding::new(
                        Kind::NotInUse,
                        here,
                        format!("`{}` is declared in a file that this file does not use", word.text),
                    )
                    .and(place(symbol.file, symbol.at), "declared here")
                    .help("add a line `use \"…\"` with that file, near the top"),
                );
            }
            return Some((symbol.what, symbol.id));
        }
        if self.lost.contains(&word.text) || (all.is_empty() && self.blind.contains(&file)) {
            // It may well be declared where something could not be read: one mistake is not reported twice.
            return None;
        }
        let wanted = fits.iter().map(|what| what.in_words()).collect::<Vec<_>>().join(" or ");
        let is_place = |what: &What| matches!(what, What::Place(_));
        if fits.iter().any(is_place)
            && let Some(other) = all.iter().find(|other| is_place(&other.what))
        {
            let message = format!("`{}` is a place of another pathway, and {wanted} is needed here", word.text);
            let finding =
                Finding::new(Kind::UnknownName, here, message).and(place(other.file, other.at), "declared here");
            findings.push(finding.help(format!("declare a `{}` here, or `call` that pathway", word.text)));
            return None;
        }
        if self.came_to_nothing(fits, &word.text) {
            return None;
        }
        if let Some(other) = all.first() {
            findings.push(
                Finding::new(
                    Kind::WrongKind,
                    here,
                    format!("`{}` is {}, and {wanted} is needed here", word.text, other.what.loosely()),
                )
                .and(place(other.file, other.at), "declared here"),
            );
            return None;
        }
        let known = || fits.iter().flat_map(|what| self.names(*what));
        let finding =
            Finding::new(Kind::UnknownName, here, format!("there is no `{}`; {wanted} is needed here", word.text));
        if let Some((_, alone)) = word.text.rsplit_once('/')
            && known().any(|it| it == alone)
        {
            let help = format!("`/` stands only between a call and what comes with it; write `{alone}`");
            findings.push(finding.help(help));
            return None;
        }
        // Where a great deal is wrong, looking for what was meant each time would take longer than it helps.
        let guess = findings.len() < MAX_GUESSES;
        let near = if guess { nearest(&word.text, known()) } else { Vec::new() };
        // Of two that are as near nobody but the author knows which was meant.
        let meant = if guess { surely_meant(&word.text, known()) } else { None };
        findings.push(match near.as_slice() {
            [] => finding.help(match word.text.split_once('/') {
                Some((call, _)) => {
                    format!(
                        "what stands before the `/` names a call: write `call {call}`, or use a name that is declared"
                    )
                }
                None => format!("declare `{}`, or use the name of one that is declared", word.text),
            }),
            near => {
                let list = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
                let finding = finding.help(format!("did you mean {list}?"));
                match meant {
                    Some(meant) => finding.suggest(here, meant),
                    None => finding,
                }
            }
        });
        None
    }
}

pub(super) fn missing_file(at: Place, written: &str, wanted: &str) -> Finding {
    Finding::new(Kind::MissingFile, at, format!("`{written}` is not among the files that were given"))
        .help(format!("the file is looked for as `{wanted}`, beside the file that names it"))
}

/// The name of a source that `use "…"` in the source `from` refers to: paths are relative to the folder of the file
/// that uses them, with forward slashes; `.` and `..` are taken out.
pub fn resolve_use(from: &str, used: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rooted = from.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(used.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, parts.join("/"))
}
