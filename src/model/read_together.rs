//! Work side by side, from its block: the branches, by when all of it is done, and where one goes if not.

use super::Name;
use super::build::Builder;
use super::calls::followed;
use super::pathway::*;
use super::place_kind::*;
use super::places::Draft;
use super::read_facts::title;
use super::read_work::{some_time, taken};
use super::symbols::place;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{Block, Clause, ClauseKind, Outcome, Word};

impl Draft {
    /// Reads a block of work side by side, with its branches.
    pub(super) fn together(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        id: PlaceId,
        next: &mut usize,
        exits: [Option<RouteId>; Exit::COUNT],
    ) -> Option<PlaceKind> {
        let mut branches = Vec::new();
        let mut lasting = 0;
        for clause in &block.clauses {
            let ClauseKind::Branch { name, title: own, clauses, meanwhile } = &clause.kind else { continue };
            let branch = PlaceId(*next as u32);
            *next += 1;
            branches.push(branch);
            lasting += u32::from(*meanwhile);
            if *meanwhile {
                self.meanwhile(on, file, name, clauses);
            }
            let (named, at) = (Name::from(&name.text), place(file, name.at));
            let called = followed(clauses).is_some();
            let (kind, exits) = match called {
                true => (self.read_called_branch(on, file, (name, clauses), (id, branch)), exits),
                false => {
                    let step = self.branch(on, file, (name, clauses), id, *meanwhile, block.broken);
                    (step.map(PlaceKind::Step), self.branch_exits(exits, place(file, clause.at)))
                }
            };
            let Some(kind) = kind else { continue };
            let charge = if called { None } else { self.charge(on, file, clauses) };
            let it = Place::new(named, title(own.as_ref(), name), at, kind, exits);
            self.places[branch.index()] = Some(Place { charge, ..it });
        }
        if branches.len() < 2 || branches.len() == lasting as usize {
            let help = "a branch reads like this: `medicines led by pharmacist within 4 hours`; two or more are written, \
                        and one of them at least ends by itself: what is done `meanwhile` lasts as long as the block";
            on.needed(file, block, Kind::MissingClause, "what is done side by side", help, None::<()>);
        }
        let join = on.one(file, block, "all done within", |kind| match kind {
            ClauseKind::Join { first, within } => Some((first.as_ref(), within)),
            _ => None,
        });
        let help = "write `all done within 2 days`, or `first 2 done within 2 days`";
        let join = on.needed(file, block, Kind::NoDeadline, "by when all of it must be done", help, join);
        let first = join.and_then(|(first, _)| first);
        if let Some(first) = first
            && (first.value == 0 || first.value > branches.len() as u32 - lasting)
        {
            let many = branches.len() as u32 - lasting;
            let message = format!("`{}` of {many} branches cannot be done", first.value);
            on.findings.push(Finding::new(Kind::OutOfRange, place(file, first.at), message));
        }
        let otherwise = on.one(file, block, "if not all done", |kind| match kind {
            ClauseKind::Outcome { outcome: outcome @ (Outcome::NotAllDone | Outcome::FewerThan(_)), route } => {
                Some((*outcome, route))
            }
            _ => None,
        });
        let fitting = first.map_or(Outcome::NotAllDone, |first| Outcome::FewerThan(first.value));
        let otherwise = otherwise.map(|(outcome, route)| {
            if outcome != fitting {
                let (says, fits) = (crate::syntax::outcome_words(outcome), crate::syntax::outcome_words(fitting));
                let message = format!("`if {says}` does not go with what must be done here");
                on.findings.push(
                    Finding::new(Kind::OutOfRange, place(file, route.at), message)
                        .help(format!("write `if {fits} -> …`")),
                );
            }
            route
        });
        let help = "write `if not all done -> STEP`: somebody may decline, or be unable to";
        let otherwise = on.needed(file, block, Kind::NoRoute, "where to go if not all of it is done", help, otherwise);
        let otherwise = otherwise.and_then(|route| self.route(on, file, route, None));
        let then = self.then(on, file, block);
        Some(PlaceKind::Together(Together {
            branches,
            meanwhile: lasting,
            first: first.map(|first| first.value),
            within: some_time(on, file, join?.1),
            otherwise: otherwise?,
            then: then?,
        }))
    }

    /// Reads a branch that is a step.
    fn branch(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        (name, clauses): (&Word, &[Clause]),
        block: PlaceId,
        meanwhile: bool,
        broken: bool,
    ) -> Option<Step> {
        let work = self.work(on, file, clauses);
        let named = clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::LedBy(_)));
        for (kind, missing, help) in [
            (Kind::NoOwner, !named, "who leads it; write `led by ROLE`"),
            (Kind::NoDeadline, work.within.is_none(), "by when it must be done; write `within 4 hours`"),
        ] {
            if missing && !broken {
                let message = format!("`{}` does not say {help}", name.text);
                on.findings.push(Finding::new(kind, place(file, name.at), message));
            }
        }
        let (Some(led_by), Some(within)) = (work.led_by, work.within) else { return None };
        Some(Step {
            led_by,
            with: work.with,
            not_without: work.not_without,
            finds: work.finds,
            finds_missing: work.finds_missing,
            afresh: work.afresh,
            within,
            takes: taken(on, file, clauses, Some(within)),
            tell: work.tell,
            then: None,
            branch_of: Some(block),
            meanwhile,
            waits: false,
        })
    }
}
