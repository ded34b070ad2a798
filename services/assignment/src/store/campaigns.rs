//! Campaigns, every version.

use cchc_core::{CampaignCode, EventId, PlanCode};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Page, parsed, read, write};
use crate::domain::campaign::Standing;

const TABLE: &str = "assignment.campaigns";

struct Row {
    version: i64,
    document: serde_json::Value,
    lock_time: Option<OffsetDateTime>,
    event_id: Uuid,
}

impl TryFrom<Row> for Standing {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            campaign: read(TABLE, row.document)?,
            version: row.version,
            locked_at: row.lock_time,
        })
    }
}

/// Stores a version; nobody loaded the lock.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    standing: &Standing,
    actor: Option<&str>,
    at: OffsetDateTime,
    event_id: EventId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.campaigns
               (code, version, document, lock_time, actor, record_time, event_id)
           values ($1, $2, $3, $4, $5, $6, $7)"#,
        standing.campaign.code.as_str(),
        standing.version,
        write(TABLE, &standing.campaign)?,
        standing.locked_at,
        actor,
        at,
        event_id.as_uuid(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Says in which version the campaigns of these codes that are known stand.
pub(crate) async fn versions(
    tx: &mut PgConnection,
    codes: impl IntoIterator<Item = &CampaignCode>,
) -> Result<Vec<(CampaignCode, i64)>, DbError> {
    let codes: Vec<String> = codes.into_iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select code, max(version) as "version!" from assignment.campaigns
           where code = any($1) group by code"#,
        &codes,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|row| Ok((parsed(TABLE, "code", &row.code)?, row.version))).collect()
}

/// Reads the campaigns of these codes that are known, as they stand.
pub(crate) async fn present(
    tx: &mut PgConnection,
    codes: impl IntoIterator<Item = &CampaignCode>,
) -> Result<Vec<Standing>, DbError> {
    let codes: Vec<String> = codes.into_iter().map(ToString::to_string).collect();
    sqlx::query_as!(
        Row,
        r#"select distinct on (code) version, document, lock_time, event_id
           from assignment.campaigns where code = any($1) order by code, version desc"#,
        &codes,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Standing::try_from)
    .collect()
}

/// Lists campaigns as they stand, by code.
pub(crate) async fn list(
    tx: &mut PgConnection,
    page: Page<CampaignCode>,
) -> Result<Vec<Standing>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (code) version, document, lock_time, event_id
           from assignment.campaigns where $1::text is null or code > $1
           order by code, version desc limit $2"#,
        page.after.as_ref().map(CampaignCode::as_str),
        page.limit,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Standing::try_from)
    .collect()
}

/// Reads the campaigns of these plans as they stand.
pub(crate) async fn of_plans(
    tx: &mut PgConnection,
    plans: impl IntoIterator<Item = &PlanCode>,
) -> Result<Vec<Standing>, DbError> {
    let plans: Vec<String> = plans.into_iter().map(ToString::to_string).collect();
    sqlx::query_as!(
        Row,
        r#"select distinct on (code) version, document, lock_time, event_id
           from assignment.campaigns where document ->> 'plan' = any($1)
           order by code, version desc"#,
        &plans,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Standing::try_from)
    .collect()
}

/// Reads the campaigns that are not locked, by code.
pub(crate) async fn unlocked(tx: &mut PgConnection) -> Result<Vec<Standing>, DbError> {
    sqlx::query_as!(
        Row,
        r#"select version, document, lock_time, event_id
           from (select distinct on (code) code, version, document, lock_time, event_id
                 from assignment.campaigns order by code, version desc) as present
           where lock_time is null order by code"#,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Standing::try_from)
    .collect()
}

/// Reads every campaign as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Standing), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (code) version, document, lock_time, event_id
           from assignment.campaigns join kit.outbox using (event_id)
           where outbox.sequence <= $1 order by code, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
