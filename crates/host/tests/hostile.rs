//! Guests that mean harm, or are broken: each is a real component, and the host lives on and says what happened.
#![allow(clippy::panic)]

use onward_host::{Cache, Error, Fault, Key, Limits, Sandbox};
use std::path::PathBuf;
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

const WIT: &str = include_str!("../../../wit/onward.wit");

/// A component of an interface, all of whose functions stop at once, but for `version`, which does this. `VERSION` is the
/// number of that function.
fn guest(wit: &str, version: &str) -> Vec<u8> {
    guest_with(wit, "version", version)
}

/// The same, of any function.
fn guest_with(wit: &str, name: &str, does: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_source("onward.wit", wit).expect("it is WIT");
    let world = resolve.select_world(&[package], None).expect("it has one world");
    let module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    let mut text = wasmprinter::print_bytes(module).expect("it can be printed");
    // The function that it is, by its number; its body stands in the text after its head.
    let before = format!("#{name}\" (func ");
    let export = text.find(&before).expect("it is exported");
    let digits = text[export + before.len()..].chars().take_while(char::is_ascii_digit);
    let number: String = digits.collect();
    let head = text.find(&format!("(func (;{number};)")).expect("it is there");
    let body = head + text[head..].find("unreachable").expect("it stops");
    text.replace_range(body..body + "unreachable".len(), &does.replace("VERSION", &number));
    let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("it fits");
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    encoder.and_then(|mut encoder| encoder.encode()).expect("it is a component")
}

fn limits() -> Limits {
    Limits { fuel: 10_000_000, milliseconds: 400, memory: 8 * 1024 * 1024, ..Limits::default() }
}

/// What comes of asking a guest for its version, and of asking again.
fn asked(body: &str, limits: Limits) -> Fault {
    let sandbox = Sandbox::new(&guest(WIT, body), limits).expect("it looks like the engine");
    let fault = sandbox.version().expect_err("it does not answer");
    assert_eq!(sandbox.version(), Err(fault.clone()), "another instance, and the same");
    fault
}

#[test]
fn an_endless_loop_uses_up_its_fuel() {
    let limits = Limits { milliseconds: 60_000, ..limits() };
    assert_eq!(asked("(loop br 0) unreachable", limits), Fault::OutOfFuel(limits.fuel));
}

#[test]
fn what_burns_too_slowly_for_its_fuel_is_stopped_by_the_clock() {
    let limits = Limits { fuel: u64::MAX, ..limits() };
    assert_eq!(asked("(loop br 0) unreachable", limits), Fault::TookTooLong(limits.milliseconds));
}

#[test]
fn a_memory_bomb_gets_no_more_than_it_may_have() {
    let bomb = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable";
    assert_eq!(asked(bomb, limits()), Fault::TooMuchMemory(limits().memory));
}

#[test]
fn a_string_that_is_longer_than_memory_is_seen() {
    let huge = "(i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const -16)) i32.const 0";
    let fault = asked(huge, limits());
    assert!(matches!(&fault, Fault::Trapped(_)), "{fault:?}");
}

#[test]
fn a_call_without_end_runs_out_of_stack_and_not_the_host() {
    let limits = Limits { fuel: u64::MAX, milliseconds: 20_000, ..limits() };
    let fault = asked("call VERSION drop unreachable", limits);
    assert!(matches!(&fault, Fault::Trapped(what) if what.contains("stack")), "{fault:?}");
}

#[test]
fn what_wants_something_from_outside_is_given_nothing() {
    let importing = WIT.replace("world engine {", "world engine {\n    import look: func() -> u64;");
    let fault = Sandbox::new(&guest(&importing, "unreachable"), limits()).expect_err("it imports");
    assert_eq!(fault, Fault::Imports("`look`".to_string()));
}

#[test]
fn another_version_of_the_interface_and_what_is_no_component_are_told_apart_from_the_engine() {
    let other = WIT.replace("onward:engine@0.1.0", "onward:engine@7.0.0");
    for bytes in [guest(&other, "unreachable"), b"\0asm".to_vec(), Vec::new(), b"(component)".to_vec()] {
        let fault = Sandbox::new(&bytes, limits()).expect_err("it is not the engine");
        assert!(matches!(fault, Fault::NotTheComponent(_)), "{fault:?}");
    }
}

#[test]
fn an_engine_of_other_types_is_seen_before_anything_is_packed_for_it() {
    let other = guest_with(WIT, "packed-shape", "i64.const 7");
    let sandbox = Sandbox::new(&other, limits()).expect("it looks like the engine");
    for made in [sandbox.read(Vec::new()), sandbox.compile(Vec::new())] {
        let fault = made.expect_err("it cannot be used");
        assert!(matches!(fault, Error::Fault(Fault::NotTheComponent(_))), "{fault:?}");
    }
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn compiled_code_that_was_changed_cut_off_or_written_by_another_is_not_run() {
    let loops = guest(WIT, "(loop br 0) unreachable");
    let stops = guest(WIT, "unreachable");
    let cache = Cache::new(folder("cache"), Key::new([1; 32]));
    let fault = |component: &[u8], cache: &Cache| {
        let sandbox = Sandbox::cached(component, limits(), cache).expect("it looks like the engine");
        sandbox.version().expect_err("it does not answer")
    };
    let (out_of_fuel, file) = (Fault::OutOfFuel(limits().fuel), cache.file(&loops));
    assert_eq!(fault(&loops, &cache), out_of_fuel);
    let written = std::fs::read(&file).expect("it was kept");
    assert_eq!(fault(&loops, &cache), out_of_fuel, "taken from the cache");
    assert_eq!(std::fs::read(&file).expect("it is there"), written, "and not written again");
    // The code of another component, which is as it was written, in its place.
    assert!(matches!(fault(&stops, &cache), Fault::Trapped(_)));
    let other = std::fs::read(cache.file(&stops)).expect("it was kept");
    let middle = written.len() / 2;
    let changed = |at: usize| {
        let mut changed = written.clone();
        changed[at] ^= 1;
        changed
    };
    let elsewhere = Cache::new(folder("elsewhere"), Key::new([2; 32]));
    assert_eq!(fault(&loops, &elsewhere), out_of_fuel);
    let by_another = std::fs::read(elsewhere.file(&loops)).expect("it was kept");
    let cut: Vec<u8> = written[..middle].to_vec();
    let bad =
        [other, changed(0), changed(40), changed(middle), changed(written.len() - 1), cut, by_another, Vec::new()];
    for bytes in bad {
        std::fs::write(&file, &bytes).expect("it can be written");
        assert_eq!(fault(&loops, &cache), out_of_fuel);
        assert_eq!(std::fs::read(&file).expect("it is there"), written, "compiled anew, and kept as it should be");
    }
}
