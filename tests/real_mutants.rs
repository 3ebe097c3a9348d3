//! Mutants of the pathways that people use: one line is broken, and what is found of it was thought out beforehand.
//!
//! The tables stand in `tests/real_mutants/`, a file for each pathway, in the words of the pathway. Each row says what
//! is changed where, what is found then (every kind, warnings too), and why by `docs/semantics.md` it must be so; or
//! that it is accepted, and why the guarantee is whole all the same. Scenarios are taken out before a mutant is looked at: they
//! are no part of the guarantee. Of a mutant that is accepted they are played, and the row says whether one of them fails.
//!
//! `UPDATE_DOCS=1 cargo test --test real_mutants` writes `docs/mutants.md` from the tables. `ONWARD_SAY=1` prints what each
//! mutant earns.
#![allow(clippy::panic)]

mod common;

use common::{compile, failures};
use onward::Source;
use onward::diagnostic::{Finding, Kind};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The kinds of change, by the word a row begins with; and what each is, in the table for people.
const CHANGES: &[(&str, &str)] = &[
    ("row", "A row of a decision is deleted, or stands elsewhere"),
    ("unknown", "The way behind `if we do not know yet`, or what it looks for"),
    ("deadline", "A deadline, or what happens when it passes"),
    ("rung", "A rung of a ladder"),
    ("hour", "Opening hours, and who is there"),
    ("count", "A count"),
    ("tell", "What the person is told"),
    ("bound", "A bound is swapped or moved"),
    ("ending", "An ending is moved, or held by somebody else"),
    ("handover", "What travels, and what is promised"),
];

/// The kinds of change that every pathway is put through.
const EVERYWHERE: usize = 9;

/// A table: the pathway it is about, and every file that belongs to it, the pathway's own first.
struct Table {
    pathway: &'static str,
    text: &'static str,
    files: &'static [&'static str],
}

const TABLES: &[Table] = &[
    Table {
        pathway: "tea_and_talk",
        text: include_str!("real_mutants/tea_and_talk.txt"),
        files: &["examples/first/tea_and_talk.pathway"],
    },
    Table {
        pathway: "home_first",
        text: include_str!("real_mutants/home_first.txt"),
        files: &[
            "pathways/home_first.pathway",
            "pathways/home_first/people.pathway",
            "pathways/safeguarding_concern.pathway",
            "pathways/urgent_response.pathway",
            "pathways/end_of_life.pathway",
            "pathways/continuing_healthcare.pathway",
            "pathways/positive_risk.pathway",
            "pathways/scores/chc_checklist.pathway",
            "pathways/shared/people.pathway",
            "pathways/shared/facts.pathway",
            "pathways/nottinghamshire/directory.pathway",
            "pathways/england/bank_holidays.pathway",
        ],
    },
    Table {
        pathway: "news2_response",
        text: include_str!("real_mutants/news2_response.txt"),
        files: &[
            "pathways/scores/news2_response.pathway",
            "pathways/scores/news2.pathway",
            "pathways/shared/people.pathway",
            "pathways/nottinghamshire/directory.pathway",
            "pathways/england/bank_holidays.pathway",
        ],
    },
    Table {
        pathway: "safeguarding",
        text: include_str!("real_mutants/safeguarding.txt"),
        files: &[
            "pathways/safeguarding.pathway",
            "pathways/safeguarding_concern.pathway",
            "pathways/shared/people.pathway",
            "pathways/shared/facts.pathway",
            "pathways/nottinghamshire/directory.pathway",
            "pathways/england/bank_holidays.pathway",
        ],
    },
];

/// A line that is taken out, and what stands there instead: each a list of words.
#[derive(Debug, Default, PartialEq)]
struct Edit {
    /// How the block begins that it stands in.
    within: String,
    out: Vec<String>,
    instead: Vec<String>,
}

/// A row of a table.
#[derive(Debug, Default)]
struct Mutant {
    change: String,
    title: String,
    edits: Vec<Edit>,
    /// The kinds that are found, warnings too; of each the kinds of which it may be either.
    found: Vec<Vec<String>>,
    /// Of one that is accepted: whether a scenario fails.
    scenario_fails: bool,
    why: String,
}

/// Reads the rows of a table; see `tests/real_mutants/README.md`.
fn mutants(text: &str) -> Vec<Mutant> {
    let mut all: Vec<Mutant> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(change) = word.strip_suffix(':') {
            assert!(CHANGES.iter().any(|(known, _)| *known == change), "`{change}` is no kind of change");
            all.push(Mutant { change: change.into(), title: rest.into(), ..Mutant::default() });
            continue;
        }
        let mutant = all.last_mut().unwrap_or_else(|| panic!("`{line}` stands above the first row"));
        match (word, mutant.edits.last_mut()) {
            ("in", _) => mutant.edits.push(Edit { within: rest.into(), ..Edit::default() }),
            ("-", Some(edit)) => edit.out.push(rest.into()),
            ("+", Some(edit)) => edit.instead.push(rest.into()),
            ("finds", _) => {
                mutant.found = rest.split(", ").map(|it| it.split(" or ").map(String::from).collect()).collect()
            }
            ("accepted", _) => mutant.found.clear(),
            ("but", _) => mutant.scenario_fails = rest == "a scenario fails",
            ("because", _) => mutant.why = rest.into(),
            ("", _) => mutant.why = format!("{} {}", mutant.why, line.trim()),
            _ => panic!("`{line}` is no line of a table"),
        }
    }
    all
}

impl Mutant {
    /// Whether just this is expected: each kind that was found, and for each that is expected one that was.
    fn expects(&self, found: &BTreeSet<String>) -> bool {
        self.found.iter().all(|either| either.iter().any(|kind| found.contains(kind)))
            && found.iter().all(|kind| self.found.iter().flatten().any(|expected| expected == kind))
    }

    /// What is expected, as it is written.
    fn expected(&self) -> String {
        self.found.iter().map(|either| either.join(" or ")).collect::<Vec<String>>().join(", ")
    }
}

/// Whether a line begins a block.
fn begins_block(line: &str) -> bool {
    line.starts_with(char::is_alphabetic)
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Makes a change in the one place where it fits; whatever stands before and behind is as it was.
fn make(edit: &Edit, sources: &mut [Source]) -> Result<(), String> {
    let out: Vec<Vec<&str>> = edit.out.iter().map(|line| words(line)).collect();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let lines: Vec<&str> = source.text.lines().collect();
        let mut head = "";
        for (at, line) in lines.iter().enumerate() {
            head = if begins_block(line) { line } else { head };
            let here = words(head).starts_with(&words(&edit.within));
            let there = lines[at..].iter().take(out.len()).map(|line| words(line));
            if here && there.eq(out.iter().cloned()) {
                places.push((number, at));
            }
        }
    }
    let [(number, at)] = places.as_slice() else { return Err(format!("it fits in {} places: {edit:?}", places.len())) };
    let mut lines: Vec<&str> = sources[*number].text.lines().collect();
    lines.splice(*at..*at + out.len(), edit.instead.iter().map(String::as_str));
    sources[*number] = Source::new(sources[*number].name.clone(), format!("{}\n", lines.join("\n")));
    Ok(())
}

/// The same without its scenarios, and without its hazards, which may name them: neither is part of the guarantee.
fn without_scenarios(source: &Source) -> Source {
    let mut left_out = false;
    let kept = source.text.lines().filter(|line| {
        if begins_block(line) {
            left_out = line.starts_with("scenario ") || line.starts_with("hazard ");
        }
        !left_out
    });
    Source::new(source.name.clone(), kept.map(|line| format!("{line}\n")).collect::<String>())
}

fn files(table: &Table) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &&str| Source::new(*name, std::fs::read_to_string(root.join(name)).expect("the file is there"));
    table.files.iter().map(read).collect()
}

/// The kinds that are found in some files, and what is said; and whether a scenario fails, where it is accepted.
fn look(sources: &[Source]) -> (BTreeSet<String>, String, bool) {
    let (library, report) = compile(sources.iter().map(without_scenarios).collect());
    // What is allowed before anybody agreed is allowed of what stands there, with its scenarios; this is something else.
    let agreed = |it: &&Finding| {
        it.kind != Kind::NotAgreed && !(it.kind == Kind::AllowsOthers && it.message.contains("`not-agreed`"))
    };
    let found: BTreeSet<String> = report.findings.iter().filter(agreed).map(|it| it.kind.name().to_string()).collect();
    let proved =
        library.is_some_and(|library| library.pathways().all(|(id, _)| library.proof(id).is_some_and(|it| it.holds())));
    let fails = proved && compile(sources.to_vec()).0.is_some_and(|library| !failures(&library).is_empty());
    (found, report.to_string(), fails)
}

fn listed<'a>(kinds: impl IntoIterator<Item = &'a String>) -> String {
    kinds.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What is not as the rows of a table say.
fn judge(table: &Table) -> Vec<String> {
    let sources = files(table);
    let mut wrong = Vec::new();
    let say = std::env::var_os("ONWARD_SAY").is_some();
    let only = std::env::var("ONWARD_ONLY").unwrap_or_default();
    for mutant in mutants(table.text).iter().filter(|mutant| mutant.title.contains(&only)) {
        let mut changed = sources.clone();
        let made: Result<Vec<()>, String> = mutant.edits.iter().map(|edit| make(edit, &mut changed)).collect();
        if let Err(why) = made {
            wrong.push(format!("{}: {}: {why}", table.pathway, mutant.title));
            continue;
        }
        let (found, report, fails) = look(&changed);
        if say {
            println!(
                "{}: {}: {}: {}{}",
                table.pathway,
                mutant.change,
                mutant.title,
                listed(&found),
                if fails { " (a scenario fails)" } else { "" }
            );
        }
        if !mutant.expects(&found) || fails != mutant.scenario_fails {
            let wanted = mutant.expected();
            wrong.push(format!(
                "{}: {}: wanted `{wanted}`, found `{}`; a scenario fails: {fails}\n{report}",
                table.pathway,
                mutant.title,
                listed(&found)
            ));
        }
    }
    wrong
}

/// The tables as a page for people.
fn page() -> String {
    let mut text = String::from(
        "# What happens to a good pathway when one thing in it is broken\n\
         \n\
         <!-- Written by `UPDATE_DOCS=1 cargo test --test real_mutants`; change tests/real_mutants/, not this. -->\n\
         \n\
         This page is for whoever asks what Onward sees, and what it does not. Each row is one change to a pathway in\n\
         which nothing is found, as it may happen on a tired afternoon: a line deleted, a bound swapped, an ending moved.\n\
         What is found then was written down beforehand, with the reason, and is looked at each time Onward is tested. The\n\
         exact lines are in [tests/real_mutants](../tests/real_mutants/); what each finding means is in\n\
         [findings.md](findings.md), and the numbers in brackets are sections of [semantics.md](semantics.md).\n\
         \n\
         **Read the rows that say *accepted* first.** There the guarantee is whole: the person has a next step, an owner, a\n\
         time and an end. It is no less wrong to send somebody home whom nobody asked. That a pathway is right is for those\n\
         who know care to say, with scenarios, with sources and by reading it.\n\
         \n\
         Besides these, every single line of its kind is taken out once: each deadline, owner, way on, ending, hours of a contact\n\
         and last rung of every pathway here. Each such mutant is refused. With each `tell` taken out, nothing is found, but where the person is told what something costs, or that they move.\n",
    );
    for table in TABLES {
        let all = mutants(table.text);
        let accepted = all.iter().filter(|it| it.found.is_empty()).count();
        let _ = write!(
            text,
            "\n## {}\n\n[{}](../{}): {} changes, of which {accepted} are accepted.\n",
            table.pathway,
            table.files[0],
            table.files[0],
            all.len()
        );
        for (change, title) in CHANGES {
            let rows: Vec<&Mutant> = all.iter().filter(|it| it.change == *change).collect();
            if rows.is_empty() {
                continue;
            }
            let _ = write!(text, "\n### {title}\n\n| what is changed | what is found | why |\n|---|---|---|\n");
            for row in rows {
                let found = if row.found.is_empty() { "*accepted*".to_string() } else { row.expected() };
                let scenario = if row.scenario_fails { "; a scenario fails" } else { "" };
                let _ = writeln!(text, "| {} | {found}{scenario} | {} |", row.title, row.why);
            }
        }
    }
    text
}

#[test]
fn the_page_for_people_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mutants.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).expect("the page can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, page(), "write it anew with `UPDATE_DOCS=1 cargo test --test real_mutants`");
}

fn table(pathway: &str) -> &'static Table {
    TABLES.iter().find(|table| table.pathway == pathway).expect("there is a table")
}

fn judged(pathway: &str) {
    let wrong = judge(table(pathway));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mutants_of_tea_and_talk_are_as_thought_out() {
    judged("tea_and_talk");
}

#[test]
fn mutants_of_home_first_are_as_thought_out() {
    judged("home_first");
}

#[test]
fn mutants_of_news2_response_are_as_thought_out() {
    judged("news2_response");
}

#[test]
fn mutants_of_safeguarding_are_as_thought_out() {
    judged("safeguarding");
}

#[test]
fn the_pathways_themselves_are_proved_and_nothing_is_found() {
    for table in TABLES {
        let (found, report, fails) = look(&files(table));
        assert!(found.is_empty() && !fails, "{report}");
    }
}

/// A rule for every line of its kind: how the block begins, how the line begins that is taken out, and what is found.
const RULES: &[(&str, &str, &[&str])] = &[
    ("step", "within", &["no-deadline"]),
    ("hand over", "accepted within", &["no-deadline"]),
    ("together", "all done within", &["no-deadline"]),
    ("repeat", "every", &["no-deadline"]),
    ("step", "led by", &["no-owner"]),
    ("repeat", "led by", &["no-owner"]),
    ("hand over", "from", &["no-owner"]),
    ("hand over", "to", &["no-owner"]),
    ("step", "then", &["leads-nowhere"]),
    ("hand over", "then", &["leads-nowhere"]),
    ("together", "then", &["leads-nowhere"]),
    ("together", "if not all done", &["no-route"]),
    ("hand over", "if declined,", &["no-route"]),
    ("decide", "if we do not know yet", &["no-route"]),
    ("by default", "if", &["no-route"]),
    ("ending", "held by", &["missing-clause"]),
    ("ending", "ending", &["unknown-name"]),
    ("contact", "open", &["bad-hours"]),
    ("escalation", "last", &["broken-ladder"]),
    ("pathway", "starts at", &["no-start"]),
    ("step", "tell", &[]),
    ("hand over", "tell", &[]),
    ("ending", "tell", &[]),
];

/// How far a line is moved in.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Every way to take one thing out that a rule is about: the block or line and what belongs to it, and what is left.
fn taken_out(source: &Source, (block, clause, _): &(&str, &str, &[&str])) -> Vec<(String, Source)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let (mut head, mut all) = ("", Vec::new());
    for (at, line) in lines.iter().enumerate() {
        head = if begins_block(line) { line } else { head };
        if !words(head).starts_with(&words(block)) || !words(line).starts_with(&words(clause)) || indent(line) > 2 {
            continue;
        }
        let below = lines[at + 1..].iter().take_while(|it| !it.trim().is_empty() && indent(it) > indent(line)).count();
        let left: String = lines[..at].iter().chain(&lines[at + 1 + below..]).map(|line| format!("{line}\n")).collect();
        all.push((format!("{head}: {}", line.trim()), Source::new(source.name.clone(), left)));
    }
    all
}

/// Whether the person has to be told there: what something costs, or that they come to be elsewhere.
fn must_be_told(text: &str, what: &str) -> bool {
    let step = what.split_whitespace().nth(1).unwrap_or_default();
    let told_in = |line: &str| words(line).windows(3).any(|it| it == ["told", "in", step]);
    let mut block = text.lines().skip_while(|line| !line.starts_with(&format!("step {step} ")));
    let mut block = block.by_ref().take_while(|line| !line.is_empty());
    let moves = block.any(|line| line.starts_with("  place ") && !line.contains("told in"));
    what.contains("tell") && what.contains(" person ") && (moves || text.lines().any(told_in))
}

#[test]
fn whatever_is_taken_out_of_any_block_is_found_by_rule() {
    let (mut wrong, mut made) = (Vec::new(), vec![0; RULES.len()]);
    for table in TABLES {
        let sources: Vec<Source> = files(table).iter().map(without_scenarios).collect();
        // What the pathway calls has scenarios of its own, and so have these lines of it.
        let called = |source: &Source| source.text.lines().any(|line| line.starts_with("pathway "));
        for (number, source) in sources.iter().enumerate().filter(|(number, it)| *number == 0 || !called(it)) {
            for (rule, made) in RULES.iter().zip(&mut made) {
                for (what, left) in taken_out(source, rule) {
                    let mut mutant = sources.clone();
                    mutant[number] = left;
                    let (found, ..) = look(&mutant);
                    *made += 1;
                    // Where the person is told what something costs, or that they move, that is found.
                    let needed = rule.1 == "tell" && must_be_told(&source.text, &what);
                    let wanted: &[&str] = if needed { &["person-not-told"] } else { rule.2 };
                    if !found.iter().map(String::as_str).eq(wanted.iter().copied()) {
                        wrong.push(format!("{what}: wanted {wanted:?}, found {found:?}"));
                    }
                }
            }
        }
    }
    if std::env::var_os("ONWARD_SAY").is_some() {
        RULES.iter().zip(&made).for_each(|((block, clause, _), made)| println!("{made:4} {block}: {clause}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made.iter().all(|made| *made > 0), "every rule is about something: {made:?}");
}

#[test]
fn every_kind_of_change_is_made_in_every_pathway() {
    let mut rows = 0;
    for table in TABLES {
        let all = mutants(table.text);
        rows += all.len();
        for (change, _) in &CHANGES[..EVERYWHERE] {
            assert!(all.iter().any(|it| it.change == *change), "{}: no `{change}`", table.pathway);
        }
        for mutant in &all {
            let about = format!("{}: {}", table.pathway, mutant.title);
            assert!(!mutant.edits.is_empty() && mutant.why.len() > 20, "{about}: what is changed, and why");
            assert!(
                mutant.found.iter().flatten().all(|kind| Kind::named(kind).is_some()),
                "{about}: {:?}",
                mutant.found
            );
        }
        let titles: BTreeSet<&str> = all.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles.len(), all.len(), "{}: each row has a title of its own", table.pathway);
    }
    assert!(rows >= 80, "{rows} rows");
}
