//! What crosses the border as JSON: the same types as in `mirror.rs`, in the shape in which the interface gives them in
//! JavaScript. Names are in camelCase, a variant is `{ tag, val }`, what is not there is left out, facts are pairs.
//!
//! For a host in which JSON is the quickest way from a text to an object. *Invariants*: what is written and read is the
//! same; a field that is not known, or is there twice, is an error, since what is passed over is something that did not happen.

// What one side only writes the other only reads.
#![allow(dead_code)]

use super::mirror::Mirror;
use onward::calendar::{Length, Moment};
use onward::engine::{NextStep, NextSteps, PersonRecord, Secret};
use onward::model::Name;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Something that crosses the border as JSON.
pub trait Text: Sized {
    /// Writes it.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
    /// Reads it.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
    /// What it is where it is left out; nothing where it may not be.
    fn left_out() -> Option<Self> {
        None
    }
    /// Whether it is left out.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// Something to be written.
pub struct Write<'a, T>(pub &'a T);

impl<T: Text> Serialize for Write<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

/// Something that was read.
pub struct Read<T>(pub T);

impl<'de, T: Text> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Read<T>, D::Error> {
        T::read(from).map(Read)
    }
}

/// Words, as they stand there where that is possible.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub struct Words<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// Something as JSON.
pub fn written(it: &impl Text) -> Result<Vec<u8>, serde_json::Error> {
    let mut to = Vec::with_capacity(4096);
    serde_json::to_writer(&mut to, &Write(it))?;
    Ok(to)
}

/// What JSON says.
pub fn read<T: Text>(text: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice::<Read<T>>(text).map(|it| it.0)
}

/// A field that is left out.
pub fn missing<T: Text, E: de::Error>(name: &'static str) -> Result<T, E> {
    T::left_out().ok_or_else(|| E::missing_field(name))
}

/// What does not belong there.
pub fn strange<E: de::Error>(name: &str) -> E {
    E::custom(format_args!("`{name}` does not belong there"))
}

/// A variant, and what is in it.
#[derive(serde::Serialize)]
pub struct Tagged<T> {
    pub tag: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub val: Option<T>,
}

/// What is in a variant: it stood before its tag, or is still to come.
pub struct Inside(Option<Box<RawValue>>);

impl Inside {
    /// The tag, and what is inside.
    pub fn of<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(Cow<'de, str>, Inside), A::Error> {
        let mut before = None;
        loop {
            match map.next_key::<Words<'de>>()? {
                Some(Words(key)) if key == "tag" => return Ok((map.next_value::<Words<'de>>()?.0, Inside(before))),
                Some(Words(key)) if key == "val" && before.is_none() => before = Some(map.next_value()?),
                Some(Words(key)) => return Err(strange(&key)),
                None => return Err(de::Error::missing_field("tag")),
            }
        }
    }

    /// What it is.
    pub fn read<'de, T: DeserializeOwned, A: MapAccess<'de>>(self, map: &mut A) -> Result<T, A::Error> {
        let it = match self.0 {
            Some(before) => serde_json::from_str(before.get()).map_err(de::Error::custom)?,
            None => match map.next_key::<Words<'_>>()? {
                Some(Words(key)) if key == "val" => map.next_value()?,
                Some(Words(key)) => return Err(strange(&key)),
                None => return Err(de::Error::missing_field("val")),
            },
        };
        Inside(None).nothing(map)?;
        Ok(it)
    }

    /// That there is nothing.
    pub fn nothing<'de, A: MapAccess<'de>>(self, map: &mut A) -> Result<(), A::Error> {
        let left = if self.0.is_some() { Some(Words("val".into())) } else { map.next_key()? };
        left.map_or(Ok(()), |Words(key)| Err(strange(&key)))
    }
}

/// What the macros need of serde.
pub mod serde_parts {
    pub use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
    pub use serde::ser::{Serialize, SerializeStruct, Serializer};
    pub use std::fmt;
    pub use std::marker::PhantomData;
}

/// `is_at` as `isAt`, and `StoodDown` as `stood-down`: the bytes, and how many they are.
pub const fn in_case<const N: usize>(name: &str, camel: bool) -> ([u8; N], usize) {
    let (from, mut to, mut at, mut count) = (name.as_bytes(), [0; N], 0, 0);
    while at < from.len() {
        if camel && from[at] == b'_' {
            at += 1;
            to[count] = from[at].to_ascii_uppercase();
        } else if !camel && from[at].is_ascii_uppercase() {
            if at > 0 {
                to[count] = b'-';
                count += 1;
            }
            to[count] = from[at].to_ascii_lowercase();
        } else {
            to[count] = from[at];
        }
        count += 1;
        at += 1;
    }
    (to, count)
}

/// The name of a field or a variant, as JSON has it.
macro_rules! cased {
    ($name:ident, $camel:expr) => {{
        const CASED: ([u8; 2 * stringify!($name).len()], usize) = crate::text::in_case(stringify!($name), $camel);
        const TEXT: &str = match std::str::from_utf8(CASED.0.split_at(CASED.1).0) {
            Ok(text) => text,
            Err(_) => "",
        };
        TEXT
    }};
}
pub(crate) use cased;

macro_rules! as_serde_has_it {
    ($($type:ty),+) => {$(
        impl Text for $type {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.serialize(to)
            }
            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                Deserialize::deserialize(from)
            }
        }
    )+};
}
as_serde_has_it!(bool, u32, u64, String);

impl Text for Name {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Name, D::Error> {
        Words::deserialize(from).map(|it| Name::from(&*it.0))
    }
}

/// What is text on the other side anyway.
macro_rules! by_its_text {
    ($($type:ty),+) => {$(
        impl Text for $type {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                Mirror::back(String::deserialize(from)?).map_err(|odd| de::Error::custom(odd.message))
            }
        }
    )+};
}
by_its_text!(Moment, Length, &'static str);

impl<T: Text> Text for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(it) => it.write(to),
            None => to.serialize_none(),
        }
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        Ok(Option::<Read<T>>::deserialize(from)?.map(|it| it.0))
    }
    fn left_out() -> Option<Option<T>> {
        Some(None)
    }
    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T: Text> Text for Vec<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Write))
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
        struct All<T>(PhantomData<T>);
        impl<'de, T: Text> Visitor<'de> for All<T> {
            type Value = Vec<T>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(Read(it)) = seq.next_element()? {
                    all.push(it);
                }
                Ok(all)
            }
        }
        from.deserialize_seq(All(PhantomData))
    }
}

impl<T: Text> Text for Box<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (**self).write(to)
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Box<T>, D::Error> {
        T::read(from).map(Box::new)
    }
}

impl<A: Text, B: Text> Text for (A, B) {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (Write(&self.0), Write(&self.1)).serialize(to)
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<(A, B), D::Error> {
        <(Read<A>, Read<B>)>::deserialize(from).map(|(a, b)| (a.0, b.0))
    }
}

impl<T: Text> Text for BTreeMap<Name, T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(|(name, it)| (Write(name), Write(it))))
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Name, T>, D::Error> {
        let mut all = BTreeMap::new();
        for (name, it) in Vec::<(Name, T)>::read(from)? {
            if all.contains_key(&name) {
                return Err(de::Error::custom(format_args!("`{name}` is said twice")));
            }
            all.insert(name, it);
        }
        Ok(all)
    }
}

impl Text for NextSteps {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Write))
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<NextSteps, D::Error> {
        NextSteps::new(Vec::<NextStep>::read(from)?).ok_or_else(|| de::Error::custom("there is no next step"))
    }
}

/// Its bytes, as numbers.
impl Text for Secret {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.bytes())
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        Mirror::back(Vec::<u8>::deserialize(from)?).map_err(|odd| de::Error::custom(odd.message))
    }
}

/// JSON within JSON, as it is otherwise.
impl Text for PersonRecord {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.clone().out().write(to)
    }
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<PersonRecord, D::Error> {
        Mirror::back(Option::<String>::read(from)?).map_err(|odd| de::Error::custom(odd.message))
    }
    fn left_out() -> Option<PersonRecord> {
        Some(PersonRecord::default())
    }
    fn is_left_out(&self) -> bool {
        *self == PersonRecord::default()
    }
}

/// What is in an object: to be written, and as it was read.
macro_rules! fields {
    ($($field:ident),+) => {
        struct Sent<'a, $($field),+> { $($field: &'a $field),+ }

        impl<$($field: Text),+> Serialize for Sent<'_, $($field),+> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut to = to.serialize_struct("", [$(stringify!($field)),+].len())?;
                $(if !self.$field.is_left_out() {
                    to.serialize_field(cased!($field, true), &Write(self.$field))?;
                })+
                to.end()
            }
        }

        struct Got<$($field),+> { $($field: $field),+ }

        impl<'de, $($field: Text),+> Deserialize<'de> for Got<$($field),+> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct All<$($field),+>(PhantomData<($($field,)+)>);
                impl<'de, $($field: Text),+> Visitor<'de> for All<$($field),+> {
                    type Value = Got<$($field),+>;
                    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                        to.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        $(let mut $field = None;)+
                        while let Some(Words(key)) = map.next_key()? {
                            $(if key == cased!($field, true) {
                                let Read(it) = map.next_value::<Read<$field>>()?;
                                if $field.replace(it).is_some() {
                                    return Err(de::Error::duplicate_field(cased!($field, true)));
                                }
                                continue;
                            })+
                            return Err(crate::text::strange(&key));
                        }
                        Ok(Got { $($field: match $field {
                            Some(it) => it,
                            None => crate::text::missing(cased!($field, true))?,
                        }),+ })
                    }
                }
                from.deserialize_map(All(PhantomData))
            }
        }
    };
}
pub(crate) use fields;

/// A record as an object; behind the `;` what does not cross.
macro_rules! text_record {
    ($own:path { $($field:ident),+ $(; $left:ident)? }) => {
        const _: () = {
            #[allow(unused_imports)]
            use crate::text::{Read, Text, Words, Write, cased, fields, serde_parts::*};

            impl Text for $own {
                fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    use $own as Own;
                    fields!($($field),+);
                    let Own { $($field,)+ $($left: _)? } = self;
                    Sent { $($field),+ }.serialize(to)
                }
                fn read<'de, D: Deserializer<'de>>(from: D) -> Result<$own, D::Error> {
                    use $own as Own;
                    fields!($($field),+);
                    let got = Got::deserialize(from)?;
                    Ok(Own { $($field: got.$field,)+ $($left: Default::default())? })
                }
            }
        };
    };
}
pub(crate) use text_record;

/// A variant as its name where there is nothing in any, and else as `{ tag, val }`.
macro_rules! text_variant {
    ($own:path { bare: $($bare:ident),+; }) => {
        const _: () = {
            #[allow(unused_imports)]
            use crate::text::{Text, Words, cased, serde_parts::*};

            impl Text for $own {
                fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    use $own as Own;
                    to.serialize_str(match self {
                        $(Own::$bare => cased!($bare, false),)+
                    })
                }
                fn read<'de, D: Deserializer<'de>>(from: D) -> Result<$own, D::Error> {
                    use $own as Own;
                    let Words(name) = Words::deserialize(from)?;
                    $(if name == cased!($bare, false) {
                        return Ok(Own::$bare);
                    })+
                    Err(crate::text::strange(&name))
                }
            }
        };
    };
    ($own:path {
        $(bare: $($bare:ident),+;)?
        $(around: $($around:ident),+;)?
        $(one: $($one:ident { $of:ident }),+;)?
        $(many: $($many:ident { $($field:ident),+ } as $record:ident),+;)?
    }) => {
        const _: () = {
            #[allow(unused_imports)]
            use crate::text::{Inside, Read, Tagged, Text, Words, Write, cased, fields, serde_parts::*};

            impl Text for $own {
                fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    use $own as Own;
                    match self {
                        $($(Own::$bare => Tagged { tag: cased!($bare, false), val: None::<()> }.serialize(to),)+)?
                        $($(Own::$around(it) => {
                            Tagged { tag: cased!($around, false), val: Some(Write(it)) }.serialize(to)
                        })+)?
                        $($(Own::$one { $of } => {
                            Tagged { tag: cased!($one, false), val: Some(Write($of)) }.serialize(to)
                        })+)?
                        $($(Own::$many { $($field),+ } => {
                            fields!($($field),+);
                            Tagged { tag: cased!($many, false), val: Some(Sent { $($field),+ }) }.serialize(to)
                        })+)?
                    }
                }
                fn read<'de, D: Deserializer<'de>>(from: D) -> Result<$own, D::Error> {
                    struct Any;
                    impl<'de> Visitor<'de> for Any {
                        type Value = $own;
                        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                            to.write_str("an object with `tag` and `val`")
                        }
                        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$own, A::Error> {
                            use $own as Own;
                            let (tag, inside) = Inside::of(&mut map)?;
                            $($(if tag == cased!($bare, false) {
                                inside.nothing(&mut map)?;
                                return Ok(Own::$bare);
                            })+)?
                            $($(if tag == cased!($around, false) {
                                return inside.read(&mut map).map(|Read(it)| Own::$around(it));
                            })+)?
                            $($(if tag == cased!($one, false) {
                                return inside.read(&mut map).map(|Read(it)| Own::$one { $of: it });
                            })+)?
                            $($(if tag == cased!($many, false) {
                                fields!($($field),+);
                                let got: Got<$(crate::text::any!($field)),+> = inside.read(&mut map)?;
                                return Ok(Own::$many { $($field: got.$field),+ });
                            })+)?
                            Err(crate::text::strange(&tag))
                        }
                    }
                    from.deserialize_map(Any)
                }
            }
        };
    };
}
pub(crate) use text_variant;

/// A type that is found out.
macro_rules! any {
    ($name:ident) => {
        _
    };
}
pub(crate) use any;
