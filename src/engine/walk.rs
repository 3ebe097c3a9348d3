//! Going through a pathway: opening places, deciding, leaving along routes, climbing ladders, joining, closing.

use super::case::{Case, next_due};
use super::event::By;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::{Length, Moment};
use crate::model::{
    Contact, Deadline, Exit, FactId, LadderId, MAIN, Message, Name, OfBranch, Pass, PlaceId, PlaceKind, RoleId,
    RouteId, Served, Step, Target,
};
use crate::workflow::{Chosen, Known, MOST_AT_ONCE};
use std::sync::Arc;

/// The longest that a last rung waits before it is asked again.
const LONGEST_WAIT: Length = Length::hours(24);

/// What is sent along to a place: by a decision that could not be taken, or by the round before.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub asked_by: Option<Name>,
    pub missing: Vec<Name>,
    /// For the next round of what is repeated: which round, and by when it is due.
    pub round: Option<(u32, Moment)>,
}

/// Why and by whom something ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub reason: Option<String>,
    pub by: By,
}

pub(super) type Walked = Result<(), Refusal>;

impl Case {
    /// Adds an entry to the journal and gives its number.
    pub(super) fn write(&mut self, at: Moment, what: EntryKind) -> u32 {
        self.record.journal.push(Entry { at, seal: None, what });
        (self.record.journal.len() - 1) as u32
    }

    /// Counts what happens: at the moment of an input, and, by itself, at all those before it. Whatever is proved does no
    /// more at any one moment (11.2). What is asked beside the pathway is not counted: nothing follows from that.
    pub(super) fn spend(&mut self) -> Walked {
        self.spent += 1;
        if self.spent > MOST_AT_ONCE { Err(Refusal::TooMuchAtOnce { limit: MOST_AT_ONCE }) } else { Ok(()) }
    }

    pub(super) fn open_at(&self, place: PlaceId) -> Option<&Open> {
        self.record.open.iter().find(|open| open.place == place)
    }

    fn open_mut(&mut self, place: PlaceId) -> Option<&mut Open> {
        self.record.open.iter_mut().find(|open| open.place == place)
    }

    /// Enters a place. `because` is the entry of the journal that is the reason.
    pub(super) fn enter(&mut self, id: PlaceId, at: Moment, because: u32, sent: Sent) -> Walked {
        // One decision may lead to the next: a list of one, rather than a call in a call.
        let mut next = Some((id, because, sent));
        while let Some((id, because, sent)) = next.take() {
            self.spend()?;
            if self.place(id).kind.passes().is_some() {
                next = self.pass(id, at, because)?;
            } else if matches!(self.place(id).kind, PlaceKind::Decide(_)) {
                next = self.decide(id, at, because);
            } else {
                self.open_place(id, at, because, sent)?;
            }
        }
        Ok(())
    }

    fn open_place(&mut self, id: PlaceId, at: Moment, because: u32, sent: Sent) -> Walked {
        let program = Arc::clone(&self.program);
        let place = program.pathway.place(id);
        if let PlaceKind::Ending(ending) = &place.kind {
            if let Some(of) = ending.of_branch {
                self.write(
                    at,
                    EntryKind::BranchEnded { branch: self.place(of.branch).name.clone(), done: of.done, because },
                );
                self.branches_over.push_back(of);
                return Ok(());
            }
            if ending.nothing_more {
                self.nothing_more(at, because);
                return Ok(());
            }
            self.goes_to(id, at);
            self.tell(&place.name, place.kind.tell(), at);
            let held_by = self.role_name(ending.held_by);
            self.end_of_the_road(Closed { ending: place.name.clone(), held_by, at }, because);
            return Ok(());
        }
        let entry = self.enters(&place.name);
        let open = Open {
            step: place.name.clone(),
            entry,
            opened: at,
            due: match (sent.round, place.kind.within()) {
                (Some((_, due)), _) => due,
                (None, Some(deadline)) => self.due_of(deadline, at),
                (None, None) => at,
            },
            owner: place.kind.owner().map(|role| self.role_name(role)),
            round: sent.round.map_or(u32::from(matches!(place.kind, PlaceKind::Repeat(_))), |(round, _)| round),
            missing: sent.missing,
            advice: None,
            agreed: Default::default(),
            asked_by: sent.asked_by,
            branches: Default::default(),
            escalated: None,
            place: id,
        };
        let due = open.due;
        let opened = EntryKind::Opened { step: open.step.clone(), entry: open.entry, due, because };
        self.record.open.push(open);
        let number = self.write(at, opened);
        self.goes_to(id, at);
        self.tell(&place.name, place.kind.tell(), at);
        self.advise(id, at);
        self.ask_models(at);
        self.escalate_at_once(id, at, due)?;
        if let PlaceKind::Together(together) = &place.kind {
            for branch in &together.branches {
                self.spend()?;
                self.enter(*branch, at, number, Sent::default())?;
            }
        }
        Ok(())
    }

    /// Writes down where the person is from now on, where a place says so and it is not where they are.
    fn goes_to(&mut self, id: PlaceId, at: Moment) {
        let lives = self.place(id).lives.and_then(|lives| self.shared.setting(lives.setting));
        let Some(setting) = lives.map(|it| it.name.clone()) else { return };
        if self.lives_at() != Some(&setting) {
            let step = self.place(id).name.clone();
            self.write(at, EntryKind::IsAt { at: setting, step });
        }
    }

    /// When something is due that opens at a moment.
    fn due_of(&self, deadline: Deadline, at: Moment) -> Moment {
        let done = deadline.after().and_then(|place| self.record.done.get(&self.place(place).name));
        self.directory.due(deadline, done.copied().unwrap_or(at)).max(at)
    }

    /// Who must be there so that a place can be done at a moment: who leads it, or hands over and accepts, and those
    /// without whom it is not done.
    pub(super) fn must_be_there(&self, id: PlaceId, at: Moment) -> impl Iterator<Item = RoleId> {
        self.place(id).kind.people().chain(self.needed_roles(id, at))
    }

    /// What nobody on duty can do before its deadline is escalated as soon as it opens, where being late escalates it.
    fn escalate_at_once(&mut self, id: PlaceId, at: Moment, due: Moment) -> Walked {
        let place = self.place(id);
        let Some(late) = place.exits[Exit::Late as usize] else { return Ok(()) };
        if !matches!(self.target_now(late), Some(Target::Escalate(_))) {
            return Ok(());
        }
        let takes = place.kind.takes();
        let served = self.served(at);
        let on_duty = |role| self.directory.on_duty_for(&served, role, at, due, takes);
        if !self.must_be_there(id, at).all(on_duty) {
            let how = (Outcome::Late, Because::NobodyOnDuty);
            return self.leave(id, Some(late), how.0, how.1, Said::default(), at);
        }
        Ok(())
    }

    fn tell(&mut self, step: &Name, told: &[Message], at: Moment) {
        for message in told {
            // Nothing is told to somebody who has died.
            if message.to == RoleId::PERSON && self.record.died {
                continue;
            }
            let (who, step) = (self.role_name(message.to), step.clone());
            let agreed = |fact: &FactId| self.holding.at(&self.shared, at).value(*fact) == Some(1);
            let what = match message.agreed.filter(|fact| !agreed(fact)) {
                None => EntryKind::Told { who, text: message.text.clone(), step },
                Some(fact) => EntryKind::NotTold { who, unless: self.fact_name(fact), step },
            };
            self.write(at, what);
        }
    }

    /// Takes a decision, in the moment, and says where it leads; nowhere when it leaves a draft stranded.
    fn decide(&mut self, id: PlaceId, at: Moment, because: u32) -> Option<(PlaceId, u32, Sent)> {
        let program = Arc::clone(&self.program);
        let shared = Arc::clone(&self.shared);
        let place = program.pathway.place(id);
        let (PlaceKind::Decide(decide), Some(decision)) = (&place.kind, program.decision(id)) else { return None };
        if let (Some(_), Some(advice)) = (&decide.asks, &decide.advice) {
            // A question is put to somebody; nothing is decided on the way there.
            let number = self.write(at, EntryKind::Passed { place: place.name.clone(), because });
            return Some((advice.by, number, Sent::default()));
        }
        let view = self.holding.at(&shared, at);
        let chosen = decision.take(&view, &shared.scores);
        let missing: Vec<Name> = match chosen {
            Chosen::NotKnown(_) => {
                let missing = decision.missing(&decide.rows, &view, &shared.facts, &shared.scores);
                missing.into_iter().map(|fact| self.fact_name(fact)).collect()
            }
            Chosen::Row(_) | Chosen::Nothing => Vec::new(),
        };
        let read = decision.reads().iter().map(|fact| self.reading(*fact, at)).collect();
        let row = if let Chosen::Row(row) = chosen { Some(row + 1) } else { None };
        let decided = Decided { decision: place.name.clone(), because, row, missing: missing.clone(), read };
        let number = self.write(at, EntryKind::Decided(decided));
        if let (Chosen::Row(_), Some(advice)) = (chosen, &decide.advice) {
            return Some((advice.by, number, Sent::default()));
        }
        let (route, sent) = match chosen {
            Chosen::Row(row) => (Some(decide.rows[row as usize].route), Sent::default()),
            Chosen::NotKnown(_) => {
                (decide.not_known, Sent { asked_by: Some(place.name.clone()), missing: missing.clone(), round: None })
            }
            Chosen::Nothing => (None, Sent::default()),
        };
        match route.map(|route| self.resolve(route, at)) {
            Some(Target::Place(next)) => Some((next, number, sent)),
            // What else a route can lead to is refused when the pathway is compiled.
            Some(_) | None => {
                self.strand(id, at, missing);
                None
            }
        }
    }

    /// Passes on where a call begins or ends, or what came of a positive risk is written down, and says where that leads.
    fn pass(&mut self, id: PlaceId, at: Moment, because: u32) -> Result<Option<(PlaceId, u32, Sent)>, Refusal> {
        let program = Arc::clone(&self.program);
        let place = program.pathway.place(id);
        let PlaceKind::Decide(decide) = &place.kind else { return Ok(None) };
        let number = self.write(at, EntryKind::Passed { place: place.name.clone(), because });
        // What interrupts inside a call is looked at anew whenever that begins.
        for it in program.pathway.interrupts.iter().filter(|it| it.with_call == Some(id)) {
            self.record.interrupted.remove(&it.name);
        }
        self.goes_to(id, at);
        self.tell(&place.name, place.kind.tell(), at);
        if let Some(Pass::Came { risk, value }) = place.kind.passes() {
            self.write_what_came(*risk, *value, at);
            if self.look_on_the_way(id, at)? {
                return Ok(None);
            }
        }
        match decide.rows.first().map(|row| self.resolve(row.route, at)) {
            Some(Target::Place(next)) => Ok(Some((next, number, Sent::default()))),
            // What else a route can lead to is refused when the pathway is compiled.
            Some(_) | None => {
                self.strand(id, at, Vec::new());
                Ok(None)
            }
        }
    }

    fn strand(&mut self, id: PlaceId, at: Moment, missing: Vec<Name>) {
        let stranded = Stranded { decision: self.place(id).name.clone(), since: at, missing, place: id };
        // Where the main road has none on, that is what is said.
        if self.record.stranded.is_none() || self.program.pathway.road(id) == MAIN {
            self.record.stranded = Some(stranded.clone());
        }
        self.write(at, EntryKind::Stranded(stranded));
    }

    /// What a route leads to now; counts it.
    pub(super) fn resolve(&mut self, route: RouteId, at: Moment) -> Target {
        let program = Arc::clone(&self.program);
        let mut id = route;
        loop {
            let route = program.pathway.route(id);
            let Some((counter, after)) = route.counted else { return route.target };
            let counter = &program.pathway.counters[counter.index()];
            let taken = self.record.taken.entry(counter.name.clone()).or_insert(0);
            let used_up = *taken >= counter.limit;
            *taken += u32::from(!used_up);
            let counted =
                EntryKind::Counted { route: counter.name.clone(), taken: *taken, limit: counter.limit, used_up };
            self.write(at, counted);
            if !used_up {
                return route.target;
            }
            id = after;
        }
    }

    /// Leaves something that is open along a route. Where the route escalates, it stays open.
    pub(super) fn leave(
        &mut self,
        place: PlaceId,
        route: Option<RouteId>,
        how: Outcome,
        because: Because,
        said: Said,
        at: Moment,
    ) -> Walked {
        self.spend()?;
        let Some(route) = route else {
            // Every way of ending has a route in a pathway that compiled; a draft must still not lose the person.
            self.end(place, how, said, at);
            self.strand(place, at, Vec::new());
            return Ok(());
        };
        match self.resolve(route, at) {
            Target::Escalate(ladder) => self.escalate(place, ladder, because, at),
            Target::NotDone => {
                self.end(place, how, said, at);
                self.step_ended(place, false, at)
            }
            Target::Back => {
                let asked_by = self.open_at(place).and_then(|open| open.asked_by.clone());
                let decision = asked_by.and_then(|name| self.program.pathway.place_named(&name));
                let number = self.end(place, how, said, at);
                match decision {
                    Some(decision) => self.enter(decision, at, number, Sent::default()),
                    None => {
                        self.strand(place, at, Vec::new());
                        Ok(())
                    }
                }
            }
            Target::Place(next) => {
                let number = self.end(place, how, said, at);
                self.enter(next, at, number, Sent::default())
            }
        }
    }

    /// Ends something that is open, and, for a block, the branches that still are.
    pub(super) fn end(&mut self, place: PlaceId, how: Outcome, said: Said, at: Moment) -> u32 {
        let Some(index) = self.record.open.iter().position(|open| open.place == place) else {
            return self.record.journal.len().saturating_sub(1) as u32;
        };
        let open = self.record.open.remove(index);
        if self.program.is_counted_after(place) && how.is_done(&self.place(place).kind) {
            self.record.done.insert(open.step.clone(), at);
        }
        let number = self.write(
            at,
            EntryKind::Ended { step: open.step.clone(), entry: open.entry, how, reason: said.reason, by: said.by },
        );
        if let Some(escalated) = open.escalated
            && how != Outcome::NobodyCan
        {
            let contact = escalated.contact;
            self.write(at, EntryKind::StoodDown { step: open.step, entry: open.entry, contact });
        }
        let program = Arc::clone(&self.program);
        if let PlaceKind::Together(together) = &program.pathway.place(place).kind {
            self.branches_over.retain(|of| of.block != place);
            for branch in &together.branches {
                self.stand_down_branch(*branch, at);
            }
        }
        number
    }

    /// Stands down whatever is open of a branch: itself, or all that comes with the pathway that is one.
    fn stand_down_branch(&mut self, branch: PlaceId, at: Moment) {
        let program = Arc::clone(&self.program);
        let of_it = |place: PlaceId| program.pathway.is_in_branch(place, branch);
        while let Some(open) = self.record.open.iter().find(|it| it.place == branch || of_it(it.place)) {
            let top = if open.place == branch { branch } else { program.pathway.opens_with(open.place) };
            self.end(top, Outcome::StoodDown, Said::default(), at);
        }
        if self.record.stranded.as_ref().is_some_and(|it| of_it(it.place)) {
            self.record.stranded = None;
        }
    }

    /// Goes on from a block of which a branch has ended that is a pathway of its own; says whether there was one.
    pub(super) fn join(&mut self, at: Moment) -> Result<bool, Refusal> {
        let Some(OfBranch { block, branch, done }) = self.branches_over.pop_front() else { return Ok(false) };
        self.spend()?;
        self.branch_ended(block, branch, done, at)?;
        Ok(true)
    }

    /// A step ended that is a branch.
    pub(super) fn step_ended(&mut self, branch: PlaceId, done: bool, at: Moment) -> Walked {
        match self.place(branch).kind.branch_of() {
            Some(block) => self.branch_ended(block, branch, done, at),
            None => Ok(()),
        }
    }

    /// A branch ended: the block may be over.
    fn branch_ended(&mut self, block: PlaceId, branch: PlaceId, done: bool, at: Moment) -> Walked {
        let program = Arc::clone(&self.program);
        let pathway = &program.pathway;
        let meanwhile = matches!(&pathway.place(branch).kind, PlaceKind::Step(step) if step.meanwhile);
        let PlaceKind::Together(together) = &pathway.place(block).kind else { return Ok(()) };
        let Some(open) = self.open_mut(block) else { return Ok(()) };
        if !meanwhile {
            open.branches.insert(pathway.place(branch).name.clone(), done);
        }
        let (ended, done) = (open.branches.len(), open.branches.values().filter(|done| **done).count());
        let enough = done as u32 >= together.needed();
        let all_ended = ended as u32 >= together.to_do();
        if meanwhile {
            // Nobody is there for the person any more, so the block does not go on without.
            self.leave(block, Some(together.otherwise), Outcome::NotAllDone, Because::NotAllDone, Said::default(), at)
        } else if enough && (together.first.is_some() || all_ended) {
            self.leave(block, Some(together.then), Outcome::Done, Because::NotAllDone, Said::default(), at)
        } else if all_ended {
            self.leave(block, Some(together.otherwise), Outcome::NotAllDone, Because::NotAllDone, Said::default(), at)
        } else {
            Ok(())
        }
    }

    /// Whoever is asked about something need not answer any more, though it stays open.
    pub(super) fn stand_down(&mut self, place: PlaceId, at: Moment) {
        let asked = self.open_mut(place).and_then(|open| Some((open.escalated.take()?, open.step.clone(), open.entry)));
        if let Some((escalated, step, entry)) = asked {
            self.write(at, EntryKind::StoodDown { step, entry, contact: escalated.contact });
        }
    }

    /// Turns to a ladder: the first rung that is open now.
    fn escalate(&mut self, place: PlaceId, ladder: LadderId, because: Because, at: Moment) -> Walked {
        let name = self.program.pathway.ladder(ladder).name.clone();
        let Some(asked) = self.open_at(place).and_then(|open| open.escalated.as_ref()) else {
            return self.climb(place, &name, 0, because, 0, at);
        };
        // Somebody is asked already: it goes on up that ladder. Who is last on it keeps the time they were given, so
        // that asking again and again never puts the answer off.
        let rungs = self.directory.ladder(&asked.ladder).map_or(0, |ladder| ladder.rungs.len());
        if asked.rung as usize + 1 < rungs { self.next_rung(place, at) } else { Ok(()) }
    }

    /// Asks the first open rung of a ladder from `from` on; the last one even if it is closed.
    pub(super) fn climb(
        &mut self,
        place: PlaceId,
        ladder: &Name,
        from: usize,
        because: Because,
        again: u32,
        at: Moment,
    ) -> Walked {
        self.spend()?;
        let Some(step) = self.open_at(place).map(|open| (open.step.clone(), open.entry)) else { return Ok(()) };
        let asked = self.ask_rung((step, None), ladder, from, because, again, at);
        if let (Some(open), Some(asked)) = (self.open_mut(place), asked) {
            open.escalated = Some(asked);
        }
        Ok(())
    }

    /// Asks the first open rung of a ladder from `from` on about something, and says whom. Nobody is asked who is shown a
    /// fact by that which is kept from them.
    pub(super) fn ask_rung(
        &mut self,
        (step, shows): ((Name, u32), Option<&Name>),
        ladder: &Name,
        from: usize,
        because: Because,
        again: u32,
        at: Moment,
    ) -> Option<Escalated> {
        let directory = Arc::clone(&self.directory);
        let rungs = directory.ladder(ladder).map(|ladder| &ladder.rungs)?;
        let rungs = rungs.get(..self.rungs(ladder, shows)).unwrap_or_default();
        let everybody = self.may_be_asked(shows, &Served::default());
        let served = self.may_be_asked(shows, &self.served(at));
        for (number, rung) in rungs.iter().enumerate().skip(from) {
            let is_last = number + 1 == rungs.len();
            let open = directory.open_on_for(&served, rung, at).map(|contact| contact.name.clone());
            if open.is_none() {
                let passed =
                    EntryKind::PassedOver { step: step.0.clone(), ladder: ladder.clone(), rung: rung.name.clone() };
                self.write(at, passed);
                if !is_last {
                    continue;
                }
            }
            // Closed, and the last: whoever on the rung is still there is asked all the same, not a dead number.
            let theirs = directory.on_rung(&served, rung).next().is_some();
            let all = directory.on_rung(if theirs { &served } else { &everybody }, rung).collect::<Vec<&Contact>>();
            let all = all.iter();
            let on_rung = all.clone().find(|it| it.valid_until.is_none_or(|until| at < until)).or(all.clone().next());
            let contact = open.or(on_rung.map(|contact| contact.name.clone())).unwrap_or_else(|| rung.name.clone());
            let wait = rung.within.times(1u32 << again.min(16)).min(LONGEST_WAIT.max(rung.within));
            let escalated = Escalated {
                ladder: ladder.clone(),
                rung: number as u32,
                contact,
                answer_by: at.plus(wait),
                because,
                asked_again: again,
            };
            self.write(at, EntryKind::Escalated { step: step.0, entry: step.1, to: escalated.clone() });
            return Some(escalated);
        }
        None
    }

    /// The rung that was asked did not answer, or cannot: the next one up. From the last, it is asked again.
    pub(super) fn next_rung(&mut self, place: PlaceId, at: Moment) -> Walked {
        let Some(escalated) = self.open_at(place).and_then(|open| open.escalated.clone()) else { return Ok(()) };
        let rungs = self.directory.ladder(&escalated.ladder).map_or(0, |ladder| ladder.rungs.len());
        let (from, again) = escalated.after(rungs);
        self.climb(place, &escalated.ladder, from, escalated.because, again, at)
    }

    /// Processes everything that falls due before a moment, each at its own instant, in order; with `at_it` also what
    /// falls due at that very moment.
    pub(super) fn fall_due(&mut self, now: Moment, at_it: bool) -> Walked {
        // Up to when it was looked what changes by itself.
        let mut looked = self.record.now;
        loop {
            let open = self.record.open.iter().enumerate();
            let open = open.map(|(number, open)| (next_due(open), number, Some(open.place)));
            // What is asked beside the pathway comes after what is open at the same instant.
            let all = open.chain(self.next_beside().map(|due| (due, usize::MAX, None)));
            // Nobody can be in time for what only waits: it is over at its instant.
            let waits = |place: &Option<PlaceId>| place.is_some_and(|place| self.place(place).kind.waits());
            let falls_due = |(due, _, place): &(Moment, usize, Option<PlaceId>)| {
                *due < now || *due == now && (at_it || waits(place))
            };
            let first = all.filter(falls_due).min();
            // What is otherwise by itself is so before what falls due later, and before an event (6.2); what falls due at
            // that very instant comes first.
            let turn = self.next_turn(looked).filter(|turn| match first {
                Some((due, ..)) => *turn < due,
                None => *turn < now || at_it && *turn == now,
            });
            let next = turn.or(first.map(|(due, ..)| due));
            // What happens at the moment of the input is counted anew, however late somebody calls.
            if looked < now && next.is_none_or(|at| at == now) {
                self.spent = 0;
            }
            let Some(at) = next else { return Ok(()) };
            let falls_due = first.filter(|_| turn.is_none());
            if at < now || !matches!(falls_due, Some((_, _, None))) {
                self.spend()?;
            }
            self.interrupted_now = false;
            self.alongside_now.clear();
            looked = at;
            match falls_due {
                Some((_, _, Some(place))) => self.falls_due(place, at)?,
                Some((_, _, None)) => self.beside_falls_due(at),
                None => {}
            }
            // Each instant is looked at as it is, whenever the host calls: then waking late makes no difference.
            self.look(at)?;
            self.advise_anew(at);
            self.ask_models(at);
            if self.record.closed.is_some() {
                return Ok(());
            }
        }
    }

    /// What is open at a place falls due: whoever is asked has not answered, or it is late.
    fn falls_due(&mut self, place: PlaceId, at: Moment) -> Walked {
        let said = Said::default();
        // What was accepted and not agreed ends when its time passes, also when somebody on a ladder was asked before.
        if let Some(disagree) = self.never_agreed(place) {
            self.leave(place, Some(disagree), Outcome::Disagreed, Because::Late, said, at)
        } else if self.open_at(place).is_some_and(|open| open.escalated.is_some()) {
            self.next_rung(place, at)
        } else if let PlaceKind::Step(Step { waits: true, then, .. }) = self.place(place).kind {
            self.leave(place, then, Outcome::Waited, Because::Late, said, at)
        } else {
            let late = self.place(place).exits[Exit::Late as usize];
            self.leave(place, late, Outcome::Late, Because::Late, said, at)
        }
    }
}
