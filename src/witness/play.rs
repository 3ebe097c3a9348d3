//! Playing a way through a pathway: at each place what leads on along the way, and somebody whose facts decide as the way
//! says.

use super::{Minute, Stage, in_words};
use crate::calendar::{Length, Moment};
use crate::check::people::{Demand, Truths};
use crate::check::ways::{Way, WayId};
use crate::check::{Person, Shows, Subject};
use crate::engine::{Case, NextStep, Open, Refusal};
use crate::model::{
    Answer, Exit, FactId, Given, Happening, Interrupt, NOT_APPLICABLE, Name, PlaceId, PlaceKind, Since, Story, Target,
    What,
};
use crate::play::{Driver, could_be_needed};
use crate::workflow::{Known, Why};

/// What comes when the way is at its end.
#[derive(Clone, Debug)]
pub(super) enum After {
    /// Nothing more.
    Nothing,
    /// Somebody with these facts comes to the decision at the end of the way.
    Decision(Person),
    /// A fact becomes yes after so many ways.
    Becomes(FactId, usize),
}

impl From<&Shows> for After {
    fn from(shows: &Shows) -> After {
        match shows {
            Shows::NotReached { since: Since::Fact(fact), after, .. } => After::Becomes(*fact, *after),
            _ => After::Nothing,
        }
    }
}

/// How a way is played.
pub(super) struct Play<'s> {
    pub stage: &'s Stage,
    pub subject: &'s Subject<'s>,
    /// Facts that are known from the beginning.
    pub known: &'s [FactId],
    /// Facts that apply to whomever the story is about.
    pub applying: Vec<FactId>,
    /// Whether everything takes as long as it may.
    pub slowly: bool,
}

/// A story while it is told.
#[derive(Clone)]
pub(super) struct Telling {
    pub driver: Driver,
    pub story: Story,
    /// When something last happened.
    pub last: Moment,
}

impl Telling {
    /// Where a story begins.
    pub fn new(driver: Driver, story: Story) -> Telling {
        let last = story.starts;
        Telling { driver, story, last }
    }

    /// What else has happened, and where that led.
    pub fn comes_to(&mut self, driver: Driver, events: Vec<Happening>) {
        self.last = driver.now;
        self.driver = driver;
        self.story.events.extend(events);
    }

    pub(super) fn case(&self) -> &Case {
        &self.driver.case
    }

    /// Makes something happen at a moment; no more, when it is refused.
    pub(super) fn happens(&mut self, at: Moment, what: What, facts: Vec<Given>, why: Option<&str>) -> Option<()> {
        let condition = matches!(what, What::Accepted(_)).then(|| why.map(str::to_string)).flatten();
        let because = if condition.is_some() { None } else { why.map(str::to_string) };
        let with = match &what {
            What::Done(name) => could_be_needed(self.case(), name),
            _ => Vec::new(),
        };
        let happening = Happening { after: at.since(self.last), what, facts, by: None, with, because, condition };
        // It is part of the story even when it is refused: that may be what the story shows.
        self.story.events.push(happening.clone());
        self.last = at;
        self.driver.happen_unheard(&happening).ok()
    }

    fn step(&self, name: &Name) -> Option<NextStep> {
        self.case().next_named(name)
    }

    pub(super) fn open(&self, name: &Name) -> Option<&Open> {
        self.case().record().open.iter().find(|open| open.step == *name)
    }
}

/// Why something is decided otherwise than advised, in a story.
pub(super) const WHY_OTHERWISE: &str = "it was talked over";

/// What is known of a person and was not before.
fn news(person: &Person, known: &Person) -> Person {
    let new = |(fact, value): &(&FactId, &Option<i64>)| {
        value.is_some_and(|value| value != NOT_APPLICABLE) && known.get(fact) != Some(value)
    };
    person.iter().filter(new).map(|(fact, value)| (*fact, *value)).collect()
}

/// The most that happens at one place.
const MAX_AT_ONE_PLACE: usize = 200;

impl<'s> Play<'s> {
    pub(super) fn new(stage: &'s Stage, subject: &'s Subject<'s>) -> Play<'s> {
        Play { stage, subject, known: &[], applying: Vec::new(), slowly: false }
    }

    /// A code with which one may decide otherwise than advised, where a decision advises.
    pub(super) fn code_for(&self, step: &Name) -> Option<Name> {
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Choose(choose) = &pathway.place(pathway.place_named(step)?).kind else { return None };
        let PlaceKind::Decide(decide) = &pathway.place(choose.decision).kind else { return None };
        decide.advice.as_ref().filter(|_| choose.advised)?.otherwise.first().cloned()
    }

    /// The first of those who must agree with what is decided at a place.
    fn asked_to_agree(&self, place: PlaceId) -> Option<Name> {
        let pathway = &self.subject.program.pathway;
        let PlaceKind::Choose(choose) = &pathway.place(place).kind else { return None };
        let PlaceKind::Decide(decide) = &pathway.place(choose.decision).kind else { return None };
        let role = decide.agreed()?.by.first()?;
        Some(self.stage.shared.roles.get(role.index())?.name.clone())
    }

    pub(super) fn name(&self, place: PlaceId) -> Name {
        self.subject.program.pathway.place(place).name.clone()
    }

    /// Plays a path from a moment on; nothing where it cannot be gone.
    pub(super) fn along(&self, path: &[WayId], starts: Moment, after: After) -> Option<Story> {
        let story = self.beginning(path, starts, &after)?;
        // Those who go round without any time passing do not even begin.
        if matches!(self.stage.open(&story), Err(Refusal::TooMuchAtOnce { .. })) {
            return Some(story);
        }
        self.tell(path, starts, &after).map(|telling| telling.story)
    }

    /// Somebody about whom what is known when the case opens leads along the first ways, as far as they are decisions.
    pub(super) fn beginning(&self, path: &[WayId], starts: Moment, after: &After) -> Option<Story> {
        let first = self.in_a_moment(path);
        let known: Person = self.known.iter().map(|fact| (*fact, Some(self.found(*fact)))).collect();
        let ends_here = first == path.len();
        let from_the_start: Person = self.presumed().into_iter().chain(known.clone()).collect();
        let opening =
            self.person(&self.decisions(&path[..first]), ends_here.then_some(after), &from_the_start, &[], None, None)?;
        let opening = self.dated(opening, &from_the_start, starts);
        let mut knowing = in_words(&self.stage.shared, &known);
        knowing.retain(|it| self.stage.shared.fact(&it.fact).is_none_or(|fact| !opening.contains_key(&fact)));
        knowing.extend(in_words(&self.stage.shared, &opening));
        Some(Story { starts, knowing, events: Vec::new() })
    }

    /// Plays a path from a moment on, and says where the case stands then; nothing where it cannot be gone.
    pub(super) fn tell(&self, path: &[WayId], starts: Moment, after: &After) -> Option<Telling> {
        let story = self.beginning(path, starts, after)?;
        let driver = self.stage.open(&story).ok()?;
        let mut telling = Telling::new(driver, story);
        self.follow(&mut telling, path, after)?;
        if let After::Becomes(fact, when) = after
            && *when >= path.len()
        {
            self.becomes_yes(&mut telling, *fact)?;
        }
        self.over_alongside(&mut telling);
        Some(telling)
    }

    /// How many ways at the beginning of a path are gone in a moment: decisions, and into the branch of a block, which opens
    /// with it.
    fn in_a_moment(&self, path: &[WayId]) -> usize {
        let ways = self.subject.ways;
        let at_once = |way: &Way| ways.is_decision(way.from) || way.why == Why::Branch;
        path.iter().take_while(|way| at_once(&ways.all[**way])).count()
    }

    /// Those of some ways that lead from decisions.
    fn decisions(&self, path: &[WayId]) -> Vec<WayId> {
        let ways = self.subject.ways;
        path.iter().copied().filter(|way| ways.is_decision(ways.all[*way].from)).collect()
    }

    /// Follows a path from where the case stands, or is led by its first decisions; nothing where it cannot be gone.
    pub(super) fn follow(&self, telling: &mut Telling, path: &[WayId], after: &After) -> Option<()> {
        let ways = self.subject.ways;
        let mut at = self.in_a_moment(path);
        while let Some(number) = path.get(at) {
            if let After::Becomes(fact, when) = after
                && *when <= at
                && telling.case().known(telling.last).recorded(*fact) != Some(1)
            {
                self.becomes_yes(telling, *fact)?;
            }
            let way = &ways.all[*number];
            let then = self.in_a_moment(&path[at + 1..]);
            let moment = self.decisions(&path[at + 1..at + 1 + then]);
            let ends_here = at + 1 + then == path.len();
            let left = self.leave(telling, way, &moment, ends_here.then_some(after));
            at += 1 + then;
            // The last that happens may be refused: more would happen at once than can.
            if left.is_none() {
                return (ends_here || at >= path.len()).then_some(());
            }
            let to = path.get(at).map(|next| ways.all[*next].from);
            if let Some(to) = to
                && telling.open(&self.name(to)).is_none()
            {
                return None;
            }
        }
        Some(())
    }

    fn becomes_yes(&self, telling: &mut Telling, fact: FactId) -> Option<()> {
        let facts = in_words(&self.stage.shared, &Person::from([(fact, Some(1))]));
        telling.happens(telling.last, What::Record, facts, None)
    }

    /// What is known now.
    fn known_now(&self, telling: &Telling, at: Moment) -> Person {
        let view = telling.case().known(at);
        let facts = (0..self.stage.shared.facts.len() as u32).map(FactId);
        facts.filter_map(|fact| view.value(fact).map(|value| (fact, Some(value)))).collect()
    }

    /// Leaves the place a way leads from, so that it leads where the way does.
    pub(super) fn leave(
        &self,
        telling: &mut Telling,
        way: &Way,
        moment: &[WayId],
        after: Option<&After>,
    ) -> Option<()> {
        let pathway = &self.subject.program.pathway;
        let place = pathway.place(way.from);
        let name = place.name.clone();
        if way.escalated {
            self.escalate(telling, way.from)?;
        }
        let at = if self.slowly { self.dawdle(telling, way.from)? } else { telling.last };
        let interrupt = match way.why {
            Why::AtAnyTime(number) => Some(pathway.interrupts.get(number as usize)?),
            _ => None,
        };
        if let Some(it) = interrupt {
            self.is_no_more(telling, it, at)?;
        }
        // What must hold, or not hold yet, when a round is over, or when a role chooses; and what interrupts.
        let until = match (&place.kind, way.why) {
            (_, Why::AtAnyTime(_)) => interrupt.map(|it| Demand::new(&it.condition.test, Truths::YES)),
            (PlaceKind::Repeat(repeat), Why::Until) => Some(Demand::new(&repeat.until.as_ref()?.0.test, Truths::YES)),
            (PlaceKind::Repeat(repeat), Why::AfterLast) => {
                repeat.until.as_ref().map(|(until, _)| Demand::new(&until.test, Truths::NOT_YES))
            }
            _ => self.subject.ways.only_when(way).map(|it| Demand::new(&it.test, Truths::YES)),
        };
        let left: Vec<FactId> = match (&place.kind, way.why) {
            (PlaceKind::HandOver(hand_over), Why::Done | Why::OnCondition) => {
                hand_over.leaves_behind(&self.stage.shared).collect()
            }
            _ => Vec::new(),
        };
        let mut known = self.known_now(telling, at);
        let before = known.clone();
        known.retain(|fact, _| !left.contains(fact));
        let person = self.person(moment, after, &known, &left, until, interrupt)?;
        let person = self.dated(person, &known, at);
        let mut news = news(&person, &known);
        // What comes of a positive risk is written down on the way.
        let came = self.subject.came(moment);
        news.retain(|fact, _| !came.contains_key(fact));
        news.extend(self.to_be_lost(&person, &left, &before));
        // Rounds before the last are over before anything new is recorded.
        if way.why == Why::AfterLast {
            self.rounds(telling, way.from, at)?;
        }
        let at = if way.why == Why::AfterLast && self.slowly {
            self.dawdle(telling, way.from)?
        } else {
            at.max(telling.last)
        };
        // What the step should find anyway is found with it.
        let found = match way.why {
            Why::Done | Why::Until | Why::AfterLast => telling.step(&name).map_or(Vec::new(), |step| step.finds),
            _ => Vec::new(),
        };
        let found: Vec<FactId> = found.iter().filter_map(|fact| self.stage.shared.fact(fact)).collect();
        news.retain(|fact, _| !found.contains(fact));
        if !news.is_empty() && !matches!(way.why, Why::Exit(Exit::Late)) {
            telling.happens(at, What::Record, in_words(&self.stage.shared, &news), None)?;
        }
        match way.why {
            Why::Done | Why::Until | Why::AfterLast => match &place.kind {
                PlaceKind::HandOver(_) => telling.happens(at, What::Accepted(name), Vec::new(), None),
                PlaceKind::Together(_) if telling.step(&name).is_none() => self.branches(telling, way.from, true),
                kind if kind.waits() => telling.happens(telling.open(&name)?.due, What::Nothing, Vec::new(), None),
                _ => self.done(telling, &name, at, &person),
            },
            Why::OnCondition => telling.happens(at, What::Accepted(name), Vec::new(), Some("on a condition")),
            Why::Declined => telling.happens(at, What::Declined(name), Vec::new(), Some("it cannot be taken on now")),
            Why::Chosen => {
                let option = self.name(way.to);
                let otherwise = self.code_for(&name);
                let why = otherwise.is_some().then_some(WHY_OTHERWISE);
                let decides = What::Decides { step: Some(name), option, otherwise };
                for agrees in telling.driver.agreements(&decides) {
                    telling.happens(at, agrees, Vec::new(), None)?;
                }
                telling.happens(at, decides, Vec::new(), why)
            }
            Why::Disagreed => {
                let role = self.asked_to_agree(way.from)?;
                let disagrees = What::Disagrees { step: Some(name), role };
                telling.happens(at, disagrees, Vec::new(), Some("there is another way"))
            }
            Why::NotAllDone => self.branches(telling, way.from, false),
            Why::Exit(Exit::Late) => {
                let due = telling.open(&name)?.due;
                // Facts are recorded a moment before, since nothing can be at the moment it is too late.
                if !news.is_empty() {
                    telling.happens(at, What::Record, in_words(&self.stage.shared, &news), None)?;
                }
                telling.happens(due, What::Nothing, Vec::new(), None)
            }
            Why::Exit(Exit::Cannot) => telling.happens(at, What::Cannot(name), Vec::new(), Some("it cannot be done")),
            Why::Exit(Exit::PersonDeclines) => telling.happens(at, What::PersonDeclines(name), Vec::new(), None),
            Why::Exit(Exit::NobodyCan) => self.nobody_can(telling, &name, at),
            Why::Exit(life) => telling.happens(at, What::Life(life), Vec::new(), None),
            // It has, as soon as what it waits for was recorded; what is open stays so where it is done as well.
            Why::AtAnyTime(_) if interrupt.is_some_and(|it| it.as_well) => {
                telling.case().record().interrupted.contains(&interrupt?.name).then_some(())
            }
            Why::AtAnyTime(_) => telling.open(&name).is_none().then_some(()),
            Why::Row(_) | Why::NotKnown | Why::Branch | Why::Reassigned => None,
        }
    }

    /// Lets what has interrupted become a definite no, where it must before it can again.
    fn is_no_more(&self, telling: &mut Telling, it: &Interrupt, at: Moment) -> Option<()> {
        if !telling.case().record().interrupted.contains(&it.name) {
            return Some(());
        }
        let known = self.known_now(telling, at);
        let no = [Demand::new(&it.condition.test, Truths::NO)];
        let person = self.who(&[], &no, &Person::new(), &known, &[])?;
        let news = news(&self.dated(person, &known, at), &known);
        if news.is_empty() {
            return Some(());
        }
        telling.happens(at, What::Record, in_words(&self.stage.shared, &news), None)
    }

    /// Does a step: what it should find is found as the person is, or asked for in vain.
    pub(super) fn done(&self, telling: &mut Telling, name: &Name, at: Moment, person: &Person) -> Option<()> {
        let shared = &self.stage.shared;
        let now = self.known_now(telling, at);
        let finds = telling.step(name).map_or(Vec::new(), |step| step.finds);
        let answer = |fact: &Name| {
            let id = shared.fact(fact);
            let value = id.and_then(|id| person.get(&id).or(now.get(&id)).copied().flatten());
            let wanted = id.filter(|id| self.known.contains(id)).map(|id| self.found(id));
            match (id, value.or(wanted)) {
                (Some(id), Some(value)) if value != NOT_APPLICABLE => {
                    Answer::Value(shared.facts[id.index()].domain.show(value))
                }
                _ => Answer::CouldNot("nobody knows yet".to_string()),
            }
        };
        let facts = finds.into_iter().map(|fact| Given { answer: answer(&fact), fact }).collect();
        telling.happens(at, What::Done(name.clone()), facts, None)
    }

    /// All rounds of a repeat but the last.
    fn rounds(&self, telling: &mut Telling, place: PlaceId, mut at: Moment) -> Option<()> {
        let PlaceKind::Repeat(repeat) = &self.subject.program.pathway.place(place).kind else { return None };
        let name = self.name(place);
        for _ in 1..repeat.times {
            // Somebody for whom it does not hold yet.
            let until = repeat.until.as_ref().map(|(until, _)| Demand::new(&until.test, Truths::NOT_YES));
            let known = self.known_now(telling, at);
            let person = self.dated(self.person(&[], None, &known, &[], until, None)?, &known, at);
            let news = news(&person, &known);
            if !news.is_empty() {
                telling.happens(at, What::Record, in_words(&self.stage.shared, &news), None)?;
            }
            self.done(telling, &name, at, &person)?;
            at = if self.slowly { self.dawdle(telling, place)? } else { telling.last };
        }
        Some(())
    }

    /// Says on every rung that it cannot be done, until nobody is left.
    fn nobody_can(&self, telling: &mut Telling, name: &Name, at: Moment) -> Option<()> {
        for _ in 0..MAX_AT_ONE_PLACE {
            let entry = telling.open(name)?.entry;
            telling.happens(at, What::Cannot(name.clone()), Vec::new(), Some("nobody can do it"))?;
            if telling.open(name).is_none_or(|open| open.entry != entry) {
                return Some(());
            }
        }
        None
    }

    /// Turns to a ladder for a place, in whatever way it does.
    fn escalate(&self, telling: &mut Telling, place: PlaceId) -> Option<()> {
        let it = self.subject.program.pathway.place(place);
        let name = it.name.clone();
        if telling.open(&name)?.escalated.is_some() {
            return Some(());
        }
        for (exit, what) in [
            (Exit::Cannot, Some(What::Cannot(name.clone()))),
            (Exit::PersonDeclines, Some(What::PersonDeclines(name.clone()))),
            (Exit::Late, None),
        ] {
            let block = matches!(it.kind, PlaceKind::Together(_));
            if (block && what.is_some()) || !self.escalates(it.exits[exit as usize]) {
                continue;
            }
            match what {
                Some(what) => telling.happens(telling.last, what, Vec::new(), Some("it cannot be done")),
                None => {
                    let due = telling.open(&name)?.due;
                    telling.happens(due, What::Nothing, Vec::new(), None)
                }
            }?;
            if telling.open(&name)?.escalated.is_some() {
                return Some(());
            }
        }
        match &it.kind {
            PlaceKind::HandOver(hand_over) if self.escalates(Some(hand_over.declined)) => {
                telling.happens(
                    telling.last,
                    What::Declined(name.clone()),
                    Vec::new(),
                    Some("it cannot be taken on"),
                )?;
            }
            PlaceKind::Together(block) if self.escalates(Some(block.otherwise)) => {
                self.branches(telling, place, false)?;
            }
            PlaceKind::Repeat(repeat) if self.escalates(Some(repeat.after)) => {
                let at = telling.last;
                self.rounds(telling, place, at)?;
                self.done(telling, &name, telling.last, &Person::new())?;
            }
            _ => return None,
        }
        telling.open(&name)?.escalated.is_some().then_some(())
    }

    fn escalates(&self, route: Option<crate::model::RouteId>) -> bool {
        let pathway = &self.subject.program.pathway;
        route.is_some_and(|route| pathway.route_chain(route).any(|(_, it)| matches!(it.target, Target::Escalate(_))))
    }

    /// Waits as long as anybody may at a place, and says until when: up to its deadline, and where being late turns to a
    /// ladder, up to the last moment of its last rung. Never so long that somebody last on any ladder does not answer.
    pub(super) fn dawdle(&self, telling: &mut Telling, place: PlaceId) -> Option<Moment> {
        let name = self.name(place);
        for _ in 0..MAX_AT_ONE_PLACE {
            let step = match telling.open(&name) {
                // A block waits for its branches.
                Some(open) if telling.step(&name).is_none() && open.escalated.is_none() => return Some(telling.last),
                Some(open) => open.clone(),
                None => return Some(telling.last),
            };
            let due = step.escalated.as_ref().map_or(step.due, |it| it.answer_by);
            let last = match &step.escalated {
                Some(asked) => {
                    let ladder = self.stage.directory.ladder(&asked.ladder)?;
                    asked.rung as usize + 1 >= ladder.rungs.len()
                }
                None => {
                    let late = self.subject.program.pathway.place(place).exits[Exit::Late as usize];
                    !matches!(self.subject.program.pathway.route(late?).target, Target::Escalate(_))
                }
            };
            let answered = self.answered_by(telling);
            if last || answered.is_some_and(|by| by <= due) {
                return Some(answered.map_or(due, |by| by.min(due)));
            }
            telling.happens(due, What::Nothing, Vec::new(), None)?;
        }
        None
    }

    /// By when the first of those who are asked last on a ladder has answered.
    fn answered_by(&self, telling: &Telling) -> Option<Moment> {
        let asked = telling.case().record().open.iter().filter_map(|open| open.escalated.as_ref());
        let last = asked.filter(|asked| {
            let ladder = self.stage.directory.ladder(&asked.ladder);
            ladder.is_none_or(|ladder| asked.rung as usize + 1 >= ladder.rungs.len())
        });
        last.map(|asked| asked.answer_by).min()
    }

    /// A path at whose end a place is open at a certain minute, and what then happens to show that nobody is there.
    pub(super) fn at_the_minute(&self, path: &[WayId], minute: &Minute) -> Option<Story> {
        let (place, at, rung) = minute;
        // How long it takes to come there does not depend on when one starts, but for what is open then: try twice.
        let mut starts = *at;
        for _ in 0..3 {
            let telling = self.tell(path, starts, &After::Nothing)?;
            let open = telling.open(&self.name(*place))?.clone();
            let mut telling = telling;
            if rung.is_none() {
                if open.opened == *at {
                    telling.happens(open.due, What::Nothing, Vec::new(), None)?;
                    return Some(telling.story);
                }
                starts = starts.plus(Length::from_seconds(at.unix() - open.opened.unix()));
                continue;
            }
            if open.escalated.is_none() {
                self.escalate(&mut telling, *place)?;
            }
            if telling.last == *at {
                return self.up_to_the_last(telling, place, rung.as_ref()?);
            }
            starts = starts.plus(Length::from_seconds(at.unix() - telling.last.unix()));
        }
        None
    }

    fn up_to_the_last(&self, mut telling: Telling, place: &PlaceId, rung: &(Name, u32)) -> Option<Story> {
        let name = self.name(*place);
        for _ in 0..MAX_AT_ONE_PLACE {
            let asked = telling.open(&name)?.escalated.clone()?;
            if asked.ladder != rung.0 {
                return None;
            }
            if asked.rung >= rung.1 {
                return Some(telling.story);
            }
            telling.happens(telling.last, What::Cannot(name.clone()), Vec::new(), Some("it cannot be done"))?;
        }
        None
    }
}
