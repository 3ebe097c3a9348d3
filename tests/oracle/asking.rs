//! When a trust's model is asked, and what becomes of its answer (10.72, 10.73), as a small machine of its own: two facts
//! that it goes by, and two steps, one after the other, that may be to find what it finds.

/// What is asked about: which of the two facts the model goes by, how long the first is good, and what the steps find.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// As bits.
    pub from: u8,
    /// In minutes.
    pub good_for: Option<u32>,
    pub steps: [Finds; 2],
}

/// What a step finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finds {
    /// Nothing of it.
    Nothing,
    /// The number, where nobody knows it.
    Number,
    /// The number, whoever knows it.
    Afresh,
}

/// What is wrong with an answer, besides its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    OtherModel,
    Old,
    NoVersion,
    BadHash,
}

/// What a model says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Value(u8),
    OutOfRange,
    OffStep,
    CouldNot,
    CouldNotWithoutSayingWhy,
    Declined,
}

/// Where it stands.
#[derive(Clone, Debug, Default)]
pub struct Stands {
    /// In minutes from the opening.
    pub now: u32,
    /// What is known of the two facts, and the last minute at which it is good.
    facts: [Option<(u8, u32)>; 2],
    /// What the number is.
    pub number: Option<u8>,
    /// The step that is open: 2 when both are done.
    pub step: usize,
    /// Whether somebody has said what the number is while this step was open.
    said: bool,
    asked: Option<Asked>,
}

#[derive(Clone, Debug)]
struct Asked {
    from: [Option<u8>; 2],
    answered: bool,
}

/// What a model goes by when it is asked: nothing where that is not known.
pub type Inputs = [Option<u8>; 2];

impl Asking {
    /// What a step finds, as it is written.
    fn finds(&self, step: usize) -> Finds {
        self.steps.get(step).copied().unwrap_or(Finds::Nothing)
    }

    /// A case opens in which that is known.
    pub fn open(&self, known: [Option<u8>; 2], number: Option<u8>) -> (Stands, Vec<Inputs>) {
        let mut it = Stands { number, ..Stands::default() };
        for (fact, value) in known.into_iter().enumerate() {
            it.facts[fact] = value.map(|value| (value, self.until(fact, 0)));
        }
        let mut asks = Vec::new();
        self.ask(&mut it, &mut asks);
        (it, asks)
    }

    fn until(&self, fact: usize, from: u32) -> u32 {
        self.good_for.filter(|_| fact == 0).map_or(u32::MAX, |long| from + long)
    }

    /// What the model goes by now.
    fn inputs(&self, it: &Stands) -> Inputs {
        let known = |fact: usize| it.facts[fact].filter(|(_, until)| it.now <= *until && self.from >> fact & 1 == 1);
        [0, 1].map(|fact| known(fact).map(|(value, _)| value))
    }

    /// Whether a fact is known now.
    pub fn knows(&self, it: &Stands, fact: usize) -> bool {
        it.facts[fact].is_some_and(|(_, until)| it.now <= until)
    }

    /// Asks, if there is anything new to ask by.
    fn ask(&self, it: &mut Stands, asks: &mut Vec<Inputs>) {
        let finds = self.finds(it.step);
        if finds == Finds::Nothing {
            it.asked = None;
            return;
        }
        let from = self.inputs(it);
        let nothing = from == [None, None];
        match &mut it.asked {
            _ if it.said => {}
            None if nothing || (it.number.is_some() && finds == Finds::Number) => {}
            // What it was asked goes by nothing any more: nobody has to answer that, and it is asked again.
            Some(asked) if nothing || asked.from == from => asked.from = from,
            _ => {
                asks.push(from);
                it.asked = Some(Asked { from, answered: false });
            }
        }
    }

    /// Time goes on.
    pub fn wait(&self, it: &mut Stands, minutes: u32) -> Vec<Inputs> {
        let (end, mut asks) = (it.now + minutes, Vec::new());
        // Instants are whole minutes here, so what is good until one is unknown in the next; nothing else happens by time.
        while it.now < end {
            it.now += 1;
            self.ask(it, &mut asks);
        }
        asks
    }

    /// Somebody records one of the two facts.
    pub fn record(&self, it: &mut Stands, fact: usize, value: u8) -> Vec<Inputs> {
        it.facts[fact] = Some((value, self.until(fact, it.now)));
        self.after(it)
    }

    /// What was recorded of a fact was wrong: it is that, as of when it was so.
    pub fn correct(&self, it: &mut Stands, fact: usize, value: u8) -> Vec<Inputs> {
        it.facts[fact] = it.facts[fact].map(|(_, until)| (value, until));
        self.after(it)
    }

    /// Somebody says what the number is.
    pub fn say(&self, it: &mut Stands, number: u8) -> Vec<Inputs> {
        (it.number, it.said) = (Some(number), true);
        self.after(it)
    }

    /// The step is done, and with it somebody may say what the number is.
    pub fn done(&self, it: &mut Stands, number: Option<u8>) -> Vec<Inputs> {
        it.number = number.or(it.number);
        it.step += 1;
        (it.said, it.asked) = (false, None);
        self.after(it)
    }

    fn after(&self, it: &mut Stands) -> Vec<Inputs> {
        let mut asks = Vec::new();
        self.ask(it, &mut asks);
        asks
    }

    /// A model answers: what it is refused for, by its code, if it is.
    pub fn answer(&self, it: &mut Stands, fault: Fault, says: Says) -> Result<(), &'static str> {
        let said = it.said;
        let Some(asked) = it.asked.as_mut().filter(|it| !it.answered && it.from != [None, None] && !said) else {
            return Err("model-not-asked");
        };
        match (fault, says) {
            (Fault::OtherModel, _) => return Err("other-model"),
            (Fault::Old, _) => return Err("old-asking"),
            (Fault::NoVersion | Fault::BadHash, _) => return Err("model-unnamed"),
            (Fault::None, Says::CouldNotWithoutSayingWhy) => return Err("reason-needed"),
            (Fault::None, Says::Declined) => return Err("wrong-answer"),
            (Fault::None, Says::Value(number)) => it.number = Some(number),
            // It could not: nothing more is known.
            (Fault::None, Says::OutOfRange | Says::OffStep | Says::CouldNot) => {}
        }
        asked.answered = true;
        Ok(())
    }
}
