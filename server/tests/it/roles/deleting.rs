//! Deleting roles that somebody holds.

use crate::support::World;
use crate::support::person::Person;
use serde_json::json;

const HELPER: &str = "/organizations/acme/roles/helper";

fn path(person: &Person) -> String {
    format!("/organizations/acme/members/{}", person.id)
}

async fn role_keys(world: &World, person: &Person) -> Vec<String> {
    let member = world.ada.get(&path(person)).await;
    let roles = member.expect(200)["roles"].as_array().expect("roles").clone();
    roles.iter().filter_map(|role| role["key"].as_str().map(str::to_owned)).collect()
}

/// Cy and Vi hold `helper`; an invitation offers it.
async fn with_helpers(world: &World) {
    let id = world.role("helper", &["invite:write"]).await;
    for (person, role) in [(&world.cy, "member"), (&world.vi, "viewer")] {
        world.ada.patch(&path(person), json!({ "roles": [role, "helper"] })).await.expect(200);
    }
    world
        .ada
        .post("/organizations/acme/invitations", json!({ "email": "eve@x.test", "role": "viewer" }))
        .await
        .expect(201);
    let offered = format!(
        "insert into invitation_roles (invitation_id, role_id)
         select id, {id} from invitations where email = 'eve@x.test'"
    );
    world.database.execute(&offered, &[]).await;
}

on_each_database!(
    async fn a_role_in_use_stays_until_another_takes_its_place(world: World) {
        with_helpers(&world).await;
        let deputy = world.role("deputy", &["invite:read"]).await;
        world.ada.patch(&path(&world.vi), json!({ "roles": ["viewer", "helper", "deputy"] })).await.expect(200);
        world
            .cy
            .post("/organizations/acme/invitations", json!({ "email": "eva@x.test", "role": "viewer" }))
            .await
            .expect(201);

        let refused = world.ben.delete(HELPER).await;
        assert_eq!(refused.refusal(), (409, "role_in_use"));
        assert_eq!((&refused.body["member_count"], &refused.body["invitation_count"]), (&json!(2), &json!(1)));
        for heir in ["helper", "nobody", "999", ""] {
            let reply = world.ben.delete(&format!("{HELPER}?reassign_to={heir}")).await;
            assert_eq!(reply.refusal(), (422, "role_unknown"), "{heir}");
        }
        assert_eq!(world.ben.delete(&format!("{HELPER}?heir=deputy")).await.refusal(), (400, "unknown_parameter"));
        world.ben.delete(&format!("{HELPER}?reassign_to={deputy}")).await.expect(204);

        assert_eq!(world.ada.get(HELPER).await.refusal(), (404, "role_not_found"));
        assert_eq!(role_keys(&world, &world.cy).await, ["member", "deputy"]);
        assert_eq!(role_keys(&world, &world.vi).await, ["viewer", "deputy"]);
        assert_eq!(world.ada.get("/organizations/acme/roles/deputy").await.expect(200)["member_count"], 2);
        assert_eq!(world.ada.get(&path(&world.cy)).await.expect(200)["version"], 3);
        assert_eq!(world.count(&format!("invitation_roles where role_id = {deputy}")).await, 1);
        let withdrawn = world.ada.get("/organizations/acme/invitations?status=revoked").await;
        assert_eq!(withdrawn.column("email"), ["eva@x.test"], "Cy may not invite any more");
        let log = world.database.texts("select changes from audit_events where action = 'role.deleted'").await;
        assert!(log[0].contains("deputy"), "{log:?}");
    }
);

on_each_database!(
    async fn a_system_role_raises_those_below_it(world: World) {
        with_helpers(&world).await;
        world.ada.patch(&path(&world.ben), json!({ "roles": ["admin", "helper"] })).await.expect(200);

        let owner = world.ada.delete(&format!("{HELPER}?reassign_to=owner")).await;
        assert_eq!(owner.refusal(), (409, "owner_protected"));
        world.ada.delete(&format!("{HELPER}?reassign_to=billing")).await.expect(204);

        for (person, role) in [(&world.cy, "billing"), (&world.vi, "billing"), (&world.ben, "admin")] {
            assert_eq!(role_keys(&world, person).await, [role]);
        }
        let eve = world.ada.get("/organizations/acme/invitations?search=eve").await;
        assert_eq!(eve.expect(200)["data"][0]["role"], "billing");
        let billing = world.ada.get("/organizations/acme/roles/billing").await;
        assert_eq!(billing.expect(200)["member_count"], 3);
    }
);

on_each_database!(
    async fn roles_are_counted_as_people_come_and_go(world: World) {
        with_helpers(&world).await;
        let count = async |role: &str| {
            let reply = world.ada.get(&format!("/organizations/acme/roles/{role}")).await;
            reply.expect(200)["member_count"].as_i64().expect("a number")
        };
        assert_eq!((count("member").await, count("helper").await), (1, 2));

        world.ada.post("/organizations/acme/invitations", json!({ "email": "dot@elsewhere.test" })).await.expect(201);
        let token = world.last_token("dot@elsewhere.test").await;
        world.dot.post(&format!("/invitations/{token}/accept"), json!({})).await.expect(200);
        assert_eq!(count("member").await, 2);
        world.cy.post_nothing("/organizations/acme/leave").await.expect(204);
        assert_eq!((count("member").await, count("helper").await), (1, 1));
        world.ada.post(&format!("{}/suspend", path(&world.vi)), json!({})).await.expect(200);
        assert_eq!((count("viewer").await, count("helper").await), (1, 1));
        world.ada.delete(&path(&world.vi)).await.expect(204);
        assert_eq!((count("viewer").await, count("helper").await), (0, 0));
        assert_eq!(world.ben.delete(HELPER).await.refusal(), (409, "role_in_use"), "an invitation still offers it");
        let heir = json!({ "new_owner_uid": world.ben.id, "previous_owner_role": "viewer" });
        world.ada.post("/organizations/acme/transfer-ownership", heir).await.expect(200);
        let roles = world.ben.get("/organizations/acme/roles?system=true").await;
        let counts: Vec<_> = roles.expect(200)["data"]
            .as_array()
            .expect("roles")
            .iter()
            .map(|role| role["member_count"].clone())
            .collect();
        assert_eq!(counts, [json!(1), json!(0), json!(1), json!(1), json!(1)]);
        // A viewer's invitations do not stand.
        world.ben.delete(HELPER).await.expect(204);
    }
);
