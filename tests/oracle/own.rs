//! The oracle's own tests: small worlds written by hand, each with what must be said of it and, mended, must not.

use super::state::Kind;
use super::verdict::{Promised, Verdict, judge};
use super::world::{
    Branch, Cond, Contact, Decide, Ending, Fact, FactKind, HandOver, Ladder, PERSON, Place, PlaceKind, Promise, Repeat,
    RouteId, Rung, Step, Target, Thing, Together, Way, World,
};

pub(super) const NURSE: u8 = 0;
pub(super) const TEAM: u8 = 1;
pub(super) const READY: u8 = 1;
const WISH: u8 = 2;
pub(super) const YES: u8 = 0b10;
pub(super) const OVER: Target = Target::Ending(0);
pub(super) const HELP: Target = Target::Ladder(0);

/// A world without places: two facts, two roles that are always there, a ladder of one rung, and what is late or cannot
/// be done escalates. Everything else is over.
pub(super) fn world() -> World {
    let fact = Fact::default();
    let always = |role: u8| Contact { fills: vec![role], open: 0xFF, ..Contact::default() };
    let mut world = World {
        facts: vec![fact, fact],
        roles: 2,
        contacts: vec![always(NURSE), always(TEAM)],
        ladders: vec![Ladder { rungs: vec![(Rung::Contact(1), 1)], reassign: 0 }],
        endings: vec![Ending { holder: PERSON, owed: Vec::new(), lives: None }],
        ..World::default()
    };
    for way in Way::ALL {
        let target = if matches!(way, Way::Late | Way::Cannot) { HELP } else { OVER };
        world.defaults[way as usize] = world.route(target);
    }
    world
}

fn add(world: &mut World, kind: PlaceKind) {
    world.places.push(Place { kind, own: Vec::new() });
}

pub(super) fn leads(to: Target) -> impl Fn(&mut World) -> RouteId {
    move |world| world.route(to)
}

fn counted(to: Target, times: u8, then: Target) -> impl Fn(&mut World) -> RouteId {
    move |world| world.counted(to, times, then)
}

/// Adds a step of the nurse's that finds some facts.
pub(super) fn step(world: &mut World, finds: u8, within: u8, then: impl Fn(&mut World) -> RouteId) {
    let then = then(world);
    add(world, PlaceKind::Step(Step { role: NURSE, finds, within, then, ..Step::default() }));
}

/// Adds a decision: `ready` leads one way, what is left another, and not knowing to the end.
pub(super) fn decide(world: &mut World, ready: Target, otherwise: Option<Target>) {
    let rows = vec![(Cond::Is(0, YES), world.route(ready))];
    let otherwise = otherwise.map(|target| world.route(target));
    let unknown = world.route(OVER);
    add(world, PlaceKind::Decide(Decide { rows, otherwise, unknown, ..Decide::default() }));
}

pub(super) fn hand_over(world: &mut World, carrying: u8, then: Target) {
    let (declined, then) = (world.route(OVER), world.route(then));
    let over = HandOver { from: NURSE, to: TEAM, carrying, within: 1, declined, condition: None, then };
    add(world, PlaceKind::HandOver(over));
}

fn together(world: &mut World, finds: [u8; 2], within: [u8; 2], first: Option<u8>) {
    let branch = |number: usize| Branch {
        role: TEAM,
        finds: finds[number],
        within: within[number],
        takes: None,
        meanwhile: false,
        follows: false,
        more: None,
    };
    let (short, then) = (world.route(OVER), world.route(OVER));
    add(world, PlaceKind::Together(Together { branches: vec![branch(0), branch(1)], first, short, within: 3, then }));
}

/// The verdict; whatever a run shows must be there on paper.
fn verdict(world: &World) -> Verdict {
    let verdict = judge(world);
    assert!(!verdict.gave_up);
    for kind in verdict.shown.keys() {
        assert!(verdict.defined.contains_key(kind), "{kind:?} is shown and not on paper: {verdict:#?}");
    }
    verdict
}

#[track_caller]
pub(super) fn says(world: &World, kind: Kind) {
    let verdict = verdict(world);
    assert!(verdict.defined.contains_key(&kind), "{}\n{verdict:#?}", world.text());
    if kind != Kind::NeverReached {
        assert!(verdict.shown.contains_key(&kind), "no run shows it: {}\n{verdict:#?}", world.text());
    }
}

#[track_caller]
pub(super) fn only_on_paper(world: &World, kind: Kind) {
    let verdict = verdict(world);
    assert!(
        verdict.defined.contains_key(&kind) && !verdict.shown.contains_key(&kind),
        "{}\n{verdict:#?}",
        world.text()
    );
}

#[track_caller]
pub(super) fn never_says(world: &World, kind: Kind) {
    let verdict = verdict(world);
    assert!(!verdict.defined.contains_key(&kind), "{}\n{verdict:#?}", world.text());
}

#[track_caller]
fn lasts(world: &World, slots: u32) {
    assert_eq!(verdict(world).longest, Some(slots), "{}", world.text());
}

pub(super) fn one_step() -> World {
    let mut world = world();
    step(&mut world, 0, 2, leads(OVER));
    world
}

#[test]
fn one_step_is_sound() {
    let verdict = verdict(&one_step());
    assert!(verdict.is_sound(), "{verdict:#?}");
    assert!(verdict.defined.is_empty());
}

#[test]
fn a_decision_without_a_row_for_somebody_has_a_gap() {
    let mut gaping = world();
    decide(&mut gaping, OVER, None);
    says(&gaping, Kind::Gap);
    let mut whole = world();
    decide(&mut whole, OVER, Some(OVER));
    never_says(&whole, Kind::Gap);
}

#[test]
fn only_people_whom_a_decision_sends_there_count() {
    let chain = |ready, otherwise| {
        let mut world = world();
        decide(&mut world, ready, Some(otherwise));
        decide(&mut world, OVER, None);
        world
    };
    never_says(&chain(Target::Place(1), OVER), Kind::Gap);
    says(&chain(OVER, Target::Place(1)), Kind::Gap);
    // Behind a step, anybody may come.
    let mut world = world();
    decide(&mut world, Target::Place(1), Some(OVER));
    step(&mut world, 0, 1, leads(Target::Place(2)));
    decide(&mut world, OVER, None);
    says(&world, Kind::Gap);
}

#[test]
fn a_circle_nobody_counts_is_endless() {
    let mut round = world();
    step(&mut round, 0, 1, leads(Target::Place(0)));
    says(&round, Kind::Endless);
    assert_eq!(verdict(&round).longest, None);
    let mut counted_round = world();
    step(&mut counted_round, 0, 1, counted(Target::Place(0), 2, OVER));
    never_says(&counted_round, Kind::Endless);
    // Three times one slot and the ladder.
    lasts(&counted_round, 6);
}

#[test]
fn a_circle_behind_a_count_that_is_used_up_is_endless() {
    let mut world = world();
    step(&mut world, 0, 1, counted(OVER, 1, Target::Place(0)));
    // After the one time it is allowed, the case is over: no run goes round.
    only_on_paper(&world, Kind::Endless);
}

#[test]
fn decisions_that_lead_to_each_other_are_endless() {
    let mut world = world();
    decide(&mut world, Target::Place(1), Some(OVER));
    decide(&mut world, Target::Place(0), Some(OVER));
    says(&world, Kind::Endless);
}

#[test]
fn a_circle_by_way_of_a_death_is_none() {
    let mut world = one_step();
    world.defaults[Way::Died as usize] = world.route(Target::Place(0));
    never_says(&world, Kind::Endless);
    world.defaults[Way::Withdrew as usize] = world.route(Target::Place(0));
    says(&world, Kind::Endless);
}

#[test]
fn a_place_nothing_leads_to_is_never_reached() {
    let mut world = one_step();
    never_says(&world, Kind::NeverReached);
    step(&mut world, 0, 1, leads(OVER));
    says(&world, Kind::NeverReached);
}

#[test]
fn back_to_the_decision_is_the_one_that_led_there() {
    let mut world = world();
    step(&mut world, 0, 1, leads(Target::Place(2)));
    decide(&mut world, OVER, Some(OVER));
    decide(&mut world, OVER, Some(OVER));
    let back = world.route(Target::Back);
    let find = Step { role: NURSE, missing: true, within: 1, then: back, ..Step::default() };
    add(&mut world, PlaceKind::Step(find));
    for place in [1, 2] {
        let unknown = world.counted(Target::Place(3), 1, OVER);
        let PlaceKind::Decide(decide) = &mut world.places[place].kind else { continue };
        decide.unknown = unknown;
    }
    let verdict = verdict(&world);
    assert_eq!(verdict.defined.get(&Kind::NeverReached).map(String::as_str), Some("p1"));
}

#[test]
fn a_last_rung_that_sleeps_does_not_answer() {
    never_says(&one_step(), Kind::NobodyAnswers);
    let mut world = one_step();
    world.contacts[1].open = 0b0111_1111;
    says(&world, Kind::NobodyAnswers);
    // Nothing escalates any more.
    for way in [Way::Late, Way::Cannot] {
        world.defaults[way as usize] = world.route(OVER);
    }
    never_says(&world, Kind::NobodyAnswers);
}

#[test]
fn two_who_follow_each_other_do_not_answer_for_one_another() {
    let mut world = one_step();
    world.ladders[0].rungs = vec![(Rung::Role(TEAM), 1)];
    never_says(&world, Kind::NobodyAnswers);
    // Each slot has somebody, and no single one is there for the whole time from a minute inside a slot.
    world.contacts[1].open = 0b0101_0101;
    world.contacts.push(Contact { fills: vec![TEAM], open: 0b1010_1010, ..Contact::default() });
    only_on_paper(&world, Kind::NobodyAnswers);
}

#[test]
fn a_step_with_nobody_on_duty_comes_too_late_unless_it_escalates() {
    let mut world = one_step();
    world.contacts[0].open = 0b0000_1111;
    never_says(&world, Kind::TooLate);
    world.defaults[Way::Late as usize] = world.route(OVER);
    says(&world, Kind::TooLate);
    // Three slots of every eight are closed at most: a step that has four finds somebody.
    world.contacts[0].open = 0b0001_1111;
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.within = 4;
    never_says(&world, Kind::TooLate);
}

#[test]
fn work_that_takes_long_needs_somebody_in_one_piece() {
    let mut world = one_step();
    world.defaults[Way::Late as usize] = world.route(OVER);
    world.contacts[0].open = 0b0101_0101;
    never_says(&world, Kind::TooLate);
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.takes = Some(2);
    says(&world, Kind::TooLate);
    // One slot in one piece, of two: from a minute inside an open slot there is no whole one.
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.takes = Some(1);
    only_on_paper(&world, Kind::TooLate);
}

#[test]
fn the_person_is_always_on_duty() {
    let mut world = one_step();
    world.defaults[Way::Late as usize] = world.route(OVER);
    world.contacts[0].open = 0b0000_0001;
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.role = PERSON;
    never_says(&world, Kind::TooLate);
}

#[test]
fn what_is_not_carried_is_not_handed_over() {
    let over = |finds: u8, carrying: u8, found_again: u8| {
        let mut world = world();
        step(&mut world, finds, 1, leads(Target::Place(1)));
        hand_over(&mut world, carrying, Target::Place(2));
        step(&mut world, found_again, 1, leads(Target::Place(3)));
        decide(&mut world, OVER, Some(OVER));
        world
    };
    says(&over(READY, 0, 0), Kind::NotHandedOver);
    never_says(&over(READY, READY, 0), Kind::NotHandedOver);
    never_says(&over(READY, 0, READY), Kind::NotHandedOver);
    // What nobody found or read cannot be lost.
    never_says(&over(WISH, 0, 0), Kind::NotHandedOver);
    // What a decision chose by can.
    let mut world = world();
    decide(&mut world, Target::Place(1), Some(OVER));
    hand_over(&mut world, 0, Target::Place(0));
    says(&world, Kind::NotHandedOver);
}

#[test]
fn what_was_found_this_very_instant_is_not_asked_afresh() {
    let ask = |afresh: bool| {
        let mut world = world();
        step(&mut world, READY, 1, leads(Target::Place(1)));
        decide(&mut world, Target::Place(2), Some(OVER));
        step(&mut world, READY, 1, leads(OVER));
        if let PlaceKind::Step(step) = &mut world.places[2].kind {
            step.afresh = afresh;
        }
        world
    };
    says(&ask(true), Kind::AskedTwice);
    never_says(&ask(false), Kind::AskedTwice);
}

#[test]
fn two_branches_do_not_ask_for_the_same() {
    let both = |finds: [u8; 2]| {
        let mut world = world();
        together(&mut world, finds, [1, 1], None);
        world
    };
    says(&both([READY, READY | WISH]), Kind::AskedTwice);
    never_says(&both([READY, WISH]), Kind::AskedTwice);
}

#[test]
fn an_ending_is_held_by_who_last_accepted() {
    let held = |holder: u8| {
        let mut world = world();
        world.endings.push(Ending { holder, owed: Vec::new(), lives: None });
        hand_over(&mut world, 0, Target::Ending(1));
        world
    };
    never_says(&held(TEAM), Kind::UnheldEnding);
    never_says(&held(PERSON), Kind::UnheldEnding);
    says(&held(NURSE), Kind::UnheldEnding);
    // A person who moves away does so before anybody accepted.
    let mut world = held(TEAM);
    world.defaults[Way::Moved as usize] = world.route(Target::Ending(1));
    says(&world, Kind::UnheldEnding);
}

#[test]
fn what_is_owed_is_done_before_the_ending() {
    let owed = |late: Target| {
        let mut world = world();
        world.endings.push(Ending { holder: PERSON, owed: vec![0], lives: None });
        step(&mut world, 0, 1, leads(Target::Ending(1)));
        world.defaults[Way::Nobody as usize] = world.route(late);
        world
    };
    never_says(&owed(OVER), Kind::StillOwed);
    says(&owed(Target::Ending(1)), Kind::StillOwed);
}

#[test]
fn the_longest_time_is_the_longest_run() {
    // Two slots, and one for the last rung.
    lasts(&one_step(), 3);
    let mut world = one_step();
    world.ladders[0].rungs.insert(0, (Rung::Contact(0), 2));
    lasts(&world, 5);
    // The first rung is never open for two slots: it is passed over.
    world.contacts[0].open = 0b0101_0101;
    lasts(&world, 3);
    // Given to another once, with the time it had, and late once more.
    let mut world = one_step();
    world.ladders[0].reassign = 1;
    lasts(&world, 6);
}

#[test]
fn a_step_with_nobody_on_duty_is_escalated_as_it_opens() {
    let mut world = one_step();
    world.contacts[0].open = 0b0000_0001;
    let PlaceKind::Step(step) = &mut world.places[0].kind else { return };
    step.role = TEAM;
    world.contacts[1].open = 0;
    // Nobody is ever there, so the ladder is asked at once, and that is all the time there is.
    assert_eq!(verdict(&world).longest, Some(1));
}

#[test]
fn a_block_lasts_as_long_as_its_longest_branch() {
    let mut world = world();
    together(&mut world, [0, 0], [1, 2], None);
    // The longer branch is late after two slots, and its ladder answers within one more.
    lasts(&world, 3);
    // A block that is late before its branches are asks the ladder itself.
    let mut late = self::world();
    together(&mut late, [0, 0], [1, 5], None);
    lasts(&late, 4);
    let mut first = self::world();
    together(&mut first, [0, 0], [1, 1], Some(1));
    lasts(&first, 2);
}

#[test]
fn a_repeat_goes_on_until_its_rounds_are_used_up() {
    let repeat = |times: u8| {
        let mut world = world();
        let until = (Cond::Is(0, YES), world.route(OVER));
        let after = world.route(OVER);
        add(
            &mut world,
            PlaceKind::Repeat(Repeat { role: NURSE, every: 2, takes: None, finds: READY, until, times, after }),
        );
        world
    };
    lasts(&repeat(1), 3);
    lasts(&repeat(3), 9);
    never_says(&repeat(3), Kind::Endless);
    never_says(&repeat(3), Kind::AskedTwice);
}

#[test]
fn a_role_decides_where_nobody_knows() {
    let mut world = world();
    decide(&mut world, OVER, Some(Target::Place(1)));
    let unknown = world.route(Target::Decides(TEAM, 2));
    let PlaceKind::Decide(decide) = &mut world.places[0].kind else { return };
    decide.unknown = unknown;
    step(&mut world, 0, 1, leads(OVER));
    let verdict = verdict(&world);
    assert!(verdict.defined.is_empty(), "{verdict:#?}");
    // Two slots to decide, one for the ladder, and then the step.
    assert_eq!(verdict.longest, Some(5));
}

#[test]
fn what_is_good_for_a_while_may_be_unknown_later() {
    let twice = |good_for: Option<u8>| {
        let mut world = world();
        world.facts[0].good_for = good_for;
        world.endings.push(Ending { holder: NURSE, owed: Vec::new(), lives: None });
        decide(&mut world, Target::Place(1), Some(OVER));
        step(&mut world, 0, 1, leads(Target::Place(2)));
        decide(&mut world, OVER, Some(OVER));
        let unknown = world.route(Target::Ending(1));
        if let PlaceKind::Decide(decide) = &mut world.places[2].kind {
            decide.unknown = unknown;
        }
        world
    };
    says(&twice(Some(2)), Kind::UnheldEnding);
    // By the letter of 11.6 every way out is possible; in a run it is known for good.
    only_on_paper(&twice(None), Kind::UnheldEnding);
}

#[track_caller]
fn promise(mut world: World, promise: Promise) -> Promised {
    world.promises.push(promise);
    verdict(&world).promises[0].clone()
}

#[track_caller]
fn kept(world: World, it: Promise) {
    assert_eq!(promise(world, it), Promised::Kept);
}

#[track_caller]
fn broken(world: World, it: Promise) {
    let outcome = promise(world, it);
    assert!(matches!(outcome, Promised::Broken(_)), "{outcome:?}");
}

#[test]
fn everyone_reaches_an_ending_within_a_time() {
    kept(one_step(), Promise::Within(3));
    broken(one_step(), Promise::Within(2));
}

#[test]
fn nobody_reaches_a_step_without_another_first() {
    let mut world = one_step();
    step(&mut world, 0, 1, leads(OVER));
    world.places[0].kind = match one_step().places.remove(0).kind {
        PlaceKind::Step(step) => PlaceKind::Step(Step { then: world.route(Target::Place(1)), ..step }),
        other => other,
    };
    let without = Promise::Without(Thing::Place(1), Thing::Place(0));
    kept(world.clone(), without);
    world.defaults[Way::Nobody as usize] = world.route(Target::Place(1));
    // Nobody could, twice over: that circle has to be counted, but the promise is broken the first time.
    broken(world, without);
}

#[test]
fn whoever_has_something_reaches_a_step() {
    let looked_at = |life: Target| {
        let mut world = world();
        step(&mut world, 0, 1, leads(Target::Place(1)));
        decide(&mut world, Target::Place(2), Some(OVER));
        step(&mut world, 0, 1, leads(Target::Place(2)));
        let unknown = world.route(Target::Place(2));
        if let PlaceKind::Decide(decide) = &mut world.places[1].kind {
            decide.unknown = unknown;
        }
        for way in Way::ALL.into_iter().filter(|way| !matches!(way, Way::Late | Way::Cannot)) {
            world.defaults[way as usize] = world.route(life);
        }
        world
    };
    // The first step lasts a slot, and its ladder another.
    kept(looked_at(Target::Place(2)), Promise::Whoever(0, Thing::Place(2), 2));
    broken(looked_at(Target::Place(2)), Promise::Whoever(0, Thing::Place(2), 1));
    // Somebody who declines the first step does not come there.
    broken(looked_at(OVER), Promise::Whoever(0, Thing::Place(2), 2));
}

#[test]
fn whoever_reaches_a_step_reaches_another() {
    let chain = |life: Target| {
        let mut world = world();
        step(&mut world, 0, 1, leads(Target::Place(1)));
        step(&mut world, 0, 1, leads(Target::Place(2)));
        step(&mut world, 0, 1, leads(OVER));
        for way in Way::ALL.into_iter().filter(|way| !matches!(way, Way::Late | Way::Cannot)) {
            world.defaults[way as usize] = world.route(life);
        }
        world
    };
    // Each step lasts a slot, and its ladder another.
    kept(chain(Target::Place(2)), Promise::Leads(Thing::Place(0), Thing::Place(2), 4));
    kept(chain(Target::Place(2)), Promise::Leads(Thing::Place(1), Thing::Place(2), 2));
    broken(chain(Target::Place(2)), Promise::Leads(Thing::Place(1), Thing::Place(2), 1));
    // Whoever declines the one does not come to the other; and from the last nobody comes back to the first.
    broken(chain(OVER), Promise::Leads(Thing::Place(1), Thing::Place(2), 2));
    broken(chain(Target::Place(2)), Promise::Leads(Thing::Place(2), Thing::Place(0), 9));
}

#[test]
fn never_two_things_at_one_time() {
    let mut block = world();
    together(&mut block, [0, 0], [1, 1], None);
    broken(block.clone(), Promise::Never(Thing::Branch(0, 0), Thing::Branch(0, 1)));
    broken(block, Promise::Never(Thing::Place(0), Thing::Branch(0, 1)));
    let mut world = world();
    step(&mut world, 0, 1, leads(Target::Place(1)));
    step(&mut world, 0, 1, leads(OVER));
    kept(world, Promise::Never(Thing::Place(0), Thing::Place(1)));
}

#[test]
fn hours_are_written_day_by_day() {
    let mut world = one_step();
    world.contacts[0].open = 0b0000_0011;
    assert!(world.text().contains("open monday 00:00 to 12:00 and 12:00 to 00:00; tuesday 00:00 to 18:00\n"));
}
