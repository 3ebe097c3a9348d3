//! Sources, times in force, hazards and what is allowed, from clauses to types.

use super::build::{Builder, Located, pick};
use super::grounds::{Allowance, Control, Day, Hazard, HowBad, HowLikely, InForce, SourceRef};
use super::places::Draft;
use super::read_facts::title;
use super::symbols::{What, place};
use super::{Name, PlaceId};
use crate::diagnostic::{Finding, Kind, Place, nearest};
use crate::syntax::tree::{self, At, Block, Clause, ClauseKind, Literal, Word};

impl Builder<'_> {
    /// A day and where it stands; one that the calendar does not have is a finding.
    pub(super) fn day_of(&mut self, file: usize, it: &Literal) -> Option<Day> {
        self.date(file, it).map(|date| Day { date, at: place(file, it.at) })
    }

    /// Where it comes from, by the clauses `source` among these.
    pub(super) fn sources_of(&mut self, file: usize, clauses: &[Clause]) -> Vec<SourceRef> {
        let mut sources = Vec::new();
        for clause in clauses {
            let ClauseKind::Source { source, section, checked, unverified, .. } = &clause.kind else { continue };
            sources.push(SourceRef {
                source: source.text.clone(),
                section: section.as_ref().map(|section| section.text.clone()),
                checked: checked.as_ref().and_then(|date| self.day_of(file, date)),
                unverified: *unverified,
                at: place(file, clause.at),
            });
        }
        sources
    }

    /// From when until when it is in force, where a block says so.
    pub(super) fn in_force(&mut self, file: usize, block: &Block) -> Option<InForce> {
        let written = self.one(file, block, "in force", |kind| match kind {
            ClauseKind::InForce { from, until } => Some((from, until.as_ref())),
            _ => None,
        });
        let (from, until) = written?;
        let (from, until) = (self.day_of(file, from)?, until.and_then(|until| self.day_of(file, until)));
        if let Some(until) = until.filter(|until| until.date < from.date) {
            let message = format!("`{}` is before `{}`", until.date, from.date);
            self.findings.push(
                Finding::new(Kind::EmptyRange, until.at, message)
                    .help("write the first day on which it holds, and then the last"),
            );
            return None;
        }
        Some(InForce { from, until })
    }

    /// What a block allows, in that stretch of the file.
    fn allowances(&mut self, file: usize, block: &Block, covers: Place, all: &mut Vec<Allowance>) {
        for clause in &block.clauses {
            let ClauseKind::Allow { finding, mark, because, by, until } = &clause.kind else { continue };
            let (by, until) = (self.role(file, by), self.day_of(file, until));
            if because.text.trim().is_empty() {
                self.findings.push(
                    Finding::new(Kind::MissingClause, place(file, because.at), "nobody says why this may stay so")
                        .help("write the reason between the quotation marks, for whoever looks at it next"),
                );
            }
            let Some(kind) = self.may_be_allowed(file, finding) else { continue };
            let (Some(by), Some(until)) = (by.and_then(|by| self.roles.get(by.index())), until) else { continue };
            let (because, by) = (because.text.clone(), by.name.clone());
            let mark = mark.as_ref().map(|mark| mark.text.clone());
            all.push(Allowance { kind, mark, because, by, until, covers, at: place(file, clause.at) });
        }
    }

    /// The kind of that name, where somebody may allow it.
    fn may_be_allowed(&mut self, file: usize, finding: &Word) -> Option<Kind> {
        let at = place(file, finding.at);
        let Some(kind) = Kind::named(&finding.text) else {
            let near = nearest(&finding.text, Kind::ALL.iter().map(|kind| kind.name()));
            let message = format!("there is no finding of the name `{}`", finding.text);
            let unknown = Finding::new(Kind::UnknownName, at, message);
            self.findings.push(match near.first() {
                Some(near) => unknown.help(format!("did you mean `{near}`?")).suggest(at, *near),
                None => unknown.help("write the name that stands in brackets behind the finding"),
            });
            return None;
        };
        if kind.severity().is_error() {
            let message = format!("`{kind}` cannot be allowed: it is part of what Onward guarantees");
            self.findings.push(
                Finding::new(Kind::CannotAllow, at, message).help("mend what is found; only a warning can be allowed"),
            );
            return None;
        }
        Some(kind)
    }
}

impl Draft {
    /// Reads the hazards of a pathway, and what it allows. Places and promises must have been read before.
    pub(super) fn read_grounds(&mut self, on: &mut Builder<'_>, blocks: &[Located<'_>]) {
        let end = blocks.iter().map(|(_, block)| block.at.0).reduce(|all, block| all.to(block));
        for (number, (file, block)) in blocks.iter().enumerate() {
            let span = if number == 0 { end.unwrap_or(block.at.0) } else { block.at.0 };
            on.allowances(*file, block, place(*file, At(span)), &mut self.allowances);
            if block.word == tree::BlockWord::Hazard {
                let hazard = self.hazard(on, *file, block);
                if let Some(first) = self.hazards.iter().find(|it| it.name == block.name.text.as_str()) {
                    let message = format!("`{}` is the name of two hazards", block.name.text);
                    let finding = Finding::new(Kind::DuplicateName, place(*file, block.name.at), message);
                    on.findings
                        .push(finding.and(first.at, "first declared here").help("give one of them another name"));
                }
                self.hazards.extend(hazard);
            }
        }
    }

    fn hazard(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<Hazard> {
        let severity = on.one(file, block, "severity", pick!(Severity));
        let help = "write `severity major`: minor, significant, considerable, major or catastrophic";
        let severity = on.needed(file, block, Kind::MissingClause, "how bad it would be", help, severity);
        let likelihood = on.one(file, block, "likelihood", pick!(Likelihood));
        let help = "write `likelihood low`: very_low, low, medium, high or very_high";
        let likelihood = on.needed(file, block, Kind::MissingClause, "how likely it is", help, likelihood);
        let severity = severity.and_then(|word| graded(on, file, word, &HowBad::ALL));
        let likelihood = likelihood.and_then(|word| graded(on, file, word, &HowLikely::ALL));
        let owner = on.one(file, block, "owner", pick!(Owner)).and_then(|name| on.role(file, name));
        let controls = on.one(file, block, "controlled by", pick!(ControlledBy)).map_or(&[][..], Vec::as_slice);
        let controls = controls.iter().filter_map(|it| self.control(on, file, it)).collect();
        Some(Hazard {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            severity: severity?,
            likelihood: likelihood?,
            owner,
            controls,
            sources: on.sources_of(file, &block.clauses),
            at: place(file, block.head()),
        })
    }

    /// What is named as a control: a place, what happens at any time, what is decided in somebody's best interests, or
    /// something that is anticipated.
    fn named_control(&self, on: &mut Builder<'_>, file: usize, name: &Word) -> Option<Control> {
        if let Some(number) = self.interrupts.iter().position(|it| it.name == name.text.as_str()) {
            return Some(Control::AtAnyTime(number as u32));
        }
        // Best interests go by their own name, or by that of the risk and theirs.
        let best = on.symbols.find(What::BestInterests(self.id.0), &name.text).is_some();
        let decides = |place: &&PlaceId| {
            let place = self.places.get(place.index()).and_then(Option::as_ref);
            let is = |it: &Name| *it == name.text.as_str() || best && it.ends_with(&format!("/{}", name.text));
            place.is_some_and(|place| is(&place.name))
        };
        let decided = self.risks.iter().map(|risk| &risk.asked[1]).find(decides);
        // Where no positive risk names them, that is said there.
        if best || decided.is_some() {
            return decided.copied().map(Control::Place);
        }
        let fits = match on.symbols.find(What::Anticipation, &name.text) {
            Some(_) => What::Anticipation,
            None => What::Place(self.id.0),
        };
        let (_, id) = on.symbols.look_up(&[fits], file, name, &mut on.findings)?;
        Some(match fits {
            What::Anticipation => Control::Anticipation(Name::from(&name.text)),
            _ => Control::Place(PlaceId(id)),
        })
    }

    fn control(&self, on: &mut Builder<'_>, file: usize, it: &tree::Control) -> Option<Control> {
        let unknown = |text: &tree::Text, message: String, help: &str| {
            Finding::new(Kind::UnknownName, place(file, text.at), message).help(help)
        };
        match it {
            tree::Control::Place(name) => self.named_control(on, file, name),
            tree::Control::Promise(words) => {
                let found = self.promises.iter().position(|promise| promise.words == words.text);
                if found.is_none() {
                    let message = format!("this pathway does not promise `{}`", words.text);
                    on.findings.push(unknown(words, message, "write the promise as it stands under `promises`"));
                }
                found.map(|number| Control::Promise(number as u32))
            }
            tree::Control::Scenario(title) => {
                if on.scenario_titles.contains(&title.text) {
                    return Some(Control::Scenario(title.text.clone()));
                }
                let message = format!("there is no scenario `{}`", title.text);
                on.findings.push(unknown(title, message, "write the title of the scenario as it stands there"));
                None
            }
        }
    }
}

/// A grade by its word.
fn graded<T: Copy>(on: &mut Builder<'_>, file: usize, word: &Word, grades: &[(&str, T)]) -> Option<T> {
    let found = grades.iter().find(|(name, _)| *name == word.text).map(|(_, grade)| *grade);
    if found.is_none() {
        let names: Vec<String> = grades.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("`{}` is none of the grades that hazards have", word.text);
        let finding = Finding::new(Kind::UnknownName, place(file, word.at), message);
        on.findings.push(finding.help(format!("write {}", names.join(", "))));
    }
    found
}
