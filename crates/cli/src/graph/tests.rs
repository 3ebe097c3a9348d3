//! Tests of the drawings.

use onward::workflow::Program;
use onward::{Library, Source};
use std::fmt::Write;

const FIRST: &str = include_str!("../../../../examples/first/tea_and_talk.pathway");

/// A pathway with everything in it: each kind of place, loops, its own ways of ending, titles that need escaping.
const EVERYTHING: &str = r#"onward 1
pathway everything "Everything <here> & there 🏡"
  version   1
  starts at look
by default
  if late                -> escalate to help
  if it cannot be done   -> escalate to help
  if the person declines -> left
  if nobody can          -> left
  if died                -> left
  if withdrew            -> left
  if cannot be reached   -> left
  if moved away          -> left
  if opened in error     -> left
facts
  well     yes or no
  at_home  yes or no
role nurse "Nurse: on the <ward>"
role carer "Carer & friend"
step look "Look & see: 1 < 2"
  led by nurse
  finds well, at_home
  within 4 hours
  takes 20 minutes
  if late -> escalate to other_help
  then what_next
decide what_next "What's next?"
  when well and at_home -> end_well
  when well             -> side_by_side
  when at_home          -> watch, at most 2 times, then give_over
  if none of these      -> give_over
  if we do not know yet -> look, at most 2 times, then carer decides within 1 hour
repeat watch "Watch 👀 closely"
  every 1 hour
  led by nurse
  finds well
  until well -> what_next
  at most 3 times, then give_over
together side_by_side "At once"
  one "The one" led by nurse within 1 hour
  two "The other <b>" led by carer within 2 hours
  all done within 1 day
  if not all done -> look, at most 1 times, then left
  then end_well
hand over give_over "Pass it on"
  from nurse
  to carer
  carrying well
  accepted within 1 hour
  if declined, saying why -> look, at most 2 times, then left
  then end_well
ending end_well "Well -> done"
  held by carer
  owed look
ending left "Left in peace"
  held by person
promises
  everyone reaches an ending within 90 days
  nobody reaches end_well without look first
  whoever has at_home reaches carer within 3 days
  never watch and give_over at one time
  nobody is asked twice
"#;

fn with<T>(text: &str, see: impl Fn(&Program, &onward::engine::Shared) -> T) -> T {
    let library = match Library::compile(vec![Source::new("a.pathway", text)]) {
        Ok(library) => library,
        Err(report) => panic!("{report}"),
    };
    let (_, program) = library.pathways().next().expect("a pathway");
    see(program, library.shared())
}

/// A chain of so many steps, with a decision after every third that goes on, or back to the start.
fn long(steps: usize) -> String {
    let (head, _) = EVERYTHING.split_once("step look").expect("a step");
    let mut text = head.replace("starts at look", "starts at s0");
    for step in 0..steps {
        let owner = if step % 7 < 4 { "nurse" } else { "carer" };
        let next = if step + 1 == steps { "left".to_string() } else { format!("s{}", step + 1) };
        let then = if step % 3 == 2 { format!("d{step}") } else { next.clone() };
        let _ = writeln!(
            text,
            "step s{step} \"Step number {step}\"\n  led by {owner}\n  finds well\n  within 1 hour\n  then {then}"
        );
        if step % 3 == 2 {
            let _ = writeln!(
                text,
                "decide d{step} \"And then {step}?\"\n  when well -> s{}, at most 2 times, then left",
                step / 2
            );
            let _ = writeln!(
                text,
                "  when at_home -> {next}\n  if none of these -> left\n  if we do not know yet -> {next}"
            );
        }
    }
    text + "ending left \"Left\"\n  held by person\n"
}

fn texts() -> Vec<String> {
    let one = EVERYTHING.split_once("step look").expect("a step").0.replace("starts at look", "starts at left");
    vec![FIRST.to_string(), EVERYTHING.to_string(), long(40), one + "ending left \"Left\"\n  held by person\n"]
}

#[test]
fn the_svg_is_well_formed_and_names_every_place() {
    for text in texts() {
        with(&text, |program, shared| {
            let svg = super::svg(program, shared, false);
            let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            let titles: Vec<&str> =
                document.descendants().filter(|it| it.has_tag_name("title")).filter_map(|it| it.text()).collect();
            for place in &program.pathway.places {
                assert!(titles.iter().any(|title| title.contains(&place.title)), "`{}` is missing", place.title);
            }
        });
    }
}

#[test]
fn the_words_in_the_svg_are_in_order_and_whole() {
    with(EVERYTHING, |program, shared| {
        let svg = super::svg(program, shared, false);
        let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
        let shown: Vec<String> = document
            .descendants()
            .filter(|it| it.has_tag_name("text"))
            .map(|it| it.descendants().filter_map(|it| it.is_text().then(|| it.text()).flatten()).collect())
            .collect();
        let shown = shown.join(" ");
        for words in [
            "Look & see: 1 < 2",
            "within 4 hours, takes 20 minutes",
            "done before: 1 Look & see: 1 < 2",
            "What everybody is promised",
            "Everyone reaches an ending within 90 days",
            "Well -> done without this first: 1 Look & see: 1 < 2",
            "reaches within 3 days: Carer & friend",
            "Never at one time:",
            "Nobody is asked twice",
            "if late → escalate to other help",
            "well and at home",
            "at most 2 times",
            "Watch 👀 closely",
            "declined by the receiver",
            "held by: Carer & friend",
            "all done within 1 day",
            "The other <b>",
            "Carer & friend decides",
        ] {
            assert!(shown.contains(words), "`{words}` is missing in {shown}");
        }
    });
}

#[test]
fn a_loop_goes_back_and_a_way_on_goes_down() {
    with(EVERYTHING, |program, shared| {
        let picture = super::picture::Picture::new(&program.pathway, shared, false);
        let at = |name: &str| picture.item_of[program.pathway.place_named(name).expect(name).index()];
        let layers = &picture.layers;
        for (line, back) in picture.lines.iter().zip(&layers.back) {
            assert_eq!(*back, layers.row[line.to] <= layers.row[line.from]);
        }
        assert!(layers.row[at("look")] < layers.row[at("what_next")]);
        assert!(layers.row[at("what_next")] < layers.row[at("watch")]);
        let mut cells: Vec<_> = layers.row.iter().zip(&layers.column).collect();
        cells.sort();
        cells.dedup();
        assert_eq!(cells.len(), picture.items.len());
        assert!(picture.lines.iter().zip(&layers.back).any(|(line, back)| *back && line.to == at("look")));
    });
}

/// Lines are drawn from their boxes' edges through the gaps: no stretch of one passes through a box.
#[test]
fn no_line_runs_through_a_box() {
    for text in texts() {
        with(&text, |program, shared| {
            let svg = super::svg(program, shared, false);
            let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
            let number = |it: roxmltree::Node<'_, '_>, name: &str| {
                it.attribute(name).and_then(|value| value.parse::<i64>().ok()).unwrap_or(0)
            };
            let boxes: Vec<(i64, i64, i64, i64)> = document
                .descendants()
                .filter(|it| {
                    matches!(it.attribute("class"), Some("step" | "block" | "repeat" | "ending"))
                        && number(*it, "width") > 100
                })
                .map(|it| (number(it, "x"), number(it, "y"), number(it, "width"), number(it, "height")))
                .collect();
            for line in document.descendants().filter(|it| it.attribute("class") == Some("own")) {
                let path = line.attribute("d").unwrap_or_default().replace(['M', 'L', 'Q'], " ");
                let numbers: Vec<i64> = path.split_whitespace().map(|it| it.parse().expect("a whole number")).collect();
                let points: Vec<(i64, i64)> = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
                for pair in points.windows(2) {
                    let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                    for (x, y, w, h) in &boxes {
                        let apart =
                            high.0 <= *x || low.0 >= x + w || low.1.max(high.1) <= *y || low.1.min(high.1) >= y + h;
                        assert!(apart, "{pair:?} runs through {:?}", (x, y, w, h));
                    }
                }
            }
        });
    }
}

#[test]
fn the_same_pathway_gives_the_same_bytes() {
    for text in texts() {
        let draw = || {
            with(&text, |program, shared| {
                [
                    super::svg(program, shared, false),
                    super::mermaid(program, shared, false),
                    super::dot(program, shared, false),
                ]
            })
        };
        assert_eq!(draw(), draw());
    }
}

#[test]
fn mermaid_and_dot_hold_every_place() {
    for text in texts() {
        with(&text, |program, shared| {
            let (mermaid, dot) = (super::mermaid(program, shared, false), super::dot(program, shared, false));
            for (id, _) in program.pathway.all_places() {
                let node = |line: &str, open: &[char]| {
                    line.trim().strip_prefix(&format!("p{}", id.0)).is_some_and(|rest| rest.starts_with(open))
                };
                assert!(mermaid.lines().any(|line| node(line, &['(', '{', '['])), "p{} in {mermaid}", id.0);
                assert!(dot.lines().any(|line| node(line, &[' ']) && line.contains("shape=")), "p{} in {dot}", id.0);
            }
        });
    }
    with(EVERYTHING, |program, shared| {
        let mermaid = super::mermaid(program, shared, false);
        assert!(mermaid.contains("Look #38; see: 1 #60; 2"));
        assert!(mermaid.contains("-.->"));
        let dot = super::dot(program, shared, false);
        assert!(dot.contains("Look & see: 1 < 2"));
        for form in [&mermaid, &dot] {
            for words in ["Everyone reaches an ending within 90 days", "takes 20 minutes", "done before: 1 Look"] {
                assert!(form.contains(words), "`{words}` is missing in {form}");
            }
        }
    });
}

#[test]
fn words_wrap_within_their_room() {
    use super::words::{width, wrap};
    for text in [
        "a",
        "Donaudampfschifffahrtsgesellschaftskapitänspatent",
        "one two three four five six seven",
        "🏡🏡🏡🏡🏡🏡🏡🏡🏡🏡🏡",
        "",
    ] {
        for room in [20, 60, 200] {
            for line in wrap(text, room, 12, true, 3) {
                assert!(width(&line, 12, true) <= room || line.chars().count() <= 2, "{line} in {room}");
            }
        }
    }
    assert_eq!(super::words::xml("a<b>&\"'\u{1}c"), "a&lt;b&gt;&amp;&quot;&#39; c");
}

#[test]
fn a_very_long_pathway_is_drawn() {
    let svg = with(&long(1500), |program, shared| super::svg(program, shared, false));
    assert!(svg.ends_with("</svg>\n"));
}

/// A pathway that calls another, twice over.
fn calling() -> String {
    let inner = EVERYTHING.replacen("onward 1\n", "", 1).replace("pathway everything", "pathway inner");
    let endings: Vec<&str> = inner.lines().filter_map(|line| line.strip_prefix("ending ")?.split(' ').next()).collect();
    let ends: String = endings.iter().map(|ending| format!("  if it ends in {ending} -> outer_end\n")).collect();
    let defaults =
        inner.split_once("by default\n").and_then(|(_, rest)| rest.split_once("facts\n")).expect("defaults").0;
    let defaults = defaults.replace("-> left", "-> outer_end");
    format!(
        "onward 1\npathway outer \"Outer\"\n  version 1\n  starts at first_call\nby default\n{defaults}\
         call first_call \"Round it once\"\n  follows inner\n{}ending outer_end \"Over\"\n  held by person\n{inner}",
        ends
    )
}

#[test]
fn what_is_called_is_folded_into_one_box_that_says_how_it_may_end() {
    with(&calling(), |program, shared| {
        let (folded, whole) = (super::mermaid(program, shared, true), super::mermaid(program, shared, false));
        for (id, place) in program.pathway.all_places() {
            let node = |text: &str| {
                text.lines().any(|line| {
                    line.trim().starts_with(&format!("p{}{{", id.0))
                        || line.trim().starts_with(&format!("p{}[", id.0))
                        || line.trim().starts_with(&format!("p{}(", id.0))
                })
            };
            assert!(node(&whole), "`{}` is missing", place.name);
            assert_eq!(node(&folded), place.with_call.is_none(), "`{}`", place.name);
        }
        let svg = super::svg(program, shared, true);
        roxmltree::Document::parse(&svg).expect("well-formed XML");
        assert!(svg.contains("ends in"), "{svg}");
    });
}

#[test]
fn a_pathway_that_is_a_branch_stands_in_its_block_and_ends_there() {
    let inner = "pathway inner \"Look in\"\n  version 1\n  starts at look\nby default\n  if late -> left\n  if it cannot be done -> left\n  \
                 if the person declines -> left\n  if nobody can -> left\n  if died -> left\n  if withdrew -> left\n  \
                 if cannot be reached -> left\n  if moved away -> left\n  if opened in error -> left\n\
                 step look \"Look\"\n  led by nurse\n  within 1 day\n  then fine\n\
                 ending fine \"Fine\"\n  held by person\nending left \"Left\"\n  held by person\n";
    let outer = inner.split_once("step look").expect("a step").0.replace("starts at look", "starts at both");
    let outer = outer.replace("pathway inner \"Look in\"", "pathway outer \"Outer\"");
    let text = format!(
        "onward 1\n{outer}together both \"Both\"\n  visit \"A visit\" follows inner done if it ends in fine\n  \
         bed \"A bed\" led by nurse within 1 day\n  all done within 2 days\n  if not all done -> left\n  then left\n\
         ending left \"Left\"\n  held by person\nrole nurse\n{inner}"
    );
    with(&text, |program, shared| {
        let place = |name: &str| format!("p{}", program.pathway.place_named(name).expect("there").0);
        let (folded, whole) = (super::mermaid(program, shared, true), super::mermaid(program, shared, false));
        for text in [&folded, &whole] {
            assert!(text.contains(&format!("{} -->|\"side by side\"| {}", place("both"), place("visit"))), "{text}");
            assert!(!text.contains("It is not done"), "where it ends is no box of its own\n{text}");
        }
        assert!(whole.contains(&format!("{} -->|\"side by side\"| {}", place("both"), place("visit/look"))), "{whole}");
        assert!(whole.contains(&format!("{} --> {}", place("visit/fine"), place("both"))), "{whole}");
        let svg = super::svg(program, shared, true);
        roxmltree::Document::parse(&svg).expect("well-formed XML");
        assert!(svg.contains("A visit"), "{svg}");
    });
}
