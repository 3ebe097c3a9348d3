//! The `onward` command: the edge at which pathways are read from files and answers are put into words.
//!
//! Each command is a file in `commands/`. What they share stands beside this file: `files` reads, `findings` draws
//! what was found, `words` puts names into words, `story` tells what happened to a person.
//!
//! *May use*: the public face of the library. *Invariants*: no input makes it panic; what is read is limited before it
//! is read; the exit codes are those of `said::Exit`.
#![forbid(unsafe_code)]

mod commands;
mod files;
mod findings;
mod graph;
mod outline;
mod page;
mod parity;
mod pick;
mod reasons;
mod report;
mod review;
mod said;
mod story;
mod words;

use clap::Parser;
use std::process::ExitCode;

/// Pathways that never leave a person without a next step: check, simulate, test, format and draw them.
#[derive(Debug, Parser)]
#[command(name = "onward", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
    /// How the answer is written
    #[arg(long, global = true, value_enum, default_value = "human")]
    format: said::Format,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    said::say(cli.command.run(cli.format), cli.format)
}
