//! Meetings: what is due at one is due at one that is held, by people who can all be there.

use super::flow::is_reached;
use super::{Evidence, Flaw, Subject};
use crate::calendar::{Length, Moment};
use crate::diagnostic::{Finding, Kind};
use crate::model::{Deadline, Directory, Held, Meeting, Place, RoleId};
use crate::workflow::Node;

/// What is wrong with the meetings at which something is due.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let Some(directory) = subject.directory else { return Vec::new() };
    let pathway = &subject.program.pathway;
    let is_reached = is_reached(subject.program);
    let mut flaws = Vec::new();
    for meeting in pathway.meetings.iter().filter_map(|it| directory.meeting(it.id)) {
        let due_at = |place: &Place| place.kind.within().and_then(Deadline::meeting) == Some(meeting.id);
        let mut waiting = pathway.all_places().filter(|(id, it)| due_at(it) && is_reached(Node::Place(*id)));
        let Some((_, place)) = waiting.next() else { continue };
        let finding = look_at(subject, directory, meeting);
        flaws.extend(finding.map(|finding| {
            let because = format!("`{}` is due at it", place.name);
            Flaw::new(finding.and(place.at, because), Evidence::Static)
        }));
    }
    flaws
}

/// The first thing that is wrong with a meeting.
fn look_at(subject: &Subject<'_>, directory: &Directory, meeting: &Meeting) -> Option<Finding> {
    let shown = |at: Moment| directory.calendar.zone.display(at);
    let (from, to) = (subject.from, directory.valid_until);
    let in_time = |it: &Held| from <= it.begins && it.ends <= to;
    let dates = meeting.dates(&directory.calendar, from, to);
    let held: Vec<Held> = dates.iter().flatten().copied().filter(in_time).collect();
    let (Some(first), Some(last)) = (held.first(), held.last()) else {
        let message = format!("`{}` is not held once from {} to {}", meeting.name, shown(from), shown(to));
        let help =
            "look at its days, and at when it is not held; whatever is due at it would wait until the directory ends";
        return Some(Finding::new(Kind::MeetingNotHeld, meeting.at, message).help(help));
    };
    // Of a meeting of which nobody says when it is over, being there when it begins is all one can ask for.
    let lasts = |it: &Held| if meeting.ends.is_none() { Length::minutes(1) } else { it.ends.since(it.begins) };
    let free = |role: RoleId, it: &Held| directory.on_duty(role, it.begins, it.begins.plus(lasts(it)), lasts(it));
    if !held.iter().any(|it| meeting.with.iter().all(|role| free(*role, it))) {
        let name = |role: &RoleId| subject.shared.roles[role.index()].name.clone();
        let never: Vec<String> = (meeting.with.iter())
            .filter(|role| !held.iter().any(|it| free(**role, it)))
            .map(|role| format!("`{}`", name(role)))
            .collect();
        let message = match never.is_empty() {
            true => format!("those who sit in `{}` are never all there while it lasts", meeting.name),
            false => format!("{} is never there while `{}` lasts", super::listed(never), meeting.name),
        };
        let label = format!("{} times from {} to {}", held.len(), shown(first.begins), shown(last.ends));
        let help = "choose a time at which all of them are open, or give whoever fills these roles hours for it";
        return Some(Finding::new(Kind::NeverFreeTogether, meeting.at, message).label(label).help(help));
    }
    falls_out(directory, meeting, &dates)
}

/// Whether a meeting falls out more than once in a row, and when.
fn falls_out(directory: &Directory, meeting: &Meeting, dates: &[Option<Held>]) -> Option<Finding> {
    let mut before: Option<Held> = None;
    let mut missed = 0;
    for date in dates {
        match date {
            None => missed += 1,
            Some(next) => {
                if let Some(last) = before.filter(|_| missed > 1) {
                    let shown = |at: Moment| directory.calendar.zone.display(at);
                    let message = format!(
                        "`{}` falls out {missed} times in a row: it is held on {}, and not again before {}",
                        meeting.name,
                        shown(last.begins),
                        shown(next.begins)
                    );
                    let help = "whoever comes just after the first waits until the second; hold one in between, or say why this may be so with `allow`";
                    return Some(Finding::new(Kind::MeetingFallsOut, meeting.at, message).help(help));
                }
                (before, missed) = (Some(*next), 0);
            }
        }
    }
    None
}
