//! The proof: no path leaves a person without a next step, whoever they are and whatever happens in whatever order.
//!
//! One file a property. Each looks at a [`Subject`], a pathway with the directory it would run with, and gives the
//! [`Flaw`]s it finds: a finding for the designer, and the evidence from which a witness is made. Nothing found means
//! proved; what could not be decided is a finding too (`undecided`), never silence.
//!
//! *May use*: `workflow`, `model`, `calendar`, `diagnostic`; `words` also the trees of `syntax`. *Invariants*: a property that gives up says so; the order of
//! findings depends on nothing but the sources.

pub mod allowed;
mod alongside;
mod anticipations;
mod at_once;
mod branches;
pub mod chains;
mod channels;
mod computed;
mod costs;
mod cover;
mod dates;
mod decisions;
pub(crate) mod endings;
pub(crate) mod flow;
mod grounds;
mod handed_over;
mod home;
pub(crate) mod information;
mod interrupts;
mod kept;
pub mod longest;
mod meetings;
mod models;
mod options;
pub mod people;
mod promises;
mod risks;
mod said;
mod serving;
mod slowest;
mod spread;
mod told;
mod watched;
pub mod ways;
mod wishes;
pub mod words;

use crate::calendar::{Date, Length, Moment, Zone};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Condition, Directory, FactId, Name, PlaceId, PlaceKind, Reached, Shared, Since, Story, Test};
use crate::workflow::{Known, Node, Program, Why};
use chains::{Link, Outcome};
use people::{People, Search, Truths};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use ways::{OPENING, Path, Quest, WayId, Ways};

/// How far back from the end of a directory cover is proved, where the directory does not say from when it is valid.
pub(crate) const LOOKING_BACK: Length = Length::days(5 * 366);

/// From when on a directory says who is there: as it says itself, or else for so long before its end, and not before the
/// first year of which it knows a bank holiday.
pub(crate) fn begins(directory: &Directory) -> Moment {
    directory.valid_from.unwrap_or_else(|| {
        let calendar = &directory.calendar;
        let known = calendar.bank_holidays.first().map(|day| calendar.zone.start_of(day.first_of_year()));
        known.into_iter().fold(directory.valid_until.minus(LOOKING_BACK), Moment::max)
    })
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The pathway.
    pub program: &'s Program,
    /// The directory it would run with; without one nothing is proved about who answers.
    pub directory: Option<&'s Directory>,
    /// The facts, scores and roles.
    pub shared: &'s Shared,
    /// From when on somebody has to answer.
    pub from: Moment,
    /// The day on which dates are looked at; `None`: they are not.
    pub on: Option<Moment>,
    /// The ways through the pathway.
    pub ways: &'s Ways<'s>,
    /// What is known already of who can take which decisions in one moment.
    pub moments: &'s Moments,
}

/// Who can take which decisions in one moment, as far as somebody asked, and the longest time: a memory, so that nothing
/// is searched twice.
#[derive(Debug, Default)]
pub struct Moments {
    possible: Memory<Asked, bool>,
    somebody: Memory<(Asked, Vec<FactId>), Option<Person>>,
    longest: OnceCell<Option<longest::Longest>>,
    branches: OnceCell<branches::Branches>,
}

/// Questions that were asked, and their answers.
type Memory<Question, Answer> = RefCell<BTreeMap<Question, Answer>>;

/// Decisions taken in one moment, what a role chose in it, facts that are so, facts that were left behind and may be as
/// presumed, and whether the case opens in that moment.
type Asked = (Vec<Link>, Vec<(PlaceId, PlaceId)>, Person, Vec<FactId>, bool);

/// What is wanted of those who left facts behind that are known without being recorded: that they are as presumed, or
/// not known.
pub(crate) fn left_behind(shared: &Shared, facts: &[FactId]) -> chains::Wanted {
    let unrecorded = |fact: &FactId| Test::Fact(*fact, shared.facts[fact.index()].unrecorded());
    facts.iter().map(|fact| (unrecorded(fact), Truths::NOT_NO)).collect()
}

impl Subject<'_> {
    /// What the branches find and do that are pathways of their own.
    fn branches(&self) -> &branches::Branches {
        self.moments.branches.get_or_init(|| branches::branches(self))
    }

    /// Whether there is anybody who takes these ways through decisions in one moment; of whom certain facts are so. What a
    /// handover accepted in that moment leaves behind is not known.
    pub fn possible(&self, moment: &[WayId], known: &Person) -> bool {
        self.possible_without(moment, known, &[])
    }

    /// The same, of those who have left these facts behind, too.
    pub fn possible_without(&self, moment: &[WayId], known: &Person, left: &[FactId]) -> bool {
        self.possible_wanting(moment, known, left, &chains::Wanted::new())
    }

    /// The same, of those of whom all of this is so besides.
    pub fn possible_wanting(
        &self,
        moment: &[WayId],
        known: &Person,
        left: &[FactId],
        besides: &chains::Wanted,
    ) -> bool {
        let links: BTreeSet<Link> = moment.iter().filter_map(|way| self.link(*way)).collect();
        let ways = moment.iter().filter_map(|way| self.ways.all.get(*way));
        let (chosen, only_when): (Vec<(PlaceId, PlaceId)>, Vec<&Condition>) =
            ways.filter_map(|way| Some(((way.from, way.to), self.ways.only_when(way)?))).unzip();
        let in_it = moment.iter().flat_map(|way| self.leaves_behind(*way));
        let left: BTreeSet<FactId> = in_it.chain(left.iter().copied()).collect();
        let mut fixed = known.clone();
        let (as_presumed, unknown): (Vec<FactId>, Vec<FactId>) =
            left.into_iter().partition(|fact| !self.shared.facts[fact.index()].unrecorded().is_empty());
        fixed.extend(unknown.into_iter().map(|fact| (fact, None)));
        fixed.extend(self.came(moment));
        let opens = moment.contains(&OPENING);
        let key = (links.into_iter().collect::<Vec<Link>>(), chosen, fixed, as_presumed, opens);
        let asked_before = self.moments.possible.borrow().get(&key).copied().filter(|_| besides.is_empty());
        if let Some(possible) = asked_before {
            return possible;
        }
        let people = People::new(self.shared).with_budget(QUICK);
        let mut wanted = chains::wanted(&self.program.pathway, &key.0);
        wanted.extend(left_behind(self.shared, &key.3));
        // What is presumed becomes unknown only after it was found otherwise; before the case opened, where that may be no
        // longer good as it opens.
        let may_be_unknown = |fact: FactId| {
            let of = &self.shared.facts[fact.index()];
            !opens || of.presumed.is_none() || of.good_for.is_some()
        };
        // What cannot be looked through quickly counts as possible.
        wanted.extend(only_when.into_iter().map(|it| (it.test.clone(), Truths::YES)));
        wanted.extend(besides.iter().cloned());
        let possible = people.find_with(&chains::demands(&wanted), &may_be_unknown, &key.2) != Search::Nobody;
        if besides.is_empty() {
            self.moments.possible.borrow_mut().insert(key, possible);
        }
        possible
    }

    /// Somebody who takes these decisions in one moment; of whom certain facts are so, and others cannot be unknown, or are known
    /// only as presumed.
    pub fn somebody(&self, links: &[Link], fixed: &Person, known: &[FactId], left: &[FactId]) -> Option<Person> {
        let key = ((links.to_vec(), Vec::new(), fixed.clone(), left.to_vec(), false), known.to_vec());
        if let Some(person) = self.moments.somebody.borrow().get(&key) {
            return person.clone();
        }
        let mut wanted = chains::wanted(&self.program.pathway, links);
        wanted.extend(left_behind(self.shared, left));
        let may_be_unknown = |fact: FactId| !known.contains(&fact);
        let found = People::new(self.shared).find_with(&chains::demands(&wanted), &may_be_unknown, fixed);
        let person = if let Search::Found(person) = found { Some(person) } else { None };
        self.moments.somebody.borrow_mut().insert(key, person.clone());
        person
    }

    /// The day on which dates are looked at, as it is where the directory is.
    pub fn today(&self) -> Option<Date> {
        let zone = self.directory.map_or_else(Zone::utc, |directory| directory.calendar.zone.clone());
        self.on.map(|on| zone.local(on).date())
    }

    /// What came of positive risks in a moment, so that whoever decides behind that knows it.
    pub fn came(&self, moment: &[WayId]) -> Person {
        let ways = moment.iter().filter_map(|way| self.ways.all.get(*way));
        ways.filter_map(|way| self.ways.comes_of_a_risk(way.from)).map(|(fact, value)| (fact, Some(value))).collect()
    }

    /// The facts of which nothing that was recorded is known after a way of a moment, because a handover that was
    /// accepted did not carry them.
    fn leaves_behind(&self, way: WayId) -> Vec<FactId> {
        match self.ways.all.get(way).map(|way| &self.program.pathway.place(way.from).kind) {
            Some(PlaceKind::HandOver(hand_over)) => hand_over.leaves_behind(self.shared).collect(),
            _ => Vec::new(),
        }
    }

    /// The decision that is taken on a way, and what comes of it.
    pub fn link(&self, way: WayId) -> Option<Link> {
        let way = self.ways.all.get(way).filter(|way| self.ways.is_decision(way.from))?;
        let outcome = match way.why {
            Why::Row(row) => Outcome::Rows(vec![row]),
            _ => Outcome::NotKnown,
        };
        Some(Link { decision: way.from, outcome })
    }

    /// A shortest way to a place.
    pub fn way_to(&self, place: PlaceId) -> Path {
        self.ways.find(&Quest {
            start: (),
            step: &|(): &(), _| Some(()),
            goal: &|(): &(), at| at == place,
            possible: &|moment| self.possible(moment, &Person::new()),
        })
    }
}

/// How much work a question asked in passing may take.
const QUICK: u64 = 1 << 22;

/// The facts of a person, by slot; `None`: unknown. Facts that are not in it do not matter.
pub type Person = BTreeMap<FactId, Option<i64>>;

impl Known for Person {
    fn value(&self, fact: FactId) -> Option<i64> {
        self.get(&fact).copied().flatten()
    }
}

/// Something that is not as it should be: for the designer, and for whoever wants to see it happen.
#[derive(Clone, Debug)]
pub struct Flaw {
    /// What is said.
    pub finding: Finding,
    /// What it rests on.
    pub evidence: Evidence,
    /// Somebody to whom it happens, where it can be seen happening.
    pub story: Option<Story>,
}

impl Flaw {
    /// A flaw that rests on that.
    pub fn new(finding: Finding, evidence: Evidence) -> Flaw {
        Flaw { finding, evidence, story: None }
    }
}

/// What a flaw rests on (8.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Places in the file: there is nothing to replay.
    Static,
    /// Somebody who comes to a decision with these facts. All of these rows hold for them, counted from 0; none at
    /// all when the list is empty.
    Person {
        /// The decision.
        decision: PlaceId,
        /// What is known about them.
        facts: Person,
        /// The rows.
        rows: Vec<u32>,
    },
    /// What happens to somebody who goes this way.
    Run(Run),
    /// Places one goes round without anything that counts.
    Circle(Vec<Node>),
    /// A minute at which nobody is there for a place: nobody to do it before its deadline, or nobody on a rung.
    Minute {
        /// The place.
        place: PlaceId,
        /// When it opens, or when the rung is asked.
        at: Moment,
        /// Another such minute, later: where nobody can have come there by the first.
        later: Option<Moment>,
        /// The ladder and the rung, where it is one.
        rung: Option<(Name, u32)>,
    },
}

/// A way through the pathway that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The ways, from the start.
    pub path: Vec<WayId>,
    /// Facts that are known from the beginning, whatever they are.
    pub known: Vec<FactId>,
    /// Whether everything takes as long as it may.
    pub slowly: bool,
    /// Whether it counts for nothing when it cannot be played: then the property is undecided.
    pub must_show: bool,
    /// What it shows.
    pub shows: Shows,
}

/// What a run shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The case ends with a holder who was not the last to accept.
    Unheld {
        /// The ending.
        ending: PlaceId,
    },
    /// A place is reached, and another was not done before.
    NotDone {
        /// The place reached.
        reached: PlaceId,
        /// The place that was not done.
        first: PlaceId,
    },
    /// A place to which one goes with a positive risk accepted is reached, and a safety net was not in place before.
    NoNet {
        /// The fact that says what came of the risk.
        risk: FactId,
        /// The place reached.
        reached: PlaceId,
        /// The safety net that was not done.
        net: PlaceId,
    },
    /// A decision sends the person further from home, by a row before which nothing ruled out what is nearer.
    SentFurther {
        /// The decision.
        decision: PlaceId,
        /// The row, counted from 0.
        row: u32,
        /// The decisions that may rule it out, each with the first of its rows that leads there.
        rules_out: Vec<(PlaceId, u32)>,
    },
    /// Somebody took a positive risk, and the case ends without anybody having looked again.
    NotReviewed {
        /// The fact that says what came of it.
        risk: FactId,
        /// What the person goes to, where that is said.
        before: Option<PlaceId>,
        /// The ending; `None`: whichever the main road came to, when what was done alongside is over.
        ending: Option<PlaceId>,
        /// The step in which one looks again.
        review: PlaceId,
    },
    /// A decision does not know a fact that was known before a handover left it behind.
    LeftBehind {
        /// The fact.
        fact: FactId,
        /// The handover.
        by: PlaceId,
        /// The decision.
        decision: PlaceId,
    },
    /// A step asks for what was found at that very moment.
    AskedAgain {
        /// The step, or the block whose branch it is.
        place: PlaceId,
        /// The facts.
        facts: Vec<FactId>,
    },
    /// Two branches ask for the same.
    AskedSideBySide {
        /// The block.
        block: PlaceId,
        /// The facts.
        facts: Vec<FactId>,
    },
    /// The case takes longer than it should.
    TakesLonger {
        /// Than this.
        than: Length,
    },
    /// A fact becomes yes, or a place is come to, and then something is not reached: in time, or at all.
    NotReached {
        /// The fact, or the place.
        since: Since,
        /// It becomes yes, or is opened, after so many ways of the path.
        after: usize,
        /// What is not reached.
        what: Reached,
        /// In what time; `None`: not before the case ends.
        within: Option<Length>,
    },
    /// Two places are open at one time.
    OpenTogether(PlaceId, PlaceId),
}

impl Evidence {
    /// A run along a path, at an ordinary pace.
    fn run(path: Vec<WayId>, known: Vec<FactId>, shows: Shows) -> Evidence {
        Evidence::Run(Run { path, known, slowly: false, must_show: false, shows })
    }
}

/// What could not be decided, where it is said, and the place to which there are too many ways: never silence.
fn undecided(subject: &Subject<'_>, at: crate::diagnostic::Place, what: &str, place: PlaceId) -> Flaw {
    let name = &subject.program.pathway.place(place).name;
    let message = format!("there are too many ways to `{name}` to decide {what}");
    let finding = Finding::new(Kind::Undecided, at, message)
        .help("lower these counts, let fewer ways lead round, or put a part into a pathway of its own");
    Flaw::new(costs::with_counts(finding, subject, place), Evidence::Static)
}

/// A finding about something that a path goes past, with where its last way is written.
fn going_past(subject: &Subject<'_>, finding: Finding, path: &[WayId]) -> Finding {
    match path.last().and_then(|way| subject.ways.all[*way].route) {
        Some(route) => finding.and(subject.program.pathway.route(route).at, "this way goes past it, for one"),
        None => finding,
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A property, as it is looked at.
type Property = fn(&Subject<'_>) -> Vec<Flaw>;

/// Everything that is proved, in the order in which it is looked at: every path ends, every decision chooses, somebody
/// answers, information travels, endings are held, positive risks are safe to take, promises are kept; and what grounds and dates have to say.
const PROPERTIES: &[Property] = &[
    flow::check,
    at_once::check,
    computed::check,
    decisions::check,
    options::check,
    cover::check,
    serving::check,
    channels::check,
    meetings::check,
    information::check,
    models::check,
    handed_over::check,
    watched::check,
    interrupts::check,
    anticipations::check,
    kept::check,
    told::check,
    home::check,
    endings::check,
    risks::check,
    promises::check,
    grounds::check,
    dates::check,
];

/// Looks at every property.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    PROPERTIES.iter().flat_map(|property| property(subject)).collect()
}

/// The circles that nothing counts: what can be said of a pathway that could only be read in part.
pub fn circles(program: &Program) -> Vec<Finding> {
    let has_ending = program.pathway.places.iter().any(|place| matches!(place.kind, PlaceKind::Ending(_)));
    // Without an ending every road is endless, and there is a better word for it.
    let flaws = if has_ending { flow::endless(&program.pathway, &program.workflow) } else { Vec::new() };
    flaws.into_iter().map(|flaw| flaw.finding).collect()
}
