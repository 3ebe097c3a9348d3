//! What an event does. Everything is checked on the way, and a refusal puts the case back as it was.

use super::answer::Answer;
use super::case::{Case, step_id};
use super::choose::Choice;
use super::event::{By, Event, EventKind, LifeEvent};
use super::models::Ran;
use super::record::*;
use super::refusal::Refusal;
use super::walk::{Said, Sent};
use crate::calendar::Moment;
use crate::diagnostic::nearest;
use crate::model::{self, Exit, FactId, MAIN, NOT_APPLICABLE, Name, PlaceId, PlaceKind, RoleId, Target};
use crate::workflow::{Known, Truth, truth};
use std::collections::BTreeMap;
use std::sync::Arc;

type Facts = BTreeMap<Name, model::Answer>;

impl Case {
    /// Takes an event that is recorded at `now`.
    ///
    /// # Errors
    /// [`Refusal`] says why it is not taken and what would fit. The case is then byte for byte as it was.
    pub fn apply(&mut self, event: Event, now: Moment) -> Result<Answer, Refusal> {
        if let Some(answer) = self.same_again(&event)? {
            return Ok(answer);
        }
        let from = self.take_new(event, now)?;
        Ok(self.answer(from))
    }

    /// The same, without working out an answer.
    pub(crate) fn apply_unheard(&mut self, event: &Event, now: Moment) -> Result<(), Refusal> {
        match self.same_again(event)? {
            Some(_) => Ok(()),
            None => self.take_new(event.clone(), now).map(|_| ()),
        }
    }

    /// Takes an event that was not taken before, and says where in the journal what followed begins.
    pub(super) fn take_new(&mut self, event: Event, now: Moment) -> Result<usize, Refusal> {
        let event = Arc::new(event);
        self.change(now, |case, from| case.take_in(&event, now).map(|()| from))
    }

    fn take_in(&mut self, event: &Arc<Event>, now: Moment) -> Result<(), Refusal> {
        if let Some(closed) = &self.record.closed {
            return Err(Refusal::Closed { ending: closed.ending.clone() });
        }
        if event.id.is_empty() {
            return Err(Refusal::NoId);
        }
        if let Some(expected) = event.expects.filter(|expected| *expected != self.record.revision) {
            return Err(Refusal::OldRevision { expected, is: self.record.revision });
        }
        if let Some(happened) = event.happened.filter(|happened| *happened > now) {
            return Err(Refusal::NotYetHappened { happened, recorded: now });
        }
        self.check_by(&event.by)?;
        self.catches_up(now)?;
        if let Some(closed) = &self.record.closed {
            return Err(Refusal::Closed { ending: closed.ending.clone() });
        }
        let happened = event.happened.unwrap_or(now);
        let number = self.write(now, EntryKind::Event(Arc::clone(event)));
        self.take(event, happened, now)?;
        self.look(now)?;
        self.advise_anew(now);
        self.ask_models(now);
        self.record.revision = self.record.revision.saturating_add(1);
        self.record.now = now;
        self.events.insert(event.id.clone(), number);
        Ok(())
    }

    /// What falls due up to and including `now` falls due, before what comes from outside then.
    pub(super) fn catches_up(&mut self, now: Moment) -> Result<(), Refusal> {
        self.fall_due(now, false)?;
        if self.record.closed.is_some() {
            return Ok(());
        }
        // What happened before at a deadline was another moment (10.24).
        self.interrupted_now = false;
        self.alongside_now.clear();
        self.let_lapse(now);
        self.advise_anew(now);
        self.ask_models(now);
        Ok(())
    }

    /// Lets time go on to `now`: processes everything that falls due up to and including it. When nothing does, and no
    /// fact has gone stale since, the case is not changed.
    ///
    /// # Errors
    /// When `now` is before what was recorded last.
    pub fn advance(&mut self, now: Moment) -> Result<Answer, Refusal> {
        self.change(now, |case, from| {
            case.go_on(from, now)?;
            Ok(case.answer(from))
        })
    }

    /// The same, without working out an answer.
    pub(crate) fn advance_unheard(&mut self, now: Moment) -> Result<(), Refusal> {
        self.change(now, |case, from| case.go_on(from, now))
    }

    fn go_on(&mut self, from: usize, now: Moment) -> Result<(), Refusal> {
        if self.record.closed.is_none() {
            self.fall_due(now, true)?;
        }
        let otherwise = self.next_turn(self.record.now).is_some_and(|at| at <= now);
        if self.record.journal.len() > from || (otherwise && self.record.closed.is_none()) {
            self.write(now, EntryKind::Advanced);
            self.record.revision = self.record.revision.saturating_add(1);
            self.record.now = now;
        }
        Ok(())
    }

    pub(super) fn check_by(&self, by: &By) -> Result<(), Refusal> {
        by.role.as_ref().map_or(Ok(()), |role| self.check_role(role))
    }

    pub(super) fn check_role(&self, role: &Name) -> Result<(), Refusal> {
        if self.shared.role(role).is_some() {
            return Ok(());
        }
        let meant =
            nearest(role, self.shared.roles.iter().map(|role| role.name.as_str())).first().map(|it| (*it).into());
        Err(Refusal::UnknownRole { role: role.clone(), meant })
    }

    fn take(&mut self, event: &Event, happened: Moment, now: Moment) -> Result<(), Refusal> {
        let by = &event.by;
        let said = |reason: Option<&String>| Said { reason: reason.cloned(), by: by.clone() };
        match &event.what {
            EventKind::Record { facts } => {
                self.record_facts(facts, happened, by, now)?;
                // A draft that found no way on looks again.
                if let Some(stranded) = self.record.stranded.take() {
                    let because = self.record.journal.len().saturating_sub(1) as u32;
                    self.enter(stranded.place, now, because, Sent::default())?;
                }
                Ok(())
            }
            EventKind::ModelAnswered { fact, model, version, sha256, asked, answer } => {
                let ran = Ran { model, version, sha256, asked: asked.as_deref() };
                self.model_answered(fact, &ran, answer, by, now)
            }
            EventKind::Done { step, facts } => self.done(step, facts, event, happened, now),
            EventKind::Declined { step, reason } => {
                let place = self.find_open(step)?;
                let exit = self.place(place).exits[Exit::PersonDeclines as usize];
                if exit.is_none() || matches!(self.place(place).kind, PlaceKind::Together(_)) {
                    return Err(self.wrong_answer(place, "is not the person's to decline"));
                }
                let said = said(reason.as_ref());
                self.leave(place, exit, Outcome::PersonDeclined, Because::PersonDeclined, said, now)
            }
            EventKind::Cannot { step, reason } => {
                if let Some(number) = self.question(step) {
                    self.needs_reason(step, reason)?;
                    self.cannot_answer(number, by.clone(), reason, now);
                    return Ok(());
                }
                let place = self.find_open(step)?;
                if self.place(place).kind.waits() {
                    return Err(self.wrong_answer(place, "is time that passes"));
                }
                self.needs_reason(step, reason)?;
                self.cannot(place, said(Some(reason)), now)
            }
            EventKind::Accept { step, condition } => {
                let place = self.find_open(step)?;
                let PlaceKind::HandOver(hand_over) = &self.place(place).kind else {
                    return Err(self.wrong_answer(place, "is not a handover, so it is not accepted"));
                };
                // Where the person belongs is no part of the pathway, and goes where they go.
                let own = |fact: &FactId| self.program.pathway.facts.contains(fact);
                let left: Vec<FactId> = hand_over.leaves_behind(&self.shared).filter(own).collect();
                match (condition, hand_over.on_condition) {
                    (None, _) => {
                        let then = Some(hand_over.then);
                        self.leave_behind(&left, now);
                        self.leave(place, then, Outcome::Accepted, Because::OnCondition, said(None), now)
                    }
                    (Some(_), None) => Err(self.wrong_answer(place, "is not offered on a condition")),
                    (Some(condition), route) => {
                        self.leave_behind(&left, now);
                        let how = Outcome::AcceptedOnCondition;
                        self.leave(place, route, how, Because::OnCondition, said(Some(condition)), now)
                    }
                }
            }
            EventKind::Refuse { step, reason } => {
                let place = self.find_open(step)?;
                self.needs_reason(step, reason)?;
                let PlaceKind::HandOver(hand_over) = &self.place(place).kind else {
                    return Err(self.wrong_answer(place, "is not a handover, so no receiver declines it"));
                };
                let declined = Some(hand_over.declined);
                self.leave(place, declined, Outcome::Refused, Because::Refused, said(Some(reason)), now)
            }
            EventKind::Decide { step, option, advice, otherwise, reason } => {
                let choice = Choice { option, advice: advice.as_deref(), otherwise: otherwise.as_ref() };
                self.choose(step.as_ref(), &choice, said(reason.as_ref()), now)
            }
            EventKind::Agree { step, role, option, advice } => {
                let choice = Choice { option, advice: advice.as_deref(), otherwise: None };
                self.agree(step.as_ref(), role, &choice, by, now)
            }
            EventKind::Disagree { step, role, reason, advice } => {
                let choice = Choice { option: role, advice: advice.as_deref(), otherwise: None };
                self.disagree(step.as_ref(), role, &choice, said(Some(reason)), now)
            }
            EventKind::Learn { fact, known } => self.learn(fact, known, now),
            EventKind::Settle { fact, value, reason } => {
                self.settle_fact(fact, value, reason.as_ref(), happened, by, now)
            }
            EventKind::Reviewed { step, reason } => {
                self.needs_reason(step, reason)?;
                let about = |number: &usize| {
                    matches!(self.record.beside.get(*number).map(|it| &it.about), Some(About::Review { .. }))
                };
                match self.question(step).filter(about) {
                    Some(number) => {
                        self.answered(number, Outcome::Done, by.clone(), Some(reason.clone()), now);
                        Ok(())
                    }
                    None => Err(self.not_asked(step)),
                }
            }
            EventKind::Correct { entry, answer, reason } => self.correct(*entry, answer, reason, by, now),
            EventKind::Withdraw { what, reason } => self.withdraw(what, reason.as_ref(), by, now),
            EventKind::Reassign { step, to, within, .. } => self.reassign(step, to, *within, now),
            EventKind::Raise { what, reason } => {
                self.needs_reason(what, reason)?;
                self.raise(what, now)
            }
            EventKind::Life { what } => self.life(*what, said(None), now),
        }
    }

    pub(super) fn needs_reason(&self, step: &Name, reason: &str) -> Result<(), Refusal> {
        if reason.trim().is_empty() { Err(Refusal::ReasonNeeded { step: step.clone() }) } else { Ok(()) }
    }

    /// The place of something open, by its name or its id.
    pub(super) fn find_open(&self, step: &Name) -> Result<PlaceId, Refusal> {
        let named = |open: &&Open| {
            open.step == *step
                || step_id(open) == step.as_str()
                || self.program.pathway.choice_of(open.place).is_some_and(|it| it == step)
                || self.asks_at(open.place).is_some_and(|asks| asks.risk == *step)
        };
        if let Some(open) = self.record.open.iter().find(named) {
            if !self.is_work(open) {
                return Err(self.wrong_answer(open.place, "is done when its branches are"));
            }
            return Ok(open.place);
        }
        if let Some(question) = self.question(step).and_then(|number| self.record.beside.get(number)) {
            return Err(Self::wrong_answer_beside(question));
        }
        let pathway = &self.program.pathway;
        let plain = step.split('#').next().unwrap_or(step);
        if pathway.place_named(plain).is_none() {
            let names = pathway.places.iter().map(|place| place.name.as_str());
            let meant = nearest(step, names).first().map(|near| Name::from(*near));
            return Err(Refusal::NoSuchStep { step: step.clone(), meant });
        }
        let open = self.record.open.iter().map(|open| open.step.clone()).collect();
        Err(Refusal::NotOpen { step: step.clone(), open })
    }

    fn not_asked(&self, step: &Name) -> Refusal {
        match self.question(step).and_then(|number| self.record.beside.get(number)) {
            Some(question) => Self::wrong_answer_beside(question),
            None => {
                let open = self.record.open.iter().map(|open| open.step.clone());
                let beside = self.record.beside.iter().map(|question| question.step.clone());
                Refusal::NotOpen { step: step.clone(), open: open.chain(beside).collect() }
            }
        }
    }

    fn wrong_answer_beside(question: &Question) -> Refusal {
        let (given, fits) = match question.about {
            About::Disputed { .. } => ("asks what a fact is", "settle"),
            About::Review { .. } => ("asks somebody to look again", "reviewed"),
        };
        let fits = vec![fits.to_string(), "cannot".to_string()];
        Refusal::WrongAnswer { step: question.step.clone(), given: given.to_string(), fits }
    }

    pub(super) fn wrong_answer(&self, place: PlaceId, given: &str) -> Refusal {
        let it = self.place(place);
        let escalated = self.open_at(place).is_some_and(|open| open.escalated.is_some());
        let mut fits: Vec<&str> = match &it.kind {
            PlaceKind::HandOver(_) => vec!["accept", "refuse", "declined", "cannot"],
            PlaceKind::Choose(choose) => match self.decide_at(choose.decision).and_then(|decide| decide.agreed()) {
                Some(_) if choose.advised => vec!["agree", "disagree", "decide", "cannot"],
                _ => vec!["decide", "cannot"],
            },
            PlaceKind::Together(_) if !self.open_at(place).is_some_and(|open| self.is_work(open)) => {
                vec!["an event for one of its branches"]
            }
            PlaceKind::Together(_) => vec!["done", "cannot"],
            PlaceKind::Step(step) if step.meanwhile => vec!["declined", "cannot"],
            kind if kind.waits() => vec!["nothing, before its time is over"],
            _ => vec!["done", "declined", "cannot"],
        };
        if escalated {
            fits.push("reassign");
        }
        let fits = fits.into_iter().map(str::to_string).collect();
        Refusal::WrongAnswer { step: it.name.clone(), given: given.to_string(), fits }
    }

    /// The facts something open should find, and that are not good already unless they are found afresh.
    pub(super) fn still_to_find(&self, open: &Open, now: Moment) -> Vec<FactId> {
        let kind = &self.place(open.place).kind;
        let mut finds = kind.finds().to_vec();
        let (afresh, finds_missing) = match kind {
            PlaceKind::Step(step) => (step.afresh, step.finds_missing),
            PlaceKind::Repeat(_) => (true, false),
            _ => (false, false),
        };
        if finds_missing {
            finds.extend(open.missing.iter().filter_map(|name| self.shared.fact(name)));
        }
        let view = self.known(now);
        let applies = |fact: FactId| view.value(fact) != Some(NOT_APPLICABLE);
        // Of what is disputed whoever settles it is asked, and nobody else again.
        finds.retain(|fact| !self.is_disputed(*fact));
        let settled = |fact: FactId| self.shared.facts[fact.index()].settled;
        finds.retain(|fact| (view.recorded(*fact).is_none() || afresh && !settled(*fact)) && applies(*fact));
        finds
    }

    /// Refuses what is done without those without whom it is not.
    fn is_somebody_missing(&self, place: PlaceId, event: &Event, now: Moment) -> Result<(), Refusal> {
        event.with.iter().try_for_each(|role| self.check_role(role))?;
        let mut needed = self.needed(place, now);
        needed.retain(|role| !event.with.contains(role) && event.by.role.as_ref() != Some(role));
        if needed.is_empty() {
            Ok(())
        } else {
            Err(Refusal::NotWithout { step: self.place(place).name.clone(), roles: needed })
        }
    }

    /// Those without whom a place is not done now: what they are needed for is not a definite no.
    pub(super) fn needed(&self, place: PlaceId, now: Moment) -> Vec<Name> {
        self.needed_roles(place, now).map(|role| self.role_name(role)).collect()
    }

    /// The same, by number.
    pub(super) fn needed_roles(&self, place: PlaceId, now: Moment) -> impl Iterator<Item = RoleId> {
        let view = self.known(now);
        let no = move |test: &model::Test| truth(test, &view, &self.shared.scores) == Truth::No;
        let needed = move |it: &&model::Needed| !it.when.as_ref().is_some_and(|when| no(&when.test));
        self.place(place).kind.not_without().iter().filter(needed).map(|it| it.role)
    }

    fn done(
        &mut self,
        step: &Name,
        facts: &Facts,
        event: &Event,
        happened: Moment,
        now: Moment,
    ) -> Result<(), Refusal> {
        let (place, by) = (self.find_open(step)?, &event.by);
        let program = Arc::clone(&self.program);
        let kind = &program.pathway.place(place).kind;
        match kind {
            PlaceKind::HandOver(_) => return Err(self.wrong_answer(place, "is a handover: it is accepted, not done")),
            PlaceKind::Choose(_) => return Err(self.wrong_answer(place, "is a decision: an option is chosen")),
            PlaceKind::Step(step) if step.meanwhile => {
                return Err(self.wrong_answer(place, "is open as long as its block is: nothing is done there"));
            }
            kind if kind.waits() => return Err(self.wrong_answer(place, "is time that passes: nothing is done there")),
            _ => {}
        }
        let to_find = self.open_at(place).map_or(Vec::new(), |open| self.still_to_find(open, now));
        self.record_facts(facts, happened, by, now)?;
        // What was found may be that somebody is not needed.
        self.is_somebody_missing(place, event, now)?;
        // What was found may be that something else does not apply.
        let view = self.known(now);
        let still =
            |fact: &FactId| !facts.contains_key(&self.fact_name(*fact)) && view.value(*fact) != Some(NOT_APPLICABLE);
        let missing: Vec<Name> = to_find.into_iter().filter(still).map(|fact| self.fact_name(fact)).collect();
        if !missing.is_empty() {
            return Err(Refusal::MissingFacts { step: step.clone(), facts: missing });
        }
        let said = Said { reason: None, by: by.clone() };
        // What was found may interrupt before one goes on; what is done as well is open first, wherever one goes.
        let road = program.pathway.road(place);
        let on_it = |it: &usize| program.pathway.interrupts.get(*it).is_some_and(|it| it.on_road() == road);
        let first = self.interrupts(now).filter(on_it);
        self.look_alongside(now)?;
        if let Some(number) = first {
            let because = self.end(place, Outcome::Done, said, now);
            return self.interrupt(number, because, now);
        }
        match kind {
            PlaceKind::Step(it) => match it.then {
                Some(then) => self.leave(place, Some(then), Outcome::Done, Because::Late, said, now),
                None => {
                    self.end(place, Outcome::Done, said, now);
                    self.step_ended(place, true, now)
                }
            },
            PlaceKind::Together(together) => {
                self.leave(place, Some(together.then), Outcome::Done, Because::Late, said, now)
            }
            PlaceKind::Repeat(repeat) => self.round_done(place, repeat, said, now),
            _ => Ok(()),
        }
    }

    /// A round is done: out, if what one waits for holds now; else the next round, or what comes after the last.
    fn round_done(&mut self, place: PlaceId, repeat: &model::Repeat, said: Said, now: Moment) -> Result<(), Refusal> {
        let shared = Arc::clone(&self.shared);
        if let Some((until, route)) = &repeat.until
            && truth(&until.test, &self.known(now), &shared.scores) == Truth::Yes
        {
            return self.leave(place, Some(*route), Outcome::UntilHolds, Because::Late, said, now);
        }
        let Some(open) = self.open_at(place) else { return Ok(()) };
        let over = open.escalated.as_ref().is_some_and(|it| it.because == Because::AfterLastRound);
        if over {
            let nobody = self.place(place).exits[Exit::NobodyCan as usize];
            return self.leave(place, nobody, Outcome::NobodyCan, Because::NobodyCan, said, now);
        }
        if open.round >= repeat.times {
            // The round is done, and who was asked about it has answered: what comes after the last is asked anew.
            self.stand_down(place, now);
            let after = Some(repeat.after);
            return self.leave(place, after, Outcome::AfterLastRound, Because::AfterLastRound, said, now);
        }
        let (round, due) = (open.round.saturating_add(1), open.due.max(now).plus(repeat.every));
        let (asked_by, missing) = (open.asked_by.clone(), open.missing.clone());
        let because = self.end(place, Outcome::Done, said, now);
        self.enter(place, now, because, Sent { round: Some((round, due)), asked_by, missing })
    }

    fn cannot(&mut self, place: PlaceId, said: Said, now: Moment) -> Result<(), Refusal> {
        let escalated = self.open_at(place).and_then(|open| open.escalated.clone());
        let exits = self.place(place).exits;
        let Some(escalated) = escalated else {
            let route = exits[Exit::Cannot as usize];
            return self.leave(place, route, Outcome::Cannot, Because::Cannot, said, now);
        };
        let rungs = self.directory.ladder(&escalated.ladder).map_or(0, |ladder| ladder.rungs.len());
        if (escalated.rung as usize) + 1 < rungs {
            return self.next_rung(place, now);
        }
        let nobody = exits[Exit::NobodyCan as usize];
        self.leave(place, nobody, Outcome::NobodyCan, Because::NobodyCan, said, now)
    }

    /// After a handover one relies only on what it carried (1.5): everything else is unknown to this case until it is
    /// recorded again. The journal keeps it.
    fn leave_behind(&mut self, left: &[FactId], now: Moment) {
        for fact in left {
            let name = self.fact_name(*fact);
            self.knows_no_more(*fact, &name);
            if self.is_disputed(*fact) {
                self.not_settled(&name, Outcome::StoodDown, By::default(), None, now);
            }
        }
    }

    fn life(&mut self, what: LifeEvent, said: Said, now: Moment) -> Result<(), Refusal> {
        if self.record.died && what != LifeEvent::OpenedInError {
            return Err(Refusal::AfterDeath);
        }
        self.record.died |= what == LifeEvent::Died;
        if self.record.died {
            self.all_beside_stood_down(now);
        }
        let exit = what.exit();
        self.stand_down_alongside(now);
        if let Some(ended) = self.record.ended.take() {
            let because = self.record.journal.len().saturating_sub(1) as u32;
            self.close(Closed { at: now, ..ended }, because);
            return Ok(());
        }
        if let Some(place) = self.front(MAIN) {
            let route = self.place(place).exits[exit as usize];
            // What happens in somebody's life is never escalated (10.11), so the reason for that does not matter.
            return self.leave(place, route, Outcome::of(what), Because::Cannot, said, now);
        }
        let Some(stranded) = self.record.stranded.take() else { return Ok(()) };
        let route = self.place(stranded.place).exits[exit as usize];
        let target = route.map(|route| self.resolve(route, now));
        let because = self.record.journal.len().saturating_sub(1) as u32;
        match target {
            Some(Target::Place(next)) => self.enter(next, now, because, Sent::default()),
            _ => {
                self.record.stranded = Some(stranded);
                Ok(())
            }
        }
    }
}
