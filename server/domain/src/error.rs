//! Everything a caller can be told when something is refused or broken.

use crate::code::Code;
use crate::patch::Patch;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// Fields that break a rule: all of them at once.
    #[error("some fields are not valid")]
    Invalid(Vec<Violation>),
    /// One reason, known by its code.
    #[error("{0}")]
    Refused(Refused),
    /// The organization has moved to another slug; holds the present one.
    #[error("moved to {0}")]
    Moved(String),
    /// Our own fault. The cause is logged, never sent.
    #[error("something went wrong on our side")]
    Internal,
}

/// A refusal with what a client may need to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub code: Code,
    /// Members that this code adds to the answer, for example `suggestion`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub members: Map<String, Value>,
    /// The fields or parameters it is about, where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.title())
    }
}

/// One broken rule of one part of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    pub at: At,
    pub code: Code,
    /// A plain sentence that names the rule.
    pub message: String,
}

/// Where in the request a violation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// JSON Pointer (RFC 6901) into the body, without the `#`.
    Pointer(String),
    Parameter(String),
    Header(String),
}

impl Violation {
    pub fn field(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self { at: At::Pointer(format!("/{name}")), code, message: message.into() }
    }

    pub fn parameter(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self { at: At::Parameter(name.to_owned()), code, message: message.into() }
    }

    pub fn header(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self { at: At::Header(name.to_owned()), code, message: message.into() }
    }

    /// The name by which a form knows the field: that of the innermost member, without places in a list.
    pub fn field_name(&self) -> Option<&str> {
        match &self.at {
            At::Pointer(pointer) => {
                pointer.rsplit('/').find(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()))
            }
            At::Parameter(_) | At::Header(_) => None,
        }
    }
}

impl Error {
    /// One invalid field, the rule in its own words.
    pub fn field(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::field(name, code, message)])
    }

    /// A query parameter that is refused.
    pub fn parameter(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self::Refused(Refused {
            code,
            members: Map::new(),
            violations: vec![Violation::parameter(name, code, message)],
        })
    }

    /// A header that is refused.
    pub fn header(name: &str, code: Code, message: impl Into<String>) -> Self {
        Self::Refused(Refused { code, members: Map::new(), violations: vec![Violation::header(name, code, message)] })
    }

    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::ValidationFailed,
            Self::Refused(refused) => refused.code,
            Self::Moved(_) => Code::OrganizationNotFound,
            Self::Internal => Code::InternalError,
        }
    }

    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(violations) => violations,
            Self::Refused(refused) => &refused.violations,
            Self::Moved(_) | Self::Internal => &[],
        }
    }

    pub fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Refused(refused) => refused.members.get(name),
            Self::Invalid(_) | Self::Moved(_) | Self::Internal => None,
        }
    }
}

impl Code {
    /// This refusal, with the field that it is about.
    pub fn of(self, field: &str, message: impl Into<String>) -> Error {
        self.about(vec![Violation::field(field, self, message)])
    }

    /// This refusal, with all that is wrong.
    pub fn about(self, violations: Vec<Violation>) -> Error {
        Error::Refused(Refused { code: self, members: Map::new(), violations })
    }

    /// This refusal with a member that helps the client to go on.
    pub fn with(self, name: &str, value: impl Into<Value>) -> Error {
        Error::from(self).and(name, value)
    }
}

impl Error {
    /// Adds a member to a refusal; other errors stay as they are.
    #[must_use]
    pub fn and(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Self::Refused(refused) = &mut self {
            refused.members.insert(name.to_owned(), value.into());
        }
        self
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(Refused { code, members: Map::new(), violations: Vec::new() })
    }
}

/// Collects the broken rules of several fields, so that all are told at once.
#[derive(Debug, Default)]
pub struct Checked(Vec<Violation>);

impl Checked {
    /// Parses one field; a broken rule is noted under the field's name.
    pub fn field<T>(&mut self, name: &str, parsed: Result<T, crate::text::Refusal>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.0.push(Violation::field(name, refusal.code, refusal.message));
                None
            }
        }
    }

    /// The same for a field that may be absent.
    pub fn optional<T>(
        &mut self,
        name: &str,
        input: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, crate::text::Refusal>,
    ) -> Option<T> {
        input.and_then(|input| self.field(name, parse(input)))
    }

    /// A field of a merge patch: what it holds after the patch. What was there before is sent back as it was read; it
    /// is not judged once more.
    pub fn patched(
        &mut self,
        name: &str,
        patch: Patch<String>,
        before: &Option<String>,
        parse: impl FnOnce(&str) -> Result<String, crate::text::Refusal>,
    ) -> Option<String> {
        match patch {
            Patch::Set(text) if before.as_ref() == Some(&text) => Some(text),
            Patch::Set(text) => self.field(name, parse(&text)),
            kept => kept.over(before.clone()),
        }
    }

    /// A field of a merge patch by itself, whatever was there before.
    pub fn patch<T>(
        &mut self,
        name: &str,
        patch: Patch<String>,
        parse: impl FnOnce(&str) -> Result<T, crate::text::Refusal>,
    ) -> Patch<T> {
        match patch {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(text) => self.field(name, parse(&text)).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// The one person who is named, under whichever of several names; `field` is the first of them.
    pub fn one_named<const N: usize>(&mut self, field: &str, names: [&Option<String>; N]) -> Option<String> {
        let mut given = names.into_iter().flatten();
        let (code, rule) = match (given.next(), given.next()) {
            (Some(one), None) => return Some(one.clone()),
            (None, _) => (Code::MissingField, "Name the person."),
            (Some(_), Some(_)) => (Code::DuplicateField, "Name the person once."),
        };
        self.note(Violation::field(field, code, rule));
        None
    }

    pub fn note(&mut self, violation: Violation) {
        self.0.push(violation);
    }

    /// Ok when no rule was broken.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_its_innermost_name() {
        let name = |pointer: &str| Violation::field(pointer, Code::WrongType, "").field_name().map(str::to_owned);
        assert_eq!(name("name").as_deref(), Some("name"));
        assert_eq!(name("settings/default_role").as_deref(), Some("default_role"));
        assert_eq!(name("roles/0").as_deref(), Some("roles"));
        assert_eq!(name(""), None);
    }
}
