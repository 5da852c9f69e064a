//! How values look in JSON, for the document that describes the API. Limits come from the constants that the parsers
//! keep, so that no document says another one.
//!
//! Without the feature `schema` nothing of this is compiled: pages do without it.

/// Says how a type looks in JSON where its fields do not say it. Stands beside the type's parser. A list says of what it
/// is one.
macro_rules! schema_of {
    ($type:ident: $shape:expr $(, of $entry:ty)?) => {
        schema_of!($type as $type: $shape $(, of $entry)?);
    };
    ($type:ident as $shown:ident: $shape:expr $(, of $entry:ty)?) => {
        #[cfg(feature = "schema")]
        const _: () = {
            #[allow(unused_imports)]
            use $crate::schema::Shape;
            use utoipa::openapi::{RefOr, schema::Schema};

            impl utoipa::PartialSchema for $type {
                fn schema() -> RefOr<Schema> {
                    $shape.build()
                }
            }

            impl utoipa::ToSchema for $type {
                fn name() -> std::borrow::Cow<'static, str> {
                    stringify!($shown).into()
                }

                $(
                    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                        schemas.push((<$entry as utoipa::ToSchema>::name().into(), <$entry as utoipa::PartialSchema>::schema()));
                    }
                )?
            }
        };
    };
}

#[cfg(feature = "schema")]
mod shape;
#[cfg(feature = "schema")]
mod shapes;
#[cfg(feature = "schema")]
mod views;

#[cfg(feature = "schema")]
pub use shape::{PROBLEM_CODES, Shape};
#[cfg(feature = "schema")]
pub use shapes::*;

/// A parameter of a query, as the document tells of it.
#[cfg(feature = "schema")]
pub struct Parameter {
    pub name: &'static str,
    pub about: &'static str,
    pub schema: utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>,
    /// Whether it may be given several times.
    pub many: bool,
}

#[cfg(feature = "schema")]
impl Parameter {
    /// The parameter `name`, whose values look like `T`.
    pub fn of<T: utoipa::PartialSchema>(name: &'static str, about: &'static str, many: bool) -> Self {
        // A name that is a word of Rust too is written `r#name`.
        let name = name.strip_prefix("r#").unwrap_or(name);
        Self { name, about: about.trim(), schema: T::schema(), many }
    }

    /// The order of a list: each key, and with a hyphen in front the other way round.
    pub fn sort(keys: &[&str]) -> Option<Self> {
        let words = keys.iter().flat_map(|key| [(*key).to_owned(), format!("-{key}")]);
        let schema = Shape::one_of(words).build();
        let about = "What the list is ordered by; with a hyphen in front from the end to the beginning.";
        (!keys.is_empty()).then_some(Self { name: "sort", about, schema, many: false })
    }
}

/// The query of a list.
#[cfg(feature = "schema")]
pub trait Asked {
    /// Its own filters and orders, without the parameters that every list has.
    fn parameters() -> Vec<Parameter>;
}
