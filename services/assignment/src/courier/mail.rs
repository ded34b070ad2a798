//! Digests as e-mail: text and simple HTML, under a `Message-ID` that is the digest's own, so that one that
//! comes twice is known again.

use std::{error::Error, time::Duration};

use cchc_kit::config::{DeliveryConfig, MailSecurity};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{authentication::Credentials, extension::ClientId},
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
        let host = config.smtp_host.as_str();
        let transport = match config.smtp_security {
            MailSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            MailSecurity::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            MailSecurity::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)),
        };
        let domain = from.email.domain().to_owned();
        let mut transport = transport.map_err(|error| unusable(&error))?;
        transport = transport.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(domain));
        if let Some(port) = config.smtp_port {
            transport = transport.port(port);
        }
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
