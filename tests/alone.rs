//! A decision that is to be agreed, and that one profession, or one contact, can take alone (11.8): random roles and
//! directories, and what is found against what the sentence says, tried out.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod worlds;

use onward::{Library, Source};
use proptest::prelude::*;
use std::cell::Cell;
use worlds::{Dice, for_all};

const PROFESSIONS: [Option<&str>; 3] = [None, Some("nursing"), Some("social_work")];
const ROLES: [&str; 4] = ["nurse", "team", "gp", "person"];
const PERSON: usize = 3;

/// Who decides, who must agree, the profession of each role, and which roles each contact fills.
#[derive(Clone, Debug)]
struct Together {
    decides: usize,
    agrees: Vec<usize>,
    professions: [usize; 3],
    contacts: Vec<Vec<usize>>,
}

impl Together {
    fn random(dice: &mut Dice) -> Together {
        let decides = if dice.once_in(8) { PERSON } else { dice.below(3) };
        let mut agrees: Vec<usize> = (0..4).filter(|role| *role != decides && dice.once_in(2)).collect();
        if agrees.is_empty() {
            agrees.push((decides + 1) % 3);
        }
        let professions = [0; 3].map(|_| dice.below(3));
        let mut contacts: Vec<Vec<usize>> = (0..3).map(|role| vec![role]).collect();
        for contact in &mut contacts {
            let more = dice.below(3);
            if dice.once_in(3) && !contact.contains(&more) {
                contact.push(more);
            }
        }
        Together { decides, agrees, professions, contacts }
    }

    /// One profession is said of all, or one contact fills all; and where the person has a say, nobody is alone.
    fn is_alone(&self) -> bool {
        let all: Vec<usize> = self.agrees.iter().copied().chain([self.decides]).collect();
        let one = |said: usize| said > 0 && all.iter().all(|role| self.professions[*role] == said);
        let fills = |contact: &Vec<usize>| all.iter().all(|role| contact.contains(role));
        !all.contains(&PERSON) && ((1..3).any(one) || self.contacts.iter().any(fills))
    }

    fn text(&self) -> String {
        let names = |roles: &[usize]| roles.iter().map(|role| ROLES[*role]).collect::<Vec<_>>().join(", ");
        let roles: String = (0..3)
            .map(|role| {
                let said =
                    PROFESSIONS[self.professions[role]].map_or(String::new(), |it| format!("  profession {it}\n"));
                format!("role {}\n{said}\n", ROLES[role])
            })
            .collect();
        let contacts: String = (0..)
            .zip(&self.contacts)
            .map(|(number, fills): (usize, _)| {
                format!("contact c{number}\n  fills {}\n  open always\n\n", names(fills))
            })
            .collect();
        format!(
            "onward 1\n\npathway small\n  version 1\n  starts at ask\n\nby default\n  if late -> escalate to help
  if it cannot be done -> escalate to help\n  if the person declines -> over\n  if nobody can -> over\n  if died -> over
  if withdrew -> over\n  if cannot be reached -> over\n  if moved away -> over\n  if opened in error -> over\n
facts\n  ready yes or no\n\n{roles}step ask\n  led by nurse\n  finds ready\n  within 1 day\n  then together_we_say\n
decide together_we_say\n  when ready -> over\n  if none of these -> again\n  if we do not know yet -> over
  advise {} to decide within 1 day\n  otherwise because one of her_wish\n  agreed by {}\n  if they disagree -> again\n
step again\n  led by team\n  within 1 day\n  then over\n\nending over\n  held by person\n
directory here\n  time zone \"UTC\"\n  valid until 2026-12-31\n\n{contacts}escalation help\n  last c0, to answer within 1 hour\n",
            ROLES[self.decides],
            names(&self.agrees)
        )
    }
}

#[test]
fn a_joint_decision_is_taken_alone_exactly_where_one_profession_or_one_contact_is_all_there_is() {
    let (alone, joint) = (Cell::new(0), Cell::new(0));
    for_all(150, 40, |dice| {
        let it = Together::random(dice);
        let text = it.text();
        let library = Library::compile(vec![Source::new("small.pathway", text.as_str())]);
        let library = library.unwrap_or_else(|report| panic!("{report}\n{text}"));
        let found = library.report().findings.iter().any(|finding| finding.kind.name() == "taken-alone");
        prop_assert_eq!(found, it.is_alone(), "{:?}\n{}", it, text);
        let count = if found { &alone } else { &joint };
        count.set(count.get() + 1);
        Ok(())
    });
    assert!(alone.get() >= 10 && joint.get() >= 10, "both are seen: {} and {}", alone.get(), joint.get());
}
