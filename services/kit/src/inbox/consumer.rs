//! Pulls one producer's events from the bus, and from the producer itself whenever the bus has not
//! what is needed: after a gap, after a loss, and while it is away.

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{self, AckKind};
use cchc_proto::source::v1::{
    Event, GetHeadRequest, ReplayEventsRequest, source_service_client::SourceServiceClient,
};
use futures::{FutureExt as _, StreamExt as _};
use tokio_util::sync::CancellationToken;

use super::{Applied, Hear, apply, parked, watermark};
use crate::{
    bus::{Bus, BusError, envelope},
    client::Peer,
    db::{Db, DbError},
    telemetry::metrics::Metrics,
};

/// Messages taken into one transaction.
const BATCH: usize = 256;
/// Events of a replay taken into one transaction: nobody waits for each of them.
const REPLAYED: usize = 2048;
/// How long a pull waits for the first message.
const PULL: Duration = Duration::from_secs(1);

/// Hears one producer.
pub(crate) struct Consumer {
    pub(crate) db: Db,
    pub(crate) bus: Bus,
    pub(crate) hear: Arc<dyn Hear>,
    /// What it is called on the bus.
    pub(crate) name: String,
    pub(crate) producer: String,
    pub(crate) peer: Peer,
    pub(crate) catch_up: Duration,
    pub(crate) metrics: Metrics,
}

#[derive(Debug, thiserror::Error)]
enum ConsumeError {
    #[error("{0}: {source}", source = std::error::Error::source(.0).map(ToString::to_string).unwrap_or_default())]
    Db(#[from] DbError),
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error("the producer does not answer: {0}")]
    Producer(Box<tonic::Status>),
}

impl From<tonic::Status> for ConsumeError {
    fn from(status: tonic::Status) -> Self {
        Self::Producer(Box::new(status))
    }
}

impl Consumer {
    /// Hears until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::join!(self.pull_until(&stop), self.catch_up_until(&stop));
    }

    async fn pull_until(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let pulled = tokio::select! {
                () = stop.cancelled() => return,
                pulled = self.pull_all(stop) => pulled,
            };
            if let Err(error) = pulled {
                tracing::warn!(producer = %self.producer, %error, "inbox: cannot pull from the bus");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(Duration::from_millis(500)) => {}
                }
            }
        }
    }

    async fn pull_all(&self, stop: &CancellationToken) -> Result<(), ConsumeError> {
        let consumer = self.bus.ensure_consumer(&self.producer, &self.name).await?;
        while !stop.is_cancelled() {
            let mut batch = consumer
                .batch()
                .max_messages(BATCH)
                .expires(PULL)
                .messages()
                .await
                .map_err(|e| BusError(e.to_string()))?;
            while let Some(message) = batch.next().await {
                let mut messages = vec![message.map_err(|e| BusError(e.to_string()))?];
                // Take what is there rather than wait for a full batch: the rollup is live.
                while messages.len() < BATCH
                    && let Some(Some(more)) = batch.next().now_or_never()
                {
                    messages.push(more.map_err(|e| BusError(e.to_string()))?);
                }
                self.take(messages).await?;
            }
        }
        Ok(())
    }

    /// Applies messages and acknowledges them after the commit. What is not an event of ours cannot
    /// carry a number, so nothing waits for it: it is logged and ended.
    async fn take(&self, messages: Vec<jetstream::Message>) -> Result<(), ConsumeError> {
        let mut events = Vec::with_capacity(messages.len());
        for message in &messages {
            match envelope::open(message) {
                Ok(event) if event.producer == self.producer => events.push(event),
                Ok(event) => {
                    tracing::error!(producer = %event.producer, "inbox: an event of another producer");
                    let _ = message.ack_with(AckKind::Term).await;
                }
                Err(reason) => {
                    tracing::error!(subject = %message.subject, reason, "inbox: not an event");
                    let _ = message.ack_with(AckKind::Term).await;
                }
            }
        }
        if !events.is_empty() {
            events.sort_by_key(|event| event.sequence);
            self.apply(events).await?;
        }
        for message in messages {
            // An acknowledgement that gets lost means a repeat, which the watermark knows.
            let _ = message.ack().await;
        }
        Ok(())
    }

    async fn apply(&self, events: Vec<Event>) -> Result<(), ConsumeError> {
        while let Applied::Gap { from } =
            apply(&self.db, self.hear.as_ref(), &self.producer, &events).await?
        {
            tracing::info!(producer = %self.producer, from, "inbox: gap; asking for a replay");
            self.metrics.gap_found(&self.producer);
            let before = watermark(&self.db, &self.producer).await?;
            self.replay(from).await?;
            if watermark(&self.db, &self.producer).await? == before {
                return Err(BusError(format!("the producer has no event {from}")).into());
            }
        }
        Ok(())
    }

    /// Fetches everything from a number on, straight from the producer.
    async fn replay(&self, from: i64) -> Result<(), ConsumeError> {
        let mut client =
            SourceServiceClient::new(self.peer.channel()).max_decoding_message_size(1 << 26);
        let request =
            self.peer.request(ReplayEventsRequest { from_sequence: from, to_sequence: 0 });
        let mut replies = client.replay_events(request).await?.into_inner();
        let mut events = Vec::new();
        while let Some(reply) = replies.message().await? {
            events.extend(reply.event);
            if events.len() >= REPLAYED {
                apply(&self.db, self.hear.as_ref(), &self.producer, &events).await?;
                events.clear();
            }
        }
        apply(&self.db, self.hear.as_ref(), &self.producer, &events).await?;
        Ok(())
    }

    /// Every so often compares the watermark with the producer's head: what the bus lost for good
    /// would otherwise show only with the next event, and while it is away not at all.
    async fn catch_up_until(&self, stop: &CancellationToken) {
        let mut lagging_at = None;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.catch_up) => {}
            }
            match self.lag().await {
                Ok((watermark, head)) if head < watermark => {
                    // It gives numbers again that were given before: what it tells now would be taken
                    // for known. Only a person can say which of the two was restored from a backup.
                    tracing::error!(producer = %self.producer, watermark, head, "inbox: the producer went backwards");
                    self.metrics.lag(&self.producer, head - watermark);
                }
                Ok((watermark, head)) => {
                    self.metrics.lag(&self.producer, head - watermark);
                    if let Ok(parked) = parked::count(&self.db, &self.producer).await {
                        self.metrics.parked(&self.producer, parked);
                    }
                    // Only what did not move since the last look is stuck; the rest is on its way.
                    if head > watermark && lagging_at == Some(watermark) {
                        if let Err(error) = self.replay(watermark + 1).await {
                            tracing::warn!(producer = %self.producer, %error, "inbox: cannot replay");
                        }
                        lagging_at = None;
                    } else {
                        lagging_at = (head > watermark).then_some(watermark);
                    }
                }
                Err(error) => tracing::debug!(producer = %self.producer, %error, "inbox: no head"),
            }
        }
    }

    async fn lag(&self) -> Result<(i64, i64), ConsumeError> {
        let mut client = SourceServiceClient::new(self.peer.channel());
        let head = client.get_head(self.peer.request(GetHeadRequest {})).await?.into_inner();
        Ok((watermark(&self.db, &self.producer).await?, head.head_sequence))
    }
}
