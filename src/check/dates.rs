//! What dates have to say on a day: a review that is due, a directory or a contact that has ended.
//!
//! Looked at only where a day is given: the sources alone do not know what day it is.

use super::{Evidence, Flaw, Subject};
use crate::calendar::{Length, Moment};
use crate::diagnostic::{Finding, Kind};
use crate::model::Directory;
use jiff::civil::Date;

/// What the dates say on the day that is given.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let (Some(on), Some(today)) = (subject.on, subject.today()) else { return Vec::new() };
    let pathway = &subject.program.pathway;
    let mut findings = Vec::new();
    if let Some(review) = pathway.review_by.filter(|review| review.date < today) {
        let message = format!("`{}` was to be looked at again by `{}`", pathway.name, review.date);
        findings.push(
            Finding::new(Kind::ReviewDue, review.at, message)
                .help("read it again with those who use it; then write by when it is looked at next"),
        );
    }
    if let Some(directory) = subject.directory {
        ended(directory, on, today, &mut findings);
    }
    findings.into_iter().map(|finding| Flaw::new(finding, Evidence::Static)).collect()
}

/// Whether the directory says anything about the day, and who is no longer there.
fn ended(directory: &Directory, on: Moment, today: Date, findings: &mut Vec<Finding>) {
    let last_day = |until: Moment| directory.calendar.zone.local(until.minus(Length::from_seconds(1))).date();
    let not_valid = if on >= directory.valid_until {
        Some(format!("`{}` is valid until `{}`", directory.name, last_day(directory.valid_until)))
    } else {
        let from = Some(super::begins(directory)).filter(|from| on < *from);
        from.map(|from| {
            format!("`{}` is valid from `{}` on", directory.name, directory.calendar.zone.local(from).date())
        })
    };
    if let Some(message) = not_valid {
        findings.push(
            Finding::new(Kind::DirectoryEnded, directory.at, format!("{message}, and says nothing about `{today}`"))
                .help("ask every team for its numbers and hours again; then write from when until when they are right"),
        );
    }
    for contact in &directory.contacts {
        // Those who end with the directory end with it: that is said already.
        let until = contact.valid_until.filter(|until| *until <= on && *until < directory.valid_until);
        if let Some(until) = until {
            let message = format!("`{}` was there until `{}`, and is no more", contact.name, last_day(until));
            findings.push(
                Finding::new(Kind::ContactEnded, contact.at, message)
                    .help("take the contact out, or write until when it is there now"),
            );
        }
    }
}
