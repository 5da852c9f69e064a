//! A picture to upload.

/// A PNG of 16 by 16 pixels, all of one blue.
pub const PNG: &[u8] = include_bytes!("picture.png");
