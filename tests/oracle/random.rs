//! Random small worlds: well formed, and often not provable.

mod people;
mod risks;
mod roads;

use super::world::{
    Branch, Cond, Contact, Decide, Ending, Fact, FactKind, HandOver, Interrupt, Ladder, NOT_APPLICABLE, Needed, PERSON,
    Place, PlaceKind, Promise, Repeat, RouteId, Rung, Step, Target, Thing, Together, Way, World,
};

/// Random choices: the first of all when there are none left.
pub trait Choices {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize;

    /// Yes, once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// From 1 to `n`.
    fn up_to(&mut self, n: usize) -> u8 {
        1 + self.below(n) as u8
    }
}

/// Which parts of the language a world may use.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dialect {
    pub takes: bool,
    /// Deadlines in working hours.
    pub working: bool,
    pub owed: bool,
    pub promises: bool,
    /// Ladders whose last rung is not always there.
    pub sleepers: bool,
    /// A part that is called.
    pub calls: bool,
    /// What interrupts.
    pub interrupts: bool,
    /// Positive risks.
    pub risks: bool,
    /// Where the person lives, and that nobody goes against what they wish.
    pub homes: bool,
    /// Contacts that serve some people only.
    pub catchments: bool,
    /// How contacts are reached, and what is urgent.
    pub channels: bool,
}

impl Dialect {
    /// The whole language.
    pub const EVERYTHING: Dialect = Dialect {
        takes: true,
        working: true,
        owed: true,
        promises: true,
        sleepers: true,
        calls: true,
        interrupts: true,
        risks: true,
        homes: true,
        catchments: true,
        channels: true,
    };
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Step,
    Decide,
    HandOver,
    Together,
    Repeat,
    Risk,
}

struct Maker<'d, C> {
    dice: &'d mut C,
    dialect: Dialect,
    world: World,
    shapes: Vec<Shape>,
    /// Where to find out what is missing, if a decision asks for that.
    find_out: u8,
    asks: bool,
    /// Whether anything careless may be in it.
    careless: bool,
    counts: u8,
    /// The blocks with a branch that lasts as long as they do.
    lasting: Vec<u8>,
}

impl World {
    /// A random world.
    pub fn random(dice: &mut impl Choices, dialect: Dialect) -> World {
        // Most worlds are small, and some are written by somebody who was careful.
        let places = match dice.below(8) {
            0..=5 => 1 + dice.below(3),
            6 => 2 + dice.below(3),
            _ => 2 + dice.below(4),
        };
        let mut shapes: Vec<Shape> = Vec::new();
        for _ in 0..places {
            let shape = match dice.below(12) {
                0..=3 => Shape::Step,
                4..=7 => Shape::Decide,
                8 | 9 => Shape::HandOver,
                10 => Shape::Together,
                _ => Shape::Repeat,
            };
            // Behind a handover somebody mostly decides by what travelled.
            let decided = shapes.last() == Some(&Shape::HandOver) && !dice.once_in(4);
            shapes.push(if decided { Shape::Decide } else { shape });
        }
        if dialect.risks && dice.once_in(4) {
            // A positive risk, mostly with something to be done behind it, and now and then with a meeting.
            shapes[0] = if dice.once_in(3) { shapes[0] } else { Shape::Step };
            shapes.insert(shapes.len().min(1), Shape::Risk);
            shapes.truncate(4);
            shapes.push(if dice.once_in(2) { Shape::Together } else { Shape::Step });
        }
        let risky = shapes.contains(&Shape::Risk);
        let blocks = (0..shapes.len()).filter(|number| shapes[*number] == Shape::Together);
        let lasting: Vec<u8> = blocks.filter(|_| dice.once_in(if risky { 1 } else { 4 })).map(|it| it as u8).collect();
        let careless = dice.below(3) > 0;
        let find_out = shapes.len() as u8;
        let mut maker = Maker {
            dice,
            dialect,
            world: World::default(),
            shapes,
            find_out,
            asks: false,
            careless,
            counts: 0,
            lasting,
        };
        maker.people();
        maker.facts();
        maker.defaults();
        for number in 0..maker.shapes.len() {
            let place = maker.place(number);
            maker.world.places.push(place);
        }
        maker.finding_out();
        maker.endings();
        maker.promises();
        maker.interrupts();
        maker.alongside();
        if dialect.calls && maker.world.beside == 0 && maker.world.counted_after().is_none() && maker.dice.once_in(3) {
            maker.world.call_something(maker.dice);
        }
        maker.in_branches();
        maker.about_branches();
        if dialect.homes && maker.dice.once_in(3) {
            maker.homes();
            maker.wishes();
        }
        maker.catchments();
        maker.channels();
        maker.world
    }
}

impl<C: Choices> Maker<'_, C> {
    /// Something careless, once in `n` times, and never in a careful world.
    fn slip(&mut self, n: usize) -> bool {
        self.dice.once_in(n) && self.careless
    }

    fn facts(&mut self) {
        for _ in 0..1 + self.dice.below(3) {
            let risky = self.world.facts.is_empty() && self.shapes.contains(&Shape::Risk);
            let kind = match if risky { 0 } else { self.dice.below(4) } {
                0 => FactKind::Flag,
                1 => FactKind::OneOf(2 + self.dice.below(2) as u8),
                2 => FactKind::UpTo(1 + self.dice.below(2) as u8),
                _ => FactKind::Document,
            };
            let good_for = self.dice.once_in(3).then(|| self.dice.up_to(3));
            let settled = good_for.is_none() && self.dice.once_in(4);
            // Whoever settles it: the person, or a role, in as many slots as there are facts before it and one.
            let number = self.world.facts.len() as u8;
            let who = if number == 2 { PERSON } else { (number + self.shapes.len() as u8) % self.world.roles };
            let disputed = self.dice.once_in(4).then_some((who, 1 + number));
            let mut fact = Fact { kind, good_for, settled, disputed, ..Fact::default() };
            let presumed = self.dice.once_in(4) && kind != FactKind::Document;
            fact.presumed = presumed.then(|| self.dice.below(usize::from(fact.values())) as u8);
            // Every other number is one of days since a date, which nobody presumes.
            if let (FactKind::UpTo(most), None, 1) = (kind, fact.presumed, self.world.facts.len() % 2) {
                fact.kind = FactKind::Ago(most);
            }
            fact.model = self.goes_by(fact);
            fact.applies = (!self.world.facts.is_empty() && self.dice.once_in(3)).then(|| self.some_values());
            self.world.facts.push(fact);
        }
    }

    /// What a model goes by that finds a fact: numbers behind another fact are found by one, from the first such fact or
    /// from all.
    fn goes_by(&self, fact: Fact) -> Option<u8> {
        let earlier = self.world.facts.iter().enumerate().filter(|(_, it)| it.kind != FactKind::Document);
        let many = if fact.values() == 2 { 1 } else { self.world.facts.len() };
        let from = earlier.take(many).fold(0, |all, (number, _)| all | 1 << number);
        (matches!(fact.kind, FactKind::UpTo(_)) && from != 0).then_some(from)
    }

    fn defaults(&mut self) {
        let help = Target::Ladder(0);
        let late = if self.slip(4) { Target::Ending(0) } else { help };
        let cannot = if self.dice.once_in(4) { Target::Ending(0) } else { help };
        for way in Way::ALL {
            let target = match way {
                Way::Late => late,
                Way::Cannot => cannot,
                _ => Target::Ending(0),
            };
            let again = matches!(way, Way::Declines | Way::Nobody | Way::Withdrew | Way::Died) && self.dice.once_in(12);
            self.world.defaults[way as usize] = if again && self.shapes[0] != Shape::Decide {
                match self.slip(6) {
                    true => self.world.route(Target::Place(0)),
                    false => self.counted(Target::Place(0), target),
                }
            } else {
                self.world.route(target)
            };
        }
    }

    fn counted(&mut self, first: Target, then: Target) -> RouteId {
        self.counts += 1;
        if self.counts > 3 {
            return self.world.route(then);
        }
        let times = self.dice.up_to(2);
        self.world.counted(first, times, then)
    }

    /// Further on.
    fn forward(&mut self, from: usize) -> Target {
        let next = from + 1 + self.dice.below(8) / 5;
        if next < self.shapes.len() { Target::Place(next as u8) } else { Target::Ending(self.dice.below(2) as u8) }
    }

    /// Further on, or back again, mostly counted.
    fn onward(&mut self, from: usize) -> RouteId {
        let on = self.forward(from);
        if self.dice.once_in(7) {
            let back = Target::Place(self.dice.below(from + 1) as u8);
            if self.slip(4) {
                return self.world.route(back);
            }
            return self.counted(back, on);
        }
        self.world.route(on)
    }

    /// Somebody who leads a step; now and then the person.
    fn leader(&mut self) -> u8 {
        if self.dice.once_in(8) { PERSON } else { self.role() }
    }

    fn role(&mut self) -> u8 {
        self.dice.below(usize::from(self.world.roles)) as u8
    }

    /// Somebody by whose hours a deadline may go: one who is open at some time.
    /// What the time of a step is counted after, now and then: something before it that can be done.
    fn counted_after(&mut self, number: usize) -> Option<u8> {
        if !self.dialect.working || self.world.counted_after().is_some() || !self.dice.once_in(6) {
            return None;
        }
        let before: Vec<u8> = self.work().into_iter().filter(|place| usize::from(*place) < number).collect();
        if before.is_empty() { None } else { Some(before[self.dice.below(before.len())]) }
    }

    fn hours_of(&mut self) -> Option<u8> {
        let some = self.dialect.working && self.dice.once_in(4);
        let role = some.then(|| self.role()).filter(|role| *role != PERSON)?;
        self.world.is_ever_open(role).then_some(role)
    }

    /// A meeting at which something is due, now and then: when papers are due in the week, and when it is over.
    fn meeting(&mut self) -> Option<(u8, u8)> {
        let some = self.dialect.working && self.dice.once_in(8);
        let papers = some.then(|| self.dice.below(usize::from(super::world::WEEK)) as u8)?;
        Some((papers, (papers + self.dice.up_to(3)) % super::world::WEEK))
    }

    /// How long some work takes, now and then.
    fn takes(&mut self, within: u8) -> Option<u8> {
        (self.dialect.takes && self.dice.once_in(3)).then(|| self.dice.up_to(usize::from(within)))
    }

    /// Some facts.
    fn some(&mut self, one_in: usize) -> u8 {
        (0..self.world.facts.len()).filter(|_| self.dice.once_in(one_in)).fold(0, |all, fact| all | 1 << fact)
    }

    fn atom(&mut self) -> Cond {
        let most = self.world.numbers();
        let highest = super::world::load(most, super::world::divided_by(most, [0; 3]));
        if highest > 0 && self.dice.once_in(3) {
            return Cond::Load { most, at_least: 1 + self.dice.below(usize::from(highest)) as u8 };
        }
        let (fact, these) = self.some_values();
        Cond::Is(fact, these)
    }

    /// A fact and some of its values, as bits.
    fn some_values(&mut self) -> (u8, u8) {
        let fact = self.dice.below(self.world.facts.len()) as u8;
        let it = self.world.facts[usize::from(fact)];
        let all = (1_u8 << it.values()) - 1;
        // Neither nothing nor everything.
        let these = 1 + self.dice.below(usize::from(all) - 1) as u8;
        match it.applies.map(|_| self.dice.below(4)) {
            Some(2) => (fact, these | 1 << NOT_APPLICABLE),
            Some(3) => (fact, 1 << NOT_APPLICABLE),
            _ => (fact, these),
        }
    }

    fn condition(&mut self) -> Cond {
        let atom = self.atom();
        match self.dice.below(6) {
            3 => Cond::And(Box::new(atom), Box::new(self.atom())),
            4 => Cond::Or(Box::new(atom), Box::new(self.atom())),
            5 => Cond::Not(Box::new(atom)),
            _ => atom,
        }
    }

    fn own(&mut self, number: usize) -> Vec<(Way, RouteId)> {
        let mut own = Vec::new();
        if self.dice.once_in(6) {
            let ladder = Target::Ladder(self.dice.below(self.world.ladders.len()) as u8);
            let late = if self.slip(3) { self.forward(number) } else { ladder };
            own.push((Way::Late, self.world.route(late)));
        }
        if self.dice.once_in(6) {
            own.push((Way::Declines, self.onward(number)));
        }
        if self.dice.once_in(8) {
            let ladder = Target::Ladder(self.dice.below(self.world.ladders.len()) as u8);
            own.push((Way::Cannot, self.world.route(ladder)));
        }
        if self.dice.once_in(8) {
            let on = self.forward(number);
            own.push((Way::Nobody, self.world.route(on)));
        }
        own
    }

    fn place(&mut self, number: usize) -> Place {
        let kind = match self.shapes[number] {
            Shape::Step => {
                let (role, finds, within) = (self.leader(), self.some(2), self.dice.up_to(3));
                let afresh = finds != 0 && self.dice.once_in(6);
                let hours_of = self.hours_of();
                let after = self.counted_after(number);
                let hours_of = if after.is_none() { hours_of } else { None };
                let meeting = if after.is_none() && hours_of.is_none() { self.meeting() } else { None };
                if self.dice.once_in(8) {
                    let then = self.onward(number);
                    let step = Step { role: PERSON, within, hours_of, after, waits: true, then, ..Step::default() };
                    return Place { kind: PlaceKind::Step(step), own: Vec::new() };
                }
                let takes = if hours_of.is_none() && meeting.is_none() { self.takes(within) } else { None };
                // Somebody else is needed now and then: of everybody, or of some.
                let sometimes = (number % 2 == 1).then_some((0, 1));
                let needed = Needed { role: (role + 1) % self.world.roles, when: sometimes };
                let is_needed = self.world.roles > 1 && (finds + within) % 4 == 3;
                PlaceKind::Step(Step {
                    role,
                    finds,
                    afresh,
                    within,
                    hours_of,
                    meeting,
                    after,
                    takes,
                    needed: is_needed.then_some(needed),
                    then: self.onward(number),
                    ..Step::default()
                })
            }
            Shape::Risk => return self.risk(number),
            Shape::Decide => return Place { kind: PlaceKind::Decide(self.decide(number)), own: Vec::new() },
            Shape::HandOver => {
                let all = (1_u8 << self.world.facts.len()) - 1;
                let carrying = if self.slip(2) { self.some(3) } else { all };
                let (from, to, within) = (self.role(), self.role(), self.dice.up_to(3));
                let escalates = self.dice.once_in(4);
                let declined = if escalates { self.world.route(Target::Ladder(0)) } else { self.onward(number) };
                let condition = self.dice.once_in(3).then(|| self.onward(number));
                PlaceKind::HandOver(HandOver {
                    from,
                    to,
                    carrying,
                    within,
                    declined,
                    condition,
                    then: self.onward(number),
                })
            }
            Shape::Together => {
                let mut asked = 0;
                let mut branches = Vec::new();
                for _ in 0..2 + usize::from(self.dice.once_in(4)) {
                    let finds = self.some(3);
                    let finds = if self.slip(2) { finds } else { finds & !asked };
                    asked |= finds;
                    let (role, within) = (self.leader(), self.dice.up_to(2));
                    branches.push(Branch {
                        role,
                        finds,
                        within,
                        takes: self.takes(within),
                        meanwhile: false,
                        follows: false,
                        more: None,
                    });
                }
                if self.lasting.contains(&(number as u8)) {
                    branches.truncate(2);
                    let (role, within) = (self.leader(), self.dice.up_to(2));
                    let takes = None;
                    branches.push(Branch {
                        role,
                        finds: 0,
                        within,
                        takes,
                        meanwhile: true,
                        follows: false,
                        more: None,
                    });
                }
                let to_do = branches.iter().filter(|branch| !branch.meanwhile).count();
                let first = self.dice.once_in(2).then(|| self.dice.up_to(to_do));
                let escalates = self.dice.once_in(3);
                let short = if escalates { self.world.route(Target::Ladder(0)) } else { self.onward(number) };
                let within = self.dice.up_to(3);
                PlaceKind::Together(Together { branches, first, short, within, then: self.onward(number) })
            }
            Shape::Repeat => {
                let (role, finds, every) = (self.leader(), self.some(2), self.dice.up_to(2));
                let condition = self.condition();
                let on = self.forward(number);
                let until = (condition, self.world.route(on));
                let after = if self.dice.once_in(3) { Target::Ladder(0) } else { self.forward(number) };
                let (times, after) = (self.dice.up_to(2), self.world.route(after));
                PlaceKind::Repeat(Repeat { role, every, takes: self.takes(every), finds, until, times, after })
            }
        };
        Place { kind, own: self.own(number) }
    }

    fn decide(&mut self, number: usize) -> Decide {
        let mut rows = Vec::new();
        for _ in 0..1 + self.dice.below(2) {
            let condition = self.condition();
            rows.push((condition, self.onward(number)));
        }
        let whole = !self.slip(4);
        let otherwise = whole.then(|| self.onward(number));
        let unknown = match self.dice.below(4) {
            0 => {
                let on = self.forward(number);
                self.world.route(on)
            }
            1 => {
                let decides = Target::Decides(self.role(), self.dice.up_to(2));
                self.world.route(decides)
            }
            2 => {
                self.asks = true;
                let on = self.forward(number);
                self.counted_or_careless(on)
            }
            _ => {
                self.asks = true;
                let decides = Target::Decides(self.role(), self.dice.up_to(2));
                self.counted_or_careless(decides)
            }
        };
        let advises = self.dice.once_in(5).then(|| (self.role(), self.dice.up_to(2)));
        let agreed = advises.is_some() && self.dice.once_in(2);
        let disagree = agreed.then(|| self.onward(number));
        let mut decide = Decide { rows, otherwise, unknown, advises, disagree, only_when: Vec::new(), risk: None };
        if advises.is_some()
            || self.world.routes[decide.unknown].targets().any(|target| matches!(target, Target::Decides(..)))
        {
            self.only_when(&mut decide);
        }
        decide
    }

    /// When a role may choose its options: mostly one of them always.
    fn only_when(&mut self, decide: &mut Decide) {
        let mut options: Vec<Target> = Vec::new();
        for option in decide.row_routes().flat_map(|row| self.world.routes[row].targets().collect::<Vec<_>>()) {
            if !options.contains(&option) {
                options.push(option);
            }
        }
        let free = if self.slip(5) { options.len() } else { self.dice.below(options.len()) };
        for (number, option) in options.into_iter().enumerate() {
            if number != free && self.dice.once_in(2) {
                let condition = self.condition();
                decide.only_when.push((option, condition));
            }
        }
    }

    fn counted_or_careless(&mut self, then: Target) -> RouteId {
        let times = self.dice.up_to(2);
        if self.slip(8) {
            return self.world.route(Target::Place(self.find_out));
        }
        self.world.counted(Target::Place(self.find_out), times, then)
    }

    /// The step that finds what is missing, if a decision leads to it.
    fn finding_out(&mut self) {
        if self.asks {
            let (role, within) = (self.leader(), self.dice.up_to(2));
            let then = self.world.route(Target::Back);
            let kind = PlaceKind::Step(Step { role, missing: true, within, then, ..Step::default() });
            self.world.places.push(Place { kind, own: Vec::new() });
        }
    }

    fn endings(&mut self) {
        for ending in 0..2 {
            let over = self.world.places.iter().rev().find_map(|place| match &place.kind {
                PlaceKind::HandOver(over) => Some(over.to),
                _ => None,
            });
            // Defaults lead to the first, which the person holds; the second may be held by who took over.
            let holder = match (ending, over) {
                (1, Some(to)) if self.dice.once_in(2) => to,
                _ if self.slip(16) => self.role(),
                _ => PERSON,
            };
            let owes = self.dialect.owed && ending == 1 && self.dice.once_in(3);
            let owed = match self.work() {
                work if owes && !work.is_empty() => vec![work[self.dice.below(work.len())]],
                _ => Vec::new(),
            };
            self.world.endings.push(Ending { holder, owed, lives: None });
        }
    }

    /// The places that can be done.
    fn work(&self) -> Vec<u8> {
        let work =
            self.world.places.iter().enumerate().filter(|(_, place)| !matches!(place.kind, PlaceKind::Decide(_)));
        work.map(|(number, _)| number as u8).collect()
    }

    fn promises(&mut self) {
        let work = self.work();
        if !self.dialect.promises || work.is_empty() || !self.dice.once_in(2) {
            return;
        }
        let place = |dice: &mut C| work[dice.below(work.len())];
        let (a, b) = (place(self.dice), place(self.dice));
        let flag = self.world.facts.iter().position(|fact| fact.kind == FactKind::Flag);
        let block = self.world.places.iter().position(|place| matches!(place.kind, PlaceKind::Together(_)));
        let promise = match self.dice.below(6) {
            0 => Promise::Within(4 + 4 * self.dice.up_to(5)),
            1 if a != b => Promise::Without(Thing::Place(a.max(b)), Thing::Place(a.min(b))),
            2 if flag.is_some() => Promise::Whoever(flag.unwrap_or(0) as u8, Thing::Place(a), 4 * self.dice.up_to(3)),
            5 if a != b => Promise::Leads(Thing::Place(a), Thing::Place(b), 4 * self.dice.up_to(3)),
            3 => match block {
                Some(block) => Promise::Never(Thing::Branch(block as u8, 0), Thing::Branch(block as u8, 1)),
                None if a != b => Promise::Never(Thing::Place(a), Thing::Place(b)),
                None => Promise::AskedTwice,
            },
            _ => Promise::AskedTwice,
        };
        self.world.promises.push(promise);
    }
}
