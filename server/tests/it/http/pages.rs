//! Lists by page number and by cursor, and the links that lead on.

use crate::support::{Reply, World};
use serde_json::json;

const INVITATIONS: &str = "/organizations/acme/invitations";

/// The path of the page in this relation, from `Link`.
fn linked(reply: &Reply, relation: &str) -> Option<String> {
    let links = reply.header("link").split(", ").filter_map(|link| link.split_once("; rel="));
    let mut found = links.filter(|(_, rel)| *rel == format!("\"{relation}\""));
    let target = found.next()?.0.trim_start_matches('<').trim_end_matches('>');
    Some(target[target.find("/api/").expect("a path of the API")..].to_owned())
}

/// The addresses in the whole list, by following the links.
async fn walk(world: &World, first: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let reply = world.ada.get(&path).await;
        found.extend(reply.column("email").into_iter().map(str::to_owned));
        next = linked(&reply, "next");
        assert!(found.len() <= 100, "{path} leads on for ever");
    }
    found
}

on_each_database!(
    async fn pages_hold_what_a_walk_by_cursor_finds(world: World) {
        let mut all = Vec::new();
        for number in 0..7 {
            let email = format!("e{number}@x.test");
            world.ben.post(INVITATIONS, json!({ "email": email })).await.expect(201);
            all.insert(0, email);
        }

        for (by_cursor, by_page) in [
            ("?limit=3", "?per_page=3"),
            ("?limit=1&sort=email", "?page=1&per_page=1&sort=email"),
            ("?limit=7&search=x.test", "?per_page=7&search=x.test"),
        ] {
            let cursors = walk(&world, &format!("{INVITATIONS}{by_cursor}")).await;
            let pages = walk(&world, &format!("{INVITATIONS}{by_page}")).await;
            assert_eq!(pages, cursors, "{by_page}");
            assert_eq!(pages.len(), 7, "{by_page}");
        }
        assert_eq!(walk(&world, &format!("{INVITATIONS}?limit=2")).await, all);
    }
);

on_each_database!(
    async fn every_page_knows_its_neighbours(world: World) {
        for number in 0..5 {
            world.ben.post(INVITATIONS, json!({ "email": format!("e{number}@x.test") })).await.expect(201);
        }
        let page = |number: u32| format!("/api/v1{INVITATIONS}?search=x.test&per_page=2&page={number}");

        let middle = world.ada.get(&format!("{INVITATIONS}?page=2&search=x.test&per_page=2&envelope=true")).await;

        assert_eq!(middle.header("x-total-count"), "5");
        let with = |path: String| path.replace("&page=", "&envelope=true&page=");
        for (relation, number) in [("next", 3), ("prev", 1), ("first", 1), ("last", 3)] {
            assert_eq!(linked(&middle, relation), Some(with(page(number))), "{relation}");
        }
        let last = world.ada.get(&page(3)).await;
        assert_eq!((linked(&last, "next"), linked(&last, "prev")), (None, Some(page(2))));
        let first = world.ada.get(&format!("{INVITATIONS}?limit=2")).await;
        assert_eq!((linked(&first, "prev"), linked(&first, "last")), (None, None));
        assert_eq!(linked(&first, "first"), Some(format!("/api/v1{INVITATIONS}?limit=2")));
        assert_eq!(first.header("x-total-count"), "");
        let second = world.ada.get(&linked(&first, "next").expect("more")).await;
        let back = world.ada.get(&linked(&second, "prev").expect("fewer")).await;
        assert_eq!(back.column("email"), first.column("email"));
    }
);
