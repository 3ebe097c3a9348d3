//! `discharge-hub`: the hub from the command line, and in a browser. The only place that asks the machine for the time.

use discharge_hub::outbox::{Message, NotNow, Receiver};
use discharge_hub::web::{self, Request};
use discharge_hub::{Arrival, Error, Hub, versions};
use onward::calendar::Moment;
use onward::engine::Event;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const HELP: &str = "\
discharge-hub COMMAND, with these before or behind it:
  --db FILE           the database; hub.sqlite where nothing is said
  --pathways FOLDER   the pathways and the directory; the folder pathways where nothing is said
  --sent FILE         where messages go, a line each; sent.jsonl where nothing is said
  --now TIME          the time, such as 2026-03-02T09:00:00Z; the machine's clock where nothing is said
  --port NUMBER       for serve; 8080 where nothing is said

  open FILE           somebody arrives: opens a case
  event CASE FILE     something happened
  tick                wakes what is due
  board [TEAM]        who is waiting, the latest first
  why CASE STEP       why the person came to a step
  send                sends what is to be sent
  follow              goes on with a new directory, where that is proved
  serve               pages on this machine, JSON for other systems, waking and sending

FILE may be - for what is piped in.";

struct Settings {
    db: PathBuf,
    pathways: PathBuf,
    sent: PathBuf,
    now: Option<Moment>,
    port: u16,
    words: Vec<String>,
}

fn settings() -> Result<Settings, Error> {
    let mut all = Settings {
        db: "hub.sqlite".into(),
        pathways: "pathways".into(),
        sent: "sent.jsonl".into(),
        now: None,
        port: 8080,
        words: Vec::new(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(word) = given.next() {
        if !word.starts_with("--") {
            all.words.push(word);
            continue;
        }
        let value = given.next().ok_or_else(|| Error::File(format!("{word}: what follows is missing")))?;
        match word.as_str() {
            "--db" => all.db = value.into(),
            "--pathways" => all.pathways = value.into(),
            "--sent" => all.sent = value.into(),
            "--now" => all.now = Some(value.parse().map_err(|error| Error::File(format!("--now: {error}")))?),
            "--port" => all.port = value.parse().map_err(|_| Error::File("--port: no number".to_string()))?,
            _ => return Err(Error::File(format!("{word}: there is no such setting\n\n{HELP}"))),
        }
    }
    Ok(all)
}

#[allow(clippy::disallowed_types, reason = "here, and nowhere else, the machine is asked for the time")]
fn clock() -> Moment {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Moment::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn main() -> ExitCode {
    match settings().and_then(|it| run(&it)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("discharge-hub: {error}");
            // Whoever typed it is told what would fit.
            if let Error::Refused(refusal) = &error {
                eprintln!("{}", refusal.in_full());
            }
            ExitCode::FAILURE
        }
    }
}

fn run(all: &Settings) -> Result<(), Error> {
    let words: Vec<&str> = all.words.iter().map(String::as_str).collect();
    if matches!(words.as_slice(), [] | ["help"]) {
        println!("{HELP}");
        return Ok(());
    }
    let db = rusqlite::Connection::open(&all.db)?;
    let mut hub = Hub::start(db, versions::sources(&all.pathways)?)?;
    let now = all.now.unwrap_or_else(clock);
    match words.as_slice() {
        ["open", file] => {
            let arrival: Arrival = web::read("an arrival", &text(file)?)?;
            say(&hub.open(&arrival, now)?)
        }
        ["event", case, file] => {
            let event: Event = web::read("an event", &text(file)?)?;
            say(&hub.take(case, event, now)?)
        }
        ["tick"] => {
            let woken = hub.tick(now, &mut log)?;
            println!("{} woken, {} left as they are", woken.cases, woken.left);
            Ok(())
        }
        ["board"] => board(&hub, None, now),
        ["board", team] => {
            hub.team(team)?;
            board(&hub, Some(team), now)
        }
        ["why", case, step] => say(&hub.why(case, step)?.ok_or_else(|| web::not_reached(step))?),
        ["send"] => {
            println!("{} sent", hub.send(&mut Lines::open(&all.sent)?)?);
            Ok(())
        }
        ["follow"] => {
            for (case, came) in hub.follow(now)? {
                println!("{case}: {came:?}");
            }
            Ok(())
        }
        ["serve"] => serve(&mut hub, all),
        _ => Err(Error::File(format!("`{}`: there is no such command\n\n{HELP}", all.words.join(" ")))),
    }
}

fn say(what: &impl serde::Serialize) -> Result<(), Error> {
    println!("{}", serde_json::to_string_pretty(what).map_err(|_| Error::Kept("the answer".to_string()))?);
    Ok(())
}

fn board(hub: &Hub, team: Option<&str>, now: Moment) -> Result<(), Error> {
    let waiting = hub.board(team, now)?;
    if waiting.is_empty() {
        println!("Nobody is waiting.");
    }
    for it in waiting {
        let late = if it.late_since(now).is_some() { "LATE  " } else { "      " };
        let ring = it.asked.as_ref().map_or(&it.team, |asked| &asked.team);
        let phone = ring.phone.as_deref().unwrap_or("no telephone");
        println!("{late}{}: {}", it.called, it.title);
        println!("      since {}, by {}; {}, {phone}", it.clock(it.since), it.clock(it.due), ring.title);
    }
    Ok(())
}

/// A case and a code: what a log may say.
fn log(case: &str, code: &str) {
    eprintln!("{case}: {code}");
}

fn text(file: &str) -> Result<String, Error> {
    let mut text = String::new();
    let read = match file {
        "-" => std::io::stdin().read_to_string(&mut text),
        file => File::open(file).and_then(|mut it| it.read_to_string(&mut text)),
    };
    let name = if file == "-" { "what is piped in" } else { file };
    read.map_err(|error| Error::File(format!("{name}: {error}")))?;
    Ok(text)
}

/// The most a request may send.
const MOST: u64 = 1 << 20;

fn serve(hub: &mut Hub, all: &Settings) -> Result<(), Error> {
    let server = tiny_http::Server::http(("127.0.0.1", all.port)).map_err(|error| Error::File(error.to_string()))?;
    println!("http://127.0.0.1:{}/", all.port);
    let mut lines = Lines::open(&all.sent)?;
    // What stays as it is from second to second is said once.
    let mut before = BTreeSet::new();
    loop {
        let now = all.now.unwrap_or_else(clock);
        let mut said = BTreeSet::new();
        let mut once = |case: &str, code: &str| {
            let line = (case.to_string(), code.to_string());
            if !before.contains(&line) && !said.contains(&line) {
                log(case, code);
            }
            said.insert(line);
        };
        if let Err(error) = hub.tick(now, &mut once).and_then(|_| hub.send(&mut lines)) {
            once("the hub", error.code());
        }
        before = said;
        // Whether anybody asks or not, what is due is looked at again after a second.
        let asked = server.recv_timeout(Duration::from_secs(1)).map_err(|error| Error::File(error.to_string()))?;
        if let Some(request) = asked {
            answer(hub, request, now);
        }
    }
}

fn answer(hub: &mut Hub, mut request: tiny_http::Request, now: Moment) {
    let mut body = String::new();
    let (method, address) = (request.method().to_string(), request.url().to_string());
    let kind = request.headers().iter().find(|it| it.field.equiv("Content-Type"));
    let kind = kind.map(|it| it.value.to_string()).unwrap_or_default();
    let read = request.as_reader().take(MOST + 1).read_to_string(&mut body);
    let body = read.ok().filter(|bytes| *bytes as u64 <= MOST).map(|_| body.as_str());
    let asked = Request { method: &method, address: &address, kind: &kind, body };
    let reply = web::respond(hub, &asked, now);
    log(&format!("{method} {}", address.split('?').next().unwrap_or_default()), &reply.code);
    let kind = if reply.is_page { "text/html; charset=utf-8" } else { "application/json" };
    let headers = [
        ("Content-Type", kind),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ];
    let headers = headers.into_iter().filter_map(|(name, value)| tiny_http::Header::from_bytes(name, value).ok());
    let response = tiny_http::Response::from_string(reply.body).with_status_code(reply.status);
    let response = headers.fold(response, |response, header| response.with_header(header));
    // Whoever asked may have gone.
    let _ = request.respond(response);
}

/// A receiver for trying out: a line of JSON for each message. It knows what it has, and takes each once.
struct Lines {
    file: File,
    has: BTreeSet<String>,
}

impl Lines {
    fn open(path: &Path) -> Result<Lines, Error> {
        let trouble = |error: std::io::Error| Error::File(format!("{}: {error}", path.display()));
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(trouble)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(trouble)?;
        // What was being written when the machine went down never arrived.
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64).map_err(trouble)?;
        let messages = text[..whole].lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
        let has = messages.map(|it| it.id).collect();
        Ok(Lines { file, has })
    }
}

impl Receiver for Lines {
    fn receive(&mut self, message: &Message) -> Result<(), NotNow> {
        if self.has.contains(&message.id) {
            return Ok(());
        }
        let line = serde_json::to_string(message).map_err(|_| NotNow)? + "\n";
        self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data()).map_err(|_| NotNow)?;
        self.has.insert(message.id.clone());
        Ok(())
    }
}
