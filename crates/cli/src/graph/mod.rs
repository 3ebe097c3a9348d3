//! Drawings of a pathway: one picture, in three forms.
//!
//! *For*: people who want to see the whole way at once. *May use*: the engine's public model and graph, nothing else; no
//! Graphviz is needed. *Invariants*: the same pathway gives the same bytes; every place stands in every drawing, or is folded
//! into the call it comes with; all
//! sizes are whole numbers; nothing is said by colour alone.
//!
//! How it is laid out, after Sugiyama, Tagawa and Toda (1981), with a lane for each owner:
//! 1. [`picture`] reads what is drawn: boxes, and the lines between them. What happens when something is late, cannot be
//!    done or in the person's life is words, not lines; so is a step that very many decisions send to.
//! 2. [`layers`] takes the loops out (lines that close one are drawn as going back; the order is kept as lines are
//!    added, after Pearce and Kelly 2006), gives every box a row by the longest way to it, and orders the lanes so that
//!    the lines are shortest.
//! 3. [`boxes`] wraps the words and measures, [`tracks`] leads every line through the gaps between the boxes: never
//!    through one. Lines to the same box share a track; tracks are packed by the left-edge algorithm (Hashimoto and
//!    Stevens 1971).
//! 4. [`draw`] writes the SVG, with [`below`] for the words underneath; [`text_forms`] writes Mermaid and DOT.

mod below;
mod boxes;
mod draw;
mod layers;
mod picture;
#[cfg(test)]
mod tests;
mod text_forms;
mod tracks;
mod words;

use onward::engine::Shared;
use onward::workflow::Program;

/// The pathway as an SVG image that needs nothing else to be shown.
pub fn svg(program: &Program, shared: &Shared, folded: bool) -> String {
    draw::svg(&picture::Picture::new(&program.pathway, shared, folded))
}

/// The pathway as a Mermaid flowchart.
pub fn mermaid(program: &Program, shared: &Shared, folded: bool) -> String {
    text_forms::mermaid(&picture::Picture::new(&program.pathway, shared, folded))
}

/// The pathway in Graphviz's DOT.
pub fn dot(program: &Program, shared: &Shared, folded: bool) -> String {
    text_forms::dot(&picture::Picture::new(&program.pathway, shared, folded))
}
