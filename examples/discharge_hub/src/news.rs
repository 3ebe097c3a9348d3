//! What one case learns of the person, their other open cases learn too.
//!
//! *Invariant*: it is written down for each of them in the transaction in which it became known, and is done there as well. A
//! case that cannot take it now keeps nobody from anything: what it is still to learn waits, and a tick tries again. The
//! event by which a case learns has the id of the news, so it learns nothing twice; and what it learnt so it passes on to
//! nobody, so nothing goes round in a circle.

use crate::Error;
use crate::hub::load;
use crate::store::{self, Kept};
use crate::versions::Versions;
use onward::calendar::Moment;
use onward::engine::{
    Answer, By, Case, EntryKind, Event, EventKind, KnownBefore, News, NewsKind, PersonRecord, Withdrawn,
};
use onward::model::{Answer as Said, Name};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// With this the id of an event begins by which a case learns what another learnt. It is the hub's own.
pub(crate) const PREFIX: &str = "news/";

/// What a case is still to learn.
#[derive(Serialize, Deserialize)]
struct ToLearn {
    /// The id of the news.
    id: String,
    /// Of which fact.
    fact: Name,
    /// What was recorded before, where that was corrected or taken back.
    was: Option<Recorded>,
    /// What is so; nothing where it was taken back.
    is: Option<KnownBefore>,
    /// Whether it is what stands of the fact. What does not is learnt only where it puts something right.
    stands: bool,
}

/// What an entry of a journal recorded. The same stands in every case that learnt it.
#[derive(PartialEq, Serialize, Deserialize)]
struct Recorded {
    answer: Said,
    happened: Moment,
}

/// What came of it.
pub(crate) enum Learnt {
    /// It knows everything.
    All,
    /// It cannot now; the code says why.
    Waits(String),
}

/// Passes on what a case learnt to every other open case of the person, in the transaction of what it was learnt by.
pub(crate) fn pass_on(
    tx: &Transaction<'_>,
    versions: &mut Versions,
    kept: &Kept,
    case: &Case,
    news: &[News],
    now: Moment,
) -> Result<(), Error> {
    if news.is_empty() {
        return Ok(());
    }
    let record = store::person(tx, &kept.person)?;
    for other in store::open_cases(tx, &kept.person)?.iter().filter(|it| **it != case.record().id) {
        for it in news.iter().filter_map(|it| to_learn(it, case, &record)) {
            store::add_news(tx, other, &it.id, &store::write(&it, other)?)?;
        }
        learn(tx, versions, other, now)?;
    }
    Ok(())
}

/// What others are to learn of it. What is disputed is told to nobody before it is settled, as whoever opens a case is not.
fn to_learn(news: &News, case: &Case, record: &PersonRecord) -> Option<ToLearn> {
    let (was, is) = match &news.what {
        NewsKind::Recorded(is) => (None, Some(is.clone())),
        NewsKind::Corrected { instead, .. } => (superseded(case, &news.id), Some(instead.clone())),
        NewsKind::TakenBack { .. } => (superseded(case, &news.id), None),
        NewsKind::Settled { is, .. } => (None, Some(is.clone())),
        // No event erases anything: that is for whoever erased it here.
        NewsKind::Erased { .. } | NewsKind::Disputed { .. } | NewsKind::Undisputed | NewsKind::NotSettled { .. } => {
            return None;
        }
    };
    let stands = is.is_some() && record.stands(&news.fact) == is.as_ref();
    let (id, fact) = (news.id.clone(), news.fact.clone());
    (stands || was.is_some()).then_some(ToLearn { id, fact, was, is, stands })
}

/// What was recorded in a case and is superseded by a news of it, of which the id is that of the case and the number of the entry.
fn superseded(case: &Case, id: &str) -> Option<Recorded> {
    let number: usize = id.rsplit('/').next()?.parse().ok()?;
    let journal = &case.record().journal;
    let before = match &journal.get(number)?.what {
        EntryKind::Corrected { supersedes, .. } | EntryKind::Withdrawn { supersedes, .. } => *supersedes as usize,
        _ => return None,
    };
    recorded(&journal.get(before)?.what).map(|(_, it, _)| it)
}

/// What an entry recorded of which fact, and who said so.
fn recorded(what: &EntryKind) -> Option<(&Name, Recorded, &By)> {
    let (EntryKind::Recorded { fact, answer, happened, by, .. }
    | EntryKind::Corrected { fact, answer, happened, by, .. }) = what
    else {
        return None;
    };
    Some((fact, Recorded { answer: answer.clone(), happened: *happened }, by))
}

/// A case learns what it is still to learn, each thing by an event of its own, in order. Only when the database fails it is
/// an error: whatever else keeps the case from it, it waits.
pub(crate) fn learn(tx: &Transaction<'_>, versions: &mut Versions, id: &str, now: Moment) -> Result<Learnt, Error> {
    let waits = |error: Error| match error {
        Error::Store(error) => Err(Error::Store(error)),
        other => Ok(Learnt::Waits(other.code().to_string())),
    };
    let kept = match store::find(tx, id) {
        Ok(Some(kept)) => kept,
        Ok(None) => return Ok(Learnt::All),
        Err(error) => return waits(error),
    };
    let mut case = match load(tx, versions, &kept, id) {
        Ok(case) => case,
        Err(error) => return waits(error),
    };
    for (number, text) in store::news_for(tx, id)? {
        let it: ToLearn = store::read(&text, id)?;
        let event = it.event(&case);
        let id_of_event = format!("{PREFIX}{}", it.id);
        if let Some((what, by)) = event {
            let event = Event { by, ..Event::new(id_of_event.as_str(), what) };
            let content = store::write(&event, &event.id)?;
            let before = case.record().revision;
            match case.apply(event, now) {
                Ok(answer) if case.record().revision != before => {
                    store::append(tx, id, &id_of_event, now, &content)?;
                    store::keep(tx, &kept, &case, &nothing_new(answer))?;
                }
                Ok(_) => {}
                Err(refusal) if never(refusal.code()) => {}
                Err(refusal) => return Ok(Learnt::Waits(refusal.code().to_string())),
            }
        }
        store::no_news(tx, number)?;
    }
    Ok(Learnt::All)
}

/// What was learnt from elsewhere is no news; that it makes a doubt is. And what is put right here, because it was elsewhere, does
/// not stand in the person's record any more as this case had it: what is so stands there already.
fn nothing_new(answer: Answer) -> Answer {
    let news = answer.news.into_iter().filter_map(|it| match it.what {
        NewsKind::Recorded(_) => None,
        NewsKind::Corrected { supersedes, .. } => Some(News { what: NewsKind::TakenBack { supersedes }, ..it }),
        _ => Some(it),
    });
    Answer { news: news.collect(), ..answer }
}

/// What does not fit a case now, and never will: its pathway does not speak of the fact, or gives it other values, or the case
/// is over.
fn never(code: &str) -> bool {
    ["unknown-fact", "bad-value", "settled", "closed", "after-death"].contains(&code)
}

impl ToLearn {
    /// The event by which a case learns it, and who said so.
    fn event(&self, case: &Case) -> Option<(EventKind, By)> {
        let learnt = self.was.as_ref().and_then(|was| entry_of(case, &self.fact, was));
        let fact = self.fact.clone();
        match (learnt, &self.is) {
            (Some((entry, _)), Some(is)) => {
                let reason = format!("put right where it was found: {}", self.id);
                Some((EventKind::Correct { entry, answer: is.answer.clone(), reason }, is.by.clone()))
            }
            (Some((entry, by)), None) => {
                Some((EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None }, by.clone()))
            }
            (None, Some(is)) if self.stands => Some((EventKind::Learn { fact, known: is.clone() }, By::default())),
            (None, _) => None,
        }
    }
}

/// The entry by which a case learnt what was recorded elsewhere, and who said so, where it did and that was not put right since.
fn entry_of<'c>(case: &'c Case, of: &Name, was: &Recorded) -> Option<(u32, &'c By)> {
    let journal = &case.record().journal;
    let superseded = journal.iter().filter_map(|entry| match &entry.what {
        EntryKind::Corrected { supersedes, .. } | EntryKind::Withdrawn { supersedes, .. } => Some(*supersedes),
        _ => None,
    });
    let superseded: BTreeSet<u32> = superseded.collect();
    let mut all = (0_u32..).zip(journal).filter(|(number, _)| !superseded.contains(number));
    all.find_map(|(number, entry)| {
        let (fact, it, by) = recorded(&entry.what)?;
        (fact == of && it == *was).then_some((number, by))
    })
}
