//! The facts of random worlds, and what can be said of them.

use super::Dice;
use std::fmt::Write as _;

/// A fact of a random world: its name and its declared type.
pub struct Fact {
    pub name: &'static str,
    pub declared: String,
    pub kind: FactKind,
    need_not_apply: bool,
}

pub enum FactKind {
    Flag,
    Options(Vec<&'static str>),
    Number(i64, i64),
    Tenths(i64, i64),
    Several,
    Document,
    /// A date, of which one looks at how many days ago it was, up to so many.
    Ago(i64),
}

impl Fact {
    /// What conditions look at: for a date, how long ago it was.
    pub fn looked_at(&self) -> String {
        match self.kind {
            FactKind::Ago(_) => format!("since_{}", self.name),
            _ => self.name.to_string(),
        }
    }
}

const NAMES: [&str; 5] = ["alone", "wish", "falls", "warmth", "strengths"];

pub fn facts(dice: &mut Dice) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let many = 1 + dice.below(4);
    for (number, name) in NAMES.into_iter().enumerate().take(many) {
        let (kind, mut declared) = match dice.below(7) {
            0 => (FactKind::Flag, "yes or no".to_string()),
            1 => {
                let all = ["home", "away", "unsure", "none"];
                let options: Vec<&str> = all[..2 + dice.below(3)].to_vec();
                let declared = format!("one of {}", options.join(", "));
                (FactKind::Options(options), declared)
            }
            2 => {
                let max = 1 + dice.below(9) as i64;
                (FactKind::Number(0, max), format!("0 to {max}"))
            }
            3 => (FactKind::Tenths(300, 310), "30.0 to 31.0 in steps of 0.1 measured in \"degrees\"".to_string()),
            4 => (FactKind::Several, "several of own_way, family, garden".to_string()),
            5 => (FactKind::Document, "document".to_string()),
            _ => (FactKind::Ago(2 + dice.below(4) as i64), "date from 2020-01-01 to 2026-03-27".to_string()),
        };
        if dice.once_in(3) {
            let _ = write!(declared, " \"Fact {number}\"");
        }
        declared.push_str(dice.word(&[
            "",
            " asked of person",
            " found by nurse or carer",
            " found by nurse with carer",
        ]));
        declared.push_str(dice.word(&["", "", " good for 2 days", " good for 6 hours", " settled"]));
        declared.push_str(dice.word(&["", "", "", " kept from carer", " kept from team, person"]));
        declared.push_str(dice.word(&[
            "",
            "",
            "",
            "",
            " if disputed ask nurse within 1 day",
            " if disputed ask nurse within 6 hours",
        ]));
        if dice.once_in(4) && !matches!(kind, FactKind::Document | FactKind::Ago(_)) {
            let value = a_value(dice, &kind);
            let source = dice.word(&["", " source \"The law\"", ", source \"The law\", unverified"]);
            let _ = write!(declared, " presumed {value} until found otherwise{source}");
        }
        if matches!(kind, FactKind::Number(..) | FactKind::Tenths(..)) && dice.below(3) > 0 {
            let from = facts.iter().filter(|it| !matches!(it.kind, FactKind::Document)).map(Fact::looked_at);
            let from: Vec<String> = from.collect();
            if !from.is_empty() {
                let _ = write!(declared, " found by model \"score\" from {}", from.join(", "));
            }
        }
        let need_not_apply = number > 0 && dice.once_in(4);
        if need_not_apply {
            let _ = write!(declared, " applies when {}", condition(dice, &facts, false));
        }
        facts.push(Fact { name, declared, kind, need_not_apply });
    }
    facts
}

/// A value of a fact of that kind, as it is written.
fn a_value(dice: &mut Dice, kind: &FactKind) -> String {
    match kind {
        FactKind::Flag => dice.word(&["yes", "no"]).to_string(),
        FactKind::Options(options) => dice.one(options).to_string(),
        FactKind::Number(min, max) => (min + dice.below((max - min + 1) as usize) as i64).to_string(),
        FactKind::Tenths(..) => dice.word(&["30.4", "30.5"]).to_string(),
        FactKind::Several => dice.word(&["family", "none_of_them", "own_way and garden"]).to_string(),
        FactKind::Document => "none".to_string(),
        FactKind::Ago(_) => "2026-03-26".to_string(),
    }
}

/// Numbers that follow from the facts, one from each that is a number.
pub fn computed(dice: &mut Dice, facts: &[Fact]) -> String {
    let mut out = String::new();
    for fact in facts {
        let _ = match &fact.kind {
            FactKind::Number(_, max) => {
                let end = dice.word(&["", ", no less than 1", ", no less than 2, no more than 3"]);
                let rounding = dice.word(&["up", "down", "to the nearest"]);
                let _ = writeln!(out, "  twice_{0} 0 to {1} \"Twice\" is 2 times {0} + 1{end}", fact.name, 2 * max + 2);
                let name = &fact.name;
                let share = match dice.once_in(2) {
                    true => format!("{name} + 5, divided by twice_{name}, rounded {rounding}"),
                    false => format!("{name} + twice_{name}"),
                };
                writeln!(out, "  share_{name} 0 to {} \"A share\" is {share}", 3 * max + 12)
            }
            FactKind::Tenths(..) => {
                let rounding = dice.word(&["up", "down", "to the nearest"]);
                // What need not apply divides nothing.
                if !fact.need_not_apply {
                    let _ = writeln!(
                        out,
                        "  of_{0} 0.0 to 4.0 in steps of 0.1 is 100 - {0}, divided by {0}, rounded {rounding}",
                        fact.name
                    );
                }
                writeln!(
                    out,
                    "  third_{0} -40 to 20 is {0} - 3 times {0} + 30.5, divided by 3, rounded {rounding}",
                    fact.name
                )
            }
            FactKind::Ago(most) => {
                let name = fact.looked_at();
                writeln!(out, "  {name} 0 to {most} \"How long ago\" is days since {}, no more than {most}", fact.name)
            }
            _ => Ok(()),
        };
    }
    out
}

fn atom(dice: &mut Dice, facts: &[Fact], score: bool) -> String {
    if score && dice.once_in(4) {
        return match dice.below(3) {
            0 => format!("total at least {}", dice.below(2)),
            1 => format!("total is {} to 1", dice.below(2)),
            _ => format!("any part of total scores {}", dice.below(2)),
        };
    }
    let fact = dice.one(facts);
    let name = fact.looked_at();
    if fact.need_not_apply && dice.once_in(4) {
        return format!("{name} is {}not applicable", dice.word(&["", "not "]));
    }
    match &fact.kind {
        FactKind::Flag => dice.one(&[name.clone(), format!("not {name}"), format!("{name} is no")]).clone(),
        FactKind::Options(options) => {
            let (a, b) = (*dice.one(options), *dice.one(options));
            match dice.below(3) {
                0 => format!("{name} is {a}"),
                1 => format!("{name} is not {a}"),
                _ => format!("{name} is one of {a}, {b}"),
            }
        }
        FactKind::Number(..) if score && dice.once_in(3) => {
            format!("twice_{name} {} {}", dice.word(&["at least", "is", "less than"]), 1 + dice.below(2))
        }
        FactKind::Number(..) if score && dice.once_in(3) => {
            format!("share_{name} {} {}", dice.word(&["at least", "is", "less than"]), 1 + dice.below(5))
        }
        FactKind::Tenths(..) if score && !fact.need_not_apply && dice.once_in(3) => {
            format!("of_{name} {} 2.{}", dice.word(&["at least", "is", "more than"]), 2 + dice.below(3))
        }
        FactKind::Tenths(..) if score && dice.once_in(3) => {
            format!("third_{name} {} -{}", dice.word(&["at least", "is", "more than"]), 9 + dice.below(3))
        }
        FactKind::Ago(most) => {
            let value = dice.below(*most as usize + 1);
            format!("{name} {} {value}", dice.word(&["at least", "at most", "is", "is not", "more than", "less than"]))
        }
        FactKind::Number(min, max) => {
            let value = min + dice.below((max - min + 1) as usize) as i64;
            let word = dice.one(&["at least", "at most", "is", "is not", "more than", "less than"]);
            format!("{name} {word} {value}")
        }
        FactKind::Tenths(min, max) => {
            let value = min + dice.below((max - min + 1) as usize) as i64;
            let word = dice.one(&["at least", "at most", "is"]);
            format!("{name} {word} {}.{}", value / 10, value % 10)
        }
        FactKind::Document => format!("{name} is {}", dice.word(&["there", "not there"])),
        FactKind::Several => format!("{name} includes {}", dice.one(&["own_way", "family", "garden"])),
    }
}

pub fn condition(dice: &mut Dice, facts: &[Fact], score: bool) -> String {
    match dice.below(6) {
        0..=2 => atom(dice, facts, score),
        3 => format!("{} and {}", atom(dice, facts, score), atom(dice, facts, score)),
        4 => format!("{} or {}", atom(dice, facts, score), atom(dice, facts, score)),
        _ => format!(
            "not ({} or {}) and {}",
            atom(dice, facts, score),
            atom(dice, facts, score),
            atom(dice, facts, score)
        ),
    }
}

pub fn cell(dice: &mut Dice, fact: &Fact) -> String {
    if dice.once_in(3) {
        return "any".to_string();
    }
    if fact.need_not_apply && dice.once_in(3) {
        return "not applicable".to_string();
    }
    match &fact.kind {
        FactKind::Flag => (*dice.one(&["yes", "no"])).to_string(),
        FactKind::Options(options) => {
            let more = if fact.need_not_apply { dice.word(&["", ", not applicable"]) } else { "" };
            format!("{}{more}", dice.one(options))
        }
        FactKind::Number(_, max) | FactKind::Ago(max) => format!("{} to {max}", dice.below(*max as usize + 1)),
        FactKind::Tenths(..) => dice.one(&["at least 30.5", "30.0 to 30.2"]).to_string(),
        FactKind::Document => dice.word(&["there", "not there"]).to_string(),
        FactKind::Several => "any".to_string(),
    }
}

pub fn scores(dice: &mut Dice, facts: &[Fact], out: &mut String) {
    out.push_str("score total \"A score\"\n");
    for fact in facts {
        let more = match fact.need_not_apply {
            true => format!(", not applicable scores {}", dice.below(3)),
            false => String::new(),
        };
        match &fact.kind {
            FactKind::Flag => {
                let _ = writeln!(out, "  {} yes scores {}, no scores 0{more}", fact.name, dice.below(4));
            }
            FactKind::Options(options) => {
                let rest = options[1..].join(", ");
                let _ = writeln!(out, "  {} {} scores {}, {rest} scores 0{more}", fact.name, options[0], dice.below(3));
            }
            FactKind::Number(_, max) => {
                let _ = writeln!(out, "  {} at most 0 scores {}, 1 to {max} scores 0{more}", fact.name, dice.below(4));
            }
            FactKind::Tenths(..) => {
                let _ = writeln!(
                    out,
                    "  {} at most 30.4 scores 0, at least 30.5 scores {}{more}",
                    fact.name,
                    dice.below(4)
                );
            }
            FactKind::Document => {
                let _ = writeln!(out, "  {} there scores {}, not there scores 0{more}", fact.name, dice.below(3));
            }
            FactKind::Ago(most) => {
                let (name, points) = (fact.looked_at(), dice.below(4));
                let _ = writeln!(out, "  {name} at most 1 scores {points}, 2 to {most} scores 0{more}");
            }
            FactKind::Several => {}
        }
    }
    let row = condition(dice, facts, false);
    let _ = write!(out, "  part extra when {row} scores {} otherwise scores 0\n\n", 1 + dice.below(3));
}
