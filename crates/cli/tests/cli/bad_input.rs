//! Every input is hostile until it is read.

use super::{Folder, TEA, onward};

#[test]
fn files_that_are_no_pathway_files_are_findings() {
    let folder = Folder::new("unreadable");
    folder
        .put("empty.pathway", "")
        .put("bytes.pathway", b"onward 1\n\n# caf\xe9\n")
        .put("word.pathway", b"PK\x03\x04\x00\xff");
    let large = std::fs::File::create(folder.0.join("large.pathway")).expect("it can be made");
    large.set_len(100 << 20).expect("it can be made large");
    for (file, finding) in [
        ("empty.pathway", "empty-file"),
        ("bytes.pathway", "not-text"),
        ("word.pathway", "not-text"),
        ("large.pathway", "too-large"),
    ] {
        for command in ["check", "test", "fmt"] {
            let ran = folder.onward(&[command, file]);
            assert_eq!(ran.code, 1, "{command} {file}: {}{}", ran.out, ran.err);
            assert!(ran.out.contains(finding), "{command} {file}: {}", ran.out);
            ran.is_plain();
        }
        let json = folder.onward(&["check", file, "--format", "json"]).json();
        assert_eq!(json["findings"][0]["name"], finding);
        assert_eq!(folder.onward(&["graph", file]).code, 1);
    }
    let json = folder.onward(&["check", "bytes.pathway", "--format", "json"]).json();
    assert_eq!((&json["findings"][0]["line"], &json["findings"][0]["column"]), (&3.into(), &6.into()));
    assert!(folder.onward(&["check", "."]).out.contains("4 findings in 4 files"));
}

#[test]
fn what_is_not_there_cannot_be_run() {
    let folder = Folder::with_tea("missing");
    std::fs::create_dir(folder.0.join("nothing")).expect("it can be made");
    for arguments in [
        &["check", "missing.pathway"][..],
        &["check", "nothing"],
        &["test", "missing.pathway"],
        &["fmt", "missing.pathway"],
        &["graph", "missing.pathway"],
        &["graph", "."],
        &["graph", "tea.pathway:other"],
        &["graph", "tea.pathway", "--output", "no/such/folder.svg"],
        &["who", "office", "--at", "2026-03-02 12:00", "missing.pathway"],
        &["simulate", "missing.pathway", "--person", "p.json"],
        &["simulate", "tea.pathway", "--person", "missing.json"],
        &["simulate", "tea.pathway", "--person", "."],
        &["simulate", "tea.pathway"],
        &["simulate", "tea.pathway:tea_and_tolk", "--ask"],
        &["simulate", "tea.pathway", "--ask", "--person", "p.json"],
        &["simulate", "tea.pathway", "--ask", "--directory", "missing.pathway"],
        &["case", "missing.json", "--pathway", "tea.pathway"],
        &["case", "tea.pathway", "--pathway", "tea.pathway"],
        &["check"],
        &["dance"],
    ] {
        let ran = folder.onward(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.out);
        assert!(!ran.err.is_empty(), "{arguments:?}");
        ran.is_plain();
    }
    let named = folder.onward(&["graph", "tea.pathway:tea_and_tolk"]);
    assert!(named.complaint().contains("did you mean `tea_and_talk`?"), "{}", named.err);
}

#[test]
fn which_pathway_is_meant_is_asked_where_there_are_two() {
    let folder = Folder::new("two");
    let second = super::tea().replace("tea_and_talk", "coffee_and_talk");
    let at = second.find("facts\n").expect("it has facts");
    let until = second.find("step visit").expect("it has a step");
    let end = second.find("directory village").expect("it has a directory");
    let second = format!("{}{}", &second["onward 1\n".len()..at], &second[until..end]);
    folder.put("both.pathway", format!("{}\n{second}", super::tea()));
    let ran = folder.onward(&["graph", "both.pathway"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.complaint().contains("`both.pathway:tea_and_talk` or `both.pathway:coffee_and_talk`"), "{}", ran.err);
    assert_eq!(folder.onward(&["graph", "both.pathway:coffee_and_talk"]).code, 0);
}

#[test]
fn person_files_are_read_with_care() {
    let folder = Folder::with_tea("people");
    for (text, says) in [
        ("", "that is JSON between braces"),
        ("[]", "that is JSON between braces"),
        ("{", "this is not JSON"),
        ("{}", "missing field `starts`"),
        (r#"{"starts": "2026-03-02T09:00", "facts": {"lonly": true}}"#, "did you mean `lonely`?"),
        (r#"{"starts": "2026-03-02T09:00", "facts": {"lonely": 37.9000001}}"#, "`37.9000001` is not yes or no"),
        (r#"{"starts": "2026-03-02T09:00", "facts": {"lonely": "yes"}}"#, "is not yes or no"),
        (r#"{"starts": "2026-03-02T09:00", "facts": ["lonely"]}"#, "this does not fit"),
        (r#"{"starts": "2026-03-02T09:00", "fcts": {}}"#, "there is no field `fcts`"),
        (r#"{"starts": 5}"#, "this does not fit"),
        (r#"{"starts": "2026-03-29T01:30"}"#, "does not exist in Europe/London"),
        (r#"{"starts": "2026-10-25T01:30"}"#, "happens twice in Europe/London"),
        (r#"{"starts": "2026-02-30T09:00"}"#, "there is no such day"),
        (r#"{"starts": "2026-03-02T09:00", "events": [{"after": "1 month", "nothing": true}]}"#, "event 1"),
        (r#"{"starts": "2026-03-02T09:00", "events": [{"done": "vist"}]}"#, "did you mean `visit`?"),
        (r#"{"starts": "2026-03-02T09:00", "events": [{"done": "visit", "nothing": true}]}"#, "one event is one thing"),
        (r#"{"starts": "2026-03-02T09:00", "events": [{}]}"#, "does not say what happens"),
    ] {
        folder.put("p.json", text);
        let ran = folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]);
        assert_eq!(ran.code, 2, "{text}: {}", ran.out);
        assert!(ran.complaint().contains(says), "{text}: {}", ran.err);
        assert!(ran.err.contains("`p.json`"), "{text}: {}", ran.err);
        ran.is_plain();
        let json = folder.onward(&["simulate", "tea.pathway", "--person", "p.json", "--format", "json"]);
        assert_eq!((json.code, json.json()["verdict"].as_str()), (2, Some("could-not-run")));
    }
    folder.put("p.json", b"{\"starts\": \"\xff\"}");
    assert!(
        folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]).complaint().contains("is not plain text")
    );
    folder.put("p.json", vec![b' '; (1 << 20) + 1]);
    assert!(folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]).complaint().contains("larger than any"));
    folder.put("p.json", "{\"facts\":".repeat(5000));
    assert_eq!(folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]).is_plain().code, 2);
}

#[test]
fn a_decimal_is_exact() {
    let folder = Folder::with_tea("decimal");
    let fact = "facts\n  temperature         30.0 to 43.0 in steps of 0.1  \"Temperature\"  asked of person\n";
    folder.put("tea.pathway", super::tea().replacen("facts\n", fact, 1));
    for (value, says) in [
        ("37.9000001", "`37.9000001` is off the steps of 0.1"),
        ("44", "`44` is outside 30.0 to 43.0"),
        ("3e1", "is not a number"),
        ("\"37.9\"", "is not a number"),
    ] {
        folder.put("p.json", format!(r#"{{"starts": "2026-03-02T09:00", "facts": {{"temperature": {value}}}}}"#));
        let ran = folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]);
        assert_eq!(ran.code, 2, "{value}: {}", ran.out);
        assert!(ran.complaint().contains(says), "{value}: {}", ran.err);
    }
    folder.put("p.json", r#"{"starts": "2026-03-02T09:00", "facts": {"temperature": 37.90}}"#);
    assert_eq!(folder.onward(&["simulate", "tea.pathway", "--person", "p.json"]).code, 0);
}

#[test]
fn nothing_in_a_file_reaches_the_terminal_as_a_command() {
    let folder = Folder::new("escapes");
    let text = "onward 1\n\npathway \u{1b}[31mred\u{7} \"x\u{202e}y\"\n\tstarts at\u{9}日本 e\u{301} \u{1F600}\r\nnonsense \u{1b}]0;t\u{7}\n";
    folder.put("odd.pathway", text);
    let ran = folder.onward(&["check", "odd.pathway"]);
    assert_eq!(ran.code, 1);
    let hidden = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!ran.out.contains(hidden), "{:?}", ran.out);
}

#[test]
fn any_piece_of_a_file_is_drawn_without_harm() {
    let folder = Folder::new("pieces");
    let text = super::tea();
    for (number, (at, _)) in text.char_indices().step_by(97).enumerate() {
        folder.put("piece.pathway", &text[..at]);
        let ran = folder.onward(&["check", "piece.pathway"]);
        assert!([0, 1, 3].contains(&ran.code), "piece {number}: {}", ran.err);
        ran.is_plain();
    }
}

#[test]
fn colour_is_for_terminals() {
    assert!(!onward(&["check", TEA]).out.contains('\u{1b}'));
}
