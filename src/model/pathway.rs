//! A pathway as its authors mean it: every name looked up, every value checked, every route in place.

use super::condition::Condition;
use super::place_kind::{Asks, Decide, Pass, PlaceKind};
use super::{
    AgreedTo, Allowance, Day, Deadline, DirectoryId, FactId, Hazard, InForce, Lives, MeetingId, MeetingOf, Name,
    NeedsAgreement, PositiveRisk, Promise, RoleId, SourceRef,
};
use crate::diagnostic::Place as At;
use serde::Serialize;

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);
        impl $name {
            /// Its number as an index.
            pub fn index(self) -> usize { self.0 as usize }
        }
    )+};
}
pub(super) use ids;

ids! {
    /// A place of a pathway, by its number.
    PlaceId;
    /// A route of a pathway, by its number.
    RouteId;
    /// A ladder a pathway escalates to, by its number.
    LadderId;
    /// A counted route of a pathway, by its number.
    CounterId;
}

/// A pathway.
#[derive(Clone, Debug, Serialize)]
pub struct Pathway {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: String,
    /// The version its authors gave it.
    pub version: String,
    /// Where its header stands.
    #[serde(skip)]
    pub at: At,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// From when until when it is in force, where that is said.
    pub in_force: Option<InForce>,
    /// When its authors mean to look at it again.
    pub review_by: Option<Day>,
    /// Who is to agree to it before it is used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs_agreement: Vec<NeedsAgreement>,
    /// Who has agreed, and to what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<AgreedTo>,
    /// The directory it is tested with: no part of what the pathway means.
    #[serde(skip)]
    pub tested_with: Option<DirectoryId>,
    /// The facts it can speak of: those of its file and of the files that one uses.
    #[serde(skip)]
    pub facts: Vec<FactId>,
    /// Where it starts.
    pub start: PlaceId,
    /// Its places.
    pub places: Vec<Place>,
    /// Its routes.
    pub routes: Vec<Route>,
    /// The ladders it escalates to.
    pub ladders: Vec<Ladder>,
    /// The meetings at which something is due.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meetings: Vec<MeetingOf>,
    /// Its counted routes.
    pub counters: Vec<Counter>,
    /// What interrupts, in order: its own, and then what comes with calls.
    pub interrupts: Vec<Interrupt>,
    /// Its positive risks: its own, and then what comes with calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<PositiveRisk>,
    /// What it promises.
    pub promises: Vec<Promise>,
    /// What may go wrong, and what keeps it from happening.
    pub hazards: Vec<Hazard>,
    /// The findings that its authors allow.
    #[serde(skip)]
    pub allowances: Vec<Allowance>,
}

/// A ladder that a pathway escalates to: its name, filled by the directory.
#[derive(Clone, Debug, Serialize)]
pub struct Ladder {
    /// Its name.
    pub name: Name,
    /// Where it is first named.
    #[serde(skip)]
    pub at: At,
}

/// How often a counted route may be taken.
#[derive(Clone, Debug, Serialize)]
pub struct Counter {
    /// What it counts, in words that stay the same wherever it stands in the file.
    pub name: Name,
    /// How often.
    pub limit: u32,
    /// Whether it comes with a call.
    #[serde(skip)]
    pub with_call: bool,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// A place of a pathway: what a designer named.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// From when until when it is in force, where that is said.
    pub in_force: Option<InForce>,
    /// The call it comes with, where it is part of another pathway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_call: Option<PlaceId>,
    /// What it is done alongside for, where it is: what happens at any time, by its number.
    #[serde(skip)]
    pub alongside: Option<u32>,
    /// The branch it is part of, where another pathway is a branch of a block: where that begins. The innermost one.
    #[serde(skip)]
    pub in_branch: Option<PlaceId>,
    /// What the person pays for, where it is that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
    /// Where the person is from when it opens, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lives: Option<Lives>,
    /// What it is.
    pub kind: PlaceKind,
    /// Where each way of ending leads, by [`Exit`]; its own or by default.
    pub exits: [Option<RouteId>; Exit::COUNT],
}

impl Place {
    /// A place of which nothing more is said.
    pub fn new(name: Name, title: String, at: At, kind: PlaceKind, exits: [Option<RouteId>; Exit::COUNT]) -> Place {
        Place {
            name,
            title,
            at,
            sources: Vec::new(),
            in_force: None,
            with_call: None,
            alongside: None,
            in_branch: None,
            charge: None,
            lives: None,
            kind,
            exits,
        }
    }
}

/// Something that the person may have to pay for.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Charge {
    /// Where they are told so before, if that is said.
    pub told_in: Option<PlaceId>,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// A way in which anything that is open can end, other than as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Exit {
    Late,
    Cannot,
    PersonDeclines,
    NobodyCan,
    Died,
    Withdrew,
    CannotBeReached,
    MovedAway,
    OpenedInError,
}

impl Exit {
    /// How many there are.
    pub const COUNT: usize = 9;
    /// All of them, in order.
    pub const ALL: [Exit; Exit::COUNT] = [
        Exit::Late,
        Exit::Cannot,
        Exit::PersonDeclines,
        Exit::NobodyCan,
        Exit::Died,
        Exit::Withdrew,
        Exit::CannotBeReached,
        Exit::MovedAway,
        Exit::OpenedInError,
    ];
    /// The events of the person's life, which every pathway routes from everywhere.
    pub const LIFE: [Exit; 5] =
        [Exit::Died, Exit::Withdrew, Exit::CannotBeReached, Exit::MovedAway, Exit::OpenedInError];

    /// As it is written behind `if`.
    pub fn in_words(self) -> &'static str {
        match self {
            Exit::Late => "late",
            Exit::Cannot => "it cannot be done",
            Exit::PersonDeclines => "the person declines",
            Exit::NobodyCan => "nobody can",
            Exit::Died => "died",
            Exit::Withdrew => "withdrew",
            Exit::CannotBeReached => "cannot be reached",
            Exit::MovedAway => "moved away",
            Exit::OpenedInError => "opened in error",
        }
    }
}

/// A road: what it is done alongside for, and the branch it is part of, where another pathway is that.
pub type Road = (Option<u32>, Option<PlaceId>);

/// The main road.
pub const MAIN: Road = (None, None);

impl Interrupt {
    /// The road it belongs to.
    pub fn on_road(&self) -> Road {
        (self.road, self.in_branch)
    }
}

/// What happens at any time: instead of whatever is open, or alongside.
#[derive(Clone, Debug, Serialize)]
pub struct Interrupt {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// From when until when it is in force, where that is said.
    pub in_force: Option<InForce>,
    /// The call it comes with: it is in force only inside that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_call: Option<PlaceId>,
    /// Whether what it leads to is opened alongside what is open, and not in its place.
    pub as_well: bool,
    /// The road it belongs to: the main one, or what is done alongside for something else, by its number.
    #[serde(skip)]
    pub road: Option<u32>,
    /// The branch it belongs to, where it comes with another pathway that is one.
    #[serde(skip)]
    pub in_branch: Option<PlaceId>,
    /// When it happens.
    pub condition: Condition,
    /// Where one goes then, and what counts how often.
    pub route: (RouteId, CounterId),
    /// Where one goes the next time after that, once.
    pub then: Option<(RouteId, CounterId)>,
    /// Why nothing is done while its condition is not known, where its authors say so.
    pub nothing_yet: Option<String>,
    /// What keeps its facts known.
    pub kept_by: Vec<PlaceId>,
    /// Whether anyone may raise it.
    pub anyone_may_raise: bool,
    /// Whether it says whom the pathway is for.
    pub whom_for: bool,
}

/// Where one goes next.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    /// To what.
    pub target: Target,
    /// Why, in the authors' words.
    pub why: Option<String>,
    /// How often, and where one goes after that.
    pub counted: Option<(CounterId, RouteId)>,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// What a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A place.
    Place(PlaceId),
    /// A ladder: the place stays open while somebody is found for it.
    Escalate(LadderId),
    /// Back to the decision that sent the person here.
    Back,
    /// For a branch: it ends not done.
    NotDone,
}

impl Pathway {
    /// A place by its number.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id.index()]
    }

    /// A route by its number.
    pub fn route(&self, id: RouteId) -> &Route {
        &self.routes[id.index()]
    }

    /// The place of that name.
    pub fn place_named(&self, name: &str) -> Option<PlaceId> {
        self.places.iter().position(|place| place.name == name).map(|index| PlaceId(index as u32))
    }

    /// The name of the decision that a role takes at a place, where it is one.
    pub fn choice_of(&self, place: PlaceId) -> Option<&Name> {
        match &self.place(place).kind {
            PlaceKind::Choose(choose) => Some(&self.place(choose.decision).name),
            _ => None,
        }
    }

    /// The same, by name.
    pub fn choice_named(&self, name: &str) -> Option<&Name> {
        self.place_named(name).and_then(|place| self.choice_of(place))
    }

    /// What is asked at a place where somebody decides about a positive risk.
    pub fn asks(&self, place: PlaceId) -> Option<&Asks> {
        let PlaceKind::Choose(choose) = &self.place(place).kind else { return None };
        let PlaceKind::Decide(decide) = &self.place(choose.decision).kind else { return None };
        decide.asks.as_ref()
    }

    /// Whether a place is a branch of a block.
    pub fn is_branch(&self, place: PlaceId) -> bool {
        self.place(place).kind.branch_of().is_some()
    }

    /// Where one is on the road while a place is open: a branch opens, and stands, with its block.
    pub fn opens_with(&self, place: PlaceId) -> PlaceId {
        self.place(place).kind.branch_of().unwrap_or(place)
    }

    /// The road a place is on, and the branch of a block, where another pathway is one: whatever stands there is one thing,
    /// apart from the branches that are steps.
    pub fn road(&self, place: PlaceId) -> Road {
        let it = self.place(place);
        (it.alongside, it.in_branch)
    }

    /// The branches around a place that are pathways of their own, the innermost first.
    pub fn branches_around(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> {
        let outer = |branch: &PlaceId| self.place(*branch).with_call.and_then(|call| self.place(call).in_branch);
        std::iter::successors(self.place(place).in_branch, outer)
    }

    /// Whether a place is where another pathway begins that is a branch.
    pub fn begins_a_branch(&self, place: PlaceId) -> bool {
        self.place(place).in_branch == Some(place)
    }

    /// Whether a place is part of a branch that is a pathway of its own.
    pub fn is_in_branch(&self, place: PlaceId, branch: PlaceId) -> bool {
        self.branches_around(place).any(|around| around == branch)
    }

    /// The branches that are pathways of their own, by where they begin: inner ones before those around them.
    pub fn called_branches(&self) -> Vec<PlaceId> {
        let places = self.all_places().map(|(id, _)| id);
        let mut branches: Vec<PlaceId> = places.filter(|id| self.begins_a_branch(*id)).collect();
        branches.sort_by_key(|branch| std::cmp::Reverse(self.branches_around(*branch).count()));
        branches
    }

    /// Where a branch that is a pathway of its own ends, done or not.
    pub fn end_of_branch(&self, branch: PlaceId, done: bool) -> Option<PlaceId> {
        let ends = |it: &Place| match &it.kind {
            PlaceKind::Ending(ending) => ending.of_branch.is_some_and(|of| of.branch == branch && of.done == done),
            _ => false,
        };
        self.all_places().find(|(_, it)| ends(it)).map(|(id, _)| id)
    }

    /// The block a branch belongs to that is a pathway of its own.
    pub fn block_of(&self, branch: PlaceId) -> Option<PlaceId> {
        let has = |it: &Place| matches!(&it.kind, PlaceKind::Together(block) if block.branches.contains(&branch));
        self.all_places().find(|(_, it)| has(it)).map(|(id, _)| id)
    }

    /// What is open on the road outside of all branches while a place is open: itself, or the block it belongs to.
    pub fn stands_with(&self, place: PlaceId) -> PlaceId {
        let around = self.branches_around(place).last();
        around.and_then(|branch| self.block_of(branch)).unwrap_or_else(|| self.opens_with(place))
    }

    /// The place a case opens at: that of the pathway that is called, where it starts with a call (10.19).
    pub fn opens_at(&self) -> PlaceId {
        self.begins_at(self.start)
    }

    /// The place where a call begins: that of the pathway that is called. Any other place is itself.
    pub fn begins_at(&self, place: PlaceId) -> PlaceId {
        let calls = self.places.len();
        let within = |at: &PlaceId| match &self.place(*at).kind {
            PlaceKind::Decide(Decide { passes: Some(Pass::Begins { .. }), rows, .. }) => {
                let target = self.route(rows.first()?.route).target;
                if let Target::Place(to) = target { Some(to) } else { None }
            }
            _ => None,
        };
        std::iter::successors(Some(place), within).take(calls).last().unwrap_or(place)
    }

    /// All places with their numbers.
    pub fn all_places(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        self.places.iter().enumerate().map(|(index, place)| (PlaceId(index as u32), place))
    }

    /// Whether what happens at any time is in force at a place: everywhere on its road, or inside the call it comes with.
    pub fn in_force(&self, interrupt: &Interrupt, place: PlaceId) -> bool {
        let its_road = self.road(place) == interrupt.on_road();
        its_road && interrupt.with_call.is_none_or(|call| self.calls_around(place).any(|around| around == call))
    }

    /// A ladder by its number.
    pub fn ladder(&self, id: LadderId) -> &Ladder {
        &self.ladders[id.index()]
    }

    /// The name of a meeting.
    pub fn meeting(&self, id: MeetingId) -> &str {
        self.meetings.iter().find(|it| it.id == id).map_or("", |it| it.name.as_str())
    }

    /// Every role that somebody must fill for the pathway to run, with the place that needs it.
    pub fn needs(&self) -> impl Iterator<Item = (&Place, RoleId)> {
        let places = self.places.iter().flat_map(|place| {
            let agrees = match &place.kind {
                PlaceKind::Decide(decide) => decide.agreed().map_or(&[][..], |agreed| &agreed.by),
                _ => &[],
            };
            let goes_by = place.kind.within().and_then(Deadline::role);
            let needed = place.kind.not_without().iter().map(|it| it.role);
            let people = place.kind.people().chain(needed).chain(goes_by).chain(agrees.iter().copied());
            people.map(move |role| (place, role))
        });
        let answers = |risk: &PositiveRisk| risk.responder.as_ref().map(|it| (risk.starts, it.role));
        places.chain(self.risks.iter().filter_map(answers).map(|(place, role)| (self.place(place), role)))
    }

    /// A route and the ones taken when its count is used up, in order.
    pub fn route_chain(&self, id: RouteId) -> impl Iterator<Item = (RouteId, &Route)> {
        std::iter::successors(Some(id), |id| self.route(*id).counted.map(|(_, after)| after))
            .map(|id| (id, self.route(id)))
    }
}
