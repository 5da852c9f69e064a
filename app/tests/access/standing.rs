//! What an organization's status leaves to its owner. Its members may do what is left of their roles' permissions.

use crate::caller::Caller;
use crate::need::Need;
use crate::routes::{self, Route};
use domain::code::Code;
use domain::org::Status;
use reqwest::Method;

/// Those that take something away.
pub(crate) const STATUSES: [Status; 4] = [Status::Inactive, Status::Suspended, Status::Banned, Status::PendingDeletion];

/// Every route in an organization.
pub(crate) fn routes() -> Vec<Route> {
    let is_inside =
        |route: &Route| matches!(route.need, Need::In(_) | Need::Seen(_) | Need::Leading(_) | Need::Belonging(_));
    routes::all().into_iter().filter(is_inside).collect()
}

/// What its owner is told.
pub(crate) fn expected(route: &Route, status: Status) -> Result<(), Code> {
    let usual = route.expected(Caller::Owner);
    match status {
        Status::Banned => Err(Code::OrganizationBanned),
        _ if route.method == Method::GET || is_left(route, status) => usual,
        Status::Inactive => Err(Code::OrganizationInactive),
        Status::Suspended => Err(Code::OrganizationSuspended),
        Status::PendingDeletion => Err(Code::OrganizationNotFound),
        Status::Active => usual,
    }
}

/// The changes that are not refused: one may always go, and an organization that rests may change hands or end.
fn is_left(route: &Route, status: Status) -> bool {
    match route.path {
        "/organizations/{org}/leave" => true,
        "/organizations/{org}/transfer" | "/organizations/{org}/transfer-ownership" => status == Status::Inactive,
        "/organizations/{org}" => route.method == Method::DELETE && status != Status::Suspended,
        _ => false,
    }
}
