//! Where the person is (4.10): a place says so when it opens, the journal keeps it, and `why` says it.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::EntryKind;
use onward::model::Name;
use small::{compile, done, open_in, send, text};

const GOES: &str = "distance from home
  home, bed, care_home

step first
  led by nurse
  within 2 days
  place bed
  tell person \"You stay here for now.\"
  then second

step second
  led by nurse
  within 2 days
  place bed
  then third

step third
  led by nurse
  within 2 days
  then away

call away
  follows elsewhere
  if it ends in there -> last

step last
  led by nurse
  within 2 days
  then over";

const ELSEWHERE: &str = "
pathway elsewhere
  version 1
  starts at packs

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> there
  if nobody can -> there
  if died -> there
  if withdrew -> there
  if cannot be reached -> there
  if moved away -> there
  if opened in error -> there

step packs
  led by nurse
  within 1 day
  then there

ending there
  held by person
  place care_home
  tell person \"This is where you live now.\"
";

#[test]
fn where_the_person_is_changes_when_a_place_says_so_opens() {
    let library = compile(&text(GOES).replacen("\ndirectory here", &format!("{ELSEWHERE}\ndirectory here"), 1));
    let mut case = open_in(&library);
    let mut seen = vec![case.lives_at().cloned()];
    for (step, now) in [("first", "01T10:00"), ("second", "01T11:00"), ("third", "01T12:00")] {
        send(&mut case, done(step, &[]), now);
        seen.push(case.lives_at().cloned());
    }
    assert_eq!(seen, vec![Some(Name::from("bed")); 4]);
    // What a called pathway ends with says it too.
    send(&mut case, done("away/packs", &[]), "01T13:00");
    assert_eq!(case.lives_at(), Some(&Name::from("care_home")));
    let moves = case.record().journal.iter().filter_map(|entry| match &entry.what {
        EntryKind::IsAt { at, step } => Some((at.to_string(), step.to_string())),
        _ => None,
    });
    let moves: Vec<(String, String)> = moves.collect();
    let wanted = [("bed", "first"), ("care_home", "away/there")].map(|(at, step)| (at.to_string(), step.to_string()));
    assert_eq!(moves, wanted, "only where it is somewhere else");
    assert_eq!(case.why("second").and_then(|why| why.is_at), Some(Name::from("bed")));
    assert_eq!(case.why("last").and_then(|why| why.is_at), None);
    case.verify().expect("it is what its journal makes it");
}

#[test]
fn how_far_from_home_a_place_is_is_part_of_what_a_pathway_means() {
    let hash = |text: &str| compile(text).pathways().next().expect("one").1.hash.clone();
    let one = text(GOES)
        .replace("\ncall away\n  follows elsewhere\n  if it ends in there -> last\n", "")
        .replace("then away", "then last");
    assert_ne!(hash(&one), hash(&one.replace("home, bed, care_home", "home, care_home, bed")));
    // Nothing that says where the person is: the order means nothing there.
    let none = one.replace("  place bed\n", "");
    assert_eq!(hash(&none), hash(&none.replace("home, bed, care_home", "home, care_home, bed")));
}
