//! Taking one person through a pathway: what is said to happen, happens, one thing at a time.
//!
//! A [`Driver`] is a host that has nothing else to do: it lets time go on, calls wherever something falls due, sends what
//! happens, and looks at what came of it.
//!
//! *May use*: `engine`, `model`, `workflow`, `calendar`. *Invariant*: it uses the engine as any host would, and sees nothing
//! that a host could not see.

use crate::calendar::Moment;
use crate::engine::{
    Answer, By, Case, Entry, EntryKind, Event, EventKind, LifeEvent, Open, Outcome, Refusal, Standing, Work,
};
use crate::model::{self, Expectation, Given, Happening, Name, PlaceKind, Target, Test, What};
use crate::workflow::{Truth, score_range, truth};
use std::collections::BTreeMap;

mod theirs;

/// Plays what happens to one person, one thing after the other.
#[derive(Clone, Debug)]
pub struct Driver {
    /// The case.
    pub case: Case,
    /// The moment things have come to.
    pub now: Moment,
    events: u32,
}

/// The most that is done for `everything else is done on time`.
const MAX_REST: u32 = 1_000;

impl Driver {
    /// Plays on from a case that was just opened.
    pub fn new(case: Case, now: Moment) -> Driver {
        Driver { case, now, events: 0 }
    }

    /// Makes something happen: time goes on first, and what falls due on the way falls due.
    ///
    /// # Errors
    /// When the event is refused. Time has gone on all the same.
    pub fn happen(&mut self, it: &Happening) -> Result<Vec<Answer>, Refusal> {
        let mut answers = self.wait_until(self.now.plus(it.after), it.what == What::Nothing)?;
        if let Some(what) = event_kind(it) {
            answers.push(self.send_with(what, it.by.clone(), it.with.clone())?);
        }
        Ok(answers)
    }

    /// The same, for whoever looks only at where the case stands afterwards: no answers are worked out.
    ///
    /// # Errors
    /// When the event is refused. Time has gone on all the same.
    pub fn happen_unheard(&mut self, it: &Happening) -> Result<(), Refusal> {
        let until = self.now.plus(it.after);
        while let Some(due) = self.falls_due(until, it.what == What::Nothing) {
            self.case.advance_unheard(due)?;
        }
        self.now = until;
        match event_kind(it) {
            Some(what) => {
                let event = self.event(what, it.by.clone(), it.with.clone());
                match self.case.apply_unheard(&event, self.now) {
                    Err(Refusal::OldAdvice { given: None, is, .. } | Refusal::OldAsking { given: None, is, .. }) => {
                        self.case.apply_unheard(&answering(event, is), self.now)
                    }
                    taken => taken,
                }
            }
            None => Ok(()),
        }
    }

    fn event(&mut self, what: EventKind, by: Option<Name>, with: Vec<Name>) -> Event {
        self.events += 1;
        Event { by: By { role: by, ..By::default() }, with, ..Event::new(format!("event-{}", self.events), what) }
    }

    fn falls_due(&self, until: Moment, at_it: bool) -> Option<Moment> {
        self.case.due().filter(|due| *due < until || (at_it && *due == until))
    }

    /// Sends an event now.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send(&mut self, what: EventKind, by: Option<Name>) -> Result<Answer, Refusal> {
        self.send_with(what, by, Vec::new())
    }

    /// Sends an event now, with others who were there.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_with(&mut self, what: EventKind, by: Option<Name>, with: Vec<Name>) -> Result<Answer, Refusal> {
        self.send_late(what, by, with, None)
    }

    /// Sends an event that is recorded now, and happened before, where that is said.
    ///
    /// # Errors
    /// When it is refused.
    pub fn send_late(
        &mut self,
        what: EventKind,
        by: Option<Name>,
        with: Vec<Name>,
        happened: Option<Moment>,
    ) -> Result<Answer, Refusal> {
        let event = Event { happened, ..self.event(what, by, with) };
        match self.case.apply(event.clone(), self.now) {
            Err(Refusal::OldAdvice { given: None, is, .. } | Refusal::OldAsking { given: None, is, .. }) => {
                self.case.apply(answering(event, is), self.now)
            }
            taken => taken,
        }
    }

    /// What others must agree to before that is decided, as things stand.
    pub fn agreements(&self, what: &What) -> Vec<What> {
        let What::Decides { step: Some(step), option, .. } = what else { return Vec::new() };
        let Some(Work::Decide { advice: Some(advice), .. }) = self.case.next_named(step).map(|it| it.work) else {
            return Vec::new();
        };
        if self.case.needs_no_agreement(step, option) {
            return Vec::new();
        }
        let lacking = advice.agreed.into_iter().filter(|it| it.to.as_ref() != Some(option));
        let agrees = |role| What::Agrees { step: Some(step.clone()), role, option: option.clone() };
        lacking.map(|it| agrees(it.role)).collect()
    }

    /// Lets time go on, stopping wherever something falls due, as a host does. What falls due at the very end is left
    /// to what happens then, unless `at_it`.
    ///
    /// # Errors
    /// When more falls due than can be processed.
    pub fn wait_until(&mut self, until: Moment, at_it: bool) -> Result<Vec<Answer>, Refusal> {
        let mut answers = Vec::new();
        while let Some(due) = self.falls_due(until, at_it) {
            let answer = self.case.advance(due)?;
            if !answer.effects.is_empty() {
                answers.push(answer);
            }
        }
        self.now = until;
        Ok(answers)
    }

    /// Does whatever is open at its deadline, the earliest first, until the case closes. What a step should find and
    /// nobody said is recorded as not found.
    ///
    /// # Errors
    /// In words, when somebody has to decide, when the draft is stranded, or when it goes on for too long.
    pub fn the_rest(&mut self) -> Result<Vec<Answer>, String> {
        let mut answers = Vec::new();
        for _ in 0..MAX_REST {
            let steps = match self.case.standing() {
                Standing::Closed(_) => return Ok(answers),
                Standing::Stranded(stranded) => {
                    return Err(format!("`{}` does not know where to go", stranded.decision));
                }
                Standing::Next(steps) => steps,
            };
            let on_the_way = steps.iter().filter(|step| !step.work.is_beside() && step.work != Work::BeThere);
            let Some(step) = on_the_way.min_by_key(|step| step.due) else { break };
            let with = could_be_needed(&self.case, &step.step);
            let what = match &step.work {
                Work::Accept { .. } => EventKind::Accept { step: step.step.clone(), condition: None },
                Work::Decide { options, .. } => {
                    let options: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
                    return Err(format!(
                        "{} has to decide in `{}`; say what: {}",
                        step.owner,
                        step.step,
                        options.join(", ")
                    ));
                }
                Work::Wait => {
                    answers.extend(self.wait_until(step.due, true).map_err(|refusal| refusal.in_full())?);
                    continue;
                }
                // What is asked beside the pathway keeps nobody from going on.
                Work::Settle { .. } | Work::Review { .. } => break,
                Work::Do | Work::BeThere => {
                    let why = "not said in this scenario".to_string();
                    let facts = step.finds.iter().map(|fact| (fact.clone(), model::Answer::CouldNot(why.clone())));
                    EventKind::Done { step: step.step.clone(), facts: facts.collect() }
                }
            };
            self.now = self.now.max(step.due);
            answers.push(self.send_with(what, None, with).map_err(|refusal| refusal.in_full())?);
        }
        Err(format!("this goes on for more than {MAX_REST} steps"))
    }

    /// What an expectation finds otherwise; nothing when it is met.
    pub fn unmet(&self, expectation: &Expectation) -> Option<String> {
        let case = &self.case;
        match expectation {
            Expectation::Next(names) => {
                let open: Vec<&Open> = case.record().open.iter().collect();
                let beside = |name: &Name| case.record().beside.iter().any(|asked| asked.step == *name);
                let missing: Vec<String> = names
                    .iter()
                    .filter(|name| !open.iter().any(|open| self.is_named(open, name)) && !beside(name))
                    .map(|name| format!("`{name}`"))
                    .collect();
                (!missing.is_empty())
                    .then(|| format!("{} is not among the next steps; {}", missing.join(", "), self.stands()))
            }
            Expectation::Ending(name, within) => match &case.record().closed {
                None => Some(format!("the case is not closed; {}", self.stands())),
                Some(closed) if closed.ending != *name => Some(format!("the case ended with `{}`", closed.ending)),
                Some(closed) => {
                    let took = closed.at.since(case.record().opened);
                    let limit = (*within)?;
                    (took > limit).then(|| format!("it ended after {took}, which is more than {limit}"))
                }
            },
            Expectation::Chose(decision, option) => match self.chose(decision) {
                None => Some(format!("`{decision}` has not chosen anything yet; {}", self.stands())),
                Some(chosen) => (chosen != *option).then(|| format!("`{decision}` chose `{chosen}`")),
            },
            Expectation::Advises(decision, option) => {
                let last = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
                    EntryKind::Advised { step, advice, .. } if self.is_choice_of(step, decision) => Some(advice),
                    _ => None,
                });
                let Some(last) = last else {
                    return Some(format!("`{decision}` has advised nothing yet; {}", self.stands()));
                };
                match &last.advises {
                    Some(advises) => (advises != option).then(|| format!("`{decision}` advises `{advises}`")),
                    None => Some(format!("`{decision}` advises nothing while something is missing")),
                }
            }
            Expectation::Needs(decision, facts) => {
                let last = case.record().journal.iter().rev().find_map(|entry| match &entry.what {
                    EntryKind::Decided(decided) if decided.decision == *decision => Some(decided),
                    _ => None,
                });
                let Some(last) = last else {
                    return Some(format!("`{decision}` has not been looked at yet; {}", self.stands()));
                };
                let (mut wanted, mut missing) = (facts.clone(), last.missing.clone());
                wanted.sort();
                missing.sort();
                let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let found = if list.is_empty() { "needed nothing".to_string() } else { format!("needed {list}") };
                (wanted != missing).then(|| format!("`{decision}` {found}"))
            }
            Expectation::Starts(it, pathway) => {
                let watched = case.watch(self.now);
                match watched.starts.iter().find(|start| start.anticipation == *it) {
                    Some(start) => (start.pathway != *pathway).then(|| format!("`{it}` starts `{}`", start.pathway)),
                    None => Some(format!("by what is known, `{it}` starts nothing now")),
                }
            }
            Expectation::Asks(it, facts) => {
                let watched = case.watch(self.now);
                let Some(ask) = watched.asks.iter().find(|ask| ask.anticipation == *it) else {
                    return Some(format!("by what is known, nobody is to be asked for `{it}` now"));
                };
                let (mut wanted, mut missing) = (facts.clone(), ask.facts.clone());
                wanted.sort();
                missing.sort();
                let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                (wanted != missing).then(|| format!("`{it}` asks for {list}"))
            }
            Expectation::With(step, who) => {
                let Some(open) = case.record().open.iter().find(|open| self.is_named(open, step)) else {
                    return Some(format!("`{step}` is not open; {}", self.stands()));
                };
                let with = open.escalated.as_ref().map(|it| &it.contact).or(open.owner.as_ref());
                let with = with.map_or("nobody", |name| name.as_str());
                // While it is escalated it is with a contact, and so with every role that contact fills.
                let contact = open.escalated.as_ref().and_then(|it| case.directory().contact(&it.contact));
                let fills = contact.is_some_and(|contact| {
                    contact.fills.iter().any(|role| case.shared().roles[role.index()].name == *who)
                });
                // Before it is, whoever fills the role for the person does it.
                let theirs =
                    open.escalated.is_none() && case.filling(with, self.now).iter().any(|contact| contact.name == *who);
                (who != with && !fills && !theirs).then(|| format!("`{step}` is with `{with}`"))
            }
            Expectation::Due(step, at) => self.not_due_at(step, *at),
            Expectation::Yes(condition) => {
                let view = case.known(self.now);
                let shared = case.shared();
                match truth(&condition.test, &view, &shared.scores) {
                    Truth::Yes => None,
                    verdict => {
                        let is = if verdict == Truth::No { "no" } else { "not known" };
                        let mut words = format!("`{}` is {is}", condition.words);
                        if let Test::Score(score, _) = &condition.test {
                            let score = &shared.scores[score.index()];
                            let (min, max) = score_range(score, &view, &shared.scores);
                            let show = |value| score.show(value);
                            words = format!("{words}: it is {} to {}", show(min), show(max));
                        }
                        Some(words)
                    }
                }
            }
        }
    }

    /// By when a step is due, where that is another time.
    fn not_due_at(&self, step: &Name, at: Moment) -> Option<String> {
        let Some(open) = self.case.record().open.iter().find(|open| self.is_named(open, step)) else {
            return Some(format!("`{step}` is not open; {}", self.stands()));
        };
        let shown = |at| self.case.directory().calendar.zone.display(at);
        match &open.escalated {
            Some(it) if it.answer_by != at => Some(format!(
                "`{}`, who is asked about `{step}`, answers by {}, not by {}",
                it.contact,
                shown(it.answer_by),
                shown(at)
            )),
            None if open.due != at => Some(format!("`{step}` is due at {}, not at {}", shown(open.due), shown(at))),
            _ => None,
        }
    }

    /// What a decision chose the last time: the name of a place.
    fn chose(&self, decision: &Name) -> Option<Name> {
        let journal = &self.case.record().journal;
        journal.iter().enumerate().rev().find_map(|(number, entry)| match &entry.what {
            EntryKind::Decided(decided) if decided.decision == *decision => {
                let pathway = &self.case.program().pathway;
                let PlaceKind::Decide(decide) = &pathway.place(pathway.place_named(decision)?).kind else {
                    return None;
                };
                // What is only advised is not chosen yet.
                if decide.advice.is_some() {
                    return None;
                }
                let row = decide.rows.get((decided.row?.checked_sub(1)?) as usize)?;
                match pathway.route(row.route).target {
                    Target::Place(_) => leads_to(journal, number),
                    Target::Escalate(ladder) => Some(pathway.ladder(ladder).name.clone()),
                    Target::Back | Target::NotDone => None,
                }
            }
            EntryKind::Ended { step, how: Outcome::Decided, .. } if self.is_choice_of(step, decision) => {
                leads_to(journal, number)
            }
            _ => None,
        })
    }

    /// Whether a role decides there what that decision is about.
    fn is_choice_of(&self, step: &Name, decision: &Name) -> bool {
        self.case.program().pathway.choice_named(step).is_some_and(|it| it == decision)
    }

    /// Whether something open has that name, or is the choice of the decision of that name.
    fn is_named(&self, open: &Open, name: &str) -> bool {
        open.step == *name || self.case.program().pathway.choice_of(open.place).is_some_and(|it| *it == *name)
    }

    /// Where the case stands, in a few words.
    fn stands(&self) -> String {
        match self.case.standing() {
            Standing::Closed(closed) => format!("the case ended with `{}`", closed.ending),
            Standing::Stranded(stranded) => format!("`{}` does not know where to go", stranded.decision),
            Standing::Next(steps) => {
                let names: Vec<String> = steps.iter().map(|step| format!("`{}`", step.step)).collect();
                format!("what is open: {}", names.join(", "))
            }
        }
    }
}

/// Everybody without whom something that is open may not be done, whatever is found in it.
pub fn could_be_needed(case: &Case, step: &Name) -> Vec<Name> {
    let pathway = &case.program().pathway;
    let place = pathway.place_named(step).map(|id| pathway.place(id));
    let needed = place.map_or(&[][..], |place| place.kind.not_without());
    needed.iter().map(|it| case.shared().roles[it.role.index()].name.clone()).collect()
}

/// A decision as the answer to an advice.
fn answering(mut event: Event, id: String) -> Event {
    match &mut event.what {
        EventKind::Decide { advice, .. } | EventKind::Agree { advice, .. } | EventKind::Disagree { advice, .. } => {
            *advice = Some(id);
        }
        EventKind::ModelAnswered { asked, .. } => *asked = Some(id),
        _ => {}
    }
    event
}

/// The place that an entry of the journal led to.
fn leads_to(journal: &[Entry], number: usize) -> Option<Name> {
    journal[number..].iter().find_map(|entry| match &entry.what {
        EntryKind::Opened { step, because, .. } if *because as usize == number => Some(step.clone()),
        EntryKind::Closed { closed: ended, because } | EntryKind::RoadEnded { ended, because }
            if *because as usize == number =>
        {
            Some(ended.ending.clone())
        }
        EntryKind::Decided(decided) if decided.because as usize == number => Some(decided.decision.clone()),
        EntryKind::Passed { place, because } if *because as usize == number => Some(place.clone()),
        _ => None,
    })
}

/// The facts of a scenario or a person file, as events carry them.
pub fn given(facts: &[Given]) -> BTreeMap<Name, model::Answer> {
    facts.iter().map(|it| (it.fact.clone(), it.answer.clone())).collect()
}

fn event_kind(it: &Happening) -> Option<EventKind> {
    let facts = given(&it.facts);
    let reason = it.because.clone();
    let said = || reason.clone().unwrap_or_else(|| "no reason was given".to_string());
    Some(match &it.what {
        What::Nothing => return None,
        What::Record => EventKind::Record { facts },
        What::Model(model) => {
            let (fact, answer) = facts.into_iter().next()?;
            let (version, sha256) = ("as in the scenario".to_string(), "0".repeat(64));
            // What it answers is what it was asked last.
            EventKind::ModelAnswered { fact, model: model.clone(), version, sha256, asked: None, answer }
        }
        What::Done(step) => EventKind::Done { step: step.clone(), facts },
        What::PersonDeclines(step) => EventKind::Declined { step: step.clone(), reason },
        What::Cannot(step) => EventKind::Cannot { step: step.clone(), reason: said() },
        What::Accepted(step) => EventKind::Accept { step: step.clone(), condition: it.condition.clone() },
        What::Declined(step) => EventKind::Refuse { step: step.clone(), reason: said() },
        // Which advice it answers is the one that stands then: whoever decides has it in front of them.
        What::Decides { step, option, otherwise } => EventKind::Decide {
            step: step.clone(),
            option: option.clone(),
            advice: None,
            otherwise: otherwise.clone(),
            reason,
        },
        What::Agrees { step, role, option } => {
            let (step, role, option) = (step.clone(), role.clone(), option.clone());
            EventKind::Agree { step, role, option, advice: None }
        }
        What::Disagrees { step, role } => {
            EventKind::Disagree { step: step.clone(), role: role.clone(), reason: said(), advice: None }
        }
        What::Reassigned { step, to, within } => {
            EventKind::Reassign { step: step.clone(), to: to.clone(), within: *within, reason }
        }
        What::Withdrawn(risk) => {
            EventKind::Withdraw { what: crate::engine::Withdrawn::Risk { risk: risk.clone() }, reason: Some(said()) }
        }
        What::Settled(fact) => {
            let value = match facts.get(fact)? {
                model::Answer::Value(value) => value.clone(),
                _ => return None,
            };
            EventKind::Settle { fact: fact.clone(), value, reason }
        }
        What::Raised(what) => EventKind::Raise { what: what.clone(), reason: said() },
        What::Life(exit) => EventKind::Life { what: LifeEvent::of(*exit)? },
    })
}
