//! How each clause is printed.

use super::print::{Line, WIDTH};
use super::print_facts::{fact, part, table};
use super::print_scenario::{assignment, expectation, happening};
use super::tree::*;
use crate::calendar::clock;
use crate::diagnostic::Span;

/// The column, counted from the clause's indent, at which what a clause says begins.
const COLUMN: usize = 20;
const INDENT: usize = 2;

/// A clause as its words, and what follows them: pieces that go on in the next line where one is too short.
pub(super) struct Printed {
    word: String,
    pieces: Vec<String>,
    /// The part before an arrow, when arrows of neighbouring clauses are to stand under each other.
    arrow: Option<String>,
}

impl Printed {
    pub(super) fn new(word: &str, piece: impl Into<String>) -> Printed {
        Printed { word: word.to_string(), pieces: vec![piece.into()], arrow: None }
    }
    pub(super) fn list(word: &str, pieces: Vec<String>) -> Printed {
        Printed { word: word.to_string(), pieces, arrow: None }
    }
    pub(super) fn arrow(before: String, to: &Route) -> Printed {
        Printed { word: String::new(), pieces: vec![route(to)], arrow: Some(before) }
    }
}

/// The lines of a list of clauses.
pub(super) fn clause_lines(clauses: &[Clause]) -> Vec<Line> {
    let names = clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Fact(fact) => Some(fact.name.text.chars().count()),
        ClauseKind::Part(part) if matches!(part.points, Points::Bands(_)) => Some(part.name.text.chars().count()),
        ClauseKind::Branch { name, meanwhile, .. } => Some(branch_name(name, *meanwhile).chars().count()),
        _ => None,
    });
    let name_width = names.max().unwrap_or(0).clamp(COLUMN - 2, 34);
    let all: Vec<Printed> = clauses.iter().map(printed).collect();
    let widths = arrow_widths(&all);
    let mut lines = Vec::new();
    for ((clause, printed), width) in clauses.iter().zip(&all).zip(widths) {
        match &clause.kind {
            ClauseKind::Fact(it) => lines.push(line(clause.at.0, fact(it, name_width))),
            ClauseKind::Part(it) => lines.extend(part(clause.at.0, it, name_width)),
            ClauseKind::Table(it) => lines.extend(table(clause.at.0, it)),
            ClauseKind::Branch { name, title, clauses, meanwhile } => {
                let mut pieces: Vec<String> = title.iter().map(quoted).collect();
                pieces.extend(clauses.iter().map(|clause| inline(&self::printed(clause))));
                let mut text = format!("{:name_width$}  ", branch_name(name, *meanwhile));
                wrap(&mut text, name_width + 2, &pieces, "  ");
                lines.push(line(clause.at.0, text));
            }
            _ => {
                let text = match &printed.arrow {
                    Some(before) => format!("{before:width$} -> {}", printed.pieces.join(", ")),
                    None => laid_out(printed),
                };
                lines.push(line(clause.at.0, text));
            }
        }
    }
    lines
}

/// The name of a branch, behind `meanwhile` where it is open as long as its block is.
fn branch_name(name: &Word, meanwhile: bool) -> String {
    if meanwhile { format!("meanwhile {}", name.text) } else { name.text.clone() }
}

pub(super) fn line(at: Span, text: String) -> Line {
    let text = text.lines().map(|line| format!("{}{line}", " ".repeat(INDENT))).collect::<Vec<_>>().join("\n");
    Line { at, text, gap: false, indent: INDENT }
}

/// How wide the part before the arrow is, for each clause: as wide as the widest of the run of arrows it stands in.
fn arrow_widths(printed: &[Printed]) -> Vec<usize> {
    let mut widths = vec![0; printed.len()];
    let mut run = 0..0;
    for number in 0..=printed.len() {
        if printed.get(number).is_some_and(|it| it.arrow.is_some()) {
            run.end = number + 1;
            continue;
        }
        let lengths = printed[run.clone()].iter().filter_map(|it| it.arrow.as_ref()).map(|it| it.chars().count());
        let widest = lengths.filter(|length| *length <= 60).max().unwrap_or(0);
        widths[run.clone()].fill(widest);
        run = number + 1..number + 1;
    }
    widths
}

fn inline(printed: &Printed) -> String {
    format!("{} {}", printed.word, printed.pieces.join(", ")).trim_end().to_string()
}

pub(super) fn laid_out(printed: &Printed) -> String {
    let mut text = format!("{:COLUMN$}", printed.word);
    if printed.word.chars().count() >= COLUMN {
        text.push(' ');
    }
    let start = text.chars().count();
    wrap(&mut text, start, &printed.pieces, ", ");
    text.trim_end().to_string()
}

/// Adds pieces with a separator, going on in a new line where the old one is full.
pub(super) fn wrap(text: &mut String, column: usize, pieces: &[String], between: &str) {
    let mut width = text.rsplit('\n').next().unwrap_or("").chars().count();
    for (number, piece) in pieces.iter().enumerate() {
        let length = piece.chars().count();
        if number > 0 {
            if width + between.len() + length + INDENT > WIDTH {
                text.push_str(between.trim_end());
                text.push('\n');
                text.push_str(&" ".repeat(column));
                width = column;
            } else {
                text.push_str(between);
                width += between.len();
            }
        }
        text.push_str(piece);
        width += length;
    }
}

fn printed(clause: &Clause) -> Printed {
    use ClauseKind as C;
    match &clause.kind {
        C::Version(word) => Printed::new("version", &word.text),
        C::StartsAt(word) => Printed::new("starts at", &word.text),
        C::TestedWith(text) => Printed::new("tested with", quoted(text)),
        C::ReviewBy(date) => Printed::new("review by", &date.text),
        C::NeedsAgreement(names) => Printed::list("needs agreement of", listed(names)),
        C::AgreedTo { by, on, mark } => {
            Printed::new("agreed by", format!("{} on {} of {}", by.text, on.text, quoted(mark)))
        }
        C::Source { .. } => Printed::new("source", source(&clause.kind)),
        C::InForce { from, until } => {
            let until = until.as_ref().map_or(String::new(), |until| format!(" until {}", until.text));
            Printed::new("in force", format!("from {}{until}", from.text))
        }
        C::Allow { finding, mark, because, by, until } => {
            let mark = mark.as_ref().map_or(String::new(), |mark| format!(" of {}", quoted(mark)));
            let (because, by) = (quoted(because), &by.text);
            Printed::new("allow", format!("{}{mark} because {because} by {by} until {}", finding.text, until.text))
        }
        C::Severity(word) => Printed::new("severity", &word.text),
        C::Likelihood(word) => Printed::new("likelihood", &word.text),
        C::Owner(word) => Printed::new("owner", &word.text),
        C::ControlledBy(controls) => Printed::list("controlled by", controls.iter().map(control).collect()),
        C::Outcome { outcome, route } => Printed::arrow(format!("if {}", outcome_words(*outcome)), route),
        C::Promise(it) => promise(it),
        C::LedBy(word) => Printed::new("led by", &word.text),
        C::With(names) => Printed::list("with", listed(names)),
        C::Finds { afresh, missing, names } => {
            let word = if *afresh { "finds afresh" } else { "finds" };
            if *missing { Printed::new(word, "what is missing") } else { Printed::list(word, listed(names)) }
        }
        C::Within(it) => {
            let (word, rest) = allowed(it);
            Printed::new(word, rest)
        }
        C::ForSoLong(it) => Printed::new("for", allowed(it).1),
        C::Takes(length) => Printed::new("takes", &length.text),
        C::NotWithout { role, when } => {
            let when = when.as_ref().map_or(String::new(), |it| format!(" when {}", condition(it)));
            Printed::new("not without", format!("{}{when}", role.text))
        }
        C::Tell { who, text, agreed } => {
            let agreed = agreed.map_or("", |_| " if the person agrees");
            Printed::new("tell", format!("{} {}{agreed}", who.text, quoted(text)))
        }
        C::Chargeable { told_in } => Printed::new(
            "chargeable",
            told_in.as_ref().map_or(String::new(), |place| format!("told in {}", place.text)),
        ),
        C::AtPlace { setting, told_in } => {
            let told = told_in.as_ref().map_or(String::new(), |step| format!(", told in {}", step.text));
            Printed::new("place", format!("{}{told}", setting.text))
        }
        C::Setting { name, title } => Printed::new(&name.text, title.as_ref().map_or(String::new(), quoted)),
        C::Then(to) => Printed::new("then", route(to)),
        C::Row { condition: it, route } => Printed::arrow(format!("when {}", condition(it)), route),
        C::NoneOfThese(route) => Printed::arrow("if none of these".to_string(), route),
        C::NotKnown(route) => Printed::arrow("if we do not know yet".to_string(), route),
        C::Advise { role, with, within } => {
            let mut pieces = listed(with);
            if let Some(first) = pieces.first_mut() {
                *first = format!("{} to decide with {first}", role.text);
            }
            match pieces.is_empty() {
                true => pieces.push(format!("{} to decide within {}", role.text, within.text)),
                false => pieces.push(format!("within {}", within.text)),
            }
            Printed::list("advise", pieces)
        }
        C::Reason { against, option, from, when, text } => {
            let word = if *against { "reason against" } else { "reason for" };
            let rest = format!("{} from {} when {}  {}", option.text, from.text, condition(when), quoted(text));
            Printed::new(word, rest)
        }
        C::AgreedBy(names) => Printed::list("agreed by", listed(names)),
        C::IfTheyDisagree(route) => Printed::arrow("if they disagree".to_string(), route),
        C::Matters(fact) => Printed::new("matters", &fact.text),
        C::CouldHappen(text) => Printed::new("could happen", quoted(text)),
        C::Strengths(fact) => Printed::new("strengths", &fact.text),
        C::SafetyNets { nets, before } => {
            let mut pieces = listed(nets);
            if let Some(last) = pieces.last_mut() {
                *last = format!("{last} before {}", before.text);
            }
            Printed::list("safety nets", pieces)
        }
        C::DecidedBy { who, or, able } => {
            Printed::new("decided by", format!("{}, or {} when not {}", who.text, or.text, able.text))
        }
        C::PlanAgreedBy(names) => Printed::list("plan agreed by", listed(names)),
        C::DisagreeMeanwhile { route, safe } => {
            let mut printed = Printed::arrow("if they disagree".to_string(), route);
            printed.pieces.extend(safe.iter().map(|safe| format!("meanwhile {}", safe.text)));
            printed
        }
        C::ReviewAfter(step) => Printed::new("review", &step.text),
        C::IfItHappens { who, within } => {
            Printed::new("if it happens", format!("{} answers within {}", who.text, within.text))
        }
        C::Accepts(route) => Printed::arrow("accepted".to_string(), route),
        C::DoesNotAccept(route) => Printed::arrow("not accepted".to_string(), route),
        C::About(fact) => Printed::new("for", &fact.text),
        C::Instruct { who, within, when } => {
            Printed::new("instruct", format!("{} within {} when {}", who.text, within.text, condition(when)))
        }
        C::OtherwiseBecause(names) => {
            let mut codes = listed(names);
            if let Some(first) = codes.first_mut() {
                *first = format!("one of {first}");
            }
            Printed::list("otherwise because", codes)
        }
        C::Option { name, only_when } => {
            Printed::new("option", format!("{} only when {}", name.text, condition(only_when)))
        }
        C::NoOverlap => Printed::new("rows do not overlap", ""),
        C::Join { first: None, within } => Printed::new("all done within", &within.text),
        C::Join { first: Some(count), within } => {
            Printed::new(&format!("first {} done within", count.value), &within.text)
        }
        C::Every(length) => Printed::new("every", &length.text),
        C::Until { condition: it, route } => Printed::arrow(format!("until {}", condition(it)), route),
        C::AtMostTimes { count, route: after } => {
            Printed::new(&format!("at most {},", often(count)), format!("then {}", route(after)))
        }
        C::From(word) => Printed::new("from", &word.text),
        C::To(word) => Printed::new("to", &word.text),
        C::Carrying(names) => Printed::list("carrying", listed(names)),
        C::AcceptedWithin(it) => {
            let (word, rest) = allowed(it);
            Printed::new(&format!("accepted {word}"), rest)
        }
        C::Follows(word) => Printed::new("follows", &word.text),
        C::DoneIf(endings) => Printed::new("done if it ends in", listed(endings).join(" or ")),
        C::EndsIn { ending, route } => Printed::arrow(format!("if it ends in {}", ending.text), route),
        C::Fires { condition: it, route: to, as_well, count, then } => {
            let beside = if *as_well { "as well" } else { "instead" };
            let then = then.as_ref().map_or(String::new(), |then| format!(", then {}", route(then)));
            let text = format!("{}, {beside}, at most {}{then}", route(to), often(count));
            Printed { word: String::new(), pieces: vec![text], arrow: Some(format!("if {}", condition(it))) }
        }
        C::IsFor { not, condition: it, route: to } => {
            let condition = if *not { condition(it) } else { format!("{}, otherwise", condition(it)) };
            let word = if *not { "not for" } else { "for" };
            Printed { word: String::new(), pieces: vec![route(to)], arrow: Some(format!("{word} {condition}")) }
        }
        C::NothingYet(why) => Printed {
            word: String::new(),
            pieces: vec![format!("nothing, because {}", quoted(why))],
            arrow: Some("if we do not know yet".to_string()),
        },
        C::AnyoneMayRaise => Printed::new("anyone may raise it", ""),
        C::KeptKnownBy(names) => Printed::list("kept known by", listed(names)),
        C::Anticipated(it) => Printed::new("when", condition(it)),
        C::StartPathway { pathway, within } => {
            let (word, rest) = allowed(within);
            Printed::new("start", format!("{} {word} {rest}", pathway.text))
        }
        C::OnceEvery(length) => Printed::new("at most", format!("once every {}", length.text)),
        C::AskWhom { who, within } => Printed {
            word: String::new(),
            pieces: vec![format!("ask {} within {}", who.text, within.text)],
            arrow: Some("if we do not know yet".to_string()),
        },
        C::HeldBy(word) => Printed::new("held by", &word.text),
        C::Owed(names) => Printed::list("owed", listed(names)),
        C::OfKind(word) => Printed::new("of", &word.text),
        C::Profession(word) => Printed::new("profession", &word.text),
        C::TimeZone(text) => Printed::new("time zone", quoted(text)),
        C::ValidFrom(date) => Printed::new("valid from", &date.text),
        C::ValidUntil(date) => Printed::new("valid until", &date.text),
        C::BankHolidays(word) => Printed::new("bank holidays", &word.text),
        C::KnownUntil(date) => Printed::new("known until", &date.text),
        C::OnDates(dates) => Printed::list("on", dates.iter().map(|date| date.text.clone()).collect()),
        C::Fills(names) => Printed::list("fills", listed(names)),
        C::Serves(it) => Printed::new("serves", condition(it)),
        C::UntilKnownAnybody => Printed::new("until known", "anybody"),
        C::Phone(text) => Printed::new("phone", quoted(text)),
        C::Channel { kind, to, acknowledged } => {
            let within = acknowledged.as_ref().map_or(String::new(), |it| format!(", acknowledged within {}", it.text));
            Printed::new(kind.in_words(), format!("{}{within}", quoted(to)))
        }
        C::Open(None) => Printed::new("open", "always"),
        C::Open(Some(all)) => Printed::new("open", all.iter().map(hours).collect::<Vec<_>>().join("; ")),
        C::OnBankHolidays(rule) => Printed::new(
            "on bank holidays",
            match rule {
                HolidayHours::Closed => "closed".to_string(),
                HolidayHours::AsUsual => "as usual".to_string(),
                HolidayHours::Open(spans) => format!("open {}", time_spans(spans)),
            },
        ),
        C::Closed(from, None) => Printed::new("closed", &from.text),
        C::Closed(from, Some(to)) => Printed::new("closed", format!("{} to {}", from.text, to.text)),
        C::Meets(_) | C::PapersBy { .. } | C::MeetingHolidays(_) | C::NotHeld(..) => {
            let (word, rest) = super::clauses_meeting::written(&clause.kind);
            Printed::new(word, rest)
        }
        C::Rung { word, who, within } => {
            let word = match word {
                RungWord::Ask => "ask",
                RungWord::Then => "then",
                RungWord::Last => "last",
            };
            Printed::new(word, format!("{}, to answer within {}", who.text, within.text))
        }
        C::MayReassign { count, within } => {
            let within = within.as_ref().map_or(String::new(), |within| format!(", within {}", within.text));
            Printed::new("may reassign", format!("at most {}{within}", often(count)))
        }
        C::Say { say, not } => {
            let mut pieces: Vec<String> = not.iter().map(quoted).collect();
            if let Some(first) = pieces.first_mut() {
                *first = format!("{} not {first}", quoted(say));
            }
            Printed::list("say", pieces)
        }
        C::Keep(texts) => Printed::list("keep", texts.iter().map(quoted).collect()),
        C::On(word) => Printed::new("on", &word.text),
        C::Starts(time) => Printed::new("starts", &time.text),
        C::Knowing(all) => Printed::list("knowing", all.iter().map(|it| assignment(it, " is ")).collect()),
        C::Happening(it) => happening(it),
        C::TheRest => Printed::new("then", "everything else is done on time"),
        C::Expect(it) => Printed::new("expect", expectation(it)),
        C::Fact(_) | C::Part(_) | C::Table(_) | C::Branch { .. } => Printed::new("", ""),
    }
}

pub(super) fn listed(names: &[Word]) -> Vec<String> {
    names.iter().map(|name| name.text.clone()).collect()
}

pub(super) fn quoted(text: &Text) -> String {
    format!("\"{}\"", text.text)
}

fn control(control: &Control) -> String {
    match control {
        Control::Place(name) => name.text.clone(),
        Control::Promise(words) => format!("promise {}", quoted(words)),
        Control::Scenario(title) => format!("scenario {}", quoted(title)),
    }
}

pub(super) fn source(kind: &ClauseKind) -> String {
    let ClauseKind::Source { source, is_name, section, checked, unverified } = kind else { return String::new() };
    let mut text = if *is_name { source.text.clone() } else { quoted(source) };
    if let Some(section) = section {
        text = format!("{text} section {}", quoted(section));
    }
    if let Some(checked) = checked {
        text = format!("{text}, checked {}", checked.text);
    }
    if *unverified {
        text.push_str(", unverified");
    }
    text
}

/// An outcome in the words of the language, as behind `if`.
pub(crate) fn outcome_words(outcome: Outcome) -> String {
    match outcome {
        Outcome::Late => "late".into(),
        Outcome::Cannot => "it cannot be done".into(),
        Outcome::PersonDeclines => "the person declines".into(),
        Outcome::NobodyCan => "nobody can".into(),
        Outcome::Declined => "declined, saying why".into(),
        Outcome::OnCondition => "accepted on a condition".into(),
        Outcome::NotAllDone => "not all done".into(),
        Outcome::FewerThan(count) => format!("fewer than {count} are done"),
        Outcome::Died => "died".into(),
        Outcome::Withdrew => "withdrew".into(),
        Outcome::Unreachable => "cannot be reached".into(),
        Outcome::MovedAway => "moved away".into(),
        Outcome::OpenedInError => "opened in error".into(),
    }
}

fn promise(it: &Promise) -> Printed {
    match it {
        Promise::Ends(within) => Printed::new("everyone", format!("reaches an ending within {}", within.text)),
        Promise::NotWithout { reached, first } => {
            Printed::new("nobody", format!("reaches {} without {} first", reached.text, first.text))
        }
        Promise::WhoeverHas { fact, reaches, within } => {
            let rest = format!("{} reaches {} within {}", fact.text, reaches.text, within.text);
            Printed::new("whoever has", rest)
        }
        Promise::WhoeverReaches { from, reaches, within } => {
            let rest = format!("{} reaches {} within {}", from.text, reaches.text, within.text);
            Printed::new("whoever reaches", rest)
        }
        Promise::NeverTogether(one, other) => {
            Printed::new("never", format!("{} and {} at one time", one.text, other.text))
        }
        Promise::NotAgainst { wish, able } => {
            Printed::new("nobody", format!("goes against {} without {} or best interests", wish.text, able.text))
        }
        Promise::NotAskedTwice => Printed::new("nobody", "is asked twice"),
    }
}

/// A promise in the words of the language, on one line.
pub(crate) fn promise_words(it: &Promise) -> String {
    inline(&promise(it))
}

fn often(count: &Count) -> String {
    match count.value {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        times => format!("{times} times"),
    }
}

pub(super) fn route(route: &Route) -> String {
    let mut text = match &route.target {
        Target::Name(name) => name.text.clone(),
        Target::Escalate(ladder) => format!("escalate to {}", ladder.text),
        Target::Back => "back to the decision".to_string(),
        Target::NothingMore => "nothing more".to_string(),
        Target::Decides(role, within) => format!("{} decides within {}", role.text, within.text),
    };
    if let Some(why) = &route.why {
        text = format!("{text}, saying why {}", quoted(why));
    }
    if route.standing_down {
        text.push_str(", standing everything down");
    }
    if let Some((count, after)) = &route.counted {
        text = format!("{text}, at most {}, then {}", often(count), self::route(after));
    }
    text
}

/// A condition in the words of the language.
pub(crate) fn condition(it: &Condition) -> String {
    let inner = |part: &Condition| match part.kind {
        ConditionKind::All(_) | ConditionKind::Any(_) => format!("({})", condition(part)),
        _ => condition(part),
    };
    match &it.kind {
        ConditionKind::All(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
        ConditionKind::Any(parts) => {
            // `and` binds closer than `or`, so only an `or` inside an `or` needs its brackets.
            let inner = |part: &Condition| match part.kind {
                ConditionKind::Any(_) => format!("({})", condition(part)),
                _ => condition(part),
            };
            parts.iter().map(inner).collect::<Vec<_>>().join(" or ")
        }
        ConditionKind::Not(part) => format!("not {}", inner(part)),
        ConditionKind::Flag(name) => name.text.clone(),
        ConditionKind::Is { name, negated, worded, values: all } => {
            let word = match (worded, negated) {
                (false, _) => "",
                (true, false) => "is ",
                (true, true) => "is not ",
            };
            // `is not there` would be the opposite of `is there`, and no value.
            let negative = matches!(all.as_slice(), [ValueRange::Single(it)] if it.kind == LiteralKind::NotThere);
            let one_of = if all.len() > 1 || negative { "one of " } else { "" };
            format!("{} {word}{one_of}{}", name.text, values(all))
        }
        ConditionKind::Accepted(name) => format!("accepted {}", name.text),
        ConditionKind::Includes(name, option) => format!("{} includes {}", name.text, option.text),
        ConditionKind::Counting { how, count, names } => {
            let how = match how {
                HowMany::AtLeast => "at least",
                HowMany::AtMost => "at most",
                HowMany::Exactly => "exactly",
            };
            format!("{how} {} of {} are yes", count.value, listed(names).join(", "))
        }
        ConditionKind::AnyPart(name, all) => format!("any part of {} scores {}", name.text, values(all)),
    }
}

pub(super) fn values(all: &[ValueRange]) -> String {
    all.iter().map(value_range).collect::<Vec<_>>().join(", ")
}

fn value_range(range: &ValueRange) -> String {
    match range {
        ValueRange::Single(value) => literal(value),
        ValueRange::Between(from, to) => format!("{} to {}", literal(from), literal(to)),
        ValueRange::Bound(bound, value) => format!("{} {}", bound_words(*bound), literal(value)),
    }
}

pub(super) fn bound_words(bound: Bound) -> &'static str {
    match bound {
        Bound::AtLeast => "at least",
        Bound::AtMost => "at most",
        Bound::MoreThan => "more than",
        Bound::LessThan => "less than",
        Bound::EarlierThan => "earlier than",
        Bound::LaterThan => "later than",
    }
}

pub(super) fn literal(value: &Literal) -> String {
    if value.kind == LiteralKind::Text { format!("\"{}\"", value.text) } else { value.text.clone() }
}
fn hours(hours: &Hours) -> String {
    let name = |day: &u8| super::clauses_meeting::day_name(*day);
    let days = match &hours.days {
        Days::EveryDay => "every day".to_string(),
        Days::Between(from, to) => format!("{} to {}", name(from), name(to)),
        Days::List(days) => days.iter().map(name).collect::<Vec<_>>().join(", "),
    };
    format!("{days} {}", time_spans(&hours.spans))
}

/// `within` and how long, or `by` and the time.
fn allowed(it: &Allowed) -> (&'static str, String) {
    let some = |count: &Count, what: &str| format!("{} {what}{}", count.value, if count.value == 1 { "" } else { "s" });
    match it {
        Allowed::Length(length) => ("within", length.text.clone()),
        Allowed::After(length, step) => ("within", format!("{} after {}", length.text, step.text)),
        Allowed::Working { count, days, of } => {
            let what = if *days { "working day" } else { "working hour" };
            ("within", format!("{} of {}", some(count, what), of.text))
        }
        Allowed::CalendarDays(count) => ("within", some(count, "calendar day")),
        Allowed::AtTheNext(meeting) => ("at the next", meeting.text.clone()),
        Allowed::By(minutes, _) => ("by", clock(*minutes)),
    }
}

fn time_spans(spans: &[(u16, u16)]) -> String {
    spans.iter().map(|(from, to)| format!("{} to {}", clock(*from), clock(*to))).collect::<Vec<_>>().join(" and ")
}
