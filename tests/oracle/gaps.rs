//! Decisions where no row holds for somebody who can come there (11.1), by trying everybody.

use super::explore::Explored;
use super::state::{Seen, Source};
use super::text;
use super::world::{UNKNOWN, Values, World};

/// A decision that is reached and has a gap, and for whom.
pub fn gap(world: &World, paths: &Explored, everybody: &[Values]) -> Option<String> {
    let entries: Vec<(u8, Source)> = paths
        .seen
        .keys()
        .filter_map(|seen| match seen {
            Seen::Enters(decision, source) => Some((*decision, *source)),
            _ => None,
        })
        .collect();
    // Who comes to each decision, as bits over `everybody`; more and more until nobody new comes.
    let mut comes = [0_u128; 8];
    loop {
        let before = comes;
        for &(decision, source) in &entries {
            for (number, values) in everybody.iter().enumerate() {
                let sent = match source {
                    Source::Anywhere => true,
                    Source::Row(from, row) => {
                        comes[usize::from(from)] >> number & 1 == 1 && takes(world, from, values) == Some(row)
                    }
                    Source::Unknown(from) => {
                        comes[usize::from(from)] >> number & 1 == 1 && does_not_know(world, from, values)
                    }
                };
                comes[usize::from(decision)] |= u128::from(sent) << number;
            }
        }
        if comes == before {
            break;
        }
    }
    entries.iter().find_map(|&(decision, _)| {
        let stranded = |(number, values): &(usize, &Values)| {
            comes[usize::from(decision)] >> number & 1 == 1
                && takes(world, decision, values).is_none()
                && !does_not_know(world, decision, values)
        };
        let (_, values) = everybody.iter().enumerate().find(stranded)?;
        let known: Vec<String> = world
            .facts
            .iter()
            .zip(values)
            .enumerate()
            .filter(|(_, (_, value))| **value != UNKNOWN)
            .map(|(number, (fact, value))| format!("{} {}", text::facts(1 << number), text::value(*fact, *value)))
            .collect();
        Some(format!("p{decision}: no row holds for {}", known.join(", ")))
    })
}

fn takes(world: &World, decision: u8, values: &Values) -> Option<u8> {
    world.decide(decision)?.takes(values)
}

fn does_not_know(world: &World, decision: u8, values: &Values) -> bool {
    world.decide(decision).is_some_and(|decide| decide.does_not_know(values))
}
