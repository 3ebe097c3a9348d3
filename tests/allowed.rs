//! What somebody allows is what they have seen (8.4, 10.77): what comes later is not hidden by it, and what changes
//! nothing of what was found leaves it allowed.

#![allow(clippy::panic)]

mod common;

use common::Sample;

const TEST: &str = "onward 1

pathway test
  version 1
  allow never-reached of \"MARK\" because \"in May\" by manager until 2027-05-31
  allow unverified of \"OTHER\" because \"looked at in May\" by manager until 2027-05-31
  starts at visit

facts
  steady yes or no source \"A table\", unverified

step visit
  led by nurse
  finds steady
  source \"A table\", unverified
  within 2 days
  then settled

step weekly_class \"A class\"
  led by nurse
  within 7 days
  then settled

step another_class \"Another class\"
  led by nurse
  source \"Another table\", checked 2026-11-01
  within 7 days
  then settled

ending settled held by person
";

/// What stands, by kind and place, how many are allowed, and the marks that are said.
fn found(text: &str) -> (Vec<String>, usize, Vec<String>) {
    let (_, report) = Sample::new("test.pathway", text, true).compile();
    let stands = report.findings.iter().map(|it| it.kind.name().to_string());
    let marks = report.findings.iter().filter(|it| it.kind.name() == "allows-others");
    let marks = marks.map(|it| {
        let help = it.help.as_deref().unwrap_or_default();
        help.split('"').nth(1).unwrap_or_else(|| panic!("{help}")).to_string()
    });
    (stands.collect(), report.allowed.len(), marks.collect())
}

/// The same with the marks of what is found in it.
fn signed() -> String {
    let (_, allowed, marks) = found(TEST);
    assert_eq!(allowed, 0, "what names another mark allows nothing");
    let [never, unverified] = &marks[..] else { panic!("{marks:?}") };
    let signed = TEST.replace("MARK", never).replace("OTHER", unverified);
    assert_eq!(found(&signed), (Vec::new(), 4, Vec::new()), "with its mark it does");
    signed
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands there once");
    text.replace(from, to)
}

#[test]
fn whatever_comes_later_is_not_hidden_by_an_old_signature() {
    let signed = signed();
    let class = "\nstep third_class \"A class\"\n  led by nurse\n  within 7 days\n  then settled\n";
    let never = ["allows-others", "never-reached", "never-reached"];
    let unverified = ["allows-others", "unverified", "unverified"];
    for (from, to, stands, allowed) in [
        // One more, of the same title: elsewhere.
        (
            "\nending settled",
            &format!("{class}\nending settled")[..],
            &["allows-others", "never-reached", "never-reached", "never-reached"][..],
            2,
        ),
        // One less: it was not allowed by itself.
        (
            "  then settled\n\nstep weekly_class",
            "  then weekly_class\n\nstep weekly_class",
            &["allows-others", "never-reached"],
            2,
        ),
        // One mended and one made: as many, at another place.
        (
            "  then settled\n\nstep weekly_class",
            &format!("  then weekly_class\n{class}\nstep weekly_class")[..],
            &never,
            2,
        ),
        // Another name is another step.
        ("step weekly_class", "step monthly_class", &never, 2),
        // Once more in the same block, in the same words.
        (
            "  finds steady\n",
            "  finds steady\n  source \"A table\", unverified\n",
            &["allows-others", "unverified", "unverified", "unverified"],
            2,
        ),
        // The same words elsewhere, and no more where they stood.
        (
            "  source \"Another table\", checked 2026-11-01",
            "  source \"A table\", unverified",
            &["allows-others", "unverified", "unverified", "unverified"],
            2,
        ),
        // Another source.
        ("  finds steady\n  source \"A table\"", "  finds steady\n  source \"A leaflet\"", &unverified, 2),
    ] {
        let (found, are, _) = found(&replaced(&signed, from, to));
        assert_eq!(found, stands, "{to}");
        assert_eq!(are, allowed, "what the other covers is as it was: {to}");
    }
    // Moved from one step to the next, with the same words: as many, and one of them nobody has seen.
    let moved = replaced(&signed, "  finds steady\n  source \"A table\", unverified\n", "  finds steady\n");
    let moved = replaced(&moved, "  source \"Another table\", checked 2026-11-01", "  source \"A table\", unverified");
    assert_eq!(found(&moved).0, ["allows-others", "unverified", "unverified"]);
    // Without a mark it does not say what is meant.
    let unmarked = signed.lines().map(|line| match line.split_once(" of \"") {
        Some((before, after)) if before.contains("allow ") => {
            format!("{before} {}\n", after.split_once(' ').unwrap_or_default().1)
        }
        _ => format!("{line}\n"),
    });
    assert_eq!(found(&unmarked.collect::<String>()).1, 0);
}

#[test]
fn what_changes_nothing_of_what_was_found_leaves_it_allowed() {
    let signed = signed();
    for (from, to) in [
        ("step weekly_class", "# In May.\n\n\n  step   weekly_class"),
        ("  within 2 days", "  within 3 days"),
        (
            "  finds steady\n  source \"A table\", unverified\n",
            "  source   \"A table\",\n    unverified\n  finds steady\n",
        ),
    ] {
        assert_eq!(found(&replaced(&signed, from, to)), (Vec::new(), 4, Vec::new()), "{to}");
    }
    // Moved about in the file.
    let (before, rest) = signed.split_once("step weekly_class").expect("it is there");
    let (class, rest) = rest.split_once("step another_class").expect("it is there");
    let (other, end) = rest.split_once("ending ").expect("it is there");
    let moved = format!("{before}step another_class{other}step weekly_class{class}ending {end}");
    assert_eq!(found(&moved), (Vec::new(), 4, Vec::new()));
}
