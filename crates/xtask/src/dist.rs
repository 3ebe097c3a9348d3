//! What is given to somebody who has no Rust: an archive with the component, the command, what describes both, and the
//! licences of all that is in them.
//!
//! *Invariant*: the same files give the same archive: sorted, with one time and one owner. Before it is said to be there it
//! is unpacked, its checksums are compared, and the command in it runs a scenario, natively and in the component.

use crate::{Done, component, folders, root, run};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The time of every file in it: the beginning of 1980, the first that all archives know.
const TIME: &str = "@315532800";

/// The scenario that the command in the archive runs.
const TRIED: &str = "examples/first/tea_and_talk.pathway";

const SUMS: &str = "SHA256SUMS";

/// What the names of files with a licence begin with.
const LICENCES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];

/// Writes `target/onward-VERSION-SYSTEM-PROCESSOR.tar.gz`. The component is built first, unless it is taken `as_built`.
pub fn dist(as_built: bool) -> Done {
    if !as_built {
        component::component()?;
    }
    let built = ["build", "--release", "--locked", "--package", "onward", "--package", "onward-cli"];
    run(env!("CARGO"), &[&built[..], &["--features", "onward-cli/sandbox"]].concat(), 0)?;
    let name = format!("onward-{}-{}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    let folder = component::target().join("dist");
    let inside = folder.join(&name);
    let _ = std::fs::remove_dir_all(&folder);
    fill(&inside)?;
    let archive = component::target().join(format!("{name}.tar.gz"));
    pack(&folder, &name, &archive)?;
    verify(&archive, &name, &folder.join("unpacked"))?;
    println!("\n{} is there, and what is in it is as it should be", archive.display());
    Ok(())
}

/// Everything that goes into the archive.
fn fill(inside: &Path) -> Done {
    let command = format!("onward{}", std::env::consts::EXE_SUFFIX);
    put(&component::target().join("release").join(&command), &inside.join(&command))?;
    put(&component::place(), &inside.join("onward.component.wasm"))?;
    for file in ["wit/onward.wit", "LICENSE", "docs/embedding.md"] {
        put(&root().join(file), &inside.join(file))?;
    }
    for schema in files(&root().join("docs"))?.iter().filter(|file| named(file).ends_with(".schema.json")) {
        put(schema, &inside.join("schemas").join(named(schema)))?;
    }
    licences(inside)?;
    write(&inside.join("README.md"), &readme(&command))?;
    // Last, since it is about all the others.
    let all: Vec<String> = everything(inside, inside)?;
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    let sums = said(Command::new("sha256sum").args(&names).current_dir(inside))?;
    write(&inside.join(SUMS), &sums)
}

fn readme(command: &str) -> String {
    format!(
        "# Onward {}\n\n\
         | | |\n|---|---|\n\
         | `{command}` | the command: `onward help` |\n\
         | `onward.component.wasm` | the engine for hosts in any language; it imports nothing |\n\
         | `wit/onward.wit` | what the component understands |\n\
         | `docs/embedding.md` | how it is put inside another system |\n\
         | `schemas/` | JSON Schemas of saved cases, person files and person records |\n\
         | `licences.md`, `licences/` | what the command and the component are made of, and on which terms |\n\
         | `{SUMS}` | checksums: `sha256sum --check {SUMS}` |\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The list of all crates in the command and in the component, and the texts of their licences.
fn licences(inside: &Path) -> Done {
    let mut all: BTreeMap<(String, String), String> = BTreeMap::new();
    let command = ["--package", "onward-cli", "--features", "sandbox"];
    let component = ["--package", "onward-component", "--target", "wasm32-unknown-unknown"];
    for of in [command, component] {
        let tree = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"];
        let tree = said(Command::new(env!("CARGO")).args(tree).args(of).current_dir(root()))?;
        all.extend(tree.lines().filter_map(package));
    }
    let sources = folders::registries();
    let mut list = String::from("# What is in it\n\n| crate | version | licence |\n|---|---|---|\n");
    for ((name, version), licence) in &all {
        let _ = writeln!(list, "| {name} | {version} | {licence} |");
        let folder = format!("{name}-{version}");
        let Some(source) = sources.iter().map(|registry| registry.join(&folder)).find(|it| it.is_dir()) else {
            continue;
        };
        let texts = files(&source)?;
        for text in texts.iter().filter(|file| LICENCES.iter().any(|it| named(file).to_uppercase().starts_with(it))) {
            put(text, &inside.join("licences").join(&folder).join(named(text)))?;
        }
    }
    list.push_str("\nThe texts are in `licences/`, where the crates bring them.\n");
    write(&inside.join("licences.md"), &list)
}

/// A line such as `serde v1.0.0|MIT OR Apache-2.0`: name, version and licence. What is the project's own is left out.
fn package(line: &str) -> Option<((String, String), String)> {
    let (package, licence) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    let ours = name == "onward" || name.starts_with("onward-");
    let licence = licence.trim_end_matches(" (*)");
    (!ours).then(|| ((name.to_string(), version.to_string()), licence.to_string()))
}

fn pack(folder: &Path, name: &str, archive: &Path) -> Done {
    let _ = std::fs::remove_file(archive);
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=ustar", "--mode=a+rX,u+w,go-w"]);
    tar.arg(format!("--mtime={TIME}")).args(["--use-compress-program=gzip -9 -n", "--create", "--file"]);
    said(tar.arg(archive).arg("--directory").arg(folder).arg(name)).map(|_| ())
}

/// Looks at the archive as whoever is given it would.
fn verify(archive: &Path, name: &str, into: &Path) -> Done {
    std::fs::create_dir_all(into).map_err(|error| format!("{}: {error}", into.display()))?;
    said(Command::new("tar").args(["--extract", "--gzip", "--file"]).arg(archive).arg("--directory").arg(into))?;
    let inside = into.join(name);
    said(Command::new("sha256sum").args(["--check", "--strict", "--quiet", SUMS]).current_dir(&inside))?;
    let command = inside.join(format!("onward{}", std::env::consts::EXE_SUFFIX)).display().to_string();
    let component = inside.join("onward.component.wasm").display().to_string();
    run(&command, &["test", TRIED], 0)?;
    run(&command, &["test", TRIED, "--sandbox", &component], 0)
}

/// What a command prints, where it ends well.
fn said(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("`{program}` could not be started: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{program}` failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// The files in a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut all: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.is_file() {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// The names of all files below a folder, as seen from another, in order.
fn everything(folder: &Path, from: &Path) -> Result<Vec<String>, String> {
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.is_dir() {
            all.extend(everything(&path, from)?);
        } else {
            let name = path.strip_prefix(from).unwrap_or(&path);
            all.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    all.sort();
    Ok(all)
}

fn named(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn put(from: &Path, to: &Path) -> Done {
    to.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|error| format!("{}: {error}", to.display()))?;
    std::fs::copy(from, to).map(|_| ()).map_err(|error| format!("{}: {error}", from.display()))
}

fn write(to: &Path, text: &str) -> Done {
    std::fs::write(to, text).map_err(|error| format!("{}: {error}", to.display()))
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn what_others_wrote_is_listed_with_its_licence() {
        let of = |name: &str, version: &str, licence: &str| Some(((name.into(), version.into()), licence.into()));
        assert_eq!(package("serde v1.0.2|MIT OR Apache-2.0"), of("serde", "1.0.2", "MIT OR Apache-2.0"));
        assert_eq!(package("syn v2.0.1 (proc-macro)|MIT (*)"), of("syn", "2.0.1", "MIT"));
        assert_eq!(package("onward-host v0.1.0 (/a/folder)|Apache-2.0"), None);
        assert_eq!(package("nothing"), None);
    }
}
