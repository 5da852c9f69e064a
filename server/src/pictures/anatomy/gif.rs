//! GIF: blocks, each beginning with a byte that says what it is (GIF89a, appendix A).

use domain::code::Code;

pub(super) const SIGNATURE: usize = 6;
const IMAGE: u8 = 0x2C;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3B;

pub(super) fn judge(file: &[u8]) -> Result<(), Code> {
    match count_images(file) {
        Some(1) => Ok(()),
        Some(0) | None => Err(Code::ImageInvalid),
        Some(_) => Err(Code::ImageTypeUnsupported),
    }
}

/// How many images the file shows one after the other; nothing when it breaks off. From two on they are not counted.
fn count_images(file: &[u8]) -> Option<u32> {
    // The size of the screen, flags, background, aspect ratio.
    let mut rest = after_colors(file.get(SIGNATURE + 4..)?, 3)?;
    let mut images = 0;
    while images < 2 {
        let (kind, after) = rest.split_first()?;
        rest = match *kind {
            TRAILER => return Some(images),
            // A label, then sub-blocks.
            EXTENSION => after_sub_blocks(after.get(1..)?)?,
            IMAGE => {
                images += 1;
                // The place and the size of the image, flags; after the colors the size of codes, then sub-blocks.
                after_sub_blocks(after_colors(after.get(8..)?, 1)?.get(1..)?)?
            }
            _ => return None,
        };
    }
    Some(images)
}

/// What comes after the table of colors that the flags announce. `header` is what begins with the flags.
fn after_colors(bytes: &[u8], header: usize) -> Option<&[u8]> {
    let flags = bytes.first()?;
    let colors = if flags & 0x80 == 0 { 0 } else { 2_usize << (flags & 0x07) };
    bytes.get(header + 3 * colors..)
}

fn after_sub_blocks(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, after) = bytes.split_first()?;
        bytes = after.get(usize::from(*length)..)?;
        if *length == 0 {
            return Some(bytes);
        }
    }
}
