//! A small discharge hub: how a host embeds Onward.
//!
//! It keeps cases in SQLite, wakes what is due, sends what is to be sent, and shows each team who is waiting for it. The
//! engine decides; the hub never does. What it is careful about is what a host has to be careful about:
//!
//! - [`hub`]: an event, the case it changes and the effects that follow are kept in **one** transaction, or not at all;
//! - [`outbox`]: each effect is sent at least once, under the id that the engine gave it, and marked only after that;
//! - `news`: what one case learns of the person, their other open cases learn too, in the same transaction;
//! - [`board`]: what each team has to do, kept with the case, so that a page is one question to the database;
//! - [`versions`]: a case stays with the pathway it began with, and follows a new directory only where that is proved;
//! - [`page`] and [`web`]: a page for each team, and JSON for other systems.
//!
//! Nothing here reads a clock: every function takes the time. Only `main.rs` asks the machine for it.

pub mod board;
mod error;
pub mod hub;
mod news;
pub mod outbox;
pub mod page;
mod store;
pub mod versions;
pub mod web;

pub use error::Error;
pub use hub::{Arrival, Hub};
