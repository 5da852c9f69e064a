//! Every setting of the program: its name, its default, what is allowed.
//!
//! A setting is a flag, an environment variable with the prefix `GUILDHALL_`, or a key of a TOML file; flags win over
//! the environment, the environment over the file.

pub mod options;
mod uploads;
mod values;

pub use options::{OPTIONS, Setting, Source};
pub use uploads::{Bucket, Uploads};
pub use values::{DatabaseUrl, Limits, LogFormat, MailTransport, OrgCreation, Quota, RateLimits, SignUpPolicy};

use domain::text::Currency;
use ipnet::IpNet;
use options::Settings;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

/// The settings, read and found right.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    /// The only source of links, without a trailing slash.
    pub public_url: Url,
    pub data_dir: PathBuf,
    pub database_url: DatabaseUrl,
    pub postgres_connections: u32,
    /// `None` for the one in the data folder.
    pub secret_key: Option<SecretKey>,
    pub mail: MailTransport,
    pub mail_from: String,
    pub sign_up: SignUpPolicy,
    /// Whether a copied invitation link proves the address: only sensible where no mail is sent.
    pub trust_links: bool,
    pub org_creation: OrgCreation,
    pub limits: Limits,
    /// Domains that may be invited or sign up; none means any.
    pub email_domains: Vec<String>,
    pub slugs: Arc<domain::org::SlugRules>,
    pub org_require_country: bool,
    /// Of new wallets.
    pub currency: Currency,
    /// How long events stay in the audit log.
    pub audit_retention_days: u32,
    /// `None` when switched off.
    pub rate_limits: Option<RateLimits>,
    /// Whether a change of an existing thing has to say which version it is meant for.
    pub require_if_match: bool,
    /// Where pictures are kept.
    pub uploads: Uploads,
    pub trusted_proxies: Vec<IpNet>,
    pub ca_file: Option<PathBuf>,
    pub log: String,
    pub log_format: LogFormat,
    pub sqlite_synchronous_full: bool,
}

/// At least 32 bytes from which every other key is derived. Not shown.
#[derive(Clone)]
pub struct SecretKey(pub(crate) Arc<[u8]>);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

/// A setting that cannot be used: one line that names the option, the value and what is allowed.
#[derive(Debug, thiserror::Error)]
#[error("{option}: {value:?} is not allowed; {allowed}")]
pub struct Wrong {
    pub option: String,
    pub value: String,
    pub allowed: String,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`Wrong`] for the first one that cannot be used.
    pub fn load(flags: &BTreeMap<&'static str, String>, environment: &BTreeMap<String, String>) -> Result<Self, Wrong> {
        Self::from_settings(&Settings::gather(flags, environment)?)
    }

    fn from_settings(settings: &Settings) -> Result<Self, Wrong> {
        let listen: SocketAddr = settings.parse("listen", "an address and port such as 127.0.0.1:3000")?;
        let public_url = match settings.get("public_url") {
            Some(text) => values::public_url(text)?,
            None => values::public_url(&format!("http://{listen}"))?,
        };
        let data_dir = PathBuf::from(settings.required("data_dir")?);
        let database_url = match settings.get("database_url") {
            Some(text) => values::database_url(text)?,
            None => DatabaseUrl::Sqlite(data_dir.join("guildhall.db")),
        };
        let uploads = match settings.get("uploads") {
            Some(text) => uploads::read(text)?,
            None => Uploads::Folder(data_dir.join("uploads")),
        };
        let mail = values::mail(settings.required("mail")?)?;
        // A number is no mail domain.
        let host = public_url.domain().unwrap_or("localhost");
        let mail_from = settings.get("mail_from").map_or(format!("Guildhall <no-reply@{host}>"), str::to_owned);
        values::require_sender(&mail_from)?;
        let trust_links = match settings.get("trust_links") {
            Some(_) => settings.parse("trust_links", "true or false")?,
            None => matches!(mail, MailTransport::Log),
        };
        Ok(Self {
            secret_key: settings.get("secret_key").map(values::secret_key).transpose()?,
            postgres_connections: values::connections(settings)?,
            sign_up: values::choice("sign_up", settings.required("sign_up")?)?,
            org_creation: values::choice("org_creation", settings.required("org_creation")?)?,
            limits: values::limits(settings.get("limits").unwrap_or_default())?,
            email_domains: values::list(settings.get("email_domains")).map(|name| name.to_lowercase()).collect(),
            slugs: Arc::new(values::slugs(settings)?),
            org_require_country: settings.parse("org_require_country", "true or false")?,
            currency: values::currency(settings.required("currency")?)?,
            audit_retention_days: values::audit_retention_days(settings)?,
            rate_limits: values::rate_limits(settings.get("rate_limits").unwrap_or_default())?,
            require_if_match: settings.parse("require_if_match", "true or false")?,
            trusted_proxies: values::networks(settings.get("trusted_proxies"))?,
            ca_file: settings.get("ca_file").map(values::readable_file).transpose()?,
            log: values::log_filter(settings.required("log")?)?,
            log_format: values::log_format(settings.get("log_format"))?,
            sqlite_synchronous_full: values::synchronous(settings.required("sqlite_synchronous")?)?,
            listen,
            public_url,
            data_dir,
            database_url,
            uploads,
            mail,
            mail_from,
            trust_links,
        })
    }

    /// The key that was given, or the one in the data folder, made there on the first start.
    ///
    /// # Errors
    /// [`Wrong`] when the folder cannot be written to, or its key has been damaged.
    pub fn key(&self) -> Result<SecretKey, Wrong> {
        match &self.secret_key {
            Some(key) => Ok(key.clone()),
            None => values::kept_key(&self.data_dir),
        }
    }

    /// What the settings that have no fixed default come out as.
    pub fn derived(&self, name: &str) -> Option<String> {
        Some(match name {
            "public_url" => self.origin(),
            "mail_from" => self.mail_from.clone(),
            "trust_links" => self.trust_links.to_string(),
            "log_format" => format!("{:?}", self.log_format).to_lowercase(),
            "database_url" => match &self.database_url {
                DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
                DatabaseUrl::Postgres(_) => return None,
            },
            "uploads" => match &self.uploads {
                Uploads::Folder(path) => format!("file://{}", path.display()),
                Uploads::Bucket(_) => return None,
            },
            _ => return None,
        })
    }

    /// An address of this instance, for a mail or a `Location`. The path begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Scheme, host and port, without a trailing slash.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether only this machine reaches the instance.
    pub fn is_loopback(&self) -> bool {
        match self.public_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }
}
