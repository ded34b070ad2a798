//! Numbers committed facts and hands them to the bus.
//!
//! | step | guarantee |
//! | --- | --- |
//! | one leader (advisory lock, epoch) | two replicas never number at once; a deposed leader finds another epoch and stops |
//! | number rows below the oldest running transaction, by (xid, id) | a transaction that commits late is never passed over |
//! | numbers without gaps | a consumer sees every loss, repeat and reordering by one number |
//! | times that rise with the numbers | what was recorded at an instant that has passed is one number, for ever |
//! | publish in order, `Nats-Msg-Id` = producer:sequence, same id until acknowledged | a time-out is an unknown outcome, not a second event |
//!
//! Numbering does not wait for the bus: consumers can replay from the outbox while NATS is away.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    bus::{Bus, BusError, envelope},
    db::{Db, DbError},
    source,
    telemetry::{metrics::Metrics, propagation},
};

/// Advisory lock of the leader, within the service's own database.
const LEADER_LOCK: i64 = 0x0CC4_C0DE;
const NUMBER_AT_ONCE: i64 = 2000;
const PUBLISH_AT_ONCE: i64 = 500;
/// Between looks when nothing was committed in this process: another replica may have committed.
const IDLE: Duration = Duration::from_millis(250);
/// Longest the last pass may take.
const LAST_PASS: Duration = Duration::from_secs(3);
/// Between looks while a running transaction holds back the horizon.
const HELD_BACK: Duration = Duration::from_millis(5);

/// The relay of one service.
#[derive(Debug, Clone)]
pub struct Relay {
    db: Db,
    bus: Bus,
    producer: &'static str,
    metrics: Metrics,
}

impl Relay {
    /// Makes a relay; [`Self::run`] starts it.
    #[must_use]
    pub const fn new(db: Db, bus: Bus, producer: &'static str, metrics: Metrics) -> Self {
        Self { db, bus, producer, metrics }
    }

    /// Leads when it can, until told to stop; then makes one last pass.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.lead(&stop).await {
                tracing::warn!(%error, "relay: starting over");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    async fn lead(&self, stop: &CancellationToken) -> Result<(), DbError> {
        let Some(mut leader) = Leader::elect(self.db.pool()).await? else { return Ok(()) };
        let publisher = tokio::spawn(self.clone().publish_until(leader.epoch, stop.clone()));
        let outcome = self.number_until(&mut leader, stop).await;
        if outcome.is_err() {
            publisher.abort();
        }
        // On a clean stop the publisher makes its last pass over what was numbered; while the bus is away
        // it has none to make.
        let ending = publisher.abort_handle();
        if tokio::time::timeout(LAST_PASS, publisher).await.is_err() {
            ending.abort();
        }
        leader.resign().await;
        outcome
    }

    async fn number_until(
        &self,
        leader: &mut Leader,
        stop: &CancellationToken,
    ) -> Result<(), DbError> {
        loop {
            let (numbered, held_back) = leader.number().await?;
            if numbered > 0 {
                self.bus.numbered();
                continue;
            }
            if stop.is_cancelled() {
                return Ok(());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.db.committed(), if !held_back => {}
                () = tokio::time::sleep(if held_back { HELD_BACK } else { IDLE }) => {}
            }
        }
    }

    async fn publish_until(self, epoch: i64, stop: CancellationToken) {
        let (mut last_pass, mut has_stream) = (false, false);
        loop {
            if !has_stream {
                // Its store may have been deleted since: declared anew after every failure.
                has_stream = self.bus.ensure_stream(self.producer).await.is_ok();
            }
            match self.publish(epoch).await {
                Ok(0) if last_pass => return,
                Ok(0) => {
                    tokio::select! {
                        () = stop.cancelled() => {
                            // Facts committed by the last calls are numbered within moments.
                            tokio::time::sleep(Duration::from_millis(50)).await;
                            last_pass = true;
                        }
                        () = self.bus.wait_numbered() => {}
                        () = tokio::time::sleep(IDLE) => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "relay: cannot publish; facts stay in the outbox");
                    has_stream = false;
                    if stop.is_cancelled() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        }
    }

    /// Publishes what is numbered and not yet acknowledged; says how many were.
    async fn publish(&self, epoch: i64) -> Result<usize, PublishError> {
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        let (from, pending) = progress(&mut conn).await?;
        self.metrics.outbox_pending(pending);
        if pending == 0 {
            return Ok(0);
        }
        let events = source::read(&mut conn, self.producer, from + 1, PUBLISH_AT_ONCE).await?;
        let Some(last) = events.last().map(|event| event.sequence) else { return Ok(0) };
        // Not held while the bus is waited for: calls need it.
        drop(conn);
        let mut acks = Vec::with_capacity(events.len());
        for event in &events {
            let span = tracing::info_span!("outbox.publish", event.subject = %event.subject, event.sequence);
            propagation::follow(&span, &event.trace_parent);
            let message = span.in_scope(|| envelope::seal(event))?;
            if self.bus.is_too_large(&message) {
                // Consumers meet a gap and fetch it from here.
                tracing::warn!(event.sequence, event.subject = %event.subject, "relay: larger than the bus takes");
                continue;
            }
            acks.push(
                self.bus.publish(self.producer, &event.subject, message).instrument(span).await?,
            );
        }
        for ack in acks {
            self.bus.acknowledged(ack).await?;
        }
        let mut conn = self.db.pool().acquire().await.map_err(DbError::from)?;
        advance(&mut conn, epoch, last).await?;
        Ok(events.len())
    }
}

#[derive(Debug, thiserror::Error)]
enum PublishError {
    #[error("{0}: {source}", source = std::error::Error::source(.0).map(ToString::to_string).unwrap_or_default())]
    Db(#[from] DbError),
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// How far the bus is, and how many numbered facts wait for it.
async fn progress(conn: &mut PgConnection) -> Result<(i64, i64), DbError> {
    let row = sqlx::query!("select numbered_sequence, published_sequence from kit.relay")
        .fetch_one(conn)
        .await?;
    Ok((row.published_sequence, row.numbered_sequence - row.published_sequence))
}

async fn advance(conn: &mut PgConnection, epoch: i64, published: i64) -> Result<(), DbError> {
    sqlx::query!(
        r#"update kit.relay set published_sequence = $2
           where epoch = $1 and published_sequence < $2"#,
        epoch,
        published,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Holds the advisory lock on a connection of its own.
struct Leader {
    conn: PoolConnection<Postgres>,
    epoch: i64,
}

impl Leader {
    async fn elect(pool: &PgPool) -> Result<Option<Self>, DbError> {
        let mut conn = pool.acquire().await?;
        let is_leader =
            sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "is_leader!""#, LEADER_LOCK)
                .fetch_one(&mut *conn)
                .await?;
        if !is_leader {
            return Ok(None);
        }
        let epoch = sqlx::query_scalar!("update kit.relay set epoch = epoch + 1 returning epoch")
            .fetch_one(&mut *conn)
            .await?;
        tracing::debug!(epoch, "relay: leading");
        Ok(Some(Self { conn, epoch }))
    }

    /// Numbers what can be numbered; says how many, and whether more waits for a running transaction.
    async fn number(&mut self) -> Result<(i64, bool), DbError> {
        let mut tx = self.conn.begin().await?;
        let numbered = sqlx::query_scalar!(
            r#"with ready as materialized (
                   select event_id, xid, id from kit.outbox
                   where sequence is null and xid < pg_snapshot_xmin(pg_current_snapshot())
                   order by outbox.xid, outbox.id
                   limit $1
               ),
               placed as (
                   select event_id, row_number() over (order by xid, id) as place from ready
               ),
               relay as (
                   update kit.relay set
                       numbered_sequence = numbered_sequence + (select count(*) from ready),
                       number_time = greatest(number_time, clock_timestamp())
                   where epoch = $2
                   returning numbered_sequence - (select count(*) from ready) as before, number_time
               )
               update kit.outbox set
                   sequence = relay.before + placed.place, number_time = relay.number_time
               from placed, relay
               where outbox.event_id = placed.event_id
               returning 1 as "one!""#,
            NUMBER_AT_ONCE,
            self.epoch,
        )
        .fetch_all(&mut *tx)
        .await?
        .len();
        let waiting = sqlx::query_scalar!(
            r#"select exists (select 1 from kit.outbox where sequence is null) as "waiting!""#
        )
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((i64::try_from(numbered).unwrap_or(i64::MAX), waiting))
    }

    async fn resign(mut self) {
        let released = sqlx::query_scalar!("select pg_advisory_unlock($1)", LEADER_LOCK)
            .fetch_one(&mut *self.conn)
            .await;
        if let Err(error) = released {
            tracing::debug!(%error, "relay: the lock went with its connection");
        }
    }
}
