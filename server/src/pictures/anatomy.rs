//! What a file says of itself, read before anything is unpacked: its kind, whether it is there to its end, whether it
//! moves. Decoders are lenient where these answers matter.

mod gif;
mod jpeg;
mod png;
mod webp;

use domain::code::Code;
use image::ImageFormat;

/// What is asked of the files of one kind.
type Judge = fn(&[u8]) -> Result<(), Code>;

/// The kind of a still picture that is there to its end. The name of the file and its declared type say nothing.
///
/// # Errors
/// `file_empty`, also when nothing follows the signature; `image_type_unsupported`, also for what moves;
/// `image_invalid`; `image_too_large` for what would grow out of all proportion.
pub(super) fn judge(file: &[u8]) -> Result<ImageFormat, Code> {
    if file.is_empty() {
        return Err(Code::FileEmpty);
    }
    let format = image::guess_format(file).map_err(|_| Code::ImageTypeUnsupported)?;
    let (signature, judge): (usize, Judge) = match format {
        ImageFormat::Png => (png::SIGNATURE, png::judge),
        ImageFormat::Jpeg => (jpeg::SIGNATURE, jpeg::judge),
        ImageFormat::Gif => (gif::SIGNATURE, gif::judge),
        ImageFormat::WebP => (webp::SIGNATURE, webp::judge),
        _ => return Err(Code::ImageTypeUnsupported),
    };
    if file.len() <= signature {
        return Err(Code::FileEmpty);
    }
    judge(file).map(|()| format)
}
