//! Whom the contacts of a directory serve (5.1): for this person, by what is known of them now.

use super::truth::{Known, Truth, truth};
use crate::model::{Directory, Score, Served};

/// The contacts of a directory that serve a person of whom this is known: those that say nothing of whom they serve, those
/// whose condition is a definite yes, and, while it is not known, those that serve anybody until it is.
pub fn served(directory: &Directory, known: &impl Known, scores: &[Score]) -> Served {
    if directory.serves_everybody() {
        return Served::default();
    }
    Served::by(directory.contacts.iter().map(|contact| match &contact.serves {
        None => true,
        Some(serves) => match truth(&serves.condition.test, known, scores) {
            Truth::Yes => true,
            Truth::Unknown => serves.until_known,
            Truth::No => false,
        },
    }))
}
