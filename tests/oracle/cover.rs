//! Who is there when: on duty for a piece of work (10.16), or open for the whole time of a rung (5.2).

use super::world::{Contact, PERSON, Rung, WEEK, World};

impl Contact {
    /// Whether it is open for `many` slots from one on.
    pub fn throughout(&self, from: u8, many: u8) -> bool {
        (0..many).all(|slot| self.open >> ((from + slot) % WEEK) & 1 == 1)
    }
}

/// The time something has that opens.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub slots: u8,
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
        self.filling(role).any(|contact| contact.throughout(slot, 1))
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

    fn filling(&self, role: u8) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.fills.contains(&role))
    }

    /// Whether somebody of a role is on duty, in one piece for as long as the work takes, in so many slots from the
    /// beginning of one on. Work for which nothing is written takes a minute, for which any open slot will do.
    pub fn on_duty(&self, role: u8, slot: u8, window: Window) -> bool {
        let (slots, takes) = (self.slots_in(window, slot), window.takes.unwrap_or(1));
        role == PERSON
            || self
                .filling(role)
                .any(|contact| (0..slots).any(|from| from + takes <= slots && contact.throughout(slot + from, takes)))
    }

    /// A slot at whose beginning, or inside which, nobody of a role is on duty for so long.
    pub fn off_duty(&self, role: u8, window: Window) -> Option<u8> {
        (0..WEEK).find(|&slot| !self.on_duty(role, slot, window) || !self.on_duty_inside(role, slot, window))
    }

    /// The same, at a minute inside the slot. What is left of the slot, and the same time short of the window's last
    /// slot, are of use only together with all between; work of a minute fits wherever it fits at a slot's beginning.
    fn on_duty_inside(&self, role: u8, slot: u8, window: Window) -> bool {
        let (Some(takes), slots) = (window.takes, window.slots) else { return true };
        if slots == 0 {
            return role == PERSON;
        }
        let whole = |contact: &Contact| takes <= slots && contact.throughout(slot, slots + 1);
        let shorter = Window { slots: slots - 1, ..window };
        role == PERSON || self.on_duty(role, slot + 1, shorter) || self.filling(role).any(whole)
    }

    /// Whether a rung is open for the whole of its time, from the beginning of a slot on.
    pub fn answers(&self, rung: Rung, slot: u8, within: u8) -> bool {
        match rung {
            Rung::Contact(contact) => self.contacts[contact].throughout(slot, within),
            Rung::Role(role) => self.filling(role).any(|contact| contact.throughout(slot, within)),
        }
    }

    /// A slot inside which a rung is asked and is not open for the whole of its time: one slot more than at its beginning.
    pub fn sleeps(&self, rung: Rung, within: u8) -> Option<u8> {
        (0..WEEK).find(|&slot| !self.answers(rung, slot, within + 1))
    }
}
