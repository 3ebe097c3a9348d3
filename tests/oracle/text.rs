//! A small world, written in the language.

use super::risk::Risk;
use super::world::{
    Cond, Contact, Fact, FactKind, Interrupt, NOT_APPLICABLE, PERSON, Place, PlaceKind, Promise, RouteId, Rung,
    SLOT_HOURS, Target, Thing, Way, World,
};
use std::fmt::Write as _;

const FACTS: [&str; 3] = ["ready", "wish", "falls"];
const ROLES: [&str; 3] = ["nurse", "team", "gp"];
const WISHES: [&str; 3] = ["home", "away", "unsure"];
/// Where somebody may live: the first two are named as wishes are.
const SETTINGS: [&str; 3] = ["home", "away", "care_home"];
pub(super) const LADDERS: [&str; 2] = ["help", "more_help"];
pub(super) const BRANCHES: [char; 3] = ['a', 'b', 'c'];
pub(super) const OUTCOMES: [&str; 9] = [
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
        Thing::Further(place, branch) => format!("p{place}{}/further", BRANCHES[usize::from(branch)]),
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
        _ if value == NOT_APPLICABLE => "not applicable".to_string(),
        FactKind::Flag => ["no", "yes"][usize::from(value)].to_string(),
        FactKind::OneOf(_) => WISHES[usize::from(value)].to_string(),
        FactKind::UpTo(_) | FactKind::Ago(_) => value.to_string(),
        FactKind::Document => ["not there", "there"][usize::from(value)].to_string(),
    }
}

/// What conditions look at of a fact: of a date, how long ago it was.
fn looked_at(number: usize, fact: Fact) -> String {
    match fact.kind {
        FactKind::Ago(_) => format!("ago_{}", FACTS[number]),
        _ => FACTS[number].to_string(),
    }
}

/// So many slots; none is what is urgent.
pub(super) fn slots(slots: u8) -> String {
    let hours = if slots == 0 { u32::from(super::heard::URGENT_HOURS) } else { u32::from(slots) * SLOT_HOURS };
    format!("{hours} hours")
}

impl World {
    /// The world as a file of the language.
    pub fn text(&self) -> String {
        let start = self.target_text(Target::Place(0), false);
        let mut out = format!("onward 1\n\npathway small\n  version 1\n  starts at {start}\n");
        self.not_for_text(&mut out);
        out.push('\n');
        self.defaults_text(false, &mut out);
        if !self.promises.is_empty() || self.wish.is_some() {
            out.push_str("\npromises\n");
        }
        if let Some((wish, able)) = self.wish {
            let (wish, able) = (facts(1 << wish), facts(1 << able));
            let _ = writeln!(out, "  nobody goes against {wish} without {able} or best interests");
        }
        for promise in &self.promises {
            let _ = writeln!(out, "  {}", self.named(&promise_text(promise)));
        }
        if !self.facts.is_empty() {
            out.push_str("\nfacts\n");
        }
        for (number, fact) in self.facts.iter().enumerate() {
            let kind = match fact.kind {
                FactKind::Flag => "yes or no".to_string(),
                FactKind::OneOf(many) => format!("one of {}", WISHES[..usize::from(many)].join(", ")),
                FactKind::UpTo(most) => format!("0 to {most}"),
                FactKind::Document => "document".to_string(),
                FactKind::Ago(_) => "date from 2020-01-01 to 2030-12-31".to_string(),
            };
            let kind = if fact.settled { format!("{kind} settled") } else { kind };
            let good = fact.good_for.map_or(String::new(), |good| format!(" good for {}", slots(good)));
            let presumed = fact.presumed.map(|it| format!(" presumed {} until found otherwise", value(*fact, it)));
            let applies =
                fact.applies.map(|(on, these)| format!(" applies when {}", self.condition(&Cond::Is(on, these))));
            let disputed =
                fact.disputed.map(|(who, within)| format!(" if disputed ask {} within {}", role(who), slots(within)));
            let model = fact.model.map(|from| {
                let inputs = (0..number).filter(|at| from >> at & 1 == 1).map(|at| looked_at(at, self.facts[at]));
                format!(" found by model \"score\" from {}", inputs.collect::<Vec<_>>().join(", "))
            });
            let more = [presumed, model, applies, disputed].map(Option::unwrap_or_default).concat();
            let _ = writeln!(out, "  {} {kind}{good}{more}", FACTS[number]);
            if let FactKind::Ago(most) = fact.kind {
                let (ago, name) = (looked_at(number, *fact), FACTS[number]);
                let _ = writeln!(out, "  {ago} 0 to {most} is days since {name}, no more than {most}");
            }
        }
        let numbers = self.numbers();
        let times = |(at, _): (usize, &u8)| format!("{} times {}", at + 1, looked_at(at, self.facts[at]));
        let times: Vec<String> = numbers.iter().enumerate().filter(|(_, most)| **most > 0).map(times).collect();
        if !times.is_empty() {
            let sum = times.join(" + ");
            let last = (0..3).rev().find(|at| numbers[*at] > 0).filter(|_| times.len() > 1);
            let by = last.map_or("2", |_| "one_more");
            if let Some(last) = last {
                let name = looked_at(last, self.facts[last]);
                let _ = writeln!(out, "  one_more 1 to {} is {name} + 1", numbers[last] + 1);
            }
            let _ = writeln!(out, "  load 0 to 60 is {sum} - 1, divided by {by}, rounded down, no less than 0");
        }
        out.push('\n');
        for role in &ROLES[..usize::from(self.roles)] {
            let profession =
                ["nursing", "social_work", "medicine"][ROLES.iter().position(|it| it == role).unwrap_or(0)];
            let _ = writeln!(out, "role {role}\n  profession {profession}");
        }
        self.places_text(false, &mut out);
        self.interrupts_text(&mut out);
        if self.wish.is_some()
            || self.homes.iter().any(Option::is_some)
            || self.endings.iter().any(|ending| ending.lives.is_some())
        {
            let _ = write!(out, "\ndistance from home\n  {}\n", SETTINGS.join(", "));
        }
        self.call_text(&mut out);
        for (number, ending) in self.endings.iter().enumerate() {
            let _ = write!(out, "\nending end{number}\n  held by {}\n", role(ending.holder));
            for owed in &ending.owed {
                let _ = writeln!(out, "  owed {}", self.named(&format!("p{owed}")));
            }
            self.lives_text(Thing::Ending(number as u8), &mut out);
        }
        self.called_text(&mut out);
        self.branches_text(&mut out);
        self.directory_text(&mut out);
        out
    }

    fn defaults_text(&self, inside: bool, out: &mut String) {
        out.push_str("by default\n");
        for way in Way::ALL {
            let own =
                (0..self.places.len() as u8).filter(|place| self.decide(*place).is_some() && self.is_beside(*place));
            let mut own = own.flat_map(|place| &self.places[usize::from(place)].own).filter(|(it, _)| *it == way);
            let route = match own.next().filter(|_| inside) {
                Some((_, route)) => self.route_text(*route, inside),
                None if inside && self.beside != 0 => self.target_text(Target::Over, inside),
                None => self.route_text(self.defaults[way as usize], inside),
            };
            let _ = writeln!(out, "  if {} -> {route}", OUTCOMES[way as usize]);
        }
    }

    /// The places that are written in the pathway that is called, or those that are not.
    fn places_text(&self, inside: bool, out: &mut String) {
        for (number, place) in self.places.iter().enumerate().filter(|(at, _)| self.is_called(*at as u8) == inside) {
            out.push('\n');
            self.place_text(number, place, out);
        }
    }

    /// What interrupts first, once, and is watched is said of whom the pathway is for in every second world.
    fn not_for(&self) -> Option<&Interrupt> {
        let plain = |it: &&Interrupt| !it.as_well && it.times == 1 && it.then.is_none() && it.watched;
        self.interrupts.first().filter(plain).filter(|_| self.places.len().is_multiple_of(2))
    }

    fn not_for_text(&self, out: &mut String) {
        let Some(it) = self.not_for() else { return };
        let (condition, to) = (self.condition(&it.condition), self.target_text(it.target, false));
        let _ = match it.condition {
            Cond::Not(ref condition) => writeln!(out, "  for {}, otherwise -> {to}", self.condition(condition)),
            _ => writeln!(out, "  not for {condition} -> {to}"),
        };
        out.push_str("  if we do not know yet -> nothing, because \"it is asked every time\"\n");
    }

    fn interrupts_text(&self, out: &mut String) {
        for (number, it) in self.interrupts.iter().enumerate().skip(usize::from(self.not_for().is_some())) {
            let to = |target: Target| self.target_text(target, false);
            let how = if it.as_well { "as well" } else { "instead" };
            let then = it.then.map_or(String::new(), |then| format!(", then {}", to(then)));
            let _ = writeln!(
                out,
                "\nat any time now{number}\n  if {} -> {}, {how}, at most {} times{then}",
                self.condition(&it.condition),
                to(it.target),
                it.times
            );
            if it.watched {
                out.push_str("  if we do not know yet -> nothing, because \"it is asked every time\"\n");
            }
        }
    }

    fn call_text(&self, out: &mut String) {
        if self.called == 0 {
            return;
        }
        out.push_str("\ncall called\n  follows inner\n");
        for target in self.out_of_the_call() {
            let (ending, leads) = (self.target_text(target, true), self.target_text(target, false));
            let _ = writeln!(out, "  if it ends in {ending} -> {leads}");
        }
    }

    /// The pathway that is called.
    fn called_text(&self, out: &mut String) {
        let Some(entry) = self.entry().filter(|_| self.called != 0) else { return };
        let _ = write!(out, "\npathway inner\n  version 1\n  starts at p{entry}\n\n");
        self.defaults_text(true, out);
        self.places_text(true, out);
        for target in self.out_of_the_call() {
            let _ = write!(out, "\nending {}\n  held by person\n", self.target_text(target, true));
        }
    }

    /// Names of places, as they are where the call stands, or the pathway that is a branch.
    fn named(&self, text: &str) -> String {
        let branch = |word: &str| {
            let at = BRANCHES.iter().position(|name| word.ends_with(*name))?;
            let place = word.strip_prefix('p')?.trim_end_matches(BRANCHES).parse().ok()?;
            (usize::from(place) < self.places.len() && self.is_a_pathway(place, at as u8)).then(|| format!("{word}/do"))
        };
        let word = |word: &str| {
            if let Some(inside) = branch(word) {
                return inside;
            }
            let place =
                word.strip_prefix('p').map(|rest| rest.trim_end_matches(BRANCHES)).and_then(|it| it.parse().ok());
            match place {
                Some(place) if self.is_called(place) => format!("called/{word}"),
                _ => word.to_string(),
            }
        };
        text.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn target_text(&self, target: Target, inside: bool) -> String {
        match target {
            Target::Place(place) if inside && !self.is_called(place) => format!("to_p{place}"),
            Target::Place(place) if !inside && self.is_called(place) => "called".to_string(),
            Target::Place(place) => format!("p{place}"),
            Target::Ending(ending) if inside => format!("to_end{ending}"),
            Target::Ending(ending) => format!("end{ending}"),
            Target::Ladder(ladder) => format!("escalate to {}", LADDERS[usize::from(ladder)]),
            Target::Decides(who, within) => format!("{} decides within {}", role(who), slots(within)),
            Target::Back => "back to the decision".to_string(),
            Target::Asks(place, _) => format!("p{place}"),
            Target::Over if inside => "to_over".to_string(),
            Target::Over => "nothing more".to_string(),
        }
    }

    fn place_text(&self, number: usize, place: &Place, out: &mut String) {
        let inside = self.is_called(number as u8);
        let route_text = |route: RouteId| self.route_text(route, inside);
        let finds = |bits: u8| if bits == 0 { String::new() } else { format!("  finds {}\n", facts(bits)) };
        let takes = |takes: Option<u8>| takes.map_or(String::new(), |long| format!("  takes {}\n", slots(long)));
        match &place.kind {
            PlaceKind::Step(step) => {
                let _ = match step.waits {
                    true => writeln!(out, "wait p{number}"),
                    false => write!(out, "step p{number}\n  led by {}\n", role(step.role)),
                };
                let within = if step.waits { "for" } else { "within" };
                match step {
                    _ if step.missing => out.push_str("  finds what is missing\n"),
                    _ if step.afresh && step.finds != 0 => {
                        let _ = writeln!(out, "  finds afresh {}", facts(step.finds));
                    }
                    _ => out.push_str(&finds(step.finds)),
                }
                let _ = match step.hours_of {
                    _ if step.meeting.is_some() => writeln!(out, "  at the next m{number}"),
                    Some(whose) => {
                        let hours = u32::from(step.within) * SLOT_HOURS;
                        writeln!(out, "  {within} {hours} working hours of {}", role(whose))
                    }
                    None => match step.after {
                        Some(after) => writeln!(out, "  {within} {} after p{after}", slots(step.within)),
                        None => writeln!(out, "  {within} {}", slots(step.within)),
                    },
                };
                out.push_str(&takes(step.takes));
                if let Some(needed) = step.needed {
                    let when = needed.when.map(|(fact, these)| self.condition(&Cond::Is(fact, these)));
                    let when = when.map_or(String::new(), |when| format!(" when {when}"));
                    let _ = writeln!(out, "  not without {}{when}", role(needed.role));
                }
                let _ = writeln!(out, "  then {}", route_text(step.then));
            }
            PlaceKind::Decide(super::world::Decide { risk: Some(risk), unknown, .. }) => {
                self.risk_text(number, risk, &route_text(*unknown), place, out);
                return;
            }
            PlaceKind::Decide(decide) => {
                let _ = writeln!(out, "decide p{number}");
                for (condition, route) in &decide.rows {
                    let _ = writeln!(out, "  when {} -> {}", self.condition(condition), route_text(*route));
                }
                if let Some(route) = decide.otherwise {
                    let _ = writeln!(out, "  if none of these -> {}", route_text(route));
                }
                let _ = writeln!(out, "  if we do not know yet -> {}", route_text(decide.unknown));
                if let Some((who, within)) = decide.advises {
                    let _ = writeln!(out, "  advise {} to decide within {}", role(who), slots(within));
                    out.push_str("  otherwise because one of her_wish, too_much_risk\n");
                    if let Some(disagree) = decide.disagree {
                        let other = self.agrees(number as u8).map_or("", role);
                        let _ = write!(out, "  agreed by {other}\n  if they disagree -> {}\n", route_text(disagree));
                    }
                }
                let somebody = self.somebody_chooses(number as u8);
                let led = |option: Target| {
                    somebody && decide.row_routes().any(|row| self.routes[row].targets().any(|it| it == option))
                };
                // A broken world may have options to which no row leads any more.
                for (option, condition) in decide.only_when.iter().filter(|(option, _)| led(*option)) {
                    let _ = writeln!(
                        out,
                        "  option {} only when {}",
                        self.target_text(*option, inside),
                        self.condition(condition)
                    );
                }
            }
            PlaceKind::HandOver(over) => {
                let _ = write!(out, "hand over p{number}\n  from {}\n  to {}\n", role(over.from), role(over.to));
                if over.carrying != 0 {
                    let _ = writeln!(out, "  carrying {}", facts(over.carrying));
                }
                let _ = writeln!(out, "  accepted within {}", slots(over.within));
                let _ = writeln!(out, "  if declined, saying why -> {}", route_text(over.declined));
                if let Some(route) = over.condition {
                    let _ = writeln!(out, "  if accepted on a condition -> {}", route_text(route));
                }
                let _ = writeln!(out, "  then {}", route_text(over.then));
            }
            PlaceKind::Together(block) => {
                let _ = writeln!(out, "together p{number}");
                for (at, branch) in block.branches.iter().enumerate() {
                    let (name, within) = (BRANCHES[at], slots(branch.within));
                    let found = format!("{} {}", finds(branch.finds).trim(), takes(branch.takes).trim());
                    let meanwhile = if branch.meanwhile { "meanwhile " } else { "" };
                    if self.is_a_pathway(number as u8, at as u8) {
                        let _ =
                            writeln!(out, "  p{number}{name} follows inner_p{number}{name}, done if it ends in well");
                        continue;
                    }
                    let _ = writeln!(
                        out,
                        "  {meanwhile}p{number}{name} led by {} within {within} {}",
                        role(branch.role),
                        found.trim()
                    );
                }
                let (how, otherwise) = match block.first {
                    None => ("all".to_string(), "if not all done".to_string()),
                    Some(first) => (format!("first {first}"), format!("if fewer than {first} are done")),
                };
                let _ = writeln!(out, "  {how} done within {}", slots(block.within));
                let _ = writeln!(out, "  {otherwise} -> {}", route_text(block.short));
                let _ = writeln!(out, "  then {}", route_text(block.then));
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
                    route_text(*out_of_it),
                    repeat.times,
                    route_text(repeat.after),
                );
            }
        }
        self.lives_text(Thing::Place(number as u8), out);
        // A decision's stand by default.
        for (way, route) in place.own.iter().filter(|_| self.decide(number as u8).is_none()) {
            let _ = writeln!(out, "  if {} -> {}", OUTCOMES[*way as usize], route_text(*route));
        }
    }

    /// Where the person is from then on, and that they are told so.
    fn lives_text(&self, thing: Thing, out: &mut String) {
        if let Some(lives) = self.lives(thing) {
            let _ = writeln!(out, "  place {}\n  tell person \"You are going there.\"", SETTINGS[usize::from(lives)]);
        }
    }

    /// A thing, where it stands: of a branch that is a pathway of its own its first step.
    fn thing_text(&self, it: Thing) -> String {
        match it {
            Thing::Branch(place, branch) if self.is_a_pathway(place, branch) => format!("{}/do", thing(it)),
            _ => thing(it),
        }
    }

    fn risk_text(&self, number: usize, risk: &Risk, unknown: &str, place: &Place, out: &mut String) {
        let inside = self.is_called(number as u8);
        let route = |route: RouteId| self.route_text(route, inside);
        let _ = writeln!(out, "positive risk p{number}\n  could happen \"a fall\"");
        if let Some(fact) = risk.matters {
            let _ = writeln!(out, "  matters {}", FACTS[usize::from(fact)]);
        }
        if !risk.nets.is_empty() {
            let nets: Vec<String> = risk.nets.iter().map(|net| self.thing_text(*net)).collect();
            let _ = writeln!(out, "  safety nets {} before {}", nets.join(", "), self.thing_text(risk.before));
        }
        let able = FACTS[usize::from(risk.able)];
        let _ = writeln!(out, "  decided by person, or best{number} when not {able}");
        if let Some(block) = risk.disagree {
            let all: Vec<&str> = (0..3).filter(|it| risk.agreed >> it & 1 == 1).map(role).collect();
            let _ = write!(out, "  plan agreed by {}\n  if they disagree -> p{block}", all.join(", "));
            let _ = writeln!(out, ", meanwhile p{block}{}", BRANCHES[2]);
        }
        if let Some(review) = risk.review {
            let _ = writeln!(out, "  review {}", self.thing_text(review));
        }
        if let Some((who, within)) = risk.responder {
            let _ = writeln!(out, "  if it happens {} answers within {}", role(who), slots(within));
        }
        let _ = writeln!(out, "  within {}\n  if we do not know yet -> {unknown}", slots(risk.within));
        let _ = writeln!(out, "  accepted -> {}\n  not accepted -> {}", route(risk.accepted), route(risk.declined));
        for (way, own) in &place.own {
            let _ = writeln!(out, "  if {} -> {}", OUTCOMES[*way as usize], route(*own));
        }
        let (leader, within) = (role(risk.leader), slots(risk.best_within));
        let _ = writeln!(out, "\nbest interests best{number}\n  for {able}\n  led by {leader}\n  within {within}");
    }

    fn route_text(&self, route: RouteId, inside: bool) -> String {
        let route = self.routes[route];
        let first = self.target_text(route.first, inside);
        match route.count {
            None => first,
            Some((times, then)) => format!("{first}, at most {times} times, then {}", self.target_text(then, inside)),
        }
    }

    /// A condition as it is written.
    pub fn condition(&self, condition: &Cond) -> String {
        match condition {
            Cond::Is(fact, these) => {
                let (number, fact) = (usize::from(*fact), self.facts[usize::from(*fact)]);
                let name = looked_at(number, fact);
                let values: Vec<String> = (0..8).filter(|at| these >> at & 1 == 1).map(|at| value(fact, at)).collect();
                match fact.kind {
                    FactKind::Flag if *these == 2 => name,
                    // `is not there` is also so of what does not apply (10.21).
                    FactKind::Document if *these == 1 && fact.applies.is_some() => {
                        format!("{name} is one of not there")
                    }
                    // Behind `is not` all values that follow are meant.
                    _ if values.len() > 1 => format!("{name} is one of {}", values.join(", ")),
                    _ => format!("{name} is {}", values.join(", ")),
                }
            }
            Cond::Load { at_least, .. } => format!("load at least {at_least}"),
            Cond::Not(inner) => format!("not ({})", self.condition(inner)),
            Cond::And(a, b) => format!("({}) and ({})", self.condition(a), self.condition(b)),
            Cond::Or(a, b) => format!("({}) or ({})", self.condition(a), self.condition(b)),
        }
    }
}

fn promise_text(promise: &Promise) -> String {
    match *promise {
        Promise::Within(within) => format!("everyone reaches an ending within {}", slots(within)),
        Promise::Without(reached, first) => format!("nobody reaches {} without {} first", thing(reached), thing(first)),
        Promise::Whoever(fact, place, within) => {
            format!("whoever has {} reaches {} within {}", FACTS[usize::from(fact)], thing(place), slots(within))
        }
        Promise::Leads(from, place, within) => {
            format!("whoever reaches {} reaches {} within {}", thing(from), thing(place), slots(within))
        }
        Promise::Never(a, b) => format!("never {} and {} at one time", thing(a), thing(b)),
        Promise::AskedTwice => "nobody is asked twice".to_string(),
    }
}
