//! One layout: printing a tree and reading it again gives the same tree, comments kept.

mod worlds;

use onward::syntax::{format, parse};
use proptest::prelude::*;
use worlds::{Dice, for_all, pathway};

/// The same words in a wilder layout: other spaces, other line ends, comments anywhere they may stand.
fn wilder(dice: &mut Dice, text: &str) -> String {
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        if dice.once_in(12) {
            out.push_str(&format!("\n   # before line {number} \n"));
        }
        // A table row ends with its line, and so does a comment.
        let is_table = line.trim_start().starts_with(['|', '#']);
        let mut quoted = false;
        for c in line.chars() {
            quoted ^= c == '"';
            // Layout carries no meaning, but for the lines of a table.
            match c {
                ' ' if !quoted && !is_table && dice.once_in(9) => out.push('\n'),
                ' ' if !quoted && !is_table && dice.once_in(25) => out.push_str(" # in the middle\n"),
                ' ' if !quoted && dice.once_in(5) => out.push_str("   "),
                c => out.push(c),
            }
        }
        if dice.once_in(10) {
            out.push_str("   # behind it");
        }
        out.push_str(dice.word(&["\n", "\n", "\r\n", "  \n\n"]));
    }
    if dice.once_in(3) {
        out.push_str("# at the end");
    }
    out
}

#[test]
fn printing_and_reading_again_gives_the_same_tree_and_the_same_comments() {
    for_all(256, 1200, |dice| {
        let text = pathway(dice);
        let wild = wilder(dice, &text);
        let (plain, findings) = parse(0, &text);
        prop_assert!(findings.is_empty(), "{findings:?}");
        let (tree, findings) = parse(0, &wild);
        prop_assert!(findings.is_empty(), "{:?}\n{}", findings, wild);
        prop_assert_eq!(&tree.blocks, &plain.blocks, "layout carries no meaning");
        let printed = onward::syntax::print(&tree);
        let (again, findings) = parse(0, &printed);
        prop_assert!(findings.is_empty(), "{:?}\n{}", findings, printed);
        prop_assert_eq!(&again.blocks, &tree.blocks);
        prop_assert_eq!(&again.language, &tree.language);
        let comments = |file: &onward::syntax::tree::File| -> Vec<String> {
            file.comments.iter().map(|comment| comment.text.clone()).collect()
        };
        prop_assert_eq!(comments(&again), comments(&tree));
        // Once laid out, a file stays as it is.
        prop_assert_eq!(format(0, &printed).expect("it can be laid out"), printed.clone());
        prop_assert!(printed.lines().all(|line| line.trim_end() == line), "no space at the end of a line");
        Ok(())
    });
}

#[test]
fn promises_mean_the_same_in_one_block_or_in_two_and_agreed_words_mean_nothing_to_a_pathway() {
    let text = include_str!("language/promises/promises.pathway");
    let text = format!("{text}\n{}", include_str!("common/rest.pathway"));
    let hash = |text: &str| {
        let compiled = onward::Library::read(vec![onward::Source::new("it.pathway", text)]);
        let library = compiled.unwrap_or_else(|report| panic!("{report}"));
        library.pathway("test").expect("it is there").program().hash.clone()
    };
    let last = "  nobody is asked twice\n";
    let two_blocks = text.replace(last, &format!("\npromises\n{last}"));
    assert!(two_blocks != text && text.contains(last));
    assert_eq!(hash(&two_blocks), hash(&text));
    assert_eq!(hash(&format!("{text}\nwords\n  say \"one\" not \"another\"\n")), hash(&text));
    assert_ne!(hash(&text.replace(last, "")), hash(&text), "what is promised is part of what it means");
    assert_ne!(hash(&text.replace("within 60 days", "within 61 days")), hash(&text));
}

#[test]
fn what_a_pathway_means_does_not_depend_on_layout_comments_or_the_order_of_blocks() {
    for_all(64, 1200, |dice| {
        let text = pathway(dice);
        let hash = |text: &str| {
            let library = worlds::library(text);
            library.pathway("random").expect("it is there").program().hash.clone()
        };
        let first = hash(&text);
        prop_assert_eq!(&hash(&wilder(dice, &text)), &first);
        // The steps of the pathway in another order: those between the scores and the directory.
        let (head, rest) = text.split_at(text.find("\nstep farewell").expect("it is there") + 1);
        let (steps, tail) =
            rest.split_at(rest.find("pathway inner").or(rest.find("directory here")).expect("it is there"));
        let mut blocks: Vec<&str> = steps.split("\n\n").filter(|block| !block.trim().is_empty()).collect();
        blocks.reverse();
        prop_assert_eq!(&hash(&format!("{head}{}\n\n{tail}", blocks.join("\n\n"))), &first);
        // And another meaning is another hash.
        let other =
            text.replacen("ending end0 \"At home\"\n  held by person", "ending end0 \"At home\"\n  held by team", 1);
        prop_assert_ne!(&hash(&other), &first);
        Ok(())
    });
}

#[test]
fn any_text_can_be_read_and_what_is_wrong_is_said_in_plain_words() {
    let mut rules: Vec<String> = Vec::new();
    for line in include_str!("../grammar/onward.pest").lines() {
        if let Some((name, _)) = line.split_once(" = ")
            && name.trim().contains('_')
        {
            rules.push(name.trim().to_string());
        }
    }
    for_all(512, 400, |dice| {
        // Pieces of the language in any order, with a little rubbish between.
        let mut text = pathway(dice);
        for _ in 0..1 + dice.below(6) {
            let at = (dice.below(256) * 256 + dice.below(256)) % (text.len() + 1);
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            match dice.below(4) {
                0 => text.insert_str(
                    at,
                    dice.word(&["(", ")", "\"", "|", "\n", " not ", " step ", "é", "#", "->", ",", "\u{0}"]),
                ),
                1 => text.truncate(at.max(20)),
                2 => {
                    let end = (at + dice.below(30)).min(text.len());
                    let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(at);
                    text.replace_range(at..end, "");
                }
                _ => text.insert_str(
                    at,
                    dice.word(&["led by ", "when ", "wihtin 3 days", "decide x", "1.5 ", "if late", "\n| a | b |\n"]),
                ),
            }
        }
        let report = match onward::Library::compile(vec![onward::Source::new("a.pathway", text.as_str())]) {
            Ok(library) => library.report().clone(),
            Err(report) => report,
        };
        for finding in &report.findings {
            let said = format!("{} {}", finding.message, finding.help.clone().unwrap_or_default());
            let lower = finding.message.chars().next().is_some_and(|c| !c.is_uppercase());
            prop_assert!(lower, "starts in lower case: {}", finding.message);
            for rule in &rules {
                prop_assert!(!said.contains(rule.as_str()) || text.contains(rule.as_str()), "{rule} in: {said}");
            }
            prop_assert!(finding.at.place.span.end as usize <= text.len() + 1);
        }
        Ok(())
    });
}
