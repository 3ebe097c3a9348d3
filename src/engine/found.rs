//! What is found about the person: recorded all or none, what stands of it, and what settles, or is disputed.

use super::case::Case;
use super::event::By;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::diagnostic::nearest;
use crate::model::{self, Domain, FactId, Name};
use std::collections::BTreeMap;

type Facts = BTreeMap<Name, model::Answer>;

impl Case {
    /// What is settled does not become otherwise once it is known.
    fn stays_settled(&self, fact: FactId, name: &Name, value: i64, given: &str) -> Result<(), Refusal> {
        let settled = self.shared.facts[fact.index()].settled;
        let Some(known) = self.record.facts.get(name).filter(|_| settled) else { return Ok(()) };
        let domain = &self.shared.facts[fact.index()].domain;
        let same = match domain {
            Domain::Text | Domain::Document => known.value == given,
            _ => domain.read(&known.value, Some(&self.directory.calendar.zone)).is_ok_and(|kept| kept == value),
        };
        if same {
            return Ok(());
        }
        Err(Refusal::Settled { fact: name.clone(), is: known.value.clone(), given: given.to_string() })
    }

    /// Records facts, all or none. The value that happened last stands.
    pub(super) fn record_facts(
        &mut self,
        facts: &Facts,
        happened: Moment,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let mut read: Vec<(FactId, Option<i64>)> = Vec::new();
        for (name, answer) in facts {
            let known = self.shared.fact(name).filter(|fact| self.speaks_of(*fact));
            let Some(fact) = known else {
                let names = self.program.pathway.facts.iter().map(|fact| self.shared.facts[fact.index()].name.as_str());
                let meant = nearest(name, names).first().map(|near| Name::from(*near));
                return Err(Refusal::UnknownFact { fact: name.clone(), meant });
            };
            let value = match answer {
                model::Answer::Value(text) => {
                    let value = self.read_new(fact, text, now)?;
                    let given = || Found { value: text.clone(), happened, entry: 0, by: by.clone() };
                    if !(self.has_arbiter(fact) && self.would_dispute(fact, &given(), value, now)) {
                        self.stays_settled(fact, name, value, text)?;
                    }
                    Some(value)
                }
                _ => None,
            };
            read.push((fact, value));
        }
        for ((name, answer), (fact, value)) in facts.iter().zip(read) {
            // What is recorded by whoever settles what is disputed settles it.
            let settled = value.is_some() && self.is_arbiter(fact, by) == Some(true);
            let settles = if settled { self.disputed_by(name) } else { Vec::new() };
            let recorded =
                EntryKind::Recorded { fact: name.clone(), answer: answer.clone(), happened, by: by.clone(), settles };
            let entry = self.write(now, recorded);
            let (Some(value), model::Answer::Value(text)) = (value, answer) else { continue };
            let given = || Found { value: text.clone(), happened, entry, by: by.clone() };
            if self.has_arbiter(fact) && self.disputes(fact, given(), value, now) {
                continue;
            }
            if self.record.facts.get(name).is_some_and(|known| known.happened > happened) {
                continue;
            }
            self.stands(fact, KnownFact { value: text.clone(), happened, entry }, value);
        }
        Ok(())
    }
}
