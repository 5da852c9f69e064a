//! Who belongs to a workspace.

use crate::support::World;
use crate::support::person::Person;
use reqwest::Method;
use serde_json::json;

on_each_database!(
    async fn members_are_let_in_and_taken_out(world: World) {
        let lab = world.workspace("Lab").await;
        let members = format!("{lab}/members");
        let place = |person: &Person| format!("{members}/{}", person.id);
        let put = |path: String| world.ben.call(Method::PUT, &path).send();
        for person in [&world.vi, &world.cy, &world.ada, &world.cy] {
            put(place(person)).await.expect(204);
        }
        let number = world.ada.get(&format!("/organizations/acme/members/{}", world.bil.id)).await;
        put(format!("{members}/{}", number.expect(200)["member_id"])).await.expect(204);

        let all = world.cy.get(&members).await;
        assert_eq!(all.column("email"), ["ada@acme.test", "bil@acme.test", "cy@acme.test", "vi@acme.test"]);
        let own = world.cy.get("/organizations/acme/members/@me").await;
        assert_eq!((own.expect(200), &own.body["workspaces"][0]["slug"]), (&all.body["data"][2], &json!("lab")));
        assert_eq!(world.cy.get(&lab).await.expect(200)["member_count"], 4);
        let falling = world.cy.get(&format!("{members}?sort=-name&limit=3")).await;
        assert_eq!(falling.column("email"), ["vi@acme.test", "cy@acme.test", "bil@acme.test"]);
        let next = falling.body["next_cursor"].as_str().expect("a way on").to_owned();
        let rest = world.cy.get(&format!("{members}?sort=-name&limit=3&cursor={next}")).await;
        assert_eq!(rest.column("email"), ["ada@acme.test"]);
        let other = world.workspace("Other").await;
        let elsewhere = world.cy.get(&format!("{other}/members?sort=-name&limit=3&cursor={next}")).await;
        assert_eq!(elsewhere.refusal(), (400, "invalid_cursor"));

        world.ben.delete(&place(&world.ada)).await.expect(204);
        for path in [place(&world.ada), place(&world.dot), place(&world.ben)] {
            assert_eq!(world.ben.delete(&path).await.refusal(), (404, "member_not_found"));
        }
        assert_eq!(put(place(&world.dot)).await.refusal(), (404, "member_not_found"));
        assert_eq!(world.cy.get(&lab).await.expect(200)["member_count"], 3);
        let changes = world.changes("member.workspaces_changed").await;
        assert_eq!(changes.len(), 5);
        assert_eq!(changes[4], json!([{ "field": "workspaces", "from": ["lab"], "to": [] }]));
    }
);

on_each_database!(
    async fn a_workspace_goes_while_somebody_is_let_in(world: World) {
        let lab = world.workspace("Lab").await;
        let path = format!("{lab}/members/{}", world.cy.id);

        let (put, deleted) = tokio::join!(world.ben.call(Method::PUT, &path).send(), world.ada.delete(&lab));

        deleted.expect(204);
        assert!([204, 404].contains(&put.status), "{}", put.text);
        assert_eq!(world.count("workspace_members").await, 0);
        let cy = world.cy.get("/organizations/acme/members/@me").await;
        assert_eq!(cy.expect(200)["workspaces"], json!([]));
    }
);
