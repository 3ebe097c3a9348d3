//! What is kept from somebody: no handover takes it to them, and no step lets them find it (1.6).

use super::{Evidence, Flaw, Subject, listed};
use crate::diagnostic::{Finding, Kind};
use crate::model::{FactId, PlaceKind, RoleId};

/// Who is shown what is kept from them.
pub fn check(subject: &Subject<'_>) -> Vec<Flaw> {
    let places = subject.program.pathway.all_places();
    places.flat_map(|(_, place)| shown(subject, place)).collect()
}

/// What a place shows to somebody from whom it is kept, person by person.
fn shown(subject: &Subject<'_>, place: &crate::model::Place) -> Vec<Flaw> {
    let (facts, people, how): (&[FactId], Vec<RoleId>, &str) = match &place.kind {
        PlaceKind::HandOver(hand_over) => (&hand_over.carrying, vec![hand_over.to], "takes"),
        PlaceKind::Step(step) => (&step.finds, step.with.iter().copied().chain([step.led_by]).collect(), "finds"),
        PlaceKind::Repeat(repeat) => {
            (&repeat.finds, repeat.with.iter().copied().chain([repeat.led_by]).collect(), "finds")
        }
        _ => return Vec::new(),
    };
    let declared = |fact: FactId| &subject.shared.facts[fact.index()];
    let mut flaws = Vec::new();
    for role in people {
        let kept: Vec<FactId> = facts.iter().copied().filter(|it| declared(*it).kept_from.contains(&role)).collect();
        let Some(first) = kept.first() else { continue };
        let names = listed(kept.iter().map(|it| format!("`{}`", declared(*it).name)));
        let who = &subject.shared.roles[role.index()].name;
        let message = match how {
            "takes" => format!("`{}` takes {names} to `{who}`, from whom that is kept", place.name),
            _ => format!("`{who}` takes part in `{}`, which finds {names}, and that is kept from them", place.name),
        };
        let help = match how {
            "takes" => "take it out of `carrying`, or say behind the fact that it need not be kept from them",
            _ => "let others find it, without them; or say behind the fact that it need not be kept from them",
        };
        let finding = Finding::new(Kind::NotKept, place.at, message).and(declared(*first).at, "is kept from them here");
        flaws.push(Flaw::new(finding.help(help), Evidence::Static));
    }
    flaws
}
