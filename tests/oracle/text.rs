//! A small world, written in the language.

use super::world::{
    Cond, Contact, Fact, FactKind, PERSON, Place, PlaceKind, Promise, RouteId, Rung, SLOT_HOURS, Target, Thing, Way,
    World,
};
use std::fmt::Write as _;

const FACTS: [&str; 3] = ["ready", "wish", "falls"];
const ROLES: [&str; 3] = ["nurse", "team", "gp"];
const WISHES: [&str; 3] = ["home", "away", "unsure"];
const LADDERS: [&str; 2] = ["help", "more_help"];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const BRANCHES: [&str; 3] = ["a", "b", "c"];
const OUTCOMES: [&str; 9] = [
    "late",
    "it cannot be done",
    "the person declines",
    "nobody can",
    "died",
    "withdrew",
    "cannot be reached",
    "moved away",
    "opened in error",
];

/// How a role is called.
pub fn role(role: u8) -> &'static str {
    if role == PERSON { "person" } else { ROLES[usize::from(role)] }
}

/// How a thing is called.
pub fn thing(thing: Thing) -> String {
    match thing {
        Thing::Place(place) => format!("p{place}"),
        Thing::Branch(place, branch) => format!("p{place}{}", BRANCHES[usize::from(branch)]),
        Thing::Ending(ending) => format!("end{ending}"),
    }
}

/// The facts of some bits.
pub fn facts(bits: u8) -> String {
    let names = FACTS.iter().enumerate().filter(|(number, _)| bits >> number & 1 == 1).map(|(_, name)| *name);
    names.collect::<Vec<_>>().join(", ")
}

/// A value of a fact.
pub fn value(fact: Fact, value: u8) -> String {
    match fact.kind {
        FactKind::Flag => ["no", "yes"][usize::from(value)].to_string(),
        FactKind::OneOf(_) => WISHES[usize::from(value)].to_string(),
        FactKind::UpTo(_) => value.to_string(),
    }
}

fn slots(slots: u8) -> String {
    format!("{} hours", u32::from(slots) * SLOT_HOURS)
}

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
    /// The world as a file of the language.
    pub fn text(&self) -> String {
        let mut out = "onward 1\n\npathway small\n  version 1\n  starts at p0\n\nby default\n".to_string();
        for way in Way::ALL {
            let _ =
                writeln!(out, "  if {} -> {}", OUTCOMES[way as usize], self.route_text(self.defaults[way as usize]));
        }
        if !self.promises.is_empty() {
            out.push_str("\npromises\n");
        }
        for promise in &self.promises {
            let _ = writeln!(out, "  {}", promise_text(promise));
        }
        if !self.facts.is_empty() {
            out.push_str("\nfacts\n");
        }
        for (number, fact) in self.facts.iter().enumerate() {
            let kind = match fact.kind {
                FactKind::Flag => "yes or no".to_string(),
                FactKind::OneOf(many) => format!("one of {}", WISHES[..usize::from(many)].join(", ")),
                FactKind::UpTo(most) => format!("0 to {most}"),
            };
            let good = fact.good_for.map_or(String::new(), |good| format!(" good for {}", slots(good)));
            let _ = writeln!(out, "  {} {kind}{good}", FACTS[number]);
        }
        out.push('\n');
        for role in &ROLES[..usize::from(self.roles)] {
            let _ = writeln!(out, "role {role}");
        }
        for (number, place) in self.places.iter().enumerate() {
            out.push('\n');
            self.place_text(number, place, &mut out);
        }
        for (number, ending) in self.endings.iter().enumerate() {
            let _ = write!(out, "\nending end{number}\n  held by {}\n", role(ending.holder));
            for owed in &ending.owed {
                let _ = writeln!(out, "  owed p{owed}");
            }
        }
        self.directory_text(&mut out);
        out
    }

    fn directory_text(&self, out: &mut String) {
        out.push_str("\ndirectory here\n  time zone \"UTC\"\n  valid until 2030-12-31\n");
        for (number, contact) in self.contacts.iter().enumerate() {
            let fills: Vec<&str> = contact.fills.iter().map(|filled| role(*filled)).collect();
            let _ = write!(out, "\ncontact c{number}\n  fills {}\n", fills.join(", "));
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

    fn place_text(&self, number: usize, place: &Place, out: &mut String) {
        let finds = |bits: u8| if bits == 0 { String::new() } else { format!("  finds {}\n", facts(bits)) };
        let takes = |takes: Option<u8>| takes.map_or(String::new(), |long| format!("  takes {}\n", slots(long)));
        match &place.kind {
            PlaceKind::Step(step) => {
                let _ = write!(out, "step p{number}\n  led by {}\n", role(step.role));
                match step {
                    _ if step.missing => out.push_str("  finds what is missing\n"),
                    _ if step.afresh && step.finds != 0 => {
                        let _ = writeln!(out, "  finds afresh {}", facts(step.finds));
                    }
                    _ => out.push_str(&finds(step.finds)),
                }
                let _ = writeln!(out, "  within {}", slots(step.within));
                out.push_str(&takes(step.takes));
                let _ = writeln!(out, "  then {}", self.route_text(step.then));
            }
            PlaceKind::Decide(decide) => {
                let _ = writeln!(out, "decide p{number}");
                for (condition, route) in &decide.rows {
                    let _ = writeln!(out, "  when {} -> {}", self.condition(condition), self.route_text(*route));
                }
                if let Some(route) = decide.otherwise {
                    let _ = writeln!(out, "  if none of these -> {}", self.route_text(route));
                }
                let _ = writeln!(out, "  if we do not know yet -> {}", self.route_text(decide.unknown));
                if let Some((who, within)) = decide.advises {
                    let _ = writeln!(out, "  advise {} to decide within {}", role(who), slots(within));
                    out.push_str("  otherwise because one of her_wish, too_much_risk\n");
                    if let Some(disagree) = decide.disagree {
                        let other = role((who + 1) % 2);
                        let _ =
                            write!(out, "  agreed by {other}\n  if they disagree -> {}\n", self.route_text(disagree));
                    }
                }
                let somebody = self.somebody_chooses(number as u8);
                let led = |option: Target| {
                    somebody && decide.row_routes().any(|row| self.routes[row].targets().any(|it| it == option))
                };
                // A broken world may have options to which no row leads any more.
                for (option, condition) in decide.only_when.iter().filter(|(option, _)| led(*option)) {
                    let _ = writeln!(out, "  option {} only when {}", target_text(*option), self.condition(condition));
                }
            }
            PlaceKind::HandOver(over) => {
                let _ = write!(out, "hand over p{number}\n  from {}\n  to {}\n", role(over.from), role(over.to));
                if over.carrying != 0 {
                    let _ = writeln!(out, "  carrying {}", facts(over.carrying));
                }
                let _ = writeln!(out, "  accepted within {}", slots(over.within));
                let _ = writeln!(out, "  if declined, saying why -> {}", self.route_text(over.declined));
                if let Some(route) = over.condition {
                    let _ = writeln!(out, "  if accepted on a condition -> {}", self.route_text(route));
                }
                let _ = writeln!(out, "  then {}", self.route_text(over.then));
            }
            PlaceKind::Together(block) => {
                let _ = writeln!(out, "together p{number}");
                for (at, branch) in block.branches.iter().enumerate() {
                    let (name, within) = (BRANCHES[at], slots(branch.within));
                    let found = format!("{} {}", finds(branch.finds).trim(), takes(branch.takes).trim());
                    let _ = writeln!(
                        out,
                        "  p{number}{name} led by {} within {within} {}",
                        role(branch.role),
                        found.trim()
                    );
                }
                let (how, otherwise) = match block.first {
                    None => ("all".to_string(), "if not all done".to_string()),
                    Some(first) => (format!("first {first}"), format!("if fewer than {first} are done")),
                };
                let _ = writeln!(out, "  {how} done within {}", slots(block.within));
                let _ = writeln!(out, "  {otherwise} -> {}", self.route_text(block.short));
                let _ = writeln!(out, "  then {}", self.route_text(block.then));
            }
            PlaceKind::Repeat(repeat) => {
                let (until, out_of_it) = &repeat.until;
                let _ = write!(
                    out,
                    "repeat p{number}\n  every {}\n  led by {}\n{}{}  until {} -> {}\n  at most {} times, then {}\n",
                    slots(repeat.every),
                    role(repeat.role),
                    finds(repeat.finds),
                    takes(repeat.takes),
                    self.condition(until),
                    self.route_text(*out_of_it),
                    repeat.times,
                    self.route_text(repeat.after),
                );
            }
        }
        for (way, route) in &place.own {
            let _ = writeln!(out, "  if {} -> {}", OUTCOMES[*way as usize], self.route_text(*route));
        }
    }

    fn route_text(&self, route: RouteId) -> String {
        let route = self.routes[route];
        let first = target_text(route.first);
        match route.count {
            None => first,
            Some((times, then)) => format!("{first}, at most {times} times, then {}", target_text(then)),
        }
    }

    /// A condition as it is written.
    pub fn condition(&self, condition: &Cond) -> String {
        match condition {
            Cond::Is(fact, these) => {
                let (number, fact) = (usize::from(*fact), self.facts[usize::from(*fact)]);
                let values: Vec<String> =
                    (0..fact.values()).filter(|at| these >> at & 1 == 1).map(|at| value(fact, at)).collect();
                match fact.kind {
                    FactKind::Flag if *these == 2 => FACTS[number].to_string(),
                    _ => format!("{} is {}", FACTS[number], values.join(", ")),
                }
            }
            Cond::Not(inner) => format!("not ({})", self.condition(inner)),
            Cond::And(a, b) => format!("({}) and ({})", self.condition(a), self.condition(b)),
            Cond::Or(a, b) => format!("({}) or ({})", self.condition(a), self.condition(b)),
        }
    }
}

fn target_text(target: Target) -> String {
    match target {
        Target::Place(place) => format!("p{place}"),
        Target::Ending(ending) => format!("end{ending}"),
        Target::Ladder(ladder) => format!("escalate to {}", LADDERS[usize::from(ladder)]),
        Target::Decides(who, within) => format!("{} decides within {}", role(who), slots(within)),
        Target::Back => "back to the decision".to_string(),
    }
}

fn promise_text(promise: &Promise) -> String {
    match *promise {
        Promise::Within(within) => format!("everyone reaches an ending within {}", slots(within)),
        Promise::Without(reached, first) => format!("nobody reaches {} without {} first", thing(reached), thing(first)),
        Promise::Whoever(fact, place, within) => {
            format!("whoever has {} reaches p{place} within {}", FACTS[usize::from(fact)], slots(within))
        }
        Promise::Never(a, b) => format!("never {} and {} at one time", thing(a), thing(b)),
        Promise::AskedTwice => "nobody is asked twice".to_string(),
    }
}

impl World {
    /// What the world is made of, for counting.
    pub fn constructs(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self
            .places
            .iter()
            .map(|place| match &place.kind {
                PlaceKind::Step(step) if step.missing => "a step that finds what is missing",
                PlaceKind::Step(_) => "a step",
                PlaceKind::Decide(decide) if decide.otherwise.is_none() => "a decision without `if none of these`",
                PlaceKind::Decide(_) => "a decision",
                PlaceKind::HandOver(_) => "a handover",
                PlaceKind::Together(block) if block.first.is_some() => "a block with `first N`",
                PlaceKind::Together(_) => "a block with `all done`",
                PlaceKind::Repeat(_) => "a repeat",
            })
            .collect();
        all.extend(self.routes.iter().flat_map(|route| route.count).map(|_| "a counted route"));
        let targets = self.routes.iter().flat_map(|route| route.targets());
        all.extend(targets.filter_map(|target| matches!(target, Target::Decides(..)).then_some("a role that decides")));
        let decides = (0..self.places.len() as u8).filter_map(|place| self.decide(place));
        let advise = decides.clone().filter(|decide| decide.advises.is_some());
        all.extend(advise.map(|_| "a decision that advises"));
        all.extend(decides.flat_map(|decide| &decide.only_when).map(|_| "an option that is not always one"));
        all.extend(self.contacts.iter().filter(|contact| contact.open != 0xFF).map(|_| "a contact with hours"));
        all.extend(self.ladders.iter().filter(|ladder| ladder.reassign > 0).map(|_| "a ladder that may reassign"));
        all.sort_unstable();
        all.dedup();
        all
    }
}
