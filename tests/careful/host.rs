//! A host who calls whenever something is due, and people of whom only the last on a ladder has to answer.

use super::guarantee::{Watch, closed};
use crate::worlds::Dice;
use onward::calendar::{Length, Moment};
use onward::engine::{
    By, Case, EntryKind, Event, EventKind, LifeEvent, NextStep, Open, Opening, Question, Standing, Withdrawn, Work,
};
use onward::model::{Answer, Deadline, Domain, Name};
use onward::{Library, Proof};
use std::collections::BTreeMap;

/// How fast everybody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Things happen now and then, in whatever order.
    Lively,
    /// Nobody says anything but who is last on a ladder, and that in the last moment.
    Silent,
    /// Everything happens in the last moment in which it is in time, and some of it not at all.
    Slow,
}

/// What came of a history.
#[derive(Debug, Default)]
pub struct Played {
    /// Events that were taken.
    pub taken: usize,
    /// Events that were refused.
    pub refused: usize,
    /// Times somebody on a ladder was asked, and times it was whoever is last.
    pub asked: usize,
    pub last_asked: usize,
    pub reassigned: usize,
    pub life: usize,
    /// How long the case took.
    pub took: Length,
    /// The ending.
    pub ending: Option<Name>,
}

/// The most things that happen in a lively history before everybody falls silent.
const LIVELY: usize = 60;

/// More inputs than any of these cases can need.
const ENDLESS: usize = 20_000;

struct Host<'l, 'd> {
    library: &'l Library,
    case: Case,
    dice: &'d mut Dice,
    watch: Watch,
    played: Played,
    events: usize,
}

/// When something is worth looking at: clocks that change, holidays, nights, ends of weeks.
const STARTS: &[&str] = &[
    "2027-03-26T15:00:00Z",
    "2027-10-30T21:30:00Z",
    "2027-12-24T16:20:00Z",
    "2026-12-31T23:10:00Z",
    "2027-07-14T09:00:00Z",
    "2027-05-01T05:59:00Z",
];

/// Opens a case on a pathway that is proved, and plays until it is closed.
pub fn play(library: &Library, proof: &Proof, dice: &mut Dice, pace: Pace) -> Result<Played, String> {
    let longest = proof.longest.as_ref().ok_or("a proof says how long a case can take")?.at_most;
    let start: Moment = dice.one(STARTS).parse().map_err(|error| format!("{error}"))?;
    let start = start.plus(Length::minutes(dice.below(255) as i64 * 37)).max(proof.from);
    let mut facts = BTreeMap::new();
    for fact in &library.shared().facts {
        if fact.elapsed.is_none() && dice.once_in(2) {
            facts.insert(fact.name.clone(), answer(dice, &fact.domain));
        }
    }
    let opening = Opening { id: "case".into(), facts, ..Opening::default() };
    let pathway = library.pathway("random").ok_or("it is called random")?;
    let (case, first) = pathway.open(opening, start).map_err(|refusal| refusal.to_string())?;
    if first.draft {
        return Err("it was opened as a draft".to_string());
    }
    let (watch, played) = (Watch::default(), Played::default());
    let mut host = Host { library, case, dice, watch, played, events: 0 };
    host.watch.look(&host.case)?;
    for _ in 0..ENDLESS {
        if let Standing::Closed(it) = host.case.standing() {
            closed(&host.case)?;
            host.played.took = it.at.since(start);
            host.played.ending = Some(it.ending);
            if host.played.took > longest {
                return Err(format!("it took {}, and the proof says {longest}", host.played.took));
            }
            return Ok(host.played);
        }
        host.something(pace).map_err(|what| format!("{what}\n{}", host.told()))?;
    }
    Err(format!("it does not end\n{}", host.told()))
}

/// Any answer to a question.
pub fn answer(dice: &mut Dice, domain: &Domain) -> Answer {
    match dice.below(9) {
        7 => Answer::CouldNot("asleep".to_string()),
        8 => Answer::Declined("did not say".to_string()),
        _ if *domain == Domain::Text => Answer::Value("I would like to be \"at home\".".to_string()),
        _ => Answer::Value(crate::worlds::value(dice, domain)),
    }
}

/// What is settled is always the same.
fn settled(case: &Case, fact: &Name) -> Option<Answer> {
    let id = case.shared().fact(fact)?;
    let known = case.record().facts.get(fact).filter(|_| case.shared().facts[id.index()].settled)?;
    Some(Answer::Value(known.value.clone()))
}

impl Host<'_, '_> {
    /// Time goes on to the next thing that is due, or something happens before.
    fn something(&mut self, pace: Pace) -> Result<(), String> {
        let now = self.case.record().now;
        let due = self.case.due().ok_or("nothing is due")?;
        let lively = pace != Pace::Silent && self.events < LIVELY;
        let wait = Length::minutes(*self.dice.one(&[0, 1, 30, 60, 240, 1000, 3000]));
        let at = if lively && pace == Pace::Lively { now.plus(wait).min(due) } else { due };
        // Who is last on a ladder answers in its time: at the latest now.
        let asked = self.case.record().open.iter().find(|open| self.is_last(open) && answer_by(open) == Some(at));
        if let Some(asked) = asked.cloned() {
            return self.last_answers(&asked, at);
        }
        let asked = self.case.record().beside.iter().find(|it| self.is_last_asked(it) && it.next_due() == at);
        if let Some(question) = asked.cloned() {
            return self.last_says(&question, at);
        }
        if lively && (at < due || self.dice.once_in(2)) {
            self.event(at)
        } else {
            let before = self.case.record().journal.len();
            self.case.advance(at).map_err(|refusal| format!("time does not go on to {at}: {refusal}"))?;
            self.after(before)
        }
    }

    /// Whether it is the last on a ladder who is asked.
    fn is_last(&self, open: &Open) -> bool {
        open.escalated.as_ref().is_some_and(|asked| {
            let ladder = self.case.directory().ladder(&asked.ladder);
            ladder.is_some_and(|ladder| asked.rung as usize + 1 == ladder.rungs.len())
        })
    }

    fn is_last_asked(&self, question: &Question) -> bool {
        question.escalated.as_ref().is_some_and(|asked| {
            let ladder = self.case.directory().ladder(&asked.ladder);
            ladder.is_some_and(|ladder| asked.rung as usize + 1 == ladder.rungs.len())
        })
    }

    /// Who is last on a ladder that is turned to beside the pathway answers, or says that nobody can.
    fn last_says(&mut self, question: &Question, at: Moment) -> Result<(), String> {
        self.played.last_asked += 1;
        let step = self.step(&question.step).ok_or("what is asked beside the pathway is among the next steps")?;
        let waits = |host: &Self| host.case.record().beside.iter().any(|it| it.id() == question.id());
        if self.dice.once_in(2) {
            let what = self.as_it_should(&step);
            self.send(what, None, at)?;
        }
        if waits(self) && self.case.record().closed.is_none() {
            let cannot = self.cannot(&step);
            let taken = self.send(cannot, None, at)?;
            if !taken || waits(self) {
                return Err(format!("whoever is last cannot answer `{}`", step.step));
            }
        }
        Ok(())
    }

    fn after(&mut self, before: usize) -> Result<(), String> {
        for entry in &self.case.record().journal[before..] {
            match &entry.what {
                EntryKind::Escalated { .. } => self.played.asked += 1,
                EntryKind::Reassigned { .. } => self.played.reassigned += 1,
                _ => {}
            }
        }
        self.watch.look(&self.case)
    }

    /// Sends an event; whether it was taken.
    fn send(&mut self, what: EventKind, happened: Option<Moment>, at: Moment) -> Result<bool, String> {
        self.events += 1;
        // Mostly nobody says who they are; where two do, they may find different things.
        let by = match self.dice.below(6) {
            0 => By::role("nurse"),
            1 => By::role("carer"),
            2 => By::role("team"),
            _ => By::default(),
        };
        let with = crate::worlds::with(self.dice, &self.case, &what);
        let event = Event { happened, by, with, ..Event::new(format!("event-{}", self.events), what) };
        let before = self.case.record().journal.len();
        match self.case.apply(event, at) {
            Ok(_) => {
                self.played.taken += 1;
                self.after(before)?;
                Ok(true)
            }
            Err(_) => {
                self.played.refused += 1;
                Ok(false)
            }
        }
    }

    fn last_answers(&mut self, asked: &Open, at: Moment) -> Result<(), String> {
        self.played.last_asked += 1;
        let step = self.step(&asked.step).ok_or("what is asked is a next step")?;
        let waits =
            |host: &Self| {
                host.case.record().open.iter().any(|open| {
                    open.step == asked.step && open.entry == asked.entry && open.escalated == asked.escalated
                })
            };
        let what = match self.dice.below(4) {
            0 => self.cannot(&step),
            1 => self.reassign(&step),
            _ => self.as_it_should(&step),
        };
        self.send(what, None, at)?;
        if waits(self) {
            let cannot = self.cannot(&step);
            let taken = self.send(cannot, None, at)?;
            if !taken || waits(self) {
                return Err(format!("whoever is last cannot answer for `{}`", step.step));
            }
        }
        Ok(())
    }

    fn step(&self, name: &Name) -> Option<NextStep> {
        self.case.next()?.iter().find(|step| step.step == *name).cloned()
    }

    fn cannot(&mut self, step: &NextStep) -> EventKind {
        EventKind::Cannot { step: step.step.clone(), reason: "nobody is free".into() }
    }

    fn reassign(&mut self, step: &NextStep) -> EventKind {
        let to = self.dice.word(&["team", "nurse", "carer", "duty"]);
        let within = Length::hours(*self.dice.one(&[1, 6, 24, 30, 3]));
        let open = self.case.record().open.iter().find(|open| open.step == step.step);
        let own = open
            .and_then(|open| self.case.program().pathway.place(open.place).kind.within())
            .and_then(Deadline::length);
        let within = if self.dice.once_in(3) { own.unwrap_or(within) } else { within };
        EventKind::Reassign { step: step.step.clone(), to: to.into(), within, reason: None }
    }

    fn as_it_should(&mut self, step: &NextStep) -> EventKind {
        let name = step.step.clone();
        match &step.work {
            Work::Accept { .. } => {
                EventKind::Accept { step: name, condition: self.dice.once_in(4).then(|| "with a key safe".to_string()) }
            }
            Work::Decide { options, advice, .. } => {
                let advised = advice.as_deref();
                let (advice, otherwise) = crate::worlds::answer_to(self.dice, advised);
                let reason = otherwise.is_some().then(|| "it was talked over".to_string());
                let option = options.get(self.dice.below(options.len())).cloned().unwrap_or_else(|| "over".into());
                let option = crate::worlds::agreed_option(advised).unwrap_or(option);
                if let Some(agrees) = advised.and_then(|it| crate::worlds::agree_to(self.dice, &name, &option, it)) {
                    return agrees;
                }
                EventKind::Decide { step: Some(name), option, advice, otherwise, reason }
            }
            // Nothing is done there; something may be learnt.
            Work::BeThere if self.dice.once_in(6) => self.cannot(step),
            Work::BeThere | Work::Wait => EventKind::Record { facts: self.facts(3) },
            Work::Settle { fact, .. } => {
                let id = self.library.shared().fact(fact).expect("it is a fact");
                let value = crate::worlds::value(self.dice, &self.library.shared().facts[id.index()].domain);
                EventKind::Settle { fact: fact.clone(), value, reason: None }
            }
            Work::Review { .. } => EventKind::Reviewed { step: name, reason: "looked again".into() },
            Work::Do => {
                let mut facts = if self.dice.once_in(3) { self.facts(3) } else { BTreeMap::new() };
                for fact in &step.finds {
                    let id = self.library.shared().fact(fact).expect("it is a fact");
                    let domain = &self.library.shared().facts[id.index()].domain;
                    facts.insert(fact.clone(), answer(self.dice, domain));
                    let settled = settled(&self.case, fact);
                    facts.extend(settled.map(|answer| (fact.clone(), answer)));
                }
                EventKind::Done { step: name, facts }
            }
        }
    }

    fn facts(&mut self, once_in: usize) -> BTreeMap<Name, Answer> {
        let mut facts = BTreeMap::new();
        for fact in &self.library.shared().facts {
            if fact.elapsed.is_none() && self.dice.once_in(once_in) {
                let known = settled(&self.case, &fact.name);
                let said = known.unwrap_or_else(|| answer(self.dice, &fact.domain));
                facts.insert(fact.name.clone(), said);
            }
        }
        facts
    }

    /// Something happens: mostly what fits, sometimes what does not.
    fn event(&mut self, at: Moment) -> Result<(), String> {
        let steps: Vec<NextStep> = self.case.next().map_or(Vec::new(), |steps| steps.iter().cloned().collect());
        let step = self.dice.one(&steps).clone();
        let name = step.step.clone();
        let what = match self.dice.below(24) {
            0..=9 => self.as_it_should(&step),
            10 | 11 => self.cannot(&step),
            12 => EventKind::Declined { step: name, reason: None },
            13 | 14 => EventKind::Refuse { step: name, reason: "no bed".into() },
            15 | 16 => self.reassign(&step),
            17..=20 => EventKind::Record { facts: self.facts(2) },
            21 if self.dice.once_in(2) => EventKind::Raise { what: "now0".into(), reason: "somebody worries".into() },
            21 if self.dice.once_in(2) => {
                let risk = self.case.program().pathway.risks.first().map(|risk| risk.name.clone());
                let risk = risk.unwrap_or_else(|| "risk0".into());
                let reason = Some("the person has thought again".into());
                EventKind::Withdraw { what: Withdrawn::Risk { risk }, reason }
            }
            21 => EventKind::Done { step: "p0".into(), facts: BTreeMap::new() },
            22 if self.dice.once_in(2) => self.put_right(),
            22 => EventKind::Accept { step: name, condition: Some("with help at night".into()) },
            _ => {
                let all = [
                    LifeEvent::Died,
                    LifeEvent::CannotBeReached,
                    LifeEvent::MovedAway,
                    LifeEvent::Withdrew,
                    LifeEvent::OpenedInError,
                ];
                let what = *self.dice.one(&all);
                // Most cases do not end in this way.
                if self.dice.below(3) > 0 {
                    let facts = self.facts(2);
                    return self.send(EventKind::Record { facts }, None, at).map(drop);
                }
                self.played.life += 1;
                EventKind::Life { what }
            }
        };
        let answers =
            if self.dice.once_in(4) { crate::worlds::model_answers(self.dice, self.library, &self.case) } else { None };
        let what = answers.unwrap_or(what);
        let happened = match self.dice.below(6) {
            4 => Some(at.minus(Length::hours(3))),
            5 => Some(at.minus(Length::days(3))),
            _ => None,
        };
        self.send(what, happened, at).map(drop)
    }

    /// Something that was recorded is corrected, or taken back.
    fn put_right(&mut self) -> EventKind {
        let journal = self.case.record().journal.iter().enumerate();
        let recorded = journal.filter(|(_, entry)| matches!(entry.what, EntryKind::Recorded { .. }));
        let entries: Vec<usize> = recorded.map(|(number, _)| number).collect();
        let entry = if entries.is_empty() { 0 } else { *self.dice.one(&entries) };
        let fact = match &self.case.record().journal[entry].what {
            EntryKind::Recorded { fact, .. } => self.library.shared().fact(fact),
            _ => None,
        };
        let entry = entry as u32;
        match fact.filter(|_| self.dice.below(3) > 0) {
            Some(fact) => {
                let answer = answer(self.dice, &self.library.shared().facts[fact.index()].domain);
                EventKind::Correct { entry, answer, reason: "another person".into() }
            }
            None => EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None },
        }
    }

    /// The journal, for whoever has to find out what went wrong.
    fn told(&self) -> String {
        let journal = self.case.record().journal.iter();
        journal.map(|entry| format!("{} {:?}\n", entry.at, entry.what)).collect()
    }
}

fn answer_by(open: &Open) -> Option<Moment> {
    open.escalated.as_ref().map(|asked| asked.answer_by)
}
