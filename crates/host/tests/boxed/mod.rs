//! The component for tests, compiled once for each of them, and what it answers when nothing is wrong.

use onward_host::{Error, Limits, Sandbox};
use std::sync::OnceLock;

/// The component, compiled once for all tests of a file.
pub fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        let place = onward_componentise::place();
        let component = std::fs::read(place).expect("`cargo xtask component` writes the component this test reads");
        Sandbox::new(&component, Limits::default()).expect("it is the component")
    })
}

/// What came of it, where nothing is wrong.
pub fn fine<T>(it: Result<T, Error>) -> T {
    it.unwrap_or_else(|error| panic!("{error}"))
}
