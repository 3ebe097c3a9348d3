//! Whom a contact serves (5.1): to somebody of whom this is known, a directory is as if the contacts that do not serve them
//! were never open. That is tried for every combination of what may be known, none of it among them.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;
mod worlds;

use onward::calendar::Moment;
use onward::engine::{Case, EntryKind, Opening};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use proptest::prelude::*;
use small::{at, done, only, send};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use worlds::{Dice, for_all};

const FACTS: [(&str, &[&str]); 2] =
    [("practice", &["riverside", "larwood", "harbour"]), ("council", &["county", "city"])];

/// Whom a contact serves: of each fact some values, all of which must be so; and whether anybody until that is known.
#[derive(Clone, Debug)]
struct Serves {
    values: Vec<(usize, Vec<usize>)>,
    until_known: bool,
}

#[derive(Clone, Debug)]
struct Contact {
    team: bool,
    hours: &'static str,
    serves: Option<Serves>,
}

/// What is known of somebody: the number of a value of each fact.
type Known = [Option<usize>; 2];

impl Contact {
    /// Kleene, part by part.
    fn serves(&self, known: &Known) -> bool {
        let Some(serves) = &self.serves else { return true };
        let each = |(fact, values): &(usize, Vec<usize>)| known[*fact].map(|value| values.contains(&value));
        let all: Vec<Option<bool>> = serves.values.iter().map(each).collect();
        match (all.contains(&Some(false)), all.contains(&None)) {
            (true, _) => false,
            (false, true) => serves.until_known,
            (false, false) => true,
        }
    }

    fn text(&self, number: usize) -> String {
        let role = if self.team { "team" } else { "nurse" };
        let serves = self.serves.as_ref().map_or(String::new(), |serves| {
            let part = |(fact, values): &(usize, Vec<usize>)| {
                let values: Vec<&str> = values.iter().map(|value| FACTS[*fact].1[*value]).collect();
                format!("{} is {}", FACTS[*fact].0, values.join(", "))
            };
            let parts: Vec<String> = serves.values.iter().map(part).collect();
            let until = if serves.until_known { "\n  until known anybody" } else { "" };
            format!("\n  serves {}{until}", parts.join(" and "))
        });
        format!("\ncontact c{number}\n  fills {role}{serves}\n  {}\n", self.hours)
    }
}

fn contacts(dice: &mut Dice) -> Vec<Contact> {
    let mut some = |number: usize| {
        let hours = [
            "open always",
            "open monday to friday 08:00 to 18:00\n  on bank holidays as usual",
            "open every day 18:00 to 08:00\n  on bank holidays as usual",
            "open always",
        ];
        let serves = (dice.below(4) > 0).then(|| {
            let mut values = Vec::new();
            for (fact, (_, all)) in FACTS.iter().enumerate() {
                let chosen: Vec<usize> = (0..all.len()).filter(|_| dice.once_in(2)).collect();
                if !chosen.is_empty() && (fact == 0 || dice.once_in(2)) {
                    values.push((fact, chosen));
                }
            }
            if values.is_empty() {
                values.push((1, vec![0]));
            }
            Serves { values, until_known: dice.once_in(2) }
        });
        Contact { team: number == 1 || (number > 1 && dice.once_in(2)), hours: hours[dice.below(4)], serves }
    };
    (0..6).map(&mut some).collect()
}

fn text(contacts: &[Contact]) -> String {
    let facts: Vec<String> = FACTS.iter().map(|(name, all)| format!("  {name} one of {}", all.join(", "))).collect();
    // Who is never there stands last: of those who are closed, whoever stands first is asked when nobody is open.
    let all = contacts.iter().enumerate();
    let (never, there): (Vec<_>, Vec<_>) = all.partition(|(_, contact)| contact.hours == NEVER);
    let all: Vec<String> = there.into_iter().chain(never).map(|(number, contact)| contact.text(number)).collect();
    format!(
        "onward 1

pathway small
  version 1
  starts at first

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> over
  if nobody can -> over
  if died -> over
  if withdrew -> over
  if cannot be reached -> over
  if moved away -> over
  if opened in error -> over

facts
{}

role nurse
role team

step first
  led by nurse
  within 10 hours
  if late -> second
  then second

step second
  led by team
  within 5 hours
  then over

ending over
  held by person

directory here
  time zone \"Europe/London\"
  valid from 2026-01-01
  valid until 2026-12-31
{}
escalation help
  ask nurse, to answer within 1 hour
  last team, to answer within 2 hours
",
        facts.join("\n"),
        all.concat()
    )
}

fn compile(text: &str) -> Library {
    Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}\n{text}"))
}

fn found(library: &Library) -> BTreeSet<&'static str> {
    let proof = library.pathway("small").and_then(|it| it.proof()).expect("it is proved with a directory");
    proof.flaws.iter().map(|flaw| flaw.finding.kind.name()).filter(|kind| *kind != "served-twice").collect()
}

fn everybody() -> Vec<Known> {
    let values = |many: usize| (0..many).map(Some).chain([None]);
    values(3).flat_map(|practice| values(2).map(move |council| [practice, council])).collect()
}

/// Never open.
const NEVER: &str = "open every day 08:00 to 09:00\n  on bank holidays as usual\n  closed 2026-01-01 to 2026-12-31";

/// Whoever does not serve somebody is never open.
fn as_it_is_for(contacts: &[Contact], known: &Known) -> Vec<Contact> {
    // Where nobody of a role serves them, that is said of the role, and nothing of its hours.
    let somebody = |team: bool| contacts.iter().any(|it| it.team == team && it.serves(known));
    let closed = |it: &Contact| match (somebody(it.team), it.serves(known)) {
        (false, _) => "open always",
        (true, true) => it.hours,
        (true, false) => NEVER,
    };
    contacts.iter().map(|it| Contact { hours: closed(it), serves: None, ..it.clone() }).collect()
}

fn left_out(contacts: &[Contact], known: &Known) -> bool {
    [false, true].iter().any(|team| !contacts.iter().any(|it| it.team == *team && it.serves(known)))
}

/// What happens to somebody when nobody does anything: when, and what.
fn history(library: &Library, known: &Known, from: Moment) -> Vec<(Moment, String)> {
    let all = known.iter().enumerate().filter_map(|(fact, value)| Some((FACTS[fact], (*value)?)));
    let facts =
        all.map(|((name, values), value)| (Name::from(name), Answer::Value(values[value].to_string()))).collect();
    let opening = Opening { id: "c".into(), facts, ..Opening::default() };
    let mut case: Case = library.pathway("small").expect("there").open_draft(opening, from).expect("opens").0;
    for _ in 0..12 {
        let Some(due) = case.due() else { break };
        case.advance(due).expect("time goes on");
    }
    let said = |entry: &EntryKind| match entry {
        EntryKind::Opened { step, due, .. } => Some(format!("{step} opened, due {due}")),
        EntryKind::Escalated { step, to, .. } => Some(format!("{step} asks {} until {}", to.contact, to.answer_by)),
        EntryKind::PassedOver { rung, .. } => Some(format!("{rung} passed over")),
        EntryKind::Ended { step, how, .. } => Some(format!("{step} ended {how:?}")),
        _ => None,
    };
    case.record().journal.iter().filter_map(|entry| Some((entry.at, said(&entry.what)?))).collect()
}

#[test]
fn to_everybody_a_directory_is_as_if_only_who_serves_them_were_there() {
    let tally: RefCell<BTreeMap<String, u32>> = RefCell::default();
    for_all(24, 80, |dice| {
        let contacts = contacts(dice);
        if !contacts.iter().any(|it| !it.team) {
            return Ok(());
        }
        let whole = compile(&text(&contacts));
        let (mut wanted, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let from = at(["01T09:00", "02T21:30", "06T12:00"][dice.below(3)]);
        for known in everybody() {
            if left_out(&contacts, &known) {
                wanted.insert("not-served");
            }
            let serving: Vec<bool> = contacts.iter().map(|it| it.serves(&known)).collect();
            let theirs = compile(&text(&as_it_is_for(&contacts, &known)));
            let same = left_out(&contacts, &known) || history(&whole, &known, from) == history(&theirs, &known, from);
            prop_assert!(same, "{:?}\n{}", known, text(&contacts));
            if seen.insert(serving) {
                wanted.extend(found(&theirs));
            }
        }
        prop_assert_eq!(found(&whole), wanted.clone(), "{}", text(&contacts));
        wanted.iter().for_each(|kind| *tally.borrow_mut().entry(kind.to_string()).or_default() += 1);
        *tally.borrow_mut().entry(format!("{} kinds", wanted.len())).or_default() += 1;
        Ok(())
    });
    let tally = tally.into_inner();
    for kind in ["not-served", "too-late", "nobody-answers", "0 kinds"] {
        assert!(tally.get(kind).is_some_and(|times| *times > 0), "no world has {kind}: {tally:?}");
    }
}

const TWO: &str = "
contact river
  fills nurse
  serves practice is riverside
  until known anybody
  open always

contact hill
  fills nurse
  serves practice is larwood, harbour
  open always

contact office
  fills team
  open always
";

fn two() -> Library {
    let whole = text(&[]);
    compile(&whole.replacen("\nescalation help", &format!("{TWO}\nescalation help"), 1))
}

fn who(case: &Case, now: &str) -> Vec<String> {
    case.filling("nurse", at(now)).into_iter().map(|contact| contact.name.to_string()).collect()
}

#[test]
fn whom_one_turns_to_goes_by_what_is_known_now() {
    let library = two();
    assert_eq!(found(&library), BTreeSet::new());
    let mut case = small::open_in(&library);
    assert_eq!(who(&case, "01T09:30"), ["river"], "until it is known");
    send(&mut case, small_record("practice", "larwood"), "01T10:00");
    assert_eq!(who(&case, "01T10:00"), ["hill"]);
    send(&mut case, done("first", &[]), "01T10:30");
    assert_eq!(only(&case).step.as_str(), "second");
    case.verify().expect("it is what its journal makes it");
}

fn small_record(fact: &str, value: &str) -> onward::engine::EventKind {
    onward::engine::EventKind::Record { facts: [(Name::from(fact), Answer::Value(value.into()))].into() }
}

#[test]
fn another_directory_that_does_not_serve_the_person_would_strand_them() {
    let here = text(&[]).replacen("\nescalation help", &format!("{TWO}\nescalation help"), 1);
    let without = TWO.replace("larwood, harbour", "harbour").replace("escalation help", "");
    let ladder = "\nescalation help\n  ask nurse, to answer within 1 hour\n  last team, to answer within 2 hours\n";
    let contacts = without.replace("contact river", "contact river_2").replace("contact hill", "contact hill_2");
    let header =
        "\ndirectory there\n  time zone \"Europe/London\"\n  valid from 2026-01-01\n  valid until 2026-12-31\n";
    let both = format!("{here}{header}{}{ladder}", contacts.replace("contact office", "contact office_2"));
    let library = Library::read(vec![Source::new("small.pathway", both)]).unwrap_or_else(|report| panic!("{report}"));
    let directory = |name: &str| library.directory_named(name).expect("it is there");
    let open = |practice: &str| {
        let facts = [(Name::from("practice"), Answer::Value(practice.into()))].into();
        let opening = Opening { id: "c".into(), facts, ..Opening::default() };
        let pathway = library.pathway("small").expect("there").id;
        library.open_draft(pathway, directory("here"), opening, at("01T09:00")).expect("opens").0
    };
    assert!(library.follow(&open("riverside"), directory("there"), at("01T10:00")).is_ok());
    let refused = library.follow(&open("larwood"), directory("there"), at("01T10:00")).expect_err("nobody serves them");
    assert!(refused.to_string().contains("serves the person"), "{refused}");
}

#[test]
fn whom_a_contact_serves_is_part_of_what_a_directory_means() {
    let hash = |text: &str| {
        let library = compile(text);
        let hash = library.proof(onward::model::PathwayId(0)).and_then(|proof| proof.directory_hash.clone());
        hash.expect("it is proved with a directory")
    };
    let one = text(&[]).replacen("\nescalation help", &format!("{TWO}\nescalation help"), 1);
    assert_ne!(
        hash(&one),
        hash(&one.replace("serves practice is larwood, harbour", "serves practice is harbour, riverside"))
    );
    assert_ne!(hash(&one), hash(&one.replace("  until known anybody\n", "")));
    assert_eq!(hash(&one), hash(&one.replace("  serves practice is riverside", "  serves   practice is riverside")));
}
