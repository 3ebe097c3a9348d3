//! The model lowered to a graph one can look at, and to the flat program the interpreter runs.
//!
//! Nodes of the [`Workflow`] are what a designer named, plus one for every place that can be escalated; edges carry why
//! one goes there. The [`Program`] holds the same places by number, and for every decision an index from the values of
//! a fact to the rows that are still possible.
//!
//! *May use*: `model`, `diagnostic`. *Invariants*: every place has exactly one node, and every node but those of
//! escalations is exactly one place; in a program without errors, the graph without its counted edges is acyclic.

mod decision;
mod flow;
mod graph;
mod program;
mod served;
mod truth;
mod turning;

pub use decision::{Chosen, Decision};
pub use flow::{check as check_flow, directory_lacks};
pub use graph::{Edge, Node, Why, Workflow};
pub use program::{MOST_AT_ONCE, Program};
pub use served::served;
pub use truth::{Known, Truth, part_range, score_range, seen, truth};
