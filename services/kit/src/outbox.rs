//! Facts to tell: written in the transaction that makes them true, numbered and published by the
//! [`relay`]. The bus may lose what it was given; these rows are the record.

pub mod relay;

use cchc_core::EventId;
use cchc_proto::fact::Fact;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{db::DbError, telemetry::propagation};

/// Records a fact in the caller's transaction.
pub async fn record(
    tx: &mut PgConnection,
    event_id: EventId,
    fact: &impl Fact,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into kit.outbox (event_id, subject, type_name, payload, occur_time, trace_parent)
           values ($1, $2, $3, $4, $5, $6)"#,
        event_id.as_uuid(),
        fact.subject(),
        fact.type_name(),
        fact.encode_to_vec(),
        now,
        propagation::present(),
    )
    .execute(tx)
    .await?;
    Ok(())
}
