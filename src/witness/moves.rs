//! What can happen next to somebody in a story, and who they may be: every event that fits what is open, with the facts
//! that lead each way on through the decisions it comes to.

use super::in_words;
use super::play::{Play, WHY_OTHERWISE};
use crate::calendar::{Length, Moment};
use crate::check::chains::{Link, Outcome};
use crate::check::people::{Demand, Truths};
use crate::check::ways::{Count, WayId};
use crate::check::{Evidence, Person, Run, Shows, Subject};
use crate::engine::{EntryKind, NextStep, Refusal, Work};
use crate::model::{
    Answer, Exit, FactId, Given, Happening, NOT_APPLICABLE, Name, PlaceId, PlaceKind, RoleId, Since, Test, What,
};
use crate::play::{Driver, could_be_needed};
use crate::workflow::{Known, Why};
use std::collections::BTreeSet;

/// Something that happened, what came of it, and whether it was refused because more would happen at once than can.
pub(super) struct Tried {
    pub driver: Driver,
    pub events: Vec<Happening>,
    pub refused: Option<Refusal>,
}

/// What is to be shown, and which facts somebody is to have, or not to have, besides what leads them on.
pub(super) struct Bound<'e> {
    /// What is to be shown.
    pub evidence: &'e Evidence,
    /// Facts that a step finds wherever it can.
    pub wanted: Vec<FactId>,
    /// Facts that stay so, or unknown.
    pub fixed: Person,
}

/// How many persons are tried for one event.
const MAX_PERSONS: usize = 48;

/// How long one waits for something to become unknown.
const LONGEST_WAIT: Length = Length::days(30);

/// How many decisions in one moment are looked at together.
const MAX_LINKS: usize = 10;

/// Decisions in one moment, where they lead, and by which counted ways.
struct Chain {
    links: Vec<Link>,
    leads_to: (PlaceId, Option<PlaceId>, BTreeSet<Count>),
}

fn disagrees(step: Name, role: Name) -> What {
    What::Disagrees { step: Some(step), role }
}

fn event(after: Length, what: What) -> Happening {
    let because = match &what {
        What::Cannot(_) => Some("it cannot be done".to_string()),
        What::Declined(_) => Some("it cannot be taken on now".to_string()),
        What::Disagrees { .. } => Some("there is another way".to_string()),
        What::Decides { otherwise: Some(_), .. } => Some(WHY_OTHERWISE.to_string()),
        _ => None,
    };
    Happening { after, what, facts: Vec::new(), by: None, with: Vec::new(), because, condition: None }
}

impl<'s> Play<'s> {
    /// Everything that can happen next, each to whoever it leads another way on.
    pub(super) fn moves(&self, from: &Driver, bound: &Bound<'_>) -> Vec<Tried> {
        let mut tried = Vec::new();
        for it in self.events(from) {
            for it in self.with_findings(it, bound) {
                self.with_persons(from, it, bound, &mut tried);
            }
        }
        tried.extend(self.interruptions(from, bound));
        let unknown = |fact: &&FactId| from.case.known(from.now).recorded(**fact).is_none();
        let wanted: Person =
            bound.wanted.iter().filter(unknown).map(|fact| (*fact, Some(self.value(*fact, bound)))).collect();
        if !wanted.is_empty() && from.case.record().stranded.is_none() {
            let facts = in_words(&self.stage.shared, &wanted);
            tried.extend(attempt(from, vec![Happening { facts, ..event(Length::ZERO, What::Record) }]));
        }
        if from.case.record().stranded.is_none() {
            tried.extend(self.otherwise(from, bound));
            tried.extend(self.disputed(from, bound));
            tried.extend(self.no_longer_good(from, bound));
        }
        tried
    }

    /// One waits until something that is known is good no more. Only of a positive risk: whoever accepted it was known to be
    /// able, and may go by a decision that does not know that any more.
    fn no_longer_good(&self, from: &Driver, bound: &Bound<'_>) -> Vec<Tried> {
        if !matches!(bound.evidence, Evidence::Run(Run { shows: Shows::NotReviewed { .. } | Shows::NoNet { .. }, .. }))
        {
            return Vec::new();
        }
        let (known, facts) = (from.case.known(from.now), (0u32..).map(FactId).zip(&self.stage.shared.facts));
        let until = facts.filter_map(|(id, fact)| {
            known.recorded(id)?;
            let happened = from.case.record().facts.get(&fact.name)?.happened;
            Some(happened.plus(fact.good_for.filter(|length| *length <= LONGEST_WAIT)?).plus(Length::SECOND))
        });
        let until: BTreeSet<Moment> = until.filter(|at| *at > from.now).collect();
        let wait = |at: Moment| attempt(from, vec![event(at.since(from.now), What::Nothing)]);
        until.into_iter().filter_map(wait).collect()
    }

    /// What happens at any time, to somebody for whom it does; and what no longer holds, so that it may again.
    fn interruptions(&self, from: &Driver, bound: &Bound<'_>) -> Vec<Tried> {
        let mut tried = Vec::new();
        for it in &self.subject.program.pathway.interrupts {
            let again = from.case.record().interrupted.contains(&it.name);
            let demand = Demand::new(&it.condition.test, if again { Truths::NO } else { Truths::YES });
            let record = (&event(Length::ZERO, What::Nothing), None);
            tried.extend(self.somebody(from, record, &[], &[demand], bound));
        }
        tried
    }

    /// Something presumed is found otherwise: from then on it may become unknown, or it is waited for until it is.
    fn otherwise(&self, from: &Driver, bound: &Bound<'_>) -> Vec<Tried> {
        let presumed = self.presumed().into_keys();
        let still = presumed.filter(|fact| {
            let name = &self.stage.shared.facts[fact.index()].name;
            !from.case.record().otherwise.contains(name) && bound.fixed.value(*fact).is_none()
        });
        let found = still.flat_map(|fact| {
            let facts = in_words(&self.stage.shared, &Person::from([(fact, Some(self.found(fact)))]));
            let record = Happening { facts, ..event(Length::ZERO, What::Record) };
            let good_for = self.stage.shared.facts[fact.index()].good_for.filter(|length| *length <= LONGEST_WAIT);
            let stale = good_for.map(|length| event(Length::from_seconds(length.seconds() + 1), What::Nothing));
            let then_stale = stale.map(|stale| vec![record.clone(), stale]);
            [Some(vec![record]), then_stale].into_iter().flatten().filter_map(|events| attempt(from, events))
        });
        found.collect()
    }

    /// Two find something to be different things: from then on it is not known.
    fn disputed(&self, from: &Driver, bound: &Bound<'_>) -> Vec<Tried> {
        let shared = &self.stage.shared;
        let record = from.case.record();
        let may_be = shared.facts.iter().enumerate().filter(|(number, fact)| {
            let known = bound.fixed.value(FactId(*number as u32)).is_some();
            !known && fact.arbiter.is_some() && !record.disputed.contains_key(&fact.name)
        });
        let tried = may_be.filter_map(|(number, fact)| {
            let (min, max) = fact.domain.bounds();
            let roles = shared.roles.iter().enumerate().filter(|(role, _)| {
                let role = RoleId(*role as u32);
                fact.found_by_role(role) && fact.arbiter.is_some_and(|arbiter| arbiter.role != role)
            });
            let finders = roles.map(|(_, role)| role.name.clone()).zip([min, max]);
            let records = finders.map(|(role, value)| {
                let facts = in_words(shared, &Person::from([(FactId(number as u32), Some(value))]));
                Happening { facts, by: Some(role), ..event(Length::ZERO, What::Record) }
            });
            let records: Vec<Happening> = records.collect();
            if records.len() < 2 || min == max { None } else { attempt(from, records) }
        });
        tried.collect()
    }

    /// Every event that fits what is open, as if nothing were ever found; time going on to what falls due next, too.
    fn events(&self, from: &Driver) -> Vec<Happening> {
        let mut events = Vec::new();
        let open = &from.case.record().open;
        let until = |due: Moment| due.max(from.now).since(from.now);
        // As late as anything can be, where it is to take long.
        let first = open.iter().map(|open| open.escalated.as_ref().map_or(open.due, |it| it.answer_by)).min();
        let first = first.filter(|_| self.slowly).map_or(Length::ZERO, until);
        for step in from.case.next().iter().flat_map(|steps| steps.iter()) {
            // What is asked beside the pathway keeps nobody from going on.
            if step.work.is_beside() {
                continue;
            }
            let name = || step.step.clone();
            let now = |what| event(if self.slowly { until(step.due) } else { Length::ZERO }, what);
            match &step.work {
                Work::Settle { .. } | Work::Review { .. } => {}
                Work::Do => {
                    let facts = step.finds.iter().map(|fact| not_found(fact.clone())).collect();
                    events.push(Happening {
                        facts,
                        with: could_be_needed(&from.case, &step.step),
                        ..now(What::Done(name()))
                    });
                }
                Work::BeThere => {}
                Work::Wait => continue,
                Work::Accept { .. } => {
                    events.push(now(What::Accepted(name())));
                    let condition = Some("on a condition".to_string());
                    events.push(Happening { condition, ..now(What::Accepted(name())) });
                    events.push(now(What::Declined(name())));
                }
                Work::Decide { options, not_now, advice, .. } => {
                    let all = options.iter().chain(not_now.iter().map(|it| &it.option));
                    let otherwise = self.code_for(&step.step);
                    let decides = |option: &Name| {
                        let (option, otherwise) = (option.clone(), otherwise.clone());
                        What::Decides { step: Some(name()), option, otherwise }
                    };
                    events.extend(all.map(|option| now(decides(option))));
                    let asked = advice.iter().flat_map(|advice| advice.agreed.first());
                    events.extend(asked.map(|it| now(disagrees(name(), it.role.clone()))));
                }
            }
            events.push(now(What::PersonDeclines(name())));
            events.push(now(What::Cannot(name())));
            if self.slowly {
                events.extend(self.reassigned(from, step).into_iter().map(now));
            }
        }
        let due = if self.slowly { None } else { from.case.due().map(until) };
        events.push(event(due.unwrap_or(first), What::Nothing));
        events.extend(Exit::LIFE.map(|exit| event(first, What::Life(exit))));
        events
    }

    /// Giving a step that is escalated to somebody else, with as much time as there may be.
    fn reassigned(&self, from: &Driver, step: &NextStep) -> Option<What> {
        let open = from.case.record().open.iter().find(|open| open.step == step.step)?;
        let ladder = self.stage.directory.ladder(&open.escalated.as_ref()?.ladder)?;
        let kind = &self.subject.program.pathway.place(open.place).kind;
        let own = || kind.within().map(|own| self.stage.directory.due(own, step.due).since(step.due));
        let within = ladder.reassign_within.or_else(own)?;
        let served = from.case.served(step.due);
        let fills = |role: &RoleId| {
            self.stage.directory.on_duty_for(&served, *role, step.due, step.due.plus(within), kind.takes())
        };
        let named = |role: &RoleId| &self.stage.shared.roles[role.index()].name;
        let may = |role: &RoleId| *role != RoleId::PERSON && from.case.may_be_given(open.place, named(role)).is_ok();
        let mut roles = (0..self.stage.shared.roles.len() as u32).map(RoleId).filter(may);
        let to = named(&roles.find(fills)?).clone();
        (ladder.may_reassign > 0).then(|| What::Reassigned { step: step.step.clone(), to, within })
    }

    /// An event as it is, and once more with the facts that are wanted found by it.
    fn with_findings(&self, it: Happening, bound: &Bound<'_>) -> Vec<Happening> {
        let mut found = it.clone();
        for given in &mut found.facts {
            let wanted = self.stage.shared.fact(&given.fact).filter(|fact| bound.wanted.contains(fact));
            if let Some(fact) = wanted {
                given.answer = self.answer(fact, self.value(fact, bound));
            }
        }
        if found == it { vec![it] } else { vec![found, it] }
    }

    fn value(&self, fact: FactId, bound: &Bound<'_>) -> i64 {
        bound.fixed.value(fact).unwrap_or_else(|| self.found(fact))
    }

    fn answer(&self, fact: FactId, value: i64) -> Answer {
        Answer::Value(self.stage.shared.facts[fact.index()].domain.show(value))
    }

    /// An event as it is; and, where decisions follow it in the same moment, once for each way on through them.
    fn with_persons(&self, from: &Driver, it: Happening, bound: &Bound<'_>, tried: &mut Vec<Tried>) {
        let before = from.case.record().journal.len();
        if let Some(only_when) = self.only_when(&it) {
            let (it, demand) = ((&it, None), Demand::new(only_when, Truths::YES));
            let Some(one) = self.somebody(from, it, &[], &[demand], bound) else { return };
            let decision = decided_first(self.subject, &one.driver, before);
            tried.push(one);
            if let Some(first) = decision {
                tried.extend(self.for_decisions(from, it, first, Some(demand), bound));
            }
            return;
        }
        let Some(plainly) = attempt(from, vec![it.clone()]) else { return };
        let decision = decided_first(self.subject, &plainly.driver, before);
        let it = (&it, self.accepts(&it));
        tried.push(plainly);
        if let Some(first) = decision {
            tried.extend(self.for_decisions(from, it, first, None, bound));
        }
        let Some(until) = self.until(it.0) else { return };
        for truths in [Truths::YES, Truths::NOT_YES] {
            let demand = Demand::new(until, truths);
            let Some(one) = self.somebody(from, it, &[], &[demand], bound) else { continue };
            let decision = decided_first(self.subject, &one.driver, before);
            tried.push(one);
            if let Some(first) = decision {
                tried.extend(self.for_decisions(from, it, first, Some(demand), bound));
            }
        }
    }

    /// An event, once for each way on through the decisions that follow it.
    fn for_decisions(
        &self,
        from: &Driver,
        it: (&Happening, Option<PlaceId>),
        first: PlaceId,
        also: Option<Demand<'_>>,
        bound: &Bound<'_>,
    ) -> Vec<Tried> {
        let (mut tried, mut led, mut persons) = (Vec::new(), BTreeSet::new(), 0);
        for chain in self.chains(first, &self.left_by(it.1)) {
            if persons >= MAX_PERSONS || led.contains(&chain.leads_to) {
                continue;
            }
            persons += 1;
            if let Some(one) = self.somebody(from, it, &chain.links, also.as_slice(), bound) {
                led.insert(chain.leads_to);
                tried.push(one);
            }
            tried.extend(self.for_whom_it_fails(from, it, &chain.links, also, bound));
        }
        tried
    }

    /// Somebody who comes to the decision that the evidence speaks of along these, and for whom its rows hold, or none.
    fn for_whom_it_fails(
        &self,
        from: &Driver,
        it: (&Happening, Option<PlaceId>),
        links: &[Link],
        also: Option<Demand<'_>>,
        bound: &Bound<'_>,
    ) -> Option<Tried> {
        let Evidence::Person { decision, rows, .. } = bound.evidence else { return None };
        let at = links.iter().position(|link| link.decision == *decision)?;
        let PlaceKind::Decide(decide) = &self.subject.program.pathway.place(*decision).kind else { return None };
        let holds = |row: &u32| decide.rows.get(*row as usize).map(|row| Demand::new(&row.condition.test, Truths::YES));
        let demands: Vec<Demand<'_>> = rows.iter().filter_map(holds).chain(also).collect();
        let nothing = Link { decision: *decision, outcome: Outcome::Nothing };
        let links: Vec<Link> = links[..at].iter().cloned().chain(rows.is_empty().then_some(nothing)).collect();
        self.somebody(from, it, &links, &demands, bound)
    }

    /// An event that happens to somebody who decides like that, if there is anybody.
    fn somebody(
        &self,
        from: &Driver,
        (it, handover): (&Happening, Option<PlaceId>),
        links: &[Link],
        also: &[Demand<'_>],
        bound: &Bound<'_>,
    ) -> Option<Tried> {
        let at = from.now.plus(it.after);
        let mut fixed = bound.fixed.clone();
        let mut known = self.known_at(from, at);
        // A fact that is unknown to stay so is; one that is to stay as it is may still be unknown.
        fixed.retain(|fact, value| value.is_none() || known.contains_key(fact));
        let left = self.left_by(handover);
        let before = known.clone();
        known.retain(|fact, _| !left.contains(fact));
        let unrecorded = |fact: &FactId| self.stage.shared.facts[fact.index()].unrecorded();
        fixed.retain(|fact, value| !left.contains(fact) || value.is_some_and(|value| unrecorded(fact).contains(value)));
        let person = self.dated(self.who(links, also, &fixed, &known, &left)?, &known, at);
        let mut it = it.clone();
        let mut news = self.to_be_lost(&person, &left, &before);
        for (fact, value) in person.iter().filter_map(|(fact, value)| Some((*fact, (*value)?))) {
            let given = it.facts.iter_mut().find(|given| self.stage.shared.fact(&given.fact) == Some(fact));
            match given {
                _ if value == NOT_APPLICABLE => {}
                Some(given) => given.answer = self.answer(fact, value),
                None if known.value(fact) != Some(value) => {
                    news.insert(fact, Some(value));
                }
                None => {}
            }
        }
        // What was found otherwise, and would lead another way.
        for given in &mut it.facts {
            let fact = self.stage.shared.fact(&given.fact);
            let known = |fact| person.get(&fact).copied().map(|value| value.filter(|value| *value != NOT_APPLICABLE));
            if fact.and_then(known) == Some(None) {
                *given = not_found(given.fact.clone());
            }
        }
        let mut events = Vec::new();
        if !news.is_empty() {
            // A moment before, where nothing can happen at the moment itself since it is then too late.
            let before = if it.what == What::Nothing { Length::from_seconds(1).min(it.after) } else { Length::ZERO };
            let after = Length::from_seconds(it.after.seconds() - before.seconds());
            events.push(Happening { facts: in_words(&self.stage.shared, &news), ..event(after, What::Record) });
            it.after = before;
        }
        events.push(it);
        attempt(from, events)
    }

    /// What is known at a moment, if nothing happens until then.
    fn known_at(&self, from: &Driver, at: Moment) -> Person {
        let view = from.case.known(at);
        let facts = (0..self.stage.shared.facts.len() as u32).map(FactId);
        facts.filter_map(|fact| view.value(fact).map(|value| (fact, Some(value)))).collect()
    }

    /// What a handover leaves behind is not known.
    fn left_by(&self, handover: Option<PlaceId>) -> Vec<FactId> {
        match handover.map(|place| &self.subject.program.pathway.place(place).kind) {
            Some(PlaceKind::HandOver(hand_over)) => hand_over.leaves_behind(&self.stage.shared).collect(),
            _ => Vec::new(),
        }
    }

    /// The handover that an event accepts.
    fn accepts(&self, it: &Happening) -> Option<PlaceId> {
        let What::Accepted(name) = &it.what else { return None };
        self.subject.program.pathway.place_named(name)
    }

    /// What must be a definite yes, where an event chooses an option that is not always one.
    fn only_when(&self, it: &Happening) -> Option<&'s Test> {
        let What::Decides { step: Some(step), option, .. } = &it.what else { return None };
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Choose(choose) = &pathway.place(pathway.place_named(step)?).kind else { return None };
        let PlaceKind::Decide(decide) = &pathway.place(choose.decision).kind else { return None };
        decide.only_when(pathway.place_named(option)?).map(|it| &it.test)
    }

    /// What one waits for, where an event ends a round.
    fn until(&self, it: &Happening) -> Option<&'s Test> {
        let What::Done(name) = &it.what else { return None };
        let pathway = &self.subject.program.pathway;
        match &pathway.place(pathway.place_named(name)?).kind {
            PlaceKind::Repeat(repeat) => repeat.until.as_ref().map(|(until, _)| &until.test),
            _ => None,
        }
    }

    /// Every way on through decisions in one moment.
    fn chains(&self, first: PlaceId, left: &[FactId]) -> Vec<Chain> {
        let ways = self.subject.ways;
        let mut chains = Vec::new();
        let mut open: Vec<(PlaceId, Vec<WayId>)> = vec![(first, Vec::new())];
        while let Some((place, moment)) = open.pop() {
            let again = moment.iter().any(|way| ways.all[*way].from == place);
            if !ways.is_decision(place) || again || moment.len() >= MAX_LINKS {
                let links = moment.iter().filter_map(|way| self.subject.link(*way)).collect();
                let all = || moment.iter().map(|way| &ways.all[*way]);
                let sender = all().next_back().filter(|way| way.why == Why::NotKnown).map(|way| way.from);
                chains.push(Chain { links, leads_to: (place, sender, all().filter_map(|way| way.count).collect()) });
                if chains.len() >= 4 * MAX_PERSONS {
                    break;
                }
                continue;
            }
            let mut on: Vec<(PlaceId, Vec<WayId>)> = Vec::new();
            for (number, way) in ways.out_of(place) {
                let moment: Vec<WayId> = moment.iter().copied().chain([number]).collect();
                if self.subject.possible_without(&moment, &Person::new(), left) {
                    on.push((way.to, moment));
                }
            }
            open.extend(on.into_iter().rev());
        }
        chains
    }

    /// The ways the pathway may begin: for each way on through its first decisions, what is known.
    pub(super) fn beginnings(&self, bound: &Bound<'_>, starts: Moment) -> Vec<Person> {
        let wanted: Person = bound.wanted.iter().map(|fact| (*fact, Some(self.value(*fact, bound)))).collect();
        let mut all = vec![Person::new(), wanted.clone()];
        let start = self.subject.program.pathway.start;
        if !self.subject.ways.is_decision(start) {
            return all;
        }
        let presumed = self.presumed();
        all.extend(presumed.keys().map(|fact| Person::from([(*fact, Some(self.found(*fact)))])));
        for chain in self.chains(start, &[]).into_iter().take(MAX_PERSONS) {
            let links = chain.links;
            if let Evidence::Person { decision, rows, .. } = bound.evidence
                && let Some(at) = links.iter().position(|link| link.decision == *decision)
                && rows.is_empty()
            {
                let nothing = Link { decision: *decision, outcome: Outcome::Nothing };
                let failing: Vec<Link> = links[..at].iter().cloned().chain([nothing]).collect();
                let found = self.who(&failing, &[], &Person::new(), &presumed, &[]);
                all.extend(found.map(|person| self.dated(person, &presumed, starts)));
            }
            for known in [&Person::new(), &wanted] {
                if let Some(mut person) = self.who(&links, &[], known, &presumed, &[]) {
                    person.extend(known.iter().map(|(fact, value)| (*fact, *value)));
                    all.push(self.dated(person, &presumed, starts));
                }
            }
        }
        all
    }
}

/// Lets something happen; nothing when it is refused, but for being too much at once.
pub(super) fn attempt(from: &Driver, events: Vec<Happening>) -> Option<Tried> {
    let mut driver = from.clone();
    let mut happened = Vec::new();
    for mut event in events {
        // Whoever must agree to what is decided does.
        for what in driver.agreements(&event.what) {
            let agrees = self::event(std::mem::replace(&mut event.after, Length::ZERO), what);
            driver.happen_unheard(&agrees).ok()?;
            happened.push(agrees);
        }
        let taken = driver.happen_unheard(&event);
        happened.push(event);
        match taken {
            Ok(()) => {}
            Err(refusal @ Refusal::TooMuchAtOnce { .. }) => {
                return Some(Tried { driver, events: happened, refused: Some(refusal) });
            }
            Err(_) => return None,
        }
    }
    Some(Tried { driver, events: happened, refused: None })
}

/// The first decision that was looked at since an entry of the journal.
fn decided_first(subject: &Subject<'_>, driver: &Driver, since: usize) -> Option<PlaceId> {
    let journal = &driver.case.record().journal;
    let first = journal.iter().skip(since).find_map(|entry| match &entry.what {
        EntryKind::Decided(decided) => Some(&decided.decision),
        EntryKind::Passed { place, .. } => Some(place),
        _ => None,
    });
    subject.program.pathway.place_named(first?)
}

fn not_found(fact: crate::model::Name) -> Given {
    Given { fact, answer: Answer::CouldNot("nobody knows yet".to_string()) }
}

/// The facts that what is shown speaks of.
pub(super) fn spoken_of(evidence: &Evidence) -> Vec<FactId> {
    let Evidence::Run(run) = evidence else { return Vec::new() };
    match &run.shows {
        Shows::LeftBehind { fact, .. } | Shows::NotReached { since: Since::Fact(fact), .. } => vec![*fact],
        Shows::AskedAgain { facts, .. } => facts.clone(),
        _ => Vec::new(),
    }
}
