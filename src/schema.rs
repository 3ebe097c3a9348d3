//! JSON Schemas of what is written and read as JSON: a saved case, and a person file. Only with the feature `schema`.
//!
//! They are made from the types themselves, so that they cannot say anything else than what is written.

use crate::calendar::{Length, Moment};
use crate::engine::CaseRecord;
use crate::model::{Answer, Name};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The schema of a saved case.
pub fn case() -> serde_json::Value {
    let mut schema = titled(schemars::schema_for!(CaseRecord), "A saved case");
    // What an entry says stands beside when it was: an entry that says nothing more is written with `null`.
    let entries = schema.pointer_mut("/$defs/Entry/oneOf").and_then(|it| it.as_array_mut());
    for kind in entries.into_iter().flatten() {
        let Some(name) = kind.get("const").and_then(|it| it.as_str()).map(str::to_string) else { continue };
        let properties = serde_json::json!({ name.clone(): { "type": "null" } });
        *kind = serde_json::json!({ "type": "object", "properties": properties, "required": [name] });
    }
    schema
}

/// The schema of a person file. Which facts there are, and what values they have, the pathway says.
pub fn person_file() -> serde_json::Value {
    titled(crate::simulate::person_schema(), "A person file")
}

/// The schema of what is known about a person outside any case.
pub fn person_record() -> serde_json::Value {
    titled(schemars::schema_for!(crate::engine::PersonRecord), "What is known about a person")
}

fn titled(schema: Schema, title: &str) -> serde_json::Value {
    let mut schema = schema;
    schema.insert("title".to_string(), title.into());
    schema.to_value()
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "The name of something, as it is declared.", "type": "string" })
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An instant, in whole seconds, in UTC.",
            "type": "string",
            "pattern": "^-?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        })
    }
}

impl JsonSchema for Length {
    fn schema_name() -> Cow<'static, str> {
        "Length".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A length of time: `2 hours 30 minutes`.", "type": "string" })
    }
}

impl JsonSchema for Answer {
    fn schema_name() -> Cow<'static, str> {
        "Answer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let said = |what: &str| {
            serde_json::json!({
                "type": "object", "properties": { what: { "type": "string" } }, "required": [what],
                "additionalProperties": false
            })
        };
        json_schema!({
            "description": "What came of asking for a fact. It is written in one of the last four ways, and read in all.",
            "anyOf": [
                { "type": "boolean" }, { "type": "integer" }, { "type": "string" },
                { "type": "array", "items": { "type": "string" } },
                said("value"), said("declined"), said("could_not"), said("not_applicable")
            ]
        })
    }
}

/// A fact in a person file, as it is written there.
pub(crate) struct FactInFile;

impl JsonSchema for FactInFile {
    fn schema_name() -> Cow<'static, str> {
        "Fact".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let in_vain = |what: &str| {
            serde_json::json!({
                "type": "object", "properties": { what: { "type": "string" } }, "required": [what],
                "additionalProperties": false
            })
        };
        json_schema!({
            "description": "A value, as the fact is declared; or what came of asking for it in vain, and why.",
            "anyOf": [
                { "type": "boolean" }, { "type": "number" }, { "type": "string" },
                { "type": "array", "items": { "type": "string" } },
                in_vain("declined"), in_vain("could not"), in_vain("not applicable")
            ]
        })
    }
}
