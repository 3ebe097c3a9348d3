//! Computed facts stay within the range that their authors declared, for everybody: or somebody is found for whom one
//! does not.

use super::people::{Demand, People, Search, Truths};
use super::{Evidence, Flaw, Person, Subject, said};
use crate::calendar::Length;
use crate::diagnostic::{Finding, Kind};
use crate::model::{Computed, Domain, FactId, PlaceKind, Ranges, Score, ScoreId, Test};
use crate::workflow::score_range;
use std::collections::BTreeSet;

/// Further than any number that is reckoned with.
const FAR: i64 = 1 << 60;

/// The computed facts that can lie beyond their ranges, of those that the pathway reads.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let scores = &subject.shared.scores;
    let mut read: BTreeSet<ScoreId> = BTreeSet::new();
    each_test(subject, &mut |test| read.extend(test.all_scores(scores)));
    let mut flaws = elapsed_beyond(subject);
    let people = People::new(subject.shared);
    let computed = read.into_iter().filter_map(|id| {
        let score = scores.get(id.index())?;
        Some((id, score, score.computed.as_ref()?))
    });
    flaws.extend(computed.filter_map(|(id, score, computed)| beyond(subject, &people, id, score, computed)));
    flaws
}

/// The numbers of days and years that can lie beyond their ranges, of those that the pathway looks at: since the earliest
/// date that its authors declared, until the end of the time that is proved.
fn elapsed_beyond(subject: &Subject<'_>) -> Vec<Flaw> {
    let shared = subject.shared;
    let Some(directory) = subject.directory else { return Vec::new() };
    let (zone, last) = (&directory.calendar.zone, directory.valid_until.minus(Length::SECOND));
    let (first, last) = (zone.day(subject.from), zone.day(last));
    let beyond = read(subject).into_iter().filter_map(|id| {
        let fact = shared.facts.get(id.index())?;
        let elapsed = fact.elapsed.as_ref()?;
        let since = shared.facts.get(elapsed.since.index())?;
        let (earliest, latest) = since.domain.bounds();
        let (min, max) = fact.domain.bounds();
        // Of somebody whose date is the latest there is, on the first day; and the earliest, on the last.
        let ends = [(first.max(earliest), latest.min(first.max(earliest))), (last, earliest)];
        let (day, date) = ends.into_iter().find(|(day, date)| {
            date <= day && !(min..=max).contains(&elapsed.on(*day, *date))
        })?;
        let (is, on) = (fact.show(elapsed.on(day, date)), Domain::Date { min: day, max: day }.show(day));
        let range = format!("{} to {}", fact.domain.show(min), fact.show(max));
        let message = format!(
            "`{}` is {is} on {on} for a person whose `{}` is {}, and its range is {range}",
            fact.name,
            since.name,
            since.domain.show(date)
        );
        let help = format!(
            "make its range wider, let the dates of `{}` begin later, or say `no less than` or `no more than`, where that \
             is what is meant",
            since.name
        );
        let finding = Finding::new(Kind::BeyondRange, fact.at, message).and(since.at, "it is counted since this");
        Some(Flaw::new(finding.help(help), Evidence::Static))
    });
    beyond.collect()
}

/// The facts that the conditions of the pathway look at.
fn read(subject: &Subject<'_>) -> BTreeSet<FactId> {
    let mut read: BTreeSet<FactId> = BTreeSet::new();
    each_test(subject, &mut |test| {
        test.facts(&subject.shared.scores, &mut |fact| {
            read.insert(fact);
        });
    });
    // Whether a fact applies may hang on how old somebody is.
    for fact in subject.shared.facts_of(&subject.program.pathway) {
        if let Some(applies) = &fact.applies {
            applies.test.facts(&subject.shared.scores, &mut |fact| {
                read.insert(fact);
            });
        }
    }
    read
}

/// Calls `see` with every condition of the pathway.
fn each_test(subject: &Subject<'_>, see: &mut dyn FnMut(&Test)) {
    let pathway = &subject.program.pathway;
    pathway.interrupts.iter().for_each(|it| see(&it.condition.test));
    for place in &pathway.places {
        place.kind.not_without().iter().filter_map(|it| it.when.as_ref()).for_each(|when| see(&when.test));
        match &place.kind {
            PlaceKind::Decide(decide) => {
                decide.rows.iter().for_each(|row| see(&row.condition.test));
                decide.only_when.iter().for_each(|it| see(&it.condition.test));
                let reasons = decide.advice.iter().flat_map(|advice| &advice.reasons);
                reasons.for_each(|reason| see(&reason.when.test));
            }
            PlaceKind::Repeat(repeat) => repeat.until.iter().for_each(|(until, _)| see(&until.test)),
            _ => {}
        }
    }
}

fn beyond(subject: &Subject<'_>, people: &People<'_>, id: ScoreId, score: &Score, computed: &Computed) -> Option<Flaw> {
    let outside = Test::Score(id, Ranges::new([(-FAR, computed.min - 1), (computed.max + 1, FAR)]));
    let range = format!("{} to {}", score.show(computed.min), score.show(computed.max));
    let finding = match people.find(&[Demand::new(&outside, Truths::YES)], &|_| false) {
        Search::Nobody => return None,
        Search::Found(person) => {
            let (value, _) = score_range(score, &person, &subject.shared.scores);
            let message = format!(
                "`{}` is {} for {}, and its range is {range}",
                score.name,
                score.show(value),
                somebody(subject, &person)
            );
            Finding::new(Kind::BeyondRange, score.at, message)
                .help("make its range wider; or say `no less than` or `no more than`, where that is what is meant")
        }
        Search::OutOfBudget => {
            let message = format!("it could not be settled whether `{}` always lies in {range}", score.name);
            Finding::new(Kind::Undecided, score.at, message)
                .help("let it follow from fewer numbers, or from another number that is computed before")
        }
    };
    Some(Flaw::new(finding, Evidence::Static))
}

fn somebody(subject: &Subject<'_>, person: &Person) -> String {
    let who = said::person(person, |_| true, subject.shared);
    if who.is_empty() { "everybody".to_string() } else { format!("a person {who}") }
}
