//! Brings digests to people: by e-mail, and by signed webhooks. Each channel has a worker of its own, and a
//! server that does not answer holds up nobody but those whose post lies there.
//!
//! ```text
//!   seal (complete digests) ─► begin (committed) ─► send ─► end (committed)
//! ```
//!
//! Whoever begins an attempt has the delivery to itself for two minutes, whatever other instances there are.
//! A crash between `begin` and `end` leaves it to be tried again: a digest is delivered at least once, under
//! an id that does not change. Decision 0040.

mod mail;
mod webhook;

use std::{sync::Arc, time::Duration};

use cchc_core::{Clock, IdSource};
use cchc_kit::{
    config::{ConfigError, DeliveryConfig},
    db::{Db, DbError},
    telemetry::metrics::Metrics,
    vault::Vault,
};
use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use self::{mail::Mail, webhook::Hooks};
use crate::{
    app::App,
    domain::delivery::{Attempt, Channel, Ended, State},
};

/// Between two looks at what is to be tried.
const EVERY: Duration = Duration::from_secs(15);
/// How long what is under way may still take when the service stops; it is tried again by the next.
const LAST: Duration = Duration::from_secs(5);
/// Attempts under way at once over a channel.
const AT_ONCE: usize = 8;

/// What a round over a channel did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Taken by the receiving side.
    pub sent: usize,
    /// Failed, and tried again later.
    pub failed: usize,
    /// Given up.
    pub given_up: usize,
}

/// A courier cannot be made of its settings.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// A secret cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address or a server's name cannot be used.
    #[error("delivery settings cannot be used: {0}")]
    Unusable(String),
}

/// Sends what is to be sent when it is told to.
#[derive(Debug, Clone)]
pub struct Courier {
    app: Arc<App>,
    mail: Option<Mail>,
    hooks: Hooks,
}

impl Courier {
    /// Makes one more courier over a database, with a clock of its own.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        vault: Option<Vault>,
        config: &DeliveryConfig,
    ) -> Result<Self, CourierError> {
        let app = App::new(db, clock, ids, Arc::default()).with_vault(vault);
        Self::of(&Arc::new(app), config)
    }

    pub(crate) fn of(app: &Arc<App>, config: &DeliveryConfig) -> Result<Self, CourierError> {
        Ok(Self { app: Arc::clone(app), mail: Mail::open(config)?, hooks: Hooks::open(config)? })
    }

    /// Sends the e-mails that are to be sent now.
    pub async fn mail(&self) -> Result<Round, DbError> {
        if self.mail.is_none() {
            return Ok(Round::default());
        }
        self.round(Channel::Email).await
    }

    /// Sends the webhooks that are to be sent now.
    pub async fn hooks(&self) -> Result<Round, DbError> {
        self.round(Channel::Webhook).await
    }

    async fn round(&self, channel: Channel) -> Result<Round, DbError> {
        self.app.seal_digests(channel).await?;
        let mut round = Round::default();
        loop {
            let most = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
            let begun = self.app.begin_attempts(channel, most).await?;
            if begun.is_empty() {
                return Ok(round);
            }
            let attempts = begun.into_iter().map(|attempt| self.attempt(attempt));
            let mut ended = futures::stream::iter(attempts).buffer_unordered(AT_ONCE);
            while let Some(state) = ended.next().await {
                match state? {
                    Some(State::Sent) => round.sent += 1,
                    Some(State::Pending) => round.failed += 1,
                    Some(State::GivenUp) => round.given_up += 1,
                    None => {}
                }
            }
        }
    }

    /// Makes an attempt; says how far the delivery is after it.
    async fn attempt(&self, attempt: Attempt) -> Result<Option<State>, DbError> {
        let parcel = self.app.parcel(&attempt).await?;
        let ended = match (&parcel.contact, attempt.channel, &self.mail) {
            (None, ..) => Ended::Refused("the directory names no address any more".to_owned()),
            (Some(contact), Channel::Email, Some(mail)) => {
                mail.send(attempt.digest, contact, &parcel).await
            }
            (Some(_), Channel::Email, None) => Ended::Failed("no mail server is set".to_owned()),
            (Some(contact), Channel::Webhook, _) => {
                let secret = contact
                    .webhook
                    .as_ref()
                    .map(|hook| (hook.url.as_str(), self.app.secret(contact, &hook.secret)));
                match secret {
                    Some((url, Ok(secret))) => {
                        self.hooks.send(attempt.digest, url, &secret, &parcel, self.app.now()).await
                    }
                    Some((_, Err(error))) => Ended::Failed(error.to_string()),
                    None => Ended::Refused("the directory names no webhook any more".to_owned()),
                }
            }
        };
        let state = self.app.end_attempt(&attempt, &ended).await?;
        if let Ended::Failed(why) | Ended::Refused(why) = &ended {
            let (digest, channel) = (attempt.digest, attempt.channel.as_str());
            tracing::warn!(digest.id = %digest, channel, attempt = attempt.number, why, "not delivered");
        }
        Ok(state)
    }

    /// Works until told to stop, a worker for each channel.
    pub(crate) async fn run(self, metrics: Metrics, stop: CancellationToken) {
        let work = |channel| self.work(channel, &metrics, &stop);
        futures::join!(work(Channel::Email), work(Channel::Webhook));
    }

    async fn work(&self, channel: Channel, metrics: &Metrics, stop: &CancellationToken) {
        loop {
            let round = async {
                match channel {
                    Channel::Email => self.mail().await,
                    Channel::Webhook => self.hooks().await,
                }
            };
            let stopped = async {
                stop.cancelled().await;
                tokio::time::sleep(LAST).await;
            };
            let round = tokio::select! {
                round = round => round,
                () = stopped => return,
            };
            match round {
                Ok(Round { sent: 0, .. }) => {}
                Ok(round) => {
                    tracing::info!(channel = channel.as_str(), ?round, "digests delivered");
                }
                Err(error) => tracing::warn!(%error, "delivering: trying again soon"),
            }
            if let Ok((pending, given_up)) = self.app.backlog(channel).await {
                metrics.deliveries(channel.as_str(), pending, given_up);
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
