//! The tables, and every word of SQL that touches a case.
//!
//! *Invariant*: [`keep`] is called inside a transaction, and writes everything that one input led to.

use crate::Error;
use crate::board::{self, Waiting};
use crate::outbox::Message;
use onward::calendar::Moment;
use onward::engine::{Answer, Case, CaseRecord, PersonRecord};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::de::DeserializeOwned;
use std::time::Duration;

const TABLES: &str = "
    -- Every version of the pathways that a case runs on: a case stays with the one it began with.
    CREATE TABLE IF NOT EXISTS libraries (
        id      INTEGER PRIMARY KEY,
        sources TEXT NOT NULL UNIQUE
    ) STRICT;
    -- What is known of a person, over all their cases.
    CREATE TABLE IF NOT EXISTS people (
        id      TEXT PRIMARY KEY,
        called  TEXT NOT NULL,
        record  TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cases (
        id       TEXT PRIMARY KEY,
        person   TEXT NOT NULL REFERENCES people (id),
        library  INTEGER NOT NULL REFERENCES libraries (id),
        arrival  TEXT NOT NULL,
        revision INTEGER NOT NULL,
        due      INTEGER,
        record   TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS cases_due ON cases (due) WHERE due IS NOT NULL;
    CREATE INDEX IF NOT EXISTS cases_person ON cases (person) WHERE due IS NOT NULL;
    -- The events as they came, each once.
    CREATE TABLE IF NOT EXISTS events (
        number   INTEGER PRIMARY KEY,
        case_id  TEXT NOT NULL REFERENCES cases (id),
        id       TEXT NOT NULL,
        recorded INTEGER NOT NULL,
        content  TEXT NOT NULL,
        UNIQUE (case_id, id)
    ) STRICT;
    -- What is to be sent, in order. `sent` is set only after it was.
    CREATE TABLE IF NOT EXISTS outbox (
        number   INTEGER PRIMARY KEY,
        id       TEXT NOT NULL UNIQUE,
        case_id  TEXT NOT NULL REFERENCES cases (id),
        message  TEXT NOT NULL,
        sent     INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS outbox_to_send ON outbox (number) WHERE sent = 0;
    -- What each team has to do: what the case says, laid out so that a page is one question.
    CREATE TABLE IF NOT EXISTS waiting (
        case_id  TEXT NOT NULL REFERENCES cases (id),
        step     TEXT NOT NULL,
        team     TEXT NOT NULL,
        shown    TEXT NOT NULL,
        PRIMARY KEY (case_id, step, team)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS waiting_team ON waiting (team);
    -- What a case is still to learn of the person, from their other cases. Mostly there is nothing here: it is learnt in the
    -- transaction in which it became known, unless the case cannot take it then.
    CREATE TABLE IF NOT EXISTS news (
        number   INTEGER PRIMARY KEY,
        case_id  TEXT NOT NULL REFERENCES cases (id),
        id       TEXT NOT NULL,
        content  TEXT NOT NULL,
        UNIQUE (case_id, id)
    ) STRICT;
";

/// Makes a connection ready: one writer at a time, who is waited for. SQLite writes through to the disk before it says
/// that something is committed (`synchronous` is `FULL` where nothing is said), so that it stays even when the power goes.
pub(crate) fn prepare(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.execute_batch(TABLES)?;
    Ok(())
}

/// A case as it is kept, without what belongs to the engine.
pub(crate) struct Kept {
    pub person: String,
    pub called: String,
    pub library: i64,
    pub arrival: String,
    pub revision: i64,
    pub record: CaseRecord,
}

/// The case of that id.
pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Kept>, Error> {
    let question = "SELECT person, called, library, arrival, revision, cases.record FROM cases
                    JOIN people ON people.id = cases.person WHERE cases.id = ?1";
    let row = db
        .prepare_cached(question)?
        .query_row([id], |row| {
            let text: String = row.get(5)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, text))
        })
        .optional()?;
    let Some((person, called, library, arrival, revision, text)) = row else { return Ok(None) };
    let record = CaseRecord::from_json(&text).map_err(|_| Error::Kept(id.to_string()))?;
    Ok(Some(Kept { person, called, library, arrival, revision, record }))
}

/// What is kept as JSON.
pub(crate) fn read<T: DeserializeOwned>(text: &str, of: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Kept(of.to_string()))
}

/// JSON to keep.
pub(crate) fn write<T: serde::Serialize>(what: &T, of: &str) -> Result<String, Error> {
    serde_json::to_string(what).map_err(|_| Error::Kept(of.to_string()))
}

/// What is known of a person; nothing yet of somebody who is new.
pub(crate) fn person(db: &Connection, id: &str) -> Result<PersonRecord, Error> {
    let text = db.prepare_cached("SELECT record FROM people WHERE id = ?1")?;
    let text: Option<String> = { text }.query_row([id], |row| row.get(0)).optional()?;
    let Some(text) = text else { return Ok(PersonRecord::default()) };
    PersonRecord::from_json(&text).map_err(|_| Error::Kept(id.to_string()))
}

/// What a person is called on the board.
pub(crate) fn keep_person(tx: &Transaction<'_>, id: &str, called: &str, record: &PersonRecord) -> Result<(), Error> {
    let change = "INSERT INTO people (id, called, record) VALUES (?1, ?2, ?3)
                  ON CONFLICT (id) DO UPDATE SET called = ?2, record = ?3";
    tx.prepare_cached(change)?.execute(params![id, called, record.to_json()])?;
    Ok(())
}

/// Keeps a case and everything that followed from one input, all of it or nothing.
pub(crate) fn keep(tx: &Transaction<'_>, kept: &Kept, case: &Case, answer: &Answer) -> Result<(), Error> {
    let record = case.record();
    let id = &record.id;
    let change = "INSERT INTO cases (id, person, library, arrival, revision, due, record)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                  ON CONFLICT (id) DO UPDATE SET library = ?3, revision = ?5, due = ?6, record = ?7";
    let due = case.due().map(Moment::unix);
    let revision = i64::try_from(record.revision).unwrap_or(i64::MAX);
    tx.prepare_cached(change)?.execute(params![
        id,
        kept.person,
        kept.library,
        kept.arrival,
        revision,
        due,
        record.to_json()
    ])?;
    if !answer.news.is_empty() {
        let mut about = person(tx, &kept.person)?;
        answer.news.iter().for_each(|news| about.learn(news));
        keep_person(tx, &kept.person, &kept.called, &about)?;
    }
    let before = waiting_of(tx, id)?;
    let now = board::waiting(case, &kept.called);
    for effect in &answer.effects {
        let message = Message::new(id, effect, before.iter().chain(&now));
        let add = "INSERT INTO outbox (id, case_id, message) VALUES (?1, ?2, ?3)";
        tx.prepare_cached(add)?.execute(params![effect.id, id, write(&message, &effect.id)?])?;
    }
    tx.prepare_cached("DELETE FROM waiting WHERE case_id = ?1")?.execute([id])?;
    for it in &now {
        let add = "INSERT INTO waiting (case_id, step, team, shown) VALUES (?1, ?2, ?3, ?4)";
        tx.prepare_cached(add)?.execute(params![id, it.step, it.team.name, write(it, id)?])?;
    }
    Ok(())
}

fn waiting_of(db: &Connection, case: &str) -> Result<Vec<Waiting>, Error> {
    let mut all = db.prepare_cached("SELECT shown FROM waiting WHERE case_id = ?1 ORDER BY step, team")?;
    let rows = all.query_map([case], |row| row.get::<_, String>(0))?;
    rows.map(|row| read(&row?, case)).collect()
}

/// What a team has to do, or with no name everybody.
pub(crate) fn waiting_for(db: &Connection, team: Option<&str>) -> Result<Vec<Waiting>, Error> {
    // What somebody is called is as it was said last, in whichever of their cases.
    let question =
        "SELECT shown, called FROM waiting JOIN cases ON cases.id = case_id JOIN people ON people.id = person
                    WHERE ?1 IS NULL OR team = ?1 ORDER BY case_id, step, team";
    let mut all = db.prepare_cached(question)?;
    let rows = all.query_map([team], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (shown, called) = row?;
        Ok(Waiting { called, ..read(&shown, "the board")? })
    })
    .collect()
}

/// Appends an event. A second of the same id cannot be: the engine has answered it before it comes here.
pub(crate) fn append(tx: &Transaction<'_>, case: &str, id: &str, now: Moment, content: &str) -> Result<(), Error> {
    let add = "INSERT INTO events (case_id, id, recorded, content) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(add)?.execute(params![case, id, now.unix(), content])?;
    Ok(())
}

/// The cases for which something is due at a moment.
pub(crate) fn due(db: &Connection, now: Moment) -> Result<Vec<String>, Error> {
    let mut all = db.prepare_cached("SELECT id FROM cases WHERE due <= ?1 ORDER BY due, id")?;
    let rows = all.query_map([now.unix()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The open cases of a person.
pub(crate) fn open_cases(db: &Connection, person: &str) -> Result<Vec<String>, Error> {
    let mut all = db.prepare_cached("SELECT id FROM cases WHERE person = ?1 AND due IS NOT NULL ORDER BY id")?;
    let rows = all.query_map([person], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A case is to learn something, by the id of the news.
pub(crate) fn add_news(tx: &Transaction<'_>, case: &str, id: &str, content: &str) -> Result<(), Error> {
    let add = "INSERT INTO news (case_id, id, content) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    tx.prepare_cached(add)?.execute([case, id, content])?;
    Ok(())
}

/// What a case is still to learn, in order, with its number.
pub(crate) fn news_for(db: &Connection, case: &str) -> Result<Vec<(i64, String)>, Error> {
    let mut all = db.prepare_cached("SELECT number, content FROM news WHERE case_id = ?1 ORDER BY number")?;
    let rows = all.query_map([case], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The case has learnt it.
pub(crate) fn no_news(tx: &Transaction<'_>, number: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM news WHERE number = ?1")?.execute([number])?;
    Ok(())
}

/// The cases that are still to learn something.
pub(crate) fn with_news(db: &Connection) -> Result<Vec<String>, Error> {
    let mut all = db.prepare_cached("SELECT DISTINCT case_id FROM news ORDER BY case_id")?;
    let rows = all.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The open cases that run on another library than this.
pub(crate) fn not_on(db: &Connection, library: i64) -> Result<Vec<String>, Error> {
    let mut all = db.prepare_cached("SELECT id FROM cases WHERE library <> ?1 AND due IS NOT NULL ORDER BY id")?;
    let rows = all.query_map([library], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
