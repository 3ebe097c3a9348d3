//! `onward check`: what is wrong in the files, and whether the pathways in them are proved. Exit 0 when everything is
//! proved, 1 when something cannot be read, 3 when it is well formed and not proved.

mod mend;
mod replay;

use crate::files;
use crate::findings::{self, Compiled, How, counted};
use crate::page::{Page, Style};
use crate::parity::{COUNTED, parity};
use crate::said::{self, Exit, Format, Said, Stop};
use onward::calendar::Date;
use onward::diagnostic::Severity;
use onward::model::Directory;
use onward::{Assumption, Library, Proof};
use serde_json::{Value, json};
use std::path::PathBuf;

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders with `.pathway` files in them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The day to check on: who answers is proved from that day, and dates of review are looked at
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Show somebody to whom a finding happens, step by step: `gap`, or `gap:2` for the second
    #[arg(long, value_name = "FINDING", conflicts_with = "fix")]
    replay: Option<String>,
    /// Where to save that person, as a person file for `simulate`
    #[arg(long, value_name = "FILE", requires = "replay")]
    save: Option<PathBuf>,
    /// Say who does what, by profession, side by side
    #[arg(long, conflicts_with = "replay")]
    report: bool,
    /// Make the changes that are suggested, in the files
    #[arg(long)]
    fix: bool,
    /// Check in the sandbox too: the engine as a component, as `cargo xtask component` writes it
    #[cfg(feature = "sandbox")]
    #[arg(long, value_name = "COMPONENT", conflicts_with = "replay")]
    sandbox: Option<PathBuf>,
}

/// Checks the files, and everything they use.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let how = How::Prove(args.on);
    let mended = if args.fix { mend::mend(&args.paths, how)? } else { Vec::new() };
    let compiled = findings::compile_all(files::gather(&args.paths)?, how);
    if let Some(wanted) = &args.replay {
        return replay::run(&compiled, wanted, args.save.as_deref(), format);
    }
    #[cfg(feature = "sandbox")]
    if let Some(component) = &args.sandbox {
        super::sandbox::checks_the_same(component, &compiled, args.on)?;
    }
    let exit = verdict(&compiled);
    if format == Format::Json {
        let all: Vec<_> = compiled.iter().flat_map(findings::written).collect();
        let word = match exit {
            Exit::Fine => "proved",
            Exit::NotProved => "well-formed-not-proved",
            _ => "findings",
        };
        let proofs: Vec<Value> = proofs(&compiled).map(|(library, proof)| as_json(library, proof)).collect();
        let allowed: Vec<_> = compiled.iter().flat_map(findings::allowed).collect();
        let value = json!({ "verdict": word, "findings": all, "allowed": allowed, "proofs": proofs, "mended": mended });
        return Said::json(&value, exit);
    }
    let mut page = said::page();
    for words in &mended {
        page.line(0, words);
    }
    findings::draw_all(&mut page, &compiled);
    if exit == Exit::Findings {
        return Ok(Said::page(page, exit));
    }
    page.gap();
    let read: usize = compiled.iter().map(|group| group.report.sources.len()).sum();
    let several = proofs(&compiled).nth(1).is_some();
    for (library, proof) in proofs(&compiled) {
        conclusion(&mut page, library, proof, several);
        if args.report {
            who_does_what(&mut page, library, proof);
        }
    }
    if proofs(&compiled).next().is_none() {
        page.tagged(
            0,
            Style::Bold,
            "well formed",
            " There is no pathway in these files, so there is nothing to prove.",
        );
    }
    page.line(0, &format!("{} read.", counted(read, "file")));
    Ok(Said::page(page, exit))
}

/// What each profession does on a pathway.
fn who_does_what(page: &mut Page, library: &Library, proof: &Proof) {
    let pathway = library.pathway_by(proof.pathway);
    page.heading(&format!("Who does what in {}", pathway.name));
    for (who, does) in parity(library, pathway) {
        let counts = COUNTED.iter().map(|(what, count)| (what, count(&does))).filter(|(_, count)| *count > 0);
        let counts: Vec<String> = counts.map(|(what, count)| format!("{}: {count}", what.to_lowercase())).collect();
        page.line(2, &format!("{who}. {}.", capital(&counts.join(", "))));
    }
    page.gap();
}

/// Whether everything is proved.
fn verdict(compiled: &[Compiled]) -> Exit {
    let severities = || compiled.iter().flat_map(|group| &group.report.findings).map(|it| it.kind.severity());
    if compiled.iter().any(|group| group.library.is_none()) || severities().any(|it| it == Severity::Error) {
        Exit::Findings
    } else if proofs(compiled).all(|(_, proof)| proof.holds()) {
        Exit::Fine
    } else {
        Exit::NotProved
    }
}

fn proofs(compiled: &[Compiled]) -> impl Iterator<Item = (&Library, &Proof)> {
    let libraries = compiled.iter().filter_map(|group| group.library.as_ref());
    libraries.flat_map(|library| library.pathways().filter_map(move |(id, _)| Some((library, library.proof(id)?))))
}

fn directory<'l>(library: &'l Library, proof: &Proof) -> Option<&'l Directory> {
    Some(library.directory(library.directory_for(proof.pathway)?))
}

/// What came of the proof of one pathway.
fn conclusion(page: &mut Page, library: &Library, proof: &Proof, several: bool) {
    let pathway = library.pathway_by(proof.pathway);
    let name = &pathway.name;
    // Where there are several, one may look for the file.
    let file =
        library.report().source(pathway.at).filter(|_| several).map(|source| format!("It stands in {}.", source.name));
    if !proof.holds() {
        let against = proof.flaws.iter().filter(|flaw| flaw.finding.kind.severity().is_error()).count();
        let words = format!(
            " {} against it. Until it is mended, the pathway runs only as a draft that says so.",
            if against == 1 { "one finding stands".to_string() } else { format!("{against} findings stand") }
        );
        page.tagged(0, Style::Bad, &format!("not proved: {name}."), &format!(" {}", capital(&words[1..])));
        if let Some(file) = &file {
            page.line(2, file);
        }
        page.gap();
        return;
    }
    let words = " Whoever the person is and whatever happens, there is always a next step, with somebody to do it, a \
                 deadline, and somewhere to go when it passes; and every case ends.";
    page.tagged(0, Style::Good, &format!("proved: {name}."), words);
    if let Some(file) = &file {
        page.line(2, file);
    }
    if let Some(longest) = &proof.longest {
        page.line(2, &format!("No case takes longer than {}.{}", longest.at_most, played(longest)));
    }
    if let Some(directory) = directory(library, proof) {
        let zone = &directory.calendar.zone;
        let (from, until) = (zone.display(proof.from), zone.display(proof.until));
        page.line(
            2,
            &format!("Somebody answers from {from} to {until}, if the hours in \"{}\" are true.", directory.title),
        );
    }
    let last = proof.assumes.iter().filter_map(|it| match it {
        Assumption::LastRungAnswers { rung, within, .. } => Some(format!("`{rung}` within {within}")),
        _ => None,
    });
    let mut last: Vec<String> = last.collect();
    last.sort();
    last.dedup();
    if !last.is_empty() {
        page.line(2, &format!("It rests on the last to be asked answering in time: {}.", last.join(", ")));
    }
    page.gap();
}

fn played(longest: &onward::LongestCase) -> String {
    match longest.played {
        Some(played) if played == longest.at_most => " Somebody who takes as long was played.".to_string(),
        Some(played) => format!(" The longest that was played took {played}."),
        None => String::new(),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn as_json(library: &Library, proof: &Proof) -> Value {
    let longest = proof.longest.as_ref().map(|longest| {
        let path: Vec<Value> = longest.path.iter().map(|(name, at)| json!({ "place": name, "after": at })).collect();
        json!({ "at_most": longest.at_most, "played": longest.played, "path": path })
    });
    json!({
        "pathway": library.pathway_by(proof.pathway).name,
        "holds": proof.holds(),
        "pathway_hash": proof.pathway_hash,
        "directory": directory(library, proof).map(|it| &it.name),
        "directory_hash": proof.directory_hash,
        "from": proof.from,
        "until": proof.until,
        "assumes": proof.assumes,
        "longest": longest,
        "parity": parity(library, library.pathway_by(proof.pathway)),
    })
}
