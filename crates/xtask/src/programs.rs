//! Running the test programs, as many at a time as there are processors: some of them have one long test, so one after
//! the other they would leave processors idle.

use crate::{Done, cargo, root};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

/// A test program that was built.
#[derive(Debug, PartialEq, Eq)]
struct Program {
    /// What it was built from: `tests/rules.rs`.
    name: String,
    executable: PathBuf,
    /// The folder of its package, in which it runs.
    folder: PathBuf,
}

/// Builds and runs all tests of what is named; all of them, also where one fails.
pub fn run(what: &[&str]) -> Done {
    let waiting: Mutex<VecDeque<Program>> = Mutex::new(built(what)?.into());
    let failed: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let at_a_time = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                while let Some(program) = next() {
                    let ran = program.run();
                    // One speaks at a time.
                    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                    if !say(&program, ran) {
                        failed.push(program.name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !failed.is_empty() {
        return Err(format!("tests failed in {}", failed.join(", ")));
    }
    cargo(&[&["test", "--doc"], what].concat())
}

/// Builds them, and says which there are.
fn built(what: &[&str]) -> Result<Vec<Program>, String> {
    println!("\n$ cargo test --no-run {}", what.join(" "));
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--no-run", "--message-format", "json-render-diagnostics"]).args(what).current_dir(root());
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cargo could not be started: {error}"))?;
    if !output.status.success() {
        return Err("the tests could not be built".to_string());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(program).collect())
}

/// The test program that a message of cargo's is about.
fn program(message: &str) -> Option<Program> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["profile"]["test"] != true {
        return None;
    }
    let executable = PathBuf::from(message["executable"].as_str()?);
    let folder = PathBuf::from(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let source = PathBuf::from(message["target"]["src_path"].as_str()?);
    let source = source.strip_prefix(&folder).unwrap_or(&source).display().to_string();
    let package = folder.strip_prefix(root()).ok().filter(|it| !it.as_os_str().is_empty());
    let name = package.map_or(source.clone(), |package| format!("{}/{source}", package.display()));
    Some(Program { name, executable, folder })
}

impl Program {
    fn run(&self) -> std::io::Result<Output> {
        let mut command = Command::new(&self.executable);
        // As `cargo test` runs it.
        command.current_dir(&self.folder).env("CARGO_MANIFEST_DIR", &self.folder).env("INSTA_UPDATE", "no");
        command.stdin(Stdio::null()).output()
    }
}

/// Says how a program ran; whether all is well.
fn say(program: &Program, ran: std::io::Result<Output>) -> bool {
    match ran {
        Ok(output) => {
            let [said, beside] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
            println!(
                "\n{}\n{}{}",
                program.name,
                said.trim_matches('\n'),
                match output.status.success() {
                    true => String::new(),
                    false => format!("\n{beside}\n{} failed: {}", program.name, output.status),
                }
            );
            output.status.success()
        }
        Err(error) => {
            println!("\n{} could not be started: {error}", program.name);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_program_is_told_from_what_else_cargo_built() {
        let folder = root().join("crates").join("cli");
        let artifact = |test: bool, executable: &str| {
            format!(
                r#"{{"reason": "compiler-artifact", "profile": {{"test": {test}}}, "executable": {executable},
                "manifest_path": {:?}, "target": {{"src_path": {:?}}}}}"#,
                folder.join("Cargo.toml"),
                folder.join("tests").join("cli").join("main.rs")
            )
            .replace('\n', "")
        };
        let found = program(&artifact(true, "\"/built/cli-1\"")).expect("it is one");
        assert_eq!(found.executable, PathBuf::from("/built/cli-1"));
        assert_eq!((found.name.replace('\\', "/").as_str(), &found.folder), ("crates/cli/tests/cli/main.rs", &folder));
        assert_eq!(program(&artifact(false, "\"/built/cli-1\"")), None, "a library, or a command");
        assert_eq!(program(&artifact(true, "null")), None, "it was only looked at");
        assert_eq!(program("not of cargo's"), None);
    }
}
