//! What an invitation gives: roles of either kind, teams and workspaces (api.md 4.5.4, security.md I11).

use crate::support::World;
use crate::support::person::Person;
use crate::support::world::PASSWORD;
use serde_json::{Value, json};

const INVITATIONS: &str = "/organizations/acme/invitations";

fn member(person: &Person) -> String {
    format!("/organizations/acme/members/{}", person.id)
}

/// One text of every entry of a list.
fn texts<'v>(list: &'v Value, name: &str) -> Vec<&'v str> {
    list.as_array().expect("a list").iter().map(|entry| entry[name].as_str().expect(name)).collect()
}

async fn text(world: &World, path: &str, name: &str) -> String {
    world.ada.get(path).await.expect(200)[name].as_str().expect(name).to_owned()
}

/// Cy may invite, beside what a member may.
async fn with_a_greeter(world: &World) {
    world.role("greeter", &["invite:write"]).await;
    world.ada.patch(&member(&world.cy), json!({ "roles": ["member", "greeter"] })).await.expect(200);
}

on_each_database!(
    async fn eve_is_given_what_she_was_offered(world: World) {
        let auditor = world.role("auditor", &["audit:read"]).await;
        let (core, site) = (world.team("Core").await, world.workspace("Site").await);
        world.team("Ui").await;
        world.workspace("Lab").await;
        let team_id = text(&world, &core, "id").await;
        let site_id = text(&world, &site, "id").await;
        let new = json!({
            "email": "eve@x.test", "roles": ["viewer", auditor, "auditor"],
            "teams": ["UI", team_id, "core"], "workspaces": [site_id, "lab", "site"],
        });

        let invited = world.invited(&world.ben, new).await;

        let one = format!("{INVITATIONS}/{}", invited.id);
        for shown in [
            world.ben.get(&one).await.expect(200).clone(),
            world.ben.get(INVITATIONS).await.expect(200)["data"][0].clone(),
            world.ben.get(&format!("{INVITATIONS}?role=auditor")).await.expect(200)["data"][0].clone(),
            world.ben.get(&format!("{INVITATIONS}?role={auditor}")).await.expect(200)["data"][0].clone(),
        ] {
            assert_eq!(shown["role"], "viewer");
            assert_eq!(texts(&shown["roles"], "key"), ["viewer", "auditor"]);
            assert_eq!(shown["teams"][0], json!({ "id": team_id, "slug": "core", "name": "Core" }));
            assert_eq!(texts(&shown["teams"], "slug"), ["core", "ui"]);
            assert_eq!(texts(&shown["workspaces"], "slug"), ["lab", "site"]);
        }
        let none = world.ben.get(&format!("{INVITATIONS}?role=admin")).await;
        assert!(none.column("email").is_empty());
        let created = world.changes("invitation.created").await.pop().expect("an event");
        assert_eq!(created[2], json!({ "field": "teams", "from": [], "to": ["core", "ui"] }));

        let eve = world.anon.called("eve@x.test");
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let membership = eve.post(&accept, json!({ "password": PASSWORD })).await.expect(200)["membership"].clone();
        assert_eq!(texts(&membership["roles"], "key"), ["viewer", "auditor"]);
        assert_eq!(texts(&membership["teams"], "slug"), ["core", "ui"]);
        assert_eq!(texts(&membership["teams"], "role"), ["member", "member"]);
        assert_eq!(texts(&membership["workspaces"], "slug"), ["lab", "site"]);
        eve.get("/organizations/acme/audit-log").await.expect(200);
        for path in [core.as_str(), &site, "/organizations/acme/roles/auditor"] {
            assert_eq!(world.ada.get(path).await.expect(200)["member_count"], 1, "{path}");
        }
        let joined = world.changes("member.joined").await.pop().expect("an event");
        assert_eq!(joined[1], json!({ "field": "roles", "from": [], "to": ["auditor"] }));
        assert_eq!(world.count("audit_events where action = 'team_member.added'").await, 2);
        let moved = world.changes("member.workspaces_changed").await;
        assert_eq!(moved, [json!([{ "field": "workspaces", "from": [], "to": ["lab", "site"] }])]);
    }
);

on_each_database!(
    async fn a_role_by_itself_comes_beside_the_usual_one(world: World) {
        let auditor = world.role("auditor", &["audit:read"]).await;
        world.ada.patch("/organizations/acme", json!({ "settings": { "default_role": "viewer" } })).await.expect(200);

        for (number, role) in [json!("auditor"), json!(auditor), json!(auditor.to_string())].iter().enumerate() {
            let new = json!({ "email": format!("e{number}@x.test"), "role": role });
            let reply = world.ben.post(INVITATIONS, new).await;
            assert_eq!(texts(&reply.expect(201)["roles"], "key"), ["viewer", "auditor"], "{role}");
        }
        let several = world.ben.post(INVITATIONS, json!({ "email": "e@x.test", "roles": ["auditor"] })).await;
        assert_eq!(texts(&several.expect(201)["roles"], "key"), ["viewer", "auditor"]);
    }
);

on_each_database!(
    async fn what_is_gone_by_then_is_not_given(world: World) {
        world.role("helper", &["invite:read"]).await;
        world.role("deputy", &["invite:write"]).await;
        let (core, site) = (world.team("Core").await, world.workspace("Site").await);
        world.team("Ui").await;
        let new = json!({
            "email": "dot@elsewhere.test", "roles": ["member", "helper"],
            "teams": ["core", "ui"], "workspaces": ["site"],
        });
        let invited = world.invited(&world.ben, new).await;

        let own = world.dot.get("/users/@me/invitations").await.expect(200)["data"][0].clone();
        assert_eq!(
            (texts(&own["roles"], "key"), texts(&own["teams"], "slug")),
            (vec!["member", "helper"], vec!["core", "ui"])
        );
        world.ben.delete(&core).await.expect(204);
        world.ben.delete(&site).await.expect(204);
        assert_eq!(world.ben.delete("/organizations/acme/roles/helper").await.refusal(), (409, "role_in_use"));
        world.ben.delete("/organizations/acme/roles/helper?reassign_to=deputy").await.expect(204);
        let left = world.ben.get(&format!("{INVITATIONS}/{}", invited.id)).await;
        assert_eq!((&left.expect(200)["version"], &left.body["workspaces"]), (&json!(2), &json!([])));

        let accepted = world.dot.post(&format!("/invitations/{}/accept", invited.mailed), json!({})).await;

        let membership = &accepted.expect(200)["membership"];
        assert_eq!(texts(&membership["roles"], "key"), ["member", "deputy"]);
        assert_eq!(texts(&membership["teams"], "slug"), ["ui"]);
        assert_eq!(membership["workspaces"], json!([]));
    }
);

on_each_database!(
    async fn a_member_keeps_what_she_has(world: World) {
        world.role("helper", &["invite:read"]).await;
        let core = world.team("Core").await;
        let new = json!({ "email": "dot@elsewhere.test", "roles": ["admin", "helper"], "teams": ["core"] });
        let invited = world.invited(&world.ada, new).await;
        let admitted = json!({ "user_id": world.dot.id, "role": "viewer" });
        world.pat.post("/admin/organizations/acme/members", admitted).await.expect(201);

        let accepted = world.dot.post(&format!("/invitations/{}/accept", invited.mailed), json!({})).await;

        assert_eq!(accepted.expect(200)["already_member"], true);
        assert_eq!(texts(&accepted.body["membership"]["roles"], "key"), ["viewer"]);
        assert_eq!(world.ada.get(&core).await.expect(200)["member_count"], 0);
    }
);

on_each_database!(
    async fn things_of_another_organization_are_unknown(world: World) {
        world.dot.post("/organizations", json!({ "name": "Bolts" })).await.expect(201);
        let made = async |kind: &str, body: Value| {
            let reply = world.dot.post(&format!("/organizations/bolts/{kind}"), body).await;
            reply.expect(201)["id"].clone()
        };
        let team = made("teams", json!({ "name": "Core" })).await;
        let workspace = made("workspaces", json!({ "name": "Site" })).await;
        let role = made("roles", json!({ "key": "helper", "name": "Helper", "permissions": ["org:read"] })).await;
        let own = text(&world, &world.team("Ui").await, "id").await;
        let before = world.rows().await;

        let new = json!({
            "email": "eve@x.test", "roles": ["viewer", role], "teams": [own, team, "core"],
            "workspaces": ["site", workspace],
        });
        let refused = world.ada.post(INVITATIONS, new).await;
        assert_eq!(refused.refusal(), (422, "role_unknown"));
        assert_eq!(
            refused.errors(),
            [
                ("#/roles/1", "role_unknown"),
                ("#/teams/1", "team_unknown"),
                ("#/teams/2", "team_unknown"),
                ("#/workspaces/0", "workspace_unknown"),
                ("#/workspaces/1", "workspace_unknown"),
            ]
        );
        for body in [
            json!({ "email": "eve@x.test", "role": "helper" }),
            json!({ "email": "eve@x.test", "roles": ["helper"] }),
            json!({ "email": "eve@x.test", "role": role }),
        ] {
            assert_eq!(world.ada.post(INVITATIONS, body.clone()).await.refusal(), (422, "role_unknown"), "{body}");
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn nobody_offers_more_than_they_have(world: World) {
        with_a_greeter(&world).await;
        world.role("auditor", &["audit:read"]).await;
        world.role("narrow", &["invite:read"]).await;
        world.team("Core").await;
        let before = world.rows().await;

        for offer in
            [json!({ "role": "admin" }), json!({ "role": "auditor" }), json!({ "roles": ["viewer", "auditor"] })]
        {
            let mut new = offer.clone();
            new["email"] = json!("eve@x.test");
            assert_eq!(world.cy.post(INVITATIONS, new).await.refusal(), (403, "permission_escalation"), "{offer}");
        }
        assert_eq!(world.rows().await, before);
        let within = json!({ "email": "eve@x.test", "roles": ["member", "greeter", "narrow"], "teams": ["core"] });
        world.cy.post(INVITATIONS, within).await.expect(201);

        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);
        world.ada.patch(&member(&world.cy), json!({ "roles": ["member"] })).await.expect(200);
        for offer in [json!({ "teams": ["core"] }), json!({ "roles": ["member", "narrow"] })] {
            let mut new = offer.clone();
            new["email"] = json!("fay@x.test");
            assert_eq!(world.cy.post(INVITATIONS, new).await.refusal(), (403, "permission_escalation"), "{offer}");
        }
        world.cy.post(INVITATIONS, json!({ "email": "fay@x.test", "roles": [3] })).await.expect(201);
    }
);

on_each_database!(
    async fn what_a_sender_may_no_longer_offer_is_withdrawn(world: World) {
        with_a_greeter(&world).await;
        world.role("narrow", &["invite:read"]).await;
        let by_cy = world.invited(&world.cy, json!({ "email": "a@x.test", "roles": ["member", "narrow"] })).await;
        let plain = world.invited(&world.cy, json!({ "email": "b@x.test" })).await;
        let by_ada = world.invited(&world.ada, json!({ "email": "c@x.test", "roles": ["member", "narrow"] })).await;
        let by_pat = world.invited(&world.pat, json!({ "email": "d@x.test", "roles": ["member", "narrow"] })).await;
        let narrow = "/organizations/acme/roles/narrow";

        world.ada.patch(narrow, json!({ "permissions": ["invite:read", "wallet:read"] })).await.expect(200);

        let open = world.ada.get(&format!("{INVITATIONS}?sort=email")).await;
        assert_eq!(open.column("email"), ["b@x.test", "c@x.test", "d@x.test"], "more than Cy has herself");
        assert_eq!(
            world.anon.get(&format!("/invitations/{}", by_cy.mailed)).await.refusal(),
            (410, "invitation_revoked")
        );
        for invited in [&by_ada, &by_pat] {
            let accept = format!("/invitations/{}/accept", invited.mailed);
            let accepted = world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await;
            assert_eq!(texts(&accepted.expect(200)["membership"]["roles"], "key"), ["member", "narrow"]);
        }
        world.ada.patch("/organizations/acme", json!({ "settings": { "members_can_invite": true } })).await.expect(200);
        world.ada.patch(&member(&world.cy), json!({ "roles": ["member"] })).await.expect(200);
        let stands = world.ada.get(&format!("{INVITATIONS}/{}", plain.id)).await;
        assert_eq!(stands.expect(200)["status"], "pending", "any member may send this one");
        world.ada.patch(&member(&world.cy), json!({ "role": "viewer" })).await.expect(200);
        let stands = world.ada.get(&format!("{INVITATIONS}/{}", plain.id)).await;
        assert_eq!(stands.expect(200)["status"], "revoked");
    }
);

on_each_database!(
    async fn an_offer_is_judged_again_when_it_is_accepted(world: World) {
        with_a_greeter(&world).await;
        world.role("narrow", &["invite:read"]).await;
        let invited = world.invited(&world.cy, json!({ "email": "eve@x.test", "roles": ["member", "narrow"] })).await;
        let accept = format!("/invitations/{}/accept", invited.mailed);
        let set = |permissions: &str| format!("update roles set permissions = '{permissions}' where key = 'narrow'");
        world.database.execute(&set("invite:read wallet:read"), &[]).await;
        let before = world.rows().await;

        let refused = world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await;

        assert_eq!(refused.refusal(), (410, "invitation_revoked"));
        assert_eq!(world.rows().await, before);
        world.database.execute(&set("invite:read"), &[]).await;
        world.anon.fresh().post(&accept, json!({ "password": PASSWORD })).await.expect(200);
    }
);

on_each_database!(
    async fn a_team_that_goes_while_somebody_comes_breaks_nothing(world: World) {
        for round in 0..6 {
            let (team, site) = (world.team(&format!("T{round}")).await, world.workspace(&format!("W{round}")).await);
            let email = format!("e{round}@x.test");
            let new = json!({ "email": email, "teams": [format!("t{round}")], "workspaces": [format!("w{round}")] });
            let invited = world.invited(&world.ben, new).await;
            let (eve, accept) = (world.anon.fresh(), format!("/invitations/{}/accept", invited.mailed));
            let (deleted, gone, accepted) = tokio::join!(
                world.ben.delete(&team),
                world.ada.delete(&site),
                eve.post(&accept, json!({ "password": PASSWORD })),
            );
            deleted.expect(204);
            gone.expect(204);
            accepted.expect(200);
        }
    }
);

on_each_database!(
    async fn a_directory_invites_by_itself(world: World) {
        let managed = json!({ "managed_by": [{ "type": "scim", "id": "x" }] });
        world.pat.patch("/admin/organizations/acme", managed).await.expect(200);

        for (path, body) in [
            (INVITATIONS.to_owned(), json!({ "email": "eve@x.test" })),
            (format!("{INVITATIONS}/bulk"), json!({ "invitations": [{ "email": "eve@x.test" }] })),
        ] {
            assert_eq!(world.ada.post(&path, body).await.refusal(), (409, "managed_externally"));
        }
        assert_eq!(world.count("invitations where status = 'pending'").await, 0);
    }
);
