//! Plain words for what could not be read.
//!
//! The grammar says only *where* reading failed. Here one looks at the words that stand there and says what was
//! probably meant: a word that was misspelt, a clause whose other half is missing, a name with a space in it.

use super::tree::BlockWord;
use crate::diagnostic::{Finding, Kind, Place, Span, nearest};

/// A clause of the language: the words it starts with, how it reads, and the blocks it may stand in.
struct Shape {
    starts: &'static str,
    reads: &'static str,
    blocks: &'static [BlockWord],
}

use BlockWord as B;
const DOING: &[BlockWord] = &[B::Step, B::Repeat];
const LED: &[BlockWord] = &[B::Step, B::Repeat, B::BestInterests];
const ROUTED: &[BlockWord] =
    &[B::ByDefault, B::Step, B::Wait, B::Together, B::Repeat, B::HandOver, B::PositiveRisk, B::BestInterests];

const ALLOWING: &[BlockWord] = &[
    B::Pathway,
    B::Step,
    B::Wait,
    B::Decide,
    B::Together,
    B::Repeat,
    B::HandOver,
    B::Call,
    B::PositiveRisk,
    B::BestInterests,
    B::AtAnyTime,
    B::Ending,
];
const GROUNDED: &[BlockWord] = &[
    B::Pathway,
    B::Score,
    B::Step,
    B::Wait,
    B::Decide,
    B::Together,
    B::Repeat,
    B::HandOver,
    B::Call,
    B::PositiveRisk,
    B::BestInterests,
    B::AtAnyTime,
    B::Ending,
];

/// How every clause reads, so that a half-written one can be shown whole.
const SHAPES: &[Shape] = &[
    Shape { starts: "version", reads: "version 2026.1", blocks: &[B::Pathway] },
    Shape { starts: "starts at", reads: "starts at STEP", blocks: &[B::Pathway] },
    Shape { starts: "tested with", reads: "tested with \"folder/directory.pathway\"", blocks: &[B::Pathway] },
    Shape { starts: "review by", reads: "review by 2027-04-01", blocks: &[B::Pathway] },
    Shape {
        starts: "needs agreement of",
        reads: "needs agreement of secondary_care, social_care",
        blocks: &[B::Pathway],
    },
    Shape {
        starts: "agreed by",
        reads: "agreed by social_care on 2026-11-01 of \"3f2a9c01b7de\"",
        blocks: &[B::Pathway],
    },
    Shape {
        starts: "source",
        reads: "source \"where this comes from\" section \"…\", checked 2026-11-01",
        blocks: &[],
    },
    Shape { starts: "in force", reads: "in force from 2026-04-01 until 2027-03-31", blocks: GROUNDED },
    Shape {
        starts: "allow",
        reads: "allow FINDING because \"why this may stay so\" by ROLE until 2027-04-01",
        blocks: ALLOWING,
    },
    Shape { starts: "severity", reads: "severity major", blocks: &[B::Hazard] },
    Shape { starts: "likelihood", reads: "likelihood low", blocks: &[B::Hazard] },
    Shape { starts: "owner", reads: "owner ROLE", blocks: &[B::Hazard] },
    Shape {
        starts: "controlled by",
        reads: "controlled by STEP, promise \"nobody is asked twice\", scenario \"what it shows\"",
        blocks: &[B::Hazard],
    },
    Shape { starts: "if late", reads: "if late -> escalate to LADDER", blocks: ROUTED },
    Shape { starts: "if it cannot be done", reads: "if it cannot be done -> escalate to LADDER", blocks: ROUTED },
    Shape { starts: "if the person declines", reads: "if the person declines -> STEP", blocks: ROUTED },
    Shape { starts: "if nobody can", reads: "if nobody can -> STEP", blocks: ROUTED },
    Shape { starts: "if died", reads: "if died -> ENDING", blocks: ROUTED },
    Shape { starts: "if withdrew", reads: "if withdrew -> STEP", blocks: ROUTED },
    Shape { starts: "if cannot be reached", reads: "if cannot be reached -> STEP", blocks: ROUTED },
    Shape { starts: "if moved away", reads: "if moved away -> STEP", blocks: ROUTED },
    Shape { starts: "if opened in error", reads: "if opened in error -> ENDING", blocks: ROUTED },
    Shape { starts: "if declined", reads: "if declined, saying why -> STEP", blocks: &[B::HandOver] },
    Shape { starts: "if accepted on a condition", reads: "if accepted on a condition -> STEP", blocks: &[B::HandOver] },
    Shape { starts: "if not all done", reads: "if not all done -> STEP", blocks: &[B::Together] },
    Shape { starts: "if fewer than", reads: "if fewer than 2 are done -> STEP", blocks: &[B::Together] },
    Shape { starts: "if none of these", reads: "if none of these -> STEP", blocks: &[B::Decide] },
    Shape {
        starts: "if we do not know yet",
        reads: "if we do not know yet -> STEP, at most 3 times, then ROLE decides within 4 hours",
        blocks: &[B::Decide],
    },
    Shape { starts: "when", reads: "when FACT is VALUE -> STEP", blocks: &[B::Decide] },
    Shape { starts: "advise", reads: "advise ROLE to decide with ROLE, ROLE, within 4 hours", blocks: &[B::Decide] },
    Shape {
        starts: "reason for",
        reads: "reason for STEP from ROLE when FACT is VALUE \"what speaks for it\"",
        blocks: &[B::Decide],
    },
    Shape {
        starts: "reason against",
        reads: "reason against STEP from ROLE when FACT is VALUE \"what speaks against it\"",
        blocks: &[B::Decide],
    },
    Shape { starts: "matters", reads: "matters FACT", blocks: &[B::PositiveRisk] },
    Shape { starts: "could happen", reads: "could happen \"what could happen\"", blocks: &[B::PositiveRisk] },
    Shape { starts: "strengths", reads: "strengths FACT", blocks: &[B::PositiveRisk] },
    Shape { starts: "safety nets", reads: "safety nets STEP, STEP before STEP", blocks: &[B::PositiveRisk] },
    Shape { starts: "decided by", reads: "decided by person, or NAME when not FACT", blocks: &[B::PositiveRisk] },
    Shape { starts: "plan agreed by", reads: "plan agreed by ROLE, ROLE", blocks: &[B::PositiveRisk] },
    Shape {
        starts: "if they disagree",
        reads: "if they disagree -> MEETING, meanwhile BRANCH",
        blocks: &[B::PositiveRisk],
    },
    Shape { starts: "review", reads: "review STEP", blocks: &[B::PositiveRisk] },
    Shape { starts: "if it happens", reads: "if it happens ROLE answers within 2 hours", blocks: &[B::PositiveRisk] },
    Shape { starts: "accepted ->", reads: "accepted -> STEP", blocks: &[B::PositiveRisk] },
    Shape { starts: "not accepted ->", reads: "not accepted -> STEP", blocks: &[B::PositiveRisk] },
    Shape { starts: "for", reads: "for FACT", blocks: &[B::BestInterests] },
    Shape { starts: "instruct", reads: "instruct ROLE within 5 days when FACT", blocks: &[B::BestInterests] },
    Shape { starts: "meanwhile", reads: "meanwhile BRANCH led by ROLE within 1 day", blocks: &[B::Together] },
    Shape { starts: "agreed by", reads: "agreed by ROLE, ROLE", blocks: &[B::Decide] },
    Shape { starts: "if they disagree", reads: "if they disagree -> STEP", blocks: &[B::Decide] },
    Shape {
        starts: "otherwise because",
        reads: "otherwise because one of wish_of_the_person, risk_too_high",
        blocks: &[B::Decide],
    },
    Shape { starts: "option", reads: "option STEP only when FACT is VALUE", blocks: &[B::Decide] },
    Shape { starts: "for", reads: "for FACT is VALUE, otherwise -> STEP", blocks: &[B::Pathway] },
    Shape { starts: "not for", reads: "not for FACT is VALUE -> STEP", blocks: &[B::Pathway] },
    Shape { starts: "everyone", reads: "everyone reaches an ending within 60 days", blocks: &[B::Promises] },
    Shape { starts: "nobody is", reads: "nobody is asked twice", blocks: &[B::Promises] },
    Shape {
        starts: "nobody goes",
        reads: "nobody goes against FACT without FACT or best interests",
        blocks: &[B::Promises],
    },
    Shape { starts: "nobody", reads: "nobody reaches PLACE without STEP first", blocks: &[B::Promises] },
    Shape { starts: "whoever has", reads: "whoever has FACT reaches STEP within 4 hours", blocks: &[B::Promises] },
    Shape {
        starts: "whoever reaches",
        reads: "whoever reaches STEP reaches STEP within 4 hours",
        blocks: &[B::Promises],
    },
    Shape { starts: "never", reads: "never STEP and STEP at one time", blocks: &[B::Promises] },
    Shape { starts: "rows do not overlap", reads: "rows do not overlap", blocks: &[B::Decide] },
    Shape { starts: "led by", reads: "led by ROLE", blocks: LED },
    Shape { starts: "with", reads: "with ROLE, ROLE", blocks: LED },
    Shape { starts: "not without", reads: "not without ROLE when FACT is VALUE", blocks: DOING },
    Shape { starts: "finds", reads: "finds FACT, FACT", blocks: DOING },
    Shape { starts: "within", reads: "within 4 hours", blocks: &[B::Step, B::PositiveRisk, B::BestInterests] },
    Shape { starts: "at the next", reads: "at the next MEETING", blocks: &[B::Step] },
    Shape { starts: "for", reads: "for 3 days", blocks: &[B::Wait] },
    Shape { starts: "takes", reads: "takes 30 minutes", blocks: DOING },
    Shape {
        starts: "tell",
        reads: "tell person \"what will happen now\"",
        blocks: &[B::Step, B::Wait, B::Repeat, B::HandOver, B::Ending],
    },
    Shape {
        starts: "chargeable",
        reads: "chargeable told in STEP",
        blocks: &[B::Step, B::Repeat, B::HandOver, B::Together],
    },
    Shape {
        starts: "place",
        reads: "place PLACE, told in STEP",
        blocks: &[B::Step, B::Together, B::Repeat, B::HandOver, B::Ending],
    },
    Shape { starts: "then", reads: "then STEP", blocks: &[B::Step, B::Wait, B::Together, B::HandOver] },
    Shape { starts: "good for", reads: "good for 7 days", blocks: &[B::Facts] },
    Shape { starts: "asked of", reads: "asked of person or ROLE", blocks: &[B::Facts] },
    Shape { starts: "found by", reads: "found by ROLE or ROLE", blocks: &[B::Facts] },
    Shape { starts: "lets", reads: "lets ROLE be told", blocks: &[B::Facts] },
    Shape { starts: "measured in", reads: "measured in \"kilograms\"", blocks: &[B::Facts] },
    Shape { starts: "part", reads: "part NAME when FACT is VALUE scores 1 otherwise scores 0", blocks: &[B::Score] },
    Shape { starts: "all done within", reads: "all done within 2 days", blocks: &[B::Together] },
    Shape { starts: "first", reads: "first 2 done within 2 days", blocks: &[B::Together] },
    Shape { starts: "every", reads: "every 12 hours", blocks: &[B::Repeat] },
    Shape { starts: "until", reads: "until FACT is VALUE -> STEP", blocks: &[B::Repeat] },
    Shape { starts: "at most", reads: "at most 14 times, then STEP", blocks: &[B::Repeat] },
    Shape { starts: "from", reads: "from ROLE", blocks: &[B::HandOver] },
    Shape { starts: "to", reads: "to ROLE", blocks: &[B::HandOver] },
    Shape { starts: "carrying", reads: "carrying FACT, FACT", blocks: &[B::HandOver] },
    Shape { starts: "accepted within", reads: "accepted within 4 hours", blocks: &[B::HandOver] },
    Shape { starts: "follows", reads: "follows PATHWAY", blocks: &[B::Call] },
    Shape { starts: "if it ends in", reads: "if it ends in ENDING -> STEP", blocks: &[B::Call] },
    Shape {
        starts: "if we do not know yet",
        reads: "if we do not know yet -> nothing, because \"it is asked at every contact\"",
        blocks: &[B::AtAnyTime, B::Pathway],
    },
    Shape { starts: "if", reads: "if FACT is VALUE -> STEP, instead, at most 3 times", blocks: &[B::AtAnyTime] },
    Shape { starts: "anyone", reads: "anyone may raise it", blocks: &[B::AtAnyTime] },
    Shape { starts: "kept known by", reads: "kept known by STEP", blocks: &[B::AtAnyTime] },
    Shape { starts: "when", reads: "when FACT is VALUE and FACT", blocks: &[B::Anticipate] },
    Shape { starts: "start", reads: "start PATHWAY within 5 working days of ROLE", blocks: &[B::Anticipate] },
    Shape { starts: "led by", reads: "led by ROLE", blocks: &[B::Anticipate] },
    Shape { starts: "at most", reads: "at most once every 90 days", blocks: &[B::Anticipate] },
    Shape {
        starts: "if we do not know yet",
        reads: "if we do not know yet -> ask ROLE within 30 days",
        blocks: &[B::Anticipate],
    },
    Shape { starts: "held by", reads: "held by ROLE", blocks: &[B::Ending] },
    Shape { starts: "owed", reads: "owed STEP, STEP", blocks: &[B::Ending] },
    Shape { starts: "of", reads: "of hospital", blocks: &[B::Role] },
    Shape { starts: "profession", reads: "profession nursing", blocks: &[B::Role] },
    Shape { starts: "time zone", reads: "time zone \"Europe/London\"", blocks: &[B::Directory] },
    Shape { starts: "valid from", reads: "valid from 2026-04-01", blocks: &[B::Directory] },
    Shape { starts: "valid until", reads: "valid until 2027-03-31", blocks: &[B::Directory, B::Contact] },
    Shape { starts: "bank holidays", reads: "bank holidays HOLIDAYS", blocks: &[B::Directory] },
    Shape { starts: "known until", reads: "known until 2027-12-31", blocks: &[B::Holidays] },
    Shape { starts: "on bank holidays", reads: "on bank holidays closed", blocks: &[B::Contact] },
    Shape { starts: "on", reads: "on 2026-12-25, 2026-12-28", blocks: &[B::Holidays] },
    Shape { starts: "fills", reads: "fills ROLE, ROLE", blocks: &[B::Contact] },
    Shape { starts: "serves", reads: "serves FACT is VALUE", blocks: &[B::Contact] },
    Shape { starts: "until known", reads: "until known anybody", blocks: &[B::Contact] },
    Shape { starts: "phone", reads: "phone \"01632 960 001\"", blocks: &[B::Contact] },
    Shape { starts: "bleep", reads: "bleep \"2211\"", blocks: &[B::Contact] },
    Shape {
        starts: "secure email",
        reads: "secure email \"hub@example.nhs.uk\", acknowledged within 1 hour",
        blocks: &[B::Contact],
    },
    Shape { starts: "fax", reads: "fax \"01632 960 002\"", blocks: &[B::Contact] },
    Shape { starts: "post", reads: "post \"The surgery, 1 High Street\"", blocks: &[B::Contact] },
    Shape {
        starts: "open",
        reads: "open monday to friday 08:00 to 20:00; saturday 09:00 to 17:00",
        blocks: &[B::Contact],
    },
    Shape { starts: "closed", reads: "closed 2026-12-24 to 2026-12-26", blocks: &[B::Contact] },
    Shape { starts: "meets", reads: "meets tuesdays 10:00 to 12:00", blocks: &[B::Meeting] },
    Shape { starts: "papers by", reads: "papers by friday 12:00", blocks: &[B::Meeting] },
    Shape { starts: "with", reads: "with ROLE, ROLE", blocks: &[B::Meeting] },
    Shape { starts: "on bank holidays", reads: "on bank holidays not held", blocks: &[B::Meeting] },
    Shape { starts: "not held", reads: "not held 2026-12-22 to 2027-01-02", blocks: &[B::Meeting] },
    Shape { starts: "ask", reads: "ask CONTACT, to answer within 30 minutes", blocks: &[B::Escalation] },
    Shape { starts: "then", reads: "then CONTACT, to answer within 1 hour", blocks: &[B::Escalation] },
    Shape { starts: "last", reads: "last CONTACT, to answer within 15 minutes", blocks: &[B::Escalation] },
    Shape { starts: "may reassign", reads: "may reassign at most 2 times", blocks: &[B::Escalation] },
    Shape { starts: "say", reads: "say \"person\" not \"patient\", \"service user\"", blocks: &[B::Words] },
    Shape { starts: "keep", reads: "keep \"client\"", blocks: &[B::Words] },
    Shape { starts: "on", reads: "on PATHWAY", blocks: &[B::Scenario] },
    Shape { starts: "starts", reads: "starts 2026-03-02 09:00", blocks: &[B::Scenario] },
    Shape { starts: "knowing", reads: "knowing FACT is VALUE, FACT is VALUE", blocks: &[B::Scenario] },
    Shape { starts: "after", reads: "after 5 hours STEP is done, finding FACT is VALUE", blocks: &[B::Scenario] },
    Shape { starts: "and then", reads: "and then STEP is done", blocks: &[B::Scenario] },
    Shape { starts: "then everything else", reads: "then everything else is done on time", blocks: &[B::Scenario] },
    Shape { starts: "expect", reads: "expect next STEP", blocks: &[B::Scenario] },
];

const BLOCKS: &[(&str, &str, BlockWord)] = &[
    ("use", "use \"another.pathway\"", B::Use),
    ("pathway", "pathway NAME \"Title\"", B::Pathway),
    ("by default", "by default", B::ByDefault),
    ("promises", "promises", B::Promises),
    ("facts", "facts", B::Facts),
    ("distance from home", "distance from home", B::DistanceFromHome),
    ("score", "score NAME \"Title\"", B::Score),
    ("step", "step NAME \"Title\"", B::Step),
    ("wait", "wait NAME \"Title\"", B::Wait),
    ("decide", "decide NAME \"Title\"", B::Decide),
    ("together", "together NAME \"Title\"", B::Together),
    ("repeat", "repeat NAME \"Title\"", B::Repeat),
    ("hand over", "hand over NAME \"Title\"", B::HandOver),
    ("call", "call NAME \"Title\"", B::Call),
    ("positive risk", "positive risk NAME \"Title\"", B::PositiveRisk),
    ("best interests", "best interests NAME \"Title\"", B::BestInterests),
    ("at any time", "at any time NAME \"Title\"", B::AtAnyTime),
    ("anticipate", "anticipate NAME \"Title\"", B::Anticipate),
    ("ending", "ending NAME \"Title\"", B::Ending),
    ("hazard", "hazard NAME \"What may go wrong\"", B::Hazard),
    ("role", "role NAME \"Title\"", B::Role),
    ("directory", "directory NAME \"Title\"", B::Directory),
    ("holidays", "holidays NAME \"Title\"", B::Holidays),
    ("contact", "contact NAME \"Title\"", B::Contact),
    ("meeting", "meeting NAME \"Title\"", B::Meeting),
    ("escalation", "escalation NAME \"Title\"", B::Escalation),
    ("words", "words", B::Words),
    ("scenario", "scenario \"What it shows\"", B::Scenario),
];

/// The word a block starts with, as it is written.
pub(crate) fn written(word: BlockWord) -> &'static str {
    BLOCKS.iter().find(|(_, _, block)| *block == word).map_or("", |(text, _, _)| text)
}

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
        let help = length_help(text, shape.starts);
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

/// A part of the language that is known and not run yet.
pub(super) fn later(place: Place, text: &str) -> Finding {
    let text = &without_comments(text);
    let place = first_line(place, text);
    let message = format!("`{}` is part of the language, and this version of Onward does not run it yet", shown(text));
    Finding::new(Kind::NotYet, place, message)
        .help("nothing here is ignored silently: take it out, or say it with the parts that run (docs/language.md)")
}
