//! Facts to tell: written in the transaction that makes them true, numbered and published by the
//! [`relay`]. The bus may lose what it was given; these rows are the record.

pub mod relay;

use cchc_core::EventId;
use cchc_proto::fact::Fact;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

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

/// A fact that is to be recorded: under which id, what, and when it came true.
pub type Recorded<F> = (EventId, F, OffsetDateTime);

/// Records many facts of a kind in the caller's transaction, by one statement; they are told in this order.
pub async fn record_all<F: Fact>(
    tx: &mut PgConnection,
    facts: &[Recorded<F>],
) -> Result<(), DbError> {
    let Some((_, first, _)) = facts.first() else { return Ok(()) };
    let ids: Vec<Uuid> = facts.iter().map(|(id, ..)| id.as_uuid()).collect();
    let subjects: Vec<String> = facts.iter().map(|(_, fact, _)| fact.subject()).collect();
    let payloads: Vec<Vec<u8>> = facts.iter().map(|(_, fact, _)| fact.encode_to_vec()).collect();
    let times: Vec<OffsetDateTime> = facts.iter().map(|(.., at)| *at).collect();
    sqlx::query!(
        r#"insert into kit.outbox (event_id, subject, type_name, payload, occur_time, trace_parent)
           select fact.event_id, fact.subject, $3, fact.payload, fact.occur_time, $6
           from unnest($1::uuid[], $2::text[], $4::bytea[], $5::timestamptz[]) with ordinality
                as fact (event_id, subject, payload, occur_time, place)
           order by fact.place"#,
        &ids,
        &subjects,
        first.type_name(),
        &payloads,
        &times,
        propagation::present(),
    )
    .execute(tx)
    .await?;
    Ok(())
}
