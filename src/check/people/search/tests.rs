//! How a search goes about it: what it keeps in mind, what it forgets, and how much work it is. That whoever is found is
//! there, and nobody is overlooked, stands in `tests/people.rs`.

use super::super::pose::Term;
use super::super::space::{Column, Of};
use super::*;

/// A sequence of numbers that is the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % n as u64) as usize
    }

    /// Some classes of a few columns.
    fn cells(&mut self, columns: &[Column]) -> Cells {
        let mut cells = Cells::new();
        for (number, column) in columns.iter().enumerate() {
            if self.below(3) > 0 {
                let (from, wide) = (self.below(column.classes), 1 + self.below(column.classes));
                cells.insert(number, set(column.classes, |class| (from..from + wide).contains(&class)));
            }
        }
        cells
    }
}

fn columns(classes: &[usize]) -> Vec<Column> {
    classes.iter().map(|classes| Column { classes: *classes, of: Of::Derived }).collect()
}

/// What is put in later, in the middle of looking, is seen just as if it had been there from the beginning.
#[test]
fn a_box_that_is_added_on_the_way_is_seen_as_it_is() {
    let mut dice = Dice(11);
    for _ in 0..60 {
        let columns = columns(&[3, 70, 2, 5]);
        let boxes: Vec<Cells> = (0..20).map(|_| dice.cells(&columns)).collect();
        let problem = Problem { columns, boxes, ..Problem::default() };
        let mut searcher = Searcher::new(&problem, 0, 1 << 20);
        for (column, classes) in dice.cells(&problem.columns) {
            searcher.limit(column, &classes, None, true);
        }
        searcher.refresh();
        // Some come into room that is there, and some into places in which others were.
        for _ in 0..LEARNT + 20 {
            let dense = searcher.table.dense(&dice.cells(&problem.columns));
            searcher.learn(&dense);
        }
        let mut afresh = searcher.clone();
        afresh.stale.fill(true);
        afresh.refresh();
        // Of a column of which nothing is left, everything covers what is left: that is never looked at.
        let (words, len) = (searcher.table.words, searcher.table.len);
        for number in 0..len {
            for column in 0..problem.columns.len() {
                let (word, bit) = (column * words + number / 64, 1u64 << (number % 64));
                let seen = |it: &Searcher| (it.touch[word] & bit != 0, it.cover[word] & bit != 0);
                assert_eq!(seen(&searcher), seen(&afresh), "{number}, {column}");
            }
        }
    }
}

#[test]
fn of_what_was_learnt_the_oldest_is_forgotten_first() {
    let problem = Problem { columns: columns(&[400]), ..Problem::default() };
    let mut searcher = Searcher::new(&problem, 0, 1 << 20);
    let only = |class: usize| set(400, |it| it == class);
    let kept = |searcher: &Searcher| -> Vec<usize> {
        searcher.learnt.iter().filter_map(|number| members(searcher.table.of(*number)).next()).collect()
    };
    (0..LEARNT).for_each(|class| searcher.learn(&only(class)));
    assert_eq!(kept(&searcher), (0..LEARNT).collect::<Vec<_>>());
    (LEARNT..LEARNT + 3).for_each(|class| searcher.learn(&only(class)));
    assert_eq!(kept(&searcher), [LEARNT, LEARNT + 1, LEARNT + 2].into_iter().chain(3..LEARNT).collect::<Vec<_>>());
    (LEARNT + 3..2 * LEARNT + 1).for_each(|class| searcher.learn(&only(class)));
    assert_eq!(kept(&searcher), [2 * LEARNT].into_iter().chain(LEARNT + 1..2 * LEARNT).collect::<Vec<_>>());
    // None of them was asked.
    assert_eq!(members(&searcher.asked).count(), 0);
}

/// What is too large is not looked at, and not even kept.
#[test]
fn what_is_too_large_is_not_looked_at() {
    for (classes, boxes, outcome) in
        [(1 << 20, 63 + 15 * 64 - LEARNT, Outcome::Found), (1 << 20, 65 + 15 * 64, Outcome::OutOfBudget)]
    {
        let problem = Problem { columns: columns(&[classes]), ..Problem::default() };
        let mut searcher = Searcher::new(&problem, boxes, 1 << 40);
        searcher.add(&Cells::from([(0, set(classes, |class| class == 0))]));
        assert_eq!(searcher.table.len, usize::from(outcome == Outcome::Found));
        assert_eq!(searcher.look([]), outcome);
    }
    let problem = Problem { columns: columns(&[2]), too_large: true, ..Problem::default() };
    assert_eq!(Searcher::new(&problem, 0, 1 << 40).look([]), Outcome::OutOfBudget);
}

/// A table that splits everybody into boxes, some of them widened; or with a hole.
fn table(count: usize, classes: usize, rows: usize, hole: bool, seed: u64) -> Problem {
    let mut dice = Dice(seed);
    let mut table: Vec<Vec<(usize, usize)>> = vec![vec![(0, classes - 1); count]];
    while table.len() < rows {
        let (row, column) = (dice.below(table.len()), dice.below(count));
        let (from, to) = table[row][column];
        if from < to {
            let cut = from + dice.below(to - from);
            let mut other = table[row].clone();
            table[row][column].1 = cut;
            other[column].0 = cut + 1;
            table.push(other);
        }
    }
    if hole {
        table.remove(rows / 2);
    }
    for row in &mut table {
        let column = dice.below(3 * count);
        if let Some((from, to)) = row.get_mut(column).filter(|_| !hole) {
            (*from, *to) = (from.saturating_sub(dice.below(20)), (*to + dice.below(20)).min(classes - 1));
        }
    }
    let cells = |row: &Vec<(usize, usize)>| -> Cells {
        let wanted = row.iter().enumerate().filter(|(_, range)| **range != (0, classes - 1));
        wanted.map(|(column, (from, to))| (column, set(classes, |class| (*from..=*to).contains(&class)))).collect()
    };
    Problem { columns: columns(&vec![classes; count]), boxes: table.iter().map(cells).collect(), ..Problem::default() }
}

/// Conditions about three of some facts each, which are yes or no.
fn threes(facts: usize, conditions: usize, seed: u64) -> Problem {
    let mut dice = Dice(seed);
    let mut three = || -> Cells {
        let one = |dice: &mut Dice| (dice.below(facts), vec![1 + dice.below(2) as u64]);
        [one(&mut dice), one(&mut dice), one(&mut dice)].into()
    };
    let boxes = (0..conditions).map(|_| three()).collect();
    Problem { columns: columns(&vec![2; facts]), boxes, ..Problem::default() }
}

/// Two sums over some signs, each of which must come out between two numbers; with `unknown`, whatever is not known.
fn sums(signs: usize, unknown: bool, wanted: [(i64, i64); 2]) -> Problem {
    let classes = 2 + usize::from(unknown);
    let mut problem = Problem { columns: columns(&vec![classes; signs]), ..Problem::default() };
    for (number, (from, to)) in wanted.into_iter().enumerate() {
        let points = |sign: usize| 101 + ((sign + 1) * (sign + 7) * (37 + 91 * number) % 791 * 2) as i64;
        let term = |sign: usize| {
            let points = points(sign);
            let gives = [[0, points, 0], [0, points, points]];
            Term {
                column: sign,
                gives: gives.map(|it| it[..classes].iter().map(|points| (*points, *points)).collect()),
            }
        };
        let terms: Vec<Term> = (0..signs).map(term).collect();
        let most: i64 = (0..signs).map(points).sum();
        let parts = [(0, from - 1), (from, to), (to + 1, most)];
        let states: Vec<[(i64, i64); 2]> = (0..3)
            .flat_map(|low| (low..3).map(move |high| [parts[low], parts[high]]))
            .filter(|[low, high]| unknown || low == high)
            .collect();
        let total = problem.columns.len();
        problem.columns.push(Column { classes: states.len(), of: Of::Derived });
        let other = set(states.len(), |state| states[state] != [(from, to); 2]);
        problem.boxes.push(Cells::from([(total, other)]));
        problem.sums.push(Sum { terms, total, states, wide: false });
    }
    problem
}

/// What a search comes to, and how much work it was.
fn work(problem: &Problem) -> (Outcome, u64) {
    let whole = 1 << 32;
    let mut searcher = Searcher::new(problem, 0, whole);
    let before = searcher.budget;
    assert!(before < whole || problem.boxes.is_empty());
    let outcome = searcher.look([]);
    (outcome, whole - searcher.budget)
}

/// A budget says something only while the same question is the same work, everywhere and next year. Whoever changes how
/// the search goes about it writes the new numbers here, and says why where one of them becomes larger.
#[test]
fn a_search_is_as_much_work_as_it_was() {
    use Outcome::{Found, Nobody};
    for (name, problem, came) in [
        ("100 rows that choose for everybody", table(8, 100, 100, false, 1), (Nobody, 27_276)),
        ("100 rows with a hole", table(8, 100, 100, true, 2), (Found, 16_226)),
        ("300 rows that choose for everybody", table(5, 70, 300, false, 3), (Nobody, 56_595)),
        ("300 rows with a hole", table(5, 70, 300, true, 4), (Found, 43_720)),
        ("a few conditions about three facts", threes(30, 90, 5), (Found, 23_019)),
        ("as many as anybody may meet", threes(30, 130, 6), (Nobody, 35_155)),
        ("more than anybody meets", threes(30, 200, 7), (Nobody, 49_379)),
        ("two sums that come out", sums(12, false, [(3_000, 3_100), (4_000, 4_200)]), (Found, 1_211_357)),
        ("two sums that do not", sums(12, false, [(3_001, 3_001), (4_003, 4_003)]), (Nobody, 1_103_745)),
        ("two sums of what is not known", sums(9, true, [(2_000, 2_300), (2_500, 2_600)]), (Found, 107_382)),
    ] {
        assert_eq!(work(&problem), came, "{name}");
    }
}
