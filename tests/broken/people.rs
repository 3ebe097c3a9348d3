//! The same of whom contacts serve, of what is heard, and of where somebody comes to live against what they wish.

use super::{Mutation, an_option_is_free, decision, step};
use crate::oracle::{self, Cond, World};

pub const OF_PEOPLE: &[Mutation] = &[
    Mutation { name: "a catchment is narrowed", at: narrow_a_catchment },
    Mutation { name: "a contact serves nobody until it is known whom", at: serve_nobody_yet },
    Mutation { name: "a contact serves everybody", at: serve_everybody },
    Mutation { name: "a contact serves the others", at: serve_the_others },
    Mutation { name: "nobody says that they have heard", at: acknowledge_nothing },
    Mutation { name: "somebody says later that they have heard", at: acknowledge_later },
    Mutation { name: "something becomes urgent", at: hurry },
    Mutation { name: "a rung has less time to answer", at: hurry_a_rung },
    Mutation { name: "a row asks for what others wish", at: wish_otherwise },
    Mutation { name: "a row does not ask what the person wishes", at: ask_no_wish },
    Mutation { name: "an option does not ask what the person wishes", at: choose_without_a_wish },
    Mutation { name: "the person is not asked, but somebody else", at: not_the_person },
];

/// A catchment loses the first of its values, where more than one is left.
fn narrow_a_catchment(world: &mut World, at: usize) -> bool {
    fn narrow(condition: &mut Cond) -> bool {
        match condition {
            Cond::Is(_, these) => {
                let all = *these;
                *these &= these.wrapping_sub(1);
                *these = if *these == 0 { all } else { *these };
                *these != all
            }
            Cond::And(a, b) | Cond::Or(a, b) => narrow(a) || narrow(b),
            Cond::Not(_) | Cond::Load { .. } => false,
        }
    }
    catchment(world, at).is_some_and(|serves| narrow(&mut serves.condition))
}

fn catchment(world: &mut World, at: usize) -> Option<&mut oracle::Serves> {
    world.contacts.get_mut(at)?.serves.as_mut()
}

fn serve_nobody_yet(world: &mut World, at: usize) -> bool {
    catchment(world, at).is_some_and(|serves| std::mem::take(&mut serves.until_known))
}

fn serve_everybody(world: &mut World, at: usize) -> bool {
    world.contacts.get_mut(at).is_some_and(|contact| contact.serves.take().is_some())
}

fn serve_the_others(world: &mut World, at: usize) -> bool {
    let Some(serves) = catchment(world, at) else { return false };
    serves.condition = Cond::Not(Box::new(serves.condition.clone()));
    true
}

fn acknowledge_nothing(world: &mut World, at: usize) -> bool {
    let Some(contact) = world.contacts.get_mut(at) else { return false };
    std::mem::replace(&mut contact.reached, vec![None]) != [None]
}

fn acknowledge_later(world: &mut World, at: usize) -> bool {
    let Some(contact) = world.contacts.get_mut(at) else { return false };
    let later = vec![Some(oracle::URGENT_HOURS + 1)];
    !contact.reached.is_empty() && std::mem::replace(&mut contact.reached, later.clone()) != later
}

/// How long an hour is in slots nobody can say: where a promise counts them, nothing is urgent.
fn can_hurry(world: &World) -> bool {
    world.promises.is_empty()
}

fn hurry(world: &mut World, at: usize) -> bool {
    let can = can_hurry(world);
    let step = step(world, at).filter(|step| can && step.can_be_urgent());
    step.is_some_and(|step| std::mem::take(&mut step.within) > 0)
}

fn hurry_a_rung(world: &mut World, at: usize) -> bool {
    let can = can_hurry(world);
    let rung = world.ladders.get_mut(at).filter(|_| can).and_then(|ladder| ladder.rungs.last_mut());
    rung.is_some_and(|(_, within)| std::mem::take(within) > 0)
}

/// Whether some row asks what the person wishes, and leads where they live then.
pub fn asks_what_is_wished(world: &World) -> bool {
    let mut world = world.clone();
    (0..world.places.len()).any(|at| row_by_wish(&mut world, at).is_some()) && world.says_where()
}

/// A row that asks what the person wishes.
fn row_by_wish(world: &mut World, at: usize) -> Option<&mut Cond> {
    let (wish, _) = world.wish?;
    let rows = &mut decision(world, at)?.rows;
    rows.iter_mut().map(|(condition, _)| condition).find(|it| matches!(it, Cond::Is(fact, _) if *fact == wish))
}

fn wish_otherwise(world: &mut World, at: usize) -> bool {
    let Some(Cond::Is(_, these)) = row_by_wish(world, at) else { return false };
    *these ^= 0b11;
    *these &= 0b11;
    *these != 0
}

fn ask_no_wish(world: &mut World, at: usize) -> bool {
    let Some((_, able)) = world.wish else { return false };
    row_by_wish(world, at).map(|condition| *condition = Cond::Is(able, 2)).is_some()
}

fn choose_without_a_wish(world: &mut World, at: usize) -> bool {
    world.wish.is_some() && an_option_is_free(world, at)
}

fn not_the_person(world: &mut World, at: usize) -> bool {
    let wishes = world.wish.is_some();
    let advised = decision(world, at).filter(|_| wishes).and_then(|decide| decide.advises.as_mut());
    advised.is_some_and(|(role, _)| std::mem::replace(role, 0) == oracle::PERSON)
}
