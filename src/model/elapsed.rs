//! How long ago, how old: numbers that follow from a date and from now, and change by themselves as time passes (1.1, 6.3).
//!
//! Such a number is a fact like any other to conditions, scores and proofs, but that nobody finds it: what is found is the
//! date. It is the number of civil days, or of whole years, from that date to today, in the directory's time zone; so it
//! never falls, and changes at midnight.

use super::build::Builder;
use super::condition::Condition;
use super::facts::Fact;
use super::symbols::{What, place};
use super::value::Domain;
use super::{FactId, NOT_APPLICABLE};
use crate::calendar::{Moment, Zone, anniversary, years_before, years_between};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{self, ClauseKind, File, Word};
use serde::Serialize;

/// What a number of days or years is counted since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Elapsed {
    /// The fact that is the date.
    pub since: FactId,
    /// Whether years are counted; days otherwise.
    pub in_years: bool,
    /// What it is never less than.
    pub no_less: Option<i64>,
    /// What it is never more than.
    pub no_more: Option<i64>,
}

impl Elapsed {
    /// How much has passed on a day, whatever it is no less and no more than.
    pub fn counted(&self, today: i64, since: i64) -> i64 {
        if self.in_years { years_between(since, today) } else { today.saturating_sub(since) }
    }

    /// How much it is on a day, since another.
    pub fn on(&self, today: i64, since: i64) -> i64 {
        let passed = self.counted(today, since);
        let passed = self.no_less.map_or(passed, |least| passed.max(least));
        self.no_more.map_or(passed, |most| passed.min(most))
    }

    /// The first day on which so much has passed since a day.
    pub fn first_day(&self, since: i64, passed: i64) -> i64 {
        if self.in_years { anniversary(since, passed) } else { since.saturating_add(passed) }
    }

    /// The last date since which so much has passed on a day.
    pub fn last_date(&self, today: i64, passed: i64) -> i64 {
        if self.in_years { years_before(today, passed) } else { today.saturating_sub(passed) }
    }
}

impl Fact {
    /// How much has passed at a moment since a date, as far as that lies in the range; nothing since what is still to come.
    pub fn passed(&self, date: Option<i64>, now: Moment, zone: &Zone) -> Option<i64> {
        let (elapsed, date) = (self.elapsed.as_ref()?, date.filter(|date| *date != NOT_APPLICABLE)?);
        let today = zone.day(now);
        let (min, max) = self.domain.bounds();
        let passed = (date <= today).then(|| elapsed.on(today, date));
        passed.filter(|passed| (min..=max).contains(passed))
    }
}

/// What somebody has to find to know a fact: the date, for a number that is counted since it.
pub fn found_as(fact: FactId, facts: &[Fact]) -> FactId {
    facts.get(fact.index()).and_then(|it| it.elapsed.as_ref()).map_or(fact, |elapsed| elapsed.since)
}

/// The facts of some files in the order of their numbers, with the number of the file each stands in. What comes of a
/// positive risk is a fact without words of its own.
pub(super) fn declared(files: &[File]) -> impl Iterator<Item = (usize, Option<&tree::Fact>)> {
    let blocks = files.iter().enumerate().flat_map(|(number, file)| file.blocks.iter().map(move |it| (number, it)));
    blocks.flat_map(|(file, block)| {
        let facts = block.clauses.iter().filter_map(move |clause| match &clause.kind {
            ClauseKind::Fact(fact) if fact.computed.is_none() => Some((file, Some(&**fact))),
            _ => None,
        });
        let of_a_risk = block.word == tree::BlockWord::PositiveRisk && !block.name.text.is_empty();
        facts.chain(of_a_risk.then_some((file, None)))
    })
}

impl Builder<'_> {
    /// Reads since what such numbers are counted, when all facts are there.
    pub(super) fn read_elapsed(&mut self, files: &[File]) {
        for (number, (file, it)) in declared(files).enumerate() {
            let Some((it, since)) = it.and_then(|it| Some((it, it.elapsed.as_ref()?))) else { continue };
            self.nobody_finds(file, it, since);
            let elapsed = self.one_elapsed(file, it, since);
            if let Some(fact) = self.facts.get_mut(number) {
                fact.elapsed = elapsed;
            }
        }
    }

    /// What applies to nobody else than the date does: read when that is known of the date.
    pub(super) fn elapsed_applies(&mut self) {
        for number in 0..self.facts.len() {
            let Some(elapsed) = self.facts[number].elapsed else { continue };
            let applies: Option<Condition> = self.facts[elapsed.since.index()].applies.clone();
            self.facts[number].applies = applies;
        }
    }

    /// What is said of who finds such a number, or for how long, says nothing.
    fn nobody_finds(&mut self, file: usize, it: &tree::Fact, since: &tree::Elapsed) {
        for word in super::read_computed::said_of_what_is_found(it) {
            let message = format!("`{}` follows from a date, so `{word}` says nothing of it", it.name.text);
            let help = format!("say it of `{}`", since.since.text);
            self.findings.push(Finding::new(Kind::OutOfPlace, place(file, it.name.at), message).help(help));
        }
    }

    fn one_elapsed(&mut self, file: usize, it: &tree::Fact, written: &tree::Elapsed) -> Option<Elapsed> {
        let (name, since) = (&it.name.text, &written.since);
        let (_, id) = self.symbols.look_up(&[What::Fact], file, since, &mut self.findings)?;
        let date = self.facts.get(id as usize)?;
        let (is_date, is_presumed) = (matches!(date.domain, Domain::Date { .. }), date.presumed.is_some());
        let is = date.domain.in_words();
        let own = self.domain(file, it);
        let unit = if written.in_years { "years" } else { "days" };
        let mut wrong = |kind: Kind, message: String, help: &str| {
            self.findings.push(Finding::new(kind, place(file, since.at), message).help(help));
        };
        if !matches!(own, Domain::Number { step: 1, decimals: 0, .. }) {
            let message = format!("`{name}` is a number of {unit}, and they are counted one by one");
            wrong(Kind::WrongType, message, "give it a range of whole numbers, such as `0 to 130`");
            return None;
        }
        if !is_date {
            let message = format!("`{}` is {is}, and {unit} are counted since a date", since.text);
            wrong(Kind::WrongType, message, "name a fact that is declared as `date from … to …`");
            return None;
        }
        if is_presumed {
            let message = format!("`{name}` follows from `{}`, which is presumed", since.text);
            wrong(
                Kind::OutOfPlace,
                message,
                "let somebody find the date: nobody is as old as was presumed of everybody",
            );
            return None;
        }
        let mut bound = |it: &Option<tree::Literal>| it.as_ref().and_then(|it| self.value(file, name, &own, it));
        let (no_less, no_more) = (bound(&written.no_less), bound(&written.no_more));
        Some(Elapsed { since: FactId(id), in_years: written.in_years, no_less, no_more })
    }

    /// A fact that somebody finds, carries or says: not one that follows from a date.
    pub(super) fn must_be_found(&mut self, file: usize, name: &Word) -> Option<FactId> {
        let (_, id) = self.symbols.look_up(&[What::Fact], file, name, &mut self.findings)?;
        let Some(elapsed) = self.facts.get(id as usize).and_then(|fact| fact.elapsed) else { return Some(FactId(id)) };
        let date = self.facts[elapsed.since.index()].name.clone();
        let message = format!("`{}` follows from `{date}`, so nobody finds it or passes it on", name.text);
        let help = format!("write `{date}` here");
        self.findings.push(Finding::new(Kind::OutOfPlace, place(file, name.at), message).help(help));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elapsed(in_years: bool, no_less: Option<i64>, no_more: Option<i64>) -> Elapsed {
        Elapsed { since: FactId(0), in_years, no_less, no_more }
    }

    #[test]
    fn it_changes_on_the_first_day_and_is_no_less_and_no_more() {
        for it in [elapsed(false, None, None), elapsed(true, None, None)] {
            for (since, passed) in [(11_016, 0), (11_016, 1), (20_000, 18), (-9_000, 84)] {
                let first = it.first_day(since, passed);
                assert_eq!((it.on(first - 1, since), it.on(first, since)), (passed - 1, passed));
                let last = it.last_date(first, passed);
                assert_eq!((it.on(first, last), it.on(first, last + 1)), (passed, passed - 1));
            }
        }
        let within = elapsed(false, Some(2), Some(30));
        assert_eq!([0, 1, 2, 3, 30, 31, 400].map(|today| within.on(today, 0)), [2, 2, 2, 3, 30, 30, 30]);
    }
}
