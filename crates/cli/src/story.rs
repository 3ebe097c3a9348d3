//! What happened to a person, told step by step: when, what, what was found, what was decided and why, who is told,
//! and what comes next.
//!
//! A story is told from the journal alone, by playing it again; so a run that was just made and a case that was saved
//! are told in the same words.

use crate::outline;
use crate::page::Page;
use crate::reasons;
use crate::words::{self, Words, lower_the, stop};
use onward::Library;
use onward::calendar::Moment;
use onward::engine::{
    Case, CaseRecord, EntryKind, Event, EventKind, LoadError, NextStep, Outcome, Standing, Withdrawn,
};
use onward::model::{Answer, Name, PlaceKind};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of a story: one event and what followed from it at once, or what fell due at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// When.
    pub at: Moment,
    /// The entries of the journal: from this one,
    pub from: usize,
    /// up to, not including, this one.
    pub to: usize,
    /// Whether something from outside stands at its start; else only time went on.
    pub event: bool,
    /// Whether it is the last one before the case waits again.
    pub waits: bool,
}

/// Plays a record again, up to and including a moment, and shows every chapter with the case as it was after it.
///
/// # Errors
/// When the journal does not lead to what it says: it was not written by this program, or was changed.
pub fn replay(
    library: &Library,
    record: &CaseRecord,
    until: Option<Moment>,
    see: &mut dyn FnMut(Chapter, &Case),
) -> Result<Case, LoadError> {
    let broken = |what: &str| LoadError::Broken(what.to_string());
    let (mut case, _) = library.load(record.clone())?.replay_to(0)?;
    let inputs = record.journal.iter().skip(1);
    let to = case.record().journal.len();
    see(Chapter { at: record.opened, from: 0, to, event: true, waits: true }, &case);
    for entry in inputs.filter(|entry| until.is_none_or(|until| entry.at <= until)) {
        let from = case.record().journal.len();
        let again = match &entry.what {
            EntryKind::Event(event) => case.apply(Event::clone(event), entry.at),
            EntryKind::Advanced => case.advance(entry.at),
            _ => continue,
        };
        again.map_err(|refusal| broken(&refusal.to_string()))?;
        for chapter in chapters(&case, from) {
            see(chapter, &case);
        }
    }
    Ok(case)
}

/// The chapters of what one input added to the journal.
pub fn chapters(case: &Case, from: usize) -> Vec<Chapter> {
    let journal = &case.record().journal;
    let mut all: Vec<Chapter> = Vec::new();
    for (number, entry) in journal.iter().enumerate().skip(from) {
        match &entry.what {
            EntryKind::Advanced => continue,
            EntryKind::Event(_)
            | EntryKind::Followed { .. }
            | EntryKind::Erasing { .. }
            | EntryKind::Erased { event: Some(_), .. } => {
                all.push(Chapter { at: entry.at, from: number, to: number + 1, event: true, waits: false });
            }
            _ => match all.last_mut() {
                Some(last) if last.event || last.at == entry.at => last.to = number + 1,
                _ => all.push(Chapter { at: entry.at, from: number, to: number + 1, event: false, waits: false }),
            },
        }
    }
    if let Some(last) = all.last_mut() {
        last.waits = true;
    }
    all
}

/// Tells chapters in order.
#[derive(Debug, Default)]
pub struct Teller {
    /// When the chapter before was.
    last: Option<Moment>,
    /// Whom one turned to, by step.
    asked: BTreeMap<Name, Name>,
    /// What was open after the chapter before: id, owner and deadline.
    open: Vec<(String, Name, Moment)>,
    /// The ladders of which it has said whom they ask.
    ladders: BTreeSet<String>,
    /// Whether it leaves out what was open after each chapter.
    quiet: bool,
}

impl Teller {
    /// One that tells what happened, and not what was open after each chapter.
    pub fn quiet() -> Teller {
        Teller { quiet: true, ..Teller::default() }
    }

    /// Tells a chapter.
    pub fn tell(&mut self, page: &mut Page, chapter: Chapter, case: &Case) {
        let words = Words::of(case);
        let journal = &case.record().journal;
        let entries = &journal[chapter.from.min(journal.len())..chapter.to.min(journal.len())];
        let later = match self.last {
            Some(last) if chapter.at > last => format!(", {} later", words::length(chapter.at.since(last))),
            _ => String::new(),
        };
        self.last = Some(chapter.at);
        let first = entries.first().map(|entry| &entry.what);
        let headline = match first {
            Some(EntryKind::CaseOpened { .. }) => "The case opens.".to_string(),
            Some(EntryKind::Event(event)) => stop(&happened(words, event)),
            Some(EntryKind::Followed { directory, .. }) => {
                format!("From now on another directory says who is there: `{}`.", directory.name)
            }
            Some(EntryKind::Erasing { entries, reason, .. }) => {
                stop(&format!("What {} entries of the journal said was erased: {reason}", entries.len()))
            }
            Some(EntryKind::Erased { .. }) => "What happened here was erased.".to_string(),
            _ => self.time_passed(words, entries),
        };
        page.heading(&format!("{}{later}", words.time(chapter.at)));
        page.line(2, &headline);
        let event = match first {
            Some(EntryKind::Event(event)) => Some(&**event),
            _ => None,
        };
        self.found(page, words, entries);
        for (offset, entry) in entries.iter().enumerate() {
            self.entry(page, case, chapter.from + offset, &entry.what, event);
        }
        if chapter.waits && !self.quiet {
            self.next(page, case, chapter.at);
        }
        page.gap();
    }

    /// What is open now: what is new in full, the rest in a line each.
    fn next(&mut self, page: &mut Page, case: &Case, now: Moment) {
        let words = Words::of(case);
        let Standing::Next(steps) = case.standing() else {
            self.open.clear();
            return;
        };
        let key = |step: &NextStep| (step.id.clone(), step.owner.clone(), step.due);
        let (old, new): (Vec<&NextStep>, Vec<&NextStep>) =
            steps.iter().partition(|step| self.open.contains(&key(step)));
        if !new.is_empty() || old.len() != self.open.len() {
            page.line(2, if old.len() + new.len() == 1 { "The next step now:" } else { "The next steps now:" });
            outline::still_open(page, words, 2, &old);
            for step in new {
                outline::step(page, case, 2, "- ", false, step, now, &mut self.ladders);
            }
        }
        self.open = steps.iter().map(key).collect();
    }

    /// What was recorded, in one list.
    fn found(&self, page: &mut Page, words: Words<'_>, entries: &[onward::engine::Entry]) {
        let recorded: Vec<(&Name, &Answer)> = entries
            .iter()
            .filter_map(|entry| match &entry.what {
                EntryKind::Recorded { fact, answer, .. } => Some((fact, answer)),
                _ => None,
            })
            .collect();
        let opening = matches!(entries.first().map(|entry| &entry.what), Some(EntryKind::CaseOpened { .. }));
        match (recorded.as_slice(), opening) {
            ([], true) => page.line(2, "Nothing is known about the person yet."),
            ([], false) => {}
            ([(fact, answer)], false) => {
                page.line(2, &stop(&format!("Found: {}: {}", words.fact_title(fact), words.answer(fact, answer))));
            }
            (all, _) => {
                page.line(2, if opening { "What is known already:" } else { "Found:" });
                for (fact, answer) in all {
                    page.item(2, "- ", &stop(&format!("{}: {}", words.fact_title(fact), words.answer(fact, answer))));
                }
            }
        }
    }

    /// What fell due, as the headline of a chapter in which nothing but time went on.
    fn time_passed(&self, words: Words<'_>, entries: &[onward::engine::Entry]) -> String {
        for entry in entries {
            match &entry.what {
                EntryKind::Ended { step, how: Outcome::Late, .. } => {
                    return format!("Time passes, and {} is not done in time.", words.quoted(step));
                }
                EntryKind::Escalated { step, .. } | EntryKind::PassedOver { step, .. } => {
                    return match self.asked.get(step) {
                        Some(contact) => {
                            let contact = lower_the(&words.contact(contact));
                            format!("Time passes, and there is no answer from {contact} about {}.", words.quoted(step))
                        }
                        None => format!("Time passes, and {} is not done in time.", words.quoted(step)),
                    };
                }
                _ => {}
            }
        }
        "Time passes, and something falls due.".to_string()
    }

    fn entry(&mut self, page: &mut Page, case: &Case, number: usize, what: &EntryKind, event: Option<&Event>) {
        let words = Words::of(case);
        let at = case.record().journal.get(number).map_or(case.record().now, |entry| entry.at);
        match what {
            EntryKind::Decided(decided) => {
                reasons::decision(page, words, 2, &case.looked(decided, at));
            }
            EntryKind::Advised { step, advice, read, .. } => {
                if advice.number > 1 {
                    let advises = advice.advises.as_ref().map_or("nothing for now".to_string(), |it| words.quoted(it));
                    page.line(2, &stop(&format!("Something changed, so it is advised anew. Advised: {advises}")));
                }
                for it in case.spoke(step, read, at) {
                    page.line(4, &outline::speaks(words, &it));
                }
            }
            EntryKind::Agreed { .. } | EntryKind::NotAgreedAnyMore { .. } => {}
            EntryKind::Corrected { fact, answer, reason, .. } => {
                let line = format!(
                    "{}: {}, as it should have been: {reason}",
                    words.fact_title(fact),
                    words.answer(fact, answer)
                );
                page.line(2, &stop(&line));
            }
            EntryKind::Withdrawn { fact, .. } => {
                page.line(2, &stop(&format!("{}: what was said is taken back", words.fact_title(fact))));
            }
            EntryKind::Disputed { fact, .. } => {
                let title = words.fact_title(fact);
                page.line(2, &stop(&format!("Two found different things, so it is not known: {title}")));
            }
            EntryKind::Undisputed { fact } => {
                page.line(2, &stop(&format!("Not disputed any more: {}", words.fact_title(fact))));
            }
            EntryKind::NotSettled { fact, .. } => {
                let title = words.fact_title(fact);
                page.line(2, &stop(&format!("Nobody settled what it is, so it is not known: {title}")));
            }
            EntryKind::ModelAsked { fact, model, from, .. } => {
                let known = from.iter().map(|input| {
                    let value =
                        input.value.as_deref().map_or("not known".to_string(), |value| words.value(&input.fact, value));
                    format!("{} {value}", words.fact_title(&input.fact))
                });
                let known = known.collect::<Vec<_>>().join(", ");
                let line = format!("The model {model} is asked for {}, from: {known}", words.fact_title(fact));
                page.line(2, &stop(&line));
            }
            EntryKind::Asked(question) => {
                let (title, who) = (case.question_title(question), lower_the(&words.role(&question.owner)));
                let again = if question.asked_again > 0 { " again" } else { "" };
                page.line(2, &stop(&format!("Asked{again}, beside the pathway: {who}. {title}")));
            }
            EntryKind::Chose(chose) => page.line(2, &reasons::chose(words, chose)),
            EntryKind::Interrupted(it) => {
                let of = words.pathway.interrupts.iter().find(|of| of.name == it.name);
                let title = of.map_or(it.name.as_str(), |of| of.title.as_str());
                let what =
                    if of.is_some_and(|of| of.as_well) { "It is done alongside" } else { "What is open is stood down" };
                page.line(2, &stop(&format!("At any time, and now: \"{title}\". {what}")));
            }
            EntryKind::Passed { place, .. } => {
                let passed = outline::passed(words, place);
                page.line(2, &stop(&passed));
            }
            EntryKind::Opened { step, because, due, .. } => self.opened(page, case, step, *due, *because),
            EntryKind::Ended { step, how, reason, .. } => {
                self.asked.remove(step);
                if !is_about(event, step) && *how != Outcome::Late {
                    let reason = reason.as_ref().map_or_else(String::new, |it| format!(": {it}"));
                    page.line(2, &stop(&format!("{} {}{reason}", words.quoted(step), reasons::ended(*how))));
                }
            }
            EntryKind::Counted { route, taken, limit, used_up } => {
                let what = if route.starts_with("reassigned by ") {
                    "It may be given to another"
                } else {
                    "This way may be taken"
                };
                let words = match (used_up, limit) {
                    (true, _) => format!(
                        "The first way on may be taken only {}, and has been: the way behind it is taken",
                        times(*limit)
                    ),
                    (false, 1) => format!("{what} only once, and this was it"),
                    (false, _) => format!("{what} at most {}; this is time {taken}", times(*limit)),
                };
                page.line(2, &stop(&words));
            }
            EntryKind::Escalated { step, to, .. } => {
                self.asked.insert(step.clone(), to.contact.clone());
                let (whom, by) = (words.contact_and_phone(&to.contact), words.time(to.answer_by));
                let again = if to.asked_again > 0 { " again" } else { "" };
                let ladder = words.ladder(&to.ladder);
                page.line(2, &stop(&format!("Escalated along \"{ladder}\". Asked{again}: {whom}, to answer by {by}")));
            }
            EntryKind::PassedOver { rung, step, .. } => {
                // What a fact is that is disputed is not asked of those from whom it is kept.
                let kept = if step.starts_with("settle/") { ", or because it is kept from them" } else { "" };
                page.line(
                    2,
                    &stop(&format!(
                        "Passed over, because not open for the whole time it has to answer{kept}: {}",
                        words.contact(rung)
                    )),
                );
            }
            EntryKind::Reassigned { step, to, due, .. } => {
                self.asked.remove(step);
                let due = words.time(*due);
                page.line(
                    2,
                    &stop(&format!("{} is with {} now, to be done by {due}", words.quoted(step), words.role(to))),
                );
            }
            EntryKind::Told { who, text, .. } => {
                page.line(2, &stop(&format!("Told to {}: \"{text}\"", lower_the(&words.role(who)))));
            }
            EntryKind::IsAt { at, .. } => {
                page.line(2, &stop(&format!("Where the person is from now on: {}", words.setting(at))));
            }
            EntryKind::NotTold { who, unless, .. } => {
                let who = words.role(who);
                page.line(
                    2,
                    &stop(&format!(
                        "{who} is not told, because the person has not agreed to it: {}",
                        words.fact_title(unless)
                    )),
                );
            }
            EntryKind::Stranded(stranded) => outline::stranded(page, words, 2, stranded),
            EntryKind::StoodDown { contact, .. } => {
                page.line(2, &stop(&format!("{} need not answer any more", words.contact(contact))));
            }
            EntryKind::RoadEnded { ended, .. } => outline::road_ended(page, words, 2, ended),
            EntryKind::BranchEnded { branch, done, .. } => {
                let how = if *done { "done" } else { "not done" };
                page.line(2, &stop(&format!("So \"{}\" is {how}", words.title(branch))));
            }
            EntryKind::NothingMore { .. } => page.line(2, &stop("Nothing more is done alongside")),
            EntryKind::Closed { closed, .. } => outline::closed(page, case, 2, closed),
            EntryKind::Followed { .. } | EntryKind::Erasing { .. } | EntryKind::Erased { .. } => {}
            EntryKind::CaseOpened { .. } | EntryKind::Event(_) | EntryKind::Advanced | EntryKind::Recorded { .. } => {}
        }
    }

    fn opened(&self, page: &mut Page, case: &Case, step: &Name, due: Moment, because: u32) {
        let words = Words::of(case);
        let place = words.pathway.place_named(step).map(|id| words.pathway.place(id));
        let reason = case.record().journal.get(because as usize).map(|entry| &entry.what);
        let block = match place.map(|place| &place.kind) {
            Some(PlaceKind::Together(it)) => Some(it),
            _ => None,
        };
        if let Some(it) = block {
            let many = it.branches.len();
            let needed = match it.first {
                Some(first) => format!("{first} of its {many} parts must be done"),
                None => format!("all of its {many} parts must be done"),
            };
            page.line(2, &stop(&format!("Now side by side: {}; {needed} by {}", words.quoted(step), words.time(due))));
            return;
        }
        match reason {
            // A branch: the block has just been named. A row that was chosen: the decision has.
            Some(EntryKind::Opened { .. }) => {}
            Some(EntryKind::Decided(decided)) if decided.row.is_some() => {}
            Some(EntryKind::CaseOpened { .. }) => {}
            Some(EntryKind::Ended { step: before, .. }) if before == step => page.line(2, "It comes round again."),
            _ => page.line(2, &stop(&format!("So it goes on to {}", words.quoted(step)))),
        }
    }
}

/// Whether an event names that step, so that its headline has said how it ended.
fn is_about(event: Option<&Event>, step: &Name) -> bool {
    let named = match event.map(|event| &event.what) {
        Some(
            EventKind::Done { step, .. }
            | EventKind::Declined { step, .. }
            | EventKind::Cannot { step, .. }
            | EventKind::Accept { step, .. }
            | EventKind::Refuse { step, .. },
        ) => step,
        Some(EventKind::Decide { .. }) => return step.contains('/'),
        _ => return false,
    };
    named.split('#').next() == Some(step.as_str())
}

/// What happened, in words.
fn happened(words: Words<'_>, event: &Event) -> String {
    let by = words.by(&event.by).map_or_else(String::new, |by| format!(" ({by})"));
    let why = |reason: &str| if reason.trim().is_empty() { String::new() } else { format!(": {reason}") };
    let said = match &event.what {
        EventKind::Record { .. } => format!("Something is learnt about the person{by}"),
        EventKind::Done { step, .. } => format!("{} is done{by}", words.quoted(step)),
        EventKind::Declined { step, reason } => {
            format!("The person declines {}{}", words.quoted(step), why(reason.as_deref().unwrap_or("")))
        }
        EventKind::Cannot { step, reason } => format!("{} cannot be done{by}{}", words.quoted(step), why(reason)),
        EventKind::Accept { step, condition: None } => format!("{} is accepted{by}", words.quoted(step)),
        EventKind::Accept { step, condition: Some(condition) } => {
            format!("{} is accepted on a condition{by}{}", words.quoted(step), why(condition))
        }
        EventKind::Refuse { step, reason } => {
            format!("{} is declined by the receiver{by}{}", words.quoted(step), why(reason))
        }
        EventKind::Decide { step: Some(risk), option, reason, .. }
            if words.pathway.risks.iter().any(|it| it.name == *risk) =>
        {
            let option = option.rsplit('/').next().unwrap_or(option).replace('_', " ");
            format!("{} is {option}{by}{}", words.quoted(risk), why(reason.as_deref().unwrap_or("")))
        }
        EventKind::Agree { step: Some(risk), role, .. } if words.pathway.risks.iter().any(|it| it.name == *risk) => {
            format!("{} agrees to the plan of {}", words.role(role), words.quoted(risk))
        }
        EventKind::Decide { option, reason, .. } => {
            format!("It is decided{by}: {}{}", words.quoted(option), why(reason.as_deref().unwrap_or("")))
        }
        EventKind::Agree { role, option, .. } => format!("{} agrees to {}", words.role(role), words.quoted(option)),
        EventKind::Disagree { role, reason, .. } => format!("{} disagrees{}", words.role(role), why(reason)),
        EventKind::Reassign { step, to, within, reason } => {
            let (step, to, within) = (words.quoted(step), words.role(to), words::length(*within));
            format!("{step} is given to {to}, with {within} to do it{by}{}", why(reason.as_deref().unwrap_or("")))
        }
        EventKind::ModelAnswered { fact, model, version, answer, .. } => {
            let said = match answer {
                Answer::Value(_) => "answers".to_string(),
                Answer::CouldNot(reason) => format!("could not{}", why(reason)),
                _ => "does not".to_string(),
            };
            format!("The model {model} {version} {said}, asked for {}", lower_the(&words.fact_title(fact)))
        }
        EventKind::Learn { .. } => format!("It is known from elsewhere{by}"),
        EventKind::Settle { fact, value, reason } => {
            let why = reason.as_ref().map_or_else(String::new, |it| why(it));
            format!("{} is settled: {}{by}{why}", words.fact_title(fact), words.value(fact, value))
        }
        EventKind::Reviewed { reason, .. } => format!("A decision was looked at again{by}{}", why(reason)),
        EventKind::Correct { .. } => format!("What was recorded is corrected{by}"),
        EventKind::Withdraw { what, reason } => {
            let why = reason.as_ref().map_or_else(String::new, |it| why(it));
            match what {
                Withdrawn::Fact { .. } => format!("Somebody takes back what they said{by}{why}"),
                Withdrawn::Risk { risk } => {
                    let of = words.pathway.risks.iter().find(|it| it.name == *risk);
                    let title = of.map_or(risk.as_str(), |of| of.title.as_str());
                    format!("\"{title}\" is not accepted any more{by}{why}")
                }
                Withdrawn::Agreement { role, .. } => format!("{} does not agree any more{why}", words.role(role)),
            }
        }
        EventKind::Raise { what, reason } => {
            let of = words.pathway.interrupts.iter().find(|of| of.name == *what);
            let title = of.map_or(what.as_str(), |of| of.title.as_str());
            format!("\"{title}\" is raised{by}{}", why(reason))
        }
        EventKind::Life { what } => format!("{}{by}", words::life(*what)),
    };
    match event.happened {
        Some(at) => format!("{said}. This happened on {}", words.time(at)),
        None => said,
    }
}

/// `once`, `twice`, `5 times`.
pub fn times(number: u32) -> String {
    match number {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        more => format!("{more} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_times() {
        assert_eq!([times(1), times(2), times(3)], ["once", "twice", "3 times"]);
    }
}
