//! What happens with a step that is open: what one can answer, and what an event needs.

use super::{Came, Dialogue, WHY, answered};
use crate::commands::answers::{self, Answered};
use crate::said::Stop;
use crate::words::Words;
use onward::engine::{EventKind, NextStep, Work};
use onward::model::{Answer, Name, PlaceKind};
use std::collections::BTreeMap;

impl Dialogue<'_> {
    /// What can happen with a step: the words one answers with, and what they mean.
    fn can_happen(step: &NextStep) -> Vec<(&'static str, &'static str)> {
        let mut all = match step.work {
            Work::Do => vec![("done", "it is done"), ("declined", "the person declines it")],
            Work::Wait => return Vec::new(),
            Work::BeThere => vec![("declined", "the person does not want to be there")],
            Work::Accept { .. } => vec![
                ("accept", "the receiver accepts"),
                ("refuse", "the receiver declines, and says why"),
                ("declined", "the person declines it"),
            ],
            Work::Decide { ref advice, .. } => {
                let mut all = vec![("decide", "one of the options is chosen")];
                if advice.as_ref().is_some_and(|it| !it.agreed.is_empty()) {
                    all.push(("agree", "somebody who must agree agrees to one of the options"));
                    all.push(("disagree", "somebody who must agree does not"));
                }
                all
            }
            Work::Settle { .. } => vec![("settle", "somebody says what it is")],
            Work::Review { .. } => vec![("reviewed", "somebody has looked at it again")],
        };
        all.push(("cannot", "it cannot be done"));
        if step.escalated_to.is_some() && !step.work.is_beside() {
            all.push(("give", "it is given to somebody else, with a new deadline"));
        }
        all
    }

    pub(super) fn happens(&mut self, step: &NextStep, said: &str) -> Result<Came, Stop> {
        let can = Self::can_happen(step);
        if can.is_empty() {
            self.terminal.say("Nobody does anything there. Answer \"time\", to let it pass.");
            return Ok(Came::Same);
        }
        let mut said = said.to_string();
        let what = loop {
            if let Some((word, _)) = can.iter().find(|(word, _)| *word == said) {
                break *word;
            }
            if !said.is_empty() {
                let all = can.iter().map(|(word, means)| format!("  {word}: {means}")).collect::<Vec<_>>();
                self.terminal.say(&format!("What can happen:\n{}", all.join("\n")));
            }
            let words: Vec<String> = can.iter().map(|(word, _)| (*word).to_string()).collect();
            let list = crate::words::list(&words, "or");
            let Some(line) = self.terminal.ask(&format!("\"{}\": {list}? Blank to go back.", step.title)) else {
                return Ok(Came::End);
            };
            if line.is_empty() {
                return Ok(Came::Same);
            }
            said = match line.to_lowercase().as_str() {
                // As scenarios say it.
                "accepted" => "accept".to_string(),
                "refused" => "refuse".to_string(),
                "decided" => "decide".to_string(),
                "agrees" => "agree".to_string(),
                said => said.to_string(),
            };
        };
        let (event, by) = answered!(self.event(step, what));
        answered!(self.when()?);
        self.send(event, by)
    }

    /// Asks for what an event needs.
    fn event(&mut self, step: &NextStep, what: &str) -> Answered<(EventKind, Option<Name>)> {
        let name = Name::from(&step.id);
        let owner = self.driver.case.shared().role(&step.owner).map(|role| role.name.clone());
        let receiver = if let Work::Accept { by } = &step.work { Some(by.clone()) } else { owner.clone() };
        match what {
            "done" => match self.facts(&step.finds) {
                Answered::With((facts, true)) => Answered::With((EventKind::Done { step: name, facts }, owner)),
                Answered::With((facts, false)) => self.not_done(facts, owner),
                Answered::Back => Answered::Back,
                Answered::End => Answered::End,
            },
            "declined" => {
                let why = self.terminal.perhaps("Why? In the person's words, if they wish to say; blank if not.");
                why.and(|reason| (EventKind::Declined { step: name, reason }, Some("person".into())))
            }
            "cannot" => self.terminal.needed(WHY).and(|reason| (EventKind::Cannot { step: name, reason }, owner)),
            "refuse" => self.terminal.needed(WHY).and(|reason| (EventKind::Refuse { step: name, reason }, receiver)),
            "accept" => {
                let on_condition =
                    matches!(self.kind_of(step), Some(PlaceKind::HandOver(it)) if it.on_condition.is_some());
                let condition = match on_condition {
                    true => self.terminal.perhaps("On a condition? In a few words; blank if there is none."),
                    false => Answered::With(None),
                };
                condition.and(|condition| (EventKind::Accept { step: name, condition }, receiver))
            }
            "decide" => {
                let Work::Decide { options, advice, .. } = &step.work else { return Answered::Back };
                let advice = advice.clone();
                let titles: Vec<String> = options.iter().map(|it| Words::of(&self.driver.case).title(it)).collect();
                let chosen = self.terminal.choose("Which of these?", &titles);
                let option = chosen.then(|chosen| options.get(chosen).cloned().map_or(Answered::Back, Answered::With));
                let terminal = &mut self.terminal;
                option.then(|option| {
                    let id = advice.as_ref().map(|advice| advice.id.clone());
                    let other = advice.filter(|it| it.advises.as_ref().is_some_and(|advised| *advised != option));
                    let Some(advice) = other else {
                        let why = terminal.perhaps("Why? Blank if nothing is said.");
                        return why.and(|reason| {
                            let step = Some(name);
                            (EventKind::Decide { step, option, advice: id, otherwise: None, reason }, owner)
                        });
                    };
                    let codes: Vec<String> = advice.otherwise.iter().map(|it| onward::model::in_words(it)).collect();
                    let code = terminal.choose("That is not what is advised. Why?", &codes);
                    code.then(|code| {
                        let otherwise = advice.otherwise.get(code).cloned();
                        terminal.needed("In a few words?").and(|why| {
                            let (step, reason) = (Some(name), Some(why));
                            (EventKind::Decide { step, option, advice: id, otherwise, reason }, owner)
                        })
                    })
                })
            }
            "agree" | "disagree" => self.agreement(step, what == "agree"),
            "settle" => {
                let Work::Settle { fact, .. } = &step.work else { return Answered::Back };
                match self.facts(std::slice::from_ref(fact)) {
                    Answered::With((facts, _)) => match facts.get(fact) {
                        Some(Answer::Value(value)) => {
                            let (fact, value) = (fact.clone(), value.clone());
                            Answered::With((EventKind::Settle { fact, value, reason: None }, owner))
                        }
                        _ => Answered::Back,
                    },
                    Answered::Back => Answered::Back,
                    Answered::End => Answered::End,
                }
            }
            "reviewed" => {
                let found = self.terminal.needed("What was found, and what is done about it?");
                found.and(|reason| (EventKind::Reviewed { step: name, reason }, owner))
            }
            _ => self.give(name),
        }
    }

    /// Asks who agrees to which option, or does not agree, and why.
    fn agreement(&mut self, step: &NextStep, agrees: bool) -> Answered<(EventKind, Option<Name>)> {
        let Work::Decide { options, advice: Some(advice), .. } = &step.work else { return Answered::Back };
        let roles: Vec<Name> = advice.agreed.iter().map(|it| it.role.clone()).collect();
        let words = Words::of(&self.driver.case);
        let people: Vec<String> = roles.iter().map(|role| words.role(role)).collect();
        let titles: Vec<String> = options.iter().map(|option| words.title(option)).collect();
        let terminal = &mut self.terminal;
        let chosen = terminal.choose("Who?", &people);
        let role = chosen.then(|chosen| roles.get(chosen).cloned().map_or(Answered::Back, Answered::With));
        role.then(|role| {
            let (step, advice, by) = (Some(Name::from(&step.id)), Some(advice.id.clone()), Some(role.clone()));
            if !agrees {
                return terminal.needed(WHY).and(|reason| (EventKind::Disagree { step, role, reason, advice }, by));
            }
            let chosen = terminal.choose("To which of these?", &titles);
            let option = chosen.then(|chosen| options.get(chosen).cloned().map_or(Answered::Back, Answered::With));
            option.and(|option| (EventKind::Agree { step, role, option, advice }, by))
        })
    }

    /// Asks to whom something is given, for how long and why.
    fn give(&mut self, step: Name) -> Answered<(EventKind, Option<Name>)> {
        let roles = &self.driver.case.shared().roles;
        let (names, titles): (Vec<Name>, Vec<String>) =
            roles.iter().map(|role| (role.name.clone(), role.title.clone())).unzip();
        let chosen = self.terminal.choose("To whom?", &titles);
        let to = chosen.then(|chosen| names.get(chosen).cloned().map_or(Answered::Back, Answered::With));
        let terminal = &mut self.terminal;
        to.then(|to| {
            let within =
                answers::length(terminal, "How long do they have? For example 4 hours; blank to go back.", None);
            within.then(|within| {
                let why = terminal.perhaps("Why? Blank if nothing is said.");
                why.and(|reason| (EventKind::Reassign { step, to, within, reason }, None))
            })
        })
    }

    fn kind_of(&self, step: &NextStep) -> Option<PlaceKind> {
        let pathway = &self.driver.case.program().pathway;
        pathway.place_named(&step.step).map(|id| pathway.place(id).kind.clone())
    }

    /// A step is not done while something it should find is left open; what was found is recorded all the same.
    pub(super) fn not_done(
        &mut self,
        facts: BTreeMap<Name, Answer>,
        by: Option<Name>,
    ) -> Answered<(EventKind, Option<Name>)> {
        self.terminal.say("So it is not done, and still open: it needs every answer, or the reason why there is none.");
        if facts.is_empty() {
            return Answered::Back;
        }
        self.terminal.say("What was found is recorded.");
        Answered::With((EventKind::Record { facts }, by))
    }

    /// Asks for facts, one by one, and says whether there is an answer for each.
    pub(super) fn facts(&mut self, names: &[Name]) -> Answered<(BTreeMap<Name, Answer>, bool)> {
        let mut found = BTreeMap::new();
        let mut all = true;
        for name in names {
            let words = Words::of(&self.driver.case);
            let Some(fact) = words.fact(name) else { continue };
            match answers::fact(&mut self.terminal, words, fact) {
                Answered::With(answer) => {
                    found.insert(name.clone(), answer);
                }
                Answered::Back => all = false,
                Answered::End => return Answered::End,
            }
        }
        Answered::With((found, all))
    }
}
