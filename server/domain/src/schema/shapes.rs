//! Values that are texts and numbers in Rust, each with a rule of its own.

use super::Shape;
use crate::audit::Action;
use crate::code::Code;
use crate::group;
use crate::ids::OrgId;
use crate::industry::INDUSTRIES;
use crate::invitation::{DAYS_MAX, InvitationStatus, NewInvitation, ROWS_MAX, TEAMS_MAX};
use crate::member::{self, MemberKey, RoleKey};
use crate::org::{self, Status};
use crate::page::SEARCH_MAX;
use crate::policy::{Permission, Role};
use crate::role;
use crate::text::{COUNTRIES, Name, Prose, Schemes, Slug, WebUrl};
use crate::token;
use crate::user::FULL_NAME_MAX;
use crate::wallet::{self, AMOUNT_MAX, BALANCE_MAX, POINTS_MAX};

macro_rules! shapes {
    ($($(#[doc = $about:literal])* $name:ident = $shape:expr $(, of $entry:ty)?;)*) => {$(
        $(#[doc = $about])*
        pub enum $name {}

        schema_of!($name: $shape.about(concat!($($about),*)) $(, of $entry)?);
    )*};
}

shapes! {
    /// Letters, marks, numbers, punctuation, symbols and single spaces, at least one letter or number among them.
    OrganizationName = name(Name::MAX).example("Acme");
    /// The name of a person.
    PersonName = name(FULL_NAME_MAX).example("Ada Byron");
    /// The name of a team, a workspace or a token.
    GroupName = name(Name::TEAM_MAX).example("Support");
    /// The name of a role.
    RoleName = name(Name::ROLE_MAX).example("Auditor");
    /// The name in addresses: letters, digits and single inner hyphens. Usually at most 39 characters; an instance
    /// may allow more. Not all digits, no UUID, and none of the reserved words.
    OrganizationSlug = slug(Slug::CEILING).example("acme");
    /// The name in addresses: letters, digits and single inner hyphens; not all digits, no UUID.
    GroupSlug = slug(Slug::DEFAULT_MAX).example("support");
    /// A few words about an organization.
    Bio = prose(Prose::BIO_MAX);
    /// What an organization says of itself.
    Description = prose(Prose::DESCRIPTION_MAX);
    /// What a team or a workspace is for.
    GroupDescription = prose(group::DESCRIPTION_MAX);
    /// What a role is for.
    RoleDescription = prose(role::DESCRIPTION_MAX);
    /// A word to whoever is invited.
    Message = prose(Prose::MESSAGE_MAX);
    /// Why something is done.
    Reason = prose(member::REASON_MAX);
    /// Why something is done; it has to be said.
    NeededReason = Shape::text(1, member::REASON_MAX).refused_as(PROSE);
    /// How an entry is known elsewhere.
    Reference = prose(wallet::REFERENCE_MAX);
    /// How a manager is known elsewhere.
    ManagerId = Shape::text(1, org::MANAGER_ID_MAX).refused_as(PROSE);
    /// An address on the web, without a user name or password.
    WebAddress = address(Schemes::Web).example("https://acme.example/about");
    /// An address on the web, encrypted.
    SecureAddress = address(Schemes::HttpsOnly).example("https://acme.example/logo.png");
    /// A path of this site, for after the acceptance.
    LocalPath = Shape::text(1, WebUrl::MAX).pattern("^/").example("/welcome").refused_as(&[Code::RedirectInvalid]);
    /// A key of `GET /organizations/industry-choices`.
    IndustryKey = Shape::one_of(INDUSTRIES.iter().map(|choice| choice.key)).refused_as(&[Code::IndustryUnknown]);
    /// ISO 3166-1, two or three letters.
    CountryCode = Shape::text(2, 3)
        .pattern("^[A-Za-z]{2,3}$")
        .example("NO")
        .refused_as(&[Code::CountryCodeInvalid, Code::CountryCodeUnassigned]);
    /// ISO 3166-1, two or three letters.
    Country = Shape::one_of(COUNTRIES.iter().flat_map(|country| [country.alpha2, country.alpha3]));
    /// A time zone by its IANA name.
    TimeZone = Shape::text(1, 64).example("Europe/Oslo");
    /// A status that can be set; deleting has a request of its own.
    SettableStatus = Shape::one_of(Status::ALL.iter().filter(|status| **status != Status::PendingDeletion).map(key))
        .refused_as(&[Code::StatusReasonRequired]);
    /// A role that somebody can be invited to.
    InvitableRole = Shape::one_of(Role::ALL.iter().filter(|role| **role != Role::Owner).map(|role| role.key()))
        .refused_as(&[Code::RoleUnknown, Code::OwnerRoleNotInvitable]);
    /// A word for programs: a small letter, then small letters, digits and underscores.
    NewRoleKey = Shape::text(2, 50)
        .pattern("^[a-z][a-z0-9_]*$")
        .example("auditor")
        .refused_as(&[Code::RoleKeyInvalid]);
    /// What a role lets one do.
    RolePermissions = Shape::list::<Permission>(1, Permission::ALL.len())
        .refused_as(&[Code::PermissionUnknown, Code::PermissionReserved]), of Permission;
    /// What a token lets one do.
    Scopes = Shape::list::<Permission>(1, Permission::ALL.len()).refused_as(&[Code::ScopeUnknown]), of Permission;
    /// The only organizations that a token is good for.
    OrganizationIds = Shape::list::<OrgId>(1, token::MOST_ORGANIZATIONS), of OrgId;
    /// Keys or ids of roles.
    RoleKeys = Shape::list::<RoleKey>(1, member::ROLES_MAX)
        .refused_as(&[Code::RoleUnknown, Code::RoleConflict]), of RoleKey;
    /// Slugs or ids of workspaces.
    WorkspaceKeys = Shape::texts(member::WORKSPACES_MAX).refused_as(&[Code::WorkspaceUnknown]);
    /// Slugs or ids of teams.
    TeamKeys = Shape::texts(TEAMS_MAX).refused_as(&[Code::TeamUnknown]);
    /// Members, each by integer id or by the person's id.
    MemberKeys = Shape::list::<MemberKey>(1, member::MEMBERS_MAX), of MemberKey;
    /// What is done to each of several members.
    BulkAction = Shape::one_of(["role", "suspend", "restore", "remove"]);
    /// Who is invited.
    NewInvitations = Shape::list::<NewInvitation>(1, ROWS_MAX).refused_as(&[Code::TooManyRows]), of NewInvitation;
    /// How many days an invitation stays open.
    InvitationDays = Shape::number(1, DAYS_MAX).refused_as(&[Code::ExpiryOutOfRange]);
    /// How many days a token lives.
    TokenDays = Shape::number(1, token::MOST_DAYS.into()).refused_as(&[Code::ExpiryOutOfRange]);
    /// How many minutes the former secret lives on.
    GraceMinutes = Shape::number(0, token::LONGEST_GRACE).refused_as(&[Code::ExpiryOutOfRange]);
    /// The name of an action, or its beginning with a `*` behind.
    ActionPattern = Shape::one_of(actions()).example("member.*");
    /// How an invitation stands.
    InvitationFilter = Shape::one_of(InvitationStatus::ALL.iter().map(|status| status.key()).chain(["all"]));
    /// How many members an organization may have.
    Seats = Shape::number(1, org::SEATS_MAX).refused_as(&[Code::AmountOutOfRange]);
    /// Minor units of the wallet's currency.
    Amount = Shape::number(1, AMOUNT_MAX).refused_as(&[Code::AmountOutOfRange]);
    /// Points that are bought; zero are none.
    Points = Shape::number(0, POINTS_MAX).refused_as(&[
        Code::AmountOutOfRange,
        Code::SmsPointRequired,
        Code::SmsPointNotApplicable,
    ]);
    /// What is searched for, without control characters.
    Search = Shape::text(1, SEARCH_MAX).pattern(SEARCHED).example("ada");
    /// A text that is compared as it is.
    Word = Shape::text(1, SEARCH_MAX).pattern(r"^[^\u0000-\u001f\u007f-\u009f]*$");
    /// A person by id, or `@me`.
    Person = Shape::text(3, 36).pattern("^(@me|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$").example("@me");
    /// How far below zero a charge may go that says so.
    OverdraftLimit = Shape::number(0, BALANCE_MAX).refused_as(&[Code::AmountOutOfRange]);
}

/// No control characters, and something that can be seen.
const SEARCHED: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f]*",
    r"[!-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u061b\u061d-\u115e\u1161-\u17b3\u3040-\u3163\u3165-\ud7ff]",
    r"[^\u0000-\u001f\u007f-\u009f]*$",
);
const PROSE: &[Code] = &[Code::TextTooLong, Code::TextInvalidCharacter];

fn name(most: usize) -> Shape {
    Shape::text(1, most).refused_as(&[
        Code::NameEmpty,
        Code::NameTooLong,
        Code::NameControlCharacter,
        Code::NameFormatCharacter,
        Code::NameInvalidCharacter,
        Code::NameLink,
    ])
}

fn slug(most: usize) -> Shape {
    let codes = [Code::SlugEmpty, Code::SlugTooLong, Code::SlugInvalid, Code::SlugReserved];
    Shape::text(1, most).pattern("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$").refused_as(&codes)
}

fn prose(most: usize) -> Shape {
    Shape::text(0, most).refused_as(PROSE)
}

fn address(schemes: Schemes) -> Shape {
    let pattern = match schemes {
        Schemes::Web => "^[Hh][Tt][Tt][Pp][Ss]?://",
        Schemes::HttpsOnly => "^[Hh][Tt][Tt][Pp][Ss]://",
    };
    let codes = [Code::UrlInvalid, Code::UrlScheme, Code::UrlCredentials];
    Shape::text(1, WebUrl::MAX).format("uri").pattern(pattern).refused_as(&codes)
}

/// Every name, and every kind of thing that names begin with.
fn actions() -> Vec<String> {
    let names = Action::ALL.iter().map(|action| action.name().to_owned());
    let mut kinds: Vec<_> = names.clone().filter_map(|name| Some(format!("{}.*", name.split_once('.')?.0))).collect();
    kinds.dedup();
    names.chain(kinds).chain(["*".to_owned()]).collect()
}

fn key(status: &Status) -> &'static str {
    status.key()
}
