//! The tree of a file: what its authors wrote, in their order, before any name is looked up.
//!
//! Every block has the same shape (a word, a name, a title, clauses), so that one printer lays them all out and one
//! rule finds a clause that was said twice. What a clause *means* is the business of `model`.

mod computed;
mod condition;
mod meeting;
mod scenario;

use crate::diagnostic::Span;
pub use {computed::*, condition::*, meeting::*, scenario::*};

/// Where something stands. Two trees are the same when they say the same, so places never count in a comparison.
#[derive(Clone, Copy, Default)]
pub struct At(pub Span);

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}
impl Eq for At {}
impl std::fmt::Debug for At {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}..{}", self.0.start, self.0.end)
    }
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct File {
    /// The version of the language, as in `onward 1`.
    pub language: Option<Count>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
    /// Names that may have been declared where something could not be read.
    pub lost: Vec<String>,
    /// Whether nothing of the file could be read, so that any name may have been declared in it.
    pub unread: bool,
}

/// A comment: from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub at: At,
    /// Its text, with the `#`, without spaces at the end.
    pub text: String,
    /// Whether nothing but space stands before it on its line.
    pub own_line: bool,
    /// Whether an empty line stands before it.
    pub after_gap: bool,
    /// Whether an empty line stands behind it.
    pub before_gap: bool,
}

/// A name as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub at: At,
}

/// A text between quotation marks, without them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What stands between the marks.
    pub text: String,
    /// Where it stands, marks included.
    pub at: At,
}

/// A whole number that counts something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number; a count too large to keep is reported where it is read and kept as the largest.
    pub value: u32,
    /// Where it stands.
    pub at: At,
}

/// By when something has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// `within 4 hours`.
    Length(LengthText),
    /// `within 72 hours after first_visit`.
    After(LengthText, Word),
    /// `within 4 working hours of social_worker`; with `days`, `within 2 working days of social_worker`.
    Working {
        /// How many.
        count: Count,
        /// Whether days are counted, and not hours.
        days: bool,
        /// Whose.
        of: Word,
    },
    /// `within 3 calendar days`.
    CalendarDays(Count),
    /// `at the next funding_panel`.
    AtTheNext(Word),
    /// `by 16:00`, in minutes past midnight; a time that no clock shows is `u16::MAX`, for the model to report.
    By(u16, At),
}

/// A length of time as written: `1 day 4 hours`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LengthText {
    /// The written form, with single spaces.
    pub text: String,
    /// Its seconds.
    pub seconds: i64,
    /// Where it stands.
    pub at: At,
}

/// Where one goes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// To what.
    pub target: Target,
    /// `saying why "…"`.
    pub why: Option<Text>,
    /// `standing everything down`.
    pub standing_down: bool,
    /// `at most N times, then …`.
    pub counted: Option<(Count, Box<Route>)>,
    /// Where it stands.
    pub at: At,
}

/// How somebody is reached, other than by telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Whoever is bleeped rings back.
    Bleep,
    /// A message that lies there until somebody looks.
    SecureEmail,
    /// A sheet of paper that comes out of a machine.
    Fax,
    /// A letter.
    Post,
}

impl ChannelKind {
    /// All of them, each with how it is written.
    pub const ALL: [(ChannelKind, &'static str); 4] = [
        (ChannelKind::Bleep, "bleep"),
        (ChannelKind::SecureEmail, "secure email"),
        (ChannelKind::Fax, "fax"),
        (ChannelKind::Post, "post"),
    ];

    /// How it is written.
    pub fn in_words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, words)| words)
    }
}

/// What a route leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Something with a name.
    Name(Word),
    /// `escalate to LADDER`.
    Escalate(Word),
    /// `back to the decision`.
    Back,
    /// `nothing more`: what is done alongside ends.
    NothingMore,
    /// `ROLE decides within LENGTH`.
    Decides(Word, LengthText),
}

/// How a step can end, other than done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its time passed.
    Late,
    /// It cannot be done.
    Cannot,
    /// The person declines it.
    PersonDeclines,
    /// It was escalated, and the last rung of the ladder cannot do it either.
    NobodyCan,
    /// The receiver of a handover declines.
    Declined,
    /// The receiver of a handover accepts on a condition.
    OnCondition,
    /// Some branch of work side by side was not done.
    NotAllDone,
    /// Fewer branches were done than are needed.
    FewerThan(u32),
    /// The person died.
    Died,
    /// The person withdrew.
    Withdrew,
    /// The person cannot be reached.
    Unreachable,
    /// The person moved away.
    MovedAway,
    /// The case was opened in error.
    OpenedInError,
}

/// The word a block starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum BlockWord {
    Use,
    Pathway,
    ByDefault,
    Promises,
    Facts,
    DistanceFromHome,
    Score,
    Step,
    Wait,
    Decide,
    Together,
    Repeat,
    HandOver,
    Call,
    PositiveRisk,
    BestInterests,
    AtAnyTime,
    Anticipate,
    Ending,
    Hazard,
    Role,
    Directory,
    Holidays,
    Contact,
    Meeting,
    Escalation,
    Words,
    Scenario,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its word.
    pub word: BlockWord,
    /// Its name; empty where the block has none (`facts`, `by default`, `use`, `scenario`).
    pub name: Word,
    /// Its title, or the text of a `use` or a `scenario`.
    pub title: Option<Text>,
    /// Its clauses, in order.
    pub clauses: Vec<Clause>,
    /// Where it stands.
    pub at: At,
    /// Whether something in it could not be read, so that what seems missing may only be misspelt.
    pub broken: bool,
}

/// A clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where it stands.
    pub at: At,
}

/// What a clause says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ClauseKind {
    Version(Word),
    StartsAt(Word),
    TestedWith(Text),
    ReviewBy(Literal),
    NeedsAgreement(Vec<Word>),
    AgreedTo { by: Word, on: Literal, mark: Text },
    IsFor { not: bool, condition: Condition, route: Route },
    Source { source: Text, is_name: bool, section: Option<Text>, checked: Option<Literal>, unverified: bool },
    InForce { from: Literal, until: Option<Literal> },
    Allow { finding: Word, mark: Option<Text>, because: Text, by: Word, until: Literal },
    Outcome { outcome: Outcome, route: Route },
    Promise(Promise),
    Fact(Box<Fact>),
    Part(Part),
    LedBy(Word),
    With(Vec<Word>),
    NotWithout { role: Word, when: Option<Condition> },
    Finds { afresh: bool, missing: bool, names: Vec<Word> },
    Within(Allowed),
    Takes(LengthText),
    ForSoLong(Allowed),
    Tell { who: Word, text: Text, agreed: Option<At> },
    Chargeable { told_in: Option<Word> },
    AtPlace { setting: Word, told_in: Option<Word> },
    Setting { name: Word, title: Option<Text> },
    Then(Route),
    Row { condition: Condition, route: Route },
    NoneOfThese(Route),
    NotKnown(Route),
    NoOverlap,
    Option { name: Word, only_when: Condition },
    Advise { role: Word, with: Vec<Word>, within: LengthText },
    Reason { against: bool, option: Word, from: Word, when: Condition, text: Text },
    OtherwiseBecause(Vec<Word>),
    AgreedBy(Vec<Word>),
    IfTheyDisagree(Route),
    Matters(Word),
    CouldHappen(Text),
    Strengths(Word),
    SafetyNets { nets: Vec<Word>, before: Word },
    DecidedBy { who: Word, or: Word, able: Word },
    PlanAgreedBy(Vec<Word>),
    DisagreeMeanwhile { route: Route, safe: Option<Word> },
    ReviewAfter(Word),
    IfItHappens { who: Word, within: LengthText },
    Accepts(Route),
    DoesNotAccept(Route),
    About(Word),
    Instruct { who: Word, within: LengthText, when: Condition },
    Table(Table),
    Join { first: Option<Count>, within: LengthText },
    Branch { name: Word, title: Option<Text>, clauses: Vec<Clause>, meanwhile: bool },
    Every(LengthText),
    Until { condition: Condition, route: Route },
    AtMostTimes { count: Count, route: Route },
    From(Word),
    To(Word),
    Carrying(Vec<Word>),
    AcceptedWithin(Allowed),
    Follows(Word),
    DoneIf(Vec<Word>),
    EndsIn { ending: Word, route: Route },
    Fires { condition: Condition, route: Route, as_well: bool, count: Count, then: Option<Route> },
    NothingYet(Text),
    KeptKnownBy(Vec<Word>),
    AnyoneMayRaise,
    Anticipated(Condition),
    StartPathway { pathway: Word, within: Allowed },
    OnceEvery(LengthText),
    AskWhom { who: Word, within: LengthText },
    HeldBy(Word),
    Owed(Vec<Word>),
    Severity(Word),
    Likelihood(Word),
    Owner(Word),
    ControlledBy(Vec<Control>),
    OfKind(Word),
    Profession(Word),
    TimeZone(Text),
    ValidFrom(Literal),
    ValidUntil(Literal),
    BankHolidays(Word),
    KnownUntil(Literal),
    OnDates(Vec<Literal>),
    Fills(Vec<Word>),
    Serves(Condition),
    UntilKnownAnybody,
    Phone(Text),
    Channel { kind: ChannelKind, to: Text, acknowledged: Option<LengthText> },
    Open(Option<Vec<Hours>>),
    OnBankHolidays(HolidayHours),
    Closed(Literal, Option<Literal>),
    Meets(Meets),
    PapersBy { day: u8, time: u16, at: At },
    MeetingHolidays(MeetingHolidays),
    NotHeld(Literal, Option<Literal>),
    Rung { word: RungWord, who: Word, within: LengthText },
    MayReassign { count: Count, within: Option<LengthText> },
    Say { say: Text, not: Vec<Text> },
    Keep(Vec<Text>),
    On(Word),
    Starts(Literal),
    Knowing(Vec<Assignment>),
    Happening(Happening),
    TheRest,
    Expect(Expectation),
}

/// What a pathway promises.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Promise {
    /// `everyone reaches an ending within 60 days`.
    Ends(LengthText),
    /// `nobody reaches home without assessment first`.
    NotWithout { reached: Word, first: Word },
    /// `whoever has worried reaches welfare_check within 4 hours`.
    WhoeverHas { fact: Word, reaches: Word, within: LengthText },
    /// `whoever reaches going_home reaches first_visit within 1 day`.
    WhoeverReaches { from: Word, reaches: Word, within: LengthText },
    /// `never ward_visit and home_visit at one time`.
    NeverTogether(Word, Word),
    /// `nobody goes against wish without can_decide_home or best interests`.
    NotAgainst { wish: Word, able: Word },
    /// `nobody is asked twice`.
    NotAskedTwice,
}

/// What keeps a hazard from happening.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Control {
    /// A place of the pathway.
    Place(Word),
    /// `promise "nobody is asked twice"`.
    Promise(Text),
    /// `scenario "…"`.
    Scenario(Text),
}

/// The word a rung of a ladder starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RungWord {
    Ask,
    Then,
    Last,
}

/// One fact of a `facts` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: Word,
    /// Its type.
    pub kind: FactType,
    /// Its title.
    pub title: Option<Text>,
    /// What it is measured in.
    pub unit: Option<Text>,
    /// What it follows from, where nobody finds it: `is savings + property`.
    pub computed: Option<Computed>,
    /// Since what it is counted, where nobody finds it: `is years since born`.
    pub elapsed: Option<Elapsed>,
    /// Who may be asked: `asked of person or carer`.
    pub asked_of: Vec<Word>,
    /// Who may find it: `found by therapist with social_worker`.
    pub found_by: Vec<(Joiner, Word)>,
    /// The model that finds it, and what it goes by: `found by model "readmission" from age, admissions`.
    pub model: Option<Box<(Text, Vec<Word>)>>,
    /// How long it stays good.
    pub good_for: Option<LengthText>,
    /// What it is presumed to be until found otherwise; of several options each.
    pub presumed: Vec<Literal>,
    /// When it applies: `applies when has_carer`.
    pub applies: Option<Condition>,
    /// Where it says that it does not change once it is known.
    pub settled: Option<At>,
    /// Who is not to be shown it.
    pub kept_from: Vec<Word>,
    /// Whom one asks when two found it to be different things, and in what time.
    pub disputed: Option<Box<(Word, LengthText)>>,
    /// Who may be told things when it is yes: `lets carer be told`.
    pub lets_be_told: Vec<Word>,
    /// What coding systems call it: the system, and the code.
    pub codes: Vec<(Word, Literal)>,
    /// Where it comes from: a `source` clause.
    pub source: Option<Box<Clause>>,
    /// Where it stands.
    pub at: At,
}

/// How one finder is joined to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Joiner {
    Or,
    With,
}

/// The type of a fact as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactType {
    /// `yes or no`.
    YesOrNo,
    /// `one of a, b`.
    OneOf(Vec<Word>),
    /// `several of a, b`.
    SeveralOf(Vec<Word>),
    /// `1 to 9`, `30.0 to 43.0 in steps of 0.1`.
    Number(Literal, Literal, Option<Literal>),
    /// `date from 1900-01-01 to 2100-12-31`.
    Date(Literal, Literal),
    /// `date and time from … to …`.
    DateTime(Literal, Literal),
    /// `length from 0 days to 90 days`.
    Length(LengthText, LengthText),
    /// `text`.
    Text,
    /// `document`.
    Document,
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The fact it looks at, or the name of a part with rows of its own.
    pub name: Word,
    /// Its title.
    pub title: Option<Text>,
    /// The points.
    pub points: Points,
}

/// How a part of a score gives its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Points {
    /// By the values of one fact.
    Bands(Vec<(Vec<ValueRange>, Literal)>),
    /// By conditions, the first that holds.
    Rows(Vec<(Condition, Literal)>, Option<Literal>),
}

/// A decision table as written: cells are kept as text with their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What each column looks at; the last is `choose`.
    pub columns: Vec<Word>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// One cell a column but the last: `None` is `any`.
    pub cells: Vec<(Option<Vec<ValueRange>>, At)>,
    /// Where to go.
    pub route: Route,
    /// Where it stands.
    pub at: At,
}

/// Opening hours on some days of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The days.
    pub days: Days,
    /// From and to, in minutes of the day; `to` is not after `from` when it runs past midnight.
    pub spans: Vec<(u16, u16)>,
    /// Where it stands.
    pub at: At,
}

/// Days of the week, Monday is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Days {
    EveryDay,
    Between(u8, u8),
    List(Vec<u8>),
}

/// What holds on bank holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum HolidayHours {
    Closed,
    AsUsual,
    Open(Vec<(u16, u16)>),
}
