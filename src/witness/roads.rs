//! What a story does on the roads it does not follow: the branches of a block that is left, and what is done alongside when
//! the main road has ended.

use super::play::{After, Play, Telling};
use crate::check::Person;
use crate::check::ways::{Path, Quest, Way};
use crate::engine::Open;
use crate::model::{PlaceId, PlaceKind, What};
use crate::workflow::Why;

/// The most things that are done alongside, one after the other, until that is over.
const MAX_ALONGSIDE: usize = 20;

impl Play<'_> {
    /// Ends the branches of a block, done or declined, until the block is left: those that are steps first, since others
    /// take longer, and whoever is in one may be there still when enough are done.
    pub(super) fn branches(&self, telling: &mut Telling, block: PlaceId, done: bool) -> Option<()> {
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Together(together) = &pathway.place(block).kind else { return None };
        let (long, steps): (Vec<PlaceId>, Vec<PlaceId>) =
            together.branches.iter().partition(|branch| pathway.begins_a_branch(**branch));
        for branch in steps {
            let name = self.name(branch);
            if telling.open(&name).is_none() {
                continue;
            }
            let at = if self.slowly { self.dawdle(telling, branch)? } else { telling.last };
            if telling.open(&name).is_none() {
                continue;
            }
            if done {
                self.done(telling, &name, at, &Person::new())?;
            } else {
                telling.happens(at, What::PersonDeclines(name), Vec::new(), None)?;
            }
        }
        for branch in long {
            self.through(telling, branch, done)?;
        }
        Some(())
    }

    /// Goes through a branch that is a pathway of its own, from where it stands, until it is done, or ends without.
    fn through(&self, telling: &mut Telling, branch: PlaceId, done: bool) -> Option<()> {
        let pathway = &self.subject.program.pathway;
        let stands = |open: &&Open| {
            let id = pathway.place_named(&open.step);
            id.is_some_and(|id| pathway.place(id).in_branch == Some(branch) && !pathway.is_branch(id))
        };
        let Some(from) = telling.case().record().open.iter().find(stands).map(|open| open.place) else {
            return Some(());
        };
        let over = pathway.end_of_branch(branch, done)?;
        self.goes_on(telling, from, &|at| at == over)
    }

    /// Does what is done alongside, where nothing else is open, until that is over.
    pub(super) fn over_alongside(&self, telling: &mut Telling) {
        let pathway = &self.subject.program.pathway;
        let over = |at: PlaceId| matches!(&pathway.place(at).kind, PlaceKind::Ending(ending) if ending.nothing_more);
        for _ in 0..MAX_ALONGSIDE {
            let open = &telling.case().record().open;
            let alongside = |open: &Open| pathway.place(open.place).alongside.is_some();
            let Some(first) = open.first().filter(|_| open.iter().all(alongside)).map(|open| open.place) else {
                return;
            };
            if self.goes_on(telling, first, &over).is_none() {
                return;
            }
        }
    }

    /// Goes on from a place on its road, a shortest way.
    fn goes_on(&self, telling: &mut Telling, from: PlaceId, goal: &dyn Fn(PlaceId) -> bool) -> Option<()> {
        let subject = self.subject;
        let quest = Quest {
            start: (),
            step: &|(): &(), way: &Way| (way.why != Why::Branch).then_some(()),
            goal: &|(): &(), at| goal(at),
            possible: &|moment| subject.possible(moment, &Person::new()),
        };
        let Path::Found(path) = subject.ways.find_from(from, &quest) else { return None };
        self.follow(telling, &path, &After::Nothing)
    }
}
