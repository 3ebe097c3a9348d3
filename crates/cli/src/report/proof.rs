//! What is proved and what that rests on; what stands against it; what is promised.

use super::{Of, nothing, table};
use maud::{Markup, html};
use onward::Assumption;
use onward::diagnostic::{Finding, Kind, Severity};
use onward::model::Promise;

/// In a sentence, at the top.
pub fn verdict(of: &Of<'_>) -> Markup {
    let holds = of.proof.is_some_and(|proof| proof.holds());
    html! {
        @if holds {
            p class="verdict good" {
                strong { "Proved." } " Whoever the person is and whatever happens, there is always a next step, with somebody to do it, a "
                "deadline, and somewhere to go when it passes; and every case ends."
            }
        } @else {
            p class="verdict bad" { strong { "Not proved." } " It runs only as a draft that says so. What stands against it is below." }
        }
    }
}

pub fn section(of: &Of<'_>) -> Markup {
    let Some(proof) = of.proof else { return nothing("Nothing was proved: no directory says who is there.") };
    let against: Vec<&Finding> = of.found(|kind| kind.severity() == Severity::Unproved).collect();
    let warnings: Vec<&Finding> = of.found(|kind| kind.severity() == Severity::Warning).collect();
    html! {
        @if proof.holds() {
            ul {
                @if let Some(longest) = &proof.longest {
                    li {
                        "No case takes longer than " strong { (longest.at_most.to_string()) } "."
                        @if let Some(played) = longest.played { " The longest that was played took " (played.to_string()) "." }
                    }
                }
                li { "Somebody answers from " (of.time(proof.from)) " until " (of.time(proof.until)) "." }
            }
            h3 { "What this takes to be true of the world" }
            ul { @for it in &proof.assumes { li { (assumed(of, it)) } } }
        } @else {
            (list("What stands against it", of, &against))
        }
        @if !warnings.is_empty() { (list("What somebody should look at", of, &warnings)) }
    }
}

fn assumed(of: &Of<'_>, it: &Assumption) -> String {
    match it {
        Assumption::HostsCall => "The system it runs in looks again whenever something falls due.".to_string(),
        Assumption::HoursAreTrue { from, until, .. } => {
            let title = of.directory.map_or("the directory", |directory| directory.title.as_str());
            format!("The hours in \"{title}\" are true, from {} until {}.", of.time(*from), of.time(*until))
        }
        Assumption::LastRungAnswers { ladder, rung, within } => {
            let contact = of.directory.and_then(|it| it.contact(rung)).map(|it| it.title.as_str());
            let role = of.library.shared().role(rung).map(|it| it.title.as_str());
            let ladder = of.directory.and_then(|it| it.ladder(ladder)).map_or(ladder.as_str(), |it| it.title.as_str());
            let last = contact.or(role).unwrap_or(rung.as_str());
            format!("{last}, who is last on \"{ladder}\", answers within {within}.")
        }
    }
}

fn list(heading: &str, of: &Of<'_>, findings: &[&Finding]) -> Markup {
    html! {
        h3 { (heading) }
        ul {
            @for finding in findings {
                li {
                    (finding.message) " (" code { (finding.kind.name()) } ", " (of.place(finding.at.place)) ")"
                    @if let Some(help) = &finding.help { br; span class="small" { (help) } }
                }
            }
        }
    }
}

/// What was found against a promise.
fn against<'l>(of: &'l Of<'_>, promise: &Promise) -> Vec<&'l Finding> {
    let broken = of.found(|kind| matches!(kind, Kind::PromiseBroken | Kind::Undecided));
    broken.filter(|finding| finding.at.place == promise.at).collect()
}

/// Whether a promise is kept, in a word.
pub fn status(of: &Of<'_>, promise: &Promise) -> Markup {
    match (against(of, promise).first(), of.proof.is_some()) {
        (Some(finding), _) if finding.kind == Kind::PromiseBroken => html! { strong class="bad" { "Broken" } },
        (Some(_), _) => html! { strong class="bad" { "Undecided" } },
        (None, true) => html! { strong class="good" { "Kept" } },
        (None, false) => html! { "Not looked at" },
    }
}

pub fn promises(of: &Of<'_>) -> Markup {
    if of.pathway.promises.is_empty() {
        return nothing("It promises nothing beyond what is proved of every pathway.");
    }
    let rows = of.pathway.promises.iter().map(|promise| {
        let against = against(of, promise);
        let words = html! {
            (promise.words)
            @for (name, title) in of.named_in(&promise.words) { br; span class="small" { code { (name) } ": " (title) } }
        };
        (None, vec![words, status(of, promise), html! { @for it in &against { (it.message) " " } }])
    });
    table("Promises, and whether they are kept", &["Promise", "Status", "What was found"], &rows.collect::<Vec<_>>())
}

impl<'l> Of<'l> {
    /// The names of steps, endings and facts that stand in some words, each with what it is called for people.
    fn named_in<'w>(&self, words: &'w str) -> Vec<(&'w str, &'l str)> {
        let title = |name: &str| {
            let place = self.pathway.place_named(name).map(|id| self.pathway.place(id).title.as_str());
            place.or_else(|| {
                let shared = self.library.shared();
                shared.fact(name).and_then(|id| shared.facts.get(id.index())).map(|fact| fact.title.as_str())
            })
        };
        let mut named: Vec<(&str, &str)> = Vec::new();
        for name in words.split([' ', ',']) {
            if let Some(title) = title(name).filter(|_| named.iter().all(|(it, _)| *it != name)) {
                named.push((name, title));
            }
        }
        named
    }
}

impl Of<'_> {
    /// What was found in the files, of certain kinds.
    fn found(&self, wanted: impl Fn(Kind) -> bool) -> impl Iterator<Item = &Finding> {
        self.library.report().findings.iter().filter(move |finding| wanted(finding.kind))
    }

    /// A place in the files.
    pub(super) fn place(&self, at: onward::diagnostic::Place) -> String {
        let source = self.library.report().source(at);
        source.map_or_else(String::new, |it| format!("{}:{}", it.name, it.line_and_column(at.span.start).0))
    }
}
