//! A proof: what was looked at, what it rests on, and what was found.

use crate::calendar::{Length, Moment};
use crate::check::ways::Ways;
use crate::check::{self, Flaw, Moments, Subject};
use crate::model::{Directory, LadderId, Name, PathwayId, Shared, Story};
use crate::witness::{self, Stage};
use crate::workflow::Program;
use serde::Serialize;
use std::sync::Arc;

/// What was proved of a pathway with a directory, or what stands against it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The pathway.
    pub pathway: PathwayId,
    /// The hash of the pathway it is about.
    pub pathway_hash: String,
    /// The hash of the directory it is about; without one nothing is proved about who answers.
    pub directory_hash: Option<String>,
    /// From when it is proved that somebody answers.
    pub from: Moment,
    /// Until when; at that instant nothing is claimed any more.
    pub until: Moment,
    /// What it takes to be true of the world.
    pub assumes: Vec<Assumption>,
    /// The longest time a case can take; nothing where a circle is not counted, or no directory is meant.
    pub longest: Option<LongestCase>,
    /// What was found.
    pub flaws: Vec<Flaw>,
}

/// The longest a case can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongestCase {
    /// No case takes longer.
    pub at_most: Length,
    /// The longest that was seen when it was played: as long as `at_most`, where that is exact; or else the slowest run
    /// that was found.
    pub played: Option<Length>,
    /// The places on the way that was played, each with the moment of the case at which one came there.
    pub path: Vec<(Name, Length)>,
    /// Somebody who takes that way.
    pub story: Option<Story>,
}

/// What a proof takes to be true of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// The host calls at every `due()`.
    HostsCall,
    /// Who is published as open answers.
    HoursAreTrue {
        /// The directory.
        directory: Name,
        /// From when.
        from: Moment,
        /// Until when.
        until: Moment,
    },
    /// Who is last on a ladder answers in the time it has.
    LastRungAnswers {
        /// The ladder.
        ladder: Name,
        /// The contact or role that is last.
        rung: Name,
        /// In what time.
        within: Length,
    },
}

impl Proof {
    /// Looks at everything that has to be proved of a pathway with a directory, from a moment on.
    pub(crate) fn new(
        pathway: PathwayId,
        program: &Arc<Program>,
        directory: Option<(&Arc<Directory>, &str)>,
        shared: &Arc<Shared>,
        from: Option<Moment>,
        on: Option<Moment>,
    ) -> Proof {
        let until = directory.map_or(Moment::MAX, |(directory, _)| directory.valid_until);
        let begins =
            directory.map_or_else(|| until.minus(check::LOOKING_BACK), |(directory, _)| check::begins(directory));
        let from = from.unwrap_or(begins);
        let (ways, moments) = (Ways::new(program), Moments::default());
        let of = directory.map(|(directory, _)| directory.as_ref());
        let subject = Subject { program, directory: of, shared, from, on, ways: &ways, moments: &moments };
        let mut flaws = check::check(&subject);
        let mut longest = None;
        if let Some((directory, _)) = directory {
            let (program, directory, shared) = (Arc::clone(program), Arc::clone(directory), Arc::clone(shared));
            let stage = Stage { program, directory, shared };
            let bound = check::longest::longest(&subject);
            longest = bound.as_ref().map(|bound| witness::longest(&stage, &subject, bound));
            witness::find_stories(&stage, &subject, &mut flaws, bound.as_ref().zip(longest.as_ref()));
        }
        let mut assumes = vec![Assumption::HostsCall];
        if let Some((directory, _)) = directory {
            assumes.push(Assumption::HoursAreTrue { directory: directory.name.clone(), from, until });
            let ladders = (0..program.pathway.ladders.len() as u32).map(LadderId);
            for ladder in ladders.filter_map(|id| directory.ladder(&program.pathway.ladder(id).name)) {
                let (name, last) = (ladder.name.clone(), ladder.rungs.last());
                assumes.extend(last.map(|last| Assumption::LastRungAnswers {
                    ladder: name,
                    rung: last.name.clone(),
                    within: last.within,
                }));
            }
        }
        Proof {
            pathway,
            pathway_hash: program.hash.clone(),
            directory_hash: directory.map(|(_, hash)| hash.to_string()),
            from,
            until,
            assumes,
            longest,
            flaws,
        }
    }

    /// Whether it holds: nothing stands against it. Warnings do not.
    pub fn holds(&self) -> bool {
        self.directory_hash.is_some() && !self.flaws.iter().any(|flaw| flaw.finding.kind.severity().is_error())
    }
}
