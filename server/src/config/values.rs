//! How the texts of settings are read.

use super::options::{Settings, wrong};
use super::{SecretKey, Wrong};
use base64::Engine as _;
use domain::org::SlugRules;
use domain::text::Currency;
use ipnet::IpNet;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

#[derive(Debug, Clone)]
pub enum MailTransport {
    /// Mails are written to the log: for trying things out.
    Log,
    Smtp(String),
    /// Mails are kept in memory: for tests.
    Memory,
}

/// A setting that is one of a few words.
pub(super) trait Word: Sized + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

macro_rules! words {
    ($name:ident { $($variant:ident $word:literal,)* }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant,)* }

        impl Word for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $name::$variant),)*];
        }
    };
}

words! { SignUpPolicy { Invited "invited", Open "open", } }
words! { OrgCreation { Members "members", Platform "platform", } }
words! { LogFormat { Pretty "pretty", Json "json", } }

pub(super) fn choice<T: Word + Copy>(name: &str, text: &str) -> Result<T, Wrong> {
    let found = T::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    let words: Vec<_> = T::WORDS.iter().map(|(word, _)| *word).collect();
    found.ok_or_else(|| wrong(name, text, &format!("it is one of: {}", words.join(", "))))
}

pub(super) fn log_format(text: Option<&str>) -> Result<LogFormat, Wrong> {
    match text {
        Some(text) => choice("log_format", text),
        None if std::io::stderr().is_terminal() => Ok(LogFormat::Pretty),
        None => Ok(LogFormat::Json),
    }
}

pub(super) fn synchronous(text: &str) -> Result<bool, Wrong> {
    match text {
        "full" => Ok(true),
        "normal" => Ok(false),
        _ => Err(wrong("sqlite_synchronous", text, "it is one of: full, normal")),
    }
}

pub(super) fn public_url(text: &str) -> Result<Url, Wrong> {
    let allowed = "give http:// or https:// and a host, without a path";
    let url = Url::parse(text).map_err(|_| wrong("public_url", text, allowed))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.username().is_empty();
    if plain { Ok(url) } else { Err(wrong("public_url", text, allowed)) }
}

pub(super) fn database_url(text: &str) -> Result<DatabaseUrl, Wrong> {
    if let Some(path) = text.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
        return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
    }
    let postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if postgres && text.parse::<sqlx::postgres::PgConnectOptions>().is_ok() {
        return Ok(DatabaseUrl::Postgres(text.to_owned()));
    }
    let shown = text.split_once("://").map_or("…", |(scheme, _)| scheme);
    Err(wrong("database_url", shown, "give sqlite:// and a path, or postgres://user:password@host/database"))
}

pub(super) fn mail(text: &str) -> Result<MailTransport, Wrong> {
    match text {
        "log" => Ok(MailTransport::Log),
        "memory" => Ok(MailTransport::Memory),
        url if is_smtp(url) => Ok(MailTransport::Smtp(url.to_owned())),
        other => {
            let shown = other.split_once("://").map_or("…", |(scheme, _)| scheme);
            Err(wrong("mail", shown, "it is log, smtp://… or smtps://…"))
        }
    }
}

fn is_smtp(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host())
        && lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(text).is_ok()
}

pub(super) fn list(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn slugs(settings: &Settings) -> Result<SlugRules, Wrong> {
    let max: usize = settings.parse("org_slug_max", "a whole number from 1 to 253")?;
    if !(1..=253).contains(&max) {
        return Err(wrong("org_slug_max", &max.to_string(), "a whole number from 1 to 253"));
    }
    let reserved = list(settings.get("reserved_slugs")).map(str::to_lowercase).collect();
    Ok(SlugRules { max, reserved })
}

pub(super) fn networks(text: Option<&str>) -> Result<Vec<IpNet>, Wrong> {
    list(text)
        .map(|item| {
            let single = || item.parse::<std::net::IpAddr>().ok().map(IpNet::from);
            item.parse::<IpNet>().ok().or_else(single)
        })
        .zip(list(text))
        .map(|(network, item)| {
            network.ok_or_else(|| wrong("trusted_proxies", item, "give networks such as 10.0.0.0/8"))
        })
        .collect()
}

/// How much of everything there may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub orgs_per_user: i64,
    pub open_invitations: i64,
    pub teams: i64,
    pub workspaces: i64,
    pub roles: i64,
    pub tokens: i64,
}

pub(super) fn limits(text: &str) -> Result<Limits, Wrong> {
    let mut limits =
        Limits { orgs_per_user: 100, open_invitations: 500, teams: 500, workspaces: 1000, roles: 50, tokens: 50 };
    for item in list(Some(text)) {
        let (name, number) = item.split_once('=').unwrap_or((item, ""));
        let place = match name {
            "orgs_per_user" => &mut limits.orgs_per_user,
            "open_invitations" => &mut limits.open_invitations,
            "teams" => &mut limits.teams,
            "workspaces" => &mut limits.workspaces,
            "roles" => &mut limits.roles,
            "tokens" => &mut limits.tokens,
            _ => {
                let names = "the names are orgs_per_user, open_invitations, teams, workspaces, roles, tokens";
                return Err(wrong("limits", item, names));
            }
        };
        *place = number
            .parse()
            .ok()
            .filter(|number| (1..=1_000_000).contains(number))
            .ok_or_else(|| wrong("limits", item, "a limit is a whole number from 1 to 1000000"))?;
    }
    Ok(limits)
}

/// So many times in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub times: u32,
    pub within: Duration,
}

/// The quota of each policy by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimits(pub BTreeMap<&'static str, Quota>);

const POLICIES: &[(&str, u32, u64)] = &[
    ("default", 600, 60),
    ("anonymous", 60, 60),
    ("login", 10, 60),
    ("invite-create", 250, 3600),
    ("invite-bulk", 50, 3600),
    ("invite-resend", 1, 60),
    ("invite-token", 20, 60),
    ("verification", 1, 60),
    ("export", 10, 3600),
];

pub(super) fn rate_limits(text: &str) -> Result<Option<RateLimits>, Wrong> {
    if text == "off" {
        return Ok(None);
    }
    let mut quotas: BTreeMap<_, _> = POLICIES
        .iter()
        .map(|(name, times, seconds)| (*name, Quota { times: *times, within: Duration::from_secs(*seconds) }))
        .collect();
    for item in list(Some(text)) {
        let names: Vec<_> = POLICIES.iter().map(|(name, ..)| *name).collect();
        let allowed = format!("write off, or name=times/seconds as in login=10/60s; names are {}", names.join(", "));
        let (name, quota) = item.split_once('=').unwrap_or((item, ""));
        let place = quotas.get_mut(name).ok_or_else(|| wrong("rate_limits", item, &allowed))?;
        *place = quota_of(quota).ok_or_else(|| wrong("rate_limits", item, &allowed))?;
    }
    Ok(Some(RateLimits(quotas)))
}

fn quota_of(text: &str) -> Option<Quota> {
    let (times, within) = text.split_once('/')?;
    let seconds: u64 = within.strip_suffix('s')?.parse().ok()?;
    let times: u32 = times.parse().ok()?;
    (times > 0 && seconds > 0).then(|| Quota { times, within: Duration::from_secs(seconds) })
}

/// # Errors
/// When it is no base64 of at least 32 bytes. The value is not repeated.
pub(super) fn secret_key(text: &str) -> Result<SecretKey, Wrong> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).unwrap_or_default();
    if bytes.len() < 32 {
        let allowed = "give at least 32 bytes as base64, for example from: openssl rand -base64 32";
        return Err(wrong("secret_key", "…", allowed));
    }
    Ok(SecretKey(bytes.into()))
}

/// The key of the data folder.
pub(super) fn kept_key(data_dir: &Path) -> Result<SecretKey, Wrong> {
    let text = read_or_make_key(data_dir).map_err(|error| {
        let allowed = format!("the key is kept in a folder that can be written to ({error})");
        wrong("data_dir", &data_dir.display().to_string(), &allowed)
    })?;
    secret_key(&text)
}

fn read_or_make_key(data_dir: &Path) -> std::io::Result<String> {
    let path = data_dir.join("secret.key");
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        read => return read,
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
    let text = base64::engine::general_purpose::STANDARD.encode(rand::random::<[u8; 32]>());
    // Written whole beside its place and linked into it, so that nobody reads half a key, and of two programs that
    // start at once one wins.
    let draft = data_dir.join(format!("secret.key.{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, &path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read_to_string(&path),
    }
}

pub(super) fn currency(text: &str) -> Result<Currency, Wrong> {
    Currency::parse(text).map_err(|_| wrong("currency", text, "give a code of ISO 4217 such as USD"))
}

pub(super) fn audit_retention_days(settings: &Settings) -> Result<u32, Wrong> {
    let allowed = "a whole number from 1 to 36500";
    let days: u32 = settings.parse("audit_retention_days", allowed)?;
    if (1..=36500).contains(&days) { Ok(days) } else { Err(wrong("audit_retention_days", &days.to_string(), allowed)) }
}

pub(super) fn connections(settings: &Settings) -> Result<u32, Wrong> {
    let allowed = "a whole number from 2 to 1000";
    let number: u32 = settings.parse("postgres_connections", allowed)?;
    if (2..=1000).contains(&number) {
        Ok(number)
    } else {
        Err(wrong("postgres_connections", &number.to_string(), allowed))
    }
}

pub(super) fn require_sender(text: &str) -> Result<(), Wrong> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(()),
        Err(_) => Err(wrong("mail_from", text, "give a sender such as Guildhall <no-reply@guild.example>")),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(wrong("log", text, "give a level such as info, or directives such as info,sqlx=debug")),
    }
}

pub(super) fn readable_file(path: &str) -> Result<PathBuf, Wrong> {
    match std::fs::File::open(path) {
        Ok(_) => Ok(PathBuf::from(path)),
        Err(error) => Err(wrong("ca_file", path, &format!("give a file in PEM form ({error})"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_can_be_changed_by_name() {
        assert_eq!(limits("orgs_per_user=3").expect("limits").orgs_per_user, 3);
        assert!(limits("orgs_per_user=0").is_err());
        assert!(limits("cats=3").is_err());
    }

    #[test]
    fn rate_limits_can_be_switched_off_or_changed() {
        assert_eq!(rate_limits("off").expect("off"), None);
        let changed = rate_limits("login=3/10s").expect("changed").expect("on");
        assert_eq!(changed.0["login"], Quota { times: 3, within: Duration::from_secs(10) });
        assert!(rate_limits("login=3/10m").is_err());
    }

    #[test]
    fn a_currency_is_a_code_of_three_capitals() {
        assert_eq!(currency("EUR").expect("a currency").as_str(), "EUR");
        assert!(currency("euro").is_err());
    }

    #[test]
    fn a_public_url_has_no_path() {
        assert!(public_url("https://guild.example").is_ok());
        assert!(public_url("https://guild.example/app").is_err());
        assert!(public_url("guild.example").is_err());
    }
}
