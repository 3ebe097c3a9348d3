//! Giving something that is escalated to another role (7.2, 10.6): counted by the ladder, with a new time; and to nobody who
//! could not have had it by the pathway.

use super::case::Case;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::{Length, Moment};
use crate::model::{Name, PlaceId, PlaceKind};

impl Case {
    pub(super) fn reassign(&mut self, step: &Name, to: &Name, within: Length, now: Moment) -> Result<(), Refusal> {
        let place = self.find_open(step)?;
        self.check_role(to)?;
        if within <= Length::ZERO {
            return Err(Refusal::NoTime { step: step.clone(), within });
        }
        self.is_theirs_to_decide(place, to)?;
        self.may_be_given(place, to)?;
        let role = self.shared.role_named(to);
        if !role.is_some_and(|role| self.directory.fills(role)) {
            return Err(Refusal::DirectoryLacks { directory: self.directory.name.clone(), lacks: vec![to.clone()] });
        }
        let Some(escalated) = self.open_at(place).and_then(|open| open.escalated.clone()) else {
            return Err(self.wrong_answer(place, "was not escalated, so nobody gives it to another"));
        };
        let ladder = self.directory.ladder(&escalated.ladder);
        let limit = ladder.map_or(0, |ladder| ladder.may_reassign);
        let kind = &self.place(place).kind;
        let own = kind.within().map_or(Length::ZERO, |own| self.directory.due(own, now).since(now));
        let takes = kind.takes();
        let longest = ladder.and_then(|ladder| ladder.reassign_within).unwrap_or(own);
        if within > longest {
            return Err(Refusal::TooMuchTime { step: step.clone(), within, longest });
        }
        let counted = Name::from(&format!("reassigned by {}", escalated.ladder));
        let taken = self.record.taken.get(&counted).copied().unwrap_or(0);
        if taken >= limit {
            return Err(Refusal::NotReassignable { step: step.clone(), ladder: escalated.ladder, limit });
        }
        if role.is_some_and(|role| !self.directory.on_duty_for(&self.served(now), role, now, now.plus(within), takes)) {
            return Err(Refusal::NobodyOnDuty { step: step.clone(), role: to.clone(), until: now.plus(within) });
        }
        self.record.taken.insert(counted.clone(), taken + 1);
        self.write(now, EntryKind::Counted { route: counted, taken: taken + 1, limit, used_up: false });
        let due = now.plus(within);
        if let Some(open) = self.record.open.iter_mut().find(|open| open.place == place) {
            (open.owner, open.due, open.escalated) = (Some(to.clone()), due, None);
            let (step, entry, contact) = (open.step.clone(), open.entry, escalated.contact);
            self.write(now, EntryKind::StoodDown { step: step.clone(), entry, contact });
            self.write(now, EntryKind::Reassigned { step, entry, to: to.clone(), due });
        }
        Ok(())
    }

    /// Refuses to give something to a role from which it is kept what it finds, or whose agreement it needs; and a handover to
    /// anybody but the two between whom it is, since whoever accepts it holds the person.
    pub(crate) fn may_be_given(&self, place: PlaceId, to: &Name) -> Result<(), Refusal> {
        let kind = &self.place(place).kind;
        let Some(role) = self.shared.role_named(to) else { return Ok(()) };
        let because = if matches!(kind, PlaceKind::HandOver(it) if role != it.to && role != it.from) {
            "is between those who hand over and who receive, and given to nobody else"
        } else if kind.finds().iter().any(|fact| self.shared.facts[fact.index()].kept_from.contains(&role)) {
            "finds what is kept from that role, so it is not given to them"
        } else if self.must_agree(place).contains(to) {
            "is decided with the agreement of that role, so it is not given to them"
        } else {
            return Ok(());
        };
        Err(self.wrong_answer(place, because))
    }
}
