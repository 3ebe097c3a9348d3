//! What the authors of a pathway allow (8.4): a warning that somebody answers for until a day. It is set apart, and
//! never lost.

use crate::diagnostic::{Allowed, Finding, Kind, Report};
use crate::model::Allowance;
use jiff::civil::Date;

/// The kinds that are found only where one says on which day one looks.
const ON_A_DAY: [Kind; 4] = [Kind::ReviewDue, Kind::ContactEnded, Kind::CheckedLater, Kind::NotInForce];

/// Sets apart what is allowed. An allowance that has ended on that day, or allows nothing, is a finding itself.
pub fn set_apart<'a>(
    report: Report,
    allowances: impl IntoIterator<Item = &'a Allowance>,
    today: Option<Date>,
) -> Report {
    let mut standing = report.findings;
    let (mut apart, mut said) = (Vec::new(), Vec::new());
    for it in allowances {
        let day = it.until.date;
        if let Some(today) = today.filter(|today| day < *today) {
            let message = format!("`{}` was allowed until `{day}`, and it is `{today}`", it.kind);
            said.push(
                Finding::new(Kind::AllowEnded, it.at, message)
                    .help("mend what is found, or let whoever answers for it look again and write a later day"),
            );
            continue;
        }
        let (meant, others): (Vec<Finding>, Vec<Finding>) =
            standing.into_iter().partition(|finding| it.covers(finding.kind, finding.at.place));
        standing = others;
        if meant.is_empty() && (today.is_some() || !ON_A_DAY.contains(&it.kind)) {
            let message = format!("`{}` is allowed here, and is not found", it.kind);
            said.push(Finding::new(Kind::AllowsNothing, it.at, message).help("take it out"));
        }
        apart.extend(meant.into_iter().map(|finding| Allowed {
            finding,
            because: it.because.clone(),
            by: it.by.to_string(),
            until: day.to_string(),
        }));
    }
    standing.extend(said);
    Report { allowed: apart, ..Report::new(report.sources, standing) }
}
