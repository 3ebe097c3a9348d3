//! What crosses the border as JSON: the same types as in `mirror.rs`, in the shape in which the interface gives them in
//! JavaScript. Names are in camelCase, a variant is `{ tag, val }`, what is not there is left out, facts are pairs.
//!
//! For a host in which JSON is the quickest way from a text to an object. *Invariants*: what is written and read is the
//! same; a field that is not known, or is there twice, is an error, since what is passed over is something that did not happen.

// What one side only writes the other only reads.
#![allow(dead_code)]

use super::json::{Json, Misfit, Reader};
use super::mirror::{self, Mirror, Odd};
use onward::calendar::{Length, Moment};
use onward::diagnostic::in_short;
use onward::engine::{NextStep, NextSteps, PersonRecord, Secret};
use onward::model::Name;
use std::collections::BTreeMap;

/// Something that crosses the border as JSON.
pub trait Text: Sized {
    /// Writes it.
    fn write(&self, to: &mut Json);
    /// Reads it.
    fn read(from: &mut Reader<'_>) -> Result<Self, Misfit>;
    /// What it is where it is left out; nothing where it may not be.
    fn left_out() -> Option<Self> {
        None
    }
    /// Whether it is left out.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// Something as JSON.
pub fn written(it: &impl Text) -> String {
    let mut to = Json::new();
    it.write(&mut to);
    to.into_text()
}

/// A list as JSON, of which each part is gone again before the next one is made.
pub fn written_each<T: Text>(all: impl Iterator<Item = T>) -> String {
    let mut to = Json::new();
    to.list(all, |to, it| it.write(to));
    to.into_text()
}

/// What JSON says.
pub fn read<T: Text>(text: &[u8]) -> Result<T, Misfit> {
    Reader::all(text, T::read)
}

/// A field that is written, by its name in quotes and with its colon, unless it is left out.
pub fn write_field(to: &mut Json, name: &str, it: &impl Text) {
    if !it.is_left_out() {
        to.raw(name);
        it.write(to);
        to.raw(",");
    }
}

/// A field that is read, which is not there already.
pub fn read_field<T: Text>(from: &mut Reader<'_>, name: &str, into: &mut Option<T>) -> Result<(), Misfit> {
    if into.is_some() {
        return Err(from.twice(name));
    }
    *into = Some(T::read(from)?);
    Ok(())
}

/// What was read, or that it was left out where it may be.
pub fn there<T: Text>(from: &Reader<'_>, name: &str, it: Option<T>) -> Result<T, Misfit> {
    it.or_else(T::left_out).ok_or_else(|| from.missing(name))
}

fn odd(from: &Reader<'_>) -> impl Fn(Odd) -> Misfit {
    |odd| from.misfit(odd.message)
}

/// `is_at` as `"isAt":`, and `StoodDown` as `"stood-down":`, the bytes, and how many they are.
pub const fn in_case<const N: usize>(name: &str, camel: bool) -> ([u8; N], usize) {
    let (from, mut to, mut at, mut count) = (name.as_bytes(), [b'"'; N], 0, 1);
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
    to[count + 1] = b':';
    (to, count + 2)
}

/// The text from one byte up to another one.
pub const fn between(bytes: &'static [u8], from: usize, to: usize) -> &'static str {
    match std::str::from_utf8(bytes.split_at(to).0.split_at(from).1) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// The name of a field or a variant, as JSON has it; and that of a field as it is written, in quotes and with its colon.
macro_rules! cased {
    ($name:ident, $camel:expr) => {{
        const CASED: &([u8; 2 * stringify!($name).len() + 3], usize) = &crate::text::in_case(stringify!($name), $camel);
        const TEXT: &str = crate::text::between(&CASED.0, 1, CASED.1 - 2);
        TEXT
    }};
    ($name:ident:) => {{
        const CASED: &([u8; 2 * stringify!($name).len() + 3], usize) = &crate::text::in_case(stringify!($name), true);
        const TEXT: &str = crate::text::between(&CASED.0, 0, CASED.1);
        TEXT
    }};
}
pub(crate) use cased;

impl Text for bool {
    fn write(&self, to: &mut Json) {
        to.raw(if *self { "true" } else { "false" });
    }
    fn read(from: &mut Reader<'_>) -> Result<bool, Misfit> {
        let yes = from.is_word("true");
        if yes || from.is_word("false") { Ok(yes) } else { Err(from.misfit("expected `true` or `false`")) }
    }
}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl Text for $type {
            fn write(&self, to: &mut Json) {
                to.raw(&self.to_string());
            }
            fn read(from: &mut Reader<'_>) -> Result<$type, Misfit> {
                from.number()
            }
        }
    )+};
}
numbers!(u8, u32, u64);

/// What is text on the other side anyway: any, or one of which nothing has to be escaped; and how it is read.
macro_rules! by_its_text {
    ($($type:ty: $any_or_plain:ident(|$it:ident| $text:expr), |$said:ident| $read:expr;)+) => {$(
        impl Text for $type {
            fn write(&self, to: &mut Json) {
                let $it = self;
                to.$any_or_plain($text);
            }
            fn read(from: &mut Reader<'_>) -> Result<$type, Misfit> {
                let $said = from.words()?;
                $read.map_err(odd(from))
            }
        }
    )+};
}
by_its_text! {
    String: text(|it| it), |said| Ok(said.into_owned());
    Name: text(|it| it), |said| Ok(Name::from(&*said));
    Moment: plain(|it| it.written().as_ref()), |said| mirror::moment(&said);
    Length: plain(|it| &it.to_string()), |said| mirror::length(&said);
    &'static str: plain(|it| it), |said| mirror::word(&said);
}

impl<T: Text> Text for Option<T> {
    fn write(&self, to: &mut Json) {
        match self {
            Some(it) => it.write(to),
            None => to.raw("null"),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Option<T>, Misfit> {
        if from.is_word("null") { Ok(None) } else { T::read(from).map(Some) }
    }
    fn left_out() -> Option<Option<T>> {
        Some(None)
    }
    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

/// As a variant `ok` or `err`.
impl<T: Text, E: Text> Text for Result<T, E> {
    fn write(&self, to: &mut Json) {
        match self {
            Ok(it) => to.tagged("ok", |to| it.write(to)),
            Err(it) => to.tagged("err", |to| it.write(to)),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Result<T, E>, Misfit> {
        let (tag, inside) = from.variant()?;
        match &*tag {
            "ok" => inside.read(from, T::read).map(Ok),
            "err" => inside.read(from, E::read).map(Err),
            _ => Err(from.strange(&tag)),
        }
    }
}

impl<T: Text> Text for Vec<T> {
    fn write(&self, to: &mut Json) {
        to.list(self, |to, it| it.write(to));
    }
    fn read(from: &mut Reader<'_>) -> Result<Vec<T>, Misfit> {
        let mut all = Vec::new();
        from.list(|from| {
            all.push(T::read(from)?);
            Ok(())
        })?;
        Ok(all)
    }
}

impl<T: Text> Text for Box<T> {
    fn write(&self, to: &mut Json) {
        (**self).write(to);
    }
    fn read(from: &mut Reader<'_>) -> Result<Box<T>, Misfit> {
        T::read(from).map(Box::new)
    }
}

fn write_pair(to: &mut Json, one: &impl Text, other: &impl Text) {
    to.raw("[");
    one.write(to);
    to.raw(",");
    other.write(to);
    to.raw("]");
}

impl<A: Text, B: Text> Text for (A, B) {
    fn write(&self, to: &mut Json) {
        write_pair(to, &self.0, &self.1);
    }
    fn read(from: &mut Reader<'_>) -> Result<(A, B), Misfit> {
        from.pair(A::read, B::read)
    }
}

impl<T: Text> Text for BTreeMap<Name, T> {
    fn write(&self, to: &mut Json) {
        to.list(self, |to, (name, it)| write_pair(to, name, it));
    }
    fn read(from: &mut Reader<'_>) -> Result<BTreeMap<Name, T>, Misfit> {
        let mut all = BTreeMap::new();
        from.list(|from| {
            let (name, it): (Name, T) = from.pair(Text::read, Text::read)?;
            if all.contains_key(&name) {
                return Err(from.misfit(format!("`{}` is said twice", in_short(&name))));
            }
            all.insert(name, it);
            Ok(())
        })?;
        Ok(all)
    }
}

impl Text for NextSteps {
    fn write(&self, to: &mut Json) {
        to.list(self.iter(), |to, it| it.write(to));
    }
    fn read(from: &mut Reader<'_>) -> Result<NextSteps, Misfit> {
        NextSteps::new(Vec::<NextStep>::read(from)?).ok_or_else(|| from.misfit("there is no next step"))
    }
}

/// Its bytes, as numbers.
impl Text for Secret {
    fn write(&self, to: &mut Json) {
        to.list(self.bytes(), |to, it| it.write(to));
    }
    fn read(from: &mut Reader<'_>) -> Result<Secret, Misfit> {
        Mirror::back(Vec::<u8>::read(from)?).map_err(odd(from))
    }
}

/// JSON within JSON, as it is otherwise.
impl Text for PersonRecord {
    fn write(&self, to: &mut Json) {
        self.clone().out().write(to);
    }
    fn read(from: &mut Reader<'_>) -> Result<PersonRecord, Misfit> {
        Mirror::back(Option::<String>::read(from)?).map_err(odd(from))
    }
    fn left_out() -> Option<PersonRecord> {
        Some(PersonRecord::default())
    }
    fn is_left_out(&self) -> bool {
        *self == PersonRecord::default()
    }
}

/// An object is written, field by field.
macro_rules! write_fields {
    ($to:ident: $($field:ident),+) => {{
        $to.raw("{");
        $(write_field($to, cased!($field:), $field);)+
        $to.end("}");
    }};
}
pub(crate) use write_fields;

/// An object is read: each field becomes what it is called.
macro_rules! read_fields {
    ($from:ident: $($field:ident),+) => {
        $(let mut $field = None;)+
        $from.object(|from, name| {
            $(if name == cased!($field, true) {
                return read_field(from, name, &mut $field);
            })+
            Err(from.strange(name))
        })?;
        $(let $field = there($from, cased!($field, true), $field)?;)+
    };
}
pub(crate) use read_fields;

/// A record as an object; behind the `;` what does not cross.
macro_rules! text_record {
    ($own:path { $($field:ident),+ $(; $left:ident)? }) => {
        const _: () = {
            use crate::json::{Json, Misfit, Reader};
            use crate::text::{Text, cased, read_field, read_fields, there, write_field, write_fields};

            impl Text for $own {
                fn write(&self, to: &mut Json) {
                    use $own as Own;
                    let Own { $($field,)+ $($left: _)? } = self;
                    write_fields!(to: $($field),+);
                }
                fn read(from: &mut Reader<'_>) -> Result<$own, Misfit> {
                    use $own as Own;
                    read_fields!(from: $($field),+);
                    Ok(Own { $($field,)+ $($left: Default::default())? })
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
            use crate::json::{Json, Misfit, Reader};
            use crate::text::{Text, cased};

            impl Text for $own {
                fn write(&self, to: &mut Json) {
                    use $own as Own;
                    to.plain(match self {
                        $(Own::$bare => cased!($bare, false),)+
                    });
                }
                fn read(from: &mut Reader<'_>) -> Result<$own, Misfit> {
                    use $own as Own;
                    let name = from.words()?;
                    $(if name == cased!($bare, false) {
                        return Ok(Own::$bare);
                    })+
                    Err(from.strange(&name))
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
            use crate::json::{Json, Misfit, Reader};
            #[allow(unused_imports)]
            use crate::text::{Text, cased, read_field, read_fields, there, write_field, write_fields};

            impl Text for $own {
                fn write(&self, to: &mut Json) {
                    use $own as Own;
                    match self {
                        $($(Own::$bare => to.tag(cased!($bare, false)),)+)?
                        $($(Own::$around(it) => to.tagged(cased!($around, false), |to| it.write(to)),)+)?
                        $($(Own::$one { $of } => to.tagged(cased!($one, false), |to| $of.write(to)),)+)?
                        $($(Own::$many { $($field),+ } => {
                            to.tagged(cased!($many, false), |to| write_fields!(to: $($field),+));
                        })+)?
                    }
                }
                fn read(from: &mut Reader<'_>) -> Result<$own, Misfit> {
                    use $own as Own;
                    let (tag, inside) = from.variant()?;
                    $($(if tag == cased!($bare, false) {
                        return inside.nothing(from).map(|()| Own::$bare);
                    })+)?
                    $($(if tag == cased!($around, false) {
                        return inside.read(from, Text::read).map(Own::$around);
                    })+)?
                    $($(if tag == cased!($one, false) {
                        return inside.read(from, Text::read).map(|$of| Own::$one { $of });
                    })+)?
                    $($(if tag == cased!($many, false) {
                        return inside.read(from, |from| {
                            read_fields!(from: $($field),+);
                            Ok(Own::$many { $($field),+ })
                        });
                    })+)?
                    Err(from.strange(&tag))
                }
            }
        };
    };
}
pub(crate) use text_variant;
