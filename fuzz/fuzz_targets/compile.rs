//! Any text can be compiled, and its scenarios run: findings and failures, never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use onward::{Library, Source};

fuzz_target!(|text: &str| {
    if let Ok(library) = Library::compile(vec![Source::new("a.pathway", text)]) {
        for scenario in library.scenarios() {
            onward::engine::run_scenario(&library, scenario);
        }
    }
});
