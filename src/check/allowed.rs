//! What the authors of a pathway allow (8.4): a warning that somebody answers for until a day. It is set apart, and
//! never lost.
//!
//! *Invariant*: nothing is set apart that whoever answers for it has not seen: an allowance names the mark of what was
//! found, and where anything else of its kind is found, elsewhere or once more, all of it stands.

use crate::diagnostic::{Allowed, Finding, Kind, Report, Source};
use crate::model::Allowance;
use jiff::civil::Date;

/// The kinds that are found only where one says on which day one looks.
const ON_A_DAY: [Kind; 4] = [Kind::ReviewDue, Kind::ContactEnded, Kind::CheckedLater, Kind::NotInForce];

/// Sets apart what is allowed. An allowance that has ended on that day, that allows nothing, or that is of other findings
/// than there are, is a finding itself. `mark` gives the mark of some findings.
pub fn set_apart<'a>(
    report: Report,
    allowances: impl IntoIterator<Item = &'a Allowance>,
    today: Option<Date>,
    mark: impl Fn(&[Source], &[Finding]) -> String,
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
        let is = mark(&report.sources, &meant);
        if !meant.is_empty() && it.mark.as_ref() != Some(&is) {
            said.push(others_than_allowed(it, &meant, &is));
            standing = others.into_iter().chain(meant).collect();
            continue;
        }
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

/// What is said where somebody allowed something else, or did not say what.
fn others_than_allowed(it: &Allowance, found: &[Finding], is: &str) -> Finding {
    let many = match found.len() {
        1 => "one is".to_string(),
        many => format!("{many} are"),
    };
    let (kind, by) = (it.kind, &it.by);
    let message = match it.mark {
        None => format!("`{kind}` is allowed, and it does not say of what: {many} found here"),
        Some(_) => format!("what is found of `{kind}` here is not what `{by}` allowed: {many} found"),
    };
    Finding::new(Kind::AllowsOthers, it.at, message).help(format!(
        "look at what is found; for what may stay so, and `{by}` answers for, write `allow {kind} of \"{is}\" because …`"
    ))
}
