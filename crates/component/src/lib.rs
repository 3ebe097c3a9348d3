//! The engine as a WASM component: `wit/onward.wit` on one side, the package `onward` on the other, and nothing of its own
//! between them.
//!
//! `cargo xtask component` builds it. *Invariants*: it imports nothing; what can be given to it never makes it trap: what
//! does not fit is answered with an error.

#![cfg(target_arch = "wasm32")]

mod json;
mod mirror;
mod packed;
mod text;

#[allow(unsafe_code, missing_docs, clippy::all)]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "engine" });
    super::export_engine!();
}

use bindings::exports::onward::engine::pathways as wit;
use mirror::{Applied, Mirror, Odd, finding_out, label_out, person_record, place_out, report_out};
use onward::calendar::{Date, Length, Moment, read_date};
use onward::diagnostic::{Kind, Report, Source, in_short};
use onward::engine::{CaseRecord, LoadError, PersonRecord, Refusal};
use onward::model::{self, DirectoryId, RoleId};
use onward::{Library, Pathway, engine, syntax};
use packed::{packed, packed_each, unpacked};
use std::cell::RefCell;
use text::{written, written_each};

macro_rules! export_engine {
    () => {
        export!(Component with_types_in self);
        use super::Component;
    };
}
use export_engine;

type Or<T> = Result<T, wit::Error>;

struct Component;

/// A library that the host holds.
struct OpenLibrary(Library);

/// A case that the host holds.
struct OpenCase(RefCell<engine::Case>);

impl From<Odd> for wit::Error {
    fn from(odd: Odd) -> wit::Error {
        let Odd { code, message } = odd;
        wit::Error { code: code.to_string(), message, about: None, fits: Vec::new(), retry: false }
    }
}

impl From<Refusal> for wit::Error {
    fn from(it: Refusal) -> wit::Error {
        let (code, message) = (it.code().to_string(), it.in_full());
        wit::Error { code, message, about: it.about(), fits: it.fits(), retry: it.retry() }
    }
}

impl From<LoadError> for wit::Error {
    fn from(it: LoadError) -> wit::Error {
        let (code, message) = (it.code().to_string(), it.to_string());
        wit::Error { code, message, about: it.about(), fits: Vec::new(), retry: false }
    }
}

/// What JSON says.
fn read<T: text::Text>(what: &str, given: &[u8]) -> Or<T> {
    text::read(given).map_err(|error| Odd { code: "bad-text", message: format!("this is no {what}: {error}") }.into())
}

/// What comes of each of many cases, with its event or with time alone, as one comes to it.
fn each(
    cases: &[wit::CaseBorrow<'_>],
    events: Vec<(Option<engine::Event>, Moment)>,
) -> Or<impl ExactSizeIterator<Item = Or<engine::Answer>>> {
    if cases.len() != events.len() {
        let message = format!("as many events as cases are wanted: {} for {}", events.len(), cases.len());
        return Err(Odd { code: "not-as-many", message }.into());
    }
    let one = |(case, (event, now)): (&wit::CaseBorrow<'_>, _)| {
        let mut case = case.get::<OpenCase>().0.borrow_mut();
        case.apply_or_advance(event, now).map_err(wit::Error::from)
    };
    Ok(cases.iter().zip(events).map(one))
}

/// What came of several events, as it goes over the border.
fn applied(it: engine::Applied) -> Applied {
    let engine::Applied { taken, answer, refused } = it;
    Applied { taken: taken as u32, answer, refused: refused.map(wit::Error::from) }
}

/// That there is nothing of that name, and what there is.
fn no_such(code: &str, what: &str, name: &str, known: impl Iterator<Item = String>) -> wit::Error {
    wit::Error {
        code: code.to_string(),
        message: format!("there is no {what} `{}`", in_short(name)),
        about: Some(in_short(name)),
        fits: known.collect(),
        retry: false,
    }
}

fn sources(given: Vec<wit::Source>) -> Vec<Source> {
    given.into_iter().map(|it| Source::new(it.name, it.text)).collect()
}

/// A day, where one is given.
fn day(on: Option<String>) -> Result<Option<Date>, Odd> {
    let read = |text: String| read_date(&text).map_err(|error| Odd { code: "bad-day", message: format!("{error}") });
    on.map(read).transpose()
}

fn contact(directory: &model::Directory, contact: &model::Contact, at: Moment) -> wit::Contact {
    wit::Contact {
        name: contact.name.to_string(),
        title: contact.title.clone(),
        phone: contact.phone.clone(),
        is_open: directory.is_open(contact, at, Length::ZERO),
    }
}

fn domain(domain: &model::Domain) -> wit::Domain {
    use model::Domain;
    let show = |value: i64| domain.show(value);
    let range = |least: i64, greatest: i64| wit::Range { least: show(least), greatest: show(greatest), step: None };
    let names = |names: &[model::Name]| names.iter().map(model::Name::to_string).collect();
    match domain {
        Domain::YesOrNo => wit::Domain::YesOrNo,
        Domain::OneOf(options) => wit::Domain::OneOf(names(options)),
        Domain::SeveralOf(options) => wit::Domain::SeveralOf(names(options)),
        Domain::Number { min, max, step, .. } => {
            wit::Domain::Number(wit::Range { step: Some(show(*step)), ..range(*min, *max) })
        }
        Domain::Date { min, max } => wit::Domain::Date(range(*min, *max)),
        Domain::DateTime { min, max } => wit::Domain::DateTime(range(*min, *max)),
        Domain::Length { min, max } => wit::Domain::Length(range(*min, *max)),
        Domain::Document => wit::Domain::Document,
        Domain::Text => wit::Domain::Text,
    }
}

impl OpenLibrary {
    fn pathway(&self, name: &str) -> Or<Pathway<'_>> {
        let known = || self.0.pathways().map(|(_, it)| it.pathway.name.to_string());
        self.0.pathway(name).ok_or_else(|| no_such("no-pathway", "pathway", name, known()))
    }

    fn directory(&self, name: &str) -> Or<DirectoryId> {
        let known = || self.0.directories().map(|(_, it)| it.name.to_string());
        self.0.directory_named(name).ok_or_else(|| no_such("no-directory", "directory", name, known()))
    }

    fn role(&self, role: RoleId) -> String {
        self.0.shared().roles.get(role.index()).map_or(String::new(), |it| it.name.to_string())
    }

    fn info(&self, pathway: Pathway<'_>) -> wit::PathwayInfo {
        let program = pathway.program();
        let of = &program.pathway;
        wit::PathwayInfo {
            name: of.name.to_string(),
            title: of.title.clone(),
            version: of.version.clone(),
            hash: program.hash.clone(),
            directory: pathway.directory().map(|id| self.0.directory(id).name.to_string()),
            proved: pathway.proof().is_some_and(onward::Proof::holds),
            facts: self.0.shared().facts_of(of).map(|fact| fact.name.to_string()).collect(),
        }
    }

    fn fact(&self, fact: &model::Fact) -> wit::FactInfo {
        let roles = |roles: &[RoleId]| roles.iter().map(|role| self.role(*role)).collect();
        wit::FactInfo {
            name: fact.name.to_string(),
            title: fact.title.clone(),
            domain: domain(&fact.domain),
            unit: fact.unit.clone(),
            asked_of: roles(&fact.asked_of),
            found_by: fact.found_by.iter().map(|together| roles(together)).collect(),
            model: fact.model.as_ref().map(|it| wit::FoundByModel {
                model: it.model.to_string(),
                from: it.from.iter().map(|id| self.0.shared().facts[id.index()].name.to_string()).collect(),
            }),
            good_for: fact.good_for.map(|it| it.to_string()),
            presumed: fact.presumed.map(|it| fact.domain.show(it)),
            settled: fact.settled,
            kept_from: roles(&fact.kept_from),
        }
    }
}

/// What came of opening a case, with what is answered as that crosses the border.
fn begun<A, T>(begun: Result<(engine::Case, A), Refusal>, out: impl FnOnce(A) -> T) -> Or<(wit::Case, T)> {
    let (case, answer) = begun?;
    Ok((wit::Case::new(OpenCase(RefCell::new(case))), out(answer)))
}

/// An opening with its moment, and events with theirs.
type History = ((engine::Opening, Moment), Vec<(engine::Event, Moment)>);

/// Events with their moments, as they are given.
fn events(given: Vec<(wit::Event, String)>) -> Result<Vec<(engine::Event, Moment)>, Odd> {
    given.into_iter().map(|(event, now)| Ok((Mirror::back(event)?, Moment::back(now)?))).collect()
}

/// What came of several events, as types.
fn applied_out(it: engine::Applied) -> wit::Applied {
    let Applied { taken, answer, refused } = applied(it);
    wit::Applied { taken, answer: answer.out(), refused }
}

impl wit::GuestLibrary for OpenLibrary {
    fn compile(given: Vec<wit::Source>, on: Option<String>) -> Result<wit::Library, wit::NotCompiled> {
        let day = day(on).map_err(|odd| wit::NotCompiled::Wrong(odd.into()))?;
        let library = Library::compile_on(sources(given), day);
        let library = library.map_err(|report| wit::NotCompiled::Found(report_out(&report)))?;
        Ok(wit::Library::new(OpenLibrary(library)))
    }

    fn read(given: Vec<wit::Source>) -> Result<wit::Library, wit::Report> {
        let library = Library::read(sources(given)).map_err(|report| report_out(&report))?;
        Ok(wit::Library::new(OpenLibrary(library)))
    }

    fn report(&self) -> wit::Report {
        report_out(self.0.report())
    }

    fn pathways(&self) -> Vec<wit::PathwayInfo> {
        let names = self.0.pathways().filter_map(|(_, it)| self.0.pathway(&it.pathway.name));
        names.map(|it| self.info(it)).collect()
    }

    fn directories(&self) -> Vec<wit::DirectoryInfo> {
        let info = |it: &model::Directory| wit::DirectoryInfo {
            name: it.name.to_string(),
            title: it.title.clone(),
            zone: it.calendar.zone.name().to_string(),
            valid_from: it.valid_from.map(|at| at.to_string()),
            valid_until: it.valid_until.to_string(),
        };
        self.0.directories().map(|(_, it)| info(it)).collect()
    }

    fn facts(&self) -> Vec<wit::FactInfo> {
        self.0.shared().facts.iter().map(|fact| self.fact(fact)).collect()
    }

    fn proof(&self, pathway: String) -> Or<Option<wit::Proof>> {
        let pathway = self.pathway(&pathway)?;
        let sources = &self.0.report().sources;
        let proof = pathway.proof().map(|it| wit::Proof {
            pathway: pathway.name().to_string(),
            pathway_hash: it.pathway_hash.clone(),
            directory_hash: it.directory_hash.clone(),
            from: it.from.to_string(),
            until: it.until.to_string(),
            holds: it.holds(),
            findings: it.flaws.iter().map(|flaw| finding_out(sources, &flaw.finding)).collect(),
            longest: it.longest.as_ref().map(|it| it.at_most.to_string()),
        });
        Ok(proof)
    }

    fn open(&self, pathway: String, opening: wit::Opening, now: String) -> Or<(wit::Case, wit::Answer)> {
        let (pathway, opening, now) = (self.pathway(&pathway)?, Mirror::back(opening)?, Moment::back(now)?);
        begun(pathway.open(opening, now), Mirror::out)
    }

    fn open_text(&self, pathway: String, opening: Vec<u8>, now: String) -> Or<(wit::Case, String)> {
        let (pathway, opening, now) = (self.pathway(&pathway)?, read("opening", &opening)?, Moment::back(now)?);
        begun(pathway.open(opening, now), |answer| written(&answer))
    }

    fn open_packed(&self, pathway: String, opening: Vec<u8>) -> Or<(wit::Case, Vec<u8>)> {
        let (pathway, (opening, now)) = (self.pathway(&pathway)?, unpacked(&opening)?);
        begun(pathway.open(opening, now), |answer| packed(&answer))
    }

    fn open_with(
        &self,
        pathway: String,
        opening: wit::Opening,
        now: String,
        given: Vec<(wit::Event, String)>,
    ) -> Or<(wit::Case, wit::Applied)> {
        let (pathway, opening, now) = (self.pathway(&pathway)?, Mirror::back(opening)?, Moment::back(now)?);
        begun(pathway.open_with(opening, now, events(given)?), applied_out)
    }

    fn open_with_text(&self, pathway: String, history: Vec<u8>) -> Or<(wit::Case, String)> {
        let (pathway, history) = (self.pathway(&pathway)?, read::<History>("history", &history)?);
        let ((opening, now), events) = history;
        begun(pathway.open_with(opening, now, events), |it| written(&applied(it)))
    }

    fn open_with_packed(&self, pathway: String, history: Vec<u8>) -> Or<(wit::Case, Vec<u8>)> {
        let (pathway, ((opening, now), events)): (_, History) = (self.pathway(&pathway)?, unpacked(&history)?);
        begun(pathway.open_with(opening, now, events), |it| packed(&applied(it)))
    }

    fn open_draft(
        &self,
        pathway: String,
        directory: Option<String>,
        opening: wit::Opening,
        now: String,
    ) -> Or<(wit::Case, wit::Answer)> {
        let (pathway, opening, now) = (self.pathway(&pathway)?, Mirror::back(opening)?, Moment::back(now)?);
        let draft = match directory {
            Some(directory) => self.0.open_draft(pathway.id, self.directory(&directory)?, opening, now),
            None => pathway.open_draft(opening, now),
        };
        begun(draft, Mirror::out)
    }

    fn load(&self, saved: String) -> Or<wit::Case> {
        let record = CaseRecord::from_json(&saved).map_err(LoadError::from)?;
        let case = self.0.load(record)?;
        Ok(wit::Case::new(OpenCase(RefCell::new(case))))
    }

    fn follow(&self, case: wit::CaseBorrow<'_>, directory: String, now: String) -> Or<(wit::Case, wit::Answer)> {
        let (directory, now) = (self.directory(&directory)?, Moment::back(now)?);
        let case = case.get::<OpenCase>().0.borrow();
        begun(self.0.follow(&case, directory, now), Mirror::out)
    }

    fn answering(&self, directory: String, ladder: String, at: String) -> Or<Vec<wit::Answering>> {
        let (directory, at) = (self.0.directory(self.directory(&directory)?), Moment::back(at)?);
        let known = || directory.ladders.iter().map(|it| it.name.to_string());
        let ladder = directory.ladder(&ladder).ok_or_else(|| no_such("no-ladder", "ladder", &ladder, known()))?;
        let rungs = directory.answering(&model::Served::default(), ladder, at);
        let sent = rungs.into_iter().map(|it| wit::Answering {
            rung: it.rung as u32,
            contact: it.contact.and_then(|name| directory.contact(name)).map(|it| contact(directory, it, at)),
            within: it.within.to_string(),
            next_open: it.next_open.map(|at| at.to_string()),
        });
        Ok(sent.collect())
    }

    fn filling(&self, directory: String, role: String, at: String) -> Or<Vec<wit::Contact>> {
        let (directory, at) = (self.0.directory(self.directory(&directory)?), Moment::back(at)?);
        let known = || self.0.shared().roles.iter().map(|it| it.name.to_string());
        let id = self.0.shared().role_named(&role);
        let id = id.ok_or_else(|| no_such("unknown-role", "role", &role, known()))?;
        Ok(directory.filling(id).map(|it| contact(directory, it, at)).collect())
    }

    fn watch(&self, person: String, directory: String, now: String) -> Or<wit::Watched> {
        let (directory, now) = (self.directory(&directory)?, Moment::back(now)?);
        Ok(self.0.watch(&person_record(&person)?, directory, now).out())
    }

    fn test(&self) -> Vec<wit::Ran> {
        let sources = &self.0.report().sources;
        let ran = self.0.scenarios().iter().map(|scenario| {
            let ran = onward::simulate::run_scenario(&self.0, scenario);
            wit::Ran {
                title: scenario.title.clone(),
                at: place_out(sources, scenario.at),
                failure: ran.failure.map(|(at, message)| label_out(sources, at, &message)),
                saved: ran.case.map(|case| case.record().to_json()),
            }
        });
        ran.collect()
    }
}

impl wit::GuestCase for OpenCase {
    fn apply(&self, event: wit::Event, now: String) -> Or<wit::Answer> {
        let (event, now) = (Mirror::back(event)?, Moment::back(now)?);
        Ok(self.0.borrow_mut().apply(event, now)?.out())
    }

    fn apply_text(&self, event: Vec<u8>, now: String) -> Or<String> {
        let (event, now) = (read("event", &event)?, Moment::back(now)?);
        Ok(written(&self.0.borrow_mut().apply(event, now)?))
    }

    fn apply_packed(&self, event: Vec<u8>) -> Or<Vec<u8>> {
        let (event, now) = unpacked(&event)?;
        Ok(packed(&self.0.borrow_mut().apply(event, now)?))
    }

    fn apply_all(&self, given: Vec<(wit::Event, String)>) -> Or<wit::Applied> {
        let events = events(given)?;
        Ok(applied_out(self.0.borrow_mut().apply_all(events)))
    }

    fn apply_all_text(&self, events: Vec<u8>) -> Or<String> {
        let events: Vec<(engine::Event, Moment)> = read("list of events", &events)?;
        Ok(written(&applied(self.0.borrow_mut().apply_all(events))))
    }

    fn apply_all_packed(&self, events: Vec<u8>) -> Or<Vec<u8>> {
        let events: Vec<(engine::Event, Moment)> = unpacked(&events)?;
        Ok(packed(&applied(self.0.borrow_mut().apply_all(events))))
    }

    fn advance(&self, now: String) -> Or<wit::Answer> {
        let now = Moment::back(now)?;
        Ok(self.0.borrow_mut().advance(now)?.out())
    }

    fn advance_text(&self, now: String) -> Or<String> {
        let now = Moment::back(now)?;
        Ok(written(&self.0.borrow_mut().advance(now)?))
    }

    fn advance_packed(&self, now: Vec<u8>) -> Or<Vec<u8>> {
        let now = unpacked(&now)?;
        Ok(packed(&self.0.borrow_mut().advance(now)?))
    }

    fn standing(&self) -> wit::Standing {
        self.0.borrow().standing().out()
    }

    fn due(&self) -> Option<String> {
        self.0.borrow().due().out()
    }

    fn why(&self, place: String) -> Option<wit::Why> {
        self.0.borrow().why(&place).out()
    }

    fn why_not(&self, place: String) -> Option<wit::WhyNot> {
        self.0.borrow().why_not(&place).out()
    }

    fn decisions(&self) -> Vec<wit::Looked> {
        self.0.borrow().decisions().out()
    }

    fn seen_by(&self, role: String) -> Vec<(String, wit::KnownFact)> {
        let case = self.0.borrow();
        let seen = case.seen_by(&role).into_iter();
        seen.map(|(name, known)| (name.to_string(), known.clone().out())).collect()
    }

    fn effects_since(&self, entry: u32) -> Vec<wit::Effect> {
        self.0.borrow().effects_since(entry as usize).out()
    }

    fn watch(&self, now: String) -> Or<wit::Watched> {
        Ok(self.0.borrow().watch(Moment::back(now)?).out())
    }

    fn save(&self) -> String {
        self.0.borrow().record().to_json()
    }

    fn erase(&self, entry: u32, by: wit::By, reason: String, now: String) -> Or<wit::Erasure> {
        let (by, now) = (Mirror::back(by)?, Moment::back(now)?);
        Ok(self.0.borrow_mut().erase(entry, by, &reason, now)?.out())
    }

    fn verify(&self) -> Or<()> {
        Ok(self.0.borrow().verify()?)
    }
}

impl wit::Guest for Component {
    type Library = OpenLibrary;
    type Case = OpenCase;

    fn apply_each(turns: Vec<wit::Turn<'_>>) -> Vec<Or<wit::Answer>> {
        let one = |wit::Turn { of, event, now }: wit::Turn<'_>| {
            let (event, now) = (Mirror::back(event)?, Moment::back(now)?);
            Ok(of.get::<OpenCase>().0.borrow_mut().apply_or_advance(event, now)?.out())
        };
        turns.into_iter().map(one).collect()
    }

    fn apply_each_text(cases: Vec<wit::CaseBorrow<'_>>, events: Vec<u8>) -> Or<String> {
        Ok(written_each(each(&cases, read("list of events", &events)?)?))
    }

    fn apply_each_packed(cases: Vec<wit::CaseBorrow<'_>>, events: Vec<u8>) -> Or<Vec<u8>> {
        Ok(packed_each(each(&cases, unpacked(&events)?)?))
    }

    fn version() -> String {
        env!("CARGO_PKG_VERSION").to_string()
    }

    fn packed_shape() -> u64 {
        packed::shape::<mirror::All>()
    }

    fn check(given: Vec<wit::Source>, on: Option<String>) -> Or<wit::Report> {
        let report = match Library::compile_on(sources(given), day(on)?) {
            Ok(library) => report_out(library.report()),
            Err(report) => report_out(&report),
        };
        Ok(report)
    }

    fn format(text: String) -> Result<String, wit::Report> {
        syntax::format(0, &text).map_err(|findings| report_out(&Report::new(vec![Source::new("", text)], findings)))
    }

    fn explain(kind: String) -> Option<String> {
        Kind::named(&kind).map(|kind| kind.page().to_string())
    }

    fn learn(person: Option<String>, news: Vec<wit::News>) -> Or<String> {
        let (mut person, news) = (PersonRecord::back(person)?, Vec::<engine::News>::back(news)?);
        news.iter().for_each(|it| person.learn(it));
        Ok(person.to_json())
    }

    fn took_up(person: String, watched: wit::Watched, at: String) -> Or<String> {
        let mut person = person_record(&person)?;
        person.took_up(&Mirror::back(watched)?, Moment::back(at)?);
        Ok(person.to_json())
    }
}
