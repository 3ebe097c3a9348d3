//! Branches that are pathways of their own (10.71): what they mean, what is said when they are written wrongly, and what
//! becomes of them in hard moments.
#![allow(clippy::panic)]

mod small;

use onward::engine::{Case, CaseRecord, EntryKind, EventKind, LifeEvent, Outcome};
use onward::{Library, Source};
use small::{at, done, ending, send, steps};

/// What a branch follows: somebody looks, and stays a while if it is not fine; what hurts much is seen to first.
const LOOK: &str = "
pathway look_after
  version 1
  starts at look

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> left_alone
  if nobody can -> left_alone
  if died -> left_alone
  if withdrew -> left_alone
  if cannot be reached -> left_alone
  if moved away -> left_alone
  if opened in error -> left_alone

step look
  led by nurse
  finds ready
  within 4 hours
  then how_is_it

decide how_is_it
  when ready -> fine
  if none of these -> stay
  if we do not know yet -> left_alone

step stay
  led by nurse
  within 4 hours
  then fine

step ease
  led by nurse
  within 1 hour
  then fine

at any time it_hurts
  if pain at least 8 -> ease, instead, at most once
  if we do not know yet -> nothing, because \"they say so\"

ending fine
  held by person

ending left_alone
  held by person
";

/// A block of three, one of which is another pathway, and where it leads.
const BLOCK: &str = "together first
  bed led by team within 1 day
  visit \"Somebody looks in\" follows look_after, done if it ends in fine
  food led by team within 1 day
  all done within 2 days
  if not all done -> talk
  if late -> talk
  then wash

step talk led by team within 1 day then over

step wash led by team within 1 day then over";

fn text(block: &str) -> String {
    format!("{}\n{LOOK}", small::text(block))
}

fn open(block: &str) -> Case {
    small::open_text(&text(block))
}

/// What comes next, by name.
fn next(case: &Case) -> Vec<String> {
    steps(case).into_iter().map(|step| step.step.to_string()).collect()
}

/// What is open, by name, blocks among it.
fn is_open(case: &Case) -> Vec<&str> {
    case.record().open.iter().map(|open| open.step.as_str()).collect()
}

/// What a text is answered with.
fn said(text: &str) -> String {
    match Library::compile(vec![Source::new("small.pathway", text)]) {
        Ok(_) => String::new(),
        Err(report) => report.to_string(),
    }
}

#[test]
fn a_branch_opens_with_its_block_and_is_done_by_its_ending() {
    let mut case = open(BLOCK);
    assert_eq!(next(&case), ["bed", "visit/look", "food"]);
    let look = steps(&case).into_iter().find(|it| it.step == "visit/look");
    assert_eq!(look.and_then(|it| it.part_of), Some("first".into()), "it is part of the block");
    send(&mut case, done("bed", &[]), "01T10:00");
    send(&mut case, done("visit/look", &[("ready", "no")]), "01T10:10");
    assert_eq!(next(&case), ["food", "visit/stay"]);
    send(&mut case, done("food", &[]), "01T10:20");
    assert_eq!(next(&case), ["visit/stay"], "the block waits for it");
    send(&mut case, done("visit/stay", &[]), "01T10:30");
    assert_eq!(next(&case), ["wash"]);
    let ended = case.record().journal.iter().filter_map(|entry| match &entry.what {
        EntryKind::BranchEnded { branch, done, .. } => Some((branch.as_str(), *done)),
        _ => None,
    });
    assert_eq!(ended.collect::<Vec<_>>(), [("visit", true)]);
}

#[test]
fn an_ending_that_does_not_count_is_a_branch_not_done() {
    let mut case = open(BLOCK);
    send(&mut case, done("bed", &[]), "01T10:00");
    send(&mut case, done("food", &[]), "01T10:10");
    let declines = EventKind::Declined { step: "visit/look".into(), reason: None };
    send(&mut case, declines, "01T10:20");
    assert_eq!(next(&case), ["talk"]);
}

#[test]
fn enough_done_stands_the_branch_down() {
    let block =
        BLOCK.replace("all done within", "first 2 done within").replace("if not all done", "if fewer than 2 are done");
    let mut case = open(&block);
    send(&mut case, done("bed", &[]), "01T10:00");
    send(&mut case, done("visit/look", &[("ready", "no")]), "01T10:10");
    send(&mut case, done("food", &[]), "01T10:20");
    assert_eq!(next(&case), ["wash"]);
    let stay = case.record().journal.iter().find_map(|entry| match &entry.what {
        EntryKind::Ended { step, how, .. } if step == "visit/stay" => Some(*how),
        _ => None,
    });
    assert_eq!(stay, Some(Outcome::StoodDown));
}

#[test]
fn a_death_in_the_middle_of_three_branches_stands_them_all_down() {
    let mut case = open(BLOCK);
    send(&mut case, done("visit/look", &[("ready", "no")]), "01T10:00");
    assert_eq!(next(&case), ["bed", "food", "visit/stay"]);
    send(&mut case, EventKind::Life { what: LifeEvent::Died }, "01T11:00");
    assert_eq!(ending(&case), Some("over"), "the way of the block, and not of what it calls");
    assert!(is_open(&case).is_empty());
}

#[test]
fn what_interrupts_a_branch_leaves_the_others_open() {
    let mut case = open(BLOCK);
    let hurts = std::collections::BTreeMap::from([("pain".into(), onward::model::Answer::Value("9".to_string()))]);
    send(&mut case, EventKind::Record { facts: hurts }, "01T10:00");
    assert_eq!(next(&case), ["bed", "food", "visit/ease"]);
    send(&mut case, done("visit/ease", &[]), "01T10:30");
    send(&mut case, done("bed", &[]), "01T10:40");
    send(&mut case, done("food", &[]), "01T10:50");
    assert_eq!(next(&case), ["wash"]);
}

#[test]
fn what_interrupts_the_block_takes_the_branch_with_it() {
    let fires = "at any time ready_now\n  if ready -> wash, instead, at most once\n  if we do not know yet -> nothing, because \"it is asked\"";
    let mut case = open(&format!("{BLOCK}\n\n{fires}"));
    send(&mut case, done("visit/look", &[("ready", "yes")]), "01T10:00");
    assert_eq!(next(&case), ["wash"], "what a branch finds is looked at before the block goes on");
    assert_eq!(is_open(&case), ["wash"]);
}

#[test]
fn what_is_over_at_once_is_over_at_once() {
    let at_once = LOOK.replace("starts at look\n", "starts at how_is_it\n");
    let both = "together first
  visit follows look_after, done if it ends in fine
  again follows look_after, done if it ends in left_alone
  all done within 2 days
  if not all done -> talk
  then wash

step talk led by team within 1 day then over

step wash led by team within 1 day then over";
    let case = small::open_text(&format!("{}\n{at_once}", small::text(both)));
    assert_eq!(next(&case), ["talk"], "nobody knows, so the first is not done, and the second is");
    let one =
        both.replace("all done within", "first 1 done within").replace("if not all done", "if fewer than 1 are done");
    let case = small::open_text(&format!("{}\n{at_once}", small::text(&one)));
    assert_eq!(next(&case), ["wash"]);
}

#[test]
fn a_case_in_a_branch_is_saved_and_goes_on() {
    let library = small::compile(&text(BLOCK));
    let mut case = small::open_in(&library);
    send(&mut case, done("visit/look", &[("ready", "no")]), "01T10:00");
    let saved = case.record().to_json();
    let record = CaseRecord::from_json(&saved).unwrap_or_else(|problem| panic!("{problem}"));
    let mut again = library.load(record).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(next(&again), next(&case));
    for (step, now) in [("visit/stay", "01T10:30"), ("bed", "01T10:40"), ("food", "01T10:50")] {
        send(&mut case, done(step, &[]), now);
        send(&mut again, done(step, &[]), now);
    }
    assert_eq!(next(&again), ["wash"]);
    assert_eq!(again.record().to_json(), case.record().to_json());
    again.verify().unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn a_branch_that_is_late_goes_up_its_own_ladder_and_ends_with_its_block() {
    let mut case = open(BLOCK);
    case.advance(at("01T14:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    let look = steps(&case).into_iter().find(|it| it.step == "visit/look");
    assert!(look.is_some_and(|it| it.escalated_to.is_some()), "somebody is asked");
    case.advance(at("03T09:00")).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(next(&case), ["talk"], "the block was late");
    assert_eq!(is_open(&case), ["talk"]);
}

#[test]
fn what_is_written_wrongly_is_answered() {
    let wrong = |from: &str, to: &str| said(&text(&BLOCK.replace(from, to)));
    let says = |said: &str, what: &str| assert!(said.contains(what), "{what}\n{said}");
    says(&wrong(", done if it ends in fine", ""), "`visit` does not say when it is done");
    says(&wrong("ends in fine", "ends in fin"), "`look_after` does not end in `fin`");
    says(&wrong("ends in fine", "ends in fine or fine"), "`fine` stands twice in this list");
    says(&wrong("follows look_after", "follows look_afer"), "there is no `look_afer`");
    says(&wrong("follows look_after", "follows small"), "`small` calls itself");
    says(&wrong("then wash\n", "then visit\n"), "visit");
    let hands_over = LOOK.replace(
        "step stay\n  led by nurse\n  within 4 hours\n",
        "hand over stay\n  from nurse\n  to team\n  carrying ready\n  accepted within 4 hours\n  if declined, saying why -> left_alone\n",
    );
    let said = said(&format!("{}\n{hands_over}", small::text(BLOCK)));
    says(&said, "`visit` is done side by side with others, and `visit/stay` hands the person over");
}
