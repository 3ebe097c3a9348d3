//! What stands behind a rule: where it comes from, when it is in force, what it guards against, and which finding its
//! authors allow, for how long and why (8.4, 8.5).

use super::{Name, PlaceId, RoleId};
use crate::diagnostic::{Kind, Place as At};
use serde::Serialize;

/// A day that somebody wrote down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: jiff::civil::Date,
    /// Where it stands.
    pub at: At,
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.date)
    }
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceRef {
    /// The source.
    pub source: String,
    /// Which part of it.
    pub section: Option<String>,
    /// The day it was last checked.
    pub checked: Option<Day>,
    /// Whether its authors say that nobody has looked at it yet.
    pub unverified: bool,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

/// From when until when a rule holds: the first and the last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// The first day.
    pub from: Day,
    /// The last day; without one it holds until somebody says otherwise.
    pub until: Option<Day>,
}

/// How bad it is when a hazard happens, in the words of DCB0129.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HowBad {
    Minor,
    Significant,
    Considerable,
    Major,
    Catastrophic,
}

/// How likely it is that a hazard happens, in the words of DCB0129.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum HowLikely {
    VeryLow,
    Low,
    Medium,
    High,
    VeryHigh,
}

impl HowBad {
    /// Each with its word.
    pub const ALL: [(&str, HowBad); 5] = [
        ("minor", HowBad::Minor),
        ("significant", HowBad::Significant),
        ("considerable", HowBad::Considerable),
        ("major", HowBad::Major),
        ("catastrophic", HowBad::Catastrophic),
    ];
}

impl HowLikely {
    /// Each with its word.
    pub const ALL: [(&str, HowLikely); 5] = [
        ("very_low", HowLikely::VeryLow),
        ("low", HowLikely::Low),
        ("medium", HowLikely::Medium),
        ("high", HowLikely::High),
        ("very_high", HowLikely::VeryHigh),
    ];
}

/// Something that may go wrong, and what keeps it from happening.
#[derive(Clone, Debug, Serialize)]
pub struct Hazard {
    /// Its name, such as its number in a hazard log.
    pub name: Name,
    /// What may go wrong.
    pub title: String,
    /// How bad it is.
    pub severity: HowBad,
    /// How likely it is, with its controls in place.
    pub likelihood: HowLikely,
    /// Who answers for it.
    pub owner: Option<RoleId>,
    /// What keeps it from happening.
    pub controls: Vec<Control>,
    /// Where it comes from.
    pub sources: Vec<SourceRef>,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

impl Hazard {
    /// Its risk from 1 (acceptable) to 5 (unacceptable), by the example matrix of DCB0129.
    pub fn risk(&self) -> u8 {
        const MATRIX: [[u8; 5]; 5] =
            [[1, 1, 2, 2, 3], [1, 2, 2, 3, 4], [2, 2, 3, 3, 4], [2, 3, 3, 4, 5], [3, 4, 4, 5, 5]];
        MATRIX[self.likelihood as usize][self.severity as usize]
    }
}

/// What keeps a hazard from happening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Something that is done, decided or handed over; what is decided in somebody's best interests, too.
    Place(PlaceId),
    /// What happens at any time, by its number among what does.
    AtAnyTime(u32),
    /// Something that is anticipated, by its name.
    Anticipation(Name),
    /// A promise, by its number.
    Promise(u32),
    /// A scenario, by its title.
    Scenario(String),
}

/// A finding that the authors of a pathway allow.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// What is allowed.
    pub kind: Kind,
    /// The mark of what was found when it was: of all of that kind, which these are.
    pub mark: Option<String>,
    /// Why.
    pub because: String,
    /// Who answers for it.
    pub by: Name,
    /// The last day.
    pub until: Day,
    /// Where it is allowed: a block, or a whole pathway.
    pub covers: At,
    /// Where it stands.
    pub at: At,
}

impl Allowance {
    /// Whether a finding at that place is meant.
    pub fn covers(&self, kind: Kind, at: At) -> bool {
        let (all, it) = (self.covers.span, at.span);
        self.kind == kind && self.covers.source == at.source && all.start <= it.start && it.end <= all.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_never_falls_when_a_hazard_becomes_worse_or_likelier() {
        let risk = |severity, likelihood| {
            let (name, at) = (Name::from("h"), At { source: 0, span: crate::diagnostic::Span::new(0, 1) });
            let (controls, sources) = (Vec::new(), Vec::new());
            Hazard { name, title: String::new(), severity, likelihood, owner: None, controls, sources, at }.risk()
        };
        for (_, likely) in HowLikely::ALL {
            let row: Vec<u8> = HowBad::ALL.iter().map(|(_, bad)| risk(*bad, likely)).collect();
            assert!(row.is_sorted(), "{likely:?}: {row:?}");
        }
        for (_, bad) in HowBad::ALL {
            let column: Vec<u8> = HowLikely::ALL.iter().map(|(_, likely)| risk(bad, *likely)).collect();
            assert!(column.is_sorted(), "{bad:?}: {column:?}");
        }
        assert_eq!(risk(HowBad::Minor, HowLikely::VeryLow), 1);
        assert_eq!(risk(HowBad::Considerable, HowLikely::Medium), 3);
        assert_eq!(risk(HowBad::Catastrophic, HowLikely::VeryHigh), 5);
    }
}
