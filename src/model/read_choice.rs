//! What a role may choose at a decision, from its clauses: how it is advised, and when each option may be chosen.

use super::build::Builder;
use super::pathway::{PlaceId, Target};
use super::place_kind::{Advice, Agreed, Choose, OnlyWhen, Reason, Row};
use super::places::Draft;
use super::read_condition::Speaks;
use super::read_work::some_time;
use super::symbols::place;
use super::{Name, RoleId};
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
        let agreed = self.agreed(on, file, block, role);
        let at =
            block.clauses.iter().find(|it| matches!(it.kind, ClauseKind::Advise { .. })).map_or(block.at, |it| it.at);
        let choose = Choose { decision: id, role, with, within, advised: true };
        let by = self.choice(on, block, choose, place(file, at));
        Some(Advice { by, reasons, otherwise, agreed })
    }

    /// Clauses of advice in a decision that acts by itself.
    fn advises_nobody(&self, on: &mut Builder<'_>, file: usize, block: &Block) {
        for clause in &block.clauses {
            let word = match clause.kind {
                ClauseKind::Reason { .. } => "reason",
                ClauseKind::OtherwiseBecause(_) => "otherwise because",
                ClauseKind::AgreedBy(_) => "agreed by",
                ClauseKind::IfTheyDisagree(_) => "if they disagree",
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

    /// Reads who must agree, where anybody must. `decides`: the role that decides.
    fn agreed(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, decides: RoleId) -> Option<Agreed> {
        let names = on.one(file, block, "agreed by", |kind| match kind {
            ClauseKind::AgreedBy(names) => Some(names),
            _ => None,
        });
        let route = on.one(file, block, "if they disagree", |kind| match kind {
            ClauseKind::IfTheyDisagree(route) => Some(route),
            _ => None,
        });
        let Some(names) = names else {
            if let Some(route) = route {
                let help = "write `agreed by ROLE, ROLE`: who must agree before it is decided";
                let message = format!("nobody has to agree at `{}`, so nobody disagrees", block.name.text);
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, route.at), message).help(help));
            }
            return None;
        };
        let help = "write `if they disagree -> STEP`, such as a meeting of all of them";
        let route = on.needed(file, block, Kind::NoRoute, "where to go if they disagree", help, route);
        let mut by: Vec<RoleId> = Vec::new();
        for name in names {
            let Some(role) = on.role(file, name) else { continue };
            if by.contains(&role) {
                on.findings.push(super::read_work::stands_twice(file, name));
            } else if role == decides {
                let message = format!("`{}` decides, and so agrees already", name.text);
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, name.at), message));
            } else {
                by.push(role);
            }
        }
        let at = names.first().map_or(block.at, |name| name.at);
        let disagree = self.route(on, file, route?, None)?;
        (!by.is_empty()).then_some(Agreed { by, disagree, at: place(file, at) })
    }

    fn reasons(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, rows: &[Row]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Reason { against, option, from, when, text } = &clause.kind else { continue };
            let when = on.condition(file, when, Speaks::All);
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
            let condition = on.condition(file, only_when, Speaks::All);
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
