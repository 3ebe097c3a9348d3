//! Every line of what professions do, against a pathway in which each of them does a known number of each thing.

use super::{COUNTED, Does, parity};
use onward::{Library, Source};

const TEXT: &str = r#"onward 1

pathway looking
  version 1
  starts at look

by default
  if late                -> escalate to help
  if it cannot be done   -> escalate to help
  if the person declines -> looked
  if nobody can          -> looked
  if died                -> looked
  if withdrew            -> looked
  if cannot be reached   -> looked
  if moved away          -> looked
  if opened in error     -> looked

step look
  led by therapist
  within 1 day
  then looked

ending looked
  held by person

pathway small
  version 1
  starts at talk

by default
  if late                -> escalate to help
  if it cannot be done   -> escalate to help
  if the person declines -> over
  if nobody can          -> over
  if died                -> over
  if withdrew            -> over
  if cannot be reached   -> over
  if moved away          -> over
  if opened in error     -> over

facts
  wish     one of home, not_sure  asked of person
  able     yes or no  found by team  presumed yes until found otherwise
  steady   yes or no  found by nurse or gp  if disputed ask gp within 1 day
  alone    yes or no  found by nurse
  may_know yes or no  asked of person  lets daughter be told

role nurse
  profession nursing
role matron
  profession nursing
role team
  of council
  profession social_work
role gp
  profession medicine
role imca
  of advocacy
role therapist
  profession physiotherapy
role manager "The manager on call"
role daughter "Her daughter"

step talk
  led by nurse
  with person, team
  not without gp when steady
  finds wish, steady, may_know, alone
  within 1 day
  tell team "We talk."
  tell daughter "We talk." if the person agrees
  then what_next

decide what_next
  when steady -> over_to
  if none of these -> both
  if we do not know yet -> ask_round, at most once, then gp decides within 1 day
  advise team to decide with nurse, within 1 day
  reason for over_to from nurse when steady "She is steady."
  reason against over_to from gp when alone "She is alone."
  otherwise because one of her_wish
  agreed by matron, gp
  if they disagree -> both

step ask_round
  led by matron
  finds what is missing
  within 1 day
  then back to the decision

hand over over_to
  from nurse
  to team
  carrying wish, steady, may_know, alone
  accepted within 1 day
  if declined, saying why -> both
  then both

together both
  first  led by nurse with gp within 1 day
  second led by gp within 1 day tell team "Come."
  all done within 2 days
  if not all done -> rounds
  then rounds

repeat rounds
  every 1 day
  led by team
  with nurse
  not without matron
  until alone -> rest
  at most twice, then rest

wait rest for 2 days then called

call called
  follows looking
  if it ends in looked -> at_home

positive risk at_home
  could happen "A fall"
  matters wish
  safety nets pendant before going
  decided by person, or for_her when not able
  plan agreed by nurse, team
  if they disagree -> joint, meanwhile on_the_ward
  review again
  if it happens gp answers within 2 hours
  within 1 day
  if we do not know yet -> over
  accepted -> pendant
  not accepted -> over

best interests for_her
  for able
  led by team
  with nurse
  within 1 day
  instruct imca within 1 day when alone
  if we do not know yet -> over

together joint
  meet led by team within 1 day
  meanwhile on_the_ward led by nurse within 1 day
  all done within 1 day
  if not all done -> over
  then over

step pendant led by nurse within 1 day then going

step going led by person within 1 day then again

step again led by nurse within 1 day then over

at any time worse
  if alone -> look_in, as well, at most once
  if we do not know yet -> nothing, because "it is asked"

step look_in
  led by therapist
  with gp
  within 1 day
  if late -> nothing more
  if it cannot be done -> nothing more
  if the person declines -> nothing more
  if nobody can -> nothing more
  then nothing more

ending over
  held by person
  tell gp "It is over."

directory here
  time zone "UTC"
  valid until 2026-12-31

contact ward
  fills nurse, matron, team, gp, imca, therapist, manager
  open always

escalation help
  last ward, to answer within 1 hour
"#;

fn counted(text: &str) -> Vec<(String, Does)> {
    let library = Library::compile(vec![Source::new("small.pathway", text)]).unwrap_or_else(|it| panic!("{it}"));
    let pathway = library.pathway("small").expect("it is there").program().pathway.clone();
    parity(&library, &pathway).into_iter().collect()
}

#[test]
fn each_profession_does_what_the_pathway_says() {
    let does = Does::default;
    let wanted = [
        // An advocate reports before anybody decides in the person's best interests.
        ("Advocacy", Does { leads: 1, ..does() }),
        // The daughter is told only if the person agrees.
        ("Her daughter", Does { told_if_agreed: 1, ..does() }),
        // `second`; the decision where it is not known; with `first` and `look_in`, not without at `talk`.
        (
            "Medicine",
            Does {
                leads: 1,
                takes_part: 3,
                decides: 1,
                advises: 1,
                agrees: 1,
                settles: 1,
                finds: 1,
                answers: 1,
                told: 1,
                ..does()
            },
        ),
        // `talk`, the handover, `first`, `on_the_ward`, `pendant`, `again`, and the matron's `ask_round`.
        ("Nursing", Does { leads: 7, takes_part: 4, advises: 1, agrees: 2, finds: 2, ..does() }),
        // What is called, and what is done alongside.
        ("Physiotherapy", Does { leads: 2, ..does() }),
        // `rounds` and `meet`; as who is advised, and in her best interests.
        (
            "Social work",
            Does { leads: 2, takes_part: 1, decides: 2, agrees: 1, finds: 1, receives: 1, told: 2, ..does() },
        ),
        // At `talk`, and when the advocate reports; `going`, and the positive risk.
        ("The person", Does { leads: 1, takes_part: 2, decides: 1, finds: 2, ..does() }),
    ];
    let wanted: Vec<(String, Does)> = wanted.into_iter().map(|(who, does)| (who.to_string(), does)).collect();
    assert_eq!(counted(TEXT), wanted);
}

/// One line less, or one more, is another number of just that.
#[test]
fn each_line_counts_for_what_it_says() {
    let before = counted(TEXT);
    let changes = [
        ("led by therapist\n  with gp", "led by nurse\n  with gp", "Leads", "Nursing"),
        ("with person, team", "with person, team, imca", "Takes part in", "Advocacy"),
        ("advise team to decide", "advise imca to decide", "Decides", "Advocacy"),
        ("from nurse when steady", "from team when steady", "Advises", "Social work"),
        ("plan agreed by nurse, team", "plan agreed by nurse, team, gp", "Must agree", "Medicine"),
        ("if disputed ask gp", "if disputed ask team", "Settles (facts)", "Social work"),
        ("found by nurse or gp", "found by nurse or gp or team", "Can say or find out (facts)", "Social work"),
        ("  to team\n", "  to gp\n", "Receives the person", "Medicine"),
        ("happens gp answers", "happens team answers", "Answers if it happens", "Social work"),
        ("tell gp \"It is over.\"", "tell nurse \"It is over.\"", "Is told", "Nursing"),
        (
            "tell team \"We talk.\"",
            "tell daughter \"Come.\" if the person agrees",
            "Is told if the person agrees",
            "Her daughter",
        ),
    ];
    assert_eq!(changes.len(), COUNTED.len());
    for (line, other, heading, who) in changes {
        let after = counted(&TEXT.replacen(line, other, 1));
        let (_, count) = COUNTED.iter().find(|(it, _)| *it == heading).expect("it is counted");
        let of = |all: &[(String, Does)]| all.iter().find(|(it, _)| it == who).map_or(0, |(_, does)| count(does));
        assert_eq!(of(&after), of(&before) + 1, "{line}: {after:#?}");
    }
}
