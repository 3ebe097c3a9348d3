//! The longest time (semantics.md 11.3): reckoned by hand for small pathways, one rule each, and where it can be, shown
//! in a run that takes just as long.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::check::longest::bound;
use onward::check::ways::{Path, Quest, WayId, Ways};
use onward::diagnostic::Kind;
use onward::model::Exit;
use onward::workflow::Why;
use onward::{Library, Proof, Source};
use small::text;

/// What is proved of a pathway in which everybody is there at every minute, that makes a promise, with a line in its
/// ladder. Whoever is asked on the ladder has an hour, and then a quarter of an hour.
fn prove(steps: &str, promise: &str, ladder: &str) -> Proof {
    let text = text(steps)
        .replace("  open every day 08:00 to 20:00\n  on bank holidays as usual", "  open always")
        .replace("  may reassign at most once\n", ladder)
        .replace("  starts at first\n", &format!("  starts at first\n\npromises\n  {promise}\n"));
    let library = Library::read(vec![Source::new("small.pathway", text)]).unwrap_or_else(|report| panic!("{report}"));
    let pathway = library.pathway("small").expect("there");
    library.prove(pathway.id, pathway.directory(), None, None)
}

/// The bound, and the longest that was played, in minutes.
fn longest(steps: &str, ladder: &str) -> (i64, i64) {
    let proof = prove(steps, "nobody is asked twice", ladder);
    let longest = proof.longest.unwrap_or_else(|| panic!("every circle is counted: {steps}"));
    let minutes = |length: Length| length.seconds() / 60;
    (minutes(longest.at_most), minutes(longest.played.unwrap_or_else(|| panic!("it is played: {steps}"))))
}

const ONCE: &str = "  may reassign at most once\n";

const STEP: &str = "step first\n  led by nurse\n  within 2 hours\n  then home";

/// Two steps without a ladder. What is late, cannot be done or is done goes on.
const PLAIN: &str =
    "step first\n  led by nurse\n  within 2 hours\n  if late -> LATE\n  if it cannot be done -> second\n  then second\n
step second\n  led by nurse\n  within 3 hours\n  if late -> AGAIN\n  if it cannot be done -> home\n  then home";

const REPEAT: &str =
    "repeat first\n  every 4 hours\n  led by nurse\n  finds ready\n  if late -> home\n  if it cannot be done -> home
  until ready -> home\n  at most 3 times, then home";

const HANDOVER: &str = "hand over first\n  from nurse\n  to team\n  accepted within 4 hours\n  if late -> home
  if it cannot be done -> home\n  if declined, saying why -> home\n  then home";

/// The branches go to the ladder when they are late, the block does not.
const BLOCK: &str = "together first\n  one led by nurse within 4 hours\n  two led by team within 6 hours
  all done within 12 hours\n  if late -> home\n  if not all done -> home\n  then home";

const CHOICE: &str = "decide first\n  when ready -> home\n  if none of these -> over
  if we do not know yet -> team decides within 5 hours";

/// Two short ways lead round, each as often as it is counted; the long way does not.
const SHORT_WAYS: &str = "step first\n  led by nurse\n  within 1 hour\n  if late -> short\n  if it cannot be done -> other\n  if the person declines -> other\n  then long\n
step short\n  led by nurse\n  within 1 hour\n  if late -> first, at most 3 times, then home\n  if it cannot be done -> home\n  if the person declines -> home\n  then home\n
step other\n  led by nurse\n  within 2 hours\n  if late -> first, at most twice, then home\n  if it cannot be done -> home\n  if the person declines -> home\n  then home\n
step long\n  led by nurse\n  within 10 hours\n  if late -> home\n  if it cannot be done -> home\n  if the person declines -> home\n  then home";

/// Whoever asks goes back to the decision, twice; then somebody decides.
const ASKING: &str = "decide first\n  when ready -> home\n  if none of these -> over
  if we do not know yet -> ask, at most twice, then team decides within 5 hours\n
step ask\n  led by nurse\n  finds what is missing\n  within 1 hour\n  then back to the decision";

/// Two decisions that send to one step, which goes back to whichever of them sent.
const SHARED: &str = "decide first\n  when ready -> home\n  if none of these -> over\n  if we do not know yet -> ask, at most twice, then second\n
decide second\n  when pain at least 3 -> home\n  if none of these -> over
  if we do not know yet -> ask, at most once, then team decides within 5 hours\n
step ask\n  led by nurse\n  finds what is missing\n  within 1 hour\n  then back to the decision";

/// Every way out of it leads round, as often as that is counted.
const HUB: &str = "step first\n  led by nurse\n  within 2 hours\n  if late -> first, at most 4 times, then home
  if it cannot be done -> first, at most 5 times, then home
  if the person declines -> first, at most 6 times, then home\n  then first, at most 7 times, then home";

#[test]
fn a_place_takes_its_time_and_that_of_whoever_is_asked_after_it() {
    assert_eq!(longest(STEP, ""), (120 + 75, 120 + 75));
    assert_eq!(longest(CHOICE, ""), (300 + 75, 300 + 75));
    let plain = PLAIN.replace("LATE", "second").replace("AGAIN", "home");
    assert_eq!(longest(&plain, ""), (120 + 180, 120 + 180));
    assert_eq!(longest(HANDOVER, "").0, 240);
    let declined = HANDOVER.replace("saying why -> home", "saying why -> escalate to help");
    assert_eq!(longest(&declined, "").0, 240 + 75);
    let on_condition =
        HANDOVER.replace("\n  then home", "\n  if accepted on a condition -> escalate to help\n  then home");
    assert_eq!(longest(&on_condition, "").0, 240 + 75);
}

#[test]
fn what_may_be_given_on_takes_its_whole_time_again() {
    assert_eq!(longest(STEP, "  may reassign at most twice\n").0, 3 * (120 + 75));
    assert_eq!(longest(STEP, "  may reassign at most twice, within 5 hours\n").0, 120 + 75 + 2 * (300 + 75));
    let on_condition =
        HANDOVER.replace("\n  then home", "\n  if accepted on a condition -> escalate to help\n  then home");
    assert_eq!(longest(&on_condition, ONCE).0, 2 * (240 + 75));
    // A block, and what is repeated, can be given on where only their last way leads to the ladder; and whoever has a branch,
    // it is over with its block.
    let block = BLOCK.replace("  if late -> home\n", "  if late -> home\n  if it cannot be done -> home\n");
    assert_eq!(longest(&block, ONCE).0, 720);
    let too_few = block.replace("not all done -> home", "not all done -> escalate to help");
    assert_eq!(longest(&too_few, ONCE).0, (720 + 75) + (720 + 75));
    let after = REPEAT.replace("3 times, then home", "3 times, then escalate to help");
    assert_eq!(longest(&after, ONCE).0, 3 * 240 + 75 + (240 + 75));
    // What never comes to a ladder is never given on.
    let plain = PLAIN.replace("LATE", "second").replace("AGAIN", "home");
    assert_eq!(longest(&plain, ONCE).0, 120 + 180);
}

#[test]
fn rounds_take_their_time_as_often_as_they_may() {
    assert_eq!(longest(REPEAT, "").0, 3 * 240);
    let late = REPEAT.replace("  if late -> home\n", "");
    assert_eq!(longest(&late, "").0, 3 * (240 + 75));
    let after = REPEAT.replace("3 times, then home", "3 times, then escalate to help");
    assert_eq!(longest(&after, "").0, 3 * 240 + 75);
    let both = after.replace("  if late -> home\n", "");
    // Given on after the last round, it may be late again, and then what comes after the last asks again.
    assert_eq!(longest(&both, ONCE).0, 3 * (240 + 75) + 75 + (240 + 75 + 75));
}

#[test]
fn a_block_takes_as_long_as_its_longest_branch_or_as_itself() {
    assert_eq!(longest(BLOCK, ""), (360 + 75, 360 + 75));
    let too_few = BLOCK.replace("not all done -> home", "not all done -> escalate to help");
    assert_eq!(longest(&too_few, "").0, 360 + 75 + 75);
    let short = BLOCK.replace("12 hours", "5 hours").replace("  if late -> home\n", "");
    assert_eq!(longest(&short, ""), (300 + 75, 300 + 75));
    // A branch that may be given on has whatever time the block has, which is left when it is late: nobody is asked about it.
    assert_eq!(longest(BLOCK, ONCE).0, 720);
    let asks = BLOCK.replace("  if late -> home\n", "");
    assert_eq!(longest(&asks, ONCE).0, 2 * (720 + 75));
}

#[test]
fn circles_are_gone_round_as_often_as_they_are_counted_and_no_more() {
    let late = PLAIN.replace("LATE", "first, at most 3 times, then second");
    assert_eq!(longest(&late.replace("AGAIN", "home"), ""), (4 * 120 + 180, 4 * 120 + 180));
    let both = late.replace("AGAIN", "first, at most twice, then home");
    assert_eq!(longest(&both, ""), (6 * 120 + 3 * 180, 6 * 120 + 3 * 180));
    assert_eq!(longest(HUB, ""), (23 * 120, 23 * 120));
    // Whoever goes a short way round has not gone the long way meanwhile.
    let rounds = 3 * (60 + 60) + 2 * (60 + 120);
    assert_eq!(longest(SHORT_WAYS, ""), (rounds + 60 + 600, rounds + 60 + 600));
    assert_eq!(longest(SHARED, ""), (3 * (60 + 75) + 300 + 75, 3 * (60 + 75) + 300 + 75));
    assert_eq!(longest(ASKING, ""), (2 * (60 + 75) + 300 + 75, 2 * (60 + 75) + 300 + 75));
    // A death happens once, so that a circle by way of it is gone round once.
    let died = PLAIN
        .replace("LATE", "second")
        .replace("AGAIN", "home")
        .replace("  then home", "  if died -> first\n  then home");
    assert_eq!(longest(&died, "").0, 2 * (120 + 180));
}

#[test]
fn a_promise_is_kept_to_the_minute_and_what_breaks_it_is_shown() {
    let both = PLAIN
        .replace("LATE", "first, at most 3 times, then second")
        .replace("AGAIN", "first, at most twice, then home");
    for (steps, minutes) in [
        (STEP, 195),
        (both.as_str(), 1260),
        (BLOCK, 435),
        (CHOICE, 375),
        (HUB, 2760),
        (SHORT_WAYS, 1380),
        (ASKING, 645),
    ] {
        let found = |minutes: i64| -> Vec<(Kind, bool)> {
            let proof = prove(steps, &format!("everyone reaches an ending within {minutes} minutes"), "");
            let promised =
                proof.flaws.iter().filter(|flaw| matches!(flaw.finding.kind, Kind::PromiseBroken | Kind::Undecided));
            promised.map(|flaw| (flaw.finding.kind, flaw.story.is_some())).collect()
        };
        assert_eq!(found(minutes), [], "{steps}");
        assert_eq!(found(minutes - 1), [(Kind::PromiseBroken, true)], "{steps}");
    }
}

/// Whoever is ready comes by `near`, which takes an hour; whoever is not, or withdrew, by `slow`, which takes longer.
const REACHES: &str = "step first\n  led by nurse\n  finds ready\n  within 2 hours\n  ALL mid\n  if died -> slow\n  if withdrew -> slow\n  then mid\n
decide mid\n  when ready -> near\n  if none of these -> slow\n  if we do not know yet -> near\n
step near\n  led by nurse\n  within 1 hour\n  ALL second\n  then second\n
step slow\n  led by nurse\n  within 100 minutes\n  ALL second\n  then second\n
step second\n  led by team\n  within 9 hours\n  ALL last\n  then last\n
together last\n  one led by nurse within 9 hours\n  two led by nurse within 9 hours\n  all done within 9 hours\n  if late -> home\n  if not all done -> home\n  then home";

#[test]
fn whoever_has_something_comes_where_it_was_promised_in_time() {
    let mut steps = REACHES.to_string();
    while let Some(at) = steps.find("  ALL ") {
        let to = steps[at + 6..].split_whitespace().next().expect("a place").to_string();
        let all = format!("  if late -> {to}\n  if it cannot be done -> {to}\n  if the person declines -> {to}");
        steps.replace_range(at..at + 6 + to.len(), &all);
    }
    let found = |goal: &str, within: i64| -> Vec<(Kind, bool)> {
        let proof = prove(&steps, &format!("whoever has ready reaches {goal} within {within} minutes"), "");
        let promised = |kind: Kind| matches!(kind, Kind::PromiseBroken | Kind::Undecided);
        let promised = proof.flaws.iter().filter(|flaw| promised(flaw.finding.kind));
        promised.map(|flaw| (flaw.finding.kind, flaw.story.is_some())).collect()
    };
    // From `second` on nothing leads to `near` any more, nor to `second` from `last`.
    assert_eq!(found("near", 5_000), [(Kind::PromiseBroken, true)]);
    assert_eq!(found("second", 5_000), [(Kind::PromiseBroken, true)]);
    // The last is where everybody comes, a branch of it as soon as it opens.
    assert_eq!(found("last", 120 + 60 + 540), []);
    assert_eq!(found("last", 120 + 60 + 540 - 1), [(Kind::PromiseBroken, true)]);
    // A branch may be over while the block is open, and somebody has it from then on (11.7).
    for within in [120 + 60 + 540, 120 + 60 + 540 - 1] {
        assert_eq!(found("one", within), [(Kind::Undecided, false)], "{within}");
    }
}

#[test]
fn the_ways_out_of_a_place_are_told_from_the_ordinary_to_the_unusual() {
    let steps = "step first\n  led by nurse\n  within 2 hours\n  if it cannot be done -> second, at most twice, then over
  if the person declines -> second\n  if died -> second\n  then second\n
hand over second\n  from nurse\n  to team\n  accepted within 1 day\n  if late -> home\n  if it cannot be done -> home
  if the person declines -> home\n  if declined, saying why -> first, at most once, then home\n  if accepted on a condition -> home\n  then home";
    let library = small::compile(&text(steps));
    let program = library.pathway("small").expect("there").program();
    let ways = Ways::new(program);
    let told = |place: &str| -> Vec<String> {
        let place = program.pathway.place_named(place).expect("there");
        let how = |way: &onward::check::ways::Way| {
            let why = format!("{:?}", way.why);
            let (asked, counted) = (way.escalated, way.count.is_some());
            let last = way.after.is_some();
            [(asked, "asked "), (counted, "counted "), (last, "at last ")]
                .iter()
                .filter(|it| it.0)
                .map(|it| it.1)
                .collect::<String>()
                + &why
        };
        ways.out_of(place).map(|(_, way)| how(way)).collect()
    };
    // What happens as it should; what goes another way; what is counted; what happens in a life; what waits for a count.
    let life =
        ["Exit(Withdrew)", "Exit(CannotBeReached)", "Exit(MovedAway)", "Exit(OpenedInError)", "counted Exit(Died)"];
    let first = ["Done", "Exit(PersonDeclines)", "asked Done", "counted Exit(Cannot)"];
    assert_eq!(told("first"), [&first[..], &life, &["asked Exit(NobodyCan)", "at last Exit(Cannot)"]].concat());
    let second = ["Done", "OnCondition", "counted Declined", "Exit(Late)", "Exit(Cannot)", "Exit(PersonDeclines)"];
    assert_eq!(told("second"), [&second[..], &life, &["at last Declined"]].concat());
}

/// Only the last place is one from which nobody comes to `second` any more.
#[test]
fn whoever_has_something_past_where_it_was_promised_does_not_come_there() {
    let all = |to: &str| {
        format!(
            "  led by nurse\n  finds ready\n  within 1 hour\n  if late -> {to}\n  if it cannot be done -> {to}
  if the person declines -> {to}\n  then {to}\n"
        )
    };
    let steps = format!("step first\n{}\nstep second\n{}\nstep last\n{}", all("second"), all("last"), all("home"));
    let found = |goal: &str, within: i64| {
        let proof = prove(&steps, &format!("whoever has ready reaches {goal} within {within} minutes"), "");
        let broken = proof.flaws.iter().find(|flaw| flaw.finding.kind == Kind::PromiseBroken);
        broken.map(|flaw| flaw.finding.message.clone())
    };
    let never = "somebody whose `ready` becomes yes in `last` can come to an ending and never reach `second`";
    assert!(found("second", 5_000).is_some_and(|message| message.ends_with(never)));
    assert_eq!(found("last", 120), None);
}

/// What takes too long begins where something is done, not at a decision before it, which takes no time.
#[test]
fn from_where_it_takes_too_long_is_where_somebody_waits() {
    let steps = "decide first\n  when ready -> mid\n  if none of these -> mid\n  if we do not know yet -> mid\n
step mid\n  led by nurse\n  finds ready\n  within 2 hours\n  if late -> last\n  if it cannot be done -> last
  if the person declines -> last\n  then last\n\nstep last\n  led by nurse\n  within 1 hour\n  then home";
    let proof = prove(steps, "whoever has ready reaches last within 5 minutes", "");
    let broken = proof.flaws.iter().find(|flaw| flaw.finding.kind == Kind::PromiseBroken);
    let message = broken.map(|flaw| flaw.finding.message.clone()).unwrap_or_else(|| panic!("{:?}", proof.flaws));
    assert!(message.contains("from `mid` it may take 2 hours to reach `last`"), "{message}");
}

/// A bound is worth as much as its prices: whoever brings some that break the rule gets none.
#[test]
fn a_bound_is_given_only_for_prices_that_keep_the_rule() {
    let plain = PLAIN.replace("LATE", "second").replace("AGAIN", "home");
    let library = small::compile(&text(&plain));
    let pathway = &library.pathway("small").expect("there").program().pathway;
    let ways = Ways::new(library.pathway("small").expect("there").program());
    let of = |of_each: &dyn Fn(&str) -> i64| -> Vec<i64> {
        pathway.places.iter().map(|place| of_each(place.name.as_str())).collect()
    };
    let times = of(&|name| match name {
        "first" => 7_200,
        "second" => 10_800,
        _ => 0,
    });
    let bound = |first: i64, second: i64, home: i64, over: i64| {
        let prices = of(&|name| match name {
            "first" => first,
            "second" => second,
            "home" => home,
            _ => over,
        });
        bound(&ways, &times, &prices, &|_, _| true).map(Length::seconds)
    };
    // What counted ways add: here only a death is counted, which leads straight to an ending.
    assert_eq!(bound(18_000, 10_800, 0, 0), Some(0));
    assert_eq!(bound(20_000, 12_000, 100, 1_200), Some(0));
    assert_eq!(bound(18_000, 10_799, 0, 0), None, "`second` takes longer than it is said to be worth");
    assert_eq!(bound(17_999, 10_800, 0, 0), None);
    assert_eq!(bound(18_000, 10_800, 0, -1), None, "after an ending no time is given back");
}

/// Who goes where, as ways: from a place, why, to a place.
fn path(ways: &Ways<'_>, gone: &[(&str, Why, &str)]) -> Vec<WayId> {
    let place = |name: &str| ways.pathway.place_named(name).unwrap_or_else(|| panic!("{name}"));
    gone.iter()
        .map(|(from, why, to)| {
            let fits = |way: &onward::check::ways::Way| way.why == *why && way.to == place(to) && way.after.is_none();
            ways.out_of(place(from)).find(|(_, way)| fits(way)).unwrap_or_else(|| panic!("{from}, {to}")).0
        })
        .collect()
}

#[test]
fn a_path_is_one_that_somebody_can_go_from_the_start() {
    let library = small::compile(&text(SHARED));
    let ways = Ways::new(library.pathway("small").expect("there").program());
    let is_path = |gone: &[(&str, Why, &str)]| ways.is_path(&path(&ways, gone));
    let round = [("first", Why::NotKnown, "ask"), ("ask", Why::Done, "first")];
    let home = [("first", Why::Row(0), "home")];
    assert!(is_path(&[]) && is_path(&home) && is_path(&round));
    assert!(is_path(&[&round[..], &round, &home].concat()));
    assert!(!is_path(&[&round[..], &round, &round].concat()), "that is once too often");
    assert!(!is_path(&[("ask", Why::Done, "first")]), "nobody starts there");
    assert!(!is_path(&[round[0], ("second", Why::Row(0), "home")]), "one does not lead to the other");
    assert!(!is_path(&[round[0], ("ask", Why::Done, "second")]), "one goes back to the decision one came from");
}

#[test]
fn an_ordinary_path_waits_for_no_count_to_be_used_up() {
    // Without counts it would be nearer by way of the last time.
    let steps = "step first\n  led by nurse\n  within 1 hour\n  if late -> first, at most 9 times, then last
  if it cannot be done -> home\n  then second\n
step second\n  led by nurse\n  within 1 hour\n  then last\n\nstep last\n  led by nurse\n  within 1 hour\n  then home";
    let library = small::compile(&text(steps));
    let ways = Ways::new(library.pathway("small").expect("there").program());
    let last = ways.pathway.place_named("last").expect("there");
    let quest = Quest { start: (), step: &|(): &(), _| Some(()), goal: &|(): &(), at| at == last, possible: &|_| true };
    let gone = [("first", Why::Done, "second"), ("second", Why::Done, "last")];
    assert_eq!(ways.find(&quest), Path::Found(path(&ways, &gone)));
    // Where there is no other, every round is gone first.
    let quest = Quest { step: &|(): &(), way| (way.why == Why::Exit(Exit::Late)).then_some(()), ..quest };
    let Path::Found(found) = ways.find(&quest) else { panic!("one can come there") };
    assert_eq!(found.len(), 10);
    assert!(ways.is_path(&found));
}

#[test]
fn no_way_leads_out_of_a_branch() {
    let library = small::compile(&text(BLOCK));
    let ways = Ways::new(library.pathway("small").expect("there").program());
    let out_of = |name: &str| ways.ways_out_of(ways.pathway.place_named(name).expect("there")).len();
    assert_eq!((out_of("one"), out_of("two")), (0, 0));
    assert!(out_of("first") > 0);
}
