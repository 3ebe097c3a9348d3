//! Branches that are pathways of their own: what such a branch finds and does, by the time its block goes on.
//!
//! A path goes into a branch and ends with it, and the path that stays on the road goes through the block. So whatever is
//! known after the block because of the branch is worked out here, over all ways through the branch at once.

use super::Subject;
use super::endings::does_knowing;
use super::handed_over::{surely_finds_knowing, surely_found};
use super::information::{Facts, finds};
use super::ways::Way;
use crate::model::{PlaceId, PlaceKind};
use crate::workflow::Why;
use std::collections::{BTreeMap, BTreeSet};

/// What a branch finds and does.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// What was found whenever it is done.
    pub finds: Facts,
    /// What was done whenever it is done.
    pub does: BTreeSet<PlaceId>,
}

/// By where they begin.
pub type Branches = BTreeMap<PlaceId, Branch>;

/// What was found and done for sure.
type Sure = (Facts, BTreeSet<PlaceId>);

/// What somebody may find in a branch that is a pathway of its own.
pub fn may_find(subject: &Subject<'_>, branch: PlaceId) -> Facts {
    let pathway = &subject.program.pathway;
    let within = |place: PlaceId| pathway.branches_around(place).any(|around| around == branch);
    let steps = pathway.all_places().filter(|(_, it)| matches!(it.kind, PlaceKind::Step(_) | PlaceKind::Repeat(_)));
    steps.filter(|(id, _)| within(*id)).flat_map(|(id, _)| finds(subject, id)).collect()
}

/// The branches of a pathway that are pathways of their own, by where these begin: inner ones before those around them.
pub fn branches(subject: &Subject<'_>) -> Branches {
    let pathway = &subject.program.pathway;
    let mut all: Vec<PlaceId> =
        pathway.all_places().filter(|(id, it)| it.in_branch == Some(*id)).map(|(id, _)| id).collect();
    all.sort_by_key(|branch| std::cmp::Reverse(pathway.branches_around(*branch).count()));
    let mut known = BTreeMap::new();
    for branch in all {
        let of = work_out(subject, &known, branch);
        known.insert(branch, of);
    }
    known
}

fn work_out(subject: &Subject<'_>, known: &Branches, branch: PlaceId) -> Branch {
    let pathway = &subject.program.pathway;
    let mut sure: BTreeMap<PlaceId, Sure> = BTreeMap::from([(branch, Sure::default())]);
    let mut next = vec![branch];
    while let Some(at) = next.pop() {
        let Some(before) = sure.get(&at).cloned() else { continue };
        for (_, way) in subject.ways.out_of(at).filter(|(_, way)| way.why != Why::Branch) {
            let after = after(subject, known, before.clone(), way);
            let merged = match sure.get(&way.to) {
                None => after,
                Some(there) => (&there.0 & &after.0, &there.1 & &after.1),
            };
            if sure.get(&way.to) != Some(&merged) {
                sure.insert(way.to, merged);
                next.push(way.to);
            }
        }
    }
    let done = pathway.all_places().find(|(_, it)| match &it.kind {
        PlaceKind::Ending(ending) => ending.of_branch.is_some_and(|of| of.branch == branch && of.done),
        _ => false,
    });
    let (finds, does) = done.and_then(|(id, _)| sure.remove(&id)).unwrap_or_default();
    Branch { finds, does }
}

/// What was found and done for sure after a way.
fn after(subject: &Subject<'_>, known: &Branches, (mut found, mut done): Sure, way: &Way) -> Sure {
    let pathway = &subject.program.pathway;
    if surely_found(subject, way) {
        found.extend(surely_finds_knowing(subject, way.from, known));
    }
    let here = match &pathway.place(way.from).kind {
        PlaceKind::Together(block) => {
            let inner = block.branches.iter().filter_map(|branch| known.get(branch)).flat_map(|it| it.does.iter());
            block.branches.iter().chain(inner).copied().chain([way.from]).collect()
        }
        _ => vec![way.from],
    };
    done.extend(here.into_iter().filter(|place| does_knowing(subject, known, *place, way)));
    (found, done)
}
