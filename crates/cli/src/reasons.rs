//! Why, and why not, in words: the row a decision chose, the facts behind it, and the rows above that were no.

use crate::page::Page;
use crate::words::{Words, list, said, stop};
use onward::engine::{Case, Cause, Chose, EntryKind, FactReason, Looked, Outcome, RowReason, Why, WhyNot};
use onward::model::{Domain, Exit, PlaceKind, Target, in_words};
use onward::workflow::{self, Node};

/// How a row was judged.
fn verdict(row: &RowReason) -> &'static str {
    match row.verdict {
        "yes" => "yes",
        "no" => "no",
        _ => "not known yet",
    }
}

/// Says what a decision came to, and why.
pub fn decision(page: &mut Page, words: Words<'_>, indent: usize, looked: &Looked) {
    let chosen = looked.row.and_then(|row| looked.rows.iter().find(|it| it.row == row));
    match chosen {
        Some(row) => {
            let leads = leads_to(words, looked, row);
            let place = words.pathway.place_named(&looked.decision).map(|id| &words.pathway.place(id).kind);
            let advises = matches!(place, Some(PlaceKind::Decide(decide)) if decide.advice.is_some());
            let chosen = if advises { "It advises" } else { "Chosen" };
            page.line(indent, &stop(&format!("Decision: \"{}\". {chosen}: {leads}", looked.title)));
            if let Some(saying) = &looked.saying {
                page.line(indent + 2, &stop(&format!("In the words of its authors: {saying}")));
            }
            page.line(indent + 2, &stop(&holds(words, row)));
        }
        None if !looked.missing.is_empty() => {
            page.line(indent, &format!("Decision: \"{}\". It cannot be taken yet. What is missing:", looked.title));
            for fact in &looked.missing {
                page.item(indent + 2, "- ", &stop(&format!("{}{}", words.fact_title(fact), who_can_say(words, fact))));
            }
        }
        None => page.line(indent, &format!("Decision: \"{}\". No row of it holds.", looked.title)),
    }
    rows_above(page, words, indent + 2, looked);
}

/// The rows that were looked at and not chosen.
fn rows_above(page: &mut Page, words: Words<'_>, indent: usize, looked: &Looked) {
    let others: Vec<&RowReason> = looked.rows.iter().filter(|row| Some(row.row) != looked.row).collect();
    // Below a row that is not known nothing was chosen, and what stands there says nothing about this person yet.
    let until = looked.row.map_or_else(|| last_that_matters(looked), |row| row as usize);
    let others: Vec<&RowReason> = others.into_iter().filter(|row| row.row as usize <= until).collect();
    if others.is_empty() {
        return;
    }
    page.line(indent, if looked.row.is_some() { "Looked at before it:" } else { "Looked at, in this order:" });
    for row in others {
        let facts = facts(words, row, false);
        let facts = if facts.is_empty() { String::new() } else { format!(" {}", stop(&facts)) };
        let leads = target(words, looked, row);
        page.item(indent, "- ", &format!("{}: {}.{facts}{leads}", when(row), verdict(row)));
    }
}

/// The last row that has a say while a decision cannot be taken: the last unknown one above the first that is a yes.
fn last_that_matters(looked: &Looked) -> usize {
    let yes = looked.rows.iter().position(|row| row.verdict == "yes").unwrap_or(looked.rows.len());
    let above = looked.rows.iter().take(yes);
    above.filter(|row| row.verdict != "no").map(|row| row.row as usize).max().unwrap_or(yes)
}

fn when(row: &RowReason) -> String {
    if is_none_of_these(row) { "`if none of these`".to_string() } else { format!("`when {}`", row.words) }
}

fn is_none_of_these(row: &RowReason) -> bool {
    row.words == "none of these" && row.facts.is_empty()
}

/// Why the chosen row holds.
fn holds(words: Words<'_>, row: &RowReason) -> String {
    if is_none_of_these(row) {
        return format!("Because of its row {}, `if none of these`: no row above it holds", row.row);
    }
    let facts = facts(words, row, true);
    let facts = if facts.is_empty() { String::new() } else { format!(": {facts}") };
    format!("Because of its row {}, `when {}`{facts}", row.row, row.words)
}

/// The facts behind a row, with their values; with `source` also who found them, and when.
fn facts(words: Words<'_>, row: &RowReason, source: bool) -> String {
    let told = row.facts.iter().map(|fact| {
        let in_vain = || fact.asked.as_ref().map_or("not known".to_string(), |asked| words.answer(&fact.name, asked));
        let value = fact.value.as_ref().map_or_else(|| format!("is {}", in_vain()), |value| is(words, fact, value));
        let found = if source { found(words, fact) } else { String::new() };
        format!("\"{}\" {value}{found}", fact.title)
    });
    told.collect::<Vec<_>>().join("; ")
}

fn is(words: Words<'_>, reason: &FactReason, value: &str) -> String {
    let fact = words.fact(&reason.name);
    match fact.map(|fact| &fact.domain) {
        Some(Domain::OneOf(_) | Domain::SeveralOf(_)) => format!("is {}", said(value)),
        Some(Domain::Text) => "is known".to_string(),
        Some(Domain::Document) => format!("is {value}"),
        Some(Domain::Date { .. }) => format!("is {}", words.value(&reason.name, value)),
        Some(Domain::DateTime { .. }) => {
            let at = value.parse().map_or_else(|_| value.to_string(), |at| words.time(at));
            format!("is {at}")
        }
        _ => format!("is {value}"),
    }
}

fn found(words: Words<'_>, fact: &FactReason) -> String {
    if fact.presumed {
        let sources = words.fact(&fact.name).map_or(&[][..], |fact| &fact.sources);
        let from: String = sources.iter().map(|source| format!(": {}", source.source)).collect();
        return format!(" (presumed, nobody has found otherwise{from})");
    }
    let by = fact.by.as_ref().and_then(|by| words.by(by));
    match (by, fact.happened) {
        (Some(by), Some(at)) => format!(" ({by}, {})", words.time(at)),
        (None, Some(at)) => format!(" ({})", words.time(at)),
        (Some(by), None) => format!(" ({by})"),
        (None, None) => String::new(),
    }
}

/// Who can be asked for a fact, or can find it.
pub fn who_can_say(words: Words<'_>, fact: &str) -> String {
    let Some(fact) = words.fact(fact) else { return String::new() };
    let asked = words.roles(&fact.asked_of, "or");
    let found = fact.found_by.iter().map(|together| words.roles(together, "with"));
    let model = fact.model.iter().map(|it| format!("the model {}", it.model));
    let found: Vec<String> = found.chain(model).collect();
    let found = list(&found, "or");
    match (asked.is_empty(), found.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!(" (ask: {asked})"),
        (true, false) => format!(" (found by: {found})"),
        (false, false) => format!(" (ask: {asked}; or found by: {found})"),
    }
}

fn leads_to(words: Words<'_>, looked: &Looked, row: &RowReason) -> String {
    match route_target(words, looked, row) {
        Some(Target::Escalate(_)) => format!("ask along \"{}\"", words.ladder(&row.leads_to)),
        _ => words.quoted(&row.leads_to),
    }
}

/// Where a row that was not chosen would have led.
fn target(words: Words<'_>, looked: &Looked, row: &RowReason) -> String {
    if row.leads_to.is_empty() {
        return String::new();
    }
    stop(&format!(" It would lead to {}", leads_to(words, looked, row)))
}

fn route_target(words: Words<'_>, looked: &Looked, row: &RowReason) -> Option<Target> {
    let id = words.pathway.place_named(&looked.decision)?;
    let PlaceKind::Decide(decide) = &words.pathway.place(id).kind else { return None };
    decide.rows.get(row.row.checked_sub(1)? as usize).map(|row| words.pathway.route(row.route).target)
}

/// Says why the person came to a place.
pub fn why(page: &mut Page, words: Words<'_>, why: &Why) {
    page.line(0, &format!("Why \"{}\": the person came to it on {}.", why.title, words.time(why.at)));
    if let Some(at) = &why.is_at {
        page.line(2, &stop(&format!("Where the person is from then on: {}", words.setting(at))));
    }
    match &why.cause {
        Cause::Start => page.line(2, "The pathway starts there."),
        Cause::Block { title, .. } => page.line(2, &stop(&format!("It is part of \"{title}\""))),
        Cause::Decided(looked) => decision(page, words, 2, looked),
        Cause::Interrupted { title, raised: Some((reason, by)), .. } => {
            let by = words.by(by).map_or_else(String::new, |by| format!(" ({by})"));
            page.line(2, &stop(&format!("\"{title}\" was raised{by}: {reason}")));
        }
        Cause::Interrupted { title, words: condition, facts: known, as_well, .. } => {
            let known = known.iter().map(|fact| {
                let value =
                    fact.value.as_ref().map_or_else(|| "is not known".to_string(), |value| is(words, fact, value));
                format!("\"{}\" {value}{}", fact.title, found(words, fact))
            });
            let known = known.collect::<Vec<_>>().join("; ");
            let did = if *as_well { "was to be done as well" } else { "interrupted what was open" };
            page.line(2, &stop(&format!("\"{title}\" {did}, because of `if {condition}`: {known}")));
        }
        Cause::Asked { title, in_best_interests: false, .. } => {
            page.line(2, &stop(&format!("\"{title}\": the person is able to decide, and is asked")));
        }
        Cause::Asked { title, in_best_interests: true, .. } => {
            page.line(2, &stop(&format!("\"{title}\": the person is not able to decide, so it is decided for them")));
        }
        Cause::Came { title, what, .. } => {
            page.line(2, &stop(&format!("What came of \"{title}\": {}", in_words(what))));
        }
        Cause::Called { title, pathway, .. } => {
            page.line(2, &stop(&format!("\"{title}\" begins there: it follows \"{pathway}\"")));
        }
        Cause::CallEnded { title, ending, .. } => {
            page.line(2, &stop(&format!("It follows \"{title}\", which ended in \"{ending}\"")));
        }
        Cause::Ended { title, how, reason, by, choice, .. } => {
            let by = words.by(by).map_or_else(String::new, |by| format!(" ({by})"));
            let reason = reason.as_ref().map_or_else(String::new, |it| format!(": {it}"));
            page.line(2, &stop(&format!("It follows \"{title}\", which {}{by}{reason}", ended(*how))));
            if let Some(choice) = choice {
                page.line(2, &chose(words, &choice.chose));
                for it in &choice.reasons {
                    page.line(4, &crate::outline::speaks(words, it));
                }
            }
        }
    }
}

/// What a role that was advised chose, and whether that was what was advised.
pub fn chose(words: Words<'_>, it: &Chose) -> String {
    let because = it.otherwise.as_ref().map_or_else(String::new, |code| format!(", because: {}", in_words(code)));
    let agreed = list(&it.agreed.iter().map(|role| words.role(role)).collect::<Vec<_>>(), "and");
    let agreed = if agreed.is_empty() { String::new() } else { format!(" Agreed by: {agreed}.") };
    let place = words.pathway.place_named(&it.step);
    let asked = place.and_then(|id| words.pathway.asks(id));
    let said = match &it.advised {
        None if asked.is_some_and(|asks| asks.in_best_interests) => {
            "Decided in the person's best interests, because they were not able to decide.".to_string()
        }
        None if asked.is_some() => "That is the person's own decision.".to_string(),
        None => "Nothing was advised then, because something was missing.".to_string(),
        Some(_) if !it.is_override() => "That is what was advised.".to_string(),
        Some(advised) => {
            stop(&format!("Decided otherwise than advised: {} was advised{because}", words.quoted(advised)))
        }
    };
    format!("{said}{agreed}")
}

/// How something ended, as the end of a sentence.
pub fn ended(how: Outcome) -> &'static str {
    match how {
        Outcome::Done => "is done",
        Outcome::Accepted => "is accepted",
        Outcome::AcceptedOnCondition => "is accepted on a condition",
        Outcome::Refused => "is declined by the receiver",
        Outcome::PersonDeclined => "is declined by the person",
        Outcome::Cannot => "cannot be done",
        Outcome::Late => "was not done in time",
        Outcome::NobodyCan => "could be done by nobody",
        Outcome::NotAllDone => "is over, and not all of it is done",
        Outcome::Decided => "is decided",
        Outcome::Disagreed => "is not agreed",
        Outcome::UntilHolds => "is done: no more rounds are needed",
        Outcome::AfterLastRound => "is over: that was the last round",
        Outcome::Waited => "is over, as time has passed",
        Outcome::StoodDown => "is stood down",
        Outcome::Died => "ends, because the person died",
        Outcome::Withdrew => "ends, because the person withdrew",
        Outcome::CannotBeReached => "ends, because the person cannot be reached",
        Outcome::MovedAway => "ends, because the person moved away",
        Outcome::OpenedInError => "ends, because the case was opened in error",
    }
}

/// Says why the person did not come to a place.
pub fn why_not(page: &mut Page, case: &Case, why: &WhyNot) {
    let words = Words::of(case);
    if why.was_reached {
        page.line(0, &format!("Why not \"{}\": the person did come to it. `--why {}` says why.", why.title, why.place));
    } else {
        page.line(0, &format!("Why not \"{}\": the person did not come to it.", why.title));
    }
    if why.leads_there.is_empty() {
        page.line(2, "Nothing in the pathway leads there.");
        return;
    }
    for name in &why.leads_there {
        match why.decisions.iter().find(|looked| looked.decision == *name) {
            Some(looked) => {
                page.line(
                    2,
                    &format!(
                        "It can follow {}, which was last looked at on {}:",
                        words.quoted(name),
                        words.time(looked.at)
                    ),
                );
                decision(page, words, 4, looked);
            }
            None => {
                let ways = list(&ways(case, name, &why.place), "or");
                page.line(
                    2,
                    &format!("It can follow {}, if {ways}. {}", words.quoted(name), what_became_of(case, name)),
                );
            }
        }
    }
}

/// Each way in which one place leads straight to another, as it follows an `if`.
fn ways(case: &Case, from: &str, to: &str) -> Vec<String> {
    let program = case.program();
    let (pathway, graph) = (&program.pathway, &program.workflow.graph);
    let named = |node: &Node, name: &str| pathway.place(node.place()).name == name;
    let edges =
        graph.raw_edges().iter().filter(|edge| named(&graph[edge.source()], from) && named(&graph[edge.target()], to));
    let mut ways: Vec<String> = Vec::new();
    for edge in edges {
        let way = match edge.weight.why {
            workflow::Why::Done => "it is done",
            workflow::Why::Row(_) => "one of its rows says so",
            workflow::Why::NotKnown => "it is not known yet",
            workflow::Why::Chosen => "that is decided",
            workflow::Why::Exit(Exit::Late) => "it is late",
            workflow::Why::Exit(Exit::NobodyCan) => "nobody can do it",
            workflow::Why::Exit(Exit::Died) => "the person dies",
            workflow::Why::Exit(Exit::Withdrew) => "the person withdraws",
            workflow::Why::Exit(Exit::CannotBeReached) => "the person cannot be reached",
            workflow::Why::Exit(Exit::MovedAway) => "the person moves away",
            workflow::Why::Exit(Exit::OpenedInError) => "it was opened in error",
            workflow::Why::Exit(other) => other.in_words(),
            workflow::Why::Disagreed => "those who must agree do not",
            workflow::Why::Declined => "the receiver declines it",
            workflow::Why::OnCondition => "it is accepted on a condition",
            workflow::Why::NotAllDone => "not all of it is done",
            workflow::Why::Until => "no more rounds are needed",
            workflow::Why::AfterLast => "the last round is over",
            workflow::Why::Branch => "its parts are opened",
            workflow::Why::AtAnyTime(_) => "something interrupts it",
            workflow::Why::Reassigned => "it is given to somebody else",
        };
        if ways.iter().all(|other| other != way) {
            ways.push(way.to_string());
        }
    }
    ways
}

/// What became of a place: still open, how it ended, or never come to.
fn what_became_of(case: &Case, name: &str) -> String {
    let record = case.record();
    if record.open.iter().any(|open| open.step == *name) {
        return "It is still open.".to_string();
    }
    let ended = record.journal.iter().rev().find_map(|entry| match &entry.what {
        EntryKind::Ended { step, how, .. } if *step == *name => Some(*how),
        _ => None,
    });
    match ended {
        Some(how) => format!("It {}.", in_the_past(how)),
        None if case.why(name).is_some() => "The person came to it.".to_string(),
        None => "The person did not come to it.".to_string(),
    }
}

/// How something ended, told afterwards.
fn in_the_past(how: Outcome) -> String {
    let words = ended(how);
    words.strip_prefix("is ").map_or_else(|| words.to_string(), |rest| format!("was {rest}"))
}
