//! What is known about a person, outside any case (1.5): what one case has asked, another does not ask again while it is
//! good.
//!
//! Pure data. The host keeps a [`PersonRecord`] where it keeps what it knows of the person; it gives it to every case of
//! theirs that it opens, lets it learn the news of every answer, and passes the news on to the other cases that run.

use super::Shared;
use super::case::Case;
use super::event::{By, EventKind};
use super::ids::numbered;
use super::record::*;
use super::refusal::Refusal;
use super::told::Told;
use super::watch::Watched;
use crate::calendar::Moment;
use crate::model::{Answer, Directory, Name};
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
    /// What was recorded was erased: whoever keeps it elsewhere erases it as well.
    Erased {
        /// What was recorded, by its id.
        supersedes: String,
    },
    /// What two found is different, and it is not settled yet.
    Disputed {
        /// What was recorded, by their ids.
        between: Vec<String>,
    },
    /// What two had found to be different is settled.
    Settled {
        /// What was disputed, by their ids.
        between: Vec<String>,
        /// What it is.
        is: KnownBefore,
    },
    /// It is not disputed any more: it was settled, or what was wrong was put right.
    Undisputed,
    /// What two had found to be different is settled by nobody any more: it is not known.
    NotSettled {
        /// What was disputed, by their ids.
        between: Vec<String>,
    },
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
    /// The id of the news it came by, so that what is put right in one case is put right everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// What is known about a person, which their cases share.
///
/// *Invariant*: in whatever order it learns the same news, and however often, it is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// What was said of each fact.
    facts: BTreeMap<Name, Told>,
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
    /// Learns something. The same news twice changes nothing, nor does the order in which it comes.
    pub fn learn(&mut self, news: &News) {
        self.facts.entry(news.fact.clone()).or_default().learn(&news.id, &news.what);
    }

    /// What stands of a fact: what was so last. Nothing while it is disputed.
    pub fn stands(&self, fact: &str) -> Option<&KnownBefore> {
        self.facts.get(fact)?.stands()
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
        self.facts.iter().filter(|(_, told)| told.is_disputed()).map(|(name, _)| name)
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

impl KnownBefore {
    /// Whether a case that opens at a moment can know it: it is a value of the fact as its pathway has it, and it is past.
    pub(super) fn fits(&self, fact: &Name, shared: &Shared, directory: &Directory, now: Moment) -> bool {
        let Answer::Value(text) = &self.answer else { return false };
        let value = shared.fact_named(fact).map(|it| it.domain.read(text, Some(&directory.calendar.zone)));
        value.is_some_and(|it| it.is_ok()) && self.happened <= self.recorded && self.recorded <= now
    }
}

impl Case {
    /// What was learnt about the person in the entries from one on.
    pub fn news_since(&self, entry: usize) -> Vec<News> {
        let mut all = Vec::new();
        for (number, entry) in (0_u32..).zip(&self.record.journal).skip(entry) {
            let before = |id: &str, answer: &Answer, happened: &Moment, by: &By| KnownBefore {
                answer: answer.clone(),
                happened: *happened,
                recorded: entry.at,
                by: by.clone(),
                id: Some(id.to_string()),
            };
            let each = |entries: &[u32]| entries.iter().map(|entry| self.origin(*entry)).collect();
            let mut news = |id: String, fact: &Name, what: NewsKind| all.push(News { id, fact: fact.clone(), what });
            match &entry.what {
                EntryKind::Recorded { fact, answer, happened, by, settles } => {
                    let learnt = self.learnt(number);
                    // What a case was told from elsewhere is no news, but that it settles what is disputed here.
                    if settles.is_empty() && learnt.is_some() {
                        continue;
                    }
                    let id = self.known_as(number, learnt);
                    let is = learnt.cloned().unwrap_or_else(|| before(&id, answer, happened, by));
                    let what = match settles.is_empty() {
                        true => NewsKind::Recorded(is),
                        false => NewsKind::Settled { between: each(settles), is },
                    };
                    news(id, fact, what);
                }
                EntryKind::Corrected { supersedes, fact, answer, happened, by, .. } => {
                    let by = self.finder(number).unwrap_or(by);
                    let id = self.news_id(number);
                    let (supersedes, instead) = (self.origin(*supersedes), before(&id, answer, happened, by));
                    news(id, fact, NewsKind::Corrected { supersedes, instead });
                }
                EntryKind::Withdrawn { supersedes, fact, .. } => {
                    news(self.news_id(number), fact, NewsKind::TakenBack { supersedes: self.origin(*supersedes) });
                }
                EntryKind::Disputed { fact, entries } => {
                    news(self.news_id(number), fact, NewsKind::Disputed { between: each(entries) });
                }
                EntryKind::Undisputed { fact } => news(self.news_id(number), fact, NewsKind::Undisputed),
                EntryKind::NotSettled { fact, entries } => {
                    news(self.news_id(number), fact, NewsKind::NotSettled { between: each(entries) });
                }
                EntryKind::Erasing { entries, .. } => {
                    for erased in entries {
                        let of = self.record.journal.get(*erased as usize).map(|entry| &entry.what);
                        if let Some(EntryKind::Erased { fact: Some(fact), .. }) = of {
                            let id = numbered(&self.news_id(number), '/', *erased);
                            news(id, fact, NewsKind::Erased { supersedes: self.news_id(*erased) });
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }

    fn news_id(&self, entry: u32) -> String {
        numbered(&self.record.id, '/', entry)
    }

    /// The id under which what an entry recorded is known: that of the news it came by, where it is known from elsewhere.
    fn origin(&self, entry: u32) -> String {
        self.known_as(entry, self.learnt(entry))
    }

    /// The same, of what was known elsewhere before, where it was.
    fn known_as(&self, entry: u32, learnt: Option<&KnownBefore>) -> String {
        learnt.and_then(|it| it.id.clone()).unwrap_or_else(|| self.news_id(entry))
    }

    /// What an entry recorded, where that was known elsewhere before, by its id. What has none no record knows yet.
    fn learnt(&self, number: u32) -> Option<&KnownBefore> {
        let journal = &self.record.journal;
        let EntryKind::Recorded { fact, .. } = &journal.get(number as usize)?.what else { return None };
        let earlier = journal.iter().take(number as usize).rev();
        let known = match earlier.map(|entry| &entry.what).find(|what| what.begins())? {
            EntryKind::Event(event) => match &event.what {
                EventKind::Learn { known, .. } => Some(known),
                _ => None,
            },
            EntryKind::CaseOpened { facts, known, .. } => known.get(fact).filter(|_| !facts.contains_key(fact)),
            _ => None,
        };
        known.filter(|it| it.id.is_some())
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
