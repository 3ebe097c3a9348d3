//! What a person's record was told of one fact, and what stands of it (10.47).
//!
//! Everything is kept by the id of its news, in sets that only grow; what was put right, taken back or erased leaves nothing
//! but its id. What stands is worked out from the sets. So the same news, in whatever order and however often it comes,
//! makes the same record.

use super::person_record::{KnownBefore, NewsKind};
use crate::model::Answer;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What was told of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    /// What was recorded and not superseded, by its id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    said: BTreeMap<String, KnownBefore>,
    /// What was superseded, by its id, with what was said in its place: nothing where it was taken back or erased.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    superseded: BTreeMap<String, BTreeSet<String>>,
    /// What each case said last of whether it is disputed there, by the id of the case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    disputed: BTreeMap<String, Doubt>,
    /// What was settled, by the id of what settles it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    settled: BTreeMap<String, BTreeSet<String>>,
}

/// What a case said of whether a fact is disputed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Doubt {
    /// The entry of its journal that says so: a later one says what is so now.
    entry: u64,
    /// What is disputed, by their ids; nothing where it is not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    between: BTreeSet<String>,
    /// Whether nobody settles it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    given_up: bool,
}

impl Told {
    pub(super) fn learn(&mut self, id: &str, what: &NewsKind) {
        match what {
            NewsKind::Recorded(it) => self.say(id, it),
            NewsKind::Corrected { supersedes, instead } => {
                self.supersede(supersedes).insert(id.to_string());
                self.say(id, instead);
            }
            NewsKind::TakenBack { supersedes } | NewsKind::Erased { supersedes } => drop(self.supersede(supersedes)),
            NewsKind::Disputed { between } => self.doubt(id, between, false),
            NewsKind::NotSettled { between } => self.doubt(id, between, true),
            NewsKind::Undisputed => self.doubt(id, &[], false),
            NewsKind::Settled { between, is } => {
                self.settled.insert(id.to_string(), between.iter().cloned().collect());
                self.say(id, is);
            }
        }
    }

    /// It was said, and stands unless that is known to be superseded.
    fn say(&mut self, id: &str, it: &KnownBefore) {
        if !self.superseded.contains_key(id) {
            self.said.insert(id.to_string(), KnownBefore { id: Some(id.to_string()), ..it.clone() });
        }
    }

    fn supersede(&mut self, id: &str) -> &mut BTreeSet<String> {
        self.said.remove(id);
        self.superseded.entry(id.to_string()).or_default()
    }

    /// A case says whether it is disputed there: what it says last holds.
    fn doubt(&mut self, id: &str, between: &[String], given_up: bool) {
        let (case, entry) = in_order(id);
        let last = self.disputed.get(case).is_none_or(|known| known.entry <= entry);
        if last {
            let between = between.iter().cloned().collect();
            self.disputed.insert(case.to_string(), Doubt { entry, between, given_up });
        }
    }

    /// What was so last, of what nobody doubts; nothing while it is disputed, or since it was and nobody settled it.
    pub(super) fn stands(&self) -> Option<&KnownBefore> {
        let set_aside = self.set_aside();
        if self.doubts(&set_aside).any(|doubt| !doubt.given_up) {
            return None;
        }
        let given_up = self.doubts(&set_aside).flat_map(|doubt| self.values(&doubt.between, &set_aside));
        let doubted_until = given_up.map(|(_, it)| it.happened).max();
        let values = self.said.iter().filter(|(id, it)| is_value(it) && !set_aside.contains(id.as_str()));
        let values = values.filter(|(_, it)| doubted_until.is_none_or(|until| it.happened > until));
        values.max_by_key(|(id, it)| (it.happened, it.recorded, in_order(id))).map(|(_, it)| it)
    }

    pub(super) fn is_disputed(&self) -> bool {
        self.doubts(&self.set_aside()).any(|doubt| !doubt.given_up)
    }

    /// What was disputed, where what is left of it is still not the same.
    fn doubts<'t>(&'t self, set_aside: &'t BTreeSet<&'t str>) -> impl Iterator<Item = &'t Doubt> {
        self.disputed.values().filter(|doubt| {
            let said: BTreeSet<&Answer> = self.values(&doubt.between, set_aside).map(|(_, it)| &it.answer).collect();
            said.len() > 1
        })
    }

    /// The values that stand of what was said, each as it was put right.
    fn values<'t>(
        &'t self,
        between: &'t BTreeSet<String>,
        set_aside: &'t BTreeSet<&'t str>,
    ) -> impl Iterator<Item = (&'t str, &'t KnownBefore)> {
        let last = between.iter().flat_map(|id| self.put_right(id)).filter(|id| !set_aside.contains(id));
        last.filter_map(|id| Some((id, self.said.get(id).filter(|it| is_value(it))?)))
    }

    /// What an id stands for: itself, and what was said in its place, and in the place of that.
    fn put_right<'t>(&'t self, id: &'t str) -> BTreeSet<&'t str> {
        let (mut all, mut left) = (BTreeSet::new(), vec![id]);
        while let Some(id) = left.pop() {
            if all.insert(id) {
                left.extend(self.superseded.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        all
    }

    /// What a settling that stands puts aside.
    fn set_aside(&self) -> BTreeSet<&str> {
        let stands = |settling: &&String| {
            let is = self.put_right(settling);
            is.into_iter().any(|id| self.said.get(id).is_some_and(is_value))
        };
        let settled = self.settled.iter().filter(|(settling, _)| stands(settling));
        settled.flat_map(|(_, between)| between).flat_map(|id| self.put_right(id)).collect()
    }
}

fn is_value(it: &KnownBefore) -> bool {
    matches!(it.answer, Answer::Value(_))
}

/// The order of two things that were recorded at one moment: by the case, and in a case by the entry.
fn in_order(id: &str) -> (&str, u64) {
    let (case, entry) = id.rsplit_once('/').unwrap_or((id, ""));
    (case, entry.parse().unwrap_or_default())
}
