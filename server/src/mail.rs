//! Handing mail over: by SMTP, to the log, or to memory for tests.

pub(crate) mod letters;

use crate::config::{Config, MailTransport};
use domain::ids::MailId;
use letters::Letter;
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    /// Host part of message ids.
    host: String,
    transport: Transport,
}

#[derive(Clone)]
enum Transport {
    Log,
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Memory(Arc<Mutex<Vec<SentMail>>>),
}

/// A mail that the memory transport keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// The message as it would go over the wire.
    pub source: String,
}

/// What became of one attempt.
#[derive(Debug)]
pub(crate) enum Attempt {
    Accepted,
    /// Refused for good (SMTP 5xx).
    Refused(String),
    /// Refused for now, or nobody knows.
    Unclear(String),
}

impl Mailer {
    /// # Errors
    /// When the sender or the server's address is wrong.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let from: Mailbox = config
            .mail_from
            .parse()
            .map_err(|error| anyhow::anyhow!("GUILDHALL_MAIL_FROM: {:?} is no sender: {error}", config.mail_from))?;
        let transport = match &config.mail {
            MailTransport::Log => Transport::Log,
            MailTransport::Memory => Transport::Memory(Arc::default()),
            MailTransport::Smtp(url) => Transport::Smtp(smtp(url, config)?),
        };
        let host = config.public_url.host_str().unwrap_or("localhost").to_owned();
        Ok(Self { from, host, transport })
    }

    pub(crate) async fn send(&self, id: MailId, to: &str, letter: Letter) -> Attempt {
        let message = match self.message(id, to, &letter) {
            Ok(message) => message,
            Err(error) => return Attempt::Refused(error.to_string()),
        };
        match &self.transport {
            Transport::Log => {
                tracing::info!(to, subject = letter.subject, "mail\n{}", letter.text);
                Attempt::Accepted
            }
            Transport::Memory(kept) => {
                let source = String::from_utf8_lossy(&message.formatted()).into_owned();
                let Letter { subject, text, html } = letter;
                let sent = SentMail { to: to.to_owned(), subject, text, html, source };
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
                Attempt::Accepted
            }
            Transport::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Attempt::Accepted,
                Err(error) if error.is_permanent() => Attempt::Refused(error.to_string()),
                Err(error) => Attempt::Unclear(error.to_string()),
            },
        }
    }

    /// The id stays the same when a mail has to be sent again, so that a mailbox can tell copies.
    fn message(&self, id: MailId, to: &str, letter: &Letter) -> anyhow::Result<Message> {
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to.parse()?)
            .subject(&letter.subject)
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))?)
    }

    /// What the memory transport has kept, the oldest first; empty for the others.
    pub fn kept(&self) -> Vec<SentMail> {
        match &self.transport {
            Transport::Memory(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Transport::Log | Transport::Smtp(_) => Vec::new(),
        }
    }
}

fn smtp(url: &str, config: &Config) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(TIMEOUT));
    if let Some(file) = &config.ca_file {
        let parsed = url::Url::parse(url)?;
        let roots = Certificate::from_pem(&std::fs::read(file)?)?;
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let parameters = TlsParameters::builder(host).add_root_certificate(roots).build()?;
        let wanted = parsed.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        builder = match (parsed.scheme(), wanted.as_deref()) {
            ("smtps", _) => builder.tls(Tls::Wrapper(parameters)),
            (_, Some("required")) => builder.tls(Tls::Required(parameters)),
            (_, Some("opportunistic")) => builder.tls(Tls::Opportunistic(parameters)),
            _ => builder,
        };
    }
    Ok(builder.build())
}
