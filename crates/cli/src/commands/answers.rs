//! Questions at the terminal and their answers, a line each. Read from a pipe they work the same.

use crate::page::{Page, clean};
use crate::reasons::who_can_say;
use crate::said::{self, Format};
use crate::words::{Words, said as words_said};
use onward::calendar::Length;
use onward::model::{Answer, Domain, Fact};
use std::io::{BufRead, IsTerminal, Read};

/// The longest line that is read.
const LONGEST: u64 = 1 << 16;
/// How much of a line that was read from a pipe is shown again.
const LONGEST_ECHO: usize = 200;

/// Where questions are asked: standard output, or standard error when standard output is for programs.
#[derive(Debug)]
pub struct Terminal {
    aside: bool,
    echo: bool,
    colour: bool,
    ended: bool,
}

/// What came of a question.
#[derive(Debug)]
pub enum Answered<T> {
    /// This.
    With(T),
    /// Nothing: back to the question before.
    Back,
    /// The input has ended.
    End,
}

impl<T> Answered<T> {
    /// The answer made into something else.
    pub fn and<U>(self, make: impl FnOnce(T) -> U) -> Answered<U> {
        self.then(|it| Answered::With(make(it)))
    }

    /// The next question, where this one was answered.
    pub fn then<U>(self, next: impl FnOnce(T) -> Answered<U>) -> Answered<U> {
        match self {
            Answered::With(it) => next(it),
            Answered::Back => Answered::Back,
            Answered::End => Answered::End,
        }
    }
}

impl Terminal {
    /// The terminal for an answer in that format.
    pub fn new(format: Format) -> Terminal {
        let aside = format == Format::Json;
        let to_terminal = if aside { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
        Terminal { aside, echo: !std::io::stdin().is_terminal(), colour: said::in_colour(to_terminal), ended: false }
    }

    /// Whether the input has ended.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// An empty page.
    pub fn page(&self) -> Page {
        Page::new(self.colour)
    }

    /// Shows a page.
    pub fn show(&mut self, page: Page) {
        self.put(&page.text());
    }

    /// Says something.
    pub fn say(&mut self, words: &str) {
        let mut page = self.page();
        for line in words.lines() {
            if line.starts_with(' ') { page.verbatim(0, line) } else { page.line(0, line) }
        }
        self.show(page);
    }

    fn put(&self, text: &str) {
        if self.aside {
            said::complain(text);
        } else {
            said::write(text);
        }
    }

    /// Asks, and reads a line; nothing when the input has ended.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        self.say(question);
        self.put("> ");
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(LONGEST).read_until(b'\n', &mut bytes);
        if read.is_err() || bytes.is_empty() {
            self.put("\n");
            self.ended = true;
            return None;
        }
        let line = String::from_utf8_lossy(&bytes).trim().to_string();
        if self.echo {
            let shown: String = clean(&line).chars().take(LONGEST_ECHO).collect();
            self.put(&format!("{shown}\n"));
        }
        Some(line)
    }

    /// Asks for one of a list, by its number or its title.
    pub fn choose(&mut self, question: &str, titles: &[String]) -> Answered<usize> {
        let mut page = self.page();
        page.line(0, question);
        for (number, title) in titles.iter().enumerate() {
            page.item(2, &format!("{}. ", number + 1), title);
        }
        self.show(page);
        loop {
            let Some(line) = self.ask("A number; blank to go back.") else { return Answered::End };
            if line.is_empty() {
                return Answered::Back;
            }
            let same = |title: &String| title.to_lowercase() == line.to_lowercase();
            let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            match number.filter(|number| *number < titles.len()).or_else(|| titles.iter().position(same)) {
                Some(found) => return Answered::With(found),
                None => self.say(&format!("Answer with a number from 1 to {}.", titles.len())),
            }
        }
    }

    /// Asks for something that may be left blank.
    pub fn perhaps(&mut self, question: &str) -> Answered<Option<String>> {
        loop {
            match self.ask(question).as_deref() {
                Some("?") => self.say("Answer in your own words, or leave it blank."),
                Some(line) => return Answered::With((!line.is_empty()).then(|| line.to_string())),
                None => return Answered::End,
            }
        }
    }

    /// Asks for something that is needed; blank goes back.
    pub fn needed(&mut self, question: &str) -> Answered<String> {
        loop {
            match self.ask(question).as_deref() {
                Some("?") => self.say("Answer in your own words; blank goes back."),
                Some("") => return Answered::Back,
                Some(line) => return Answered::With(line.to_string()),
                None => return Answered::End,
            }
        }
    }
}

/// Asks for a length of time.
pub fn length(terminal: &mut Terminal, question: &str, blank: Option<Length>) -> Answered<Length> {
    loop {
        let Some(line) = terminal.ask(question) else { return Answered::End };
        if line.is_empty() {
            return blank.map_or(Answered::Back, Answered::With);
        }
        match line.parse::<Length>() {
            Ok(length) if length >= Length::ZERO => return Answered::With(length),
            Ok(_) => terminal.say("Time does not go back; write a length such as 5 hours."),
            Err(error) => terminal.say(&crate::words::stop(&error.to_string())),
        }
    }
}

/// Asks for a fact. A blank line means that it is not known; then the reason is asked for, and a blank line there
/// leaves it open.
pub fn fact(terminal: &mut Terminal, words: Words<'_>, fact: &Fact) -> Answered<Answer> {
    loop {
        let wanted = match &fact.domain {
            Domain::Text => "in words".to_string(),
            Domain::OneOf(_) | Domain::SeveralOf(_) => words_said(&words.wanted(fact)),
            _ => words.wanted(fact),
        };
        let Some(line) = terminal.ask(&format!("{}: {wanted}? Blank if it is not known.", fact.title)) else {
            return Answered::End;
        };
        match line.as_str() {
            "" => return why_not(terminal, fact),
            "?" => {
                let who = who_can_say(words, &fact.name);
                terminal.say(&format!(
                    "Answer {}{who}.",
                    if fact.domain == Domain::Text { wanted } else { format!("with {wanted}") }
                ));
                continue;
            }
            _ => {}
        }
        let value = as_written(&fact.domain, &line);
        match fact.domain.read(&value, Some(&words.directory.calendar.zone)) {
            Ok(_) => return Answered::With(Answer::Value(value)),
            Err(error) => terminal.say(&crate::words::stop(&error.to_string())),
        }
    }
}

fn why_not(terminal: &mut Terminal, fact: &Fact) -> Answered<Answer> {
    loop {
        let question = format!(
            "Why is \"{}\" not known? 1: it could not be found. 2: the person declined to say. 3: it does not apply. Add a few \
             words if you like: 1 the therapist has gone home. Blank to leave it open.",
            fact.title
        );
        let Some(line) = terminal.ask(&question) else { return Answered::End };
        if line.is_empty() {
            return Answered::Back;
        }
        let (number, why) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        let why = why.trim().to_string();
        match number.trim_end_matches([':', '.']) {
            "1" => return Answered::With(Answer::CouldNot(why)),
            "2" => return Answered::With(Answer::Declined(why)),
            "3" => return Answered::With(Answer::NotApplicable(why)),
            _ => terminal.say("Answer with 1, 2 or 3."),
        }
    }
}

/// What somebody typed, as it is written in a pathway: `Somewhere else` is `somewhere_else`, `y` is `yes`.
fn as_written(domain: &Domain, line: &str) -> String {
    let option = |words: &str| words.trim().to_lowercase().replace([' ', '-'], "_");
    match domain {
        Domain::YesOrNo => match line.to_lowercase().as_str() {
            "y" | "yes" => "yes".to_string(),
            "n" | "no" => "no".to_string(),
            _ => line.to_string(),
        },
        Domain::OneOf(_) => option(line),
        Domain::SeveralOf(_) => {
            let line = line.to_lowercase();
            let parts = line.split(',').flat_map(|part| part.split(" and ")).map(option);
            match line.trim() {
                "none" | "none of them" => "none_of_them".to_string(),
                _ => parts.collect::<Vec<_>>().join(" and "),
            }
        }
        _ => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onward::model::Name;

    #[test]
    fn what_is_typed_becomes_what_is_written() {
        let options = vec![Name::from("own_routines"), Name::from("walks_alone")];
        assert_eq!(as_written(&Domain::YesOrNo, "Y"), "yes");
        assert_eq!(as_written(&Domain::OneOf(options.clone()), "Own routines"), "own_routines");
        assert_eq!(
            as_written(&Domain::SeveralOf(options.clone()), "walks alone, own_routines"),
            "walks_alone and own_routines"
        );
        assert_eq!(as_written(&Domain::SeveralOf(options), "None"), "none_of_them");
        assert_eq!(as_written(&Domain::Text, "Her cat"), "Her cat");
    }
}
