//! The promise to whoever has something holds for them still when it is no longer known (11.7).

mod common;

use common::{REST, compile};
use onward::Source;

const KEPT: &str = include_str!("language/promises/no_longer_known.pathway");

/// The kinds that are found in a text.
fn found(text: &str) -> Vec<&'static str> {
    let text = text.replace("# … and the rest", REST);
    let (_, report) = compile(vec![Source::new("promised.pathway", text)]);
    report.findings.iter().map(|finding| finding.kind.name()).collect()
}

#[test]
fn the_way_of_those_of_whom_it_is_not_known_has_to_keep_it_too() {
    assert!(found(KEPT).is_empty());
    let sent_on = KEPT.replace("if we do not know yet -> talk", "if we do not know yet -> settled");
    assert_ne!(sent_on, KEPT);
    // Whether a run is found that shows it is a matter of the search; that it is kept is not claimed.
    assert!(matches!(found(&sent_on)[..], ["promise-broken" | "undecided"]), "{:?}", found(&sent_on));
}
