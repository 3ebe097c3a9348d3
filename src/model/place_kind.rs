//! What a place of a pathway can be, and what each kind says of itself.

use super::condition::Condition;
use super::{Deadline, FactId, Name, PlaceId, RoleId, RouteId, Shared};
use crate::calendar::Length;
use crate::diagnostic::Place as At;
use serde::Serialize;

/// What a place is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// Somebody does something.
    Step(Step),
    /// The pathway decides, in a moment.
    Decide(Decide),
    /// A role decides, because the pathway could not.
    Choose(Choose),
    /// Work side by side.
    Together(Together),
    /// The same again and again, until something holds.
    Repeat(Repeat),
    /// Responsibility passes on.
    HandOver(HandOver),
    /// The case ends here.
    Ending(Ending),
}

/// What somebody is told.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Who is told it.
    pub to: RoleId,
    /// In which words.
    pub text: String,
    /// The fact that has to be yes first: the person agrees that they are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed: Option<FactId>,
}

/// Somebody without whom something is not done.
#[derive(Clone, Debug, Serialize)]
pub struct Needed {
    /// The role.
    pub role: RoleId,
    /// For whom: unless that is a definite no; for everybody where nothing is said.
    pub when: Option<Condition>,
}

/// Work that somebody does.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Who is accountable.
    pub led_by: RoleId,
    /// Who takes part.
    pub with: Vec<RoleId>,
    /// Without whom it is not done.
    pub not_without: Vec<Needed>,
    /// What it finds out.
    pub finds: Vec<FactId>,
    /// Whether it finds what the decision that led here was missing.
    pub finds_missing: bool,
    /// Whether it finds again what is still good.
    pub afresh: bool,
    /// By when it must be done.
    pub within: Deadline,
    /// How long the work itself takes, in one piece, where that is said.
    pub takes: Option<Length>,
    /// Who is told what when it opens.
    pub tell: Vec<Message>,
    /// Where one goes when it is done; for a branch, where one goes is up to its block.
    pub then: Option<RouteId>,
    /// The block this is a branch of.
    pub branch_of: Option<PlaceId>,
    /// Whether it is open as long as that block is: nothing is done there, somebody is there for the person meanwhile.
    #[serde(skip_serializing_if = "is_not")]
    pub meanwhile: bool,
    /// Whether time passes and nothing is done: one goes on when it is over, and not before.
    #[serde(skip_serializing_if = "is_not")]
    pub waits: bool,
}

fn is_not(it: &bool) -> bool {
    !it
}

/// A decision.
#[derive(Clone, Debug, Serialize)]
pub struct Decide {
    /// The rows, in order; the first that holds is chosen.
    pub rows: Vec<Row>,
    /// Where one goes when no row holds; it is the last of `rows`, always yes.
    pub has_none_of_these: bool,
    /// Whether its authors say that no two rows that lead to different places hold for anybody.
    pub claims_one: bool,
    /// Where one goes while it is not known.
    pub not_known: Option<RouteId>,
    /// Where it does not act, but advises a role: how.
    pub advice: Option<Advice>,
    /// When a role that decides may choose an option; of options that are not here, always.
    pub only_when: Vec<OnlyWhen>,
    /// Where it is a question that is put to somebody, and advises nothing: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks: Option<Asks>,
    /// For a decision that nobody wrote, and that only passes on: what it marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<Pass>,
}

/// A question of a positive risk: whether it is accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Asks {
    /// The name of the positive risk.
    pub risk: Name,
    /// Where one goes when it is accepted.
    pub accepted: PlaceId,
    /// Where one goes when it is not: nobody has to agree to that.
    pub not_accepted: PlaceId,
    /// Whether it is decided in the person's best interests, and not by them.
    pub in_best_interests: bool,
}

/// How a decision advises.
#[derive(Clone, Debug, Serialize)]
pub struct Advice {
    /// The place where the role decides, which every row leads to.
    pub by: PlaceId,
    /// What speaks for and against the options.
    pub reasons: Vec<Reason>,
    /// The codes of which one says why something else is chosen than what is advised.
    pub otherwise: Vec<Name>,
    /// Who must agree before it is decided, and where one goes when somebody of them does not.
    pub agreed: Option<Agreed>,
}

/// Who must agree.
#[derive(Clone, Debug, Serialize)]
pub struct Agreed {
    /// The roles.
    pub by: Vec<RoleId>,
    /// Where one goes when one of them disagrees.
    pub disagree: RouteId,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

impl Decide {
    /// A decision of these rows, and nothing else.
    pub fn of(rows: Vec<Row>) -> Decide {
        Decide {
            rows,
            has_none_of_these: false,
            claims_one: false,
            not_known: None,
            advice: None,
            only_when: Vec::new(),
            asks: None,
            passes: None,
        }
    }

    /// Who must agree with what a role chooses here, where anybody must.
    pub fn agreed(&self) -> Option<&Agreed> {
        self.advice.as_ref()?.agreed.as_ref()
    }

    /// What must be a definite yes for a role to choose an option; nothing where it always may.
    pub fn only_when(&self, option: PlaceId) -> Option<&Condition> {
        self.only_when.iter().find(|it| it.option == option).map(|it| &it.condition)
    }
}

/// What speaks for or against an option.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// The option: a place that the rows lead to.
    pub option: PlaceId,
    /// Whether it speaks against it.
    pub against: bool,
    /// The role it speaks for.
    pub from: RoleId,
    /// When it does.
    pub when: Condition,
    /// In words.
    pub text: String,
}

/// When a role may choose an option of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct OnlyWhen {
    /// The option: a place that the rows lead to.
    pub option: PlaceId,
    /// What must be a definite yes.
    pub condition: Condition,
}

/// What is marked where one only passes on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// A call begins.
    Begins {
        /// The pathway that is called.
        pathway: Name,
        /// Its title.
        title: String,
    },
    /// A call ends.
    Ends {
        /// The ending, as the pathway that is called names it.
        ending: Name,
        /// Who is told what.
        tell: Vec<Message>,
    },
    /// What came of a positive risk.
    Came {
        /// The fact that says so.
        risk: FactId,
        /// What it says: one of the values in [`super::risk`].
        value: i64,
    },
}

/// A row of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// When it holds.
    pub condition: Condition,
    /// Where one goes then.
    pub route: RouteId,
}

/// A role decides among the options of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Choose {
    /// The decision.
    pub decision: PlaceId,
    /// Who decides.
    pub role: RoleId,
    /// Who takes part.
    pub with: Vec<RoleId>,
    /// How long there is.
    pub within: Length,
    /// Whether the decision advises it; otherwise it could not be taken.
    pub advised: bool,
}

/// Work side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Together {
    /// The branches: each a step, or where another pathway begins.
    pub branches: Vec<PlaceId>,
    /// Of these, how many are open as long as the block is; the others are to be done.
    #[serde(skip_serializing_if = "is_none_at_all")]
    pub meanwhile: u32,
    /// How many must be done; `None` is all of them.
    pub first: Option<u32>,
    /// How long there is for all of it.
    pub within: Length,
    /// Where one goes when too few are done.
    pub otherwise: RouteId,
    /// Where one goes when enough are done.
    pub then: RouteId,
}

impl Together {
    /// How many branches must be done.
    pub fn needed(&self) -> u32 {
        self.first.unwrap_or(self.to_do())
    }

    /// How many branches are to be done at all.
    pub fn to_do(&self) -> u32 {
        (self.branches.len() as u32).saturating_sub(self.meanwhile)
    }
}

fn is_none_at_all(it: &u32) -> bool {
    *it == 0
}

/// The same again and again.
#[derive(Clone, Debug, Serialize)]
pub struct Repeat {
    /// How often.
    pub every: Length,
    /// Who is accountable.
    pub led_by: RoleId,
    /// Who takes part.
    pub with: Vec<RoleId>,
    /// Without whom no round is done.
    pub not_without: Vec<Needed>,
    /// What every round finds out.
    pub finds: Vec<FactId>,
    /// How long the work of a round takes, in one piece, where that is said.
    pub takes: Option<Length>,
    /// Who is told what at each round.
    pub tell: Vec<Message>,
    /// Where one goes as soon as something holds after a round.
    pub until: Option<(Condition, RouteId)>,
    /// How many rounds at the most.
    pub times: u32,
    /// Where one goes after the last.
    pub after: RouteId,
}

/// Responsibility passes on.
#[derive(Clone, Debug, Serialize)]
pub struct HandOver {
    /// Who hands over, and stays responsible until it is accepted.
    pub from: RoleId,
    /// Who receives.
    pub to: RoleId,
    /// What travels with the person.
    pub carrying: Vec<FactId>,
    /// Where the last of it is written, where anything is.
    #[serde(skip)]
    pub carrying_at: Option<At>,
    /// By when it must be accepted.
    pub within: Deadline,
    /// Who is told what when it opens.
    pub tell: Vec<Message>,
    /// Where one goes when the receiver declines.
    pub declined: RouteId,
    /// Where one goes when the receiver accepts on a condition; `None`: that is not offered.
    pub on_condition: Option<RouteId>,
    /// Where one goes when it is accepted.
    pub then: RouteId,
}

impl HandOver {
    /// The facts that whoever accepted does not know any more until they are recorded again: all it does not carry, but
    /// what is settled, which cannot have become otherwise, and what came of a positive risk, which goes where the person goes.
    pub fn leaves_behind<'h>(&'h self, shared: &'h Shared) -> impl Iterator<Item = FactId> + 'h {
        let known_by = |fact: FactId| super::found_as(fact, &shared.facts);
        let stays = |fact: FactId| {
            let it = shared.facts.get(fact.index());
            it.is_none_or(|it| it.settled || it.rests_on.is_some()) || self.carrying.contains(&fact)
        };
        (0..shared.facts.len() as u32).map(FactId).filter(move |fact| !stays(known_by(*fact)))
    }
}

/// The case ends.
#[derive(Clone, Debug, Serialize)]
pub struct Ending {
    /// Who holds the person now.
    pub held_by: RoleId,
    /// What must have been done on every path before: neither a decision nor an ending.
    pub owed: Vec<PlaceId>,
    /// Who is told what.
    pub tell: Vec<Message>,
    /// Whether it only ends what is done alongside: `nothing more`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nothing_more: bool,
    /// Of which branch it is the end, where another pathway is that: then it ends nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_branch: Option<OfBranch>,
}

/// The end of a branch that is another pathway.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OfBranch {
    /// The block.
    pub block: PlaceId,
    /// The branch: where that pathway begins.
    pub branch: PlaceId,
    /// Whether the branch is done.
    pub done: bool,
}

/// The shortest that work is taken to last where nothing is written.
pub const A_MOMENT: Length = Length::minutes(1);

impl PlaceKind {
    /// Everybody who must be on duty for it, for how long in one piece: who leads it, and for a handover both sides.
    pub fn people(&self) -> impl Iterator<Item = RoleId> {
        let receiver = if let PlaceKind::HandOver(hand_over) = self { Some(hand_over.to) } else { None };
        self.owner().into_iter().chain(receiver)
    }

    /// The block it is a branch of, where it is one.
    pub fn branch_of(&self) -> Option<PlaceId> {
        if let PlaceKind::Step(step) = self { step.branch_of } else { None }
    }

    /// Whether the person decides there themselves, as a role that decides.
    pub fn is_the_persons_choice(&self) -> bool {
        matches!(self, PlaceKind::Choose(Choose { role: RoleId::PERSON, .. }))
    }

    /// Whether time passes there and nothing is done.
    pub fn waits(&self) -> bool {
        matches!(self, PlaceKind::Step(step) if step.waits)
    }

    /// Those without whom it is not done.
    pub fn not_without(&self) -> &[Needed] {
        match self {
            PlaceKind::Step(step) => &step.not_without,
            PlaceKind::Repeat(repeat) => &repeat.not_without,
            _ => &[],
        }
    }

    /// How long the work itself takes, in one piece.
    pub fn takes(&self) -> Length {
        let said = match self {
            PlaceKind::Step(step) => step.takes,
            PlaceKind::Repeat(repeat) => repeat.takes,
            _ => None,
        };
        said.unwrap_or(A_MOMENT)
    }

    /// Who is accountable while it is open; nobody for a decision, an ending and a block, which are never open work.
    pub fn owner(&self) -> Option<RoleId> {
        match self {
            PlaceKind::Step(step) => Some(step.led_by),
            PlaceKind::Choose(choose) => Some(choose.role),
            PlaceKind::Repeat(repeat) => Some(repeat.led_by),
            PlaceKind::HandOver(hand_over) => Some(hand_over.from),
            PlaceKind::Decide(_) | PlaceKind::Together(_) | PlaceKind::Ending(_) => None,
        }
    }

    /// By when it must be done; nothing for a decision and an ending, which take no time.
    pub fn within(&self) -> Option<Deadline> {
        match self {
            PlaceKind::Step(step) => Some(step.within),
            PlaceKind::Choose(choose) => Some(Deadline::Within(choose.within)),
            PlaceKind::Together(together) => Some(Deadline::Within(together.within)),
            PlaceKind::Repeat(repeat) => Some(Deadline::Within(repeat.every)),
            PlaceKind::HandOver(hand_over) => Some(hand_over.within),
            PlaceKind::Decide(_) | PlaceKind::Ending(_) => None,
        }
    }

    /// Who is told what when it opens.
    pub fn tell(&self) -> &[Message] {
        match self {
            PlaceKind::Step(step) => &step.tell,
            PlaceKind::Repeat(repeat) => &repeat.tell,
            PlaceKind::HandOver(hand_over) => &hand_over.tell,
            PlaceKind::Ending(ending) => &ending.tell,
            PlaceKind::Decide(Decide { passes: Some(Pass::Ends { tell, .. }), .. }) => tell,
            PlaceKind::Decide(_) | PlaceKind::Choose(_) | PlaceKind::Together(_) => &[],
        }
    }

    /// The facts it should find, apart from what a decision was missing.
    pub fn finds(&self) -> &[FactId] {
        match self {
            PlaceKind::Step(step) => &step.finds,
            PlaceKind::Repeat(repeat) => &repeat.finds,
            _ => &[],
        }
    }
}
