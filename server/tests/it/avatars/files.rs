//! Files as people send them, good and bad, and the forms around them.

use crate::support::person::Person;
use crate::support::{Reply, World};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::Method;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

/// Its upper half has this color, the lower one is blue.
pub(super) fn picture(width: u32, height: u32, upper: [u8; 3]) -> DynamicImage {
    let color = |_: u32, y: u32| if y < height / 2 { Rgb(upper) } else { Rgb([0, 0, 255]) };
    RgbImage::from_fn(width, height, color).into()
}

pub(super) fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture is written");
    bytes
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    written(&picture(width, height, [255, 0, 0]), ImageFormat::Png)
}

/// A small one whose upper half has this shade.
pub(super) fn shaded(shade: u8) -> Vec<u8> {
    written(&picture(16, 16, [shade, shade, shade]), ImageFormat::Png)
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    written(&picture(width, height, [255, 0, 0]), ImageFormat::Jpeg)
}

pub(super) fn gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    let frames = (0..frames).map(|_| Frame::new(RgbaImage::from_pixel(20, 20, Rgba([0, 255, 0, 255]))));
    encoder.encode_frames(frames).expect("a GIF is written");
    drop(encoder);
    bytes
}

/// A JPEG that is to be turned a quarter to the right to be upright.
pub(super) fn lying_jpeg() -> Vec<u8> {
    let plain = jpeg(64, 64);
    let orientation = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
    let exif = [b"Exif\0\0MM\0*\0\0\0\x08\0\x01".as_slice(), &orientation, &[0; 4]].concat();
    let length = u16::try_from(exif.len() + 2).expect("a short segment").to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
}

/// A PNG with another chunk after its header.
pub(super) fn png_with(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let plain = png(20, 20);
    [&plain[..33], &chunk(name, content), &plain[33..]].concat()
}

/// A PNG that says this of itself, and has next to no pixels.
pub(super) fn bare_png(width: u32, height: u32, color_type: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, color_type, 0, 0, 0]].concat();
    let pixels = packed(64);
    [&png(16, 16)[..8], &chunk(b"IHDR", &header), &chunk(b"IDAT", &pixels), &chunk(b"IEND", &[])].concat()
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a small chunk").to_be_bytes();
    let named = [name.as_slice(), content].concat();
    [&length[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}

/// So many zeros.
pub(super) fn packed(size: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; size]).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

pub(super) const FORM: &str = "multipart/form-data; boundary=XX";

/// The parts of a form, each with its name.
pub(super) fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let disposition = format!("form-data; name=\"{name}\"; filename=\"../../etc/passwd.php\"");
        let head = format!("--XX\r\nContent-Disposition: {disposition}\r\nContent-Type: text/html\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    body
}

/// Sends the file as a form has it.
pub(super) async fn send(person: &Person, path: &str, file: &[u8]) -> Reply {
    person.call(Method::POST, path).body(FORM, &form(&[("file", file)])).send().await
}

/// The path at which the picture is.
pub(super) fn path_of(world: &World, reply: &Reply) -> String {
    let url = reply.expect(200)["avatar_url"].as_str().expect("an address");
    url.strip_prefix(&format!("http://{}", world.anon.host)).expect("one of ours").to_owned()
}

/// The picture that was answered.
pub(super) fn shown(reply: &Reply) -> RgbImage {
    assert_eq!(reply.status, 200, "{}", reply.text);
    image::load_from_memory(&reply.bytes).expect("a picture").to_rgb8()
}

/// What is in the folder of uploads.
pub(super) fn kept(world: &World) -> Vec<PathBuf> {
    fn below(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }
    below(&world.database.folder.join("uploads"))
}
