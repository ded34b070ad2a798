//! Digests as e-mail: text and simple HTML, under a `Message-ID` that is the digest's own, so that one that
//! comes twice is known again.

use std::{error::Error, time::Duration};

use cchc_kit::config::{DeliveryConfig, MailSecurity, read_trimmed};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;
use uuid::Uuid;

use super::CourierError;
use crate::{
    app::Parcel,
    domain::delivery::{Contact, Ended},
};

/// How long a mail server may take for a step of the conversation.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take for all of it; well below the time for which an attempt is nobody else's.
const CONVERSATION: Duration = Duration::from_mins(1);
/// What a server answers whom it does not let sign in (RFC 4954): a setting to mend, no fault of the digest.
const SIGN_IN: [&str; 4] = ["530", "534", "535", "538"];

/// A mail server, and who writes.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A header of our own.
macro_rules! header {
    ($(#[$doc:meta])* $name:ident, $text:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}

header!(
    /// By which mail programs sort.
    ListId,
    "List-Id"
);
header!(
    /// No machine answers a machine (RFC 3834).
    AutoSubmitted,
    "Auto-Submitted"
);

impl Mail {
    /// Opens the mail server that is configured; none sends no e-mail.
    pub(super) fn open(config: &DeliveryConfig) -> Result<Option<Self>, CourierError> {
        if config.smtp_host.is_empty() {
            return Ok(None);
        }
        let unusable = |error: &dyn std::fmt::Display| CourierError::Unusable(error.to_string());
        let from: Mailbox = config.from.parse().map_err(|error| unusable(&error))?;
        let domain = from.email.domain().to_owned();
        let (tls, port) = match config.smtp_security {
            MailSecurity::Tls => (Tls::Wrapper(trusted(config)?), SUBMISSIONS_PORT),
            MailSecurity::StartTls => (Tls::Required(trusted(config)?), SUBMISSION_PORT),
            MailSecurity::None => (Tls::None, SMTP_PORT),
        };
        let host = config.smtp_host.as_str();
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .tls(tls)
            .port(config.smtp_port.unwrap_or(port))
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(domain));
        if let Some(password) = config.smtp_password()? {
            let user = config.smtp_user.clone();
            transport = transport.credentials(Credentials::new(user, password.reveal().to_owned()));
        }
        Ok(Some(Self { transport: transport.build(), from }))
    }

    /// Sends a digest to everybody at a contact, in one message.
    pub(super) async fn send(&self, digest: Uuid, to: &Contact, parcel: &Parcel) -> Ended {
        let message = match self.message(digest, to, parcel) {
            Ok(message) => message,
            Err(error) => return Ended::Refused(error.to_string()),
        };
        match timeout(CONVERSATION, self.transport.send(message)).await {
            Ok(Ok(_)) => Ended::Taken,
            Ok(Err(error)) if is_final(&error) => Ended::Refused(chain(&error)),
            Ok(Err(error)) => Ended::Failed(chain(&error)),
            Err(_) => Ended::Failed("the mail server took too long".to_owned()),
        }
    }

    fn message(
        &self,
        digest: Uuid,
        to: &Contact,
        parcel: &Parcel,
    ) -> Result<Message, Box<dyn Error + Send + Sync>> {
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(&parcel.letter.subject)
            .message_id(Some(format!("<{digest}@{domain}>")))
            .header(ListId(format!("<nhac-viec.{domain}>")))
            .header(AutoSubmitted("auto-generated".to_owned()));
        for address in &to.emails {
            message = message.to(Mailbox::new(None, address.parse::<Address>()?));
        }
        let (text, html) = (parcel.letter.text.clone(), parcel.letter.html.clone());
        Ok(message.multipart(MultiPart::alternative_plain_html(text, html))?)
    }
}

/// Whose word is taken that the server is the one named: the authorities of the machine, and the one set.
fn trusted(config: &DeliveryConfig) -> Result<TlsParameters, CourierError> {
    let unusable = |error: &dyn std::fmt::Display| CourierError::Unusable(error.to_string());
    let mut tls = TlsParameters::builder(config.smtp_host.clone());
    if let Some(path) = &config.smtp_ca_file {
        let pem = read_trimmed(path)?;
        let authority = Certificate::from_pem(pem.as_bytes()).map_err(|error| unusable(&error))?;
        tls = tls.add_root_certificate(authority);
    }
    tls.build().map_err(|error| unusable(&error))
}

/// Whether the same message will be refused another time, too.
fn is_final(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    error.is_permanent() && code.is_none_or(|code| !SIGN_IN.contains(&code.as_str()))
}

/// A failure with what caused it.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said = format!("{said}: {cause}");
        source = cause.source();
    }
    said.chars().take(500).collect()
}
