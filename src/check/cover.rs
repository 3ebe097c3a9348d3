//! Somebody answers: whoever is last on a ladder is there at every minute, and a step that opens when nobody is on duty
//! for it is escalated at once.
//!
//! Both are one question about a stretch of opening minutes: is somebody open in one piece, for as long as it takes,
//! before the time is over? A rung takes the whole of its time (5.2), a step as long as its work (10.16). From each open
//! stretch follow the moments at which asking would be in time (`in_time`); what these leave out is nobody's. It is worked
//! out in whole seconds, never minute by minute.

use super::flow::is_reached;
use super::serving::{self, Group};
use super::{Evidence, Flaw, Person, Subject};
use crate::calendar::{Length, Moment};
use crate::diagnostic::{Finding, Kind};
use crate::model::{
    A_MOMENT, Deadline, Directory, Exit, Ladder, LadderId, Place, PlaceId, RoleId, Route, Schedule, Shared, Target,
};
use crate::workflow::{Node, directory_lacks};
use std::collections::BTreeMap;

/// After so long somebody can have come to any place.
const UNDER_WAY: Length = Length::hours(24 * 60);

/// Where nobody would be there.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let Some(directory) = subject.directory else {
        let message = "which directory is meant is not said, so it is not proved that somebody answers";
        let finding = Finding::new(Kind::Undecided, pathway.at, message)
            .help("name the file of the directory: `tested with \"our_area.pathway\"`");
        return vec![Flaw::new(finding, Evidence::Static)];
    };
    let lacks = directory_lacks(pathway, directory, &subject.shared.facts, &subject.shared.roles).into_iter();
    let mut flaws: Vec<Flaw> =
        lacks.map(|finding| Flaw::new(Finding { kind: Kind::NobodyAnswers, ..finding }, Evidence::Static)).collect();
    let mut cover = Cover::new(subject.shared, directory, subject.from);
    let is_reached = is_reached(subject.program);
    let mut waiting: BTreeMap<LadderId, Vec<(PlaceId, &Place)>> = BTreeMap::new();
    for node in subject.program.workflow.graph.node_weights().filter(|node| is_reached(**node)) {
        if let Node::Escalation(place, ladder) = node {
            waiting.entry(*ladder).or_default().push((*place, pathway.place(*place)));
        }
    }
    for (ladder, mut waiting) in waiting {
        waiting.sort_by_key(|(place, _)| *place);
        flaws.extend(nobody_answers(&mut cover, pathway.ladder(ladder), waiting));
    }
    for (id, place) in pathway.all_places().filter(|(id, _)| is_reached(Node::Place(*id))) {
        flaws.extend(too_late(subject, &mut cover, id, place));
    }
    flaws
}

/// The last rung of a ladder, where it is not there at every minute; these places would be waiting for it.
fn nobody_answers(cover: &mut Cover<'_>, ladder: &Ladder, waiting: Vec<(PlaceId, &Place)>) -> Option<Flaw> {
    let (first, place) = *waiting.first()?;
    let ladder = cover.directory.ladder(&ladder.name)?;
    let (number, last) = ladder.rungs.iter().enumerate().next_back()?;
    let (gaps, whom) = cover.gaps_for(&last.contacts, Deadline::Within(last.within), last.within)?;
    let message = format!(
        "nobody answers {}{whom}: `{}`, the last rung of `{}`, is not open then for all of the {} it has to answer",
        cover.in_words(&gaps),
        last.name,
        ladder.name,
        last.within
    );
    let help = format!(
        "put somebody last who is `open always`, on bank holidays too; or let those on the rung overlap by {} where \
         one takes over from the other",
        last.within
    );
    let waits = match waiting.len() {
        1 => format!("`{}` would be waiting", place.name),
        many => format!("`{}` would be waiting, and {} more", place.name, many - 1),
    };
    let finding = Finding::new(Kind::NobodyAnswers, last.at, message).label(cover.how_often(&gaps)).help(help);
    let rung = Some((ladder.name.clone(), number as u32));
    let later = gaps.later.map(Stretch::minute);
    let evidence = minute(&whom, Evidence::Minute { place: first, at: gaps.first.minute(), later, rung });
    Some(Flaw::new(finding.and(place.at, waits), evidence))
}

/// Each of the people of a place for whom it can open too late, where being late asks nobody else.
fn too_late(subject: &Subject<'_>, cover: &mut Cover<'_>, id: PlaceId, place: &Place) -> Vec<Flaw> {
    let pathway = &subject.program.pathway;
    let Some(within) = place.kind.within() else { return Vec::new() };
    let late = place.exits[Exit::Late as usize];
    let mut legs = late.into_iter().flat_map(|route| pathway.route_chain(route));
    let elsewhere = legs.find(|(_, leg)| !matches!(leg.target, Target::Escalate(_)));
    if late.is_some() && elsewhere.is_none() {
        return Vec::new();
    }
    let needed = place.kind.not_without().iter().map(|it| it.role);
    let mut people: Vec<RoleId> = place.kind.people().chain(needed).collect();
    people.dedup();
    let name_of = |after: PlaceId| pathway.place(after).name.to_string();
    let said = within.in_words(
        |role| subject.shared.roles[role.index()].name.to_string(),
        name_of,
        |meeting| pathway.meeting(meeting).to_string(),
    );
    if within.after().is_some() && people.iter().any(|role| *role != RoleId::PERSON) {
        let then = what_then(subject, elsewhere.map(|(_, leg)| leg));
        let message = format!("the time of `{}`, {said}, may be over when it opens, {then}", place.name);
        let ladder = pathway.ladders.first().map_or("LADDER", |ladder| &ladder.name);
        let help =
            format!("write `if late -> escalate to {ladder}` in `{}`: then somebody is asked at once", place.name);
        let mut finding = Finding::new(Kind::TooLate, place.at, message).help(help);
        if let Some((_, leg)) = elsewhere {
            finding = finding.and(leg.at, "this asks nobody else");
        }
        return vec![Flaw::new(finding, Evidence::Static)];
    }
    let mut flaws = Vec::new();
    for role in people {
        let takes = place.kind.takes().max(Length::SECOND);
        let Some((gaps, whom)) = cover.gaps_of(role, within, takes) else { continue };
        let name = &subject.shared.roles[role.index()].name;
        let piece = if takes > A_MOMENT { format!(" for {takes} in one piece") } else { String::new() };
        let message = format!(
            "whoever comes to `{}` {} finds no `{name}` on duty{whom}{piece} {}, {}",
            place.name,
            cover.in_words(&gaps),
            said,
            what_then(subject, elsewhere.map(|(_, leg)| leg)),
        );
        let ladder = pathway.ladders.first().map_or("LADDER", |ladder| &ladder.name);
        let help = format!(
            "write `if late -> escalate to {ladder}` in `{}`, and where to go if nobody can; or give it more time, or give \
             somebody who fills `{name}` more hours",
            place.name
        );
        let mut finding = Finding::new(Kind::TooLate, place.at, message).label(cover.how_often(&gaps)).help(help);
        if let Some((_, leg)) = elsewhere {
            finding = finding.and(leg.at, "this asks nobody else");
        }
        let later = gaps.later.map(Stretch::minute);
        let evidence = minute(&whom, Evidence::Minute { place: id, at: gaps.first.minute(), later, rung: None });
        flaws.push(Flaw::new(finding, evidence));
    }
    flaws
}

/// When nobody of a role is there in time to answer, and how often that is so; nothing where somebody always is. Of a
/// role that nobody fills, or without a directory, that is said elsewhere.
pub(super) fn unanswered(subject: &Subject<'_>, role: RoleId, within: Length) -> Option<(String, String)> {
    let mut cover = Cover::new(subject.shared, subject.directory?, subject.from);
    let (gaps, whom) = cover.gaps_of(role, Deadline::Within(within), A_MOMENT.min(within))?;
    Some((format!("{}{whom}", cover.in_words(&gaps)), cover.how_often(&gaps)))
}

/// The minute as evidence; where it is so only for some, whom they are is said, and there is no story of it.
fn minute(whom: &str, evidence: Evidence) -> Evidence {
    if whom.is_empty() { evidence } else { Evidence::Static }
}

/// What becomes of the person when the time is over and nobody else is asked.
fn what_then(subject: &Subject<'_>, leg: Option<&Route>) -> String {
    match leg.map(|leg| leg.target) {
        Some(Target::Place(to)) => format!("and then goes on to `{}`", subject.program.pathway.place(to).name),
        Some(Target::Back) => "and then goes back to the decision".to_string(),
        Some(Target::NotDone) => "and it ends not done".to_string(),
        Some(Target::Escalate(_)) | None => "and nobody else is asked".to_string(),
    }
}

/// A stretch of moments, both its ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    first: Moment,
    last: Moment,
}

impl Stretch {
    /// Its first whole minute; where there is none, its first second.
    fn minute(self) -> Moment {
        let past = self.first.unix().rem_euclid(60);
        let whole = if past == 0 { self.first } else { self.first.plus(Length::from_seconds(60 - past)) };
        if whole <= self.last { whole } else { self.first }
    }
}

/// The moments from which nobody is there in time: the first stretch of them, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gaps {
    first: Stretch,
    /// The first of them that begins when people can long have been under way.
    later: Option<Stretch>,
    times: usize,
    /// The last moment that was asked about.
    until: Moment,
}

/// Contacts to choose from, by when, and how long somebody is needed until then.
type Question = (Vec<usize>, Deadline, Length);

/// Who of a directory is there when, from a moment on. Every contact's hours are laid over the days once, and every
/// question is answered once.
struct Cover<'d> {
    shared: &'d Shared,
    directory: &'d Directory,
    from: Moment,
    open: Vec<Option<Vec<(Moment, Moment)>>>,
    known: BTreeMap<Question, Option<Gaps>>,
    groups: BTreeMap<Vec<usize>, Vec<Group>>,
}

impl<'d> Cover<'d> {
    fn new(shared: &'d Shared, directory: &'d Directory, from: Moment) -> Cover<'d> {
        Cover {
            shared,
            directory,
            from,
            open: vec![None; directory.contacts.len()],
            known: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// When nobody of a role is there in time. The person always is; a role that nobody fills is a finding of its own.
    fn gaps_of(&mut self, role: RoleId, within: Deadline, takes: Length) -> Option<(Gaps, String)> {
        if role == RoleId::PERSON {
            return None;
        }
        let filling = serving::filling(self.directory, role);
        if filling.is_empty() { None } else { self.gaps_for(&filling, within, takes) }
    }

    /// When none of these contacts that serve somebody is there in time, and for whom, where it is not so for everybody. Of
    /// those whom none of them serves that is said elsewhere; but somebody is asked at the end of every ladder.
    fn gaps_for(&mut self, contacts: &[usize], within: Deadline, takes: Length) -> Option<(Gaps, String)> {
        let groups = self.groups.entry(contacts.to_vec()).or_insert_with(|| {
            // Where they cannot be gone through, each is taken as if it were alone.
            let alone = || contacts.iter().map(|it| Group { serving: vec![*it], person: Person::new() }).collect();
            serving::groups(self.shared, self.directory, contacts).unwrap_or_else(alone)
        });
        groups.clone().iter().filter(|group| !group.serving.is_empty()).find_map(|group| {
            let gaps = self.gaps(&group.serving, within, takes)?;
            Some((gaps, serving::for_whom(self.shared, group)))
        })
    }

    /// When none of these contacts is open for `takes`, in one piece, before the time is over.
    fn gaps(&mut self, contacts: &[usize], within: Deadline, takes: Length) -> Option<Gaps> {
        let question = (contacts.to_vec(), within, takes);
        if let Some(known) = self.known.get(&question) {
            return *known;
        }
        let gaps = self.work_out(contacts, within, takes);
        self.known.insert(question, gaps);
        gaps
    }

    fn work_out(&mut self, contacts: &[usize], within: Deadline, takes: Length) -> Option<Gaps> {
        let worked = Schedule::new(self.directory, within, self.from, self.directory.valid_until);
        let until = worked.last_beginning()?;
        let mut in_time: Vec<Stretch> = Vec::new();
        for number in contacts {
            let long_enough = self.open(*number).iter().filter(|(start, end)| end.since(*start) >= takes);
            for (start, end) in long_enough {
                worked.in_time(*start, *end, takes, &mut |first, last| in_time.push(Stretch { first, last }));
            }
        }
        in_time.sort();
        let mut left_out: Option<Gaps> = None;
        let later = self.from.plus(UNDER_WAY);
        let mut leave_out = |first: Moment, last: Moment| {
            if first <= last {
                let stretch = Stretch { first, last };
                let gaps = left_out.get_or_insert(Gaps { first: stretch, later: None, times: 0, until });
                gaps.times += 1;
                if gaps.later.is_none() && last >= later {
                    gaps.later = Some(Stretch { first: first.max(later), last });
                }
            }
        };
        let mut next = self.from;
        for stretch in in_time {
            leave_out(next, stretch.first.minus(Length::SECOND).min(until));
            next = next.max(stretch.last.plus(Length::SECOND));
        }
        leave_out(next, until);
        left_out
    }

    /// When a contact is open, while it and the directory are there.
    fn open(&mut self, number: usize) -> &[(Moment, Moment)] {
        let (directory, from) = (self.directory, self.from);
        let (Some(contact), Some(open)) = (directory.contacts.get(number), self.open.get_mut(number)) else {
            return &[];
        };
        open.get_or_insert_with(|| directory.open_spans(contact, from, directory.valid_until))
    }

    /// The first of them as a notice board has it: from when somebody was there last to when somebody is again.
    fn in_words(&self, gaps: &Gaps) -> String {
        let Stretch { first, last } = gaps.first;
        let zone = &self.directory.calendar.zone;
        let from = if first == self.from { first } else { first.minus(Length::SECOND) };
        let to = if last == gaps.until { last } else { last.plus(Length::SECOND) };
        format!("from {} to {}", zone.display(from), zone.display(to))
    }

    fn how_often(&self, gaps: &Gaps) -> String {
        let until = self.directory.calendar.zone.display(gaps.until);
        match gaps.times {
            1 => format!("once until {until}"),
            times => format!("{times} times until {until}"),
        }
    }
}
