//! The page for those who answer for a pathway.

use crate::{Folder, TEA, onward, tea};
use std::collections::BTreeSet;

fn report(pathway: &str) -> String {
    let ran = onward(&["report", pathway, "--on", "2026-11-22"]);
    assert_eq!(ran.is_plain().code, 0, "{}", ran.err);
    ran.out
}

/// What stands in an attribute of a page, every time it is there.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let lead = format!(" {name}=\"");
    page.match_indices(&lead).filter_map(|(at, _)| page[at + lead.len()..].split('"').next()).collect()
}

#[test]
fn everything_about_a_pathway_stands_on_one_page() {
    let page = report("pathways/home_first.pathway");
    for words in [
        "<h1>Home first: from a hospital bed to home</h1>",
        "<strong>Proved.</strong>",
        "everyone reaches an ending within 1650 days",
        "<svg",
        "Where the person goes next",
        "if we do not know yet",
        "NICE NG27",
        "nobody has looked at it yet",
        "the forum agrees it before this is used",
        "01632",
        "Toolkit case 1: the family doubted it, he wanted to go home, and home he went",
        "rows of decisions",
        "Hash of the pathway",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for unfilled in ["{}", "None", "Some("] {
        assert!(!page.contains(unfilled), "{unfilled}");
    }
}

/// What cannot be read on paper is left out there, and the page says so; where a scenario leaves the person is said too.
#[test]
fn it_is_said_what_is_left_out_on_paper_and_where_each_scenario_leaves_the_person() {
    let (large, small) = (report("pathways/home_first.pathway"), report(TEA));
    let left_out = "The picture is too large for paper";
    assert!(large.contains(left_out) && large.contains("class=\"picture large\""));
    assert!(!small.contains(left_out) && small.contains("class=\"picture\""));
    assert!(large.contains("<td>not yet: open is "), "a scenario that stops on the way says what is open then");
    assert!(!large.contains("<strong class=\"good\">passed</strong></td><td></td>"), "where each of them stands");
    assert!(small.contains("<strong class=\"good\">passed</strong></td><td>Not alone</td>"));
}

#[test]
fn the_page_needs_nothing_else_and_is_the_same_every_time() {
    let page = report("pathways/home_first.pathway");
    assert_eq!(page, report("pathways/home_first.pathway"));
    assert!(
        !page.contains("<script") && !page.contains("<link") && !page.contains("src="),
        "nothing is fetched or run"
    );
    let namespaces = ["http://www.w3.org/2000/svg"];
    for (at, _) in page.match_indices("http") {
        assert!(namespaces.iter().any(|it| page[at..].starts_with(it)), "{}", &page[at..at + 40]);
    }
}

#[test]
fn links_lead_somewhere_and_names_are_given_once() {
    for pathway in ["pathways/home_first.pathway", "pathways/scores/news2_response.pathway", TEA] {
        let page = report(pathway);
        let ids = attributes(&page, "id");
        let once: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(once.len(), ids.len(), "{pathway}: a name is given twice");
        for href in attributes(&page, "href") {
            let name = href.strip_prefix('#').unwrap_or_else(|| panic!("{pathway}: `{href}` leads out of the page"));
            assert!(once.contains(name), "{pathway}: nothing is called `{name}`");
        }
        let levels: Vec<u8> =
            page.match_indices("<h").filter_map(|(at, _)| page.as_bytes().get(at + 2).copied()).collect();
        let levels: Vec<u8> = levels.into_iter().filter(u8::is_ascii_digit).map(|it| it - b'0').collect();
        assert_eq!(levels.iter().filter(|it| **it == 1).count(), 1);
        assert!(levels.windows(2).all(|it| it[1] <= it[0] + 1), "{pathway}: a heading is left out: {levels:?}");
        let cells = |tag: &str| page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(cells("table"), cells("caption"), "every table says what it is about");
    }
}

#[test]
fn what_stands_in_a_file_is_never_a_tag() {
    let folder = Folder::new("report-tags");
    let bad = "<img src=x onerror=alert(1)>& </svg><script>";
    folder.put("bad.pathway", tea().replace("Visit over a cup of tea", bad).replace("The volunteers", bad));
    let ran = folder.onward(&["report", "bad.pathway"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("&lt;img"), "it is shown as text");
    assert!(!ran.out.contains("<img") && !ran.out.contains("<script") && !ran.out.contains("& <"), "and is no tag");
}

#[test]
fn what_is_not_proved_says_so_on_the_page() {
    let folder = Folder::new("report-draft");
    folder.put("gap.pathway", tea().replace("  if none of these      -> content\n", ""));
    let ran = folder.onward(&["report", "gap.pathway", "--output", "page.html"]);
    assert_eq!(ran.is_plain().code, 0, "{}", ran.err);
    assert!(ran.words().contains("is in `page.html`"), "{}", ran.out);
    let page = folder.text("page.html");
    assert!(page.contains("<strong>Not proved.</strong>") && page.contains("<code>gap</code>"), "{page}");
    let read = folder.onward(&["--format", "json", "report", "gap.pathway"]).json();
    assert_eq!(read["html"], page);
    assert_eq!(folder.onward(&["report", "nowhere.pathway"]).code, 2);
}

/// What people wrote is never written over by what a command makes of it.
#[test]
fn a_pathway_is_not_written_over() {
    let folder = Folder::new("report-over");
    let gapped = tea().replace("  if none of these      -> content\n", "");
    folder.put("tea.pathway", &gapped);
    for arguments in [
        vec!["report", "tea.pathway", "--output", "tea.pathway"],
        vec!["graph", "tea.pathway", "--output", "tea.pathway"],
        vec!["check", "tea.pathway", "--replay", "gap", "--save", "tea.pathway"],
    ] {
        let ran = folder.onward(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.out);
        assert!(ran.complaint().contains("is not written over; give it another name"), "{}", ran.err);
        assert_eq!(folder.text("tea.pathway"), gapped);
    }
}

/// Of a meeting one sees what becomes of it on a bank holiday, and when it falls out.
#[test]
fn of_meetings_it_says_what_happens_on_bank_holidays() {
    let folder = Folder::new("report-meetings");
    let written = include_str!("../../../../docs/language.md");
    let from = written.find("pathway who_pays").expect("the language shows a meeting");
    let written = written[from..].split("```").next().unwrap_or_default();
    let rule = "on bank holidays    on the next working day\n  not held            2026-12-22 to 2026-12-24\n";
    assert!(written.contains(rule), "the language shows what happens on bank holidays");
    for (clauses, said) in [
        ("as usual", "<td>as usual</td>"),
        ("not held", "<td>not held</td>"),
        ("on the next working day", "<td>on the next working day, at the same time; papers are due as ever</td>"),
        (
            "not held\n  not held 2026-12-22 to 2026-12-24\n  not held 2027-01-05",
            "<td>not held<br><span class=\"small\">not held from 2026-12-22 to 2026-12-24</span><br>\
             <span class=\"small\">not held on 2027-01-05</span></td>",
        ),
    ] {
        let changed = written.replace(rule, &format!("on bank holidays {clauses}\n"));
        folder.put("panel.pathway", format!("onward 1\n\n{changed}"));
        let ran = folder.onward(&["report", "panel.pathway", "--on", "2026-11-22"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let row = ran.out.split("<tr").find(|row| row.contains("The funding panel</th><td>tuesdays"));
        let row = row.unwrap_or_else(|| panic!("{clauses}: the meeting has no row"));
        assert!(row.contains(said), "{clauses}: {row}");
    }
}
