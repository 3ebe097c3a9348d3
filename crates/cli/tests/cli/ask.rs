//! `simulate --ask`, as somebody types it, or as a pipe does.

use super::{Folder, Ran, TEA, onward_in, root};

const START: [&str; 5] = ["simulate", TEA, "--ask", "--starts", "2026-03-02 09:00"];

fn ask(lines: &[&str]) -> Ran {
    let ran = onward_in(&root(), &START, format!("{}\n", lines.join("\n")));
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.is_plain();
    ran
}

#[test]
fn somebody_is_taken_through_by_answers() {
    let ran = ask(&["1", "done", "yes", "5 hours", "1 done", ""]);
    let words = ran.words();
    assert!(words.contains("Feels lonely: yes or no? Blank if it is not known. > yes"), "{words}");
    assert!(words.contains("Mon 2 Mar 2026 14:00, 5 hours later"), "{words}");
    assert!(words.contains("The case is closed, and this is the end. The pathway is proved."), "{words}");
}

#[test]
fn what_is_typed_wrongly_is_asked_again() {
    let words = ask(&["dance", "7", "1 dance", "done", "maybe", "y", "5 hrs", "5 hours", "quit"]).words();
    for part in [
        "\"dance\" is not one of the answers.",
        "What can happen: done: it is done",
        "`maybe` is not yes or no.",
        "`hrs` in `5 hrs` is not a unit of time",
        "Where it stands, Mon 2 Mar 2026 14:00",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
}

#[test]
fn what_is_not_known_needs_a_reason() {
    let words = ask(&["1 done", "", "1 nobody asked", "", "why", "known", "1 done", "", "", "quit"]).words();
    assert!(words.contains("not known: it could not be found (nobody asked)."), "{words}");
    assert!(words.contains("It cannot be taken yet. What is missing: - Feels lonely (ask: the person)."), "{words}");
    assert!(words.contains("So it is not done, and still open"), "{words}");
}

#[test]
fn time_passes_and_somebody_else_is_given_the_step() {
    let words =
        ask(&["time", "", "1 give", "2", "5 hours", "they know each other", "", "save", "", "time 1 hour", "quit"])
            .words();
    assert!(
        words.contains("Passed over, because not open for the whole time it has to answer: The volunteers."),
        "{words}"
    );
    assert!(words.contains("is given to Volunteer, with 5 hours to do it: they know each other."), "{words}");
    assert!(words.contains("Where it stands, Mon 9 Mar 2026 10:00"), "{words}");
}

#[test]
fn life_goes_on_and_ends() {
    let words = ask(&["life", "1", "2 days"]).words();
    assert!(
        words.contains("The person has died. \"Visit over a cup of tea\" ends, because the person died."),
        "{words}"
    );
    let declined = ask(&["1 declined", "my daughter comes", ""]).words();
    assert!(declined.contains("The person declines \"Visit over a cup of tea\": my daughter comes."), "{declined}");
}

#[test]
fn something_is_learnt_by_the_way() {
    let words = ask(&["record", "9", "1", "no", "1 day", "known", "1 done", "", "quit"]).words();
    assert!(words.contains("Something is learnt about the person. Found: Feels lonely: no."), "{words}");
    assert!(words.contains("Answer with a number from 1 to 1."), "{words}");
    assert!(words.contains("The case is closed: \"Not alone\"."), "{words}");
}

#[test]
fn the_end_of_the_input_is_polite_wherever_it_comes() {
    let all = ["1", "done", "", "1 why", "5 hours", "why not", "2", "life", "2", ""];
    for end in 0..all.len() {
        let words = ask(&all[..end]).words();
        assert!(words.ends_with("The pathway is proved."), "{end}: {words}");
    }
    let nothing = onward_in(&root(), &START, "");
    assert!(nothing.words().contains("The input has ended. Where it stands, Mon 2 Mar 2026 09:00"), "{}", nothing.out);
}

#[test]
fn the_start_is_asked_for() {
    let ran = onward_in(&root(), &START[..3], "2026-03-29 01:30\n2026-10-25 01:30\n2026-03-02 09:00\nquit\n");
    let words = ran.words();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(words.contains("does not exist in Europe/London") && words.contains("happens twice"), "{words}");
    assert!(words.contains("Where it stands, Mon 2 Mar 2026 09:00"), "{words}");
    assert_eq!(onward_in(&root(), &START[..3], "").code, 2);
    let bad = onward_in(&root(), &["simulate", TEA, "--ask", "--starts", "soon"], "");
    assert_eq!(bad.code, 2);
    assert!(bad.complaint().contains("`--starts`: `soon` is not a date and time"), "{}", bad.err);
}

#[test]
fn a_program_gets_json_and_a_case_is_saved() {
    let folder = Folder::with_tea("ask");
    let arguments =
        ["simulate", "tea.pathway", "--ask", "--starts", "2026-03-02 09:00", "--format", "json", "--save", "case.json"];
    let ran = onward_in(&folder.0, &arguments, "1 done\nno\n1 day\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.json()["standing"]["closed"]["ending"], "content");
    assert!(ran.err.contains("What happens?"), "the questions go elsewhere");
    assert_eq!(folder.onward(&["case", "case.json", "--pathway", "tea.pathway"]).code, 0);
}

#[test]
fn noise_is_no_harm() {
    let mut noise = b"\xff\xfe\x00\x1b[31m\n".to_vec();
    noise.extend(vec![b'x'; 300_000]);
    noise.extend(b"\n99999999999999999999\n-1\n0\n1 done\n\x1b]0;title\x07\n");
    let ran = onward_in(&root(), &START, noise);
    assert_eq!(ran.is_plain().code, 0);
    assert!(!ran.out.contains('\u{1b}'), "no escape of the input reaches the terminal");
}

fn ask_on(pathway: &str, lines: &[&str]) -> String {
    let args = ["simulate", pathway, "--ask", "--starts", "2026-03-02 09:00"];
    let ran = onward_in(&root(), &args, format!("{}\n", lines.join("\n")));
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.is_plain();
    ran.words()
}

#[test]
fn those_who_must_agree_agree_and_take_it_back() {
    let talked = ["1 done", "my garden", "own_routines", "somewhere else", "no", "yes", "3 hours"];
    let agreed = ["1 agree", "1", "1", "1 hour", "1 decide", "1", "", ""];
    let taken_back = ["take back", "1", "", "", "1 disagree", "2", "the nights frighten me", "", "quit"];
    let lines: Vec<&str> = talked.into_iter().chain(agreed).chain(taken_back).collect();
    let words = ask_on("pathways/positive_risk.pathway", &lines);
    for part in [
        "To be agreed by Social worker: \"Living as they choose, with the risk that comes with it: accepted\".",
        "1. That Social worker agrees to: Living as they choose, with the risk that comes with it: accepted",
        "Social worker does not agree any more.",
        "Doctor responsible for the person's care disagrees: the nights frighten me.",
        "They do not agree the plan: all of them at one table, with the person, by tomorrow",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
}

#[test]
fn what_was_recorded_is_put_right_and_taken_back() {
    let talked = ["1 done", "my garden", "own_routines", "somewhere else", "no", "yes", "3 hours"];
    let put_right = ["correct", "2", "home", "she says so herself", "take back", "6", "", "", "known", "quit"];
    let lines: Vec<&str> = talked.into_iter().chain(put_right).collect();
    let words = ask_on("pathways/positive_risk.pathway", &lines);
    for part in [
        "2. Where the family thinks would be best: somewhere else, from Social worker",
        "Where the family thinks would be best: home, as it should have been: she says so herself.",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
}

#[test]
fn anyone_raises_what_cannot_wait_and_some_things_are_recorded_late() {
    let raised = ["raise", "1", "bruises that nobody explains", "5 hours", "quit"];
    let words = ask_on("pathways/home_first.pathway", &raised);
    assert!(words.contains("bruises that nobody explains"), "{words}");
    assert!(words.contains("Mon 2 Mar 2026 14:00"), "{words}");
    let late = ["time 1 day", "1 done", "no", "2 hours before", "2 hours ago", "quit"];
    let words = ask_on(TEA, &late);
    assert!(words.contains("`2 hours before` is not a length of time"), "{words}");
    assert!(words.contains("is done (Volunteer). This happened on Tue 3 Mar 2026 07:00."), "{words}");
    let nothing = ask_on(TEA, &["raise", "correct", "take back", "quit"]);
    for part in ["nothing here that anyone may raise", "nothing to correct", "nothing to take back"] {
        assert!(nothing.contains(part), "{part}\n{nothing}");
    }
}

#[test]
fn somebody_answers_for_a_model() {
    let known = ["record", "2", "3", "1 minute", "record", "3", "yes", "", "record", "1", "84", ""];
    let answered = ["model", "85", "1 minute", "1 done", "", "quit"];
    let lines: Vec<&str> = ["model"].into_iter().chain(known).chain(answered).collect();
    let words = ask_on("examples/risk_model/coming_home.pathway", &lines);
    for part in [
        "No model is asked for anything now.",
        "A model is asked: \"readmission\". Answer \"model\", to say what it gives.",
        "The model \"readmission\" is given Admissions: 3; Alone: yes; Age: 84.",
        "The model readmission as typed answers",
        "Where it stands, Mon 2 Mar 2026 09:02",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    assert!(words.contains("Visit them"), "it goes by what the model gave\n{words}");
    // What is out of its range is taken as that it could not, and whoever leads the step is still asked; so they are when
    // it could not, and says why.
    for (says, heard) in [
        (&["model", "140", ""][..], "not known: it could not be found (what the model gave does not fit:"),
        (&["model", "", "it used up its fuel", ""][..], "could not: it used up its fuel"),
        (&["model", "", "", "model", "", "no reply", ""][..], "could not: no reply"),
    ] {
        let lines: Vec<&str> = ["record", "2", "3", ""]
            .iter()
            .chain(says)
            .chain(&["1 done", "no", "84", "20", "", "quit"])
            .copied()
            .collect();
        let words = ask_on("examples/risk_model/coming_home.pathway", &lines);
        assert!(words.contains(heard), "{heard}\n{words}");
        assert!(words.contains("The case is closed") || words.contains("At home"), "{words}");
    }
}
