//! Chores of the project, run as `cargo xtask CHORE` from anywhere in it.
//!
//! `test` builds everything and runs every test, then checks and tests the pathways with the command a reviewer uses.

mod component;
mod dist;
mod embeddings;
mod folders;
mod programs;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask test        build everything, run every test, check, format-check and test the pathways
cargo xtask component   write target/onward.component.wasm, the engine for hosts in any language; with `--twice` also
                        build it in another folder, and see that it is the same
cargo xtask dist        write an archive with the component, the command, the schemas and the licences of all that is in
                        them; with `--as-built` with the component as it was built last
cargo xtask embeddings  run examples/node and examples/python, copied elsewhere, with the component that was built
cargo xtask pictures    draw the pictures that stand in the documents again
cargo xtask fuzz        read random texts for a minute with cargo-fuzz (needs a nightly compiler)";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1).unwrap_or_default();
    let done = match chore.as_str() {
        "test" => test(),
        "component" if std::env::args().nth(2).as_deref() == Some("--twice") => component::twice(),
        "component" => component::component(),
        "dist" => dist::dist(std::env::args().nth(2).as_deref() == Some("--as-built")),
        "embeddings" => embeddings::embeddings(),
        "pictures" => pictures(),
        "fuzz" => fuzz(),
        _ => {
            println!("{HELP}");
            return if chore.is_empty() || chore == "help" { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("xtask: {what}");
            ExitCode::FAILURE
        }
    }
}

type Done = Result<(), String>;

/// The folder of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Runs a command in the workspace and expects an exit code.
fn run(command: &str, arguments: &[&str], expected: i32) -> Done {
    println!("\n$ {command} {}", arguments.join(" "));
    let status = Command::new(command).args(arguments).current_dir(root()).env("INSTA_UPDATE", "no").status();
    let status = status.map_err(|error| format!("`{command}` could not be started: {error}"))?;
    if status.code() == Some(expected) {
        return Ok(());
    }
    let said = status.code().map_or("was ended".to_string(), |code| format!("ended with {code}"));
    Err(format!("`{command} {}` {said}, not {expected}", arguments.join(" ")))
}

fn cargo(arguments: &[&str]) -> Done {
    run(env!("CARGO"), arguments, 0)
}

/// Runs the `onward` command that the tests were run with, and expects an exit code.
fn onward(arguments: &[&str], expected: i32) -> Done {
    let command = component::target().join("debug").join(format!("onward{}", std::env::consts::EXE_SUFFIX));
    run(&command.display().to_string(), arguments, expected)
}

/// Everything is built once, as it is tested: with the sandbox, which a reviewer's own build leaves out.
const TESTED: [&str; 3] = ["--workspace", "--features", "onward-cli/sandbox"];

fn test() -> Done {
    component::twice()?;
    programs::run(&TESTED)?;
    onward(&["check", "pathways", "examples"], 0)?;
    onward(&["fmt", "--check", "pathways", "examples"], 0)?;
    onward(&["test", "examples"], 0)?;
    onward(&["test", "pathways", "--coverage", "--min", "95"], 0)?;
    onward(&["simulate", "pathways/home_first.pathway", "--person", "examples/people/case_1.json"], 0)?;
    pictures_are_current()?;
    embeddings::embeddings()?;
    let component = component::place().display().to_string();
    onward(&["test", "pathways", "--sandbox", &component], 0)
}

/// The pictures that stand in the documents.
const PICTURES: [(&str, &str); 3] = [
    ("examples/first/tea_and_talk.pathway", "tea_and_talk.svg"),
    ("pathways/scores/news2_response.pathway", "news2_response.svg"),
    ("pathways/home_first.pathway", "home_first.svg"),
];

fn pictures() -> Done {
    cargo(&["build", "--package", "onward-cli"])?;
    draw_pictures("docs/pictures")
}

fn draw_pictures(folder: &str) -> Done {
    std::fs::create_dir_all(root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    PICTURES
        .iter()
        .try_for_each(|(pathway, name)| onward(&["graph", pathway, "--output", &format!("{folder}/{name}")], 0))
}

/// Whether the pictures in the documents are what would be drawn now.
fn pictures_are_current() -> Done {
    draw_pictures("target/pictures")?;
    for (_, name) in PICTURES {
        let read = |folder: &str| {
            std::fs::read(root().join(folder).join(name)).map_err(|error| format!("{folder}/{name}: {error}"))
        };
        if read("docs/pictures")? != read("target/pictures")? {
            return Err(format!("docs/pictures/{name} is out of date: run `cargo xtask pictures`"));
        }
    }
    Ok(())
}

fn fuzz() -> Done {
    for target in ["read", "compile"] {
        run("cargo", &["+nightly", "fuzz", "run", target, "--", "-max_total_time=60"], 0)?;
    }
    Ok(())
}
