//! What wasmtime makes of `wit/onward.wit`. What it writes reads and writes the memory of the component, and is the only
//! code here beside `code.rs` that may say `unsafe`.
#![allow(unsafe_code, missing_docs, clippy::all)]

wasmtime::component::bindgen!({ path: "../../wit", world: "engine" });

/// The same of `wit/risk-model/risk-model.wit`.
pub mod risk_model {
    wasmtime::component::bindgen!({ path: "../../wit/risk-model", world: "risk-model" });
}
