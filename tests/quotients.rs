//! What is divided by what somebody finds (10.75): compared and added up over wide ranges, partly known, broken, and run.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::check::people::{Demand, People, Search, Truths};
use onward::diagnostic::Kind;
use onward::engine::Cause;
use onward::model::Name;
use onward::workflow::{Truth, truth};
use onward::{Library, Source};
use small::{compile, done, ending, only, open_in, rows, send};

/// A small pathway of facts and the rows of its first decision, which asks for what it does not know.
fn asking(facts_and_rows: &str) -> String {
    small::text(&format!(
        "facts\n{facts_and_rows}  if we do not know yet -> look, at most once, then nurse decides within 1 day\n\n\
         step look\n  led by nurse\n  finds what is missing\n  within 1 day\n  then back to the decision"
    ))
}

/// What is divided by what somebody finds, over ranges that nobody tries out: compared, and added up further.
#[test]
fn wide_quotients_are_exact() {
    let library = compile(&asking(
        "  minutes 0 to 1000000\n  visits 1 to 5000\n  more 0 to 1000\n  \
         each 0 to 1000000 is minutes, divided by visits, rounded down\n  \
         each_up 0 to 1000000 is minutes, divided by visits, rounded up\n  \
         nearest 0 to 1000000 is minutes, divided by visits, rounded to the nearest\n  \
         apart 0 to 2 is each_up - each\n  days 1 to 31\n  \
         a_day 0 to 1000000 is minutes, divided by days, rounded down\n  \
         a_day_up 0 to 1000000 is minutes, divided by days, rounded up\n  \
         days_apart 0 to 2 is a_day_up - a_day\n  with_more 0 to 3002000 is 3 times each + more\n  \
         more_visits 2 to 5001 is visits + 1\n  \
         less 0 to 500000 is minutes, divided by more_visits, rounded down\n\ndecide first\n  \
         when each at least 200 -> over\n  when minutes at most 199999 -> over\n  \
         when visits at least 1000 -> over\n  when apart at least 2 -> over\n  when apart is 1 -> over\n  \
         when less at least 301 and each at most 300 -> over\n  when with_more is 3000 to 3001 -> over\n  \
         when minutes at most 100 and more is 0 -> over\n  when nearest is 7 and each is 6 -> over\n  \
         when visits is 2 to 9 -> over\n  when days_apart at least 2 -> over\n  \
         when days_apart is 1 -> over\n  if none of these -> over\n",
    ));
    let tests = rows(&library, "first");
    let people = People::new(library.shared());
    let find = |asked: &[(usize, Truths)], unknown: bool| {
        let demands: Vec<Demand<'_>> = asked.iter().map(|(row, may_be)| Demand::new(&tests[*row], *may_be)).collect();
        people.find(&demands, &|_| unknown)
    };
    let (yes, no) = (Truths::YES, Truths::NO);
    let found = |search: Search| matches!(search, Search::Found(_));
    assert_eq!(find(&[(0, yes), (1, yes), (2, yes)], false), Search::Nobody, "200 for each of 1,000 are 200,000");
    assert_eq!(find(&[(0, yes), (1, yes), (2, yes)], true), Search::Nobody);
    assert!(found(find(&[(0, yes), (1, no), (2, yes)], false)));
    assert!(found(find(&[(0, yes), (1, yes), (2, no)], false)));
    assert_eq!(find(&[(10, yes)], false), Search::Nobody, "rounded up and down are one apart at most");
    assert!(found(find(&[(11, yes)], false)));
    // By any of 5,000 it is too much to be tried; but nobody is found who is not there.
    assert_eq!(find(&[(3, yes)], false), Search::OutOfBudget);
    assert!(found(find(&[(4, yes)], false)));
    assert_eq!(find(&[(5, yes)], false), Search::Nobody, "among more there is less for each");
    assert!(found(find(&[(6, yes), (9, yes)], false)));
    assert_eq!(find(&[(6, yes), (7, yes)], false), Search::Nobody, "3 times 100 is less");
    assert!(found(find(&[(8, yes), (9, yes)], false)), "six and a half go up");
    // Not known by how much it is divided: it comes to anything from the least to the most.
    assert!(found(find(&[(0, Truths::UNKNOWN), (1, no)], true)));
}

#[test]
fn a_quotient_beyond_its_range_is_found_with_somebody_it_happens_to() {
    let said = |range: &str| -> Vec<String> {
        let library = compile(&asking(&format!(
            "  falls 0 to 24\n  months 1 to 12\n  \
             falls_a_month {range} is falls, divided by months, rounded down\n\n\
             decide first\n  when falls_a_month at least 2 -> over\n  if none of these -> over\n"
        )));
        let findings = library.report().findings.iter().filter(|it| it.kind == Kind::BeyondRange);
        findings.map(|it| it.message.clone()).collect()
    };
    let beyond = said("0 to 23");
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    assert!(beyond[0].contains("`falls` is 24") && beyond[0].contains("`months` is 1"), "{beyond:?}");
    assert_eq!(said("0 to 24"), [""; 0]);
}

/// What is not known is anything it can be: on both sides, each by itself.
#[test]
fn falls_a_month_are_as_many_as_they_can_be_while_the_months_are_not_known() {
    let library = compile(&asking(
        "  falls 0 to 60\n  months 1 to 12\n  \
         falls_a_month 0.0 to 60.0 in steps of 0.5 is falls, divided by months, rounded up\n  \
         change -60.0 to 60.0 in steps of 0.5 is falls - 30, divided by months, rounded down\n\n\
         decide first\n  when falls_a_month at least 2 -> over\n  when change at least -2 -> over\n  \
         if none of these -> over\n",
    ));
    let tests = rows(&library, "first");
    let says = |row: usize, falls: Option<i64>, months: Option<i64>| {
        truth(&tests[row], [falls, months].as_slice(), &library.shared().scores)
    };
    // 30 are 2.5 in each of 12 months, and more in fewer; 18 are 1.5.
    assert_eq!(says(0, Some(30), None), Truth::Yes);
    assert_eq!(says(0, Some(18), None), Truth::Unknown);
    assert_eq!(says(0, Some(1), None), Truth::No);
    assert_eq!(says(0, Some(19), Some(12)), Truth::Yes, "up, to the next half");
    assert_eq!(says(0, Some(18), Some(12)), Truth::No);
    assert_eq!(says(0, None, Some(1)), Truth::Unknown);
    // Below nothing the least is of the fewest months.
    assert_eq!(says(1, Some(28), None), Truth::Yes, "-2 in one month");
    assert_eq!(says(1, Some(27), None), Truth::Unknown, "-3 in one month, and -0.5 in twelve");
    assert_eq!(says(1, Some(0), None), Truth::No, "-2.5 in twelve months is too few");
}

/// A good number, and each thing about what it is divided by broken once.
#[test]
fn what_is_broken_in_falls_a_month_is_noticed() {
    let good = asking(
        "  fell yes or no\n  falls 0 to 24\n  months 1 to 12\n  \
         falls_a_month 0.0 to 24.0 in steps of 0.5 is falls, divided by months, rounded up\n\ndecide first\n  \
         when falls_a_month at least 0.5 -> over\n  when falls is 0 -> over\n",
    );
    let kinds = |text: &str| -> Vec<Kind> {
        let report = match Library::compile(vec![Source::new("small.pathway", text)]) {
            Ok(library) => library.report().clone(),
            Err(report) => report,
        };
        report.findings.iter().map(|it| it.kind).collect()
    };
    let before = kinds(&good);
    for (line, instead, expected) in [
        ("months 1 to 12", "months 0 to 12", vec![Kind::DividedByNothing]),
        ("months 1 to 12", "months -3 to -1", vec![Kind::OutOfRange]),
        ("months 1 to 12", "months 1 to 12 applies when fell", vec![Kind::DividedByNothing]),
        ("divided by months", "divided by falls", vec![Kind::DividedByNothing]),
        ("divided by months", "divided by fell", vec![Kind::WrongType]),
        (", rounded up", "", vec![Kind::NotRounded]),
        // One fall in a year was half a fall a month, and is none now.
        ("rounded up", "rounded down", vec![Kind::Gap]),
        // `at least` goes no further than the range.
        ("0.0 to 24.0", "0.0 to 23.5", vec![Kind::BeyondRange, Kind::Gap]),
        ("  when falls is 0 -> over\n", "", vec![Kind::Gap]),
        // However many months they are, one fall counts.
        ("months 1 to 12", "months 1 to 120", vec![]),
    ] {
        assert!(good.contains(line), "{line}");
        let after = kinds(&good.replacen(line, instead, 1));
        let new: Vec<Kind> = after.into_iter().filter(|kind| !before.contains(kind)).collect();
        assert_eq!(new, expected, "`{instead}` for `{line}`");
    }
}

/// What is missing is asked for on both sides, and nothing once it cannot matter; `why` says what came of it.
#[test]
fn a_case_asks_for_what_is_divided_and_what_it_is_divided_by_and_says_why() {
    let library = compile(&asking(
        "  falls 0 to 60\n  months 1 to 12\n  \
         falls_a_month 0.0 to 60.0 in steps of 0.5 is falls, divided by months, rounded up\n\n\
         decide first\n  when falls_a_month at least 2 -> home\n  if none of these -> over\n",
    ));
    let mut case = open_in(&library);
    let look = only(&case);
    assert_eq!((look.step.as_str(), look.finds), ("look", vec![Name::from("falls"), Name::from("months")]));
    send(&mut case, done("look", &[("falls", "30"), ("months", "12")]), "01T10:00");
    assert_eq!(ending(&case), Some("home"));
    let Some(Cause::Decided(looked)) = case.why("home").map(|why| why.cause) else { panic!("it was decided") };
    let said: Vec<(&str, Option<&str>)> =
        looked.rows[0].facts.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
    assert_eq!(said, [("falls_a_month", Some("2.5"))]);
}

/// What a number is divided by is a part of what a pathway means.
#[test]
fn the_mark_of_a_pathway_holds_what_is_divided_by() {
    let mark = |months: &str, by: &str| {
        let library = compile(&asking(&format!(
            "  falls 0 to 60\n  {months}\n  others 1 to 12\n  \
             falls_a_month 0 to 60 is falls, divided by {by}, rounded up\n\n\
             decide first\n  when falls_a_month at least 2 -> home\n  if none of these -> over\n"
        )));
        let (_, program) = library.pathways().next().expect("there is one pathway");
        program.hash.clone()
    };
    let it = mark("months 1 to 12", "months");
    assert_eq!(it, mark("months  1  to  12  # as before", "months"));
    assert_ne!(it, mark("months 1 to 24", "months"));
    assert_ne!(it, mark("months 1 to 12", "others"));
}
