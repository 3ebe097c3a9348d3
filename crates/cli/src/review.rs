//! A saved case for those who look into an incident: what was known, by whom and when; what was decided, by which row;
//! what was decided otherwise than advised; who was asked when something was late; and what the person was told. All of it
//! up to the moment in question, and nothing that was only known later.

use crate::page::Page;
use crate::reasons;
use crate::words::{Words, lower_the, stop};
use onward::calendar::Moment;
use onward::engine::{Case, EntryKind};
use onward::model::Answer;
use serde_json::{Value, json};

/// Tells everything that matters of a case up to a moment.
pub fn tell(page: &mut Page, case: &Case, until: Moment) {
    let words = Words::of(case);
    let journal = || case.record().journal.iter().take_while(|entry| entry.at <= until);
    section(
        page,
        "What was known about the person, when, and from whom",
        journal().filter_map(|entry| {
            let (fact, answer, happened, by, corrected) = match &entry.what {
                EntryKind::Recorded { fact, answer, happened, by, .. } => (fact, answer, happened, by, ""),
                EntryKind::Corrected { fact, answer, happened, by, .. } => {
                    (fact, answer, happened, by, ", as corrected")
                }
                EntryKind::Withdrawn { fact, .. } => {
                    return Some((entry.at, format!("{}: what was said was taken back", words.fact_title(fact))));
                }
                EntryKind::Disputed { fact, .. } => {
                    return Some((entry.at, format!("{}: two found different things", words.fact_title(fact))));
                }
                EntryKind::Undisputed { fact } => {
                    return Some((entry.at, format!("{}: not disputed any more", words.fact_title(fact))));
                }
                EntryKind::NotSettled { fact, .. } => {
                    return Some((entry.at, format!("{}: nobody settled what it is", words.fact_title(fact))));
                }
                EntryKind::Erased { fact: Some(fact), .. } => {
                    return Some((entry.at, format!("{}: what was said was erased", words.fact_title(fact))));
                }
                _ => return None,
            };
            let by = words.by(by).unwrap_or_else(|| "nobody said by whom".to_string());
            let when =
                if *happened == entry.at { String::new() } else { format!(", so since {}", words.time(*happened)) };
            let value = match answer {
                Answer::Value(written) => words.value(fact, written),
                other => words.answer(fact, other),
            };
            Some((entry.at, format!("{}: {value}{corrected} ({by}{when})", words.fact_title(fact))))
        }),
        words,
    );
    let decided: Vec<_> = journal()
        .filter_map(|entry| match &entry.what {
            EntryKind::Decided(decided) => Some((entry.at, decided)),
            _ => None,
        })
        .collect();
    if !decided.is_empty() {
        page.gap();
        page.heading("What was decided");
        for (at, decided) in decided {
            let row = decided.row.map_or("no row".to_string(), |row| format!("row {row}"));
            page.line(0, &stop(&format!("{}, {row}", words.time(at))));
            reasons::decision(page, words, 2, &case.looked(decided, at));
        }
    }
    let overrides = case.overrides().into_iter().filter(|(at, _)| *at <= until).map(|(at, choice)| {
        (
            at,
            format!(
                "{}: {}. {}",
                words.quoted(&choice.chose.step),
                words.quoted(&choice.chose.option),
                reasons::chose(words, &choice.chose)
            ),
        )
    });
    section(page, "Decided otherwise than advised", overrides, words);
    section(
        page,
        "Who was asked when something was late or could not be done",
        journal().filter_map(|entry| {
            let EntryKind::Escalated { step, to, .. } = &entry.what else { return None };
            let (whom, by) = (lower_the(&words.contact(&to.contact)), words.time(to.answer_by));
            Some((entry.at, format!("{}: {whom}, to answer by {by}", words.quoted(step))))
        }),
        words,
    );
    section(
        page,
        "What people were told",
        journal().filter_map(|entry| {
            let EntryKind::Told { who, text, .. } = &entry.what else { return None };
            Some((entry.at, format!("{}: \"{text}\"", words.role(who))))
        }),
        words,
    );
}

fn section(page: &mut Page, title: &str, lines: impl Iterator<Item = (Moment, String)>, words: Words<'_>) {
    let lines: Vec<(Moment, String)> = lines.collect();
    if lines.is_empty() {
        return;
    }
    page.gap();
    page.heading(title);
    for (at, line) in lines {
        page.item(0, "- ", &stop(&format!("{}: {line}", words.time(at))));
    }
}

/// The same, as programs read it: the entries of the journal, by what they say.
pub fn as_json(case: &Case, until: Moment) -> Value {
    let of = |wanted: fn(&EntryKind) -> bool| {
        let journal = case.record().journal.iter().enumerate().take_while(|(_, entry)| entry.at <= until);
        let all = journal.filter(|(_, entry)| wanted(&entry.what));
        all.map(|(number, entry)| json!({ "number": number, "entry": entry })).collect::<Vec<Value>>()
    };
    json!({
        "until": until,
        "facts": of(says_of_a_fact),
        "decisions": of(|it| matches!(it, EntryKind::Decided(_))),
        "overrides": of(|it| matches!(it, EntryKind::Chose(chose) if chose.is_override())),
        "escalations": of(|it| matches!(it, EntryKind::Escalated { .. })),
        "told": of(|it| matches!(it, EntryKind::Told { .. })),
    })
}

/// Whether an entry says something of what is known about the person.
fn says_of_a_fact(what: &EntryKind) -> bool {
    match what {
        EntryKind::Recorded { .. } | EntryKind::Corrected { .. } | EntryKind::Withdrawn { .. } => true,
        EntryKind::Disputed { .. } | EntryKind::Undisputed { .. } | EntryKind::NotSettled { .. } => true,
        EntryKind::Erased { fact, .. } => fact.is_some(),
        _ => false,
    }
}
