//! Every search for a path has a budget, in steps and never in time; and what passes it is `undecided`, with the place
//! and what could not be decided. Never is it taken for proved.

mod common;

use common::compile;
use onward::diagnostic::{Kind, Source};
use std::fmt::Write as _;

const HEAD: &str = "\
onward 1
facts
 f yes or no asked of person
role nurse
role team
pathway p
 version 1
 starts at s0
promises
 nobody reaches e without t first
 never x and y at one time
 whoever has f reaches t within 900 days
by default
 if late -> t
 if it cannot be done -> t
 if the person declines -> t
 if died -> gone
 if withdrew -> gone
 if cannot be reached -> gone
 if moved away -> gone
 if opened in error -> gone
ending gone held by person
ending home held by person
ending far held by nurse
 owed t
step t led by nurse within 1 hour
 if late -> home
 if it cannot be done -> home
 if the person declines -> home
 then home
step b led by nurse within 1 hour then t
step e led by nurse within 1 hour finds f then again
step again led by nurse within 1 hour finds afresh f then g
together g
 x led by nurse within 1 hour finds f
 y led by nurse within 1 hour finds f
 all done within 2 hours
 if not all done -> far
 then h
hand over h from nurse to team accepted within 1 hour
 if declined, saying why -> t
 then d
decide d
 when f -> t
 if none of these -> b
 if we do not know yet -> t
";

const FOOT: &str = "\
directory here
 time zone \"Europe/London\"
 valid from 2026-01-01
 valid until 2027-12-31
contact desk
 fills nurse, team
 open always
";

/// A pathway with a part that nobody comes to: the way there is open only when `a` was declined three times, and nobody
/// comes back to `a`. Without minding the counts one would come there; and to see that one does not, one has to go
/// through everything that so many counted ways back can do.
fn far_away(steps: u32) -> String {
    let mut text = HEAD.to_string();
    for n in 0..steps {
        let next = if n + 1 == steps { "a".to_string() } else { format!("s{}", n + 1) };
        let _ = writeln!(
            text,
            "step s{n} led by nurse within 1 hour\n if the person declines -> s0, at most 5 times, then {next}\n \
             then {next}"
        );
    }
    text + "step a led by nurse within 1 hour\n if the person declines -> b, at most 3 times, then e\n then b\n" + FOOT
}

/// The kinds and messages of everything that is found.
fn found(text: String) -> Vec<(Kind, String)> {
    let (library, report) = compile(vec![Source::new("far.pathway", text)]);
    assert!(library.is_some(), "{report}");
    report.findings.into_iter().map(|finding| (finding.kind, finding.message)).collect()
}

/// The kinds and messages of everything that keeps the pathway from being proved.
fn errors(text: String) -> Vec<(Kind, String)> {
    found(text).into_iter().filter(|(kind, _)| kind.severity().is_error()).collect()
}

#[test]
fn where_everything_can_be_gone_through_nobody_comes_far_away() {
    assert_eq!(errors(far_away(1)), []);
}

#[test]
fn what_passes_the_budget_is_undecided_and_says_what_and_where() {
    let errors = errors(far_away(9));
    for words in [
        "there are too many ways to `far` to decide whether whoever holds the person has accepted",
        "there are too many ways to `far` to decide whether what is owed is done before",
        "there are too many ways to `d` to decide whether what it looks at was handed over",
        "there are too many ways to `e` to decide whether a promise is kept",
        "whether `whoever has f reaches t within 900 days` is kept could not be decided: there are too many ways to \
         look at",
        "there are too many ways to `g` to decide whether a promise is kept",
    ] {
        assert!(errors.iter().any(|(_, message)| message == words), "`{words}` is not said, but {errors:#?}");
    }
    assert!(errors.iter().all(|(kind, _)| *kind == Kind::Undecided), "{errors:#?}");
}

#[test]
fn that_somebody_may_be_asked_twice_is_a_warning_where_nobody_promised_otherwise() {
    let twice = |place: &str| format!("there are too many ways to `{place}` to decide whether anything is asked twice");
    for place in ["again", "g"] {
        let said = |text: String, kind: Kind| found(text).contains(&(kind, twice(place)));
        assert!(said(far_away(9), Kind::AskedTwice), "{place}");
        let promised = far_away(9).replacen("promises\n", "promises\n nobody is asked twice\n", 1);
        assert!(said(promised, Kind::Undecided), "{place}");
    }
}
