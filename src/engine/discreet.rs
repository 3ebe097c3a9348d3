//! What `Debug` prints of what is about a person: names, ids, times and numbers of entries, never what anybody found or
//! said. So a host that panics, or writes `{:?}` into a log, tells nobody anything.
//!
//! Whoever may know reads the fields, the saved case, or [`Case::why`].

use super::case::Case;
use super::event::EventKind;
use super::journal::EntryKind;
use super::known::{Holding, View};
use super::record::{Advice, CaseRecord, Found, KnownFact, ModelInput};
use super::refusal::Refusal;
use super::seal::Seal;
use super::why::{Cause, FactReason};
use serde::Serialize;
use serde_json::Value;
use std::fmt::{Debug, Formatter, Result};

/// The name of a kind, and the step it is about.
fn kind(of: &impl Serialize, out: &mut Formatter<'_>) -> Result {
    let of = match serde_json::to_value(of) {
        Ok(Value::Object(of)) => of.into_iter().next(),
        Ok(Value::String(name)) => Some((name, Value::Null)),
        _ => None,
    };
    let Some((name, what)) = of else { return out.write_str("..") };
    let Some(step) = what.get("step").and_then(Value::as_str) else { return out.write_str(&name) };
    write!(out, "{name}(`{step}`)")
}

impl Debug for EventKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        kind(self, out)
    }
}

impl Debug for EntryKind {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            EntryKind::Event(event) => event.fmt(out),
            other => kind(other, out),
        }
    }
}

impl Debug for Cause {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Cause::Decided(looked) => looked.fmt(out),
            other => kind(other, out),
        }
    }
}

impl Debug for Case {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        self.record().fmt(out)
    }
}

impl Debug for CaseRecord {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let open: Vec<String> = self.open.iter().map(|it| format!("{}#{}", it.step, it.entry)).collect();
        let mut it = out.debug_struct("Case");
        it.field("id", &self.id).field("revision", &self.revision).field("pathway", &self.pathway.name);
        it.field("open", &open).field("entries", &self.journal.len()).finish_non_exhaustive()
    }
}

impl Debug for KnownFact {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let mut it = out.debug_struct("KnownFact");
        it.field("happened", &self.happened).field("entry", &self.entry).finish_non_exhaustive()
    }
}

impl Debug for Found {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let mut it = out.debug_struct("Found");
        it.field("happened", &self.happened).field("entry", &self.entry).finish_non_exhaustive()
    }
}

impl Debug for Advice {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("Advice").field("number", &self.number).field("advises", &self.advises).finish_non_exhaustive()
    }
}

impl Debug for ModelInput {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("ModelInput").field("fact", &self.fact).finish_non_exhaustive()
    }
}

// With the salt and the digest one could try which of a few answers an entry holds.
impl Debug for Seal {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("Seal").finish_non_exhaustive()
    }
}

impl Debug for FactReason {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let mut it = out.debug_struct("FactReason");
        it.field("name", &self.name).field("happened", &self.happened).finish_non_exhaustive()
    }
}

impl Debug for Holding {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("Holding").finish_non_exhaustive()
    }
}

impl Debug for View<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("View").finish_non_exhaustive()
    }
}

impl Debug for Refusal {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        write!(out, "Refusal({}: {self})", self.code())
    }
}
