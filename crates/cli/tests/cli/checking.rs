//! `check`, `fmt`, `explain` and `graph`.

use super::{Folder, TEA, onward, onward_in, root, tea};

#[test]
fn what_is_proved_says_so_and_on_what_it_rests() {
    let ran = onward(&["check", TEA]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let words = ran.words();
    for part in [
        "proved: tea_and_talk. Whoever the person is and whatever happens, there is always a next step",
        "No case takes longer than",
        "if the hours in \"Our village\" are true",
        "the last to be asked answering in time: `office` within 2 hours",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    let json = onward(&["check", TEA, "--format", "json"]);
    assert_eq!(json.code, 0);
    let json = json.json();
    assert_eq!(json["verdict"], "proved");
    assert_eq!(json["findings"], serde_json::json!([]));
    assert_eq!(json["proofs"][0]["holds"], true);
}

/// The pathway without the row for whoever is not lonely.
fn gapped() -> String {
    tea().replace("  if none of these      -> content\n", "")
}

#[test]
fn what_is_not_proved_is_shown_happening() {
    let folder = Folder::new("gap");
    folder.put("tea.pathway", gapped());
    let ran = folder.onward(&["check", "tea.pathway"]);
    assert_eq!(ran.code, 3, "{}", ran.out);
    let words = ran.words();
    assert!(words.contains("nobody decides what happens to a person whose `lonely` is no (gap)"), "{words}");
    assert!(words.contains("see it happen: the same command with `--replay gap:1`"), "{words}");
    assert!(words.contains("not proved: tea_and_talk. One finding stands against it."), "{words}");
    let ran = folder.onward(&["check", "tea.pathway", "--replay", "gap", "--save", "person.json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.words().contains("STRANDED: at \"What would help\""), "{}", ran.out);
    let again = folder.onward(&["simulate", "tea.pathway", "--person", "person.json"]);
    assert!(again.words().contains("DRAFT RUN: this pathway is not proved."), "{}", again.out);
    assert!(again.words().contains("STRANDED: at \"What would help\""), "{}", again.out);
    let json = folder.onward(&["check", "tea.pathway", "--format", "json"]).json();
    assert_eq!(json["verdict"], "well-formed-not-proved");
    assert_eq!(json["findings"][0]["replay"], "gap:1");
    let other = folder.onward(&["check", "tea.pathway", "--replay", "gaps"]);
    assert_eq!(other.code, 2);
    assert!(other.complaint().contains("there is no finding `gaps` that can be seen happening"), "{}", other.err);
}

#[test]
fn what_is_suggested_is_done_and_nothing_else() {
    let folder = Folder::new("mend");
    folder.put("tea.pathway", tea().replace("Somebody will come by", "The patient is visited"));
    let ran = folder.onward(&["check", "tea.pathway"]);
    assert!(ran.out.contains("dividing-word"), "{}", ran.out);
    let ran = folder.onward(&["check", "tea.pathway", "--fix"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.starts_with("mended `tea.pathway`: 1 change\n"), "{}", ran.out);
    assert_eq!(folder.text("tea.pathway"), tea().replace("Somebody will come by", "The person is visited"));
}

#[test]
fn dates_are_looked_at_on_a_day() {
    let ran = onward(&["check", TEA, "--on", "2027-05-01"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.words().contains("Somebody answers from Sat 1 May 2027 00:00"), "{}", ran.out);
    let ended = onward(&["check", TEA, "--on", "2031-05-01"]);
    assert_eq!(ended.code, 3, "{}", ended.out);
    assert!(ended.out.contains("(directory-ended)"), "{}", ended.out);
    assert_eq!(onward(&["check", TEA, "--on", "yesterday"]).code, 2);
}

#[test]
fn every_independent_mistake_is_found_in_one_run() {
    let folder = Folder::new("mistakes");
    folder.put("tea.pathway", tea().replace("visit\n", "vist\n").replace("14 days", "14 dys"));
    let ran = folder.onward(&["check", "."]);
    assert_eq!(ran.code, 1);
    for part in ["did you mean `visit`?", "at tea.pathway:", "write instead:", "unreadable-clause", "in 1 file"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let json = folder.onward(&["check", ".", "--format", "json"]).json();
    assert_eq!(json["verdict"], "findings");
    let unknown = json["findings"].as_array().expect("a list").iter().find(|it| it["name"] == "unknown-name");
    let unknown = unknown.expect("the name is unknown");
    assert_eq!(unknown["file"], "tea.pathway");
    assert_eq!(unknown["severity"], "error");
    assert_eq!(unknown["suggestion"]["text"], "visit");
    for number in ["line", "column", "end_line", "end_column"] {
        assert!(unknown[number].as_u64().is_some_and(|it| it > 0), "{number}");
    }
    assert!(unknown["labels"].is_array() && unknown["help"].is_string());
}

#[test]
fn what_a_file_uses_is_read_with_it() {
    let folder = Folder::new("uses");
    let text = tea();
    let at = text.find("directory village").expect("it has a directory");
    let (pathway, rest) = text.split_at(at);
    let end = rest.find("scenario").expect("it has scenarios");
    let header = "onward 1\n\nuse \"people/roles.pathway\"\n";
    let roles = "onward 1\n\nrole volunteer \"Volunteer\"\n\nrole coordinator \"Coordinator\"\n";
    let pathway = pathway.replace("onward 1\n", header).replace("role volunteer \"Volunteer\"\n", "");
    let pathway = pathway.replace("role coordinator \"Volunteer coordinator\"\n", "");
    let pathway = pathway.replace("  starts at ", "  tested with         \"here/directory.pathway\"\n  starts at ");
    folder.put("way.pathway", pathway);
    folder.put("people/roles.pathway", roles);
    folder.put("here/directory.pathway", format!("onward 1\n\nuse \"../people/roles.pathway\"\n\n{}", &rest[..end]));
    let ran = folder.onward(&["check", "./way.pathway"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("3 files read"), "{}", ran.out);
    let who = folder.onward(&["who", "volunteer", "--at", "2026-03-02 12:00", "way.pathway"]);
    assert_eq!(who.code, 0, "{}", who.err);
    std::fs::remove_file(folder.0.join("people/roles.pathway")).expect("it can be removed");
    let ran = folder.onward(&["check", "way.pathway"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("missing-file"), "{}", ran.out);
}

#[test]
fn files_that_have_nothing_to_do_with_each_other_may_use_the_same_names() {
    let folder = Folder::new("apart");
    folder.put("a.pathway", tea()).put("b.pathway", tea());
    let ran = folder.onward(&["check", "."]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    folder.put(
        "c.pathway",
        "onward 1\n\nscenario \"x\"\n  on                  tea_and_talk\n  starts              2026-03-02 09:00\n",
    );
    let ran = folder.onward(&["check", "."]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.words().contains("to use it, write `use \"a.pathway\"` near the top"), "{}", ran.out);
}

#[test]
fn the_same_file_by_two_paths_is_one_file() {
    let path = root().join(TEA);
    let ran = onward(&["check", TEA, path.to_str().expect("a plain path"), "./examples/first/../first"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("1 file read"), "{}", ran.out);
}

#[test]
fn a_file_is_laid_out_once() {
    let folder = Folder::new("fmt");
    let messy = tea().replace("  led by              volunteer", "  led by volunteer   # who?");
    folder.put("tea.pathway", &messy).put("sub/broken.pathway", "onward 1\n\nnonsense here\n");
    let check = folder.onward(&["fmt", ".", "--check"]);
    assert_eq!(check.code, 1);
    assert!(check.out.contains("would change: tea.pathway"), "{}", check.out);
    assert_eq!(folder.text("tea.pathway"), messy, "`--check` changes nothing");
    let ran = folder.onward(&["fmt", "."]);
    assert_eq!(ran.code, 1, "a file with findings is reported: {}", ran.out);
    assert!(ran.out.contains("laid out: tea.pathway") && ran.out.contains("was left as it is"), "{}", ran.out);
    assert_eq!(folder.text("sub/broken.pathway"), "onward 1\n\nnonsense here\n");
    let laid_out = folder.text("tea.pathway");
    assert!(laid_out.contains("led by              volunteer") && laid_out.contains("# who?"), "{laid_out}");
    let again = folder.onward(&["fmt", "tea.pathway", "--check"]);
    assert_eq!(again.code, 0, "{}", again.out);
    assert_eq!(folder.names(), ["sub", "tea.pathway"], "nothing is left beside it");
    let json = folder.onward(&["fmt", ".", "--check", "--format", "json"]).json();
    assert_eq!((&json["files"], &json["would_change"]), (&2.into(), &serde_json::json!([])));
}

#[cfg(unix)]
#[test]
fn laying_out_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links");
    folder.put("real.pathway", tea().replace("  led by              volunteer", "  led by volunteer"));
    let real = folder.0.join("real.pathway");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("it can be set");
    symlink("real.pathway", folder.0.join("link.pathway")).expect("a link can be made");
    assert_eq!(folder.onward(&["fmt", "link.pathway"]).code, 0);
    assert!(folder.0.join("link.pathway").is_symlink());
    assert_eq!(std::fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
    assert!(folder.text("real.pathway").contains("led by              volunteer"));
}

#[test]
fn findings_are_explained() {
    let ran = onward(&["explain", "no-deadline"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("no-deadline (error)\nA step with no time"), "{}", ran.out);
    assert_eq!(onward(&["explain", "No Deadline"]).out, ran.out);
    let json = onward(&["explain", "no-deadline", "--format", "json"]).json();
    assert!(json["page"].as_str().is_some_and(|page| page.starts_with("# no-deadline")));
    let all = onward(&["explain"]);
    assert!(all.code == 0 && all.out.contains("endless (error): "), "{}", all.out);
    assert!(onward(&["explain", "--format", "json"]).json().as_array().is_some_and(|all| all.len() > 30));
    let unknown = onward(&["explain", "no-dedline"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.complaint().contains("did you mean `no-deadline`?"), "{}", unknown.err);
}

#[test]
fn a_pathway_is_drawn() {
    let svg = onward(&["graph", TEA]);
    assert_eq!(svg.code, 0, "{}", svg.err);
    assert!(svg.out.starts_with("<svg") && svg.out.trim_end().ends_with("</svg>"));
    assert!(onward(&["graph", TEA, "--as", "mermaid"]).out.contains("flowchart"));
    assert!(onward(&["graph", TEA, "--as", "dot"]).out.contains("digraph"));
    let json = onward(&["graph", TEA, "--as", "dot", "--format", "json"]).json();
    assert_eq!(json["pathway"], "tea_and_talk");
    let folder = Folder::with_tea("graph");
    let ran = folder.onward(&["graph", "tea.pathway:tea_and_talk", "--output", "tea.svg"]);
    assert_eq!((ran.code, folder.text("tea.svg").as_str()), (0, svg.out.as_str()), "{}", ran.err);
}

#[test]
fn somebody_who_stops_reading_is_no_mistake() {
    let text = "\"$0\" explain | head -1";
    if cfg!(unix) {
        let output = std::process::Command::new("sh").args(["-c", text, env!("CARGO_BIN_EXE_onward")]).output();
        let output = output.expect("a shell");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(onward_in(&root(), &["check", TEA], "something nobody reads").code, 0);
}
