//! Looking at an organization.

use crate::support::World;
use serde_json::json;

const PUBLIC_VIEW: [&str; 15] = [
    "avatar_url",
    "bio",
    "country_code",
    "created_at",
    "description",
    "handle",
    "icon_url",
    "id",
    "industry",
    "member_count",
    "name",
    "slug",
    "verified",
    "visibility",
    "website",
];

on_each_database!(
    async fn members_find_it_by_id_and_by_slug_in_any_case(world: World) {
        let org = world.ada.get("/organizations/acme").await;
        let id = org.expect(200)["id"].as_str().expect("an id").to_owned();

        for reference in ["acme", "ACME", "Acme", &id, &id.to_uppercase()] {
            let found = world.cy.get(&format!("/organizations/{reference}")).await;
            assert_eq!(found.expect(200)["id"], id.as_str(), "{reference}");
        }
        for path in ["/orgs/acme", "/api/organizations/acme", "/api/orgs/acme"] {
            assert_eq!(world.cy.get(path).await.expect(200)["id"], id.as_str(), "{path}");
        }
    }
);

on_each_database!(
    async fn each_sees_the_role_and_the_permissions_they_have(world: World) {
        for (person, role, may) in [
            (&world.ada, "owner", 18),
            (&world.ben, "admin", 16),
            (&world.cy, "member", 5),
            (&world.bil, "billing", 3),
            (&world.vi, "viewer", 1),
        ] {
            let org = person.get("/organizations/acme").await;
            assert_eq!(org.expect(200)["current_user_role"], role);
            assert_eq!(
                org.body["current_user_permissions"].as_array().map(Vec::len),
                Some(may),
                "{role}: {}",
                org.text
            );
            assert_eq!(org.body["member_count"], 5);
            assert!(org.body["settings"].is_object());
        }
    }
);

on_each_database!(
    async fn a_private_one_does_not_exist_for_strangers(world: World) {
        let unknown = world.dot.get("/organizations/nothing-here").await;
        for person in [&world.dot, &world.anon] {
            for path in ["/organizations/acme", "/organizations/nothing-here", "/organizations/acme/avatar"] {
                let reply = person.get(path).await;
                assert_eq!(reply.refusal(), (404, "organization_not_found"), "{path}");
                assert_eq!(reply.text.len(), unknown.text.len(), "{path}");
            }
        }
        for path in ["members", "invitations", "members/@me"] {
            let reply = world.dot.get(&format!("/organizations/acme/{path}")).await;
            assert_eq!(reply.refusal(), (404, "organization_not_found"), "{path}");
        }
    }
);

on_each_database!(
    async fn a_public_one_shows_strangers_what_is_public(world: World) {
        world
            .ada
            .patch("/organizations/acme", json!({ "visibility": "public", "email": "in@acme.test" }))
            .await
            .expect(200);

        for person in [&world.dot, &world.anon] {
            let reply = person.get("/organizations/Acme").await;
            let mut fields: Vec<_> = reply.expect(200).as_object().expect("an object").keys().cloned().collect();
            fields.sort_unstable();
            assert_eq!(fields, PUBLIC_VIEW);
            person.get("/organizations/acme/avatar").await.expect(200);
        }
        assert_eq!(world.dot.get("/organizations/acme/members").await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.get("/organizations/acme/members").await.refusal(), (401, "unauthenticated"));
    }
);

on_each_database!(
    async fn a_picture_of_initials_is_there_for_members(world: World) {
        let reply = world.vi.get("/organizations/acme/avatar").await;

        reply.expect(200);
        assert_eq!(reply.header("content-type"), "image/svg+xml");
        assert_eq!(reply.header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(reply.text.contains(">AG<"), "{}", reply.text);
    }
);

on_each_database!(
    async fn a_suspended_member_is_a_stranger(world: World) {
        let program = world.bearer(&world.cy, &["org:read"]).await;
        world.database.execute("update memberships set status = 'suspended' where email = 'cy@acme.test'", &[]).await;
        world.database.execute("update organizations set member_count = 4", &[]).await;

        for person in [&world.cy, &program] {
            assert_eq!(person.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
            assert_eq!(person.get("/organizations/acme/members").await.refusal(), (404, "organization_not_found"));
        }
        assert!(world.cy.get("/organizations").await.column("slug").is_empty());
    }
);

on_each_database!(
    async fn an_inactive_organization_waits(world: World) {
        world.database.execute("update organizations set status = 'inactive'", &[]).await;

        world.cy.get("/organizations/acme").await.expect(200);
        let patched = world.ada.patch("/organizations/acme", json!({ "name": "x" })).await;
        assert_eq!(patched.refusal(), (409, "organization_inactive"));
        world.cy.post_nothing("/organizations/acme/leave").await.expect(204);
        world
            .ada
            .post("/organizations/acme/transfer-ownership", json!({ "new_owner_uid": world.ben.id }))
            .await
            .expect(200);
    }
);

on_each_database!(
    async fn one_that_is_being_deleted_is_left_to_its_owner(world: World) {
        world
            .database
            .execute("update organizations set status = 'pending_deletion', visibility = 'public'", &[])
            .await;

        world.ada.get("/organizations/acme").await.expect(200);
        assert_eq!(world.ada.get("/organizations").await.column("slug"), ["acme"]);
        for person in [&world.ben, &world.dot, &world.anon] {
            assert_eq!(person.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
        }
        assert!(world.ben.get("/organizations").await.column("slug").is_empty());
    }
);

on_each_database!(
    async fn an_old_slug_leads_to_the_present_one(world: World) {
        for sql in [
            "update organizations set slug = 'gears'",
            "update slugs set is_current = false where slug = 'acme'",
            "insert into slugs (slug, organization_id, is_current) select 'gears', id, true from organizations",
        ] {
            world.database.execute(sql, &[]).await;
        }

        let read = world.cy.get("/organizations/acme/members?limit=2").await;
        let written = world.ada.patch("/orgs/ACME", json!({ "bio": "new" })).await;

        assert_eq!((read.status, read.header("location")), (301, "/api/v1/organizations/gears/members?limit=2"));
        assert_eq!((written.status, written.header("location")), (308, "/api/v1/orgs/gears"));
        assert_eq!(world.dot.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
        assert_eq!(world.anon.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
        let taken = world.dot.post("/organizations", json!({ "name": "Acme", "slug": "acme" })).await;
        assert_eq!(taken.refusal(), (409, "slug_taken"));
    }
);

on_each_database!(
    async fn the_choices_of_industry_are_public(world: World) {
        for path in ["/organizations/industry-choices", "/organizations/industries"] {
            let choices = world.anon.get(path).await;
            for key in ["technology", "ai-ml"] {
                assert!(choices.expect(200)["choices"][key].is_string(), "{path}");
            }
        }
    }
);
