//! JPEG: segments, each after a marker; between them, after a scan begins, packed pixels (ITU-T T.81, annex B).

use domain::code::Code;

pub(super) const SIGNATURE: usize = 3;
/// Begins every marker.
const MARKER: u8 = 0xFF;
const START: u8 = 0xD8;
const END: u8 = 0xD9;
/// A marker without a segment, for experiments only.
const TEMPORARY: u8 = 0x01;

/// Walks from marker to marker until the one that ends the picture.
pub(super) fn judge(file: &[u8]) -> Result<(), Code> {
    let mut rest = file;
    loop {
        let (marker, after) = next_marker(rest).ok_or(Code::ImageInvalid)?;
        rest = match marker {
            END => return Ok(()),
            START | TEMPORARY => after,
            _ => after_segment(after).ok_or(Code::ImageInvalid)?,
        };
    }
}

/// The next marker that is no part of packed pixels, and what comes after it. Among pixels a zero follows the byte that
/// would begin a marker, and markers to start anew stand there too.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = bytes.windows(2).position(|pair| pair[0] == MARKER && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | MARKER))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}

/// A segment begins with its length, which counts itself.
fn after_segment(bytes: &[u8]) -> Option<&[u8]> {
    let length = u16::from_be_bytes(*bytes.first_chunk()?);
    bytes.get(usize::from(length).max(2)..)
}
