//! Pathways by somebody who was careful: they use every construct, carry what is looked at later, find what decisions
//! read, hand over before a team holds the person, and have somebody last on every ladder. Now and then the author slips,
//! so that some are proved and some are not.
#![allow(dead_code, clippy::panic)]

pub mod guarantee;
pub mod host;

use crate::worlds::Dice;
use std::fmt::Write as _;

/// A fact, and something that can be said of it.
struct Fact {
    name: &'static str,
    kind: &'static str,
    says: &'static [&'static str],
    /// Two conditions one of which holds for everybody, where there are such.
    halves: Option<(&'static str, &'static str)>,
    /// What may be presumed.
    presumed: Option<&'static str>,
}

const FACTS: &[Fact] = &[
    Fact {
        name: "alone",
        kind: "yes or no",
        says: &["alone", "not alone", "alone is no"],
        halves: Some(("alone", "not alone")),
        presumed: Some("yes"),
    },
    Fact {
        name: "wish",
        kind: "one of home, away, unsure",
        says: &["wish is home", "wish is not away", "wish is one of away, unsure"],
        halves: Some(("wish is home, unsure", "wish is away")),
        presumed: Some("home"),
    },
    Fact {
        name: "falls",
        kind: "0 to 4",
        says: &["falls at least 2", "falls is 1 to 3", "falls less than 1", "falls is not 2"],
        halves: Some(("falls at most 2", "falls at least 3")),
        presumed: Some("0"),
    },
    Fact {
        name: "steady",
        kind: "yes or no",
        says: &["steady", "not steady"],
        halves: Some(("steady", "not steady")),
        presumed: Some("no"),
    },
    Fact {
        name: "warmth",
        kind: "30.0 to 31.0 in steps of 0.1 measured in \"degrees\"",
        says: &["warmth at least 30.5", "warmth at most 30.2", "warmth is 30.3 to 30.6"],
        halves: None,
        presumed: Some("30.5"),
    },
    Fact {
        name: "strengths",
        kind: "several of own_way, family, garden",
        says: &["strengths includes family", "not strengths includes garden"],
        halves: Some(("strengths includes own_way", "not strengths includes own_way")),
        presumed: Some("own_way and family"),
    },
    Fact {
        name: "born",
        kind: "date from 1930-01-01 to 1980-12-31",
        says: &["born earlier than 1945-01-01", "born later than 1939-12-31"],
        halves: Some(("born earlier than 1950-01-01", "born at least 1950-01-01")),
        presumed: None,
    },
    Fact {
        name: "last_visit",
        kind: "date and time from 2020-01-01 to 2035-12-31",
        says: &["last_visit earlier than 2026-01-01T10:30Z", "last_visit later than 2025-06-01T00:00Z"],
        halves: None,
        presumed: None,
    },
    Fact {
        name: "care_plan",
        kind: "document",
        says: &["care_plan is there", "care_plan is not there"],
        halves: Some(("care_plan is there", "care_plan is not there")),
        presumed: None,
    },
    Fact {
        name: "nights_alone",
        kind: "length from 0 minutes to 2 days",
        says: &["nights_alone at least 6 hours", "nights_alone less than 90 minutes"],
        halves: None,
        presumed: Some("8 hours"),
    },
];

/// What a place is.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Step,
    Decide,
    Table,
    HandOver,
    Repeat,
    Together,
    Call,
    Risk,
}

struct Author<'d> {
    dice: &'d mut Dice,
    facts: Vec<&'static Fact>,
    words: bool,
    score: bool,
    shapes: Vec<Shape>,
    found: Vec<&'static str>,
    /// Where the road leads in the end.
    tail: &'static str,
    needs_find_out: bool,
    /// The positive risks there are already.
    risks: Vec<usize>,
    /// Whether everybody comes to `wrap_up`, unless something happens in their life.
    through: bool,
    /// Whether anything at all may be careless.
    careless: bool,
    text: String,
}

/// A random pathway with its directory, as text. It is well formed, and mostly proved.
pub fn pathway(dice: &mut Dice) -> String {
    let careless = dice.below(3) == 2;
    let mut facts: Vec<&'static Fact> = Vec::new();
    for _ in 0..1 + dice.below(4) {
        let fact = dice.one(FACTS);
        if facts.iter().all(|other| other.name != fact.name) {
            facts.push(fact);
        }
    }
    let shapes = (0..1 + dice.below(6)).map(|_| match dice.below(11) {
        10 => Shape::Risk,
        0 | 1 => Shape::Step,
        2 | 3 => Shape::Decide,
        4 => Shape::Table,
        5 | 6 => Shape::HandOver,
        7 => Shape::Repeat,
        8 => Shape::Call,
        _ => Shape::Together,
    });
    let shapes = shapes.collect();
    let (words, score) = (dice.once_in(3), dice.once_in(3));
    let through = dice.once_in(4);
    let tail = if through { "wrap_up" } else { dice.word(&["wrap_up", "settle", "wrap_up"]) };
    let text = String::from("onward 1\n\npathway random \"A careful pathway\"\n  version 1\n  starts at p0\n");
    let (found, risks, needs_find_out) = (Vec::new(), Vec::new(), false);
    let mut author =
        Author { dice, facts, words, score, shapes, found, tail, needs_find_out, risks, through, careless, text };
    author.whom_for();
    author.defaults();
    author.promises();
    author.facts();
    for number in 0..author.shapes.len() {
        author.place(number);
    }
    author.at_any_time();
    author.finding_out();
    author.the_end();
    author.part();
    author.directory();
    author.text
}

impl Author<'_> {
    /// A slip, once in `n` times, by an author who is careless at all.
    fn slip(&mut self, n: usize) -> bool {
        self.dice.once_in(n) && self.careless
    }

    fn say(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    fn forward(&mut self, from: usize) -> String {
        let next = from + 1 + self.dice.below(2);
        if next < self.shapes.len() {
            return format!("p{next}");
        }
        if self.dice.once_in(6) && !self.through { "over".to_string() } else { self.tail.to_string() }
    }

    /// Forward; or back, counted, and forward when that is used up.
    fn route(&mut self, from: usize) -> String {
        let on = self.forward(from);
        match self.dice.below(6) {
            5 => format!("p{}, at most {} times, then {on}", self.dice.below(from + 1), 1 + self.dice.below(2)),
            4 => format!("{on}, saying why \"that is how it is\""),
            _ => on,
        }
    }

    fn defaults(&mut self) {
        let late = if self.slip(3) { "over" } else { "escalate to help" };
        let late = if self.dice.once_in(6) { "escalate to more, at most twice, then escalate to help" } else { late };
        let cannot = self.dice.word(&["escalate to help", "escalate to more", "escalate to help"]);
        let declines = self.dice.word(&["over", "p0, at most once, then over", "escalate to help", "over"]);
        let nobody = self.dice.word(&["over", "wrap_up", "over"]);
        let died = self.dice.word(&["over", "farewell"]);
        let (late, declines, nobody, died) = match self.through {
            true => ("escalate to help", self.dice.word(&["wrap_up", "escalate to help"]), "wrap_up", "over"),
            false => (late, declines, nobody, died),
        };
        let away = self.dice.word(&["over", "p0, at most twice, then over", "over"]);
        self.say(format!(
            "by default\n  if late -> {late}\n  if it cannot be done -> {cannot}\n  if the person declines -> {declines}\n  \
             if nobody can -> {nobody}\n  if died -> {died}, standing everything down\n  if withdrew -> over\n  \
             if cannot be reached -> {away}\n  if moved away -> over\n  if opened in error -> over\n"
        ));
    }

    fn promises(&mut self) {
        let mut lines: Vec<String> = Vec::new();
        let flag = self.facts.iter().find(|fact| fact.kind == "yes or no").map(|fact| fact.name);
        for _ in 0..4 {
            let choice = if self.through { 6 + self.dice.below(6) } else { self.dice.below(12) };
            let line = match choice {
                7 => format!("everyone reaches an ending within {} days", self.dice.one(&[400, 90, 21])),
                8 => "nobody is asked twice".to_string(),
                9 => "nobody reaches settled without settle first".to_string(),
                10 if self.dice.once_in(2) => "never wrap_up and settle at one time".to_string(),
                10 => "nobody reaches at_home without wrap_up first".to_string(),
                11 => match flag {
                    Some(flag) => {
                        let reaches = self.dice.word(&["wrap_up", "team", "over", "p0"]);
                        let reaches = if self.through { "wrap_up" } else { reaches };
                        format!(
                            "whoever has {flag} reaches {reaches} within {} hours",
                            self.dice.one(&[9000, 2000, 300])
                        )
                    }
                    None => continue,
                },
                _ => continue,
            };
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        if !lines.is_empty() {
            self.say(format!("promises\n  {}\n", lines.join("\n  ")));
        }
    }

    fn facts(&mut self) {
        self.say("facts");
        for fact in self.facts.clone() {
            let who =
                self.dice.word(&["", " asked of person", " found by nurse or carer", " found by nurse with carer"]);
            let good = self.dice.word(&["", "", " good for 2 days", " good for 3 hours", " settled"]);
            let presumed = match fact.presumed.filter(|_| self.dice.once_in(3)) {
                Some(value) => format!(" presumed {value} until found otherwise, source \"The law\""),
                None => String::new(),
            };
            let first = self.facts[0];
            // Whoever it does not apply to is no longer somebody for whom one of two halves holds, but for these.
            let may = matches!(fact.name, "steady" | "strengths") && first.name != fact.name && self.dice.once_in(3);
            let applies = if may { format!(" applies when {}", first.says[0]) } else { String::new() };
            self.say(format!("  {} {}{who}{good}{presumed}{applies}", fact.name, fact.kind));
        }
        if self.words {
            self.say("  own_words text \"In the person's own words\"  asked of person");
        }
        self.say(
            "\nrole nurse \"Nurse\"\n  profession nursing\nrole carer\nrole team \"Community team\"\n  profession social_work\nrole duty \"Whoever is on duty\"\n",
        );
        if self.score {
            let first = self.facts[0];
            let yes = first.says[0];
            self.say(format!("score total \"A score\"\n  part extra when {yes} scores 2 otherwise scores 1\n"));
        }
    }

    /// Something said of these facts.
    fn condition(&mut self, facts: &[&'static Fact]) -> String {
        let atom = |author: &mut Self| -> String {
            let fact = *author.dice.one(facts);
            if let Some(risk) = author.risks.last().copied().filter(|_| author.dice.once_in(6)) {
                return author.dice.one(&[format!("accepted risk{risk}"), format!("risk{risk} is open")]).clone();
            }
            let first = facts.iter().any(|it| it.name == author.facts[0].name);
            if author.score && first && author.dice.once_in(5) {
                return author.dice.word(&["total at least 2", "total is 1", "any part of total scores 2"]).to_string();
            }
            author.dice.one(fact.says).to_string()
        };
        let (one, other) = (atom(self), atom(self));
        match self.dice.below(6) {
            3 => format!("{one} and {other}"),
            4 => format!("{one} or {other}"),
            5 => format!("not ({one} or {other}) and {}", atom(self)),
            _ => one,
        }
    }

    fn finds(&mut self) -> Vec<&'static str> {
        let mut finds: Vec<&'static str> = Vec::new();
        for fact in self.facts.clone() {
            if self.dice.below(3) < 2 {
                finds.push(fact.name);
            }
        }
        if self.words && self.dice.once_in(2) {
            finds.push("own_words");
        }
        self.found.extend(finds.iter().copied());
        finds
    }

    fn find_clause(finds: &[&'static str], afresh: &str) -> String {
        if finds.is_empty() { String::new() } else { format!("  finds {afresh}{}\n", finds.join(", ")) }
    }

    fn takes(&mut self) -> String {
        if self.dice.once_in(3) { format!("  takes {} minutes\n", 1 + self.dice.below(55)) } else { String::new() }
    }

    fn carrying(&mut self) -> String {
        let mut carried: Vec<&str> = self.facts.iter().map(|fact| fact.name).collect();
        if self.words {
            carried.push("own_words");
        }
        while carried.len() > 1 && self.slip(2) {
            carried.remove(self.dice.below(carried.len()));
        }
        carried.join(", ")
    }

    /// What comes when the rows are not known: where somebody looks for it, or, where somebody has, who decides.
    fn not_known(&mut self, number: usize, everything_was_asked: bool) -> String {
        if everything_was_asked && self.dice.once_in(3) {
            let on = self.forward(number);
            return self.dice.one(&[on, "team decides within 1 day".to_string()]).clone();
        }
        self.needs_find_out = true;
        let times = self.dice.word(&["once", "twice"]);
        let on = self.forward(number);
        let who = ["nurse decides within 4 hours", "team decides within 1 day", &on];
        let who = who[self.dice.below(3)];
        format!("find_out, at most {times}, then {who}")
    }

    fn place(&mut self, number: usize) {
        let hours = 1 + self.dice.below(48);
        match self.shapes[number] {
            Shape::Step => {
                let finds = self.finds();
                let afresh = if self.dice.once_in(6) && !finds.is_empty() { "afresh " } else { "" };
                let finds = Self::find_clause(&finds, afresh);
                let takes = self.takes();
                let led_by = self.dice.word(&["nurse", "nurse", "team", "person"]);
                let with = if led_by == "nurse" { "carer" } else { "nurse, carer" };
                let own = match self.dice.below(6) {
                    5 if ["team", "person"].contains(&led_by) => format!("  if late -> {}\n", self.forward(number)),
                    4 => format!("  if the person declines -> {}\n", self.route(number)),
                    3 => format!("  if it cannot be done -> {}\n", self.forward(number)),
                    _ => String::new(),
                };
                let within = crate::worlds::by_when(self.dice, hours);
                let needed = match self.dice.below(8) {
                    6 => "  not without carer\n".to_string(),
                    7 => format!("  not without carer when {}\n", self.condition(&self.facts.clone())),
                    _ => String::new(),
                };
                let tell = self.dice.word(&["", "  tell person \"We are on our way.\"\n"]);
                let then = self.route(number);
                self.say(format!(
                    "step p{number} \"Step {number}\"\n  led by {led_by}\n  with {with}\n{finds}  {within}\n{takes}{needed}{tell}{own}  then {then}\n"
                ));
            }
            Shape::Decide => {
                let asked: Vec<&Fact> =
                    self.facts.iter().copied().filter(|fact| self.found.contains(&fact.name)).collect();
                let all_asked = !asked.is_empty() && self.dice.once_in(2);
                let facts = if all_asked { asked } else { self.facts.clone() };
                self.say(format!("decide p{number}"));
                let fact = facts[self.dice.below(facts.len())];
                let halves = fact.halves.filter(|_| self.dice.once_in(3));
                let mut options: Vec<String> = Vec::new();
                match halves {
                    Some((one, other)) => {
                        let (a, b) = (self.forward(number), self.forward(number));
                        options.extend([a.clone(), b.clone()]);
                        let claim = self.dice.word(&["", "  rows do not overlap\n"]);
                        self.say(format!("{claim}  when {one} -> {a}\n  when {other} -> {b}"));
                    }
                    None => {
                        for _ in 0..1 + self.dice.below(3) {
                            let (condition, on) = (self.condition(&facts), self.forward(number));
                            self.say(format!("  when {condition} -> {on}"));
                            options.push(on);
                        }
                        if !self.slip(4) {
                            let on = self.forward(number);
                            self.say(format!("  if none of these -> {on}"));
                            options.push(on);
                        }
                    }
                }
                let not_known = self.not_known(number, all_asked);
                let advises = self.dice.once_in(3);
                if advises {
                    let (option, reason) = (self.dice.one(&options).clone(), self.condition(&facts));
                    let who = self.dice.word(&["nurse", "team"]);
                    self.say(format!(
                        "  advise {who} to decide with carer, within 5 hours\n  reason for {option} from carer when {reason} \"It would help.\"\n  otherwise because one of her_wish, too_much_risk"
                    ));
                }
                if advises && self.dice.once_in(2) {
                    let on = self.route(number);
                    self.say(format!("  agreed by carer, person\n  if they disagree -> {on}"));
                }
                if advises || not_known.contains(" decides ") {
                    self.only_when(&options, &facts);
                }
                self.say(format!("  if we do not know yet -> {not_known}\n"));
            }
            Shape::Table => {
                let (fact, other) = (self.facts[0], *self.facts.last().unwrap_or(&self.facts[0]));
                self.say(format!("decide p{number} \"A table\""));
                let (a, b) = (self.forward(number), self.forward(number));
                let cells = |fact: &Fact| match fact.name {
                    "alone" | "steady" => Some(["yes", "no"]),
                    "wish" => Some(["home, unsure", "away"]),
                    "falls" => Some(["0 to 2", "3 to 4"]),
                    "born" => Some(["1930-01-01 to 1949-12-31", "1950-01-01 to 1980-12-31"]),
                    _ => None,
                };
                match (cells(fact), cells(other)) {
                    (Some([one, two]), Some([three, _])) if other.name != fact.name => {
                        let last = if self.slip(3) { three } else { "any" };
                        self.say(format!("  | {} | {} | choose |", fact.name, other.name));
                        self.say(format!(
                            "  | {one} | any | {a} |\n  | {two} | {three} | {b} |\n  | {two} | {last} | {a} |"
                        ));
                    }
                    (Some([one, two]), _) => {
                        self.say(format!("  | {} | choose |\n  | {one} | {a} |\n  | {two} | {b} |", fact.name));
                    }
                    _ => self.say(format!("  when {} -> {a}\n  if none of these -> {b}", fact.says[0])),
                }
                let not_known = self.not_known(number, false);
                self.say(format!("  if we do not know yet -> {not_known}\n"));
            }
            Shape::HandOver => {
                let carrying = self.carrying();
                let (from, to) = *self.dice.one(&[("nurse", "team"), ("team", "nurse"), ("nurse", "carer")]);
                let condition = match self.dice.below(2) {
                    1 => format!("  if accepted on a condition -> {}\n", self.forward(number)),
                    _ => String::new(),
                };
                let declined = if self.dice.once_in(3) { "escalate to help".to_string() } else { self.route(number) };
                let then = self.forward(number);
                self.say(format!(
                    "hand over p{number} \"Hand over\"\n  from {from}\n  to {to}\n  carrying {carrying}\n  accepted within {hours} hours\n  if declined, saying why -> {declined}\n{condition}  then {then}\n"
                ));
            }
            Shape::Repeat => {
                let finds = self.finds();
                let finds = Self::find_clause(&finds, "");
                let until = self.condition(&self.facts.clone());
                let (out_of_it, takes) = (self.forward(number), self.takes());
                let after = if self.dice.once_in(2) { "escalate to help".to_string() } else { self.forward(number) };
                let times = 1 + self.dice.below(3);
                self.say(format!(
                    "repeat p{number} \"Again and again\"\n  every {hours} hours\n  led by nurse\n  with carer\n{finds}{takes}  until {until} -> {out_of_it}\n  at most {times} times, then {after}\n"
                ));
            }
            Shape::Risk => {
                let ways = [self.forward(number), self.forward(number), self.forward(number)];
                let not_known = self.not_known(number, false);
                let text = crate::worlds::positive_risk(self.dice, number, ways, &not_known, self.careless);
                self.say(text);
                self.risks.push(number);
            }
            Shape::Call => {
                let (well, not_well) = (self.forward(number), self.route(number));
                self.say(format!(
                    "call p{number} \"A part of it\"\n  follows inner\n  if it ends in well -> {well}\n  \
                     if it ends in not_well -> {not_well}\n  if it ends in gone -> over\n"
                ));
                self.found.extend(self.facts.iter().map(|fact| fact.name));
            }
            Shape::Together => {
                let finds = self.finds();
                let finds = Self::find_clause(&finds, "");
                let again = if self.slip(3) { finds.clone() } else { String::new() };
                let takes = self.takes();
                let join = self.dice.word(&["all", "first 1", "first 2"]);
                let days = 1 + self.dice.below(3);
                let otherwise = match join {
                    "all" => "if not all done".to_string(),
                    first => format!("if fewer than {} are done", &first[6..]),
                };
                let (bad, then) = (self.forward(number), self.forward(number));
                let bad = if self.dice.once_in(3) { "escalate to help".to_string() } else { bad };
                let own = if self.dice.once_in(4) {
                    format!("  if late -> {}\n", self.forward(number))
                } else {
                    String::new()
                };
                let own = if self.slip(2) { String::new() } else { own };
                // Where another pathway is called anyway, one is now and then a branch, too.
                let other = if number % 2 == 1 && self.shapes.contains(&Shape::Call) {
                    "follows aside, done if it ends in well".to_string()
                } else {
                    format!("led by team with nurse, carer within 6 hours {}", finds.trim())
                };
                self.say(format!(
                    "together p{number} \"Side by side\"\n  a{number} led by nurse with carer within {hours} hours\n{takes}{again}  b{number} \"The other\" {other}\n  {join} done within {days} days\n  {otherwise} -> {bad}\n{own}  then {then}\n"
                ));
            }
        }
    }

    /// When a role may choose an option; of two, one is always one.
    fn only_when(&mut self, options: &[String], facts: &[&'static Fact]) {
        let one = self.dice.one(options).clone();
        let another = options.iter().any(|it| *it != one);
        if self.dice.once_in(2) && (another || self.slip(2)) {
            let condition = self.condition(facts);
            self.say(format!("  option {one} only when {condition}"));
        }
    }

    /// Whom the pathway is for, now and then.
    fn whom_for(&mut self) {
        if self.dice.once_in(6) && !self.through {
            let condition = self.condition(&self.facts.clone());
            let to = self.dice.word(&["wrap_up", "over"]);
            let not = self.dice.once_in(2);
            self.say(match not {
                true => format!("  not for {condition} -> {to}"),
                false => format!("  for {condition}, otherwise -> {to}"),
            });
            if !self.slip(3) {
                self.say("  if we do not know yet -> nothing, because \"it is asked at every visit\"");
            }
        }
        self.say("");
    }

    /// What interrupts, now and then.
    fn at_any_time(&mut self) {
        if !self.dice.once_in(4) || self.through {
            return;
        }
        for number in 0..1 + self.dice.below(2) {
            let condition = self.condition(&self.facts.clone());
            let place = self.dice.below(self.shapes.len());
            let to = self.dice.one(&["wrap_up".to_string(), format!("p{place}"), "over".to_string()]).clone();
            let then = self.dice.word(&["", ", then wrap_up", ", then over"]);
            let times = self.dice.word(&["once", "twice"]);
            self.say(format!(
                "at any time now{number} \"At any time\"\n  if {condition} -> {to}, instead, at most {times}{then}"
            ));
            let watched = if self.slip(3) {
                ""
            } else {
                "  if we do not know yet -> nothing, because \"it is asked at every visit\"\n"
            };
            let raised = self.dice.word(&["", "  anyone may raise it\n"]);
            self.say(format!("{watched}{raised}"));
        }
    }

    /// The pathway that calls follow, where there are any.
    fn part(&mut self) {
        if !self.shapes.contains(&Shape::Call) {
            return;
        }
        let late = if self.slip(4) { "not_well" } else { "escalate to help" };
        self.say(format!(
            "pathway inner \"A part of it\"\n  version 1\n  starts at look\n\nby default\n  if late -> {late}\n  \
             if it cannot be done -> escalate to more\n  if the person declines -> not_well\n  if nobody can -> not_well\n  \
             if died -> gone\n  if withdrew -> gone\n  if cannot be reached -> look, at most once, then gone\n  \
             if moved away -> gone\n  if opened in error -> gone\n"
        ));
        let names: Vec<&str> = self.facts.iter().map(|fact| fact.name).collect();
        let hours = 1 + self.dice.below(30);
        self.say(format!(
            "step look \"Look in\"\n  led by nurse\n  with carer\n  finds {}\n  within {hours} hours\n  then judge\n",
            names.join(", ")
        ));
        let condition = self.condition(&self.facts.clone());
        let again = self.dice.word(&["look, at most once, then not_well", "not_well", "well"]);
        let judged = condition.clone();
        self.say(format!(
            "decide judge\n  when {condition} -> pass_on\n  if none of these -> {again}\n  \
             if we do not know yet -> look_again, at most once, then team decides within 1 day\n"
        ));
        self.say(
            "step look_again \"Look again\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
             then back to the decision\n",
        );
        let carrying = self.carrying();
        self.say(format!(
            "hand over pass_on \"To the team\"\n  from nurse\n  to team\n  carrying {carrying}\n  accepted within 5 hours\n  \
             if declined, saying why -> escalate to help\n  then well\n"
        ));
        self.say(
            "ending well \"All is well\"\n  held by person\n  tell person \"We have looked.\"\n\n\
             ending not_well \"It is not\"\n  held by person\n\nending gone \"Gone\"\n  held by person\n",
        );
        self.aside(&judged, &names);
    }

    /// The pathway that branches follow: in one of these nobody hands over.
    fn aside(&mut self, condition: &str, names: &[&str]) {
        self.say(format!(
            "pathway aside \"Meanwhile\"\n  version 1\n  starts at glance\n\nby default\n  if late -> escalate to help\n  \
             if it cannot be done -> escalate to more\n  if the person declines -> not_well\n  if nobody can -> not_well\n  \
             if died -> gone\n  if withdrew -> gone\n  if cannot be reached -> gone\n  if moved away -> gone\n  \
             if opened in error -> gone\n\nstep glance \"Look in\"\n  led by nurse\n  with carer\n  finds {}\n  \
             within 9 hours\n  then judge\n\ndecide judge\n  when {condition} -> well\n  \
             if none of these -> glance, at most once, then not_well\n  \
             if we do not know yet -> glance_again, at most once, then team decides within 1 day\n\n\
             step glance_again \"Look again\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
             then back to the decision\n\nending well \"All is well\"\n  held by person\n  tell person \"We have looked.\"\n\n\
             ending not_well \"It is not\"\n  held by person\n\nending gone \"Gone\"\n  held by person\n",
            names.join(", ")
        ));
    }

    fn finding_out(&mut self) {
        if self.needs_find_out && self.dice.once_in(4) {
            let names: Vec<&str> = self.facts.iter().map(|fact| fact.name).collect();
            let until = self.condition(&self.facts.clone());
            self.say(format!(
                "repeat find_out \"Look again and again\"\n  every 8 hours\n  led by nurse\n  with carer\n  finds {}\n  \
                 until {until} -> back to the decision\n  at most twice, then {}\n",
                names.join(", "),
                if self.through { "wrap_up" } else { "over" }
            ));
        } else if self.needs_find_out {
            self.say(
                "step find_out \"Find out\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
                 then back to the decision\n",
            );
        }
    }

    fn the_end(&mut self) {
        let on = self.dice.word(&["at_home", "settle"]);
        let on = if self.tail == "settle" || self.through { "at_home" } else { on };
        self.say(format!(
            "step wrap_up \"Say what comes next\"\n  led by team\n  within 1 day\n  tell person \"This is what comes next.\"\n  \
             if nobody can -> over\n  if the person declines -> over\n  then {on}\n"
        ));
        let carrying = self.carrying();
        let declined = self.dice.word(&["escalate to help", "over", "settle, at most once, then over"]);
        self.say(format!(
            "hand over settle \"Who holds the person now\"\n  from nurse\n  to team\n  carrying {carrying}\n  \
             accepted within 12 hours\n  if declined, saying why -> {declined}\n  if nobody can -> over\n  then settled\n"
        ));
        self.say("step farewell \"Tell everybody\"\n  led by team\n  within 1 day\n  tell carer \"We are sorry.\"\n  if nobody can -> over\n  then over\n");
        let owed = self.dice.word(&["", "  owed settle\n"]);
        let owed = if self.slip(4) { "  owed wrap_up, p0\n" } else { owed };
        let owed = if self.shapes.first().is_some_and(|it| [Shape::Decide, Shape::Table, Shape::Call].contains(it))
            && owed.contains("p0")
        {
            "  owed wrap_up\n"
        } else {
            owed
        };
        let held = if self.slip(5) { "carer" } else { "team" };
        let home = self.dice.word(&["", "  owed wrap_up\n"]);
        let over = if self.slip(6) { "  owed wrap_up\n" } else { "" };
        self.say(format!(
            "ending settled \"With the team\"\n  held by {held}\n{owed}\nending at_home \"At home\"\n  held by person\n{home}\nending over \"Over\"\n  held by person\n{over}"
        ));
    }

    fn directory(&mut self) {
        let hours = [
            "open always",
            "open monday to friday 09:00 to 17:00\n  on bank holidays closed",
            "open every day 22:00 to 06:00\n  on bank holidays as usual",
            "open monday to saturday 08:00 to 12:00 and 13:30 to 20:00\n  on bank holidays open 10:00 to 12:00\n  closed 2027-05-01 to 2027-05-03",
        ];
        let (ward, home_team) = (self.dice.word(&hours), self.dice.word(&hours));
        let from = self.dice.word(&["  valid from 2027-01-01\n", "", "  valid from 2026-06-01\n"]);
        self.say(
            "holidays here_too \"Bank holidays\"\n  known until 2028-12-31\n  on 2026-12-25, 2026-12-28, 2027-01-01, 2027-03-26, 2027-12-27, 2028-12-25\n",
        );
        self.say(format!(
            "directory here \"Here\"\n  time zone \"Europe/London\"\n{from}  valid until 2028-12-31\n  bank holidays here_too\n"
        ));
        let meetings = crate::worlds::meetings(self.dice);
        self.say(meetings);
        // Two wards, each for some of the people.
        let halves = self.facts.iter().find_map(|fact| fact.halves).filter(|_| self.dice.once_in(3));
        let mut serves = String::new();
        if let Some((some, _)) = halves {
            let until = if self.slip(4) { "" } else { "\n  until known anybody" };
            serves = format!("  serves {some}{until}\n");
            let hours = self.dice.word(&hours);
            self.say(format!(
                "contact other_ward \"The other ward\"\n  fills nurse\n  serves not ({some})\n  {hours}\n"
            ));
        }
        self.say(format!("contact ward \"The ward\"\n  fills nurse\n{serves}  {ward}\n"));
        if self.dice.once_in(3) {
            self.say("contact night_ward \"The ward by night\"\n  fills nurse\n  open every day 18:00 to 08:00\n  on bank holidays as usual\n");
        }
        self.say(format!("contact home_team \"The carers\"\n  fills carer\n  {home_team}\n"));
        let office = if self.slip(3) { hours[1] } else { hours[0] };
        self.say(format!("contact office \"The office\"\n  fills team\n  phone \"01632 960 001\"\n  {office}\n"));
        let (day, night) = if self.slip(3) { ("20:00", "08:00") } else { ("20:30", "08:45") };
        let holiday = if self.slip(4) { "closed" } else { "as usual" };
        self.say(format!(
            "contact day_duty \"On duty by day\"\n  fills duty\n  open every day 08:00 to {day}\n  on bank holidays {holiday}\n\n\
             contact night_duty \"On duty by night\"\n  fills duty\n  open every day 20:00 to {night}\n  on bank holidays as usual\n"
        ));
        let last = self.dice.word(&["duty, to answer within 30 minutes", "office, to answer within 2 hours"]);
        let rungs = self.dice.word(&[
            "  ask ward, to answer within 1 hour\n  then nurse, to answer within 30 minutes\n",
            "  ask home_team, to answer within 3 hours\n",
            "",
        ]);
        let reassign =
            self.dice.word(&["", "  may reassign at most twice\n", "  may reassign at most once, within 30 hours\n"]);
        self.say(format!("escalation help \"Help\"\n{rungs}  last {last}\n{reassign}"));
        self.say("escalation more \"More help\"\n  ask nurse, to answer within 45 minutes\n  last duty, to answer within 20 minutes");
        if self.dice.once_in(3) {
            let when = self.condition(&self.facts.clone());
            let anticipation = crate::worlds::anticipation(self.dice, &when);
            self.say(anticipation);
        }
    }
}
