//! Libraries, pathways and cases in a sandbox: each with the calls that its native sister has.

use crate::fault::{Error, Fault};
use crate::mirror::{self, Mirror, Odd, report_back};
use crate::packed::{Packed, packed, shape, unpacked};
use crate::sandbox::{Instance, Sandbox, State};
use crate::wit;
use onward::calendar::{Date, Moment};
use onward::diagnostic::{Finding, Place, Report, Source};
use onward::engine::{
    Answer, By, CaseRecord, Effect, Erasure, Event, KnownFact, Looked, Opening, PersonRecord, Standing, Watched, Why,
    WhyNot,
};
use onward::model::Name;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use wasmtime::StoreContextMut;
use wasmtime::component::ResourceAny;

/// What came over the border, as the engine's own.
fn own<T: Mirror<W>, W>(it: W) -> Result<T, Error> {
    Ok(T::back(it)?)
}

/// What came packed, as the engine's own.
fn unpack<T: Packed>(bytes: &[u8]) -> Result<T, Error> {
    Ok(unpacked(bytes)?)
}

fn sent(sources: &[Source]) -> Vec<wit::Source> {
    sources.iter().map(|it| wit::Source { name: it.name.clone(), text: it.text.clone() }).collect()
}

impl Sandbox {
    /// As `Library::compile`, in an instance of its own.
    ///
    /// # Errors
    /// [`Error::Report`] when the sources cannot be read so far that a draft could run; [`Error::Fault`].
    pub fn compile(&self, sources: Vec<Source>) -> Result<Library, Error> {
        self.compile_on(sources, None)
    }

    /// As `Library::compile_on`.
    ///
    /// # Errors
    /// As [`Sandbox::compile`].
    pub fn compile_on(&self, sources: Vec<Source>, day: Option<Date>) -> Result<Library, Error> {
        let (given, day) = (sent(&sources), day.map(|day| day.to_string()));
        let instance = self.fitting()?;
        let compiled = instance.enter(|engine, store| {
            engine.onward_engine_pathways().library().call_compile(store, &given, day.as_ref())
        })?;
        match compiled {
            Ok(handle) => Library::new(instance, handle, sources),
            Err(wit::NotCompiled::Found(report)) => Err(Error::Report(report_back(sources, report)?)),
            Err(wit::NotCompiled::Wrong(error)) => Err(error.into()),
        }
    }

    /// As `Library::read`.
    ///
    /// # Errors
    /// As [`Sandbox::compile`].
    pub fn read(&self, sources: Vec<Source>) -> Result<Library, Error> {
        let given = sent(&sources);
        let instance = self.fitting()?;
        let read =
            instance.enter(|engine, store| engine.onward_engine_pathways().library().call_read(store, &given))?;
        match read {
            Ok(handle) => Library::new(instance, handle, sources),
            Err(report) => Err(Error::Report(report_back(sources, report)?)),
        }
    }

    /// A new instance, of the types of this host: what is packed is read by types alone.
    fn fitting(&self) -> Result<Instance, Fault> {
        static OURS: OnceLock<u64> = OnceLock::new();
        let instance = self.instance()?;
        let theirs = instance.enter(|engine, store| engine.onward_engine_pathways().call_packed_shape(store))?;
        if theirs == *OURS.get_or_init(shape::<mirror::All>) {
            return Ok(instance);
        }
        Err(Fault::NotTheComponent("its types are not those that this host was built from".to_string()))
    }

    /// The version of the engine in the sandbox.
    ///
    /// # Errors
    /// What stopped it.
    pub fn version(&self) -> Result<String, Fault> {
        self.instance()?.enter(|engine, store| engine.onward_engine_pathways().call_version(store))
    }

    /// As `syntax::format`.
    ///
    /// # Errors
    /// [`Error::Report`] when it cannot be read; [`Error::Fault`].
    pub fn format(&self, text: &str) -> Result<String, Error> {
        let instance = self.instance()?;
        let laid_out = instance.enter(|engine, store| engine.onward_engine_pathways().call_format(store, text))?;
        match laid_out {
            Ok(text) => Ok(text),
            Err(report) => Err(Error::Report(report_back(vec![Source::new("", text)], report)?)),
        }
    }
}

/// As `onward::Library`, in a sandbox. It and its cases share one instance.
#[derive(Debug)]
pub struct Library {
    held: Arc<Held>,
    report: Report,
    pathways: Vec<wit::PathwayInfo>,
    fuel_used: u64,
}

/// A resource in an instance, which is given back when it is dropped.
struct Held {
    instance: Instance,
    handle: ResourceAny,
}

impl Held {
    fn enter<T>(
        &self,
        call: impl FnOnce(&wit::Guest, StoreContextMut<'_, State>, ResourceAny) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        self.instance.enter(|engine, store| call(engine.onward_engine_pathways(), store, self.handle))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // In an instance that has stopped there is nothing to give back.
        let _ = self.instance.enter(|_, store| self.handle.resource_drop(store));
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Held(…)")
    }
}

impl Library {
    fn new(instance: Instance, handle: ResourceAny, sources: Vec<Source>) -> Result<Library, Error> {
        let fuel_used = instance.fuel_used();
        let held = Arc::new(Held { instance, handle });
        let report = held.enter(|guest, store, it| guest.library().call_report(store, it))?;
        let pathways = held.enter(|guest, store, it| guest.library().call_pathways(store, it))?;
        Ok(Library { report: report_back(sources, report)?, held, pathways, fuel_used })
    }

    /// What was found when it was compiled.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// How much fuel it took to make it: to compile the sources and to prove them, where that was asked for.
    pub fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// The names of its pathways, in the order of the sources.
    pub fn pathways(&self) -> impl Iterator<Item = &str> {
        self.pathways.iter().map(|it| it.name.as_str())
    }

    /// The pathway of that name.
    pub fn pathway(&self, name: &str) -> Option<Pathway<'_>> {
        let info = self.pathways.iter().find(|it| it.name == name)?;
        Some(Pathway { library: self, info })
    }

    /// What was found when a pathway was proved; nothing where the library was only read.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such pathway; [`Error::Fault`].
    pub fn found_of(&self, pathway: &str) -> Result<Option<Vec<Finding>>, Error> {
        let proof = self.held.enter(|guest, store, it| guest.library().call_proof(store, it, pathway))??;
        let found = |proof: wit::Proof| -> Result<Vec<Finding>, Odd> {
            proof.findings.into_iter().map(crate::mirror::finding_back).collect()
        };
        Ok(proof.map(found).transpose()?)
    }

    /// As `Library::open_draft`, with a directory by its name.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn open_draft(
        &self,
        pathway: &str,
        directory: Option<&str>,
        opening: Opening,
        now: Moment,
    ) -> Result<(Case, Answer), Error> {
        let (opening, now) = (opening.out(), now.out());
        let begun = self
            .held
            .enter(|guest, store, it| guest.library().call_open_draft(store, it, pathway, directory, &opening, &now))?;
        self.begun(begun)
    }

    fn begun(&self, begun: Result<(ResourceAny, wit::Answer), wit::Error>) -> Result<(Case, Answer), Error> {
        let (handle, answer) = begun?;
        Ok((self.case(handle), own(answer)?))
    }

    fn case(&self, handle: ResourceAny) -> Case {
        Case(Held { instance: self.held.instance.clone(), handle })
    }

    /// As `Library::load`: goes on with a saved case.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn load(&self, record: &CaseRecord) -> Result<Case, Error> {
        self.load_saved(&record.to_json())
    }

    /// The same, from what was saved.
    ///
    /// # Errors
    /// As [`Library::load`].
    pub fn load_saved(&self, saved: &str) -> Result<Case, Error> {
        let handle = self.held.enter(|guest, store, it| guest.library().call_load(store, it, saved))??;
        Ok(self.case(handle))
    }

    /// As `Library::follow`, with a directory by its name.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn follow(&self, case: &Case, directory: &str, now: Moment) -> Result<(Case, Answer), Error> {
        if !case.0.instance.is(&self.held.instance) {
            return Err(Error::Fault(Fault::OfAnotherLibrary));
        }
        let (now, of) = (now.out(), case.0.handle);
        let begun = self.held.enter(|guest, store, it| guest.library().call_follow(store, it, of, directory, &now))?;
        self.begun(begun)
    }

    /// As `Library::watch`, with a directory by its name.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is no such directory; [`Error::Fault`].
    pub fn watch(&self, record: &PersonRecord, directory: &str, now: Moment) -> Result<Watched, Error> {
        let (record, now) = (record.to_json(), now.out());
        let watched =
            self.held.enter(|guest, store, it| guest.library().call_watch(store, it, &record, directory, &now))?;
        own(watched?)
    }

    /// Runs its scenarios, in the order of the sources.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn test(&self) -> Result<Vec<Ran>, Error> {
        let ran = self.held.enter(|guest, store, it| guest.library().call_test(store, it))?;
        let place = crate::mirror::place_back;
        let all = ran.into_iter().map(|it| Ran {
            title: it.title,
            at: place(&it.at),
            failure: it.failure.map(|it| (place(&it.place), it.text)),
            saved: it.saved,
        });
        Ok(all.collect())
    }
}

/// How a scenario went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub at: Place,
    /// What was not as expected, and where; nothing when it passed.
    pub failure: Option<(Place, String)>,
    /// The case as it ended up, saved.
    pub saved: Option<String>,
}

/// As `onward::Pathway`, in a sandbox.
#[derive(Clone, Copy, Debug)]
pub struct Pathway<'l> {
    library: &'l Library,
    info: &'l wit::PathwayInfo,
}

impl Pathway<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// The hash of what it means.
    pub fn hash(&self) -> &str {
        &self.info.hash
    }

    /// Whether it is proved with the directory it runs with.
    pub fn is_proved(&self) -> bool {
        self.info.proved
    }

    /// As `Pathway::open`: opens a case, with the directory the pathway was proved with.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn open(&self, opening: Opening, now: Moment) -> Result<(Case, Answer), Error> {
        let (opening, name) = (packed(&(opening, now)), self.name());
        let begun =
            self.library.held.enter(|guest, store, it| guest.library().call_open_packed(store, it, name, &opening))?;
        let (handle, answer) = begun?;
        Ok((self.library.case(handle), unpack(&answer)?))
    }

    /// As `Pathway::open_with`: opens a case with what has happened to the person since.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn open_with(
        &self,
        opening: Opening,
        now: Moment,
        events: impl IntoIterator<Item = (Event, Moment)>,
    ) -> Result<(Case, Applied), Error> {
        let events: Vec<(Event, Moment)> = events.into_iter().collect();
        let (history, name) = (packed(&((opening, now), events)), self.name());
        let begun = self
            .library
            .held
            .enter(|guest, store, it| guest.library().call_open_with_packed(store, it, name, &history))?;
        let (handle, applied) = begun?;
        let case = self.library.case(handle);
        Ok((case, Applied::unpacked(&applied)?))
    }

    /// As `Pathway::open_draft`.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn open_draft(&self, opening: Opening, now: Moment) -> Result<(Case, Answer), Error> {
        self.library.open_draft(self.name(), None, opening, now)
    }
}

/// As `onward::engine::Applied`: what came of several events that were given at once.
#[derive(Debug)]
pub struct Applied {
    /// How many were taken: all, or those before the one that was refused.
    pub taken: usize,
    /// What followed from those that were taken, in their order, and where the case stands after them.
    pub answer: Answer,
    /// Why the next one was not taken: [`Error::Refused`].
    pub refused: Option<Error>,
}

impl Applied {
    fn unpacked(bytes: &[u8]) -> Result<Applied, Error> {
        let mirror::Applied { taken, answer, refused } = unpack(bytes)?;
        Ok(Applied { taken: taken as usize, answer, refused: refused.map(Error::from) })
    }
}

/// As `onward::engine::apply_each`: each case takes its event, or lets time go on where there is none, in one call for all
/// that are in one sandbox. The answers are in the order of the cases.
///
/// # Errors
/// For each its own: as [`Case::apply`]. Where a call ends with a [`Fault`], every case that was in it has it for an answer;
/// their library, and every case of it, goes on in a new one with what was saved last.
pub fn apply_each<'c>(
    turns: impl IntoIterator<Item = (&'c mut Case, Option<Event>, Moment)>,
) -> Vec<Result<Answer, Error>> {
    let mut calls: Vec<Call<'c>> = Vec::new();
    // Which call each of them is in; there its answers are in their order.
    let mut in_call = Vec::new();
    for (case, event, now) in turns {
        let held = &case.0;
        let at = calls.iter().position(|call| call.instance.is(&held.instance)).unwrap_or_else(|| {
            calls.push(Call { instance: &held.instance, cases: Vec::new(), events: Vec::new() });
            calls.len() - 1
        });
        calls[at].cases.push(held.handle);
        calls[at].events.push((event, now));
        in_call.push(at);
    }
    let mut answers: Vec<_> = calls.into_iter().map(|call| call.answers().into_iter()).collect();
    in_call.into_iter().map(|at| answers[at].next().unwrap_or(Err(Error::Fault(Fault::Gone)))).collect()
}

/// The cases that are in one sandbox, and what comes for each.
struct Call<'c> {
    instance: &'c Instance,
    cases: Vec<ResourceAny>,
    events: Vec<(Option<Event>, Moment)>,
}

impl Call<'_> {
    /// As many as there are cases.
    fn answers(&self) -> Vec<Result<Answer, Error>> {
        let each = self.called().and_then(|each| {
            let odd = || Fault::Odd("there are not as many answers as cases".to_string());
            if each.len() == self.cases.len() { Ok(each) } else { Err(odd()) }
        });
        match each {
            Ok(each) => each.into_iter().map(|it| it.map_err(Error::from)).collect(),
            Err(fault) => self.cases.iter().map(|_| Err(Error::Fault(fault.clone()))).collect(),
        }
    }

    fn called(&self) -> Result<mirror::Each, Fault> {
        let (cases, events) = (&self.cases, packed(&self.events));
        let odd = |said: String| Fault::Odd(said);
        let each = self
            .instance
            .enter(|engine, store| engine.onward_engine_pathways().call_apply_each_packed(store, cases, &events))?;
        unpacked(&each.map_err(|error| odd(error.code))?).map_err(|it| odd(it.message))
    }
}

/// As `onward::engine::Case`, in a sandbox.
#[derive(Debug)]
pub struct Case(Held);

impl Case {
    /// As `Case::apply`: takes an event.
    ///
    /// # Errors
    /// [`Error::Refused`]; [`Error::Fault`], and then go on in a new library with what was saved.
    pub fn apply(&mut self, event: Event, now: Moment) -> Result<Answer, Error> {
        let event = packed(&(event, now));
        unpack(&self.0.enter(|guest, store, it| guest.case().call_apply_packed(store, it, &event))??)
    }

    /// As `Case::apply_all`: takes events in turn, and answers once.
    ///
    /// # Errors
    /// [`Error::Fault`], as for [`Case::apply`]. That one is refused stands in [`Applied::refused`].
    pub fn apply_all(&mut self, events: impl IntoIterator<Item = (Event, Moment)>) -> Result<Applied, Error> {
        let events = packed(&events.into_iter().collect::<Vec<_>>());
        let applied = self.0.enter(|guest, store, it| guest.case().call_apply_all_packed(store, it, &events))??;
        Applied::unpacked(&applied)
    }

    /// As `Case::advance`: lets time go on.
    ///
    /// # Errors
    /// As [`Case::apply`].
    pub fn advance(&mut self, now: Moment) -> Result<Answer, Error> {
        let now = packed(&now);
        unpack(&self.0.enter(|guest, store, it| guest.case().call_advance_packed(store, it, &now))??)
    }

    /// As `Case::standing`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn standing(&self) -> Result<Standing, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_standing(store, it))?)
    }

    /// As `Case::due`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn due(&self) -> Result<Option<Moment>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_due(store, it))?)
    }

    /// As `Case::why`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn why(&self, place: &str) -> Result<Option<Why>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_why(store, it, place))?)
    }

    /// As `Case::why_not`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn why_not(&self, place: &str) -> Result<Option<WhyNot>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_why_not(store, it, place))?)
    }

    /// As `Case::decisions`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn decisions(&self) -> Result<Vec<Looked>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_decisions(store, it))?)
    }

    /// As `Case::seen_by`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn seen_by(&self, role: &str) -> Result<BTreeMap<Name, KnownFact>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_seen_by(store, it, role))?)
    }

    /// As `Case::effects_since`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn effects_since(&self, entry: u32) -> Result<Vec<Effect>, Error> {
        own(self.0.enter(|guest, store, it| guest.case().call_effects_since(store, it, entry))?)
    }

    /// As `Case::watch`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn watch(&self, now: Moment) -> Result<Watched, Error> {
        let now = now.out();
        own(self.0.enter(|guest, store, it| guest.case().call_watch(store, it, &now))??)
    }

    /// The case as it is saved, in JSON.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn saved(&self) -> Result<String, Error> {
        Ok(self.0.enter(|guest, store, it| guest.case().call_save(store, it))?)
    }

    /// As `Case::record`, as it is saved and read again.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn record(&self) -> Result<CaseRecord, Error> {
        let saved = self.saved()?;
        CaseRecord::from_json(&saved).map_err(|_| Error::Fault(Fault::Odd("the saved case cannot be read".to_string())))
    }

    /// As `Case::erase`.
    ///
    /// # Errors
    /// As [`Case::apply`].
    pub fn erase(&mut self, entry: u32, by: By, reason: &str, now: Moment) -> Result<Erasure, Error> {
        let (by, now) = (by.out(), now.out());
        let erased =
            self.0.enter(|guest, store, it| guest.case().call_erase(store, it, entry, &by, reason, &now))??;
        own(erased)
    }

    /// As `Case::verify`.
    ///
    /// # Errors
    /// As natively; [`Error::Fault`].
    pub fn verify(&self) -> Result<(), Error> {
        Ok(self.0.enter(|guest, store, it| guest.case().call_verify(store, it))??)
    }
}
