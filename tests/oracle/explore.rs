//! Every state there is, how each is come to, whether one can go round, and how long it can take.

use super::machine::{Machine, Move};
use super::state::{At, Label, Node, Seen, State};
use super::text;
use super::world::Thing;
use std::collections::BTreeMap;

/// More states than this, and the world is given up.
pub const MOST_STATES: usize = 300_000;

/// What was reached.
pub struct Explored {
    pub states: Vec<State>,
    /// From which state, and by what.
    parents: Vec<(Option<usize>, Label)>,
    /// Where one goes from each state, and in how many slots.
    edges: Vec<Vec<(usize, u8)>>,
    /// Everything noticed, where first.
    pub seen: BTreeMap<Seen, (Option<usize>, Label)>,
    /// How many of the states a case can open in.
    starts: usize,
    pub gave_up: bool,
}

impl Explored {
    /// Looks at everything that can be reached.
    pub fn new(machine: &Machine<'_>) -> Explored {
        Explored::starting(machine, machine.starts())
    }

    /// Looks at everything that can be reached from some states.
    pub fn starting(machine: &Machine<'_>, mut moves: Vec<Move>) -> Explored {
        let mut all = Explored {
            states: Vec::new(),
            parents: Vec::new(),
            edges: Vec::new(),
            seen: BTreeMap::new(),
            starts: 0,
            gave_up: machine.too_many_counts(),
        };
        let mut numbers = BTreeMap::new();
        let mut from = None;
        let mut next = 0;
        while !all.gave_up {
            for it in moves {
                let fresh = all.states.len();
                let number = *numbers.entry(it.to.clone()).or_insert(fresh);
                if number == fresh {
                    all.states.push(it.to);
                    all.parents.push((from, it.label));
                    all.edges.push(Vec::new());
                }
                if let Some(from) = from {
                    all.edges[from].push((number, it.slots));
                }
                for seen in it.seen {
                    all.seen.entry(seen).or_insert((from, it.label));
                }
            }
            if from.is_none() {
                all.starts = all.states.len();
            }
            if next == all.states.len() {
                break;
            }
            moves = machine.next(&all.states[next]);
            from = Some(next);
            next += 1;
            all.gave_up = all.states.len() > MOST_STATES;
        }
        all
    }

    /// Where one goes from a state, and in how many slots.
    pub fn after(&self, state: usize) -> &[(usize, u8)] {
        &self.edges[state]
    }

    /// How one comes to a state, in words.
    pub fn way_to(&self, state: Option<usize>) -> String {
        let mut words = Vec::new();
        let mut at = state;
        while let Some(number) = at {
            let (parent, label) = self.parents[number];
            words.push(format!("{}: {}", say(label), standing(&self.states[number].at)));
            at = parent;
        }
        words.reverse();
        words.join("; ")
    }

    /// How something that was noticed comes about.
    pub fn trace(&self, seen: Seen) -> Option<String> {
        let (state, label) = self.seen.get(&seen)?;
        let way = self.way_to(*state);
        Some(if way.is_empty() { say(*label) } else { format!("{way}; {}", say(*label)) })
    }

    /// The most slots that can pass from each state until the case closes; or a state one comes round to again.
    pub fn longest(&self) -> Result<Vec<u32>, usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.states.len()];
        let mut longest = vec![0; self.states.len()];
        for start in 0..self.states.len() {
            if marks[start] != Mark::New {
                continue;
            }
            marks[start] = Mark::Open;
            let mut road = vec![(start, 0)];
            while let Some((at, edge)) = road.last_mut() {
                let at = *at;
                if let Some(&(to, _)) = self.edges[at].get(*edge) {
                    *edge += 1;
                    match marks[to] {
                        Mark::Open => return Err(to),
                        Mark::New => {
                            marks[to] = Mark::Open;
                            road.push((to, 0));
                        }
                        Mark::Done => {}
                    }
                } else {
                    longest[at] =
                        self.edges[at].iter().map(|&(to, slots)| longest[to] + u32::from(slots)).max().unwrap_or(0);
                    marks[at] = Mark::Done;
                    road.pop();
                }
            }
        }
        Ok(longest)
    }

    /// The most slots until the case closes, from any start.
    pub fn longest_case(&self, longest: &[u32]) -> u32 {
        longest[..self.starts].iter().copied().max().unwrap_or(0)
    }

    /// Whether one comes from one kind of state to another.
    pub fn leads(&self, from: &dyn Fn(&State) -> bool, to: &dyn Fn(&State) -> bool) -> bool {
        let mut seen = vec![false; self.states.len()];
        let mut next: Vec<usize> = (0..self.states.len()).filter(|state| from(&self.states[*state])).collect();
        while let Some(state) = next.pop() {
            for (reached, _) in &self.edges[state] {
                if !std::mem::replace(&mut seen[*reached], true) {
                    next.push(*reached);
                }
            }
        }
        (0..self.states.len()).any(|state| seen[state] && to(&self.states[state]))
    }

    /// A state in which both are open.
    pub fn both_open(&self, a: Thing, b: Thing) -> Option<usize> {
        self.states.iter().position(|state| is_open(state, a) && is_open(state, b))
    }
}

/// Whether a thing is open in a state.
pub fn is_open(state: &State, thing: Thing) -> bool {
    let main = if let At::Open(open) = &state.at { Some(open) } else { None };
    main.into_iter().chain(&state.beside).any(|open| open.is(thing))
}

fn say(label: Label) -> String {
    match label.thing {
        Some(thing) => format!("{} {}", text::thing(thing), label.what),
        None => label.what.to_string(),
    }
}

fn standing(at: &At) -> String {
    match at {
        At::Ended(ending) => format!("[end{ending}]"),
        At::Over => "[nothing more]".to_string(),
        At::Stranded(decision) => format!("[stranded at p{decision}]"),
        At::Open(open) => {
            let (what, place) = match open.node {
                Node::Place(place) => ("", place),
                Node::Decides(place) | Node::Advised(place) => ("who decides at ", place),
                Node::Asked(place, best) => (if best { "their best interests at " } else { "the person at " }, place),
            };
            let asked =
                open.clock.asked.map_or(String::new(), |(ladder, rung)| format!(", ladder {ladder} rung {rung}"));
            format!("[{what}p{place}, {} slots{asked}]", open.clock.left)
        }
    }
}
