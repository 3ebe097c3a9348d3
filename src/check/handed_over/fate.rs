//! What becomes of one fact on a path, as to one handover that does not carry it.
//!
//! Every pair of a handover and a fact goes along every way, so what places find and look at is put together once.

use super::super::Subject;
use super::super::alongside::{Beside, Road};
use super::super::information::{Facts, asks_after_the_last, finds_for, reads};
use super::super::ways::Way;
use super::{looked_at, surely_finds_in};
use crate::model::{Decide, FactId, PlaceId, PlaceKind, Step};
use crate::workflow::Why;

/// What became of one fact on a path, as to one handover that does not carry it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// Nobody found it yet, or nobody needed it.
    Open,
    /// Somebody found it, or decided by it.
    Known,
    /// The handover left it behind, and nobody has found it since.
    LeftBehind,
}

/// What became of one fact, and whether a decision that lacks it has just sent the person on to where that is found.
pub(super) type FateOf = (Fate, bool);

/// What places do with facts, by place.
pub(super) struct Fates<'s> {
    subject: &'s Subject<'s>,
    beside: &'s Beside,
    /// What a decision looks at.
    reads: Vec<Facts>,
    /// What its rows look at, up to each of them.
    rows: Vec<Vec<Facts>>,
    /// What is found there, whoever sent the person.
    finds: Vec<Facts>,
    /// Whether it is found there, too, what whoever sent the person there lacks.
    finds_missing: Vec<bool>,
    /// Of a block: what each branch finds whenever it is done.
    by_branches: Vec<Vec<Facts>>,
    /// By what interrupts, what it looks at.
    interrupts: Vec<Facts>,
}

impl<'s> Fates<'s> {
    pub(super) fn of(subject: &'s Subject<'s>, beside: &'s Beside) -> Fates<'s> {
        let pathway = &subject.program.pathway;
        let places = || pathway.all_places().map(|(id, _)| id);
        let finds_missing = |place: PlaceId| match &pathway.place(place).kind {
            PlaceKind::Step(step) => step.finds_missing,
            PlaceKind::Together(block) => block.branches.iter().any(|branch| {
                matches!(&pathway.place(*branch).kind, PlaceKind::Step(Step { finds_missing: true, .. }))
            }),
            _ => false,
        };
        let rows = |place: PlaceId| match &pathway.place(place).kind {
            PlaceKind::Decide(decide) => up_to_each_row(subject, decide),
            _ => Vec::new(),
        };
        let by_branches = |place: PlaceId| match &pathway.place(place).kind {
            PlaceKind::Together(block) => {
                block.branches.iter().map(|branch| surely_finds_in(subject, *branch, subject.branches())).collect()
            }
            _ => Vec::new(),
        };
        Fates {
            subject,
            beside,
            reads: places().map(|place| reads(subject, place)).collect(),
            rows: places().map(rows).collect(),
            finds: places().map(|place| finds_for(subject, place, &[])).collect(),
            finds_missing: places().map(finds_missing).collect(),
            by_branches: places().map(by_branches).collect(),
            interrupts: pathway.interrupts.iter().map(|it| looked_at(subject, it)).collect(),
        }
    }

    /// The decisions that look at a fact where it may be left behind, counts apart.
    pub(super) fn readers_without(&self, fact: FactId, by: PlaceId) -> Vec<PlaceId> {
        let pathway = &self.subject.program.pathway;
        // By place: what may have become of it there, one bit each.
        let mut fates = vec![0u8; pathway.places.len()];
        let mut next = vec![(pathway.start, (Fate::Open, false))];
        while let Some((place, fate)) = next.pop() {
            let fates = &mut fates[place.index()];
            if *fates & bit(fate) == 0 {
                *fates |= bit(fate);
                let ways = self.subject.ways.out_of(place);
                next.extend(ways.map(|(_, way)| (way.to, self.after(fact, by, fate, way))));
            }
        }
        let left_behind = bit((Fate::LeftBehind, false)) | bit((Fate::LeftBehind, true));
        let readers = pathway.all_places().map(|(id, _)| id);
        readers.filter(|id| self.reads[id.index()].contains(&fact) && fates[id.index()] & left_behind != 0).collect()
    }

    /// What becomes of a fact along a way. Where it may be either way, it is as is worse: left behind rather than known,
    /// and known (so that it can be left behind) rather than open.
    pub(super) fn after(&self, fact: FactId, by: PlaceId, (fate, sought): FateOf, way: &Way) -> FateOf {
        let subject = self.subject;
        let place = subject.program.pathway.place(way.from);
        let fate = match self.beside.roads(subject, way.from) {
            // Meanwhile the main road may have handed over, and left it behind.
            Some(Road::Beside) => Fate::LeftBehind,
            // It may have been found alongside.
            Some(Road::Main) if fate == Fate::Open && self.beside.found.contains(&fact) => Fate::Known,
            _ => fate,
        };
        let may_be_known = || if fate == Fate::Open { Fate::Known } else { fate };
        let found = || sought || self.finds[way.from.index()].contains(&fact);
        let looked_at = |number: u32| self.interrupts.get(number as usize).is_some_and(|facts| facts.contains(&fact));
        let fate = match (&place.kind, way.why) {
            (PlaceKind::HandOver(_), Why::Done | Why::OnCondition) if way.from == by && fate == Fate::Known => {
                Fate::LeftBehind
            }
            (PlaceKind::Decide(_), Why::Row(row)) => {
                let rows = &self.rows[way.from.index()];
                let read = rows.get(row as usize).is_some_and(|read| read.contains(&fact));
                // By what is presumed one decides without anybody having found it.
                let presumed = subject.shared.facts[fact.index()].presumed.is_some();
                if read && !presumed { may_be_known() } else { fate }
            }
            // It may have been done at that very moment, and what interrupts was decided by what is known.
            (PlaceKind::Step(_) | PlaceKind::Repeat(_) | PlaceKind::Together(_), Why::AtAnyTime(_)) if found() => {
                may_be_known()
            }
            (_, Why::AtAnyTime(number)) if looked_at(number) => may_be_known(),
            (PlaceKind::Step(_), Why::Done) | (PlaceKind::Repeat(_), Why::Until | Why::AfterLast) if found() => {
                Fate::Known
            }
            // A round may have been done before.
            (PlaceKind::Repeat(repeat), _) if found() && (repeat.times > 1 || asks_after_the_last(subject, repeat)) => {
                may_be_known()
            }
            (PlaceKind::Together(block), why) if found() => {
                let branches = &self.by_branches[way.from.index()];
                let without = branches.iter().filter(|finds| !finds.contains(&fact)).count();
                let by_branches = why == Why::Done && !way.escalated;
                // Alongside, what another branch found before may be left behind when the last is done.
                let may_lack = if place.alongside.is_some() { 1 } else { block.needed() as usize };
                if by_branches && without < may_lack {
                    Fate::Known
                } else if by_branches || block.needed() > 1 {
                    may_be_known()
                } else {
                    fate
                }
            }
            _ => fate,
        };
        let lacks_it = way.why == Why::NotKnown && self.reads[way.from.index()].contains(&fact);
        (fate, lacks_it && self.finds_missing[way.to.index()])
    }
}

fn bit((fate, sought): FateOf) -> u8 {
    1 << (2 * fate as u8 + u8::from(sought))
}

/// What the rows of a decision look at, up to each of them.
fn up_to_each_row(subject: &Subject<'_>, decide: &Decide) -> Vec<Facts> {
    let mut read = Facts::new();
    let rows = decide.rows.iter().map(|row| {
        row.condition.test.reads(&subject.shared.facts, &subject.shared.scores, &mut |fact| {
            read.insert(fact);
        });
        read.clone()
    });
    rows.collect()
}
