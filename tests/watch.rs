//! Before a crisis (4.11, 10.52, 10.53): what is started for somebody outside any case, whom one asks while it is not known,
//! and when one looks again. Watching changes nothing, and the moment it names is the right one: looked at minute by minute.
#![allow(clippy::panic)]

mod worlds;

use onward::calendar::{Length, Moment};
use onward::diagnostic::Kind;
use onward::engine::{By, KnownBefore, News, NewsKind, PersonRecord, Watched};
use onward::model::{Answer, DirectoryId};
use onward::{Library, Source};
use proptest::prelude::*;
use worlds::{Dice, for_all};

const FACTS: &str = "facts
  frailty 1 to 9 good for 6 hours
  falls 0 to 9 good for 1 day
  has_carer yes or no
  carer_coping one of well, strained, not_at_all good for 3 hours applies when has_carer
  steady yes or no presumed yes until found otherwise good for 2 hours
";

const RISING: &str = "anticipate rising \"Frail and falling\"
  when frailty at least 6 and falls at least 2
  start review within 2 working days of team
  at most once every 90 days
  if we do not know yet -> ask practice within 5 days
";

const REST: &str = "role team
role practice

pathway review
  version 1
  starts at look

by default
  if late -> over
  if it cannot be done -> over
  if the person declines -> over
  if died -> over
  if withdrew -> over
  if cannot be reached -> over
  if moved away -> over
  if opened in error -> over

step look
  led by team
  within 2 days
  then over

ending over
  held by person

directory here
  time zone \"Europe/London\"
  valid until 2030-12-31

contact office
  fills team, practice
  open every day 09:00 to 17:00
  on bank holidays as usual
";

fn text(anticipations: &str) -> String {
    format!("onward 1\n\n{FACTS}\n{anticipations}\n{REST}")
}

fn library(text: &str) -> Library {
    Library::compile(vec![Source::new("watch.pathway", text)]).unwrap_or_else(|report| panic!("{report}"))
}

fn at(text: &str) -> Moment {
    format!("2026-06-{text}:00Z").parse().expect("a time")
}

fn learn(record: &mut PersonRecord, id: &str, fact: &str, value: &str, when: Moment) {
    let (answer, by) = (Answer::Value(value.into()), By::default());
    let it = KnownBefore { answer, happened: when, recorded: when, by, id: None };
    record.learn(&News { id: id.into(), fact: fact.into(), what: NewsKind::Recorded(it) });
}

fn known(facts: &[(&str, &str, &str)]) -> PersonRecord {
    let mut record = PersonRecord::default();
    for (number, (fact, value, when)) in facts.iter().enumerate() {
        learn(&mut record, &format!("c/{number}"), fact, value, at(when));
    }
    record
}

fn watch(library: &Library, record: &PersonRecord, when: &str) -> Watched {
    library.watch(record, DirectoryId(0), at(when))
}

#[test]
fn who_is_frail_and_falls_is_started_for_once_in_a_while() {
    let library = library(&text(RISING));
    let mut record = known(&[("frailty", "6", "01T09:00"), ("falls", "2", "01T08:00")]);
    let watched = watch(&library, &record, "01T10:00");
    let start = watched.starts.first().expect("something is to be started");
    assert_eq!((start.pathway.as_str(), start.led_by.as_str(), start.due), ("review", "team", at("03T16:00")));
    assert_eq!(
        start.because.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>(),
        ["falls 2", "frailty 6"]
    );
    assert_eq!(watched.asks, []);
    assert_eq!(watched.look_again, Some(at("01T15:00").plus(Length::SECOND)), "then nobody knows how frail they are");
    assert_eq!(watch(&library, &record, "01T10:00"), watched, "watching changes nothing");
    record.took_up(&watched, at("01T10:00"));
    let after = watch(&library, &record, "01T10:00");
    assert_eq!((after.starts.len(), after.asks.len()), (0, 0), "once, for 90 days");
    let over = at("01T10:00").plus(Length::days(90));
    assert_eq!(after.look_again, Some(over));
    assert_eq!(library.watch(&record, DirectoryId(0), over.minus(Length::SECOND)).asks, []);
    assert_eq!(library.watch(&record, DirectoryId(0), over).asks.len(), 1, "and then one asks anew");
    // It is kept with the record.
    let kept = record.to_json();
    assert_eq!(PersonRecord::from_json(&kept).expect("it can be read"), record);
}

#[test]
fn what_is_not_known_is_asked_for_and_asked_again() {
    let library = library(&text(RISING));
    let mut record = known(&[("frailty", "7", "01T09:00")]);
    let watched = watch(&library, &record, "01T10:00");
    let ask = watched.asks.first().expect("somebody is asked");
    assert_eq!((ask.role.as_str(), ask.due, ask.asked_before), ("practice", at("06T10:00"), false));
    assert_eq!((ask.facts.len(), ask.facts[0].as_str()), (1, "falls"), "only for what is missing");
    record.took_up(&watched, at("01T10:00"));
    let again = watch(&library, &record, "01T12:00");
    assert_eq!((again.asks[0].due, again.asks[0].asked_before), (at("06T10:00"), true), "they keep their time");
    // What else is missing by then is one more question.
    let later = watch(&library, &record, "02T12:00");
    assert_eq!((later.asks[0].facts.len(), later.asks[0].asked_before), (2, false));
    assert_eq!(again.look_again, Some(at("01T15:00").plus(Length::SECOND)));
    // Nobody answers: they are asked again.
    learn(&mut record, "c/9", "frailty", "7", at("06T10:00"));
    assert!(watch(&library, &record, "06T10:00").asks[0].asked_before, "at the very moment they are in time");
    assert!(!watch(&library, &record, "06T10:01").asks[0].asked_before);
    // They answer, and it is settled either way.
    let mut answered = record.clone();
    learn(&mut answered, "c/10", "falls", "0", at("06T10:00"));
    assert_eq!(
        (watch(&library, &answered, "06T10:01").starts.len(), watch(&library, &answered, "06T10:01").asks.len()),
        (0, 0)
    );
    // One no is enough: nobody is asked for what makes no difference.
    assert_eq!(watch(&library, &known(&[("frailty", "5", "01T09:00")]), "01T10:00").asks, []);
}

#[test]
fn what_is_disputed_is_not_known_and_after_the_directory_nothing_is_said() {
    let library = library(&text(RISING));
    let mut record = known(&[("frailty", "6", "01T09:00"), ("falls", "2", "01T08:00")]);
    learn(&mut record, "c/8", "frailty", "4", at("01T09:00"));
    let between = vec!["c/0".into(), "c/8".into()];
    record.learn(&News { id: "c/9".into(), fact: "frailty".into(), what: NewsKind::Disputed { between } });
    let watched = watch(&library, &record, "01T10:00");
    assert_eq!((watched.starts.len(), watched.asks[0].facts.clone()), (0, vec!["frailty".into()]));
    let ended = library.watch(&record, DirectoryId(0), "2031-01-01T00:00:00Z".parse().expect("a time"));
    assert_eq!(ended, Watched::default());
}

#[test]
fn what_is_said_of_what_is_anticipated() {
    let found = |text: &str| {
        let report = match Library::compile(vec![Source::new("watch.pathway", text)]) {
            Ok(library) => library.report().clone(),
            Err(report) => report,
        };
        report.findings.iter().map(|it| (it.kind, it.message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(found(&text(RISING)), []);
    let one = |from: &str, to: &str, kind: Kind, words: &str| {
        assert!(RISING.contains(from), "{from}");
        let said = found(&text(&RISING.replace(from, to)));
        assert!(
            matches!(said.as_slice(), [(found, message)] if *found == kind && message.contains(words)),
            "{words}\n{said:?}"
        );
    };
    let ask = "  if we do not know yet -> ask practice within 5 days\n";
    one(
        ask,
        "",
        Kind::Unwatched,
        "`rising` waits for `frailty` and `falls`, and nobody is asked while that is not known",
    );
    one(
        "  when frailty at least 6 and falls at least 2\n",
        "",
        Kind::MissingClause,
        "`rising` does not say of whom it is",
    );
    one(
        "  start review within 2 working days of team\n",
        "",
        Kind::MissingClause,
        "`rising` does not say what is started",
    );
    one("  at most once every 90 days\n", "", Kind::MissingClause, "`rising` does not say how often");
    one("every 90 days", "every 0 days", Kind::OutOfRange, "nobody can do anything within `0 days`");
    one("start review", "start reviews", Kind::UnknownName, "there is no `reviews`; a pathway is needed here");
    one("within 2 working days of team", "within 2 days", Kind::NoOwner, "`rising` does not say who starts it");
    one(
        "within 2 working days of team",
        "within 2 days after look\n  led by team",
        Kind::OutOfPlace,
        "outside a case nothing was done",
    );
    one("ask practice", "ask nobody_known", Kind::UnknownName, "there is no `nobody_known`");
    one("falls at least 2", "falls at least 20", Kind::OutOfRange, "20");
    one(
        ask,
        &format!("{ask}  led by person\n"),
        Kind::OutOfPlace,
        "the person would have to start `rising` themselves",
    );
    let alone = text(RISING).replace("fills team, practice", "fills team");
    assert!(
        matches!(found(&alone).as_slice(), [(Kind::NobodyAnswers, it)] if it.contains("fills `practice`")),
        "{:?}",
        found(&alone)
    );
    // Laid out and read again it is the same.
    let laid_out = onward::syntax::format(0, &text(RISING)).unwrap_or_else(|found| panic!("{found:?}"));
    assert_eq!(found(&laid_out), []);
    assert_eq!(onward::syntax::format(0, &laid_out).expect("it can be read"), laid_out);
    // It is no part of what the pathway means: running cases are not touched by it.
    let hash = |text: &str| library(text).pathways().next().expect("there is one").1.hash.clone();
    assert_eq!(hash(&text(RISING)), hash(&text(&RISING.replace("90 days", "30 days"))));
}

/// Something that is anticipated, at random.
fn anticipation(dice: &mut Dice, number: usize) -> String {
    let when = dice.word(&[
        "frailty at least 6 and falls at least 2",
        "frailty at least 6 or falls at least 3",
        "carer_coping is not_at_all or frailty is 9",
        "not steady and falls at least 1",
        "at least 2 of has_carer, steady are yes",
        "has_carer and carer_coping is one of strained, not_at_all",
    ]);
    let within =
        dice.word(&["within 2 working days of team", "within 5 hours\n  led by team", "by 16:00\n  led by team"]);
    let every = dice.word(&["4 hours", "90 minutes", "2 days"]);
    let unknown =
        dice.word(&["ask practice within 1 hour", "ask team within 1 day", "nothing, because \"they ring us\""]);
    format!(
        "anticipate a{number}\n  when {when}\n  start review {within}\n  at most once every {every}\n  if we do not know yet -> {unknown}\n\n"
    )
}

/// What is started, and who is asked for what, and by when where they were asked before.
type Comes = (Vec<String>, Vec<(String, Vec<String>, Option<Moment>)>);

/// What comes of looking, without by when.
fn comes(watched: &Watched) -> Comes {
    let starts = watched.starts.iter().map(|it| it.anticipation.to_string()).collect();
    let asks = watched.asks.iter().map(|it| {
        let facts = it.facts.iter().map(ToString::to_string).collect();
        (it.anticipation.to_string(), facts, it.asked_before.then_some(it.due))
    });
    (starts, asks.collect())
}

#[test]
fn nothing_else_comes_of_it_before_the_moment_that_is_named() {
    for_all(48, 120, |dice| {
        let many = 1 + dice.below(3);
        let anticipations: String = (0..many).map(|number| anticipation(dice, number)).collect();
        let library = library(&text(&anticipations));
        let opens = at("01T09:00");
        let mut record = PersonRecord::default();
        for number in 0..dice.below(7) {
            let (fact, value) = *dice.one(&[
                ("frailty", "6"),
                ("frailty", "9"),
                ("frailty", "3"),
                ("falls", "0"),
                ("falls", "4"),
                ("has_carer", "yes"),
                ("has_carer", "no"),
                ("carer_coping", "strained"),
                ("carer_coping", "not_at_all"),
                ("steady", "no"),
                ("steady", "yes"),
            ]);
            learn(
                &mut record,
                &format!("c/{number}"),
                fact,
                value,
                opens.minus(Length::minutes(dice.below(240) as i64)),
            );
        }
        let mut now = opens;
        for _ in 0..4 {
            let watched = library.watch(&record, DirectoryId(0), now);
            prop_assert_eq!(&watched, &library.watch(&record, DirectoryId(0), now), "watching twice is the same");
            // Minute by minute, and each second before and after a whole one.
            let until = watched.look_again.unwrap_or(now.plus(Length::days(4))).min(now.plus(Length::days(4)));
            let mut minute = now;
            while minute < until {
                let seen = library.watch(&record, DirectoryId(0), minute);
                prop_assert_eq!(comes(&seen), comes(&watched), "at {} of {} to {}", minute, now, until);
                minute = minute.plus(Length::minutes(1));
            }
            let last = library.watch(&record, DirectoryId(0), until.minus(Length::SECOND).max(now));
            prop_assert_eq!(comes(&last), comes(&watched), "a second before {}", until);
            if let Some(again) = watched.look_again {
                let seen = library.watch(&record, DirectoryId(0), again);
                prop_assert_ne!(comes(&seen), comes(&watched), "at {} nothing is otherwise", again);
            }
            // Whoever takes it up hears nothing more of it.
            if dice.once_in(2) {
                record.took_up(&watched, now);
                let after = library.watch(&record, DirectoryId(0), now);
                prop_assert_eq!(after.starts.len(), 0);
                prop_assert!(after.asks.iter().all(|it| it.asked_before));
            } else if let Some(again) = watched.look_again {
                now = again;
            }
        }
        Ok(())
    });
}
