//! The document of the API, and the page to read it by.

use crate::support::World;
use reqwest::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Something in the place of every parameter.
fn filled(path: &str) -> String {
    let filled = path.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    filled.collect::<Vec<_>>().join("/")
}

/// A method that no route takes is refused with those that it takes: what the router knows, and what the document says.
async fn router_agrees(world: &World, path: &str, item: &Value) {
    let mut documented: BTreeSet<String> =
        item.as_object().expect("operations").keys().map(|method| method.to_uppercase()).collect();
    if documented.contains("GET") {
        documented.insert("HEAD".to_owned());
    }
    let path = filled(path);
    let twin = path.strip_prefix("/organizations").map(|rest| format!("/api/v1/orgs{rest}"));
    for place in [Some(format!("/api/v1{path}")), Some(format!("/api{path}")), twin].into_iter().flatten() {
        let reply = world.anon.call(Method::TRACE, &place).send().await;
        assert_eq!(reply.refusal(), (405, "method_not_allowed"), "{place}");
        let taken: BTreeSet<String> = reply.header("allow").split(',').map(|method| method.trim().to_owned()).collect();
        assert_eq!(taken, documented, "{place}");
    }
}

on_each_database!(
    async fn the_document_says_what_the_router_does(world: World) {
        let reply = world.anon.get("/openapi.json").await;
        let document = reply.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().expect("paths");
        assert!(paths.len() > 70, "{}", paths.len());
        for (path, item) in paths {
            router_agrees(&world, path, item).await;
        }
    }
);

on_each_database!(
    async fn the_document_is_the_same_for_everybody(world: World) {
        let first = world.anon.get("/openapi.json").await;
        first.expect(200);
        assert_eq!(first.header("content-type"), "application/json");
        assert!(first.header("cache-control").starts_with("public"));
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        for path in ["/api/openapi.json", "/openapi.json?case=camel&envelope=true"] {
            let other = world.ada.get(path).await;
            assert_eq!((other.text == first.text, other.header("etag")), (true, tag.as_str()), "{path}");
        }
        let known = world.ada.call(Method::GET, "/openapi.json").header("if-none-match", &tag).send().await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        assert_eq!(world.ada.get("/openapi.json?x=1").await.refusal(), (400, "unknown_parameter"));
        assert_eq!(&serde_json::from_str::<Value>(&first.text).expect("JSON"), server::api::document());
    }
);

on_each_database!(
    async fn the_page_to_read_it_by_has_all_it_needs(world: World) {
        assert_eq!(world.anon.get("/api/docs").await.header("location"), "/api/docs/");
        let page = world.anon.get("/api/docs/").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html"));
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let links = page.text.split(['"', '\'']).filter(|text| text.ends_with(".js") || text.ends_with(".css"));
        let links: BTreeSet<&str> = links.collect();
        assert!(links.len() >= 3, "{links:?}");
        for link in links {
            let name = link.strip_prefix("./").unwrap_or(link);
            let file = world.anon.get(&format!("/api/docs/{name}")).await;
            assert_eq!((file.status, file.text.is_empty()), (200, false), "{name}");
        }
        let start = world.anon.get("/api/docs/swagger-initializer.js").await.text;
        assert!(start.contains("/api/v1/openapi.json"), "{start}");
        assert!(!page.text.contains("<script>") && !page.text.contains("//"), "{}", page.text);
        assert_eq!(world.anon.get("/api/docs/nope.js").await.status, 404);
    }
);
