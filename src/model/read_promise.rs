//! Promises, from words to places, facts and roles.

use super::build::Builder;
use super::places::Draft;
use super::promise::{Promise, PromiseKind, Reached};
use super::read_work::some_time;
use super::settings::wished;
use super::symbols::{What, place};
use super::value::Domain;
use super::{FactId, PlaceId, RoleId};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Block, BlockWord, ClauseKind, Word};

impl Draft {
    /// Reads a block `promises`. The places must have been declared before.
    pub(super) fn read_promises(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) {
        for clause in &block.clauses {
            let ClauseKind::Promise(it) = &clause.kind else { continue };
            let Some(kind) = self.promise(on, file, it) else { continue };
            if let Some(first) = self.promises.iter().find(|first| first.kind == kind) {
                let finding = Finding::new(Kind::SaidTwice, place(file, clause.at), "this is promised twice");
                on.findings.push(finding.and(first.at, "first promised here").help("keep one of them"));
                continue;
            }
            let words = crate::syntax::promise_words(it);
            self.promises.push(Promise { kind, words, at: place(file, clause.at) });
        }
    }

    fn promise(&self, on: &mut Builder<'_>, file: usize, it: &tree::Promise) -> Option<PromiseKind> {
        Some(match it {
            tree::Promise::Ends(within) => PromiseKind::EndsWithin(some_time(on, file, within)),
            tree::Promise::NotWithout { reached, first } => {
                let (reached_id, first_id) = (self.promised(on, file, reached), self.done(on, file, first));
                let (reached, first_id) = (reached_id?, first_id?);
                self.differ(on, file, reached, (first_id, first))?;
                PromiseKind::NotWithoutFirst { reached, first: first_id }
            }
            tree::Promise::WhoeverHas { fact, reaches, within } => {
                let (fact, reaches) = (yes_or_no(on, file, fact), self.reached(on, file, reaches));
                let within = some_time(on, file, within);
                PromiseKind::WhoeverHas { fact: fact?, reaches: reaches?, within }
            }
            tree::Promise::WhoeverReaches { from, reaches: goal, within } => {
                let (from_id, reaches) = (self.done(on, file, from), self.reached(on, file, goal));
                let (from_id, reaches) = (from_id?, reaches?);
                if let Reached::Place(place) = reaches {
                    self.differ(on, file, from_id, (place, goal))?;
                }
                PromiseKind::WhoeverReaches { from: from_id, reaches, within: some_time(on, file, within) }
            }
            tree::Promise::NeverTogether(one, other) => {
                let (first, second) = (self.done(on, file, one), self.done(on, file, other));
                let (first, second) = (first?, second?);
                self.differ(on, file, first, (second, other))?;
                PromiseKind::NeverTogether(first, second)
            }
            tree::Promise::NotAgainst { wish, able } => {
                let (wish, able) = (wish_of(on, file, wish), yes_or_no(on, file, able));
                PromiseKind::NotAgainst { wish: wish?, able: able? }
            }
            tree::Promise::NotAskedTwice => PromiseKind::NotAskedTwice,
        })
    }

    fn promised(&self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<PlaceId> {
        on.symbols.look_up(&[What::Place(self.id.0)], file, name, &mut on.findings).map(|(_, id)| PlaceId(id))
    }

    /// A place or a role; of two with one name the place.
    fn reached(&self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<Reached> {
        let here = What::Place(self.id.0);
        if let Some(id) = on.symbols.find(here, &name.text) {
            return Some(Reached::Place(PlaceId(id)));
        }
        let (what, id) = on.symbols.look_up(&[here, What::Role], file, name, &mut on.findings)?;
        Some(if what == What::Role { Reached::Role(RoleId(id)) } else { Reached::Place(PlaceId(id)) })
    }

    /// Something that is open for a while, and can be done: neither a decision nor an ending.
    pub(super) fn done(&self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<PlaceId> {
        let id = self.promised(on, file, name)?;
        let is = match self.words.get(id.index())? {
            BlockWord::Decide => "a decision, which takes no time",
            BlockWord::Ending => "an ending, where nothing is left to do",
            BlockWord::Call if self.branches.contains_key(&id) => {
                "a branch that follows another pathway; what is done there has names such as `BRANCH/STEP`"
            }
            BlockWord::Call => "a call; what is done there has names such as `CALL/STEP`",
            _ => return Some(id),
        };
        let message = format!("`{}` is {is}, and something that can be done is needed here", name.text);
        on.findings.push(
            Finding::new(Kind::WrongKind, place(file, name.at), message)
                .help("name a step, a `together`, a `repeat` or a handover"),
        );
        None
    }

    fn differ(&self, on: &mut Builder<'_>, file: usize, one: PlaceId, (other, name): (PlaceId, &Word)) -> Option<()> {
        if one != other {
            return Some(());
        }
        let message = format!("`{}` stands twice in this promise", name.text);
        let finding = Finding::new(Kind::DuplicateName, place(file, name.at), message);
        on.findings.push(finding.help("name two different places"));
        None
    }
}

/// A fact that says where the person wishes to live: among its options are places of `distance from home`.
fn wish_of(on: &mut Builder<'_>, file: usize, name: &Word) -> Option<FactId> {
    let (_, id) = on.symbols.look_up(&[What::Fact], file, name, &mut on.findings)?;
    let fact = on.facts.get(id as usize)?;
    if let (Some(_), false) = (fact.presumed, wished(&fact.domain, &on.settings).is_empty()) {
        let message = format!("`{}` is presumed, and what nobody has said is nobody's wish", name.text);
        let finding = Finding::new(Kind::WrongType, place(file, name.at), message).and(fact.at, "declared here");
        on.findings.push(finding.help("let a step find it, and take the presumption out"));
        return None;
    }
    if !wished(&fact.domain, &on.settings).is_empty() {
        return Some(FactId(id));
    }
    let message = format!("no option of `{}` is a place of `distance from home`", name.text);
    let finding = Finding::new(Kind::WrongType, place(file, name.at), message).and(fact.at, "declared here");
    on.findings.push(finding.help("name a fact that is `one of` the places where the person may wish to live"));
    None
}

fn yes_or_no(on: &mut Builder<'_>, file: usize, name: &Word) -> Option<FactId> {
    let (_, id) = on.symbols.look_up(&[What::Fact], file, name, &mut on.findings)?;
    let fact = on.facts.get(id as usize)?;
    if fact.domain == Domain::YesOrNo {
        return Some(FactId(id));
    }
    let message = format!("`{}` is not yes or no, so nobody simply has it", name.text);
    let finding = Finding::new(Kind::WrongType, place(file, name.at), message).and(fact.at, "declared here");
    on.findings.push(finding.help("name a fact that is yes or no"));
    None
}
