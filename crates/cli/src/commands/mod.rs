//! The commands, one file each.

mod answers;
mod ask;
mod case;
mod check;
mod explain;
mod fmt;
mod graph;
mod report;
#[cfg(feature = "sandbox")]
mod sandbox;
mod schema;
mod simulate;
mod test;
mod watch;
mod who;

use crate::said::{Format, Said, Stop};

/// What `onward` can do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Look for mistakes in pathway files, and say in plain words what to write instead
    Check(check::Args),
    /// Take one person through a pathway, step by step, with reasons
    Simulate(simulate::Args),
    /// Run the scenarios in the files
    Test(test::Args),
    /// Lay files out in one way, comments kept
    Fmt(fmt::Args),
    /// Draw a pathway
    Graph(graph::Args),
    /// Write everything about a pathway on one page, for those who answer for it
    Report(report::Args),
    /// Who answers at a time, and who is next
    Who(who::Args),
    /// What is to be started for a person before a crisis, whom to ask, and when to look again
    Watch(watch::Args),
    /// What a finding means, with an example
    Explain(explain::Args),
    /// Read a saved case: where it stands, what happened, and why
    Case(case::Args),
    /// The shape of what is saved and read as JSON
    Schema(schema::Args),
}

impl Command {
    /// Does it.
    pub fn run(&self, format: Format) -> Result<Said, Stop> {
        match self {
            Command::Check(args) => check::run(args, format),
            Command::Simulate(args) => simulate::run(args, format),
            Command::Test(args) => test::run(args, format),
            Command::Fmt(args) => fmt::run(args, format),
            Command::Graph(args) => graph::run(args, format),
            Command::Report(args) => report::run(args, format),
            Command::Who(args) => who::run(args, format),
            Command::Watch(args) => watch::run(args, format),
            Command::Explain(args) => explain::run(args, format),
            Command::Case(args) => case::run(args, format),
            Command::Schema(args) => schema::run(args, format),
        }
    }
}
