//! Names into words: people are shown titles, local times, and values as one would say them.

use onward::calendar::{Length, Moment, date_in_words, read_date};
use onward::engine::{Because, By, Case, LifeEvent, Shared};
use onward::model::{Answer, Contact, Directory, Domain, Fact, Name, Pathway, RoleId, in_words};

/// What the names of a case stand for.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The pathway.
    pub pathway: &'a Pathway,
    /// The facts and roles.
    pub shared: &'a Shared,
    /// The directory.
    pub directory: &'a Directory,
    /// The case, by what is known in which contacts serve the person.
    case: &'a Case,
}

impl<'a> Words<'a> {
    /// The words of a case.
    pub fn of(case: &'a Case) -> Words<'a> {
        Words { pathway: &case.program().pathway, shared: case.shared(), directory: case.directory(), case }
    }

    /// A moment, as a clock and a calendar here show it.
    pub fn time(&self, at: Moment) -> String {
        self.directory.calendar.zone.display(at)
    }

    /// The title of a step, a decision or an ending, by its name or the id of a next step.
    pub fn title(&self, name: &str) -> String {
        let plain = name.split('#').next().unwrap_or(name);
        let found = self.pathway.place_named(plain).map(|id| self.pathway.place(id).title.clone());
        found.unwrap_or_else(|| match (plain.strip_prefix("settle/"), plain.strip_prefix("review/")) {
            (Some(fact), _) => format!("Say what it is: {}", self.fact_title(fact)),
            (_, Some(decision)) => format!("Look again: {}", self.title(decision)),
            _ => in_words(plain),
        })
    }

    /// A title between quotation marks.
    pub fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", self.title(name))
    }

    /// The title of a role. Many titles explain the role behind a colon; that is said in the file, and not every time.
    pub fn role(&self, name: &str) -> String {
        self.shared.role(name).map_or_else(|| in_words(name), |role| short(&role.title))
    }

    /// The titles of roles, as a list in a sentence.
    pub fn roles(&self, roles: &[RoleId], joined: &str) -> String {
        let roles = roles.iter().filter_map(|role| self.shared.roles.get(role.index()));
        list(&roles.map(|role| lower_the(&short(&role.title))).collect::<Vec<_>>(), joined)
    }

    /// The title of a contact, or of the role that stands in its place.
    pub fn contact(&self, name: &str) -> String {
        self.directory.contact(name).map_or_else(|| self.role(name), |contact| contact.title.clone())
    }

    /// A contact with its telephone number.
    pub fn contact_and_phone(&self, name: &str) -> String {
        self.directory.contact(name).map_or_else(|| self.contact(name), contact_and_phone)
    }

    /// The title of a ladder.
    pub fn ladder(&self, name: &str) -> String {
        self.directory.ladder(name).map_or_else(|| in_words(name), |ladder| ladder.title.clone())
    }

    /// Who fills a role for this person, in words: the contacts and their numbers.
    pub fn filled_by(&self, role: &str) -> Option<String> {
        let contacts = self.case.filling(role, self.case.record().now);
        let contacts: Vec<String> = contacts.into_iter().map(contact_and_phone).collect();
        (!contacts.is_empty()).then(|| list(&contacts, "or"))
    }

    /// A fact by name.
    pub fn fact(&self, name: &str) -> Option<&'a Fact> {
        self.shared.fact_named(name)
    }

    /// The title of a fact.
    pub fn fact_title(&self, name: &str) -> String {
        self.fact(name).map_or_else(|| in_words(name), |fact| fact.title.clone())
    }

    /// The title of somewhere a person may live.
    pub fn setting(&self, name: &str) -> String {
        let it = self.shared.settings.iter().find(|it| it.name == *name);
        it.map_or_else(|| in_words(name), |it| it.title.clone())
    }

    /// The titles of facts.
    pub fn fact_titles(&self, names: &[Name]) -> String {
        names.iter().map(|name| self.fact_title(name)).collect::<Vec<_>>().join("; ")
    }

    /// A value of a fact, as it was written, in words.
    pub fn value(&self, fact: &str, written: &str) -> String {
        let Some(fact) = self.fact(fact) else { return written.to_string() };
        match &fact.domain {
            Domain::Text => format!("\"{written}\""),
            Domain::OneOf(_) | Domain::SeveralOf(_) => said(written),
            Domain::DateTime { .. } => {
                let read = self.directory.calendar.zone.read(written);
                read.map_or_else(|_| written.to_string(), |at| self.time(at))
            }
            Domain::Date { .. } => read_date(written).map_or_else(|_| written.to_string(), date_in_words),
            _ => match &fact.unit {
                Some(unit) => format!("{written} {unit}"),
                None => written.to_string(),
            },
        }
    }

    /// What came of asking for a fact, in words.
    pub fn answer(&self, fact: &str, answer: &Answer) -> String {
        let why = |why: &str| if why.trim().is_empty() { String::new() } else { format!(" ({why})") };
        match answer {
            Answer::Value(written) => self.value(fact, written),
            Answer::Declined(said) => format!("not known: the person declined to say{}", why(said)),
            Answer::CouldNot(said) => format!("not known: it could not be found{}", why(said)),
            Answer::NotApplicable(said) => format!("not known: it does not apply{}", why(said)),
        }
    }

    /// Who did or said something; nothing when nobody said who.
    pub fn by(&self, by: &By) -> Option<String> {
        let role = by.role.as_ref().map(|role| self.role(role));
        let parts: Vec<String> = [role, by.who.clone(), by.organisation.clone()].into_iter().flatten().collect();
        let source = by.source.as_ref().map(|source| format!("from {source}"));
        let parts: Vec<String> = parts.into_iter().chain(source).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What a fact can be, in words, as one would type it.
    pub fn wanted(&self, fact: &Fact) -> String {
        let words = fact.domain.in_words();
        match &fact.unit {
            Some(unit) => format!("{words}, in {unit}"),
            None => words,
        }
    }
}

fn contact_and_phone(contact: &Contact) -> String {
    match reached_by(contact) {
        Some(ways) => format!("{} ({ways})", contact.title),
        None => contact.title.clone(),
    }
}

/// How a contact is reached, where anybody says.
pub fn reached_by(contact: &Contact) -> Option<String> {
    let phone = contact.phone.iter().map(|phone| format!("telephone {phone}"));
    let others = contact.channels.iter().map(|channel| match channel.acknowledged {
        Some(within) => format!("{} {}, acknowledged within {within}", channel.kind.in_words(), channel.to),
        None => format!("{} {}", channel.kind.in_words(), channel.to),
    });
    let ways: Vec<String> = phone.chain(others).collect();
    (!ways.is_empty()).then(|| ways.join("; "))
}

/// An option as one would say it: `somewhere_else` is somewhere else.
pub fn said(option: &str) -> String {
    option.replace('_', " ")
}

/// `a, b and c`; with semicolons where the parts have commas of their own.
pub fn list(parts: &[String], joined: &str) -> String {
    let commas = parts.iter().any(|part| part.contains(','));
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] if commas => format!("{}; {joined} {last}", start.join("; ")),
        [start @ .., last] => format!("{} {joined} {last}", start.join(", ")),
    }
}

/// A title without the explanation behind its colon.
fn short(title: &str) -> String {
    title.split_once(": ").map_or(title, |(short, _)| short).to_string()
}

/// `The person` in the middle of a sentence.
pub fn lower_the(title: &str) -> String {
    title.strip_prefix("The ").map_or_else(|| title.to_string(), |rest| format!("the {rest}"))
}

/// What happened in the person's life, in words.
pub fn life(what: LifeEvent) -> &'static str {
    match what {
        LifeEvent::Died => "The person has died",
        LifeEvent::Withdrew => "The person withdraws",
        LifeEvent::CannotBeReached => "The person cannot be reached",
        LifeEvent::MovedAway => "The person has moved away",
        LifeEvent::OpenedInError => "It turns out that the case was opened in error",
    }
}

/// Why one turned to a ladder, in words.
pub fn because(why: Because) -> &'static str {
    match why {
        Because::Late => "it was not done in time",
        Because::Cannot => "it cannot be done",
        Because::PersonDeclined => "the person declined",
        Because::NobodyCan => "nobody could do it",
        Because::Refused => "the receiver declined",
        Because::OnCondition => "it was accepted on a condition",
        Because::NotAllDone => "not all of it was done",
        Because::AfterLastRound => "the last round is over",
        Because::NobodyOnDuty => "nobody who could do it is on duty before its deadline",
    }
}

/// A length of time in words with a unit people think in.
pub fn length(length: Length) -> String {
    length.to_string()
}

/// The first letter made large.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A sentence ended with a full stop, unless it ends with a mark of its own.
pub fn stop(words: &str) -> String {
    let words = words.trim_end();
    let marks = ['.', '!', '?', ':'];
    let ended = words.ends_with(marks) || words.strip_suffix('"').is_some_and(|it| it.ends_with(marks));
    if ended { words.to_string() } else { format!("{words}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_sentences() {
        let all = |parts: &[&str]| list(&parts.iter().map(|it| (*it).to_string()).collect::<Vec<_>>(), "and");
        assert_eq!([all(&[]), all(&["a"]), all(&["a", "b", "c"])], ["", "a", "a, b and c"]);
        assert_eq!(all(&["a, or b", "c"]), "a, or b; and c");
    }

    #[test]
    fn titles_in_sentences() {
        assert_eq!(lower_the("The person"), "the person");
        assert_eq!(lower_the("Therapist"), "Therapist");
        assert_eq!(short("Home first team: nurses and therapists, one team"), "Home first team");
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!([stop("a"), stop("a."), stop("\"Is it?\""), stop("\"a\"")], ["a.", "a.", "\"Is it?\"", "\"a\"."]);
    }
}
