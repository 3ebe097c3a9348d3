//! Gaps, and rows that nobody comes to, against sending everybody through the decisions of random pathways one by one.

#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod everybody;
mod worlds;

use everybody::everybody_told_apart;
use onward::check::chains::is_free;
use onward::check::{Evidence, Person};
use onward::diagnostic::Kind;
use onward::model::{FactId, PlaceId, PlaceKind, Score, Target, Test};
use onward::workflow::{Chosen, Program};
use proptest::prelude::*;
use std::collections::BTreeSet;
use worlds::{Dice, for_all};

/// Where one is sent from a decision with these facts: all routes that a count may leave.
fn sent(program: &Program, at: PlaceId, person: &Person, scores: &[Score]) -> (Chosen, Vec<PlaceId>) {
    let PlaceKind::Decide(decide) = &program.pathway.place(at).kind else { panic!("it is a decision") };
    let chosen = program.decision(at).expect("it is a decision").take(person, scores);
    let route = match chosen {
        Chosen::Row(row) => Some(decide.rows[row as usize].route),
        Chosen::NotKnown(_) => decide.not_known,
        Chosen::Nothing => None,
    };
    let routes = route.into_iter().flat_map(|route| program.pathway.route_chain(route));
    let places = routes.filter_map(|(_, route)| match route.target {
        Target::Place(place) => Some(place),
        _ => None,
    });
    (chosen, places.collect())
}

/// Some decisions, most of them straight behind one another, with rows that leave people out.
fn decisions(dice: &mut Dice) -> String {
    let mut text = String::from("facts\n  alone yes or no\n  wish one of home, away, unsure\n  falls 0 to 4\n\n");
    let count = 2 + dice.below(4);
    let atom = |dice: &mut Dice| match dice.below(6) {
        0 => "alone".to_string(),
        1 => "not alone".to_string(),
        2 => format!("wish is {}", dice.word(&["home", "away", "unsure"])),
        3 => format!("wish is not {}", dice.word(&["home", "away", "unsure"])),
        4 => format!("falls at least {}", 1 + dice.below(4)),
        _ => format!("falls at most {}", dice.below(4)),
    };
    for number in 0..count {
        let next = |dice: &mut Dice| {
            let next = number + 1 + dice.below(2);
            if next < count && !dice.once_in(5) { format!("d{next}") } else { "end0".to_string() }
        };
        text.push_str(&format!("decide d{number}\n"));
        for _ in 0..1 + dice.below(3) {
            let joined = match dice.below(3) {
                0 => atom(dice),
                1 => format!("{} and {}", atom(dice), atom(dice)),
                _ => format!("{} or {}", atom(dice), atom(dice)),
            };
            text.push_str(&format!("  when {joined} -> {}\n", next(dice)));
        }
        if dice.once_in(3) {
            text.push_str(&format!("  if none of these -> {}\n", next(dice)));
        }
        text.push_str(&format!("  if we do not know yet -> {}\n\n", next(dice)));
    }
    let defaults: String = [
        "late",
        "it cannot be done",
        "the person declines",
        "died",
        "withdrew",
        "cannot be reached",
        "moved away",
        "opened in error",
    ]
    .map(|exit| format!("  if {exit} -> end0\n"))
    .concat();
    format!(
        "onward 1\n\npathway random\n  version 1\n  starts at d0\n\nby default\n{defaults}\n{text}\
         ending end0\n  held by person\n"
    )
}

/// A random world some rows of which are taken away, so that there are gaps.
fn world_with_gaps(dice: &mut Dice) -> String {
    let mut text = String::new();
    for line in worlds::pathway(dice).lines() {
        let taken = line.starts_with("  if none of these") && !dice.once_in(3);
        text.push_str(if taken { "" } else { line });
        text.push('\n');
    }
    text
}

/// Every gap that is found is one, and every gap there is is found; and so for rows that nobody comes to.
#[test]
fn a_decision_has_a_gap_just_when_somebody_falls_through() {
    let counts = std::cell::Cell::new((0, 0, 0));
    let of_dates = std::cell::Cell::new(0);
    for_all(384, 400, |dice| {
        let text = if dice.below(2) == 1 { decisions(dice) } else { world_with_gaps(dice) };
        let library = worlds::checked(&text);
        let shared = library.shared();
        let pathway = library.pathway("random").expect("it is there");
        let (program, proof) = (pathway.program(), pathway.proof().expect("it was looked at"));
        let decisions: Vec<PlaceId> =
            program.pathway.all_places().map(|(id, _)| id).filter(|id| program.decision(*id).is_some()).collect();
        if decisions.is_empty() {
            return Ok(());
        }
        let mut fell: BTreeSet<PlaceId> = BTreeSet::new();
        let mut entered: BTreeSet<PlaceId> = BTreeSet::new();
        let mut chosen: BTreeSet<(PlaceId, u32)> = BTreeSet::new();
        let mut read: BTreeSet<FactId> = BTreeSet::new();
        for place in &program.pathway.places {
            if let onward::model::PlaceKind::Decide(decide) = &place.kind {
                let rows = decide.rows.iter().map(|row| &row.condition.test);
                for test in rows {
                    test.reads(&shared.facts, &shared.scores, &mut |fact| {
                        read.insert(fact);
                    });
                }
            }
        }
        // What follows from a date is another thing tomorrow, and each of its values possible at every moment, whatever the
        // date is (11.1): people are told apart by it, and not by the date.
        let since = |fact: &FactId| shared.facts[fact.index()].elapsed.as_ref().map(|elapsed| elapsed.since);
        let counted =
            (0..shared.facts.len() as u32).map(FactId).filter(|it| since(it).is_some_and(|it| read.contains(&it)));
        let counted: Vec<FactId> = counted.collect();
        for it in counted {
            since(&it).map(|date| read.remove(&date));
            read.insert(it);
            of_dates.set(of_dates.get() + 1);
        }
        // Whom it takes too long to go through one by one is left to the oracle (tests/agreement.rs).
        let values = |fact: &FactId| {
            let domain = &shared.facts[fact.index()].domain;
            let (min, max) = domain.bounds();
            ((max - min) / domain.step() + 3) as u64
        };
        if read.iter().map(values).product::<u64>() > 20_000 {
            return Ok(());
        }
        for person in everybody_told_apart(&shared.facts, &|_| true, &|fact| read.contains(&fact)) {
            let mut open: Vec<PlaceId> = decisions.iter().copied().filter(|id| is_free(program, *id)).collect();
            let mut met: BTreeSet<PlaceId> = BTreeSet::new();
            while let Some(at) = open.pop() {
                if !decisions.contains(&at) || !met.insert(at) {
                    continue;
                }
                let (came_to, next) = sent(program, at, &person, &shared.scores);
                match came_to {
                    Chosen::Row(row) => drop(chosen.replace((at, row))),
                    Chosen::Nothing => drop(fell.replace(at)),
                    Chosen::NotKnown(_) => {}
                }
                open.extend(next);
            }
            entered.extend(met);
        }
        let mut found: BTreeSet<PlaceId> = BTreeSet::new();
        let mut never: BTreeSet<onward::diagnostic::Place> = BTreeSet::new();
        let mut idle: BTreeSet<onward::diagnostic::Place> = BTreeSet::new();
        let decides: Vec<onward::diagnostic::Place> =
            decisions.iter().map(|id| program.pathway.place(*id).at).collect();
        for flaw in &proof.flaws {
            match (&flaw.finding.kind, &flaw.evidence) {
                (Kind::Gap, Evidence::Person { decision, facts, rows }) => {
                    prop_assert!(rows.is_empty());
                    let (came_to, _) = sent(program, *decision, facts, &shared.scores);
                    prop_assert_eq!(came_to, Chosen::Nothing, "{}: {:?}", &flaw.finding.message, facts);
                    found.insert(*decision);
                }
                (Kind::NeverMatches, _) => drop(never.replace(flaw.finding.at.place)),
                (Kind::AlwaysNo, _) => drop(idle.replace(flaw.finding.at.place)),
                // What is undecided elsewhere, such as a promise or who answers, makes no difference to decisions.
                (Kind::Undecided, _) if !decides.contains(&flaw.finding.at.place) => {}
                (Kind::Undecided, _) => prop_assert!(false, "this is small: {}", flaw.finding.message),
                _ => {}
            }
        }
        prop_assert_eq!(&found, &fell, "{}", text);
        let mut unmet = 0;
        for id in &decisions {
            let PlaceKind::Decide(decide) = &program.pathway.place(*id).kind else { continue };
            for (row, it) in decide.rows.iter().enumerate() {
                let at = it.condition.at;
                // What somebody is asked is theirs to say: nobody comes to a no by what is known of them.
                if it.condition.words == "not accepted" && it.condition.test == Test::ALWAYS {
                    continue;
                }
                let met = chosen.contains(&(*id, row as u32));
                prop_assert!(!met || !never.contains(&at), "somebody comes to {} in\n{}", &it.condition.words, text);
                // Who comes to what is called is asked where it is written.
                let called = program.pathway.place(*id).with_call.is_some();
                prop_assert!(!called || !never.contains(&at), "{} is called in\n{}", &it.condition.words, text);
                let said = never.contains(&at) || idle.contains(&at) || !entered.contains(id);
                prop_assert!(met || said || called, "nobody comes to {} in\n{}", &it.condition.words, text);
                unmet += usize::from(never.contains(&at));
            }
        }
        let chained = fell.iter().filter(|id| !is_free(program, **id)).count();
        let (gaps, chains, rows) = counts.get();
        counts.set((gaps + fell.len(), chains + chained, rows + unmet));
        Ok(())
    });
    let (gaps, chains, rows) = counts.get();
    println!(
        "{gaps} gaps, {chains} of which are come to from other decisions only, and {rows} rows that nobody comes to"
    );
    let of_dates = of_dates.get();
    println!("{of_dates} numbers counted since a date are looked at");
    assert!(of_dates > 20, "{of_dates}");
    assert!(gaps > 20 && chains > 2 && rows > 20, "{gaps}, {chains}, {rows}");
}
