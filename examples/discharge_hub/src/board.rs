//! What each team has to do: for whom, since when, by when, and whom to ring.
//!
//! A team is a contact of the directory. A next step stands on the board of every team that fills its role for this
//! person and, while it is escalated, of whoever was asked. It is kept with the case, in the same transaction.

use onward::Library;
use onward::calendar::{Moment, Zone};
use onward::engine::{Because, Case, NextStep, Work};
use onward::model::{Contact, in_words};
use serde::{Deserialize, Serialize};

/// Something somebody waits for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The case.
    pub case: String,
    /// What the person is called.
    pub called: String,
    /// The next step's id.
    pub step: String,
    /// What is waited for.
    pub title: String,
    /// What kind of answer is wanted, in words.
    pub wanted: String,
    /// On whose board it stands.
    pub team: Team,
    /// The other teams that it concerns: whom to ring.
    pub others: Vec<Team>,
    /// Who does it, in the pathway's words.
    pub role: String,
    /// Since when.
    pub since: Moment,
    /// By when it was to be done from the beginning.
    pub due: Moment,
    /// Whom one turned to.
    pub asked: Option<Asked>,
    /// In which time zone this team reads a clock.
    pub zone: String,
}

/// A team, and how to reach it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Team {
    /// Its name in the directory.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its telephone number.
    pub phone: Option<String>,
}

/// Whom one turned to because something was late, or could not be done.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whom.
    pub team: Team,
    /// By when an answer is needed.
    pub by: Moment,
    /// Why, in words.
    pub because: String,
}

impl Waiting {
    /// Since when it is late, if it is.
    pub fn late_since(&self, now: Moment) -> Option<Moment> {
        (self.due < now).then_some(self.due)
    }

    /// A moment as this team reads it from a clock.
    pub fn clock(&self, at: Moment) -> String {
        Zone::named(&self.zone).unwrap_or_else(|_| Zone::utc()).display(at)
    }
}

/// Everything that is waited for in a case, once for each team that it concerns.
pub(crate) fn waiting(case: &Case, called: &str) -> Vec<Waiting> {
    let steps: Vec<NextStep> = case.next().map(Vec::from).unwrap_or_default();
    steps.iter().flat_map(|step| on_boards(case, step, called)).collect()
}

fn on_boards(case: &Case, step: &NextStep, called: &str) -> Vec<Waiting> {
    let (record, now) = (case.record(), case.record().now);
    let open = record.open.iter().find(|open| step.id == format!("{}#{}", open.step, open.entry));
    let question = record.beside.iter().find(|it| step.id == format!("{}#{}", it.step, it.entry));
    let due = open.map(|it| it.due).or(question.map(|it| it.due)).unwrap_or(step.due);
    let role = open.and_then(|it| it.owner.clone()).or(question.map(|it| it.owner.clone()));
    let role = role.unwrap_or_else(|| "person".into());
    let role_title = case.shared().role(&role).map_or_else(|| in_words(&role), |it| it.title.clone());
    let contact = |name: &str| case.directory().contacts.iter().find(|it| it.name == *name);
    let asked = step.escalated_to.as_ref().map(|name| Asked {
        team: contact(name).map_or_else(|| nobody(name, name), team),
        by: step.due,
        because: step.escalated_because.map_or("", because).to_string(),
    });
    let mut teams: Vec<Team> = case.filling(&role, now).into_iter().map(team).collect();
    teams.extend(asked.iter().map(|asked| asked.team.clone()));
    if teams.is_empty() {
        teams.push(nobody(&role, &role_title));
    }
    teams.sort();
    teams.dedup();
    let one = |team: Team| Waiting {
        case: record.id.clone(),
        called: called.to_string(),
        step: step.id.clone(),
        title: step.title.clone(),
        wanted: wanted(&step.work).to_string(),
        others: teams.iter().filter(|it| **it != team).cloned().collect(),
        team,
        role: role_title.clone(),
        since: step.since,
        due,
        asked: asked.clone(),
        zone: case.directory().calendar.zone.name().to_string(),
    };
    teams.iter().cloned().map(one).collect()
}

/// A team of that name: a contact of a directory, or a role, or the person.
pub(crate) fn team_named(library: &Library, name: &str) -> Option<Team> {
    let mut contacts = library.directories().flat_map(|(_, it)| &it.contacts);
    let role = || match name {
        "person" => Some(in_words(name)),
        _ => library.shared().role(name).map(|it| it.title.clone()),
    };
    contacts.find(|it| *it.name == *name).map(team).or_else(|| Some(nobody(name, &role()?)))
}

fn team(contact: &Contact) -> Team {
    Team { name: contact.name.to_string(), title: contact.title.clone(), phone: contact.phone.clone() }
}

/// Whoever is no contact of the directory: the person.
fn nobody(name: &str, title: &str) -> Team {
    Team { name: name.to_string(), title: title.to_string(), phone: None }
}

fn wanted(work: &Work) -> &'static str {
    match work {
        Work::Do => "To do",
        Work::BeThere => "To be there for the person",
        Work::Wait => "Nothing to do: time passes",
        Work::Accept { .. } => "To accept, or decline and say why",
        Work::Decide { .. } => "To decide",
        Work::Settle { .. } => "To say what it is: two found it different",
        Work::Review { .. } => "To look again: what it went by was corrected",
    }
}

fn because(because: Because) -> &'static str {
    match because {
        Because::Late => "it was late",
        Because::Cannot => "it could not be done",
        Because::PersonDeclined => "the person declined",
        Because::NobodyCan => "nobody could do it",
        Because::Refused => "it was declined",
        Because::OnCondition => "it was accepted on a condition",
        Because::NotAllDone => "not everything was done",
        Because::AfterLastRound => "it was tried as often as it may be",
        Because::NobodyOnDuty => "nobody is on duty in time",
    }
}
