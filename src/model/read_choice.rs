//! What a role may choose at a decision, from its clauses: how it is advised, and when each option may be chosen.

use super::Name;
use super::build::Builder;
use super::pathway::{Advice, Choose, OnlyWhen, PlaceId, Reason, Row, Target};
use super::places::Draft;
use super::read_condition::Speaks;
use super::read_work::some_time;
use super::symbols::place;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{Block, ClauseKind, Word};

impl Draft {
    /// Reads how a decision advises, where it does. `rows`: what it leads to.
    pub(super) fn advice(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        id: PlaceId,
        rows: &[Row],
    ) -> Option<Advice> {
        let advise = on.one(file, block, "advise", |kind| match kind {
            ClauseKind::Advise { role, with, within } => Some((role, with, within)),
            _ => None,
        });
        let codes = on.one(file, block, "otherwise because", |kind| match kind {
            ClauseKind::OtherwiseBecause(names) => Some(names),
            _ => None,
        });
        let Some((role, with, within)) = advise else {
            self.advises_nobody(on, file, block);
            return None;
        };
        let help = "write `otherwise because one of wish_of_the_person, risk_too_high`: who decides may decide otherwise, and says why";
        let codes =
            on.needed(file, block, Kind::MissingClause, "why one may decide otherwise than advised", help, codes);
        let mut otherwise: Vec<Name> = Vec::new();
        for code in codes.into_iter().flatten() {
            if otherwise.contains(&Name::from(&code.text)) {
                on.findings.push(super::read_work::stands_twice(file, code));
            }
            otherwise.push(Name::from(&code.text));
        }
        let reasons = self.reasons(on, file, block, rows);
        let with = with.iter().filter_map(|name| on.role(file, name)).collect();
        let (role, within) = (on.role(file, role)?, some_time(on, file, within));
        let at =
            block.clauses.iter().find(|it| matches!(it.kind, ClauseKind::Advise { .. })).map_or(block.at, |it| it.at);
        let choose = Choose { decision: id, role, with, within, advised: true };
        let by = self.choice(on, block, choose, place(file, at));
        Some(Advice { by, reasons, otherwise })
    }

    /// Clauses of advice in a decision that acts by itself.
    fn advises_nobody(&self, on: &mut Builder<'_>, file: usize, block: &Block) {
        for clause in &block.clauses {
            let word = match clause.kind {
                ClauseKind::Reason { .. } => "reason",
                ClauseKind::OtherwiseBecause(_) => "otherwise because",
                _ => continue,
            };
            if !block.broken {
                let message = format!("`{}` advises nobody, so `{word}` says nothing here", block.name.text);
                on.findings.push(
                    Finding::new(Kind::OutOfPlace, place(file, clause.at), message)
                        .help("write `advise ROLE to decide within 4 hours`, or take this out"),
                );
            }
        }
    }

    fn reasons(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, rows: &[Row]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Reason { against, option, from, when, text } = &clause.kind else { continue };
            let when = on.condition(file, when, Speaks::OfAll);
            let (option, from) = (self.option(on, file, option, rows), on.role(file, from));
            if let (Some(option), Some(from)) = (option, from) {
                reasons.push(Reason { option, against: *against, from, when, text: text.text.clone() });
            }
        }
        reasons
    }

    /// Reads when each option of a decision may be chosen. `rows`: what it leads to.
    pub(super) fn options(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        id: PlaceId,
        rows: &[Row],
    ) -> Vec<OnlyWhen> {
        let mut options: Vec<OnlyWhen> = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Option { name, only_when } = &clause.kind else { continue };
            let condition = on.condition(file, only_when, Speaks::OfAll);
            let Some(option) = self.option(on, file, name, rows) else { continue };
            let at = place(file, name.at);
            if options.iter().any(|it| it.option == option) {
                let message = format!("when `{}` may be chosen is said twice", name.text);
                on.findings.push(
                    Finding::new(Kind::SaidTwice, at, message).help("join the two conditions with `and` or with `or`"),
                );
                continue;
            }
            if !self.choices.keys().any(|(decision, ..)| *decision == id) && !block.broken {
                let message = format!("nobody chooses at `{}`, so `only when` says nothing here", block.name.text);
                on.findings.push(Finding::new(Kind::OutOfPlace, at, message).help(
                    "a decision takes its first row that holds; put the condition into the row, or let a role decide \
                     behind `if we do not know yet`, or by `advise ROLE`",
                ));
            }
            options.push(OnlyWhen { option, condition });
        }
        options
    }

    /// An option by its name: a place that some row leads to.
    fn option(&mut self, on: &mut Builder<'_>, file: usize, name: &Word, rows: &[Row]) -> Option<PlaceId> {
        let Target::Place(option) = self.place_target(on, file, name)? else { return None };
        let leads_there = |row: &Row| {
            let chain = std::iter::successors(Some(row.route), |id| self.routes[id.index()].counted.map(|it| it.1));
            chain.into_iter().any(|id| self.routes[id.index()].target == Target::Place(option))
        };
        if rows.iter().any(leads_there) {
            return Some(option);
        }
        let message = format!("no row leads to `{}`, so it is no option here", name.text);
        on.findings.push(
            Finding::new(Kind::OutOfPlace, place(file, name.at), message)
                .help("the options are what the rows of the decision lead to"),
        );
        None
    }
}
