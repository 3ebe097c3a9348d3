//! What crosses the border: each type of the engine beside its type of `wit/onward.wit`, both ways.
//!
//! This file stands on both sides: here it is part of the component, and `crates/host` includes it, so what one side
//! writes the other reads. A field or a variant that is added on one side and not on the other does not compile.
//! *Invariant*: what goes over and comes back is the same.

// What one side only sends the other only receives.
#![allow(dead_code)]

use super::packed::{packed_record, packed_variant};
use super::text::{text_record, text_variant};
use super::wit;
use onward::calendar::{Length, Moment};
use onward::diagnostic::{self, Kind, Place, Source, Span, in_short};
use onward::engine::{self, PersonRecord, Secret};
use onward::model::{self, Name};
use std::collections::BTreeMap;

/// What cannot be read as what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// What is wrong, in kebab-case.
    pub code: &'static str,
    /// The same in words.
    pub message: String,
}

/// Something that crosses the border as a `W`.
pub trait Mirror<W>: Sized {
    /// As it is sent.
    fn out(self) -> W;
    /// As it is received.
    fn back(from: W) -> Result<Self, Odd>;
}

macro_rules! as_it_is {
    ($($type:ty),+) => {$(
        impl Mirror<$type> for $type {
            fn out(self) -> $type {
                self
            }
            fn back(from: $type) -> Result<$type, Odd> {
                Ok(from)
            }
        }
    )+};
}
as_it_is!(bool, u32, u64, String);

impl Mirror<String> for Name {
    fn out(self) -> String {
        self.to_string()
    }
    fn back(from: String) -> Result<Name, Odd> {
        Ok(Name::from(&from))
    }
}

/// An instant from its text.
pub fn moment(text: &str) -> Result<Moment, Odd> {
    text.parse().map_err(|error| Odd { code: "bad-time", message: format!("{error}") })
}

/// A length of time from its text.
pub fn length(text: &str) -> Result<Length, Odd> {
    text.parse().map_err(|error| Odd { code: "bad-length", message: format!("{error}") })
}

/// One of the few words that the engine says in this very way.
pub fn word(text: &str) -> Result<&'static str, Odd> {
    let known = ["yes", "no", "unknown", "not known yet"].into_iter().find(|word| *word == text);
    known.ok_or_else(|| Odd { code: "bad-word", message: "there is no such answer".to_string() })
}

macro_rules! by_its_text {
    ($($type:ty: $read:path),+) => {$(
        impl Mirror<String> for $type {
            fn out(self) -> String {
                self.to_string()
            }
            fn back(from: String) -> Result<$type, Odd> {
                $read(&from)
            }
        }
    )+};
}
by_its_text!(Moment: moment, Length: length, &'static str: word);

impl<T: Mirror<W>, W> Mirror<Option<W>> for Option<T> {
    fn out(self) -> Option<W> {
        self.map(T::out)
    }
    fn back(from: Option<W>) -> Result<Option<T>, Odd> {
        from.map(T::back).transpose()
    }
}

impl<T: Mirror<W>, W> Mirror<Vec<W>> for Vec<T> {
    fn out(self) -> Vec<W> {
        self.into_iter().map(T::out).collect()
    }
    fn back(from: Vec<W>) -> Result<Vec<T>, Odd> {
        from.into_iter().map(T::back).collect()
    }
}

impl<T: Mirror<W>, W> Mirror<W> for Box<T> {
    fn out(self) -> W {
        (*self).out()
    }
    fn back(from: W) -> Result<Box<T>, Odd> {
        T::back(from).map(Box::new)
    }
}

impl<T: Mirror<W>, W> Mirror<Vec<(String, W)>> for BTreeMap<Name, T> {
    fn out(self) -> Vec<(String, W)> {
        self.into_iter().map(|(name, it)| (name.out(), it.out())).collect()
    }
    fn back(from: Vec<(String, W)>) -> Result<BTreeMap<Name, T>, Odd> {
        let mut all = BTreeMap::new();
        for (name, it) in from {
            if all.insert(Name::from(&name), T::back(it)?).is_some() {
                return Err(Odd { code: "said-twice", message: format!("`{}` is said twice", in_short(&name)) });
            }
        }
        Ok(all)
    }
}

impl Mirror<(String, wit::By)> for (String, engine::By) {
    fn out(self) -> (String, wit::By) {
        (self.0, self.1.out())
    }
    fn back((reason, by): (String, wit::By)) -> Result<(String, engine::By), Odd> {
        Ok((reason, Mirror::back(by)?))
    }
}

impl Mirror<Vec<wit::NextStep>> for engine::NextSteps {
    fn out(self) -> Vec<wit::NextStep> {
        Vec::from(self).out()
    }
    fn back(from: Vec<wit::NextStep>) -> Result<engine::NextSteps, Odd> {
        let steps: Vec<engine::NextStep> = Mirror::back(from)?;
        let none = || Odd { code: "no-next-step", message: "there is no next step".to_string() };
        engine::NextSteps::new(steps).ok_or_else(none)
    }
}

impl Mirror<Vec<u8>> for Secret {
    fn out(self) -> Vec<u8> {
        self.bytes().to_vec()
    }
    fn back(from: Vec<u8>) -> Result<Secret, Odd> {
        let bytes = from.try_into();
        bytes.map(Secret::new).map_err(|bytes: Vec<u8>| Odd {
            code: "bad-secret",
            message: format!("a secret has 32 bytes, and this has {}", bytes.len()),
        })
    }
}

impl Mirror<Option<String>> for PersonRecord {
    fn out(self) -> Option<String> {
        (self != PersonRecord::default()).then(|| self.to_json())
    }
    fn back(from: Option<String>) -> Result<PersonRecord, Odd> {
        from.map_or(Ok(PersonRecord::default()), |text| person_record(&text))
    }
}

/// A person record from its JSON.
pub fn person_record(text: &str) -> Result<PersonRecord, Odd> {
    let odd = |error| format!("this is no person record: {error}");
    PersonRecord::from_json(text).map_err(|error| Odd { code: "bad-record", message: odd(error) })
}

/// Records with the same fields on both sides; behind the `;` what does not cross.
macro_rules! records {
    ($($own:path => $other:ident { $($field:ident),+ $(; $left:ident)? })+) => {$(
        impl Mirror<wit::$other> for $own {
            fn out(self) -> wit::$other {
                use $own as Own;
                let Own { $($field,)+ $($left: _)? } = self;
                wit::$other { $($field: Mirror::out($field)),+ }
            }
            fn back(from: wit::$other) -> Result<$own, Odd> {
                use $own as Own;
                let wit::$other { $($field),+ } = from;
                Ok(Own { $($field: Mirror::back($field)?,)+ $($left: Default::default())? })
            }
        }
        packed_record! { $own { $($field),+ $(; $left)? } }
        text_record! { $own { $($field),+ $(; $left)? } }
    )+};
}

/// Variants: those without anything, those around one thing, those with one field, and those whose fields are a record.
macro_rules! variants {
    ($($own:path => $other:ident {
        $(bare: $($bare:ident),+;)?
        $(around: $($around:ident),+;)?
        $(one: $($one:ident { $of:ident }),+;)?
        $(many: $($many:ident { $($field:ident),+ } as $record:ident),+;)?
    })+) => {$(
        impl Mirror<wit::$other> for $own {
            fn out(self) -> wit::$other {
                use $own as Own;
                match self {
                    $($(Own::$bare => wit::$other::$bare,)+)?
                    $($(Own::$around(it) => wit::$other::$around(Mirror::out(it)),)+)?
                    $($(Own::$one { $of } => wit::$other::$one(Mirror::out($of)),)+)?
                    $($(Own::$many { $($field),+ } => {
                        wit::$other::$many(wit::$record { $($field: Mirror::out($field)),+ })
                    })+)?
                }
            }
            fn back(from: wit::$other) -> Result<$own, Odd> {
                use $own as Own;
                Ok(match from {
                    $($(wit::$other::$bare => Own::$bare,)+)?
                    $($(wit::$other::$around(it) => Own::$around(Mirror::back(it)?),)+)?
                    $($(wit::$other::$one(it) => Own::$one { $of: Mirror::back(it)? },)+)?
                    $($(wit::$other::$many(wit::$record { $($field),+ }) => {
                        Own::$many { $($field: Mirror::back($field)?),+ }
                    })+)?
                })
            }
        }
        packed_variant! { $own {
            $(bare: $($bare),+;)?
            $(around: $($around),+;)?
            $(one: $($one { $of }),+;)?
            $(many: $($many { $($field),+ } as $record),+;)?
        } }
        text_variant! { $own {
            $(bare: $($bare),+;)?
            $(around: $($around),+;)?
            $(one: $($one { $of }),+;)?
            $(many: $($many { $($field),+ } as $record),+;)?
        } }
    )+};
}

/// What came of several events, as `wit::Applied` and beside it.
pub struct Applied {
    pub taken: u32,
    pub answer: engine::Answer,
    pub refused: Option<wit::Error>,
}

/// What came of many cases, each for itself.
pub type Each = Vec<Result<engine::Answer, wit::Error>>;

/// All that is packed: what is opened and happens goes in, and answers come out.
pub type All = ((engine::Opening, Option<engine::Event>), (Moment, (Applied, Each)));

// These are only packed and written, not mirrored.
packed_record! { wit::Error { code, message, about, fits, retry } }
text_record! { wit::Error { code, message, about, fits, retry } }
packed_record! { Applied { taken, answer, refused } }
text_record! { Applied { taken, answer, refused } }

records! {
    engine::By => By { role, organisation, who, source }
    engine::Opening => Opening { id, facts, by, person, secret }
    engine::Event => Event { id, expects, happened, by, with, what }
    engine::KnownBefore => KnownBefore { answer, happened, recorded, by, id }
    engine::News => News { id, fact, what }
    engine::Answer => Answer { revision, draft, effects, news, standing }
    engine::Erasure => Erasure { entries, answer }
    engine::Effect => Effect { id, at, what }
    engine::ModelInput => ModelInput { fact, value }
    engine::NextStep => NextStep {
        id, step, title, work, owner, escalated_to, escalated_because, since, due, if_late, not_without, finds, part_of
    }
    engine::Advised => Advised { id, advises, reasons, otherwise, agreed }
    engine::Agreement => Agreement { role, to }
    engine::Speaks => Speaks { option, against, from, text }
    engine::NotNow => NotNow { option, only_when, answer }
    engine::Found => Found { value, happened, entry, by }
    engine::Closed => Closed { ending, held_by, at }
    engine::Stranded => Stranded { decision, since, missing; place }
    engine::KnownFact => KnownFact { value, happened, entry }
    engine::Why => Why { place, title, at, is_at, cause }
    engine::WhyNot => WhyNot { place, title, was_reached, leads_there, decisions }
    engine::Looked => Looked { decision, title, at, row, saying, missing, rows }
    engine::RowReason => RowReason { row, words, verdict, leads_to, facts }
    engine::FactReason => FactReason { name, title, value, by, happened, asked, presumed }
    engine::Choice => Choice { chose, is_override, reasons }
    engine::Chose => Chose { step, entry, advice, advised, option, otherwise, agreed }
    engine::Watched => Watched { starts, asks, look_again }
    engine::ToStart => ToStart { anticipation, title, pathway, led_by, due, because }
    engine::ToAsk => ToAsk { anticipation, title, facts, role, due, asked_before }
}

variants! {
    model::Answer => FactAnswer { around: Value, Declined, CouldNot, NotApplicable; }
    engine::LifeEvent => LifeEvent { bare: Died, Withdrew, CannotBeReached, MovedAway, OpenedInError; }
    engine::Because => Because {
        bare: Late, Cannot, PersonDeclined, NobodyCan, Refused, OnCondition, NotAllDone, AfterLastRound, NobodyOnDuty;
    }
    engine::Outcome => Outcome {
        bare: Done, Accepted, AcceptedOnCondition, Refused, PersonDeclined, Cannot, Late, NobodyCan, NotAllDone,
            Decided, Disagreed, UntilHolds, AfterLastRound, Waited, StoodDown, Died, Withdrew, CannotBeReached,
            MovedAway, OpenedInError;
    }
    engine::EventKind => EventKind {
        one: Record { facts }, Life { what };
        many: Done { step, facts } as StepDone,
            Declined { step, reason } as StepPerhapsWhy,
            Cannot { step, reason } as StepWhy,
            ModelAnswered { fact, model, version, sha256, asked, answer } as ModelAnswering,
            Accept { step, condition } as Accepted,
            Refuse { step, reason } as StepWhy,
            Decide { step, option, advice, otherwise, reason } as Decision,
            Agree { step, role, option, advice } as Agreeing,
            Disagree { step, role, reason, advice } as Disagreeing,
            Learn { fact, known } as Learnt,
            Settle { fact, value, reason } as Settling,
            Reviewed { step, reason } as StepWhy,
            Correct { entry, answer, reason } as Correction,
            Withdraw { what, reason } as Withdrawing,
            Reassign { step, to, within, reason } as Reassigning,
            Raise { what, reason } as Raising;
    }
    engine::Withdrawn => Withdrawn {
        one: Fact { entry }, Risk { risk };
        many: Agreement { step, role } as AgreementOf;
    }
    engine::NewsKind => NewsKind {
        bare: Undisputed;
        around: Recorded;
        one: TakenBack { supersedes }, Erased { supersedes }, Disputed { between }, NotSettled { between };
        many: Corrected { supersedes, instead } as CorrectedNews, Settled { between, is } as SettledNews;
    }
    engine::Standing => Standing { around: Next, Closed, Stranded; }
    engine::Work => Work {
        bare: Do, BeThere, Wait;
        one: Accept { by };
        many: Decide { options, missing, not_now, advice } as ToDecide,
            Settle { fact, found } as ToSettle,
            Review { decision, was, would } as ToReview;
    }
    engine::EffectKind => EffectKind {
        many: Opened { step, due } as Opened,
            StoodDown { step, contact } as StoodDown,
            Tell { who, text } as Message,
            Escalated { step, contact, answer_by } as Escalation,
            Advised { step, advice, advises } as Advising,
            RunModel { fact, model, from } as ModelRun,
            Reassigned { step, to, due } as Reassigned,
            PassedOver { step, rung } as PassedOver,
            Closed { ending, held_by } as EndedAt;
    }
    engine::Cause => Cause {
        bare: Start;
        around: Decided;
        many: Ended { place, title, how, reason, by, choice } as Ended,
            Block { place, title } as Titled,
            Interrupted { name, title, words, facts, as_well, raised } as Interrupted,
            Asked { risk, title, in_best_interests } as RiskAsked,
            Came { risk, title, what } as RiskCame,
            Called { call, title, pathway } as CallBegun,
            CallEnded { call, title, ending } as CallEnded;
    }
}

// What was found in sources: places are sent with the lines and columns that people count in.

/// A place, as it is sent.
pub fn place_out(sources: &[Source], place: Place) -> wit::Place {
    let Place { source, span: Span { start, end } } = place;
    let of = sources.get(source as usize);
    let (line, column) = of.map_or((1, 1), |of| of.line_and_column(start));
    let file = of.map_or(String::new(), |of| of.name.clone());
    wit::Place { source, file, line: line as u32, column: column as u32, start, end }
}

/// A label, as it is sent.
pub fn label_out(sources: &[Source], place: Place, text: &str) -> wit::Label {
    wit::Label { place: place_out(sources, place), text: text.to_string() }
}

/// A finding, as it is sent.
pub fn finding_out(sources: &[Source], finding: &diagnostic::Finding) -> wit::Finding {
    let diagnostic::Finding { kind, message, at, others, help, suggestion } = finding;
    wit::Finding {
        kind: kind.name().to_string(),
        severity: match kind.severity() {
            diagnostic::Severity::Error => wit::Severity::Error,
            diagnostic::Severity::Unproved => wit::Severity::Unproved,
            diagnostic::Severity::Warning => wit::Severity::Warning,
        },
        message: message.clone(),
        at: label_out(sources, at.place, &at.text),
        others: others.iter().map(|it| label_out(sources, it.place, &it.text)).collect(),
        help: help.clone(),
        suggestion: suggestion
            .as_ref()
            .map(|it| wit::Suggestion { place: place_out(sources, it.place), text: it.text.clone() }),
    }
}

/// A report, as it is sent.
pub fn report_out(report: &diagnostic::Report) -> wit::Report {
    let allowed = |it: &diagnostic::Allowed| wit::Allowed {
        finding: finding_out(&report.sources, &it.finding),
        because: it.because.clone(),
        by: it.by.clone(),
        until: it.until.clone(),
    };
    wit::Report {
        findings: report.findings.iter().map(|it| finding_out(&report.sources, it)).collect(),
        allowed: report.allowed.iter().map(allowed).collect(),
    }
}

/// A place, as it is received.
pub fn place_back(place: &wit::Place) -> Place {
    Place { source: place.source, span: Span { start: place.start, end: place.end } }
}

/// A finding, as it is received.
pub fn finding_back(finding: wit::Finding) -> Result<diagnostic::Finding, Odd> {
    let label = |it: wit::Label| diagnostic::Label { place: place_back(&it.place), text: it.text };
    let kind = Kind::named(&finding.kind)
        .ok_or_else(|| Odd { code: "bad-word", message: format!("there is no finding `{}`", finding.kind) })?;
    Ok(diagnostic::Finding {
        kind,
        message: finding.message,
        at: label(finding.at),
        others: finding.others.into_iter().map(label).collect(),
        help: finding.help,
        suggestion: finding.suggestion.map(|it| diagnostic::Suggestion { place: place_back(&it.place), text: it.text }),
    })
}

/// A report, as it is received, of these sources.
pub fn report_back(sources: Vec<Source>, report: wit::Report) -> Result<diagnostic::Report, Odd> {
    let findings: Result<Vec<_>, Odd> = report.findings.into_iter().map(finding_back).collect();
    let allowed = report.allowed.into_iter().map(|it| {
        let finding = finding_back(it.finding)?;
        Ok(diagnostic::Allowed { finding, because: it.because, by: it.by, until: it.until })
    });
    Ok(diagnostic::Report { sources, findings: findings?, allowed: allowed.collect::<Result<Vec<_>, Odd>>()? })
}
