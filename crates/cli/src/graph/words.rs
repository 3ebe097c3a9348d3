//! Words: what a way out is called, how wide text is, where it wraps, and how it is escaped.

use super::picture::{Picture, Why};
use onward::model::{Exit, Pass, PlaceKind, RoleId, RouteId, Target};

/// `first_visit` as people write it: `first visit`.
pub fn spaced(words: &str) -> String {
    words.replace('_', " ")
}

/// The first words, up to so many letters, with `…` where more would follow.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let cut = match cut.rsplit_once(' ') {
        Some((words, last)) if last.chars().count() < 10 => words,
        _ => cut.as_str(),
    };
    format!("{}…", cut.trim_end_matches([' ', ',', ':', ';', '.']))
}

/// A title cut short: at the first colon, if one stands early enough.
fn brief(title: &str, most: usize) -> String {
    match title.split_once(": ") {
        Some((before, _)) if (6..=most).contains(&before.chars().count()) => before.to_string(),
        _ => short(title, most),
    }
}

/// What a way out of a box is called.
pub fn called(picture: &Picture<'_>, item: usize, why: Why) -> String {
    let kind = &picture.pathway.place(picture.items[item].place).kind;
    match (why, kind) {
        (Why::Row(_), kind) if kind.passes().is_some() => String::new(),
        (Why::Row(row), PlaceKind::Decide(decide)) => {
            if decide.has_none_of_these && row + 1 == decide.rows.len() {
                return "none of these".into();
            }
            decide.rows.get(row).map_or(String::new(), |row| spaced(&row.condition.words))
        }
        (Why::Row(_), _) => String::new(),
        (Why::NotKnown, _) => "not known yet".into(),
        (Why::Done, PlaceKind::HandOver(_)) => "accepted".into(),
        (Why::Done, PlaceKind::Together(together)) => match together.first {
            Some(first) => format!("{first} done"),
            None => "all done".into(),
        },
        (Why::Done, _) => "done".into(),
        (Why::NotAllDone, PlaceKind::Together(together)) => match together.first {
            Some(first) => format!("fewer than {first} done"),
            None => "not all done".into(),
        },
        (Why::NotAllDone, _) => "not all done".into(),
        (Why::Until, PlaceKind::Repeat(repeat)) => {
            repeat.until.as_ref().map_or(String::new(), |(until, _)| format!("as soon as {}", spaced(&until.words)))
        }
        (Why::Until, _) => String::new(),
        (Why::AfterLast, PlaceKind::Repeat(repeat)) => format!("after {} times", repeat.times),
        (Why::AfterLast, _) => String::new(),
        (Why::Disagreed, _) => "they disagree".into(),
        (Why::Declined, _) => "declined by the receiver".into(),
        (Why::OnCondition, _) => "accepted on a condition".into(),
        (Why::Ends(place), _) => match picture.pathway.place(place).kind.passes() {
            Some(Pass::Ends { ending, .. }) => format!("ends in {}", spaced(ending)),
            _ => String::new(),
        },
        (Why::Begins, _) => "side by side".into(),
        (Why::Exit(exit), _) => otherwise(exit).into(),
    }
}

/// A way of ending, as it is said in a drawing.
pub fn otherwise(exit: Exit) -> &'static str {
    match exit {
        Exit::Died => "the person dies",
        Exit::Withdrew => "the person withdraws",
        Exit::CannotBeReached => "the person cannot be reached",
        Exit::MovedAway => "the person moves away",
        other => other.in_words(),
    }
}

/// How a place is named in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `7`: a line leads there.
    Number,
    /// `7 Visit over a cup of tea`, cut short.
    Short,
    /// `7 Visit over a cup of tea`.
    Full,
}

/// Where a route leads, and where it leads when it is used up. `first` is how the first target is named.
pub fn leads(picture: &Picture<'_>, route: RouteId, first: Naming, rest: Naming) -> String {
    let mut words = String::new();
    let mut naming = first;
    for (_, route) in picture.pathway.route_chain(route) {
        match route.target {
            Target::Place(place) => match &picture.pathway.place(place).kind {
                PlaceKind::Choose(choose) => {
                    words += &format!("{} {} decides", picture.number(place), picture.role_short(choose.role));
                    if naming == Naming::Full {
                        words += &format!(" within {}", choose.within);
                    }
                }
                _ => {
                    words += picture.number(place);
                    let title = &picture.pathway.place(place).title;
                    match naming {
                        Naming::Number => {}
                        Naming::Short => words += &format!(" {}", brief(title, 34)),
                        Naming::Full => words += &format!(" {title}"),
                    }
                }
            },
            Target::Escalate(ladder) => {
                words += &format!("escalate to {}", spaced(&picture.pathway.ladder(ladder).name))
            }
            Target::Back => words += "back to the decision",
            Target::NotDone => words += "it counts as not done",
        }
        if naming == Naming::Full
            && let Some(why) = &route.why
        {
            words += &format!(", because {why}");
        }
        if let Some((counter, _)) = route.counted {
            let limit = picture.pathway.counters.get(counter.index()).map_or(0, |counter| counter.limit);
            words += &format!(" ({}), then ", at_most(limit));
        }
        naming = rest;
    }
    words
}

/// How often a counted way may be taken.
pub fn at_most(limit: u32) -> String {
    if limit == 1 { "at most once".into() } else { format!("at most {limit} times") }
}

/// The titles of roles, as a list.
pub fn roles(picture: &Picture<'_>, roles: &[RoleId]) -> String {
    roles.iter().map(|role| picture.role_short(*role)).collect::<Vec<_>>().join(", ")
}

/// The width of a letter in thousandths of the size of the type: on the wide side, so that text fits in any common
/// typeface without serifs.
fn letter(letter: char) -> i64 {
    match letter {
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{300}'..='\u{36f}' => 0,
        'i' | 'j' | 'l' | '\'' | '|' | ' ' | '.' | ',' | ':' | ';' | 'I' | '!' => 330,
        'f' | 't' | 'r' | '(' | ')' | '/' | '-' | '"' | '[' | ']' => 430,
        'c' | 's' | 'z' | 'x' | 'v' | 'y' | 'k' => 590,
        'm' | 'M' | 'W' | '%' | '@' | '…' | '→' => 1000,
        'w' | '+' | '<' | '>' | '=' => 840,
        'A'..='Z' => 760,
        '\u{21}'..='\u{7e}' => 640,
        '\u{a0}'..='\u{2ff}' => 720,
        '\u{370}'..='\u{10ff}' => 800,
        '\u{2000}'..='\u{206f}' => 600,
        '\u{1f000}'.. => 1400,
        _ => 1100,
    }
}

/// How wide text is, rounded up, at that size.
pub fn width(text: &str, size: i64, bold: bool) -> i64 {
    let em: i64 = text.chars().map(letter).sum();
    (em * size * if bold { 110 } else { 100 } + 99_999) / 100_000
}

/// Wraps text into lines no wider than `room`; at most so many lines, the last ending in `…` if there was more.
pub fn wrap(text: &str, room: i64, size: i64, bold: bool, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        let joined = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if width(&joined, size, bold) <= room {
            lines.pop();
            lines.push(joined);
            continue;
        }
        if line.is_empty() {
            lines.pop();
        }
        // A word wider than the line is broken where it must be.
        let mut part = String::new();
        for letter in word.chars() {
            part.push(letter);
            if width(&part, size, bold) > room && part.chars().count() > 1 {
                part.pop();
                lines.push(std::mem::take(&mut part));
                part.push(letter);
            }
        }
        lines.push(part);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(&format!("{last}…"), size, bold) > room && last.pop().is_some() {}
            *last = format!("{}…", last.trim_end_matches([' ', ',', ':', ';']));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Text as it may stand in XML, in quotes too. What XML cannot hold becomes a space.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
