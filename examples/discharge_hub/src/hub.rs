//! The hub: cases are opened, events are taken, what is due is woken, and everything about a case is kept at once.
//!
//! *Invariant*: whatever a case says is kept in the transaction in which it said so. There is no moment at which an event
//! is known and its effects are not.

use crate::Error;
use crate::board::{self, Team, Waiting};
use crate::news::{self, Learnt};
use crate::store::{self, Kept};
use crate::versions::Versions;
use onward::calendar::Moment;
use onward::engine::{Answer, By, Case, Event, Opening, Refusal, Why, WhyNot};
use onward::model::{Answer as Said, Name};
use onward::{Library, Source};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Somebody arrives: what a case is opened with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// The host's id for the case. The same id with the same content opens nothing new.
    pub id: String,
    /// The host's id for the person: all their cases share what is known of them.
    pub person: String,
    /// What the person is called on the board.
    pub called: String,
    /// The pathway.
    pub pathway: String,
    /// What is known already.
    #[serde(default)]
    pub facts: BTreeMap<Name, Said>,
    /// Who opens the case.
    #[serde(default)]
    pub by: By,
}

/// What was woken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// So many cases went on.
    pub cases: usize,
    /// So many could not, and are left as they are. The log says which, and why.
    pub left: usize,
}

/// What came of following a new directory.
#[derive(Debug, PartialEq, Eq)]
pub enum Followed {
    /// The case goes on with the new directory.
    GoesOn,
    /// It stays with the pathway and the directory it has. The code says why.
    Stays(&'static str),
}

/// The hub. Several may share one database, in one process or many.
pub struct Hub {
    pub(crate) db: Connection,
    versions: Versions,
}

impl Hub {
    /// A hub on a database, with the pathways that are published now.
    ///
    /// # Errors
    /// When the pathways cannot be read or are not proved, or the database cannot be used.
    pub fn start(db: Connection, sources: Vec<Source>) -> Result<Hub, Error> {
        store::prepare(&db)?;
        let versions = Versions::publish(&db, sources)?;
        Ok(Hub { db, versions })
    }

    /// Opens a case.
    ///
    /// # Errors
    /// When there is no such pathway, the engine refuses it, the id was used for something else, or nothing says who it is: what
    /// is known of somebody is shared by all cases of that person's id, so nobody shares an empty one.
    pub fn open(&mut self, arrival: &Arrival, now: Moment) -> Result<Answer, Error> {
        let needed = [("person", &arrival.person), ("called", &arrival.called)];
        if let Some((lacks, _)) = needed.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(Error::Lacks(lacks));
        }
        let content = store::write(arrival, &arrival.id)?;
        self.change(|tx, versions| {
            if let Some(kept) = store::find(tx, &arrival.id)? {
                if kept.arrival != content {
                    return Err(Error::OtherArrival(arrival.id.clone()));
                }
                return Ok(standing(&load(tx, versions, &kept, &arrival.id)?));
            }
            let person = store::person(tx, &arrival.person)?;
            store::keep_person(tx, &arrival.person, &arrival.called, &person)?;
            let library = versions.newest;
            let pathway = versions.get(tx, library)?.pathway(&arrival.pathway);
            let pathway = pathway.ok_or_else(|| Error::NoPathway(arrival.pathway.clone()))?;
            let (id, facts, by) = (arrival.id.clone(), arrival.facts.clone(), arrival.by.clone());
            let (case, answer) = pathway.open(Opening { id, facts, by, person, secret: None }, now)?;
            let (person, called) = (arrival.person.clone(), arrival.called.clone());
            let record = case.record().clone();
            let kept = Kept { person, called, library, arrival: content, revision: -1, record };
            keep(tx, versions, &kept, &case, &answer, now)?;
            Ok(answer)
        })
    }

    /// Takes an event: the event, the case and what is to be sent are kept together. The same event again is answered as
    /// before and changes nothing.
    ///
    /// # Errors
    /// When there is no such case, or the engine refuses the event. Nothing is changed then.
    pub fn take(&mut self, case_id: &str, event: Event, now: Moment) -> Result<Answer, Error> {
        if event.id.starts_with(news::PREFIX) {
            return Err(Error::OwnId(event.id));
        }
        let content = store::write(&event, &event.id)?;
        self.change(|tx, versions| {
            let kept = store::find(tx, case_id)?.ok_or_else(|| Error::NoSuchCase(case_id.to_string()))?;
            let mut case = load(tx, versions, &kept, case_id)?;
            let id = event.id.clone();
            let answer = case.apply(event, now)?;
            if moved(&kept, &case) {
                store::append(tx, case_id, &id, now, &content)?;
                keep(tx, versions, &kept, &case, &answer, now)?;
            }
            Ok(answer)
        })
    }

    /// Looks at a case and takes the event that whoever looks makes of it, or none. Where somebody else was quicker, it is
    /// looked at again: the step may be done by now.
    ///
    /// # Errors
    /// As [`Hub::take`].
    pub fn look_and_take(
        &mut self,
        case_id: &str,
        now: Moment,
        mut decide: impl FnMut(&Case) -> Option<Event>,
    ) -> Result<Option<Answer>, Error> {
        loop {
            let case = self.look(case_id)?;
            let Some(mut event) = decide(&case) else { return Ok(None) };
            event.expects = Some(case.record().revision);
            match self.take(case_id, event, now) {
                Err(Error::Refused(Refusal::OldRevision { .. })) => {}
                taken => return taken.map(Some),
            }
        }
    }

    /// Wakes every case in which something has fallen due. Called late, everything is done in order, each at its own time.
    /// What a case could not learn when it became known is tried again.
    ///
    /// # Errors
    /// When the database fails. A case that cannot go on keeps no other from it; `log` is told its id and a code.
    pub fn tick(&mut self, now: Moment, log: &mut dyn FnMut(&str, &str)) -> Result<Woken, Error> {
        let mut woken = Woken::default();
        for id in store::due(&self.db, now)? {
            match self.wake(&id, now) {
                Ok(()) => woken.cases += 1,
                Err(error @ (Error::Store(_) | Error::File(_))) => return Err(error),
                Err(error) => {
                    log(&id, error.code());
                    woken.left += 1;
                }
            }
        }
        for id in store::with_news(&self.db)? {
            if let Learnt::Waits(code) = self.change(|tx, versions| news::learn(tx, versions, &id, now))? {
                log(&id, &code);
            }
        }
        Ok(woken)
    }

    fn wake(&mut self, id: &str, now: Moment) -> Result<(), Error> {
        self.change(|tx, versions| {
            let kept = store::find(tx, id)?.ok_or_else(|| Error::NoSuchCase(id.to_string()))?;
            let mut case = load(tx, versions, &kept, id)?;
            let answer = case.advance(now)?;
            if moved(&kept, &case) {
                keep(tx, versions, &kept, &case, &answer, now)?;
            }
            Ok(())
        })
    }

    /// Lets every open case that runs on something older go on with the newest directory, where its pathway is the same
    /// and proved with it. Every other case stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn follow(&mut self, now: Moment) -> Result<Vec<(String, Followed)>, Error> {
        let newest = self.versions.newest;
        let mut all = Vec::new();
        for id in store::not_on(&self.db, newest)? {
            let came = match self.follow_one(&id, newest, now) {
                Ok(()) => Followed::GoesOn,
                Err(Error::Refused(refusal)) => Followed::Stays(refusal.code()),
                Err(Error::NoPathway(_)) => Followed::Stays("no-pathway"),
                Err(error) => return Err(error),
            };
            all.push((id, came));
        }
        Ok(all)
    }

    fn follow_one(&mut self, id: &str, newest: i64, now: Moment) -> Result<(), Error> {
        self.change(|tx, versions| {
            let mut kept = store::find(tx, id)?.ok_or_else(|| Error::NoSuchCase(id.to_string()))?;
            let case = load(tx, versions, &kept, id)?;
            let library = versions.get(tx, newest)?;
            let name = &case.record().pathway.name;
            let directory = library.pathway(name).and_then(|it| it.directory());
            let directory = directory.ok_or_else(|| Error::NoPathway(name.to_string()))?;
            if is_here(library, &case, directory) {
                kept.library = newest;
                let answer = Answer { effects: Vec::new(), news: Vec::new(), ..standing(&case) };
                return store::keep(tx, &kept, &case, &answer);
            }
            let (case, answer) = library.follow(&case, directory, now)?;
            kept.library = newest;
            store::keep(tx, &kept, &case, &answer)
        })
    }

    /// A case as it stands.
    ///
    /// # Errors
    /// When there is none of that id, or it cannot go on.
    pub fn look(&mut self, case_id: &str) -> Result<Case, Error> {
        let kept = store::find(&self.db, case_id)?.ok_or_else(|| Error::NoSuchCase(case_id.to_string()))?;
        load(&self.db, &mut self.versions, &kept, case_id)
    }

    /// What the person of a case is called.
    ///
    /// # Errors
    /// When there is no such case.
    pub fn called(&self, case_id: &str) -> Result<String, Error> {
        let kept = store::find(&self.db, case_id)?.ok_or_else(|| Error::NoSuchCase(case_id.to_string()))?;
        Ok(kept.called)
    }

    /// Why the person came to a step: facts about them, for whoever asks and may know.
    ///
    /// # Errors
    /// As [`Hub::look`].
    pub fn why(&mut self, case_id: &str, step: &str) -> Result<Option<Why>, Error> {
        Ok(self.look(case_id)?.why(step))
    }

    /// Why the person did not come to a step.
    ///
    /// # Errors
    /// As [`Hub::look`].
    pub fn why_not(&mut self, case_id: &str, step: &str) -> Result<Option<WhyNot>, Error> {
        Ok(self.look(case_id)?.why_not(step))
    }

    /// What a team has to do, the latest first; with no name, everything there is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn board(&self, team: Option<&str>, now: Moment) -> Result<Vec<Waiting>, Error> {
        let mut all = store::waiting_for(&self.db, team)?;
        all.sort_by_key(|it| (it.late_since(now).is_none(), it.asked.is_none(), it.due));
        Ok(all)
    }

    /// A team by its name: one that somebody waits for, or one that the newest pathways and directories know.
    ///
    /// # Errors
    /// When there is none. Of a team that is not there nobody should read that nobody waits for it.
    pub fn team(&mut self, name: &str) -> Result<Team, Error> {
        if let Some(it) = store::waiting_for(&self.db, Some(name))?.into_iter().next() {
            return Ok(it.team);
        }
        let library = self.versions.get(&self.db, self.versions.newest)?;
        board::team_named(library, name).ok_or_else(|| Error::NotHere(format!("team `{name}`")))
    }

    /// Makes a change in one transaction. Only one is made at a time, by whoever has the database open.
    fn change<T>(
        &mut self,
        make: impl FnOnce(&Transaction<'_>, &mut Versions) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let made = make(&tx, &mut self.versions)?;
        tx.commit()?;
        Ok(made)
    }
}

/// Keeps a case and all that followed, and lets the person's other cases learn what was learnt.
fn keep(
    tx: &Transaction<'_>,
    versions: &mut Versions,
    kept: &Kept,
    case: &Case,
    answer: &Answer,
    now: Moment,
) -> Result<(), Error> {
    store::keep(tx, kept, case, answer)?;
    news::pass_on(tx, versions, kept, case, &answer.news, now)
}

pub(crate) fn load(db: &Connection, versions: &mut Versions, kept: &Kept, id: &str) -> Result<Case, Error> {
    let library = versions.get(db, kept.library)?;
    library.load(kept.record.clone()).map_err(|why| Error::CannotGoOn { case: id.to_string(), why })
}

/// Whether a case took something that it had not taken before.
fn moved(kept: &Kept, case: &Case) -> bool {
    i64::try_from(case.record().revision) != Ok(kept.revision)
}

/// Whether a case can run on a library as it is: the same pathway and the same directory.
fn is_here(library: &Library, case: &Case, directory: onward::model::DirectoryId) -> bool {
    library.directory(directory).name == case.record().directory.name && library.load(case.record().clone()).is_ok()
}

/// Where a case stands, with nothing to be sent.
fn standing(case: &Case) -> Answer {
    let record = case.record();
    let (effects, news) = (Vec::new(), Vec::new());
    Answer { revision: record.revision, draft: record.draft, effects, news, standing: case.standing() }
}
