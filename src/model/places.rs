//! The places of a pathway, from blocks: who, what, by when, and where to go.

use super::Deadline;
use super::build::{Builder, Located, pick};
use super::calls::{Called, followed};
use super::pathway::*;
use super::place_kind::*;
use super::read_condition::Speaks;
use super::read_facts::title;
use super::read_work::{some_time, stands_twice, taken};
use super::symbols::{What, missing_file, place, resolve_use};
use super::{Allowance, FactId, Hazard, MeetingOf, Name, PathwayId, PositiveRisk, Promise, RoleId};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Block, BlockWord, ClauseKind, Outcome};
use std::collections::BTreeMap;

/// The most places and routes of a pathway: far more than any real one has.
const MAX_PLACES: usize = 200_000;

/// The most rows of a decision.
const MAX_ROWS: usize = 10_000;

/// A pathway that is being built.
pub(super) struct Draft {
    pub id: PathwayId,
    pub places: Vec<Option<Place>>,
    /// The word that each place with a name of its own was declared with; a branch is a step.
    pub words: Vec<BlockWord>,
    pub routes: Vec<Route>,
    pub ladders: Vec<Ladder>,
    pub meetings: Vec<MeetingOf>,
    pub counters: Vec<Counter>,
    pub promises: Vec<Promise>,
    pub hazards: Vec<Hazard>,
    /// Its own interrupts, and those that come with calls.
    pub interrupts: Vec<Interrupt>,
    /// Its own positive risks, and those that come with calls.
    pub risks: Vec<PositiveRisk>,
    pub called_risks: Vec<PositiveRisk>,
    /// The blocks `best interests`, each with the number of its file, and whether some positive risk names it.
    pub bests: Vec<(usize, Block, bool)>,
    /// The blocks with branches that are open as long as they are, each with such a branch.
    pub lasting: Vec<(PlaceId, PlaceId)>,
    pub called_interrupts: Vec<Interrupt>,
    pub allowances: Vec<Allowance>,
    /// The routes by default.
    pub defaults: [Option<RouteId>; Exit::COUNT],
    /// The routes of `by default` that only some places have.
    pub default_declined: Option<RouteId>,
    pub default_on_condition: Option<RouteId>,
    /// Where what is done alongside ends, once a route leads there.
    pub nothing_more: Option<PlaceId>,
    /// The places where a role decides, each made when a route first leads there.
    pub choices: BTreeMap<(PlaceId, RoleId, i64, bool), PlaceId>,
    /// How many places are its own; behind them come those that come with calls, and then the choices.
    pub own: usize,
    /// The calls, each with what comes with it.
    pub calls: BTreeMap<PlaceId, Called>,
    /// The places that are branches of work side by side.
    pub branches: BTreeMap<PlaceId, Name>,
    /// Whether something in `by default` could not be read.
    pub defaults_broken: bool,
    /// The ways of ending for which a route is written that leads to no name there is.
    pub misnamed: [bool; Exit::COUNT],
    /// The block that is being read: counters are named after it.
    pub reading: String,
}

impl Draft {
    pub(super) fn new(id: PathwayId) -> Draft {
        Draft {
            id,
            places: Vec::new(),
            words: Vec::new(),
            routes: Vec::new(),
            ladders: Vec::new(),
            meetings: Vec::new(),
            counters: Vec::new(),
            promises: Vec::new(),
            hazards: Vec::new(),
            interrupts: Vec::new(),
            risks: Vec::new(),
            called_risks: Vec::new(),
            bests: Vec::new(),
            lasting: Vec::new(),
            called_interrupts: Vec::new(),
            allowances: Vec::new(),
            defaults: [None; Exit::COUNT],
            default_declined: None,
            default_on_condition: None,
            nothing_more: None,
            choices: BTreeMap::new(),
            own: 0,
            calls: BTreeMap::new(),
            branches: BTreeMap::new(),
            defaults_broken: false,
            misnamed: [false; Exit::COUNT],
            reading: String::new(),
        }
    }

    /// Builds the pathway from its blocks; the first is its header.
    pub(super) fn build(mut self, on: &mut Builder<'_>, blocks: &[Located<'_>]) -> Option<Pathway> {
        let (file, header) = *blocks.first()?;
        self.declare(on, blocks);
        self.declare_calls(on, blocks);
        if self.places.len() > MAX_PLACES {
            let message = format!("`{}` has {} places; {MAX_PLACES} can be kept", header.name.text, self.places.len());
            on.findings.push(Finding::new(Kind::TooLarge, place(file, header.head()), message));
            return None;
        }
        for (file, block) in blocks.iter().filter(|(_, block)| block.word == BlockWord::ByDefault) {
            self.read_defaults(on, *file, block);
        }
        let mut next = 0;
        for (file, block) in blocks {
            if is_place(block) {
                self.read_place(on, *file, block, &mut next);
            }
        }
        self.name_idle_best_interests(on);
        self.read_interrupts(on, blocks);
        self.read_whom_for(on, file, header);
        for (file, block) in blocks.iter().filter(|(_, block)| block.word == BlockWord::Promises) {
            self.read_promises(on, *file, block);
        }
        self.read_grounds(on, blocks);
        let start = self.header(on, file, header);
        self.check_routes(on, file, header);
        if !blocks.iter().any(|(_, block)| block.word == BlockWord::Ending) {
            let message = format!("`{}` has no ending", header.name.text);
            on.findings.push(
                Finding::new(Kind::NoEnding, place(file, header.head()), message)
                    .help("write `ending NAME \"Title\"` with `held by` whoever holds the person from then on"),
            );
        }
        let places: Vec<Place> = std::mem::take(&mut self.places).into_iter().collect::<Option<_>>()?;
        let tested = on.one(file, header, "tested with", pick!(TestedWith));
        let named = tested.and_then(|text| {
            let wanted = resolve_use(&on.sources[file].name, &text.text);
            let found = on.sources.iter().position(|source| source.name == wanted);
            if found.is_none() {
                on.findings.push(missing_file(place(file, text.at), &text.text, &wanted));
            }
            found
        });
        let tested_with = if tested.is_some() && named.is_none() { None } else { on.directory_for(file, named) };
        let reach = on.symbols.reach(file);
        let facts = on.facts.iter().enumerate().filter(|(_, fact)| reach.contains(&(fact.at.source as usize)));
        let facts = facts.map(|(number, _)| FactId(number as u32)).collect();
        let version = on.one(file, header, "version", pick!(Version)).map(|it| it.text.clone());
        let help = "write `version 2026.1`; running cases stay on the version they began with";
        let version = on.needed(file, header, Kind::MissingClause, "which version it is", help, version);
        let review_by = on.one(file, header, "review by", pick!(ReviewBy));
        let review_by = review_by.and_then(|date| on.day_of(file, date));
        let (needs_agreement, agreements) = on.agreements(file, header);
        let mut pathway = Pathway {
            name: Name::from(&header.name.text),
            title: title(header.title.as_ref(), &header.name),
            version: version.unwrap_or_default(),
            at: place(file, header.head()),
            sources: on.sources_of(file, &header.clauses),
            in_force: on.in_force(file, header),
            review_by,
            needs_agreement,
            agreements,
            tested_with,
            facts,
            start: start?,
            places,
            routes: self.routes,
            ladders: self.ladders,
            meetings: self.meetings,
            counters: self.counters,
            risks: self.risks.into_iter().chain(self.called_risks).collect(),
            promises: self.promises,
            hazards: self.hazards,
            interrupts: self.interrupts.into_iter().chain(self.called_interrupts).collect(),
            allowances: self.allowances,
        };
        on.findings.extend(super::roads::lay(&mut pathway));
        Some(pathway)
    }

    fn declare(&mut self, on: &mut Builder<'_>, blocks: &[Located<'_>]) {
        let what = What::Place(self.id.0);
        for (file, block) in blocks {
            if block.word == BlockWord::BestInterests {
                let best = What::BestInterests(self.id.0);
                on.symbols.declare(best, self.bests.len() as u32, *file, &block.name, &mut on.findings);
                self.bests.push((*file, (*block).clone(), false));
            }
            if !is_place(block) {
                continue;
            }
            let block_id = PlaceId(self.places.len() as u32);
            on.symbols.declare(what, block_id.0, *file, &block.name, &mut on.findings);
            self.places.push(None);
            self.words.push(block.word);
            for clause in &block.clauses {
                if let ClauseKind::Branch { name, meanwhile, clauses, .. } = &clause.kind {
                    if *meanwhile {
                        self.lasting.push((block_id, PlaceId(self.places.len() as u32)));
                    }
                    on.symbols.declare(what, self.places.len() as u32, *file, name, &mut on.findings);
                    self.branches.insert(PlaceId(self.places.len() as u32), Name::from(&name.text));
                    self.places.push(None);
                    self.words.push(if followed(clauses).is_some() { BlockWord::Call } else { BlockWord::Step });
                }
            }
        }
    }

    fn header(&mut self, on: &mut Builder<'_>, file: usize, header: &Block) -> Option<PlaceId> {
        let starts = on.one_of(file, &header.clauses, Kind::TwoStarts, "starts at", pick!(StartsAt));
        let help = "write `starts at STEP` below the header";
        let start = on.needed(file, header, Kind::NoStart, "where it starts", help, starts)?;
        let found = on.symbols.look_up(&[What::Place(self.id.0)], file, start, &mut on.findings);
        let id = found.map(|(_, id)| PlaceId(id))?;
        if self.comes_with_a_call(id) {
            on.findings.push(self.leads_into_a_call(place(file, start.at), &start.text));
            return None;
        }
        if self.branches.contains_key(&id) {
            self.refuse_branch(on, file, start);
            return None;
        }
        Some(id)
    }

    fn read_place(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, next: &mut usize) {
        let id = PlaceId(*next as u32);
        *next += 1;
        self.reading.clone_from(&block.name.text);
        let exits = self.own_exits(on, file, block);
        let kind = match block.word {
            BlockWord::Step => self.step(on, file, block),
            BlockWord::Wait => self.wait(on, file, block),
            BlockWord::Decide => self.decide(on, file, block, id),
            BlockWord::Together => self.together(on, file, block, id, next, exits),
            BlockWord::Repeat => self.repeat(on, file, block),
            BlockWord::HandOver => self.hand_over(on, file, block),
            BlockWord::Call => self.read_call(on, file, block, id),
            BlockWord::PositiveRisk => self.positive_risk(on, file, block, id, exits),
            _ => self.ending(on, file, block),
        };
        let Some(kind) = kind else { return };
        let exits = if kind.waits() { super::routes::only_life(exits) } else { exits };
        // What is open under the name of a positive risk is the question itself; before it one looks who may answer.
        let title = title(block.title.as_ref(), &block.name);
        let (name, title) = match block.word {
            BlockWord::PositiveRisk => {
                (Name::from(&format!("{}/able_to_decide", block.name.text)), format!("{title}: who decides"))
            }
            _ => (Name::from(&block.name.text), title),
        };
        self.places[id.index()] = Some(Place {
            sources: on.sources_of(file, &block.clauses),
            in_force: on.in_force(file, block),
            charge: self.charge(on, file, &block.clauses),
            lives: self.lives(on, file, &block.clauses),
            ..Place::new(name, title, place(file, block.head()), kind, exits)
        });
    }

    /// The route behind `then`, which everything that is done must have.
    pub(super) fn then(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<RouteId> {
        let then = on.one(file, block, "then", pick!(Then));
        let help = "write `then` and the name of what comes next";
        let then = on.needed(file, block, Kind::LeadsNowhere, "where to go when it is done", help, then)?;
        self.route(on, file, then, None)
    }

    fn decide(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, id: PlaceId) -> Option<PlaceKind> {
        let mut rows = Vec::new();
        let mut whole = true;
        for clause in &block.clauses {
            match &clause.kind {
                ClauseKind::Row { condition, route } => {
                    let condition = on.condition(file, condition, Speaks::All);
                    match self.route(on, file, route, None) {
                        Some(route) => rows.push(Row { condition, route }),
                        None => whole = false,
                    }
                }
                ClauseKind::Table(table) => whole &= self.table(on, file, table, &mut rows),
                _ => {}
            }
        }
        let none = on.one(file, block, "if none of these", pick!(NoneOfThese));
        let has_none_of_these = none.is_some();
        if let Some(route) = none {
            let at = place(file, route.at);
            let condition = super::Condition { test: super::Test::ALWAYS, words: "none of these".into(), at };
            let route = self.route(on, file, route, None)?;
            rows.push(Row { condition, route });
        }
        if rows.len() > MAX_ROWS {
            let message = format!("`{}` has {} rows; {MAX_ROWS} can be kept", block.name.text, rows.len());
            on.findings.push(Finding::new(Kind::TooLarge, place(file, block.head()), message));
            return None;
        }
        if rows.is_empty() && whole {
            let help = "write `when FACT is VALUE -> STEP` for every case, or a table";
            on.needed(file, block, Kind::MissingClause, "what it chooses", help, None::<()>);
            return None;
        }
        let advice = self.advice(on, file, block, id, &rows);
        let not_known = on.one(file, block, "if we do not know yet", pick!(NotKnown));
        if rows.iter().any(|row| on.can_be_unknown(&row.condition.test)) {
            let what = "what to do while it is not known yet";
            let help = "write `if we do not know yet -> STEP, at most 3 times, then ROLE decides within 4 hours`";
            on.needed(file, block, Kind::NoRoute, what, help, not_known.map(|_| ()));
        }
        let not_known = match not_known {
            Some(route) => Some(self.route(on, file, route, Some((id, block)))?),
            None => None,
        };
        let no_overlap = |kind: &ClauseKind| matches!(kind, ClauseKind::NoOverlap).then_some(());
        let claims_one = on.one(file, block, "rows do not overlap", no_overlap).is_some();
        let only_when = self.options(on, file, block, id, &rows);
        let decide = Decide { has_none_of_these, not_known, claims_one, advice, only_when, ..Decide::of(rows) };
        whole.then_some(PlaceKind::Decide(decide))
    }

    fn table(&mut self, on: &mut Builder<'_>, file: usize, table: &tree::Table, rows: &mut Vec<Row>) -> bool {
        let mut whole = true;
        for (number, column) in table.columns.iter().enumerate() {
            if table.columns[..number].iter().any(|other| other.text == column.text) {
                let message = format!("two columns of this table look at `{}`", column.text);
                on.findings.push(Finding::new(Kind::DuplicateName, place(file, column.at), message));
            }
        }
        for row in &table.rows {
            let cells = table.columns.iter().zip(&row.cells).filter_map(|(column, (cell, at))| {
                let values = cell.clone()?;
                let kind = tree::ConditionKind::Is { name: column.clone(), negated: false, worded: true, values };
                Some(tree::Condition { kind, at: *at })
            });
            let cells: Vec<tree::Condition> = cells.collect();
            let condition = match cells.len() {
                1 => cells.into_iter().next(),
                _ => Some(tree::Condition { kind: tree::ConditionKind::All(cells), at: row.at }),
            };
            let condition = condition.map(|it| {
                let mut condition = on.condition(file, &it, Speaks::All);
                condition.at = place(file, row.at);
                if condition.words.is_empty() {
                    condition.words = "any".into();
                }
                condition
            });
            match (condition, self.route(on, file, &row.route, None)) {
                (Some(condition), Some(route)) => rows.push(Row { condition, route }),
                _ => whole = false,
            }
        }
        whole
    }

    fn repeat(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<PlaceKind> {
        let work = self.work(on, file, &block.clauses);
        if work.afresh || work.finds_missing {
            let message = if work.afresh {
                "every round finds its facts afresh, so this says nothing"
            } else {
                "what is repeated was not sent by a decision, so nothing is missing"
            };
            let clause = block.clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::Finds { .. }));
            let at = clause.map_or(block.head(), |clause| clause.at);
            on.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, at), message)
                    .help("write `finds` and the names of the facts"),
            );
        }
        let led_by = self.owner(on, file, block, &work);
        let every = on.one(file, block, "every", pick!(Every)).map(|it| some_time(on, file, it));
        let help = "write `every 12 hours`; each round is due when the next would begin";
        let every = on.needed(file, block, Kind::NoDeadline, "how often it is repeated", help, every);
        let until = on.one(file, block, "until", |kind| match kind {
            ClauseKind::Until { condition, route } => Some((condition, route)),
            _ => None,
        });
        let until = until
            .map(|(condition, route)| (on.condition(file, condition, Speaks::All), self.route(on, file, route, None)));
        let times = on.one(file, block, "at most", |kind| match kind {
            ClauseKind::AtMostTimes { count, route } => Some((count, route)),
            _ => None,
        });
        let help = "write `at most 14 times, then STEP`: what repeats must end";
        let times = on.needed(file, block, Kind::Endless, "how many times at the most", help, times);
        let after = times.and_then(|(_, route)| self.route(on, file, route, None));
        if let Some((count, _)) = times
            && count.value == 0
        {
            let message = "what is repeated at most 0 times is never done";
            on.findings.push(Finding::new(Kind::OutOfRange, place(file, count.at), message));
        }
        let until = match until {
            Some((condition, route)) => Some((condition, route?)),
            None => None,
        };
        Some(PlaceKind::Repeat(Repeat {
            every: every.filter(|every| *every > Length::ZERO)?,
            led_by: led_by?,
            with: work.with,
            not_without: work.not_without,
            finds: work.finds,
            takes: taken(on, file, &block.clauses, every.map(Deadline::Within)),
            tell: work.tell,
            until,
            times: times?.0.value,
            after: after?,
        }))
    }

    fn hand_over(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<PlaceKind> {
        let from = on.one(file, block, "from", pick!(From));
        let help = "write `from ROLE`: who is responsible until it is accepted";
        let from = on.needed(file, block, Kind::NoOwner, "who hands over", help, from);
        let to = on.one(file, block, "to", pick!(To));
        let to = on.needed(file, block, Kind::NoOwner, "who receives", "write `to ROLE`", to);
        let (from, to) = (from.and_then(|name| on.role(file, name)), to.and_then(|name| on.role(file, name)));
        let carrying = on.one(file, block, "carrying", pick!(Carrying)).map_or(&[][..], Vec::as_slice);
        let carrying_at = carrying.last().map(|last| place(file, last.at));
        let carrying = self.fact_list(on, file, carrying);
        let within = on.one(file, block, "accepted within", pick!(AcceptedWithin));
        let within = within.map(|it| self.by_when(on, file, it));
        let help = "write `accepted within 4 hours`; until then the sender stays responsible";
        let within = on.needed(file, block, Kind::NoDeadline, "by when it must be accepted", help, within);
        let mut own = |outcome: Outcome| {
            on.one(file, block, "if …", |kind| match kind {
                ClauseKind::Outcome { outcome: it, route } if *it == outcome => Some(route),
                _ => None,
            })
        };
        let (declined, on_condition) = (own(Outcome::Declined), own(Outcome::OnCondition));
        let declined = match declined {
            Some(route) => self.route(on, file, route, None),
            None => {
                let help = "write `if declined, saying why -> STEP`: the receiver may say no";
                on.needed(file, block, Kind::NoRoute, "where to go if it is declined", help, self.default_declined)
            }
        };
        let on_condition = match on_condition {
            Some(route) => Some(self.route(on, file, route, None)?),
            None => self.default_on_condition,
        };
        let tell = self.tell(on, file, &block.clauses);
        let then = self.then(on, file, block);
        Some(PlaceKind::HandOver(HandOver {
            from: from?,
            to: to?,
            carrying,
            carrying_at,
            within: within?,
            tell,
            declined: declined?,
            on_condition,
            then: then?,
        }))
    }

    fn ending(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<PlaceKind> {
        let held_by = on.one(file, block, "held by", pick!(HeldBy));
        let help = "write `held by ROLE`, or `held by person`: who holds the person from here on";
        let held_by = on.needed(file, block, Kind::MissingClause, "who holds the person now", help, held_by);
        let held_by = held_by.and_then(|name| on.role(file, name));
        let names = on.one(file, block, "owed", pick!(Owed)).map_or(&[][..], Vec::as_slice);
        let mut owed = Vec::new();
        for name in names {
            let Some(id) = self.done(on, file, name) else { continue };
            if owed.contains(&id) {
                on.findings.push(stands_twice(file, name));
            }
            owed.push(id);
        }
        let tell = self.tell(on, file, &block.clauses);
        Some(PlaceKind::Ending(Ending { held_by: held_by?, owed, tell, nothing_more: false, of_branch: None }))
    }
}

/// Whether a block of a pathway is a place one can be at.
pub(super) fn is_place(block: &Block) -> bool {
    !matches!(
        block.word,
        BlockWord::Pathway
            | BlockWord::ByDefault
            | BlockWord::Promises
            | BlockWord::BestInterests
            | BlockWord::Hazard
            | BlockWord::AtAnyTime
    )
}
