//! The table of settings, and where each value came from.

use super::Wrong;
use std::collections::BTreeMap;
use std::str::FromStr;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// In the file as it is, as flag with hyphens, in the environment in capitals after `GUILDHALL_`.
    pub name: &'static str,
    pub default: Option<&'static str>,
    pub help: &'static str,
    pub secret: bool,
}

const fn setting(name: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { name, default, help, secret: false }
}

pub const OPTIONS: &[Setting] = &[
    setting("listen", Some("127.0.0.1:3000"), "Address of pages and API"),
    setting(
        "public_url",
        None,
        "Where people reach it: the source of all links [default: http:// and the listen address]",
    ),
    setting("data_dir", Some("./data"), "Embedded database, uploads and generated secret key"),
    Setting {
        secret: true,
        ..setting("database_url", None, "sqlite://… or postgres://… [default: guildhall.db in the data folder]")
    },
    setting("postgres_connections", Some("20"), "Most connections to Postgres"),
    Setting {
        secret: true,
        ..setting("secret_key", None, "At least 32 bytes as base64 [default: made once in the data folder]")
    },
    Setting { secret: true, ..setting("mail", Some("log"), "log, smtp://… or smtps://…") },
    setting("mail_from", None, "Sender of mail [default: no-reply at the public host]"),
    setting("sign_up", Some("invited"), "invited or open"),
    setting(
        "trust_links",
        None,
        "Whether a copied invitation link proves the address [default: true while mail is log]",
    ),
    setting("org_creation", Some("members"), "members or platform"),
    setting("limits", None, "For example orgs_per_user=100,open_invitations=500"),
    setting("email_domains", None, "Domains that may be invited or sign up [default: any]"),
    setting("org_slug_max", Some("39"), "Longest slug, 1 to 253"),
    setting("reserved_slugs", None, "Slugs nobody may take, besides the built-in ones"),
    setting("org_require_country", Some("false"), "Whether an organization needs a country"),
    setting("currency", Some("USD"), "ISO 4217 code of new wallets"),
    setting("audit_retention_days", Some("400"), "How long events stay in the audit log, 1 to 36500"),
    setting("rate_limits", None, "off, or for example login=10/60s,invite-token=20/60s"),
    setting("require_if_match", Some("false"), "Whether changes through the API need If-Match"),
    Setting {
        secret: true,
        ..setting("uploads", None, "file://… or s3://bucket/prefix?… [default: uploads in the data folder]")
    },
    setting("trusted_proxies", None, "Networks whose X-Forwarded-For is believed"),
    setting("ca_file", None, "Roots trusted for SMTP, S3 and Postgres [default: the system's]"),
    setting("log", Some("info"), "Level, or directives such as info,sqlx=debug"),
    setting("log_format", None, "pretty or json [default: pretty on a terminal]"),
    setting("sqlite_synchronous", Some("full"), "full survives power loss, normal a killed process"),
];

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Flag,
    Environment,
    File,
    Default,
}

impl Source {
    pub fn label(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// The effective texts of all settings.
#[derive(Debug)]
pub struct Settings(BTreeMap<&'static str, (String, Source)>);

impl Settings {
    /// Puts flags over environment over file over defaults.
    ///
    /// # Errors
    /// A file that cannot be read or names a setting that does not exist.
    pub fn gather(
        flags: &BTreeMap<&'static str, String>,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, Wrong> {
        let path = flags.get("config").or_else(|| environment.get("GUILDHALL_CONFIG"));
        let file = path.map_or(Ok(BTreeMap::new()), |path| read_file(path))?;
        let mut values = BTreeMap::new();
        for option in OPTIONS {
            let variable = format!("GUILDHALL_{}", option.name.to_uppercase());
            let found = (flags.get(option.name).map(|text| (text.clone(), Source::Flag)))
                .or_else(|| environment.get(&variable).map(|text| (text.clone(), Source::Environment)))
                .or_else(|| file.get(option.name).map(|text| (text.clone(), Source::File)))
                .or_else(|| option.default.map(|text| (text.to_owned(), Source::Default)));
            if let Some(found) = found {
                values.insert(option.name, found);
            }
        }
        Ok(Self(values))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|(text, _)| text.as_str()).filter(|text| !text.is_empty())
    }

    pub fn source(&self, name: &str) -> Source {
        self.0.get(name).map_or(Source::Default, |(_, source)| *source)
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Wrong> {
        self.get(name).ok_or_else(|| wrong(name, "", "a value is needed"))
    }

    pub(super) fn parse<T: FromStr>(&self, name: &str, allowed: &str) -> Result<T, Wrong> {
        let text = self.required(name)?;
        text.parse().map_err(|_| wrong(name, text, allowed))
    }
}

/// A wrong value of the setting `name`.
pub(super) fn wrong(name: &str, value: &str, allowed: &str) -> Wrong {
    let option = format!("GUILDHALL_{}", name.to_uppercase());
    Wrong { option, value: value.to_owned(), allowed: allowed.to_owned() }
}

fn read_file(path: &str) -> Result<BTreeMap<String, String>, Wrong> {
    let text = std::fs::read_to_string(path).map_err(|error| wrong("config", path, &error.to_string()))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong("config", path, error.message()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !OPTIONS.iter().any(|option| option.name == key) {
            return Err(wrong("config", &key, "there is no such setting; see guildhall --help"));
        }
        values.insert(key, plain(value));
    }
    Ok(values)
}

/// Lists of the file are written as the environment writes them.
fn plain(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        toml::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_default() {
        let flags = BTreeMap::from([("listen", "127.0.0.1:1".to_owned())]);
        let environment = BTreeMap::from([
            ("GUILDHALL_LISTEN".to_owned(), "127.0.0.1:2".to_owned()),
            ("GUILDHALL_SIGN_UP".to_owned(), "open".to_owned()),
        ]);
        let settings = Settings::gather(&flags, &environment).expect("settings");
        assert_eq!((settings.get("listen"), settings.source("listen")), (Some("127.0.0.1:1"), Source::Flag));
        assert_eq!((settings.get("sign_up"), settings.source("sign_up")), (Some("open"), Source::Environment));
        assert_eq!((settings.get("log"), settings.source("log")), (Some("info"), Source::Default));
    }
}
