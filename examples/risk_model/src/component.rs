//! The score behind the interface that Onward's host calls: `wit/risk-model.wit`.

use crate::{INPUTS, NAME, RANGE, Values};
use bindings::exports::onward::risk_model::scoring::{Description, Guest, Input, Kind, Takes};

#[allow(unsafe_code, missing_docs, clippy::all)]
mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "risk-model" });
    use super::Model;
    export!(Model);
}

struct Model;

impl Guest for Model {
    fn describe() -> Description {
        let takes = |(name, values): &(&str, Values)| Takes {
            name: name.to_string(),
            kind: match values {
                Values::Number => Kind::Number,
                Values::YesOrNo => Kind::YesOrNo,
                Values::OneOf => Kind::OneOf,
                Values::SeveralOf => Kind::SeveralOf,
                Values::Date => Kind::Date,
                Values::Length => Kind::Length,
            },
        };
        Description {
            name: NAME.to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            inputs: INPUTS.iter().map(takes).collect(),
            least: RANGE.least.to_string(),
            most: RANGE.most.to_string(),
            step: RANGE.step.to_string(),
        }
    }

    fn score(inputs: Vec<Input>) -> Result<String, String> {
        let known = |name: &str| inputs.iter().find(|it| it.name == name).and_then(|it| it.value.as_deref());
        crate::score(&known)
    }
}
