//! NATS JetStream: transport and nothing more. Whatever it loses is replayed from the producers'
//! outboxes, so its settings aim at speed and bounded size; decision 0004 says why.

pub mod envelope;

use std::{sync::Arc, time::Duration};

use async_nats::{
    ConnectOptions, HeaderMap,
    jetstream::{
        self,
        consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
        context::PublishAckFuture,
        stream::{self, DiscardPolicy, RetentionPolicy, StorageType},
    },
};
use bytes::Bytes;
use tokio::sync::Notify;

use crate::config::BusConfig;

/// The bus is away or refused.
#[derive(Debug, thiserror::Error)]
#[error("the bus failed: {0}")]
pub struct BusError(pub(crate) String);

impl BusError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Longest to wait for the bus to take a message or a request.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A connection to the bus.
#[derive(Debug, Clone)]
pub struct Bus {
    client: async_nats::Client,
    context: jetstream::Context,
    prefix: Arc<str>,
    numbered: Arc<Notify>,
}

impl Bus {
    /// Connects, or keeps trying in the background: a service starts and takes pushes without it.
    pub async fn connect(config: &BusConfig) -> Result<Self, BusError> {
        let client = ConnectOptions::new()
            .retry_on_initial_connect()
            .connection_timeout(Duration::from_secs(5))
            .ping_interval(Duration::from_secs(10))
            .event_callback(|event| async move { tracing::debug!(%event, "bus") })
            .connect(config.url.reveal())
            .await
            .map_err(BusError::of)?;
        let mut context = jetstream::new(client.clone());
        context.set_timeout(Duration::from_secs(3));
        Ok(Self {
            client,
            context,
            prefix: config.prefix.as_str().into(),
            numbered: Arc::new(Notify::new()),
        })
    }

    /// Hints that facts were numbered.
    pub(crate) fn numbered(&self) {
        self.numbered.notify_one();
    }

    /// Waits for the hint.
    pub(crate) async fn wait_numbered(&self) {
        self.numbered.notified().await;
    }

    /// Sends a message; the future it gives resolves when the server has stored it.
    pub(crate) async fn publish(
        &self,
        producer: &str,
        subject: &str,
        (headers, payload): (HeaderMap, Bytes),
    ) -> Result<PublishAckFuture, BusError> {
        let subject = format!("{}.{producer}.v1.{subject}", self.prefix);
        // While it reconnects the client takes messages into a queue, and waits when that is full.
        let sent = self.context.publish_with_headers(subject, headers, payload);
        tokio::time::timeout(LONGEST_WAIT, sent).await.map_err(BusError::of)?.map_err(BusError::of)
    }

    /// Whether the server would refuse a message for its size.
    pub(crate) fn is_too_large(&self, (headers, payload): &(HeaderMap, Bytes)) -> bool {
        let most = self.client.server_info().max_payload;
        let headers: usize = headers
            .iter()
            .map(|(name, values)| {
                let name: &str = name.as_ref();
                values.iter().map(|value| name.len() + value.as_str().len() + 4).sum::<usize>()
            })
            .sum();
        most > 0 && payload.len() + headers + 64 > most
    }

    /// Waits for the server's word that it has stored a message.
    pub(crate) async fn acknowledged(&self, ack: PublishAckFuture) -> Result<(), BusError> {
        ack.await.map(|_| ()).map_err(BusError::of)
    }

    /// Declares the stream of a producer; harmless when it is there.
    pub(crate) async fn ensure_stream(&self, producer: &str) -> Result<stream::Stream, BusError> {
        let declared = self.context.get_or_create_stream(stream::Config {
            name: self.stream_name(producer),
            subjects: vec![format!("{}.{producer}.>", self.prefix)],
            retention: RetentionPolicy::Limits,
            storage: StorageType::File,
            discard: DiscardPolicy::Old,
            max_bytes: 1 << 30,
            max_age: Duration::from_hours(7 * 24),
            duplicate_window: Duration::from_mins(2),
            ..Default::default()
        });
        tokio::time::timeout(LONGEST_WAIT, declared)
            .await
            .map_err(BusError::of)?
            .map_err(BusError::of)
    }

    /// Declares a durable consumer of a producer's events.
    pub(crate) async fn ensure_consumer(
        &self,
        producer: &str,
        consumer: &str,
    ) -> Result<PullConsumer, BusError> {
        self.ensure_stream(producer)
            .await?
            .get_or_create_consumer(
                consumer,
                pull::Config {
                    durable_name: Some(consumer.to_owned()),
                    deliver_policy: DeliverPolicy::All,
                    ack_policy: AckPolicy::Explicit,
                    ack_wait: Duration::from_secs(30),
                    max_deliver: -1,
                    max_ack_pending: 2048,
                    ..Default::default()
                },
            )
            .await
            .map_err(BusError::of)
    }

    fn stream_name(&self, producer: &str) -> String {
        format!("{}_{producer}", self.prefix).to_uppercase().replace(['.', '-'], "_")
    }
}
