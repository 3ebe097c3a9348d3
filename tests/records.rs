//! What is kept of a case: the chain of its journal, and what is erased of it (7.4, 10.45); another directory for a case
//! that runs (5.1, 7.1, 10.46); and what the cases of one person share (1.5, 10.47).
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::Library;
use onward::engine::{
    By, Case, CaseRecord, EffectKind, EntryKind, Event, EventKind, KnownBefore, LoadError, NewsKind, Opening,
    PersonRecord, Secret, Work,
};
use onward::model::{Answer, Name};
use small::{at, compile, done, ending, open, send, steps, text};

const TWO: &str = "facts
  worries text kept from team
  frailty 1 to 9 found by nurse or team good for 14 days if disputed ask nurse within 1 day

step first
  led by nurse
  finds pain, worries
  within 2 hours
  then second

step second
  led by team
  within 2 days
  then home";

fn with_secret(secret: u8) -> Case {
    let opening = Opening { id: "c".into(), secret: Some(Secret::new([secret; 32])), ..Opening::default() };
    compile(&text(TWO)).pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens").0
}

const SAID: &str = "My daughter must not know";

fn told(secret: u8) -> Case {
    let mut case = with_secret(secret);
    send(&mut case, done("first", &[("pain", "8"), ("worries", SAID)]), "01T10:00");
    case
}

fn saved(case: &Case) -> String {
    case.record().to_json()
}

fn load(text_of: &str) -> Result<Case, LoadError> {
    let record = CaseRecord::from_json(text_of).unwrap_or_else(|error| panic!("{error}"));
    compile(&text(TWO)).load(record)
}

#[test]
fn every_entry_is_sealed_and_the_same_secret_gives_the_same_bytes() {
    let case = told(7);
    assert!(case.record().journal.iter().all(|entry| entry.seal.is_some()));
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(saved(&case), saved(&told(7)));
    assert_ne!(case.record().head(), told(8).record().head());
    // No secret is ever shown, and none that was used can be found in what is kept.
    assert!(!format!("{:?}", Secret::new([7; 32])).contains("07"));
    let first = with_secret(7).record().secret.clone();
    assert!(first.is_some() && !saved(&case).contains(&first.unwrap_or_default()));
    // Saved and loaded it goes on as it was, and so does the chain.
    let mut loaded = load(&saved(&case)).unwrap_or_else(|error| panic!("{error}"));
    let mut kept = case;
    send(&mut loaded, done("second", &[]), "01T11:00");
    send(&mut kept, done("second", &[]), "01T11:00");
    assert_eq!(saved(&loaded), saved(&kept));
}

#[test]
fn whatever_was_changed_is_named() {
    let case = told(7);
    let text_of = saved(&case);
    for (number, entry) in case.record().journal.iter().enumerate() {
        let seal = entry.seal.clone().expect("it is sealed");
        for part in [seal.digest, seal.link, seal.salt.expect("nothing was erased")] {
            let changed = text_of.replacen(&part, &part.chars().rev().collect::<String>(), 1);
            assert_eq!(load(&changed).map(drop), Err(LoadError::Tampered { entry: number }));
        }
    }
    let said = case.record().journal.iter().position(|entry| matches!(entry.what, EntryKind::Event(_)));
    let changed = load(&text_of.replace(SAID, "My daughter may know")).map(drop);
    assert_eq!(changed, Err(LoadError::Tampered { entry: said.expect("it happened") }));
    // One that is taken out, and one that lost its seal.
    let mut record = case.record().clone();
    record.journal.remove(2);
    assert_eq!(record.check_chain(), Err(LoadError::Tampered { entry: 2 }));
    let mut record = case.record().clone();
    record.journal[3].seal = None;
    assert_eq!(record.check_chain(), Err(LoadError::Tampered { entry: 3 }));
}

#[test]
fn what_is_erased_is_gone_and_the_chain_still_holds() {
    let mut case = told(7);
    let entry = case.record().facts["worries"].entry;
    let (head, revision) = (case.record().head().map(str::to_string), case.record().revision);
    let erased = case.erase(entry, By::role("nurse"), "the person asked for it", at("01T11:00")).expect("it is there");
    let entries = erased.entries;
    assert!(entries.contains(&entry) && entries.len() == 2, "the input that brought it, too: {entries:?}");
    assert!(!saved(&case).contains(SAID) && !case.record().facts.contains_key("worries"));
    assert!(case.record().facts.contains_key("pain"), "what was recorded beside it stands");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    for number in &entries {
        let erased = &case.record().journal[*number as usize];
        let seal = erased.seal.as_ref().expect("its digest stays");
        assert!(matches!(erased.what, EntryKind::Erased { .. }) && seal.salt.is_none());
    }
    assert_ne!(case.record().head(), head.as_deref(), "that it was erased is journalled");
    assert_eq!(case.record().revision, revision + 1);
    // It goes on, saved and loaded; the event is not taken again; and a change is still named.
    let mut loaded = load(&saved(&case)).unwrap_or_else(|error| panic!("{error}"));
    let again = Event::new("e2", done("second", &[]));
    assert_eq!(loaded.apply(again, at("01T12:00")).expect_err("it was taken").code(), "same-id-other-content");
    send(&mut loaded, done("second", &[]), "01T12:00");
    assert_eq!(ending(&loaded), Some("home"));
    loaded.verify().unwrap_or_else(|error| panic!("{error}"));
    let mut record = loaded.record().clone();
    record.journal[entries[0] as usize].what = EntryKind::Advanced;
    assert_eq!(record.check_chain(), Err(LoadError::Tampered { entry: entries[0] as usize }));
    // A case that is closed can be erased, too; and nothing twice.
    let pain = loaded.record().facts["pain"].entry;
    loaded.erase(pain, By::default(), "the law", at("02T12:00")).expect("a closed case can be erased");
    loaded.verify().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        loaded.erase(pain, By::default(), "the law", at("02T12:00")).expect_err("it is gone").code(),
        "not-a-record"
    );
    assert_eq!(
        loaded.erase(1, By::default(), "the law", at("02T12:00")).expect_err("says nothing").code(),
        "not-a-record"
    );
}

#[test]
fn what_is_erased_of_a_dispute_leaves_the_chain_whole() {
    let disputed = text(TWO).replacen(
        "pain 0 to 10 good for 6 hours",
        "pain 0 to 10 good for 6 hours if disputed ask team within 1 hour",
        1,
    );
    let library = compile(&disputed);
    let opening = Opening { id: "c".into(), secret: Some(Secret::new([7; 32])), ..Opening::default() };
    let (mut case, _) = library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens");
    for (role, value) in [("nurse", "8"), ("person", "3")] {
        let facts = [("pain".into(), onward::model::Answer::Value(value.into()))].into();
        let event = Event { by: By::role(role), ..Event::new(role, EventKind::Record { facts }) };
        case.apply(event, at("01T10:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    }
    assert!(case.record().disputed.contains_key("pain"));
    let of_the_person = case.record().journal.iter().rposition(|it| matches!(it.what, EntryKind::Recorded { .. }));
    case.erase(of_the_person.expect("recorded") as u32, By::default(), "the law", at("01T10:30")).expect("it is there");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    let again = library.load(CaseRecord::from_json(&saved(&case)).expect("it can be read"));
    again.unwrap_or_else(|error| panic!("{error}")).verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_falls_due_before_something_is_erased_falls_due_first() {
    let mut case = told(7);
    let entry = case.record().facts["worries"].entry;
    // The team had two days, from the first at ten.
    let erased = case.erase(entry, By::default(), "the law", at("03T10:30")).expect("it is there");
    let escalated = |it: &onward::engine::Effect| matches!(it.what, EffectKind::Escalated { .. });
    assert!(erased.answer.effects.iter().any(escalated), "{:?}", erased.answer.effects);
    let journal = &case.record().journal;
    assert!(journal.windows(2).all(|two| two[0].at <= two[1].at));
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_came_in_one_event_is_erased_one_by_one_and_nothing_older_with_it() {
    let mut case = told(7);
    let inputs = |case: &Case| case.record().journal.iter().filter(|it| matches!(it.what, EntryKind::Event(_))).count();
    send(
        &mut case,
        EventKind::Record { facts: [(Name::from("frailty"), Answer::Value("6".into()))].into() },
        "01T10:10",
    );
    let facts = [(Name::from("pain"), Answer::Value("2".into())), ("worries".into(), Answer::Value("none".into()))];
    send(&mut case, EventKind::Record { facts: facts.into() }, "01T10:20");
    assert_eq!(inputs(&case), 3);
    for (fact, now) in [("pain", "01T10:30"), ("worries", "01T10:40")] {
        let entry = case.record().facts[fact].entry;
        case.erase(entry, By::default(), "the law", at(now)).expect("it is there");
        // What stood before stands again.
        assert_eq!(case.record().facts[fact].value, if fact == "pain" { "8" } else { SAID });
        assert_eq!(inputs(&case), 2, "of {fact}");
    }
    assert_eq!(case.record().facts["frailty"].value, "6");
    case.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_puts_something_right_or_leaves_it_behind_does_so_also_when_it_is_erased() {
    let steps_of = "step first\n  led by nurse\n  finds pain, ready\n  within 2 hours\n  then over_to_them\n\nhand over over_to_them\n  from nurse\n  to team\n  carrying pain\n  accepted within 2 hours\n  if declined, saying why -> over\n  if accepted on a condition -> second\n  then second\n\nstep second\n  led by team\n  finds ready\n  within 2 days\n  then home";
    let mut case = small::open(steps_of);
    send(&mut case, done("first", &[("pain", "8"), ("ready", "yes")]), "01T10:00");
    let pain = case.record().facts["pain"].entry;
    let correct = EventKind::Correct { entry: pain, answer: Answer::Value("2".into()), reason: "the wrong bed".into() };
    send(&mut case, correct, "01T10:10");
    let corrected = case.record().facts["pain"].entry;
    case.erase(corrected, By::default(), "the law", at("01T10:20")).expect("it is there");
    assert!(!case.record().facts.contains_key("pain"), "what was wrong stays wrong");
    send(
        &mut case,
        EventKind::Accept { step: "over_to_them".into(), condition: Some("a key safe".into()) },
        "01T10:30",
    );
    let journal = &case.record().journal;
    let accepted = journal.iter().rposition(|it| matches!(&it.what, EntryKind::Ended { reason: Some(_), .. }));
    case.erase(accepted.expect("there") as u32, By::default(), "the law", at("01T10:40")).expect("it is there");
    let ready = case
        .record()
        .journal
        .iter()
        .position(|it| matches!(&it.what, EntryKind::Recorded { fact, .. } if *fact == "ready"));
    let correct = EventKind::Correct {
        entry: ready.expect("there") as u32,
        answer: Answer::Value("no".into()),
        reason: "the wrong bed".into(),
    };
    send(&mut case, correct, "01T10:50");
    assert!(!case.record().facts.contains_key("ready"), "what was left behind stays so");
}

#[test]
fn without_a_secret_there_is_no_chain_and_what_is_saved_is_as_before() {
    let mut case = open(TWO);
    send(&mut case, done("first", &[("pain", "8"), ("worries", SAID)]), "01T10:00");
    assert!(!saved(&case).contains("seal") && case.record().head().is_none());
    case.verify().unwrap_or_else(|error| panic!("{error}"));
    // What an earlier release saved is read; what a later one will save is not.
    let of = |format: &str| load(&saved(&case).replacen("\"format\":2", &format!("\"format\":{format}"), 1)).map(drop);
    assert_eq!(of("1"), Ok(()));
    assert_eq!(of("3"), Err(LoadError::OtherFormat { format: 3, reads: 2 }));
    assert_eq!(of("0"), Err(LoadError::OtherFormat { format: 0, reads: 2 }));
    let entry = case.record().facts["worries"].entry;
    case.erase(entry, By::default(), "the law", at("01T11:00")).expect("it is there");
    assert!(!saved(&case).contains(SAID));
    assert_eq!(case.verify(), Err(LoadError::Erased), "nothing shows any more that the rest is as it was");
}

// ------------------------------------------------------------------------------------------------ another directory

/// The same pathway with another directory: everything below `directory` is written anew.
fn elsewhere(change: impl Fn(String) -> String) -> Library {
    let whole = text(TWO);
    let at = whole.find("directory here").expect("it has one");
    compile(&format!("{}{}", &whole[..at], change(whole[at..].to_string())))
}

fn follow(
    case: &Case,
    library: &Library,
    now: &str,
) -> Result<(Case, onward::engine::Answer), onward::engine::Refusal> {
    let directory = library.pathway("small").and_then(|it| it.directory()).expect("there is one");
    library.follow(case, directory, at(now))
}

#[test]
fn a_running_case_goes_on_with_another_directory_and_its_deadlines_stay() {
    let mut case = open(TWO);
    let other =
        elsewhere(|it| it.replace("ask ward, to answer within 1 hour", "ask ward, to answer within 30 minutes"));
    let (mut follows, answer) = follow(&case, &other, "01T10:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(steps(&follows)[0].due, at("01T11:00"));
    assert_eq!((answer.revision, follows.record().directory.name.as_str()), (1, "here"));
    assert_ne!(follows.record().directory.hash, case.record().directory.hash);
    follows.advance(at("01T11:00")).expect("time goes on");
    assert_eq!(steps(&follows)[0].due, at("01T11:30"), "the ladder is that of the other directory");
    // It is played again with each, and what is saved goes on with the other.
    follows.verify().unwrap_or_else(|error| panic!("{error}"));
    let record = CaseRecord::from_json(&saved(&follows)).expect("it can be read");
    let loaded = other.load(record).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.record(), follows.record());
    assert!(matches!(loaded.verify(), Err(LoadError::OtherDirectory { .. })), "the first directory is not there");
    // The same event again is still the same event.
    let mut loaded = loaded;
    let event = Event::new("once", EventKind::Cannot { step: "first".into(), reason: "nobody is in".into() });
    let first = loaded.apply(event.clone(), at("01T11:05")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let again = loaded.apply(event, at("01T11:06")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((again.effects, again.revision), (first.effects, first.revision));
    // The case that was given is as it was.
    case.advance(at("01T11:00")).expect("time goes on");
    assert_eq!(steps(&case)[0].due, at("01T12:00"));
}

#[test]
fn a_proved_case_that_follows_another_directory_of_the_library_is_loaded_again() {
    let whole = text(TWO).replacen(" kept from team", "", 1).replacen("held by team", "held by person", 1);
    let at_directory = whole.find("directory here").expect("it has one");
    let there = whole[at_directory..].replace("directory here", "directory there");
    let there = format!("onward 1\n\nuse \"here.pathway\"\n\n{there}");
    let sources = vec![onward::Source::new("here.pathway", &whole), onward::Source::new("there.pathway", &there)];
    let library = Library::compile(sources).unwrap_or_else(|report| panic!("{report}"));
    let opening = Opening { id: "c".into(), ..Opening::default() };
    let pathway = library.pathway("small").expect("there");
    let (case, _) =
        pathway.open(opening, at("01T09:00")).unwrap_or_else(|refusal| panic!("{refusal} {}", library.report()));
    let there = library.directory_named("there").expect("it is there");
    let (follows, _) = library.follow(&case, there, at("01T10:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(!follows.record().draft);
    let loaded = library.load(CaseRecord::from_json(&saved(&follows)).expect("it can be read"));
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.record(), follows.record());
    // Its journal is played with both, as often as it went from one to the other.
    loaded.verify().unwrap_or_else(|error| panic!("{error}"));
    let here = library.directory_named("here").expect("it is there");
    let (back, _) = library.follow(&loaded, here, at("01T10:30")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let loaded = library.load(CaseRecord::from_json(&saved(&back)).expect("it can be read"));
    let mut loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    loaded.verify().unwrap_or_else(|error| panic!("{error}"));
    // What was answered is answered the same, whatever happened since.
    let event = Event::new("once", EventKind::Cannot { step: "first".into(), reason: "nobody is in".into() });
    let first = loaded.apply(event.clone(), at("01T10:40")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let (follows, _) = library.follow(&loaded, there, at("01T10:50")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let loaded = library.load(CaseRecord::from_json(&saved(&follows)).expect("it can be read"));
    let again = loaded.unwrap_or_else(|error| panic!("{error}")).apply(event, at("01T11:30"));
    assert_eq!(again, Ok(first));
}

#[test]
fn a_directory_means_the_same_whatever_its_layout() {
    let case = open(TWO);
    let same = elsewhere(|it| format!("# the same\n{}", it.replace("  open always", "  open   always")));
    let (follows, _) = follow(&case, &same, "01T10:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(follows.record().directory.hash, case.record().directory.hash);
}

#[test]
fn a_directory_that_leaves_somebody_with_nobody_is_refused_and_says_whom() {
    let case = open(TWO);
    let before = case.record().clone();
    // A second directory in which nobody is a nurse, beside the first.
    let whole = text(TWO);
    let at_directory = whole.find("directory here").expect("it has one");
    let nobody =
        whole[at_directory..].replace("directory here", "directory there").replace("fills nurse\n", "fills team\n");
    let library = compile(&format!("{whole}\n{nobody}"));
    let there = library.directory_named("there").expect("it is there");
    let refusal = library.follow(&case, there, at("01T10:00")).map(drop).expect_err("there is no nurse any more");
    assert_eq!(refusal.code(), "would-strand");
    assert!(refusal.to_string().contains("`first`: nobody fills `nurse`"), "{refusal}");
    assert_eq!(case.record(), &before);
}

#[test]
fn whoever_is_asked_and_is_not_there_any_more_is_not_asked_any_more() {
    let mut case = open(TWO);
    case.advance(at("01T11:00")).expect("time goes on");
    assert_eq!(steps(&case)[0].escalated_to.as_deref(), Some("ward"));
    let moved = elsewhere(|it| it.replace("contact ward", "contact rooms").replace("ask ward", "ask rooms"));
    let (follows, answer) = follow(&case, &moved, "01T11:10").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(steps(&follows)[0].escalated_to.as_deref(), Some("rooms"));
    let stood_down = answer
        .effects
        .iter()
        .any(|it| matches!(&it.what, EffectKind::StoodDown { contact: Some(contact), .. } if *contact == "ward"));
    let asked = answer.effects.iter().any(|it| {
        matches!(&it.what, EffectKind::Escalated { contact, answer_by, .. } if *contact == "rooms" && *answer_by == at("01T12:10"))
    });
    assert!(stood_down && asked, "{answer:?}");
    // Whoever is there still keeps the time they were given.
    let same = elsewhere(|it| it.replace("01632", "01633").replace("valid until 2030", "valid until 2029"));
    let (follows, answer) = follow(&case, &same, "01T11:10").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!((steps(&follows)[0].due, answer.effects.len()), (at("01T12:00"), 0));
}

#[test]
fn what_nobody_there_can_do_in_time_is_escalated_at_once() {
    let case = open(TWO);
    let late = elsewhere(|it| it.replace("open every day 08:00 to 20:00", "open every day 16:00 to 20:00"));
    let (follows, _) = follow(&case, &late, "01T10:00").unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(steps(&follows)[0].escalated_to.as_deref(), Some("office"), "{:?}", steps(&follows));
}

#[test]
fn what_is_proved_goes_on_only_where_it_is_proved() {
    let opening = Opening { id: "c".into(), ..Opening::default() };
    // Whoever holds the person has accepted them, and nobody on a ladder comes to hear what is kept from them: it is proved.
    let held = |library: String| library.replace("then home", "then over").replace(" kept from team", "");
    let whole = held(text(TWO));
    let elsewhere = |change: fn(String) -> String| {
        let at = whole.find("directory here").expect("it has one");
        compile(&format!("{}{}", &whole[..at], change(whole[at..].to_string())))
    };
    let library = compile(&whole);
    let pathway = library.pathway("small").expect("there");
    let (case, _) =
        pathway.open(opening, at("01T09:00")).unwrap_or_else(|refusal| panic!("{refusal} {}", library.report()));
    let asleep =
        elsewhere(|it| it.replace("open always", "open every day 09:00 to 17:00\n  on bank holidays as usual"));
    assert_eq!(follow(&case, &asleep, "01T10:00").map(drop).expect_err("nobody is last at night").code(), "not-proved");
    let (follows, answer) = follow(&case, &elsewhere(|it| it.replace("1 hour", "2 hours")), "01T10:00").expect("it is");
    assert!(!answer.draft && !follows.record().draft);
    // Another pathway is another pathway, and what is over is over.
    let other = compile(&whole.replace("within 2 days", "within 3 days"));
    assert_eq!(follow(&case, &other, "01T10:00").map(drop).expect_err("it stays on its own").code(), "other-pathway");
    let ended = elsewhere(|it| it.replace("2030-12-31", "2026-05-01"));
    assert_eq!(follow(&case, &ended, "01T10:00").map(drop).expect_err("it ends").code(), "past-horizon");
    let mut over = case;
    send(&mut over, done("first", &[("pain", "3"), ("worries", "well")]), "01T09:30");
    send(&mut over, done("second", &[]), "01T09:40");
    assert_eq!(follow(&over, &library, "01T10:00").map(drop).expect_err("it is over").code(), "closed");
}

// --------------------------------------------------------------------------------------- what the cases of one share

fn open_for(person: &PersonRecord, id: &str, now: &str) -> Case {
    let opening = Opening { id: id.into(), person: person.clone(), ..Opening::default() };
    compile(&text(TWO)).pathway("small").expect("there").open_draft(opening, at(now)).expect("opens").0
}

fn tell(case: &mut Case, role: &str, what: EventKind, now: &str) -> onward::engine::Answer {
    let id = format!("t{}", case.record().journal.len());
    case.apply(Event { by: By::role(role), ..Event::new(id, what) }, at(now))
        .unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn pass_on(answer: &onward::engine::Answer, person: &mut PersonRecord, to: &mut Case, now: &str) {
    for news in &answer.news {
        person.learn(news);
        if let NewsKind::Recorded(known) = &news.what {
            let what = EventKind::Learn { fact: news.fact.clone(), known: known.clone() };
            let event = Event::new(format!("from {}", news.id), what);
            to.apply(event.clone(), at(now)).unwrap_or_else(|refusal| panic!("{refusal}"));
            // At least once: a second time changes nothing.
            let before = to.record().clone();
            to.apply(event, at(now)).unwrap_or_else(|refusal| panic!("{refusal}"));
            assert_eq!(to.record(), &before);
        }
    }
}

#[test]
fn what_one_case_has_asked_another_does_not_ask_again_while_it_is_good() {
    let mut person = PersonRecord::default();
    let mut first = open_for(&person, "first", "01T09:00");
    let answer = tell(&mut first, "nurse", done("first", &[("pain", "4"), ("worries", SAID)]), "01T10:00");
    assert_eq!(answer.news.iter().map(|it| it.fact.as_str()).collect::<Vec<_>>(), ["pain", "worries"]);
    answer.news.iter().for_each(|news| person.learn(news));
    let kept: PersonRecord = PersonRecord::from_json(&person.to_json()).expect("read");
    assert_eq!(kept, person);
    let second = open_for(&person, "second", "01T12:00");
    assert!(steps(&second)[0].finds.is_empty(), "{:?}", steps(&second));
    let known = &second.record().facts["pain"];
    assert_eq!((known.value.as_str(), known.happened), ("4", at("01T10:00")));
    second.verify().unwrap_or_else(|error| panic!("{error}"));
    // Pain is good for six hours from when it was so, wherever that was.
    let later = open_for(&person, "later", "01T16:01");
    assert_eq!(steps(&later)[0].finds, ["pain"]);
    // Who found it is who found it; and what was learnt elsewhere is no news.
    let by = second.record().journal.iter().find_map(|entry| match &entry.what {
        EntryKind::Recorded { fact, by, .. } if *fact == "pain" => by.role.clone(),
        _ => None,
    });
    assert_eq!((by.as_deref(), second.news_since(0).len()), (Some("nurse"), 0));
    // What is kept from a role stays kept from it.
    assert!(!second.seen_by("team").contains_key(&Name::from("worries")));
    let seen: Vec<&str> = person.seen_by("team", second.shared()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(seen, ["pain"]);
    assert!(
        person.seen_by("Team", second.shared()).all(|(name, _)| name.as_str() != "worries"),
        "nor is it shown to nobody"
    );
}

#[test]
fn two_cases_that_ask_the_same_at_once_ask_it_once() {
    let mut person = PersonRecord::default();
    let mut first = open_for(&person, "first", "01T09:00");
    let mut second = open_for(&person, "second", "01T09:00");
    assert_eq!(steps(&second)[0].finds, ["pain", "worries"]);
    let answer = tell(&mut first, "nurse", done("first", &[("pain", "4"), ("worries", SAID)]), "01T10:00");
    pass_on(&answer, &mut person, &mut second, "01T10:01");
    assert!(steps(&second)[0].finds.is_empty());
    send(&mut second, done("first", &[]), "01T10:30");
    assert_eq!(steps(&second)[0].step, "second");
    second.verify().unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_two_cases_found_differently_is_disputed_where_it_meets_and_shared_with_nobody() {
    let mut person = PersonRecord::default();
    let mut first = open_for(&person, "first", "01T09:00");
    let mut second = open_for(&person, "second", "01T09:00");
    let frailty =
        |value: &str| EventKind::Record { facts: [(Name::from("frailty"), Answer::Value(value.into()))].into() };
    tell(&mut second, "team", frailty("7"), "01T10:00").news.iter().for_each(|news| person.learn(news));
    let answer = tell(&mut first, "nurse", frailty("5"), "01T10:10");
    // The nurse settles what is disputed, so theirs stands where it arrives; the other way round it is disputed.
    pass_on(&answer, &mut person, &mut second, "01T10:20");
    assert_eq!(second.record().facts["frailty"].value, "5");
    let known = KnownBefore {
        answer: Answer::Value("7".into()),
        happened: at("01T10:15"),
        recorded: at("01T10:15"),
        by: By::role("team"),
        id: None,
    };
    let learn = EventKind::Learn { fact: "frailty".into(), known: known.clone() };
    let answer = tell(&mut first, "team", learn, "01T10:20");
    assert!(!first.record().facts.contains_key("frailty"));
    assert!(matches!(steps(&first)[1].work, Work::Settle { .. }));
    answer.news.iter().for_each(|news| person.learn(news));
    assert_eq!((person.stands("frailty"), person.disputed().count()), (None, 1));
    assert!(!open_for(&person, "third", "01T10:30").record().facts.contains_key("frailty"));
    let settle = EventKind::Settle { fact: "frailty".into(), value: "6".into(), reason: None };
    tell(&mut first, "nurse", settle, "01T11:00").news.iter().for_each(|news| person.learn(news));
    assert_eq!(open_for(&person, "fourth", "01T11:30").record().facts["frailty"].value, "6");
    // What is learnt was recorded before it is learnt.
    let late = KnownBefore { recorded: at("01T13:00"), ..known };
    let event = Event::new("late", EventKind::Learn { fact: "frailty".into(), known: late });
    assert_eq!(first.apply(event, at("01T12:00")).expect_err("not yet").code(), "not-yet-happened");
}

#[test]
fn what_was_put_right_in_one_case_is_right_for_the_next() {
    let mut person = PersonRecord::default();
    let mut case = open_for(&person, "first", "01T09:00");
    let answer = tell(&mut case, "nurse", done("first", &[("pain", "8"), ("worries", SAID)]), "01T10:00");
    answer.news.iter().for_each(|news| person.learn(news));
    let entry = case.record().facts["pain"].entry;
    let correct = EventKind::Correct { entry, answer: Answer::Value("2".into()), reason: "the wrong bed".into() };
    tell(&mut case, "nurse", correct, "01T10:30").news.iter().for_each(|news| person.learn(news));
    assert_eq!(person.stands("pain").map(|it| it.answer.clone()), Some(Answer::Value("2".into())));
    let entry = case.record().facts["worries"].entry;
    let withdraw = EventKind::Withdraw { what: onward::engine::Withdrawn::Fact { entry }, reason: None };
    tell(&mut case, "nurse", withdraw, "01T10:40").news.iter().for_each(|news| person.learn(news));
    assert_eq!(person.standing().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["pain"]);
}

/// Whoever settles it says why.
#[test]
fn what_is_made_anew_before_something_is_erased_is_sealed_as_it_was_and_a_reason_goes_with_what_it_is_about() {
    let advised = "facts
  frailty 1 to 9 found by nurse or team if disputed ask chair within 1 day

role chair

step first
  led by nurse
  finds pain, ready
  within 2 hours
  then where

decide where
  advise team to decide within 9 days
  otherwise because one of wish
  when pain at least 7 and ready -> home
  when ready -> over
  if none of these -> over
  if we do not know yet -> over";
    let contact = "\ncontact office2\n  fills chair\n  open always\n  on bank holidays as usual\n";
    let opening = Opening { id: "c".into(), secret: Some(Secret::new([3; 32])), ..Opening::default() };
    let library = compile(&(text(advised) + contact));
    let mut case = library.pathway("small").expect("there").open_draft(opening, at("01T09:00")).expect("opens").0;
    send(&mut case, done("first", &[("pain", "8"), ("ready", "yes")]), "01T10:00");
    for (role, value) in [("nurse", "5"), ("team", "7")] {
        let facts = [(Name::from("frailty"), Answer::Value(value.into()))].into();
        tell(&mut case, role, EventKind::Record { facts }, "01T10:10");
    }
    let reason = Some("because the daughter said so".to_string());
    tell(&mut case, "chair", EventKind::Settle { fact: "frailty".into(), value: "6".into(), reason }, "01T10:20");
    // Pain is stale by then, so it is advised anew, showing what is erased.
    let ready = case.record().facts["ready"].entry;
    let erased = case.erase(ready, By::default(), "the law", at("01T20:00")).expect("it is there").entries;
    let anew = |it: &u32| case.record().journal[*it as usize].at > at("01T10:20");
    assert!(erased.iter().any(anew), "{erased:?}");
    let load = |case: &Case| {
        let record = CaseRecord::from_json(&saved(case)).unwrap_or_else(|error| panic!("{error}"));
        library.load(record).unwrap_or_else(|error| panic!("{error}"))
    };
    load(&case).verify().unwrap_or_else(|error| panic!("{error}"));
    let settled = case.record().facts["frailty"].entry;
    case.erase(settled, By::default(), "the law", at("01T21:00")).expect("it is there");
    assert!(!saved(&case).contains("daughter"), "{}", saved(&case));
    assert!(case.record().disputed.contains_key("frailty"));
    load(&case).verify().unwrap_or_else(|error| panic!("{error}"));
}
