//! Another directory for a running case (5.1, 10.46), over random ones: it is refused exactly when it would leave somebody
//! with nobody, by an independent reading, hour by hour; and where it is not, the person has a next step until the end.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::engine::{Case, Opening};
use onward::model::{Answer, Name};
use onward::{Library, Source};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

const AREAS: [&str; 3] = ["north", "south", "west"];
/// Hours of the day in which somebody is open, as they are written: from one to another.
const HOURS: [(usize, usize); 4] = [(0, 24), (8, 18), (18, 24), (3, 5)];
const ROLES: [&str; 3] = ["nurse", "team", "interpreter"];
/// Who leads the first step, and who else it is not done without.
const NURSE: usize = 0;
const TEAM: usize = 1;
const INTERPRETER: usize = 2;

#[derive(Clone, Debug)]
struct Contact {
    role: usize,
    hours: usize,
    /// The areas of those it serves, and whether anybody until that is known.
    serves: Option<(Vec<usize>, bool)>,
}

impl Contact {
    fn random(dice: &mut Dice, role: usize) -> Contact {
        let areas: Vec<usize> = (0..3).filter(|_| dice.once_in(2)).collect();
        let serves = (dice.once_in(3) && !areas.is_empty()).then(|| (areas, dice.once_in(2)));
        Contact { role, hours: dice.below(4), serves }
    }

    fn serves(&self, area: Option<usize>) -> bool {
        match (&self.serves, area) {
            (None, _) => true,
            (Some((_, until_known)), None) => *until_known,
            (Some((areas, _)), Some(area)) => areas.contains(&area),
        }
    }

    fn is_open(&self, hour: usize) -> bool {
        let (from, to) = HOURS[self.hours];
        (from..to).contains(&(hour % 24))
    }

    fn text(&self, name: &str) -> String {
        let serves = self.serves.as_ref().map_or(String::new(), |(areas, until_known)| {
            let areas: Vec<&str> = areas.iter().map(|area| AREAS[*area]).collect();
            let until = if *until_known { "\n  until known anybody" } else { "" };
            format!("\n  serves area is {}{until}", areas.join(", "))
        });
        let hours = match HOURS[self.hours] {
            (0, 24) => "open always".to_string(),
            (from, to) => format!("open every day {from:02}:00 to {:02}:00\n  on bank holidays as usual", to % 24),
        };
        format!("contact {name}\n  fills {}{serves}\n  {hours}\n\n", ROLES[self.role])
    }
}

/// A directory: its contacts. Somebody of the team is always last, and there for everybody.
fn contacts(dice: &mut Dice, whole: bool) -> Vec<Contact> {
    let mut all = Vec::new();
    for role in [NURSE, INTERPRETER] {
        for _ in 0..usize::from(whole).max(dice.below(3)) {
            all.push(Contact::random(dice, role));
        }
    }
    all.push(Contact { role: TEAM, hours: 0, serves: None });
    all
}

fn directory(name: &str, contacts: &[Contact]) -> String {
    let all = contacts.iter().enumerate().map(|(number, it)| it.text(&format!("{name}_{number}")));
    format!(
        "directory {name}\n  time zone \"UTC\"\n  valid from 2026-01-01\n  valid until 2026-12-31\n\n{}escalation help\n  \
         last {name}_{}, to answer within 2 hours\n\n",
        all.collect::<String>(),
        contacts.len() - 1
    )
}

#[derive(Clone, Debug)]
struct Setting {
    here: Vec<Contact>,
    there: Vec<Contact>,
    /// How many hours the first step has, and whether being late escalates it.
    within: usize,
    escalates: bool,
    /// Whether it is not done without an interpreter.
    needs_one: bool,
    area: Option<usize>,
    /// At what hour of the day the case opens, and how many hours later the directory changes.
    opens: usize,
    later: usize,
}

impl Setting {
    fn random(dice: &mut Dice) -> Setting {
        let within = 2 + dice.below(10);
        Setting {
            here: contacts(dice, true),
            there: contacts(dice, false),
            within,
            escalates: dice.once_in(2),
            needs_one: dice.once_in(3),
            area: dice.once_in(2).then(|| dice.below(3)),
            opens: dice.below(24),
            later: dice.below(within),
        }
    }

    fn text(&self) -> String {
        let late = if self.escalates { "escalate to help" } else { "second" };
        let needs = if self.needs_one { "  not without interpreter\n" } else { "" };
        let steps = format!(
            "step first\n  led by nurse\n  within {} hours\n{needs}  if late -> {late}\n  then second\n\nstep second\n  \
             led by team\n  within 5 hours\n  then over\n\nending over\n  held by person\n\n",
            self.within
        );
        format!(
            "onward 1\n\npathway small\n  version 1\n  starts at first\n\nby default\n  if late -> escalate to help
  if it cannot be done -> escalate to help\n  if the person declines -> over\n  if nobody can -> over
  if died -> over\n  if withdrew -> over\n  if cannot be reached -> over\n  if moved away -> over
  if opened in error -> over\n\nfacts\n  area one of {}\n\nrole nurse\nrole team\nrole interpreter\n\n{steps}{}{}",
            AREAS.join(", "),
            directory("here", &self.here),
            directory("there", &self.there)
        )
    }

    /// The roles that the first step needs.
    fn needs(&self) -> impl Iterator<Item = usize> + use<> {
        [NURSE].into_iter().chain(self.needs_one.then_some(INTERPRETER))
    }

    fn there_is(&self, contacts: &[Contact], role: usize, from: usize) -> bool {
        let due = self.opens + self.within;
        let theirs = contacts.iter().filter(|it| it.role == role && it.serves(self.area));
        theirs.into_iter().any(|contact| (from..due).any(|hour| contact.is_open(hour)))
    }

    /// Somebody on the ladder was asked already when it opened.
    fn is_escalated(&self) -> bool {
        self.escalates && self.needs().any(|role| !self.there_is(&self.here, role, self.opens))
    }

    /// Whether somebody would be left with nobody: no one of a role serves them, or none is there before it is due, and
    /// nobody is asked then.
    fn strands(&self) -> bool {
        self.needs().any(|role| {
            let serves = self.there.iter().any(|it| it.role == role && it.serves(self.area));
            !serves || !self.escalates && !self.there_is(&self.there, role, self.opens + self.later)
        })
    }
}

fn moment(hours: usize) -> Moment {
    let start: Moment = "2026-06-01T00:00:00Z".parse().expect("a time");
    start.plus(Length::hours(hours as i64))
}

#[test]
fn another_directory_is_refused_exactly_when_it_would_leave_somebody_with_nobody() {
    let tally: RefCell<BTreeMap<&str, u32>> = RefCell::default();
    let count = |what| *tally.borrow_mut().entry(what).or_default() += 1;
    for_all(150, 80, |dice| {
        let setting = Setting::random(dice);
        let text = setting.text();
        let library = Library::read(vec![Source::new("small.pathway", text.as_str())]);
        let library = library.unwrap_or_else(|report| panic!("{report}\n{text}"));
        let [here, there] = ["here", "there"].map(|name| library.directory_named(name).expect("it is there"));
        let facts = setting.area.map(|area| (Name::from("area"), Answer::Value(AREAS[area].into())));
        let opening = Opening { id: "c".into(), facts: facts.into_iter().collect(), ..Opening::default() };
        let pathway = library.pathway("small").expect("there").id;
        let opened = library.open_draft(pathway, here, opening, moment(setting.opens));
        let (case, _) = opened.unwrap_or_else(|refusal| panic!("{refusal}\n{text}"));
        let now = setting.opens + setting.later;
        // Where the ladder answers sooner than that, somebody else is asked by now: that is another question.
        if setting.is_escalated() && setting.later > 1 {
            return Ok(());
        }
        match library.follow(&case, there, moment(now)) {
            Err(refusal) => {
                count("refused");
                prop_assert_eq!(refusal.code(), "would-strand", "{}", text);
                prop_assert!(setting.strands(), "refused, and somebody is there: {refusal}\n{setting:?}\n{text}");
            }
            Ok((follows, _)) => {
                count(if setting.is_escalated() { "escalated, and goes on" } else { "goes on" });
                prop_assert!(!setting.strands(), "it goes on, and nobody is there\n{setting:?}\n{text}");
                goes_on_to_the_end(follows, &text)?;
            }
        }
        Ok(())
    });
    let tally = tally.into_inner();
    for what in ["refused", "goes on", "escalated, and goes on"] {
        assert!(tally.get(what).is_some_and(|times| *times >= 3), "hardly any is {what}: {tally:?}");
    }
}

/// What is not asked for yet may be tomorrow: a draft goes on only where it will not be missing.
#[test]
fn a_draft_does_not_go_on_where_somebody_would_be_stranded_later() {
    let steps =
        "facts\n  frailty 1 to 9 found by nurse or team if disputed ask consultant within 1 day\n\nrole consultant\n
step first\n  led by nurse\n  finds frailty\n  within 2 hours\n  if late -> second\n  if it cannot be done -> second
  if the person declines -> second\n  then second\n\nstep second\n  led by team\n  within 2 hours\n  then home";
    let whole = small::text(steps) + "\ncontact clinic\n  fills consultant\n  open always\n";
    let there = whole[whole.find("directory here").expect("it has one")..].replace("directory here", "directory there");
    for (lacks, there) in [
        ("help", there.replace("escalation help", "escalation other")),
        ("consultant", there.replace("fills consultant", "fills team")),
    ] {
        let text = format!("{whole}\n{there}");
        let read = Library::read(vec![Source::new("small.pathway", text.as_str())]);
        let library = read.unwrap_or_else(|report| panic!("{report}\n{text}"));
        let [here, there] = ["here", "there"].map(|name| library.directory_named(name).expect("it is there"));
        let pathway = library.pathway("small").expect("there").id;
        let opening = || Opening { id: "c".into(), ..Opening::default() };
        let (case, _) = library.open_draft(pathway, here, opening(), moment(10)).expect("it opens");
        let opened = library.open_draft(pathway, there, opening(), moment(10)).map(drop);
        let refusal = library.follow(&case, there, moment(11)).map(drop).expect_err("somebody is stranded later");
        assert_eq!((refusal.code(), refusal.fits()), ("directory-lacks", vec![lacks.to_string()]), "{refusal}");
        assert_eq!(opened, Err(refusal), "nor would it have been opened with it");
    }
}

/// Nobody does anything: there is a next step all the time, with a deadline that comes, and somebody to turn to.
fn goes_on_to_the_end(mut case: Case, text: &str) -> Result<(), TestCaseError> {
    for _ in 0..12 {
        if small::ending(&case).is_some() {
            return Ok(());
        }
        let steps = small::steps(&case);
        prop_assert!(!steps.is_empty(), "no next step\n{text}");
        let due = case.due();
        prop_assert!(due.is_some(), "nothing is due any more\n{text}");
        let Some(due) = due else { break };
        prop_assert!(
            steps.iter().any(|step| step.due >= case.record().journal.last().map_or(due, |it| it.at)),
            "{text}"
        );
        case.advance(due).unwrap_or_else(|refusal| panic!("{refusal}\n{text}"));
        case.verify().unwrap_or_else(|wrong| panic!("{wrong:?}\n{text}"));
    }
    Ok(())
}
