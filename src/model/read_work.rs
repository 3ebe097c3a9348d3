//! Work, from words to who, what and by when: what steps, branches and repeats say alike.

use super::build::{Builder, pick};
use super::place_kind::*;
use super::places::Draft;
use super::read_condition::Speaks;
use super::routes::exit_of;
use super::symbols::place;
use super::{Charge, Deadline, Exit, Fact, FactId, MeetingOf, Name, RoleId};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, Allowed, Block, Clause, ClauseKind, LengthText, Word};

/// What a block says about work: the clauses that steps, branches and repeats share.
pub(super) struct Work {
    pub led_by: Option<RoleId>,
    pub with: Vec<RoleId>,
    pub not_without: Vec<Needed>,
    pub finds: Vec<FactId>,
    pub finds_missing: bool,
    pub afresh: bool,
    pub within: Option<Deadline>,
    pub tell: Vec<Message>,
}

impl Draft {
    /// By when something has to be done; that may be counted after something else.
    pub(super) fn by_when(&mut self, on: &mut Builder<'_>, file: usize, text: &Allowed) -> Deadline {
        match text {
            Allowed::After(length, step) => {
                let length = some_time(on, file, length);
                self.done(on, file, step).map_or(ANY_TIME, |place| Deadline::After(length, place))
            }
            Allowed::AtTheNext(name) => {
                let id = on.meeting_id(&name.text);
                self.at_meeting(MeetingOf { id, name: Name::from(&name.text), at: place(file, name.at) });
                Deadline::Meeting(id)
            }
            other => deadline(on, file, other),
        }
    }

    /// Something is due at a meeting.
    pub(super) fn at_meeting(&mut self, meeting: MeetingOf) {
        if self.meetings.iter().all(|it| it.id != meeting.id) {
            self.meetings.push(meeting);
        }
    }

    pub(super) fn work(&mut self, on: &mut Builder<'_>, file: usize, clauses: &[Clause]) -> Work {
        let twice = Kind::SaidTwice;
        let led_by = on.one_of(file, clauses, twice, "led by", pick!(LedBy));
        let with = on.one_of(file, clauses, twice, "with", pick!(With)).map_or(&[][..], Vec::as_slice);
        let within = on.one_of(file, clauses, twice, "within", pick!(Within)).map(|it| self.by_when(on, file, it));
        let finds = on.one_of(file, clauses, twice, "finds", |kind| match kind {
            ClauseKind::Finds { afresh, missing, names } => Some((*afresh, *missing, names)),
            _ => None,
        });
        let (afresh, finds_missing, names) =
            finds.map_or((false, false, &[][..]), |(a, m, names)| (a, m, names.as_slice()));
        Work {
            led_by: led_by.and_then(|name| on.role(file, name)),
            with: with.iter().filter_map(|name| on.role(file, name)).collect(),
            not_without: not_without(on, file, clauses),
            finds: self.fact_list(on, file, names),
            finds_missing,
            afresh,
            within,
            tell: self.tell(on, file, clauses),
        }
    }

    pub(super) fn fact_list(&mut self, on: &mut Builder<'_>, file: usize, names: &[Word]) -> Vec<FactId> {
        let mut facts = Vec::new();
        for name in names {
            let Some(fact) = on.must_be_found(file, name) else { continue };
            if facts.contains(&fact) {
                on.findings.push(stands_twice(file, name));
            }
            facts.push(fact);
        }
        facts
    }

    pub(super) fn tell(&mut self, on: &mut Builder<'_>, file: usize, clauses: &[Clause]) -> Vec<Message> {
        let mut told = Vec::new();
        for clause in clauses {
            let ClauseKind::Tell { who, text, agreed } = &clause.kind else { continue };
            let Some(to) = on.role(file, who) else { continue };
            let agreed = match agreed {
                None => None,
                Some(at) => match agreement(on, file, who, to, *at) {
                    None => continue,
                    fact => fact,
                },
            };
            told.push(Message { to, text: text.text.clone(), agreed });
        }
        told
    }

    /// What the person pays for, and where they are told.
    pub(super) fn charge(&self, on: &mut Builder<'_>, file: usize, clauses: &[Clause]) -> Option<Charge> {
        let charge = on.one_of(file, clauses, Kind::SaidTwice, "chargeable", |kind| match kind {
            ClauseKind::Chargeable { told_in } => Some(told_in.as_ref()),
            _ => None,
        })?;
        let at = clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::Chargeable { .. }))?.at;
        Some(Charge { told_in: charge.and_then(|name| self.done(on, file, name)), at: place(file, at) })
    }

    pub(super) fn owner(&mut self, on: &mut Builder<'_>, file: usize, block: &Block, work: &Work) -> Option<RoleId> {
        let named = block.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::LedBy(_)));
        let help = "write `led by ROLE`: exactly one role is accountable";
        on.needed(file, block, Kind::NoOwner, "who leads it", help, named.then_some(()));
        work.led_by
    }

    pub(super) fn step(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<PlaceKind> {
        let work = self.work(on, file, &block.clauses);
        let led_by = self.owner(on, file, block, &work);
        let help = "write `within 4 hours`, or how long there is";
        let within = on.needed(file, block, Kind::NoDeadline, "by when it must be done", help, work.within);
        let then = self.then(on, file, block);
        Some(PlaceKind::Step(Step {
            led_by: led_by?,
            with: work.with,
            not_without: work.not_without,
            finds: work.finds,
            finds_missing: work.finds_missing,
            afresh: work.afresh,
            within: within?,
            takes: taken(on, file, &block.clauses, within),
            tell: work.tell,
            then: Some(then?),
            branch_of: None,
            meanwhile: false,
            waits: false,
        }))
    }

    /// Time that passes, and nothing is done: it is the person who waits.
    pub(super) fn wait(&mut self, on: &mut Builder<'_>, file: usize, block: &Block) -> Option<PlaceKind> {
        let within = on.one(file, block, "for", pick!(ForSoLong)).map(|it| self.by_when(on, file, it));
        let help = "write `for 3 days`, or how long one waits";
        let within = on.needed(file, block, Kind::NoDeadline, "how long one waits", help, within);
        for clause in &block.clauses {
            let ClauseKind::Outcome { outcome, .. } = &clause.kind else { continue };
            if exit_of(*outcome).is_some_and(|exit| !Exit::LIFE.contains(&exit)) {
                let message =
                    format!("time passes in `{}`, and nothing is done: this cannot happen there", block.name.text);
                let help = "write it in the step that comes after it, or let what is done meanwhile be a step";
                on.findings.push(Finding::new(Kind::OutOfPlace, place(file, clause.at), message).help(help));
            }
        }
        let then = self.then(on, file, block);
        Some(PlaceKind::Step(Step {
            led_by: RoleId::PERSON,
            with: Vec::new(),
            not_without: Vec::new(),
            finds: Vec::new(),
            finds_missing: false,
            afresh: false,
            within: within?,
            takes: None,
            tell: self.tell(on, file, &block.clauses),
            then: Some(then?),
            branch_of: None,
            meanwhile: false,
            waits: true,
        }))
    }
}

/// Those without whom it is not done.
fn not_without(on: &mut Builder<'_>, file: usize, clauses: &[Clause]) -> Vec<Needed> {
    let mut needed: Vec<Needed> = Vec::new();
    for clause in clauses {
        let ClauseKind::NotWithout { role: name, when } = &clause.kind else { continue };
        let Some(role) = on.role(file, name) else { continue };
        let when = when.as_ref().map(|when| on.condition(file, when, Speaks::All));
        let finding = if role == RoleId::PERSON {
            let message = "the person need not be named here: whether they take part is theirs to say";
            Some(Finding::new(Kind::OutOfPlace, place(file, name.at), message).help("write `with person`"))
        } else {
            needed.iter().any(|it| it.role == role).then(|| stands_twice(file, name))
        };
        match finding {
            Some(finding) => on.findings.push(finding),
            None => needed.push(Needed { role, when }),
        }
    }
    needed
}

/// The fact by which the person agrees that somebody is told things.
fn agreement(on: &mut Builder<'_>, file: usize, who: &Word, to: RoleId, at: tree::At) -> Option<FactId> {
    let reach = on.symbols.reach(file);
    let lets = |fact: &Fact| fact.lets_be_told.contains(&to) && reach.contains(&(fact.at.source as usize));
    let all: Vec<u32> = (0u32..).zip(&on.facts).filter(|(_, fact)| lets(fact)).map(|(id, _)| id).collect();
    let (message, help, first) = match all.as_slice() {
        [one] => return Some(FactId(*one)),
        [] => {
            let message = format!("no fact says whether the person agrees that `{}` is told", who.text);
            let help =
                format!("declare one, as in `may_tell_{0} yes or no asked of person lets {0} be told`", who.text);
            (message, help, None)
        }
        [one, ..] => {
            let message = format!("several facts let `{}` be told, so that nobody knows which is meant", who.text);
            (message, "let one fact say it".to_string(), on.facts.get(*one as usize).map(|fact| fact.at))
        }
    };
    let mut finding = Finding::new(Kind::MissingClause, place(file, at), message).help(help);
    if let Some(first) = first {
        finding = finding.and(first, "one of them");
    }
    on.findings.push(finding);
    None
}

/// A name that stands twice in a list.
pub(super) fn stands_twice(file: usize, name: &Word) -> Finding {
    let message = format!("`{}` stands twice in this list", name.text);
    Finding::new(Kind::DuplicateName, place(file, name.at), message)
}

/// How long work takes, where its clauses say so: some time, and no more than there is.
pub(super) fn taken(
    on: &mut Builder<'_>,
    file: usize,
    clauses: &[Clause],
    there_is: Option<Deadline>,
) -> Option<Length> {
    let text = on.one_of(file, clauses, Kind::SaidTwice, "takes", pick!(Takes))?;
    let takes = Length::from_seconds(text.seconds);
    let message = match there_is {
        _ if takes <= Length::ZERO => "work that takes no time is no work".to_string(),
        Some(Deadline::Within(there_is) | Deadline::WorkingHours(there_is, _)) if takes > there_is => {
            format!("this takes `{}`, and there is only `{there_is}` for it", text.text)
        }
        _ => return Some(takes),
    };
    on.findings.push(
        Finding::new(Kind::OutOfRange, place(file, text.at), message)
            .help("`takes` says how long the work itself lasts, `within` or `every` by when it is done"),
    );
    None
}

/// The most days that are counted.
const MOST_DAYS: u32 = 3_650;

/// By when something has to be done, of itself; no time at all is a finding.
pub(super) fn deadline(on: &mut Builder<'_>, file: usize, text: &Allowed) -> Deadline {
    let (kind, at, message, help) = match text {
        Allowed::Length(length) | Allowed::After(length, _) => return Deadline::Within(some_time(on, file, length)),
        // Looked up by whoever reads a place.
        Allowed::AtTheNext(_) => return ANY_TIME,
        Allowed::By(minutes, _) if *minutes < 1440 => return Deadline::By(*minutes),
        Allowed::By(_, at) => {
            let help = "write hours and minutes, from `00:00` to `23:59`, as in `by 16:00`";
            (Kind::BadHours, *at, "this is no time of day".to_string(), help)
        }
        Allowed::Working { count, .. } | Allowed::CalendarDays(count) if !(1..=MOST_DAYS).contains(&count.value) => {
            let message = match count.value {
                0 => "nobody can do anything in no time at all".to_string(),
                _ => format!("this is more than {MOST_DAYS}, the most that is counted"),
            };
            (Kind::OutOfRange, count.at, message, "write how many, as in `within 2 working days of social_worker`")
        }
        Allowed::CalendarDays(count) => return Deadline::CalendarDays(count.value),
        Allowed::Working { count, days, of } => match on.role(file, of) {
            Some(RoleId::PERSON) => {
                let help = "name the role whose hours count, as in `within 2 working days of social_worker`";
                (Kind::OutOfPlace, of.at, "the person has no working hours".to_string(), help)
            }
            Some(role) if *days => return Deadline::WorkingDays(count.value, role),
            Some(role) => return Deadline::WorkingHours(Length::hours(i64::from(count.value)), role),
            // Said already.
            None => return ANY_TIME,
        },
    };
    on.findings.push(Finding::new(kind, place(file, at), message).help(help));
    ANY_TIME
}

/// What stands for a deadline that cannot be read, of which something was said.
const ANY_TIME: Deadline = Deadline::CalendarDays(1);

/// A length of time for something to be done in; none at all is a finding.
pub(super) fn some_time(on: &mut Builder<'_>, file: usize, text: &LengthText) -> Length {
    if text.seconds <= 0 {
        let message = format!("nobody can do anything within `{}`", text.text);
        on.findings.push(Finding::new(Kind::OutOfRange, place(file, text.at), message));
    }
    Length::from_seconds(text.seconds)
}
