//! What becomes of a dispute (1.3, 10.41), as a small machine of its own: one fact that a nurse and a therapist may find,
//! that a consultant settles, while one step is open that is escalated when it is late, or is not.

/// The minutes of a day at which who settles it begins and stops, and who is asked first on the ladder.
const CONSULTANT: (u32, u32) = (9 * 60, 17 * 60);
const WARD: (u32, u32) = (8 * 60, 20 * 60);
const DAY: u32 = 24 * 60;

/// What is asked about: in minutes.
#[derive(Clone, Copy, Debug)]
pub struct Disputing {
    /// The minute of the day at which the case opens.
    pub opens: u32,
    /// How long whoever settles it has.
    pub within: u32,
    pub good_for: Option<u32>,
    /// Whether what is open is escalated when it is late: to the ward, which has an hour, and then to whoever is always
    /// there, and has a quarter of one.
    pub escalates: bool,
}

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nurse,
    Therapist,
    /// Settles it.
    Consultant,
    /// May not find it.
    Team,
}

/// Where it stands.
#[derive(Clone, Debug, Default)]
pub struct Stands {
    /// In minutes from the opening.
    pub now: u32,
    /// What was so last: the value, when, and who found it.
    pub value: Option<(u8, u32, Option<Who>)>,
    /// When what was found was so, while it is disputed.
    pub disputed: Option<Vec<u32>>,
    pub question: Option<Question>,
    times: u32,
}

/// What is asked of whoever settles it.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub due: u32,
    /// The rung that is asked.
    pub rung: Option<usize>,
    again: u32,
}

impl Disputing {
    fn good(&self, it: &Stands, happened: u32) -> bool {
        self.good_for.is_none_or(|long| happened + long >= it.now)
    }

    /// Whether somebody is open for so long from a minute on, who is every day between two minutes.
    fn is_open(&self, (from, to): (u32, u32), at: u32, long: u32) -> bool {
        let of_day = (self.opens + at) % DAY;
        from <= of_day && of_day + long <= to
    }

    /// Asks a rung of the ladder, or the next that is open.
    fn ask(&self, it: &mut Stands, from: usize, again: u32) {
        let rung = if from == 0 && self.is_open(WARD, it.now, 60) { 0 } else { 1 };
        let long = [60, 15][rung] << again.min(16);
        it.question = Some(Question { due: it.now + long.min(DAY), rung: Some(rung), again });
    }

    fn becomes_disputed(&self, it: &mut Stands, found: [u32; 2]) {
        it.value = None;
        it.disputed = Some(found.to_vec());
        if it.times == 3 {
            return;
        }
        it.times += 1;
        let there = (it.now..it.now + self.within).any(|at| self.is_open(CONSULTANT, at, 1));
        if there || !self.escalates {
            it.question = Some(Question { due: it.now + self.within, rung: None, again: 0 });
        } else {
            self.ask(it, 0, 0);
        }
    }

    fn settled(it: &mut Stands, value: Option<(u8, u32, Option<Who>)>) {
        it.value = value;
        it.disputed = None;
        it.question = None;
    }

    /// Nobody has answered.
    fn unanswered(&self, it: &mut Stands, question: Question) {
        match question.rung {
            Some(0) => self.ask(it, 1, 0),
            Some(_) => self.ask(it, 1, question.again + 1),
            None if self.escalates => self.ask(it, 0, 0),
            // After the same time, and then after twice as long each time, up to a day.
            None => {
                let again = question.again + 1;
                let long = (self.within << again.min(16)).min(self.within.max(DAY));
                it.question = Some(Question { due: it.now + long, again, ..question });
            }
        }
    }

    /// Time goes on to a minute, with all that falls due by then.
    pub fn advance(&self, it: &mut Stands, to: u32) {
        loop {
            // A second after that it is good no more.
            let stale =
                it.disputed.iter().flatten().max().and_then(|last| Some(last + self.good_for?)).filter(|at| *at < to);
            let due = it.question.filter(|question| question.due <= to);
            match (stale, due) {
                (Some(stale), due) if due.is_none_or(|due| due.due > stale) => {
                    it.now = it.now.max(stale);
                    Self::settled(it, None);
                }
                (_, Some(question)) => {
                    it.now = it.now.max(question.due);
                    self.unanswered(it, question);
                }
                (_, None) => break,
            }
        }
        it.now = to;
    }

    /// Somebody records what it is, or was.
    pub fn record(&self, it: &mut Stands, who: Who, value: u8, happened: u32) {
        if let Some(found) = &mut it.disputed {
            match who {
                Who::Consultant => Self::settled(it, Some((value, happened, Some(who)))),
                _ => found.push(happened),
            }
            return;
        }
        let may = |who: Who| who != Who::Team;
        match it.value {
            Some((other, then, Some(finder)))
                if other != value
                    && finder != who
                    && who != Who::Consultant
                    && may(finder)
                    && may(who)
                    && self.good(it, then)
                    && self.good(it, happened) =>
            {
                self.becomes_disputed(it, [then, happened]);
            }
            Some((_, then, _)) if then > happened => {}
            _ => it.value = Some((value, happened, Some(who))),
        }
    }

    /// Whoever is asked says what it is: what that is refused for, by its code, if it is.
    pub fn settle(&self, it: &mut Stands, who: Who, value: u8) -> Result<(), &'static str> {
        if it.disputed.is_none() {
            return Err("not-disputed");
        }
        let on_a_ladder = it.question.is_some_and(|question| question.rung.is_some());
        if who != Who::Consultant && !on_a_ladder {
            return Err("not-asked");
        }
        Self::settled(it, Some((value, it.now, Some(who))));
        Ok(())
    }

    /// Whoever is asked cannot say.
    pub fn cannot(&self, it: &mut Stands) {
        match it.question.map(|question| question.rung) {
            Some(Some(0)) => self.ask(it, 1, 0),
            Some(None) if self.escalates => self.ask(it, 0, 0),
            Some(_) => Self::settled(it, None),
            None => {}
        }
    }
}
