//! How far from home: nobody is sent further from home than another option of the same decision, unless that was looked at
//! and ruled out (4.10, 3.2); and nobody comes to be somewhere else without having been told.

use super::endings::does;
use super::people::{Demand, People, Search, Truths};
use super::ways::{Path, Quest, Way};
use super::{Evidence, Flaw, Person, Shows, Subject, going_past, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{
    Decide, Exit, Lives, Message, Pass, Pathway, Place, PlaceId, PlaceKind, RoleId, RouteId, SettingId, Target, risk,
};
use crate::workflow::Why;
use std::collections::BTreeSet;

/// Whom a decision may send further from home than need be, and who is moved without a word.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    if pathway.places.iter().all(|place| place.lives.is_none()) {
        return Vec::new();
    }
    let mut flaws = Vec::new();
    for (id, place) in pathway.all_places() {
        if let Some(decide) = written(place) {
            flaws.extend(sent_further(subject, id, decide));
        }
        if let Some(lives) = place.lives {
            flaws.extend(not_told(subject, id, place, lives));
        }
    }
    flaws
}

/// A decision that somebody wrote: not one that only passes on, or puts a question to the person.
fn written(place: &Place) -> Option<&Decide> {
    match &place.kind {
        PlaceKind::Decide(decide) if decide.passes.is_none() && decide.asks.is_none() => Some(decide),
        _ => None,
    }
}

// ------------------------------------------------------------------------------------------------------ further than need be

/// Where an option of a decision sends the person: what the ordinary way from there says first, as things get done, before
/// anything else is decided. (What stands behind another decision is for that to answer for; one whose rows all lead to the
/// same place decides nothing.)
fn leads_to(pathway: &Pathway, option: PlaceId) -> Option<SettingId> {
    let mut seen = BTreeSet::new();
    let mut at = option;
    while seen.insert(at) {
        let place = pathway.place(at);
        if let Some(lives) = place.lives {
            return Some(lives.setting);
        }
        let route = match &place.kind {
            PlaceKind::Step(step) => step.then?,
            PlaceKind::Together(block) => block.then,
            PlaceKind::Repeat(repeat) => repeat.until.as_ref().map_or(repeat.after, |(_, route)| *route),
            PlaceKind::HandOver(hand_over) => hand_over.then,
            PlaceKind::Decide(decide) if decide.asks.is_none() && !asks_the_person(pathway, decide) => {
                let first = decide.rows.first()?.route;
                let target = |route: RouteId| pathway.route(route).target;
                let same = decide.rows.iter().all(|row| target(row.route) == target(first));
                same.then_some(first)?
            }
            PlaceKind::Decide(_) | PlaceKind::Choose(_) | PlaceKind::Ending(_) => return None,
        };
        match pathway.route(route).target {
            Target::Place(to) => at = to,
            Target::Escalate(_) | Target::Back | Target::NotDone => return None,
        }
    }
    None
}

/// Whether the person is advised, or must agree.
fn asks_the_person(pathway: &Pathway, decide: &Decide) -> bool {
    decide.advice.as_ref().is_some_and(|advice| pathway.place(advice.by).kind.is_the_persons_choice())
        || decide.agreed().is_some_and(|agreed| agreed.by.contains(&RoleId::PERSON))
}

/// What a row leads to, also behind its count, and where that sends the person.
fn legs(pathway: &Pathway, route: RouteId) -> impl Iterator<Item = (PlaceId, SettingId)> {
    pathway.route_chain(route).filter_map(|(_, leg)| match leg.target {
        Target::Place(to) => Some((to, leads_to(pathway, to)?)),
        Target::Escalate(_) | Target::Back | Target::NotDone => None,
    })
}

/// The rows of a decision that send the person to a setting.
fn rows_to(pathway: &Pathway, decide: &Decide, setting: SettingId) -> Vec<u32> {
    let rows = decide.rows.iter().zip(0..);
    rows.filter(|(row, _)| legs(pathway, row.route).any(|(_, to)| to == setting)).map(|(_, number)| number).collect()
}

/// A decision may send the person to a setting, and another of its options is nearer to home.
struct Further<'d> {
    decision: PlaceId,
    decide: &'d Decide,
    to: SettingId,
    nearer: SettingId,
}

fn sent_further(subject: &Subject<'_>, decision: PlaceId, decide: &Decide) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let settings: BTreeSet<SettingId> =
        decide.rows.iter().flat_map(|row| legs(pathway, row.route)).map(|(_, to)| to).collect();
    // The person's own choice is theirs, wherever it leads.
    let person_decides = asks_the_person(pathway, decide);
    let mut flaws = Vec::new();
    let not_known = decide.not_known.into_iter().flat_map(|route| legs(pathway, route)).map(|(_, to)| to);
    let reached: BTreeSet<SettingId> = settings.iter().copied().chain(not_known).collect();
    for to in reached {
        for nearer in settings.iter().copied().filter(|nearer| *nearer < to) {
            let it = Further { decision, decide, to, nearer };
            let by_row = if person_decides { None } else { by_a_row(subject, &it) };
            flaws.extend(by_row);
            flaws.extend(by_a_role(subject, &it));
            flaws.extend(by_not_knowing(subject, &it));
        }
    }
    flaws
}

/// Whether a way rules a setting out, or brings the person there, so that it is ruled out no more.
fn ruled_out(subject: &Subject<'_>, setting: SettingId, before: bool, way: &Way) -> bool {
    let pathway = &subject.program.pathway;
    let from = pathway.place(way.from);
    let by_row = match (written(from), way.why) {
        (Some(decide), Why::Row(row)) => rows_to(pathway, decide, setting).into_iter().any(|above| above < row),
        _ => false,
    };
    let decided = matches!(from.kind.passes(), Some(Pass::Came { value, .. }) if *value != risk::NOT_AGREED);
    let chosen = way.why == Why::Chosen && from.kind.is_the_persons_choice();
    let there = pathway.place(way.to).lives.is_some_and(|lives| lives.setting == setting);
    !there && (before || by_row || decided || chosen)
}

/// A path on which a way is taken while a setting is not ruled out.
fn path_by(subject: &Subject<'_>, setting: SettingId, takes: impl Fn(&Way) -> bool) -> Path {
    subject.ways.find(&Quest {
        start: (false, false),
        step: &|(out, taken): &(bool, bool), way: &Way| {
            let taken = *taken || (!*out && takes(way));
            Some((ruled_out(subject, setting, *out, way), taken))
        },
        goal: &|(_, taken): &(bool, bool), _| *taken,
        possible: &|moment| subject.possible(moment, &Person::new()),
    })
}

/// A row that leads further stands above every row that leads nearer, and on some path that was not ruled out before.
fn by_a_row(subject: &Subject<'_>, it: &Further<'_>) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let first = *rows_to(pathway, it.decide, it.nearer).first()?;
    for row in rows_to(pathway, it.decide, it.to).into_iter().filter(|row| *row <= first) {
        let written = &it.decide.rows[row as usize];
        let advises = it.decide.advice.is_some();
        let further = |to: PlaceId| advises || leads_to(pathway, to) == Some(it.to);
        let takes = |way: &Way| way.from == it.decision && way.why == Why::Row(row) && further(way.to);
        let path = match path_by(subject, it.nearer, takes) {
            Path::None => continue,
            Path::OutOfBudget => {
                let what = "whether what is nearer to home was ruled out before";
                return Some(undecided(subject, written.condition.at, what, it.decision));
            }
            Path::Found(path) => path,
        };
        let nearer = named(subject, it.nearer);
        let asked = "or let the person decide: with a positive risk, or by `agreed by person`";
        let finding = further_from_home(subject, it, written.condition.at, "");
        let finding = if row == first {
            finding.help(format!(
                "this row leads to both, one after the other: say by rows of their own who may still go to `{nearer}` and who \
                 may not; {asked}"
            ))
        } else {
            finding
                .help(format!(
                    "put a row that leads to `{nearer}` above this one, so that it is looked at first; {asked}"
                ))
                .and(it.decide.rows[first as usize].condition.at, "this is nearer, and looked at after it")
        };
        let shows = Shows::SentFurther { decision: it.decision, row, rules_out: ruling_out(pathway, it.nearer) };
        return Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)));
    }
    None
}

/// The decisions that may rule a setting out, each with the first of its rows that leads there.
fn ruling_out(pathway: &Pathway, setting: SettingId) -> Vec<(PlaceId, u32)> {
    let decisions = pathway.all_places().filter_map(|(id, place)| Some((id, written(place)?)));
    decisions.filter_map(|(id, decide)| Some((id, *rows_to(pathway, decide, setting).first()?))).collect()
}

/// A role that decides because something is not known may choose what is further, while what is nearer is possible still.
fn by_a_role(subject: &Subject<'_>, it: &Further<'_>) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let chosen = subject.ways.all.iter().find_map(|way| {
        let PlaceKind::Choose(choose) = &pathway.place(way.from).kind else { return None };
        let here = choose.decision == it.decision && !choose.advised && choose.role != RoleId::PERSON;
        let leads = here && way.why == Why::Chosen && leads_to(pathway, way.to) == Some(it.to);
        let open = leads && may_be_nearer(subject, it, way.to);
        let role = open.then(|| subject.shared.roles.get(choose.role.index()))??;
        match path_by(subject, it.nearer, |other| other == way) {
            Path::None => None,
            found => Some((way.to, role, found)),
        }
    });
    let (option, role, found) = chosen?;
    let at = it.decide.not_known.map_or(pathway.place(it.decision).at, |route| pathway.route(route).at);
    if found == Path::OutOfBudget {
        return Some(undecided(subject, at, "whether what is nearer to home was ruled out before", it.decision));
    }
    let help = format!(
        "write `option {} only when …`, with what rules out `{}`; or let the person decide, as in `person decides \
         within 1 day`",
        pathway.place(option).name,
        named(subject, it.nearer)
    );
    let who = format!(", where `{}` decides because it is not known", role.name);
    Some(Flaw::new(further_from_home(subject, it, at, &who).help(help), Evidence::Static))
}

/// What leads further while something is not known, so that what is nearer is possible still.
fn by_not_knowing(subject: &Subject<'_>, it: &Further<'_>) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let at = pathway.route(it.decide.not_known?).at;
    let takes =
        |way: &Way| way.from == it.decision && way.why == Why::NotKnown && leads_to(pathway, way.to) == Some(it.to);
    match path_by(subject, it.nearer, takes) {
        Path::None => None,
        Path::OutOfBudget => {
            Some(undecided(subject, at, "whether what is nearer to home was ruled out before", it.decision))
        }
        Path::Found(_) => {
            let help = "while it is not known, lead to a step that finds out, or to what is nearer to home";
            let finding = further_from_home(subject, it, at, " while it is not known").help(help);
            Some(Flaw::new(finding, Evidence::Static))
        }
    }
}

/// Whether an option may be chosen for somebody for whom no row that leads nearer is a definite no.
fn may_be_nearer(subject: &Subject<'_>, it: &Further<'_>, option: PlaceId) -> bool {
    let only_when = it.decide.only_when(option).map(|condition| Demand::new(&condition.test, Truths::YES));
    let rows = rows_to(&subject.program.pathway, it.decide, it.nearer);
    let people = People::new(subject.shared);
    rows.into_iter().filter_map(|row| it.decide.rows.get(row as usize)).all(|row| {
        let demands: Vec<Demand<'_>> =
            only_when.into_iter().chain([Demand::new(&row.condition.test, Truths::NOT_NO)]).collect();
        // What cannot be looked through counts as possible.
        people.find_with(&demands, &|_| true, &Person::new()) != Search::Nobody
    })
}

fn named(subject: &Subject<'_>, setting: SettingId) -> String {
    subject.shared.setting(setting).map_or(String::new(), |it| it.name.to_string())
}

fn further_from_home(subject: &Subject<'_>, it: &Further<'_>, at: crate::diagnostic::Place, who: &str) -> Finding {
    let decision = &subject.program.pathway.place(it.decision).name;
    let (to, nearer) = (named(subject, it.to), named(subject, it.nearer));
    let message = format!(
        "`{decision}` may send the person to `{to}`{who}, and nothing has ruled out `{nearer}`, which is nearer to home"
    );
    Finding::new(Kind::FurtherFromHome, at, message)
}

// ---------------------------------------------------------------------------------------------------- moved without a word

/// Whether the person can come to be somewhere else, and was not told so.
fn not_told(subject: &Subject<'_>, id: PlaceId, place: &Place, lives: Lives) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let to_the_person = |message: &Message| message.to == RoleId::PERSON && message.agreed.is_none();
    let tells = |place: &Place| place.kind.tell().iter().any(to_the_person);
    if tells(place) {
        return None;
    }
    // What tells the person nothing is as if it were not named.
    let first = lives.told_in.filter(|first| tells(pathway.place(*first)));
    let starts = pathway.place(pathway.start).lives.map(|lives| lives.setting);
    let path = subject.ways.find(&Quest {
        start: (starts, false),
        step: &|(at, _): &(Option<SettingId>, bool), way: &Way| {
            // Nobody is told anything after a death.
            let told = first.is_some_and(|first| does(subject, first, way));
            if told || way.why == Why::Exit(Exit::Died) {
                return None;
            }
            let to = pathway.place(way.to).lives.map(|lives| lives.setting);
            Some((to.or(*at), to.is_some() && at.is_some() && to != *at))
        },
        goal: &|(_, moved): &(Option<SettingId>, bool), at| *moved && at == id,
        possible: &|moment| subject.possible(moment, &Person::new()),
    });
    let path = match path {
        Path::None => return None,
        Path::OutOfBudget => {
            return Some(undecided(subject, lives.at, "whether the person is told before they move", id));
        }
        Path::Found(path) => path,
    };
    let setting = named(subject, lives.setting);
    let finding = |why: String| {
        let message = format!("from `{}` on the person is at `{setting}`, and {why}", place.name);
        Finding::new(Kind::PersonNotTold, lives.at, message)
    };
    let Some(first) = first else {
        let finding = match lives.told_in.map(|silent| pathway.place(silent)) {
            Some(silent) => finding(format!("`{}` tells the person nothing", silent.name))
                .and(silent.at, "they should be told here")
                .help(format!("write `tell person \"…\"` in `{}`, with where they are going and why", silent.name)),
            None => finding("nothing says where they are told so".into()).help(format!(
                "write `tell person \"…\"` in `{}`; or `place {setting}, told in STEP`, and let that step come before",
                place.name
            )),
        };
        return Some(Flaw::new(finding, Evidence::Static));
    };
    let told = pathway.place(first);
    let help = format!("lead every way to `{}` through `{}`", place.name, told.name);
    let finding = finding(format!("one can come to it before `{}` was done", told.name));
    let finding = going_past(subject, finding.and(told.at, "here the person is told").help(help), &path);
    let shows = Shows::NotDone { reached: id, first };
    Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
}
