//! What a case replies: what the entries that were just written ask of the host, and where it stands now.
//!
//! *Invariant*: the id of an effect is that of its entry, so whoever works it out again comes to the same.

use super::answer::{Answer, Applied, Effect, EffectKind};
use super::case::Case;
use super::event::Event;
use super::ids::numbered;
use super::journal::EntryKind;
use super::person_record::News;
use super::record::Outcome;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::Name;

/// What comes for many cases at once: each takes its event, or lets time go on where there is none, in this order. It is as if
/// [`Case::apply`] and [`Case::advance`] were called for one after the other, and so are the answers.
///
/// Natively it saves nothing. In the sandbox it is one call for all of them, which is what it is for: a night's messages, or
/// waking every case that is due.
pub fn apply_each<'c>(
    turns: impl IntoIterator<Item = (&'c mut Case, Option<Event>, Moment)>,
) -> Vec<Result<Answer, Refusal>> {
    turns.into_iter().map(|(case, event, now)| case.apply_or_advance(event, now)).collect()
}

impl Case {
    /// Takes events in turn, each recorded at its own moment, and replies once to all of them: for what comes in a bundle, and
    /// for what happened before there was a case. It is as if [`Case::apply`] were called with one after the other.
    ///
    /// The first that is refused ends it: those before it are taken, it has changed nothing, and those behind it are not looked at.
    pub fn apply_all(&mut self, events: impl IntoIterator<Item = (Event, Moment)>) -> Applied {
        let (mut effects, mut news, mut taken, mut refused) = (Vec::new(), Vec::new(), 0, None);
        for (event, now) in events {
            match self.take_one(event, now) {
                Ok(asked) => {
                    effects.extend(asked.0);
                    news.extend(asked.1);
                    taken += 1;
                }
                Err(refusal) => {
                    refused = Some(refusal);
                    break;
                }
            }
        }
        Applied { taken, answer: self.reply(effects, news), refused }
    }

    /// Takes an event as [`Case::apply`] does, or lets time go on as [`Case::advance`] does where there is none.
    ///
    /// # Errors
    /// Theirs. Then nothing has changed.
    pub fn apply_or_advance(&mut self, event: Option<Event>, now: Moment) -> Result<Answer, Refusal> {
        match event {
            Some(event) => self.apply(event, now),
            None => self.advance(now),
        }
    }

    /// Takes an event, and says what it asks of the host and what was learnt; the same again where it was taken before.
    fn take_one(&mut self, event: Event, now: Moment) -> Result<(Vec<Effect>, Vec<News>), Refusal> {
        if let Some(before) = self.same_again(&event)? {
            return Ok((before.effects, before.news));
        }
        let from = self.take_new(event, now)?;
        Ok((self.effects_since(from), self.news_since(from)))
    }

    fn reply(&self, effects: Vec<Effect>, news: Vec<News>) -> Answer {
        Answer { revision: self.record.revision, draft: self.record.draft, effects, news, standing: self.standing() }
    }

    /// What is replied to an input whose entries begin there.
    pub(super) fn answer(&self, from: usize) -> Answer {
        self.reply(self.effects_since(from), self.news_since(from))
    }

    /// The answer to an event that was taken before: the same again, worked out from the journal.
    pub(super) fn same_again(&self, event: &Event) -> Result<Option<Answer>, Refusal> {
        let Some(number) = self.events.get(&event.id).map(|number| *number as usize) else { return Ok(None) };
        let entry = self.record.journal.get(number).map(|entry| &entry.what);
        let same = matches!(entry, Some(EntryKind::Event(taken)) if **taken == *event);
        if !same {
            return Err(Refusal::SameIdOtherContent { id: event.id.clone() }.in_short());
        }
        // What was erased, or ran with a directory that is not there any more, is not played again: what followed is what
        // the journal says, and where it stands is where it stands now.
        let again = self.replay_to(number).map_or_else(|_| self.followed_from(number), |(_, answer)| answer);
        Ok(Some(again))
    }

    /// What followed from an input, by the journal.
    fn followed_from(&self, input: usize) -> Answer {
        let next = self.record.journal.iter().skip(input + 1).position(|entry| entry.what.is_input());
        let until = next.map_or(self.record.journal.len(), |next| input + 1 + next);
        let mut answer = self.answer(input);
        let later =
            |id: &str| id.rsplit('/').next().and_then(|it| it.parse::<usize>().ok()).is_some_and(|it| it >= until);
        answer.effects.retain(|effect| !later(&effect.id));
        answer.news.retain(|news| !later(&news.id));
        answer
    }

    /// Everything the case has asked of its host, from an entry of the journal on: for a host that saved the case and
    /// went down before it had sent what followed. The ids are those of the answers.
    pub fn effects_since(&self, entry: usize) -> Vec<Effect> {
        let effects = (0_u32..).zip(&self.record.journal).skip(entry).filter_map(|(number, entry)| {
            let what = effect(&entry.what)?;
            Some(Effect { id: self.effect_id(number), at: entry.at, what })
        });
        effects.collect()
    }

    /// The id of what an entry of the journal asks of the host.
    pub(super) fn effect_id(&self, entry: u32) -> String {
        numbered(&self.record.id, '/', entry)
    }
}

/// What an entry of the journal asks of the host.
fn effect(entry: &EntryKind) -> Option<EffectKind> {
    let id = |step: &Name, entry: &u32| numbered(step, '#', *entry);
    Some(match entry {
        EntryKind::Asked(question) => EffectKind::Opened { step: question.id(), due: question.due },
        EntryKind::Opened { step, entry, due, .. } => EffectKind::Opened { step: id(step, entry), due: *due },
        EntryKind::Ended { step, entry, how: Outcome::StoodDown, .. } => {
            EffectKind::StoodDown { step: id(step, entry), contact: None }
        }
        EntryKind::StoodDown { step, entry, contact } => {
            EffectKind::StoodDown { step: id(step, entry), contact: Some(contact.clone()) }
        }
        EntryKind::Reassigned { step, entry, to, due } => {
            EffectKind::Reassigned { step: id(step, entry), to: to.clone(), due: *due }
        }
        EntryKind::Advised { step, entry, advice, .. } => EffectKind::Advised {
            step: id(step, entry),
            advice: numbered(&id(step, entry), '.', advice.number),
            advises: advice.advises.clone(),
        },
        EntryKind::ModelAsked { fact, model, from, .. } => {
            EffectKind::RunModel { fact: fact.clone(), model: model.clone(), from: from.clone() }
        }
        EntryKind::Told { who, text, .. } => EffectKind::Tell { who: who.clone(), text: text.clone() },
        EntryKind::Escalated { step, entry, to } => {
            EffectKind::Escalated { step: id(step, entry), contact: to.contact.clone(), answer_by: to.answer_by }
        }
        EntryKind::PassedOver { step, rung, .. } => EffectKind::PassedOver { step: step.clone(), rung: rung.clone() },
        EntryKind::Closed { closed, .. } => {
            EffectKind::Closed { ending: closed.ending.clone(), held_by: closed.held_by.clone() }
        }
        _ => return None,
    })
}
