//! `onward who`: who answers at a time, and who is next; and which meeting one is in time for.

use crate::files;
use crate::findings;
use crate::page::Page;
use crate::said::{self, Exit, Format, Said, Stop};
use crate::words::{list, stop};
use onward::Library;
use onward::calendar::{Length, Moment};
use onward::check::Person;
use onward::diagnostic::nearest;
use onward::model::{Contact, Directory, LadderOf, Meeting, RoleId, Rung, Served};
use onward::workflow::served;
use serde_json::{Value, json};
use std::path::PathBuf;

/// About whom, and when.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A contact, an escalation, a meeting or a role, by its name
    #[arg(value_name = "NAME")]
    name: String,
    /// When, in the local time of the directory: "2026-03-13 23:00"
    #[arg(long, value_name = "TIME")]
    at: String,
    /// For whom: what is known of the person, such as "gp_practice is riverside, lives_alone is yes"
    #[arg(long = "for", value_name = "FACTS")]
    person: Option<String>,
    /// Files, or folders with `.pathway` files in them
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
}

/// Says who answers, in every directory of the files that knows the name.
pub fn run(args: &Args, format: Format) -> Result<Said, Stop> {
    let compiled = findings::compile_all(files::gather(&args.paths)?, findings::How::Read);
    let libraries: Vec<&Library> = compiled.iter().filter_map(|group| group.library.as_ref()).collect();
    let left_out = libraries.len() < compiled.len();
    let (mut page, mut values) = (said::page(), Vec::new());
    let mut any_directory = false;
    for library in &libraries {
        for (_, directory) in library.directories() {
            any_directory = true;
            if !knows(library, directory, &args.name) {
                continue;
            }
            let at =
                directory.calendar.zone.read(&args.at).map_err(|error| Stop::trouble(format!("`--at`: {error}")))?;
            let person = args.person.as_deref().map(|text| known(library, directory, text)).transpose()?;
            let served = person.as_ref().map(|person| served(directory, person, &library.shared().scores));
            let asked = Asked { library, directory, at, served };
            if at >= directory.valid_until {
                asked.too_late(&mut page);
                values.push(json!({ "directory": directory.name, "at": at, "valid_until": directory.valid_until, "answers": null }));
                continue;
            }
            asked.heading(&mut page);
            values.push(asked.answer(&mut page, &args.name));
            page.gap();
        }
    }
    if values.is_empty() && left_out {
        return findings::all(&compiled, format);
    }
    if values.is_empty() {
        return Err(unknown(&libraries, &args.name, any_directory));
    }
    if left_out {
        page.line(0, "Some files have mistakes in them and were left out; `onward check` shows them.");
    }
    match format {
        Format::Json => Said::json(&values, Exit::Fine),
        Format::Human => Ok(Said { text: format!("{}\n", page.text().trim_end()), exit: Exit::Fine }),
    }
}

fn knows(library: &Library, directory: &Directory, name: &str) -> bool {
    let filled = library.shared().role_named(name).is_some_and(|role| directory.filling(role).next().is_some());
    let meets = directory.meetings.iter().any(|it| it.name == name);
    filled || meets || directory.contact(name).is_some() || directory.ladder(name).is_some()
}

fn unknown(libraries: &[&Library], name: &str, any_directory: bool) -> Stop {
    if !any_directory {
        return Stop::trouble("there is no directory of contacts in these files");
    }
    if libraries.iter().any(|library| library.shared().role_named(name).is_some()) {
        return Stop::trouble(format!("nobody fills the role `{name}` in these files"));
    }
    let mut names: Vec<&str> = Vec::new();
    for library in libraries {
        names.extend(library.shared().roles.iter().map(|role| role.name.as_str()));
        for (_, directory) in library.directories() {
            names.extend(directory.contacts.iter().map(|it| it.name.as_str()));
            names.extend(directory.ladders.iter().map(|it| it.name.as_str()));
            names.extend(directory.meetings.iter().map(|it| it.name.as_str()));
        }
    }
    let near: Vec<String> = nearest(name, names).into_iter().map(|it| format!("`{it}`")).collect();
    Stop::trouble(match near.as_slice() {
        [] => format!("there is no contact, escalation, meeting or role called `{name}`"),
        some => format!(
            "there is no contact, escalation, meeting or role called `{name}`; did you mean {}?",
            list(some, "or")
        ),
    })
}

/// What is known of somebody: `FACT is VALUE`, and commas between.
fn known(library: &Library, directory: &Directory, text: &str) -> Result<Person, Stop> {
    let mut person = Person::new();
    for piece in text.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once(' ').unwrap_or((piece, "yes"));
        let value = value.trim().strip_prefix("is ").unwrap_or(value).trim();
        let shared = library.shared();
        let Some(fact) = shared.fact(name) else {
            let near = nearest(name, shared.facts.iter().map(|fact| fact.name.as_str()));
            let near: Vec<String> = near.into_iter().map(|it| format!("`{it}`")).collect();
            let mean = if near.is_empty() { String::new() } else { format!("; did you mean {}?", list(&near, "or")) };
            return Err(Stop::trouble(format!("`--for`: there is no fact `{name}` in these files{mean}")));
        };
        let read = shared.facts[fact.index()].domain.read(value, Some(&directory.calendar.zone));
        let read = read.map_err(|error| Stop::trouble(format!("`--for`: `{name}`: {error}")))?;
        person.insert(fact, Some(read));
    }
    Ok(person)
}

/// A directory at a moment.
struct Asked<'l> {
    library: &'l Library,
    directory: &'l Directory,
    at: Moment,
    /// Which contacts serve the person, where one was told of whom it is.
    served: Option<Served>,
}

impl Asked<'_> {
    fn time(&self, at: Moment) -> String {
        self.directory.calendar.zone.display(at)
    }

    fn heading(&self, page: &mut Page) {
        let zone = &self.directory.calendar.zone;
        page.heading(&format!("{}, at {} ({zone}):", self.directory.title, self.time(self.at)));
        if self.directory.calendar.is_bank_holiday(zone.local(self.at).date()) {
            page.line(0, "That day is a bank holiday.");
        }
    }

    fn too_late(&self, page: &mut Page) {
        let until = self.time(self.directory.valid_until);
        page.line(0, &format!("The directory \"{}\" says nothing from {until} on.", self.directory.title));
        page.gap();
    }

    fn answer(&self, page: &mut Page, name: &str) -> Value {
        let mut value = json!({ "directory": self.directory.name, "at": self.at });
        let mut add = |key: &str, what: Value| {
            if let Some(object) = value.as_object_mut() {
                object.insert(key.to_string(), what);
            }
        };
        if let Some(ladder) = self.directory.ladder(name) {
            add("ladder", self.ladder(page, ladder));
        }
        if let Some(meeting) = self.directory.meetings.iter().find(|it| it.name == name) {
            add("meeting", self.meeting(page, meeting));
        }
        if let Some(contact) = self.directory.contact(name) {
            page.line(2, &stop(&self.contact_words(contact)));
            let roles: Vec<String> = contact.fills.iter().filter_map(|role| self.role_title(*role)).collect();
            if !roles.is_empty() {
                page.line(4, &stop(&format!("Fills the role of: {}", list(&roles, "and"))));
            }
            add("contact", self.contact_value(contact));
        }
        if let Some(role) = self.library.shared().role_named(name)
            && self.directory.filling(role).next().is_some()
        {
            add("role", self.role(page, role));
        }
        value
    }

    /// Which meeting somebody who comes now is in time for, and until when.
    fn meeting(&self, page: &mut Page, meeting: &Meeting) -> Value {
        let held = self.directory.next_meeting(meeting, self.at);
        let words = match &held {
            Some(held) if held.papers < held.begins => format!(
                "{}: in time for {}, with papers by {}; it is over on {}",
                meeting.title,
                self.time(held.begins),
                self.time(held.papers),
                self.time(held.ends)
            ),
            Some(held) => {
                format!("{}: on {}; it is over on {}", meeting.title, self.time(held.begins), self.time(held.ends))
            }
            None => format!("{}: not held again before the directory ends", meeting.title),
        };
        page.line(2, &stop(&words));
        let with: Vec<String> = meeting.with.iter().filter_map(|role| self.role_title(*role)).collect();
        if !with.is_empty() {
            page.line(4, &stop(&format!("Those who sit in it: {}", list(&with, "and"))));
        }
        let held = held.map(|it| json!({ "papers": it.papers, "begins": it.begins, "ends": it.ends }));
        json!({ "name": meeting.name, "title": meeting.title, "next": held })
    }

    fn role_title(&self, role: RoleId) -> Option<String> {
        self.library.shared().roles.get(role.index()).map(|role| role.title.clone())
    }

    /// The rungs in the order they are asked: who answers now, who is next, who would be passed over.
    fn ladder(&self, page: &mut Page, ladder: &LadderOf) -> Value {
        page.line(2, &format!("\"{}\" asks, in this order:", ladder.title));
        let mut values = Vec::new();
        let mut asked = 0;
        let served = self.served.clone().unwrap_or_default();
        for rung in self.directory.answering(&served, ladder, self.at) {
            let declared = &ladder.rungs[rung.rung];
            let contact = rung.contact.and_then(|name| self.directory.contact(name));
            let mark = format!("{}. ", rung.rung + 1);
            match contact {
                Some(contact) => {
                    let when = if asked == 0 { "answers now" } else { "is next, where there is no answer" };
                    asked += 1;
                    let words = format!("{}: {when}. Time to answer: {}", named(contact), rung.within);
                    page.item(2, &mark, &stop(&words));
                }
                None => {
                    let opens = rung.next_open.map_or_else(
                        || "not open again before the directory ends".to_string(),
                        |at| format!("open next on {}", self.time(at)),
                    );
                    let closed = "passed over, not open for the whole time it has to answer";
                    let words = format!("{}: {closed} ({}); {opens}", self.rung_title(declared), rung.within);
                    page.item(2, &mark, &stop(&words));
                }
            }
            values.push(json!({
                "rung": declared.name,
                "contact": rung.contact,
                "title": contact.map(|contact| &contact.title),
                "phone": contact.and_then(|contact| contact.phone.as_ref()),
                "answers": contact.is_some(),
                "within": rung.within,
                "next_open": rung.next_open,
            }));
        }
        if asked == 0 {
            page.line(2, "NOBODY on it is open then. The last of them is asked all the same.");
        }
        json!({ "name": ladder.name, "title": ladder.title, "rungs": values })
    }

    fn rung_title(&self, rung: &Rung) -> String {
        let contact = self.directory.contact(&rung.name).map(named);
        let role = || self.library.shared().role(&rung.name).map(|role| role.title.clone());
        contact.or_else(role).unwrap_or_else(|| rung.name.to_string())
    }

    fn role(&self, page: &mut Page, role: RoleId) -> Value {
        let title = self.role_title(role).unwrap_or_default();
        let served = self.served.clone().unwrap_or_default();
        let contacts: Vec<&Contact> = self.directory.filling_for(&served, role).collect();
        let (open, closed): (Vec<&Contact>, Vec<&Contact>) =
            contacts.iter().partition(|contact| self.directory.is_open(contact, self.at, Length::ZERO));
        page.line(2, &format!("Role: {title}"));
        let mut mark = "Answers now: ";
        for contact in &open {
            page.item(4, "- ", &stop(&format!("{mark}{}", self.contact_words(contact))));
            mark = "Next: ";
        }
        if open.is_empty() {
            page.line(4, "Nobody answers now.");
        }
        let mut closed: Vec<(Option<Moment>, &Contact)> =
            closed.into_iter().map(|contact| (self.opens(contact), contact)).collect();
        closed.sort_by_key(|(opens, _)| opens.unwrap_or(Moment::MAX));
        for (_, contact) in closed {
            page.item(4, "- ", &stop(&self.contact_words(contact)));
        }
        let values: Vec<Value> = contacts.iter().map(|contact| self.contact_value(contact)).collect();
        let name = self.library.shared().roles.get(role.index()).map(|role| role.name.clone());
        json!({ "name": name, "title": title, "contacts": values })
    }

    /// When a contact that is closed opens next, while it and the directory are there.
    fn opens(&self, contact: &Contact) -> Option<Moment> {
        let ends =
            contact.valid_until.map_or(self.directory.valid_until, |until| until.min(self.directory.valid_until));
        self.directory.calendar.next_opening(&contact.opening, self.at, ends)
    }

    fn contact_words(&self, contact: &Contact) -> String {
        let it = named(contact);
        let it = match contact.serves.as_ref().filter(|_| self.served.is_none()) {
            Some(serves) => format!("{it}, who serves only those of whom `{}`", serves.condition.words),
            None => it,
        };
        if contact.valid_until.is_some_and(|until| self.at >= until) {
            return format!("{it}: not there any more");
        }
        if !self.directory.is_open(contact, self.at, Length::ZERO) {
            return match self.opens(contact) {
                Some(opens) => format!("{it}: closed now, open next on {}", self.time(opens)),
                None => format!("{it}: closed now, and not open again before the directory ends"),
            };
        }
        match self.directory.calendar.open_until(&contact.opening, self.at) {
            _ if contact.opening.is_always() => format!("{it}: open now, and always"),
            Some(until) => format!("{it}: open now, until {}", self.time(until)),
            None => format!("{it}: open now"),
        }
    }

    fn contact_value(&self, contact: &Contact) -> Value {
        let open = self.directory.is_open(contact, self.at, Length::ZERO);
        let until = self.directory.calendar.open_until(&contact.opening, self.at).filter(|_| open);
        json!({
            "name": contact.name,
            "title": contact.title,
            "phone": contact.phone,
            "channels": contact.channels,
            "serves": contact.serves.as_ref().map(|serves| &serves.condition.words),
            "until_known": contact.serves.as_ref().map(|serves| serves.until_known),
            "open": open,
            "always": contact.opening.is_always(),
            "open_until": until.filter(|_| !contact.opening.is_always()),
            "next_open": if open { None } else { self.opens(contact) },
        })
    }
}

fn named(contact: &Contact) -> String {
    match crate::words::reached_by(contact) {
        Some(ways) => format!("{} ({ways})", contact.title),
        None => format!("{} (no telephone number given)", contact.title),
    }
}
