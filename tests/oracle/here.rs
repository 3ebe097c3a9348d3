//! The directory of a small world, written in the language: who answers when, whom they serve, how they are reached.

use super::text::{LADDERS, role, slots};
use super::world::{Contact, PlaceKind, Rung, SLOT_HOURS, World};
use std::fmt::Write as _;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// When a contact is open, day by day.
fn hours(contact: &Contact) -> String {
    let open = |hour: u32| contact.open >> (hour / SLOT_HOURS) & 1 == 1;
    let mut days = Vec::new();
    for (number, day) in DAYS.iter().enumerate() {
        let midnight = 24 * number as u32;
        let mut stretches = Vec::new();
        let mut hour = 0;
        while hour < 24 {
            let from = hour;
            while hour < 24 && open(midnight + hour) {
                hour += 1;
            }
            match (from, hour) {
                // A whole day is written in two halves: hours that end where they start say nothing.
                (0, 24) => stretches.extend([(0, 12), (12, 24)]),
                (from, to) if to > from => stretches.push((from, to)),
                _ => hour += 1,
            }
        }
        let written: Vec<String> =
            stretches.iter().map(|(from, to)| format!("{from:02}:00 to {:02}:00", to % 24)).collect();
        if !written.is_empty() {
            days.push(format!("{day} {}", written.join(" and ")));
        }
    }
    days.join("; ")
}

impl World {
    /// The steps that are due at a meeting, each with the slots at whose beginnings papers are due, and it is over.
    pub fn meetings(&self) -> impl Iterator<Item = (usize, (u8, u8))> + '_ {
        self.places.iter().enumerate().filter_map(|(number, place)| match &place.kind {
            PlaceKind::Step(step) => Some((number, step.meeting?)),
            _ => None,
        })
    }

    /// A meeting lasts the hour before it is over.
    fn meeting_text(number: usize, (papers, over): (u8, u8), out: &mut String) {
        let day = |hour: u32| onward::calendar::weekday_name((hour / 24) as usize % 7).unwrap_or_default();
        let (papers, begins) = (u32::from(papers) * SLOT_HOURS, (u32::from(over) * SLOT_HOURS + 167) % 168);
        let _ = write!(
            out,
            "\nmeeting m{number}\n  meets {}s {:02}:00 to {:02}:00, papers by {} {:02}:00\n  on bank holidays as usual\n",
            day(begins),
            begins % 24,
            begins % 24 + 1,
            day(papers),
            papers % 24
        );
    }

    pub(super) fn directory_text(&self, out: &mut String) {
        out.push_str("\ndirectory here\n  time zone \"UTC\"\n  valid until 2030-12-31\n");
        for (number, meeting) in self.meetings() {
            Self::meeting_text(number, meeting, out);
        }
        for (number, contact) in self.contacts.iter().enumerate() {
            let fills: Vec<&str> = contact.fills.iter().map(|filled| role(*filled)).collect();
            let _ = write!(out, "\ncontact c{number}\n  fills {}\n", fills.join(", "));
            if let Some(serves) = &contact.serves {
                let _ = writeln!(out, "  serves {}", self.condition(&serves.condition));
                out.push_str(if serves.until_known { "  until known anybody\n" } else { "" });
            }
            for (way, heard) in
                ["secure email", "fax", "post"].iter().zip(contact.reached.iter().filter(|it| **it != Some(0)))
            {
                let heard = heard.map_or(String::new(), |hours| format!(", acknowledged within {hours} hours"));
                let _ = writeln!(out, "  {way} \"c{number}\"{heard}");
            }
            if contact.reached.contains(&Some(0)) {
                let _ = writeln!(out, "  phone \"0100 {number}\"");
            }
            // Every second contact that is always open says so by its hours.
            if contact.open == 0xFF && number % 2 == 0 {
                out.push_str("  open always\n");
            } else {
                let _ = write!(out, "  open {}\n  on bank holidays as usual\n", hours(contact));
            }
        }
        for (number, ladder) in self.ladders.iter().enumerate() {
            let _ = writeln!(out, "\nescalation {}", LADDERS[number]);
            for (at, (rung, within)) in ladder.rungs.iter().enumerate() {
                let word = match at {
                    _ if at + 1 == ladder.rungs.len() => "last",
                    0 => "ask",
                    _ => "then",
                };
                let who = match rung {
                    Rung::Contact(contact) => format!("c{contact}"),
                    Rung::Role(asked) => role(*asked).to_string(),
                };
                let _ = writeln!(out, "  {word} {who}, to answer within {}", slots(*within));
            }
            if ladder.reassign > 0 {
                let _ = writeln!(out, "  may reassign at most {} times", ladder.reassign);
            }
        }
    }
}
