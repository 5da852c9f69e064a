//! All members as a file, read part by part.

use super::{complete, listing};
use crate::App;
use crate::auth::Caller;
use crate::paging::{Key, Order, Walk};
use crate::service::audit::Origin;
use crate::service::exports;
use domain::error::Result;
use domain::member::{ExportFormat, MemberRow};
use domain::page::{self, Window};
use domain::policy::Permission;

/// Members that are read at once.
const PART: u32 = 100;

const BY_NAME: Order<'static> = Order { name: "name", descending: false, numeric: false };

/// The members of an organization on their way into a file, by name. Each part is read when it is asked for: nobody
/// waits in a transaction for a slow reader.
pub struct Export {
    pub format: ExportFormat,
    app: App,
    filters: listing::Filters,
    cursor: Option<String>,
    ended: bool,
}

/// Begins a file of all members. Also those of an organization that takes no changes may be taken along.
///
/// # Errors
/// `organization_banned`, `insufficient_scope`, `permission_denied`, `invalid_parameter`, `rate_limited`.
#[crate::operation]
pub async fn export(app: &App, caller: &Caller, format: Option<&str>) -> Result<Export> {
    caller.require_readable()?;
    caller.require_power(Permission::MemberWrite)?;
    let format = format.map_or(Ok(ExportFormat::Csv), |text| page::choice("format", text, ExportFormat::find))?;
    let origin = Origin::from(caller);
    exports::begin(app, &caller.principal, origin, Some(caller.org), "members", format.key()).await?;
    Ok(Export { format, app: app.clone(), filters: listing::Filters::of(caller.org), cursor: None, ended: false })
}

impl Export {
    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<MemberRow>>> {
        if self.ended {
            return Ok(None);
        }
        let window = Window::Cursor { limit: PART, cursor: self.cursor.take() };
        let walk = Walk::new(&self.app, "members export", BY_NAME, &self.filters, window)?;
        let mut tx = self.app.db.read().await?;
        let rows = listing::list(&mut tx, &self.filters, BY_NAME.name, &walk).await?;
        let place = |row: &listing::Row| (Key::Text(row.name_folded.clone()), row.member.user_id.0);
        let mut page = walk.page(&self.app, rows, 0, place).map(|row| row.member);
        complete(&mut tx, self.filters.org, &mut page.data).await?;
        self.ended = page.next_cursor.is_none();
        self.cursor = page.next_cursor;
        Ok(Some(page.data.into_iter().map(MemberRow::from).collect()))
    }
}
