//! The hub is killed with SIGKILL, hundreds of times, and loses nothing.
//!
//! A script of arrivals, events and ticks is written by a hub that nobody kills. Then a process of its own works through
//! the script and is killed: at an exact point (before a commit, between sending and marking, and so on), where it waits to
//! be killed, or while it runs on. Whoever sends the events knows only what was acknowledged, and sends everything else
//! again. In the end the database must say what that of the hub says that nobody killed, and whoever receives must have
//! had every message. No clock is read and nobody sleeps: what is random comes from numbers.
//!
//! `ONWARD_KILLS` says how often. The process that is killed is this test, started again.

mod script;

use discharge_hub::outbox::{Message, NotNow, Receiver};
use discharge_hub::{Hub, versions};
use rusqlite::Connection;
use script::{Dice, perform};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How often it is killed where nothing is said.
const KILLS: u32 = 400;

/// How many lines of progress a process may write before it is killed.
const PROGRESS: usize = 24;

/// What the process that is killed is to do.
#[derive(Serialize, Deserialize)]
struct Errand {
    hub: PathBuf,
    mailbox: PathBuf,
    script: PathBuf,
    /// The first line of the script that was not acknowledged.
    from: usize,
    /// After so many lines of progress it stands still, to be killed there.
    hold: Option<u32>,
}

fn main() {
    match std::env::var("HUB_ERRAND") {
        Ok(errand) => run_errand(&serde_json::from_str(&errand).expect("an errand")),
        Err(_) => kill_and_compare(),
    }
}

// ------------------------------------------------------------------------------------------- the process that is killed

/// Says how far it is, and stands still where it is told to.
#[derive(Clone)]
struct Progress {
    said: Arc<AtomicU32>,
    hold: Option<u32>,
}

impl Progress {
    fn say(&self, what: &str) {
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{what}").and_then(|()| out.flush()).is_err() {
            // Nobody listens any more: whoever started this is gone.
            std::process::exit(3);
        }
        if Some(self.said.fetch_add(1, Ordering::SeqCst) + 1) == self.hold {
            loop {
                std::thread::park();
            }
        }
    }
}

fn run_errand(errand: &Errand) {
    let progress = Progress { said: Arc::default(), hold: errand.hold };
    let mut db = open(&errand.hub);
    let before_commit = progress.clone();
    let hook = move || {
        before_commit.say("about to commit");
        false
    };
    db.commit_hook(Some(hook)).expect("a hook");
    let mut hub = start(db);
    let mut mailbox = Mailbox::open(&errand.mailbox);
    mailbox.progress = Some(progress.clone());
    hub.send(&mut mailbox).expect("what was left is sent");
    for (number, line) in script::read(&errand.script).iter().enumerate().skip(errand.from) {
        perform(&mut hub, line);
        progress.say("kept");
        hub.send(&mut mailbox).expect("it is sent");
        progress.say(&format!("did {number}"));
    }
    progress.say("all done");
}

fn start(db: Connection) -> Hub {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways");
    Hub::start(db, versions::sources(&folder).expect("the pathways are there")).expect("the hub starts")
}

/// A database. Processes are killed here and the power stays on: so nobody waits for the disk.
fn open(path: &Path) -> Connection {
    let db = Connection::open(path).expect("the database opens");
    db.pragma_update(None, "synchronous", "OFF").expect("it is set");
    db
}

/// A receiver with a database of its own, which outlives every kill. It keeps each message once, and counts.
struct Mailbox {
    db: Connection,
    progress: Option<Progress>,
}

impl Mailbox {
    fn open(path: &Path) -> Mailbox {
        let db = open(path);
        db.pragma_update(None, "journal_mode", "WAL").expect("a journal");
        let table =
            "CREATE TABLE IF NOT EXISTS got (id TEXT PRIMARY KEY, message TEXT NOT NULL, times INTEGER NOT NULL)";
        db.execute_batch(table).expect("a table");
        Mailbox { db, progress: None }
    }

    fn got(&self) -> BTreeMap<String, (String, u32)> {
        let mut all = self.db.prepare("SELECT id, message, times FROM got").expect("a question");
        let rows = all.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).expect("an answer");
        rows.map(|row| row.expect("a row")).collect()
    }
}

impl Receiver for Mailbox {
    fn receive(&mut self, message: &Message) -> Result<(), NotNow> {
        let text = serde_json::to_string(message).map_err(|_| NotNow)?;
        let kept: Result<String, _> =
            self.db.query_row("SELECT message FROM got WHERE id = ?1", [&message.id], |row| row.get(0));
        // One id stands for one message, for ever.
        assert!(kept.is_err() || kept.as_ref() == Ok(&text), "`{}` came with something else", message.id);
        let take = "INSERT INTO got VALUES (?1, ?2, 1) ON CONFLICT (id) DO UPDATE SET times = times + 1";
        self.db.execute(take, [&message.id, &text]).map_err(|_| NotNow)?;
        if let Some(progress) = &self.progress {
            progress.say("received, not marked yet");
        }
        Ok(())
    }
}

// ------------------------------------------------------------------------------------------------- the one who kills it

fn kill_and_compare() {
    let kills: u32 = std::env::var("ONWARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("killed");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.kills < kills {
        seed += 1;
        one_script(&folder, seed, kills, &mut tally);
    }
    // That these are not nothing is what makes it a test: it was killed at the points that matter.
    let wanted = ["about to commit", "kept", "received, not marked yet"];
    for what in wanted {
        assert!(
            tally.killed_at.get(what).is_some_and(|times| *times >= (kills / 200).max(1)),
            "hardly ever killed at `{what}`"
        );
    }
    assert!(tally.passed_on > tally.events / 20, "hardly ever did one case learn of another");
    assert!(tally.again > 0, "nothing was ever sent twice, so that no receiver had to look");
    println!("killed {} times over {seed} scripts, {} events: {:?}", tally.kills, tally.events, tally.killed_at);
    println!("{} of them are what one case learnt of another", tally.passed_on);
    println!("every event once, every message at least once ({} of {} came again)", tally.again, tally.messages);
    let _ = std::fs::remove_dir_all(&folder);
}

#[derive(Default)]
struct Tally {
    kills: u32,
    killed_at: BTreeMap<String, u32>,
    events: usize,
    /// So many of them are what one case learnt of another.
    passed_on: usize,
    messages: usize,
    again: u32,
}

/// Writes a script, works through it with kills, and compares.
fn one_script(folder: &Path, seed: u64, kills: u32, tally: &mut Tally) {
    let file = |name: &str| folder.join(format!("{name}-{seed}"));
    let (script, hub, mailbox, unkilled) = (file("script"), file("hub"), file("mailbox"), file("unkilled"));
    let mut dice = Dice::of(seed);
    let mut reference = start(open(&unkilled));
    let mut its_mailbox = Mailbox::open(&file("its-mailbox"));
    let lines = script::write(&mut reference, &mut dice);
    reference.send(&mut its_mailbox).expect("it is sent");
    script::save(&script, &lines);

    let mut acknowledged = 0;
    loop {
        let exact = dice.below(2) == 0;
        let stop = 1 + dice.below(PROGRESS);
        // What was acknowledged is sent again too, now and then.
        let from = acknowledged - dice.below(3).min(acknowledged);
        let hold = exact.then_some(stop as u32);
        let errand = Errand { hub: hub.clone(), mailbox: mailbox.clone(), script: script.clone(), from, hold };
        let may_kill = tally.kills < kills;
        match watch(&errand, stop, may_kill, dice.below(200_000), lines.len(), &mut acknowledged) {
            Some(at) => {
                tally.kills += 1;
                *tally.killed_at.entry(at).or_default() += 1;
            }
            None => break,
        }
    }
    compare(&hub, &unkilled, &mailbox, &mut its_mailbox, tally);
}

/// Watches a process and kills it after some progress. Says where it was killed; nothing when it came to the end.
fn watch(
    errand: &Errand,
    stop: usize,
    may_kill: bool,
    spins: usize,
    lines: usize,
    acknowledged: &mut usize,
) -> Option<String> {
    let errand = Errand { hold: errand.hold.filter(|_| may_kill), ..clone(errand) };
    let this = std::env::current_exe().expect("this test has a file");
    let text = serde_json::to_string(&errand).expect("JSON");
    let mut child =
        Command::new(this).env("HUB_ERRAND", text).stdout(Stdio::piped()).spawn().expect("the process starts");
    let out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut last = String::new();
    for (number, line) in out.lines().enumerate() {
        last = line.expect("a line");
        if let Some(did) = last.strip_prefix("did ").and_then(|text| text.parse::<usize>().ok()) {
            *acknowledged = (*acknowledged).max(did + 1);
        }
        if last == "all done" {
            assert_eq!(*acknowledged, lines, "it says that it is done, and is not");
            assert!(child.wait().expect("it ends").success());
            return None;
        }
        if may_kill && number + 1 == stop {
            // A little later, and nobody knows where: unless it stands still.
            (0..spins).for_each(|spin| {
                std::hint::black_box(spin);
            });
            child.kill().expect("it can be killed");
            let status = child.wait().expect("it ends");
            let held = errand.hold.is_some();
            if status.success() {
                // It was quicker, and had come to its end: the rest of what it said is still to be read.
                assert!(!held, "it should have stood still");
                continue;
            }
            return Some(if held { kind(&last) } else { "while it ran".to_string() });
        }
    }
    let status = child.wait().expect("it ends");
    panic_with(&format!("the process ended by itself after `{last}`: {status}"))
}

fn kind(line: &str) -> String {
    if line.starts_with("did ") { "sent and marked".to_string() } else { line.to_string() }
}

fn clone(it: &Errand) -> Errand {
    let (hub, mailbox, script) = (it.hub.clone(), it.mailbox.clone(), it.script.clone());
    Errand { hub, mailbox, script, from: it.from, hold: it.hold }
}

#[allow(clippy::panic, reason = "a test that fails says so")]
fn panic_with(what: &str) -> ! {
    panic!("{what}")
}

/// The cases of each person, in the order in which they were opened.
fn people(db: &Connection) -> Vec<Vec<String>> {
    let mut all = db.prepare("SELECT person, id FROM cases ORDER BY rowid").expect("a question");
    let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("an answer");
    let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (person, id) in rows.map(|row| row.expect("a row")) {
        people.entry(person).or_default().push(id);
    }
    people.into_values().collect()
}

/// What is in the database is what is in that of the hub that nobody killed; and everything was received.
fn compare(hub: &Path, unkilled: &Path, mailbox: &Path, its_mailbox: &mut Mailbox, tally: &mut Tally) {
    let (db, other) = (open(hub), open(unkilled));
    let tables = [
        (
            "cases",
            "id || ' ' || library || ' ' || arrival || ' ' || revision || ' ' || ifnull(due, '') || ' ' || record",
        ),
        ("people", "id || ' ' || called || ' ' || record"),
        ("events", "case_id || ' ' || id || ' ' || recorded || ' ' || content"),
        ("outbox", "id || ' ' || sent || ' ' || message"),
        ("waiting", "case_id || ' ' || step || ' ' || team || ' ' || shown"),
        ("news", "case_id || ' ' || id || ' ' || content"),
    ];
    for (table, shown) in tables {
        let rows = |db: &Connection| -> Vec<String> {
            let question = format!("SELECT {shown} FROM {table} ORDER BY rowid");
            let question = if table == "waiting" { question.replace("rowid", "case_id, step, team") } else { question };
            let question = if table == "people" { question.replace("rowid", "id") } else { question };
            let mut all = db.prepare(&question).expect("a question");
            let rows = all.query_map([], |row| row.get(0)).expect("an answer");
            rows.map(|row| row.expect("a row")).collect()
        };
        let (here, there) = (rows(&db), rows(&other));
        let differs = here.iter().zip(&there).find(|(one, other)| one != other);
        assert!(
            differs.is_none() && here.len() == there.len(),
            "{table}: {} rows, not {}: {differs:#?}",
            here.len(),
            there.len()
        );
        // What one case learnt the others have learnt: nothing waits.
        assert_eq!(here.is_empty(), table == "news", "{table}: {} rows", here.len());
        if table == "events" {
            tally.events += here.len();
            tally.passed_on += here.iter().filter(|row| row.contains(" news/")).count();
        }
    }
    let (got, wanted) = (Mailbox::open(mailbox).got(), its_mailbox.got());
    let text = |all: &BTreeMap<String, (String, u32)>| -> Vec<(String, String)> {
        all.iter().map(|(id, (text, _))| (id.clone(), text.clone())).collect()
    };
    assert_eq!(text(&got), text(&wanted), "what was received is not what was to be sent");
    tally.messages += got.len();
    tally.again += got.values().filter(|(_, times)| *times > 1).count() as u32;
    let people = people(&db);
    let mut hub = start(db);
    script::everybody_has_a_next_step(&mut hub);
    script::what_one_case_knows_they_all_know(&mut hub, &people);
}
