//! Whoever is asked for something urgent is known to have heard: a telephone is picked up, whoever is bleeped rings back, and
//! a message is acknowledged in time. What only comes out of a machine may lie there until Monday.

use super::flow::is_reached;
use super::{Evidence, Flaw, Subject, listed};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::model::{Contact, Deadline, LadderId, RoleId};
use crate::workflow::Node;
use std::collections::BTreeSet;

/// What is to be done in no more than this is urgent.
const URGENT: Length = Length::hours(4);

/// Who is asked for something urgent, and can be reached only in ways that nobody acknowledges.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let Some(directory) = subject.directory else { return Vec::new() };
    let (pathway, workflow) = (&subject.program.pathway, &subject.program.workflow);
    let is_reached = is_reached(subject.program);
    let mut flaws = Vec::new();
    let mut ladders: BTreeSet<LadderId> = BTreeSet::new();
    for node in workflow.graph.node_weights().filter(|node| is_reached(**node)) {
        if let Node::Escalation(_, ladder) = node {
            ladders.insert(*ladder);
        }
    }
    for ladder in ladders {
        let Some(ladder) = directory.ladder(&pathway.ladder(ladder).name) else { continue };
        for rung in ladder.rungs.iter().filter(|rung| rung.within <= URGENT) {
            let asked = rung.contacts.iter().filter_map(|number| directory.contacts.get(*number));
            for contact in silent(asked, rung.within) {
                let what = format!("`{}` asks it to answer within {}", ladder.name, rung.within);
                flaws.push(flaw(contact, &what, rung.at, "asks it here"));
            }
        }
    }
    for (_, place) in pathway.all_places().filter(|(id, _)| is_reached(Node::Place(*id))) {
        let within = place.kind.within().and_then(Deadline::length);
        let Some(within) = within.filter(|within| *within <= URGENT) else { continue };
        let needed = place.kind.not_without().iter().map(|it| it.role);
        let mut people: Vec<RoleId> =
            place.kind.people().chain(needed).filter(|role| *role != RoleId::PERSON).collect();
        people.sort_unstable();
        people.dedup();
        for role in people {
            for contact in silent(directory.filling(role), within) {
                let what = format!("`{}` is to be done within {within}", place.name);
                flaws.push(flaw(contact, &what, place.at, "this is urgent"));
            }
        }
    }
    // Who settles what two find to be different things is asked, too (10.41).
    for fact in subject.shared.facts_of(pathway) {
        let Some(arbiter) = fact.arbiter.as_ref().filter(|it| it.within <= URGENT) else { continue };
        for contact in silent(directory.filling(arbiter.role), arbiter.within) {
            let what = format!("`{}` is to be settled within {}", fact.name, arbiter.within);
            flaws.push(flaw(contact, &what, fact.at, "this is urgent"));
        }
    }
    flaws
}

fn silent<'d>(contacts: impl Iterator<Item = &'d Contact>, within: Length) -> impl Iterator<Item = &'d Contact> {
    contacts.filter(move |contact| !contact.acknowledges(within))
}

fn flaw(contact: &Contact, what: &str, because: At, label: &str) -> Flaw {
    let ways = listed(contact.channels.iter().map(|channel| match channel.acknowledged {
        None => channel.kind.in_words().to_string(),
        Some(time) => format!("{}, acknowledged within {time}", channel.kind.in_words()),
    }));
    let at = contact.channels.first().map_or(contact.at, |channel| channel.at);
    let message =
        format!("{what}, and `{}` is reached by {ways}: nobody would know in time whether it was read", contact.name);
    let help = "give it a `phone` or a `bleep`, or write in what time it is acknowledged, where somebody does that: \
                `secure email \"…\", acknowledged within 1 hour`";
    Flaw::new(Finding::new(Kind::Unacknowledged, at, message).and(because, label).help(help), Evidence::Static)
}
