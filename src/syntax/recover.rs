//! Plain words for what could not be read.
//!
//! The grammar says only *where* reading failed. Here one looks at the words that stand there and says what was
//! probably meant: a word that was misspelt, a clause whose other half is missing, a name with a space in it.

mod shapes;

use super::tree::BlockWord::{self, self as B};
use crate::diagnostic::{Finding, Kind, Place, Span, nearest};
pub(crate) use shapes::written;
use shapes::{BLOCKS, SHAPES, Shape};

/// What could not be read, shown short: the first line, and not more than 60 characters of it.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim();
    if line.chars().count() <= 60 {
        return line.to_string();
    }
    line.chars().take(57).collect::<String>() + "…"
}

fn first_line(place: Place, text: &str) -> Place {
    let length = text.lines().next().unwrap_or("").trim_end().len().max(1);
    Place { span: Span::new(place.span.start as usize, place.span.start as usize + length), ..place }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

fn starts_with_words(text: &str, words: &str) -> bool {
    let mut rest = text.split_whitespace();
    words.split(' ').all(|word| rest.next().is_some_and(|next| next == word || next.strip_suffix(',') == Some(word)))
}

/// What people write, and what it is called here: in a block, or between blocks.
const CALLED: &[(&str, &str)] = &[
    ("end", "ending"),
    ("finish", "ending"),
    ("start", "starts at"),
    ("decision", "decide"),
    ("otherwise", "if none of these"),
    ("else", "if none of these"),
    ("default", "by default"),
    ("defaults", "by default"),
    ("fact", "facts"),
    ("promise", "promises"),
    ("guarantee", "promises"),
    ("guarantees", "promises"),
    ("handover", "hand over"),
    ("parallel", "together"),
    ("loop", "repeat"),
    ("owner", "led by"),
    ("deadline", "within"),
    ("next", "then"),
    ("goto", "then"),
    ("than", "then"),
    ("in", "within"),
    ("import", "use"),
    ("test", "scenario"),
    ("ladder", "escalation"),
    ("hours", "open"),
    ("panel", "meeting"),
    ("telephone", "phone"),
];

/// What to say about characters and habits that come from elsewhere, whatever clause they stand in.
const HABITS: &[(&[&str], &str)] = &[
    (&["\u{201c}", "\u{201d}", "\u{201e}"], "write straight quotation marks `\"`, not curly ones"),
    (&["\u{2192}", "=>", "-->", "\u{21d2}"], "write the arrow as `->`"),
    (&["- >"], "write the arrow as `->`, without a space in it"),
    (&[">=", "\u{2265}"], "write `at least` instead of a sign"),
    (&["<=", "\u{2264}"], "write `at most` instead of a sign"),
    (&[" > "], "write `more than` instead of a sign"),
    (&[" < "], "write `less than` instead of a sign"),
    (&[" = ", " == "], "write `is` instead of a sign"),
    (&["&&"], "write `and` instead of a sign"),
    (&["||"], "write `or` instead of a sign"),
];

fn habit(text: &str) -> Option<&'static str> {
    let line = text.lines().next().unwrap_or("");
    if line.get(first_word(line).len()..).is_some_and(|rest| rest.starts_with(':')) {
        return Some("write it without the colon");
    }
    if first_word(line) == "if" && line.contains(" > ") && !line.contains("->") {
        return Some("write the arrow as `->`");
    }
    HABITS.iter().find(|(signs, _)| signs.iter().any(|sign| line.contains(sign))).map(|(_, help)| *help)
}

/// What is wrong with a length of time, where a clause wants one and something else stands there.
fn length_help(text: &str, starts: &str) -> Option<String> {
    const WANT: [&str; 5] = ["within", "takes", "every", "accepted within", "good for"];
    let line = text.lines().next().unwrap_or("").split('#').next().unwrap_or("").trim();
    let rest = WANT.contains(&starts).then(|| line.strip_prefix(starts))??.trim();
    rest.parse::<crate::calendar::Length>().err().map(|error| error.to_string())
}

/// How one says by when something is expected to be due, where that is half written.
fn due_help(text: &str, starts: &str) -> Option<String> {
    let due = starts == "expect" && text.split_whitespace().any(|word| word == "due");
    due.then(|| "when something is due reads like this: `expect STEP is due at 2026-03-02 16:00`".to_string())
}

/// The words without the comments behind them.
fn without_comments(text: &str) -> String {
    let line = |line: &str| super::comments::comment_in(line).map_or(line, |at| &line[..at]).trim_end().to_string();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a line that starts in the first column, and starts no clause, was meant to start a block.
pub(super) fn is_misspelt_block(text: &str) -> bool {
    let word = first_word(text);
    let is_clause = SHAPES.iter().any(|shape| first_word(shape.starts) == word);
    let called = CALLED.iter().find(|(from, _)| *from == word).map(|(_, called)| *called);
    let is_block = |word: &str| BLOCKS.iter().any(|(block, _, _)| *block == word);
    let near = nearest(word, BLOCKS.iter().map(|(word, _, _)| first_word(word)));
    // Of `best itnerests` the first word is right, and starts nothing else.
    let of_several = words_of_block(word) > 1;
    let meant = of_several || (called.is_none() && !near.is_empty());
    !word.is_empty() && !is_clause && (called.is_some_and(is_block) || meant)
}

/// How many words a block has that starts with this one; none where none does.
fn words_of_block(first: &str) -> usize {
    let block = BLOCKS.iter().find(|(block, _, _)| first_word(block) == first);
    block.map_or(0, |(block, _, _)| block.split(' ').count())
}

/// The name at the beginning of something that could not be read, such as a fact.
pub(super) fn first_name(text: &str) -> Option<String> {
    let word = first_word(text);
    (!word.is_empty()).then(|| word.to_string())
}

/// The name that a block would have declared: the word behind its own.
fn lost_name(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let first = first.to_lowercase();
    let meant = nearest(&first, BLOCKS.iter().map(|(block, _, _)| first_word(block)));
    let first = if words_of_block(&first) > 0 { first.as_str() } else { meant.first().copied().unwrap_or_default() };
    let before = words_of_block(first).saturating_sub(1);
    first_name(words.nth(before)?)
}

/// The names that a lost block would have declared: its own, and those of branches that others may name.
pub(super) fn lost_names(text: &str) -> impl Iterator<Item = String> {
    let meanwhile = |line: &str| line.trim_start().strip_prefix("meanwhile ").and_then(|rest| first_name(rest.trim()));
    lost_name(text).into_iter().chain(text.lines().filter_map(meanwhile))
}

/// A clause that could not be read, inside a block. `before` is what stands before it on its line.
pub(super) fn clause(place: Place, text: &str, block: BlockWord, before: &str) -> Finding {
    let text = &without_comments(text);
    let place = first_line(place, text);
    let found = |message: String| Finding::new(Kind::UnreadableClause, place, message);
    let here = |shape: &&Shape| shape.blocks.is_empty() || shape.blocks.contains(&block);
    if let Some(help) = habit(text) {
        return found(format!("`{}` cannot be read", shown(text))).help(help);
    }
    if text.lines().next().is_some_and(|line| line.matches('"').count() % 2 == 1) {
        return found(format!("the text in `{}` has no closing quotation mark", shown(text)))
            .help("a text stands between two quotation marks `\"` on one line");
    }
    if let Some(finding) = (!before.trim().is_empty()).then(|| remainder(place, text, before)).flatten() {
        return finding;
    }
    let begun = SHAPES.iter().filter(here).find(|shape| starts_with_words(text, shape.starts));
    if let Some(shape) = begun {
        let help = length_help(text, shape.starts).or_else(|| due_help(text, shape.starts));
        return found(format!("`{}` cannot be read as a clause that starts with `{}`", shown(text), shape.starts))
            .help(help.unwrap_or_else(|| format!("it reads like this: `{}`", shape.reads)));
    }
    if let Some(shape) = SHAPES.iter().find(|shape| starts_with_words(text, shape.starts)) {
        let where_it_goes: Vec<&str> = shape.blocks.iter().map(|block| written(*block)).collect();
        return Finding::new(
            Kind::OutOfPlace,
            place,
            format!("`{}` does not belong in `{}`", shape.starts, written(block)),
        )
        .help(format!("it stands in `{}`", where_it_goes.join("`, `")));
    }
    let word = first_word(text);
    let called = CALLED.iter().find(|(from, _)| *from == word && block != B::Facts);
    if let Some((_, called)) = called {
        return found(format!("`{word}` is no word of the language here")).help(format!("did you mean `{called}`?"));
    }
    if block == B::Facts {
        return found(format!("`{}` cannot be read as a fact", shown(text))).help(
            "a fact is a name and its type: `lives_alone yes or no`, `wish one of home, not_sure`, `frailty 1 to 9`, \
             `what_matters text`",
        );
    }
    if block == B::Score {
        return found(format!("`{}` cannot be read as a part of a score", shown(text)))
            .help("a part reads like this: `frailty 1 to 4 scores 0, 5 to 9 scores 2`");
    }
    let same_start: Vec<String> = SHAPES
        .iter()
        .filter(here)
        .filter(|shape| first_word(shape.starts) == word)
        .map(|shape| format!("`{}`", shape.starts))
        .collect();
    if !same_start.is_empty() {
        return found(format!("`{}` cannot be read", shown(text))).help(format!(
            "what starts with `{word}` in `{}` is {}",
            written(block),
            same_start.join(", ")
        ));
    }
    let firsts = SHAPES.iter().filter(here).map(|shape| first_word(shape.starts));
    // Nothing stands behind `facts`, `promises` or `words`, so what something stands behind was not meant to be one.
    let alone = text.lines().next().is_some_and(|line| line.trim() == word);
    let may_be = |reads: &str| alone || reads.contains(' ');
    let blocks = BLOCKS.iter().filter(|(_, reads, _)| may_be(reads)).map(|(word, _, _)| first_word(word));
    if let Some(near) = nearest(word, firsts.chain(blocks)).first() {
        let span = Span::new(place.span.start as usize, place.span.start as usize + word.len());
        return found(format!("`{word}` does not start a clause of `{}`; did you mean `{near}`?", written(block)))
            .suggest(Place { span, ..place }, *near);
    }
    let finding = if word.is_empty() {
        found(format!("`{}` cannot stand here", shown(text)))
    } else {
        found(format!("`{word}` does not start a clause of `{}`", written(block)))
    };
    let mut may: Vec<String> = SHAPES.iter().filter(here).map(|shape| format!("`{}`", shape.starts)).collect();
    may.dedup();
    finding.help(format!("a clause of `{}` starts with {}", written(block), may.join(", ")))
}

/// Something that stands behind a clause that could be read, on the same line: mostly the rest of a name or a list.
fn remainder(place: Place, text: &str, before: &str) -> Option<Finding> {
    let found = |message: String, help: &str| Some(Finding::new(Kind::UnreadableClause, place, message).help(help));
    let here = format!("`{}` cannot stand here", shown(text));
    if text.starts_with(',') && text.contains("at most") {
        return found(here, "a count reads like this: `, at most 3 times, then STEP`, or `at most twice, then STEP`");
    }
    if before.trim_start().starts_with("led by") && (text.starts_with(',') || text.starts_with("and ")) {
        return found(here, "exactly one role leads; write the others behind `with`");
    }
    if let Some(help) = who_help(text, before) {
        return found(here, help);
    }
    if first_word(text) == "decides" {
        return found(here, "it reads like this: `ROLE decides within 4 hours`");
    }
    match text.chars().next() {
        Some('-') => return found(here, "names are joined by `_`, not by `-`: `longer_look`"),
        Some(',') => return found(here, "after a comma the list goes on with another name"),
        _ => {}
    }
    let word = first_word(text);
    if matches!(word, "and" | "or") {
        return found(here, "in a list there is a comma between two names, not `and` or `or`");
    }
    let is_clause = SHAPES.iter().any(|shape| starts_with_words(text, shape.starts));
    if is_clause || word.is_empty() {
        return None;
    }
    found(
        format!("`{word}` does not belong behind what stands before it"),
        "a name is one word: join its parts with `_`; a list has a comma between names; a title stands in quotation marks",
    )
}

/// How one says who finds a fact or is asked for it, where a list of them cannot be read: it has `or` and `with` between
/// two names, and no comma.
fn who_help(text: &str, before: &str) -> Option<&'static str> {
    const FOUND: &str = "who finds it reads like this: `found by therapist or nurse`, where either may; `found by \
                         therapist with nurse`, where it takes both";
    const ASKED: &str = "whom one asks reads like this: `asked of person or carer`";
    if ["found", "asked"].contains(&first_word(text)) {
        let written = ["found by", "asked of"].iter().any(|lead| starts_with_words(text, lead));
        return (!written).then_some(if first_word(text) == "found" { FOUND } else { ASKED });
    }
    let goes_on = text.starts_with(',') || ["and", "or", "with"].contains(&first_word(text));
    let is_list = |rest: &str| rest.split_whitespace().all(|it| first_word(it) == it);
    let behind = |lead: &str| before.rfind(lead).filter(|at| is_list(&before[at + lead.len()..]));
    match (behind("found by"), behind("asked of")) {
        _ if !goes_on => None,
        (Some(found), asked) if asked.is_none_or(|asked| asked < found) => Some(FOUND),
        (_, Some(_)) => Some(ASKED),
        _ => None,
    }
}

/// Something between blocks that could not be read.
pub(super) fn block(place: Place, text: &str) -> Finding {
    let text = &without_comments(text);
    let place = first_line(place, text);
    let found = |message: String| Finding::new(Kind::UnreadableBlock, place, message);
    if let Some(help) = habit(text) {
        return found(format!("`{}` cannot be read", shown(text))).help(help);
    }
    let lower = text.to_lowercase();
    if let Some((word, _, _)) =
        BLOCKS.iter().find(|(word, _, _)| starts_with_words(&lower, word) && !starts_with_words(text, word))
    {
        let span = Span::new(place.span.start as usize, place.span.start as usize + word.len());
        let written = text.get(..word.len()).unwrap_or(word);
        return found(format!("`{written}` is not in small letters; did you mean `{word}`?"))
            .suggest(Place { span, ..place }, *word);
    }
    let second = text.split_whitespace().nth(1).unwrap_or("");
    let starts_a_word_of_the_language = |it: &str| {
        SHAPES.iter().any(|shape| first_word(shape.starts) == it)
            || BLOCKS.iter().any(|(word, _, _)| first_word(word) == it)
    };
    if BLOCKS.iter().any(|(word, _, _)| *word == first_word(text)) && starts_a_word_of_the_language(second) {
        return found(format!("`{second}` is a word of the language, and cannot be a name"))
            .help(format!("give it another name, such as `{second}_1`, or `the_{second}`"));
    }
    if let Some((word, reads, _)) = BLOCKS.iter().find(|(word, _, _)| starts_with_words(text, word)) {
        return found(format!("`{}` cannot be read as the start of a `{word}`", shown(text))).help(format!(
            "it starts like this: `{reads}`; a name is one word of letters, digits and `_`, and no word of the language"
        ));
    }
    if starts_with_words(&lower, "onward") && !starts_with_words(text, "onward") {
        let span = Span::new(place.span.start as usize, place.span.start as usize + "onward".len());
        return found(format!("`{}` is not in small letters; did you mean `onward`?", first_word(text)))
            .suggest(Place { span, ..place }, "onward");
    }
    if starts_with_words(text, "onward") {
        return found(format!("`{}` cannot stand here", shown(text)))
            .help("`onward 1` stands once, at the very beginning of the file");
    }
    let word = first_word(text);
    if let Some((_, called)) = CALLED.iter().find(|(from, _)| *from == word) {
        return found(format!("`{word}` is no word of the language here")).help(format!("did you mean `{called}`?"));
    }
    let names = BLOCKS.iter().map(|(word, _, _)| first_word(word));
    if let Some(near) = nearest(word, names).first() {
        let span = Span::new(place.span.start as usize, place.span.start as usize + word.len());
        return found(format!("`{word}` does not start a block; did you mean `{near}`?"))
            .suggest(Place { span, ..place }, *near);
    }
    let blocks: Vec<String> = BLOCKS.iter().map(|(word, _, _)| format!("`{word}`")).collect();
    found(format!("`{}` belongs to no block", shown(text))).help(format!("a block starts with {}", blocks.join(", ")))
}
