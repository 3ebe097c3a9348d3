//! Who has gone on another road (11.9): a positive risk that is taken in a branch, beside one that follows the same
//! pathway, or by what is done alongside.
#![allow(clippy::panic)]

mod small;

use onward::Library;

/// Where a positive risk is taken: asked, accepted, the net is put in place, one goes, and it is looked at.
const RISKED: &str = "
pathway risked
  version 1
  starts at talk

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> looked
  if nobody can -> looked
  if died -> looked
  if withdrew -> looked
  if cannot be reached -> looked
  if moved away -> looked
  if opened in error -> looked

step talk
  led by nurse
  finds what_matters
  within 1 day
  then alone

positive risk alone
  matters what_matters
  could happen \"A fall at night\"
  safety nets pendant before going
  decided by person, or best when not able
  plan agreed by nurse, team
  if they disagree -> talk_it_over, meanwhile kept_safe
  review look
  if it happens team answers within 2 hours
  within 1 day
  if we do not know yet -> looked
  accepted -> pendant
  not accepted -> looked

best interests best
  for able
  led by team
  with nurse
  within 2 days

together talk_it_over
  meet led by team within 1 day
  meanwhile kept_safe led by nurse within 2 days
  all done within 1 day
  if not all done -> looked
  then looked

step pendant
  led by nurse
  within 1 day
  then going

step going
  led by nurse
  within 1 day
  then look

step look
  led by team
  within 3 days
  then looked

ending looked
  held by person
";

const FACTS: &str = "
facts
  what_matters text
  able yes or no presumed yes until found otherwise
  alarm yes or no
";

/// A pathway that begins with `first`, and another in which the risk is taken.
fn text(steps: &str, risked: &str) -> String {
    let text = small::text(steps).replace("role nurse\n", "role nurse\n  profession nursing\n");
    let text = text.replace("  may reassign at most once\n", "");
    format!("{}{risked}{FACTS}", text.replace("role team\n", "role team\n  profession social_work\n"))
}

/// A block in which the risk is taken beside something else.
fn block(joined: &str) -> String {
    format!(
        "together first\n  a follows risked, done if it ends in looked\n  tidy led by nurse within 5 days\n  {joined}\n  \
         then over"
    )
}

const ALL: &str = "all done within 20 days\n  if not all done -> over";
/// Less than it may take.
const SOON: &str = "all done within 6 days\n  if not all done -> over";

/// Where one stays away for some nights before it is looked at.
fn after_some_nights() -> String {
    let nights = "then nights\n\nstep nights\n  led by nurse\n  within 3 days\n  if the person declines -> look\n  \
                  if nobody can -> look\n  then look\n\nstep look";
    RISKED.replacen("then look\n\nstep look", nights, 1)
}

/// What the proof says of positive risks in the pathway, each of which was seen happening.
fn said(steps: &str, risked: &str) -> Vec<String> {
    found(steps, risked, true)
}

fn found(steps: &str, risked: &str, seen: bool) -> Vec<String> {
    let library: Library = small::compile(&text(steps, risked));
    let proof = library.pathway("small").expect("there").proof().expect("it was looked at");
    let of_risks = proof.flaws.iter().filter(|flaw| ["no-review", "no-safety-net"].contains(&flaw.finding.kind.name()));
    let said = of_risks.map(|flaw| {
        assert!(flaw.story.is_some() || !seen, "nobody was seen: {}", flaw.finding.message);
        format!("{}: {}", flaw.finding.kind.name(), flaw.finding.message)
    });
    said.collect()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

const NOT_REVIEWED: &str = "no-review: after `a/alone` one can come to `over` and nobody has looked again in `a/look`";

#[test]
fn what_is_looked_at_as_soon_as_one_has_gone_may_be_a_branch() {
    assert_eq!(said(&block(ALL), RISKED), nothing());
    // But not where that may be stood down again, while somebody looks.
    let enough = "first 1 done within 20 days\n  if fewer than 1 are done -> over";
    assert_eq!(said(&block(enough), RISKED), [NOT_REVIEWED]);
    assert_eq!(said(&block(SOON), RISKED), [NOT_REVIEWED]);
}

#[test]
fn who_has_gone_in_a_branch_is_still_to_be_looked_at_when_its_block_is_left() {
    let nights = after_some_nights();
    // It is late, or somebody on a ladder says that it is done.
    assert_eq!(said(&block(SOON), &nights), [NOT_REVIEWED]);
    assert_eq!(said(&block(&format!("{SOON}\n  if late -> over")), &nights), [NOT_REVIEWED]);
    // Enough others are done.
    let enough = "first 1 done within 20 days\n  if fewer than 1 are done -> over";
    assert_eq!(said(&block(enough), &nights), [NOT_REVIEWED]);
    // What happens at any time is done instead.
    let instead = format!(
        "at any time rings\n  if alarm -> over, instead, at most once\n  if we do not know yet -> nothing, because \"it \
         rings\"\n\n{}",
        block(ALL)
    );
    assert_eq!(said(&instead, &nights), [NOT_REVIEWED]);
}

#[test]
fn who_has_gone_in_a_branch_of_a_branch_is_too() {
    let inner = "call first follows middle\n  if it ends in over -> over";
    let middle = |joined: &str| {
        let defaults = small::DEFAULTS.split("facts\n").next().expect("the default routes");
        let block = block(joined);
        format!(
            "pathway middle\n  version 1\n  starts at first\n\n{block}\n\n{defaults}\nending over\n  held by person\n"
        )
    };
    let said_of = |joined: &str, risked: &str| said(inner, &format!("{}{risked}", middle(joined)));
    assert_eq!(said_of(ALL, RISKED), nothing());
    let unseen = NOT_REVIEWED.replace("a/", "first/a/");
    // From the inner block one may come to its end, and from there to the case's.
    let found = said_of(SOON, &after_some_nights());
    assert_eq!(found, [unseen]);
}

#[test]
fn a_block_that_has_time_enough_is_not_left_before() {
    let nights = after_some_nights();
    assert_eq!(said(&block(ALL), &nights), nothing());
    // Somebody on a ladder may say that it is done when nobody can be there any more meanwhile.
    let there = format!("{ALL}\n  if late -> over").replacen(
        "all done",
        "meanwhile sits led by nurse within 20 days\n  all done",
        1,
    );
    assert_eq!(said(&block(&there), &nights), [NOT_REVIEWED]);
    let asked = there.replace("if not all done -> over", "if not all done -> escalate to help");
    assert_eq!(said(&block(&asked), &nights), [NOT_REVIEWED]);
    // How long it takes is not known where something is counted, or may be given to somebody else.
    let counted = nights.replacen("  accepted -> pendant\n", "  accepted -> pendant, at most once, then looked\n", 1);
    assert_eq!(found(&block(ALL), &counted, false), [NOT_REVIEWED]);
}

#[test]
fn who_went_in_a_branch_is_looked_at_behind_its_block_as_well() {
    let steps = "call first follows risked\n  if it ends in looked -> over";
    let walk = RISKED.replacen("before going", "before out/going", 1).replacen("then going\n", "then both\n", 1).replacen(
        "step going\n  led by nurse\n  within 1 day\n  then look",
        "together both\n  out follows walk, done if it ends in walked\n  tidy led by nurse within 2 days\n  all done within 3 \
         days\n  if not all done -> look\n  if late -> look\n  then look",
        1,
    );
    let defaults = small::DEFAULTS.split("facts\n").next().expect("the default routes").replace("-> over", "-> walked");
    let walked = format!(
        "\npathway walk\n  version 1\n  starts at going\n\n{defaults}\nstep going\n  led by nurse\n  within 1 day\n  then \
         walked\n\nending walked\n  held by person\n"
    );
    let walk = walk.replace("  if late -> look\n", "  if late -> look\n  if nobody can -> look\n");
    assert_eq!(said(steps, &format!("{walk}{walked}")), nothing());
    let past = walk.replace("if not all done -> look\n", "if not all done -> looked\n");
    let unseen = "no-review: after `first/alone` one can come to `over` and nobody has looked again in `first/look`";
    assert_eq!(said(steps, &format!("{past}{walked}")), [unseen]);
}

#[test]
fn what_one_finds_as_they_go_or_accept_may_be_why_something_is_done_instead() {
    let steps = "call first follows risked\n  if it ends in looked -> over";
    let finds = RISKED.replacen("step going\n  led by nurse\n", "step going\n  led by nurse\n  finds alarm\n", 1);
    assert_eq!(said(steps, &finds), nothing());
    let instead = |when: &str, then: &str| {
        format!(
            "at any time rings\n  if {when} -> {then}, instead, at most once\n  if we do not know yet -> nothing, because \
             \"it rings\"\n\n{finds}"
        )
        .replacen("\npathway risked", "", 1)
    };
    let own = |when: &str, then: &str| {
        let (head, rest) = finds.split_once("step talk").expect("it begins there");
        let rings = instead(when, then);
        let rings = rings.split("\n\n").next().expect("it is first");
        format!("{head}{rings}\n\nstep talk{rest}")
    };
    let unseen = "no-review: after `first/alone` one can come to `over` and nobody has looked again in `first/look`";
    assert_eq!(found(steps, &own("alarm", "looked"), false), [unseen]);
    // Who has taken it back before does not take it.
    assert_eq!(said(steps, &own("alarm and alone is open", "looked")), nothing());
    let bare =
        "no-safety-net: one can come to `first/going` with `first/alone` accepted before `first/pendant` is in place";
    assert_eq!(said(steps, &own("accepted alone", "going")), [bare]);
}

/// Two branches that follow the same pathway.
fn twice() -> String {
    block(ALL).replace("  tidy led by nurse within 5 days\n", "  b follows risked, done if it ends in looked\n")
}

/// Where whoever has accepted it goes on at once.
fn goes_on_by_it() -> String {
    let asked = "then again\n\ndecide again\n  when accepted alone -> going\n  if none of these -> alone\n\npositive";
    RISKED.replacen("then alone\n\npositive", asked, 1)
}

#[test]
fn what_is_accepted_in_one_branch_is_no_net_in_another() {
    assert_eq!(said(&twice(), RISKED), nothing());
    // By itself it is right: who has accepted was led through the net.
    assert_eq!(said(&block(ALL), &goes_on_by_it()), nothing());
    let found = said(&twice(), &goes_on_by_it());
    let both = ["a", "b"].map(|it| {
        format!(
            "no-safety-net: one can come to `{it}/going` with `{it}/alone` accepted before `{it}/pendant` is in place"
        )
    });
    assert_eq!(found, both);
}

#[test]
fn what_was_accepted_in_a_branch_is_gone_on_behind_the_block() {
    let then =
        block(ALL).replace("then over", "then later\n\ncall later follows risked\n  if it ends in looked -> over");
    assert_eq!(said(&then, RISKED), nothing());
    let found = said(&then, &goes_on_by_it());
    assert_eq!(
        found,
        ["no-safety-net: one can come to `later/going` with `later/alone` accepted before `later/pendant` is in place"]
    );
}

/// The same pathway on the main road, and alongside.
const ALONGSIDE: &str = "at any time rings
  if alarm -> beside, as well, at most once
  if we do not know yet -> nothing, because \"it rings\"

call first follows risked
  if it ends in looked -> over

call beside follows risked
  if it ends in looked -> nothing more";

#[test]
fn what_is_accepted_on_one_road_is_no_net_on_another() {
    assert_eq!(said(ALONGSIDE, RISKED), nothing());
    assert_eq!(said(ALONGSIDE, &after_some_nights()), nothing(), "each road is looked at by itself");
    let found = said(ALONGSIDE, &goes_on_by_it());
    let both = ["first", "beside"].map(|it| {
        format!(
            "no-safety-net: one can come to `{it}/going` with `{it}/alone` accepted before `{it}/pendant` is in place"
        )
    });
    assert_eq!(found, both);
}

#[test]
fn who_goes_alongside_is_not_looked_at_by_the_main_road_alone() {
    let gone = RISKED.replacen("safety nets pendant before going", "safety nets pendant before trip/walk", 1).replacen(
        "step going\n  led by nurse\n  within 1 day\n  then look",
        "call trip follows outing\n  if it ends in home_again -> look",
        1,
    );
    let gone = gone.replacen("  then going\n", "  then trip\n", 1);
    let outing = "
pathway outing
  version 1
  starts at wait_for_it

at any time ready_to_walk
  if alarm -> walk, as well, at most once
  if we do not know yet -> nothing, because \"they say so\"

by default
  if late -> escalate to help
  if it cannot be done -> escalate to help
  if the person declines -> home_again
  if nobody can -> home_again
  if died -> home_again
  if withdrew -> home_again
  if cannot be reached -> home_again
  if moved away -> home_again
  if opened in error -> home_again

step wait_for_it
  led by nurse
  within 1 day
  then home_again

step walk
  led by nurse
  within 20 days
  if the person declines -> nothing more
  if nobody can -> nothing more
  then nothing more

ending home_again
  held by person
";
    let call = "call first follows risked\n  if it ends in looked -> over";
    let found = said(call, &format!("{gone}{outing}"));
    assert_eq!(
        found,
        [
            "no-review: after `first/alone` one can come to the end of what is done alongside and nobody has looked again in \
          `first/look`"
        ]
    );
}
