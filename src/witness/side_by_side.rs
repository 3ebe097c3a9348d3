//! How far it is, in a block, until two of its branches ask for one fact: at once, or once one is further on in a branch
//! that is a pathway of its own.

use super::distance::distances;
use crate::check::information::finds;
use crate::check::{Evidence, Run, Shows, Subject};
use crate::model::{FactId, PlaceId, PlaceKind};
use crate::play::Driver;

pub(super) struct SideBySide<'s> {
    subject: &'s Subject<'s>,
    block: PlaceId,
    branches: Vec<PlaceId>,
    /// For each fact, how far it is from each place to one in a branch that asks for it.
    far: Vec<Vec<Option<u32>>>,
}

impl<'s> SideBySide<'s> {
    /// Of a block whose branches ask for the same, where that is what is to be shown.
    pub fn of(subject: &'s Subject<'s>, evidence: &Evidence) -> Option<SideBySide<'s>> {
        let Evidence::Run(Run { shows: Shows::AskedSideBySide { block, facts }, .. }) = evidence else { return None };
        let (block, pathway) = (*block, &subject.program.pathway);
        let PlaceKind::Together(of) = &pathway.place(block).kind else { return None };
        let inside = |place: PlaceId| of.branches.iter().any(|it| *it == place || pathway.is_in_branch(place, *it));
        let asks = |fact: &FactId| {
            let places = pathway.all_places().map(|(id, _)| id).filter(|id| inside(*id));
            let ask: Vec<PlaceId> = places.filter(|id| finds(subject, *id).contains(fact)).collect();
            distances(subject, &ask, &|way| inside(way.from))
        };
        Some(SideBySide { subject, block, branches: of.branches.clone(), far: facts.iter().map(asks).collect() })
    }

    /// How much has to be done in the block before two ask for the same; nothing where that is not to be seen from here.
    pub fn to_go(&self, driver: &Driver) -> u32 {
        let pathway = &self.subject.program.pathway;
        let open: Vec<PlaceId> = driver.case.record().open.iter().map(|it| it.place).collect();
        let in_it = open.contains(&self.block);
        let of_branch = |far: &[Option<u32>], branch: PlaceId| {
            if !in_it {
                return far[branch.index()];
            }
            let here = open.iter().filter(|place| **place == branch || pathway.is_in_branch(**place, branch));
            here.filter_map(|place| far[place.index()]).min()
        };
        let of_fact = |far: &Vec<Option<u32>>| {
            let mut all: Vec<u32> = self.branches.iter().filter_map(|branch| of_branch(far, *branch)).collect();
            all.sort_unstable();
            (all.len() > 1).then(|| all.iter().take(2).sum())
        };
        self.far.iter().filter_map(of_fact).min().unwrap_or(0)
    }
}
