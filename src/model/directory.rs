//! The local directory: who fills which role, when they are there, and whom one asks when nobody answers.

use super::{Condition, Fact, FactId, Meeting, Name, RoleId, Score, SourceRef};
use crate::calendar::{Calendar, Length, Moment, Opening};
use crate::diagnostic::Place as At;
pub use crate::syntax::tree::ChannelKind;
use serde::Serialize;

/// A directory.
#[derive(Clone, Debug, Serialize)]
pub struct Directory {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Its time zone and bank holidays.
    pub calendar: Calendar,
    /// The first instant at which it claims anything, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Moment>,
    /// The first instant at which it no longer claims anything.
    pub valid_until: Moment,
    /// Whom one can turn to.
    pub contacts: Vec<Contact>,
    /// The ladders.
    pub ladders: Vec<LadderOf>,
    /// The meetings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meetings: Vec<Meeting>,
    /// Where its list of bank holidays comes from.
    #[serde(skip)]
    pub holiday_sources: Vec<SourceRef>,
    /// Where its header stands.
    #[serde(skip)]
    pub at: At,
}

/// Somebody, or a team, one can turn to.
#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// The roles it fills.
    #[serde(skip)]
    pub fills: Vec<RoleId>,
    /// Whom it serves, where it does not serve everybody.
    #[serde(skip)]
    pub serves: Option<Serves>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// How else it is reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// When it is open.
    pub opening: Opening,
    /// The first instant at which it is no longer there, when that is known.
    pub valid_until: Option<Moment>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

/// Whom a contact serves.
#[derive(Clone, Debug)]
pub struct Serves {
    /// Those of whom this is a definite yes.
    pub condition: Condition,
    /// Whether it serves anybody while that is not known.
    pub until_known: bool,
    /// Where it is written.
    pub at: At,
}

/// Which contacts of a directory serve a person; all of them, where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served(Option<Vec<bool>>);

impl Served {
    /// By each contact in turn.
    pub fn by(contacts: impl IntoIterator<Item = bool>) -> Served {
        Served(Some(contacts.into_iter().collect()))
    }

    /// Whether the contact of that number serves them.
    pub fn has(&self, contact: usize) -> bool {
        self.0.as_ref().is_none_or(|all| all.get(contact).copied().unwrap_or(false))
    }
}

/// A way in which a contact is reached, other than by telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// What it is.
    pub kind: ChannelKind,
    /// The number or the address.
    pub to: String,
    /// In what time whoever gets it says that they have; nothing where nobody does.
    pub acknowledged: Option<Length>,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

impl Contact {
    /// Whether somebody who is reached in one of these ways says so before a time is over: on the telephone at once, by a
    /// bleep when they ring back. Of a contact of whom nobody says how it is reached, that is not known either.
    pub fn acknowledges(&self, within: Length) -> bool {
        let says_so = |it: &Channel| match it.kind {
            ChannelKind::Bleep => it.acknowledged.is_none_or(|time| time <= within),
            ChannelKind::SecureEmail | ChannelKind::Fax | ChannelKind::Post => {
                it.acknowledged.is_some_and(|time| time <= within)
            }
        };
        self.phone.is_some() || self.channels.is_empty() || self.channels.iter().any(says_so)
    }
}

/// A ladder: whom one asks, in order, until somebody answers.
#[derive(Clone, Debug, Serialize)]
pub struct LadderOf {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Its rungs, the last one last.
    pub rungs: Vec<Rung>,
    /// How often a case may be reassigned from it.
    pub may_reassign: u32,
    /// For how long at the most; `None`: for no longer than the step itself has.
    pub reassign_within: Option<Length>,
    /// Where it is declared.
    #[serde(skip)]
    pub at: At,
}

/// A rung of a ladder.
#[derive(Clone, Debug, Serialize)]
pub struct Rung {
    /// Who is asked: any of these contacts, the first that is open (numbers into the directory's list).
    pub contacts: Vec<usize>,
    /// What stands on the rung: a contact or a role.
    pub name: Name,
    /// How long there is to answer.
    pub within: Length,
    /// Where it stands.
    #[serde(skip)]
    pub at: At,
}

/// Bank holidays, shared by directories.
#[derive(Clone, Debug)]
pub struct Holidays {
    /// Their name.
    pub name: Name,
    /// The dates.
    pub dates: std::collections::BTreeSet<jiff::civil::Date>,
    /// The last day for which they are known.
    pub known_until: Option<jiff::civil::Date>,
    /// Where they come from.
    pub sources: Vec<SourceRef>,
}

/// What one rung of a ladder has to say at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering<'d> {
    /// The number of the rung, from 0.
    pub rung: usize,
    /// The contact that would answer; nobody when all on the rung are closed.
    pub contact: Option<&'d Name>,
    /// How long it has to answer.
    pub within: Length,
    /// When one on the rung is next open, if it is closed now and opens before the directory ends.
    pub next_open: Option<Moment>,
}

impl Directory {
    /// The contact of that name.
    pub fn contact(&self, name: &str) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.name == name)
    }

    /// The ladder of that name.
    pub fn ladder(&self, name: &str) -> Option<&LadderOf> {
        self.ladders.iter().find(|ladder| ladder.name == name)
    }

    /// The contacts that fill a role, in the directory's order, whomever they serve.
    pub fn filling(&self, role: RoleId) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.fills.contains(&role))
    }

    /// The contacts that fill a role for somebody, in the directory's order.
    pub fn filling_for<'d>(&'d self, served: &Served, role: RoleId) -> impl Iterator<Item = &'d Contact> {
        let all = self.contacts.iter().enumerate();
        all.filter(move |(number, contact)| contact.fills.contains(&role) && served.has(*number)).map(|(_, it)| it)
    }

    /// Whether every contact serves everybody.
    pub fn serves_everybody(&self) -> bool {
        self.contacts.iter().all(|contact| contact.serves.is_none())
    }

    /// Whether it is asked about a person to tell which contacts serve them.
    pub fn looks_at(&self, fact: FactId, facts: &[Fact], scores: &[Score]) -> bool {
        let mut looks = false;
        for serves in self.contacts.iter().filter_map(|contact| contact.serves.as_ref()) {
            serves.condition.test.reads(facts, scores, &mut |read| looks |= read == fact);
        }
        looks
    }

    /// Whether anybody fills a role. The person fills their own.
    pub fn fills(&self, role: RoleId) -> bool {
        role == RoleId::PERSON || self.filling(role).next().is_some()
    }

    /// The first instant at which a contact, or the directory, is no longer there.
    fn ends(&self, contact: &Contact) -> Moment {
        contact.valid_until.map_or(self.valid_until, |until| until.min(self.valid_until))
    }

    /// The stretches between two moments in which a contact is open, while it and the directory are there.
    pub(crate) fn open_spans(&self, contact: &Contact, from: Moment, to: Moment) -> Vec<(Moment, Moment)> {
        self.calendar.open_spans(&contact.opening, from, to.min(self.ends(contact)))
    }

    /// Whether a contact is open from a moment on for so long; a contact that is no longer there is closed.
    pub fn is_open(&self, contact: &Contact, from: Moment, length: Length) -> bool {
        from.plus(length) <= self.ends(contact) && self.calendar.is_open_throughout(&contact.opening, from, length)
    }

    /// Whether somebody who fills a role is on duty for so long, in one piece, between two moments, whomever they serve. The
    /// person always is.
    pub fn on_duty(&self, role: RoleId, from: Moment, to: Moment, takes: Length) -> bool {
        self.on_duty_for(&Served::default(), role, from, to, takes)
    }

    /// The same, of those who serve somebody.
    pub fn on_duty_for(&self, served: &Served, role: RoleId, from: Moment, to: Moment, takes: Length) -> bool {
        let long_enough = |contact: &Contact| {
            let to = to.min(self.ends(contact));
            self.calendar.is_open_for_so_long(&contact.opening, from, to, takes)
        };
        role == RoleId::PERSON || self.filling_for(served, role).any(long_enough)
    }

    /// Who would answer somebody on each rung of a ladder that is asked at a moment.
    pub fn answering<'d>(&'d self, served: &Served, ladder: &LadderOf, at: Moment) -> Vec<Answering<'d>> {
        let rungs = ladder.rungs.iter().enumerate();
        rungs
            .map(|(number, rung)| {
                let contact = self.open_on_for(served, rung, at);
                let next_open = if contact.is_some() { None } else { self.next_opening(served, rung, at) };
                Answering {
                    rung: number,
                    contact: contact.map(|contact| &contact.name),
                    within: rung.within,
                    next_open,
                }
            })
            .collect()
    }

    /// The first contact on a rung that is open for the whole of its time to answer, whomever it serves.
    pub fn open_on(&self, rung: &Rung, at: Moment) -> Option<&Contact> {
        self.open_on_for(&Served::default(), rung, at)
    }

    /// The first contact on a rung that serves somebody and is open for the whole of its time to answer.
    pub fn open_on_for(&self, served: &Served, rung: &Rung, at: Moment) -> Option<&Contact> {
        self.on_rung(served, rung).find(|contact| self.is_open(contact, at, rung.within))
    }

    /// The contacts on a rung that serve somebody.
    pub fn on_rung<'d>(&'d self, served: &Served, rung: &Rung) -> impl Iterator<Item = &'d Contact> {
        rung.contacts.iter().filter(move |number| served.has(**number)).filter_map(|number| self.contacts.get(*number))
    }

    fn next_opening(&self, served: &Served, rung: &Rung, at: Moment) -> Option<Moment> {
        let contacts = self.on_rung(served, rung);
        let opens = |contact: &Contact| self.calendar.next_opening(&contact.opening, at, self.ends(contact));
        contacts.filter_map(opens).min()
    }
}
