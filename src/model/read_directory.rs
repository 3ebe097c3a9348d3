//! Directories, from words to hours.

use super::build::{Builder, Located, pick};
use super::directory::{Channel, Contact, Directory, Holidays, LadderOf, Rung, Serves};
use super::meeting::MeetingHolidays;
use super::read_condition::Speaks;
use super::read_facts::title;
use super::symbols::{What, place};
use super::{Name, RoleId};
use crate::calendar::{Calendar, HolidayRule, Length, Minutes, Moment, Opening, Weekly, Zone};
use crate::diagnostic::{Finding, Kind};
use crate::syntax::tree::{At, Block, BlockWord, ClauseKind, Days, HolidayHours, Hours, Literal, RungWord};
use std::collections::BTreeSet;

/// The first year a directory can speak of.
const FIRST_YEAR: i16 = 2000;

/// The last year a directory can speak of.
const LAST_YEAR: i16 = 2200;

impl Builder<'_> {
    pub(super) fn read_holidays(&mut self, file: usize, block: &Block) -> Holidays {
        let mut dates = BTreeSet::new();
        for clause in &block.clauses {
            if let ClauseKind::OnDates(written) = &clause.kind {
                dates.extend(written.iter().filter_map(|date| self.date(file, date)));
            }
        }
        let until = self.one(file, block, "known until", pick!(KnownUntil));
        let help = "write `known until 2027-12-31`: after that day nothing is claimed";
        let until = self.needed(file, block, Kind::MissingClause, "until when they are known", help, until);
        let known_until = until.and_then(|date| self.date(file, date));
        let sources = self.sources_of(file, &block.clauses);
        Holidays { name: Name::from(&block.name.text), dates, known_until, sources }
    }

    pub(super) fn directory(&mut self, id: u32, blocks: &[Located<'_>]) -> Directory {
        let (file, header) = blocks[0];
        let zone = self.one(file, header, "time zone", pick!(TimeZone));
        let help = "write `time zone \"Europe/London\"`";
        let zone = self.needed(file, header, Kind::MissingClause, "which time zone its hours are in", help, zone);
        let zone = zone.and_then(|text| match Zone::named(&text.text) {
            Ok(zone) => Some(zone),
            Err(error) => {
                self.findings.push(Finding::new(Kind::UnknownName, place(file, text.at), error.to_string()));
                None
            }
        });
        let mut calendar = Calendar::new(zone.unwrap_or_else(Zone::utc));
        let until = self.one(file, header, "valid until", pick!(ValidUntil));
        let help = "write `valid until 2027-03-31`: after that day nothing is claimed, and no case opens";
        let until = self.needed(file, header, Kind::MissingClause, "until when it is valid", help, until);
        let mut valid_until = until.and_then(|date| self.end_of(file, date, &calendar)).unwrap_or(Moment::MAX);
        let mut holiday_sources = Vec::new();
        if let Some(name) = self.one(file, header, "bank holidays", pick!(BankHolidays)) {
            let found = self.symbols.look_up(&[What::Holidays], file, name, &mut self.findings);
            if let Some((_, holidays)) = found {
                let holidays = &self.holidays[holidays as usize];
                calendar.bank_holidays.extend(&holidays.dates);
                holiday_sources.clone_from(&holidays.sources);
                let known = holidays.known_until.and_then(|date| date.tomorrow().ok());
                if let Some(known) = known.map(|next| calendar.zone.start_of(next)) {
                    valid_until = valid_until.min(known);
                }
            }
        }
        let from = self.one(file, header, "valid from", pick!(ValidFrom));
        let valid_from = from.and_then(|date| self.start_of(file, date, &calendar));
        if let Some((date, _)) = from.zip(valid_from).filter(|(_, from)| *from >= valid_until) {
            let message = format!("this directory is valid from `{}`, and claims nothing by then any more", date.text);
            self.findings.push(
                Finding::new(Kind::EmptyRange, place(file, date.at), message).help(
                    "`valid until`, and the day until which its bank holidays are known, come after `valid from`",
                ),
            );
        }
        let mut directory = Directory {
            name: Name::from(&header.name.text),
            title: title(header.title.as_ref(), &header.name),
            calendar,
            valid_from,
            valid_until,
            contacts: Vec::new(),
            ladders: Vec::new(),
            meetings: Vec::new(),
            holiday_sources,
            at: place(file, header.head()),
        };
        let of = |word| blocks.iter().filter(move |(_, block)| block.word == word);
        for (number, (file, block)) in of(BlockWord::Contact).enumerate() {
            self.symbols.declare(What::Contact(id), number as u32, *file, &block.name, &mut self.findings);
            let contact = self.contact(*file, block, &directory.calendar);
            directory.contacts.push(contact);
        }
        for (number, (file, block)) in of(BlockWord::Escalation).enumerate() {
            self.symbols.declare(What::Ladder(id), number as u32, *file, &block.name, &mut self.findings);
            let ladder = self.read_ladder(id, *file, block, &directory);
            directory.ladders.push(ladder);
        }
        for (number, (file, block)) in of(BlockWord::Meeting).enumerate() {
            self.symbols.declare(What::Meeting(id), number as u32, *file, &block.name, &mut self.findings);
            let meeting = self.read_meeting(*file, block, &directory);
            directory.meetings.push(meeting);
        }
        if !header.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::BankHolidays(_))) {
            self.no_list_of_holidays(&directory);
        }
        directory
    }

    /// Says of the first contact or meeting that does something else on bank holidays that nobody said which days these are.
    fn no_list_of_holidays(&mut self, directory: &Directory) {
        let contact = directory.contacts.iter().find(|it| it.opening.on_bank_holidays != HolidayRule::AsUsual);
        let meeting = directory.meetings.iter().find(|it| it.on_bank_holidays != MeetingHolidays::AsUsual);
        let (name, at, counts) = match (contact, meeting) {
            (Some(contact), _) => (&contact.name, contact.at, "it counts as open on them as usual"),
            (None, Some(meeting)) => (&meeting.name, meeting.at, "it counts as held on them as usual"),
            (None, None) => return,
        };
        let message = format!(
            "`{name}` says what it does on bank holidays, and `{}` does not say which days these are: {counts}",
            directory.name
        );
        let finding = Finding::new(Kind::NoBankHolidays, at, message)
            .and(directory.at, "this directory")
            .help("write `bank holidays` and the name of a list in the directory, and the list as a block `holidays`");
        self.findings.push(finding);
    }

    /// The first instant of a day.
    fn start_of(&mut self, file: usize, date: &Literal, calendar: &Calendar) -> Option<Moment> {
        let day = self.date(file, date)?;
        if day.year() < FIRST_YEAR {
            let message = format!("nobody can say who answered in the year {}", day.year());
            self.findings.push(
                Finding::new(Kind::OutOfRange, place(file, date.at), message)
                    .help(format!("a directory may be valid from the year {FIRST_YEAR} on")),
            );
        }
        Some(calendar.zone.start_of(day))
    }

    /// The first instant after a day.
    fn end_of(&mut self, file: usize, date: &Literal, calendar: &Calendar) -> Option<Moment> {
        let next = self.date(file, date)?.tomorrow().ok()?;
        if next.year() > LAST_YEAR {
            let message = format!("nobody can say who answers in the year {}", next.year());
            self.findings.push(
                Finding::new(Kind::OutOfRange, place(file, date.at), message)
                    .help(format!("a directory may be valid until the year {LAST_YEAR} at the most")),
            );
        }
        Some(calendar.zone.start_of(next))
    }

    fn contact(&mut self, file: usize, block: &Block, calendar: &Calendar) -> Contact {
        let mut fills: Vec<RoleId> = Vec::new();
        for clause in &block.clauses {
            if let ClauseKind::Fills(names) = &clause.kind {
                fills.extend(names.iter().filter_map(|name| self.role(file, name)));
            }
        }
        let open = self.one(file, block, "open", pick!(Open));
        let help = "write `open monday to friday 08:00 to 20:00`, or `open always`";
        let open = self.needed(file, block, Kind::BadHours, "when it is open", help, open);
        let weekly = match open {
            None => Weekly::never(),
            Some(None) => Weekly::always(),
            Some(Some(hours)) => self.weekly(file, hours),
        };
        let rule = self.one(file, block, "on bank holidays", pick!(OnBankHolidays));
        let on_bank_holidays = match rule {
            None | Some(HolidayHours::AsUsual) => HolidayRule::AsUsual,
            Some(HolidayHours::Closed) => HolidayRule::Closed,
            Some(HolidayHours::Open(spans)) => HolidayRule::Open(self.minutes(file, block.name.at, spans)),
        };
        let knows_hours = open.is_some_and(Option::is_some);
        if rule.is_none() && knows_hours && !block.broken {
            let message = format!("`{}` does not say what holds on bank holidays", block.name.text);
            self.findings.push(
                Finding::new(Kind::BadHours, place(file, block.head()), message)
                    .help("write `on bank holidays closed`, `on bank holidays as usual`, or `on bank holidays open 09:00 to 17:00`"),
            );
        }
        let mut closed = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Closed(first, last) = &clause.kind else { continue };
            closed.extend(self.stretch_of_days(file, clause.at, first, last.as_ref()));
        }
        let until = self.one(file, block, "valid until", pick!(ValidUntil));
        Contact {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            fills,
            serves: self.serves(file, block),
            phone: self.one(file, block, "phone", pick!(Phone)).map(|phone| phone.text.clone()),
            channels: self.channels(file, block),
            opening: Opening { weekly, on_bank_holidays, closed },
            valid_until: until.and_then(|date| self.end_of(file, date, calendar)),
            at: place(file, block.head()),
        }
    }

    /// Whom a contact serves.
    fn serves(&mut self, file: usize, block: &Block) -> Option<Serves> {
        let condition = self.one(file, block, "serves", pick!(Serves));
        let until_known = block.clauses.iter().find(|clause| clause.kind == ClauseKind::UntilKnownAnybody);
        let said = |kind: &ClauseKind| (*kind == ClauseKind::UntilKnownAnybody).then_some(());
        self.one(file, block, "until known anybody", said);
        match (condition, until_known) {
            (Some(condition), until_known) => Some(Serves {
                condition: self.condition(file, condition, Speaks::Facts),
                until_known: until_known.is_some(),
                at: place(file, condition.at),
            }),
            (None, Some(alone)) if !block.broken => {
                let message =
                    format!("`{}` does not say whom it serves, so there is nothing to be known", block.name.text);
                let finding = Finding::new(Kind::OutOfPlace, place(file, alone.at), message);
                self.findings.push(finding.help("write `serves FACT is VALUE`, or take this out: it serves everybody"));
                None
            }
            (None, _) => None,
        }
    }

    /// How a contact is reached, other than by telephone.
    fn channels(&mut self, file: usize, block: &Block) -> Vec<Channel> {
        let mut channels: Vec<Channel> = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Channel { kind, to, acknowledged } = &clause.kind else { continue };
            if channels.iter().any(|other| other.kind == *kind) {
                let message = format!("`{}` is said twice", kind.in_words());
                let finding = Finding::new(Kind::SaidTwice, place(file, clause.at), message);
                self.findings.push(finding.help("keep the one that is meant, or write two contacts"));
                continue;
            }
            let acknowledged = acknowledged.as_ref().map(|length| super::read_work::some_time(self, file, length));
            channels.push(Channel { kind: *kind, to: to.text.clone(), acknowledged, at: place(file, clause.at) });
        }
        channels
    }

    fn weekly(&mut self, file: usize, hours: &[Hours]) -> Weekly {
        let mut weekly = Weekly::never();
        for line in hours {
            let days: Vec<u8> = match &line.days {
                Days::EveryDay => (0..7).collect(),
                Days::List(days) => days.clone(),
                // `friday to monday` goes over the weekend.
                Days::Between(from, to) => (0..=(to + 7 - from) % 7).map(|step| (from + step) % 7).collect(),
            };
            for minutes in self.minutes(file, line.at, &line.spans) {
                days.iter().for_each(|day| weekly.add(usize::from(*day), minutes));
            }
        }
        weekly
    }

    fn minutes(&mut self, file: usize, at: At, spans: &[(u16, u16)]) -> Vec<Minutes> {
        let mut all = Vec::new();
        for (from, to) in spans {
            // Hours that end before they start, or when they start, run past midnight.
            let end = if to <= from { to.saturating_add(1440) } else { *to };
            match Minutes::new(*from, end) {
                Ok(minutes) if *from < 1440 => all.push(minutes),
                _ => {
                    let message = "these are not times of a day";
                    self.findings.push(
                        Finding::new(Kind::BadHours, place(file, at), message)
                            .help("write `08:00 to 20:00`, or `20:00 to 08:00` for hours that run past midnight"),
                    );
                }
            }
        }
        all
    }

    fn read_ladder(&mut self, id: u32, file: usize, block: &Block, directory: &Directory) -> LadderOf {
        let mut rungs = Vec::new();
        let mut words: Vec<RungWord> = Vec::new();
        for clause in &block.clauses {
            let ClauseKind::Rung { word, who, within } = &clause.kind else { continue };
            words.push(*word);
            let fits = [What::Contact(id), What::Role];
            let contacts = match self.symbols.look_up(&fits, file, who, &mut self.findings) {
                Some((What::Contact(_), contact)) => vec![contact as usize],
                Some((_, role)) => {
                    let fills = |contact: &Contact| contact.fills.contains(&RoleId(role));
                    let found: Vec<usize> =
                        directory.contacts.iter().enumerate().filter(|(_, it)| fills(it)).map(|(n, _)| n).collect();
                    if found.is_empty() {
                        let message = format!("no contact of this directory fills `{}`", who.text);
                        self.findings.push(
                            Finding::new(Kind::NotInDirectory, place(file, who.at), message)
                                .help(format!("give a contact `fills {}`", who.text)),
                        );
                    }
                    found
                }
                None => continue,
            };
            if within.seconds == 0 {
                let message = "nobody can answer in no time";
                self.findings.push(Finding::new(Kind::BrokenLadder, place(file, within.at), message));
            }
            let within = Length::from_seconds(within.seconds);
            rungs.push(Rung { contacts, name: Name::from(&who.text), within, at: place(file, clause.at) });
        }
        let lasts = words.iter().filter(|word| **word == RungWord::Last).count();
        let in_order = lasts == 1 && words.last() == Some(&RungWord::Last);
        if !in_order && !block.broken {
            let message = match (words.is_empty(), lasts) {
                (true, _) => format!("`{}` asks nobody", block.name.text),
                (_, 0) => format!("`{}` has no last rung", block.name.text),
                (_, 1) => format!("`{}` goes on after its last rung", block.name.text),
                _ => format!("`{}` has more than one last rung", block.name.text),
            };
            self.findings.push(
                Finding::new(Kind::BrokenLadder, place(file, block.head()), message)
                    .help("start the last rung, and only that one, with `last`: somebody who answers at every minute"),
            );
        }
        let reassign = self.one(file, block, "may reassign", |kind| match kind {
            ClauseKind::MayReassign { count, within } => Some((count, within)),
            _ => None,
        });
        LadderOf {
            name: Name::from(&block.name.text),
            title: title(block.title.as_ref(), &block.name),
            rungs,
            may_reassign: reassign.map_or(0, |(count, _)| count.value),
            reassign_within: reassign
                .and_then(|(_, within)| within.as_ref())
                .map(|within| Length::from_seconds(within.seconds)),
            at: place(file, block.head()),
        }
    }
}
