//! Mail addresses.

use super::field::{Field, Group, group, no_texts};
use crate::support::World;
use serde_json::json;

fn groups() -> Vec<Group> {
    let labels = ["y", "z", "w"].map(|letter| letter.repeat(63)).join(".");
    vec![
        group(
            "email_invalid",
            &[
                "",
                "plain",
                "@x.test",
                "a@@x.test",
                "a b@x.test",
                "a@ x.test",
                "a@x.test,",
                "a@x.test;b@x.test",
                "<a@x.test>",
                "\"A\" <a@x.test>",
                "\"a@b\"@x.test",
                "a\"b@x.test",
                "a.@x.test",
                "a(c)@x.test",
                "a@x.test(c)",
                "a@x",
                "a@.test",
                "a@x..test",
                "a@x-.test",
                "a@x.123",
                "a@[1.2.3.4]",
                "a@127.1",
                "a@x.test/",
                "mailto:a@x.test",
                "a!b@x.test",
                "a*b@x.test",
                "a`b@x.test",
                "a\\@b@x.test",
                "a:b@x.test",
                "=?utf-8?q?a=40e.test?=@x.test",
                "a@=?utf-8?q?x?=.test",
                " a@x.test",
                "a@x.test ",
            ],
        ),
        group(
            "email_control_character",
            &["a\r\nBcc: e@e.test@x.test", "a@x.test\n", "a\0@x.test", "a\t@x.test", "a@x.test%0d%0aBcc:e@e.test"],
        ),
        group(
            "email_not_ascii",
            &[
                "m\u{131}ke@x.test",
                "a@\u{e9}.test",
                "\u{430}@x.test",
                "a\u{ff20}x.test",
                "a@x\u{ff0e}test",
                "\u{17f}@x.test",
                "a\u{202e}@x.test",
                "a@\u{1f600}.test",
            ],
        ),
        group("email_too_long", &[]).and_long("", "a", 65, "@x.test").and_long("a@", "b.", 130, "test").and_long(
            "a@",
            "x",
            63,
            &format!(".{labels}.test"),
        ),
        no_texts(),
        Group { code: "wrong_type", values: vec![json!(["v@x.test", "e@x.test"])] },
    ]
}

fn needed() -> Vec<Group> {
    let mut groups = groups();
    groups.push(group("wrong_type", &[]).and_null());
    groups
}

on_each_database!(
    async fn of_organizations(world: World) {
        Field::founding(&world, "email").refuses(&world, &groups()).await;
        Field::changing(&world, "email").refuses(&world, &groups()).await;
    }
);

on_each_database!(
    with[("sign_up", "open")],
    async fn of_people(world: World) {
        Field::inviting(&world, "email").refuses(&world, &needed()).await;
        Field::signing_up(&world, "email").refuses(&world, &needed()).await;
        Field::signing_in(&world, "email").refuses(&world, &needed()).await;
        Field::forgetting(&world, "email").refuses(&world, &needed()).await;
    }
);

on_each_database!(
    async fn several_addresses_in_a_form_reach_nobody(world: World) {
        let before = world.rows().await;
        for form in ["email=v@x.test&email=e@x.test", "email[]=v@x.test", "email=v@x.test"] {
            let call = world.ben.call(reqwest::Method::POST, "/organizations/acme/invitations");
            let reply = call.body("application/x-www-form-urlencoded", form.as_bytes()).send().await;
            assert_eq!(reply.refusal(), (415, "unsupported_media_type"), "{form}");
        }
        let twice = br#"{"email":"v@x.test","email":"e@x.test"}"#;
        let call =
            world.ben.call(reqwest::Method::POST, "/organizations/acme/invitations").body("application/json", twice);
        assert_eq!(call.send().await.refusal(), (422, "duplicate_field"));
        assert_eq!(world.rows().await, before);
    }
);
