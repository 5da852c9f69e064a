//! Inviting many at once (api.md 4.5.4).

use crate::support::person::Person;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};

const BULK: &str = "/organizations/acme/invitations/bulk";

fn addresses(count: usize) -> Value {
    (0..count).map(|number| json!({ "email": format!("e{number}@x.test") })).collect()
}

fn outcomes(reply: &Reply) -> Vec<&str> {
    let results = reply.expect(200)["results"].as_array().expect("results");
    results.iter().map(|result| result["outcome"].as_str().expect("an outcome")).collect()
}

async fn send_file(person: &Person, query: &str, text: &str) -> Reply {
    person.call(Method::POST, &format!("{BULK}{query}")).body("text/csv", text.as_bytes()).send().await
}

on_each_database!(
    async fn each_row_has_an_end_of_its_own(world: World) {
        world.role("auditor", &["audit:read"]).await;
        world.team("Core").await;
        let open = world.invited(&world.ben, json!({ "email": "open@x.test" })).await;
        let late = world.invited(&world.ben, json!({ "email": "late@x.test" })).await;
        world.database.execute("update invitations set expires_at = 1 where email = 'late@x.test'", &[]).await;
        let rows = json!([
            { "email": "A@x.test", "name": "Ada" },
            { "email": "b@x.test", "roles": ["member", "auditor"] },
            { "email": "late@x.test", "expires_in_days": 2 },
            { "email": "a@X.test" },
            { "email": "cy@acme.test" },
            { "email": "open@x.test" },
            { "email": "no address", "name": "\u{202e}" },
            { "email": "c@x.test", "role": "boss", "teams": ["nowhere"] },
            { "email": "d@x.test", "role": "owner" },
        ]);
        let body =
            json!({ "invitations": rows, "defaults": { "role": "viewer", "teams": ["core"], "sendEmail": false } });

        let reply = world.ben.post(BULK, body).await;

        assert_eq!(
            outcomes(&reply),
            [
                "created",
                "created",
                "created",
                "duplicate_in_batch",
                "already_member",
                "already_invited",
                "invalid",
                "invalid",
                "forbidden_role",
            ]
        );
        assert_eq!(reply.body["summary"], json!({ "created": 3, "resent": 0, "skipped": 3, "failed": 3 }));
        let results = &reply.body["results"];
        assert_eq!((&results[0]["index"], &results[0]["email"]), (&json!(0), &json!("a@x.test")));
        let (first, second) = (&results[0]["invitation"], &results[1]["invitation"]);
        assert_eq!(
            (&first["name"], &first["role"], &first["teams"][0]["slug"]),
            (&json!("Ada"), &json!("viewer"), &json!("core"))
        );
        assert_eq!((&second["roles"][1]["key"], &second["delivery"]["state"]), (&json!("auditor"), &json!("skipped")));
        assert!(first["accept_url"].is_string() && results[3].get("problem").is_none());
        assert_eq!(results[4]["problem"]["code"], "already_member");
        assert!(results[4]["problem"]["member_id"].is_i64());
        assert_eq!(results[5]["problem"]["invitation_id"], open.id.as_str());
        let fields = |row: usize| {
            let errors = results[row]["problem"]["errors"].as_array().expect("errors");
            errors.iter().map(|error| error["pointer"].as_str().expect("a pointer")).collect::<Vec<_>>()
        };
        assert_eq!((fields(6), fields(7)), (vec!["#/email", "#/name"], vec!["#/role", "#/teams/0"]));
        assert_eq!(results[8]["problem"]["errors"][0]["code"], "owner_role_not_invitable");
        assert!(results[8].get("invitation").is_none());
        let stored = world.ben.get("/organizations/acme/invitations?status=all&search=x.test").await;
        assert_eq!(stored.column("email").len(), 5);
        let expired = world.ben.get(&format!("/organizations/acme/invitations/{}", late.id)).await;
        assert_eq!(expired.expect(200)["status"], "expired");
        let events = "audit_events where action = 'invitation.created' and target_name like '%x.test'";
        assert_eq!(world.count(events).await, 5);
    }
);

on_each_database!(
    async fn who_is_invited_already_is_asked_again_where_that_is_wished(world: World) {
        let open = world.invited(&world.ben, json!({ "email": "open@x.test" })).await;

        let rows = json!({ "invitations": [{ "email": "open@x.test" }, { "email": "a@x.test" }] });
        let reply = world.ben.post(&format!("{BULK}?on_conflict=resend"), rows).await;

        assert_eq!(outcomes(&reply), ["already_invited", "created"]);
        assert_eq!(reply.body["summary"], json!({ "created": 1, "resent": 1, "skipped": 0, "failed": 0 }));
        assert_eq!(reply.body["results"][0]["invitation"]["id"], open.id.as_str());
        assert_eq!(reply.body["results"][0]["invitation"]["resend_count"], 1);
        assert_eq!(world.mail_to("open@x.test").await.len(), 2);
    }
);

on_each_database!(
    async fn nothing_is_kept_of_what_is_only_tried(world: World) {
        world.database.execute("update organizations set member_limit = 7", &[]).await;
        let before = world.rows().await;
        let three = json!({ "invitations": addresses(3) });

        let tried = world.ben.post(&format!("{BULK}?dry_run=true"), three.clone()).await;
        assert_eq!(outcomes(&tried), ["created", "created", "limit_reached"], "open invitations hold seats");
        assert!(tried.body["results"][0].get("invitation").is_none());
        assert_eq!(tried.body["results"][2]["problem"]["code"], "member_limit_reached");
        let refused = world.ben.post(&format!("{BULK}?atomic=true"), three.clone()).await;
        assert_eq!(refused.refusal(), (422, "bulk_rejected"));
        assert_eq!(refused.errors(), [("#/invitations/2", "member_limit_reached")]);
        let wrong = json!([{ "email": "a@x.test" }, { "email": "x" }, { "email": "b@x.test", "teams": ["t"] }]);
        let wrong = json!({ "invitations": wrong });
        let refused = world.ben.post(&format!("{BULK}?atomic=true&dry_run=true"), wrong).await;
        assert_eq!(
            refused.errors(),
            [("#/invitations/1/email", "email_invalid"), ("#/invitations/2/teams/0", "team_unknown")]
        );
        assert_eq!(world.rows().await, before);
        assert!(world.mail().await.is_empty());

        // Who is a member, or named twice, does not fail the whole.
        let whole =
            json!({ "invitations": [{ "email": "a@x.test" }, { "email": "a@x.test" }, { "email": "cy@acme.test" }] });
        let done = world.ben.post(&format!("{BULK}?atomic=true"), whole).await;
        assert_eq!(done.expect(200)["summary"], json!({ "created": 1, "resent": 0, "skipped": 2, "failed": 0 }));
        let done = world.ben.post(BULK, three).await;
        assert_eq!(outcomes(&done), ["created", "limit_reached", "limit_reached"]);
    }
);

on_each_database!(
    async fn a_file_of_a_spreadsheet_is_taken(world: World) {
        world.role("auditor", &["audit:read"]).await;
        for name in ["Core", "Ui"] {
            world.team(name).await;
        }
        world.workspace("Site").await;
        let text = "\u{feff}name,email,role,teams,workspaces,message\r\n\
                    \"Quill, Zoe\",zoe@x.test,viewer,core; ui,site,\"Hello\nZoe\"\r\n\
                    ,yan@x.test,member;auditor,,,\r\n\
                    Xi,xi@x.test,,,,\r\n\
                    Wu,not an address,boss,,,\r\n";

        let reply = send_file(&world.ben, "", text).await;

        assert_eq!(outcomes(&reply), ["created", "created", "created", "invalid"]);
        let of = |row: usize| reply.body["results"][row]["invitation"].clone();
        let (zoe, yan, xi) = (of(0), of(1), of(2));
        assert_eq!(
            (&zoe["name"], &zoe["role"], &zoe["message"]),
            (&json!("Quill, Zoe"), &json!("viewer"), &json!("Hello\nZoe"))
        );
        assert_eq!(
            (zoe["teams"].as_array().map(Vec::len), zoe["workspaces"].as_array().map(Vec::len)),
            (Some(2), Some(1))
        );
        assert_eq!((&yan["roles"][1]["key"], &yan["name"]), (&json!("auditor"), &Value::Null));
        assert_eq!(xi["role"], "member");
        assert_eq!(world.mail().await.len(), 3);
        assert_eq!(outcomes(&send_file(&world.ben, "?dry_run=true", "email\nu@x.test\n").await), ["created"]);
    }
);

on_each_database!(
    async fn what_is_no_list_is_refused(world: World) {
        let before = world.rows().await;
        for text in [
            "",
            "name\nAda",
            "email,email\na@x.test,b@x.test",
            "email,age\na@x.test,7",
            "email,name\na@x.test",
            "a@x.test\nb@x.test",
        ] {
            assert_eq!(send_file(&world.ben, "", text).await.refusal(), (400, "malformed_csv"), "{text:?}");
        }
        let broken = world.ben.call(Method::POST, BULK).body("text/csv", b"email\n\xff@x.test").send().await;
        assert_eq!(broken.refusal(), (400, "malformed_csv"));
        assert_eq!(send_file(&world.ben, "", "email\n").await.refusal(), (422, "missing_field"));
        let many: String = (0..101).map(|number| format!("e{number}@x.test\n")).collect();
        assert_eq!(send_file(&world.ben, "", &format!("email\n{many}")).await.refusal(), (422, "too_many_rows"));
        for count in [101, 201, 1000] {
            let reply = world.ben.post(BULK, json!({ "invitations": addresses(count) })).await;
            assert_eq!((reply.refusal(), reply.errors()[0].0), ((422, "too_many_rows"), "#/invitations"), "{count}");
        }
        for (body, refusal) in [
            (json!({}), (422, "missing_field")),
            (json!({ "invitations": [] }), (422, "missing_field")),
            (json!({ "invitations": {} }), (422, "wrong_type")),
            (json!({ "invitations": [1] }), (422, "wrong_type")),
            (json!({ "invitations": [{ "name": "A" }] }), (422, "missing_field")),
            (json!({ "invitations": [{ "email": ["a@x.test", "b@x.test"] }] }), (422, "wrong_type")),
            (json!({ "invitations": [{ "email": "a@x.test", "admin": true }] }), (422, "unknown_field")),
            (
                json!({ "invitations": [{ "email": "a@x.test" }], "defaults": { "email": "b@x.test" } }),
                (422, "unknown_field"),
            ),
            (json!({ "invitations": [{ "email": "a@x.test" }], "dry_run": true }), (422, "unknown_field")),
        ] {
            assert_eq!(world.ben.post(BULK, body.clone()).await.refusal(), refusal, "{body}");
        }
        let one = json!({ "invitations": addresses(1) });
        for query in ["dry_run=yes", "atomic=1", "dry_run=true&dry_run=true", "on_conflict=explode"] {
            assert_eq!(
                world.ben.post(&format!("{BULK}?{query}"), one.clone()).await.refusal(),
                (400, "invalid_parameter")
            );
        }
        assert_eq!(
            world.ben.post(&format!("{BULK}?force=true"), one.clone()).await.refusal(),
            (400, "unknown_parameter")
        );
        let text = world.ben.call(Method::POST, BULK).body("text/plain", b"email\na@x.test").send().await;
        assert_eq!(text.refusal(), (415, "unsupported_media_type"));
        let latin =
            world.ben.call(Method::POST, BULK).body("text/csv; charset=latin1", b"email\na@x.test").send().await;
        assert_eq!(latin.refusal(), (415, "unsupported_media_type"));
        assert_eq!(world.ben.post(BULK, json!("x".repeat(1024 * 1024))).await.refusal(), (413, "payload_too_large"));
        for (person, refusal) in [
            (&world.cy, (403, "permission_denied")),
            (&world.dot, (404, "organization_not_found")),
            (&world.anon, (401, "unauthenticated")),
        ] {
            assert_eq!(person.post(BULK, json!({ "nonsense": 1 })).await.refusal(), refusal);
        }
        assert_eq!(world.rows().await, before);
    }
);

on_each_database!(
    async fn a_hundred_are_invited_at_once_and_once(world: World) {
        let mut rows = addresses(100);
        for row in rows.as_array_mut().expect("rows") {
            // Together more than any other body may be.
            row["message"] = json!("m".repeat(900));
        }
        let body = json!({ "invitations": rows, "defaults": { "send_email": false } });
        let send = |key: &str| world.ben.call(Method::POST, BULK).header("idempotency-key", key).json(&body).send();

        let (first, second) = tokio::join!(send("one"), send("two"));

        let mut created = [&first, &second].map(|reply| reply.expect(200)["summary"]["created"].as_i64());
        created.sort_unstable();
        assert_eq!(created, [Some(0), Some(100)]);
        assert_eq!(world.count("invitations where status = 'pending'").await, 100);
        let again = send("one").await;
        assert_eq!((again.header("idempotency-replayed"), &again.body["summary"]), ("true", &first.body["summary"]));
        assert!(!again.text.contains("\"accept_url\":\""), "no link is kept");
    }
);

on_each_database!(
    async fn two_lists_at_once_share_the_seats(world: World) {
        world.database.execute("update organizations set member_limit = 8", &[]).await;
        let list = |name: &str| {
            let rows: Vec<_> = (0..3).map(|number| json!({ "email": format!("{name}{number}@x.test") })).collect();
            json!({ "invitations": rows })
        };

        let (first, second) = tokio::join!(world.ada.post(BULK, list("a")), world.ben.post(BULK, list("b")));

        let all = [outcomes(&first), outcomes(&second)].concat();
        assert_eq!(all.iter().filter(|outcome| **outcome == "created").count(), 3, "{all:?}");
        assert_eq!(all.iter().filter(|outcome| **outcome == "limit_reached").count(), 3, "{all:?}");
    }
);

on_each_database!(
    with[("rate_limits", "invite-bulk=2/3600s,invite-create=1/3600s")],
    async fn lists_have_a_quota_of_their_own(world: World) {
        world.ben.post(BULK, json!({ "invitations": addresses(3) })).await.expect(200);
        let single = json!({ "email": "a@x.test" });
        world.ben.post("/organizations/acme/invitations", single).await.expect(201);
        let flooded = json!({ "invitations": [{ "email": "a@x.test" }] });
        let reply = world.ben.post(&format!("{BULK}?on_conflict=resend"), flooded.clone()).await;
        assert_eq!(
            (outcomes(&reply), &reply.body["results"][0]["problem"]["code"]),
            (vec!["limit_reached"], &json!("rate_limited"))
        );

        let third = world.ada.post(BULK, flooded).await;

        assert_eq!(third.refusal(), (429, "rate_limited"));
        assert!(third.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=3600).contains(&wait)));
    }
);
