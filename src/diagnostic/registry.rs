//! The one list of everything Onward can find. A new finding is one line here and one page in `pages/`.

use serde::Serialize;
use std::fmt;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The pathway cannot be used until this is mended.
    Error,
    /// The pathway can be read, and is not proved: it runs as a draft only.
    Unproved,
    /// The pathway can be used; somebody should look.
    Warning,
}

impl Severity {
    /// Whether it keeps the pathway from running as it should; a warning does not.
    pub fn is_error(self) -> bool {
        self != Severity::Warning
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Severity::Error | Severity::Unproved => "error",
            Severity::Warning => "warning",
        })
    }
}

macro_rules! kinds {
    ($($(#[doc = $summary:literal])+ $variant:ident, $name:literal, $severity:ident;)+) => {
        /// The kinds of finding, by name. `onward explain NAME` prints the page of one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[doc = $summary])+ $variant,)+ }

        impl Kind {
            /// Every kind, in the order of the language: text, names, values, flow, people and hours, scenarios.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)+];

            /// Its name, in kebab-case, as designers see it. Names never change their meaning.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)+ }
            }

            /// How grave it is.
            pub fn severity(self) -> Severity {
                match self { $(Kind::$variant => Severity::$severity,)+ }
            }

            /// What it is, in a line.
            pub fn summary(self) -> &'static str {
                match self { $(Kind::$variant => concat!($($summary,)+).trim_ascii(),)+ }
            }

            /// Its page: what it means, why it matters, an example that earns it and the same example mended.
            pub fn page(self) -> &'static str {
                match self { $(Kind::$variant => include_str!(concat!("pages/", $name, ".md")),)+ }
            }
        }
    };
}

kinds! {
    /// A file that is not plain text.
    NotText, "not-text", Error;
    /// A file with nothing in it.
    EmptyFile, "empty-file", Error;
    /// A file, or a count in it, that is larger than any real pathway.
    TooLarge, "too-large", Error;
    /// Brackets, or a run of `not`, nested deeper than anyone can read.
    TooDeep, "too-deep", Error;
    /// A file that does not say which version of the language it is written in.
    NoLanguageVersion, "no-language-version", Error;
    /// A clause that cannot be read.
    UnreadableClause, "unreadable-clause", Error;
    /// A block that cannot be read.
    UnreadableBlock, "unreadable-block", Error;
    /// A file that is used but was not given.
    MissingFile, "missing-file", Error;
    /// A name that nothing has.
    UnknownName, "unknown-name", Error;
    /// A name that two things have.
    DuplicateName, "duplicate-name", Error;
    /// A name that belongs to something else than what is meant here.
    WrongKind, "wrong-kind", Error;
    /// A name from a file that this file does not `use`.
    NotInUse, "not-in-use", Error;
    /// A block that stands where it belongs to nothing.
    Homeless, "homeless", Error;
    /// A clause that a block must have, and has not.
    MissingClause, "missing-clause", Error;
    /// A clause that may stand once, and stands twice.
    SaidTwice, "said-twice", Error;
    /// A clause that stands in a block where it means nothing.
    OutOfPlace, "out-of-place", Error;
    /// A value of another type than its fact.
    WrongType, "wrong-type", Error;
    /// A value outside the range of its fact.
    OutOfRange, "out-of-range", Error;
    /// A value between two steps of its fact.
    OffStep, "off-step", Error;
    /// A range that ends before it starts.
    EmptyRange, "empty-range", Error;
    /// A date or a time that does not exist, or exists twice.
    NoSuchTime, "no-such-time", Error;
    /// A table row with a cell too few or too many.
    MissingCell, "missing-cell", Error;
    /// A value of a fact for which a score has no points.
    ScoreGap, "score-gap", Error;
    /// A value of a fact for which a score has points twice.
    ScoreOverlap, "score-overlap", Error;
    /// A number that is divided by nothing.
    DividedByNothing, "divided-by-nothing", Error;
    /// A computed number that does not say how it is rounded to its steps.
    NotRounded, "not-rounded", Error;
    /// A computed number that follows from itself.
    ComputedInCircle, "computed-in-circle", Error;
    /// A computed number that can lie outside its range.
    BeyondRange, "beyond-range", Unproved;
    /// A fact that applies or not depending on itself.
    AppliesInCircle, "applies-in-circle", Error;
    /// A pathway that does not say where it starts.
    NoStart, "no-start", Error;
    /// A pathway that says twice where it starts.
    TwoStarts, "two-starts", Error;
    /// A pathway without an ending.
    NoEnding, "no-ending", Error;
    /// A step with nobody to lead it.
    NoOwner, "no-owner", Error;
    /// A step with no time by which it must be done.
    NoDeadline, "no-deadline", Error;
    /// A step that leads nowhere when it is done.
    LeadsNowhere, "leads-nowhere", Error;
    /// A way a step can end for which nobody said where to go.
    NoRoute, "no-route", Error;
    /// A circle of steps that nothing counts, so that it need never end.
    Endless, "endless", Unproved;
    /// More may happen in one moment than a case can do at once: mostly by a circle that takes no time.
    TooOften, "too-often", Unproved;
    /// A pathway that calls itself, or calls one that calls it.
    CallsItself, "calls-itself", Error;
    /// A route that leads from one road to another: into a branch, into a call, or from work alongside to an ending.
    JumpsOut, "jumps-out", Error;
    /// A decision that looks at a fact nobody on the way is asked for, or may find.
    NeverAsked, "never-asked", Unproved;
    /// Something that is to happen at any time, and a fact of it that nothing keeps known.
    Unwatched, "unwatched", Unproved;
    /// Something that is to happen at any time, and somebody who goes straight from the start to an ending.
    PassedBy, "passed-by", Unproved;
    /// Pathways that anticipate each other, so that one start leads to the next.
    StartsInCircle, "starts-in-circle", Error;
    /// A handover that leaves behind what somebody looks at afterwards.
    NotHandedOver, "not-handed-over", Unproved;
    /// Something that is kept from somebody, and that they are shown.
    NotKept, "not-kept", Unproved;
    /// Something the person may have to pay for, and is not told so before.
    PersonNotTold, "person-not-told", Unproved;
    /// A way to somewhere the person does not wish to live, without their own decision or one in their best interests.
    AgainstWish, "against-wish", Unproved;
    /// A decision that may send the person further from home than need be.
    FurtherFromHome, "further-from-home", Unproved;
    /// Somebody who is told only if the person agrees, which nobody asks.
    NeverTold, "never-told", Warning;
    /// An ending whose holder need not have accepted.
    UnheldEnding, "unheld-ending", Unproved;
    /// An ending one can come to before what it owes was done.
    StillOwed, "still-owed", Unproved;
    /// A positive risk of which nobody says what it is taken for.
    NoMatters, "no-matters", Unproved;
    /// A positive risk without safety nets, or with one that need not be in place before the person goes.
    NoSafetyNet, "no-safety-net", Unproved;
    /// A positive risk whose plan is not agreed by both health and social care.
    PlanNotShared, "plan-not-shared", Unproved;
    /// A positive risk after which nobody need look again.
    NoReview, "no-review", Unproved;
    /// A positive risk with nobody who answers in time if it happens.
    NoResponder, "no-responder", Unproved;
    /// A promise that is not kept.
    PromiseBroken, "promise-broken", Unproved;
    /// A question that is asked again at once.
    AskedTwice, "asked-twice", Warning;
    /// A model that finds a fact, and goes by nothing that anybody is asked for before.
    NothingToGoBy, "nothing-to-go-by", Warning;
    /// A step that nothing leads to.
    NeverReached, "never-reached", Warning;
    /// A person for whom no row of a decision holds.
    Gap, "gap", Unproved;
    /// A person for whom two rows hold that lead to different places, where the rows say that they do not overlap.
    Overlap, "overlap", Unproved;
    /// A row of a decision that no one ever comes to.
    NeverMatches, "never-matches", Warning;
    /// A person for whom a role that decides may choose nothing at all.
    NoOption, "no-option", Unproved;
    /// A decision to be agreed that one profession, or one contact, can take alone.
    TakenAlone, "taken-alone", Warning;
    /// An option of a decision that may never be chosen, whoever the person is.
    NeverAnOption, "never-an-option", Warning;
    /// A condition, or a part of one, that is yes for everybody.
    AlwaysYes, "always-yes", Warning;
    /// A condition, or a part of one, that is no for everybody.
    AlwaysNo, "always-no", Warning;
    /// Something that could be neither proved nor refuted.
    Undecided, "undecided", Unproved;
    /// A role or a ladder that the local directory does not fill.
    NotInDirectory, "not-in-directory", Error;
    /// A ladder whose rungs are not in order.
    BrokenLadder, "broken-ladder", Error;
    /// A time at which whoever is last on a ladder does not answer.
    NobodyAnswers, "nobody-answers", Unproved;
    /// A step that can open when nobody is on duty for it, and then asks nobody else.
    TooLate, "too-late", Unproved;
    /// Somebody whom nobody who fills a role serves.
    NotServed, "not-served", Unproved;
    /// Somebody for whom two fill one role at one time, where each serves only some.
    ServedTwice, "served-twice", Warning;
    /// Something urgent that somebody is told of in a way in which nobody says that they have heard.
    Unacknowledged, "unacknowledged", Unproved;
    /// A meeting at which something is due, and which is never held while its directory is valid.
    MeetingNotHeld, "meeting-not-held", Unproved;
    /// A meeting whose members are never all there while it lasts.
    NeverFreeTogether, "never-free-together", Unproved;
    /// A meeting that falls out more than once in a row.
    MeetingFallsOut, "meeting-falls-out", Warning;
    /// Papers that would have to come after the meeting has begun.
    PapersAfterMeeting, "papers-after-meeting", Error;
    /// Opening hours that cannot be.
    BadHours, "bad-hours", Error;
    /// A contact that says what it does on bank holidays, in a directory that names no list of them.
    NoBankHolidays, "no-bank-holidays", Warning;
    /// A pathway that its authors meant to look at again before this day.
    ReviewDue, "review-due", Warning;
    /// A directory that says nothing about this day.
    DirectoryEnded, "directory-ended", Unproved;
    /// A contact that is no longer there on this day.
    ContactEnded, "contact-ended", Warning;
    /// A source that was looked at on a day that is still to come.
    CheckedLater, "checked-later", Warning;
    /// Somebody whose agreement is needed, and who has not agreed to what stands there now.
    NotAgreed, "not-agreed", Warning;
    /// A code that its coding system cannot have.
    BadCode, "bad-code", Warning;
    /// A decision or a score that does not say where it comes from, in a pathway that names its sources.
    NoSource, "no-source", Warning;
    /// A source that nobody has looked at yet.
    Unverified, "unverified", Warning;
    /// A rule that is not in force on this day.
    NotInForce, "not-in-force", Warning;
    /// Something that may go wrong, and nothing that keeps it from happening.
    Uncontrolled, "uncontrolled", Warning;
    /// A finding that nobody may allow.
    CannotAllow, "cannot-allow", Error;
    /// A finding that was allowed until a day that has passed.
    AllowEnded, "allow-ended", Warning;
    /// A finding that is allowed and is not there.
    AllowsNothing, "allows-nothing", Warning;
    /// What is found is not what somebody allowed.
    AllowsOthers, "allows-others", Warning;
    /// A word that divides those who work together, or speaks ill of the person.
    DividingWord, "dividing-word", Warning;
    /// A scenario that names something the pathway does not have.
    BadScenario, "bad-scenario", Error;
}

impl Kind {
    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
