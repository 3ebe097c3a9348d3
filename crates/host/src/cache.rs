//! Compiled code that is kept, so that a host starts at once: under a key of its own, with a MAC that is verified before
//! anything is taken over.
//!
//! *Invariant*: code that anybody else wrote or changed is never run; it is compiled again, as if it were not there.

use crate::code::take_over;
use crate::fault::Fault;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use wasmtime::Engine;
use wasmtime::component::Component;

/// How many bytes a MAC has.
const MAC: usize = 32;

/// A key of the host's: 32 bytes that nobody can guess, kept where only the host can read them, and not beside the cache.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Key(…)")
    }
}

/// A folder in which compiled code is kept.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    key: Key,
}

/// Code whose MAC was found to be right.
pub(crate) struct Verified(Vec<u8>);

impl Verified {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Compiles a component.
pub(crate) fn compile(engine: &Engine, component: &[u8]) -> Result<Component, Fault> {
    Component::from_binary(engine, component).map_err(|error| Fault::NotTheComponent(format!("{error:#}")))
}

impl Cache {
    /// A cache in a folder, which is made where it is not there.
    pub fn new(folder: impl Into<PathBuf>, key: Key) -> Cache {
        Cache { folder: folder.into(), key }
    }

    /// Where the code of a component is kept.
    pub fn file(&self, component: &[u8]) -> PathBuf {
        let hash: String = Sha256::digest(component).iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{hash}.compiled"))
    }

    /// The component, from the cache where it is there as it was written; else compiled, and kept.
    pub(crate) fn component(&self, engine: &Engine, component: &[u8]) -> Result<Component, Fault> {
        let file = self.file(component);
        let kept = std::fs::read(&file).ok().and_then(|bytes| self.verified(engine, component, bytes));
        if let Some(kept) = kept.and_then(|code| take_over(engine, &code)) {
            return Ok(kept);
        }
        let compiled = compile(engine, component)?;
        // That it cannot be kept is no reason not to run.
        if let Ok(code) = compiled.serialize() {
            let mut bytes = self.mac(engine, component, &code).finalize().into_bytes().to_vec();
            bytes.extend(code);
            let beside = file.with_extension(format!("{}.new", std::process::id()));
            let _ = std::fs::create_dir_all(&self.folder)
                .and_then(|()| std::fs::write(&beside, bytes))
                .and_then(|()| std::fs::rename(&beside, &file));
        }
        Ok(compiled)
    }

    fn verified(&self, engine: &Engine, component: &[u8], mut bytes: Vec<u8>) -> Option<Verified> {
        let code = (bytes.len() >= MAC).then(|| bytes.split_off(MAC))?;
        // In constant time, so that nobody finds out a MAC byte by byte.
        self.mac(engine, component, &code).verify_slice(&bytes).ok()?;
        Some(Verified(code))
    }

    fn mac(&self, engine: &Engine, component: &[u8], code: &[u8]) -> Hmac<Sha256> {
        let mut depends = Depends(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut depends);
        // A key of half a block is one of a whole block, filled up with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.key.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(b"onward compiled component 1");
        mac.update(&Sha256::digest(component));
        mac.update(&depends.0.finalize());
        mac.update(code);
        mac
    }
}

/// What compiled code depends on, gathered by what hashes it.
struct Depends(Sha256);

impl Hasher for Depends {
    fn finish(&self) -> u64 {
        0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}
