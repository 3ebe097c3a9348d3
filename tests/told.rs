//! Who is told what: those whom the person lets be told (1.6), and the person before they pay.
#![allow(clippy::panic, reason = "a test stops where something is wrong")]

mod small;

use onward::engine::{Case, EffectKind, EntryKind, Event, EventKind};
use onward::model::{Answer, Name};
use small::{at, compile, done, only, open_in, send, text};

const CALLS: &str = "facts
  team_may_know yes or no asked of person lets team be told

step first
  led by nurse
  finds team_may_know
  within 2 days
  tell person \"Somebody will come.\"
  then second

step second
  led by nurse
  within 2 days
  tell team \"She is coming home.\" if the person agrees
  chargeable told in first
  then home";

/// What somebody was told once the first step was done like this.
fn told(facts: &[(&str, &str)]) -> (Vec<EffectKind>, Case) {
    let mut case = open_in(&compile(&text(CALLS)));
    let answer = case.apply(Event::new("e", done("first", facts)), at("01T10:00")).expect("it is done");
    let tell = |kind: &EffectKind| matches!(kind, EffectKind::Tell { .. });
    (answer.effects.into_iter().map(|effect| effect.what).filter(tell).collect(), case)
}

#[test]
fn a_role_is_told_only_if_the_person_agrees() {
    let (effects, _) = told(&[("team_may_know", "yes")]);
    let [EffectKind::Tell { who, text }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((who.as_str(), text.as_str()), ("team", "She is coming home."));

    let (effects, case) = told(&[("team_may_know", "no")]);
    assert_eq!(effects, []);
    let not_told = |what: &EntryKind| match what {
        EntryKind::NotTold { who, unless, step } => Some([who.clone(), unless.clone(), step.clone()]),
        _ => None,
    };
    let kept: Vec<[Name; 3]> = case.record().journal.iter().filter_map(|entry| not_told(&entry.what)).collect();
    assert_eq!(kept, [["team", "team_may_know", "second"].map(Name::from)], "and it is known why");
}

#[test]
fn who_would_rather_not_say_has_not_agreed() {
    let mut case = open_in(&compile(&text(CALLS)));
    let facts = [(Name::from("team_may_know"), Answer::Declined("not now".into()))].into();
    let EventKind::Done { step, .. } = done("first", &[]) else { panic!("it is done") };
    send(&mut case, EventKind::Done { step, facts }, "01T10:00");
    assert_eq!(only(&case).step.as_str(), "second");
    assert!(case.record().journal.iter().any(|entry| matches!(entry.what, EntryKind::NotTold { .. })));
    case.verify().expect("it is what its journal makes it");
}
