//! One value in JSON: a text, a number or a list with its limits.

use crate::code::Code;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// Where a schema names the codes by which its value is refused.
pub const PROBLEM_CODES: &str = "x-problem-codes";

pub struct Shape(Schema);

impl Shape {
    /// A text of so many characters.
    pub fn text(least: usize, most: usize) -> Self {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(most));
        let text = if least > 0 { text.min_length(Some(least)) } else { text };
        Self(text.build().into())
    }

    /// A text of a known kind, such as `uuid`.
    pub fn kind(format: &str) -> Self {
        Self(ObjectBuilder::new().schema_type(Type::String).build().into()).format(format)
    }

    /// A whole number from one to another.
    pub fn number(least: i64, most: i64) -> Self {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        let number = number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
        Self(number.minimum(Some(least)).maximum(Some(most)).build().into())
    }

    /// One of a few words.
    pub fn one_of<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Self {
        let words: Vec<serde_json::Value> = words.into_iter().map(|word| word.into().into()).collect();
        Self(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into())
    }

    /// So many of something.
    pub fn list<T: ToSchema>(least: usize, most: usize) -> Self {
        let list = ArrayBuilder::new().items(Ref::from_schema_name(T::name())).max_items(Some(most));
        let list = if least > 0 { list.min_items(Some(least)) } else { list };
        Self(Schema::Array(list.build()))
    }

    /// At most so many texts.
    pub fn texts(most: usize) -> Self {
        Self(Schema::Array(ArrayBuilder::new().items(String::schema()).max_items(Some(most)).build()))
    }

    #[must_use]
    pub fn format(self, format: &str) -> Self {
        self.object(|object| object.format = Some(SchemaFormat::Custom(format.to_owned())))
    }

    /// A regular expression, as ECMA-262 writes them.
    #[must_use]
    pub fn pattern(self, pattern: &str) -> Self {
        self.object(|object| object.pattern = Some(pattern.to_owned()))
    }

    #[must_use]
    pub fn example(self, example: &str) -> Self {
        self.object(|object| object.examples = vec![example.into()])
    }

    #[must_use]
    pub fn about(mut self, text: &str) -> Self {
        let text = Some(text.trim().to_owned());
        match &mut self.0 {
            Schema::Array(list) => list.description = text,
            Schema::Object(object) => object.description = text,
            _ => {}
        }
        self
    }

    /// By which codes a value is refused that is not like this.
    #[must_use]
    pub fn refused_as(mut self, codes: &[Code]) -> Self {
        let names: Vec<&str> = codes.iter().map(|code| code.name()).collect();
        let extensions = Some(ExtensionsBuilder::new().add(PROBLEM_CODES, names).build());
        match &mut self.0 {
            Schema::Array(list) => list.extensions = extensions,
            Schema::Object(object) => object.extensions = extensions,
            _ => {}
        }
        self
    }

    pub fn build(self) -> RefOr<Schema> {
        self.0.into()
    }

    fn object(mut self, change: impl FnOnce(&mut Object)) -> Self {
        if let Schema::Object(object) = &mut self.0 {
            change(object);
        }
        self
    }
}
