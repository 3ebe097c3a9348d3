//! Best interests, from clauses to places: who is heard, who decides in the person's stead, and who reports first.

use super::build::{Builder, pick};
use super::condition::{Condition, Test};
use super::pathway::*;
use super::place_kind::*;
use super::places::Draft;
use super::read_condition::Speaks;
use super::read_facts::title;
use super::read_risk::{Asked, Question};
use super::read_work::some_time;
use super::symbols::{What, place};
use super::{Deadline, FactId, Name, RoleId};
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::syntax::tree::{Block, ClauseKind, LengthText, Word};

impl Draft {
    /// Makes the way over the person's best interests. Gives where it begins, its question, and where that is accepted.
    pub(super) fn best_interests(
        &mut self,
        on: &mut Builder<'_>,
        of: &Question<'_>,
        number: usize,
    ) -> Option<(PlaceId, PlaceId, PlaceId)> {
        let (file, block) = {
            let (file, block, named) = self.bests.get_mut(number)?;
            *named = true;
            (*file, block.clone())
        };
        let (block, at) = (&block, place(file, block.head()));
        let name = format!("{}/{}", of.block.name.text, block.name.text);
        self.reading.clone_from(&name);
        let exits = self.own_exits(on, file, block);
        let work = self.work(on, file, &block.clauses);
        let led_by = self.owner(on, file, block, &work);
        let within = self.time_to_decide(on, file, block);
        self.about(on, of, file, block);
        let instruct = on.one(file, block, "instruct", |kind| match kind {
            ClauseKind::Instruct { who, within, when } => Some((who, within, when)),
            _ => None,
        });
        let not_known = on.one(file, block, "if we do not know yet", pick!(NotKnown));
        let asked = Asked { role: led_by?, with: work.with, within: within?, in_best_interests: true, exits };
        let (question, accepted) = self.ask(on, of, &name, block, asked);
        let Some((who, within, when)) = instruct else {
            if let Some(route) = not_known {
                let message = format!("nothing has to be known for `{}`", block.name.text);
                let help = "write `instruct ROLE within 5 days when FACT`, or take this out";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, route.at), message).help(help));
            }
            return Some((question, question, accepted));
        };
        let report = self.report(on, file, block, (&name, at), (who, within), (question, exits));
        let condition = on.condition(file, when, Speaks::All);
        let help = "write `if we do not know yet -> STEP, at most twice, then ROLE decides within 4 hours`";
        let what = format!("what to do while `{}` is not known", condition.words);
        let not_known = on.needed(file, block, Kind::NoRoute, &what, help, not_known);
        let none = Condition { test: Test::ALWAYS, words: "none of these".into(), at };
        let rows = vec![
            Row { condition, route: self.straight_to(report?, at) },
            Row { condition: none, route: self.straight_to(question, at) },
        ];
        let heading = title(block.title.as_ref(), &block.name);
        let kind = PlaceKind::Decide(Decide::of(rows));
        let starts = self.made(Place::new(Name::from(&format!("{name}/who_is_heard")), heading, at, kind, exits));
        let named = Block { name: Word { text: format!("{name}/who_is_heard"), at: block.name.at }, ..block.clone() };
        let not_known = self.route(on, file, not_known?, Some((starts, &named)))?;
        if let Some(place) = self.places.get_mut(starts.index()).and_then(Option::as_mut) {
            if let PlaceKind::Decide(decide) = &mut place.kind {
                (decide.has_none_of_these, decide.not_known) = (true, Some(not_known));
            }
            place.sources = on.sources_of(file, &block.clauses);
        }
        Some((starts, question, accepted))
    }

    /// Whether best interests are about what the positive risk needs the person to be able to decide.
    fn about(&mut self, on: &mut Builder<'_>, of: &Question<'_>, file: usize, block: &Block) {
        let about = on.one(file, block, "for", pick!(About));
        let help = "write `for FACT`: what the person is not able to decide";
        let Some(about) = on.needed(file, block, Kind::MissingClause, "what they are about", help, about) else {
            return;
        };
        let Some((_, id)) = on.symbols.look_up(&[What::Fact], file, about, &mut on.findings) else { return };
        if FactId(id) != of.able {
            let able = &on.facts[of.able.index()].name;
            let message =
                format!("`{}` is about `{}`, and `{}` about `{able}`", block.name.text, about.text, of.block.name.text);
            on.findings.push(
                Finding::new(Kind::WrongKind, place(file, about.at), message)
                    .and(place(of.file, of.block.head()), "this positive risk names it")
                    .help("capacity is about one decision: write best interests of its own for each"),
            );
        }
    }

    /// The step in which somebody who speaks for the person reports, when there is nobody else to consult.
    fn report(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        (name, at): (&str, At),
        (who, within): (&Word, &LengthText),
        (then, exits): (PlaceId, [Option<RouteId>; Exit::COUNT]),
    ) -> Option<PlaceId> {
        let (role, within) = (on.role(file, who)?, some_time(on, file, within));
        let heading = format!("{}: report", on.roles[role.index()].title);
        let step = Step {
            led_by: role,
            with: vec![RoleId::PERSON],
            not_without: Vec::new(),
            finds: Vec::new(),
            finds_missing: false,
            afresh: false,
            within: Deadline::Within(within),
            takes: None,
            tell: self.tell(on, file, &block.clauses),
            then: Some(self.straight_to(then, at)),
            branch_of: None,
            meanwhile: false,
            waits: false,
        };
        Some(self.made(Place::new(
            Name::from(&format!("{name}/{}", who.text)),
            heading,
            at,
            PlaceKind::Step(step),
            exits,
        )))
    }

    /// Says of best interests that no positive risk names them.
    pub(super) fn name_idle_best_interests(&self, on: &mut Builder<'_>) {
        for (file, block, _) in self.bests.iter().filter(|(_, block, named)| !named && !block.broken) {
            let message = format!("no positive risk names `{}`, so nobody decides there", block.name.text);
            let help = "write `decided by person, or NAME when not FACT` in the positive risk that it is for";
            on.findings.push(Finding::new(Kind::OutOfPlace, place(*file, block.head()), message).help(help));
        }
    }
}
