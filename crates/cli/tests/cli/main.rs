//! The command as its users meet it: every command, its exit codes, and what it says.

mod ask;
mod bad_input;
mod checking;
mod records;
mod reporting;
mod running;
#[cfg(feature = "sandbox")]
mod sandbox;
mod shown;
mod telling;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The small pathway that everything is tried on, from the root of the project.
const TEA: &str = "examples/first/tea_and_talk.pathway";

/// What a command came to.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    /// Standard output as JSON.
    fn json(&self) -> serde_json::Value {
        let read = serde_json::from_str(&self.out);
        assert!(read.is_ok(), "not JSON: {read:?}\n{}\n{}", self.out, self.err);
        read.expect("it was just looked at")
    }

    /// The words of standard output, with the lines joined: where a line is wrapped says nothing.
    fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The words of standard error.
    fn complaint(&self) -> String {
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether it said no Rust and panicked nowhere.
    #[track_caller]
    fn is_plain(&self) -> &Ran {
        for word in ["panicked", "RUST_BACKTRACE", "struct ", "Some(", "expected `", "unexpected token"] {
            assert!(!self.out.contains(word) && !self.err.contains(word), "{word}: {}\n{}", self.out, self.err);
        }
        // An option of a decision may stand in a table, where a `</th>` comes behind it.
        let of_rust =
            |text: &str| text.match_indices("Option<").any(|(at, it)| !text[at + it.len()..].starts_with('/'));
        assert!(!of_rust(&self.out) && !of_rust(&self.err), "{}\n{}", self.out, self.err);
        self
    }
}

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project has a root")
}

/// Runs the command at the root of the project.
fn onward(arguments: &[&str]) -> Ran {
    onward_in(&root(), arguments, "")
}

/// Runs the command in a folder, with something on its standard input.
fn onward_in(folder: &Path, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_onward"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let (mut pipe, input) = (child.stdin.take().expect("it has an input"), input.as_ref().to_vec());
    // Written aside, so that neither waits for the other. A command that reads no input may have ended already.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the input is written");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
    Ran { code: output.status.code().expect("it ends by itself"), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder of one test, removed when it is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("onward-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Folder(path)
    }

    /// A folder with the small pathway in it, as `tea.pathway`.
    fn with_tea(name: &str) -> Folder {
        let folder = Folder::new(name);
        folder.put("tea.pathway", tea());
        folder
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) -> &Folder {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("its folder can be made");
        std::fs::write(path, text).expect("the file can be written");
        self
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the file can be read")
    }

    fn onward(&self, arguments: &[&str]) -> Ran {
        onward_in(&self.0, arguments, "")
    }

    fn names(&self) -> Vec<String> {
        let inside = std::fs::read_dir(&self.0).expect("the folder can be read");
        let mut names: Vec<String> =
            inside.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The text of the small pathway.
fn tea() -> String {
    std::fs::read_to_string(root().join(TEA)).expect("the example is there")
}

/// Somebody who is visited late, and is lonely.
const LATE: &str = r#"{
  "starts": "2026-03-02T09:00",
  "events": [
    {"after": "7 days", "nothing": true},
    {"after": "1 hour", "done": "visit", "by": "volunteer", "facts": {"lonely": true}},
    {"after": "3 days", "done": "introduce", "by": "coordinator"}
  ]
}"#;
