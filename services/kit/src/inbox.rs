//! What a service hears: each producer's events applied once and in order, whatever the bus does.
//!
//! One watermark per producer is the whole state:
//!
//! | an event's number | answer |
//! | --- | --- |
//! | at or below the watermark | known: nothing |
//! | the next | apply, advance, commit, then acknowledge |
//! | beyond the next | ask the producer to replay what lies between, then go on |
//!
//! The watermark advances in the transaction that applies the event; what cannot be applied is parked
//! in that same transaction with its reason, so one bad event never stops the good ones (P8).

mod consumer;
pub mod parked;

use std::{fmt, panic::AssertUnwindSafe};

use cchc_core::EventId;
use cchc_proto::source::v1::Event;
use futures::{FutureExt as _, future::BoxFuture};
use sqlx::PgConnection;
use tracing::{Instrument as _, Span};

pub(crate) use consumer::Consumer;

use crate::{
    db::{Db, DbError},
    source,
    telemetry::propagation,
};

/// An event as its consumer sees it.
#[derive(Debug, Clone)]
pub struct Heard<'a> {
    /// The event.
    pub event: &'a Event,
    /// Its id.
    pub event_id: EventId,
}

impl Heard<'_> {
    /// Full name of the message it carries.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.event
            .payload
            .as_ref()
            .map_or("", |p| p.type_url.rsplit('/').next().unwrap_or_default())
    }

    /// Reads the message it carries.
    pub fn decode<M: prost::Message + Default>(&self) -> Result<M, HearError> {
        let bytes = self.event.payload.as_ref().map(|p| p.value.as_slice()).unwrap_or_default();
        M::decode(bytes)
            .map_err(|error| HearError::unusable(format_args!("cannot be read: {error}")))
    }

    /// When the producer stored the fact.
    #[must_use]
    pub fn occur_time(&self) -> time::OffsetDateTime {
        source::occur_time(self.event)
    }
}

/// An event was not applied.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// It will not be appliable as things stand: park it.
    #[error("{0}")]
    Unusable(String),
    /// The database failed: try again.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl HearError {
    /// Says why an event cannot be applied.
    #[must_use]
    pub fn unusable(reason: impl fmt::Display) -> Self {
        Self::Unusable(reason.to_string())
    }
}

impl From<sqlx::Error> for HearError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<cchc_core::Violations> for HearError {
    fn from(violations: cchc_core::Violations) -> Self {
        Self::unusable(violations)
    }
}

/// What a service does with what it hears.
pub trait Hear: Send + Sync + 'static {
    /// Applies one event in the consumer's transaction. Types it does not know it passes over.
    fn hear<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Heard<'a>,
    ) -> BoxFuture<'a, Result<(), HearError>>;

    /// Applies events in the order of their numbers, all of them or none. Whoever can do it in fewer steps
    /// together than one by one says how; the outcome is the same.
    fn hear_all<'a>(
        &'a self,
        tx: &'a mut PgConnection,
        heard: Vec<Heard<'a>>,
    ) -> BoxFuture<'a, Result<(), HearError>> {
        Box::pin(async move {
            for heard in heard {
                self.hear(&mut *tx, heard).await?;
            }
            Ok(())
        })
    }

    /// Called after events were committed: the place to wake whoever watches.
    fn committed(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// What a batch came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Everything in it is known or applied now.
    All,
    /// Events are missing from this number on.
    Gap {
        /// The first missing number.
        from: i64,
    },
}

/// Applies events of one producer, in the order of their numbers, in one transaction.
///
/// The quick way takes the batch as a whole; when an event in it cannot be applied, everything is
/// undone and the careful way takes each event behind a savepoint and parks the bad ones.
pub async fn apply(
    db: &Db,
    hear: &dyn Hear,
    producer: &str,
    events: &[Event],
) -> Result<Applied, DbError> {
    match apply_batch(db, hear, producer, events, false).await {
        Err(HearError::Unusable(_)) => match apply_batch(db, hear, producer, events, true).await {
            Ok(applied) => Ok(applied),
            Err(HearError::Db(error)) => Err(error),
            Err(HearError::Unusable(reason)) => {
                Err(DbError::inconsistent("kit.parked", "reason", &reason))
            }
        },
        Err(HearError::Db(error)) => Err(error),
        Ok(applied) => Ok(applied),
    }
}

async fn apply_batch(
    db: &Db,
    hear: &dyn Hear,
    producer: &str,
    events: &[Event],
    careful: bool,
) -> Result<Applied, HearError> {
    let mut tx = db.begin().await?;
    let start = lock_watermark(&mut tx, producer).await?;
    let (next, applied) = following(events, start);
    let watermark = next.last().map_or(start, |event| event.sequence);
    if careful {
        for event in next {
            apply_carefully(&mut tx, hear, event).await?;
        }
    } else if !next.is_empty() {
        apply_all(&mut tx, hear, &next).await?;
    }
    if watermark > start {
        sqlx::query!(
            "update kit.watermarks set sequence = $2, apply_time = now() where producer = $1",
            producer,
            watermark,
        )
        .execute(&mut *tx)
        .await?;
        match tx.commit().await {
            // A rule that the database checks at the end was broken by one of them: find out which.
            Err(error) if !careful && !error.is_passing() => {
                return Err(HearError::unusable(error));
            }
            committed => committed?,
        }
        hear.committed().await;
    }
    Ok(applied)
}

/// The events that come next after a watermark, and whether they are all that were given.
fn following(events: &[Event], watermark: i64) -> (Vec<&Event>, Applied) {
    let mut next: Vec<&Event> = Vec::with_capacity(events.len());
    for event in events {
        let known = next.last().map_or(watermark, |last| last.sequence);
        if event.sequence > known + 1 {
            return (next, Applied::Gap { from: known + 1 });
        }
        if event.sequence > known {
            next.push(event);
        }
    }
    (next, Applied::All)
}

/// A span in the trace that the event comes from.
fn span_of(event: &Event) -> Span {
    let span = tracing::info_span!("inbox.apply", event.subject = %event.subject, event.sequence);
    propagation::follow(&span, &event.trace_parent);
    span
}

/// Applies events together. Each has a span as long as all of them took; what is done for them shows in the
/// trace of the last.
async fn apply_all(
    tx: &mut PgConnection,
    hear: &dyn Hear,
    events: &[&Event],
) -> Result<(), HearError> {
    let spans: Vec<Span> = events.iter().map(|event| span_of(event)).collect();
    let last = spans.last().cloned().unwrap_or_else(Span::none);
    match hear_guarded(tx, hear, events).instrument(last).await {
        // Find out which event it was, and park that one only.
        Err(HearError::Db(error)) if !error.is_passing() => Err(HearError::unusable(error)),
        outcome => outcome,
    }
}

/// Applies an event behind a savepoint, or parks it.
async fn apply_carefully(
    tx: &mut PgConnection,
    hear: &dyn Hear,
    event: &Event,
) -> Result<(), HearError> {
    async {
        sqlx::raw_sql("savepoint event").execute(&mut *tx).await?;
        let mut outcome = hear_guarded(tx, hear, &[event]).await;
        if outcome.is_ok() {
            // Rules that the database would check only at the end are checked for this event now.
            let check = "set constraints all immediate; set constraints all deferred; release savepoint event";
            outcome = sqlx::raw_sql(check).execute(&mut *tx).await.map(|_| ()).map_err(Into::into);
        }
        match outcome {
            Err(HearError::Db(error)) if !error.is_passing() => {
                let reason = match std::error::Error::source(&error) {
                    Some(cause) => format!("{error}: {cause}"),
                    None => error.to_string(),
                };
                park(tx, event, &reason).await
            }
            Err(HearError::Unusable(reason)) => park(tx, event, &reason).await,
            other => other,
        }
    }
    .instrument(span_of(event))
    .await
}

/// A panic in a handler is a bug in us, not a reason to stop hearing.
async fn hear_guarded(
    tx: &mut PgConnection,
    hear: &dyn Hear,
    events: &[&Event],
) -> Result<(), HearError> {
    let heard = events.iter().map(|event| {
        let event_id = event.event_id.parse().map_err(HearError::unusable)?;
        Ok(Heard { event, event_id })
    });
    let heard = heard.collect::<Result<_, HearError>>()?;
    AssertUnwindSafe(hear.hear_all(tx, heard))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(HearError::unusable("applying it panicked")))
}

async fn park(tx: &mut PgConnection, event: &Event, reason: &str) -> Result<(), HearError> {
    sqlx::raw_sql("rollback to savepoint event").execute(&mut *tx).await?;
    tracing::error!(event.sequence, event.subject = %event.subject, reason, "event parked");
    parked::insert(tx, event, reason).await?;
    Ok(())
}

/// Reads a producer's watermark and holds it until the transaction ends: replicas take turns.
async fn lock_watermark(tx: &mut PgConnection, producer: &str) -> Result<i64, DbError> {
    sqlx::query!(
        "insert into kit.watermarks (producer) values ($1) on conflict do nothing",
        producer
    )
    .execute(&mut *tx)
    .await?;
    Ok(sqlx::query_scalar!(
        "select sequence from kit.watermarks where producer = $1 for update",
        producer
    )
    .fetch_one(tx)
    .await?)
}

/// Reads a producer's watermark; 0 before the first event.
pub async fn watermark(db: &Db, producer: &str) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!("select sequence from kit.watermarks where producer = $1", producer)
        .fetch_optional(db.pool())
        .await?
        .unwrap_or(0))
}
