//! Web addresses, and paths to go to.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;

const INVALID: [&str; 17] = [
    "",
    "x",
    "e.test",
    "/x",
    "http://",
    "http:e.test",
    "://e.test",
    "http://..",
    "http://e..test",
    "http://e test",
    "https://e.test:99999",
    "https://e.test:0/",
    "HTTPS:e.test",
    "https://[::1",
    "https://e.test\\@f.test",
    "https://e.test/\0",
    "https://e%00.test",
];

const OTHER_SCHEMES: [&str; 10] = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html;base64,PHN2Zz4=",
    "vbscript:x",
    "ftp://e.test/",
    "mailto:a@x.test",
    "ws://e.test",
    "about:blank",
    "intent://x",
    "ldap://e.test",
];

const ELSEWHERE: [&str; 19] = [
    "//evil.test",
    "////evil.test",
    "\\\\evil.test",
    "/a/../\\evil.test",
    "/%2f%2fevil.test",
    "https://evil.test",
    "https:/evil.test",
    "https://good.test@evil.test",
    "//good.test@evil.test",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "blob:https://x",
    "/\n/evil.test",
    "/ /evil.test",
    "@evil.test",
    "#",
    "/api/v1/logout",
    "\u{ff0f}\u{ff0f}evil.test",
    "",
];

/// For a field that takes these schemes.
fn groups(schemes: &[&str]) -> Vec<Group> {
    let foreign = |url: &str| url.starts_with("http:") && !schemes.contains(&"http");
    let (scheme, invalid): (Vec<&str>, Vec<&str>) = INVALID.iter().partition(|url| foreign(url));
    vec![
        group("url_invalid", &invalid).and_long("https://e.test/", "a", 2040, ""),
        group("url_scheme", &OTHER_SCHEMES),
        group("url_scheme", &scheme),
        group("url_credentials", &["https://a@e.test", "https://:@e.test", "https://a:b@e.test/"]),
        no_texts(),
    ]
}

on_each_database!(
    async fn of_websites(world: World) {
        Field::founding(&world, "website").refuses(&world, &groups(&["http", "https"])).await;
        Field::changing(&world, "website").refuses(&world, &groups(&["http", "https"])).await;
    }
);

on_each_database!(
    async fn of_pictures(world: World) {
        for name in ["avatar_url", "logo", "logo_url", "avatarUrl"] {
            let metadata = group("url_scheme", &["http://169.254.169.254/", "http://e.test/a.png"]);
            // The error names the field as it was sent or by its own name.
            let before = world.rows().await;
            let mut groups = groups(&["https"]);
            groups.push(metadata);
            for group in groups {
                for value in &group.values {
                    for field in [Field::founding(&world, name), Field::changing(&world, name)] {
                        assert_eq!(field.send(value).await.refusal(), (422, group.code), "{name} {value}");
                    }
                }
            }
            assert_eq!(world.rows().await, before);
        }
    }
);

on_each_database!(
    async fn of_places_to_go_to(world: World) {
        let groups = [group("redirect_invalid", &ELSEWHERE), no_texts()];
        Field::inviting(&world, "redirect_to").refuses(&world, &groups).await;
    }
);
