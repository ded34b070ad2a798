//! Where digests go, and what operators do about those that could not be delivered.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cchc_core::UnitCode;
use cchc_kit::db::DbError;
use uuid::Uuid;

use super::{App, Command, CommandError, Listed};
use crate::{
    domain::delivery::{Channel, Contact, Delivery, Directory, Sealed, State, Webhook},
    store::{Page, deliveries, turns},
};

/// A recipient as an operator names it.
#[derive(Debug)]
pub(crate) struct Named {
    /// Without a webhook.
    pub(crate) contact: Contact,
    /// Where its webhook is, and the secret; none keeps the one that stands.
    pub(crate) webhook: Option<(String, Option<Vec<u8>>)>,
}

impl App {
    /// Loads where the digests of a province go; says which version it is now.
    #[tracing::instrument(name = "app.recipients.load", skip_all, fields(province = %province))]
    pub(crate) async fn load_recipients(
        &self,
        command: &Command,
        province: &UnitCode,
        named: Vec<Named>,
    ) -> Result<i64, CommandError> {
        let mut tx = self.db.begin().await?;
        turns::alone(&mut tx, "recipients").await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let present = deliveries::directory(&mut tx, province).await?;
        let (version, known) = present.unwrap_or_default();
        if is_repeat {
            return Ok(version);
        }
        let contacts = named.into_iter().map(|named| self.sealed(named, &known));
        let directory = Directory(contacts.collect::<Result<_, _>>()?);
        let version = version + 1;
        let (loader, at) = (&command.actor.subject, self.clock.now());
        deliveries::insert_directory(&mut tx, province, &directory, version, loader, at).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Wraps the secret of a recipient, or keeps the one that stands: wrapped anew, so that what an older key
    /// wrapped is not lost with it.
    fn sealed(&self, named: Named, known: &Directory) -> Result<Contact, CommandError> {
        let Named { mut contact, webhook } = named;
        let Some((url, secret)) = webhook else { return Ok(contact) };
        let vault = self.vault.as_deref().ok_or(CommandError::WrappingKeyMissing)?;
        let stands = known.named(&contact).and_then(|known| known.webhook.as_ref());
        let secret = match (secret, stands.filter(|webhook| webhook.url == url)) {
            (Some(secret), _) => secret,
            (None, Some(webhook)) => self
                .secret(&contact, &webhook.secret)
                .map_err(|_| CommandError::SecretMissing(contact.about()))?,
            (None, None) => return Err(CommandError::SecretMissing(contact.about())),
        };
        let wrapped =
            vault.wrap(&contact.about(), &secret).map_err(|_| CommandError::WrappingKeyMissing)?;
        let sealed = Sealed { key: wrapped.key, sealed: STANDARD.encode(wrapped.sealed) };
        contact.webhook = Some(Webhook { url, secret: sealed });
        Ok(contact)
    }

    /// Reads where the digests of a province go, with the version; 0 before the first was loaded.
    pub(crate) async fn recipients(
        &self,
        province: &UnitCode,
    ) -> Result<(i64, Directory), DbError> {
        let mut tx = self.db.begin().await?;
        Ok(deliveries::directory(&mut tx, province).await?.unwrap_or_default())
    }

    /// Lists deliveries of a state, or all; the newest digest first.
    pub(crate) async fn list_deliveries(
        &self,
        state: Option<State>,
        after: Option<(Uuid, String)>,
        size: i64,
    ) -> Result<Listed<Delivery>, DbError> {
        let mut tx = self.db.begin().await?;
        let items = deliveries::list(&mut tx, state, Page { after, limit: size + 1 }).await?;
        Ok(Listed::cut(items, size))
    }

    /// Tries a delivery anew that was given up.
    #[tracing::instrument(name = "app.delivery.replay", skip_all, fields(digest.id = %digest))]
    pub(crate) async fn replay_delivery(
        &self,
        command: &Command,
        digest: Uuid,
        channel: Channel,
    ) -> Result<Delivery, CommandError> {
        let mut tx = self.db.begin().await?;
        let is_repeat = command.is_repeat(&mut tx).await?;
        let is_done =
            is_repeat || deliveries::replay(&mut tx, digest, channel, self.clock.now()).await?;
        let present = deliveries::present(&mut tx, digest, channel).await?;
        let present = present.ok_or(CommandError::DeliveryNotFound(digest))?;
        if !is_done {
            return Err(CommandError::DeliveryNotGivenUp(digest));
        }
        tx.commit().await?;
        Ok(present)
    }
}
