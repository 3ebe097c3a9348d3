//! A small world: a pathway and its directory, as plain values.

/// How many hours a slot has: a week is eight slots.
pub const SLOT_HOURS: u32 = 21;
/// How many slots a week has.
pub const WEEK: u8 = 8;
/// The role that is always there and always on duty.
pub const PERSON: u8 = 9;

/// The number of a route in [`World::routes`]: a count belongs to the place where it is written (10.13).
pub type RouteId = usize;

/// Everything there is.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub facts: Vec<Fact>,
    /// How many roles there are, without the person.
    pub roles: u8,
    pub contacts: Vec<Contact>,
    pub ladders: Vec<Ladder>,
    pub routes: Vec<Route>,
    /// The routes of `by default`, by [`Way`].
    pub defaults: [RouteId; 9],
    pub places: Vec<Place>,
    pub endings: Vec<Ending>,
    /// Where the person is when each place opens, where it says so; the nearest to home is 0.
    pub homes: Vec<Option<u8>>,
    pub promises: Vec<Promise>,
    /// Nobody goes against this fact, a wish, without that one, being able to decide, or best interests.
    pub wish: Option<(u8, u8)>,
    /// What interrupts, whatever is open, in order.
    pub interrupts: Vec<Interrupt>,
    /// The places that are written in a pathway of their own, which is called, as bits.
    pub called: u8,
    /// The places of what is done alongside, as bits.
    pub beside: u8,
}

/// At any time, if a condition becomes a definite yes: there, instead of what is open or as well, so often, and then there
/// once.
#[derive(Clone, Debug)]
pub struct Interrupt {
    pub condition: Cond,
    pub target: Target,
    /// Whether it is opened alongside.
    pub as_well: bool,
    pub times: u8,
    pub then: Option<Target>,
    /// Whether it says why nothing is done while it is not known.
    pub watched: bool,
}

/// A fact, with up to three values.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fact {
    pub kind: FactKind,
    /// In slots.
    pub good_for: Option<u8>,
    /// The value it is presumed to have until found otherwise.
    pub presumed: Option<u8>,
    /// It does not become otherwise once it is known.
    pub settled: bool,
    /// Two who find different things dispute it, and until that is settled it is not known: who settles it, and in what time.
    pub disputed: Option<(u8, u8)>,
    /// A model finds it from these facts, as bits.
    pub model: Option<u8>,
    /// It applies when an earlier fact is one of these values, as bits.
    pub applies: Option<(u8, u8)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactKind {
    /// No is 0, yes is 1.
    #[default]
    Flag,
    /// One of a list of so many.
    OneOf(u8),
    /// From 0 to this.
    UpTo(u8),
    /// A document: not there is 0, there is 1.
    Document,
    /// A date, of which one looks at how many days ago it was: from 0 to this, and no more.
    Ago(u8),
}

impl Fact {
    /// For how many slots it cannot be unknown after it was as presumed: what is found otherwise is good for so long.
    pub fn surely_presumed(self) -> u8 {
        self.good_for.map_or(super::state::FOR_GOOD, |slots| slots + 1)
    }

    /// How many values it has.
    pub fn values(self) -> u8 {
        match self.kind {
            FactKind::Flag | FactKind::Document => 2,
            FactKind::OneOf(many) => many,
            FactKind::UpTo(most) | FactKind::Ago(most) => most + 1,
        }
    }
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Cond {
    /// A fact is one of these values, as bits.
    Is(u8, u8),
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    /// What the numbers come to together is at least this: each by its most, 0 for what is no number.
    Load {
        most: [u8; 3],
        at_least: u8,
    },
}

/// What numbers come to together: the first once, the second twice and so on, less one, divided and rounded down, no less
/// than 0.
pub fn load(numbers: [u8; 3], by: u8) -> u8 {
    let sum: u8 = numbers.iter().zip(1..).map(|(number, times)| number * times).sum();
    sum.saturating_sub(1) / by
}

/// What they are divided by: one more than the last of them, where there are several; a single one by 2.
pub fn divided_by(most: [u8; 3], numbers: [u8; 3]) -> u8 {
    let mut all = (0..3).filter(|at| most[*at] > 0);
    match (all.next(), all.next_back()) {
        (Some(_), Some(last)) => 1 + numbers[last],
        _ => 2,
    }
}

/// What stands for *not known* among the values of a fact.
pub const UNKNOWN: u8 = 255;
/// What stands for *not applicable* among the values of a fact; the last of the bits of a condition asks for it.
pub const NOT_APPLICABLE: u8 = 7;
/// A value of each fact.
pub type Values = [u8; 3];

impl Cond {
    /// Yes, no, or nothing where it is unknown: Kleene, part by part (2.1).
    pub fn holds(&self, values: &Values) -> Option<bool> {
        match self {
            Cond::Is(fact, these) => match values[usize::from(*fact)] {
                UNKNOWN => None,
                value => Some(these >> value & 1 == 1),
            },
            Cond::Not(inner) => inner.holds(values).map(|yes| !yes),
            Cond::And(a, b) => match (a.holds(values), b.holds(values)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Cond::Or(a, b) => match (a.holds(values), b.holds(values)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            // What is not known is anything it can be, and what does not apply counts as nothing (2.3).
            Cond::Load { most, at_least } => {
                let mut range = [[0; 3]; 2];
                for (fact, most) in most.iter().enumerate().filter(|(_, most)| **most > 0) {
                    match values[fact] {
                        UNKNOWN => range[1][fact] = *most,
                        NOT_APPLICABLE => {}
                        value => range.iter_mut().for_each(|it| it[fact] = value),
                    }
                }
                // The least is of what is divided by the most.
                let by = range.map(|numbers| divided_by(*most, numbers));
                match [load(range[0], by[1]), load(range[1], by[0])].map(|load| load >= *at_least) {
                    [true, _] => Some(true),
                    [false, false] => Some(false),
                    [false, true] => None,
                }
            }
        }
    }

    /// The facts it names, as bits.
    pub fn facts(&self) -> u8 {
        match self {
            Cond::Is(fact, _) => 1 << fact,
            Cond::Not(inner) => inner.facts(),
            Cond::And(a, b) | Cond::Or(a, b) => a.facts() | b.facts(),
            Cond::Load { most, .. } => (0..3).filter(|fact| most[*fact] > 0).fold(0, |all, fact| all | 1 << fact),
        }
    }
}

/// Who answers, and in which slots of every week (as bits).
#[derive(Clone, Debug, Default)]
pub struct Contact {
    pub fills: Vec<u8>,
    pub open: u8,
    /// Whom it serves; everybody where nothing is said.
    pub serves: Option<super::served::Serves>,
    /// How it is reached, where that is said: each way with how many hours it takes until somebody says that they have
    /// heard, if anybody does.
    pub reached: Vec<Option<u8>>,
}

#[derive(Clone, Debug)]
pub struct Ladder {
    /// From the first to the last, each with its time to answer, in slots.
    pub rungs: Vec<(Rung, u8)>,
    /// `may reassign at most N times`; 0 where nothing is said.
    pub reassign: u8,
}

#[derive(Clone, Copy, Debug)]
pub enum Rung {
    Contact(usize),
    Role(u8),
}

/// `first`, or `first, at most N times, then TARGET`.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub first: Target,
    pub count: Option<(u8, Target)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Place(u8),
    Ending(u8),
    Ladder(u8),
    /// A role decides, within so many slots.
    Decides(u8, u8),
    /// Back to the decision.
    Back,
    /// The question of a positive risk: of the person, or of who decides in their best interests.
    Asks(u8, bool),
    /// `nothing more`.
    Over,
}

impl Route {
    /// Where it can lead.
    pub fn targets(&self) -> impl Iterator<Item = Target> + use<> {
        [Some(self.first), self.count.map(|(_, then)| then)].into_iter().flatten()
    }
}

/// The ways a place can end for which `by default` may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Late,
    Cannot,
    Declines,
    Nobody,
    Died,
    Withdrew,
    Unreachable,
    Moved,
    Error,
}

impl Way {
    pub const ALL: [Way; 9] = [
        Way::Late,
        Way::Cannot,
        Way::Declines,
        Way::Nobody,
        Way::Died,
        Way::Withdrew,
        Way::Unreachable,
        Way::Moved,
        Way::Error,
    ];
    pub const LIFE: [Way; 5] = [Way::Died, Way::Withdrew, Way::Unreachable, Way::Moved, Way::Error];
}

/// A place of the pathway that is not an ending, and the routes it has of its own.
#[derive(Clone, Debug)]
pub struct Place {
    pub kind: PlaceKind,
    pub own: Vec<(Way, RouteId)>,
}

#[derive(Clone, Debug)]
pub enum PlaceKind {
    Step(Step),
    Decide(Decide),
    HandOver(HandOver),
    Together(Together),
    Repeat(Repeat),
}

#[derive(Clone, Debug, Default)]
pub struct Step {
    pub role: u8,
    /// Facts, as bits.
    pub finds: u8,
    pub afresh: bool,
    /// `finds what is missing`.
    pub missing: bool,
    /// In slots; 0 is what is urgent ([`URGENT_HOURS`](super::heard::URGENT_HOURS)).
    pub within: u8,
    /// Only slots count in which somebody of this role is open (`working hours of`).
    pub hours_of: Option<u8>,
    /// It is due at a meeting: the slots of the week at whose beginnings papers are due, and the meeting is over.
    pub meeting: Option<(u8, u8)>,
    /// The time is counted after this place was done last.
    pub after: Option<u8>,
    /// In slots; where nothing is said a minute.
    pub takes: Option<u8>,
    /// Time passes there, and nothing is done.
    pub waits: bool,
    /// Without whom it is not done.
    pub needed: Option<Needed>,
    pub then: RouteId,
}

impl Step {
    /// Whether its time can be an hour or two: it is counted by nobody's hours, and from its opening.
    pub fn can_be_urgent(&self) -> bool {
        self.hours_of.or(self.after).or(self.takes).is_none() && self.meeting.is_none() && !self.waits
    }
}

/// Somebody without whom something is not done: unless a fact is surely none of these values, as bits.
#[derive(Clone, Copy, Debug)]
pub struct Needed {
    pub role: u8,
    pub when: Option<(u8, u8)>,
}

impl Needed {
    /// Whether they are needed, as far as that is known.
    pub fn is_needed(&self, values: &Values) -> bool {
        self.when.is_none_or(|(fact, these)| Cond::Is(fact, these).holds(values) != Some(false))
    }
}

#[derive(Clone, Debug, Default)]
pub struct Decide {
    pub rows: Vec<(Cond, RouteId)>,
    pub otherwise: Option<RouteId>,
    pub unknown: RouteId,
    /// The role that it advises, and in what time that decides; where nobody is advised, it acts itself.
    pub advises: Option<(u8, u8)>,
    /// Where one goes when those who must agree with who is advised do not; where nobody must, nothing.
    pub disagree: Option<RouteId>,
    /// When a role may choose an option; of others, always.
    pub only_when: Vec<(Target, Cond)>,
    /// Where it says who is asked about a positive risk: that.
    pub risk: Option<super::risk::Risk>,
}

impl Decide {
    /// What must be a definite yes for an option to be chosen.
    pub fn only_when(&self, option: Target) -> Option<&Cond> {
        self.only_when.iter().find(|(it, _)| *it == option).map(|(_, condition)| condition)
    }

    /// The facts its rows name, as bits.
    pub fn facts(&self) -> u8 {
        self.rows.iter().fold(0, |all, (condition, _)| all | condition.facts())
    }

    /// The facts that are looked at until a row is chosen, as bits.
    pub fn facts_up_to(&self, row: usize) -> u8 {
        self.rows.iter().take(row + 1).fold(0, |all, (condition, _)| all | condition.facts())
    }

    /// The row it takes, `if none of these` being the last.
    pub fn takes(&self, values: &Values) -> Option<u8> {
        for (number, (condition, _)) in self.rows.iter().enumerate() {
            match condition.holds(values) {
                Some(true) => return Some(number as u8),
                Some(false) => {}
                None => return None,
            }
        }
        self.otherwise.map(|_| self.rows.len() as u8)
    }

    /// Whether it does not know yet.
    pub fn does_not_know(&self, values: &Values) -> bool {
        let first = self.rows.iter().map(|(condition, _)| condition.holds(values)).find(|holds| *holds != Some(false));
        first == Some(None)
    }

    /// The routes of its rows, with the one of `if none of these` last.
    pub fn row_routes(&self) -> impl Iterator<Item = RouteId> + '_ {
        self.rows.iter().map(|(_, route)| *route).chain(self.otherwise)
    }
}

#[derive(Clone, Debug)]
pub struct HandOver {
    pub from: u8,
    pub to: u8,
    /// Facts, as bits.
    pub carrying: u8,
    pub within: u8,
    pub declined: RouteId,
    pub condition: Option<RouteId>,
    pub then: RouteId,
}

#[derive(Clone, Debug)]
pub struct Together {
    pub branches: Vec<Branch>,
    /// `first N done`; all of them where nothing is said.
    pub first: Option<u8>,
    /// If not all, or fewer than N, are done.
    pub short: RouteId,
    pub within: u8,
    pub then: RouteId,
}

#[derive(Clone, Debug)]
pub struct Branch {
    pub role: u8,
    pub finds: u8,
    pub within: u8,
    pub takes: Option<u8>,
    /// It is open as long as its block is.
    pub meanwhile: bool,
    /// It is written as a pathway of its own, where it can be.
    pub follows: bool,
    /// What comes after its first step, where it is a pathway of its own.
    pub more: Option<super::branches::More>,
}

#[derive(Clone, Debug)]
pub struct Repeat {
    pub role: u8,
    pub every: u8,
    pub takes: Option<u8>,
    pub finds: u8,
    pub until: (Cond, RouteId),
    pub times: u8,
    pub after: RouteId,
}

#[derive(Clone, Debug)]
pub struct Ending {
    pub holder: u8,
    /// The places it owes.
    pub owed: Vec<u8>,
    /// Where the person is then, where it says so.
    pub lives: Option<u8>,
}

/// Something work is done at, or an ending: what promises speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Place(u8),
    /// A branch; of one that is a pathway of its own, its first step.
    Branch(u8, u8),
    /// What comes after the first step of a branch.
    Further(u8, u8),
    Ending(u8),
}

impl Thing {
    /// Its bit among what was done.
    pub fn bit(self) -> u64 {
        match self {
            Thing::Place(place) => 1 << place,
            Thing::Branch(place, branch) => 1 << (8 + 3 * place + branch),
            Thing::Further(place, branch) => 1 << (32 + 3 * place + branch),
            Thing::Ending(_) => 0,
        }
    }

    /// The place it is, or is in.
    pub fn place(self) -> Option<u8> {
        match self {
            Thing::Place(place) | Thing::Branch(place, _) | Thing::Further(place, _) => Some(place),
            Thing::Ending(_) => None,
        }
    }
}

/// A promise (11.7).
#[derive(Clone, Copy, Debug)]
pub enum Promise {
    /// Everyone reaches an ending within so many slots.
    Within(u8),
    /// Nobody reaches the first without the second first.
    Without(Thing, Thing),
    /// Whoever has a fact (yes or no) reaches a place within so many slots.
    Whoever(u8, Thing, u8),
    /// Whoever comes to a place reaches another within so many slots.
    Leads(Thing, Thing, u8),
    /// Never the two at one time.
    Never(Thing, Thing),
    /// Nobody is asked twice.
    AskedTwice,
}

impl World {
    /// The most of each fact that is a number; 0 for the others.
    pub fn numbers(&self) -> [u8; 3] {
        let mut numbers = [0; 3];
        for (number, fact) in numbers.iter_mut().zip(&self.facts) {
            if let FactKind::UpTo(most) | FactKind::Ago(most) = fact.kind {
                *number = most;
            }
        }
        numbers
    }

    /// Some facts, and those on which it depends whether they apply, as bits.
    pub fn with_what_applies(&self, facts: u8) -> u8 {
        let behind = |all: u8, (number, fact): (usize, &Fact)| match fact.applies {
            Some((on, _)) if all >> number & 1 == 1 => all | 1 << on,
            _ => all,
        };
        // Facts depend on earlier ones only.
        self.facts.iter().enumerate().rev().fold(facts, behind)
    }

    /// Whether each fact applies, where that is known, as far as it is said: nothing where it is not known.
    pub fn applies(&self, fact: usize, values: &Values) -> Option<bool> {
        let Some((on, these)) = self.facts[fact].applies else { return Some(true) };
        Cond::Is(on, these).holds(values)
    }

    pub fn route(&mut self, first: Target) -> RouteId {
        self.routes.push(Route { first, count: None });
        self.routes.len() - 1
    }

    pub fn counted(&mut self, first: Target, times: u8, then: Target) -> RouteId {
        self.routes.push(Route { first, count: Some((times, then)) });
        self.routes.len() - 1
    }

    /// The route of a place for a way of ending: its own, or the one by default.
    pub fn way(&self, place: u8, way: Way) -> RouteId {
        let own = self.places[usize::from(place)].own.iter().find(|(own, _)| *own == way);
        own.map_or(self.defaults[way as usize], |(_, route)| *route)
    }

    /// The place after which the time of another is counted: one at the most.
    pub fn counted_after(&self) -> Option<u8> {
        self.places.iter().find_map(|place| match &place.kind {
            PlaceKind::Step(step) => step.after,
            _ => None,
        })
    }

    /// Whether a place is done alongside.
    pub fn is_beside(&self, place: u8) -> bool {
        u32::from(self.beside) >> place & 1 == 1
    }

    pub fn decide(&self, place: u8) -> Option<&Decide> {
        match &self.places[usize::from(place)].kind {
            PlaceKind::Decide(decide) => Some(decide),
            _ => None,
        }
    }

    /// Whether some row of a decision can lead only to what may not be chosen for somebody, by its count.
    pub fn may_be_closed(&self, decide: &Decide, row: RouteId, values: &Values) -> bool {
        self.routes[row]
            .targets()
            .any(|option| decide.only_when(option).is_some_and(|condition| condition.holds(values) != Some(true)))
    }

    /// Whether a role chooses among the options of a decision, advised or not.
    pub fn somebody_chooses(&self, decision: u8) -> bool {
        self.decides(decision).is_some() || self.decide(decision).is_some_and(|decide| decide.advises.is_some())
    }

    /// Who chooses at a decision, and in what time: who is advised, or who decides where it does not know.
    pub fn chooses(&self, decision: u8, advised: bool) -> (u8, u8) {
        let advises = self.decide(decision).and_then(|decide| decide.advises);
        if advised { advises } else { self.decides(decision) }.unwrap_or((PERSON, 1))
    }

    /// The role that must agree with whoever is advised, where somebody must.
    pub fn agrees(&self, decision: u8) -> Option<u8> {
        let decide = self.decide(decision)?;
        decide.disagree.and(decide.advises).map(|(who, _)| (who + 1) % 2)
    }

    /// The role that decides where a decision does not know, and in what time.
    pub fn decides(&self, decision: u8) -> Option<(u8, u8)> {
        let unknown = self.routes[self.decide(decision)?.unknown];
        unknown.targets().find_map(|target| match target {
            Target::Decides(role, within) => Some((role, within)),
            _ => None,
        })
    }
}
