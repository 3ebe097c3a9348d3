//! What a refusal is about, and what would fit instead: the same that its sentence says, for programs.

use super::refusal::Refusal;
use crate::diagnostic::in_short;
use crate::model::Name;

impl Refusal {
    /// The same, in which what was given is cut to what somebody reads, however long it was.
    pub(super) fn in_short(mut self) -> Refusal {
        let cut = |name: &mut Name| *name = Name::from(&in_short(name));
        let cut_text = |text: &mut String| *text = in_short(text);
        match &mut self {
            Refusal::NotOpen { step: given, .. }
            | Refusal::NoSuchStep { step: given, .. }
            | Refusal::ReasonNeeded { step: given }
            | Refusal::UnknownFact { fact: given, .. }
            | Refusal::UnknownRole { role: given, .. }
            | Refusal::NotDisputed { fact: given, .. }
            | Refusal::NotAnOption { option: given, .. }
            | Refusal::ModelNotAsked { fact: given, .. }
            | Refusal::OtherModel { given, .. }
            | Refusal::ModelUnnamed { model: given, .. }
            | Refusal::NothingToWithdraw { what: given, .. }
            | Refusal::NotToRaise { what: given, .. } => cut(given),
            Refusal::OldAdvice { given: Some(given), .. }
            | Refusal::OldAsking { given: Some(given), .. }
            | Refusal::Settled { given, .. }
            | Refusal::SameIdOtherContent { id: given } => cut_text(given),
            _ => {}
        }
        self
    }

    /// What it is about: the step, the fact, the role or the name that does not fit.
    pub fn about(&self) -> Option<String> {
        let name = match self {
            Refusal::NotProved { pathway } | Refusal::OtherPathway { pathway } => pathway,
            Refusal::PastHorizon { directory, .. }
            | Refusal::WouldStrand { directory, .. }
            | Refusal::DirectoryLacks { directory, .. } => directory,
            Refusal::NotOpen { step, .. }
            | Refusal::NoSuchStep { step, .. }
            | Refusal::WrongAnswer { step, .. }
            | Refusal::MissingFacts { step, .. }
            | Refusal::NotWithout { step, .. }
            | Refusal::ReasonNeeded { step }
            | Refusal::OldAdvice { step, .. }
            | Refusal::NoAdvice { step }
            | Refusal::ForThePerson { step, .. }
            | Refusal::NotReassignable { step, .. }
            | Refusal::NoTime { step, .. }
            | Refusal::TooMuchTime { step, .. }
            | Refusal::NobodyOnDuty { step, .. } => step,
            Refusal::UnknownFact { fact, .. }
            | Refusal::BadValue { fact, .. }
            | Refusal::Settled { fact, .. }
            | Refusal::NotDisputed { fact, .. }
            | Refusal::ModelNotAsked { fact, .. }
            | Refusal::OtherModel { fact, .. }
            | Refusal::OldAsking { fact, .. } => fact,
            Refusal::ModelUnnamed { model, .. } => model,
            Refusal::UnknownRole { role, .. }
            | Refusal::NotAsked { role, .. }
            | Refusal::NotTheirAgreement { role, .. } => role,
            Refusal::NotAnOption { option, .. }
            | Refusal::OptionNotOpen { option, .. }
            | Refusal::OtherwiseWhy { option, .. }
            | Refusal::NotAgreed { option, .. } => option,
            Refusal::NothingToWithdraw { what, .. } | Refusal::NotToRaise { what, .. } => what,
            Refusal::Closed { ending } => ending,
            Refusal::NotARecord { entry, .. } | Refusal::NotTheirs { entry } => return Some(entry.to_string()),
            Refusal::SameIdOtherContent { id } => return Some(id.clone()),
            Refusal::BeforeProof { .. }
            | Refusal::WentBack { .. }
            | Refusal::NotYetHappened { .. }
            | Refusal::OldRevision { .. }
            | Refusal::AfterDeath
            | Refusal::NoId
            | Refusal::TooMuchAtOnce { .. } => return None,
        };
        Some(name.to_string())
    }

    /// What would fit instead: steps that are open, options that may be chosen, facts that are still to be found, a name
    /// that was probably meant; nothing where the sentence alone can say it.
    pub fn fits(&self) -> Vec<String> {
        let named = |names: &[Name]| names.iter().map(Name::to_string).collect();
        let meant = |meant: &Option<Name>| meant.iter().map(Name::to_string).collect();
        match self {
            Refusal::NotOpen { open, .. } => named(open),
            Refusal::NoSuchStep { meant: it, .. }
            | Refusal::UnknownFact { meant: it, .. }
            | Refusal::UnknownRole { meant: it, .. } => meant(it),
            Refusal::WrongAnswer { fits, .. } => fits.clone(),
            Refusal::DirectoryLacks { lacks, .. } => named(lacks),
            Refusal::WouldStrand { strands, .. } => strands.iter().map(|it| it.step.to_string()).collect(),
            Refusal::Settled { is, .. } | Refusal::OldAdvice { is, .. } | Refusal::OldAsking { is, .. } => {
                vec![is.clone()]
            }
            Refusal::OtherModel { is, .. } => vec![is.to_string()],
            Refusal::ModelNotAsked { asked, .. } => named(asked),
            Refusal::NotDisputed { disputed, .. } => named(disputed),
            Refusal::MissingFacts { facts, .. } => named(facts),
            Refusal::NotWithout { roles, .. } => named(roles),
            Refusal::NotAnOption { options, .. } | Refusal::OptionNotOpen { options, .. } => named(options),
            Refusal::OtherwiseWhy { codes, .. } => named(codes),
            Refusal::NotAgreed { lacking, .. } => named(lacking),
            Refusal::NotAsked { asked, .. } => named(asked),
            Refusal::NothingToWithdraw { accepted, .. } => named(accepted),
            Refusal::NotToRaise { may, .. } => named(may),
            Refusal::TooMuchTime { longest, .. } => vec![longest.to_string()],
            Refusal::BeforeProof { begins } => vec![begins.to_string()],
            Refusal::OldRevision { is, .. } => vec![is.to_string()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::LoadError;

    #[test]
    fn every_code_stands_in_the_document_for_those_who_embed() {
        let document = include_str!("../../docs/embedding.md");
        let here = [include_str!("refusal.rs"), include_str!("load_error.rs")];
        let arms =
            here.iter().flat_map(|text| text.lines()).filter(|line| line.contains("=> \"") && line.ends_with("\","));
        let codes: Vec<&str> = arms.filter_map(|line| line.split('"').nth(1)).collect();
        assert!(codes.len() > 40, "{codes:?}");
        for code in codes {
            assert!(document.contains(&format!("| `{code}` |")), "`{code}`");
        }
    }

    #[test]
    fn what_would_fit_is_what_the_sentence_says() {
        let open = vec![Name::from("visit"), Name::from("plan")];
        let refusal = Refusal::NotOpen { step: "call".into(), open };
        assert_eq!((refusal.about().as_deref(), refusal.code()), (Some("call"), "not-open"));
        let said = refusal.to_string();
        assert_eq!(refusal.fits(), ["visit", "plan"]);
        assert!(refusal.fits().iter().all(|it| said.contains(&format!("`{it}`"))), "{said}");
        assert_eq!(LoadError::Tampered { entry: 3 }.about().as_deref(), Some("3"));
    }
}
