//! From a file to a picture, and from a picture to a smaller one.

use super::anatomy;
use axum::body::Bytes;
use domain::code::Code;
use domain::error::{Error, Result};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::error::ImageError;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The side in which pictures are kept.
const SIDE: u32 = 512;
/// Longest and shortest side of what is taken.
const LONGEST: u32 = 4096;
const SHORTEST: u32 = 16;
/// Most memory that unpacking one file may take: 16 million pixels of 8 bytes, and what a decoder needs beside them.
const MEMORY: u64 = 192 * 1024 * 1024;
const JPEG_QUALITY: u8 = 85;

/// # Errors
/// As [`super::Pictures::make`].
pub(super) fn make(file: &[u8]) -> Result<Vec<u8>> {
    // A decoder that breaks down over a file says in its way that the file is broken.
    let unpacked = catch_unwind(AssertUnwindSafe(|| unpack(file)));
    let (picture, format) = unpacked.unwrap_or_else(|_| Err(refusal(Code::ImageInvalid)))?;
    pack(&cropped(&picture).resize_exact(SIDE, SIDE, FilterType::Lanczos3), format)
}

/// A picture that was made here, in another size.
pub(super) fn resize(whole: Bytes, side: u32) -> Result<Bytes> {
    if side == SIDE {
        return Ok(whole);
    }
    let format = format(&whole);
    let picture = image::load_from_memory_with_format(&whole, format).map_err(broken)?;
    pack(&picture.resize_exact(side, side, FilterType::Lanczos3), format).map(Bytes::from)
}

/// Of a picture that was made here: photographs stay JPEG, everything else is PNG.
pub(super) fn format(picture: &[u8]) -> ImageFormat {
    image::guess_format(picture).unwrap_or(ImageFormat::Png)
}

/// The sides are judged by what the file says of them, before memory is taken for its pixels.
fn unpack(file: &[u8]) -> Result<(DynamicImage, ImageFormat)> {
    let format = anatomy::judge(file).map_err(refusal)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    match decoder.dimensions() {
        (0, _) | (_, 0) => return Err(refusal(Code::ImageInvalid)),
        (width, height) if width.max(height) > LONGEST => return Err(refusal(Code::ImageTooLarge)),
        (width, height) if width.min(height) < SHORTEST => return Err(refusal(Code::ImageTooSmall)),
        _ => {}
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    Ok((picture, format))
}

/// The square in the middle. Cropped first: a long narrow picture would grow by much if its short side were stretched.
fn cropped(picture: &DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    picture.crop_imm((width - side) / 2, (height - side) / 2, side, side)
}

fn pack(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let packed = match format {
        ImageFormat::Jpeg => {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            picture.to_rgb8().write_with_encoder(encoder)
        }
        _ if picture.color().has_alpha() => picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes)),
        _ => picture.to_rgb8().write_with_encoder(PngEncoder::new(&mut bytes)),
    };
    packed.map_err(broken)?;
    Ok(bytes)
}

fn unreadable(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => refusal(Code::ImageTooLarge),
        _ => refusal(Code::ImageInvalid),
    }
}

fn refusal(code: Code) -> Error {
    match code {
        Code::FileEmpty => Error::field("file", code, "The file is empty."),
        Code::ImageTypeUnsupported => code.of("file", "Send a still picture as PNG, JPEG, WebP or GIF."),
        Code::ImageTooLarge => Error::field("file", code, format!("At most {LONGEST} × {LONGEST} pixels.")),
        Code::ImageTooSmall => Error::field("file", code, format!("At least {SHORTEST} × {SHORTEST} pixels.")),
        _ => Error::field("file", Code::ImageInvalid, "The picture is damaged, or of a form that cannot be read."),
    }
}

/// What was made here can be read and written here.
fn broken(error: ImageError) -> Error {
    tracing::error!(%error, "a picture that was made here cannot be used");
    Error::Internal
}
