//! Before a crisis (4.11): what is to be started for a person, outside any case, whom to ask where that is not known, and
//! when to look again.
//!
//! Pure: it looks at what stands in the person's record and at a moment, and changes nothing. Who starts, or asks, tells
//! the record so; that is what "at most once every" goes by. *Invariant*: the same record and the same moment give the same;
//! until the moment that is named to look again, nothing else comes of it unless something is recorded.

use super::Shared;
use super::case::Case;
use super::known::Holding;
use super::person_record::PersonRecord;
use crate::calendar::{Length, Moment, days_between};
use crate::model::{Answer, Anticipation, Directory, FactId, Name, RoleId, WhileUnknown};
use crate::workflow::{Known, Truth, truth};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What comes of looking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Watched {
    /// What is to be started.
    pub starts: Vec<ToStart>,
    /// Who is to be asked.
    pub asks: Vec<ToAsk>,
    /// When something else comes of it, if nothing is recorded before; nothing where that is not before the directory ends.
    pub look_again: Option<Moment>,
}

/// A pathway that is to be started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToStart {
    /// By what it was anticipated.
    pub anticipation: Name,
    /// Its title.
    pub title: String,
    /// The pathway.
    pub pathway: Name,
    /// Who starts it.
    pub led_by: Name,
    /// By when.
    pub due: Moment,
    /// What is known that it goes by, as it was recorded.
    pub because: BTreeMap<Name, String>,
}

/// Somebody who is to be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToAsk {
    /// What depends on it.
    pub anticipation: Name,
    /// Its title.
    pub title: String,
    /// For what.
    pub facts: Vec<Name>,
    /// Whom.
    pub role: Name,
    /// By when they answer.
    pub due: Moment,
    /// Whether they were asked already, and still have time.
    pub asked_before: bool,
}

/// What can come of one thing that is anticipated.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Comes {
    Nothing,
    Start,
    /// These facts are missing, and these are they who were asked already, by then.
    Ask(Vec<FactId>, Option<Moment>),
}

/// What is to be started for a person at a moment, and who is to be asked; and when to look again.
pub fn watch(shared: &Shared, record: &PersonRecord, directory: &Directory, now: Moment) -> Watched {
    let look = Look { shared, record, holding: holding(shared, record, directory, now) };
    let mut watched = Watched::default();
    if now >= directory.valid_until {
        return watched;
    }
    let role = |role: RoleId| shared.roles[role.index()].name.clone();
    for it in &shared.anticipations {
        match look.at(it, now) {
            Comes::Nothing => {}
            Comes::Start => watched.starts.push(ToStart {
                anticipation: it.name.clone(),
                title: it.title.clone(),
                pathway: it.pathway.clone(),
                led_by: role(it.led_by),
                due: directory.due(it.within, now),
                because: look.known_of(it, now),
            }),
            Comes::Ask(facts, asked) => {
                let Some(WhileUnknown::Ask { role: whom, within }) = &it.unknown else { continue };
                watched.asks.push(ToAsk {
                    anticipation: it.name.clone(),
                    title: it.title.clone(),
                    facts: facts
                        .iter()
                        .filter_map(|id| shared.facts.get(id.index()))
                        .map(|it| it.name.clone())
                        .collect(),
                    role: role(*whom),
                    due: asked.unwrap_or_else(|| now.plus(*within)),
                    asked_before: asked.is_some(),
                });
            }
        }
    }
    let comes = |at: Moment| shared.anticipations.iter().map(|it| look.at(it, at)).collect::<Vec<_>>();
    let today = comes(now);
    let later = look
        .when_something_may_change(directory, now)
        .into_iter()
        .filter(|at| *at > now && *at < directory.valid_until);
    watched.look_again = later.into_iter().find(|at| comes(*at) != today);
    watched
}

impl Case {
    /// What would be started for the person, by all that was learnt in this case, and who would be asked.
    pub fn watch(&self, now: Moment) -> Watched {
        let mut record = PersonRecord::default();
        self.news_since(0).iter().for_each(|news| record.learn(news));
        watch(&self.shared, &record, &self.directory, now)
    }
}

/// What stands in a record at a moment, by slot. What happened later, or is disputed, is not known.
fn holding(shared: &Shared, record: &PersonRecord, directory: &Directory, now: Moment) -> Holding {
    let mut holding = Holding::new(shared.facts.len(), &directory.calendar.zone);
    for (name, it) in record.standing().filter(|(_, it)| it.happened <= now) {
        let Some(id) = shared.fact(name) else { continue };
        let (Some(fact), Answer::Value(text)) = (shared.facts.get(id.index()), &it.answer) else { continue };
        // What does not fit the fact any more is not known.
        if let Ok(value) = fact.domain.read(text, Some(&directory.calendar.zone)) {
            holding.keep(shared, id, value, it.happened, 0);
            holding.found_otherwise(id, fact.presumed.is_some_and(|presumed| presumed != value));
        }
    }
    for id in record.disputed().filter_map(|name| shared.fact(name)) {
        holding.forget(id);
        holding.found_otherwise(id, true);
    }
    holding
}

struct Look<'w> {
    shared: &'w Shared,
    record: &'w PersonRecord,
    holding: Holding,
}

impl Look<'_> {
    /// The facts that something anticipated goes by.
    fn reads(&self, it: &Anticipation) -> Vec<FactId> {
        let mut facts = Vec::new();
        it.when.test.reads(&self.shared.facts, &self.shared.scores, &mut |fact| {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        });
        facts
    }

    /// What comes of it at a moment.
    fn at(&self, it: &Anticipation, at: Moment) -> Comes {
        let remembered = self.record.remembered(&it.name);
        let started = remembered.and_then(|it| it.started);
        if started.is_some_and(|started| at < started.plus(it.once_every)) {
            return Comes::Nothing;
        }
        let view = self.holding.at(self.shared, at);
        match truth(&it.when.test, &view, &self.shared.scores) {
            Truth::No => Comes::Nothing,
            Truth::Yes => Comes::Start,
            Truth::Unknown if !matches!(it.unknown, Some(WhileUnknown::Ask { .. })) => Comes::Nothing,
            Truth::Unknown => {
                let missing: Vec<FactId> =
                    self.reads(it).into_iter().filter(|fact| view.value(*fact).is_none()).collect();
                let asked = remembered.and_then(|it| it.asked.as_ref()).filter(|asked| {
                    at >= asked.at && at <= asked.due && missing.iter().all(|fact| self.still_asked(*fact, asked))
                });
                Comes::Ask(missing, asked.map(|asked| asked.due))
            }
        }
    }

    /// Whether somebody was asked for a fact, and it was not found since.
    fn still_asked(&self, fact: FactId, asked: &super::person_record::Asked) -> bool {
        let Some(name) = self.shared.facts.get(fact.index()).map(|fact| &fact.name) else { return false };
        let since = self.record.stands(name).is_some_and(|it| it.recorded > asked.at);
        asked.facts.contains(name) && !since
    }

    /// What is known of the facts it goes by, as it was recorded.
    fn known_of(&self, it: &Anticipation, at: Moment) -> BTreeMap<Name, String> {
        let view = self.holding.at(self.shared, at);
        let known = self.reads(it).into_iter().filter_map(|id| {
            let name = self.shared.facts.get(id.index())?.name.clone();
            view.recorded(id)?;
            match &self.record.stands(&name)?.answer {
                Answer::Value(text) => Some((name, text.clone())),
                _ => None,
            }
        });
        known.collect()
    }

    /// Every moment at which something else may come of it although nothing is recorded, the first first.
    fn when_something_may_change(&self, directory: &Directory, now: Moment) -> BTreeSet<Moment> {
        let mut moments = BTreeSet::new();
        for fact in &self.shared.facts {
            let Some((good_for, known)) = fact.good_for.zip(self.record.stands(&fact.name)) else { continue };
            moments.insert(known.happened.plus(good_for).plus(Length::SECOND));
        }
        // What is counted in days since something changes at midnight.
        if self.shared.facts.iter().any(|fact| fact.elapsed.is_some()) {
            moments.extend(days_between(&directory.calendar.zone, now, directory.valid_until));
        }
        for it in &self.shared.anticipations {
            let Some(remembered) = self.record.remembered(&it.name) else { continue };
            moments.extend(remembered.started.map(|started| started.plus(it.once_every)));
            moments.extend(remembered.asked.as_ref().map(|asked| asked.due.plus(Length::SECOND)));
        }
        moments
    }
}
