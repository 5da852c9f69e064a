//! Enums that are one of a few words: on the wire, in the database and in a select box alike.

/// Lets the database read and write an enum with `key()` and `find()` as text.
macro_rules! stored_as_text {
    ($name:ident) => {
        #[cfg(feature = "rows")]
        const _: () = {
            use sqlx::encode::IsNull;
            use sqlx::error::BoxDynError;
            use sqlx::{Database, Decode, Encode, Type};

            impl<DB: Database> Type<DB> for $name
            where
                String: Type<DB>,
            {
                fn type_info() -> DB::TypeInfo {
                    <String as Type<DB>>::type_info()
                }

                fn compatible(ty: &DB::TypeInfo) -> bool {
                    <String as Type<DB>>::compatible(ty)
                }
            }

            impl<'q, DB: Database> Encode<'q, DB> for $name
            where
                String: Encode<'q, DB>,
            {
                fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                    self.key().to_owned().encode(buffer)
                }
            }

            impl<'r, DB: Database> Decode<'r, DB> for $name
            where
                String: Decode<'r, DB>,
            {
                fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                    let word = String::decode(value)?;
                    Self::find(&word).ok_or_else(|| format!("{word:?} is no {}", stringify!($name)).into())
                }
            }
        };
    };
}

/// An enum of words, each with its key and the name that people read. `as` gives it another name in the document of the
/// API, where all have to differ.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variants:tt)* }) => {
        choices! { $(#[$doc])* $name as $name { $($variants)* } }
    };
    (
        $(#[$doc:meta])*
        $name:ident as $shown:ident { $($(#[$variant_doc:meta])* $variant:ident $key:literal $label:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $key)] $variant,)* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)* }
            }

            /// The word as people read it.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            pub fn find(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.key() == key)
            }
        }

        stored_as_text!($name);
        schema_of!($name as $shown: Shape::one_of($name::ALL.iter().map(|choice| choice.key())));
    };
}
