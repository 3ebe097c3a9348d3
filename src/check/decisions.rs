//! Every decision chooses: whoever comes to one, a row holds for them. And every row, and every condition, matters.

use super::chains::{Chain, Link, Outcome, Wanted, chains, decide, demands, wanted, with_unknown};
use super::people::{Demand, Inquiry, People, Search, Truths};
use super::{Evidence, Flaw, Person, Subject, said};
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::model::{Condition, Decide, FactId, PlaceId, PlaceKind, Points, Row, ScoreId, Shared, Test};
use crate::workflow::Program;
use std::collections::BTreeSet;

/// The most regions of a gap that are said.
const SAID: usize = 3;
/// The most regions of a gap that are counted.
const COUNTED: usize = 24;
/// The most rows above one that are looked at one by one to say which of them leave nobody for it.
const SHADOWS: usize = 64;

/// For whom no row holds, for whom two do where they must not, and what never matters.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let people = People::new(subject.shared);
    let mut flaws = Vec::new();
    for (id, _) in subject.program.pathway.all_places() {
        // A question is put to somebody, and a call only begins and ends: nothing is decided by their rows.
        let decides = |it: &&Decide| it.asks.is_none() && it.passes.is_none();
        if let Some(decide) = decide(&subject.program.pathway, id).filter(decides) {
            let look = Look { program: subject.program, shared: subject.shared, people: &people, id, decide };
            let idle = look.idle_conditions(&mut flaws);
            look.rows(&idle, &mut flaws);
            if decide.claims_one {
                look.overlaps(&mut flaws);
            }
        }
    }
    other_conditions(subject, &people, &mut flaws);
    flaws
}

/// A look at one decision.
struct Look<'l> {
    program: &'l Program,
    shared: &'l Shared,
    people: &'l People<'l>,
    id: PlaceId,
    decide: &'l Decide,
}

/// A way in which people come to a decision.
struct Way {
    chain: Chain,
    wanted: Wanted,
}

impl Way {
    /// Anybody comes this way.
    fn open() -> Way {
        Way { chain: Chain::new(), wanted: Wanted::new() }
    }
}

impl<'l> Look<'l> {
    fn place(&self) -> &'l crate::model::Place {
        self.program.pathway.place(self.id)
    }

    /// The ways to come here, where they can all be looked at.
    fn ways(&self) -> Option<Vec<Way>> {
        let chains = chains(self.program, self.id);
        let way = |chain: Chain| Way { wanted: wanted(&self.program.pathway, &chain), chain };
        chains.all.then(|| chains.chains.into_iter().map(way).collect())
    }

    /// The rows its authors wrote, without `if none of these`.
    fn written(&self) -> &'l [Row] {
        let rows = &self.decide.rows;
        &rows[..rows.len() - usize::from(self.decide.has_none_of_these)]
    }

    /// A row, as it is said in a sentence.
    fn row(&self, row: usize) -> String {
        format!("`{}`", self.row_words(row))
    }

    fn row_words(&self, row: usize) -> &'l str {
        if row >= self.written().len() { "if none of these" } else { &self.decide.rows[row].condition.words }
    }

    /// Whom each row is for, and whether anybody is left at the end.
    fn rows(&self, idle: &BTreeSet<usize>, flaws: &mut Vec<Flaw>) {
        let Some(ways) = self.ways() else {
            // Where nobody at all falls through, it does not matter who comes.
            let anybody = Way::open();
            match self.go_through(&anybody, &mut vec![true; self.decide.rows.len()]) {
                Search::Nobody => {}
                _ => flaws.push(self.undecided("there are too many ways to come to it from other decisions")),
            }
            return;
        };
        // A row that is looked at no more is one that somebody comes to.
        let mut met: Vec<bool> = (0..self.decide.rows.len()).map(|row| idle.contains(&row)).collect();
        let mut gap = false;
        for way in &ways {
            match self.go_through(way, &mut met) {
                Search::Nobody => {}
                Search::Found(person) if !gap => {
                    gap = true;
                    flaws.push(self.gap(way, person));
                }
                Search::Found(_) => {}
                Search::OutOfBudget if !gap => {
                    gap = true;
                    flaws.push(self.undecided("its rows can hold in more ways than can be gone through"));
                }
                Search::OutOfBudget => {}
            }
        }
        // What is called is written for others, too: who comes to its rows is asked where it is written.
        let called = self.place().with_call.is_some();
        for row in (0..met.len()).filter(|row| !met[*row] && !ways.is_empty() && !called) {
            flaws.push(self.never_matches(row, &ways));
        }
    }

    /// Goes through the rows with everybody who comes one way: marks those that somebody comes to, and gives somebody
    /// who is left at the end.
    fn go_through(&self, way: &Way, met: &mut [bool]) -> Search {
        let coming = demands(&way.wanted);
        let rows = self.decide.rows.iter().map(|row| &row.condition.test);
        let no: Vec<Demand<'_>> =
            coming.iter().copied().chain(rows.clone().map(|test| Demand::new(test, Truths::NO))).collect();
        let yes: Vec<Demand<'_>> = rows.map(|test| Demand::new(test, Truths::YES)).collect();
        let unknown = with_unknown(&way.chain);
        let mut inquiry = Inquiry::new(self.people, &no, &yes, &|_| unknown);
        (0..coming.len()).for_each(|demand| inquiry.insist(demand));
        for (row, met) in met.iter_mut().enumerate() {
            // What cannot be settled is not warned of.
            *met = *met || inquiry.is_anybody(&[row]) != Some(false);
            inquiry.insist(coming.len() + row);
        }
        inquiry.find(&[])
    }

    fn gap(&self, way: &Way, facts: Person) -> Flaw {
        let rows = self.decide.rows.iter().map(|row| Demand::new(&row.condition.test, Truths::NO));
        let demands: Vec<Demand<'_>> = demands(&way.wanted).into_iter().chain(rows).collect();
        let unknown = with_unknown(&way.chain);
        let regions = (!unknown).then(|| self.people.regions(&demands, COUNTED));
        let first = regions.as_ref().and_then(|regions| regions.regions.first());
        let who = said::person(&facts, |fact| first.is_none_or(|first| first.contains_key(&fact)), self.shared);
        let whom = if who.is_empty() { "anybody".to_string() } else { format!("a person {who}") };
        let message = format!("nobody decides what happens to {whom}");
        let mut finding = Finding::new(Kind::Gap, self.place().at, message)
            .help("add a row for these people, or say `if none of these -> …` and where they go then");
        if let Some(regions) = &regions {
            let said: Vec<String> = regions
                .regions
                .iter()
                .map(|region| said::region(region, self.shared))
                .filter(|it| !it.is_empty())
                .collect();
            let more = said.len().saturating_sub(SAID);
            let mut label = format!("no row holds when {}", said[..said.len() - more].join("; nor when "));
            match (more, regions.all) {
                (0, true) => {}
                (_, false) => label.push_str("; and there are many more"),
                (more, true) => label.push_str(&format!("; and {more} more")),
            }
            if !said.is_empty() {
                finding = finding.label(label);
            }
        }
        finding = self.sent(finding, &way.chain);
        let decision = self.id;
        Flaw::new(finding, Evidence::Person { decision, facts, rows: Vec::new() })
    }

    /// Says which decisions send the person here.
    fn sent(&self, mut finding: Finding, chain: &[Link]) -> Finding {
        let pathway = &self.program.pathway;
        for link in chain {
            let Some(from) = decide(pathway, link.decision) else { continue };
            let route = match &link.outcome {
                Outcome::Rows(rows) => rows.first().and_then(|row| from.rows.get(*row as usize)).map(|row| row.route),
                Outcome::NotKnown => from.not_known,
                Outcome::Nothing => None,
            };
            if let Some(route) = route {
                finding = finding.and(pathway.route(route).at, "sends them on");
            }
        }
        finding
    }

    fn undecided(&self, why: &str) -> Flaw {
        let message = format!("it could not be settled whether `{}` chooses for everybody: {why}", self.place().name);
        let finding = Finding::new(Kind::Undecided, self.place().at, message)
            .label("every decision chooses")
            .help("take it apart into decisions that look at fewer facts each");
        Flaw::new(finding, Evidence::Static)
    }

    fn never_matches(&self, row: usize, ways: &[Way]) -> Flaw {
        let free = ways.iter().any(|way| way.chain.is_empty());
        let (shadows, all) = self.shadows(row, free);
        let words = self.row(row);
        let taken = match shadows.as_slice() {
            [one] => format!("{} above it takes them all", self.row(*one)),
            _ if all => "the rows above it together take them all".to_string(),
            _ => "nobody who comes to this decision is left for it".to_string(),
        };
        let at = self.decide.rows[row].condition.at;
        let mut finding = Finding::new(Kind::NeverMatches, at, format!("no one ever comes to {words}: {taken}")).help(
            match (row >= self.written().len(), shadows.is_empty() && !all) {
                (true, _) => "take it out: there is nobody left for it",
                (false, true) => "take it out, or lead to this decision from elsewhere too",
                (false, false) => "put it before the rows that take them, or take it out",
            },
        );
        for shadow in shadows.iter().take(4) {
            finding = finding.and(self.decide.rows[*shadow].condition.at, "takes them");
        }
        Flaw::new(finding, Evidence::Static)
    }

    /// The rows that leave nobody for another; and whether these do so for everybody, whoever comes.
    fn shadows(&self, row: usize, free: bool) -> (Vec<usize>, bool) {
        let test = |row: usize| &self.decide.rows[row].condition.test;
        let nobody_outside = |above: &[usize]| {
            let yes = Demand::new(test(row), Truths::YES);
            let no: Vec<Demand<'_>> = above.iter().map(|it| Demand::new(test(*it), Truths::NO)).chain([yes]).collect();
            let mut inquiry = Inquiry::new(self.people, &no, &[], &|_| false);
            (0..no.len()).for_each(|demand| inquiry.insist(demand));
            inquiry.is_anybody(&[]) == Some(false)
        };
        if let Some(one) = (0..row).find(|one| nobody_outside(&[*one])) {
            return (vec![one], true);
        }
        let both = |one: &usize| {
            let both = [Demand::new(test(*one), Truths::YES), Demand::new(test(row), Truths::YES)];
            self.people.find(&both, &|_| false) != Search::Nobody
        };
        let mut above: Vec<usize> = (0..row).filter(both).collect();
        if above.len() > SHADOWS || !nobody_outside(&above) {
            return (Vec::new(), free);
        }
        for one in above.clone() {
            let fewer: Vec<usize> = above.iter().copied().filter(|it| *it != one).collect();
            if nobody_outside(&fewer) {
                above = fewer;
            }
        }
        (above, true)
    }

    /// Rows that lead to different places and both hold for somebody.
    fn overlaps(&self, flaws: &mut Vec<Flaw>) {
        let ways = self.ways().unwrap_or_else(|| vec![Way::open()]);
        let rows = self.written();
        let target = |row: &Row| self.program.pathway.route(row.route).target;
        let yes: Vec<Demand<'_>> = rows.iter().map(|row| Demand::new(&row.condition.test, Truths::YES)).collect();
        let coming: Vec<Vec<Demand<'_>>> = ways.iter().map(|way| demands(&way.wanted)).collect();
        let mut inquiries: Vec<Inquiry<'_>> = ways
            .iter()
            .zip(&coming)
            .map(|(way, coming)| {
                let unknown = with_unknown(&way.chain);
                let mut inquiry = Inquiry::new(self.people, coming, &yes, &|_| unknown);
                (0..coming.len()).for_each(|demand| inquiry.insist(demand));
                inquiry
            })
            .collect();
        for (later, row) in rows.iter().enumerate() {
            for earlier in (0..later).filter(|earlier| target(&rows[*earlier]) != target(row)) {
                let found = inquiries.iter_mut().map(|it| it.find(&[earlier, later])).find(|it| *it != Search::Nobody);
                match found {
                    Some(Search::Found(facts)) => {
                        flaws.push(self.overlap(earlier, later, facts));
                        break;
                    }
                    Some(_) => {
                        flaws.push(self.undecided("it is not known whether two of its rows hold for one person"));
                        return;
                    }
                    None => {}
                }
            }
        }
    }

    fn overlap(&self, earlier: usize, later: usize, facts: Person) -> Flaw {
        let who = said::person(&facts, |_| true, self.shared);
        let whom = if who.is_empty() { "anybody".to_string() } else { format!("a person {who}") };
        let (first, second) = (self.row(earlier), self.row(later));
        let rows = &self.decide.rows;
        let message = format!("{first} and {second} both hold for {whom}, and lead to different places");
        let finding = Finding::new(Kind::Overlap, rows[later].condition.at, message)
            .label("this holds")
            .and(rows[earlier].condition.at, "and so does this")
            .help("say in one of them what it is not, or let the order of the rows decide");
        let rows = vec![earlier as u32, later as u32];
        Flaw::new(finding, Evidence::Person { decision: self.id, facts, rows })
    }

    /// Conditions of rows that say the same of everybody; the rows that nobody can come to because of that.
    fn idle_conditions(&self, flaws: &mut Vec<Flaw>) -> BTreeSet<usize> {
        let mut idle = BTreeSet::new();
        for (number, row) in self.written().iter().enumerate() {
            if let Some(false) = condition(&row.condition, self.people, self.shared, flaws) {
                idle.insert(number);
            }
        }
        idle
    }
}

/// Conditions that stand elsewhere: until when something is repeated, and in the scores that the pathway reads.
fn other_conditions(subject: &Subject<'_>, people: &People<'_>, flaws: &mut Vec<Flaw>) {
    let mut scores: BTreeSet<ScoreId> = BTreeSet::new();
    for interrupt in &subject.program.pathway.interrupts {
        scores.extend(interrupt.condition.test.all_scores(&subject.shared.scores));
        condition(&interrupt.condition, people, subject.shared, flaws);
    }
    for (_, place) in subject.program.pathway.all_places() {
        match &place.kind {
            PlaceKind::Repeat(repeat) => {
                if let Some((until, _)) = &repeat.until {
                    scores.extend(until.test.all_scores(&subject.shared.scores));
                    condition(until, people, subject.shared, flaws);
                }
            }
            PlaceKind::Decide(decide) => {
                for row in &decide.rows {
                    scores.extend(row.condition.test.all_scores(&subject.shared.scores));
                }
            }
            _ => {}
        }
    }
    // When the facts apply that are looked at.
    let mut facts: BTreeSet<FactId> = BTreeSet::new();
    for (id, _) in subject.program.pathway.all_places() {
        facts.extend(subject.program.decision(id).iter().flat_map(|decision| decision.reads()));
    }
    for interrupt in &subject.program.pathway.interrupts {
        interrupt.condition.test.facts(&subject.shared.scores, &mut |fact| {
            facts.insert(fact);
        });
    }
    let applies = facts.into_iter().filter_map(|fact| subject.shared.facts.get(fact.index())?.applies.as_ref());
    for applies in applies {
        condition(applies, people, subject.shared, flaws);
    }
    let parts =
        scores.into_iter().filter_map(|score| subject.shared.scores.get(score.index())).flat_map(|it| &it.parts);
    for part in parts {
        if let Points::Rows(rows, _) = &part.points {
            for (row, _) in rows {
                condition(row, people, subject.shared, flaws);
            }
        }
    }
}

/// Looks whether a condition, or a part of it, says the same of everybody. What it says of everybody as a whole, if
/// it does.
pub(super) fn condition(it: &Condition, people: &People<'_>, shared: &Shared, flaws: &mut Vec<Flaw>) -> Option<bool> {
    // One that asks nothing says so itself.
    if it.test == Test::ALWAYS {
        return Some(true);
    }
    let before = flaws.len();
    parts(&it.test, it.at, people, shared, flaws);
    let says = always(&it.test, people);
    if let Some(says) = says {
        say_idle(says, &it.words, it.at, before, false, flaws);
    }
    says
}

fn parts(test: &Test, at: At, people: &People<'_>, shared: &Shared, flaws: &mut Vec<Flaw>) {
    match test {
        Test::Not(part) => parts(part, at, people, shared, flaws),
        Test::All(all) | Test::Any(all) => {
            for part in all {
                let before = flaws.len();
                parts(part, at, people, shared, flaws);
                if let Some(says) = always(part, people) {
                    say_idle(says, &said::condition(part, shared), at, before, true, flaws);
                }
            }
        }
        _ => {}
    }
}

/// Says that a condition says the same of everybody, unless that was said of a part of it: it is what is to be mended.
fn say_idle(says: bool, words: &str, at: At, since: usize, is_part: bool, flaws: &mut Vec<Flaw>) {
    let (kind, answer) = if says { (Kind::AlwaysYes, "yes") } else { (Kind::AlwaysNo, "no") };
    if flaws[since..].iter().any(|flaw| flaw.finding.kind == kind) {
        return;
    }
    let help = match (is_part, says) {
        (true, _) => "take this part out, or say what was meant",
        (false, true) => "say what was meant; where it is meant for everybody, write `if none of these`",
        (false, false) => "take it out, or say what was meant",
    };
    let finding = Finding::new(kind, at, format!("`{words}` is {answer} for everybody")).help(help);
    flaws.push(Flaw::new(finding, Evidence::Static));
}

/// What a condition says of everybody, if it says the same of all; nothing where it is not known.
fn always(test: &Test, people: &People<'_>) -> Option<bool> {
    let nobody = |may_be: Truths| people.find(&[Demand::new(test, may_be)], &|_| false) == Search::Nobody;
    if nobody(Truths::YES) {
        Some(false)
    } else if nobody(Truths::NO) {
        Some(true)
    } else {
        None
    }
}
