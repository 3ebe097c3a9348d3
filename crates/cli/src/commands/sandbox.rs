//! Running scenarios in the sandbox: the same files, the engine as a component that can reach nothing.

use crate::files;
use crate::said::Stop;
use onward::engine::CaseRecord;
use onward::model::Scenario;
use onward::simulate::Ran;
use onward::{Library, diagnostic::Place};
use onward_host::{Limits, Sandbox};
use std::path::Path;

type Runner = Box<dyn Fn(&Library, &[&Scenario]) -> Result<Vec<Ran>, Stop>>;

/// What runs scenarios in the component of that file.
pub fn runner(component: &Path) -> Result<Runner, Stop> {
    let bytes = std::fs::read(component).map_err(|error| files::unreadable(component, &error))?;
    let trouble = |error: &dyn std::fmt::Display| Stop::trouble(format!("`--sandbox`: {error}"));
    let sandbox = Sandbox::new(&bytes, Limits::default()).map_err(|fault| trouble(&fault))?;
    Ok(Box::new(move |library, wanted| {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let held = sandbox.read(library.report().sources.clone()).map_err(|error| trouble(&error))?;
        let ran = held.test().map_err(|error| trouble(&error))?;
        // Both have the scenarios of the same sources, in their order.
        let is_wanted = |at: &Place| wanted.iter().any(|it| it.at == *at);
        let load = |saved: String| {
            let record = CaseRecord::from_json(&saved).map_err(|error| trouble(&error))?;
            library.load(record).map_err(|error| trouble(&error))
        };
        let ran = ran.into_iter().filter(|it| is_wanted(&it.at)).map(|it| {
            let case = it.saved.map(load).transpose()?;
            Ok(Ran { case, failure: it.failure })
        });
        ran.collect()
    }))
}
