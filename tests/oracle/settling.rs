//! What is asked beside the pathway where two found different things (1.3, 10.41): whoever settles it answers, does not
//! answer or cannot, and somebody on the ladder is asked to which what is open is escalated just then.
//!
//! Nobody waits for any of this, so no state of a case is another for it: what may be known at any moment is the machine's
//! ([`Machine::can_be`]). Here the runs are gone through once more, with the question beside them. What a handover leaves
//! behind is asked on here, and is not there: that is more than can be, and must be a finding all the same.

use super::cover::Window;
use super::explore::Explored;
use super::machine::Machine;
use super::served::{ALL, Serving};
use super::state::{At, Kind, Node, Open, State};
use super::world::{PERSON, Target, UNKNOWN, Way};
use std::collections::{BTreeMap, BTreeSet};

/// In larger worlds the question is not followed.
const MOST_STATES: usize = 1_000;

/// What became of questions.
#[derive(Debug, Default)]
pub struct Settling {
    /// What goes wrong, each with where.
    pub found: BTreeMap<Kind, String>,
    /// What happened, for counting.
    pub happened: BTreeSet<&'static str>,
}

/// A question: where the case is, how long there is to answer, and who on a ladder is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    case: usize,
    left: u8,
    rung: Option<(u8, u8)>,
}

/// Follows every question that there can be.
pub fn settling(machine: &Machine<'_>, runs: &Explored) -> Settling {
    let mut all = Settling::default();
    let disputed = machine.world.facts.iter().enumerate().filter_map(|(fact, it)| Some((fact, it.disputed?)));
    for (fact, (who, within)) in disputed.filter(|_| runs.states.len() <= MOST_STATES) {
        let mut question = Question { machine, runs, fact, who, within, all: &mut all };
        let mut seen: BTreeSet<Asked> = BTreeSet::new();
        // Two can find different things whenever the case is open.
        let mut next: Vec<Asked> = (0..runs.states.len()).flat_map(|case| question.opens(case)).collect();
        while let Some(asked) = next.pop() {
            if seen.insert(asked) {
                next.extend(question.goes_on(asked));
            }
        }
    }
    all
}

/// A question about a fact.
struct Question<'q, 'w> {
    machine: &'q Machine<'w>,
    runs: &'q Explored,
    fact: usize,
    who: u8,
    within: u8,
    all: &'q mut Settling,
}

impl Question<'_, '_> {
    fn found(&mut self, kind: Kind, case: usize) {
        let way = || format!("{}; and somebody is asked what it is", self.runs.way_to(Some(case)));
        self.all.found.entry(kind).or_insert_with(way);
    }

    /// Whether anybody is asked: the case is open, and nobody has died.
    fn stands(&self, case: usize) -> bool {
        let state = &self.runs.states[case];
        !state.died && (matches!(state.at, At::Open(_)) || state.beside.is_some())
    }

    /// Who may serve the person, while the fact is not known.
    fn servings(&self, case: usize) -> Vec<Serving> {
        if self.machine.world.contacts.iter().all(|contact| contact.serves.is_none()) {
            return vec![ALL];
        }
        let state = &self.runs.states[case];
        let all = self.machine.every_values.iter();
        let all = all.filter(|values| values[self.fact] == UNKNOWN && self.machine.can_be(state, values));
        let mut servings: Vec<Serving> = all.map(|values| self.machine.world.serving(values)).collect();
        servings.sort_unstable();
        servings.dedup();
        servings
    }

    /// Two have just found different things.
    fn opens(&mut self, case: usize) -> Vec<Asked> {
        let mut asked = Vec::new();
        for serving in if self.stands(case) { self.servings(case) } else { Vec::new() } {
            let (world, slot) = (self.machine.world, self.runs.states[case].slot);
            if world.leaves_out(self.who, serving) {
                self.all.happened.insert("nobody who settles it serves the person");
                self.found(Kind::NotServed, case);
            }
            let window = Window { slots: self.within, ..Window::default() };
            let there = self.who == PERSON || world.on_duty(self.who, slot, window, serving);
            match self.ladder_now(case).filter(|_| !there) {
                Some(ladder) => {
                    self.all.happened.insert("whoever settles it is not there");
                    asked.push(self.ask(case, serving, ladder, 0));
                }
                None => asked.push(Asked { case, left: self.within, rung: None }),
            }
        }
        asked
    }

    /// What can become of a question next.
    fn goes_on(&mut self, asked: Asked) -> Vec<Asked> {
        let Asked { case, left, rung } = asked;
        if !self.stands(case) {
            self.all.happened.insert("the case closes, or the person dies, and it is not settled");
            return Vec::new();
        }
        let mut next = Vec::new();
        // They cannot; or their time is over.
        let last = rung.is_some_and(|rung| self.machine.is_last(rung));
        let then = match (rung, self.ladder_now(case)) {
            (Some(_), _) if last => None,
            (Some((ladder, rung)), _) => Some((ladder, rung + 1)),
            (None, now) => now.map(|ladder| (ladder, 0)),
        };
        match then {
            Some((ladder, from)) => {
                self.all.happened.insert("somebody on a ladder is asked");
                for serving in self.servings(case) {
                    next.push(self.ask(case, serving, ladder, from));
                }
            }
            // Whoever is last answers in time.
            None if last => {}
            None if left == 0 => {
                self.all.happened.insert("whoever settles it is asked again");
                next.push(Asked { left: self.within, ..asked });
            }
            None => {
                self.all.happened.insert("whoever settles it cannot, and nobody else is asked");
            }
        }
        for (case, slots) in self.runs.after(case).iter().copied() {
            next.extend(left.checked_sub(slots).map(|left| Asked { case, left, rung }));
        }
        next
    }

    /// Asks the first rung, from one on, that is open for the whole of its time; the last in any case.
    fn ask(&mut self, case: usize, serving: Serving, ladder: u8, from: u8) -> Asked {
        let (world, slot) = (self.machine.world, self.runs.states[case].slot);
        let rungs = &world.ladders[usize::from(ladder)].rungs;
        let last = rungs.len() - 1;
        let answers = |rung: usize| world.answers(rungs[rung].0, slot, rungs[rung].1, serving);
        let rung = (usize::from(from)..last).find(|rung| answers(*rung)).unwrap_or(last);
        if world.who_are_asked(rungs[rung].0) & serving == 0 {
            self.found(Kind::NotServed, case);
        } else if !answers(rung) {
            self.all.happened.insert("nobody answers what it is");
            self.found(Kind::NobodyAnswers, case);
        }
        Asked { case, left: rungs[rung].1, rung: Some((ladder, rung as u8)) }
    }

    /// The ladder to which what is open is escalated when it is late now: on the main road first.
    fn ladder_now(&self, case: usize) -> Option<u8> {
        let state = &self.runs.states[case];
        let main = if let At::Open(open) = &state.at { Some(open) } else { None };
        main.into_iter().chain(&state.beside).find_map(|open| self.late_ladder(state, open))
    }

    fn late_ladder(&self, state: &State, open: &Open) -> Option<u8> {
        let waits = |place: u8| matches!(&self.machine.place(place).kind, super::PlaceKind::Step(step) if step.waits);
        let of_it = match open.node {
            // Time that passes is never late.
            Node::Place(place) if waits(place) => return None,
            node => self.machine.way(node, Way::Late),
        };
        let branches = (0..open.branches.len())
            .filter(|number| open.branches[*number].clock().is_some() && !self.machine.waits_in(open, *number));
        let of_branches = branches.map(|_| self.machine.world.defaults[Way::Late as usize]);
        let mut routes = [of_it].into_iter().chain(of_branches);
        routes.find_map(|route| match self.machine.legs(state, route).first()?.1 {
            Target::Ladder(ladder) => Some(ladder),
            _ => None,
        })
    }
}
