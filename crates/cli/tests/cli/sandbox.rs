//! `--sandbox`: the engine as a component says what the one in the command says, word for word. These need the component that
//! `cargo xtask component` writes.

use super::{Ran, TEA, onward, root};
use std::path::PathBuf;

const PERSON: &str = "examples/people/case_1.json";

fn component() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("onward.component.wasm")
}

/// The same, in the sandbox and not.
fn both(arguments: &[&str]) -> [Ran; 2] {
    let component = component().display().to_string();
    let sandboxed: Vec<&str> = arguments.iter().copied().chain(["--sandbox", &component]).collect();
    [onward(arguments), onward(&sandboxed)]
}

#[test]
fn what_is_checked_and_simulated_in_the_sandbox_reads_the_same() {
    let findings = "tests/language/findings/gap.pathway";
    let home = "pathways/home_first.pathway";
    // Each makes the sandbox anew, which takes seconds in a build that is not optimised.
    for (arguments, code) in
        [(&["check", findings][..], 1), (&["simulate", home, "--person", PERSON, "--format", "json"], 0)]
    {
        let [here, there] = both(arguments);
        assert_eq!((here.code, &here.out, &here.err), (code, &there.out, &there.err), "{arguments:?}");
        assert_eq!(there.code, code, "{}", there.is_plain().err);
    }
}

#[test]
fn what_is_no_component_is_said() {
    for command in
        [&["check", TEA][..], &["test", TEA], &["simulate", "pathways/home_first.pathway", "--person", PERSON]]
    {
        let ran = onward(&[command, &["--sandbox", TEA]].concat());
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.is_plain().complaint().contains("`--sandbox`: this is not the component"), "{}", ran.err);
    }
}
