//! The schemas in docs/ are what the types say, and what the command writes and reads is as they say.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project has a root")
}

fn onward(arguments: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_onward")).args(arguments).current_dir(root()).output();
    let ran = ran.expect("the command starts");
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("it writes text")
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("it is JSON")
}

/// What a schema says against something; nothing where it fits.
fn against(schema: &str, it: &serde_json::Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&json(schema)).expect("it is a schema");
    validator.iter_errors(it).map(|error| format!("{}: {error}", error.instance_path)).collect()
}

/// With `UPDATE_DOCS=1` the schemas are written anew.
#[test]
fn the_schemas_in_the_documents_are_up_to_date() {
    for (what, file) in [
        ("case", "docs/case.schema.json"),
        ("person", "docs/person-file.schema.json"),
        ("record", "docs/person-record.schema.json"),
    ] {
        let made = onward(&["schema", what]);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(root().join(file), &made).expect("the document can be written");
        }
        assert_eq!(read(file), made, "`UPDATE_DOCS=1 cargo test -p onward-cli --test schemas` writes {file}");
    }
}

#[test]
fn person_files_are_as_their_schema_says() {
    let schema = read("docs/person-file.schema.json");
    let mut people = 0;
    for entry in std::fs::read_dir(root().join("examples/people")).expect("there are people") {
        let path = entry.expect("an entry").path();
        let person = json(&std::fs::read_to_string(&path).expect("it can be read"));
        assert_eq!(against(&schema, &person), Vec::<String>::new(), "{}", path.display());
        people += 1;
    }
    assert!(people >= 3);
    let nonsense = serde_json::json!({ "starts": "2026-03-02T09:00", "events": [{ "dome": "visit" }] });
    assert!(!against(&schema, &nonsense).is_empty(), "an event has no `dome`");
    assert!(!against(&schema, &serde_json::json!({})).is_empty(), "it says when it starts");
}

#[test]
fn a_saved_case_is_as_its_schema_says() {
    let schema = read("docs/case.schema.json");
    let saved = std::env::temp_dir().join(format!("onward-schema-{}.json", std::process::id()));
    let file = saved.display().to_string();
    for person in ["case_1", "home_as_before", "asked_late_at_night"] {
        let person = format!("examples/people/{person}.json");
        onward(&["simulate", "pathways/home_first.pathway", "--person", &person, "--save", &file]);
        let case = json(&std::fs::read_to_string(&saved).expect("it was saved"));
        assert_eq!(against(&schema, &case), Vec::<String>::new(), "{person}");
        let mut without = case.clone();
        without.as_object_mut().expect("an object").remove("journal");
        assert!(!against(&schema, &without).is_empty(), "a case has a journal");
        let mut other = case;
        other["journal"][0] = serde_json::json!({ "at": "2026-03-02T09:00:00Z", "undone": {} });
        assert!(!against(&schema, &other).is_empty(), "nothing is ever undone");
    }
    let _ = std::fs::remove_file(saved);
}
