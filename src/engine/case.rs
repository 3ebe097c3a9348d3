//! A case: opened, asked where it stands, saved, loaded, played again.

use super::Shared;
use super::answer::{Answer, Effect, EffectKind, NextStep, NextSteps, Standing, Work};
use super::event::By;
use super::known::{Holding, View};
use super::record::*;
use super::refusal::{LoadError, Refusal};
use super::walk::Sent;
use crate::calendar::Moment;
use crate::model::{self, Directory, Exit, FactId, Name, PlaceId, PlaceKind, RouteId, Target};
use crate::workflow::Program;
use std::collections::{BTreeMap, BTreeSet};
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
}

/// A case that runs. It holds everything it needs and nothing of the outside.
#[derive(Clone, Debug)]
pub struct Case {
    pub(super) program: Arc<Program>,
    pub(super) directory: Arc<Directory>,
    pub(super) shared: Arc<Shared>,
    pub(super) record: CaseRecord,
    pub(super) holding: Holding,
    /// The entry of each event that was taken, by the event's id.
    pub(super) events: BTreeMap<String, u32>,
    pub(super) spent: u32,
    /// What was entered since the event that is being taken, and how often it had been before: so that it can be undone.
    pub(super) just_entered: Vec<(Name, u32)>,
    /// Whether something has interrupted at this moment: only one thing does.
    pub(super) interrupted_now: bool,
}

impl Case {
    /// Opens a case; as a `draft` where the pathway is not proved, and then every answer says so.
    pub(crate) fn open(
        program: Arc<Program>,
        (directory, directory_hash): (Arc<Directory>, &str),
        shared: Arc<Shared>,
        opening: Opening,
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
            open: Vec::new(),
            entered: BTreeMap::new(),
            taken: BTreeMap::new(),
            closed: None,
            stranded: None,
            died: false,
            interrupted: Default::default(),
            journal: Vec::new(),
        };
        let start = pathway.start;
        let mut case = Case::around(program, directory, shared, record);
        let (facts, by) = (opening.facts, opening.by);
        case.check_by(&by)?;
        case.write(now, EntryKind::CaseOpened { facts: facts.clone(), by: by.clone() });
        case.record_facts(&facts, now, &by, now)?;
        case.enter(start, now, 0, Sent::default())?;
        case.look(now)?;
        let answer = case.answer(0, case.record.revision);
        Ok((case, answer))
    }

    /// A case around its record, of which nothing is worked out yet.
    fn around(program: Arc<Program>, directory: Arc<Directory>, shared: Arc<Shared>, record: CaseRecord) -> Case {
        Case {
            program,
            directory,
            holding: Holding::new(shared.facts.len()),
            shared,
            record,
            events: BTreeMap::new(),
            spent: 0,
            just_entered: Vec::new(),
            interrupted_now: false,
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

    /// What is known and good at a moment.
    pub fn known(&self, at: Moment) -> View<'_> {
        self.holding.at(&self.shared, at)
    }

    /// What is known about the person as far as somebody in a role may see it: without what is `kept from` them.
    pub fn seen_by(&self, role: &str) -> BTreeMap<&Name, &KnownFact> {
        let id = self.shared.roles.iter().position(|it| it.name == *role).map(|at| model::RoleId(at as u32));
        let kept = |name: &Name| {
            let fact = self.shared.fact(name).and_then(|fact| self.shared.facts.get(fact.index()));
            fact.zip(id).is_some_and(|(fact, id)| fact.kept_from.contains(&id))
        };
        self.record.facts.iter().filter(|(name, _)| !kept(name)).collect()
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
    ) -> Result<Case, LoadError> {
        if record.format != FORMAT {
            return Err(LoadError::OtherFormat { format: record.format, reads: FORMAT });
        }
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
        case.settle().map_err(LoadError::Broken)?;
        Ok(case)
    }

    /// Works out again what is not saved: numbers of places, and the slots of the facts.
    fn settle(&mut self) -> Result<(), String> {
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
                .map_err(|error| format!("`{name}`: {error}"))?;
            self.holding.keep(&self.shared, fact, value, known.happened, known.entry);
        }
        for name in &self.record.otherwise {
            let presumed = |fact: &FactId| self.shared.facts[fact.index()].presumed.is_some();
            let fact = self.shared.fact(name).filter(presumed).ok_or_else(|| format!("`{name}` is not presumed"))?;
            self.holding.found_otherwise(fact, true);
        }
        for (number, entry) in self.record.journal.iter().enumerate() {
            if let EntryKind::Event(event) = &entry.what {
                self.events.insert(event.id.clone(), number as u32);
            }
        }
        self.hangs_together()
    }

    /// Whether a saved case says what a case can say. [`Case::verify`] goes further and plays the journal again.
    fn hangs_together(&self) -> Result<(), String> {
        let record = &self.record;
        let check = |fine: bool, what: String| if fine { Ok(()) } else { Err(what) };
        let entries = record.journal.len();
        let ways = [!record.open.is_empty(), record.closed.is_some(), record.stranded.is_some()];
        let one_way = ways.into_iter().filter(|way| *way).count() == 1;
        check(one_way && entries > 0, "it is neither open nor closed nor stranded, or more than one of them".into())?;
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
            if let PlaceKind::Step(model::Step { branch_of: Some(block), .. }) = place.kind {
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
        let interrupts = |name: &&Name| self.program.pathway.interrupts.iter().any(|it| it.name == **name);
        if let Some(other) = record.interrupted.iter().find(|name| !interrupts(name)) {
            return Err(format!("nothing of the name `{other}` interrupts"));
        }
        if let Some(closed) = &record.closed {
            let ending = self.program.pathway.place_named(&closed.ending).map(|id| &self.place(id).kind);
            check(matches!(ending, Some(PlaceKind::Ending(_))), format!("`{}` is no ending", closed.ending))?;
        }
        if let Some(stranded) = &record.stranded {
            let decision = matches!(self.place(stranded.place).kind, PlaceKind::Decide(_));
            check(decision, format!("`{}` is no decision", stranded.decision))?;
        }
        Ok(())
    }

    /// Plays the journal again and compares: whether the case is what its own history makes it.
    ///
    /// # Errors
    /// When it is not: it was changed by hand, or written by another program.
    pub fn verify(&self) -> Result<(), LoadError> {
        if self.replay()?.record == self.record {
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
        let Some(Entry { at, what: EntryKind::CaseOpened { facts, by } }) = inputs.next() else {
            return Err(broken("the journal does not start with an opening".to_string()));
        };
        let opening = Opening { id: self.record.id.clone(), facts: facts.clone(), by: by.clone() };
        let directory = (Arc::clone(&self.directory), self.record.directory.hash.as_str());
        let shared = Arc::clone(&self.shared);
        let opened = Case::open(Arc::clone(&self.program), directory, shared, opening, *at, self.record.draft);
        let (mut case, mut answer) = opened.map_err(|refusal| broken(refusal.to_string()))?;
        for entry in inputs {
            let again = match &entry.what {
                EntryKind::Event(event) => case.apply(event.clone(), entry.at),
                EntryKind::Advanced => case.advance(entry.at),
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

    /// When something is next due: a deadline, an answer of a ladder, or a fact that goes stale. The host calls
    /// [`Case::advance`] then. Nothing once the case is closed.
    pub fn due(&self) -> Option<Moment> {
        if self.record.closed.is_some() {
            return None;
        }
        let deadlines = self.record.open.iter().map(next_due);
        deadlines.chain(self.holding.next_stale(self.record.now)).min()
    }

    /// Where the case stands.
    pub fn standing(&self) -> Standing {
        if let Some(closed) = &self.record.closed {
            return Standing::Closed(closed.clone());
        }
        if let Some(stranded) = &self.record.stranded {
            return Standing::Stranded(stranded.clone());
        }
        let steps = self.record.open.iter().filter(|open| self.is_work(open));
        let stranded = || {
            Standing::Stranded(Stranded {
                decision: self.program.pathway.name.clone(),
                since: self.record.now,
                missing: Vec::new(),
                place: PlaceId::default(),
            })
        };
        NextSteps::new(steps.map(|open| self.next_step(open))).map_or_else(stranded, Standing::Next)
    }

    /// The next steps; nothing once the case is closed, or where a draft found no way on.
    pub fn next(&self) -> Option<NextSteps> {
        match self.standing() {
            Standing::Next(steps) => Some(steps),
            Standing::Closed(_) | Standing::Stranded(_) => None,
        }
    }

    /// The next step of that name, where it is one.
    pub fn next_named(&self, step: &str) -> Option<NextStep> {
        if self.record.closed.is_some() || self.record.stranded.is_some() {
            return None;
        }
        let open = self.record.open.iter().find(|open| open.step == *step && self.is_work(open))?;
        Some(self.next_step(open))
    }

    pub(super) fn place(&self, id: PlaceId) -> &model::Place {
        self.program.pathway.place(id)
    }

    pub(super) fn fact_name(&self, fact: FactId) -> Name {
        self.shared.facts[fact.index()].name.clone()
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

    fn next_step(&self, open: &Open) -> NextStep {
        let place = self.place(open.place);
        let finds = self.still_to_find(open, self.record.now).into_iter().map(|fact| self.fact_name(fact)).collect();
        let work = match &place.kind {
            PlaceKind::HandOver(hand_over) => Work::Accept { by: self.role_name(hand_over.to) },
            PlaceKind::Choose(choose) => {
                let now = self.record.now;
                let (options, not_now) = (self.options(choose.decision, now), self.not_now(choose.decision, now));
                let advised = open.advice.as_ref().map_or(&open.missing, |advice| &advice.missing);
                Work::Decide { options, missing: advised.clone(), not_now, advice: self.advised(open).map(Box::new) }
            }
            PlaceKind::Step(step) if step.meanwhile => Work::BeThere,
            _ => Work::Do,
        };
        let owner = match &open.escalated {
            Some(escalated) => escalated.contact.clone(),
            None => open.owner.clone().unwrap_or_else(|| "person".into()),
        };
        let part_of = match &place.kind {
            PlaceKind::Step(step) => step.branch_of.map(|block| self.place(block).name.clone()),
            _ => None,
        };
        NextStep {
            id: step_id(open),
            step: open.step.clone(),
            title: place.title.clone(),
            work,
            owner,
            escalated_to: open.escalated.as_ref().map(|it| it.contact.clone()),
            escalated_because: open.escalated.as_ref().map(|it| it.because),
            since: open.opened,
            due: next_due(open),
            if_late: self.if_late(open, place),
            finds,
            part_of,
        }
    }

    fn if_late(&self, open: &Open, place: &model::Place) -> String {
        if let Some(escalated) = &open.escalated {
            let ladder = self.directory.ladder(&escalated.ladder);
            let above = ladder.and_then(|ladder| ladder.rungs.get(escalated.rung as usize + 1));
            return match above {
                Some(rung) => format!("ask {}", rung.name),
                None => format!("ask {} again", escalated.contact),
            };
        }
        place.exits[Exit::Late as usize].map_or(String::new(), |route| self.target_words(route))
    }

    /// Where a route leads now, in words: the way behind a count that is used up is not shown before it is.
    fn target_words(&self, route: RouteId) -> String {
        let pathway = &self.program.pathway;
        match self.target_now(route) {
            Some(Target::Place(place)) => self.place(place).name.to_string(),
            Some(Target::Escalate(ladder)) => format!("escalate to {}", pathway.ladder(ladder).name),
            Some(Target::Back) => "back to the decision".to_string(),
            Some(Target::NotDone) | None => "counts as not done".to_string(),
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

    /// What the entries from a place in the journal on ask of the host.
    pub(super) fn answer(&self, from: usize, revision: u64) -> Answer {
        let effects = self.record.journal.iter().enumerate().skip(from).filter_map(|(number, entry)| {
            let what = self.effect(&entry.what)?;
            Some(Effect { id: format!("{}/{number}", self.record.id), at: entry.at, what })
        });
        Answer { revision, draft: self.record.draft, effects: effects.collect(), standing: self.standing() }
    }

    /// Everything the case has asked of its host, from an entry of the journal on: for a host that saved the case and
    /// went down before it had sent what followed. The ids are those of the answers.
    pub fn effects_since(&self, entry: usize) -> Vec<Effect> {
        self.answer(entry, self.record.revision).effects
    }

    fn effect(&self, entry: &EntryKind) -> Option<EffectKind> {
        Some(match entry {
            EntryKind::Opened { step, entry, due, .. } => {
                EffectKind::Opened { step: format!("{step}#{entry}"), due: *due }
            }
            EntryKind::Ended { step, entry, how: Outcome::StoodDown, .. } => {
                EffectKind::StoodDown { step: format!("{step}#{entry}"), contact: None }
            }
            EntryKind::StoodDown { step, entry, contact } => {
                EffectKind::StoodDown { step: format!("{step}#{entry}"), contact: Some(contact.clone()) }
            }
            EntryKind::Reassigned { step, entry, to, due } => {
                EffectKind::Reassigned { step: format!("{step}#{entry}"), to: to.clone(), due: *due }
            }
            EntryKind::Advised { step, entry, advice, .. } => EffectKind::Advised {
                step: format!("{step}#{entry}"),
                advice: format!("{step}#{entry}.{}", advice.number),
                advises: advice.advises.clone(),
            },
            EntryKind::Told { who, text, .. } => EffectKind::Tell { who: who.clone(), text: text.clone() },
            EntryKind::Escalated { step, entry, to } => EffectKind::Escalated {
                step: format!("{step}#{entry}"),
                contact: to.contact.clone(),
                answer_by: to.answer_by,
            },
            EntryKind::PassedOver { step, rung, .. } => {
                EffectKind::PassedOver { step: step.clone(), rung: rung.clone() }
            }
            EntryKind::Closed { closed, .. } => {
                EffectKind::Closed { ending: closed.ending.clone(), held_by: closed.held_by.clone() }
            }
            _ => return None,
        })
    }
}

/// The id of a next step: its place and how many times that was entered.
pub(super) fn step_id(open: &Open) -> String {
    format!("{}#{}", open.step, open.entry)
}

/// When something open is next due: its deadline, or the answer of whom one turned to.
pub(super) fn next_due(open: &Open) -> Moment {
    open.escalated.as_ref().map_or(open.due, |escalated| escalated.answer_by)
}

/// The ladders and owners that a directory does not fill.
fn lacks(program: &Program, directory: &Directory, shared: &Shared) -> Vec<Name> {
    let pathway = &program.pathway;
    let ladders = pathway.ladders.iter().filter(|ladder| directory.ladder(&ladder.name).is_none());
    let mut lacks: Vec<Name> = ladders.map(|ladder| ladder.name.clone()).collect();
    for (_, role) in pathway.needs() {
        let name = &shared.roles[role.index()].name;
        if !directory.fills(role) && !lacks.contains(name) {
            lacks.push(name.clone());
        }
    }
    lacks
}
