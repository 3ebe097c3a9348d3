//! `onward check --replay`: somebody to whom a finding happens, played step by step.

use crate::commands::simulate;
use crate::findings::{self, Compiled};
use crate::page::Style;
use crate::said::{self, Exit, Format, Said, Stop};
use onward::diagnostic::nearest;
use onward::engine::Opening;
use onward::play::{Driver, given};
use onward::simulate::write_person;
use serde_json::json;
use std::path::Path;

/// Plays the person of a finding.
pub fn run(compiled: &[Compiled], wanted: &str, save: Option<&Path>, format: Format) -> Result<Said, Stop> {
    let Some((group, pathway, flaw)) = findings::seen(compiled, wanted) else { return Err(nothing(compiled, wanted)) };
    let (Some(library), Some(story)) = (&group.library, &flaw.story) else { return Err(nothing(compiled, wanted)) };
    let Some(directory) = library.directory_for(pathway) else { return Err(nothing(compiled, wanted)) };
    let about = format!("{}: {}", flaw.finding.kind.name(), flaw.finding.message);
    let person = write_person(story, Some(&about), library.shared());
    if let Some(path) = save {
        crate::commands::fmt::put_beside(path, &person)
            .map_err(|error| Stop::trouble(format!("the person cannot be saved: {error}")))?;
    }
    let opening = Opening { id: wanted.replace(':', "-"), facts: given(&story.knowing), ..Opening::default() };
    let opened = library.open_draft(pathway, directory, opening, story.starts);
    let mut page = said::page();
    page.tagged(0, Style::Bad, "this shows:", &format!(" {} ({})", flaw.finding.message, flaw.finding.kind.name()));
    page.gap();
    let (case, _) = match opened {
        Ok(opened) => opened,
        // More would happen at once than can: that is what it shows.
        Err(refusal) => {
            page.line(0, &format!("The case does not even open: {}.", refusal.in_full()));
            return Ok(Said::page(page, Exit::NotProved));
        }
    };
    let mut driver = Driver::new(case, story.starts);
    let refused = story.events.iter().find_map(|event| driver.happen(event).err());
    if format == Format::Json {
        let told = simulate::told_as_json(library, &driver.case, refused.map(|it| json!(it)))?;
        let person: serde_json::Value = serde_json::from_str(&person).unwrap_or_default();
        let value = json!({ "finding": flaw.finding.kind.name(), "message": flaw.finding.message, "person": person, "run": told });
        return Said::json(&value, Exit::NotProved);
    }
    simulate::introduce(&mut page, &driver.case);
    simulate::tell(&mut page, library, driver.case.record()).map_err(simulate::does_not_hang_together)?;
    if let Some(refusal) = refused {
        page.line(0, &format!("And here it stops: {}.", refusal.in_full()));
    }
    simulate::ending(&mut page, &driver);
    if let Some(path) = save {
        page.line(0, &format!("The person is saved in `{}`.", path.display()));
    }
    Ok(Said::page(page, Exit::NotProved))
}

fn nothing(compiled: &[Compiled], wanted: &str) -> Stop {
    let all: Vec<&str> = compiled.iter().flat_map(|group| group.seen.values()).map(String::as_str).collect();
    let near = nearest(wanted, all.iter().copied()).first().map(|near| (*near).to_string());
    Stop::trouble(match (all.as_slice(), near) {
        ([], _) => "nothing was found in these files that can be seen happening".to_string(),
        (_, Some(near)) => format!("there is no finding `{wanted}` that can be seen happening; did you mean `{near}`?"),
        (all, None) => {
            format!("there is no finding `{wanted}` that can be seen happening; there is {}", all.join(", "))
        }
    })
}
