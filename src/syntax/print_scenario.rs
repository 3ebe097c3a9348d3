//! How the clauses of a scenario are printed.

use super::print_clauses::{Printed, condition, listed, literal, outcome_words, quoted};
use super::tree::*;

pub(super) fn assignment(it: &Assignment, is: &str) -> String {
    match it.bare {
        Some(true) => return it.name.text.clone(),
        Some(false) => return format!("not {}", it.name.text),
        None => {}
    }
    let values: Vec<String> = it.values.iter().map(literal).collect();
    format!("{}{is}{}", it.name.text, values.join(" and "))
}

pub(super) fn happening(it: &Happening) -> Printed {
    let word = match &it.after {
        Some(length) => format!("after {}", length.text),
        None => "and then".to_string(),
    };
    let mut pieces = vec![match &it.what {
        What::Nothing => "nothing happens".to_string(),
        What::Learn(_) => "we learn".to_string(),
        What::ModelAnswers(model, it) => format!("model {} answers {}", quoted(model), assignment(it, " ")),
        What::ModelCannot(model, fact) => format!("model {} cannot answer {}", quoted(model), fact.text),
        What::Decides(who, option) => format!("{} decides {}", who.text, option.text),
        What::Agrees(who, option) => format!("{} agrees to {}", who.text, option.text),
        What::Disagrees(who) => format!("{} disagrees", who.text),
        What::Done(name) => format!("{} is done", name.text),
        What::PersonDeclines(name) => format!("the person declines {}", name.text),
        What::Cannot(name) => format!("{} cannot be done", name.text),
        What::Accepted(name) => format!("{} is accepted", name.text),
        What::Declined(name) => format!("{} is declined", name.text),
        What::Withdrawn(name) => format!("{} is withdrawn", name.text),
        What::Raised(name) => format!("{} is raised", name.text),
        What::Reassigned(name, to, within) => {
            format!("{} is reassigned to {} within {}", name.text, to.text, within.text)
        }
        What::Settled(it) => assignment(it, " is settled as "),
        What::Life(Outcome::OpenedInError) => "it was opened in error".to_string(),
        What::Life(outcome) => format!("the person {}", outcome_words(*outcome)),
    }];
    let mut list = |lead: &str, all: Vec<String>| {
        for (number, text) in all.into_iter().enumerate() {
            pieces.push(if number == 0 { format!("{lead} {text}") } else { text });
        }
    };
    if let What::Learn(all) = &it.what {
        list("", all.iter().map(|it| assignment(it, " ")).collect());
        if pieces.len() > 1 {
            let first = pieces.remove(1);
            pieces[0].push_str(&first);
        }
    }
    if let Some(by) = &it.by
        && let Some(last) = pieces.last_mut()
    {
        *last = format!("{last} by {}", by.text);
    }
    let mut list = |lead: &str, all: Vec<String>| {
        for (number, text) in all.into_iter().enumerate() {
            pieces.push(if number == 0 { format!("{lead} {text}") } else { text });
        }
    };
    list("with", listed(&it.with));
    list("finding", it.finding.iter().map(|it| assignment(it, " ")).collect());
    list("without", listed(&it.without));
    pieces.extend(it.condition.as_ref().map(|text| format!("on condition {}", quoted(text))));
    let code = it.code.as_ref().map_or(String::new(), |code| format!("{} ", code.text));
    pieces.extend(it.because.as_ref().map(|text| format!("because {code}{}", quoted(text))));
    Printed::list(&word, pieces)
}

pub(super) fn expectation(it: &Expectation) -> String {
    match it {
        Expectation::Next(names) => format!("next {}", listed(names).join(", ")),
        Expectation::Ending(name, within, the) => {
            let article = if *the { "the" } else { "an" };
            let within = within.as_ref().map_or(String::new(), |within| format!(" within {}", within.text));
            format!("{article} ending {}{within}", name.text)
        }
        Expectation::Chose(decision, option) => format!("{} chose {}", decision.text, option.text),
        Expectation::Advises(decision, option) => format!("{} advises {}", decision.text, option.text),
        Expectation::Needs(decision, facts) => format!("{} needs {}", decision.text, listed(facts).join(", ")),
        Expectation::Starts(it, pathway) => format!("{} starts {}", it.text, pathway.text),
        Expectation::Asks(it, facts) => format!("{} asks for {}", it.text, listed(facts).join(", ")),
        Expectation::Due(step, at) => format!("{} is due at {}", step.text, literal(at)),
        Expectation::With(step, who) => format!("{} is with {}", step.text, who.text),
        Expectation::Yes(it) => condition(it),
    }
}
