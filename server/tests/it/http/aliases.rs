//! Older names of routes say what they are called now.

use crate::support::{Reply, World};
use serde_json::json;

fn canonical(reply: &Reply) -> Option<String> {
    let link = reply.headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    let canonical = link.filter_map(|link| link.strip_suffix(">; rel=\"canonical\"")?.strip_prefix('<')).next();
    assert_eq!(reply.header("deprecation").is_empty(), canonical.is_none(), "{:?}", reply.headers);
    canonical.map(str::to_owned)
}

on_each_database!(
    async fn an_older_name_leads_to_the_present_one(world: World) {
        let ben = format!("/organizations/acme/members/{}", world.ben.id);
        let invited = world.invited(&world.ada, json!({ "email": "eve@x.test" })).await.id;
        for (path, present) in [
            ("/api/organizations/acme", Some("/api/v1/organizations/acme")),
            ("/api/v1/orgs/acme/members?limit=1", Some("/api/v1/organizations/acme/members")),
            ("/api/orgs", Some("/api/v1/organizations")),
            ("/organizations/industries", Some("/api/v1/organizations/industry-choices")),
            ("/organizations/industry-choices", None),
            ("/organizations/acme", None),
            ("/organizations", None),
            ("/users/@me", None),
        ] {
            let reply = world.ada.get(path).await;
            reply.expect(200);
            assert_eq!(canonical(&reply).as_deref(), present, "{path}");
        }
        assert!(world.ada.get("/api/orgs").await.header("deprecation").starts_with('@'));
        // What is refused or not there is named as well.
        assert_eq!(canonical(&world.anon.get("/api/users/@me").await).as_deref(), Some("/api/v1/users/@me"));
        let role = world.ada.patch(&format!("{ben}/role"), json!({ "role": "viewer" })).await;
        assert_eq!(canonical(&role), Some(format!("/api/v1{ben}")));
        role.expect(200);
        let cancelled = world.ada.post_nothing(&format!("/orgs/acme/invitations/{invited}/cancel")).await;
        assert_eq!(canonical(&cancelled), Some(format!("/api/v1/organizations/acme/invitations/{invited}")));
        let accepted = world.anon.post("/organizations/invite/xyz/accept", json!({})).await;
        assert_eq!(canonical(&accepted).as_deref(), Some("/api/v1/invitations/xyz/accept"));
        assert_eq!(accepted.refusal(), (404, "invitation_not_found"));
        let transfer = world.cy.post("/organizations/acme/transfer", json!({})).await;
        assert_eq!(canonical(&transfer).as_deref(), Some("/api/v1/organizations/acme/transfer-ownership"));
        let invite = world.ada.post("/organizations/acme/invite", json!({ "email": "eve@x.test" })).await;
        assert_eq!(canonical(&invite).as_deref(), Some("/api/v1/organizations/acme/invitations"));
        invite.expect(200);
    }
);
