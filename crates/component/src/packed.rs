//! What crosses the border as bytes: the same types as in `mirror.rs`, one after the other, without their names.
//!
//! For a host that was built from the same types as the component. Whether it was is asked first: [`shape`] is a number over
//! every name and type in what may cross, in their order, and differs where any of them does. *Invariants*: what was packed
//! and is unpacked is the same; bytes of any kind are unpacked, or say that they cannot be.
//!
//! A text is its length and its bytes, a number that is mostly small has seven bits a byte, an instant is its seconds.

// What one side only packs the other only unpacks.
#![allow(dead_code)]

use super::mirror::{Mirror, Odd};
use onward::calendar::{Length, Moment};
use onward::engine::{NextStep, NextSteps, PersonRecord, Secret};
use onward::model::Name;
use std::collections::BTreeMap;

/// Something that crosses the border as bytes.
pub trait Packed: Sized {
    /// What it is made of.
    fn shape(to: &mut Shape);
    /// Written behind what is there already.
    fn pack(&self, to: &mut Vec<u8>);
    /// Read from what is left.
    fn unpack(from: &mut Unpack<'_>) -> Result<Self, Odd>;
}

/// The bytes of something.
pub fn packed(it: &impl Packed) -> Vec<u8> {
    let mut to = Vec::with_capacity(1024);
    it.pack(&mut to);
    to
}

/// The bytes of a list, of which each part is gone again before the next one is made.
pub fn packed_each<T: Packed>(all: impl ExactSizeIterator<Item = T>) -> Vec<u8> {
    let mut to = Vec::with_capacity(1024 * all.len().min(1024));
    (all.len() as u64).pack(&mut to);
    all.for_each(|it| it.pack(&mut to));
    to
}

/// What was packed, all of it.
pub fn unpacked<T: Packed>(bytes: &[u8]) -> Result<T, Odd> {
    let mut from = Unpack(bytes);
    let it = T::unpack(&mut from)?;
    if from.0.is_empty() { Ok(it) } else { Err(odd()) }
}

/// The shape of something, as a number.
pub fn shape<T: Packed>() -> u64 {
    let mut shape = Shape(0xcbf2_9ce4_8422_2325);
    T::shape(&mut shape);
    shape.0
}

/// Names and types, gathered into a number (FNV-1a, 64 bits).
pub struct Shape(u64);

impl Shape {
    /// A word.
    pub fn word(&mut self, word: &str) {
        for byte in word.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// A field, by its name and by how one comes to it.
    pub fn field<O, T: Packed>(&mut self, name: &str, _: fn(&O) -> Option<&T>) {
        self.word(name);
        T::shape(self);
    }
}

/// Bytes that are not unpacked yet.
pub struct Unpack<'a>(&'a [u8]);

pub fn odd() -> Odd {
    Odd { code: "bad-bytes", message: "the bytes are not what they should be".to_string() }
}

impl<'a> Unpack<'a> {
    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Odd> {
        let (first, rest) = self.0.split_first().ok_or_else(odd)?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, count: usize) -> Result<&'a [u8], Odd> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or_else(odd)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str, Odd> {
        let count = self.count()?;
        std::str::from_utf8(self.bytes(count)?).map_err(|_| odd())
    }

    /// How many of something follow. Of everything there is at least one byte.
    fn count(&mut self) -> Result<usize, Odd> {
        let count = u64::unpack(self)?;
        usize::try_from(count).ok().filter(|count| *count <= self.0.len()).ok_or_else(odd)
    }
}

fn pack_text(text: &str, to: &mut Vec<u8>) {
    (text.len() as u64).pack(to);
    to.extend_from_slice(text.as_bytes());
}

impl Packed for u64 {
    fn shape(to: &mut Shape) {
        to.word("u64");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            to.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        to.push(rest as u8);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<u64, Odd> {
        let mut all = 0;
        for shift in (0..64).step_by(7) {
            let byte = from.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(odd());
            }
            all |= bits << shift;
            if byte < 0x80 {
                return Ok(all);
            }
        }
        Err(odd())
    }
}

impl Packed for u32 {
    fn shape(to: &mut Shape) {
        to.word("u32");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        u64::from(*self).pack(to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<u32, Odd> {
        u32::try_from(u64::unpack(from)?).map_err(|_| odd())
    }
}

impl Packed for bool {
    fn shape(to: &mut Shape) {
        to.word("bool");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<bool, Odd> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(odd()),
        }
    }
}

impl Packed for String {
    fn shape(to: &mut Shape) {
        to.word("text");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self, to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<String, Odd> {
        from.text().map(str::to_string)
    }
}

impl Packed for Name {
    fn shape(to: &mut Shape) {
        to.word("name");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self, to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Name, Odd> {
        from.text().map(Name::from)
    }
}

impl Packed for &'static str {
    fn shape(to: &mut Shape) {
        to.word("word");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self, to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<&'static str, Odd> {
        Mirror::back(String::unpack(from)?)
    }
}

impl Packed for Moment {
    fn shape(to: &mut Shape) {
        to.word("moment");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.unix().to_le_bytes());
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Moment, Odd> {
        let seconds = i64::from_le_bytes(from.bytes(8)?.try_into().map_err(|_| odd())?);
        let moment = Moment::from_unix(seconds);
        // Nothing is outside the range, or it would be another moment than the one that was packed.
        if moment.unix() == seconds { Ok(moment) } else { Err(odd()) }
    }
}

impl Packed for Length {
    fn shape(to: &mut Shape) {
        to.word("length");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.seconds().to_le_bytes());
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Length, Odd> {
        Ok(Length::from_seconds(i64::from_le_bytes(from.bytes(8)?.try_into().map_err(|_| odd())?)))
    }
}

impl<T: Packed> Packed for Option<T> {
    fn shape(to: &mut Shape) {
        to.word("perhaps");
        T::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(it) = self {
            it.pack(to);
        }
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Option<T>, Odd> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Ok(None) }
    }
}

impl<T: Packed, E: Packed> Packed for Result<T, E> {
    fn shape(to: &mut Shape) {
        to.word("result");
        T::shape(to);
        E::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_ok().pack(to);
        match self {
            Ok(it) => it.pack(to),
            Err(it) => it.pack(to),
        }
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Result<T, E>, Odd> {
        if bool::unpack(from)? { T::unpack(from).map(Ok) } else { E::unpack(from).map(Err) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn shape(to: &mut Shape) {
        to.word("several");
        T::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        (self.len() as u64).pack(to);
        self.iter().for_each(|it| it.pack(to));
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Vec<T>, Odd> {
        let count = from.count()?;
        // As many as it says, which is not believed where it says very many.
        let mut all = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            all.push(T::unpack(from)?);
        }
        Ok(all)
    }
}

impl<T: Packed> Packed for Box<T> {
    fn shape(to: &mut Shape) {
        T::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        (**self).pack(to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Box<T>, Odd> {
        T::unpack(from).map(Box::new)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn shape(to: &mut Shape) {
        to.word("two");
        A::shape(to);
        B::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
        self.1.pack(to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<(A, B), Odd> {
        Ok((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<T: Packed> Packed for BTreeMap<Name, T> {
    fn shape(to: &mut Shape) {
        to.word("by name");
        T::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        (self.len() as u64).pack(to);
        for (name, it) in self {
            name.pack(to);
            it.pack(to);
        }
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<BTreeMap<Name, T>, Odd> {
        let mut all = BTreeMap::new();
        for _ in 0..from.count()? {
            if all.insert(Name::unpack(from)?, T::unpack(from)?).is_some() {
                return Err(odd());
            }
        }
        Ok(all)
    }
}

impl Packed for NextSteps {
    fn shape(to: &mut Shape) {
        Vec::<NextStep>::shape(to);
    }
    fn pack(&self, to: &mut Vec<u8>) {
        (self.iter().count() as u64).pack(to);
        self.iter().for_each(|it| it.pack(to));
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<NextSteps, Odd> {
        NextSteps::new(Vec::unpack(from)?).ok_or_else(odd)
    }
}

impl Packed for Secret {
    fn shape(to: &mut Shape) {
        to.word("secret");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.bytes());
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<Secret, Odd> {
        Ok(Secret::new(from.bytes(32)?.try_into().map_err(|_| odd())?))
    }
}

/// As the JSON that it is sent as otherwise, so that there is one way to read it.
impl Packed for PersonRecord {
    fn shape(to: &mut Shape) {
        to.word("person record");
    }
    fn pack(&self, to: &mut Vec<u8>) {
        self.clone().out().pack(to);
    }
    fn unpack(from: &mut Unpack<'_>) -> Result<PersonRecord, Odd> {
        Mirror::back(Option::<String>::unpack(from)?)
    }
}

/// A record, field by field; behind the `;` what does not cross.
macro_rules! packed_record {
    ($own:path { $($field:ident),+ $(; $left:ident)? }) => {
        impl crate::packed::Packed for $own {
            fn shape(to: &mut crate::packed::Shape) {
                to.word(stringify!($own));
                $(to.field(stringify!($field), |it: &$own| Some(&it.$field));)+
            }
            fn pack(&self, to: &mut Vec<u8>) {
                use $own as Own;
                let Own { $($field,)+ $($left: _)? } = self;
                $(crate::packed::Packed::pack($field, to);)+
            }
            fn unpack(from: &mut crate::packed::Unpack<'_>) -> Result<$own, Odd> {
                use $own as Own;
                Ok(Own { $($field: crate::packed::Packed::unpack(from)?,)+ $($left: Default::default())? })
            }
        }
    };
}
pub(crate) use packed_record;

/// A variant: which one it is, and what is in it.
macro_rules! packed_variant {
    ($own:path {
        $(bare: $($bare:ident),+;)?
        $(around: $($around:ident),+;)?
        $(one: $($one:ident { $of:ident }),+;)?
        $(many: $($many:ident { $($field:ident),+ } as $record:ident),+;)?
    }) => {
        const _: () = {
            /// What comes first in the bytes.
            #[repr(u8)]
            enum Which { $($($bare,)+)? $($($around,)+)? $($($one,)+)? $($($many,)+)? }

            impl crate::packed::Packed for $own {
                fn shape(to: &mut crate::packed::Shape) {
                    #[allow(unused_imports)]
                    use $own as Own;
                    to.word(stringify!($own));
                    $($(to.word(stringify!($bare));)+)?
                    $($(to.field(stringify!($around), |it: &Own| match it {
                        Own::$around(it) => Some(it),
                        _ => None,
                    });)+)?
                    $($(to.field(stringify!($one), |it: &Own| match it {
                        Own::$one { $of } => Some($of),
                        _ => None,
                    });)+)?
                    $($(to.word(stringify!($many)); $(to.field(stringify!($field), |it: &Own| match it {
                        Own::$many { $field, .. } => Some($field),
                        _ => None,
                    });)+)+)?
                }
                fn pack(&self, to: &mut Vec<u8>) {
                    use $own as Own;
                    match self {
                        $($(Own::$bare => to.push(Which::$bare as u8),)+)?
                        $($(Own::$around(it) => {
                            to.push(Which::$around as u8);
                            crate::packed::Packed::pack(it, to);
                        })+)?
                        $($(Own::$one { $of } => {
                            to.push(Which::$one as u8);
                            crate::packed::Packed::pack($of, to);
                        })+)?
                        $($(Own::$many { $($field),+ } => {
                            to.push(Which::$many as u8);
                            $(crate::packed::Packed::pack($field, to);)+
                        })+)?
                    }
                }
                fn unpack(from: &mut crate::packed::Unpack<'_>) -> Result<$own, Odd> {
                    use $own as Own;
                    Ok(match from.byte()? {
                        $($(it if it == Which::$bare as u8 => Own::$bare,)+)?
                        $($(it if it == Which::$around as u8 => Own::$around(crate::packed::Packed::unpack(from)?),)+)?
                        $($(it if it == Which::$one as u8 => Own::$one { $of: crate::packed::Packed::unpack(from)? },)+)?
                        $($(it if it == Which::$many as u8 => {
                            Own::$many { $($field: crate::packed::Packed::unpack(from)?),+ }
                        })+)?
                        _ => return Err(crate::packed::odd()),
                    })
                }
            }
        };
    };
}
pub(crate) use packed_variant;
