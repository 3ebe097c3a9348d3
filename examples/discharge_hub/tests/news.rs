//! What one case learns of a person, their other open cases learn: once, as it was found, and whatever goes wrong.

use discharge_hub::{Arrival, Hub, versions};
use onward::Source;
use onward::calendar::Moment;
use onward::engine::{By, Case, EntryKind, Event, EventKind, Withdrawn};
use onward::model::{Answer, Name};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn at(text: &str) -> Moment {
    format!("2026-03-{text}:00Z").parse().expect("a moment")
}

/// The pathways of the hub, and one that speaks of the same things, and of one more.
fn sources() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pathways");
    let mut all = versions::sources(&folder).expect("the pathways are there");
    let cat = "onward 1

use \"going_home.pathway\"

facts
  cats                1 to 9  \"How many cats\"

pathway the_cat \"Somebody feeds the cat\"
  version             2026.1
  starts at           ask

by default
  if late                -> escalate to somebody_answers
  if it cannot be done   -> escalate to somebody_answers
  if nobody can          -> fed
  if the person declines -> fed
  if died                -> fed
  if withdrew            -> fed
  if cannot be reached   -> fed
  if moved away          -> fed
  if opened in error     -> fed

step ask \"Who feeds the cat?\"
  led by              ward_nurse
  finds               what_matters, cats
  within              2 days
  then                fed

ending fed \"The cat is fed\"
  held by             person
";
    all.push(Source::new("the_cat.pathway", cat));
    all
}

fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("news-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder.join("hub.sqlite")
}

fn start(db: Connection) -> Hub {
    Hub::start(db, sources()).expect("the hub starts")
}

/// A hub in which somebody has two cases on one pathway and one on another, and somebody else has one.
fn opened(path: &Path) -> Hub {
    let mut hub = start(Connection::open(path).expect("it opens"));
    let cases = [
        ("home", "ashe", "going_home"),
        ("again", "ashe", "going_home"),
        ("cat", "ashe", "the_cat"),
        ("other", "birch", "going_home"),
    ];
    for (id, person, pathway) in cases {
        hub.open(&arrival(id, person, pathway), at("02T09:00")).expect("it opens");
    }
    hub
}

fn arrival(id: &str, person: &str, pathway: &str) -> Arrival {
    Arrival {
        id: id.to_string(),
        person: person.to_string(),
        called: "Somebody".to_string(),
        pathway: pathway.to_string(),
        facts: [].into(),
        by: By::role("ward_nurse"),
    }
}

fn said(all: &[(&str, &str)]) -> BTreeMap<Name, Answer> {
    all.iter().map(|(name, value)| (Name::from(*name), Answer::Value((*value).to_string()))).collect()
}

fn looked(id: &str) -> Event {
    let facts = said(&[("wish", "home"), ("what_matters", "The cat")]);
    Event { by: By::role("ward_nurse"), ..Event::new(id, EventKind::Done { step: "first_look".into(), facts }) }
}

/// What stands of a fact in a case.
fn known(hub: &mut Hub, case: &str, fact: &str) -> Option<String> {
    hub.look(case).expect("it is there").record().facts.get(fact).map(|it| it.value.clone())
}

/// The entry of the journal that recorded a fact last.
fn entry(case: &Case, of: &str) -> u32 {
    let recorded = |what: &EntryKind| matches!(what, EntryKind::Recorded { fact, .. } if **fact == *of);
    case.record().journal.iter().rposition(|it| recorded(&it.what)).expect("it was recorded") as u32
}

fn waits(path: &Path) -> i64 {
    let db = Connection::open(path).expect("it opens");
    db.query_row("SELECT count(*) FROM news", [], |row| row.get(0)).expect("a number")
}

#[test]
fn what_one_case_learns_the_others_of_the_person_learn_once() {
    let path = file("once");
    let mut hub = opened(&path);
    hub.take("home", looked("event-1"), at("02T11:00")).expect("it is taken");
    for case in ["again", "cat"] {
        assert_eq!(known(&mut hub, case, "what_matters").as_deref(), Some("The cat"), "{case}");
    }
    assert_eq!(known(&mut hub, "other", "what_matters"), None, "that is somebody else");
    let again = hub.look("again").expect("it is there");
    // As it was found there: by whom, and when; and nobody asks again what is known.
    let EntryKind::Recorded { happened, by, .. } = &again.record().journal[entry(&again, "wish") as usize].what else {
        unreachable!("it is a recording")
    };
    assert_eq!((*happened, by.role.as_deref()), (at("02T11:00"), Some("ward_nurse")));
    assert!(again.next_named("first_look").is_some_and(|step| step.finds.is_empty()), "it asks for nothing more");
    assert_eq!((again.record().revision, waits(&path)), (2, 0));

    // The same again, later, teaches nobody anything. And what was learnt goes round in no circle.
    hub.take("home", looked("event-1"), at("02T12:00")).expect("it was taken");
    hub.tick(at("02T12:00"), &mut |_, _| ()).expect("it ticks");
    let revisions = ["home", "again", "cat"].map(|id| hub.look(id).expect("it is there").record().revision);
    assert_eq!(revisions, [1, 2, 2]);
    // Only the hub says what another case learnt.
    let own = Event::new("news/home/7", EventKind::Record { facts: said(&[("wish", "home")]) });
    assert_eq!(hub.take("again", own, at("02T12:00")).expect_err("no").code(), "own-id");
}

#[test]
fn what_is_put_right_is_put_right_wherever_it_was_learnt() {
    for opened_later in [false, true] {
        let path = file(&format!("right-{opened_later}"));
        let mut hub = opened(&path);
        hub.take("home", looked("event-1"), at("02T11:00")).expect("it is taken");
        let case = if opened_later {
            let called = "Mrs Ashe, bed 7".to_string();
            let arrival = Arrival { called, ..arrival("later", "ashe", "going_home") };
            hub.open(&arrival, at("02T11:30")).expect("it opens");
            let board = hub.board(None, at("02T11:30")).expect("the board");
            let beds = board.iter().filter(|it| it.called == "Mrs Ashe, bed 7").map(|it| it.case.as_str());
            assert!(beds.count() >= 4, "she lies in bed 7 now, in all her cases");
            "later"
        } else {
            "again"
        };
        assert_eq!(known(&mut hub, case, "wish").as_deref(), Some("home"));
        let by = By::role("ward_nurse");
        let wrong = entry(&hub.look("home").expect("it is there"), "wish");
        let answer = Answer::Value("somewhere_else".to_string());
        let correct = EventKind::Correct { entry: wrong, answer, reason: "a slip".to_string() };
        hub.take("home", Event { by: by.clone(), ..Event::new("event-2", correct) }, at("02T12:00"))
            .expect("it is taken");
        assert_eq!(known(&mut hub, case, "wish").as_deref(), Some("somewhere_else"));

        let what = Withdrawn::Fact { entry: entry(&hub.look("home").expect("it is there"), "what_matters") };
        let withdraw = EventKind::Withdraw { what, reason: None };
        hub.take("home", Event { by, ..Event::new("event-3", withdraw) }, at("02T13:00")).expect("it is taken");
        for case in ["home", case, "cat"] {
            assert_eq!(known(&mut hub, case, "what_matters"), None, "{case}: it was taken back");
            hub.look(case).expect("it is there").verify().expect("it is what its journal makes it");
        }
        assert_eq!(waits(&path), 0);
    }
}

/// Somebody sees in the one case that what was found in the other is wrong. Then nobody knows it any more, nor does who comes
/// later.
#[test]
fn what_was_learnt_is_put_right_where_it_was_found() {
    for taken_back in [false, true] {
        let path = file(&format!("found-{taken_back}"));
        let mut hub = opened(&path);
        hub.take("home", looked("event-1"), at("02T11:00")).expect("it is taken");
        let entry = entry(&hub.look("again").expect("it is there"), "wish");
        let what = match taken_back {
            true => EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None },
            false => {
                let answer = Answer::Value("somewhere_else".to_string());
                EventKind::Correct { entry, answer, reason: "a slip".to_string() }
            }
        };
        let event = Event { by: By::role("ward_nurse"), ..Event::new("event-2", what) };
        hub.take("again", event, at("02T12:00")).expect("it is taken");
        hub.open(&arrival("later", "ashe", "going_home"), at("02T13:00")).expect("it opens");
        for case in ["again", "home", "later"] {
            let wanted = (!taken_back).then(|| "somewhere_else".to_string());
            assert_eq!(known(&mut hub, case, "wish"), wanted, "{case}");
        }
        // Once more in the case in which it was found: the record does not fall back on what was said first.
        if !taken_back {
            let journal = &hub.look("home").expect("it is there").record().journal.clone();
            let corrected = journal.iter().rposition(|it| matches!(it.what, EntryKind::Corrected { .. }));
            let entry = corrected.expect("it was corrected") as u32;
            let what = EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None };
            let event = Event { by: By::role("ward_nurse"), ..Event::new("event-3", what) };
            hub.take("home", event, at("02T14:00")).expect("it is taken");
            hub.open(&arrival("last", "ashe", "going_home"), at("02T15:00")).expect("it opens");
            for case in ["again", "home", "later", "last"] {
                assert_eq!(known(&mut hub, case, "wish"), None, "{case}");
            }
        }
        assert_eq!(waits(&path), 0);
    }
}

/// A case that cannot go on keeps no other from it, and learns when it can again.
#[test]
fn what_cannot_be_learnt_now_is_learnt_later() {
    let path = file("later");
    let mut hub = opened(&path);
    let db = Connection::open(&path).expect("it opens");
    let change = |from: &str, to: &str| {
        let question = "UPDATE cases SET record = replace(record, ?1, ?2) WHERE id = 'again'";
        assert_eq!(db.execute(question, [from, to]).expect("it is changed"), 1);
    };
    change("\"format\"", "\"tamrof\"");
    hub.take("home", looked("event-1"), at("02T11:00")).expect("that goes on");
    assert_eq!(known(&mut hub, "cat", "what_matters").as_deref(), Some("The cat"));
    assert_eq!(waits(&path), 2);
    let mut told = Vec::new();
    hub.tick(at("02T11:30"), &mut |case, code| told.push(format!("{case}: {code}"))).expect("it ticks");
    assert_eq!((told, waits(&path)), (vec!["again: store".to_string()], 2));

    change("\"tamrof\"", "\"format\"");
    hub.tick(at("02T12:00"), &mut |case, code| assert_eq!(case, code, "nothing is wrong now")).expect("it ticks");
    assert_eq!((known(&mut hub, "again", "wish").as_deref(), waits(&path)), (Some("home"), 0));
    // What fell due in the meantime fell due first.
    let again = hub.look("again").expect("it is there");
    assert!(again.record().journal.is_sorted_by_key(|it| it.at));
}

#[test]
fn what_is_over_or_does_not_speak_of_it_learns_nothing() {
    let path = file("over");
    let mut hub = opened(&path);
    let done = EventKind::Done { step: "ask".into(), facts: said(&[("cats", "2"), ("what_matters", "The dog")]) };
    hub.take("cat", Event { by: By::role("ward_nurse"), ..Event::new("event-1", done) }, at("02T10:00"))
        .expect("it ends");
    let before = hub.look("cat").expect("it is there").record().to_json();
    assert_eq!(known(&mut hub, "home", "what_matters").as_deref(), Some("The dog"));
    // Nobody asks about cats on the way home, and nothing waits for it.
    assert_eq!((hub.look("home").expect("it is there").record().revision, waits(&path)), (1, 0));
    hub.take("home", looked("event-1"), at("02T11:00")).expect("it is taken");
    assert_eq!(hub.look("cat").expect("it is there").record().to_json(), before);
    assert_eq!(waits(&path), 0);
}
