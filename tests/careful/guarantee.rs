//! The guarantee, looked at from outside: at every moment of a case that runs as proved, and once more when it is closed.

use onward::calendar::Moment;
use onward::engine::{Because, Case, Entry, EntryKind, EventKind, Outcome, Standing, Work};
use onward::model::{Answer, Name, PlaceId, PlaceKind, PromiseKind, Reached, RoleId, Served};
use onward::workflow::Known;
use std::collections::BTreeSet;

/// What was looked at so far.
#[derive(Default)]
pub struct Watch {
    /// How many entries of the journal.
    seen: usize,
    /// What is open, by the journal.
    open: BTreeSet<Name>,
    /// The case before the last input, where its directory asks about the person.
    before: Option<Case>,
}

type Holds = Result<(), String>;

fn must(holds: bool, otherwise: impl FnOnce() -> String) -> Holds {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Watch {
    /// Looks at a case after an input.
    pub fn look(&mut self, case: &Case) -> Holds {
        let journal = &case.record().journal;
        for number in self.seen..journal.len() {
            self.entry(case, number)?;
        }
        self.asked_twice(case, self.seen)?;
        self.seen = journal.len();
        self.before = (!case.directory().serves_everybody()).then(|| case.clone());
        next_steps(case)
    }

    /// Who serves the person at a moment, by what was known before this input, and by what is known now.
    fn serving(&self, case: &Case, at: Moment) -> Vec<Served> {
        self.before.iter().chain([case]).map(|case| case.served(at)).collect()
    }

    fn entry(&mut self, case: &Case, number: usize) -> Holds {
        let entry = &case.record().journal[number];
        match &entry.what {
            EntryKind::Stranded(stranded) => Err(format!("`{}` left the person stranded", stranded.decision)),
            EntryKind::Opened { step, due, .. } => {
                self.open.insert(step.clone());
                never_together(case, &self.open)?;
                let escalated = case.record().journal[number..].iter().any(|later| {
                    later.at == entry.at
                        && matches!(&later.what, EntryKind::Escalated { step: it, to, .. }
                            if it == step && to.because == Because::NobodyOnDuty)
                });
                let kind = kind(case, step);
                must(*due > entry.at, || format!("`{step}` opens with no time"))?;
                for role in kind.people() {
                    let on_duty =
                        |served: &Served| case.directory().on_duty_for(served, role, entry.at, *due, kind.takes());
                    let there = self.serving(case, entry.at).iter().any(on_duty);
                    must(there || escalated, || {
                        format!("`{step}` opened at {} with nobody on duty, and was not escalated", entry.at)
                    })?;
                }
                Ok(())
            }
            EntryKind::Ended { step, .. } => {
                self.open.remove(step);
                Ok(())
            }
            EntryKind::Escalated { step, to, .. } => {
                let directory = case.directory();
                let rung = directory.ladder(&to.ladder).and_then(|ladder| ladder.rungs.get(to.rung as usize));
                let rung = rung.ok_or_else(|| format!("`{step}` is with a rung that is not there"))?;
                let contact = directory.contact(&to.contact).ok_or_else(|| format!("nobody is `{}`", to.contact))?;
                let number = directory.contacts.iter().position(|it| it.name == contact.name);
                let serves = |served: &Served| number.is_some_and(|number| served.has(number));
                must(self.serving(case, entry.at).iter().any(serves), || {
                    format!("`{}` is asked for `{step}`, and does not serve the person", to.contact)
                })?;
                let time = to.answer_by.since(entry.at);
                must(time == rung.within && to.asked_again == 0, || {
                    format!("`{}` is asked for `{step}` for {time}, or again", to.contact)
                })?;
                must(directory.is_open(contact, entry.at, time), || {
                    format!("`{}` is asked for `{step}` at {} and is not open for {time}", to.contact, entry.at)
                })
            }
            EntryKind::Reassigned { step, to, due, .. } => {
                let role = role(case, to).ok_or_else(|| format!("nobody is `{to}`"))?;
                let takes = kind(case, step).takes();
                let on_duty = |served: &Served| case.directory().on_duty_for(served, role, entry.at, *due, takes);
                must(self.serving(case, entry.at).iter().any(on_duty), || {
                    format!("`{step}` was given to `{to}`, who is not on duty in time")
                })
            }
            _ => Ok(()),
        }
    }

    /// Whether anything that was just found is asked for again, or two ask for the same, where that is promised not to be.
    fn asked_twice(&self, case: &Case, from: usize) -> Holds {
        let promises = &case.program().pathway.promises;
        if !promises.iter().any(|it| it.kind == PromiseKind::NotAskedTwice) {
            return Ok(());
        }
        let journal = &case.record().journal[from..];
        let opened: Vec<&Name> = journal
            .iter()
            .filter_map(|entry| match &entry.what {
                EntryKind::Opened { step, .. } if matches!(kind(case, step), PlaceKind::Step(_)) => Some(step),
                _ => None,
            })
            .collect();
        let just_found = |fact: &Name| {
            let found = journal.iter().any(|entry| match &entry.what {
                EntryKind::Event(event) => match &event.what {
                    EventKind::Done { step, facts } => {
                        let id = case.shared().fact(fact);
                        let finds = id.is_some_and(|id| kind(case, step).finds().contains(&id));
                        finds && event.happened.is_none() && matches!(facts.get(fact), Some(Answer::Value(_)))
                    }
                    _ => false,
                },
                _ => false,
            });
            found && case.shared().fact(fact).is_some_and(|id| case.known(case.record().now).value(id).is_some())
        };
        let mut asked: BTreeSet<Name> = BTreeSet::new();
        for step in case.next().iter().flat_map(|steps| steps.iter()).filter(|step| opened.contains(&&step.step)) {
            for fact in &step.finds {
                must(!just_found(fact), || format!("`{}` asks for `{fact}`, which was just found", step.step))?;
                must(asked.insert(fact.clone()), || format!("`{fact}` is asked for by two at once"))?;
            }
        }
        Ok(())
    }
}

fn kind<'c>(case: &'c Case, step: &str) -> &'c PlaceKind {
    let pathway = &case.program().pathway;
    &pathway.place(pathway.place_named(step.split('#').next().unwrap_or(step)).expect("it is a place")).kind
}

fn role(case: &Case, name: &Name) -> Option<RoleId> {
    case.shared().roles.iter().position(|role| role.name == *name).map(|at| RoleId(at as u32))
}

fn name(case: &Case, place: PlaceId) -> &Name {
    &case.program().pathway.place(place).name
}

fn never_together(case: &Case, open: &BTreeSet<Name>) -> Holds {
    for promise in &case.program().pathway.promises {
        if let PromiseKind::NeverTogether(one, other) = promise.kind {
            let both = open.contains(name(case, one)) && open.contains(name(case, other));
            must(!both, || format!("`{}` is broken", promise.words))?;
        }
    }
    Ok(())
}

/// There is at least one next step; each has one owner, a deadline ahead, and somewhere to go when that passes.
fn next_steps(case: &Case) -> Holds {
    let record = case.record();
    let steps = match case.standing() {
        Standing::Closed(_) => return Ok(()),
        Standing::Stranded(stranded) => return Err(format!("stranded in `{}`", stranded.decision)),
        Standing::Next(steps) => steps,
    };
    for step in steps.iter() {
        must(step.due >= record.now, || format!("`{}` was due before now", step.step))?;
        must(!step.if_late.is_empty(), || format!("`{}` says nothing about being late", step.step))?;
        if let Some(question) = record.beside.iter().find(|it| it.id() == step.id) {
            let owner = question.escalated.as_ref().map_or(&question.owner, |asked| &asked.contact);
            must(step.work.is_beside() && *owner == step.owner, || format!("`{}` is with nobody", step.step))?;
            continue;
        }
        let open = record.open.iter().find(|open| open.step == step.step);
        let open = open.ok_or_else(|| format!("`{}` is not open", step.step))?;
        let owner_is_there = match (&open.escalated, &open.owner) {
            (Some(asked), _) => asked.contact == step.owner && case.directory().contact(&step.owner).is_some(),
            (None, owner) => owner.as_ref() == Some(&step.owner) && case.shared().role(&step.owner).is_some(),
        };
        must(owner_is_there, || format!("`{}` has no owner: `{}`", step.step, step.owner))?;
        if let Work::Decide { options, .. } = &step.work {
            must(!options.is_empty(), || format!("`{}` has nothing to choose from", step.step))?;
        }
    }
    let due = case.due().ok_or("nothing is ever due")?;
    let first = steps.iter().map(|step| step.due).min().unwrap_or(due);
    must(due <= first, || format!("the host would call at {due}, after {first}"))
}

/// Whether an entry says that a place was done; and whether somebody on a ladder had been asked to.
fn done(case: &Case, journal: &[Entry], number: usize, place: PlaceId) -> Option<bool> {
    let EntryKind::Ended { step, how, .. } = &journal[number].what else { return None };
    // What was asked beside the pathway is no place of it.
    if step.starts_with("settle/") || step.starts_with("review/") {
        return None;
    }
    let fits = match kind(case, step) {
        PlaceKind::Repeat(_) => matches!(how, Outcome::UntilHolds | Outcome::AfterLastRound),
        PlaceKind::HandOver(_) => matches!(how, Outcome::Accepted | Outcome::AcceptedOnCondition),
        PlaceKind::Choose(_) => *how == Outcome::Decided,
        kind if kind.waits() => *how == Outcome::Waited,
        _ => *how == Outcome::Done,
    };
    let stood_down = matches!(journal.get(number + 1).map(|entry| &entry.what),
        Some(EntryKind::StoodDown { step: it, .. }) if it == step);
    (fits && step == name(case, place)).then_some(stood_down)
}

/// Whether an entry opens a place, decides in it, or ends with it.
fn reaches(entry: &Entry, place: &Name) -> bool {
    match &entry.what {
        EntryKind::Opened { step, .. } => step == place,
        EntryKind::Decided(decided) => decided.decision == *place,
        EntryKind::Closed { closed: ended, .. } | EntryKind::RoadEnded { ended, .. } => ended.ending == *place,
        _ => false,
    }
}

/// Everything that has to be so of a case that is closed.
pub fn closed(case: &Case) -> Holds {
    let record = case.record();
    let journal = &record.journal;
    let closed = record.closed.as_ref().ok_or("it is not closed")?;
    let accepted = journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. } => {
            match kind(case, step) {
                PlaceKind::HandOver(hand_over) => Some(hand_over.to),
                _ => None,
            }
        }
        _ => None,
    });
    let holder = role(case, &closed.held_by);
    must(holder == Some(RoleId::PERSON) || (holder.is_some() && holder == accepted), || {
        format!("`{}` holds the person and has not accepted", closed.held_by)
    })?;
    let PlaceKind::Ending(ending) = kind(case, &closed.ending) else { return Err("it is no ending".to_string()) };
    for owed in &ending.owed {
        let was_done = (0..journal.len()).any(|number| done(case, journal, number, *owed).is_some());
        must(was_done, || format!("`{}` was owed and not done", name(case, *owed)))?;
    }
    for promise in &case.program().pathway.promises {
        let kept = match &promise.kind {
            PromiseKind::EndsWithin(within) => closed.at.since(record.opened) <= *within,
            PromiseKind::NotWithoutFirst { reached, first } => {
                let at = journal.iter().position(|entry| reaches(entry, name(case, *reached)));
                at.is_none_or(|at| (0..at).any(|number| done(case, journal, number, *first).is_some()))
            }
            PromiseKind::WhoeverHas { fact, reaches: what, within } => {
                let fact = &case.shared().facts[fact.index()].name;
                let yes = |entry: &Entry| {
                    matches!(&entry.what, EntryKind::Recorded { fact: it, answer: Answer::Value(text), .. }
                        if it == fact && text == "yes")
                };
                let became = (0..journal.len()).filter(|number| yes(&journal[*number]));
                became.into_iter().all(|since| {
                    let until = reached(case, since, *what, Some(fact));
                    until.is_none_or(|until| until.since(journal[since].at) <= *within)
                })
            }
            PromiseKind::WhoeverReaches { from, reaches: what, within } => {
                let opened =
                    |entry: &Entry| matches!(&entry.what, EntryKind::Opened { step, .. } if step == name(case, *from));
                (0..journal.len()).filter(|number| opened(&journal[*number])).all(|since| {
                    let until = reached(case, since, *what, None);
                    until.is_none_or(|until| until.since(journal[since].at) <= *within)
                })
            }
            PromiseKind::NeverTogether(..) | PromiseKind::NotAskedTwice | PromiseKind::NotAgainst { .. } => true,
        };
        must(kept, || format!("`{}` is broken", promise.words))?;
    }
    Ok(())
}

/// When something was reached since an entry; never: the end of time. Nothing where the promise says nothing, because
/// something happened in the person's life or a decision no longer knew of the fact.
fn reached(case: &Case, since: usize, what: Reached, fact: Option<&Name>) -> Option<Moment> {
    let journal = &case.record().journal;
    let mut open: BTreeSet<Name> = BTreeSet::new();
    for entry in &journal[..since] {
        match &entry.what {
            EntryKind::Opened { step, .. } => drop(open.insert(step.clone())),
            EntryKind::Ended { step, .. } => drop(open.remove(step)),
            _ => {}
        }
    }
    // What is open already is reached, and so is a branch of a block that is.
    if let Reached::Place(place) = what {
        let blocks = open
            .iter()
            .any(|step| matches!(kind(case, step), PlaceKind::Together(block) if block.branches.contains(&place)));
        if blocks || open.contains(name(case, place)) {
            return None;
        }
    }
    // Once the main road has ended, nobody on it is promised anything any more.
    if journal[..since].iter().any(|entry| matches!(entry.what, EntryKind::RoadEnded { .. })) {
        return None;
    }
    for number in since + 1..journal.len() {
        let entry = &journal[number];
        match &entry.what {
            EntryKind::Event(event) if matches!(event.what, EventKind::Life { .. }) => return None,
            // It was not so, or somebody says so.
            EntryKind::Corrected { fact: it, .. } | EntryKind::Withdrawn { fact: it, .. } if Some(it) == fact => {
                return None;
            }
            EntryKind::Decided(decided) => {
                let knows = |entry: Option<u32>| {
                    entry.and_then(|entry| journal.get(entry as usize)).is_some_and(|entry| {
                        matches!(&entry.what, EntryKind::Recorded { answer: Answer::Value(text), .. } if text == "yes")
                    })
                };
                if decided.read.iter().any(|reading| Some(&reading.fact) == fact && !knows(reading.entry)) {
                    return None;
                }
            }
            _ => {}
        }
        let here = match what {
            Reached::Place(place) => reaches(entry, name(case, place)),
            Reached::Role(role) => case.program().pathway.all_places().any(|(id, place)| {
                let theirs = match &place.kind {
                    PlaceKind::HandOver(hand_over) => hand_over.to == role,
                    kind => kind.owner() == Some(role),
                };
                theirs && done(case, journal, number, id) == Some(false)
            }),
        };
        if here {
            return Some(entry.at);
        }
    }
    Some(Moment::MAX)
}
