//! What makes a case long, and what makes the ways to a place many: the counts, and the waits, that matter most.
//!
//! Nothing here is proved. It says where to look first, of what others have found.

use super::Subject;
use super::listed;
use super::longest::Times;
use super::ways::{Count, WayId};
use crate::calendar::Length;
use crate::diagnostic::Finding;
use crate::model::{CounterId, PlaceId};
use std::collections::BTreeMap;

/// How many places, and how many counted ways, are named.
const NAMED: usize = 3;

/// How often, and how long altogether.
type Share = (u32, Length);

/// The longest waits of a path, in words, behind how long it takes: how often and how long each, and what comes on top for
/// what ladders may give to others; nothing where nothing takes time.
pub fn longest_waits(subject: &Subject<'_>, times: &Times<'_>, path: &[WayId], given_away: Length) -> String {
    let mut waits: BTreeMap<PlaceId, Share> = BTreeMap::new();
    for way in path {
        let from = subject.ways.all[*way].from;
        let wait = waits.entry(from).or_insert((0, Length::ZERO));
        *wait = (wait.0 + 1, wait.1.plus(times.of(from)));
    }
    let said = most(waits).into_iter().map(|(place, (often, long))| {
        let often = if often > 1 { format!("{often} times, ") } else { String::new() };
        format!("`{}` ({often}{long})", subject.program.pathway.place(place).name)
    });
    let said = listed(said);
    match (said.is_empty(), given_away > Length::ZERO) {
        (true, _) => String::new(),
        (_, true) => {
            format!("; the longest waits are {said}; {given_away} come on top for what ladders give to others")
        }
        (_, false) => format!("; the longest waits are {said}"),
    }
}

/// Points at the counted ways on which a path goes round longest: each time from the way until one is back where it begins.
pub fn with_rounds(mut finding: Finding, subject: &Subject<'_>, times: &Times<'_>, path: &[WayId]) -> Finding {
    let pathway = &subject.program.pathway;
    let way = |at: &WayId| &subject.ways.all[*at];
    let mut rounds: BTreeMap<CounterId, Share> = BTreeMap::new();
    for (at, number) in path.iter().enumerate() {
        let Some(Count::Route(counter)) = way(number).count else { continue };
        let back = path[at + 1..].iter().position(|it| way(it).from == way(number).from);
        let Some(back) = back else { continue };
        let long = path[at + 1..].iter().take(back + 1).map(|it| times.of(way(it).from));
        let round = rounds.entry(counter).or_insert((0, Length::ZERO));
        *round = (round.0 + 1, long.fold(round.1, Length::plus));
    }
    for (counter, (often, long)) in most(rounds) {
        let often = if often > 1 { format!("{often} times round") } else { "once round".to_string() };
        let said = format!("{often} from here back to here may take {long} of it");
        finding = finding.and(pathway.counters[counter.index()].at, said);
    }
    finding
}

/// Those that take longest, longest first.
fn most<T: Copy + Ord>(shares: BTreeMap<T, Share>) -> Vec<(T, Share)> {
    let mut all: Vec<(T, Share)> = shares.into_iter().filter(|(_, (_, long))| *long > Length::ZERO).collect();
    all.sort_by_key(|(what, (_, long))| (std::cmp::Reverse(*long), *what));
    all.truncate(NAMED);
    all
}

/// Points at the counted ways that make the ways to a place many: those that may be taken most often before it.
pub fn with_counts(mut finding: Finding, subject: &Subject<'_>, place: PlaceId) -> Finding {
    let pathway = &subject.program.pathway;
    let before = subject.ways.before(place);
    let mut counts: BTreeMap<CounterId, (u32, PlaceId)> = BTreeMap::new();
    for way in subject.ways.all.iter().filter(|way| before.contains(&way.to) || way.to == place) {
        if let Some(Count::Route(counter)) = way.count {
            counts.insert(counter, (pathway.counters[counter.index()].limit, way.to));
        }
    }
    let many = counts.len();
    let mut all: Vec<(CounterId, (u32, PlaceId))> = counts.into_iter().collect();
    all.sort_by_key(|(counter, (limit, _))| (std::cmp::Reverse(*limit), *counter));
    for (counter, (limit, to)) in all.into_iter().take(NAMED) {
        let times = if limit == 1 { "once".to_string() } else { format!("up to {limit} times") };
        let which = if many == 1 { "the counted way".to_string() } else { format!("one of {many} counted ways") };
        let said = format!("{which} before it: {times} to `{}`", pathway.place(to).name);
        finding = finding.and(pathway.counters[counter.index()].at, said);
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Moment;
    use crate::check::ways::Ways;
    use crate::check::{Moments, undecided};
    use crate::{Library, Source};

    const TEXT: &str = include_str!("../../examples/first/tea_and_talk.pathway");

    #[test]
    fn what_makes_the_ways_many_is_pointed_at() {
        let library = Library::read(vec![Source::new("tea.pathway", TEXT)]).expect("it can be read");
        let (_, program) = library.pathways().next().expect("there is one");
        let (ways, moments) = (Ways::new(program), Moments::default());
        let (shared, from) = (library.shared(), Moment::MIN);
        let subject = Subject { program, directory: None, shared, from, on: None, ways: &ways, moments: &moments };
        let content = program.pathway.place_named("content").expect("it is there");
        let flaw = undecided(&subject, program.pathway.place(content).at, "whether it is held", content);
        assert_eq!(flaw.finding.message, "there are too many ways to `content` to decide whether it is held");
        let others: Vec<&str> = flaw.finding.others.iter().map(|other| other.text.as_str()).collect();
        assert_eq!(others, ["the counted way before it: once to `visit`"]);
        let at = flaw.finding.others[0].place.span;
        assert!(TEXT[at.start as usize..at.end as usize].contains("visit, at most once"));
    }
}
