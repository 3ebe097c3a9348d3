//! Computed facts stay within the range that their authors declared, for everybody: or somebody is found for whom one
//! does not.

use super::people::{Demand, People, Search, Truths};
use super::{Evidence, Flaw, Person, Subject, said};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Computed, PlaceKind, Ranges, Score, ScoreId, Test};
use crate::workflow::score_range;
use std::collections::BTreeSet;

/// Further than any number that is reckoned with.
const FAR: i64 = 1 << 60;

/// The computed facts that can lie beyond their ranges, of those that the pathway reads.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let scores = &subject.shared.scores;
    let mut read: BTreeSet<ScoreId> = BTreeSet::new();
    let mut see = |test: &Test| read.extend(test.all_scores(scores));
    let pathway = &subject.program.pathway;
    pathway.interrupts.iter().for_each(|it| see(&it.condition.test));
    for place in &pathway.places {
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
    let people = People::new(subject.shared);
    let computed = read.into_iter().filter_map(|id| {
        let score = scores.get(id.index())?;
        Some((id, score, score.computed.as_ref()?))
    });
    computed.filter_map(|(id, score, computed)| beyond(subject, &people, id, score, computed)).collect()
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
