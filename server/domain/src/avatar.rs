//! Pictures of organizations and people.

use crate::error::Result;
use crate::page;
use serde::{Deserialize, Serialize};

/// What somebody is shown with after their picture has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Avatar {
    /// Null without a picture.
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::schema::WebAddress>))]
    pub avatar_url: Option<String>,
    /// Always there: initials stand in for a picture.
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::WebAddress))]
    pub icon_url: String,
    /// Not shown: for the entity tag of the answer.
    #[serde(skip)]
    pub version: i64,
}

choices! {
    /// The side of a picture, in pixels.
    Size as PictureSize {
        Px32 "32" "32 pixels",
        Px64 "64" "64 pixels",
        Px128 "128" "128 pixels",
        Px256 "256" "256 pixels",
        Px512 "512" "512 pixels",
    }
}

impl Size {
    pub fn pixels(self) -> u32 {
        match self {
            Self::Px32 => 32,
            Self::Px64 => 64,
            Self::Px128 => 128,
            Self::Px256 => 256,
            Self::Px512 => 512,
        }
    }
}

/// What `GET …/avatar` takes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvatarQuery {
    #[serde(default)]
    pub size: Option<String>,
}

impl AvatarQuery {
    /// The size that is asked for; the largest unless one is named.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn size(&self) -> Result<Size> {
        self.size.as_deref().map_or(Ok(Size::Px512), |word| page::choice("size", word, Size::find))
    }
}
