//! What happens at any time, from clauses to types.

use super::build::{Builder, Located};
use super::condition::Condition;
use super::pathway::*;
use super::places::Draft;
use super::read_condition::Speaks;
use super::read_facts::title;
use super::symbols::{What, place};
use super::{FactId, Name};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Block, BlockWord, ClauseKind, Count};

impl Draft {
    /// Reads the blocks `at any time`. Places must have been read before.
    pub(super) fn read_interrupts(&mut self, on: &mut Builder<'_>, blocks: &[Located<'_>]) {
        for (file, block) in blocks.iter().filter(|(_, block)| block.word == BlockWord::AtAnyTime) {
            self.reading.clone_from(&block.name.text);
            let name = &block.name;
            let same = self.interrupts.iter().find(|it| it.name == name.text.as_str()).map(|it| it.at);
            let same = same.or_else(|| {
                let known = on.symbols.find(What::Place(self.id.0), &name.text)?;
                self.places.get(known as usize)?.as_ref().map(|place| place.at)
            });
            if let Some(first) = same {
                let message = format!("`{}` is declared twice in this pathway", name.text);
                let finding = Finding::new(Kind::DuplicateName, place(*file, name.at), message);
                on.findings.push(finding.and(first, "first declared here").help("give one of them another name"));
            }
            if let Some(interrupt) = self.interrupt(on, *file, block) {
                self.interrupts.push(interrupt);
            }
        }
    }

    /// Reads whom the pathway is for: whoever it is not for leaves it as soon as that is known, before anything else
    /// interrupts. Places must have been read before.
    pub(super) fn read_whom_for(&mut self, on: &mut Builder<'_>, file: usize, header: &Block) {
        let nothing = self.nothing_yet(on, file, header);
        let mut all: Vec<Interrupt> = Vec::new();
        for clause in &header.clauses {
            let ClauseKind::IsFor { not, condition, route } = &clause.kind else { continue };
            let word = if *not { "not for" } else { "for" };
            let same =
                all.iter().filter(|it| it.name.trim_end_matches(|c: char| c == ' ' || c.is_ascii_digit()) == word);
            let name = match same.count() {
                0 => word.to_string(),
                before => format!("{word} {}", before + 1),
            };
            let kind = tree::ConditionKind::Not(Box::new(condition.clone()));
            let condition = if *not { condition.clone() } else { tree::Condition { kind, at: condition.at } };
            let condition = on.condition(file, &condition, Speaks::All);
            let title = format!("The pathway is not for this person: {}", condition.words);
            self.reading.clone_from(&name);
            let once = Count { value: 1, at: clause.at };
            let Some(route) = self.interrupt_route(on, file, route, 1, "leaves", &once) else { continue };
            all.push(Interrupt {
                name: Name::from(&name),
                title,
                at: place(file, clause.at),
                sources: Vec::new(),
                in_force: None,
                with_call: None,
                as_well: false,
                road: None,
                in_branch: None,
                kept_by: self.finders(on, &condition),
                condition,
                route,
                then: None,
                nothing_yet: nothing.clone(),
                anyone_may_raise: false,
                whom_for: true,
            });
        }
        if let (Some(_), []) = (&nothing, all.as_slice()) {
            let message = "nothing here says whom the pathway is for, so there is nothing that may not be known yet";
            let finding = Finding::new(Kind::OutOfPlace, place(file, header.head()), message);
            on.findings.push(finding.help("write `for` or `not for` beside it, or take it out"));
        }
        self.interrupts.splice(0..0, all);
    }

    /// The places that find what a condition reads.
    fn finders(&self, on: &Builder<'_>, condition: &Condition) -> Vec<PlaceId> {
        let mut read: Vec<FactId> = Vec::new();
        condition.test.reads(&on.facts, &on.scores, &mut |fact| read.push(fact));
        let finds = |place: &Option<Place>| {
            place.as_ref().is_some_and(|place| place.kind.finds().iter().any(|fact| read.contains(fact)))
        };
        let places = (0u32..).zip(&self.places).filter(|(_, place)| finds(place));
        places.map(|(id, _)| PlaceId(id)).collect()
    }

    /// Why nothing is done while something is not known, where a block says so.
    fn nothing_yet(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<String> {
        let nothing = on.one(file, block, "if we do not know yet", |kind| match kind {
            ClauseKind::NothingYet(why) => Some(why),
            _ => None,
        })?;
        if nothing.text.trim().is_empty() {
            let message = "nobody says why nothing is done while it is not known";
            let finding = Finding::new(Kind::MissingClause, place(file, nothing.at), message);
            on.findings.push(finding.help("write the reason between the quotation marks"));
        }
        Some(nothing.text.clone())
    }

    fn interrupt(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<Interrupt> {
        let fires = on.one(file, block, "if", |kind| match kind {
            ClauseKind::Fires { condition, route, as_well, count, then } => {
                Some((condition, route, *as_well, count, then.as_ref()))
            }
            _ => None,
        });
        let help = "write `if FACT is VALUE -> STEP, instead, at most 3 times`";
        let fires = on.needed(file, block, Kind::MissingClause, "when it happens, and where it leads", help, fires);
        let nothing = self.nothing_yet(on, file, block);
        let kept = on.one(file, block, "kept known by", |kind| match kind {
            ClauseKind::KeptKnownBy(names) => Some(names),
            _ => None,
        });
        let mut kept_by = Vec::new();
        for name in kept.map_or(&[][..], Vec::as_slice) {
            kept_by.extend(self.done(on, file, name));
        }
        let anyone =
            on.one(file, block, "anyone may raise it", |kind| matches!(kind, ClauseKind::AnyoneMayRaise).then_some(()));
        let (condition, route, as_well, count, then) = fires?;
        let condition = on.condition(file, condition, Speaks::All);
        let first = self.interrupt_route(on, file, route, count.value, "at any time", count);
        let once = Count { value: 1, at: count.at };
        let then = match then {
            Some(route) => Some(self.interrupt_route(on, file, route, 1, "the time after that", &once)?),
            None => None,
        };
        Some(Interrupt {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            at: place(file, block.head()),
            sources: on.sources_of(file, &block.clauses),
            in_force: on.in_force(file, block),
            with_call: None,
            as_well,
            road: None,
            in_branch: None,
            condition,
            route: first?,
            then,
            nothing_yet: nothing,
            kept_by,
            anyone_may_raise: anyone.is_some(),
            whom_for: false,
        })
    }

    fn interrupt_route(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        route: &tree::Route,
        limit: u32,
        when: &str,
        count: &Count,
    ) -> Option<(RouteId, CounterId)> {
        if limit == 0 {
            let message = "what happens at most 0 times never happens";
            on.findings.push(Finding::new(Kind::OutOfRange, place(file, count.at), message));
        }
        let leads = match &route.target {
            tree::Target::Escalate(_) => Some("escalate"),
            tree::Target::Back => Some("go back to a decision"),
            tree::Target::NothingMore => Some("lead to nothing"),
            _ => None,
        };
        if let Some(leads) = leads {
            let message =
                format!("what happens at any time cannot {leads}: it leads to a step, a decision or an ending");
            let finding = Finding::new(Kind::OutOfPlace, place(file, route.at), message);
            on.findings
                .push(finding.help("write a step for what is to be done, led by whoever does it, and lead there"));
            return None;
        }
        let id = self.route(on, file, route, None)?;
        let name = Name::from(&format!("{}: {when}", self.reading));
        self.counters.push(Counter { name, limit, with_call: false, at: place(file, route.at) });
        Some((id, CounterId(self.counters.len() as u32 - 1)))
    }
}
