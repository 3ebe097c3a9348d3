//! What a host has to be careful about, one thing at a time. Time is given; no clock is read.

use discharge_hub::hub::Followed;
use discharge_hub::outbox::{Message, NotNow, Receiver};
use discharge_hub::web::{self, Request};
use discharge_hub::{Arrival, Error, Hub, page, versions};
use onward::Source;
use onward::calendar::Moment;
use onward::engine::{By, Event, EventKind, Refusal};
use onward::model::{Answer, Name};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Barrier;

fn at(text: &str) -> Moment {
    format!("2026-03-{text}:00Z").parse().expect("a moment")
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    versions::sources(&here().join("pathways")).expect("the pathways are there")
}

fn hub() -> Hub {
    Hub::start(Connection::open_in_memory().expect("a database"), sources()).expect("the hub starts")
}

/// A file for a database, empty at first.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hub-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join("hub.sqlite")
}

fn arrival(id: &str, called: &str) -> Arrival {
    Arrival {
        id: id.to_string(),
        person: format!("person of {id}"),
        called: called.to_string(),
        pathway: "going_home".to_string(),
        facts: [].into(),
        by: By::role("ward_nurse"),
    }
}

fn facts(of: &[(&str, &str)]) -> std::collections::BTreeMap<Name, Answer> {
    of.iter().map(|(name, value)| (Name::from(*name), Answer::Value((*value).to_string()))).collect()
}

fn looked(id: &str) -> Event {
    let facts = facts(&[("wish", "home"), ("what_matters", "my own bed")]);
    Event::new(id, EventKind::Done { step: "first_look".into(), facts })
}

/// A receiver that may be out of reach.
#[derive(Default)]
struct Mailbox {
    got: Vec<Message>,
    out_of_reach: BTreeSet<String>,
}

impl Receiver for Mailbox {
    fn receive(&mut self, message: &Message) -> Result<(), NotNow> {
        if self.out_of_reach.contains(&message.id) {
            return Err(NotNow);
        }
        self.got.push(message.clone());
        Ok(())
    }
}

#[test]
fn what_is_sent_again_changes_nothing() {
    let mut hub = hub();
    let first = hub.open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    let again = hub.open(&arrival("case-1", "Mrs Ashe"), at("02T10:00")).expect("it is open");
    assert_eq!((first.revision, first.standing), (again.revision, again.standing));
    let other = hub.open(&arrival("case-1", "Mr Birch"), at("02T10:00")).expect_err("that is somebody else");
    assert_eq!(other.code(), "same-id-other-content");

    let answer = hub.take("case-1", looked("event-1"), at("02T11:00")).expect("it is taken");
    let again = hub.take("case-1", looked("event-1"), at("05T11:00")).expect("it was taken");
    assert_eq!(answer, again);
    let mut other = looked("event-1");
    other.by = By::role("therapist");
    assert_eq!(hub.take("case-1", other, at("05T11:00")).expect_err("other content").code(), "same-id-other-content");
    assert_eq!(hub.take("case-2", looked("event-1"), at("05T11:00")).expect_err("no case").code(), "no-such-case");

    let mut mailbox = Mailbox::default();
    let sent = hub.send(&mut mailbox).expect("it is sent");
    let ids: BTreeSet<&str> = mailbox.got.iter().map(|it| it.id.as_str()).collect();
    assert_eq!((ids.len(), sent), (mailbox.got.len(), mailbox.got.len()));
    assert!(sent > 2);
    assert_eq!(hub.send(&mut mailbox).expect("nothing is left"), 0);
}

#[test]
fn what_does_not_arrive_is_sent_again_and_nothing_of_that_case_before_it() {
    let mut hub = hub();
    for id in ["case-1", "case-2"] {
        hub.open(&arrival(id, "Somebody"), at("02T09:00")).expect("it opens");
        hub.take(id, looked("event-1"), at("02T11:00")).expect("it is taken");
    }
    let mut all = Mailbox::default();
    let first = |mailbox: &Mailbox, case: &str| mailbox.got.iter().filter(|it| it.case == case).count();
    all.out_of_reach = (0..100).map(|entry| format!("case-1/{entry}")).collect();
    hub.send(&mut all).expect("it is sent");
    let of_the_other = first(&all, "case-2");
    assert!(first(&all, "case-1") == 0 && of_the_other > 0, "one case does not wait for the other");
    all.out_of_reach.clear();
    hub.send(&mut all).expect("it is sent");
    assert_eq!(first(&all, "case-1"), of_the_other);
    let numbers = all.got.iter().filter(|it| it.case == "case-1").map(|it| it.id.clone());
    let numbers: Vec<u32> = numbers.filter_map(|id| id.rsplit('/').next()?.parse().ok()).collect();
    assert!(numbers.is_sorted(), "in order: {numbers:?}");
}

/// Two see the same step open, and both say that it is done.
#[test]
fn of_two_writers_one_wins_and_the_other_looks_again() {
    let path = file("two-writers");
    let open = || Hub::start(Connection::open(&path).expect("opens"), sources()).expect("the hub starts");
    open().open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    let together = Barrier::new(2);
    let write = |name: &str| -> Result<(), (String, bool)> {
        let mut hub = open();
        let revision = hub.look("case-1").expect("it is there").record().revision;
        together.wait();
        let event = Event { expects: Some(revision), ..looked(name) };
        match hub.take("case-1", event, at("02T11:00")) {
            Ok(_) => Ok(()),
            Err(error) => {
                // It looks again: the step is done, and there is nothing left to say.
                let again = hub.look_and_take("case-1", at("02T11:00"), |case| {
                    case.next_named("first_look").map(|_| looked(&format!("{name}-again")))
                });
                Err((error.code().to_string(), again.expect("looking is fine").is_none()))
            }
        }
    };
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(|| write("one")), scope.spawn(|| write("other")));
        (one.join().expect("it ends"), other.join().expect("it ends"))
    });
    let told = [&one, &other].into_iter().find_map(|it| it.clone().err());
    assert!(one.is_ok() != other.is_ok(), "one wins: {one:?}, {other:?}");
    assert_eq!(told, Some(("old-revision".to_string(), true)));
    assert_eq!(open().look("case-1").expect("it is there").record().revision, 1);
}

/// Four at once each record something ten times over. Each is told when another was quicker, and none is lost.
#[test]
fn whoever_is_told_to_look_again_gets_in_at_last() {
    let path = file("many-writers");
    let open = || Hub::start(Connection::open(&path).expect("opens"), sources()).expect("the hub starts");
    open().open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    let looks: usize = std::thread::scope(|scope| {
        let writer = |writer: usize| {
            let mut hub = open();
            let mut looks = 0;
            for number in 0..10 {
                let taken = hub.look_and_take("case-1", at("02T11:00"), |_| {
                    looks += 1;
                    let facts = facts(&[("new_needs", "some")]);
                    Some(Event::new(format!("{writer}-{number}"), EventKind::Record { facts }))
                });
                assert!(taken.expect("it is taken").is_some());
            }
            looks
        };
        let writers: Vec<_> = (0..4).map(|number| scope.spawn(move || writer(number))).collect();
        writers.into_iter().map(|it| it.join().expect("it ends")).sum()
    });
    assert!(looks >= 40);
    assert_eq!(open().look("case-1").expect("it is there").record().revision, 40);
}

#[test]
fn what_is_due_is_woken_and_whoever_is_late_stands_first() {
    let mut hub = hub();
    hub.open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    let now = at("03T10:00");
    hub.open(&arrival("case-2", "Mr Birch"), now).expect("it opens");
    let woken = hub.tick(now, &mut |_, _| ()).expect("it ticks");
    assert_eq!((woken.cases, woken.left), (1, 0));
    assert_eq!(hub.tick(now, &mut |_, _| ()).expect("it ticks").cases, 0, "nothing is due any more");
    let board = hub.board(Some("ward_desk"), now).expect("the board");
    let names: Vec<&str> = board.iter().map(|it| it.called.as_str()).collect();
    assert_eq!(names, ["Mrs Ashe", "Mr Birch"]);
    assert_eq!(board[0].late_since(now), Some(at("03T09:00")));
    // An hour and more later nobody has answered: the site manager is asked, and it is theirs that he can ring.
    let later = at("03T12:00");
    hub.tick(later, &mut |_, _| ()).expect("it ticks");
    let his = hub.board(Some("site_manager"), later).expect("the board");
    assert_eq!(his.len(), 1);
    let shown = page::team(&his[0].team, &his, later, None);
    assert!(shown.contains("Ring Nurses' station") && shown.contains("Late by 3 hours"), "{shown}");
    let desk = hub.team("ward_desk").expect("there is one");
    let theirs = page::team(&desk, &hub.board(Some("ward_desk"), later).expect("the board"), later, None);
    assert!(theirs.contains("01632 960 215"), "whoever was asked can be rung: {theirs}");
    let mut mailbox = Mailbox::default();
    hub.send(&mut mailbox).expect("it is sent");
    assert!(mailbox.got.iter().any(|it| it.to == ["site_manager"]), "he is told");
    // The page of the case says the same: it is late, though whoever was asked has time yet.
    let case = page::case("Mrs Ashe", &hub.look("case-1").expect("it is there"), later);
    for shown in
        ["Late by 3 hours", "01632 960 210", "01632 960 215", "Was to be done by", "Asked, because it was late"]
    {
        assert!(case.contains(shown), "not `{shown}`: {case}");
    }
}

/// Nobody reads that nobody is waiting where the address was mistyped.
#[test]
fn what_is_not_there_is_said_to_be_not_there() {
    let mut hub = hub();
    hub.open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    let mut get = |method: &str, address: &str, body: Option<&str>| {
        let request = Request { method, address, kind: "application/json", body };
        let reply = web::respond(&mut hub, &request, at("02T10:00"));
        (reply.status, reply.code, reply.body)
    };
    let pages = ["/team/ward_dsek", "/nowhere", "/case/case-1/why/look_in", "/case/case-2"];
    let others =
        ["/api/teams/ward_dsek", "/api/nowhere", "/api/cases/case-1/why/look_in", "/api/cases/case-1/why-not/lok_in"];
    for address in pages.into_iter().chain(others) {
        let (status, code, body) = get("GET", address, None);
        assert_eq!((status, code.as_str() == "not-here" || code == "no-such-case"), (404, true), "{address}");
        assert!(!body.contains("Nobody is waiting"), "{address}");
    }
    let (status, _, body) = get("GET", "/team/pharmacy", None);
    assert!(status == 200 && body.contains("Ward pharmacy") && body.contains("Nobody is waiting"), "{body}");
    assert!(body.contains("Mon 2 Mar 2026 10:00 (UTC)"), "a time that one can read: {body}");
    assert_eq!(get("POST", "/api/cases", None).0, 400);
    assert_eq!(get("PUT", "/api/cases", Some("{}")).0, 404);
    for lacks in ["person", "called"] {
        let mut somebody = arrival("case-3", "Ms Cole");
        if lacks == "person" {
            somebody.person.clear()
        } else {
            somebody.called = " ".to_string()
        }
        assert_eq!(
            hub.open(&somebody, at("02T10:00")).expect_err("who is that?").to_string(),
            format!("an arrival needs `{lacks}`")
        );
    }
}

#[test]
fn a_page_is_escaped_and_says_who_is_late_in_words() {
    let mut hub = hub();
    hub.open(&arrival("case <1>/&", "<script>alert(1)</script>"), at("02T09:00")).expect("it opens");
    let now = at("04T09:00");
    hub.tick(now, &mut |_, _| ()).expect("it ticks");
    let get = |hub: &mut Hub, address: &str| {
        web::respond(hub, &Request { method: "GET", address, kind: "", body: None }, now)
    };
    for address in ["/", "/team/ward_desk", "/team/ward_desk?every=60", "/case/case%20%3C1%3E%2F%26"] {
        let reply = get(&mut hub, address);
        assert_eq!(reply.status, 200, "{address}");
        assert!(!reply.body.contains("<script"), "{address}");
        assert!(reply.body.contains("late") || reply.body.contains("too long"), "{address}");
        assert_eq!(reply.body.contains("http-equiv"), address.contains("every"), "{address}");
    }
    let page = get(&mut hub, "/team/ward_desk").body;
    assert!(page.contains("&lt;script&gt;") && page.contains("/case/case%20%3C1%3E%2F%26"), "{page}");
    assert_eq!(get(&mut hub, "/case/nobody").status, 404);
}

#[test]
fn reasons_are_given_to_whoever_asks() {
    let mut hub = hub();
    hub.open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");
    hub.take("case-1", looked("event-1"), at("02T11:00")).expect("it is taken");
    let needs = EventKind::Done { step: "what_is_needed".into(), facts: facts(&[("new_needs", "some")]) };
    hub.take("case-1", Event::new("event-2", needs), at("02T13:00")).expect("it is taken");
    let address = "/case/case-1/why/arrange_support";
    let reply = web::respond(&mut hub, &Request { method: "GET", address, kind: "", body: None }, at("02T14:00"));
    assert!(reply.body.contains("With support, or as before") && reply.body.contains("some"), "{}", reply.body);
    assert!(hub.why("case-1", "look_in").expect("a case").is_none());
    let why_not = hub.why_not("case-1", "get_ready").expect("a case").expect("a place");
    assert!(!why_not.was_reached);
}

/// What was given stands in no error and no log, whatever goes wrong with it.
#[test]
fn nothing_about_a_person_is_logged() {
    let marker = "Quillfeather";
    let mut hub = hub();
    hub.open(&arrival("case-1", marker), at("02T09:00")).expect("it opens");
    let wrong = facts(&[("wish", marker), ("what_matters", marker)]);
    let kinds = [
        EventKind::Done { step: "first_look".into(), facts: wrong.clone() },
        EventKind::Record { facts: wrong },
        EventKind::Cannot { step: "look_in".into(), reason: marker.to_string() },
        EventKind::Declined { step: "look_in".into(), reason: Some(marker.to_string()) },
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        let event = Event::new(format!("event-{number}"), kind);
        let body = serde_json::to_string(&event).expect("JSON");
        let error = hub.take("case-1", event, at("02T11:00")).expect_err("it does not fit");
        assert!(matches!(error, Error::Refused(Refusal::BadValue { .. } | Refusal::NotOpen { .. })));
        assert!(!format!("{error} {error:?} {}", error.code()).contains(marker), "{error}");
        let request = Request {
            method: "POST",
            address: "/api/cases/case-1/events",
            kind: "application/json",
            body: Some(&body),
        };
        let reply = web::respond(&mut hub, &request, at("02T11:00"));
        assert_eq!((reply.status, reply.code.contains(marker)), (422, false));
    }
    let body = format!("{{ \"id\": \"event-9\", \"{marker}\": \"{marker}\" }}");
    let request = Request { method: "POST", address: "/api/cases", kind: "application/json", body: Some(&body) };
    let reply = web::respond(&mut hub, &request, at("02T11:00"));
    assert_eq!(reply.status, 400);
    assert!(!format!("{} {}", reply.body, reply.code).contains(marker), "{}", reply.body);
    // Another page in the same browser can send plain text, and that is not taken.
    let request = Request { kind: "text/plain", ..request };
    assert_eq!(web::respond(&mut hub, &request, at("02T11:00")).status, 415);
}

#[test]
fn a_case_stays_with_its_pathway_and_follows_a_directory_where_that_is_proved() {
    let path = file("versions");
    let changed = |from: &str, to: &str| {
        let all = sources();
        let text = all[0].text.replace(from, to);
        assert_ne!(text, all[0].text, "`{from}` stands there");
        vec![Source::new(&all[0].name, text)]
    };
    let start = |sources| Hub::start(Connection::open(&path).expect("opens"), sources).expect("the hub starts");
    start(sources()).open(&arrival("case-1", "Mrs Ashe"), at("02T09:00")).expect("it opens");

    // Another telephone number: the case goes on as it is, and then follows.
    let mut hub = start(changed("01632 960 210", "01632 960 299"));
    let phone = |hub: &Hub| hub.board(None, at("02T10:00")).expect("the board")[0].team.phone.clone();
    assert_eq!(phone(&hub).as_deref(), Some("01632 960 210"));
    assert_eq!(hub.follow(at("02T10:00")).expect("it follows"), [("case-1".to_string(), Followed::GoesOn)]);
    assert_eq!(phone(&hub).as_deref(), Some("01632 960 299"));
    assert_eq!(hub.follow(at("02T10:00")).expect("it has followed"), []);
    drop(hub);

    // Another pathway: the case stays with the one that it began with, and goes on with that.
    let mut hub = start(changed(
        "within              2 days\n  then                get_ready",
        "within              3 days\n  then                get_ready",
    ));
    let stays = hub.follow(at("02T11:00")).expect("it looks");
    assert_eq!(stays, [("case-1".to_string(), Followed::Stays("other-pathway"))]);
    hub.take("case-1", looked("event-1"), at("02T12:00")).expect("it goes on");
    assert_eq!(phone(&hub).as_deref(), Some("01632 960 211"), "with the directory that it followed");
    assert_eq!(hub.look("case-1").expect("it is there").verify().map_err(|it| it.code()), Err("other-directory"));
}

/// What stands in the README is what one types, in a folder of one's own.
#[test]
fn the_readme_does_what_it_says() {
    let folder = file("readme").parent().expect("a folder").to_path_buf();
    let readme = std::fs::read_to_string(here().join("README.md")).expect("it is there");
    let mut ran = 0;
    let mut lines = readme.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("    cargo run -q -- ") else { continue };
        if command.starts_with("serve") {
            continue;
        }
        let words = command.split(' ').map(|word| match word {
            it if it.starts_with("people/") => here().join(it).display().to_string(),
            it => it.to_string(),
        });
        let run = Command::new(env!("CARGO_BIN_EXE_discharge-hub"))
            .args(words)
            .arg("--pathways")
            .arg(here().join("pathways"))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        // What the README shows below a command is what is printed.
        while let Some(shown) = lines.peek().and_then(|line| line.strip_prefix("    > ")) {
            assert!(said.contains(shown), "{command}: not `{shown}`, but\n{said}");
            lines.next();
        }
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} commands stand in the README");
    // And what may have happened is what the hub takes.
    let kinds =
        readme.split("```json\n").nth(1).and_then(|it| it.split("```").next()).expect("it lists what may happen");
    for kind in kinds.lines() {
        let event = format!("{{ \"id\": \"event-9\", \"what\": {kind} }}");
        web::read::<Event>("an event", &event).unwrap_or_else(|error| unreachable!("{kind}: {error}"));
    }
    assert!(kinds.lines().count() >= 8);
}
