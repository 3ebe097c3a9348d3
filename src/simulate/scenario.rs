//! Running scenarios.

use crate::diagnostic::Place as At;
use crate::engine::{Case, Opening};
use crate::library::Library;
use crate::model::{Line, Scenario};
use crate::play::{Driver, given};

/// How a scenario went.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The case as it ended up; nothing when it could not even be opened.
    pub case: Option<Case>,
    /// What was not as expected, and where in the file; nothing when it passed.
    pub failure: Option<(At, String)>,
}

/// Runs a scenario, as a draft.
pub fn run_scenario(library: &Library, scenario: &Scenario) -> Ran {
    let opening = Opening { id: "scenario".to_string(), facts: given(&scenario.knowing), ..Opening::default() };
    let opened = library.open_draft(scenario.pathway, scenario.directory, opening, scenario.starts);
    let (case, _) = match opened {
        Ok(opened) => opened,
        Err(refusal) => return Ran { case: None, failure: Some((scenario.at, refusal.in_full())) },
    };
    let mut driver = Driver::new(case, scenario.starts);
    for (line, at) in &scenario.lines {
        let failed = match line {
            Line::Happens(it) => driver.happen_by_right(it).err(),
            Line::TheRest => driver.the_rest().err(),
            Line::Expect(expectation) => driver.unmet(expectation),
        };
        if let Some(failed) = failed {
            return Ran { case: Some(driver.case), failure: Some((*at, failed)) };
        }
    }
    Ran { case: Some(driver.case), failure: None }
}
