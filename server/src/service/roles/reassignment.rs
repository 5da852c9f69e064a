//! Giving another role to everybody who holds or is offered one that goes.

use super::sql::count_holders;
use crate::auth::Caller;
use crate::db::Tx;
use domain::error::Result;
use domain::ids::RoleId;
use domain::policy::Role;
use domain::role::RoleView;
use domain::time::Timestamp;

/// A system role raises those who rank below it; another role of the organization's own is simply held instead.
pub(super) async fn hand_on(
    tx: &mut Tx,
    caller: &Caller,
    role: &RoleView,
    heir: &RoleView,
    now: Timestamp,
) -> Result<()> {
    match heir.as_system() {
        Some(rank) => raise(tx, caller, role.id, rank).await?,
        None => pass(tx, caller, role.id, heir.id).await?,
    }
    tx.sql(
        "update invitations set updated_at = $2, version = version + 1
         where status = 'pending' and id in (select invitation_id from invitation_roles where role_id = $1)",
    )
    .bind(role.id)
    .bind(now)
    .execute()
    .await?;
    tx.sql(
        "update memberships set updated_at = $3, version = version + 1
         where organization_id = $1
           and user_id in (select user_id from member_roles where organization_id = $1 and role_id = $2)",
    )
    .bind(caller.org)
    .bind(role.id)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

async fn pass(tx: &mut Tx, caller: &Caller, from: RoleId, to: RoleId) -> Result<()> {
    let added = tx
        .sql(
            "insert into member_roles (organization_id, user_id, role_id)
             select organization_id, user_id, $3 from member_roles where organization_id = $1 and role_id = $2
             on conflict (organization_id, user_id, role_id) do nothing",
        )
        .bind(caller.org)
        .bind(from)
        .bind(to)
        .execute()
        .await?;
    count_holders(tx, caller.org, to, i64::try_from(added).unwrap_or_default()).await?;
    tx.sql(
        "insert into invitation_roles (invitation_id, role_id)
         select invitation_id, $2 from invitation_roles where role_id = $1
         on conflict (invitation_id, role_id) do nothing",
    )
    .bind(from)
    .bind(to)
    .execute()
    .await
    .map(drop)
}

async fn raise(tx: &mut Tx, caller: &Caller, from: RoleId, to: Role) -> Result<()> {
    for lower in Role::ALL.iter().copied().filter(|role| *role < to) {
        let raised = tx
            .sql(
                "update memberships set role = $4
                 where organization_id = $1 and role = $3
                   and user_id in (select user_id from member_roles where organization_id = $1 and role_id = $2)",
            )
            .bind(caller.org)
            .bind(from)
            .bind(lower)
            .bind(to)
            .execute()
            .await?;
        let raised = i64::try_from(raised).unwrap_or_default();
        count_holders(tx, caller.org, RoleId(lower.id()), -raised).await?;
        count_holders(tx, caller.org, RoleId(to.id()), raised).await?;
        tx.sql(
            "update invitations set role = $3
             where role = $2 and status = 'pending'
               and id in (select invitation_id from invitation_roles where role_id = $1)",
        )
        .bind(from)
        .bind(lower)
        .bind(to)
        .execute()
        .await?;
    }
    Ok(())
}
