//! What stands after something was put right (10.41, 10.42, 10.45): as if it had been said so in the first place. Random
//! histories of a small case are compared with the same case that was told right at once; and the person's record (10.47)
//! comes to the same by their news, in whatever order and however often it learns them.
#![allow(clippy::panic)]

mod small;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::engine::{By, Case, EntryKind, Event, EventKind, News, Opening, PersonRecord, Withdrawn};
use onward::model::{Answer, Name};
use proptest::prelude::*;
use small::{at, compile, text};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use worlds::{Dice, for_all};

const STEPS: &str = "facts
  frailty 1 to 9 found by nurse or therapist if disputed ask consultant within 2 hours
  falls 0 to 9 good for 1 day presumed 0 until found otherwise found by nurse or therapist if disputed ask consultant within 1 day
  warmth 30 to 40 good for 3 days

role consultant
role therapist

step first
  led by nurse
  within 300 days
  if late -> over
  then passed_on

hand over passed_on
  from nurse
  to team
  carrying frailty
  accepted within 300 days
  if late -> over
  if declined, saying why -> over
  then last

step last
  led by team
  finds frailty, falls, warmth
  within 300 days
  if late -> over
  then over";

fn library() -> onward::Library {
    let contact = "\ncontact clinic\n  fills consultant, therapist\n  open always\n  on bank holidays as usual\n";
    compile(&(text(STEPS) + contact))
}

const FACTS: [(&str, [&str; 3]); 3] =
    [("frailty", ["3", "5", "7"]), ("falls", ["0", "1", "2"]), ("warmth", ["36", "37", "38"])];

/// Something that somebody said of a fact, as they should have said it: nothing where they should not have.
#[derive(Clone)]
enum Said {
    Records { fact: usize, answer: Option<Answer> },
    Settles { fact: usize, answer: Option<Answer> },
    Event(EventKind),
}

/// Something that happened.
#[derive(Clone)]
struct Happened {
    said: Said,
    by: &'static str,
    happened: Moment,
    now: Moment,
}

fn value(dice: &mut Dice, fact: usize) -> Answer {
    Answer::Value(FACTS[fact].1[dice.below(3)].to_string())
}

fn event(it: &Happened, number: usize) -> Option<Event> {
    let what = match &it.said {
        Said::Records { fact, answer } => {
            EventKind::Record { facts: [(Name::from(FACTS[*fact].0), answer.clone()?)].into() }
        }
        Said::Settles { fact, answer } => match answer.clone()? {
            Answer::Value(value) => EventKind::Settle { fact: FACTS[*fact].0.into(), value, reason: None },
            answer => EventKind::Record { facts: [(Name::from(FACTS[*fact].0), answer)].into() },
        },
        Said::Event(what) => what.clone(),
    };
    let happened = Some(it.happened);
    Some(Event { by: By::role(it.by), happened, ..Event::new(format!("e{number}"), what) })
}

fn opened(library: &onward::Library, id: &str, person: &PersonRecord, now: Moment) -> Case {
    let opening = Opening { id: id.into(), person: person.clone(), ..Opening::default() };
    library.pathway("small").expect("there").open_draft(opening, now).expect("opens").0
}

/// What stands of each fact: what is known, what is disputed, and whether it is otherwise than presumed.
#[derive(Debug, PartialEq, Eq)]
struct Stands {
    known: BTreeMap<Name, (String, Moment)>,
    disputed: BTreeMap<Name, Vec<(String, Moment)>>,
    otherwise: BTreeSet<Name>,
}

fn stands(case: &Case) -> Stands {
    let record = case.record();
    let known = record.facts.iter().map(|(name, it)| (name.clone(), (it.value.clone(), it.happened)));
    let disputed = record
        .disputed
        .iter()
        .map(|(name, found)| (name.clone(), found.iter().map(|it| (it.value.clone(), it.happened)).collect()));
    Stands { known: known.collect(), disputed: disputed.collect(), otherwise: record.otherwise.clone() }
}

/// How often something happened.
type Tally = RefCell<BTreeMap<&'static str, u32>>;

/// Something that happens, and by whom.
fn something(dice: &mut Dice, case: &Case, now: Moment) -> Happened {
    let fact = dice.below(3);
    let by = ["nurse", "therapist", "nurse", "therapist", "team"][dice.below(5)];
    let back = Length::minutes([0, 0, 20, 70][dice.below(4)]);
    let happened = now.minus(back);
    let open = case.record().open.first().map(|open| open.step.clone());
    match (dice.below(14), open.as_deref()) {
        (0, Some("first")) => Happened {
            said: Said::Event(EventKind::Done { step: "first".into(), facts: [].into() }),
            by: "nurse",
            happened: now,
            now,
        },
        (0, Some("on")) => {
            let accept = EventKind::Accept { step: "passed_on".into(), condition: None };
            Happened { said: Said::Event(accept), by: "team", happened: now, now }
        }
        (1, _) => {
            let answer = Some(Answer::CouldNot("asleep".into()));
            Happened { said: Said::Records { fact, answer }, by, happened, now }
        }
        (2..=4, _) if !case.record().disputed.is_empty() => {
            let fact = FACTS.iter().position(|(name, _)| case.record().disputed.contains_key(*name)).unwrap_or(fact);
            let answer = Some(value(dice, fact));
            Happened { said: Said::Settles { fact, answer }, by: "consultant", happened: now, now }
        }
        _ => Happened { said: Said::Records { fact, answer: Some(value(dice, fact)) }, by, happened, now },
    }
}

/// Puts something right that was said before, in the case and in what is told right at once: says what it did.
fn put_right(
    dice: &mut Dice,
    case: &mut Case,
    told: &mut [Happened],
    entries: &BTreeMap<u32, usize>,
    now: Moment,
) -> Option<(&'static str, Vec<News>)> {
    let journal = &case.record().journal;
    let superseded = journal.iter().filter_map(|entry| match &entry.what {
        EntryKind::Corrected { supersedes, .. } | EntryKind::Withdrawn { supersedes, .. } => Some(*supersedes),
        EntryKind::Erased { supersedes, .. } => *supersedes,
        _ => None,
    });
    let superseded: BTreeSet<u32> = superseded.collect();
    let erased = |entry: &u32| matches!(journal[*entry as usize].what, EntryKind::Erased { .. });
    // Each thing that was said, by the entry that says it now.
    let says = entries.iter().filter(|(entry, _)| !superseded.contains(entry) && !erased(entry));
    let says: Vec<(u32, usize)> = says.map(|(entry, it)| (*entry, *it)).collect();
    let (entry, it) = *says.get(dice.below(says.len()))?;
    let (Said::Records { fact, answer } | Said::Settles { fact, answer }) = &mut told[it].said else { return None };
    let reason = "the wrong line".to_string();
    let (what, tells) = match dice.below(5) {
        4 => {
            *answer = None;
            let erased = case.erase(entry, By::default(), "the law", now).unwrap_or_else(|refusal| panic!("{refusal}"));
            return Some(("erased", erased.answer.news));
        }
        0 => (EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None }, "taken back"),
        1 => (EventKind::Correct { entry, answer: Answer::CouldNot("not asked".into()), reason }, "not found"),
        _ => (EventKind::Correct { entry, answer: value(dice, *fact), reason }, "corrected"),
    };
    let by = match &case.record().journal[entry as usize].what {
        EntryKind::Recorded { by, .. } | EntryKind::Corrected { by, .. } => by.clone(),
        _ => By::default(),
    };
    // Who puts it right has not found it.
    let by = if tells == "corrected" { By::role("team") } else { by };
    *answer = match &what {
        EventKind::Correct { answer, .. } => Some(answer.clone()),
        _ => None,
    };
    let id = format!("right{}", case.record().journal.len());
    let answer = case.apply(Event { by, ..Event::new(id, what) }, now).unwrap_or_else(|refusal| panic!("{refusal}"));
    Some((tells, answer.news))
}

fn history(dice: &mut Dice, library: &onward::Library, tally: &Tally) -> Result<(), TestCaseError> {
    let count = |what: &'static str| *tally.borrow_mut().entry(what).or_default() += 1;
    let mut now = at("01T09:00");
    let mut case = opened(library, "c", &PersonRecord::default(), now);
    let mut told: Vec<Happened> = Vec::new();
    // Where each thing stands in the journal that was said of a fact, or is said of it now.
    let mut entries: BTreeMap<u32, usize> = BTreeMap::new();
    let mut was_told = String::new();
    let (mut person, mut news) = (PersonRecord::default(), Vec::new());
    for _ in 0..4 + dice.below(14) {
        now = now.plus(Length::minutes([1, 1, 30, 200, 1000][dice.below(5)]));
        news.extend(case.advance(now).unwrap_or_else(|refusal| panic!("{refusal}")).news);
        let from = case.record().journal.len();
        if dice.once_in(3) && !told.is_empty() {
            if let Some((what, learnt)) = put_right(dice, &mut case, &mut told, &entries, now) {
                count(what);
                news.extend(learnt);
                was_told += &format!("\n  {now} {what}");
            }
            let right =
                case.record().journal.iter().enumerate().skip(from).find_map(|(number, entry)| match &entry.what {
                    EntryKind::Corrected { supersedes, .. } => Some((number as u32, *supersedes)),
                    _ => None,
                });
            if let Some((number, supersedes)) = right {
                let it = entries[&supersedes];
                entries.insert(number, it);
            }
        } else {
            let it = something(dice, &case, now);
            let sent = event(&it, told.len()).expect("it is said");
            was_told += &format!("\n  {now} {} {:?}", it.by, sent.what);
            let answer = case.apply(sent, now);
            news.extend(answer.map_err(|refusal| TestCaseError::fail(format!("{refusal}{was_told}")))?.news);
            told.push(it);
            let said = case.record().journal.iter().enumerate().skip(from);
            let said = said.filter(|(_, entry)| matches!(entry.what, EntryKind::Recorded { .. }));
            entries.extend(said.map(|(number, _)| (number as u32, told.len() - 1)).collect::<Vec<_>>());
        }
        if !case.record().disputed.is_empty() {
            count("disputed");
        }
        // The same case, told right at once.
        let mut right = opened(library, "c", &PersonRecord::default(), at("01T09:00"));
        for (number, it) in told.iter().enumerate() {
            let Some(sent) = event(it, number) else { continue };
            match right.apply(sent.clone(), it.now) {
                Ok(_) => {}
                // What was not disputed is not settled, but is the word of whoever settles.
                Err(refusal) if refusal.code() == "not-disputed" => {
                    let EventKind::Settle { fact, value, .. } = sent.what else { panic!("{refusal}") };
                    let what = EventKind::Record { facts: [(fact, Answer::Value(value))].into() };
                    right.apply(Event { what, ..sent }, it.now).unwrap_or_else(|refusal| panic!("{refusal}"));
                    count("settled what is right");
                }
                Err(refusal) => panic!("{refusal}"),
            }
        }
        right.advance(now).unwrap_or_else(|refusal| panic!("{refusal}"));
        prop_assert_eq!(stands(&case), stands(&right), "{}", was_told);
        if !case.record().is_erased() {
            let again = case.replay().map_err(|error| TestCaseError::fail(format!("{error}")))?;
            prop_assert!(again.record() == case.record(), "played again it is another case{}", was_told);
        }
    }
    news.iter().for_each(|it| person.learn(it));
    stands_in_the_record(&case, &person, &was_told)?;
    // In any order, and some of it twice, it is the same.
    let mut shuffled = news.clone();
    shuffled.extend(news.iter().filter(|_| dice.once_in(3)).cloned());
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, dice.below(last + 1));
    }
    let mut other = PersonRecord::default();
    shuffled.iter().for_each(|it| other.learn(it));
    prop_assert_eq!(&other, &person, "learnt in another order{}", was_told);
    Ok(())
}

/// What the case knows stands in the person's record too, and what is disputed there is disputed here; where a handover left
/// nothing behind, and nothing that was disputed was given up.
fn stands_in_the_record(case: &Case, person: &PersonRecord, told: &str) -> Result<(), TestCaseError> {
    for (name, _) in FACTS {
        let otherwise = |what: &EntryKind| match what {
            EntryKind::NotSettled { fact, .. } => **fact == *name,
            EntryKind::Ended { step, .. } => *step == "passed_on" && name != "frailty",
            _ => false,
        };
        if case.record().journal.iter().any(|entry| otherwise(&entry.what)) {
            continue;
        }
        let known = case.record().facts.get(name).map(|it| (Answer::Value(it.value.clone()), it.happened));
        let stands = person.stands(name).map(|it| (it.answer.clone(), it.happened));
        prop_assert_eq!(stands, known, "{} stands in the record{}", name, told);
        let disputed = person.disputed().any(|it| **it == *name);
        prop_assert_eq!(disputed, case.record().disputed.contains_key(name), "{} disputed{}", name, told);
    }
    Ok(())
}

#[test]
fn what_was_put_right_stands_as_if_it_had_been_said_so_at_once() {
    let (tally, library) = (Tally::default(), library());
    for_all(300, 120, |dice| history(dice, &library, &tally));
    let tally = tally.into_inner();
    for what in ["corrected", "not found", "taken back", "erased", "disputed", "settled what is right"] {
        assert!(tally.get(what).copied().unwrap_or(0) > 20, "{what}: {tally:?}");
    }
}
