//! `000` and `001`: organizations by slug, keys in snake_case, no envelope, pages by cursor.

use super::client::{OF_000, program, seed_call, text};
use crate::acceptance_checks::clients::Dialect;
use crate::support::World;
use serde_json::{Value, json};

seed_call!(
    OF_000,
    async fn seed_000_001_list_get_create_update_delete_industry_choices(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);

        let choices = client.get("/organizations/industry-choices").await;
        assert!(["technology", "ai-ml"].iter().all(|key| choices["choices"][key].is_string()), "{choices}");
        let new = json!({
            "name": "Bolts, Inc.", "description": "Bolts of every size.", "logo": "https://bolts.test/logo.png",
            "website": "https://bolts.test", "industry": "ai-ml",
        });
        let made = client.post("/organizations", new, 201).await;
        let slug = text(&made, "slug");
        assert_eq!((slug, text(&made, "handle")), ("bolts-inc", "bolts-inc"));
        assert_eq!((text(&made, "industry"), text(&made, "icon_url")), ("ai-ml", "https://bolts.test/logo.png"));

        let page = client.get("/organizations?limit=1").await;
        assert_eq!((text(&page["data"][0], "slug"), &page["has_more"]), ("acme", &json!(true)));
        let next = client.get(&format!("/organizations?limit=1&cursor={}", text(&page, "next_cursor"))).await;
        assert_eq!(text(&next["data"][0], "slug"), slug);
        let one = format!("/organizations/{slug}");
        assert_eq!(client.get(&one).await, made);
        let changed = client.patch(&one, json!({ "name": "Bolts", "industry": "technology" })).await;
        assert_eq!((text(&changed, "name"), text(&changed, "industry")), ("Bolts", "technology"));
        let gone = client.delete(&one, 202).await;
        assert_eq!(text(&gone, "status"), "pending_deletion");
    }
);

seed_call!(
    OF_000,
    async fn seed_001_list_members(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);

        let found = client.get("/organizations/acme/members?search=acme&role=member&limit=20").await;
        assert_eq!((text(&found["data"][0], "uid"), &found["next_cursor"]), (world.cy.id.as_str(), &Value::Null));
        let page = client.get("/organizations/acme/members?limit=2").await;
        let cursor = text(&page, "next_cursor");
        let next = client.get(&format!("/organizations/acme/members?limit=2&cursor={cursor}")).await;
        let names = |page: &Value| [0_usize, 1].map(|at| text(&page["data"][at], "full_name").to_owned());
        assert_eq!(
            (names(&page), names(&next)),
            (["Ada Owner", "Ben Admin"].map(str::to_owned), ["Bil Billing", "Cy Member"].map(str::to_owned),)
        );
    }
);

seed_call!(
    OF_000,
    async fn seed_000_001_remove_member_and_update_member_role(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);
        let cy = format!("/organizations/acme/members/{}", world.cy.id);

        assert_eq!(text(&client.patch(&cy, json!({ "role": "billing" })).await, "role"), "billing");
        let changed = client.patch(&format!("{cy}/role"), json!({ "role": "admin" })).await;
        assert_eq!((text(&changed, "user_id"), text(&changed, "role")), (world.cy.id.as_str(), "admin"));
        client.delete(&cy, 204).await;
        assert_eq!(world.ada.get(&cy).await.refusal(), (404, "member_not_found"));
    }
);

seed_call!(
    OF_000,
    async fn seed_000_001_leave_and_transfer_ownership(world: World, dialect: Dialect) {
        let owner = dialect.spoken_by(&program(&world, &world.ada).await);

        let transfer = json!({ "new_owner_uid": world.ben.id });
        let done = owner.post("/organizations/acme/transfer-ownership", transfer, 200).await;
        assert_eq!(text(&done["organization"], "owner"), world.ben.id);
        owner.post("/organizations/acme/leave", Value::Null, 204).await;
        assert_eq!(world.ada.get("/organizations/acme").await.refusal(), (404, "organization_not_found"));
    }
);

seed_call!(
    OF_000,
    async fn seed_000_001_invitations_list_create_resend_cancel(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);
        let list = "/organizations/acme/invitations";

        let made = client.post(list, json!({ "email": "eve@x.test", "role": "member" }), 201).await;
        let one = format!("{list}/{}", text(&made, "uid"));
        let page = client.get(list).await;
        assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
        assert_eq!(text(&page["data"][0], "accept_url"), text(&made, "accept_url"));
        let again = client.post(&format!("{one}/resend"), Value::Null, 200).await;
        assert_eq!((text(&again, "status"), &again["resend_count"]), ("pending", &json!(1)));
        client.delete(&one, 204).await;
        assert_eq!(client.get(list).await["data"], json!([]));
        client.post(&format!("{one}/cancel"), Value::Null, 204).await;
    }
);

seed_call!(
    OF_000,
    async fn seed_000_001_teams_and_team_members(world: World, dialect: Dialect) {
        let client = dialect.spoken_by(&program(&world, &world.ada).await);
        let list = "/organizations/acme/teams";

        let new = json!({ "name": "Design", "description": "Draws.", "color": "#aabbcc" });
        let team = client.post(list, new, 201).await;
        assert_eq!((text(&team, "slug"), text(&team, "color")), ("design", "#AABBCC"));
        let one = format!("{list}/design");
        assert_eq!(client.get(list).await["data"], json!([team]));
        assert_eq!(client.get(&one).await, team);
        assert_eq!(text(&client.patch(&one, json!({ "name": "Drawing" })).await, "name"), "Drawing");

        let members = format!("{one}/members");
        let place = json!({ "user_uid": world.cy.id, "role": "lead" });
        assert_eq!(text(&client.post(&members, place, 201).await, "role"), "lead");
        assert_eq!(text(&client.get(&members).await["data"][0], "uid"), world.cy.id);
        let cy = format!("{members}/{}", world.cy.id);
        assert_eq!(text(&client.patch(&format!("{cy}/role"), json!({ "role": "member" })).await, "role"), "member");
        client.delete(&cy, 204).await;
        client.delete(&one, 204).await;
        assert_eq!(client.get(list).await["data"], json!([]));
    }
);
