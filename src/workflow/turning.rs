//! When the answer to a condition may change because time passes: the next moment at which a number of days or years comes
//! to a value that some condition tells apart (6.3).

use super::truth::Known;
use crate::calendar::{Moment, Zone};
use crate::model::{Elapsed, Fact, FactId, NOT_APPLICABLE, Number, Pathway, PlaceKind, Points, Ranges, Score, Test};
use std::collections::BTreeMap;

/// The numbers of days and years that a pathway waits for, and where it tells their values apart.
#[derive(Clone, Debug, Default)]
pub struct Turning {
    /// By fact: the values at which something may become otherwise, in order; all of them where nothing is said.
    facts: BTreeMap<FactId, Option<Vec<i64>>>,
}

impl Turning {
    /// What a pathway looks at while it waits: what happens at any time, what a role is advised and may choose, who is
    /// needed, and whether facts apply.
    pub fn new(pathway: &Pathway, facts: &[Fact], scores: &[Score]) -> Turning {
        let mut turning = Turning::default();
        if facts.iter().all(|fact| fact.elapsed.is_none()) {
            return turning;
        }
        let mut see = |test: &Test| turning.see(test, facts, scores);
        pathway.interrupts.iter().for_each(|it| see(&it.condition.test));
        for place in &pathway.places {
            if let PlaceKind::Decide(decide) = &place.kind {
                decide.only_when.iter().for_each(|it| see(&it.condition.test));
                if let Some(advice) = &decide.advice {
                    advice.reasons.iter().for_each(|reason| see(&reason.when.test));
                    decide.rows.iter().for_each(|row| see(&row.condition.test));
                }
            }
            place.kind.not_without().iter().filter_map(|it| it.when.as_ref()).for_each(|when| see(&when.test));
        }
        let named = pathway.facts.iter().filter_map(|fact| facts.get(fact.index())?.applies.as_ref());
        named.for_each(|applies| see(&applies.test));
        turning
    }

    fn see(&mut self, test: &Test, facts: &[Fact], scores: &[Score]) {
        match test {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| self.see(part, facts, scores)),
            Test::Not(part) => self.see(part, facts, scores),
            Test::Fact(fact, ranges) => self.tells_apart(*fact, ranges, facts),
            Test::Score(score, _) | Test::AnyPart(score, _) => {
                let Some(score) = scores.get(score.index()) else { return };
                score.parts.iter().for_each(|part| self.see_points(&part.points, facts, scores));
                if let Some(number) = score.divided_by() {
                    self.see_number(number, facts, scores);
                }
            }
            Test::Includes(..) | Test::Counting(..) => {}
        }
    }

    fn see_points(&mut self, points: &Points, facts: &[Fact], scores: &[Score]) {
        match points {
            Points::Bands(fact, bands) => bands.iter().for_each(|(ranges, _)| self.tells_apart(*fact, ranges, facts)),
            Points::Rows(rows, _) => rows.iter().for_each(|(row, _)| self.see(&row.test, facts, scores)),
            Points::Times(number, _) => self.see_number(*number, facts, scores),
            Points::Table(behind, _) => self.see_number(Number::Computed(*behind), facts, scores),
        }
    }

    /// Every value gives another sum, or another quotient.
    fn see_number(&mut self, number: Number, facts: &[Fact], scores: &[Score]) {
        number.facts(scores, &mut |fact| {
            if facts.get(fact.index()).is_some_and(|it| it.elapsed.is_some()) {
                self.facts.insert(fact, None);
            }
        });
    }

    fn tells_apart(&mut self, fact: FactId, ranges: &Ranges, facts: &[Fact]) {
        let Some(it) = facts.get(fact.index()).filter(|it| it.elapsed.is_some()) else { return };
        let (min, max) = it.domain.bounds();
        // Beyond its range it is not known any more.
        let starts = || ranges.iter().flat_map(|(from, to)| [from, to.saturating_add(1)]).chain([max + 1]);
        if let Some(kept) = self.facts.entry(fact).or_insert(Some(Vec::new())) {
            kept.extend(starts().filter(|start| (min..=max + 1).contains(start)));
            kept.sort_unstable();
            kept.dedup();
        }
    }

    /// From where to where values of a fact are not told apart from one of them.
    pub fn alike(&self, fact: FactId, declared: &Fact, value: i64) -> Option<(i64, i64)> {
        let starts = self.facts.get(&fact)?.as_ref()?;
        let (min, max) = declared.domain.bounds();
        let next = starts.partition_point(|start| *start <= value);
        let from = next.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(min);
        (value != NOT_APPLICABLE).then(|| (from, starts.get(next).map_or(max, |next| next - 1)))
    }

    /// The first moment after `now` at which something that is known may be told apart from what it is now.
    pub fn next(&self, known: &impl Known, facts: &[Fact], now: Moment, zone: &Zone) -> Option<Moment> {
        let turns = self.facts.iter().filter_map(|(fact, starts)| {
            let elapsed = facts.get(fact.index())?.elapsed.as_ref()?;
            let date = known.value(elapsed.since).filter(|date| *date != NOT_APPLICABLE)?;
            turns(elapsed, starts.as_deref(), date, now, zone)
        });
        turns.min()
    }
}

fn turns(elapsed: &Elapsed, starts: Option<&[i64]>, date: i64, now: Moment, zone: &Zone) -> Option<Moment> {
    let today = zone.day(now);
    let passed = elapsed.counted(today, date);
    let next = match starts {
        Some(starts) => *starts.get(starts.partition_point(|start| *start <= passed))?,
        None => passed + 1,
    };
    let at = zone.start_of_day(elapsed.first_day(date, next));
    (at > now && at < Moment::MAX).then_some(at)
}
