//! What a designer sees, word for word.

use super::{Folder, LATE};
use insta::Settings;

fn snapshot(name: &str, text: &str) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

const BROKEN: &str = r#"onward 1

pathway home_again "Home again"
  version             1
  starts at           phone_cal

facts
  managing            yes or no  "Managing at home"
  wish                one of home, elsewhere  "Where the person wants to live"

role nurse "Nurse"

step phone_call "A call to see how things are"
  led by              nurs
  finds               managing
  within              2 dys
  then                how_are_things

decide how_are_things "How are things?"
  when managing       -> fine
  when wish is hom    -> phone_call
  if none of these    -> phone_call, at most once, then fine

ending fine "Managing at home"
  held by             person

ending fine "Again"
  held by             person
"#;

#[test]
fn findings() {
    let folder = Folder::new("shown");
    folder.put("home_again.pathway", BROKEN);
    snapshot("check_broken", &folder.onward(&["check", "home_again.pathway"]).out);
    snapshot("check_broken_json", &folder.onward(&["check", "home_again.pathway", "--format", "json"]).out);
}

#[test]
fn a_run() {
    let folder = Folder::with_tea("run");
    folder.put("late.json", LATE);
    snapshot("simulate_tea_and_talk", &folder.onward(&["simulate", "tea.pathway", "--person", "late.json"]).out);
}
