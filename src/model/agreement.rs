//! Who agrees to a pathway before it is used, and to what: an agreement names the mark of what it is to, so that a change
//! of meaning is a change that nobody has agreed to yet (8.5).

use super::Name;
use super::build::{Builder, pick};
use super::grounds::Day;
use super::symbols::place;
use crate::diagnostic::{Finding, Kind, Place as At, nearest};
use crate::syntax::tree::{Block, ClauseKind};
use serde::Serialize;

/// One of those whose agreement is needed: a group, in the words of the authors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeedsAgreement {
    /// Its name.
    pub who: Name,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// That somebody agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgreedTo {
    /// Who.
    pub by: Name,
    /// On which day.
    pub on: Day,
    /// The mark of what they agreed to: the beginning of the hash of its content.
    pub mark: String,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

/// How many letters of the hash of a content are its mark: as many as one can compare by eye.
const MARK: usize = 12;

/// The mark of a content, by its hash.
pub fn mark(hash: &str) -> &str {
    hash.get(..MARK).unwrap_or(hash)
}

impl Builder<'_> {
    /// Who is to agree, and who has, by the header of a pathway.
    pub(super) fn agreements(&mut self, file: usize, header: &Block) -> (Vec<NeedsAgreement>, Vec<AgreedTo>) {
        let names = self.one(file, header, "needs agreement", pick!(NeedsAgreement)).map_or(&[][..], Vec::as_slice);
        let mut needed: Vec<NeedsAgreement> = Vec::new();
        for name in names {
            match needed.iter().any(|it| it.who == name.text.as_str()) {
                true => self.findings.push(super::read_work::stands_twice(file, name)),
                false => needed.push(NeedsAgreement { who: Name::from(&name.text), at: place(file, name.at) }),
            }
        }
        let mut agreed = Vec::new();
        for clause in &header.clauses {
            let ClauseKind::AgreedTo { by, on, mark } = &clause.kind else { continue };
            if needed.iter().all(|it| it.who != by.text.as_str()) {
                let message = format!("`{}` is none of those whose agreement is needed", by.text);
                let finding = Finding::new(Kind::UnknownName, place(file, by.at), message);
                let near = nearest(&by.text, needed.iter().map(|it| it.who.as_str()));
                self.findings.push(match near.first() {
                    Some(near) => {
                        finding.help(format!("did you mean `{near}`?")).suggest(place(file, by.at), near.to_string())
                    }
                    None => finding.help("name them behind `needs agreement of`"),
                });
                continue;
            }
            let Some(on) = self.day_of(file, on) else { continue };
            let (by, at) = (Name::from(&by.text), place(file, clause.at));
            agreed.push(AgreedTo { by, on, mark: mark.text.clone(), at });
        }
        (needed, agreed)
    }
}
