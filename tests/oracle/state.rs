//! Where a case is: everything that matters for what can happen next, and what the findings have to remember.

use super::world::{Thing, UNKNOWN};

/// A case, at an instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// Where the main road stands; along paths, where the road stands that is followed.
    pub at: At,
    /// What is open alongside, in a run.
    pub beside: Option<Open>,
    /// While something alongside is looked at as if it were all there is: where the main road stands.
    pub turned: Option<Box<At>>,
    /// The slot of the week.
    pub slot: u8,
    /// Facts that are surely known now, as bits. Which value they have does not matter: before any decision another may
    /// be recorded. A fact that is good for a while is known at the instant it was recorded, and may be unknown in the
    /// next slot, because it may have happened earlier (10.4).
    pub known: u8,
    /// For each fact that is presumed: for how many slots more it cannot be unknown, because whatever was recorded
    /// otherwise would still be good; [`FOR_GOOD`] where that does not end.
    pub sure: [u8; 3],
    /// What each settled fact is known to be, in a run; [`UNKNOWN`] while nobody looked.
    pub settled: [u8; 3],
    /// How often each counted route was taken.
    pub used: [u8; 8],
    /// How often each ladder has reassigned.
    pub reassigned: [u8; 2],
    /// How often each interrupt has happened.
    pub interrupted: [u8; 2],
    pub died: bool,
    /// How many slots ago that was done after which the time of another place is counted; [`FOR_GOOD`] before it was.
    pub ago: u8,
    /// Who last accepted a handover.
    pub holder: Option<u8>,
    /// What was done, of what endings owe and promises speak of.
    pub done: u64,
    /// Facts that a step found or a decision chose by, and that have travelled, as bits.
    pub held: u8,
    /// Facts that were held and did not travel.
    pub lost: u8,
    /// Facts found at this very instant, by the event that is being followed.
    pub just: u8,
    /// How far somebody is with the positive risk, and whether nobody has to look again any more.
    pub stage: super::risk::Stage,
    pub let_go: bool,
    /// What was ruled out of where the person may live, as bits.
    pub ruled_out: u8,
    /// Where somebody may come to live by what gave grounds for it since they came to where they are, as bits; and where
    /// that is. Both only where nobody goes against a wish.
    pub grounds: u8,
    pub there: Option<u8>,
    /// At a decision on a path: whom the decisions before it in this moment send there, as bits over everybody.
    pub who: u128,
}

/// Everybody, as bits: of three facts with three values, or none, or not applicable, there are no more than 125.
pub const ANYBODY: u128 = u128::MAX;

/// For as long as the case lasts.
pub const FOR_GOOD: u8 = 255;

impl State {
    /// A case of which nothing is known, about to open.
    pub fn new(slot: u8) -> State {
        State {
            at: At::Stranded(0),
            beside: None,
            turned: None,
            slot,
            known: 0,
            sure: [0; 3],
            settled: [UNKNOWN; 3],
            used: [0; 8],
            reassigned: [0; 2],
            interrupted: [0; 2],
            died: false,
            ago: FOR_GOOD,
            holder: None,
            done: 0,
            held: 0,
            lost: 0,
            just: 0,
            stage: super::risk::Stage::Not,
            let_go: false,
            ruled_out: 0,
            grounds: 0,
            there: None,
            who: ANYBODY,
        }
    }

    /// Where something alongside was looked at as if it were all there is: the main road is again where it stands.
    pub fn turned_back(mut self) -> State {
        if let Some(main) = self.turned.take() {
            self.beside = if let At::Open(open) = self.at { Some(open) } else { None };
            self.at = *main;
        }
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    Open(Open),
    Ended(u8),
    /// What was done alongside is over.
    Over,
    /// At a decision of which no row holds.
    Stranded(u8),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    pub node: Node,
    /// The decision that led here, where the place goes back to it or asks what it was missing.
    pub by: Option<u8>,
    pub clock: Clock,
    /// Rounds that are done, of a repeat.
    pub round: u8,
    /// How long until this round is due, of a repeat, whoever is asked meanwhile.
    pub due: u8,
    pub branches: [Branch; 3],
}

impl Open {
    /// Whether this is a thing, or it stands open in it.
    pub fn is(&self, thing: Thing) -> bool {
        let in_branch = |branch: u8| self.branches[usize::from(branch)];
        thing.place().is_some_and(|place| self.node == Node::Place(place))
            && match thing {
                Thing::Branch(_, branch) => matches!(in_branch(branch), Branch::Open(_)),
                Thing::Further(_, branch) => matches!(in_branch(branch), Branch::Further(_)),
                Thing::Place(_) | Thing::Ending(_) => true,
            }
    }

    /// Something that takes no time yet, with nobody asked.
    pub fn at(node: Node) -> Open {
        let clock = Clock { left: 0, asked: None };
        Open { node, by: None, clock, round: 0, due: 0, branches: [Branch::None; 3] }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Place(u8),
    /// A role decides, where this decision did not know.
    Decides(u8),
    /// A role decides, as this decision advises or otherwise.
    Advised(u8),
    /// Somebody is asked about a positive risk: the person, or who decides in their best interests.
    Asked(u8, bool),
}

/// How long something has, and who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    /// Slots until it is due.
    pub left: u8,
    /// The ladder and the rung that is asked.
    pub asked: Option<(u8, u8)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    None,
    Open(Clock),
    /// Where it is a pathway of its own: a role decides in it, because something is not known or as it is advised; or its
    /// second step is open.
    Decides(Clock),
    Advised(Clock),
    Further(Clock),
    Done,
    NotDone,
}

impl Branch {
    /// How long what is open of it has.
    pub fn clock(self) -> Option<Clock> {
        match self {
            Branch::Open(clock) | Branch::Decides(clock) | Branch::Advised(clock) | Branch::Further(clock) => {
                Some(clock)
            }
            _ => None,
        }
    }

    pub fn clock_mut(&mut self) -> Option<&mut Clock> {
        match self {
            Branch::Open(clock) | Branch::Decides(clock) | Branch::Advised(clock) | Branch::Further(clock) => {
                Some(clock)
            }
            _ => None,
        }
    }
}

/// What happened between two states: a word, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub what: &'static str,
    pub thing: Option<Thing>,
}

/// What can go wrong, by the names of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Gap,
    Endless,
    NeverReached,
    NobodyAnswers,
    TooLate,
    NotHandedOver,
    AskedTwice,
    UnheldEnding,
    StillOwed,
    NoOption,
    Unwatched,
    NoMatters,
    NoSafetyNet,
    PlanNotShared,
    NoReview,
    NoResponder,
    FurtherFromHome,
    AgainstWish,
    NotServed,
    ServedTwice,
    Unacknowledged,
    NothingToGoBy,
}

impl Kind {
    pub const ALL: [Kind; 22] = [
        Kind::Gap,
        Kind::Endless,
        Kind::NeverReached,
        Kind::NobodyAnswers,
        Kind::TooLate,
        Kind::NotHandedOver,
        Kind::AskedTwice,
        Kind::UnheldEnding,
        Kind::StillOwed,
        Kind::NoOption,
        Kind::Unwatched,
        Kind::NoMatters,
        Kind::NoSafetyNet,
        Kind::PlanNotShared,
        Kind::NoReview,
        Kind::NoResponder,
        Kind::FurtherFromHome,
        Kind::AgainstWish,
        Kind::NotServed,
        Kind::ServedTwice,
        Kind::Unacknowledged,
        Kind::NothingToGoBy,
    ];

    /// Its name, in kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Gap => "gap",
            Kind::Endless => "endless",
            Kind::NeverReached => "never-reached",
            Kind::NobodyAnswers => "nobody-answers",
            Kind::TooLate => "too-late",
            Kind::NotHandedOver => "not-handed-over",
            Kind::AskedTwice => "asked-twice",
            Kind::UnheldEnding => "unheld-ending",
            Kind::StillOwed => "still-owed",
            Kind::NoOption => "no-option",
            Kind::Unwatched => "unwatched",
            Kind::NoMatters => "no-matters",
            Kind::NoSafetyNet => "no-safety-net",
            Kind::PlanNotShared => "plan-not-shared",
            Kind::NoReview => "no-review",
            Kind::NoResponder => "no-responder",
            Kind::FurtherFromHome => "further-from-home",
            Kind::AgainstWish => "against-wish",
            Kind::NotServed => "not-served",
            Kind::ServedTwice => "served-twice",
            Kind::Unacknowledged => "unacknowledged",
            Kind::NothingToGoBy => "nothing-to-go-by",
        }
    }

    /// Whether it keeps a pathway from being proved.
    pub fn is_warning(self) -> bool {
        matches!(self, Kind::NeverReached | Kind::AskedTwice | Kind::ServedTwice | Kind::NothingToGoBy)
    }
}

/// Something noticed on the way from a state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    Found(Kind),
    Breaks(usize),
    /// A ladder was escalated to.
    Asks(u8),
    /// A decision was entered, from where.
    Enters(u8, Source),
}

/// From where a decision is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// From anything that is not a decision: anybody may come.
    Anywhere,
    /// By a row of a decision.
    Row(u8, u8),
    /// By `if we do not know yet` of a decision.
    Unknown(u8),
}
