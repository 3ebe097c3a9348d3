//! Why, and why not: from the journal and the program, and only when somebody asks.
//!
//! The journal keeps which entry led to which, and which entries a decision read. The words, the rows and their
//! verdicts are worked out here again from that.

use super::answer::Speaks;
use super::case::Case;
use super::event::{By, EventKind};
use super::record::{Chose, Decided, Entry, EntryKind, Interrupted, Outcome, Reading};
use crate::calendar::Moment;
use crate::model::{self, FactId, NOT_APPLICABLE, Name, PlaceId, PlaceKind, Target};
use crate::workflow::{Known, Truth, score_range, seen, truth};
use serde::Serialize;

/// Why the person came to a place: the latest time, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The place.
    pub place: Name,
    /// Its title, for people.
    pub title: String,
    /// When.
    pub at: Moment,
    /// Where the person is from then on, where the place says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_at: Option<Name>,
    /// What led there.
    pub cause: Cause,
}

/// What led to a place.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The pathway starts there.
    Start,
    /// Something before it ended.
    Ended {
        /// What.
        place: Name,
        /// Its title.
        title: String,
        /// How.
        how: Outcome,
        /// Why, where somebody said.
        reason: Option<String>,
        /// By whom.
        by: By,
        /// What was advised and chosen, where it was a decision that was advised.
        choice: Option<Box<Choice>>,
    },
    /// A block opened its branches.
    Block {
        /// The block.
        place: Name,
        /// Its title.
        title: String,
    },
    /// A decision.
    Decided(Looked),
    /// Something interrupted what was open.
    Interrupted {
        /// Its name.
        name: Name,
        /// Its title.
        title: String,
        /// Its condition, as the authors wrote it.
        words: String,
        /// The facts and scores it waits for.
        facts: Vec<FactReason>,
        /// Whether it was opened alongside, and nothing was interrupted.
        as_well: bool,
        /// Why it was raised and by whom, where it was.
        raised: Option<(String, By)>,
    },
    /// A positive risk is put to somebody.
    Asked {
        /// The positive risk.
        risk: Name,
        /// Its title.
        title: String,
        /// Whether it is decided in the person's best interests.
        in_best_interests: bool,
    },
    /// Something came of a positive risk.
    Came {
        /// The positive risk.
        risk: Name,
        /// Its title.
        title: String,
        /// What came of it.
        what: String,
    },
    /// A call begins there.
    Called {
        /// The call.
        call: Name,
        /// Its title.
        title: String,
        /// The title of the pathway that is called.
        pathway: String,
    },
    /// A call ended.
    CallEnded {
        /// The call.
        call: Name,
        /// Its title.
        title: String,
        /// The title of the ending.
        ending: String,
    },
}

/// What a role that was advised chose, and what had been said for and against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What was chosen, and what was advised.
    #[serde(flatten)]
    pub chose: Chose,
    /// Whether it was not what was advised.
    pub is_override: bool,
    /// What spoke for and against the options.
    pub reasons: Vec<Speaks>,
}

/// A decision as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// The decision.
    pub decision: Name,
    /// Its title.
    pub title: String,
    /// When.
    pub at: Moment,
    /// The row that was chosen, counted from 1; nothing while it was not known.
    pub row: Option<u32>,
    /// Where it led, in the authors' words, where they said why.
    pub saying: Option<String>,
    /// The facts that were missing.
    pub missing: Vec<Name>,
    /// The rows that were looked at, in order, up to the one that was chosen.
    pub rows: Vec<RowReason>,
}

/// What was made of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowReason {
    /// Which row, counted from 1.
    pub row: u32,
    /// Its condition, as the authors wrote it.
    pub words: String,
    /// `yes`, `no` or `unknown`.
    pub verdict: &'static str,
    /// Where it leads.
    pub leads_to: String,
    /// The facts and scores it looks at.
    pub facts: Vec<FactReason>,
}

/// What a decision knew of a fact or a score.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct FactReason {
    /// The fact or score.
    pub name: Name,
    /// Its title.
    pub title: String,
    /// Its value, with its unit; for a score `5` or `3 to 7`; nothing while unknown.
    pub value: Option<String>,
    /// By whom it was found, or who said that it was asked for in vain.
    pub by: Option<By>,
    /// When it was so, or was asked for.
    pub happened: Option<Moment>,
    /// What came of asking, where it was asked for in vain the last time: declined, not found, not applicable.
    pub asked: Option<model::Answer>,
    /// Whether it was presumed: nobody had found otherwise.
    pub presumed: bool,
}

/// Why the person did not come to a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    /// The place.
    pub place: Name,
    /// Its title.
    pub title: String,
    /// Whether the person did come there at some time.
    pub was_reached: bool,
    /// What leads there: places and decisions, by name.
    pub leads_there: Vec<Name>,
    /// The decisions that could have led there, as they were last looked at.
    pub decisions: Vec<Looked>,
}

/// What was known when a decision was looked at.
pub(super) struct Then<'c> {
    case: &'c Case,
    read: &'c [Reading],
    at: Moment,
}

impl Then<'_> {
    fn reading(&self, fact: FactId) -> Option<&Reading> {
        let name = &self.case.shared.facts[fact.index()].name;
        self.read.iter().find(|reading| reading.fact == *name)
    }

    fn entry(&self, fact: FactId) -> Option<&Entry> {
        self.case.record.journal.get(self.reading(fact)?.entry? as usize)
    }

    fn is_presumed(&self, fact: FactId) -> bool {
        self.reading(fact).is_some_and(|reading| reading.presumed)
    }
}

impl Known for Then<'_> {
    fn value(&self, fact: FactId) -> Option<i64> {
        let shared = &self.case.shared;
        let it = &shared.facts[fact.index()];
        let passed = |since| it.passed(self.value(since), self.at, &self.case.directory.calendar.zone);
        seen(it, self, &shared.scores, || match &it.elapsed {
            Some(elapsed) => passed(elapsed.since),
            None => self.recorded(fact),
        })
    }
}

impl Then<'_> {
    /// What was recorded or is presumed of a fact, whether it applied or not.
    fn recorded(&self, fact: FactId) -> Option<i64> {
        if self.is_presumed(fact) {
            return self.case.shared.facts[fact.index()].presumed;
        }
        match &self.entry(fact)?.what {
            EntryKind::Recorded { answer: model::Answer::Value(text), .. }
            | EntryKind::Corrected { answer: model::Answer::Value(text), .. } => {
                let zone = &self.case.directory.calendar.zone;
                self.case.shared.facts[fact.index()].domain.read(text, Some(zone)).ok()
            }
            _ => None,
        }
    }
}

impl Case {
    /// What is known to somebody who reads only this.
    pub(super) fn then<'c>(&'c self, read: &'c [Reading], at: Moment) -> Then<'c> {
        Then { case: self, read, at }
    }

    /// Why the person came to a place, the last time they did; nothing when they never did.
    pub fn why(&self, place: &str) -> Option<Why> {
        let journal = &self.record.journal;
        let place = place.split('#').next().unwrap_or(place);
        // Where the main road had ended before, why it did is what is asked.
        let waited = |because: u32| {
            matches!(journal.get(because as usize), Some(Entry { what: EntryKind::NothingMore { .. }, .. }))
        };
        let (entry, because) = journal.iter().rev().find_map(|entry| match &entry.what {
            EntryKind::Opened { step, because, .. } if self.is_named(step, place) => Some((entry, *because)),
            EntryKind::Passed { place: it, because } if *it == *place => Some((entry, *because)),
            EntryKind::Closed { closed, because } if closed.ending == place && !waited(*because) => {
                Some((entry, *because))
            }
            EntryKind::RoadEnded { ended, because } if ended.ending == place => Some((entry, *because)),
            EntryKind::Decided(decided) if decided.decision == place => Some((entry, decided.because)),
            _ => None,
        })?;
        let id = self.program.pathway.place_named(place)?;
        let cause = match journal.get(because as usize).map(|entry| (&entry.what, entry.at)) {
            Some((EntryKind::Decided(decided), at)) => Cause::Decided(self.looked(decided, at)),
            Some((EntryKind::Ended { step, how, reason, by, .. }, _)) => Cause::Ended {
                place: step.clone(),
                title: self.title_of(step),
                how: *how,
                reason: reason.clone(),
                by: by.clone(),
                choice: self.choice_before(because as usize).map(Box::new),
            },
            Some((EntryKind::Opened { step, .. }, _)) => {
                Cause::Block { place: step.clone(), title: self.title_of(step) }
            }
            Some((EntryKind::Passed { place, .. }, _)) => self.passed(place).unwrap_or(Cause::Start),
            Some((EntryKind::Interrupted(it), _)) => self.interrupted_by(it).unwrap_or(Cause::Start),
            _ => Cause::Start,
        };
        let setting = self.place(id).lives.and_then(|lives| self.shared.setting(lives.setting));
        let is_at = setting.map(|it| it.name.clone());
        Some(Why { place: place.into(), title: self.place(id).title.clone(), at: entry.at, is_at, cause })
    }

    /// What was chosen just before an entry of the journal, where that was advised.
    fn choice_before(&self, number: usize) -> Option<Choice> {
        let EntryKind::Chose(chose) = &self.record.journal.get(number.checked_sub(1)?)?.what else { return None };
        let advised = self.record.journal[..number].iter().rev().find_map(|entry| match &entry.what {
            EntryKind::Advised { step, read, .. } if *step == chose.step => Some(self.spoke(step, read, entry.at)),
            _ => None,
        });
        let (is_override, reasons) = (chose.is_override(), advised.unwrap_or_default());
        Some(Choice { chose: chose.clone(), is_override, reasons })
    }

    /// What spoke for and against the options when somebody was advised, knowing that.
    pub fn spoke(&self, step: &Name, read: &[Reading], at: Moment) -> Vec<Speaks> {
        let pathway = &self.program.pathway;
        let kind = |id: PlaceId| &pathway.place(id).kind;
        let Some(PlaceKind::Choose(choose)) = pathway.place_named(step).map(kind) else { return Vec::new() };
        let PlaceKind::Decide(decide) = kind(choose.decision) else { return Vec::new() };
        let then = Then { case: self, read, at };
        let holds = |it: &&model::Reason| truth(&it.when.test, &then, &self.shared.scores) == Truth::Yes;
        let reasons = decide.advice.iter().flat_map(|advice| &advice.reasons).filter(holds);
        reasons.map(|reason| self.speaks(reason)).collect()
    }

    /// Every decision that was taken otherwise than advised, in order, with when and by which event.
    pub fn overrides(&self) -> Vec<(Moment, Choice)> {
        let numbered = self.record.journal.iter().enumerate();
        let chosen =
            numbered.filter(|(_, entry)| matches!(&entry.what, EntryKind::Chose(chose) if chose.is_override()));
        chosen.filter_map(|(number, entry)| Some((entry.at, self.choice_before(number + 1)?))).collect()
    }

    /// Why the person did not come to a place: what leads there, and what the decisions among it came to. Nothing
    /// when the pathway has no such place.
    pub fn why_not(&self, place: &str) -> Option<WhyNot> {
        let pathway = &self.program.pathway;
        let id = pathway.place_named(place)?;
        let mut leads_there: Vec<PlaceId> = Vec::new();
        let graph = &self.program.workflow.graph;
        for edge in graph.raw_edges() {
            let (from, to) = (graph[edge.source()], graph[edge.target()]);
            if to.place() == id && from.place() != id && !leads_there.contains(&from.place()) {
                leads_there.push(from.place());
            }
        }
        let decisions = leads_there.iter().filter_map(|from| {
            let name = &pathway.place(*from).name;
            self.record.journal.iter().rev().find_map(|entry| match &entry.what {
                EntryKind::Decided(decided) if decided.decision == *name => Some(self.looked(decided, entry.at)),
                _ => None,
            })
        });
        Some(WhyNot {
            place: pathway.place(id).name.clone(),
            title: pathway.place(id).title.clone(),
            was_reached: self.why(place).is_some(),
            decisions: decisions.collect(),
            leads_there: leads_there.into_iter().map(|from| pathway.place(from).name.clone()).collect(),
        })
    }

    /// Every decision that was looked at, in order.
    pub fn decisions(&self) -> Vec<Looked> {
        let journal = self.record.journal.iter();
        let looked = journal.filter_map(|entry| match &entry.what {
            EntryKind::Decided(decided) => Some(self.looked(decided, entry.at)),
            _ => None,
        });
        looked.collect()
    }

    /// Whether an open place has that name; a choice is also found by the name of its decision.
    fn is_named(&self, step: &Name, place: &str) -> bool {
        *step == *place || self.program.pathway.choice_named(step).is_some_and(|it| *it == *place)
    }

    fn interrupted_by(&self, it: &Interrupted) -> Option<Cause> {
        let of = self.program.pathway.interrupts.iter().find(|of| of.name == it.name)?;
        let at = self.record.journal.get(it.because as usize).map_or(self.record.now, |entry| entry.at);
        let facts = self.fact_reasons(&of.condition.test, &Then { case: self, read: &it.read, at }, at);
        let words = of.condition.words.clone();
        let raised = match self.record.journal.get(it.because as usize).map(|entry| &entry.what) {
            Some(EntryKind::Event(event)) => match &event.what {
                EventKind::Raise { reason, .. } => Some((reason.clone(), event.by.clone())),
                _ => None,
            },
            _ => None,
        };
        let (name, title, as_well) = (it.name.clone(), of.title.clone(), of.as_well);
        Some(Cause::Interrupted { name, title, words, facts, as_well, raised })
    }

    /// What one passes on at a place: a call begins there, or ends.
    fn passed(&self, name: &Name) -> Option<Cause> {
        let place = self.place(self.program.pathway.place_named(name)?);
        if let PlaceKind::Decide(model::Decide { asks: Some(asks), .. }) = &place.kind {
            let (risk, title) = (asks.risk.clone(), place.title.clone());
            return Some(Cause::Asked { risk, title, in_best_interests: asks.in_best_interests });
        }
        Some(match place.kind.passes()? {
            model::Pass::Came { risk, value } => {
                let fact = &self.shared.facts[risk.index()];
                Cause::Came { risk: fact.name.clone(), title: fact.title.clone(), what: fact.show(*value) }
            }
            model::Pass::Begins { title, .. } => {
                Cause::Called { call: name.clone(), title: place.title.clone(), pathway: title.clone() }
            }
            model::Pass::Ends { .. } => {
                let call = self.place(place.with_call?);
                let (call, title) = (call.name.clone(), call.title.clone());
                Cause::CallEnded { call, title, ending: place.title.clone() }
            }
        })
    }

    /// What a decision knew of a fact.
    pub(crate) fn knew(&self, decided: &Decided, fact: FactId, at: Moment) -> Option<i64> {
        Then { case: self, read: &decided.read, at }.value(fact)
    }

    fn title_of(&self, name: &str) -> String {
        let id = self.program.pathway.place_named(name);
        id.map_or_else(|| name.to_string(), |id| self.place(id).title.clone())
    }

    /// A decision as it was looked at: every row down to the one that was chosen.
    pub fn looked(&self, decided: &Decided, at: Moment) -> Looked {
        let pathway = &self.program.pathway;
        let id = pathway.place_named(&decided.decision);
        let then = Then { case: self, read: &decided.read, at };
        let mut rows = Vec::new();
        let mut saying = None;
        if let Some(PlaceKind::Decide(decide)) = id.map(|id| &self.place(id).kind) {
            for (number, row) in decide.rows.iter().enumerate() {
                let verdict = truth(&row.condition.test, &then, &self.shared.scores);
                let route = pathway.route(row.route);
                rows.push(RowReason {
                    row: number as u32 + 1,
                    words: row.condition.words.clone(),
                    verdict: match verdict {
                        Truth::Yes => "yes",
                        Truth::No => "no",
                        Truth::Unknown => "unknown",
                    },
                    leads_to: match route.target {
                        Target::Place(place) => self.place(place).name.to_string(),
                        Target::Escalate(ladder) => pathway.ladder(ladder).name.to_string(),
                        Target::Back | Target::NotDone => String::new(),
                    },
                    facts: self.fact_reasons(&row.condition.test, &then, at),
                });
                if decided.row == Some(number as u32 + 1) {
                    saying = route.why.clone();
                    break;
                }
            }
        }
        Looked {
            decision: decided.decision.clone(),
            title: self.title_of(&decided.decision),
            at,
            row: decided.row,
            saying,
            missing: decided.missing.clone(),
            rows,
        }
    }

    /// The last time up to a moment that a fact was asked for in vain: what came of it, who said so, and when.
    fn asked_in_vain(&self, fact: &Name, until: Moment) -> Option<(model::Answer, By, Moment)> {
        let journal = self.record.journal.iter().rev().filter(|entry| entry.at <= until);
        let mut recorded = journal.filter_map(|entry| match &entry.what {
            EntryKind::Recorded { fact: it, answer, happened, by, .. } if it == fact => Some((answer, by, *happened)),
            _ => None,
        });
        let (answer, by, happened) = recorded.next()?;
        (!matches!(answer, model::Answer::Value(_))).then(|| (answer.clone(), by.clone(), happened))
    }

    fn fact_reasons(&self, test: &model::Test, then: &Then<'_>, at: Moment) -> Vec<FactReason> {
        let mut reasons: Vec<FactReason> = Vec::new();
        let mut see = |reason: FactReason| {
            if reasons.iter().all(|other| other.name != reason.name) {
                reasons.push(reason);
            }
        };
        each_named(test, &self.shared.facts, &mut |named| match named {
            Named::Fact(fact) => {
                let declared = &self.shared.facts[fact.index()];
                let value = then.value(fact);
                // Of what does not apply nobody needs to know what was recorded.
                let entry = then.entry(fact).filter(|_| value.is_some_and(|value| value != NOT_APPLICABLE));
                let in_vain = value.is_none().then(|| self.asked_in_vain(&declared.name, at)).flatten();
                let (asked, by, happened) = match (entry.map(|entry| &entry.what), in_vain) {
                    (Some(EntryKind::Recorded { by, happened, .. } | EntryKind::Corrected { by, happened, .. }), _) => {
                        (None, Some(by.clone()), Some(*happened))
                    }
                    (_, Some((answer, by, happened))) => (Some(answer), Some(by), Some(happened)),
                    _ => (None, None, None),
                };
                see(FactReason {
                    name: declared.name.clone(),
                    title: declared.title.clone(),
                    value: value.map(|value| declared.show(value)),
                    by,
                    happened,
                    asked,
                    presumed: then.is_presumed(fact) && value == declared.presumed,
                });
            }
            Named::Score(score) => {
                let score = &self.shared.scores[score.index()];
                let (min, max) = score_range(score, then, &self.shared.scores);
                let show = |value| score.show(value);
                let value = if min == max { show(min) } else { format!("{} to {}", show(min), show(max)) };
                see(FactReason {
                    name: score.name.clone(),
                    title: score.title.clone(),
                    value: Some(value),
                    by: None,
                    happened: None,
                    asked: None,
                    presumed: false,
                });
            }
        });
        reasons
    }
}

enum Named {
    Fact(FactId),
    Score(model::ScoreId),
}

/// Calls `see` with every fact and every score a test names.
fn each_named(test: &model::Test, declared: &[model::Fact], see: &mut impl FnMut(Named)) {
    use model::Test;
    let mut fact = |fact: FactId| {
        // What it depends on whether a fact applies is named before it.
        Test::Fact(fact, model::Ranges::default()).reads(declared, &[], &mut |it| see(Named::Fact(it)));
        if model::found_as(fact, declared) != fact {
            see(Named::Fact(fact));
        }
    };
    match test {
        Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| each_named(part, declared, see)),
        Test::Not(part) => each_named(part, declared, see),
        Test::Fact(it, _) | Test::Includes(it, _) => fact(*it),
        Test::Score(score, _) | Test::AnyPart(score, _) => see(Named::Score(*score)),
        Test::Counting(_, _, facts) => facts.iter().for_each(|it| fact(*it)),
    }
}
