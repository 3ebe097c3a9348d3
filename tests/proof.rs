//! What the proof says, and what the interpreter then does: whatever is accepted never strands, whatever is rejected with
//! a story replays, and whatever is suggested helps.
//!
//! `ONWARD_CASES` and `ONWARD_SEED` make it look at more pathways; `ONWARD_SAY=1` says how often each thing occurred.
#![allow(clippy::panic)]

mod careful;
mod common;
mod worlds;

use careful::host::{Pace, play};
use onward::Library;
use onward::check::{Evidence, Flaw};
use onward::engine::{EntryKind, Opening};
use onward::model::{DirectoryId, Given, PathwayId, Story};
use onward::play::{Driver, given};
use onward::simulate::{read_person, write_person};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

/// How many histories are played on each pathway that is accepted.
const HISTORIES: usize = 6;

/// How often each thing occurred.
#[derive(Default)]
struct Tally(RefCell<BTreeMap<String, usize>>);

impl Tally {
    fn add(&self, what: impl Into<String>, times: usize) {
        *self.0.borrow_mut().entry(what.into()).or_default() += times;
    }

    fn at_most(&self, what: &str, number: usize) {
        let mut all = self.0.borrow_mut();
        let most = all.entry(what.to_string()).or_default();
        *most = (*most).max(number);
    }

    fn of(&self, what: &str) -> usize {
        self.0.borrow().get(what).copied().unwrap_or(0)
    }

    fn say(&self) {
        if std::env::var_os("ONWARD_SAY").is_some() {
            for (what, times) in self.0.borrow().iter() {
                println!("{times:>9}  {what}");
            }
        }
    }
}

/// What occurs in the text of a pathway, and by which words one sees it.
const CONSTRUCTS: &[(&str, &str)] = &[
    ("step", "\nstep p"),
    ("decide", "\ndecide "),
    ("table", "| choose |"),
    ("working hours", " working hours of "),
    ("working days", " working days of "),
    ("calendar days", " calendar days\n"),
    ("at a meeting", "\n  at the next "),
    ("anticipated", "\nanticipate early "),
    ("by a time of day", "\n  by "),
    ("hand over", "\nhand over p"),
    ("repeat", "\nrepeat p"),
    ("together, all", "all done within"),
    ("together, first", " done within"),
    ("find out and back", "finds what is missing"),
    ("repeat back to the decision", "repeat find_out"),
    ("no none of these", "rows do not overlap"),
    ("a positive risk", "\npositive risk "),
    ("best interests", "\nbest interests "),
    ("somebody to be instructed", "\n  instruct "),
    ("a branch as long as its block", "\n  meanwhile "),
    ("what was accepted", " accepted risk"),
    ("a role decides", " decides within"),
    ("a decision that advises", "\n  advise "),
    ("those who must agree", "\n  agreed by "),
    ("an option that is not always one", " only when "),
    ("not without", "\n  not without "),
    ("takes", "\n  takes "),
    ("owed", "\n  owed "),
    ("ends within", "  everyone reaches"),
    ("not without", "  nobody reaches"),
    ("whoever has", "  whoever has"),
    ("never together", "  never "),
    ("asked twice", "  nobody is asked twice"),
    ("counted", ", at most "),
    ("on a condition", "accepted on a condition"),
    ("good for", "good for"),
    ("call", "\ncall p"),
    ("whom it is for", "otherwise -> "),
    ("whom it is not for", "\n  not for "),
    ("at any time", "\nat any time now"),
    ("afresh", "finds afresh"),
    ("score", "\nscore "),
    ("its own late route", "\n  if late -> p"),
    ("a late route that counts", "if late -> escalate to more, at most twice"),
    ("held by the team", "held by team"),
    ("two on the last rung", "last duty, to answer within 30"),
    ("nights", "every day 22:00 to 06:00"),
    ("weekdays", "monday to friday"),
    ("reassign", "may reassign"),
    ("reassign within", "may reassign at most once, within"),
    ("own words", "own_words"),
    ("date", "  born date"),
    ("date and time", "  last_visit date"),
    ("length", "  nights_alone length"),
    ("several", "  strengths several"),
];

/// How many bytes a pathway is made from.
const CHOICES: usize = 600;

#[test]
fn whatever_is_accepted_never_strands() {
    let tally = Tally::default();
    for_all(256, CHOICES, |dice| {
        let text = careful::pathway(dice);
        let library = worlds::checked(&text);
        let pathway = library.pathway("random").expect("it is called random");
        let proof = pathway.proof().expect("it was looked at");
        tally.add("pathways", 1);
        for flaw in &proof.flaws {
            tally.add(format!("finding {}", flaw.finding.kind), 1);
        }
        if !proof.holds() {
            return Ok(());
        }
        tally.add("pathways accepted", 1);
        for (construct, words) in CONSTRUCTS.iter().filter(|(_, words)| text.contains(words)) {
            tally.add(format!("accepted with {construct} ({})", words.trim()), 1);
        }
        let seed = dice.below(256) as u64 + 256 * dice.below(256) as u64;
        for number in 0..HISTORIES {
            let mut fate = Dice::of(seed + 65_536 * number as u64, 4_000);
            let pace = [Pace::Silent, Pace::Slow, Pace::Lively][number.min(2)];
            let played = play(&library, proof, &mut fate, pace);
            let played = played.map_err(|what| TestCaseError::fail(format!("{what}\n{text}")))?;
            tally.add("histories", 1);
            tally.add("events taken", played.taken);
            tally.add("events refused", played.refused);
            tally.add("somebody asked on a ladder", played.asked);
            tally.add("the last on a ladder asked", played.last_asked);
            tally.add("reassigned", played.reassigned);
            tally.add("life events", played.life);
            tally.add(format!("closed with {}", played.ending.expect("it is closed")), 1);
            let longest = proof.longest.as_ref().map_or(1, |it| it.at_most.seconds());
            tally.at_most("per cent of the bound, at most", (played.took.seconds() * 100 / longest.max(1)) as usize);
        }
        Ok(())
    });
    tally.say();
    let (all, accepted) = (tally.of("pathways"), tally.of("pathways accepted"));
    assert!(accepted * 100 >= all * 30, "{accepted} of {all} are accepted");
    for (construct, words) in CONSTRUCTS.iter().filter(|_| all >= 256) {
        let what = format!("accepted with {construct} ({})", words.trim());
        assert!(tally.of(&what) > 0, "no pathway was {what}");
    }
    for what in ["events taken", "the last on a ladder asked", "reassigned", "life events", "closed with settled"] {
        assert!(all < 256 || tally.of(what) > 0, "{what}: never");
    }
}

/// The same person, whatever the order in which their facts are written.
fn in_order(story: &Story) -> Story {
    let sort = |facts: &mut Vec<Given>| facts.sort_by(|a, b| a.fact.cmp(&b.fact));
    let mut story = story.clone();
    sort(&mut story.knowing);
    story.events.iter_mut().for_each(|event| sort(&mut event.facts));
    story
}

/// What a flaw says happens, when its story is written, read and played.
fn replays(library: &Library, flaw: &Flaw, story: &Story) -> Result<(), TestCaseError> {
    let (pathway, directory) = (PathwayId(0), DirectoryId(0));
    let about = format!("{}: {}", flaw.finding.kind, flaw.finding.message);
    let written = write_person(story, Some(&about), library.shared());
    let read = read_person(&written, library, pathway, directory);
    let read = read.map_err(|error| TestCaseError::fail(format!("{error}\n{about}\n{written}")))?;
    prop_assert_eq!(in_order(&read), in_order(story), "{}\n{}", about, written);
    let opening = Opening { id: "case".into(), facts: given(&read.knowing), ..Opening::default() };
    let circle = matches!(flaw.evidence, Evidence::Circle(_));
    match library.open_draft(pathway, directory, opening, read.starts) {
        Ok((case, _)) => {
            let mut driver = Driver::new(case, read.starts);
            for (number, event) in read.events.iter().enumerate() {
                let happened = driver.happen(event);
                let last = number + 1 == read.events.len();
                prop_assert!(happened.is_ok() || (circle && last), "{}\n{:?}\n{}", about, happened, written);
            }
        }
        Err(refusal) => prop_assert!(circle, "{}\n{}\n{}", about, refusal, written),
    }
    let stage = library.stage(pathway, directory);
    prop_assert!(stage.shows(&read, &flaw.evidence), "it does not show that {}\n{}", about, written);
    Ok(())
}

/// Of a hundred findings of a kind, how many may be without a story, and why. Every other kind that somebody can be seen
/// in has one each time.
const WITHOUT_A_STORY: &[(&str, usize, &str)] = &[
    ("gap", 15, "it is looked for in every decision (11.1), also where nothing but the graph leads to one"),
    ("overlap", 25, "it is looked for in every decision (11.1), also where nothing but the graph leads to one"),
    (
        "too-late",
        10,
        "the graph leads to the step (11.4), and nobody comes there: until something that is never so, say",
    ),
    ("nobody-answers", 3, "the graph leads to the ladder (11.4), and nobody comes there"),
    ("asked-twice", 3, "on a path somebody does not know what was known for good (11)"),
    (
        "not-handed-over",
        15,
        "whether a fact applies may hang on one that is settled, of which paths do not mind that it stays so (10.22)",
    ),
    ("endless", 15, "a circle in the graph (11.2) that nobody goes round: its decisions lead nobody that way"),
];

/// Kinds that somebody can be seen in.
const SEEN: &[&str] = &[
    "gap",
    "overlap",
    "endless",
    "nobody-answers",
    "too-late",
    "asked-twice",
    "not-handed-over",
    "unheld-ending",
    "still-owed",
    "promise-broken",
];

/// Whether something interrupts everybody as soon as their case opens, so that nobody goes where paths lead.
fn everybody_is_taken_off(library: &Library) -> bool {
    let opening = Opening { id: "case".into(), ..Opening::default() };
    let now = "2027-06-01T09:00:00Z".parse().expect("a time");
    let (pathway, directory) = (PathwayId(0), DirectoryId(0));
    let Ok((case, _)) = library.open_draft(pathway, directory, opening, now) else { return false };
    case.record().journal.iter().any(|entry| matches!(entry.what, EntryKind::Interrupted(_)))
}

#[test]
fn whatever_is_rejected_with_a_story_replays_and_whatever_is_suggested_helps() {
    let tally = Tally::default();
    for_all(256, CHOICES, |dice| {
        let text = if dice.below(3) == 2 { worlds::pathway(dice) } else { careful::pathway(dice) };
        let library = worlds::checked(&text);
        let proof = library.proof(PathwayId(0)).expect("it was looked at");
        for flaw in &proof.flaws {
            let kind = flaw.finding.kind;
            // What two roads ask for may be known whenever the one is opened: it is warned of all the same (11.5).
            if flaw.story.is_none() && flaw.finding.message.contains("is done alongside, and may ask for") {
                tally.add(format!("{kind} on two roads, and nobody was seen"), 1);
                continue;
            }
            // At what minute nobody serves some people is reckoned for all of them at once, and nobody is played (11.4).
            if flaw.story.is_none() && flaw.finding.message.contains("on duty for somebody whose") {
                tally.add(format!("{kind} of those whom nobody serves then, reckoned and not played"), 1);
                continue;
            }
            if flaw.story.is_none() && everybody_is_taken_off(&library) {
                tally.add(format!("{kind} behind what interrupts everybody at once"), 1);
                continue;
            }
            tally.add(format!("found {kind}"), 1);
            if flaw.story.is_none() && std::env::var("ONWARD_STORIES").is_ok_and(|it| it == kind.name()) {
                println!("==== no story of {kind}: {}\n{text}\n{}", flaw.finding.message, library.report());
            }
            if let Some(story) = &flaw.story {
                tally.add(format!("played {kind}"), 1);
                replays(&library, flaw, story).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            }
            if flaw.finding.suggestion.is_some() {
                tally.add(format!("suggested {kind}"), 1);
            }
        }
        if library.report().findings.iter().any(|finding| finding.suggestion.is_some()) {
            let wrong = common::suggestions_help(library.report());
            prop_assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), text);
        }
        Ok(())
    });
    tally.say();
    for kind in
        ["not-handed-over", "unheld-ending", "still-owed", "gap", "promise-broken", "nobody-answers", "too-late"]
    {
        assert!(tally.of(&format!("played {kind}")) > 0, "no `{kind}` was played");
    }
    for kind in SEEN {
        let (found, played) = (tally.of(&format!("found {kind}")), tally.of(&format!("played {kind}")));
        let (allowed, why) = WITHOUT_A_STORY.iter().find(|it| it.0 == *kind).map_or((0, ""), |it| (it.1, it.2));
        let without = found - played;
        // What is allowed is a rate: of a few, chance makes it more, by three standard deviations at most.
        let expected = found * allowed / 100;
        let most = if allowed == 0 { 0 } else { expected + (9 * expected).isqrt().max(2) };
        assert!(without <= most, "{without} of {found} `{kind}` have no story; allowed are {most}: {why}");
    }
    assert!(tally.of("suggested not-handed-over") > 0, "nothing was suggested");
}

/// Small pathways that once were answered wrongly, each with what is to be found in it.
const ONCE_WRONG: &[(&str, &str)] = &[
    (
        "every handover that lacks a fact is named, also where an earlier one has lost it already",
        "step visit
  led by nurse
  finds managing, what_helps
  within 2 days
  then first

hand over first  #! not-handed-over: `first` does not carry `managing`
  from nurse
  to social_worker
  carrying what_helps
  accepted within 1 day
  if declined, saying why -> as_they_wish
  then second

hand over second  #! not-handed-over: `second` does not carry `managing`
  from social_worker
  to nurse
  carrying what_helps
  accepted within 1 day
  if declined, saying why -> as_they_wish
  then how_much_help

decide how_much_help
  when managing -> as_they_wish
  if none of these -> arrange_help
  if we do not know yet -> arrange_help

step arrange_help
  led by nurse
  within 1 day
  then as_they_wish
",
    ),
    (
        "what the last round has found is found",
        "repeat visit
  every 1 day
  led by nurse
  finds managing
  until managing -> as_they_wish
  at most 2 times, then arrange_help

step arrange_help  #! asked-twice: asks again, at once, for what `visit` has just found
  led by nurse
  finds afresh managing
  within 1 day
  then as_they_wish
",
    ),
    (
        "what a handover leaves behind is not known in the very moment, so one goes another way, and it can be seen",
        "promises
  nobody reaches settled without arrange_help first  #! promise-broken: one can come to `settled` before

step visit
  led by nurse
  finds what_helps
  within 2 days
  then first

hand over first
  from nurse
  to social_worker
  carrying what_helps
  accepted within 1 day
  if declined, saying why -> as_they_wish
  then how_much_help

decide how_much_help
  when managing -> settled
  if none of these -> arrange_help
  if we do not know yet -> look_again, at most once, then arrange_help

step look_again
  led by nurse
  finds what is missing
  within 1 day
  then back to the decision

step arrange_help
  led by nurse
  within 1 day
  then settled

ending settled
  held by person
",
    ),
];

#[test]
fn what_was_once_wrong_is_right() {
    for (what, places) in ONCE_WRONG {
        let start =
            places.lines().find_map(|line| line.split_once(' ').filter(|(kind, _)| ["step", "repeat"].contains(kind)));
        let start = start.expect("it has a first step").1.split_whitespace().next().expect("it has a name");
        let text = format!(
            "onward 1\n\npathway small\n  version 1\n  starts at {start}\n\nfacts\n  managing yes or no\n  what_helps text\n\n{places}"
        );
        let sample = common::Sample::new("small.pathway", &text, true);
        let (_, report) = sample.compile();
        let different = sample.differences(&report);
        assert!(different.is_empty(), "{what}:\n{}", different.join("\n"));
        let wrong = common::suggestions_help(&report);
        assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
    }
}
