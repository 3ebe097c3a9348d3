//! Nobody goes against what the person wishes: to a place other than the one they want to live in leads only what they
//! decide themselves, being able to, or what is decided in their best interests (3.4).

use super::chains::{self, Outcome};
use super::flow::is_reached;
use super::people::{Demand, People, Search, Truths};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Subject, going_past, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Exit, FactId, Pass, PlaceId, PlaceKind, Promise, Ranges, SettingId, Shared, Test, risk, wished};
use crate::workflow::{Node, Why};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Where it is promised that nobody goes against a wish: the places to which one can come all the same.
pub(super) fn against(subject: &Subject<'_>, promise: &Promise, wish: FactId, able: FactId) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let is_reached = is_reached(subject.program);
    let places = pathway.all_places().filter_map(|(id, place)| Some((id, place.lives?)));
    let places = places.filter(|(id, _)| is_reached(Node::Place(*id)));
    let mut rests: BTreeMap<SettingId, Grounds<'_>> = BTreeMap::new();
    let mut flaws = Vec::new();
    for (id, lives) in places {
        let rests = rests.entry(lives.setting).or_insert_with(|| Grounds::new(subject, wish, able, lives.setting));
        flaws.extend(one_place(subject, promise, rests, id, lives.setting));
    }
    flaws
}

/// What it may rest on that somebody comes to live in a place.
struct Grounds<'s> {
    subject: &'s Subject<'s>,
    able: FactId,
    wish: FactId,
    /// That they wish to live elsewhere.
    elsewhere: Test,
    known: RefCell<BTreeMap<(PlaceId, PlaceId, Why), bool>>,
}

impl<'s> Grounds<'s> {
    fn new(subject: &'s Subject<'s>, wish: FactId, able: FactId, setting: SettingId) -> Grounds<'s> {
        let Shared { facts, settings, .. } = subject.shared;
        let wished = facts.get(wish.index()).map_or(Vec::new(), |fact| wished(&fact.domain, settings));
        let others = wished.into_iter().filter(|(_, it)| *it != setting).map(|(value, _)| (value, value));
        let elsewhere = Test::Fact(wish, Ranges::new(others));
        Grounds { subject, able, wish, elsewhere, known: RefCell::default() }
    }

    /// Whether a way says that the person wishes nothing else, or was decided by them, being able to, or in their best
    /// interests.
    fn given_by(&self, way: &Way) -> bool {
        let key = (way.from, way.to, way.why);
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let given = self.decided(way) || self.says_so(way);
        self.known.borrow_mut().insert(key, given);
        given
    }

    fn decided(&self, way: &Way) -> bool {
        let from = &self.subject.program.pathway.place(way.from).kind;
        if let Some(Pass::Came { risk, value }) = from.passes() {
            // It is accepted by whose decision it is; a no is always taken, also of somebody who could not say it (10.31).
            let accepted = risk::is_accepted(*value);
            return accepted && self.rests_on_being_able(*risk);
        }
        let person = from.is_the_persons_choice() && way.why == Why::Chosen;
        let yes = Test::Fact(self.able, Ranges::new([(1, 1)]));
        person
            && self.subject.ways.only_when(way).is_some_and(|only_when| {
                let demands = [Demand::new(&only_when.test, Truths::YES), Demand::new(&yes, Truths::NOT_YES)];
                self.nobody(&demands, &Person::new())
            })
    }

    /// Whether a fact is what came of a positive risk that asks whether the person is able to decide.
    fn rests_on_being_able(&self, risk: FactId) -> bool {
        self.subject.shared.facts.get(risk.index()).is_some_and(|fact| fact.rests_on == Some(self.able))
    }

    /// Whether a row, or what a role may choose, says what the person wishes, and that it is nothing else; or that it was
    /// decided by them, being able to, or in their best interests, and stands (10.32).
    fn says_so(&self, way: &Way) -> bool {
        let pathway = &self.subject.program.pathway;
        let wanted = match (&pathway.place(way.from).kind, way.why) {
            (PlaceKind::Decide(decide), Why::Row(row)) if decide.passes.is_none() && decide.asks.is_none() => {
                chains::outcome(decide, &Outcome::Rows(vec![row]))
            }
            (PlaceKind::Choose(_), Why::Chosen) => match self.subject.ways.only_when(way) {
                Some(only_when) => vec![(only_when.test.clone(), Truths::YES)],
                None => return false,
            },
            _ => return false,
        };
        let demands = chains::demands(&wanted);
        let nobody_but = |fact: FactId, others: &Test| {
            let of_others: Vec<Demand<'_>> =
                demands.iter().copied().chain([Demand::new(others, Truths::YES)]).collect();
            self.nobody(&of_others, &Person::new()) && self.nobody(&demands, &Person::from([(fact, None)]))
        };
        let undecided =
            |risk: FactId| Test::Fact(risk, Ranges::new([risk::OPEN, risk::NOT_AGREED].map(|value| (value, value))));
        let mut risks = pathway.risks.iter().map(|it| it.fact).filter(|risk| self.rests_on_being_able(*risk));
        nobody_but(self.wish, &self.elsewhere) || risks.any(|risk| nobody_but(risk, &undecided(risk)))
    }

    /// What cannot be gone through is taken as if there were somebody.
    fn nobody(&self, demands: &[Demand<'_>], fixed: &Person) -> bool {
        People::new(self.subject.shared).find_with(demands, &|_| true, fixed) == Search::Nobody
    }
}

fn one_place(
    subject: &Subject<'_>,
    promise: &Promise,
    grounds: &Grounds<'_>,
    id: PlaceId,
    setting: SettingId,
) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let starts = pathway.place(pathway.opens_at()).lives.map(|lives| lives.setting);
    let path = subject.ways.find(&Quest {
        // Where they are, whether it is given that they may come to the place, and whether they came without that.
        start: (starts, false, false),
        step: &|(at, given, _): &(Option<SettingId>, bool, bool), way: &Way| {
            if way.why == Why::Exit(Exit::Died) {
                return None;
            }
            let given = *given || grounds.given_by(way);
            Some(match pathway.place(way.to).lives {
                None => (*at, given, false),
                Some(to) => (Some(to.setting), given && to.setting == setting, *at != Some(to.setting) && !given),
            })
        },
        goal: &|(_, _, against): &(Option<SettingId>, bool, bool), at| *against && at == id,
        possible: &|moment| subject.possible(moment, &Person::new()),
    });
    let path = match path {
        Path::None => return None,
        Path::OutOfBudget => return Some(undecided(subject, promise.at, "whether it goes against a wish", id)),
        Path::Found(path) => path,
    };
    let place = pathway.place(id);
    let fact = |fact: FactId| subject.shared.facts.get(fact.index()).map_or("", |it| it.name.as_str());
    let (wish, able) = (fact(grounds.wish), fact(grounds.able));
    let to = subject.shared.setting(setting).map_or("", |it| it.name.as_str());
    let message = format!(
        "`{}` is not kept: one can come to `{}`, which is `{to}`, without knowing that their `{wish}` is nothing else, \
         and without their own decision or one in their best interests",
        promise.words, place.name
    );
    let help = format!(
        "lead there by a row that asks for `{wish} is {to}`; or put a positive risk before it, decided by the person, \
         or in their best interests when not `{able}`"
    );
    let at = place.lives.map_or(place.at, |lives| lives.at);
    let finding = Finding::new(Kind::AgainstWish, at, message).and(promise.at, "promised here").help(help);
    Some(Flaw::new(going_past(subject, finding, &path), Evidence::Static))
}
