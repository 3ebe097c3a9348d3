//! `onward simulate --ask`: the same as with a person file, asked at the terminal or read from a pipe, a line at a time.

mod model;
mod person;
mod step;

use super::answers::{self, Answered, Terminal};
use super::simulate::{introduce, last_word, open, refused_words, save_case, told_as_json};
use crate::outline::{self, Mark};
use crate::reasons;
use crate::said::{Exit, Format, Said, Stop};
use crate::story::{self, Teller};
use crate::words::{Words, list, lower_the, stop};
use onward::Library;
use onward::calendar::{Length, Moment};
use onward::engine::{EventKind, NextStep, Opening, Refusal, Standing};
use onward::model::{DirectoryId, Name, PathwayId};
use onward::play::Driver;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The library.
    pub library: &'a Library,
    /// The pathway.
    pub pathway: PathwayId,
    /// The directory.
    pub directory: DirectoryId,
    /// Where to save the case at the end.
    pub save: Option<&'a Path>,
}

const HELP: &str = "\
You can answer:
  a number   something happens with that step: it is done, declined, and so on
  time       time passes, and nothing else happens
  record     something is learnt about the person
  model      a model answers what it was asked, or could not
  life       something happens in the person's life: they die, withdraw, move away
  raise      somebody raises what anyone may raise
  correct    something that was recorded was wrong
  take back  somebody takes back what they said
  known      what is known about the person
  why        why the steps above are the next ones; \"why not\" says why others are not
  save       save the case in a file
  quit       stop here";

const WHY: &str = "Why? In a few words; blank to go back.";

/// How the dialogue goes on.
enum Came {
    /// Something may have changed: it says where the case stands.
    On,
    /// Nothing has changed: it asks again.
    Same,
    /// The input has ended.
    End,
}

/// What an answer was, or how the dialogue goes on without one.
macro_rules! answered {
    ($answered:expr) => {
        match $answered {
            Answered::With(it) => it,
            Answered::Back => return Ok(Came::Same),
            Answered::End => return Ok(Came::End),
        }
    };
}
use answered;

/// A dialogue under way.
struct Dialogue<'a> {
    asked: Asked<'a>,
    terminal: Terminal,
    driver: Driver,
    teller: Teller,
    told: usize,
    ladders: BTreeSet<String>,
    /// When what is sent now happened, where it is only recorded now.
    happened: Option<Moment>,
}

/// Asks what happens until the case is closed, somebody quits, or the input ends.
pub fn run(asked: &Asked<'_>, starts: Option<&str>, format: Format) -> Result<Said, Stop> {
    let mut terminal = Terminal::new(format);
    let zone = &asked.library.directory(asked.directory).calendar.zone;
    let starts: Moment = match starts {
        Some(text) => zone.read(text).map_err(|error| Stop::trouble(format!("`--starts`: {error}")))?,
        None => loop {
            let question = "When does it start? In local time, for example 2026-03-02 09:00.";
            let Some(line) = terminal.ask(question) else {
                return Err(Stop::trouble("nothing says when it starts: give --starts \"2026-03-02 09:00\""));
            };
            match zone.read(&line) {
                Ok(moment) => break moment,
                Err(error) => terminal.say(&stop(&error.to_string())),
            }
        },
    };
    let opening = Opening { id: "simulated".to_string(), ..Opening::default() };
    let opened = open(asked.library, asked.pathway, asked.directory, opening, starts);
    let (case, _) =
        opened.map_err(|refusal| Stop::trouble(format!("the case does not open: {}", refusal.in_full())))?;
    let driver = Driver::new(case, starts);
    let mut dialogue = Dialogue {
        asked: *asked,
        terminal,
        driver,
        teller: Teller::quiet(),
        told: 0,
        ladders: BTreeSet::new(),
        happened: None,
    };
    dialogue.go_on()?;
    if let Some(path) = asked.save {
        save_case(path, dialogue.driver.case.record())?;
        dialogue.terminal.say(&format!("The case is saved in `{}`.", path.display()));
    }
    if format == Format::Json {
        return Said::json(&told_as_json(asked.library, &dialogue.driver.case, None)?, Exit::Fine);
    }
    Ok(Said { text: String::new(), exit: Exit::Fine })
}

impl Dialogue<'_> {
    fn go_on(&mut self) -> Result<(), Stop> {
        let mut page = self.terminal.page();
        introduce(&mut page, &self.driver.case);
        self.terminal.show(page);
        self.terminal.say("A question mark, at any question, says what one can answer.");
        let mut stands = true;
        loop {
            let told = self.tell_what_is_new()?;
            if let Standing::Closed(_) = self.driver.case.standing() {
                let last = last_word(&self.driver.case);
                self.terminal.say(&format!("The case is closed, and this is the end. {last}"));
                return Ok(());
            }
            let mut page = self.terminal.page();
            if !told {
                page.blank();
            }
            if stands {
                let now = self.driver.now;
                outline::standing_again(&mut page, &self.driver.case, now, Mark::Numbers, &mut self.ladders);
            }
            self.terminal.show(page);
            if stands {
                self.say_what_models_wait();
            }
            let now = Words::of(&self.driver.case).time(self.driver.now);
            let came =
                match self.terminal.ask(&format!("It is {now}. What happens? A number, or a word; ? says which.")) {
                    Some(line) if matches!(line.to_lowercase().as_str(), "quit" | "q" | "exit") => Came::End,
                    Some(line) => self.take(&line)?,
                    None => Came::End,
                };
            match came {
                Came::On => stands = true,
                Came::Same => stands = false,
                Came::End => return self.leave(),
            }
        }
    }

    /// Says where it stands at the end.
    fn leave(&mut self) -> Result<(), Stop> {
        self.tell_what_is_new()?;
        let mut page = self.terminal.page();
        page.blank();
        if self.terminal.ended() {
            page.line(0, "The input has ended.");
        }
        page.heading(&format!("Where it stands, {}", Words::of(&self.driver.case).time(self.driver.now)));
        outline::standing(&mut page, &self.driver.case, self.driver.now, Mark::Names);
        page.line(0, last_word(&self.driver.case));
        self.terminal.show(page);
        Ok(())
    }

    /// Tells the chapters that were not told yet, and says whether there were any.
    fn tell_what_is_new(&mut self) -> Result<bool, Stop> {
        let mut page = self.terminal.page();
        let (teller, told) = (&mut self.teller, self.told);
        let mut number = 0;
        let told_now = story::replay(self.asked.library, self.driver.case.record(), None, &mut |chapter, case| {
            if number >= told {
                if number == told {
                    page.blank();
                }
                teller.tell(&mut page, chapter, case);
            }
            number += 1;
        });
        told_now.map_err(super::simulate::does_not_hang_together)?;
        self.told = number;
        self.terminal.show(page);
        Ok(number > told)
    }

    fn take(&mut self, line: &str) -> Result<Came, Stop> {
        self.happened = None;
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or("").to_lowercase();
        let rest: Vec<&str> = words.collect();
        let rest = rest.join(" ");
        Ok(match first.as_str() {
            "" => Came::On,
            "?" | "help" => {
                self.terminal.say(HELP);
                Came::Same
            }
            "time" => self.time_passes(&rest)?,
            "record" => self.record()?,
            "model" => self.model()?,
            "life" => self.life()?,
            "raise" => self.raise()?,
            "correct" => self.correct()?,
            "take" if rest == "back" => self.take_back()?,
            "withdraw" => self.take_back()?,
            "known" => {
                let mut page = self.terminal.page();
                page.line(0, "What is known:");
                outline::known(&mut page, &self.driver.case, 0);
                self.terminal.show(page);
                Came::Same
            }
            "why" => self.why(&rest),
            "save" => self.save(&rest),
            number => match number.parse::<usize>().ok().and_then(|number| self.step(number)) {
                Some(step) => self.happens(&step, &rest.to_lowercase())?,
                None => {
                    let shown: String = line.chars().take(60).collect();
                    self.terminal.say(&format!("\"{shown}\" is not one of the answers. A question mark says what is."));
                    Came::Same
                }
            },
        })
    }

    fn steps(&self) -> Vec<NextStep> {
        self.driver.case.next().map_or_else(Vec::new, Vec::from)
    }

    fn step(&self, number: usize) -> Option<NextStep> {
        self.steps().into_iter().nth(number.checked_sub(1)?)
    }

    /// Sends an event. When facts turn out to be missing, asks for them and sends it again.
    fn send(&mut self, event: EventKind, by: Option<Name>) -> Result<Came, Stop> {
        self.send_with(event, by, Vec::new())
    }

    /// The same, with others who were there; asks whether those were without whom it is not done.
    fn send_with(&mut self, event: EventKind, by: Option<Name>, with: Vec<Name>) -> Result<Came, Stop> {
        let refusal = match self.driver.send_late(event.clone(), by.clone(), with.clone(), self.happened) {
            Ok(_) => return Ok(Came::On),
            Err(refusal) => refusal,
        };
        if let Refusal::NotWithout { roles, .. } = &refusal {
            let words = Words::of(&self.driver.case);
            let who: Vec<String> = roles.iter().map(|role| lower_the(&words.role(role))).collect();
            let question = format!("It is not done without {}. Were they there?", list(&who, "and"));
            if answered!(self.terminal.choose(&question, &["Yes".to_string(), "No, so it is not done yet".to_string()]))
                == 0
            {
                return self.send_with(event, by, with.into_iter().chain(roles.iter().cloned()).collect());
            }
            return Ok(Came::On);
        }
        if let (Refusal::MissingFacts { facts: missing, .. }, EventKind::Done { step, mut facts }) = (&refusal, event) {
            let words = Words::of(&self.driver.case);
            let titles = stop(&words.fact_titles(missing));
            self.terminal.say(&format!("It is not done yet. Still to be found, or the reason why not: {titles}"));
            let (more, all) = answered!(self.facts(missing));
            facts.extend(more);
            let again = match all {
                true => Answered::With((EventKind::Done { step, facts }, by)),
                false => self.not_done(facts, by),
            };
            let (event, by) = answered!(again);
            return self.send_with(event, by, with);
        }
        let words = Words::of(&self.driver.case);
        self.terminal.say(&format!("This is refused: {}", stop(&refused_words(words, &refusal))));
        Ok(Came::On)
    }

    /// Lets time go on.
    fn wait(&mut self, after: Length, at_it: bool) -> Result<(), Stop> {
        let until = self.driver.now.plus(after);
        let waited = self.driver.wait_until(until, at_it);
        waited.map(|_| ()).map_err(|refusal| Stop::trouble(refusal.in_full()))
    }

    /// Asks when something happens, and lets that much time go on; or keeps that it happened before, and is only recorded now.
    fn when(&mut self) -> Result<Answered<()>, Stop> {
        let question = "How much later does this happen? For example 5 hours; blank for straight away; or, where it is only \
                        recorded now: 2 hours ago.";
        loop {
            let Some(line) = self.terminal.ask(question) else { return Ok(Answered::End) };
            let (words, ago) = match line.strip_suffix("ago") {
                Some(words) => (words.trim(), true),
                None => (line.as_str(), false),
            };
            match if words.is_empty() && !ago { Ok(Length::ZERO) } else { words.parse::<Length>() } {
                Ok(length) if length >= Length::ZERO && ago => {
                    self.happened = Some(self.driver.now.minus(length));
                    return Ok(Answered::With(()));
                }
                Ok(length) if length >= Length::ZERO => {
                    self.wait(length, false)?;
                    return Ok(Answered::With(()));
                }
                Ok(_) => self.terminal.say("Write a length such as 5 hours; for something earlier, 5 hours ago."),
                Err(error) => self.terminal.say(&stop(&error.to_string())),
            }
        }
    }

    fn time_passes(&mut self, said: &str) -> Result<Came, Stop> {
        let steps = self.steps();
        let due = steps.iter().map(|step| step.due).min();
        let until_due = due.map_or(Length::ZERO, |due| due.since(self.driver.now).max(Length::ZERO));
        let after = match said.parse::<Length>() {
            Ok(length) if length >= Length::ZERO => length,
            _ => {
                let question = "How much time passes? For example 4 hours; blank: until something is due.";
                answered!(answers::length(&mut self.terminal, question, Some(until_due)))
            }
        };
        self.wait(after, true)?;
        Ok(Came::On)
    }

    fn why(&mut self, said: &str) -> Came {
        let mut page = self.terminal.page();
        page.gap();
        let case = &self.driver.case;
        let words = Words::of(case);
        if let Some(rest) = said.strip_prefix("not") {
            let places: Vec<&onward::model::Place> =
                words.pathway.places.iter().filter(|place| case.why(&place.name).is_none()).collect();
            let typed = rest.trim().to_lowercase();
            let named = places.iter().position(|it| *it.name == *typed || it.title.to_lowercase() == typed);
            let titles: Vec<String> = places.iter().map(|place| place.title.clone()).collect();
            let chosen = match named {
                Some(named) => named,
                None => match self.terminal.choose("Why not which of these?", &titles) {
                    Answered::With(chosen) => chosen,
                    Answered::Back => return Came::Same,
                    Answered::End => return Came::End,
                },
            };
            if let Some(why) = places.get(chosen).and_then(|place| case.why_not(&place.name)) {
                reasons::why_not(&mut page, case, &why);
            }
        } else {
            let wanted = said.parse::<usize>().ok();
            let steps = self.steps();
            let steps = steps.iter().enumerate().filter(|(number, _)| wanted.is_none_or(|wanted| wanted == number + 1));
            for (_, step) in steps {
                if let Some(why) = case.why(&step.step) {
                    reasons::why(&mut page, words, &why);
                }
            }
        }
        self.terminal.show(page);
        Came::Same
    }

    fn save(&mut self, said: &str) -> Came {
        let path = match (said.is_empty(), self.asked.save) {
            (false, _) => PathBuf::from(said),
            (true, Some(path)) => path.to_path_buf(),
            (true, None) => match self.terminal.ask("In which file? Blank to go back.") {
                Some(line) if line.is_empty() => return Came::Same,
                Some(line) => PathBuf::from(line),
                None => return Came::End,
            },
        };
        match save_case(&path, self.driver.case.record()) {
            Ok(()) => self.terminal.say(&format!("The case is saved in `{}`.", path.display())),
            Err(Stop::Trouble(words)) => self.terminal.say(&stop(&words)),
            Err(Stop::Said(_)) => {}
        }
        Came::Same
    }
}
