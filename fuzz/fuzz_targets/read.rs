//! Any text can be read: no panic, and what can be laid out reads the same again.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(printed) = onward::syntax::format(0, text) {
        assert_eq!(onward::syntax::format(0, &printed).as_deref(), Ok(printed.as_str()));
    }
});
