//! What is known about a person, outside any case (1.5): what one case has asked, another does not ask again while it is
//! good.
//!
//! Pure data. The host keeps a [`PersonRecord`] where it keeps what it knows of the person; it gives it to every case of
//! theirs that it opens, lets it learn the news of every answer, and passes the news on to the other cases that run.

use super::Shared;
use super::case::Case;
use super::event::By;
use super::record::*;
use super::refusal::Refusal;
use super::watch::Watched;
use crate::calendar::Moment;
use crate::model::{Answer, Name};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something that a case learnt about the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct News {
    /// Its id: of the case, and the entry of its journal. The same whenever the same history is played.
    pub id: String,
    /// The fact.
    pub fact: Name,
    /// What came of it.
    pub what: NewsKind,
}

/// What a case learnt of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NewsKind {
    /// It was recorded, or asked for in vain.
    Recorded(KnownBefore),
    /// What was recorded before was wrong.
    Corrected {
        /// What was recorded before, by its id.
        supersedes: String,
        /// What it should have said.
        instead: KnownBefore,
    },
    /// Whoever recorded it took it back.
    TakenBack {
        /// What was recorded before, by its id.
        supersedes: String,
    },
    /// What two found is different, and it is not settled yet.
    Disputed,
}

/// What is known of a fact from elsewhere: with both its times, who found it, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownBefore {
    /// What was answered.
    pub answer: Answer,
    /// When it was so.
    pub happened: Moment,
    /// When it was recorded.
    pub recorded: Moment,
    /// Who found it, and its source.
    #[serde(default)]
    pub by: By,
}

/// What is known about a person, which their cases share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// What was recorded of each fact and was not superseded, by the id of the news.
    facts: BTreeMap<Name, BTreeMap<String, KnownBefore>>,
    /// The facts that two found to be different things, and that are not settled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    disputed: BTreeSet<Name>,
    /// What was done about what is anticipated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    anticipated: BTreeMap<Name, Remembered>,
}

/// What was done about something that is anticipated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Remembered {
    /// When it was started last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Moment>,
    /// What was asked last, while it was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// That somebody was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// For these facts.
    pub facts: BTreeSet<Name>,
    /// When.
    pub at: Moment,
    /// By when they answer.
    pub due: Moment,
}

impl PersonRecord {
    /// Learns something. The same news twice changes nothing.
    pub fn learn(&mut self, news: &News) {
        let of = self.facts.entry(news.fact.clone()).or_default();
        match &news.what {
            NewsKind::Recorded(it) => {
                let again = of.insert(news.id.clone(), it.clone()).is_some();
                if !again && matches!(it.answer, Answer::Value(_)) {
                    self.disputed.remove(&news.fact);
                }
            }
            NewsKind::Corrected { supersedes, instead } => {
                of.remove(supersedes);
                of.insert(news.id.clone(), instead.clone());
            }
            NewsKind::TakenBack { supersedes } => drop(of.remove(supersedes)),
            NewsKind::Disputed => drop(self.disputed.insert(news.fact.clone())),
        }
        // What was put right may not be disputed any more.
        let said: BTreeSet<&Answer> = of.values().map(|it| &it.answer).collect();
        if said.iter().filter(|it| matches!(it, Answer::Value(_))).count() < 2 {
            self.disputed.remove(&news.fact);
        }
    }

    /// What stands of a fact: what was so last. Nothing while it is disputed.
    pub fn stands(&self, fact: &str) -> Option<&KnownBefore> {
        let of = self.facts.get(fact).filter(|_| !self.disputed.contains(fact))?;
        let values = of.values().filter(|it| matches!(it.answer, Answer::Value(_)));
        values.max_by_key(|it| (it.happened, it.recorded))
    }

    /// Remembers that what was to be started was, and that those who were to be asked were.
    pub fn took_up(&mut self, watched: &Watched, at: Moment) {
        for it in &watched.starts {
            self.started(&it.anticipation, at);
        }
        for it in watched.asks.iter().filter(|it| !it.asked_before) {
            let facts = it.facts.iter().cloned().collect();
            self.anticipated.entry(it.anticipation.clone()).or_default().asked = Some(Asked { facts, at, due: it.due });
        }
    }

    /// Remembers that something that is anticipated was started.
    pub fn started(&mut self, anticipation: &Name, at: Moment) {
        let it = self.anticipated.entry(anticipation.clone()).or_default();
        (it.started, it.asked) = (it.started.max(Some(at)), None);
    }

    /// What was done about something that is anticipated.
    pub fn remembered(&self, anticipation: &str) -> Option<&Remembered> {
        self.anticipated.get(anticipation)
    }

    /// The facts that are disputed and not settled.
    pub fn disputed(&self) -> impl Iterator<Item = &Name> {
        self.disputed.iter()
    }

    /// Everything that stands, by fact.
    pub fn standing(&self) -> impl Iterator<Item = (&Name, &KnownBefore)> {
        self.facts.keys().filter_map(|fact| Some((fact, self.stands(fact)?)))
    }

    /// What stands as far as somebody in a role may see it: without what is `kept from` them. Where there is no such role,
    /// without what is kept from anybody.
    pub fn seen_by<'r>(
        &'r self,
        role: &'r str,
        shared: &'r Shared,
    ) -> impl Iterator<Item = (&'r Name, &'r KnownBefore)> {
        self.standing().filter(move |(name, _)| shared.shows_to(name, role))
    }
}

impl Case {
    /// What was learnt about the person in the entries from one on.
    pub fn news_since(&self, entry: usize) -> Vec<News> {
        let id = |number: u32| format!("{}/{number}", self.record.id);
        let journal = self.record.journal.iter().enumerate().skip(entry);
        let news = journal.filter_map(|(number, entry)| {
            let before = |answer: &Answer, happened: &Moment, by: &By| KnownBefore {
                answer: answer.clone(),
                happened: *happened,
                recorded: entry.at,
                by: by.clone(),
            };
            let (fact, what) = match &entry.what {
                // What a case was told from elsewhere is no news.
                EntryKind::Recorded { .. } if self.is_from_elsewhere(number) => return None,
                EntryKind::Recorded { fact, answer, happened, by } => {
                    (fact, NewsKind::Recorded(before(answer, happened, by)))
                }
                EntryKind::Corrected { supersedes, fact, answer, happened, by, .. } => {
                    let instead = before(answer, happened, by);
                    (fact, NewsKind::Corrected { supersedes: id(*supersedes), instead })
                }
                EntryKind::Withdrawn { supersedes, fact, .. } => {
                    (fact, NewsKind::TakenBack { supersedes: id(*supersedes) })
                }
                EntryKind::Disputed { fact, .. } => (fact, NewsKind::Disputed),
                _ => return None,
            };
            Some(News { id: id(number as u32), fact: fact.clone(), what })
        });
        news.collect()
    }

    /// Whether an entry recorded what was known elsewhere before.
    fn is_from_elsewhere(&self, number: usize) -> bool {
        let journal = &self.record.journal;
        let Some(EntryKind::Recorded { fact, .. }) = journal.get(number).map(|entry| &entry.what) else { return false };
        let earlier = journal.iter().take(number).rev();
        match earlier.map(|entry| &entry.what).find(|what| what.is_input()) {
            Some(EntryKind::Event(event)) => matches!(&event.what, super::event::EventKind::Learn { .. }),
            Some(EntryKind::CaseOpened { facts, known, .. }) => known.contains_key(fact) && !facts.contains_key(fact),
            _ => false,
        }
    }

    /// Records what is known from elsewhere: as it was found there, then and by whom.
    pub(super) fn learn(&mut self, fact: &Name, it: &KnownBefore, now: Moment) -> Result<(), Refusal> {
        if it.recorded > now {
            return Err(Refusal::NotYetHappened { happened: it.recorded, recorded: now });
        }
        if it.happened > it.recorded {
            return Err(Refusal::NotYetHappened { happened: it.happened, recorded: it.recorded });
        }
        let facts = [(fact.clone(), it.answer.clone())].into();
        self.record_facts(&facts, it.happened, &it.by, now)
    }
}
