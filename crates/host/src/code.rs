//! Taking over code that was compiled before: the one `unsafe` block that is written by hand in this workspace.

use crate::cache::Verified;
use wasmtime::Engine;
use wasmtime::component::Component;

/// The component whose compiled code this is; nothing where this wasmtime cannot take it over.
///
/// Wasmtime runs such code without looking at it again, so whoever can write it can make this process do anything. That
/// is why it takes a [`Verified`], which only `cache.rs` makes, and only of bytes that this host wrote itself:
///
/// 1. the bytes carry a MAC (HMAC-SHA256) under a key that only the host has, and it was found to be right;
/// 2. the MAC is over the code, the hash of the component that it was compiled from, and what wasmtime says its code
///    depends on (its version, the processor, every setting), so that neither an old nor another file can be put in its
///    place;
/// 3. the bytes that were verified are in memory, and are these bytes: the file is not read again.
#[allow(unsafe_code)]
pub(crate) fn take_over(engine: &Engine, code: &Verified) -> Option<Component> {
    // SAFETY: `deserialize` asks that the bytes come from `Component::serialize` unchanged. A `Verified` holds bytes that
    // carried the MAC of this host for exactly this component and engine, and only what `Component::serialize` gave is
    // ever given one; see the three points above.
    unsafe { Component::deserialize(engine, code.bytes()) }.ok()
}
