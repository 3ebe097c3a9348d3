//! Somebody for a story: whose facts decide as its way says.

use super::play::{After, Play};
use crate::calendar::Moment;
use crate::check::chains::{self, Link};
use crate::check::people::{Demand, People, Search, Truths};
use crate::check::ways::WayId;
use crate::check::{Person, left_behind};
use crate::model::{FactId, Interrupt, NOT_APPLICABLE, Ranges, Test};

impl Play<'_> {
    fn ordinary(&self, fact: FactId) -> i64 {
        People::new(&self.stage.shared).ordinary(fact)
    }

    /// What somebody may find a fact to be: where it matters that it was found, otherwise than presumed.
    pub(super) fn found(&self, fact: FactId) -> i64 {
        let (it, ordinary) = (&self.stage.shared.facts[fact.index()], self.ordinary(fact));
        let (min, max) = it.domain.bounds();
        let other = || if it.presumed == Some(min) { max } else { min };
        if it.presumed == Some(ordinary) { other() } else { ordinary }
    }

    /// What is presumed of everybody.
    pub(super) fn presumed(&self) -> Person {
        let facts = self.stage.shared.facts.iter().enumerate();
        facts.filter_map(|(at, fact)| Some((FactId(at as u32), Some(fact.presumed?)))).collect()
    }

    /// Somebody who takes these decisions in one moment. Facts that are known cannot become unknown; those `left` behind
    /// cannot be known.
    pub(super) fn person(
        &self,
        moment: &[WayId],
        after: Option<&After>,
        known: &Person,
        left: &[FactId],
        until: Option<Demand<'_>>,
        interrupt: Option<&Interrupt>,
    ) -> Option<Person> {
        let links: Vec<Link> = moment.iter().filter_map(|way| self.subject.link(*way)).collect();
        let mut fixed = Person::new();
        if let Some(After::Decision(facts)) = after {
            fixed.extend(facts.iter().map(|(fact, value)| (*fact, *value)));
        }
        fixed.extend(self.subject.came(moment));
        let all = self.subject.program.pathway.interrupts.iter();
        let others = all.filter(|it| interrupt.is_none_or(|this| this.name != it.name));
        let quiet = others.map(|it| Demand::new(&it.condition.test, Truths::NOT_YES));
        let also: Vec<Demand<'_>> = until.into_iter().chain(quiet).collect();
        // Nothing else is to interrupt; where that cannot be helped, somebody may have been through it already.
        let who = |fixed: &Person| {
            let quietly = self.who(&links, &also, fixed, known, left);
            quietly.or_else(|| self.who(&links, until.as_slice(), fixed, known, left))
        };
        // What came of a positive risk is as it came, wherever that leads the same way.
        let mut as_it_came = self.as_it_came(known);
        as_it_came.extend(fixed.iter().map(|(fact, value)| (*fact, *value)));
        let somebody = if as_it_came == fixed { None } else { who(&as_it_came) };
        somebody.or_else(|| who(&fixed))
    }

    /// What came of positive risks, as far as that is known.
    fn as_it_came(&self, known: &Person) -> Person {
        let risks = self.subject.program.pathway.risks.iter().map(|risk| risk.fact);
        risks.filter_map(|fact| Some((fact, *known.get(&fact)?))).collect()
    }

    /// Somebody who decides like this, and of whom that is so. Facts that are known cannot become unknown; of those
    /// `left` behind nothing that was recorded is known.
    pub(super) fn who(
        &self,
        links: &[Link],
        also: &[Demand<'_>],
        fixed: &Person,
        known: &Person,
        left: &[FactId],
    ) -> Option<Person> {
        let shared = &self.stage.shared;
        let (as_presumed, unknown): (Vec<FactId>, Vec<FactId>) =
            left.iter().partition(|fact| !shared.facts[fact.index()].unrecorded().is_empty());
        // What did not apply may come to apply, and is then not known.
        let stays = |value: &Option<i64>| value.is_some_and(|value| value != NOT_APPLICABLE);
        let mut with_left: Person = unknown.into_iter().map(|fact| (fact, None)).collect();
        // What is settled does not become otherwise; what is only presumed may.
        let is_settled = |fact: &FactId, value: &Option<i64>| {
            shared.facts[fact.index()].settled && shared.facts[fact.index()].presumed != *value
        };
        let settled = known.iter().filter(|(fact, value)| is_settled(fact, value));
        with_left.extend(settled.filter(|(_, value)| stays(value)).map(|(fact, value)| (*fact, *value)));
        with_left.extend(fixed.iter().map(|(fact, value)| (*fact, *value)));
        let known: Vec<FactId> = known.iter().filter(|(_, value)| stays(value)).map(|(fact, _)| *fact).collect();
        let applying = self.applying.iter().filter(|fact| shared.facts[fact.index()].applies.is_some());
        let not_applicable = |fact: &FactId| Test::Fact(*fact, Ranges::new([(NOT_APPLICABLE, NOT_APPLICABLE)]));
        let apply: Vec<Test> = applying.map(not_applicable).collect();
        let mut person = if also.is_empty() && apply.is_empty() {
            self.subject.somebody(links, &with_left, &known, &as_presumed)?
        } else {
            let mut wanted = chains::wanted(&self.subject.program.pathway, links);
            wanted.extend(left_behind(shared, &as_presumed));
            let apply = apply.iter().map(|test| Demand::new(test, Truths::NOT_YES));
            let demands: Vec<Demand<'_>> =
                chains::demands(&wanted).into_iter().chain(also.iter().copied()).chain(apply).collect();
            let may_be_unknown = |fact: FactId| !known.contains(&fact);
            let found = People::new(shared).find_with(&demands, &may_be_unknown, &with_left);
            let Search::Found(person) = found else { return None };
            person
        };
        let fixed = fixed.iter().filter(|(_, value)| value.is_some());
        person.extend(fixed.map(|(fact, value)| (*fact, *value)));
        Some(person)
    }

    /// Somebody as they are found: of how long ago something was, or how old they are, one finds the date.
    pub(super) fn dated(&self, mut person: Person, known: &Person, at: Moment) -> Person {
        let today = self.stage.directory.calendar.zone.day(at);
        let facts = &self.stage.shared.facts;
        for (number, it) in facts.iter().enumerate() {
            let (fact, Some(elapsed)) = (FactId(number as u32), &it.elapsed) else { continue };
            let passed = person.remove(&fact).filter(|value| *value != Some(NOT_APPLICABLE));
            let Some(Some(passed)) = passed else { continue };
            let as_known = known.get(&elapsed.since).filter(|_| known.get(&fact) == Some(&Some(passed)));
            let (earliest, latest) = facts[elapsed.since.index()].domain.bounds();
            let date = Some(elapsed.last_date(today, passed).clamp(earliest, latest));
            person.entry(elapsed.since).or_insert(as_known.copied().unwrap_or(date));
        }
        person
    }

    /// What has to be found otherwise before it is left behind: what is presumed would be known still.
    pub(super) fn to_be_lost(&self, person: &Person, left: &[FactId], before: &Person) -> Person {
        let presumed = self.presumed();
        let is_presumed = |fact: &&FactId| {
            person.get(*fact) == Some(&None) && presumed.get(*fact).is_some_and(|it| before.get(*fact) == Some(it))
        };
        left.iter().filter(is_presumed).map(|fact| (*fact, Some(self.found(*fact)))).collect()
    }
}
