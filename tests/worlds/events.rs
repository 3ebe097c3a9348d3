//! What may happen to somebody on a random pathway: an event that fits where they are, or one that puts right what was.

use super::*;

/// A random value of a fact, as it is written.
pub fn value(dice: &mut Dice, domain: &Domain) -> String {
    let (min, max) = domain.bounds();
    if matches!(domain, Domain::Date { .. }) {
        // A few days ago, so that time tells them apart.
        return domain.show(max - dice.below(5) as i64);
    }
    let steps = ((max - min) / domain.step()) as usize + 1;
    domain.show(min + dice.below(steps) as i64 * domain.step())
}

/// Some facts with random answers; each fact is left out once in `leave_out` times.
pub fn some_facts(dice: &mut Dice, library: &Library, leave_out: usize) -> BTreeMap<Name, Answer> {
    let mut facts = BTreeMap::new();
    for fact in &library.shared().facts {
        if fact.elapsed.is_some() || dice.once_in(leave_out) {
            continue;
        }
        let answer = match dice.below(8) {
            7 => Answer::CouldNot("asleep".to_string()),
            _ => Answer::Value(value(dice, &fact.domain)),
        };
        facts.insert(fact.name.clone(), answer);
    }
    facts
}

/// Who is there when something is done: mostly everybody who may be needed.
pub fn with(dice: &mut Dice, case: &Case, what: &EventKind) -> Vec<Name> {
    match what {
        EventKind::Done { step, .. } if !dice.once_in(8) => could_be_needed(case, step),
        _ => Vec::new(),
    }
}

/// A random event for a case: mostly one that fits, sometimes one that does not, and a time to record it.
pub fn event(dice: &mut Dice, library: &Library, case: &Case, number: usize) -> (Event, Moment) {
    let minutes = *dice.one(&[0, 30, 60, 240, 1000, 3000]);
    let mut now = case.record().now.plus(Length::minutes(minutes));
    if let Some(due) = case.due().filter(|_| dice.once_in(4)) {
        now = due.max(case.record().now);
    }
    let alive = !case.record().died || !dice.once_in(2);
    let what = match case.standing() {
        // What cannot be any more is tried now and then.
        _ if !alive => EventKind::Life { what: LifeEvent::Withdrew },
        Standing::Next(steps) if !dice.once_in(6) => {
            let steps: Vec<_> = steps.iter().collect();
            let step = *dice.one(&steps);
            let name = step.step.clone();
            match (dice.below(8), &step.work) {
                (0..=3, Work::Accept { .. }) => EventKind::Accept { step: name, condition: None },
                (4, Work::Accept { .. }) => EventKind::Accept { step: name, condition: Some("with a key safe".into()) },
                (5, Work::Accept { .. }) => EventKind::Refuse { step: name, reason: "no bed".into() },
                (0..=5, Work::Decide { options, advice, .. }) => {
                    let (id, code) = answer_to(dice, advice.as_deref());
                    let reason = code.is_some().then(|| "it was talked over".to_string());
                    let option = options.get(dice.below(options.len())).cloned().unwrap_or_else(|| "end0".into());
                    let option = agreed_option(advice.as_deref()).unwrap_or(option);
                    match advice.as_deref().and_then(|advice| agree_to(dice, &name, &option, advice)) {
                        Some(agrees) => agrees,
                        None => EventKind::Decide { step: Some(name), option, advice: id, otherwise: code, reason },
                    }
                }
                (0..=2, Work::BeThere) => EventKind::Cannot { step: name, reason: "nobody can be there".into() },
                (_, Work::Wait) => EventKind::Record { facts: some_facts(dice, library, 2) },
                (0..=4, Work::Do) => {
                    // Whatever it should find is answered, and perhaps more.
                    let mut facts = some_facts(dice, library, 2);
                    for fact in &step.finds {
                        facts.entry(fact.clone()).or_insert_with(|| Answer::Declined("did not say".into()));
                    }
                    EventKind::Done { step: name, facts }
                }
                (0..=5, Work::Settle { fact, .. }) => {
                    let id = library.shared().fact(fact).expect("it is a fact");
                    let value = value(dice, &library.shared().facts[id.index()].domain);
                    EventKind::Settle { fact: fact.clone(), value, reason: None }
                }
                (0..=5, Work::Review { .. }) => EventKind::Reviewed { step: name, reason: "it stands".into() },
                (6, _) if step.escalated_to.is_none() || dice.once_in(2) => {
                    EventKind::Cannot { step: name, reason: "no transport".into() }
                }
                (6 | 7, _) => {
                    let (to, within) = ("team".into(), Length::hours(5));
                    EventKind::Reassign { step: name, to, within, reason: None }
                }
                _ => EventKind::Declined { step: name, reason: None },
            }
        }
        _ => match dice.below(13) {
            12 => {
                let agreed = case
                    .record()
                    .open
                    .iter()
                    .find_map(|open| Some((open.step.clone(), open.agreed.keys().next()?.clone())));
                let (step, role) = agreed.map_or((None, "team".into()), |(step, role)| (Some(step), role));
                EventKind::Withdraw { what: Withdrawn::Agreement { step, role }, reason: None }
            }
            11 => {
                let risk = case.program().pathway.risks.first().map(|risk| risk.name.clone());
                let risk = risk.unwrap_or_else(|| "risk0".into());
                let reason = Some("the person has thought again".into());
                EventKind::Withdraw { what: Withdrawn::Risk { risk }, reason }
            }
            8 | 9 => put_right(dice, library, case),
            7 => EventKind::Raise { what: "now0".into(), reason: "somebody worries".into() },
            0 => EventKind::Record { facts: some_facts(dice, library, 2) },
            1 => EventKind::Done { step: "p0".into(), facts: BTreeMap::new() },
            2 => EventKind::Record { facts: [("weight".into(), Answer::Value("7".into()))].into() },
            3 => EventKind::Done { step: "nothing_of_that_name".into(), facts: BTreeMap::new() },
            _ => {
                use LifeEvent::{CannotBeReached, Died, MovedAway, Withdrew};
                let all = [Died, Withdrew, Died, CannotBeReached, Died, MovedAway];
                EventKind::Life { what: *dice.one(&all) }
            }
        },
    };
    let answers = if dice.below(3) > 0 { model_answers(dice, library, case) } else { None };
    let what = answers.unwrap_or(what);
    let happened = dice.once_in(6).then(|| now.minus(Length::hours(3)));
    let by = By::role(dice.word(&["nurse", "nurse", "nurse", "nurse", "carer", "carer", "carer", "team", "stranger"]));
    let with = with(dice, case, &what);
    (Event { happened, by, with, ..Event::new(format!("event-{number}"), what) }, now)
}

/// A model answers: mostly what it was asked last, and in its range.
pub fn model_answers(dice: &mut Dice, library: &Library, case: &Case) -> Option<EventKind> {
    let asked: Vec<(&Name, &onward::engine::AskedModel)> = case.record().models.iter().collect();
    let (fact, it) = if asked.is_empty() { return None } else { *dice.one(&asked) };
    let of = &library.shared().facts[library.shared().fact(fact)?.index()];
    let answer = match dice.below(6) {
        0 => Answer::CouldNot("it used up its fuel".to_string()),
        1 => Answer::Value("1000000".to_string()),
        _ => Answer::Value(value(dice, &of.domain)),
    };
    let entry = if dice.once_in(8) { 0 } else { it.entry };
    Some(EventKind::ModelAnswered {
        fact: fact.clone(),
        model: dice.word(&["score", "score", "score", "score", "score", "score", "other"]).into(),
        version: "1".to_string(),
        sha256: "0".repeat(64),
        asked: Some(format!("{}/{entry}", case.record().id)),
        answer,
    })
}

/// Something that was recorded is corrected, or taken back.
fn put_right(dice: &mut Dice, library: &Library, case: &Case) -> EventKind {
    let journal = case.record().journal.iter().enumerate();
    let recorded = journal.filter_map(|(number, entry)| match &entry.what {
        EntryKind::Recorded { fact, .. } | EntryKind::Corrected { fact, .. } => Some((number as u32, fact.clone())),
        _ => None,
    });
    let recorded: Vec<(u32, Name)> = recorded.collect();
    if recorded.is_empty() || dice.once_in(3) {
        let entry = recorded.first().map_or(0, |(entry, _)| *entry);
        return EventKind::Withdraw { what: Withdrawn::Fact { entry }, reason: None };
    }
    let (entry, fact) = dice.one(&recorded).clone();
    let id = library.shared().fact(&fact).expect("it is a fact");
    let answer = match dice.below(4) {
        0 => Answer::CouldNot("another person".to_string()),
        _ => Answer::Value(value(dice, &library.shared().facts[id.index()].domain)),
    };
    EventKind::Correct { entry, answer, reason: "another person".into() }
}

/// What an answer names: the advice that stands, mostly, and a code.
pub fn answer_to(dice: &mut Dice, advice: Option<&Advised>) -> (Option<String>, Option<Name>) {
    let Some(advice) = advice else { return (None, None) };
    let id = if dice.once_in(12) { format!("{}1", advice.id) } else { advice.id.clone() };
    (Some(id), advice.otherwise.get(dice.below(3)).cloned())
}

/// What somebody who must agree has agreed to already.
pub fn agreed_option(advice: Option<&Advised>) -> Option<Name> {
    advice?.agreed.iter().find_map(|it| it.to.clone())
}

/// What somebody says who must agree to an option and has not; now and then that they do not.
pub fn agree_to(dice: &mut Dice, step: &Name, option: &Name, advice: &Advised) -> Option<EventKind> {
    let role = advice.agreed.iter().find(|it| it.to.as_ref() != Some(option))?.role.clone();
    let (step, advice) = (Some(step.clone()), Some(advice.id.clone()));
    Some(match dice.below(8) {
        6 => EventKind::Disagree { step, role, reason: "there is another way".into(), advice },
        // It is tried all the same.
        7 => return None,
        _ => EventKind::Agree { step, role, option: option.clone(), advice },
    })
}
