//! The chain of the journal (7.4): every entry carries a salted digest of what it says, and a link to the one before it. So
//! text and values can be erased by law, and it can still be seen that nothing else was changed.
//!
//! Salts come from a secret that the host gives when it opens a case, and that it keeps nowhere else. Each entry takes a
//! salt from the secret as it is then, and leaves a new one behind, from which the one before cannot be worked out: so
//! nothing that is kept brings back a salt that was erased. Where no secret is given the journal has no chain.

use super::answer::Erasure;
use super::case::Case;
use super::event::By;
use super::load_error::LoadError;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::Moment;
use crate::model::FactId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A secret of the host's that the digests of a case are salted with: 32 bytes that nobody can guess, other for every case.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A secret of these bytes.
    pub fn new(bytes: [u8; 32]) -> Secret {
        Secret(bytes)
    }

    /// Its bytes, for whoever carries it into a sandbox; they are to be kept nowhere.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Secret(…)")
    }
}

/// What makes a change of an entry seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// What the digest is salted with; nothing once what the entry said is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The digest of the salt and of what the entry says.
    pub digest: String,
    /// The digest of the link of the entry before it and of this digest.
    pub link: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(what: &str, pieces: &[&str]) -> String {
    let mut digest = Sha256::new();
    for piece in [what].iter().chain(pieces) {
        digest.update((piece.len() as u64).to_le_bytes());
        digest.update(piece);
    }
    hex(&digest.finalize())
}

fn digest(salt: &str, entry: &Entry) -> String {
    // What is written of an entry is always written in the same way.
    let said = serde_json::to_string(&(entry.at, &entry.what)).unwrap_or_default();
    hash("entry", &[salt, &said])
}

fn link(before: &str, digest: &str) -> String {
    hash("link", &[before, digest])
}

impl CaseRecord {
    /// The case without its chain: as it is when it is played again.
    pub fn without_chain(&self) -> CaseRecord {
        let mut record = self.clone();
        record.secret = None;
        record.journal.iter_mut().for_each(|entry| entry.seal = None);
        record
    }

    /// Whether anything of it was erased.
    pub fn is_erased(&self) -> bool {
        self.journal.iter().any(|entry| matches!(entry.what, EntryKind::Erased { .. }))
    }

    /// The last link of the chain. A host that keeps it elsewhere sees if the whole journal was written anew.
    pub fn head(&self) -> Option<&str> {
        Some(self.journal.last()?.seal.as_ref()?.link.as_str())
    }

    /// Whether the chain holds: no entry was changed, taken out or put in since it was written.
    ///
    /// # Errors
    /// [`LoadError::Tampered`] names the first entry that is not as it was written.
    pub fn check_chain(&self) -> Result<(), LoadError> {
        if self.secret.is_none() && self.journal.iter().all(|entry| entry.seal.is_none()) {
            return Ok(());
        }
        let mut before = "";
        for (number, entry) in self.journal.iter().enumerate() {
            let tampered = LoadError::Tampered { entry: number };
            let Some(seal) = &entry.seal else { return Err(tampered) };
            let erased = matches!(entry.what, EntryKind::Erased { .. });
            let as_written = match &seal.salt {
                Some(salt) => !erased && digest(salt, entry) == seal.digest,
                None => erased,
            };
            if !as_written || link(before, &seal.digest) != seal.link {
                return Err(tampered);
            }
            before = &seal.link;
        }
        Ok(())
    }
}

impl Case {
    pub(super) fn keep_secret(&mut self, secret: Option<Secret>) {
        self.record.secret = secret.map(|secret| hex(&secret.0));
    }

    /// Seals the entries of the journal from one on, as far as they are not sealed yet.
    pub(super) fn seal(&mut self, from: usize) {
        let Some(mut secret) = self.record.secret.take() else { return };
        let from = from.min(self.record.journal.len());
        let (sealed, fresh) = self.record.journal.split_at_mut(from);
        let mut before = sealed.last().and_then(|entry| entry.seal.as_ref()).map_or("", |seal| &seal.link).to_string();
        for entry in fresh {
            if let Some(seal) = &entry.seal {
                before.clone_from(&seal.link);
                continue;
            }
            let salt = hash("salt", &[&secret]);
            secret = hash("next", &[&secret]);
            let digest = digest(&salt, entry);
            let link = link(&before, &digest);
            before.clone_from(&link);
            entry.seal = Some(Seal { salt: Some(salt), digest, link });
        }
        self.record.secret = Some(secret);
    }

    /// Erases what an entry of the journal says, and what else says the same: the input that brought it, what was recorded
    /// of it, and the advice that showed it. It is known no more, and what stands is what was recorded beside it. It is not
    /// undone that it happened, what it put right stays wrong, and its digest stays. What falls due by then does so before.
    /// A case that is closed can be erased, too. Says which entries were erased, and answers as to an event.
    ///
    /// # Errors
    /// When there is no such entry, when it was erased, or when it says nothing that a person said or is known by; when no
    /// reason is given; when `now` is before what was recorded last.
    pub fn erase(&mut self, entry: u32, by: By, reason: &str, now: Moment) -> Result<Erasure, Refusal> {
        self.change(now, |case, from| {
            case.check_by(&by)?;
            case.needs_reason(&"erase".into(), reason)?;
            // What is said once more by what falls due now is erased with it, and was said before.
            if case.record.closed.is_none() {
                case.catches_up(now)?;
                case.seal(from);
            }
            let entries = case.to_be_erased(entry)?;
            let kept: Vec<Entry> =
                entries.iter().filter_map(|it| case.record.journal.get(*it as usize)).cloned().collect();
            let erased = case.forget_entries(&entries, by, reason, now);
            if erased.is_err() {
                for (number, entry) in entries.iter().zip(kept) {
                    case.record.journal[*number as usize] = entry;
                }
            }
            erased?;
            case.record.revision = case.record.revision.saturating_add(1);
            case.record.now = now;
            Ok(Erasure { entries, answer: case.answer(from) })
        })
    }

    /// What entries say is gone, and what stands now is worked out without it.
    fn forget_entries(&mut self, entries: &[u32], by: By, reason: &str, now: Moment) -> Result<(), Refusal> {
        let mut facts: BTreeSet<FactId> = BTreeSet::new();
        for number in entries {
            let Some(it) = self.record.journal.get_mut(*number as usize) else { continue };
            let was = std::mem::replace(&mut it.what, EntryKind::Advanced);
            let (mut event, mut fact, mut supersedes, mut accepted) = (None, None, None, None);
            match was {
                EntryKind::Event(it) => event = Some(it.id.clone()),
                EntryKind::Recorded { fact: of, .. } => fact = Some(of),
                EntryKind::Corrected { fact: of, supersedes: it, .. }
                | EntryKind::Withdrawn { fact: of, supersedes: it, .. } => {
                    (fact, supersedes) = (Some(of), Some(it));
                }
                EntryKind::Ended { step, how: Outcome::Accepted | Outcome::AcceptedOnCondition, .. } => {
                    accepted = Some(step);
                }
                _ => {}
            }
            facts.extend(fact.as_ref().and_then(|fact| self.shared.fact(fact)));
            it.what = EntryKind::Erased { event, fact, supersedes, accepted };
            if let Some(seal) = &mut it.seal {
                seal.salt = None;
            }
        }
        self.write(now, EntryKind::Erasing { entries: entries.to_vec(), by, reason: reason.to_string() });
        for fact in facts {
            self.forget_input(fact, entries);
            let stood = self.stood(fact, self.record.journal.len() as u32, now)?;
            self.becomes(fact, stood, now)?;
        }
        if self.record.closed.is_none() {
            self.look(now)?;
            self.advise_anew(now);
            self.ask_models(now);
        }
        Ok(())
    }

    /// The entries that say what an entry says.
    fn to_be_erased(&self, entry: u32) -> Result<Vec<u32>, Refusal> {
        let not = |because: &str| Refusal::NotARecord { entry, because: because.to_string() };
        let journal = &self.record.journal;
        let of = journal.get(entry as usize).ok_or_else(|| not("is not there"))?;
        let mut all = vec![entry];
        let said = |from: usize| -> Vec<u32> {
            let of_input = journal.iter().enumerate().skip(from + 1).take_while(|(_, entry)| !entry.what.begins());
            let says = of_input.filter(|(_, entry)| entry.what.says_what_was_said());
            says.map(|(number, _)| number as u32).collect()
        };
        match &of.what {
            EntryKind::Erased { .. } => return Err(not("was erased already")),
            EntryKind::CaseOpened { .. } | EntryKind::Event(_) => all.extend(said(entry as usize)),
            what if what.says_what_was_said() => {
                let earlier = journal.iter().enumerate().take(entry as usize).rev();
                let input = earlier.into_iter().find(|(_, entry)| entry.what.begins());
                if let Some((number, _)) = input {
                    all.push(number as u32);
                    // Why it was said is about what was said; who did something is not.
                    let reasons = |it: &u32| {
                        let of = journal.get(*it as usize).map(|entry| &entry.what);
                        matches!(of, Some(EntryKind::Ended { reason: Some(_), .. }))
                    };
                    all.extend(said(number).into_iter().filter(reasons));
                }
            }
            EntryKind::Told { .. } | EntryKind::Advised { .. } | EntryKind::ModelAsked { .. } => {}
            _ => return Err(not("says nothing that anybody said or is known by")),
        }
        // Advice shows what it was given by, and whoever asks a model what that goes by.
        let shows = |it: &Entry| match &it.what {
            EntryKind::Advised { read, .. } | EntryKind::ModelAsked { read, .. } => {
                read.iter().any(|it| it.entry.is_some_and(|it| all.contains(&it)))
            }
            _ => false,
        };
        let advice = journal.iter().enumerate().filter(|(_, entry)| shows(entry)).map(|(number, _)| number as u32);
        let mut every: Vec<u32> = all.iter().copied().chain(advice.collect::<Vec<u32>>()).collect();
        every.retain(|number| {
            journal.get(*number as usize).is_some_and(|entry| !matches!(entry.what, EntryKind::Erased { .. }))
        });
        every.sort_unstable();
        every.dedup();
        Ok(every)
    }
}

impl EntryKind {
    /// Whether it came from outside.
    pub(super) fn is_input(&self) -> bool {
        matches!(
            self,
            EntryKind::CaseOpened { .. }
                | EntryKind::Event(_)
                | EntryKind::Advanced
                | EntryKind::Followed { .. }
                | EntryKind::Erasing { .. }
        )
    }

    /// Whether what follows it, up to the next such, is what came of it: an input, also when that was erased.
    pub(super) fn begins(&self) -> bool {
        self.is_input() || matches!(self, EntryKind::Erased { event: Some(_), .. })
    }

    /// Whether it repeats what an input said: a value, a reason, or who said it.
    fn says_what_was_said(&self) -> bool {
        match self {
            EntryKind::Recorded { .. } | EntryKind::Corrected { .. } | EntryKind::Withdrawn { .. } => true,
            EntryKind::Ended { reason, by, .. } => reason.is_some() || by.names_somebody(),
            EntryKind::Agreed { by, .. } | EntryKind::NotAgreedAnyMore { by, .. } => by.names_somebody(),
            _ => false,
        }
    }
}
