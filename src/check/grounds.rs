//! What stands behind the rules (8.5): sources that nobody named or looked at, rules that are not in force on the day,
//! hazards that nothing controls.

use super::{Evidence, Flaw, Subject, flow};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Control, Fact, Hazard, InForce, Pathway, PlaceId, PlaceKind, Score, Shared, SourceRef, Test};
use crate::workflow::Node;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What can be said of the grounds of a pathway's rules.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let scores = scores(pathway, subject.shared);
    let mut findings = Vec::new();
    if names_sources(pathway) {
        findings.extend(unsourced(pathway, &scores));
        findings.extend(subject.shared.facts_of(pathway).filter_map(presumed_unsourced));
    }
    // Who answers is proved by the bank holidays, so where these come from is looked at as well.
    let holidays = subject.directory.into_iter().flat_map(|directory| &directory.holiday_sources);
    let mut sources: Vec<&SourceRef> = sources(pathway, &scores, subject.shared).chain(holidays).collect();
    // What a positive risk is made of has its sources from one block.
    let mut seen = BTreeSet::new();
    sources.retain(|source| seen.insert(source.at));
    findings.extend(sources.iter().filter(|source| source.unverified).map(|source| {
        let message = format!("nobody has looked at `{}` yet", named(source));
        Finding::new(Kind::Unverified, source.at, message)
            .help("look at the source; then write `checked` and the day instead of `unverified`")
    }));
    if let Some(today) = subject.today() {
        findings.extend(sources.iter().filter_map(|source| checked_later(source, today)));
        let rules = own_places(pathway).filter_map(|it| Some((it.name.as_str(), it.in_force?)));
        let whole = pathway.in_force.map(|it| (pathway.name.as_str(), it));
        let scored = scores.iter().filter_map(|it| Some((it.name.as_str(), it.in_force?)));
        findings.extend(rules.chain(whole).chain(scored).filter_map(|(name, it)| not_in_force(name, it, today)));
    }
    findings.extend(not_agreed(subject));
    findings.extend(pathway.hazards.iter().filter_map(|hazard| uncontrolled(subject, hazard)));
    findings.into_iter().map(|finding| Flaw::new(finding, Evidence::Static)).collect()
}

/// Those whose agreement is needed and who have not agreed, or to something else; and who has on a day still to come.
fn not_agreed(subject: &Subject<'_>) -> Vec<Finding> {
    let pathway = &subject.program.pathway;
    let mark = crate::model::mark(&subject.program.hash);
    let mut findings = Vec::new();
    for needed in &pathway.needs_agreement {
        let agreed: Vec<_> = pathway.agreements.iter().filter(|it| it.by == needed.who).collect();
        if agreed.iter().any(|it| it.mark == mark) {
            continue;
        }
        let day = subject.today().map_or("2026-11-01".to_string(), |today| today.to_string());
        let help = format!(
            "when they have read what stands here and agree, write `agreed by {} on {day} of \"{mark}\"`, with the day on \
             which they did",
            needed.who
        );
        let finding = match agreed.last() {
            None => {
                let message = format!("`{}` has not agreed to `{}` yet", needed.who, pathway.name);
                Finding::new(Kind::NotAgreed, needed.at, message)
            }
            Some(last) => {
                let message = format!(
                    "`{}` has agreed to another content of `{}` (`{}`): something has changed since",
                    needed.who, pathway.name, last.mark
                );
                Finding::new(Kind::NotAgreed, needed.at, message).and(last.at, "what they agreed to")
            }
        };
        findings.push(finding.help(help));
    }
    if let Some(today) = subject.today() {
        let later = pathway.agreements.iter().filter(|it| it.on.date > today);
        findings.extend(later.map(|it| {
            let message = format!("`{}` is later than the day this is looked at, `{today}`", it.on.date);
            Finding::new(Kind::CheckedLater, it.on.at, message).help("write the day on which they agreed")
        }));
    }
    findings
}

/// Whether the authors of a pathway say anywhere where its rules come from: from then on, they say it of every rule.
fn names_sources(pathway: &Pathway) -> bool {
    !pathway.sources.is_empty() || own_places(pathway).any(|place| !place.sources.is_empty())
}

/// Its own places, and not what comes with a call: that has its grounds where it is written.
fn own_places(pathway: &Pathway) -> impl Iterator<Item = &crate::model::Place> {
    pathway.places.iter().filter(|place| place.with_call.is_none())
}

fn unsourced<'s>(pathway: &'s Pathway, scores: &'s [&Score]) -> impl Iterator<Item = Finding> {
    let chooses =
        |kind: &PlaceKind| matches!(kind, PlaceKind::Decide(decide) if decide.rows.len() > 1 && decide.asks.is_none());
    let decisions = own_places(pathway).filter(move |place| chooses(&place.kind));
    let decisions = decisions.map(|place| (&place.name, place.at, place.sources.is_empty()));
    let scores = scores.iter().map(|score| (&score.name, score.at, score.sources.is_empty()));
    decisions.chain(scores).filter(|(_, _, bare)| *bare).map(|(name, at, _)| {
        Finding::new(Kind::NoSource, at, format!("`{name}` does not say where it comes from"))
            .help("write `source \"…\"`: a guideline, a law, or `\"Agreed at our forum, 3 March 2026\"`")
    })
}

/// Who presumes something of everybody says on what grounds.
fn presumed_unsourced(fact: &Fact) -> Option<Finding> {
    // That nothing has come of a positive risk yet is presumed of nobody.
    let presumed = fact.presumed.filter(|_| fact.sources.is_empty() && fact.rests_on.is_none())?;
    let message =
        format!("`{}` is presumed to be {}, and does not say where that comes from", fact.name, fact.show(presumed));
    Some(
        Finding::new(Kind::NoSource, fact.at, message)
            .help("write `source \"…\"` behind it: the law or the guideline that presumes it"),
    )
}

fn checked_later(source: &SourceRef, today: Date) -> Option<Finding> {
    let checked = source.checked.filter(|checked| checked.date > today)?;
    let message = format!("`{}` is later than the day this is looked at, `{today}`", checked.date);
    Some(
        Finding::new(Kind::CheckedLater, checked.at, message)
            .help("write the day on which somebody last looked at this source"),
    )
}

fn not_in_force(name: &str, it: InForce, today: Date) -> Option<Finding> {
    let (at, message) = match it.until.filter(|until| until.date < today) {
        Some(until) => (until.at, format!("`{name}` was in force until `{}`, and is not on `{today}`", until.date)),
        None if it.from.date > today => {
            (it.from.at, format!("`{name}` is in force from `{}` on, and not yet on `{today}`", it.from.date))
        }
        None => return None,
    };
    Some(
        Finding::new(Kind::NotInForce, at, message)
            .help("write the rule that holds on this day, with its source, and from when until when it is in force"),
    )
}

fn uncontrolled(subject: &Subject<'_>, hazard: &Hazard) -> Option<Finding> {
    let help = "write `controlled by` and what keeps it from happening: a step, a promise, a scenario that shows it";
    if hazard.controls.is_empty() {
        let message = format!("nothing keeps `{}` from happening", hazard.name);
        return Some(Finding::new(Kind::Uncontrolled, hazard.at, message).help(help));
    }
    let pathway = &subject.program.pathway;
    let is_reached = flow::is_reached(subject.program);
    let is_reached = |place: PlaceId| is_reached(Node::Place(pathway.opens_with(place)));
    let never = hazard.controls.iter().find_map(|control| match control {
        Control::Place(id) if !is_reached(*id) => Some(pathway.place(*id)),
        _ => None,
    })?;
    let message = format!("`{}` is to keep `{}` from happening, and nothing leads to it", never.name, hazard.name);
    Some(Finding::new(Kind::Uncontrolled, hazard.at, message).and(never.at, "nothing leads here").help(help))
}

/// A source and its section, for people.
fn named(source: &SourceRef) -> String {
    match &source.section {
        Some(section) => format!("{}, {section}", source.source),
        None => source.source.clone(),
    }
}

/// Every source that the pathway, its places and hazards, or the facts and scores in its reach name.
fn sources<'s>(
    pathway: &'s Pathway,
    scores: &'s [&'s Score],
    shared: &'s Shared,
) -> impl Iterator<Item = &'s SourceRef> {
    let places = own_places(pathway).flat_map(|place| &place.sources);
    let hazards = pathway.hazards.iter().flat_map(|hazard| &hazard.sources);
    let facts = shared.facts_of(pathway).flat_map(|fact| &fact.sources);
    let scores = scores.iter().flat_map(|score| &score.sources);
    pathway.sources.iter().chain(places).chain(hazards).chain(facts).chain(scores)
}

/// The scores that a pathway's conditions read.
fn scores<'s>(pathway: &Pathway, shared: &'s Shared) -> Vec<&'s Score> {
    let mut read = BTreeSet::new();
    for test in tests(pathway) {
        read.extend(test.all_scores(&shared.scores));
    }
    read.into_iter().filter_map(|id| shared.scores.get(id.index())).collect()
}

/// Every condition of the pathway.
fn tests(pathway: &Pathway) -> impl Iterator<Item = &Test> {
    let interrupts = pathway.interrupts.iter().map(|it| &it.condition.test);
    let placed = pathway.places.iter().flat_map(|place| match &place.kind {
        PlaceKind::Decide(decide) => decide.rows.iter().map(|row| &row.condition.test).collect(),
        PlaceKind::Repeat(repeat) => repeat.until.iter().map(|(until, _)| &until.test).collect(),
        _ => Vec::new(),
    });
    placed.chain(interrupts)
}
