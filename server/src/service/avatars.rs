//! Pictures of organizations and people: showing them, and giving somebody another one or none.

use crate::App;
use crate::db::Tx;
use crate::pictures::Picture;
use crate::visit::Request;
use axum::body::Bytes;
use domain::audit::Changes;
use domain::avatar::{Avatar, Size};
use domain::code::Code;
use domain::error::Result;
use domain::ids::{OrgId, UserId};
use domain::time::Timestamp;

mod organizations;
mod people;
mod shelf;
mod sql;

pub use organizations::{remove, show, show_exactly, upload};
pub use people::{remove_own, show_person, show_person_exactly, upload_own};
pub(crate) use shelf::clear;

/// A file as somebody has sent it.
#[derive(Debug)]
pub struct Upload(pub Bytes);

/// What is shown of somebody.
#[derive(Debug)]
pub struct Shown {
    pub image: Image,
    /// Whether everybody gets to see it.
    pub public: bool,
    /// Of whom or what is shown.
    pub version: i64,
}

#[derive(Debug)]
pub enum Image {
    Picture(Picture),
    /// There is no picture; the name stands for it.
    Initials(String),
}

/// Whose picture it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Organization(OrgId),
    Person(UserId),
}

impl Holder {
    /// The address of exactly this picture: what is there never changes.
    fn address(self, app: &App, digest: &str) -> String {
        app.config.link(&match self {
            Self::Organization(id) => format!("/api/v1/organizations/{id}/avatar/{digest}"),
            Self::Person(id) => format!("/api/v1/users/{id}/avatar/{digest}"),
        })
    }

    /// The address at which there is always something to see.
    fn icon(self, app: &App) -> String {
        app.config.link(&match self {
            Self::Organization(id) => format!("/api/v1/organizations/{id}/avatar"),
            Self::Person(id) => format!("/api/v1/users/{id}/avatar"),
        })
    }
}

/// The picture of this digest, or the initials of the name.
async fn image(app: &App, digest: Option<String>, size: Size, name: String) -> Result<Image> {
    let found = match digest {
        Some(digest) => app.pictures.find(&digest, size).await?,
        None => None,
    };
    Ok(found.map_or(Image::Initials(name), Image::Picture))
}

/// The picture of this digest, which is at the holder's address for it. Who knows the address may see it.
async fn exactly(app: &App, holder: Holder, digest: &str, size: Size) -> Result<Picture> {
    let well_formed = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !well_formed || !is_held(app, holder, digest).await? {
        return Err(Code::NotFound.into());
    }
    app.pictures.find(digest, size).await?.ok_or_else(|| Code::NotFound.into())
}

async fn is_held(app: &App, holder: Holder, digest: &str) -> Result<bool> {
    let mut tx = app.db.read().await?;
    sql::is_shown(&mut tx, holder, digest).await
}

/// Makes a picture of the file and puts it into the store. Nobody has it yet.
async fn keep(app: &App, file: Upload) -> Result<String> {
    let picture = app.pictures.make(file.0).await?;
    let digest = picture.digest();
    shelf::announce(app, &digest).await?;
    app.pictures.keep(&picture).await?;
    Ok(digest)
}

/// Gives the holder another picture, or none; says what that changes.
async fn exchange(
    app: &App,
    tx: &mut Tx,
    holder: Holder,
    digest: Option<&str>,
    request: &Request,
    now: Timestamp,
) -> Result<(Avatar, Changes)> {
    let before = sql::held(tx, holder).await?;
    request.require_version(before.version)?;
    let avatar_url = digest.map(|digest| holder.address(app, digest));
    let icon_url = avatar_url.clone().unwrap_or_else(|| holder.icon(app));
    let changes = Changes::default().of("avatar_url", &before.avatar_url, &avatar_url);
    if changes.is_empty() && before.avatar_digest.as_deref() == digest {
        return Ok((Avatar { avatar_url, icon_url, version: before.version }, changes));
    }
    shelf::exchange(tx, before.avatar_digest.as_deref(), digest, now).await?;
    sql::write(tx, holder, avatar_url.as_deref(), digest, now).await?;
    Ok((Avatar { avatar_url, icon_url, version: before.version + 1 }, changes))
}

/// Takes from the holder what was uploaded: something else is shown in its place, or the holder goes.
pub(crate) async fn let_go(tx: &mut Tx, holder: Holder, now: Timestamp) -> Result<()> {
    let held = sql::held(tx, holder).await?;
    shelf::exchange(tx, held.avatar_digest.as_deref(), None, now).await?;
    sql::forget(tx, holder).await
}

/// Brings the addresses of pictures up to date after the instance has got another one.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn readdress(app: &App) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let moved = sql::elsewhere(&mut tx, &app.config.origin()).await?;
        if moved.is_empty() {
            return Ok(());
        }
        for (holder, digest) in moved {
            sql::readdress(&mut tx, holder, &holder.address(app, &digest)).await?;
        }
        tx.commit().await?;
    }
}
