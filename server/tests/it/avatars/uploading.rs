use super::files::{
    FORM, form, gif, jpeg, kept, lying_jpeg, packed, path_of, picture, png, png_with, send, shown, written,
};
use crate::support::World;
use image::{ImageFormat, Rgb};
use reqwest::Method;
use serde_json::{Value, json};

const AVATAR: &str = "/organizations/acme/avatar";

on_each_database!(
    async fn an_uploaded_picture_is_shown_everywhere(world: World) {
        let sent = png(300, 100);
        let version = world.ada.get("/organizations/acme").await.body["version"].as_i64().expect("a version");
        let reply = send(&world.ben, AVATAR, &sent).await;
        let path = path_of(&world, &reply);
        assert_eq!(reply.body.as_object().map(serde_json::Map::len), Some(2));
        assert_eq!(reply.body["icon_url"], reply.body["avatar_url"]);
        assert!(reply.header("etag").starts_with(&format!("\"{}-", version + 1)), "{:?}", reply.headers);

        let org = world.vi.get("/organizations/acme").await;
        assert_eq!(
            (&org.body["avatar_url"], &org.body["icon_url"]),
            (&reply.body["avatar_url"], &reply.body["icon_url"])
        );
        assert_eq!(org.body["version"], version + 1);
        let changes = json!([{ "field": "avatar_url", "from": null, "to": reply.body["avatar_url"] }]);
        assert_eq!(world.changes("org.avatar_changed").await, [changes]);

        // By the organization, and by its content for whoever knows the address.
        for (person, path, caching) in [
            (&world.vi, AVATAR, "private, max-age=300"),
            (&world.anon, path.as_str(), "public, max-age=31536000, immutable"),
        ] {
            let picture = person.get(path).await;
            assert_eq!(shown(&picture).dimensions(), (512, 512));
            assert_eq!(picture.header("content-type"), "image/png");
            assert_eq!(picture.header("cache-control"), caching);
            assert_eq!(picture.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(picture.header("content-disposition"), "inline; filename=\"avatar.png\"");
            assert_eq!(picture.header("x-content-type-options"), "nosniff");
            assert_ne!(picture.bytes, sent);
            let again = person.call(Method::GET, path).header("if-none-match", picture.header("etag")).send().await;
            assert_eq!((again.status, again.bytes.len()), (304, 0));
        }
        for size in [32, 64, 128, 256, 512] {
            let picture = world.vi.get(&format!("{AVATAR}?size={size}")).await;
            assert_eq!(shown(&picture).dimensions(), (size, size));
        }
        for size in ["33", "0", "", "1024", "abc"] {
            let refused = world.vi.get(&format!("{AVATAR}?size={size}")).await;
            assert_eq!(refused.refusal(), (400, "invalid_parameter"), "{size}");
        }
        let accepted = world.vi.call(Method::GET, &path).header("accept", "image/png").send().await;
        accepted.expect(200);
    }
);

on_each_database!(
    async fn a_picture_becomes_square_and_upright_and_loses_the_rest(world: World) {
        // The middle of a wide picture.
        let wide =
            image::RgbImage::from_fn(
                300,
                100,
                |x, _| if (100..200).contains(&x) { Rgb([0, 255, 0]) } else { Rgb([9, 9, 9]) },
            );
        send(&world.ben, AVATAR, &written(&wide.into(), ImageFormat::Png)).await.expect(200);
        let middle = shown(&world.ben.get(AVATAR).await);
        assert!([(3, 3), (256, 256), (508, 508)].iter().all(|(x, y)| middle.get_pixel(*x, *y)[1] > 200));

        send(&world.ben, AVATAR, &lying_jpeg()).await.expect(200);
        let reply = world.ben.get(AVATAR).await;
        assert_eq!((reply.header("content-type"), &reply.bytes[..3]), ("image/jpeg", [0xFF, 0xD8, 0xFF].as_slice()));
        assert!(!reply.bytes.windows(4).any(|window| window == b"Exif"));
        let upright = shown(&reply);
        assert!(upright.get_pixel(400, 256)[0] > 200 && upright.get_pixel(100, 256)[2] > 200);

        let secret = [b"Comment\0".as_slice(), b"where I live"].concat();
        let hiding = [png_with(b"tEXt", &secret), b"PK\x03\x04 and an archive".to_vec()].concat();
        send(&world.ben, AVATAR, &hiding).await.expect(200);
        let reply = world.ben.get(AVATAR).await;
        assert!(!reply.bytes.windows(5).any(|window| window == b"where" || window == b"PK\x03\x04 "));
        assert_eq!(kept(&world).len(), 1);
    }
);

on_each_database!(
    async fn every_kind_of_still_picture_is_taken(world: World) {
        let long_profile = [b"p\0\0".as_slice(), &packed(3 << 20)].concat();
        for (name, file) in [
            ("PNG", png(16, 16)),
            ("a long PNG", png(4096, 16)),
            ("a PNG with a large profile", png_with(b"iCCP", &long_profile)),
            ("a gray PNG of 16 bits", written(&picture(40, 40, [1, 2, 3]).to_luma16().into(), ImageFormat::Png)),
            ("JPEG", jpeg(40, 60)),
            ("GIF", gif(1)),
            ("WebP", written(&picture(40, 40, [255, 0, 0]), ImageFormat::WebP)),
        ] {
            let reply = send(&world.ben, AVATAR, &file).await;
            assert_eq!(reply.status, 200, "{name}: {}", reply.text);
            assert_eq!(shown(&world.ben.get(AVATAR).await).dimensions(), (512, 512), "{name}");
        }
    }
);

on_each_database!(
    async fn every_way_to_upload_leads_to_the_same(world: World) {
        for (method, path, part) in [
            (Method::POST, "/api/organizations/acme/upload-avatar", "avatar"),
            (Method::POST, "/orgs/acme/upload-avatar", "logo"),
            (Method::PUT, AVATAR, "file"),
        ] {
            world.ada.delete(AVATAR).await.expect(204);
            let call = world.ada.call(method, path).body(FORM, &form(&[(part, &png(16, 16))]));
            let reply = call.send().await;
            assert!(path_of(&world, &reply).starts_with("/api/v1/organizations/"), "{path}");
            if path.contains("upload") {
                assert!(reply.header("link").contains("/api/v1/organizations/acme/avatar"), "{:?}", reply.headers);
            }
        }
        let stale = world.ada.call(Method::PUT, AVATAR).header("if-match", "\"1-x\"");
        let stale = stale.body(FORM, &form(&[("file", &png(20, 20))])).send().await;
        assert_eq!(stale.refusal(), (412, "precondition_failed"));
        let camel = world.ada.call(Method::POST, &format!("{AVATAR}?case=camel&envelope=true"));
        let camel = camel.body(FORM, &form(&[("file", &png(24, 24))])).send().await;
        assert!(camel.expect(200)["data"]["iconUrl"].is_string());

        // The same request once more, and the same picture once more.
        let once = |key: &str| world.ada.call(Method::POST, AVATAR).header("idempotency-key", key);
        let body = form(&[("file", &png(2000, 1000))]);
        let first = once("k1").body(FORM, &body).send().await;
        let second = once("k1").body(FORM, &body).send().await;
        assert_eq!((first.expect(200), second.header("idempotency-replayed")), (&second.body, "true"));
        let events = world.changes("org.avatar_changed").await.len();
        send(&world.ada, AVATAR, &png(2000, 1000)).await.expect(200);
        assert_eq!(world.changes("org.avatar_changed").await.len(), events);
    }
);

on_each_database!(
    async fn a_picture_is_taken_away(world: World) {
        let path = path_of(&world, &send(&world.ben, AVATAR, &png(16, 16)).await);
        world.ben.delete(AVATAR).await.expect(204);

        assert_eq!(world.vi.get(AVATAR).await.header("content-type"), "image/svg+xml");
        assert_eq!(world.vi.get(&path).await.refusal(), (404, "not_found"));
        let org = world.vi.get("/organizations/acme").await;
        assert_eq!(org.body["avatar_url"], Value::Null);
        assert!(org.body["icon_url"].as_str().is_some_and(|url| url.ends_with("/avatar")));
        assert!(kept(&world).is_empty());
        world.ben.delete(AVATAR).await.expect(204);
        assert_eq!(world.changes("org.avatar_changed").await.len(), 2);
        // One that is somewhere else as well.
        let elsewhere = json!({ "avatar_url": "https://e.test/a.png" });
        world.ben.patch("/organizations/acme", elsewhere).await.expect(200);
        world.ben.delete(AVATAR).await.expect(204);
        assert_eq!(world.ben.get("/organizations/acme").await.body["avatar_url"], Value::Null);
    }
);

on_each_database!(
    async fn a_picture_is_seen_and_changed_by_those_who_may(world: World) {
        let path = path_of(&world, &send(&world.ben, AVATAR, &png(16, 16)).await);
        let reader = world.bearer(&world.ada, &["org:read"]).await;
        for (person, status, code) in [
            (&world.anon, 401, "unauthenticated"),
            (&world.dot, 404, "organization_not_found"),
            (&world.vi, 403, "permission_denied"),
            (&world.cy, 403, "permission_denied"),
            (&world.bil, 403, "permission_denied"),
            (&reader, 403, "insufficient_scope"),
        ] {
            // Nobody of them learns what is wrong with the file.
            assert_eq!(send(person, AVATAR, b"no picture").await.refusal(), (status, code));
            assert_eq!(person.delete(AVATAR).await.refusal(), (status, code));
        }
        for person in [&world.anon, &world.dot] {
            assert_eq!(person.get(AVATAR).await.refusal(), (404, "organization_not_found"));
            person.get(&path).await.expect(200);
        }
        let digest = path.rsplit('/').next().expect("a digest");
        for wrong in [
            format!("/organizations/acme/avatar/{digest}"),
            format!("/organizations/{}/avatar/{digest}", world.dot.id),
            path.replace(digest, &"0".repeat(64)),
            path.replace(digest, "%00"),
            path.replace(digest, &digest.to_uppercase()),
        ] {
            assert_eq!(world.ada.get(&wrong).await.refusal(), (404, "not_found"), "{wrong}");
        }

        world.ada.patch("/organizations/acme", json!({ "visibility": "public" })).await.expect(200);
        let public = world.anon.get(AVATAR).await;
        assert_eq!((public.status, public.header("cache-control")), (200, "public, max-age=300"));
        let status = "/admin/organizations/acme/status";
        world.pat.post(status, json!({ "status": "suspended", "status_reason": "Late" })).await.expect(200);
        assert_eq!(send(&world.ben, AVATAR, &png(20, 20)).await.refusal(), (403, "organization_suspended"));
        assert_eq!(world.anon.get(AVATAR).await.refusal(), (404, "organization_not_found"));
        world.anon.get(&path).await.expect(200);
        world.pat.post(status, json!({ "status": "banned", "status_reason": "Spam" })).await.expect(200);
        assert_eq!(world.anon.get(&path).await.refusal(), (404, "not_found"));
    }
);
