//! WebP: a RIFF file, whose first chunk says in its flags what else there is (RFC 9649, section 2).

use domain::code::Code;

pub(super) const SIGNATURE: usize = 12;
/// Flag of the extended form.
const ANIMATION: u8 = 0x02;

pub(super) fn judge(file: &[u8]) -> Result<(), Code> {
    let size = file.get(4..).and_then(|rest| rest.first_chunk()).map_or(0, |size| u32::from_le_bytes(*size));
    // The size of what comes after it.
    let announced = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(8);
    let extended = file.get(12..16) == Some(b"VP8X");
    if extended && file.get(20).is_some_and(|flags| flags & ANIMATION != 0) {
        Err(Code::ImageTypeUnsupported)
    } else if announced > file.len() {
        Err(Code::ImageInvalid)
    } else {
        Ok(())
    }
}
