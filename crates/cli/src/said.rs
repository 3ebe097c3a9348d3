//! What a command says, and the number it ends with.

use crate::page::Page;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// In words.
    #[default]
    Human,
    /// As JSON, for programs.
    Json,
}

/// How a command ended. The numbers are part of the contract of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It is as it should be.
    Fine = 0,
    /// Something was found, or failed.
    Findings = 1,
    /// It could not run.
    CouldNotRun = 2,
    /// Well formed, and not proved.
    NotProved = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// What a command says.
#[derive(Clone, Debug)]
pub struct Said {
    /// The words, or the JSON.
    pub text: String,
    /// How it ended.
    pub exit: Exit,
}

/// Why a command says something else than it was asked for.
#[derive(Clone, Debug)]
pub enum Stop {
    /// It could not run: in plain words.
    Trouble(String),
    /// There is something else to say first, such as what was found in the files.
    Said(Said),
}

impl Stop {
    /// It could not run.
    pub fn trouble(words: impl Into<String>) -> Stop {
        Stop::Trouble(words.into())
    }
}

impl Said {
    /// A page for people.
    pub fn page(page: Page, exit: Exit) -> Said {
        Said { text: page.text(), exit }
    }

    /// A value for programs.
    pub fn json(value: &impl Serialize, exit: Exit) -> Result<Said, Stop> {
        let text = serde_json::to_string_pretty(value);
        let mut text =
            text.map_err(|error| Stop::trouble(format!("the answer could not be written as JSON: {error}")))?;
        text.push('\n');
        Ok(Said { text, exit })
    }
}

/// Whether to write in colour: only to a terminal, and never when `NO_COLOR` is set.
pub fn in_colour(terminal: bool) -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    terminal && !unwanted && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// An empty page for standard output.
pub fn page() -> Page {
    Page::new(in_colour(std::io::stdout().is_terminal()))
}

/// Writes to standard output, and says whether it was written. Somebody who stops listening is no mistake.
pub fn write(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => true,
        Err(error) => error.kind() == std::io::ErrorKind::BrokenPipe,
    }
}

/// Writes to standard error.
pub fn complain(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says what came of a command, and gives the number to end with.
pub fn say(came: Result<Said, Stop>, format: Format) -> ExitCode {
    match came {
        Ok(said) | Err(Stop::Said(said)) => {
            if write(&said.text) {
                return said.exit.into();
            }
            complain("onward: the answer could not be written\n");
            Exit::CouldNotRun.into()
        }
        Err(Stop::Trouble(words)) => {
            if format == Format::Json {
                let value = serde_json::json!({ "verdict": "could-not-run", "message": words });
                write(&format!("{value:#}\n"));
            } else {
                let mut page = Page::new(in_colour(std::io::stderr().is_terminal()));
                page.item(0, "onward: ", &words);
                complain(&page.text());
            }
            Exit::CouldNotRun.into()
        }
    }
}
