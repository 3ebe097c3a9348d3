//! The National Early Warning Score, compared with one written here from the table of the Royal College of Physicians
//! (2017), over every boundary value and its neighbours.
#![allow(clippy::panic)]

use onward::model::{Domain, FactId};
use onward::workflow::{score_range, truth};
use onward::{Library, Source};

#[derive(Clone, Copy, Debug)]
struct Person {
    breaths: i64,
    saturation: i64,
    scale_2: bool,
    oxygen: bool,
    systolic: i64,
    pulse: i64,
    /// alert, confusion, voice, pain, unresponsive
    consciousness: i64,
    /// in tenths of a degree
    temperature: i64,
}

fn breaths(n: i64) -> i64 {
    if n <= 8 || n >= 25 {
        3
    } else if n >= 21 {
        2
    } else if n <= 11 {
        1
    } else {
        0
    }
}

fn saturation(person: &Person) -> i64 {
    let n = person.saturation;
    if !person.scale_2 {
        return if n <= 91 {
            3
        } else if n <= 93 {
            2
        } else if n <= 95 {
            1
        } else {
            0
        };
    }
    match n {
        ..=83 => 3,
        84..=85 => 2,
        86..=87 => 1,
        88..=92 => 0,
        _ if !person.oxygen => 0,
        93..=94 => 1,
        95..=96 => 2,
        _ => 3,
    }
}

fn systolic(n: i64) -> i64 {
    if n <= 90 || n >= 220 {
        3
    } else if n <= 100 {
        2
    } else if n <= 110 {
        1
    } else {
        0
    }
}

fn pulse(n: i64) -> i64 {
    if n <= 40 || n >= 131 {
        3
    } else if n >= 111 {
        2
    } else if n <= 50 || n >= 91 {
        1
    } else {
        0
    }
}

fn temperature(tenths: i64) -> i64 {
    if tenths <= 350 {
        3
    } else if tenths >= 391 {
        2
    } else if tenths <= 360 || tenths >= 381 {
        1
    } else {
        0
    }
}

fn parts(person: &Person) -> [i64; 7] {
    [
        breaths(person.breaths),
        saturation(person),
        if person.oxygen { 2 } else { 0 },
        systolic(person.systolic),
        pulse(person.pulse),
        if person.consciousness == 0 { 0 } else { 3 },
        temperature(person.temperature),
    ]
}

fn library() -> Library {
    let read = |name: &str| {
        let path = format!("{}/pathways/{name}", env!("CARGO_MANIFEST_DIR"));
        Source::new(format!("pathways/{name}"), std::fs::read_to_string(path).expect("the file is there"))
    };
    let names = ["scores/news2.pathway", "shared/people.pathway", "shared/facts.pathway"];
    Library::compile(names.into_iter().map(read).collect()).unwrap_or_else(|report| panic!("{report}"))
}

/// Around every boundary of the table: the value, and its neighbours on both sides.
fn around(boundaries: &[i64]) -> Vec<i64> {
    let mut all: Vec<i64> = boundaries.iter().flat_map(|n| [n - 1, *n, n + 1]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn it_agrees_with_the_table_over_every_boundary() {
    let library = library();
    let shared = library.shared();
    let score = shared.scores.iter().find(|score| score.name == "news2").expect("it is there");
    let fact = |name: &str| shared.fact(name).unwrap_or_else(|| panic!("no `{name}`"));
    let option = |fact: FactId, name: &str| shared.facts[fact.index()].domain.read(name, None).expect("an option");
    let ids = [
        "respiratory_rate",
        "oxygen_saturation",
        "saturation_scale",
        "supplementary_oxygen",
        "systolic_pressure",
        "pulse",
        "consciousness",
        "temperature",
    ]
    .map(fact);
    let conscious = ["alert", "confusion", "voice", "pain", "unresponsive"].map(|name| option(ids[6], name));
    let scales = ["scale_1", "scale_2"].map(|name| option(ids[2], name));
    assert!(matches!(shared.facts[ids[7].index()].domain, Domain::Number { decimals: 1, step: 1, .. }));
    let ordinary = Person {
        breaths: 16,
        saturation: 97,
        scale_2: false,
        oxygen: false,
        systolic: 120,
        pulse: 70,
        consciousness: 0,
        temperature: 370,
    };
    let mut people = Vec::new();
    let mut add = |person: Person| {
        for (scale_2, oxygen) in [(false, false), (false, true), (true, false), (true, true)] {
            people.push(Person { scale_2, oxygen, ..person });
        }
    };
    for breaths in around(&[8, 9, 11, 12, 20, 21, 24, 25]) {
        add(Person { breaths, ..ordinary });
    }
    for saturation in 80..=100 {
        for pulse in around(&[40, 41, 50, 51, 90, 91, 110, 111, 130, 131]) {
            add(Person { saturation, pulse, ..ordinary });
        }
    }
    for systolic in around(&[90, 91, 100, 101, 110, 111, 219, 220]) {
        for consciousness in 0..5 {
            add(Person { systolic, consciousness, ..ordinary });
        }
    }
    for temperature in around(&[350, 351, 360, 361, 380, 381, 390, 391]) {
        for breaths in around(&[8, 9, 11, 12, 20, 21, 24, 25]) {
            add(Person { temperature, breaths, ..ordinary });
        }
    }
    assert!(people.len() > 2_000);
    let mut known = vec![None; shared.facts.len()];
    for person in &people {
        let values = [
            person.breaths,
            person.saturation,
            scales[usize::from(person.scale_2)],
            i64::from(person.oxygen),
            person.systolic,
            person.pulse,
            conscious[person.consciousness as usize],
            person.temperature,
        ];
        for (id, value) in ids.iter().zip(values) {
            let (min, max) = shared.facts[id.index()].domain.bounds();
            assert!((min..=max).contains(&value), "{} cannot be {value}", shared.facts[id.index()].name);
            known[id.index()] = Some(value);
        }
        let parts = parts(person);
        let total: i64 = parts.iter().sum();
        assert_eq!(score_range(score, known.as_slice(), &shared.scores), (total, total), "{person:?}");
        let three = onward::model::Test::AnyPart(
            onward::model::ScoreId(shared.scores.iter().position(|it| it.name == "news2").expect("there") as u32),
            onward::model::Ranges::new([(3, 3)]),
        );
        let single = truth(&three, known.as_slice(), &shared.scores) == onward::workflow::Truth::Yes;
        assert_eq!(single, parts.contains(&3), "a single 3: {person:?}");
        // With one part unknown the score is a range that holds the truth.
        for id in ids {
            let kept = known[id.index()].take();
            let (min, max) = score_range(score, known.as_slice(), &shared.scores);
            assert!(min <= total && total <= max, "{person:?} without {}", shared.facts[id.index()].name);
            known[id.index()] = kept;
        }
    }
}
