//! The embeddings in other languages: `examples/node` and `examples/python`, each copied elsewhere and run there as whoever
//! copies it would.
//!
//! What they install is kept below the folder of what is built, and is installed again only where the list of it, or the
//! program that runs it, has changed. Where Node or Python is not there one is told so; in CI that is a failure.

use crate::{Done, component, folders, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is made in a folder and is no part of it.
const MADE: [&str; 6] = ["node_modules", "engine", "built", "venv", "__pycache__", ".mypy_cache"];

/// What is installed, and stays as the rest is copied anew.
const INSTALLED: [&str; 3] = ["node_modules", "venv", "installed"];

/// The pathway and the person that both go through. Both have to come to the same, to the byte.
const WALKED: [&str; 2] = ["pathways/home_first.pathway", "examples/people/case_1.json"];

const CHECKED: &str = "examples/first/tea_and_talk.pathway";

/// Runs both.
pub fn embeddings() -> Done {
    let walked = [node()?, python()?];
    let [Some(one), Some(other)] = walked else { return Ok(()) };
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    if read(&one)? == read(&other)? {
        println!("\nthe case is the same in Node and in Python, to the byte");
        return Ok(());
    }
    Err(format!("{} and {} are not the same", one.display(), other.display()))
}

/// What came of the person, as it is saved; nothing where Node is not installed.
fn node() -> Result<Option<PathBuf>, String> {
    let (node, npm) = ("node", if cfg!(windows) { "npm.cmd" } else { "npm" });
    let (Some(version), Some(_)) = (version(node), version(npm)) else {
        return missing("Node", "examples/node").map(|()| None);
    };
    let folder = Folder::of("node")?;
    folder.install(&["package.json", "package-lock.json"], &version, || folder.run(npm, &["ci"]))?;
    folder.run(npm, &["run", "--silent", "build"])?;
    folder.run(npm, &["test", "--silent"])?;
    folder.run(npm, &["run", "--silent", "check", "--", &at(CHECKED)])?;
    let saved = folder.saved();
    let [pathway, person] = WALKED.map(at);
    folder
        .quietly(npm, &["run", "--silent", "walk", "--", &pathway, &person, "--save", &saved.display().to_string()])?;
    Ok(Some(saved))
}

/// The same, in Python.
fn python() -> Result<Option<PathBuf>, String> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let Some(version) = version(python) else {
        return missing("Python", "examples/python").map(|()| None);
    };
    let folder = Folder::of("python")?;
    let inside = if cfg!(windows) { "venv/Scripts/python.exe" } else { "venv/bin/python" };
    let inside = folder.place.join(inside).display().to_string();
    folder.install(&["requirements.txt", "requirements-test.txt"], &version, || {
        folder.run(python, &["-m", "venv", "--clear", "venv"])?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements-test.txt"];
        folder.run(&inside, &pip)
    })?;
    folder.run(&inside, &["-m", "mypy", "--strict", "--exclude", "venv", "."])?;
    folder.run(&inside, &["-m", "unittest"])?;
    folder.run(&inside, &["check.py", &at(CHECKED)])?;
    let saved = folder.saved();
    let [pathway, person] = WALKED.map(at);
    folder.quietly(&inside, &["walk.py", &pathway, &person, "--save", &saved.display().to_string()])?;
    Ok(Some(saved))
}

/// Where something of the project is.
fn at(path: &str) -> String {
    root().join(path).display().to_string()
}

/// What a program says of its version, where it is installed.
fn version(program: &str) -> Option<String> {
    let said = Command::new(program).arg("--version").output().ok()?;
    said.status.success().then(|| String::from_utf8_lossy(&said.stdout).trim().to_string())
}

/// That something is not installed: said, and in CI a failure.
fn missing(what: &str, folder: &str) -> Done {
    let in_ci = std::env::var("CI").is_ok_and(|it| it == "true") || std::env::var_os("ONWARD_CI").is_some();
    if in_ci {
        return Err(format!("{what} is not installed, and in CI {folder} has to be run"));
    }
    println!("\n{what} is not installed, so {folder} is not run");
    Ok(())
}

/// A copy of an embedding, below what is built.
struct Folder {
    name: &'static str,
    place: PathBuf,
}

impl Folder {
    /// Copies it there. What was installed before stays.
    fn of(name: &'static str) -> Result<Folder, String> {
        let folder = Folder { name, place: component::target().join("embeddings").join(name) };
        let trouble = |error: std::io::Error| format!("{}: {error}", folder.place.display());
        std::fs::create_dir_all(&folder.place).map_err(trouble)?;
        for entry in std::fs::read_dir(&folder.place).map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            if INSTALLED.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let path = entry.path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.map_err(trouble)?;
        }
        let made = |path: &Path| MADE.iter().any(|made| path.file_name().is_some_and(|name| name == *made));
        folders::copy(&root().join("examples").join(name), &folder.place, &made).map_err(trouble)?;
        Ok(folder)
    }

    /// Installs what it needs, unless the same was installed by the same program before.
    fn install(&self, lists: &[&str], version: &str, install: impl Fn() -> Done) -> Done {
        let trouble = |error: std::io::Error| format!("{}: {error}", self.place.display());
        let mut wanted = version.to_string();
        for list in lists {
            wanted.push_str(&std::fs::read_to_string(self.place.join(list)).map_err(trouble)?);
        }
        let stamp = self.place.join("installed");
        if std::fs::read_to_string(&stamp).is_ok_and(|before| before == wanted) {
            return Ok(());
        }
        // What is half installed is not taken for installed.
        let _ = std::fs::remove_file(&stamp);
        install()?;
        std::fs::write(&stamp, wanted).map_err(trouble)
    }

    /// Where the person that was walked is written.
    fn saved(&self) -> PathBuf {
        component::target().join("embeddings").join(format!("{}.json", self.name))
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        println!("\n$ {program} {}", arguments.join(" "));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.place);
        command.env("ONWARD_COMPONENT", component::place()).env("ONWARD_SOURCES", root());
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Done {
        let status = self.command(program, arguments).status();
        let status = status.map_err(|error| format!("`{program}` could not be started: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("`{program} {}` failed", arguments.join(" "))) }
    }

    /// The same, and what it prints is shown only where it fails.
    fn quietly(&self, program: &str, arguments: &[&str]) -> Done {
        let output = self.command(program, arguments).output();
        let output = output.map_err(|error| format!("`{program}` could not be started: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(format!("`{program} {}` failed:\n{}", arguments.join(" "), String::from_utf8_lossy(&said)))
    }
}
