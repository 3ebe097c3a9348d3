//! Who is there when: on duty for a piece of work (10.16), or open for the whole time of a rung (5.2).

use super::served::{ALL, Serving};
use super::world::{Contact, PERSON, Rung, WEEK, World};

impl Contact {
    /// Whether it is open for `many` slots from one on.
    pub fn throughout(&self, from: u8, many: u8) -> bool {
        (0..many).all(|slot| self.open >> ((from + slot) % WEEK) & 1 == 1)
    }
}

/// The time something has that opens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    pub slots: u8,
    /// It has an hour or two: no slots, but somebody may be there in them.
    pub urgent: bool,
    /// Only slots count in which somebody of this role is open.
    pub hours_of: Option<u8>,
    /// It is due at a meeting: when papers are due in the week, and when the meeting is over.
    pub meeting: Option<(u8, u8)>,
    /// In slots; where nothing is said a minute. Nothing is said where the hours of somebody count.
    pub takes: Option<u8>,
}

impl World {
    /// Whether anybody of a role is open in any slot.
    pub fn is_ever_open(&self, role: u8) -> bool {
        (0..WEEK).any(|slot| self.is_open(role, slot))
    }

    fn is_open(&self, role: u8, slot: u8) -> bool {
        // By when something is due goes by the hours of all who fill the role (10.40).
        self.filling(role, ALL).any(|contact| contact.throughout(slot, 1))
    }

    /// How many slots there are for what opens with a slot: so many as are said, or until so many have been open,
    /// or until the next meeting is over for which papers are in time.
    pub fn slots_in(&self, window: Window, slot: u8) -> u8 {
        if let Some((papers, over)) = window.meeting {
            // Whoever comes with the slot at whose beginning papers are due is in time.
            let after = |from: u8, to: u8| (to + WEEK - from) % WEEK;
            return after(slot, papers) + after(papers, over);
        }
        let Some(role) = window.hours_of else { return window.slots };
        let mut left = window.slots;
        let over = (0..u8::MAX / 2).find(|after| {
            left -= u8::from(self.is_open(role, (slot + after) % WEEK));
            left == 0
        });
        over.map_or(u8::MAX / 2, |after| after + 1)
    }

    fn filling(&self, role: u8, serving: Serving) -> impl Iterator<Item = &Contact> {
        let serving = self.contacts.iter().enumerate().filter(move |(number, _)| serving >> number & 1 == 1);
        serving.map(|(_, contact)| contact).filter(move |contact| contact.fills.contains(&role))
    }

    /// Whether somebody of a role is on duty, in one piece for as long as the work takes, in so many slots from the
    /// beginning of one on. Work for which nothing is written takes a minute, for which any open slot will do.
    /// What is urgent has less than a slot: somebody must be there in the slot it opens in.
    pub fn on_duty(&self, role: u8, slot: u8, window: Window, serving: Serving) -> bool {
        let slots = if window.urgent { 1 } else { self.slots_in(window, slot) };
        let takes = window.takes.unwrap_or(1);
        role == PERSON
            || self
                .filling(role, serving)
                .any(|contact| (0..slots).any(|from| from + takes <= slots && contact.throughout(slot + from, takes)))
    }

    /// A slot at whose beginning, or inside which, nobody of a role who serves somebody is on duty for so long. That nobody
    /// of it serves somebody is another matter.
    pub fn off_duty(&self, role: u8, window: Window, servings: &[Serving]) -> Option<u8> {
        servings.iter().filter(|serving| !self.leaves_out(role, **serving)).find_map(|serving| {
            let there = |slot: u8| {
                self.on_duty(role, slot, window, *serving) && self.on_duty_inside(role, slot, window, *serving)
            };
            (0..WEEK).find(|&slot| !there(slot))
        })
    }

    /// The same, at a minute inside the slot. What is left of the slot, and the same time short of the window's last
    /// slot, are of use only together with all between; work of a minute fits wherever it fits at a slot's beginning.
    fn on_duty_inside(&self, role: u8, slot: u8, window: Window, serving: Serving) -> bool {
        let (Some(takes), slots) = (window.takes, window.slots) else { return true };
        if slots == 0 {
            return role == PERSON;
        }
        let whole = |contact: &Contact| takes <= slots && contact.throughout(slot, slots + 1);
        let shorter = Window { slots: slots - 1, ..window };
        role == PERSON || self.on_duty(role, slot + 1, shorter, serving) || self.filling(role, serving).any(whole)
    }

    /// Whether a rung is open for the whole of its time, from the beginning of a slot on.
    /// An hour or two is a slot at the most.
    pub fn answers(&self, rung: Rung, slot: u8, within: u8, serving: Serving) -> bool {
        let asked = self.who_are_asked(rung) & serving;
        let all = self.contacts.iter().enumerate().filter(|(number, _)| asked >> number & 1 == 1);
        all.into_iter().any(|(_, contact)| contact.throughout(slot, within.max(1)))
    }

    /// A slot inside which a rung is asked and is not open for the whole of its time: one slot more than at its beginning.
    /// It is so for somebody whom anybody on the rung serves.
    pub fn sleeps(&self, rung: Rung, within: u8, servings: &[Serving]) -> Option<u8> {
        let some = servings.iter().filter(|serving| self.who_are_asked(rung) & **serving != 0);
        some.into_iter().find_map(|it| (0..WEEK).find(|&slot| !self.answers(rung, slot, within.max(1) + 1, *it)))
    }
}
