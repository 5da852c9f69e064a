//! PNG: a signature, then chunks of length, name, content and checksum (W3C PNG, section 5).

use domain::code::Code;
use flate2::read::ZlibDecoder;
use std::io::Read as _;

pub(super) const SIGNATURE: usize = 8;
/// Most bytes that profiles and texts may unpack to, together.
const UNPACKED: u64 = 16 * 1024 * 1024;

pub(super) fn judge(file: &[u8]) -> Result<(), Code> {
    let mut rest = &file[SIGNATURE..];
    let mut unpacked = 0;
    loop {
        let (name, content, after) = chunk(rest).ok_or(Code::ImageInvalid)?;
        match &name {
            b"IEND" => return Ok(()),
            b"acTL" => return Err(Code::ImageTypeUnsupported),
            b"iCCP" | b"zTXt" | b"iTXt" => unpacked += unpacked_size(&name, content, UNPACKED - unpacked),
            _ => {}
        }
        if unpacked >= UNPACKED {
            return Err(Code::ImageTooLarge);
        }
        rest = after;
    }
}

/// The first chunk, and what comes after it.
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (name, rest) = rest.split_first_chunk()?;
    let (content, rest) = rest.split_at_checked(u32::from_be_bytes(*length).try_into().ok()?)?;
    let (_checksum, rest) = rest.split_first_chunk::<4>()?;
    Some((*name, content, rest))
}

/// How large the packed part of a profile or a text becomes; counting stops at `most`. What cannot be unpacked ends
/// where it breaks.
fn unpacked_size(name: &[u8; 4], content: &[u8], most: u64) -> u64 {
    let Some(packed) = packed_part(name, content) else { return 0 };
    let mut counted = 0;
    let mut decoder = ZlibDecoder::new(packed).take(most);
    let mut piece = [0; 4096];
    while let Ok(size @ 1..) = decoder.read(&mut piece) {
        counted += size as u64;
    }
    counted
}

/// What follows the keyword and the method; in an international text also a flag, a language and a translation.
fn packed_part<'a>(name: &[u8; 4], content: &'a [u8]) -> Option<&'a [u8]> {
    let after_zero = |bytes: &'a [u8]| Some(&bytes[bytes.iter().position(|byte| *byte == 0)? + 1..]);
    let rest = after_zero(content)?;
    match name {
        b"iTXt" if rest.first() != Some(&1) => None,
        b"iTXt" => after_zero(after_zero(rest.get(2..)?)?),
        _ => rest.get(1..),
    }
}
