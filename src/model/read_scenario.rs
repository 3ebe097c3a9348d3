//! Scenarios, from words to people we have thought about.

use super::build::{Builder, pick};
use super::pathway::Pathway;
use super::place_kind::PlaceKind;
use super::read_condition::{Speaks, value_finding};
use super::scenario::{Answer, Expectation, Given, Happening, Line, Scenario, What};
use super::symbols::{self, place};
use super::value::Domain;
use super::{DirectoryId, Exit, Name, PathwayId};
use crate::calendar::{Length, Moment, Zone};
use crate::diagnostic::{Finding, Kind, nearest, surely_meant};
use crate::syntax::tree::{self, Assignment, Block, ClauseKind, Literal, LiteralKind, Outcome, Word};

/// What a name in a scenario must be.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    /// Anything that can be open.
    Open,
    Decision,
    Ending,
    HandOver,
    Risk,
    Anything,
}

impl Builder<'_> {
    pub(super) fn scenario(&mut self, file: usize, block: &Block) -> Option<Scenario> {
        let on = self.one(file, block, "on", pick!(On));
        let on =
            self.needed(file, block, Kind::MissingClause, "which pathway it is about", "write `on PATHWAY`", on)?;
        let found = self.symbols.look_up(&[symbols::What::Pathway], file, on, &mut self.findings);
        let pathway = PathwayId(found?.1);
        let starts = self.one(file, block, "starts", pick!(Starts));
        let help = "write `starts 2026-03-02 09:00`";
        let starts = self.needed(file, block, Kind::MissingClause, "when it starts", help, starts)?;
        let (directory, zone) = self.scenario_directory(file, on, pathway)?;
        let starts = self.moment(file, starts, &zone)?;
        let mut knowing = Vec::new();
        let mut lines = Vec::new();
        let before = self.findings.len();
        // Taken out for a moment, so that names can be looked up in it while findings are added.
        let it = self.pathways.get(pathway.index())?.clone()?;
        for clause in &block.clauses {
            let at = place(file, clause.at);
            match &clause.kind {
                ClauseKind::Knowing(all) => knowing.extend(self.given(file, all, &zone)),
                ClauseKind::Happening(happening) => {
                    lines.extend(self.happening(file, &it, happening, &zone).map(|it| (Line::Happens(it), at)));
                }
                ClauseKind::TheRest => lines.push((Line::TheRest, at)),
                ClauseKind::Expect(expectation) => {
                    lines.extend(self.expectation(file, &it, expectation, &zone).map(|it| (Line::Expect(it), at)));
                }
                _ => {}
            }
        }
        let title = block.title.as_ref().map_or(String::new(), |title| title.text.clone());
        let whole = self.findings.len() == before;
        whole.then(|| Scenario { title, at: place(file, block.head()), pathway, directory, starts, knowing, lines })
    }

    fn scenario_directory(&mut self, file: usize, on: &Word, pathway: PathwayId) -> Option<(DirectoryId, Zone)> {
        let own = self.directory_for(file, None);
        let directory =
            own.or_else(|| self.pathways.get(pathway.index()).and_then(Option::as_ref).and_then(|it| it.tested_with));
        if directory.is_none() {
            let message = "nothing says which directory of contacts this scenario runs with";
            self.findings.push(
                Finding::new(Kind::BadScenario, place(file, on.at), message)
                    .help("write `tested with \"folder/directory.pathway\"` below the pathway's header, or `use` one directory here"),
            );
        }
        let directory = directory?;
        Some((directory, self.directories[directory.index()].calendar.zone.clone()))
    }

    fn moment(&mut self, file: usize, it: &Literal, zone: &Zone) -> Option<Moment> {
        match zone.read(&it.text) {
            Ok(moment) => Some(moment),
            Err(error) => {
                self.findings.push(Finding::new(Kind::NoSuchTime, place(file, it.at), error.to_string()));
                None
            }
        }
    }

    /// Facts that are given, each checked against its domain.
    fn given(&mut self, file: usize, all: &[Assignment], zone: &Zone) -> Vec<Given> {
        let mut given: Vec<Given> = Vec::new();
        for it in all {
            let Some(id) = self.must_be_found(file, &it.name) else { continue };
            let domain = self.facts[id.index()].domain.clone();
            let text = it.values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(" and ");
            let Some(first) = it.values.first() else { continue };
            let quoted = first.kind == LiteralKind::Text;
            let error = match &domain {
                Domain::Text if quoted => None,
                Domain::Text => Some("is the person's own words; write them between quotation marks".to_string()),
                Domain::Document if quoted || text == "none" => None,
                Domain::Document => {
                    Some("is a document; write what refers to it between quotation marks, or `none`".to_string())
                }
                _ if quoted => Some(format!("is {}, not a text between quotation marks", domain.in_words())),
                _ => None,
            };
            if let Some(error) = error {
                let message = format!("`{}` {error}", it.name.text);
                self.findings.push(Finding::new(Kind::WrongType, place(file, first.at), message));
                continue;
            }
            if let Err(error) = domain.read(&text, Some(zone)) {
                let literal = Literal { text: text.clone(), ..first.clone() };
                self.findings.push(value_finding(file, &it.name.text, &literal, &error));
                continue;
            }
            if given.iter().any(|other| other.fact == it.name.text.as_str()) {
                let message = format!("`{}` is given twice", it.name.text);
                self.findings.push(Finding::new(Kind::SaidTwice, place(file, it.name.at), message));
            }
            given.push(Given { fact: Name::from(&it.name.text), answer: Answer::Value(text) });
        }
        given
    }

    fn happening(&mut self, file: usize, pathway: &Pathway, it: &tree::Happening, zone: &Zone) -> Option<Happening> {
        let mut facts = self.given(file, &it.finding, zone);
        // Of a positive risk: by whoever is asked then.
        let decided = |risk: &Word, option: &str| {
            let step = Some(Name::from(&risk.text));
            What::Decides { step, option: Name::from(option), otherwise: None }
        };
        let what = match &it.what {
            tree::What::Nothing => What::Nothing,
            tree::What::Learn(all) => {
                facts = self.given(file, all, zone);
                What::Record
            }
            tree::What::ModelAnswers(model, it) => {
                facts = self.given(file, std::slice::from_ref(it), zone);
                What::Model(self.model_of(file, model, &it.name)?)
            }
            tree::What::ModelCannot(model, fact) => {
                let why = it.because.as_ref().map_or("could not be found", |text| &text.text).to_string();
                facts = vec![Given { fact: Name::from(&fact.text), answer: Answer::CouldNot(why) }];
                What::Model(self.model_of(file, model, fact)?)
            }
            tree::What::Done(name) => What::Done(self.named(file, pathway, name, Wanted::Open)?),
            tree::What::PersonDeclines(name) => What::PersonDeclines(self.named(file, pathway, name, Wanted::Open)?),
            tree::What::Cannot(name) => What::Cannot(self.named(file, pathway, name, Wanted::Open)?),
            tree::What::Accepted(name) if self.is_risk(pathway, name) => decided(name, "accepted"),
            tree::What::Declined(name) if self.is_risk(pathway, name) => decided(name, "not_accepted"),
            tree::What::Withdrawn(name) if self.is_risk(pathway, name) => What::Withdrawn(Name::from(&name.text)),
            tree::What::Withdrawn(name) => {
                self.named(file, pathway, name, Wanted::Risk)?;
                return None;
            }
            tree::What::Agrees(role, option) if self.is_risk(pathway, option) => {
                self.role(file, role)?;
                let step = Some(Name::from(&option.text));
                What::Agrees { step, role: Name::from(&role.text), option: Name::from("accepted") }
            }
            tree::What::Accepted(name) => What::Accepted(self.named(file, pathway, name, Wanted::HandOver)?),
            tree::What::Declined(name) => What::Declined(self.named(file, pathway, name, Wanted::HandOver)?),
            tree::What::Raised(name) => What::Raised(self.raised(file, pathway, name)?),
            tree::What::Decides(role, option) => {
                self.role(file, role)?;
                let option = self.named(file, pathway, option, Wanted::Anything)?;
                let otherwise = it.code.as_ref().map(|code| Name::from(&code.text));
                What::Decides { step: None, option, otherwise }
            }
            tree::What::Agrees(role, option) => {
                self.role(file, role)?;
                let option = self.named(file, pathway, option, Wanted::Anything)?;
                What::Agrees { step: None, role: Name::from(&role.text), option }
            }
            tree::What::Disagrees(role) => {
                self.role(file, role)?;
                What::Disagrees { step: None, role: Name::from(&role.text) }
            }
            tree::What::Reassigned(name, to, within) => {
                self.role(file, to)?;
                What::Reassigned {
                    step: self.named(file, pathway, name, Wanted::Open)?,
                    to: Name::from(&to.text),
                    within: Length::from_seconds(within.seconds),
                }
            }
            tree::What::Settled(it) => {
                facts = vec![self.settled_as(file, it, zone)?];
                What::Settled(Name::from(&it.name.text))
            }
            tree::What::Life(outcome) => What::Life(match outcome {
                Outcome::Died => Exit::Died,
                Outcome::Withdrew => Exit::Withdrew,
                Outcome::Unreachable => Exit::CannotBeReached,
                Outcome::MovedAway => Exit::MovedAway,
                _ => Exit::OpenedInError,
            }),
        };
        if let Some(code) = &it.code {
            self.is_code(file, pathway, code, &what)?;
        }
        let because = it.because.as_ref().map(|text| text.text.clone());
        for name in &it.without {
            if self.must_be_found(file, name).is_some() {
                let why = because.clone().unwrap_or_else(|| "could not be found".to_string());
                facts.push(Given { fact: Name::from(&name.text), answer: Answer::CouldNot(why) });
            }
        }
        let by = match (&it.by, &it.what) {
            (Some(by), _) => Some(by),
            (None, tree::What::Decides(role, _) | tree::What::Agrees(role, _) | tree::What::Disagrees(role)) => {
                Some(role)
            }
            _ => None,
        };
        if let Some(by) = &it.by {
            self.role(file, by)?;
            self.says_who_once(file, by, &it.what)?;
        }
        for name in &it.with {
            self.role(file, name)?;
        }
        Some(Happening {
            after: it.after.as_ref().map_or(Length::ZERO, |after| Length::from_seconds(after.seconds)),
            what,
            facts,
            by: by.map(|by| Name::from(&by.text)),
            with: it.with.iter().map(|name| Name::from(&name.text)).collect(),
            because,
            condition: it.condition.as_ref().map(|text| text.text.clone()),
        })
    }

    /// Whether `by` says of what a role decides or agrees to that it was somebody else.
    fn says_who_once(&mut self, file: usize, by: &Word, what: &tree::What) -> Option<()> {
        let (tree::What::Decides(role, _) | tree::What::Agrees(role, _) | tree::What::Disagrees(role)) = what else {
            return Some(());
        };
        if role.text == by.text {
            return Some(());
        }
        let message = format!("it says that it is `{}`, and `by {}`", role.text, by.text);
        let finding = Finding::new(Kind::SaidTwice, place(file, by.at), message);
        let help = "who decides, agrees or disagrees stands in front: leave out `by` and what follows";
        self.findings.push(finding.and(place(file, role.at), "and it is said here").help(help));
        None
    }

    /// The model that finds a fact, as the scenario calls it.
    fn model_of(&mut self, file: usize, model: &tree::Text, fact: &Word) -> Option<Name> {
        let id = self.must_be_found(file, fact)?;
        let found = self.facts[id.index()].model.as_ref().map(|it| it.model.clone());
        if found.as_ref().is_some_and(|it| *it == model.text.as_str()) {
            return found;
        }
        let message = match found {
            Some(found) => format!("`{}` is found by the model `{found}`, not by `{}`", fact.text, model.text),
            None => format!("`{}` is found by no model", fact.text),
        };
        self.findings.push(Finding::new(Kind::BadScenario, place(file, model.at), message));
        None
    }

    /// What a disputed fact is settled as.
    fn settled_as(&mut self, file: usize, it: &Assignment, zone: &Zone) -> Option<Given> {
        let given = self.given(file, std::slice::from_ref(it), zone).pop()?;
        let id = self.symbols.find(symbols::What::Fact, &it.name.text)?;
        if self.facts.get(id as usize).is_some_and(|fact| fact.arbiter.is_some()) {
            return Some(given);
        }
        let message = format!("`{}` does not say whom one asks if it is disputed", it.name.text);
        self.findings.push(
            Finding::new(Kind::BadScenario, place(file, it.name.at), message)
                .help("write `if disputed ask ROLE within 1 day` behind the fact"),
        );
        None
    }

    /// Whether a code is one that some decision lists, behind something that is decided.
    fn is_code(&mut self, file: usize, pathway: &Pathway, code: &Word, what: &What) -> Option<()> {
        let advice = pathway.places.iter().filter_map(|place| match &place.kind {
            PlaceKind::Decide(decide) => decide.advice.as_ref(),
            _ => None,
        });
        let codes: Vec<&str> = advice.flat_map(|advice| &advice.otherwise).map(Name::as_str).collect();
        let decides = matches!(what, What::Decides { .. });
        if decides && codes.contains(&code.text.as_str()) {
            return Some(());
        }
        let message = match decides {
            true => format!("no decision lists `{}` behind `otherwise because`", code.text),
            false => format!("only a decision is taken otherwise than advised, so `{}` says nothing here", code.text),
        };
        let mut finding = Finding::new(Kind::BadScenario, place(file, code.at), message);
        if let Some(near) = nearest(&code.text, codes).first().filter(|_| decides) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        self.findings.push(finding);
        None
    }

    /// Whether a name is that of a positive risk of the pathway.
    fn is_risk(&self, pathway: &Pathway, word: &Word) -> bool {
        pathway.risks.iter().any(|risk| risk.name == word.text.as_str())
    }

    /// The name of something that anyone may raise.
    fn raised(&mut self, file: usize, pathway: &Pathway, word: &Word) -> Option<Name> {
        let found = pathway.interrupts.iter().find(|it| it.name == word.text.as_str());
        if let Some(it) = found.filter(|it| it.anyone_may_raise) {
            return Some(it.name.clone());
        }
        let message = match found {
            Some(_) => format!("`{}` does not say `anyone may raise it`", word.text),
            None => format!("nothing in `{}` that happens at any time is called `{}`", pathway.name, word.text),
        };
        let finding = Finding::new(Kind::BadScenario, place(file, word.at), message);
        let names = pathway.interrupts.iter().filter(|it| it.anyone_may_raise).map(|it| it.name.as_str());
        self.findings.push(match nearest(&word.text, names).first() {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        });
        None
    }

    /// The name of a place of the pathway.
    fn named(&mut self, file: usize, pathway: &Pathway, word: &Word, wanted: Wanted) -> Option<Name> {
        if word.text.is_empty() {
            return None;
        }
        let here = place(file, word.at);
        let Some(id) = pathway.place_named(&word.text) else {
            let message = format!("`{}` has no `{}`", pathway.name, word.text);
            let finding = Finding::new(Kind::BadScenario, here, message);
            let names = || pathway.places.iter().map(|place| place.name.as_str()).filter(|name| !name.contains('/'));
            let finding = match nearest(&word.text, names()).first() {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            };
            self.findings.push(match surely_meant(&word.text, names()) {
                Some(meant) => finding.suggest(here, meant),
                None => finding,
            });
            return None;
        };
        let kind = &pathway.place(id).kind;
        let wrong = match (wanted, kind) {
            (Wanted::Ending, PlaceKind::Ending(_)) | (Wanted::Anything, _) => None,
            (Wanted::Ending, _) => Some("is not an ending"),
            (Wanted::Risk, _) => Some("is no positive risk, and only what was accepted of one is withdrawn"),
            (Wanted::Decision, PlaceKind::Decide(_)) => None,
            (Wanted::Decision, _) => Some("is not a decision"),
            (Wanted::HandOver, PlaceKind::HandOver(_)) => None,
            (Wanted::HandOver, _) => Some("is not a handover; only a handover is accepted or declined by its receiver"),
            (Wanted::Open, PlaceKind::Ending(_)) => Some("is an ending, which is never open"),
            (Wanted::Open, _) => None,
        };
        if let Some(wrong) = wrong {
            self.findings.push(Finding::new(Kind::BadScenario, here, format!("`{}` {wrong}", word.text)));
            return None;
        }
        Some(pathway.place(id).name.clone())
    }

    /// Whether somebody may be asked that beside a pathway: what settles a fact, and whether a decision is still right.
    fn asked_beside(&self, pathway: &Pathway, name: &str) -> bool {
        let settles = |it: &&super::Fact| it.arbiter.is_some();
        let decides = |id: super::PlaceId| matches!(pathway.place(id).kind, PlaceKind::Decide(_));
        match name.split_once('/') {
            Some(("settle", fact)) => self.facts.iter().filter(settles).any(|it| it.name == fact),
            Some(("review", decision)) => pathway.place_named(decision).is_some_and(decides),
            _ => false,
        }
    }

    fn expectation(
        &mut self,
        file: usize,
        pathway: &Pathway,
        it: &tree::Expectation,
        zone: &Zone,
    ) -> Option<Expectation> {
        Some(match it {
            tree::Expectation::Next(names) => {
                let next = |name: &Word| {
                    let beside = self.asked_beside(pathway, &name.text).then(|| Name::from(&name.text));
                    beside.or_else(|| self.named(file, pathway, name, Wanted::Open))
                };
                let names: Option<Vec<Name>> = names.iter().map(next).collect();
                Expectation::Next(names?)
            }
            tree::Expectation::Ending(name, within, _) => Expectation::Ending(
                self.named(file, pathway, name, Wanted::Ending)?,
                within.as_ref().map(|within| Length::from_seconds(within.seconds)),
            ),
            tree::Expectation::Chose(decision, option) => {
                let decision = self.named(file, pathway, decision, Wanted::Decision)?;
                // What is chosen may be a place or, for `escalate to`, a ladder.
                let is_ladder = pathway.ladders.iter().any(|ladder| ladder.name == option.text.as_str());
                let option = if is_ladder {
                    Name::from(&option.text)
                } else {
                    self.named(file, pathway, option, Wanted::Anything)?
                };
                Expectation::Chose(decision, option)
            }
            tree::Expectation::Advises(decision, option) => Expectation::Advises(
                self.named(file, pathway, decision, Wanted::Decision)?,
                self.named(file, pathway, option, Wanted::Anything)?,
            ),
            tree::Expectation::Needs(decision, facts) => {
                let decision = self.named(file, pathway, decision, Wanted::Decision)?;
                for fact in facts {
                    self.must_be_found(file, fact)?;
                }
                Expectation::Needs(decision, facts.iter().map(|fact| Name::from(&fact.text)).collect())
            }
            tree::Expectation::Starts(it, pathway) => {
                self.symbols.look_up(&[symbols::What::Anticipation], file, it, &mut self.findings)?;
                self.symbols.look_up(&[symbols::What::Pathway], file, pathway, &mut self.findings)?;
                Expectation::Starts(Name::from(&it.text), Name::from(&pathway.text))
            }
            tree::Expectation::Asks(it, facts) => {
                self.symbols.look_up(&[symbols::What::Anticipation], file, it, &mut self.findings)?;
                for fact in facts {
                    self.symbols.look_up(&[symbols::What::Fact], file, fact, &mut self.findings)?;
                }
                Expectation::Asks(Name::from(&it.text), facts.iter().map(|fact| Name::from(&fact.text)).collect())
            }
            tree::Expectation::Due(step, at) => {
                let (step, moment) = (self.named(file, pathway, step, Wanted::Open), self.moment(file, at, zone));
                Expectation::Due(step?, moment?)
            }
            tree::Expectation::With(step, who) => {
                let step = self.named(file, pathway, step, Wanted::Open)?;
                let known = self.symbols.find(symbols::What::Role, &who.text).is_some()
                    || self.directories.iter().any(|directory| directory.contact(&who.text).is_some());
                if !known {
                    let message = format!("`{}` is neither a role nor a contact", who.text);
                    self.findings.push(Finding::new(Kind::BadScenario, place(file, who.at), message));
                    return None;
                }
                Expectation::With(step, Name::from(&who.text))
            }
            tree::Expectation::Yes(condition) => Expectation::Yes(self.condition(file, condition, Speaks::All)),
        })
    }
}
