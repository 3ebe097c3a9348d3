//! What is anticipated, from clauses to types; and whether one start leads to the next without end.

use super::anticipate::{Anticipation, WhileUnknown};
use super::build::{Builder, Located, pick};
use super::read_condition::Speaks;
use super::read_facts::title;
use super::read_work::{deadline, some_time};
use super::symbols::{What, place};
use super::{Deadline, Name, RoleId};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{Allowed, Block, ClauseKind};
use std::collections::{BTreeMap, BTreeSet};

impl Builder<'_> {
    /// Reads all of them, each with the pathway it belongs to. Pathways must have been read before.
    pub(super) fn anticipations(
        &mut self,
        all: &[(Option<usize>, Located<'_>)],
        pathways: &[Vec<Located<'_>>],
    ) -> Vec<Anticipation> {
        let mut read = Vec::new();
        for (of, (file, block)) in all {
            let header = of.and_then(|of| pathways.get(of)?.first());
            let of = header.map(|(_, header)| Name::from(&header.name.text));
            read.extend(self.anticipation(*file, block, of));
        }
        self.go_round(&read);
        read
    }

    fn anticipation(&mut self, file: usize, block: &Block, of: Option<Name>) -> Option<Anticipation> {
        let when = self.one(file, block, "when", pick!(Anticipated));
        let help = "write `when FACT is VALUE and FACT`";
        let when = self.needed(file, block, Kind::MissingClause, "of whom it is", help, when);
        let when = when.map(|it| self.condition(file, it, Speaks::All));
        let starts = self.one(file, block, "start", |kind| match kind {
            ClauseKind::StartPathway { pathway, within } => Some((pathway, within)),
            _ => None,
        });
        let help = "write `start PATHWAY within 5 working days of ROLE`";
        let starts = self.needed(file, block, Kind::MissingClause, "what is started, and by when", help, starts);
        let within = starts.map(|(_, within)| self.start_within(file, within));
        let pathway = starts.and_then(|(name, _)| {
            self.symbols.look_up(&[What::Pathway], file, name, &mut self.findings)?;
            Some(Name::from(&name.text))
        });
        let led_by = self.one(file, block, "led by", pick!(LedBy));
        let led_by = match led_by {
            Some(name) => Some(self.role(file, name)),
            // Whose working days they are, whose work it is.
            None => within.and_then(Deadline::role).map(Some),
        };
        let help = "write `led by ROLE`, or count in `working days of ROLE`: exactly one role is accountable";
        starts?;
        let led_by = self.needed(file, block, Kind::NoOwner, "who starts it", help, led_by)?;
        let every = self.one(file, block, "at most", pick!(OnceEvery));
        let help = "write `at most once every 90 days`: else it would be started again at once";
        let every = self.needed(file, block, Kind::MissingClause, "how often it is started at the most", help, every);
        let once_every = every.map(|length| some_time(self, file, length));
        let unknown = self.one(file, block, "if we do not know yet", |kind| match kind {
            ClauseKind::AskWhom { who, within } => Some(Ok((who, within))),
            ClauseKind::NothingYet(why) => Some(Err(why)),
            _ => None,
        });
        let unknown = match unknown {
            None => None,
            Some(Ok((who, within))) => {
                let within = some_time(self, file, within);
                self.role(file, who).map(|role| WhileUnknown::Ask { role, within })
            }
            Some(Err(why)) => Some(WhileUnknown::Nothing(why.text.clone())),
        };
        if led_by == Some(RoleId::PERSON) {
            let message = format!("the person would have to start `{}` themselves", block.name.text);
            let finding = Finding::new(Kind::OutOfPlace, place(file, block.head()), message);
            self.findings.push(finding.help("name who comes to them: `led by ROLE`"));
        }
        Some(Anticipation {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            of,
            when: when?,
            pathway: pathway?,
            led_by: led_by?,
            within: within?,
            once_every: once_every?,
            unknown,
            at: place(file, block.head()),
        })
    }

    /// By when something is started: not after something else, since nothing was done yet.
    fn start_within(&mut self, file: usize, within: &Allowed) -> Deadline {
        match within {
            Allowed::After(_, step) => {
                let message =
                    format!("outside a case nothing was done, and so nothing is counted from `{}`", step.text);
                let finding = Finding::new(Kind::OutOfPlace, place(file, step.at), message);
                self.findings.push(finding.help("write `within 5 working days of ROLE`, or how long there is"));
            }
            Allowed::AtTheNext(name) => return Deadline::Meeting(self.meeting_id(&name.text)),
            _ => {}
        }
        deadline(self, file, within)
    }

    /// Says where what one pathway anticipates leads by way of another back to itself.
    fn go_round(&mut self, all: &[Anticipation]) {
        let mut leads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for it in all {
            if let Some(of) = it.of.as_ref().filter(|of| **of != it.pathway) {
                leads.entry(of).or_default().insert(&it.pathway);
            }
        }
        for pathway in self.pathways.iter().flatten() {
            leads.entry(pathway.name.as_str()).or_default().extend(pathway.called().map(|called| called.as_str()));
        }
        for it in all {
            let Some(of) = it.of.as_ref().filter(|of| **of != it.pathway) else { continue };
            let mut todo: Vec<Vec<&str>> = vec![vec![it.pathway.as_str()]];
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            while let Some(way) = todo.pop() {
                let Some(last) = way.last().copied() else { continue };
                if last == of.as_str() {
                    let way = way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", and that to ");
                    let message = format!("what `{of}` anticipates leads back to it: `{}` leads to {way}", it.name);
                    let help = "one start would lead to the next: let one of them start neither, or put what starts them into one place";
                    self.findings.push(Finding::new(Kind::StartsInCircle, it.at, message).help(help));
                    break;
                }
                if seen.insert(last) {
                    let next = leads.get(last).into_iter().flatten();
                    todo.extend(next.map(|to| way.iter().copied().chain([*to]).collect()));
                }
            }
        }
    }
}
