//! A positive risk is one that somebody may take with everything in place: what matters to the person, safety nets before
//! they go, a plan that health and social care agreed, somebody who answers, and a review.

mod stage;

use super::endings::does;
use super::flow::is_reached;
use super::information::finds;
use super::promises::opens;
use super::ways::{Path, Quest, Way, WayId};
use super::{Evidence, Flaw, Person, Shows, Subject, cover, going_past, undecided};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Exit, Name, Net, Place, PlaceId, PlaceKind, PositiveRisk, Role, RoleId};
use crate::workflow::{Node, Why};
use stage::{Stage, Stages};

/// The professions of health care, and of social care, by the names that roles say.
const PROFESSIONS: (&[&str], &[&str]) = (
    &[
        "medicine",
        "nursing",
        "therapy",
        "occupational_therapy",
        "physiotherapy",
        "speech_and_language_therapy",
        "pharmacy",
        "paramedicine",
        "psychiatry",
        "psychology",
        "dietetics",
    ],
    &["social_work", "social_care"],
);

/// The kinds of organisation of health care, and of social care.
const ORGANISATIONS: (&[&str], &[&str]) = (
    &[
        "hospital",
        "general_practice",
        "community_health",
        "mental_health",
        "ambulance_service",
        "integrated_care_board",
        "health_care",
    ],
    &["council", "social_care", "care_provider", "care_home", "home_care"],
);

/// What is not in place for somebody who takes a positive risk.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for risk in &subject.program.pathway.risks {
        flaws.extend(nothing_matters(subject, risk));
        let stages = Stages::of(subject, risk);
        flaws.extend(no_safety_net(subject, risk, &stages));
        flaws.extend(not_shared(subject, risk));
        flaws.extend(no_review(subject, risk, &stages));
        flaws.extend(no_responder(subject, risk));
    }
    flaws
}

/// Without what matters to the person there is only danger to speak of. Nothing where a step finds it
/// on some path before.
fn nothing_matters(subject: &Subject<'_>, risk: &PositiveRisk) -> Option<Flaw> {
    let message = match risk.matters {
        None => format!("`{}` does not say what matters to the person", risk.name),
        // Where nothing leads to it, that is said, and there is nothing before it.
        Some(_) if !is_reached(subject.program)(Node::Place(risk.starts)) => return None,
        Some(fact) => {
            let quest = Quest {
                start: false,
                step: &|found: &bool, way: &Way| Some(*found || finds(subject, way.from).contains(&fact)),
                goal: &|found: &bool, at| *found && at == risk.starts,
                possible: &|moment| subject.possible(moment, &Person::new()),
            };
            match subject.ways.find(&quest) {
                Path::Found(_) => return None,
                Path::OutOfBudget => {
                    return Some(undecided(subject, risk.at, "whether somebody asks what matters before", risk.starts));
                }
                Path::None => {}
            }
            let name = &subject.shared.facts.get(fact.index())?.name;
            format!("nobody asks for `{name}` before `{}`, so nobody knows what the risk is taken for", risk.name)
        }
    };
    let finding = Finding::new(Kind::NoMatters, risk.at, message)
        .help("write `matters FACT`, and let a step before it find that fact: the person's own words");
    Some(Flaw::new(finding, Evidence::Static))
}

/// Safety nets that are missing, or need not be in place before the person goes.
fn no_safety_net(subject: &Subject<'_>, risk: &PositiveRisk, stages: &Stages<'_>) -> Vec<Flaw> {
    let Some(before) = risk.before.filter(|_| !risk.nets.is_empty()) else {
        let message = format!("`{}` has no safety nets", risk.name);
        let finding = Finding::new(Kind::NoSafetyNet, risk.at, message)
            .help("write `safety nets STEP, STEP before STEP`: what is in place before the person goes");
        return vec![Flaw::new(finding, Evidence::Static)];
    };
    risk.nets.iter().filter_map(|net| not_in_place(subject, (risk, stages), net, before)).collect()
}

fn not_in_place(
    subject: &Subject<'_>,
    (risk, stages): (&PositiveRisk, &Stages<'_>),
    net: &Net,
    before: PlaceId,
) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let opens = pathway.opens_with(before);
    let quest = Quest {
        start: stages.first(),
        step: &|so_far: &Stage, way: &Way| {
            let done = does(subject, net.place, way);
            (!done).then(|| stages.after(*so_far, way))
        },
        goal: &|so_far: &Stage, at| at == opens && *so_far != Stage::Not,
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    let (net_named, goes) = (&pathway.place(net.place).name, &pathway.place(before).name);
    let path = match subject.ways.find(&quest) {
        Path::None => return None,
        Path::OutOfBudget => {
            return Some(undecided(subject, net.at, "whether a safety net is in place before", before));
        }
        Path::Found(path) => path,
    };
    let message = format!("one can come to `{goes}` with `{}` accepted before `{net_named}` is in place", risk.name);
    let finding = Finding::new(Kind::NoSafetyNet, net.at, message)
        .help(match said_done_by_others(subject, &path, net.place) {
            Some(block) => format!(
                "`{block}` may be said to be done, by somebody on a ladder, while `{net_named}` in it is not: write `if late -> \
                 STEP` in `{block}`, and lead from there as if it were not in place"
            ),
            None => format!("lead every way from where it is accepted to `{goes}` through `{net_named}`"),
        });
    let finding = going_past(subject, finding, &path);
    let shows = Shows::NoNet { risk: risk.fact, reached: before, net: net.place };
    let path = accepted_on_it(subject, stages, path, Some(net.place));
    Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
}

/// A block on a path that somebody on a ladder says is done, with a place among its branches that need not be.
fn said_done_by_others(subject: &Subject<'_>, path: &[WayId], place: PlaceId) -> Option<Name> {
    let pathway = &subject.program.pathway;
    let ways = path.iter().map(|way| &subject.ways.all[*way]);
    let said = ways.filter(|way| way.escalated && way.why == Why::Done).map(|way| pathway.place(way.from));
    let has_it = |it: &&Place| match &it.kind {
        PlaceKind::Together(block) => {
            block.branches.iter().any(|branch| *branch == place || pathway.is_in_branch(place, *branch))
        }
        _ => false,
    };
    said.into_iter().find(has_it).map(|block| block.name.clone())
}

/// A path, and where the risk is not accepted on it, before the road it goes on parts from one on which it is, that one: both
/// go on at once.
fn accepted_on_it(subject: &Subject<'_>, stages: &Stages<'_>, path: Vec<WayId>, net: Option<PlaceId>) -> Vec<WayId> {
    if path.iter().any(|way| stages.is_accepted_at(subject.ways.all[*way].from)) {
        return path;
    }
    let pathway = &subject.program.pathway;
    let gone_along = |road| path.iter().any(|way| pathway.road(subject.ways.all[*way].from) == road);
    let quest = Quest {
        start: (),
        step: &|(): &(), way: &Way| net.is_none_or(|net| !does(subject, net, way)).then_some(()),
        goal: &|(): &(), at| stages.is_accepted_at(at) && !gone_along(pathway.road(at)),
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    let Path::Found(accepted) = subject.ways.find(&quest) else { return path };
    let together = path.iter().zip(&accepted).take_while(|(one, other)| one == other).count();
    accepted.into_iter().chain(path.into_iter().skip(together)).collect()
}

/// A plan that is not agreed by both health and social care.
fn not_shared(subject: &Subject<'_>, risk: &PositiveRisk) -> Option<Flaw> {
    let side = |role: &Role| {
        let named = |word: &Option<crate::model::Name>, lists: (&[&str], &[&str])| {
            let is = |list: &[&str]| word.as_ref().is_some_and(|word| list.contains(&word.as_str()));
            (is(lists.0), is(lists.1))
        };
        // A nurse of a care home is a nurse: the profession says it, where it is one of these.
        match named(&role.profession, PROFESSIONS) {
            (false, false) => named(&role.of, ORGANISATIONS),
            known => known,
        }
    };
    let roles = risk.agreed_by.iter().filter_map(|role: &RoleId| subject.shared.roles.get(role.index()));
    let (health, social) = roles.map(side).fold((false, false), |all, it| (all.0 || it.0, all.1 || it.1));
    let lacking = match (health, social) {
        (true, true) => return None,
        (true, false) => "somebody of social care",
        (false, true) => "somebody of health care",
        (false, false) => "somebody of health care, and somebody of social care",
    };
    let message = format!("the plan of `{}` is to be agreed by {lacking}, too", risk.name);
    let finding = Finding::new(Kind::PlanNotShared, risk.agreed_at, message).help(
        "name such a role behind `plan agreed by`; a role says what it is by `profession social_work`, or by \
         `of council`",
    );
    Some(Flaw::new(finding, Evidence::Static))
}

/// Nobody looks at it again: there is no review, or the case can end without one after the person has gone.
fn no_review(subject: &Subject<'_>, risk: &PositiveRisk, stages: &Stages<'_>) -> Option<Flaw> {
    let pathway = &subject.program.pathway;
    let Some(review) = risk.review else {
        let message = format!("nobody looks again at `{}`: it has no review", risk.name);
        let finding = Finding::new(Kind::NoReview, risk.at, message)
            .help("write `review STEP`: the step in which one looks how it goes");
        return Some(Flaw::new(finding, Evidence::Static));
    };
    let life = |way: &Way| matches!(way.why, Why::Exit(exit) if Exit::LIFE.contains(&exit));
    let ends = |at: PlaceId| matches!(&pathway.place(at).kind, PlaceKind::Ending(it) if it.of_branch.is_none());
    let quest = Quest {
        start: (stages.first(), pathway.start),
        step: &|(so_far, at): &(Stage, PlaceId), way: &Way| {
            // Who leaves a block out of the midst of a branch is as far as they are.
            let inside = *at != way.from;
            if life(way) || inside && stages.is_over_before(*at, way) {
                return None;
            }
            let next = if inside { stages.inside(*so_far, *at, way) } else { stages.after(*so_far, way) };
            // A branch opens with its block. What was done in a block was opened in it; but who went in it may have gone later.
            let done = !inside && *so_far == Stage::Gone && does(subject, review, way);
            let next = match next {
                Stage::Gone if way.to == review => Stage::Looking,
                Stage::Gone if done || opens(subject, way.to, review) => Stage::Accepted,
                // Who has gone already goes on along the road on which they are; here they may go once more.
                Stage::Gone if subject.ways.turns_off(way) => Stage::Accepted,
                next => next,
            };
            Some((next, way.to))
        },
        goal: &|(so_far, _): &(Stage, PlaceId), at| *so_far == Stage::Gone && ends(at),
        possible: &|moment| subject.possible(moment, &Person::new()),
    };
    let path = match subject.ways.find_leaving_branches(&quest) {
        Path::None => return None,
        Path::OutOfBudget => {
            return Some(undecided(
                subject,
                risk.at,
                "whether one looks at it again before the end, after",
                risk.starts,
            ));
        }
        Path::Found(path) => path,
    };
    let ending = path.last().map(|way| subject.ways.all[*way].to)?;
    // What is done alongside is over; the case ends where the main road does.
    let alongside = matches!(&pathway.place(ending).kind, PlaceKind::Ending(it) if it.nothing_more);
    let (named, comes_to) = (&pathway.place(review).name, &pathway.place(ending).name);
    let comes_to = if alongside { "the end of what is done alongside".to_string() } else { format!("`{comes_to}`") };
    let message = format!("after `{}` one can come to {comes_to} and nobody has looked again in `{named}`", risk.name);
    let left = path.windows(2).map(|two| (subject.ways.all[two[0]], subject.ways.all[two[1]]));
    let left = left.filter(|(came, left)| came.to != left.from).map(|(_, left)| left.from).next();
    let help = match (left, alongside) {
        (Some(block), _) => format!(
            "`{}` can be left while the person is away: open `{named}` as soon as they have gone, or go when nothing else is \
             done side by side",
            pathway.place(block).name
        ),
        (None, true) => {
            format!(
                "lead every way on which the person has gone through `{named}`, alongside too: the main road may be over"
            )
        }
        (None, false) => format!("lead every way on which the person has gone through `{named}`"),
    };
    let finding = Finding::new(Kind::NoReview, risk.at, message).help(help);
    let finding = going_past(subject, finding, &path);
    let ending = (!alongside).then_some(ending);
    let path = accepted_on_it(subject, stages, path, None);
    let shows = Shows::NotReviewed { risk: risk.fact, before: risk.before, ending, review };
    Some(Flaw::new(finding, Evidence::run(path, Vec::new(), shows)))
}

/// Nobody answers if it happens, or not in time at every minute.
fn no_responder(subject: &Subject<'_>, risk: &PositiveRisk) -> Option<Flaw> {
    let Some(responder) = &risk.responder else {
        let message = format!("nobody answers if what could happen at `{}` does", risk.name);
        let finding =
            Finding::new(Kind::NoResponder, risk.at, message).help("write `if it happens ROLE answers within 2 hours`");
        return Some(Flaw::new(finding, Evidence::Static));
    };
    let (when, how_often) = cover::unanswered(subject, responder.role, responder.within)?;
    let role = &subject.shared.roles.get(responder.role.index())?.name;
    let message = format!("if it happens {when}, no `{role}` is there within {}: `{}`", responder.within, risk.name);
    let finding = Finding::new(Kind::NoResponder, responder.at, message)
        .label(how_often)
        .help("name a role that somebody fills at every hour, or give it more time");
    Some(Flaw::new(finding, Evidence::Static))
}
