//! The scores that are shipped, each compared with one written here from its published table: for every person there can
//! be where that is few enough, and else around every boundary, on both sides. `tests/news2.rs` does it for NEWS2.
#![allow(clippy::panic)]

use onward::model::{FactId, PlaceKind, Score};
use onward::workflow::{Truth, score_range, truth};
use onward::{Library, Source};

/// A pathway with its score, and a person of whom things become known.
struct Known {
    library: Library,
    values: Vec<Option<i64>>,
}

impl Known {
    fn new(file: &str) -> Known {
        let read = |name: &str| {
            let path = format!("{}/pathways/{name}", env!("CARGO_MANIFEST_DIR"));
            Source::new(name, std::fs::read_to_string(path).expect("the file is there"))
        };
        let files = [
            file,
            "shared/people.pathway",
            "shared/facts.pathway",
            "nottinghamshire/directory.pathway",
            "england/bank_holidays.pathway",
        ];
        let library = Library::read(files.into_iter().map(read).collect()).unwrap_or_else(|report| panic!("{report}"));
        let values = vec![None; library.shared().facts.len()];
        Known { library, values }
    }

    fn fact(&self, name: &str) -> FactId {
        self.library.shared().fact(name).unwrap_or_else(|| panic!("no fact `{name}`"))
    }

    /// A number, or yes (1) and no (0).
    fn set(&mut self, name: &str, value: i64) {
        let fact = self.fact(name);
        let (min, max) = self.library.shared().facts[fact.index()].domain.bounds();
        assert!((min..=max).contains(&value), "`{name}` cannot be {value}");
        self.values[fact.index()] = Some(value);
    }

    fn set_option(&mut self, name: &str, option: &str) {
        let fact = self.fact(name);
        let domain = &self.library.shared().facts[fact.index()].domain;
        let value = domain.read(option, None).unwrap_or_else(|_| panic!("`{name}` is never {option}"));
        self.values[fact.index()] = Some(value);
    }

    fn forget(&mut self, name: &str) {
        let fact = self.fact(name);
        self.values[fact.index()] = None;
    }

    fn score(&self, name: &str) -> (i64, i64) {
        let scores = &self.library.shared().scores;
        let score: &Score = scores.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no score `{name}`"));
        score_range(score, self.values.as_slice(), scores)
    }

    /// Whether the first row of a decision holds.
    fn first_row(&self, pathway: &str, decision: &str) -> Truth {
        let pathway = self.library.pathway(pathway).unwrap_or_else(|| panic!("no pathway `{pathway}`"));
        let place = pathway.program().pathway.places.iter().find(|place| place.name == decision);
        let Some(PlaceKind::Decide(decide)) = place.map(|place| &place.kind) else {
            panic!("no decision `{decision}`")
        };
        truth(&decide.rows[0].condition.test, self.values.as_slice(), &self.library.shared().scores)
    }
}

const fn yes_if(it: bool) -> Truth {
    if it { Truth::Yes } else { Truth::No }
}

#[test]
fn lace_is_as_published() {
    let mut known = Known::new("scores/readmission_risk.pathway");
    for days in (0..=20).chain([399, 400]) {
        for emergency in [0, 1] {
            for comorbidity in (0..=6).chain([40]) {
                for visits in (0..=6).chain([300]) {
                    let length = match days {
                        0..=3 => days,
                        4..=6 => 4,
                        7..=13 => 5,
                        _ => 7,
                    };
                    let illness = if comorbidity >= 4 { 5 } else { comorbidity };
                    let total = length + 3 * emergency + illness + visits.min(4);
                    known.set("days_in_hospital", days);
                    known.set("came_as_emergency", emergency);
                    known.set("comorbidity", comorbidity);
                    known.set("visits_six_months", visits);
                    assert_eq!(known.score("lace"), (total, total), "{days} {emergency} {comorbidity} {visits}");
                    assert_eq!(known.first_row("readmission_risk", "how_soon"), yes_if(total >= 10));
                }
            }
        }
    }
}

#[test]
fn braden_is_the_sum_of_its_parts() {
    let mut known = Known::new("scores/pressure_ulcer_risk.pathway");
    let parts = [
        ("sensory_perception", 4),
        ("moisture", 4),
        ("activity", 4),
        ("mobility", 4),
        ("nutrition", 4),
        ("friction_and_shear", 3),
    ];
    for number in 0..4 * 4 * 4 * 4 * 4 * 3 {
        let mut left = number;
        let mut total = 0;
        for (name, most) in parts {
            let value = 1 + left % most;
            left /= most;
            total += value;
            known.set(name, value);
        }
        assert_eq!(known.score("braden"), (total, total));
        known.set("skin_red", 0);
        assert_eq!(known.first_row("pressure_ulcer_risk", "how_often"), yes_if(total <= 9));
        known.set("skin_red", 1);
        assert_eq!(known.first_row("pressure_ulcer_risk", "how_often"), Truth::Yes, "red skin counts");
    }
}

#[test]
fn stratify_is_as_published() {
    let mut known = Known::new("scores/falls_on_the_ward.pathway");
    for number in 0..16 {
        let answers = ["fell_before", "agitated", "sees_badly", "toilet_often"];
        let mut four = 0;
        for (bit, name) in answers.into_iter().enumerate() {
            let value = i64::from(number >> bit & 1 == 1);
            four += value;
            known.set(name, value);
        }
        for transfer in 0..=3 {
            for walking in 0..=3 {
                known.set("transfer", transfer);
                known.set("walking", walking);
                let total = four + i64::from(matches!(transfer + walking, 3 | 4));
                assert_eq!(known.score("stratify"), (total, total), "{number} {transfer} {walking}");
            }
        }
    }
}

/// Who is eligible, by the regulations: all three conditions, and of the ten outcomes at least two.
#[test]
fn eligibility_is_as_in_the_regulations() {
    const OUTCOMES: [&str; 10] = [
        "eats_and_drinks",
        "keeps_clean",
        "uses_the_toilet",
        "dresses",
        "moves_safely_at_home",
        "keeps_the_home",
        "keeps_in_touch",
        "works_or_learns",
        "gets_about",
        "cares_for_a_child",
    ];
    const CANNOT: [&str; 4] = ["only_with_help", "with_pain_or_distress", "at_risk", "far_longer"];
    let mut known = Known::new("scores/eligibility.pathway");
    for number in 0..1 << OUTCOMES.len() {
        for (impairment, impact) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let mut not_achieved = 0;
            for (bit, name) in OUTCOMES.into_iter().enumerate() {
                let cannot = number >> bit & 1 == 1;
                not_achieved += i64::from(cannot);
                // Each way of not achieving an outcome has its turn with each outcome.
                known.set_option(name, if cannot { CANNOT[(number / 7 + bit) % 4] } else { "alone" });
            }
            known.set("needs_from_impairment", impairment);
            known.set("significant_impact", impact);
            assert_eq!(known.score("outcomes_not_achieved"), (not_achieved, not_achieved));
            let eligible = impairment == 1 && impact == 1 && not_achieved >= 2;
            assert_eq!(known.first_row("eligibility", "is_eligible"), yes_if(eligible), "{number:b}");
        }
    }
    for name in OUTCOMES {
        known.set_option(name, "alone");
    }
    known.set_option("cares_for_a_child", "no_child");
    assert_eq!(known.score("outcomes_not_achieved"), (0, 0), "somebody without a child lacks nothing by that");
}

const DOMAINS: [(&str, bool); 11] = [
    ("need_breathing", true),
    ("need_nutrition", false),
    ("need_continence", false),
    ("need_skin", false),
    ("need_mobility", false),
    ("need_communication", false),
    ("need_psychological", false),
    ("need_cognition", false),
    ("need_behaviour", true),
    ("need_medicines", true),
    ("need_consciousness", true),
];

/// The rule as the Checklist words it. 0 is A, 1 is B, 2 is C.
fn positive(letters: &[usize]) -> bool {
    let count = |letter: usize| letters.iter().filter(|it| **it == letter).count();
    let starred = DOMAINS.iter().zip(letters).any(|((_, starred), letter)| *starred && *letter == 0);
    count(0) >= 2 || count(1) >= 5 || count(0) == 1 && count(1) >= 4 || starred
}

/// All 177,147 Checklists there can be; and for some of them each domain unknown in turn: what is said then is never
/// otherwise than what it turns out to be.
#[test]
fn the_checklist_is_as_published() {
    let mut known = Known::new("scores/chc_checklist.pathway");
    let names = ["a", "b", "c"];
    for number in 0..3_usize.pow(11) {
        let mut left = number;
        let letters: Vec<usize> = DOMAINS
            .iter()
            .map(|_| {
                let letter = left % 3;
                left /= 3;
                letter
            })
            .collect();
        for ((name, _), letter) in DOMAINS.iter().zip(&letters) {
            known.set_option(name, names[*letter]);
        }
        let said = known.first_row("chc_checklist", "is_it_positive");
        assert_eq!(said, yes_if(positive(&letters)), "{letters:?}");
        if number % 97 != 0 {
            continue;
        }
        for (at, (name, _)) in DOMAINS.iter().enumerate() {
            known.forget(name);
            let said = known.first_row("chc_checklist", "is_it_positive");
            let otherwise = (0..3).map(|letter| {
                let mut letters = letters.clone();
                letters[at] = letter;
                yes_if(positive(&letters))
            });
            assert!(otherwise.into_iter().all(|it| said == Truth::Unknown || said == it), "{letters:?} without {name}");
            known.set_option(name, names[letters[at]]);
        }
    }
}

/// The tariff, read from its table: each line is what capital up to so many pounds counts for, a week.
fn tariff(capital: i64) -> i64 {
    let table: Vec<(i64, i64)> = (0..=36).map(|pounds| (14_250 + 250 * pounds, pounds)).collect();
    table.iter().find(|(up_to, _)| capital <= *up_to).map_or(36, |(_, pounds)| *pounds)
}

#[test]
fn the_means_test_is_as_published() {
    let mut known = Known::new("scores/means_test.pathway");
    known.set("home_is_counted", 0);
    for fact in ["home_value", "owed_on_home"] {
        let fact = known.fact(fact);
        known.values[fact.index()] = Some(onward::model::NOT_APPLICABLE);
    }
    // Every pound around every boundary of the tariff, and around both limits.
    let lines = (0..=36).flat_map(|line| (-2..=2).map(move |by| 14_250 + 250 * line + by));
    for capital in lines.chain([0, 1, 14_000, 23_500, 100_000, 5_000_000]) {
        known.set("savings", capital);
        assert_eq!(known.score("capital"), (capital, capital));
        assert_eq!(known.score("tariff_income"), (tariff(capital), tariff(capital)), "{capital}");
        assert_eq!(known.first_row("means_test", "who_pays"), yes_if(capital > 23_250), "{capital}");
        // In pence; around what is kept, and around what care costs.
        for income in [0, 19_999, 20_000, 20_001, 25_000, 49_999, 50_000, 50_001, 900_000] {
            for (kept, disability, cost) in [(20_000, 0, 30_000), (18_000, 1_999, 30_000), (0, 0, 0)] {
                known.set("weekly_income", income);
                known.set("kept_each_week", kept);
                known.set("disability_costs", disability);
                known.set("weekly_cost", cost);
                let can_pay = (income + 100 * tariff(capital) - kept - disability).max(0);
                assert_eq!(known.score("can_pay"), (can_pay, can_pay));
                let council = (cost - can_pay).max(0);
                assert_eq!(known.score("council_pays"), (council, council));
            }
        }
    }
    // The home: what it would bring, less what is owed on it, and never less than nothing.
    known.set("home_is_counted", 1);
    known.set("savings", 20_000);
    for (value, owed) in [(0, 0), (3_250, 0), (3_251, 0), (100_000, 96_750), (100_000, 96_749), (50_000, 90_000)] {
        known.set("home_value", value);
        known.set("owed_on_home", owed);
        let capital = 20_000 + (value - owed).max(0);
        assert_eq!(known.score("capital"), (capital, capital));
        assert_eq!(known.first_row("means_test", "who_pays"), yes_if(capital > 23_250));
    }
    // While something is not known it is a range, and known as soon as that does not matter.
    known.forget("home_value");
    known.set("owed_on_home", 0);
    assert_eq!(known.score("tariff_income"), (23, 36));
    assert_eq!(known.first_row("means_test", "who_pays"), Truth::Unknown);
    known.set("savings", 23_251);
    assert_eq!(known.first_row("means_test", "who_pays"), Truth::Yes);
    assert_eq!(known.score("tariff_income"), (36, 36));
}
