//! From trees to meaning: names looked up, types checked, routes put in place, every mistake reported.
//!
//! [`build`] takes all files that are compiled together and gives a [`Model`]: facts, scores and roles, the pathways,
//! the directories, the scenarios. Ids are numbers, so that everything behind this room is look-ups in arrays.
//!
//! *May use*: `syntax`, `calendar`, `diagnostic`. *Invariant*: in a model without errors every id is in range, every
//! value lies in its fact's domain, every place has a route for every way it can end, and every part of every score
//! has points for every value.

mod agreement;
mod anticipate;
mod build;
mod calls;
mod code;
mod computed;
mod condition;
mod deadline;
mod directory;
mod elapsed;
mod facts;
mod found_by_model;
mod grounds;
mod interrupts;
mod meeting;
mod name;
mod pathway;
mod place_kind;
mod places;
mod promise;
mod read_anticipate;
mod read_best_interests;
mod read_choice;
mod read_computed;
mod read_condition;
mod read_directory;
mod read_facts;
mod read_grounds;
mod read_meeting;
mod read_promise;
mod read_risk;
mod read_scenario;
mod read_together;
mod read_when;
mod read_work;
pub mod risk;
mod roads;
mod routes;
mod scenario;
mod settings;
mod shared;
mod symbols;
mod value;
mod words;

use serde::Serialize;

pub use agreement::{AgreedTo, NeedsAgreement, mark};
pub use anticipate::{Anticipation, WhileUnknown};
pub use build::{Model, build, left_out};
pub use code::{Code, is_concept};
pub use computed::{Computed, Reaches, Rounding};
pub use condition::{Condition, HowMany, Test};
pub use deadline::Deadline;
pub(crate) use deadline::Schedule;
pub use directory::{Answering, Channel, ChannelKind, Contact, Directory, Holidays, LadderOf, Rung, Served, Serves};
pub use elapsed::{Elapsed, found_as};
pub use facts::{Arbiter, Fact, Number, Part, Points, Role, Score};
pub use found_by_model::FoundByModel;
pub use grounds::{Allowance, Control, Day, Hazard, HowBad, HowLikely, InForce, SourceRef};
pub use meeting::{Held, Meeting, MeetingHolidays, MeetingOf, Which};
pub use name::{Name, in_words};
pub use pathway::*;
pub use place_kind::*;
pub use promise::{Promise, PromiseKind, Reached, Since};
pub use risk::{Net, PositiveRisk, Responder};
pub use scenario::{Answer, Expectation, Given, Happening, Line, Scenario, Story, What};
pub(crate) use settings::wished;
pub use settings::{Lives, Setting};
pub use shared::Shared;
pub use symbols::resolve_use;
pub use value::{Domain, NOT_APPLICABLE, Ranges, ValueError, days, decimal};
pub use words::{WordRule, Wording};

pathway::ids! {
    /// A fact of the library, by its number: its slot.
    FactId;
    /// A score of the library, by its number.
    ScoreId;
    /// A role of the library, by its number.
    RoleId;
    /// A meeting, by its number in the library: those of one name in all directories have the same.
    MeetingId;
    /// Where a person may live, by its number: the further from home, the higher.
    SettingId;
    /// A directory of the library, by its number.
    DirectoryId;
    /// A pathway of the library, by its number.
    PathwayId;
}

impl RoleId {
    /// The person. Every library has this role, and it is the first.
    pub const PERSON: RoleId = RoleId(0);
}
