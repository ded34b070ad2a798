//! The keys that publications are signed with: made once, kept wrapped by the operator's key, and after a
//! rotation kept for what they have signed.

use cchc_core::RequestId;
use cchc_kit::{
    db::DbError,
    service::StartError,
    signing::{PublicKey, SigningKey},
    vault::{Vault, VaultError},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{App, Asked, PublicationError, is_repeat};
use crate::store::signing_keys::{self, Kept, about};

/// A key as everybody may know it.
#[derive(Debug, Clone)]
pub(crate) struct KnownKey {
    pub(crate) public: PublicKey,
    pub(crate) create_time: OffsetDateTime,
    /// Whether it signs now.
    pub(crate) is_present: bool,
}

impl App {
    /// Every key, the newest first.
    pub(crate) async fn signing_keys(&self) -> Result<Vec<KnownKey>, PublicationError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        known(&signing_keys::list(&mut conn).await?)
    }

    /// Makes a new key that signs from now on.
    #[tracing::instrument(name = "app.signing_key.rotate", skip_all, fields(request.id = %asked.request_id))]
    pub(crate) async fn rotate_signing_key(
        &self,
        asked: &Asked,
    ) -> Result<KnownKey, PublicationError> {
        let vault = self.vault()?;
        let mut tx = self.db.begin().await?;
        signing_keys::take_turn(&mut tx).await?;
        let was_asked = is_repeat(&mut tx, asked).await?;
        let by = (asked.actor.subject.as_str(), asked.request_id);
        if !was_asked {
            make(&mut tx, vault, by, self.clock.now()).await?;
        }
        let (all, made) =
            (signing_keys::list(&mut tx).await?, signing_keys::made_by(&mut tx, by).await?);
        tx.commit().await?;
        let made = known(&all)?.into_iter().find(|key| Some(key.public.id()) == made);
        made.ok_or_else(|| DbError::inconsistent("record.signing_keys", "request_id", &by.1).into())
    }

    /// The key that signs; the first publication makes the first one.
    pub(super) async fn present_key(
        &self,
        tx: &mut PgConnection,
        asked: &Asked,
    ) -> Result<SigningKey, PublicationError> {
        let vault = self.vault()?;
        if let Some(kept) = newest(tx).await? {
            return open(vault, &kept);
        }
        signing_keys::take_turn(tx).await?;
        // Somebody else may have made it while we waited.
        let kept = if let Some(kept) = newest(tx).await? {
            kept
        } else {
            let by = (asked.actor.subject.as_str(), asked.request_id);
            make(tx, vault, by, self.clock.now()).await?
        };
        open(vault, &kept)
    }

    /// Wraps anew what another key than the operator's first wraps.
    pub(crate) async fn rewrap(&self) -> Result<(), StartError> {
        let Some(vault) = &self.vault else { return Ok(()) };
        let mut tx = self.db.begin().await?;
        signing_keys::take_turn(&mut tx).await?;
        let all = signing_keys::list(&mut tx).await?;
        for kept in all.iter().filter(|kept| kept.wrapped.key != vault.first()) {
            let what = about(&kept.key_id);
            let wrapped = vault.wrap(&what, &vault.unwrap(&what, &kept.wrapped)?)?;
            signing_keys::rewrap(&mut tx, &kept.key_id, &wrapped).await?;
            tracing::info!(key.id = kept.key_id, "a signing key was wrapped anew");
        }
        Ok(tx.commit().await?)
    }

    /// What private keys are kept with; asked for before anything is computed.
    pub(super) fn vault(&self) -> Result<&Vault, PublicationError> {
        self.vault.as_ref().ok_or(PublicationError::KeyFileMissing)
    }
}

async fn newest(tx: &mut PgConnection) -> Result<Option<Kept>, DbError> {
    Ok(signing_keys::list(tx).await?.into_iter().next())
}

fn open(vault: &Vault, kept: &Kept) -> Result<SigningKey, PublicationError> {
    let key = SigningKey::read(&vault.unwrap(&about(&kept.key_id), &kept.wrapped)?)?;
    // A row whose public half was exchanged would sign in another's name.
    if key.public().as_bytes() == kept.public_key.as_slice() {
        Ok(key)
    } else {
        Err(VaultError::DoesNotOpen.into())
    }
}

async fn make(
    tx: &mut PgConnection,
    vault: &Vault,
    by: (&str, RequestId),
    now: OffsetDateTime,
) -> Result<Kept, PublicationError> {
    let pkcs8 = SigningKey::fresh()?;
    let public = SigningKey::read(&pkcs8)?.public();
    let generation = newest(tx).await?.map_or(0, |kept| kept.generation) + 1;
    let key_id = public.id();
    let kept = Kept {
        wrapped: vault.wrap(&about(&key_id), &pkcs8)?,
        key_id,
        generation,
        public_key: public.as_bytes().to_vec(),
        create_time: now,
    };
    signing_keys::insert(tx, &kept, by).await?;
    tracing::info!(key.id = kept.key_id, "a signing key was made");
    Ok(kept)
}

fn known(all: &[Kept]) -> Result<Vec<KnownKey>, PublicationError> {
    let keys = all.iter().enumerate().map(|(place, kept)| {
        Ok(KnownKey {
            public: PublicKey::from_bytes(&kept.public_key)?,
            create_time: kept.create_time,
            is_present: place == 0,
        })
    });
    keys.collect()
}
