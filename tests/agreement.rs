//! The checker and the oracle agree: two who read docs/semantics.md, and nothing of each other.
//!
//! `ONWARD_CASES` says over how many random worlds, `ONWARD_SAY=1` prints what occurred how often, and the text and the
//! traces of a world they disagree about are in the failure.
#![allow(clippy::panic)]

mod oracle;
mod worlds;

use onward::calendar::{Length, Moment};
use onward::check::Evidence;
use onward::diagnostic::Kind;
use onward::model::{DirectoryId, PathwayId};
use onward::{Library, Proof, Source};
use oracle::{Choices, Dialect, PlaceKind, Promise, Promised, SLOT_HOURS, Thing, Verdict, World, judge, moves_untold};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use worlds::{Dice, for_all};

/// What the checker must find exactly when the oracle does.
const COMPARED: &[&str] = &[
    "gap",
    "endless",
    "never-reached",
    "nobody-answers",
    "too-late",
    "not-handed-over",
    "asked-twice",
    "unheld-ending",
    "still-owed",
    "no-option",
    "unwatched",
    "no-matters",
    "no-safety-net",
    "plan-not-shared",
    "no-review",
    "no-responder",
    "further-from-home",
    "against-wish",
    "not-served",
    "served-twice",
    "unacknowledged",
    "nothing-to-go-by",
];

/// Of these there need not be a story.
const OF_THE_FILE: &[&str] =
    &["no-review", "too-late", "further-from-home", "against-wish", "not-served", "nobody-answers"];

/// In how many of a hundred worlds where a case takes longer than was promised no such case may be found: the slowest run
/// is looked for among a few that go on side by side (measured: 2 of 51 in 2,000 worlds).
const NOT_FOUND: u32 = 4;

/// What becomes of what is asked where two found different things, in some worlds.
const SETTLING: &[&str] = &[
    "whoever settles it is not there",
    "nobody who settles it serves the person",
    "somebody on a ladder is asked",
    "nobody answers what it is",
    "whoever settles it is asked again",
    "whoever settles it cannot, and nobody else is asked",
    "the case closes, or the person dies, and it is not settled",
];

impl Choices for Dice {
    fn below(&mut self, n: usize) -> usize {
        Dice::below(self, n)
    }
}

/// What came of many worlds: how often what occurred, and what the two disagree about.
#[derive(Default)]
struct Tally {
    counts: RefCell<BTreeMap<String, u32>>,
    disagreements: RefCell<BTreeMap<String, Vec<String>>>,
}

impl Tally {
    fn count(&self, what: impl Into<String>) {
        *self.counts.borrow_mut().entry(what.into()).or_default() += 1;
    }

    fn of(&self, what: &str) -> u32 {
        self.counts.borrow().get(what).copied().unwrap_or(0)
    }

    /// How many in a hundred.
    fn rate(&self, what: &str, of: &str) -> u32 {
        self.of(what) * 100 / self.of(of).max(1)
    }

    fn disagree(&self, about: &str, world: &World, oracle: &Verdict, said: &str) {
        let text = format!("{}\n{oracle:#?}\n{said}", world.text());
        self.disagreements.borrow_mut().entry(about.to_string()).or_default().push(text);
    }

    /// Fails where they disagreed, with the smallest world for each.
    fn settle(&self) {
        if std::env::var("ONWARD_SAY").is_ok() {
            self.counts.borrow().iter().for_each(|(what, times)| println!("{times:6} {what}"));
        }
        let disagreements = self.disagreements.borrow();
        for (about, worlds) in disagreements.iter() {
            let smallest = worlds.iter().min_by_key(|text| text.len()).map_or("", String::as_str);
            println!("==== they disagree about {about}, {} times\n{smallest}", worlds.len());
        }
        let about: Vec<&String> = disagreements.keys().collect();
        assert!(about.is_empty(), "they disagree about {about:?}");
    }
}

/// The library of a world, and what was proved of it.
fn proved(world: &World) -> Result<Library, String> {
    Library::compile(vec![Source::new("small.pathway", world.text())]).map_err(|report| report.to_string())
}

/// Looks at one world from both sides.
fn compare(tally: &Tally, world: &World) {
    let oracle = judge(world);
    tally.count("worlds");
    world.constructs().iter().for_each(|construct| tally.count(*construct));
    if oracle.gave_up {
        tally.count("given up by the oracle");
        return;
    }
    if oracle.is_sound() {
        tally.count("sound");
    }
    let library = match proved(world) {
        Ok(library) => library,
        Err(report) => {
            tally.disagree("whether it can be read", world, &oracle, &report);
            return;
        }
    };
    let said = library.report().to_string();
    let Some((pathway, _)) = library.pathways().next() else { return };
    let (Some(proof), Some(directory)) = (library.proof(pathway), library.directory_for(pathway)) else {
        return;
    };
    // What nothing inside a call leads to is said of the pathway that is called.
    let part = library.pathway("inner").and_then(|part| part.proof());
    let inside = |kind: &str| {
        let never = part.filter(|_| kind == "never-reached").map_or(&[][..], |part| &part.flaws);
        never.iter().any(|flaw| flaw.finding.kind.name() == kind && flaw.finding.message.contains("`p"))
    };
    let found = |kind: &str| proof.flaws.iter().any(|flaw| flaw.finding.kind.name() == kind) || inside(kind);
    let disagree = |about: &str| tally.disagree(about, world, &oracle, &said);
    if found("undecided") {
        tally.count("undecided by the checker");
    }
    if oracle.is_sound() && proof.holds() {
        tally.count("sound and proved");
    }
    for kind in COMPARED {
        if oracle.has(kind) {
            tally.count(format!("finding {kind}"));
        }
        if found(kind) != oracle.has(kind) {
            disagree(&format!("{kind}, {}", if found(kind) { "too much" } else { "missed" }));
        }
    }
    for (promise, promised) in world.promises.iter().zip(&oracle.promises) {
        let (broken, undecided) = (found("promise-broken"), found("undecided"));
        let fits = match promised {
            // The oracle begins with a slot; what begins inside one may take longer, where somebody is not always there.
            Promised::Kept if matches!(promise, Promise::Within(_)) => !broken || !always_open(world),
            Promised::Kept => !broken,
            Promised::BrokenOnPaper(_) => undecided && !broken,
            Promised::Broken(_) => undecided || broken,
        };
        tally.count(format!("a promise {}", if *promised == Promised::Kept { "kept" } else { "broken" }));
        if !fits {
            disagree("a promise");
        }
    }
    longest(tally, world, proof, &oracle, &disagree);
    stories(tally, world, &library, (pathway, directory), &oracle, &disagree);
}

/// Few worlds have any of this: these are looked for.
#[test]
fn the_checker_finds_what_the_oracle_finds_where_it_is_rare() {
    let tally = Tally::default();
    // Where more cases are asked for, more of these are looked for as well.
    let times = (worlds::config(256).cases / 256).max(1);
    for (rare, many) in RARE {
        let many = many * times as usize;
        let worlds =
            (0..MOST_TRIED * u64::from(times)).map(|seed| World::random(&mut Dice::of(seed, 300), Dialect::EVERYTHING));
        let some = worlds.filter(|world| world.places.len() < 6 && world.constructs().contains(rare));
        some.take(many).for_each(|world| compare(&tally, &world));
        assert!(tally.of(rare) as usize >= many, "{} worlds have {rare}", tally.of(rare));
    }
    tally.settle();
}

/// What few worlds have, how many with each of it are compared, and among how many these are looked for.
const RARE: &[(&str, usize)] = &[
    ("a role that decides alongside, with routes of its own", 10),
    ("a branch in which one decides", 2),
    ("a branch in which one waits", 2),
    ("several long branches in one block", 4),
    ("a branch in which a role decides", 4),
    ("a branch in which a role is advised", 4),
    ("a positive risk that one goes on in a branch", 6),
    ("a review that is a branch", 4),
    ("a promise of what is not reached without something, about a branch", 4),
    ("a promise to whoever has something, about a branch", 4),
    ("a promise from place to place, about a branch", 4),
    ("a role that settles what is disputed, and serves some people only", 4),
];
const MOST_TRIED: u64 = 3_000;

/// What waits for what is presumed for good is watched, until a handover has left behind that it was found otherwise. Hardly
/// any world is like that: these are made so.
#[test]
fn the_checker_finds_what_handovers_leave_behind_where_the_oracle_does() {
    let (mut left, mut kept) = (0, 0);
    let worlds = (0..MOST_TRIED).map(|seed| World::random(&mut Dice::of(seed, 300), Dialect::EVERYTHING));
    let hands_over = |world: &World| world.constructs().contains(&"a handover") && !world.interrupts.is_empty();
    for mut world in worlds.filter(hands_over).filter(|world| world.places.len() < 6).take(LEFT_BEHIND) {
        world.interrupts.iter_mut().for_each(|it| it.watched = false);
        for place in &mut world.places {
            if let PlaceKind::HandOver(over) = &mut place.kind {
                over.carrying = 0;
            }
        }
        for fact in &mut world.facts {
            (fact.presumed, fact.good_for, fact.disputed, fact.settled) =
                (fact.presumed.or(Some(0)), None, None, false);
        }
        let oracle = judge(&world);
        let Ok(library) = proved(&world) else { continue };
        let Some((pathway, _)) = library.pathways().next().filter(|_| !oracle.gave_up) else { continue };
        let flaws = library.proof(pathway).map_or(&[][..], |proof| &proof.flaws);
        let found = flaws.iter().any(|flaw| flaw.finding.kind == Kind::Unwatched);
        *(if found { &mut left } else { &mut kept }) += 1;
        assert_eq!(found, oracle.has("unwatched"), "{}\n{oracle:#?}\n{}", world.text(), library.report());
    }
    assert!(left > 5 && kept > 5, "both are there: {left} and {kept}");
}

/// How many worlds are looked at in which something presumed may be left behind.
const LEFT_BEHIND: usize = 100;

#[test]
fn the_checker_finds_what_the_oracle_finds() {
    let tally = Tally::default();
    for_all(256, 200, |dice| {
        compare(&tally, &World::random(dice, Dialect::EVERYTHING));
        Ok(())
    });
    tally.settle();
    let too_short = "everyone reaches";
    let (broken, missed) = ("a promise broken in a run", "a promise broken in a run, and no story");
    let (broken, missed) = (tally.of(&format!("{broken}: {too_short}")), tally.of(&format!("{missed}: {too_short}")));
    assert!(missed * 100 <= broken * NOT_FOUND + 100, "{missed} of {broken} promises that are too short have no story");
    assert!(tally.rate("sound", "worlds") >= 30, "at least three of ten worlds are sound");
    assert!(tally.rate("given up by the oracle", "worlds") <= 2, "hardly a world is too large");
}

/// Every kind of finding that a run of this world shows has a story that replays; and so has every promise that is broken.
fn stories(
    tally: &Tally,
    world: &World,
    library: &Library,
    (pathway, directory): (PathwayId, DirectoryId),
    oracle: &Verdict,
    disagree: &dyn Fn(&str),
) {
    let stage = library.stage(pathway, directory);
    let flaws = library.proof(pathway).map_or(&[][..], |proof| &proof.flaws);
    let mut told: BTreeMap<&str, bool> = BTreeMap::new();
    for flaw in flaws {
        let kind = flaw.finding.kind.name();
        let story = flaw.story.as_ref();
        if story.is_some_and(|story| !stage.shows(story, &flaw.evidence)) {
            disagree(&format!("the story of {kind}"));
        }
        // A risk without a review, a time counted after something else, what a role may choose because something is not
        // known, what grounds there are, and who is there for some, are said of the file (11.9, 10.37, 10.38, 11.11, 11.4).
        let of_the_file = flaw.evidence == Evidence::Static && OF_THE_FILE.contains(&kind);
        *told.entry(kind).or_default() |= story.is_some() || of_the_file;
        tally.count(format!("{}: {kind}", if story.is_some() { "with a story" } else { "without a story" }));
    }
    // What interrupts may happen at any moment to the oracle, and to somebody only when what it waits for was recorded: so
    // what its runs show need not happen to anybody.
    if !world.interrupts.is_empty() {
        return;
    }
    for (kind, told) in told {
        if oracle.shown.keys().any(|it| it.name() == kind) {
            tally.count(format!("shown by a run: {kind}"));
            // Two who ask for the same in long branches are looked for, and not always found: that is open.
            let in_long_branches = kind == "asked-twice" && world.all_more().next().is_some();
            if !told && in_long_branches {
                tally.count("asked twice in long branches, and no story");
            } else if !told {
                disagree(&format!("whether there is a story of {kind}"));
            }
        }
    }
    for (promise, promised) in world.promises.iter().zip(&oracle.promises) {
        if matches!(promised, Promised::Broken(_)) {
            let what = match promise {
                Promise::Within(_) => "everyone reaches",
                Promise::Without(..) => "nobody reaches",
                Promise::Never(..) => "never",
                Promise::AskedTwice => "asked twice",
                Promise::Whoever(..) => "whoever has",
                Promise::Leads(..) => "whoever reaches",
            };
            tally.count(format!("a promise broken in a run: {what}"));
            if !flaws.iter().any(|flaw| flaw.finding.kind == Kind::PromiseBroken) {
                tally.count(format!("a promise broken in a run, and no story: {what}"));
                // How long a case can take is searched for, and not exhaustively: see `NOT_FOUND`. Whether a branch may be
                // over when a promise begins is not decided (11.7).
                if !matches!(promise, Promise::Within(_)) && !may_be_behind(promise)
                    || std::env::var_os("ONWARD_SLOWEST").is_some()
                {
                    disagree(&format!("whether there is a story of {what}"));
                }
            }
        }
    }
}

/// Whether what is promised may be behind whoever it is promised to: a branch that opens with its block.
fn may_be_behind(promise: &Promise) -> bool {
    match *promise {
        Promise::Whoever(_, it, _) => it != it.opens_with(),
        Promise::Leads(Thing::Further(place, _), it, _) => it.place() == Some(place),
        _ => false,
    }
}

/// Whether it makes no difference when in a slot something begins: everybody is always there, no meeting is too early, and
/// nothing takes less than a slot.
fn always_open(world: &World) -> bool {
    !world.has_something_urgent()
        && world.meetings().next().is_none()
        && world.contacts.iter().all(|contact| contact.open == 0xFF)
}

/// The bound is never below the longest there is; and nothing that is played is longer than that.
fn longest(tally: &Tally, world: &World, proof: &Proof, oracle: &Verdict, disagree: &dyn Fn(&str)) {
    let (Some(it), Some(longest)) = (&proof.longest, oracle.longest) else { return };
    let longest = Length::hours(i64::from(longest * SLOT_HOURS));
    tally.count("with a longest time");
    if it.at_most < longest {
        disagree("the longest time: the bound is too small");
    }
    if it.at_most == longest {
        tally.count("with a longest time that is exact");
    }
    if it.played == Some(it.at_most) {
        tally.count("with a longest time that was played");
    }
    // The oracle begins with a slot: where somebody is not always there, what begins inside one may take longer.
    let most = if always_open(world) { longest } else { it.at_most };
    if it.played.is_some_and(|played| played > most) {
        disagree("the longest time: what was played is longer than can be");
    }
}

/// Whatever goes wrong in a run is a finding by the letter of section 11; and the worlds show every kind, in a run too.
#[test]
fn what_a_run_shows_is_a_finding() {
    let tally = Tally::default();
    let count = |what: String| tally.count(what);
    for_all(600, 200, |dice| {
        let world = World::random(dice, Dialect::EVERYTHING);
        let oracle = judge(&world);
        count("worlds".to_string());
        let most = oracle.states.1 / 1000;
        count(format!(
            "with {} states",
            if most == 0 {
                "up to 1,000"
            } else if most < 10 {
                "up to 10,000"
            } else {
                "more"
            }
        ));
        for (kind, run) in &oracle.shown {
            count(format!("run {}", kind.name()));
            prop_assert!(
                oracle.defined.contains_key(kind),
                "{kind:?} in a run and not on paper: {run}\n{}",
                world.text()
            );
        }
        for kind in oracle.defined.keys() {
            count(format!("finding {}", kind.name()));
        }
        for what in &oracle.settling {
            count(format!("to be settled: {what}"));
        }
        for promised in &oracle.promises {
            count(format!("a promise {}", if *promised == Promised::Kept { "kept" } else { "broken" }));
        }
        if oracle.is_sound() {
            count("sound".to_string());
        }
        Ok(())
    });
    tally.settle();
    let all = COMPARED.iter().map(|kind| format!("finding {kind}"));
    let of_the_text = ["served-twice", "unacknowledged", "unwatched", "no-option", "no-matters", "plan-not-shared"];
    let unseen = [&of_the_text[..], &["never-reached", "no-responder", "nothing-to-go-by"]].concat();
    let runs = COMPARED.iter().filter(|kind| !unseen.contains(*kind)).map(|kind| format!("run {kind}"));
    let promises = ["a promise kept", "a promise broken"].map(str::to_string);
    let settled = SETTLING.iter().map(|what| format!("to be settled: {what}"));
    for what in all.chain(runs).chain(promises).chain(settled) {
        assert!(tally.of("worlds") < 600 || tally.of(&what) > 0, "no world has `{what}`");
    }
    assert!(tally.rate("sound", "worlds") >= 30, "at least three of ten worlds are sound");
}

/// The hours in the text are the slots of the world: else the two would look at different weeks.
#[test]
fn hours_in_the_text_are_the_slots_of_the_world() {
    let monday: Moment = "2026-03-02T00:00:00Z".parse().expect("a time");
    for_all(64, 200, |dice| {
        let world = World::random(dice, Dialect::EVERYTHING);
        let library = Library::compile(vec![Source::new("small.pathway", world.text())]).expect("it compiles");
        let (_, directory) = library.directories().next().expect("it has one");
        for (contact, of_text) in world.contacts.iter().zip(&directory.contacts) {
            for number in 0..64 {
                let from = monday.plus(Length::hours(i64::from(SLOT_HOURS) * number));
                let many = 1 + number / 16;
                let length = Length::hours(i64::from(SLOT_HOURS) * many);
                let open = contact.throughout((number % 8) as u8, many as u8);
                prop_assert_eq!(directory.is_open(of_text, from, length), open, "slot {} of {}", number, world.text());
            }
        }
        Ok(())
    });
}

/// Every kind that is compared is one the checker has.
#[test]
fn every_kind_that_is_compared_is_there() {
    for kind in COMPARED {
        assert!(Kind::named(kind).is_some(), "`{kind}` is no kind of finding");
    }
}

/// What the person pays for, told of in another place: the same question as that nobody reaches the one without the other.
#[test]
fn whoever_pays_is_told_before_exactly_where_the_oracle_says_so() {
    let tally = Tally::default();
    for_all(300, 300, |dice| {
        let mut world = World::random(dice, Dialect::EVERYTHING);
        world.promises.clear();
        let many = world.places.len() as u8;
        let pairs = (0..many).flat_map(|reached| (0..many).map(move |first| (reached, first)));
        let texts = pairs.filter_map(|(reached, first)| Some((reached, first, charged(&world, reached, first)?)));
        let texts: Vec<(u8, u8, String)> = texts.collect();
        let Some((reached, first, text)) = texts.get(dice.below(texts.len())).cloned() else { return Ok(()) };
        world.promises.push(Promise::Without(Thing::Place(reached), Thing::Place(first)));
        let oracle = judge(&world);
        if oracle.gave_up {
            return Ok(());
        }
        let library = Library::compile(vec![Source::new("small.pathway", text.clone())]);
        let library = library.map_err(|report| TestCaseError::fail(format!("{report}\n{text}")))?;
        let proof = library.proof(PathwayId(0)).expect("it is proved with a directory");
        let found = |kind: &str| proof.flaws.iter().any(|flaw| flaw.finding.kind.name() == kind);
        let (told, undecided) = (!found("person-not-told"), found("undecided"));
        let (fits, what) = match oracle.promises[0] {
            Promised::Kept => (told, "told before"),
            Promised::BrokenOnPaper(_) | Promised::Broken(_) => (!told || undecided, "not told before"),
        };
        tally.count(what);
        prop_assert!(fits, "{what}\n{text}\n{:?}", oracle.promises);
        Ok(())
    });
    assert!(tally.of("told before") >= 10 && tally.of("not told before") >= 10, "both are seen");
}

/// A world in which one place costs something, and another says so; nothing where these cannot.
fn charged(world: &World, reached: u8, first: u8) -> Option<String> {
    // What is done in a call has another name where it is called.
    if reached == first || world.is_called(reached) || world.is_called(first) {
        return None;
    }
    let mut text = world.text();
    for (place, says) in
        [(reached, format!("chargeable told in p{first}")), (first, "tell person \"It costs.\"".into())]
    {
        let head = |word: &str| text.find(&format!("\n{word} p{place}\n")).map(|at| at + word.len() + 1);
        let at = ["step", "repeat", "hand over"].into_iter().find_map(head)?;
        let line = at + text[at..].find('\n')?;
        text.insert_str(line, &format!("\n  {says}"));
    }
    Some(text)
}

/// Who comes to be somewhere else is told before: by the paths of the oracle from one place to the other.
#[test]
fn whoever_moves_is_told_before_exactly_where_the_oracle_says_so() {
    let tally = Tally::default();
    for_all(200, 200, |dice| {
        let mut world = World::random(dice, Dialect { homes: false, ..Dialect::EVERYTHING });
        world.promises.clear();
        let many = world.places.len() as u8;
        let all = (0..many).flat_map(|from| (0..many).flat_map(move |to| (0..many).map(move |told| [from, to, told])));
        let texts: Vec<([u8; 3], String)> = all.filter_map(|it| Some((it, moved(&world, it)?))).collect();
        let Some(([from, to, told], text)) = texts.get(dice.below(texts.len())).cloned() else { return Ok(()) };
        let Some(moves) = moves_untold(&mut world, from, to, told) else { return Ok(()) };
        let library = Library::compile(vec![Source::new("small.pathway", text.clone())]);
        let library = library.map_err(|report| TestCaseError::fail(format!("{report}\n{text}")))?;
        let proof = library.proof(PathwayId(0)).expect("it is proved with a directory");
        let found = proof.flaws.iter().any(|flaw| flaw.finding.kind.name() == "person-not-told");
        tally.count(if moves { "moved without a word" } else { "told before" });
        prop_assert_eq!(found, moves, "p{} to p{}, told in p{}\n{}", from, to, told, text);
        Ok(())
    });
    assert!(tally.of("told before") >= 10 && tally.of("moved without a word") >= 10, "both are seen");
}

/// A world in which a place says that the person is at home, and another, told of in a third, that they are elsewhere.
fn moved(world: &World, [from, to, told]: [u8; 3]) -> Option<String> {
    if from == to
        || to == told
        || [from, to, told].iter().any(|place| world.is_called(*place) || world.is_beside(*place))
    {
        return None;
    }
    let mut text = world.text();
    for (place, says) in [
        (from, "place at_home\n  tell person \"You are at home.\"".to_string()),
        (to, format!("place care_home, told in p{told}")),
        (told, "tell person \"You are going there.\"".to_string()),
    ] {
        let head = |word: &str| text.find(&format!("\n{word} p{place}\n")).map(|at| at + word.len() + 1);
        let at = ["step", "repeat", "hand over"].into_iter().find_map(head)?;
        let line = at + text[at..].find('\n')?;
        text.insert_str(line, &format!("\n  {says}"));
    }
    text.push_str("\ndistance from home\n  at_home, care_home\n");
    Some(text)
}
