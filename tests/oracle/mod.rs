//! The oracle: what docs/semantics.md says, written a second time, and looked at exhaustively over small worlds.
//!
//! Nothing here imports anything of onward: a mistake of the checker cannot hide in code they share. A [`World`] is a
//! pathway and a directory so small that every state a case can be in can be listed. Time moves in *slots* of 21 hours;
//! eight of them are a week, and hours repeat weekly.
//!
//! The same [`Machine`](machine::Machine) is looked at twice. As [`View::Paths`] it takes every way out of every place as
//! possible: that is how section 11 says what each finding means, and what the checker must agree with both ways. As
//! [`View::Runs`] it knows what is known of the person, the hour, and when each thing is due: what really can happen to
//! somebody. Whatever goes wrong in a run must be a finding by the letter of section 11 too; the oracle's own tests hold
//! it to that.
// Each of the tests that have it looks at a part of it.
#![allow(dead_code, unused_imports)]

pub mod asking;
mod block;
mod branches;
mod calls;
mod constructs;
mod cover;
mod events;
mod explore;
mod gaps;
mod heard;
mod here;
mod home;
mod known;
mod machine;
mod models;
mod open;
mod own;
mod own_people;
mod random;
mod risk;
mod served;
mod settling;
mod state;
mod text;
mod verdict;
mod watched;
mod whoever;
mod wish;
mod world;

pub use heard::URGENT_HOURS;
pub use home::{SETTINGS, moves_untold};
pub use random::{Choices, Dialect};
pub use risk::Risk;
pub use served::Serves;
pub use verdict::{Promised, Verdict, judge};
pub use world::{
    Cond, Decide, Fact, FactKind, NOT_APPLICABLE, PERSON, PlaceKind, Promise, SLOT_HOURS, Step, Target, Thing, Way,
    World,
};
