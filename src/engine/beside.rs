//! What is asked beside the pathway: to settle what two found to be different things (1.3), and to look again at what was
//! decided by what was corrected since (7.4).
//!
//! Nobody waits for the answer to go on: where it would matter, the fact is not known, and the pathway says what then. So
//! a question can be late, and asked of a whole ladder, without anybody being held up; and no case takes longer for it.

use super::case::Case;
use super::event::By;
use super::ids::numbered;
use super::record::*;
use super::refusal::Refusal;
use crate::calendar::{Length, Moment};
use crate::model::{self, Arbiter, FactId, MAIN, Name, RoleId, Rung, Served};

/// How often one asks what a fact is that is disputed, in one case. What is disputed again after that stays unknown.
pub(super) const MOST_ASKED: u32 = 3;

/// The longest that somebody is given who is asked again.
const LONGEST_WAIT: Length = Length::hours(24);

/// How long whoever led a decision has to look at it again.
const REVIEW_WITHIN: Length = Length::hours(24);

impl About {
    /// The fact that whoever is asked is shown, where it is one.
    pub(super) fn shows(&self) -> Option<&Name> {
        match self {
            About::Disputed { fact } => Some(fact),
            About::Review { .. } => None,
        }
    }

    /// The name of the question.
    pub(super) fn named(&self) -> Name {
        match self {
            About::Disputed { fact } => Name::from(&format!("settle/{fact}")),
            About::Review { decision, .. } => Name::from(&format!("review/{decision}")),
        }
    }
}

impl Question {
    /// Its id: its name and how often that was asked.
    pub fn id(&self) -> String {
        numbered(&self.step, '#', self.entry)
    }

    /// When it is next due: by when an answer is needed from whoever is asked now.
    pub fn next_due(&self) -> Moment {
        self.escalated.as_ref().map_or(self.due, |escalated| escalated.answer_by)
    }
}

impl Case {
    /// What is asked beside the pathway, by its name or its id.
    pub(super) fn question(&self, step: &Name) -> Option<usize> {
        let named = |it: &Question| it.step == *step || it.id() == step.as_str();
        self.record.beside.iter().position(named)
    }

    /// When something beside the pathway is next due: an answer, or that nothing of what is disputed is good any more.
    pub(super) fn next_beside(&self) -> Option<Moment> {
        let asked = self.record.beside.iter().map(Question::next_due);
        asked.chain(self.record.disputed.iter().filter_map(|(fact, found)| self.no_longer_good(fact, found))).min()
    }

    /// The first moment at which nothing that was found of a disputed fact is good any more.
    pub(super) fn no_longer_good(&self, fact: &Name, found: &[Found]) -> Option<Moment> {
        let of = self.shared.fact_named(fact)?;
        let last = found.iter().map(|it| it.happened).max()?;
        Some(last.plus(of.good_for?).plus(Length::SECOND))
    }

    /// Asks something beside the pathway.
    pub(super) fn ask(&mut self, about: About, owner: Name, within: Length, at: Moment) {
        let step = about.named();
        let (entry, due) = (self.enters(&step), at.plus(within));
        let role = self.shared.role_named(&owner);
        let there =
            role.is_none_or(|role| self.directory.on_duty_for(&self.served(at), role, at, due, model::A_MOMENT));
        let ladder = self.ladder_for(&about);
        let question = Question { step, entry, about, owner, opened: at, due, asked_again: 0, escalated: None };
        self.record.beside.push(question.clone());
        self.write(at, EntryKind::Asked(question));
        if !there && ladder.is_some() {
            self.unanswered(self.record.beside.len() - 1, Because::NobodyOnDuty, at);
        }
    }

    /// The ladder that is turned to when what is open on the main road is late, or, where that has ended, what is open
    /// alongside; that it answers is proved. It is one on which somebody may be asked about this.
    fn ladder_for(&self, about: &About) -> Option<Name> {
        let main = self.front(MAIN).into_iter();
        let mut open = main.chain(self.record.open.iter().map(|open| open.place));
        open.find_map(|place| self.late_ladder(place).filter(|ladder| self.rungs(ladder, about.shows()) > 0))
    }

    /// How many rungs a ladder has, up to the last on which somebody may be asked who is shown a fact by that.
    pub(super) fn rungs(&self, ladder: &Name, shows: Option<&Name>) -> usize {
        let rungs = self.directory.ladder(ladder).map_or(&[][..], |ladder| &ladder.rungs);
        let Some(fact) = shows else { return rungs.len() };
        let may = |rung: &Rung| rung.contacts.iter().any(|number| self.may_see(*number, fact));
        rungs.iter().rposition(may).map_or(0, |last| last + 1)
    }

    /// Those of some contacts who may be asked what shows them a fact.
    pub(super) fn may_be_asked(&self, shows: Option<&Name>, served: &Served) -> Served {
        let Some(fact) = shows.filter(|fact| self.shared.fact_named(fact).is_some_and(|it| !it.kept_from.is_empty()))
        else {
            return served.clone();
        };
        Served::by((0..self.directory.contacts.len()).map(|number| served.has(number) && self.may_see(number, fact)))
    }

    /// Whether a contact may see a fact: it is not kept from every role that they fill (10.23).
    pub(super) fn may_see(&self, contact: usize, fact: &Name) -> bool {
        let fills = self.directory.contacts.get(contact).map_or(&[][..], |contact| &contact.fills);
        fills.is_empty() || fills.iter().any(|role| !self.shared.kept_from(fact, *role))
    }

    /// Where one turns when a question is not answered, in words.
    pub(super) fn if_unanswered(&self, question: &Question) -> String {
        match (&question.escalated, self.ladder_for(&question.about)) {
            (Some(escalated), _) => self.if_not_answered(escalated, question.about.shows()),
            (None, Some(ladder)) => format!("escalate to {ladder}"),
            (None, None) => format!("ask {} again", question.owner),
        }
    }

    /// Whoever was asked did not answer, or cannot: the next rung of a ladder, or, where there is none, the same again.
    fn unanswered(&mut self, number: usize, because: Because, at: Moment) {
        let Some(question) = self.record.beside.get(number).cloned() else { return };
        let shows = question.about.shows();
        let step = ((question.step.clone(), question.entry), shows);
        let asked = match &question.escalated {
            Some(it) => {
                let (from, again) = it.after(self.rungs(&it.ladder, shows));
                self.ask_rung(step, &it.ladder, from, it.because, again, at)
            }
            None => match self.ladder_for(&question.about) {
                Some(ladder) => self.ask_rung(step, &ladder, 0, because, 0, at),
                None => None,
            },
        };
        if asked.is_none() {
            self.ask_again(number, at);
        } else if let Some(kept) = self.record.beside.get_mut(number) {
            kept.escalated = asked;
        }
    }

    /// Where there is no ladder, the role is asked again: after the same time, and then after twice as long each time.
    pub(super) fn ask_again(&mut self, number: usize, at: Moment) {
        let Some(question) = self.record.beside.get(number) else { return };
        let first = self.first_wait(question);
        let Some(kept) = self.record.beside.get_mut(number) else { return };
        kept.escalated = None;
        kept.asked_again = kept.asked_again.saturating_add(1);
        let wait = first.times(1u32 << kept.asked_again.min(16)).min(LONGEST_WAIT.max(first));
        kept.due = at.plus(wait);
        let again = kept.clone();
        self.write(at, EntryKind::Asked(again));
    }

    /// How long whoever is asked had the first time: asking again counts from that, and not from when they were asked last.
    fn first_wait(&self, question: &Question) -> Length {
        match &question.about {
            About::Disputed { fact } => {
                let arbiter = self.shared.fact_named(fact).and_then(|fact| fact.arbiter);
                arbiter.map_or(LONGEST_WAIT, |arbiter| arbiter.within)
            }
            About::Review { .. } => REVIEW_WITHIN,
        }
    }

    /// Processes what falls due beside the pathway at a moment.
    pub(super) fn beside_falls_due(&mut self, at: Moment) {
        let stale = self
            .record
            .disputed
            .iter()
            .find(|(fact, found)| self.no_longer_good(fact, found).is_some_and(|until| until <= at));
        if let Some(fact) = stale.map(|(fact, _)| fact.clone()) {
            self.not_settled(&fact, Outcome::StoodDown, By::default(), None, at);
        } else if let Some(number) = self.record.beside.iter().position(|question| question.next_due() <= at) {
            self.unanswered(number, Because::Late, at);
        }
    }

    /// Ends a question.
    pub(super) fn answered(&mut self, number: usize, how: Outcome, by: By, reason: Option<String>, at: Moment) {
        if number >= self.record.beside.len() {
            return;
        }
        let question = self.record.beside.remove(number);
        let (step, entry) = (question.step, question.entry);
        self.write(at, EntryKind::Ended { step: step.clone(), entry, how, reason, by });
        if let Some(escalated) = question.escalated.filter(|_| how != Outcome::NobodyCan) {
            self.write(at, EntryKind::StoodDown { step, entry, contact: escalated.contact });
        }
    }

    /// Ends everything that is asked beside the pathway.
    pub(super) fn all_beside_stood_down(&mut self, at: Moment) {
        while !self.record.beside.is_empty() {
            self.answered(0, Outcome::StoodDown, By::default(), None, at);
        }
    }

    /// The case ends: what is still asked is told to whoever holds the person now, and nobody else need answer.
    pub(super) fn leave_to_the_holder(&mut self, closed: &Closed, at: Moment) {
        let holder = self.shared.role_named(&closed.held_by);
        for question in self.record.beside.clone() {
            let kept = match &question.about {
                About::Disputed { fact } => self.kept_from(fact, holder),
                About::Review { .. } => false,
            };
            if !kept && holder != Some(RoleId::PERSON) {
                let text = format!("still open: {}", self.question_title(&question));
                let (who, step) = (closed.held_by.clone(), closed.ending.clone());
                self.write(at, EntryKind::Told { who, text, step });
            }
        }
        self.all_beside_stood_down(at);
        while let Some(fact) = self.record.disputed.keys().next().cloned() {
            self.not_settled(&fact, Outcome::StoodDown, By::default(), None, at);
        }
    }

    pub(super) fn kept_from(&self, fact: &Name, role: Option<RoleId>) -> bool {
        role.is_some_and(|role| self.shared.kept_from(fact, role))
    }

    /// What is asked, for people.
    pub fn question_title(&self, question: &Question) -> String {
        match &question.about {
            About::Disputed { fact } => {
                let title = self.shared.fact_named(fact).map_or(question.step.as_str(), |fact| fact.title.as_str());
                format!("Say what it is, as two found different things: {title}")
            }
            About::Review { decision, .. } => {
                let place = self.program.pathway.place_named(decision).map(|id| self.place(id).title.clone());
                let interrupt = self.program.pathway.interrupts.iter().find(|it| it.name == *decision);
                let title = place.or(interrupt.map(|it| it.title.clone())).unwrap_or_else(|| decision.to_string());
                format!("Look again at this decision, as what it was taken by was corrected: {title}")
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------- what is disputed

    /// Whether somebody may find a fact, as far as they say in which role they are.
    pub(super) fn may_find(&self, fact: FactId, by: &By) -> bool {
        let role = by.role.as_ref().and_then(|role| self.shared.role_named(role));
        role.is_some_and(|role| self.shared.facts[fact.index()].found_by_role(role))
    }

    /// Whether somebody settles what a fact is where two find different things: of others nothing is disputed.
    pub(super) fn has_arbiter(&self, fact: FactId) -> bool {
        self.shared.facts[fact.index()].arbiter.is_some()
    }

    pub(super) fn is_arbiter(&self, fact: FactId, by: &By) -> Option<bool> {
        let Arbiter { role, .. } = self.shared.facts[fact.index()].arbiter?;
        Some(by.role.as_ref() == Some(&self.role_name(role)))
    }

    /// Whether a value that somebody gives would make a fact disputed.
    pub(super) fn would_dispute(&self, fact: FactId, given: &Found, value: i64, now: Moment) -> bool {
        if !self.has_arbiter(fact) {
            return false;
        }
        let of = &self.shared.facts[fact.index()];
        let Some(stands) = self.record.facts.get(&of.name).and_then(|known| self.found(known)) else { return false };
        self.is_doubted(fact, &stands, given, value, now)
    }

    /// What is known, and who found it.
    fn found(&self, known: &KnownFact) -> Option<Found> {
        let by = self.finder(known.entry)?.clone();
        Some(Found { value: known.value.clone(), happened: known.happened, entry: known.entry, by })
    }

    /// Takes what was found of a fact that is disputed, or becomes so by it. Says whether it did: otherwise it stands.
    pub(super) fn disputes(&mut self, fact: FactId, given: Found, value: i64, now: Moment) -> bool {
        if !self.has_arbiter(fact) {
            return false;
        }
        let name = self.fact_name(fact);
        if self.record.disputed.contains_key(&name) {
            // What is recorded by whoever settles it settles it.
            if self.is_arbiter(fact, &given.by) == Some(true) {
                self.no_dispute(&name, Outcome::Done, given.by, None, now);
                return false;
            }
            if let Some(found) = self.record.disputed.get_mut(&name) {
                found.push(given);
            }
            self.write_dispute(&name, now);
            return true;
        }
        if !self.would_dispute(fact, &given, value, now) {
            return false;
        }
        let Some(first) = self.record.facts.get(&name).and_then(|stands| self.found(stands)) else {
            return false;
        };
        self.record.disputed.insert(name.clone(), vec![first, given]);
        self.knows_no_more(fact, &name);
        // One of the two is otherwise than presumed.
        if self.shared.facts[fact.index()].presumed.is_some() {
            self.holding.found_otherwise(fact, true);
            self.record.otherwise.insert(name.clone());
        }
        self.write_dispute(&name, now);
        self.ask_to_settle(fact, now);
        true
    }

    /// Asks whoever settles a disputed fact what it is, where nobody is asked yet and it was not asked too often.
    pub(super) fn ask_to_settle(&mut self, fact: FactId, now: Moment) {
        let Some(arbiter) = self.shared.facts[fact.index()].arbiter else { return };
        let about = About::Disputed { fact: self.fact_name(fact) };
        let times = self.record.entered.get(&about.named()).copied().unwrap_or(0);
        if times >= MOST_ASKED || self.record.died || self.question(&about.named()).is_some() {
            return;
        }
        let owner = self.role_name(arbiter.role);
        self.ask(about, owner, arbiter.within, now);
    }

    /// The entries that say what a fact is that is disputed.
    pub(super) fn disputed_by(&self, fact: &Name) -> Vec<u32> {
        let found = self.record.disputed.get(fact);
        found.map_or(Vec::new(), |found| found.iter().map(|it| it.entry).collect())
    }

    pub(super) fn write_dispute(&mut self, fact: &Name, now: Moment) {
        let entries = self.disputed_by(fact);
        self.write(now, EntryKind::Disputed { fact: fact.clone(), entries });
    }

    /// A fact is not disputed any more: whoever was asked has answered, or need not.
    pub(super) fn no_dispute(&mut self, fact: &Name, how: Outcome, by: By, reason: Option<String>, at: Moment) {
        self.dispute_over(fact, how, by, reason, at);
        self.write(at, EntryKind::Undisputed { fact: fact.clone() });
    }

    fn dispute_over(&mut self, fact: &Name, how: Outcome, by: By, reason: Option<String>, at: Moment) {
        self.record.disputed.remove(fact);
        let about = |it: &Question| matches!(&it.about, About::Disputed { fact: of } if of == fact);
        if let Some(number) = self.record.beside.iter().position(about) {
            self.answered(number, how, by, reason, at);
        }
    }

    /// Nobody settles any more what a fact is that is disputed: what was found of it is nothing to go by.
    pub(super) fn not_settled(&mut self, fact: &Name, how: Outcome, by: By, reason: Option<String>, at: Moment) {
        let entries = self.disputed_by(fact);
        self.dispute_over(fact, how, by, reason, at);
        self.write(at, EntryKind::NotSettled { fact: fact.clone(), entries });
    }

    /// Whoever is asked says what a disputed fact is.
    pub(super) fn settle_fact(
        &mut self,
        fact: &Name,
        value: &str,
        reason: Option<&String>,
        happened: Moment,
        by: &By,
        now: Moment,
    ) -> Result<(), Refusal> {
        let Some(id) = self.shared.fact(fact).filter(|_| self.record.disputed.contains_key(fact)) else {
            let disputed = self.record.disputed.keys().cloned().collect();
            return Err(Refusal::NotDisputed { fact: fact.clone(), disputed });
        };
        let asked = self.question(&About::Disputed { fact: fact.clone() }.named());
        let escalated =
            asked.and_then(|number| self.record.beside.get(number)).is_some_and(|it| it.escalated.is_some());
        // Whoever is on a ladder may answer, in whatever role.
        if let Some(role) = by.role.as_ref().filter(|_| !escalated && self.is_arbiter(id, by) == Some(false)) {
            let arbiter = self.shared.facts[id.index()].arbiter.map(|it| self.role_name(it.role));
            return Err(Refusal::NotAsked { role: role.clone(), asked: arbiter.into_iter().collect() });
        }
        let answer = model::Answer::Value(value.to_string());
        let read = self.read_new(id, value, now)?;
        let settles = self.disputed_by(fact);
        let said = EntryKind::Recorded { fact: fact.clone(), answer, happened, by: by.clone(), settles };
        let entry = self.write(now, said);
        self.no_dispute(fact, Outcome::Done, by.clone(), reason.cloned(), now);
        self.stands(id, KnownFact { value: value.to_string(), happened, entry }, read);
        Ok(())
    }

    /// That is what is known of a fact from now on.
    pub(super) fn stands(&mut self, fact: FactId, known: KnownFact, value: i64) {
        let name = self.fact_name(fact);
        if let Some(presumed) = self.shared.facts[fact.index()].presumed {
            self.holding.found_otherwise(fact, value != presumed);
            match value == presumed {
                true => self.record.otherwise.remove(&name),
                false => self.record.otherwise.insert(name.clone()),
            };
        }
        self.knows(fact, name, known, value);
    }

    /// Somebody who is asked beside the pathway cannot answer: the next rung, and from the last nobody is asked any more.
    pub(super) fn cannot_answer(&mut self, number: usize, by: By, reason: &str, now: Moment) {
        let Some(question) = self.record.beside.get(number).cloned() else { return };
        let above = match &question.escalated {
            Some(it) => it.rung as usize + 1 < self.rungs(&it.ladder, question.about.shows()),
            None => self.ladder_for(&question.about).is_some(),
        };
        if above {
            return self.unanswered(number, Because::Cannot, now);
        }
        let reason = Some(reason.to_string());
        match &question.about {
            // Nobody could say: it is not known, and whoever needs it may find it anew.
            About::Disputed { fact } => self.not_settled(fact, Outcome::NobodyCan, by, reason, now),
            About::Review { .. } => self.answered(number, Outcome::NobodyCan, by, reason, now),
        }
    }

    /// Whether nobody is asked for a fact because it is disputed: whoever settles it is.
    pub(super) fn is_disputed(&self, fact: FactId) -> bool {
        !self.record.disputed.is_empty() && self.record.disputed.contains_key(&self.shared.facts[fact.index()].name)
    }

    /// Asks somebody to look again at a decision that would be another now.
    pub(super) fn ask_for_review(&mut self, about: About, decided: u32, at: Moment) {
        let owner = self.led(decided);
        self.ask(about, owner, REVIEW_WITHIN, at);
    }

    /// Who led what was decided in an entry of the journal: the role that was advised, or that of the step before; the
    /// person does not look again at what others decided.
    fn led(&self, decided: u32) -> Name {
        let journal = &self.record.journal;
        let owner_of = |step: &Name| {
            let kind = &self.place(self.program.pathway.place_named(step)?).kind;
            kind.owner().or_else(|| kind.people().next()).filter(|role| *role != RoleId::PERSON)
        };
        let mut number = Some(decided);
        // Every entry is because of an earlier one.
        while let Some(entry) = number.and_then(|number| journal.get(number as usize)) {
            let (found, because) = match &entry.what {
                EntryKind::Decided(it) => {
                    let place = self.program.pathway.place_named(&it.decision);
                    let advised = place.and_then(|id| match &self.place(id).kind {
                        model::PlaceKind::Decide(decide) => decide.advice.as_ref().map(|advice| advice.by),
                        _ => None,
                    });
                    let advised = advised.and_then(|by| self.place(by).kind.owner());
                    (advised.filter(|role| *role != RoleId::PERSON), Some(it.because))
                }
                EntryKind::Passed { because, .. } => (None, Some(*because)),
                EntryKind::Interrupted(it) => (None, Some(it.because)),
                EntryKind::Ended { step, .. } | EntryKind::Opened { step, .. } => (owner_of(step), None),
                _ => (None, None),
            };
            if let Some(role) = found {
                return self.role_name(role);
            }
            let earlier = |because: &u32| Some(*because) < number;
            number = because.filter(earlier);
        }
        let open = self.record.open.iter().filter_map(|open| open.owner.clone());
        let somebody = open.chain(journal.iter().filter_map(|entry| match &entry.what {
            EntryKind::Opened { step, .. } => owner_of(step).map(|role| self.role_name(role)),
            _ => None,
        }));
        let person = self.role_name(RoleId::PERSON);
        somebody.into_iter().find(|role| *role != person).unwrap_or(person)
    }
}
