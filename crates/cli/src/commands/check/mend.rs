//! `onward check --fix`: the changes that are suggested, made in the files.

use crate::commands::fmt;
use crate::files;
use crate::findings::{self, How, counted};
use crate::said::Stop;
use onward::diagnostic::{Suggestion, mended};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How often it is looked again: a change may make room for another.
const ROUNDS: usize = 10;

/// Makes every change that is suggested in the files that were given, and says in words what was changed.
pub fn mend(paths: &[PathBuf], how: How) -> Result<Vec<String>, Stop> {
    let mut changed: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut any = false;
        for group in findings::compile_all(files::gather(paths)?, how) {
            let mut by_file: BTreeMap<u32, Vec<&Suggestion>> = BTreeMap::new();
            for suggestion in group.report.findings.iter().filter_map(|finding| finding.suggestion.as_ref()) {
                let given = group.given.get(suggestion.place.source as usize).copied().unwrap_or(false);
                if given {
                    by_file.entry(suggestion.place.source).or_default().push(suggestion);
                }
            }
            for (number, suggestions) in by_file {
                let Some(source) = group.report.sources.get(number as usize) else { continue };
                let (text, made) = mended(&source.text, suggestions);
                fmt::put(Path::new(&source.name), &text)
                    .map_err(|error| Stop::trouble(format!("`{}` cannot be written: {error}", source.name)))?;
                *changed.entry(source.name.clone()).or_default() += made;
                any |= made > 0;
            }
        }
        if !any {
            break;
        }
    }
    let words = |(file, made): (&String, &usize)| format!("mended `{file}`: {}", counted(*made, "change"));
    Ok(changed.iter().map(words).collect())
}
