//! Where a case stands, in words: the next steps with who, by when and what else; or the ending and who holds the
//! person now.

use crate::page::Page;
use crate::words::{Words, because, capital, length, list, lower_the, stop};
use onward::calendar::Moment;
use onward::engine::{Advised, Case, Closed, NextStep, Speaks, Standing, Stranded, Work};
use onward::model::{Pass, PlaceKind};
use std::collections::BTreeSet;

/// How steps are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// With dashes, and the names one types in a file.
    Names,
    /// With numbers to choose from.
    Numbers,
}

/// Says where a case stands.
pub fn standing(page: &mut Page, case: &Case, now: Moment, mark: Mark) {
    standing_again(page, case, now, mark, &mut BTreeSet::new());
}

/// The same, to somebody who has been told already whom some ladders ask.
pub fn standing_again(page: &mut Page, case: &Case, now: Moment, mark: Mark, ladders: &mut BTreeSet<String>) {
    let words = Words::of(case);
    match case.standing() {
        Standing::Closed(it) => closed(page, case, 0, &it),
        Standing::Stranded(it) => stranded(page, words, 0, &it),
        Standing::Next(steps) => {
            let steps: Vec<&NextStep> = steps.iter().collect();
            if let Some(at) = case.lives_at() {
                page.line(0, &stop(&format!("Where the person is: {}", words.setting(at))));
            }
            page.line(0, if steps.len() == 1 { "The next step:" } else { "The next steps:" });
            for (number, it) in steps.iter().enumerate() {
                let mark = match mark {
                    Mark::Names => ("- ".to_string(), true),
                    Mark::Numbers => (format!("{}. ", number + 1), false),
                };
                step(page, case, 0, &mark.0, mark.1, it, now, ladders);
            }
        }
    }
}

/// Says that a case is closed, how, and who holds the person.
pub fn closed(page: &mut Page, case: &Case, indent: usize, it: &Closed) {
    let words = Words::of(case);
    page.line(indent, &stop(&format!("The case is closed: {}", words.quoted(&it.ending))));
    let holder = match (it.held_by == "person", words.filled_by(&it.held_by)) {
        (true, _) if case.record().died => "nobody any more; the person has died".to_string(),
        (true, _) => "the person, in their own hands".to_string(),
        (false, Some(contacts)) => format!("{}, which here is {contacts}", words.role(&it.held_by)),
        (false, None) => words.role(&it.held_by),
    };
    page.line(indent, &stop(&format!("Who holds the person now: {holder}")));
    if let Some(at) = case.lives_at().filter(|_| !case.record().died) {
        page.line(indent, &stop(&format!("Where the person is: {}", words.setting(at))));
    }
}

/// Says that the main road is at its end, while something is still done alongside.
pub fn road_ended(page: &mut Page, words: Words<'_>, indent: usize, it: &Closed) {
    let holder = if it.held_by == "person" { "the person".to_string() } else { words.role(&it.held_by) };
    let ending = words.quoted(&it.ending);
    page.line(
        indent,
        &stop(&format!(
            "The main road ends here: {ending}, held by {holder}; the case stays open for what is done alongside"
        )),
    );
}

/// Says that a draft found no way on.
pub fn stranded(page: &mut Page, words: Words<'_>, indent: usize, it: &Stranded) {
    let place = words.quoted(&it.decision);
    page.line(
        indent,
        &format!("STRANDED: at {place} the pathway does not say where to go on. The person has no next step."),
    );
    if !it.missing.is_empty() {
        page.line(indent, &stop(&format!("What is not known: {}", words.fact_titles(&it.missing))));
        page.line(indent, "It looks again as soon as one of these is recorded. Write `if we do not know yet` there.");
    } else {
        page.line(indent, "If it is a decision, no row of it holds: write `if none of these` there.");
    }
}

/// A next step, in full. Whom a ladder asks is said once; `ladders` remembers.
#[expect(clippy::too_many_arguments, reason = "each says one thing, and the callers have them all at hand")]
pub fn step(
    page: &mut Page,
    case: &Case,
    indent: usize,
    mark: &str,
    name: bool,
    it: &NextStep,
    now: Moment,
    ladders: &mut BTreeSet<String>,
) {
    let words = Words::of(case);
    let inside = indent + mark.chars().count();
    let name = if name { format!(" ({})", it.step) } else { String::new() };
    let part = it.part_of.as_ref().map_or_else(String::new, |block| format!(", part of {}", words.quoted(block)));
    page.item(indent, mark, &format!("\"{}\"{name}{part}{}", it.title, round(case, it)));
    who(page, words, inside, it);
    let by = match it.work {
        _ if it.escalated_to.is_some() => "Answer by",
        Work::Wait => "Until",
        _ => "By when",
    };
    page.line(inside, &stop(&format!("{by}: {}", until(words, it.due, now))));
    if let Work::Decide { options, missing, not_now, advice } = &it.work {
        if let Some(advice) = advice {
            advised(page, words, inside, &it.step, advice);
        }
        let options: Vec<String> = options.iter().map(|option| words.quoted(option)).collect();
        let options = if options.is_empty() { "none now".to_string() } else { list(&options, "or") };
        page.line(inside, &stop(&format!("The options: {options}")));
        for it in not_now {
            let only_when = format!("only when `{}`, which is {}", it.only_when, it.answer);
            page.line(inside, &stop(&format!("Not now: {}, {only_when}", words.quoted(&it.option))));
        }
        if !missing.is_empty() {
            page.line(inside, &stop(&format!("Not known: {}", words.fact_titles(missing))));
        }
    }
    if !it.not_without.is_empty() {
        let roles: Vec<String> = it.not_without.iter().map(|role| lower_the(&words.role(role))).collect();
        page.line(inside, &stop(&format!("Not without {}", list(&roles, "and"))));
    }
    if !it.finds.is_empty() {
        page.line(inside, &stop(&format!("To find out: {}", words.fact_titles(&it.finds))));
    }
    if !it.if_late.is_empty() {
        let lead = if it.escalated_to.is_some() { "If there is no answer" } else { "If it is late" };
        page.line(inside, &stop(&format!("{lead}: {}", if_late(words, &it.if_late, ladders))));
    }
}

/// What is advised, what speaks for and against, and by what codes one may decide otherwise.
fn advised(page: &mut Page, words: Words<'_>, indent: usize, step: &str, advice: &Advised) {
    let asked = words.pathway.place_named(step).and_then(|id| words.pathway.asks(id)).is_some();
    let advises = advice.advises.as_ref().map_or("nothing yet".to_string(), |option| words.quoted(option));
    // What is asked of somebody about a positive risk is theirs to answer.
    if !asked {
        page.line(indent, &stop(&format!("Advised: {advises}")));
    }
    for it in &advice.reasons {
        page.line(indent, &speaks(words, it));
    }
    for it in &advice.agreed {
        let to = it.to.as_ref().map_or("not yet".to_string(), |to| words.quoted(to));
        page.line(indent, &stop(&format!("To be agreed by {}: {to}", words.role(&it.role))));
    }
    if advice.advises.is_some() {
        let codes: Vec<String> = advice.otherwise.iter().map(|code| onward::model::in_words(code)).collect();
        page.line(indent, &stop(&format!("To decide otherwise, say why: {}", list(&codes, "or"))));
    }
}

/// A reason for or against an option, and whose it is.
pub fn speaks(words: Words<'_>, it: &Speaks) -> String {
    let side = if it.against { "Against" } else { "For" };
    stop(&format!("{side} {} ({}): {}", words.quoted(&it.option), words.role(&it.from), it.text))
}

/// Which round of something that is repeated it is.
fn round(case: &Case, it: &NextStep) -> String {
    let words = Words::of(case);
    let Some(open) = case.record().open.iter().find(|open| open.step == it.step && open.round > 0) else {
        return String::new();
    };
    match words.pathway.place_named(&open.step).map(|id| &words.pathway.place(id).kind) {
        Some(PlaceKind::Repeat(repeat)) => format!(", round {} of at most {}", open.round, repeat.times),
        _ => String::new(),
    }
}

fn who(page: &mut Page, words: Words<'_>, indent: usize, it: &NextStep) {
    let plain = it.step.split('#').next().unwrap_or(&it.step);
    let kind = words.pathway.place_named(plain).map(|id| &words.pathway.place(id).kind);
    if let Some(contact) = &it.escalated_to {
        let why = it.escalated_because.map_or_else(String::new, |why| format!(", because {}", because(why)));
        page.line(indent, &stop(&format!("Asked now: {}{why}", words.contact_and_phone(contact))));
        return;
    }
    let with = match kind {
        Some(PlaceKind::Step(step)) => words.roles(&step.with, "and"),
        Some(PlaceKind::Repeat(repeat)) => words.roles(&repeat.with, "and"),
        Some(PlaceKind::Choose(choose)) => words.roles(&choose.with, "and"),
        _ => String::new(),
    };
    let with = if with.is_empty() { String::new() } else { format!(", with {with}") };
    let owner = words.role(&it.owner);
    match &it.work {
        Work::Do => page.line(indent, &stop(&format!("Who: {owner}{with}"))),
        Work::Wait => page.line(indent, "Time passes: nobody has to do anything until then."),
        Work::BeThere => page.line(indent, &stop(&format!("Who is there for the person meanwhile: {owner}{with}"))),
        Work::Settle { fact, found } => {
            page.line(indent, &stop(&format!("Who says: {owner}. Nobody waits for it to go on")));
            for it in found {
                let who = words.by(&it.by).unwrap_or_else(|| "somebody".to_string());
                let (value, at) = (words.value(fact, &it.value), words.time(it.happened));
                page.item(indent, "- ", &stop(&format!("{value}, found by {who} ({at})")));
            }
        }
        Work::Review { was, would, .. } => {
            page.line(indent, &stop(&format!("Who looks again: {owner}. Nobody waits for it to go on")));
            let row = |row: &Option<u32>| row.map_or("did not know".to_string(), |row| format!("took row {row}"));
            let would = would.map_or("would not know".to_string(), |row| format!("would take row {row}"));
            page.line(indent, &stop(&format!("It {}, and {would} now", row(was))));
        }
        Work::Decide { .. } => page.line(indent, &stop(&format!("Who decides: {owner}{with}"))),
        Work::Accept { by } => {
            let to = words.role(by);
            page.line(
                indent,
                &format!("Who: {to} accepts, or declines and says why. Until then {owner} stays responsible."),
            );
            if let Some(PlaceKind::HandOver(it)) = kind {
                let facts = it.carrying.iter().filter_map(|fact| words.shared.facts.get(fact.index()));
                let facts: Vec<String> = facts.map(|fact| fact.title.clone()).collect();
                if !facts.is_empty() {
                    page.line(indent, &stop(&format!("What travels with the person: {}", facts.join("; "))));
                }
            }
        }
    }
}

/// A deadline, and how far away it is.
pub fn until(words: Words<'_>, due: Moment, now: Moment) -> String {
    let at = words.time(due);
    match due.cmp(&now) {
        std::cmp::Ordering::Greater => format!("{at}, in {}", length(due.since(now))),
        std::cmp::Ordering::Equal => format!("{at}, which is now"),
        std::cmp::Ordering::Less => format!("{at}, which was {} ago", length(now.since(due))),
    }
}

/// Where a step goes when its time passes, with titles. The library says it with names, in one of a few forms.
fn if_late(words: Words<'_>, said: &str, ladders: &mut BTreeSet<String>) -> String {
    if let Some(ladder) = said.strip_prefix("escalate to ") {
        if !ladders.insert(ladder.to_string()) {
            return format!("escalated to \"{}\"", words.ladder(ladder));
        }
        let asked = words.directory.ladder(ladder).map_or_else(Vec::new, |it| {
            it.rungs.iter().map(|rung| lower_the(&words.contact(&rung.name))).collect::<Vec<String>>()
        });
        let asked = if asked.is_empty() { String::new() } else { format!(", which asks {}", asked.join(", then ")) };
        return format!("escalated to \"{}\"{asked}", words.ladder(ladder));
    }
    if let Some(again) = said.strip_prefix("ask ").and_then(|rest| rest.strip_suffix(" again")) {
        return format!("asked again, {}", words.contact_and_phone(again));
    }
    if let Some(next) = said.strip_prefix("ask ") {
        return format!("next to be asked, {}", words.contact_and_phone(next));
    }
    if words.pathway.place_named(said).is_some() {
        return format!("it goes on to {}", words.quoted(said));
    }
    format!("it {said}").replace("it back to the decision", "it goes back to the decision")
}

/// Steps that were open before, in a line each.
pub fn still_open(page: &mut Page, words: Words<'_>, indent: usize, steps: &[&NextStep]) {
    for it in steps {
        let who = match (&it.escalated_to, &it.work) {
            (Some(contact), _) => words.contact(contact),
            (None, Work::Accept { by }) => words.role(by),
            (None, _) => words.role(&it.owner),
        };
        page.item(indent, "- ", &stop(&format!("still open: \"{}\", {who}, by {}", it.title, words.time(it.due))));
    }
}

/// What is known about the person at a moment, fact by fact.
pub fn known(page: &mut Page, case: &Case, indent: usize) {
    let words = Words::of(case);
    if case.record().facts.is_empty() {
        page.line(indent, "Nothing yet.");
    }
    for (name, known) in &case.record().facts {
        let value = words.value(name, &known.value);
        let line = format!("{}: {value} ({})", capital(&words.fact_title(name)), words.time(known.happened));
        page.item(indent, "- ", &stop(&line));
    }
}

/// That a call begins or ends.
pub fn passed(words: Words<'_>, place: &str) -> String {
    let place = words.pathway.place_named(place).map(|id| words.pathway.place(id));
    let call = place.and_then(|place| place.with_call).map(|call| words.pathway.place(call));
    match (place, place.and_then(|place| place.kind.passes()), call) {
        (Some(place), Some(Pass::Begins { title, .. }), _) => {
            format!("\"{}\" begins: it follows \"{title}\"", place.title)
        }
        (Some(place), _, Some(call)) => format!("\"{}\" ends: \"{}\"", call.title, place.title),
        _ => "It goes on".to_string(),
    }
}
