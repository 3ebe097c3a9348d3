//! From the module that the compiler writes to the component that a host loads, and a look at what is in it.
//!
//! `cargo xtask component` runs it. It stands apart from `xtask`, so that the chores are quick to build.

use sha2::{Digest, Sha256};
use std::path::PathBuf;
use wasmparser::{Parser, Payload};

/// The largest the component may be, in bytes: what it is today, built for speed, and a little more. It is meant to come down;
/// see docs/embedding.md for what it is made of.
pub const LARGEST: usize = 6_900_000;

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The engine: `wit/onward.wit`.
    Engine,
    /// A trust's own risk model: `wit/risk-model/risk-model.wit`.
    Model,
}

impl Which {
    /// What it exports.
    pub const fn exports(self) -> &'static str {
        match self {
            Which::Engine => "onward:engine/pathways@0.1.0",
            Which::Model => "onward:risk-model/scoring@0.1.0",
        }
    }
}

/// The component of a module that `wit-bindgen` wrote its interface into.
///
/// # Errors
/// When the module is none, or does not fit its interface.
pub fn component(module: &[u8]) -> Result<Vec<u8>, String> {
    let encoder = wit_component::ComponentEncoder::default().validate(true).module(module);
    encoder.and_then(|mut encoder| encoder.encode()).map_err(|error| format!("{error:#}"))
}

/// What is in a component.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What it imports.
    pub imports: Vec<String>,
    /// What it exports.
    pub exports: Vec<String>,
}

/// Reads a component.
///
/// # Errors
/// When it is none.
pub fn look(component: &[u8]) -> Result<Look, String> {
    let mut look = Look::default();
    // The sections of what is nested come in between; only the outermost speak for the component.
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(|error| error.to_string())? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    look.imports.push(import.map_err(|error| error.to_string())?.name.name.to_string());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    look.exports.push(export.map_err(|error| error.to_string())?.name.name.to_string());
                }
            }
            _ => {}
        }
    }
    Ok(look)
}

/// What is not right about a component; nothing when it is as it should be.
pub fn wrong(component: &[u8], which: Which) -> Vec<String> {
    let mut wrong = Vec::new();
    match look(component) {
        Ok(look) => {
            if !look.imports.is_empty() {
                wrong.push(format!("it imports {}", look.imports.join(", ")));
            }
            if look.exports != [which.exports()] {
                wrong.push(format!("it exports {:?}, not {}", look.exports, which.exports()));
            }
        }
        Err(error) => wrong.push(format!("it is no component: {error}")),
    }
    if component.len() > LARGEST {
        wrong.push(format!("it has {} bytes, and may have {LARGEST}", component.len()));
    }
    wrong
}

/// The SHA-256 of something, in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where `cargo xtask component` writes the component.
pub fn place() -> PathBuf {
    written("onward.component.wasm")
}

/// Where it writes the risk model of `examples/risk_model`.
pub fn model_place() -> PathBuf {
    written("readmission.model.wasm")
}

fn written(name: &str) -> PathBuf {
    let root = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(root, PathBuf::from).join(name)
}
