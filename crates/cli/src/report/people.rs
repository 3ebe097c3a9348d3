//! People: who decides and finds out, who is told, who is there when.

use super::{Of, nothing, table};
use crate::parity::COUNTED;
use maud::{Markup, html};
use onward::calendar::{Date, HolidayRule, Opening, Weekly, weekday_name};
use onward::model::{Directory, Meeting, MeetingHolidays, RoleId};

/// Side by side, so that one sees who is added on and who is equal.
pub fn parity(of: &Of<'_>) -> Markup {
    let all = crate::parity::parity(of.library, of.pathway);
    let rows: Vec<_> = all
        .iter()
        .map(|(name, it)| {
            let counts = COUNTED.iter().map(|(_, count)| html! { (count(it)) });
            (None, std::iter::once(html! { (name) }).chain(counts).collect())
        })
        .collect();
    let headings: Vec<&str> = std::iter::once("Who").chain(COUNTED.iter().map(|(heading, _)| *heading)).collect();
    table("By profession, or by kind of organisation, or by role where neither is said", &headings, &rows)
}

pub fn contacts(of: &Of<'_>) -> Markup {
    let Some(directory) = of.directory else { return nothing("No directory is meant.") };
    let needed: Vec<RoleId> = of.pathway.needs().map(|(_, role)| role).collect();
    let on_ladders: Vec<usize> =
        directory.ladders.iter().flat_map(|it| &it.rungs).flat_map(|it| it.contacts.clone()).collect();
    let concerned = directory.contacts.iter().enumerate().filter(|(number, contact)| {
        on_ladders.contains(number) || contact.fills.iter().any(|role| needed.contains(role))
    });
    let rows = concerned.map(|(_, contact)| {
        let cells = vec![
            html! { (contact.title) },
            html! { (crate::words::reached_by(contact).unwrap_or_default()) },
            hours(&contact.opening.weekly, contact.opening.is_always()),
            on_bank_holidays(&contact.opening),
            html! {
                (of.roles(&contact.fills))
                @if let Some(serves) = &contact.serves {
                    br; span class="small" {
                        "for those of whom " (serves.condition.words) @if serves.until_known { ", and for anybody until that is known" }
                    }
                }
            },
        ];
        (None, cells)
    });
    let contacts = table(
        &directory.title,
        &["Contact", "How it is reached", "Open in an ordinary week", "On bank holidays", "Fills"],
        &rows.collect::<Vec<_>>(),
    );
    html! { (contacts) (bank_holidays(directory)) (meetings(of, directory)) }
}

/// What a contact does on bank holidays, and on which days it is shut altogether.
fn on_bank_holidays(opening: &Opening) -> Markup {
    let rule = match &opening.on_bank_holidays {
        HolidayRule::AsUsual => "as usual".to_string(),
        HolidayRule::Closed => "closed".to_string(),
        HolidayRule::Open(hours) => hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "),
    };
    html! {
        (rule)
        @for (from, to) in &opening.closed { br; span class="small" { "shut from " (from) " to " (to) } }
    }
}

/// The days that count as bank holidays in the time that is proved.
fn bank_holidays(directory: &Directory) -> Markup {
    let zone = &directory.calendar.zone;
    let claimed = |date: &&Date| {
        let day = zone.start_of(**date);
        day < directory.valid_until && directory.valid_from.is_none_or(|from| from <= day)
    };
    let days: Vec<String> = directory.calendar.bank_holidays.iter().filter(claimed).map(ToString::to_string).collect();
    let from = directory.holiday_sources.iter().map(|it| it.source.as_str()).collect::<Vec<_>>().join("; ");
    html! {
        @if !days.is_empty() {
            p { "Bank holidays: " (days.join(", ")) "." @if !from.is_empty() { " From: " (from) "." } }
        }
    }
}

/// The meetings at which something is due.
fn meetings(of: &Of<'_>, directory: &Directory) -> Markup {
    let held = of.pathway.meetings.iter().filter_map(|it| directory.meeting(it.id));
    let rows: Vec<_> = held
        .map(|it| {
            let holidays = on_bank_holidays_held(it);
            (None, vec![html! { (it.title) }, html! { (it.words) }, holidays, html! { (of.roles(&it.with)) }])
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    table("Meetings", &["Meeting", "When", "On bank holidays", "Who sits in it"], &rows)
}

/// What becomes of a meeting on bank holidays, and when it is not held at all.
fn on_bank_holidays_held(meeting: &Meeting) -> Markup {
    let rule = match meeting.on_bank_holidays {
        MeetingHolidays::AsUsual => "as usual",
        MeetingHolidays::NotHeld => "not held",
        MeetingHolidays::NextWorkingDay => "on the next working day, at the same time; papers are due as ever",
    };
    html! {
        (rule)
        @for (from, to) in &meeting.not_held {
            br; span class="small" { "not held " @if from == to { "on " (from) } @else { "from " (from) " to " (to) } }
        }
    }
}

fn hours(weekly: &Weekly, always: bool) -> Markup {
    if always {
        return html! { "always" };
    }
    let days: Vec<(usize, String)> = (0..7)
        .map(|day| (day, weekly.day(day).iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")))
        .collect();
    let runs =
        days.chunk_by(|(_, a), (_, b)| a == b).filter(|run| run.first().is_some_and(|(_, hours)| !hours.is_empty()));
    html! {
        @for run in runs {
            @if let (Some((from, hours)), Some((to, _))) = (run.first(), run.last()) {
                (weekday_name(*from).unwrap_or("")) @if to > from { " to " (weekday_name(*to).unwrap_or("")) } " " (hours) br;
            }
        }
    }
}

pub fn ladders(of: &Of<'_>) -> Markup {
    let Some(directory) = of.directory else { return nothing("No directory is meant.") };
    let used: Vec<_> = of.pathway.ladders.iter().filter_map(|it| directory.ladder(&it.name)).collect();
    if used.is_empty() {
        return nothing("It turns to nobody.");
    }
    html! {
        @for ladder in used {
            h3 id={ "ladder-" (ladder.name) } { (ladder.title) }
            ol {
                @for rung in &ladder.rungs {
                    @let names = rung.contacts.iter().filter_map(|number| directory.contacts.get(*number)).map(|it| it.title.as_str());
                    li { (names.collect::<Vec<_>>().join(", or ")) ", to answer within " (rung.within.to_string()) }
                }
            }
        }
    }
}
