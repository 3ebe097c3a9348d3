//! What a role decides, rule by rule: what it may choose and when, and what it is told when it may not.
#![allow(clippy::panic)]

mod small;

use onward::calendar::Length;
use onward::engine::{Advised, Case, CaseRecord, Cause, EffectKind, Event, EventKind, Outcome, Refusal, Work};
use onward::model::{Answer, Name};
use small::{at, ending, only, open, send, steps};

const GUARDED: &str = "decide first
  when pain at least 7 -> home
  if none of these -> over, at most once, then rest
  option home only when ready and pain at most 8
  if we do not know yet -> team decides within 4 hours

step rest
  led by nurse
  within 2 hours
  then first";

fn record(facts: &[(&str, &str)]) -> EventKind {
    let facts = facts.iter().map(|(name, text)| (Name::from(*name), Answer::Value((*text).to_string())));
    EventKind::Record { facts: facts.collect() }
}

fn decide(option: &str) -> EventKind {
    EventKind::Decide { step: None, option: option.into(), advice: None, otherwise: None, reason: None }
}

fn refused(case: &mut Case, what: EventKind, now: &str) -> Refusal {
    let before = case.record().to_json();
    let refusal = case.apply(Event::new("refused", what), at(now)).expect_err("it does not fit");
    assert_eq!(case.record().to_json(), before, "{refusal}");
    refusal
}

fn options(case: &Case) -> (Vec<String>, Vec<(String, &'static str)>) {
    let Work::Decide { options, not_now, .. } = only(case).work else { panic!("somebody decides") };
    let closed = not_now.into_iter().map(|it| (it.option.to_string(), it.answer));
    (options.iter().map(Name::to_string).collect(), closed.collect())
}

#[test]
fn an_option_may_be_chosen_only_when_its_condition_is_a_definite_yes() {
    let mut case = open(GUARDED);
    assert_eq!(options(&case), (vec!["over".into()], vec![("home".into(), "not known yet")]));
    let refusal = refused(&mut case, decide("home"), "01T10:00");
    assert_eq!(refusal.code(), "option-not-open");
    assert_eq!(
        refusal.in_full(),
        "`home` may be chosen only when `ready and pain at most 8`, and that is not known yet; what may be chosen now is `over`"
    );
    let Refusal::OptionNotOpen { missing, options: open_now, .. } = refusal else { panic!("{refusal}") };
    assert_eq!((missing, open_now), (vec!["ready".into(), "pain".into()], vec![Name::from("over")]));
    // What is learnt meanwhile opens it, and what goes stale closes it again.
    send(&mut case, record(&[("ready", "yes"), ("pain", "7")]), "01T10:00");
    assert_eq!(options(&case), (vec!["home".into(), "over".into()], vec![]));
    let mut stale = case.clone();
    stale.advance(at("01T12:00")).expect("time goes on");
    let refusal = refused(&mut case.clone(), decide("rest"), "01T10:30");
    assert_eq!(refusal.to_string(), "`rest` is not an option here; the options are `home`, `over`");
    send(&mut case, record(&[("pain", "9")]), "01T11:00");
    let refusal = refused(&mut case, decide("home"), "01T11:00");
    assert!(refusal.in_full().contains("and that is no;"), "{refusal}");
    send(&mut stale, decide("home"), "01T12:30");
    assert_eq!(ending(&stale), Some("home"));
}

#[test]
fn what_a_row_takes_asks_for_no_leave() {
    let mut case = open(
        &GUARDED
            .replace(
                "decide first",
                "step first\n  led by nurse\n  finds pain\n  within 2 hours\n  then look\n\ndecide look",
            )
            .replace("then first", "then look"),
    );
    send(
        &mut case,
        EventKind::Done { step: "first".into(), facts: [("pain".into(), Answer::Value("9".into()))].into() },
        "01T10:00",
    );
    assert_eq!((ending(&case), steps(&case).len()), (Some("home"), 0));
}

const ADVISING: &str = "step first
  led by nurse
  finds pain
  within 2 hours
  then look

decide look \"What would help\"
  advise team to decide with nurse, person, within 4 hours
  when pain at least 7 -> rest
  if none of these -> over
  reason for rest from nurse when pain at least 7 \"It hurts too much.\"
  reason against rest from person when ready \"I would rather go home.\"
  option home_again only when ready
  when pain at most 1 and ready -> home_again
  otherwise because one of her_wish, too_much_risk
  if we do not know yet -> over

step rest
  led by nurse
  within 2 hours
  then over

step home_again
  led by team
  within 2 hours
  then home";

fn answer(advice: &str, option: &str, otherwise: Option<&str>, why: Option<&str>) -> EventKind {
    EventKind::Decide {
        step: None,
        option: option.into(),
        advice: Some(advice.into()),
        otherwise: otherwise.map(Name::from),
        reason: why.map(str::to_string),
    }
}

fn advised(case: &Case) -> Advised {
    let Work::Decide { advice: Some(advice), .. } = only(case).work else { panic!("somebody is advised") };
    *advice
}

/// A case in which the team is advised to let the person rest.
fn asked() -> (Case, onward::engine::Answer) {
    let mut case = open(ADVISING);
    let said = send(&mut case, small::done("first", &[("pain", "8")]), "01T10:00");
    (case, said)
}

#[test]
fn nobody_who_decides_is_told_what_is_kept_from_them() {
    let told = |library: &str| {
        let mut case = small::open_text(library);
        send(&mut case, small::done("first", &[("pain", "8")]), "01T10:00");
        send(&mut case, record(&[("ready", "no")]), "01T10:00");
        let chosen = answer(&advised(&case).id, "home_again", Some("her_wish"), Some("She asked for it."));
        let refusal = refused(&mut case, chosen, "01T10:00");
        let advice = advised(&case);
        (advice.advises.map(|it| it.to_string()), advice.reasons.len(), options(&case), refusal.code())
    };
    let rest = Some("rest".to_string());
    let may = vec!["rest".to_string(), "over".to_string()];
    let whole = small::text(ADVISING);
    let no = vec![("home_again".to_string(), "no")];
    assert_eq!(told(&whole), (rest.clone(), 1, (may.clone(), no.clone()), "option-not-open"));
    // From who decides, and from who takes part.
    for role in ["team", "nurse", "person"] {
        let from = whole.replace("pain 0 to 10", &format!("pain 0 to 10 kept from {role}"));
        let from = from.replace("led by nurse\n  finds pain", "led by office_work\n  finds pain");
        let from =
            from.replace("role team", "role office_work\nrole team").replace("fills team", "fills team, office_work");
        assert_eq!(told(&from), (rest.clone(), 0, (may.clone(), no.clone()), "option-not-open"), "{role}");
        let from = whole.replace("ready yes or no", &format!("ready yes or no kept from {role}"));
        assert_eq!(told(&from), (rest.clone(), 1, (may.clone(), vec![]), "not-an-option"), "{role}");
    }
}

#[test]
fn a_decision_that_advises_asks_a_role_and_says_what_speaks_for_and_against() {
    let (mut case, said) = asked();
    let step = only(&case);
    assert_eq!((step.title.as_str(), step.owner.as_str(), step.due), ("What would help", "team", at("01T14:00")));
    assert!(step.if_late.contains("escalate to help"), "{}", step.if_late);
    let advice = advised(&case);
    assert_eq!((advice.id.as_str(), advice.advises.as_deref()), ("look/team#1.1", Some("rest")));
    let told = |advice: &Advised| -> Vec<(String, bool, String)> {
        advice.reasons.iter().map(|it| (it.option.to_string(), it.against, it.from.to_string())).collect()
    };
    assert_eq!(told(&advice), [("rest".to_string(), false, "nurse".to_string())]);
    assert_eq!(options(&case), (vec!["rest".into(), "over".into()], vec![("home_again".into(), "not known yet")]));
    let id =
        EffectKind::Advised { step: "look/team#1".into(), advice: advice.id.clone(), advises: Some("rest".into()) };
    assert!(said.effects.iter().any(|effect| effect.what == id), "{:?}", said.effects);
    // A fact that it looks at changes: the next step stays, and the advice gets a new number.
    let said = send(&mut case, record(&[("ready", "yes")]), "01T11:00");
    let again = advised(&case);
    assert_eq!((only(&case).id, only(&case).due), (step.id, step.due));
    assert_eq!((again.id.as_str(), again.advises.as_deref()), ("look/team#1.2", Some("rest")));
    assert_eq!(told(&again).last(), Some(&("rest".to_string(), true, "person".to_string())));
    assert_eq!(said.effects.len(), 1, "{:?}", said.effects);
    // What it does not look at, and what says the same again, changes nothing.
    send(&mut case, record(&[("ready", "yes")]), "01T11:30");
    assert_eq!(advised(&case).id, again.id);
    send(&mut case, answer(&again.id, "rest", None, None), "01T12:00");
    assert_eq!(only(&case).step, "rest");
    let Some(Cause::Ended { choice: Some(choice), .. }) = case.why("rest").map(|why| why.cause) else {
        panic!("the choice led there")
    };
    assert_eq!((choice.is_override, choice.reasons.len()), (false, 2));
    assert_eq!(case.overrides().len(), 0);
    assert_eq!(case.replay().expect("it plays").record(), case.record());
    case.verify().expect("its journal makes it");
}

#[test]
fn an_answer_names_the_advice_that_stands() {
    let (mut case, _) = asked();
    let refusal = refused(&mut case, decide("rest"), "01T10:30");
    assert_eq!(refusal.code(), "old-advice");
    assert!(refusal.retry());
    assert_eq!(
        refusal.to_string(),
        "the answer does not say which advice it answers; the advice now is `look/team#1.1`: `rest`"
    );
    // Outdated by a new fact.
    send(&mut case, record(&[("pain", "3")]), "01T11:00");
    let refusal = refused(&mut case, answer("look/team#1.1", "rest", None, None), "01T11:30");
    assert_eq!(
        refusal.to_string(),
        "the advice `look/team#1.1` is outdated; the advice now is `look/team#1.2`: `over`"
    );
    let Refusal::OldAdvice { is, advises, .. } = refusal else { panic!("{refusal}") };
    assert_eq!((is.as_str(), advises.as_deref()), ("look/team#1.2", Some("over")));
    // Answered once, and not again: not for another reason, nor by somebody who had not heard.
    let event = Event::new("answered", answer("look/team#1.2", "over", None, None));
    let first = case.apply(event.clone(), at("01T12:00")).expect("it stands");
    assert_eq!(case.apply(event, at("01T12:30")).expect("it is the same"), first);
    assert_eq!(ending(&case), Some("over"));
    assert_eq!(refused(&mut case, answer("look/team#1.2", "rest", None, None), "01T13:00").code(), "closed");
    let (mut case, _) = asked();
    send(&mut case, answer("look/team#1.1", "rest", None, None), "01T12:00");
    let refusal =
        refused(&mut case, answer("look/team#1.1", "over", Some("her_wish"), Some("she said so")), "01T12:01");
    assert_eq!((refusal.code(), refusal.to_string().as_str()), ("not-open", "`look/team#1` is not open; `rest` is"));
}

#[test]
fn what_goes_stale_outdates_an_advice_too() {
    let (mut case, _) = asked();
    // The pain is good for six hours; who decides has been given away a little more time by the ladder.
    case.advance(at("01T14:00")).expect("time goes on");
    let before = advised(&case).id;
    let after = at("01T16:00").plus(onward::calendar::Length::from_seconds(1));
    let mut late = case.clone();
    let refusal = {
        let saved = late.record().clone();
        let refusal = late.apply(Event::new("late", answer(&before, "rest", None, None)), after).expect_err("outdated");
        assert_eq!(late.record(), &saved);
        refusal
    };
    let Refusal::OldAdvice { is, advises: None, .. } = refusal else { panic!("{refusal}") };
    // Time that goes on says the same.
    case.advance(after).expect("time goes on");
    assert_eq!((advised(&case).id, advised(&case).advises), (is.clone(), None));
    let Work::Decide { missing, .. } = only(&case).work else { panic!("it is still open") };
    assert_eq!(missing, [Name::from("pain"), Name::from("ready")]);
    // While nothing is advised, nothing is decided otherwise.
    let mut case = late;
    case.apply(Event::new("again", answer(&is, "over", None, None)), after).expect("the role decides all the same");
    assert_eq!((ending(&case), case.overrides().len()), (Some("over"), 0));
}

#[test]
fn what_goes_stale_is_advised_anew_at_that_instant_whenever_the_host_calls() {
    // The ladder gives it to somebody for two days, so that the pain goes stale meanwhile.
    let longer = small::text(ADVISING).replace("may reassign at most once", "may reassign at most once, within 2 days");
    let mut case = small::open_text(&longer);
    send(&mut case, small::done("first", &[("pain", "8")]), "01T10:00");
    case.advance(at("01T14:00")).expect("time goes on");
    let to_team =
        EventKind::Reassign { step: "look".into(), to: "team".into(), within: Length::hours(48), reason: None };
    send(&mut case, to_team, "01T14:10");
    let stale = at("01T16:00").plus(Length::SECOND);
    assert_eq!(case.due(), Some(stale));
    let all_advice = |case: &Case| -> Vec<(u32, onward::calendar::Moment)> {
        let journal = case.record().journal.iter();
        let advised = journal.filter_map(|entry| match &entry.what {
            onward::engine::EntryKind::Advised { advice, .. } => Some((advice.number, entry.at)),
            _ => None,
        });
        advised.collect()
    };
    let (mut punctual, mut late, mut later) = (case.clone(), case.clone(), case);
    punctual.advance(stale).expect("time goes on");
    late.advance(at("02T09:00")).expect("time goes on");
    send(&mut later, record(&[("ready", "yes")]), "02T09:00");
    for case in [&punctual, &late] {
        assert_eq!(all_advice(case), [(1, at("01T10:00")), (2, stale)]);
    }
    assert_eq!(all_advice(&later), [(1, at("01T10:00")), (2, stale), (3, at("02T09:00"))]);
    [punctual, late, later].iter().for_each(|case| case.verify().unwrap_or_else(|error| panic!("{error}")));
}

#[test]
fn to_decide_otherwise_needs_a_code_and_a_few_words() {
    let (mut case, _) = asked();
    let id = advised(&case).id;
    let mut of = |otherwise: Option<&str>, why: Option<&str>| {
        refused(&mut case, answer(&id, "over", otherwise, why), "01T10:30").to_string()
    };
    let needs =
        "`rest` is advised; to choose `over` needs one of these, and a few words why: `her_wish`, `too_much_risk`";
    assert_eq!(of(None, Some("she wants to go")), needs);
    assert_eq!(of(Some("her_wish"), None), needs);
    assert_eq!(of(Some("her_wish"), Some("  ")), needs);
    assert_eq!(of(Some("no_time"), Some("we had none")), needs);
    // An override outside its `only when` stays outside, whatever the reason.
    let refusal = refused(&mut case, answer(&id, "home_again", Some("her_wish"), Some("she wants to")), "01T10:30");
    assert_eq!(refusal.code(), "option-not-open");
    send(&mut case, answer(&id, "over", Some("her_wish"), Some("she wants to go")), "01T10:30");
    let overrides = case.overrides();
    let [(when, choice)] = overrides.as_slice() else { panic!("{overrides:?}") };
    let chose = &choice.chose;
    assert_eq!((*when, chose.advised.as_deref(), chose.option.as_str()), (at("01T10:30"), Some("rest"), "over"));
    assert_eq!((chose.otherwise.as_deref(), choice.is_override), (Some("her_wish"), true));
    let Some(Cause::Ended { choice: Some(why), reason, .. }) = case.why("over").map(|why| why.cause) else {
        panic!("the choice led there")
    };
    assert_eq!((why.as_ref(), reason.as_deref()), (choice, Some("she wants to go")));
}

#[test]
fn who_is_not_advised_answers_no_advice() {
    let mut case = open(GUARDED);
    let refusal = refused(&mut case, answer("first/team#1.1", "over", None, None), "01T10:00");
    assert_eq!((refusal.code(), refusal.to_string().contains("names no advice")), ("no-advice", true));
}

#[test]
fn an_advice_is_saved_and_goes_on_the_same() {
    let (case, _) = asked();
    let saved = case.record().to_json();
    let library = small::compile(&small::text(ADVISING));
    let mut loaded = library.load(CaseRecord::from_json(&saved).expect("it is read")).expect("it loads");
    let mut case = case;
    for case in [&mut case, &mut loaded] {
        send(case, record(&[("ready", "yes")]), "01T11:00");
        send(case, answer("look/team#1.2", "home_again", Some("her_wish"), Some("she is ready")), "01T11:30");
    }
    assert_eq!(loaded.record(), case.record());
    // Changed by hand: advised where nobody is, or not where somebody is.
    let (case, _) = asked();
    let mut record = case.record().clone();
    record.open[0].advice = None;
    let library = small::compile(&small::text(ADVISING));
    assert!(library.load(record).expect_err("it does not hang together").to_string().contains("is advised"));
}

fn agree(role: &str, option: &str, advice: &str) -> EventKind {
    EventKind::Agree { step: None, role: role.into(), option: option.into(), advice: Some(advice.into()) }
}

fn disagree(role: &str, reason: &str, advice: &str) -> EventKind {
    EventKind::Disagree { step: None, role: role.into(), reason: reason.into(), advice: Some(advice.into()) }
}

#[test]
fn a_joint_decision_is_taken_when_all_have_agreed_to_it() {
    let joint = ADVISING.replace(
        "  otherwise because",
        "  agreed by nurse, person\n  if they disagree -> home_again, at most once, then rest\n  otherwise because",
    );
    let mut case = open(&joint);
    send(&mut case, small::done("first", &[("pain", "8")]), "01T10:00");
    let id = advised(&case).id;
    let to = |case: &Case| -> Vec<Option<String>> {
        advised(case).agreed.into_iter().map(|it| it.to.map(|to| to.to_string())).collect()
    };
    assert_eq!(to(&case), [None, None]);
    let refusal = refused(&mut case, answer(&id, "rest", None, None), "01T10:10");
    assert_eq!(refusal.to_string(), "`rest` is decided only when `nurse`, `person` have agreed to it");
    // Nobody who is not asked agrees, nobody to what is no option, and nobody to what was advised before.
    assert_eq!(refused(&mut case, agree("team", "rest", &id), "01T10:10").code(), "not-asked");
    assert_eq!(refused(&mut case, agree("nurse", "home_again", &id), "01T10:10").code(), "option-not-open");
    assert_eq!(refused(&mut case, agree("nurse", "first", &id), "01T10:10").code(), "not-an-option");
    assert_eq!(refused(&mut case, agree("nurse", "rest", "look/team#1.7"), "01T10:10").code(), "old-advice");
    assert_eq!(refused(&mut case, disagree("nurse", " ", &id), "01T10:10").code(), "reason-needed");
    send(&mut case, agree("nurse", "rest", &id), "01T10:20");
    send(&mut case, agree("person", "over", &id), "01T10:20");
    assert_eq!(to(&case), [Some("rest".to_string()), Some("over".to_string())]);
    let refusal = refused(&mut case, answer(&id, "rest", None, None), "01T10:25");
    assert_eq!(refusal.to_string(), "`rest` is decided only when `person` has agreed to it");
    // A new advice asks everybody anew.
    send(&mut case, record(&[("ready", "yes")]), "01T10:30");
    assert_eq!(to(&case), [None, None]);
    let id = advised(&case).id;
    let mut other = case.clone();
    send(&mut case, agree("nurse", "rest", &id), "01T10:40");
    send(&mut case, agree("person", "rest", &id), "01T10:40");
    send(&mut case, answer(&id, "rest", None, None), "01T10:50");
    assert_eq!(only(&case).step, "rest");
    case.verify().expect("its journal makes it");
    // Who does not agree ends it, and says why.
    send(&mut other, agree("nurse", "rest", &id), "01T10:40");
    send(&mut other, disagree("person", "I want to be at home.", &id), "01T10:45");
    assert_eq!(only(&other).step, "home_again");
    let Some(Cause::Ended { how, reason, .. }) = other.why("home_again").map(|why| why.cause) else {
        panic!("it was not agreed")
    };
    assert_eq!((how, reason.as_deref()), (Outcome::Disagreed, Some("I want to be at home.")));
}
