//! What is done to a small world to see whether it is noticed: one thing at a time, at every place where it can be done.

mod people;

pub use people::{OF_PEOPLE, asks_what_is_wished};

use crate::oracle::{self, Cond, FactKind, PlaceKind, Target, Way, World};

/// One thing that is done to a world: at any place where it can be done, there is a mutant.
pub struct Mutation {
    pub name: &'static str,
    /// Does it at the place of that number; no where there is nothing to be done.
    pub at: fn(&mut World, usize) -> bool,
}

pub const MUTATIONS: &[Mutation] = &[
    Mutation { name: "a row is taken out", at: take_out_a_row },
    Mutation { name: "`if none of these` is taken out", at: take_out_the_rest },
    Mutation { name: "what acts only advises", at: only_advise },
    Mutation { name: "what advises acts", at: act },
    Mutation { name: "who disagrees goes back to the start", at: disagree_leads_back },
    Mutation { name: "what is accepted leads past the safety nets", at: accepted_leads_past },
    Mutation { name: "nobody looks again at a positive risk", at: take_out_the_review },
    Mutation { name: "a positive risk has no safety nets", at: take_out_the_nets },
    Mutation { name: "nobody says what matters", at: take_out_what_matters },
    Mutation { name: "nobody answers if it happens", at: take_out_the_responder },
    Mutation { name: "one side agrees the plan alone", at: agree_alone },
    Mutation { name: "no option is always one", at: no_option_is_free },
    Mutation { name: "an option is always one", at: an_option_is_free },
    Mutation { name: "a decision that does not know goes nowhere new", at: unknown_leads_back },
    Mutation { name: "what is late ends the case", at: late_ends },
    Mutation { name: "the first rung is taken out", at: take_out_a_rung },
    Mutation { name: "somebody sleeps", at: take_out_hours },
    Mutation { name: "a count is taken out", at: take_out_a_count },
    Mutation { name: "a count is one higher", at: count_once_more },
    Mutation { name: "a fact is not carried", at: leave_a_fact_behind },
    Mutation { name: "a handover is passed by", at: pass_by_a_handover },
    Mutation { name: "a deadline is doubled", at: double_a_deadline },
    Mutation { name: "an ending is held by somebody else", at: move_a_holder },
    Mutation { name: "somewhere is further from home", at: move_away },
    Mutation { name: "an ending is further from home", at: end_away },
    Mutation { name: "what interrupts leads back to the start", at: interrupts_lead_back },
    Mutation { name: "what interrupts happens once more", at: interrupts_once_more },
    Mutation { name: "what is late alongside asks nobody", at: late_alongside_ends },
    Mutation { name: "a time is counted after something else", at: count_after },
    Mutation { name: "a step is due at a meeting", at: due_at_a_meeting },
    Mutation { name: "a step is not due at a meeting any more", at: due_at_no_meeting },
    Mutation { name: "papers are due a day earlier", at: papers_earlier },
    Mutation { name: "a time is counted from the opening", at: count_from_the_opening },
    Mutation { name: "nothing keeps known what interrupts", at: nothing_watches },
    Mutation { name: "a call that ends goes back to the start", at: a_call_leads_back },
    Mutation { name: "nothing is presumed any more", at: presume_nothing },
    Mutation { name: "something else is presumed", at: presume_something_else },
    Mutation { name: "nothing is settled any more", at: settle_nothing },
    Mutation { name: "what numbers come to has to be one more", at: one_more },
    Mutation { name: "a fact may be disputed", at: let_be_disputed },
    Mutation { name: "somebody else settles what is disputed", at: let_others_settle },
    Mutation { name: "a model goes by one fact less", at: take_out_an_input },
    Mutation { name: "no model finds a fact any more", at: let_no_model_find },
    Mutation { name: "nobody else is needed any more", at: nobody_else_is_needed },
    Mutation { name: "somebody else is always needed", at: somebody_is_always_needed },
    Mutation { name: "a number is asked, and not counted since a date", at: ask_the_number },
    Mutation { name: "a number is counted since a date", at: count_since_a_date },
    Mutation { name: "a fact applies to everybody", at: apply_to_everybody },
    Mutation { name: "a fact applies to the others", at: apply_to_the_others },
];

fn decision(world: &mut World, at: usize) -> Option<&mut oracle::Decide> {
    match &mut world.places.get_mut(at)?.kind {
        // What says who is asked about a positive risk is no decision that somebody wrote.
        PlaceKind::Decide(decide) if decide.risk.is_none() => Some(decide),
        _ => None,
    }
}

fn risk(world: &mut World, at: usize) -> Option<&mut oracle::Risk> {
    match &mut world.places.get_mut(at)?.kind {
        PlaceKind::Decide(decide) => decide.risk.as_mut(),
        _ => None,
    }
}

fn accepted_leads_past(world: &mut World, at: usize) -> bool {
    let before = risk(world, at).filter(|risk| !risk.nets.is_empty()).and_then(|risk| risk.before.place());
    let Some(before) = before else { return false };
    let past = world.route(Target::Place(before));
    risk(world, at).is_some_and(|risk| std::mem::replace(&mut risk.accepted, past) != past)
}

fn take_out_the_review(world: &mut World, at: usize) -> bool {
    risk(world, at).is_some_and(|risk| risk.review.take().is_some())
}

fn take_out_the_nets(world: &mut World, at: usize) -> bool {
    risk(world, at).is_some_and(|risk| risk.nets.pop().is_some())
}

fn take_out_what_matters(world: &mut World, at: usize) -> bool {
    risk(world, at).is_some_and(|risk| risk.matters.take().is_some())
}

fn take_out_the_responder(world: &mut World, at: usize) -> bool {
    risk(world, at).is_some_and(|risk| risk.responder.take().is_some())
}

fn agree_alone(world: &mut World, at: usize) -> bool {
    risk(world, at).is_some_and(|risk| risk.disagree.is_some() && std::mem::replace(&mut risk.agreed, 1) > 1)
}

fn take_out_a_row(world: &mut World, at: usize) -> bool {
    decision(world, at).filter(|decide| decide.rows.len() > 1).map(|decide| decide.rows.remove(0)).is_some()
}

fn take_out_the_rest(world: &mut World, at: usize) -> bool {
    decision(world, at).is_some_and(|decide| decide.otherwise.take().is_some())
}

fn no_option_is_free(world: &mut World, at: usize) -> bool {
    let Some(decide) = decision(world, at).cloned() else { return false };
    let decides = world.somebody_chooses(at as u8);
    let rows: Vec<Target> =
        decide.row_routes().flat_map(|row| world.routes[row].targets().collect::<Vec<_>>()).collect();
    let condition = decide.rows[0].0.clone();
    let Some(decide) = decision(world, at).filter(|_| decides) else { return false };
    for option in rows {
        if decide.only_when(option).is_none() {
            decide.only_when.push((option, condition.clone()));
        }
    }
    true
}

fn only_advise(world: &mut World, at: usize) -> bool {
    decision(world, at).filter(|it| it.advises.is_none()).map(|it| it.advises = Some((0, 1))).is_some()
}

fn disagree_leads_back(world: &mut World, at: usize) -> bool {
    let back = world.route(Target::Place(0));
    decision(world, at).filter(|it| it.disagree.is_some()).map(|it| it.disagree = Some(back)).is_some()
}

fn act(world: &mut World, at: usize) -> bool {
    decision(world, at).is_some_and(|it| it.advises.take().is_some())
}

fn an_option_is_free(world: &mut World, at: usize) -> bool {
    decision(world, at).is_some_and(|decide| decide.only_when.pop().is_some())
}

fn unknown_leads_back(world: &mut World, at: usize) -> bool {
    let back = world.route(Target::Place(0));
    decision(world, at).map(|decide| decide.unknown = back).is_some()
}

fn late_ends(world: &mut World, at: usize) -> bool {
    let Some(route) = world.defaults.first().copied().filter(|_| at == 0) else { return false };
    let escalates = matches!(world.routes[route].first, Target::Ladder(_));
    world.routes[route].first = Target::Ending(0);
    escalates
}

fn take_out_a_rung(world: &mut World, at: usize) -> bool {
    let rungs = world.ladders.get_mut(at).map(|ladder| &mut ladder.rungs).filter(|rungs| rungs.len() > 1);
    // The last: the one before it is last now.
    rungs.is_some_and(|rungs| rungs.pop().is_some())
}

fn take_out_hours(world: &mut World, at: usize) -> bool {
    world.contacts.get_mut(at).filter(|contact| contact.open == 0xFF).map(|contact| contact.open = 0x3F).is_some()
}

fn take_out_a_count(world: &mut World, at: usize) -> bool {
    world.routes.get_mut(at).is_some_and(|route| route.count.take().is_some())
}

fn count_once_more(world: &mut World, at: usize) -> bool {
    let count = world.routes.get_mut(at).and_then(|route| route.count.as_mut());
    count.map(|(times, _)| *times += 1).is_some()
}

fn leave_a_fact_behind(world: &mut World, at: usize) -> bool {
    let Some(PlaceKind::HandOver(over)) = world.places.get_mut(at).map(|place| &mut place.kind) else { return false };
    let carried = over.carrying;
    over.carrying &= over.carrying.wrapping_sub(1);
    carried != over.carrying
}

/// Declined, and the same as if it had been accepted.
fn pass_by_a_handover(world: &mut World, at: usize) -> bool {
    let Some(PlaceKind::HandOver(over)) = world.places.get(at).map(|place| &place.kind) else { return false };
    let (declined, then) = (over.declined, over.then);
    world.routes[declined] = world.routes[then];
    declined != then
}

fn double_a_deadline(world: &mut World, at: usize) -> bool {
    match world.places.get_mut(at).map(|place| &mut place.kind) {
        Some(PlaceKind::Step(step)) => step.within *= 2,
        Some(PlaceKind::HandOver(over)) => over.within *= 2,
        Some(PlaceKind::Repeat(repeat)) => repeat.every *= 2,
        _ => return false,
    }
    true
}

fn interrupts_lead_back(world: &mut World, at: usize) -> bool {
    // What is done as well has a road of its own.
    world.interrupts.get_mut(at).filter(|it| !it.as_well).map(|it| it.target = Target::Place(0)).is_some()
}

/// What is late alongside asks nobody any more.
fn late_alongside_ends(world: &mut World, at: usize) -> bool {
    if !world.is_beside(at as u8) {
        return false;
    }
    let late = world.places[at].own.iter().find(|(way, _)| *way == Way::Late).map(|(_, route)| *route);
    late.is_some_and(|route| std::mem::replace(&mut world.routes[route].first, Target::Over) != Target::Over)
}

/// The time of a step is counted after the nearest thing before it that can be done.
fn count_after(world: &mut World, at: usize) -> bool {
    let can_be_done = |place: &u8| world.decide(*place).is_none() && !world.is_beside(*place);
    let before = (0..at.min(world.places.len()) as u8).rev().find(can_be_done);
    if world.counted_after().is_some() || world.called != 0 {
        return false;
    }
    match world.places.get_mut(at).map(|place| &mut place.kind) {
        Some(PlaceKind::Step(step)) if step.hours_of.is_none() && step.meeting.is_none() && before.is_some() => {
            step.after = before
        }
        _ => return false,
    }
    true
}

/// A step that has its own time is due at a meeting once a week.
fn due_at_a_meeting(world: &mut World, at: usize) -> bool {
    let plain = |step: &&mut oracle::Step| {
        step.hours_of.or(step.after).or(step.takes).is_none() && step.meeting.is_none() && !step.waits
    };
    step(world, at).filter(plain).map(|step| step.meeting = Some((2, 4))).is_some()
}

fn due_at_no_meeting(world: &mut World, at: usize) -> bool {
    step(world, at).is_some_and(|step| step.meeting.take().is_some())
}

fn papers_earlier(world: &mut World, at: usize) -> bool {
    let meeting = step(world, at).and_then(|step| step.meeting.as_mut());
    meeting.map(|(papers, _)| *papers = (*papers + 7) % 8).is_some()
}

/// The time of a step is counted from its opening.
fn count_from_the_opening(world: &mut World, at: usize) -> bool {
    match world.places.get_mut(at).map(|place| &mut place.kind) {
        Some(PlaceKind::Step(step)) => step.after.take().is_some(),
        _ => false,
    }
}

fn interrupts_once_more(world: &mut World, at: usize) -> bool {
    world.interrupts.get_mut(at).map(|it| it.times += 1).is_some()
}

fn nothing_watches(world: &mut World, at: usize) -> bool {
    world.interrupts.get_mut(at).map(|it| it.watched = false).is_some()
}

/// One way in which a call ends leads back to the start, and nothing counts it.
fn a_call_leads_back(world: &mut World, at: usize) -> bool {
    if world.called == 0 {
        return false;
    }
    let Some(out) = world.out_of_the_call().get(at).copied() else { return false };
    world.reroute(out, Target::Place(0))
}

fn move_a_holder(world: &mut World, at: usize) -> bool {
    let roles = world.roles;
    let ending = world.endings.get_mut(at);
    ending.map(|ending| ending.holder = if ending.holder < roles { (ending.holder + 1) % roles } else { 0 }).is_some()
}

fn further(lives: Option<&mut Option<u8>>) -> bool {
    let lives = lives.and_then(Option::as_mut).filter(|lives| **lives + 1 < oracle::SETTINGS);
    lives.map(|lives| *lives += 1).is_some()
}

fn move_away(world: &mut World, at: usize) -> bool {
    further(world.homes.get_mut(at))
}

fn end_away(world: &mut World, at: usize) -> bool {
    further(world.endings.get_mut(at).map(|ending| &mut ending.lives))
}

fn presume_nothing(world: &mut World, at: usize) -> bool {
    world.facts.get_mut(at).is_some_and(|fact| fact.presumed.take().is_some())
}

fn presume_something_else(world: &mut World, at: usize) -> bool {
    let Some(fact) = world.facts.get_mut(at) else { return false };
    let values = fact.values();
    fact.presumed = fact.presumed.map(|value| (value + 1) % values);
    fact.presumed.is_some()
}

fn let_be_disputed(world: &mut World, at: usize) -> bool {
    world.facts.get_mut(at).is_some_and(|fact| fact.disputed.replace((oracle::PERSON, 1)).is_none())
}

/// The last of the roles settles it: now and then nobody else needs them.
fn let_others_settle(world: &mut World, at: usize) -> bool {
    let last = world.roles - 1;
    let who = world.facts.get_mut(at).and_then(|fact| fact.disputed.as_mut());
    who.is_some_and(|(who, _)| std::mem::replace(who, last) != last)
}

fn step(world: &mut World, at: usize) -> Option<&mut oracle::Step> {
    match &mut world.places.get_mut(at)?.kind {
        PlaceKind::Step(step) => Some(step),
        _ => None,
    }
}

fn nobody_else_is_needed(world: &mut World, at: usize) -> bool {
    step(world, at).is_some_and(|step| step.needed.take().is_some())
}

fn somebody_is_always_needed(world: &mut World, at: usize) -> bool {
    step(world, at).and_then(|step| step.needed.as_mut()).is_some_and(|needed| needed.when.take().is_some())
}

fn ask_the_number(world: &mut World, at: usize) -> bool {
    let Some(fact) = world.facts.get_mut(at) else { return false };
    let FactKind::Ago(most) = fact.kind else { return false };
    fact.kind = FactKind::UpTo(most);
    true
}

/// Nobody presumes a date, and no model finds one.
fn count_since_a_date(world: &mut World, at: usize) -> bool {
    let plain = |fact: &&mut oracle::Fact| fact.presumed.is_none() && fact.model.is_none();
    let Some(fact) = world.facts.get_mut(at).filter(plain) else { return false };
    let FactKind::UpTo(most) = fact.kind else { return false };
    fact.kind = FactKind::Ago(most);
    true
}

fn take_out_an_input(world: &mut World, at: usize) -> bool {
    let from = world.facts.get_mut(at).and_then(|fact| fact.model.as_mut()).filter(|from| from.count_ones() > 1);
    from.map(|from| *from &= *from - 1).is_some()
}

fn let_no_model_find(world: &mut World, at: usize) -> bool {
    world.facts.get_mut(at).is_some_and(|fact| fact.model.take().is_some())
}

fn settle_nothing(world: &mut World, at: usize) -> bool {
    world.facts.get_mut(at).is_some_and(|fact| std::mem::take(&mut fact.settled))
}

/// But where somebody asks whether it applies: that would not be read any more.
fn apply_to_everybody(world: &mut World, at: usize) -> bool {
    let asks = world.text().contains("not applicable");
    world.facts.get_mut(at).filter(|_| !asks).is_some_and(|fact| fact.applies.take().is_some())
}

fn one_more(world: &mut World, at: usize) -> bool {
    fn raise(condition: &mut Cond) -> bool {
        match condition {
            Cond::Is(..) => false,
            Cond::Not(inner) => raise(inner),
            Cond::And(a, b) | Cond::Or(a, b) => raise(a) || raise(b),
            Cond::Load { at_least, .. } => {
                *at_least += 1;
                true
            }
        }
    }
    decision(world, at).is_some_and(|decide| decide.rows.iter_mut().any(|(condition, _)| raise(condition)))
}

fn apply_to_the_others(world: &mut World, at: usize) -> bool {
    let Some((on, these)) = world.facts.get(at).and_then(|fact| fact.applies) else { return false };
    let it = world.facts[usize::from(on)];
    let all = ((1 << it.values()) - 1) | u8::from(it.applies.is_some()) << oracle::NOT_APPLICABLE;
    world.facts[at].applies = Some((on, all & !these));
    true
}
