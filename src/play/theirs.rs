//! Whose something is to do, now: a scenario that says who did it is held to it. The engine is not: who may say what
//! to it is for the host to know, which knows who somebody is.

use super::Driver;
use crate::calendar::Length;
use crate::engine::{Answer, Open};
use crate::model::{Happening, Name, PlaceKind, RoleId, What};

impl Driver {
    /// Makes something happen, as [`Driver::happen`] does; but not by whom it is not to be done.
    ///
    /// # Errors
    /// In words, when the event is refused, or whoever is said to do it has no part in it as things stand then.
    pub fn happen_by_right(&mut self, it: &Happening) -> Result<Vec<Answer>, String> {
        let mut answers =
            self.wait_until(self.now.plus(it.after), it.what == What::Nothing).map_err(|refusal| refusal.in_full())?;
        if let Some(wrong) = self.not_theirs(it) {
            return Err(wrong);
        }
        let now = Happening { after: Length::ZERO, ..it.clone() };
        answers.extend(self.happen(&now).map_err(|refusal| refusal.in_full())?);
        Ok(answers)
    }

    /// What is wrong with who is said to do something. Nothing is, where nobody is named, where anybody may do it, and
    /// where it is refused anyway, as what is not open is.
    fn not_theirs(&self, it: &Happening) -> Option<String> {
        let by = it.by.as_ref()?;
        let open = self.about(&it.what)?;
        let mut may: Vec<Name> = Vec::new();
        // What the person decides nobody decides for them, also when somebody on a ladder is asked.
        let theirs = self.case.program().pathway.place(open.place).kind.is_the_persons_choice();
        let asked = self.asked(open).filter(|_| !theirs || !matches!(it.what, What::Decides { .. }));
        for role in self.whose(open, &it.what).into_iter().chain(asked) {
            if !may.contains(&role) {
                may.push(role);
            }
        }
        if may.is_empty() || may.contains(by) {
            return None;
        }
        let listed = may.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
        let now = open.escalated.as_ref().map_or(String::new(), |it| format!("; `{}` is asked now", it.contact));
        Some(format!("`{by}` has no part in `{}` as it stands; that is for {listed}{now}", open.step))
    }

    /// The open step that somebody says something of which not everybody may say. That the person declines it, anybody
    /// may pass on; who agrees, settles or withdraws, the engine looks at.
    fn about(&self, what: &What) -> Option<&Open> {
        let open = &self.case.record().open;
        match what {
            What::Done(step) | What::Cannot(step) | What::Accepted(step) | What::Declined(step) => {
                open.iter().find(|open| self.is_named(open, step))
            }
            What::Reassigned { step, .. } => open.iter().find(|open| self.is_named(open, step)),
            What::Decides { step: Some(step), .. } => open.iter().find(|open| self.is_named(open, step)),
            // Where more than one decision is open, which one is meant is for the engine to ask.
            What::Decides { step: None, .. } => {
                let pathway = &self.case.program().pathway;
                let mut deciding = open.iter().filter(|open| pathway.choice_of(open.place).is_some());
                deciding.next().filter(|_| deciding.next().is_none())
            }
            _ => None,
        }
    }

    /// The roles that whoever is asked about something now fills.
    fn asked(&self, open: &Open) -> impl Iterator<Item = Name> {
        let contact = open.escalated.as_ref().and_then(|it| self.case.directory().contact(&it.contact));
        contact.into_iter().flat_map(|contact| &contact.fills).map(|role| self.role_name(*role))
    }

    /// Whose it is, asked or not: of a handover the receiver's alone, of a decision whoever's it is, and of all else
    /// everybody's who has a part in it.
    fn whose(&self, open: &Open, what: &What) -> Vec<Name> {
        let name = |role: &RoleId| self.role_name(*role);
        let owner = open.owner.clone();
        match &self.case.program().pathway.place(open.place).kind {
            // That it cannot be, the sender may say, too.
            PlaceKind::HandOver(it) => {
                let received = matches!(what, What::Accepted(_) | What::Declined(_));
                let given = owner.filter(|owner| !received || *owner != name(&it.from));
                [name(&it.to)].into_iter().chain(given).collect()
            }
            PlaceKind::Choose(_) => owner.into_iter().collect(),
            kind => {
                let (led_by, with) = match kind {
                    PlaceKind::Step(it) => (Some(it.led_by), it.with.as_slice()),
                    PlaceKind::Repeat(it) => (Some(it.led_by), it.with.as_slice()),
                    _ => (None, &[][..]),
                };
                let needed = kind.not_without().iter().map(|it| &it.role);
                owner.into_iter().chain(led_by.iter().chain(with).chain(needed).map(name)).collect()
            }
        }
    }

    fn role_name(&self, role: RoleId) -> Name {
        self.case.shared().roles[role.index()].name.clone()
    }
}
