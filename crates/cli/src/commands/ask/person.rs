//! What happens beside the steps: something is learnt, raised, put right, taken back, or happens in the person's life.

use super::{Came, Dialogue, WHY, answered};
use crate::commands::answers::Answered;
use crate::said::Stop;
use crate::words::{Words, life, lower_the};
use onward::engine::{EntryKind, EventKind, LifeEvent, Withdrawn, Work};
use onward::model::Name;

impl Dialogue<'_> {
    /// Something is learnt about the person.
    pub(super) fn record(&mut self) -> Result<Came, Stop> {
        let case = &self.driver.case;
        let facts = case.program().pathway.facts.iter().filter_map(|id| case.shared().facts.get(id.index()));
        // What came of a positive risk is decided where it is asked, and not recorded.
        let facts = facts.filter(|fact| fact.rests_on.is_none());
        // What follows from a date nobody learns by itself.
        let facts = facts.filter(|fact| fact.elapsed.is_none());
        let facts: Vec<(Name, String)> = facts.map(|fact| (fact.name.clone(), fact.title.clone())).collect();
        let titles: Vec<String> = facts.iter().map(|(_, title)| title.clone()).collect();
        let chosen = answered!(self.terminal.choose("What is learnt?", &titles));
        let Some((name, _)) = facts.get(chosen) else { return Ok(Came::Same) };
        let (facts, _) = answered!(self.facts(std::slice::from_ref(name)));
        if facts.is_empty() {
            return Ok(Came::Same);
        }
        answered!(self.when()?);
        self.send(EventKind::Record { facts }, None)
    }

    /// Something happens in the person's life.
    pub(super) fn life(&mut self) -> Result<Came, Stop> {
        let all = [
            LifeEvent::Died,
            LifeEvent::Withdrew,
            LifeEvent::CannotBeReached,
            LifeEvent::MovedAway,
            LifeEvent::OpenedInError,
        ];
        let titles: Vec<String> = all.iter().map(|it| life(*it).to_string()).collect();
        let chosen = answered!(self.terminal.choose("What happens?", &titles));
        let Some(what) = all.get(chosen).copied() else { return Ok(Came::Same) };
        answered!(self.when()?);
        self.send(EventKind::Life { what }, None)
    }

    /// Somebody raises what anyone may raise.
    pub(super) fn raise(&mut self) -> Result<Came, Stop> {
        let may = self.driver.case.may_raise();
        if may.is_empty() {
            self.terminal.say("There is nothing here that anyone may raise, or it has happened as often as it may.");
            return Ok(Came::Same);
        }
        let pathway = &self.driver.case.program().pathway;
        let title = |name: &Name| pathway.interrupts.iter().find(|it| it.name == *name).map(|it| it.title.clone());
        let titles: Vec<String> = may.iter().map(|name| title(name).unwrap_or_else(|| name.to_string())).collect();
        let chosen = answered!(self.terminal.choose("What is raised?", &titles));
        let Some(what) = may.get(chosen).cloned() else { return Ok(Came::Same) };
        let reason = answered!(self.terminal.needed(WHY));
        answered!(self.when()?);
        self.send(EventKind::Raise { what, reason }, None)
    }

    /// What was recorded was wrong.
    pub(super) fn correct(&mut self) -> Result<Came, Stop> {
        let recorded = self.recorded();
        if recorded.is_empty() {
            self.terminal.say("Nothing that stands was recorded, so there is nothing to correct.");
            return Ok(Came::Same);
        }
        let titles = self.recorded_words(&recorded);
        let chosen = answered!(self.terminal.choose("Which of these was wrong?", &titles));
        let Some((name, entry, _)) = recorded.get(chosen) else { return Ok(Came::Same) };
        let (facts, _) = answered!(self.facts(std::slice::from_ref(name)));
        let Some(answer) = facts.get(name).cloned() else { return Ok(Came::Same) };
        let reason = answered!(self.terminal.needed("What was wrong? In a few words; blank to go back."));
        self.send(EventKind::Correct { entry: *entry, answer, reason }, None)
    }

    /// Somebody takes back what they said.
    pub(super) fn take_back(&mut self) -> Result<Came, Stop> {
        let case = &self.driver.case;
        let words = Words::of(case);
        let mut all: Vec<(String, Withdrawn, Option<Name>)> = Vec::new();
        for risk in case.accepted_risks(self.driver.now) {
            all.push((format!("That it is accepted: {}", words.title(&risk)), Withdrawn::Risk { risk }, None));
        }
        for step in self.steps() {
            let Work::Decide { advice: Some(advice), .. } = step.work else { continue };
            for (role, to) in advice.agreed.into_iter().filter_map(|it| Some((it.role, it.to?))) {
                let said = format!("That {} agrees to: {}", lower_the(&words.role(&role)), words.title(&to));
                let what = Withdrawn::Agreement { step: Some(Name::from(&step.id)), role: role.clone() };
                all.push((said, what, Some(role)));
            }
        }
        let recorded = self.recorded();
        for (said, (_, entry, by)) in self.recorded_words(&recorded).into_iter().zip(recorded) {
            all.push((said, Withdrawn::Fact { entry }, by));
        }
        if all.is_empty() {
            self.terminal.say("Nothing that stands was said, so there is nothing to take back.");
            return Ok(Came::Same);
        }
        let titles: Vec<String> = all.iter().map(|(said, ..)| said.clone()).collect();
        let chosen = answered!(self.terminal.choose("What is taken back?", &titles));
        let Some((_, what, by)) = all.into_iter().nth(chosen) else { return Ok(Came::Same) };
        let reason = answered!(self.terminal.perhaps("Why? Blank if nothing is said."));
        answered!(self.when()?);
        self.send(EventKind::Withdraw { what, reason }, by)
    }

    /// What was recorded and stands, or is disputed: the fact, its entry in the journal, and the role that said so.
    fn recorded(&self) -> Vec<(Name, u32, Option<Name>)> {
        let record = self.driver.case.record();
        let said_by = |entry: u32| match record.journal.get(entry as usize).map(|it| &it.what) {
            Some(EntryKind::Recorded { by, .. } | EntryKind::Corrected { by, .. }) => Some(by.role.clone()),
            _ => None,
        };
        let stands = record.facts.iter().map(|(fact, known)| (fact, known.entry));
        let disputed = record.disputed.iter().flat_map(|(fact, found)| found.iter().map(move |it| (fact, it.entry)));
        let of_a_risk = |fact: &Name| self.driver.case.program().pathway.risks.iter().any(|risk| risk.name == *fact);
        let all = stands.chain(disputed).filter(|(fact, _)| !of_a_risk(fact));
        all.filter_map(|(fact, entry)| Some((fact.clone(), entry, said_by(entry)?))).collect()
    }

    fn recorded_words(&self, recorded: &[(Name, u32, Option<Name>)]) -> Vec<String> {
        let words = Words::of(&self.driver.case);
        let record = self.driver.case.record();
        let said = |(fact, entry, by): &(Name, u32, Option<Name>)| {
            let answer = match record.journal.get(*entry as usize).map(|it| &it.what) {
                Some(EntryKind::Recorded { answer, .. } | EntryKind::Corrected { answer, .. }) => {
                    words.answer(fact, answer)
                }
                _ => String::new(),
            };
            let by = by.as_ref().map_or(String::new(), |role| format!(", from {}", lower_the(&words.role(role))));
            format!("{}: {answer}{by}", words.fact_title(fact))
        };
        recorded.iter().map(said).collect()
    }
}
