//! A case: opened, asked where it stands, saved, loaded, played again.

use super::Shared;
use super::answer::Answer;
use super::change::Was;
use super::event::{By, Event};
use super::follow::World;
use super::ids::numbered;
use super::known::{Holding, View};
use super::load_error::LoadError;
use super::person_record::{KnownBefore, PersonRecord};
use super::record::*;
use super::refusal::Refusal;
use super::seal::Secret;
use super::walk::Sent;
use crate::calendar::Moment;
use crate::model::{self, Directory, FactId, MAIN, Name, OfBranch, PlaceId, PlaceKind, RouteId, Target};
use crate::workflow::Program;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// What a case is opened with.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The host's id for the case.
    pub id: String,
    /// What is known so far.
    pub facts: BTreeMap<Name, model::Answer>,
    /// Who opens it.
    pub by: By,
    /// What is known about the person from their other cases.
    pub person: PersonRecord,
    /// What the journal is salted with, so that what it says can be erased and the rest still be seen to be as it was.
    pub secret: Option<Secret>,
}

/// A case that runs. It holds everything it needs and nothing of the outside.
#[derive(Clone)]
pub struct Case {
    pub(super) program: Arc<Program>,
    pub(super) directory: Arc<Directory>,
    pub(super) shared: Arc<Shared>,
    pub(super) record: CaseRecord,
    pub(super) holding: Holding,
    /// The entry of each event that was taken, by the event's id.
    pub(super) events: BTreeMap<String, u32>,
    pub(super) spent: u32,
    /// What the change that is being made has put otherwise, as it was before.
    pub(super) was: Vec<Was>,
    /// Whether something has interrupted at this moment: only one thing does.
    pub(super) interrupted_now: bool,
    /// Where one passes on while it is looked whether anything happens: nothing is open on that road then.
    pub(super) passing: Option<PlaceId>,
    /// What it ran with before it went on with another directory.
    pub(super) before: Vec<World>,
    /// What has been opened alongside at this moment, by number: each once.
    pub(super) alongside_now: Vec<usize>,
    /// The branches that are pathways of their own and have ended, while their blocks have not gone on yet.
    pub(super) branches_over: VecDeque<OfBranch>,
}

impl Case {
    /// Opens a case; as a `draft` where the pathway is not proved, and then every answer says so.
    pub(crate) fn open(
        program: Arc<Program>,
        (directory, directory_hash): (Arc<Directory>, &str),
        shared: Arc<Shared>,
        mut opening: Opening,
        now: Moment,
        draft: bool,
    ) -> Result<(Case, Answer), Refusal> {
        let person = std::mem::take(&mut opening.person);
        let speaks_of = |name: &Name| {
            let looks_at = |fact| directory.looks_at(fact, &shared.facts, &shared.scores);
            let fact = shared.fact(name).filter(|fact| program.pathway.facts.contains(fact) || looks_at(*fact));
            fact.is_some() && !opening.facts.contains_key(name)
        };
        let fits = |name: &Name, it: &KnownBefore| it.fits(name, &shared, &directory, now);
        let known = person.standing().filter(|(name, it)| speaks_of(name) && fits(name, it));
        let known = known.map(|(name, it)| (name.clone(), it.clone())).collect();
        Case::open_knowing(program, (directory, directory_hash), shared, opening, known, now, draft)
    }

    /// The same, knowing that of the person already.
    fn open_knowing(
        program: Arc<Program>,
        (directory, directory_hash): (Arc<Directory>, &str),
        shared: Arc<Shared>,
        opening: Opening,
        known: BTreeMap<Name, KnownBefore>,
        now: Moment,
        draft: bool,
    ) -> Result<(Case, Answer), Refusal> {
        if now >= directory.valid_until {
            return Err(Refusal::PastHorizon { directory: directory.name.clone(), ends: directory.valid_until });
        }
        if opening.id.is_empty() {
            return Err(Refusal::NoId);
        }
        let lacks = lacks(&program, &directory, &shared);
        if !lacks.is_empty() {
            return Err(Refusal::DirectoryLacks { directory: directory.name.clone(), lacks });
        }
        let pathway = &program.pathway;
        let record = CaseRecord {
            format: FORMAT,
            id: opening.id,
            revision: 0,
            draft,
            pathway: PathwayRef {
                name: pathway.name.clone(),
                version: pathway.version.clone(),
                hash: Name::from(&program.hash),
            },
            directory: DirectoryRef { name: directory.name.clone(), hash: Name::from(directory_hash) },
            opened: now,
            now,
            facts: BTreeMap::new(),
            otherwise: BTreeSet::new(),
            disputed: BTreeMap::new(),
            open: Vec::new(),
            beside: Vec::new(),
            models: BTreeMap::new(),
            entered: BTreeMap::new(),
            taken: BTreeMap::new(),
            done: BTreeMap::new(),
            closed: None,
            ended: None,
            stranded: None,
            died: false,
            interrupted: Default::default(),
            secret: None,
            journal: Vec::new(),
        };
        let start = pathway.start;
        let mut case = Case::around(program, directory, shared, record);
        case.keep_secret(opening.secret);
        let (facts, by) = (opening.facts, opening.by);
        case.check_by(&by).map_err(Refusal::in_short)?;
        case.write(now, EntryKind::CaseOpened { facts: facts.clone(), by: by.clone(), known: known.clone() });
        for (fact, it) in &known {
            case.learn(fact, it, now)?;
        }
        case.record_facts(&facts, now, &by, now).map_err(Refusal::in_short)?;
        case.enter(start, now, 0, Sent::default())?;
        case.look(now)?;
        case.ask_models(now);
        case.seal(0);
        case.nothing_to_put_back();
        let answer = case.answer(0);
        Ok((case, answer))
    }

    /// A case around its record, of which nothing is worked out yet.
    fn around(program: Arc<Program>, directory: Arc<Directory>, shared: Arc<Shared>, record: CaseRecord) -> Case {
        Case {
            program,
            holding: Holding::new(shared.facts.len(), &directory.calendar.zone),
            directory,
            shared,
            record,
            events: BTreeMap::new(),
            spent: 0,
            was: Vec::new(),
            interrupted_now: false,
            passing: None,
            before: Vec::new(),
            alongside_now: Vec::new(),
            branches_over: VecDeque::new(),
        }
    }

    /// The case as it is kept and saved.
    pub fn record(&self) -> &CaseRecord {
        &self.record
    }

    /// The program it runs.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The directory it runs with.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The facts, scores and roles of its library.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Whether a fact is one of the pathway's, or one by which the directory tells who serves the person.
    pub(super) fn speaks_of(&self, fact: FactId) -> bool {
        self.program.pathway.facts.contains(&fact)
            || self.directory.looks_at(fact, &self.shared.facts, &self.shared.scores)
    }

    /// What is known and good at a moment.
    pub fn known(&self, at: Moment) -> View<'_> {
        self.holding.at(&self.shared, at)
    }

    /// What is known about the person as far as somebody in a role may see it: without what is `kept from` them. Where there
    /// is no such role, without what is kept from anybody.
    pub fn seen_by(&self, role: &str) -> BTreeMap<&Name, &KnownFact> {
        self.record.facts.iter().filter(|(name, _)| self.shared.shows_to(name, role)).collect()
    }

    /// Goes on with a saved case.
    ///
    /// # Errors
    /// When it was saved in another format, with another version of the pathway or of the directory, or when what was
    /// saved names something that is not there.
    pub(crate) fn load(
        program: Arc<Program>,
        (directory, directory_hash): (Arc<Directory>, &str),
        shared: Arc<Shared>,
        record: CaseRecord,
        before: Vec<World>,
    ) -> Result<Case, LoadError> {
        if !(OLDEST_FORMAT..=FORMAT).contains(&record.format) {
            return Err(LoadError::OtherFormat { format: record.format, reads: FORMAT });
        }
        let record = CaseRecord { format: FORMAT, ..record };
        record.check_chain()?;
        if record.pathway.hash != program.hash.as_str() {
            return Err(LoadError::OtherVersion {
                pathway: record.pathway.name,
                version: record.pathway.version,
                has: program.pathway.version.clone(),
            });
        }
        if record.directory.hash != directory_hash {
            return Err(LoadError::OtherDirectory { directory: record.directory.name });
        }
        let mut case = Case::around(program, directory, shared, record);
        case.before = before;
        case.settle().map_err(LoadError::Broken)?;
        Ok(case)
    }

    /// Works out again what is not saved: numbers of places, and the slots of the facts.
    fn settle(&mut self) -> Result<(), String> {
        self.work_out()?;
        self.hangs_together()
    }

    pub(super) fn work_out(&mut self) -> Result<(), String> {
        let pathway = &self.program.pathway;
        let place = |name: &Name| pathway.place_named(name).ok_or_else(|| format!("the pathway has no `{name}`"));
        for open in &mut self.record.open {
            open.place = place(&open.step)?;
        }
        if let Some(stranded) = &mut self.record.stranded {
            stranded.place = place(&stranded.decision)?;
        }
        for entry in &mut self.record.journal {
            if let EntryKind::Stranded(stranded) = &mut entry.what {
                stranded.place = place(&stranded.decision)?;
            }
        }
        for (name, known) in &self.record.facts {
            let fact = self.shared.fact(name).ok_or_else(|| format!("there is no fact `{name}`"))?;
            let domain = &self.shared.facts[fact.index()].domain;
            let value = domain
                .read(&known.value, Some(&self.directory.calendar.zone))
                .map_err(|error| format!("`{name}`: {}", error.in_brief()))?;
            self.holding.keep(&self.shared, fact, value, known.happened, known.entry);
        }
        for name in &self.record.otherwise {
            let presumed = |fact: &FactId| self.shared.facts[fact.index()].presumed.is_some();
            let fact = self.shared.fact(name).filter(presumed).ok_or_else(|| format!("`{name}` is not presumed"))?;
            self.holding.found_otherwise(fact, true);
        }
        for (number, entry) in self.record.journal.iter().enumerate() {
            let id = match &entry.what {
                EntryKind::Event(event) => &event.id,
                EntryKind::Erased { event: Some(id), .. } => id,
                _ => continue,
            };
            self.events.insert(id.clone(), number as u32);
        }
        self.nothing_to_put_back();
        Ok(())
    }

    /// Whether a saved case says what a case can say. [`Case::verify`] goes further and plays the journal again.
    fn hangs_together(&self) -> Result<(), String> {
        let record = &self.record;
        let check = |fine: bool, what: String| if fine { Ok(()) } else { Err(what) };
        let entries = record.journal.len();
        let beside = |place: PlaceId| self.program.pathway.road(place) != MAIN;
        let stranded = |aside: bool| record.stranded.as_ref().is_some_and(|it| beside(it.place) == aside);
        let open = |aside: bool| record.open.iter().any(|it| beside(it.place) == aside);
        // The main road stands somewhere, or has ended; what is done alongside, or in a branch, stands beside it.
        let ways = [open(false) || stranded(false), record.closed.is_some(), record.ended.is_some()];
        let one_way = ways.into_iter().filter(|way| *way).count() == 1 && !(open(false) && stranded(false));
        let aside = open(true) || stranded(true);
        let fits = if record.closed.is_some() { !aside } else { record.ended.is_none() || aside };
        check(
            one_way && fits && entries > 0,
            "it is neither open nor closed nor stranded, or more than one of them".into(),
        )?;
        check(record.revision <= entries as u64, "it has taken more inputs than its journal holds".into())?;
        let mut counts = record.entered.values().chain(record.taken.values());
        check(counts.all(|count| *count as usize <= entries), "it counts more than happened".into())?;
        check(record.facts.values().all(|fact| (fact.entry as usize) < entries), "a fact comes from nowhere".into())?;
        for (number, open) in record.open.iter().enumerate() {
            let place = self.place(open.place);
            let step = &open.step;
            let can_be_open = !matches!(place.kind, PlaceKind::Decide(_) | PlaceKind::Ending(_));
            check(can_be_open && place.name == *step, format!("`{step}` is never open"))?;
            let twice = record.open[..number].iter().any(|other| other.place == open.place);
            check(!twice, format!("`{step}` is open twice"))?;
            let owned = open.owner.as_ref().is_none_or(|owner| self.shared.role(owner).is_some());
            check(owned, format!("nobody has the role that `{step}` is with"))?;
            let in_order = open.due >= open.opened && open.opened >= record.opened;
            check(in_order, format!("`{step}` is due before it opened"))?;
            let advised = matches!(&place.kind, PlaceKind::Choose(choose) if choose.advised);
            check(open.advice.is_some() == advised, format!("`{step}` is advised where it is not, or is not"))?;
            let branch = place.in_branch.and_then(|branch| self.program.pathway.block_of(branch));
            for block in place.kind.branch_of().into_iter().chain(branch) {
                let block_open = record.open.iter().any(|open| open.place == block);
                check(block_open, format!("the block of `{step}` is not open"))?;
            }
            if let Some(to) = &open.escalated {
                let ladder = self.directory.ladder(&to.ladder);
                let rung = ladder.is_some_and(|ladder| (to.rung as usize) < ladder.rungs.len());
                let there = rung && to.asked_again as usize <= entries;
                check(there, format!("`{step}` is with a rung that is not there"))?;
                check(to.answer_by >= open.opened, format!("`{step}` was to be answered before it opened"))?;
            }
        }
        for question in &record.beside {
            let step = &question.step;
            let times = record.entered.get(step).copied().unwrap_or(0);
            check(question.entry <= times && question.due >= question.opened, format!("`{step}` was not asked"))?;
            let known = self.shared.role(&question.owner).is_some();
            check(known, format!("nobody has the role that `{step}` is with"))?;
            let fits = match &question.about {
                About::Disputed { fact } => record.disputed.contains_key(fact),
                About::Review { decided, .. } => (*decided as usize) < entries,
            };
            check(fits, format!("`{step}` asks about nothing"))?;
        }
        for (name, found) in &record.disputed {
            let disputed = self.shared.fact_named(name).is_some_and(|fact| fact.arbiter.is_some());
            let there = found.iter().all(|it| (it.entry as usize) < entries);
            check(disputed && there && found.len() > 1, format!("`{name}` is disputed, and cannot be"))?;
        }
        let done = |(name, at): (&Name, &crate::calendar::Moment)| {
            let place = self.program.pathway.place_named(name);
            *at <= record.now && place.is_some_and(|place| self.program.is_counted_after(place))
        };
        check(record.done.iter().all(done), "something was done that was not, or not yet".into())?;
        let interrupts = |name: &&Name| self.program.pathway.interrupts.iter().any(|it| it.name == **name);
        if let Some(other) = record.interrupted.iter().find(|name| !interrupts(name)) {
            return Err(format!("nothing of the name `{other}` interrupts"));
        }
        if let Some(closed) = record.closed.as_ref().or(record.ended.as_ref()) {
            let ending = self.program.pathway.place_named(&closed.ending).map(|id| &self.place(id).kind);
            check(matches!(ending, Some(PlaceKind::Ending(_))), format!("`{}` is no ending", closed.ending))?;
        }
        if let Some(stranded) = &record.stranded {
            let decision = matches!(self.place(stranded.place).kind, PlaceKind::Decide(_));
            check(decision, format!("`{}` is no decision", stranded.decision))?;
        }
        Ok(())
    }

    /// Looks at the chain of the journal, plays the journal again and compares: whether the case is what its own history
    /// makes it. What was erased cannot be played again: then it is the chain that shows that nothing else was changed.
    ///
    /// # Errors
    /// When it is not: it was changed by hand, or written by another program.
    pub fn verify(&self) -> Result<(), LoadError> {
        self.record.check_chain()?;
        if self.record.is_erased() {
            let chained = self.record.head().is_some();
            return if chained { Ok(()) } else { Err(LoadError::Erased) };
        }
        if self.replay()?.record == self.record.without_chain() {
            return Ok(());
        }
        Err(LoadError::Broken("it is not what its journal makes it".to_string()))
    }

    /// Plays the journal again, up to and including an entry, and gives the case and the last answer.
    ///
    /// # Errors
    /// When the journal does not start with an opening, or holds an input that is refused: it was not written by this
    /// program, or was changed.
    pub fn replay_to(&self, last: usize) -> Result<(Case, Answer), LoadError> {
        let broken = |what: String| LoadError::Broken(what);
        let mut inputs = self.record.journal.iter().take(last.saturating_add(1));
        let Some(Entry { at, what: EntryKind::CaseOpened { facts, by, known }, .. }) = inputs.next() else {
            return Err(broken("the journal does not start with an opening".to_string()));
        };
        let mut worlds = self.before.iter().cloned().chain([self.world()]);
        let began_with = self.record.followed().next().unwrap_or(&self.record.directory).clone();
        let other = |directory: Name| LoadError::OtherDirectory { directory };
        let world = worlds.next().filter(|it| it.directory_hash == began_with.hash);
        let world = world.ok_or_else(|| other(began_with.name.clone()))?;
        let (facts, by) = (facts.clone(), by.clone());
        let opening = Opening { id: self.record.id.clone(), facts, by, ..Opening::default() };
        let directory = (Arc::clone(&world.directory), world.directory_hash.as_str());
        let opened =
            Case::open_knowing(world.program, directory, world.shared, opening, known.clone(), *at, self.record.draft);
        let (mut case, mut answer) = opened.map_err(|refusal| broken(refusal.to_string()))?;
        for entry in inputs {
            let again = match &entry.what {
                EntryKind::Event(event) => case.apply(Event::clone(event), entry.at),
                EntryKind::Advanced => case.advance(entry.at),
                EntryKind::Followed { directory, .. } => {
                    let world = worlds.next().filter(|it| it.directory_hash == directory.hash);
                    let world = world.ok_or_else(|| other(directory.name.clone()))?;
                    let from = case.record.journal.len();
                    case.goes_on_with(world, entry.at).map(|()| case.answer(from))
                }
                EntryKind::Erased { .. } => return Err(LoadError::Erased),
                _ => continue,
            };
            answer = again.map_err(|refusal| broken(refusal.to_string()))?;
        }
        Ok((case, answer))
    }

    /// Plays the whole journal again.
    ///
    /// # Errors
    /// As [`Case::replay_to`].
    pub fn replay(&self) -> Result<Case, LoadError> {
        self.replay_to(usize::MAX).map(|(case, _)| case)
    }

    /// Forgets what has happened, but for where that has led: for looking ahead, where only what can still happen matters.
    pub(crate) fn forget_history(&mut self) {
        self.record.journal.clear();
        self.events.clear();
    }

    pub(super) fn place(&self, id: PlaceId) -> &model::Place {
        self.program.pathway.place(id)
    }

    pub(super) fn fact_name(&self, fact: FactId) -> Name {
        self.shared.facts[fact.index()].name.clone()
    }

    /// What is read of a fact at a moment: the entry that says it, or what is presumed.
    pub(super) fn reading(&self, fact: FactId, at: Moment) -> Reading {
        let entry = self.holding.entry(fact, at);
        let presumed = entry.is_none() && self.holding.presumed(&self.shared, fact).is_some();
        Reading { fact: self.fact_name(fact), entry, presumed }
    }

    pub(super) fn role_name(&self, role: model::RoleId) -> Name {
        self.shared.roles[role.index()].name.clone()
    }

    /// Whether something open is somebody's own next step. A block is while it is escalated, or when its branches have
    /// all ended and it was given to somebody; otherwise its branches are.
    pub(super) fn is_work(&self, open: &Open) -> bool {
        match &self.place(open.place).kind {
            PlaceKind::Together(block) => open.escalated.is_some() || open.branches.len() as u32 >= block.to_do(),
            _ => true,
        }
    }

    /// What a route leads to now: the way behind a count that is used up.
    pub(super) fn target_now(&self, route: RouteId) -> Option<Target> {
        let pathway = &self.program.pathway;
        let open = pathway.route_chain(route).find(|(_, it)| match it.counted {
            None => true,
            Some((counter, _)) => {
                let counter = &pathway.counters[counter.index()];
                self.record.taken.get(&counter.name).copied().unwrap_or(0) < counter.limit
            }
        });
        open.map(|(_, it)| it.target)
    }
}

/// The id of a next step: its place and how many times that was entered.
pub(super) fn step_id(open: &Open) -> String {
    numbered(&open.step, '#', open.entry)
}

/// When something open is next due: its deadline, or the answer of whom one turned to.
pub(super) fn next_due(open: &Open) -> Moment {
    open.escalated.as_ref().map_or(open.due, |escalated| escalated.answer_by)
}

/// What a directory does not have of what a case that opens needs: what no case goes on without, and who does what.
fn lacks(program: &Program, directory: &Directory, shared: &Shared) -> Vec<Name> {
    let mut lacks = lacks_to_go_on(program, directory, shared);
    add_unfilled(&mut lacks, program.pathway.needs().map(|(_, role)| role), directory, shared);
    lacks
}

/// What a directory does not have and a case would stand still without, now or later: a ladder, a meeting, or who is
/// asked what is disputed. Where a role is missing somebody on a ladder is asked.
pub(super) fn lacks_to_go_on(program: &Program, directory: &Directory, shared: &Shared) -> Vec<Name> {
    let pathway = &program.pathway;
    let ladders = pathway.ladders.iter().filter(|ladder| directory.ladder(&ladder.name).is_none());
    let mut lacks: Vec<Name> = ladders.map(|ladder| ladder.name.clone()).collect();
    let meetings = pathway.meetings.iter().filter(|it| directory.meeting(it.id).is_none());
    lacks.extend(meetings.map(|it| it.name.clone()));
    let arbiters = shared.facts_of(pathway).filter_map(|fact| fact.arbiter.map(|arbiter| arbiter.role));
    add_unfilled(&mut lacks, arbiters, directory, shared);
    lacks
}

fn add_unfilled(
    lacks: &mut Vec<Name>,
    roles: impl Iterator<Item = model::RoleId>,
    directory: &Directory,
    shared: &Shared,
) {
    for role in roles {
        let name = &shared.roles[role.index()].name;
        if !directory.fills(role) && !lacks.contains(name) {
            lacks.push(name.clone());
        }
    }
}
