//! The scenarios: what came of each, and what none of them has met.

use super::{Of, nothing, table};
use maud::{Markup, html};
use onward::engine::{Case, Standing};
use onward::simulate::{ItemKind, Ran, coverage as covered, run_scenario};

pub fn scenarios(of: &Of<'_>) -> Markup {
    let rows: Vec<_> = of
        .library
        .scenarios()
        .iter()
        .filter(|scenario| scenario.pathway == of.id)
        .map(|scenario| {
            let Ran { case, failure } = run_scenario(of.library, scenario);
            let result = match failure {
                None => html! { strong class="good" { "passed" } },
                Some((at, words)) => html! { strong class="bad" { "failed" } ": " (words) " (" (of.place(at)) ")" },
            };
            let ended = case.map(|case| ended(of, &case)).unwrap_or_default();
            (None, vec![html! { (scenario.title) }, result, html! { (ended) }])
        })
        .collect();
    if rows.is_empty() {
        return nothing("No scenario is written.");
    }
    table("Each scenario is one person", &["Scenario", "Result", "How it ended"], &rows)
}

/// Where a case stands when its scenario is over: at its end, or with what is open then.
fn ended(of: &Of<'_>, case: &Case) -> String {
    match case.standing() {
        Standing::Closed(closed) => {
            let place = of.pathway.place_named(&closed.ending);
            place.map_or(closed.ending.to_string(), |id| of.pathway.place(id).title.clone())
        }
        Standing::Next(steps) => {
            let open: Vec<&str> = steps.iter().map(|step| step.title.as_str()).collect();
            format!("not yet: open is {}", open.join("; "))
        }
        Standing::Stranded(_) => "with no way on".to_string(),
    }
}

/// How the scenario of that title goes, in a word.
pub fn result(of: &Of<'_>, title: &str) -> Markup {
    let scenario = of.library.scenarios().iter().find(|it| it.title == title);
    match scenario.map(|it| run_scenario(of.library, it).failure) {
        Some(None) => html! { strong class="good" { "passed" } },
        Some(Some(_)) => html! { strong class="bad" { "failed" } },
        None => html! { "not run" },
    }
}

pub fn coverage(of: &Of<'_>) -> Markup {
    let on_it = of.library.scenarios().iter().filter(|scenario| scenario.pathway == of.id);
    let cases: Vec<Case> = on_it.filter_map(|scenario| run_scenario(of.library, scenario).case).collect();
    let reached = covered(of.library, of.id, of.library.directory_for(of.id), &cases);
    let rows = ItemKind::ALL.into_iter().filter(|kind| reached.count(*kind).0 > 0).map(|kind| {
        let (all, met) = reached.count(kind);
        let never = reached.items.iter().filter(|item| item.kind == kind && !item.reached);
        let never = html! {
            @if met < all {
                details { summary { (all - met) " not met" } ul { @for item in never { li { (item.words) } } } }
            }
        };
        (None, vec![html! { (kind.in_words()) }, html! { (met) " of " (all) }, never])
    });
    table(
        &format!("{} % of everything was met", reached.percent()),
        &["What", "Met", "Not met"],
        &rows.collect::<Vec<_>>(),
    )
}
