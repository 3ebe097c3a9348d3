//! Who does what on a pathway, by profession, side by side: so that one sees who is equal and who is added on.

use onward::Library;
use onward::model::{Pathway, PlaceKind, RoleId, in_words};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// What a profession does on a pathway.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Does {
    /// How many steps it leads, what is done alongside among them.
    pub leads: usize,
    /// In how many it takes part.
    pub takes_part: usize,
    /// How many decisions it takes, positive risks and best interests among them.
    pub decides: usize,
    /// How many reasons for and against it gives to those who decide.
    pub advises: usize,
    /// How many decisions and plans are not taken without it.
    pub agrees: usize,
    /// How many facts it settles when two have found them to be different things.
    pub settles: usize,
    /// How many facts it can say or find out.
    pub finds: usize,
    /// How often the person is handed over to it.
    pub receives: usize,
    /// For how many positive risks it answers if it happens.
    pub answers: usize,
    /// How often it is told something.
    pub told: usize,
    /// How often it is told something if the person agrees.
    pub told_if_agreed: usize,
}

/// How many of something a profession does.
type Count = fn(&Does) -> usize;

/// What is counted, as a heading; and how much of it there is.
pub const COUNTED: [(&str, Count); 11] = [
    ("Leads", |it| it.leads),
    ("Takes part in", |it| it.takes_part),
    ("Decides", |it| it.decides),
    ("Advises", |it| it.advises),
    ("Must agree", |it| it.agrees),
    ("Settles (facts)", |it| it.settles),
    ("Can say or find out (facts)", |it| it.finds),
    ("Receives the person", |it| it.receives),
    ("Answers if it happens", |it| it.answers),
    ("Is told", |it| it.told),
    ("Is told if the person agrees", |it| it.told_if_agreed),
];

/// By profession, or by kind of organisation, or by role where neither is said.
pub fn parity(library: &Library, pathway: &Pathway) -> BTreeMap<String, Does> {
    let shared = library.shared();
    let who = |id: RoleId| {
        let role = shared.roles.get(id.index());
        match role.and_then(|role| role.profession.as_ref().or(role.of.as_ref())) {
            Some(profession) => in_words(profession),
            None => role.map_or_else(String::new, |role| role.title.clone()),
        }
    };
    let mut all: BTreeMap<String, Does> = BTreeMap::new();
    let mut count = |id: RoleId, add: fn(&mut Does)| add(all.entry(who(id)).or_default());
    for (_, place) in pathway.all_places() {
        match &place.kind {
            PlaceKind::Choose(choose) => count(choose.role, |it| it.decides += 1),
            PlaceKind::Decide(decide) => {
                // The plan of a positive risk is agreed once, whoever decides.
                let agreed = decide.agreed().filter(|_| decide.asks.is_none()).into_iter();
                let agreed = agreed.flat_map(|agreed| &agreed.by);
                agreed.for_each(|role| count(*role, |it| it.agrees += 1));
                let reasons = decide.advice.iter().flat_map(|advice| &advice.reasons);
                reasons.for_each(|reason| count(reason.from, |it| it.advises += 1));
            }
            PlaceKind::HandOver(hand_over) => {
                count(hand_over.from, |it| it.leads += 1);
                count(hand_over.to, |it| it.receives += 1);
            }
            // Where time passes nobody does anything.
            kind if kind.waits() => {}
            kind => kind.owner().into_iter().for_each(|owner| count(owner, |it| it.leads += 1)),
        }
        let with = match &place.kind {
            PlaceKind::Step(step) => &step.with[..],
            PlaceKind::Repeat(repeat) => &repeat.with[..],
            PlaceKind::Choose(choose) => &choose.with[..],
            _ => &[],
        };
        // Who agrees the plan of a positive risk is counted with those who must agree, and not again.
        let asks = if let PlaceKind::Choose(choose) = &place.kind { Some(choose.decision) } else { None };
        let agrees =
            |role: &&RoleId| pathway.risks.iter().any(|it| asks == Some(it.asked[0]) && it.agreed_by.contains(role));
        with.iter().filter(|role| !agrees(role)).for_each(|role| count(*role, |it| it.takes_part += 1));
        place.kind.not_without().iter().for_each(|it| count(it.role, |it| it.takes_part += 1));
        for message in place.kind.tell() {
            match message.agreed {
                None => count(message.to, |it| it.told += 1),
                Some(_) => count(message.to, |it| it.told_if_agreed += 1),
            }
        }
    }
    for risk in &pathway.risks {
        risk.agreed_by.iter().for_each(|role| count(*role, |it| it.agrees += 1));
        risk.responder.iter().for_each(|it| count(it.role, |it| it.answers += 1));
    }
    for fact in shared.facts_of(pathway) {
        fact.found_by.iter().flatten().chain(&fact.asked_of).for_each(|role| count(*role, |it| it.finds += 1));
        fact.arbiter.iter().for_each(|it| count(it.role, |it| it.settles += 1));
    }
    all
}
