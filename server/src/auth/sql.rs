//! The rows by which a caller is known.

use crate::App;
use crate::db::Tx;
use crate::visit::Request;
use domain::error::Result;
use domain::ids::{OrgId, SignInId, TokenId, UserId};
use domain::member::MemberStatus;
use domain::org::{Status, Visibility};
use domain::policy::{Permissions, Role};
use domain::time::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct SignInRow {
    pub(super) user_id: UserId,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) full_name: Option<String>,
    pub(super) platform_admin: bool,
    pub(super) disabled_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) fresh_at: Timestamp,
    pub(super) last_seen_at: Timestamp,
}

pub(super) async fn find_sign_in(tx: &mut Tx, sign_in: SignInId) -> Result<Option<SignInRow>> {
    tx.sql(
        "select u.id as user_id, u.email, u.email_verified_at is not null as email_verified, u.full_name,
                u.platform_admin, u.disabled_at, s.created_at, s.fresh_at, s.last_seen_at
         from sign_ins s join users u on u.id = s.user_id
         where s.id = $1 and s.revoked_at is null and s.auth_epoch = u.auth_epoch",
    )
    .bind(sign_in)
    .optional()
    .await
}

pub(super) async fn saw_sign_in(app: &App, sign_in: SignInId, now: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    tx.sql("update sign_ins set last_seen_at = $2 where id = $1 and last_seen_at < $2")
        .bind(sign_in)
        .bind(now)
        .execute()
        .await?;
    tx.commit().await
}

pub(super) async fn saw_member(app: &App, org: OrgId, user: UserId, now: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    tx.sql("update memberships set last_active_at = $3 where organization_id = $1 and user_id = $2")
        .bind(org)
        .bind(user)
        .bind(now)
        .execute()
        .await?;
    tx.commit().await
}

#[derive(sqlx::FromRow)]
pub(super) struct TokenRow {
    pub(super) id: TokenId,
    pub(super) user_id: Option<UserId>,
    pub(super) organization_id: Option<OrgId>,
    pub(super) organizations: Option<String>,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) full_name: Option<String>,
    pub(super) platform_admin: bool,
    pub(super) disabled_at: Option<Timestamp>,
    pub(super) scopes: String,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revoked_at: Option<Timestamp>,
}

/// By the present secret, or by the former one while that lives on.
pub(super) async fn find_token(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<Option<TokenRow>> {
    tx.sql(
        "select t.id, t.user_id, t.organization_id, t.organizations, coalesce(u.email, '') as email,
                u.email_verified_at is not null as email_verified,
                case when t.user_id is null then t.name else u.full_name end as full_name,
                coalesce(u.platform_admin, false) as platform_admin, u.disabled_at, t.scopes, t.last_used_at,
                t.expires_at, t.revoked_at
         from tokens t left join users u on u.id = t.user_id
         where t.digest = $1 or (t.former_digest = $1 and t.former_expires_at > $2)",
    )
    .bind(digest.to_owned())
    .bind(now)
    .optional()
    .await
}

pub(super) async fn used_token(app: &App, token: TokenId, request: &Request, now: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    tx.sql("update tokens set last_used_at = $2, last_used_ip = $3 where id = $1")
        .bind(token)
        .bind(now)
        .bind(request.ip.to_string())
        .execute()
        .await?;
    tx.commit().await
}

/// An organization, and what the person is there.
#[derive(sqlx::FromRow)]
pub(super) struct PlaceRow {
    pub(super) id: OrgId,
    pub(super) slug: String,
    pub(super) is_current: bool,
    pub(super) status: Status,
    pub(super) status_reason: Option<String>,
    pub(super) visibility: Visibility,
    pub(super) role: Option<Role>,
    pub(super) membership: Option<MemberStatus>,
    pub(super) last_active_at: Option<Timestamp>,
    /// What the organization's own roles give that the person holds. A row has one of them, a place has all.
    #[sqlx(try_from = "String")]
    pub(super) own_roles: Permissions,
}

/// One row for each role of the organization's own that the person holds, and one where there is none.
macro_rules! place {
    ($is_current:literal, $from:literal) => {
        concat!(
            "select o.id, o.slug, ",
            $is_current,
            " as is_current, o.status, o.status_reason, o.visibility, m.role, m.status as membership,
                    m.last_active_at, coalesce(r.permissions, '') as own_roles
             from ",
            $from,
            " left join memberships m on m.organization_id = o.id and m.user_id = $2
             left join member_roles h on h.organization_id = m.organization_id and h.user_id = m.user_id
             left join roles r on r.id = h.role_id
             where "
        )
    };
}

/// A text in the form of an id is always taken as an id; slugs of that form do not exist.
pub(super) async fn find_place(tx: &mut Tx, reference: &str, user: Option<UserId>) -> Result<Option<PlaceRow>> {
    let rows: Vec<PlaceRow> = match reference.parse::<OrgId>() {
        Ok(id) => {
            let text = concat!(place!("true", "organizations o"), "o.id = $1");
            tx.sql(text).bind(id).bind(user).all().await?
        }
        // A NUL would break Postgres, and nothing longer than the longest slug can be one.
        Err(_) if reference.len() > 253 || reference.contains('\0') => Vec::new(),
        Err(_) => {
            let from_slug = concat!(
                place!("s.is_current", "slugs s join organizations o on o.id = s.organization_id"),
                "s.slug = $1"
            );
            tx.sql(from_slug).bind(reference.to_ascii_lowercase()).bind(user).all().await?
        }
    };
    Ok(rows.into_iter().reduce(|place, row| PlaceRow { own_roles: place.own_roles.or(row.own_roles), ..place }))
}
