//! Every name by which a refusal is known, with the HTTP status and the title it always has.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($variant:ident $name:literal $status:literal $title:literal;)*) => {
        /// The machine name of a refusal. Stable: clients branch on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[serde(rename = $name)] $variant,)* }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The name as it is sent, for example `slug_taken`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The HTTP status that always goes with it.
            pub fn status(self) -> u16 {
                match self { $(Code::$variant => $status,)* }
            }

            /// One sentence for a person, without a full stop.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }
        }
    };
}

codes! {
    // The request itself
    BadRequest "bad_request" 400 "The request could not be understood";
    MalformedJson "malformed_json" 400 "The body is not valid JSON";
    UnknownParameter "unknown_parameter" 400 "There is no such query parameter here";
    InvalidParameter "invalid_parameter" 400 "A query parameter has a value that is not allowed";
    InvalidCursor "invalid_cursor" 400 "The cursor is not one this list gave out";
    PaginationConflict "pagination_conflict" 400 "Cursor and page cannot be used together";
    PageTooDeep "page_too_deep" 400 "Pages end at 10,000 entries; go on with a cursor";
    InvalidSort "invalid_sort" 400 "This list cannot be sorted that way";
    InvalidHeader "invalid_header" 400 "A header has a value that is not allowed";
    InvalidMultipart "invalid_multipart" 400 "The multipart body could not be read";
    MalformedCsv "malformed_csv" 400 "The CSV could not be read";
    IdempotencyKeyInvalid "idempotency_key_invalid" 400 "The idempotency key is not valid";
    NotFound "not_found" 404 "There is nothing here";
    MethodNotAllowed "method_not_allowed" 405 "This address does not take that method";
    NotAcceptable "not_acceptable" 406 "Only JSON can be answered here";
    IdempotencyInProgress "idempotency_in_progress" 409 "The first request with this idempotency key is still running";
    PreconditionFailed "precondition_failed" 412 "It was changed meanwhile";
    PayloadTooLarge "payload_too_large" 413 "The body is too large";
    UriTooLong "uri_too_long" 414 "The address is too long";
    UnsupportedMediaType "unsupported_media_type" 415 "The body is of a type that is not taken here";
    ImageTypeUnsupported "image_type_unsupported" 415 "The picture has to be PNG, JPEG, WebP or GIF";
    UnknownHost "unknown_host" 421 "This server does not answer to that host name";
    ValidationFailed "validation_failed" 422 "Some fields are not valid";
    UnknownField "unknown_field" 422 "There is no such field";
    DuplicateField "duplicate_field" 422 "The field is given twice";
    MissingField "missing_field" 422 "The field is required";
    WrongType "wrong_type" 422 "The value has the wrong type";
    TooManyItems "too_many_items" 422 "There are too many entries";
    TooDeep "too_deep" 422 "The body is nested too deeply";
    IdempotencyKeyReused "idempotency_key_reused" 422 "The idempotency key was used for another request";
    PreconditionRequired "precondition_required" 428 "Say with If-Match which version is to be changed";
    RateLimited "rate_limited" 429 "Too many requests; wait a little";
    HeadersTooLarge "headers_too_large" 431 "The headers are too large";
    InternalError "internal_error" 500 "Something went wrong on our side";
    ServiceUnavailable "service_unavailable" 503 "The service is busy; try again in a moment";

    // Who is asking
    Unauthenticated "unauthenticated" 401 "Sign in to continue";
    InvalidToken "invalid_token" 401 "The access token is not valid";
    TokenExpired "token_expired" 401 "The access token has expired";
    InvalidCredentials "invalid_credentials" 401 "Address and password do not match";
    SignInRequired "sign_in_required" 401 "This address has an account; sign in to go on";
    InsufficientScope "insufficient_scope" 403 "The access token lacks the scope for this";
    PermissionDenied "permission_denied" 403 "You may not do that";
    PermissionEscalation "permission_escalation" 403 "That would grant more than you have yourself";
    FieldNotPermitted "field_not_permitted" 403 "You may not change all of these fields";
    CsrfRejected "csrf_rejected" 403 "The request came from another site";
    ReauthenticationRequired "reauthentication_required" 403 "Confirm your password to go on";
    SessionRequired "session_required" 403 "Only a signed-in person may do that, not a token";
    AccountDisabled "account_disabled" 403 "This account is disabled";
    OwnsOrganizations "owns_organizations" 409 "This person still owns organizations";
    LastPlatformAdmin "last_platform_admin" 409 "This is the last platform administrator";
    WrongPassword "wrong_password" 403 "The password is not right";
    EmailNotVerified "email_not_verified" 403 "Confirm your e-mail address first";
    AlreadyVerified "already_verified" 409 "The address is already confirmed";
    UserNotFound "user_not_found" 404 "There is no such person";
    UsernameTaken "username_taken" 409 "That username is taken";
    ResetTokenExpired "reset_token_expired" 410 "This link to reset a password is no longer valid";
    VerificationExpired "verification_expired" 410 "This link to confirm an address is no longer valid";
    SetupFinished "setup_finished" 410 "This instance has already been set up";
    SetupCodeInvalid "setup_code_invalid" 403 "The set-up code is not right";
    SignUpClosed "sign_up_closed" 403 "Accounts are made by invitation here";

    // Fields of people
    NameEmpty "name_empty" 422 "The name is empty";
    NameTooLong "name_too_long" 422 "The name is too long";
    NameControlCharacter "name_control_character" 422 "The name holds a control character";
    NameFormatCharacter "name_format_character" 422 "The name holds an invisible character";
    NameInvalidCharacter "name_invalid_character" 422 "The name holds a character that names cannot have";
    NameLink "name_link" 422 "A name cannot be a link";
    EmailInvalid "email_invalid" 422 "This is not an e-mail address";
    EmailControlCharacter "email_control_character" 422 "The address holds a control character";
    EmailNotAscii "email_not_ascii" 422 "Addresses have to be plain ASCII";
    EmailTooLong "email_too_long" 422 "The address is too long";
    EmailTaken "email_taken" 409 "An account with this address already exists";
    UsernameInvalid "username_invalid" 422 "The username is not valid";
    PasswordRequired "password_required" 422 "A password is needed";
    PasswordTooShort "password_too_short" 422 "The password is too short";
    PasswordTooLong "password_too_long" 422 "The password is too long";
    PasswordWeak "password_weak" 422 "The password is too easy to guess";
    PasswordInvalidCharacter "password_invalid_character" 422 "The password holds a character that cannot be used";
    PasswordConfirmationMismatch "password_confirmation_mismatch" 422 "The two passwords differ";

    // Organizations
    OrganizationNotFound "organization_not_found" 404 "There is no such organization";
    OrganizationBanned "organization_banned" 403 "This organization is banned";
    OrganizationSuspended "organization_suspended" 403 "This organization is suspended";
    OrganizationInactive "organization_inactive" 409 "This organization is inactive";
    OrganizationNotAccepting "organization_not_accepting" 409 "This organization takes nobody in at the moment";
    OrganizationNotChargeable "organization_not_chargeable" 409 "This organization is about to be deleted and takes no charges";
    InvalidStatusTransition "invalid_status_transition" 409 "The status cannot change that way";
    StatusReasonRequired "status_reason_required" 422 "Say why";
    NotPendingDeletion "not_pending_deletion" 409 "This organization is not about to be deleted";
    WalletNotSettled "wallet_not_settled" 409 "The wallet is not empty";
    OrganizationLimitReached "organization_limit_reached" 403 "You own as many organizations as is allowed";
    OrganizationCreationDisabled "organization_creation_disabled" 403 "Only platform administrators make organizations here";
    OwnTwoFactorMissing "own_two_factor_missing" 409 "Turn on two-factor sign-in for yourself first";
    SlugEmpty "slug_empty" 422 "The slug is empty";
    SlugTooLong "slug_too_long" 422 "The slug is too long";
    SlugInvalid "slug_invalid" 422 "The slug holds something that slugs cannot have";
    SlugReserved "slug_reserved" 422 "This slug is reserved";
    SlugTaken "slug_taken" 409 "This slug is taken";
    SlugCooldown "slug_cooldown" 409 "The slug was changed only lately";
    SlugHandleMismatch "slug_handle_mismatch" 422 "Slug and handle are one value and cannot differ";
    ConfirmationMismatch "confirmation_mismatch" 422 "What was typed to confirm does not match";
    TextTooLong "text_too_long" 422 "The text is too long";
    TextInvalidCharacter "text_invalid_character" 422 "The text holds a character that cannot be used";
    UrlInvalid "url_invalid" 422 "This is not a web address";
    UrlScheme "url_scheme" 422 "Web addresses of that kind are not taken";
    UrlCredentials "url_credentials" 422 "The web address holds a user name or password";
    PhoneInvalid "phone_invalid" 422 "This is not a telephone number";
    IndustryUnknown "industry_unknown" 422 "There is no such industry in the list";
    CountryCodeInvalid "country_code_invalid" 422 "This is not a country code";
    CountryCodeUnassigned "country_code_unassigned" 422 "No country has this code";
    FileRequired "file_required" 422 "A file is needed";
    FileEmpty "file_empty" 422 "The file is empty";
    UnknownPart "unknown_part" 422 "The body has a part that is not known here";
    ImageInvalid "image_invalid" 422 "The picture cannot be read";
    ImageTooLarge "image_too_large" 422 "The picture has too many pixels";
    ImageTooSmall "image_too_small" 422 "The picture has too few pixels";
    ValueUnknown "value_unknown" 422 "This is not one of the choices";

    // Members
    MemberNotFound "member_not_found" 404 "There is no such member";
    NotAMember "not_a_member" 422 "This person is not a member";
    OwnerProtected "owner_protected" 409 "The owner can only be changed by a transfer of ownership";
    OwnerMustTransfer "owner_must_transfer" 409 "Transfer ownership before you leave";
    AlreadyOwner "already_owner" 409 "This person already is the owner";
    CannotChangeOwnRole "cannot_change_own_role" 409 "Somebody else has to change your role";
    CannotSuspendSelf "cannot_suspend_self" 409 "Nobody suspends themselves";
    ManagedExternally "managed_externally" 409 "Members of this organization are managed elsewhere";
    MemberSuspended "member_suspended" 409 "This member is suspended";
    MemberLimitReached "member_limit_reached" 409 "The organization has no seat left";
    RoleUnknown "role_unknown" 422 "There is no such role";
    TeamUnknown "team_unknown" 422 "There is no such team";
    WorkspaceUnknown "workspace_unknown" 422 "There is no such workspace";
    RoleConflict "role_conflict" 422 "Give either role or roles, and one system role";
    RoleNotFound "role_not_found" 404 "There is no such role";
    RoleKeyInvalid "role_key_invalid" 422 "The key of the role is not valid";
    RoleKeyTaken "role_key_taken" 409 "A role has this key already";
    RoleInUse "role_in_use" 409 "The role is still held or offered";
    RoleLimitReached "role_limit_reached" 409 "The organization has as many roles as is allowed";
    SystemRoleImmutable "system_role_immutable" 403 "System roles stay as they are";
    PermissionUnknown "permission_unknown" 422 "There is no such permission";
    PermissionReserved "permission_reserved" 422 "No role can be given this permission";

    // Teams and workspaces
    TeamNotFound "team_not_found" 404 "There is no such team";
    TeamMemberNotFound "team_member_not_found" 404 "This person is not in the team";
    TeamNameTaken "team_name_taken" 409 "A team has this name already";
    TeamSlugTaken "team_slug_taken" 409 "A team has this slug already";
    TeamLimitReached "team_limit_reached" 409 "The organization has as many teams as is allowed";
    TeamRoleUnknown "team_role_unknown" 422 "In a team one is lead or member";
    AlreadyTeamMember "already_team_member" 409 "This person is in the team already, with another role";
    LeadGrantDenied "lead_grant_denied" 403 "Leads do not name other leads";
    ColorInvalid "color_invalid" 422 "This is not a color";
    WorkspaceNotFound "workspace_not_found" 404 "There is no such workspace";
    WorkspaceNameTaken "workspace_name_taken" 409 "A workspace has this name already";
    WorkspaceSlugTaken "workspace_slug_taken" 409 "A workspace has this slug already";
    WorkspaceLimitReached "workspace_limit_reached" 409 "The organization has as many workspaces as is allowed";

    // Invitations
    InvitationNotFound "invitation_not_found" 404 "There is no such invitation";
    InvitationEmailMismatch "invitation_email_mismatch" 403 "This invitation is for another address";
    EmailDomainNotAllowed "email_domain_not_allowed" 403 "Addresses of this domain are not allowed here";
    AlreadyMember "already_member" 409 "This person already is a member";
    AlreadyInvited "already_invited" 409 "This address already has an open invitation";
    InvitationNotPending "invitation_not_pending" 409 "This invitation is no longer open";
    InvitationLimitReached "invitation_limit_reached" 409 "Too many invitations are open";
    InvitationExpired "invitation_expired" 410 "This invitation has expired";
    InvitationRevoked "invitation_revoked" 410 "This invitation was withdrawn";
    InvitationDeclined "invitation_declined" 410 "This invitation was declined";
    InvitationAccepted "invitation_accepted" 410 "This invitation was already accepted";
    OwnerRoleNotInvitable "owner_role_not_invitable" 422 "Nobody can be invited as owner";
    ExpiryOutOfRange "expiry_out_of_range" 422 "The time of expiry is out of range";
    RedirectInvalid "redirect_invalid" 422 "This is not a path of this site";
    TooManyRows "too_many_rows" 422 "There are too many rows";
    BulkRejected "bulk_rejected" 422 "Some rows were refused, so none was taken";

    // Access tokens
    ScopeUnknown "scope_unknown" 422 "There is no such scope";
    TokenLimitReached "token_limit_reached" 409 "The account has as many tokens as is allowed";
    AdminScopeDenied "admin_scope_denied" 403 "Only platform administrators may have this scope";
    TokenNotFound "token_not_found" 404 "There is no such token";
    TokenRevoked "token_revoked" 409 "The token was revoked";

    // The wallet
    TransactionNotFound "transaction_not_found" 404 "There is no such transaction";
    InsufficientBalance "insufficient_balance" 409 "The wallet does not hold enough";
    PossibleDuplicate "possible_duplicate" 409 "The same was asked for a moment ago";
    AlreadyReversed "already_reversed" 409 "The transaction was reversed already";
    NotReversible "not_reversible" 409 "This transaction cannot be reversed";
    CurrencyLocked "currency_locked" 409 "The currency stays once there are transactions";
    AmountOutOfRange "amount_out_of_range" 422 "The amount is out of range";
    BalanceLimit "balance_limit" 422 "The wallet would hold more than is allowed";
    CurrencyInvalid "currency_invalid" 422 "This is not a currency code";
    SmsPointRequired "sms_point_required" 422 "Say how many points are bought";
    SmsPointNotApplicable "sms_point_not_applicable" 422 "Points are only bought with this service: sms";
    ServiceUnknown "service_unknown" 422 "There is no such service";
}

schema_of!(Code as ProblemCode: Shape::one_of(Code::ALL.iter().map(|code| code.name())));

impl Code {
    /// The code with this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The last part of its help page's address: the name with hyphens.
    pub fn slug(self) -> String {
        self.name().replace('_', "-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_code_is_found_by_its_name() {
        assert_eq!(Code::named("slug_taken"), Some(Code::SlugTaken));
        assert_eq!(Code::named("slug-taken"), None);
    }
}
