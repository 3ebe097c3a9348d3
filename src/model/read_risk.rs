//! Positive risks and best interests, from clauses to places: who is asked, who agrees the plan, and what comes of it.

use super::build::{Builder, pick};
use super::calls::passes;
use super::condition::{Condition, Test};
use super::pathway::*;
use super::place_kind::*;
use super::places::Draft;
use super::read_condition::Speaks;
use super::read_facts::title;
use super::read_work::{some_time, stands_twice};
use super::risk::{self, Net, PositiveRisk, Responder};
use super::symbols::{What, place};
use super::value::{Domain, Ranges};
use super::{Fact, FactId, Name, RoleId};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::syntax::tree::{Allowed, Block, BlockWord, Clause, ClauseKind, File, Text, Word};

/// What the questions of a positive risk have in common.
pub(super) struct Question<'q> {
    pub(super) file: usize,
    pub(super) block: &'q Block,
    pub(super) at: At,
    pub(super) sources: Vec<super::SourceRef>,
    pub(super) able: FactId,
    pub(super) fact: FactId,
    pub(super) accepted: RouteId,
    pub(super) not_accepted: RouteId,
    /// Who agrees, and where one goes when they do not.
    pub(super) agreed: Option<Agreed>,
}

/// Who is asked, and in what time.
pub(super) struct Asked {
    pub(super) role: RoleId,
    pub(super) with: Vec<RoleId>,
    pub(super) within: Length,
    pub(super) in_best_interests: bool,
    pub(super) exits: [Option<RouteId>; Exit::COUNT],
}

impl Builder<'_> {
    /// The fact that says what came of a positive risk.
    pub(super) fn what_comes_of(&mut self, file: usize, block: &Block) -> Fact {
        Fact {
            title: title(block.title.as_ref(), &block.name),
            presumed: Some(risk::OPEN),
            // What it rests on is read when all facts are there.
            rests_on: Some(FactId(self.facts.len() as u32)),
            sources: self.sources_of(file, &block.clauses),
            at: place(file, block.name.at),
            ..Fact::plain(&block.name.text, Domain::OneOf(risk::OPTIONS.into_iter().map(Name::from).collect()))
        }
    }

    /// Reads on what each of these facts rests, when all facts are there. What is wrong there is said where the positive
    /// risk is read; such a fact rests on itself.
    pub(super) fn read_what_risks_rest_on(&mut self, files: &[File]) {
        let blocks = files.iter().flat_map(|file| &file.blocks).filter(|block| block.word == BlockWord::PositiveRisk);
        for block in blocks {
            let able = block.clauses.iter().find_map(|clause| match &clause.kind {
                ClauseKind::DecidedBy { able, .. } => self.symbols.find(What::Fact, &able.text),
                _ => None,
            });
            let able = able.filter(|id| self.facts.get(*id as usize).is_some_and(|it| it.domain == Domain::YesOrNo));
            let id = self.symbols.find(What::Fact, &block.name.text);
            if let Some(fact) = id.and_then(|id| self.facts.get_mut(id as usize)).filter(|it| it.rests_on.is_some()) {
                fact.rests_on = able.map(FactId).or(fact.rests_on);
            }
        }
    }

    /// Whether what was looked up is what came of a positive risk.
    pub(super) fn is_of_a_risk(&self, (what, id): (What, u32)) -> bool {
        what == What::Fact && self.facts.get(id as usize).is_some_and(|fact| fact.rests_on.is_some())
    }

    /// Whether the answer to a condition can be unknown at all: not where it asks nothing, or only what came of positive
    /// risks, which is always known.
    pub(super) fn can_be_unknown(&self, test: &Test) -> bool {
        let mut can = false;
        let known = |fact: FactId| self.facts.get(fact.index()).is_some_and(|fact| fact.rests_on.is_some());
        test.facts(&self.scores, &mut |fact| can |= !known(fact));
        let mut reads = false;
        test.facts(&self.scores, &mut |_| reads = true);
        can || (!reads && *test != Test::ALWAYS)
    }

    /// `accepted R`: by the person, or in their best interests.
    pub(super) fn accepted(&mut self, file: usize, name: &Word, speaks: Speaks) -> Test {
        let Some(found) = self.symbols.look_up(&[What::Fact], file, name, &mut self.findings) else {
            return Test::ALWAYS;
        };
        if !self.is_of_a_risk(found) {
            let message = format!("`{}` is no positive risk, so nobody accepts it", name.text);
            let help = "name a block `positive risk`, or compare the fact: `FACT is VALUE`";
            self.findings.push(Finding::new(Kind::WrongKind, place(file, name.at), message).help(help));
            return Test::ALWAYS;
        }
        if speaks == Speaks::WhatApplies {
            let message = format!("`{}` is what came of a positive risk, and no fact depends on that", name.text);
            self.findings.push(Finding::new(Kind::WrongKind, place(file, name.at), message));
            return Test::ALWAYS;
        }
        Test::Fact(FactId(found.1), Ranges::new([(risk::ACCEPTED, risk::ACCEPTED_IN_BEST_INTERESTS)]))
    }
}

impl Draft {
    /// Reads a positive risk. What it gives is the decision who may answer; the other places it makes stand behind all
    /// that have names of their own.
    pub(super) fn positive_risk(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
        id: PlaceId,
        exits: [Option<RouteId>; Exit::COUNT],
    ) -> Option<PlaceKind> {
        let needed = |on: &mut Builder<'_>, kind, what, help, is: bool| {
            on.needed(file, block, kind, what, help, is.then_some(())).is_some()
        };
        let fact = FactId(on.symbols.find(What::Fact, &block.name.text)?);
        let first_made = self.places.len() as u32;
        let could_happen = block.clauses.iter().filter_map(|clause| match &clause.kind {
            ClauseKind::CouldHappen(Text { text, .. }) => Some(text.clone()),
            _ => None,
        });
        let could_happen: Vec<String> = could_happen.collect();
        let help = "write `could happen \"…\"`: what could happen, in a few words";
        needed(on, Kind::MissingClause, "what could happen", help, !could_happen.is_empty());
        let (matters, strengths) =
            (self.fact_of(on, file, block, "matters"), self.fact_of(on, file, block, "strengths"));
        let (nets, before) = self.nets(on, file, block);
        let decided = on.one(file, block, "decided by", |kind| match kind {
            ClauseKind::DecidedBy { who, or, able } => Some((who, or, able)),
            _ => None,
        });
        let help = "write `decided by person, or NAME when not FACT`, with a block `best interests NAME for FACT`";
        needed(on, Kind::MissingClause, "who decides", help, decided.is_some());
        let within = self.time_to_decide(on, file, block);
        let accepts = on.one(file, block, "accepted", pick!(Accepts));
        needed(on, Kind::NoRoute, "where to go if it is accepted", "write `accepted -> STEP`", accepts.is_some());
        let does_not = on.one(file, block, "not accepted", pick!(DoesNotAccept));
        let help = "write `not accepted -> STEP`: the person may say no";
        needed(on, Kind::NoRoute, "where to go if it is not accepted", help, does_not.is_some());
        let not_known = on.one(file, block, "if we do not know yet", pick!(NotKnown));
        let help =
            "write `if we do not know yet -> STEP, at most twice, then ROLE decides within 4 hours`: who finds it out";
        let what = "what to do while it is not known whether the person is able to decide";
        needed(on, Kind::NoRoute, what, help, not_known.is_some());
        let (agreed_by, agreed, safe) = self.plan(on, file, block);
        let review = self.review(on, file, block, before);
        let responder = on.one(file, block, "if it happens", |kind| match kind {
            ClauseKind::IfItHappens { who, within } => Some((who, within)),
            _ => None,
        });
        let responder = responder.and_then(|(who, within)| {
            let (role, time) = (on.role(file, who), some_time(on, file, within));
            role.map(|role| Responder { role, within: time, at: place(file, who.at) })
        });
        let accepts = accepts.and_then(|route| self.route(on, file, route, None));
        let does_not = does_not.and_then(|route| self.route(on, file, route, None));
        let (who, best, able) = decided?;
        if on.role(file, who) != Some(RoleId::PERSON) {
            let message = format!("`{}` decides about a risk that is the person's own", who.text);
            on.findings.push(Finding::new(Kind::OutOfPlace, place(file, who.at), message).help(
                "write `decided by person, or …`: the others agree the plan, never the person's right to choose",
            ));
            return None;
        }
        let able = self.able(on, file, able)?;
        let (_, best) = on.symbols.look_up(&[What::BestInterests(self.id.0)], file, best, &mut on.findings)?;
        let at = place(file, block.head());
        let agreed_at = agreed.as_ref().map_or(at, |agreed| agreed.at);
        let question = Question {
            file,
            block,
            at,
            sources: on.sources_of(file, &block.clauses),
            able,
            fact,
            accepted: accepts?,
            not_accepted: does_not?,
            agreed: agreed.map(|agreed| Agreed {
                disagree: self.not_agreed(&block.name.text, fact, &exits, agreed.disagree, at),
                ..agreed
            }),
        };
        let asked =
            Asked { role: RoleId::PERSON, with: agreed_by.clone(), within: within?, in_best_interests: false, exits };
        let (person, accepted) = self.ask(on, &question, &block.name.text, block, asked);
        let (starts, interests, also_accepted) = self.best_interests(on, &question, best as usize)?;
        let row = |this: &mut Draft, condition, to| Row { condition, route: this.straight_to(to, at) };
        let (not_able, is_able) = (self.is_able(on, able, false, at), self.is_able(on, able, true, at));
        let rows = vec![row(self, not_able, starts), row(self, is_able, person)];
        let not_known = self.route(on, file, not_known?, Some((id, block)))?;
        self.risks.push(PositiveRisk {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            at,
            sources: question.sources,
            with_call: None,
            fact,
            able,
            matters,
            could_happen,
            strengths,
            nets,
            before,
            agreed_by,
            agreed_at,
            safe,
            review,
            responder,
            starts: id,
            made: (first_made..self.places.len() as u32).map(PlaceId).collect(),
            asked: [person, interests],
            accepted: [accepted, also_accepted],
        });
        Some(PlaceKind::Decide(Decide { not_known: Some(not_known), ..Decide::of(rows) }))
    }

    /// A fact that a clause names.
    fn fact_of(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, clause: &str) -> Option<FactId> {
        let name = on.one(file, block, clause, |kind| match kind {
            ClauseKind::Matters(name) if clause == "matters" => Some(name),
            ClauseKind::Strengths(name) if clause == "strengths" => Some(name),
            _ => None,
        })?;
        on.must_be_found(file, name)
    }

    /// What must be in place, and before what.
    fn nets(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> (Vec<Net>, Option<PlaceId>) {
        let said = on.one(file, block, "safety nets", |kind| match kind {
            ClauseKind::SafetyNets { nets, before } => Some((nets, before)),
            _ => None,
        });
        let Some((names, before)) = said else { return (Vec::new(), None) };
        let mut nets: Vec<Net> = Vec::new();
        for name in names {
            let Some(id) = self.done(on, file, name) else { continue };
            if nets.iter().any(|net| net.place == id) {
                on.findings.push(stands_twice(file, name));
            }
            nets.push(Net { place: id, at: place(file, name.at) });
        }
        let here = What::Place(self.id.0);
        let goes = on.symbols.look_up(&[here], file, before, &mut on.findings).map(|(_, id)| PlaceId(id));
        if nets.iter().any(|net| Some(net.place) == goes) {
            let message = format!("`{}` cannot be in place before itself", before.text);
            on.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, before.at), message)
                    .help("name what the person goes to behind `before`, and what is in place by then before it"),
            );
        }
        (nets, goes)
    }

    /// The step in which one looks again: after the person has gone, and so not what they go to.
    fn review(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, before: Option<PlaceId>) -> Option<PlaceId> {
        let name = on.one(file, block, "review", pick!(ReviewAfter))?;
        let review = self.done(on, file, name)?;
        if Some(review) == before {
            let message = format!("`{}` is what the person goes to, and nobody looks again there", name.text);
            on.findings.push(
                Finding::new(Kind::OutOfPlace, place(file, name.at), message)
                    .help("name a step that comes some days after it"),
            );
        }
        Some(review)
    }

    /// How long there is to decide: elapsed time, as for whoever decides elsewhere (10.30).
    pub(super) fn time_to_decide(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<Length> {
        let within = on.one(file, block, "within", pick!(Within));
        let help = "write `within 1 day`, or how long there is";
        let within = on.needed(file, block, Kind::NoDeadline, "by when it must be decided", help, within)?;
        match within {
            Allowed::Length(length) => Some(some_time(on, file, length)),
            _ => {
                let clause = block.clauses.iter().find(|it| matches!(it.kind, ClauseKind::Within(_)));
                let at = clause.map_or(block.head(), |it| it.at);
                let message = "whoever decides has elapsed time, and no working hours, days or times of day";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, at), message).help("write `within 1 day`"));
                None
            }
        }
    }

    /// Whether the person is able to decide: a fact that is yes or no.
    pub(super) fn able(&mut self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<FactId> {
        let (_, id) = on.symbols.look_up(&[What::Fact], file, name, &mut on.findings)?;
        let fact = on.facts.get(id as usize)?;
        if let Some(applies) = &fact.applies {
            let message = format!("`{}` need not apply, and whether somebody is able to decide always does", name.text);
            let finding = Finding::new(Kind::WrongType, place(file, name.at), message);
            on.findings.push(finding.and(applies.at, "when it applies").help("name a fact that always applies"));
            return None;
        }
        if fact.domain == Domain::YesOrNo {
            return Some(FactId(id));
        }
        let message =
            format!("`{}` is not yes or no, so it does not say whether the person is able to decide", name.text);
        let finding = Finding::new(Kind::WrongType, place(file, name.at), message).and(fact.at, "declared here");
        on.findings.push(finding.help("name a fact that is yes or no"));
        None
    }

    /// Who agrees the plan, where one goes when they do not, and where the person is safe meanwhile.
    fn plan(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        block: &Block,
    ) -> (Vec<RoleId>, Option<Agreed>, Option<PlaceId>) {
        let names = on.one(file, block, "plan agreed by", pick!(PlanAgreedBy));
        let disagree = on.one(file, block, "if they disagree", |kind| match kind {
            ClauseKind::DisagreeMeanwhile { route, safe } => Some((route, safe.as_ref())),
            _ => None,
        });
        let Some(names) = names else {
            if let Some((route, _)) = disagree {
                let message = format!("nobody agrees the plan of `{}`, so nobody disagrees", block.name.text);
                let help = "write `plan agreed by ROLE, ROLE`: somebody of health care, and somebody of social care";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, route.at), message).help(help));
            }
            return (Vec::new(), None, None);
        };
        let mut by: Vec<RoleId> = Vec::new();
        for name in names {
            let Some(role) = on.role(file, name) else { continue };
            if by.contains(&role) {
                on.findings.push(stands_twice(file, name));
            } else if role == RoleId::PERSON {
                let message = "the person decides, and so agrees already";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, name.at), message));
            } else {
                by.push(role);
            }
        }
        let help =
            "write `if they disagree -> MEETING, meanwhile BRANCH`: a meeting, and where the person is safe until then";
        let disagree = on.needed(file, block, Kind::NoRoute, "where to go if they disagree", help, disagree);
        let Some((route, safe)) = disagree else { return (by, None, None) };
        let at = names.first().map_or(place(file, block.head()), |name| place(file, name.at));
        let help = "write `if they disagree -> MEETING, meanwhile BRANCH`";
        on.needed(file, block, Kind::MissingClause, "where the person is safe while they disagree", help, safe);
        let safe = safe.and_then(|name| self.safe_in(on, file, name, route));
        let disagree = self.route(on, file, route, None);
        let agreed = disagree.filter(|_| !by.is_empty()).map(|disagree| Agreed { by: by.clone(), disagree, at });
        (by, agreed, safe)
    }

    /// The branch in which the person is safe: one that is open as long as the block is that the route leads to.
    fn safe_in(
        &mut self,
        on: &mut Builder<'_>,
        file: usize,
        name: &Word,
        route: &crate::syntax::tree::Route,
    ) -> Option<PlaceId> {
        let here = What::Place(self.id.0);
        let (_, id) = on.symbols.look_up(&[here], file, name, &mut on.findings)?;
        let meeting = match &route.target {
            crate::syntax::tree::Target::Name(to) if route.counted.is_none() => on.symbols.find(here, &to.text),
            _ => None,
        };
        let fits = meeting.is_some_and(|block| self.lasting.contains(&(PlaceId(block), PlaceId(id))));
        if fits {
            return Some(PlaceId(id));
        }
        let message = format!("`{}` is not open as long as what one goes to if they disagree", name.text);
        on.findings.push(Finding::new(Kind::OutOfPlace, place(file, name.at), message).help(
            "lead to a `together` block, without a count, and write there `meanwhile NAME led by ROLE within 1 day`",
        ));
        None
    }

    /// Where it is written down that the plan was not agreed: a route to that.
    fn not_agreed(
        &mut self,
        risk: &str,
        fact: FactId,
        exits: &[Option<RouteId>; Exit::COUNT],
        leads: RouteId,
        at: At,
    ) -> RouteId {
        let came = Pass::Came { risk: fact, value: risk::NOT_AGREED };
        let kind = PlaceKind::Decide(passes(leads, at, came));
        let place = self.made(Place::new(
            Name::from(&format!("{risk}/not_agreed")),
            "The plan is not agreed".to_string(),
            at,
            kind,
            *exits,
        ));
        self.straight_to(place, at)
    }

    /// Makes the question of a positive risk, and what comes of it. Gives the question, and where it is accepted.
    pub(super) fn ask(
        &mut self,
        on: &mut Builder<'_>,
        of: &Question<'_>,
        name: &str,
        block: &Block,
        asked: Asked,
    ) -> (PlaceId, PlaceId) {
        let (yes, no) = match asked.in_best_interests {
            false => (risk::ACCEPTED, risk::NOT_ACCEPTED),
            true => (risk::ACCEPTED_IN_BEST_INTERESTS, risk::NOT_ACCEPTED_IN_BEST_INTERESTS),
        };
        let heading = title(block.title.as_ref(), &block.name);
        let mut came = |value: i64, route: RouteId, word: &str| {
            let kind = PlaceKind::Decide(passes(route, of.at, Pass::Came { risk: of.fact, value }));
            let heading = format!("{heading}: {}", word.replace('_', " "));
            self.made(Place::new(Name::from(&format!("{name}/{word}")), heading, of.at, kind, asked.exits))
        };
        let accepted = came(yes, of.accepted, "accepted");
        let not_accepted = came(no, of.not_accepted, "not_accepted");
        let always = |words: &str| Condition { test: Test::ALWAYS, words: words.to_string(), at: of.at };
        let rows = vec![
            Row { condition: always("accepted"), route: self.straight_to(accepted, of.at) },
            Row { condition: always("not accepted"), route: self.straight_to(not_accepted, of.at) },
        ];
        let condition = self.is_able(on, of.able, !asked.in_best_interests, of.at);
        // A no is always taken, so that nobody is asked who can answer nothing; it lapses where it was not theirs to say (3.4).
        let only_when = vec![OnlyWhen { option: accepted, condition }];
        let question = self.made(Place::new(
            Name::from(&name.to_string()),
            heading,
            of.at,
            PlaceKind::Decide(Decide::of(Vec::new())),
            asked.exits,
        ));
        let choose = Choose {
            decision: question,
            role: asked.role,
            with: asked.with.iter().copied().filter(|role| *role != asked.role).collect(),
            within: asked.within,
            advised: true,
        };
        let by = self.choice(
            on,
            &Block { name: Word { text: name.to_string(), at: block.name.at }, ..block.clone() },
            choose,
            of.at,
        );
        let agreed = of.agreed.as_ref().and_then(|agreed| {
            // Who decides agrees already.
            let by: Vec<RoleId> = agreed.by.iter().copied().filter(|role| *role != asked.role).collect();
            (!by.is_empty()).then_some(Agreed { by, ..agreed.clone() })
        });
        if let Some(place) = self.places.get_mut(by.index()).and_then(Option::as_mut) {
            place.exits = asked.exits;
            place.exits[Exit::PersonDeclines as usize] = None;
        }
        let asks = Asks {
            risk: Name::from(&of.block.name.text),
            accepted,
            not_accepted,
            in_best_interests: asked.in_best_interests,
        };
        let decide = Decide {
            advice: Some(Advice { by, reasons: Vec::new(), otherwise: Vec::new(), agreed }),
            only_when,
            asks: Some(asks),
            ..Decide::of(rows)
        };
        if let Some(place) = self.places.get_mut(question.index()).and_then(Option::as_mut) {
            place.kind = PlaceKind::Decide(decide);
            if asked.in_best_interests {
                place.sources = on.sources_of(of.file, &block.clauses);
            }
        }
        (question, accepted)
    }

    /// A branch that is open as long as its block is finds nothing and takes no time of its own: nothing is done there.
    pub(super) fn meanwhile(&mut self, on: &mut Builder<'_>, file: usize, name: &Word, clauses: &[Clause]) {
        for clause in clauses {
            if matches!(clause.kind, ClauseKind::Finds { .. } | ClauseKind::Takes(_)) {
                let message =
                    format!("`{}` is open as long as its block is, so nothing is found or done there", name.text);
                let help = "write a branch of its own for what is to be found";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, clause.at), message).help(help));
            }
        }
    }

    /// That the person is able to decide, or not.
    pub(super) fn is_able(&self, on: &Builder<'_>, able: FactId, yes: bool, at: At) -> Condition {
        let fact = &on.facts[able.index()];
        let is = Ranges::new([(1, 1)]);
        let (ranges, words) = match yes {
            true => (is, fact.name.to_string()),
            false => (Ranges::new([(0, 0)]), format!("not {}", fact.name)),
        };
        Condition { test: Test::Fact(able, ranges), words, at }
    }

    pub(super) fn straight_to(&mut self, to: PlaceId, at: At) -> RouteId {
        self.add(Route { target: Target::Place(to), why: None, counted: None, at })
    }
}
