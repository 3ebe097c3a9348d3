//! Who is served by whom: for every combination of what the contacts of a directory ask about the person, unknown among it,
//! somebody fills each role; and no two front doors stand open to one person at one time.
//!
//! Not the combinations of the facts are gone through, but those of the contacts: which of them can serve one person, and
//! which cannot, asked one contact after the other. Catchments mostly leave each other out, so these are few.

use super::people::{Demand, People, Search, Truths};
use super::{Evidence, Flaw, Person, Subject, listed, said};
use crate::calendar::Moment;
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::model::{Contact, Directory, Name, RoleId, Serves, Shared};
use std::collections::BTreeMap;

/// Contacts that serve somebody, and none else of some, with such a person.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The contacts, by number, in order.
    pub serving: Vec<usize>,
    /// Somebody whom they serve; nothing needs to be said of them where all serve everybody.
    pub person: Person,
}

/// Which of some contacts can serve one person together, while the others do not; nothing where it could not be gone through.
pub(super) fn groups(shared: &Shared, directory: &Directory, contacts: &[usize]) -> Option<Vec<Group>> {
    if directory.serves_everybody() {
        return Some(vec![Group { serving: contacts.to_vec(), person: Person::new() }]);
    }
    let people = People::new(shared);
    let mut found: Vec<(Vec<usize>, Vec<Demand<'_>>, Person)> = vec![(Vec::new(), Vec::new(), Person::new())];
    for number in contacts.iter().copied() {
        let serves = directory.contacts.get(number).and_then(|contact| contact.serves.as_ref());
        let mut next = Vec::new();
        for (serving, demands, person) in found {
            let with = [serving.as_slice(), &[number]].concat();
            let Some(serves) = serves else {
                next.push((with, demands, person));
                continue;
            };
            for (served, may_be) in [(true, is_served(serves)), (false, is_not_served(serves))] {
                let mut demands = demands.clone();
                demands.push(Demand::new(&serves.condition.test, may_be));
                match somebody(&people, &demands) {
                    Search::Found(person) => {
                        next.push((if served { with.clone() } else { serving.clone() }, demands, person));
                    }
                    Search::Nobody => {}
                    Search::OutOfBudget => return None,
                }
            }
        }
        found = next;
        if found.len() > MOST {
            return None;
        }
    }
    Some(found.into_iter().map(|(serving, _, person)| Group { serving, person }).collect())
}

/// More groups than any area has.
const MOST: usize = 4_096;

fn is_served(serves: &Serves) -> Truths {
    if serves.until_known { Truths::NOT_NO } else { Truths::YES }
}

fn is_not_served(serves: &Serves) -> Truths {
    if serves.until_known { Truths::NO } else { Truths::NOT_YES }
}

/// Somebody, of whom as much is known as can be: an ordinary person, and one who can be asked.
fn somebody(people: &People<'_>, demands: &[Demand<'_>]) -> Search {
    match people.find_with(demands, &|_| false, &Person::new()) {
        Search::Nobody => people.find_with(demands, &|_| true, &Person::new()),
        known => known,
    }
}

/// Somebody, in words: `somebody whose …`.
pub(super) fn whom(shared: &Shared, person: &Person) -> String {
    match said::person(person, |_| true, shared) {
        known if known.is_empty() => "anybody".to_string(),
        known => format!("somebody {known}"),
    }
}

/// The contacts that fill a role, by number.
pub(super) fn filling(directory: &Directory, role: RoleId) -> Vec<usize> {
    let all = directory.contacts.iter().enumerate();
    all.filter(|(_, contact)| contact.fills.contains(&role)).map(|(number, _)| number).collect()
}

/// Roles that nobody fills for somebody, and people for whom two do who should leave each other out.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let Some(directory) = subject.directory.filter(|directory| !directory.serves_everybody()) else {
        return Vec::new();
    };
    let pathway = &subject.program.pathway;
    let mut needed: BTreeMap<RoleId, (At, String)> = BTreeMap::new();
    for (place, role) in pathway.needs().filter(|(_, role)| *role != RoleId::PERSON) {
        needed.entry(role).or_insert_with(|| (place.at, format!("`{}` needs them", place.name)));
    }
    let arbiters = subject.shared.facts_of(pathway).filter_map(|fact| Some((fact, fact.arbiter.as_ref()?.role)));
    for (fact, role) in arbiters.filter(|(_, role)| *role != RoleId::PERSON) {
        needed.entry(role).or_insert_with(|| (fact.at, format!("they settle what is disputed of `{}`", fact.name)));
    }
    let mut flaws = Vec::new();
    for (role, needs) in needed {
        let contacts = filling(directory, role);
        if contacts.is_empty() {
            continue;
        }
        let Some(role) = subject.shared.roles.get(role.index()) else { continue };
        let who = format!("who fills `{}`", role.name);
        flaws.extend(not_served(subject, directory, &who, &contacts, needs));
        flaws.extend(served_twice(subject, directory, &role.name, &contacts));
    }
    let asked = pathway.ladders.iter().filter_map(|ladder| directory.ladder(&ladder.name));
    for (ladder, last) in asked.filter_map(|ladder| Some((ladder, ladder.rungs.last()?))) {
        let who = format!("on the last rung of `{}`", ladder.name);
        flaws.extend(not_served(
            subject,
            directory,
            &who,
            &last.contacts,
            (last.at, format!("`{}` needs them", last.name)),
        ));
    }
    flaws
}

fn not_served(
    subject: &Subject<'_>,
    directory: &Directory,
    who: &str,
    contacts: &[usize],
    (needs_at, needs): (At, String),
) -> Option<Flaw> {
    let of = |number: &usize| directory.contacts.get(*number);
    let all: Vec<&Contact> = contacts.iter().filter_map(of).collect();
    let demands: Option<Vec<Demand<'_>>> = all
        .iter()
        .map(|contact| contact.serves.as_ref().map(|it| Demand::new(&it.condition.test, is_not_served(it))))
        .collect();
    // Where one of them serves everybody, nobody is left out.
    let demands = demands?;
    let people = People::new(subject.shared);
    let known = people.find_with(&demands, &|_| false, &Person::new());
    let not_known = people.find_with(&demands, &|_| true, &Person::new());
    let mut left_out: Vec<String> = Vec::new();
    for found in [known, not_known] {
        match found {
            Search::Found(person) => left_out.push(whom(subject.shared, &person)),
            Search::Nobody => {}
            Search::OutOfBudget => return Some(cannot_tell(directory, who)),
        }
    }
    left_out.dedup();
    let first = left_out.first()?;
    let more = left_out.get(1).map_or(String::new(), |more| format!(", nor {more}"));
    let message = format!("nobody in `{}` {who} serves {first}{more}", directory.name);
    let (at, help) = match all.as_slice() {
        [only] => (only.serves.as_ref()?.at, "let somebody serve them, too"),
        [first, ..] => (first.serves.as_ref()?.at, "let one of these serve them, too"),
        [] => return None,
    };
    let help = format!("{help}; while it is not known, by `until known anybody`");
    let mut finding = Finding::new(Kind::NotServed, at, message).help(help);
    for contact in all.iter().skip(1).take(3) {
        finding = finding.and(contact.serves.as_ref().map_or(contact.at, |it| it.at), "nor does this one");
    }
    Some(Flaw::new(finding.and(needs_at, needs), Evidence::Static))
}

fn cannot_tell(directory: &Directory, who: &str) -> Flaw {
    let message = format!("whether somebody in `{}` {who} serves everybody takes too long to tell", directory.name);
    let finding = Finding::new(Kind::Undecided, directory.at, message).help("say in fewer words whom they serve");
    Flaw::new(finding, Evidence::Static)
}

/// Two who fill one role, each only for some, and a person whom both serve at one time. Who stands first in the file is asked,
/// so nobody is left alone; but the two may each take the other to be asked.
fn served_twice(subject: &Subject<'_>, directory: &Directory, name: &Name, contacts: &[usize]) -> Option<Flaw> {
    let people = People::new(subject.shared);
    let all: Vec<&Contact> = contacts.iter().filter_map(|number| directory.contacts.get(*number)).collect();
    for (number, one) in all.iter().enumerate() {
        for other in all.iter().skip(number + 1) {
            let (Some(by), Some(too)) = (&one.serves, &other.serves) else { continue };
            // One area, by day and by night.
            if by.condition.words == too.condition.words {
                continue;
            }
            let both = [&by.condition.test, &too.condition.test].map(|test| Demand::new(test, Truths::YES));
            let Search::Found(person) = people.find_with(&both, &|_| false, &Person::new()) else { continue };
            let Some(when) = both_open(subject, directory, one, other) else { continue };
            let (whom, when) = (whom(subject.shared, &person), directory.calendar.zone.display(when));
            let message = format!("`{}` and `{}` both fill `{name}` for {whom}, on {when}", one.name, other.name);
            let help =
                "let whom they serve leave each other out, or their hours; until then whoever stands first is asked";
            let finding = Finding::new(Kind::ServedTwice, too.at, message).and(by.at, "serves them too").help(help);
            return Some(Flaw::new(finding, Evidence::Static));
        }
    }
    None
}

/// The first moment at which both are open.
fn both_open(subject: &Subject<'_>, directory: &Directory, one: &Contact, other: &Contact) -> Option<Moment> {
    let spans = |contact: &Contact| directory.open_spans(contact, subject.from, directory.valid_until);
    let (one, other) = (spans(one), spans(other));
    let mut others = other.iter().peekable();
    for (from, to) in one {
        while others.next_if(|(_, end)| *end <= from).is_some() {}
        if let Some((start, _)) = others.peek().filter(|(start, _)| *start < to) {
            return Some(from.max(*start));
        }
    }
    None
}

/// Somebody of whom something is said, as it stands behind a minute: ` for somebody whose …`; nothing where it is so for all.
pub(super) fn for_whom(shared: &Shared, group: &Group) -> String {
    if group.person.is_empty() { String::new() } else { format!(" for {}", listed([whom(shared, &group.person)])) }
}
