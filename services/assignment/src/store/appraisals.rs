//! Appraisals, every version.

use cchc_core::{Decimal, EventId};
use cchc_kit::db::DbError;
use futures::{Stream, StreamExt as _};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{columns, points, read, subject, write};
use crate::domain::{appraisal::Appraisal, assessment::Subject};

const TABLE: &str = "assignment.appraisals";

struct Row {
    plan_code: String,
    node_id: String,
    version: i64,
    appraisal_id: Uuid,
    assessment_version: i64,
    points: Decimal,
    reason: String,
    documents: serde_json::Value,
    appraiser: String,
    decide_time: OffsetDateTime,
    event_id: Uuid,
}

impl TryFrom<Row> for Appraisal {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let (plan, node) = subject(TABLE, &row.plan_code, &row.node_id)?;
        Ok(Self {
            id: row.appraisal_id.into(),
            plan,
            node,
            version: row.version,
            assessment_version: row.assessment_version,
            points: points(TABLE, row.points)?,
            reason: row.reason,
            documents: read(TABLE, row.documents)?,
            appraiser: row.appraiser,
            at: row.decide_time,
        })
    }
}

/// Stores a version.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    appraisal: &Appraisal,
    event_id: EventId,
) -> Result<(), DbError> {
    sqlx::query!(
        r#"insert into assignment.appraisals
               (plan_code, node_id, version, appraisal_id, assessment_version, points, reason,
                appraiser, decide_time, event_id, documents)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        appraisal.plan.as_str(),
        appraisal.node.to_string(),
        appraisal.version,
        appraisal.id.as_uuid(),
        appraisal.assessment_version,
        appraisal.points.get(),
        appraisal.reason,
        appraisal.appraiser,
        appraisal.at,
        event_id.as_uuid(),
        write(TABLE, &appraisal.documents)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Reads the present versions of these nodes.
pub(crate) async fn present(
    tx: &mut PgConnection,
    subjects: impl IntoIterator<Item = &Subject>,
) -> Result<Vec<Appraisal>, DbError> {
    let (plans, nodes) = columns(subjects);
    sqlx::query_as!(
        Row,
        r#"select distinct on (known.plan_code, known.node_id)
               known.plan_code, known.node_id, version, appraisal_id, assessment_version, points,
               reason, documents, appraiser, decide_time, event_id
           from unnest($1::text[], $2::text[]) as asked (plan_code, node_id)
           join assignment.appraisals as known
               on known.plan_code = asked.plan_code and known.node_id = asked.node_id
           order by known.plan_code, known.node_id, version desc"#,
        &plans,
        &nodes,
    )
    .fetch_all(tx)
    .await?
    .into_iter()
    .map(Appraisal::try_from)
    .collect()
}

/// Reads every appraisal as it stood when a number was the head, with the event that told it.
pub(crate) fn as_of(
    tx: &mut PgConnection,
    as_of: i64,
) -> impl Stream<Item = Result<(EventId, Appraisal), DbError>> {
    sqlx::query_as!(
        Row,
        r#"select distinct on (plan_code, node_id)
               plan_code, node_id, version, appraisal_id, assessment_version, points, reason, documents,
               appraiser, decide_time, event_id
           from assignment.appraisals join kit.outbox using (event_id)
           where outbox.sequence <= $1
           order by plan_code, node_id, version desc"#,
        as_of,
    )
    .fetch(tx)
    .map(|row| {
        let row = row?;
        Ok((row.event_id.into(), row.try_into()?))
    })
}
