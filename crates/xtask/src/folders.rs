//! Folders: where cargo keeps the sources of crates, and copies of ours.

use std::path::{Path, PathBuf};

/// The folders in which cargo keeps the sources of crates.
pub fn registries() -> Vec<PathBuf> {
    let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default().join(".cargo");
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from);
    let inside = std::fs::read_dir(cargo.join("registry").join("src"));
    inside.into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Copies a folder with all that is in it, but for what is left out.
pub fn copy(from: &Path, to: &Path, left: &dyn Fn(&Path) -> bool) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, into) = (entry.path(), to.join(entry.file_name()));
        if left(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&path, &into, left)?;
        } else {
            std::fs::copy(&path, into)?;
        }
    }
    Ok(())
}
