//! Small worlds written by hand, of whom contacts serve, of what is heard in time, and of what the person wishes.

use super::heard::URGENT_HOURS;
use super::own::{
    HELP, NURSE, OVER, READY, TEAM, YES, decide, hand_over, leads, never_says, one_step, only_on_paper, says, step,
    world,
};
use super::served::Serves;
use super::state::Kind;
use super::verdict::judge;
use super::world::{Cond, Contact, Decide, Ending, Fact, FactKind, PERSON, PlaceKind, Rung, Target, Way, World};

const ALL: u8 = 0xFF;

fn serves(condition: Cond, until_known: bool) -> Option<Serves> {
    Some(Serves { condition, until_known })
}

fn is_ready() -> Cond {
    Cond::Is(0, YES)
}

fn others() -> Cond {
    Cond::Not(Box::new(is_ready()))
}

#[test]
fn whom_nobody_serves_is_not_served() {
    let mut world = one_step();
    world.contacts[0].serves = serves(is_ready(), true);
    says(&world, Kind::NotServed);
    // Whoever is not ready has another, but while it is not known they may have none.
    world.contacts.push(Contact {
        fills: vec![NURSE],
        open: ALL,
        serves: serves(others(), false),
        ..Contact::default()
    });
    never_says(&world, Kind::NotServed);
    world.contacts[0].serves = serves(is_ready(), false);
    says(&world, Kind::NotServed);
}

#[test]
fn a_role_nobody_needs_serves_nobody() {
    let mut world = one_step();
    world.roles = 3;
    world.contacts.push(Contact { fills: vec![2], open: ALL, serves: serves(is_ready(), false), ..Contact::default() });
    never_says(&world, Kind::NotServed);
    world.ladders[0].rungs = vec![(Rung::Role(2), 1)];
    says(&world, Kind::NotServed);
}

#[test]
fn who_serves_others_is_not_there() {
    let mut world = one_step();
    world.defaults[Way::Late as usize] = world.route(OVER);
    world.contacts[0].serves = serves(is_ready(), true);
    world.contacts[0].open = 0b0000_1111;
    world.contacts.push(Contact {
        fills: vec![NURSE],
        open: ALL,
        serves: serves(others(), true),
        ..Contact::default()
    });
    // Of two slots somebody is there for everybody else, but for who is ready nobody is.
    says(&world, Kind::TooLate);
    world.contacts[0].open = ALL;
    never_says(&world, Kind::TooLate);
    never_says(&world, Kind::NotServed);
}

#[test]
fn who_is_last_is_there_for_everybody() {
    let mut world = one_step();
    world.ladders[0].rungs = vec![(Rung::Role(TEAM), 1)];
    world.contacts[1].serves = serves(is_ready(), true);
    world.contacts.push(Contact {
        fills: vec![TEAM],
        open: 0b0111_1111,
        serves: serves(others(), true),
        ..Contact::default()
    });
    says(&world, Kind::NobodyAnswers);
    world.contacts[2].open = ALL;
    never_says(&world, Kind::NobodyAnswers);
}

#[test]
fn two_who_serve_one_person_at_one_time_serve_them_twice() {
    let mut world = one_step();
    world.contacts[0].serves = serves(is_ready(), true);
    let other = Cond::Or(Box::new(others()), Box::new(Cond::Is(1, YES)));
    world.contacts.push(Contact { fills: vec![NURSE], open: ALL, serves: serves(other, true), ..Contact::default() });
    on_paper(&world, Kind::ServedTwice);
    world.contacts[0].open = 0b0000_1111;
    world.contacts[2].open = 0b1111_0000;
    never_says(&world, Kind::ServedTwice);
    // By the same words they are one area, by day and by night.
    world.contacts[2].open = ALL;
    world.contacts[2].serves = serves(is_ready(), false);
    never_says(&world, Kind::ServedTwice);
}

#[test]
fn a_model_goes_by_what_somebody_is_asked_for() {
    let mut world = world();
    world.facts[1] = Fact { kind: FactKind::UpTo(2), model: Some(1), ..Fact::default() };
    step(&mut world, 0b10, 1, leads(OVER));
    on_paper(&world, Kind::NothingToGoBy);
    let finds = |world: &mut World, place: usize, finds: u8| {
        if let PlaceKind::Step(step) = &mut world.places[place].kind {
            step.finds = finds;
        }
    };
    // In the same step, or before it, and not behind it.
    let mut with = world.clone();
    finds(&mut with, 0, 0b11);
    never_says(&with, Kind::NothingToGoBy);
    let mut two = world.clone();
    two.places.clear();
    step(&mut two, 0b01, 1, leads(Target::Place(1)));
    step(&mut two, 0b10, 1, leads(OVER));
    never_says(&two, Kind::NothingToGoBy);
    finds(&mut two, 0, 0b10);
    finds(&mut two, 1, 0b01);
    on_paper(&two, Kind::NothingToGoBy);
    // What is presumed is something; and what a handover leaves behind is nothing.
    world.facts[0].presumed = Some(0);
    never_says(&world, Kind::NothingToGoBy);
    let mut left = two;
    left.places.clear();
    step(&mut left, 0b01, 1, leads(Target::Place(1)));
    hand_over(&mut left, 0b01, Target::Place(2));
    step(&mut left, 0b10, 1, leads(OVER));
    never_says(&left, Kind::NothingToGoBy);
    if let PlaceKind::HandOver(over) = &mut left.places[1].kind {
        over.carrying = 0;
    }
    on_paper(&left, Kind::NothingToGoBy);
}

#[track_caller]
fn on_paper(world: &World, kind: Kind) {
    only_on_paper(world, kind);
}

#[test]
fn what_is_urgent_and_not_heard_is_unacknowledged() {
    let mut world = one_step();
    world.contacts[0].reached = vec![None, Some(URGENT_HOURS + 1)];
    never_says(&world, Kind::Unacknowledged);
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.within = 0;
    on_paper(&world, Kind::Unacknowledged);
    world.contacts[0].reached.push(Some(URGENT_HOURS));
    never_says(&world, Kind::Unacknowledged);
    // Of whom nothing is said nothing is claimed.
    world.contacts[0].reached.clear();
    never_says(&world, Kind::Unacknowledged);
    // A rung that something escalates to.
    world.contacts[1].reached = vec![None];
    never_says(&world, Kind::Unacknowledged);
    world.ladders[0].rungs[0].1 = 0;
    on_paper(&world, Kind::Unacknowledged);
}

const HOME: u8 = 0;
const AWAY: u8 = 1;
/// What the person wishes: home, away, or not sure.
const WISH: u8 = 1;

/// Somebody is asked what they wish, and a decision sends those of whom something is known away; all others end elsewhere.
fn sent_away(condition: Cond) -> World {
    let mut world = world();
    world.facts[1] = Fact { kind: FactKind::OneOf(3), ..Fact::default() };
    world.wish = Some((WISH, 0));
    world.endings.push(Ending { holder: PERSON, owed: Vec::new(), lives: Some(AWAY) });
    step(&mut world, READY, 1, leads(Target::Place(1)));
    decide(&mut world, Target::Ending(1), Some(OVER));
    let PlaceKind::Decide(it) = &mut world.places[1].kind else { return world };
    it.rows[0].0 = condition;
    world
}

#[test]
fn nobody_goes_where_they_do_not_wish_to() {
    let wishes = |these: u8| Cond::Is(WISH, these);
    never_says(&sent_away(wishes(1 << AWAY)), Kind::AgainstWish);
    // Whoever is not sure wishes nothing else.
    never_says(&sent_away(wishes(1 << AWAY | 1 << 2)), Kind::AgainstWish);
    says(&sent_away(wishes(1 << AWAY | 1 << HOME)), Kind::AgainstWish);
    says(&sent_away(is_ready()), Kind::AgainstWish);
    says(&sent_away(Cond::Or(Box::new(wishes(1 << AWAY)), Box::new(is_ready()))), Kind::AgainstWish);
    never_says(&sent_away(Cond::And(Box::new(wishes(1 << AWAY)), Box::new(is_ready()))), Kind::AgainstWish);
}

#[test]
fn where_the_person_is_already_nobody_sends_them() {
    let mut world = sent_away(is_ready());
    world.homes = vec![Some(AWAY), None];
    never_says(&world, Kind::AgainstWish);
    // What was asked before they came to be somewhere else says nothing of going on from there.
    let mut world = sent_away(Cond::Is(WISH, 1 << AWAY));
    let on = world.route(Target::Ending(1));
    let PlaceKind::Decide(it) = &mut world.places[1].kind else { return };
    it.rows[0].1 = on;
    world.routes[on].first = Target::Place(2);
    step(&mut world, 0, 1, leads(Target::Ending(1)));
    world.homes = vec![None, None, Some(HOME)];
    says(&world, Kind::AgainstWish);
}

#[test]
fn a_person_who_is_able_to_decides_for_themselves() {
    let chosen = |role: u8, only_when: Option<Cond>| {
        let mut world = sent_away(is_ready());
        let PlaceKind::Decide(it) = &mut world.places[1].kind else { return world };
        let options = [Target::Ending(1)];
        let only_when = options.into_iter().zip(only_when).collect();
        *it = Decide { advises: Some((role, 1)), only_when, ..it.clone() };
        world
    };
    says(&chosen(PERSON, None), Kind::AgainstWish);
    never_says(&chosen(PERSON, Some(is_ready())), Kind::AgainstWish);
    says(&chosen(TEAM, Some(is_ready())), Kind::AgainstWish);
    never_says(&chosen(TEAM, Some(Cond::Is(WISH, 1 << AWAY))), Kind::AgainstWish);
}

/// One step, and a fact that is disputed; somebody else settles it.
fn to_settle() -> World {
    let mut world = one_step();
    world.roles = 3;
    world.contacts.push(Contact { fills: vec![2], open: ALL, ..Contact::default() });
    world.facts[1].disputed = Some((2, 1));
    world
}

#[test]
fn who_settles_what_is_disputed_serves_everybody() {
    let mut world = to_settle();
    never_says(&world, Kind::NotServed);
    world.contacts[2].serves = serves(is_ready(), true);
    says(&world, Kind::NotServed);
    // Nobody needs them any more.
    world.facts[1].disputed = Some((TEAM, 1));
    never_says(&world, Kind::NotServed);
}

#[test]
fn what_nobody_settles_a_ladder_is_asked_to_which_one_leads_anyway() {
    const CANNOT: &str = "whoever settles it cannot, and nobody else is asked";
    const LADDER: &str = "somebody on a ladder is asked";
    const AGAIN: &str = "whoever settles it is asked again";
    let mut world = to_settle();
    let settling = judge(&world).settling;
    assert!(settling.contains(LADDER) && !settling.contains(AGAIN) && !settling.contains(CANNOT), "{settling:?}");
    // The one who is last sleeps: so it is for the step, and for what is to be settled.
    world.contacts[1].open = 0b0111_1111;
    says(&world, Kind::NobodyAnswers);
    assert!(judge(&world).settling.contains("nobody answers what it is"));
    // A step that is late, and asks nobody: nor does what is to be settled.
    world.defaults[Way::Late as usize] = world.route(OVER);
    world.defaults[Way::Cannot as usize] = world.route(OVER);
    never_says(&world, Kind::NobodyAnswers);
    let settling = judge(&world).settling;
    assert!(!settling.contains(LADDER) && settling.contains(AGAIN) && settling.contains(CANNOT), "{settling:?}");
}

#[test]
fn nobody_is_asked_of_what_nobody_settles_while_one_waits() {
    let mut world = to_settle();
    let PlaceKind::Step(step) = &mut world.places[0].kind else { panic!("it is a step") };
    (step.waits, step.role) = (true, PERSON);
    world.contacts[1].open = 0b0111_1111;
    never_says(&world, Kind::NobodyAnswers);
    let settling = judge(&world).settling;
    assert!(settling.contains("whoever settles it is asked again"), "{settling:?}");
}
