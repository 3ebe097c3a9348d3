//! Onward: an embeddable rules engine for care-pathway and risk decisions.
#![forbid(unsafe_code)]
pub mod calendar;
pub mod diagnostic;
pub mod syntax;
pub mod model;
