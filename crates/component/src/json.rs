//! JSON, written and read part by part, for types that say themselves what their parts are.
//!
//! It is what an answer costs most in a host that takes it as JSON, so nothing is made here that is not needed: what is written
//! goes behind what is there already, and words are read where they stand. What has to be escaped is left to `serde_json`.
//! *Invariants*: what is written can be read by everybody; what is read is JSON, all of it; an error says where it is.

use onward::diagnostic::in_short;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// JSON that is being written. Behind each part of an object or a list stands a comma, in whose place the end comes.
pub struct Json(String);

impl Json {
    /// Nothing yet.
    pub fn new() -> Json {
        Json(String::with_capacity(4096))
    }

    /// What was written.
    pub fn into_text(self) -> String {
        self.0
    }

    /// What needs no quotes, or has them.
    pub fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// A text of which nothing has to be escaped.
    pub fn plain(&mut self, text: &str) {
        self.raw("\"");
        self.raw(text);
        self.raw("\"");
    }

    /// Any text.
    pub fn text(&mut self, text: &str) {
        if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
            self.plain(text);
        } else if let Ok(escaped) = serde_json::to_string(text) {
            // It always can be.
            self.raw(&escaped);
        }
    }

    /// The end of an object or a list.
    pub fn end(&mut self, with: &str) {
        if self.0.ends_with(',') {
            self.0.pop();
        }
        self.raw(with);
    }

    /// A list, of which each part is written by `part`.
    pub fn list<T>(&mut self, all: impl IntoIterator<Item = T>, mut part: impl FnMut(&mut Json, T)) {
        self.raw("[");
        for it in all {
            part(self, it);
            self.raw(",");
        }
        self.end("]");
    }

    /// A variant without anything in it.
    pub fn tag(&mut self, tag: &str) {
        self.raw("{\"tag\":");
        self.plain(tag);
        self.raw("}");
    }

    /// A variant, and what is in it.
    pub fn tagged(&mut self, tag: &str, write: impl FnOnce(&mut Json)) {
        self.raw("{\"tag\":");
        self.plain(tag);
        self.raw(",\"val\":");
        write(self);
        self.raw("}");
    }
}

/// What does not fit, and how far it was read until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    what: String,
    line: usize,
    column: usize,
    /// In which part of the outermost list, from 1.
    part: Option<usize>,
}

impl fmt::Display for Misfit {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} at line {} column {}", self.what, self.line, self.column)?;
        self.part.map_or(Ok(()), |part| write!(to, ", in number {part} of a list"))
    }
}

/// JSON that is being read, and how far it was.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// What is in a variant: it stood before its tag, from here to there, or is still to come.
pub struct Inside(Option<(usize, usize)>);

impl<'a> Reader<'a> {
    /// All of a text, by whatever reads it.
    pub fn all<T>(text: &'a [u8], read: impl FnOnce(&mut Reader<'a>) -> Result<T, Misfit>) -> Result<T, Misfit> {
        let text = std::str::from_utf8(text).map_err(|error| {
            let sound = std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default();
            Reader { text: sound, at: sound.len() }.misfit("this is not UTF-8")
        })?;
        let mut reader = Reader { text, at: 0 };
        let it = read(&mut reader)?;
        reader.space();
        if reader.at == text.len() { Ok(it) } else { Err(reader.misfit("nothing more was expected")) }
    }

    /// That something does not fit which ends here.
    pub fn misfit(&self, what: impl Into<String>) -> Misfit {
        // It may have looked a little too far, and into a letter of several bytes.
        let before = &self.text[..self.text.floor_char_boundary(self.at)];
        let begins = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Misfit { what: what.into(), line, column: before[begins..].chars().count(), part: None }
    }

    /// What does not belong there.
    pub fn strange(&self, name: &str) -> Misfit {
        self.misfit(format!("`{}` does not belong there", in_short(name)))
    }

    /// What is not there.
    pub fn missing(&self, name: &str) -> Misfit {
        self.misfit(format!("missing field `{name}`"))
    }

    /// What is there twice.
    pub fn twice(&self, name: &str) -> Misfit {
        self.misfit(format!("duplicate field `{name}`"))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Whether this comes next; then it is passed.
    fn is_next(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Misfit> {
        if self.is_next(byte) { Ok(()) } else { Err(self.misfit(format!("expected `{}`", byte as char))) }
    }

    /// Whether this word comes next; then it is passed.
    pub fn is_word(&mut self, word: &str) -> bool {
        self.space();
        let is_next = self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    /// A text, as it stands there where that is possible.
    pub fn words(&mut self) -> Result<Cow<'a, str>, Misfit> {
        self.space();
        let from = self.at;
        if !self.is_next(b'"') {
            return Err(self.misfit("expected a text"));
        }
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                }
                Some(byte) if byte >= b' ' => {}
                _ => return Err(self.misfit("a text has no end, or something in it that has to be escaped")),
            }
            self.at += 1;
        }
        self.at += 1;
        let quoted = &self.text[from..self.at];
        if escaped {
            let said = serde_json::from_str(quoted).map_err(|_| self.misfit("what is escaped is no letter"));
            return said.map(Cow::Owned);
        }
        Ok(Cow::Borrowed(&quoted[1..quoted.len() - 1]))
    }

    /// A whole number that is not below nothing.
    pub fn number<T: FromStr>(&mut self) -> Result<T, Misfit> {
        self.space();
        let from = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        let digits = &self.text[from..self.at];
        let odd = (digits.starts_with('0') && digits.len() > 1) || matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        let number = if odd { None } else { digits.parse().ok() };
        number.ok_or_else(|| self.misfit("expected a whole number that is not too large"))
    }

    /// The parts of a list, each read by `part`.
    pub fn list(&mut self, mut part: impl FnMut(&mut Self) -> Result<(), Misfit>) -> Result<(), Misfit> {
        self.expect(b'[')?;
        if self.is_next(b']') {
            return Ok(());
        }
        for number in 1.. {
            part(self).map_err(|misfit| Misfit { part: Some(number), ..misfit })?;
            if !self.is_next(b',') {
                break;
            }
        }
        self.expect(b']')
    }

    /// Two in a list.
    pub fn pair<A, B>(
        &mut self,
        one: impl FnOnce(&mut Self) -> Result<A, Misfit>,
        other: impl FnOnce(&mut Self) -> Result<B, Misfit>,
    ) -> Result<(A, B), Misfit> {
        self.expect(b'[')?;
        let one = one(self)?;
        self.expect(b',')?;
        let other = other(self)?;
        self.expect(b']')?;
        Ok((one, other))
    }

    /// The fields of an object, each read by `field`, which is told its name.
    pub fn object(&mut self, mut field: impl FnMut(&mut Self, &str) -> Result<(), Misfit>) -> Result<(), Misfit> {
        self.expect(b'{')?;
        if self.is_next(b'}') {
            return Ok(());
        }
        loop {
            let name = self.name()?;
            field(self, &name)?;
            if !self.is_next(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// The name of a field, up to what it is.
    fn name(&mut self) -> Result<Cow<'a, str>, Misfit> {
        let name = self.words()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// The tag of a variant, and what is inside, which is to be read next.
    pub fn variant(&mut self) -> Result<(Cow<'a, str>, Inside), Misfit> {
        self.expect(b'{')?;
        if self.is_next(b'}') {
            return Err(self.missing("tag"));
        }
        match &*self.name()? {
            "tag" => Ok((self.words()?, Inside(None))),
            "val" => {
                let from = self.at;
                self.pass()?;
                let inside = Inside(Some((from, self.at)));
                self.next_field("tag")?;
                Ok((self.words()?, inside))
            }
            other => Err(self.strange(other)),
        }
    }

    /// The next field, up to what it is, which is this one.
    fn next_field(&mut self, expected: &str) -> Result<(), Misfit> {
        if !self.is_next(b',') {
            return Err(self.missing(expected));
        }
        let name = self.name()?;
        if name == expected { Ok(()) } else { Err(self.strange(&name)) }
    }

    /// The end of an object, and no other field.
    fn no_other_field(&mut self) -> Result<(), Misfit> {
        if self.is_next(b',') {
            let name = self.name()?;
            return Err(self.strange(&name));
        }
        self.expect(b'}')
    }

    /// Passes whatever comes next, which is read later: it only has to be found where it ends.
    fn pass(&mut self) -> Result<(), Misfit> {
        let mut open = 0;
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => {
                    self.words()?;
                }
                Some(b'{' | b'[') => {
                    open += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') if open > 0 => {
                    open -= 1;
                    self.at += 1;
                }
                Some(b',' | b':') if open > 0 => {
                    self.at += 1;
                    continue;
                }
                Some(b'a'..=b'z' | b'0'..=b'9' | b'-') => {
                    while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.') = self.peek() {
                        self.at += 1;
                    }
                }
                _ => return Err(self.misfit("this is not JSON")),
            }
            if open == 0 {
                return Ok(());
            }
        }
    }
}

impl Inside {
    /// What it is.
    pub fn read<'a, T>(
        self,
        from: &mut Reader<'a>,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Misfit>,
    ) -> Result<T, Misfit> {
        let it = match self.0 {
            None => {
                from.next_field("val")?;
                read(from)?
            }
            Some((begins, ends)) => {
                let behind = std::mem::replace(&mut from.at, begins);
                let it = read(from)?;
                if from.at != ends {
                    return Err(from.misfit("nothing more was expected"));
                }
                from.at = behind;
                it
            }
        };
        from.no_other_field()?;
        Ok(it)
    }

    /// That there is nothing.
    pub fn nothing(self, from: &mut Reader<'_>) -> Result<(), Misfit> {
        if self.0.is_some() {
            return Err(from.strange("val"));
        }
        from.no_other_field()
    }
}
