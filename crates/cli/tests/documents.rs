//! The consoles in the documents: what they show is what the command prints, word for word.

#[path = "../../../tests/fences/mod.rs"]
mod fences;

use fences::{DOCS, Files, fences, path, read, saved};
use std::path::Path;

/// What a command prints, run in a folder: its output, and then what it says on the side.
fn run(command: &Path, arguments: &str, folder: &Path) -> String {
    let ran = std::process::Command::new(command).args(arguments.split_whitespace()).current_dir(folder).output();
    match ran {
        Ok(ran) => [ran.stdout, ran.stderr].iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect(),
        Err(error) => error.to_string(),
    }
}

/// Without spaces at the ends of lines, which a document does not keep.
fn trimmed(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// With `UPDATE_DOCS=1` the consoles are written anew.
#[test]
fn what_the_commands_print_is_so() {
    let command = Path::new(env!("CARGO_BIN_EXE_onward"));
    let updating = std::env::var_os("UPDATE_DOCS").is_some();
    let mut problems = Vec::new();
    for (name, _) in DOCS {
        let Some(text) = read(name) else { continue };
        let mut updated = text.clone();
        let folder =
            std::env::temp_dir().join(format!("onward-docs-{}-{}", std::process::id(), name.replace('/', "-")));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be made");
        let mut files = Files::new();
        for fence in fences(name, &text).unwrap_or_default() {
            saved(&mut files, &fence);
            if let Some(text) = files.get(fence.file()) {
                let file = folder.join(fence.file());
                std::fs::create_dir_all(file.parent().unwrap_or(&folder)).expect("its folder can be made");
                std::fs::write(file, text).expect("the file can be written");
            }
            if !fence.is("console") {
                continue;
            }
            let typed = fence.text.lines().filter_map(|line| line.strip_prefix("$ onward "));
            let printed = typed.map(|typed| format!("$ onward {typed}\n{}\n", trimmed(&run(command, typed, &folder))));
            let printed = printed.collect::<Vec<_>>().join("\n");
            if printed != fence.text {
                updated =
                    updated.replacen(&format!("```console\n{}", fence.text), &format!("```console\n{printed}"), 1);
                problems.push(format!("{}: the command prints\n{printed}", fence.at));
            }
        }
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        if updating && updated != text {
            std::fs::write(path(name), updated).expect("the document can be written");
        }
    }
    assert!(updating || problems.is_empty(), "\n\n{}\n", problems.join("\n\n"));
}
