//! The sandbox: the component compiled once, and instances of it, each within limits.

use crate::bindings::{Engine as Bindings, EnginePre};
use crate::cache::{self, Cache};
use crate::fault::Fault;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, ResourceLimiter, Store, StoreContextMut, Trap};

/// What an instance may use. The defaults hold for everything in `pathways/`, compiled and proved in one call, with a margin
/// of at least ten; what that was measured to need is in docs/embedding.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel for one call, about an instruction a unit. What uses it up always does, on every machine.
    pub fuel: u64,
    /// The longest a call may take, in milliseconds, by the clock: a backstop, for a machine on which fuel burns slowly.
    pub milliseconds: u64,
    /// The most memory an instance may have, in bytes.
    pub memory: usize,
    /// The most elements of a table.
    pub table_elements: usize,
    /// The most instances, tables and memories inside one component.
    pub instances: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            fuel: 1_000_000_000_000,
            milliseconds: 600_000,
            memory: 1024 * 1024 * 1024,
            table_elements: 20_000,
            instances: 16,
        }
    }
}

/// How often the backstop looks at the clock, in milliseconds.
const TICK: u64 = 20;

/// How much of its own stack a call may use, in bytes: less than the smallest stack a thread of Rust's has.
const STACK: usize = 1024 * 1024;

/// A component that is ready to be instantiated. It can be shared by threads, and cloned for nothing.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    pre: EnginePre<State>,
    limits: Limits,
    _clock: Arc<Clock>,
}

/// What the limiter of an instance knows.
pub(crate) struct State {
    limits: Limits,
    denied: bool,
}

impl State {
    /// Within limits, of which none was met yet.
    pub(crate) fn within(limits: Limits) -> State {
        State { limits, denied: false }
    }
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.denied |= wanted > self.limits.memory;
        Ok(wanted <= self.limits.memory)
    }
    fn table_growing(&mut self, _: usize, wanted: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.denied |= wanted > self.limits.table_elements;
        Ok(wanted <= self.limits.table_elements)
    }
    fn instances(&self) -> usize {
        self.limits.instances
    }
    fn tables(&self) -> usize {
        self.limits.instances
    }
    fn memories(&self) -> usize {
        self.limits.instances
    }
}

/// What ticks for the backstop, as long as a sandbox is there.
pub(crate) struct Clock(Arc<AtomicBool>);

impl Clock {
    pub(crate) fn start(engine: &Engine) -> Clock {
        let over = Arc::new(AtomicBool::new(false));
        let (until, engine) = (Arc::clone(&over), engine.clone());
        std::thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(TICK));
                engine.increment_epoch();
            }
        });
        Clock(over)
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn config() -> Config {
    let mut config = Config::new();
    config.consume_fuel(true);
    config.epoch_interruption(true);
    config.max_wasm_stack(STACK);
    config.wasm_relaxed_simd(false);
    config
}

pub(crate) fn engine() -> Result<Engine, Fault> {
    Engine::new(&config()).map_err(|error| Fault::NotTheComponent(format!("{error:#}")))
}

impl Sandbox {
    /// Compiles the component, which takes seconds.
    ///
    /// # Errors
    /// [`Fault::NotTheComponent`] and [`Fault::Imports`].
    pub fn new(component: &[u8], limits: Limits) -> Result<Sandbox, Fault> {
        let engine = engine()?;
        let component = cache::compile(&engine, component)?;
        Sandbox::around(engine, &component, limits)
    }

    /// The same with a cache: what was compiled before is taken from it, if nobody has changed it.
    ///
    /// # Errors
    /// As [`Sandbox::new`]. That the cache cannot be read or written is no error: then it is compiled again.
    pub fn cached(component: &[u8], limits: Limits, cache: &Cache) -> Result<Sandbox, Fault> {
        let engine = engine()?;
        let component = cache.component(&engine, component)?;
        Sandbox::around(engine, &component, limits)
    }

    fn around(engine: Engine, component: &Component, limits: Limits) -> Result<Sandbox, Fault> {
        let wants: Vec<String> =
            component.component_type().imports(&engine).map(|(name, _)| format!("`{name}`")).collect();
        if !wants.is_empty() {
            return Err(Fault::Imports(wants.join(", ")));
        }
        let other = |error: wasmtime::Error| Fault::NotTheComponent(format!("{error:#}"));
        let pre = Linker::new(&engine).instantiate_pre(component).map_err(other)?;
        let pre = EnginePre::new(pre).map_err(other)?;
        let clock = Arc::new(Clock::start(&engine));
        Ok(Sandbox { engine, pre, limits, _clock: clock })
    }

    /// The same component within other limits; it is not compiled again.
    pub fn within(&self, limits: Limits) -> Sandbox {
        Sandbox { limits, ..self.clone() }
    }

    /// A new instance, with nothing in it yet.
    pub(crate) fn instance(&self) -> Result<Instance, Fault> {
        let mut store = Store::new(&self.engine, State::within(self.limits));
        store.limiter(|state| state);
        let mut inner = Inner { store, bindings: None };
        refill(&mut inner.store, &self.limits)?;
        match self.pre.instantiate(&mut inner.store) {
            Ok(bindings) => inner.bindings = Some(bindings),
            Err(error) => return Err(fault(&inner.store, &error)),
        }
        Ok(Instance(Arc::new(Mutex::new(inner))))
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Sandbox").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// An instance, shared by a library and its cases: one of them enters it at a time.
#[derive(Clone)]
pub(crate) struct Instance(Arc<Mutex<Inner>>);

struct Inner {
    store: Store<State>,
    /// Nothing once it has trapped.
    bindings: Option<Bindings>,
}

/// Gives a store what one call may use.
pub(crate) fn refill(store: &mut Store<State>, limits: &Limits) -> Result<(), Fault> {
    store.set_fuel(limits.fuel).map_err(|error| Fault::Trapped(format!("{error:#}")))?;
    store.set_epoch_deadline(limits.milliseconds.div_ceil(TICK).max(1));
    Ok(())
}

/// What an error of wasmtime's says. What the component was told is not in it.
pub(crate) fn fault(store: &Store<State>, error: &wasmtime::Error) -> Fault {
    let State { limits, denied } = store.data();
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Fault::OutOfFuel(limits.fuel),
        Some(Trap::Interrupt) => Fault::TookTooLong(limits.milliseconds),
        _ if *denied => Fault::TooMuchMemory(limits.memory),
        Some(trap) => Fault::Trapped(trap.to_string()),
        None => Fault::Trapped(error.root_cause().to_string()),
    }
}

impl Instance {
    /// Whether the two are one and the same.
    pub(crate) fn is(&self, other: &Instance) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The fuel that the last call used.
    pub(crate) fn fuel_used(&self) -> u64 {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.store.data().limits.fuel.saturating_sub(inner.store.get_fuel().unwrap_or_default())
    }

    /// Enters the instance. After a trap it is never entered again.
    pub(crate) fn enter<T>(
        &self,
        call: impl FnOnce(&Bindings, StoreContextMut<'_, State>) -> wasmtime::Result<T>,
    ) -> Result<T, Fault> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It is taken out while it runs, so that whatever stops it leaves nothing to enter.
        let bindings = inner.bindings.take().ok_or(Fault::Gone)?;
        let limits = inner.store.data().limits;
        refill(&mut inner.store, &limits)?;
        match call(&bindings, wasmtime::AsContextMut::as_context_mut(&mut inner.store)) {
            Ok(it) => {
                inner.bindings = Some(bindings);
                Ok(it)
            }
            Err(error) => Err(fault(&inner.store, &error)),
        }
    }
}
