//! What is to be sent, at least once each, under one id.
//!
//! A message comes into the outbox in the transaction of the input that it follows from. It is sent from there and marked
//! *after* it was sent. A hub that goes down between the two sends it again, under the same id, and whoever receives it
//! throws the second away. The other way round, marked first and then sent, it could be lost.

use crate::board::Waiting;
use crate::hub::Hub;
use crate::{Error, store};
use onward::engine::{Effect, EffectKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: the case, and the entry of its journal. Whoever has seen it need do nothing more.
    pub id: String,
    /// The case.
    pub case: String,
    /// Who it concerns: teams, by their names in the directory; or the person, or a role.
    pub to: Vec<String>,
    /// What it is, as the engine says it.
    pub effect: serde_json::Value,
}

impl Message {
    pub(crate) fn new<'w>(case: &str, effect: &Effect, waiting: impl Iterator<Item = &'w Waiting>) -> Message {
        let teams_of = |step: &str| -> BTreeSet<String> {
            waiting.filter(|it| it.step == step).map(|it| it.team.name.clone()).collect()
        };
        let to = match &effect.what {
            EffectKind::Tell { who, .. } => [who.to_string()].into(),
            EffectKind::Escalated { contact, .. } | EffectKind::StoodDown { contact: Some(contact), .. } => {
                [contact.to_string()].into()
            }
            EffectKind::Opened { step, .. }
            | EffectKind::StoodDown { step, contact: None }
            | EffectKind::Advised { step, .. }
            | EffectKind::Reassigned { step, .. } => teams_of(step),
            EffectKind::PassedOver { .. } | EffectKind::RunModel { .. } | EffectKind::Closed { .. } => BTreeSet::new(),
        };
        let effect_as_json = serde_json::to_value(effect).unwrap_or_default();
        Message { id: effect.id.clone(), case: case.to_string(), to: to.into_iter().collect(), effect: effect_as_json }
    }
}

/// It did not arrive. It stays in the outbox, and is sent again the next time.
#[derive(Debug)]
pub struct NotNow;

/// Where messages go: a bleep, a mailbox, another system. It looks at the id, and takes each only once.
pub trait Receiver {
    /// Takes a message. Once this returns, the receiver has it for good.
    ///
    /// # Errors
    /// [`NotNow`] when it did not arrive, or nobody knows whether it did.
    fn receive(&mut self, message: &Message) -> Result<(), NotNow>;
}

impl Hub {
    /// Sends what is to be sent, in order, and says how many. What does not arrive waits, and with it everything later
    /// of the same case: nobody is stood down before they were asked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn send(&mut self, receiver: &mut dyn Receiver) -> Result<usize, Error> {
        let mut sent = 0;
        let mut waits: BTreeSet<String> = BTreeSet::new();
        for (number, message) in self.to_send()? {
            if waits.contains(&message.case) {
                continue;
            }
            if receiver.receive(&message).is_err() {
                waits.insert(message.case);
                continue;
            }
            self.db.prepare_cached("UPDATE outbox SET sent = 1 WHERE number = ?1")?.execute([number])?;
            sent += 1;
        }
        Ok(sent)
    }

    /// What is to be sent, with its number.
    fn to_send(&self) -> Result<Vec<(i64, Message)>, Error> {
        let mut all = self.db.prepare_cached("SELECT number, message FROM outbox WHERE sent = 0 ORDER BY number")?;
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (number, text) = row?;
            Ok((number, store::read(&text, "the outbox")?))
        })
        .collect()
    }
}
