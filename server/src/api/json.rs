//! Reading a JSON body strictly: every unknown, doubled or missing field is named, and so is a value of a wrong type.

mod value;

pub(crate) use value::Value;

use domain::code::Code;
use domain::error::{At, Error, Violation};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use std::cell::RefCell;
use std::fmt;

/// Deepest nesting of a body.
const DEEPEST: usize = 32;
/// Reads a body into `T`.
///
/// # Errors
/// `malformed_json`; [`Error::Invalid`] with `wrong_type`, `too_deep`, `too_many_items`, `unknown_field`,
/// `missing_field`, `duplicate_field`.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    read_value(&parse(bytes)?)
}

/// The body as it came.
///
/// # Errors
/// `malformed_json`.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(bytes).map_err(|_| Code::MalformedJson.into())
}

/// [`read`] for a body that was looked into already.
pub(crate) fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    let refuse = |code, message: &str| Error::Invalid(vec![violation("", code, message)]);
    if !matches!(value, Value::Object(_)) {
        return Err(refuse(Code::WrongType, "The body has to be a JSON object."));
    }
    if value.depth() > DEEPEST {
        return Err(refuse(Code::TooDeep, "The body is nested too deeply."));
    }
    if !value.is_narrow() {
        return Err(refuse(Code::TooManyItems, "One array or object has too many entries."));
    }
    from_value(value).map_err(Error::Invalid)
}

/// The same from a value that is there already.
pub(crate) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Vec<Violation>> {
    let notes = RefCell::default();
    let read = T::deserialize(Reader { value, path: String::new(), notes: &notes });
    let mut violations = notes.into_inner();
    match read {
        Ok(read) if violations.is_empty() => Ok(read),
        Ok(_) => Err(violations),
        Err(refusal) => {
            violations.insert(0, refusal.0);
            Err(violations)
        }
    }
}

fn violation(path: &str, code: Code, message: &str) -> Violation {
    Violation { at: At::Pointer(path.to_owned()), code, message: message.to_owned() }
}

/// The pointer of a member, escaped as RFC 6901 says.
fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// `country_code` as `countryCode`.
pub(super) fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut begins = false;
    for letter in name.chars() {
        match letter {
            '_' => begins = !camel.is_empty(),
            letter if begins => {
                camel.push(letter.to_ascii_uppercase());
                begins = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}

/// The field that a member names: as it is, or in camelCase.
fn field_named(known: &[&'static str], name: &str) -> Option<&'static str> {
    known.iter().copied().find(|field| *field == name || camel_case(field) == name)
}

/// Why a value cannot be read.
#[derive(Debug)]
struct Refusal(Violation);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Refusal {}

/// The path is filled in where the error passes a [`Reader`], which knows it.
impl de::Error for Refusal {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(violation("", Code::WrongType, "The value has the wrong type or form."))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self(violation("", Code::WrongType, &format!("This has to be {expected}.")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self(violation(&below("", field), Code::MissingField, "This field is required."))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self(violation(&below("", field), Code::DuplicateField, "This field is given twice."))
    }
}

impl Refusal {
    fn at(mut self, path: &str) -> Self {
        if let At::Pointer(pointer) = &mut self.0.at {
            pointer.insert_str(0, path);
        }
        self
    }

    /// For what was refused without a word of where.
    fn within(mut self, path: &str) -> Self {
        if let At::Pointer(pointer) = &mut self.0.at
            && pointer.is_empty()
        {
            path.clone_into(pointer);
        }
        self
    }
}

/// A place in the body.
#[derive(Clone)]
struct Reader<'a> {
    value: &'a Value,
    path: String,
    notes: &'a RefCell<Vec<Violation>>,
}

impl<'a> Reader<'a> {
    fn child(&self, name: &str, value: &'a Value) -> Self {
        Self { value, path: below(&self.path, name), notes: self.notes }
    }

    fn members(&self, known: Option<&[&'static str]>) -> Members<'a> {
        let Value::Object(members) = self.value else {
            return Members { reader: self.clone(), left: Vec::new(), next: None };
        };
        let mut left = Vec::with_capacity(members.len());
        for (name, value) in members {
            let field = known.map_or(Some(name.as_str()), |known| field_named(known, name));
            if let Some(field) = field {
                left.push((field.to_owned(), self.child(name, value)));
            } else {
                let note = violation(&below(&self.path, name), Code::UnknownField, "There is no such field.");
                self.notes.borrow_mut().push(note);
            }
        }
        left.reverse();
        Members { reader: self.clone(), left, next: None }
    }
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let path = self.path.clone();
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Signed(value) => visitor.visit_i64(*value),
            Value::Unsigned(value) => visitor.visit_u64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(value) => visitor.visit_string(value.clone()),
            Value::Array(items) => {
                return visitor.visit_seq(Items { reader: self.clone(), items: items.iter(), index: 0 });
            }
            Value::Object(_) => return visitor.visit_map(self.members(None)),
        }
        .map_err(|refusal: Refusal| refusal.at(&path))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    /// Structs are objects only: serde would also take an array by position.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Object(_) => {
                let path = self.path.clone();
                visitor.visit_map(self.members(Some(fields))).map_err(|refusal| match refusal.0.code {
                    Code::MissingField | Code::DuplicateField => refusal.at(&path),
                    _ => refusal,
                })
            }
            _ => Err(Refusal(violation(&self.path, Code::WrongType, "This has to be an object."))),
        }
    }

    /// An enum is one of a few words.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let Value::Text(word) = self.value else {
            return Err(Refusal(violation(&self.path, Code::WrongType, "This has to be one of a few words.")));
        };
        visitor.visit_enum(word.as_str().into_deserializer()).map_err(|refusal: Refusal| refusal.at(&self.path))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'a> {
    reader: Reader<'a>,
    items: std::slice::Iter<'a, Value>,
    index: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some(value) = self.items.next() else { return Ok(None) };
        let child = self.reader.child(&self.index.to_string(), value);
        self.index += 1;
        let path = child.path.clone();
        seed.deserialize(child).map(Some).map_err(|refusal| refusal.within(&path))
    }
}

struct Members<'a> {
    reader: Reader<'a>,
    left: Vec<(String, Reader<'a>)>,
    next: Option<Reader<'a>>,
}

impl<'de> de::MapAccess<'de> for Members<'_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some((name, value)) = self.left.pop() else { return Ok(None) };
        self.next = Some(value);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let place = self.next.take().unwrap_or_else(|| self.reader.clone());
        let path = place.path.clone();
        seed.deserialize(place).map_err(|refusal| refusal.within(&path))
    }
}

#[cfg(test)]
mod tests;
