//! Cursors that no list has given out, or that it has given out for something else.

use super::{MEMBERS, lists, refuse};
use crate::support::World;
use crate::support::operations::{Operation, parameter};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How many bytes at the end of a cursor sign the others.
const SIGNATURE: usize = 16;

/// What never was one.
const FIXED: [&str; 19] = [
    "x",
    "%20",
    "null",
    "0",
    "-1",
    "true",
    "{}",
    "'",
    "../..",
    "%ff",
    "%F0%9F%98%80",
    "YQ",
    "YQ=",
    "e30=",
    "W10",
    "eyJpZCI6IjEifQ==",
    "eyJ2IjoxfQ",
    "eyJ2IjoyfQ",
    "%00",
];

fn read(cursor: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(cursor).expect("base64url")
}

/// With one bit of this byte turned over.
fn flipped(cursor: &str, at: usize) -> String {
    let mut bytes = read(cursor);
    bytes[at] ^= 2;
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the one says, as the other is signed.
fn signed_as(cursor: &str, other: &str) -> String {
    let (said, signed) = (read(cursor), read(other));
    let ends = |bytes: &[u8]| bytes.len() - SIGNATURE;
    URL_SAFE_NO_PAD.encode([&said[..ends(&said)], &signed[ends(&signed)..]].concat())
}

/// Where the list goes on.
async fn next(list: &Operation, query: &str) -> String {
    let page = list.by.get(&format!("{}?{query}", list.path)).await;
    let cursor = page.expect(200)["next_cursor"].as_str();
    cursor.unwrap_or_else(|| panic!("{}?{query} does not go on: {}", list.path, page.text)).to_owned()
}

on_each_database!(
    async fn a_cursor_is_what_was_given_out_or_nothing(world: World) {
        let (first, second) = (format!("{MEMBERS}?limit=1"), format!("{MEMBERS}?limit=2"));
        let [good, other] = [world.ada.get(&first).await, world.ada.get(&second).await]
            .map(|page| page.expect(200)["next_cursor"].as_str().expect("more").to_owned());
        let standard = good.replace('-', "%2B").replace('_', "%2F") + "%3D";
        let bytes = read(&good);
        let (said, signature) = bytes.split_at(bytes.len() - SIGNATURE);
        let later = String::from_utf8_lossy(said).replace("\"v\":1", "\"v\":2");
        assert_ne!(later.as_bytes(), said, "the version is looked for in vain");

        // Each byte of it: the version, the key, the id, the direction, the signature.
        let mut bad: Vec<String> = (0..bytes.len()).map(|at| flipped(&good, at)).collect();
        bad.extend([
            URL_SAFE_NO_PAD.encode([later.as_bytes(), signature].concat()),
            URL_SAFE_NO_PAD.encode([said, &[0; SIGNATURE]].concat()),
            URL_SAFE_NO_PAD.encode(said),
            URL_SAFE_NO_PAD.encode(signature),
            signed_as(&good, &other),
            signed_as(&other, &good),
            format!("{good}A"),
            format!("{good}=="),
            format!("%20{good}"),
            format!("{good}{good}"),
            good[1..].to_owned(),
            good[..good.len() - 1].to_owned(),
            good[..good.len() / 2].to_owned(),
            standard,
            "A".repeat(8000),
        ]);
        bad.extend(FIXED.map(str::to_owned));
        for cursor in bad {
            refuse(&world.ada, MEMBERS, &format!("cursor={cursor}"), "invalid_cursor").await;
        }
        refuse(&world.ada, MEMBERS, &format!("cursor={good}&cursor={good}"), "invalid_parameter").await;
        for cursor in [good, other] {
            world.ada.get(&format!("{MEMBERS}?cursor={cursor}&limit=7")).await.expect(200);
        }
    }
);

/// Sees to it that every list has two entries.
async fn furnish(world: &World) {
    let acme = "/organizations/acme";
    world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
    for slug in ["cogs", "nuts"] {
        world.dot.post("/organizations", json!({ "name": slug, "slug": slug })).await.expect(201);
        let invitation = json!({ "email": world.ada.email });
        world.dot.post(&format!("/organizations/{slug}/invitations"), invitation).await.expect(201);
    }
    world.invited(&world.ben, json!({ "email": "zoe@x.test" })).await;
    let token = json!({ "name": "Backups", "scopes": ["org:read"] });
    for list in ["/users/@me/tokens".to_owned(), format!("{acme}/tokens")] {
        world.ada.post(&list, token.clone()).await.expect(201);
    }
    let credit = json!({ "amount": 200, "reason": "Paid again" });
    world.pat.post(&format!("/admin{acme}/credit"), credit).await.expect(200);
    world.team("Axles").await;
    world.workspace("South").await;
    for person in [&world.ben, &world.cy] {
        world.put_into(&format!("{acme}/teams/wheels"), person, "member").await;
        let place = format!("{acme}/workspaces/north/members/{}", person.id);
        world.ben.put(&place, json!({})).await.expect(204);
    }
    world.signed_in(&world.ada.email).await;
}

/// A filter that this list takes, if there is one, with something that it is not narrowed to by itself.
fn narrowing(told: &Value) -> Option<String> {
    let known = |name: &str, value: &str| parameter(told, name).map(|_| format!("{name}={value}"));
    let last_word = |name: &str| {
        let schema = &parameter(told, name)?["schema"];
        let words = schema["enum"].as_array().or(schema["items"]["enum"].as_array())?;
        Some(format!("{name}={}", words.last()?.as_str()?))
    };
    let words = || ["kind", "state", "status"].into_iter().find_map(last_word);
    known("search", "abc").or_else(|| known("system", "true")).or_else(words)
}

/// The first and the last order of this list, if it has several.
fn orders(told: &Value) -> Option<(&str, &str)> {
    let words = parameter(told, "sort")?["schema"]["enum"].as_array()?;
    Some((words.first()?.as_str()?, words.last()?.as_str()?))
}

on_each_database!(
    async fn every_list_takes_its_own_cursors_alone(world: World) {
        let lists = lists(&world).await;
        furnish(&world).await;
        // Older names are of the same lists.
        let lists: Vec<_> = lists.into_iter().filter(|list| list.told["deprecated"].is_null()).collect();
        let mut others = next(&lists[lists.len() - 1], "limit=1").await;
        for list in &lists {
            let good = next(list, "limit=1").await;
            list.by.get(&format!("{}?cursor={good}&limit=7", list.path)).await.expect(200);

            let last = read(&good).len() - 1;
            let mut bad = vec![flipped(&good, 0), flipped(&good, last / 2), flipped(&good, last)];
            bad.extend([good[1..].to_owned(), format!("{good}{good}"), signed_as(&good, &others), others]);
            bad.extend(narrowing(list.told).map(|filter| format!("{good}&{filter}")));
            if let Some((one, another)) = orders(list.told) {
                let of_one = next(list, &format!("limit=1&sort={one}")).await;
                bad.push(format!("{of_one}&sort={another}"));
            }
            for cursor in bad {
                refuse(&list.by, &list.path, &format!("cursor={cursor}"), "invalid_cursor").await;
            }
            if list.path == "/organizations" || list.path.starts_with("/users/@me/") {
                refuse(&world.ben, &list.path, &format!("cursor={good}"), "invalid_cursor").await;
            }
            others = good;
        }
    }
);

on_each_database!(
    async fn an_organization_s_list_takes_no_cursor_of_another_s(world: World) {
        world.ada.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let admission = json!({ "user_id": world.ben.id });
        world.pat.post("/admin/organizations/bolts/members", admission).await.expect(201);
        for list in ["members", "roles", "audit-log"] {
            let page = world.ada.get(&format!("/organizations/bolts/{list}?limit=1")).await;
            let cursor = page.expect(200)["next_cursor"].as_str().expect("more");
            world.ada.get(&format!("/organizations/bolts/{list}?cursor={cursor}")).await.expect(200);
            let acme = format!("/organizations/acme/{list}");
            refuse(&world.ada, &acme, &format!("cursor={cursor}"), "invalid_cursor").await;
        }
    }
);
