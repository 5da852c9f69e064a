//! How every list is read, with each filter and in each order: along an index, never by reading a whole table, and
//! without sorting.

use crate::support::World;
use crate::support::database::Kind;
use crate::support::person::Person;
use crate::support::plans::{Is, Plan, TELLING, UNSORTED, explained};
use crate::support::world::{populated, run_on};
use serde_json::json;

/// A list, who reads it, and everything that it can be asked for.
struct List {
    path: &'static str,
    reader: Reader,
    filters: &'static [&'static str],
    sorts: &'static [&'static str],
    sorts_rows: Sorts,
}

#[derive(Clone, Copy)]
enum Reader {
    Owner,
    /// The owner's program, which is good for one organization.
    Program,
    Platform,
}

/// Whether rows are sorted that an index has found.
#[derive(Clone, Copy, PartialEq)]
enum Sorts {
    Never,
    /// What a search has found, which is bounded.
    Found,
    /// All of the list, which is bounded: why.
    Always(&'static str),
}

const OWN: Sorts = Sorts::Always("the organizations of one person, in an order that their memberships do not have");

const LISTS: &[List] = &[
    List {
        path: "/organizations/acme/members",
        reader: Reader::Owner,
        filters: &[
            "role=admin",
            "role=member&role=viewer",
            "role=auditor",
            "role=auditor&role=admin",
            "status=active",
            "status=suspended",
            "team=red",
            "team=none",
            "workspace=north",
            "has_2fa=false",
            "joined_from=2020-01-01T00:00:00Z&joined_to=2040-01-01T00:00:00Z",
            "role=admin&status=active&team=red&workspace=north&joined_from=2020-01-01T00:00:00Z",
            "search=e",
            "search=acme",
            "search=acme&role=member&team=red",
        ],
        sorts: &["name", "-name", "email", "-email", "joined_at", "-joined_at"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/organizations/acme/invitations",
        reader: Reader::Owner,
        filters: &[
            "status=all",
            "status=pending",
            "status=expired",
            "status=accepted",
            "status=accepted&status=revoked",
            "role=admin",
            "search=e",
            "search=acme",
            "search=acme&status=all&role=member",
        ],
        sorts: &["created_at", "-created_at", "expires_at", "-expires_at", "email", "-email"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/organizations/acme/teams",
        reader: Reader::Owner,
        filters: &["member=@me", "search=r", "search=red"],
        sorts: &["name", "-name", "created_at", "-created_at", "member_count", "-member_count"],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/organizations/acme/teams/red/members",
        reader: Reader::Owner,
        filters: &["role=lead", "search=a", "search=ada", "search=ada&role=lead"],
        sorts: &["name", "-name"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/organizations/acme/workspaces",
        reader: Reader::Owner,
        filters: &["member=@me", "search=n", "search=north"],
        sorts: &["name", "-name"],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/organizations/acme/workspaces/north/members",
        reader: Reader::Owner,
        filters: &[],
        sorts: &["name", "-name"],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/organizations/acme/roles",
        reader: Reader::Owner,
        filters: &["system=true", "system=false"],
        sorts: &[],
        sorts_rows: Sorts::Always("the five system roles and the fifty at most of the organization's own"),
    },
    List {
        path: "/organizations/acme/tokens",
        reader: Reader::Owner,
        filters: &[],
        sorts: &[],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/organizations/acme/wallet/transactions",
        reader: Reader::Owner,
        filters: &["kind=credit", "service=sms", "from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z"],
        sorts: &["created_at", "-created_at"],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/organizations/acme/audit-log",
        reader: Reader::Owner,
        filters: &[
            "actor=@me",
            "action=member.joined",
            "action=member.*&action=team.*",
            "target_type=user",
            "target_type=user&target_id=0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55",
            "from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z",
            "search=a",
            "search=ada",
            "search=ada&actor=@me&action=member.joined&from=2020-01-01T00:00:00Z",
        ],
        sorts: &["created_at", "-created_at"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/organizations",
        reader: Reader::Owner,
        filters: &[
            "search=a",
            "search=acme",
            "role=owner",
            "status=active",
            "visibility=private",
            "industry=technology",
        ],
        sorts: &["name", "-name", "created_at", "-created_at", "member_count", "-member_count"],
        sorts_rows: OWN,
    },
    List {
        path: "/organizations?scope=public",
        reader: Reader::Owner,
        filters: &["search=a", "search=acme", "industry=technology"],
        sorts: &["name", "-name", "created_at", "-created_at", "member_count", "-member_count"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/users/@me/organizations",
        reader: Reader::Owner,
        filters: &["status=pending"],
        sorts: &[],
        sorts_rows: OWN,
    },
    List {
        path: "/organizations",
        reader: Reader::Program,
        filters: &["search=acme"],
        sorts: &["name", "-created_at"],
        sorts_rows: OWN,
    },
    List {
        path: "/users/@me/organizations",
        reader: Reader::Program,
        filters: &["status=pending"],
        sorts: &[],
        sorts_rows: OWN,
    },
    List {
        path: "/users/@me/invitations",
        reader: Reader::Owner,
        filters: &["status=all"],
        sorts: &[],
        sorts_rows: Sorts::Never,
    },
    List { path: "/users/@me/tokens", reader: Reader::Owner, filters: &[], sorts: &[], sorts_rows: Sorts::Never },
    List { path: "/users/@me/sessions", reader: Reader::Owner, filters: &[], sorts: &[], sorts_rows: Sorts::Never },
    List {
        path: "/admin/organizations",
        reader: Reader::Platform,
        filters: &[
            "search=a",
            "search=acme",
            "search=0197a3c2-7d41-7c3e-9a44-0c2f3b1d9e55",
            "status=banned",
            "verified=true",
            "type=internal",
            "industry=technology",
            "country_code=NO",
            "visibility=public",
            "created_from=2020-01-01T00:00:00Z&created_to=2040-01-01T00:00:00Z",
        ],
        sorts: &["name", "-name", "created_at", "-created_at", "member_count", "-member_count"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/admin/users",
        reader: Reader::Platform,
        filters: &["search=a", "search=ada", "platform_admin=true", "platform_admin=false", "disabled=true"],
        sorts: &["created_at", "-created_at"],
        sorts_rows: Sorts::Found,
    },
    List {
        path: "/admin/outbox",
        reader: Reader::Platform,
        filters: &["state=failed"],
        sorts: &[],
        sorts_rows: Sorts::Never,
    },
    List {
        path: "/admin/audit-log",
        reader: Reader::Platform,
        filters: &["actor=@me", "action=member.joined", "from=2020-01-01T00:00:00Z", "search=a", "search=ada"],
        sorts: &["created_at", "-created_at"],
        sorts_rows: Sorts::Found,
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_goes_along_an_index_on_sqlite() {
    run_on(populated(Kind::Sqlite).await, &[], |world| Box::pin(judged(world, LISTS.iter()))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_go_along_an_index_on_postgres() {
    let database = populated(Kind::Postgres).await.with(&TELLING).with(&UNSORTED);
    run_on(database, &[], |world| Box::pin(judged(world, LISTS.iter().filter(|list| !list.always_sorts())))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_that_sort_what_is_bounded_find_it_by_an_index_on_postgres() {
    let database = populated(Kind::Postgres).await.with(&TELLING);
    run_on(database, &[], |world| Box::pin(judged(world, LISTS.iter().filter(|list| list.always_sorts())))).await;
}

async fn judged(world: World, lists: impl Iterator<Item = &'static List>) {
    furnish(&world).await;
    let program = world.ada.restricted_to(&["acme"]).await;
    let mut faults = Vec::new();
    for list in lists {
        let reader = match list.reader {
            Reader::Owner => &world.ada,
            Reader::Program => &program,
            Reader::Platform => &world.pat,
        };
        for query in list.queries() {
            for fault in faults_of(&world, reader, list, &query).await {
                faults.push(format!("{query}\n{fault}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

impl List {
    /// Each filter in each order, from the beginning; and each filter as a page with a total, which has no order.
    fn queries(&self) -> Vec<String> {
        let filters = || std::iter::once("").chain(self.filters.iter().copied());
        let sorts = || std::iter::once(String::new()).chain(self.sorts.iter().map(|sort| format!("sort={sort}")));
        let listed = filters().flat_map(|filter| sorts().map(move |sort| (filter, sort)));
        let counted = filters().map(|filter| (filter, "page=2&per_page=1".to_owned()));
        listed.chain(counted).map(|(filter, rest)| self.asked(filter, &rest)).collect()
    }

    fn asked(&self, filter: &str, rest: &str) -> String {
        let begin = if self.path.contains('?') { '&' } else { '?' };
        let parts: Vec<_> = [filter, rest].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { self.path.to_owned() } else { format!("{}{begin}{}", self.path, parts.join("&")) }
    }

    fn always_sorts(&self) -> bool {
        matches!(self.sorts_rows, Sorts::Always(_))
    }

    fn may_sort(&self, query: &str) -> bool {
        match self.sorts_rows {
            Sorts::Never => false,
            Sorts::Found => query.contains("search="),
            Sorts::Always(_) => true,
        }
    }
}

async fn faults_of(world: &World, reader: &Person, list: &List, query: &str) -> Vec<String> {
    let (reply, plans) = explained(&world.database, reader, query).await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    let parts = plans.iter().filter(|plan| is_part(plan)).count();
    assert!(parts > 0, "{query}: the statement that reads the list was not heard, of {}", plans.len());
    let is_fault = |plan: &Plan, is: Is| match is {
        Is::Scan => true,
        Is::Sort => is_part(plan) && !list.may_sort(query),
        Is::Other => false,
    };
    let faulty = plans.iter().filter(|plan| plan.steps.iter().any(|step| is_fault(plan, step.is)));
    let lines = |plan: &Plan| plan.steps.iter().map(|step| format!("\n    {}", step.line)).collect::<String>();
    faulty.map(|plan| format!("{}{}", plan.statement, lines(plan))).collect()
}

/// Whether it reads a part of the list or counts it. What is read for the rows of a part is bounded by them.
fn is_part(plan: &Plan) -> bool {
    plan.statement.contains(" offset $") || plan.statement.contains(") counted")
}

/// At least one row for whatever is asked.
async fn furnish(world: &World) {
    world.role("auditor", &["audit:read"]).await;
    let red = world.team("Red").await;
    world.put_into(&red, &world.cy, "member").await;
    let north = world.workspace("North").await;
    let place = world.ben.put(&format!("{north}/members/{}", world.cy.id), json!({})).await;
    place.expect(204);
    world.ada.patch("/organizations/acme", json!({ "visibility": "public" })).await.expect(200);
}
