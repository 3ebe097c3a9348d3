//! What a small world is made of, for counting what the random ones have.

use super::world::{Fact, FactKind, PERSON, Place, PlaceKind, Promise, Target, Thing, World};

impl World {
    /// What the world is made of, for counting.
    pub fn constructs(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self
            .places
            .iter()
            .map(|place| match &place.kind {
                PlaceKind::Step(step) if step.missing => "a step that finds what is missing",
                PlaceKind::Step(step) if step.waits => "a wait",
                PlaceKind::Step(_) => "a step",
                PlaceKind::Decide(decide) if decide.otherwise.is_none() => "a decision without `if none of these`",
                PlaceKind::Decide(_) => "a decision",
                PlaceKind::HandOver(_) => "a handover",
                PlaceKind::Together(block) if block.first.is_some() => "a block with `first N`",
                PlaceKind::Together(_) => "a block with `all done`",
                PlaceKind::Repeat(_) => "a repeat",
            })
            .collect();
        all.extend(self.routes.iter().flat_map(|route| route.count).map(|_| "a counted route"));
        let targets = self.routes.iter().flat_map(|route| route.targets());
        all.extend(targets.filter_map(|target| matches!(target, Target::Decides(..)).then_some("a role that decides")));
        let decides = (0..self.places.len() as u8).filter_map(|place| self.decide(place));
        let advise = decides.clone().filter(|decide| decide.advises.is_some());
        all.extend(advise.map(|_| "a decision that advises"));
        all.extend(decides.flat_map(|decide| &decide.only_when).map(|_| "an option that is not always one"));
        all.extend(self.contacts.iter().filter(|contact| contact.open != 0xFF).map(|_| "a contact with hours"));
        all.extend(self.facts.iter().filter(|fact| fact.presumed.is_some()).map(|_| "a fact that is presumed"));
        let needs =
            |place: &&super::world::Place| matches!(&place.kind, PlaceKind::Step(step) if step.needed.is_some());
        all.extend(self.places.iter().filter(needs).map(|_| "a step that is not done without somebody"));
        let ago = |fact: &&Fact| matches!(fact.kind, FactKind::Ago(_));
        all.extend(self.facts.iter().filter(ago).map(|_| "a number of days since a date"));
        all.extend(self.facts.iter().filter(|fact| fact.model.is_some()).map(|_| "a fact that a model finds"));
        all.extend(self.facts.iter().filter(|fact| fact.applies.is_some()).map(|_| "a fact that need not apply"));
        all.extend(self.facts.iter().filter(|fact| fact.settled).map(|_| "a fact that is settled"));
        let disputed = self.facts.iter().filter_map(|fact| fact.disputed);
        all.extend(disputed.clone().map(|_| "a fact that may be disputed"));
        all.extend(disputed.filter(|(who, _)| *who != PERSON).map(|_| "a role that settles what is disputed"));
        let serves_some = |role: u8| self.contacts.iter().any(|it| it.fills.contains(&role) && it.serves.is_some());
        let some = self.facts.iter().filter_map(|fact| fact.disputed).filter(|(who, _)| serves_some(*who));
        all.extend(some.map(|_| "a role that settles what is disputed, and serves some people only"));
        let documents = self.facts.iter().filter(|fact| fact.kind == FactKind::Document);
        all.extend(documents.map(|_| "a document"));
        all.extend(self.ladders.iter().filter(|ladder| ladder.reassign > 0).map(|_| "a ladder that may reassign"));
        all.extend(self.only_risk().map(|_| "a positive risk"));
        all.extend(self.only_risk().filter(|(_, risk)| risk.disagree.is_some()).map(|_| "a plan that is agreed"));
        let lasts =
            |place: &Place| matches!(&place.kind, PlaceKind::Together(it) if it.branches.iter().any(|it| it.meanwhile));
        all.extend(self.places.iter().any(lasts).then_some("a branch that lasts as long as its block"));
        all.extend((self.called & !self.beside != 0).then_some("a call"));
        all.extend(self.has_a_pathway_as_a_branch().then_some("a branch that is a pathway"));
        all.extend(self.all_more().map(|_| "a branch of more than one step"));
        let in_a_block = |it: Thing| matches!(it, Thing::Branch(..) | Thing::Further(..));
        let goes = self.only_risk().filter(|(_, risk)| !risk.nets.is_empty() && in_a_block(risk.before));
        all.extend(goes.map(|_| "a positive risk that one goes on in a branch"));
        let reviews = self.only_risk().filter(|(_, risk)| risk.review.is_some_and(in_a_block));
        all.extend(reviews.map(|_| "a review that is a branch"));
        all.extend(self.promises.iter().filter_map(|promise| match *promise {
            Promise::Without(one, other) if in_a_block(one) || in_a_block(other) => {
                Some("a promise of what is not reached without something, about a branch")
            }
            Promise::Whoever(_, it, _) if in_a_block(it) => Some("a promise to whoever has something, about a branch"),
            Promise::Leads(one, other, _) if in_a_block(one) || in_a_block(other) => {
                Some("a promise from place to place, about a branch")
            }
            _ => None,
        }));
        all.extend(self.has_long_branches_side_by_side().then_some("several long branches in one block"));
        all.extend(self.all_more().filter(|more| more.when.is_some()).map(|_| "a branch in which one decides"));
        all.extend(self.all_more().filter_map(|more| more.decides.unknown).map(|_| "a branch in which a role decides"));
        all.extend(
            self.all_more().filter_map(|more| more.decides.advised).map(|_| "a branch in which a role is advised"),
        );
        all.extend(self.all_more().filter(|more| more.waits).map(|_| "a branch in which one waits"));
        all.extend((!self.interrupts.is_empty()).then_some("an interrupt"));
        all.extend(self.meetings().map(|_| "a step that is due at a meeting"));
        all.extend(self.counted_after().map(|_| "a time counted after something else"));
        all.extend((self.beside != 0).then_some("work alongside"));
        let hands_over = self.places.iter().any(|place| matches!(place.kind, PlaceKind::HandOver(_)));
        let decides =
            (0..self.places.len() as u8).filter(|place| self.is_beside(*place) && self.somebody_chooses(*place));
        all.extend(decides.map(|_| "a role that decides alongside, with routes of its own"));
        all.extend((self.beside != 0 && hands_over).then_some("work alongside, and a handover"));
        all.extend(
            (self.called & !self.beside != 0 && !self.interrupts.is_empty()).then_some("an interrupt round a call"),
        );
        let serves = self.contacts.iter().filter_map(|contact| contact.serves.as_ref());
        all.extend(serves.clone().map(|_| "a contact that serves some people only"));
        all.extend(serves.filter(|it| it.until_known).map(|_| "a contact that serves anybody until it is known"));
        all.extend(self.wish.map(|_| "a wish that nobody goes against"));
        all.extend(self.has_something_urgent().then_some("something urgent"));
        all.extend(
            self.contacts.iter().filter(|it| !it.reached.is_empty()).map(|_| "a contact that says how it is reached"),
        );
        all.sort_unstable();
        all.dedup();
        all
    }
}
