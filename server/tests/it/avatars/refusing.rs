use super::files::{FORM, bare_png, form, gif, jpeg, kept, packed, picture, png, png_with, send, shaded, written};
use crate::support::{Wire, World};
use image::ImageFormat;
use reqwest::Method;

const AVATAR: &str = "/users/@me/avatar";
const OURS: &str = "/organizations/acme/avatar";
const LARGEST: usize = 2 * 1024 * 1024;

/// The first place of these bytes.
fn place(file: &[u8], bytes: &[u8]) -> usize {
    file.windows(bytes.len()).position(|window| window == bytes).expect("they are there")
}

/// With other bytes in this place.
fn patched(mut file: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// So much of it, without its end.
fn cut(file: &[u8], less: usize) -> Vec<u8> {
    file[..file.len() - less].to_vec()
}

fn unsupported() -> Vec<(&'static str, Vec<u8>)> {
    let webp = written(&picture(40, 40, [255, 0, 0]), ImageFormat::WebP);
    let moving = [&webp[..12], b"VP8X\x0a\0\0\0\x02\0\0\0\x27\0\0\x27\0\0", &webp[12..]].concat();
    vec![
        ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec()),
        ("SVGZ", packed(64)),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("PHP", b"<?php system($_GET['c']); ?>".to_vec()),
        ("animated GIF", gif(2)),
        ("APNG", png_with(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])),
        ("animated WebP", moving),
        ("ICO", b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0".to_vec()),
        ("PSD", b"8BPS\0\x01\0\0\0\0\0\0".to_vec()),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
        ("BMP", b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0".to_vec()),
        ("PDF", b"%PDF-1.7\n".to_vec()),
        ("WASM", b"\0asm\x01\0\0\0".to_vec()),
        ("text", b"PNG".to_vec()),
        ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n".to_vec()),
    ]
}

fn invalid() -> Vec<(&'static str, Vec<u8>)> {
    let (png, jpeg) = (png(40, 40), jpeg(200, 200));
    let noise: Vec<u8> = (0..500_u32).map(|at| (at * 37 % 251) as u8).collect();
    let twelve_bits = place(&jpeg, &[0xFF, 0xC0]) + 4;
    vec![
        ("signature and noise", [&png[..8], &noise].concat()),
        ("wrong checksum of the header", patched(png.clone(), 29, &[1, 2, 3, 4])),
        ("without an end", cut(&png, 12)),
        ("cut in its pixels", cut(&png, 40)),
        ("no width", bare_png(0, 40, 2)),
        ("unknown colors", bare_png(40, 40, 1)),
        ("endless chunk", patched(png.clone(), 33, &[0xFF; 4])),
        ("cut JPEG", cut(&jpeg, 300)),
        ("JPEG of 12 bits", patched(jpeg, twelve_bits, &[12])),
        ("WebP without a picture", b"RIFF\x0c\0\0\0WEBPVP8 \0\0\0\0".to_vec()),
        ("cut WebP", cut(&written(&picture(90, 90, [9, 8, 7]), ImageFormat::WebP), 20)),
        ("cut GIF", cut(&gif(1), 1)),
        ("too few pixels", bare_png(600, 600, 2)),
    ]
}

fn too_large() -> Vec<(&'static str, Vec<u8>)> {
    let bomb = |head: &[u8]| [head, &packed(20 << 20)].concat();
    vec![
        ("30000 × 30000", bare_png(30_000, 30_000, 2)),
        ("65535 × 1", bare_png(65_535, 1, 2)),
        ("4097 × 16", png(4097, 16)),
        ("16383 × 16383", b"RIFF\x12\0\0\0WEBPVP8L\x06\0\0\0\x2f\xfe\xbf\xff\x0f\0".to_vec()),
        ("swelling profile", png_with(b"iCCP", &bomb(b"p\0\0"))),
        ("swelling text", png_with(b"zTXt", &bomb(b"t\0\0"))),
        ("swelling international text", png_with(b"iTXt", &bomb(b"t\0\x01\0\0\0"))),
    ]
}

on_each_database!(
    async fn what_is_no_good_picture_is_refused(world: World) {
        let before = world.rows().await;
        let empty = vec![("nothing", Vec::new()), ("only a signature", png(16, 16)[..8].to_vec())];
        let small = vec![("1 × 1", png(1, 1)), ("15 × 15", png(15, 15)), ("15 × 100", png(15, 100))];
        for (status, code, files) in [
            (422, "file_empty", empty),
            (415, "image_type_unsupported", unsupported()),
            (422, "image_invalid", invalid()),
            (422, "image_too_large", too_large()),
            (422, "image_too_small", small),
        ] {
            for (name, file) in files {
                let reply = send(&world.ada, AVATAR, &file).await;
                assert_eq!(reply.refusal(), (status, code), "{name}: {}", reply.text);
                assert_eq!(reply.errors(), [("#/file", code)], "{name}");
            }
        }
        assert_eq!(world.rows().await, before);
        assert!(kept(&world).is_empty());
    }
);

on_each_database!(
    async fn the_largest_file_is_taken_and_no_larger_one(world: World) {
        let mut file = png(40, 40);
        file.resize(LARGEST, 0);
        send(&world.ada, AVATAR, &file).await.expect(200);
        file.push(0);
        assert_eq!(send(&world.ada, AVATAR, &file).await.refusal(), (413, "payload_too_large"));
        // The size comes first, whoever it is.
        let head = format!(
            "POST /api/v1{AVATAR} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            world.anon.host,
            LARGEST + 100_000
        );
        let reply = Wire::open(&world.anon.address).await.exchange(head.as_bytes()).await.expect("an answer");
        assert_eq!(reply.refusal(), (413, "payload_too_large"));
        let elsewhere = world.ada.call(Method::PATCH, "/users/@me").body("application/json", &vec![b' '; 70_000]);
        assert_eq!(elsewhere.send().await.refusal(), (413, "payload_too_large"));
    }
);

on_each_database!(
    async fn a_form_that_is_no_good_is_refused(world: World) {
        let file = png(16, 16);
        let whole = form(&[("file", &file)]);
        for kind in ["application/json", "multipart/mixed; boundary=XX", "image/png", ""] {
            let call = world.ada.call(Method::POST, AVATAR).body(kind, &whole);
            assert_eq!(call.send().await.refusal(), (415, "unsupported_media_type"), "{kind}");
        }
        let coded = world.ada.call(Method::POST, AVATAR).body(FORM, &whole).header("content-encoding", "gzip");
        assert_eq!(coded.send().await.refusal(), (415, "unsupported_media_type"));

        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        for kind in
            ["multipart/form-data", "multipart/form-data; boundary=\"XX", "multipart/form-data; boundary=", &long]
        {
            let call = world.ada.call(Method::POST, AVATAR).body(kind, &whole);
            assert_eq!(call.send().await.refusal(), (400, "invalid_multipart"), "{kind}");
        }
        let text = String::from_utf8_lossy(&form(&[("file", b"x")])).into_owned();
        let many: Vec<(&str, &[u8])> = vec![("file", b"x".as_slice()); 101];
        for (name, body) in [
            ("nothing", Vec::new()),
            ("no final boundary", cut(&whole, 8)),
            ("cut in the file", cut(&whole, 40)),
            ("without a name", text.replace("name=\"file\"; ", "").into_bytes()),
            ("101 parts", form(&many)),
            ("parts in a part", text.replace("text/html", "multipart/mixed; boundary=YY").into_bytes()),
            ("other line ends", text.replace("\r\n", "\n").into_bytes()),
        ] {
            let call = world.ada.call(Method::POST, AVATAR).body(FORM, &body);
            assert_eq!(call.send().await.refusal(), (400, "invalid_multipart"), "{name}");
        }
        let (file, unknown) = (file.as_slice(), b"active".as_slice());
        for (parts, errors) in [
            (vec![], vec![("#/file", "file_required")]),
            (vec![("FILE", file)], vec![("#/FILE", "unknown_part"), ("#/file", "file_required")]),
            (vec![("file", file), ("a/b", unknown)], vec![("#/a~1b", "unknown_part")]),
            (vec![("file", file), ("logo", file)], vec![("#/file", "duplicate_field")]),
        ] {
            let call = world.ada.call(Method::POST, AVATAR).body(FORM, &form(&parts));
            let reply = call.send().await;
            assert_eq!((reply.status, reply.errors()), (422, errors), "{}", reply.text);
        }
    }
);

on_each_database!(
    async fn every_way_to_upload_refuses_the_same(world: World) {
        let (before, sound) = (world.rows().await, png(16, 16));
        let file = |file: &[u8]| (FORM, form(&[("file", file)]));
        for (method, path) in
            [(Method::POST, OURS), (Method::PUT, OURS), (Method::POST, "/organizations/acme/upload-avatar")]
        {
            for ((kind, body), refusal) in [
                (("application/json", file(&sound).1), (415, "unsupported_media_type")),
                (("multipart/form-data", file(&sound).1), (400, "invalid_multipart")),
                ((FORM, cut(&file(&sound).1, 8)), (400, "invalid_multipart")),
                ((FORM, form(&[])), (422, "file_required")),
                ((FORM, form(&[("file", &sound), ("status", b"active")])), (422, "unknown_part")),
                ((FORM, form(&[("file", &sound), ("logo", &sound)])), (422, "duplicate_field")),
                (file(b""), (422, "file_empty")),
                (file(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), (415, "image_type_unsupported")),
                (file(&cut(&png(40, 40), 12)), (422, "image_invalid")),
                (file(&bare_png(30_000, 30_000, 2)), (422, "image_too_large")),
                (file(&png(15, 15)), (422, "image_too_small")),
                (file(&vec![0_u8; LARGEST + 1]), (413, "payload_too_large")),
            ] {
                let reply = world.ada.call(method.clone(), path).body(kind, &body).send().await;
                assert_eq!(reply.refusal(), refusal, "{method} {path}");
            }
        }
        assert_eq!(world.rows().await, before);
        assert!(kept(&world).is_empty());
    }
);

/// A form whose file has this name, as a form writes it.
fn called(name: &str, file: &[u8]) -> Vec<u8> {
    const USUAL: &[u8] = b"../../etc/passwd.php";
    let whole = form(&[("file", file)]);
    let at = place(&whole, USUAL);
    [&whole[..at], name.as_bytes(), &whole[at + USUAL.len()..]].concat()
}

on_each_database!(
    async fn nothing_of_a_file_s_name_is_kept(world: World) {
        let names =
            ["a%0D%0AX-Evil: 1.png", "%22><script>alert(1)</script>.png", "CON", "a.php", "\u{202e}gnp.exe", ""];
        for (shade, name) in (1_u8..).zip(names) {
            let sent = world.cy.call(Method::POST, AVATAR).body(FORM, &called(name, &shaded(shade))).send().await;
            let shown = world.cy.get(AVATAR).await;
            let stored: Vec<_> =
                kept(&world).iter().filter_map(|path| path.file_name().map(ToOwned::to_owned)).collect();
            let logged = world.changes("user.updated").await;
            let told = format!("{} {} {stored:?} {logged:?}", sent.text, shown.header("content-disposition"));
            assert_eq!((sent.status, shown.status, stored.len()), (200, 200, 1), "{name}: {told}");
            assert_eq!((sent.headers.get("x-evil"), shown.headers.get("x-evil")), (None, None), "{name}");
            assert_eq!(shown.header("content-type"), "image/png", "{name}");
            for trace in ["Evil", "script", "CON", "php", "exe"] {
                assert!(!told.contains(trace), "{name}: {told}");
            }
        }
    }
);
